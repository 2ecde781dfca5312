/* prepare -> choose -> open every part -> shots, probabilities; then the state view. */
#include <string.h>

#include "base/memory.h"
#include "base/sha256.h"
#include "run/work.h"

double zcz_seconds(void) { return zcz_clock(); }

void zcz_text_digest(const char *text, size_t size, char digest[65]) {
  zcz_sha256_hex(text, size, digest);
}

static void close_view(zcz_work *work, zcz_view *view) {
  for (uint32_t p = 0; work->runs != NULL && p < view->num_components; p++)
    if (work->runs[p] != NULL) view->engines[p]->close(work->runs[p]);
  zcz_memory_release(work->context, work->runs);
  work->runs = NULL;
}

static zcz_status open_view(zcz_work *work, zcz_view *view, zcz_error *error) {
  work->runs = zcz_memory_zeroed(work->context, view->num_components + 1u, sizeof *work->runs);
  if (work->runs == NULL) return zcz_fail_memory(work->context, error, "a job", sizeof *work->runs);
  for (uint32_t p = 0; p < view->num_components; p++) {
    ZCZ_TRY(view->engines[p]->open(work->context, view->components[p].circuit, &view->tasks[p],
                                   &work->runs[p], error));
    if (view->num_components > 1)
      ZCZ_TRY(zcz_progress(work->context, "parts", p + 1, view->num_components, error));
  }
  zcz_work_lap(work, &work->result->timings.run);
  return ZCZ_OK;
}

/* ---- shots ---- */

/* Columns of one batch: each part writes its own, which then take their places in the whole. */
static zcz_status sample_batch(zcz_work *work, uint64_t first, uint64_t count, uint64_t *columns,
                               uint64_t *part_columns, zcz_error *error) {
  const zcz_view *view = &work->prepared.samples;
  const uint64_t words = (count + 63) / 64;
  memset(columns, 0, work->result->num_bits * words * sizeof *columns);
  for (uint32_t p = 0; p < view->num_components; p++) {
    const zcz_component *part = &view->components[p];
    if (part->num_bits == 0) continue;
    ZCZ_TRY(view->engines[p]->sample(work->runs[p], first, count, part_columns, error));
    for (uint32_t b = 0; b < part->num_bits; b++)
      memcpy(columns + part->bits[b] * words, part_columns + b * words, words * sizeof *columns);
  }
  return ZCZ_OK;
}

/* What the parts that are simulated shot by shot take in all, by the forecast; 0 = none is. */
static double sampling_seconds(const zcz_view *view) {
  double seconds = 0;
  for (uint32_t p = 0; p < view->num_components; p++)
    if (view->judgements[p].works_in_sample) seconds += view->judgements[p].seconds;
  return seconds;
}

/* How many shots before the next look at progress and cancellation: about a quarter second's worth
 * by the forecast, and never so many that their columns are big. */
static uint64_t batch_size(const zcz_work *work) {
  const double seconds = sampling_seconds(&work->prepared.samples);
  const uint64_t bits = work->result->num_bits > 0 ? work->result->num_bits : 1;
  const double room = (double)((uint64_t)1 << 28) / (double)bits;
  double batch = seconds > 0 ? 0.25 * (double)work->options->shots / seconds : 1e9;
  if (batch > room) batch = room;
  if (batch > 4194304) batch = 4194304;
  return batch < 1 ? 1 : batch < 64 ? (uint64_t)batch : (uint64_t)batch / 64 * 64;
}

static zcz_status draw_batches(zcz_work *work, uint64_t batch, uint64_t *columns,
                               uint64_t *part_columns, zcz_error *error) {
  zcz_result *result = work->result;
  const uint64_t shots = work->options->shots;
  const uint32_t words = zcz_counts_key_words(result->counts);
  while (result->shots_done < shots) {
    const uint64_t first = result->shots_done;
    const uint64_t count = shots - first < batch ? shots - first : batch;
    ZCZ_TRY(sample_batch(work, first, count, columns, part_columns, error));
    uint64_t *keys = result->memory == NULL ? NULL : result->memory + first * words;
    ZCZ_TRY(zcz_counts_add(result->counts, count, columns, keys, error));
    result->shots_done += count;
    ZCZ_TRY(zcz_progress(work->context, "shots", (double)result->shots_done, (double)shots, error));
  }
  return ZCZ_OK;
}

