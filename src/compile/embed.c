/* A perfect placement: every pair of the program on a coupler, so that no swap is needed. */
#include "compile/embed.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/progress.h"
#include "base/random.h"

enum {
  SMALL = 10,           /* so many interacting qubits are placed by search for the least loss */
  SMALL_BUDGET = 30000, /* placements of single qubits tried there */
  RESTARTS = 60,
  PATH_STEPS = 30000,
  PATH_RESTARTS = 12,
  STREAM = 2000 /* apart from the streams of routing */
};

double zcz_embedding_draw(zcz_embedding *e) {
  return zcz_random_unit(e->seed, ZCZ_PURPOSE_COMPILE, e->stream, STREAM, e->draws++);
}

double zcz_embedding_loss_at(const zcz_embedding *e, uint32_t k, uint32_t q) {
  const zcz_program *program = e->program;
  double sum =
      program->pulses[k] * e->losses->one_qubit[q] + program->readouts[k] * e->losses->readout[q];
  for (uint32_t i = program->first[k]; i < program->first[k + 1]; i++) {
    uint32_t at = e->layout[program->neighbour[i]];
    if (at == ZCZ_NONE) continue;
    uint32_t coupler = zcz_lattice_coupler(e->lattice, q, at);
    if (coupler == ZCZ_CHIP_NONE) return INFINITY;
    sum += program->pairs[program->pair[i]].uses * e->losses->coupler[coupler];
  }
  return sum;
}

void zcz_embedding_clear(zcz_embedding *e) {
  const zcz_lattice *lattice = e->lattice;
  for (uint32_t k = 0; k < e->num_program; k++) {
    e->layout[k] = ZCZ_NONE;
    e->need[k] = e->program->first[k + 1] - e->program->first[k];
  }
  for (uint32_t q = 0; q < e->num_chip; q++) {
    e->holds[q] = ZCZ_NONE;
    e->open[q] = lattice->first[q + 1] - lattice->first[q];
  }
}

/* ---- what can be told beforehand ---- */

/* Two colours such that links join unlike ones; false where there are none. */
static bool two_colours(const uint32_t *first, const uint32_t *neighbour, uint32_t count,
                        uint8_t *colour, uint32_t *queue) {
  memset(colour, 0, count);
  for (uint32_t root = 0; root < count; root++) {
    if (colour[root]) continue;
    uint32_t head = 0, tail = 0;
    colour[root] = 1;
    queue[tail++] = root;
    while (head < tail) {
      uint32_t at = queue[head++];
      for (uint32_t i = first[at]; i < first[at + 1]; i++) {
        uint32_t other = neighbour[i];
        if (colour[other] == colour[at]) return false;
        if (colour[other]) continue;
        colour[other] = 3 - colour[at];
        queue[tail++] = other;
      }
    }
  }
  return true;
}

/* Enough qubits of every degree, and no odd ring where the lattice has none. */
static bool conceivable(const zcz_embedding *e, uint32_t *room) {
  uint32_t have[64] = {0}, want[64] = {0}, more = 0, less = 0;
  for (uint32_t k = 0; k < e->num_program; k++) {
    uint32_t degree = e->program->first[k + 1] - e->program->first[k];
    if (degree > 63) return false;
    want[degree]++;
  }
  for (uint32_t i = 0; i < e->lattice->num_usable; i++) {
    uint32_t q = e->lattice->order[i];
    uint32_t degree = e->lattice->first[q + 1] - e->lattice->first[q];
    have[degree > 63 ? 63 : degree]++;
  }
  for (uint32_t degree = 64; degree-- > 0;) {
    more += have[degree];
    less += want[degree];
    if (less > more) return false;
  }
  uint8_t *colour = (uint8_t *)(room + e->num_chip + e->num_program);
  if (!two_colours(e->lattice->first, e->lattice->neighbour, e->num_chip, colour, room))
    return true;
  return two_colours(e->program->first, e->program->neighbour, e->num_program, colour, room);
}

/* ---- the order of placing ---- */

