#include <string.h>

#include "base/memory.h"
#include "sim/stabilizer/exact.h"
#include "sim/stabilizer/frames.h"

static int highest_bit(const uint64_t *vector, uint32_t words) {
  for (uint32_t w = words; w-- > 0;)
    if (vector[w]) return (int)(64 * w) + 63 - __builtin_clzll(vector[w]);
  return -1;
}

static bool has_bit(const uint64_t *vector, int bit) { return vector[bit / 64] >> (bit % 64) & 1; }

static void add(uint64_t *target, const uint64_t *vector, uint32_t words) {
  for (uint32_t w = 0; w < words; w++) target[w] ^= vector[w];
}

/* Reduces `vector` by the basis and, where something is left, puts it in its place. */
static void insert(zcz_affine *affine, uint64_t *vector) {
  uint32_t words = affine->words, at = 0;
  for (uint32_t i = affine->dimension; i-- > 0;) {
    uint64_t *basis = affine->vectors + (size_t)i * words;
    if (has_bit(vector, highest_bit(basis, words))) add(vector, basis, words);
  }
  int top = highest_bit(vector, words);
  if (top < 0) return;
  for (uint32_t i = 0; i < affine->dimension; i++) {
    uint64_t *basis = affine->vectors + (size_t)i * words;
    if (has_bit(basis, top)) add(basis, vector, words);
    if (highest_bit(basis, words) < top) at = i + 1;
  }
  memmove(affine->vectors + ((size_t)at + 1) * words, affine->vectors + (size_t)at * words,
          (size_t)(affine->dimension - at) * words * 8);
  memcpy(affine->vectors + (size_t)at * words, vector, words * 8);
  affine->dimension++;
}

/* The span of the columns of `rows`, whose row b says which random numbers flip bit b. */
static void span(const zcz_frame_program *program, const uint64_t *rows, uint64_t *vector,
                 zcz_affine *affine) {
  size_t row_words = ((size_t)program->num_randoms + 63) / 64;
  for (uint32_t r = 0; r < program->num_randoms; r++) {
    memset(vector, 0, affine->words * 8);
    for (uint32_t b = 0; b < program->num_bits; b++)
      vector[b / 64] |= (rows[b * row_words + r / 64] >> (r % 64) & 1) << (b % 64);
    insert(affine, vector);
    if (affine->dimension > ZCZ_STABILIZER_RANDOM_BITS) return;
  }
}

zcz_status zcz_affine_new(const zcz_frame_program *program, zcz_affine *affine, zcz_error *error) {
  zcz_context *context = program->context;
  size_t row_words = ((size_t)program->num_randoms + 63) / 64;
  uint32_t words = (uint32_t)(((uint64_t)program->num_bits + 63) / 64);
  if (words == 0) words = 1;
  *affine = (zcz_affine){.words = words};
  ZCZ_TRY(zcz_memory_admit(context, "the dependence of outcomes on random bits",
                           (uint64_t)program->num_bits * row_words * 8, error));
  uint64_t *rows = zcz_memory_zeroed(context, (size_t)program->num_bits + 1, row_words * 8);
  uint8_t *reference = zcz_memory_zeroed(context, (size_t)program->num_bits + 1, 1);
  uint64_t *vector = zcz_memory_zeroed(context, words, 8);
  affine->origin = zcz_memory_zeroed(context, words, 8);
  affine->vectors = zcz_memory_zeroed(context, ZCZ_STABILIZER_RANDOM_BITS + 1, words * 8);
  zcz_status status = ZCZ_OK;
  if (!rows || !reference || !vector || !affine->origin || !affine->vectors)
    status = zcz_fail_memory(context, error, "the dependence of outcomes on random bits",
                             (uint64_t)program->num_bits * row_words * 8);
  if (status == ZCZ_OK) status = zcz_frames_dependence(program, rows, reference, error);
  if (status == ZCZ_OK) {
    span(program, rows, vector, affine);
    for (uint32_t b = 0; b < program->num_bits; b++)
      affine->origin[b / 64] |= (uint64_t)reference[b] << (b % 64);
    for (uint32_t i = 0; i < affine->dimension; i++) {
      const uint64_t *basis = affine->vectors + (size_t)i * words;
      if (has_bit(affine->origin, highest_bit(basis, words))) add(affine->origin, basis, words);
    }
  }
  zcz_memory_release(context, rows);
  zcz_memory_release(context, reference);
  zcz_memory_release(context, vector);
  if (status != ZCZ_OK) zcz_affine_release(context, affine);
  return status;
}

void zcz_affine_release(zcz_context *context, zcz_affine *affine) {
  zcz_memory_release(context, affine->origin);
  zcz_memory_release(context, affine->vectors);
  memset(affine, 0, sizeof *affine);
}

zcz_status zcz_affine_distribution(zcz_context *context, const zcz_affine *affine,
                                   uint32_t num_bits, zcz_distribution *distribution,
                                   zcz_error *error) {
  uint32_t words = affine->words;
  size_t count = (size_t)1 << affine->dimension;
  uint64_t bytes = count * (words + 1) * 8;
  ZCZ_TRY(zcz_memory_admit(context, "a distribution", bytes, error));
  *distribution = (zcz_distribution){.num_bits = num_bits, .words = words, .count = count};
  distribution->keys = zcz_memory_allocate(context, count * words * 8);
  distribution->probabilities = zcz_memory_allocate(context, count * 8);
  if (!distribution->keys || !distribution->probabilities) {
    zcz_memory_release(context, distribution->keys);
    zcz_memory_release(context, distribution->probabilities);
    *distribution = (zcz_distribution){0};
    return zcz_fail_memory(context, error, "a distribution", bytes);
  }
  double probability = 1.0 / (double)count;
  /* Number i takes the vectors of its set bits: ascending, as highest bits stand alone. */
  memcpy(distribution->keys, affine->origin, words * 8);
  for (size_t i = 0; i < count; i++) {
    distribution->probabilities[i] = probability;
    if (i == 0) continue;
    memcpy(distribution->keys + i * words, distribution->keys + (i & (i - 1)) * words, words * 8);
    add(distribution->keys + i * words, affine->vectors + (size_t)__builtin_ctzll(i) * words,
        words);
  }
  return ZCZ_OK;
}
