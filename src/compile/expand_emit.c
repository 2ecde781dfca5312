#include "compile/expand.h"

static zcz_op blank(const zcz_expand *expand, zcz_op_kind kind) {
  return (zcz_op){.kind = (uint8_t)kind,
                  .bit = ZCZ_NONE,
                  .variable = ZCZ_NONE,
                  .expression = ZCZ_NONE,
                  .blocks = {ZCZ_NONE, ZCZ_NONE},
                  .line = expand->line,
                  .start_ns = -1};
}

zcz_status zcz_expand_gate(zcz_expand *expand, zcz_gate gate, uint32_t num_controls,
                           const uint32_t *qubits, const double *params, zcz_error *error) {
  zcz_op op = blank(expand, ZCZ_OP_GATE);
  op.code = (uint8_t)gate;
  op.num_controls = (uint16_t)num_controls;
  op.num_qubits = num_controls + zcz_gate_describe(gate)->qubits;
  op.num_params = zcz_gate_describe(gate)->params;
  op.qubits = qubits;
  op.params = params;
  return zcz_circuit_append(expand->result, expand->block, &op, error);
}

zcz_status zcz_expand_one(zcz_expand *expand, zcz_gate gate, uint32_t qubit, double param,
                          zcz_error *error) {
  return zcz_expand_gate(expand, gate, 0, &qubit, &param, error);
}

zcz_status zcz_expand_cx(zcz_expand *expand, uint32_t control, uint32_t target, zcz_error *error) {
  uint32_t pair[2] = {control, target};
  return zcz_expand_gate(expand, ZCZ_GATE_X, 1, pair, NULL, error);
}

zcz_status zcz_expand_matrix(zcz_expand *expand, uint32_t num_qubits, const uint32_t *qubits,
                             const zcz_complex *matrix, zcz_error *error) {
  zcz_op op = blank(expand, ZCZ_OP_UNITARY);
  op.num_qubits = num_qubits;
  op.num_params = 2u << (2 * num_qubits);
  op.qubits = qubits;
  op.params = &matrix[0].re;
  return zcz_circuit_append(expand->result, expand->block, &op, error);
}

size_t zcz_expand_mark(const zcz_expand *expand) {
  return zcz_circuit_num_ops(expand->result, expand->block);
}

/* Only gates are ever undone. */
zcz_status zcz_expand_undo(zcz_expand *expand, size_t mark, size_t end, zcz_error *error) {
  for (size_t i = end; i-- > mark;) {
    zcz_op op = zcz_circuit_ops(expand->result, expand->block)[i];
    double params[ZCZ_MAX_GATE_PARAMS];
    op.code = (uint8_t)zcz_gate_inverse((zcz_gate)op.code, op.params, params);
    op.num_params = zcz_gate_describe((zcz_gate)op.code)->params;
    op.params = params;
    ZCZ_TRY(zcz_circuit_append(expand->result, expand->block, &op, error));
  }
  return ZCZ_OK;
}
