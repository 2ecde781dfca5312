#include "sim/stabilizer/program.h"

#include <string.h>

#include "base/memory.h"
#include "base/progress.h"

enum { IDENTITY_PAIR = 1 | 2 << 2, CHECK_EVERY = 4096 };

typedef struct zcz_frame_builder {
  zcz_frame_program *program;
  zcz_error *error;
  zcz_clifford_cache cache;
  zcz_tableau tableau;
  uint8_t *bits;    /* of the reference shot */
  uint8_t *pending; /* per qubit, a run of one-qubit gates: images of X and Z, two bits each */
  uint8_t *seen;    /* per classical bit, scratch */
  uint8_t *wanted;  /* per expression, scratch */
} zcz_frame_builder;

/* ---- what frames can run ---- */

static bool only_moves_signs(const zcz_clifford *clifford) {
  for (int g = 0; g < 2 * clifford->num_qubits; g++)
    if ((clifford->forward[g] & ZCZ_PAULI_BITS) != 1 << g) return false;
  return true;
}

static bool only_paulis(const zcz_circuit *circuit, uint32_t block, zcz_clifford_cache *cache) {
  if (block == ZCZ_NONE) return true;
  const zcz_op *ops = zcz_circuit_ops(circuit, block);
  size_t count = zcz_circuit_num_ops(circuit, block);
  for (size_t i = 0; i < count; i++) {
    if (ops[i].kind == ZCZ_OP_BARRIER || ops[i].kind == ZCZ_OP_DELAY) continue;
    if (ops[i].kind != ZCZ_OP_GATE && ops[i].kind != ZCZ_OP_UNITARY) return false;
    const zcz_clifford *clifford = zcz_clifford_look_up(cache, &ops[i]);
    if (!clifford || !only_moves_signs(clifford)) return false;
  }
  return true;
}

bool zcz_frames_can(const zcz_circuit *circuit, zcz_clifford_cache *cache) {
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  size_t count = zcz_circuit_num_ops(circuit, 0);
  for (size_t i = 0; i < count; i++) {
    if (ops[i].kind == ZCZ_OP_WHILE || ops[i].kind == ZCZ_OP_ASSIGN) return false;
    if (ops[i].kind == ZCZ_OP_IF && (!only_paulis(circuit, ops[i].blocks[0], cache) ||
                                     !only_paulis(circuit, ops[i].blocks[1], cache)))
      return false;
  }
  return true;
}

/* ---- operations of the program ---- */

static zcz_status emit(zcz_frame_builder *builder, zcz_frame_op op) {
  zcz_frame_program *program = builder->program;
  if (!zcz_memory_grow(program->context, &program->ops, &program->ops_capacity,
                       program->num_ops + 1, sizeof op))
    return zcz_fail_memory(program->context, builder->error, "a program of Pauli frames",
                           program->num_ops * 2 * sizeof op);
  program->ops[program->num_ops++] = op;
  return ZCZ_OK;
}

/* Emits the run of one-qubit gates that waits on a qubit. */
static zcz_status flush(zcz_frame_builder *builder, uint32_t qubit) {
  uint8_t images = builder->pending[qubit];
  zcz_frame_op op = {.images = images, .a = qubit, .b = ZCZ_NONE, .c = ZCZ_NONE};
  if (images == IDENTITY_PAIR) return ZCZ_OK;
  builder->pending[qubit] = IDENTITY_PAIR;
  if (images == (2 | 1 << 2))
    op.kind = ZCZ_FRAME_H;
  else if (images == (3 | 2 << 2))
    op.kind = ZCZ_FRAME_S;
  else if (images == (1 | 3 << 2))
    op.kind = ZCZ_FRAME_SX;
  else if (images == (3 | 1 << 2))
    op.kind = ZCZ_FRAME_XYZ;
  else
    op.kind = ZCZ_FRAME_ZYX;
  return emit(builder, op);
}

static uint8_t map_one(uint8_t pauli, const uint8_t *forward) {
  return (uint8_t)(((pauli & 1 ? forward[0] : 0) ^ (pauli & 2 ? forward[1] : 0)) & 3);
}

