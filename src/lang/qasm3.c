/* OpenQASM 3 (openqasm.com): its statements. What it shares with OpenQASM 2 is in qasm*.c. Built:
 * qubits and bits, constants, gates with modifiers, aliases of qubits, measure, reset, barrier,
 * delay, assignments to bits, if and else, the noise pragmas of Amazon Braket. The rest of the
 * language is refused by name. */
#include <math.h>
#include <string.h>

#include "lang/lang.h"
#include "lang/qasm.h"

static zcz_status statement(zcz_qasm *qasm);

static zcz_status not_built(zcz_qasm *qasm, const zcz_token *word, const char *hint) {
  char quote[ZCZ_QUOTE_SIZE];
  return zcz_hint(qasm->error,
                  zcz_qasm_fail(qasm, word, ZCZ_ERROR_UNABLE,
                                "\"%s\" of OpenQASM 3 is not supported",
                                zcz_token_quote(quote, word)),
                  "%s", hint);
}

/* Words that begin statements we do not have, each with what to do instead. */
static const char *hint_for(const zcz_token *word) {
  static const struct {
    const char *word, *hint;
  } rows[] = {
      {"def", "write the subroutine's statements where it is called, or define a gate"},
      {"extern", "functions outside the program cannot be called"},
      {"for", "write the statements out, once for each turn of the loop"},
      {"while", "write the statements out, once for each turn of the loop"},
      {"switch", "use if and else"},
      {"box", "remove the box; barriers keep operations in their order"},
      {"cal", "pulses are not simulated; the chip's file has each gate's duration"},
      {"defcal", "pulses are not simulated; the chip's file has each gate's duration"},
      {"defcalgrammar", "pulses are not simulated; remove the statement"},
      {"input", "put the value in its place, or declare a const"},
      {"output", "every bit is given out: declare a bit"},
      {"array", "use a register of bits, or constants"},
      {"complex", "use bits, or constants"},
      {"bool", "use a bit, or a const bool"},
      {"int", "use a register of bits, or a const int"},
      {"uint", "use a register of bits, or a const uint"},
      {"float", "use a const float"},
      {"angle", "use a const angle or const float"},
      {"duration", "use a const duration"},
      {"stretch", "give the delay a duration"},
      {"return", "there are no subroutines"},
      {"break", "there are no loops"},
      {"continue", "there are no loops"},
      {"end", "leave out what must not run"},
      {"nop", "remove it"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (zcz_token_is_word(word, rows[i].word)) return rows[i].hint;
  }
  return NULL;
}

static zcz_status global_only(zcz_qasm *qasm, const char *what) {
  if (qasm->block == 0) return ZCZ_OK;
  return zcz_hint(qasm->error,
                  zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_USAGE, "%s inside a block", what),
                  "declare it before the block, outside");
}

/* ---- declarations ---- */

/* qubit[n] name;  qubit name; */
static zcz_status qubits(zcz_qasm *qasm) {
  uint32_t size = 1, offset;
  bool single = true;
  zcz_token name;
  ZCZ_TRY(global_only(qasm, "qubits declared"));
  ZCZ_TRY(zcz_qasm_advance(qasm));
  if (zcz_token_is(&qasm->token, '[')) {
    single = false;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    ZCZ_TRY(zcz_qasm_size(qasm, true, &size));
    ZCZ_TRY(zcz_qasm_want(qasm, ']', "\"]\""));
  }
  ZCZ_TRY(zcz_qasm_name(qasm, "a name", &name));
  ZCZ_TRY(zcz_qasm_register(qasm, &name, true, single, size, &offset));
  return zcz_qasm_want(qasm, ';', "\";\"");
}

/* qreg name[n];  creg name; as in OpenQASM 2 */
static zcz_status old_style(zcz_qasm *qasm, bool is_qubits) {
  uint32_t size = 1, offset;
  bool single = true;
  zcz_token name;
  ZCZ_TRY(global_only(qasm, "a register declared"));
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(zcz_qasm_name(qasm, "the register's name", &name));
  if (zcz_token_is(&qasm->token, '[')) {
    single = false;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    ZCZ_TRY(zcz_qasm_size(qasm, is_qubits, &size));
    ZCZ_TRY(zcz_qasm_want(qasm, ']', "\"]\""));
  }
  ZCZ_TRY(zcz_qasm_register(qasm, &name, is_qubits, single, size, &offset));
  return zcz_qasm_want(qasm, ';', "\";\"");
}

