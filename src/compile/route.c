/* Trials of routing from many starts; the one of least loss is written out. */
#include <string.h>

#include "base/memory.h"
#include "base/progress.h"
#include "base/random.h"
#include "compile/blocks.h"
#include "compile/placement.h"
#include "compile/start.h"

enum {
  ROUNDS = 3, /* forwards and backwards of a trial */
  PASS_OF_CHANGE = 100000
};

typedef struct trial_result {
  double loss;   /* of the trial's best pass, */
  uint32_t pass; /* which that was */
  bool tried, chosen;
} trial_result;

typedef struct router {
  const zcz_program *program;
  const zcz_lattice *lattice;
  zcz_context *context;
  zcz_sabre_map map;
  zcz_start start;
  zcz_dag whole;         /* all operations in one piece, for finding layouts */
  zcz_segment *segments; /* of all blocks, in order */
  uint32_t num_segments;
  uint32_t *block_first; /* the first segment of each block */
  uint32_t *region;
  uint8_t *terminal; /* of block 0: measurements done last, past all swaps */
  uint32_t num_trials, rounds;
  uint32_t num_chains, steps; /* so many of the best trials are refined, in so many steps */
  uint32_t *chains;
  bool fixed;
  bool small;        /* not worth more than one thread */
  uint32_t *layouts; /* the start of each trial's best pass, one row each */
  trial_result *results;
  zcz_error *error;
} router;

/* ---- the pieces ---- */

static bool is_fence(const zcz_op *op) {
  return op->kind == ZCZ_OP_IF || op->kind == ZCZ_OP_WHILE || op->kind == ZCZ_OP_ASSIGN;
}

static uint32_t count_segments(const zcz_circuit *source, uint32_t block) {
  const zcz_op *ops = zcz_circuit_ops(source, block);
  size_t count = zcz_circuit_num_ops(source, block);
  uint32_t segments = 1;
  for (size_t i = 0; i < count; i++) segments += is_fence(&ops[i]);
  return segments;
}

static zcz_status make_segment(router *r, uint32_t block, uint32_t from, uint32_t to,
                               const zcz_op **list, zcz_segment *segment) {
  const zcz_op *ops = zcz_circuit_ops(r->program->source, block);
  for (uint32_t i = from; i < to; i++) list[i - from] = &ops[i];
  segment->first = from;
  ZCZ_TRY(zcz_dag_make(r->context, list, to - from, zcz_circuit_num_qubits(r->program->source),
                       zcz_circuit_num_bits(r->program->source), &segment->dag, r->error));
  if (segment->dag.num_ops > r->map.max_ops) r->map.max_ops = segment->dag.num_ops;
  if (segment->dag.num_groups > r->map.max_groups) r->map.max_groups = segment->dag.num_groups;
  return ZCZ_OK;
}

/* `list` holds the operations of every segment one after another. */
static zcz_status make_segments(router *r, const zcz_op **list) {
  const zcz_circuit *source = r->program->source;
  uint32_t blocks = zcz_circuit_num_blocks(source);
  for (uint32_t block = 0; block < blocks; block++) {
    const zcz_op *ops = zcz_circuit_ops(source, block);
    uint32_t count = (uint32_t)zcz_circuit_num_ops(source, block), from = 0;
    r->block_first[block] = r->num_segments;
    for (uint32_t i = 0; i <= count; i++) {
      if (i < count && !is_fence(&ops[i])) continue;
      ZCZ_TRY(make_segment(r, block, from, i, list, &r->segments[r->num_segments]));
      r->num_segments++;
      list += i - from;
      from = i + 1;
    }
  }
  return ZCZ_OK;
}

/* ---- routing the whole program, block by block ---- */

static zcz_status route_block(router *r, zcz_sabre *sabre, uint32_t block);

/* A body ends in the layout it began with: its own swaps are taken back, last first. */
static zcz_status take_back(zcz_sabre *sabre, size_t from) {
  size_t depth = 0;
  for (size_t i = sabre->num_steps; i-- > from;) {
    zcz_step step = sabre->steps[i];
    if (step.b == ZCZ_NONE && step.a == ZCZ_STEP_END)
      depth++; /* an inner body undid its own */
    else if (step.a == ZCZ_STEP_END)
      depth--;
    else if (depth == 0 && step.b != ZCZ_NONE)
      ZCZ_TRY(zcz_sabre_swap(sabre, step.a, step.b));
  }
  return ZCZ_OK;
}

