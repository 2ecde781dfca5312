/* Classical values at run time. Integers wrap at 64 bits; comparisons mix types by value. */
#include <string.h>

#include "base/math.h"
#include "circuit/circuit.h"

enum { MAX_DEPTH = 200 };

static zcz_value boolean(bool truth) {
  return (zcz_value){.type = ZCZ_TYPE_BOOL, .as.truth = truth};
}

bool zcz_value_truth(zcz_value value) {
  switch (value.type) {
  case ZCZ_TYPE_BOOL: return value.as.truth;
  case ZCZ_TYPE_INT: return value.as.integer != 0;
  case ZCZ_TYPE_UINT: return value.as.natural != 0;
  case ZCZ_TYPE_FLOAT: return value.as.real != 0;
  }
  return false;
}

static double as_real(zcz_value value) {
  switch (value.type) {
  case ZCZ_TYPE_BOOL: return value.as.truth;
  case ZCZ_TYPE_INT: return (double)value.as.integer;
  case ZCZ_TYPE_UINT: return (double)value.as.natural;
  case ZCZ_TYPE_FLOAT: return value.as.real;
  }
  return 0;
}

/* Two's complement bits of an integer value; a float is cut, and kept in range. */
static uint64_t as_bits(zcz_value value) {
  switch (value.type) {
  case ZCZ_TYPE_BOOL: return value.as.truth;
  case ZCZ_TYPE_INT: return (uint64_t)value.as.integer;
  case ZCZ_TYPE_UINT: return value.as.natural;
  case ZCZ_TYPE_FLOAT:
    if (value.as.real >= 0) return value.as.real < 0x1p64 ? (uint64_t)value.as.real : UINT64_MAX;
    return value.as.real > -0x1p63 ? (uint64_t)(int64_t)value.as.real : (uint64_t)INT64_MIN;
  }
  return 0;
}

static bool is_negative(zcz_value value) {
  return value.type == ZCZ_TYPE_INT && value.as.integer < 0;
}

/* -1, 0, 1; exact for integers of either sign. */
static int compare(zcz_value a, zcz_value b) {
  if (a.type == ZCZ_TYPE_FLOAT || b.type == ZCZ_TYPE_FLOAT) {
    double x = as_real(a), y = as_real(b);
    return (x > y) - (x < y);
  }
  if (is_negative(a) != is_negative(b)) return is_negative(a) ? -1 : 1;
  uint64_t x = as_bits(a), y = as_bits(b);
  return (x > y) - (x < y);
}

static zcz_value integer(uint64_t bits, bool is_signed) {
  zcz_value value = {.type = is_signed ? ZCZ_TYPE_INT : ZCZ_TYPE_UINT};
  value.as.natural = bits;
  return value;
}

static zcz_status divide(zcz_operation operation, zcz_value a, zcz_value b, zcz_value *value,
                         zcz_error *error) {
  const bool is_signed = a.type == ZCZ_TYPE_INT || b.type == ZCZ_TYPE_INT;
  const uint64_t x = as_bits(a), y = as_bits(b);
  if (y == 0) return zcz_fail(error, ZCZ_ERROR_USAGE, "division by zero while the program runs");
  if (!is_signed) {
    *value = integer(operation == ZCZ_OPERATION_DIVIDE ? x / y : x % y, false);
  } else if ((int64_t)y == -1) { /* the one quotient that overflows wraps */
    *value = integer(operation == ZCZ_OPERATION_DIVIDE ? 0 - x : 0, true);
  } else {
    int64_t p = (int64_t)x, q = (int64_t)y;
    *value = integer((uint64_t)(operation == ZCZ_OPERATION_DIVIDE ? p / q : p % q), true);
  }
  return ZCZ_OK;
}

