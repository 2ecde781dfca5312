/* The stabilizer engine against the dense oracle: every Clifford gate, dynamic circuits, noise;
 * equal bits for any threads and any cut of the shots; the whole width of the chip. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/math.h"
#include "base/memory.h"
#include "base/random.h"
#include "oracle.h"
#include "sim/stabilizer/engine.h"

static const zcz_engine *const engine = &zcz_engine_stabilizer;

static zcz_context *context_of(int threads) {
  zcz_context_options options = {.threads = threads};
  zcz_context *context;
  zcz_error error = {0};
  if (zcz_context_new(&options, &context, &error) != ZCZ_OK) fail_msg("%s", error.message);
  return context;
}

/* Every test ends with nothing left allocated. */
static void close_context(zcz_context *context) {
  assert_int_equal(zcz_memory_in_use(context), 0);
  zcz_context_free(context);
}

static void must(zcz_status status, const zcz_error *error) {
  if (status != ZCZ_OK) fail_msg("%s", error->message);
}

/* ---- random Clifford circuits ---- */

typedef struct dice {
  uint64_t number;
  uint32_t draws;
} dice;

static uint32_t roll(dice *d, uint32_t limit) {
  return (uint32_t)(zcz_random_unit(d->number, ZCZ_PURPOSE_TEST, 0, 2, d->draws++) * limit);
}

typedef struct circuit_kinds {
  bool noise, dynamic, feed_forward, branches, unmeasured;
} circuit_kinds;

static void add_gate(zcz_circuit *circuit, uint32_t block, dice *d, bool pauli_only) {
  uint32_t n = zcz_circuit_num_qubits(circuit), qubits[2], controls = 0;
  zcz_error error = {0};
  double params[3];
  qubits[0] = roll(d, n);
  do qubits[1] = roll(d, n);
  while (n > 1 && qubits[1] == qubits[0]);
  for (;;) {
    zcz_gate gate = pauli_only ? ZCZ_GATE_X + roll(d, 3) : roll(d, ZCZ_GATE_COUNT);
    const zcz_gate_info *info = zcz_gate_describe(gate);
    for (int i = 0; i < 3; i++) params[i] = (double)((int)roll(d, 17) - 8) * ZCZ_PI / 2;
    if (!pauli_only && roll(d, 3) == 0) controls = 1;
    if (info->qubits + controls > 2 || info->qubits + controls > n) continue;
    zcz_op op = {.kind = ZCZ_OP_GATE,
                 .code = (uint8_t)gate,
                 .num_controls = (uint16_t)controls,
                 .num_qubits = info->qubits + controls,
                 .num_params = info->params,
                 .bit = ZCZ_NONE,
                 .variable = ZCZ_NONE,
                 .expression = ZCZ_NONE,
                 .blocks = {ZCZ_NONE, ZCZ_NONE},
                 .qubits = qubits,
                 .params = params};
    if (!zcz_op_is_clifford(&op)) continue;
    if (roll(d, 4) == 0 && op.num_qubits > 0) { /* the same as a matrix */
      zcz_complex matrix[16];
      zcz_op_matrix(&op, matrix);
      must(zcz_circuit_unitary(circuit, block, 0, op.num_qubits, qubits, matrix, &error), &error);
    } else {
      must(zcz_circuit_append(circuit, block, &op, &error), &error);
    }
    return;
  }
}

static void add_channel(zcz_circuit *circuit, dice *d) {
  static const zcz_channel list[] = {ZCZ_CHANNEL_PAULI1, ZCZ_CHANNEL_DEPOLARIZE1,
                                     ZCZ_CHANNEL_PHASE_DAMPING, ZCZ_CHANNEL_DEPOLARIZE2,
                                     ZCZ_CHANNEL_PAULI2};
  uint32_t n = zcz_circuit_num_qubits(circuit), qubits[2];
  zcz_channel channel = list[roll(d, n > 1 ? 5 : 3)];
  const zcz_channel_info *info = zcz_channel_describe(channel);
  double params[16];
  zcz_error error = {0};
  qubits[0] = roll(d, n);
  do qubits[1] = roll(d, n);
  while (n > 1 && qubits[1] == qubits[0]);
  for (int i = 0; i < info->params; i++)
    params[i] = roll(d, 1000) / 1000.0 / (info->params > 2 ? 16 : 4);
  must(zcz_circuit_channel(circuit, 0, channel, info->qubits, qubits, (uint32_t)info->params,
                           params, &error),
       &error);
}

