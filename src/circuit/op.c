/* Operations: every one enters a circuit through zcz_circuit_append, which checks it. */
#include <math.h>
#include <string.h>

#include "base/complex.h"
#include "base/math.h"
#include "circuit/circuit.h"

/* What each kind must have; ANY = free. */
enum { ANY = 255 };
static const struct {
  const char *name;
  uint8_t qubits, params;
} kinds[ZCZ_OP_KIND_COUNT] = {[ZCZ_OP_GATE] = {"gate", ANY, ANY},
                              [ZCZ_OP_UNITARY] = {"unitary", ANY, ANY},
                              [ZCZ_OP_MEASURE] = {"measure", 1, ANY},
                              [ZCZ_OP_RESET] = {"reset", 1, 0},
                              [ZCZ_OP_BARRIER] = {"barrier", ANY, 0},
                              [ZCZ_OP_DELAY] = {"delay", ANY, 1},
                              [ZCZ_OP_CHANNEL] = {"channel", ANY, ANY},
                              [ZCZ_OP_ASSIGN] = {"assignment", 0, 0},
                              [ZCZ_OP_IF] = {"if", 0, 0},
                              [ZCZ_OP_WHILE] = {"while", 0, 0}};

static bool unitary_enough(const double *params, uint32_t size) {
  for (uint32_t a = 0; a < size; a++)
    for (uint32_t b = a; b < size; b++) {
      double re = a == b ? -1 : 0, im = 0;
      for (uint32_t k = 0; k < size; k++) {
        const double *x = params + 2 * (k * size + a), *y = params + 2 * (k * size + b);
        re += x[0] * y[0] + x[1] * y[1];
        im += x[0] * y[1] - x[1] * y[0];
      }
      if (!(re * re + im * im < 1e-12)) return false;
    }
  return true;
}

static zcz_status check_gate(const zcz_op *op, zcz_error *error) {
  if (op->code >= ZCZ_GATE_COUNT)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "gate number %u; there are %d", op->code,
                    ZCZ_GATE_COUNT);
  const zcz_gate_info *gate = zcz_gate_describe((zcz_gate)op->code);
  if (op->num_controls > op->num_qubits || op->num_qubits - op->num_controls != gate->qubits)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "gate %s with %u controls takes %u qubits, not %u",
                    gate->name, op->num_controls, gate->qubits + op->num_controls, op->num_qubits);
  if (op->num_params != gate->params)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "gate %s takes %u parameters, not %u", gate->name,
                    gate->params, op->num_params);
  return ZCZ_OK;
}

static zcz_status check_unitary(const zcz_op *op, zcz_error *error) {
  uint32_t targets = op->num_qubits - op->num_controls;
  if (op->num_controls >= op->num_qubits || targets > ZCZ_MAX_UNITARY_QUBITS)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "a matrix on %u qubits; allowed are 1 to %d", targets,
                    ZCZ_MAX_UNITARY_QUBITS);
  if (op->num_params != 2u << (2 * targets))
    return zcz_fail(error, ZCZ_ERROR_USAGE, "a matrix on %u qubits has %u numbers, not %u", targets,
                    2u << (2 * targets), op->num_params);
  if (!unitary_enough(op->params, 1u << targets))
    return zcz_fail(error, ZCZ_ERROR_USAGE, "the matrix is not unitary within 1e-6");
  return ZCZ_OK;
}

static zcz_status check_measure(const zcz_circuit *circuit, const zcz_op *op, zcz_error *error) {
  if (op->bit >= circuit->bits.total)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "measurement into bit %u; the circuit has %u", op->bit,
                    circuit->bits.total);
  bool good = op->num_params == 0 || op->num_params == 2;
  for (uint32_t i = 0; good && i < op->num_params; i++)
    good = op->params[i] >= 0 && op->params[i] <= 1;
  if (!good)
    return zcz_fail(error, ZCZ_ERROR_USAGE,
                    "a measurement takes no parameters or two probabilities");
  return ZCZ_OK;
}

static zcz_status check_classical(const zcz_circuit *circuit, const zcz_op *op, zcz_error *error) {
  bool good = op->expression < circuit->num_expressions;
  if (op->kind == ZCZ_OP_ASSIGN) {
    bool to_bit = op->bit < circuit->bits.total && op->variable == ZCZ_NONE;
    bool to_variable = op->variable < circuit->num_variables && op->bit == ZCZ_NONE;
    good = good && (to_bit || to_variable);
  } else {
    good = good && op->blocks[0] > 0 && op->blocks[0] < circuit->num_blocks;
    good = good && (op->blocks[1] == ZCZ_NONE || (op->kind == ZCZ_OP_IF && op->blocks[1] > 0 &&
                                                  op->blocks[1] < circuit->num_blocks));
  }
  if (!good)
    return zcz_fail(error, ZCZ_ERROR_USAGE,
                    "%s: an expression, target or block that does not exist", kinds[op->kind].name);
  return ZCZ_OK;
}