static zcz_status add_pair(zcz_frame_builder *builder, const zcz_clifford *clifford, uint32_t a,
                           uint32_t b) {
  uint16_t images = 0;
  for (int g = 0; g < 4; g++)
    images |= (uint16_t)((clifford->forward[g] & ZCZ_PAULI_BITS) << (4 * g));
  zcz_frame_op op = {.kind = ZCZ_FRAME_PAIR, .images = images, .a = a, .b = b, .c = ZCZ_NONE};
  if (images == 0x8421) return ZCZ_OK; /* a Pauli */
  ZCZ_TRY(flush(builder, a));
  ZCZ_TRY(flush(builder, b));
  if (images == 0xa425)
    op.kind = ZCZ_FRAME_CX;
  else if (images == 0x85a1) /* CX from the second: turned round */
    op = (zcz_frame_op){.kind = ZCZ_FRAME_CX, .images = 0xa425, .a = b, .b = a, .c = ZCZ_NONE};
  else if (images == 0x8629)
    op.kind = ZCZ_FRAME_CZ;
  else if (images == 0x2184)
    op.kind = ZCZ_FRAME_SWAP;
  return emit(builder, op);
}

static zcz_status add_gate(zcz_frame_builder *builder, const zcz_op *op) {
  const zcz_clifford *clifford = zcz_clifford_look_up(&builder->cache, op);
  if (!clifford)
    return zcz_fail(builder->error, ZCZ_ERROR_BUG, "line %u: an operation that is not Clifford",
                    op->line);
  zcz_tableau_apply(&builder->tableau, clifford, op->qubits);
  if (clifford->num_qubits == 2) return add_pair(builder, clifford, op->qubits[0], op->qubits[1]);
  if (clifford->num_qubits == 1) {
    uint8_t *pending = &builder->pending[op->qubits[0]];
    *pending = (uint8_t)(map_one(*pending & 3, clifford->forward) |
                         map_one(*pending >> 2, clifford->forward) << 2);
  }
  return ZCZ_OK;
}

static zcz_status add_measurement(zcz_frame_builder *builder, uint32_t qubit, uint32_t bit,
                                  const zcz_op *op) {
  int outcome = zcz_tableau_outcome(&builder->tableau, qubit);
  if (outcome < 0) zcz_tableau_collapse(&builder->tableau, qubit, outcome = 0);
  if (bit != ZCZ_NONE) builder->bits[bit] = (uint8_t)outcome;
  ZCZ_TRY(flush(builder, qubit));
  ZCZ_TRY(emit(builder, (zcz_frame_op){.kind = ZCZ_FRAME_MEASURE,
                                       .reference = (uint8_t)outcome,
                                       .a = qubit,
                                       .b = bit,
                                       .c = ZCZ_NONE}));
  if (!op || op->num_params == 0 || bit == ZCZ_NONE) return ZCZ_OK;
  uint32_t table;
  ZCZ_TRY(zcz_noise_add(builder->program->context, &builder->program->noise, op, &table,
                        builder->error));
  if (table == ZCZ_NONE) return ZCZ_OK;
  return emit(builder,
              (zcz_frame_op){.kind = ZCZ_FRAME_READOUT, .a = ZCZ_NONE, .b = bit, .c = table});
}

static zcz_status add_reset(zcz_frame_builder *builder, uint32_t qubit) {
  int outcome = zcz_tableau_outcome(&builder->tableau, qubit);
  if (outcome < 0) zcz_tableau_collapse(&builder->tableau, qubit, outcome = 0);
  if (outcome == 1) zcz_tableau_pauli(&builder->tableau, qubit, 1);
  builder->pending[qubit] = IDENTITY_PAIR;
  return emit(builder,
              (zcz_frame_op){.kind = ZCZ_FRAME_RESET, .a = qubit, .b = ZCZ_NONE, .c = ZCZ_NONE});
}

static zcz_status add_channel(zcz_frame_builder *builder, const zcz_op *op) {
  uint32_t table;
  ZCZ_TRY(zcz_noise_add(builder->program->context, &builder->program->noise, op, &table,
                        builder->error));
  if (table == ZCZ_NONE) return ZCZ_OK;
  for (uint32_t i = 0; i < op->num_qubits; i++) ZCZ_TRY(flush(builder, op->qubits[i]));
  return emit(builder, (zcz_frame_op){.kind = ZCZ_FRAME_NOISE,
                                      .a = op->qubits[0],
                                      .b = op->num_qubits > 1 ? op->qubits[1] : ZCZ_NONE,
                                      .c = table});
}

/* ---- conditions ---- */

