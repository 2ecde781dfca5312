/* Sums over a state. Each is cut into segments by the number of qubits alone; a segment is summed in
 * order, the segments in a tree, so threads and instruction sets change no bit. */
#include <string.h>

#include "base/memory.h"
#include "sim/statevector/internal.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

double zcz_sv_tree(const double *values, size_t count) {
  if (count == 1) return values[0];
  size_t half = 1;
  while (half * 2 < count) half *= 2;
  return zcz_sv_tree(values, half) + zcz_sv_tree(values + half, count - half);
}

ALWAYS_INLINE double square(double re, double im) { return re * re + im * im; }

/* Adds |a|^2 of some blocks to one sum a lane. */
void zcz_sv_add_blocks(const zcz_sv *state, uint64_t first, uint64_t count, double *lanes) {
  if (state->precision == ZCZ_PRECISION_SINGLE) {
    const float *p = (const float *)state->data + first * 32;
    for (uint64_t i = 0; i < count; i++, p += 32)
      for (int l = 0; l < 16; l++) lanes[l] += square((double)p[l], (double)p[16 + l]);
  } else {
    const double *p = (const double *)state->data + first * 16;
    for (uint64_t i = 0; i < count; i++, p += 16)
      for (int l = 0; l < 8; l++) lanes[l] += square(p[l], p[8 + l]);
  }
}

/* One segment's share of the weights of a stored position: lanes of both values of its bit. */
static void segment_weights(const zcz_sv *state, uint32_t position, uint64_t first, uint64_t count,
                            double *weights) {
  double lanes[2][16] = {{0}};
  uint32_t width = 1u << state->lane_bits;
  if (position >= state->lane_bits) {
    uint64_t run = (uint64_t)1 << (position - state->lane_bits);
    for (uint64_t at = first; at < first + count;) {
      uint64_t end = (at / run + 1) * run;
      if (end > first + count) end = first + count;
      zcz_sv_add_blocks(state, at, end - at, lanes[at / run & 1]);
      at = end;
    }
  } else {
    double all[16] = {0};
    zcz_sv_add_blocks(state, first, count, all);
    for (uint32_t l = 0; l < width; l++) lanes[l >> position & 1][l] = all[l];
  }
  weights[0] = zcz_sv_tree(lanes[0], width);
  weights[1] = zcz_sv_tree(lanes[1], width);
}

void zcz_sv_weights(const zcz_sv *state, uint32_t qubit, double weights[2]) {
  uint64_t blocks = state->num_blocks;
  int segments = blocks < ZCZ_SV_SEGMENTS ? (int)blocks : ZCZ_SV_SEGMENTS;
  uint64_t each = blocks / (uint64_t)segments;
  double parts[2][ZCZ_SV_SEGMENTS];
#pragma omp parallel for num_threads(state->threads) schedule(static) if (blocks >= 4096)
  for (int s = 0; s < segments; s++) {
    double part[2];
    segment_weights(state, state->layout[qubit], (uint64_t)s * each, each, part);
    parts[0][s] = part[0];
    parts[1][s] = part[1];
  }
  weights[0] = zcz_sv_tree(parts[0], (size_t)segments);
  weights[1] = zcz_sv_tree(parts[1], (size_t)segments);
}

double zcz_sv_norm2(const zcz_sv *state) {
  uint64_t blocks = state->num_blocks;
  int segments = blocks < ZCZ_SV_SEGMENTS ? (int)blocks : ZCZ_SV_SEGMENTS;
  uint64_t each = blocks / (uint64_t)segments;
  double parts[ZCZ_SV_SEGMENTS];
#pragma omp parallel for num_threads(state->threads) schedule(static) if (blocks >= 4096)
  for (int s = 0; s < segments; s++) {
    double lanes[16] = {0};
    zcz_sv_add_blocks(state, (uint64_t)s * each, each, lanes);
    parts[s] = zcz_sv_tree(lanes, (size_t)1 << state->lane_bits);
  }
  return zcz_sv_tree(parts, (size_t)segments);
}

void zcz_sv_collapse(zcz_sv *state, uint32_t qubit, int outcome, double scale) {
  zcz_complex matrix[4] = {{outcome ? 0 : scale, 0}, {0, 0}, {0, 0}, {outcome ? scale : 0, 0}};
  zcz_sv_dense(state, 1, &state->layout[qubit], 0, matrix);
}

void zcz_sv_reset(zcz_sv *state, uint32_t qubit, int outcome, double scale) {
  zcz_complex matrix[4] = {{outcome ? 0 : scale, 0}, {outcome ? scale : 0, 0}, {0, 0}, {0, 0}};
  zcz_sv_dense(state, 1, &state->layout[qubit], 0, matrix);
}

void zcz_sv_scale(zcz_sv *state, zcz_complex factor) { zcz_sv_dense(state, 0, NULL, 0, &factor); }

void zcz_sv_matrix(zcz_sv *state, uint32_t k, const uint32_t *qubits, const zcz_complex *matrix,
                   double *norm2) {
  uint32_t positions[2] = {state->layout[qubits[0]], k > 1 ? state->layout[qubits[1]] : 0};
  zcz_sv_dense(state, k, positions, 0, matrix);
  if (norm2) *norm2 = zcz_sv_norm2(state);
}

