/* prepare -> choose -> open every part -> shots, probabilities; then the state view. */
#include <string.h>

#include "base/memory.h"
#include "base/progress.h"
#include "base/sha256.h"
#include "run/parts.h"
#include "run/result.h"

double zcz_seconds(void) {
  return zcz_clock();
}

void zcz_text_digest(const char *text, size_t size, char digest[65]) {
  zcz_sha256_hex(text, size, digest);
}

/* Adds the time since the last call to one of the timings. */
static void lap(double *clock, double *timing) {
  const double now = zcz_clock();
  *timing += now - *clock;
  *clock = now;
}

typedef struct job {
  zcz_context *context;
  const zcz_job_options *options;
  zcz_prepared prepared;
  zcz_result *result;
  double clock;
  void **runs; /* open engines, one a part of the view at work; NULL = not open */
} job;

static void close_view(job *j, zcz_view *view) {
  for (uint32_t p = 0; j->runs != NULL && p < view->num_components; p++)
    if (j->runs[p] != NULL) view->engines[p]->close(j->runs[p]);
  zcz_memory_release(j->context, j->runs);
  j->runs = NULL;
}

static zcz_status open_view(job *j, zcz_view *view, zcz_error *error) {
  j->runs = zcz_memory_zeroed(j->context, view->num_components + 1u, sizeof *j->runs);
  if (j->runs == NULL) return zcz_fail_memory(j->context, error, "a job", sizeof *j->runs);
  for (uint32_t p = 0; p < view->num_components; p++) {
    ZCZ_TRY(view->engines[p]->open(j->context, view->components[p].circuit, &view->tasks[p],
                                   &j->runs[p], error));
    if (view->num_components > 1)
      ZCZ_TRY(zcz_progress(j->context, "parts", p + 1, view->num_components, error));
  }
  lap(&j->clock, &j->result->timings.run);
  return ZCZ_OK;
}

/* ---- shots ---- */

/* Columns of one batch: each part writes its own, which then take their places in the whole. */
static zcz_status sample_batch(job *j, uint64_t first, uint64_t count, uint64_t *columns,
                               uint64_t *part_columns, zcz_error *error) {
  const zcz_view *view = &j->prepared.samples;
  const uint64_t words = (count + 63) / 64;
  memset(columns, 0, j->result->num_bits * words * sizeof *columns);
  for (uint32_t p = 0; p < view->num_components; p++) {
    const zcz_component *part = &view->components[p];
    if (part->num_bits == 0) continue;
    ZCZ_TRY(view->engines[p]->sample(j->runs[p], first, count, part_columns, error));
    for (uint32_t b = 0; b < part->num_bits; b++)
      memcpy(columns + part->bits[b] * words, part_columns + b * words, words * sizeof *columns);
  }
  return ZCZ_OK;
}

/* How many shots before the next look at progress and cancellation: about a quarter second's worth
 * by the forecast, and never so many that their columns are big. */
static uint64_t batch_size(const job *j) {
  const zcz_view *view = &j->prepared.samples;
  double seconds = 0;
  for (uint32_t p = 0; p < view->num_components; p++) {
    zcz_judgement judgement = {0};
    view->engines[p]->judge(view->components[p].circuit, &view->tasks[p], &judgement);
    if (judgement.works_in_sample) seconds += judgement.seconds;
  }
  const uint64_t bits = j->result->num_bits > 0 ? j->result->num_bits : 1;
  const double room = (double)((uint64_t)1 << 28) / (double)bits;
  double batch = seconds > 0 ? 0.25 * (double)j->options->shots / seconds : 1e9;
  if (batch > room) batch = room;
  if (batch > 4194304) batch = 4194304;
  return batch < 64 ? 64 : (uint64_t)batch / 64 * 64;
}

static bool works_in_sample(const zcz_view *view) {
  for (uint32_t p = 0; p < view->num_components; p++) {
    zcz_judgement judgement = {0};
    view->engines[p]->judge(view->components[p].circuit, &view->tasks[p], &judgement);
    if (judgement.works_in_sample) return true;
  }
  return false;
}

