#include "base/memory.h"
#include "compile/native.h"

#define NATIVE_TOLERANCE 1e-6 /* angles of a native gate, as the command promises */

zcz_coupler_gates *zcz_native_coupler(zcz_native *native, uint32_t coupler, zcz_error *error) {
  zcz_coupler_gates **slot = &native->couplers[coupler];
  if (*slot == NULL) {
    *slot = zcz_memory_allocate(native->context, sizeof **slot);
    if (*slot == NULL)
      (void)zcz_fail_memory(native->context, error, "a coupler's gates", sizeof **slot);
    else
      zcz_coupler_gates_of(native->chip, coupler, *slot);
  }
  return *slot;
}

static zcz_run *run_of(zcz_native *native, uint32_t coupler, zcz_error *error) {
  zcz_run **slot = &native->runs[coupler];
  if (*slot == NULL) *slot = zcz_memory_allocate(native->context, sizeof **slot);
  if (*slot == NULL) (void)zcz_fail_memory(native->context, error, "a run of gates", sizeof **slot);
  return *slot;
}

void zcz_native_add_one(zcz_native *native, uint32_t qubit, const zcz_matrix2 *matrix,
                        uint32_t line) {
  uint32_t coupler = native->waiting[qubit].coupler;
  if (coupler == ZCZ_NONE) {
    zcz_native_wait(native, qubit, matrix, line);
    return;
  }
  zcz_matrix2 *tail =
      &native->runs[coupler]->tail.at[native->chip->couplers[coupler].qubits[1] == qubit];
  *tail = zcz_matrix2_multiply(matrix, tail);
}

static bool same_angle(double a, double b) {
  double difference = zcz_angle_wrap(a - b);
  return difference < NATIVE_TOLERANCE && difference > -NATIVE_TOLERANCE;
}

/* The native gate of the coupler that an operation is, or -1. Its angles snap to the coupler's own. */
static int native_gate(const zcz_chip_coupler *coupler, const zcz_op *op) {
  if (op->kind != ZCZ_OP_GATE) return -1;
  for (uint32_t g = 0; g < coupler->num_gates; g++) {
    const zcz_chip_gate *gate = &coupler->gates[g];
    if (gate->num_controls == 1 && op->num_controls == 1) {
      if (op->code == ZCZ_GATE_Z) return (int)g;
      if (op->code == ZCZ_GATE_P && same_angle(op->params[0], ZCZ_PI)) return (int)g;
    }
    if (gate->gate == ZCZ_GATE_FSIM && op->code == ZCZ_GATE_FSIM && op->num_controls == 0 &&
        same_angle(op->params[0], gate->params[0]) && same_angle(op->params[1], gate->params[1]))
      return (int)g;
  }
  return -1;
}

/* All of the run up to now into one matrix. */
static void fold(const zcz_coupler_gates *gates, zcz_run *run) {
  if (!run->folded) run->matrix = zcz_sequence_matrix(gates, &run->kept);
  zcz_matrix4 tail = zcz_matrix4_kronecker(&run->tail);
  run->matrix = zcz_matrix4_multiply(&tail, &run->matrix);
  run->tail = zcz_local_identity();
  run->folded = true;
}

static void keep(zcz_run *run, int gate) {
  zcz_sequence *kept = &run->kept;
  kept->local[kept->count] = zcz_local_multiply(&run->tail, &kept->local[kept->count]);
  run->tail = zcz_local_identity();
  kept->gate[kept->count++] = (uint8_t)gate;
  kept->local[kept->count] = zcz_local_identity();
}

static zcz_status begin_run(zcz_native *native, uint32_t coupler, uint32_t line, zcz_run **run,
                            zcz_error *error) {
  const uint32_t *pair = native->chip->couplers[coupler].qubits;
  *run = run_of(native, coupler, error);
  if (*run == NULL) return ZCZ_ERROR_UNABLE;
  (*run)->folded = false;
  (*run)->line = line;
  (*run)->kept.count = 0;
  (*run)->kept.local[0] = (*run)->tail = zcz_local_identity();
  for (int q = 0; q < 2; q++) {
    ZCZ_TRY(zcz_native_close(native, pair[q], error));
    zcz_waiting *waiting = &native->waiting[pair[q]];
    if (waiting->any) {
      (*run)->tail.at[q] = waiting->matrix;
      if (waiting->line != 0 && waiting->line < (*run)->line) (*run)->line = waiting->line;
    }
    waiting->any = false;
  }
  for (int q = 0; q < 2; q++) native->waiting[pair[q]].coupler = coupler;
  return ZCZ_OK;
}

