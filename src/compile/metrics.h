/* What a compiled circuit costs. */
#ifndef ZCZ_COMPILE_METRICS_H
#define ZCZ_COMPILE_METRICS_H

#include "zcz/compile.h"

/* Fills two_qubit_gates, operations, depth and fidelity of `compiled` from its native circuit.
 * Operations of all blocks count once, a body of control flow as if it ran; the depth of an IF is
 * that of its deeper branch. */
zcz_status zcz_measure_compiled(zcz_compiled *compiled, const zcz_chip *chip,
                                zcz_error *error) ZCZ_MUST_CHECK;

#endif
