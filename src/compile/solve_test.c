#include "compile/native_fixture.h"
#include "compile/reach.h"
#include "compile/solve.h"

/* A gate of the class of random coordinates, dressed at random, twice, and what it makes. */
static zcz_matrix2 random_turn(fixture *f) {
  zcz_matrix2 a = zcz_matrix2_rz(7 * fixture_uniform(f)),
              b = zcz_matrix2_rx(7 * fixture_uniform(f)),
              c = zcz_matrix2_rz(7 * fixture_uniform(f));
  a = zcz_matrix2_multiply(&a, &b);
  return zcz_matrix2_multiply(&a, &c);
}

static zcz_matrix4 product_of_two(fixture *f, const zcz_matrix4 *a, const zcz_matrix4 *b) {
  zcz_local local = {{random_turn(f), random_turn(f)}};
  zcz_matrix4 middle = zcz_matrix4_kronecker(&local);
  middle = zcz_matrix4_multiply(&middle, a);
  return zcz_matrix4_multiply(b, &middle);
}

static void coupler_of(const fixture *f, zcz_coupler_gates *gates) {
  zcz_coupler_gates_of(&f->chip, 0, gates);
}

static void products_are_within_reach(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 2, true, true);
  for (int i = 0; i < 20000; i++) {
    zcz_kak a, b, c;
    zcz_matrix4 one = zcz_kak_canonical(2 * fixture_uniform(&f), fixture_uniform(&f),
                                        i % 2 ? 0 : fixture_uniform(&f));
    zcz_matrix4 two = i % 3 ? zcz_kak_canonical(fixture_uniform(&f), i % 3 > 1 ? 0 : 0.3, 0) : one;
    zcz_matrix4 product = product_of_two(&f, &one, &two);
    zcz_kak_decompose(&one, &a);
    zcz_kak_decompose(&two, &b);
    zcz_kak_decompose(&product, &c);
    assert_true(zcz_reach_two(&a, &b, &c));
  }
  fixture_close(&f);
}

/* What is said to be reachable is: gates of middling strength reach some random classes and not others. */
static void reachable_is_solved(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, 2, false, true);
  f.couplers[0].gates[0].params[0] = 0.9;
  f.couplers[0].gates[0].params[1] = 0.5;
  f.couplers[0].gates[1] = f.couplers[0].gates[0];
  f.couplers[0].gates[1].params[0] = 1.3;
  f.couplers[0].num_gates = 2;
  zcz_coupler_gates gates;
  coupler_of(&f, &gates);
  int reachable = 0;
  for (int i = 0; i < 400; i++) {
    zcz_kak target, own;
    zcz_matrix4 u = zcz_kak_canonical(2 * fixture_uniform(&f), 2 * fixture_uniform(&f),
                                      2 * fixture_uniform(&f));
    zcz_kak_decompose(&u, &target);
    zcz_sequence sequence = {.count = 2, .gate = {0, 1}};
    bool can = zcz_reach_two(&gates.kak[0], &gates.kak[1], &target);
    bool found = zcz_solve_inner(&gates, &target, can ? 40 : 3, &sequence, &own);
    if (can != found) fail_msg("%g %g %g: %d %d", target.x, target.y, target.z, can, found);
    reachable += can;
  }
  assert_in_range(reachable, 40, 360);
  fixture_close(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(products_are_within_reach),
                                     cmocka_unit_test(reachable_is_solved)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
