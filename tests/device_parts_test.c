/* Many small experiments at once on the virtual chip, in one job: right, cheap, and none knows of another. */
#include "conform.h"

typedef struct many {
  zcz_context *context;
  zcz_chip *chip;
} many;

static many open_many(void) {
  many m = {.context = conform_context(1, ZCZ_ISA_AUTO)};
  OK(zcz_chip_load(m.context, "zuchongzhi-3.0", &m.chip, e));
  return m;
}

static void close_many(many *m) {
  zcz_chip_free(m->context, m->chip);
  conform_close(m->context);
}

static zcz_result *shots_of(many *m, const char *text, const zcz_job_options *options) {
  zcz_circuit *circuit = conform_program(m->context, text);
  zcz_result *result;
  const double start = zcz_seconds();
  OK(zcz_job_run(circuit, options, &result, e));
  print_message("%u bits, %llu shots by %s: %.3f s\n", zcz_result_num_bits(result),
                (unsigned long long)options->shots, zcz_result_engine(result),
                zcz_seconds() - start);
  zcz_circuit_free(circuit);
  return result;
}

/* How often bit a was 1, b was 1, and both. */
static void tally(const zcz_result *result, uint32_t a, uint32_t b, double n[3]) {
  char key[256];
  const uint32_t bits = zcz_result_num_bits(result);
  n[0] = n[1] = n[2] = 0;
  for (size_t i = 0; i < zcz_result_num_counts(result); i++) {
    const double count = (double)zcz_result_count(result, i, key);
    const bool one = key[bits - 1 - a] == '1', two = key[bits - 1 - b] == '1';
    n[0] += one * count;
    n[1] += two * count;
    n[2] += (one && two) * count;
  }
}

/* Flip, wait 20 microseconds, read: 105 of them. */
static void decay_of_all_at_once(void **state) {
  (void)state;
  many m = open_many();
  const zcz_job_options options = {.chip = m.chip,
                                   .noise = {ZCZ_NOISE_ALL, false},
                                   .layout = ZCZ_LAYOUT_AS_WRITTEN,
                                   .precision = ZCZ_PRECISION_SINGLE,
                                   .seed = 5,
                                   .shots = 20000};
  zcz_result *result = shots_of(&m,
                                "OPENQASM 3.0; include \"stdgates.inc\"; qubit[105] q; bit[105] c;"
                                "x q; delay[20us] q; c = measure q;",
                                &options);
  for (uint32_t q = 0; q < 105; q++) {
    const zcz_chip_qubit *qubit = &m.chip->qubits[q];
    double n[3];
    tally(result, q, q, n);
    const double left = exp(-20 / qubit->t1_us);
    const double p = qubit->p10 + (1 - qubit->p10 - qubit->p01) * left;
    /* what the pulse itself loses, twice its error at most, comes on top of 5 sigma */
    const double slack = 5 * sqrt(p * (1 - p) / 20000) + 2 * qubit->pauli_error;
    if (fabs(n[0] / 20000 - p) > slack)
      fail_msg("%s: read 1 in %g of the shots, expected %g", qubit->name, n[0] / 20000, p);
  }
  zcz_result_free(result);
  close_many(&m);
}

/* Bell pairs on 52 couplers that share no qubit. */
static void pairs_at_once(void **state) {
  (void)state;
  many m = open_many();
  char text[8192] = "OPENQASM 3.0; include \"stdgates.inc\"; qubit[104] q; bit[104] c;";
  for (int i = 0; i < 104; i += 2)
    sprintf(text + strlen(text), "h q[%d]; cx q[%d], q[%d];", i, i, i + 1);
  strcat(text, "c = measure q;");
  zcz_job_options options = {
      .chip = m.chip, .precision = ZCZ_PRECISION_SINGLE, .seed = 6, .shots = 5000};
  zcz_result *clean = shots_of(&m, text, &options);
  options.noise.parts = ZCZ_NOISE_ALL;
  zcz_result *real = shots_of(&m, text, &options);
  for (uint32_t i = 0; i < 104; i += 2) {
    double n[3];
    tally(clean, i, i + 1, n);
    assert_true(n[0] == n[1] && n[0] == n[2]);
    assert_true(fabs(n[0] - 2500) < 5 * sqrt(1250));
    tally(real, i, i + 1, n);
    const double odd = (n[0] + n[1] - 2 * n[2]) / 5000; /* readout, gates: a few in a hundred */
    if (!(odd > 0.002 && odd < 0.12)) fail_msg("pair %u: %g unlike", i / 2, odd);
  }
  zcz_result_free(clean);
  zcz_result_free(real);
  close_many(&m);
}

/* Two parts never correlate: chi-square of each pair of neighbours' 2 x 2 table, on each engine. */
static void parts_are_independent(void **state) {
  (void)state;
  static const char fair[] = "OPENQASM 3.0; include \"stdgates.inc\"; qubit[105] q; bit[105] c;"
                             "h q; c = measure q;";
  static const char mixed[] = "OPENQASM 3.0; include \"stdgates.inc\"; qubit[105] q; bit[105] c;"
                              "ry(1.2) q; c = measure q;";
  static const char middle[] = "OPENQASM 3.0; include \"stdgates.inc\"; qubit[105] q; bit[105] c;"
                               "ry(1.2) q; c = measure q; h q; c = measure q;";
  const struct {
    const char *engine, *text;
    uint32_t parts;
  } cases[] = {{"statevector", fair, 0},    {"stabilizer", fair, 0},
               {"density", mixed, 0},       {"statevector", middle, 0},
               {NULL, fair, ZCZ_NOISE_ALL}, {"statevector", mixed, ZCZ_NOISE_ALL}};
  enum { SHOTS = 4000 };
  many m = open_many();
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    zcz_job_options options = {.engine = cases[k].engine,
                               .precision = ZCZ_PRECISION_SINGLE,
                               .chip = cases[k].parts ? m.chip : NULL,
                               .noise = {cases[k].parts, false},
                               .seed = 7 + k,
                               .shots = SHOTS};
    zcz_result *result = shots_of(&m, cases[k].text, &options);
    double chi = 0;
    for (uint32_t q = 0; q + 1 < 105; q++) {
      double n[3];
      tally(result, q, q + 1, n);
      const double a = n[0] / SHOTS, b = n[1] / SHOTS, both = n[2] / SHOTS;
      chi += SHOTS * (both - a * b) * (both - a * b) / (a * (1 - a) * b * (1 - b));
    }
    if (!(fabs(chi - 104) < 5 * sqrt(2 * 104)))
      fail_msg("case %zu: chi-square of 104 tables is %g", k, chi);
    zcz_result_free(result);
  }
  close_many(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(decay_of_all_at_once),
                                     cmocka_unit_test(pairs_at_once),
                                     cmocka_unit_test(parts_are_independent)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
