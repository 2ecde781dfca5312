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

static void report_head(cli_settings *s, const zcz_result *result, const zcz_chip *chip) {
  static const char *const kinds[] = {"exact", "bounded", "estimated"};
  const zcz_accuracy accuracy = zcz_result_accuracy(result);
  printf("%s%s%s engine, %s", chip != NULL ? chip->name : "", chip != NULL ? ", " : "",
         zcz_result_engine(result), kinds[accuracy.kind]);
  if (zcz_result_shots_done(result) > 0)
    printf(", %llu shots", (unsigned long long)zcz_result_shots_done(result));
  printf(", seed %llu, %.3g s%s\n", (unsigned long long)s->seed, zcz_result_seconds(result),
         zcz_result_complete(result) ? "" : " (stopped early)");
}

static void report_layout(const zcz_result *result, const zcz_chip *chip) {
  uint32_t count;
  const uint32_t *layout = zcz_result_layout(result, true, &count);
  if (layout == NULL || count == 0) return;
  printf("qubits");
  for (uint32_t q = 0; q < count && q < 12; q++)
    printf(" %u:%s", q, chip->qubits[layout[q]].name);
  printf(count > 12 ? " and %u more\n" : "\n", count - 12);
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
  if (count > MAX_LISTED)
    printf("and %zu more: --json or -o FILE lists all\n", count - MAX_LISTED);
  free(key);
}

static void report_values(cli_settings *s, const zcz_result *result) {
  report_probabilities(result);
  const zcz_complex *amplitudes = zcz_result_amplitudes(result);
  const uint32_t count = zcz_result_num_amplitudes(result);
  for (uint32_t i = 0; i < count && i < MAX_LISTED; i++)
    printf("%u  %+.17g %+.17gi\n", i + 1, amplitudes[i].re, amplitudes[i].im);
  if (count > MAX_LISTED) printf("and %u more: --json or -o FILE lists all\n", count - MAX_LISTED);
  for (uint32_t i = 0; i < zcz_result_num_expectations(result); i++) {
    double error;
    const double value = zcz_result_expectation(result, i, &error);
    if (error > 0)
      printf("observable %u  %.12g +- %.3g\n", i + 1, value, error);
    else
      printf("observable %u  %.12g\n", i + 1, value);
  }
  if (s->state != NULL) printf("state written to %s\n", s->state);
}

zcz_status cli_report(cli_settings *s, const zcz_result *result, const zcz_chip *chip) {
  report_head(s, result, chip);
  if (chip != NULL) report_layout(result, chip);
  report_values(s, result);
  ZCZ_TRY(report_counts(s, result));
  if (fflush(stdout) != 0)
    return zcz_fail(&s->error, ZCZ_ERROR_SYSTEM, "cannot write to standard output");
  return ZCZ_OK;
}
