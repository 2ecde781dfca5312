/* The oracle against what can be worked out by hand, and the gate table against the oracle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"

static int open_context(void **state) {
  zcz_error error;
  return zcz_context_new(NULL, (zcz_context **)state, &error);
}

static int close_context(void **state) {
  zcz_context_free(*state);
  return 0;
}

static void must(zcz_status status, const zcz_error *error) {
  if (status) fail_msg("%s", error->message);
}

static zcz_circuit *circuit_of(zcz_context *context, uint32_t qubits, uint32_t bits) {
  zcz_circuit *circuit;
  zcz_error error;
  uint32_t offset;
  must(zcz_circuit_new(context, &circuit, &error), &error);
  must(zcz_circuit_add_qubits(circuit, "q", qubits, &offset, &error), &error);
  if (bits) must(zcz_circuit_add_bits(circuit, "c", bits, &offset, &error), &error);
  return circuit;
}

/* A gate on qubit a, or with b != a controlled by a on b. */
static void gate(zcz_circuit *circuit, uint32_t block, zcz_gate which, double angle, uint32_t a,
                 uint32_t b) {
  zcz_error error;
  uint32_t qubits[2] = {a, b};
  must(zcz_circuit_gate(circuit, block, which, a != b, qubits, &angle, &error), &error);
}

static void measure(zcz_circuit *circuit, uint32_t qubit, uint32_t bit) {
  zcz_error error;
  must(zcz_circuit_measure(circuit, 0, qubit, bit, &error), &error);
}

static void check_one(const struct oracle_distribution *distribution, uint64_t key, double value) {
  double found = oracle_probability(distribution, key);
  if (fabs(found - value) > 1e-12)
    fail_msg("P(%llu) = %g, not %g", (unsigned long long)key, found, value);
}

static void gate_table(void **state) {
  (void)state;
  static const double angles[][3] = {{0.3, -1.1, 2.5}, {-2.0, 0.7, 0.01}, {7.0, 3.2, -4.4}};
  for (int g = 0; g < ZCZ_GATE_COUNT; g++)
    for (int a = 0; a < 3; a++) {
      zcz_complex table[16], back[16];
      oracle_number definition[16];
      double inverse[3] = {0};
      size_t size = (size_t)1 << zcz_gate_describe((zcz_gate)g)->qubits;
      zcz_gate_matrix((zcz_gate)g, angles[a], table);
      oracle_gate_matrix((zcz_gate)g, angles[a], definition);
      zcz_gate other = zcz_gate_inverse((zcz_gate)g, angles[a], inverse);
      zcz_gate_matrix(other, inverse, back);
      for (size_t i = 0; i < size * size; i++) {
        double distance = cabs(table[i].re + _Complex_I * table[i].im - definition[i]);
        size_t turned = i % size * size + i / size;
        double lack = hypot(table[i].re - back[turned].re, table[i].im + back[turned].im);
        if (distance > 1e-14 || lack > 1e-14)
          fail_msg("%s entry %zu: off by %g, its inverse by %g",
                   zcz_gate_describe((zcz_gate)g)->name, i, distance, lack);
      }
    }
}

static void ghz(void **state) {
  zcz_circuit *circuit = circuit_of(*state, 5, 5);
  gate(circuit, 0, ZCZ_GATE_H, 0, 0, 0);
  for (uint32_t i = 1; i < 5; i++) gate(circuit, 0, ZCZ_GATE_X, 0, i - 1, i);
  for (uint32_t i = 0; i < 5; i++) measure(circuit, i, 4 - i);
  assert_true(oracle_is_pure(circuit));
  struct oracle_distribution distribution = oracle_distribution(circuit);
  assert_int_equal(distribution.count, 2);
  check_one(&distribution, 0, 0.5);
  check_one(&distribution, 31, 0.5);
  oracle_distribution_free(&distribution);
  zcz_circuit_free(circuit);
}

static uint32_t when_bit(zcz_circuit *circuit, uint32_t bit, uint32_t block) {
  zcz_error error;
  uint32_t expression;
  zcz_expression read = {.kind = ZCZ_EXPRESSION_BIT, .index = bit, .size = 1};
  must(zcz_circuit_add_expression(circuit, &read, &expression, &error), &error);
  zcz_op op = {.kind = ZCZ_OP_IF,
               .bit = ZCZ_NONE,
               .variable = ZCZ_NONE,
               .expression = expression,
               .blocks = {block, ZCZ_NONE}};
  must(zcz_circuit_append(circuit, 0, &op, &error), &error);
  return expression;
}

