#include "chip/error.h"

#include "base/math.h"

double zcz_error_of_relaxation(double time_ns, double t1_us, double t2_us) {
  double t = time_ns * 1e-3;
  return -(2 * zcz_expm1(-t / t2_us) + zcz_expm1(-t / t1_us)) / 4;
}

double zcz_error_of_angles(double theta, double phi) {
  /* 16 - |1 + 2c + f|^2 without cancellation: with a = 1 - c and b = 1 - cos(phi) as squares of
   * sines of half angles, |4 - 2a - (1 - f)|^2 = 16 - 8 (2a + b) + (2a + b)^2 + sin(phi)^2. */
  double s = zcz_sin(theta / 2), t = zcz_sin(phi / 2), u = zcz_sin(phi);
  double loss = 4 * s * s + 2 * t * t; /* 2a + b */
  return (8 * loss - loss * loss - u * u) / 16;
}
