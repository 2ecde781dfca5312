#include "compile/reach.h"

#include <stdint.h>

/* Products in the quantum cohomology of the Grassmannians of C^4, from which the inequalities come: sigma_a
 * sigma_b contains q^degree sigma_c. A class is the set of places (bits 0..3, largest eigenphase first) whose
 * eigenphases are summed: those of partition a with r parts in a box of width 4 - r are 4 - r + i - a_i, i = 1..r. */
typedef struct rule {
  uint8_t a, b, c, degree;
} rule;

/* r = 2: partitions 0, 1, 2, 11, 21, 22. */
enum { S0 = 12, S1 = 10, S2 = 9, S11 = 6, S21 = 5, S22 = 3 };
static const rule two_rules[] = {
    {S0, S0, S0, 0},   {S0, S1, S1, 0},    {S0, S2, S2, 0},    {S0, S11, S11, 0},
    {S0, S21, S21, 0}, {S0, S22, S22, 0},  {S1, S1, S2, 0},    {S1, S1, S11, 0},
    {S1, S2, S21, 0},  {S1, S11, S21, 0},  {S1, S21, S22, 0},  {S1, S21, S0, 1},
    {S1, S22, S1, 1},  {S2, S2, S22, 0},   {S11, S11, S22, 0}, {S2, S11, S0, 1},
    {S2, S21, S1, 1},  {S11, S21, S1, 1},  {S2, S22, S11, 1},  {S11, S22, S2, 1},
    {S21, S21, S2, 1}, {S21, S21, S11, 1}, {S21, S22, S21, 1}, {S22, S22, S0, 2}};

static double sum_of(const double phase[4], int places) {
  double sum = 0;
  for (int k = 0; k < 4; k++)
    if (places >> k & 1) sum += phase[k];
  return sum;
}

static bool holds(const double a[4], const double b[4], const double c[4], rule r) {
  return r.degree - sum_of(a, r.a) - sum_of(b, r.b) + sum_of(c, r.c) >= -1e-9;
}

static bool all_hold(const double a[4], const double b[4], const double c[4]) {
  for (unsigned i = 0; i < sizeof two_rules / sizeof *two_rules; i++) {
    rule r = two_rules[i], turned = {r.b, r.a, r.c, r.degree};
    if (!holds(a, b, c, r) || !holds(a, b, c, turned)) return false;
  }
  /* r = 1 and 3: sigma_i sigma_j = sigma_(i + j), q for every 4; place 3 - i, or all but place i. */
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) {
      int k = (i + j) & 3, degree = (i + j) >> 2;
      rule one = {(uint8_t)(8 >> i), (uint8_t)(8 >> j), (uint8_t)(8 >> k), (uint8_t)degree};
      rule three = {(uint8_t)(15 ^ 1 << i), (uint8_t)(15 ^ 1 << j), (uint8_t)(15 ^ 1 << k),
                    (uint8_t)degree};
      if (!holds(a, b, c, one) || !holds(a, b, c, three)) return false;
    }
  return true;
}

/* Phases of the squared canonical gate in turns, falling, their sum 0. */
static void phases(const zcz_kak *kak, double phase[4]) {
  phase[0] = (kak->x + kak->y - kak->z) / ZCZ_PI;
  phase[1] = (kak->x - kak->y + kak->z) / ZCZ_PI;
  phase[2] = (-kak->x + kak->y + kak->z) / ZCZ_PI;
  phase[3] = (-kak->x - kak->y - kak->z) / ZCZ_PI;
}

bool zcz_reach_two(const zcz_kak *a, const zcz_kak *b, const zcz_kak *target) {
  double pa[4], pb[4], pc[4];
  phases(a, pa);
  phases(b, pb);
  phases(target, pc);
  if (all_hold(pa, pb, pc)) return true;
  /* A gate is one up to a fourth root of unity, its square up to sign. */
  double turned[4] = {pc[2] + 0.5, pc[3] + 0.5, pc[0] - 0.5, pc[1] - 0.5};
  return all_hold(pa, pb, turned);
}
