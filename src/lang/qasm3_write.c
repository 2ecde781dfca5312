/* Writing OpenQASM 3: all that a circuit holds but large matrices, loops, readout errors. */
#include <stdio.h>

#include "base/math.h"
#include "lang/lang.h"
#include "lang/qasm_write.h"

static const char compile_hint[] = "bring the program to simpler gates: zcz compile";

static zcz_status operation(zcz_qasm_writer *w, const zcz_op *op, size_t number);

/* ---- expressions ---- */

static const struct {
  const char *text;
  int level; /* binds tighter when larger */
} operators[ZCZ_OPERATION_COUNT] = {
    [ZCZ_OPERATION_NOT] = {"!", 11},        [ZCZ_OPERATION_BIT_NOT] = {"~", 11},
    [ZCZ_OPERATION_NEGATE] = {"-", 11},     [ZCZ_OPERATION_AND] = {"&&", 2},
    [ZCZ_OPERATION_OR] = {"||", 1},         [ZCZ_OPERATION_BIT_AND] = {"&", 5},
    [ZCZ_OPERATION_BIT_OR] = {"|", 3},      [ZCZ_OPERATION_BIT_XOR] = {"^", 4},
    [ZCZ_OPERATION_SHIFT_LEFT] = {"<<", 8}, [ZCZ_OPERATION_SHIFT_RIGHT] = {">>", 8},
    [ZCZ_OPERATION_EQUAL] = {"==", 6},      [ZCZ_OPERATION_UNEQUAL] = {"!=", 6},
    [ZCZ_OPERATION_LESS] = {"<", 7},        [ZCZ_OPERATION_LESS_EQUAL] = {"<=", 7},
    [ZCZ_OPERATION_GREATER] = {">", 7},     [ZCZ_OPERATION_GREATER_EQUAL] = {">=", 7},
    [ZCZ_OPERATION_ADD] = {"+", 9},         [ZCZ_OPERATION_SUBTRACT] = {"-", 9},
    [ZCZ_OPERATION_MULTIPLY] = {"*", 10},   [ZCZ_OPERATION_DIVIDE] = {"/", 10},
    [ZCZ_OPERATION_REMAINDER] = {"%", 10},  [ZCZ_OPERATION_POWER] = {"**", 12},
};

static void constant(zcz_qasm_writer *w, zcz_value value) {
  char number[ZCZ_NUMBER_SIZE];
  switch (value.type) {
  case ZCZ_TYPE_BOOL: zcz_text_add(&w->text, "%s", value.as.truth ? "true" : "false"); return;
  case ZCZ_TYPE_INT:
    if (value.as.integer == INT64_MIN)
      zcz_text_add(&w->text, "(-9223372036854775807 - 1)");
    else if (value.as.integer < 0)
      zcz_text_add(&w->text, "(%lld)", (long long)value.as.integer);
    else
      zcz_text_add(&w->text, "%lld", (long long)value.as.integer);
    return;
  case ZCZ_TYPE_UINT: zcz_text_add(&w->text, "%llu", (unsigned long long)value.as.natural); return;
  case ZCZ_TYPE_FLOAT:
    zcz_text_add(&w->text, value.as.real < 0 ? "(%s)" : "%s",
                 zcz_decimal_write(number, value.as.real, true));
    return;
  }
}

static bool bits(zcz_qasm_writer *w, const zcz_expression *e) {
  uint32_t i = zcz_qasm_register_of(w, false, e->index);
  const zcz_register *list = zcz_circuit_bit_registers(w->circuit);
  uint32_t from = e->index - list[i].offset;
  if (e->size == 0 || e->size > list[i].size - from) return false; /* over several registers */
  zcz_qasm_write_name(w, false, i);
  if (e->size == list[i].size) return true;
  zcz_text_add(&w->text, "[%u:%u]", from, from + e->size - 1);
  return true;
}

/* A ~ of a register is 64 bits wide in a circuit and as wide as the register in the language: not
 * said here, nor are variables. */
static bool expression(zcz_qasm_writer *w, uint32_t index, int least, int depth) {
  const zcz_expression *e = &zcz_circuit_expressions(w->circuit)[index];
  if (depth > 200) return false;
  int level = operators[e->operation].level;
  switch (e->kind) {
  case ZCZ_EXPRESSION_CONSTANT: constant(w, e->constant); return true;
  case ZCZ_EXPRESSION_BIT: zcz_qasm_write_bit(w, e->index); return true;
  case ZCZ_EXPRESSION_BITS: return bits(w, e);
  case ZCZ_EXPRESSION_VARIABLE: return false;
  case ZCZ_EXPRESSION_UNARY: {
    zcz_expression_kind inner = zcz_circuit_expressions(w->circuit)[e->left].kind;
    if (e->operation == ZCZ_OPERATION_BIT_NOT && inner != ZCZ_EXPRESSION_CONSTANT &&
        inner != ZCZ_EXPRESSION_UNARY)
      return false;
    zcz_text_add(&w->text, "%s(", operators[e->operation].text);
    if (!expression(w, e->left, 0, depth + 1)) return false;
    zcz_text_add(&w->text, ")");
    return true;
  }
  case ZCZ_EXPRESSION_BINARY:
    if (level < least) zcz_text_add(&w->text, "(");
    if (!expression(w, e->left, level == 12 ? 13 : level, depth + 1)) return false;
    zcz_text_add(&w->text, " %s ", operators[e->operation].text);
    if (!expression(w, e->right, level + 1, depth + 1)) return false;
    if (level < least) zcz_text_add(&w->text, ")");
    return true;
  }
  return false;
}

