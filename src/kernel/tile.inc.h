/* The kernels of one precision; see kernel.h for what they do and lanes.inc.h for what it is included
 * with. */
#include "kernel/lanes.inc.h"

/* ---- twiddles ---- */

/* What of a twiddle stays the same for all blocks, for one part of a block. */
typedef struct NAME(fixed) {
  bits sign, mask; /* mask: lanes that are turned at all */
  vec re, im, one; /* one: 1 in the lanes outside the mask */
} NAME(fixed);

ALWAYS_INLINE NAME(fixed)
    NAME(fix)(const zcz_twiddle *twiddle, zcz_twiddle_kind kind, uint32_t lane, uint32_t part) {
  NAME(fixed) f = {0};
  bits sign_bit = (bits)NAME(splat)((REAL)-0.0);
  f.mask = ~(bits){0};
  if (lane != ZCZ_NO_LANE)
    f.mask = (bits)(((NAME(iota)() + NAME(splat_bits)((UINT)(part * LANES))) &
                     NAME(splat_bits)((UINT)1 << lane)) != 0);
  f.one = (vec)((bits)NAME(splat)(1) & ~f.mask);
  if (kind == ZCZ_TWIDDLE_BLOCK && twiddle->negative) f.sign = sign_bit;
  if (kind != ZCZ_TWIDDLE_NONE && kind != ZCZ_TWIDDLE_BLOCK && kind != ZCZ_TWIDDLE_GENERAL) {
    f.sign = (bits)NAME(load)(twiddle->lane_signs, part);
    if (twiddle->negative) f.sign ^= sign_bit;
  }
  if (kind == ZCZ_TWIDDLE_CONSTANT || kind == ZCZ_TWIDDLE_SIGNED || kind == ZCZ_TWIDDLE_GENERAL) {
    f.re = NAME(load)(twiddle->lane_re, part);
    f.im = NAME(load)(twiddle->lane_im, part);
  }
  if (kind == ZCZ_TWIDDLE_CONSTANT) {
    f.re = NAME(xor)(f.re, f.sign & f.mask);
    f.im = NAME(xor)(f.im, f.sign & f.mask);
  }
  if (kind == ZCZ_TWIDDLE_GENERAL && twiddle->negative) {
    f.re = NAME(xor)(f.re, sign_bit);
    f.im = NAME(xor)(f.im, sign_bit);
  }
  return f;
}

/* `masked`: only the lanes of the mask are turned. */
ALWAYS_INLINE void NAME(turn)(vec *re, vec *im, zcz_twiddle_kind kind, bool masked,
                              const NAME(fixed) * f, const zcz_twiddle *twiddle, uint32_t block) {
  if (kind == ZCZ_TWIDDLE_NONE) return;
  if (kind == ZCZ_TWIDDLE_BLOCK) {
    NAME(multiply)
    (re, im, NAME(xor)(NAME(splat)(((const REAL *)twiddle->block_re)[block]), f->sign),
     NAME(xor)(NAME(splat)(((const REAL *)twiddle->block_im)[block]), f->sign));
    return;
  }
  if (kind == ZCZ_TWIDDLE_GENERAL) {
    vec bre = NAME(splat)(((const REAL *)twiddle->block_re)[block]);
    vec bim = NAME(splat)(((const REAL *)twiddle->block_im)[block]);
    vec wre = f->re * bre - f->im * bim, wim = f->re * bim + f->im * bre;
    if (masked) wre = wre + f->one;
    NAME(multiply)(re, im, wre, wim);
    return;
  }
  if (kind == ZCZ_TWIDDLE_CONSTANT) {
    NAME(multiply)(re, im, f->re, f->im);
    return;
  }
  bits sign = f->sign ^ NAME(sign_of)(twiddle->block_signs, block);
  if (masked) sign &= f->mask;
  if (kind == ZCZ_TWIDDLE_IMAGINARY) {
    vec r = *re;
    *re = NAME(xor)(*im, sign ^ (bits)NAME(splat)((REAL)-0.0));
    *im = NAME(xor)(r, sign);
    return;
  }
  *re = NAME(xor)(*re, sign);
  *im = NAME(xor)(*im, sign);
  if (kind == ZCZ_TWIDDLE_SIGNED) NAME(multiply)(re, im, f->re, f->im);
}

