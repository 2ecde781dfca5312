#include "sim/density/branch.h"

#include "base/memory.h"
#include "base/progress.h"
#include "sim/density/plan.h"
#include "sim/density/transfer.h"

typedef struct branch {
  zcz_density *density;
  zcz_walker walker;
  const zcz_step *step; /* what it does next */
} branch;

typedef struct explorer {
  zcz_context *context;
  const zcz_walk *walk;
  zcz_precision precision;
  zcz_density_visit *visit;
  void *user;
  zcz_density_plan **plans; /* one a run, made when first met; NULL = not kept */
  branch *branches;         /* `alive` of them, then `spare` whose memory is used again */
  size_t alive, spare, capacity;
  zcz_error *error;
} explorer;

enum { KEEP_OPS = 4096 };

/* A branch is dropped below this share of the one it comes from, and below 2^-53 of everything: what
 * rounding alone leaves where an outcome cannot be. */
static double smallest_share(const zcz_density *density) {
  return density->single ? 0x1p-21 : 0x1p-50;
}

/* A branch at the end of those alive, its density not set. */
static zcz_status add_branch(explorer *e, branch **added) {
  if (e->alive >= ZCZ_DENSITY_MAX_BRANCHES)
    return zcz_hint(e->error,
                    zcz_fail(e->error, ZCZ_ERROR_UNABLE,
                             "the program reaches more than %d classical memories at one time, "
                             "each with its own density matrix",
                             ZCZ_DENSITY_MAX_BRANCHES),
                    "sample it: --engine statevector");
  if (e->spare == 0) {
    if (!zcz_memory_grow(e->context, &e->branches, &e->capacity, e->alive + 1, sizeof(branch)))
      return zcz_fail_memory(e->context, e->error, "branches", e->alive * sizeof(branch));
    branch *made = &e->branches[e->alive];
    *made = (branch){0};
    ZCZ_TRY(zcz_walker_start(e->walk, &made->walker, e->error));
    uint32_t qubits = zcz_circuit_num_qubits(e->walk->circuit);
    zcz_status status = zcz_memory_admit(e->context, "a density matrix",
                                         zcz_density_bytes(qubits, e->precision), e->error);
    if (status == ZCZ_OK)
      status = zcz_density_new(e->context, qubits, e->precision, &made->density, e->error);
    if (status != ZCZ_OK) {
      zcz_walker_release(e->walk, &made->walker);
      return status;
    }
  } else {
    e->spare--;
  }
  *added = &e->branches[e->alive++];
  return ZCZ_OK;
}

static void drop_branch(explorer *e, size_t index) {
  branch gone = e->branches[index];
  e->alive--;
  e->branches[index] = e->branches[e->alive];
  e->branches[e->alive] = gone;
  e->spare++;
}

/* Joins a branch to another with an equal future. */
static bool merge_branch(explorer *e, size_t index) {
  branch *b = &e->branches[index];
  for (size_t i = 0; i < e->alive; i++) {
    branch *other = &e->branches[i];
    if (i == index || other->step != b->step ||
        !zcz_walker_equal(e->walk, &other->walker, &b->walker))
      continue;
    zcz_density_add(other->density, b->density);
    if (b->walker.visit > other->walker.visit) other->walker.visit = b->walker.visit;
    drop_branch(e, index);
    return true;
  }
  return false;
}

/* Finds what a branch does next; hands it over where that is nothing. */
static zcz_status settle(explorer *e, size_t index) {
  branch *b = &e->branches[index];
  ZCZ_TRY(zcz_walk_next(e->walk, &b->walker, &b->step, e->error));
  if (b->step != NULL) {
    merge_branch(e, index);
    return ZCZ_OK;
  }
  ZCZ_TRY(e->visit(e->user, b->density, &b->walker, e->error));
  drop_branch(e, index);
  return ZCZ_OK;
}

static void project(zcz_density *density, uint32_t qubit, const double weights[2]) {
  double matrix[16];
  zcz_density_map map;
  zcz_transfer_of_projection(weights, matrix);
  zcz_density_map_make(1, &qubit, matrix, &map);
  zcz_density_apply(density, &map);
}