static zcz_status coupler_of(const zcz_native *native, const zcz_op *op, uint32_t *coupler,
                             zcz_error *error) {
  const zcz_chip *chip = native->chip;
  *coupler = zcz_chip_find_coupler(chip, op->qubits[0], op->qubits[1]);
  if (*coupler != ZCZ_CHIP_NONE && chip->couplers[*coupler].enabled) return ZCZ_OK;
  return zcz_fail(error, ZCZ_ERROR_BUG,
                  "a two-qubit operation on %s and %s, which no coupler in use joins",
                  chip->qubits[op->qubits[0]].name, chip->qubits[op->qubits[1]].name);
}

zcz_status zcz_native_keep_two(zcz_native *native, const zcz_op *op, bool *done, zcz_error *error) {
  uint32_t coupler;
  ZCZ_TRY(coupler_of(native, op, &coupler, error));
  int gate = native_gate(&native->chip->couplers[coupler], op);
  *done = gate >= 0;
  if (!*done) return ZCZ_OK;
  const zcz_chip_gate *own = &native->chip->couplers[coupler].gates[gate];
  zcz_op copy = *op;
  copy.code = (uint8_t)own->gate;
  copy.num_params = zcz_gate_describe(own->gate)->params;
  copy.params = own->params;
  return zcz_circuit_append(native->result, native->block, &copy, error);
}

zcz_status zcz_native_add_two(zcz_native *native, const zcz_op *op, zcz_error *error) {
  uint32_t coupler;
  ZCZ_TRY(coupler_of(native, op, &coupler, error));
  const zcz_coupler_gates *gates = zcz_native_coupler(native, coupler, error);
  if (gates == NULL) return ZCZ_ERROR_UNABLE;
  zcz_run *run = native->runs[coupler];
  if (native->waiting[op->qubits[0]].coupler != coupler)
    ZCZ_TRY(begin_run(native, coupler, op->line, &run, error));
  int gate = native_gate(&native->chip->couplers[coupler], op);
  if (gate >= 0 && !run->folded && run->kept.count < ZCZ_MAX_KEPT) {
    keep(run, gate);
    return ZCZ_OK;
  }
  zcz_matrix4 matrix;
  if (gate >= 0) {
    matrix = gates->matrix[gate];
  } else {
    zcz_op_matrix(op, matrix.at);
    if (op->kind == ZCZ_OP_UNITARY) zcz_matrix4_orthonormalize(&matrix);
    if (op->qubits[0] != native->chip->couplers[coupler].qubits[0])
      matrix = zcz_matrix4_exchange(&matrix);
  }
  fold(gates, run);
  run->matrix = zcz_matrix4_multiply(&matrix, &run->matrix);
  return ZCZ_OK;
}

/* The cheaper of the run as it stood and its resynthesis. */
static bool choose(zcz_coupler_gates *gates, zcz_run *run, zcz_sequence *sequence) {
  bool as_it_stood = !run->folded;
  zcz_local *last = &run->kept.local[run->kept.count];
  if (as_it_stood) *last = zcz_local_multiply(&run->tail, last);
  if (as_it_stood && run->kept.count == 1) {
    *sequence = run->kept;
    return true;
  }
  if (as_it_stood) {
    run->tail = zcz_local_identity();
    run->matrix = zcz_sequence_matrix(gates, &run->kept);
  } else {
    fold(gates, run);
  }
  if (!zcz_synthesize(gates, &run->matrix, sequence)) {
    if (as_it_stood) *sequence = run->kept;
    return as_it_stood;
  }
  if (as_it_stood &&
      zcz_sequence_loss(gates, &run->kept) <= zcz_sequence_loss(gates, sequence) + 1e-12)
    *sequence = run->kept;
  return true;
}

zcz_status zcz_native_close(zcz_native *native, uint32_t qubit, zcz_error *error) {
  uint32_t coupler = native->waiting[qubit].coupler;
  if (coupler == ZCZ_NONE) return ZCZ_OK;
  const uint32_t *pair = native->chip->couplers[coupler].qubits;
  zcz_run *run = native->runs[coupler];
  for (int q = 0; q < 2; q++) native->waiting[pair[q]].coupler = ZCZ_NONE;
  zcz_sequence sequence;
  if (!choose(native->couplers[coupler], run, &sequence))
    return zcz_fail(
        error, ZCZ_ERROR_UNABLE,
        "%u uses of the native gates of coupler %s do not reach the operation of line %u",
        ZCZ_MAX_USES, native->chip->couplers[coupler].name, run->line);
  return zcz_native_sequence(native, coupler, &sequence, run->line, error);
}
