#include "compile/sabre.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

enum { MAX_AHEAD = 20, SWAPS_TO_FORGET = 5 };

static float distance(const zcz_sabre_map *map, uint32_t a, uint32_t b) {
  return map->distance[(size_t)a * map->num_qubits + b];
}

static bool coupled(const zcz_sabre_map *map, uint32_t a, uint32_t b) {
  return map->hops[(size_t)a * map->num_qubits + b] == 1;
}

/* ---- the state ---- */

zcz_status zcz_sabre_make(zcz_context *context, const zcz_sabre_map *map, uint64_t seed,
                          zcz_sabre *sabre, zcz_error *error) {
  size_t n = map->num_qubits, k = map->num_program, ops = map->max_ops, groups = map->max_groups;
  size_t words = 3 * k + 4 * n + 9 * ops + groups + 4 * MAX_AHEAD;
  size_t bytes = words * sizeof(uint32_t) + 2 * n;
  memset(sabre, 0, sizeof *sabre);
  sabre->map = map;
  sabre->context = context;
  sabre->seed = seed;
  sabre->error = error;
  sabre->storage = zcz_memory_zeroed(context, bytes, 1);
  if (!sabre->storage) return zcz_fail_memory(context, error, "routing", bytes);
  uint32_t *next = sabre->storage;
  sabre->place = next;
  sabre->head = next += k;
  sabre->nearest = next += k;
  sabre->holds = next += k;
  sabre->partner = next += n;
  sabre->tired = (float *)(next += n);
  sabre->waiting = next += 2 * n;
  sabre->ready = next += ops;
  sabre->front = next += ops;
  sabre->queue = next += ops;
  sabre->near = next += ops;
  sabre->seen = next += ops;
  sabre->next = next += ops;
  sabre->ahead = next += 2 * ops + 2 * MAX_AHEAD;
  sabre->weight = (float *)(next += MAX_AHEAD);
  sabre->level = (uint16_t *)(next += MAX_AHEAD);
  sabre->left = next += ops;
  sabre->run = (uint8_t *)(next + groups);
  sabre->run_swap = sabre->run + n;
  return ZCZ_OK;
}

void zcz_sabre_release(zcz_sabre *sabre) {
  zcz_memory_release(sabre->context, sabre->storage);
  zcz_memory_release(sabre->context, sabre->steps);
  sabre->storage = NULL;
  sabre->steps = NULL;
}

/* No one choice is best for all programs, so trials differ in what they weigh how much. */
static void choose_taste(zcz_sabre_taste *taste, uint32_t trial) {
  static const float cost[3] = {0.2f, 0.4f, 0.3f}, first[2] = {0.1f, 0.05f};
  static const float fading[2] = {0.7f, 0.8f}, spare[2] = {0.5f, 0.3f};
  taste->level[0] = 1;
  taste->level[1] = first[trial / 3 % 2];
  for (uint32_t i = 2; i < ZCZ_SABRE_LEVELS; i++)
    taste->level[i] = taste->level[i - 1] * fading[trial / 3 % 2];
  taste->cost = cost[trial % 3];
  taste->spare = spare[trial / 6 % 2];
}

void zcz_sabre_start(zcz_sabre *sabre, const uint32_t *layout, uint32_t trial, uint32_t pass) {
  const zcz_sabre_map *map = sabre->map;
  for (uint32_t q = 0; q < map->num_qubits; q++) {
    sabre->holds[q] = sabre->partner[q] = ZCZ_NONE;
    sabre->run[q] = sabre->run_swap[q] = 0;
    sabre->tired[q] = 0;
  }
  for (uint32_t k = 0; k < map->num_program; k++) {
    sabre->place[k] = layout[k];
    sabre->holds[layout[k]] = k;
  }
  sabre->loss = 0;
  sabre->swaps = 0;
  sabre->num_steps = 0;
  sabre->trial = trial;
  choose_taste(&sabre->taste, trial);
  sabre->pass = pass;
  sabre->draws = 0;
}

zcz_status zcz_sabre_step(zcz_sabre *sabre, uint32_t a, uint32_t b) {
  if (!sabre->keep_steps) return ZCZ_OK;
  if (!zcz_memory_grow(sabre->context, &sabre->steps, &sabre->step_capacity, sabre->num_steps + 1,
                       sizeof *sabre->steps))
    return zcz_fail_memory(sabre->context, sabre->error, "a routed program",
                           sabre->num_steps * sizeof *sabre->steps);
  sabre->steps[sabre->num_steps++] = (zcz_step){a, b};
  return ZCZ_OK;
}

