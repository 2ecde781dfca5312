/* Inner loops over a tile: 2^b blocks of 128 bytes that lie together in the first-level cache. A
 * block is W real parts, then W imaginary parts (W = 16 float, 8 double). Of a tile's index the low
 * log2(W) bits are lanes, the others block bits, numbered from 0.
 *
 * One table for each instruction set, made from one source (tile.inc.h), all giving the same bits:
 * every set does the same additions and products on each amplitude, and no set fuses them. On the
 * cores we know a product and a sum go to different units, so fusing would gain little. */
#ifndef ZCZ_KERNEL_KERNEL_H
#define ZCZ_KERNEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zcz/context.h"

/* What multiplies the amplitudes whose target bit is 1, as a function of the other bits of the
 * tile. */
typedef enum zcz_twiddle_kind {
  ZCZ_TWIDDLE_NONE,      /* 1 */
  ZCZ_TWIDDLE_SIGN,      /* signs */
  ZCZ_TWIDDLE_IMAGINARY, /* signs times i */
  ZCZ_TWIDDLE_CONSTANT,  /* a factor a lane, with the lane's sign */
  ZCZ_TWIDDLE_SIGNED,    /* signs times a factor a lane */
  ZCZ_TWIDDLE_BLOCK,     /* a factor a block; never of a lane target */
  ZCZ_TWIDDLE_GENERAL,   /* a factor a lane times a factor a block */
  ZCZ_TWIDDLE_KINDS
} zcz_twiddle_kind;

/* Arrays are of the tile's precision: W numbers a lane array (64-byte aligned), one number a block
 * in block arrays. Signs are numbers +0.0 or -0.0, of which the sign bit is used. */
typedef struct zcz_twiddle {
  zcz_twiddle_kind kind;
  bool negative;                   /* all but NONE: one sign more */
  const void *lane_signs;          /* SIGN, IMAGINARY, CONSTANT, SIGNED */
  const void *block_signs;         /* SIGN, IMAGINARY, SIGNED */
  const void *lane_re, *lane_im;   /* CONSTANT, SIGNED, GENERAL */
  const void *block_re, *block_im; /* BLOCK, GENERAL */
} zcz_twiddle;

enum { ZCZ_DENSE_MAX = 64 };

/* A matrix on some blocks of a tile. */
typedef struct zcz_dense {
  uint32_t size; /* rows; at most ZCZ_DENSE_MAX */
  uint32_t num_gaps;
  const uint32_t *gaps;    /* block bits, ascending, that are 0 in the index that is walked */
  const uint32_t *offsets; /* block of each row, relative to it */
  const void *matrix_re, *matrix_im; /* size * size, row-major, in the tile's precision */
  const void *lane_mask;             /* all bits one in the lanes where it acts; NULL = all lanes */
} zcz_dense;

typedef struct zcz_tile_kernels {
  /* Block i of the tile comes from / goes to `memory` + offsets[i] bytes, times `scale`; `stream`:
   * past the caches. */
  void (*gather)(void *tile, const void *memory, const uint64_t *offsets, uint32_t blocks);
  void (*scatter)(void *memory, const uint64_t *offsets, const void *tile, uint32_t blocks,
                  double scale, bool stream);
  /* After streams, before another thread reads them. */
  void (*fence)(void);
  /* b times twiddle; then (a, b) becomes (a + b, a - b), for the target block bit ... */
  void (*hadamard)(void *tile, uint32_t blocks, uint32_t bit, const zcz_twiddle *twiddle);
  /* ... for two of them, one after the other ... */
  void (*hadamard2)(void *tile, uint32_t blocks, uint32_t bit1, const zcz_twiddle *twiddle1,
                    uint32_t bit2, const zcz_twiddle *twiddle2);
  /* ... for a target lane bit. */
  void (*hadamard_lane)(void *tile, uint32_t blocks, uint32_t lane, const zcz_twiddle *twiddle);
  /* The twiddle alone, on the blocks whose index under `mask` is `value`, and there in the lanes
   * that it names: its lane arrays are 1 (or +) elsewhere; GENERAL needs lane = ZCZ_NO_LANE or the
   * lane bit that must be 1. */
  void (*diagonal)(void *tile, uint32_t blocks, uint32_t mask, uint32_t value, uint32_t lane,
                   const zcz_twiddle *twiddle);
  void (*dense)(void *tile, uint32_t blocks, const zcz_dense *dense);
  /* Exchanges a lane bit and a block bit. */
  void (*swap_lane)(void *tile, uint32_t blocks, uint32_t lane, uint32_t bit);
  /* Exchanges the amplitudes of bit = 0 and 1. */
  void (*flip)(void *tile, uint32_t blocks, uint32_t bit);
  void (*flip_lane)(void *tile, uint32_t blocks, uint32_t lane);
  void (*scale)(void *tile, uint32_t blocks, double re, double im);
} zcz_tile_kernels;

enum { ZCZ_NO_LANE = 99 };

typedef struct zcz_kernels {
  const char *name;
  const zcz_tile_kernels *single_precision;
  const zcz_tile_kernels *double_precision;
} zcz_kernels;

extern const zcz_kernels zcz_kernels_base;
#if defined(__x86_64__)
extern const zcz_kernels zcz_kernels_avx2;
extern const zcz_kernels zcz_kernels_avx512;
#endif

/* The widest table not beyond `isa`. */
const zcz_kernels *zcz_kernels_of(zcz_isa isa);

#endif
