#include "compile/blocks.h"

#include <string.h>

#include "base/memory.h"

static bool blocks_marked_once(const zcz_circuit *circuit, uint8_t *seen) {
  uint32_t num_blocks = zcz_circuit_num_blocks(circuit);
  seen[0] = 1;
  for (uint32_t block = 0; block < num_blocks; block++) {
    const zcz_op *ops = zcz_circuit_ops(circuit, block);
    size_t count = zcz_circuit_num_ops(circuit, block);
    for (size_t i = 0; i < count; i++) {
      if (ops[i].kind != ZCZ_OP_IF && ops[i].kind != ZCZ_OP_WHILE) continue;
      for (int side = 0; side < 2; side++) {
        uint32_t body = ops[i].blocks[side];
        if (body == ZCZ_NONE) continue;
        if (body >= num_blocks || seen[body]) return false;
        seen[body] = 1;
      }
    }
  }
  return true;
}

zcz_status zcz_blocks_check(const zcz_circuit *circuit, zcz_error *error) {
  uint32_t num_blocks = zcz_circuit_num_blocks(circuit);
  if (num_blocks == 1) return ZCZ_OK;
  zcz_context *context = zcz_circuit_context(circuit);
  uint8_t *seen = zcz_memory_zeroed(context, num_blocks, 1);
  if (!seen) return zcz_fail_memory(context, error, "the blocks of a circuit", num_blocks);
  bool good = blocks_marked_once(circuit, seen);
  zcz_memory_release(context, seen);
  if (good) return ZCZ_OK;
  return zcz_fail(error, ZCZ_ERROR_BUG, "a block of the circuit is the body of two operations");
}

zcz_status zcz_blocks_like(const zcz_circuit *source, zcz_circuit *result, zcz_error *error) {
  while (zcz_circuit_num_blocks(result) < zcz_circuit_num_blocks(source)) {
    uint32_t block;
    ZCZ_TRY(zcz_circuit_add_block(result, &block, error));
  }
  return ZCZ_OK;
}

void zcz_expression_reads(const zcz_circuit *circuit, uint32_t expression,
                          zcz_read_function *function, void *user) {
  while (expression != ZCZ_NONE) {
    const zcz_expression *e = &zcz_circuit_expressions(circuit)[expression];
    expression = ZCZ_NONE;
    switch (e->kind) {
    case ZCZ_EXPRESSION_CONSTANT: break;
    case ZCZ_EXPRESSION_BIT: function(user, true, e->index, 1); break;
    case ZCZ_EXPRESSION_BITS: function(user, true, e->index, e->size); break;
    case ZCZ_EXPRESSION_VARIABLE: function(user, false, e->index, 1); break;
    case ZCZ_EXPRESSION_BINARY:
      zcz_expression_reads(circuit, e->right, function, user);
      expression = e->left; /* long chains of left-associative operators need no stack */
      break;
    case ZCZ_EXPRESSION_UNARY: expression = e->left; break;
    }
  }
}

typedef struct later {
  uint8_t *qubits, *bits; /* what the operations walked so far touch */
} later;

static void later_read(void *user, bool bits, uint32_t first, uint32_t count) {
  later *l = user;
  if (bits) memset(l->bits + first, 1, count);
}

static void later_op(const zcz_circuit *circuit, const zcz_op *op, later *l) {
  if (op->kind == ZCZ_OP_BARRIER || op->kind == ZCZ_OP_DELAY) return;
  for (uint32_t k = 0; k < op->num_qubits; k++) l->qubits[op->qubits[k]] = 1;
  if (op->bit != ZCZ_NONE) l->bits[op->bit] = 1;
  if (op->expression != ZCZ_NONE) zcz_expression_reads(circuit, op->expression, later_read, l);
  for (int side = 0; side < 2; side++) {
    if (op->blocks[side] == ZCZ_NONE) continue;
    const zcz_op *ops = zcz_circuit_ops(circuit, op->blocks[side]);
    size_t count = zcz_circuit_num_ops(circuit, op->blocks[side]);
    for (size_t i = 0; i < count; i++) later_op(circuit, &ops[i], l);
  }
}

zcz_status zcz_terminal_measurements(const zcz_circuit *circuit, uint8_t *terminal,
                                     zcz_error *error) {
  zcz_context *context = zcz_circuit_context(circuit);
  size_t qubits = zcz_circuit_num_qubits(circuit), bits = zcz_circuit_num_bits(circuit);
  later l = {.qubits = zcz_memory_zeroed(context, qubits + bits + 1, 1)};
  if (!l.qubits) return zcz_fail_memory(context, error, "the end of a circuit", qubits + bits);
  l.bits = l.qubits + qubits;
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  for (size_t i = zcz_circuit_num_ops(circuit, 0); i-- > 0;) {
    const zcz_op *op = &ops[i];
    terminal[i] = op->kind == ZCZ_OP_MEASURE && !l.qubits[op->qubits[0]] &&
                  (op->bit == ZCZ_NONE || !l.bits[op->bit]);
    later_op(circuit, op, &l);
  }
  zcz_memory_release(context, l.qubits);
  return ZCZ_OK;
}
