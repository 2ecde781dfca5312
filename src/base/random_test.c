#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* Known answers of Philox4x32-10 as published with Random123 (kat_vectors): the zero vector. */
static void test_known_answer(void **state) {
  (void)state;
  zcz_random_block block = zcz_random(0, 0, 0, 0, 0);
  assert_int_equal(block.word[0], 0x6627e8d5);
  assert_int_equal(block.word[1], 0xe169c58d);
  assert_int_equal(block.word[2], 0xbc57ac4c);
  assert_int_equal(block.word[3], 0x9b00dbd8);
}

static void test_fields_matter(void **state) {
  (void)state;
  double base = zcz_random_unit(1, ZCZ_PURPOSE_SAMPLE, 1, 1, 1);
  assert_true(base != zcz_random_unit(2, ZCZ_PURPOSE_SAMPLE, 1, 1, 1));
  assert_true(base != zcz_random_unit(1, ZCZ_PURPOSE_MEASURE, 1, 1, 1));
  assert_true(base != zcz_random_unit(1, ZCZ_PURPOSE_SAMPLE, 2, 1, 1));
  assert_true(base != zcz_random_unit(1, ZCZ_PURPOSE_SAMPLE, 1 + (1ull << 33), 1, 1));
  assert_true(base != zcz_random_unit(1, ZCZ_PURPOSE_SAMPLE, 1, 2, 1));
  assert_true(base != zcz_random_unit(1, ZCZ_PURPOSE_SAMPLE, 1, 1, 2));
}

static void test_mean(void **state) {
  (void)state;
  double sum = 0;
  const uint32_t count = 1000000;
  for (uint32_t i = 0; i < count; i++) {
    double u = zcz_random_unit(3, ZCZ_PURPOSE_TEST, i, 0, 0);
    assert_true(u >= 0 && u < 1);
    sum += u;
  }
  /* Five standard errors of 1 / sqrt(12 n). */
  assert_true(sum / count > 0.5 - 5 * 0.288675e-3 && sum / count < 0.5 + 5 * 0.288675e-3);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_known_answer),
                                     cmocka_unit_test(test_fields_matter),
                                     cmocka_unit_test(test_mean)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