static void measure(zcz_circuit *circuit, uint32_t block, dice *d, bool noise, uint32_t qubit,
                    uint32_t bit) {
  double params[2] = {roll(d, 100) / 400.0, roll(d, 100) / 400.0};
  zcz_error error = {0};
  zcz_op op = {.kind = ZCZ_OP_MEASURE,
               .num_qubits = 1,
               .num_params = noise ? 2 : 0,
               .bit = bit,
               .variable = ZCZ_NONE,
               .expression = ZCZ_NONE,
               .blocks = {ZCZ_NONE, ZCZ_NONE},
               .qubits = &qubit,
               .params = noise ? params : NULL};
  must(zcz_circuit_append(circuit, block, &op, &error), &error);
}

/* IF a bit, or IF some bits == a number. */
static void add_if(zcz_circuit *circuit, dice *d, bool branches) {
  zcz_error error = {0};
  uint32_t bits = zcz_circuit_num_bits(circuit), root, blocks[2], left, right;
  zcz_expression bit = {.kind = ZCZ_EXPRESSION_BIT, .index = roll(d, bits)};
  must(zcz_circuit_add_expression(circuit, &bit, &root, &error), &error);
  if (roll(d, 2)) {
    zcz_expression all = {.kind = ZCZ_EXPRESSION_BITS, .size = bits};
    zcz_expression value = {.kind = ZCZ_EXPRESSION_CONSTANT,
                            .constant = {.type = ZCZ_TYPE_UINT, .as.natural = roll(d, 4)}};
    must(zcz_circuit_add_expression(circuit, &all, &left, &error), &error);
    must(zcz_circuit_add_expression(circuit, &value, &right, &error), &error);
    zcz_expression equal = {.kind = ZCZ_EXPRESSION_BINARY,
                            .operation = ZCZ_OPERATION_EQUAL,
                            .left = left,
                            .right = right};
    must(zcz_circuit_add_expression(circuit, &equal, &root, &error), &error);
  }
  for (int i = 0; i < 2; i++) {
    must(zcz_circuit_add_block(circuit, &blocks[i], &error), &error);
    for (uint32_t k = roll(d, 3); k > 0; k--) add_gate(circuit, blocks[i], d, !branches);
    if (branches && roll(d, 3) == 0)
      measure(circuit, blocks[i], d, false, roll(d, zcz_circuit_num_qubits(circuit)),
              roll(d, bits));
  }
  zcz_op op = {.kind = ZCZ_OP_IF,
               .bit = ZCZ_NONE,
               .variable = ZCZ_NONE,
               .expression = root,
               .blocks = {blocks[0], roll(d, 2) ? blocks[1] : ZCZ_NONE}};
  must(zcz_circuit_append(circuit, 0, &op, &error), &error);
}

static zcz_circuit *circuit_of(zcz_context *context, uint32_t qubits, uint32_t bits) {
  zcz_circuit *circuit;
  zcz_error error = {0};
  must(zcz_circuit_new(context, &circuit, &error), &error);
  must(zcz_circuit_add_qubits(circuit, "q", qubits, NULL, &error), &error);
  if (bits) must(zcz_circuit_add_bits(circuit, "c", bits, NULL, &error), &error);
  return circuit;
}

