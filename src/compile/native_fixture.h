/* For tests: a line of qubits whose couplers have the gates asked for, and random numbers. */
#ifndef ZCZ_COMPILE_NATIVE_FIXTURE_H
#define ZCZ_COMPILE_NATIVE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/math.h"
#include "base/random.h"
#include "compile/passes.h"
#include "oracle.h"

enum { FIXTURE_QUBITS = 6 };

typedef struct fixture {
  zcz_context *context;
  zcz_chip chip;
  zcz_chip_qubit qubits[FIXTURE_QUBITS];
  zcz_chip_coupler couplers[FIXTURE_QUBITS];
  uint64_t seed;
  uint32_t draw;
} fixture;

static inline double fixture_uniform(fixture *f) {
  return zcz_random_unit(f->seed, ZCZ_PURPOSE_TEST, 0, 7, f->draw++);
}

static inline uint32_t fixture_below(fixture *f, uint32_t n) {
  return (uint32_t)(fixture_uniform(f) * n);
}

/* Coupler i joins qubits i and i + 1 (every second the other way round). */
static inline void fixture_open(fixture *f, uint32_t num_qubits, bool cz, bool fsim) {
  *f = (fixture){.seed = 1};
  assert_int_equal(zcz_context_new(NULL, &f->context, NULL), ZCZ_OK);
  f->chip = (zcz_chip){.name = "line",
                       .num_qubits = num_qubits,
                       .qubits = f->qubits,
                       .num_couplers = num_qubits - 1,
                       .couplers = f->couplers,
                       .one_qubit_ns = 25};
  for (uint32_t i = 0; i < num_qubits; i++)
    f->qubits[i] = (zcz_chip_qubit){.name = "Q", .enabled = true, .pauli_error = 1e-3};
  for (uint32_t i = 0; i + 1 < num_qubits; i++) {
    zcz_chip_coupler *c = &f->couplers[i];
    *c = (zcz_chip_coupler){.name = "G", .enabled = true, .pauli_error = 4e-3};
    c->qubits[i & 1] = i;
    c->qubits[1 - (i & 1)] = i + 1;
    if (fsim)
      c->gates[c->num_gates++] = (zcz_chip_gate){
          .gate = ZCZ_GATE_FSIM, .params = {1.571 + 0.03 * (i - 1.0), 0.52 + 0.1 * i}};
    if (cz) c->gates[c->num_gates++] = (zcz_chip_gate){.gate = ZCZ_GATE_Z, .num_controls = 1};
  }
}

static inline void fixture_close(fixture *f) { zcz_context_free(f->context); }

static inline zcz_circuit *fixture_circuit(fixture *f, uint32_t num_qubits) {
  zcz_circuit *circuit;
  uint32_t offset;
  assert_int_equal(zcz_circuit_new(f->context, &circuit, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_qubits(circuit, "q", num_qubits, &offset, NULL), ZCZ_OK);
  return circuit;
}

static inline void fixture_gate(zcz_circuit *circuit, zcz_gate gate, uint32_t num_controls,
                                const uint32_t *qubits, const double *params) {
  zcz_error error;
  if (zcz_circuit_gate(circuit, 0, gate, num_controls, qubits, params, &error) != ZCZ_OK)
    fail_msg("%s", error.message);
}

/* A gate of the table on random qubits; two-qubit ones (with the control) on neighbours. */
static inline void fixture_random_gate(fixture *f, zcz_circuit *circuit) {
  uint32_t n = zcz_circuit_num_qubits(circuit), qubits[2];
  zcz_gate gate = (zcz_gate)(1 + fixture_below(f, ZCZ_GATE_COUNT - 1));
  const zcz_gate_info *info = zcz_gate_describe(gate);
  double params[3];
  for (int k = 0; k < 3; k++) {
    params[k] = 14 * fixture_uniform(f) - 7;
    if (fixture_below(f, 3) == 0) params[k] = 0.25 * ZCZ_PI * (int)fixture_below(f, 9);
  }
  uint32_t controls = info->qubits == 1 ? fixture_below(f, 2) : 0;
  qubits[0] = fixture_below(f, n - 1);
  qubits[1] = qubits[0] + 1;
  if (fixture_below(f, 2) == 0) qubits[1] = qubits[0]++;
  fixture_gate(circuit, gate, controls, qubits, params);
}

/* max |U - c V| of two circuits' unitaries. */
static inline double fixture_distance(const zcz_circuit *a, const zcz_circuit *b) {
  oracle_number *u = oracle_unitary(a), *v = oracle_unitary(b);
  double distance = oracle_distance_up_to_phase(u, v, (size_t)1 << (2 * zcz_circuit_num_qubits(a)));
  free(u);
  free(v);
  return distance;
}

static inline bool fixture_is_pulse(const zcz_op *op) {
  return op->kind == ZCZ_OP_GATE && op->num_controls == 0 && op->num_qubits == 1 &&
         (op->code == ZCZ_GATE_X2P || op->code == ZCZ_GATE_X2M || op->code == ZCZ_GATE_Y2P ||
          op->code == ZCZ_GATE_Y2M || op->code == ZCZ_GATE_XY2P || op->code == ZCZ_GATE_XY2M);
}

/* Fails unless every operation of block 0 is native to the chip; counts. */
static inline void fixture_count(const fixture *f, const zcz_circuit *circuit, size_t *twos,
                                 size_t *pulses, size_t *frames) {
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  *twos = *pulses = *frames = 0;
  for (size_t i = 0; i < zcz_circuit_num_ops(circuit, 0); i++) {
    const zcz_op *op = &ops[i];
    if (op->kind != ZCZ_OP_GATE && op->kind != ZCZ_OP_UNITARY) continue;
    assert_int_equal(op->kind, ZCZ_OP_GATE);
    if (op->num_qubits == 2) {
      uint32_t c = zcz_chip_find_coupler(&f->chip, op->qubits[0], op->qubits[1]);
      bool native = false;
      assert_true(c != ZCZ_CHIP_NONE);
      for (uint32_t g = 0; g < f->chip.couplers[c].num_gates; g++) {
        const zcz_chip_gate *gate = &f->chip.couplers[c].gates[g];
        native =
            native || (gate->gate == (zcz_gate)op->code && gate->num_controls == op->num_controls &&
                       (op->num_params == 0 ||
                        (op->params[0] == gate->params[0] && op->params[1] == gate->params[1])));
      }
      assert_true(native);
      ++*twos;
    } else if (fixture_is_pulse(op)) {
      ++*pulses;
    } else {
      assert_true(op->code == ZCZ_GATE_RZ && op->num_controls == 0);
      ++*frames;
    }
  }
}

#endif
