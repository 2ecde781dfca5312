/* What the conformance suites share: programs in, jobs run through the public interface, distributions out. */
#ifndef TESTS_CONFORM_H
#define TESTS_CONFORM_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "oracle.h"
#include "zcz/job.h"
#include "zcz/lang.h"

#define OK(call)                                                                                   \
  do {                                                                                             \
    zcz_error failure = {0}, *e = &failure;                                                        \
    if ((call) != ZCZ_OK) fail_msg("%s:%u: %s", e->file, e->line, e->message);                     \
  } while (0)

/* 1e-10 in double, 1e-5 in single precision: how far a probability may be from the truth. */
double conform_tolerance(zcz_precision precision);

zcz_context *conform_context(int threads, zcz_isa isa);
/* Frees it, and fails where something of it was not given back. */
void conform_close(zcz_context *context);

/* A program of OpenQASM 3 text. */
zcz_circuit *conform_program(zcz_context *context, const char *text);

/* The probabilities of a result, as the oracle gives them. */
struct oracle_distribution conform_probabilities(const zcz_result *result);
/* The count of a key; `key` as text, bit 0 rightmost. */
uint64_t conform_count(const zcz_result *result, const char *key);

/* Every program of ../shared/data/qasmbench with least <= ops * 2^qubits < most and at most `qubits` qubits, each
 * given to `check`; returns how many files there are in all, 0 where the folder is absent (and says so). */
typedef void conform_check(zcz_context *context, const char *name, const zcz_circuit *circuit);
size_t conform_qasmbench(zcz_context *context, uint32_t qubits, double least, double most,
                         conform_check *check);

/* Runs the job for its probabilities, statevector and auto, double and single, with `chip` or without (NULL), and
 * fails where one is further than the tolerance from `expected`. */
void conform_probabilities_equal(const char *name, const zcz_circuit *circuit, const zcz_chip *chip,
                                 const struct oracle_distribution *expected);

#endif
