#include "compile/native_fixture.h"

static zcz_circuit *compile(const fixture *f, const zcz_circuit *source, bool as_written) {
  zcz_circuit *result;
  zcz_error error;
  if (zcz_pass_native(source, &f->chip, as_written, &result, &error) != ZCZ_OK)
    fail_msg("%s", error.message);
  return result;
}

static void check_random(uint32_t n, bool cz, bool fsim, bool as_written, int circuits) {
  fixture f;
  fixture_open(&f, n, cz, fsim);
  for (int k = 0; k < circuits; k++) {
    zcz_circuit *source = fixture_circuit(&f, n);
    uint32_t gates = 1 + fixture_below(&f, 40);
    for (uint32_t i = 0; i < gates; i++) fixture_random_gate(&f, source);
    zcz_circuit *result = compile(&f, source, as_written);
    size_t twos, pulses, frames;
    fixture_count(&f, result, &twos, &pulses, &frames);
    double distance = fixture_distance(source, result);
    if (!(distance < 2e-9)) fail_msg("circuit %d: %g", k, distance);
    zcz_circuit_free(source);
    zcz_circuit_free(result);
  }
  fixture_close(&f);
}

static void random_circuits_cz(void **state) {
  (void)state;
  check_random(2, true, false, false, 300);
  check_random(4, true, false, false, 150);
}

static void random_circuits_both(void **state) {
  (void)state;
  check_random(2, true, true, false, 300);
  check_random(4, true, true, false, 150);
}

/* Only fSim-like gates: any two-qubit operation by uses of them alone. */
static void random_circuits_fsim(void **state) {
  (void)state;
  check_random(2, false, true, false, 60);
  check_random(4, false, true, false, 20);
  check_random(3, false, true, true, 10);
}

static void as_written(void **state) {
  (void)state;
  check_random(3, true, true, true, 150);
  check_random(3, true, false, true, 150);
}

/* Two-qubit gates and pulses of the result. */
static void check_cost(fixture *f, zcz_circuit *source, size_t want_twos, size_t want_pulses) {
  zcz_circuit *result = compile(f, source, false);
  size_t twos, pulses, frames;
  fixture_count(f, result, &twos, &pulses, &frames);
  assert_true(fixture_distance(source, result) < 1e-10);
  if (twos != want_twos || pulses > want_pulses)
    fail_msg("%zu two-qubit gates and %zu pulses, not %zu and %zu", twos, pulses, want_twos,
             want_pulses);
  zcz_circuit_free(source);
  zcz_circuit_free(result);
}

static void check_gate(zcz_gate gate, uint32_t controls, double a, double b, size_t twos,
                       size_t pulses) {
  for (uint32_t turned = 0; turned < 2; turned++)
    for (uint32_t first = 0; first < 2; first++) {
      fixture f;
      fixture_open(&f, 3, true, false);
      zcz_circuit *source = fixture_circuit(&f, 3);
      fixture_gate(source, gate, controls, (uint32_t[]){first + turned, first + 1 - turned},
                   (double[]){a, b, 0});
      check_cost(&f, source, twos, pulses);
      fixture_close(&f);
    }
}

static void known_optimum(void **state) {
  (void)state;
  check_gate(ZCZ_GATE_Z, 1, 0, 0, 1, 0);
  check_gate(ZCZ_GATE_X, 1, 0, 0, 1, 2);
  check_gate(ZCZ_GATE_Y, 1, 0, 0, 1, 2);
  check_gate(ZCZ_GATE_H, 1, 0, 0, 1, 4);
  check_gate(ZCZ_GATE_ISWAP, 0, 0, 0, 2, 6);
  check_gate(ZCZ_GATE_ISWAPDG, 0, 0, 0, 2, 6);
  check_gate(ZCZ_GATE_SWAP, 0, 0, 0, 3, 6);
  check_gate(ZCZ_GATE_RZ, 1, 0.3, 0, 2, 4);
  check_gate(ZCZ_GATE_P, 1, 0.3, 0, 2, 4);
  check_gate(ZCZ_GATE_RZZ, 0, 0.3, 0, 2, 4);
  check_gate(ZCZ_GATE_RXX, 0, 0.3, 0, 2, 8);
  check_gate(ZCZ_GATE_RZX, 0, 0.3, 0, 2, 4);
  check_gate(ZCZ_GATE_FSIM, 0, 0.3, 0, 2, 8);
  check_gate(ZCZ_GATE_FSIM, 0, 0.3, 0.2, 3, 12);
  check_gate(ZCZ_GATE_FSIM, 0, 0, 0.2, 2, 4);
  check_gate(ZCZ_GATE_ID, 1, 0, 0, 0, 0);
  check_gate(ZCZ_GATE_P, 1, 0, 0, 0, 0);
}

