/* What must come before what in a straight list of operations, gates that commute left free. */
#ifndef ZCZ_COMPILE_DAG_H
#define ZCZ_COMPILE_DAG_H

#include "zcz/circuit.h"

/* A wire is a qubit or, for measurements, a classical bit. The operations on a wire fall into
 * groups: neighbours that are all diagonal in the same basis there (controls and diagonal gates in
 * Z, targets of CX in X) share one and may be done in any order. An operation is free once every
 * group before its own, on each of its wires, is done. */
typedef struct zcz_dag {
  zcz_context *context;
  void *storage;
  const zcz_op *const *ops; /* borrowed */
  uint32_t num_ops, num_groups;
  uint32_t *op_first; /* groups of operation i: op_groups[op_first[i]] .. op_first[i + 1] - 1 */
  uint32_t *op_groups;
  uint32_t *group_first; /* operations of group g, likewise, in the order of the list */
  uint32_t *group_ops;
  uint32_t *group_next; /* the following group on its wire, ZCZ_NONE = none */
  uint32_t *group_back;
} zcz_dag;

/* IF, WHILE and ASSIGN may not be in the list. `ops` must outlive the graph. */
zcz_status zcz_dag_make(zcz_context *context, const zcz_op *const *ops, uint32_t count,
                        uint32_t num_qubits, uint32_t num_bits, zcz_dag *dag,
                        zcz_error *error) ZCZ_MUST_CHECK;
void zcz_dag_release(zcz_dag *dag);

/* A GATE or UNITARY on two qubits: what needs a coupler. */
static inline bool zcz_op_is_coupling(const zcz_op *op) {
  return (op->kind == ZCZ_OP_GATE || op->kind == ZCZ_OP_UNITARY) && op->num_qubits == 2;
}

/* How many two-qubit gates of CX's strength it takes, as a guess for placing: 1, 2 or 3. */
int zcz_op_coupling_cost(const zcz_op *op);
/* The same for a run on one coupler: its cost so far and that of what joins it (swaps are told by
 * `swap_before`, `swap_joins`). */
int zcz_run_cost(int before, bool swap_before, int joins, bool swap_joins);

#endif
