/* Constant expressions of OpenQASM: parsed to reverse Polish order, what is constant folded at once.
 * OpenQASM 2 knows reals alone and writes powers with ^; OpenQASM 3 has integers, powers with **, and
 * ^ as exclusive or. There 1/2 would be 0 by the letter, and pow(1/2) @ x nothing, which nobody means:
 * a quotient of integers that is none becomes a real number (and is cut again where a const int is
 * declared), with a warning. */
#include <math.h>
#include <string.h>

#include "base/math.h"
#include "lang/arithmetic.h"
#include "lang/qasm.h"

enum {
  CODE_VALUE,
  CODE_PARAMETER,
  CODE_NEGATE,
  CODE_BIT_NOT,
  CODE_ADD,
  CODE_SUBTRACT,
  CODE_MULTIPLY,
  CODE_DIVIDE,
  CODE_REMAINDER,
  CODE_POWER,
  CODE_SHIFT_LEFT,
  CODE_SHIFT_RIGHT,
  CODE_AND,
  CODE_XOR,
  CODE_OR,
  CODE_MOD,
  CODE_FUNCTION /* and the numbers after it: zcz_function */
};

static const struct {
  const char *name;
  uint8_t code;
  uint8_t versions; /* 2, 3, or 5 = both */
} functions[] = {
    {"sin", CODE_FUNCTION + ZCZ_FUNCTION_SIN, 5},
    {"cos", CODE_FUNCTION + ZCZ_FUNCTION_COS, 5},
    {"tan", CODE_FUNCTION + ZCZ_FUNCTION_TAN, 5},
    {"exp", CODE_FUNCTION + ZCZ_FUNCTION_EXP, 5},
    {"ln", CODE_FUNCTION + ZCZ_FUNCTION_LOG, 2},
    {"log", CODE_FUNCTION + ZCZ_FUNCTION_LOG, 3},
    {"sqrt", CODE_FUNCTION + ZCZ_FUNCTION_SQRT, 5},
    {"arcsin", CODE_FUNCTION + ZCZ_FUNCTION_ASIN, 5},
    {"arccos", CODE_FUNCTION + ZCZ_FUNCTION_ACOS, 5},
    {"arctan", CODE_FUNCTION + ZCZ_FUNCTION_ATAN, 5},
    {"asin", CODE_FUNCTION + ZCZ_FUNCTION_ASIN, 2},
    {"acos", CODE_FUNCTION + ZCZ_FUNCTION_ACOS, 2},
    {"atan", CODE_FUNCTION + ZCZ_FUNCTION_ATAN, 2},
    {"ceiling", CODE_FUNCTION + ZCZ_FUNCTION_CEILING, 3},
    {"floor", CODE_FUNCTION + ZCZ_FUNCTION_FLOOR, 3},
    {"mod", CODE_MOD, 3},
    {"pow", CODE_POWER, 3},
};

static const struct {
  const char *name;
  double value;
} constants[] = {{"pi", ZCZ_PI},
                 {"\xcf\x80", ZCZ_PI},
                 {"tau", ZCZ_TAU},
                 {"\xcf\x84", ZCZ_TAU},
                 {"euler", 2.71828182845904523536},
                 {"\xe2\x84\x87", 2.71828182845904523536}};

static zcz_number real(double value) { return (zcz_number){ZCZ_NUMBER_REAL, 0, value}; }
static zcz_number integer(int64_t value) {
  return (zcz_number){ZCZ_NUMBER_INTEGER, value, (double)value};
}

static const char *unary(uint8_t operation, zcz_number a, zcz_number *out) {
  double x = a.real;
  if (operation == CODE_NEGATE) {
    *out = a;
    out->real = -x;
    if (a.kind != ZCZ_NUMBER_INTEGER) return NULL;
    if (a.whole == INT64_MIN) return "an integer past 64 bits";
    out->whole = -a.whole;
    out->real = (double)out->whole;
    return NULL;
  }
  if (a.kind == ZCZ_NUMBER_TIME) return "a duration where a number belongs";
  if (operation == CODE_BIT_NOT) {
    if (a.kind != ZCZ_NUMBER_INTEGER) return "~ of a number that is no integer";
    *out = integer(~a.whole);
    return NULL;
  }
  double y = 0;
  const char *wrong = zcz_function_apply((zcz_function)(operation - CODE_FUNCTION), x, &y);
  *out = real(y);
  return wrong;
}