/* ---- Hadamards ---- */

ALWAYS_INLINE void NAME(butterfly)(vec *a, vec *b) {
  vec sum = *a + *b;
  *b = *a - *b;
  *a = sum;
}

ALWAYS_INLINE void NAME(hadamard_of)(void *tile, uint32_t blocks, uint32_t bit,
                                     const zcz_twiddle *twiddle, zcz_twiddle_kind kind) {
  const zcz_twiddle t = *twiddle;
  NAME(fixed) f[PARTS];
  for (uint32_t part = 0; part < PARTS; part++) f[part] = NAME(fix)(&t, kind, ZCZ_NO_LANE, part);
  for (uint32_t g = 0; g < blocks / 2; g++) {
    uint32_t i = NAME(gap)(g, bit), j = i | 1u << bit;
    for (uint32_t part = 0; part < PARTS; part++) {
      vec are = *NAME(re)(tile, i, part), aim = *NAME(im)(tile, i, part);
      vec bre = *NAME(re)(tile, j, part), bim = *NAME(im)(tile, j, part);
      NAME(turn)(&bre, &bim, kind, false, &f[part], &t, j);
      NAME(butterfly)(&are, &bre);
      NAME(butterfly)(&aim, &bim);
      *NAME(re)(tile, i, part) = are;
      *NAME(im)(tile, i, part) = aim;
      *NAME(re)(tile, j, part) = bre;
      *NAME(im)(tile, j, part) = bim;
    }
  }
}

static void NAME(hadamard)(void *tile, uint32_t blocks, uint32_t bit, const zcz_twiddle *twiddle) {
  switch (twiddle->kind) {
  case ZCZ_TWIDDLE_NONE: NAME(hadamard_of)(tile, blocks, bit, twiddle, ZCZ_TWIDDLE_NONE); break;
  case ZCZ_TWIDDLE_SIGN: NAME(hadamard_of)(tile, blocks, bit, twiddle, ZCZ_TWIDDLE_SIGN); break;
  case ZCZ_TWIDDLE_IMAGINARY:
    NAME(hadamard_of)(tile, blocks, bit, twiddle, ZCZ_TWIDDLE_IMAGINARY);
    break;
  case ZCZ_TWIDDLE_CONSTANT:
    NAME(hadamard_of)(tile, blocks, bit, twiddle, ZCZ_TWIDDLE_CONSTANT);
    break;
  case ZCZ_TWIDDLE_SIGNED: NAME(hadamard_of)(tile, blocks, bit, twiddle, ZCZ_TWIDDLE_SIGNED); break;
  case ZCZ_TWIDDLE_BLOCK: NAME(hadamard_of)(tile, blocks, bit, twiddle, ZCZ_TWIDDLE_BLOCK); break;
  case ZCZ_TWIDDLE_GENERAL:
    NAME(hadamard_of)(tile, blocks, bit, twiddle, ZCZ_TWIDDLE_GENERAL);
    break;
  case ZCZ_TWIDDLE_KINDS: break;
  }
}

