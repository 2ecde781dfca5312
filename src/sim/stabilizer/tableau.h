/* The inverse tableau of a stabilizer state U|0..0>: for every qubit q the Paulis U^-1 X_q U and
 * U^-1 Z_q U (Gidney, arXiv:2103.02202), so that a measurement whose outcome is certain costs O(n)
 * bit operations and any other O(n^2). The global phase is not kept. */
#ifndef ZCZ_SIM_STABILIZER_TABLEAU_H
#define ZCZ_SIM_STABILIZER_TABLEAU_H

#include "sim/stabilizer/clifford.h"

typedef struct zcz_tableau {
  uint32_t num_qubits;
  uint32_t words;    /* of half a row */
  uint64_t *rows;    /* row 2 q: of X_q, row 2 q + 1: of Z_q; X bits, then Z bits */
  uint8_t *signs;    /* of each row, 1 = minus */
  uint64_t *scratch; /* 4 rows */
} zcz_tableau;

uint64_t zcz_tableau_bytes(uint32_t num_qubits);
/* |0..0>. UNABLE when out of memory. */
zcz_status zcz_tableau_new(zcz_context *context, uint32_t num_qubits, zcz_tableau *tableau,
                           zcz_error *error) ZCZ_MUST_CHECK;
void zcz_tableau_release(zcz_context *context, zcz_tableau *tableau); /* zeroed is legal */
void zcz_tableau_restart(zcz_tableau *tableau);

void zcz_tableau_apply(zcz_tableau *tableau, const zcz_clifford *clifford, const uint32_t *qubits);
/* `pauli`: bit 0 X, bit 1 Z. */
void zcz_tableau_pauli(zcz_tableau *tableau, uint32_t qubit, uint32_t pauli);
/* The certain outcome of measuring Z (0, 1), or -1. */
int zcz_tableau_outcome(const zcz_tableau *tableau, uint32_t qubit);
/* Projects onto `outcome`, which must not be impossible. */
void zcz_tableau_collapse(zcz_tableau *tableau, uint32_t qubit, int outcome);

#endif