/* The state goes from qubit 0 to qubit 2 whatever was read on the way. */
static void teleport(zcz_context *context, uint32_t width) {
  zcz_error error;
  uint32_t flip, turn;
  zcz_circuit *circuit = circuit_of(context, width, 3);
  must(zcz_circuit_add_block(circuit, &flip, &error), &error);
  must(zcz_circuit_add_block(circuit, &turn, &error), &error);
  gate(circuit, flip, ZCZ_GATE_X, 0, 2, 2);
  gate(circuit, turn, ZCZ_GATE_Z, 0, 2, 2);
  gate(circuit, 0, ZCZ_GATE_RY, 1.0, 0, 0);
  gate(circuit, 0, ZCZ_GATE_H, 0, 1, 1);
  gate(circuit, 0, ZCZ_GATE_X, 0, 1, 2);
  gate(circuit, 0, ZCZ_GATE_X, 0, 0, 1);
  gate(circuit, 0, ZCZ_GATE_H, 0, 0, 0);
  measure(circuit, 0, 0);
  measure(circuit, 1, 1);
  when_bit(circuit, 1, flip);
  when_bit(circuit, 0, turn);
  gate(circuit, 0, ZCZ_GATE_RY, -1.0, 2, 2);
  measure(circuit, 2, 2);
  assert_false(oracle_is_pure(circuit));
  struct oracle_distribution distribution = oracle_distribution(circuit);
  for (uint64_t key = 0; key < 8; key++) check_one(&distribution, key, key < 4 ? 0.25 : 0);
  oracle_distribution_free(&distribution);
  zcz_circuit_free(circuit);
}

static void teleportation(void **state) { teleport(*state, 3); }

/* More qubits than density matrices reach: by kets. */
static void teleportation_among_many(void **state) { teleport(*state, 11); }

/* Measured until it reads 0: the loop ends with certainty. */
static void until_zero(void **state) {
  zcz_error error;
  uint32_t again, expression;
  zcz_circuit *circuit = circuit_of(*state, 1, 1);
  must(zcz_circuit_add_block(circuit, &again, &error), &error);
  gate(circuit, again, ZCZ_GATE_H, 0, 0, 0);
  must(zcz_circuit_measure(circuit, again, 0, 0, &error), &error);
  gate(circuit, 0, ZCZ_GATE_X, 0, 0, 0);
  measure(circuit, 0, 0);
  zcz_expression read = {.kind = ZCZ_EXPRESSION_BIT, .index = 0, .size = 1};
  must(zcz_circuit_add_expression(circuit, &read, &expression, &error), &error);
  zcz_op op = {.kind = ZCZ_OP_WHILE,
               .bit = ZCZ_NONE,
               .variable = ZCZ_NONE,
               .expression = expression,
               .blocks = {again, ZCZ_NONE}};
  must(zcz_circuit_append(circuit, 0, &op, &error), &error);
  struct oracle_distribution distribution = oracle_distribution(circuit);
  check_one(&distribution, 0, 1);
  oracle_distribution_free(&distribution);
  zcz_circuit_free(circuit);
}

static void noise(void **state) {
  zcz_error error;
  double gamma = 0.2, flips[2] = {0.1, 0.3};
  uint32_t zero = 0;
  zcz_circuit *circuit = circuit_of(*state, 1, 1);
  gate(circuit, 0, ZCZ_GATE_X, 0, 0, 0);
  must(zcz_circuit_channel(circuit, 0, ZCZ_CHANNEL_AMPLITUDE_DAMPING, 1, &zero, 1, &gamma, &error),
       &error);
  zcz_op op = {.kind = ZCZ_OP_MEASURE,
               .num_qubits = 1,
               .qubits = &zero,
               .num_params = 2,
               .params = flips,
               .variable = ZCZ_NONE,
               .expression = ZCZ_NONE,
               .blocks = {ZCZ_NONE, ZCZ_NONE}};
  must(zcz_circuit_append(circuit, 0, &op, &error), &error);
  struct oracle_distribution distribution = oracle_distribution(circuit);
  check_one(&distribution, 0, 0.2 * 0.9 + 0.8 * 0.3);
  check_one(&distribution, 1, 0.2 * 0.1 + 0.8 * 0.7);
  oracle_distribution_free(&distribution);
  zcz_circuit_free(circuit);
}

static void expectation(void **state) {
  zcz_error error;
  zcz_observable *observable;
  zcz_circuit *circuit = circuit_of(*state, 2, 0);
  gate(circuit, 0, ZCZ_GATE_H, 0, 0, 0);
  gate(circuit, 0, ZCZ_GATE_X, 0, 0, 1);
  must(zcz_observable_parse(*state, "2*Z0*Z1 - 0.5*Y0*Y1 + X0*X1 + Z0 + 3", 2, &observable, &error),
       &error);
  assert_true(fabs(oracle_expectation(circuit, observable) - (2 + 0.5 + 1 + 3)) < 1e-12);
  zcz_observable_free(*state, observable);
  zcz_circuit_free(circuit);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gate_table),    cmocka_unit_test(ghz),
      cmocka_unit_test(teleportation), cmocka_unit_test(teleportation_among_many),
      cmocka_unit_test(until_zero),    cmocka_unit_test(noise),
      cmocka_unit_test(expectation),
  };
  return cmocka_run_group_tests(tests, open_context, close_context);
}
