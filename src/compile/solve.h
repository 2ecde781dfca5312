/* One-qubit gates between given two-qubit gates, found numerically. */
#ifndef ZCZ_COMPILE_SOLVE_H
#define ZCZ_COMPILE_SOLVE_H

#include "compile/synthesis.h"

/* Sets the inner one-qubit gates of a sequence (count and gate[] given, count >= 2; the outer ones become the
 * identity) so that it is of the class of `target`, and *own to its canonical form. Levenberg-Marquardt from
 * `starts` fixed starts. False where none comes within 1e-11. */
bool zcz_solve_inner(const zcz_coupler_gates *gates, const zcz_kak *target, int starts,
                     zcz_sequence *sequence, zcz_kak *own);

#endif
