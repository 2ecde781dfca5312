/* The expand pass: every GATE and UNITARY to at most two qubits. */
#include "compile/expand.h"

#include <string.h>

#include "base/memory.h"
#include "base/progress.h"
#include "compile/passes.h"

/* `count` qubits = controls, then the target of a one-qubit gate. */
static zcz_status one_qubit(zcz_expand *expand, const zcz_op *op, zcz_error *error) {
  zcz_matrix2 matrix;
  if (op->kind == ZCZ_OP_GATE && op->code == ZCZ_GATE_X)
    return zcz_expand_x(expand, op->num_qubits, op->qubits, error);
  if (op->kind == ZCZ_OP_GATE)
    zcz_gate_matrix((zcz_gate)op->code, op->params, matrix.at);
  else
    memcpy(matrix.at, op->params, sizeof matrix.at);
  if (op->kind == ZCZ_OP_UNITARY) zcz_matrix2_orthonormalize(&matrix);
  return zcz_expand_controlled(expand, op->num_qubits, op->qubits, &matrix, error);
}

/* Lists the controls and then one or both targets, in the order given. */
static void list_qubits(const zcz_op *op, uint32_t first, uint32_t second, uint32_t *list) {
  memcpy(list, op->qubits, op->num_controls * sizeof *list);
  list[op->num_controls] = first;
  list[op->num_controls + 1] = second;
}

/* exp(-i theta/2 (XX + YY)) turns a about X by 2 theta where a and b differ, which a CX makes b = 1; then the
 * phase of 11. */
static zcz_status controlled_fsim(zcz_expand *expand, const zcz_op *op, double theta, double phi,
                                  uint32_t *list, zcz_error *error) {
  uint32_t a = op->qubits[op->num_controls], b = op->qubits[op->num_controls + 1];
  list_qubits(op, b, a, list);
  ZCZ_TRY(zcz_expand_cx(expand, a, b, error));
  ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_H, a, 0, error));
  ZCZ_TRY(zcz_expand_rz(expand, op->num_qubits, list, 2 * theta, error));
  ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_H, a, 0, error));
  ZCZ_TRY(zcz_expand_cx(expand, a, b, error));
  if (phi == 0) return ZCZ_OK;
  return zcz_expand_phase(expand, op->num_qubits, list, -phi, error);
}

/* exp(-i angle PQ/2): turned to ZZ, which a CX makes Z of the second; only that is controlled. */
static zcz_status controlled_ising(zcz_expand *expand, const zcz_op *op, uint32_t *list,
                                   zcz_error *error) {
  uint32_t a = op->qubits[op->num_controls], b = op->qubits[op->num_controls + 1];
  bool yy = op->code == ZCZ_GATE_RYY;
  zcz_gate turn = yy ? ZCZ_GATE_RX : ZCZ_GATE_H;
  bool turn_a = yy || op->code == ZCZ_GATE_RXX;
  bool turn_b = turn_a || op->code == ZCZ_GATE_RZX;
  list_qubits(op, b, a, list);
  if (turn_a) ZCZ_TRY(zcz_expand_one(expand, turn, a, 0.5 * ZCZ_PI, error));
  if (turn_b) ZCZ_TRY(zcz_expand_one(expand, turn, b, 0.5 * ZCZ_PI, error));
  ZCZ_TRY(zcz_expand_cx(expand, a, b, error));
  ZCZ_TRY(zcz_expand_rz(expand, op->num_qubits - 1, list, op->params[0], error));
  ZCZ_TRY(zcz_expand_cx(expand, a, b, error));
  if (turn_a) ZCZ_TRY(zcz_expand_one(expand, turn, a, -0.5 * ZCZ_PI, error));
  if (turn_b) ZCZ_TRY(zcz_expand_one(expand, turn, b, -0.5 * ZCZ_PI, error));
  return ZCZ_OK;
}

static zcz_status controlled_swap(zcz_expand *expand, const zcz_op *op, uint32_t *list,
                                  zcz_error *error) {
  uint32_t a = op->qubits[op->num_controls], b = op->qubits[op->num_controls + 1];
  list_qubits(op, a, b, list);
  ZCZ_TRY(zcz_expand_cx(expand, b, a, error));
  ZCZ_TRY(zcz_expand_x(expand, op->num_qubits, list, error));
  return zcz_expand_cx(expand, b, a, error);
}