static zcz_status write_expression(zcz_qasm_writer *w, const zcz_op *op, size_t number) {
  if (expression(w, op->expression, 0, 0)) return ZCZ_OK;
  return zcz_write_unable(w->error, w->name, op, number,
                          "its condition or value uses variables or bits of several registers");
}

/* ---- gates ---- */

static void write_controlled(zcz_qasm_writer *w, uint32_t controls, const char *name,
                             uint32_t num_params, const double *params, uint32_t num_qubits,
                             const uint32_t *qubits) {
  char before[32] = "";
  if (controls == 1) snprintf(before, sizeof before, "ctrl @ ");
  if (controls > 1) snprintf(before, sizeof before, "ctrl(%u) @ ", controls);
  zcz_qasm_write_call(w, before, name, num_params, params, num_qubits, qubits);
}

static zcz_status write_gate(zcz_qasm_writer *w, const zcz_op *op, size_t number) {
  zcz_gate gate = (zcz_gate)op->code;
  if (op->num_controls > 1000)
    return zcz_write_unable(w->error, w->name, op, number, "at most 1000 controls are written");
  const zcz_word *word = zcz_word_for(w->language, gate, op->num_controls);
  uint32_t controls = word ? 0 : op->num_controls;
  if (!word) word = zcz_word_for(w->language, gate, 0);
  const char *name = word ? word->spelling[w->language] : zcz_gate_describe(gate)->name;
  if (!word && !zcz_qasm_has_definition(w, gate))
    return zcz_write_unable(w->error, w->name, op, number, compile_hint);
  write_controlled(w, controls, name, op->num_params, op->params, op->num_qubits, op->qubits);
  return ZCZ_OK;
}

static zcz_status write_matrix(zcz_qasm_writer *w, const zcz_op *op, size_t number) {
  if (op->num_qubits - op->num_controls != 1 || op->num_controls > 1000)
    return zcz_write_unable(w->error, w->name, op, number, compile_hint);
  zcz_euler e = zcz_euler_of((const zcz_complex *)(const void *)op->params);
  double params[3] = {e.theta, e.phi, e.lambda};
  if (e.phase != 0)
    write_controlled(w, op->num_controls, "gphase", 1, &e.phase, op->num_controls, op->qubits);
  write_controlled(w, op->num_controls, "u3", 3, params, op->num_qubits, op->qubits);
  return ZCZ_OK;
}

/* ---- noise ---- */

static void write_kraus(zcz_qasm_writer *w, const zcz_op *op) {
  zcz_complex all[ZCZ_MAX_KRAUS * 16];
  char re[ZCZ_NUMBER_SIZE], im[ZCZ_NUMBER_SIZE];
  uint32_t count =
      zcz_channel_kraus((zcz_channel)op->code, op->num_qubits, op->num_params, op->params, all);
  uint32_t size = 1u << op->num_qubits;
  zcz_text_add(&w->text, "kraus(");
  for (uint32_t k = 0; k < count; k++) {
    zcz_text_add(&w->text, "%s[", k ? ", " : "");
    for (uint32_t r = 0; r < size; r++) {
      zcz_text_add(&w->text, "%s[", r ? ", " : "");
      for (uint32_t c = 0; c < size; c++) { /* Braket: the first qubit most significant */
        uint32_t row = size == 4 ? (r >> 1 | (r & 1) << 1) : r;
        uint32_t column = size == 4 ? (c >> 1 | (c & 1) << 1) : c;
        zcz_complex value = all[k * size * size + row * size + column];
        zcz_text_add(&w->text, "%s%s", c ? ", " : "", zcz_decimal_write(re, value.re, false));
        if (value.im != 0)
          zcz_text_add(&w->text, "%s%sim", value.im < 0 ? "" : "+",
                       zcz_decimal_write(im, value.im, false));
      }
      zcz_text_add(&w->text, "]");
    }
    zcz_text_add(&w->text, "]");
  }
  zcz_text_add(&w->text, ")");
}

