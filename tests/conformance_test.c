/* One suite for all engines: each does what the oracle says, whatever the
 * precision, the instruction set and the number of threads, and the same seed
 * gives the same bits. A new engine is tested by being in the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"
#include "random_circuit.h"
#include "sim/engine.h"

enum { CIRCUITS = 250, SHOTS = 4000, WORDS = (SHOTS + 63) / 64 };

/* The circuits of one test; four kinds make a thousand of them. */
struct family {
  const char *name;
  random_circuit_options options; /* qubits: the most */
  uint64_t first;                 /* their numbers begin here */
};

static const struct family pure = {
    "pure", {.qubits = 7, .gates = 30, .with_unitaries = true}, 1000};
static const struct family clifford = {
    "clifford", {.qubits = 7, .gates = 40, .clifford_only = true}, 2000};
static const struct family pauli = {"pauli noise",
                                    {.qubits = 4,
                                     .gates = 15,
                                     .clifford_only = true,
                                     .with_channels = true,
                                     .pauli_channels_only = true},
                                    3000};
static const struct family noisy = {
    "noise", {.qubits = 4, .gates = 15, .with_channels = true}, 4000};

/* Contexts that must agree: the first is the measure of the others. */
static const zcz_context_options settings[] = {
    {.threads = 1, .isa = ZCZ_ISA_BASE},   {.threads = 2, .isa = ZCZ_ISA_BASE},
    {.threads = 1, .isa = ZCZ_ISA_AVX2},   {.threads = 2, .isa = ZCZ_ISA_AVX2},
    {.threads = 1, .isa = ZCZ_ISA_AVX512}, {.threads = 2, .isa = ZCZ_ISA_AVX512}};
enum { SETTINGS = sizeof settings / sizeof *settings };

static zcz_context *contexts[SETTINGS]; /* NULL: this CPU has not that instruction set */

static int open_contexts(void **state) {
  (void)state;
  for (int i = 0; i < SETTINGS; i++) {
    zcz_error error;
    if (zcz_context_new(&settings[i], &contexts[i], &error)) {
      contexts[i] = NULL;
      if (settings[i].isa == ZCZ_ISA_BASE) return -1;
      if (settings[i].threads == 1)
        print_message("skipped for the instruction set %s: %s\n", zcz_isa_name(settings[i].isa),
                      error.message);
    }
  }
  return 0;
}

static int close_contexts(void **state) {
  (void)state;
  for (int i = 0; i < SETTINGS; i++) zcz_context_free(contexts[i]);
  return 0;
}

/* What one engine said under one setting. */
struct answer {
  zcz_distribution distribution;
  uint64_t columns[8 * WORDS];
  oracle_number state[256];
  double values[2], errors[2];
};

struct question {
  const char *family;
  uint64_t number;
  zcz_circuit *unmeasured[SETTINGS], *measured[SETTINGS]; /* one in each context */
  zcz_observable *observables[2];
  struct oracle_distribution expected;
  oracle_number *state; /* NULL: not pure */
  double values[2];
};

static void ask_family(const struct family *family, uint64_t number, struct question *question) {
  random_circuit_options options = family->options;
  zcz_error error;
  options.qubits = 1 + (uint32_t)(number % options.qubits);
  question->family = family->name;
  question->number = family->first + number;
  for (int s = 0; s < SETTINGS; s++) {
    if (!contexts[s]) continue;
    options.measure = false;
    question->unmeasured[s] = random_circuit(contexts[s], &options, question->number);
    options.measure = true;
    question->measured[s] = random_circuit(contexts[s], &options, question->number);
  }
  question->expected = oracle_distribution(question->measured[0]);
  question->state =
      oracle_is_pure(question->unmeasured[0]) ? oracle_state(question->unmeasured[0]) : NULL;
  const char *texts[2] = {"0.5*Z0 - X0 + 2", options.qubits > 1 ? "Y0*Z1 + 0.25*X0*X1" : "Y0"};
  for (int i = 0; i < 2; i++) {
    if (zcz_observable_parse(contexts[0], texts[i], options.qubits, &question->observables[i],
                             &error))
      fail_msg("%s", error.message);
    question->values[i] = oracle_expectation(question->unmeasured[0], question->observables[i]);
  }
}

