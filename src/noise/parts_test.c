/* Each part of the noise is what it says; a switch removes one and changes no other. */
#include "compile/passes.h"
#include "noise/test_circuits.h"

static const zcz_op *only(const zcz_circuit *circuit, zcz_channel channel, size_t skip) {
  for (size_t i = 0; i < zcz_circuit_num_ops(circuit, 0); i++) {
    const zcz_op *op = &zcz_circuit_ops(circuit, 0)[i];
    if (op->kind == ZCZ_OP_CHANNEL && op->code == channel && skip-- == 0) return op;
  }
  return NULL;
}

/* One channel holds a gate's own time, the gap, delays and identities after it; a measurement's own time is free. */
static void idle_time_decays(void **state) {
  zcz_chip *chip = load(*state, "zuchongzhi-3.0");
  uint32_t q = 40;
  double t1 = chip->qubits[q].t1_us * 1e3, t2 = chip->qubits[q].t2_us * 1e3;
  zcz_circuit *circuit = new_circuit(*state, chip, 2);
  add_delay(circuit, 0, q, 0, 5000); /* in |0>: nothing happens */
  add_one(circuit, 0, ZCZ_GATE_X2P, q, 0, 5000, 28);
  add_one(circuit, 0, ZCZ_GATE_RZ, q, 1.1, 5028, 0);
  add_delay(circuit, 0, q, 5028, 1000);
  add_one(circuit, 0, ZCZ_GATE_ID, q, 0, 6028, 100);
  add_measure(circuit, 0, q, 0, 6200, 600);
  add_measure(circuit, 0, q, 1, 7000, 600);
  zcz_circuit *real = noisy(circuit, chip, ZCZ_NOISE_RELAXATION, false);
  assert_int_equal(zcz_circuit_num_ops(real, 0), zcz_circuit_num_ops(circuit, 0) + 2);
  const double times[2] = {1200, 200};
  for (size_t i = 0; i < 2; i++) {
    const zcz_op *op = only(real, ZCZ_CHANNEL_RELAXATION, i);
    assert_non_null(op);
    assert_true(fabs(op->params[0] - (1 - exp(-times[i] / t1))) < 1e-14);
    assert_true(fabs(op->params[1] - exp(-times[i] / t2)) < 1e-14);
  }
  zcz_circuit_free(real);
  zcz_circuit_free(circuit);
  zcz_chip_free(*state, chip);
}

static void readout_is_on_measurements(void **state) {
  zcz_chip *chip = load(*state, "tianyan-287");
  zcz_circuit *circuit = new_circuit(*state, chip, chip->num_qubits + 1);
  for (uint32_t q = 0; q < chip->num_qubits; q++)
    add_measure(circuit, 0, q, q, 0, chip->readout_ns);
  zcz_op own = blank(ZCZ_OP_MEASURE, 5000, 600);
  uint32_t three = 3;
  own.num_qubits = 1;
  own.qubits = &three;
  own.bit = chip->num_qubits;
  own.num_params = 2;
  own.params = (const double[]){0.25, 0.5};
  add(circuit, 0, own);
  zcz_circuit *real = noisy(circuit, chip, ZCZ_NOISE_READOUT, true);
  zcz_circuit *without = noisy(circuit, chip, ZCZ_NOISE_ALL & ~ZCZ_NOISE_READOUT, true);
  size_t count = zcz_circuit_num_ops(real, 0);
  assert_int_equal(count, chip->num_qubits + 1);
  for (uint32_t q = 0; q < chip->num_qubits; q++) {
    const zcz_op *op = &zcz_circuit_ops(real, 0)[q];
    assert_int_equal(op->num_params, 2);
    assert_true(op->params[0] == chip->qubits[q].p10 && op->params[1] == chip->qubits[q].p01);
    assert_int_equal(zcz_circuit_ops(without, 0)[q].num_params, 0);
  }
  const double *both =
      zcz_circuit_ops(real, 0)[count - 1].params; /* the chip first, then the program's own */
  double p10 = chip->qubits[3].p10, p01 = chip->qubits[3].p01;
  assert_true(fabs(both[0] - (p10 * 0.5 + (1 - p10) * 0.25)) < 1e-15);
  assert_true(fabs(both[1] - (p01 * 0.75 + (1 - p01) * 0.5)) < 1e-15);
  zcz_circuit_free(real);
  zcz_circuit_free(without);
  zcz_circuit_free(circuit);
  zcz_chip_free(*state, chip);
}

