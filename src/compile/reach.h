/* Which classes of two-qubit gates two given ones make, with any one-qubit gates between them. */
#ifndef ZCZ_COMPILE_REACH_H
#define ZCZ_COMPILE_REACH_H

#include <stdbool.h>

#include "compile/kak.h"

/* Can b K a, K a pair of one-qubit gates, be of the class of `target`? Exact, by the inequalities of the
 * monodromy polytope (Peterson, Crooks, Smith, Quantum 4, 247 (2020)), with 1e-9 to spare. */
bool zcz_reach_two(const zcz_kak *a, const zcz_kak *b, const zcz_kak *target);

#endif