static void forget(struct question *question) {
  for (int s = 0; s < SETTINGS; s++) {
    if (!contexts[s]) continue;
    zcz_circuit_free(question->unmeasured[s]);
    zcz_circuit_free(question->measured[s]);
  }
  oracle_distribution_free(&question->expected);
  free(question->state);
  for (int i = 0; i < 2; i++) zcz_observable_free(contexts[0], question->observables[i]);
}

static void wrong(const zcz_engine *engine, const struct question *question, int setting,
                  zcz_precision precision, const char *what, double size) {
  fail_msg("%s, %s circuit %llu, %s precision, %s, %d threads: %s: %g", engine->name,
           question->family, (unsigned long long)question->number,
           precision == ZCZ_PRECISION_SINGLE ? "single" : "double",
           zcz_isa_name(settings[setting].isa), settings[setting].threads, what, size);
}

static double tolerance(zcz_precision precision) {
  return precision == ZCZ_PRECISION_SINGLE ? 1e-5 : 1e-10;
}

/* 5 sigma, and five counts for rare keys, where the normal law does not hold.
 */
static double sampling_error(const struct oracle_distribution *expected, const uint64_t *columns,
                             uint32_t bits) {
  double worst = 0;
  uint32_t counts[256] = {0};
  for (uint64_t shot = 0; shot < SHOTS; shot++) {
    uint32_t key = 0;
    for (uint32_t b = 0; b < bits; b++)
      key |= (uint32_t)(columns[b * WORDS + shot / 64] >> shot % 64 & 1) << b;
    counts[key]++;
  }
  for (uint32_t key = 0; key < 1u << bits; key++) {
    double p = oracle_probability(expected, key), mean = SHOTS * p;
    double room = p > 1e-15 ? 5 * sqrt(mean * (1 - p)) + 5 : 0.5;
    worst = fmax(worst, fabs(counts[key] - mean) / room);
  }
  return worst;
}

static bool open_run(const zcz_engine *engine, int setting, const zcz_circuit *circuit,
                     const zcz_task *task, void **run, zcz_judgement *judgement) {
  zcz_error error;
  engine->judge(circuit, task, judgement);
  if (!judgement->able) return false;
  if (engine->open(contexts[setting], circuit, task, run, &error))
    fail_msg("%s was able, but does not open: %s", engine->name, error.message);
  return true;
}

static bool ask_shots(const zcz_engine *engine, int setting, zcz_precision precision,
                      const struct question *question, struct answer *answer) {
  zcz_task task = {.precision = precision, .seed = question->number, .shots = SHOTS};
  zcz_judgement judgement;
  zcz_error error;
  void *run;
  if (!open_run(engine, setting, question->measured[setting], &task, &run, &judgement))
    return false;
  if (engine->sample(run, 0, SHOTS, answer->columns, &error)) fail_msg("%s", error.message);
  engine->close(run);
  double off = sampling_error(&question->expected, answer->columns,
                              zcz_circuit_num_bits(question->measured[setting]));
  if (off > 1) wrong(engine, question, setting, precision, "shots are off by, in 5 sigma", off);
  return true;
}