static zcz_status draw_batches(job *j, uint64_t batch, uint64_t *columns, uint64_t *part_columns,
                               zcz_error *error) {
  zcz_result *result = j->result;
  const uint64_t shots = j->options->shots;
  const uint32_t words = zcz_counts_key_words(result->counts);
  while (result->shots_done < shots) {
    const uint64_t first = result->shots_done;
    const uint64_t count = shots - first < batch ? shots - first : batch;
    ZCZ_TRY(sample_batch(j, first, count, columns, part_columns, error));
    uint64_t *keys = result->memory == NULL ? NULL : result->memory + first * words;
    ZCZ_TRY(zcz_counts_add(result->counts, count, columns, keys, error));
    result->shots_done += count;
    ZCZ_TRY(zcz_progress(j->context, "shots", (double)result->shots_done, (double)shots, error));
  }
  return ZCZ_OK;
}

static zcz_status draw_shots(job *j, zcz_error *error) {
  zcz_result *result = j->result;
  const uint64_t shots = j->options->shots;
  uint64_t batch = batch_size(j);
  if (batch > shots) batch = (shots + 63) / 64 * 64;
  const uint64_t size = (result->num_bits + 1u) * (batch / 64) * sizeof(uint64_t);
  ZCZ_TRY(zcz_counts_new(j->context, result->num_bits, &result->counts, error));
  result->has_shots = true;
  result->shots = shots;
  if (j->options->memory_shots) {
    const uint64_t bytes = shots * zcz_counts_key_words(result->counts) * sizeof(uint64_t);
    ZCZ_TRY(zcz_memory_admit(j->context, "the memory of each shot", bytes, error));
    result->memory = zcz_memory_allocate(j->context, bytes);
    if (result->memory == NULL)
      return zcz_fail_memory(j->context, error, "the memory of each shot", bytes);
  }
  uint64_t *columns = zcz_memory_allocate(j->context, size);
  uint64_t *part_columns = zcz_memory_allocate(j->context, size);
  zcz_status status = columns == NULL || part_columns == NULL
                          ? zcz_fail_memory(j->context, error, "shots", 2 * size)
                          : draw_batches(j, batch, columns, part_columns, error);
  zcz_memory_release(j->context, columns);
  zcz_memory_release(j->context, part_columns);
  zcz_counts_sort(result->counts);
  lap(&j->clock,
      works_in_sample(&j->prepared.samples) ? &result->timings.run : &result->timings.sample);
  return status;
}

