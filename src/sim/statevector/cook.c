/* Primitives to kernel calls: where each position lies in the tile, tables of twiddles. */
#include <string.h>

#include "base/complex.h"
#include "base/memory.h"
#include "sim/statevector/plan.h"

enum { OUTSIDE = 255, HADAMARDS_BETWEEN_SCALES = 60, PAIR_LOOK = 48, MAX_WIDTH = 16 };

typedef struct kitchen {
  zcz_sv_plan *plan;
  zcz_sv_stage *stage;
  uint32_t lane_bits, width, block_bits;
  size_t number;                                         /* bytes of a number */
  uint8_t local[ZCZ_SV_MAX_QUBITS];                      /* bit of the tile's index, or OUTSIDE */
  const void *sign_tables[1 << ZCZ_SV_STAGE_BLOCK_BITS]; /* by mask of block bits */
  uint32_t hadamards;                                    /* since the last scale */
  bool failed;
} kitchen;

static const uint64_t zeros[1 << ZCZ_SV_STAGE_BLOCK_BITS] __attribute__((aligned(64)));

static void *take(kitchen *k, size_t bytes) {
  void *block = zcz_sv_arena_take(&k->plan->arena, bytes);
  if (!block) k->failed = true;
  return block;
}

static void put(const kitchen *k, void *array, uint32_t index, double value) {
  if (k->number == sizeof(float))
    ((float *)array)[index] = (float)value;
  else
    ((double *)array)[index] = value;
}

/* Half of the weight is multiplied by w rounded to single precision. */
static void drift(kitchen *k, zcz_complex w, double share) {
  double re = (float)w.re, im = (float)w.im, norm2 = zcz_complex_norm2(w);
  if (norm2 > 0) k->plan->drift *= 1 + ((re * re + im * im) / norm2 - 1) / 4 * share;
}

static zcz_sv_call *add_call(kitchen *k, zcz_sv_call_kind kind) {
  zcz_sv_call *call = &k->stage->calls[k->stage->num_calls++];
  memset(call, 0, sizeof *call);
  call->kind = kind;
  call->lane = ZCZ_NO_LANE;
  return call;
}

static uint32_t local_of(const kitchen *k, uint32_t position) { return k->local[position]; }

static bool is_lane(const kitchen *k, uint32_t local) { return local < k->lane_bits; }

/* ---- twiddles ---- */

/* -0.0 where an odd number of the mask's bits is 1. */
static const void *sign_table(kitchen *k, uint32_t mask) {
  if (!mask) return zeros;
  if (k->sign_tables[mask]) return k->sign_tables[mask];
  void *table = take(k, k->stage->blocks * k->number);
  if (!table) return zeros;
  for (uint32_t i = 0; i < k->stage->blocks; i++)
    put(k, table, i, __builtin_parity(i & mask) ? -0.0 : 0.0);
  return k->sign_tables[mask] = table;
}

/* Couplings of one primitive, by where their positions are. */
typedef struct sorted {
  uint32_t sign_blocks, sign_lanes; /* masks of those with -1 */
  bool general_blocks, general_lanes;
  zcz_complex block[ZCZ_SV_STAGE_BLOCK_BITS]; /* 1 where there is none */
  zcz_complex lane[4];
} sorted;

