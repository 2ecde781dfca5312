#include "compile/synthesis.h"

#include "compile/onequbit.h"
#include "compile/reach.h"
#include "compile/solve.h"

#define CLASS_TOLERANCE 1e-10

static bool near(double a, double b) { return a - b < CLASS_TOLERANCE && b - a < CLASS_TOLERANCE; }

/* Where all three coordinates are equal, exp(i ..) commutes with V (x) V, and where they are pi/4 it is SWAP: what
 * can move from the right to the left does, so that equal things look equal. */
static void settle(zcz_kak *kak) {
  if (!near(kak->x, kak->z)) return;
  zcz_matrix2 *left = kak->left.at, *right = kak->right.at;
  if (near(kak->x, 0.25 * ZCZ_PI)) {
    left[0] = zcz_matrix2_multiply(&left[0], &right[1]);
    left[1] = zcz_matrix2_multiply(&left[1], &right[0]);
    kak->right = zcz_local_identity();
    return;
  }
  zcz_matrix2 back = zcz_matrix2_adjoint(&right[0]);
  left[0] = zcz_matrix2_multiply(&left[0], &right[0]);
  left[1] = zcz_matrix2_multiply(&left[1], &right[0]);
  right[1] = zcz_matrix2_multiply(&back, &right[1]);
  right[0] = zcz_matrix2_identity();
}

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
    settle(&gates->kak[g]);
  }
}

static double local_loss(const zcz_coupler_gates *gates, const zcz_local *local) {
  return zcz_pulses_count(&local->at[0]) * (gates->pulse_loss[0] + 1e-9) +
         zcz_pulses_count(&local->at[1]) * (gates->pulse_loss[1] + 1e-9);
}

double zcz_sequence_loss(const zcz_coupler_gates *gates, const zcz_sequence *sequence) {
  double loss = sequence->count * (gates->loss + 1e-7); /* an ideal chip still counts */
  for (uint32_t i = 0; i <= sequence->count; i++) loss += local_loss(gates, &sequence->local[i]);
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

/* exp(i (x XX + y YY + z ZZ)) commutes, up to phase and Paulis, with PP for every Pauli P, and where the two
 * other coordinates are 0 or pi/4 with P alone: before = a Pauli pair, after = what undoes it. Writes up to 16
 * pairs of them, the identity first. */
typedef struct symmetry {
  uint8_t before[2], after[2];
} symmetry;

static int symmetries(const zcz_kak *kak, symmetry list[16]) {
  double c[3] = {kak->x, kak->y, kak->z};
  int count = 0;
  for (int single = 0; single < 4; single++) {
    int after[2] = {single, 0};
    bool possible = true;
    for (int k = 0; single > 0 && k < 3; k++) {
      if (k + 1 == single || near(c[k], 0)) continue;
      if (!near(c[k], 0.25 * ZCZ_PI) && !near(c[k], -0.25 * ZCZ_PI)) possible = false;
      after[0] ^= k + 1; /* Paulis multiply as the numbers 0..3 under xor */
      after[1] ^= k + 1;
    }
    if (!possible) continue;
    for (int both = 0; both < 4; both++)
      list[count++] = (symmetry){{(uint8_t)(single ^ both), (uint8_t)both},
                                 {(uint8_t)(after[0] ^ both), (uint8_t)(after[1] ^ both)}};
  }
  return count;
}

static zcz_local pauli_pair(const uint8_t which[2]) {
  return (zcz_local){{zcz_matrix2_pauli(which[0]), zcz_matrix2_pauli(which[1])}};
}

/* `sequence` holds a circuit of the same class as `target` (coordinates equal), with canonical form `own`: its
 * first and last one-qubit gates are replaced so that it equals the target, with the fewest pulses. */
static void dress(const zcz_coupler_gates *gates, const zcz_kak *target, const zcz_kak *own,
                  zcz_sequence *sequence) {
  zcz_local own_right = zcz_local_adjoint(&own->right), own_left = zcz_local_adjoint(&own->left);
  zcz_local first = sequence->local[0], last = sequence->local[sequence->count];
  symmetry list[16];
  int count = symmetries(target, list);
  double best = 0;
  for (int i = 0; i < count; i++) {
    zcz_local before = pauli_pair(list[i].before), after = pauli_pair(list[i].after);
    before = zcz_local_multiply(&before, &target->right);
    before = zcz_local_multiply(&own_right, &before);
    before = zcz_local_multiply(&first, &before);
    after = zcz_local_multiply(&target->left, &after);
    after = zcz_local_multiply(&after, &own_left);
    after = zcz_local_multiply(&after, &last);
    double loss = local_loss(gates, &before) + local_loss(gates, &after);
    if (i > 0 && loss > best - 1e-12) continue;
    best = loss;
    sequence->local[0] = before;
    sequence->local[sequence->count] = after;
  }
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
  if (zcz_kak_distance(target, &gates->kak[gate]) > CLASS_TOLERANCE) return false;
  begin(sequence, 1, gate);
  dress(gates, target, &gates->kak[gate], sequence);
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
  dress(gates, target, &own, sequence);
}

/* CZ (X2P (x) Rx(c)) CZ (Rz(t) X2P (x) Rx(b)) CZ has the class (t/2 + pi/4, b/2, c/2): any. It is the circuit of
 * Vatan and Williams, Phys. Rev. A 69, 032315 (2004), with quarter turns for Hadamards. The coordinate
 * that needs two pulses most goes into t. */
static void three_cz(const zcz_coupler_gates *gates, const zcz_kak *target, int role,
                     zcz_sequence *sequence) {
  double t = target->x, b = target->y, c = target->z;
  if (near(t, 0.25 * ZCZ_PI)) {
    double keep = t;
    if (!near(b, 0.25 * ZCZ_PI))
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
  settle(&own);
  dress(gates, target, &own, sequence);
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
    settle(&found->own);
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
  dress(gates, target, &found->own, &candidate);
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
  settle(&target);
  if (near(target.x, 0)) {
    no_use(&target, sequence);
    return true;
  }
  double best = -1;
  zcz_sequence candidate;
  for (uint32_t g = 0; g < gates->count; g++)
    if (one_use(gates, (int)g, &target, &candidate)) offer(gates, &candidate, &best, sequence);
  if (best >= 0) return true;
  bool flat = near(target.z, 0) && gates->cz >= 0;
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