/* What a gate of `cost` on chip qubits a, b adds, the run it may join counted. */
static int joined_cost(const zcz_sabre *sabre, uint32_t a, uint32_t b, int cost, bool swap) {
  bool joins = sabre->partner[a] == b && sabre->partner[b] == a;
  if (!joins) return cost;
  return zcz_run_cost(sabre->run[a], sabre->run_swap[a], cost, swap) - sabre->run[a];
}

static void spend(zcz_sabre *sabre, uint32_t a, uint32_t b, int cost, bool swap) {
  int adds = joined_cost(sabre, a, b, cost, swap);
  bool joins = sabre->partner[a] == b && sabre->partner[b] == a;
  uint8_t run = (uint8_t)((joins ? sabre->run[a] : 0) + adds);
  uint8_t odd = (uint8_t)((joins ? sabre->run_swap[a] : 0) ^ swap);
  sabre->loss += adds * sabre->map->losses->coupler[zcz_lattice_coupler(sabre->map->lattice, a, b)];
  sabre->partner[a] = b;
  sabre->partner[b] = a;
  sabre->run[a] = sabre->run[b] = run;
  sabre->run_swap[a] = sabre->run_swap[b] = odd;
}

bool zcz_sabre_exchange(zcz_sabre *sabre, uint32_t a, uint32_t b) {
  uint32_t x = sabre->holds[a], y = sabre->holds[b];
  sabre->holds[a] = y;
  sabre->holds[b] = x;
  if (x != ZCZ_NONE) sabre->place[x] = b;
  if (y != ZCZ_NONE) sabre->place[y] = a;
  return x != ZCZ_NONE || y != ZCZ_NONE;
}

zcz_status zcz_sabre_swap(zcz_sabre *sabre, uint32_t a, uint32_t b) {
  spend(sabre, a, b, 3, true);
  zcz_sabre_exchange(sabre, a, b);
  sabre->swaps++;
  return zcz_sabre_step(sabre, a, b);
}

/* ---- doing what can be done ---- */

static void account(zcz_sabre *sabre, const zcz_op *op) {
  const zcz_losses *losses = sabre->map->losses;
  if (op->kind == ZCZ_OP_MEASURE) {
    sabre->loss += losses->readout[sabre->place[op->qubits[0]]];
  } else if (zcz_op_is_coupling(op)) {
    bool swap = op->kind == ZCZ_OP_GATE && op->code == ZCZ_GATE_SWAP && op->num_controls == 0;
    spend(sabre, sabre->place[op->qubits[0]], sabre->place[op->qubits[1]], zcz_op_coupling_cost(op),
          swap);
  } else if (op->kind == ZCZ_OP_UNITARY && op->num_qubits == 1) {
    sabre->loss += losses->one_qubit[sabre->place[op->qubits[0]]];
  } else if (op->kind == ZCZ_OP_GATE && op->num_qubits == 1 &&
             !(zcz_gate_describe((zcz_gate)op->code)->flags & ZCZ_GATE_DIAGONAL)) {
    sabre->loss += losses->one_qubit[sabre->place[op->qubits[0]]];
  }
}

zcz_status zcz_sabre_do(zcz_sabre *sabre, const zcz_op *op, uint32_t number) {
  account(sabre, op);
  return zcz_sabre_step(sabre, number, ZCZ_NONE);
}

static void open_group(zcz_sabre *sabre, const zcz_dag *dag, uint32_t group) {
  for (uint32_t e = dag->group_first[group]; e < dag->group_first[group + 1]; e++)
    if (--sabre->waiting[dag->group_ops[e]] == 0)
      sabre->ready[sabre->num_ready++] = dag->group_ops[e];
}

static void finish(zcz_sabre *sabre, const zcz_dag *dag, uint32_t i, bool backwards) {
  for (uint32_t e = dag->op_first[i]; e < dag->op_first[i + 1]; e++) {
    uint32_t group = dag->op_groups[e];
    if (--sabre->left[group]) continue;
    uint32_t then = backwards ? dag->group_back[group] : dag->group_next[group];
    if (then != ZCZ_NONE) open_group(sabre, dag, then);
  }
}

