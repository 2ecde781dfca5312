#include "base/math.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/random.h"

/* Distance in units in the last place of the reference, the C library in long double. */
static double ulps(double value, long double reference) {
  if (value == (double)reference) return 0;
  double rounded = fabs((double)reference), unit = nextafter(rounded, INFINITY) - rounded;
  return (double)(fabsl((long double)value - reference) / (long double)unit);
}

static double draw(uint32_t i, double low, double high) {
  return low + (high - low) * zcz_random_unit(1, ZCZ_PURPOSE_TEST, 0, 0, i);
}

static void check(double (*ours)(double), long double (*theirs)(long double), double low,
                  double high, double limit) {
  double worst = 0;
  for (uint32_t i = 0; i < 200000; i++) {
    double x = draw(i, low, high), distance = ulps(ours(x), theirs((long double)x));
    if (distance > worst) worst = distance;
  }
  if (worst > limit) print_message("worst %g ulp on [%g, %g]\n", worst, low, high);
  assert_true(worst <= limit);
}

static void test_trigonometry(void **state) {
  (void)state;
  check(zcz_sin, sinl, -4, 4, 1.5);
  check(zcz_cos, cosl, -4, 4, 1.5);
  check(zcz_sin, sinl, -1e6, 1e6, 1.5);
  check(zcz_cos, cosl, -1e9, 1e9, 1.5);
  check(zcz_tan, tanl, -4, 4, 3);
  assert_true(zcz_sin(0) == 0 && zcz_cos(0) == 1);
  assert_true(zcz_sin(ZCZ_PI / 2) == 1 && zcz_cos(ZCZ_PI) == -1);
  assert_true(isnan(zcz_sin(INFINITY)) && isnan(zcz_cos(0x1p40)));
}

static void test_exponentials(void **state) {
  (void)state;
  check(zcz_exp, expl, -700, 700, 1.5);
  check(zcz_exp, expl, -1, 1, 1.5);
  check(zcz_expm1, expm1l, -0.34, 0.34, 1.5);
  check(zcz_log, logl, 1e-300, 1e300, 1.5);
  check(zcz_log, logl, 0.5, 2, 1.5);
  check(zcz_log1p, log1pl, -0.28, 0.4, 1.5);
  assert_true(zcz_exp(0) == 1 && zcz_log(1) == 0 && zcz_log(0) == -INFINITY);
  assert_true(zcz_exp(-1000) == 0 && zcz_exp(1000) == INFINITY && isnan(zcz_log(-1)));
  assert_true(ulps(zcz_log(0x1p-1074), logl(0x1p-1074L)) < 2);
  assert_true(zcz_pow(2, 10) == 1024 && zcz_pow(-2, 3) == -8 && zcz_pow(2, -1) == 0.5);
  assert_true(fabs(zcz_pow(2, 0.5) - sqrt(2)) < 1e-15 && isnan(zcz_pow(-2, 0.5)));
}

static void test_arcs(void **state) {
  (void)state;
  check(zcz_asin, asinl, -1, 1, 3);
  check(zcz_acos, acosl, -1, 1, 3);
  double worst = 0;
  for (uint32_t i = 0; i < 200000; i++) {
    double y = draw(2 * i, -3, 3), x = draw(2 * i + 1, -3, 3);
    double distance = ulps(zcz_atan2(y, x), atan2l((long double)y, (long double)x));
    if (distance > worst) worst = distance;
  }
  assert_true(worst <= 2);
  assert_true(zcz_atan2(0.0, 1) == 0 && zcz_atan2(0.0, -1) == ZCZ_PI);
  assert_true(zcz_atan2(-0.0, -1) == -ZCZ_PI && zcz_atan2(1, 0) == ZCZ_PI / 2);
  assert_true(zcz_atan2(1e-310, 1e-310) == ZCZ_PI / 4 && zcz_atan2(1e308, 1e308) == ZCZ_PI / 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_trigonometry),
                                     cmocka_unit_test(test_exponentials),
                                     cmocka_unit_test(test_arcs)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
