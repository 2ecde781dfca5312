/* The same seed gives the same bits: for 1 and 2 threads, for each instruction set of this CPU, for any memory limit
 * that leaves the same engine. */
#include "conform.h"
#include "random_circuit.h"
#include "random_dynamic.h"

/* What a job gave, in one block of bytes: the JSON result but for what may differ, and the state's own bits. */
typedef struct answer {
  char *text;
  void *state;
  size_t state_bytes;
  uint64_t *numbers; /* probabilities, amplitudes, expectation values, as bits */
  size_t count;
} answer;

static void release(answer *a) {
  free(a->text);
  free(a->state);
  free(a->numbers);
}

static uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/* Shots and counts as text, each number as its bits. */
static answer keep(const zcz_result *result) {
  answer a = {0};
  const size_t p = zcz_result_num_probabilities(result), c = zcz_result_num_counts(result);
  const uint32_t m = zcz_result_num_amplitudes(result), x = zcz_result_num_expectations(result);
  const size_t width = zcz_result_num_bits(result) + 1;
  char *key = malloc(width);
  a.numbers = calloc(p + c + 2 * (size_t)m + 2 * (size_t)x + 1, sizeof *a.numbers);
  a.text = calloc((p + c) * width + 1, 1);
  if (key == NULL || a.numbers == NULL || a.text == NULL) abort();
  for (size_t i = 0; i < p; i++) {
    a.numbers[a.count++] = bits_of(zcz_result_probability(result, i, key));
    memcpy(a.text + i * width, key, width - 1);
  }
  for (size_t i = 0; i < c; i++) {
    a.numbers[a.count++] = zcz_result_count(result, i, key);
    memcpy(a.text + (p + i) * width, key, width - 1);
  }
  for (uint32_t i = 0; i < m; i++) {
    a.numbers[a.count++] = bits_of(zcz_result_amplitudes(result)[i].re);
    a.numbers[a.count++] = bits_of(zcz_result_amplitudes(result)[i].im);
  }
  for (uint32_t i = 0; i < x; i++) {
    double error;
    a.numbers[a.count++] = bits_of(zcz_result_expectation(result, i, &error));
    a.numbers[a.count++] = bits_of(error);
  }
  uint64_t amplitudes;
  zcz_precision precision;
  const void *state = zcz_result_state(result, &amplitudes, &precision);
  if (state != NULL) {
    a.state_bytes = amplitudes * 8 * (size_t)precision;
    a.state = malloc(a.state_bytes);
    if (a.state == NULL) abort();
    memcpy(a.state, state, a.state_bytes);
  }
  a.text = realloc(a.text, (p + c) * width + 1);
  free(key);
  return a;
}

static void same(const answer *a, const answer *b, size_t text, const char *what) {
  if (a->count != b->count || memcmp(a->numbers, b->numbers, a->count * sizeof *a->numbers) != 0 ||
      memcmp(a->text, b->text, text) != 0 || a->state_bytes != b->state_bytes ||
      (a->state_bytes && memcmp(a->state, b->state, a->state_bytes) != 0))
    fail_msg("%s: not the same bits", what);
}

typedef zcz_circuit *maker(zcz_context *context);

static zcz_circuit *pure(zcz_context *context) {
  random_circuit_options options = {
      .qubits = 14, .gates = 200, .with_unitaries = true, .measure = true};
  return random_circuit(context, &options, 1);
}
static zcz_circuit *clifford(zcz_context *context) {
  random_circuit_options options = {
      .qubits = 40, .gates = 400, .clifford_only = true, .measure = true};
  return random_circuit(context, &options, 2);
}
static zcz_circuit *clifford_noise(zcz_context *context) {
  random_circuit_options options = {.qubits = 30,
                                    .gates = 300,
                                    .clifford_only = true,
                                    .with_channels = true,
                                    .pauli_channels_only = true,
                                    .measure = true};
  return random_circuit(context, &options, 3);
}
static zcz_circuit *noise(zcz_context *context) {
  random_circuit_options options = {
      .qubits = 7, .gates = 80, .with_channels = true, .measure = true};
  return random_circuit(context, &options, 4);
}
static zcz_circuit *dynamic(zcz_context *context) {
  random_dynamic_options options = {.qubits = 6,
                                    .bits = 6,
                                    .operations = 60,
                                    .channels = true,
                                    .control_flow = true,
                                    .measure_some = true};
  return random_dynamic(context, &options, 5);
}
static zcz_circuit *branching(zcz_context *context) {
  random_dynamic_options options = {
      .qubits = 6, .bits = 6, .operations = 60, .control_flow = true, .measure_some = true};
  return random_dynamic(context, &options, 6);
}
static zcz_circuit *program(zcz_context *context) { /* three parts that never meet, on a chip */
  return conform_program(context,
                         "OPENQASM 3.0; include \"stdgates.inc\"; qubit[6] q; bit[6] c; h q[0];"
                         "cx q[0], q[1]; cx q[1], q[2]; t q[2]; h q[2]; h q[3]; cx q[3], q[4];"
                         "rx(0.3) q[4]; ry(1.1) q[5]; c = measure q;");
}