static bool possible(const zcz_sabre *sabre, const zcz_op *op) {
  return !zcz_op_is_coupling(op) ||
         coupled(sabre->map, sabre->place[op->qubits[0]], sabre->place[op->qubits[1]]);
}

/* Everything ready that the layout allows; the rest of it becomes the front. */
static zcz_status advance(zcz_sabre *sabre, const zcz_dag *dag, uint32_t first, bool backwards,
                          bool *moved) {
  uint32_t kept = 0;
  *moved = false;
  for (uint32_t f = 0; f < sabre->num_front; f++) {
    uint32_t i = sabre->front[f];
    if (possible(sabre, dag->ops[i]))
      sabre->ready[sabre->num_ready++] = i;
    else
      sabre->front[kept++] = i;
  }
  sabre->num_front = kept;
  for (uint32_t r = 0; r < sabre->num_ready; r++) {
    uint32_t i = sabre->ready[r];
    if (!possible(sabre, dag->ops[i])) {
      sabre->front[sabre->num_front++] = i;
      continue;
    }
    if (!sabre->held_back || !sabre->held_back[first + i])
      ZCZ_TRY(zcz_sabre_do(sabre, dag->ops[i], first + i));
    finish(sabre, dag, i, backwards);
    *moved = true;
  }
  sabre->num_ready = 0;
  return ZCZ_OK;
}

/* ---- choosing a swap ---- */

static float length_of(const zcz_sabre *sabre, const zcz_op *op) {
  return distance(sabre->map, sabre->place[op->qubits[0]], sabre->place[op->qubits[1]]);
}

static void put_ahead(zcz_sabre *sabre, uint32_t i, uint32_t level) {
  if (sabre->num_ahead == MAX_AHEAD) return;
  sabre->weight[sabre->num_ahead] = level < ZCZ_SABRE_LEVELS ? sabre->taste.level[level] : 0;
  sabre->ahead[sabre->num_ahead++] = i;
}

/* Of many gates that commute on one qubit only the nearest can be done next: near[] holds those of
 * the front that are so for both qubits; the others come first of what lies ahead. */
static void split_front(zcz_sabre *sabre, const zcz_dag *dag) {
  for (uint32_t k = 0; k < sabre->map->num_program; k++) sabre->nearest[k] = ZCZ_NONE;
  for (uint32_t f = 0; f < sabre->num_front; f++) {
    const zcz_op *op = dag->ops[sabre->front[f]];
    for (uint32_t side = 0; side < 2; side++) {
      uint32_t *best = &sabre->nearest[op->qubits[side]];
      if (*best == ZCZ_NONE || length_of(sabre, op) < length_of(sabre, dag->ops[*best]))
        *best = sabre->front[f];
    }
  }
  sabre->num_near = sabre->num_ahead = 0;
  for (uint32_t f = 0; f < sabre->num_front; f++) {
    uint32_t i = sabre->front[f];
    const uint32_t *on = dag->ops[i]->qubits;
    if (sabre->nearest[on[0]] == i && sabre->nearest[on[1]] == i)
      sabre->near[sabre->num_near++] = i;
    else
      put_ahead(sabre, i, 0);
  }
}

/* The two-qubit operations that come soonest after the front, wire by wire. */
static void look_ahead(zcz_sabre *sabre, const zcz_dag *dag, bool backwards) {
  sabre->num_spare = sabre->num_ahead;
  uint32_t head = 0, tail = 0;
  sabre->stamp++;
  for (uint32_t f = 0; f < sabre->num_front; f++) {
    sabre->queue[tail++] = sabre->front[f];
    sabre->seen[sabre->front[f]] = sabre->stamp;
    sabre->level[sabre->front[f]] = 0;
  }
  while (head < tail && sabre->num_ahead < MAX_AHEAD) {
    uint32_t i = sabre->queue[head++];
    for (uint32_t e = dag->op_first[i]; e < dag->op_first[i + 1]; e++) {
      uint32_t group = dag->op_groups[e];
      group = backwards ? dag->group_back[group] : dag->group_next[group];
      if (group == ZCZ_NONE) continue;
      for (uint32_t g = dag->group_first[group]; g < dag->group_first[group + 1]; g++) {
        uint32_t then = dag->group_ops[g];
        if (sabre->seen[then] == sabre->stamp) continue;
        sabre->seen[then] = sabre->stamp;
        sabre->queue[tail++] = then;
        bool counts = zcz_op_is_coupling(dag->ops[then]);
        sabre->level[then] = (uint16_t)(sabre->level[i] + counts);
        if (counts) put_ahead(sabre, then, sabre->level[then]);
      }
    }
  }
}