static zcz_status add_bit_read(zcz_frame_builder *builder, uint32_t bit) {
  zcz_frame_program *program = builder->program;
  if (builder->seen[bit]) return ZCZ_OK;
  if (!zcz_memory_grow(program->context, &program->bits_read, &program->bits_read_capacity,
                       program->num_bits_read + 1, sizeof *program->bits_read))
    return zcz_fail_memory(program->context, builder->error, "conditions",
                           program->num_bits_read * 8);
  builder->seen[bit] = 1;
  program->bits_read[program->num_bits_read++] = bit;
  return ZCZ_OK;
}

/* Bits that an expression reads. Operands have smaller numbers, so a sweep downwards meets every
 * expression after all that use it, and each once however often it is shared. */
static zcz_status add_bits_read(zcz_frame_builder *builder, uint32_t expression) {
  const zcz_expression *all = zcz_circuit_expressions(builder->program->circuit);
  uint8_t *wanted = builder->wanted;
  uint32_t open = 1;
  wanted[expression] = 1;
  for (uint32_t i = expression; open > 0; i--) {
    if (!wanted[i]) continue;
    wanted[i] = 0;
    open--;
    uint32_t operands[2], count = 0;
    switch (all[i].kind) {
    case ZCZ_EXPRESSION_CONSTANT:
    case ZCZ_EXPRESSION_VARIABLE: break;
    case ZCZ_EXPRESSION_BIT: ZCZ_TRY(add_bit_read(builder, all[i].index)); break;
    case ZCZ_EXPRESSION_BITS:
      for (uint32_t b = 0; b < all[i].size; b++) ZCZ_TRY(add_bit_read(builder, all[i].index + b));
      break;
    case ZCZ_EXPRESSION_BINARY: operands[count++] = all[i].right; /* fall through */
    case ZCZ_EXPRESSION_UNARY: operands[count++] = all[i].left; break;
    }
    for (uint32_t k = 0; k < count; k++) {
      open += !wanted[operands[k]];
      wanted[operands[k]] = 1;
    }
  }
  return ZCZ_OK;
}

/* Toggles of one branch; applied to the reference shot where that one takes it. */
static zcz_status add_toggles(zcz_frame_builder *builder, uint32_t block, bool taken) {
  zcz_frame_program *program = builder->program;
  if (block == ZCZ_NONE) return ZCZ_OK;
  const zcz_op *ops = zcz_circuit_ops(program->circuit, block);
  size_t count = zcz_circuit_num_ops(program->circuit, block);
  for (size_t i = 0; i < count; i++) {
    if (ops[i].kind != ZCZ_OP_GATE && ops[i].kind != ZCZ_OP_UNITARY) continue;
    const zcz_clifford *clifford = zcz_clifford_look_up(&builder->cache, &ops[i]);
    if (!clifford) return zcz_fail(builder->error, ZCZ_ERROR_BUG, "a branch that is not Clifford");
    if (taken) zcz_tableau_apply(&builder->tableau, clifford, ops[i].qubits);
    for (uint32_t q = 0; q < clifford->num_qubits; q++) {
      /* A sign on the image of Z is an X, one on the image of X a Z. */
      uint32_t pauli = (clifford->forward[2 * q + 1] & ZCZ_PAULI_MINUS ? 1u : 0u) |
                       (clifford->forward[2 * q] & ZCZ_PAULI_MINUS ? 2u : 0u);
      if (pauli == 0) continue;
      if (!zcz_memory_grow(program->context, &program->toggles, &program->toggles_capacity,
                           program->num_toggles + 1, sizeof *program->toggles))
        return zcz_fail_memory(program->context, builder->error, "conditions",
                               program->num_toggles * sizeof *program->toggles);
      program->toggles[program->num_toggles++] = (zcz_frame_toggle){ops[i].qubits[q], pauli};
      ZCZ_TRY(flush(builder, ops[i].qubits[q]));
    }
  }
  return ZCZ_OK;
}

