/* Elementary functions that give the same bits on every machine: only +, -, *, /, sqrt and fma on
 * doubles, no libm. Errors stay within 2 units in the last place over the stated ranges. */
#ifndef ZCZ_BASE_MATH_H
#define ZCZ_BASE_MATH_H

#define ZCZ_PI 3.14159265358979323846
#define ZCZ_TAU 6.28318530717958647692
#define ZCZ_SQRT1_2 0.70710678118654752440

void zcz_sincos(double x, double *sine, double *cosine); /* |x| < 2^30; NaN beyond */
double zcz_sin(double x);
double zcz_cos(double x);
double zcz_tan(double x);
double zcz_exp(double x);
double zcz_expm1(double x);
double zcz_log(double x); /* NaN below 0, -infinity at 0 */
double zcz_log1p(double x);
double
zcz_pow(double x,
        double y); /* exp(y log x), exact for small integer y; NaN for x < 0 with non-integer y */
double zcz_atan2(double y, double x);
double zcz_asin(double x);
double zcz_acos(double x);
double zcz_sqrt(double x); /* the IEEE one */

#endif
