/* A circuit without noise over all outcomes of its measurements and resets: exact, branch by branch,
 * depth first. */
#include <string.h>

#include "base/math.h"
#include "base/memory.h"
#include "base/progress.h"
#include "sim/sampler.h"
#include "sim/statevector/trajectory_internal.h"

typedef struct enumeration {
  const zcz_trajectory *t;
  zcz_sv *states[ZCZ_TRAJECTORY_MAX_LEVELS];
  zcz_walker walkers[ZCZ_TRAJECTORY_MAX_LEVELS];
  zcz_walker ahead;  /* to look one step ahead */
  uint64_t branches; /* that came to their end */
  bool all_qubits;   /* the circuit measures nothing: the distribution is over its qubits */
  zcz_tally *tally;  /* or NULL */
  uint64_t *key;
  double *marginal;
  double *values; /* or NULL */
  double *one, *parts;
  double total;
  zcz_error *error;
} enumeration;

bool zcz_trajectory_can_enumerate(const zcz_walk *walk, const char **why) {
  double branches = 1;
  if (zcz_circuit_num_qubits(walk->circuit) > ZCZ_TRAJECTORY_MAX_EXACT_QUBITS) {
    *why =
        "a distribution over the outcomes of a dynamic program is enumerated on at most 24 qubits";
    return false;
  }
  /* Resets mostly find their qubit as they leave it, for it was computed back: what they split is counted as it comes. */
  for (size_t s = 0; s < walk->num_steps; s++)
    if (walk->steps[s].kind == ZCZ_STEP_MEASURE && walk->steps[s].loops == 0) branches *= 2;
  if (branches <= ZCZ_TRAJECTORY_MAX_BRANCHES) return true;
  *why = "measurements before the end may lead to more than 65,536 branches";
  return false;
}

static zcz_status visit_end(enumeration *e, uint32_t level, double weight) {
  const zcz_trajectory *t = e->t;
  const zcz_walk *walk = t->walk;
  const zcz_sv *state = e->states[level];
  if (++e->branches > ZCZ_TRAJECTORY_MAX_BRANCHES)
    return zcz_fail(e->error, ZCZ_ERROR_UNABLE,
                    "measurements and resets before the end lead to more than %d branches",
                    ZCZ_TRAJECTORY_MAX_BRANCHES);
  ZCZ_TRY(zcz_progress(t->context, "branches", (double)e->branches, 0, e->error));
  e->total += weight;
  if (e->values != NULL) {
    ZCZ_TRY(zcz_trajectory_observe(t, state, e->parts, e->one, e->error));
    for (uint32_t o = 0; o < t->task->num_observables; o++) e->values[o] += weight * e->one[o];
  }
  if (e->tally == NULL) return ZCZ_OK;
  uint32_t n = zcz_sv_num_qubits(state), k = 0, qubits[ZCZ_SV_MAX_QUBITS], bits[ZCZ_SV_MAX_QUBITS];
  const double *flips[ZCZ_SV_MAX_QUBITS];
  memset(e->key, 0, (walk->num_bits / 64 + 1) * sizeof *e->key);
  for (uint32_t b = 0; b < walk->num_bits; b++)
    if (e->walkers[level].bits[b]) e->key[b / 64] |= UINT64_C(1) << (b % 64);
  for (; e->all_qubits && k < n; k++) {
    qubits[k] = bits[k] = k;
    flips[k] = NULL;
  }
  for (size_t m = 0; m < walk->num_terminals && !e->all_qubits; m++) {
    const zcz_op *op = &walk->terminals[m];
    if (op->bit == ZCZ_NONE) continue;
    qubits[k] = op->qubits[0];
    bits[k] = op->bit;
    flips[k++] = op->num_params > 0 ? op->params : NULL;
  }
  ZCZ_TRY(zcz_sv_marginal(state, k, qubits, e->marginal, e->error));
  double norm = zcz_sv_norm2(state);
  for (uint32_t i = 0; i < k; i++)
    for (uint64_t j = 0; flips[i] != NULL && j < UINT64_C(1) << k; j++) {
      uint64_t other = j | UINT64_C(1) << i;
      if (other == j) continue;
      double zero = e->marginal[j], one = e->marginal[other];
      e->marginal[j] = zero * (1 - flips[i][0]) + one * flips[i][1];
      e->marginal[other] = zero * flips[i][0] + one * (1 - flips[i][1]);
    }
  double least = t->task->precision == ZCZ_PRECISION_SINGLE ? 0x1p-40 : 0x1p-80;
  if (e->all_qubits) memset(e->key, 0, (walk->num_bits / 64 + 1) * sizeof *e->key);
  for (uint64_t j = 0; j < UINT64_C(1) << k; j++) {
    if (e->marginal[j] <= least * norm) continue;
    for (uint32_t i = 0; i < k; i++) {
      uint64_t mask = UINT64_C(1) << (bits[i] % 64);
      if (j >> i & 1)
        e->key[bits[i] / 64] |= mask;
      else
        e->key[bits[i] / 64] &= ~mask;
    }
    ZCZ_TRY(zcz_tally_add(e->tally, e->key, weight * (e->marginal[j] / norm), e->error));
  }
  return ZCZ_OK;
}