static zcz_status add_condition(zcz_frame_builder *builder, const zcz_op *op) {
  zcz_frame_program *program = builder->program;
  zcz_value value;
  ZCZ_TRY(zcz_expression_evaluate(program->circuit, op->expression, builder->bits,
                                  program->variables, &value, builder->error));
  zcz_frame_condition condition = {.expression = op->expression,
                                   .reference = zcz_value_truth(value),
                                   .first = (uint32_t)program->num_toggles,
                                   .first_bit = (uint32_t)program->num_bits_read};
  memset(builder->seen, 0, program->num_bits);
  ZCZ_TRY(add_bits_read(builder, op->expression));
  ZCZ_TRY(add_toggles(builder, op->blocks[0], condition.reference));
  ZCZ_TRY(add_toggles(builder, op->blocks[1], !condition.reference));
  condition.count = (uint32_t)(program->num_toggles - condition.first);
  condition.num_bits = (uint32_t)(program->num_bits_read - condition.first_bit);
  if (condition.count == 0) return ZCZ_OK;
  if (!zcz_memory_grow(program->context, &program->conditions, &program->conditions_capacity,
                       program->num_conditions + 1, sizeof condition))
    return zcz_fail_memory(program->context, builder->error, "conditions",
                           program->num_conditions * sizeof condition);
  program->conditions[program->num_conditions] = condition;
  return emit(builder, (zcz_frame_op){.kind = ZCZ_FRAME_IF,
                                      .a = ZCZ_NONE,
                                      .b = ZCZ_NONE,
                                      .c = (uint32_t)program->num_conditions++});
}

/* ---- what matters ---- */

/* Backwards over the program: drops gates and noise on Pauli bits that no measurement sees any more,
 * and numbers the random Z that some measurement sees. `live` holds two bits a qubit. */
static void keep_live(zcz_frame_program *program, uint8_t *live) {
  size_t to = program->num_ops;
  uint32_t randoms = 0;
  memset(live, 0, program->num_qubits);
  for (size_t i = program->num_ops; i-- > 0;) {
    zcz_frame_op op = program->ops[i];
    uint8_t after, before = 0;
    switch ((zcz_frame_kind)op.kind) {
    case ZCZ_FRAME_RANDOM_Z:
    case ZCZ_FRAME_RESET:
      after = live[op.a];
      if (after & 2) op.c = randoms++;
      live[op.a] = op.kind == ZCZ_FRAME_RESET ? 0 : after & 1;
      if (!after || (op.kind == ZCZ_FRAME_RANDOM_Z && !(after & 2))) continue;
      break;
    case ZCZ_FRAME_MEASURE:
      if (live[op.a] & 2) op.c = randoms++;
      live[op.a] = 1;
      break;
    case ZCZ_FRAME_NOISE:
      after = (uint8_t)(live[op.a] | (op.b != ZCZ_NONE ? live[op.b] << 2 : 0));
      if (!(program->noise.tables[op.c].support & after)) continue;
      break;
    case ZCZ_FRAME_READOUT:
    case ZCZ_FRAME_IF: break;
    case ZCZ_FRAME_H:
    case ZCZ_FRAME_S:
    case ZCZ_FRAME_SX:
    case ZCZ_FRAME_XYZ:
    case ZCZ_FRAME_ZYX:
      after = live[op.a];
      if (!after) continue;
      for (int g = 0; g < 2; g++)
        if ((op.images >> (2 * g)) & 3 & after) before |= (uint8_t)(1 << g);
      live[op.a] = before;
      break;
    case ZCZ_FRAME_CX:
    case ZCZ_FRAME_CZ:
    case ZCZ_FRAME_SWAP:
    case ZCZ_FRAME_PAIR:
      after = (uint8_t)(live[op.a] | live[op.b] << 2);
      if (!after) continue;
      for (int g = 0; g < 4; g++)
        if ((op.images >> (4 * g)) & 15 & after) before |= (uint8_t)(1 << g);
      live[op.a] = before & 3;
      live[op.b] = before >> 2;
      break;
    }
    program->ops[--to] = op;
  }
  program->num_ops -= to;
  program->num_randoms = randoms;
  memmove(program->ops, program->ops + to, program->num_ops * sizeof *program->ops);
}

static zcz_status add_op(zcz_frame_builder *builder, const zcz_op *op) {
  switch ((zcz_op_kind)op->kind) {
  case ZCZ_OP_GATE:
  case ZCZ_OP_UNITARY: return add_gate(builder, op);
  case ZCZ_OP_MEASURE: return add_measurement(builder, op->qubits[0], op->bit, op);
  case ZCZ_OP_RESET: return add_reset(builder, op->qubits[0]);
  case ZCZ_OP_BARRIER:
  case ZCZ_OP_DELAY: return ZCZ_OK;
  case ZCZ_OP_CHANNEL: return add_channel(builder, op);
  case ZCZ_OP_IF: return add_condition(builder, op);
  case ZCZ_OP_ASSIGN:
  case ZCZ_OP_WHILE:
  case ZCZ_OP_KIND_COUNT: break;
  }
  return zcz_fail(builder->error, ZCZ_ERROR_BUG, "line %u: no operation for Pauli frames",
                  op->line);
}

