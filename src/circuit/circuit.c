#include "circuit/circuit.h"

#include <string.h>

enum { CHUNK_SIZE = 16 << 10 };

zcz_status zcz_circuit_new(zcz_context *context, zcz_circuit **circuit, zcz_error *error) {
  *circuit = NULL;
  zcz_circuit *made = zcz_memory_zeroed(context, 1, sizeof *made);
  if (made == NULL) return zcz_fail_memory(context, error, "a circuit", sizeof *made);
  made->context = context;
  uint32_t block;
  zcz_status status = zcz_circuit_add_block(made, &block, error);
  if (status != ZCZ_OK) {
    zcz_circuit_free(made);
    return status;
  }
  *circuit = made;
  return ZCZ_OK;
}

void zcz_circuit_free(zcz_circuit *circuit) {
  if (circuit == NULL) return;
  zcz_context *context = circuit->context;
  for (size_t i = 0; i < circuit->num_blocks; i++)
    zcz_memory_release(context, circuit->blocks[i].ops);
  zcz_memory_release(context, circuit->blocks);
  zcz_memory_release(context, circuit->qubits.list);
  zcz_memory_release(context, circuit->bits.list);
  zcz_memory_release(context, circuit->labels);
  zcz_memory_release(context, circuit->variables);
  zcz_memory_release(context, circuit->expressions);
  for (zcz_chunk *chunk = circuit->chunks; chunk != NULL;) {
    zcz_chunk *next = chunk->next;
    zcz_memory_release(context, chunk);
    chunk = next;
  }
  zcz_memory_release(context, circuit);
}

void *zcz_circuit_store(zcz_circuit *circuit, size_t size) {
  size = (size + 7) & ~(size_t)7;
  zcz_chunk *chunk = circuit->chunks;
  if (chunk == NULL || chunk->size - chunk->used < size) {
    /* Small circuits stay small; a big block gets a chunk of its own behind the current one. */
    size_t wanted = chunk == NULL ? 1024 : CHUNK_SIZE;
    if (wanted < size) wanted = size;
    chunk = zcz_memory_allocate(circuit->context, sizeof *chunk + wanted);
    if (chunk == NULL) return NULL;
    *chunk = (zcz_chunk){.next = circuit->chunks, .size = wanted};
    circuit->chunks = chunk;
  }
  void *place = chunk->data + chunk->used;
  chunk->used += size;
  return place;
}

static const char *store_text(zcz_circuit *circuit, const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = zcz_circuit_store(circuit, size);
  if (copy != NULL) memcpy(copy, text, size);
  return copy;
}

static zcz_status add_register(zcz_circuit *circuit, zcz_registers *registers, const char *name,
                               uint32_t size, uint32_t *offset, zcz_error *error) {
  if (size > ZCZ_NONE - 1 - registers->total)
    return zcz_fail(error, ZCZ_ERROR_UNABLE, "register %s of %u brings the total past %u", name,
                    size, ZCZ_NONE - 1);
  const char *copy = store_text(circuit, name);
  if (copy == NULL || !zcz_memory_grow(circuit->context, &registers->list, &registers->capacity,
                                       registers->count + 1, sizeof *registers->list))
    return zcz_fail_memory(circuit->context, error, "a register", sizeof(zcz_register));
  registers->list[registers->count++] =
      (zcz_register){.name = copy, .offset = registers->total, .size = size};
  if (offset != NULL) *offset = registers->total;
  registers->total += size;
  return ZCZ_OK;
}

zcz_status zcz_circuit_add_qubits(zcz_circuit *circuit, const char *name, uint32_t size,
                                  uint32_t *offset, zcz_error *error) {
  if (circuit->labels != NULL && size > 0) {
    size_t total = (size_t)circuit->qubits.total + size;
    uint32_t *labels = zcz_memory_resize(circuit->context, circuit->labels, total * sizeof *labels);
    if (labels == NULL)
      return zcz_fail_memory(circuit->context, error, "qubit labels", total * sizeof *labels);
    for (size_t i = circuit->qubits.total; i < total; i++) labels[i] = ZCZ_NONE;
    circuit->labels = labels;
  }
  return add_register(circuit, &circuit->qubits, name, size, offset, error);
}

zcz_status zcz_circuit_add_bits(zcz_circuit *circuit, const char *name, uint32_t size,
                                uint32_t *offset, zcz_error *error) {
  return add_register(circuit, &circuit->bits, name, size, offset, error);
}

