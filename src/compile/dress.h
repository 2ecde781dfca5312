/* One-qubit gates around a circuit of the right class: those with the fewest pulses. */
#ifndef ZCZ_COMPILE_DRESS_H
#define ZCZ_COMPILE_DRESS_H

#include "compile/synthesis.h"

#define ZCZ_CLASS_TOLERANCE 1e-10

static inline bool zcz_near(double a, double b) {
  return a - b < ZCZ_CLASS_TOLERANCE && b - a < ZCZ_CLASS_TOLERANCE;
}

/* Pulses of a pair of one-qubit gates, weighed with what they lose. */
double zcz_local_loss(const zcz_coupler_gates *gates, const zcz_local *local);

/* Where all three coordinates are equal the split into left and right is free: moves what can move
 * from the right to the left, so that equal things look equal. */
void zcz_settle(zcz_kak *kak);

/* `sequence` holds a circuit of the class of `target` (coordinates equal), with canonical form
 * `own`: its first and last one-qubit gates are replaced so that it equals the target. */
void zcz_dress(const zcz_coupler_gates *gates, const zcz_kak *target, const zcz_kak *own,
               zcz_sequence *sequence);

#endif
