/* Writing QCIS. Gates without a word of their own are written where one line says the same up to a
 * global phase, which no QCIS program can show; a warning tells that it was left out. */
#include <math.h>

#include "base/math.h"
#include "base/memory.h"
#include "lang/lang.h"
#include "lang/words.h"
#include "lang/write.h"

typedef struct qcis_writer {
  const zcz_circuit *circuit;
  const zcz_language_options *options;
  zcz_error *error;
  zcz_text text;
  bool labelled;
  bool *measured;
  uint32_t num_measured;
  bool bits_in_order, phase_lost;
} qcis_writer;

static const char compile_hint[] =
    "\"zcz compile\" brings a program to the gates QCIS has; OpenQASM 3 says everything";

static uint32_t label(const qcis_writer *w, uint32_t qubit) {
  if (w->labelled) return zcz_circuit_label(w->circuit, qubit);
  bool set = w->options && w->options->set_first_qubit;
  return qubit + (set ? w->options->first_qubit : 1);
}

static void line(qcis_writer *w, const char *name, const zcz_op *op, uint32_t num_params,
                 const double *params) {
  char number[ZCZ_NUMBER_SIZE];
  zcz_text_add(&w->text, "%s", name);
  for (uint32_t i = 0; i < op->num_qubits; i++)
    zcz_text_add(&w->text, " Q%u", label(w, op->qubits[i]));
  for (uint32_t i = 0; i < num_params; i++)
    zcz_text_add(&w->text, " %s", zcz_number_write(number, params[i]));
  zcz_text_add(&w->text, "\n");
}

/* A word with the same effect up to phase for gates that QCIS lacks. */
static bool other_word(qcis_writer *w, const zcz_op *op) {
  static const struct {
    uint8_t gate, controls;
    const char *name;
    bool has_param;
    double params[2];
    uint8_t count;
    bool exact;
  } rows[] = {
      {ZCZ_GATE_SX, 0, "X2P", false, {0}, 0, false},
      {ZCZ_GATE_SXDG, 0, "X2M", false, {0}, 0, false},
      {ZCZ_GATE_SY, 0, "Y2P", false, {0}, 0, false},
      {ZCZ_GATE_SYDG, 0, "Y2M", false, {0}, 0, false},
      {ZCZ_GATE_SW, 0, "XY2P", true, {ZCZ_PI / 4}, 1, false},
      {ZCZ_GATE_SWDG, 0, "XY2M", true, {ZCZ_PI / 4}, 1, false},
      {ZCZ_GATE_ISWAP, 0, "FSIM", true, {-ZCZ_PI / 2, 0}, 2, true},
      {ZCZ_GATE_ISWAPDG, 0, "FSIM", true, {ZCZ_PI / 2, 0}, 2, true},
      {ZCZ_GATE_S, 1, "FSIM", true, {0, -ZCZ_PI / 2}, 2, true},
      {ZCZ_GATE_SDG, 1, "FSIM", true, {0, ZCZ_PI / 2}, 2, true},
      {ZCZ_GATE_T, 1, "FSIM", true, {0, -ZCZ_PI / 4}, 2, true},
      {ZCZ_GATE_TDG, 1, "FSIM", true, {0, ZCZ_PI / 4}, 2, true},
      {ZCZ_GATE_ID, 0, "I", true, {0}, 1, true},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (rows[i].gate != op->code || rows[i].controls != op->num_controls) continue;
    line(w, rows[i].name, op, rows[i].count, rows[i].params);
    if (!rows[i].exact) w->phase_lost = true;
    return true;
  }
  if (op->code == ZCZ_GATE_P && op->num_controls == 1) { /* diag(1, 1, 1, e^{ia}) */
    double params[2] = {0, -op->params[0]};
    line(w, "FSIM", op, 2, params);
    return true;
  }
  return false;
}