zcz_status zcz_circuit_add_variable(zcz_circuit *circuit, const zcz_variable *variable,
                                    uint32_t *index, zcz_error *error) {
  zcz_variable copy = *variable;
  copy.name = store_text(circuit, variable->name);
  if (copy.name == NULL ||
      !zcz_memory_grow(circuit->context, &circuit->variables, &circuit->variable_capacity,
                       circuit->num_variables + 1, sizeof copy))
    return zcz_fail_memory(circuit->context, error, "a variable", sizeof copy);
  *index = (uint32_t)circuit->num_variables;
  circuit->variables[circuit->num_variables++] = copy;
  return ZCZ_OK;
}

static zcz_status check_expression(const zcz_circuit *circuit, const zcz_expression *expression,
                                   zcz_error *error) {
  bool good = false;
  const size_t count = circuit->num_expressions;
  switch (expression->kind) {
  case ZCZ_EXPRESSION_CONSTANT: good = true; break;
  case ZCZ_EXPRESSION_BIT: good = expression->index < circuit->bits.total; break;
  case ZCZ_EXPRESSION_BITS:
    good = expression->size <= circuit->bits.total &&
           expression->index <= circuit->bits.total - expression->size;
    break;
  case ZCZ_EXPRESSION_VARIABLE: good = expression->index < circuit->num_variables; break;
  case ZCZ_EXPRESSION_UNARY: good = expression->left < count; break;
  case ZCZ_EXPRESSION_BINARY: good = expression->left < count && expression->right < count; break;
  }
  if (!good || (unsigned)expression->operation >= ZCZ_OPERATION_COUNT)
    return zcz_fail(error, ZCZ_ERROR_USAGE,
                    "an expression names a bit, variable or expression that does not exist");
  return ZCZ_OK;
}

zcz_status zcz_circuit_add_expression(zcz_circuit *circuit, const zcz_expression *expression,
                                      uint32_t *index, zcz_error *error) {
  ZCZ_TRY(check_expression(circuit, expression, error));
  if (!zcz_memory_grow(circuit->context, &circuit->expressions, &circuit->expression_capacity,
                       circuit->num_expressions + 1, sizeof *expression))
    return zcz_fail_memory(circuit->context, error, "an expression", sizeof *expression);
  *index = (uint32_t)circuit->num_expressions;
  circuit->expressions[circuit->num_expressions++] = *expression;
  return ZCZ_OK;
}

zcz_status zcz_circuit_add_block(zcz_circuit *circuit, uint32_t *block, zcz_error *error) {
  if (!zcz_memory_grow(circuit->context, &circuit->blocks, &circuit->block_capacity,
                       circuit->num_blocks + 1, sizeof *circuit->blocks))
    return zcz_fail_memory(circuit->context, error, "a block", sizeof *circuit->blocks);
  *block = (uint32_t)circuit->num_blocks;
  circuit->blocks[circuit->num_blocks++] = (zcz_block){0};
  return ZCZ_OK;
}

void zcz_circuit_set_label(zcz_circuit *circuit, uint32_t qubit, uint32_t label) {
  if (qubit >= circuit->qubits.total) return;
  if (circuit->labels == NULL) {
    circuit->labels =
        zcz_memory_allocate(circuit->context, circuit->qubits.total * sizeof *circuit->labels);
    if (circuit->labels == NULL) return;
    for (uint32_t i = 0; i < circuit->qubits.total; i++) circuit->labels[i] = ZCZ_NONE;
  }
  circuit->labels[qubit] = label;
}

static zcz_status copy_registers(const zcz_registers *source, zcz_circuit *circuit,
                                 zcz_registers *registers, zcz_error *error) {
  for (size_t i = 0; i < source->count; i++)
    ZCZ_TRY(
        add_register(circuit, registers, source->list[i].name, source->list[i].size, NULL, error));
  return ZCZ_OK;
}

