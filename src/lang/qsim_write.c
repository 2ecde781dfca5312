/* Writing qsim's circuit text. A gate it lacks becomes a few it has, exactly ("p" is the global
 * phase); controls stand before each of them ("c"). Times rise where a qubit is used again. */
#include <math.h>

#include "base/math.h"
#include "base/memory.h"
#include "lang/lang.h"
#include "lang/words.h"
#include "lang/write.h"

typedef struct qsim_writer {
  const zcz_circuit *circuit;
  zcz_error *error;
  zcz_text text;
  uint64_t *free_from; /* for each qubit */
  uint64_t time;
  uint32_t num_measured;
  bool bits_in_order, barrier_lost;
  const zcz_op *op; /* being written: its controls stand before each line */
} qsim_writer;

static void line(qsim_writer *w, const char *name, uint32_t num_qubits, const uint32_t *qubits,
                 uint32_t num_params, const double *params) {
  char number[ZCZ_NUMBER_SIZE];
  const zcz_op *op = w->op;
  for (uint32_t i = 0; i < op->num_controls; i++) {
    if (w->free_from[op->qubits[i]] > w->time) w->time = w->free_from[op->qubits[i]];
  }
  for (uint32_t i = 0; i < num_qubits; i++) {
    if (w->free_from[qubits[i]] > w->time) w->time = w->free_from[qubits[i]];
  }
  zcz_text_add(&w->text, "%llu ", (unsigned long long)w->time);
  if (op->num_controls) zcz_text_add(&w->text, "c ");
  for (uint32_t i = 0; i < op->num_controls; i++) {
    zcz_text_add(&w->text, "%u ", op->qubits[i]);
    w->free_from[op->qubits[i]] = w->time + 1;
  }
  zcz_text_add(&w->text, "%s", name);
  for (uint32_t i = 0; i < num_qubits; i++) {
    zcz_text_add(&w->text, " %u", qubits[i]);
    w->free_from[qubits[i]] = w->time + 1;
  }
  for (uint32_t i = 0; i < num_params; i++)
    zcz_text_add(&w->text, " %s", zcz_decimal_write(number, params[i], false));
  zcz_text_add(&w->text, "\n");
}

static void one(qsim_writer *w, const char *name, uint32_t qubit, double angle) {
  line(w, name, 1, &qubit, 1, &angle);
}

static void bare(qsim_writer *w, const char *name, uint32_t qubit) {
  line(w, name, 1, &qubit, 0, NULL);
}

static void phase(qsim_writer *w, double angle) {
  if (angle != 0) line(w, "p", 0, NULL, 1, &angle);
}

static void turn(qsim_writer *w, uint32_t qubit, double axis, double angle) {
  double params[2] = {axis, angle};
  line(w, "rxy", 1, &qubit, 2, params);
}

static void euler(qsim_writer *w, uint32_t qubit, zcz_euler e) {
  phase(w, e.phase);
  one(w, "rz", qubit, e.lambda);
  one(w, "ry", qubit, e.theta);
  one(w, "rz", qubit, e.phi);
}

/* exp(-i angle ZZ/2) between basis changes before and after */
static void parity(qsim_writer *w, const uint32_t *qubits, double angle) {
  line(w, "cnot", 2, qubits, 0, NULL);
  one(w, "rz", qubits[1], angle);
  line(w, "cnot", 2, qubits, 0, NULL);
}

static void sdg(qsim_writer *w, uint32_t qubit) {
  phase(w, -ZCZ_PI / 4);
  one(w, "rz", qubit, -ZCZ_PI / 2);
}

static void two_qubit(qsim_writer *w, zcz_gate gate, const uint32_t *t, double angle) {
  bool first = gate != ZCZ_GATE_RZX && gate != ZCZ_GATE_RZZ, second = gate != ZCZ_GATE_RZZ;
  bool y = gate == ZCZ_GATE_RYY;
  if (y) sdg(w, t[0]);
  if (y) sdg(w, t[1]);
  if (first) bare(w, "h", t[0]);
  if (second) bare(w, "h", t[1]);
  parity(w, t, angle);
  if (first) bare(w, "h", t[0]);
  if (second) bare(w, "h", t[1]);
  if (y) bare(w, "s", t[0]);
  if (y) bare(w, "s", t[1]);
}

