/* Shots that run together as long as the same things happen to them. */
#include <stdlib.h>
#include <string.h>

#include "base/complex.h"
#include "base/math.h"
#include "base/memory.h"
#include "base/progress.h"
#include "base/random.h"
#include "sim/statevector/trajectory_internal.h"

typedef zcz_trajectory_worker worker;
typedef zcz_trajectory_shot shot;

/* Where a group of shots stands. */
typedef struct cursor {
  const zcz_step *step; /* NULL: ask the walk */
  uint32_t stretch;     /* of a RUN */
  bool inside;          /* in a stretch with events: before operation `op`, `events` of them done */
  size_t op, events;
} cursor;

typedef struct action {
  enum { NOTHING, COLLAPSE, RESET, KRAUS } kind;
  const zcz_op *op; /* COLLAPSE, RESET */
  int outcome, read;
  double scale;
  const zcz_noise_site *site; /* KRAUS */
  zcz_complex matrix[16];
} action;

typedef struct group {
  uint32_t level;
  size_t begin, end; /* among the worker's shots */
  cursor at;
} group;

static zcz_status follow(worker *w, group g);

static const zcz_prepared *run_of(const worker *w, const cursor *at) {
  return &w->trajectory->runs[at->step->run];
}

static void perform(worker *w, uint32_t level, const action *a) {
  zcz_sv *state = w->states[level];
  switch (a->kind) {
  case NOTHING: break;
  case COLLAPSE:
    zcz_sv_collapse(state, a->op->qubits[0], a->outcome, a->scale);
    zcz_walk_record(&w->walkers[level], a->op, a->read);
    break;
  case RESET: zcz_sv_reset(state, a->op->qubits[0], a->outcome, a->scale); break;
  case KRAUS: zcz_sv_matrix(state, a->site->k, a->site->qubits, a->matrix, NULL); break;
  }
}

/* The state and the memory of a level, at the next one too. */
static zcz_status copy_up(worker *w, uint32_t level) {
  const zcz_trajectory *t = w->trajectory;
  if (w->states[level + 1] == NULL)
    ZCZ_TRY(zcz_sv_new(t->context, zcz_sv_num_qubits(w->states[0]), zcz_sv_precision(w->states[0]),
                       w->threads, &w->states[level + 1], w->error));
  if (w->walkers[level + 1].variables == NULL)
    ZCZ_TRY(zcz_walker_start(t->walk, &w->walkers[level + 1], w->error));
  zcz_sv_copy(w->states[level + 1], w->states[level]);
  zcz_walker_copy(t->walk, &w->walkers[level + 1], &w->walkers[level]);
  return ZCZ_OK;
}

/* Follows some shots of a group that part from it; the group's own state is left as it is. */
static zcz_status part(worker *w, uint32_t level, size_t begin, size_t end, cursor at,
                       const action *a) {
  if (begin == end) return ZCZ_OK;
  size_t each = level + 2 < w->levels ? end - begin : 1, events = w->num_events;
  for (; begin < end; begin += each) {
    ZCZ_TRY(copy_up(w, level));
    perform(w, level + 1, a);
    ZCZ_TRY(follow(w, (group){level + 1, begin, begin + each, at}));
    w->num_events = events;
  }
  return ZCZ_OK;
}

/* Orders the shots of a group by a number below `kinds`, stably; bounds[i] .. bounds[i + 1] have number
 * i. `number_of` has one entry a shot. */
static zcz_status sort_by(worker *w, size_t begin, size_t end, const uint8_t *number_of,
                          uint32_t kinds, size_t *bounds) {
  size_t places[32] = {0};
  if (!zcz_memory_grow(w->trajectory->context, &w->scratch, &w->scratch_capacity, end - begin,
                       sizeof(shot)))
    return zcz_fail_memory(w->trajectory->context, w->error, "shots", (end - begin) * sizeof(shot));
  for (size_t i = 0; i < end - begin; i++) places[number_of[i] + 1]++;
  for (uint32_t k = 0; k < kinds; k++) places[k + 1] += places[k];
  for (uint32_t k = 0; k <= kinds; k++) bounds[k] = begin + places[k];
  for (size_t i = 0; i < end - begin; i++) w->scratch[places[number_of[i]]++] = w->shots[begin + i];
  memcpy(w->shots + begin, w->scratch, (end - begin) * sizeof(shot));
  return ZCZ_OK;
}

/* Parts a group by the numbers of its shots; the largest part stays where it is and is what the
 * group then consists of. */
