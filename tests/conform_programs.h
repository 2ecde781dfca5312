/* The QASMBench programs against the oracle: the part of the fast and of the long test. */
#ifndef TESTS_CONFORM_PROGRAMS_H
#define TESTS_CONFORM_PROGRAMS_H

#include "conform.h"

#define CONFORM_FAST 1.5e7 /* operations times amplitudes: a second or so of the oracle */

static size_t programs_checked;

static inline void check_program(zcz_context *context, const char *name,
                                 const zcz_circuit *circuit) {
  zcz_chip *chip;
  OK(zcz_chip_load(context, "zuchongzhi-3.0", &chip, e));
  const double start = zcz_seconds();
  struct oracle_distribution expected = oracle_distribution(circuit);
  const double middle = zcz_seconds();
  conform_probabilities_equal(name, circuit, NULL, &expected);
  const double end = zcz_seconds();
  conform_probabilities_equal(name, circuit, chip, &expected);
  print_message("%s: oracle %.3f s, eight runs %.3f + %.3f s\n", name, middle - start, end - middle,
                zcz_seconds() - end);
  oracle_distribution_free(&expected);
  zcz_chip_free(context, chip);
  programs_checked++;
}

static inline void check_programs(double least, double most, size_t wanted) {
  zcz_context *context = conform_context(0, ZCZ_ISA_AUTO);
  programs_checked = 0;
  const size_t files = conform_qasmbench(context, 20, least, most, check_program);
  conform_close(context);
  if (files == 0) skip();
  assert_int_equal(files, 73);
  assert_int_equal(programs_checked, wanted);
}

#endif
