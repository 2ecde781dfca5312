#include "sim/statevector/trajectory.h"

#include <string.h>

#include "base/math.h"
#include "base/memory.h"
#include "base/progress.h"
#include "sim/statevector/trajectory_internal.h"

static const double WORKER_SECONDS = 2e-3;
enum { MIN_STRETCH = 64, MAX_STRETCHES = 16, BATCH = 1 << 16, MIN_SHOTS = 1000, MAX_WORKERS = 256 };

uint32_t zcz_trajectory_levels(uint32_t qubits, zcz_precision precision, uint64_t shots) {
  uint64_t room = (UINT64_C(64) << 20) / (zcz_sv_bytes(qubits, precision) + 1);
  uint32_t levels = 3, needed = 2;
  while (needed < ZCZ_TRAJECTORY_MAX_LEVELS && shots >> (needed - 2) > 1) needed++;
  if (room > levels)
    levels = room < ZCZ_TRAJECTORY_MAX_LEVELS ? (uint32_t)room : ZCZ_TRAJECTORY_MAX_LEVELS;
  return levels < needed ? levels : needed;
}

/* ---- preparing ---- */

/* Cuts a run into stretches: events cost a plan for their stretch alone, and shots share what lies
 * before the first stretch with an event. Where nothing can happen one stretch does. */
static zcz_status cut(zcz_trajectory *t, zcz_prepared *run, zcz_error *error) {
  const zcz_noise_run *noise = &run->noise;
  size_t count = noise->num_classes == 0 ? 1 : noise->num_ops / MIN_STRETCH;
  uint32_t site = 0;
  double decay = 0;
  if (count < 1) count = 1;
  if (count > MAX_STRETCHES) count = MAX_STRETCHES;
  run->stretches = zcz_memory_zeroed(t->context, count, sizeof(zcz_stretch));
  if (run->stretches == NULL)
    return zcz_fail_memory(t->context, error, "stretches of a program",
                           count * sizeof(zcz_stretch));
  for (; run->num_stretches < count; run->num_stretches++) {
    uint32_t i = run->num_stretches;
    zcz_stretch *s = &run->stretches[i];
    s->first_op = noise->num_ops * i / count;
    s->end_op = noise->num_ops * (i + 1) / count;
    s->first_site = site;
    while (site < noise->num_sites && (i + 1 == count || noise->sites[site].op < s->end_op))
      decay += zcz_noise_site_decay(&noise->sites[site++]);
    s->end_site = site;
    s->renormalise = decay < -20 || (i + 1 == count && t->walk->has_loop && decay < 0);
    if (s->renormalise) decay = 0;
    const uint32_t *layout = i == 0 ? NULL : zcz_sv_plan_layout(run->stretches[i - 1].plan);
    ZCZ_TRY(zcz_sv_plan_new(t->context, zcz_circuit_num_qubits(t->circuit), t->task->precision,
                            noise->ops + s->first_op, s->end_op - s->first_op, layout,
                            t->walk->num_steps > 1, &s->plan, error));
  }
  return ZCZ_OK;
}

static zcz_status prepare_runs(zcz_trajectory *t, zcz_error *error) {
  const zcz_walk *walk = t->walk;
  t->runs = zcz_memory_zeroed(t->context, walk->num_runs + 1u, sizeof(zcz_prepared));
  if (t->runs == NULL)
    return zcz_fail_memory(t->context, error, "runs of a program",
                           walk->num_runs * sizeof(zcz_prepared));
  for (size_t s = 0; s < walk->num_steps; s++) {
    const zcz_step *step = &walk->steps[s];
    if (step->kind != ZCZ_STEP_RUN) continue;
    zcz_prepared *run = &t->runs[step->run];
    ZCZ_TRY(zcz_noise_run_make(t->context, step, &run->noise, error));
    if (run->noise.num_sites > 0) t->noisy = true;
    ZCZ_TRY(cut(t, run, error));
  }
  return ZCZ_OK;
}

static zcz_status prepare_strings(zcz_trajectory *t, zcz_error *error) {
  const zcz_task *task = t->task;
  size_t at = 0;
  for (uint32_t o = 0; o < task->num_observables; o++)
    t->num_strings += task->observables[o]->num_terms;
  t->strings = zcz_memory_zeroed(t->context, t->num_strings, sizeof(zcz_sv_pauli));
  if (t->strings == NULL)
    return zcz_fail_memory(t->context, error, "Pauli strings", t->num_strings * 16);
  for (uint32_t o = 0; o < task->num_observables; o++)
    for (uint32_t i = 0; i < task->observables[o]->num_terms; i++, at++) {
      const zcz_term *term = &task->observables[o]->terms[i];
      for (uint32_t f = 0; f < term->num_factors; f++) {
        uint64_t bit = UINT64_C(1) << term->factors[f].qubit;
        if (term->factors[f].pauli != 'Z') t->strings[at].x |= bit;
        if (term->factors[f].pauli != 'X') t->strings[at].z |= bit;
      }
    }
  return ZCZ_OK;
}