static bool ask_probabilities(const zcz_engine *engine, int setting, zcz_precision precision,
                              const struct question *question, struct answer *answer) {
  zcz_task task = {.precision = precision, .seed = 1, .probabilities = true};
  zcz_judgement judgement;
  zcz_error error;
  void *run;
  if (!engine->probabilities ||
      !open_run(engine, setting, question->measured[setting], &task, &run, &judgement))
    return false;
  if (engine->probabilities(run, &answer->distribution, &error)) fail_msg("%s", error.message);
  engine->close(run);
  struct oracle_distribution ours = {answer->distribution.count, answer->distribution.keys,
                                     answer->distribution.probabilities};
  double off = oracle_difference(&ours, &question->expected);
  if (judgement.accuracy.kind == ZCZ_ACCURACY_EXACT && !(off <= tolerance(precision)))
    wrong(engine, question, setting, precision, "a probability is off by", off);
  return true;
}

static bool ask_state(const zcz_engine *engine, int setting, zcz_precision precision,
                      const struct question *question, struct answer *answer) {
  zcz_task task = {.precision = precision, .seed = 1, .state = true};
  zcz_judgement judgement;
  zcz_error error;
  void *run;
  uint64_t size = 1ull << zcz_circuit_num_qubits(question->unmeasured[setting]);
  double numbers[512];
  if (!engine->state || !question->state ||
      !open_run(engine, setting, question->unmeasured[setting], &task, &run, &judgement))
    return false;
  if (engine->state(run, 0, size, numbers, &error)) fail_msg("%s", error.message);
  engine->close(run);
  const float *singles = (const float *)numbers;
  double off = 0;
  for (uint64_t i = 0; i < size; i++) {
    answer->state[i] = precision == ZCZ_PRECISION_SINGLE
                           ? singles[2 * i] + _Complex_I * singles[2 * i + 1]
                           : numbers[2 * i] + _Complex_I * numbers[2 * i + 1];
    off = fmax(off, cabs(answer->state[i] - question->state[i])); /* global phase included */
  }
  if (!(off <= tolerance(precision)))
    wrong(engine, question, setting, precision, "an amplitude is off by", off);
  return true;
}

static bool ask_amplitudes(const zcz_engine *engine, int setting, zcz_precision precision,
                           const struct question *question) {
  uint64_t size = 1ull << zcz_circuit_num_qubits(question->unmeasured[setting]);
  uint64_t keys[3] = {0, size - 1, question->number % size};
  zcz_task task = {.precision = precision, .seed = 1, .num_amplitudes = 3};
  zcz_complex values[3];
  zcz_judgement judgement;
  zcz_error error;
  void *run;
  if (!engine->amplitudes || !question->state ||
      !open_run(engine, setting, question->unmeasured[setting], &task, &run, &judgement))
    return false;
  if (engine->amplitudes(run, 3, 1, keys, values, &error)) fail_msg("%s", error.message);
  engine->close(run);
  for (int i = 0; i < 3; i++) {
    double off = cabs(values[i].re + _Complex_I * values[i].im - question->state[keys[i]]);
    if (!(off <= tolerance(precision)))
      wrong(engine, question, setting, precision, "an amplitude asked for is off by", off);
  }
  return true;
}

static bool ask_expectations(const zcz_engine *engine, int setting, zcz_precision precision,
                             const struct question *question, struct answer *answer) {
  zcz_task task = {.precision = precision,
                   .seed = question->number,
                   .num_observables = 2,
                   .observables = (const zcz_observable *const *)question->observables};
  zcz_judgement judgement;
  zcz_error error;
  void *run;
  if (!engine->expectations ||
      !open_run(engine, setting, question->unmeasured[setting], &task, &run, &judgement))
    return false;
  if (engine->expectations(run, answer->values, answer->errors, &error))
    fail_msg("%s", error.message);
  engine->close(run);
  for (int i = 0; i < 2; i++) {
    double off = fabs(answer->values[i] - question->values[i]);
    double room = 4 * tolerance(precision) + 5 * answer->errors[i];
    bool exact = judgement.accuracy.kind == ZCZ_ACCURACY_EXACT;
    if (!(off <= room) || (exact && answer->errors[i] != 0))
      wrong(engine, question, setting, precision, "an expectation value is off by", off);
  }
  return true;
}

