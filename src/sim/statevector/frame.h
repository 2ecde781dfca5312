/* From a circuit's operations to the few primitives that tiles can do.
 *
 * While operations are taken in, the state is G D F |stored>: F flips some positions, D is diagonal
 * (a factor for each position that is 1, one for each pair of positions that are), G a number. Most
 * gates only change G, D and F. Of a gate with four entries of equal modulus (H, sqrt X, CX between
 * two of them ...) what is left to do is diag(1, p) and a Hadamard, and all of D that meets its qubit
 * acts where the qubit is 1: that is the Hadamard's `twiddle`, as in a Fourier transform. SWAP moves
 * names only. What remains (general rotations, matrices) is `dense`. */
#ifndef ZCZ_SIM_STATEVECTOR_FRAME_H
#define ZCZ_SIM_STATEVECTOR_FRAME_H

#include "sim/statevector/internal.h"

/* Memory that is released all at once. */
typedef struct zcz_sv_arena {
  zcz_context *context;
  void *chunks; /* linked by their first word */
  char *at, *end;
} zcz_sv_arena;
/* 64-byte aligned; NULL when out of memory. */
void *zcz_sv_arena_take(zcz_sv_arena *arena, size_t bytes);
void zcz_sv_arena_release(zcz_sv_arena *arena);

typedef struct zcz_sv_coupling {
  uint32_t position;
  zcz_complex factor; /* modulus 1 */
} zcz_sv_coupling;

typedef enum zcz_sv_primitive_kind {
  ZCZ_SV_NOTHING,
  ZCZ_SV_HADAMARD, /* (a, b) -> (a, twiddle b) -> (a + b, a - b): not normalised */
  ZCZ_SV_DIAGONAL, /* the twiddle alone; its target need not be in the tile; target
                       ZCZ_NONE: everywhere */
  ZCZ_SV_PHASE,    /* `factor` where the positions of `diagonal` are `value` */
  ZCZ_SV_DENSE,    /* a matrix on targets where the positions of `diagonal` are `value` */
  ZCZ_SV_FLIP      /* exchanges 0 and 1 */
} zcz_sv_primitive_kind;

typedef struct zcz_sv_primitive {
  zcz_sv_primitive_kind kind;
  uint32_t target;
  uint64_t targets;  /* positions that must be in the tile */
  uint64_t diagonal; /* positions it depends on and leaves alone */
  uint64_t value;
  zcz_complex factor; /* PHASE; constant part of the twiddle */
  uint32_t num_couplings;
  uint32_t size; /* DENSE: rows */
  uint32_t k;    /* DENSE: targets */
  uint32_t positions[ZCZ_MAX_UNITARY_QUBITS];
  const zcz_sv_coupling *couplings; /* position 1: times factor */
  const zcz_complex *matrix;        /* size * size, row-major */
  const uint8_t *rows;              /* which targets are 1 in each row */
} zcz_sv_primitive;

typedef struct zcz_sv_frame {
  zcz_sv_arena *arena;
  uint32_t num_qubits;
  uint32_t layout[ZCZ_SV_MAX_QUBITS];
  uint64_t flips;
  zcz_complex global;
  zcz_complex phase[ZCZ_SV_MAX_QUBITS];
  uint64_t coupled[ZCZ_SV_MAX_QUBITS];   /* which pairs have a factor */
  zcz_complex *pair;                     /* num_qubits^2, both halves */
  size_t last_touch[ZCZ_SV_MAX_QUBITS];  /* 1 + number of the last primitive that names it */
  size_t last_target[ZCZ_SV_MAX_QUBITS]; /* ... that changes it */
  size_t hadamards;                      /* each owes a factor sqrt 1/2 */
  size_t count, capacity;
  zcz_sv_primitive *primitives;
  bool failed; /* out of memory */
} zcz_sv_frame;

zcz_status zcz_sv_frame_start(zcz_sv_frame *frame, zcz_sv_arena *arena, uint32_t num_qubits,
                              const uint32_t *layout, zcz_error *error) ZCZ_MUST_CHECK;
zcz_status zcz_sv_frame_take(zcz_sv_frame *frame, const zcz_op *op,
                             zcz_error *error) ZCZ_MUST_CHECK;
/* Makes primitives of all that is pending but the number `global`. */
zcz_status zcz_sv_frame_finish(zcz_sv_frame *frame, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_sv_frame_release(zcz_sv_frame *frame);

#endif