static void coherent_error_turns_fsim_alone(void **state) {
  zcz_chip *chip = load(*state, "zuchongzhi-3.0");
  for (uint32_t c = 0; c < chip->num_couplers; c++) {
    const zcz_chip_coupler *coupler = &chip->couplers[c];
    for (uint32_t k = 0; k < coupler->num_gates; k++) {
      zcz_circuit *circuit = new_circuit(*state, chip, 0);
      add_native(circuit, 0, coupler, k, false, 0);
      zcz_circuit *real = noisy(circuit, chip, ZCZ_NOISE_COHERENT, false);
      zcz_circuit *twirled = noisy(circuit, chip, ZCZ_NOISE_COHERENT, true);
      const zcz_chip_gate *gate = &coupler->gates[k];
      bool off = gate->coherent[0] != 0 || gate->coherent[1] != 0;
      assert_int_equal(zcz_circuit_num_ops(real, 0), 1);
      for (int i = 0; gate->gate == ZCZ_GATE_FSIM && i < 2; i++)
        assert_true(zcz_circuit_ops(real, 0)[0].params[i] == gate->params[i] + gate->coherent[i]);
      const zcz_op *paulis = only(twirled, ZCZ_CHANNEL_PAULI2, 0);
      assert_true((paulis != NULL) == (gate->gate == ZCZ_GATE_FSIM && off));
      if (paulis) { /* against the twirl of the error as a Kraus channel */
        zcz_complex m[16];
        double kraus[32], expected[16];
        zcz_gate_matrix(ZCZ_GATE_FSIM, gate->coherent, m);
        for (int i = 0; i < 16; i++) kraus[2 * i] = m[i].re, kraus[2 * i + 1] = m[i].im;
        zcz_channel_twirl(ZCZ_CHANNEL_KRAUS, 2, 32, kraus, expected);
        for (int i = 0; i < 15; i++) assert_true(fabs(paulis->params[i] - expected[i + 1]) < 1e-14);
        for (int i = 0; i < 2; i++)
          assert_true(zcz_circuit_ops(twirled, 0)[0].params[i] == gate->params[i]);
      }
      zcz_circuit_free(circuit);
      zcz_circuit_free(real);
      zcz_circuit_free(twirled);
    }
  }
  zcz_chip_free(*state, chip);
}

/* A circuit with everything in it, in the compiler's form. */
static zcz_circuit *mixed(zcz_context *context, const zcz_chip *chip) {
  zcz_circuit *circuit = new_circuit(context, chip, 8);
  double t = 0;
  for (uint32_t layer = 0; layer < 6; layer++) {
    for (uint32_t q = 0; q < 20; q++) {
      add_one(circuit, 0, ZCZ_GATE_RZ, q, 0.1 * q, t, 0);
      add_one(circuit, 0, (layer + q) % 2 ? ZCZ_GATE_XY2P : ZCZ_GATE_XY2M, q, 0.2 * layer, t, 28);
    }
    for (uint32_t c = layer % 3; c < 20; c += 3)
      add_native(circuit, 0, &chip->couplers[c], c % chip->couplers[c].num_gates, c % 2,
                 t + 28 + 45 * (c / 3));
    t += 28 + 45 * 7;
  }
  uint32_t two = 2;
  zcz_op own = blank(ZCZ_OP_CHANNEL, t, 0);
  own.code = ZCZ_CHANNEL_PHASE_DAMPING;
  own.num_qubits = 1;
  own.qubits = &two;
  own.num_params = 1;
  own.params = (const double[]){0.125};
  add(circuit, 0, own);
  zcz_op reset = blank(ZCZ_OP_RESET, t, 160);
  reset.num_qubits = 1;
  reset.qubits = &two;
  add(circuit, 0, reset);
  for (uint32_t q = 0; q < 8; q++) add_measure(circuit, 0, q, q, t + 200, 600);
  return circuit;
}