/* The last qubit of a walk by breadth: an end of a longest way where the part is a tree. */
static uint32_t farthest(const zcz_embedding *e, uint32_t from, uint32_t *mark, uint32_t stamp,
                         uint32_t *queue, uint32_t *size, uint32_t *links) {
  uint32_t head = 0, tail = 0;
  mark[from] = stamp;
  queue[tail++] = from;
  *links = 0;
  while (head < tail) {
    uint32_t k = queue[head++];
    for (uint32_t i = e->program->first[k]; i < e->program->first[k + 1]; i++) {
      uint32_t other = e->program->neighbour[i];
      *links += 1;
      if (mark[other] == stamp) continue;
      mark[other] = stamp;
      queue[tail++] = other;
    }
  }
  *links /= 2;
  *size = tail;
  return queue[tail - 1];
}

static void put(zcz_embedding *e, uint32_t k, uint32_t parent, uint32_t *placed) {
  placed[k] = e->num_order + 1;
  e->parent[e->num_order] = parent;
  e->order[e->num_order++] = k;
}

static uint32_t subtree(const zcz_embedding *e, uint32_t k, uint32_t parent) {
  uint32_t size = 1;
  for (uint32_t i = e->program->first[k]; i < e->program->first[k + 1]; i++)
    if (e->program->neighbour[i] != parent) size += subtree(e, e->program->neighbour[i], k);
  return size;
}

/* A tree by depth from one end, the small branches before the large ones, so that a long way is
 * walked last and nothing beside it is left behind. */
static void order_tree(zcz_embedding *e, uint32_t k, uint32_t parent, uint32_t *placed) {
  put(e, k, parent, placed);
  for (;;) {
    uint32_t next = ZCZ_NONE, least = UINT32_MAX;
    for (uint32_t i = e->program->first[k]; i < e->program->first[k + 1]; i++) {
      uint32_t other = e->program->neighbour[i];
      if (placed[other]) continue;
      uint32_t size = subtree(e, other, k);
      if (size >= least) continue;
      least = size;
      next = other;
    }
    if (next == ZCZ_NONE) return;
    order_tree(e, next, k, placed);
  }
}

/* Otherwise next the qubit with most partners placed, then most partners, then latest joined. */
static void order_dense(zcz_embedding *e, uint32_t root, const uint32_t *part, uint32_t size,
                        uint32_t *placed) {
  put(e, root, ZCZ_NONE, placed);
  for (uint32_t done = 1; done < size; done++) {
    uint32_t next = ZCZ_NONE, parent = ZCZ_NONE;
    uint64_t best = 0;
    for (uint32_t i = 0; i < size; i++) {
      uint32_t k = part[i], joined = 0, latest = 0, from = ZCZ_NONE;
      if (placed[k]) continue;
      for (uint32_t j = e->program->first[k]; j < e->program->first[k + 1]; j++) {
        uint32_t other = e->program->neighbour[j];
        if (!placed[other]) continue;
        joined++;
        if (placed[other] <= latest) continue;
        latest = placed[other];
        from = other;
      }
      uint64_t degree = e->program->first[k + 1] - e->program->first[k];
      uint64_t value = (uint64_t)joined << 48 | degree << 32 | latest;
      if (joined == 0 || value <= best) continue;
      best = value;
      next = k;
      parent = from;
    }
    put(e, next, parent, placed);
  }
}

