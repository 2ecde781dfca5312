/* Trajectories against the slow dense oracle: distributions at 5 sigma with fixed seeds, exact values where they
 * are exact, the same bits whatever the batch, the threads and the instruction set. */
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

extern const zcz_engine zcz_engine_statevector;
static const zcz_engine *const engine = &zcz_engine_statevector;

#define DO(call)                                                                                   \
  do {                                                                                             \
    zcz_error problem = {0};                                                                       \
    if ((call) != ZCZ_OK) fail_msg("%s", problem.message);                                         \
  } while (0)

static zcz_context *new_context(int threads, zcz_isa isa) {
  zcz_context_options options = {.threads = threads, .isa = isa};
  zcz_context *context;
  assert_int_equal(zcz_context_new(&options, &context, NULL), ZCZ_OK);
  return context;
}

static uint64_t key_of(const uint64_t *columns, uint32_t bits, uint64_t words, uint64_t shot) {
  uint64_t key = 0;
  for (uint32_t b = 0; b < bits; b++)
    key |= (columns[b * words + shot / 64] >> (shot % 64) & 1) << b;
  return key;
}

/* Counts of every key within 5 sigma of the oracle's probabilities. */
static void check_counts(const zcz_circuit *circuit, zcz_precision precision, uint64_t shots,
                         uint64_t seed) {
  uint32_t bits = zcz_circuit_num_bits(circuit);
  uint64_t words = (shots + 63) / 64;
  if (!zcz_circuit_describe(circuit).has_measurement) return;
  zcz_task task = {.precision = precision, .seed = seed, .shots = shots};
  void *run;
  uint64_t *columns = calloc(bits * words + 1, 8);
  double *counts = calloc((size_t)1 << bits, sizeof *counts);
  DO(engine->open(zcz_circuit_context(circuit), circuit, &task, &run, &problem));
  DO(engine->sample(run, 0, shots, columns, &problem));
  for (uint64_t s = 0; s < shots; s++) counts[key_of(columns, bits, words, s)]++;
  struct oracle_distribution truth = oracle_distribution(circuit);
  for (uint64_t key = 0; key < (uint64_t)1 << bits; key++) {
    double p = oracle_probability(&truth, key), n = (double)shots;
    double allowed = 5 * __builtin_sqrt(n * p * (1 - p)) + (n * p < 1 ? 4 : 0);
    if (p < 1e-9) allowed = 0.5;
    if (__builtin_fabs(counts[key] - n * p) > allowed + 1e-6)
      fail_msg("seed %llu key %llu: %g of %g shots, expected %g", (unsigned long long)seed,
               (unsigned long long)key, counts[key], n, n * p);
  }
  oracle_distribution_free(&truth);
  engine->close(run);
  free(columns);
  free(counts);
}

