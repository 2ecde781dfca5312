#include "draw/label.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/math.h"

/* A string of limited size that grows at its end. */
typedef struct zcz_words {
  char *text;
  size_t size, at;
} zcz_words;

static void say(zcz_words *words, const char *format, ...) ZCZ_PRINTF(2, 3);
static void say(zcz_words *words, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(words->text + words->at, words->size - words->at, format, arguments);
  va_end(arguments);
  if (length > 0) words->at += (size_t)length;
  if (words->at >= words->size) words->at = words->size - 1;
}

static zcz_words begin(char *text, size_t size) {
  text[0] = 0;
  return (zcz_words){text, size, 0};
}

static void say_angle(zcz_words *words, double angle) {
  for (int denominator = 1; denominator <= 16; denominator++) {
    double turns = angle / ZCZ_PI * denominator, whole = nearbyint(turns);
    if (whole == 0 || fabs(turns - whole) > 1e-9 || fabs(whole) > 99) continue;
    if (whole < 0) say(words, "-");
    if (fabs(whole) != 1) say(words, "%d", (int)fabs(whole));
    say(words, "π");
    if (denominator > 1) say(words, "/%d", denominator);
    return;
  }
  say(words, "%.3g", angle);
}

void zcz_label_angle(double angle, char *text, size_t size) {
  zcz_words words = begin(text, size);
  say_angle(&words, angle);
}

/* Names that pictures write otherwise than programs do. */
static const char *gate_name(zcz_gate gate) {
  switch ((int)gate) { /* as int: the rest keep the table's name */
  case ZCZ_GATE_ID: return "I";
  case ZCZ_GATE_SDG: return "S†";
  case ZCZ_GATE_TDG: return "T†";
  case ZCZ_GATE_SX: return "√X";
  case ZCZ_GATE_SXDG: return "√X†";
  case ZCZ_GATE_SY: return "√Y";
  case ZCZ_GATE_SYDG: return "√Y†";
  case ZCZ_GATE_SW: return "√W";
  case ZCZ_GATE_SWDG: return "√W†";
  case ZCZ_GATE_X2P: return "X/2";
  case ZCZ_GATE_X2M: return "-X/2";
  case ZCZ_GATE_Y2P: return "Y/2";
  case ZCZ_GATE_Y2M: return "-Y/2";
  case ZCZ_GATE_XY2P: return "XY/2";
  case ZCZ_GATE_XY2M: return "-XY/2";
  case ZCZ_GATE_ISWAP: return "iSWAP";
  case ZCZ_GATE_ISWAPDG: return "iSWAP†";
  case ZCZ_GATE_FSIM: return "fSim";
  default: return NULL;
  }
}

void zcz_label_gate(const zcz_op *op, bool name_only, char *text, size_t size) {
  zcz_words words = begin(text, size);
  if (op->kind == ZCZ_OP_UNITARY) {
    say(&words, "U");
    return;
  }
  const char *name = gate_name((zcz_gate)op->code);
  if (name)
    say(&words, "%s", name);
  else {
    name = zcz_gate_describe((zcz_gate)op->code)->name;
    say(&words, "%c%s", toupper((unsigned char)name[0]), name + 1);
  }
  if (name_only || op->num_params == 0) return;
  for (uint32_t i = 0; i < op->num_params; i++) {
    say(&words, i ? ", " : "(");
    say_angle(&words, op->params[i]);
  }
  say(&words, ")");
}

void zcz_label_channel(const zcz_op *op, bool name_only, char *text, size_t size) {
  static const char *const names[] = {"Pauli",   "Pauli²",  "Depol", "Depol²", "Damp",
                                      "GenDamp", "Dephase", "T₁T₂",  "Kraus"};
  _Static_assert(sizeof names / sizeof *names == ZCZ_CHANNEL_COUNT, "a name for each channel");
  zcz_words words = begin(text, size);
  say(&words, "%s", names[op->code]);
  if (name_only || op->num_params == 0 || op->num_params > 3) return;
  for (uint32_t i = 0; i < op->num_params; i++)
    say(&words, "%s%.2g", i ? ", " : "(", op->params[i]);
  say(&words, ")");
}

static void say_place(zcz_words *words, const zcz_register *registers, uint32_t count,
                      uint32_t index, const char *otherwise) {
  for (uint32_t i = 0; i < count; i++) {
    if (index < registers[i].offset || index - registers[i].offset >= registers[i].size) continue;
    if (registers[i].size == 1)
      say(words, "%s", registers[i].name);
    else
      say(words, "%s[%u]", registers[i].name, index - registers[i].offset);
    return;
  }
  say(words, "%s%u", otherwise, index);
}