static zcz_status route_body(router *r, zcz_sabre *sabre, uint32_t block) {
  ZCZ_TRY(zcz_sabre_step(sabre, ZCZ_STEP_END, block)); /* the beginning; see emit() */
  size_t from = sabre->num_steps;
  ZCZ_TRY(route_block(r, sabre, block));
  ZCZ_TRY(take_back(sabre, from));
  return zcz_sabre_step(sabre, ZCZ_STEP_END, ZCZ_NONE);
}

static zcz_status route_block(router *r, zcz_sabre *sabre, uint32_t block) {
  const zcz_op *ops = zcz_circuit_ops(r->program->source, block);
  uint32_t count = (uint32_t)zcz_circuit_num_ops(r->program->source, block);
  uint32_t which = r->block_first[block];
  for (uint32_t at = 0;; which++) {
    const zcz_segment *segment = &r->segments[which];
    sabre->held_back = block == 0 ? r->terminal : NULL;
    ZCZ_TRY(zcz_sabre_run(sabre, &segment->dag, segment->first, false));
    at = segment->first + segment->dag.num_ops;
    if (at >= count) return ZCZ_OK;
    ZCZ_TRY(zcz_sabre_step(sabre, at, ZCZ_NONE));
    for (int side = 0; side < 2; side++)
      if (ops[at].blocks[side] != ZCZ_NONE) ZCZ_TRY(route_body(r, sabre, ops[at].blocks[side]));
  }
}

static zcz_status route_program(router *r, zcz_sabre *sabre) {
  const zcz_op *ops = zcz_circuit_ops(r->program->source, 0);
  uint32_t count = (uint32_t)zcz_circuit_num_ops(r->program->source, 0);
  ZCZ_TRY(route_block(r, sabre, 0));
  for (uint32_t i = 0; i < count; i++)
    if (r->terminal[i]) ZCZ_TRY(zcz_sabre_do(sabre, &ops[i], i));
  return ZCZ_OK;
}

/* ---- trials ---- */

/* Routes from `layout` and, where that beats the trial's best so far, keeps where it began. */
static zcz_status run_pass(router *r, zcz_sabre *sabre, uint32_t trial, uint32_t pass,
                           const uint32_t *layout) {
  /* Bodies are undone from the steps kept. */
  sabre->keep_steps = zcz_circuit_num_blocks(r->program->source) > 1;
  zcz_sabre_start(sabre, layout, trial, pass);
  ZCZ_TRY(route_program(r, sabre));
  trial_result *result = &r->results[trial];
  if (result->tried && sabre->loss >= result->loss) return ZCZ_OK;
  result->loss = sabre->loss;
  result->pass = pass;
  result->tried = true;
  memcpy(r->layouts + (size_t)trial * r->program->num_qubits, layout,
         r->program->num_qubits * sizeof *layout);
  return ZCZ_OK;
}

/* Forwards and backwards over the program: each way ends in a layout that suits the other's start. */
static zcz_status run_trial(router *r, zcz_sabre *sabre, uint32_t trial, uint32_t *room) {
  uint32_t n = r->program->num_qubits, *layout = room;
  if (r->fixed) {
    memcpy(layout, r->layouts + (size_t)trial * n, n * sizeof *layout);
    return run_pass(r, sabre, trial, 0, layout);
  }
  zcz_start_layout(&r->start, trial, room + 2 * (size_t)n, layout);
  for (uint32_t round = 0;; round++) {
    ZCZ_TRY(run_pass(r, sabre, trial, 2 * round, layout));
    if (round == r->rounds) return ZCZ_OK;
    memcpy(layout, sabre->place, n * sizeof *layout);
    sabre->keep_steps = false;
    sabre->held_back = NULL;
    zcz_sabre_start(sabre, layout, trial, 2 * round + 1);
    ZCZ_TRY(zcz_sabre_run(sabre, &r->whole, 0, true));
    memcpy(layout, sabre->place, n * sizeof *layout);
  }
}