/* One circuit a channel, strong noise, gates before and after: each kind of unravelling. */
static void every_channel(void **state) {
  (void)state;
  static const struct {
    zcz_channel channel;
    uint32_t qubits, count;
    double params[16];
  } list[] = {
      {ZCZ_CHANNEL_PAULI1, 1, 3, {0.1, 0.2, 0.15}},
      {ZCZ_CHANNEL_PAULI1, 1, 3, {0.9, 0, 0}},
      {ZCZ_CHANNEL_PAULI2,
       2,
       15,
       {.02, .03, .01, .05, .04, 0, .06, .02, .01, .03, .02, .05, .01, .02, .04}},
      {ZCZ_CHANNEL_DEPOLARIZE1, 1, 1, {0.3}},
      {ZCZ_CHANNEL_DEPOLARIZE2, 2, 1, {0.4}},
      {ZCZ_CHANNEL_AMPLITUDE_DAMPING, 1, 1, {0.35}},
      {ZCZ_CHANNEL_AMPLITUDE_DAMPING, 1, 1, {1}},
      {ZCZ_CHANNEL_GENERALIZED_AMPLITUDE_DAMPING, 1, 2, {0.4, 0.7}},
      {ZCZ_CHANNEL_PHASE_DAMPING, 1, 1, {0.4}},
      {ZCZ_CHANNEL_RELAXATION, 1, 2, {0.3, 0.6}},
      {ZCZ_CHANNEL_RELAXATION, 1, 2, {0.01, 0.99}},
      {ZCZ_CHANNEL_KRAUS, 1, 16, {0.8, 0, 0, 0, 0, 0, 0.8, 0, 0, 0, 0, -0.6, 0, 0.6, 0, 0}},
      {ZCZ_CHANNEL_KRAUS, 1, 16, {1, 0, 0, 0, 0, 0, 0.6, 0, 0, 0, 0.8, 0, 0, 0, 0, 0}},
  };
  zcz_context *context = new_context(1, ZCZ_ISA_AUTO);
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
    random_circuit_options plain = {.qubits = 3, .gates = 12};
    zcz_circuit *circuit = random_circuit(context, &plain, i);
    DO(zcz_circuit_add_bits(circuit, "c", 3, NULL, &problem));
    for (int round = 0; round < 3; round++) {
      const uint32_t pairs[3][2] = {{0, 1}, {2, 0}, {1, 2}};
      DO(zcz_circuit_channel(circuit, 0, list[i].channel, list[i].qubits, pairs[round],
                             list[i].count, list[i].params, &problem));
      DO(zcz_circuit_gate(circuit, 0, ZCZ_GATE_H, 0, &pairs[round][0], NULL, &problem));
      DO(zcz_circuit_gate(circuit, 0, ZCZ_GATE_ISWAP, 0, pairs[round], NULL, &problem));
      DO(zcz_circuit_gate(circuit, 0, ZCZ_GATE_T, 0, &pairs[round][1], NULL, &problem));
    }
    for (uint32_t q = 0; q < 3; q++) DO(zcz_circuit_measure(circuit, 0, q, q, &problem));
    check_counts(circuit, i % 2 ? ZCZ_PRECISION_SINGLE : ZCZ_PRECISION_DOUBLE, 40000, i);
    zcz_circuit_free(circuit);
  }
  zcz_context_free(context);
}

static void random_noise(void **state) {
  (void)state;
  zcz_context *context = new_context(2, ZCZ_ISA_AUTO);
  for (uint64_t i = 0; i < 24; i++) {
    random_circuit_options options = {.qubits = 2 + (uint32_t)(i % 4),
                                      .gates = i < 12 ? 30 : 70,
                                      .with_unitaries = true,
                                      .with_channels = true,
                                      .pauli_channels_only = i % 3 == 0,
                                      .measure = true};
    zcz_circuit *circuit = random_circuit(context, &options, i);
    check_counts(circuit, i % 2 ? ZCZ_PRECISION_SINGLE : ZCZ_PRECISION_DOUBLE, 4000, i);
    zcz_circuit_free(circuit);
  }
  zcz_context_free(context);
}

static void dynamic_circuits(void **state) {
  (void)state;
  zcz_context *context = new_context(2, ZCZ_ISA_AUTO);
  for (uint64_t i = 0; i < 60; i++) {
    random_dynamic_options options = {.qubits = 2 + (uint32_t)(i % 4),
                                      .bits = 1 + (uint32_t)(i % 4),
                                      .operations = 25,
                                      .channels = i % 2 == 0,
                                      .control_flow = i % 3 != 0,
                                      .measure_some = i % 5 != 0};
    zcz_circuit *circuit = random_dynamic(context, &options, i);
    check_counts(circuit, ZCZ_PRECISION_DOUBLE, 10000, i);
    zcz_circuit_free(circuit);
  }
  zcz_context_free(context);
}

