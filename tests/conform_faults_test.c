/* Every allocation of a small job fails in turn, and jobs are cancelled while they run: a clear status, nothing left
 * behind, never a crash. */
#include "conform.h"

#include <pthread.h>
#include <time.h>

static const char text[] =
    "OPENQASM 3.0; include \"stdgates.inc\"; qubit[4] q; bit[4] c; h q[0]; cx q[0], q[2];"
    "rz(0.3) q[2]; cx q[2], q[1]; u3(0.1, 0.2, 0.3) q[3]; c = measure q;";
static const char dynamic_text[] =
    "OPENQASM 3.0; include \"stdgates.inc\"; qubit[3] q; bit[3] c; h q[0]; c[0] = measure q[0];"
    "if (c[0]) { x q[1]; } reset q[0]; ry(0.4) q[2]; cx q[2], q[1];"
    "\n#pragma braket noise depolarizing(0.01) q[1]\n c[1] = measure q[1]; c[2] = measure q[2];";
static const char clifford_text[] =
    "OPENQASM 3.0; include \"stdgates.inc\"; qubit[3] q; bit[3] c; h q[0]; cx q[0], q[1];"
    "\n#pragma braket noise bit_flip(0.1) q[1]\n c = measure q;";

typedef struct test_case {
  const char *name, *program, *engine;
  bool chip, state, exact;
} test_case;

static const test_case cases[] = {
    {"machine", text, NULL, true, false, false},
    {"machine, exact", text, NULL, true, false, true},
    {"state", text, "statevector", false, true, true},
    {"trajectories", dynamic_text, "statevector", false, false, false},
    {"density", dynamic_text, "density", false, false, true},
    {"stabilizer", clifford_text, "stabilizer", false, false, false}};

/* Reads, compiles, runs and writes the result, with the n-th allocation failing. */
static zcz_status whole_job(zcz_context *context, const test_case *c, zcz_error *error) {
  static const char *const strings[] = {"0101"}, *const observables[] = {"Z0*Z1 + X2"};
  zcz_chip *chip = NULL;
  zcz_circuit *circuit = NULL;
  zcz_result *result = NULL;
  char *json = NULL;
  zcz_status status = zcz_program_read(context, ZCZ_LANGUAGE_QASM3, "p", c->program,
                                       strlen(c->program), NULL, &circuit, error);
  if (status == ZCZ_OK && c->chip) status = zcz_chip_load(context, "zuchongzhi-3.0", &chip, error);
  zcz_job_options options = {.file = "p",
                             .language = "qasm3",
                             .engine = c->engine,
                             .precision = ZCZ_PRECISION_SINGLE,
                             .chip = chip,
                             .noise = {ZCZ_NOISE_ALL, false},
                             .shots = 50,
                             .memory_shots = true,
                             .probabilities = c->exact,
                             .state = c->state,
                             .num_amplitudes = c->state,
                             .amplitudes = strings,
                             .num_observables = c->state,
                             .observables = observables};
  if (status == ZCZ_OK) status = zcz_job_run(circuit, &options, &result, error);
  if (status == ZCZ_OK) status = zcz_result_json(result, &json, error);
  zcz_text_free(context, json);
  zcz_result_free(result);
  zcz_circuit_free(circuit);
  zcz_chip_free(context, chip);
  return status;
}

/* Beyond the first allocations of a job with thousands (the compiler's search), every few are tried. */
static void each_allocation(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint64_t tried = 0, n = 1;
    const double start = zcz_seconds();
    for (bool done = false; !done; n += n < 1500 ? 1 : 1 + n / 100) {
      zcz_context *context;
      zcz_context_options options = {
          .threads = 1, .memory_limit = 1ull << 30, .fail_allocation = n};
      OK(zcz_context_new(&options, &context, e));
      zcz_error error = {0};
      const zcz_status status = whole_job(context, &cases[i], &error);
      if (status != ZCZ_OK && status != ZCZ_ERROR_UNABLE)
        fail_msg("%s, allocation %llu: status %d, %s", cases[i].name, (unsigned long long)n, status,
                 error.message);
      if (status != ZCZ_OK && error.message[0] == 0)
        fail_msg("%s, allocation %llu: no message", cases[i].name, (unsigned long long)n);
      if (zcz_memory_in_use(context) != 0)
        fail_msg("%s, allocation %llu: %llu bytes left behind", cases[i].name,
                 (unsigned long long)n, (unsigned long long)zcz_memory_in_use(context));
      done = status == ZCZ_OK;
      zcz_context_free(context);
      tried++;
    }
    print_message("%s: %llu failures in a job of %llu allocations, %.2f s\n", cases[i].name,
                  (unsigned long long)tried, (unsigned long long)n, zcz_seconds() - start);
  }
}

