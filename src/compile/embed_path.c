/* Long paths and rings of the lattice, by Posa's rotations: an end that cannot grow is joined to a
 * qubit of the path, and the path is turned around from there. */
#include "compile/embed.h"

typedef struct path {
  zcz_embedding *e;
  uint32_t *at;    /* chip qubits along it */
  uint32_t *index; /* place of each chip qubit on it, ZCZ_NONE = not on it */
  uint32_t length;
} path;

static void turn(path *p, uint32_t from, uint32_t to) {
  while (from < to) {
    uint32_t a = p->at[from], b = p->at[to];
    p->at[from] = b;
    p->index[b] = from++;
    p->at[to] = a;
    p->index[a] = to--;
  }
}

static void push(path *p, uint32_t q) {
  p->index[q] = p->length;
  p->at[p->length++] = q;
}

/* One move of the last qubit: grows into the free neighbour with the fewest ways on, else turns. */
static void move_end(path *p, bool grow) {
  const zcz_lattice *lattice = p->e->lattice;
  uint32_t end = p->at[p->length - 1], best = ZCZ_NONE;
  double least = 1e9;
  uint32_t first = lattice->first[end], links = lattice->first[end + 1] - first;
  for (uint32_t i = first; grow && i < first + links; i++) {
    uint32_t q = lattice->neighbour[i];
    if (p->index[q] != ZCZ_NONE) continue;
    double ways = zcz_embedding_draw(p->e);
    for (uint32_t j = lattice->first[q]; j < lattice->first[q + 1]; j++)
      ways += p->index[lattice->neighbour[j]] == ZCZ_NONE;
    if (ways >= least) continue;
    least = ways;
    best = q;
  }
  if (best != ZCZ_NONE) {
    push(p, best);
    return;
  }
  if (links == 0) return;
  uint32_t q = lattice->neighbour[first + (uint32_t)(zcz_embedding_draw(p->e) * links)];
  if (p->index[q] == ZCZ_NONE || p->index[q] + 2 >= p->length) return;
  turn(p, p->index[q] + 1, p->length - 1);
}

static bool closed(const path *p) {
  return zcz_lattice_coupler(p->e->lattice, p->at[0], p->at[p->length - 1]) != ZCZ_CHIP_NONE;
}

static bool grow_path(path *p, uint32_t wanted, bool ring, uint32_t steps) {
  const zcz_lattice *lattice = p->e->lattice;
  uint32_t start = lattice->order[(uint32_t)(zcz_embedding_draw(p->e) * lattice->num_usable)];
  p->length = 0;
  for (uint32_t q = 0; q < p->e->num_chip; q++) p->index[q] = ZCZ_NONE;
  push(p, start);
  for (uint32_t step = 0; step < steps; step++) {
    if (p->length == wanted && (!ring || closed(p))) return true;
    if (p->length > 1 && zcz_embedding_draw(p->e) < 0.25) turn(p, 0, p->length - 1);
    move_end(p, p->length < wanted);
  }
  return p->length == wanted && (!ring || closed(p));
}

bool zcz_embedding_chains(const zcz_embedding *e) {
  uint32_t roots = 0, links = 0;
  for (uint32_t i = 0; i < e->num_order; i++) {
    uint32_t k = e->order[i], degree = e->program->first[k + 1] - e->program->first[k];
    if (degree > 2) return false;
    roots += e->parent[i] == ZCZ_NONE;
    links += degree;
  }
  uint32_t rings = links / 2 + roots - e->num_order;
  return rings == 0 || (rings == 1 && roots == 1);
}

/* order[] walks each chain from one end to the other, and a ring around. */
bool zcz_embedding_along_path(zcz_embedding *e, uint32_t steps) {
  uint32_t links = 0, roots = 0;
  for (uint32_t i = 0; i < e->num_order; i++) {
    links += e->program->first[e->order[i] + 1] - e->program->first[e->order[i]];
    roots += e->parent[i] == ZCZ_NONE;
  }
  bool ring = links / 2 + roots > e->num_order;
  path p = {.e = e, .at = e->path, .index = e->path + e->num_chip};
  bool good = grow_path(&p, e->num_order, ring, steps);
  for (uint32_t i = 0; good && i < e->num_order; i++) {
    e->layout[e->order[i]] = p.at[i];
    e->holds[p.at[i]] = e->order[i];
  }
  return good;
}
