/* An open-addressing table; an entry is its key's words followed by its count. */
#define _GNU_SOURCE
#include "run/counts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct zcz_counts {
  zcz_context *context;
  uint32_t num_bits, words;
  size_t size, slots; /* slots is a power of two, at least twice the size */
  uint64_t *entries;  /* slots * (words + 1); count 0 = empty */
};

zcz_status zcz_counts_new(zcz_context *context, uint32_t num_bits, zcz_counts **counts,
                          zcz_error *error) {
  zcz_counts *made = zcz_memory_zeroed(context, 1, sizeof *made);
  *counts = made;
  if (made == NULL) return zcz_fail_memory(context, error, "counts", sizeof *made);
  made->context = context;
  made->num_bits = num_bits;
  made->words = num_bits == 0 ? 1 : (num_bits + 63) / 64;
  made->slots = 64;
  made->entries = zcz_memory_zeroed(context, made->slots, (made->words + 1) * sizeof(uint64_t));
  if (made->entries != NULL) return ZCZ_OK;
  zcz_counts_free(made);
  *counts = NULL;
  return zcz_fail_memory(context, error, "counts", 64 * sizeof(uint64_t));
}

void zcz_counts_free(zcz_counts *counts) {
  if (counts == NULL) return;
  zcz_memory_release(counts->context, counts->entries);
  zcz_memory_release(counts->context, counts);
}

uint32_t zcz_counts_key_words(const zcz_counts *counts) { return counts->words; }

static size_t hash(const uint64_t *key, uint32_t words) {
  uint64_t h = 0;
  for (uint32_t w = 0; w < words; w++) {
    h = (h ^ key[w]) * 0x9e3779b97f4a7c15u;
    h ^= h >> 32;
  }
  return (size_t)h;
}

/* The entry of a key, or the empty one where it belongs. */
static uint64_t *find(uint64_t *entries, size_t slots, uint32_t words, const uint64_t *key) {
  for (size_t slot = hash(key, words);; slot++) {
    uint64_t *entry = entries + (slot & (slots - 1)) * (words + 1);
    if (entry[words] == 0 || memcmp(entry, key, words * sizeof *key) == 0) return entry;
  }
}

static zcz_status grow(zcz_counts *counts, zcz_error *error) {
  const uint32_t words = counts->words;
  const size_t slots = 2 * counts->slots, bytes = (words + 1) * sizeof(uint64_t);
  uint64_t *entries = zcz_memory_zeroed(counts->context, slots, bytes);
  if (entries == NULL) return zcz_fail_memory(counts->context, error, "counts", slots * bytes);
  for (size_t i = 0; i < counts->slots; i++) {
    const uint64_t *entry = counts->entries + i * (words + 1);
    if (entry[words] > 0) memcpy(find(entries, slots, words, entry), entry, bytes);
  }
  zcz_memory_release(counts->context, counts->entries);
  counts->entries = entries;
  counts->slots = slots;
  return ZCZ_OK;
}

static zcz_status add_key(zcz_counts *counts, const uint64_t *key, zcz_error *error) {
  uint64_t *entry = find(counts->entries, counts->slots, counts->words, key);
  if (entry[counts->words]++ > 0) return ZCZ_OK;
  memcpy(entry, key, counts->words * sizeof *key);
  counts->size++;
  return 2 * counts->size > counts->slots ? grow(counts, error) : ZCZ_OK;
}

void zcz_transpose64(uint64_t *words) {
  uint64_t mask = 0x00000000ffffffffu;
  for (unsigned shift = 32; shift > 0; shift >>= 1, mask ^= mask << shift)
    for (unsigned i = 0; i < 64; i = (i + shift + 1) & ~shift) {
      uint64_t swap = ((words[i] >> shift) ^ words[i + shift]) & mask;
      words[i] ^= swap << shift;
      words[i + shift] ^= swap;
    }
}

/* The keys of up to 64 shots out of the columns' words number `block`: square[64 w + s] = word w of shot s. */
static void gather(const zcz_counts *counts, const uint64_t *columns, uint64_t column_words,
                   uint64_t block, uint64_t *square) {
  for (uint32_t w = 0; w < counts->words; w++) {
    for (uint32_t i = 0; i < 64; i++) {
      uint32_t bit = 64 * w + i;
      square[64 * w + i] = bit < counts->num_bits ? columns[bit * column_words + block] : 0;
    }
    zcz_transpose64(square + 64 * w);
  }
}

zcz_status zcz_counts_add(zcz_counts *counts, uint64_t shots, const uint64_t *columns,
                          uint64_t *keys, zcz_error *error) {
  const uint32_t words = counts->words;
  const uint64_t column_words = (shots + 63) / 64;
  uint64_t small[4 * 65], *square = small;
  if (words > 4) {
    square = zcz_memory_allocate(counts->context, words * 65 * sizeof *square);
    if (square == NULL)
      return zcz_fail_memory(counts->context, error, "counts", words * 65 * sizeof *square);
  }
  uint64_t *key = square + words * 64;
  zcz_status status = ZCZ_OK;
  for (uint64_t block = 0; block < column_words && status == ZCZ_OK; block++) {
    gather(counts, columns, column_words, block, square);
    uint64_t here = shots - 64 * block < 64 ? shots - 64 * block : 64;
    for (uint64_t s = 0; s < here && status == ZCZ_OK; s++) {
      for (uint32_t w = 0; w < words; w++) key[w] = square[64 * w + s];
      if (keys != NULL) memcpy(keys + (64 * block + s) * words, key, words * sizeof *key);
      status = add_key(counts, key, error);
    }
  }
  if (square != small) zcz_memory_release(counts->context, square);
  return status;
}

static int by_count(const void *left, const void *right, void *user) {
  const uint32_t words = *(const uint32_t *)user;
  const uint64_t *a = left, *b = right;
  if (a[words] != b[words]) return a[words] > b[words] ? -1 : 1;
  for (uint32_t w = words; w-- > 0;)
    if (a[w] != b[w]) return a[w] < b[w] ? -1 : 1;
  return 0;
}

void zcz_counts_sort(zcz_counts *counts) {
  const size_t stride = counts->words + 1;
  size_t kept = 0;
  for (size_t i = 0; i < counts->slots; i++) {
    const uint64_t *entry = counts->entries + i * stride;
    if (entry[counts->words] == 0) continue;
    if (kept < i) memcpy(counts->entries + kept * stride, entry, stride * sizeof *entry);
    kept++;
  }
  qsort_r(counts->entries, kept, stride * sizeof *counts->entries, by_count, &counts->words);
}

size_t zcz_counts_size(const zcz_counts *counts) { return counts->size; }

uint64_t zcz_counts_get(const zcz_counts *counts, size_t index, const uint64_t **key) {
  const uint64_t *entry = counts->entries + index * (counts->words + 1);
  *key = entry;
  return entry[counts->words];
}
