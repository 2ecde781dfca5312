#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/random.h"
#include "compile/kak.h"

static uint32_t draw;

static double uniform(void) { return zcz_random_unit(1, ZCZ_PURPOSE_TEST, 0, 1, draw++); }

static double normal(void) { /* near enough: twelve uniforms */
  double sum = -6;
  for (int i = 0; i < 12; i++) sum += uniform();
  return sum;
}

static zcz_matrix4 random_unitary(void) {
  zcz_matrix4 m;
  for (int i = 0; i < 16; i++) m.at[i] = (zcz_complex){normal(), normal()};
  for (int column = 0; column < 4; column++) {
    for (int pass = 0; pass < 2; pass++)
      for (int other = 0; other < column; other++) {
        zcz_complex dot = {0, 0};
        for (int i = 0; i < 4; i++)
          dot =
              zcz_complex_add(dot, zcz_complex_multiply(zcz_complex_conjugate(m.at[4 * i + other]),
                                                        m.at[4 * i + column]));
        for (int i = 0; i < 4; i++)
          m.at[4 * i + column] = zcz_complex_subtract(
              m.at[4 * i + column], zcz_complex_multiply(dot, m.at[4 * i + other]));
      }
    double norm = 0;
    for (int i = 0; i < 4; i++) norm += zcz_complex_norm2(m.at[4 * i + column]);
    norm = 1 / zcz_sqrt(norm);
    for (int i = 0; i < 4; i++)
      m.at[4 * i + column] = zcz_complex_scale(m.at[4 * i + column], norm);
  }
  return m;
}

static zcz_matrix2 random_local(void) {
  zcz_matrix2 a = zcz_matrix2_rz(7 * uniform()), b = zcz_matrix2_rx(7 * uniform()),
              c = zcz_matrix2_rz(7 * uniform());
  a = zcz_matrix2_multiply(&a, &b);
  return zcz_matrix2_multiply(&a, &c);
}

static zcz_matrix4 dressed(double x, double y, double z) {
  zcz_kak kak = {
      uniform(), x, y, z, {{random_local(), random_local()}}, {{random_local(), random_local()}}};
  return zcz_kak_matrix(&kak);
}

static double difference(const zcz_matrix4 *a, const zcz_matrix4 *b) {
  double worst = 0;
  for (int i = 0; i < 16; i++) {
    double d = zcz_complex_norm2(zcz_complex_subtract(a->at[i], b->at[i]));
    if (d > worst) worst = d;
  }
  return zcz_sqrt(worst);
}

static double not_unitary(const zcz_matrix2 *m) {
  zcz_matrix2 adjoint = zcz_matrix2_adjoint(m), gram = zcz_matrix2_multiply(&adjoint, m);
  double worst = 0;
  for (int i = 0; i < 4; i++) {
    zcz_complex d = gram.at[i];
    if (i % 3 == 0) d.re -= 1;
    if (zcz_complex_norm2(d) > worst) worst = zcz_complex_norm2(d);
  }
  return zcz_sqrt(worst);
}

static zcz_kak check(const zcz_matrix4 *u) {
  zcz_kak kak;
  zcz_kak_decompose(u, &kak);
  zcz_matrix4 back = zcz_kak_matrix(&kak);
  assert_true(difference(u, &back) < 1e-12);
  for (int q = 0; q < 2; q++) {
    assert_true(not_unitary(&kak.left.at[q]) < 1e-12);
    assert_true(not_unitary(&kak.right.at[q]) < 1e-12);
  }
  assert_true(kak.x <= 0.25 * ZCZ_PI + 2e-10);
  assert_true(kak.x >= kak.y - 1e-15);
  assert_true(kak.y >= kak.z - 1e-15 && kak.y >= -kak.z - 1e-15);
  if (kak.x > 0.25 * ZCZ_PI - 0.9e-10) assert_true(kak.z >= 0);
  return kak;
}

static void random_unitaries(void **state) {
  (void)state;
  for (int i = 0; i < 100000; i++) {
    zcz_matrix4 u = random_unitary();
    check(&u);
  }
}