static const char *whole_binary(uint8_t operation, int64_t a, int64_t b, zcz_number *out) {
  static const char too_big[] = "an integer past 64 bits";
  int64_t value = 0;
  switch (operation) {
  case CODE_ADD:
    if (__builtin_add_overflow(a, b, &value)) return too_big;
    break;
  case CODE_SUBTRACT:
    if (__builtin_sub_overflow(a, b, &value)) return too_big;
    break;
  case CODE_MULTIPLY:
    if (__builtin_mul_overflow(a, b, &value)) return too_big;
    break;
  case CODE_DIVIDE:
  case CODE_REMAINDER:
  case CODE_MOD:
    if (b == 0) return "a division by zero";
    if (a == INT64_MIN && b == -1) return too_big;
    if (operation == CODE_DIVIDE && a % b != 0) {
      *out = real((double)a / (double)b);
      return NULL;
    }
    value = operation == CODE_DIVIDE ? a / b : a % b;
    break;
  case CODE_POWER:
    if (b < 0) {
      *out = real(zcz_pow((double)a, (double)b));
      return isfinite(out->real) ? NULL : "a value that is not finite";
    }
    value = 1;
    for (int64_t base = a; b > 0; b >>= 1) {
      if ((b & 1) && __builtin_mul_overflow(value, base, &value)) return too_big;
      if (b > 1 && __builtin_mul_overflow(base, base, &base)) return too_big;
    }
    break;
  case CODE_SHIFT_LEFT:
  case CODE_SHIFT_RIGHT:
    if (b < 0 || b > 63) return "a shift by less than 0 or more than 63 places";
    value = operation == CODE_SHIFT_LEFT ? (int64_t)((uint64_t)a << b) : a >> b;
    break;
  case CODE_AND: value = a & b; break;
  case CODE_XOR: value = a ^ b; break;
  case CODE_OR: value = a | b; break;
  default: return "an operation that is not known";
  }
  *out = integer(value);
  return NULL;
}

static const char *time_binary(uint8_t operation, zcz_number a, zcz_number b, zcz_number *out) {
  bool both = a.kind == ZCZ_NUMBER_TIME && b.kind == ZCZ_NUMBER_TIME;
  double value = 0;
  zcz_number_kind kind = ZCZ_NUMBER_TIME;
  if (operation == CODE_ADD && both)
    value = a.real + b.real;
  else if (operation == CODE_SUBTRACT && both)
    value = a.real - b.real;
  else if (operation == CODE_MULTIPLY && !both)
    value = a.real * b.real;
  else if (operation == CODE_DIVIDE && a.kind == ZCZ_NUMBER_TIME) {
    if (b.real == 0) return "a division by zero";
    value = a.real / b.real;
    if (both) kind = ZCZ_NUMBER_REAL;
  } else {
    return "an operation that durations do not have";
  }
  *out = (zcz_number){kind, 0, value};
  return isfinite(value) ? NULL : "a value that is not finite";
}

static const char *binary(uint8_t operation, zcz_number a, zcz_number b, zcz_number *out) {
  if (a.kind == ZCZ_NUMBER_TIME || b.kind == ZCZ_NUMBER_TIME)
    return time_binary(operation, a, b, out);
  if (a.kind == ZCZ_NUMBER_INTEGER && b.kind == ZCZ_NUMBER_INTEGER)
    return whole_binary(operation, a.whole, b.whole, out);
  double value = 0;
  switch (operation) {
  case CODE_ADD: value = a.real + b.real; break;
  case CODE_SUBTRACT: value = a.real - b.real; break;
  case CODE_MULTIPLY: value = a.real * b.real; break;
  case CODE_DIVIDE:
    if (b.real == 0) return "a division by zero";
    value = a.real / b.real;
    break;
  case CODE_REMAINDER:
  case CODE_MOD:
    if (b.real == 0) return "a division by zero";
    value = fmod(a.real, b.real); /* exact by IEEE 754, the same everywhere */
    break;
  case CODE_POWER: value = zcz_pow(a.real, b.real); break;
  default: return "a bit operation on a number that is no integer";
  }
  *out = real(value);
  return isfinite(value) ? NULL : "a value that is not finite";
}

/* ---- code ---- */

