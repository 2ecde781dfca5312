#include "lang/arithmetic.h"

#include <math.h>
#include <string.h>

#include "base/math.h"
#include "lang/token.h"

const char *zcz_function_apply(zcz_function function, double x, double *y) {
  switch (function) {
  case ZCZ_FUNCTION_SIN: *y = zcz_sin(x); break;
  case ZCZ_FUNCTION_COS: *y = zcz_cos(x); break;
  case ZCZ_FUNCTION_TAN: *y = zcz_tan(x); break;
  case ZCZ_FUNCTION_EXP: *y = zcz_exp(x); break;
  case ZCZ_FUNCTION_LOG:
    if (!(x > 0)) return "the logarithm of a number that is not positive";
    *y = zcz_log(x);
    break;
  case ZCZ_FUNCTION_SQRT:
    if (!(x >= 0)) return "the square root of a negative number";
    *y = zcz_sqrt(x);
    break;
  case ZCZ_FUNCTION_ASIN:
    if (!(x >= -1 && x <= 1)) return "the arcsine of a number outside [-1, 1]";
    *y = zcz_asin(x);
    break;
  case ZCZ_FUNCTION_ACOS:
    if (!(x >= -1 && x <= 1)) return "the arccosine of a number outside [-1, 1]";
    *y = zcz_acos(x);
    break;
  case ZCZ_FUNCTION_ATAN: *y = zcz_atan2(x, 1); break;
  case ZCZ_FUNCTION_CEILING: *y = ceil(x); break;
  case ZCZ_FUNCTION_FLOOR: *y = floor(x); break;
  }
  return isfinite(*y) ? NULL : "a value that is not finite";
}

static const struct {
  const char *name;
  double value; /* or: */
  int function; /* -1 = a constant */
} names[] = {
    {"pi", ZCZ_PI, -1},
    {"\xcf\x80", ZCZ_PI, -1},
    {"tau", ZCZ_TAU, -1},
    {"e", 2.71828182845904523536, -1},
    {"sin", 0, ZCZ_FUNCTION_SIN},
    {"cos", 0, ZCZ_FUNCTION_COS},
    {"tan", 0, ZCZ_FUNCTION_TAN},
    {"exp", 0, ZCZ_FUNCTION_EXP},
    {"ln", 0, ZCZ_FUNCTION_LOG},
    {"log", 0, ZCZ_FUNCTION_LOG},
    {"sqrt", 0, ZCZ_FUNCTION_SQRT},
    {"asin", 0, ZCZ_FUNCTION_ASIN},
    {"arcsin", 0, ZCZ_FUNCTION_ASIN},
    {"acos", 0, ZCZ_FUNCTION_ACOS},
    {"arccos", 0, ZCZ_FUNCTION_ACOS},
    {"atan", 0, ZCZ_FUNCTION_ATAN},
    {"arctan", 0, ZCZ_FUNCTION_ATAN},
};

typedef struct reader {
  const zcz_source *source;
  zcz_error *error;
  size_t at, end, start;
  int depth;
} reader;

static char peek(const reader *r) { return r->at < r->end ? r->source->text[r->at] : 0; }
static bool digit(char c) { return c >= '0' && c <= '9'; }
static bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static zcz_status bad(reader *r, const char *what) {
  char quote[ZCZ_QUOTE_SIZE];
  return zcz_hint(r->error,
                  zcz_source_fail(r->source, r->error, r->at, ZCZ_ERROR_USAGE, "\"%s\" %s",
                                  zcz_quote(quote, r->source->text + r->start, r->end - r->start),
                                  what),
                  "write a number such as 0.25, 1e-3, pi/2 or 3*pi/4, without blanks in it");
}

static zcz_status is_finite(reader *r, double value) {
  return isfinite(value) ? ZCZ_OK : bad(r, "is no finite number");
}

static zcz_status sum(reader *r, double *value);

static zcz_status deeper(reader *r) {
  if (++r->depth <= 256) return ZCZ_OK;
  return zcz_hint(r->error,
                  zcz_source_fail(r->source, r->error, r->at, ZCZ_ERROR_UNABLE,
                                  "an expression nested deeper than 256 levels"),
                  "write its value");
}

static zcz_status brackets(reader *r, double *value) {
  if (peek(r) != '(') return bad(r, "lacks a bracket");
  r->at++;
  ZCZ_TRY(deeper(r));
  ZCZ_TRY(sum(r, value));
  r->depth--;
  if (peek(r) != ')') return bad(r, "lacks a closing bracket");
  r->at++;
  return ZCZ_OK;
}

