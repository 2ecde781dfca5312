/* Classical expressions of OpenQASM 3 that are worked out while the program runs: bits, registers
 * and their ranges as unsigned numbers, constants, comparisons, logic, arithmetic, casts. */
#include <math.h>
#include <string.h>

#include "lang/qasm.h"

/* zcz_expression_evaluate goes 200 levels deep. */
enum { MOST_HEIGHT = 190 };

typedef struct part {
  uint32_t index; /* of the expression */
  uint32_t height;
  uint32_t width; /* of bits; 0 = a number or truth value without one */
} part;

static zcz_status add(zcz_qasm *qasm, const zcz_expression *expression, part *out) {
  return zcz_qasm_place(
      qasm, zcz_circuit_add_expression(qasm->circuit, expression, &out->index, qasm->error));
}

static zcz_status join(zcz_qasm *qasm, zcz_operation operation, part a, part b, part *out) {
  zcz_expression e = {
      .kind = ZCZ_EXPRESSION_BINARY, .operation = operation, .left = a.index, .right = b.index};
  out->height = 1 + (a.height > b.height ? a.height : b.height);
  if (out->height > MOST_HEIGHT)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_UNABLE,
                                  "an expression of more than %d levels", (int)MOST_HEIGHT),
                    "split it: assign parts of it to bits first");
  return add(qasm, &e, out);
}

static zcz_status number(zcz_qasm *qasm, zcz_value value, part *out) {
  zcz_expression e = {.kind = ZCZ_EXPRESSION_CONSTANT, .constant = value};
  *out = (part){.height = 1};
  return add(qasm, &e, out);
}

static zcz_status natural(zcz_qasm *qasm, uint64_t value, part *out) {
  return number(qasm, (zcz_value){.type = ZCZ_TYPE_UINT, .as.natural = value}, out);
}

static zcz_status integer(zcz_qasm *qasm, int64_t value, part *out) {
  return number(qasm, (zcz_value){.type = ZCZ_TYPE_INT, .as.integer = value}, out);
}

static uint64_t mask_of(uint32_t width) {
  return width >= 64 ? UINT64_MAX : ((uint64_t)1 << width) - 1;
}

static zcz_status parse(zcz_qasm *qasm, int least, part *out);

static zcz_status bits(zcz_qasm *qasm, part *out) {
  zcz_operand operand;
  zcz_token start = qasm->token;
  ZCZ_TRY(zcz_qasm_operand(qasm, false, &operand));
  uint32_t first = zcz_qasm_operand_at(qasm, &operand, 0);
  for (uint32_t i = 1; i < operand.count; i++) {
    if (zcz_qasm_operand_at(qasm, &operand, i) != first + i)
      return zcz_hint(qasm->error,
                      zcz_qasm_fail(qasm, &start, ZCZ_ERROR_UNABLE,
                                    "bits that do not follow one another are not supported here"),
                      "use a range with step 1, or single bits");
  }
  zcz_expression e = {.kind = operand.single ? ZCZ_EXPRESSION_BIT : ZCZ_EXPRESSION_BITS,
                      .index = first,
                      .size = operand.count};
  *out = (part){.height = 1, .width = operand.count};
  return add(qasm, &e, out);
}

static zcz_status text(zcz_qasm *qasm, part *out) {
  zcz_token token = qasm->token;
  uint64_t value = 0;
  uint32_t width = 0;
  for (size_t i = 0; i < token.size; i++) {
    if (token.start[i] == '_') continue;
    if (token.start[i] != '0' && token.start[i] != '1') width = 65;
    if (width < 65) width++;
    value = value << 1 | (token.start[i] == '1');
  }
  if (width == 0 || width > 64)
    return zcz_hint(
        qasm->error,
        zcz_qasm_fail(qasm, &token, ZCZ_ERROR_USAGE, "a text of bits has 1 to 64 zeros and ones"),
        "write it like \"0110\"");
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(natural(qasm, value, out));
  out->width = width;
  return ZCZ_OK;
}