static zcz_status part_by(worker *w, group *g, const uint8_t *number_of, uint32_t kinds,
                          const action *actions, const cursor *cursors) {
  size_t bounds[33];
  uint32_t largest = 0;
  ZCZ_TRY(sort_by(w, g->begin, g->end, number_of, kinds, bounds));
  for (uint32_t k = 1; k < kinds; k++)
    if (bounds[k + 1] - bounds[k] > bounds[largest + 1] - bounds[largest]) largest = k;
  for (uint32_t k = 0; k < kinds; k++)
    if (k != largest) ZCZ_TRY(part(w, g->level, bounds[k], bounds[k + 1], cursors[k], &actions[k]));
  perform(w, g->level, &actions[largest]);
  g->begin = bounds[largest];
  g->end = bounds[largest + 1];
  g->at = cursors[largest];
  return ZCZ_OK;
}

/* One byte a shot of a group, for part_by; small groups use `few`. */
enum { FEW = 64 };
static zcz_status numbers_for(worker *w, size_t count, uint8_t few[FEW], uint8_t **numbers) {
  *numbers = count <= FEW ? few : zcz_memory_allocate(w->trajectory->context, count);
  if (*numbers == NULL) return zcz_fail_memory(w->trajectory->context, w->error, "shots", count);
  return ZCZ_OK;
}

static void numbers_done(worker *w, const uint8_t few[FEW], uint8_t *numbers) {
  if (numbers != few) zcz_memory_release(w->trajectory->context, numbers);
}

/* ---- measurement and reset ---- */

static uint8_t outcome_of(const worker *w, const shot *s, const zcz_step *step, uint32_t visit,
                          const double weights[2]) {
  uint64_t seed = w->trajectory->task->seed;
  const zcz_op *op = step->ops;
  double u = zcz_random_unit(seed, ZCZ_PURPOSE_MEASURE, s->number, step->sites[0], visit);
  uint8_t outcome = u * (weights[0] + weights[1]) >= weights[0];
  if (weights[outcome] <= 0) outcome = !outcome;
  if (step->kind == ZCZ_STEP_RESET || op->num_params == 0) return outcome * 3;
  double flip = op->params[outcome];
  double v = zcz_random_unit(seed, ZCZ_PURPOSE_READOUT, s->number, step->sites[0], visit);
  return (uint8_t)(outcome | (outcome ^ (v < flip)) << 1);
}

static zcz_status measure(worker *w, group *g) {
  const zcz_step *step = g->at.step;
  uint32_t visit = w->walkers[g->level].visit;
  double weights[2];
  action actions[4];
  cursor cursors[4];
  uint8_t few[FEW], *numbers;
  zcz_sv_weights(w->states[g->level], step->ops->qubits[0], weights);
  for (int k = 0; k < 4; k++) {
    int outcome = k & 1;
    double weight = weights[outcome];
    actions[k] = (action){.kind = step->kind == ZCZ_STEP_RESET ? RESET : COLLAPSE,
                          .op = step->ops,
                          .outcome = outcome,
                          .read = k >> 1,
                          .scale = weight > 0 ? 1 / zcz_sqrt(weight) : 0};
    cursors[k] = (cursor){0};
  }
  ZCZ_TRY(numbers_for(w, g->end - g->begin, few, &numbers));
  for (size_t i = g->begin; i < g->end; i++)
    numbers[i - g->begin] = outcome_of(w, &w->shots[i], step, visit, weights);
  zcz_status status = part_by(w, g, numbers, 4, actions, cursors);
  numbers_done(w, few, numbers);
  return status;
}

/* ---- a run ---- */

static size_t events_in(const worker *w, const shot *s, const zcz_stretch *stretch) {
  size_t count = 0;
  while (s->at + count < s->end && w->events[s->at + count].site < stretch->end_site) count++;
  return count;
}

static zcz_status draw_events(worker *w, const group *g) {
  const zcz_prepared *run = run_of(w, &g->at);
  const zcz_trajectory *t = w->trajectory;
  for (size_t i = g->begin; i < g->end; i++) {
    w->shots[i].at = w->num_events;
    if (run->noise.num_classes > 0)
      ZCZ_TRY(zcz_noise_draw(t->context, &run->noise, t->task->seed, w->shots[i].number,
                             w->walkers[g->level].visit, &w->events, &w->num_events,
                             &w->events_capacity, w->error));
    w->shots[i].end = w->num_events;
  }
  return ZCZ_OK;
}