static zcz_status copy_shape(const zcz_circuit *source, uint32_t num_qubits, zcz_circuit *circuit,
                             zcz_error *error) {
  if (num_qubits != ZCZ_NONE) {
    ZCZ_TRY(add_register(circuit, &circuit->qubits, "q", num_qubits, NULL, error));
  } else {
    ZCZ_TRY(copy_registers(&source->qubits, circuit, &circuit->qubits, error));
    if (source->labels != NULL) {
      size_t size = source->qubits.total * sizeof *source->labels;
      circuit->labels = zcz_memory_copy(circuit->context, source->labels, size);
      if (circuit->labels == NULL)
        return zcz_fail_memory(circuit->context, error, "qubit labels", size);
    }
  }
  ZCZ_TRY(copy_registers(&source->bits, circuit, &circuit->bits, error));
  uint32_t index;
  for (size_t i = 0; i < source->num_variables; i++)
    ZCZ_TRY(zcz_circuit_add_variable(circuit, &source->variables[i], &index, error));
  for (size_t i = 0; i < source->num_expressions; i++)
    ZCZ_TRY(zcz_circuit_add_expression(circuit, &source->expressions[i], &index, error));
  return ZCZ_OK;
}

zcz_status zcz_circuit_new_like(const zcz_circuit *source, uint32_t num_qubits,
                                zcz_circuit **circuit, zcz_error *error) {
  ZCZ_TRY(zcz_circuit_new(source->context, circuit, error));
  zcz_status status = copy_shape(source, num_qubits, *circuit, error);
  if (status != ZCZ_OK) {
    zcz_circuit_free(*circuit);
    *circuit = NULL;
  }
  return status;
}

static zcz_status copy_blocks(const zcz_circuit *source, zcz_circuit *circuit, zcz_error *error) {
  uint32_t block;
  for (size_t i = 1; i < source->num_blocks; i++)
    ZCZ_TRY(zcz_circuit_add_block(circuit, &block, error));
  for (size_t i = 0; i < source->num_blocks; i++)
    for (size_t j = 0; j < source->blocks[i].count; j++)
      ZCZ_TRY(zcz_circuit_append(circuit, (uint32_t)i, &source->blocks[i].ops[j], error));
  return ZCZ_OK;
}

zcz_status zcz_circuit_copy(const zcz_circuit *source, zcz_circuit **circuit, zcz_error *error) {
  ZCZ_TRY(zcz_circuit_new_like(source, ZCZ_NONE, circuit, error));
  zcz_status status = copy_blocks(source, *circuit, error);
  if (status != ZCZ_OK) {
    zcz_circuit_free(*circuit);
    *circuit = NULL;
  }
  return status;
}

zcz_context *zcz_circuit_context(const zcz_circuit *circuit) { return circuit->context; }
uint32_t zcz_circuit_num_qubits(const zcz_circuit *circuit) { return circuit->qubits.total; }
uint32_t zcz_circuit_num_bits(const zcz_circuit *circuit) { return circuit->bits.total; }
uint32_t zcz_circuit_num_blocks(const zcz_circuit *circuit) {
  return (uint32_t)circuit->num_blocks;
}
size_t zcz_circuit_num_ops(const zcz_circuit *circuit, uint32_t block) {
  return circuit->blocks[block].count;
}
const zcz_op *zcz_circuit_ops(const zcz_circuit *circuit, uint32_t block) {
  return circuit->blocks[block].ops;
}
uint32_t zcz_circuit_num_qubit_registers(const zcz_circuit *circuit) {
  return (uint32_t)circuit->qubits.count;
}
const zcz_register *zcz_circuit_qubit_registers(const zcz_circuit *circuit) {
  return circuit->qubits.list;
}
uint32_t zcz_circuit_num_bit_registers(const zcz_circuit *circuit) {
  return (uint32_t)circuit->bits.count;
}
const zcz_register *zcz_circuit_bit_registers(const zcz_circuit *circuit) {
  return circuit->bits.list;
}
uint32_t zcz_circuit_num_variables(const zcz_circuit *circuit) {
  return (uint32_t)circuit->num_variables;
}
const zcz_variable *zcz_circuit_variables(const zcz_circuit *circuit) { return circuit->variables; }
uint32_t zcz_circuit_num_expressions(const zcz_circuit *circuit) {
  return (uint32_t)circuit->num_expressions;
}
const zcz_expression *zcz_circuit_expressions(const zcz_circuit *circuit) {
  return circuit->expressions;
}
uint32_t zcz_circuit_label(const zcz_circuit *circuit, uint32_t qubit) {
  return circuit->labels == NULL ? ZCZ_NONE : circuit->labels[qubit];
}

size_t zcz_circuit_size(const zcz_circuit *circuit) {
  size_t size = 0;
  for (size_t i = 0; i < circuit->num_blocks; i++) size += circuit->blocks[i].count;
  return size;
}