/* int[n](x), uint[n](x), bit[n](x), bool(x), float(x) */
static zcz_status cast(zcz_qasm *qasm, part *out) {
  zcz_token type = qasm->token;
  int64_t width = 64;
  bool to_bool = zcz_token_is_word(&type, "bool"), is_signed = zcz_token_is_word(&type, "int");
  if (zcz_token_is_word(&type, "bit")) width = 1;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  if (zcz_token_is(&qasm->token, '[') && !to_bool) {
    ZCZ_TRY(zcz_qasm_advance(qasm));
    zcz_token at = qasm->token;
    ZCZ_TRY(zcz_qasm_integer(qasm, "the width of a type", &width));
    if (width < 1 || width > 64)
      return zcz_hint(qasm->error,
                      zcz_qasm_fail(qasm, &at, width < 1 ? ZCZ_ERROR_USAGE : ZCZ_ERROR_UNABLE,
                                    "a type of %lld bits; allowed are 1 to 64", (long long)width),
                      "compare wide registers without a cast");
    ZCZ_TRY(zcz_qasm_want(qasm, ']', "\"]\""));
  }
  ZCZ_TRY(zcz_qasm_want(qasm, '(', "\"(\" after a type"));
  ZCZ_TRY(zcz_qasm_enter(qasm));
  part inner, other;
  ZCZ_TRY(parse(qasm, 0, &inner));
  zcz_qasm_leave(qasm);
  ZCZ_TRY(zcz_qasm_want(qasm, ')', "\")\""));
  *out = inner;
  if (to_bool) {
    ZCZ_TRY(natural(qasm, 0, &other));
    return join(qasm, ZCZ_OPERATION_UNEQUAL, inner, other, out);
  }
  uint32_t had = inner.width ? inner.width : 64;
  if (had > (uint32_t)width) {
    ZCZ_TRY(natural(qasm, mask_of((uint32_t)width), &other));
    ZCZ_TRY(join(qasm, ZCZ_OPERATION_BIT_AND, *out, other, out));
  }
  out->width = had < (uint32_t)width ? had : (uint32_t)width;
  if (!is_signed || had < (uint32_t)width || width == 64) return ZCZ_OK;
  int64_t sign = (int64_t)1 << (width - 1); /* (x ^ sign) - sign: two's complement */
  ZCZ_TRY(integer(qasm, sign, &other));
  ZCZ_TRY(join(qasm, ZCZ_OPERATION_BIT_XOR, *out, other, out));
  ZCZ_TRY(integer(qasm, sign, &other));
  ZCZ_TRY(join(qasm, ZCZ_OPERATION_SUBTRACT, *out, other, out));
  out->width = 0;
  return ZCZ_OK;
}

static zcz_status constant(zcz_qasm *qasm, zcz_number value, part *out) {
  if (value.kind == ZCZ_NUMBER_INTEGER) return integer(qasm, value.whole, out);
  if (value.kind == ZCZ_NUMBER_REAL)
    return number(qasm, (zcz_value){.type = ZCZ_TYPE_FLOAT, .as.real = value.real}, out);
  return zcz_hint(qasm->error,
                  zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_USAGE, "a duration in a condition"),
                  "compare bits and numbers");
}

static zcz_status word(zcz_qasm *qasm, part *out) {
  static const char *const casts[] = {"int", "uint", "bit", "bool"};
  zcz_token name = qasm->token;
  zcz_symbol *symbol = zcz_qasm_find(qasm, &name);
  if (symbol && symbol->kind == ZCZ_SYMBOL_BITS) return bits(qasm, out);
  if (symbol && symbol->kind == ZCZ_SYMBOL_CONSTANT) {
    zcz_number value = symbol->value;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    return constant(qasm, value, out);
  }
  if (zcz_token_is_word(&name, "true") || zcz_token_is_word(&name, "false")) {
    ZCZ_TRY(zcz_qasm_advance(qasm));
    return number(qasm, (zcz_value){.type = ZCZ_TYPE_BOOL, .as.truth = name.start[0] == 't'}, out);
  }
  for (size_t i = 0; i < sizeof casts / sizeof casts[0]; i++) {
    if (zcz_token_is_word(&name, casts[i])) return cast(qasm, out);
  }
  if (zcz_token_is_word(&name, "measure"))
    return zcz_hint(
        qasm->error,
        zcz_qasm_fail(qasm, &name, ZCZ_ERROR_USAGE, "a measurement inside an expression"),
        "measure into a bit first: c = measure q;");
  if (zcz_token_is_word(&name, "pi") || zcz_token_is_word(&name, "tau") ||
      zcz_token_is_word(&name, "euler")) {
    zcz_number value;
    ZCZ_TRY(zcz_qasm_constant(qasm, &value));
    return constant(qasm, value, out);
  }
  return zcz_qasm_unknown(qasm, &name, "bit, register or constant", ZCZ_SYMBOL_BITS);
}