/* The trial's best start, a little changed again and again; what is better is kept. */
static zcz_status refine_trial(router *r, zcz_sabre *sabre, uint32_t chain, uint32_t *room) {
  const zcz_lattice *lattice = r->lattice;
  uint32_t n = r->program->num_qubits, trial = r->chains[chain],
           links = lattice->first[r->map.num_qubits];
  for (uint32_t step = 0; step < r->steps; step++) {
    uint32_t pass = 2 * r->rounds + 1 + step, draws = 0, changes = 1 + step % 3;
    memcpy(room, r->layouts + (size_t)trial * n, n * sizeof *room);
    zcz_sabre_start(sabre, room, trial, pass);
    for (uint32_t tries = 0; changes && tries < 100; tries++) {
      double draw = zcz_random_unit(r->start.seed, ZCZ_PURPOSE_COMPILE, trial,
                                    PASS_OF_CHANGE + pass, draws++);
      uint32_t a = lattice->link_from[(uint32_t)(draw * links)];
      uint32_t b = lattice->neighbour[(uint32_t)(draw * links)];
      changes -= zcz_sabre_exchange(sabre, a, b);
    }
    memcpy(room, sabre->place, n * sizeof *room);
    ZCZ_TRY(run_pass(r, sabre, trial, pass, room));
  }
  return ZCZ_OK;
}

typedef zcz_status work_function(router *r, zcz_sabre *sabre, uint32_t which, uint32_t *room);

/* `count` pieces of work on all threads; none depends on another. */
static zcz_status run_all(router *r, work_function *work, uint32_t count) {
  zcz_status status = ZCZ_OK;
  zcz_error first_error = {0};
  size_t words = 4 * (size_t)r->program->num_qubits + 2 * (size_t)r->map.num_qubits;
  int threads = r->small ? 1 : zcz_context_threads(r->context);
  if ((uint32_t)threads > count) threads = (int)count;
#pragma omp parallel num_threads(threads)
  {
    zcz_error error = {0};
    zcz_sabre sabre;
    zcz_status own = zcz_sabre_make(r->context, &r->map, r->start.seed, &sabre, &error);
    uint32_t *room = zcz_memory_allocate(r->context, words * sizeof *room);
    if (!room && own == ZCZ_OK) own = zcz_fail_memory(r->context, &error, "routing", words * 4);
#pragma omp for schedule(dynamic)
    for (uint32_t which = 0; which < count; which++) {
      if (own == ZCZ_OK && zcz_cancelled(r->context)) own = zcz_fail_cancelled(r->context, &error);
      if (own == ZCZ_OK) own = work(r, &sabre, which, room);
    }
    if (own != ZCZ_OK) {
#pragma omp critical(zcz_route_error)
      if (status == ZCZ_OK) {
        status = own;
        first_error = error;
      }
    }
    zcz_memory_release(r->context, room);
    zcz_sabre_release(&sabre);
  }
  if (status != ZCZ_OK && r->error) *r->error = first_error;
  return status;
}

/* Trials from many starts, then the best of them refined. */
static zcz_status run_trials(router *r) {
  ZCZ_TRY(run_all(r, run_trial, r->num_trials));
  for (uint32_t chain = 0; chain < r->num_chains; chain++) {
    uint32_t best = ZCZ_NONE;
    for (uint32_t trial = 0; trial < r->num_trials; trial++)
      if (!r->results[trial].chosen &&
          (best == ZCZ_NONE || r->results[trial].loss < r->results[best].loss))
        best = trial;
    r->results[best].chosen = true;
    r->chains[chain] = best;
  }
  return r->num_chains ? run_all(r, refine_trial, r->num_chains) : ZCZ_OK;
}

/* ---- writing the best one out ---- */

typedef struct writer {
  router *r;
  const zcz_sabre *sabre;
  zcz_circuit *result;
  uint32_t *place, *holds; /* as in zcz_sabre, followed step by step */
  uint32_t *room;
  size_t at;
} writer;

static zcz_status write_swap(writer *w, uint32_t block, uint32_t a, uint32_t b) {
  uint32_t qubits[2] = {a, b}, x = w->holds[a], y = w->holds[b];
  w->holds[a] = y;
  w->holds[b] = x;
  if (x != ZCZ_NONE) w->place[x] = b;
  if (y != ZCZ_NONE) w->place[y] = a;
  return zcz_circuit_gate(w->result, block, ZCZ_GATE_SWAP, 0, qubits, NULL, w->r->error);
}

