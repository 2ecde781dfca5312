/* run, simulate, plan: a program and what is wanted of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

#define DEFAULT_CHIP "zuchongzhi-3.0"
enum { DEFAULT_SHOTS = 1000 };

/* Everything that one of the three verbs holds. */
typedef struct task {
  cli_program program;
  zcz_chip *chip;
  uint32_t *qubits;
  cli_lines amplitudes, observables;
  zcz_job_options options;
  zcz_result *result;
} task;

static void free_task(cli_settings *s, task *t) {
  zcz_result_free(t->result);
  zcz_circuit_free(t->program.circuit);
  zcz_chip_free(s->context, t->chip);
  free(t->qubits);
  cli_free_lines(&t->amplitudes);
  cli_free_lines(&t->observables);
}

static zcz_status load_machine(cli_settings *s, task *t, const char *chip) {
  if (chip == NULL) {
    if (s->has_layout || s->qubits != NULL || s->twirl || s->has_noise)
      return zcz_hint(&s->error,
                      zcz_fail(&s->error, ZCZ_ERROR_USAGE,
                               "--layout, --qubits, --noise and --twirl are of a chip"),
                      "name one with --chip");
    return ZCZ_OK;
  }
  ZCZ_TRY(cli_load_chip(s, chip, &t->chip));
  t->options.chip = t->chip;
  t->options.noise = (zcz_noise_options){.parts = s->noise, .twirl = s->twirl};
  t->options.layout = cli_layout(s, &t->program);
  ZCZ_TRY(cli_chip_qubits(s, t->chip, &t->qubits, &t->options.num_qubits));
  t->options.qubits = t->qubits;
  return ZCZ_OK;
}

/* Places an error in a file of lines. */
static zcz_status place(cli_settings *s, zcz_status status, const char *file, uint32_t line,
                        uint32_t column, const char *text) {
  zcz_error *error = &s->error;
  error->line = line;
  error->column = column;
  error->excerpt_column = column;
  snprintf(error->file, sizeof error->file, "%s", file);
  snprintf(error->excerpt, sizeof error->excerpt, "%s", column < 200 ? text : "");
  return status;
}

static int compare_lines(const void *a, const void *b) {
  const char *const *left = *(const char *const *const *)a, *const *right =
                                                                *(const char *const *const *)b;
  const int order = strcmp(*left, *right);
  return order != 0 ? order : left < right ? -1 : left > right;
}

/* A bit string may stand twice in a file, and once in a result: the first stays where it was. */
static zcz_status drop_repeated(cli_settings *s, cli_lines *lines) {
  char ***order = malloc((lines->count + 1u) * sizeof *order);
  if (order == NULL) return zcz_fail(&s->error, ZCZ_ERROR_UNABLE, "out of memory for bit strings");
  for (uint32_t i = 0; i < lines->count; i++) order[i] = &lines->lines[i];
  qsort(order, lines->count, sizeof *order, compare_lines);
  const char *last = NULL;
  for (uint32_t i = 0; i < lines->count; i++) {
    if (last != NULL && strcmp(last, *order[i]) == 0)
      *order[i] = NULL;
    else
      last = *order[i];
  }
  free(order);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < lines->count; i++)
    if (lines->lines[i] != NULL) lines->lines[kept++] = lines->lines[i];
  lines->count = kept;
  return ZCZ_OK;
}

static zcz_status load_amplitudes(cli_settings *s, task *t) {
  cli_lines *lines = &t->amplitudes;
  const uint32_t qubits = zcz_circuit_num_qubits(t->program.circuit);
  ZCZ_TRY(cli_read_lines(s->amplitudes, lines, &s->error));
  for (uint32_t i = 0; i < lines->count; i++) {
    const char *text = lines->lines[i];
    const size_t good = strspn(text, "01"), length = strlen(text);
    if (good == length && length == qubits) continue;
    zcz_status status =
        zcz_hint(&s->error,
                 zcz_fail(&s->error, ZCZ_ERROR_USAGE,
                          "%zu characters; wanted are %u of 0 and 1, one a qubit", length, qubits),
                 "write one bit string a line, qubit 0 rightmost");
    return place(s, status, s->amplitudes, lines->numbers[i], (uint32_t)good + 1, text);
  }
  if (lines->count == 0)
    return zcz_hint(&s->error,
                    zcz_fail(&s->error, ZCZ_ERROR_USAGE, "%s holds no bit string", s->amplitudes),
                    "write one bit string a line, qubit 0 rightmost");
  ZCZ_TRY(drop_repeated(s, lines));
  t->options.amplitudes = (const char *const *)lines->lines;
  t->options.num_amplitudes = lines->count;
  return ZCZ_OK;
}