static void sort_couplings(kitchen *k, const zcz_sv_primitive *p, sorted *s, zcz_sv_cooked *c) {
  memset(s, 0, sizeof *s);
  for (uint32_t b = 0; b < ZCZ_SV_STAGE_BLOCK_BITS; b++) s->block[b].re = 1;
  for (uint32_t l = 0; l < 4; l++) s->lane[l].re = 1;
  zcz_sv_coupling *outer = NULL;
  for (uint32_t i = 0; i < p->num_couplings; i++) {
    zcz_sv_coupling coupling = p->couplings[i];
    bool sign = coupling.factor.re == -1 && coupling.factor.im == 0;
    uint32_t local = local_of(k, coupling.position);
    if (local == OUTSIDE && sign) {
      c->outer_signs |= (uint64_t)1 << coupling.position;
    } else if (local == OUTSIDE) {
      if (!outer) outer = take(k, p->num_couplings * sizeof *outer);
      if (!outer) return;
      outer[c->num_outer++] = coupling;
    } else if (is_lane(k, local)) {
      s->lane[local] = coupling.factor;
      s->sign_lanes |= (uint32_t)sign << local;
      s->general_lanes |= !sign;
    } else {
      s->block[local - k->lane_bits] = coupling.factor;
      s->sign_blocks |= (uint32_t)sign << (local - k->lane_bits);
      s->general_blocks |= !sign;
    }
  }
  c->outer = outer;
}

/* A factor a block: the constant times the factors of its bits. */
static void block_table(kitchen *k, const sorted *s, zcz_complex constant, zcz_twiddle *t) {
  uint32_t blocks = k->stage->blocks;
  void *re = take(k, blocks * k->number), *im = take(k, blocks * k->number);
  zcz_complex table[1 << ZCZ_SV_STAGE_BLOCK_BITS];
  if (!re || !im) return;
  table[0] = constant;
  for (uint32_t b = 0; 1u << b < blocks; b++)
    for (uint32_t i = 0; i < 1u << b; i++)
      table[i | 1u << b] = zcz_complex_multiply(table[i], s->block[b]);
  for (uint32_t i = 0; i < blocks; i++) {
    put(k, re, i, table[i].re);
    put(k, im, i, table[i].im);
    drift(k, table[i], 1.0 / blocks);
  }
  t->block_re = re;
  t->block_im = im;
}

static void lane_factors(const kitchen *k, const sorted *s, uint32_t but, zcz_complex *factors) {
  for (uint32_t l = 0; l < k->width; l++) {
    factors[l] = (zcz_complex){1, 0};
    for (uint32_t b = 0; b < k->lane_bits; b++)
      if ((l >> b & 1) && !(but >> b & 1))
        factors[l] = zcz_complex_multiply(factors[l], s->lane[b]);
  }
}

/* Lane arrays of constant times factors; kept in double where factors from outside are to come. */
static void lane_arrays(kitchen *k, zcz_sv_cooked *c, zcz_complex constant,
                        const zcz_complex *factors) {
  void *re = take(k, k->width * k->number), *im = take(k, k->width * k->number);
  double *kept_re = c->num_outer ? take(k, MAX_WIDTH * sizeof(double)) : NULL;
  double *kept_im = c->num_outer ? take(k, MAX_WIDTH * sizeof(double)) : NULL;
  if (!re || !im || (c->num_outer && (!kept_re || !kept_im))) return;
  for (uint32_t l = 0; l < k->width; l++) {
    bool turned = c->lane == ZCZ_NO_LANE || (l >> c->lane & 1);
    zcz_complex w = turned ? zcz_complex_multiply(constant, factors[l]) : (zcz_complex){c->rest, 0};
    put(k, re, l, w.re);
    put(k, im, l, w.im);
    if (turned && c->twiddle.kind != ZCZ_TWIDDLE_GENERAL) {
      double share = (c->lane == ZCZ_NO_LANE ? 1.0 : 2.0) / k->width;
      drift(k, w, share);
    }
    if (c->num_outer) kept_re[l] = factors[l].re, kept_im[l] = factors[l].im;
  }
  c->twiddle.lane_re = re;
  c->twiddle.lane_im = im;
  c->lane_re = kept_re;
  c->lane_im = kept_im;
}

static void lane_signs(kitchen *k, zcz_sv_cooked *c, uint32_t mask, bool negative) {
  c->twiddle.lane_signs = zeros;
  if (!mask && !negative) return;
  void *signs = take(k, k->width * k->number);
  if (!signs) return;
  for (uint32_t l = 0; l < k->width; l++)
    put(k, signs, l, (__builtin_parity(l & mask) ^ negative) ? -0.0 : 0.0);
  c->twiddle.lane_signs = signs;
}

