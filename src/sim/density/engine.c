/* The density matrix engine: exact noise and exact dynamic circuits on few qubits. */
#include "sim/engine.h"

#include "base/math.h"
#include "base/memory.h"
#include "sim/density/branch.h"
#include "sim/sampler.h"
#include "sim/walk.h"

#include <stdio.h>
#include <string.h>

/* ---- judging ---- */

/* Measured on one core of a 2020-25 server (bench/density), rounded. */
static const double ONE_SECONDS = 0.25e-9; /* a coefficient, one-qubit map, single precision */
static const double TWO_SECONDS = 1.0e-9;  /* two-qubit map */
static const double LARGE_SECONDS =
    30e-9;                              /* a larger operation: per coefficient and 2^(2 targets) */
static const double MAP_SECONDS = 4e-6; /* making a two-qubit map */
static const double SHOT_SECONDS = 40e-9;
enum { LOOP_VISITS = 16 }; /* a guess: nobody knows beforehand */

static bool refuse(zcz_judgement *judgement, const char *format, unsigned a, unsigned b) {
  judgement->able = false;
  snprintf(judgement->reason, sizeof judgement->reason, format, a, b);
  return false;
}

static double op_seconds(const zcz_op *op, double count, double *extra) {
  if (op->num_qubits == 0) return 0;
  *extra += op->num_qubits == 1 ? MAP_SECONDS / 10 : MAP_SECONDS;
  if (op->num_qubits == 1) return count > 2000 ? 0 : count * ONE_SECONDS; /* merged into others */
  if (op->num_qubits == 2) return op->kind == ZCZ_OP_CHANNEL ? 0 : count * TWO_SECONDS;
  return count * LARGE_SECONDS * (double)(1u << (op->num_qubits - op->num_controls));
}

/* Seconds, and how many branches there may be at one time: each mid-circuit bit doubles them. */
static double walk_seconds(const zcz_walk *walk, double count, uint8_t *seen, double *branches) {
  double seconds = 0, extra = 0, now = 1;
  for (size_t s = 0; s < walk->num_steps; s++) {
    const zcz_step *step = &walk->steps[s];
    double times = now;
    for (uint32_t l = 0; l < step->loops && l < 4; l++) times *= LOOP_VISITS;
    if (step->kind == ZCZ_STEP_RUN) {
      for (size_t i = 0; i < step->count; i++)
        seconds += times * op_seconds(&step->ops[i], count, &extra);
    } else {
      seconds += times * (count * ONE_SECONDS * 2 + 1e-7);
      uint32_t bit = step->ops->bit;
      if (step->kind == ZCZ_STEP_MEASURE && bit != ZCZ_NONE && !seen[bit] && now < 1e12) {
        seen[bit] = 1;
        now *= 2;
      }
    }
  }
  *branches = now;
  return seconds + extra;
}

static bool judge_ops(const zcz_circuit *circuit, zcz_judgement *judgement) {
  for (uint32_t b = 0; b < zcz_circuit_num_blocks(circuit); b++) {
    const zcz_op *ops = zcz_circuit_ops(circuit, b);
    for (size_t i = 0; i < zcz_circuit_num_ops(circuit, b); i++) {
      bool acts = ops[i].kind == ZCZ_OP_GATE || ops[i].kind == ZCZ_OP_UNITARY;
      if (acts && ops[i].num_qubits > ZCZ_DENSITY_MAX_OP_QUBITS)
        return refuse(judgement,
                      "an operation acts on %u qubits at once, at most %u are possible here",
                      ops[i].num_qubits, ZCZ_DENSITY_MAX_OP_QUBITS);
    }
  }
  return true;
}