static zcz_status load_observables(cli_settings *s, task *t) {
  cli_lines *lines = &t->observables;
  const uint32_t qubits = zcz_circuit_num_qubits(t->program.circuit);
  if (s->num_expect > 0)
    return zcz_hint(
        &s->error,
        zcz_fail(&s->error, ZCZ_ERROR_USAGE, "both --expect and --expect-file are given"),
        "give one of them; --expect may be repeated");
  ZCZ_TRY(cli_read_lines(s->expect_file, lines, &s->error));
  for (uint32_t i = 0; i < lines->count; i++) {
    zcz_observable *observable = NULL;
    zcz_status status =
        zcz_observable_parse(s->context, lines->lines[i], qubits, &observable, &s->error);
    zcz_observable_free(s->context, observable);
    if (status != ZCZ_OK)
      return place(s, status, s->expect_file, lines->numbers[i],
                   s->error.excerpt_column > 0 ? s->error.excerpt_column : 1, lines->lines[i]);
  }
  if (lines->count == 0)
    return zcz_hint(&s->error,
                    zcz_fail(&s->error, ZCZ_ERROR_USAGE, "%s holds no observable", s->expect_file),
                    "write one a line, as 0.5*Z0*Z1 - X3 + 2");
  t->options.observables = (const char *const *)lines->lines;
  t->options.num_observables = lines->count;
  return ZCZ_OK;
}

static zcz_status load_wishes(cli_settings *s, task *t) {
  const bool wishes = s->amplitudes != NULL || s->expect_file != NULL || s->num_expect > 0 ||
                      s->state != NULL || s->probabilities;
  if (t->chip != NULL && wishes)
    return zcz_hint(&s->error,
                    zcz_fail(&s->error, ZCZ_ERROR_USAGE,
                             "a chip gives shots, no probabilities, state, amplitudes or "
                             "expectation values"),
                    "leave out --chip to plan what zcz simulate would do");
  if (s->amplitudes != NULL) ZCZ_TRY(load_amplitudes(s, t));
  t->options.observables = s->expect;
  t->options.num_observables = s->num_expect;
  if (s->expect_file != NULL) ZCZ_TRY(load_observables(s, t));
  t->options.probabilities = s->probabilities;
  t->options.state = s->state != NULL;
  return ZCZ_OK;
}

static zcz_status load(cli_settings *s, task *t, const char *chip) {
  ZCZ_TRY(cli_load_program(s, s->operands[0], &t->program));
  t->options.file = t->program.file;
  t->options.language = zcz_language_name(t->program.language);
  memcpy(t->options.program_sha256, t->program.sha256, sizeof t->options.program_sha256);
  t->options.started = s->started;
  t->options.engine = s->engine;
  t->options.seed = s->seed;
  t->options.precision = s->has_precision           ? s->precision
                         : s->verb->mask == CLI_RUN ? ZCZ_PRECISION_SINGLE
                                                    : ZCZ_PRECISION_DOUBLE;
  ZCZ_TRY(cli_check_language_options(s, &t->program));
  ZCZ_TRY(load_machine(s, t, chip));
  ZCZ_TRY(load_wishes(s, t));
  const bool other = t->options.probabilities || t->options.state ||
                     t->options.num_amplitudes > 0 || t->options.num_observables > 0;
  t->options.shots = s->has_shots ? s->shots : other ? 0 : DEFAULT_SHOTS;
  t->options.memory_shots = s->memory_shots;
  if (s->memory_shots && t->options.shots == 0)
    return zcz_hint(&s->error,
                    zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--memory-shots, and no shots are drawn"),
                    "give --shots too");
  return ZCZ_OK;
}

static bool is_npy(const char *path) {
  const size_t length = strlen(path);
  return length > 4 && strcmp(path + length - 4, ".npy") == 0;
}

static zcz_status write_state(cli_settings *s, const task *t) {
  uint64_t count;
  zcz_precision precision;
  const void *state = zcz_result_state(t->result, &count, &precision);
  if (state == NULL) return ZCZ_OK;
  const bool single = precision == ZCZ_PRECISION_SINGLE;
  return cli_write_npy(s->state, single ? "<c8" : "<c16", state, count, single ? 8 : 16, &s->error);
}

