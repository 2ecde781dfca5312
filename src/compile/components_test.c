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

/* The joint distribution of independent components, keys in the source's bits. */
static struct oracle_distribution joint(const zcz_component *components, uint32_t count) {
  struct oracle_distribution all = {.count = 1};
  all.keys = calloc(1, sizeof *all.keys);
  all.probabilities = malloc(sizeof *all.probabilities);
  all.probabilities[0] = 1;
  for (uint32_t i = 0; i < count; i++) {
    if (components[i].num_bits == 0) continue;
    struct oracle_distribution one = oracle_distribution(components[i].circuit), next = {0};
    if (!zcz_circuit_describe(components[i].circuit).has_measurement) {
      oracle_distribution_free(&one); /* assignments alone: nothing random, bits by one run */
      continue;
    }
    next.keys = malloc(all.count * one.count * sizeof *next.keys);
    next.probabilities = malloc(all.count * one.count * sizeof *next.probabilities);
    for (size_t a = 0; a < all.count; a++)
      for (size_t b = 0; b < one.count; b++) {
        uint64_t key = all.keys[a];
        for (uint32_t k = 0; k < components[i].num_bits; k++)
          key |= (one.keys[b] >> k & 1) << components[i].bits[k];
        next.keys[next.count] = key;
        next.probabilities[next.count++] = all.probabilities[a] * one.probabilities[b];
      }
    oracle_distribution_free(&one);
    oracle_distribution_free(&all);
    all = next;
  }
  return all;
}

static double worst_difference(const zcz_circuit *circuit, const zcz_component *components,
                               uint32_t count) {
  struct oracle_distribution whole = oracle_distribution(circuit), parts = joint(components, count);
  double worst = 0;
  for (size_t i = 0; i < whole.count; i++)
    worst = fmax(worst, fabs(whole.probabilities[i] - oracle_probability(&parts, whole.keys[i])));
  for (size_t i = 0; i < parts.count; i++)
    worst = fmax(worst, fabs(parts.probabilities[i] - oracle_probability(&whole, parts.keys[i])));
  oracle_distribution_free(&whole);
  oracle_distribution_free(&parts);
  return worst;
}

static void check_shape(const zcz_circuit *circuit, const zcz_component *components,
                        uint32_t count) {
  uint32_t qubits = 0, bits = 0;
  for (uint32_t i = 0; i < count; i++) {
    assert_int_equal(zcz_circuit_num_qubits(components[i].circuit), components[i].num_qubits);
    assert_int_equal(zcz_circuit_num_bits(components[i].circuit), components[i].num_bits);
    for (uint32_t k = 1; k < components[i].num_qubits; k++)
      assert_true(components[i].qubits[k - 1] < components[i].qubits[k]);
    for (uint32_t k = 1; k < components[i].num_bits; k++)
      assert_true(components[i].bits[k - 1] < components[i].bits[k]);
    qubits += components[i].num_qubits;
    bits += components[i].num_bits;
  }
  assert_true(qubits <= zcz_circuit_num_qubits(circuit));
  assert_true(bits <= zcz_circuit_num_bits(circuit));
}

static void test_same_distribution(void **state) {
  (void)state;
  uint32_t several = 0;
  for (uint64_t number = 0; number < 400; number++) {
    random_dynamic_options options = {.qubits = 3 + number % 3,
                                      .bits = 4,
                                      .operations = 3 + number % 11,
                                      .channels = number % 2,
                                      .control_flow = number % 3 != 0,
                                      .measure_some = true};
    zcz_circuit *circuit = random_dynamic(context, &options, 7000 + number);
    zcz_component *components;
    uint32_t count;
    assert_int_equal(zcz_split_components(circuit, &components, &count, NULL), ZCZ_OK);
    check_shape(circuit, components, count);
    if (zcz_circuit_describe(circuit).has_measurement) {
      double worst = worst_difference(circuit, components, count);
      if (worst > 1e-12) fail_msg("circuit %d: probabilities differ by %g", (int)number, worst);
    }
    several += count > 1;
    zcz_components_free(context, components, count);
    zcz_circuit_free(circuit);
  }
  assert_true(several > 100);
}

/* A barrier over everything joins nothing, and each component gets its part of it. */
static void test_pairs(void **state) {
  (void)state;
  zcz_circuit *circuit;
  uint32_t all[105];
  assert_int_equal(zcz_circuit_new(context, &circuit, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_qubits(circuit, "q", 105, NULL, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_bits(circuit, "c", 104, NULL, NULL), ZCZ_OK);
  for (uint32_t q = 0; q < 105; q++) all[q] = q;
  for (uint32_t q = 0; q < 104; q += 2)
    assert_int_equal(zcz_circuit_gate(circuit, 0, ZCZ_GATE_X, 1, all + q, NULL, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_barrier(circuit, 0, 105, all, NULL), ZCZ_OK);
  for (uint32_t q = 0; q < 104; q++)
    assert_int_equal(zcz_circuit_measure(circuit, 0, q, 103 - q, NULL), ZCZ_OK);
  zcz_component *components;
  uint32_t count;
  assert_int_equal(zcz_split_components(circuit, &components, &count, NULL), ZCZ_OK);
  assert_int_equal(count, 52);
  for (uint32_t i = 0; i < count; i++) {
    assert_int_equal(components[i].num_qubits, 2);
    assert_int_equal(components[i].num_bits, 2);
    assert_int_equal(zcz_circuit_size(components[i].circuit), 4);
    const zcz_op *barrier = &zcz_circuit_ops(components[i].circuit, 0)[1];
    assert_int_equal(barrier->kind, ZCZ_OP_BARRIER);
    assert_int_equal(barrier->num_qubits, 2);
    assert_int_equal(barrier->qubits[0], 0);
  }
  zcz_components_free(context, components, count);
  zcz_circuit_free(circuit);
}

static void test_nothing(void **state) {
  (void)state;
  zcz_circuit *circuit;
  double angle = 0.5;
  zcz_component *components;
  uint32_t count;
  assert_int_equal(zcz_circuit_new(context, &circuit, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_qubits(circuit, "q", 3, NULL, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_gate(circuit, 0, ZCZ_GATE_GPHASE, 0, NULL, &angle, NULL), ZCZ_OK);
  assert_int_equal(zcz_split_components(circuit, &components, &count, NULL), ZCZ_OK);
  assert_int_equal(count, 0);
  zcz_components_free(context, components, count);
  zcz_circuit_free(circuit);
}

int main(void) {
  assert_int_equal(zcz_context_new(NULL, &context, NULL), ZCZ_OK);
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_distribution),
                                     cmocka_unit_test(test_pairs), cmocka_unit_test(test_nothing)};
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  zcz_context_free(context);
  return failed;
}
