/* Each gate's total error is the published one; each part is what it says; a switch removes one part alone. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "zcz/noise.h"

#include "oracle.h"

static int set_up(void **state) {
  zcz_context *context = NULL;
  if (zcz_context_new(NULL, &context, NULL) != ZCZ_OK) return -1;
  *state = context;
  return 0;
}

static int tear_down(void **state) {
  uint64_t left = zcz_memory_in_use(*state);
  zcz_context_free(*state);
  return left ? -1 : 0;
}

#define OK(call)                                                                                   \
  do {                                                                                             \
    zcz_error error = {0};                                                                         \
    zcz_error *e = &error;                                                                         \
    if ((call) != ZCZ_OK) fail_msg("%s", error.message);                                           \
  } while (0)

static zcz_chip *load(zcz_context *context, const char *name) {
  zcz_chip *chip;
  OK(zcz_chip_load(context, name, &chip, e));
  return chip;
}

/* The 66-qubit cloud machine, whose T2 is shorter than its gates' errors allow; NULL where the data is absent. */
static zcz_chip *load_cloud66(zcz_context *context) {
  const char *folder = getenv("ZCZ_SHARED_DATA");
  char path[4096];
  snprintf(path, sizeof path, "%s/calibration/tianyan176_2024-06-26.json",
           folder ? folder : "../shared/data");
  FILE *file = fopen(path, "rb");
  if (!file) {
    print_message("skipped a part: %s is not there\n", path);
    return NULL;
  }
  static char text[1 << 20];
  size_t size = fread(text, 1, sizeof text, file);
  fclose(file);
  zcz_chip *chip;
  OK(zcz_chip_read(context, path, text, size, &chip, e));
  return chip;
}

static zcz_circuit *new_circuit(zcz_context *context, const zcz_chip *chip, uint32_t bits) {
  zcz_circuit *circuit;
  uint32_t offset;
  OK(zcz_circuit_new(context, &circuit, e));
  OK(zcz_circuit_add_qubits(circuit, "q", chip->num_qubits, &offset, e));
  if (bits) OK(zcz_circuit_add_bits(circuit, "c", bits, &offset, e));
  return circuit;
}

static zcz_op blank(zcz_op_kind kind, double start, double duration) {
  return (zcz_op){.kind = (uint8_t)kind,
                  .bit = ZCZ_NONE,
                  .variable = ZCZ_NONE,
                  .expression = ZCZ_NONE,
                  .blocks = {ZCZ_NONE, ZCZ_NONE},
                  .start_ns = start,
                  .duration_ns = duration};
}

static void add(zcz_circuit *circuit, uint32_t block, zcz_op op) {
  OK(zcz_circuit_append(circuit, block, &op, e));
}

static void add_one(zcz_circuit *circuit, uint32_t block, zcz_gate gate, uint32_t qubit,
                    double param, double start, double duration) {
  zcz_op op = blank(ZCZ_OP_GATE, start, duration);
  op.code = (uint8_t)gate;
  op.num_qubits = 1;
  op.qubits = &qubit;
  op.num_params = zcz_gate_describe(gate)->params;
  op.params = &param;
  add(circuit, block, op);
}

static void add_native(zcz_circuit *circuit, uint32_t block, const zcz_chip_coupler *coupler,
                       uint32_t which, bool swap, double start) {
  const zcz_chip_gate *gate = &coupler->gates[which];
  uint32_t qubits[2] = {coupler->qubits[swap], coupler->qubits[!swap]};
  zcz_op op = blank(ZCZ_OP_GATE, start, gate->duration_ns);
  op.code = (uint8_t)gate->gate;
  op.num_controls = gate->num_controls;
  op.num_qubits = 2;
  op.qubits = qubits;
  op.num_params = zcz_gate_describe(gate->gate)->params;
  op.params = gate->params;
  add(circuit, block, op);
}

