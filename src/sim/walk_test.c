/* Walking through control flow, and drawing from a distribution. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "sim/sampler.h"
#include "sim/walk.h"

#define DO(call)                                                                                   \
  do {                                                                                             \
    zcz_error problem = {0};                                                                       \
    if ((call) != ZCZ_OK) fail_msg("%s", problem.message);                                         \
  } while (0)

static zcz_circuit *new_circuit(zcz_context **context, uint32_t qubits, uint32_t bits) {
  zcz_circuit *circuit;
  DO(zcz_context_new(NULL, context, &problem));
  DO(zcz_circuit_new(*context, &circuit, &problem));
  DO(zcz_circuit_add_qubits(circuit, "q", qubits, NULL, &problem));
  DO(zcz_circuit_add_bits(circuit, "c", bits, NULL, &problem));
  return circuit;
}

static void add_gate(zcz_circuit *circuit, uint32_t block, uint32_t qubit) {
  DO(zcz_circuit_gate(circuit, block, ZCZ_GATE_X, 0, &qubit, NULL, &problem));
}

static void add_flow(zcz_circuit *circuit, zcz_op_kind kind, uint32_t bit, uint32_t yes,
                     uint32_t no) {
  zcz_expression expression = {.kind = ZCZ_EXPRESSION_BIT, .index = bit};
  zcz_op op = {
      .kind = (uint8_t)kind, .bit = ZCZ_NONE, .variable = ZCZ_NONE, .blocks = {yes, no}, .line = 7};
  DO(zcz_circuit_add_expression(circuit, &expression, &op.expression, &problem));
  DO(zcz_circuit_append(circuit, 0, &op, &problem));
}

/* Measurements are terminal where neither their qubit nor their bit is used again; runs go on over
 * barriers and over them. */
static void finds_the_end(void **state) {
  (void)state;
  zcz_context *context;
  zcz_circuit *circuit = new_circuit(&context, 4, 4);
  zcz_walk *walk;
  uint32_t all[4] = {0, 1, 2, 3};
  add_gate(circuit, 0, 0);
  DO(zcz_circuit_measure(circuit, 0, 0, 0, &problem)); /* terminal */
  DO(zcz_circuit_barrier(circuit, 0, 4, all, &problem));
  add_gate(circuit, 0, 1);
  DO(zcz_circuit_measure(circuit, 0, 1, 1, &problem)); /* its bit is written again */
  DO(zcz_circuit_measure(circuit, 0, 2, 2, &problem)); /* its qubit is measured again */
  DO(zcz_circuit_measure(circuit, 0, 2, 1, &problem)); /* terminal */
  DO(zcz_circuit_measure(circuit, 0, 3, 3, &problem)); /* terminal */
  DO(zcz_walk_new(circuit, &walk, &problem));
  assert_int_equal(walk->num_terminals, 3);
  assert_int_equal(walk->terminal_sites[0], 1);
  assert_int_equal(walk->terminal_sites[1], 6);
  assert_int_equal(walk->num_steps, 3);
  assert_int_equal(walk->steps[0].kind, ZCZ_STEP_RUN);
  assert_int_equal(walk->steps[0].count, 2);
  assert_int_equal(walk->steps[0].sites[1], 3);
  assert_int_equal(walk->steps[1].kind, ZCZ_STEP_MEASURE);
  zcz_walk_free(walk);
  zcz_circuit_free(circuit);
  zcz_context_free(context);
}

/* if (c0) x q0; else x q1;  while (c1) { x q2; measure q2 -> c1; }  x q3; */
static void takes_branches_and_loops(void **state) {
  (void)state;
  zcz_context *context;
  zcz_circuit *circuit = new_circuit(&context, 4, 2);
  uint32_t yes, no, body;
  zcz_walk *walk;
  DO(zcz_circuit_add_block(circuit, &yes, &problem));
  DO(zcz_circuit_add_block(circuit, &no, &problem));
  DO(zcz_circuit_add_block(circuit, &body, &problem));
  add_gate(circuit, yes, 0);
  add_gate(circuit, no, 1);
  add_gate(circuit, body, 2);
  DO(zcz_circuit_measure(circuit, body, 2, 1, &problem));
  add_flow(circuit, ZCZ_OP_IF, 0, yes, no);
  add_flow(circuit, ZCZ_OP_WHILE, 1, body, ZCZ_NONE);
  add_gate(circuit, 0, 3);
  DO(zcz_walk_new(circuit, &walk, &problem));
  assert_true(walk->has_loop);
  for (unsigned start = 0; start < 4; start++) {
    zcz_walker walker, copy;
    const zcz_step *step;
    DO(zcz_walker_start(walk, &walker, &problem));
    DO(zcz_walker_start(walk, &copy, &problem));
    walker.bits[0] = start & 1;
    walker.bits[1] = start >> 1;
    DO(zcz_walk_next(walk, &walker, &step, &problem));
    assert_int_equal(step->ops[0].qubits[0], start & 1 ? 0 : 1);
    assert_int_equal(walker.visit, 1);
    for (int round = 0; start >> 1 && round < 3; round++) {
      DO(zcz_walk_next(walk, &walker, &step, &problem));
      assert_int_equal(step->ops[0].qubits[0], 2);
      assert_int_equal(step->loops, 1);
      assert_int_equal(walker.visit, 2 + round);
      DO(zcz_walk_next(walk, &walker, &step, &problem));
      assert_int_equal(step->kind, ZCZ_STEP_MEASURE);
      zcz_walker_copy(walk, &copy, &walker);
      assert_true(zcz_walker_equal(walk, &copy, &walker));
      zcz_walk_record(&walker, step->ops, round < 2);
      assert_true(zcz_walker_equal(walk, &copy, &walker) == (round < 2));
    }
    DO(zcz_walk_next(walk, &walker, &step, &problem));
    assert_int_equal(step->ops[0].qubits[0], 3);
    DO(zcz_walk_next(walk, &walker, &step, &problem));
    assert_null(step);
    zcz_walker_release(walk, &walker);
    zcz_walker_release(walk, &copy);
  }
  zcz_walk_free(walk);
  zcz_circuit_free(circuit);
  zcz_context_free(context);
}