static zcz_status arithmetic(zcz_operation operation, zcz_value a, zcz_value b, zcz_value *value,
                             zcz_error *error) {
  const bool is_signed = a.type == ZCZ_TYPE_INT || b.type == ZCZ_TYPE_INT;
  if (a.type == ZCZ_TYPE_FLOAT || b.type == ZCZ_TYPE_FLOAT) {
    double x = as_real(a), y = as_real(b), z = 0;
    switch (operation) {
    case ZCZ_OPERATION_ADD: z = x + y; break;
    case ZCZ_OPERATION_SUBTRACT: z = x - y; break;
    case ZCZ_OPERATION_MULTIPLY: z = x * y; break;
    case ZCZ_OPERATION_DIVIDE: z = x / y; break;
    case ZCZ_OPERATION_POWER: z = zcz_pow(x, y); break;
    default:
      return zcz_fail(error, ZCZ_ERROR_USAGE, "an operation on floats that only integers have");
    }
    *value = (zcz_value){.type = ZCZ_TYPE_FLOAT, .as.real = z};
    return ZCZ_OK;
  }
  uint64_t x = as_bits(a), y = as_bits(b);
  switch (operation) {
  case ZCZ_OPERATION_ADD: *value = integer(x + y, is_signed); break;
  case ZCZ_OPERATION_SUBTRACT: *value = integer(x - y, is_signed); break;
  case ZCZ_OPERATION_MULTIPLY: *value = integer(x * y, is_signed); break;
  case ZCZ_OPERATION_BIT_AND: *value = integer(x & y, is_signed); break;
  case ZCZ_OPERATION_BIT_OR: *value = integer(x | y, is_signed); break;
  case ZCZ_OPERATION_BIT_XOR: *value = integer(x ^ y, is_signed); break;
  case ZCZ_OPERATION_SHIFT_LEFT: *value = integer(y < 64 ? x << y : 0, is_signed); break;
  case ZCZ_OPERATION_SHIFT_RIGHT: *value = integer(y < 64 ? x >> y : 0, is_signed); break;
  case ZCZ_OPERATION_POWER: {
    uint64_t power = 1;
    for (; y > 0; y >>= 1, x *= x)
      if (y & 1) power *= x;
    *value = integer(power, is_signed);
    break;
  }
  default: return divide(operation, a, b, value, error);
  }
  return ZCZ_OK;
}

static zcz_status binary(zcz_operation operation, zcz_value a, zcz_value b, zcz_value *value,
                         zcz_error *error) {
  switch (operation) {
  case ZCZ_OPERATION_AND: *value = boolean(zcz_value_truth(a) && zcz_value_truth(b)); break;
  case ZCZ_OPERATION_OR: *value = boolean(zcz_value_truth(a) || zcz_value_truth(b)); break;
  case ZCZ_OPERATION_EQUAL: *value = boolean(compare(a, b) == 0); break;
  case ZCZ_OPERATION_UNEQUAL: *value = boolean(compare(a, b) != 0); break;
  case ZCZ_OPERATION_LESS: *value = boolean(compare(a, b) < 0); break;
  case ZCZ_OPERATION_LESS_EQUAL: *value = boolean(compare(a, b) <= 0); break;
  case ZCZ_OPERATION_GREATER: *value = boolean(compare(a, b) > 0); break;
  case ZCZ_OPERATION_GREATER_EQUAL: *value = boolean(compare(a, b) >= 0); break;
  default: return arithmetic(operation, a, b, value, error);
  }
  return ZCZ_OK;
}

static zcz_status unary(zcz_operation operation, zcz_value a, zcz_value *value, zcz_error *error) {
  switch (operation) {
  case ZCZ_OPERATION_NOT: *value = boolean(!zcz_value_truth(a)); return ZCZ_OK;
  case ZCZ_OPERATION_BIT_NOT:
    *value = a.type == ZCZ_TYPE_BOOL ? boolean(!a.as.truth)
                                     : integer(~as_bits(a), a.type == ZCZ_TYPE_INT);
    return ZCZ_OK;
  case ZCZ_OPERATION_NEGATE:
    *value = a.type == ZCZ_TYPE_FLOAT ? (zcz_value){.type = ZCZ_TYPE_FLOAT, .as.real = -a.as.real}
                                      : integer(0 - as_bits(a), true);
    return ZCZ_OK;
  default: return zcz_fail(error, ZCZ_ERROR_BUG, "operation %d on one value", (int)operation);
  }
}

static zcz_status evaluate(const zcz_circuit *circuit, uint32_t index, const uint8_t *bits,
                           const zcz_value *variables, int depth, zcz_value *value,
                           zcz_error *error);

/* A register against anything, past 64 bits: equal only where the higher bits are all zero. */
static bool wide_register_is_big(const zcz_circuit *circuit, uint32_t index, const uint8_t *bits) {
  const zcz_expression *e = &circuit->expressions[index];
  if (e->kind != ZCZ_EXPRESSION_BITS) return false;
  for (uint32_t i = 64; i < e->size; i++)
    if (bits[e->index + i]) return true;
  return false;
}