static void add_measure(zcz_circuit *circuit, uint32_t block, uint32_t qubit, uint32_t bit,
                        double start, double duration) {
  zcz_op op = blank(ZCZ_OP_MEASURE, start, duration);
  op.num_qubits = 1;
  op.qubits = &qubit;
  op.bit = bit;
  add(circuit, block, op);
}

static void add_delay(zcz_circuit *circuit, uint32_t block, uint32_t qubit, double start,
                      double duration) {
  zcz_op op = blank(ZCZ_OP_DELAY, start, duration);
  op.num_qubits = 1;
  op.qubits = &qubit;
  op.num_params = 1;
  op.params = &duration;
  add(circuit, block, op);
}

static zcz_circuit *noisy(const zcz_circuit *circuit, const zcz_chip *chip, uint32_t parts,
                          bool twirl) {
  zcz_circuit *result;
  zcz_noise_options options = {parts, twirl};
  OK(zcz_noise_apply(circuit, chip, &options, &result, e));
  return result;
}

/* ---- process fidelity by brute force: a map on one or two qubits applied to each |i><j| ---- */

typedef double complex number;

/* rho -> m rho m^dagger, m on the operation's qubits among `qubits` (`n` of them), added to `sum`. */
static void act(const number *m, const zcz_op *op, const uint32_t *qubits, uint32_t n,
                const number *rho, number *sum) {
  uint32_t size = 1u << n, k = op->num_qubits;
  number full[16] = {0}, half[16] = {0};
  for (uint32_t row = 0; row < size; row++)
    for (uint32_t column = 0; column < size; column++) {
      uint32_t r = 0, c = 0, rest = size - 1;
      for (uint32_t i = 0; i < k; i++)
        for (uint32_t j = 0; j < n; j++)
          if (qubits[j] == op->qubits[i]) {
            r |= (row >> j & 1) << i;
            c |= (column >> j & 1) << i;
            rest &= ~(1u << j);
          }
      full[row * size + column] = (row & rest) == (column & rest) ? m[(r << k) + c] : 0;
    }
  for (uint32_t a = 0; a < size; a++)
    for (uint32_t b = 0; b < size; b++)
      for (uint32_t c = 0; c < size; c++)
        half[a * size + b] += full[a * size + c] * rho[c * size + b];
  for (uint32_t a = 0; a < size; a++)
    for (uint32_t b = 0; b < size; b++)
      for (uint32_t c = 0; c < size; c++)
        sum[a * size + b] += half[a * size + c] * conj(full[b * size + c]);
}

static void evolve(const zcz_circuit *circuit, const uint32_t *qubits, uint32_t n, number *rho) {
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  for (size_t i = 0; i < zcz_circuit_num_ops(circuit, 0); i++) {
    zcz_complex pairs[ZCZ_MAX_KRAUS * 16];
    uint32_t count = 1, entries = 1u << (2 * ops[i].num_qubits);
    if (ops[i].kind == ZCZ_OP_GATE)
      zcz_op_matrix(&ops[i], pairs);
    else if (ops[i].kind == ZCZ_OP_CHANNEL)
      count = zcz_channel_kraus(ops[i].code, ops[i].num_qubits, ops[i].num_params, ops[i].params,
                                pairs);
    else
      continue;
    number sum[16] = {0};
    for (uint32_t j = 0; j < count; j++) {
      number m[16];
      for (uint32_t x = 0; x < entries; x++)
        m[x] = pairs[j * entries + x].re + _Complex_I * pairs[j * entries + x].im;
      act(m, &ops[i], qubits, n, rho, sum);
    }
    memcpy(rho, sum, sizeof sum);
  }
}

/* 1 - F: F = sum over i, j of tr((U |i><j| U^dagger)^dagger E(|i><j|)) / d^2. */
static double pauli_error(const zcz_circuit *ideal, const zcz_circuit *real, const uint32_t *qubits,
                          uint32_t n) {
  uint32_t size = 1u << n;
  double sum = 0;
  for (uint32_t i = 0; i < size * size; i++) {
    number a[16] = {0}, b[16] = {0};
    a[i] = b[i] = 1;
    evolve(ideal, qubits, n, a);
    evolve(real, qubits, n, b);
    for (uint32_t x = 0; x < size * size; x++) sum += creal(conj(a[x]) * b[x]);
  }
  return 1 - sum / (size * size);
}

