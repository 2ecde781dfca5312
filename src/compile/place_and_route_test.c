#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "compile/chip_fixture.h"
#include "compile/passes.h"
#include "oracle.h"
#include "random_circuit.h"
#include "random_dynamic.h"
#include "zcz/compile.h"

static zcz_context *context;
static chip_fixture fixture;

static zcz_routing route(const zcz_circuit *circuit, zcz_compile_options options) {
  zcz_routing routing;
  zcz_error error = {0};
  if (zcz_pass_place_and_route(circuit, &fixture.chip, &options, &routing, &error) != ZCZ_OK)
    fail_msg("%s", error.message);
  return routing;
}

static void release(zcz_routing *routing) {
  zcz_circuit_free(routing->circuit);
  zcz_memory_release(context, routing->initial);
  zcz_memory_release(context, routing->final);
}

static bool coupling(const zcz_op *op) {
  return (op->kind == ZCZ_OP_GATE || op->kind == ZCZ_OP_UNITARY) && op->num_qubits == 2;
}

/* Every two-qubit operation on an enabled coupler, nothing on a disabled qubit, layouts sound. */
static void check_valid(const zcz_routing *routing, uint32_t num_program) {
  const zcz_circuit *circuit = routing->circuit;
  bool taken[128] = {false}, taken_last[128] = {false};
  assert_int_equal(zcz_circuit_num_qubits(circuit), fixture.chip.num_qubits);
  for (uint32_t block = 0; block < zcz_circuit_num_blocks(circuit); block++)
    for (size_t i = 0; i < zcz_circuit_num_ops(circuit, block); i++) {
      const zcz_op *op = &zcz_circuit_ops(circuit, block)[i];
      for (uint32_t k = 0; k < op->num_qubits; k++)
        assert_true(fixture.chip.qubits[op->qubits[k]].enabled);
      if (!coupling(op)) continue;
      uint32_t coupler = zcz_chip_find_coupler(&fixture.chip, op->qubits[0], op->qubits[1]);
      assert_true(coupler != ZCZ_CHIP_NONE && fixture.chip.couplers[coupler].enabled);
    }
  for (uint32_t k = 0; k < num_program; k++) {
    assert_true(routing->initial[k] < fixture.chip.num_qubits && !taken[routing->initial[k]]);
    assert_true(routing->final[k] < fixture.chip.num_qubits && !taken_last[routing->final[k]]);
    assert_true(fixture.chip.qubits[routing->initial[k]].enabled);
    taken[routing->initial[k]] = taken_last[routing->final[k]] = true;
  }
}

/* The routed circuit maps (source on initial, spares |0>) to (source on final) for every input. */
static void check_equal(const zcz_circuit *circuit, const zcz_routing *routing) {
  uint32_t n = zcz_circuit_num_qubits(circuit), chip = fixture.chip.num_qubits;
  size_t small = (size_t)1 << n, large = (size_t)1 << chip;
  oracle_number *source = oracle_unitary(circuit), *made = oracle_unitary(routing->circuit);
  for (size_t column = 0; column < small; column++) {
    size_t from = 0;
    for (uint32_t k = 0; k < n; k++) from |= (column >> k & 1) << routing->initial[k];
    double weight = 0;
    for (size_t row = 0; row < small; row++) {
      size_t to = 0;
      for (uint32_t k = 0; k < n; k++) to |= (row >> k & 1) << routing->final[k];
      oracle_number value = made[to * large + from];
      assert_true(cabs(value - source[row * small + column]) < 1e-9);
      weight += creal(value * conj(value));
    }
    assert_true(fabs(weight - 1) < 1e-9);
  }
  free(source);
  free(made);
}

