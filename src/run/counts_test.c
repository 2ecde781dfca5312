#include "run/counts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/random.h"

/* Bit b of shot s, by a rule that makes few distinct keys. */
static bool bit_of(uint64_t s, uint32_t b) { return ((s % 7) * 2654435761u >> (b % 23)) & 1; }

/* Against counting one shot at a time with a list. */
static void check(uint32_t bits, uint64_t shots, uint64_t batch) {
  zcz_context *context;
  zcz_counts *counts;
  assert_int_equal(zcz_context_new(NULL, &context, NULL), ZCZ_OK);
  assert_int_equal(zcz_counts_new(context, bits, &counts, NULL), ZCZ_OK);
  const uint32_t words = zcz_counts_key_words(counts);
  uint64_t *keys = calloc(shots * words + 1, sizeof *keys);
  for (uint64_t first = 0; first < shots; first += batch) {
    const uint64_t count = shots - first < batch ? shots - first : batch;
    const uint64_t column = (count + 63) / 64;
    uint64_t *columns = calloc(bits * column + 1, sizeof *columns);
    for (uint32_t b = 0; b < bits; b++)
      for (uint64_t s = 0; s < count; s++)
        columns[b * column + s / 64] |= (uint64_t)bit_of(first + s, b) << (s % 64);
    assert_int_equal(zcz_counts_add(counts, count, columns, keys + first * words, NULL), ZCZ_OK);
    free(columns);
  }
  for (uint64_t s = 0; s < shots; s++)
    for (uint32_t b = 0; b < bits; b++)
      assert_int_equal(keys[s * words + b / 64] >> (b % 64) & 1, bit_of(s, b));
  zcz_counts_sort(counts);
  uint64_t total = 0, before = UINT64_MAX;
  for (size_t i = 0; i < zcz_counts_size(counts); i++) {
    const uint64_t *key;
    const uint64_t count = zcz_counts_get(counts, i, &key);
    uint64_t seen = 0;
    for (uint64_t s = 0; s < shots; s++)
      seen += memcmp(keys + s * words, key, words * sizeof *key) == 0;
    assert_int_equal(count, seen);
    assert_true(count <= before);
    before = count;
    total += count;
  }
  assert_int_equal(total, shots);
  free(keys);
  zcz_counts_free(counts);
  zcz_context_free(context);
}

static void test_counts(void **state) {
  (void)state;
  static const uint32_t bits[] = {0, 1, 2, 63, 64, 65, 105, 300, 420};
  for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
    check(bits[i], 1, 64);
    check(bits[i], 64, 64);
    check(bits[i], 1000, 192);
    check(bits[i], 257, 5);
  }
}

static void test_growth(void **state) {
  (void)state;
  zcz_context *context;
  zcz_counts *counts;
  assert_int_equal(zcz_context_new(NULL, &context, NULL), ZCZ_OK);
  assert_int_equal(zcz_counts_new(context, 64, &counts, NULL), ZCZ_OK);
  enum { SHOTS = 64 * 500 };
  uint64_t columns[64];
  for (uint64_t block = 0; block < SHOTS / 64; block++) {
    for (uint32_t b = 0; b < 64; b++) /* every shot its own key: its number */
      columns[b] = b < 6 ? 0 : (block >> (b - 6) & 1 ? UINT64_MAX : 0);
    for (uint32_t b = 0; b < 6; b++)
      for (uint32_t s = 0; s < 64; s++) columns[b] |= (uint64_t)(s >> b & 1) << s;
    assert_int_equal(zcz_counts_add(counts, 64, columns, NULL, NULL), ZCZ_OK);
  }
  assert_int_equal(zcz_counts_size(counts), SHOTS);
  zcz_counts_sort(counts);
  for (size_t i = 0; i < SHOTS; i++) {
    const uint64_t *key;
    assert_int_equal(zcz_counts_get(counts, i, &key), 1);
    assert_int_equal(*key, i);
  }
  zcz_counts_free(counts);
  zcz_context_free(context);
}

static void test_transpose(void **state) {
  (void)state;
  uint64_t words[64], turned[64];
  for (uint32_t i = 0; i < 64; i++) {
    zcz_random_block block = zcz_random(1, ZCZ_PURPOSE_TEST, 0, 0, i);
    words[i] = turned[i] = (uint64_t)block.word[0] << 32 | block.word[1];
  }
  zcz_transpose64(turned);
  for (uint32_t i = 0; i < 64; i++)
    for (uint32_t j = 0; j < 64; j++) assert_int_equal(words[i] >> j & 1, turned[j] >> i & 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_transpose),
                                     cmocka_unit_test(test_counts), cmocka_unit_test(test_growth)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
