/* A run of operations on a density matrix, neighbours merged into maps on one and two qubits. */
#ifndef ZCZ_SIM_DENSITY_PLAN_H
#define ZCZ_SIM_DENSITY_PLAN_H

#include "sim/density/state.h"

/* Applies GATE, UNITARY and CHANNEL operations, each map as soon as it is complete. CANCELLED when
 * asked to stop. `stage` NULL = report no progress. */
zcz_status zcz_density_run_ops(zcz_density *density, const zcz_op *ops, size_t count,
                               const char *stage, zcz_error *error) ZCZ_MUST_CHECK;

/* The same in two steps, for a run that is met many times. Borrows `ops`. */
typedef struct zcz_density_plan zcz_density_plan;
zcz_status zcz_density_plan_new(zcz_context *context, uint32_t num_qubits, const zcz_op *ops,
                                size_t count, zcz_density_plan **plan,
                                zcz_error *error) ZCZ_MUST_CHECK;
void zcz_density_plan_free(zcz_context *context, zcz_density_plan *plan);
zcz_status zcz_density_run_plan(zcz_density *density, const zcz_density_plan *plan,
                                zcz_error *error) ZCZ_MUST_CHECK;

#endif