static zcz_circuit *random_clifford(zcz_context *context, uint32_t qubits, uint32_t gates,
                                    circuit_kinds kinds, uint64_t number) {
  dice d = {.number = number};
  zcz_error error = {0};
  uint32_t extra = kinds.dynamic ? 2 : 0;
  zcz_circuit *circuit = circuit_of(context, qubits, qubits + extra);
  for (uint32_t i = 0; i < gates; i++) {
    add_gate(circuit, 0, &d, false);
    if (kinds.noise && roll(&d, 4) == 0) add_channel(circuit, &d);
    if (kinds.dynamic && roll(&d, 8) == 0)
      measure(circuit, 0, &d, kinds.noise, roll(&d, qubits), qubits + roll(&d, extra));
    if (kinds.dynamic && roll(&d, 10) == 0)
      must(zcz_circuit_reset(circuit, 0, roll(&d, qubits), &error), &error);
    if (kinds.feed_forward && roll(&d, 6) == 0) add_if(circuit, &d, kinds.branches);
  }
  /* An identity, so that no measurement in the middle stands at the end of its qubit. */
  for (uint32_t q = 0; q < qubits; q++)
    must(zcz_circuit_gate(circuit, 0, ZCZ_GATE_ID, 0, &q, NULL, &error), &error);
  for (uint32_t q = 0; q < qubits && !kinds.unmeasured; q++)
    if (q == 0 || roll(&d, 5)) measure(circuit, 0, &d, kinds.noise, q, qubits - 1 - q);
  return circuit;
}

/* ---- running ---- */

static void *open_for(const zcz_circuit *circuit, const zcz_task *task) {
  zcz_judgement judgement;
  zcz_error error = {0};
  void *run;
  engine->judge(circuit, task, &judgement);
  if (!judgement.able) fail_msg("unable: %s", judgement.reason);
  must(engine->open(zcz_circuit_context(circuit), circuit, task, &run, &error), &error);
  return run;
}

static uint64_t *shots_of(const zcz_circuit *circuit, uint64_t seed, uint64_t first,
                          uint64_t count) {
  zcz_task task = {.precision = ZCZ_PRECISION_DOUBLE, .seed = seed, .shots = first + count};
  zcz_error error = {0};
  void *run = open_for(circuit, &task);
  size_t words = (count + 63) / 64;
  uint64_t *columns = malloc((zcz_circuit_num_bits(circuit) + 1) * words * 8);
  memset(columns, 0xa5, (zcz_circuit_num_bits(circuit) + 1) * words * 8);
  must(engine->sample(run, first, count, columns, &error), &error);
  engine->close(run);
  return columns;
}

static uint64_t key_of(const zcz_circuit *circuit, const uint64_t *columns, uint64_t count,
                       uint64_t shot) {
  uint64_t key = 0, words = (count + 63) / 64;
  for (uint32_t b = 0; b < zcz_circuit_num_bits(circuit); b++)
    key |= (columns[b * words + shot / 64] >> (shot % 64) & 1) << b;
  return key;
}

static void compare_probabilities(const zcz_circuit *circuit, uint64_t number) {
  zcz_task task = {.probabilities = true};
  zcz_distribution found;
  zcz_error error = {0};
  zcz_context *context = zcz_circuit_context(circuit);
  void *run = open_for(circuit, &task);
  must(engine->probabilities(run, &found, &error), &error);
  struct oracle_distribution want = oracle_distribution(circuit);
  assert_int_equal(found.count, want.count);
  for (size_t i = 0; i < want.count; i++) {
    if (found.keys[i] != want.keys[i] ||
        fabs(found.probabilities[i] - want.probabilities[i]) > 1e-12)
      fail_msg("circuit %llu: entry %zu is %llx: %g, not %llx: %g", (unsigned long long)number, i,
               (unsigned long long)found.keys[i], found.probabilities[i],
               (unsigned long long)want.keys[i], want.probabilities[i]);
  }
  oracle_distribution_free(&want);
  zcz_memory_release(context, found.keys);
  zcz_memory_release(context, found.probabilities);
  engine->close(run);
}