static void inverse_pairs_vanish(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 3, true, true);
  zcz_circuit *source = fixture_circuit(&f, 3);
  uint32_t pair[2] = {0, 1}, back[2] = {1, 0}, lone = 1;
  double angle[2] = {0.4, 0.7}, inverse[2] = {-0.4, -0.7};
  fixture_gate(source, ZCZ_GATE_X, 1, pair, NULL);
  fixture_gate(source, ZCZ_GATE_FSIM, 0, pair, angle);
  fixture_gate(source, ZCZ_GATE_T, 0, &lone, NULL);
  fixture_gate(source, ZCZ_GATE_TDG, 0, &lone, NULL);
  fixture_gate(source, ZCZ_GATE_FSIM, 0, back, inverse);
  fixture_gate(source, ZCZ_GATE_X, 1, pair, NULL);
  fixture_gate(source, ZCZ_GATE_SWAP, 0, pair, NULL);
  fixture_gate(source, ZCZ_GATE_SWAP, 0, back, NULL);
  check_cost(&f, source, 0, 0);
  fixture_close(&f);
}

/* Each coupler's own fSim, its angles off by less than 1e-6, among pulses: nothing changes. */
static void native_stays(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 6, true, true);
  zcz_circuit *source = fixture_circuit(&f, 6);
  size_t wanted = 0;
  for (int cycle = 0; cycle < 8; cycle++) {
    for (uint32_t q = 0; q < 6; q++) {
      static const zcz_gate roots[3] = {ZCZ_GATE_SX, ZCZ_GATE_SY, ZCZ_GATE_SW};
      fixture_gate(source, roots[(q + (uint32_t)cycle) % 3], 0, &q, NULL);
    }
    for (uint32_t q = cycle & 1; q + 1 < 6; q += 2) {
      const double *own = f.couplers[q].gates[0].params;
      double params[2] = {own[0] + 4e-7, own[1] - 4e-7 + ZCZ_TAU};
      fixture_gate(source, ZCZ_GATE_FSIM, 0, (uint32_t[]){q, q + 1}, params);
      wanted++;
    }
  }
  zcz_circuit *result = compile(&f, source, false);
  size_t twos, pulses, frames;
  fixture_count(&f, result, &twos, &pulses, &frames);
  assert_int_equal(twos, wanted);
  assert_true(pulses <= 48); /* gates of idle end qubits merge */
  assert_true(frames <= 4);
  assert_true(fixture_distance(source, result) < 1e-4);
  zcz_circuit_free(result);
  zcz_circuit_free(source);
  fixture_close(&f);
}

/* No pulses side by side beyond two, no virtual Z before another or before a measurement. */
static void nothing_left_to_merge(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 4, true, true);
  for (int k = 0; k < 50; k++) {
    zcz_circuit *source = fixture_circuit(&f, 4);
    uint32_t offset;
    assert_int_equal(zcz_circuit_add_bits(source, "c", 4, &offset, NULL), ZCZ_OK);
    for (int i = 0; i < 60; i++) fixture_random_gate(&f, source);
    for (uint32_t q = 0; q < 4; q++)
      assert_int_equal(zcz_circuit_measure(source, 0, q, q, NULL), ZCZ_OK);
    zcz_circuit *result = compile(&f, source, false);
    uint32_t run[4] = {0}, frame[4] = {0};
    for (size_t i = 0; i < zcz_circuit_num_ops(result, 0); i++) {
      const zcz_op *op = &zcz_circuit_ops(result, 0)[i];
      uint32_t q = op->qubits[0];
      if (op->kind == ZCZ_OP_MEASURE) {
        assert_int_equal(frame[q], 0);
      } else if (op->num_qubits == 2) {
        run[q] = run[op->qubits[1]] = frame[q] = frame[op->qubits[1]] = 0;
      } else if (op->code == ZCZ_GATE_RZ) {
        assert_int_equal(frame[q]++, 0);
      } else {
        assert_int_equal(frame[q], 0);
        assert_true(++run[q] <= 2);
      }
    }
    struct oracle_distribution a = oracle_distribution(source), b = oracle_distribution(result);
    assert_true(oracle_difference(&a, &b) < 1e-9);
    oracle_distribution_free(&a);
    oracle_distribution_free(&b);
    zcz_circuit_free(result);
    zcz_circuit_free(source);
  }
  fixture_close(&f);
}

