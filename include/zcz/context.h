/* A context holds what would otherwise be global: threads, memory limit, instruction set,
 * progress, cancellation. Two contexts in one process work side by side. */
#ifndef ZCZ_CONTEXT_H
#define ZCZ_CONTEXT_H

#include "zcz/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct zcz_context zcz_context;

typedef enum zcz_isa { ZCZ_ISA_AUTO = 0, ZCZ_ISA_BASE, ZCZ_ISA_AVX2, ZCZ_ISA_AVX512 } zcz_isa;

/* Called from one thread at a time, at most about 20 times a second. `done` of `total` units of
 * `stage`; total 0 = unknown. */
typedef void zcz_progress_function(void *user, const char *stage, double done, double total);

/* All-zero is the default. */
typedef struct zcz_context_options {
  int threads;           /* 0 = the CPUs this process may use */
  uint64_t memory_limit; /* bytes; 0 = 80 % of what is free, cgroup limits heeded */
  zcz_isa isa;           /* widest kernel set to use; AUTO = widest the CPU has */
  double time_limit;     /* seconds from zcz_context_new; 0 = none */
  zcz_progress_function *progress;
  void *progress_user;
  uint64_t fail_allocation; /* tests: the n-th allocation (from 1) fails; 0 = none */
} zcz_context_options;

/* `options` may be NULL. UNABLE where the instruction set asked for is not in this CPU. */
ZCZ_API zcz_status zcz_context_new(const zcz_context_options *options, zcz_context **context,
                                   zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API void zcz_context_free(zcz_context *context);

/* Asks running work to stop at its next check; async-signal-safe, from any thread. */
ZCZ_API void zcz_context_cancel(zcz_context *context);

ZCZ_API int zcz_context_threads(const zcz_context *context);
ZCZ_API uint64_t zcz_context_memory_limit(const zcz_context *context);
ZCZ_API uint64_t zcz_context_peak_bytes(const zcz_context *context);
ZCZ_API zcz_isa zcz_context_isa(const zcz_context *context);
/* Things a user should know that are no errors: added by the library while it works, kept in order,
 * each text once. `index` from 0, NULL past the end. */
ZCZ_API void zcz_context_warn(zcz_context *context, const char *format, ...) ZCZ_PRINTF(2, 3);
ZCZ_API const char *zcz_context_warning(const zcz_context *context, size_t index);
/* "17 B", "2.5 MiB", "8 GiB": three digits; UINT64_MAX = "more than can be counted". */
ZCZ_API void zcz_describe_bytes(uint64_t bytes, char *text, size_t size);
/* "base", "avx2", "avx512" */
ZCZ_API const char *zcz_isa_name(zcz_isa isa);

#ifdef __cplusplus
}
#endif
#endif