static zcz_status evaluate_binary(const zcz_circuit *circuit, const zcz_expression *e,
                                  const uint8_t *bits, const zcz_value *variables, int depth,
                                  zcz_value *value, zcz_error *error) {
  zcz_value left, right;
  ZCZ_TRY(evaluate(circuit, e->left, bits, variables, depth, &left, error));
  /* As in C, what the left side has decided is not asked of the right. */
  if (e->operation == ZCZ_OPERATION_AND && !zcz_value_truth(left)) {
    *value = boolean(false);
    return ZCZ_OK;
  }
  if (e->operation == ZCZ_OPERATION_OR && zcz_value_truth(left)) {
    *value = boolean(true);
    return ZCZ_OK;
  }
  ZCZ_TRY(evaluate(circuit, e->right, bits, variables, depth, &right, error));
  if ((e->operation == ZCZ_OPERATION_EQUAL || e->operation == ZCZ_OPERATION_UNEQUAL) &&
      wide_register_is_big(circuit, e->left, bits) !=
          wide_register_is_big(circuit, e->right, bits)) {
    *value = boolean(e->operation == ZCZ_OPERATION_UNEQUAL);
    return ZCZ_OK;
  }
  return binary(e->operation, left, right, value, error);
}

static zcz_status evaluate(const zcz_circuit *circuit, uint32_t index, const uint8_t *bits,
                           const zcz_value *variables, int depth, zcz_value *value,
                           zcz_error *error) {
  if (depth > MAX_DEPTH)
    return zcz_fail(error, ZCZ_ERROR_UNABLE, "an expression nested deeper than %d", MAX_DEPTH);
  const zcz_expression *e = &circuit->expressions[index];
  switch (e->kind) {
  case ZCZ_EXPRESSION_CONSTANT: *value = e->constant; return ZCZ_OK;
  case ZCZ_EXPRESSION_BIT: *value = boolean(bits[e->index] != 0); return ZCZ_OK;
  case ZCZ_EXPRESSION_BITS: {
    uint64_t word = 0;
    for (uint32_t i = 0; i < e->size && i < 64; i++)
      word |= (uint64_t)(bits[e->index + i] & 1) << i;
    /* Truth must see the bits past 64 too: any set bit makes the value true. */
    if (word == 0 && wide_register_is_big(circuit, index, bits)) word = (uint64_t)1 << 63;
    *value = integer(word, false);
    return ZCZ_OK;
  }
  case ZCZ_EXPRESSION_VARIABLE: *value = variables[e->index]; return ZCZ_OK;
  case ZCZ_EXPRESSION_UNARY: {
    zcz_value operand;
    ZCZ_TRY(evaluate(circuit, e->left, bits, variables, depth + 1, &operand, error));
    return unary(e->operation, operand, value, error);
  }
  case ZCZ_EXPRESSION_BINARY:
    return evaluate_binary(circuit, e, bits, variables, depth + 1, value, error);
  }
  return zcz_fail(error, ZCZ_ERROR_BUG, "expression kind %d", (int)e->kind);
}

zcz_status zcz_expression_evaluate(const zcz_circuit *circuit, uint32_t expression,
                                   const uint8_t *bits, const zcz_value *variables,
                                   zcz_value *value, zcz_error *error) {
  return evaluate(circuit, expression, bits, variables, 0, value, error);
}

static zcz_value convert(zcz_value value, zcz_type type, uint32_t width) {
  if (type == ZCZ_TYPE_BOOL) return boolean(zcz_value_truth(value));
  if (type == ZCZ_TYPE_FLOAT) return (zcz_value){.type = type, .as.real = as_real(value)};
  uint64_t bits = as_bits(value);
  if (width > 0 && width < 64) {
    uint64_t sign = (uint64_t)1 << (width - 1);
    bits &= (sign << 1) - 1;
    if (type == ZCZ_TYPE_INT) bits = (bits ^ sign) - sign;
  }
  return integer(bits, type == ZCZ_TYPE_INT);
}

zcz_status zcz_op_assign(const zcz_circuit *circuit, const zcz_op *op, uint8_t *bits,
                         zcz_value *variables, zcz_error *error) {
  zcz_value value;
  ZCZ_TRY(evaluate(circuit, op->expression, bits, variables, 0, &value, error));
  if (op->bit != ZCZ_NONE) {
    bits[op->bit] = zcz_value_truth(value);
  } else {
    const zcz_variable *variable = &circuit->variables[op->variable];
    variables[op->variable] = convert(value, variable->type, variable->width);
  }
  return ZCZ_OK;
}
