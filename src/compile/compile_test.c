#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "compile/chip_fixture.h"
#include "compile/passes.h"
#include "oracle.h"
#include "random_circuit.h"
#include "random_dynamic.h"
#include "zcz/compile.h"

static zcz_context *context;
static chip_fixture fixture;

static zcz_compiled *compile(const zcz_circuit *source, const zcz_compile_options *options) {
  zcz_compiled *compiled;
  zcz_error error = {0};
  if (zcz_compile(source, &fixture.chip, options, &compiled, &error) != ZCZ_OK)
    fail_msg("%s", error.message);
  return compiled;
}

static zcz_circuit *new_circuit(uint32_t qubits, uint32_t bits) {
  zcz_circuit *circuit;
  assert_int_equal(zcz_circuit_new(context, &circuit, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_qubits(circuit, "q", qubits, NULL, NULL), ZCZ_OK);
  if (bits) assert_int_equal(zcz_circuit_add_bits(circuit, "c", bits, NULL, NULL), ZCZ_OK);
  return circuit;
}

static void gate(zcz_circuit *circuit, zcz_gate code, uint32_t controls, uint32_t a, uint32_t b) {
  uint32_t qubits[2] = {a, b};
  double params[3] = {0.7, 0.2, 0.1};
  assert_int_equal(zcz_circuit_gate(circuit, 0, code, controls, qubits, params, NULL), ZCZ_OK);
}

static const zcz_op *op_at(const zcz_compiled *compiled, size_t i) {
  return &zcz_circuit_ops(compiled->circuit, 0)[i];
}

/* One of the two phases may stand before all columns, and it is the same for all of them. */
static void check_equal(const zcz_circuit *source, const zcz_compiled *compiled) {
  uint32_t n = zcz_circuit_num_qubits(source), chip = fixture.chip.num_qubits;
  size_t small = (size_t)1 << n, large = (size_t)1 << chip;
  oracle_number *wanted = oracle_unitary(source), *made = oracle_unitary(compiled->circuit);
  oracle_number *got = calloc(small * small, sizeof *got);
  for (size_t column = 0; column < small; column++)
    for (size_t row = 0; row < small; row++) {
      size_t from = 0, to = 0;
      for (uint32_t k = 0; k < n; k++) {
        from |= (column >> k & 1) << compiled->initial[k];
        to |= (row >> k & 1) << compiled->final[k];
      }
      got[row * small + column] = made[to * large + from];
    }
  double worst = oracle_distance_up_to_phase(got, wanted, small * small);
  if (worst > 1e-7) fail_msg("off by %g", worst);
  free(wanted);
  free(made);
  free(got);
}

static void test_equal_to_source(void **state) {
  (void)state;
  static const uint32_t star[][2] = {{0, 1}, {1, 2}, {1, 3}, {3, 4}};
  for (uint64_t number = 0; number < 60; number++) {
    if (number % 2)
      chip_fixture_make(&fixture, 5, star, 4);
    else
      chip_fixture_grid(&fixture, 3, 2);
    random_circuit_options how = {
        .qubits = 1 + number % 5, .gates = 14, .with_unitaries = number % 3 == 0};
    zcz_circuit *source = random_circuit(context, &how, number);
    zcz_compile_options options = {.layout = number % 4 == 3 ? ZCZ_LAYOUT_TRIVIAL : ZCZ_LAYOUT_AUTO,
                                   .seed = number};
    zcz_compiled *compiled = compile(source, &options);
    check_equal(source, compiled);
    zcz_compiled_free(context, compiled);
    zcz_circuit_free(source);
  }
}

static void test_dynamic(void **state) {
  (void)state;
  chip_fixture_grid(&fixture, 2, 2);
  for (uint64_t number = 0; number < 80; number++) {
    random_dynamic_options how = {.qubits = 2 + number % 3,
                                  .bits = 3,
                                  .operations = 14,
                                  .channels = number % 2,
                                  .control_flow = number % 3 != 0,
                                  .measure_some = true};
    zcz_circuit *source = random_dynamic(context, &how, 400 + number);
    zcz_compiled *compiled = compile(source, NULL);
    if (zcz_circuit_describe(source).has_measurement) {
      struct oracle_distribution a = oracle_distribution(source),
                                 b = oracle_distribution(compiled->circuit);
      double worst = oracle_difference(&a, &b);
      if (worst > 1e-7) fail_msg("circuit %d: probabilities differ by %g", (int)number, worst);
      oracle_distribution_free(&a);
      oracle_distribution_free(&b);
    }
    zcz_compiled_free(context, compiled);
    zcz_circuit_free(source);
  }
}

/* Nothing overlaps on a qubit, barriers align, and the last `terminal` operations are measurements
 * that start together, by bit. */
static void check_schedule(const zcz_compiled *compiled, size_t terminal) {
  double free_at[128] = {0};
  size_t count = zcz_circuit_num_ops(compiled->circuit, 0);
  for (size_t i = 0; i < count; i++) {
    const zcz_op *op = op_at(compiled, i);
    assert_true(op->start_ns >= 0);
    for (uint32_t k = 0; k < op->num_qubits; k++) {
      assert_true(op->start_ns >= free_at[op->qubits[k]] - 1e-9);
      free_at[op->qubits[k]] = op->start_ns + op->duration_ns;
      assert_true(free_at[op->qubits[k]] <= compiled->duration_ns + 1e-9);
    }
    if (i + terminal < count) continue;
    assert_int_equal(op->kind, ZCZ_OP_MEASURE);
    if (i + terminal == count) continue;
    assert_true(op->start_ns == op_at(compiled, i - 1)->start_ns);
    assert_true(op->bit > op_at(compiled, i - 1)->bit);
  }
}

static void test_schedule(void **state) {
  (void)state;
  chip_fixture_zuchongzhi(&fixture);
  for (uint64_t number = 0; number < 10; number++) {
    random_circuit_options how = {.qubits = 8, .gates = 60, .measure = true};
    zcz_circuit *source = random_circuit(context, &how, 40 + number);
    zcz_compiled *compiled = compile(source, NULL);
    check_schedule(compiled, 8);
    zcz_compiled_free(context, compiled);
    zcz_circuit_free(source);
  }
}

static void test_times(void **state) {
  (void)state;
  chip_fixture_grid(&fixture, 2, 1);
  zcz_circuit *source = new_circuit(2, 2);
  uint32_t both[2] = {0, 1};
  gate(source, ZCZ_GATE_X2P, 0, 0, 0); /* 28 ns, then 45 ns, then readout 500 ns */
  assert_int_equal(zcz_circuit_barrier(source, 0, 2, both, NULL), ZCZ_OK);
  gate(source, ZCZ_GATE_Y2P, 0, 1, 0);
  gate(source, ZCZ_GATE_Z, 1, 0, 1);
  gate(source, ZCZ_GATE_RZ, 0, 0, 0);
  assert_int_equal(zcz_circuit_measure(source, 0, 0, 1, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_measure(source, 0, 1, 0, NULL), ZCZ_OK);
  zcz_compile_options options = {.layout = ZCZ_LAYOUT_TRIVIAL};
  zcz_compiled *compiled = compile(source, &options);
  assert_true(fabs(compiled->duration_ns - (28 + 28 + 45 + 500)) < 1e-9);
  assert_int_equal(compiled->two_qubit_gates, 1);
  assert_int_equal(compiled->operations, 5);
  assert_int_equal(compiled->depth, 4);
  assert_int_equal(compiled->swaps, 0);
  double expected = (1 - fixture.qubits[0].pauli_error) * (1 - fixture.qubits[1].pauli_error) *
                    (1 - fixture.couplers[0].pauli_error);
  for (int q = 0; q < 2; q++) expected *= 1 - (fixture.qubits[q].p10 + fixture.qubits[q].p01) / 2;
  assert_true(fabs(compiled->fidelity - expected) < 1e-12);
  size_t count = zcz_circuit_num_ops(compiled->circuit, 0);
  assert_int_equal(op_at(compiled, count - 2)->bit, 0);
  assert_int_equal(op_at(compiled, count - 1)->bit, 1);
  zcz_compiled_free(context, compiled);
  zcz_circuit_free(source);
}

/* A measurement that something follows stays where it is. */
static void test_mid_circuit(void **state) {
  (void)state;
  chip_fixture_grid(&fixture, 2, 1);
  zcz_circuit *source = new_circuit(2, 2);
  assert_int_equal(zcz_circuit_measure(source, 0, 0, 1, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_reset(source, 0, 0, NULL), ZCZ_OK);
  gate(source, ZCZ_GATE_X, 1, 0, 1);
  assert_int_equal(zcz_circuit_measure(source, 0, 1, 0, NULL), ZCZ_OK);
  zcz_compile_options options = {.layout = ZCZ_LAYOUT_TRIVIAL};
  zcz_compiled *compiled = compile(source, &options);
  const zcz_op *first = op_at(compiled, 0);
  for (size_t i = 0; first->kind != ZCZ_OP_MEASURE; i++) first = op_at(compiled, i);
  assert_true(first->bit == 1 && first->start_ns == 0 && first->duration_ns == 500);
  check_schedule(compiled, 1);
  assert_true(compiled->duration_ns >= 500 + 300 + 45 + 500);
  zcz_compiled_free(context, compiled);
  zcz_circuit_free(source);
}

static void test_same_seed(void **state) {
  (void)state;
  chip_fixture_zuchongzhi(&fixture);
  random_circuit_options how = {.qubits = 12, .gates = 60};
  zcz_circuit *source = random_circuit(context, &how, 3);
  zcz_compile_options options = {.seed = 9};
  zcz_compiled *a = compile(source, &options), *b = compile(source, &options);
  size_t count = zcz_circuit_num_ops(a->circuit, 0);
  assert_int_equal(count, zcz_circuit_num_ops(b->circuit, 0));
  for (size_t i = 0; i < count; i++) {
    const zcz_op *x = op_at(a, i), *y = op_at(b, i);
    assert_int_equal(x->code, y->code);
    assert_memory_equal(x->qubits, y->qubits, x->num_qubits * sizeof(uint32_t));
    assert_memory_equal(x->params, y->params, x->num_params * sizeof(double));
    assert_true(x->start_ns == y->start_ns);
  }
  zcz_compiled_free(context, a);
  zcz_compiled_free(context, b);
  zcz_circuit_free(source);
}

int main(void) {
  assert_int_equal(zcz_context_new(NULL, &context, NULL), ZCZ_OK);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_times),    cmocka_unit_test(test_mid_circuit),
      cmocka_unit_test(test_schedule), cmocka_unit_test(test_equal_to_source),
      cmocka_unit_test(test_dynamic),  cmocka_unit_test(test_same_seed)};
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  zcz_context_free(context);
  return failed;
}