/* Counts of every outcome within 5 sigma of the oracle's distribution, impossible ones absent. */
static void compare_shots(const zcz_circuit *circuit, uint64_t number, uint64_t shots) {
  struct oracle_distribution want = oracle_distribution(circuit);
  uint64_t *columns = shots_of(circuit, 1000 + number, 0, shots);
  uint32_t *counts = calloc((size_t)1 << zcz_circuit_num_bits(circuit), sizeof *counts);
  for (uint64_t s = 0; s < shots; s++) counts[key_of(circuit, columns, shots, s)]++;
  for (uint64_t key = 0; key < UINT64_C(1) << zcz_circuit_num_bits(circuit); key++) {
    double p = oracle_probability(&want, key), mean = p * (double)shots;
    double sigma = sqrt(mean * (1 - p)) + 0.3; /* a little for rare outcomes, never none expected */
    if (p < 1e-14 ? counts[key] > 0 : fabs(counts[key] - mean) > 5 * sigma + 1)
      fail_msg("circuit %llu: %llx came %u times, %g expected", (unsigned long long)number,
               (unsigned long long)key, counts[key], mean);
  }
  free(counts);
  free(columns);
  oracle_distribution_free(&want);
}

/* ---- tests ---- */

static void test_probabilities(void **state) {
  (void)state;
  zcz_context *context = context_of(1);
  for (uint64_t i = 0; i < 400; i++) {
    zcz_circuit *circuit =
        random_clifford(context, 1 + (uint32_t)(i % 8), 40, (circuit_kinds){0}, i);
    compare_probabilities(circuit, i);
    zcz_circuit_free(circuit);
  }
  for (uint64_t i = 0; i < 100; i++) {
    zcz_circuit *circuit = random_clifford(context, 1 + (uint32_t)(i % 4), 25,
                                           (circuit_kinds){.dynamic = true}, 5000 + i);
    compare_probabilities(circuit, i);
    zcz_circuit_free(circuit);
  }
  close_context(context);
}

/* Nothing measured: the distribution of all qubits. */
static void test_probabilities_of_all_qubits(void **state) {
  (void)state;
  zcz_context *context = context_of(1);
  for (uint64_t i = 0; i < 40; i++) {
    dice d = {.number = 7000 + i};
    zcz_circuit *circuit = circuit_of(context, 1 + (uint32_t)(i % 6), 0);
    for (int k = 0; k < 30; k++) add_gate(circuit, 0, &d, false);
    compare_probabilities(circuit, i);
    zcz_circuit_free(circuit);
  }
  close_context(context);
}

static void test_shots(void **state) {
  (void)state;
  static const circuit_kinds list[] = {
      {0},
      {.noise = true},
      {.dynamic = true},
      {.noise = true, .dynamic = true},
      {.dynamic = true, .feed_forward = true},
      {.noise = true, .dynamic = true, .feed_forward = true},
      {.dynamic = true, .feed_forward = true, .branches = true},
      {.noise = true, .dynamic = true, .feed_forward = true, .branches = true},
  };
  zcz_context *context = context_of(2);
  for (uint64_t i = 0; i < 160; i++) {
    circuit_kinds kinds = list[i % 8];
    uint32_t qubits = 1 + (uint32_t)(i / 8 % (kinds.dynamic || kinds.noise ? 4 : 6));
    zcz_circuit *circuit = random_clifford(context, qubits, 24, kinds, 100 + i);
    compare_shots(circuit, i, kinds.branches ? 5000 : 50000);
    zcz_circuit_free(circuit);
  }
  close_context(context);
}

