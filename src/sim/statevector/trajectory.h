/* Noisy and dynamic circuits on the state vector, shot by shot. The functions have the contracts of
 * zcz_engine; engine.c calls them for circuits that are not unitary operations followed by measurements.
 *
 * Random numbers are addressed by (purpose, shot, site, draw) and a shot's arithmetic depends on its
 * own random events alone, so a shot comes out the same whatever other shots are asked for with it,
 * in any batch, on any number of threads. Shots that share their events up to some place share the
 * state up to there. */
#ifndef ZCZ_SIM_STATEVECTOR_TRAJECTORY_H
#define ZCZ_SIM_STATEVECTOR_TRAJECTORY_H

#include "sim/engine.h"

typedef struct zcz_trajectory zcz_trajectory;

void zcz_trajectory_judge(const zcz_circuit *circuit, const zcz_task *task,
                          zcz_judgement *judgement);
zcz_status zcz_trajectory_open(zcz_context *context, const zcz_circuit *circuit,
                               const zcz_task *task, zcz_trajectory **trajectory,
                               zcz_error *error) ZCZ_MUST_CHECK;
void zcz_trajectory_close(zcz_trajectory *trajectory);
zcz_status zcz_trajectory_sample(zcz_trajectory *trajectory, uint64_t first, uint64_t count,
                                 uint64_t *columns, zcz_error *error) ZCZ_MUST_CHECK;
/* Exact, over all outcomes of measurements and resets: only circuits without noise channels, UNABLE
 * when the outcomes grow too many. */
zcz_status zcz_trajectory_probabilities(zcz_trajectory *trajectory, zcz_distribution *distribution,
                                        zcz_error *error) ZCZ_MUST_CHECK;
/* Exact likewise where that can be; else the mean over max(shots, 1000) trajectories with its
 * standard error. */
zcz_status zcz_trajectory_expectations(zcz_trajectory *trajectory, double *values, double *errors,
                                       zcz_error *error) ZCZ_MUST_CHECK;

#endif