static zcz_status add_all(zcz_frame_builder *builder, bool measure_all) {
  zcz_frame_program *program = builder->program;
  const zcz_op *ops = zcz_circuit_ops(program->circuit, 0);
  size_t count = zcz_circuit_num_ops(program->circuit, 0);
  for (uint32_t q = 0; q < program->num_qubits; q++) {
    builder->pending[q] = IDENTITY_PAIR;
    ZCZ_TRY(emit(builder,
                 (zcz_frame_op){.kind = ZCZ_FRAME_RANDOM_Z, .a = q, .b = ZCZ_NONE, .c = ZCZ_NONE}));
  }
  for (size_t i = 0; i < count; i++) {
    if (i % CHECK_EVERY == 0)
      ZCZ_TRY(
          zcz_progress(program->context, "reference", (double)i, (double)count, builder->error));
    ZCZ_TRY(add_op(builder, &ops[i]));
  }
  for (uint32_t q = 0; measure_all && q < program->num_qubits; q++)
    ZCZ_TRY(add_measurement(builder, q, q, NULL));
  return ZCZ_OK;
}

static zcz_status prepare(zcz_frame_builder *builder) {
  zcz_frame_program *program = builder->program;
  zcz_context *context = program->context;
  uint32_t variables = zcz_circuit_num_variables(program->circuit);
  builder->bits = zcz_memory_zeroed(context, (size_t)program->num_bits + 1, 1);
  builder->seen = zcz_memory_zeroed(context, (size_t)program->num_bits + 1, 1);
  builder->wanted =
      zcz_memory_zeroed(context, (size_t)zcz_circuit_num_expressions(program->circuit) + 1, 1);
  builder->pending = zcz_memory_zeroed(context, (size_t)program->num_qubits + 1, 1);
  program->variables =
      zcz_memory_zeroed(context, (size_t)variables + 1, sizeof *program->variables);
  if (!builder->bits || !builder->seen || !builder->wanted || !builder->pending ||
      !program->variables)
    return zcz_fail_memory(context, builder->error, "a program of Pauli frames",
                           program->num_bits * 2 + program->num_qubits);
  for (uint32_t i = 0; i < variables; i++)
    program->variables[i] = zcz_circuit_variables(program->circuit)[i].initial;
  return zcz_tableau_new(context, program->num_qubits, &builder->tableau, builder->error);
}

zcz_status zcz_frame_program_new(const zcz_circuit *circuit, bool measure_all,
                                 zcz_frame_program **result, zcz_error *error) {
  zcz_context *context = zcz_circuit_context(circuit);
  zcz_frame_program *program = zcz_memory_zeroed(context, 1, sizeof *program);
  zcz_frame_builder *builder = zcz_memory_zeroed(context, 1, sizeof *builder);
  zcz_status status = ZCZ_OK;
  *result = NULL;
  if (!program || !builder) {
    zcz_memory_release(context, program);
    zcz_memory_release(context, builder);
    return zcz_fail_memory(context, error, "a program of Pauli frames",
                           sizeof *program + sizeof *builder);
  }
  *builder = (zcz_frame_builder){.program = program, .error = error};
  program->context = context;
  program->circuit = circuit;
  program->num_qubits = zcz_circuit_num_qubits(circuit);
  program->num_bits = measure_all ? program->num_qubits : zcz_circuit_num_bits(circuit);
  status = prepare(builder);
  if (status == ZCZ_OK) status = add_all(builder, measure_all);
  if (status == ZCZ_OK) {
    keep_live(program, builder->pending);
    zcz_noise_finish(&program->noise);
  }
  zcz_tableau_release(context, &builder->tableau);
  zcz_memory_release(context, builder->bits);
  zcz_memory_release(context, builder->seen);
  zcz_memory_release(context, builder->wanted);
  zcz_memory_release(context, builder->pending);
  zcz_memory_release(context, builder);
  if (status == ZCZ_OK)
    *result = program;
  else
    zcz_frame_program_free(program);
  return status;
}

void zcz_frame_program_free(zcz_frame_program *program) {
  if (!program) return;
  zcz_context *context = program->context;
  zcz_noise_release(context, &program->noise);
  zcz_memory_release(context, program->ops);
  zcz_memory_release(context, program->conditions);
  zcz_memory_release(context, program->toggles);
  zcz_memory_release(context, program->bits_read);
  zcz_memory_release(context, program->variables);
  zcz_memory_release(context, program);
}
