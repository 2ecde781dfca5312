/* A compiled list of operations: passes over memory, stages within a pass, kernel calls within a
 * stage.
 *
 * A pass takes tiles of 2^`bits` amplitudes (half the second-level cache), chosen by which stored
 * positions run free within one; a stage does the same within such a tile, by smaller tiles that stay
 * in the first-level cache. The first stage reads memory, the last writes it, those between work in a
 * buffer. A small state is one tile. */
#ifndef ZCZ_SIM_STATEVECTOR_PLAN_H
#define ZCZ_SIM_STATEVECTOR_PLAN_H

#include "kernel/kernel.h"
#include "sim/statevector/frame.h"

enum {
  ZCZ_SV_BLOCK_BYTES = 128,
  ZCZ_SV_STAGE_BLOCK_BITS = 7, /* blocks of a stage's tile, log2: 16 KiB */
  ZCZ_SV_PASS_BLOCK_BITS = 11, /* of a pass's tile: 256 KiB */
  ZCZ_SV_STAGE_BYTES = ZCZ_SV_BLOCK_BYTES << ZCZ_SV_STAGE_BLOCK_BITS,
  ZCZ_SV_PASS_BYTES = ZCZ_SV_BLOCK_BYTES << ZCZ_SV_PASS_BLOCK_BITS,
  ZCZ_SV_SINGLE_LEVEL_BLOCK_BITS = 13 /* states up to this many blocks need no buffer between */
};

typedef enum zcz_sv_call_kind {
  ZCZ_SV_CALL_HADAMARD,
  ZCZ_SV_CALL_HADAMARD2,
  ZCZ_SV_CALL_HADAMARD_LANE,
  ZCZ_SV_CALL_DIAGONAL,
  ZCZ_SV_CALL_DENSE,
  ZCZ_SV_CALL_SWAP_LANE,
  ZCZ_SV_CALL_FLIP,
  ZCZ_SV_CALL_FLIP_LANE,
  ZCZ_SV_CALL_SCALE
} zcz_sv_call_kind;

/* A twiddle whose factors from outside the tile are still to be put in. */
typedef struct zcz_sv_cooked {
  zcz_twiddle twiddle;
  uint64_t outer_signs; /* positions outside the tile with factor -1 */
  uint32_t num_outer;   /* ... with another factor */
  const zcz_sv_coupling *outer;
  zcz_complex constant;            /* num_outer > 0: the lane arrays are made anew for each tile: */
  const double *lane_re, *lane_im; /* constant * outer factors * these, */
  uint32_t lane;                   /* in the lanes where this bit is 1 (ZCZ_NO_LANE: all), */
  double rest;                     /* this in the others */
} zcz_sv_cooked;

typedef struct zcz_sv_call {
  zcz_sv_call_kind kind;
  uint32_t bit, bit2; /* block bits */
  uint32_t lane;
  uint32_t mask, value;             /* DIAGONAL: block bits */
  uint64_t outer_mask, outer_value; /* DIAGONAL, DENSE: only where the tile's positions are so */
  double re, im;                    /* SCALE */
  const zcz_sv_cooked *first, *second;
  const zcz_dense *dense;
} zcz_sv_call;

typedef struct zcz_sv_stage {
  uint32_t blocks;                             /* of its tile */
  uint32_t memory_blocks;                      /* fewer where a small state is padded with zeros */
  uint32_t num_tiles;                          /* within the pass's tile */
  const uint64_t *in_memory, *in_buffer;       /* bytes of each block */
  const uint64_t *tile_index, *tile_in_buffer; /* stored index, bytes of each tile's start */
  uint32_t num_calls;
  zcz_sv_call *calls;
  double scale; /* put on when it is written */
} zcz_sv_stage;

typedef struct zcz_sv_pass {
  uint32_t num_positions;
  uint32_t positions[ZCZ_SV_MAX_QUBITS]; /* of its tile, ascending */
  uint64_t targets;                      /* positions that its primitives change */
  uint32_t num_stages;
  zcz_sv_stage *stages;
} zcz_sv_pass;

struct zcz_sv_plan {
  zcz_context *context;
  uint32_t num_qubits;
  zcz_precision precision;
  uint32_t lane_bits;
  bool keep_layout;
  uint32_t start[ZCZ_SV_MAX_QUBITS]; /* layout it wants */
  uint32_t end[ZCZ_SV_MAX_QUBITS];   /* after the passes */
  uint32_t num_passes;
  size_t pass_capacity;
  zcz_sv_pass *passes;
  /* While it is made: what rounding the twiddles to their precision does to the norm on average, taken
   * back at the end; in single precision it would be most of the error. */
  double drift;
  uint32_t owed; /* while it is made: Hadamards whose sqrt 1/2 is not in any scale yet */
  zcz_sv_arena arena;
};

/* Which of some primitives run in one tile. */
typedef struct zcz_sv_choice {
  uint64_t positions;
  size_t count; /* primitives that run */
} zcz_sv_choice;

/* Chooses `size` positions of `universe` (those of `always` among them) so that many of the
 * primitives may run, and moves these, in their order, to `run`; the others stay in `list`. Two
 * primitives that share a position may change places only if both leave it alone. */
zcz_sv_choice zcz_sv_choose(const zcz_sv_primitive *primitives, uint32_t *list, size_t *count,
                            uint64_t universe, uint64_t always, uint32_t size, uint32_t *run);

/* Makes the stage's calls of its primitives. `positions`: of its tile, ascending. */
zcz_status zcz_sv_cook(zcz_sv_plan *plan, zcz_sv_stage *stage, const uint32_t *positions,
                       uint32_t num_positions, const zcz_sv_primitive *primitives, uint32_t *list,
                       size_t count, zcz_error *error) ZCZ_MUST_CHECK;

#endif
