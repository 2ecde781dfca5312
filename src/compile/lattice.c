#include "compile/lattice.h"

#include <string.h>

#include "base/memory.h"

static zcz_status choose_qubits(zcz_lattice *lattice, const uint32_t *qubits, uint32_t num_qubits,
                                zcz_error *error) {
  const zcz_chip *chip = lattice->chip;
  if (!qubits) {
    for (uint32_t q = 0; q < chip->num_qubits; q++) {
      if (!chip->qubits[q].enabled) continue;
      lattice->usable[q] = 1;
      lattice->order[lattice->num_usable++] = q;
    }
    return ZCZ_OK;
  }
  for (uint32_t i = 0; i < num_qubits; i++) {
    uint32_t q = qubits[i];
    if (q >= chip->num_qubits)
      return zcz_fail(error, ZCZ_ERROR_USAGE, "qubit number %u of chip %s, which has %u", q,
                      chip->name, chip->num_qubits);
    if (!chip->qubits[q].enabled) {
      zcz_fail(error, ZCZ_ERROR_USAGE, "qubit %s of chip %s is disabled", chip->qubits[q].name,
               chip->name);
      return zcz_hint(error, ZCZ_ERROR_USAGE, "leave it out of the qubits to use");
    }
    if (lattice->usable[q])
      return zcz_fail(error, ZCZ_ERROR_USAGE, "qubit %s stands twice among the qubits to use",
                      chip->qubits[q].name);
    lattice->usable[q] = 1;
    lattice->order[lattice->num_usable++] = q;
  }
  return ZCZ_OK;
}

static bool coupler_usable(const zcz_lattice *lattice, uint32_t c) {
  const zcz_chip_coupler *coupler = &lattice->chip->couplers[c];
  return coupler->enabled && coupler->num_gates > 0 && lattice->usable[coupler->qubits[0]] &&
         lattice->usable[coupler->qubits[1]];
}

static void link_up(zcz_lattice *lattice) {
  const zcz_chip *chip = lattice->chip;
  uint32_t n = chip->num_qubits;
  for (uint32_t c = 0; c < chip->num_couplers; c++) {
    if (!coupler_usable(lattice, c)) continue;
    for (int side = 0; side < 2; side++) lattice->first[chip->couplers[c].qubits[side] + 1]++;
  }
  for (uint32_t q = 0; q < n; q++) lattice->first[q + 1] += lattice->first[q];
  for (uint32_t c = 0; c < chip->num_couplers; c++) {
    if (!coupler_usable(lattice, c)) continue;
    for (int side = 0; side < 2; side++) {
      uint32_t q = chip->couplers[c].qubits[side], other = chip->couplers[c].qubits[1 - side];
      /* Insertion into the part of q filled so far, which `order` past num_usable counts. */
      uint32_t from = lattice->first[q], at = from + lattice->order[n + q]++;
      while (at > from && lattice->neighbour[at - 1] > other) {
        lattice->neighbour[at] = lattice->neighbour[at - 1];
        lattice->coupler[at] = lattice->coupler[at - 1];
        at--;
      }
      lattice->neighbour[at] = other;
      lattice->coupler[at] = c;
    }
  }
  for (uint32_t q = 0; q < n; q++)
    for (uint32_t i = lattice->first[q]; i < lattice->first[q + 1]; i++) lattice->link_from[i] = q;
}

zcz_status zcz_lattice_make(zcz_context *context, const zcz_chip *chip, const uint32_t *qubits,
                            uint32_t num_qubits, zcz_lattice *lattice, zcz_error *error) {
  size_t n = chip->num_qubits, m = chip->num_couplers;
  size_t words = 3 * n + 1 + 6 * m, bytes = words * sizeof(uint32_t) + n;
  memset(lattice, 0, sizeof *lattice);
  lattice->chip = chip;
  lattice->context = context;
  lattice->num_qubits = chip->num_qubits;
  lattice->first = zcz_memory_zeroed(context, bytes, 1);
  if (!lattice->first) return zcz_fail_memory(context, error, "a chip's lattice", bytes);
  lattice->neighbour = lattice->first + n + 1;
  lattice->coupler = lattice->neighbour + 2 * m;
  lattice->link_from = lattice->coupler + 2 * m;
  lattice->order = lattice->link_from + 2 * m;
  lattice->usable = (uint8_t *)(lattice->order + 2 * n);
  zcz_status status = choose_qubits(lattice, qubits, num_qubits, error);
  if (status == ZCZ_OK)
    link_up(lattice);
  else
    zcz_lattice_release(lattice);
  return status;
}