static void judge_walk(const zcz_walk *walk, const zcz_task *task, zcz_judgement *judgement) {
  uint32_t qubits = zcz_circuit_num_qubits(walk->circuit);
  uint64_t state = zcz_density_bytes(qubits, task->precision);
  uint32_t digits = qubits < ZCZ_DENSITY_MIN_DIGITS ? ZCZ_DENSITY_MIN_DIGITS : qubits;
  double count = (double)(UINT64_C(1) << (2 * digits)), branches = 1;
  if (task->precision == ZCZ_PRECISION_DOUBLE) count *= 2; /* in time */
  zcz_context *context = zcz_circuit_context(walk->circuit);
  uint8_t *seen = zcz_memory_zeroed(context, walk->num_bits + 1u, 1);
  if (seen == NULL) {
    refuse(judgement, "out of memory", 0, 0);
    return;
  }
  judgement->seconds = 5e-6 + walk_seconds(walk, count, seen, &branches);
  zcz_memory_release(context, seen);
  if (branches > ZCZ_DENSITY_MAX_BRANCHES) {
    refuse(judgement,
           "measurements before the end can lead to more than %u classical memories, each with its "
           "own density matrix",
           ZCZ_DENSITY_MAX_BRANCHES, 0);
    return;
  }
  judgement->bytes = state * (uint64_t)(branches > 1 ? branches + 1 : 1) +
                     (UINT64_C(48) << qubits) * (uint64_t)branches + 65536;
  judgement->seconds += (double)task->shots * SHOT_SECONDS;
  judgement->able = true;
  judgement->accuracy = (zcz_accuracy){.kind = ZCZ_ACCURACY_EXACT};
  if (branches > 1)
    snprintf(judgement->reason, sizeof judgement->reason,
             "a density matrix of %u qubits for each of up to %.0f classical memories", qubits,
             branches);
  else
    snprintf(judgement->reason, sizeof judgement->reason, "one density matrix of %u qubits",
             qubits);
}

static void judge(const zcz_circuit *circuit, const zcz_task *task, zcz_judgement *judgement) {
  *judgement = (zcz_judgement){.bytes = UINT64_MAX, .seconds = 1e300};
  uint32_t qubits = zcz_circuit_num_qubits(circuit);
  if (qubits > ZCZ_DENSITY_MAX_QUBITS) {
    refuse(judgement, "a density matrix of %u qubits is out of reach, at most %u are possible",
           qubits, ZCZ_DENSITY_MAX_QUBITS);
    return;
  }
  if (task->state || task->num_amplitudes > 0) {
    refuse(judgement, "a density matrix is a mixture and has no amplitudes", 0, 0);
    return;
  }
  if (!judge_ops(circuit, judgement)) return;
  zcz_walk *walk;
  zcz_error error;
  if (zcz_walk_new(circuit, &walk, &error) != ZCZ_OK) {
    snprintf(judgement->reason, sizeof judgement->reason, "%.300s", error.message);
    return;
  }
  judge_walk(walk, task, judgement);
  zcz_walk_free(walk);
}

/* ---- running ---- */

typedef struct density_run {
  zcz_context *context;
  const zcz_circuit *circuit;
  const zcz_task *task;
  zcz_walk *walk;
  bool measures;         /* else `probabilities` speaks of the qubits */
  double rounding;       /* smallest probability, relative, that is no rounding error */
  double total;          /* of all branches */
  double *values;        /* one an observable */
  double *probabilities; /* work space, 2^qubits */
  uint64_t *key;         /* work space */
  zcz_tally *memory_tally, *qubit_tally; /* NULL = not wanted */
  zcz_distribution memory, qubits;
  zcz_sampler *sampler;
} density_run;

/* Adds the values of k qubits, each written into its bit of a key that is else `run->key`. */
static zcz_status tally_all(density_run *run, zcz_tally *tally, uint32_t k, const uint32_t *bits,
                            zcz_error *error) {
  const double *p = run->probabilities;
  size_t count = (size_t)1 << k;
  double square = 0;
  for (size_t j = 0; j < count; j++) square += p[j] * p[j];
  double least = run->rounding * zcz_sqrt(square / (double)count);
  for (size_t j = 0; j < count; j++) {
    if (p[j] <= least) continue;
    for (uint32_t i = 0; i < k; i++) {
      uint64_t mask = UINT64_C(1) << (bits[i] % 64);
      if (j >> i & 1)
        run->key[bits[i] / 64] |= mask;
      else
        run->key[bits[i] / 64] &= ~mask;
    }
    ZCZ_TRY(zcz_tally_add(tally, run->key, p[j], error));
  }
  return ZCZ_OK;
}

