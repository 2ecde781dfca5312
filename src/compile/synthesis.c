#include "compile/synthesis.h"

#include "compile/dress.h"
#include "compile/onequbit.h"
#include "compile/reach.h"
#include "compile/solve.h"

void zcz_coupler_gates_of(const zcz_chip *chip, uint32_t coupler, zcz_coupler_gates *gates) {
  const zcz_chip_coupler *source = &chip->couplers[coupler];
  gates->count = source->num_gates;
  gates->cz = -1;
  gates->num_found = 0;
  gates->loss = source->pauli_error;
  for (int q = 0; q < 2; q++) gates->pulse_loss[q] = chip->qubits[source->qubits[q]].pauli_error;
  for (uint32_t g = 0; g < source->num_gates; g++) {
    zcz_matrix4 *matrix = &gates->matrix[g];
    gates->is_cz[g] = source->gates[g].gate == ZCZ_GATE_Z;
    if (gates->is_cz[g]) {
      *matrix = zcz_matrix4_identity();
      matrix->at[15].re = -1;
      gates->cz = (int)g;
    } else {
      zcz_gate_matrix(source->gates[g].gate, source->gates[g].params, matrix->at);
    }
    zcz_kak_decompose(matrix, &gates->kak[g]);
    zcz_settle(&gates->kak[g]);
  }
}

double zcz_local_loss(const zcz_coupler_gates *gates, const zcz_local *local) {
  return zcz_pulses_count(&local->at[0]) * (gates->pulse_loss[0] + 1e-9) +
         zcz_pulses_count(&local->at[1]) * (gates->pulse_loss[1] + 1e-9);
}

double zcz_sequence_loss(const zcz_coupler_gates *gates, const zcz_sequence *sequence) {
  double loss = sequence->count * (gates->loss + 1e-7); /* an ideal chip still counts */
  for (uint32_t i = 0; i <= sequence->count; i++)
    loss += zcz_local_loss(gates, &sequence->local[i]);
  return loss;
}

zcz_matrix4 zcz_sequence_matrix(const zcz_coupler_gates *gates, const zcz_sequence *sequence) {
  zcz_matrix4 product = zcz_matrix4_kronecker(&sequence->local[0]);
  for (uint32_t i = 0; i < sequence->count; i++) {
    zcz_matrix4 local = zcz_matrix4_kronecker(&sequence->local[i + 1]);
    product = zcz_matrix4_multiply(&gates->matrix[sequence->gate[i]], &product);
    product = zcz_matrix4_multiply(&local, &product);
  }
  return product;
}

/* Keeps the better of two. */
static void offer(const zcz_coupler_gates *gates, const zcz_sequence *candidate, double *best,
                  zcz_sequence *sequence) {
  double loss = zcz_sequence_loss(gates, candidate);
  if (*best >= 0 && loss > *best - 1e-12) return;
  *best = loss;
  *sequence = *candidate;
}

static void begin(zcz_sequence *sequence, uint32_t count, int gate) {
  sequence->count = count;
  for (uint32_t i = 0; i < count; i++) sequence->gate[i] = (uint8_t)gate;
  for (uint32_t i = 0; i <= count; i++) sequence->local[i] = zcz_local_identity();
}

static void no_use(const zcz_kak *target, zcz_sequence *sequence) {
  begin(sequence, 0, 0);
  sequence->local[0] = zcz_local_multiply(&target->left, &target->right);
}

/* One use of the gate, where the classes agree. */
static bool one_use(const zcz_coupler_gates *gates, int gate, const zcz_kak *target,
                    zcz_sequence *sequence) {
  if (zcz_kak_distance(target, &gates->kak[gate]) > ZCZ_CLASS_TOLERANCE) return false;
  begin(sequence, 1, gate);
  zcz_dress(gates, target, &gates->kak[gate], sequence);
  return true;
}

/* CZ (exp(i x X) (x) exp(i y X)) CZ = exp(i (x X Z + y Z X)) reaches every class with z = 0. `role` is the
 * qubit that carries x. */
static void two_cz(const zcz_coupler_gates *gates, const zcz_kak *target, int role,
                   zcz_sequence *sequence) {
  begin(sequence, 2, gates->cz);
  sequence->local[1].at[role] = zcz_matrix2_rx(-2 * target->x);
  sequence->local[1].at[1 - role] = zcz_matrix2_rx(-2 * target->y);
  /* On the role X -> X, Z -> -Y; on the other Z -> X, X -> -Y. */
  zcz_kak own = {.x = target->x, .y = target->y};
  zcz_matrix2 turn = zcz_matrix2_rx(-0.5 * ZCZ_PI), tilt = zcz_matrix2_ry(0.5 * ZCZ_PI);
  own.right.at[role] = zcz_matrix2_rx(0.5 * ZCZ_PI);
  own.right.at[1 - role] = zcz_matrix2_multiply(&turn, &tilt);
  own.left = zcz_local_adjoint(&own.right);
  zcz_dress(gates, target, &own, sequence);
}