static double worst_one(zcz_context *context, const zcz_chip *chip, bool twirl) {
  static const zcz_gate gates[] = {ZCZ_GATE_X2P, ZCZ_GATE_X2M,  ZCZ_GATE_Y2P,
                                   ZCZ_GATE_Y2M, ZCZ_GATE_XY2P, ZCZ_GATE_XY2M};
  double worst = 0;
  for (uint32_t q = 0; q < chip->num_qubits; q++) {
    if (!chip->qubits[q].enabled) continue;
    for (size_t k = 0; k < sizeof gates / sizeof *gates; k++) {
      zcz_circuit *ideal = new_circuit(context, chip, 0);
      add_one(ideal, 0, gates[k], q, 0.3 + q, 0, chip->one_qubit_ns);
      zcz_circuit *real = noisy(ideal, chip, ZCZ_NOISE_ALL, twirl);
      worst = fmax(worst, fabs(pauli_error(ideal, real, &q, 1) - chip->qubits[q].pauli_error));
      zcz_circuit_free(ideal);
      zcz_circuit_free(real);
    }
  }
  return worst;
}

static double worst_two(zcz_context *context, const zcz_chip *chip, bool twirl) {
  double worst = 0;
  for (uint32_t c = 0; c < chip->num_couplers; c++)
    for (uint32_t k = 0; chip->couplers[c].enabled && k < chip->couplers[c].num_gates; k++) {
      zcz_circuit *ideal = new_circuit(context, chip, 0);
      add_native(ideal, 0, &chip->couplers[c], k, c % 2, 0);
      zcz_circuit *real = noisy(ideal, chip, ZCZ_NOISE_ALL, twirl);
      double error = pauli_error(ideal, real, chip->couplers[c].qubits, 2);
      worst = fmax(worst, fabs(error - chip->couplers[c].pauli_error));
      zcz_circuit_free(ideal);
      zcz_circuit_free(real);
    }
  return worst;
}

/* Every one-qubit gate on every qubit, every native gate on every coupler, of every chip. */
static void gates_have_their_errors(void **state) {
  for (uint32_t i = 0; zcz_chip_name(i); i++) {
    zcz_chip *chip = load(*state, zcz_chip_name(i));
    double one = worst_one(*state, chip, false), two = worst_two(*state, chip, false);
    print_message("%s: off by %.1e (one qubit), %.1e (two)\n", chip->name, one, two);
    assert_true(one < 1e-12 && two < 1e-12);
    assert_null(zcz_context_warning(*state, 0)); /* no shipped chip contradicts itself */
    zcz_chip_free(*state, chip);
  }
}

/* A twirl keeps the diagonal of the transfer matrix: only products of off-diagonal entries are lost. */
static void twirled_gates_have_their_errors(void **state) {
  zcz_chip *chip = load(*state, "zuchongzhi-3.0");
  assert_true(worst_one(*state, chip, true) < 1e-12);
  double two = worst_two(*state, chip, true);
  print_message("twirled, two qubits: off by %.1e\n", two);
  assert_true(two < 1e-7);
  zcz_chip_free(*state, chip);
}

