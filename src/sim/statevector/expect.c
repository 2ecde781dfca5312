/* Expectation values of Pauli strings. With P = i^y X^x Z^z (y = number of Ys),
 * <P> = sum over i of conj(a[i ^ x]) i^y (-1)^|i & z| a[i]. Strings of one x share the products; a
 * block's sign is one number a string, the signs within a block are put on at the end. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "sim/statevector/internal.h"

enum { BATCH = 16, WIDTH = 16 };

typedef struct string {
  uint64_t x, z;  /* on stored positions */
  bool imaginary; /* odd number of Ys: the value is in the imaginary part of the products */
  double sign;
  size_t index;
} string;

static int compare_strings(const void *left, const void *right) {
  const string *a = left, *b = right;
  if (a->x != b->x) return a->x < b->x ? -1 : 1;
  if (a->imaginary != b->imaginary) return a->imaginary ? 1 : -1;
  return a->index < b->index ? -1 : 1;
}

/* Re or Im of conj(a[i ^ x]) a[i] for the lanes of a block; `other` is the block of i ^ x, `turn` the
 * lanes of x. */
static void products_single(const float *block, const float *other, uint32_t turn, bool imaginary,
                            double *values) {
  for (uint32_t l = 0; l < 16; l++) {
    double re = block[l], im = block[16 + l];
    double other_re = other[l ^ turn], other_im = other[16 + (l ^ turn)];
    values[l] = imaginary ? other_re * im - other_im * re : other_re * re + other_im * im;
  }
}

static void products_double(const double *block, const double *other, uint32_t turn, bool imaginary,
                            double *values) {
  for (uint32_t l = 0; l < 8; l++) {
    double re = block[l], im = block[8 + l];
    double other_re = other[l ^ turn], other_im = other[8 + (l ^ turn)];
    values[l] = imaginary ? other_re * im - other_im * re : other_re * re + other_im * im;
  }
}

static void products(const zcz_sv *state, uint64_t block, uint64_t x, bool imaginary,
                     double *values) {
  uint64_t other = block ^ x >> state->lane_bits;
  uint32_t turn = (uint32_t)x & ((1u << state->lane_bits) - 1);
  if (state->precision == ZCZ_PRECISION_SINGLE) {
    const float *data = state->data;
    products_single(data + block * 32, data + other * 32, turn, imaginary, values);
  } else {
    const double *data = state->data;
    products_double(data + block * 16, data + other * 16, turn, imaginary, values);
  }
}

static void segment(const zcz_sv *state, const string *strings, int count, uint64_t first,
                    uint64_t blocks, double *sums) {
  double lanes[BATCH][WIDTH] = {{0}}, values[WIDTH];
  uint32_t width = 1u << state->lane_bits;
  for (uint64_t block = first; block < first + blocks; block++) {
    products(state, block, strings[0].x, strings[0].imaginary, values);
    for (int s = 0; s < count; s++) {
      double sign = __builtin_parityll((block << state->lane_bits) & strings[s].z) ? -1 : 1;
      for (uint32_t l = 0; l < width; l++) lanes[s][l] += sign * values[l];
    }
  }
  for (int s = 0; s < count; s++) {
    for (uint32_t l = 0; l < width; l++)
      if (__builtin_parityll(l & strings[s].z)) lanes[s][l] = -lanes[s][l];
    sums[s] = zcz_sv_tree(lanes[s], width);
  }
}

static void batch(const zcz_sv *state, const string *strings, int count, double *values) {
  uint64_t blocks = state->num_blocks;
  int segments = blocks < ZCZ_SV_SEGMENTS ? (int)blocks : ZCZ_SV_SEGMENTS;
  uint64_t each = blocks / (uint64_t)segments;
  double parts[BATCH][ZCZ_SV_SEGMENTS];
#pragma omp parallel for num_threads(state->threads) schedule(static) if (blocks >= 256)
  for (int s = 0; s < segments; s++) {
    double sums[BATCH];
    segment(state, strings, count, (uint64_t)s * each, each, sums);
    for (int i = 0; i < count; i++) parts[i][s] = sums[i];
  }
  for (int i = 0; i < count; i++)
    values[strings[i].index] = strings[i].sign * zcz_sv_tree(parts[i], (size_t)segments);
}

zcz_status zcz_sv_expectations(const zcz_sv *state, size_t count, const zcz_sv_pauli *strings,
                               double *values, zcz_error *error) {
  string *sorted = zcz_memory_allocate(state->context, count * sizeof *sorted);
  if (!sorted)
    return zcz_fail_memory(state->context, error, "Pauli strings", count * sizeof *sorted);
  for (size_t i = 0; i < count; i++) {
    int ys = __builtin_popcountll(strings[i].x & strings[i].z);
    sorted[i].x = zcz_sv_stored(state, strings[i].x);
    sorted[i].z = zcz_sv_stored(state, strings[i].z);
    sorted[i].imaginary = ys & 1;
    /* Re(i^y w): w.re, -w.im, -w.re, w.im for y = 0, 1, 2, 3. */
    sorted[i].sign = (ys & 3) == 1 || (ys & 3) == 2 ? -1 : 1;
    sorted[i].index = i;
  }
  qsort(sorted, count, sizeof *sorted, compare_strings);
  for (size_t i = 0; i < count;) {
    size_t end = i + 1;
    while (end < count && end < i + BATCH && sorted[end].x == sorted[i].x &&
           sorted[end].imaginary == sorted[i].imaginary)
      end++;
    batch(state, sorted + i, (int)(end - i), values);
    i = end;
  }
  zcz_memory_release(state->context, sorted);
  return ZCZ_OK;
}