static void rotations(qcis_writer *w, const zcz_op *op, double theta, double phi, double lambda) {
  line(w, "RZ", op, 1, &lambda);
  line(w, "RY", op, 1, &theta);
  line(w, "RZ", op, 1, &phi);
}

/* u3 and the like; returns how many of the operations it took, 0 = none. */
static size_t universal(qcis_writer *w, const zcz_op *op, size_t left) {
  if (op->num_controls) return 0;
  if (op->kind == ZCZ_OP_UNITARY) {
    if (op->num_qubits != 1) return 0;
    zcz_euler e = zcz_euler_of((const zcz_complex *)(const void *)op->params);
    rotations(w, op, e.theta, e.phi, e.lambda);
    w->phase_lost = w->phase_lost || fabs(e.phase) > 1e-15;
    return 1;
  }
  const double *p = op->params;
  if (op->code == ZCZ_GATE_U2) {
    rotations(w, op, ZCZ_PI / 2, p[0], p[1]);
    return 1;
  }
  if (op->code == ZCZ_GATE_U) {
    line(w, "U", op, 3, p);
    w->phase_lost = true;
    return 1;
  }
  if (op->code != ZCZ_GATE_U3) return 0;
  double phase = (p[1] + p[2]) / 2;
  bool followed = left > 1 && op[1].kind == ZCZ_OP_GATE && op[1].code == ZCZ_GATE_GPHASE &&
                  op[1].num_qubits == 0 && op[1].params[0] == phase;
  if (followed || phase == 0) {
    line(w, "U", op, 3, p);
    return followed ? 2 : 1;
  }
  rotations(w, op, p[0], p[1], p[2]);
  return 1;
}

static bool gate(qcis_writer *w, const zcz_op *op) {
  if (op->code == ZCZ_GATE_GPHASE && op->num_qubits == 0) {
    w->phase_lost = w->phase_lost || op->params[0] != 0;
    return true;
  }
  const zcz_word *word = zcz_word_for(ZCZ_LANGUAGE_QCIS, (zcz_gate)op->code, op->num_controls);
  if (!word) return other_word(w, op);
  double params[ZCZ_MAX_GATE_PARAMS];
  for (uint32_t i = 0; i < op->num_params; i++) params[i] = op->params[i];
  if (op->code == ZCZ_GATE_RXY && w->options && w->options->rxy_theta_phi) {
    params[0] = op->params[1];
    params[1] = op->params[0];
  }
  line(w, word->spelling[ZCZ_LANGUAGE_QCIS], op, op->num_params, params);
  return true;
}

static zcz_status delay(qcis_writer *w, const zcz_op *op, size_t number) {
  double units = op->params[0] * 2, whole = floor(units + 0.5);
  if (fabs(units - whole) > 1e-6)
    return zcz_write_unable(w->error, "QCIS", op, number,
                            "delays of QCIS are whole multiples of 0.5 ns");
  for (uint32_t i = 0; i < op->num_qubits; i++)
    zcz_text_add(&w->text, "I Q%u %.0f\n", label(w, op->qubits[i]), whole);
  return ZCZ_OK;
}

static zcz_status measure(qcis_writer *w, const zcz_op *op, size_t number) {
  if (op->num_params)
    return zcz_write_unable(w->error, "QCIS", op, number,
                            "readout errors belong to the chip; write OpenQASM 3");
  if (op->bit != w->num_measured++) w->bits_in_order = false;
  w->measured[op->qubits[0]] = true;
  line(w, "M", op, 0, NULL);
  return ZCZ_OK;
}