static zcz_status assign_bit(zcz_qasm *qasm, uint32_t bit, uint32_t expression) {
  zcz_op op = zcz_qasm_op(qasm, ZCZ_OP_ASSIGN);
  op.bit = bit;
  op.expression = expression;
  return zcz_qasm_append(qasm, &op);
}

static zcz_status constant_bit(zcz_qasm *qasm, uint32_t bit, bool value) {
  zcz_expression e = {.kind = ZCZ_EXPRESSION_CONSTANT, .constant.type = ZCZ_TYPE_BOOL};
  uint32_t index;
  e.constant.as.truth = value;
  ZCZ_TRY(zcz_circuit_add_expression(qasm->circuit, &e, &index, qasm->error));
  return assign_bit(qasm, bit, index);
}

/* "0110": the last character is bit 0. */
static zcz_status assign_string(zcz_qasm *qasm, const zcz_operand *bits) {
  zcz_token text = qasm->token;
  uint32_t digits = 0;
  for (size_t i = text.size; i-- > 0;) {
    char c = text.start[i];
    if (c == '_') continue;
    if ((c != '0' && c != '1') || digits == bits->count)
      return zcz_hint(qasm->error,
                      zcz_qasm_fail(qasm, &text, ZCZ_ERROR_USAGE,
                                    "the text assigned to %u bits must be %u zeros and ones",
                                    bits->count, bits->count),
                      "write one digit for each bit, the last for bit 0");
    ZCZ_TRY(constant_bit(qasm, zcz_qasm_operand_at(qasm, bits, digits++), c == '1'));
  }
  if (digits != bits->count)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &text, ZCZ_ERROR_USAGE, "%u digits assigned to %u bits",
                                  digits, bits->count),
                    "write one digit for each bit, the last for bit 0");
  return zcz_qasm_advance(qasm);
}

/* Another register, bit by bit, or a constant. */
static zcz_status assign_register(zcz_qasm *qasm, const zcz_operand *bits) {
  zcz_token start = qasm->token;
  zcz_symbol *symbol = start.kind == ZCZ_TOKEN_NAME ? zcz_qasm_find(qasm, &start) : NULL;
  if (symbol && symbol->kind == ZCZ_SYMBOL_BITS) {
    zcz_operand source;
    ZCZ_TRY(zcz_qasm_operand(qasm, false, &source));
    if (!zcz_token_is(&qasm->token, ';'))
      return not_built(qasm, &qasm->token, "assign bit by bit: c[0] = ...;");
    if (source.count != bits->count)
      return zcz_hint(qasm->error,
                      zcz_qasm_fail(qasm, &start, ZCZ_ERROR_USAGE, "%u bits assigned to %u",
                                    source.count, bits->count),
                      "both sides need the same number of bits");
    uint32_t first = zcz_qasm_operand_at(qasm, bits, 0),
             from = zcz_qasm_operand_at(qasm, &source, 0);
    bool up = first <= from; /* so that overlapping registers are read before they are written */
    if (bits->listed || source.listed)
      return not_built(qasm, &start, "assign bit by bit: c[0] = d[2];");
    for (uint32_t k = 0; k < bits->count; k++) {
      uint32_t i = up ? k : bits->count - 1 - k, index;
      zcz_expression e = {.kind = ZCZ_EXPRESSION_BIT, .index = from + i};
      ZCZ_TRY(zcz_circuit_add_expression(qasm->circuit, &e, &index, qasm->error));
      ZCZ_TRY(assign_bit(qasm, first + i, index));
    }
    return ZCZ_OK;
  }
  int64_t value;
  ZCZ_TRY(zcz_qasm_integer(qasm, "the value of a register", &value));
  if (value < 0 || (bits->count < 63 && value >> bits->count))
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &start, ZCZ_ERROR_USAGE, "%lld does not fit into %u bits",
                                  (long long)value, bits->count),
                    "give a number from 0 on that fits");
  for (uint32_t i = 0; i < bits->count; i++)
    ZCZ_TRY(constant_bit(qasm, zcz_qasm_operand_at(qasm, bits, i), i < 63 && (value >> i & 1)));
  return ZCZ_OK;
}