/* The twiddle of a primitive whose target is `lane` (ZCZ_NO_LANE: no lane). */
static const zcz_sv_cooked *cook_twiddle(kitchen *k, const zcz_sv_primitive *p, uint32_t lane) {
  zcz_sv_cooked *c = take(k, sizeof *c);
  sorted s;
  zcz_complex factors[MAX_WIDTH];
  if (!c) return NULL;
  memset(c, 0, sizeof *c);
  c->lane = lane;
  c->constant = p->factor;
  sort_couplings(k, p, &s, c);
  zcz_twiddle *t = &c->twiddle;
  t->block_signs = zeros;
  if (s.general_blocks && !s.general_lanes && !s.sign_lanes && !c->num_outer &&
      lane == ZCZ_NO_LANE) {
    t->kind = ZCZ_TWIDDLE_BLOCK;
    block_table(k, &s, c->constant, t);
    return c;
  }
  if (s.general_blocks) {
    t->kind = ZCZ_TWIDDLE_GENERAL;
    block_table(k, &s, (zcz_complex){1, 0}, t);
    lane_factors(k, &s, 0, factors);
    lane_arrays(k, c, c->constant, factors);
    return c;
  }
  zcz_complex f = p->factor;
  bool real = f.im == 0 && (f.re == 1 || f.re == -1);
  bool imaginary = f.re == 0 && (f.im == 1 || f.im == -1);
  bool plain = !c->num_outer && !s.general_lanes && (real || (imaginary && lane == ZCZ_NO_LANE));
  t->block_signs = sign_table(k, s.sign_blocks);
  if (plain) {
    bool negative = f.re == -1 || f.im == -1;
    bool none = real && !negative && !s.sign_blocks && !s.sign_lanes && !c->outer_signs;
    t->kind = none ? ZCZ_TWIDDLE_NONE : real ? ZCZ_TWIDDLE_SIGN : ZCZ_TWIDDLE_IMAGINARY;
    lane_signs(k, c, s.sign_lanes, negative);
    return c;
  }
  t->kind = s.sign_blocks ? ZCZ_TWIDDLE_SIGNED : ZCZ_TWIDDLE_CONSTANT;
  c->rest = 1;
  lane_signs(k, c, s.sign_lanes, false);
  lane_factors(k, &s, s.sign_lanes, factors);
  lane_arrays(k, c, c->constant, factors);
  return c;
}

/* ---- calls ---- */

static void cook_hadamard(kitchen *k, const zcz_sv_primitive *p, const zcz_sv_primitive *second) {
  uint32_t local = local_of(k, p->target);
  if (is_lane(k, local)) {
    zcz_sv_call *call = add_call(k, ZCZ_SV_CALL_HADAMARD_LANE);
    call->lane = local;
    call->first = cook_twiddle(k, p, local);
    return;
  }
  zcz_sv_call *call = add_call(k, second ? ZCZ_SV_CALL_HADAMARD2 : ZCZ_SV_CALL_HADAMARD);
  call->bit = local - k->lane_bits;
  call->first = cook_twiddle(k, p, ZCZ_NO_LANE);
  if (second) {
    call->bit2 = local_of(k, second->target) - k->lane_bits;
    call->second = cook_twiddle(k, second, ZCZ_NO_LANE);
  }
}

static void cook_diagonal(kitchen *k, const zcz_sv_primitive *p) {
  zcz_sv_call *call = add_call(k, ZCZ_SV_CALL_DIAGONAL);
  uint32_t local = p->target == ZCZ_NONE ? OUTSIDE : local_of(k, p->target);
  if (p->target == ZCZ_NONE)
    call->mask = 0; /* everywhere */
  else if (local == OUTSIDE)
    call->outer_mask = call->outer_value = (uint64_t)1 << p->target;
  else if (is_lane(k, local))
    call->lane = local;
  else
    call->mask = call->value = 1u << (local - k->lane_bits);
  call->first = cook_twiddle(k, p, call->lane);
}