static void stops_endless_loops(void **state) {
  (void)state;
  zcz_context *context;
  zcz_circuit *circuit = new_circuit(&context, 1, 1);
  uint32_t body;
  zcz_walk *walk;
  zcz_walker walker;
  const zcz_step *step;
  zcz_error error = {0};
  DO(zcz_circuit_add_block(circuit, &body, &problem));
  add_flow(circuit, ZCZ_OP_WHILE, 0, body, ZCZ_NONE);
  DO(zcz_walk_new(circuit, &walk, &problem));
  DO(zcz_walker_start(walk, &walker, &problem));
  walker.bits[0] = 1;
  assert_int_equal(zcz_walk_next(walk, &walker, &step, &error), ZCZ_ERROR_UNABLE);
  assert_non_null(strstr(error.message, "line 7"));
  zcz_walker_release(walk, &walker);
  zcz_walk_free(walk);
  zcz_circuit_free(circuit);
  zcz_context_free(context);
}

/* Keys of two words, added in any order, come out once, ascending; shots follow them within 5 sigma. */
static void draws_from_a_tally(void **state) {
  (void)state;
  enum { KEYS = 40, SHOTS = 40000, WORDS = (SHOTS + 63) / 64, BITS = 70 };
  zcz_context *context;
  zcz_tally *tally;
  zcz_distribution d;
  zcz_sampler *sampler;
  DO(zcz_context_new(NULL, &context, &problem));
  DO(zcz_tally_new(context, BITS, &tally, &problem));
  for (uint64_t i = 0; i < 400; i++) {
    uint64_t number = i * 7 % KEYS, key[2] = {number * 0x123456789abcdu, number % 2};
    DO(zcz_tally_add(tally, key, number == 3 ? 0 : (double)(number + 1), &problem));
  }
  DO(zcz_tally_finish(tally, 0, &d, &problem));
  assert_int_equal(d.count, KEYS - 1);
  double sum = 0;
  for (size_t i = 0; i < d.count; i++) {
    sum += d.probabilities[i];
    if (i == 0) continue;
    const uint64_t *a = d.keys + 2 * i - 2, *b = d.keys + 2 * i;
    assert_true(a[1] < b[1] || (a[1] == b[1] && a[0] < b[0]));
  }
  assert_float_equal(sum, 1, 1e-12);
  DO(zcz_sampler_new(context, &d, 3, &sampler, &problem));
  uint64_t *columns = malloc(BITS * WORDS * 8);
  memset(columns, 0xff, BITS * WORDS * 8);
  DO(zcz_sampler_draw(sampler, 5, SHOTS, columns, &problem));
  double counts[KEYS] = {0};
  for (size_t s = 0; s < SHOTS; s++) {
    uint64_t key[2] = {0, 0};
    for (unsigned b = 0; b < BITS; b++)
      key[b / 64] |= (columns[b * WORDS + s / 64] >> (s % 64) & 1) << (b % 64);
    size_t i = 0;
    while (i < d.count && memcmp(key, d.keys + 2 * i, 16) != 0) i++;
    assert_true(i < d.count);
    counts[i]++;
  }
  for (size_t i = 0; i < d.count; i++) {
    double p = d.probabilities[i];
    assert_true(__builtin_fabs(counts[i] - SHOTS * p) < 5 * __builtin_sqrt(SHOTS * p * (1 - p)));
  }
  free(columns);
  zcz_sampler_free(sampler);
  zcz_distribution_release(context, &d);
  zcz_tally_free(tally);
  zcz_context_free(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(finds_the_end),
      cmocka_unit_test(takes_branches_and_loops),
      cmocka_unit_test(stops_endless_loops),
      cmocka_unit_test(draws_from_a_tally),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
