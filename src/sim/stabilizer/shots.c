#include "sim/stabilizer/shots.h"

#include <omp.h>
#include <string.h>

#include "base/memory.h"
#include "base/progress.h"
#include "base/random.h"

enum { ROUND = 4096 }; /* shots between two looks at the clock; a multiple of 64 */

/* What one thread works with. */
typedef struct zcz_shot_state {
  zcz_tableau tableau;
  zcz_walker walker;
  zcz_clifford_cache *cache;
} zcz_shot_state;

typedef struct zcz_shot_job {
  const zcz_walk *walk;
  uint64_t seed, first, count, words;
  uint64_t *columns;
} zcz_shot_job;

static zcz_status prepare(const zcz_walk *walk, zcz_shot_state *state, zcz_error *error) {
  zcz_context *context = zcz_circuit_context(walk->circuit);
  state->cache = zcz_memory_zeroed(context, 1, sizeof *state->cache);
  if (!state->cache) return zcz_fail_memory(context, error, "a tableau", sizeof *state->cache);
  ZCZ_TRY(zcz_tableau_new(context, zcz_circuit_num_qubits(walk->circuit), &state->tableau, error));
  return zcz_walker_start(walk, &state->walker, error);
}

static void release(const zcz_walk *walk, zcz_shot_state *state) {
  zcz_context *context = zcz_circuit_context(walk->circuit);
  zcz_memory_release(context, state->cache);
  zcz_tableau_release(context, &state->tableau);
  zcz_walker_release(walk, &state->walker);
}

static void apply_channel(zcz_tableau *tableau, const zcz_op *op, double uniform) {
  static const uint8_t bits[4] = {0, 1, 3, 2}; /* I X Y Z */
  double probabilities[16], sum = 0;
  uint32_t entries = op->num_qubits == 1 ? 4 : 16;
  if (!zcz_channel_is_pauli((zcz_channel)op->code, op->num_qubits, op->num_params, op->params,
                            probabilities))
    return; /* judged before */
  for (uint32_t i = 1; i < entries; i++) {
    sum += probabilities[i];
    if (uniform >= sum) continue;
    if (entries == 4) {
      zcz_tableau_pauli(tableau, op->qubits[0], bits[i]);
    } else {
      zcz_tableau_pauli(tableau, op->qubits[0], bits[i >> 2]);
      zcz_tableau_pauli(tableau, op->qubits[1], bits[i & 3]);
    }
    return;
  }
}

/* The outcome before readout errors. */
static int measure(const zcz_shot_job *job, zcz_shot_state *state, uint64_t shot, uint32_t qubit,
                   uint32_t site) {
  int outcome = zcz_tableau_outcome(&state->tableau, qubit);
  if (outcome >= 0) return outcome;
  outcome =
      (int)(zcz_random(job->seed, ZCZ_PURPOSE_MEASURE, shot, site, state->walker.visit).word[0] &
            1);
  zcz_tableau_collapse(&state->tableau, qubit, outcome);
  return outcome;
}

static void record(const zcz_shot_job *job, zcz_shot_state *state, uint64_t shot, const zcz_op *op,
                   uint32_t site) {
  int outcome = measure(job, state, shot, op->qubits[0], site);
  if (op->num_params == 2 && op->params[outcome] > 0 &&
      zcz_random_unit(job->seed, ZCZ_PURPOSE_READOUT, shot, site, state->walker.visit) <
          op->params[outcome])
    outcome ^= 1;
  zcz_walk_record(&state->walker, op, outcome);
}

static zcz_status run_step(const zcz_shot_job *job, zcz_shot_state *state, uint64_t shot,
                           const zcz_step *step, zcz_error *error) {
  for (size_t i = 0; i < step->count; i++) {
    const zcz_op *op = &step->ops[i];
    if (step->kind == ZCZ_STEP_MEASURE) {
      record(job, state, shot, op, step->sites[i]);
    } else if (step->kind == ZCZ_STEP_RESET) {
      if (measure(job, state, shot, op->qubits[0], step->sites[i]))
        zcz_tableau_pauli(&state->tableau, op->qubits[0], 1);
    } else if (op->kind == ZCZ_OP_CHANNEL) {
      apply_channel(&state->tableau, op,
                    zcz_random_unit(job->seed, ZCZ_PURPOSE_CHANNEL, shot, step->sites[i],
                                    state->walker.visit));
    } else {
      const zcz_clifford *clifford = zcz_clifford_look_up(state->cache, op);
      if (!clifford)
        return zcz_fail(error, ZCZ_ERROR_BUG, "line %u: an operation that is not Clifford",
                        op->line);
      zcz_tableau_apply(&state->tableau, clifford, op->qubits);
    }
  }
  return ZCZ_OK;
}