static void fences_hold(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 2, true, false);
  zcz_circuit *source = fixture_circuit(&f, 2);
  uint32_t pair[2] = {0, 1};
  double p = 0.1;
  fixture_gate(source, ZCZ_GATE_Z, 1, pair, NULL);
  assert_int_equal(zcz_circuit_barrier(source, 0, 1, pair, NULL), ZCZ_OK);
  fixture_gate(source, ZCZ_GATE_Z, 1, pair, NULL);
  assert_int_equal(zcz_circuit_channel(source, 0, ZCZ_CHANNEL_DEPOLARIZE1, 1, pair, 1, &p, NULL),
                   ZCZ_OK);
  fixture_gate(source, ZCZ_GATE_H, 0, pair, NULL);
  assert_int_equal(zcz_circuit_reset(source, 0, 0, NULL), ZCZ_OK);
  fixture_gate(source, ZCZ_GATE_Z, 1, pair, NULL);
  zcz_circuit *result = compile(&f, source, false);
  size_t twos, pulses, frames;
  fixture_count(&f, result, &twos, &pulses, &frames);
  assert_int_equal(twos, 3);
  assert_int_equal(pulses, 1); /* of H, before the reset */
  zcz_circuit_free(result);
  zcz_circuit_free(source);
  fixture_close(&f);
}