/* Without noise the outcomes are enumerated, and probabilities and expectation values are exact. */
static void enumerated(void **state) {
  (void)state;
  zcz_context *context = new_context(2, ZCZ_ISA_AUTO);
  zcz_observable *observables[2];
  DO(zcz_observable_parse(context, "Z0 - 0.5*X1", 2, &observables[0], &problem));
  DO(zcz_observable_parse(context, "Y0*X1 + 2", 2, &observables[1], &problem));
  for (uint64_t i = 0; i < 60; i++) {
    random_dynamic_options options = {.qubits = 2 + (uint32_t)(i % 3),
                                      .bits = 1 + (uint32_t)(i % 4),
                                      .operations = 20,
                                      .control_flow = i % 3 != 0,
                                      .measure_some = i % 2 == 0};
    zcz_circuit *circuit = random_dynamic(context, &options, i);
    if (i % 2) /* the oracle of dynamic circuits leaves no measurement out: let none be the last */
      for (uint32_t q = 0; q < options.qubits; q++)
        DO(zcz_circuit_gate(circuit, 0, ZCZ_GATE_RX, 0, &q, (double[1]){0.3 + q}, &problem));
    zcz_task task = {.precision = ZCZ_PRECISION_DOUBLE,
                     .probabilities = true,
                     .num_observables = 2,
                     .observables = (const zcz_observable *const *)observables};
    zcz_judgement judgement;
    void *run;
    zcz_distribution d;
    double values[2], errors[2];
    engine->judge(circuit, &task, &judgement);
    assert_int_equal(judgement.accuracy.kind, ZCZ_ACCURACY_EXACT);
    DO(engine->open(context, circuit, &task, &run, &problem));
    DO(engine->probabilities(run, &d, &problem));
    DO(engine->expectations(run, values, errors, &problem));
    struct oracle_distribution truth = oracle_distribution(circuit);
    double sum = 0;
    for (size_t j = 0; j < d.count; j++) {
      assert_float_equal(d.probabilities[j], oracle_probability(&truth, d.keys[j]), 1e-12);
      sum += d.probabilities[j];
    }
    assert_float_equal(sum, 1, 1e-12);
    for (int o = 0; o < 2 && i % 2; o++) {
      assert_float_equal(values[o], oracle_expectation(circuit, observables[o]), 1e-12);
      assert_true(errors[o] == 0);
    }
    oracle_distribution_free(&truth);
    zcz_distribution_release(context, &d);
    engine->close(run);
    zcz_circuit_free(circuit);
  }
  zcz_observable_free(context, observables[0]);
  zcz_observable_free(context, observables[1]);
  zcz_context_free(context);
}

static void estimated_expectations(void **state) {
  (void)state;
  zcz_context *context = new_context(2, ZCZ_ISA_AUTO);
  zcz_observable *observables[2];
  DO(zcz_observable_parse(context, "Z0*Z1 - 0.5*X2", 3, &observables[0], &problem));
  DO(zcz_observable_parse(context, "Y0*X1 + 2", 3, &observables[1], &problem));
  for (uint64_t i = 0; i < 10; i++) {
    random_circuit_options options = {.qubits = 3, .gates = 40, .with_channels = true};
    zcz_circuit *circuit = random_circuit(context, &options, i);
    zcz_task task = {.precision = ZCZ_PRECISION_SINGLE,
                     .seed = i,
                     .shots = 5000,
                     .num_observables = 2,
                     .observables = (const zcz_observable *const *)observables};
    void *run;
    double values[2], errors[2];
    zcz_judgement judgement;
    engine->judge(circuit, &task, &judgement);
    assert_int_equal(judgement.accuracy.kind, ZCZ_ACCURACY_ESTIMATED);
    DO(engine->open(context, circuit, &task, &run, &problem));
    DO(engine->expectations(run, values, errors, &problem));
    for (int o = 0; o < 2; o++) {
      double truth = oracle_expectation(circuit, observables[o]);
      assert_true(errors[o] <= judgement.accuracy.value + 1e-12);
      assert_true(__builtin_fabs(values[o] - truth) <= 5 * errors[o] + 1e-5);
    }
    engine->close(run);
    zcz_circuit_free(circuit);
  }
  zcz_observable_free(context, observables[0]);
  zcz_observable_free(context, observables[1]);
  zcz_context_free(context);
}

