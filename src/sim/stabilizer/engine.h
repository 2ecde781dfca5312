/* The engine over the stabilizer tableau and Pauli frames. */
#ifndef ZCZ_SIM_STABILIZER_ENGINE_H
#define ZCZ_SIM_STABILIZER_ENGINE_H

#include "sim/engine.h"

extern const zcz_engine zcz_engine_stabilizer;

/* The judge of the table. */
void zcz_stabilizer_judge(const zcz_circuit *circuit, const zcz_task *task,
                          zcz_judgement *judgement);

#endif
