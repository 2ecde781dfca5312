/* The native pass. One-qubit gates wait on their qubit and two-qubit operations in the run of their
 * coupler until something that does not merge with them comes: then they are resynthesised. */
#include <string.h>

#include "base/memory.h"
#include "base/progress.h"
#include "compile/native.h"
#include "compile/passes.h"

/* Closes runs and empties the qubit: for what nothing may cross. */
static zcz_status fence(zcz_native *native, uint32_t qubit, bool measured, zcz_error *error) {
  ZCZ_TRY(zcz_native_close(native, qubit, error));
  return zcz_native_settle(native, qubit, measured, error);
}

/* Marks the qubits of a block and of the blocks inside it. Blocks name only later blocks or form
 * loops through text that cannot; `depth` guards against the latter. */
static void mark_touched(zcz_native *native, uint32_t block, uint8_t *touched, uint32_t depth) {
  const zcz_op *ops = zcz_circuit_ops(native->source, block);
  size_t count = zcz_circuit_num_ops(native->source, block);
  if (depth > zcz_circuit_num_blocks(native->source)) return;
  for (size_t i = 0; i < count; i++) {
    for (uint32_t q = 0; q < ops[i].num_qubits; q++) touched[ops[i].qubits[q]] = 1;
    if (ops[i].kind != ZCZ_OP_IF && ops[i].kind != ZCZ_OP_WHILE) continue;
    for (int k = 0; k < 2; k++)
      if (ops[i].blocks[k] != ZCZ_NONE) mark_touched(native, ops[i].blocks[k], touched, depth + 1);
  }
}

static zcz_status fence_control_flow(zcz_native *native, const zcz_op *op, zcz_error *error) {
  uint32_t num_qubits = native->chip->num_qubits;
  memset(native->touched, 0, num_qubits);
  for (int k = 0; k < 2; k++)
    if (op->blocks[k] != ZCZ_NONE) mark_touched(native, op->blocks[k], native->touched, 0);
  for (uint32_t q = 0; q < num_qubits; q++)
    if (native->touched[q]) ZCZ_TRY(fence(native, q, false, error));
  return ZCZ_OK;
}

static bool is_unitary(const zcz_op *op) {
  return op->kind == ZCZ_OP_GATE || op->kind == ZCZ_OP_UNITARY;
}

static zcz_status add_unitary(zcz_native *native, const zcz_op *op, zcz_error *error) {
  if (op->num_qubits == 0) return ZCZ_OK; /* a global phase */
  if (op->num_qubits == 2) return zcz_native_add_two(native, op, error);
  if (op->num_qubits > 2)
    return zcz_fail(error, ZCZ_ERROR_BUG, "an operation on %u qubits reached the native pass",
                    op->num_qubits);
  zcz_matrix2 matrix;
  zcz_op_matrix(op, matrix.at);
  if (op->kind == ZCZ_OP_UNITARY) zcz_matrix2_orthonormalize(&matrix);
  zcz_native_add_one(native, op->qubits[0], &matrix, op->line);
  return ZCZ_OK;
}

static zcz_status add_fence(zcz_native *native, const zcz_op *op, zcz_error *error) {
  /* A reset keeps the pulses before it: they mostly compute the qubit back to 0, and every engine has less to do
   * where a reset finds a 0. */
  bool measured = op->kind == ZCZ_OP_MEASURE || op->kind == ZCZ_OP_RESET;
  for (uint32_t i = 0; i < op->num_qubits; i++) {
    ZCZ_TRY(zcz_native_close(native, op->qubits[i], error));
    ZCZ_TRY(zcz_native_settle(native, op->qubits[i], measured, error));
  }
  if (op->kind == ZCZ_OP_IF || op->kind == ZCZ_OP_WHILE)
    ZCZ_TRY(fence_control_flow(native, op, error));
  return zcz_circuit_append(native->result, native->block, op, error);
}

static bool is_native_one_qubit(const zcz_op *op) {
  if (op->kind != ZCZ_OP_GATE || op->num_controls > 0) return false;
  switch ((zcz_gate)op->code) {
  case ZCZ_GATE_X2P:
  case ZCZ_GATE_X2M:
  case ZCZ_GATE_Y2P:
  case ZCZ_GATE_Y2M:
  case ZCZ_GATE_XY2P:
  case ZCZ_GATE_XY2M:
  case ZCZ_GATE_RZ: return true;
  default: return false;
  }
}