/* Where the positions of a mask are, and what they shall be. */
typedef struct place {
  uint64_t outer_mask, outer_value;
  uint32_t blocks_mask, blocks_value, lanes_mask, lanes_value;
} place;

static place place_of(const kitchen *k, const uint8_t *local, uint64_t mask, uint64_t value) {
  place at = {0};
  for (uint64_t m = mask; m; m &= m - 1) {
    uint32_t position = (uint32_t)__builtin_ctzll(m), one = (uint32_t)(value >> position & 1);
    uint32_t l = local[position];
    if (l == OUTSIDE) {
      at.outer_mask |= (uint64_t)1 << position;
      at.outer_value |= (uint64_t)one << position;
    } else if (is_lane(k, l)) {
      at.lanes_mask |= 1u << l;
      at.lanes_value |= one << l;
    } else {
      at.blocks_mask |= 1u << (l - k->lane_bits);
      at.blocks_value |= one << (l - k->lane_bits);
    }
  }
  return at;
}

static void cook_phase(kitchen *k, const zcz_sv_primitive *p) {
  zcz_sv_call *call = add_call(k, ZCZ_SV_CALL_DIAGONAL);
  place at = place_of(k, k->local, p->diagonal, p->value);
  call->outer_mask = at.outer_mask;
  call->outer_value = at.outer_value;
  call->mask = at.blocks_mask;
  call->value = at.blocks_value;
  zcz_sv_cooked *c = take(k, sizeof *c);
  void *re = take(k, k->width * k->number), *im = take(k, k->width * k->number);
  if (!c || !re || !im) return;
  memset(c, 0, sizeof *c);
  c->lane = ZCZ_NO_LANE;
  for (uint32_t l = 0; l < k->width; l++) {
    bool turned = (l & at.lanes_mask) == at.lanes_value;
    put(k, re, l, turned ? p->factor.re : 1);
    put(k, im, l, turned ? p->factor.im : 0);
  }
  c->twiddle = (zcz_twiddle){.kind = ZCZ_TWIDDLE_CONSTANT,
                             .lane_signs = zeros,
                             .block_signs = zeros,
                             .lane_re = re,
                             .lane_im = im};
  call->first = c;
}

/* Brings targets that are lanes into block bits, by exchanges before and after. */
static uint32_t free_lanes(const kitchen *k, const zcz_sv_primitive *p, uint8_t *local,
                           uint32_t (*swaps)[2]) {
  uint32_t count = 0, taken = 0;
  for (uint32_t t = 0; t < p->k; t++)
    if (!is_lane(k, local[p->positions[t]])) taken |= 1u << (local[p->positions[t]] - k->lane_bits);
  for (uint32_t t = 0; t < p->k; t++) {
    uint32_t lane = local[p->positions[t]];
    if (!is_lane(k, lane)) continue;
    uint32_t bit = k->block_bits;
    while (bit > 0 && (taken >> (bit - 1) & 1)) bit--;
    bit--;
    taken |= 1u << bit;
    for (uint32_t q = 0; q < ZCZ_SV_MAX_QUBITS; q++) {
      if (local[q] == lane)
        local[q] = (uint8_t)(k->lane_bits + bit);
      else if (local[q] == k->lane_bits + bit)
        local[q] = (uint8_t)lane;
    }
    swaps[count][0] = lane;
    swaps[count++][1] = bit;
  }
  return count;
}