/* Lists, for each program qubit, of its partners in near[] and ahead[]. Node 2 i + side is the
 * side-th qubit of the i-th operation of near then ahead. */
static void make_lists(zcz_sabre *sabre, const zcz_dag *dag) {
  for (uint32_t k = 0; k < sabre->map->num_program; k++) sabre->head[k] = ZCZ_NONE;
  uint32_t total = sabre->num_near + sabre->num_ahead;
  for (uint32_t i = total; i-- > 0;) {
    uint32_t which = i < sabre->num_near ? sabre->near[i] : sabre->ahead[i - sabre->num_near];
    for (uint32_t side = 0; side < 2; side++) {
      uint32_t qubit = dag->ops[which]->qubits[side];
      sabre->next[2 * i + side] = sabre->head[qubit];
      sabre->head[qubit] = 2 * i + side;
    }
  }
}

/* How much longer the ways of `qubit` become when it moves from chip qubit a to b. */
static void gain(const zcz_sabre *sabre, const zcz_dag *dag, uint32_t qubit, uint32_t other_qubit,
                 uint32_t a, uint32_t b, double *front, double *ahead, double *spare) {
  if (qubit == ZCZ_NONE) return;
  for (uint32_t node = sabre->head[qubit]; node != ZCZ_NONE; node = sabre->next[node]) {
    uint32_t i = node >> 1;
    bool near = i < sabre->num_near;
    uint32_t which = near ? sabre->near[i] : sabre->ahead[i - sabre->num_near];
    uint32_t partner = dag->ops[which]->qubits[!(node & 1)];
    if (partner == other_qubit) continue;
    uint32_t at = sabre->place[partner];
    double change = (double)distance(sabre->map, b, at) - distance(sabre->map, a, at);
    if (near)
      *front += change;
    else
      *(i < sabre->num_near + sabre->num_spare ? spare : ahead) +=
          change * sabre->weight[i - sabre->num_near];
  }
}

static double score(const zcz_sabre *sabre, const zcz_dag *dag, uint32_t a, uint32_t b,
                    uint32_t coupler) {
  uint32_t x = sabre->holds[a], y = sabre->holds[b];
  double front = 0, ahead = 0, spare = 0;
  gain(sabre, dag, x, y, a, b, &front, &ahead, &spare);
  gain(sabre, dag, y, x, b, a, &front, &ahead, &spare);
  double sum = front;
  sum += ahead + (sabre->num_spare ? sabre->taste.spare * spare / sabre->num_spare : 0);
  float tired = sabre->tired[a] > sabre->tired[b] ? sabre->tired[a] : sabre->tired[b];
  int adds = joined_cost(sabre, a, b, 3, true);
  return sum + tired + sabre->taste.cost * adds * sabre->map->swap_weight[coupler];
}

static double draw(zcz_sabre *sabre) {
  return zcz_random_unit(sabre->seed, ZCZ_PURPOSE_COMPILE, sabre->trial, sabre->pass,
                         sabre->draws++);
}

static bool in_front(const zcz_sabre *sabre, uint32_t qubit) {
  return qubit != ZCZ_NONE && sabre->head[qubit] != ZCZ_NONE &&
         (sabre->head[qubit] >> 1) < sabre->num_near;
}

/* The best swap that moves a qubit of the front; ties by chance. */
static void best_swap(zcz_sabre *sabre, const zcz_dag *dag, uint32_t *best_a, uint32_t *best_b) {
  const zcz_lattice *lattice = sabre->map->lattice;
  double best = DBL_MAX;
  uint32_t ties = 0;
  for (uint32_t a = 0; a < sabre->map->num_qubits; a++) {
    bool here = in_front(sabre, sabre->holds[a]);
    for (uint32_t i = lattice->first[a]; i < lattice->first[a + 1]; i++) {
      uint32_t b = lattice->neighbour[i];
      if (b < a || !(here || in_front(sabre, sabre->holds[b]))) continue;
      double value = score(sabre, dag, a, b, lattice->coupler[i]);
      if (value > best + 1e-9) continue;
      ties = value < best - 1e-9 ? 1 : ties + 1;
      if (ties > 1 && draw(sabre) * ties >= 1) continue;
      if (value < best) best = value;
      *best_a = a;
      *best_b = b;
    }
  }
}

