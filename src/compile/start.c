#include "compile/start.h"

#include <math.h>

#include "base/random.h"

typedef struct chooser {
  const zcz_start *start;
  uint32_t trial, draws;
  uint32_t *taken; /* program qubit on each chip qubit */
  uint32_t *round; /* the region, nearest to the centre first */
  double *pull;    /* of each program qubit not yet placed: uses with placed ones */
  uint32_t *layout;
} chooser;

enum { PASS_OF_START = 1000 };

static double draw(chooser *c) {
  return zcz_random_unit(c->start->seed, ZCZ_PURPOSE_COMPILE, c->trial, PASS_OF_START, c->draws++);
}

static double away(const chooser *c, uint32_t a, uint32_t b) {
  return c->start->map->distance[(size_t)a * c->start->map->num_qubits + b];
}

/* The region by distance from a centre: by insertion, being nearly in order row by row. */
static void make_round(chooser *c, uint32_t centre) {
  for (uint32_t i = 0; i < c->start->num_region; i++) {
    uint32_t q = c->start->region[i], at = i;
    double distance = away(c, centre, q);
    while (at > 0 && away(c, centre, c->round[at - 1]) > distance) {
      c->round[at] = c->round[at - 1];
      at--;
    }
    c->round[at] = q;
  }
}

static void thrown(chooser *c) {
  uint32_t n = c->start->program->num_qubits;
  for (uint32_t k = 0; k < n; k++) c->layout[k] = c->round[k];
  for (uint32_t k = n; k > 1; k--) {
    uint32_t other = (uint32_t)(draw(c) * k), q = c->layout[k - 1];
    c->layout[k - 1] = c->layout[other];
    c->layout[other] = q;
  }
}

static double cost_at(const chooser *c, uint32_t qubit, uint32_t q) {
  const zcz_program *program = c->start->program;
  double sum = 0.02 * away(c, c->round[0], q);
  for (uint32_t i = program->first[qubit]; i < program->first[qubit + 1]; i++) {
    uint32_t other = c->layout[program->neighbour[i]];
    if (other != ZCZ_NONE) sum += program->pairs[program->pair[i]].uses * away(c, other, q);
  }
  return sum;
}

/* Next the qubit most tied to those placed, where that costs least. */
static void grown(chooser *c, double noise) {
  const zcz_program *program = c->start->program;
  uint32_t n = program->num_qubits;
  for (uint32_t k = 0; k < n; k++) {
    c->layout[k] = ZCZ_NONE;
    c->pull[k] = 0;
    for (uint32_t i = program->first[k]; i < program->first[k + 1]; i++)
      c->pull[k] += 1e-6 * program->pairs[program->pair[i]].uses;
    c->pull[k] *= 1 + noise * draw(c);
  }
  for (uint32_t done = 0; done < n; done++) {
    uint32_t next = ZCZ_NONE, best = ZCZ_NONE;
    for (uint32_t k = 0; k < n; k++)
      if (c->layout[k] == ZCZ_NONE && (next == ZCZ_NONE || c->pull[k] > c->pull[next])) next = k;
    double least = INFINITY;
    for (uint32_t i = 0; i < c->start->num_region; i++) {
      uint32_t q = c->round[i];
      if (c->taken[q] != ZCZ_NONE) continue;
      double cost = cost_at(c, next, q) * (1 + 0.2 * noise * draw(c));
      if (cost >= least) continue;
      least = cost;
      best = q;
    }
    c->layout[next] = best;
    c->taken[best] = next;
    for (uint32_t i = program->first[next]; i < program->first[next + 1]; i++)
      c->pull[program->neighbour[i]] +=
          program->pairs[program->pair[i]].uses * (1 + noise * draw(c));
  }
}

void zcz_start_layout(const zcz_start *start, uint32_t trial, uint32_t *room, uint32_t *layout) {
  uint32_t n = start->map->num_qubits;
  chooser c = {.start = start, .trial = trial, .pull = (double *)(void *)room, .layout = layout};
  c.taken = room + 2 * (size_t)start->program->num_qubits;
  c.round = c.taken + n;
  for (uint32_t q = 0; q < n; q++) c.taken[q] = ZCZ_NONE;
  if (trial == 0) {
    for (uint32_t k = 0; k < start->program->num_qubits; k++) layout[k] = start->region[k];
    return;
  }
  make_round(&c, start->region[(uint32_t)(draw(&c) * start->num_region)]);
  if (trial % 4 == 3)
    thrown(&c);
  else
    grown(&c, trial % 4 == 1 ? 0.1 : 0.8);
}