static zcz_status visit_qubits(density_run *run, const zcz_density *density, zcz_error *error) {
  uint32_t qubits[ZCZ_DENSITY_MAX_QUBITS];
  for (uint32_t q = 0; q < density->num_qubits; q++) qubits[q] = q;
  run->key[0] = 0;
  zcz_density_marginal(density, density->num_qubits, qubits, NULL, run->probabilities);
  return tally_all(run, run->qubit_tally, density->num_qubits, qubits, error);
}

static zcz_status visit_memory(density_run *run, const zcz_density *density,
                               const zcz_walker *walker, zcz_error *error) {
  const zcz_walk *walk = run->walk;
  uint32_t qubits[ZCZ_DENSITY_MAX_QUBITS], bits[ZCZ_DENSITY_MAX_QUBITS], k = 0;
  double flips[ZCZ_DENSITY_MAX_QUBITS][2];
  memset(run->key, 0, (walk->num_bits / 64 + 1) * sizeof *run->key);
  for (uint32_t b = 0; b < walk->num_bits; b++)
    if (walker->bits[b]) run->key[b / 64] |= UINT64_C(1) << (b % 64);
  for (size_t i = 0; i < walk->num_terminals; i++) {
    const zcz_op *op = &walk->terminals[i];
    if (op->bit == ZCZ_NONE) continue;
    qubits[k] = op->qubits[0];
    bits[k] = op->bit;
    flips[k][0] = op->num_params > 0 ? op->params[0] : 0;
    flips[k][1] = op->num_params > 0 ? op->params[1] : 0;
    k++;
  }
  zcz_density_marginal(density, k, qubits, (const double(*)[2])flips, run->probabilities);
  return tally_all(run, run->memory_tally, k, bits, error);
}

static zcz_status visit(void *user, const zcz_density *density, const zcz_walker *walker,
                        zcz_error *error) {
  density_run *run = user;
  run->total += zcz_density_coefficient(density, 0);
  for (uint32_t o = 0; o < run->task->num_observables; o++) {
    const zcz_observable *observable = run->task->observables[o];
    for (uint32_t t = 0; t < observable->num_terms; t++) {
      const zcz_term *term = &observable->terms[t];
      size_t index = 0;
      for (uint32_t f = 0; f < term->num_factors; f++)
        index |= (size_t)(term->factors[f].pauli - 'X' + 1) << (2 * term->factors[f].qubit);
      run->values[o] += term->coefficient * zcz_density_coefficient(density, index);
    }
  }
  if (run->qubit_tally != NULL) ZCZ_TRY(visit_qubits(run, density, error));
  if (run->memory_tally != NULL) ZCZ_TRY(visit_memory(run, density, walker, error));
  return ZCZ_OK;
}

static void close_run(void *opened) {
  density_run *run = opened;
  if (run == NULL) return;
  zcz_sampler_free(run->sampler);
  zcz_distribution_release(run->context, &run->memory);
  zcz_distribution_release(run->context, &run->qubits);
  zcz_tally_free(run->memory_tally);
  zcz_tally_free(run->qubit_tally);
  zcz_memory_release(run->context, run->values);
  zcz_walk_free(run->walk);
  zcz_memory_release(run->context, run);
}

static zcz_status prepare(density_run *run, zcz_error *error) {
  ZCZ_TRY(zcz_walk_new(run->circuit, &run->walk, error));
  const zcz_walk *walk = run->walk;
  uint32_t qubits = zcz_circuit_num_qubits(run->circuit);
  run->measures = zcz_circuit_describe(run->circuit).has_measurement;
  size_t ops = 1, key_words = walk->num_bits / 64 + 1;
  size_t numbers = run->task->num_observables + ((size_t)1 << qubits);
  for (size_t s = 0; s < walk->num_steps; s++) ops += walk->steps[s].count;
  bool single = zcz_density_bytes(qubits, run->task->precision) <
                zcz_density_bytes(qubits, ZCZ_PRECISION_DOUBLE);
  run->rounding = 8 * (single ? 0x1p-24 : 0x1p-53) * zcz_sqrt((double)ops);
  run->values = zcz_memory_zeroed(run->context, numbers + key_words, sizeof(double));
  if (run->values == NULL)
    return zcz_fail_memory(run->context, error, "the distribution of outcomes", numbers * 8);
  run->probabilities = run->values + run->task->num_observables;
  run->key = (uint64_t *)(run->values + numbers);
  if (run->task->probabilities && !run->measures)
    ZCZ_TRY(zcz_tally_new(run->context, qubits, &run->qubit_tally, error));
  if (run->task->shots > 0 || (run->task->probabilities && run->measures))
    ZCZ_TRY(zcz_tally_new(run->context, walk->num_bits, &run->memory_tally, error));
  return ZCZ_OK;
}

