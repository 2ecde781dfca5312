#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "compile/passes.h"
#include "oracle.h"
#include "random_dynamic.h"

static zcz_context *context;

static zcz_circuit *new_circuit(uint32_t qubits, uint32_t bits) {
  zcz_circuit *circuit;
  assert_int_equal(zcz_circuit_new(context, &circuit, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_qubits(circuit, "q", qubits, NULL, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_bits(circuit, "c", bits, NULL, NULL), ZCZ_OK);
  return circuit;
}

static void gate(zcz_circuit *circuit, zcz_gate code, uint32_t controls, uint32_t a, uint32_t b) {
  uint32_t qubits[2] = {a, b};
  double params[3] = {0.4, 0.2, 0.1};
  assert_int_equal(zcz_circuit_gate(circuit, 0, code, controls, qubits, params, NULL), ZCZ_OK);
}

static void measure(zcz_circuit *circuit, uint32_t qubit, uint32_t bit) {
  assert_int_equal(zcz_circuit_measure(circuit, 0, qubit, bit, NULL), ZCZ_OK);
}

static zcz_circuit *cone_of(const zcz_circuit *circuit, const bool *keep) {
  zcz_circuit *cone;
  zcz_error error = {0};
  assert_int_equal(zcz_pass_light_cone(circuit, keep, &cone, &error), ZCZ_OK);
  return cone;
}

/* Only what can still be told stays. */
static void test_what_goes(void **state) {
  (void)state;
  zcz_circuit *circuit = new_circuit(5, 2);
  gate(circuit, ZCZ_GATE_H, 0, 0, 0);
  gate(circuit, ZCZ_GATE_X, 1, 0, 1);
  gate(circuit, ZCZ_GATE_H, 0, 3, 0); /* never measured */
  gate(circuit, ZCZ_GATE_X, 1, 1, 2); /* target dead, control diagonal */
  gate(circuit, ZCZ_GATE_T, 0, 0, 0); /* diagonal before a measurement */
  gate(circuit, ZCZ_GATE_Z, 1, 0, 1); /* likewise on both */
  gate(circuit, ZCZ_GATE_GPHASE, 0, 0, 0);
  measure(circuit, 0, 0);
  measure(circuit, 1, 1);
  zcz_circuit *cone = cone_of(circuit, NULL);
  assert_int_equal(zcz_circuit_size(cone), 4);
  assert_int_equal(zcz_circuit_num_qubits(cone), 5);
  zcz_circuit_free(cone);
  bool keep[5] = {false, false, false, true, false};
  cone = cone_of(circuit, keep);
  assert_int_equal(zcz_circuit_size(cone), 6); /* and the H on 3, and the phase */
  zcz_circuit_free(cone);
  zcz_circuit_free(circuit);
}

/* A diagonal gate may not go where the measured qubit's partner is needed in full. */
static void test_what_stays(void **state) {
  (void)state;
  zcz_circuit *circuit = new_circuit(2, 2);
  gate(circuit, ZCZ_GATE_H, 0, 0, 0);
  gate(circuit, ZCZ_GATE_H, 0, 1, 0);
  gate(circuit, ZCZ_GATE_Z, 1, 0, 1);
  gate(circuit, ZCZ_GATE_H, 0, 1, 0);
  measure(circuit, 0, 0);
  measure(circuit, 1, 1);
  zcz_circuit *cone = cone_of(circuit, NULL);
  assert_int_equal(zcz_circuit_size(cone), 6);
  zcz_circuit_free(cone);
  zcz_circuit_free(circuit);
}

static double difference(const zcz_circuit *a, const zcz_circuit *b) {
  struct oracle_distribution one = oracle_distribution(a), other = oracle_distribution(b);
  double worst = oracle_difference(&one, &other);
  oracle_distribution_free(&one);
  oracle_distribution_free(&other);
  return worst;
}

static void test_same_distribution(void **state) {
  (void)state;
  size_t before = 0, after = 0;
  for (uint64_t number = 0; number < 400; number++) {
    random_dynamic_options options = {.qubits = 2 + number % 3,
                                      .bits = 3,
                                      .operations = 8 + number % 25,
                                      .channels = number % 2,
                                      .control_flow = number % 3 != 0,
                                      .measure_some = true};
    zcz_circuit *circuit = random_dynamic(context, &options, number);
    zcz_circuit *cone = cone_of(circuit, NULL);
    if (zcz_circuit_describe(circuit).has_measurement) {
      double worst = difference(circuit, cone);
      if (worst > 1e-12) fail_msg("circuit %d: probabilities differ by %g", (int)number, worst);
    }
    before += zcz_circuit_size(circuit);
    after += zcz_circuit_size(cone);
    zcz_circuit_free(cone);
    zcz_circuit_free(circuit);
  }
  assert_true(after * 10 < before * 9); /* it does cut */
}

/* The state of the kept qubits, the others traced out. */
static void reduced(const zcz_circuit *circuit, const bool *keep, oracle_number *result) {
  uint32_t n = zcz_circuit_num_qubits(circuit);
  size_t dimension = (size_t)1 << n, mask = 0;
  for (uint32_t q = 0; q < n; q++) mask |= (size_t)keep[q] << q;
  oracle_number *density = oracle_density(circuit);
  for (size_t i = 0; i < dimension * dimension; i++) result[i] = 0;
  for (size_t row = 0; row < dimension; row++)
    for (size_t column = 0; column < dimension; column++)
      if ((row & ~mask) == (column & ~mask))
        result[(row & mask) * dimension + (column & mask)] += density[row * dimension + column];
  free(density);
}

static void test_kept_qubits(void **state) {
  (void)state;
  for (uint64_t number = 0; number < 200; number++) {
    random_dynamic_options options = {
        .qubits = 3, .bits = 2, .operations = 15, .channels = true, .control_flow = number % 2};
    zcz_circuit *circuit = random_dynamic(context, &options, 1000 + number);
    bool keep[3] = {number % 2 == 0, number % 3 == 0, true};
    zcz_circuit *cone = cone_of(circuit, keep);
    oracle_number a[64], b[64];
    reduced(circuit, keep, a);
    reduced(cone, keep, b);
    for (int i = 0; i < 64; i++) assert_true(cabs(a[i] - b[i]) < 1e-12);
    zcz_circuit_free(cone);
    zcz_circuit_free(circuit);
  }
}

int main(void) {
  assert_int_equal(zcz_context_new(NULL, &context, NULL), ZCZ_OK);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_goes), cmocka_unit_test(test_what_stays),
      cmocka_unit_test(test_same_distribution), cmocka_unit_test(test_kept_qubits)};
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  zcz_context_free(context);
  return failed;
}