static zcz_status primary(zcz_qasm *qasm, part *out) {
  zcz_token token = qasm->token;
  switch (token.kind) {
  case ZCZ_TOKEN_NAME: return word(qasm, out);
  case ZCZ_TOKEN_STRING: return text(qasm, out);
  case ZCZ_TOKEN_INTEGER:
    if (token.too_big)
      return zcz_hint(qasm->error,
                      zcz_qasm_fail(qasm, &token, ZCZ_ERROR_UNABLE, "a number past 64 bits"),
                      "compare parts of the register");
    ZCZ_TRY(zcz_qasm_advance(qasm));
    return token.whole > INT64_MAX ? natural(qasm, token.whole, out)
                                   : integer(qasm, (int64_t)token.whole, out);
  case ZCZ_TOKEN_REAL:
    if (!isfinite(token.real)) return zcz_qasm_expected(qasm, "a finite number");
    ZCZ_TRY(zcz_qasm_advance(qasm));
    return number(qasm, (zcz_value){.type = ZCZ_TYPE_FLOAT, .as.real = token.real}, out);
  case ZCZ_TOKEN_SYMBOL:
    if (token.symbol != '(') break;
    ZCZ_TRY(zcz_qasm_enter(qasm));
    ZCZ_TRY(zcz_qasm_advance(qasm));
    ZCZ_TRY(parse(qasm, 0, out));
    zcz_qasm_leave(qasm);
    return zcz_qasm_want(qasm, ')', "\")\"");
  case ZCZ_TOKEN_END:
  case ZCZ_TOKEN_TIME:
  case ZCZ_TOKEN_HARDWARE:
  case ZCZ_TOKEN_PRAGMA: break;
  }
  return zcz_qasm_expected(qasm, "a bit, a register or a number");
}

enum { LEVEL_UNARY = 11, LEVEL_POWER = 12 };

static int level_of(const zcz_token *token, zcz_operation *operation) {
  static const struct {
    uint32_t symbol;
    uint8_t operation, level;
  } rows[] = {
      {ZCZ_SYMBOL2('|', '|'), ZCZ_OPERATION_OR, 1},
      {ZCZ_SYMBOL2('&', '&'), ZCZ_OPERATION_AND, 2},
      {'|', ZCZ_OPERATION_BIT_OR, 3},
      {'^', ZCZ_OPERATION_BIT_XOR, 4},
      {'&', ZCZ_OPERATION_BIT_AND, 5},
      {ZCZ_SYMBOL2('=', '='), ZCZ_OPERATION_EQUAL, 6},
      {ZCZ_SYMBOL2('!', '='), ZCZ_OPERATION_UNEQUAL, 6},
      {'<', ZCZ_OPERATION_LESS, 7},
      {ZCZ_SYMBOL2('<', '='), ZCZ_OPERATION_LESS_EQUAL, 7},
      {'>', ZCZ_OPERATION_GREATER, 7},
      {ZCZ_SYMBOL2('>', '='), ZCZ_OPERATION_GREATER_EQUAL, 7},
      {ZCZ_SYMBOL2('<', '<'), ZCZ_OPERATION_SHIFT_LEFT, 8},
      {ZCZ_SYMBOL2('>', '>'), ZCZ_OPERATION_SHIFT_RIGHT, 8},
      {'+', ZCZ_OPERATION_ADD, 9},
      {'-', ZCZ_OPERATION_SUBTRACT, 9},
      {'*', ZCZ_OPERATION_MULTIPLY, 10},
      {'/', ZCZ_OPERATION_DIVIDE, 10},
      {'%', ZCZ_OPERATION_REMAINDER, 10},
      {ZCZ_SYMBOL2('*', '*'), ZCZ_OPERATION_POWER, LEVEL_POWER},
  };
  for (size_t i = 0; token->kind == ZCZ_TOKEN_SYMBOL && i < sizeof rows / sizeof rows[0]; i++) {
    if (rows[i].symbol != token->symbol) continue;
    *operation = (zcz_operation)rows[i].operation;
    return rows[i].level;
  }
  return -1;
}

