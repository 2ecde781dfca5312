/* The state of the expand pass, and its parts. */
#ifndef ZCZ_COMPILE_EXPAND_H
#define ZCZ_COMPILE_EXPAND_H

#include "compile/matrix.h"
#include "zcz/circuit.h"

typedef struct zcz_expand {
  zcz_context *context;
  zcz_circuit *result;
  uint32_t block;
  uint32_t line; /* of the operation now expanded */
  uint32_t num_qubits;
  uint8_t *busy;      /* scratch, one a qubit, all 0 between calls */
  uint8_t *over;      /* one a qubit: measured, and not used since; not to be borrowed */
  uint32_t forbidden; /* not to be borrowed, or ZCZ_NONE */
  const zcz_op *op;   /* the operation now expanded: its qubits are borrowed first */
} zcz_expand;

/* expand_emit.c: single operations into the result. */
zcz_status zcz_expand_gate(zcz_expand *expand, zcz_gate gate, uint32_t num_controls,
                           const uint32_t *qubits, const double *params,
                           zcz_error *error) ZCZ_MUST_CHECK;
zcz_status zcz_expand_one(zcz_expand *expand, zcz_gate gate, uint32_t qubit, double param,
                          zcz_error *error) ZCZ_MUST_CHECK;
zcz_status zcz_expand_cx(zcz_expand *expand, uint32_t control, uint32_t target,
                         zcz_error *error) ZCZ_MUST_CHECK;
zcz_status zcz_expand_matrix(zcz_expand *expand, uint32_t num_qubits, const uint32_t *qubits,
                             const zcz_complex *matrix, zcz_error *error) ZCZ_MUST_CHECK;
/* Where the result's block stands now; and what came from `mark` to `end`, inverted and in
 * reverse, again. */
size_t zcz_expand_mark(const zcz_expand *expand);
zcz_status zcz_expand_undo(zcz_expand *expand, size_t mark, size_t end,
                           zcz_error *error) ZCZ_MUST_CHECK;

/* expand_controls.c: many controls. */

/* exp(i angle) where all `count` qubits are 1. */
zcz_status zcz_expand_phase(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                            double angle, zcz_error *error) ZCZ_MUST_CHECK;
/* diag(exp(i angle[x])), x = 0 .. 2^count - 1, count <= 6. */
zcz_status zcz_expand_diagonal(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                               const double *angle, zcz_error *error) ZCZ_MUST_CHECK;
/* X on the last of the qubits where all others are 1. */
zcz_status zcz_expand_x(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                        zcz_error *error) ZCZ_MUST_CHECK;
/* Rz(angle) on the last of the qubits where all others are 1. */
zcz_status zcz_expand_rz(zcz_expand *expand, uint32_t count, const uint32_t *qubits, double angle,
                         zcz_error *error) ZCZ_MUST_CHECK;
/* Any unitary on the last of the qubits where all others are 1. */
zcz_status zcz_expand_controlled(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                                 const zcz_matrix2 *unitary, zcz_error *error) ZCZ_MUST_CHECK;

/* shannon.c: matrices on two to six qubits, with any number of controls (controls first). */
zcz_status zcz_expand_unitary(zcz_expand *expand, uint32_t num_controls, uint32_t num_qubits,
                              const uint32_t *qubits, const zcz_complex *matrix,
                              zcz_error *error) ZCZ_MUST_CHECK;

#endif
