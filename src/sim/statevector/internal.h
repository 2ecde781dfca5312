/* The inside of a state vector; only src/sim/statevector looks into it. */
#ifndef ZCZ_SIM_STATEVECTOR_INTERNAL_H
#define ZCZ_SIM_STATEVECTOR_INTERNAL_H

#include "kernel/kernel.h"
#include "sim/statevector/state.h"

/* A sum over all amplitudes is cut into at most this many segments, by the number of qubits alone. */
enum { ZCZ_SV_SEGMENTS = 256 };

/* A stage's tile and a pass's tile; see plan.h. */
enum { ZCZ_SV_WORK_BYTES = (16 + 256) << 10 };
/* States from this size on are written past the caches. */
#define ZCZ_SV_STREAM_BYTES ((uint64_t)64 << 20)

struct zcz_sv {
  zcz_context *context;
  uint32_t num_qubits;
  zcz_precision precision;
  int threads;
  uint32_t lane_bits;  /* log2 of W */
  uint64_t num_blocks; /* at least 1: below lane_bits qubits the lanes left over stay 0 */
  void *data;
  void *work; /* ZCZ_SV_WORK_BYTES for each thread */
  const zcz_tile_kernels *kernels;
  uint64_t support; /* amplitudes with any other bit of the stored index at 1 are 0 */
  uint32_t layout[ZCZ_SV_MAX_QUBITS]; /* bit of the stored index that is qubit q */
};

/* Place of the real part of a stored index, in numbers of the state's precision; the imaginary part
 * stands 1 << lane_bits behind it. */
static inline uint64_t zcz_sv_place(uint64_t index, uint32_t lane_bits) {
  uint64_t lanes = ((uint64_t)1 << lane_bits) - 1;
  return ((index & ~lanes) << 1) | (index & lanes);
}

static inline zcz_complex zcz_sv_get(const void *data, uint64_t index, zcz_precision precision) {
  if (precision == ZCZ_PRECISION_SINGLE) {
    const float *p = (const float *)data + zcz_sv_place(index, 4);
    return (zcz_complex){p[0], p[16]};
  }
  const double *p = (const double *)data + zcz_sv_place(index, 3);
  return (zcz_complex){p[0], p[8]};
}

static inline void zcz_sv_put(void *data, uint64_t index, zcz_precision precision, zcz_complex a) {
  if (precision == ZCZ_PRECISION_SINGLE) {
    float *p = (float *)data + zcz_sv_place(index, 4);
    p[0] = (float)a.re;
    p[16] = (float)a.im;
  } else {
    double *p = (double *)data + zcz_sv_place(index, 3);
    p[0] = a.re;
    p[8] = a.im;
  }
}

/* Opens a gap of a zero bit at each of the ascending `bits`. */
static inline uint64_t zcz_sv_spread(uint64_t index, uint32_t count, const uint32_t *bits) {
  for (uint32_t i = 0; i < count; i++) {
    uint64_t low = ((uint64_t)1 << bits[i]) - 1;
    index = ((index & ~low) << 1) | (index & low);
  }
  return index;
}

/* The stored index of an index by qubits. */
uint64_t zcz_sv_stored(const zcz_sv *state, uint64_t index);
/* And back. */
uint64_t zcz_sv_logical(const zcz_sv *state, uint64_t stored);

/* Applies a 2^k x 2^k matrix (k <= 6, bit i of its indices = positions[i]) to stored positions,
 * where all positions of `controls` (a mask) are 1. Any matrix; the arithmetic is in double. */
void zcz_sv_dense(zcz_sv *state, uint32_t k, const uint32_t *positions, uint64_t controls,
                  const zcz_complex *matrix);
/* Swaps the contents of two stored positions. */
void zcz_sv_swap(zcz_sv *state, uint32_t a, uint32_t b);

/* What a GATE or UNITARY operation does: a matrix on k <= 6 targets where all controls are 1. GPHASE
 * has k = 0. */
typedef struct zcz_sv_action {
  uint32_t k;
  const uint32_t *targets; /* qubits */
  const uint32_t *controls;
  uint32_t num_controls;
  const zcz_complex *matrix;
  zcz_complex small[16];
} zcz_sv_action;
void zcz_sv_action_of(const zcz_op *op, zcz_sv_action *action);

/* Adds |a|^2 of some blocks to one sum a lane. */
void zcz_sv_add_blocks(const zcz_sv *state, uint64_t first, uint64_t count, double *lanes);

/* Sum of count values (count >= 1) in a fixed tree. */
double zcz_sv_tree(const double *values, size_t count);

#endif
