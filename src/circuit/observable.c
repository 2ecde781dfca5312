/* Reader of Pauli sums: "0.5*Z0*Z1 - X3 + 2".
 *
 *   sum    = [sign] term { sign term }
 *   term   = factor { ["*"] factor }
 *   factor = number | ("I" | "X" | "Y" | "Z") number of a qubit
 *
 * Limits: 16 MiB of text, 2^20 terms, 2^22 Pauli factors. */
#define _GNU_SOURCE /* strtod_l */
#include "zcz/observable.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MAX_TEXT = 16 << 20, MAX_TERMS = 1 << 20, MAX_FACTORS = 1 << 22, MAX_NUMBER = 64 };

/* A factor as read; `order` keeps the sort by qubit stable. */
typedef struct zcz_raw_factor {
  uint32_t qubit;
  uint32_t order;
  uint8_t pauli; /* bit 0: X part, bit 1: Z part */
} zcz_raw_factor;

/* A term whose factors stand at an offset, as the array may still move. */
typedef struct zcz_raw_term {
  double coefficient;
  size_t first;
  uint32_t count;
} zcz_raw_term;

typedef struct zcz_observable_reader {
  zcz_context *context;
  zcz_error *error;
  locale_t locale; /* numbers are read with a decimal point whatever the process speaks */
  const char *text;
  size_t size, at;
  uint32_t num_qubits;
  zcz_raw_term *terms;
  size_t num_terms, terms_capacity;
  zcz_factor *factors;
  size_t num_factors, factors_capacity;
  zcz_raw_factor *raw; /* of the term being read */
  size_t num_raw, raw_capacity;
} zcz_observable_reader;

/* One allocation: the public part first, so that free() needs nothing else. */
typedef struct zcz_observable_block {
  zcz_observable observable;
  char *text;
  zcz_term *terms;
  zcz_factor *factors;
} zcz_observable_block;

/* Sets column and excerpt of the error just filled; `at` is a byte offset. */
static zcz_status place(zcz_observable_reader *reader, size_t at, zcz_status status) {
  zcz_error *error = reader->error;
  if (!error) return status;
  size_t from = at > ZCZ_EXCERPT_SIZE / 2 ? at - ZCZ_EXCERPT_SIZE / 2 : 0;
  size_t length = reader->size - from;
  if (length > ZCZ_EXCERPT_SIZE - 1) length = ZCZ_EXCERPT_SIZE - 1;
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)reader->text[from + i];
    error->excerpt[i] = c < 32 || c == 127 ? ' ' : (char)c;
  }
  error->excerpt[length] = 0;
  error->column = (uint32_t)at + 1;
  error->excerpt_column = (uint32_t)(at - from) + 1;
  return status;
}

static void skip_space(zcz_observable_reader *reader) {
  while (reader->at < reader->size && strchr(" \t\r\n", reader->text[reader->at])) reader->at++;
}

static int peek(const zcz_observable_reader *reader) {
  return reader->at < reader->size ? (unsigned char)reader->text[reader->at] : 0;
}

static bool is_digit(int c) { return c >= '0' && c <= '9'; }
static bool is_pauli(int c) { return c == 'I' || c == 'X' || c == 'Y' || c == 'Z'; }

/* Bytes of the number that begins at reader->at; 0 = none. A plain scan first, as strtod would take
 * "nan", "inf" and hexadecimal too. */
static size_t number_length(const zcz_observable_reader *reader) {
  const char *text = reader->text + reader->at;
  size_t size = reader->size - reader->at, i = 0, digits = 0;
  for (; i < size && is_digit(text[i]); i++) digits++;
  if (i < size && text[i] == '.')
    for (i++; i < size && is_digit(text[i]); i++) digits++;
  if (digits == 0) return 0;
  if (i < size && (text[i] == 'e' || text[i] == 'E')) {
    size_t j = i + 1;
    if (j < size && (text[j] == '+' || text[j] == '-')) j++;
    if (j < size && is_digit(text[j])) {
      while (j < size && is_digit(text[j])) j++;
      i = j;
    }
  }
  return i;
}

static zcz_status read_number(zcz_observable_reader *reader, double *coefficient) {
  size_t start = reader->at, length = number_length(reader);
  char copy[MAX_NUMBER + 1];
  if (length == 0)
    return place(reader, start, zcz_fail(reader->error, ZCZ_ERROR_USAGE, "a number has no digits"));
  if (length > MAX_NUMBER)
    return place(reader, start,
                 zcz_fail(reader->error, ZCZ_ERROR_USAGE,
                          "a number of %zu characters, at most %d are read", length, MAX_NUMBER));
  memcpy(copy, reader->text + start, length);
  copy[length] = 0;
  double value = *coefficient * strtod_l(copy, NULL, reader->locale);
  if (!isfinite(value))
    return place(reader, start,
                 zcz_fail(reader->error, ZCZ_ERROR_USAGE,
                          "the coefficient is too large for a double (1.8e308)"));
  *coefficient = value;
  reader->at += length;
  return ZCZ_OK;
}

