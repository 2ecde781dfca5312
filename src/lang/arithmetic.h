/* Values that stand in one piece, without blanks: parameters of QCIS and qsim text. */
#ifndef ZCZ_LANG_ARITHMETIC_H
#define ZCZ_LANG_ARITHMETIC_H

#include "lang/text.h"

typedef enum zcz_function {
  ZCZ_FUNCTION_SIN,
  ZCZ_FUNCTION_COS,
  ZCZ_FUNCTION_TAN,
  ZCZ_FUNCTION_EXP,
  ZCZ_FUNCTION_LOG,
  ZCZ_FUNCTION_SQRT,
  ZCZ_FUNCTION_ASIN,
  ZCZ_FUNCTION_ACOS,
  ZCZ_FUNCTION_ATAN,
  ZCZ_FUNCTION_CEILING,
  ZCZ_FUNCTION_FLOOR
} zcz_function;

/* NULL, or what is wrong ("the square root of a negative number"). The same bits everywhere. */
const char *zcz_function_apply(zcz_function function, double x, double *y);

/* The whole of text[offset .. offset + size): numbers, pi, e, + - * / ^ **, brackets, sin cos tan
 * exp ln log sqrt arcsin ..., 2pi for 2*pi; case does not matter. USAGE with place; nested deeper
 * than 256 levels UNABLE. The value is finite. */
zcz_status zcz_arithmetic(const zcz_source *source, size_t offset, size_t size, double *value,
                          zcz_error *error) ZCZ_MUST_CHECK;

#endif
