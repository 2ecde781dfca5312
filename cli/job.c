/* run, simulate, plan: a program and what is wanted of it. */
#include <jansson.h>
#include <math.h>
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
  char *amplitude_text, *expect_text;
  char **amplitude_lines, **expect_lines;
  zcz_job_options options;
  zcz_result *result;
} task;

static void free_task(cli_settings *s, task *t) {
  zcz_result_free(t->result);
  zcz_circuit_free(t->program.circuit);
  zcz_chip_free(s->context, t->chip);
  free(t->qubits);
  free(t->amplitude_text);
  free(t->amplitude_lines);
  free(t->expect_text);
  free(t->expect_lines);
}

static zcz_status load_machine(cli_settings *s, task *t, const char *chip) {
  if (chip == NULL) {
    if (s->has_layout || s->qubits != NULL || s->twirl || s->noise != ZCZ_NOISE_ALL)
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

static zcz_status load_wishes(cli_settings *s, task *t) {
  if (s->amplitudes != NULL) {
    ZCZ_TRY(cli_read_lines(s->amplitudes, &t->amplitude_text, &t->amplitude_lines,
                           &t->options.num_amplitudes, &s->error));
    t->options.amplitudes = (const char *const *)t->amplitude_lines;
    if (t->options.num_amplitudes == 0)
      return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "%s holds no bit string", s->amplitudes);
  }
  if (s->expect_file != NULL) {
    if (s->num_expect > 0)
      return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--expect and --expect-file; give one of them");
    uint32_t count;
    ZCZ_TRY(cli_read_lines(s->expect_file, &t->expect_text, &t->expect_lines, &count, &s->error));
    t->options.observables = (const char *const *)t->expect_lines;
    t->options.num_observables = count;
    if (count == 0)
      return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "%s holds no observable", s->expect_file);
  } else {
    t->options.observables = s->expect;
    t->options.num_observables = s->num_expect;
  }
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
  t->options.precision = s->has_precision                 ? s->precision
                         : s->verb->mask == CLI_RUN ? ZCZ_PRECISION_SINGLE
                                                          : ZCZ_PRECISION_DOUBLE;
  ZCZ_TRY(load_machine(s, t, chip));
  ZCZ_TRY(load_wishes(s, t));
  const bool other = t->options.probabilities || t->options.state ||
                     t->options.num_amplitudes > 0 || t->options.num_observables > 0;
  t->options.shots = s->has_shots ? s->shots : other ? 0 : DEFAULT_SHOTS;
  t->options.memory_shots = s->memory_shots;
  if (s->memory_shots && t->options.shots == 0)
    return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--memory-shots without shots; give --shots");
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
  if (bits > 40)
    return zcz_fail(&s->error, ZCZ_ERROR_UNABLE, "an array of 2^%u probabilities", bits);
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
    if (!s->probabilities)
      return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "-o %s takes probabilities, which were not asked for",
                      s->output);
    ZCZ_TRY(write_probabilities(s, t));
  } else if (zcz_result_num_probabilities(t->result) > ZCZ_MAX_LISTED) {
    return zcz_hint(&s->error,
                    zcz_fail(&s->error, ZCZ_ERROR_UNABLE, "%zu probabilities; at most %u are listed",
                             zcz_result_num_probabilities(t->result), ZCZ_MAX_LISTED),
                    "write them to an array with -o FILE.npy");
  }
  if (s->output != NULL && !array) ZCZ_TRY(write_json(s, t, s->output));
  if (s->json) return s->output == NULL || array ? write_json(s, t, "-") : ZCZ_OK;
  return cli_report(s, t->result, t->chip);
}

static zcz_status check_wishes(cli_settings *s) {
  if (s->state != NULL && !is_npy(s->state))
    return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--state %s; wanted is a file name ending in .npy",
                    s->state);
  return ZCZ_OK;
}