void zcz_lattice_release(zcz_lattice *lattice) {
  zcz_memory_release(lattice->context, lattice->first);
  lattice->first = NULL;
}

uint32_t zcz_lattice_coupler(const zcz_lattice *lattice, uint32_t a, uint32_t b) {
  for (uint32_t i = lattice->first[a]; i < lattice->first[a + 1]; i++)
    if (lattice->neighbour[i] == b) return lattice->coupler[i];
  return ZCZ_CHIP_NONE;
}

static bool near(double a, double b) { return a - b < 1e-6 && b - a < 1e-6; }

static const zcz_chip_gate *native_gate(const zcz_chip_coupler *coupler, const zcz_op *op) {
  for (uint32_t i = 0; i < coupler->num_gates; i++) {
    const zcz_chip_gate *gate = &coupler->gates[i];
    if (gate->gate != (zcz_gate)op->code || gate->num_controls != op->num_controls) continue;
    bool same = true;
    for (uint32_t p = 0; p < op->num_params && p < 2; p++)
      same &= near(gate->params[p], op->params[p]);
    if (same) return gate;
  }
  return NULL;
}

static bool native_one_qubit(const zcz_op *op) {
  switch (op->code) {
  case ZCZ_GATE_X2P:
  case ZCZ_GATE_X2M:
  case ZCZ_GATE_Y2P:
  case ZCZ_GATE_Y2M:
  case ZCZ_GATE_XY2P:
  case ZCZ_GATE_XY2M: return true;
  default: return false;
  }
}

static void gate_cost(const zcz_lattice *lattice, const zcz_op *op, double *duration_ns,
                      double *pauli_error, bool *native) {
  const zcz_chip *chip = lattice->chip;
  *native = true;
  if (op->num_qubits == 0) return;
  if (op->num_qubits == 1 && op->num_controls == 0) {
    if (zcz_gate_describe((zcz_gate)op->code)->flags & ZCZ_GATE_DIAGONAL) return;
    *native = native_one_qubit(op);
    if (!*native) return;
    *duration_ns = chip->one_qubit_ns;
    *pauli_error = chip->qubits[op->qubits[0]].pauli_error;
    return;
  }
  *native = false;
  if (op->num_qubits != 2) return;
  uint32_t c = zcz_lattice_coupler(lattice, op->qubits[0], op->qubits[1]);
  if (c == ZCZ_CHIP_NONE) return;
  const zcz_chip_gate *gate = native_gate(&chip->couplers[c], op);
  if (!gate) return;
  *native = true;
  *duration_ns = gate->duration_ns;
  *pauli_error = chip->couplers[c].pauli_error;
}

void zcz_lattice_cost(const zcz_lattice *lattice, const zcz_op *op, double *duration_ns,
                      double *pauli_error, bool *native) {
  *duration_ns = *pauli_error = 0;
  *native = true;
  switch ((zcz_op_kind)op->kind) {
  case ZCZ_OP_GATE: gate_cost(lattice, op, duration_ns, pauli_error, native); return;
  case ZCZ_OP_UNITARY: *native = false; return;
  case ZCZ_OP_MEASURE: {
    const zcz_chip_qubit *qubit = &lattice->chip->qubits[op->qubits[0]];
    *duration_ns = lattice->chip->readout_ns;
    *pauli_error = (qubit->p10 + qubit->p01) / 2;
    return;
  }
  case ZCZ_OP_RESET: *duration_ns = lattice->chip->reset_ns; return;
  case ZCZ_OP_DELAY: *duration_ns = op->params[0]; return;
  case ZCZ_OP_BARRIER:
  case ZCZ_OP_CHANNEL:
  case ZCZ_OP_ASSIGN:
  case ZCZ_OP_IF:
  case ZCZ_OP_WHILE:
  case ZCZ_OP_KIND_COUNT: return;
  }
}
