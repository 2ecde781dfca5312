/* Shots of the stabilizer engine, by frames and by tableaux: distributions against the dense oracle, equal
 * bits for any threads and any cut of the shots, the whole width of the chip. */
#include "sim/stabilizer/fixture_test.h"

/* Counts of every outcome within 5 sigma of the oracle's distribution, impossible ones absent. */
static void compare_shots(const zcz_circuit *circuit, uint64_t number, uint64_t shots) {
  struct oracle_distribution want = oracle_distribution(circuit);
  uint64_t *columns = shots_of(circuit, 1000 + number, 0, shots);
  uint32_t *counts = calloc((size_t)1 << zcz_circuit_num_bits(circuit), sizeof *counts);
  for (uint64_t s = 0; s < shots; s++) counts[key_of(circuit, columns, shots, s)]++;
  for (uint64_t key = 0; key < UINT64_C(1) << zcz_circuit_num_bits(circuit); key++) {
    double p = oracle_probability(&want, key), mean = p * (double)shots;
    double sigma = sqrt(mean * (1 - p)) + 0.3; /* a little for rare outcomes, never none expected */
    if (p < 1e-14 ? counts[key] > 0 : fabs(counts[key] - mean) > 5 * sigma + 1)
      fail_msg("circuit %llu: %llx came %u times, %g expected", (unsigned long long)number,
               (unsigned long long)key, counts[key], mean);
  }
  free(counts);
  free(columns);
  oracle_distribution_free(&want);
}

static void test_shots(void **state) {
  (void)state;
  static const circuit_kinds list[] = {
      {0},
      {.noise = true},
      {.dynamic = true},
      {.noise = true, .dynamic = true},
      {.dynamic = true, .feed_forward = true},
      {.noise = true, .dynamic = true, .feed_forward = true},
      {.dynamic = true, .feed_forward = true, .branches = true},
      {.noise = true, .dynamic = true, .feed_forward = true, .branches = true},
  };
  zcz_context *context = context_of(2);
  for (uint64_t i = 0; i < 160; i++) {
    circuit_kinds kinds = list[i % 8];
    uint32_t qubits = 1 + (uint32_t)(i / 8 % (kinds.dynamic || kinds.noise ? 4 : 6));
    zcz_circuit *circuit = random_clifford(context, qubits, 24, kinds, 100 + i);
    compare_shots(circuit, i, kinds.branches ? 5000 : 50000);
    zcz_circuit_free(circuit);
  }
  close_context(context);
}

/* The same bits for 1, 2 and 3 threads, and for any cut of the range of shots. */
static void test_same_bits(void **state) {
  (void)state;
  enum { SHOTS = 5000 };
  for (int branches = 0; branches < 2; branches++) {
    circuit_kinds kinds = {
        .noise = true, .dynamic = true, .feed_forward = true, .branches = branches};
    uint64_t *reference = NULL;
    for (int threads = 1; threads <= 3; threads++) {
      zcz_context *context = context_of(threads);
      zcz_circuit *circuit = random_clifford(context, 6, 60, kinds, 4242);
      uint32_t bits = zcz_circuit_num_bits(circuit);
      uint64_t *columns = shots_of(circuit, 99, 0, SHOTS);
      if (!reference) {
        reference = columns;
      } else {
        assert_memory_equal(columns, reference, bits * ((SHOTS + 63) / 64) * 8);
        free(columns);
      }
      static const uint64_t cuts[] = {0, 1, 64, 100, 1024, 1500, 2048, 4999, SHOTS};
      for (size_t c = 0; c + 1 < sizeof cuts / sizeof *cuts; c++) {
        uint64_t count = cuts[c + 1] - cuts[c], words = (count + 63) / 64;
        uint64_t *part = shots_of(circuit, 99, cuts[c], count);
        for (uint64_t s = 0; s < count; s++)
          assert_true(key_of(circuit, part, count, s) ==
                      key_of(circuit, reference, SHOTS, cuts[c] + s));
        if (count % 64)
          for (uint32_t b = 0; b < bits; b++)
            assert_true(part[b * words + words - 1] >> (count % 64) == 0);
        free(part);
      }
      zcz_circuit_free(circuit);
      close_context(context);
    }
    free(reference);
  }
}

/* GHZ on the whole chip: two outcomes without noise; with it the damping of the stabilizers, which
 * is known exactly, is what shots show. */
