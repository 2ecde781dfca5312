/* Two-qubit unitaries as uses of a coupler's native gates with one-qubit gates between them. */
#ifndef ZCZ_COMPILE_SYNTHESIS_H
#define ZCZ_COMPILE_SYNTHESIS_H

#include "compile/kak.h"
#include "zcz/chip.h"

enum { ZCZ_MAX_USES = 8 };

/* U = local[count] G[count-1] local[count-1] .. G[0] local[0], up to phase; gate[i] is a number in
 * the coupler's list of native gates. Qubit 0 of every matrix is the coupler's first. */
typedef struct zcz_sequence {
  uint32_t count;
  uint8_t gate[ZCZ_MAX_USES];
  zcz_local local[ZCZ_MAX_USES + 1];
} zcz_sequence;

/* Inner gates found for a class (count 0: none exist for this choice of gates), to be used again. */
typedef struct zcz_found {
  double x, y, z;
  uint32_t choice, uses; /* of gates */
  zcz_sequence sequence;
  zcz_kak own;
} zcz_found;

enum { ZCZ_MAX_FOUND = 8 };

/* A coupler as synthesis sees it. */
typedef struct zcz_coupler_gates {
  uint32_t count;
  zcz_matrix4 matrix[ZCZ_MAX_NATIVE_GATES];
  zcz_kak kak[ZCZ_MAX_NATIVE_GATES];
  bool is_cz[ZCZ_MAX_NATIVE_GATES];
  int cz;               /* number of the CZ, -1 = none */
  double loss;          /* of one use */
  double pulse_loss[2]; /* of one pulse on each qubit */
  uint32_t num_found;   /* ever; the last ZCZ_MAX_FOUND are kept */
  zcz_found found[ZCZ_MAX_FOUND];
} zcz_coupler_gates;

void zcz_coupler_gates_of(const zcz_chip *chip, uint32_t coupler, zcz_coupler_gates *gates);

/* What a sequence loses: uses and pulses, to first order. */
double zcz_sequence_loss(const zcz_coupler_gates *gates, const zcz_sequence *sequence);

/* The matrix that a sequence stands for. */
zcz_matrix4 zcz_sequence_matrix(const zcz_coupler_gates *gates, const zcz_sequence *sequence);

/* The sequence for `unitary` that loses least. False when the coupler's gates do not reach it in
 * ZCZ_MAX_USES uses. Changes only what `gates` remembers. */
bool zcz_synthesize(zcz_coupler_gates *gates, const zcz_matrix4 *unitary, zcz_sequence *sequence);

#endif
