/* Any matrix on a few positions, in the plainest way: the path for Kraus operators and for whatever
 * the tiles of apply.c do not take. */
#include "sim/statevector/internal.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Positions of targets and controls, ascending, so that indices may be opened at them. */
static uint32_t sorted_gaps(uint32_t k, const uint32_t *positions, uint64_t controls,
                            uint32_t *gaps) {
  uint64_t mask = controls;
  for (uint32_t i = 0; i < k; i++) mask |= (uint64_t)1 << positions[i];
  uint32_t count = 0;
  for (; mask; mask &= mask - 1) gaps[count++] = (uint32_t)__builtin_ctzll(mask);
  return count;
}

ALWAYS_INLINE void dense_group(void *data, zcz_precision precision, uint64_t base,
                               const uint64_t *offsets, uint32_t size, const zcz_complex *matrix) {
  zcz_complex in[64];
  for (uint32_t i = 0; i < size; i++) in[i] = zcz_sv_get(data, base | offsets[i], precision);
  for (uint32_t r = 0; r < size; r++) {
    zcz_complex sum = {0, 0};
    for (uint32_t c = 0; c < size; c++) {
      zcz_complex m = matrix[r * size + c];
      sum.re += m.re * in[c].re - m.im * in[c].im;
      sum.im += m.re * in[c].im + m.im * in[c].re;
    }
    zcz_sv_put(data, base | offsets[r], precision, sum);
  }
}

ALWAYS_INLINE void dense_all(zcz_sv *state, zcz_precision precision, uint32_t k,
                             const uint32_t *positions, uint64_t controls,
                             const zcz_complex *matrix) {
  uint32_t gaps[64], num_gaps = sorted_gaps(k, positions, controls, gaps);
  uint64_t offsets[64];
  uint32_t size = 1u << k;
  for (uint32_t i = 0; i < size; i++) {
    offsets[i] = controls;
    for (uint32_t b = 0; b < k; b++)
      if (i >> b & 1) offsets[i] |= (uint64_t)1 << positions[b];
  }
  int64_t groups = (int64_t)1 << (state->num_qubits - num_gaps);
  void *data = state->data;
#pragma omp parallel for num_threads(state->threads) schedule(static) if (groups >= 8192)
  for (int64_t g = 0; g < groups; g++)
    dense_group(data, precision, zcz_sv_spread((uint64_t)g, num_gaps, gaps), offsets, size, matrix);
}

void zcz_sv_dense(zcz_sv *state, uint32_t k, const uint32_t *positions, uint64_t controls,
                  const zcz_complex *matrix) {
  for (uint32_t i = 0; i < k; i++) state->support |= (uint64_t)1 << positions[i];
  if (state->precision == ZCZ_PRECISION_SINGLE) {
    if (k == 1)
      dense_all(state, ZCZ_PRECISION_SINGLE, 1, positions, controls, matrix);
    else if (k == 2)
      dense_all(state, ZCZ_PRECISION_SINGLE, 2, positions, controls, matrix);
    else
      dense_all(state, ZCZ_PRECISION_SINGLE, k, positions, controls, matrix);
  } else {
    if (k == 1)
      dense_all(state, ZCZ_PRECISION_DOUBLE, 1, positions, controls, matrix);
    else if (k == 2)
      dense_all(state, ZCZ_PRECISION_DOUBLE, 2, positions, controls, matrix);
    else
      dense_all(state, ZCZ_PRECISION_DOUBLE, k, positions, controls, matrix);
  }
}

void zcz_sv_swap(zcz_sv *state, uint32_t a, uint32_t b) {
  uint32_t gaps[2] = {a < b ? a : b, a < b ? b : a};
  state->support |= (uint64_t)1 << a | (uint64_t)1 << b;
  int64_t groups = (int64_t)1 << (state->num_qubits - 2);
  uint64_t first = (uint64_t)1 << a, second = (uint64_t)1 << b;
#pragma omp parallel for num_threads(state->threads) schedule(static) if (groups >= 8192)
  for (int64_t g = 0; g < groups; g++) {
    uint64_t base = zcz_sv_spread((uint64_t)g, 2, gaps);
    zcz_complex x = zcz_sv_get(state->data, base | first, state->precision);
    zcz_complex y = zcz_sv_get(state->data, base | second, state->precision);
    zcz_sv_put(state->data, base | first, state->precision, y);
    zcz_sv_put(state->data, base | second, state->precision, x);
  }
}
