#include "random_dynamic.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/math.h"
#include "base/random.h"

typedef struct maker {
  zcz_circuit *circuit;
  const random_dynamic_options *options;
  uint64_t number;
  uint32_t draws;
  zcz_error error;
} maker;

static double roll(maker *m) {
  return zcz_random_unit(m->number, ZCZ_PURPOSE_TEST, 0, 2, m->draws++);
}

static uint32_t below(maker *m, uint32_t limit) { return (uint32_t)(roll(m) * limit); }

static void must(maker *m, zcz_status status) {
  if (status == ZCZ_OK) return;
  fprintf(stderr, "random dynamic circuit: %s\n", m->error.message);
  abort();
}

static void two_qubits(maker *m, uint32_t *qubits) {
  qubits[0] = below(m, m->options->qubits);
  qubits[1] = (qubits[0] + 1 + below(m, m->options->qubits - 1)) % m->options->qubits;
}

static void add_gate(maker *m, uint32_t block) {
  static const struct {
    zcz_gate gate;
    uint32_t controls;
  } list[] = {{ZCZ_GATE_H, 0},    {ZCZ_GATE_H, 0},     {ZCZ_GATE_X, 0},    {ZCZ_GATE_S, 0},
              {ZCZ_GATE_T, 0},    {ZCZ_GATE_RX, 0},    {ZCZ_GATE_RY, 0},   {ZCZ_GATE_RZ, 0},
              {ZCZ_GATE_X, 1},    {ZCZ_GATE_X, 1},     {ZCZ_GATE_X, 1},    {ZCZ_GATE_Z, 1},
              {ZCZ_GATE_P, 1},    {ZCZ_GATE_H, 1},     {ZCZ_GATE_SWAP, 0}, {ZCZ_GATE_ISWAP, 0},
              {ZCZ_GATE_FSIM, 0}, {ZCZ_GATE_RXX, 0},   {ZCZ_GATE_RZZ, 0},  {ZCZ_GATE_RZX, 0},
              {ZCZ_GATE_RY, 1},   {ZCZ_GATE_GPHASE, 0}};
  uint32_t which = below(m, sizeof list / sizeof *list), qubits[2];
  double params[3] = {0};
  two_qubits(m, qubits);
  for (int i = 0; i < 3; i++) params[i] = 4 * ZCZ_PI * (roll(m) - 0.5);
  must(m, zcz_circuit_gate(m->circuit, block, list[which].gate, list[which].controls, qubits,
                           params, &m->error));
}

static void add_channel(maker *m, uint32_t block) {
  static const zcz_channel list[] = {ZCZ_CHANNEL_PHASE_DAMPING, ZCZ_CHANNEL_AMPLITUDE_DAMPING,
                                     ZCZ_CHANNEL_DEPOLARIZE1,   ZCZ_CHANNEL_DEPOLARIZE2,
                                     ZCZ_CHANNEL_RELAXATION,    ZCZ_CHANNEL_PAULI1};
  zcz_channel channel = list[below(m, sizeof list / sizeof *list)];
  const zcz_channel_info *info = zcz_channel_describe(channel);
  double params[3] = {roll(m) / 3, roll(m) / 3, roll(m) / 3};
  if (channel == ZCZ_CHANNEL_RELAXATION) params[1] = 0.5;
  uint32_t qubits[2];
  two_qubits(m, qubits);
  must(m, zcz_circuit_channel(m->circuit, block, channel, info->qubits, qubits,
                              (uint32_t)info->params, params, &m->error));
}

static uint32_t bit_expression(maker *m, uint32_t bit) {
  zcz_expression e = {.kind = ZCZ_EXPRESSION_BIT, .index = bit};
  uint32_t index;
  must(m, zcz_circuit_add_expression(m->circuit, &e, &index, &m->error));
  if (roll(m) < 0.5) return index;
  zcz_expression other = {.kind = ZCZ_EXPRESSION_BIT, .index = below(m, m->options->bits)};
  uint32_t second;
  must(m, zcz_circuit_add_expression(m->circuit, &other, &second, &m->error));
  zcz_expression both = {.kind = ZCZ_EXPRESSION_BINARY,
                         .operation = ZCZ_OPERATION_AND,
                         .left = index,
                         .right = second};
  must(m, zcz_circuit_add_expression(m->circuit, &both, &index, &m->error));
  return index;
}

static void add_operation(maker *m, uint32_t block, int depth);