static void test_expectations(void **state) {
  (void)state;
  zcz_context *context = context_of(1);
  for (uint64_t i = 0; i < 200; i++) {
    circuit_kinds kinds = {.noise = i & 1, .dynamic = (i & 2) != 0};
    uint32_t qubits = 1 + (uint32_t)(i / 4 % 5);
    zcz_circuit *circuit = random_clifford(context, qubits, 20, kinds, 300 + i);
    kinds.unmeasured = true; /* the engine leaves measurements at the end out */
    zcz_circuit *bare = random_clifford(context, qubits, 20, kinds, 300 + i);
    dice d = {.number = 900 + i};
    char text[512] = "0.25";
    zcz_observable *observable;
    zcz_error error = {0};
    for (int t = 0; t < 6; t++) {
      size_t length = strlen(text);
      length += (size_t)snprintf(text + length, sizeof text - length, " %c %d",
                                 roll(&d, 2) ? '+' : '-', 1 + (int)roll(&d, 5));
      for (uint32_t q = 0; q < qubits; q++)
        if (roll(&d, 2))
          length +=
              (size_t)snprintf(text + length, sizeof text - length, "*%c%u", "XYZ"[roll(&d, 3)], q);
    }
    must(zcz_observable_parse(context, text, qubits, &observable, &error), &error);
    const zcz_observable *borrowed = observable;
    zcz_task task = {.num_observables = 1, .observables = &borrowed};
    void *run = open_for(circuit, &task);
    double value, deviation, want = oracle_expectation(bare, observable);
    must(engine->expectations(run, &value, &deviation, &error), &error);
    if (fabs(value - want) > 1e-11 || deviation != 0)
      fail_msg("circuit %llu, %s: %.15g, not %.15g", (unsigned long long)i, text, value, want);
    engine->close(run);
    zcz_observable_free(context, observable);
    zcz_circuit_free(circuit);
    zcz_circuit_free(bare);
  }
  close_context(context);
}

/* The same bits for 1, 2 and 3 threads, and for any cut of the range of shots. */
static void test_same_bits(void **state) {
  (void)state;
  enum { SHOTS = 5000 };
  for (int branches = 0; branches < 2; branches++) {
    circuit_kinds kinds = {
        .noise = true, .dynamic = true, .feed_forward = true, .branches = branches};
    uint64_t *reference = NULL;
    for (int threads = 1; threads <= 3; threads++) {
      zcz_context *context = context_of(threads);
      zcz_circuit *circuit = random_clifford(context, 6, 60, kinds, 4242);
      uint32_t bits = zcz_circuit_num_bits(circuit);
      uint64_t *columns = shots_of(circuit, 99, 0, SHOTS);
      if (!reference) {
        reference = columns;
      } else {
        assert_memory_equal(columns, reference, bits * ((SHOTS + 63) / 64) * 8);
        free(columns);
      }
      static const uint64_t cuts[] = {0, 1, 64, 100, 1024, 1500, 2048, 4999, SHOTS};
      for (size_t c = 0; c + 1 < sizeof cuts / sizeof *cuts; c++) {
        uint64_t count = cuts[c + 1] - cuts[c], words = (count + 63) / 64;
        uint64_t *part = shots_of(circuit, 99, cuts[c], count);
        for (uint64_t s = 0; s < count; s++)
          assert_true(key_of(circuit, part, count, s) ==
                      key_of(circuit, reference, SHOTS, cuts[c] + s));
        if (count % 64)
          for (uint32_t b = 0; b < bits; b++)
            assert_true(part[b * words + words - 1] >> (count % 64) == 0);
        free(part);
      }
      zcz_circuit_free(circuit);
      close_context(context);
    }
    free(reference);
  }
}

/* GHZ on the whole chip: two outcomes without noise; with it the damping of the stabilizers, which
 * is known exactly, is what shots show. */
