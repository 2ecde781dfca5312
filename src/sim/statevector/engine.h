/* The engine over the state vector. */
#ifndef ZCZ_SIM_STATEVECTOR_ENGINE_H
#define ZCZ_SIM_STATEVECTOR_ENGINE_H

#include "sim/engine.h"

extern const zcz_engine zcz_engine_statevector;

#endif
