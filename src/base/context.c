#define _GNU_SOURCE
#include "base/context.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cpu.h"
#include "base/progress.h"

static const char *const isa_names[] = {"auto", "base", "avx2", "avx512"};

const char *zcz_isa_name(zcz_isa isa) {
  return (unsigned)isa < sizeof isa_names / sizeof *isa_names ? isa_names[isa] : "unknown";
}

double zcz_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static zcz_status choose_isa(zcz_isa wanted, zcz_isa *chosen, zcz_error *error) {
  zcz_isa widest = zcz_cpu_isa();
  if (wanted == ZCZ_ISA_AUTO) {
    *chosen = widest;
    return ZCZ_OK;
  }
  if ((unsigned)wanted > ZCZ_ISA_AVX512)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "instruction set number %d; there are 0 to 3",
                    (int)wanted);
  if (wanted > widest)
    return zcz_hint(error,
                    zcz_fail(error, ZCZ_ERROR_UNABLE,
                             "the instruction set %s was asked for; this CPU has %s at most",
                             zcz_isa_name(wanted), zcz_isa_name(widest)),
                    "leave it out, or ask for %s", zcz_isa_name(widest));
  *chosen = wanted;
  return ZCZ_OK;
}

zcz_status zcz_context_new(const zcz_context_options *options, zcz_context **context,
                           zcz_error *error) {
  static const zcz_context_options defaults;
  if (options == NULL) options = &defaults;
  *context = NULL;
  if (options->threads < 0 || options->threads > 4096)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "%d threads; allowed are 1 to 4096, or 0 for all",
                    options->threads);
  zcz_isa isa = ZCZ_ISA_BASE;
  ZCZ_TRY(choose_isa(options->isa, &isa, error));
  zcz_context *made = calloc(1, sizeof *made);
  if (made == NULL) return zcz_fail(error, ZCZ_ERROR_UNABLE, "out of memory for a context");
  made->threads = options->threads > 0 ? options->threads : zcz_cpu_count();
  made->memory_limit =
      options->memory_limit > 0 ? options->memory_limit : zcz_cpu_free_memory() / 5 * 4;
  made->isa = isa;
  made->deadline = options->time_limit > 0 ? zcz_clock() + options->time_limit : 0;
  made->progress = options->progress;
  made->progress_user = options->progress_user;
  made->fail_allocation = options->fail_allocation;
  pthread_mutex_init(&made->warnings_lock, NULL);
  *context = made;
  return ZCZ_OK;
}

void zcz_context_free(zcz_context *context) {
  if (context == NULL) return;
  for (size_t i = 0; i < context->num_warnings; i++) free(context->warnings[i]);
  free(context->warnings);
  pthread_mutex_destroy(&context->warnings_lock);
  free(context);
}

void zcz_context_cancel(zcz_context *context) { atomic_store(&context->cancelled, true); }

int zcz_context_threads(const zcz_context *context) { return context->threads; }

uint64_t zcz_context_memory_limit(const zcz_context *context) { return context->memory_limit; }

uint64_t zcz_context_peak_bytes(const zcz_context *context) { return atomic_load(&context->peak); }

zcz_isa zcz_context_isa(const zcz_context *context) { return context->isa; }

void zcz_context_warn(zcz_context *context, const char *format, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  pthread_mutex_lock(&context->warnings_lock);
  bool known = false;
  for (size_t i = 0; i < context->num_warnings; i++)
    known = known || strcmp(context->warnings[i], text) == 0;
  if (!known && context->num_warnings < 1000) {
    size_t count = context->num_warnings + 1;
    char **grown = realloc(context->warnings, count * sizeof *grown);
    char *copy = strdup(text);
    if (grown != NULL) context->warnings = grown;
    if (grown != NULL && copy != NULL) {
      grown[context->num_warnings] = copy;
      context->num_warnings = count;
    } else {
      free(copy);
    }
  }
  pthread_mutex_unlock(&context->warnings_lock);
}

const char *zcz_context_warning(const zcz_context *context, size_t index) {
  return index < context->num_warnings ? context->warnings[index] : NULL;
}

bool zcz_cancelled(const zcz_context *context) {
  if (atomic_load_explicit(&context->cancelled, memory_order_relaxed)) return true;
  return context->deadline > 0 && zcz_clock() > context->deadline;
}

zcz_status zcz_fail_cancelled(const zcz_context *context, zcz_error *error) {
  if (atomic_load(&context->cancelled))
    return zcz_fail(error, ZCZ_ERROR_CANCELLED, "stopped on request");
  return zcz_fail(error, ZCZ_ERROR_CANCELLED, "stopped at the time limit");
}

zcz_status zcz_progress(zcz_context *context, const char *stage, double done, double total,
                        zcz_error *error) {
  if (zcz_cancelled(context)) return zcz_fail_cancelled(context, error);
  if (context->progress == NULL) return ZCZ_OK;
  double now = zcz_clock();
  if (now - context->last_progress >= 0.05) {
    context->last_progress = now;
    context->progress(context->progress_user, stage, done, total);
  }
  return ZCZ_OK;
}
