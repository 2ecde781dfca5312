/* Pauli strings and sums of them. */
#ifndef ZCZ_OBSERVABLE_H
#define ZCZ_OBSERVABLE_H

#include "zcz/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct zcz_factor {
  uint32_t qubit;
  char pauli; /* 'X', 'Y', 'Z' */
} zcz_factor;

typedef struct zcz_term {
  double coefficient;
  uint32_t num_factors;      /* 0 = a constant */
  const zcz_factor *factors; /* ascending qubits, each at most once */
} zcz_term;

typedef struct zcz_observable {
  const char *text; /* as given */
  uint32_t num_terms;
  const zcz_term *terms;
} zcz_observable;

/* Reads "0.5*Z0*Z1 - X3 + 2": real coefficients, products of Paulis on qubits below `num_qubits`
 * (the same qubit twice multiplies out; an imaginary coefficient left over is refused). Returns one
 * that zcz_observable_free releases. USAGE with the column otherwise. */
ZCZ_API zcz_status zcz_observable_parse(zcz_context *context, const char *text, uint32_t num_qubits,
                                        zcz_observable **observable,
                                        zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API void zcz_observable_free(zcz_context *context, zcz_observable *observable);

#ifdef __cplusplus
}
#endif
#endif
