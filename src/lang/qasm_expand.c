/* From calls to operations: definitions are unrolled, modifiers applied, limits counted. */
#include <math.h>
#include <string.h>

#include "base/math.h"
#include "base/memory.h"
#include "lang/qasm.h"

enum { MOST_REAL_POWERS = 8, REPEATED_AT_MOST = 8 };

/* What is called, with all that stands around it. Places index zcz_qasm.values and .places. */
typedef struct target {
  const zcz_word *word; /* or: */
  uint32_t definition;
  size_t values; /* its parameters */
  size_t qubits; /* its own qubits */
  uint32_t num_qubits;
  size_t controls; /* its further controls */
  uint32_t num_controls;
  int64_t times; /* whole power */
  uint32_t num_reals;
  double reals[MOST_REAL_POWERS]; /* then these, one after the other */
} target;

static zcz_status unroll(zcz_qasm *qasm, const target *what);

static zcz_status push_place(zcz_qasm *qasm, uint32_t qubit) {
  ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->places, 1, sizeof(uint32_t)));
  ZCZ_AT(qasm->places, uint32_t, qasm->places.count++) = qubit;
  return ZCZ_OK;
}

zcz_status zcz_qasm_too_large(zcz_qasm *qasm, const char *what, int limit) {
  return zcz_hint(qasm->error,
                  zcz_source_fail(qasm->lexer.source, qasm->error, qasm->offset, ZCZ_ERROR_UNABLE,
                                  "the program expands to more than %d %s", limit, what),
                  "write a smaller program; gate definitions count as often as they are called");
}

zcz_op zcz_qasm_op(const zcz_qasm *qasm, zcz_op_kind kind) {
  return (zcz_op){.kind = (uint8_t)kind,
                  .bit = ZCZ_NONE,
                  .variable = ZCZ_NONE,
                  .expression = ZCZ_NONE,
                  .blocks = {ZCZ_NONE, ZCZ_NONE},
                  .line = qasm->line,
                  .start_ns = -1};
}

zcz_status zcz_qasm_append(zcz_qasm *qasm, zcz_op *op) {
  if (++qasm->operations > ZCZ_QASM_OPERATIONS)
    return zcz_qasm_too_large(qasm, "operations", ZCZ_QASM_OPERATIONS);
  /* the check of wide operations walks all qubits of the circuit */
  qasm->operands_made +=
      op->num_qubits > 16 ? zcz_circuit_num_qubits(qasm->circuit) : op->num_qubits;
  if (qasm->operands_made > ZCZ_QASM_OPERANDS)
    return zcz_qasm_too_large(qasm, "operands", ZCZ_QASM_OPERANDS);
  zcz_status status = zcz_lang_check_angles(op, qasm->error);
  if (status == ZCZ_OK) status = zcz_circuit_append(qasm->circuit, qasm->block, op, qasm->error);
  if (status == ZCZ_ERROR_USAGE && qasm->error && !qasm->error->hint[0])
    status =
        zcz_hint(qasm->error, status,
                 op->kind == ZCZ_OP_CHANNEL
                     ? "probabilities and their sum lie between 0 and 1; the matrices of kraus "
                       "must be complete"
                     : "an operation needs different qubits and finite numbers");
  return zcz_qasm_place(qasm, status);
}

/* ---- one gate of the table ---- */

