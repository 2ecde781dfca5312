/* What trajectories can do, and at what price. */
#include <stdio.h>
#include <string.h>

#include "base/math.h"
#include "base/memory.h"
#include "sim/statevector/trajectory_internal.h"

/* On a nominal core: an operation, an amplitude, merged with its neighbours, single precision; and
 * what is added for each. */
static const double AMPLITUDE_SECONDS = 0.15e-9;
static const double OP_SECONDS = 0.15e-6;
static const double DRAW_SECONDS = 2e-9; /* an amplitude, when a shot is drawn from a state */
static const double SHOT_SECONDS = 2e-6;

typedef struct price {
  double ops;      /* of one shot */
  double events;   /* expected in one shot */
  double outcomes; /* measurements and resets before the end */
} price;

static zcz_status price_of(const zcz_walk *walk, price *p, zcz_error *error) {
  enum { LOOP_VISITS = 16 }; /* a guess: nobody knows beforehand */
  zcz_context *context = zcz_circuit_context(walk->circuit);
  *p = (price){0};
  for (size_t s = 0; s < walk->num_steps; s++) {
    const zcz_step *step = &walk->steps[s];
    double times = 1;
    for (uint32_t l = 0; l < step->loops && l < 4; l++) times *= LOOP_VISITS;
    if (step->kind == ZCZ_STEP_RUN) {
      zcz_noise_run run;
      ZCZ_TRY(zcz_noise_run_make(context, step, &run, error));
      p->ops += times * (double)run.num_ops;
      p->events += times * run.events;
      zcz_noise_run_release(context, &run);
    } else {
      p->ops += times * 4;
      p->outcomes += times;
    }
  }
  return ZCZ_OK;
}

static void refuse(zcz_judgement *judgement, const char *reason) {
  judgement->able = false;
  snprintf(judgement->reason, sizeof judgement->reason, "%.300s", reason);
}

static void tell_price(const zcz_walk *walk, const zcz_task *task, const price *p,
                       zcz_judgement *judgement) {
  uint32_t n = zcz_circuit_num_qubits(walk->circuit);
  double amplitudes = 1, slower = task->precision == ZCZ_PRECISION_DOUBLE ? 2 : 1;
  for (uint32_t q = 0; q < n; q++) amplitudes *= 2;
  bool exact = p->events == 0, estimate = task->num_observables > 0 && !exact;
  double shots = (double)task->shots;
  if (task->num_observables > 0) shots += !exact && shots < 1000 ? 1000 : !exact ? shots : 1;
  if (task->probabilities) shots += 1;
  /* Shots that differ: those with an event, and all outcomes that may part them. */
  double parted = p->events < 40 ? 1 - zcz_exp(-p->events) : 1, ways = 1;
  for (double o = 0; o < p->outcomes && ways < 1e18; o++) ways *= 2;
  double states = 1 + shots * parted * 0.6;
  if (ways > 1) states += ways < shots ? ways : shots;
  if (task->probabilities) /* more than that are given up */
    states += ways < ZCZ_TRAJECTORY_MAX_BRANCHES ? ways : ZCZ_TRAJECTORY_MAX_BRANCHES;
  judgement->seconds = 2e-5 +
                       states * (p->ops * (amplitudes * AMPLITUDE_SECONDS * slower + OP_SECONDS) +
                                 amplitudes * DRAW_SECONDS) +
                       shots * SHOT_SECONDS;
  uint64_t state = zcz_sv_bytes(n, task->precision);
  uint64_t workers = n > ZCZ_TRAJECTORY_OWN_QUBITS
                         ? 1
                         : (uint64_t)zcz_context_threads(zcz_circuit_context(walk->circuit));
  uint64_t levels = zcz_trajectory_levels(n, task->precision, (uint64_t)shots);
  if (task->probabilities && levels < p->outcomes)
    levels =
        p->outcomes < ZCZ_TRAJECTORY_MAX_LEVELS ? (uint64_t)p->outcomes : ZCZ_TRAJECTORY_MAX_LEVELS;
  bool beyond = state == UINT64_MAX || state > UINT64_MAX / (workers * levels + 1) / 2;
  judgement->bytes = beyond ? UINT64_MAX : state * workers * levels + ((uint64_t)1 << 20);
  judgement->able = !beyond;
  judgement->works_in_sample = true;
  judgement->accuracy.kind = estimate ? ZCZ_ACCURACY_ESTIMATED : ZCZ_ACCURACY_EXACT;
  for (uint32_t o = 0; estimate && o < task->num_observables; o++) {
    double sum = 0; /* a string's value lies within 1: an upper bound */
    for (uint32_t i = 0; i < task->observables[o]->num_terms; i++) {
      double c = task->observables[o]->terms[i].coefficient;
      if (task->observables[o]->terms[i].num_factors > 0) sum += c < 0 ? -c : c;
    }
    double limit = sum / zcz_sqrt(task->shots < 1000 ? 1000.0 : (double)task->shots);
    if (limit > judgement->accuracy.value) judgement->accuracy.value = limit;
  }
  snprintf(judgement->reason, sizeof judgement->reason,
           "trajectories on 2^%u amplitudes in %s precision, %.3g operations, %.3g random events a "
           "shot",
           n, task->precision == ZCZ_PRECISION_SINGLE ? "single" : "double", p->ops,
           p->events + p->outcomes);
}

static void judge_walk(const zcz_walk *walk, const zcz_task *task, zcz_judgement *judgement) {
  price p;
  zcz_error error;
  const char *why;
  if (price_of(walk, &p, &error) != ZCZ_OK) {
    refuse(judgement, error.message);
    return;
  }
  if (task->probabilities && p.events > 0) {
    refuse(judgement,
           "noise makes the exact distribution one of a density matrix; trajectories only "
           "sample it");
    return;
  }
  if (task->probabilities && !zcz_trajectory_can_enumerate(walk, &why)) {
    refuse(judgement, why);
    return;
  }
  tell_price(walk, task, &p, judgement);
}

void zcz_trajectory_judge(const zcz_circuit *circuit, const zcz_task *task,
                          zcz_judgement *judgement) {
  *judgement = (zcz_judgement){.bytes = UINT64_MAX, .seconds = 1e300};
  zcz_walk *walk;
  zcz_error error;
  if (task->state || task->num_amplitudes > 0) {
    refuse(judgement, "noise, or a measurement or reset before the end, leaves no single state to "
                      "take amplitudes from");
    return;
  }
  const uint32_t n = zcz_circuit_num_qubits(circuit);
  if (n > ZCZ_SV_MAX_QUBITS) {
    const bool single = task->precision == ZCZ_PRECISION_SINGLE;
    double bytes = single ? 8 : 16;
    char needed[32];
    for (uint32_t q = 0; q < n && q < 1000; q++) bytes *= 2;
    zcz_bytes_text(bytes, needed);
    snprintf(
        judgement->reason, sizeof judgement->reason,
        "%u qubits need 2^%u amplitudes a trajectory, %s in %s precision; at most %d qubits can "
        "be held",
        n, n, needed, single ? "single" : "double", ZCZ_SV_MAX_QUBITS);
    return;
  }
  if (zcz_walk_new(circuit, &walk, &error) != ZCZ_OK) {
    refuse(judgement, error.message);
    return;
  }
  judge_walk(walk, task, judgement);
  zcz_walk_free(walk);
}
