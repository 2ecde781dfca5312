/* What needs no shots: distributions of few random bits, expectation values. */
#ifndef ZCZ_SIM_STABILIZER_EXACT_H
#define ZCZ_SIM_STABILIZER_EXACT_H

#include "sim/engine.h"
#include "sim/stabilizer/program.h"

/* 2^20 outcomes at most. */
enum { ZCZ_STABILIZER_RANDOM_BITS = 20 };

/* The classical memory of a noiseless program without conditions is uniform over an affine space:
 * reference outcome plus the span of `vectors` (`words` 64-bit words each, reduced: the highest bit
 * of each stands in no other and not in `origin`; ascending). */
typedef struct zcz_affine {
  uint32_t words, dimension;
  uint64_t *origin;
  uint64_t *vectors;
} zcz_affine;

/* Gives up (dimension = ZCZ_STABILIZER_RANDOM_BITS + 1, no use otherwise) beyond that many. */
zcz_status zcz_affine_new(const zcz_frame_program *program, zcz_affine *affine,
                          zcz_error *error) ZCZ_MUST_CHECK;
void zcz_affine_release(zcz_context *context, zcz_affine *affine);
zcz_status zcz_affine_distribution(zcz_context *context, const zcz_affine *affine,
                                   uint32_t num_bits, zcz_distribution *distribution,
                                   zcz_error *error) ZCZ_MUST_CHECK;

/* Values of observables at the end of a Clifford circuit with Pauli noise and no control flow:
 * each Pauli term goes backwards through the circuit; a channel damps it by the chance to commute
 * less the chance to anticommute, a measurement or reset in the middle lets only Z through. */
zcz_status zcz_stabilizer_expectations(const zcz_circuit *circuit, uint32_t num_observables,
                                       const zcz_observable *const *observables, double *values,
                                       zcz_error *error) ZCZ_MUST_CHECK;

#endif