/* The upper triangle of the reduced density matrix from some groups, summed in order. */
ALWAYS_INLINE void reduced_groups(const zcz_sv *state, zcz_precision precision, uint32_t k,
                                  const uint64_t *offsets, const uint32_t *gaps, uint64_t first,
                                  uint64_t count, zcz_complex *rho) {
  uint32_t size = 1u << k;
  for (uint64_t g = first; g < first + count; g++) {
    uint64_t base = zcz_sv_spread(g, k, gaps);
    zcz_complex a[4];
    for (uint32_t i = 0; i < size; i++)
      a[i] = zcz_sv_get(state->data, base | offsets[i], precision);
    for (uint32_t r = 0; r < size; r++)
      for (uint32_t c = r; c < size; c++) {
        rho[r * size + c].re += a[r].re * a[c].re + a[r].im * a[c].im;
        rho[r * size + c].im += a[r].im * a[c].re - a[r].re * a[c].im;
      }
  }
}

ALWAYS_INLINE void reduced(const zcz_sv *state, zcz_precision precision, uint32_t k,
                           const uint32_t *positions, zcz_complex *rho) {
  uint32_t gaps[2] = {positions[0], positions[1]}, size = 1u << k;
  if (k == 2 && gaps[0] > gaps[1]) gaps[0] = positions[1], gaps[1] = positions[0];
  uint64_t offsets[4] = {0};
  for (uint32_t i = 0; i < size; i++)
    for (uint32_t b = 0; b < k; b++)
      if (i >> b & 1) offsets[i] |= (uint64_t)1 << positions[b];
  uint64_t groups = (uint64_t)1 << (state->num_qubits - k);
  int segments = groups < ZCZ_SV_SEGMENTS ? (int)groups : ZCZ_SV_SEGMENTS;
  uint64_t each = groups / (uint64_t)segments;
  double parts[32][ZCZ_SV_SEGMENTS];
#pragma omp parallel for num_threads(state->threads) schedule(static) if (groups >= 8192)
  for (int s = 0; s < segments; s++) {
    zcz_complex part[16] = {{0, 0}};
    reduced_groups(state, precision, k, offsets, gaps, (uint64_t)s * each, each, part);
    for (uint32_t i = 0; i < size * size; i++) {
      parts[2 * i][s] = part[i].re;
      parts[2 * i + 1][s] = part[i].im;
    }
  }
  for (uint32_t r = 0; r < size; r++)
    for (uint32_t c = r; c < size; c++) {
      uint32_t i = r * size + c;
      rho[i].re = zcz_sv_tree(parts[2 * i], (size_t)segments);
      rho[i].im = r == c ? 0 : zcz_sv_tree(parts[2 * i + 1], (size_t)segments);
      rho[c * size + r] = (zcz_complex){rho[i].re, -rho[i].im};
    }
}

void zcz_sv_reduced(const zcz_sv *state, uint32_t k, const uint32_t *qubits, zcz_complex *rho) {
  uint32_t positions[2] = {state->layout[qubits[0]], k > 1 ? state->layout[qubits[1]] : 0};
  if (state->precision == ZCZ_PRECISION_SINGLE) {
    if (k == 1)
      reduced(state, ZCZ_PRECISION_SINGLE, 1, positions, rho);
    else
      reduced(state, ZCZ_PRECISION_SINGLE, 2, positions, rho);
  } else {
    if (k == 1)
      reduced(state, ZCZ_PRECISION_DOUBLE, 1, positions, rho);
    else
      reduced(state, ZCZ_PRECISION_DOUBLE, 2, positions, rho);
  }
}

/* The sum over the 2^(n-k) stored indices that share the chosen bits: in runs of 1024, the runs by
 * pairs as they come. */
static double marginal_one(const zcz_sv *state, uint64_t fixed, uint32_t k, const uint32_t *gaps) {
  uint64_t count = (uint64_t)1 << (state->num_qubits - k), run = count < 1024 ? count : 1024;
  double pending[64];
  int depth = 0;
  for (uint64_t at = 0; at < count; at += run) {
    double sum = 0;
    for (uint64_t i = at; i < at + run; i++) {
      zcz_complex a = zcz_sv_get(state->data, fixed | zcz_sv_spread(i, k, gaps), state->precision);
      sum += square(a.re, a.im);
    }
    for (uint64_t done = at / run; done & 1; done >>= 1) sum += pending[--depth];
    pending[depth++] = sum;
  }
  return pending[0];
}

zcz_status zcz_sv_marginal(const zcz_sv *state, uint32_t k, const uint32_t *qubits,
                           double *probabilities, zcz_error *error) {
  uint32_t gaps[64], num_gaps = 0;
  uint64_t mask = 0;
  for (uint32_t i = 0; i < k; i++) mask |= (uint64_t)1 << state->layout[qubits[i]];
  for (; mask; mask &= mask - 1) gaps[num_gaps++] = (uint32_t)__builtin_ctzll(mask);
  if (num_gaps != k) return zcz_fail(error, ZCZ_ERROR_BUG, "a marginal names a qubit twice");
  int64_t count = (int64_t)1 << k;
#pragma omp parallel for num_threads(state->threads) schedule(static) if (state->num_blocks >= 4096)
  for (int64_t j = 0; j < count; j++) {
    uint64_t fixed = 0;
    for (uint32_t i = 0; i < k; i++) fixed |= ((uint64_t)j >> i & 1) << state->layout[qubits[i]];
    probabilities[j] = marginal_one(state, fixed, k, gaps);
  }
  return ZCZ_OK;
}
