/* A density matrix as its 4^n real Pauli coefficients (see transfer.h), and what may be done to it.
 * The trace is not kept at 1: a branch of a measurement carries its probability. The same calls give
 * the same bits for any thread count and instruction set. */
#ifndef ZCZ_SIM_DENSITY_STATE_H
#define ZCZ_SIM_DENSITY_STATE_H

#include "sim/density/kernel.h"
#include "sim/engine.h"

enum { ZCZ_DENSITY_MAX_QUBITS = 15, ZCZ_DENSITY_MAX_OP_QUBITS = 10 };

typedef struct zcz_density {
  zcz_context *context;
  uint32_t num_qubits;
  uint32_t digits; /* num_qubits, at least ZCZ_DENSITY_MIN_DIGITS: the further qubits stay |0> */
  bool single;     /* float, else double */
  int threads;
  size_t count; /* 4^digits */
  void *data;
  zcz_density_kernels kernels;
} zcz_density;

/* Bytes of one. */
uint64_t zcz_density_bytes(uint32_t num_qubits, zcz_precision precision);
/* |0..0>. Small ones are kept in double whatever the precision asked for. */
zcz_status zcz_density_new(zcz_context *context, uint32_t num_qubits, zcz_precision precision,
                           zcz_density **density, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_density_free(zcz_density *density);
void zcz_density_clear(zcz_density *density); /* back to |0..0> */
/* Same qubits, same precision. */
void zcz_density_copy(zcz_density *target, const zcz_density *source);
void zcz_density_add(zcz_density *target, const zcz_density *source);

/* Makes a map ready: `matrix` of 4 (one qubit) or 16 rows, the first qubit its lower digit. */
void zcz_density_map_make(uint32_t num_qubits, const uint32_t *qubits, const double *matrix,
                          zcz_density_map *map);
void zcz_density_apply(zcz_density *density, const zcz_density_map *map);
/* A GATE or UNITARY on 3 .. ZCZ_DENSITY_MAX_OP_QUBITS qubits. */
zcz_status zcz_density_apply_large(zcz_density *density, const zcz_op *op,
                                   zcz_error *error) ZCZ_MUST_CHECK;

/* Tr(P rho) of the Pauli string with digit d (0..3 = I X Y Z) at base-4 place q of `index`. */
double zcz_density_coefficient(const zcz_density *density, size_t index);
/* probabilities[j], j < 2^k, of the values j of k distinct qubits, qubits[i] being bit i; `flips`,
 * NULL or k pairs P(read 1 | 0), P(read 0 | 1). Rounding may leave values below 0. */
void zcz_density_marginal(const zcz_density *density, uint32_t k, const uint32_t *qubits,
                          const double (*flips)[2], double *probabilities);

#endif