zcz_status zcz_trajectory_open(zcz_context *context, const zcz_circuit *circuit,
                               const zcz_task *task, zcz_trajectory **trajectory,
                               zcz_error *error) {
  *trajectory = NULL;
  zcz_judgement judgement;
  zcz_trajectory_judge(circuit, task, &judgement);
  if (!judgement.able) return zcz_fail(error, ZCZ_ERROR_UNABLE, "%s", judgement.reason);
  ZCZ_TRY(zcz_memory_admit(context, "the states of trajectories", judgement.bytes, error));
  zcz_trajectory *t = zcz_memory_zeroed(context, 1, sizeof *t);
  if (t == NULL) return zcz_fail_memory(context, error, "trajectories", sizeof *t);
  *t = (zcz_trajectory){.context = context,
                        .circuit = circuit,
                        .task = task,
                        .shot_seconds = judgement.seconds / (double)(task->shots + 1)};
  zcz_status status = zcz_walk_new(circuit, &t->walk, error);
  if (status == ZCZ_OK) status = prepare_runs(t, error);
  if (status == ZCZ_OK) status = prepare_strings(t, error);
  if (status != ZCZ_OK) {
    zcz_trajectory_close(t);
    return status;
  }
  *trajectory = t;
  return ZCZ_OK;
}

void zcz_trajectory_close(zcz_trajectory *t) {
  if (t == NULL) return;
  for (uint32_t r = 0; t->runs != NULL && r < t->walk->num_runs; r++) {
    for (uint32_t s = 0; s < t->runs[r].num_stretches; s++)
      zcz_sv_plan_free(t->runs[r].stretches[s].plan);
    zcz_memory_release(t->context, t->runs[r].stretches);
    zcz_noise_run_release(t->context, &t->runs[r].noise);
  }
  zcz_memory_release(t->context, t->runs);
  zcz_memory_release(t->context, t->strings);
  zcz_walk_free(t->walk);
  zcz_memory_release(t->context, t);
}

/* ---- workers ---- */

typedef struct job {
  const zcz_trajectory *t;
  uint64_t first, count;
  uint64_t *columns; /* or NULL */
  double *values;    /* or NULL */
} job;

static void release_worker(zcz_trajectory_worker *w) {
  zcz_context *context = w->trajectory->context;
  for (uint32_t i = 0; i < w->levels; i++) {
    zcz_sv_free(w->states[i]);
    zcz_walker_release(w->trajectory->walk, &w->walkers[i]);
  }
  zcz_memory_release(context, w->shots);
  zcz_memory_release(context, w->scratch);
  zcz_memory_release(context, w->events);
  zcz_memory_release(context, w->ops);
  zcz_memory_release(context, w->uniforms);
  zcz_memory_release(context, w->indices);
  zcz_memory_release(context, w->parts);
}

/* Shots begin .. end - 1 of a job, counted from its first. */
static zcz_status work(const job *j, uint64_t begin, uint64_t end, int threads, bool reports,
                       zcz_error *error) {
  const zcz_trajectory *t = j->t;
  uint32_t qubits = zcz_circuit_num_qubits(t->circuit);
  zcz_trajectory_worker w = {.trajectory = t,
                             .threads = threads,
                             .reports = reports,
                             .total_shots = (double)(end - begin),
                             .first = j->first,
                             .words = (j->count + 63) / 64,
                             .columns = j->columns,
                             .values = j->values,
                             .error = error,
                             .levels = zcz_trajectory_levels(qubits, t->task->precision, j->count)};
  zcz_status status =
      zcz_sv_new(t->context, qubits, t->task->precision, threads, &w.states[0], error);
  if (status == ZCZ_OK) status = zcz_walker_start(t->walk, &w.walkers[0], error);
  if (status == ZCZ_OK && j->values != NULL) {
    w.parts = zcz_memory_allocate(t->context, t->num_strings * sizeof(double));
    if (w.parts == NULL)
      status = zcz_fail_memory(t->context, error, "expectation values", t->num_strings * 8);
  }
  for (uint64_t at = begin; at < end && status == ZCZ_OK; at += BATCH)
    status = zcz_trajectory_follow(&w, j->first + at, end - at < BATCH ? end - at : BATCH);
  release_worker(&w);
  return status;
}