static zcz_status draw_shots(zcz_work *work, zcz_error *error) {
  zcz_result *result = work->result;
  const uint64_t shots = work->options->shots;
  uint64_t batch = batch_size(work);
  if (batch > shots) batch = shots;
  const uint64_t size = (result->num_bits + 1u) * ((batch + 63) / 64) * sizeof(uint64_t);
  ZCZ_TRY(zcz_counts_new(work->context, result->num_bits, &result->counts, error));
  if (work->options->memory_shots) {
    const uint64_t bytes = shots * zcz_counts_key_words(result->counts) * sizeof(uint64_t);
    ZCZ_TRY(zcz_memory_admit(work->context, "the memory of each shot", bytes, error));
    result->memory = zcz_memory_allocate(work->context, bytes);
    if (result->memory == NULL)
      return zcz_fail_memory(work->context, error, "the memory of each shot", bytes);
  }
  uint64_t *columns = zcz_memory_allocate(work->context, size);
  uint64_t *part_columns = zcz_memory_allocate(work->context, size);
  zcz_status status = columns == NULL || part_columns == NULL
                          ? zcz_fail_memory(work->context, error, "shots", 2 * size)
                          : draw_batches(work, batch, columns, part_columns, error);
  zcz_memory_release(work->context, columns);
  zcz_memory_release(work->context, part_columns);
  zcz_counts_sort(result->counts);
  zcz_work_lap(work, sampling_seconds(&work->prepared.samples) > 0 ? &result->timings.run
                                                                   : &result->timings.sample);
  return status;
}

static zcz_status run_samples(zcz_work *work, zcz_error *error) {
  ZCZ_TRY(open_view(work, &work->prepared.samples, error));
  if (work->options->probabilities) ZCZ_TRY(zcz_work_probabilities(work, error));
  return work->options->shots > 0 ? draw_shots(work, error) : ZCZ_OK;
}

static zcz_status run_pure(zcz_work *work, zcz_error *error) {
  ZCZ_TRY(open_view(work, &work->prepared.pure, error));
  if (work->options->state) ZCZ_TRY(zcz_work_state(work, error));
  if (work->options->num_amplitudes > 0) ZCZ_TRY(zcz_work_amplitudes(work, error));
  if (work->options->num_observables > 0) ZCZ_TRY(zcz_work_expectations(work, error));
  zcz_work_lap(work, &work->result->timings.run);
  return ZCZ_OK;
}

/* ---- the whole ---- */

static zcz_status run(zcz_work *work, zcz_error *error) {
  zcz_status status = ZCZ_OK;
  if (work->prepared.wants_samples) {
    status = run_samples(work, error);
    close_view(work, &work->prepared.samples);
  }
  if (status == ZCZ_OK && work->prepared.wants_state) {
    status = run_pure(work, error);
    close_view(work, &work->prepared.pure);
  }
  return status;
}

static zcz_status plan_and_run(zcz_work *work, zcz_error *error) {
  zcz_plan plan = {0};
  zcz_status status = zcz_choose(&work->prepared, work->options, true, &plan, error);
  if (status == ZCZ_OK)
    status = zcz_result_new(&work->prepared, work->options, &plan, &work->result, error);
  zcz_memory_release(work->context, plan.rows);
  ZCZ_TRY(status);
  zcz_result *result = work->result;
  result->timings.read = work->options->started > 0 ? work->clock - work->options->started : 0;
  const double prepared = zcz_clock();
  result->timings.compile = work->prepared.compile_seconds;
  result->timings.plan = prepared - work->clock - work->prepared.compile_seconds;
  work->clock = prepared;
  status = run(work, error);
  result->complete = status == ZCZ_OK;
  return status;
}

zcz_status zcz_job_run(const zcz_circuit *circuit, const zcz_job_options *options,
                       zcz_result **result, zcz_error *error) {
  zcz_work work = {
      .context = zcz_circuit_context(circuit), .options = options, .clock = zcz_clock()};
  const double started = options->started > 0 ? options->started : work.clock;
  *result = NULL;
  ZCZ_TRY(zcz_prepare(circuit, options, &work.prepared, error));
  zcz_status status = plan_and_run(&work, error);
  zcz_prepared_free(&work.prepared);
  const bool partial = status == ZCZ_ERROR_CANCELLED && work.result != NULL;
  if (status != ZCZ_OK && !partial) {
    zcz_result_free(work.result);
    return status;
  }
  zcz_status finished = zcz_result_finish(work.result, partial ? NULL : error);
  if (finished != ZCZ_OK) {
    zcz_result_free(work.result);
    return finished;
  }
  double *last = work.result->has_shots ? &work.result->timings.sample : &work.result->timings.run;
  zcz_work_lap(&work, last);
  work.result->seconds = work.clock - started;
  *result = work.result;
  return status;
}
