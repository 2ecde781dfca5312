/* Operations on a state: one at a time, and compiled lists of them. */
#include <string.h>

#include "base/memory.h"
#include "base/progress.h"
#include "sim/statevector/internal.h"

void zcz_sv_action_of(const zcz_op *op, zcz_sv_action *action) {
  action->controls = op->qubits;
  action->num_controls = op->num_controls;
  action->targets = op->qubits + op->num_controls;
  action->k = op->num_qubits - op->num_controls;
  if (op->kind == ZCZ_OP_GATE) {
    zcz_gate_matrix((zcz_gate)op->code, op->params, action->matrix);
    return;
  }
  size_t entries = (size_t)1 << (2 * action->k);
  for (size_t i = 0; i < entries; i++)
    action->matrix[i] = (zcz_complex){op->params[2 * i], op->params[2 * i + 1]};
}

static bool does_nothing(const zcz_op *op) {
  return op->kind == ZCZ_OP_BARRIER || op->kind == ZCZ_OP_DELAY ||
         (op->kind == ZCZ_OP_GATE && op->code == ZCZ_GATE_ID);
}

zcz_status zcz_sv_apply_op(zcz_sv *state, const zcz_op *op, zcz_error *error) {
  if (does_nothing(op)) return ZCZ_OK;
  if (op->kind != ZCZ_OP_GATE && op->kind != ZCZ_OP_UNITARY)
    return zcz_fail(error, ZCZ_ERROR_BUG, "a state vector was given an operation of kind %d",
                    op->kind);
  zcz_sv_action action;
  zcz_sv_action_of(op, &action);
  uint32_t positions[ZCZ_MAX_UNITARY_QUBITS];
  uint64_t controls = 0;
  for (uint32_t i = 0; i < action.k; i++) positions[i] = state->layout[action.targets[i]];
  for (uint32_t i = 0; i < action.num_controls; i++)
    controls |= (uint64_t)1 << state->layout[action.controls[i]];
  zcz_sv_dense(state, action.k, positions, controls, action.matrix);
  return ZCZ_OK;
}

struct zcz_sv_plan {
  zcz_context *context;
  uint32_t num_qubits;
  size_t count;
  zcz_op *ops;
  uint32_t layout[ZCZ_SV_MAX_QUBITS];
  void *block;
};

zcz_status zcz_sv_plan_new(zcz_context *context, uint32_t num_qubits, zcz_precision precision,
                           const zcz_op *ops, size_t count, const uint32_t *layout,
                           bool keep_layout, zcz_sv_plan **plan, zcz_error *error) {
  (void)precision, (void)keep_layout;
  *plan = NULL;
  size_t bytes = 0;
  for (size_t i = 0; i < count; i++)
    bytes += sizeof(zcz_op) + ops[i].num_params * sizeof(double) + ops[i].num_qubits * 4 + 8;
  zcz_sv_plan *made = zcz_memory_allocate(context, sizeof *made + bytes);
  if (!made) return zcz_fail_memory(context, error, "a plan", sizeof *made + bytes);
  made->context = context;
  made->num_qubits = num_qubits;
  made->count = count;
  for (uint32_t q = 0; q < num_qubits; q++) made->layout[q] = layout ? layout[q] : q;
  made->ops = (zcz_op *)(made + 1);
  char *at = (char *)(made->ops + count);
  for (size_t i = 0; i < count; i++) {
    made->ops[i] = ops[i];
    made->ops[i].params = memcpy(at, ops[i].params, ops[i].num_params * sizeof(double));
    at += ops[i].num_params * sizeof(double);
    made->ops[i].qubits = memcpy(at, ops[i].qubits, ops[i].num_qubits * 4);
    at += (ops[i].num_qubits * 4 + 7) / 8 * 8;
  }
  *plan = made;
  return ZCZ_OK;
}

void zcz_sv_plan_free(zcz_sv_plan *plan) {
  if (plan) zcz_memory_release(plan->context, plan);
}

const uint32_t *zcz_sv_plan_layout(const zcz_sv_plan *plan) { return plan->layout; }

uint32_t zcz_sv_plan_passes(const zcz_sv_plan *plan) { return (uint32_t)plan->count; }

zcz_status zcz_sv_apply(zcz_sv *state, const zcz_sv_plan *plan, const char *stage,
                        zcz_error *error) {
  ZCZ_TRY(zcz_sv_relayout(state, plan->layout, error));
  for (size_t i = 0; i < plan->count; i++) {
    if (stage)
      ZCZ_TRY(zcz_progress(plan->context, stage, (double)i, (double)plan->count, error));
    else if (zcz_cancelled(plan->context))
      return zcz_fail_cancelled(plan->context, error);
    ZCZ_TRY(zcz_sv_apply_op(state, &plan->ops[i], error));
  }
  return ZCZ_OK;
}