static bool gate(qsim_writer *w, const zcz_op *op) {
  zcz_gate code = (zcz_gate)op->code;
  const double *p = op->params;
  const uint32_t *t = op->qubits + op->num_controls;
  const zcz_word *word = zcz_word_for(ZCZ_LANGUAGE_QSIM, code, op->num_controls);
  if (word) {
    zcz_op plain = *op;
    plain.num_controls = 0; /* the word has them */
    w->op = &plain;
    line(w, word->spelling[ZCZ_LANGUAGE_QSIM], op->num_qubits, op->qubits, op->num_params, p);
    w->op = op;
    return true;
  }
  word = zcz_word_for(ZCZ_LANGUAGE_QSIM, code, 0);
  if (word) {
    line(w, word->spelling[ZCZ_LANGUAGE_QSIM], op->num_qubits - op->num_controls, t, op->num_params,
         p);
    return true;
  }
  switch ((int)code) {
  case ZCZ_GATE_SDG: sdg(w, t[0]); return true;
  case ZCZ_GATE_TDG:
    phase(w, -ZCZ_PI / 8);
    one(w, "rz", t[0], -ZCZ_PI / 4);
    return true;
  case ZCZ_GATE_SXDG:
    phase(w, -ZCZ_PI / 4);
    one(w, "rx", t[0], -ZCZ_PI / 2);
    return true;
  case ZCZ_GATE_SYDG:
    phase(w, -ZCZ_PI / 4);
    one(w, "ry", t[0], -ZCZ_PI / 2);
    return true;
  case ZCZ_GATE_SWDG:
    phase(w, -ZCZ_PI / 4);
    turn(w, t[0], ZCZ_PI / 4, -ZCZ_PI / 2);
    return true;
  case ZCZ_GATE_X2P: one(w, "rx", t[0], ZCZ_PI / 2); return true;
  case ZCZ_GATE_X2M: one(w, "rx", t[0], -ZCZ_PI / 2); return true;
  case ZCZ_GATE_Y2P: one(w, "ry", t[0], ZCZ_PI / 2); return true;
  case ZCZ_GATE_Y2M: one(w, "ry", t[0], -ZCZ_PI / 2); return true;
  case ZCZ_GATE_XY2P: turn(w, t[0], p[0], ZCZ_PI / 2); return true;
  case ZCZ_GATE_XY2M: turn(w, t[0], p[0], -ZCZ_PI / 2); return true;
  case ZCZ_GATE_XY: turn(w, t[0], p[0], ZCZ_PI); return true;
  case ZCZ_GATE_P:
    phase(w, p[0] / 2);
    one(w, "rz", t[0], p[0]);
    return true;
  case ZCZ_GATE_U2: euler(w, t[0], (zcz_euler){ZCZ_PI / 2, p[0], p[1], 0}); return true;
  case ZCZ_GATE_U3: euler(w, t[0], (zcz_euler){p[0], p[1], p[2], 0}); return true;
  case ZCZ_GATE_U:
    euler(w, t[0], (zcz_euler){p[0], p[1], p[2], (p[0] + p[1] + p[2]) / 2});
    return true;
  case ZCZ_GATE_ISWAPDG: {
    double back[2] = {ZCZ_PI / 2, 0};
    line(w, "fs", 2, t, 2, back);
    return true;
  }
  case ZCZ_GATE_RXX:
  case ZCZ_GATE_RYY:
  case ZCZ_GATE_RZZ:
  case ZCZ_GATE_RZX: two_qubit(w, code, t, p[0]); return true;
  default: return false;
  }
}

static zcz_status operation(qsim_writer *w, const zcz_op *op, size_t number) {
  static const char hint[] = "write OpenQASM 3";
  w->op = op;
  switch ((zcz_op_kind)op->kind) {
  case ZCZ_OP_GATE:
    if (gate(w, op)) return ZCZ_OK;
    return zcz_write_unable(w->error, "qsim", op, number, hint);
  case ZCZ_OP_UNITARY:
    if (op->num_qubits - op->num_controls != 1)
      return zcz_write_unable(w->error, "qsim", op, number,
                              "bring the program to simpler gates: zcz compile");
    euler(w, op->qubits[op->num_controls],
          zcz_euler_of((const zcz_complex *)(const void *)op->params));
    return ZCZ_OK;
  case ZCZ_OP_MEASURE:
    if (op->num_params) return zcz_write_unable(w->error, "qsim", op, number, hint);
    if (op->bit != w->num_measured++) w->bits_in_order = false;
    line(w, "m", 1, op->qubits, 0, NULL);
    return ZCZ_OK;
  case ZCZ_OP_BARRIER: /* a new moment: all later times are later */
    w->barrier_lost = true;
    w->time++;
    return ZCZ_OK;
  case ZCZ_OP_RESET:
  case ZCZ_OP_DELAY:
  case ZCZ_OP_CHANNEL:
  case ZCZ_OP_ASSIGN:
  case ZCZ_OP_IF:
  case ZCZ_OP_WHILE: return zcz_write_unable(w->error, "qsim", op, number, hint);
  case ZCZ_OP_KIND_COUNT: break;
  }
  return zcz_fail(w->error, ZCZ_ERROR_BUG, "operation kind %u", op->kind);
}

zcz_status zcz_qsim_write(const zcz_circuit *circuit, const zcz_language_options *options,
                          char **text, zcz_error *error) {
  (void)options; /* none of them is for this language */
  zcz_context *context = zcz_circuit_context(circuit);
  uint32_t qubits = zcz_circuit_num_qubits(circuit);
  qsim_writer w = {
      .circuit = circuit, .error = error, .text.context = context, .bits_in_order = true};
  if (qubits == 0)
    return zcz_hint(error,
                    zcz_fail(error, ZCZ_ERROR_UNABLE, "qsim cannot say a circuit of no qubits"),
                    "write OpenQASM 3");
  w.free_from = zcz_memory_zeroed(context, qubits, sizeof *w.free_from);
  if (!w.free_from) return zcz_fail_memory(context, error, "the qubits' times", qubits * 8);
  zcz_text_add(&w.text, "%u\n", qubits);
  zcz_status status = ZCZ_OK;
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  for (size_t i = 0; status == ZCZ_OK && i < zcz_circuit_num_ops(circuit, 0); i++)
    status = operation(&w, &ops[i], i);
  zcz_memory_release(context, w.free_from);
  if (status != ZCZ_OK) {
    zcz_text_drop(&w.text);
    return status;
  }
  if (w.barrier_lost)
    zcz_context_warn(context, "qsim text has no barriers: they became new moments");
  if (!w.bits_in_order || w.num_measured != zcz_circuit_num_bits(circuit))
    zcz_context_warn(context, "qsim text has no classical bits: bit i of its results is the i-th "
                              "qubit measured, not the bit the program names");
  return zcz_text_finish(&w.text, text, error);
}