/* Where T1 and T2 alone exceed a gate's error, the gate's error wins inside it and a warning names the qubits. */
static void short_lived_qubits(void **state) {
  zcz_chip *chip = load_cloud66(*state);
  if (!chip) return;
  double one = worst_one(*state, chip, false), two = worst_two(*state, chip, false);
  print_message("%s: off by %.1e, %.1e\n", chip->name, one, two);
  assert_true(one < 1e-12 && two < 1e-12);
  const char *warning = zcz_context_warning(*state, 0);
  assert_non_null(warning);
  print_message("%s\n", warning);
  assert_non_null(strstr(warning, "one-qubit gates on Q0"));

  zcz_circuit *circuit = new_circuit(*state, chip, 0);
  uint32_t q = 7;
  add_one(circuit, 0, ZCZ_GATE_X2P, q, 0, 0, 30);
  add_one(circuit, 0, ZCZ_GATE_X2P, q, 0, 1030, 30); /* T1 and T2 rule between the gates */
  zcz_circuit *real = noisy(circuit, chip, ZCZ_NOISE_ALL, false);
  const zcz_op *ops = zcz_circuit_ops(real, 0);
  assert_int_equal(ops[1].code, ZCZ_CHANNEL_RELAXATION);
  double gate = -log(ops[3].params[1]), between = -log(ops[1].params[1]) - gate;
  assert_true(fabs(between - 1.0 / chip->qubits[q].t2_us) < 1e-9);
  zcz_circuit_free(real);
  zcz_circuit_free(circuit);
  zcz_chip_free(*state, chip);
}

/* ---- single parts ---- */

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

/* ---- control flow, against the oracle on a chip of three qubits ---- */

static const char small[] =
    "{\"zcz_chip\": 1, \"name\": \"three\", \"times\": {"
    "\"one_qubit_ns\": {\"unit\": \"ns\", \"source\": \"t\", \"provenance\": \"assumed\", "
    "\"value\": 20},"
    "\"readout_ns\": {\"unit\": \"ns\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": "
    "300},"
    "\"reset_ns\": {\"unit\": \"ns\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": "
    "100}},"
    "\"qubits\": {"
    "\"name\": {\"source\": \"t\", \"provenance\": \"assumed\", \"values\": [\"A\", \"B\", \"C\"]},"
    "\"x\": {\"unit\": \"1\", \"source\": \"t\", \"provenance\": \"assumed\", \"values\": [0, 1, "
    "2]},"
    "\"y\": {\"unit\": \"1\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": 0},"
    "\"t1_us\": {\"unit\": \"us\", \"source\": \"t\", \"provenance\": \"assumed\", \"values\": [4, "
    "5, 6]},"
    "\"t2_us\": {\"unit\": \"us\", \"source\": \"t\", \"provenance\": \"assumed\", \"values\": [3, "
    "10, 4]},"
    "\"pauli_error\": {\"unit\": \"1\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": "
    "0.01},"
    "\"p10\": {\"unit\": \"1\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": 0.01},"
    "\"p01\": {\"unit\": \"1\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": 0.03}},"
    "\"couplers\": {"
    "\"name\": {\"source\": \"t\", \"provenance\": \"assumed\", \"values\": [\"AB\", \"BC\"]},"
    "\"qubits\": {\"source\": \"t\", \"provenance\": \"assumed\", \"values\": [[\"A\", \"B\"], "
    "[\"B\", \"C\"]]},"
    "\"pauli_error\": {\"unit\": \"1\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": "
    "0.03}},"
    "\"gates\": {\"cz\": {\"duration_ns\": {\"unit\": \"ns\", \"source\": \"t\", \"provenance\": "
    "\"assumed\","
    "\"value\": 40}}}}";

static zcz_chip *load_small(zcz_context *context) {
  zcz_chip *chip;
  OK(zcz_chip_read(context, "three", small, sizeof small - 1, &chip, e));
  return chip;
}

