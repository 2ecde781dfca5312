/* Random circuits: each engine that can, against the oracle; compiled and uncompiled; single and double. */
#include "conform.h"
#include "random_circuit.h"
#include "random_dynamic.h"

static const char *const engines[] = {"statevector", "density", "stabilizer", NULL};

typedef struct tally {
  uint32_t ran[4], unable[4], amplitudes, expectations;
} tally;

/* One job; NULL where this engine says that it cannot. */
static zcz_result *run(const zcz_circuit *circuit, const zcz_job_options *options,
                       uint64_t number) {
  zcz_result *result;
  zcz_error error = {0};
  const zcz_status status = zcz_job_run(circuit, options, &result, &error);
  if (status != ZCZ_OK && (status != ZCZ_ERROR_UNABLE || options->engine == NULL))
    fail_msg("circuit %llu, %s: %s", (unsigned long long)number,
             options->engine ? options->engine : "auto", error.message);
  return result;
}

static void compare_probabilities(const zcz_circuit *circuit, const zcz_chip *chip, uint64_t number,
                                  const struct oracle_distribution *expected, tally *t) {
  const zcz_precision precision = number % 2 ? ZCZ_PRECISION_SINGLE : ZCZ_PRECISION_DOUBLE;
  for (int i = 0; i < 4; i++) {
    zcz_job_options options = {
        .engine = engines[i], .precision = precision, .chip = chip, .probabilities = true};
    zcz_result *result = run(circuit, &options, number);
    if (result == NULL) {
      t->unable[i]++;
      continue;
    }
    assert_int_equal(zcz_result_accuracy(result).kind, ZCZ_ACCURACY_EXACT);
    struct oracle_distribution got = conform_probabilities(result);
    const double difference = oracle_difference(&got, expected);
    if (!(difference <= conform_tolerance(precision)))
      fail_msg("circuit %llu, %s (%s)%s, precision %d: a probability is off by %g",
               (unsigned long long)number, engines[i] ? engines[i] : "auto",
               zcz_result_engine(result), chip ? " on a chip" : "", (int)precision, difference);
    oracle_distribution_free(&got);
    zcz_result_free(result);
    t->ran[i]++;
  }
}

/* Expectation values of three observables, and where the state is pure amplitudes; measurements at the end are left
 * out, by the engines themselves. */
static void compare_state(zcz_context *context, const zcz_circuit *circuit,
                          const zcz_circuit *unmeasured, uint64_t number, tally *t) {
  static const char *const texts[] = {"0.5*Z0*Z1 - X2 + 2", "Y0*X1*Z2", "X0*X1 + Y2"};
  static const char *const strings[] = {"0000", "0001", "0110", "1011", "1111", "1000"};
  const zcz_precision precision = number % 2 ? ZCZ_PRECISION_SINGLE : ZCZ_PRECISION_DOUBLE;
  const double tolerance = conform_tolerance(precision);
  const bool pure = oracle_is_pure(unmeasured);
  oracle_number *state = pure ? oracle_state(unmeasured) : NULL;
  for (int i = 0; i < 4; i++) {
    zcz_job_options options = {.engine = engines[i],
                               .precision = precision,
                               .num_observables = 3,
                               .observables = texts,
                               .num_amplitudes = pure && i != 1 ? 6 : 0,
                               .amplitudes = strings};
    zcz_result *result = run(circuit, &options, number);
    if (result == NULL && options.num_amplitudes > 0) { /* expectations alone, then */
      options.num_amplitudes = 0;
      result = run(circuit, &options, number);
    }
    if (result == NULL || zcz_result_accuracy(result).kind != ZCZ_ACCURACY_EXACT) {
      zcz_result_free(result);
      continue;
    }
    for (uint32_t o = 0; o < 3; o++) {
      zcz_observable *observable;
      OK(zcz_observable_parse(context, texts[o], zcz_circuit_num_qubits(circuit), &observable, e));
      const double want = oracle_expectation(unmeasured, observable);
      const double got = zcz_result_expectation(result, o, NULL);
      if (!(fabs(got - want) <= 4 * tolerance))
        fail_msg("circuit %llu, %s: <%s> = %.12g, not %.12g", (unsigned long long)number,
                 zcz_result_engine(result), texts[o], got, want);
      zcz_observable_free(context, observable);
      t->expectations++;
    }
    for (uint32_t a = 0; a < zcz_result_num_amplitudes(result); a++) {
      const zcz_complex got = zcz_result_amplitudes(result)[a];
      const oracle_number want = state[strtoul(strings[a], NULL, 2)];
      if (!(cabs(got.re + _Complex_I * got.im - want) <= tolerance))
        fail_msg("circuit %llu, %s: amplitude %s is (%g, %g), not (%g, %g)",
                 (unsigned long long)number, zcz_result_engine(result), strings[a], got.re, got.im,
                 creal(want), cimag(want));
      t->amplitudes++;
    }
    zcz_result_free(result);
  }
  free(state);
}