static zcz_status sign(zcz_qasm *qasm, part *out) {
  uint32_t symbol = qasm->token.symbol;
  part inner, other;
  ZCZ_TRY(zcz_qasm_enter(qasm));
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(parse(qasm, LEVEL_UNARY, &inner));
  zcz_qasm_leave(qasm);
  *out = inner;
  if (symbol == '~' && inner.width > 1) { /* within the register's width */
    if (inner.width > 64)
      return zcz_hint(qasm->error,
                      zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_UNABLE,
                                    "~ of a register of %u bits; at most 64 are supported",
                                    inner.width),
                      "split the register");
    ZCZ_TRY(natural(qasm, mask_of(inner.width), &other));
    ZCZ_TRY(join(qasm, ZCZ_OPERATION_BIT_XOR, inner, other, out));
    out->width = inner.width;
    return ZCZ_OK;
  }
  zcz_expression e = {.kind = ZCZ_EXPRESSION_UNARY, .left = inner.index};
  e.operation = symbol == '-'                       ? ZCZ_OPERATION_NEGATE
                : symbol == '!' || inner.width == 1 ? ZCZ_OPERATION_NOT
                                                    : ZCZ_OPERATION_BIT_NOT;
  out->height = inner.height + 1;
  out->width = symbol == '~' ? inner.width : 0;
  return add(qasm, &e, out);
}

static zcz_status parse(zcz_qasm *qasm, int least, part *out) {
  const zcz_token *token = &qasm->token;
  if (zcz_token_is(token, '!') || zcz_token_is(token, '~') || zcz_token_is(token, '-'))
    ZCZ_TRY(sign(qasm, out));
  else
    ZCZ_TRY(primary(qasm, out));
  for (;;) {
    zcz_operation operation = ZCZ_OPERATION_COUNT;
    int level = level_of(token, &operation);
    part right, left = *out, other;
    if (level < 0 || level < least) return ZCZ_OK;
    ZCZ_TRY(zcz_qasm_enter(qasm));
    ZCZ_TRY(zcz_qasm_advance(qasm));
    ZCZ_TRY(parse(qasm, level == LEVEL_POWER ? LEVEL_UNARY : level + 1, &right));
    zcz_qasm_leave(qasm);
    ZCZ_TRY(join(qasm, operation, left, right, out));
    out->width = 0;
    bool bitwise = operation == ZCZ_OPERATION_BIT_AND || operation == ZCZ_OPERATION_BIT_OR ||
                   operation == ZCZ_OPERATION_BIT_XOR;
    if (bitwise) out->width = left.width > right.width ? left.width : right.width;
    if (operation == ZCZ_OPERATION_SHIFT_RIGHT) out->width = left.width;
    if (operation == ZCZ_OPERATION_SHIFT_LEFT && left.width > 0) { /* stays within its width */
      ZCZ_TRY(natural(qasm, mask_of(left.width), &other));
      ZCZ_TRY(join(qasm, ZCZ_OPERATION_BIT_AND, *out, other, out));
      out->width = left.width;
    }
  }
}

zcz_status zcz_qasm3_expression(zcz_qasm *qasm, uint32_t *expression) {
  part whole = {0};
  uint32_t nesting = qasm->nesting;
  ZCZ_TRY(parse(qasm, 0, &whole));
  qasm->nesting = nesting;
  *expression = whole.index;
  return ZCZ_OK;
}