/* Threads, instruction sets, batches: no bit changes. */
static void same_bits(void **state) {
  (void)state;
  enum { SHOTS = 700, WORDS = (SHOTS + 63) / 64, BITS = 8, PIECE = 97, PIECE_WORDS = 2 };
  const struct {
    int threads;
    zcz_isa isa;
  } machines[] = {{1, ZCZ_ISA_AUTO}, {1, ZCZ_ISA_BASE}, {2, ZCZ_ISA_AUTO}, {3, ZCZ_ISA_BASE}};
  for (int kind = 0; kind < 4; kind++) {
    uint64_t *first = NULL;
    for (int m = 0; m < 4; m++) {
      zcz_context *context = new_context(machines[m].threads, machines[m].isa);
      random_circuit_options plain = {.qubits = BITS,
                                      .gates = 150,
                                      .with_unitaries = true,
                                      .with_channels = true,
                                      .measure = true};
      random_dynamic_options dynamic = {.qubits = 6,
                                        .bits = BITS,
                                        .operations = 60,
                                        .channels = kind == 3,
                                        .control_flow = true,
                                        .measure_some = true};
      zcz_circuit *circuit =
          kind < 2 ? random_circuit(context, &plain, 3) : random_dynamic(context, &dynamic, 9);
      zcz_task task = {.precision = kind % 2 ? ZCZ_PRECISION_SINGLE : ZCZ_PRECISION_DOUBLE,
                       .seed = 42,
                       .shots = SHOTS};
      void *run;
      uint64_t *columns = calloc(BITS * WORDS, 8), piece[BITS * PIECE_WORDS];
      DO(engine->open(context, circuit, &task, &run, &problem));
      DO(engine->sample(run, 0, SHOTS, columns, &problem));
      if (m == 0)
        first = columns;
      else
        assert_memory_equal(first, columns, BITS * WORDS * 8);
      for (uint64_t start = 0; start + PIECE <= SHOTS && m < 2; start += PIECE) {
        DO(engine->sample(run, start, PIECE, piece, &problem));
        for (uint64_t s = 0; s < PIECE; s++)
          assert_int_equal(key_of(piece, BITS, PIECE_WORDS, s),
                           key_of(first, BITS, WORDS, start + s));
      }
      if (m > 0) free(columns);
      engine->close(run);
      zcz_circuit_free(circuit);
      zcz_context_free(context);
    }
    free(first);
  }
}

/* c = 1; while (c) { ry(2) q; c = measure q; }, then the qubit is |0>. */
static zcz_circuit *until_success(zcz_context *context, bool endless) {
  zcz_circuit *circuit;
  uint32_t q, c, test, block;
  DO(zcz_circuit_new(context, &circuit, &problem));
  DO(zcz_circuit_add_qubits(circuit, "q", 1, &q, &problem));
  DO(zcz_circuit_add_bits(circuit, "c", 2, &c, &problem));
  DO(zcz_circuit_add_block(circuit, &block, &problem));
  zcz_expression bit = {.kind = ZCZ_EXPRESSION_BIT, .index = c};
  DO(zcz_circuit_add_expression(circuit, &bit, &test, &problem));
  DO(zcz_circuit_gate(circuit, 0, ZCZ_GATE_X, 0, &q, NULL, &problem));
  DO(zcz_circuit_measure(circuit, 0, q, c, &problem));
  DO(zcz_circuit_gate(circuit, block, ZCZ_GATE_RY, 0, &q, (double[1]){endless ? 0.0 : 2.0},
                      &problem));
  DO(zcz_circuit_measure(circuit, block, q, c, &problem));
  zcz_op loop = {.kind = ZCZ_OP_WHILE,
                 .bit = ZCZ_NONE,
                 .variable = ZCZ_NONE,
                 .expression = test,
                 .blocks = {block, ZCZ_NONE},
                 .line = 12};
  DO(zcz_circuit_append(circuit, 0, &loop, &problem));
  DO(zcz_circuit_gate(circuit, 0, ZCZ_GATE_RY, 0, &q, (double[1]){2.0}, &problem));
  DO(zcz_circuit_measure(circuit, 0, q, c + 1, &problem));
  return circuit;
}