static zcz_circuit *random_pairs(uint32_t qubits, uint32_t gates, uint64_t number) {
  static const struct {
    zcz_gate gate;
    uint32_t controls, qubits;
  } list[] = {{ZCZ_GATE_X, 1, 2},    {ZCZ_GATE_Z, 1, 2},   {ZCZ_GATE_P, 1, 2},
              {ZCZ_GATE_H, 0, 1},    {ZCZ_GATE_RX, 0, 1},  {ZCZ_GATE_T, 0, 1},
              {ZCZ_GATE_SWAP, 0, 2}, {ZCZ_GATE_RZZ, 0, 2}, {ZCZ_GATE_RXX, 0, 2},
              {ZCZ_GATE_RZX, 0, 2},  {ZCZ_GATE_X, 1, 2}};
  zcz_circuit *circuit;
  assert_int_equal(zcz_circuit_new(context, &circuit, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_qubits(circuit, "q", qubits, NULL, NULL), ZCZ_OK);
  for (uint32_t i = 0; i < gates; i++) {
    zcz_random_block block = zcz_random(number, ZCZ_PURPOSE_TEST, 0, 3, i);
    uint32_t which = block.word[0] % (sizeof list / sizeof *list);
    uint32_t a = block.word[1] % qubits, b = (a + 1 + block.word[2] % (qubits - 1)) % qubits;
    uint32_t on[2] = {a, b};
    double params[3] = {0.1 + block.word[3] % 60 / 10.0, 0.2, 0.3};
    assert_int_equal(
        zcz_circuit_gate(circuit, 0, list[which].gate, list[which].controls, on, params, NULL),
        ZCZ_OK);
  }
  return circuit;
}

static void test_equal_to_source(void **state) {
  (void)state;
  static const uint32_t line[][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}};
  for (uint64_t number = 0; number < 40; number++) {
    if (number % 2)
      chip_fixture_make(&fixture, 6, line, 5);
    else
      chip_fixture_grid(&fixture, 3, 2);
    zcz_circuit *circuit = random_pairs(2 + number % 5, 12, number);
    for (int mode = 0; mode < 2; mode++) {
      zcz_compile_options options = {.layout = mode ? ZCZ_LAYOUT_AUTO : ZCZ_LAYOUT_TRIVIAL,
                                     .seed = number};
      zcz_routing routing = route(circuit, options);
      check_valid(&routing, zcz_circuit_num_qubits(circuit));
      check_equal(circuit, &routing);
      release(&routing);
    }
    zcz_circuit_free(circuit);
  }
}

/* Dynamic programs keep their distribution. */
static void test_dynamic(void **state) {
  (void)state;
  static const uint32_t line[][2] = {{0, 1}, {1, 2}, {2, 3}};
  chip_fixture_make(&fixture, 4, line, 3);
  uint64_t swaps = 0;
  for (uint64_t number = 0; number < 120; number++) {
    random_dynamic_options how = {.qubits = 3 + number % 2,
                                  .bits = 3,
                                  .operations = 15,
                                  .channels = number % 2,
                                  .control_flow = true,
                                  .measure_some = true};
    zcz_circuit *circuit = random_dynamic(context, &how, 50 + number);
    zcz_routing routing = route(circuit, (zcz_compile_options){.seed = number});
    check_valid(&routing, how.qubits);
    swaps += routing.swaps;
    if (zcz_circuit_describe(circuit).has_measurement) {
      struct oracle_distribution a = oracle_distribution(circuit),
                                 b = oracle_distribution(routing.circuit);
      double worst = oracle_difference(&a, &b);
      if (worst > 1e-11) fail_msg("circuit %d: probabilities differ by %g", (int)number, worst);
      oracle_distribution_free(&a);
      oracle_distribution_free(&b);
    }
    release(&routing);
    zcz_circuit_free(circuit);
  }
  assert_true(swaps > 50);
}