/* P(1) of qubits B and C after time `t` beginning at 1, by relaxation alone. */
static void branches_take_the_longer_time(void **state) {
  zcz_chip *chip = load_small(*state);
  for (uint32_t first = 0; first < 2; first++) { /* the branch is not taken, is taken */
    zcz_circuit *circuit = new_circuit(*state, chip, 3);
    uint32_t inner, condition;
    OK(zcz_circuit_add_block(circuit, &inner, e));
    for (uint32_t q = 0; q < 3; q++) /* an X as one gate of 20 ns */
      if (q > 0 || first) add_one(circuit, 0, ZCZ_GATE_X, q, 0, 0, 20);
    add_measure(circuit, 0, 0, 0, 20, 300);
    zcz_expression bit = {.kind = ZCZ_EXPRESSION_BIT, .index = 0};
    OK(zcz_circuit_add_expression(circuit, &bit, &condition, e));
    add_one(circuit, inner, ZCZ_GATE_RZ, 1, 0.5, 0, 0);
    add_delay(circuit, inner, 1, 0, 700);
    zcz_op branch = blank(ZCZ_OP_IF, 320, 700);
    branch.expression = condition;
    branch.blocks[0] = inner;
    add(circuit, 0, branch);
    add_measure(circuit, 0, 1, 1, 1020, 300);
    add_measure(circuit, 0, 2, 2, 1020, 300);
    zcz_circuit *real = noisy(circuit, chip, ZCZ_NOISE_RELAXATION, false);
    struct oracle_distribution got = oracle_distribution(real);
    double b = 0, c = 0;
    for (size_t i = 0; i < got.count; i++) {
      if (got.keys[i] & 2) b += got.probabilities[i];
      if (got.keys[i] & 4) c += got.probabilities[i];
    }
    assert_true(fabs(b - exp(-1.020 / 5)) < 1e-12); /* its gate's 20 ns and all that follows */
    assert_true(fabs(c - exp(-1.020 / 6)) < 1e-12);
    oracle_distribution_free(&got);
    zcz_circuit_free(real);
    zcz_circuit_free(circuit);
  }
  zcz_chip_free(*state, chip);
}

/* Each turn of a loop takes its body's time from every qubit of the circuit. */
static void loops_take_time_from_all(void **state) {
  zcz_chip *chip = load_small(*state);
  zcz_circuit *circuit = new_circuit(*state, chip, 2);
  uint32_t body, condition;
  OK(zcz_circuit_add_block(circuit, &body, e));
  zcz_expression bit = {.kind = ZCZ_EXPRESSION_BIT, .index = 0};
  OK(zcz_circuit_add_expression(circuit, &bit, &condition, e));
  add_one(circuit, 0, ZCZ_GATE_X, 0, 0, 0, 20);
  add_one(circuit, 0, ZCZ_GATE_X, 2, 0, 0, 20);
  add_measure(circuit, 0, 0, 0, 20, 300);
  add_one(circuit, body, ZCZ_GATE_X, 0, 0, 0, 20);
  add_measure(circuit, body, 0, 0, 20, 300);
  zcz_op loop = blank(ZCZ_OP_WHILE, 320, 320);
  loop.expression = condition;
  loop.blocks[0] = body;
  add(circuit, 0, loop);
  add_measure(circuit, 0, 2, 1, 640, 300);
  zcz_circuit *real = noisy(circuit, chip, ZCZ_NOISE_RELAXATION, false);
  bool found = false;
  for (size_t i = 0; i < zcz_circuit_num_ops(real, body); i++) {
    const zcz_op *op = &zcz_circuit_ops(real, body)[i];
    if (op->kind != ZCZ_OP_CHANNEL || op->qubits[0] != 2) continue;
    assert_true(fabs(op->params[0] - (1 - exp(-0.320 / 6))) < 1e-14);
    found = true;
  }
  assert_true(found);
  const zcz_op *outside =
      only(real, ZCZ_CHANNEL_RELAXATION, 1); /* up to the loop's start: 20 + 300 ns */
  assert_int_equal(outside->qubits[0], 2);
  assert_true(fabs(outside->params[0] - (1 - exp(-0.320 / 6))) < 1e-14);
  assert_null(only(real, ZCZ_CHANNEL_RELAXATION, 2));
  zcz_circuit_free(real);
  zcz_circuit_free(circuit);
  zcz_chip_free(*state, chip);
}

/* ---- what is no compiled circuit ---- */

static void refused(zcz_circuit *circuit, const zcz_chip *chip, zcz_status expected,
                    const char *words) {
  zcz_error error = {0};
  zcz_circuit *result;
  zcz_noise_options options = {ZCZ_NOISE_ALL, false};
  assert_int_equal(zcz_noise_apply(circuit, chip, &options, &result, &error), expected);
  assert_null(result);
  if (!strstr(error.message, words)) fail_msg("`%s` lacks `%s`", error.message, words);
  zcz_circuit_free(circuit);
}