/* What stands after "bits =". */
static zcz_status assign(zcz_qasm *qasm, const zcz_operand *bits) {
  if (zcz_token_is_word(&qasm->token, "measure")) {
    zcz_operand measured;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    ZCZ_TRY(zcz_qasm_operand(qasm, true, &measured));
    ZCZ_TRY(zcz_qasm_want(qasm, ';', "\";\" after the measured qubits"));
    return zcz_qasm_measure_into(qasm, &measured, bits);
  }
  if (qasm->token.kind == ZCZ_TOKEN_STRING) {
    ZCZ_TRY(assign_string(qasm, bits));
  } else if (bits->count > 1 || !bits->single) {
    ZCZ_TRY(assign_register(qasm, bits));
  } else {
    uint32_t expression;
    ZCZ_TRY(zcz_qasm3_expression(qasm, &expression));
    ZCZ_TRY(assign_bit(qasm, bits->first, expression));
  }
  return zcz_qasm_want(qasm, ';', "\";\"");
}

static uint32_t compound(const zcz_token *token) {
  if (token->kind != ZCZ_TOKEN_SYMBOL) return ZCZ_NONE;
  switch (token->symbol) {
  case ZCZ_SYMBOL2('^', '='): return ZCZ_OPERATION_BIT_XOR;
  case ZCZ_SYMBOL2('&', '='): return ZCZ_OPERATION_BIT_AND;
  case ZCZ_SYMBOL2('|', '='): return ZCZ_OPERATION_BIT_OR;
  default: return ZCZ_NONE;
  }
}

static zcz_status assignment(zcz_qasm *qasm) {
  zcz_operand bits;
  qasm->lists.count = 0;
  ZCZ_TRY(zcz_qasm_operand(qasm, false, &bits));
  zcz_token sign = qasm->token;
  uint32_t operation = compound(&sign);
  if (operation == ZCZ_NONE) {
    ZCZ_TRY(zcz_qasm_want(qasm, '=', "\"=\" and a value"));
    return assign(qasm, &bits);
  }
  if (bits.count != 1) return not_built(qasm, &sign, "assign bit by bit: c[0] ^= d[0];");
  zcz_expression self = {.kind = ZCZ_EXPRESSION_BIT, .index = zcz_qasm_operand_at(qasm, &bits, 0)};
  zcz_expression both = {.kind = ZCZ_EXPRESSION_BINARY, .operation = (zcz_operation)operation};
  uint32_t index;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(zcz_circuit_add_expression(qasm->circuit, &self, &both.left, qasm->error));
  ZCZ_TRY(zcz_qasm3_expression(qasm, &both.right));
  ZCZ_TRY(zcz_circuit_add_expression(qasm->circuit, &both, &index, qasm->error));
  ZCZ_TRY(assign_bit(qasm, self.index, index));
  return zcz_qasm_want(qasm, ';', "\";\"");
}

/* bit[n] name;  bit name = value; */
static zcz_status bits(zcz_qasm *qasm) {
  uint32_t size = 1, offset;
  bool single = true;
  zcz_token name;
  if (qasm->block != 0)
    return not_built(qasm, &qasm->token, "declare the bits before the block, outside");
  ZCZ_TRY(zcz_qasm_advance(qasm));
  if (zcz_token_is(&qasm->token, '[')) {
    single = false;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    ZCZ_TRY(zcz_qasm_size(qasm, false, &size));
    ZCZ_TRY(zcz_qasm_want(qasm, ']', "\"]\""));
  }
  ZCZ_TRY(zcz_qasm_name(qasm, "a name", &name));
  ZCZ_TRY(zcz_qasm_register(qasm, &name, false, single, size, &offset));
  if (!zcz_token_is(&qasm->token, '=')) return zcz_qasm_want(qasm, ';', "\";\" or \"=\"");
  ZCZ_TRY(zcz_qasm_advance(qasm));
  qasm->lists.count = 0;
  zcz_operand all = {.single = single, .first = offset, .count = size};
  return assign(qasm, &all);
}