/* The nearest pair of the front is brought together straight away. */
static zcz_status force(zcz_sabre *sabre, const zcz_dag *dag) {
  const zcz_sabre_map *map = sabre->map;
  uint32_t best = 0;
  float least = INFINITY;
  for (uint32_t f = 0; f < sabre->num_front; f++) {
    const zcz_op *op = dag->ops[sabre->front[f]];
    float way = distance(map, sabre->place[op->qubits[0]], sabre->place[op->qubits[1]]);
    if (way < least) {
      least = way;
      best = f;
    }
  }
  const zcz_op *op = dag->ops[sabre->front[best]];
  for (uint32_t turn = 0;; turn++) {
    uint32_t from = sabre->place[op->qubits[turn & 1]], to = sabre->place[op->qubits[~turn & 1]];
    if (coupled(map, from, to)) return ZCZ_OK;
    uint32_t step = ZCZ_NONE;
    for (uint32_t i = map->lattice->first[from]; i < map->lattice->first[from + 1]; i++) {
      uint32_t over = map->lattice->neighbour[i];
      uint16_t hops = map->hops[(size_t)over * map->num_qubits + to];
      if (hops + 1 == map->hops[(size_t)from * map->num_qubits + to] &&
          (step == ZCZ_NONE || distance(map, over, to) < distance(map, step, to)))
        step = over;
    }
    if (step == ZCZ_NONE)
      return zcz_fail(sabre->error, ZCZ_ERROR_BUG,
                      "routing between parts that do not hang together");
    ZCZ_TRY(zcz_sabre_swap(sabre, from, step));
  }
}

static void begin(zcz_sabre *sabre, const zcz_dag *dag, bool backwards) {
  sabre->num_ready = sabre->num_front = 0;
  memset(sabre->seen, 0, dag->num_ops * sizeof *sabre->seen);
  sabre->stamp = 0;
  for (uint32_t g = 0; g < dag->num_groups; g++)
    sabre->left[g] = dag->group_first[g + 1] - dag->group_first[g];
  for (uint32_t i = 0; i < dag->num_ops; i++) {
    sabre->waiting[i] = dag->op_first[i + 1] - dag->op_first[i];
    if (sabre->waiting[i] == 0) sabre->ready[sabre->num_ready++] = i;
  }
  for (uint32_t g = 0; g < dag->num_groups; g++)
    if ((backwards ? dag->group_next[g] : dag->group_back[g]) == ZCZ_NONE)
      open_group(sabre, dag, g);
}

zcz_status zcz_sabre_run(zcz_sabre *sabre, const zcz_dag *dag, uint32_t first, bool backwards) {
  uint32_t since = 0, patience = 3 * sabre->map->num_qubits / 2 + 20;
  bool moved;
  begin(sabre, dag, backwards);
  ZCZ_TRY(advance(sabre, dag, first, backwards, &moved));
  for (bool fresh = true; sabre->num_front; fresh = moved) {
    if (fresh) {
      split_front(sabre, dag);
      look_ahead(sabre, dag, backwards);
      make_lists(sabre, dag);
      memset(sabre->tired, 0, sabre->map->num_qubits * sizeof *sabre->tired);
      since = 0;
    }
    if (since > patience) {
      ZCZ_TRY(force(sabre, dag));
    } else {
      uint32_t a = 0, b = 0;
      best_swap(sabre, dag, &a, &b);
      ZCZ_TRY(zcz_sabre_swap(sabre, a, b));
      since++;
      if (since % SWAPS_TO_FORGET == 0)
        memset(sabre->tired, 0, sabre->map->num_qubits * sizeof *sabre->tired);
      sabre->tired[a] += 0.05f;
      sabre->tired[b] += 0.05f;
    }
    ZCZ_TRY(advance(sabre, dag, first, backwards, &moved));
  }
  return ZCZ_OK;
}
