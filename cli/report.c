/* What run and simulate say to a person: a line of how, then what came out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"

enum { MAX_LISTED = 64 };

int cli_terminal_columns(void) {
  struct winsize size;
  const char *text = getenv("COLUMNS");
  int columns = text != NULL ? atoi(text) : 0;
  if (columns <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) columns = size.ws_col;
  if (columns <= 0) columns = 80;
  return columns < 40 ? 40 : columns > 1000 ? 1000 : columns;
}

void cli_group_digits(uint64_t number, char text[32]) {
  char digits[24];
  const int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
  for (int i = 0; i < count; i++) {
    if (i > 0 && (count - i) % 3 == 0) *text++ = ',';
    *text++ = digits[i];
  }
  *text = 0;
}

void cli_describe_bytes(uint64_t bytes, char *text, size_t size) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = (double)bytes;
  int unit = 0;
  for (; value >= 1023.5 && unit < 6; unit++) value /= 1024;
  snprintf(text, size,
           value < 9.995   ? "%.2f %s"
           : value < 99.95 ? "%.1f %s"
                           : "%.0f %s",
           value, units[unit]);
}

void cli_describe_seconds(double seconds, char *text, size_t size) {
  static const struct {
    double below, unit;
    const char *name;
  } units[] = {{0.9995e-3, 1e-6, "us"},
               {0.9995, 1e-3, "ms"},
               {300, 1, "s"},
               {7200, 60, "min"},
               {172800, 3600, "h"},
               {31557600.0, 86400, "days"},
               {31557600e4, 31557600.0, "years"},
               {1e300, 31557600.0, "years"}};
  const size_t last = sizeof units / sizeof *units - 1;
  size_t i = 0;
  while (i < last && seconds >= units[i].below) i++;
  const double value = seconds / units[i].unit;
  snprintf(text, size,
           i == last      ? "%.1e %s"
           : value < 9.95 ? "%.1f %s"
                          : "%.0f %s",
           value, units[i].name);
}

static void report_head(cli_settings *s, const zcz_result *result, const zcz_chip *chip) {
  static const char *const kinds[] = {"exact", "bounded", "estimated"};
  const zcz_accuracy accuracy = zcz_result_accuracy(result);
  const char *engine = zcz_result_engine(result);
  char time[32], shots[32];
  cli_describe_seconds(zcz_result_seconds(result), time, sizeof time);
  cli_group_digits(zcz_result_shots_done(result), shots);
  printf("%s%s", chip != NULL ? chip->name : "", chip != NULL ? ", " : "");
  for (const char *c = engine; *c != 0; c++) *c == '+' ? printf(" + ") : putchar(*c);
  printf(" engine%s, %s", strchr(engine, '+') != NULL ? "s" : "", kinds[accuracy.kind]);
  if (accuracy.kind == ZCZ_ACCURACY_BOUNDED)
    printf(" by %.2g in the %s", accuracy.value, accuracy.of);
  if (accuracy.kind == ZCZ_ACCURACY_ESTIMATED) printf(" to about %.2g", accuracy.value);
  if (zcz_result_shots_done(result) > 0)
    printf(", %s shot%s", shots, zcz_result_shots_done(result) == 1 ? "" : "s");
  printf(", seed %llu, %s%s\n", (unsigned long long)s->seed, time,
         zcz_result_complete(result) ? "" : ": stopped early, this is a part");
}

/* Where each qubit of the program lies; two columns where swaps have moved it. */
static void report_layout(const zcz_result *result, const zcz_chip *chip) {
  uint32_t count;
  const uint32_t *initial = zcz_result_layout(result, false, &count);
  const uint32_t *final = zcz_result_layout(result, true, &count);
  if (initial == NULL || count == 0) return;
  printf("qubits");
  for (uint32_t q = 0; q < count && q < 12; q++) {
    printf(" %u:%s", q, chip->qubits[initial[q]].name);
    if (final[q] != initial[q]) printf(">%s", chip->qubits[final[q]].name);
  }
  if (count > 12) printf(" and %u more", count - 12);
  putchar('\n');
}