static void test_ghz(void **state) {
  (void)state;
  enum { QUBITS = 105, SHOTS = 20000 };
  zcz_context *context = context_of(2);
  for (int noisy = 0; noisy < 2; noisy++) {
    zcz_circuit *circuit = circuit_of(context, QUBITS, QUBITS);
    zcz_error error = {0};
    uint32_t first = 0;
    double p = 0.004;
    must(zcz_circuit_gate(circuit, 0, ZCZ_GATE_H, 0, &first, NULL, &error), &error);
    for (uint32_t q = 1; q < QUBITS; q++) {
      uint32_t pair[2] = {(q - 1) / 2, q};
      must(zcz_circuit_gate(circuit, 0, ZCZ_GATE_X, 1, pair, NULL, &error), &error);
      if (noisy)
        must(zcz_circuit_channel(circuit, 0, ZCZ_CHANNEL_DEPOLARIZE2, 2, pair, 1, &p, &error),
             &error);
    }
    for (uint32_t q = 0; q < QUBITS; q++)
      must(zcz_circuit_measure(circuit, 0, q, q, &error), &error);
    zcz_observable *observable;
    must(zcz_observable_parse(context, "Z0*Z104", QUBITS, &observable, &error), &error);
    const zcz_observable *borrowed = observable;
    zcz_task task = {.num_observables = 1, .observables = &borrowed, .probabilities = !noisy};
    void *run = open_for(circuit, &task);
    double value, deviation, mean = 0;
    must(engine->expectations(run, &value, &deviation, &error), &error);
    if (!noisy) {
      zcz_distribution found;
      must(engine->probabilities(run, &found, &error), &error);
      assert_int_equal(found.count, 2);
      assert_int_equal(found.words, 2);
      assert_true(found.keys[0] == 0 && found.keys[1] == 0);
      assert_true(found.keys[2] == UINT64_MAX && found.keys[3] == (UINT64_C(1) << 41) - 1);
      assert_true(found.probabilities[0] == 0.5 && found.probabilities[1] == 0.5);
      zcz_memory_release(context, found.keys);
      zcz_memory_release(context, found.probabilities);
      assert_true(value == 1);
    }
    engine->close(run);
    uint64_t words = (SHOTS + 63) / 64, *columns = shots_of(circuit, 3, 0, SHOTS);
    for (uint64_t s = 0; s < SHOTS; s++)
      mean += ((columns[s / 64] ^ columns[104 * words + s / 64]) >> (s % 64)) & 1 ? -1 : 1;
    mean /= SHOTS;
    assert_true(fabs(mean - value) <= 5 * sqrt((1 - value * value) / SHOTS));
    free(columns);
    zcz_observable_free(context, observable);
    zcz_circuit_free(circuit);
  }
  close_context(context);
}

/* Rates at the ends: certain errors, and rates far apart in one circuit. */
static void test_rates(void **state) {
  (void)state;
  enum { SHOTS = 1 << 20 };
  static const double rates[] = {1, 0.9, 0.5, 0.1, 0.01, 1e-3, 1e-4, 1.1e-4, 1.2e-4, 0};
  enum { SITES = sizeof rates / sizeof *rates };
  zcz_context *context = context_of(2);
  zcz_circuit *circuit = circuit_of(context, SITES, SITES);
  zcz_error error = {0};
  for (uint32_t q = 0; q < SITES; q++) {
    double params[3] = {rates[q] / 2, rates[q] / 2, 0};
    must(zcz_circuit_channel(circuit, 0, ZCZ_CHANNEL_PAULI1, 1, &q, 3, params, &error), &error);
    must(zcz_circuit_measure(circuit, 0, q, q, &error), &error);
  }
  uint64_t *columns = shots_of(circuit, 17, 0, SHOTS);
  for (uint32_t q = 0; q < SITES; q++) {
    double count = 0, mean = rates[q] * SHOTS, sigma = sqrt(mean * (1 - rates[q]));
    for (size_t w = 0; w < SHOTS / 64; w++)
      count += __builtin_popcountll(columns[q * (SHOTS / 64) + w]);
    if (fabs(count - mean) > 5 * sigma) fail_msg("rate %g: %g, not %g", rates[q], count, mean);
  }
  free(columns);
  zcz_circuit_free(circuit);
  close_context(context);
}

static void test_each_allocation_may_fail(void **state) {
  (void)state;
  bool done = false;
  for (uint64_t n = 1; !done && n < 2000; n++) {
    zcz_context_options options = {.fail_allocation = n, .threads = 2};
    zcz_context *context;
    zcz_error error = {0};
    if (zcz_context_new(&options, &context, &error) != ZCZ_OK) continue;
    zcz_circuit *circuit = NULL;
    uint64_t columns[4 * 40];
    uint32_t pair[2] = {0, 1};
    double p = 0.1;
    void *run = NULL;
    zcz_task task = {.shots = 2500, .probabilities = true};
    zcz_distribution found = {0};
    zcz_status status = zcz_circuit_new(context, &circuit, &error);
    if (!status) status = zcz_circuit_add_qubits(circuit, "q", 4, NULL, &error);
    if (!status) status = zcz_circuit_add_bits(circuit, "c", 4, NULL, &error);
    if (!status) status = zcz_circuit_gate(circuit, 0, ZCZ_GATE_X, 1, pair, NULL, &error);
    if (!status) status = zcz_circuit_measure(circuit, 0, 0, 0, &error);
    if (!status) status = engine->open(context, circuit, &task, &run, &error);
    if (!status) status = engine->probabilities(run, &found, &error);
    zcz_memory_release(context, found.keys);
    zcz_memory_release(context, found.probabilities);
    if (run) engine->close(run);
    run = NULL;
    if (!status)
      status = zcz_circuit_channel(circuit, 0, ZCZ_CHANNEL_DEPOLARIZE2, 2, pair, 1, &p, &error);
    if (!status) status = zcz_circuit_measure(circuit, 0, 1, 1, &error);
    if (!status) status = engine->open(context, circuit, &task, &run, &error);
    if (!status) status = engine->sample(run, 0, 2500, columns, &error);
    assert_true(status == ZCZ_OK || status == ZCZ_ERROR_UNABLE);
    done = status == ZCZ_OK;
    if (run) engine->close(run);
    if (circuit) zcz_circuit_free(circuit);
    close_context(context);
  }
  assert_true(done);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_shots),
      cmocka_unit_test(test_same_bits),
      cmocka_unit_test(test_ghz),
      cmocka_unit_test(test_rates),
      cmocka_unit_test(test_each_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
