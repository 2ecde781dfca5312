/* Lower loss for a perfect placement, by moves that keep it perfect. */
#include <math.h>

#include "base/math.h"
#include "compile/embed.h"

/* Loss of qubit k at q while everything else stays; `other` (or ZCZ_NONE) counts as standing at
 * `other_at`. */
static double loss_with(const zcz_embedding *e, uint32_t k, uint32_t q, uint32_t other,
                        uint32_t other_at) {
  const zcz_program *program = e->program;
  double sum =
      program->pulses[k] * e->losses->one_qubit[q] + program->readouts[k] * e->losses->readout[q];
  for (uint32_t i = program->first[k]; i < program->first[k + 1]; i++) {
    uint32_t partner = program->neighbour[i];
    uint32_t at = partner == other ? other_at : e->layout[partner];
    uint32_t coupler = zcz_lattice_coupler(e->lattice, q, at);
    if (coupler == ZCZ_CHIP_NONE) return INFINITY;
    sum += program->pairs[program->pair[i]].uses * e->losses->coupler[coupler];
  }
  return sum;
}

/* What it changes when k goes to q and whoever is there comes back. Where the two are partners
 * their own coupler counts twice on both sides. */
static double change(const zcz_embedding *e, uint32_t k, uint32_t q) {
  uint32_t from = e->layout[k], other = e->holds[q];
  double before = loss_with(e, k, from, ZCZ_NONE, 0);
  double after = loss_with(e, k, q, other, from);
  if (other != ZCZ_NONE) {
    before += loss_with(e, other, q, ZCZ_NONE, 0);
    after += loss_with(e, other, from, k, q);
  }
  return after - before;
}

static void go(zcz_embedding *e, uint32_t k, uint32_t q) {
  uint32_t from = e->layout[k], other = e->holds[q];
  e->layout[k] = q;
  e->holds[q] = k;
  e->holds[from] = other;
  if (other != ZCZ_NONE) e->layout[other] = from;
}

/* A place for k that its first partner allows, or any where it has none. */
static uint32_t propose(zcz_embedding *e, uint32_t k) {
  const zcz_lattice *lattice = e->lattice;
  uint32_t first = e->program->first[k];
  if (first == e->program->first[k + 1])
    return lattice->order[(uint32_t)(zcz_embedding_draw(e) * lattice->num_usable)];
  uint32_t at = e->layout[e->program->neighbour[first]];
  uint32_t links = lattice->first[at + 1] - lattice->first[at];
  return lattice->neighbour[lattice->first[at] + (uint32_t)(zcz_embedding_draw(e) * links)];
}

/* All qubits of a chain one place on along it: order[] from the root to the next root. */
static bool shift_chain(zcz_embedding *e, bool forwards, double limit) {
  const zcz_lattice *lattice = e->lattice;
  uint32_t n = e->num_order;
  uint32_t head = forwards ? e->order[n - 1] : e->order[0],
           tail = forwards ? e->order[0] : e->order[n - 1];
  uint32_t end = e->layout[head], left = e->layout[tail];
  uint32_t links = lattice->first[end + 1] - lattice->first[end];
  uint32_t q = lattice->neighbour[lattice->first[end] + (uint32_t)(zcz_embedding_draw(e) * links)];
  if (e->holds[q] != ZCZ_NONE) return false;
  double before = zcz_placement_loss(e->program, lattice, e->losses, e->layout);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t k = forwards ? e->order[i] : e->order[n - 1 - i];
    uint32_t next = i + 1 < n ? e->layout[forwards ? e->order[i + 1] : e->order[n - 2 - i]] : q;
    e->layout[k] = next;
  }
  double after = zcz_placement_loss(e->program, lattice, e->losses, e->layout);
  bool take = after - before < limit;
  for (uint32_t i = n; !take && i-- > 0;) {
    uint32_t k = forwards ? e->order[i] : e->order[n - 1 - i];
    e->layout[k] = i > 0 ? e->layout[forwards ? e->order[i - 1] : e->order[n - i]] : left;
  }
  if (!take) return false;
  e->holds[left] = ZCZ_NONE;
  for (uint32_t i = 0; i < n; i++) e->holds[e->layout[e->order[i]]] = e->order[i];
  return true;
}

void zcz_embedding_improve(zcz_embedding *e, uint32_t steps) {
  uint32_t n = e->num_program, roots = 0, most = 0;
  double links = 1e-12, mean = 0;
  for (uint32_t i = 0; i < e->num_order; i++) {
    uint32_t degree = e->program->first[e->order[i] + 1] - e->program->first[e->order[i]];
    roots += e->parent[i] == ZCZ_NONE;
    most = degree > most ? degree : most;
  }
  bool chain = roots == 1 && most == 2;
  for (uint32_t i = 0; i < e->program->num_pairs; i++) links += e->program->pairs[i].uses;
  for (uint32_t i = 0; i < e->lattice->first[e->num_chip]; i++)
    mean += e->losses->coupler[e->lattice->coupler[i]];
  mean /= e->lattice->first[e->num_chip] + 1e-12;
  double heat = 0.5 * mean * links / (e->program->num_pairs + 1);
  for (uint32_t step = 0; step < steps && n > 0; step++) {
    double warm = heat * (1 - (double)step / steps), roll = zcz_embedding_draw(e);
    double limit = roll > 0 ? -warm * zcz_log(roll) : 0; /* taken when the loss rises by less */
    if (step + steps / 8 >= steps) limit = 0;
    if (chain && step % 16 == 0) {
      shift_chain(e, step % 32 == 0, limit);
      continue;
    }
    uint32_t k = (uint32_t)(zcz_embedding_draw(e) * n), q = propose(e, k);
    if (q == e->layout[k]) continue;
    if (change(e, k, q) < limit) go(e, k, q);
  }
}
