/* The density matrix engine against the slow dense oracle: every channel, gate and kind of control flow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/context.h"
#include "base/memory.h"
#include "oracle.h"
#include "random_circuit.h"
#include "random_dynamic.h"
#include "sim/engine.h"

extern const zcz_engine zcz_engine_density;

static zcz_context *new_context(int threads, zcz_isa isa) {
  zcz_context_options options = {.threads = threads, .isa = isa};
  zcz_context *context;
  assert_int_equal(zcz_context_new(&options, &context, NULL), ZCZ_OK);
  return context;
}

#define DO(call)                                                                                   \
  do {                                                                                             \
    zcz_error problem = {0};                                                                       \
    if ((call) != ZCZ_OK) fail_msg("%s", problem.message);                                         \
  } while (0)

static void check_distribution(const zcz_circuit *circuit, zcz_precision precision,
                               double tolerance) {
  zcz_context *context = zcz_circuit_context(circuit);
  zcz_task task = {.precision = precision, .probabilities = true};
  void *run;
  zcz_distribution d;
  DO(zcz_engine_density.open(context, circuit, &task, &run, &problem));
  DO(zcz_engine_density.probabilities(run, &d, &problem));
  struct oracle_distribution truth = oracle_distribution(circuit);
  assert_int_equal(d.words, 1);
  double sum = 0;
  for (size_t i = 0; i < d.count; i++) {
    if (i > 0) assert_true(d.keys[i] > d.keys[i - 1]);
    assert_true(d.probabilities[i] > 0);
    sum += d.probabilities[i];
    assert_float_equal(d.probabilities[i], oracle_probability(&truth, d.keys[i]), tolerance);
  }
  assert_float_equal(sum, 1, 1e-12);
  for (size_t i = 0; i < truth.count; i++) {
    bool found = false;
    for (size_t j = 0; j < d.count; j++) found = found || d.keys[j] == truth.keys[i];
    if (!found && truth.probabilities[i] > tolerance) fail_msg("an outcome is missing");
  }
  if (precision == ZCZ_PRECISION_DOUBLE) assert_true(d.count <= truth.count);
  oracle_distribution_free(&truth);
  zcz_distribution_release(context, &d);
  zcz_engine_density.close(run);
}

static void random_circuits(void **state) {
  (void)state;
  zcz_context *context = new_context(1, ZCZ_ISA_AUTO);
  for (uint64_t i = 0; i < 120; i++) {
    random_circuit_options options = {.qubits = 1 + (uint32_t)(i % 7),
                                      .gates = 25,
                                      .with_unitaries = true,
                                      .with_channels = true,
                                      .measure = i % 3 != 0};
    zcz_circuit *circuit = random_circuit(context, &options, i);
    check_distribution(circuit, ZCZ_PRECISION_DOUBLE, 1e-12);
    check_distribution(circuit, ZCZ_PRECISION_SINGLE, 3e-6);
    zcz_circuit_free(circuit);
  }
  zcz_context_free(context);
}

static void dynamic_circuits(void **state) {
  (void)state;
  zcz_context *context = new_context(1, ZCZ_ISA_AUTO);
  for (uint64_t i = 0; i < 150; i++) {
    random_dynamic_options options = {.qubits = 2 + (uint32_t)(i % 4),
                                      .bits = 1 + (uint32_t)(i % 4),
                                      .operations = 20,
                                      .channels = i % 2 == 0,
                                      .control_flow = i % 3 != 0,
                                      .measure_some = i % 5 != 0};
    zcz_circuit *circuit = random_dynamic(context, &options, i);
    check_distribution(circuit, ZCZ_PRECISION_DOUBLE, 1e-12);
    zcz_circuit_free(circuit);
  }
  zcz_context_free(context);
}

static void expectation_values(void **state) {
  (void)state;
  zcz_context *context = new_context(1, ZCZ_ISA_AUTO);
  const char *texts[] = {"Z0", "0.5*X0*Y2 - 2*Z1 + 3", "Y0*Y1*Y2", "X1*Z2 - 0.25*Y1"};
  zcz_observable *observables[4];
  for (int i = 0; i < 4; i++)
    DO(zcz_observable_parse(context, texts[i], 3, &observables[i], &problem));
  for (uint64_t i = 0; i < 40; i++) {
    random_dynamic_options dynamic = {.qubits = 3,
                                      .bits = 2,
                                      .operations = 15,
                                      .channels = true,
                                      .control_flow = true,
                                      .measure_some = true};
    random_circuit_options plain = {.qubits = 3, .gates = 20, .with_channels = true};
    zcz_circuit *circuit =
        i % 2 ? random_dynamic(context, &dynamic, i) : random_circuit(context, &plain, i);
    /* the oracle of mixed circuits leaves no measurement out: let none be the last */
    for (uint32_t q = 0; q < 3; q++)
      DO(zcz_circuit_gate(circuit, 0, ZCZ_GATE_RX, 0, &q, (double[1]){0.3 + q}, &problem));
    zcz_task task = {.precision = ZCZ_PRECISION_DOUBLE,
                     .num_observables = 4,
                     .observables = (const zcz_observable *const *)observables};
    void *run;
    double values[4], errors[4];
    DO(zcz_engine_density.open(context, circuit, &task, &run, &problem));
    DO(zcz_engine_density.expectations(run, values, errors, &problem));
    for (int o = 0; o < 4; o++) {
      assert_float_equal(values[o], oracle_expectation(circuit, observables[o]), 1e-12);
      assert_true(errors[o] == 0);
    }
    zcz_engine_density.close(run);
    zcz_circuit_free(circuit);
  }
  for (int i = 0; i < 4; i++) zcz_observable_free(context, observables[i]);
  zcz_context_free(context);
}