static int run_job(cli_settings *s, const char *chip) {
  task t = {0};
  zcz_status status = check_wishes(s);
  if (status == ZCZ_OK) status = load(s, &t, chip);
  if (status == ZCZ_OK)
    status = zcz_job_run(t.program.circuit, &t.options, &t.result, &s->error);
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

int cli_run(cli_settings *s) {
  return run_job(s, s->chip != NULL ? s->chip : DEFAULT_CHIP);
}

int cli_simulate(cli_settings *s) {
  return run_job(s, NULL);
}

/* ---- plan ---- */

static json_t *accuracy_json(zcz_accuracy accuracy) {
  switch (accuracy.kind) {
    case ZCZ_ACCURACY_EXACT: return json_pack("{s:s}", "kind", "exact");
    case ZCZ_ACCURACY_BOUNDED:
      return json_pack("{s:s, s:f, s:s}", "kind", "bounded", "bound", accuracy.value, "of",
                       accuracy.of);
    case ZCZ_ACCURACY_ESTIMATED:
      return json_pack("{s:s, s:f}", "kind", "estimated", "error", accuracy.value);
  }
  return NULL;
}

static int print_plan_json(cli_settings *s, const zcz_plan *plan) {
  json_t *object = cli_envelope(s), *engines = json_array();
  for (uint32_t i = 0; i < plan->num_rows; i++) {
    const zcz_plan_row *row = &plan->rows[i];
    json_t *line = json_pack("{s:s, s:b, s:s}", "engine", row->engine, "able", row->able, "reason",
                             row->reason);
    if (row->able) json_object_set_new(line, "accuracy", accuracy_json(row->accuracy));
    json_object_set_new(line, "bytes",
                        row->bytes > INT64_MAX ? json_null() : json_integer((json_int_t)row->bytes));
    json_object_set_new(line, "seconds",
                        isfinite(row->seconds) ? json_real(row->seconds) : json_null());
    json_array_append_new(engines, line);
  }
  json_object_set_new(object, "engines", engines);
  json_object_set_new(object, "chosen",
                      plan->chosen[0] != 0 ? json_string(plan->chosen) : json_null());
  return cli_print_json(s, object);
}

static void describe_bytes(uint64_t bytes, char *text, size_t size) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = (double)bytes;
  int unit = 0;
  for (; value >= 1024 && unit < 6; unit++) value /= 1024;
  snprintf(text, size, "%.3g %s", value, units[unit]);
}

static void describe_seconds(double seconds, char *text, size_t size) {
  if (seconds < 1e-3)
    snprintf(text, size, "%.2g us", 1e6 * seconds);
  else if (seconds < 1)
    snprintf(text, size, "%.3g ms", 1e3 * seconds);
  else if (seconds < 7200)
    snprintf(text, size, "%.3g s", seconds);
  else if (seconds < 31557600.0)
    snprintf(text, size, "%.3g h", seconds / 3600);
  else
    snprintf(text, size, "%.3g years", seconds / 31557600.0);
}

static int print_plan_text(const zcz_plan *plan) {
  static const char *const kinds[] = {"exact", "bounded", "estimated"};
  printf("%u part%s that never meet%s, the widest of %u qubit%s\n", plan->num_parts,
         plan->num_parts == 1 ? "" : "s", plan->num_parts == 1 ? "s another" : "",
         plan->widest_part, plan->widest_part == 1 ? "" : "s");
  printf("%-12s %-5s %-10s %-10s %-10s %s\n", "engine", "able", "accuracy", "memory", "time",
         "why");
  for (uint32_t i = 0; i < plan->num_rows; i++) {
    const zcz_plan_row *row = &plan->rows[i];
    char bytes[32] = "-", seconds[32] = "-";
    if (row->able) describe_bytes(row->bytes, bytes, sizeof bytes);
    if (row->able) describe_seconds(row->seconds, seconds, sizeof seconds);
    printf("%-12s %-5s %-10s %-10s %-10s %s\n", row->engine, row->able ? "yes" : "no",
           row->able ? kinds[row->accuracy.kind] : "-", bytes, seconds, row->reason);
  }
  printf("chosen: %s\n", plan->chosen[0] != 0 ? plan->chosen : "none");
  return 0;
}

int cli_plan(cli_settings *s) {
  task t = {0};
  zcz_plan *plan = NULL;
  zcz_status status = load(s, &t, s->chip);
  if (status == ZCZ_OK && s->chip != NULL && !s->has_precision)
    t.options.precision = ZCZ_PRECISION_SINGLE; /* what run would take */
  if (status == ZCZ_OK) status = zcz_job_plan(t.program.circuit, &t.options, &plan, &s->error);
  cli_print_warnings(s);
  const int code = status != ZCZ_OK ? cli_fail(s)
                   : s->json        ? print_plan_json(s, plan)
                                    : print_plan_text(plan);
  zcz_plan_free(s->context, plan);
  free_task(s, &t);
  return code;
}
