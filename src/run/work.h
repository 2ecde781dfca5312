/* A job at work: shared by the files that get its numbers out of the engines. */
#ifndef ZCZ_RUN_WORK_H
#define ZCZ_RUN_WORK_H

#include "base/progress.h"
#include "run/parts.h"
#include "run/result.h"

typedef struct zcz_work {
  zcz_context *context;
  const zcz_job_options *options;
  zcz_prepared prepared;
  zcz_result *result;
  double clock; /* when the last lap ended */
  void **runs;  /* open engines, one a part of the view at work; NULL = not open */
} zcz_work;

/* Adds the time since the last call to one of the timings. */
static inline void zcz_work_lap(zcz_work *work, double *timing) {
  const double now = zcz_clock();
  *timing += now - work->clock;
  work->clock = now;
}

/* distribution.c: the exact distribution, the parts' multiplied together. */
zcz_status zcz_work_probabilities(zcz_work *work, zcz_error *error) ZCZ_MUST_CHECK;
/* values.c: what is asked of the state at the end. */
zcz_status zcz_work_state(zcz_work *work, zcz_error *error) ZCZ_MUST_CHECK;
zcz_status zcz_work_amplitudes(zcz_work *work, zcz_error *error) ZCZ_MUST_CHECK;
zcz_status zcz_work_expectations(zcz_work *work, zcz_error *error) ZCZ_MUST_CHECK;

#endif
