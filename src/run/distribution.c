/* The exact distribution of a job: the product of its parts' distributions, sorted by key. */
#include <string.h>

#include "base/memory.h"
#include "run/work.h"

static int compare_keys(const uint64_t *a, const uint64_t *b, uint32_t words) {
  for (uint32_t w = words; w-- > 0;)
    if (a[w] != b[w]) return a[w] < b[w] ? -1 : 1;
  return 0;
}

/* Sorts by key: a merge sort of the order, then one pass that applies it. */
static zcz_status sort_distribution(zcz_context *context, zcz_distribution *d, zcz_error *error) {
  const size_t n = d->count, stride = d->words;
  bool sorted = true;
  for (size_t i = 1; i < n && sorted; i++)
    sorted = compare_keys(d->keys + (i - 1) * stride, d->keys + i * stride, d->words) < 0;
  if (sorted) return ZCZ_OK;
  size_t *order = zcz_memory_allocate(context, 2 * n * sizeof *order), *spare = order + n;
  uint64_t *keys = zcz_memory_allocate(context, n * stride * sizeof *keys);
  double *p = zcz_memory_allocate(context, n * sizeof *p);
  if (order == NULL || keys == NULL || p == NULL) {
    zcz_memory_release(context, order);
    zcz_memory_release(context, keys);
    zcz_memory_release(context, p);
    return zcz_fail_memory(context, error, "probabilities", n * (stride + 3) * sizeof *keys);
  }
  for (size_t i = 0; i < n; i++) order[i] = i;
  size_t *from = order, *to = spare;
  for (size_t width = 1; width < n; width *= 2) {
    for (size_t start = 0; start < n; start += 2 * width) {
      size_t middle = start + width < n ? start + width : n;
      size_t end = start + 2 * width < n ? start + 2 * width : n;
      size_t a = start, b = middle;
      for (size_t i = start; i < end; i++) {
        bool left =
            a < middle && (b >= end || compare_keys(d->keys + from[a] * stride,
                                                    d->keys + from[b] * stride, d->words) <= 0);
        to[i] = left ? from[a++] : from[b++];
      }
    }
    size_t *swap = from;
    from = to;
    to = swap;
  }
  for (size_t i = 0; i < n; i++) {
    memcpy(keys + i * stride, d->keys + from[i] * stride, stride * sizeof *keys);
    p[i] = d->probabilities[from[i]];
  }
  zcz_memory_release(context, order);
  zcz_memory_release(context, d->keys);
  zcz_memory_release(context, d->probabilities);
  d->keys = keys;
  d->probabilities = p;
  return ZCZ_OK;
}

/* total <- total x part, the part's bits taking their places. */
static zcz_status multiply_part(zcz_work *work, zcz_distribution *total,
                                const zcz_distribution *part, const uint32_t *bits,
                                zcz_error *error) {
  size_t count, bytes;
  const size_t stride = total->words;
  if (__builtin_mul_overflow(total->count, part->count, &count) ||
      __builtin_mul_overflow(count, (stride + 1) * sizeof(uint64_t), &bytes))
    bytes = SIZE_MAX / 4;
  ZCZ_TRY(zcz_memory_admit(work->context, "the probabilities of all outcomes", bytes, error));
  zcz_distribution made = {.num_bits = total->num_bits, .words = total->words, .count = count};
  made.keys = zcz_memory_allocate(work->context, count * stride * sizeof *made.keys);
  made.probabilities = zcz_memory_allocate(work->context, count * sizeof *made.probabilities);
  if (made.keys == NULL || made.probabilities == NULL) {
    zcz_distribution_release(work->context, &made);
    return zcz_fail_memory(work->context, error, "the probabilities of all outcomes", bytes);
  }
  size_t at = 0;
  for (size_t i = 0; i < part->count; i++)
    for (size_t k = 0; k < total->count; k++, at++) {
      uint64_t *key = made.keys + at * stride;
      memcpy(key, total->keys + k * stride, stride * sizeof *key);
      for (uint32_t b = 0; b < part->num_bits; b++)
        if (part->keys[i * part->words + b / 64] >> (b % 64) & 1)
          key[bits[b] / 64] |= (uint64_t)1 << (bits[b] % 64);
      made.probabilities[at] = total->probabilities[k] * part->probabilities[i];
    }
  zcz_distribution_release(work->context, total);
  *total = made;
  return ZCZ_OK;
}

zcz_status zcz_work_probabilities(zcz_work *work, zcz_error *error) {
  const zcz_view *view = &work->prepared.samples;
  zcz_distribution *total = &work->result->probabilities;
  *total = (zcz_distribution){.num_bits = work->result->num_bits, .count = 1};
  total->words = total->num_bits == 0 ? 1 : (total->num_bits + 63) / 64;
  total->keys = zcz_memory_zeroed(work->context, total->words, sizeof *total->keys);
  total->probabilities = zcz_memory_allocate(work->context, sizeof *total->probabilities);
  if (total->keys == NULL || total->probabilities == NULL)
    return zcz_fail_memory(work->context, error, "probabilities", sizeof *total->keys);
  total->probabilities[0] = 1;
  for (uint32_t p = 0; p < view->num_components; p++) {
    if (view->components[p].num_bits == 0) continue;
    zcz_distribution part = {0};
    ZCZ_TRY(view->engines[p]->probabilities(work->runs[p], &part, error));
    zcz_status status = multiply_part(work, total, &part, view->components[p].bits, error);
    zcz_distribution_release(work->context, &part);
    ZCZ_TRY(status);
  }
  ZCZ_TRY(sort_distribution(work->context, total, error));
  work->result->has_probabilities = true;
  zcz_work_lap(work, &work->result->timings.run);
  return ZCZ_OK;
}