static void only_compiled_circuits(void **state) {
  zcz_chip *chip = load(*state, "zuchongzhi-3.0");
  zcz_circuit *circuit = new_circuit(*state, chip, 0);
  add_one(circuit, 0, ZCZ_GATE_X2P, 0, 0, -1, 0);
  refused(circuit, chip, ZCZ_ERROR_BUG, "not scheduled");
  circuit = new_circuit(*state, chip, 0);
  zcz_chip_coupler moved = chip->couplers[0];
  moved.gates[0].params[0] += 1e-5;
  add_native(circuit, 0, &moved, 0, false, 0);
  refused(circuit, chip, ZCZ_ERROR_BUG, "no native gate of coupler G0");
  circuit = new_circuit(*state, chip, 0);
  moved.qubits[1] = 104;
  add_native(circuit, 0, &moved, 0, false, 0);
  refused(circuit, chip, ZCZ_ERROR_BUG, "Q1 and Q105");
  zcz_chip *small_chip = load_small(*state);
  circuit = new_circuit(*state, small_chip, 0);
  refused(circuit, chip, ZCZ_ERROR_BUG, "3 qubits");
  circuit = new_circuit(*state, small_chip, 0);
  zcz_circuit *result;
  zcz_noise_options options = {16, false};
  assert_int_equal(zcz_noise_apply(circuit, small_chip, &options, &result, NULL), ZCZ_ERROR_USAGE);
  zcz_circuit_free(circuit);
  zcz_chip_free(*state, small_chip);
  zcz_chip_free(*state, chip);
}

/* Each allocation fails in turn; nothing leaks and the status says why. */
static void out_of_memory(void **state) {
  (void)state;
  bool done = false;
  for (uint64_t n = 1; !done && n < 500; n++) {
    zcz_context *context;
    zcz_context_options options = {.fail_allocation = n};
    assert_int_equal(zcz_context_new(&options, &context, NULL), ZCZ_OK);
    zcz_chip *chip = NULL;
    zcz_circuit *circuit = NULL, *result = NULL;
    zcz_noise_options all = {ZCZ_NOISE_ALL, false};
    uint32_t q, zero[2] = {0, 1};
    zcz_op op = blank(ZCZ_OP_GATE, 0, 40);
    op.code = ZCZ_GATE_Z;
    op.num_controls = 1;
    op.num_qubits = 2;
    op.qubits = zero;
    zcz_status status = zcz_chip_read(context, "three", small, sizeof small - 1, &chip, NULL);
    if (status == ZCZ_OK) status = zcz_circuit_new(context, &circuit, NULL);
    if (status == ZCZ_OK) status = zcz_circuit_add_qubits(circuit, "q", 3, &q, NULL);
    if (status == ZCZ_OK) status = zcz_circuit_append(circuit, 0, &op, NULL);
    if (status == ZCZ_OK) status = zcz_noise_apply(circuit, chip, &all, &result, NULL);
    assert_true(status == ZCZ_OK || status == ZCZ_ERROR_UNABLE);
    done = status == ZCZ_OK;
    zcz_circuit_free(result);
    zcz_circuit_free(circuit);
    zcz_chip_free(context, chip);
    assert_int_equal(zcz_memory_in_use(context), 0);
    zcz_context_free(context);
  }
  assert_true(done);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {TEST(gates_have_their_errors),
                                     TEST(twirled_gates_have_their_errors),
                                     TEST(short_lived_qubits),
                                     TEST(idle_time_decays),
                                     TEST(readout_is_on_measurements),
                                     TEST(coherent_error_turns_fsim_alone),
                                     TEST(a_switch_removes_one_part),
                                     TEST(twirled_relaxation),
                                     TEST(branches_take_the_longer_time),
                                     TEST(loops_take_time_from_all),
                                     TEST(only_compiled_circuits),
                                     cmocka_unit_test(out_of_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