/* ---- cancellation ---- */

static void *cancel_soon(void *context) {
  const struct timespec pause = {.tv_nsec = 200000000};
  nanosleep(&pause, NULL);
  zcz_context_cancel(context);
  return NULL;
}

/* A job of minutes, stopped after 0.2 seconds: by hand, or by a time limit. */
static void stop(const char *program, const char *engine, bool exact, bool by_hand) {
  zcz_context *context;
  zcz_context_options settings = {
      .threads = 2, .memory_limit = 1ull << 30, .time_limit = by_hand ? 0 : 0.3};
  OK(zcz_context_new(&settings, &context, e));
  zcz_circuit *circuit = conform_program(context, program);
  zcz_job_options options = {.engine = engine,
                             .precision = ZCZ_PRECISION_DOUBLE,
                             .shots = exact ? 0 : ZCZ_MAX_SHOTS,
                             .probabilities = exact};
  zcz_result *result;
  zcz_error error = {0};
  pthread_t thread;
  if (by_hand) assert_int_equal(pthread_create(&thread, NULL, cancel_soon, context), 0);
  const double start = zcz_seconds();
  const zcz_status status = zcz_job_run(circuit, &options, &result, &error);
  const double took = zcz_seconds() - start;
  if (by_hand) pthread_join(thread, NULL);
  if (status != ZCZ_ERROR_CANCELLED)
    fail_msg("%s: status %d after %g s, %s", engine, status, took, error.message);
  print_message("%s%s, %s: stopped after %.2f s with %llu shots\n", engine, exact ? ", exact" : "",
                by_hand ? "by hand" : "by time", took,
                result ? (unsigned long long)zcz_result_shots_done(result) : 0ull);
  if (took > 10) fail_msg("%s: took %g s to stop", engine, took);
  if (result != NULL) {
    char *json, *mark;
    uint64_t counted = 0, done = zcz_result_shots_done(result);
    char *key = calloc(zcz_result_num_bits(result) + 1, 1);
    assert_false(zcz_result_complete(result));
    for (size_t i = 0; i < zcz_result_num_counts(result); i++)
      counted += zcz_result_count(result, i, key);
    assert_int_equal(counted, done);
    OK(zcz_result_json(result, &json, e));
    mark = strstr(json, "\"complete\": false");
    assert_non_null(mark ? mark : strstr(json, "\"complete\":false"));
    zcz_text_free(context, json);
    free(key);
  }
  zcz_result_free(result);
  zcz_circuit_free(circuit);
  conform_close(context);
}

static void cancelled(void **state) {
  (void)state;
  static const char noisy[] =
      "OPENQASM 3.0; include \"stdgates.inc\"; qubit[12] q; bit[12] c; ry(0.3) q; cx q[0], q[1];"
      "cx q[1], q[2]; cx q[2], q[3]; cx q[3], q[4]; cx q[4], q[5]; cx q[5], q[6]; cx q[6], q[7];"
      "cx q[7], q[8]; cx q[8], q[9]; cx q[9], q[10]; cx q[10], q[11];"
      "\n#pragma braket noise amplitude_damping(0.1) q[3]\n ry(0.3) q; c = measure q;";
  static const char wide[] =
      "OPENQASM 3.0; include \"stdgates.inc\"; qubit[4] q; bit[4] c; h q; c = measure q;";
  /* A density matrix of 12 qubits through 60 layers: many seconds of work. */
  char deep[32768] = "OPENQASM 3.0; include \"stdgates.inc\"; qubit[12] q; bit[12] c;\n";
  for (int layer = 0; layer < 60; layer++)
    strcat(deep, "ry(0.3) q; cx q[0], q[1]; cx q[1], q[2]; cx q[2], q[3]; cx q[3], q[4];"
                 "cx q[4], q[5]; cx q[5], q[6]; cx q[6], q[7]; cx q[7], q[8]; cx q[8], q[9];"
                 "cx q[9], q[10]; cx q[10], q[11];"
                 "\n#pragma braket noise amplitude_damping(0.1) q[3]\n");
  strcat(deep, "c = measure q;");
  for (int by_hand = 0; by_hand < 2; by_hand++) {
    stop(noisy, "statevector", false, by_hand);
    stop(wide, "stabilizer", false, by_hand);
    stop(deep, "density", true, by_hand);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation),
                                     cmocka_unit_test(cancelled)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
