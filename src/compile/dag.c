#include "compile/dag.h"

#include <string.h>

#include "base/memory.h"

typedef enum role { ROLE_OTHER, ROLE_Z, ROLE_X, ROLE_Y } role;

static role target_role(const zcz_op *op, uint32_t target) {
  if (zcz_gate_describe((zcz_gate)op->code)->flags & ZCZ_GATE_DIAGONAL) return ROLE_Z;
  switch (op->code) {
  case ZCZ_GATE_X:
  case ZCZ_GATE_SX:
  case ZCZ_GATE_SXDG:
  case ZCZ_GATE_X2P:
  case ZCZ_GATE_X2M:
  case ZCZ_GATE_RX:
  case ZCZ_GATE_RXX: return ROLE_X;
  case ZCZ_GATE_Y:
  case ZCZ_GATE_SY:
  case ZCZ_GATE_SYDG:
  case ZCZ_GATE_Y2P:
  case ZCZ_GATE_Y2M:
  case ZCZ_GATE_RY:
  case ZCZ_GATE_RYY: return ROLE_Y;
  case ZCZ_GATE_RZX: return target == 0 ? ROLE_Z : ROLE_X;
  default: return ROLE_OTHER;
  }
}

/* In which basis is the operation diagonal on its k-th qubit? */
static role role_of(const zcz_op *op, uint32_t k) {
  if (op->kind != ZCZ_OP_GATE && op->kind != ZCZ_OP_UNITARY) return ROLE_OTHER;
  if (k < op->num_controls) return ROLE_Z;
  return op->kind == ZCZ_OP_GATE ? target_role(op, k - op->num_controls) : ROLE_OTHER;
}

typedef struct wire {
  uint32_t group; /* the last one, ZCZ_NONE = none yet */
  role last;
} wire;

static uint32_t group_on(zcz_dag *dag, wire *w, role r) {
  if (w->group != ZCZ_NONE && r != ROLE_OTHER && w->last == r) return w->group;
  uint32_t group = dag->num_groups++;
  dag->group_back[group] = w->group;
  dag->group_next[group] = ZCZ_NONE;
  if (w->group != ZCZ_NONE) dag->group_next[w->group] = group;
  w->group = group;
  w->last = r;
  return group;
}

static void fill(zcz_dag *dag, wire *wires, uint32_t num_qubits) {
  uint32_t used = 0;
  for (uint32_t i = 0; i < dag->num_ops; i++) {
    const zcz_op *op = dag->ops[i];
    dag->op_first[i] = used;
    for (uint32_t k = 0; k < op->num_qubits; k++)
      dag->op_groups[used++] = group_on(dag, &wires[op->qubits[k]], role_of(op, k));
    if (op->bit != ZCZ_NONE)
      dag->op_groups[used++] = group_on(dag, &wires[num_qubits + op->bit], ROLE_OTHER);
  }
  dag->op_first[dag->num_ops] = used;
  for (uint32_t g = 0; g <= dag->num_groups; g++) dag->group_first[g] = 0;
  for (uint32_t e = 0; e < used; e++) dag->group_first[dag->op_groups[e] + 1]++;
  for (uint32_t g = 0; g < dag->num_groups; g++) dag->group_first[g + 1] += dag->group_first[g];
  for (uint32_t i = 0; i < dag->num_ops; i++)
    for (uint32_t e = dag->op_first[i]; e < dag->op_first[i + 1]; e++)
      dag->group_ops[dag->group_first[dag->op_groups[e]]++] = i;
  for (uint32_t g = dag->num_groups; g > 0; g--) dag->group_first[g] = dag->group_first[g - 1];
  dag->group_first[0] = 0;
}

zcz_status zcz_dag_make(zcz_context *context, const zcz_op *const *ops, uint32_t count,
                        uint32_t num_qubits, uint32_t num_bits, zcz_dag *dag, zcz_error *error) {
  memset(dag, 0, sizeof *dag);
  dag->context = context;
  dag->ops = ops;
  dag->num_ops = count;
  size_t edges = 0, num_wires = (size_t)num_qubits + num_bits;
  for (uint32_t i = 0; i < count; i++) edges += ops[i]->num_qubits + (ops[i]->bit != ZCZ_NONE);
  size_t bytes = (count + 5 * edges + 2) * sizeof(uint32_t) + num_wires * sizeof(wire);
  if (edges >= UINT32_MAX / 8)
    return zcz_fail(error, ZCZ_ERROR_UNABLE, "routing %zu operands; at most %u are handled", edges,
                    UINT32_MAX / 8);
  wire *wires = zcz_memory_allocate(context, bytes);
  if (!wires) return zcz_fail_memory(context, error, "the order of operations", bytes);
  for (size_t w = 0; w < num_wires; w++) wires[w] = (wire){.group = ZCZ_NONE};
  uint32_t *next = (uint32_t *)(wires + num_wires);
  dag->op_first = next;
  dag->op_groups = next += count + 1;
  dag->group_first = next += edges;
  dag->group_ops = next += edges + 1;
  dag->group_next = next += edges;
  dag->group_back = next + edges;
  dag->storage = wires;
  fill(dag, wires, num_qubits);
  return ZCZ_OK;
}

void zcz_dag_release(zcz_dag *dag) {
  zcz_memory_release(dag->context, dag->storage);
  dag->storage = NULL;
}

int zcz_op_coupling_cost(const zcz_op *op) {
  if (op->kind == ZCZ_OP_UNITARY) return op->num_controls == 1 ? 2 : 3;
  if (op->num_controls == 1) {
    switch (op->code) {
    case ZCZ_GATE_ID: return 1;
    case ZCZ_GATE_X:
    case ZCZ_GATE_Y:
    case ZCZ_GATE_Z:
    case ZCZ_GATE_H: return 1;
    default: return 2;
    }
  }
  switch (op->code) {
  case ZCZ_GATE_SWAP: return 3;
  case ZCZ_GATE_FSIM: return 1; /* most often the coupler's own */
  default: return 2;
  }
}

int zcz_run_cost(int before, bool swap_before, int joins, bool swap_joins) {
  int both = before + joins;
  if (before == 0 || joins == 0) return both;
  /* CX then SWAP is iSWAP's class; a second SWAP takes the first away. */
  if (swap_before != swap_joins) return both <= 4 ? 2 : 3;
  return both < 3 ? both : 3;
}