/* Wide enough for threads, merging and both precisions: the same bits whatever the machine. */
static void same_bits(void **state) {
  (void)state;
  enum { QUBITS = 9, SHOTS = 5000, WORDS = (SHOTS + 63) / 64 };
  const struct {
    int threads;
    zcz_isa isa;
  } machines[] = {{1, ZCZ_ISA_BASE}, {1, ZCZ_ISA_AUTO}, {2, ZCZ_ISA_AUTO}, {3, ZCZ_ISA_BASE}};
  for (int precision = 1; precision <= 2; precision++) {
    uint64_t *first = NULL;
    double *first_p = NULL;
    for (int m = 0; m < 4; m++) {
      zcz_context *context = new_context(machines[m].threads, machines[m].isa);
      random_circuit_options options = {.qubits = QUBITS,
                                        .gates = 60,
                                        .with_unitaries = true,
                                        .with_channels = true,
                                        .measure = true};
      zcz_circuit *circuit = random_circuit(context, &options, 7);
      zcz_task task = {
          .precision = (zcz_precision)precision, .seed = 5, .shots = SHOTS, .probabilities = true};
      void *run;
      zcz_distribution d;
      uint64_t *columns = calloc(QUBITS * WORDS, 8);
      DO(zcz_engine_density.open(context, circuit, &task, &run, &problem));
      DO(zcz_engine_density.sample(run, 0, SHOTS, columns, &problem));
      DO(zcz_engine_density.probabilities(run, &d, &problem));
      if (m == 0) {
        first = columns;
        first_p = malloc(d.count * sizeof *first_p);
        memcpy(first_p, d.probabilities, d.count * sizeof *first_p);
      } else {
        assert_memory_equal(first, columns, QUBITS * WORDS * 8);
        assert_memory_equal(first_p, d.probabilities, d.count * sizeof *first_p);
        free(columns);
      }
      zcz_distribution_release(context, &d);
      zcz_engine_density.close(run);
      zcz_circuit_free(circuit);
      zcz_context_free(context);
    }
    free(first);
    free(first_p);
  }
}