static zcz_status write_channel(zcz_qasm_writer *w, const zcz_op *op, size_t number) {
  char text[ZCZ_NUMBER_SIZE];
  zcz_text_add(&w->text, "#pragma braket noise ");
  switch ((zcz_channel)op->code) {
  case ZCZ_CHANNEL_PAULI1:
  case ZCZ_CHANNEL_DEPOLARIZE1:
  case ZCZ_CHANNEL_DEPOLARIZE2:
  case ZCZ_CHANNEL_AMPLITUDE_DAMPING:
  case ZCZ_CHANNEL_GENERALIZED_AMPLITUDE_DAMPING:
  case ZCZ_CHANNEL_PHASE_DAMPING:
    zcz_text_add(&w->text, "%s", zcz_channel_describe((zcz_channel)op->code)->name);
    for (uint32_t i = 0; i < op->num_params; i++)
      zcz_text_add(&w->text, "%s%s", i ? ", " : "(", zcz_decimal_write(text, op->params[i], false));
    zcz_text_add(&w->text, ")");
    break;
  case ZCZ_CHANNEL_PAULI2:
  case ZCZ_CHANNEL_RELAXATION:
  case ZCZ_CHANNEL_KRAUS: write_kraus(w, op); break;
  case ZCZ_CHANNEL_COUNT:
    return zcz_fail(w->error, ZCZ_ERROR_BUG, "channel %u in operation %zu", op->code, number);
  }
  for (uint32_t i = 0; i < op->num_qubits; i++) {
    zcz_text_add(&w->text, "%s", i ? ", " : " ");
    zcz_qasm_write_qubit(w, op->qubits[i]);
  }
  zcz_text_add(&w->text, "\n");
  return ZCZ_OK;
}

/* ---- control flow and the rest ---- */

static zcz_status write_block(zcz_qasm_writer *w, uint32_t block) {
  const zcz_op *ops = zcz_circuit_ops(w->circuit, block);
  size_t count = zcz_circuit_num_ops(w->circuit, block);
  zcz_text_add(&w->text, "{\n");
  for (size_t i = 0; i < count; i++) ZCZ_TRY(operation(w, &ops[i], i));
  for (uint32_t i = 1; i < w->depth; i++) zcz_text_add(&w->text, "  ");
  zcz_text_add(&w->text, "}");
  return ZCZ_OK;
}

static zcz_status write_if(zcz_qasm_writer *w, const zcz_op *op, size_t number) {
  enum { DEEPEST = 250 };
  if (++w->depth > DEEPEST)
    return zcz_write_unable(w->error, w->name, op, number, "at most 250 blocks within one another");
  zcz_text_add(&w->text, "if (");
  ZCZ_TRY(write_expression(w, op, number));
  zcz_text_add(&w->text, ") ");
  ZCZ_TRY(write_block(w, op->blocks[0]));
  if (op->blocks[1] != ZCZ_NONE) {
    zcz_text_add(&w->text, " else ");
    ZCZ_TRY(write_block(w, op->blocks[1]));
  }
  zcz_text_add(&w->text, "\n");
  w->depth--;
  return ZCZ_OK;
}

static zcz_status operation(zcz_qasm_writer *w, const zcz_op *op, size_t number) {
  char text[ZCZ_NUMBER_SIZE];
  for (uint32_t i = 0; i < w->depth; i++) zcz_text_add(&w->text, "  ");
  switch ((zcz_op_kind)op->kind) {
  case ZCZ_OP_GATE: return write_gate(w, op, number);
  case ZCZ_OP_UNITARY: return write_matrix(w, op, number);
  case ZCZ_OP_MEASURE:
    if (op->num_params)
      return zcz_write_unable(w->error, w->name, op, number, "readout errors belong to the chip");
    zcz_qasm_write_bit(w, op->bit);
    zcz_text_add(&w->text, " = measure ");
    zcz_qasm_write_qubit(w, op->qubits[0]);
    zcz_text_add(&w->text, ";\n");
    return ZCZ_OK;
  case ZCZ_OP_RESET: zcz_qasm_write_call(w, "", "reset", 0, NULL, 1, op->qubits); return ZCZ_OK;
  case ZCZ_OP_BARRIER:
    if (op->num_qubits) zcz_qasm_write_barrier(w, op);
    return ZCZ_OK;
  case ZCZ_OP_DELAY:
    if (op->num_qubits == 0) return ZCZ_OK;
    zcz_text_add(&w->text, "delay[%sns]", zcz_decimal_write(text, op->params[0], false));
    zcz_qasm_write_call(w, "", "", 0, NULL, op->num_qubits, op->qubits);
    return ZCZ_OK;
  case ZCZ_OP_CHANNEL: return write_channel(w, op, number);
  case ZCZ_OP_ASSIGN:
    if (op->bit == ZCZ_NONE)
      return zcz_write_unable(w->error, w->name, op, number, "only bits can be assigned");
    zcz_qasm_write_bit(w, op->bit);
    zcz_text_add(&w->text, " = ");
    ZCZ_TRY(write_expression(w, op, number));
    zcz_text_add(&w->text, ";\n");
    return ZCZ_OK;
  case ZCZ_OP_IF: return write_if(w, op, number);
  case ZCZ_OP_WHILE:
    return zcz_write_unable(w->error, w->name, op, number, "loops are not supported");
  case ZCZ_OP_KIND_COUNT: break;
  }
  return zcz_fail(w->error, ZCZ_ERROR_BUG, "operation kind %u", op->kind);
}

zcz_status zcz_qasm3_write(const zcz_circuit *circuit, const zcz_language_options *options,
                           char **text, zcz_error *error) {
  (void)options; /* none of them is for this language */
  return zcz_qasm_write(circuit, 3, operation, text, error);
}
