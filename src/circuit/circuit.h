/* The inside of a circuit. Only src/circuit looks into it. */
#ifndef ZCZ_CIRCUIT_CIRCUIT_H
#define ZCZ_CIRCUIT_CIRCUIT_H

#include "base/memory.h"
#include "zcz/circuit.h"

/* Qubits, parameters and names live in chunks that never move, so operations may point at them. */
typedef struct zcz_chunk {
  struct zcz_chunk *next;
  size_t used, size;
  char data[];
} zcz_chunk;

typedef struct zcz_block {
  zcz_op *ops;
  size_t count, capacity;
} zcz_block;

typedef struct zcz_registers {
  zcz_register *list;
  size_t count, capacity;
  uint32_t total;
} zcz_registers;

struct zcz_circuit {
  zcz_context *context;
  zcz_chunk *chunks;
  zcz_registers qubits, bits;
  uint32_t *labels; /* one a qubit, NULL = none has one */
  zcz_block *blocks;
  size_t num_blocks, block_capacity;
  zcz_variable *variables;
  size_t num_variables, variable_capacity;
  zcz_expression *expressions;
  size_t num_expressions, expression_capacity;
};

/* Room for `size` bytes that lives as long as the circuit; NULL when out of memory. */
void *zcz_circuit_store(zcz_circuit *circuit, size_t size);

/* USAGE unless `op` may stand in this circuit. */
zcz_status zcz_op_check(const zcz_circuit *circuit, const zcz_op *op, zcz_error *error);

#endif