/* `qubits` = place of the gate's qubits, `row_controls` among them at the front. */
static zcz_status emit(zcz_qasm *qasm, zcz_gate gate, uint32_t row_controls, size_t qubits,
                       const double *params, const target *around) {
  const zcz_gate_info *info = zcz_gate_describe(gate);
  uint32_t controls = around->num_controls + row_controls, own = info->qubits + row_controls;
  size_t base = qasm->places.count;
  for (uint32_t i = 0; i < around->num_controls; i++)
    ZCZ_TRY(push_place(qasm, ZCZ_AT(qasm->places, uint32_t, around->controls + i)));
  for (uint32_t i = 0; i < own; i++)
    ZCZ_TRY(push_place(qasm, ZCZ_AT(qasm->places, uint32_t, qubits + i)));
  if (gate == ZCZ_GATE_GPHASE && controls > 0) { /* a controlled phase is P on the last control */
    gate = ZCZ_GATE_P;
    controls--;
  }
  zcz_op op = zcz_qasm_op(qasm, ZCZ_OP_GATE);
  op.code = (uint8_t)gate;
  op.num_controls = (uint16_t)controls;
  op.num_qubits = (uint32_t)(qasm->places.count - base);
  op.num_params = info->params;
  op.qubits = &ZCZ_AT(qasm->places, uint32_t, base);
  op.params = params;
  ZCZ_TRY(zcz_qasm_append(qasm, &op));
  qasm->places.count = base;
  return ZCZ_OK;
}

/* Are the powers of the gate the gate with its angles multiplied? `last` = how many angles. */
static bool scales(zcz_gate gate) {
  switch ((int)gate) {
  case ZCZ_GATE_GPHASE:
  case ZCZ_GATE_P:
  case ZCZ_GATE_RX:
  case ZCZ_GATE_RY:
  case ZCZ_GATE_RZ:
  case ZCZ_GATE_RXX:
  case ZCZ_GATE_RYY:
  case ZCZ_GATE_RZZ:
  case ZCZ_GATE_RZX: return true;
  default: return false;
  }
}

static zcz_status emit_power(zcz_qasm *qasm, zcz_gate gate, uint32_t row_controls, size_t qubits,
                             const double *params, const target *what, bool *done) {
  double changed[ZCZ_MAX_GATE_PARAMS];
  int64_t times = what->times;
  *done = true;
  if (times == 1) return emit(qasm, gate, row_controls, qubits, params, what);
  if (times == 0) return ZCZ_OK;
  if (zcz_gate_describe(gate)->flags & ZCZ_GATE_SELF_INVERSE)
    return times % 2 ? emit(qasm, gate, row_controls, qubits, params, what) : ZCZ_OK;
  if (scales(gate) && fabs(params[0] * (double)times) < 1e5) {
    changed[0] = params[0] * (double)times;
    return emit(qasm, gate, row_controls, qubits, changed, what);
  }
  if (times < -REPEATED_AT_MOST || times > REPEATED_AT_MOST) {
    *done = false;
    return ZCZ_OK;
  }
  if (times < 0) {
    gate = zcz_gate_inverse(gate, params, changed);
    params = changed;
    times = -times;
  }
  while (times-- > 0) ZCZ_TRY(emit(qasm, gate, row_controls, qubits, params, what));
  return ZCZ_OK;
}

/* The angle of the P that a diagonal gate without parameters is; 0 for others. */
static double phase_of(zcz_gate gate) {
  switch ((int)gate) {
  case ZCZ_GATE_Z: return ZCZ_PI;
  case ZCZ_GATE_S: return ZCZ_PI / 2;
  case ZCZ_GATE_SDG: return -ZCZ_PI / 2;
  case ZCZ_GATE_T: return ZCZ_PI / 4;
  case ZCZ_GATE_TDG: return -ZCZ_PI / 4;
  default: return 0;
  }
}

