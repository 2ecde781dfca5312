/* Many shots of one state. The amplitudes are cut into chunks; a shot with uniform u goes to the
 * chunk where the running sum passes u times the whole, then to the amplitude within it. Shots are
 * sorted by chunk, so each chunk that is hit at all is summed up once. */
#include <omp.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "sim/statevector/internal.h"

typedef struct zcz_sv_sampler {
  const zcz_sv *state;
  uint32_t chunk_bits; /* amplitudes per chunk, log2 */
  uint64_t num_chunks;
  double *sums;    /* num_chunks + 1 running sums from 0 */
  uint64_t *guide; /* guide[g]: the chunk where the running sum passes g / num_chunks */
} sampler;

static double weight_of(const zcz_sv *state, uint64_t stored) {
  zcz_complex a = zcz_sv_get(state->data, stored, state->precision);
  return a.re * a.re + a.im * a.im;
}

static double chunk_sum(const sampler *s, uint64_t chunk) {
  uint32_t lane_bits = s->state->lane_bits;
  uint64_t blocks = s->chunk_bits > lane_bits ? (uint64_t)1 << (s->chunk_bits - lane_bits) : 1;
  double lanes[16] = {0};
  zcz_sv_add_blocks(s->state, chunk * blocks, blocks, lanes);
  return zcz_sv_tree(lanes, (size_t)1 << lane_bits);
}

static void sampler_release(sampler *s) {
  zcz_memory_release(s->state->context, s->sums);
  zcz_memory_release(s->state->context, s->guide);
}

static zcz_status sampler_prepare(sampler *s, const zcz_sv *state, zcz_error *error) {
  uint32_t n = state->num_qubits;
  memset(s, 0, sizeof *s);
  s->state = state;
  s->chunk_bits = n > 30 ? n - 20 : n < 10 ? n : 10;
  s->num_chunks = (uint64_t)1 << (n - s->chunk_bits);
  s->sums = zcz_memory_allocate(state->context, (s->num_chunks + 1) * sizeof *s->sums);
  s->guide = zcz_memory_allocate(state->context, (s->num_chunks + 1) * sizeof *s->guide);
  if (!s->sums || !s->guide) {
    sampler_release(s);
    return zcz_fail_memory(state->context, error, "running sums of a state vector",
                           (s->num_chunks + 1) * 16);
  }
  s->sums[0] = 0;
#pragma omp parallel for num_threads(state->threads) schedule(static) if (s->num_chunks > 64)
  for (uint64_t c = 0; c < s->num_chunks; c++) s->sums[c + 1] = chunk_sum(s, c);
  for (uint64_t c = 0; c < s->num_chunks; c++) s->sums[c + 1] += s->sums[c];
  double total = s->sums[s->num_chunks];
  uint64_t last = s->num_chunks - 1; /* that holds anything: u * total may round up to the whole */
  while (last > 0 && s->sums[last] >= total) last--;
  for (uint64_t g = 0, c = 0; g <= s->num_chunks; g++) {
    double target = (double)g / (double)s->num_chunks * total;
    while (c < last && s->sums[c + 1] <= target) c++;
    s->guide[g] = c;
  }
  return ZCZ_OK;
}

/* The first chunk whose running sum passes `target` = u times the whole; both roundings are
 * monotone, so it stands between the guides around u. */