static const char *const strings[] = {"00000000000001", "10110001110001", "11111111111111"};
static const char *const observables[] = {"Z0*Z1 - 0.5*X3", "Y2*X1*Z5"};

typedef struct test_case {
  const char *name, *engine;
  maker *make;
  bool chip, state;
  uint64_t shots, probabilities;
} test_case;

static const test_case cases[] = {
    {"state vector", "statevector", pure, false, true, 2000, 1},
    {"tableau", "stabilizer", clifford, false, false, 2000, 0},
    {"frames", "stabilizer", clifford_noise, false, false, 20000, 0},
    {"trajectories", "statevector", noise, false, false, 3000, 0},
    {"density", "density", noise, false, false, 3000, 1},
    {"dynamic trajectories", "statevector", dynamic, false, false, 3000, 0},
    {"dynamic density", "density", dynamic, false, false, 3000, 1},
    {"branches", "statevector", branching, false, false, 3000, 1},
    {"chip, auto", NULL, program, true, false, 20000, 1},
    {"chip, trajectories", "statevector", program, true, false, 5000, 0},
};

static answer ask(const test_case *c, zcz_precision precision, int threads, zcz_isa isa,
                  uint64_t limit, size_t *text) {
  zcz_context *context;
  zcz_context_options settings = {.threads = threads, .isa = isa, .memory_limit = limit};
  OK(zcz_context_new(&settings, &context, e));
  zcz_circuit *circuit = c->make(context);
  zcz_chip *chip = NULL;
  if (c->chip) OK(zcz_chip_load(context, "zuchongzhi-3.0", &chip, e));
  zcz_job_options options = {.engine = c->engine,
                             .precision = precision,
                             .seed = 77,
                             .chip = chip,
                             .noise = {ZCZ_NOISE_ALL, false},
                             .shots = c->shots,
                             .probabilities = c->probabilities != 0,
                             .state = c->state,
                             .num_amplitudes = c->state ? 3 : 0,
                             .amplitudes = strings,
                             .num_observables =
                                 c->chip || c->make == dynamic || c->make == branching ? 0 : 2,
                             .observables = observables};
  zcz_result *result;
  zcz_error error = {0};
  if (zcz_job_run(circuit, &options, &result, &error) != ZCZ_OK)
    fail_msg("%s: %s", c->name, error.message);
  answer a = keep(result);
  *text = (zcz_result_num_probabilities(result) + zcz_result_num_counts(result)) *
          (zcz_result_num_bits(result) + 1);
  zcz_result_free(result);
  zcz_chip_free(context, chip);
  zcz_circuit_free(circuit);
  conform_close(context);
  return a;
}

static void same_bits(void **state) {
  (void)state;
  zcz_context *any = conform_context(1, ZCZ_ISA_AUTO);
  const zcz_isa widest = zcz_context_isa(any);
  conform_close(any);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (int p = ZCZ_PRECISION_SINGLE; p <= ZCZ_PRECISION_DOUBLE; p++) {
      size_t size, text;
      const double start = zcz_seconds();
      answer first = ask(&cases[i], (zcz_precision)p, 1, ZCZ_ISA_BASE, 4ull << 30, &size);
      for (int isa = ZCZ_ISA_BASE; isa <= (int)widest; isa++)
        for (int threads = 1; threads <= 3; threads++) {
          /* the limit changes with the threads: as long as the engine fits, it changes nothing */
          answer other = ask(&cases[i], (zcz_precision)p, threads, (zcz_isa)isa,
                             (1ull << 30) << threads, &text);
          char what[128];
          snprintf(what, sizeof what, "%s, precision %d, %s, %d threads", cases[i].name, p,
                   zcz_isa_name((zcz_isa)isa), threads);
          if (size != text) fail_msg("%s: other outcomes", what);
          same(&first, &other, size, what);
          release(&other);
        }
      release(&first);
      print_message("%s, precision %d: %.2f s\n", cases[i].name, p, zcz_seconds() - start);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(same_bits)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