/* Shots do not depend on how calls cut them, and follow the distribution within 5 sigma. */
static void shots_of_a_distribution(void **state) {
  (void)state;
  enum { SHOTS = 100000, WORDS = (SHOTS + 63) / 64, PIECE = 777 };
  zcz_context *context = new_context(2, ZCZ_ISA_AUTO);
  random_dynamic_options options = {.qubits = 3,
                                    .bits = 4,
                                    .operations = 25,
                                    .channels = true,
                                    .control_flow = true,
                                    .measure_some = true};
  zcz_circuit *circuit = random_dynamic(context, &options, 3);
  zcz_task task = {.precision = ZCZ_PRECISION_DOUBLE, .seed = 11, .shots = SHOTS};
  void *run;
  uint64_t *columns = calloc(4 * WORDS, 8), piece[4 * ((PIECE + 63) / 64)];
  DO(zcz_engine_density.open(context, circuit, &task, &run, &problem));
  DO(zcz_engine_density.sample(run, 0, SHOTS, columns, &problem));
  double counts[16] = {0};
  for (size_t s = 0; s < SHOTS; s++) {
    unsigned key = 0;
    for (unsigned b = 0; b < 4; b++)
      key |= (unsigned)(columns[b * WORDS + s / 64] >> (s % 64) & 1) << b;
    counts[key]++;
  }
  struct oracle_distribution truth = oracle_distribution(circuit);
  for (uint64_t key = 0; key < 16; key++) {
    double p = oracle_probability(&truth, key);
    double sigma = __builtin_sqrt(SHOTS * p * (1 - p) + 1e-9);
    assert_true(__builtin_fabs(counts[key] - SHOTS * p) <= 5 * sigma);
  }
  oracle_distribution_free(&truth);
  for (uint64_t first = 0; first + PIECE <= 10 * PIECE; first += PIECE) {
    DO(zcz_engine_density.sample(run, first, PIECE, piece, &problem));
    for (size_t s = 0; s < PIECE; s++)
      for (unsigned b = 0; b < 4; b++) {
        size_t shot = first + s;
        assert_int_equal(piece[b * ((PIECE + 63) / 64) + s / 64] >> (s % 64) & 1,
                         columns[b * WORDS + shot / 64] >> (shot % 64) & 1);
      }
  }
  free(columns);
  zcz_engine_density.close(run);
  zcz_circuit_free(circuit);
  zcz_context_free(context);
}

/* while (c) { h q; c = measure q; } ends with certainty, after any number of rounds. */
static void repeat_until_success(void **state) {
  (void)state;
  zcz_context *context = new_context(1, ZCZ_ISA_AUTO);
  zcz_circuit *circuit;
  uint32_t q, c, test, block;
  DO(zcz_circuit_new(context, &circuit, &problem));
  DO(zcz_circuit_add_qubits(circuit, "q", 1, &q, &problem));
  DO(zcz_circuit_add_bits(circuit, "c", 2, &c, &problem));
  DO(zcz_circuit_add_block(circuit, &block, &problem));
  zcz_expression bit = {.kind = ZCZ_EXPRESSION_BIT, .index = c};
  DO(zcz_circuit_add_expression(circuit, &bit, &test, &problem));
  double angle[1] = {2.0};
  DO(zcz_circuit_gate(circuit, 0, ZCZ_GATE_X, 0, &q, NULL, &problem));
  DO(zcz_circuit_measure(circuit, 0, q, c, &problem));
  DO(zcz_circuit_gate(circuit, block, ZCZ_GATE_RY, 0, &q, angle, &problem));
  DO(zcz_circuit_measure(circuit, block, q, c, &problem));
  zcz_op loop = {.kind = ZCZ_OP_WHILE,
                 .bit = ZCZ_NONE,
                 .variable = ZCZ_NONE,
                 .expression = test,
                 .blocks = {block, ZCZ_NONE}};
  DO(zcz_circuit_append(circuit, 0, &loop, &problem));
  DO(zcz_circuit_gate(circuit, 0, ZCZ_GATE_RY, 0, &q, angle, &problem));
  DO(zcz_circuit_measure(circuit, 0, q, c + 1, &problem));
  zcz_task task = {.precision = ZCZ_PRECISION_DOUBLE, .probabilities = true};
  void *run;
  zcz_distribution d;
  DO(zcz_engine_density.open(context, circuit, &task, &run, &problem));
  DO(zcz_engine_density.probabilities(run, &d, &problem));
  assert_int_equal(d.count, 2);
  assert_int_equal(d.keys[1], 2);
  assert_float_equal(d.probabilities[1], (1 - __builtin_cos(2.0)) / 2, 1e-14);
  zcz_distribution_release(context, &d);
  zcz_engine_density.close(run);
  zcz_circuit_free(circuit);
  zcz_context_free(context);
}