/* CZ (X2P (x) Rx(c)) CZ (Rz(t) X2P (x) Rx(b)) CZ has the class (t/2 + pi/4, b/2, c/2): any. It is the circuit of
 * Vatan and Williams, Phys. Rev. A 69, 032315 (2004), with quarter turns for Hadamards. The coordinate
 * that needs two pulses most goes into t. */
static void three_cz(const zcz_coupler_gates *gates, const zcz_kak *target, int role,
                     zcz_sequence *sequence) {
  double t = target->x, b = target->y, c = target->z;
  if (zcz_near(t, 0.25 * ZCZ_PI)) {
    double keep = t;
    if (!zcz_near(b, 0.25 * ZCZ_PI))
      t = b, b = keep;
    else
      t = c, c = keep;
  }
  begin(sequence, 3, gates->cz);
  zcz_matrix2 half = zcz_matrix2_rx(0.5 * ZCZ_PI), turn = zcz_matrix2_rz(2 * t - 0.5 * ZCZ_PI);
  sequence->local[1].at[role] = zcz_matrix2_multiply(&turn, &half);
  sequence->local[2].at[role] = half;
  sequence->local[1].at[1 - role] = zcz_matrix2_rx(2 * b);
  sequence->local[2].at[1 - role] = zcz_matrix2_rx(2 * c);
  zcz_kak own;
  zcz_matrix4 matrix = zcz_sequence_matrix(gates, sequence);
  zcz_kak_decompose(&matrix, &own);
  zcz_settle(&own);
  zcz_dress(gates, target, &own, sequence);
}

enum { STARTS = 24 };

/* Inner gates for the class of the target by `uses` uses: gate `first` and then `second` in turn, or `first` alone.
 * Looks among those found before. NULL where there are none. */
static const zcz_found *found_for(zcz_coupler_gates *gates, const zcz_kak *target, uint32_t first,
                                  uint32_t second, uint32_t uses) {
  uint32_t choice = first * ZCZ_MAX_NATIVE_GATES + second;
  uint32_t kept = gates->num_found < ZCZ_MAX_FOUND ? gates->num_found : ZCZ_MAX_FOUND;
  for (uint32_t i = 0; i < kept; i++) {
    const zcz_found *old = &gates->found[i];
    zcz_kak point = {.x = old->x, .y = old->y, .z = old->z};
    if (old->choice == choice && old->uses == uses && zcz_kak_distance(&point, target) < 1e-12)
      return old->sequence.count > 0 ? old : NULL;
  }
  zcz_found *found = &gates->found[gates->num_found++ % ZCZ_MAX_FOUND];
  *found =
      (zcz_found){.x = target->x, .y = target->y, .z = target->z, .choice = choice, .uses = uses};
  begin(&found->sequence, uses, (int)first);
  for (uint32_t i = 1; i < uses; i += 2) found->sequence.gate[i] = (uint8_t)second;
  if (zcz_solve_inner(gates, target, STARTS, &found->sequence, &found->own)) {
    zcz_settle(&found->own);
    return found;
  }
  found->sequence.count = 0;
  return NULL;
}

static void offer_found(zcz_coupler_gates *gates, const zcz_kak *target, const zcz_found *found,
                        double *best, zcz_sequence *sequence) {
  zcz_sequence candidate;
  if (found == NULL) return;
  candidate = found->sequence;
  zcz_dress(gates, target, &found->own, &candidate);
  offer(gates, &candidate, best, sequence);
}

/* Two uses of any two gates of the coupler that reach the target. */
static void two_found(zcz_coupler_gates *gates, const zcz_kak *target, double *best,
                      zcz_sequence *sequence) {
  for (uint32_t a = 0; a < gates->count; a++)
    for (uint32_t b = a; b < gates->count; b++)
      if (zcz_reach_two(&gates->kak[a], &gates->kak[b], target))
        offer_found(gates, target, found_for(gates, target, a, b, 2), best, sequence);
}

bool zcz_synthesize(zcz_coupler_gates *gates, const zcz_matrix4 *unitary, zcz_sequence *sequence) {
  zcz_kak target;
  zcz_kak_decompose(unitary, &target);
  zcz_settle(&target);
  if (zcz_near(target.x, 0)) {
    no_use(&target, sequence);
    return true;
  }
  double best = -1;
  zcz_sequence candidate;
  for (uint32_t g = 0; g < gates->count; g++)
    if (one_use(gates, (int)g, &target, &candidate)) offer(gates, &candidate, &best, sequence);
  if (best >= 0) return true;
  bool flat = zcz_near(target.z, 0) && gates->cz >= 0;
  if (!flat) two_found(gates, &target, &best, sequence);
  if (best >= 0) return true;
  for (int role = 0; role < 2 && gates->cz >= 0; role++) {
    if (flat)
      two_cz(gates, &target, role, &candidate);
    else
      three_cz(gates, &target, role, &candidate);
    offer(gates, &candidate, &best, sequence);
  }
  for (uint32_t uses = 3; uses <= ZCZ_MAX_USES && best < 0; uses++)
    for (uint32_t g = 0; g < gates->count; g++)
      offer_found(gates, &target, found_for(gates, &target, g, g, uses), &best, sequence);
  return best >= 0;
}