static void dense_tables(kitchen *k, const zcz_sv_primitive *p, const uint8_t *local,
                         const place *at, zcz_dense *d) {
  uint32_t all = at->blocks_mask, entries = p->size * p->size;
  for (uint32_t t = 0; t < p->k; t++) all |= 1u << (local[p->positions[t]] - k->lane_bits);
  uint32_t *gaps = take(k, 32 * sizeof *gaps), *offsets = take(k, p->size * sizeof *offsets);
  void *re = take(k, entries * k->number), *im = take(k, entries * k->number);
  void *mask = at->lanes_mask ? take(k, k->width * k->number) : NULL;
  if (k->failed) return;
  for (uint32_t m = all; m; m &= m - 1) gaps[d->num_gaps++] = (uint32_t)__builtin_ctz(m);
  for (uint32_t r = 0; r < p->size; r++) {
    offsets[r] = at->blocks_value;
    for (uint32_t t = 0; t < p->k; t++)
      if (p->rows[r] >> t & 1) offsets[r] |= 1u << (local[p->positions[t]] - k->lane_bits);
  }
  for (uint32_t i = 0; i < entries; i++) {
    put(k, re, i, p->matrix[i].re);
    put(k, im, i, p->matrix[i].im);
  }
  for (uint32_t l = 0; mask && l < k->width; l++)
    memset((char *)mask + l * k->number, (l & at->lanes_mask) == at->lanes_value ? 255 : 0,
           k->number);
  d->size = p->size;
  d->gaps = gaps;
  d->offsets = offsets;
  d->matrix_re = re;
  d->matrix_im = im;
  d->lane_mask = mask;
}

static void cook_dense(kitchen *k, const zcz_sv_primitive *p) {
  uint8_t local[ZCZ_SV_MAX_QUBITS];
  uint32_t swaps[ZCZ_MAX_UNITARY_QUBITS][2];
  memcpy(local, k->local, sizeof local);
  uint32_t count = free_lanes(k, p, local, swaps);
  place at = place_of(k, local, p->diagonal, p->value);
  zcz_dense *d = take(k, sizeof *d);
  if (!d) return;
  memset(d, 0, sizeof *d);
  dense_tables(k, p, local, &at, d);
  for (uint32_t i = 0; i < count; i++) {
    zcz_sv_call *swap = add_call(k, ZCZ_SV_CALL_SWAP_LANE);
    swap->lane = swaps[i][0];
    swap->bit = swaps[i][1];
  }
  zcz_sv_call *call = add_call(k, ZCZ_SV_CALL_DENSE);
  call->dense = d;
  call->outer_mask = at.outer_mask;
  call->outer_value = at.outer_value;
  for (uint32_t i = count; i-- > 0;) {
    zcz_sv_call *swap = add_call(k, ZCZ_SV_CALL_SWAP_LANE);
    swap->lane = swaps[i][0];
    swap->bit = swaps[i][1];
  }
}

static void cook_flip(kitchen *k, const zcz_sv_primitive *p) {
  uint32_t local = local_of(k, p->target);
  zcz_sv_call *call = add_call(k, is_lane(k, local) ? ZCZ_SV_CALL_FLIP_LANE : ZCZ_SV_CALL_FLIP);
  call->lane = local;
  call->bit = local - k->lane_bits;
}

/* Hadamards grow the numbers; powers of two take that back exactly. */
static void count_hadamards(kitchen *k, uint32_t count) {
  k->hadamards += count;
  if (k->hadamards < HADAMARDS_BETWEEN_SCALES) return;
  zcz_sv_call *call = add_call(k, ZCZ_SV_CALL_SCALE);
  call->re = 1;
  for (; k->hadamards >= 2; k->hadamards -= 2) call->re /= 2;
}

/* A later Hadamard that may run together with the one at `from`: the number of its place, or count. */
static size_t find_partner(const kitchen *k, const zcz_sv_primitive *primitives,
                           const uint32_t *list, size_t count, size_t from, const uint8_t *used) {
  uint64_t targets = 0, any = 0;
  const zcz_sv_primitive *first = &primitives[list[from]];
  for (size_t i = from + 1; i < count && i < from + PAIR_LOOK; i++) {
    const zcz_sv_primitive *p = &primitives[list[i]];
    if (used[i]) continue;
    if (p->kind == ZCZ_SV_HADAMARD && p->target != first->target &&
        !is_lane(k, local_of(k, p->target)) && !(p->targets & any) && !(p->diagonal & targets))
      return i;
    targets |= p->targets;
    any |= p->targets | p->diagonal;
  }
  return count;
}

