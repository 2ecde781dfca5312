#include "compile/native_fixture.h"

static zcz_circuit *simplify(const zcz_circuit *source) {
  zcz_circuit *result;
  zcz_error error;
  if (zcz_pass_simplify(source, &result, &error) != ZCZ_OK) fail_msg("%s", error.message);
  return result;
}

static size_t count_twos(const zcz_circuit *circuit) {
  size_t twos = 0;
  for (size_t i = 0; i < zcz_circuit_num_ops(circuit, 0); i++)
    twos += zcz_circuit_ops(circuit, 0)[i].num_qubits == 2;
  return twos;
}

/* Gates that often commute and cancel. */
static void random_gates(fixture *f, zcz_circuit *circuit, uint32_t count) {
  static const zcz_gate twos[] = {ZCZ_GATE_RXX, ZCZ_GATE_RYY, ZCZ_GATE_RZZ, ZCZ_GATE_RZX,
                                  ZCZ_GATE_SWAP};
  static const zcz_gate ones[] = {ZCZ_GATE_X,  ZCZ_GATE_Y,  ZCZ_GATE_Z, ZCZ_GATE_H, ZCZ_GATE_S,
                                  ZCZ_GATE_RX, ZCZ_GATE_RZ, ZCZ_GATE_P, ZCZ_GATE_SX};
  uint32_t n = zcz_circuit_num_qubits(circuit);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t a = fixture_below(f, n), b = fixture_below(f, n - 1), pair[2] = {a, b + (b >= a)};
    double angle = 0.5 * ((int)fixture_below(f, 5) - 2);
    switch (fixture_below(f, 5)) {
    case 0: fixture_gate(circuit, ones[fixture_below(f, 9)], 0, pair, &angle); break;
    case 1: fixture_gate(circuit, ones[fixture_below(f, 9)], 1, pair, &angle); break;
    case 2: fixture_gate(circuit, twos[fixture_below(f, 5)], 0, pair, &angle); break;
    case 3: fixture_gate(circuit, ZCZ_GATE_X, 1, pair, NULL); break;
    default: fixture_gate(circuit, ZCZ_GATE_Z, 1, pair, NULL); break;
    }
  }
}

static void same_unitary(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 2, true, false);
  size_t before = 0, after = 0;
  for (int k = 0; k < 400; k++) {
    zcz_circuit *source = fixture_circuit(&f, 2 + (uint32_t)k % 3);
    random_gates(&f, source, 40);
    zcz_circuit *result = simplify(source);
    double distance = fixture_distance(source, result);
    if (!(distance < 1e-11)) fail_msg("circuit %d: %g", k, distance);
    before += count_twos(source);
    after += count_twos(result);
    assert_true(zcz_circuit_num_ops(result, 0) <= zcz_circuit_num_ops(source, 0));
    zcz_circuit_free(source);
    zcz_circuit_free(result);
  }
  assert_true(after < 0.9 * before);
  fixture_close(&f);
}

/* A ladder of CX, a phase, the ladder back, and again with another angle: the ladders between vanish. */
static void ladders_vanish(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 2, true, false);
  zcz_circuit *source = fixture_circuit(&f, 6);
  for (int term = 0; term < 5; term++) {
    double angle = 0.1 * (term + 1);
    uint32_t last = 5;
    for (uint32_t q = 0; q < 5; q++)
      fixture_gate(source, ZCZ_GATE_X, 1, (uint32_t[]){q, q + 1}, NULL);
    fixture_gate(source, ZCZ_GATE_RZ, 0, &last, &angle);
    for (uint32_t q = 5; q-- > 0;)
      fixture_gate(source, ZCZ_GATE_X, 1, (uint32_t[]){q, q + 1}, NULL);
  }
  zcz_circuit *result = simplify(source);
  assert_int_equal(count_twos(result), 10);
  assert_true(fixture_distance(source, result) < 1e-12);
  zcz_circuit_free(source);
  zcz_circuit_free(result);
  fixture_close(&f);
}

