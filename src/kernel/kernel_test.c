/* Every kernel of every instruction set gives the bits of the base set, on random tiles. The lane
 * logic of 64-byte vectors is tested on any machine: the same source is compiled here with them and
 * lowered by the compiler to what there is. (The base set itself is held to the oracle by the tests of
 * the state vector.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cpu.h"
#include "base/random.h"
#include "kernel/kernel.h"

#pragma GCC diagnostic ignored "-Wpsabi"
#define KERNELS zcz_kernels_wide
#define KERNELS_NAME "64-byte vectors, lowered"
#define VECTOR_BYTES 64
extern const zcz_kernels zcz_kernels_wide;
#include "kernel/set.inc.h"

enum { BLOCKS = 64, BYTES = BLOCKS * 128 };

typedef struct fixture {
  bool is_double;
  const zcz_kernels *sets[4];
  int num_sets;
} fixture;

typedef struct tile {
  char bytes[BYTES] __attribute__((aligned(64)));
} tile;

static uint32_t draws;

static double roll(void) { return zcz_random_unit(1, ZCZ_PURPOSE_TEST, 0, 9, draws++) * 2 - 1; }

static void fill(const fixture *f, void *array, size_t count, int signs) {
  for (size_t i = 0; i < count; i++) {
    double x = roll();
    if (signs) x = x < 0 ? -0.0 : 0.0;
    if (f->is_double)
      ((double *)array)[i] = x;
    else
      ((float *)array)[i] = (float)x;
  }
}

static const zcz_tile_kernels *kernels_of(const fixture *f, int set) {
  return f->is_double ? f->sets[set]->double_precision : f->sets[set]->single_precision;
}

/* Arrays of a twiddle, filled at random. */
typedef struct arrays {
  double lanes[4][16] __attribute__((aligned(64)));
  double blocks[3][BLOCKS] __attribute__((aligned(64)));
} arrays;

static zcz_twiddle random_twiddle(const fixture *f, arrays *a, zcz_twiddle_kind kind,
                                  bool negative) {
  fill(f, a->lanes[0], 16, 1);
  fill(f, a->lanes[1], 16, 0);
  fill(f, a->lanes[2], 16, 0);
  fill(f, a->blocks[0], BLOCKS, 1);
  fill(f, a->blocks[1], BLOCKS, 0);
  fill(f, a->blocks[2], BLOCKS, 0);
  return (zcz_twiddle){.kind = kind,
                       .negative = negative,
                       .lane_signs = a->lanes[0],
                       .block_signs = a->blocks[0],
                       .lane_re = a->lanes[1],
                       .lane_im = a->lanes[2],
                       .block_re = a->blocks[1],
                       .block_im = a->blocks[2]};
}

/* What one test does to a tile with one set. */
typedef void action(const zcz_tile_kernels *kernels, tile *t, const void *what);

static void on_all_sets(const fixture *f, action *act, const void *what) {
  static tile start, first, other;
  fill(f, start.bytes, BYTES / (f->is_double ? 8 : 4), 0);
  first = start;
  act(kernels_of(f, 0), &first, what);
  for (int s = 1; s < f->num_sets; s++) {
    other = start;
    act(kernels_of(f, s), &other, what);
    if (memcmp(&other, &first, sizeof first) != 0) {
      print_message("%s differs from %s\n", f->sets[s]->name, f->sets[0]->name);
      fail();
    }
  }
}

typedef struct twiddled {
  const zcz_twiddle *first, *second;
  uint32_t bit, bit2, mask, value;
} twiddled;

static void act_hadamard(const zcz_tile_kernels *k, tile *t, const void *what) {
  const twiddled *w = what;
  k->hadamard(t, BLOCKS, w->bit, w->first);
}

static void act_hadamard2(const zcz_tile_kernels *k, tile *t, const void *what) {
  const twiddled *w = what;
  k->hadamard2(t, BLOCKS, w->bit, w->first, w->bit2, w->second);
}

static void act_hadamard_lane(const zcz_tile_kernels *k, tile *t, const void *what) {
  const twiddled *w = what;
  k->hadamard_lane(t, BLOCKS, w->bit, w->first);
}

static void act_diagonal(const zcz_tile_kernels *k, tile *t, const void *what) {
  const twiddled *w = what;
  k->diagonal(t, BLOCKS, w->mask, w->value, w->bit, w->first);
}

static void hadamards(fixture *f) {
  arrays one, two;
  for (int k1 = 0; k1 < ZCZ_TWIDDLE_KINDS; k1++)
    for (int k2 = 0; k2 < ZCZ_TWIDDLE_KINDS; k2++)
      for (uint32_t pair = 0; pair < 4; pair++) {
        static const uint32_t bits[4][2] = {{0, 1}, {3, 2}, {1, 4}, {5, 0}};
        zcz_twiddle first = random_twiddle(f, &one, (zcz_twiddle_kind)k1, pair & 1);
        zcz_twiddle second = random_twiddle(f, &two, (zcz_twiddle_kind)k2, pair & 2);
        twiddled w = {&first, &second, bits[pair][0], bits[pair][1], 0, 0};
        on_all_sets(f, act_hadamard, &w);
        on_all_sets(f, act_hadamard2, &w);
      }
}

