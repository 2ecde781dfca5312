#include <string.h>

#include "compile/native_fixture.h"
#include "compile/dense.h"
#include "compile/kak.h"

static zcz_circuit *expand(const zcz_circuit *source) {
  zcz_circuit *result;
  zcz_error error;
  if (zcz_pass_expand(source, &result, &error) != ZCZ_OK) fail_msg("%s", error.message);
  for (size_t i = 0; i < zcz_circuit_num_ops(result, 0); i++)
    assert_true(zcz_circuit_ops(result, 0)[i].num_qubits <= 2);
  assert_int_equal(zcz_circuit_num_qubits(result), zcz_circuit_num_qubits(source));
  return result;
}

static size_t count_twos(const zcz_circuit *circuit) {
  size_t twos = 0;
  for (size_t i = 0; i < zcz_circuit_num_ops(circuit, 0); i++)
    twos += zcz_circuit_ops(circuit, 0)[i].num_qubits == 2;
  return twos;
}

/* Compares states instead of unitaries: from a random product state, for many qubits. */
static double state_distance(fixture *f, const zcz_circuit *a, const zcz_circuit *b) {
  uint32_t n = zcz_circuit_num_qubits(a);
  oracle_number *state[2];
  double angle[32];
  for (uint32_t q = 0; q < 2 * n; q++) angle[q] = 6 * fixture_uniform(f);
  for (int k = 0; k < 2; k++) {
    zcz_circuit *whole = fixture_circuit(f, n);
    const zcz_circuit *part = k == 0 ? a : b;
    for (uint32_t q = 0; q < n; q++) {
      fixture_gate(whole, ZCZ_GATE_RX, 0, &q, &angle[2 * q]);
      fixture_gate(whole, ZCZ_GATE_RZ, 0, &q, &angle[2 * q + 1]);
    }
    for (size_t i = 0; i < zcz_circuit_num_ops(part, 0); i++)
      assert_int_equal(zcz_circuit_append(whole, 0, &zcz_circuit_ops(part, 0)[i], NULL), ZCZ_OK);
    state[k] = oracle_state(whole);
    zcz_circuit_free(whole);
  }
  double distance = oracle_distance_up_to_phase(state[0], state[1], (size_t)1 << n);
  free(state[0]);
  free(state[1]);
  return distance;
}

/* One gate with controls on shuffled qubits of a register; the number of two-qubit operations. */
static size_t check_gate(fixture *f, uint32_t register_size, zcz_gate gate, uint32_t controls) {
  zcz_circuit *source = fixture_circuit(f, register_size);
  uint32_t qubits[16];
  double params[3];
  for (uint32_t q = 0; q < register_size; q++) {
    uint32_t other = fixture_below(f, q + 1);
    qubits[q] = qubits[other];
    qubits[other] = q;
  }
  for (int k = 0; k < 3; k++) params[k] = 6 * fixture_uniform(f) - 3;
  fixture_gate(source, gate, controls, qubits, params);
  zcz_circuit *result = expand(source);
  double distance =
      register_size <= 7 ? fixture_distance(source, result) : state_distance(f, source, result);
  if (!(distance < 1e-10))
    fail_msg("%s with %u controls of %u: %g", zcz_gate_describe(gate)->name, controls,
             register_size, distance);
  size_t twos = count_twos(result);
  zcz_circuit_free(source);
  zcz_circuit_free(result);
  return twos;
}

static void every_gate_controlled(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 2, true, false);
  for (int gate = 0; gate < ZCZ_GATE_COUNT; gate++)
    for (uint32_t controls = 0; controls <= 5; controls++) {
      uint32_t need = controls + zcz_gate_describe((zcz_gate)gate)->qubits;
      if (need > 0 && need <= 6) check_gate(&f, need, (zcz_gate)gate, controls);
      if (need > 0 && need <= 6) check_gate(&f, need + 1, (zcz_gate)gate, controls);
    }
  fixture_close(&f);
}

