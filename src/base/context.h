/* The inside of a context. Only src/base looks into it. */
#ifndef ZCZ_BASE_CONTEXT_H
#define ZCZ_BASE_CONTEXT_H

#include <pthread.h>
#include <stdatomic.h>

#include "zcz/context.h"

struct zcz_context {
  int threads;
  uint64_t memory_limit;
  zcz_isa isa;
  double deadline; /* on zcz_clock(); 0 = none */
  zcz_progress_function *progress;
  void *progress_user;
  double last_progress;
  atomic_bool cancelled;
  atomic_uint_fast64_t bytes;
  atomic_uint_fast64_t peak;
  atomic_uint_fast64_t allocations;
  uint64_t fail_allocation;
  pthread_mutex_t warnings_lock;
  char **warnings; /* plain malloc: a warning must not fail for the limit */
  size_t num_warnings;
};

#endif