static zcz_status bad_value(zcz_qasm *qasm, const char *why) {
  return zcz_hint(qasm->error,
                  zcz_source_fail(qasm->lexer.source, qasm->error, qasm->token.offset,
                                  ZCZ_ERROR_USAGE, "this expression holds %s", why),
                  "angles and other values must be finite numbers");
}

static zcz_status emit(zcz_qasm *qasm, zcz_code code) {
  zcz_code *last = qasm->code.count ? &ZCZ_AT(qasm->code, zcz_code, qasm->code.count - 1) : NULL;
  const char *wrong = NULL;
  bool two = code.operation >= CODE_ADD && code.operation <= CODE_MOD;
  if (code.operation > CODE_PARAMETER && !two && last && last->operation == CODE_VALUE) {
    wrong = unary(code.operation, last->value, &last->value);
    return wrong ? bad_value(qasm, wrong) : ZCZ_OK;
  }
  if (two && last->operation == CODE_VALUE && last[-1].operation == CODE_VALUE) {
    bool whole =
        last[-1].value.kind == ZCZ_NUMBER_INTEGER && last->value.kind == ZCZ_NUMBER_INTEGER;
    wrong = binary(code.operation, last[-1].value, last->value, &last[-1].value);
    if (whole && code.operation == CODE_DIVIDE && last[-1].value.kind == ZCZ_NUMBER_REAL)
      zcz_context_warn(qasm->context,
                       "a quotient of integers such as 1/2 is taken as a real number");
    qasm->code.count--;
    return wrong ? bad_value(qasm, wrong) : ZCZ_OK;
  }
  ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->code, 1, sizeof(zcz_code)));
  ZCZ_AT(qasm->code, zcz_code, qasm->code.count++) = code;
  return ZCZ_OK;
}

static zcz_status emit_value(zcz_qasm *qasm, zcz_number value) {
  return emit(qasm, (zcz_code){.operation = CODE_VALUE, .value = value});
}

static zcz_status parse(zcz_qasm *qasm, int least);

static zcz_status function_call(zcz_qasm *qasm, uint8_t code) {
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(zcz_qasm_want(qasm, '(', "\"(\" after the function's name"));
  ZCZ_TRY(zcz_qasm_enter(qasm));
  ZCZ_TRY(parse(qasm, 0));
  if (code == CODE_POWER || code == CODE_MOD) {
    ZCZ_TRY(zcz_qasm_want(qasm, ',', "\",\" and a second argument"));
    ZCZ_TRY(parse(qasm, 0));
  }
  zcz_qasm_leave(qasm);
  ZCZ_TRY(emit(qasm, (zcz_code){.operation = code}));
  return zcz_qasm_want(qasm, ')', "\")\"");
}

static zcz_status word(zcz_qasm *qasm) {
  zcz_token name = qasm->token;
  zcz_symbol *symbol = zcz_qasm_find(qasm, &name);
  if (symbol && symbol->kind == ZCZ_SYMBOL_PARAMETER) {
    ZCZ_TRY(zcz_qasm_advance(qasm));
    return emit(qasm, (zcz_code){.operation = CODE_PARAMETER, .parameter = symbol->index});
  }
  if (symbol && symbol->kind == ZCZ_SYMBOL_CONSTANT) {
    ZCZ_TRY(zcz_qasm_advance(qasm));
    return emit_value(qasm, symbol->value);
  }
  for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++) {
    if (!zcz_token_is_word(&name, constants[i].name)) continue;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    return emit_value(qasm, real(constants[i].value));
  }
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    if (zcz_token_is_word(&name, functions[i].name) &&
        (functions[i].versions == 5 || functions[i].versions == qasm->version))
      return function_call(qasm, functions[i].code);
  }
  if (qasm->version == 3 &&
      (zcz_token_is_word(&name, "true") || zcz_token_is_word(&name, "false"))) {
    ZCZ_TRY(zcz_qasm_advance(qasm));
    return emit_value(qasm, integer(name.start[0] == 't'));
  }
  char quote[ZCZ_QUOTE_SIZE];
  if (symbol)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &name, ZCZ_ERROR_USAGE,
                                  "\"%s\" is no constant, and a constant belongs here",
                                  zcz_token_quote(quote, &name)),
                    "use numbers, pi, constants and, in a gate's body, its parameters");
  return zcz_qasm_unknown(qasm, &name, "constant or function", ZCZ_SYMBOL_CONSTANT);
}