static void counts(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 2, true, false);
  assert_int_equal(check_gate(&f, 3, ZCZ_GATE_X, 2), 6);
  assert_int_equal(check_gate(&f, 3, ZCZ_GATE_Z, 2), 6);
  assert_int_equal(check_gate(&f, 3, ZCZ_GATE_RZ, 2), 6);
  assert_int_equal(check_gate(&f, 3, ZCZ_GATE_SWAP, 1), 8);
  assert_int_equal(check_gate(&f, 4, ZCZ_GATE_X, 3), 14);
  assert_true(check_gate(&f, 3, ZCZ_GATE_RXX, 1) <= 4);
  assert_true(check_gate(&f, 5, ZCZ_GATE_X, 4) <= 30);
  /* Linear with borrowed qubits, however few; else quadratic. */
  for (uint32_t controls = 5; controls <= 12; controls++) {
    size_t many = check_gate(&f, controls <= 8 ? 2 * controls - 1 : 15, ZCZ_GATE_X, controls);
    size_t one = check_gate(&f, controls + 2, ZCZ_GATE_X, controls);
    size_t none = check_gate(&f, controls + 1, ZCZ_GATE_X, controls);
    if (controls <= 8) assert_true(many <= 12 * controls - 18);
    assert_true(one <= 24 * controls);
    assert_true(none <= 12 * controls * controls);
  }
  fixture_close(&f);
}

/* A qubit that the program has measured for good is not touched again. */
static void measured_qubits_rest(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 2, true, false);
  zcz_circuit *source = fixture_circuit(&f, 12);
  uint32_t bits, qubits[7] = {0, 2, 4, 6, 8, 10, 5};
  assert_int_equal(zcz_circuit_add_bits(source, "c", 12, &bits, NULL), ZCZ_OK);
  for (uint32_t q = 1; q < 12; q += 2)
    if (q != 5 && q != 9) assert_int_equal(zcz_circuit_measure(source, 0, q, q, NULL), ZCZ_OK);
  fixture_gate(source, ZCZ_GATE_X, 6, qubits, NULL);
  zcz_circuit *result = expand(source);
  for (size_t i = 4; i < zcz_circuit_num_ops(result, 0); i++) {
    const zcz_op *op = &zcz_circuit_ops(result, 0)[i];
    for (uint32_t k = 0; k < op->num_qubits; k++)
      assert_true(op->qubits[k] % 2 == 0 || op->qubits[k] == 5 || op->qubits[k] == 9);
  }
  zcz_circuit_free(source);
  zcz_circuit_free(result);
  fixture_close(&f);
}

static void random_matrix(fixture *f, uint32_t size, zcz_complex *u) {
  zcz_complex scratch[2 * 64 * 64];
  /* A product of plane rotations and phases is unitary, and random enough. */
  memset(u, 0, sizeof *u * size * size);
  for (uint32_t i = 0; i < size; i++) u[i * size + i].re = 1;
  for (uint32_t k = 0; k < 4 * size * size; k++) {
    uint32_t p = fixture_below(f, size), q = fixture_below(f, size - 1);
    double s, c, sp, cp;
    if (q >= p) q++;
    zcz_sincos(6 * fixture_uniform(f), &s, &c);
    zcz_sincos(6 * fixture_uniform(f), &sp, &cp);
    for (uint32_t j = 0; j < size; j++) {
      zcz_complex x = u[p * size + j],
                  y = zcz_complex_multiply((zcz_complex){cp, sp}, u[q * size + j]);
      u[p * size + j] = zcz_complex_add(zcz_complex_scale(x, c), zcz_complex_scale(y, s));
      u[q * size + j] = zcz_complex_subtract(zcz_complex_scale(y, c), zcz_complex_scale(x, s));
    }
  }
  zcz_dense_orthonormalize(size, u, scratch);
}

/* CX that a matrix on two qubits takes. */
static size_t uses_of(const zcz_op *op) {
  zcz_matrix4 m;
  zcz_kak kak;
  zcz_op_matrix(op, m.at);
  zcz_kak_decompose(&m, &kak);
  return kak.z > 1e-10 || kak.z < -1e-10 ? 3 : 2;
}