/* The same bits as under the first setting. */
static void compare(const zcz_engine *engine, int setting, zcz_precision precision,
                    const struct question *question, const struct answer *first,
                    const struct answer *answer) {
  if (strcmp(engine->reproducible, "everywhere")) return;
  const zcz_distribution *a = &first->distribution, *b = &answer->distribution;
  const char *what = NULL;
  if (memcmp(first->columns, answer->columns, sizeof first->columns)) what = "shots";
  for (size_t i = 0; i < 256; i++) /* 0 and -0 are equal */
    if (first->state[i] != answer->state[i]) what = "amplitudes";
  if (memcmp(first->values, answer->values, sizeof first->values)) what = "expectation values";
  if (a->count != b->count || (a->count && (memcmp(a->keys, b->keys, a->count * sizeof *a->keys) ||
                                            memcmp(a->probabilities, b->probabilities,
                                                   a->count * sizeof *a->probabilities))))
    what = "probabilities";
  if (what)
    fail_msg("%s, %s circuit %llu, %s precision, %s, %d threads: other %s than with base, 1 thread",
             engine->name, question->family, (unsigned long long)question->number,
             precision == ZCZ_PRECISION_SINGLE ? "single" : "double",
             zcz_isa_name(settings[setting].isa), settings[setting].threads, what);
}

/* All that one engine can say, under the first setting and another; returns how many of the
 * questions it could take. */
static int ask_engine(const zcz_engine *engine, zcz_precision precision,
                      const struct question *question) {
  int taken = 0;
  static struct answer answers[SETTINGS]; /* zero where a question was not taken */
  memset(answers, 0, sizeof answers);
  int other = 1 + (int)(question->number % (SETTINGS - 1)); /* in turn: a few of many */
  for (int s = 0; s < SETTINGS; s++) {
    if (!contexts[s] || (s && s != other)) continue;
    struct answer *answer = &answers[s];
    taken += ask_shots(engine, s, precision, question, answer);
    taken += ask_probabilities(engine, s, precision, question, answer);
    taken += ask_state(engine, s, precision, question, answer);
    taken += ask_amplitudes(engine, s, precision, question);
    taken += ask_expectations(engine, s, precision, question, answer);
    if (s) compare(engine, s, precision, question, &answers[0], answer);
  }
  for (int s = 0; s < SETTINGS; s++)
    if (answers[s].distribution.count)
      zcz_distribution_release(contexts[s], &answers[s].distribution);
  return taken;
}

static void run_family(const struct family *family) {
  uint32_t engines;
  const zcz_engine *const *list = zcz_engines(&engines);
  int taken[16] = {0}, all = 0;
  for (uint64_t number = 0; number < CIRCUITS; number++) {
    struct question question;
    ask_family(family, number, &question);
    for (uint32_t e = 0; e < engines; e++) {
      int count = ask_engine(list[e], ZCZ_PRECISION_SINGLE, &question) +
                  ask_engine(list[e], ZCZ_PRECISION_DOUBLE, &question);
      taken[e] += count;
      all += count;
    }
    forget(&question);
  }
  for (uint32_t e = 0; e < engines; e++)
    print_message("%s: %d questions on %d circuits\n", list[e]->name, taken[e], CIRCUITS);
  assert_true(all > 0);
}

static void pure_circuits(void **state) {
  (void)state;
  run_family(&pure);
}

static void clifford_circuits(void **state) {
  (void)state;
  run_family(&clifford);
}

static void circuits_with_pauli_noise(void **state) {
  (void)state;
  run_family(&pauli);
}

static void circuits_with_noise(void **state) {
  (void)state;
  run_family(&noisy);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pure_circuits),
      cmocka_unit_test(clifford_circuits),
      cmocka_unit_test(circuits_with_pauli_noise),
      cmocka_unit_test(circuits_with_noise),
  };
  return cmocka_run_group_tests(tests, open_contexts, close_contexts);
}