ALWAYS_INLINE void NAME(hadamard2_of)(void *tile, uint32_t blocks, uint32_t bit1,
                                      const zcz_twiddle *first, zcz_twiddle_kind kind1,
                                      uint32_t bit2, const zcz_twiddle *second,
                                      zcz_twiddle_kind kind2) {
  uint32_t low = bit1 < bit2 ? bit1 : bit2, high = bit1 < bit2 ? bit2 : bit1;
  const zcz_twiddle t1 = *first, t2 = *second;
  NAME(fixed) f1[PARTS], f2[PARTS];
  for (uint32_t part = 0; part < PARTS; part++) {
    f1[part] = NAME(fix)(&t1, kind1, ZCZ_NO_LANE, part);
    f2[part] = NAME(fix)(&t2, kind2, ZCZ_NO_LANE, part);
  }
  /* Constants pass through the first butterfly, so that the last block is turned once. */
  const bool merge = kind1 == ZCZ_TWIDDLE_CONSTANT && kind2 == ZCZ_TWIDDLE_CONSTANT;
  NAME(fixed) both[PARTS];
  for (uint32_t part = 0; part < PARTS && merge; part++) {
    both[part] = f1[part];
    NAME(multiply)(&both[part].re, &both[part].im, f2[part].re, f2[part].im);
  }
  for (uint32_t g = 0; g < blocks / 4; g++) {
    uint32_t i = NAME(gap)(NAME(gap)(g, low), high);
    uint32_t i1 = i | 1u << bit1, i2 = i | 1u << bit2, i3 = i1 | i2;
    for (uint32_t part = 0; part < PARTS; part++) {
      vec re0 = *NAME(re)(tile, i, part), im0 = *NAME(im)(tile, i, part);
      vec re1 = *NAME(re)(tile, i1, part), im1 = *NAME(im)(tile, i1, part);
      vec re2 = *NAME(re)(tile, i2, part), im2 = *NAME(im)(tile, i2, part);
      vec re3 = *NAME(re)(tile, i3, part), im3 = *NAME(im)(tile, i3, part);
      NAME(turn)(&re1, &im1, kind1, false, &f1[part], &t1, i1);
      if (merge) {
        NAME(turn)(&re2, &im2, kind2, false, &f2[part], &t2, i2);
        NAME(turn)(&re3, &im3, kind1, false, &both[part], &t1, i3);
      } else {
        NAME(turn)(&re3, &im3, kind1, false, &f1[part], &t1, i3);
      }
      NAME(butterfly)(&re0, &re1);
      NAME(butterfly)(&im0, &im1);
      NAME(butterfly)(&re2, &re3);
      NAME(butterfly)(&im2, &im3);
      if (!merge) {
        NAME(turn)(&re2, &im2, kind2, false, &f2[part], &t2, i2);
        NAME(turn)(&re3, &im3, kind2, false, &f2[part], &t2, i3);
      }
      NAME(butterfly)(&re0, &re2);
      NAME(butterfly)(&im0, &im2);
      NAME(butterfly)(&re1, &re3);
      NAME(butterfly)(&im1, &im3);
      *NAME(re)(tile, i, part) = re0;
      *NAME(im)(tile, i, part) = im0;
      *NAME(re)(tile, i1, part) = re1;
      *NAME(im)(tile, i1, part) = im1;
      *NAME(re)(tile, i2, part) = re2;
      *NAME(im)(tile, i2, part) = im2;
      *NAME(re)(tile, i3, part) = re3;
      *NAME(im)(tile, i3, part) = im3;
    }
  }
}

ALWAYS_INLINE void NAME(hadamard2_first)(void *tile, uint32_t blocks, uint32_t bit1,
                                         const zcz_twiddle *t1, zcz_twiddle_kind kind1,
                                         uint32_t bit2, const zcz_twiddle *t2) {
  switch (t2->kind) {
  case ZCZ_TWIDDLE_NONE:
    NAME(hadamard2_of)(tile, blocks, bit1, t1, kind1, bit2, t2, ZCZ_TWIDDLE_NONE);
    break;
  case ZCZ_TWIDDLE_SIGN:
    NAME(hadamard2_of)(tile, blocks, bit1, t1, kind1, bit2, t2, ZCZ_TWIDDLE_SIGN);
    break;
  case ZCZ_TWIDDLE_IMAGINARY:
    NAME(hadamard2_of)(tile, blocks, bit1, t1, kind1, bit2, t2, ZCZ_TWIDDLE_IMAGINARY);
    break;
  case ZCZ_TWIDDLE_CONSTANT:
    NAME(hadamard2_of)(tile, blocks, bit1, t1, kind1, bit2, t2, ZCZ_TWIDDLE_CONSTANT);
    break;
  case ZCZ_TWIDDLE_SIGNED:
    NAME(hadamard2_of)(tile, blocks, bit1, t1, kind1, bit2, t2, ZCZ_TWIDDLE_SIGNED);
    break;
  case ZCZ_TWIDDLE_BLOCK:
    NAME(hadamard2_of)(tile, blocks, bit1, t1, kind1, bit2, t2, ZCZ_TWIDDLE_BLOCK);
    break;
  case ZCZ_TWIDDLE_GENERAL:
    NAME(hadamard2_of)(tile, blocks, bit1, t1, kind1, bit2, t2, ZCZ_TWIDDLE_GENERAL);
    break;
  case ZCZ_TWIDDLE_KINDS: break;
  }
}

