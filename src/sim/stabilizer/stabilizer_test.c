/* What the stabilizer engine knows without shots, against the dense oracle: every Clifford gate, dynamic
 * circuits, noise. */
#include "sim/stabilizer/fixture_test.h"

static void compare_probabilities(const zcz_circuit *circuit, uint64_t number) {
  zcz_task task = {.probabilities = true};
  zcz_distribution found;
  zcz_error error = {0};
  zcz_context *context = zcz_circuit_context(circuit);
  void *run = open_for(circuit, &task);
  must(engine->probabilities(run, &found, &error), &error);
  struct oracle_distribution want = oracle_distribution(circuit);
  assert_int_equal(found.count, want.count);
  for (size_t i = 0; i < want.count; i++) {
    if (found.keys[i] != want.keys[i] ||
        fabs(found.probabilities[i] - want.probabilities[i]) > 1e-12)
      fail_msg("circuit %llu: entry %zu is %llx: %g, not %llx: %g", (unsigned long long)number, i,
               (unsigned long long)found.keys[i], found.probabilities[i],
               (unsigned long long)want.keys[i], want.probabilities[i]);
  }
  oracle_distribution_free(&want);
  zcz_memory_release(context, found.keys);
  zcz_memory_release(context, found.probabilities);
  engine->close(run);
}

static void test_probabilities(void **state) {
  (void)state;
  zcz_context *context = context_of(1);
  for (uint64_t i = 0; i < 400; i++) {
    zcz_circuit *circuit =
        random_clifford(context, 1 + (uint32_t)(i % 8), 40, (circuit_kinds){0}, i);
    compare_probabilities(circuit, i);
    zcz_circuit_free(circuit);
  }
  for (uint64_t i = 0; i < 100; i++) {
    zcz_circuit *circuit = random_clifford(context, 1 + (uint32_t)(i % 4), 25,
                                           (circuit_kinds){.dynamic = true}, 5000 + i);
    compare_probabilities(circuit, i);
    zcz_circuit_free(circuit);
  }
  close_context(context);
}

/* Nothing measured: the distribution of all qubits. */
static void test_probabilities_of_all_qubits(void **state) {
  (void)state;
  zcz_context *context = context_of(1);
  for (uint64_t i = 0; i < 40; i++) {
    dice d = {.number = 7000 + i};
    zcz_circuit *circuit = circuit_of(context, 1 + (uint32_t)(i % 6), 0);
    for (int k = 0; k < 30; k++) add_gate(circuit, 0, &d, false);
    if (i % 3 == 0) {
      zcz_error error = {0};
      must(zcz_circuit_reset(circuit, 0, 0, &error), &error);
    }
    compare_probabilities(circuit, i);
    zcz_circuit_free(circuit);
  }
  close_context(context);
}

static void test_expectations(void **state) {
  (void)state;
  zcz_context *context = context_of(1);
  for (uint64_t i = 0; i < 200; i++) {
    circuit_kinds kinds = {.noise = i & 1, .dynamic = (i & 2) != 0};
    uint32_t qubits = 1 + (uint32_t)(i / 4 % 5);
    zcz_circuit *circuit = random_clifford(context, qubits, 20, kinds, 300 + i);
    kinds.unmeasured = true; /* the engine leaves measurements at the end out */
    zcz_circuit *bare = random_clifford(context, qubits, 20, kinds, 300 + i);
    dice d = {.number = 900 + i};
    char text[512] = "0.25";
    zcz_observable *observable;
    zcz_error error = {0};
    for (int t = 0; t < 6; t++) {
      size_t length = strlen(text);
      length += (size_t)snprintf(text + length, sizeof text - length, " %c %d",
                                 roll(&d, 2) ? '+' : '-', 1 + (int)roll(&d, 5));
      for (uint32_t q = 0; q < qubits; q++)
        if (roll(&d, 2))
          length +=
              (size_t)snprintf(text + length, sizeof text - length, "*%c%u", "XYZ"[roll(&d, 3)], q);
    }
    must(zcz_observable_parse(context, text, qubits, &observable, &error), &error);
    const zcz_observable *borrowed = observable;
    zcz_task task = {.num_observables = 1, .observables = &borrowed};
    void *run = open_for(circuit, &task);
    double value, deviation, want = oracle_expectation(bare, observable);
    must(engine->expectations(run, &value, &deviation, &error), &error);
    if (fabs(value - want) > 1e-11 || deviation != 0)
      fail_msg("circuit %llu, %s: %.15g, not %.15g", (unsigned long long)i, text, value, want);
    engine->close(run);
    zcz_observable_free(context, observable);
    zcz_circuit_free(circuit);
    zcz_circuit_free(bare);
  }
  close_context(context);
}

static void refused(zcz_circuit *circuit, const zcz_task *task, const char *words) {
  zcz_judgement judgement;
  engine->judge(circuit, task, &judgement);
  assert_false(judgement.able);
  if (!strstr(judgement.reason, words)) fail_msg("%s", judgement.reason);
}

static void test_refusals(void **state) {
  (void)state;
  zcz_context *context = context_of(1);
  zcz_error error = {0};
  zcz_task shots = {.shots = 1}, amplitudes = {.num_amplitudes = 1}, all = {.probabilities = true};
  zcz_circuit *circuit = circuit_of(context, 40, 0);
  uint32_t qubits[3] = {0, 1, 2};
  double gamma = 0.1;
  for (uint32_t q = 0; q < 21; q++)
    must(zcz_circuit_gate(circuit, 0, ZCZ_GATE_H, 0, &q, NULL, &error), &error);
  refused(circuit, &amplitudes, "global phase");
  refused(circuit, &all, "more than 2^20 outcomes");
  must(zcz_circuit_channel(circuit, 0, ZCZ_CHANNEL_AMPLITUDE_DAMPING, 1, qubits, 1, &gamma, &error),
       &error);
  refused(circuit, &shots, "amplitude_damping as operation 22");
  refused(circuit, &shots, "--twirl");
  zcz_op toffoli = {.kind = ZCZ_OP_GATE,
                    .code = ZCZ_GATE_X,
                    .num_controls = 2,
                    .num_qubits = 3,
                    .bit = ZCZ_NONE,
                    .variable = ZCZ_NONE,
                    .expression = ZCZ_NONE,
                    .blocks = {ZCZ_NONE, ZCZ_NONE},
                    .line = 7,
                    .qubits = qubits};
  must(zcz_circuit_append(circuit, 0, &toffoli, &error), &error);
  refused(circuit, &shots, "the gate x with 2 controls at line 7");
  zcz_circuit_free(circuit);
  close_context(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_probabilities),
      cmocka_unit_test(test_probabilities_of_all_qubits),
      cmocka_unit_test(test_expectations),
      cmocka_unit_test(test_refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