/* const type name = value; */
static zcz_status constant(zcz_qasm *qasm) {
  static const char *const types[] = {"int", "uint", "float", "angle", "bool", "bit", "duration"};
  zcz_token type, name;
  zcz_number value;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  type = qasm->token;
  size_t t = 0, count = sizeof types / sizeof types[0];
  while (t < count && !zcz_token_is_word(&type, types[t])) t++;
  if (t == count && hint_for(&type)) return not_built(qasm, &type, hint_for(&type));
  if (t == count)
    return zcz_qasm_expected(qasm, "a type (int, uint, float, angle, bool, duration)");
  ZCZ_TRY(zcz_qasm_advance(qasm));
  if (zcz_token_is(&qasm->token, '[') && t != 4 && t != 6) {
    int64_t width;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    ZCZ_TRY(zcz_qasm_integer(qasm, "the width of a type", &width));
    ZCZ_TRY(zcz_qasm_want(qasm, ']', "\"]\""));
  }
  ZCZ_TRY(zcz_qasm_name(qasm, "a name", &name));
  ZCZ_TRY(zcz_qasm_want(qasm, '=', "\"=\" and a value"));
  zcz_token start = qasm->token;
  ZCZ_TRY(zcz_qasm_constant(qasm, &value));
  if ((value.kind == ZCZ_NUMBER_TIME) != (t == 6))
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &start, ZCZ_ERROR_USAGE,
                                  t == 6 ? "a number where a duration belongs"
                                         : "a duration where a number belongs"),
                    "durations have a unit: 100ns, 2us, 8dt");
  if ((t < 2 || t == 4 || t == 5) && value.kind == ZCZ_NUMBER_REAL) { /* cut to an integer */
    if (fabs(value.real) >= 0x1p62)
      return zcz_hint(
          qasm->error,
          zcz_qasm_fail(qasm, &start, ZCZ_ERROR_USAGE, "%g is too big for an integer", value.real),
          "use a float");
    value.whole = (int64_t)value.real;
    value.real = (double)value.whole;
    value.kind = ZCZ_NUMBER_INTEGER;
  }
  if (t == 2 || t == 3) value.kind = ZCZ_NUMBER_REAL;
  zcz_symbol *symbol;
  ZCZ_TRY(zcz_qasm_declare(qasm, &name, ZCZ_SYMBOL_CONSTANT, &symbol));
  symbol->value = value;
  return zcz_qasm_want(qasm, ';', "\";\"");
}

/* ---- delay, if ---- */

static zcz_status delay(zcz_qasm *qasm) {
  zcz_number time;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(zcz_qasm_want(qasm, '[', "\"[\" and a duration after \"delay\""));
  zcz_token start = qasm->token;
  ZCZ_TRY(zcz_qasm_constant(qasm, &time));
  if (time.kind != ZCZ_NUMBER_TIME)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &start, ZCZ_ERROR_USAGE, "a delay without a unit of time"),
                    "write ns, us, ms, s or dt (0.5 ns) after the number: delay[100ns] q;");
  if (time.real < 0)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &start, ZCZ_ERROR_USAGE, "a delay of %g ns", time.real),
                    "time does not run backwards");
  if (time.real > 1e18)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &start, ZCZ_ERROR_UNABLE, "a delay of %g ns", time.real),
                    "delays up to 10^9 s are supported");
  ZCZ_TRY(zcz_qasm_want(qasm, ']', "\"]\""));
  qasm->lists.count = 0;
  bool all = zcz_token_is(&qasm->token, ';');
  do {
    zcz_operand operand = {.count = zcz_circuit_num_qubits(qasm->circuit)};
    if (!all) ZCZ_TRY(zcz_qasm_operand(qasm, true, &operand));
    for (uint32_t i = 0; i < operand.count; i++) {
      uint32_t qubit = zcz_qasm_operand_at(qasm, &operand, i);
      zcz_op op = zcz_qasm_op(qasm, ZCZ_OP_DELAY);
      op.num_qubits = op.num_params = 1;
      op.qubits = &qubit;
      op.params = &time.real;
      ZCZ_TRY(zcz_qasm_append(qasm, &op));
    }
    if (!zcz_token_is(&qasm->token, ',')) break;
    ZCZ_TRY(zcz_qasm_advance(qasm));
  } while (!zcz_token_is(&qasm->token, ';'));
  return zcz_qasm_want(qasm, ';', "\",\" or \";\"");
}

/* One statement or { statements }, into a block of its own. */
static zcz_status branch(zcz_qasm *qasm, uint32_t *block) {
  uint32_t outer = qasm->block;
  ZCZ_TRY(zcz_qasm_enter(qasm));
  ZCZ_TRY(zcz_circuit_add_block(qasm->circuit, block, qasm->error));
  qasm->block = *block;
  size_t scope = zcz_qasm_open_scope(qasm);
  if (zcz_token_is(&qasm->token, '{')) {
    ZCZ_TRY(zcz_qasm_advance(qasm));
    while (!zcz_token_is(&qasm->token, '}')) {
      if (qasm->token.kind == ZCZ_TOKEN_END) return zcz_qasm_expected(qasm, "\"}\"");
      ZCZ_TRY(statement(qasm));
    }
    ZCZ_TRY(zcz_qasm_advance(qasm));
  } else {
    ZCZ_TRY(statement(qasm));
  }
  zcz_qasm_close_scope(qasm, scope);
  qasm->block = outer;
  zcz_qasm_leave(qasm);
  return ZCZ_OK;
}