static zcz_status enumerate(enumeration *e, uint32_t level, double weight);

/* One way a measurement or reset may go. */
typedef struct way {
  int outcome, read;
  double share;
} way;

static void take(enumeration *e, uint32_t level, const zcz_step *step, const double weights[2],
                 const way *w) {
  uint32_t qubit = step->ops->qubits[0];
  double scale = 1 / zcz_sqrt(weights[w->outcome]);
  if (step->kind == ZCZ_STEP_RESET) {
    zcz_sv_reset(e->states[level], qubit, w->outcome, scale);
  } else {
    zcz_sv_collapse(e->states[level], qubit, w->outcome, scale);
    zcz_walk_record(&e->walkers[level], step->ops, w->read);
  }
}

static zcz_status copy_up(enumeration *e, uint32_t level) {
  const zcz_trajectory *t = e->t;
  if (level + 1 == ZCZ_TRAJECTORY_MAX_LEVELS)
    return zcz_fail(e->error, ZCZ_ERROR_UNABLE,
                    "more than %d measurements and resets, one within the other, lead to different "
                    "states",
                    ZCZ_TRAJECTORY_MAX_LEVELS);
  if (e->states[level + 1] == NULL) {
    uint32_t n = zcz_sv_num_qubits(e->states[0]);
    ZCZ_TRY(zcz_memory_admit(t->context, "a state vector", zcz_sv_bytes(n, t->task->precision),
                             e->error));
    ZCZ_TRY(zcz_sv_new(t->context, n, t->task->precision, 0, &e->states[level + 1], e->error));
    ZCZ_TRY(zcz_walker_start(t->walk, &e->walkers[level + 1], e->error));
  }
  zcz_sv_copy(e->states[level + 1], e->states[level]);
  zcz_walker_copy(t->walk, &e->walkers[level + 1], &e->walkers[level]);
  return ZCZ_OK;
}

/* Which way goes on in place: within a loop the one that stays in it longest, so that the others
 * are done with before it comes round again; else the likeliest. */
static zcz_status choose(enumeration *e, uint32_t level, const zcz_step *step, const way *ways,
                         uint32_t count, uint32_t *best) {
  const zcz_step *earliest = NULL;
  *best = 0;
  for (uint32_t i = 0; i < count; i++) {
    const zcz_step *next = NULL;
    if (step->loops > 0 && step->kind == ZCZ_STEP_MEASURE) {
      zcz_walker_copy(e->t->walk, &e->ahead, &e->walkers[level]);
      zcz_walk_record(&e->ahead, step->ops, ways[i].read);
      ZCZ_TRY(zcz_walk_next(e->t->walk, &e->ahead, &next, e->error));
    }
    bool earlier = next != NULL && (earliest == NULL || next < earliest);
    if (i == 0 || earlier || (next == earliest && ways[i].share > ways[*best].share)) {
      *best = i;
      earliest = next;
    }
  }
  return ZCZ_OK;
}

