/* What all trials of routing share: distances on the lattice. */
#include <math.h>

#include "base/memory.h"
#include "compile/sabre.h"

static double mean_loss(const zcz_sabre_map *map) {
  double sum = 0;
  uint32_t links = map->lattice->first[map->num_qubits];
  for (uint32_t i = 0; i < links; i++) sum += map->losses->coupler[map->lattice->coupler[i]];
  return links && sum > 0 ? sum / links : 1;
}

/* By breadth. */
static void hops_from(zcz_sabre_map *map, uint32_t from, uint32_t *queue) {
  const zcz_lattice *lattice = map->lattice;
  uint32_t n = map->num_qubits, head = 0, tail = 0;
  uint16_t *hops = map->hops + (size_t)from * n;
  for (uint32_t q = 0; q < n; q++) hops[q] = UINT16_MAX;
  hops[from] = 0;
  queue[tail++] = from;
  while (head < tail) {
    uint32_t q = queue[head++];
    for (uint32_t i = lattice->first[q]; i < lattice->first[q + 1]; i++) {
      uint32_t other = lattice->neighbour[i];
      if (hops[other] != UINT16_MAX) continue;
      hops[other] = (uint16_t)(hops[q] + 1);
      queue[tail++] = other;
    }
  }
}

/* A length is mended where the way over a neighbour is shorter, until none is. `queue` is a ring of
 * n places, each qubit in it at most once. */
static void lengths_from(zcz_sabre_map *map, uint32_t from, uint32_t *queue, uint8_t *waits) {
  const zcz_lattice *lattice = map->lattice;
  uint32_t n = map->num_qubits;
  uint64_t head = 0, tail = 0;
  float *distance = map->distance + (size_t)from * n;
  for (uint32_t q = 0; q < n; q++) {
    distance[q] = INFINITY;
    waits[q] = 0;
  }
  distance[from] = 0;
  queue[tail++] = from;
  while (head < tail) {
    uint32_t q = queue[head++ % n];
    waits[q] = 0;
    for (uint32_t i = lattice->first[q]; i < lattice->first[q + 1]; i++) {
      uint32_t other = lattice->neighbour[i];
      float way = distance[q] + map->swap_weight[lattice->coupler[i]];
      if (way >= distance[other]) continue;
      distance[other] = way;
      if (!waits[other]) queue[tail++ % n] = other;
      waits[other] = 1;
    }
  }
}

zcz_status zcz_sabre_map_make(const zcz_lattice *lattice, const zcz_losses *losses,
                              zcz_sabre_map *map, zcz_error *error) {
  size_t n = lattice->num_qubits, m = lattice->chip->num_couplers;
  size_t bytes = n * n * (sizeof(float) + sizeof(uint16_t)) + m * sizeof(float) +
                 n * (sizeof(uint32_t) + 1) + 16;
  *map = (zcz_sabre_map){.lattice = lattice, .losses = losses, .num_qubits = (uint32_t)n};
  map->distance = zcz_memory_zeroed(lattice->context, bytes, 1);
  if (!map->distance) return zcz_fail_memory(lattice->context, error, "distances on a chip", bytes);
  map->swap_weight = map->distance + n * n;
  uint32_t *queue = (uint32_t *)(map->swap_weight + m);
  map->hops = (uint16_t *)(queue + n);
  uint8_t *waits = (uint8_t *)(map->hops + n * n);
  double mean = mean_loss(map);
  for (size_t c = 0; c < m; c++) {
    double over = losses->coupler[c] / mean - 1;
    over = over > 4 ? 4 : over;
    map->swap_weight[c] = (float)(1 + 0.15 * over);
  }
  for (uint32_t q = 0; q < n; q++) {
    hops_from(map, q, queue);
    lengths_from(map, q, queue, waits);
  }
  return ZCZ_OK;
}

void zcz_sabre_map_release(zcz_sabre_map *map) {
  if (map->lattice) zcz_memory_release(map->lattice->context, map->distance);
  map->distance = NULL;
}