static zcz_status run_shot(const zcz_shot_job *job, zcz_shot_state *state, uint64_t shot,
                           zcz_error *error) {
  const zcz_walk *walk = job->walk;
  zcz_tableau_restart(&state->tableau);
  zcz_walker_restart(walk, &state->walker);
  for (;;) {
    const zcz_step *step;
    ZCZ_TRY(zcz_walk_next(walk, &state->walker, &step, error));
    if (!step) break;
    ZCZ_TRY(run_step(job, state, shot, step, error));
  }
  for (size_t i = 0; i < walk->num_terminals; i++)
    record(job, state, shot, &walk->terminals[i], walk->terminal_sites[i]);
  uint64_t at = shot - job->first;
  for (uint32_t b = 0; b < walk->num_bits; b++)
    job->columns[b * job->words + at / 64] |= (uint64_t)state->walker.bits[b] << (at % 64);
  return ZCZ_OK;
}

/* Words `from` below `to` of every column; a word is one thread's. */
static zcz_status run_words(const zcz_shot_job *job, zcz_shot_state *states, int threads,
                            uint64_t from, uint64_t to, zcz_error *error) {
  zcz_status status = ZCZ_OK;
  uint64_t failed = UINT64_MAX; /* the first shot that fails speaks, whoever meets it first */
#pragma omp parallel for schedule(dynamic) num_threads(threads) if (threads > 1)
  for (uint64_t word = from; word < to; word++) {
    zcz_shot_state *state = &states[omp_get_thread_num()];
    uint64_t end = 64 * word + 64 < job->count ? 64 * word + 64 : job->count;
    for (uint64_t s = 64 * word; s < end; s++) {
      zcz_error mine = {0};
      if (zcz_cancelled(zcz_circuit_context(job->walk->circuit))) break;
      zcz_status got = run_shot(job, state, job->first + s, &mine);
      if (got == ZCZ_OK) continue;
#pragma omp critical
      if (s < failed) {
        failed = s;
        status = got;
        if (error) *error = mine;
      }
      break;
    }
  }
  return status;
}

zcz_status zcz_tableau_sample(const zcz_walk *walk, uint64_t seed, uint64_t first, uint64_t count,
                              uint64_t *columns, zcz_error *error) {
  zcz_context *context = zcz_circuit_context(walk->circuit);
  if (count == 0) return ZCZ_OK;
  zcz_shot_job job = {walk, seed, first, count, (count + 63) / 64, columns};
  int threads = zcz_context_threads(context), ready = 0;
  if ((uint64_t)threads > job.words) threads = (int)job.words;
  zcz_shot_state *states = zcz_memory_zeroed(context, (size_t)threads, sizeof *states);
  if (!states) return zcz_fail_memory(context, error, "tableaux", sizeof *states);
  memset(columns, 0, walk->num_bits * job.words * sizeof *columns);
  zcz_status status = ZCZ_OK;
  for (; ready < threads && status == ZCZ_OK; ready++)
    status = prepare(walk, &states[ready], error);
  for (uint64_t word = 0; word < job.words && status == ZCZ_OK; word += ROUND / 64) {
    uint64_t end = word + ROUND / 64 < job.words ? word + ROUND / 64 : job.words;
    status = zcz_progress(context, "shots", 64.0 * (double)word, (double)count, error);
    if (status == ZCZ_OK) status = run_words(&job, states, threads, word, end, error);
  }
  if (status == ZCZ_OK && zcz_cancelled(context)) status = zcz_fail_cancelled(context, error);
  for (int i = 0; i < ready; i++) release(walk, &states[i]);
  zcz_memory_release(context, states);
  return status;
}