static zcz_status read_pauli(zcz_observable_reader *reader, uint8_t pauli) {
  size_t start = reader->at++;
  if (!is_digit(peek(reader)))
    return place(reader, start,
                 zcz_hint(reader->error,
                          zcz_fail(reader->error, ZCZ_ERROR_USAGE, "the Pauli %c names no qubit",
                                   reader->text[start]),
                          "write the number of the qubit behind it, as in %c0",
                          reader->text[start]));
  uint64_t qubit = 0;
  while (is_digit(peek(reader))) {
    if (qubit <= UINT32_MAX) qubit = qubit * 10 + (uint64_t)(peek(reader) - '0');
    reader->at++;
  }
  if (qubit >= reader->num_qubits)
    return place(reader, start,
                 zcz_fail(reader->error, ZCZ_ERROR_USAGE,
                          "%.*s is on a qubit that is not there: the program has %u (numbered from "
                          "0)",
                          (int)(reader->at - start > 24 ? 24 : reader->at - start),
                          reader->text + start, reader->num_qubits));
  if (pauli == 0) return ZCZ_OK;
  if (reader->num_factors + reader->num_raw >= MAX_FACTORS)
    return place(reader, start,
                 zcz_fail(reader->error, ZCZ_ERROR_UNABLE,
                          "more than %d Pauli factors in one observable", MAX_FACTORS));
  if (!zcz_memory_grow(reader->context, &reader->raw, &reader->raw_capacity, reader->num_raw + 1,
                       sizeof *reader->raw))
    return zcz_fail_memory(reader->context, reader->error, "an observable",
                           (reader->num_raw + 1) * 2 * sizeof *reader->raw);
  reader->raw[reader->num_raw] =
      (zcz_raw_factor){(uint32_t)qubit, (uint32_t)reader->num_raw, pauli};
  reader->num_raw++;
  return ZCZ_OK;
}

static int compare_raw(const void *left, const void *right) {
  const zcz_raw_factor *a = left, *b = right;
  if (a->qubit != b->qubit) return a->qubit < b->qubit ? -1 : 1;
  return a->order < b->order ? -1 : 1;
}

/* a b = i^k (a xor b) for the Paulis 1 = X, 2 = Z, 3 = Y; returns k. */
static int product_phase(uint8_t a, uint8_t b) {
  static const uint8_t phase[4][4] = {
      {0, 0, 0, 0}, {0, 0, 3, 1}, {0, 1, 0, 3}, {0, 3, 1, 0}}; /* XZ = -iY, XY = iZ, ZX = iY ... */
  return phase[a][b];
}

/* Multiplies out the factors read and appends the term. `start` is where it began. */
static zcz_status finish_term(zcz_observable_reader *reader, double coefficient, size_t start) {
  int phase = 0;
  size_t first = reader->num_factors;
  if (reader->num_terms >= MAX_TERMS)
    return place(reader, start,
                 zcz_fail(reader->error, ZCZ_ERROR_UNABLE, "more than %d terms in one observable",
                          MAX_TERMS));
  if (!zcz_memory_grow(reader->context, &reader->terms, &reader->terms_capacity,
                       reader->num_terms + 1, sizeof *reader->terms) ||
      !zcz_memory_grow(reader->context, &reader->factors, &reader->factors_capacity,
                       first + reader->num_raw, sizeof *reader->factors))
    return zcz_fail_memory(reader->context, reader->error, "an observable",
                           (first + reader->num_raw) * 2 * sizeof *reader->factors);
  if (reader->num_raw > 1) qsort(reader->raw, reader->num_raw, sizeof *reader->raw, compare_raw);
  for (size_t i = 0; i < reader->num_raw;) {
    uint32_t qubit = reader->raw[i].qubit;
    uint8_t product = 0;
    for (; i < reader->num_raw && reader->raw[i].qubit == qubit; i++) {
      phase += product_phase(product, reader->raw[i].pauli);
      product ^= reader->raw[i].pauli;
    }
    if (product) reader->factors[reader->num_factors++] = (zcz_factor){qubit, "IXZY"[product]};
  }
  if (phase & 1)
    return place(reader, start,
                 zcz_hint(reader->error,
                          zcz_fail(reader->error, ZCZ_ERROR_USAGE,
                                   "the term has an imaginary coefficient once its Paulis on equal "
                                   "qubits are multiplied out"),
                          "an observable has real coefficients: X0*Y0 is i*Z0"));
  if (phase & 2) coefficient = -coefficient;
  reader->terms[reader->num_terms++] =
      (zcz_raw_term){coefficient, first, (uint32_t)(reader->num_factors - first)};
  reader->num_raw = 0;
  return ZCZ_OK;
}