static void check_matrix(fixture *f, uint32_t controls, uint32_t targets, const zcz_complex *u,
                         size_t most) {
  uint32_t n = controls + targets, qubits[8];
  for (uint32_t q = 0; q < n; q++) qubits[q] = (q + 1) % n;
  zcz_circuit *source = fixture_circuit(f, n);
  zcz_error error;
  if (zcz_circuit_unitary(source, 0, controls, n, qubits, u, &error) != ZCZ_OK)
    fail_msg("%s", error.message);
  zcz_circuit *result = expand(source);
  double distance = fixture_distance(source, result);
  if (!(distance < 1e-11)) fail_msg("%u controls, %u targets: %g", controls, targets, distance);
  size_t twos = 0;
  for (size_t i = 0; i < zcz_circuit_num_ops(result, 0); i++) {
    const zcz_op *op = &zcz_circuit_ops(result, 0)[i];
    if (op->num_qubits == 2) twos += op->kind == ZCZ_OP_UNITARY ? uses_of(op) : 1;
  }
  if (twos > most) fail_msg("%u controls, %u targets: %zu, not %zu", controls, targets, twos, most);
  zcz_circuit_free(source);
  zcz_circuit_free(result);
}

static void matrices(void **state) {
  (void)state;
  static const size_t most[7] = {0, 0, 3, 20, 100, 444, 1868};
  fixture f;
  fixture_open(&f, 2, true, false);
  static zcz_complex u[64 * 64];
  for (uint32_t targets = 1; targets <= 6; targets++)
    for (int k = 0; k < (targets <= 4 ? 10 : targets == 5 ? 2 : 1); k++) {
      random_matrix(&f, 1u << targets, u);
      check_matrix(&f, 0, targets, u, most[targets]);
      for (uint32_t controls = 1; controls + targets <= 6 && targets < 5; controls++)
        check_matrix(&f, controls, targets, u, 100000);
    }
  random_matrix(&f, 4, u);
  check_matrix(&f, 1, 2, u, 12);
  fixture_close(&f);
}

/* Degenerate ones: identity, permutations, diagonals, tensor products, reflections, nearly each. */
static void special_matrices(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 2, true, false);
  for (uint32_t targets = 2; targets <= 5; targets++)
    for (int kind = 0; kind < 12; kind++) {
      uint32_t size = 1u << targets;
      static zcz_complex u[32 * 32], scratch[2 * 32 * 32];
      memset(u, 0, sizeof u);
      for (uint32_t i = 0; i < size; i++) {
        uint32_t j = kind % 6 == 1 ? i ^ (size - 1) : kind % 6 == 2 ? (i + 1) % size : i;
        double s = 0, c = 1;
        if (kind % 6 == 3) zcz_sincos((double)(i & 1), &s, &c);
        if (kind % 6 == 4) c = i == size - 1 ? -1 : 1;
        u[i * size + j] = (zcz_complex){c, s};
        if (kind % 6 == 5) /* Hadamards everywhere */
          for (j = 0; j < size; j++)
            u[i * size + j] =
                (zcz_complex){(__builtin_popcount(i & j) & 1 ? -1 : 1) / zcz_sqrt((double)size), 0};
      }
      double noise = 1;
      for (int k = 0; k < 8 + kind / 2; k++) noise *= 0.1;
      if (kind >= 6) {
        for (uint32_t i = 0; i < size * size; i++) {
          u[i].re += noise * (fixture_uniform(&f) - 0.5);
          u[i].im += noise * (fixture_uniform(&f) - 0.5);
        }
        zcz_dense_orthonormalize(size, u, scratch);
      }
      check_matrix(&f, 0, targets, u, 100000);
      if (targets < 5) check_matrix(&f, 1, targets, u, 100000);
    }
  fixture_close(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_gate_controlled), cmocka_unit_test(counts),
      cmocka_unit_test(measured_qubits_rest), cmocka_unit_test(matrices),
      cmocka_unit_test(special_matrices)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
