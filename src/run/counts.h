/* Counting shots by their classical memory. */
#ifndef ZCZ_RUN_COUNTS_H
#define ZCZ_RUN_COUNTS_H

#include "zcz/context.h"

typedef struct zcz_counts zcz_counts;

zcz_status zcz_counts_new(zcz_context *context, uint32_t num_bits, zcz_counts **counts,
                          zcz_error *error) ZCZ_MUST_CHECK;
void zcz_counts_free(zcz_counts *counts);
/* Adds `shots` shots given bit by bit: bit s % 64 of columns[b * words + s / 64], words = (shots + 63) / 64. Where
 * `keys` is not NULL, the key of shot s goes to keys[s * key words] too. */
zcz_status zcz_counts_add(zcz_counts *counts, uint64_t shots, const uint64_t *columns,
                          uint64_t *keys, zcz_error *error) ZCZ_MUST_CHECK;
uint32_t zcz_counts_key_words(const zcz_counts *counts); /* at least 1 */

/* Puts them in order: most frequent first, equal ones by key. Afterwards nothing may be added. */
void zcz_counts_sort(zcz_counts *counts);
size_t zcz_counts_size(const zcz_counts *counts);
uint64_t zcz_counts_get(const zcz_counts *counts, size_t index, const uint64_t **key);

/* Transposes a 64 x 64 bit matrix in place: bit j of word i becomes bit i of word j. */
void zcz_transpose64(uint64_t *words);

#endif