static zcz_status primary(zcz_qasm *qasm) {
  zcz_token token = qasm->token;
  switch (token.kind) {
  case ZCZ_TOKEN_INTEGER:
    ZCZ_TRY(zcz_qasm_advance(qasm));
    if (qasm->version == 2 || token.too_big || token.whole > INT64_MAX) {
      if (!isfinite(token.real)) return bad_value(qasm, "a value that is not finite");
      return emit_value(qasm, real(token.real));
    }
    return emit_value(qasm, integer((int64_t)token.whole));
  case ZCZ_TOKEN_REAL:
  case ZCZ_TOKEN_TIME:
    if (!isfinite(token.real)) return bad_value(qasm, "a value that is not finite");
    ZCZ_TRY(zcz_qasm_advance(qasm));
    return emit_value(qasm,
                      (zcz_number){token.kind == ZCZ_TOKEN_TIME ? ZCZ_NUMBER_TIME : ZCZ_NUMBER_REAL,
                                   0, token.real});
  case ZCZ_TOKEN_NAME: return word(qasm);
  case ZCZ_TOKEN_SYMBOL:
    if (token.symbol == '(') {
      ZCZ_TRY(zcz_qasm_enter(qasm));
      ZCZ_TRY(zcz_qasm_advance(qasm));
      ZCZ_TRY(parse(qasm, 0));
      zcz_qasm_leave(qasm);
      return zcz_qasm_want(qasm, ')', "\")\"");
    }
    return zcz_qasm_expected(qasm, "a number or an expression");
  case ZCZ_TOKEN_END:
  case ZCZ_TOKEN_STRING:
  case ZCZ_TOKEN_HARDWARE:
  case ZCZ_TOKEN_PRAGMA: return zcz_qasm_expected(qasm, "a number or an expression");
  }
  return zcz_qasm_expected(qasm, "a number or an expression");
}

enum { LEVEL_UNARY = 7, LEVEL_POWER = 8 };

static int level_of(const zcz_qasm *qasm, uint8_t *code) {
  if (qasm->token.kind != ZCZ_TOKEN_SYMBOL) return -1;
  bool third = qasm->version == 3;
  switch (qasm->token.symbol) {
  case '|': *code = CODE_OR; return third ? 1 : -1;
  case '^': *code = third ? CODE_XOR : CODE_POWER; return third ? 2 : LEVEL_POWER;
  case '&': *code = CODE_AND; return third ? 3 : -1;
  case ZCZ_SYMBOL2('<', '<'): *code = CODE_SHIFT_LEFT; return third ? 4 : -1;
  case ZCZ_SYMBOL2('>', '>'): *code = CODE_SHIFT_RIGHT; return third ? 4 : -1;
  case '+': *code = CODE_ADD; return 5;
  case '-': *code = CODE_SUBTRACT; return 5;
  case '*': *code = CODE_MULTIPLY; return 6;
  case '/': *code = CODE_DIVIDE; return 6;
  case '%': *code = CODE_REMAINDER; return third ? 6 : -1;
  case ZCZ_SYMBOL2('*', '*'): *code = CODE_POWER; return LEVEL_POWER;
  default: return -1;
  }
}

/* Operators that bind at least as tightly as `least`; powers group to the right and bind tighter
 * than a sign before them. */
static zcz_status parse(zcz_qasm *qasm, int least) {
  if (zcz_token_is(&qasm->token, '-') || zcz_token_is(&qasm->token, '+') ||
      (qasm->version == 3 && zcz_token_is(&qasm->token, '~'))) {
    uint32_t sign = qasm->token.symbol;
    if (sign == '+' && qasm->version == 3)
      return zcz_qasm_expected(qasm, "a number or an expression");
    ZCZ_TRY(zcz_qasm_enter(qasm));
    ZCZ_TRY(zcz_qasm_advance(qasm));
    ZCZ_TRY(parse(qasm, LEVEL_UNARY));
    zcz_qasm_leave(qasm);
    if (sign != '+')
      ZCZ_TRY(emit(qasm, (zcz_code){.operation = sign == '-' ? CODE_NEGATE : CODE_BIT_NOT}));
  } else {
    ZCZ_TRY(primary(qasm));
  }
  for (;;) {
    uint8_t code = 0;
    int level = level_of(qasm, &code);
    if (level < least || level < 0) return ZCZ_OK;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    ZCZ_TRY(zcz_qasm_enter(qasm));
    ZCZ_TRY(parse(qasm, level == LEVEL_POWER ? LEVEL_UNARY : level + 1));
    zcz_qasm_leave(qasm);
    ZCZ_TRY(emit(qasm, (zcz_code){.operation = code}));
  }
}

