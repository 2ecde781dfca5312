#include "sim/sampler.h"

#include "base/memory.h"
#include "base/progress.h"
#include "base/random.h"

#include <string.h>

/* ---- tally: a hash table of keys ---- */

struct zcz_tally {
  zcz_context *context;
  uint32_t num_bits, words;
  size_t count, capacity; /* entries; room for them */
  uint64_t *keys;         /* capacity * words */
  double *weights;
  size_t slots;    /* power of two */
  uint32_t *table; /* entry + 1; 0 = empty */
};

static zcz_status no_room(const zcz_tally *tally, zcz_error *error) {
  return zcz_fail_memory(tally->context, error, "the distribution of outcomes",
                         (uint64_t)tally->count * 2 * (8 * tally->words + 16));
}

zcz_status zcz_tally_new(zcz_context *context, uint32_t num_bits, zcz_tally **tally,
                         zcz_error *error) {
  zcz_tally *made = zcz_memory_zeroed(context, 1, sizeof *made);
  *tally = NULL;
  if (made == NULL)
    return zcz_fail_memory(context, error, "the distribution of outcomes", sizeof *made);
  made->context = context;
  made->num_bits = num_bits;
  made->words = num_bits == 0 ? 1 : (num_bits + 63) / 64;
  *tally = made;
  return ZCZ_OK;
}

void zcz_tally_free(zcz_tally *tally) {
  if (tally == NULL) return;
  zcz_context *context = tally->context;
  zcz_memory_release(context, tally->keys);
  zcz_memory_release(context, tally->weights);
  zcz_memory_release(context, tally->table);
  zcz_memory_release(context, tally);
}

static uint64_t hash(const uint64_t *key, uint32_t words) {
  uint64_t value = 0x9e3779b97f4a7c15u;
  for (uint32_t i = 0; i < words; i++) {
    value = (value ^ key[i]) * 0xbf58476d1ce4e5b9u;
    value ^= value >> 29;
  }
  return value ^ (value >> 32);
}

static bool enlarge(zcz_tally *tally) {
  size_t slots = tally->slots == 0 ? 64 : tally->slots * 2;
  size_t capacity = slots / 2;
  if (capacity >= UINT32_MAX / 2) return false;
  uint64_t *keys = zcz_memory_resize(tally->context, tally->keys, capacity * tally->words * 8);
  if (keys != NULL) tally->keys = keys;
  double *weights = zcz_memory_resize(tally->context, tally->weights, capacity * sizeof(double));
  if (weights != NULL) tally->weights = weights;
  uint32_t *table = zcz_memory_zeroed(tally->context, slots, sizeof(uint32_t));
  if (keys == NULL || weights == NULL || table == NULL) {
    zcz_memory_release(tally->context, table);
    return false;
  }
  for (size_t i = 0; i < tally->count; i++) {
    size_t slot = hash(keys + i * tally->words, tally->words) & (slots - 1);
    while (table[slot] != 0) slot = (slot + 1) & (slots - 1);
    table[slot] = (uint32_t)i + 1;
  }
  zcz_memory_release(tally->context, tally->table);
  tally->table = table;
  tally->slots = slots;
  tally->capacity = capacity;
  return true;
}

zcz_status zcz_tally_add(zcz_tally *tally, const uint64_t *key, double weight, zcz_error *error) {
  if (tally->count >= tally->capacity && !enlarge(tally)) return no_room(tally, error);
  size_t size = tally->words * sizeof(uint64_t);
  size_t slot = hash(key, tally->words) & (tally->slots - 1);
  while (tally->table[slot] != 0) {
    size_t entry = tally->table[slot] - 1;
    if (memcmp(tally->keys + entry * tally->words, key, size) == 0) {
      tally->weights[entry] += weight;
      return ZCZ_OK;
    }
    slot = (slot + 1) & (tally->slots - 1);
  }
  memcpy(tally->keys + tally->count * tally->words, key, size);
  tally->weights[tally->count] = weight;
  tally->table[slot] = (uint32_t)++tally->count;
  return ZCZ_OK;
}

static bool key_less(const zcz_tally *tally, uint32_t a, uint32_t b) {
  const uint64_t *x = tally->keys + (size_t)a * tally->words;
  const uint64_t *y = tally->keys + (size_t)b * tally->words;
  for (uint32_t i = tally->words; i-- > 0;)
    if (x[i] != y[i]) return x[i] < y[i];
  return false;
}

/* Merge sort, bottom up; the result is in `order`. */
static void sort_entries(const zcz_tally *tally, uint32_t *order, uint32_t *work, size_t count) {
  for (size_t width = 1; width < count; width *= 2) {
    for (size_t start = 0; start < count; start += 2 * width) {
      size_t middle = start + width < count ? start + width : count;
      size_t end = middle + width < count ? middle + width : count;
      size_t i = start, j = middle;
      for (size_t k = start; k < end; k++)
        work[k] = i < middle && (j >= end || !key_less(tally, order[j], order[i])) ? order[i++]
                                                                                   : order[j++];
    }
    memcpy(order, work, count * sizeof *order);
  }
}

