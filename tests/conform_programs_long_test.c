/* The QASMBench programs of at most 20 qubits that take the oracle seconds to minutes. */
#include "conform_programs.h"

static void larger_programs(void **state) {
  (void)state;
  check_programs(CONFORM_FAST, INFINITY, 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(larger_programs)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