static void NAME(hadamard2)(void *tile, uint32_t blocks, uint32_t bit1, const zcz_twiddle *t1,
                            uint32_t bit2, const zcz_twiddle *t2) {
  switch (t1->kind) {
  case ZCZ_TWIDDLE_NONE:
    NAME(hadamard2_first)(tile, blocks, bit1, t1, ZCZ_TWIDDLE_NONE, bit2, t2);
    break;
  case ZCZ_TWIDDLE_SIGN:
    NAME(hadamard2_first)(tile, blocks, bit1, t1, ZCZ_TWIDDLE_SIGN, bit2, t2);
    break;
  case ZCZ_TWIDDLE_IMAGINARY:
    NAME(hadamard2_first)(tile, blocks, bit1, t1, ZCZ_TWIDDLE_IMAGINARY, bit2, t2);
    break;
  case ZCZ_TWIDDLE_CONSTANT:
    NAME(hadamard2_first)(tile, blocks, bit1, t1, ZCZ_TWIDDLE_CONSTANT, bit2, t2);
    break;
  case ZCZ_TWIDDLE_SIGNED:
    NAME(hadamard2_first)(tile, blocks, bit1, t1, ZCZ_TWIDDLE_SIGNED, bit2, t2);
    break;
  case ZCZ_TWIDDLE_BLOCK:
    NAME(hadamard2_first)(tile, blocks, bit1, t1, ZCZ_TWIDDLE_BLOCK, bit2, t2);
    break;
  case ZCZ_TWIDDLE_GENERAL:
    NAME(hadamard2_first)(tile, blocks, bit1, t1, ZCZ_TWIDDLE_GENERAL, bit2, t2);
    break;
  case ZCZ_TWIDDLE_KINDS: break;
  }
}

/* A lane within a vector: each vector with its own lanes exchanged. */
ALWAYS_INLINE void NAME(hadamard_within)(void *tile, uint32_t blocks, uint32_t lane,
                                         const zcz_twiddle *twiddle, zcz_twiddle_kind kind) {
  bits sign_bit = (bits)NAME(splat)((REAL)-0.0);
  const zcz_twiddle t = *twiddle;
  NAME(fixed) f[PARTS];
  for (uint32_t part = 0; part < PARTS; part++) f[part] = NAME(fix)(&t, kind, lane, part);
  for (uint32_t i = 0; i < blocks; i++) {
    for (uint32_t part = 0; part < PARTS; part++) {
      bits minus = f[part].mask & sign_bit;
      vec re = *NAME(re)(tile, i, part), im = *NAME(im)(tile, i, part);
      NAME(turn)(&re, &im, kind, true, &f[part], &t, i);
      *NAME(re)(tile, i, part) = NAME(partner)(re, lane) + NAME(xor)(re, minus);
      *NAME(im)(tile, i, part) = NAME(partner)(im, lane) + NAME(xor)(im, minus);
    }
  }
}

/* A lane above the vector's: the parts of a block are a and b. */
ALWAYS_INLINE void NAME(hadamard_parts)(void *tile, uint32_t blocks, uint32_t lane,
                                        const zcz_twiddle *twiddle, zcz_twiddle_kind kind) {
  uint32_t step = (1u << lane) / LANES;
  const zcz_twiddle t = *twiddle;
  for (uint32_t part = 0; part < PARTS; part++) {
    if (part & step) continue;
    NAME(fixed) f = NAME(fix)(&t, kind, lane, part + step);
    for (uint32_t i = 0; i < blocks; i++) {
      vec are = *NAME(re)(tile, i, part), aim = *NAME(im)(tile, i, part);
      vec bre = *NAME(re)(tile, i, part + step), bim = *NAME(im)(tile, i, part + step);
      NAME(turn)(&bre, &bim, kind, false, &f, &t, i);
      NAME(butterfly)(&are, &bre);
      NAME(butterfly)(&aim, &bim);
      *NAME(re)(tile, i, part) = are;
      *NAME(im)(tile, i, part) = aim;
      *NAME(re)(tile, i, part + step) = bre;
      *NAME(im)(tile, i, part + step) = bim;
    }
  }
}