/* ---- probabilities ---- */

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
        bool left = a < middle && (b >= end || compare_keys(d->keys + from[a] * stride,
                                                            d->keys + from[b] * stride,
                                                            d->words) <= 0);
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
static zcz_status multiply_part(job *j, zcz_distribution *total, const zcz_distribution *part,
                                const uint32_t *bits, zcz_error *error) {
  size_t count, bytes;
  const size_t stride = total->words;
  if (__builtin_mul_overflow(total->count, part->count, &count) ||
      __builtin_mul_overflow(count, (stride + 1) * sizeof(uint64_t), &bytes))
    bytes = SIZE_MAX / 4;
  ZCZ_TRY(zcz_memory_admit(j->context, "the probabilities of all outcomes", bytes, error));
  zcz_distribution made = {.num_bits = total->num_bits, .words = total->words, .count = count};
  made.keys = zcz_memory_allocate(j->context, count * stride * sizeof *made.keys);
  made.probabilities = zcz_memory_allocate(j->context, count * sizeof *made.probabilities);
  if (made.keys == NULL || made.probabilities == NULL) {
    zcz_distribution_release(j->context, &made);
    return zcz_fail_memory(j->context, error, "the probabilities of all outcomes", bytes);
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
  zcz_distribution_release(j->context, total);
  *total = made;
  return ZCZ_OK;
}

static zcz_status find_probabilities(job *j, zcz_error *error) {
  const zcz_view *view = &j->prepared.samples;
  zcz_distribution *total = &j->result->probabilities;
  *total = (zcz_distribution){.num_bits = j->result->num_bits, .count = 1};
  total->words = total->num_bits == 0 ? 1 : (total->num_bits + 63) / 64;
  total->keys = zcz_memory_zeroed(j->context, total->words, sizeof *total->keys);
  total->probabilities = zcz_memory_allocate(j->context, sizeof *total->probabilities);
  if (total->keys == NULL || total->probabilities == NULL)
    return zcz_fail_memory(j->context, error, "probabilities", sizeof *total->keys);
  total->probabilities[0] = 1;
  for (uint32_t p = 0; p < view->num_components; p++) {
    if (view->components[p].num_bits == 0) continue;
    zcz_distribution part = {0};
    ZCZ_TRY(view->engines[p]->probabilities(j->runs[p], &part, error));
    zcz_status status = multiply_part(j, total, &part, view->components[p].bits, error);
    zcz_distribution_release(j->context, &part);
    ZCZ_TRY(status);
  }
  ZCZ_TRY(sort_distribution(j->context, total, error));
  j->result->has_probabilities = true;
  lap(&j->clock, &j->result->timings.run);
  return ZCZ_OK;
}

static zcz_status run_samples(job *j, zcz_error *error) {
  ZCZ_TRY(open_view(j, &j->prepared.samples, error));
  if (j->options->probabilities) ZCZ_TRY(find_probabilities(j, error));
  return j->options->shots > 0 ? draw_shots(j, error) : ZCZ_OK;
}

/* ---- state, amplitudes, expectation values ---- */

static zcz_status find_state(job *j, zcz_error *error) {
  const zcz_view *view = &j->prepared.pure;
  const uint32_t n = view->components[0].num_qubits;
  const uint64_t each = j->options->precision == ZCZ_PRECISION_SINGLE ? 8 : 16;
  if (n > 58) return zcz_fail(error, ZCZ_ERROR_UNABLE, "the state of %u qubits", n);
  const uint64_t count = (uint64_t)1 << n;
  ZCZ_TRY(zcz_memory_admit(j->context, "a copy of the state", count * each, error));
  j->result->state = zcz_memory_allocate(j->context, count * each);
  if (j->result->state == NULL)
    return zcz_fail_memory(j->context, error, "a copy of the state", count * each);
  ZCZ_TRY(view->engines[0]->state(j->runs[0], 0, count, j->result->state, error));
  j->result->state_count = count;
  return ZCZ_OK;
}

/* Bit strings "0110", qubit 0 rightmost, to keys of the given words. */
static zcz_status read_keys(const char *const *strings, uint32_t count, uint32_t qubits,
                            uint32_t words, uint64_t *keys, zcz_error *error) {
  memset(keys, 0, (size_t)count * words * sizeof *keys);
  for (uint32_t i = 0; i < count; i++) {
    if (strlen(strings[i]) != qubits || strspn(strings[i], "01") != qubits)
      return zcz_fail(error, ZCZ_ERROR_USAGE,
                      "bit string %u, \"%.80s\"; wanted are %u characters 0 or 1, one a qubit", i + 1,
                      strings[i], qubits);
    for (uint32_t q = 0; q < qubits; q++)
      if (strings[i][qubits - 1 - q] == '1')
        keys[(size_t)i * words + q / 64] |= (uint64_t)1 << (q % 64);
  }
  return ZCZ_OK;
}

static zcz_status multiply_amplitudes(job *j, const uint64_t *keys, uint32_t words,
                                      uint64_t *part_keys, zcz_complex *part, zcz_error *error) {
  const zcz_view *view = &j->prepared.pure;
  const uint32_t count = j->options->num_amplitudes;
  zcz_complex *total = j->result->amplitudes;
  for (uint32_t i = 0; i < count; i++) total[i] = (zcz_complex){1, 0};
  for (uint32_t p = 0; p < view->num_components; p++) {
    const zcz_component *component = &view->components[p];
    const uint32_t part_words = component->num_qubits == 0 ? 1 : (component->num_qubits + 63) / 64;
    memset(part_keys, 0, (size_t)count * part_words * sizeof *part_keys);
    for (uint32_t i = 0; i < count; i++)
      for (uint32_t q = 0; q < component->num_qubits; q++) {
        const uint32_t qubit = component->qubits[q];
        if (keys[(size_t)i * words + qubit / 64] >> (qubit % 64) & 1)
          part_keys[(size_t)i * part_words + q / 64] |= (uint64_t)1 << (q % 64);
      }
    ZCZ_TRY(view->engines[p]->amplitudes(j->runs[p], count, part_words, part_keys, part, error));
    for (uint32_t i = 0; i < count; i++)
      total[i] = (zcz_complex){total[i].re * part[i].re - total[i].im * part[i].im,
                               total[i].re * part[i].im + total[i].im * part[i].re};
  }
  return ZCZ_OK;
}

/* Qubits that no part has stay in |0>. */
static void zero_untouched(job *j, const uint64_t *keys, uint32_t words, uint64_t *mask) {
  const zcz_view *view = &j->prepared.pure;
  memset(mask, 0, words * sizeof *mask);
  for (uint32_t p = 0; p < view->num_components; p++)
    for (uint32_t q = 0; q < view->components[p].num_qubits; q++) {
      const uint32_t qubit = view->components[p].qubits[q];
      mask[qubit / 64] |= (uint64_t)1 << (qubit % 64);
    }
  for (uint32_t i = 0; i < j->options->num_amplitudes; i++)
    for (uint32_t w = 0; w < words; w++)
      if (keys[(size_t)i * words + w] & ~mask[w]) j->result->amplitudes[i] = (zcz_complex){0, 0};
}

static zcz_status find_amplitudes(job *j, zcz_error *error) {
  const uint32_t count = j->options->num_amplitudes;
  const uint32_t qubits = zcz_circuit_num_qubits(j->prepared.pure.circuit);
  const uint32_t words = qubits == 0 ? 1 : (qubits + 63) / 64;
  const size_t cells = (size_t)count * words;
  j->result->amplitudes = zcz_memory_allocate(j->context, count * sizeof(zcz_complex));
  uint64_t *keys = zcz_memory_allocate(j->context, (2 * cells + words) * sizeof *keys);
  zcz_complex *part = zcz_memory_allocate(j->context, count * sizeof *part);
  zcz_status status = ZCZ_OK;
  if (j->result->amplitudes == NULL || keys == NULL || part == NULL)
    status = zcz_fail_memory(j->context, error, "amplitudes", cells * 3 * sizeof *keys);
  if (status == ZCZ_OK)
    status = read_keys(j->options->amplitudes, count, qubits, words, keys, error);
  if (status == ZCZ_OK)
    status = multiply_amplitudes(j, keys, words, keys + cells, part, error);
  if (status == ZCZ_OK) {
    zero_untouched(j, keys, words, keys + 2 * cells);
    j->result->num_amplitudes = count;
  }
  zcz_memory_release(j->context, keys);
  zcz_memory_release(j->context, part);
  return status;
}

static zcz_status ask_parts(job *j, double **values, double **errors, zcz_error *error) {
  const zcz_view *view = &j->prepared.pure;
  for (uint32_t p = 0; p < view->num_components; p++) {
    const uint32_t count = view->tasks[p].num_observables;
    values[p] = zcz_memory_zeroed(j->context, 2 * (size_t)count + 1, sizeof(double));
    if (values[p] == NULL)
      return zcz_fail_memory(j->context, error, "expectation values", count * sizeof(double));
    errors[p] = values[p] + count;
    if (count > 0)
      ZCZ_TRY(view->engines[p]->expectations(j->runs[p], values[p], errors[p], error));
  }
  return ZCZ_OK;
}

static zcz_status find_expectations(job *j, zcz_error *error) {
  const zcz_view *view = &j->prepared.pure;
  const uint32_t count = j->options->num_observables;
  zcz_result *result = j->result;
  double **lists = zcz_memory_zeroed(j->context, 2 * (view->num_components + 1u), sizeof *lists);
  result->expectations = zcz_memory_zeroed(j->context, 2 * (size_t)count, sizeof(double));
  zcz_status status = ZCZ_OK;
  if (lists == NULL || result->expectations == NULL)
    status = zcz_fail_memory(j->context, error, "expectation values", count * sizeof(double));
  if (status == ZCZ_OK) {
    double **errors = lists + view->num_components + 1;
    status = ask_parts(j, lists, errors, error);
    if (status == ZCZ_OK) {
      result->expectation_errors = result->expectations + count;
      zcz_combine_observables(&j->prepared, view, lists, errors, result->expectations,
                              result->expectation_errors);
      result->num_expectations = count;
    }
    for (uint32_t p = 0; p < view->num_components; p++)
      zcz_memory_release(j->context, lists[p]);
  }
  zcz_memory_release(j->context, lists);
  return status;
}

static zcz_status run_pure(job *j, zcz_error *error) {
  ZCZ_TRY(open_view(j, &j->prepared.pure, error));
  if (j->options->state) ZCZ_TRY(find_state(j, error));
  if (j->options->num_amplitudes > 0) ZCZ_TRY(find_amplitudes(j, error));
  if (j->options->num_observables > 0) ZCZ_TRY(find_expectations(j, error));
  lap(&j->clock, &j->result->timings.run);
  return ZCZ_OK;
}

/* ---- the whole ---- */

static zcz_status run(job *j, zcz_error *error) {
  zcz_status status = ZCZ_OK;
  if (j->prepared.wants_samples) {
    status = run_samples(j, error);
    close_view(j, &j->prepared.samples);
  }
  if (status == ZCZ_OK && j->prepared.wants_state) {
    status = run_pure(j, error);
    close_view(j, &j->prepared.pure);
  }
  return status;
}

static zcz_status plan_and_run(job *j, zcz_error *error) {
  zcz_plan plan = {0};
  zcz_status status = zcz_choose(&j->prepared, j->options, true, &plan, error);
  if (status == ZCZ_OK)
    status = zcz_result_new(&j->prepared, j->options, &plan, &j->result, error);
  zcz_memory_release(j->context, plan.rows);
  ZCZ_TRY(status);
  zcz_result *result = j->result;
  result->timings.read = j->options->started > 0 ? j->clock - j->options->started : 0;
  const double prepared = zcz_clock();
  result->timings.compile = j->prepared.compile_seconds;
  result->timings.plan = prepared - j->clock - j->prepared.compile_seconds;
  j->clock = prepared;
  status = run(j, error);
  result->complete = status == ZCZ_OK;
  return status;
}

zcz_status zcz_job_run(const zcz_circuit *circuit, const zcz_job_options *options,
                       zcz_result **result, zcz_error *error) {
  job j = {.context = zcz_circuit_context(circuit), .options = options, .clock = zcz_clock()};
  const double started = options->started > 0 ? options->started : j.clock;
  *result = NULL;
  ZCZ_TRY(zcz_prepare(circuit, options, &j.prepared, error));
  zcz_status status = plan_and_run(&j, error);
  zcz_prepared_free(&j.prepared);
  const bool partial = status == ZCZ_ERROR_CANCELLED && j.result != NULL &&
                       (j.result->shots_done > 0 || j.result->has_probabilities);
  if (status != ZCZ_OK && !partial) {
    zcz_result_free(j.result);
    return status;
  }
  zcz_status finished = zcz_result_finish(j.result, partial ? NULL : error);
  if (finished != ZCZ_OK) {
    zcz_result_free(j.result);
    return finished;
  }
  double *last = j.result->has_shots ? &j.result->timings.sample : &j.result->timings.run;
  lap(&j.clock, last);
  j.result->seconds = j.clock - started;
  *result = j.result;
  return status;
}