static zcz_status measure(explorer *e, size_t index) {
  branch *b = &e->branches[index];
  const zcz_op *op = b->step->ops;
  double p10 = op->num_params > 0 ? op->params[0] : 0, p01 = op->num_params > 0 ? op->params[1] : 0;
  const double weights[2][2] = {{1 - p10, p01}, {p10, 1 - p01}}; /* [read][true] */
  if (op->bit == ZCZ_NONE) {
    project(b->density, op->qubits[0], (double[2]){1, 1});
    return settle(e, index);
  }
  double trace = zcz_density_coefficient(b->density, 0);
  double z = zcz_density_coefficient(b->density, (size_t)3 << (2 * op->qubits[0]));
  double least = trace * smallest_share(b->density);
  bool possible[2];
  if (least < 0x1p-53) least = 0x1p-53;
  for (int read = 0; read < 2; read++)
    possible[read] =
        weights[read][0] * (trace + z) / 2 + weights[read][1] * (trace - z) / 2 >= least;
  if (!possible[0] && !possible[1]) {
    drop_branch(e, index);
    return ZCZ_OK;
  }
  if (possible[0] && possible[1]) {
    branch *other;
    ZCZ_TRY(add_branch(e, &other));
    b = &e->branches[index];
    zcz_walker_copy(e->walk, &other->walker, &b->walker);
    zcz_density_copy(other->density, b->density);
    other->step = NULL; /* neither is to be met before it is settled */
    project(other->density, op->qubits[0], weights[1]);
    zcz_walk_record(&other->walker, op, 1);
  }
  int read = possible[0] ? 0 : 1;
  project(b->density, op->qubits[0], weights[read]);
  zcz_walk_record(&b->walker, op, read);
  size_t second = e->alive - 1;
  b->step = NULL;
  if (possible[0] && possible[1]) ZCZ_TRY(settle(e, second)); /* the last: no other moves */
  return settle(e, index);
}

static zcz_status run(explorer *e, size_t index) {
  branch *b = &e->branches[index];
  const zcz_step *step = b->step;
  bool once = e->walk->num_steps == 1;
  if (e->plans == NULL) {
    ZCZ_TRY(zcz_density_run_ops(b->density, step->ops, step->count, once ? "density matrix" : NULL,
                                e->error));
  } else {
    if (e->plans[step->run] == NULL)
      ZCZ_TRY(zcz_density_plan_new(e->context, b->density->num_qubits, step->ops, step->count,
                                   &e->plans[step->run], e->error));
    ZCZ_TRY(zcz_density_run_plan(b->density, e->plans[step->run], e->error));
  }
  return settle(e, index);
}

static zcz_status reset(explorer *e, size_t index) {
  double matrix[16];
  zcz_density_map map;
  branch *b = &e->branches[index];
  zcz_transfer_of_reset(matrix);
  zcz_density_map_make(1, b->step->ops->qubits, matrix, &map);
  zcz_density_apply(b->density, &map);
  return settle(e, index);
}

/* The branch that is furthest behind goes first, so that the others wait for it where they may meet:
 * those that have left a loop wait for those in it. */
static size_t furthest_behind(const explorer *e) {
  size_t best = 0;
  for (size_t i = 1; i < e->alive; i++)
    if (e->branches[i].step < e->branches[best].step) best = i;
  return best;
}

static zcz_status explore(explorer *e) {
  branch *first;
  ZCZ_TRY(add_branch(e, &first));
  ZCZ_TRY(settle(e, 0));
  while (e->alive > 0) {
    if (e->walk->num_steps > 1) {
      size_t done = (size_t)(e->branches[0].step - e->walk->steps);
      ZCZ_TRY(zcz_progress(e->context, "density matrix", (double)done,
                           e->walk->has_loop ? 0 : (double)e->walk->num_steps, e->error));
    }
    size_t index = furthest_behind(e);
    switch (e->branches[index].step->kind) {
    case ZCZ_STEP_RUN: ZCZ_TRY(run(e, index)); break;
    case ZCZ_STEP_MEASURE: ZCZ_TRY(measure(e, index)); break;
    case ZCZ_STEP_RESET: ZCZ_TRY(reset(e, index)); break;
    }
  }
  return ZCZ_OK;
}

zcz_status zcz_density_explore(zcz_context *context, const zcz_walk *walk, zcz_precision precision,
                               zcz_density_visit *visit, void *user, zcz_error *error) {
  explorer e = {.context = context,
                .walk = walk,
                .precision = precision,
                .visit = visit,
                .user = user,
                .error = error};
  zcz_status status = ZCZ_OK;
  size_t ops = 0;
  for (size_t s = 0; s < walk->num_steps; s++) ops += walk->steps[s].count;
  if (walk->num_steps > 1 && walk->num_runs > 0 && ops <= KEEP_OPS) {
    e.plans = zcz_memory_zeroed(context, walk->num_runs, sizeof *e.plans);
    if (e.plans == NULL) status = zcz_fail_memory(context, error, "plans", walk->num_runs * 8ull);
  }
  if (status == ZCZ_OK) status = explore(&e);
  for (size_t i = 0; i < e.alive + e.spare; i++) {
    zcz_density_free(e.branches[i].density);
    zcz_walker_release(walk, &e.branches[i].walker);
  }
  for (uint32_t r = 0; e.plans != NULL && r < walk->num_runs; r++)
    zcz_density_plan_free(context, e.plans[r]);
  zcz_memory_release(context, e.plans);
  zcz_memory_release(context, e.branches);
  return status;
}