/* A real power where a gate of the table says it. */
static zcz_status emit_real_power(zcz_qasm *qasm, const target *what, bool *done) {
  zcz_gate gate = (zcz_gate)what->word->gate;
  double exponent = what->reals[0], angle = 0, base;
  *done = true;
  if (what->word->special == ZCZ_WORD_PLAIN && what->num_reals == 1 && what->times == 1) {
    zcz_gate root = gate;
    if (gate == ZCZ_GATE_X && exponent == 0.5) root = ZCZ_GATE_SX;
    if (gate == ZCZ_GATE_X && exponent == -0.5) root = ZCZ_GATE_SXDG;
    if (gate == ZCZ_GATE_Y && exponent == 0.5) root = ZCZ_GATE_SY;
    if (gate == ZCZ_GATE_Y && exponent == -0.5) root = ZCZ_GATE_SYDG;
    if (root != gate) return emit(qasm, root, what->word->controls, what->qubits, NULL, what);
    if ((base = phase_of(gate)) != 0) {
      angle = base * exponent;
      return emit(qasm, ZCZ_GATE_P, what->word->controls, what->qubits, &angle, what);
    }
    if (scales(gate)) {
      base = ZCZ_AT(qasm->values, double, what->values);
      bool whole = gate == ZCZ_GATE_P || gate == ZCZ_GATE_GPHASE;
      /* inside the principal branch: all eigenphases within (-pi, pi] */
      if (whole ? base > -ZCZ_PI && base <= ZCZ_PI : fabs(base) < ZCZ_TAU) {
        angle = base * exponent;
        return emit(qasm, gate, what->word->controls, what->qubits, &angle, what);
      }
    }
  }
  *done = false;
  return ZCZ_OK;
}

static zcz_status library_gate(zcz_qasm *qasm, const target *what, bool *done) {
  double p[ZCZ_WORD_PARAMS] = {0};
  const zcz_word *word = what->word;
  uint32_t count = zcz_word_params(word);
  for (uint32_t i = 0; i < count; i++) p[i] = ZCZ_AT(qasm->values, double, what->values + i);
  double phase = 0;
  zcz_gate gate = (zcz_gate)word->gate;
  switch ((zcz_word_special)word->special) {
  case ZCZ_WORD_PLAIN:
  case ZCZ_WORD_U0: break;
  case ZCZ_WORD_CU3: phase = (p[1] + p[2]) / 2; break;
  case ZCZ_WORD_CU_2: phase = p[3] + (p[1] + p[2]) / 2; break;
  case ZCZ_WORD_CU_3: phase = p[3] - p[0] / 2; break;
  }
  *done = true;
  if (phase != 0) {
    ZCZ_TRY(emit_power(qasm, ZCZ_GATE_P, 0, what->qubits, &phase, what, done));
    if (!*done) return ZCZ_OK;
  }
  return emit_power(qasm, gate, word->controls, what->qubits, p, what, done);
}

/* ---- powers through the matrix ---- */

/* The matrix of the bare target on its own qubits 0..n-1. */
static zcz_status matrix_of(zcz_qasm *qasm, const target *what, zcz_complex *matrix,
                            zcz_complex *scratch) {
  zcz_circuit *outer = qasm->circuit, *inner;
  uint32_t block = qasm->block, offset;
  target bare = *what;
  ZCZ_TRY(zcz_circuit_new(qasm->context, &inner, qasm->error));
  zcz_status status = ZCZ_OK;
  if (what->num_qubits > 0)
    status = zcz_circuit_add_qubits(inner, "q", what->num_qubits, &offset, qasm->error);
  bare.num_controls = 0;
  bare.times = 1;
  bare.num_reals = 0;
  bare.qubits = qasm->places.count;
  for (uint32_t i = 0; status == ZCZ_OK && i < what->num_qubits; i++) status = push_place(qasm, i);
  qasm->circuit = inner;
  qasm->block = 0;
  if (status == ZCZ_OK) status = unroll(qasm, &bare);
  qasm->circuit = outer;
  qasm->block = block;
  qasm->places.count = bare.qubits;
  if (status == ZCZ_OK) status = zcz_qasm_multiply(qasm, inner, what->num_qubits, matrix, scratch);
  zcz_circuit_free(inner);
  return status;
}

