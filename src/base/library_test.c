/* A library that is there, one that is not, a symbol that is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/library.h"

static void test_load(void **state) {
  (void)state;
  static const char *const names[] = {"sqrt", "fabs"};
  struct {
    double (*square_root)(double);
    double (*magnitude)(double);
  } functions = {0};
  zcz_library_request request = {"libm.so.6", "libc6", "square roots", names, 2};
  zcz_error error = {0};
  assert_int_equal(zcz_library_load(&request, &functions, &error), ZCZ_OK);
  assert_true(functions.square_root(9) == 3 && functions.magnitude(-2) == 2);
}

static void test_missing(void **state) {
  (void)state;
  static const char *const names[] = {"sqrt", "no_such_function_here"};
  void *functions[2] = {0};
  zcz_error error = {0};
  zcz_library_request symbol = {"libm.so.6", "libc6", "square roots", names, 2};
  assert_int_equal(zcz_library_load(&symbol, functions, &error), ZCZ_ERROR_UNABLE);
  assert_non_null(strstr(error.message, "no_such_function_here"));
  zcz_library_request library = {"libnosuch.so.7", "libnosuch7", "pictures", names, 1};
  assert_int_equal(zcz_library_load(&library, functions, &error), ZCZ_ERROR_UNABLE);
  assert_non_null(strstr(error.message, "pictures need libnosuch.so.7"));
  assert_non_null(strstr(error.hint, "libnosuch7"));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_load), cmocka_unit_test(test_missing)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
