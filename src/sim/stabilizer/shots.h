/* Shot by shot with a tableau each: for control flow that frames cannot follow. */
#ifndef ZCZ_SIM_STABILIZER_SHOTS_H
#define ZCZ_SIM_STABILIZER_SHOTS_H

#include "sim/stabilizer/tableau.h"
#include "sim/walk.h"

/* As zcz_engine.sample. */
zcz_status zcz_tableau_sample(const zcz_walk *walk, uint64_t seed, uint64_t first, uint64_t count,
                              uint64_t *columns, zcz_error *error) ZCZ_MUST_CHECK;

#endif