/* Parts of the program, the largest first. `room`: four words a program qubit. */
static void make_order(zcz_embedding *e, uint32_t *room) {
  uint32_t n = e->num_program, stamp = 0;
  uint32_t *mark = room, *queue = room + n, *placed = room + 2 * n, *sizes = room + 3 * n;
  memset(room, 0, 4ull * n * sizeof *room);
  for (uint32_t k = 0; k < n; k++) {
    uint32_t size, links;
    if (mark[k] || e->program->first[k] == e->program->first[k + 1]) continue;
    farthest(e, k, mark, ++stamp, queue, &size, &links);
    sizes[k] = size; /* of the part whose lowest qubit is k; 0 for all others */
  }
  for (;;) {
    uint32_t lowest = ZCZ_NONE, size, links;
    for (uint32_t k = 0; k < n; k++)
      if (sizes[k] && (lowest == ZCZ_NONE || sizes[k] > sizes[lowest])) lowest = k;
    if (lowest == ZCZ_NONE) return;
    sizes[lowest] = 0;
    uint32_t end = farthest(e, lowest, mark, ++stamp, queue, &size, &links);
    if (links + 1 == size) {
      end = farthest(e, end, mark, ++stamp, queue, &size, &links);
      order_tree(e, end, ZCZ_NONE, placed);
    } else {
      uint32_t root = queue[0];
      for (uint32_t i = 1; i < size; i++)
        if (e->program->first[queue[i] + 1] - e->program->first[queue[i]] >
            e->program->first[root + 1] - e->program->first[root])
          root = queue[i];
      order_dense(e, root, queue, size, placed);
    }
  }
}

static void make_rest(zcz_embedding *e) {
  double coupler = INFINITY, one = INFINITY, readout = INFINITY;
  for (uint32_t i = 0; i < e->lattice->first[e->num_chip]; i++)
    coupler = fmin(coupler, e->losses->coupler[e->lattice->coupler[i]]);
  for (uint32_t i = 0; i < e->lattice->num_usable; i++) {
    one = fmin(one, e->losses->one_qubit[e->lattice->order[i]]);
    readout = fmin(readout, e->losses->readout[e->lattice->order[i]]);
  }
  e->rest[e->num_order] = 0;
  for (uint32_t i = e->num_order; i-- > 0;) {
    uint32_t k = e->order[i];
    double own = e->program->pulses[k] * one + e->program->readouts[k] * readout;
    e->need[k] = i; /* for the moment: when it is placed */
    e->rest[i] = e->rest[i + 1] + own;
  }
  for (uint32_t i = 0; i < e->program->num_pairs; i++) {
    /* A pair counts where its later qubit is placed. */
    const zcz_pair *pair = &e->program->pairs[i];
    uint32_t later = e->need[pair->a] > e->need[pair->b] ? e->need[pair->a] : e->need[pair->b];
    for (uint32_t before = 0; before <= later; before++) e->rest[before] += pair->uses * coupler;
  }
}

/* ---- putting it together ---- */

/* Qubits without partners: the busiest first, each on the best qubit left. */
static void place_single(zcz_embedding *e) {
  for (;;) {
    uint32_t next = ZCZ_NONE, best = ZCZ_NONE;
    double weight = -1, least = INFINITY;
    for (uint32_t k = 0; k < e->num_program; k++) {
      double own = 10 * e->program->readouts[k] + e->program->pulses[k];
      if (e->layout[k] != ZCZ_NONE || own <= weight) continue;
      weight = own;
      next = k;
    }
    if (next == ZCZ_NONE) return;
    for (uint32_t i = 0; i < e->lattice->num_usable; i++) {
      uint32_t q = e->lattice->order[i];
      if (e->holds[q] != ZCZ_NONE) continue;
      double own = zcz_embedding_loss_at(e, next, q);
      if (own >= least) continue;
      least = own;
      best = q;
    }
    e->layout[next] = best;
    e->holds[best] = next;
  }
}

/* The current layout, completed and improved, against the best one so far. */
static void consider(zcz_embedding *e, double *best_loss, uint32_t *best, uint32_t steps) {
  place_single(e);
  zcz_embedding_improve(e, steps);
  double loss = zcz_placement_loss(e->program, e->lattice, e->losses, e->layout);
  if (loss >= *best_loss) return;
  *best_loss = loss;
  memcpy(best, e->layout, e->num_program * sizeof *best);
}

static void take(zcz_embedding *e, const uint32_t *layout) {
  zcz_embedding_clear(e);
  for (uint32_t i = 0; i < e->num_order; i++) {
    e->layout[e->order[i]] = layout[e->order[i]];
    e->holds[layout[e->order[i]]] = e->order[i];
  }
}