static zcz_status write_block(writer *w, uint32_t block) {
  const zcz_op *ops = zcz_circuit_ops(w->r->program->source, block);
  while (w->at < w->sabre->num_steps) {
    zcz_step step = w->sabre->steps[w->at++];
    if (step.a == ZCZ_STEP_END && step.b == ZCZ_NONE) return ZCZ_OK;
    if (step.a == ZCZ_STEP_END) {
      ZCZ_TRY(write_block(w, step.b)); /* blocks keep their numbers */
    } else if (step.b != ZCZ_NONE) {
      ZCZ_TRY(write_swap(w, block, step.a, step.b));
    } else {
      zcz_op op = ops[step.a];
      for (uint32_t k = 0; k < op.num_qubits; k++) w->room[k] = w->place[op.qubits[k]];
      op.qubits = w->room;
      ZCZ_TRY(zcz_circuit_append(w->result, block, &op, w->r->error));
    }
  }
  return ZCZ_OK;
}

static zcz_status write_out(router *r, zcz_sabre *sabre, uint32_t trial, zcz_routing *routing) {
  uint32_t n = r->program->num_qubits, chip = r->map.num_qubits;
  memcpy(routing->initial, r->layouts + (size_t)trial * n, n * sizeof *routing->initial);
  memcpy(routing->final, routing->initial, n * sizeof *routing->final);
  size_t bytes = ((size_t)chip + n) * sizeof(uint32_t);
  uint32_t *holds = zcz_memory_allocate(r->context, bytes);
  if (!holds) return zcz_fail_memory(r->context, r->error, "a routed program", bytes);
  for (uint32_t q = 0; q < chip; q++) holds[q] = ZCZ_NONE;
  for (uint32_t k = 0; k < n; k++) holds[routing->initial[k]] = k;
  writer w = {
      .r = r, .sabre = sabre, .place = routing->final, .holds = holds, .room = holds + chip};
  zcz_status status = zcz_circuit_new_like(r->program->source, chip, &w.result, r->error);
  if (status == ZCZ_OK) status = zcz_blocks_like(r->program->source, w.result, r->error);
  if (status == ZCZ_OK) status = write_block(&w, 0);
  zcz_memory_release(r->context, holds);
  routing->circuit = w.result;
  routing->swaps = sabre->swaps;
  return status;
}

static zcz_status finish(router *r, zcz_routing *routing) {
  uint32_t best = 0;
  for (uint32_t trial = 1; trial < r->num_trials; trial++)
    if (r->results[trial].loss < r->results[best].loss) best = trial;
  zcz_sabre sabre;
  ZCZ_TRY(zcz_sabre_make(r->context, &r->map, r->start.seed, &sabre, r->error));
  sabre.keep_steps = true;
  zcz_sabre_start(&sabre, r->layouts + (size_t)best * r->program->num_qubits, best,
                  r->results[best].pass);
  zcz_status status = route_program(r, &sabre);
  if (status == ZCZ_OK) status = write_out(r, &sabre, best, routing);
  zcz_sabre_release(&sabre);
  return status;
}

/* ---- what there is to route on ---- */

/* The largest part of the lattice that hangs together, in the order of the qubits to use. */
static void find_region(router *r, uint32_t *region) {
  const zcz_lattice *lattice = r->lattice;
  uint32_t n = lattice->num_qubits, best = 0;
  for (uint32_t i = 0; i < lattice->num_usable; i++) {
    uint32_t count = 0;
    for (uint32_t j = 0; j < lattice->num_usable; j++)
      count += r->map.hops[(size_t)lattice->order[i] * n + lattice->order[j]] != UINT16_MAX;
    if (count <= best) continue;
    best = count;
    r->start.num_region = 0;
    for (uint32_t j = 0; j < lattice->num_usable; j++)
      if (r->map.hops[(size_t)lattice->order[i] * n + lattice->order[j]] != UINT16_MAX)
        region[r->start.num_region++] = lattice->order[j];
  }
  r->start.region = region;
}

static zcz_status check_reach(router *r, const uint32_t *layout) {
  const zcz_chip *chip = r->lattice->chip;
  if (!r->fixed && r->program->num_qubits > r->start.num_region) {
    zcz_fail(r->error, ZCZ_ERROR_UNABLE,
             "the program has %u qubits; the largest part of chip %s whose couplers hang together "
             "has %u",
             r->program->num_qubits, chip->name, r->start.num_region);
    return zcz_hint(r->error, ZCZ_ERROR_UNABLE, "use more of the chip's qubits");
  }
  for (uint32_t i = 0; r->fixed && i < r->program->num_pairs; i++) {
    uint32_t a = layout[r->program->pairs[i].a], b = layout[r->program->pairs[i].b];
    if (r->map.hops[(size_t)a * r->map.num_qubits + b] != UINT16_MAX) continue;
    zcz_fail(r->error, ZCZ_ERROR_UNABLE, "no way of usable couplers leads from %s to %s",
             chip->qubits[a].name, chip->qubits[b].name);
    return zcz_hint(r->error, ZCZ_ERROR_UNABLE,
                    "use more of the chip's qubits, or let the compiler place the program: "
                    "--layout auto");
  }
  return ZCZ_OK;
}