static void cook_one(kitchen *k, const zcz_sv_primitive *primitives, const uint32_t *list,
                     size_t count, size_t i, uint8_t *used) {
  const zcz_sv_primitive *p = &primitives[list[i]], *second = NULL;
  switch (p->kind) {
  case ZCZ_SV_HADAMARD:
    if (!is_lane(k, local_of(k, p->target))) {
      size_t j = find_partner(k, primitives, list, count, i, used);
      if (j < count) {
        second = &primitives[list[j]];
        used[j] = 1;
      }
    }
    cook_hadamard(k, p, second);
    count_hadamards(k, second ? 2 : 1);
    break;
  case ZCZ_SV_DIAGONAL: cook_diagonal(k, p); break;
  case ZCZ_SV_PHASE: cook_phase(k, p); break;
  case ZCZ_SV_DENSE: cook_dense(k, p); break;
  case ZCZ_SV_FLIP: cook_flip(k, p); break;
  case ZCZ_SV_NOTHING: break;
  }
}

/* Blocks of the tile: enough that every matrix finds block bits for its targets. */
static uint32_t block_bits_for(const kitchen *k, uint32_t num_positions,
                               const zcz_sv_primitive *primitives, const uint32_t *list,
                               size_t count) {
  uint32_t bits = num_positions > k->lane_bits ? num_positions - k->lane_bits : 0;
  for (size_t i = 0; i < count; i++)
    if (primitives[list[i]].kind == ZCZ_SV_DENSE && primitives[list[i]].k > bits)
      bits = primitives[list[i]].k;
  return bits;
}

static size_t calls_at_most(const kitchen *k, const zcz_sv_primitive *primitives,
                            const uint32_t *list, size_t count) {
  size_t calls = 4 + count / (HADAMARDS_BETWEEN_SCALES / 4);
  for (size_t i = 0; i < count; i++) {
    const zcz_sv_primitive *p = &primitives[list[i]];
    calls += p->kind == ZCZ_SV_DENSE ? 1 + 2 * p->k : 1;
  }
  (void)k;
  return calls;
}

zcz_status zcz_sv_cook(zcz_sv_plan *plan, zcz_sv_stage *stage, const uint32_t *positions,
                       uint32_t num_positions, const zcz_sv_primitive *primitives, uint32_t *list,
                       size_t count, zcz_error *error) {
  kitchen k = {.plan = plan, .stage = stage, .lane_bits = plan->lane_bits};
  k.width = 1u << k.lane_bits;
  k.number = plan->precision == ZCZ_PRECISION_SINGLE ? sizeof(float) : sizeof(double);
  memset(k.local, OUTSIDE, sizeof k.local);
  for (uint32_t i = 0; i < num_positions; i++) k.local[positions[i]] = (uint8_t)i;
  k.block_bits = block_bits_for(&k, num_positions, primitives, list, count);
  stage->memory_blocks = num_positions > k.lane_bits ? 1u << (num_positions - k.lane_bits) : 1;
  stage->blocks = 1u << k.block_bits;
  size_t most = calls_at_most(&k, primitives, list, count);
  stage->calls = take(&k, most * sizeof *stage->calls);
  uint8_t *used = take(&k, count + 1);
  if (stage->calls && used) {
    memset(used, 0, count + 1);
    for (size_t i = 0; i < count; i++)
      if (!used[i]) cook_one(&k, primitives, list, count, i, used);
  }
  plan->owed += k.hadamards;
  stage->scale = 1;
  for (; plan->owed >= 2; plan->owed -= 2) stage->scale /= 2;
  if (k.failed) return zcz_fail_memory(plan->context, error, "a plan", most * sizeof *stage->calls);
  return ZCZ_OK;
}