static zcz_status check_qubits(const zcz_circuit *circuit, const zcz_op *op, zcz_error *error) {
  const char *name = kinds[op->kind].name;
  if (kinds[op->kind].qubits != ANY && op->num_qubits != kinds[op->kind].qubits)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "%s takes %u qubits, not %u", name,
                    kinds[op->kind].qubits, op->num_qubits);
  if (op->kind == ZCZ_OP_GATE && op->code < ZCZ_GATE_COUNT)
    name = zcz_gate_describe((zcz_gate)op->code)->name;
  for (uint32_t i = 0; i < op->num_qubits; i++)
    if (op->qubits[i] >= circuit->qubits.total)
      return zcz_fail(error, ZCZ_ERROR_USAGE, "%s on qubit %u; the circuit has %u", name,
                      op->qubits[i], circuit->qubits.total);
  /* Few qubits: pairs. Many (barriers over registers): a map. */
  if (op->num_qubits <= 16) {
    for (uint32_t i = 1; i < op->num_qubits; i++)
      for (uint32_t j = 0; j < i; j++)
        if (op->qubits[i] == op->qubits[j])
          return zcz_fail(error, ZCZ_ERROR_USAGE, "%s on qubit %u twice", name, op->qubits[i]);
    return ZCZ_OK;
  }
  bool *seen = zcz_memory_zeroed(circuit->context, circuit->qubits.total, sizeof *seen);
  if (seen == NULL)
    return zcz_fail_memory(circuit->context, error, "a check of qubits", circuit->qubits.total);
  uint32_t twice = ZCZ_NONE;
  for (uint32_t i = 0; i < op->num_qubits; i++) {
    if (seen[op->qubits[i]]) twice = op->qubits[i];
    seen[op->qubits[i]] = true;
  }
  zcz_memory_release(circuit->context, seen);
  if (twice != ZCZ_NONE)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "%s on qubit %u twice", name, twice);
  return ZCZ_OK;
}

zcz_status zcz_op_check(const zcz_circuit *circuit, const zcz_op *op, zcz_error *error) {
  if (op->kind >= ZCZ_OP_KIND_COUNT)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "operation kind %u; there are %d", op->kind,
                    ZCZ_OP_KIND_COUNT);
  ZCZ_TRY(check_qubits(circuit, op, error));
  if (kinds[op->kind].params != ANY && op->num_params != kinds[op->kind].params)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "%s takes %u parameters, not %u", kinds[op->kind].name,
                    kinds[op->kind].params, op->num_params);
  for (uint32_t i = 0; i < op->num_params; i++)
    if (!isfinite(op->params[i]))
      return zcz_fail(error, ZCZ_ERROR_USAGE, "a parameter that is no finite number");
  switch ((zcz_op_kind)op->kind) {
  case ZCZ_OP_GATE: return check_gate(op, error);
  case ZCZ_OP_UNITARY: return check_unitary(op, error);
  case ZCZ_OP_MEASURE: return check_measure(circuit, op, error);
  case ZCZ_OP_DELAY:
    if (op->params[0] < 0)
      return zcz_fail(error, ZCZ_ERROR_USAGE, "a delay of %g ns; allowed are 0 and more",
                      op->params[0]);
    return ZCZ_OK;
  case ZCZ_OP_CHANNEL:
    if (op->code >= ZCZ_CHANNEL_COUNT)
      return zcz_fail(error, ZCZ_ERROR_USAGE, "channel number %u; there are %d", op->code,
                      ZCZ_CHANNEL_COUNT);
    return zcz_channel_check((zcz_channel)op->code, op->num_qubits, op->num_params, op->params,
                             error);
  case ZCZ_OP_ASSIGN:
  case ZCZ_OP_IF:
  case ZCZ_OP_WHILE: return check_classical(circuit, op, error);
  case ZCZ_OP_RESET:
  case ZCZ_OP_BARRIER:
  case ZCZ_OP_KIND_COUNT: return ZCZ_OK;
  }
  return ZCZ_OK;
}

zcz_status zcz_circuit_append(zcz_circuit *circuit, uint32_t block, const zcz_op *op,
                              zcz_error *error) {
  if (block >= circuit->num_blocks)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "block %u; the circuit has %zu", block,
                    circuit->num_blocks);
  ZCZ_TRY(zcz_op_check(circuit, op, error));
  zcz_op copy = *op;
  size_t qubit_bytes = op->num_qubits * sizeof *op->qubits;
  size_t param_bytes = op->num_params * sizeof *op->params;
  uint32_t *qubits = zcz_circuit_store(circuit, qubit_bytes);
  double *params = zcz_circuit_store(circuit, param_bytes);
  zcz_block *list = &circuit->blocks[block];
  if (qubits == NULL || params == NULL ||
      !zcz_memory_grow(circuit->context, &list->ops, &list->capacity, list->count + 1, sizeof copy))
    return zcz_fail_memory(circuit->context, error, "an operation",
                           sizeof copy + qubit_bytes + param_bytes);
  if (qubit_bytes > 0) memcpy(qubits, op->qubits, qubit_bytes);
  if (param_bytes > 0) memcpy(params, op->params, param_bytes);
  copy.qubits = qubits;
  copy.params = params;
  list->ops[list->count++] = copy;
  return ZCZ_OK;
}

