/* Noise of dynamic circuits, and what is refused. */
#include "noise/test_circuits.h"
#include "oracle.h"

static const zcz_op *only(const zcz_circuit *circuit, zcz_channel channel, size_t skip) {
  for (size_t i = 0; i < zcz_circuit_num_ops(circuit, 0); i++) {
    const zcz_op *op = &zcz_circuit_ops(circuit, 0)[i];
    if (op->kind == ZCZ_OP_CHANNEL && op->code == channel && skip-- == 0) return op;
  }
  return NULL;
}

/* ---- control flow, against the oracle on a chip of three qubits ---- */

static const char small[] =
    "{\"zcz_chip\": 1, \"name\": \"three\", \"times\": {"
    "\"one_qubit_ns\": {\"unit\": \"ns\", \"source\": \"t\", \"provenance\": \"assumed\", "
    "\"value\": 20},"
    "\"readout_ns\": {\"unit\": \"ns\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": "
    "300},"
    "\"reset_ns\": {\"unit\": \"ns\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": "
    "100}},"
    "\"qubits\": {"
    "\"name\": {\"source\": \"t\", \"provenance\": \"assumed\", \"values\": [\"A\", \"B\", \"C\"]},"
    "\"x\": {\"unit\": \"1\", \"source\": \"t\", \"provenance\": \"assumed\", \"values\": [0, 1, "
    "2]},"
    "\"y\": {\"unit\": \"1\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": 0},"
    "\"t1_us\": {\"unit\": \"us\", \"source\": \"t\", \"provenance\": \"assumed\", \"values\": [4, "
    "5, 6]},"
    "\"t2_us\": {\"unit\": \"us\", \"source\": \"t\", \"provenance\": \"assumed\", \"values\": [3, "
    "10, 4]},"
    "\"pauli_error\": {\"unit\": \"1\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": "
    "0.01},"
    "\"p10\": {\"unit\": \"1\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": 0.01},"
    "\"p01\": {\"unit\": \"1\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": 0.03}},"
    "\"couplers\": {"
    "\"name\": {\"source\": \"t\", \"provenance\": \"assumed\", \"values\": [\"AB\", \"BC\"]},"
    "\"qubits\": {\"source\": \"t\", \"provenance\": \"assumed\", \"values\": [[\"A\", \"B\"], "
    "[\"B\", \"C\"]]},"
    "\"pauli_error\": {\"unit\": \"1\", \"source\": \"t\", \"provenance\": \"assumed\", \"value\": "
    "0.03}},"
    "\"gates\": {\"cz\": {\"duration_ns\": {\"unit\": \"ns\", \"source\": \"t\", \"provenance\": "
    "\"assumed\","
    "\"value\": 40}}}}";

static zcz_chip *load_small(zcz_context *context) {
  zcz_chip *chip;
  OK(zcz_chip_read(context, "three", small, sizeof small - 1, &chip, e));
  return chip;
}

/* P(1) of qubits B and C after time `t` beginning at 1, by relaxation alone. */
static void branches_take_the_longer_time(void **state) {
  zcz_chip *chip = load_small(*state);
  for (uint32_t first = 0; first < 2; first++) { /* the branch is not taken, is taken */
    zcz_circuit *circuit = new_circuit(*state, chip, 3);
    uint32_t inner, condition;
    OK(zcz_circuit_add_block(circuit, &inner, e));
    for (uint32_t q = 0; q < 3; q++) /* an X as one gate of 20 ns */
      if (q > 0 || first) add_one(circuit, 0, ZCZ_GATE_X, q, 0, 0, 20);
    add_measure(circuit, 0, 0, 0, 20, 300);
    zcz_expression bit = {.kind = ZCZ_EXPRESSION_BIT, .index = 0};
    OK(zcz_circuit_add_expression(circuit, &bit, &condition, e));
    add_one(circuit, inner, ZCZ_GATE_RZ, 1, 0.5, 0, 0);
    add_delay(circuit, inner, 1, 0, 700);
    zcz_op branch = blank(ZCZ_OP_IF, 320, 700);
    branch.expression = condition;
    branch.blocks[0] = inner;
    add(circuit, 0, branch);
    add_measure(circuit, 0, 1, 1, 1020, 300);
    add_measure(circuit, 0, 2, 2, 1020, 300);
    zcz_circuit *real = noisy(circuit, chip, ZCZ_NOISE_RELAXATION, false);
    struct oracle_distribution got = oracle_distribution(real);
    double b = 0, c = 0;
    for (size_t i = 0; i < got.count; i++) {
      if (got.keys[i] & 2) b += got.probabilities[i];
      if (got.keys[i] & 4) c += got.probabilities[i];
    }
    assert_true(fabs(b - exp(-1.020 / 5)) < 1e-12); /* its gate's 20 ns and all that follows */
    assert_true(fabs(c - exp(-1.020 / 6)) < 1e-12);
    oracle_distribution_free(&got);
    zcz_circuit_free(real);
    zcz_circuit_free(circuit);
  }
  zcz_chip_free(*state, chip);
}