static void find_small(zcz_embedding *e, double *best_loss, uint32_t *best) {
  e->by_loss = true;
  e->stop_at_first = false;
  e->budget = SMALL_BUDGET;
  e->best_loss = INFINITY;
  bool complete = zcz_embedding_search(e);
  if (!e->found) return;
  take(e, e->best);
  consider(e, best_loss, best, complete ? 0 : 2000);
}

static void find_chains(zcz_embedding *e, double *best_loss, uint32_t *best) {
  uint32_t found = 0;
  for (uint32_t i = 0; i < PATH_RESTARTS && found < 4; i++) {
    e->stream = 100 + i;
    e->draws = 0;
    zcz_embedding_clear(e);
    if (!zcz_embedding_along_path(e, PATH_STEPS)) continue;
    found++;
    consider(e, best_loss, best, 6000);
  }
}

static zcz_status find_large(zcz_embedding *e, double *best_loss, uint32_t *best,
                             zcz_error *error) {
  uint32_t found = 0;
  e->stop_at_first = true;
  for (uint32_t i = 0; i < RESTARTS && found < 6; i++) {
    if (zcz_cancelled(e->context)) return zcz_fail_cancelled(e->context, error);
    e->stream = i;
    e->draws = 0;
    e->by_loss = i % 3 == 1;
    e->budget = 1000 + 40ull * e->num_order;
    e->best_loss = INFINITY;
    bool complete = zcz_embedding_search(e);
    if (complete && !e->found) return ZCZ_OK; /* there is none */
    if (!e->found) continue;
    found++;
    take(e, e->best);
    consider(e, best_loss, best, 6000);
  }
  return ZCZ_OK;
}

static zcz_status embed(zcz_embedding *e, uint32_t *layout, bool *found, uint32_t *room,
                        zcz_error *error) {
  double best_loss = INFINITY,
         given = zcz_placement_loss(e->program, e->lattice, e->losses, layout);
  uint32_t *best = room;
  room += e->num_program;
  if (!conceivable(e, room)) return ZCZ_OK;
  zcz_embedding_clear(e);
  make_order(e, room);
  make_rest(e);
  if (given < INFINITY && e->num_order > SMALL) {
    take(e, layout);
    consider(e, &best_loss, best, 6000);
  }
  if (e->num_order <= SMALL)
    find_small(e, &best_loss, best);
  else if (zcz_embedding_chains(e))
    find_chains(e, &best_loss, best);
  if (best_loss == INFINITY || e->num_order > SMALL)
    ZCZ_TRY(find_large(e, &best_loss, best, error));
  *found = best_loss < INFINITY;
  if (*found) memcpy(layout, best, e->num_program * sizeof *layout);
  return ZCZ_OK;
}

zcz_status zcz_embed(const zcz_program *program, const zcz_lattice *lattice,
                     const zcz_losses *losses, uint64_t seed, uint32_t *layout, bool *found,
                     zcz_error *error) {
  size_t n = program->num_qubits, chip = lattice->num_qubits;
  *found = false;
  zcz_embedding e = {.program = program,
                     .lattice = lattice,
                     .losses = losses,
                     .context = program->context,
                     .seed = seed,
                     .num_program = program->num_qubits,
                     .num_chip = lattice->num_qubits};
  size_t bytes = (n + 1) * sizeof(double) + (11 * n + 6 * chip) * sizeof(uint32_t) + n + chip;
  e.rest = zcz_memory_zeroed(e.context, bytes, 1);
  if (!e.rest) return zcz_fail_memory(e.context, error, "a placement", bytes);
  uint32_t *next = (uint32_t *)(e.rest + n + 1);
  e.order = next;
  e.parent = next += n;
  e.layout = next += n;
  e.need = next += n;
  e.best = next += n;
  e.holds = next += n;
  e.open = next += chip;
  e.path = next += chip;
  zcz_status status = embed(&e, layout, found, next + 2 * chip, error);
  zcz_memory_release(e.context, e.rest);
  return status;
}