/* So many trials that small programs get many and large ones end in about a second. */
static void plan_trials(router *r) {
  double couplings = 1;
  for (uint32_t i = 0; i < r->program->num_ops; i++)
    couplings += zcz_op_is_coupling(r->program->ops[i]);
  r->small = couplings < 30;
  double trials = 30000 / couplings;
  r->num_trials = trials < 16 ? 16 : trials > 48 ? 48 : (uint32_t)trials;
  r->rounds = ROUNDS;
  r->num_chains = r->fixed ? 0 : r->num_trials / 6;
  r->steps = 32;
}

static zcz_status route_run(router *r, zcz_routing *routing, const zcz_op **list) {
  uint32_t n = r->program->num_qubits;
  ZCZ_TRY(zcz_sabre_map_make(r->lattice, r->map.losses, &r->map, r->error));
  r->map.num_program = n;
  find_region(r, r->region);
  ZCZ_TRY(check_reach(r, routing->initial));
  ZCZ_TRY(zcz_terminal_measurements(r->program->source, r->terminal, r->error));
  ZCZ_TRY(make_segments(r, list));
  ZCZ_TRY(zcz_dag_make(r->context, r->program->ops, r->program->num_ops, n,
                       zcz_circuit_num_bits(r->program->source), &r->whole, r->error));
  if (r->whole.num_ops > r->map.max_ops) r->map.max_ops = r->whole.num_ops;
  if (r->whole.num_groups > r->map.max_groups) r->map.max_groups = r->whole.num_groups;
  plan_trials(r);
  size_t bytes = r->num_trials * (sizeof(trial_result) + (n + 1ull) * sizeof(uint32_t));
  r->results = zcz_memory_zeroed(r->context, bytes, 1);
  if (!r->results) return zcz_fail_memory(r->context, r->error, "routing", bytes);
  r->chains = (uint32_t *)(r->results + r->num_trials);
  r->layouts = r->chains + r->num_trials;
  for (uint32_t trial = 0; r->fixed && trial < r->num_trials; trial++)
    memcpy(r->layouts + (size_t)trial * n, routing->initial, n * sizeof(uint32_t));
  ZCZ_TRY(run_trials(r));
  return finish(r, routing);
}

zcz_status zcz_route(const zcz_program *program, const zcz_lattice *lattice,
                     const zcz_losses *losses, uint64_t seed, bool fixed, zcz_routing *routing,
                     zcz_error *error) {
  router r = {.program = program,
              .lattice = lattice,
              .context = program->context,
              .map = {.losses = losses},
              .fixed = fixed,
              .error = error};
  r.start = (zcz_start){.program = program, .map = &r.map, .seed = seed};
  uint32_t blocks = zcz_circuit_num_blocks(program->source), segments = 0;
  for (uint32_t block = 0; block < blocks; block++)
    segments += count_segments(program->source, block);
  size_t bytes = program->num_ops * sizeof(zcz_op *) + segments * sizeof(zcz_segment) +
                 (blocks + lattice->num_qubits) * sizeof(uint32_t) +
                 zcz_circuit_num_ops(program->source, 0);
  const zcz_op **list = zcz_memory_zeroed(r.context, bytes, 1);
  if (!list) return zcz_fail_memory(r.context, error, "routing", bytes);
  r.segments = (zcz_segment *)(list + program->num_ops);
  r.block_first = (uint32_t *)(r.segments + segments);
  r.region = r.block_first + blocks;
  r.terminal = (uint8_t *)(r.region + lattice->num_qubits);
  zcz_status status = route_run(&r, routing, list);
  for (uint32_t i = 0; i < segments; i++)
    if (r.segments[i].dag.storage) zcz_dag_release(&r.segments[i].dag);
  if (r.whole.storage) zcz_dag_release(&r.whole);
  zcz_memory_release(r.context, r.results);
  zcz_memory_release(r.context, list);
  zcz_sabre_map_release(&r.map);
  return status;
}
