/* Scheduled circuits for the tests of the noise pass. */
#ifndef ZCZ_NOISE_TEST_CIRCUITS_H
#define ZCZ_NOISE_TEST_CIRCUITS_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "zcz/noise.h"

static inline int set_up(void **state) {
  zcz_context *context = NULL;
  if (zcz_context_new(NULL, &context, NULL) != ZCZ_OK) return -1;
  *state = context;
  return 0;
}

static inline int tear_down(void **state) {
  uint64_t left = zcz_memory_in_use(*state);
  zcz_context_free(*state);
  return left ? -1 : 0;
}

#define OK(call)                                                                                   \
  do {                                                                                             \
    zcz_error error = {0};                                                                         \
    zcz_error *e = &error;                                                                         \
    if ((call) != ZCZ_OK) fail_msg("%s", error.message);                                           \
  } while (0)

static inline zcz_chip *load(zcz_context *context, const char *name) {
  zcz_chip *chip;
  OK(zcz_chip_load(context, name, &chip, e));
  return chip;
}

static inline zcz_circuit *new_circuit(zcz_context *context, const zcz_chip *chip, uint32_t bits) {
  zcz_circuit *circuit;
  uint32_t offset;
  OK(zcz_circuit_new(context, &circuit, e));
  OK(zcz_circuit_add_qubits(circuit, "q", chip->num_qubits, &offset, e));
  if (bits) OK(zcz_circuit_add_bits(circuit, "c", bits, &offset, e));
  return circuit;
}

static inline zcz_op blank(zcz_op_kind kind, double start, double duration) {
  return (zcz_op){.kind = (uint8_t)kind,
                  .bit = ZCZ_NONE,
                  .variable = ZCZ_NONE,
                  .expression = ZCZ_NONE,
                  .blocks = {ZCZ_NONE, ZCZ_NONE},
                  .start_ns = start,
                  .duration_ns = duration};
}

static inline void add(zcz_circuit *circuit, uint32_t block, zcz_op op) {
  OK(zcz_circuit_append(circuit, block, &op, e));
}

static inline void add_one(zcz_circuit *circuit, uint32_t block, zcz_gate gate, uint32_t qubit,
                           double param, double start, double duration) {
  zcz_op op = blank(ZCZ_OP_GATE, start, duration);
  op.code = (uint8_t)gate;
  op.num_qubits = 1;
  op.qubits = &qubit;
  op.num_params = zcz_gate_describe(gate)->params;
  op.params = &param;
  add(circuit, block, op);
}

static inline void add_native(zcz_circuit *circuit, uint32_t block, const zcz_chip_coupler *coupler,
                              uint32_t which, bool swap, double start) {
  const zcz_chip_gate *gate = &coupler->gates[which];
  uint32_t qubits[2] = {coupler->qubits[swap], coupler->qubits[!swap]};
  zcz_op op = blank(ZCZ_OP_GATE, start, gate->duration_ns);
  op.code = (uint8_t)gate->gate;
  op.num_controls = gate->num_controls;
  op.num_qubits = 2;
  op.qubits = qubits;
  op.num_params = zcz_gate_describe(gate->gate)->params;
  op.params = gate->params;
  add(circuit, block, op);
}

static inline void add_measure(zcz_circuit *circuit, uint32_t block, uint32_t qubit, uint32_t bit,
                               double start, double duration) {
  zcz_op op = blank(ZCZ_OP_MEASURE, start, duration);
  op.num_qubits = 1;
  op.qubits = &qubit;
  op.bit = bit;
  add(circuit, block, op);
}

static inline void add_delay(zcz_circuit *circuit, uint32_t block, uint32_t qubit, double start,
                             double duration) {
  zcz_op op = blank(ZCZ_OP_DELAY, start, duration);
  op.num_qubits = 1;
  op.qubits = &qubit;
  op.num_params = 1;
  op.params = &duration;
  add(circuit, block, op);
}

static inline zcz_circuit *noisy(const zcz_circuit *circuit, const zcz_chip *chip, uint32_t parts,
                                 bool twirl) {
  zcz_circuit *result;
  zcz_noise_options options = {parts, twirl};
  OK(zcz_noise_apply(circuit, chip, &options, &result, e));
  return result;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