/* In place: what is native stays, anything else becomes its own pulses or its own run. */
static zcz_status add_as_written(zcz_native *native, const zcz_op *op, zcz_error *error) {
  if (is_native_one_qubit(op)) return zcz_circuit_append(native->result, native->block, op, error);
  bool stays = false;
  if (op->num_qubits == 2) ZCZ_TRY(zcz_native_keep_two(native, op, &stays, error));
  if (stays) return ZCZ_OK;
  ZCZ_TRY(add_unitary(native, op, error));
  for (uint32_t i = 0; i < op->num_qubits; i++) ZCZ_TRY(fence(native, op->qubits[i], false, error));
  return ZCZ_OK;
}

static zcz_status pass_block(zcz_native *native, bool keep_as_written, zcz_error *error) {
  const zcz_op *ops = zcz_circuit_ops(native->source, native->block);
  size_t count = zcz_circuit_num_ops(native->source, native->block);
  for (size_t i = 0; i < count; i++) {
    if (i % 1024 == 0 && zcz_cancelled(native->context))
      return zcz_fail_cancelled(native->context, error);
    if (!is_unitary(&ops[i]))
      ZCZ_TRY(add_fence(native, &ops[i], error));
    else if (keep_as_written)
      ZCZ_TRY(add_as_written(native, &ops[i], error));
    else
      ZCZ_TRY(add_unitary(native, &ops[i], error));
  }
  for (uint32_t q = 0; q < native->chip->num_qubits; q++) ZCZ_TRY(fence(native, q, false, error));
  return ZCZ_OK;
}

static zcz_status pass_all(zcz_native *native, bool keep_as_written, zcz_error *error) {
  uint32_t blocks = zcz_circuit_num_blocks(native->source), added;
  for (uint32_t b = 1; b < blocks; b++)
    ZCZ_TRY(zcz_circuit_add_block(native->result, &added, error));
  for (native->block = 0; native->block < blocks; native->block++)
    ZCZ_TRY(pass_block(native, keep_as_written, error));
  return ZCZ_OK;
}

static zcz_status open_state(zcz_native *native, zcz_error *error) {
  uint32_t qubits = native->chip->num_qubits, couplers = native->chip->num_couplers;
  native->waiting = zcz_memory_zeroed(native->context, qubits, sizeof *native->waiting);
  native->touched = zcz_memory_zeroed(native->context, qubits, 1);
  native->runs = zcz_memory_zeroed(native->context, couplers, sizeof *native->runs);
  native->couplers = zcz_memory_zeroed(native->context, couplers, sizeof *native->couplers);
  if (native->waiting == NULL || native->touched == NULL || native->runs == NULL ||
      native->couplers == NULL)
    return zcz_fail_memory(native->context, error, "the native pass",
                           (uint64_t)qubits * sizeof *native->waiting);
  for (uint32_t q = 0; q < qubits; q++) native->waiting[q].coupler = ZCZ_NONE;
  return ZCZ_OK;
}

static void close_state(zcz_native *native) {
  for (uint32_t c = 0; c < native->chip->num_couplers; c++) {
    if (native->runs != NULL) zcz_memory_release(native->context, native->runs[c]);
    if (native->couplers != NULL) zcz_memory_release(native->context, native->couplers[c]);
  }
  zcz_memory_release(native->context, native->runs);
  zcz_memory_release(native->context, native->couplers);
  zcz_memory_release(native->context, native->waiting);
  zcz_memory_release(native->context, native->touched);
}

zcz_status zcz_pass_native(const zcz_circuit *source, const zcz_chip *chip, bool keep_as_written,
                           zcz_circuit **result, zcz_error *error) {
  zcz_native native = {.context = zcz_circuit_context(source), .source = source, .chip = chip};
  *result = NULL;
  if (zcz_circuit_num_qubits(source) != chip->num_qubits)
    return zcz_fail(error, ZCZ_ERROR_BUG, "a circuit on %u qubits is not placed on a chip of %u",
                    zcz_circuit_num_qubits(source), chip->num_qubits);
  ZCZ_TRY(zcz_circuit_new_like(source, ZCZ_NONE, &native.result, error));
  zcz_status status = open_state(&native, error);
  if (status == ZCZ_OK) status = pass_all(&native, keep_as_written, error);
  close_state(&native);
  if (status == ZCZ_OK)
    *result = native.result;
  else
    zcz_circuit_free(native.result);
  return status;
}