/* Each turn of a loop takes its body's time from every qubit of the circuit. */
static void loops_take_time_from_all(void **state) {
  zcz_chip *chip = load_small(*state);
  zcz_circuit *circuit = new_circuit(*state, chip, 2);
  uint32_t body, condition;
  OK(zcz_circuit_add_block(circuit, &body, e));
  zcz_expression bit = {.kind = ZCZ_EXPRESSION_BIT, .index = 0};
  OK(zcz_circuit_add_expression(circuit, &bit, &condition, e));
  add_one(circuit, 0, ZCZ_GATE_X, 0, 0, 0, 20);
  add_one(circuit, 0, ZCZ_GATE_X, 2, 0, 0, 20);
  add_measure(circuit, 0, 0, 0, 20, 300);
  add_one(circuit, body, ZCZ_GATE_X, 0, 0, 0, 20);
  add_measure(circuit, body, 0, 0, 20, 300);
  zcz_op loop = blank(ZCZ_OP_WHILE, 320, 320);
  loop.expression = condition;
  loop.blocks[0] = body;
  add(circuit, 0, loop);
  add_measure(circuit, 0, 2, 1, 640, 300);
  zcz_circuit *real = noisy(circuit, chip, ZCZ_NOISE_RELAXATION, false);
  bool found = false;
  for (size_t i = 0; i < zcz_circuit_num_ops(real, body); i++) {
    const zcz_op *op = &zcz_circuit_ops(real, body)[i];
    if (op->kind != ZCZ_OP_CHANNEL || op->qubits[0] != 2) continue;
    assert_true(fabs(op->params[0] - (1 - exp(-0.320 / 6))) < 1e-14);
    found = true;
  }
  assert_true(found);
  const zcz_op *outside =
      only(real, ZCZ_CHANNEL_RELAXATION, 1); /* up to the loop's start: 20 + 300 ns */
  assert_int_equal(outside->qubits[0], 2);
  assert_true(fabs(outside->params[0] - (1 - exp(-0.320 / 6))) < 1e-14);
  assert_null(only(real, ZCZ_CHANNEL_RELAXATION, 2));
  zcz_circuit_free(real);
  zcz_circuit_free(circuit);
  zcz_chip_free(*state, chip);
}

/* ---- what is no compiled circuit ---- */

static void refused(zcz_circuit *circuit, const zcz_chip *chip, zcz_status expected,
                    const char *words) {
  zcz_error error = {0};
  zcz_circuit *result;
  zcz_noise_options options = {ZCZ_NOISE_ALL, false};
  assert_int_equal(zcz_noise_apply(circuit, chip, &options, &result, &error), expected);
  assert_null(result);
  if (!strstr(error.message, words)) fail_msg("`%s` lacks `%s`", error.message, words);
  zcz_circuit_free(circuit);
}

static void only_compiled_circuits(void **state) {
  zcz_chip *chip = load(*state, "zuchongzhi-3.0");
  zcz_circuit *circuit = new_circuit(*state, chip, 0);
  add_one(circuit, 0, ZCZ_GATE_X2P, 0, 0, -1, 0);
  refused(circuit, chip, ZCZ_ERROR_BUG, "not scheduled");
  circuit = new_circuit(*state, chip, 0);
  zcz_chip_coupler moved = chip->couplers[0];
  moved.gates[0].params[0] += 1e-5;
  add_native(circuit, 0, &moved, 0, false, 0);
  refused(circuit, chip, ZCZ_ERROR_BUG, "no native gate of coupler G0");
  circuit = new_circuit(*state, chip, 0);
  moved.qubits[1] = 104;
  add_native(circuit, 0, &moved, 0, false, 0);
  refused(circuit, chip, ZCZ_ERROR_BUG, "Q1 and Q105");
  zcz_chip *small_chip = load_small(*state);
  circuit = new_circuit(*state, small_chip, 0);
  refused(circuit, chip, ZCZ_ERROR_BUG, "3 qubits");
  circuit = new_circuit(*state, small_chip, 0);
  zcz_circuit *result;
  zcz_noise_options options = {16, false};
  assert_int_equal(zcz_noise_apply(circuit, small_chip, &options, &result, NULL), ZCZ_ERROR_USAGE);
  zcz_circuit_free(circuit);
  zcz_chip_free(*state, small_chip);
  zcz_chip_free(*state, chip);
}

/* Each allocation fails in turn; nothing leaks and the status says why. */
static void out_of_memory(void **state) {
  (void)state;
  bool done = false;
  for (uint64_t n = 1; !done && n < 500; n++) {
    zcz_context *context;
    zcz_context_options options = {.fail_allocation = n};
    assert_int_equal(zcz_context_new(&options, &context, NULL), ZCZ_OK);
    zcz_chip *chip = NULL;
    zcz_circuit *circuit = NULL, *result = NULL;
    zcz_noise_options all = {ZCZ_NOISE_ALL, false};
    uint32_t q, zero[2] = {0, 1};
    zcz_op op = blank(ZCZ_OP_GATE, 0, 40);
    op.code = ZCZ_GATE_Z;
    op.num_controls = 1;
    op.num_qubits = 2;
    op.qubits = zero;
    zcz_status status = zcz_chip_read(context, "three", small, sizeof small - 1, &chip, NULL);
    if (status == ZCZ_OK) status = zcz_circuit_new(context, &circuit, NULL);
    if (status == ZCZ_OK) status = zcz_circuit_add_qubits(circuit, "q", 3, &q, NULL);
    if (status == ZCZ_OK) status = zcz_circuit_append(circuit, 0, &op, NULL);
    if (status == ZCZ_OK) status = zcz_noise_apply(circuit, chip, &all, &result, NULL);
    assert_true(status == ZCZ_OK || status == ZCZ_ERROR_UNABLE);
    done = status == ZCZ_OK;
    zcz_circuit_free(result);
    zcz_circuit_free(circuit);
    zcz_chip_free(context, chip);
    assert_int_equal(zcz_memory_in_use(context), 0);
    zcz_context_free(context);
  }
  assert_true(done);
}

int main(void) {
  const struct CMUnitTest tests[] = {TEST(branches_take_the_longer_time),
                                     TEST(loops_take_time_from_all), TEST(only_compiled_circuits),
                                     cmocka_unit_test(out_of_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