ALWAYS_INLINE void NAME(hadamard_at)(void *tile, uint32_t blocks, uint32_t lane,
                                     const zcz_twiddle *twiddle, zcz_twiddle_kind kind) {
  if ((1u << lane) >= LANES)
    NAME(hadamard_parts)(tile, blocks, lane, twiddle, kind);
  else
    NAME(hadamard_within)(tile, blocks, lane, twiddle, kind);
}

ALWAYS_INLINE void NAME(hadamard_lane_of)(void *tile, uint32_t blocks, uint32_t lane,
                                          const zcz_twiddle *twiddle) {
  switch (twiddle->kind) {
  case ZCZ_TWIDDLE_NONE: NAME(hadamard_at)(tile, blocks, lane, twiddle, ZCZ_TWIDDLE_NONE); break;
  case ZCZ_TWIDDLE_SIGN: NAME(hadamard_at)(tile, blocks, lane, twiddle, ZCZ_TWIDDLE_SIGN); break;
  case ZCZ_TWIDDLE_CONSTANT:
    NAME(hadamard_at)(tile, blocks, lane, twiddle, ZCZ_TWIDDLE_CONSTANT);
    break;
  case ZCZ_TWIDDLE_SIGNED:
    NAME(hadamard_at)(tile, blocks, lane, twiddle, ZCZ_TWIDDLE_SIGNED);
    break;
  case ZCZ_TWIDDLE_GENERAL:
    NAME(hadamard_at)(tile, blocks, lane, twiddle, ZCZ_TWIDDLE_GENERAL);
    break;
  case ZCZ_TWIDDLE_IMAGINARY: /* given as CONSTANT */
  case ZCZ_TWIDDLE_BLOCK:     /* given as GENERAL */
  case ZCZ_TWIDDLE_KINDS: break;
  }
}

static void NAME(hadamard_lane)(void *tile, uint32_t blocks, uint32_t lane,
                                const zcz_twiddle *twiddle) {
  if (lane == 0)
    NAME(hadamard_lane_of)(tile, blocks, 0, twiddle);
  else if (lane == 1)
    NAME(hadamard_lane_of)(tile, blocks, 1, twiddle);
  else if (lane == 2)
    NAME(hadamard_lane_of)(tile, blocks, 2, twiddle);
  else if (LANE_BITS > 3)
    NAME(hadamard_lane_of)(tile, blocks, LANE_BITS - 1, twiddle);
}

/* ---- diagonals, matrices ---- */

ALWAYS_INLINE void NAME(diagonal_of)(void *tile, uint32_t blocks, uint32_t mask, uint32_t value,
                                     uint32_t lane, const zcz_twiddle *twiddle,
                                     zcz_twiddle_kind kind) {
  for (uint32_t part = 0; part < PARTS; part++) {
    NAME(fixed) f = NAME(fix)(twiddle, kind, lane, part);
    for (uint32_t i = 0; i < blocks; i++) {
      if ((i & mask) != value) continue;
      NAME(turn)(NAME(re)(tile, i, part), NAME(im)(tile, i, part), kind, true, &f, twiddle, i);
    }
  }
}

