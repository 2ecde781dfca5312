/* Progress, cancellation, the clock. */
#ifndef ZCZ_BASE_PROGRESS_H
#define ZCZ_BASE_PROGRESS_H

#include "zcz/context.h"

/* Reports `done` of `total` units of `stage` (rate-limited; call freely from the master thread)
 * and returns ZCZ_ERROR_CANCELLED, with the error filled, once the work should stop. */
zcz_status zcz_progress(zcz_context *context, const char *stage, double done, double total,
                        zcz_error *error) ZCZ_MUST_CHECK;
/* Cheap check for any thread: has somebody cancelled, or the time limit passed? */
bool zcz_cancelled(const zcz_context *context);
zcz_status zcz_fail_cancelled(const zcz_context *context, zcz_error *error);

/* Seconds on the monotonic clock. */
double zcz_clock(void);

#endif
