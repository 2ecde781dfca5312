/* Philox4x32-10 (Random123) as a pure function of a key and a counter: nothing has state, so any
 * thread may draw any number, and the order of drawing changes nothing. */
#ifndef ZCZ_BASE_RANDOM_H
#define ZCZ_BASE_RANDOM_H

#include <stdint.h>

/* Version of the meaning of a seed; stands in every result. */
enum { ZCZ_RNG_VERSION = 1 };

/* One purpose per independent use; never reuse or renumber. */
typedef enum zcz_purpose {
  ZCZ_PURPOSE_SAMPLE = 1,  /* terminal measurement of a known distribution; site = component */
  ZCZ_PURPOSE_MEASURE = 2, /* collapse in one trajectory; site = operation */
  ZCZ_PURPOSE_CHANNEL = 3, /* which branch of a noise channel; site = operation */
  ZCZ_PURPOSE_READOUT = 4, /* readout confusion; site = operation */
  ZCZ_PURPOSE_FRAME = 5,   /* random Pauli frames of the stabilizer engine */
  ZCZ_PURPOSE_COMPILE = 6, /* placement and routing trials */
  ZCZ_PURPOSE_TEST = 7,
  ZCZ_PURPOSE_CHIP = 8,    /* synthetic calibration values */
  ZCZ_PURPOSE_TABLEAU = 9, /* reference sample of the stabilizer engine */
  ZCZ_PURPOSE_BRANCH = 10, /* splitting of shots over measured branches */
  ZCZ_PURPOSE_PART = 11    /* seeds of the parts of a program that never meet */
} zcz_purpose;

typedef struct zcz_random_block {
  uint32_t word[4];
} zcz_random_block;

/* The counter is (purpose, shot or block of shots, site or class of sites, draw). `shot` < 2^48,
 * `site` < 2^32, `draw` < 2^32 (purpose and the shot's high half share one word). */
zcz_random_block zcz_random(uint64_t seed, zcz_purpose purpose, uint64_t shot, uint32_t site,
                            uint32_t draw);

/* 53-bit uniform in [0, 1) from words 0, 1 (first) or 2, 3 (second) of a block. */
static inline double zcz_random_uniform(zcz_random_block block, int which) {
  uint64_t high = block.word[2 * which], low = block.word[2 * which + 1];
  return (double)(((high << 32) | low) >> 11) * 0x1p-53;
}

/* A convenience: the first uniform of the block. */
double zcz_random_unit(uint64_t seed, zcz_purpose purpose, uint64_t shot, uint32_t site,
                       uint32_t draw);

#endif
