#include "compile/metrics.h"

#include "base/memory.h"
#include "compile/lattice.h"

typedef struct meter {
  const zcz_circuit *circuit;
  zcz_context *context;
  const zcz_lattice *lattice;
  zcz_compiled *compiled;
  uint32_t num_qubits;
  zcz_error *error;
} meter;

static uint64_t deepest(const meter *m, const uint64_t *level) {
  uint64_t most = 0;
  for (uint32_t q = 0; q < m->num_qubits; q++)
    if (level[q] > most) most = level[q];
  return most;
}

static zcz_status measure_block(meter *m, uint32_t block, uint64_t *depth);

static zcz_status measure_control(meter *m, const zcz_op *op, uint64_t *level) {
  uint64_t start = deepest(m, level), longest = 0;
  for (int side = 0; side < 2; side++) {
    uint64_t depth = 0;
    if (op->blocks[side] != ZCZ_NONE) ZCZ_TRY(measure_block(m, op->blocks[side], &depth));
    if (depth > longest) longest = depth;
  }
  for (uint32_t q = 0; q < m->num_qubits; q++) level[q] = start + longest;
  return ZCZ_OK;
}

/* Adds the operation to the counts and says whether it takes a layer. */
static bool count_op(meter *m, const zcz_op *op) {
  double duration, pauli_error;
  bool native;
  zcz_lattice_cost(m->lattice, op, &duration, &pauli_error, &native);
  bool is_gate = op->kind == ZCZ_OP_GATE || op->kind == ZCZ_OP_UNITARY;
  bool is_virtual = is_gate && op->num_qubits < 2 && op->kind == ZCZ_OP_GATE &&
                    (zcz_gate_describe((zcz_gate)op->code)->flags & ZCZ_GATE_DIAGONAL);
  bool counts = (is_gate && !is_virtual) || op->kind == ZCZ_OP_MEASURE || op->kind == ZCZ_OP_RESET;
  m->compiled->operations += counts;
  m->compiled->two_qubit_gates += is_gate && op->num_qubits == 2;
  m->compiled->fidelity *= 1 - pauli_error;
  return counts;
}

static zcz_status measure_ops(meter *m, uint32_t block, uint64_t *level) {
  const zcz_op *ops = zcz_circuit_ops(m->circuit, block);
  size_t count = zcz_circuit_num_ops(m->circuit, block);
  for (size_t i = 0; i < count; i++) {
    const zcz_op *op = &ops[i];
    if (op->kind == ZCZ_OP_IF || op->kind == ZCZ_OP_WHILE) {
      ZCZ_TRY(measure_control(m, op, level));
      continue;
    }
    bool layer = count_op(m, op);
    if (!layer && op->kind != ZCZ_OP_BARRIER) continue;
    uint64_t most = 0;
    for (uint32_t k = 0; k < op->num_qubits; k++)
      if (level[op->qubits[k]] > most) most = level[op->qubits[k]];
    for (uint32_t k = 0; k < op->num_qubits; k++) level[op->qubits[k]] = most + layer;
  }
  return ZCZ_OK;
}

static zcz_status measure_block(meter *m, uint32_t block, uint64_t *depth) {
  uint64_t *level = zcz_memory_zeroed(m->context, m->num_qubits + 1ull, sizeof *level);
  if (!level)
    return zcz_fail_memory(m->context, m->error, "a circuit's depth", m->num_qubits * 8ull);
  zcz_status status = measure_ops(m, block, level);
  *depth = deepest(m, level);
  zcz_memory_release(m->context, level);
  return status;
}

zcz_status zcz_measure_compiled(zcz_compiled *compiled, const zcz_chip *chip, zcz_error *error) {
  zcz_lattice lattice;
  meter m = {.circuit = compiled->circuit,
             .context = zcz_circuit_context(compiled->circuit),
             .lattice = &lattice,
             .compiled = compiled,
             .num_qubits = zcz_circuit_num_qubits(compiled->circuit),
             .error = error};
  ZCZ_TRY(zcz_lattice_make(m.context, chip, NULL, 0, &lattice, error));
  compiled->two_qubit_gates = compiled->operations = compiled->depth = 0;
  compiled->fidelity = 1;
  zcz_status status = measure_block(&m, 0, &compiled->depth);
  zcz_lattice_release(&lattice);
  return status;
}