static zcz_status do_job(const job *j, zcz_error *error) {
  zcz_context *context = j->t->context;
  uint32_t qubits = zcz_circuit_num_qubits(j->t->circuit);
  if (qubits > ZCZ_TRAJECTORY_OWN_QUBITS) return work(j, 0, j->count, 0, true, error);
  uint64_t workers = (uint64_t)zcz_context_threads(context);
  double seconds =
      (double)j->count * j->t->shot_seconds; /* too little is not worth waking threads */
  if (seconds < WORKER_SECONDS * (double)workers) workers = (uint64_t)(seconds / WORKER_SECONDS);
  if (workers > j->count) workers = j->count;
  if (workers > MAX_WORKERS) workers = MAX_WORKERS;
  if (workers <= 1) return work(j, 0, j->count, 1, true, error);
  zcz_status statuses[MAX_WORKERS];
  zcz_error *errors = zcz_memory_zeroed(context, workers, sizeof *errors);
  if (errors == NULL) return zcz_fail_memory(context, error, "workers", workers * sizeof *errors);
#pragma omp parallel for num_threads((int)workers) schedule(static)
  for (uint64_t i = 0; i < workers; i++)
    statuses[i] =
        work(j, j->count * i / workers, j->count * (i + 1) / workers, 1, i == 0, &errors[i]);
  zcz_status status = ZCZ_OK;
  for (uint64_t i = 0; i < workers && status == ZCZ_OK; i++) {
    status = statuses[i];
    if (status != ZCZ_OK && error != NULL) *error = errors[i];
  }
  zcz_memory_release(context, errors);
  return status;
}

zcz_status zcz_trajectory_sample(zcz_trajectory *t, uint64_t first, uint64_t count,
                                 uint64_t *columns, zcz_error *error) {
  memset(columns, 0, t->walk->num_bits * ((count + 63) / 64) * sizeof *columns);
  if (count == 0 || t->walk->num_bits == 0) return ZCZ_OK;
  return do_job(&(job){.t = t, .first = first, .count = count, .columns = columns}, error);
}

/* ---- expectation values ---- */

zcz_status zcz_trajectory_observe(const zcz_trajectory *t, const zcz_sv *state, double *parts,
                                  double *values, zcz_error *error) {
  size_t at = 0;
  ZCZ_TRY(zcz_sv_expectations(state, t->num_strings, t->strings, parts, error));
  double total = zcz_sv_norm2(state);
  for (uint32_t o = 0; o < t->task->num_observables; o++) {
    values[o] = 0;
    for (uint32_t i = 0; i < t->task->observables[o]->num_terms; i++)
      values[o] += t->task->observables[o]->terms[i].coefficient * (parts[at++] / total);
  }
  return ZCZ_OK;
}

zcz_status zcz_trajectory_expectations(zcz_trajectory *t, double *values, double *errors,
                                       zcz_error *error) {
  enum { BLOCK = 4096 };
  uint32_t row = t->task->num_observables;
  const char *why;
  if (!t->noisy && zcz_trajectory_can_enumerate(t->walk, &why)) {
    memset(errors, 0, row * sizeof *errors);
    return zcz_trajectory_enumerate(t, NULL, values, error);
  }
  uint64_t shots = t->task->shots < MIN_SHOTS ? MIN_SHOTS : t->task->shots;
  double *block = zcz_memory_allocate(t->context, (size_t)BLOCK * row * sizeof *block);
  if (block == NULL)
    return zcz_fail_memory(t->context, error, "expectation values", (uint64_t)BLOCK * row * 8);
  for (uint32_t o = 0; o < row; o++) values[o] = errors[o] = 0;
  zcz_status status = ZCZ_OK;
  /* Mean and sum of squares about it, block by block in order. */
  for (uint64_t done = 0; done < shots && status == ZCZ_OK; done += BLOCK) {
    uint64_t count = shots - done < BLOCK ? shots - done : BLOCK;
    status = do_job(&(job){.t = t, .first = done, .count = count, .values = block}, error);
    for (uint64_t s = 0; s < count && status == ZCZ_OK; s++)
      for (uint32_t o = 0; o < row; o++) {
        double difference = block[s * row + o] - values[o];
        values[o] += difference / (double)(done + s + 1);
        errors[o] += difference * (block[s * row + o] - values[o]);
      }
  }
  for (uint32_t o = 0; o < row; o++)
    errors[o] = zcz_sqrt(errors[o] / ((double)shots * (double)(shots - 1)));
  zcz_memory_release(t->context, block);
  return status;
}

zcz_status zcz_trajectory_probabilities(zcz_trajectory *t, zcz_distribution *distribution,
                                        zcz_error *error) {
  const char *why;
  if (t->noisy)
    return zcz_fail(error, ZCZ_ERROR_UNABLE, "trajectories only sample a noisy distribution");
  if (!zcz_trajectory_can_enumerate(t->walk, &why))
    return zcz_fail(error, ZCZ_ERROR_UNABLE, "%s", why);
  return zcz_trajectory_enumerate(t, distribution, NULL, error);
}