static zcz_status two_qubits(zcz_expand *expand, const zcz_op *op, zcz_error *error) {
  uint32_t *list = zcz_memory_allocate(expand->context, op->num_qubits * sizeof *list);
  if (list == NULL)
    return zcz_fail_memory(expand->context, error, "a list of qubits",
                           op->num_qubits * sizeof *list);
  zcz_status status;
  switch ((zcz_gate)op->code) {
  case ZCZ_GATE_SWAP: status = controlled_swap(expand, op, list, error); break;
  case ZCZ_GATE_ISWAP: status = controlled_fsim(expand, op, -0.5 * ZCZ_PI, 0, list, error); break;
  case ZCZ_GATE_ISWAPDG: status = controlled_fsim(expand, op, 0.5 * ZCZ_PI, 0, list, error); break;
  case ZCZ_GATE_FSIM:
    status = controlled_fsim(expand, op, op->params[0], op->params[1], list, error);
    break;
  case ZCZ_GATE_RXX:
  case ZCZ_GATE_RYY:
  case ZCZ_GATE_RZZ:
  case ZCZ_GATE_RZX: status = controlled_ising(expand, op, list, error); break;
  default:
    status = zcz_fail(error, ZCZ_ERROR_BUG, "no way to control the gate %s",
                      zcz_gate_describe((zcz_gate)op->code)->name);
  }
  zcz_memory_release(expand->context, list);
  return status;
}

static zcz_status expand_op(zcz_expand *expand, const zcz_op *op, zcz_error *error) {
  bool is_gate = op->kind == ZCZ_OP_GATE;
  uint32_t targets = op->num_qubits - op->num_controls;
  expand->line = op->line;
  expand->op = op;
  if (op->kind != ZCZ_OP_BARRIER)
    for (uint32_t i = 0; i < op->num_qubits; i++)
      expand->over[op->qubits[i]] = op->kind == ZCZ_OP_MEASURE;
  if (!is_gate && op->kind != ZCZ_OP_UNITARY)
    return zcz_circuit_append(expand->result, expand->block, op, error);
  if (is_gate && op->code == ZCZ_GATE_GPHASE)
    return zcz_expand_phase(expand, op->num_controls, op->qubits, op->params[0], error);
  if (is_gate && op->code == ZCZ_GATE_ID && op->num_controls > 0) return ZCZ_OK;
  if (op->num_qubits <= 2) return zcz_circuit_append(expand->result, expand->block, op, error);
  if (targets == 1) return one_qubit(expand, op, error);
  if (is_gate) return two_qubits(expand, op, error);
  return zcz_expand_unitary(expand, op->num_controls, op->num_qubits, op->qubits,
                            (const zcz_complex *)(const void *)op->params, error);
}

static zcz_status expand_all(zcz_expand *expand, const zcz_circuit *source, zcz_error *error) {
  uint32_t blocks = zcz_circuit_num_blocks(source), added;
  for (uint32_t b = 1; b < blocks; b++)
    ZCZ_TRY(zcz_circuit_add_block(expand->result, &added, error));
  for (uint32_t b = 0; b < blocks; b++) {
    const zcz_op *ops = zcz_circuit_ops(source, b);
    size_t count = zcz_circuit_num_ops(source, b);
    expand->block = b;
    for (size_t i = 0; i < count; i++) {
      if (zcz_cancelled(expand->context)) return zcz_fail_cancelled(expand->context, error);
      ZCZ_TRY(expand_op(expand, &ops[i], error));
    }
  }
  return ZCZ_OK;
}

zcz_status zcz_pass_expand(const zcz_circuit *source, zcz_circuit **result, zcz_error *error) {
  zcz_expand expand = {.context = zcz_circuit_context(source),
                       .num_qubits = zcz_circuit_num_qubits(source),
                       .forbidden = ZCZ_NONE};
  *result = NULL;
  ZCZ_TRY(zcz_circuit_new_like(source, ZCZ_NONE, &expand.result, error));
  expand.busy = zcz_memory_zeroed(expand.context, expand.num_qubits, 2);
  if (expand.busy != NULL) expand.over = expand.busy + expand.num_qubits;
  zcz_status status = expand.busy == NULL ? zcz_fail_memory(expand.context, error,
                                                            "marks on qubits", expand.num_qubits)
                                          : expand_all(&expand, source, error);
  zcz_memory_release(expand.context, expand.busy);
  if (status == ZCZ_OK)
    *result = expand.result;
  else
    zcz_circuit_free(expand.result);
  return status;
}