static zcz_status append_matrix(zcz_qasm *qasm, const target *what, const zcz_complex *matrix) {
  if (what->num_qubits == 0) return ZCZ_OK;
  size_t base = qasm->places.count;
  for (uint32_t i = 0; i < what->num_controls; i++)
    ZCZ_TRY(push_place(qasm, ZCZ_AT(qasm->places, uint32_t, what->controls + i)));
  for (uint32_t i = 0; i < what->num_qubits; i++)
    ZCZ_TRY(push_place(qasm, ZCZ_AT(qasm->places, uint32_t, what->qubits + i)));
  zcz_op op = zcz_qasm_op(qasm, ZCZ_OP_UNITARY);
  op.num_controls = (uint16_t)what->num_controls;
  op.num_qubits = what->num_controls + what->num_qubits;
  op.num_params = 2u << (2 * what->num_qubits);
  op.qubits = &ZCZ_AT(qasm->places, uint32_t, base);
  op.params = &matrix[0].re;
  ZCZ_TRY(zcz_qasm_append(qasm, &op));
  qasm->places.count = base;
  return ZCZ_OK;
}

static zcz_status power_by_matrix(zcz_qasm *qasm, const target *what) {
  if (what->num_qubits == 0 || what->num_qubits > ZCZ_MAX_UNITARY_QUBITS)
    return zcz_hint(qasm->error,
                    zcz_source_fail(qasm->lexer.source, qasm->error, qasm->offset, ZCZ_ERROR_UNABLE,
                                    "a power that needs the matrix of a gate on %u qubits; at most "
                                    "%d are supported",
                                    what->num_qubits, ZCZ_MAX_UNITARY_QUBITS),
                    "use a whole exponent, or define the power as a gate");
  size_t entries = (size_t)1 << (2 * what->num_qubits);
  qasm->steps += 50 * entries; /* what it costs beside the expansion of a call */
  zcz_complex *matrix = zcz_memory_zeroed(qasm->context, 3 * entries, sizeof *matrix);
  if (!matrix) return zcz_fail_memory(qasm->context, qasm->error, "a matrix", 3 * entries * 16);
  zcz_status status = matrix_of(qasm, what, matrix, matrix + entries);
  if (status == ZCZ_OK) {
    if (what->times != 1)
      zcz_unitary_whole_power(matrix, what->num_qubits, what->times, matrix + entries);
    bool good = true;
    for (uint32_t i = 0; good && i < what->num_reals; i++)
      good = zcz_unitary_power(matrix, what->num_qubits, what->reals[i]);
    if (!good)
      status =
          zcz_hint(qasm->error,
                   zcz_source_fail(qasm->lexer.source, qasm->error, qasm->offset, ZCZ_ERROR_UNABLE,
                                   "this power of a gate does not come out accurately enough"),
                   "define the power as a gate");
  }
  if (status == ZCZ_OK) status = append_matrix(qasm, what, matrix);
  zcz_memory_release(qasm->context, matrix);
  return status;
}

/* ---- calls ---- */

/* inv and pow, from the inside out, become one whole power and then real ones. */
static zcz_status powers(zcz_qasm *qasm, const zcz_call *call, size_t values, bool inverse,
                         target *what) {
  what->times = 1;
  for (uint32_t i = call->num_modifiers + 1; i-- > 0;) {
    double exponent = -1;
    if (i == 0) { /* the inverse of what stands around comes last */
      if (!inverse) break;
    } else {
      const zcz_modifier *modifier =
          &ZCZ_AT(qasm->modifiers, zcz_modifier, call->first_modifier + i - 1);
      if (modifier->kind == ZCZ_MODIFIER_CTRL || modifier->kind == ZCZ_MODIFIER_NEGCTRL) continue;
      if (modifier->kind == ZCZ_MODIFIER_POW) {
        zcz_number number;
        ZCZ_TRY(zcz_qasm_evaluate(qasm, modifier->formula, values, &number));
        exponent = number.real;
      }
    }
    bool whole = exponent == floor(exponent) && fabs(exponent) < 0x1p53;
    if (what->num_reals == 0 && whole) {
      if (!__builtin_mul_overflow(what->times, (int64_t)exponent, &what->times)) continue;
    } else if (whole) {
      what->reals[what->num_reals - 1] *= exponent;
      continue;
    } else if (what->num_reals < MOST_REAL_POWERS && fabs(exponent) < 0x1p30) {
      what->reals[what->num_reals++] = exponent;
      continue;
    }
    return zcz_hint(qasm->error,
                    zcz_source_fail(qasm->lexer.source, qasm->error, qasm->offset, ZCZ_ERROR_UNABLE,
                                    "powers too large, or more than %d powers of one gate",
                                    (int)MOST_REAL_POWERS),
                    "multiply the exponents into one");
  }
  return ZCZ_OK;
}