/* CX cancel past what shares only a control or only a target; not past a fence. */
static void commuting_pairs(void **state) {
  (void)state;
  for (int fence = 0; fence < 2; fence++) {
    fixture f;
    fixture_open(&f, 2, true, false);
    zcz_circuit *source = fixture_circuit(&f, 3);
    double angle = 0.3;
    uint32_t one = 1;
    fixture_gate(source, ZCZ_GATE_X, 1, (uint32_t[]){0, 1}, NULL);
    fixture_gate(source, ZCZ_GATE_X, 1, (uint32_t[]){0, 2}, NULL);
    fixture_gate(source, ZCZ_GATE_X, 1, (uint32_t[]){2, 1}, NULL);
    fixture_gate(source, ZCZ_GATE_RX, 0, &one, &angle);
    if (fence) assert_int_equal(zcz_circuit_barrier(source, 0, 1, &one, NULL), ZCZ_OK);
    fixture_gate(source, ZCZ_GATE_X, 1, (uint32_t[]){0, 1}, NULL);
    zcz_circuit *result = simplify(source);
    assert_int_equal(count_twos(result), fence ? 4 : 2);
    zcz_circuit_free(source);
    zcz_circuit_free(result);
    fixture_close(&f);
  }
}

static void rotations_add_up(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 2, true, false);
  zcz_circuit *source = fixture_circuit(&f, 2);
  double a = 0.3, b = -0.3, c = 0.2;
  fixture_gate(source, ZCZ_GATE_RZZ, 0, (uint32_t[]){0, 1}, &a);
  fixture_gate(source, ZCZ_GATE_P, 1, (uint32_t[]){0, 1}, &c);
  fixture_gate(source, ZCZ_GATE_RZZ, 0, (uint32_t[]){1, 0}, &b);
  fixture_gate(source, ZCZ_GATE_P, 1, (uint32_t[]){1, 0}, &c);
  zcz_circuit *result = simplify(source);
  assert_int_equal(zcz_circuit_num_ops(result, 0), 1);
  assert_true(zcz_circuit_ops(result, 0)[0].params[0] == 0.4);
  zcz_circuit_free(source);
  zcz_circuit_free(result);
  fixture_close(&f);
}

/* Matrices barely unitary enough to enter: their product is still let in, and compiles. */
static void sloppy_matrices(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 2, true, true);
  zcz_circuit *source = fixture_circuit(&f, 2);
  const double s = 0.70710678; /* off by 4e-9 */
  zcz_complex h[4] = {{s + 3e-7, 0}, {s, 0}, {s, 0}, {-s - 3e-7, 0}};
  zcz_complex cx[16] = {{0, 0}};
  for (int i = 0; i < 4; i++) cx[4 * i + (i & 1 ? i ^ 2 : i)].re = 1 - 4e-7;
  for (int k = 0; k < 9; k++) {
    uint32_t q = k & 1, pair[2] = {q, 1 - q};
    assert_int_equal(zcz_circuit_unitary(source, 0, 0, 1, &q, h, NULL), ZCZ_OK);
    assert_int_equal(zcz_circuit_unitary(source, 0, 0, 1, &q, h, NULL), ZCZ_OK);
    assert_int_equal(zcz_circuit_unitary(source, 0, 0, 1, &q, h, NULL), ZCZ_OK);
    assert_int_equal(zcz_circuit_unitary(source, 0, 1, 2, pair, h, NULL), ZCZ_OK);
    assert_int_equal(zcz_circuit_unitary(source, 0, 0, 2, pair, cx, NULL), ZCZ_OK);
  }
  zcz_circuit *result = simplify(source), *native;
  zcz_error error;
  if (zcz_pass_native(result, &f.chip, false, &native, &error) != ZCZ_OK)
    fail_msg("%s", error.message);
  assert_true(fixture_distance(source, native) < 1e-4);
  zcz_circuit_free(native);
  zcz_circuit_free(source);
  zcz_circuit_free(result);
  fixture_close(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(same_unitary), cmocka_unit_test(ladders_vanish),
      cmocka_unit_test(commuting_pairs), cmocka_unit_test(rotations_add_up),
      cmocka_unit_test(sloppy_matrices)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