/* Every class of the list, dressed, must come back with its own coordinates. */
static void special_points(void **state) {
  (void)state;
  const double q = 0.25 * ZCZ_PI;
  const double points[][3] = {{0, 0, 0},
                              {q, q, q},
                              {q, 0, 0},
                              {q, q, 0},
                              {q / 2, q / 2, 0},
                              {q, q / 2, 0},
                              {q, q, q / 6},
                              {q / 2, q / 2, q / 2},
                              {q / 2, q / 2, -q / 2},
                              {q / 3, 0, 0},
                              {q / 3, q / 3, 0},
                              {q, q / 3, q / 3},
                              {q / 2, q / 3, -q / 3},
                              {0.3, 0.2, 0.1},
                              {0.3, 0.2, -0.1},
                              {q, 0.2, 0.1}};
  for (size_t k = 0; k < sizeof points / sizeof *points; k++) {
    zcz_kak want = {.x = points[k][0], .y = points[k][1], .z = points[k][2]};
    zcz_matrix4 bare = zcz_kak_canonical(want.x, want.y, want.z);
    zcz_kak got = check(&bare);
    assert_true(zcz_kak_distance(&got, &want) < 1e-12);
    for (int i = 0; i < 300; i++) {
      /* Any point of the orbit: shifts by pi/2, even sign changes, permutations. */
      double c[3] = {want.x, want.y, want.z};
      for (int j = 0; j < 3; j++) c[j] += 0.5 * ZCZ_PI * (int)(5 * uniform() - 2);
      if (uniform() < 0.5) c[0] = -c[0], c[1] = -c[1];
      if (uniform() < 0.5) c[2] = -c[2], c[1] = -c[1];
      int turn = (int)(3 * uniform());
      zcz_matrix4 u = dressed(c[turn], c[(turn + 1) % 3], c[(turn + 2) % 3]);
      got = check(&u);
      assert_true(zcz_kak_distance(&got, &want) < 1e-12);
    }
  }
}

/* Coordinates that differ by little: eigenvalues nearly equal. */
static void near_degenerate(void **state) {
  (void)state;
  for (int decade = 1; decade <= 17; decade++)
    for (int i = 0; i < 300; i++) {
      double size = 1;
      for (int k = 0; k < decade; k++) size *= 0.1;
      int base = i % 4;
      double q = 0.25 * ZCZ_PI;
      zcz_matrix4 u =
          dressed((base > 0 ? q : 0) + size * normal(), (base > 1 ? q : 0) + size * normal(),
                  (base > 2 ? q : 0) + size * normal());
      check(&u);
    }
}

static void clifford_products(void **state) {
  (void)state;
  zcz_matrix4 cx = {{{1, 0},
                     {0, 0},
                     {0, 0},
                     {0, 0},
                     {0, 0},
                     {0, 0},
                     {0, 0},
                     {1, 0},
                     {0, 0},
                     {0, 0},
                     {1, 0},
                     {0, 0},
                     {0, 0},
                     {1, 0},
                     {0, 0},
                     {0, 0}}};
  zcz_matrix4 xc = zcz_matrix4_exchange(&cx), u = zcz_matrix4_identity();
  zcz_matrix2 h = {{{ZCZ_SQRT1_2, 0}, {ZCZ_SQRT1_2, 0}, {ZCZ_SQRT1_2, 0}, {-ZCZ_SQRT1_2, 0}}};
  zcz_matrix2 s = {{{1, 0}, {0, 0}, {0, 0}, {0, 1}}}, unit = zcz_matrix2_identity();
  for (int i = 0; i < 2000; i++) {
    zcz_local local = {{unit, unit}};
    zcz_matrix4 step;
    switch ((int)(4 * uniform())) {
    case 0: step = cx; break;
    case 1: step = xc; break;
    case 2:
      local.at[i & 1] = h;
      step = zcz_matrix4_kronecker(&local);
      break;
    default:
      local.at[i & 1] = s;
      step = zcz_matrix4_kronecker(&local);
      break;
    }
    u = zcz_matrix4_multiply(&step, &u);
    zcz_kak kak = check(&u);
    double eighths = kak.x / (0.25 * ZCZ_PI) + kak.y / (0.25 * ZCZ_PI) + kak.z / (0.25 * ZCZ_PI);
    double whole = (int)(eighths + 0.5);
    assert_true(eighths - whole < 1e-11 && whole - eighths < 1e-11);
  }
}

static void orthonormalizes(void **state) {
  (void)state;
  for (int i = 0; i < 1000; i++) {
    zcz_matrix4 u = random_unitary(), v = u;
    for (int k = 0; k < 16; k++) v.at[k].re += 1e-6 * normal(), v.at[k].im += 1e-6 * normal();
    zcz_matrix4_orthonormalize(&v);
    assert_true(difference(&u, &v) < 5e-5);
    check(&v);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_unitaries), cmocka_unit_test(special_points),
      cmocka_unit_test(near_degenerate), cmocka_unit_test(clifford_products),
      cmocka_unit_test(orthonormalizes)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
