#include <string.h>

#include "base/memory.h"
#include "base/progress.h"
#include "sim/stabilizer/exact.h"

typedef enum zcz_back_kind {
  ZCZ_BACK_GATE,
  ZCZ_BACK_CHANNEL,
  ZCZ_BACK_DEPHASE,
  ZCZ_BACK_RESET
} zcz_back_kind;

/* One step of the circuit, seen backwards. */
typedef struct zcz_back_op {
  uint8_t kind;
  uint8_t inverse[4]; /* GATE: images of the generators under U^-1 P U */
  uint32_t a, b;      /* b = ZCZ_NONE: one qubit */
  size_t damping;     /* CHANNEL: first of 16 factors, one a Pauli (clifford.h) */
} zcz_back_op;

typedef struct zcz_back_program {
  zcz_context *context;
  size_t num_ops, ops_capacity;
  zcz_back_op *ops; /* in the order they are met, the last operation first */
  size_t num_dampings, dampings_capacity;
  double *dampings;
} zcz_back_program;

static bool anticommute(unsigned a, unsigned b) {
  unsigned swapped = ((b & 5) << 1) | ((b & 10) >> 1);
  return __builtin_popcount(a & swapped) & 1;
}

static zcz_status add_dampings(zcz_back_program *program, const zcz_op *op, zcz_error *error) {
  static const uint8_t bits[4] = {0, 1, 3, 2}; /* I X Y Z */
  double probabilities[16];
  if (!zcz_channel_is_pauli((zcz_channel)op->code, op->num_qubits, op->num_params, op->params,
                            probabilities))
    return zcz_fail(error, ZCZ_ERROR_BUG, "line %u: a channel that is no mixture of Paulis",
                    op->line);
  if (!zcz_memory_grow(program->context, &program->dampings, &program->dampings_capacity,
                       program->num_dampings + 16, sizeof *program->dampings))
    return zcz_fail_memory(program->context, error, "an expectation value",
                           program->num_dampings * 16);
  double *factors = program->dampings + program->num_dampings;
  for (unsigned pauli = 0; pauli < 16; pauli++) {
    double lost = 0; /* probability to anticommute */
    for (unsigned i = 0; i < (op->num_qubits == 1 ? 4u : 16u); i++) {
      unsigned fault = op->num_qubits == 1 ? bits[i] : bits[i >> 2] | bits[i & 3] << 2;
      if (anticommute(pauli, fault)) lost += probabilities[i];
    }
    factors[pauli] = 1 - 2 * lost;
  }
  program->num_dampings += 16;
  return ZCZ_OK;
}

static zcz_status add_back(zcz_back_program *program, zcz_clifford_cache *cache, const zcz_op *op,
                           uint8_t *used, zcz_error *error) {
  zcz_back_op back = {.a = op->num_qubits ? op->qubits[0] : ZCZ_NONE, .b = ZCZ_NONE};
  bool first = op->num_qubits && !used[op->qubits[0]];
  if (op->kind == ZCZ_OP_BARRIER || op->kind == ZCZ_OP_DELAY || op->num_qubits == 0) return ZCZ_OK;
  for (uint32_t i = 0; i < op->num_qubits; i++) used[op->qubits[i]] = 1;
  if (op->num_qubits == 2) back.b = op->qubits[1];
  if (op->kind == ZCZ_OP_MEASURE) {
    if (first) return ZCZ_OK; /* at the end of its qubit: left out */
    back.kind = ZCZ_BACK_DEPHASE;
  } else if (op->kind == ZCZ_OP_RESET) {
    back.kind = ZCZ_BACK_RESET;
  } else if (op->kind == ZCZ_OP_CHANNEL) {
    back.kind = ZCZ_BACK_CHANNEL;
    back.damping = program->num_dampings;
    ZCZ_TRY(add_dampings(program, op, error));
  } else {
    const zcz_clifford *clifford = zcz_clifford_look_up(cache, op);
    if (!clifford)
      return zcz_fail(error, ZCZ_ERROR_BUG, "line %u: an operation that is not Clifford", op->line);
    back.kind = ZCZ_BACK_GATE;
    memcpy(back.inverse, clifford->inverse, sizeof back.inverse);
  }
  if (!zcz_memory_grow(program->context, &program->ops, &program->ops_capacity,
                       program->num_ops + 1, sizeof back))
    return zcz_fail_memory(program->context, error, "an expectation value",
                           program->num_ops * sizeof back);
  program->ops[program->num_ops++] = back;
  return ZCZ_OK;
}