/* All 2^bits probabilities as an array of float64. */
static zcz_status write_probabilities(cli_settings *s, const task *t) {
  const uint32_t bits = zcz_result_num_bits(t->result);
  if (bits > 50 || (sizeof(double) << bits) > zcz_context_memory_limit(s->context))
    return zcz_hint(&s->error,
                    zcz_fail(&s->error, ZCZ_ERROR_UNABLE,
                             "an array of 2^%u probabilities is larger than the memory limit",
                             bits),
                    "raise --memory, or measure fewer qubits");
  const uint64_t count = (uint64_t)1 << bits;
  double *array = calloc(count, sizeof *array);
  char *key = malloc(bits + 1u);
  zcz_status status = ZCZ_OK;
  if (array == NULL || key == NULL) {
    status = zcz_fail(&s->error, ZCZ_ERROR_UNABLE, "out of memory for 2^%u probabilities", bits);
  } else {
    for (size_t i = 0; i < zcz_result_num_probabilities(t->result); i++) {
      const double p = zcz_result_probability(t->result, i, key);
      array[strtoull(key, NULL, 2)] = p;
    }
    status = cli_write_npy(s->output, "<f8", array, count, sizeof *array, &s->error);
  }
  free(array);
  free(key);
  return status;
}

static zcz_status write_json(cli_settings *s, const task *t, const char *path) {
  char *text;
  ZCZ_TRY(zcz_result_json(t->result, &text, &s->error));
  zcz_status status = cli_write_file(path, text, strlen(text), &s->error);
  zcz_text_free(s->context, text);
  return status;
}

static zcz_status write_result(cli_settings *s, task *t) {
  const bool array = s->output != NULL && is_npy(s->output);
  if (s->state != NULL) ZCZ_TRY(write_state(s, t));
  if (array) {
    ZCZ_TRY(write_probabilities(s, t));
  } else if (zcz_result_num_probabilities(t->result) > ZCZ_MAX_LISTED) {
    return zcz_hint(&s->error,
                    zcz_fail(&s->error, ZCZ_ERROR_UNABLE,
                             "%zu probabilities; at most %u are listed",
                             zcz_result_num_probabilities(t->result), ZCZ_MAX_LISTED),
                    "write them to an array with -o FILE.npy");
  }
  if (s->output != NULL && !array) ZCZ_TRY(write_json(s, t, s->output));
  if (s->json) return s->output == NULL || array ? write_json(s, t, "-") : ZCZ_OK;
  return cli_report(s, t->result, &t->options);
}

static zcz_status check_wishes(cli_settings *s) {
  if (s->state != NULL && !is_npy(s->state))
    return zcz_hint(
        &s->error,
        zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--state %s; the file is a NumPy array", s->state),
        "end its name in .npy");
  if (s->output != NULL && is_npy(s->output) && !s->probabilities)
    return zcz_hint(
        &s->error,
        zcz_fail(&s->error, ZCZ_ERROR_USAGE,
                 "-o %s is an array of probabilities, which were not asked for", s->output),
        s->verb->mask == CLI_SIMULATE ? "give --probabilities, or name the result FILE.json"
                                      : "name the result FILE.json");
  return ZCZ_OK;
}

static int run_job(cli_settings *s, const char *chip) {
  task t = {0};
  zcz_status status = check_wishes(s);
  if (status == ZCZ_OK) status = load(s, &t, chip);
  if (status == ZCZ_OK) status = zcz_job_run(t.program.circuit, &t.options, &t.result, &s->error);
  cli_print_warnings(s);
  const bool stopped = status == ZCZ_ERROR_CANCELLED && t.result != NULL;
  if (stopped) status = ZCZ_OK;
  if (status == ZCZ_OK) status = write_result(s, &t);
  const int code = status != ZCZ_OK ? cli_fail(s) : stopped ? ZCZ_ERROR_CANCELLED : 0;
  if (stopped && code == ZCZ_ERROR_CANCELLED && !s->quiet)
    fprintf(stderr, "zcz: %s; what was finished is given\n", s->error.message);
  free_task(s, &t);
  return code;
}

int cli_run(cli_settings *s) { return run_job(s, s->chip != NULL ? s->chip : DEFAULT_CHIP); }

int cli_simulate(cli_settings *s) { return run_job(s, NULL); }

int cli_plan(cli_settings *s) {
  task t = {0};
  zcz_plan *plan = NULL;
  zcz_status status = load(s, &t, s->chip);
  if (status == ZCZ_OK && s->chip != NULL && !s->has_precision)
    t.options.precision = ZCZ_PRECISION_SINGLE; /* what run would take */
  if (status == ZCZ_OK) status = zcz_job_plan(t.program.circuit, &t.options, &plan, &s->error);
  cli_print_warnings(s);
  int code = status != ZCZ_OK ? cli_fail(s) : 0;
  if (status == ZCZ_OK && s->output != NULL) code = cli_print_plan_json(s, plan, s->output);
  if (status == ZCZ_OK && code == 0) {
    if (!s->json)
      cli_print_plan(plan);
    else if (s->output == NULL)
      code = cli_print_plan_json(s, plan, "-");
  }
  zcz_plan_free(s->context, plan);
  free_task(s, &t);
  return code;
}