/* Kinds of circuits by number: any gates, matrices too, Clifford, noise, Pauli noise, feed-forward, all of it. */
static zcz_circuit *make(zcz_context *context, uint64_t number, bool measured) {
  const uint32_t kind = (uint32_t)(number % 8);
  if (kind >= 6) {
    random_dynamic_options options = {.qubits = 3,
                                      .bits = 3,
                                      .operations = 18,
                                      .channels = kind == 7,
                                      .control_flow = true,
                                      .measure_some = true};
    zcz_circuit *circuit = random_dynamic(context, &options, number);
    OK(zcz_circuit_measure(circuit, 0, (uint32_t)(number / 8 % 3), 0, e)); /* at least one */
    return circuit;
  }
  random_circuit_options options = {.qubits = 4,
                                    .gates = 20 + (uint32_t)(number % 13),
                                    .clifford_only = kind == 2 || kind == 4,
                                    .with_unitaries = kind == 1,
                                    .with_channels = kind >= 3,
                                    .pauli_channels_only = kind >= 4,
                                    .measure = measured};
  return random_circuit(context, &options, number);
}

static void random_circuits(void **state) {
  (void)state;
  zcz_context *context = conform_context(1, ZCZ_ISA_AUTO);
  zcz_chip *chip;
  OK(zcz_chip_load(context, "zuchongzhi-3.0", &chip, e));
  tally alone = {0}, compiled = {0};
  for (uint64_t number = 0; number < 1000; number++) {
    zcz_circuit *circuit = make(context, number, number % 3 != 0);
    struct oracle_distribution expected = oracle_distribution(circuit);
    compare_probabilities(circuit, NULL, number, &expected, &alone);
    if (number % 8 < 6) {
      zcz_circuit *unmeasured = make(context, number, false);
      compare_state(context, circuit, unmeasured, number, &alone);
      zcz_circuit_free(unmeasured);
    }
    if (number % 5 == 0 || number % 8 >= 6)
      compare_probabilities(circuit, chip, number, &expected, &compiled);
    oracle_distribution_free(&expected);
    zcz_circuit_free(circuit);
  }
  for (int i = 0; i < 4; i++)
    print_message("%s: %u alone (%u refused), %u compiled (%u refused)\n",
                  engines[i] ? engines[i] : "auto", alone.ran[i], alone.unable[i], compiled.ran[i],
                  compiled.unable[i]);
  print_message("%u expectation values, %u amplitudes\n", alone.expectations, alone.amplitudes);
  assert_int_equal(alone.ran[3], 1000);
  assert_true(alone.ran[0] >= 400 && alone.ran[1] == 1000 && alone.ran[2] >= 125);
  zcz_chip_free(context, chip);
  conform_close(context);
}

/* Shots of noisy circuits, trajectories and frames, against the exact distribution at 5 sigma. */
static void shots_of_noisy_circuits(void **state) {
  (void)state;
  zcz_context *context = conform_context(1, ZCZ_ISA_AUTO);
  enum { SHOTS = 20000 };
  for (uint64_t number = 0; number < 40; number++) {
    zcz_circuit *circuit = make(context, 8 * number + 3 + number % 5, true);
    struct oracle_distribution expected = oracle_distribution(circuit);
    for (int i = 0; i < 4; i++) {
      zcz_job_options options = {
          .engine = engines[i], .precision = ZCZ_PRECISION_SINGLE, .shots = SHOTS, .seed = number};
      zcz_result *result = run(circuit, &options, number);
      if (result == NULL) continue;
      const uint32_t bits = zcz_result_num_bits(result);
      uint64_t seen = 0;
      for (size_t k = 0; k < expected.count; k++) {
        char key[65] = "";
        for (uint32_t b = 0; b < bits; b++) key[b] = (expected.keys[k] >> (bits - 1 - b) & 1) + '0';
        const double p = expected.probabilities[k];
        const uint64_t count = conform_count(result, key);
        const double off = fabs((double)count - SHOTS * p);
        if (off > 5 * sqrt(SHOTS * p * (1 - p)) + 3)
          fail_msg("circuit %llu, %s: %s came %llu times, p = %g", (unsigned long long)number,
                   zcz_result_engine(result), key, (unsigned long long)count, p);
        seen += count;
      }
      assert_int_equal(seen, SHOTS);
      zcz_result_free(result);
    }
    oracle_distribution_free(&expected);
    zcz_circuit_free(circuit);
  }
  conform_close(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(random_circuits),
                                     cmocka_unit_test(shots_of_noisy_circuits)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
