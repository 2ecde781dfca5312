/* Superoperators in the Pauli basis ("Pauli transfer matrices").
 *
 * A density matrix of n qubits is kept as its 4^n real coefficients r_P = Tr(P rho), P = I, X, Y, Z on
 * each qubit (digit 0..3, qubit q at base-4 place q), so rho = sum_P r_P P / 2^n. A linear map on k
 * qubits is a real 4^k x 4^k matrix, row-major: new r_i = sum_j m[i * 4^k + j] r_j, entry
 * Tr(P_i map(P_j)) / 2^k. (Greenbaum, arXiv:1509.02921, section 2.) */
#ifndef ZCZ_SIM_DENSITY_TRANSFER_H
#define ZCZ_SIM_DENSITY_TRANSFER_H

#include "zcz/circuit.h"

/* Of a GATE, UNITARY or CHANNEL operation on 1 or 2 qubits, its first qubit the lowest digit. */
void zcz_transfer_of_op(const zcz_op *op, double *m);
/* rho -> weights[0] P0 rho P0 + weights[1] P1 rho P1, P0 and P1 the projectors on |0>, |1>. */
void zcz_transfer_of_projection(const double weights[2], double m[16]);
/* The trace goes on, the qubit becomes |0>. */
void zcz_transfer_of_reset(double m[16]);
/* target = a b, of `size` <= 16 rows; target may be a. */
void zcz_transfer_multiply(uint32_t size, const double *a, const double *b, double *target);
/* The map on two qubits that acts as `one` on the given one (0 = lower digit). */
void zcz_transfer_widen(const double one[16], uint32_t place, double two[256]);
/* Exchanges the two qubits. */
void zcz_transfer_swap(double two[256]);

/* In place, for each of k qubits: coefficients -> matrix elements (digit = row + 2 column),
 * the factors 1/2 on this way; and back. */
void zcz_transfer_to_elements(uint32_t k, zcz_complex *values);
void zcz_transfer_to_coefficients(uint32_t k, zcz_complex *values);

#endif