static void repeat_until_success(void **state) {
  (void)state;
  zcz_context *context = new_context(1, ZCZ_ISA_AUTO);
  zcz_circuit *circuit = until_success(context, false);
  zcz_task task = {.precision = ZCZ_PRECISION_DOUBLE, .probabilities = true};
  void *run;
  zcz_distribution d;
  check_counts(circuit, ZCZ_PRECISION_DOUBLE, 20000, 1);
  DO(engine->open(context, circuit, &task, &run, &problem));
  DO(engine->probabilities(run, &d, &problem));
  assert_int_equal(d.count, 2);
  assert_float_equal(d.probabilities[1], (1 - __builtin_cos(2.0)) / 2, 1e-12);
  zcz_distribution_release(context, &d);
  engine->close(run);
  zcz_circuit_free(circuit);

  circuit = until_success(context, true);
  uint64_t columns[2];
  zcz_error error = {0};
  task = (zcz_task){.precision = ZCZ_PRECISION_DOUBLE, .shots = 1};
  DO(engine->open(context, circuit, &task, &run, &problem));
  assert_int_equal(engine->sample(run, 0, 1, columns, &error), ZCZ_ERROR_UNABLE);
  assert_non_null(strstr(error.message, "line 12"));
  engine->close(run);
  zcz_circuit_free(circuit);
  zcz_context_free(context);
}

static void says_what_it_cannot(void **state) {
  (void)state;
  zcz_context *context = new_context(2, ZCZ_ISA_AUTO);
  random_circuit_options options = {
      .qubits = 4, .gates = 30, .with_channels = true, .measure = true};
  zcz_circuit *circuit = random_circuit(context, &options, 1);
  zcz_task task = {.precision = ZCZ_PRECISION_DOUBLE, .probabilities = true};
  zcz_judgement judgement;
  zcz_error error = {0};
  void *run;
  engine->judge(circuit, &task, &judgement);
  assert_false(judgement.able);
  assert_int_equal(engine->open(context, circuit, &task, &run, &error), ZCZ_ERROR_UNABLE);
  assert_null(run);
  task = (zcz_task){.precision = ZCZ_PRECISION_DOUBLE, .state = true};
  engine->judge(circuit, &task, &judgement);
  assert_false(judgement.able);

  uint64_t columns[4 * 16];
  task = (zcz_task){.precision = ZCZ_PRECISION_DOUBLE, .shots = 1000};
  DO(engine->open(context, circuit, &task, &run, &problem));
  zcz_context_cancel(context);
  assert_int_equal(engine->sample(run, 0, 1000, columns, &error), ZCZ_ERROR_CANCELLED);
  engine->close(run);
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
  zcz_circuit *circuit = random_dynamic(context, &dynamic, 4);
  zcz_task task = {.precision = ZCZ_PRECISION_DOUBLE, .shots = 20};
  uint64_t before = zcz_memory_in_use(context), columns[2];
  for (uint64_t n = 1; n < 5000; n++) {
    zcz_error error = {0};
    void *run = NULL;
    context->fail_allocation = atomic_load(&context->allocations) + n;
    zcz_status status = engine->open(context, circuit, &task, &run, &error);
    if (status == ZCZ_OK) status = engine->sample(run, 0, 20, columns, &error);
    bool all = atomic_load(&context->allocations) < context->fail_allocation;
    assert_int_equal(status, all ? ZCZ_OK : ZCZ_ERROR_UNABLE);
    engine->close(run);
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
      cmocka_unit_test(every_channel),          cmocka_unit_test(random_noise),
      cmocka_unit_test(dynamic_circuits),       cmocka_unit_test(enumerated),
      cmocka_unit_test(estimated_expectations), cmocka_unit_test(same_bits),
      cmocka_unit_test(repeat_until_success),   cmocka_unit_test(says_what_it_cannot),
      cmocka_unit_test(out_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