static zcz_status build(const zcz_circuit *circuit, zcz_back_program *program, zcz_error *error) {
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  zcz_clifford_cache *cache = zcz_memory_zeroed(program->context, 1, sizeof *cache);
  uint8_t *used =
      zcz_memory_zeroed(program->context, (size_t)zcz_circuit_num_qubits(circuit) + 1, 1);
  zcz_status status = ZCZ_OK;
  if (!cache || !used)
    status = zcz_fail_memory(program->context, error, "an expectation value", sizeof *cache);
  for (size_t i = zcz_circuit_num_ops(circuit, 0); status == ZCZ_OK && i-- > 0;)
    status = add_back(program, cache, &ops[i], used, error);
  zcz_memory_release(program->context, cache);
  zcz_memory_release(program->context, used);
  return status;
}

/* `paulis` holds two bits a qubit, all zero before and after. */
static double value_of(const zcz_back_program *program, const zcz_term *term, uint8_t *paulis,
                       uint32_t num_qubits) {
  double value = 1;
  bool minus = false;
  for (uint32_t i = 0; i < term->num_factors; i++)
    paulis[term->factors[i].qubit] = term->factors[i].pauli == 'X'   ? 1
                                     : term->factors[i].pauli == 'Z' ? 2
                                                                     : 3;
  for (size_t i = 0; i < program->num_ops && value != 0; i++) {
    const zcz_back_op *op = &program->ops[i];
    uint8_t pauli = paulis[op->a];
    if (op->b != ZCZ_NONE) pauli |= (uint8_t)(paulis[op->b] << 2);
    if (pauli == 0) continue;
    switch ((zcz_back_kind)op->kind) {
    case ZCZ_BACK_GATE:
      pauli = zcz_clifford_image(op->inverse, pauli);
      minus ^= (pauli & ZCZ_PAULI_MINUS) != 0;
      paulis[op->a] = pauli & 3;
      if (op->b != ZCZ_NONE) paulis[op->b] = pauli >> 2 & 3;
      break;
    case ZCZ_BACK_CHANNEL: value *= program->dampings[op->damping + pauli]; break;
    case ZCZ_BACK_DEPHASE:
      if (pauli & 1) value = 0;
      break;
    case ZCZ_BACK_RESET:
      if (pauli & 1) value = 0;
      paulis[op->a] = 0;
      break;
    }
  }
  for (uint32_t q = 0; q < num_qubits && value != 0; q++)
    if (paulis[q] & 1) value = 0;
  memset(paulis, 0, num_qubits);
  return minus ? -value : value;
}

zcz_status zcz_stabilizer_expectations(const zcz_circuit *circuit, uint32_t num_observables,
                                       const zcz_observable *const *observables, double *values,
                                       zcz_error *error) {
  zcz_context *context = zcz_circuit_context(circuit);
  zcz_back_program program = {.context = context};
  uint32_t num_qubits = zcz_circuit_num_qubits(circuit);
  zcz_status status = build(circuit, &program, error);
  uint8_t *paulis = zcz_memory_zeroed(context, (size_t)num_qubits + 1, 1);
  if (status == ZCZ_OK && !paulis)
    status = zcz_fail_memory(context, error, "an expectation value", num_qubits);
  for (uint32_t i = 0; status == ZCZ_OK && i < num_observables; i++) {
    double sum = 0;
    for (uint32_t t = 0; status == ZCZ_OK && t < observables[i]->num_terms; t++) {
      const zcz_term *term = &observables[i]->terms[t];
      if (t % 256 == 0) status = zcz_progress(context, "expectations", i, num_observables, error);
      sum += term->coefficient * value_of(&program, term, paulis, num_qubits);
    }
    values[i] = sum;
  }
  zcz_memory_release(context, paulis);
  zcz_memory_release(context, program.ops);
  zcz_memory_release(context, program.dampings);
  return status;
}
