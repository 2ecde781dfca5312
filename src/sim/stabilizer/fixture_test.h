/* Random Clifford circuits of every kind, and shots of them: what the tests of this folder share. Every function is
 * static inline, as not every test uses every one. */
#ifndef ZCZ_SIM_STABILIZER_FIXTURE_TEST_H
#define ZCZ_SIM_STABILIZER_FIXTURE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/math.h"
#include "base/memory.h"
#include "base/random.h"
#include "oracle.h"
#include "sim/stabilizer/engine.h"

static const zcz_engine *const engine = &zcz_engine_stabilizer;

static inline zcz_context *context_of(int threads) {
  zcz_context_options options = {.threads = threads};
  zcz_context *context;
  zcz_error error = {0};
  if (zcz_context_new(&options, &context, &error) != ZCZ_OK) fail_msg("%s", error.message);
  return context;
}

/* Every test ends with nothing left allocated. */
static inline void close_context(zcz_context *context) {
  assert_int_equal(zcz_memory_in_use(context), 0);
  zcz_context_free(context);
}

static inline void must(zcz_status status, const zcz_error *error) {
  if (status != ZCZ_OK) fail_msg("%s", error->message);
}

/* ---- random Clifford circuits ---- */

typedef struct dice {
  uint64_t number;
  uint32_t draws;
} dice;

static inline uint32_t roll(dice *d, uint32_t limit) {
  return (uint32_t)(zcz_random_unit(d->number, ZCZ_PURPOSE_TEST, 0, 2, d->draws++) * limit);
}

typedef struct circuit_kinds {
  bool noise, dynamic, feed_forward, branches, unmeasured;
} circuit_kinds;

static inline void add_gate(zcz_circuit *circuit, uint32_t block, dice *d, bool pauli_only) {
  uint32_t n = zcz_circuit_num_qubits(circuit), qubits[2], controls = 0;
  zcz_error error = {0};
  double params[3];
  qubits[0] = roll(d, n);
  do qubits[1] = roll(d, n);
  while (n > 1 && qubits[1] == qubits[0]);
  for (;;) {
    zcz_gate gate = pauli_only ? ZCZ_GATE_X + roll(d, 3) : roll(d, ZCZ_GATE_COUNT);
    const zcz_gate_info *info = zcz_gate_describe(gate);
    for (int i = 0; i < 3; i++) params[i] = (double)((int)roll(d, 17) - 8) * ZCZ_PI / 2;
    if (!pauli_only && roll(d, 3) == 0) controls = 1;
    if (info->qubits + controls > 2 || info->qubits + controls > n) continue;
    zcz_op op = {.kind = ZCZ_OP_GATE,
                 .code = (uint8_t)gate,
                 .num_controls = (uint16_t)controls,
                 .num_qubits = info->qubits + controls,
                 .num_params = info->params,
                 .bit = ZCZ_NONE,
                 .variable = ZCZ_NONE,
                 .expression = ZCZ_NONE,
                 .blocks = {ZCZ_NONE, ZCZ_NONE},
                 .qubits = qubits,
                 .params = params};
    if (!zcz_op_is_clifford(&op)) continue;
    if (roll(d, 4) == 0 && op.num_qubits > 0) { /* the same as a matrix */
      zcz_complex matrix[16];
      zcz_op_matrix(&op, matrix);
      must(zcz_circuit_unitary(circuit, block, 0, op.num_qubits, qubits, matrix, &error), &error);
    } else {
      must(zcz_circuit_append(circuit, block, &op, &error), &error);
    }
    return;
  }
}

static inline void add_channel(zcz_circuit *circuit, dice *d) {
  static const zcz_channel list[] = {ZCZ_CHANNEL_PAULI1, ZCZ_CHANNEL_DEPOLARIZE1,
                                     ZCZ_CHANNEL_PHASE_DAMPING, ZCZ_CHANNEL_DEPOLARIZE2,
                                     ZCZ_CHANNEL_PAULI2};
  uint32_t n = zcz_circuit_num_qubits(circuit), qubits[2];
  zcz_channel channel = list[roll(d, n > 1 ? 5 : 3)];
  const zcz_channel_info *info = zcz_channel_describe(channel);
  double params[16];
  zcz_error error = {0};
  qubits[0] = roll(d, n);
  do qubits[1] = roll(d, n);
  while (n > 1 && qubits[1] == qubits[0]);
  for (int i = 0; i < info->params; i++)
    params[i] = roll(d, 1000) / 1000.0 / (info->params > 2 ? 16 : 4);
  must(zcz_circuit_channel(circuit, 0, channel, info->qubits, qubits, (uint32_t)info->params,
                           params, &error),
       &error);
}

static inline void measure(zcz_circuit *circuit, uint32_t block, dice *d, bool noise,
                           uint32_t qubit, uint32_t bit) {
  double params[2] = {roll(d, 100) / 400.0, roll(d, 100) / 400.0};
  zcz_error error = {0};
  zcz_op op = {.kind = ZCZ_OP_MEASURE,
               .num_qubits = 1,
               .num_params = noise ? 2 : 0,
               .bit = bit,
               .variable = ZCZ_NONE,
               .expression = ZCZ_NONE,
               .blocks = {ZCZ_NONE, ZCZ_NONE},
               .qubits = &qubit,
               .params = noise ? params : NULL};
  must(zcz_circuit_append(circuit, block, &op, &error), &error);
}