/* -1, 0, 1: the events of two shots in a stretch, by sites and choices. */
static int compare_lists(const worker *w, const shot *a, const shot *b,
                         const zcz_stretch *stretch) {
  size_t na = events_in(w, a, stretch), nb = events_in(w, b, stretch);
  for (size_t i = 0; i < na && i < nb; i++) {
    const zcz_noise_event *x = &w->events[a->at + i], *y = &w->events[b->at + i];
    if (x->site != y->site) return x->site < y->site ? -1 : 1;
    if (x->choice != y->choice) return x->choice < y->choice ? -1 : 1;
  }
  return na < nb ? -1 : na > nb;
}

/* Merge sort by lists of events, which leaves equal ones together. */
static zcz_status sort_lists(worker *w, size_t begin, size_t end, const zcz_stretch *stretch) {
  size_t count = end - begin;
  shot *list = w->shots + begin;
  if (!zcz_memory_grow(w->trajectory->context, &w->scratch, &w->scratch_capacity, count,
                       sizeof(shot)))
    return zcz_fail_memory(w->trajectory->context, w->error, "shots", count * sizeof(shot));
  for (size_t width = 1; width < count; width *= 2) {
    for (size_t start = 0; start < count; start += 2 * width) {
      size_t middle = start + width < count ? start + width : count;
      size_t stop = middle + width < count ? middle + width : count;
      size_t i = start, j = middle;
      for (size_t k = start; k < stop; k++) {
        bool left = i < middle && (j >= stop || compare_lists(w, &list[i], &list[j], stretch) <= 0);
        w->scratch[k] = left ? list[i++] : list[j++];
      }
    }
    memcpy(list, w->scratch, count * sizeof(shot));
  }
  return ZCZ_OK;
}

static zcz_status end_stretch(worker *w, group *g) {
  const zcz_prepared *run = run_of(w, &g->at);
  zcz_sv *state = w->states[g->level];
  if (run->stretches[g->at.stretch].renormalise)
    zcz_sv_scale(state, (zcz_complex){1 / zcz_sqrt(zcz_sv_norm2(state)), 0});
  g->at = (cursor){.step = g->at.step, .stretch = g->at.stretch + 1};
  if (g->at.stretch == run->num_stretches) g->at = (cursor){0};
  return ZCZ_OK;
}

/* A stretch for a group at its start: shots with events go apart, the others take the plan. */
static zcz_status begin_stretch(worker *w, group *g) {
  const zcz_stretch *stretch = &run_of(w, &g->at)->stretches[g->at.stretch];
  size_t clean = g->begin;
  for (size_t i = g->begin; i < g->end; i++)
    if (events_in(w, &w->shots[i], stretch) == 0) {
      shot s = w->shots[i];
      w->shots[i] = w->shots[clean];
      w->shots[clean++] = s;
    }
  if (clean < g->end) {
    ZCZ_TRY(sort_lists(w, clean, g->end, stretch));
    cursor inside = g->at;
    inside.inside = true;
    inside.op = stretch->first_op;
    for (size_t start = clean, next; start < g->end; start = next) {
      next = start + 1;
      while (next < g->end && compare_lists(w, &w->shots[start], &w->shots[next], stretch) == 0)
        next++;
      if (next == g->end && clean == g->begin) { /* nobody else needs this state */
        g->begin = start;
        g->at = inside;
        return ZCZ_OK;
      }
      ZCZ_TRY(part(w, g->level, start, next, inside, &(action){.kind = NOTHING}));
    }
    g->end = clean;
  }
  ZCZ_TRY(zcz_sv_apply(w->states[g->level], stretch->plan, NULL, w->error));
  return end_stretch(w, g);
}

static zcz_status put_ops(worker *w, const zcz_op *ops, size_t count) {
  if (!zcz_memory_grow(w->trajectory->context, &w->ops, &w->ops_capacity, w->num_ops + count,
                       sizeof(zcz_op)))
    return zcz_fail_memory(w->trajectory->context, w->error, "operations",
                           (w->num_ops + count) * sizeof(zcz_op));
  if (count > 0) memcpy(w->ops + w->num_ops, ops, count * sizeof(zcz_op));
  w->num_ops += count;
  return ZCZ_OK;
}

static zcz_status flush_ops(worker *w, uint32_t level) {
  zcz_sv *state = w->states[level];
  zcz_sv_plan *plan = NULL;
  if (w->num_ops == 0) return ZCZ_OK;
  zcz_status status =
      zcz_sv_plan_new(w->trajectory->context, zcz_sv_num_qubits(state), zcz_sv_precision(state),
                      w->ops, w->num_ops, zcz_sv_layout(state), false, &plan, w->error);
  if (status == ZCZ_OK) status = zcz_sv_apply(state, plan, NULL, w->error);
  zcz_sv_plan_free(plan);
  w->num_ops = 0;
  return status;
}

