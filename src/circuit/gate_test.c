#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/complex.h"
#include "base/math.h"
#include "zcz/circuit.h"

static zcz_context *context;

static void matrix_product(const zcz_complex *a, const zcz_complex *b, int size, zcz_complex *r) {
  for (int i = 0; i < size; i++)
    for (int j = 0; j < size; j++) {
      r[i * size + j] = (zcz_complex){0, 0};
      for (int k = 0; k < size; k++)
        r[i * size + j] = zcz_complex_add(r[i * size + j],
                                          zcz_complex_multiply(a[i * size + k], b[k * size + j]));
    }
}

static double distance_to_identity(const zcz_complex *m, int size) {
  double worst = 0;
  for (int i = 0; i < size * size; i++) {
    zcz_complex wanted = {i % (size + 1) == 0, 0};
    worst = fmax(worst, sqrt(zcz_complex_norm2(zcz_complex_subtract(m[i], wanted))));
  }
  return worst;
}

static const double angles[3] = {0.3, -1.1, 2.7};

static void test_unitary_and_inverse(void **state) {
  (void)state;
  for (int g = 0; g < ZCZ_GATE_COUNT; g++) {
    const zcz_gate_info *info = zcz_gate_describe((zcz_gate)g);
    const int size = 1 << info->qubits;
    zcz_complex u[16], v[16], product[16];
    double inverse_params[3];
    zcz_gate_matrix((zcz_gate)g, angles, u);
    zcz_gate inverse = zcz_gate_inverse((zcz_gate)g, angles, inverse_params);
    zcz_gate_matrix(inverse, inverse_params, v);
    matrix_product(v, u, size, product);
    if (distance_to_identity(product, size) > 1e-14) print_message("gate %s\n", info->name);
    assert_true(distance_to_identity(product, size) < 1e-14);
    bool diagonal = true;
    for (int i = 0; i < size * size; i++)
      if (i % (size + 1) != 0 && zcz_complex_norm2(u[i]) > 0) diagonal = false;
    assert_int_equal(diagonal, (info->flags & ZCZ_GATE_DIAGONAL) != 0);
    if (info->flags & ZCZ_GATE_SYMMETRIC) {
      static const int swapped[4] = {0, 2, 1, 3};
      for (int r = 0; r < 4; r++)
        for (int c = 0; c < 4; c++)
          assert_true(memcmp(&u[4 * r + c], &u[4 * swapped[r] + swapped[c]], sizeof *u) == 0);
    }
  }
}

/* Products that the definitions promise, entry by entry with the phase. */
static void check_equal(zcz_gate a, const double *pa, zcz_gate b, const double *pb, int times,
                        zcz_complex phase) {
  zcz_complex u[16], v[16], power[16];
  zcz_gate_matrix(a, pa, u);
  zcz_gate_matrix(b, pb, v);
  const int size = 1 << zcz_gate_describe(a)->qubits;
  memcpy(power, v, sizeof v);
  for (int i = 1; i < times; i++) {
    zcz_complex next[16];
    matrix_product(power, v, size, next);
    memcpy(power, next, sizeof next);
  }
  for (int i = 0; i < size * size; i++) power[i] = zcz_complex_multiply(phase, power[i]);
  for (int i = 0; i < size * size; i++)
    assert_true(zcz_complex_norm2(zcz_complex_subtract(u[i], power[i])) < 1e-28);
}

static void test_definitions(void **state) {
  (void)state;
  const zcz_complex one = {1, 0}, minus_i = {0, -1}, i = {0, 1};
  const double pi[1] = {ZCZ_PI}, half[1] = {ZCZ_PI / 2}, quarter[1] = {ZCZ_PI / 4};
  check_equal(ZCZ_GATE_X, NULL, ZCZ_GATE_SX, NULL, 2, one);
  check_equal(ZCZ_GATE_Y, NULL, ZCZ_GATE_SY, NULL, 2, one);
  check_equal(ZCZ_GATE_Z, NULL, ZCZ_GATE_S, NULL, 2, one);
  check_equal(ZCZ_GATE_S, NULL, ZCZ_GATE_T, NULL, 2, one);
  check_equal(ZCZ_GATE_XY, quarter, ZCZ_GATE_SW, NULL, 2, minus_i);
  check_equal(ZCZ_GATE_X, NULL, ZCZ_GATE_RX, pi, 1, i);
  check_equal(ZCZ_GATE_X2P, NULL, ZCZ_GATE_RX, half, 1, one);
  check_equal(ZCZ_GATE_Y2P, NULL, ZCZ_GATE_RY, half, 1, one);
  check_equal(ZCZ_GATE_Y2P, NULL, ZCZ_GATE_XY2P, half, 1, one);
  check_equal(ZCZ_GATE_XY, half, ZCZ_GATE_XY2P, half, 2, one);
  check_equal(ZCZ_GATE_ISWAP, NULL, ZCZ_GATE_FSIM, (double[]){-ZCZ_PI / 2, 0}, 1, one);
  /* OpenQASM 3: x is U(pi, 0, pi) with gphase(-pi/2). */
  check_equal(ZCZ_GATE_X, NULL, ZCZ_GATE_U, (double[]){ZCZ_PI, 0, ZCZ_PI}, 1, minus_i);
  check_equal(ZCZ_GATE_RX, angles, ZCZ_GATE_U3, (double[]){0.3, -ZCZ_PI / 2, ZCZ_PI / 2}, 1, one);
  check_equal(ZCZ_GATE_RXY, (double[]){0.4, 0.7}, ZCZ_GATE_RXY, (double[]){0.4, 0.35}, 2, one);
}

static void test_clifford_flags(void **state) {
  (void)state;
  zcz_error error;
  zcz_circuit *circuit;
  const uint32_t qubits[4] = {0, 1, 2, 3};
  assert_int_equal(zcz_circuit_new(context, &circuit, &error), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_qubits(circuit, "q", 4, NULL, &error), ZCZ_OK);
  for (int g = 0; g < ZCZ_GATE_COUNT; g++)
    assert_int_equal(zcz_circuit_gate(circuit, 0, (zcz_gate)g, 0, qubits, angles, &error), ZCZ_OK);
  for (int g = 0; g < ZCZ_GATE_COUNT; g++) {
    zcz_op op = zcz_circuit_ops(circuit, 0)[g];
    bool flag = zcz_gate_describe((zcz_gate)g)->flags & ZCZ_GATE_CLIFFORD;
    assert_int_equal(zcz_op_is_clifford(&op), flag || g == ZCZ_GATE_GPHASE);
    /* By the matrix alone it must come out the same. */
    if (op.num_qubits == 0) continue;
    zcz_complex matrix[16];
    zcz_op_matrix(&op, matrix);
    op.kind = ZCZ_OP_UNITARY;
    op.params = &matrix[0].re;
    assert_int_equal(zcz_op_is_clifford(&op), flag);
  }
  zcz_circuit_free(circuit);
}

static int setup(void **state) {
  (void)state;
  return zcz_context_new(NULL, &context, NULL);
}

static int teardown(void **state) {
  (void)state;
  zcz_context_free(context);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_unitary_and_inverse),
                                     cmocka_unit_test(test_definitions),
                                     cmocka_unit_test(test_clifford_flags)};
  return cmocka_run_group_tests(tests, setup, teardown);
}
