/* Random dynamic circuits for tests: measurement anywhere, reset, feed-forward, loops that end, barriers. */
#ifndef ZCZ_TESTS_RANDOM_DYNAMIC_H
#define ZCZ_TESTS_RANDOM_DYNAMIC_H

#include "zcz/circuit.h"

typedef struct random_dynamic_options {
  uint32_t qubits, bits, operations;
  bool channels;     /* noise channels too */
  bool control_flow; /* IF, WHILE and ASSIGN too */
  bool measure_some; /* at the end, some qubits into random bits */
} random_dynamic_options;

/* The same circuit for the same number; the caller frees it. Aborts on misuse. */
zcz_circuit *random_dynamic(zcz_context *context, const random_dynamic_options *options,
                            uint64_t number);

#endif