static zcz_status expected(zcz_observable_reader *reader, const char *what) {
  int c = peek(reader);
  char found[32];
  if (reader->at >= reader->size)
    strcpy(found, "the end");
  else if (c < 32 || c > 126)
    snprintf(found, sizeof found, "the byte 0x%02x", (unsigned)c);
  else
    snprintf(found, sizeof found, "'%c'", c);
  return place(
      reader, reader->at,
      zcz_hint(reader->error,
               zcz_fail(reader->error, ZCZ_ERROR_USAGE, "expected %s, found %s", what, found),
               "an observable is a sum of real multiples of products of Paulis, as "
               "0.5*Z0*Z1 - X3 + 2"));
}

static zcz_status read_term(zcz_observable_reader *reader, double sign) {
  double coefficient = sign;
  size_t start = reader->at;
  for (bool needed = true;; needed = false) {
    int c = peek(reader);
    if (is_digit(c) || c == '.')
      ZCZ_TRY(read_number(reader, &coefficient));
    else if (is_pauli(c))
      ZCZ_TRY(read_pauli(reader, c == 'I' ? 0 : c == 'X' ? 1 : c == 'Z' ? 2 : 3));
    else if (needed)
      return expected(reader, "a number or a Pauli (X, Y, Z)");
    else
      break;
    skip_space(reader);
    if (peek(reader) == '*') {
      reader->at++;
      skip_space(reader);
      c = peek(reader);
      if (!is_digit(c) && c != '.' && !is_pauli(c))
        return expected(reader, "a number or a Pauli (X, Y, Z) behind '*'");
    }
  }
  return finish_term(reader, coefficient, start);
}

static zcz_status read_sum(zcz_observable_reader *reader) {
  skip_space(reader);
  double sign = 1;
  if (peek(reader) == '+' || peek(reader) == '-') {
    sign = peek(reader) == '-' ? -1 : 1;
    reader->at++;
    skip_space(reader);
  }
  for (;;) {
    ZCZ_TRY(read_term(reader, sign));
    if (reader->at >= reader->size) return ZCZ_OK;
    if (peek(reader) != '+' && peek(reader) != '-')
      return expected(reader, "'+', '-', '*' or the end");
    sign = peek(reader) == '-' ? -1 : 1;
    reader->at++;
    skip_space(reader);
  }
}

/* Moves what was read into the block that the caller will own. */
static zcz_status build(zcz_observable_reader *reader, zcz_observable **observable) {
  zcz_context *context = reader->context;
  zcz_observable_block *block = zcz_memory_zeroed(context, 1, sizeof *block);
  if (!block) return zcz_fail_memory(context, reader->error, "an observable", sizeof *block);
  block->text = zcz_memory_string(context, reader->text);
  block->terms = zcz_memory_zeroed(context, reader->num_terms, sizeof *block->terms);
  if (!block->text || !block->terms) {
    zcz_observable_free(context, &block->observable);
    return zcz_fail_memory(context, reader->error, "an observable",
                           reader->size + reader->num_terms * sizeof *block->terms);
  }
  block->factors = reader->factors;
  reader->factors = NULL;
  for (size_t i = 0; i < reader->num_terms; i++)
    block->terms[i] =
        (zcz_term){reader->terms[i].coefficient, reader->terms[i].count,
                   reader->terms[i].count ? block->factors + reader->terms[i].first : NULL};
  block->observable = (zcz_observable){block->text, (uint32_t)reader->num_terms, block->terms};
  *observable = &block->observable;
  return ZCZ_OK;
}

zcz_status zcz_observable_parse(zcz_context *context, const char *text, uint32_t num_qubits,
                                zcz_observable **observable, zcz_error *error) {
  zcz_observable_reader reader = {.context = context,
                                  .error = error,
                                  .text = text,
                                  .size = strlen(text),
                                  .num_qubits = num_qubits};
  *observable = NULL;
  if (reader.size > MAX_TEXT)
    return zcz_fail(error, ZCZ_ERROR_UNABLE, "an observable of %zu characters, at most %d are read",
                    reader.size, MAX_TEXT);
  reader.locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (!reader.locale) return zcz_fail_memory(context, error, "an observable", 0);
  zcz_status status = read_sum(&reader);
  if (status == ZCZ_OK) status = build(&reader, observable);
  freelocale(reader.locale);
  zcz_memory_release(context, reader.terms);
  zcz_memory_release(context, reader.factors);
  zcz_memory_release(context, reader.raw);
  return status;
}

void zcz_observable_free(zcz_context *context, zcz_observable *observable) {
  if (!observable) return;
  zcz_observable_block *block = (zcz_observable_block *)observable;
  zcz_memory_release(context, block->text);
  zcz_memory_release(context, block->terms);
  zcz_memory_release(context, block->factors);
  zcz_memory_release(context, block);
}