/* IF a bit, or IF some bits == a number. */
static inline void add_if(zcz_circuit *circuit, dice *d, bool branches) {
  zcz_error error = {0};
  uint32_t bits = zcz_circuit_num_bits(circuit), root, blocks[2], left, right;
  zcz_expression bit = {.kind = ZCZ_EXPRESSION_BIT, .index = roll(d, bits)};
  must(zcz_circuit_add_expression(circuit, &bit, &root, &error), &error);
  if (roll(d, 2)) {
    zcz_expression all = {.kind = ZCZ_EXPRESSION_BITS, .size = bits};
    zcz_expression value = {.kind = ZCZ_EXPRESSION_CONSTANT,
                            .constant = {.type = ZCZ_TYPE_UINT, .as.natural = roll(d, 4)}};
    must(zcz_circuit_add_expression(circuit, &all, &left, &error), &error);
    must(zcz_circuit_add_expression(circuit, &value, &right, &error), &error);
    zcz_expression equal = {.kind = ZCZ_EXPRESSION_BINARY,
                            .operation = ZCZ_OPERATION_EQUAL,
                            .left = left,
                            .right = right};
    must(zcz_circuit_add_expression(circuit, &equal, &root, &error), &error);
  }
  for (int i = 0; i < 2; i++) {
    must(zcz_circuit_add_block(circuit, &blocks[i], &error), &error);
    for (uint32_t k = roll(d, 3); k > 0; k--) add_gate(circuit, blocks[i], d, !branches);
    if (branches && roll(d, 3) == 0)
      measure(circuit, blocks[i], d, false, roll(d, zcz_circuit_num_qubits(circuit)),
              roll(d, bits));
  }
  zcz_op op = {.kind = ZCZ_OP_IF,
               .bit = ZCZ_NONE,
               .variable = ZCZ_NONE,
               .expression = root,
               .blocks = {blocks[0], roll(d, 2) ? blocks[1] : ZCZ_NONE}};
  must(zcz_circuit_append(circuit, 0, &op, &error), &error);
}

static inline zcz_circuit *circuit_of(zcz_context *context, uint32_t qubits, uint32_t bits) {
  zcz_circuit *circuit;
  zcz_error error = {0};
  must(zcz_circuit_new(context, &circuit, &error), &error);
  must(zcz_circuit_add_qubits(circuit, "q", qubits, NULL, &error), &error);
  if (bits) must(zcz_circuit_add_bits(circuit, "c", bits, NULL, &error), &error);
  return circuit;
}

static inline zcz_circuit *random_clifford(zcz_context *context, uint32_t qubits, uint32_t gates,
                                           circuit_kinds kinds, uint64_t number) {
  dice d = {.number = number};
  zcz_error error = {0};
  uint32_t extra = kinds.dynamic ? 2 : 0;
  zcz_circuit *circuit = circuit_of(context, qubits, qubits + extra);
  for (uint32_t i = 0; i < gates; i++) {
    add_gate(circuit, 0, &d, false);
    if (kinds.noise && roll(&d, 4) == 0) add_channel(circuit, &d);
    if (kinds.dynamic && roll(&d, 8) == 0)
      measure(circuit, 0, &d, kinds.noise, roll(&d, qubits), qubits + roll(&d, extra));
    if (kinds.dynamic && roll(&d, 10) == 0)
      must(zcz_circuit_reset(circuit, 0, roll(&d, qubits), &error), &error);
    if (kinds.feed_forward && roll(&d, 6) == 0) add_if(circuit, &d, kinds.branches);
  }
  /* An identity, so that no measurement in the middle stands at the end of its qubit. */
  for (uint32_t q = 0; q < qubits; q++)
    must(zcz_circuit_gate(circuit, 0, ZCZ_GATE_ID, 0, &q, NULL, &error), &error);
  for (uint32_t q = 0; q < qubits && !kinds.unmeasured; q++)
    if (q == 0 || roll(&d, 5)) measure(circuit, 0, &d, kinds.noise, q, qubits - 1 - q);
  return circuit;
}

/* ---- running ---- */

static inline void *open_for(const zcz_circuit *circuit, const zcz_task *task) {
  zcz_judgement judgement;
  zcz_error error = {0};
  void *run;
  engine->judge(circuit, task, &judgement);
  if (!judgement.able) fail_msg("unable: %s", judgement.reason);
  must(engine->open(zcz_circuit_context(circuit), circuit, task, &run, &error), &error);
  return run;
}

static inline uint64_t *shots_of(const zcz_circuit *circuit, uint64_t seed, uint64_t first,
                                 uint64_t count) {
  zcz_task task = {.precision = ZCZ_PRECISION_DOUBLE, .seed = seed, .shots = first + count};
  zcz_error error = {0};
  void *run = open_for(circuit, &task);
  size_t words = (count + 63) / 64;
  uint64_t *columns = malloc((zcz_circuit_num_bits(circuit) + 1) * words * 8);
  memset(columns, 0xa5, (zcz_circuit_num_bits(circuit) + 1) * words * 8);
  must(engine->sample(run, first, count, columns, &error), &error);
  engine->close(run);
  return columns;
}

static inline uint64_t key_of(const zcz_circuit *circuit, const uint64_t *columns, uint64_t count,
                              uint64_t shot) {
  uint64_t key = 0, words = (count + 63) / 64;
  for (uint32_t b = 0; b < zcz_circuit_num_bits(circuit); b++)
    key |= (columns[b * words + shot / 64] >> (shot % 64) & 1) << b;
  return key;
}

#endif
