/* The slow, obvious second implementation: what a circuit means, worked out densely in double precision, one amplitude
 * at a time, sharing nothing with the engines. Only for tests; it aborts where it cannot. */
#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include <complex.h>
#undef I /* cmocka and others use the name; _Complex_I stays */

#include "zcz/circuit.h"
#include "zcz/observable.h"

typedef double complex oracle_number;

/* The matrix of a table gate by its definition as an exponential or a root, row-major, first qubit least significant. */
void oracle_gate_matrix(zcz_gate gate, const double *params, oracle_number *matrix);

/* True where the state stays pure and no bit is used before the end: gates and measurements at the ends of qubits.
 * Such circuits may have up to 24 qubits, any other up to 9 (a density matrix for each classical
 * outcome); without noise more, where there are few outcomes (a ket for each way there). */
bool oracle_is_pure(const zcz_circuit *circuit);

/* The state of a pure circuit, measurements left out: 2^n amplitudes, the caller frees them. */
oracle_number *oracle_state(const zcz_circuit *circuit);

/* The whole unitary (column by column; up to 12 qubits, no measurement): 4^n entries, row-major, the caller frees it. */
oracle_number *oracle_unitary(const zcz_circuit *circuit);

/* The density matrix at the end, summed over classical outcomes: 4^n entries, row-major, the caller frees it. */
oracle_number *oracle_density(const zcz_circuit *circuit);

/* Probabilities of the classical memory (at most 64 bits), ascending, those below 1e-16 left out; of all qubits where
 * the circuit has no measurement. Readout errors included. oracle_distribution_free releases both arrays. */
struct oracle_distribution {
  size_t count;
  uint64_t *keys;
  double *probabilities;
};
struct oracle_distribution oracle_distribution(const zcz_circuit *circuit);
void oracle_distribution_free(struct oracle_distribution *distribution);

/* The probability of one key. */
double oracle_probability(const struct oracle_distribution *distribution, uint64_t key);
/* The largest difference in any one probability. */
double oracle_difference(const struct oracle_distribution *a, const struct oracle_distribution *b);

/* The expectation value at the end of a circuit, measurements at the ends of qubits left out. */
double oracle_expectation(const zcz_circuit *circuit, const zcz_observable *observable);

/* max |a_i - c b_i| over `count` numbers, c the phase that fits best. */
double oracle_distance_up_to_phase(const oracle_number *a, const oracle_number *b, size_t count);

#endif