static void test_ghz(void **state) {
  (void)state;
  enum { QUBITS = 105, SHOTS = 20000 };
  zcz_context *context = context_of(2);
  for (int noisy = 0; noisy < 2; noisy++) {
    zcz_circuit *circuit = circuit_of(context, QUBITS, QUBITS);
    zcz_error error = {0};
    uint32_t first = 0;
    double p = 0.004;
    must(zcz_circuit_gate(circuit, 0, ZCZ_GATE_H, 0, &first, NULL, &error), &error);
    for (uint32_t q = 1; q < QUBITS; q++) {
      uint32_t pair[2] = {(q - 1) / 2, q};
      must(zcz_circuit_gate(circuit, 0, ZCZ_GATE_X, 1, pair, NULL, &error), &error);
      if (noisy)
        must(zcz_circuit_channel(circuit, 0, ZCZ_CHANNEL_DEPOLARIZE2, 2, pair, 1, &p, &error),
             &error);
    }
    for (uint32_t q = 0; q < QUBITS; q++)
      must(zcz_circuit_measure(circuit, 0, q, q, &error), &error);
    zcz_observable *observable;
    must(zcz_observable_parse(context, "Z0*Z104", QUBITS, &observable, &error), &error);
    const zcz_observable *borrowed = observable;
    zcz_task task = {.num_observables = 1, .observables = &borrowed, .probabilities = !noisy};
    void *run = open_for(circuit, &task);
    double value, deviation, mean = 0;
    must(engine->expectations(run, &value, &deviation, &error), &error);
    if (!noisy) {
      zcz_distribution found;
      must(engine->probabilities(run, &found, &error), &error);
      assert_int_equal(found.count, 2);
      assert_int_equal(found.words, 2);
      assert_true(found.keys[0] == 0 && found.keys[1] == 0);
      assert_true(found.keys[2] == UINT64_MAX && found.keys[3] == (UINT64_C(1) << 41) - 1);
      assert_true(found.probabilities[0] == 0.5 && found.probabilities[1] == 0.5);
      zcz_memory_release(context, found.keys);
      zcz_memory_release(context, found.probabilities);
      assert_true(value == 1);
    }
    engine->close(run);
    uint64_t words = (SHOTS + 63) / 64, *columns = shots_of(circuit, 3, 0, SHOTS);
    for (uint64_t s = 0; s < SHOTS; s++)
      mean += ((columns[s / 64] ^ columns[104 * words + s / 64]) >> (s % 64)) & 1 ? -1 : 1;
    mean /= SHOTS;
    assert_true(fabs(mean - value) <= 5 * sqrt((1 - value * value) / SHOTS));
    free(columns);
    zcz_observable_free(context, observable);
    zcz_circuit_free(circuit);
  }
  close_context(context);
}

/* Rates at the ends: certain errors, and rates far apart in one circuit. */
static void test_rates(void **state) {
  (void)state;
  enum { SHOTS = 1 << 20 };
  static const double rates[] = {1, 0.9, 0.5, 0.1, 0.01, 1e-3, 1e-4, 1.1e-4, 1.2e-4, 0};
  enum { SITES = sizeof rates / sizeof *rates };
  zcz_context *context = context_of(2);
  zcz_circuit *circuit = circuit_of(context, SITES, SITES);
  zcz_error error = {0};
  for (uint32_t q = 0; q < SITES; q++) {
    double params[3] = {rates[q] / 2, rates[q] / 2, 0};
    must(zcz_circuit_channel(circuit, 0, ZCZ_CHANNEL_PAULI1, 1, &q, 3, params, &error), &error);
    must(zcz_circuit_measure(circuit, 0, q, q, &error), &error);
  }
  uint64_t *columns = shots_of(circuit, 17, 0, SHOTS);
  for (uint32_t q = 0; q < SITES; q++) {
    double count = 0, mean = rates[q] * SHOTS, sigma = sqrt(mean * (1 - rates[q]));
    for (size_t w = 0; w < SHOTS / 64; w++)
      count += __builtin_popcountll(columns[q * (SHOTS / 64) + w]);
    if (fabs(count - mean) > 5 * sigma) fail_msg("rate %g: %g, not %g", rates[q], count, mean);
  }
  free(columns);
  zcz_circuit_free(circuit);
  close_context(context);
}

static void refused(zcz_circuit *circuit, const zcz_task *task, const char *words) {
  zcz_judgement judgement;
  engine->judge(circuit, task, &judgement);
  assert_false(judgement.able);
  if (!strstr(judgement.reason, words)) fail_msg("%s", judgement.reason);
}