static zcz_status one(qcis_writer *w, const zcz_op *op, size_t number, size_t left, size_t *taken) {
  static const char dynamic[] =
      "QCIS has no reset, no conditions and nothing after a qubit's measurement; write OpenQASM 3";
  *taken = 1;
  switch ((zcz_op_kind)op->kind) {
  case ZCZ_OP_GATE:
  case ZCZ_OP_UNITARY:
  case ZCZ_OP_MEASURE:
    for (uint32_t i = 0; i < op->num_qubits; i++) {
      if (w->measured[op->qubits[i]])
        return zcz_write_unable(w->error, "QCIS", op, number, dynamic);
    }
    if (op->kind == ZCZ_OP_MEASURE) return measure(w, op, number);
    *taken = universal(w, op, left);
    if (*taken) return ZCZ_OK;
    *taken = 1;
    if (op->kind == ZCZ_OP_GATE && gate(w, op)) return ZCZ_OK;
    return zcz_write_unable(w->error, "QCIS", op, number, compile_hint);
  case ZCZ_OP_BARRIER:
    if (op->num_qubits) line(w, "B", op, 0, NULL);
    return ZCZ_OK;
  case ZCZ_OP_DELAY: return delay(w, op, number);
  case ZCZ_OP_RESET:
  case ZCZ_OP_IF:
  case ZCZ_OP_WHILE:
  case ZCZ_OP_ASSIGN: return zcz_write_unable(w->error, "QCIS", op, number, dynamic);
  case ZCZ_OP_CHANNEL:
    return zcz_write_unable(w->error, "QCIS", op, number,
                            "noise belongs to the chip there; write OpenQASM 3");
  case ZCZ_OP_KIND_COUNT: break;
  }
  return zcz_fail(w->error, ZCZ_ERROR_BUG, "operation kind %u", op->kind);
}

static zcz_status check_names(qcis_writer *w, uint32_t qubits) {
  uint64_t first = w->options && w->options->set_first_qubit ? w->options->first_qubit : 1;
  w->labelled = qubits > 0 && !(w->options && w->options->set_first_qubit);
  for (uint32_t i = 0; w->labelled && i < qubits; i++)
    w->labelled = zcz_circuit_label(w->circuit, i) != ZCZ_NONE;
  if (!w->labelled && first + qubits > ZCZ_NONE)
    return zcz_hint(w->error,
                    zcz_fail(w->error, ZCZ_ERROR_USAGE,
                             "qubits from Q%llu on: numbers end at 4294967294",
                             (unsigned long long)first),
                    "begin at a smaller number");
  return ZCZ_OK;
}

static zcz_status write_all(qcis_writer *w) {
  const zcz_op *ops = zcz_circuit_ops(w->circuit, 0);
  size_t count = zcz_circuit_num_ops(w->circuit, 0), taken;
  ZCZ_TRY(check_names(w, zcz_circuit_num_qubits(w->circuit)));
  for (size_t i = 0; i < count; i += taken) ZCZ_TRY(one(w, &ops[i], i, count - i, &taken));
  zcz_context *context = zcz_circuit_context(w->circuit);
  if (w->phase_lost)
    zcz_context_warn(context, "QCIS says gates up to a global phase; the program's is left out");
  if (!w->bits_in_order || w->num_measured != zcz_circuit_num_bits(w->circuit))
    zcz_context_warn(context, "QCIS has no classical bits: bit i of its results is the i-th qubit "
                              "measured, not the bit the program names");
  return ZCZ_OK;
}

zcz_status zcz_qcis_write(const zcz_circuit *circuit, const zcz_language_options *options,
                          char **text, zcz_error *error) {
  zcz_context *context = zcz_circuit_context(circuit);
  uint32_t qubits = zcz_circuit_num_qubits(circuit);
  qcis_writer w = {.circuit = circuit,
                   .options = options,
                   .error = error,
                   .text.context = context,
                   .bits_in_order = true};
  w.measured = zcz_memory_zeroed(context, (size_t)qubits + 1, sizeof *w.measured);
  if (!w.measured) return zcz_fail_memory(context, error, "the measured qubits", qubits);
  zcz_status status = write_all(&w);
  zcz_memory_release(context, w.measured);
  if (status == ZCZ_OK) return zcz_text_finish(&w.text, text, error);
  zcz_text_drop(&w.text);
  return status;
}