static zcz_status report_counts(cli_settings *s, const zcz_result *result) {
  const size_t count = zcz_result_num_counts(result);
  const uint32_t bits = zcz_result_num_bits(result);
  if (count == 0) return ZCZ_OK;
  char *keys = malloc(count * (bits + 1u));
  const char **labels = malloc(count * sizeof *labels);
  uint64_t *counts = malloc(count * sizeof *counts);
  char *text = NULL;
  zcz_status status = ZCZ_OK;
  if (keys == NULL || labels == NULL || counts == NULL) {
    status = zcz_fail(&s->error, ZCZ_ERROR_UNABLE, "out of memory for %zu counts", count);
  } else {
    for (size_t i = 0; i < count; i++) {
      char *key = keys + i * (bits + 1u);
      counts[i] = zcz_result_count(result, i, key);
      labels[i] = key;
    }
    const zcz_draw_options options = {.columns = (uint32_t)cli_terminal_columns(),
                                      .color = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL};
    status = zcz_draw_histogram(s->context, count, labels, counts, &options, &text, &s->error);
  }
  if (status == ZCZ_OK) fputs(text, stdout);
  zcz_draw_free(s->context, text);
  free(keys);
  free((void *)labels);
  free(counts);
  return status;
}

static void report_probabilities(const zcz_result *result) {
  const size_t count = zcz_result_num_probabilities(result);
  char *key = malloc(zcz_result_num_bits(result) + 1u);
  for (size_t i = 0; key != NULL && i < count && i < MAX_LISTED; i++) {
    const double p = zcz_result_probability(result, i, key);
    printf("%s  %.12g\n", key, p);
  }
  if (count > MAX_LISTED) printf("and %zu more: --json or -o FILE lists all\n", count - MAX_LISTED);
  free(key);
}

static void report_amplitudes(const zcz_result *result, const zcz_job_options *options) {
  const zcz_complex *amplitudes = zcz_result_amplitudes(result);
  const uint32_t count = zcz_result_num_amplitudes(result);
  const int digits = options->precision == ZCZ_PRECISION_SINGLE ? 9 : 16;
  for (uint32_t i = 0; i < count && i < MAX_LISTED; i++)
    printf("%s  %+.*g %+.*gi\n", options->amplitudes[i], digits, amplitudes[i].re, digits,
           amplitudes[i].im);
  if (count > MAX_LISTED) printf("and %u more: --json or -o FILE lists all\n", count - MAX_LISTED);
}

static void report_expectations(const zcz_result *result, const zcz_job_options *options) {
  int width = 0;
  const uint32_t count = zcz_result_num_expectations(result);
  for (uint32_t i = 0; i < count; i++) {
    const int length = (int)strlen(options->observables[i]);
    if (length > width && length <= 40) width = length;
  }
  for (uint32_t i = 0; i < count; i++) {
    double error;
    const double value = zcz_result_expectation(result, i, &error);
    printf("%-*s  %.12g", width, options->observables[i], value);
    if (error > 0) printf(" +- %.2g", error);
    putchar('\n');
  }
}

zcz_status cli_report(cli_settings *s, const zcz_result *result, const zcz_job_options *options) {
  report_head(s, result, options->chip);
  if (options->chip != NULL) report_layout(result, options->chip);
  report_probabilities(result);
  report_amplitudes(result, options);
  report_expectations(result, options);
  if (s->state != NULL && zcz_result_complete(result)) printf("state written to %s\n", s->state);
  ZCZ_TRY(report_counts(s, result));
  if (s->output != NULL) printf("written to %s\n", s->output);
  return cli_write_file("-", "", 0, &s->error); /* flushes what was printed */
}
