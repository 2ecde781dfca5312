/* The 10,000 published amplitudes of a 30-qubit, 14-cycle circuit, in both precisions: 8 and 16 GiB. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cpu.h"
#include "base/progress.h"
#include "sim/statevector/state.h"
#include "zcz/lang.h"

enum { QUBITS = 30 };

static char *shared_file(const char *name) {
  const char *folder = getenv("ZCZ_SHARED_DATA");
  size_t size = strlen(folder ? folder : "../shared/data") + strlen(name) + 2;
  char *path = malloc(size);
  snprintf(path, size, "%s/%s", folder ? folder : "../shared/data", name);
  return path;
}

static char *read_whole(const char *name, size_t *size) {
  char *path = shared_file(name), *text = NULL;
  FILE *file = fopen(path, "rb");
  if (file) {
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    text = malloc(*size + 1);
    *size = fread(text, 1, *size, file);
    text[*size] = 0;
    fclose(file);
  } else {
    print_message("%s is not here\n", path);
  }
  free(path);
  return text;
}

/* Root mean square and largest difference in units of 2^(-n/2). The file's strings begin with qubit
 * 0; `reversed` reads them the other way. */
static void compare(const zcz_sv *state, const char *text, bool reversed, double *rms,
                    double *largest) {
  double sum = 0, unit = ldexp(1, -QUBITS / 2);
  size_t count = 0;
  *largest = 0;
  for (const char *line = text; *line;) {
    char key[QUBITS + 2];
    double re, im;
    int used;
    if (sscanf(line, "%31s %lf %lf%n", key, &re, &im, &used) != 3) break;
    uint64_t index = 0;
    for (uint32_t i = 0; i < QUBITS; i++)
      if (key[i] == '1') index |= (uint64_t)1 << (reversed ? QUBITS - 1 - i : i);
    zcz_complex a = zcz_sv_amplitude(state, index);
    double far = hypot(a.re - re, a.im - im) / unit;
    sum += far * far;
    if (far > *largest) *largest = far;
    count++;
    line += used;
    while (*line == '\n' || *line == '\r' || *line == ' ') line++;
  }
  assert_int_equal(count, 10000);
  *rms = sqrt(sum / (double)count);
}

static void run(zcz_precision precision, double rms_limit, double largest_limit) {
  size_t size, amplitudes_size;
  char *program = read_whole("circuits/circuit_n30_m14_s0_e0_pEFGH.qsim", &size);
  char *text = read_whole("amplitudes/amplitudes_n30_m14_s0_e0_pEFGH_10000.txt", &amplitudes_size);
  uint64_t bytes = zcz_sv_bytes(QUBITS, precision);
  if (!program || !text || zcz_cpu_free_memory() < bytes + bytes / 16) {
    print_message("left out: it wants its data and %.0f GiB\n", (double)bytes / (1 << 30));
    free(program);
    free(text);
    skip();
  }
  zcz_context_options options = {.memory_limit = bytes + ((uint64_t)1 << 30)};
  zcz_context *context;
  zcz_circuit *circuit;
  zcz_sv *state;
  zcz_sv_plan *plan;
  zcz_error error = {0};
  double rms, largest, other_rms, other, start;
  assert_int_equal(zcz_context_new(&options, &context, NULL), ZCZ_OK);
  assert_int_equal(
      zcz_program_read(context, ZCZ_LANGUAGE_QSIM, "n30", program, size, NULL, &circuit, &error),
      ZCZ_OK);
  assert_int_equal(zcz_sv_new(context, QUBITS, precision, 0, &state, &error), ZCZ_OK);
  assert_int_equal(zcz_sv_plan_new(context, QUBITS, precision, zcz_circuit_ops(circuit, 0),
                                   zcz_circuit_num_ops(circuit, 0), NULL, false, &plan, &error),
                   ZCZ_OK);
  start = zcz_clock();
  assert_int_equal(zcz_sv_apply(state, plan, NULL, &error), ZCZ_OK);
  print_message("%u passes, %.1f s\n", zcz_sv_plan_passes(plan), zcz_clock() - start);
  compare(state, text, false, &rms, &largest);
  compare(state, text, true, &other_rms, &other);
  print_message("rms %.3g, largest %.3g of 2^-15 (strings reversed: %.3g)\n", rms, largest, other);
  if (other < largest) rms = other_rms, largest = other;
  assert_true(rms <= rms_limit);
  assert_true(largest <= largest_limit);
  zcz_sv_plan_free(plan);
  zcz_sv_free(state);
  zcz_circuit_free(circuit);
  zcz_context_free(context);
  free(program);
  free(text);
}

static void test_single(void **unused) {
  (void)unused;
  run(ZCZ_PRECISION_SINGLE, 2e-6, 1e-5);
}

/* The file has nine digits of numbers up to 3 units: half a unit of the last is 5e-9 of them. */
static void test_double(void **unused) {
  (void)unused;
  run(ZCZ_PRECISION_DOUBLE, 2e-8, 1e-7);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_single), cmocka_unit_test(test_double)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
