/* The context of a command: limits, signals, the line of progress. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cli/cli.h"

/* What a signal handler may reach: the one context at work. Set before the handlers are. */
static zcz_context *volatile interrupted;

/* timeout(1) sends its signal to the process and then to its group, so the second must not yet kill. */
static volatile sig_atomic_t signals_heard;

static void on_signal(int signal_number) {
  zcz_context *context = interrupted;
  if (context != NULL) zcz_context_cancel(context);
  if (++signals_heard >= 2) signal(signal_number, SIG_DFL);
}

/* Ctrl-C, SIGTERM and a terminal that is closed stop cleanly, a third time at once. A file that
 * grows past its limit is an error of its write, not the end of the process. */
static void hear_signals(void) {
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  const struct sigaction action = {.sa_handler = on_signal};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    struct sigaction old;
    if (signals[i] == SIGHUP && sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler == SIG_IGN)
      continue; /* nohup */
    sigaction(signals[i], &action, NULL);
  }
  const struct sigaction ignore = {.sa_handler = SIG_IGN};
  sigaction(SIGXFSZ, &ignore, NULL);
}

static void on_progress(void *user, const char *stage, double done, double total) {
  cli_settings *s = user;
  const double now = zcz_seconds();
  const bool is_shots = strcmp(stage, "shots") == 0;
  if (now - s->started < 0.5) return; /* short runs show nothing */
  /* Shots are the whole; what an engine says of its part of them would only jump in between. */
  if (is_shots)
    s->shots_reported = now;
  else if (s->shots_reported > 0 && now - s->shots_reported < 5)
    return;
  s->progress_shown = true;
  char some[32], all[32];
  cli_group_digits((uint64_t)done, some);
  cli_group_digits((uint64_t)total, all);
  if (total > 0)
    fprintf(stderr, "\r\033[K%s %s of %s (%.0f %%), %.1f s", stage, some, all, 100 * done / total,
            now - s->started);
  else
    fprintf(stderr, "\r\033[K%s %s, %.1f s", stage, some, now - s->started);
  fflush(stderr);
}

void cli_clear_progress(cli_settings *s) {
  if (s->progress_shown) fputs("\r\033[K", stderr);
  s->progress_shown = false;
}

static zcz_status instruction_set(zcz_isa *isa, zcz_error *error) {
  const char *text = getenv("ZCZ_ISA");
  *isa = ZCZ_ISA_AUTO;
  if (text == NULL || *text == 0) return ZCZ_OK;
  for (int i = ZCZ_ISA_BASE; i <= ZCZ_ISA_AVX512; i++)
    if (strcmp(text, zcz_isa_name((zcz_isa)i)) == 0) {
      *isa = (zcz_isa)i;
      return ZCZ_OK;
    }
  return zcz_fail(error, ZCZ_ERROR_USAGE, "ZCZ_ISA=%s; allowed are base, avx2, avx512", text);
}

zcz_status cli_open_context(cli_settings *s) {
  zcz_context_options options = {.threads = s->threads,
                                 .memory_limit = s->memory,
                                 .time_limit = s->time_limit,
                                 .progress_user = s};
  ZCZ_TRY(instruction_set(&options.isa, &s->error));
  const bool show = s->progress == WHEN_ALWAYS ||
                    (s->progress == WHEN_AUTO && !s->quiet && isatty(STDERR_FILENO));
  if (show) options.progress = on_progress;
  if (!s->has_seed) {
    uint64_t drawn = 0;
    if (getrandom(&drawn, sizeof drawn, 0) != sizeof drawn)
      return zcz_fail(&s->error, ZCZ_ERROR_SYSTEM, "no random seed to be had; give --seed");
    s->seed = drawn & ZCZ_MAX_SEED;
  }
  /* ZCZ_ISA is a limit: where the CPU has less, it does not bind. */
  zcz_status status = zcz_context_new(&options, &s->context, &s->error);
  if (status == ZCZ_ERROR_UNABLE && options.isa != ZCZ_ISA_AUTO) {
    options.isa = ZCZ_ISA_AUTO;
    status = zcz_context_new(&options, &s->context, &s->error);
  }
  ZCZ_TRY(status);
  interrupted = s->context;
  hear_signals();
  return ZCZ_OK;
}

void cli_close_context(cli_settings *s) {
  interrupted = NULL;
  zcz_context_free(s->context);
  s->context = NULL;
}

void cli_print_warnings(cli_settings *s) {
  cli_clear_progress(s);
  if (s->quiet || s->context == NULL) return;
  for (size_t i = 0; zcz_context_warning(s->context, i) != NULL; i++)
    fprintf(stderr, "zcz: warning: %s\n", zcz_context_warning(s->context, i));
}
