/* Backtracking over placements: subgraph monomorphism of a program's pairs into the lattice. */
#include <math.h>

#include "compile/embed.h"

enum { MAX_CHOICES = 16 };

typedef struct choice {
  uint32_t q;
  double loss, key;
} choice;

static void set(zcz_embedding *e, uint32_t k, uint32_t q) {
  const zcz_program *program = e->program;
  const zcz_lattice *lattice = e->lattice;
  e->layout[k] = q;
  e->holds[q] = k;
  for (uint32_t i = program->first[k]; i < program->first[k + 1]; i++)
    e->need[program->neighbour[i]]--;
  for (uint32_t i = lattice->first[q]; i < lattice->first[q + 1]; i++)
    e->open[lattice->neighbour[i]]--;
}

static void unset(zcz_embedding *e, uint32_t k, uint32_t q) {
  const zcz_program *program = e->program;
  const zcz_lattice *lattice = e->lattice;
  e->layout[k] = ZCZ_NONE;
  e->holds[q] = ZCZ_NONE;
  for (uint32_t i = program->first[k]; i < program->first[k + 1]; i++)
    e->need[program->neighbour[i]]++;
  for (uint32_t i = lattice->first[q]; i < lattice->first[q + 1]; i++)
    e->open[lattice->neighbour[i]]++;
}

/* Have the placed qubits beside q room left for their partners? */
static bool room_left(const zcz_embedding *e, uint32_t q) {
  const zcz_lattice *lattice = e->lattice;
  if (e->need[e->holds[q]] > e->open[q]) return false;
  for (uint32_t i = lattice->first[q]; i < lattice->first[q + 1]; i++) {
    uint32_t k = e->holds[lattice->neighbour[i]];
    if (k != ZCZ_NONE && e->need[k] > e->open[lattice->neighbour[i]]) return false;
  }
  return true;
}

static double key_of(zcz_embedding *e, uint32_t q, double loss) {
  if (e->by_loss) return e->stop_at_first ? loss * (0.5 + zcz_embedding_draw(e)) : loss;
  return e->open[q] + 0.9 * zcz_embedding_draw(e);
}

static void insert(choice *choices, uint32_t count, choice made) {
  while (count > 0 && choices[count - 1].key > made.key) {
    choices[count] = choices[count - 1];
    count--;
  }
  choices[count] = made;
}

static void search_from(zcz_embedding *e, uint32_t depth, double loss);

static void try_choice(zcz_embedding *e, uint32_t depth, double loss, const choice *c) {
  uint32_t k = e->order[depth];
  if (loss + c->loss + e->rest[depth + 1] >= e->best_loss) return;
  e->nodes++;
  set(e, k, c->q);
  if (room_left(e, c->q)) search_from(e, depth + 1, loss + c->loss);
  unset(e, k, c->q);
}

/* The first of a part may stand anywhere: taken in order of key, the best not yet tried each time. */
static void search_roots(zcz_embedding *e, uint32_t depth, double loss) {
  uint32_t k = e->order[depth];
  double last = -INFINITY;
  uint32_t last_q = 0;
  uint64_t tie_draws = e->draws;
  for (;;) {
    choice best = {.q = ZCZ_NONE, .key = INFINITY};
    uint32_t draws = e->draws;
    e->draws = (uint32_t)tie_draws; /* the same keys in every round */
    for (uint32_t i = 0; i < e->lattice->num_usable; i++) {
      uint32_t q = e->lattice->order[i];
      double own = zcz_embedding_loss_at(e, k, q), key;
      key = depth == 0 && !e->by_loss ? zcz_embedding_draw(e) : key_of(e, q, own);
      if (e->holds[q] != ZCZ_NONE || e->open[q] < e->need[k]) continue;
      if (key < last || (key == last && q <= last_q)) continue;
      if (key < best.key || (key == best.key && q < best.q)) best = (choice){q, own, key};
    }
    e->draws = draws > e->draws ? draws : e->draws;
    if (best.q == ZCZ_NONE) return;
    last = best.key;
    last_q = best.q;
    try_choice(e, depth, loss, &best);
    if (e->nodes >= e->budget || (e->found && e->stop_at_first)) return;
  }
}

static void search_from(zcz_embedding *e, uint32_t depth, double loss) {
  if (depth == e->num_order) {
    e->found = true;
    e->best_loss = loss;
    for (uint32_t k = 0; k < e->num_program; k++) e->best[k] = e->layout[k];
    return;
  }
  uint32_t k = e->order[depth];
  if (e->parent[depth] == ZCZ_NONE) {
    search_roots(e, depth, loss);
    return;
  }
  const zcz_lattice *lattice = e->lattice;
  uint32_t from = e->layout[e->parent[depth]], count = 0;
  choice choices[MAX_CHOICES];
  for (uint32_t i = lattice->first[from]; i < lattice->first[from + 1]; i++) {
    uint32_t q = lattice->neighbour[i];
    if (e->holds[q] != ZCZ_NONE || e->open[q] < e->need[k] || count == MAX_CHOICES) continue;
    double own = zcz_embedding_loss_at(e, k, q);
    if (own == INFINITY) continue;
    insert(choices, count++, (choice){q, own, key_of(e, q, own)});
  }
  for (uint32_t i = 0; i < count; i++) {
    try_choice(e, depth, loss, &choices[i]);
    if (e->nodes >= e->budget || (e->found && e->stop_at_first)) return;
  }
}

bool zcz_embedding_search(zcz_embedding *e) {
  e->nodes = 0;
  e->found = false;
  zcz_embedding_clear(e);
  search_from(e, 0, 0);
  return e->nodes < e->budget && !(e->found && e->stop_at_first);
}