/* As the contract wants it: outside the target's lanes the factor is 1 (GENERAL: 0). */
static void keep_other_lanes(const fixture *f, arrays *a, zcz_twiddle_kind kind, uint32_t lane) {
  for (uint32_t l = 0; l < 16; l++) {
    double one = kind == ZCZ_TWIDDLE_GENERAL ? 0 : 1;
    if (l >> lane & 1) continue;
    if (f->is_double && l < 8) {
      a->lanes[1][l] = one;
      a->lanes[2][l] = 0;
    } else if (!f->is_double) {
      ((float *)a->lanes[1])[l] = (float)one;
      ((float *)a->lanes[2])[l] = 0;
    }
  }
}

static void lanes_and_diagonals(fixture *f) {
  arrays one;
  uint32_t lanes = f->is_double ? 3 : 4;
  for (int kind = 0; kind < ZCZ_TWIDDLE_KINDS; kind++)
    for (uint32_t lane = 0; lane <= lanes; lane++) {
      zcz_twiddle first = random_twiddle(f, &one, (zcz_twiddle_kind)kind, lane & 1);
      bool block_only = kind == ZCZ_TWIDDLE_IMAGINARY || kind == ZCZ_TWIDDLE_BLOCK;
      twiddled w = {&first, NULL, lane, 0, lane * 5 & 63, lane & 5};
      if (lane < lanes && block_only) continue;
      if (lane < lanes) keep_other_lanes(f, &one, first.kind, lane);
      if (lane < lanes) on_all_sets(f, act_hadamard_lane, &w);
      if (lane == lanes) w.bit = ZCZ_NO_LANE;
      w.value &= w.mask;
      on_all_sets(f, act_diagonal, &w);
    }
}

static void act_dense(const zcz_tile_kernels *k, tile *t, const void *what) {
  k->dense(t, BLOCKS, what);
}

static void matrices(fixture *f) {
  static double re[64 * 64], im[64 * 64], mask[16] __attribute__((aligned(64)));
  uint32_t gaps[6], offsets[64];
  for (uint32_t k = 1; k <= 6; k++)
    for (int masked = 0; masked < 2; masked++) {
      fill(f, re, 64 * 64, 0);
      fill(f, im, 64 * 64, 0);
      for (size_t i = 0; i < 16; i++)
        memset((char *)mask + i * (f->is_double ? 8 : 4), roll() < 0 ? 255 : 0,
               f->is_double ? 8 : 4);
      for (uint32_t b = 0; b < k; b++) gaps[b] = 6 - k + b;
      for (uint32_t r = 0; r < 1u << k; r++) offsets[r] = r << (6 - k);
      zcz_dense d = {1u << k, k, gaps, offsets, re, im, masked ? mask : NULL};
      on_all_sets(f, act_dense, &d);
    }
}

static void act_swap_lane(const zcz_tile_kernels *k, tile *t, const void *what) {
  const twiddled *w = what;
  k->swap_lane(t, BLOCKS, w->bit, w->bit2);
}

static void act_flip(const zcz_tile_kernels *k, tile *t, const void *what) {
  const twiddled *w = what;
  k->flip(t, BLOCKS, w->bit2);
  k->flip_lane(t, BLOCKS, w->bit);
}

static void act_copy(const zcz_tile_kernels *k, tile *t, const void *what) {
  tile copy;
  uint64_t offsets[BLOCKS];
  const twiddled *w = what;
  for (uint32_t i = 0; i < BLOCKS; i++) offsets[i] = (uint64_t)(i ^ 5) * 128;
  k->gather(&copy, t, offsets, BLOCKS);
  k->scale(&copy, BLOCKS, 0.3, w->bit ? 0.4 : 0);
  k->scatter(t, offsets, &copy, BLOCKS, w->bit2 ? 0.7 : 1, w->mask);
  k->fence();
}

static void moves(fixture *f) {
  for (uint32_t lane = 0; lane < (f->is_double ? 3u : 4u); lane++)
    for (uint32_t bit = 0; bit < 6; bit++) {
      twiddled w = {.bit = lane, .bit2 = bit, .mask = bit & 1};
      on_all_sets(f, act_swap_lane, &w);
      on_all_sets(f, act_flip, &w);
      on_all_sets(f, act_copy, &w);
    }
}

static fixture new_fixture(bool is_double) {
  fixture f = {
      .is_double = is_double, .sets = {&zcz_kernels_base, &zcz_kernels_wide}, .num_sets = 2};
#if defined(__x86_64__)
  if (zcz_cpu_isa() >= ZCZ_ISA_AVX2) f.sets[f.num_sets++] = &zcz_kernels_avx2;
  if (zcz_cpu_isa() >= ZCZ_ISA_AVX512) f.sets[f.num_sets++] = &zcz_kernels_avx512;
#endif
  return f;
}

static void test_sets_agree(void **unused) {
  (void)unused;
  for (int is_double = 0; is_double < 2; is_double++) {
    fixture f = new_fixture(is_double);
    hadamards(&f);
    lanes_and_diagonals(&f);
    matrices(&f);
    moves(&f);
    print_message("%s precision:", is_double ? "double" : "single");
    for (int s = 0; s < f.num_sets; s++) print_message(" %s%s", s ? "= " : "", f.sets[s]->name);
    print_message("\n");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_sets_agree)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