void zcz_label_qubit(const zcz_circuit *circuit, uint32_t qubit, char *text, size_t size) {
  zcz_words words = begin(text, size);
  uint32_t label = zcz_circuit_label(circuit, qubit);
  if (label != ZCZ_NONE)
    say(&words, "Q%u", label);
  else
    say_place(&words, zcz_circuit_qubit_registers(circuit),
              zcz_circuit_num_qubit_registers(circuit), qubit, "q");
}

static void say_bit(zcz_words *words, const zcz_circuit *circuit, uint32_t bit) {
  say_place(words, zcz_circuit_bit_registers(circuit), zcz_circuit_num_bit_registers(circuit), bit,
            "m");
}

void zcz_label_bit(const zcz_circuit *circuit, uint32_t bit, char *text, size_t size) {
  zcz_words words = begin(text, size);
  if (bit != ZCZ_NONE) say_bit(&words, circuit, bit);
}

static void say_bits(zcz_words *words, const zcz_circuit *circuit, const zcz_expression *bits) {
  const zcz_register *registers = zcz_circuit_bit_registers(circuit);
  for (uint32_t i = 0; i < zcz_circuit_num_bit_registers(circuit); i++) {
    if (registers[i].offset != bits->index || registers[i].size != bits->size) continue;
    say(words, "%s", registers[i].name);
    return;
  }
  say_bit(words, circuit, bits->index);
  say(words, "..");
}

static void say_value(zcz_words *words, zcz_value value) {
  switch (value.type) {
  case ZCZ_TYPE_BOOL: say(words, value.as.truth ? "true" : "false"); return;
  case ZCZ_TYPE_INT: say(words, "%lld", (long long)value.as.integer); return;
  case ZCZ_TYPE_UINT: say(words, "%llu", (unsigned long long)value.as.natural); return;
  case ZCZ_TYPE_FLOAT: say(words, "%.4g", value.as.real); return;
  }
}

static const char *operation_sign(zcz_operation operation) {
  static const char *const signs[] = {"!",  "~", "-",  "&&", "||", "&", "|", "^", "<<", ">>", "==",
                                      "!=", "<", "<=", ">",  ">=", "+", "-", "*", "/",  "%",  "**"};
  _Static_assert(sizeof signs / sizeof *signs == ZCZ_OPERATION_COUNT, "a sign for each operation");
  return signs[operation];
}

/* Ends early once the words are full, so a large tree costs no more than a small one; `depth` bounds
 * what has not been said yet. */
static void say_expression(zcz_words *words, const zcz_circuit *circuit, uint32_t index,
                           int depth) {
  const zcz_expression *it = &zcz_circuit_expressions(circuit)[index];
  if (words->at + 1 >= words->size) return;
  if (depth == 8) {
    say(words, "…");
    return;
  }
  switch (it->kind) {
  case ZCZ_EXPRESSION_CONSTANT: say_value(words, it->constant); return;
  case ZCZ_EXPRESSION_BIT: say_bit(words, circuit, it->index); return;
  case ZCZ_EXPRESSION_BITS: say_bits(words, circuit, it); return;
  case ZCZ_EXPRESSION_VARIABLE:
    say(words, "%s", zcz_circuit_variables(circuit)[it->index].name);
    return;
  case ZCZ_EXPRESSION_UNARY:
    say(words, "%s", operation_sign(it->operation));
    say_expression(words, circuit, it->left, depth + 1);
    return;
  case ZCZ_EXPRESSION_BINARY:
    if (depth) say(words, "(");
    say_expression(words, circuit, it->left, depth + 1);
    say(words, " %s ", operation_sign(it->operation));
    say_expression(words, circuit, it->right, depth + 1);
    if (depth) say(words, ")");
    return;
  }
}

void zcz_label_expression(const zcz_circuit *circuit, uint32_t expression, char *text,
                          size_t size) {
  zcz_words words = begin(text, size);
  say_expression(&words, circuit, expression, 0);
}

void zcz_label_control_flow(const zcz_circuit *circuit, const zcz_op *op, char *text, size_t size) {
  zcz_words words = begin(text, size);
  if (op->kind == ZCZ_OP_IF)
    say(&words, "if ");
  else if (op->kind == ZCZ_OP_WHILE)
    say(&words, "while ");
  else {
    if (op->bit != ZCZ_NONE)
      say_bit(&words, circuit, op->bit);
    else
      say(&words, "%s", zcz_circuit_variables(circuit)[op->variable].name);
    say(&words, " = ");
  }
  say_expression(&words, circuit, op->expression, 0);
}
