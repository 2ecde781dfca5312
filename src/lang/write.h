/* What all writers share: a growing text, numbers that read back exactly, one-qubit angles. */
#ifndef ZCZ_LANG_WRITE_H
#define ZCZ_LANG_WRITE_H

#include "lang/text.h"

typedef struct zcz_text {
  zcz_context *context;
  char *bytes;
  size_t size, capacity;
  bool failed; /* out of memory: told at the end */
} zcz_text;

void zcz_text_add(zcz_text *text, const char *format, ...) ZCZ_PRINTF(2, 3);
/* Hands the text over, or releases it and says out of memory. */
zcz_status zcz_text_finish(zcz_text *text, char **result, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_text_drop(zcz_text *text);

enum { ZCZ_NUMBER_SIZE = 40 };
/* pi, -pi/2, 3*pi/4 ... where that is the number exactly, else the shortest decimal that is. */
const char *zcz_number_write(char buffer[ZCZ_NUMBER_SIZE], double value);
/* Never with pi. `real`: with a point or exponent, so that it is no integer. */
const char *zcz_decimal_write(char buffer[ZCZ_NUMBER_SIZE], double value, bool real);

/* A one-qubit matrix as exp(i phase) u3(theta, phi, lambda), u3 of OpenQASM 2. */
typedef struct zcz_euler {
  double theta, phi, lambda, phase;
} zcz_euler;
zcz_euler zcz_euler_of(const zcz_complex matrix[4]);

/* UNABLE "LANGUAGE cannot say OPERATION (operation n of the program, line l)", with a hint. */
zcz_status zcz_write_unable(zcz_error *error, const char *language, const zcz_op *op, size_t number,
                            const char *hint);

#endif
