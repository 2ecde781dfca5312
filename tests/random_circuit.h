/* Random circuits for tests: every gate of the table, controls, matrices, channels. */
#ifndef ZCZ_TESTS_RANDOM_CIRCUIT_H
#define ZCZ_TESTS_RANDOM_CIRCUIT_H

#include "zcz/circuit.h"

typedef struct random_circuit_options {
  uint32_t qubits, gates;
  bool clifford_only, no_controls, with_unitaries, with_channels, pauli_channels_only;
  bool measure; /* all qubits at the end, qubit q into bit qubits - 1 - q */
} random_circuit_options;

/* The same circuit for the same number; the caller frees it. Aborts the test on misuse. */
zcz_circuit *random_circuit(zcz_context *context, const random_circuit_options *options,
                            uint64_t number);

#endif