static void says_what_it_cannot(void **state) {
  (void)state;
  zcz_context *context = new_context(1, ZCZ_ISA_AUTO);
  random_circuit_options options = {.qubits = 20, .gates = 10};
  zcz_circuit *circuit = random_circuit(context, &options, 1);
  zcz_task task = {.precision = ZCZ_PRECISION_DOUBLE, .shots = 1};
  zcz_judgement judgement;
  void *run;
  zcz_error error = {0};
  zcz_engine_density.judge(circuit, &task, &judgement);
  assert_false(judgement.able);
  assert_non_null(strstr(judgement.reason, "20 qubits"));
  assert_int_equal(zcz_engine_density.open(context, circuit, &task, &run, &error),
                   ZCZ_ERROR_UNABLE);
  assert_null(run);
  zcz_circuit_free(circuit);

  options = (random_circuit_options){.qubits = 2, .gates = 10};
  circuit = random_circuit(context, &options, 1);
  task = (zcz_task){.precision = ZCZ_PRECISION_DOUBLE, .state = true};
  zcz_engine_density.judge(circuit, &task, &judgement);
  assert_false(judgement.able);
  task = (zcz_task){.precision = ZCZ_PRECISION_DOUBLE, .probabilities = true};
  zcz_context_cancel(context);
  assert_int_equal(zcz_engine_density.open(context, circuit, &task, &run, &error),
                   ZCZ_ERROR_CANCELLED);
  zcz_circuit_free(circuit);
  zcz_context_free(context);
}

/* Any allocation may fail: UNABLE, nothing lost. */
static void out_of_memory(void **state) {
  (void)state;
  zcz_context *context = new_context(1, ZCZ_ISA_AUTO);
  random_dynamic_options dynamic = {.qubits = 2,
                                    .bits = 2,
                                    .operations = 12,
                                    .channels = true,
                                    .control_flow = true,
                                    .measure_some = true};
  zcz_circuit *circuit = random_dynamic(context, &dynamic, 5);
  zcz_task task = {.precision = ZCZ_PRECISION_DOUBLE, .probabilities = true, .shots = 10};
  uint64_t before = zcz_memory_in_use(context);
  for (uint64_t n = 1; n < 1000; n++) {
    zcz_error error = {0};
    void *run = NULL;
    context->fail_allocation = atomic_load(&context->allocations) + n;
    zcz_status status = zcz_engine_density.open(context, circuit, &task, &run, &error);
    bool all = atomic_load(&context->allocations) < context->fail_allocation;
    assert_int_equal(status, all ? ZCZ_OK : ZCZ_ERROR_UNABLE);
    if (status == ZCZ_OK) zcz_engine_density.close(run);
    assert_int_equal(zcz_memory_in_use(context), before);
    if (!all) continue;
    assert_true(n > 10);
    zcz_circuit_free(circuit);
    zcz_context_free(context);
    return;
  }
  fail_msg("too many allocations");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_circuits),         cmocka_unit_test(dynamic_circuits),
      cmocka_unit_test(expectation_values),      cmocka_unit_test(same_bits),
      cmocka_unit_test(shots_of_a_distribution), cmocka_unit_test(repeat_until_success),
      cmocka_unit_test(says_what_it_cannot),     cmocka_unit_test(out_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