static zcz_status name(reader *r, double *value) {
  const char *text = r->source->text + r->at;
  size_t size = 0;
  while (r->at + size < r->end && letter(text[size])) size++;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    size_t same = 0;
    while (same < size && names[i].name[same] &&
           (names[i].name[same] == text[same] ||
            (text[same] >= 'A' && text[same] <= 'Z' && names[i].name[same] == text[same] + 32)))
      same++;
    if (same != size || names[i].name[same]) continue;
    r->at += size;
    *value = names[i].value;
    if (names[i].function < 0) return ZCZ_OK;
    double x;
    ZCZ_TRY(brackets(r, &x));
    const char *wrong = zcz_function_apply((zcz_function)names[i].function, x, value);
    return wrong ? bad(r, wrong) : ZCZ_OK;
  }
  return bad(r, "is no number: a name in it is not known");
}

static zcz_status numeral(reader *r, double *value) {
  const char *text = r->source->text + r->at;
  size_t size = 0, left = r->end - r->at;
  while (size < left && (digit(text[size]) || text[size] == '.')) size++;
  if (size < left && (text[size] == 'e' || text[size] == 'E')) {
    size_t sign = size + 1 < left && (text[size + 1] == '+' || text[size + 1] == '-');
    if (size + 1 + sign < left && digit(text[size + 1 + sign])) {
      size += 1 + sign;
      while (size < left && digit(text[size])) size++;
    }
  }
  if (!zcz_numeral(text, size, value)) return bad(r, "is no number");
  ZCZ_TRY(is_finite(r, *value));
  r->at += size;
  return ZCZ_OK;
}

static zcz_status factor(reader *r, double *value);

/* A value, with what is multiplied to it by standing beside it (2pi) and its power. */
static zcz_status power(reader *r, double *value) {
  char c = peek(r);
  bool number = digit(c) || c == '.';
  if (number)
    ZCZ_TRY(numeral(r, value));
  else if (c == '(')
    ZCZ_TRY(brackets(r, value));
  else if (letter(c))
    ZCZ_TRY(name(r, value));
  else
    return bad(r, "is no number");
  if (number && (letter(peek(r)) || peek(r) == '(')) {
    double other;
    ZCZ_TRY(power(r, &other));
    *value *= other;
    return is_finite(r, *value);
  }
  bool caret = peek(r) == '^';
  bool stars = peek(r) == '*' && r->at + 1 < r->end && r->source->text[r->at + 1] == '*';
  if (!caret && !stars) return ZCZ_OK;
  double exponent;
  r->at += caret ? 1 : 2;
  ZCZ_TRY(deeper(r));
  ZCZ_TRY(factor(r, &exponent));
  r->depth--;
  *value = zcz_pow(*value, exponent);
  return is_finite(r, *value);
}

static zcz_status factor(reader *r, double *value) {
  char c = peek(r);
  if (c != '-' && c != '+') return power(r, value);
  r->at++;
  ZCZ_TRY(deeper(r));
  ZCZ_TRY(factor(r, value));
  r->depth--;
  if (c == '-') *value = -*value;
  return ZCZ_OK;
}

static zcz_status product(reader *r, double *value) {
  ZCZ_TRY(factor(r, value));
  for (;;) {
    char c = peek(r);
    double other;
    if (c != '*' && c != '/') return ZCZ_OK;
    r->at++;
    ZCZ_TRY(factor(r, &other));
    if (c == '/' && other == 0) return bad(r, "holds a division by zero");
    *value = c == '*' ? *value * other : *value / other;
    ZCZ_TRY(is_finite(r, *value));
  }
}

static zcz_status sum(reader *r, double *value) {
  ZCZ_TRY(product(r, value));
  for (;;) {
    char c = peek(r);
    double other;
    if (c != '+' && c != '-') return ZCZ_OK;
    r->at++;
    ZCZ_TRY(product(r, &other));
    *value = c == '+' ? *value + other : *value - other;
    ZCZ_TRY(is_finite(r, *value));
  }
}

zcz_status zcz_arithmetic(const zcz_source *source, size_t offset, size_t size, double *value,
                          zcz_error *error) {
  reader r = {
      .source = source, .error = error, .at = offset, .start = offset, .end = offset + size};
  *value = 0;
  ZCZ_TRY(sum(&r, value));
  return r.at == r.end ? ZCZ_OK : bad(&r, "is no number");
}