/* tr(K rho K^dagger). */
static double weight_of(const zcz_complex *kraus, const zcz_complex *rho, uint32_t k) {
  uint32_t size = 1u << k;
  double sum = 0;
  for (uint32_t r = 0; r < size; r++)
    for (uint32_t c = 0; c < size; c++) {
      zcz_complex half = {0, 0};
      for (uint32_t i = 0; i < size; i++)
        half = zcz_complex_add(half, zcz_complex_multiply(kraus[r * size + i], rho[i * size + c]));
      sum += zcz_complex_multiply(half, zcz_complex_conjugate(kraus[r * size + c])).re;
    }
  return sum;
}

/* The state decides which Kraus operator acts at a site; the group parts by it. */
static zcz_status decide(worker *w, group *g, const zcz_noise_site *site) {
  uint32_t kinds = site->num_choices + 1; /* the last: K0 */
  double limits[ZCZ_MAX_KRAUS];
  zcz_complex rho[16];
  action *actions = zcz_memory_allocate(w->trajectory->context, kinds * sizeof *actions);
  uint8_t few[FEW], *numbers = few;
  cursor cursors[ZCZ_MAX_KRAUS + 1];
  if (actions == NULL)
    return zcz_fail_memory(w->trajectory->context, w->error, "choices", kinds * sizeof *actions);
  zcz_sv_reduced(w->states[g->level], site->k, site->qubits, rho);
  double trace = 0, sum = 0;
  for (uint32_t i = 0; i < 1u << site->k; i++) trace += rho[i << site->k | i].re;
  for (uint32_t c = 0; c < site->num_choices; c++) {
    double weight = weight_of(site->choices[c].kraus, rho, site->k);
    if (!(weight > 0)) weight = 0;
    limits[c] = sum += weight / trace;
    actions[c] = (action){.kind = KRAUS, .site = site};
    for (uint32_t e = 0; e < 1u << (2 * site->k) && weight > 0; e++)
      actions[c].matrix[e] = zcz_complex_scale(site->choices[c].kraus[e], 1 / zcz_sqrt(weight));
    cursors[c] = g->at;
    cursors[c].op = site->op + 1;
    cursors[c].events++;
  }
  actions[kinds - 1] = (action){.kind = NOTHING};
  cursors[kinds - 1] = g->at;
  cursors[kinds - 1].op = site->op;
  cursors[kinds - 1].events++;
  zcz_status status = numbers_for(w, g->end - g->begin, few, &numbers);
  for (size_t i = g->begin; i < g->end && status == ZCZ_OK; i++) {
    double x = w->events[w->shots[i].at + g->at.events].x;
    uint8_t number = 0;
    while (number + 1u < kinds && x >= limits[number]) number++;
    numbers[i - g->begin] = number;
  }
  if (status == ZCZ_OK) status = part_by(w, g, numbers, kinds, actions, cursors);
  numbers_done(w, few, numbers);
  zcz_memory_release(w->trajectory->context, actions);
  return status;
}

/* A stretch for a group whose shots have the same events in it. */
static zcz_status inside_stretch(worker *w, group *g) {
  const zcz_prepared *run = run_of(w, &g->at);
  const zcz_stretch *stretch = &run->stretches[g->at.stretch];
  const zcz_op *ops = run->noise.ops;
  size_t count = events_in(w, &w->shots[g->begin], stretch);
  w->num_ops = 0;
  while (g->at.events < count) {
    const zcz_noise_event *event = &w->events[w->shots[g->begin].at + g->at.events];
    const zcz_noise_site *site = &run->noise.sites[event->site];
    ZCZ_TRY(put_ops(w, ops + g->at.op, site->op - g->at.op));
    if (site->decides) {
      ZCZ_TRY(flush_ops(w, g->level));
      ZCZ_TRY(decide(w, g, site));
      continue;
    }
    const zcz_noise_choice *choice = &site->choices[event->choice];
    ZCZ_TRY(put_ops(w, choice->ops, choice->num_ops));
    g->at.op = site->op + site->has_base;
    g->at.events++;
  }
  ZCZ_TRY(put_ops(w, ops + g->at.op, stretch->end_op - g->at.op));
  ZCZ_TRY(flush_ops(w, g->level));
  ZCZ_TRY(zcz_sv_relayout(w->states[g->level], zcz_sv_plan_layout(stretch->plan), w->error));
  for (size_t i = g->begin; i < g->end; i++) w->shots[i].at += count;
  return end_stretch(w, g);
}

/* ---- the end ---- */