static zcz_op blank(zcz_op_kind kind) {
  return (zcz_op){.kind = (uint8_t)kind,
                  .bit = ZCZ_NONE,
                  .variable = ZCZ_NONE,
                  .expression = ZCZ_NONE,
                  .blocks = {ZCZ_NONE, ZCZ_NONE},
                  .start_ns = -1};
}

static void add_if(maker *m, uint32_t block, int depth) {
  zcz_op op = blank(ZCZ_OP_IF);
  op.expression = bit_expression(m, below(m, m->options->bits));
  int sides = roll(m) < 0.5 ? 2 : 1;
  for (int side = 0; side < sides; side++) {
    must(m, zcz_circuit_add_block(m->circuit, &op.blocks[side], &m->error));
    uint32_t count = below(m, 4);
    for (uint32_t i = 0; i < count; i++) add_operation(m, op.blocks[side], depth + 1);
  }
  must(m, zcz_circuit_append(m->circuit, block, &op, &m->error));
}

/* while (bit) { some operations; bit = false; } */
static void add_while(maker *m, uint32_t block, int depth) {
  zcz_op op = blank(ZCZ_OP_WHILE), end = blank(ZCZ_OP_ASSIGN);
  zcz_expression no = {.kind = ZCZ_EXPRESSION_CONSTANT, .constant = {.type = ZCZ_TYPE_BOOL}};
  zcz_expression yes = {.kind = ZCZ_EXPRESSION_BIT, .index = below(m, m->options->bits)};
  must(m, zcz_circuit_add_expression(m->circuit, &yes, &op.expression, &m->error));
  must(m, zcz_circuit_add_expression(m->circuit, &no, &end.expression, &m->error));
  end.bit = yes.index;
  must(m, zcz_circuit_add_block(m->circuit, &op.blocks[0], &m->error));
  uint32_t count = below(m, 3);
  for (uint32_t i = 0; i < count; i++) add_operation(m, op.blocks[0], depth + 1);
  must(m, zcz_circuit_append(m->circuit, op.blocks[0], &end, &m->error));
  must(m, zcz_circuit_append(m->circuit, block, &op, &m->error));
}

static void add_assign(maker *m, uint32_t block) {
  zcz_op op = blank(ZCZ_OP_ASSIGN);
  op.expression = bit_expression(m, below(m, m->options->bits));
  op.bit = below(m, m->options->bits);
  must(m, zcz_circuit_append(m->circuit, block, &op, &m->error));
}

static void add_barrier(maker *m, uint32_t block) {
  uint32_t qubits[2];
  two_qubits(m, qubits);
  must(m, zcz_circuit_barrier(m->circuit, block, 2, qubits, &m->error));
}

static void add_operation(maker *m, uint32_t block, int depth) {
  double what = roll(m);
  if (what < 0.62)
    add_gate(m, block);
  else if (what < 0.70 && m->options->channels)
    add_channel(m, block);
  else if (what < 0.75)
    add_barrier(m, block);
  else if (what < 0.83)
    must(m, zcz_circuit_measure(m->circuit, block, below(m, m->options->qubits),
                                below(m, m->options->bits), &m->error));
  else if (what < 0.88)
    must(m, zcz_circuit_reset(m->circuit, block, below(m, m->options->qubits), &m->error));
  else if (what < 0.95 && m->options->control_flow && depth < 2)
    add_if(m, block, depth);
  else if (what < 0.97 && m->options->control_flow && depth < 2)
    add_while(m, block, depth);
  else if (m->options->control_flow)
    add_assign(m, block);
}

zcz_circuit *random_dynamic(zcz_context *context, const random_dynamic_options *options,
                            uint64_t number) {
  maker m = {.options = options, .number = number};
  must(&m, zcz_circuit_new(context, &m.circuit, &m.error));
  must(&m, zcz_circuit_add_qubits(m.circuit, "q", options->qubits, NULL, &m.error));
  must(&m, zcz_circuit_add_bits(m.circuit, "c", options->bits, NULL, &m.error));
  for (uint32_t i = 0; i < options->operations; i++) add_operation(&m, 0, 0);
  for (uint32_t q = 0; options->measure_some && q < options->qubits; q++)
    if (roll(&m) < 0.5)
      must(&m, zcz_circuit_measure(m.circuit, 0, q, below(&m, options->bits), &m.error));
  return m.circuit;
}
