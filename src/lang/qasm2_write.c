/* Writing OpenQASM 2. */
#include <stdio.h>

#include "base/math.h"
#include "lang/lang.h"
#include "lang/qasm_write.h"

static const char hint3[] = "write OpenQASM 3, or bring the program to simpler gates: zcz compile";

/* exp(i phase), on any qubit. */
static void write_phase(zcz_qasm_writer *w, const char *before, double phase, uint32_t qubit) {
  double once = 2 * phase, params[3] = {0, 0, -2 * phase};
  if (phase == 0) return;
  zcz_qasm_write_call(w, before, "u1", 1, &once, 1, &qubit);
  zcz_qasm_write_call(w, before, "u3", 3, params, 1, &qubit);
}

/* A one-qubit matrix with at most one control. */
static void write_matrix(zcz_qasm_writer *w, const char *before, const zcz_op *op,
                         const zcz_complex *matrix) {
  zcz_euler e = zcz_euler_of(matrix);
  double params[4] = {e.theta, e.phi, e.lambda, 0};
  if (op->kind == ZCZ_OP_GATE && op->code == ZCZ_GATE_U3) { /* as it is, exactly */
    for (int i = 0; i < 3; i++) params[i] = op->params[i];
    e.phase = 0;
  }
  if (op->num_controls == 0) {
    write_phase(w, before, e.phase, op->qubits[0]);
    zcz_qasm_write_call(w, before, "u3", 3, params, 1, op->qubits);
    return;
  }
  if (e.phase != 0) zcz_qasm_write_call(w, before, "u1", 1, &e.phase, 1, op->qubits);
  params[3] = -((params[1] + params[2]) / 2); /* cu with it is u3 with a control and no more */
  zcz_qasm_write_call(w, before, "cu", 4, params, 2, op->qubits);
}

static zcz_status write_gate(zcz_qasm_writer *w, const char *before, const zcz_op *op,
                             size_t number) {
  zcz_gate gate = (zcz_gate)op->code;
  const zcz_word *word = zcz_word_for(w->language, gate, op->num_controls);
  if (word) {
    zcz_qasm_write_call(w, before, word->spelling[w->language], op->num_params, op->params,
                        op->num_qubits, op->qubits);
    return ZCZ_OK;
  }
  if (gate == ZCZ_GATE_GPHASE) {
    zcz_op phase = *op;
    if (op->num_controls == 0 && zcz_circuit_num_qubits(w->circuit) > 0) {
      write_phase(w, before, op->params[0], 0);
      return ZCZ_OK;
    }
    if (op->num_controls == 0) return zcz_write_unable(w->error, w->name, op, number, hint3);
    phase.code = ZCZ_GATE_P;
    phase.num_controls--;
    return write_gate(w, before, &phase, number);
  }
  if (op->num_controls == 0 && zcz_qasm_has_definition(w, gate)) {
    const char *name = gate == ZCZ_GATE_U ? "uphase" : zcz_gate_describe(gate)->name;
    zcz_qasm_write_call(w, before, name, op->num_params, op->params, op->num_qubits, op->qubits);
    return ZCZ_OK;
  }
  if (op->num_controls != 1 || op->num_qubits != 2)
    return zcz_write_unable(w->error, w->name, op, number, hint3);
  zcz_complex matrix[4];
  zcz_gate_matrix(gate, op->params, matrix);
  write_matrix(w, before, op, matrix);
  return ZCZ_OK;
}

static zcz_status write_quantum(zcz_qasm_writer *w, const char *before, const zcz_op *op,
                                size_t number) {
  switch ((zcz_op_kind)op->kind) {
  case ZCZ_OP_GATE: return write_gate(w, before, op, number);
  case ZCZ_OP_UNITARY:
    if (op->num_controls > 1 || op->num_qubits - op->num_controls != 1)
      return zcz_write_unable(w->error, w->name, op, number,
                              "bring the program to simpler gates: zcz compile");
    write_matrix(w, before, op, (const zcz_complex *)(const void *)op->params);
    return ZCZ_OK;
  case ZCZ_OP_MEASURE:
    if (op->num_params) return zcz_write_unable(w->error, w->name, op, number, hint3);
    zcz_text_add(&w->text, "%smeasure ", before);
    zcz_qasm_write_qubit(w, op->qubits[0]);
    zcz_text_add(&w->text, " -> ");
    zcz_qasm_write_bit(w, op->bit);
    zcz_text_add(&w->text, ";\n");
    return ZCZ_OK;
  case ZCZ_OP_RESET: zcz_qasm_write_call(w, before, "reset", 0, NULL, 1, op->qubits); return ZCZ_OK;
  case ZCZ_OP_BARRIER:
  case ZCZ_OP_DELAY:
  case ZCZ_OP_CHANNEL:
  case ZCZ_OP_ASSIGN:
  case ZCZ_OP_IF:
  case ZCZ_OP_WHILE: return zcz_write_unable(w->error, w->name, op, number, hint3);
  case ZCZ_OP_KIND_COUNT: break;
  }
  return zcz_fail(w->error, ZCZ_ERROR_BUG, "operation kind %u", op->kind);
}

/* ---- conditions: register == number ---- */

