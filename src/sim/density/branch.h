/* A dynamic circuit, exactly: one density matrix for each classical memory that can be reached.
 * Branches that meet at one place with equal memories become one. */
#ifndef ZCZ_SIM_DENSITY_BRANCH_H
#define ZCZ_SIM_DENSITY_BRANCH_H

#include "sim/density/state.h"
#include "sim/walk.h"

enum { ZCZ_DENSITY_MAX_BRANCHES = 4096 };

/* Called once for each branch that has come to its end, before the terminal measurements. The trace
 * of the density matrix is the branch's probability. */
typedef zcz_status zcz_density_visit(void *user, const zcz_density *density,
                                     const zcz_walker *walker, zcz_error *error);

/* UNABLE when the branches grow too many at one time, or a loop does not end. */
zcz_status zcz_density_explore(zcz_context *context, const zcz_walk *walk, zcz_precision precision,
                               zcz_density_visit *visit, void *user,
                               zcz_error *error) ZCZ_MUST_CHECK;

#endif
