/* What a Clifford operation does to Paulis, read off its matrix. */
#ifndef ZCZ_SIM_STABILIZER_CLIFFORD_H
#define ZCZ_SIM_STABILIZER_CLIFFORD_H

#include "zcz/circuit.h"

/* A Hermitian Pauli on at most two qubits: bit 0 X and bit 1 Z on the first qubit, bits 2 and 3 on
 * the second (X and Z together are Y), and the sign. */
enum { ZCZ_PAULI_MINUS = 16, ZCZ_PAULI_BITS = 15 };

/* Images of X, Z on the first qubit, X, Z on the second. */
typedef struct zcz_clifford {
  uint8_t num_qubits; /* 0, 1 or 2 */
  uint8_t forward[4]; /* U P U^-1 */
  uint8_t inverse[4]; /* U^-1 P U */
} zcz_clifford;

/* False when the operation is not Clifford. */
bool zcz_clifford_read(const zcz_op *op, zcz_clifford *clifford);

/* The image of any Pauli (`pauli` in the bits above) under the images of the generators. */
uint8_t zcz_clifford_image(const uint8_t images[4], uint8_t pauli);

/* Operations repeat; the matrices behind them are looked at once. */
enum { ZCZ_CLIFFORD_SLOTS = 256 };
typedef struct zcz_clifford_cache {
  const zcz_op *ops[ZCZ_CLIFFORD_SLOTS]; /* borrowed from the circuit; NULL = free slot */
  zcz_clifford cliffords[ZCZ_CLIFFORD_SLOTS];
  bool able[ZCZ_CLIFFORD_SLOTS];
} zcz_clifford_cache;

/* NULL when the operation is not Clifford; good until the next call. The cache begins zeroed. */
const zcz_clifford *zcz_clifford_look_up(zcz_clifford_cache *cache, const zcz_op *op);

#endif