static uint32_t part_of(const zcz_op *op) {
  if (op->kind != ZCZ_OP_CHANNEL) return 0;
  switch (op->code) {
  case ZCZ_CHANNEL_RELAXATION:
  case ZCZ_CHANNEL_PAULI1: return ZCZ_NOISE_RELAXATION;
  case ZCZ_CHANNEL_DEPOLARIZE1:
  case ZCZ_CHANNEL_DEPOLARIZE2: return ZCZ_NOISE_DEPOLARIZING;
  case ZCZ_CHANNEL_PAULI2: return ZCZ_NOISE_COHERENT;
  default: return 0;
  }
}

static bool same_params(const zcz_op *a, const zcz_op *b) {
  return a->num_params == b->num_params &&
         (a->num_params == 0 ||
          memcmp(a->params, b->params, a->num_params * sizeof *a->params) == 0);
}

/* What is written with some parts is what is written with all, less the others, to the last bit. */
static void a_switch_removes_one_part(void **state) {
  zcz_chip *chip = load(*state, "zuchongzhi-3.0");
  zcz_circuit *circuit = mixed(*state, chip);
  for (int twirl = 0; twirl < 2; twirl++) {
    zcz_circuit *all = noisy(circuit, chip, ZCZ_NOISE_ALL, twirl);
    zcz_circuit *none = noisy(circuit, chip, 0, twirl);
    assert_int_equal(zcz_circuit_num_ops(none, 0), zcz_circuit_num_ops(circuit, 0));
    for (uint32_t parts = 0; parts < ZCZ_NOISE_ALL; parts++) {
      zcz_circuit *some = noisy(circuit, chip, parts, twirl);
      const zcz_op *x = zcz_circuit_ops(all, 0), *y = zcz_circuit_ops(some, 0),
                   *plain = zcz_circuit_ops(none, 0);
      size_t j = 0, k = 0;
      for (size_t i = 0; i < zcz_circuit_num_ops(all, 0); i++) {
        uint32_t part = part_of(&x[i]);
        bool own = part == 0;
        if (!own && !(parts & part)) continue;
        assert_true(j < zcz_circuit_num_ops(some, 0));
        assert_true(y[j].kind == x[i].kind && y[j].code == x[i].code &&
                    y[j].start_ns == x[i].start_ns);
        bool off = (x[i].kind == ZCZ_OP_GATE && !(parts & ZCZ_NOISE_COHERENT)) ||
                   (x[i].kind == ZCZ_OP_MEASURE && !(parts & ZCZ_NOISE_READOUT));
        assert_true(same_params(&y[j], off ? &plain[k] : &x[i]));
        j++;
        k += own;
      }
      assert_int_equal(j, zcz_circuit_num_ops(some, 0));
      zcz_circuit_free(some);
    }
    zcz_circuit_traits traits = zcz_circuit_describe(all);
    assert_true(traits.has_channel);
    zcz_circuit_free(all);
    zcz_circuit_free(none);
  }
  zcz_circuit_free(circuit);
  zcz_chip_free(*state, chip);
}

static void twirled_relaxation(void **state) {
  zcz_chip *chip = load(*state, "tianyan-287");
  zcz_circuit *circuit = mixed(*state, chip);
  zcz_circuit *plain = noisy(circuit, chip, ZCZ_NOISE_RELAXATION, false);
  zcz_circuit *twirled = noisy(circuit, chip, ZCZ_NOISE_RELAXATION, true);
  const zcz_op *x = zcz_circuit_ops(plain, 0), *y = zcz_circuit_ops(twirled, 0);
  assert_int_equal(zcz_circuit_num_ops(plain, 0), zcz_circuit_num_ops(twirled, 0));
  size_t seen = 0;
  for (size_t i = 0; i < zcz_circuit_num_ops(plain, 0); i++) {
    if (x[i].kind != ZCZ_OP_CHANNEL || x[i].code != ZCZ_CHANNEL_RELAXATION) continue;
    double expected[4];
    zcz_channel_twirl(ZCZ_CHANNEL_RELAXATION, 1, 2, x[i].params, expected);
    assert_int_equal(y[i].code, ZCZ_CHANNEL_PAULI1);
    for (int k = 0; k < 3; k++) assert_true(fabs(y[i].params[k] - expected[k + 1]) < 1e-14);
    seen++;
  }
  assert_true(seen > 100);
  zcz_circuit_free(plain);
  zcz_circuit_free(twirled);
  zcz_circuit_free(circuit);
  zcz_chip_free(*state, chip);
}