zcz_status zcz_qasm_formula(zcz_qasm *qasm, zcz_formula *formula) {
  /* the fold looks at the steps before: a formula begins behind a barrier of its own */
  size_t first = qasm->code.count;
  uint32_t nesting = qasm->nesting;
  ZCZ_TRY(parse(qasm, 0));
  qasm->nesting = nesting;
  if (qasm->code.count > UINT32_MAX)
    return zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_UNABLE, "expressions too long to be read");
  *formula = (zcz_formula){(uint32_t)first, (uint32_t)(qasm->code.count - first)};
  return ZCZ_OK;
}

zcz_status zcz_qasm_evaluate(zcz_qasm *qasm, zcz_formula formula, size_t base, zcz_number *value) {
  const zcz_code *code = &ZCZ_AT(qasm->code, zcz_code, formula.first);
  if (formula.count == 1 && code->operation == CODE_VALUE) {
    *value = code->value;
    return ZCZ_OK;
  }
  qasm->machine.count = 0;
  ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->machine, formula.count, sizeof(zcz_number)));
  zcz_number *stack = qasm->machine.items;
  size_t top = 0;
  for (uint32_t i = 0; i < formula.count; i++) {
    const char *wrong = NULL;
    uint8_t operation = code[i].operation;
    if (operation == CODE_VALUE) {
      stack[top++] = code[i].value;
    } else if (operation == CODE_PARAMETER) {
      stack[top++] = real(ZCZ_AT(qasm->values, double, base + code[i].parameter));
    } else if (operation >= CODE_ADD && operation <= CODE_MOD) {
      top--;
      wrong = binary(operation, stack[top - 1], stack[top], &stack[top - 1]);
    } else {
      wrong = unary(operation, stack[top - 1], &stack[top - 1]);
    }
    if (wrong)
      return zcz_hint(qasm->error,
                      zcz_source_fail(qasm->lexer.source, qasm->error, qasm->offset,
                                      ZCZ_ERROR_USAGE,
                                      "a gate's body, with these parameters, holds %s", wrong),
                      "angles must be finite numbers");
  }
  *value = stack[0];
  return ZCZ_OK;
}

bool zcz_qasm_formula_value(const zcz_qasm *qasm, zcz_formula formula, double *value) {
  const zcz_code *code = &ZCZ_AT(qasm->code, zcz_code, formula.first);
  if (formula.count != 1 || code->operation != CODE_VALUE) return false;
  *value = code->value.real;
  return true;
}

zcz_status zcz_qasm_constant(zcz_qasm *qasm, zcz_number *value) {
  zcz_formula formula = {0, 0};
  size_t count = qasm->code.count;
  zcz_token start = qasm->token;
  ZCZ_TRY(zcz_qasm_formula(qasm, &formula));
  qasm->code.count = count;
  if (formula.count != 1 || ZCZ_AT(qasm->code, zcz_code, formula.first).operation != CODE_VALUE)
    return zcz_hint(
        qasm->error,
        zcz_qasm_fail(qasm, &start, ZCZ_ERROR_USAGE, "a gate's parameter where a constant belongs"),
        "sizes and indices cannot depend on a gate's parameters");
  *value = ZCZ_AT(qasm->code, zcz_code, formula.first).value;
  return ZCZ_OK;
}

zcz_status zcz_qasm_integer(zcz_qasm *qasm, const char *what, int64_t *value) {
  zcz_token start = qasm->token;
  zcz_number number = {ZCZ_NUMBER_REAL, 0, 0};
  ZCZ_TRY(zcz_qasm_constant(qasm, &number));
  bool whole = number.kind == ZCZ_NUMBER_REAL && number.real == floor(number.real) &&
               fabs(number.real) < 0x1p62 && qasm->version == 2;
  if (number.kind != ZCZ_NUMBER_INTEGER && !whole) {
    char quote[ZCZ_QUOTE_SIZE];
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &start, ZCZ_ERROR_USAGE,
                                  "%s must be a whole number, and \"%s\" is none", what,
                                  zcz_token_quote(quote, &start)),
                    "give an integer");
  }
  *value = number.kind == ZCZ_NUMBER_INTEGER ? number.whole : (int64_t)number.real;
  return ZCZ_OK;
}