static uint64_t find_chunk(const sampler *s, double u, double target) {
  uint64_t g = (uint64_t)(u * (double)s->num_chunks);
  uint64_t low = s->guide[g], high = s->guide[g + 1];
  while (low < high) {
    uint64_t middle = low + (high - low) / 2;
    if (s->sums[middle + 1] > target)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* Shots `order[0..count)`, all in one chunk: their amplitudes. `running` has room for a chunk. */
static void resolve_chunk(const sampler *s, uint64_t chunk, const uint64_t *order, uint64_t count,
                          const double *targets, double *running, uint64_t *indices) {
  uint64_t size = (uint64_t)1 << s->chunk_bits, last = 0;
  double sum = s->sums[chunk];
  for (uint64_t i = 0; i < size; i++) {
    double w = weight_of(s->state, chunk << s->chunk_bits | i);
    if (w > 0) last = i;
    running[i] = sum += w;
  }
  for (uint64_t k = 0; k < count; k++) {
    double target = targets[order[k]];
    uint64_t low = 0, high = last;
    while (low < high) {
      uint64_t middle = low + (high - low) / 2;
      if (running[middle] > target)
        high = middle;
      else
        low = middle + 1;
    }
    indices[order[k]] = zcz_sv_logical(s->state, chunk << s->chunk_bits | low);
  }
}

typedef struct shots {
  double *targets; /* uniforms on entry */
  uint64_t *chunk;
  uint64_t *start; /* of each chunk within order; num_chunks + 1 */
  uint64_t *order;
  double *running;
} shots;

static void resolve(const sampler *s, shots *w, uint64_t count, uint64_t *indices) {
  const zcz_sv *state = s->state;
  double total = s->sums[s->num_chunks];
#pragma omp parallel for num_threads(state->threads) schedule(static) if (count > 4096)
  for (uint64_t i = 0; i < count; i++) {
    double u = w->targets[i];
    w->targets[i] = u * total;
    w->chunk[i] = find_chunk(s, u, w->targets[i]);
  }
  memset(w->start, 0, (s->num_chunks + 1) * sizeof *w->start);
  for (uint64_t i = 0; i < count; i++) w->start[w->chunk[i] + 1]++;
  for (uint64_t c = 0; c < s->num_chunks; c++) w->start[c + 1] += w->start[c];
  for (uint64_t i = count; i-- > 0;) w->order[--w->start[w->chunk[i] + 1]] = i;
    /* now start[c + 1] is where chunk c begins */
#pragma omp parallel num_threads(state->threads) if (count > 256 && s->num_chunks > 1)
  {
    double *running = w->running + ((uint64_t)omp_get_thread_num() << s->chunk_bits);
#pragma omp for schedule(dynamic, 16)
    for (uint64_t c = 0; c < s->num_chunks; c++) {
      uint64_t begin = w->start[c + 1];
      uint64_t end = c + 1 < s->num_chunks ? w->start[c + 2] : count;
      if (begin < end)
        resolve_chunk(s, c, w->order + begin, end - begin, w->targets, running, indices);
    }
  }
}

static zcz_status draw(const sampler *s, uint64_t count, shots *w, uint64_t *indices,
                       zcz_error *error) {
  zcz_context *context = s->state->context;
  w->chunk = zcz_memory_allocate(context, count * sizeof *w->chunk);
  w->order = zcz_memory_allocate(context, count * sizeof *w->order);
  w->start = zcz_memory_allocate(context, (s->num_chunks + 2) * sizeof *w->start);
  w->running = zcz_memory_allocate(context, ((uint64_t)s->state->threads << s->chunk_bits) * 8);
  zcz_status status = ZCZ_OK;
  if (!w->chunk || !w->order || !w->start || !w->running)
    status = zcz_fail_memory(context, error, "sorted shots", count * 16);
  else
    resolve(s, w, count, indices);
  zcz_memory_release(context, w->chunk);
  zcz_memory_release(context, w->order);
  zcz_memory_release(context, w->start);
  zcz_memory_release(context, w->running);
  return status;
}

zcz_status zcz_sv_sampler_new(const zcz_sv *state, zcz_sv_sampler **made, zcz_error *error) {
  *made = zcz_memory_allocate(state->context, sizeof **made);
  if (!*made) return zcz_fail_memory(state->context, error, "a sampler", sizeof **made);
  zcz_status status = sampler_prepare(*made, state, error);
  if (status != ZCZ_OK) {
    zcz_memory_release(state->context, *made);
    *made = NULL;
  }
  return status;
}

void zcz_sv_sampler_free(zcz_sv_sampler *s) {
  if (!s) return;
  zcz_context *context = s->state->context;
  sampler_release(s);
  zcz_memory_release(context, s);
}

zcz_status zcz_sv_sampler_draw(const zcz_sv_sampler *s, uint64_t seed, uint64_t first,
                               uint64_t count, uint64_t *indices, zcz_error *error) {
  shots w = {0};
  zcz_context *context = s->state->context;
  w.targets = zcz_memory_allocate(context, count * sizeof *w.targets);
  if (!w.targets) return zcz_fail_memory(context, error, "uniforms of shots", count * 8);
#pragma omp parallel for num_threads(s->state->threads) schedule(static) if (count > 4096)
  for (uint64_t i = 0; i < count; i++)
    w.targets[i] = zcz_random_unit(seed, ZCZ_PURPOSE_SAMPLE, first + i, 0, 0);
  zcz_status status = draw(s, count, &w, indices, error);
  zcz_memory_release(context, w.targets);
  return status;
}

zcz_status zcz_sv_sample(const zcz_sv *state, uint64_t seed, uint64_t first, uint64_t count,
                         uint64_t *indices, zcz_error *error) {
  sampler s;
  ZCZ_TRY(sampler_prepare(&s, state, error));
  zcz_status status = zcz_sv_sampler_draw(&s, seed, first, count, indices, error);
  sampler_release(&s);
  return status;
}

zcz_status zcz_sv_sample_at(const zcz_sv *state, uint64_t count, const double *uniforms,
                            uint64_t *indices, zcz_error *error) {
  sampler s;
  shots w = {0};
  ZCZ_TRY(sampler_prepare(&s, state, error));
  w.targets = zcz_memory_copy(state->context, uniforms, count * sizeof *uniforms);
  zcz_status status = w.targets
                          ? draw(&s, count, &w, indices, error)
                          : zcz_fail_memory(state->context, error, "uniforms of shots", count * 8);
  zcz_memory_release(state->context, w.targets);
  sampler_release(&s);
  return status;
}