/* No time is lost or counted twice: of a random circuit, as the compiler schedules it, each qubit relaxes from its first
 * operation to its last, but not in its readouts. */
static void no_time_is_lost(void **state) {
  zcz_chip *chip = load(*state, "zuchongzhi-3.0");
  zcz_circuit *circuit = new_circuit(*state, chip, 40);
  uint64_t seed = 1;
  for (uint32_t i = 0; i < 1500; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    uint32_t pick = (uint32_t)(seed >> 33), q = pick / 16 % 40;
    const zcz_chip_coupler *coupler = &chip->couplers[pick / 16 % 60];
    if (pick % 16 < 5)
      add_one(circuit, 0, ZCZ_GATE_XY2P, q, 0.01 * i, -1, 0);
    else if (pick % 16 < 7)
      add_one(circuit, 0, ZCZ_GATE_RZ, q, 0.02 * i, -1, 0);
    else if (pick % 16 < 14)
      add_native(circuit, 0, coupler, pick / 1024 % 2, pick / 2048 % 2, -1);
    else if (pick % 16 < 15)
      add_delay(circuit, 0, q, -1, pick / 1024 % 300);
    else
      add_measure(circuit, 0, q, q, -1, 0);
  }
  zcz_circuit *scheduled;
  double total;
  OK(zcz_pass_schedule(circuit, chip, &scheduled, &total, e));
  zcz_circuit *real = noisy(scheduled, chip, ZCZ_NOISE_RELAXATION, false);
  double wanted[105] = {0}, got[105] = {0}, first[105];
  for (uint32_t q = 0; q < 105; q++) first[q] = -1;
  for (size_t i = 0; i < zcz_circuit_num_ops(scheduled, 0); i++) {
    const zcz_op *op = &zcz_circuit_ops(scheduled, 0)[i];
    bool idle = op->kind == ZCZ_OP_DELAY || (op->kind == ZCZ_OP_GATE && op->code == ZCZ_GATE_RZ);
    for (uint32_t k = 0; k < op->num_qubits; k++) {
      uint32_t q = op->qubits[k];
      if (first[q] < 0 && !idle) first[q] = op->start_ns; /* |0> until then */
      if (first[q] < 0) continue;
      wanted[q] = op->start_ns + op->duration_ns - first[q];
    }
  }
  for (size_t i = 0; i < zcz_circuit_num_ops(real, 0); i++) {
    const zcz_op *op = &zcz_circuit_ops(real, 0)[i];
    if (op->kind == ZCZ_OP_MEASURE) wanted[op->qubits[0]] -= op->duration_ns;
    if (op->kind != ZCZ_OP_CHANNEL) continue;
    got[op->qubits[0]] -= 1e3 * chip->qubits[op->qubits[0]].t1_us * log1p(-op->params[0]);
  }
  double sum = 0;
  for (uint32_t q = 0; q < 105; q++) {
    assert_true(fabs(wanted[q] - got[q]) < 1e-6);
    sum += got[q];
  }
  assert_true(sum > 1e5);
  zcz_circuit_free(real);
  zcz_circuit_free(scheduled);
  zcz_circuit_free(circuit);
  zcz_chip_free(*state, chip);
}

int main(void) {
  const struct CMUnitTest tests[] = {TEST(idle_time_decays),
                                     TEST(readout_is_on_measurements),
                                     TEST(coherent_error_turns_fsim_alone),
                                     TEST(a_switch_removes_one_part),
                                     TEST(twirled_relaxation),
                                     TEST(no_time_is_lost)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
