/* Complex numbers as plain pairs: `_Complex` products call __mulsc3 and round differently. */
#ifndef ZCZ_BASE_COMPLEX_H
#define ZCZ_BASE_COMPLEX_H

#include "zcz/complex.h"

static inline zcz_complex zcz_complex_add(zcz_complex a, zcz_complex b) {
  return (zcz_complex){a.re + b.re, a.im + b.im};
}
static inline zcz_complex zcz_complex_subtract(zcz_complex a, zcz_complex b) {
  return (zcz_complex){a.re - b.re, a.im - b.im};
}
static inline zcz_complex zcz_complex_multiply(zcz_complex a, zcz_complex b) {
  return (zcz_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
static inline zcz_complex zcz_complex_conjugate(zcz_complex a) {
  return (zcz_complex){a.re, -a.im};
}
static inline zcz_complex zcz_complex_scale(zcz_complex a, double s) {
  return (zcz_complex){a.re * s, a.im * s};
}
static inline double zcz_complex_norm2(zcz_complex a) { return a.re * a.re + a.im * a.im; }

#endif