/* An operation of a kind with nothing in it. */
static zcz_op blank(zcz_op_kind kind) {
  return (zcz_op){.kind = (uint8_t)kind,
                  .bit = ZCZ_NONE,
                  .variable = ZCZ_NONE,
                  .expression = ZCZ_NONE,
                  .blocks = {ZCZ_NONE, ZCZ_NONE},
                  .start_ns = -1};
}

zcz_status zcz_circuit_gate(zcz_circuit *circuit, uint32_t block, zcz_gate gate,
                            uint32_t num_controls, const uint32_t *qubits, const double *params,
                            zcz_error *error) {
  if ((unsigned)gate >= ZCZ_GATE_COUNT || num_controls > 65535)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "gate number %d with %u controls", (int)gate,
                    num_controls);
  zcz_op op = blank(ZCZ_OP_GATE);
  op.code = (uint8_t)gate;
  op.num_controls = (uint16_t)num_controls;
  op.num_qubits = num_controls + zcz_gate_describe(gate)->qubits;
  op.num_params = zcz_gate_describe(gate)->params;
  op.qubits = qubits;
  op.params = params;
  return zcz_circuit_append(circuit, block, &op, error);
}

zcz_status zcz_circuit_unitary(zcz_circuit *circuit, uint32_t block, uint32_t num_controls,
                               uint32_t num_qubits, const uint32_t *qubits,
                               const zcz_complex *matrix, zcz_error *error) {
  if (num_controls > 65535 || num_qubits <= num_controls ||
      num_qubits - num_controls > ZCZ_MAX_UNITARY_QUBITS)
    return zcz_fail(error, ZCZ_ERROR_USAGE,
                    "a matrix on %u qubits with %u controls; allowed are 1 to %d qubits",
                    num_qubits, num_controls, ZCZ_MAX_UNITARY_QUBITS);
  zcz_op op = blank(ZCZ_OP_UNITARY);
  op.num_controls = (uint16_t)num_controls;
  op.num_qubits = num_qubits;
  op.num_params = 2u << (2 * (num_qubits - num_controls));
  op.qubits = qubits;
  op.params = &matrix[0].re; /* pairs of doubles without padding */
  return zcz_circuit_append(circuit, block, &op, error);
}

zcz_status zcz_circuit_channel(zcz_circuit *circuit, uint32_t block, zcz_channel channel,
                               uint32_t num_qubits, const uint32_t *qubits, uint32_t num_params,
                               const double *params, zcz_error *error) {
  zcz_op op = blank(ZCZ_OP_CHANNEL);
  op.code = (uint8_t)channel;
  op.num_qubits = num_qubits;
  op.num_params = num_params;
  op.qubits = qubits;
  op.params = params;
  return zcz_circuit_append(circuit, block, &op, error);
}

zcz_status zcz_circuit_measure(zcz_circuit *circuit, uint32_t block, uint32_t qubit, uint32_t bit,
                               zcz_error *error) {
  zcz_op op = blank(ZCZ_OP_MEASURE);
  op.num_qubits = 1;
  op.qubits = &qubit;
  op.bit = bit;
  return zcz_circuit_append(circuit, block, &op, error);
}

zcz_status zcz_circuit_reset(zcz_circuit *circuit, uint32_t block, uint32_t qubit,
                             zcz_error *error) {
  zcz_op op = blank(ZCZ_OP_RESET);
  op.num_qubits = 1;
  op.qubits = &qubit;
  return zcz_circuit_append(circuit, block, &op, error);
}

zcz_status zcz_circuit_barrier(zcz_circuit *circuit, uint32_t block, uint32_t num_qubits,
                               const uint32_t *qubits, zcz_error *error) {
  zcz_op op = blank(ZCZ_OP_BARRIER);
  op.num_qubits = num_qubits;
  op.qubits = qubits;
  return zcz_circuit_append(circuit, block, &op, error);
}

void zcz_op_matrix(const zcz_op *op, zcz_complex *matrix) {
  uint32_t targets = op->num_qubits - op->num_controls;
  uint32_t size = 1u << op->num_qubits, inner = 1u << targets;
  uint32_t controls = (1u << op->num_controls) - 1;
  zcz_complex gate[16];
  const zcz_complex *core = gate;
  if (op->kind == ZCZ_OP_GATE)
    zcz_gate_matrix((zcz_gate)op->code, op->params, gate);
  else
    core = (const zcz_complex *)(const void *)op->params;
  memset(matrix, 0, (size_t)size * size * sizeof *matrix);
  for (uint32_t row = 0; row < size; row++)
    matrix[row * size + row].re = (row & controls) == controls ? 0 : 1;
  for (uint32_t a = 0; a < inner; a++)
    for (uint32_t b = 0; b < inner; b++)
      matrix[(a << op->num_controls | controls) * size + (b << op->num_controls | controls)] =
          core[a * inner + b];
}