/* if (bit) { x; cz } else { h }, with gates waiting around it. */
static void control_flow_is_kept(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 3, true, true);
  zcz_circuit *source = fixture_circuit(&f, 3);
  uint32_t bits, then, otherwise, bit;
  assert_int_equal(zcz_circuit_add_bits(source, "c", 3, &bits, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_block(source, &then, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_block(source, &otherwise, NULL), ZCZ_OK);
  zcz_expression expression = {.kind = ZCZ_EXPRESSION_BIT, .index = 0};
  assert_int_equal(zcz_circuit_add_expression(source, &expression, &bit, NULL), ZCZ_OK);
  for (int i = 0; i < 12; i++) fixture_random_gate(&f, source);
  assert_int_equal(zcz_circuit_measure(source, 0, 1, 0, NULL), ZCZ_OK);
  uint32_t q0 = 0, pair[2] = {1, 2};
  zcz_op branch = {.kind = ZCZ_OP_IF,
                   .bit = ZCZ_NONE,
                   .variable = ZCZ_NONE,
                   .expression = bit,
                   .blocks = {then, otherwise},
                   .start_ns = -1};
  assert_int_equal(zcz_circuit_append(source, 0, &branch, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_gate(source, then, ZCZ_GATE_X, 0, &q0, NULL, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_gate(source, then, ZCZ_GATE_H, 1, pair, NULL, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_gate(source, otherwise, ZCZ_GATE_H, 0, &q0, NULL, NULL), ZCZ_OK);
  for (int i = 0; i < 12; i++) fixture_random_gate(&f, source);
  for (uint32_t q = 0; q < 3; q++)
    assert_int_equal(zcz_circuit_measure(source, 0, q, q, NULL), ZCZ_OK);
  for (int written = 0; written < 2; written++) {
    zcz_circuit *result = compile(&f, source, written != 0);
    struct oracle_distribution a = oracle_distribution(source), b = oracle_distribution(result);
    assert_int_equal(zcz_circuit_num_blocks(result), 3);
    assert_true(oracle_difference(&a, &b) < 1e-9);
    oracle_distribution_free(&a);
    oracle_distribution_free(&b);
    zcz_circuit_free(result);
  }
  zcz_circuit_free(source);
  fixture_close(&f);
}

static void derived_gates_expand_in_place(void **state) {
  (void)state;
  static const struct {
    zcz_gate gate;
    uint8_t count;
    zcz_gate want[2];
  } rows[] = {{ZCZ_GATE_X, 2, {ZCZ_GATE_X2P, ZCZ_GATE_X2P}},
              {ZCZ_GATE_Y, 2, {ZCZ_GATE_Y2P, ZCZ_GATE_Y2P}},
              {ZCZ_GATE_H, 2, {ZCZ_GATE_Y2M, ZCZ_GATE_RZ}},
              {ZCZ_GATE_T, 1, {ZCZ_GATE_RZ}},
              {ZCZ_GATE_X2M, 1, {ZCZ_GATE_X2M}},
              {ZCZ_GATE_XY2M, 1, {ZCZ_GATE_XY2M}}};
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    fixture f;
    fixture_open(&f, 2, true, false);
    zcz_circuit *source = fixture_circuit(&f, 2);
    uint32_t qubit = 0;
    double angle = 0.3;
    fixture_gate(source, rows[k].gate, 0, &qubit, &angle);
    fixture_gate(source, rows[k].gate, 0, &qubit, &angle);
    zcz_circuit *result = compile(&f, source, true);
    assert_int_equal(zcz_circuit_num_ops(result, 0), 2 * rows[k].count);
    for (uint32_t i = 0; i < 2u * rows[k].count; i++)
      assert_int_equal(zcz_circuit_ops(result, 0)[i].code, rows[k].want[i % rows[k].count]);
    assert_true(fixture_distance(source, result) < 1e-12);
    zcz_circuit_free(result);
    zcz_circuit_free(source);
    fixture_close(&f);
  }
}

/* On the shipped chips: each coupler's fSim alone and among pulses stays one gate; CX is one CZ. */
static void shipped_couplers(void **state) {
  (void)state;
  static const char *const names[2] = {"zuchongzhi-3.0", "tianyan-287"};
  for (int k = 0; k < 2; k++) {
    fixture f;
    zcz_chip *chip;
    zcz_error error;
    fixture_open(&f, 2, true, true);
    if (zcz_chip_load(f.context, names[k], &chip, &error) != ZCZ_OK) fail_msg("%s", error.message);
    zcz_circuit *source = fixture_circuit(&f, chip->num_qubits), *result;
    size_t wanted = 0, twos = 0, pulses = 0;
    for (uint32_t c = 0; c < chip->num_couplers; c++) {
      const zcz_chip_coupler *coupler = &chip->couplers[c];
      if (!coupler->enabled) continue;
      for (uint32_t g = 0; g < coupler->num_gates; g++) {
        const zcz_chip_gate *gate = &coupler->gates[g];
        double angle = 0.1 * c;
        assert_int_equal(zcz_circuit_barrier(source, 0, 2, coupler->qubits, NULL), ZCZ_OK);
        fixture_gate(source, ZCZ_GATE_XY2P, 0, coupler->qubits, &angle);
        fixture_gate(source, gate->gate, gate->num_controls, coupler->qubits, gate->params);
        fixture_gate(source, ZCZ_GATE_XY2P, 0, &coupler->qubits[1], &angle);
        wanted++;
      }
      assert_int_equal(zcz_circuit_barrier(source, 0, 2, coupler->qubits, NULL), ZCZ_OK);
      fixture_gate(source, ZCZ_GATE_X, 1, coupler->qubits, NULL);
      wanted++;
    }
    if (zcz_pass_native(source, chip, false, &result, &error) != ZCZ_OK)
      fail_msg("%s", error.message);
    for (size_t i = 0; i < zcz_circuit_num_ops(result, 0); i++) {
      const zcz_op *op = &zcz_circuit_ops(result, 0)[i];
      twos += op->kind == ZCZ_OP_GATE && op->num_qubits == 2;
      pulses += fixture_is_pulse(op);
    }
    assert_int_equal(twos, wanted);
    assert_true(pulses <= 2 * wanted);
    zcz_circuit_free(result);
    zcz_circuit_free(source);
    zcz_chip_free(f.context, chip);
    fixture_close(&f);
  }
}

static void written_order_stays(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 3, true, true);
  zcz_circuit *source = fixture_circuit(&f, 3);
  const double *own = f.couplers[0].gates[0].params;
  double params[2] = {own[0] + 5e-7, own[1]};
  for (uint32_t first = 0; first < 2; first++) {
    fixture_gate(source, ZCZ_GATE_Z, 1, (uint32_t[]){first, 1 - first}, NULL);
    fixture_gate(source, ZCZ_GATE_FSIM, 0, (uint32_t[]){first, 1 - first}, params);
  }
  zcz_circuit *result = compile(&f, source, true);
  assert_int_equal(zcz_circuit_num_ops(result, 0), 4);
  for (uint32_t i = 0; i < 4; i++) {
    const zcz_op *op = &zcz_circuit_ops(result, 0)[i];
    assert_int_equal(op->qubits[0], i / 2);
    assert_int_equal(op->code, i % 2 ? ZCZ_GATE_FSIM : ZCZ_GATE_Z);
    if (i % 2) assert_true(op->params[0] == own[0]);
  }
  zcz_circuit_free(result);
  zcz_circuit_free(source);
  fixture_close(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(random_circuits_cz),
                                     cmocka_unit_test(random_circuits_both),
                                     cmocka_unit_test(random_circuits_fsim),
                                     cmocka_unit_test(as_written),
                                     cmocka_unit_test(known_optimum),
                                     cmocka_unit_test(inverse_pairs_vanish),
                                     cmocka_unit_test(native_stays),
                                     cmocka_unit_test(nothing_left_to_merge),
                                     cmocka_unit_test(fences_hold),
                                     cmocka_unit_test(control_flow_is_kept),
                                     cmocka_unit_test(derived_gates_expand_in_place),
                                     cmocka_unit_test(written_order_stays),
                                     cmocka_unit_test(shipped_couplers)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