enum { MOST_WORDS = 64 };

/* Collects a comparison of bits with a number, or several joined by "and", as one register's words.
 * `next` = the bit that must come. */
static bool comparison(const zcz_qasm_writer *w, uint32_t index, uint32_t depth, uint32_t *first,
                       uint32_t *size, uint64_t words[MOST_WORDS]) {
  const zcz_expression *list = zcz_circuit_expressions(w->circuit), *e = &list[index];
  if (e->kind != ZCZ_EXPRESSION_BINARY || depth > MOST_WORDS) return false;
  if (e->operation == ZCZ_OPERATION_AND)
    return comparison(w, e->left, depth + 1, first, size, words) &&
           comparison(w, e->right, depth + 1, first, size, words);
  const zcz_expression *bits = &list[e->left], *number = &list[e->right];
  if (e->operation != ZCZ_OPERATION_EQUAL || number->kind != ZCZ_EXPRESSION_CONSTANT) return false;
  uint32_t count = bits->kind == ZCZ_EXPRESSION_BIT ? 1 : bits->size;
  if (bits->kind != ZCZ_EXPRESSION_BIT && bits->kind != ZCZ_EXPRESSION_BITS) return false;
  uint64_t value;
  switch (number->constant.type) {
  case ZCZ_TYPE_BOOL: value = number->constant.as.truth; break;
  case ZCZ_TYPE_UINT: value = number->constant.as.natural; break;
  case ZCZ_TYPE_INT:
    if (number->constant.as.integer < 0) return false;
    value = (uint64_t)number->constant.as.integer;
    break;
  case ZCZ_TYPE_FLOAT:
  default: return false;
  }
  if (*size == 0)
    *first = bits->index;
  else if (bits->index != *first + *size || *size % 64)
    return false;
  if (*size / 64 > MOST_WORDS || (*size / 64 == MOST_WORDS && value != 0)) return false;
  if (*size / 64 < MOST_WORDS) words[*size / 64] = value;
  *size += count;
  return true;
}

/* "if (c == 5) " */
static bool condition(const zcz_qasm_writer *w, uint32_t expression, char *out, size_t room,
                      uint32_t *which) {
  uint64_t words[MOST_WORDS] = {0};
  uint32_t first = 0, size = 0;
  if (!comparison(w, expression, 0, &first, &size, words) || size == 0) return false;
  *which = zcz_qasm_register_of(w, false, first);
  const zcz_register *list = zcz_circuit_bit_registers(w->circuit);
  if (list[*which].offset != first || list[*which].size != size) return false;
  char digits[1400];
  size_t at = sizeof digits - 1;
  digits[at] = 0;
  for (bool more = true; more;) { /* divide by ten */
    unsigned __int128 rest = 0;
    more = false;
    for (int i = MOST_WORDS; i-- > 0;) {
      rest = rest << 64 | words[i];
      words[i] = (uint64_t)(rest / 10);
      rest %= 10;
      if (words[i]) more = true;
    }
    digits[--at] = (char)('0' + (int)rest);
  }
  char ours[ZCZ_NUMBER_SIZE];
  snprintf(out, room, "if (%s == %s) ", zcz_qasm_name_of(w, false, *which, ours), digits + at);
  return true;
}

static zcz_status write_if(zcz_qasm_writer *w, const zcz_op *op, size_t number) {
  static const char hint[] =
      "OpenQASM 2 has if (register == number) before one operation; write OpenQASM 3";
  char before[2048];
  uint32_t which;
  if (op->blocks[1] != ZCZ_NONE || !condition(w, op->expression, before, sizeof before, &which))
    return zcz_write_unable(w->error, w->name, op, number, hint);
  const zcz_register *bits = &zcz_circuit_bit_registers(w->circuit)[which];
  const zcz_op *ops = zcz_circuit_ops(w->circuit, op->blocks[0]);
  size_t count = zcz_circuit_num_ops(w->circuit, op->blocks[0]);
  for (size_t i = 0; i < count; i++) {
    if (ops[i].kind == ZCZ_OP_BARRIER)
      continue; /* alone in its branch, it orders nothing outside */
    ZCZ_TRY(write_quantum(w, before, &ops[i], number));
    /* a later operation would see the changed register */
    if (ops[i].kind == ZCZ_OP_MEASURE && ops[i].bit >= bits->offset &&
        ops[i].bit < bits->offset + bits->size && i + 1 < count)
      return zcz_write_unable(w->error, w->name, op, number, hint);
  }
  return ZCZ_OK;
}

static zcz_status operation(zcz_qasm_writer *w, const zcz_op *op, size_t number) {
  if (op->kind == ZCZ_OP_IF) return write_if(w, op, number);
  if (op->kind == ZCZ_OP_BARRIER) {
    if (op->num_qubits) zcz_qasm_write_barrier(w, op);
    return ZCZ_OK;
  }
  return write_quantum(w, "", op, number);
}

zcz_status zcz_qasm2_write(const zcz_circuit *circuit, const zcz_language_options *options,
                           char **text, zcz_error *error) {
  (void)options; /* none of them is for this language */
  return zcz_qasm_write(circuit, 2, operation, text, error);
}