static void NAME(diagonal)(void *tile, uint32_t blocks, uint32_t mask, uint32_t value,
                           uint32_t lane, const zcz_twiddle *twiddle) {
  switch (twiddle->kind) {
  case ZCZ_TWIDDLE_SIGN:
    NAME(diagonal_of)(tile, blocks, mask, value, lane, twiddle, ZCZ_TWIDDLE_SIGN);
    break;
  case ZCZ_TWIDDLE_IMAGINARY:
    NAME(diagonal_of)(tile, blocks, mask, value, lane, twiddle, ZCZ_TWIDDLE_IMAGINARY);
    break;
  case ZCZ_TWIDDLE_CONSTANT:
    NAME(diagonal_of)(tile, blocks, mask, value, lane, twiddle, ZCZ_TWIDDLE_CONSTANT);
    break;
  case ZCZ_TWIDDLE_SIGNED:
    NAME(diagonal_of)(tile, blocks, mask, value, lane, twiddle, ZCZ_TWIDDLE_SIGNED);
    break;
  case ZCZ_TWIDDLE_BLOCK:
    NAME(diagonal_of)(tile, blocks, mask, value, lane, twiddle, ZCZ_TWIDDLE_BLOCK);
    break;
  case ZCZ_TWIDDLE_GENERAL:
    NAME(diagonal_of)(tile, blocks, mask, value, lane, twiddle, ZCZ_TWIDDLE_GENERAL);
    break;
  case ZCZ_TWIDDLE_NONE:
  case ZCZ_TWIDDLE_KINDS: break;
  }
}

ALWAYS_INLINE void NAME(dense_group)(void *tile, uint32_t base, uint32_t part,
                                     const zcz_dense *dense, uint32_t size) {
  vec re[ZCZ_DENSE_MAX], im[ZCZ_DENSE_MAX];
  for (uint32_t c = 0; c < size; c++) {
    re[c] = *NAME(re)(tile, base | dense->offsets[c], part);
    im[c] = *NAME(im)(tile, base | dense->offsets[c], part);
  }
  const REAL *mre = dense->matrix_re, *mim = dense->matrix_im;
  for (uint32_t r = 0; r < size; r++, mre += size, mim += size) {
    vec sum_re = re[0] * NAME(splat)(mre[0]) - im[0] * NAME(splat)(mim[0]);
    vec sum_im = im[0] * NAME(splat)(mre[0]) + re[0] * NAME(splat)(mim[0]);
    for (uint32_t c = 1; c < size; c++) {
      sum_re = sum_re + (re[c] * NAME(splat)(mre[c]) - im[c] * NAME(splat)(mim[c]));
      sum_im = sum_im + (im[c] * NAME(splat)(mre[c]) + re[c] * NAME(splat)(mim[c]));
    }
    if (dense->lane_mask) {
      bits m = (bits)NAME(load)(dense->lane_mask, part);
      sum_re = (vec)(((bits)sum_re & m) | ((bits)re[r] & ~m));
      sum_im = (vec)(((bits)sum_im & m) | ((bits)im[r] & ~m));
    }
    *NAME(re)(tile, base | dense->offsets[r], part) = sum_re;
    *NAME(im)(tile, base | dense->offsets[r], part) = sum_im;
  }
}

ALWAYS_INLINE void NAME(dense_of)(void *tile, uint32_t blocks, const zcz_dense *dense,
                                  uint32_t size) {
  for (uint32_t part = 0; part < PARTS; part++)
    for (uint32_t g = 0; g < blocks >> dense->num_gaps; g++) {
      uint32_t base = g;
      for (uint32_t b = 0; b < dense->num_gaps; b++) base = NAME(gap)(base, dense->gaps[b]);
      NAME(dense_group)(tile, base, part, dense, size);
    }
}

static void NAME(dense)(void *tile, uint32_t blocks, const zcz_dense *dense) {
  if (dense->size == 2)
    NAME(dense_of)(tile, blocks, dense, 2);
  else if (dense->size == 4)
    NAME(dense_of)(tile, blocks, dense, 4);
  else
    NAME(dense_of)(tile, blocks, dense, dense->size);
}

#include "kernel/move.inc.h"

static const zcz_tile_kernels NAME(table) = {
    .gather = NAME(gather),
    .scatter = NAME(scatter),
    .hadamard = NAME(hadamard),
    .hadamard2 = NAME(hadamard2),
    .hadamard_lane = NAME(hadamard_lane),
    .diagonal = NAME(diagonal),
    .dense = NAME(dense),
    .swap_lane = NAME(swap_lane),
    .flip = NAME(flip),
    .flip_lane = NAME(flip_lane),
    .scale = NAME(scale),
    .fence = NAME(fence),
};

#undef ALWAYS_INLINE
#undef vec
#undef bits
#undef LANES
#undef PARTS
