/* Layouts from which routing starts. */
#ifndef ZCZ_COMPILE_START_H
#define ZCZ_COMPILE_START_H

#include "compile/sabre.h"

/* A layout for one trial: trial 0 the usable qubits in order, the others grown from a chosen centre,
 * heavy partners close together, or thrown at random into a round region. All of it lies in the
 * largest part of the lattice that hangs together, `parts[q]` being the part of each qubit. */
typedef struct zcz_start {
  const zcz_program *program;
  const zcz_sabre_map *map;
  const uint32_t *region; /* the qubits of that part, in the order asked for */
  uint32_t num_region;
  uint64_t seed;
} zcz_start;

/* `room`: 3 words a chip qubit and 2 a program qubit. */
void zcz_start_layout(const zcz_start *start, uint32_t trial, uint32_t *room, uint32_t *layout);

#endif
