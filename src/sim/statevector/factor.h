/* Phase factors that gates leave behind, multiplied so that roots of unity stay exact. */
#ifndef ZCZ_SIM_STATEVECTOR_FACTOR_H
#define ZCZ_SIM_STATEVECTOR_FACTOR_H

#include "base/complex.h"

/* Products of exact roots of unity stay exact: T T is S. */
static inline double zcz_factor_snap(double x) {
  if (x < 1e-15 && x > -1e-15) return 0;
  if (x > 1 - 1e-15 && x < 1 + 1e-15) return 1;
  if (x < -1 + 1e-15 && x > -1 - 1e-15) return -1;
  return x;
}

static inline zcz_complex zcz_factor_times(zcz_complex a, zcz_complex b) {
  zcz_complex c = zcz_complex_multiply(a, b);
  return (zcz_complex){zcz_factor_snap(c.re), zcz_factor_snap(c.im)};
}

/* a / b for moduli of 1 (any b but 0). */
static inline zcz_complex zcz_factor_ratio(zcz_complex a, zcz_complex b) {
  zcz_complex c = zcz_complex_multiply(a, zcz_complex_conjugate(b));
  double n = zcz_complex_norm2(b);
  return (zcz_complex){zcz_factor_snap(c.re / n), zcz_factor_snap(c.im / n)};
}

static inline bool zcz_factor_is_unit(zcz_complex a) {
  double off = zcz_complex_norm2(a) - 1;
  return off < 1e-12 && off > -1e-12;
}

static inline bool zcz_factor_is_one(zcz_complex a) { return a.re == 1 && a.im == 0; }

#endif