zcz_status zcz_tally_finish(zcz_tally *tally, double zero, zcz_distribution *distribution,
                            zcz_error *error) {
  zcz_context *context = tally->context;
  size_t count = 0, kept = 0;
  *distribution = (zcz_distribution){.num_bits = tally->num_bits, .words = tally->words};
  uint32_t *order = zcz_memory_allocate(context, (tally->count + 1) * 2 * sizeof *order);
  if (order == NULL) return no_room(tally, error);
  double total = 0;
  for (size_t i = 0; i < tally->count; i++)
    if (tally->weights[i] > 0 && tally->weights[i] >= zero) order[count++] = (uint32_t)i;
  sort_entries(tally, order, order + count, count);
  for (size_t i = 0; i < count; i++) total += tally->weights[order[i]];
  distribution->keys = zcz_memory_allocate(context, count * tally->words * 8 + 8);
  distribution->probabilities = zcz_memory_allocate(context, count * sizeof(double) + 8);
  if (distribution->keys == NULL || distribution->probabilities == NULL) {
    zcz_memory_release(context, order);
    zcz_distribution_release(context, distribution);
    return no_room(tally, error);
  }
  for (; kept < count; kept++) {
    memcpy(distribution->keys + kept * tally->words,
           tally->keys + (size_t)order[kept] * tally->words, tally->words * 8);
    distribution->probabilities[kept] = tally->weights[order[kept]] / total;
  }
  distribution->count = kept;
  zcz_memory_release(context, order);
  if (kept == 0)
    return zcz_fail(error, ZCZ_ERROR_BUG, "a distribution of outcomes without any outcome");
  return ZCZ_OK;
}

void zcz_distribution_release(zcz_context *context, zcz_distribution *distribution) {
  zcz_memory_release(context, distribution->keys);
  zcz_memory_release(context, distribution->probabilities);
  *distribution = (zcz_distribution){0};
}

/* ---- sampler ---- */

struct zcz_sampler {
  zcz_context *context;
  const zcz_distribution *distribution;
  uint64_t seed;
  double *cumulative;
  uint32_t *guide; /* first entry whose cumulative weight passes j / guide_size */
  size_t guide_size;
};

zcz_status zcz_sampler_new(zcz_context *context, const zcz_distribution *distribution,
                           uint64_t seed, zcz_sampler **sampler, zcz_error *error) {
  *sampler = NULL;
  size_t count = distribution->count, size = 1;
  while (size < count) size *= 2;
  zcz_sampler *made = zcz_memory_zeroed(context, 1, sizeof *made);
  if (made != NULL) {
    *made = (zcz_sampler){
        .context = context, .distribution = distribution, .seed = seed, .guide_size = size};
    made->cumulative = zcz_memory_allocate(context, count * sizeof(double));
    made->guide = zcz_memory_allocate(context, size * sizeof(uint32_t));
  }
  if (made == NULL || made->cumulative == NULL || made->guide == NULL) {
    zcz_sampler_free(made);
    return zcz_fail_memory(context, error, "the table to draw shots from", count * 16);
  }
  double sum = 0;
  for (size_t i = 0; i < count; i++) made->cumulative[i] = sum += distribution->probabilities[i];
  made->cumulative[count - 1] = 2; /* whatever the rounding, the last entry takes the rest */
  size_t entry = 0;
  for (size_t j = 0; j < size; j++) {
    while (made->cumulative[entry] <= (double)j / (double)size) entry++;
    made->guide[j] = (uint32_t)entry;
  }
  *sampler = made;
  return ZCZ_OK;
}

void zcz_sampler_free(zcz_sampler *sampler) {
  if (sampler == NULL) return;
  zcz_memory_release(sampler->context, sampler->cumulative);
  zcz_memory_release(sampler->context, sampler->guide);
  zcz_memory_release(sampler->context, sampler);
}

/* Up to 64 shots, one word of every column. */
static void draw_word(const zcz_sampler *sampler, uint64_t first, uint32_t shots, uint64_t *column,
                      size_t stride) {
  const zcz_distribution *d = sampler->distribution;
  for (uint32_t b = 0; b < d->num_bits; b++) column[b * stride] = 0;
  for (uint32_t s = 0; s < shots; s++) {
    double u = zcz_random_unit(sampler->seed, ZCZ_PURPOSE_SAMPLE, first + s, 0, 0);
    size_t entry = sampler->guide[(size_t)(u * (double)sampler->guide_size)];
    while (sampler->cumulative[entry] <= u) entry++;
    for (uint32_t w = 0; w < d->words; w++)
      for (uint64_t key = d->keys[entry * d->words + w]; key != 0; key &= key - 1)
        column[(w * 64u + (uint32_t)__builtin_ctzll(key)) * stride] |= UINT64_C(1) << s;
  }
}

enum { PARALLEL_WORDS = 256, WORDS_PER_CHECK = 1024 };

zcz_status zcz_sampler_draw(zcz_sampler *sampler, uint64_t first, uint64_t count, uint64_t *columns,
                            zcz_error *error) {
  int64_t words = (int64_t)((count + 63) / 64);
  int threads = words < PARALLEL_WORDS ? 1 : zcz_context_threads(sampler->context);
  if (threads == 1) {
    for (int64_t w = 0; w < words; w++) {
      if (w % WORDS_PER_CHECK == 0 && zcz_cancelled(sampler->context)) break;
      uint64_t left = count - (uint64_t)w * 64;
      draw_word(sampler, first + (uint64_t)w * 64, left < 64 ? (uint32_t)left : 64, columns + w,
                (size_t)words);
    }
  } else {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t w = 0; w < words; w++) {
      if (zcz_cancelled(sampler->context)) continue;
      uint64_t left = count - (uint64_t)w * 64;
      draw_word(sampler, first + (uint64_t)w * 64, left < 64 ? (uint32_t)left : 64, columns + w,
                (size_t)words);
    }
  }
  if (zcz_cancelled(sampler->context)) return zcz_fail_cancelled(sampler->context, error);
  return ZCZ_OK;
}