/* Sorts the call's qubits, pushed at what->qubits, into controls and the target's own. */
static zcz_status controls_of(zcz_qasm *qasm, const zcz_call *call, const target *around,
                              target *what, size_t *negatives) {
  size_t next = what->qubits;
  what->controls = qasm->places.count;
  for (uint32_t i = 0; i < around->num_controls; i++)
    ZCZ_TRY(push_place(qasm, ZCZ_AT(qasm->places, uint32_t, around->controls + i)));
  what->num_controls = around->num_controls;
  for (uint32_t i = 0; i < call->num_modifiers; i++) {
    zcz_modifier modifier = ZCZ_AT(qasm->modifiers, zcz_modifier, call->first_modifier + i);
    if (modifier.kind == ZCZ_MODIFIER_INV || modifier.kind == ZCZ_MODIFIER_POW) continue;
    for (uint32_t k = 0; k < modifier.count; k++, what->num_controls++)
      ZCZ_TRY(push_place(qasm, ZCZ_AT(qasm->places, uint32_t, next++)));
  }
  *negatives = qasm->places.count;
  size_t from = what->qubits;
  for (uint32_t i = 0; i < call->num_modifiers; i++) {
    zcz_modifier modifier = ZCZ_AT(qasm->modifiers, zcz_modifier, call->first_modifier + i);
    if (modifier.kind == ZCZ_MODIFIER_INV || modifier.kind == ZCZ_MODIFIER_POW) continue;
    for (uint32_t k = 0; k < modifier.count; k++, from++) {
      if (modifier.kind == ZCZ_MODIFIER_NEGCTRL)
        ZCZ_TRY(push_place(qasm, ZCZ_AT(qasm->places, uint32_t, from)));
    }
  }
  what->num_qubits = call->num_qubits - (uint32_t)(next - what->qubits);
  what->qubits = next;
  return ZCZ_OK;
}

static zcz_status flip(zcz_qasm *qasm, size_t first, size_t end) {
  target bare = {.times = 1};
  for (size_t i = first; i < end; i++) ZCZ_TRY(emit(qasm, ZCZ_GATE_X, 0, i, NULL, &bare));
  return ZCZ_OK;
}

static zcz_status barrier(zcz_qasm *qasm, size_t qubits, uint32_t count) {
  zcz_op op = zcz_qasm_op(qasm, ZCZ_OP_BARRIER);
  op.num_qubits = count;
  op.qubits = &ZCZ_AT(qasm->places, uint32_t, qubits);
  return zcz_qasm_append(qasm, &op);
}

