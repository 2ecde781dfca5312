#include "compile/dress.h"

#include "compile/onequbit.h"

static bool near(double a, double b) { return zcz_near(a, b); }

/* Where all three coordinates are equal, exp(i ..) commutes with V (x) V, and where they are pi/4 it is SWAP: what
 * can move from the right to the left does, so that equal things look equal. */
void zcz_settle(zcz_kak *kak) {
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

/* Turns about X or Z by multiples of one angle that may be put before and after together. */
typedef struct freedom {
  bool about_z;
  int8_t before[2], after[2];
} freedom;

static int freedoms(const zcz_kak *kak, freedom list[2]) {
  double x = kak->x, y = kak->y, z = kak->z;
  if (near(y, 0) && near(z, 0)) {
    list[0] = (freedom){false, {1, 0}, {-1, 0}};
    list[1] = (freedom){false, {0, 1}, {0, -1}};
    return 2;
  }
  if (near(x, y) && near(x, 0.25 * ZCZ_PI)) { /* a Z goes through to the other qubit */
    list[0] = (freedom){true, {1, 0}, {0, -1}};
    list[1] = (freedom){true, {0, 1}, {-1, 0}};
    return 2;
  }
  if (near(x, y))
    list[0] = (freedom){true, {1, 1}, {-1, -1}};
  else if (near(y, z))
    list[0] = (freedom){false, {1, 1}, {-1, -1}};
  else if (near(y, -z))
    list[0] = (freedom){false, {1, -1}, {-1, 1}};
  else
    return 0;
  return 1;
}

/* One of the four outer gates as a function of the angle: outer turn(sign angle) inner. */
typedef struct turned {
  zcz_matrix2 outer, inner;
  double loss;
  int sign;
  bool about_z;
} turned;

static zcz_matrix2 turned_at(const turned *t, double angle) {
  zcz_matrix2 turn = t->about_z ? zcz_matrix2_rz(t->sign * angle) : zcz_matrix2_rx(t->sign * angle);
  turn = zcz_matrix2_multiply(&turn, &t->inner);
  return zcz_matrix2_multiply(&t->outer, &turn);
}

static double total_loss(const turned *list, int count, double angle) {
  double loss = 0;
  for (int i = 0; i < count; i++) {
    zcz_matrix2 m = turned_at(&list[i], angle);
    loss += zcz_pulses_count(&m) * list[i].loss;
  }
  return loss;
}

/* What is left of Z after the gate, offset + size cos(angle - peak): angles where it is 0 (one pulse) or most (none). */
static int good_angles(const turned *t, double angles[3]) {
  double z[3];
  for (int k = 0; k < 3; k++) {
    zcz_matrix2 m = turned_at(t, 0.5 * ZCZ_PI * k);
    z[k] = zcz_complex_norm2(m.at[0]) - zcz_complex_norm2(m.at[2]);
  }
  double offset = 0.5 * (z[0] + z[2]), c = 0.5 * (z[0] - z[2]), s = z[1] - offset;
  double size = zcz_sqrt(c * c + s * s), peak = zcz_atan2(s, c);
  if (size < 1e-9) return 0;
  angles[0] = peak;
  if (offset > size || offset < -size) return 1;
  double width = zcz_acos(-offset / size);
  angles[1] = peak + width;
  angles[2] = peak - width;
  return 3;
}

/* Of all angles of one freedom the one with the fewest pulses; 0 where none is better. */
static double best_angle(const turned *list, int count) {
  double best = 0, least = total_loss(list, count, 0);
  for (int i = 0; i < count; i++) {
    double angles[3];
    int found = good_angles(&list[i], angles);
    for (int k = 0; k < found; k++) {
      double loss = total_loss(list, count, angles[k]);
      if (loss > least - 1e-12) continue;
      least = loss;
      best = angles[k];
    }
  }
  return best;
}

static void turn_freely(const zcz_coupler_gates *gates, const zcz_local *pre, const zcz_local *post,
                        zcz_kak *target) {
  freedom list[2];
  int count = freedoms(target, list);
  for (int i = 0; i < count; i++) {
    turned parts[4];
    int used = 0;
    for (int q = 0; q < 2; q++) {
      double loss = gates->pulse_loss[q] + 1e-9;
      if (list[i].before[q])
        parts[used++] =
            (turned){pre->at[q], target->right.at[q], loss, list[i].before[q], list[i].about_z};
      if (list[i].after[q])
        parts[used++] =
            (turned){target->left.at[q], post->at[q], loss, list[i].after[q], list[i].about_z};
    }
    double angle = best_angle(parts, used);
    if (angle == 0) continue;
    for (int q = 0; q < 2; q++) {
      double before = list[i].before[q] * angle, after = list[i].after[q] * angle;
      zcz_matrix2 r = list[i].about_z ? zcz_matrix2_rz(before) : zcz_matrix2_rx(before);
      zcz_matrix2 l = list[i].about_z ? zcz_matrix2_rz(after) : zcz_matrix2_rx(after);
      target->right.at[q] = zcz_matrix2_multiply(&r, &target->right.at[q]);
      target->left.at[q] = zcz_matrix2_multiply(&target->left.at[q], &l);
    }
  }
}

void zcz_dress(const zcz_coupler_gates *gates, const zcz_kak *target, const zcz_kak *own,
               zcz_sequence *sequence) {
  zcz_local pre = zcz_local_adjoint(&own->right), post = zcz_local_adjoint(&own->left);
  pre = zcz_local_multiply(&sequence->local[0], &pre);
  post = zcz_local_multiply(&post, &sequence->local[sequence->count]);
  zcz_kak free = *target;
  turn_freely(gates, &pre, &post, &free);
  symmetry list[16];
  int count = symmetries(target, list);
  double best = 0;
  for (int i = 0; i < count; i++) {
    zcz_local before = pauli_pair(list[i].before), after = pauli_pair(list[i].after);
    before = zcz_local_multiply(&before, &free.right);
    before = zcz_local_multiply(&pre, &before);
    after = zcz_local_multiply(&free.left, &after);
    after = zcz_local_multiply(&after, &post);
    double loss = zcz_local_loss(gates, &before) + zcz_local_loss(gates, &after);
    if (i > 0 && loss > best - 1e-12) continue;
    best = loss;
    sequence->local[0] = before;
    sequence->local[sequence->count] = after;
  }
}