static zcz_status finish(density_run *run, zcz_error *error) {
  for (uint32_t o = 0; o < run->task->num_observables; o++) run->values[o] /= run->total;
  if (run->qubit_tally != NULL) ZCZ_TRY(zcz_tally_finish(run->qubit_tally, 0, &run->qubits, error));
  if (run->memory_tally != NULL)
    ZCZ_TRY(zcz_tally_finish(run->memory_tally, 0, &run->memory, error));
  if (run->task->shots > 0)
    ZCZ_TRY(zcz_sampler_new(run->context, &run->memory, run->task->seed, &run->sampler, error));
  return ZCZ_OK;
}

static zcz_status open_run(zcz_context *context, const zcz_circuit *circuit, const zcz_task *task,
                           void **opened, zcz_error *error) {
  *opened = NULL;
  zcz_judgement judgement;
  uint32_t qubits = zcz_circuit_num_qubits(circuit);
  judge(circuit, task, &judgement);
  if (!judgement.able) return zcz_fail(error, ZCZ_ERROR_UNABLE, "density: %s", judgement.reason);
  ZCZ_TRY(zcz_memory_admit(context, "a density matrix", zcz_density_bytes(qubits, task->precision),
                           error));
  density_run *run = zcz_memory_zeroed(context, 1, sizeof *run);
  if (run == NULL) return zcz_fail_memory(context, error, "a run", sizeof *run);
  *run = (density_run){.context = context, .circuit = circuit, .task = task};
  zcz_status status = prepare(run, error);
  if (status == ZCZ_OK)
    status = zcz_density_explore(context, run->walk, task->precision, visit, run, error);
  if (status == ZCZ_OK) status = finish(run, error);
  if (status != ZCZ_OK) {
    close_run(run);
    return status;
  }
  *opened = run;
  return ZCZ_OK;
}

static zcz_status sample(void *opened, uint64_t first, uint64_t count, uint64_t *columns,
                         zcz_error *error) {
  density_run *run = opened;
  if (run->sampler == NULL)
    return zcz_fail(error, ZCZ_ERROR_BUG, "shots were not asked for when the run was opened");
  return zcz_sampler_draw(run->sampler, first, count, columns, error);
}

static zcz_status probabilities(void *opened, zcz_distribution *distribution, zcz_error *error) {
  density_run *run = opened;
  const zcz_distribution *own = run->measures ? &run->memory : &run->qubits;
  if (own->keys == NULL)
    return zcz_fail(error, ZCZ_ERROR_BUG,
                    "probabilities were not asked for when the run was opened");
  *distribution = *own;
  distribution->keys = zcz_memory_copy(run->context, own->keys, own->count * own->words * 8 + 8);
  distribution->probabilities =
      zcz_memory_copy(run->context, own->probabilities, own->count * sizeof(double) + 8);
  if (distribution->keys == NULL || distribution->probabilities == NULL) {
    zcz_distribution_release(run->context, distribution);
    return zcz_fail_memory(run->context, error, "the distribution of outcomes", own->count * 16);
  }
  return ZCZ_OK;
}

static zcz_status expectations(void *opened, double *values, double *errors, zcz_error *error) {
  (void)error;
  density_run *run = opened;
  for (uint32_t o = 0; o < run->task->num_observables; o++) {
    values[o] = run->values[o];
    errors[o] = 0;
  }
  return ZCZ_OK;
}

const zcz_engine zcz_engine_density = {
    .name = "density",
    .text =
        "exact density matrix of few qubits: noise, measurement and feed-forward without sampling",
    .reproducible = "everywhere",
    .judge = judge,
    .open = open_run,
    .sample = sample,
    .close = close_run,
    .probabilities = probabilities,
    .expectations = expectations,
};