/* `around`: where the call stands, its parameters, qubits and controls; `top` = in the program. */
static zcz_status expand(zcz_qasm *qasm, const zcz_call *call, const target *around, bool top,
                         bool inverse) {
  if (++qasm->steps > ZCZ_QASM_STEPS) return zcz_qasm_too_large(qasm, "steps", ZCZ_QASM_STEPS);
  size_t values = qasm->values.count, places = qasm->places.count, negatives;
  target what = {
      .word = call->word, .definition = call->definition, .values = values, .qubits = places};
  for (uint32_t i = 0; i < call->num_qubits; i++) {
    uint32_t qubit = ZCZ_AT(qasm->qubit_pool, uint32_t, call->first_qubit + i);
    ZCZ_TRY(push_place(qasm, top ? qubit : ZCZ_AT(qasm->places, uint32_t, around->qubits + qubit)));
  }
  zcz_status status;
  if (!call->word && call->definition == ZCZ_NONE) {
    status = barrier(qasm, places, call->num_qubits);
  } else {
    ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->values, call->num_formulas, sizeof(double)));
    for (uint32_t i = 0; i < call->num_formulas; i++) {
      zcz_number number;
      zcz_formula formula = ZCZ_AT(qasm->formulas, zcz_formula, call->first_formula + i);
      ZCZ_TRY(zcz_qasm_evaluate(qasm, formula, around->values, &number));
      if (number.kind == ZCZ_NUMBER_TIME)
        return zcz_hint(qasm->error,
                        zcz_source_fail(qasm->lexer.source, qasm->error, qasm->offset,
                                        ZCZ_ERROR_USAGE, "a duration where an angle belongs"),
                        "give a number without a unit");
      ZCZ_AT(qasm->values, double, values + i) = number.real;
    }
    qasm->values.count += call->num_formulas;
    ZCZ_TRY(powers(qasm, call, around->values, inverse, &what));
    ZCZ_TRY(controls_of(qasm, call, around, &what, &negatives));
    size_t end = qasm->places.count;
    ZCZ_TRY(flip(qasm, negatives, end));
    ZCZ_TRY(unroll(qasm, &what));
    status = flip(qasm, negatives, end);
  }
  qasm->values.count = values;
  qasm->places.count = places;
  return status;
}

static zcz_status unroll(zcz_qasm *qasm, const target *what) {
  bool done = false;
  if (what->word) {
    if (what->num_reals > 0) {
      ZCZ_TRY(emit_real_power(qasm, what, &done));
    } else {
      ZCZ_TRY(library_gate(qasm, what, &done));
    }
    return done ? ZCZ_OK : power_by_matrix(qasm, what);
  }
  if (what->num_reals > 0) return power_by_matrix(qasm, what);
  zcz_definition definition = ZCZ_AT(qasm->definitions, zcz_definition, what->definition);
  if (definition.num_calls == 0) return ZCZ_OK;
  uint64_t times = what->times < 0 ? -(uint64_t)what->times : (uint64_t)what->times;
  if (times * 1.0 * definition.num_calls > ZCZ_QASM_STEPS)
    return zcz_qasm_too_large(qasm, "steps", ZCZ_QASM_STEPS);
  for (uint64_t t = 0; t < times; t++) {
    for (uint32_t i = 0; i < definition.num_calls; i++) {
      uint32_t n = what->times < 0 ? definition.num_calls - 1 - i : i;
      const zcz_call *call = &ZCZ_AT(qasm->calls, zcz_call, definition.first_call + n);
      ZCZ_TRY(expand(qasm, call, what, false, what->times < 0));
    }
  }
  return ZCZ_OK;
}

double zcz_qasm_call_size(zcz_qasm *qasm, const zcz_call *call) {
  double size = call->word ? 1 : ZCZ_AT(qasm->definitions, zcz_definition, call->definition).size;
  for (uint32_t i = 0; i < call->num_modifiers; i++) {
    const zcz_modifier *modifier = &ZCZ_AT(qasm->modifiers, zcz_modifier, call->first_modifier + i);
    double exponent;
    if (modifier->kind != ZCZ_MODIFIER_POW) continue;
    /* known before the call only where it is a constant; a gate's powers may be nothing or one */
    bool known = zcz_qasm_formula_value(qasm, modifier->formula, &exponent);
    bool whole = known && exponent == floor(exponent);
    size = call->word || !whole ? 0 : size * fabs(exponent);
  }
  return size;
}

zcz_status zcz_qasm_admit(zcz_qasm *qasm, const zcz_call *call, double times) {
  if (zcz_qasm_call_size(qasm, call) * times + (double)qasm->operations > ZCZ_QASM_OPERATIONS)
    return zcz_qasm_too_large(qasm, "operations", ZCZ_QASM_OPERATIONS);
  return ZCZ_OK;
}

zcz_status zcz_qasm_expand(zcz_qasm *qasm, const zcz_call *call) {
  target nothing = {0};
  return expand(qasm, call, &nothing, true, false);
}
