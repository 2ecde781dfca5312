/* Argument reduction and power series with exact rational coefficients: the series are cut where the
 * next term is below 2^-60 of the result on the reduced range. */
#include "base/math.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static double from_bits(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static uint64_t to_bits(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

double zcz_sqrt(double x) { return __builtin_sqrt(x); }

/* pi/2 in three parts, each the rounded rest. */
static const double HALF_PI_1 = 0x1.921fb54442d18p+0;
static const double HALF_PI_2 = 0x1.1a62633145c07p-54;
static const double HALF_PI_3 = -0x1.f1976b7ed8fbcp-110;

/* On |r| <= pi/4. */
static double sine_series(double r) {
  double z = r * r;
  double p = 1.0 / 355687428096000.0;
  p = p * z - 1.0 / 1307674368000.0;
  p = p * z + 1.0 / 6227020800.0;
  p = p * z - 1.0 / 39916800.0;
  p = p * z + 1.0 / 362880.0;
  p = p * z - 1.0 / 5040.0;
  p = p * z + 1.0 / 120.0;
  p = p * z - 1.0 / 6.0;
  return r + r * (z * p);
}

static double cosine_series(double r) {
  double z = r * r;
  double p = 1.0 / 20922789888000.0;
  p = p * z - 1.0 / 87178291200.0;
  p = p * z + 1.0 / 479001600.0;
  p = p * z - 1.0 / 3628800.0;
  p = p * z + 1.0 / 40320.0;
  p = p * z - 1.0 / 720.0;
  p = p * z + 1.0 / 24.0;
  double half = 0.5 * z, w = 1.0 - half;
  return w + (((1.0 - w) - half) + z * (z * p));
}

void zcz_sincos(double x, double *sine, double *cosine) {
  if (!(x > -0x1p30 && x < 0x1p30)) {
    *sine = *cosine = NAN;
    return;
  }
  double quarter = x * 0x1.45f306dc9c883p-1; /* 2/pi */
  double n = (double)(int64_t)(quarter + (quarter < 0 ? -0.5 : 0.5));
  double r = fma(-n, HALF_PI_1, x);
  r = fma(-n, HALF_PI_2, r);
  r = fma(-n, HALF_PI_3, r);
  double s = sine_series(r), c = cosine_series(r);
  switch ((int64_t)n & 3) {
  case 0:
    *sine = s;
    *cosine = c;
    break;
  case 1:
    *sine = c;
    *cosine = -s;
    break;
  case 2:
    *sine = -s;
    *cosine = -c;
    break;
  default:
    *sine = -c;
    *cosine = s;
    break;
  }
}

double zcz_sin(double x) {
  double s, c;
  zcz_sincos(x, &s, &c);
  return s;
}

double zcz_cos(double x) {
  double s, c;
  zcz_sincos(x, &s, &c);
  return c;
}

double zcz_tan(double x) {
  double s, c;
  zcz_sincos(x, &s, &c);
  return s / c;
}

static const double LN2_HIGH = 0x1.62e42fee00000p-1; /* 21 low bits clear: k * it is exact */
static const double LN2_LOW = 0x1.a39ef35793c76p-33;

/* exp(r) - 1 on |r| <= 0.35. */
static double exponential_series(double r) {
  double p = 1.0 / 1307674368000.0;
  p = p * r + 1.0 / 87178291200.0;
  p = p * r + 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  return r + r * (r * p);
}

double zcz_exp(double x) {
  if (x != x) return x;
  if (x > 709.79) return INFINITY;
  if (x < -745.2) return 0;
  double k = x * 0x1.71547652b82fep+0; /* 1/ln 2 */
  k = (double)(int64_t)(k + (k < 0 ? -0.5 : 0.5));
  double r = (x - k * LN2_HIGH) - k * LN2_LOW;
  double value = 1.0 + exponential_series(r);
  /* Two steps, so that neither power of two leaves the range of normal numbers. */
  int64_t exponent = (int64_t)k, first = exponent / 2, second = exponent - first;
  return value * from_bits((uint64_t)(first + 1023) << 52) *
         from_bits((uint64_t)(second + 1023) << 52);
}

double zcz_expm1(double x) {
  if (x > -0.35 && x < 0.35) return exponential_series(x);
  return zcz_exp(x) - 1.0;
}