/* All ways but one at the next level, that one in place. */
static zcz_status part(enumeration *e, uint32_t level, const zcz_step *step, double *weight) {
  const zcz_op *op = step->ops;
  double weights[2], none[2] = {0, 0};
  const double *flips = step->kind == ZCZ_STEP_MEASURE && op->num_params > 0 ? op->params : none;
  /* What thousands of roundings leave in a qubit that ought to be 0 is no outcome: single precision's are 1e-11. */
  double share = e->t->task->precision == ZCZ_PRECISION_SINGLE ? 0x1p-28 : 0x1p-80;
  way ways[4];
  uint32_t count = 0, best;
  zcz_sv_weights(e->states[level], op->qubits[0], weights);
  double total = weights[0] + weights[1];
  for (int k = 0; k < 4; k++) {
    way w = {.outcome = k & 1, .read = k >> 1};
    double flip = flips[w.outcome];
    w.share = weights[w.outcome] / total * (w.read == w.outcome ? 1 - flip : flip);
    if (weights[w.outcome] / total <= share || *weight * w.share < 0x1p-60) continue;
    ways[count++] = w;
  }
  ZCZ_TRY(choose(e, level, step, ways, count, &best));
  for (uint32_t i = 0; i < count; i++) {
    if (i == best) continue;
    ZCZ_TRY(copy_up(e, level));
    take(e, level + 1, step, weights, &ways[i]);
    ZCZ_TRY(enumerate(e, level + 1, *weight * ways[i].share));
  }
  if (count == 0) { /* nothing but rounding is left of it */
    *weight = 0;
    return ZCZ_OK;
  }
  take(e, level, step, weights, &ways[best]);
  *weight *= ways[best].share;
  return ZCZ_OK;
}

static zcz_status enumerate(enumeration *e, uint32_t level, double weight) {
  const zcz_walk *walk = e->t->walk;
  for (;;) {
    const zcz_step *step;
    ZCZ_TRY(zcz_walk_next(walk, &e->walkers[level], &step, e->error));
    if (step == NULL) return visit_end(e, level, weight);
    if (step->kind == ZCZ_STEP_RUN) {
      const zcz_prepared *run = &e->t->runs[step->run];
      for (uint32_t s = 0; s < run->num_stretches; s++)
        ZCZ_TRY(zcz_sv_apply(e->states[level], run->stretches[s].plan, NULL, e->error));
    } else {
      ZCZ_TRY(part(e, level, step, &weight));
      if (weight == 0) return ZCZ_OK;
    }
  }
}

static zcz_status prepare(enumeration *e, bool distribution) {
  const zcz_trajectory *t = e->t;
  uint32_t n = zcz_circuit_num_qubits(t->circuit), row = t->task->num_observables;
  size_t words = t->walk->num_bits / 64 + 1, size = distribution ? (size_t)1 << n : 0;
  ZCZ_TRY(zcz_sv_new(t->context, n, t->task->precision, 0, &e->states[0], e->error));
  ZCZ_TRY(zcz_walker_start(t->walk, &e->walkers[0], e->error));
  ZCZ_TRY(zcz_walker_start(t->walk, &e->ahead, e->error));
  e->marginal = zcz_memory_zeroed(t->context, size + row + t->num_strings + words, sizeof(double));
  if (e->marginal == NULL)
    return zcz_fail_memory(t->context, e->error, "a distribution", size * sizeof(double));
  e->one = e->marginal + size;
  e->parts = e->one + row;
  e->key = (uint64_t *)(e->parts + t->num_strings);
  if (!distribution) return ZCZ_OK;
  e->all_qubits = !zcz_circuit_describe(t->circuit).has_measurement;
  return zcz_tally_new(t->context, e->all_qubits ? n : t->walk->num_bits, &e->tally, e->error);
}

zcz_status zcz_trajectory_enumerate(const zcz_trajectory *t, zcz_distribution *distribution,
                                    double *values, zcz_error *error) {
  enumeration e = {.t = t, .values = values, .error = error};
  uint32_t row = t->task->num_observables;
  if (values != NULL) memset(values, 0, row * sizeof *values);
  zcz_status status = prepare(&e, distribution != NULL);
  if (status == ZCZ_OK) status = enumerate(&e, 0, 1);
  if (status == ZCZ_OK && values != NULL)
    for (uint32_t o = 0; o < row; o++) values[o] /= e.total;
  if (status == ZCZ_OK && distribution != NULL)
    status = zcz_tally_finish(e.tally, 0, distribution, error);
  for (uint32_t i = 0; i < ZCZ_TRAJECTORY_MAX_LEVELS; i++) {
    zcz_sv_free(e.states[i]);
    zcz_walker_release(t->walk, &e.walkers[i]);
  }
  zcz_walker_release(t->walk, &e.ahead);
  zcz_tally_free(e.tally);
  zcz_memory_release(t->context, e.marginal);
  return status;
}
