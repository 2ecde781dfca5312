/* All 73 QASMBench programs are read; those of at most 20 qubits that the oracle does quickly equal it, compiled and
 * uncompiled. The others: conform_programs_long_test.c. */
#include "conform_programs.h"

static void small_programs(void **state) {
  (void)state;
  check_programs(0, CONFORM_FAST, 33);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(small_programs)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