static void test_refusals(void **state) {
  (void)state;
  zcz_context *context = context_of(1);
  zcz_error error = {0};
  zcz_task shots = {.shots = 1}, amplitudes = {.num_amplitudes = 1}, all = {.probabilities = true};
  zcz_circuit *circuit = circuit_of(context, 40, 0);
  uint32_t qubits[3] = {0, 1, 2};
  double gamma = 0.1;
  for (uint32_t q = 0; q < 21; q++)
    must(zcz_circuit_gate(circuit, 0, ZCZ_GATE_H, 0, &q, NULL, &error), &error);
  refused(circuit, &amplitudes, "global phase");
  refused(circuit, &all, "more than 2^20 outcomes");
  must(zcz_circuit_channel(circuit, 0, ZCZ_CHANNEL_AMPLITUDE_DAMPING, 1, qubits, 1, &gamma, &error),
       &error);
  refused(circuit, &shots, "amplitude_damping as operation 22");
  refused(circuit, &shots, "--twirl");
  zcz_op toffoli = {.kind = ZCZ_OP_GATE,
                    .code = ZCZ_GATE_X,
                    .num_controls = 2,
                    .num_qubits = 3,
                    .bit = ZCZ_NONE,
                    .variable = ZCZ_NONE,
                    .expression = ZCZ_NONE,
                    .blocks = {ZCZ_NONE, ZCZ_NONE},
                    .line = 7,
                    .qubits = qubits};
  must(zcz_circuit_append(circuit, 0, &toffoli, &error), &error);
  refused(circuit, &shots, "the gate x with 2 controls at line 7");
  zcz_circuit_free(circuit);
  close_context(context);
}

static void test_each_allocation_may_fail(void **state) {
  (void)state;
  bool done = false;
  for (uint64_t n = 1; !done && n < 2000; n++) {
    zcz_context_options options = {.fail_allocation = n, .threads = 2};
    zcz_context *context;
    zcz_error error = {0};
    if (zcz_context_new(&options, &context, &error) != ZCZ_OK) continue;
    zcz_circuit *circuit = NULL;
    uint64_t columns[4 * 40];
    uint32_t pair[2] = {0, 1};
    double p = 0.1;
    void *run = NULL;
    zcz_task task = {.shots = 2500, .probabilities = true};
    zcz_distribution found = {0};
    zcz_status status = zcz_circuit_new(context, &circuit, &error);
    if (!status) status = zcz_circuit_add_qubits(circuit, "q", 4, NULL, &error);
    if (!status) status = zcz_circuit_add_bits(circuit, "c", 4, NULL, &error);
    if (!status) status = zcz_circuit_gate(circuit, 0, ZCZ_GATE_X, 1, pair, NULL, &error);
    if (!status) status = zcz_circuit_measure(circuit, 0, 0, 0, &error);
    if (!status) status = engine->open(context, circuit, &task, &run, &error);
    if (!status) status = engine->probabilities(run, &found, &error);
    zcz_memory_release(context, found.keys);
    zcz_memory_release(context, found.probabilities);
    if (run) engine->close(run);
    run = NULL;
    if (!status)
      status = zcz_circuit_channel(circuit, 0, ZCZ_CHANNEL_DEPOLARIZE2, 2, pair, 1, &p, &error);
    if (!status) status = zcz_circuit_measure(circuit, 0, 1, 1, &error);
    if (!status) status = engine->open(context, circuit, &task, &run, &error);
    if (!status) status = engine->sample(run, 0, 2500, columns, &error);
    assert_true(status == ZCZ_OK || status == ZCZ_ERROR_UNABLE);
    done = status == ZCZ_OK;
    if (run) engine->close(run);
    if (circuit) zcz_circuit_free(circuit);
    close_context(context);
  }
  assert_true(done);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_probabilities),
      cmocka_unit_test(test_probabilities_of_all_qubits),
      cmocka_unit_test(test_shots),
      cmocka_unit_test(test_expectations),
      cmocka_unit_test(test_same_bits),
      cmocka_unit_test(test_ghz),
      cmocka_unit_test(test_rates),
      cmocka_unit_test(test_refusals),
      cmocka_unit_test(test_each_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