static zcz_status conditional(zcz_qasm *qasm) {
  zcz_op op = zcz_qasm_op(qasm, ZCZ_OP_IF);
  size_t offset = qasm->offset;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(zcz_qasm_want(qasm, '(', "\"(\" after \"if\""));
  qasm->lists.count = 0;
  ZCZ_TRY(zcz_qasm3_expression(qasm, &op.expression));
  ZCZ_TRY(zcz_qasm_want(qasm, ')', "\")\" after the condition"));
  ZCZ_TRY(branch(qasm, &op.blocks[0]));
  if (zcz_token_is_word(&qasm->token, "else")) {
    ZCZ_TRY(zcz_qasm_advance(qasm));
    ZCZ_TRY(branch(qasm, &op.blocks[1]));
  }
  qasm->line = op.line;
  qasm->offset = offset;
  return zcz_qasm_append(qasm, &op);
}

/* ---- all of them ---- */

/* @word and the rest of the line: annotations change nothing here. */
static zcz_status annotation(zcz_qasm *qasm) {
  const zcz_source *source = qasm->lexer.source;
  size_t end = qasm->token.offset;
  while (end < source->size && source->text[end] != '\n') end++;
  qasm->lexer.at = end;
  zcz_context_warn(qasm->context, "annotations (@...) are passed over");
  return zcz_qasm_advance(qasm);
}

static zcz_status by_word(zcz_qasm *qasm) {
  static const struct {
    const char *word;
    zcz_status (*read)(zcz_qasm *qasm);
  } rows[] = {{"qubit", qubits},         {"bit", bits},
              {"const", constant},       {"measure", zcz_qasm_measure},
              {"reset", zcz_qasm_reset}, {"barrier", zcz_qasm_barrier},
              {"delay", delay},          {"if", conditional},
              {"let", zcz_qasm_alias}};
  const zcz_token *token = &qasm->token;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (zcz_token_is_word(token, rows[i].word)) return rows[i].read(qasm);
  }
  if (zcz_token_is_word(token, "qreg")) return old_style(qasm, true);
  if (zcz_token_is_word(token, "creg")) return old_style(qasm, false);
  if (zcz_token_is_word(token, "gate")) {
    ZCZ_TRY(global_only(qasm, "a gate defined"));
    return zcz_qasm_define(qasm, false);
  }
  if (zcz_token_is_word(token, "include")) {
    ZCZ_TRY(global_only(qasm, "an include"));
    return zcz_qasm_include(qasm);
  }
  if (zcz_token_is_word(token, "OPENQASM"))
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, token, ZCZ_ERROR_USAGE, "a second line of the version"),
                    "the version stands once, first in the program");
  const char *hint = hint_for(token);
  if (hint) return not_built(qasm, token, hint);
  zcz_symbol *symbol = zcz_qasm_find(qasm, token);
  if (symbol && symbol->kind == ZCZ_SYMBOL_BITS) return assignment(qasm);
  return zcz_qasm_call(qasm);
}

static zcz_status statement(zcz_qasm *qasm) {
  const zcz_token *token = &qasm->token;
  qasm->line = token->line;
  qasm->offset = token->offset;
  if (token->kind == ZCZ_TOKEN_PRAGMA) return zcz_qasm3_pragma(qasm);
  if (token->kind == ZCZ_TOKEN_NAME) return by_word(qasm);
  if (zcz_token_is(token, '@')) return annotation(qasm);
  if (zcz_token_is(token, '{')) { /* a block without a condition */
    size_t scope = zcz_qasm_open_scope(qasm);
    ZCZ_TRY(zcz_qasm_enter(qasm));
    ZCZ_TRY(zcz_qasm_advance(qasm));
    while (!zcz_token_is(&qasm->token, '}')) {
      if (qasm->token.kind == ZCZ_TOKEN_END) return zcz_qasm_expected(qasm, "\"}\"");
      ZCZ_TRY(statement(qasm));
    }
    zcz_qasm_leave(qasm);
    zcz_qasm_close_scope(qasm, scope);
    return zcz_qasm_advance(qasm);
  }
  return zcz_qasm_expected(qasm, "a statement");
}

zcz_status zcz_qasm3_read(zcz_context *context, const zcz_source *source,
                          const zcz_language_options *options, zcz_circuit **circuit,
                          zcz_error *error) {
  return zcz_qasm_read(context, 3, statement, source, options, circuit, error);
}