/* log(1 + f) on sqrt(1/2) - 1 <= f <= sqrt 2 - 1, by 2 artanh(f / (2 + f)). */
static double logarithm_series(double f) {
  double s = f / (2.0 + f), z = s * s;
  double p = 2.0 / 23.0;
  p = p * z + 2.0 / 21.0;
  p = p * z + 2.0 / 19.0;
  p = p * z + 2.0 / 17.0;
  p = p * z + 2.0 / 15.0;
  p = p * z + 2.0 / 13.0;
  p = p * z + 2.0 / 11.0;
  p = p * z + 2.0 / 9.0;
  p = p * z + 2.0 / 7.0;
  p = p * z + 2.0 / 5.0;
  p = p * z + 2.0 / 3.0;
  double half = 0.5 * f * f;
  return f - (half - s * (half + z * p));
}

double zcz_log(double x) {
  if (x != x || x < 0) return NAN;
  if (x == 0) return -INFINITY;
  if (x == INFINITY) return x;
  int exponent = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    exponent = -54;
  }
  uint64_t bits = to_bits(x);
  exponent += (int)(bits >> 52) - 1023;
  double m = from_bits((bits & 0xfffffffffffffu) | (uint64_t)1023 << 52);
  if (m > 0x1.6a09e667f3bcdp+0) {
    m *= 0.5;
    exponent++;
  }
  double k = exponent;
  return k * LN2_HIGH + (logarithm_series(m - 1.0) + k * LN2_LOW);
}

double zcz_log1p(double x) {
  if (x > -0.29 && x < 0.41) return logarithm_series(x);
  return zcz_log(1.0 + x);
}

static double integer_power(double x, uint32_t n) {
  double value = 1;
  for (; n > 0; n >>= 1) {
    if (n & 1) value *= x;
    x *= x;
  }
  return value;
}

double zcz_pow(double x, double y) {
  if (y >= -1024 && y <= 1024 && y == (double)(int)y) {
    int n = (int)y;
    return n < 0 ? 1.0 / integer_power(x, (uint32_t)-n) : integer_power(x, (uint32_t)n);
  }
  if (x == 0 && y > 0) return 0;
  return zcz_exp(y * zcz_log(x));
}

/* atan(i / 8), rounded and rest. */
static const double ARC[9][2] = {{0x0.0p+0, 0x0.0p+0},
                                 {0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59},
                                 {0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57},
                                 {0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56},
                                 {0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56},
                                 {0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58},
                                 {0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56},
                                 {0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56},
                                 {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55}};

/* atan(small / large) for 0 <= small <= large, large > 0: turned back by the nearest atan(i/8), so
 * that the series runs on at most 1/15. */
static double arctangent(double small, double large) {
  int i = (int)(8.0 * (small / large) + 0.5);
  double c = (double)i * 0.125;
  double u = fma(-c, large, small) / fma(c, small, large), z = u * u;
  double p = 1.0 / 15.0;
  p = 1.0 / 13.0 - p * z;
  p = 1.0 / 11.0 - p * z;
  p = 1.0 / 9.0 - p * z;
  p = 1.0 / 7.0 - p * z;
  p = 1.0 / 5.0 - p * z;
  p = 1.0 / 3.0 - p * z;
  return ARC[i][0] + (u + (ARC[i][1] - u * (z * p)));
}

double zcz_atan2(double y, double x) {
  if (x != x || y != y) return NAN;
  double a = __builtin_fabs(y), b = __builtin_fabs(x), angle;
  if (a == 0 && b == 0) {
    angle = 0;
  } else if (a == INFINITY || b == INFINITY) {
    angle = a == b ? ARC[8][0] : a < b ? 0 : HALF_PI_1;
  } else {
    /* Scaled, so that neither the products nor the quotient leave the normal range. */
    double scale = (a > b ? a : b) > 0x1p1000 ? 0x1p-40 : (a > b ? a : b) < 0x1p-960 ? 0x1p60 : 1;
    a *= scale;
    b *= scale;
    angle = a <= b ? arctangent(a, b) : (HALF_PI_1 - arctangent(b, a)) + HALF_PI_2;
  }
  if (__builtin_signbit(x)) angle = (2 * HALF_PI_1 - angle) + 2 * HALF_PI_2;
  return __builtin_signbit(y) ? -angle : angle;
}

double zcz_asin(double x) {
  if (!(x >= -1 && x <= 1)) return NAN;
  return zcz_atan2(x, zcz_sqrt((1.0 - x) * (1.0 + x)));
}

double zcz_acos(double x) {
  if (!(x >= -1 && x <= 1)) return NAN;
  return zcz_atan2(zcz_sqrt((1.0 - x) * (1.0 + x)), x);
}