static zcz_circuit *from_edges(uint32_t qubits, const uint32_t (*edges)[2], uint32_t count) {
  zcz_circuit *circuit;
  assert_int_equal(zcz_circuit_new(context, &circuit, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_qubits(circuit, "q", qubits, NULL, NULL), ZCZ_OK);
  for (uint32_t i = 0; i < count; i++)
    assert_int_equal(zcz_circuit_gate(circuit, 0, ZCZ_GATE_X, 1, edges[i], NULL, NULL), ZCZ_OK);
  return circuit;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void expect_perfect(uint32_t qubits, const uint32_t (*edges)[2], uint32_t count,
                           const char *what) {
  zcz_circuit *circuit = from_edges(qubits, edges, count);
  double start = seconds();
  zcz_routing routing = route(circuit, (zcz_compile_options){.seed = 1});
  double took = seconds() - start;
  check_valid(&routing, qubits);
  if (getenv("ZCZ_VERBOSE"))
    print_message("%s %u: %d swaps, %.1f ms\n", what, qubits, (int)routing.swaps, 1e3 * took);
  if (routing.swaps) fail_msg("%s of %u: %d swaps", what, qubits, (int)routing.swaps);
  release(&routing);
  zcz_circuit_free(circuit);
}

/* Numbers of the program shuffled, so that order gives nothing away. */
static void shuffle(uint32_t *order, uint32_t n, uint64_t number) {
  for (uint32_t k = 0; k < n; k++) order[k] = k;
  for (uint32_t k = n; k > 1; k--) {
    uint32_t other = zcz_random(number, ZCZ_PURPOSE_TEST, 0, 4, k).word[0] % k, t = order[k - 1];
    order[k - 1] = order[other];
    order[other] = t;
  }
}

static void test_paths(void **state) {
  (void)state;
  chip_fixture_zuchongzhi(&fixture);
  uint32_t edges[128][2], order[128];
  for (uint32_t n = 2; n <= 98; n += n < 20 ? 3 : n < 90 ? 7 : 1) {
    shuffle(order, n, n);
    for (uint32_t i = 0; i + 1 < n; i++) edges[i][0] = order[i], edges[i][1] = order[i + 1];
    expect_perfect(n, (const uint32_t(*)[2])edges, n - 1, "path");
  }
}

static void test_rings(void **state) {
  (void)state;
  chip_fixture_zuchongzhi(&fixture);
  uint32_t edges[128][2], order[128];
  for (uint32_t n = 4; n <= 80; n += n < 20 ? 2 : 12) {
    shuffle(order, n, 100 + n);
    for (uint32_t i = 0; i < n; i++) edges[i][0] = order[i], edges[i][1] = order[(i + 1) % n];
    expect_perfect(n, (const uint32_t(*)[2])edges, n, "ring");
  }
}

/* Random trees of at most three branches a qubit. */
static void test_trees(void **state) {
  (void)state;
  chip_fixture_zuchongzhi(&fixture);
  for (uint32_t n = 5; n <= 60; n += 11) {
    uint32_t edges[128][2], degree[128] = {0}, order[128];
    shuffle(order, n, 200 + n);
    for (uint32_t k = 1; k < n; k++) {
      uint32_t parent, draw = 0;
      do {
        uint32_t back = k < 8 ? k : 8; /* long rather than bushy: bushy ones do not fit a lattice */
        parent = k - 1 - zcz_random(n, ZCZ_PURPOSE_TEST, k, 5, draw++).word[0] % back;
      } while (degree[parent] >= 3);
      degree[parent]++;
      degree[k]++;
      edges[k - 1][0] = order[parent];
      edges[k - 1][1] = order[k];
    }
    expect_perfect(n, (const uint32_t(*)[2])edges, n - 1, "tree");
  }
}

static void test_grids(void **state) {
  (void)state;
  chip_fixture_zuchongzhi(&fixture);
  for (uint32_t side = 2; side <= 6; side++) {
    uint32_t edges[256][2], order[128], count = 0, n = side * side;
    shuffle(order, n, 300 + n);
    for (uint32_t y = 0; y < side; y++)
      for (uint32_t x = 0; x < side; x++) {
        uint32_t k = y * side + x;
        if (x + 1 < side) edges[count][0] = order[k], edges[count++][1] = order[k + 1];
        if (y + 1 < side) edges[count][0] = order[k], edges[count++][1] = order[k + side];
      }
    expect_perfect(n, (const uint32_t(*)[2])edges, count, "grid");
  }
}

/* A spanning tree of the whole lattice, named as the lattice is. */
static void test_whole_lattice(void **state) {
  (void)state;
  chip_fixture_zuchongzhi(&fixture);
  uint32_t edges[128][2], count = 0;
  bool in[105] = {true};
  for (int round = 0; round < 20; round++)
    for (uint32_t c = 0; c < fixture.chip.num_couplers; c++) {
      const uint32_t *ends = fixture.couplers[c].qubits;
      if (in[ends[0]] == in[ends[1]]) continue;
      edges[count][0] = in[ends[0]] ? ends[0] : ends[1];
      edges[count++][1] = in[ends[0]] ? ends[1] : ends[0];
      in[ends[0]] = in[ends[1]] = true;
    }
  assert_int_equal(count, 104);
  expect_perfect(105, (const uint32_t(*)[2])edges, count, "tree of all");
}

static void test_disabled_avoided(void **state) {
  (void)state;
  chip_fixture_zuchongzhi(&fixture);
  for (uint32_t q = 3; q < 105; q += 17) chip_fixture_disable(&fixture, q);
  for (uint32_t c = 5; c < 182; c += 23) fixture.couplers[c].enabled = false;
  for (uint64_t number = 0; number < 6; number++) {
    zcz_circuit *circuit = random_pairs(20 + 10 * (uint32_t)number, 150, 900 + number);
    zcz_routing routing = route(circuit, (zcz_compile_options){.seed = number});
    check_valid(&routing, zcz_circuit_num_qubits(circuit));
    release(&routing);
    zcz_circuit_free(circuit);
  }
}

static bool same_circuit(const zcz_circuit *a, const zcz_circuit *b) {
  if (zcz_circuit_size(a) != zcz_circuit_size(b)) return false;
  for (size_t i = 0; i < zcz_circuit_num_ops(a, 0); i++) {
    const zcz_op *x = &zcz_circuit_ops(a, 0)[i], *y = &zcz_circuit_ops(b, 0)[i];
    if (x->kind != y->kind || x->code != y->code || x->num_qubits != y->num_qubits) return false;
    if (memcmp(x->qubits, y->qubits, x->num_qubits * sizeof(uint32_t))) return false;
  }
  return true;
}

static void test_same_seed_same_result(void **state) {
  (void)state;
  chip_fixture_zuchongzhi(&fixture);
  zcz_circuit *circuit = random_pairs(40, 200, 77);
  zcz_routing one = route(circuit, (zcz_compile_options){.seed = 5});
  zcz_routing two = route(circuit, (zcz_compile_options){.seed = 5});
  assert_true(same_circuit(one.circuit, two.circuit));
  assert_memory_equal(one.initial, two.initial, 40 * sizeof(uint32_t));
  assert_memory_equal(one.final, two.final, 40 * sizeof(uint32_t));
  release(&one);
  release(&two);
  zcz_circuit_free(circuit);
  /* And for any number of threads. */
  zcz_context *ours = context, *single;
  zcz_context_options how = {.threads = 1};
  assert_int_equal(zcz_context_new(&how, &single, NULL), ZCZ_OK);
  zcz_circuit *first = random_pairs(40, 200, 77);
  one = route(first, (zcz_compile_options){.seed = 5});
  context = single;
  zcz_circuit *again = random_pairs(40, 200, 77);
  two = route(again, (zcz_compile_options){.seed = 5});
  assert_true(same_circuit(one.circuit, two.circuit));
  release(&two);
  zcz_circuit_free(again);
  context = ours;
  release(&one);
  zcz_circuit_free(first);
  zcz_context_free(single);
}

static void expect_error(const zcz_circuit *circuit, zcz_compile_options options, zcz_status status,
                         const char *word, const char *hint, uint32_t line) {
  zcz_routing routing;
  zcz_error error = {0};
  assert_int_equal(zcz_pass_place_and_route(circuit, &fixture.chip, &options, &routing, &error),
                   status);
  if (!strstr(error.message, word)) fail_msg("no \"%s\" in: %s", word, error.message);
  if (!strstr(error.hint, hint)) fail_msg("no \"%s\" in: %s", hint, error.hint);
  assert_int_equal(error.line, line);
  assert_null(routing.circuit);
}

static zcz_circuit *labelled(uint32_t a, uint32_t b) {
  zcz_circuit *circuit;
  uint32_t qubits[2] = {0, 1};
  assert_int_equal(zcz_circuit_new(context, &circuit, NULL), ZCZ_OK);
  assert_int_equal(zcz_circuit_add_qubits(circuit, "q", 2, NULL, NULL), ZCZ_OK);
  zcz_circuit_set_label(circuit, 0, a);
  zcz_circuit_set_label(circuit, 1, b);
  zcz_op op = {.kind = ZCZ_OP_GATE,
               .code = ZCZ_GATE_Z,
               .num_controls = 1,
               .num_qubits = 2,
               .bit = ZCZ_NONE,
               .variable = ZCZ_NONE,
               .expression = ZCZ_NONE,
               .blocks = {ZCZ_NONE, ZCZ_NONE},
               .line = 3,
               .start_ns = -1,
               .qubits = qubits};
  assert_int_equal(zcz_circuit_append(circuit, 0, &op, NULL), ZCZ_OK);
  return circuit;
}

static void test_as_written(void **state) {
  (void)state;
  chip_fixture_grid(&fixture, 3, 2); /* Q1 Q2 Q3 / Q4 Q5 Q6 */
  zcz_compile_options written = {.layout = ZCZ_LAYOUT_AS_WRITTEN};
  zcz_circuit *circuit = labelled(5, 2);
  zcz_routing routing = route(circuit, written);
  assert_int_equal(routing.initial[0], 4);
  assert_int_equal(routing.initial[1], 1);
  assert_int_equal(zcz_circuit_ops(routing.circuit, 0)[0].qubits[0], 4);
  release(&routing);
  fixture.qubits[1].enabled = false;
  expect_error(circuit, written, ZCZ_ERROR_USAGE, "Q2 of chip fixture is disabled", "--layout auto",
               3);
  zcz_circuit_free(circuit);
  circuit = labelled(1, 5);
  chip_fixture_grid(&fixture, 3, 2);
  expect_error(circuit, written, ZCZ_ERROR_USAGE, "no coupler between Q1 and Q5",
               "Q1 couples to Q2, Q4; Q5 to Q2, Q4, Q6", 3);
  zcz_circuit_free(circuit);
  circuit = labelled(1, 9);
  expect_error(circuit, written, ZCZ_ERROR_USAGE, "no qubit Q9", "--layout auto", 3);
  zcz_circuit_free(circuit);
  circuit = random_pairs(7, 5, 1);
  expect_error(circuit, (zcz_compile_options){0}, ZCZ_ERROR_UNABLE, "7 qubits", "larger chip", 0);
  uint32_t two[2] = {0, 5};
  zcz_circuit_free(circuit);
  circuit = random_pairs(2, 5, 1);
  expect_error(circuit,
               (zcz_compile_options){.layout = ZCZ_LAYOUT_TRIVIAL, .qubits = two, .num_qubits = 2},
               ZCZ_ERROR_UNABLE, "no way of usable couplers", "more of the chip", 0);
  zcz_circuit_free(circuit);
}

int main(void) {
  assert_int_equal(zcz_context_new(NULL, &context, NULL), ZCZ_OK);
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_as_written),
                                     cmocka_unit_test(test_equal_to_source),
                                     cmocka_unit_test(test_dynamic),
                                     cmocka_unit_test(test_paths),
                                     cmocka_unit_test(test_rings),
                                     cmocka_unit_test(test_trees),
                                     cmocka_unit_test(test_grids),
                                     cmocka_unit_test(test_whole_lattice),
                                     cmocka_unit_test(test_disabled_avoided),
                                     cmocka_unit_test(test_same_seed_same_result)};
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  zcz_context_free(context);
  return failed;
}