static void set_bit(worker *w, uint64_t shot_number, uint32_t bit) {
  uint64_t place = shot_number - w->first;
  __atomic_fetch_or(&w->columns[bit * w->words + place / 64], UINT64_C(1) << (place % 64),
                    __ATOMIC_RELAXED);
}

static zcz_status record(worker *w, const group *g) {
  const zcz_trajectory *t = w->trajectory;
  size_t count = g->end - g->begin;
  if (!zcz_memory_grow(t->context, &w->uniforms, &w->uniforms_capacity, count, sizeof(double)) ||
      !zcz_memory_grow(t->context, &w->indices, &w->indices_capacity, count, sizeof(uint64_t)))
    return zcz_fail_memory(t->context, w->error, "shots", count * 16);
  for (size_t i = 0; i < count; i++)
    w->uniforms[i] =
        zcz_random_unit(t->task->seed, ZCZ_PURPOSE_SAMPLE, w->shots[g->begin + i].number, 0, 0);
  if (t->walk->num_terminals > 0)
    ZCZ_TRY(zcz_sv_sample_at(w->states[g->level], count, w->uniforms, w->indices, w->error));
  for (size_t m = 0; m < t->walk->num_terminals; m++) /* they overwrite what was there */
    zcz_walk_record(&w->walkers[g->level], &t->walk->terminals[m], 0);
  for (size_t i = 0; i < count; i++) {
    uint64_t number = w->shots[g->begin + i].number;
    for (uint32_t b = 0; b < t->walk->num_bits; b++)
      if (w->walkers[g->level].bits[b]) set_bit(w, number, b);
    for (size_t m = 0; m < t->walk->num_terminals; m++) {
      const zcz_op *op = &t->walk->terminals[m];
      if (op->bit == ZCZ_NONE) continue;
      int value = (int)(w->indices[i] >> op->qubits[0] & 1);
      if (op->num_params > 0)
        value ^= zcz_random_unit(t->task->seed, ZCZ_PURPOSE_READOUT, number,
                                 t->walk->terminal_sites[m], 0) < op->params[value];
      if (value) set_bit(w, number, op->bit);
    }
  }
  return ZCZ_OK;
}

static zcz_status finish(worker *w, const group *g) {
  const zcz_trajectory *t = w->trajectory;
  uint32_t row = t->task->num_observables;
  if (w->columns != NULL) ZCZ_TRY(record(w, g));
  if (w->values != NULL) {
    double *first = w->values + (w->shots[g->begin].number - w->first) * row;
    ZCZ_TRY(zcz_trajectory_observe(t, w->states[g->level], w->parts, first, w->error));
    for (size_t i = g->begin + 1; i < g->end; i++)
      memcpy(w->values + (w->shots[i].number - w->first) * row, first, row * sizeof(double));
  }
  w->reported += g->end - g->begin;
  if (w->reports)
    return zcz_progress(t->context, "trajectories", (double)w->reported, w->total_shots, w->error);
  if (zcz_cancelled(t->context)) return zcz_fail_cancelled(t->context, w->error);
  return ZCZ_OK;
}

static zcz_status follow(worker *w, group g) {
  const zcz_walk *walk = w->trajectory->walk;
  size_t mark = w->num_events;
  for (;;) {
    if (g.at.step == NULL) {
      ZCZ_TRY(zcz_walk_next(walk, &w->walkers[g.level], &g.at.step, w->error));
      if (g.at.step == NULL) return finish(w, &g);
      if (g.at.step->kind == ZCZ_STEP_RUN) {
        w->num_events = mark; /* those of the run before are done with */
        ZCZ_TRY(draw_events(w, &g));
      }
    }
    if (g.at.step->kind != ZCZ_STEP_RUN)
      ZCZ_TRY(measure(w, &g));
    else if (g.at.inside)
      ZCZ_TRY(inside_stretch(w, &g));
    else
      ZCZ_TRY(begin_stretch(w, &g));
  }
}

zcz_status zcz_trajectory_follow(zcz_trajectory_worker *w, uint64_t first, uint64_t count) {
  const zcz_trajectory *t = w->trajectory;
  if (!zcz_memory_grow(t->context, &w->shots, &w->shots_capacity, count, sizeof(shot)))
    return zcz_fail_memory(t->context, w->error, "shots", count * sizeof(shot));
  for (uint64_t i = 0; i < count; i++) w->shots[i] = (shot){.number = first + i};
  w->num_shots = count;
  w->num_events = 0;
  zcz_sv_clear(w->states[0]);
  zcz_walker_restart(t->walk, &w->walkers[0]);
  return follow(w, (group){0, 0, count, {0}});
}
