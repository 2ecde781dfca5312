/* The state vector against the dense oracle: states, sums, samples, Kraus operators; and the same
 * bits for every instruction set and thread count. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "oracle.h"
#include "random_circuit.h"
#include "sim/statevector/state.h"

static zcz_context *new_context(zcz_isa isa, int threads) {
  zcz_context_options options = {.threads = threads, .isa = isa};
  zcz_context *context = NULL;
  if (zcz_context_new(&options, &context, NULL) != ZCZ_OK) return NULL;
  return context;
}

static zcz_sv *run_plan(zcz_context *context, const zcz_circuit *circuit, zcz_precision precision,
                        bool keep_layout) {
  zcz_sv *state = NULL;
  zcz_sv_plan *plan = NULL;
  uint32_t n = zcz_circuit_num_qubits(circuit);
  zcz_error error = {0};
  assert_int_equal(zcz_sv_new(context, n, precision, 0, &state, &error), ZCZ_OK);
  assert_int_equal(zcz_sv_plan_new(context, n, precision, zcz_circuit_ops(circuit, 0),
                                   zcz_circuit_num_ops(circuit, 0), NULL, keep_layout, &plan,
                                   &error),
                   ZCZ_OK);
  assert_int_equal(zcz_sv_apply(state, plan, "test", &error), ZCZ_OK);
  if (keep_layout)
    for (uint32_t q = 0; q < n; q++) assert_int_equal(zcz_sv_layout(state)[q], q);
  zcz_sv_plan_free(plan);
  return state;
}

static double tolerance(zcz_precision precision) {
  return precision == ZCZ_PRECISION_SINGLE ? 4e-6 : 1e-13;
}

static void compare_state(const zcz_sv *state, const oracle_number *expected, const char *what) {
  uint64_t size = (uint64_t)1 << zcz_sv_num_qubits(state);
  double worst = 0;
  for (uint64_t i = 0; i < size; i++) {
    zcz_complex a = zcz_sv_amplitude(state, i);
    double far = hypot(a.re - creal(expected[i]), a.im - cimag(expected[i]));
    if (!(far <= worst)) worst = far;
  }
  if (!(worst < tolerance(zcz_sv_precision(state)))) {
    print_message("%s: off by %g\n", what, worst);
    fail();
  }
}

static void compare_circuit(zcz_context *context, const zcz_circuit *circuit, const char *what) {
  oracle_number *expected = oracle_state(circuit);
  for (int precision = ZCZ_PRECISION_SINGLE; precision <= ZCZ_PRECISION_DOUBLE; precision++)
    for (int keep = 0; keep < 2; keep++) {
      zcz_sv *state = run_plan(context, circuit, (zcz_precision)precision, keep);
      compare_state(state, expected, what);
      zcz_sv_free(state);
    }
  free(expected);
}

static void test_random_circuits(void **unused) {
  (void)unused;
  zcz_context *context = new_context(ZCZ_ISA_AUTO, 2);
  char what[80];
  for (uint64_t number = 0; number < 400; number++) {
    random_circuit_options options = {.qubits = 1 + (uint32_t)(number % 9),
                                      .gates = 40,
                                      .no_controls = number % 3 == 1,
                                      .with_unitaries = number % 3 == 0};
    snprintf(what, sizeof what, "random circuit %llu", (unsigned long long)number);
    zcz_circuit *circuit = random_circuit(context, &options, number);
    compare_circuit(context, circuit, what);
    zcz_circuit_free(circuit);
  }
  for (uint64_t number = 1000; number < 1014; number++) {
    random_circuit_options options = {.qubits = 10 + (uint32_t)(number % 7),
                                      .gates = 150,
                                      .no_controls = number % 2 == 1,
                                      .with_unitaries = number % 4 == 0};
    snprintf(what, sizeof what, "random circuit %llu", (unsigned long long)number);
    zcz_circuit *circuit = random_circuit(context, &options, number);
    compare_circuit(context, circuit, what);
    zcz_circuit_free(circuit);
  }
  zcz_context_free(context);
}

static void test_single_operations(void **unused) {
  (void)unused;
  zcz_context *context = new_context(ZCZ_ISA_AUTO, 1);
  for (uint64_t number = 0; number < 100; number++) {
    random_circuit_options options = {
        .qubits = 2 + (uint32_t)(number % 7), .gates = 25, .with_unitaries = true};
    zcz_circuit *circuit = random_circuit(context, &options, number);
    oracle_number *expected = oracle_state(circuit);
    zcz_sv *state;
    assert_int_equal(zcz_sv_new(context, options.qubits, ZCZ_PRECISION_DOUBLE, 1, &state, NULL),
                     ZCZ_OK);
    for (size_t i = 0; i < zcz_circuit_num_ops(circuit, 0); i++)
      assert_int_equal(zcz_sv_apply_op(state, &zcz_circuit_ops(circuit, 0)[i], NULL), ZCZ_OK);
    compare_state(state, expected, "one operation at a time");
    zcz_sv_free(state);
    free(expected);
    zcz_circuit_free(circuit);
  }
  zcz_context_free(context);
}

/* States of more than one tile, of one level of tiles and of two, against one operation at a time. */
static void test_many_tiles(void **unused) {
  (void)unused;
  zcz_context *context = new_context(ZCZ_ISA_AUTO, 2);
  for (uint32_t n = 18; n <= 20; n += 2)
    for (int precision = 1; precision <= 2; precision++) {
      random_circuit_options options = {
          .qubits = n, .gates = 110, .with_unitaries = n == 18, .no_controls = n == 20};
      zcz_circuit *circuit = random_circuit(context, &options, 4000 + n);
      zcz_sv *state = run_plan(context, circuit, (zcz_precision)precision, n == 20), *slow;
      assert_int_equal(zcz_sv_new(context, n, ZCZ_PRECISION_DOUBLE, 2, &slow, NULL), ZCZ_OK);
      for (size_t i = 0; i < zcz_circuit_num_ops(circuit, 0); i++)
        assert_int_equal(zcz_sv_apply_op(slow, &zcz_circuit_ops(circuit, 0)[i], NULL), ZCZ_OK);
      double worst = 0;
      for (uint64_t i = 0; i < (uint64_t)1 << n; i++) {
        zcz_complex a = zcz_sv_amplitude(state, i), b = zcz_sv_amplitude(slow, i);
        double far = hypot(a.re - b.re, a.im - b.im);
        if (!(far <= worst)) worst = far;
      }
      assert_true(worst < tolerance((zcz_precision)precision) / 4);
      zcz_sv_free(state);
      zcz_sv_free(slow);
      zcz_circuit_free(circuit);
    }
  zcz_context_free(context);
}

/* The Fourier transform of a basis state has a closed form. */
static void test_fourier(void **unused) {
  (void)unused;
  zcz_context *context = new_context(ZCZ_ISA_AUTO, 2);
  for (uint32_t n = 1; n <= 19; n += 3) {
    zcz_circuit *circuit;
    uint32_t offset;
    uint64_t start = 0x2AAAAAAAA & (((uint64_t)1 << n) - 1);
    assert_int_equal(zcz_circuit_new(context, &circuit, NULL), ZCZ_OK);
    assert_int_equal(zcz_circuit_add_qubits(circuit, "q", n, &offset, NULL), ZCZ_OK);
    for (uint32_t q = 0; q < n; q++)
      if (start >> q & 1)
        assert_int_equal(zcz_circuit_gate(circuit, 0, ZCZ_GATE_X, 0, &q, NULL, NULL), ZCZ_OK);
    for (uint32_t j = n; j-- > 0;) {
      assert_int_equal(zcz_circuit_gate(circuit, 0, ZCZ_GATE_H, 0, &j, NULL, NULL), ZCZ_OK);
      for (uint32_t m = j; m-- > 0;) {
        double angle = ldexp(3.14159265358979323846, -(int)(j - m));
        assert_int_equal(
            zcz_circuit_gate(circuit, 0, ZCZ_GATE_P, 1, (uint32_t[]){m, j}, &angle, NULL), ZCZ_OK);
      }
    }
    for (uint32_t i = 0; i < n / 2; i++)
      assert_int_equal(
          zcz_circuit_gate(circuit, 0, ZCZ_GATE_SWAP, 0, (uint32_t[]){i, n - 1 - i}, NULL, NULL),
          ZCZ_OK);
    for (int precision = 1; precision <= 2; precision++) {
      zcz_sv *state = run_plan(context, circuit, (zcz_precision)precision, false);
      double worst = 0, size = ldexp(1, (int)n);
      for (uint64_t k = 0; k < (uint64_t)1 << n; k++) {
        double turn = (double)(k * start % (uint64_t)size) / size * 6.28318530717958647692;
        zcz_complex a = zcz_sv_amplitude(state, k);
        double far = hypot(a.re * sqrt(size) - cos(turn), a.im * sqrt(size) - sin(turn));
        if (!(far <= worst)) worst = far;
      }
      assert_true(worst < (precision == 1 ? 4e-6 : 1e-13));
      zcz_sv_free(state);
    }
    zcz_circuit_free(circuit);
  }
  zcz_context_free(context);
}

/* ---- sums ---- */

static zcz_sv *random_state(zcz_context *context, uint32_t n, zcz_precision precision,
                            uint64_t number) {
  random_circuit_options options = {.qubits = n, .gates = 12 * n};
  zcz_circuit *circuit = random_circuit(context, &options, number);
  zcz_sv *state = run_plan(context, circuit, precision, false);
  zcz_circuit_free(circuit);
  return state;
}

static void test_sums(void **unused) {
  (void)unused;
  zcz_context *context = new_context(ZCZ_ISA_AUTO, 2);
  for (uint32_t n = 1; n <= 14; n++)
    for (int precision = 1; precision <= 2; precision++) {
      zcz_sv *state = random_state(context, n, (zcz_precision)precision, n);
      uint64_t size = (uint64_t)1 << n;
      double near = precision == 1 ? 1e-5 : 1e-13;
      assert_true(fabs(zcz_sv_norm2(state) - 1) < near);
      for (uint32_t q = 0; q < n; q++) {
        double expected[2] = {0, 0}, weights[2], marginal[2];
        for (uint64_t i = 0; i < size; i++) {
          zcz_complex a = zcz_sv_amplitude(state, i);
          expected[i >> q & 1] += a.re * a.re + a.im * a.im;
        }
        zcz_sv_weights(state, q, weights);
        assert_int_equal(zcz_sv_marginal(state, 1, &q, marginal, NULL), ZCZ_OK);
        for (int b = 0; b < 2; b++) {
          assert_true(fabs(weights[b] - expected[b]) < 1e-13);
          assert_true(fabs(marginal[b] - expected[b]) < 1e-13);
        }
      }
      zcz_sv_free(state);
    }
  zcz_context_free(context);
}

static void test_reduced_and_kraus(void **unused) {
  (void)unused;
  zcz_context *context = new_context(ZCZ_ISA_AUTO, 2);
  for (uint32_t n = 2; n <= 14; n += 3) {
    zcz_sv *state = random_state(context, n, ZCZ_PRECISION_DOUBLE, 50 + n);
    uint64_t size = (uint64_t)1 << n;
    uint32_t qubits[2] = {n - 1, n / 3};
    zcz_complex rho[16], expected[16] = {{0, 0}};
    for (uint64_t i = 0; i < size; i++)
      for (uint32_t c = 0; c < 4; c++) {
        uint64_t mask = (uint64_t)1 << qubits[0] | (uint64_t)1 << qubits[1];
        uint64_t j = (i & ~mask) | (uint64_t)(c & 1) << qubits[0] | (uint64_t)(c >> 1) << qubits[1];
        uint32_t r = (uint32_t)(i >> qubits[0] & 1) | (uint32_t)(i >> qubits[1] & 1) << 1;
        zcz_complex a = zcz_sv_amplitude(state, i), b = zcz_sv_amplitude(state, j);
        expected[r * 4 + c].re += a.re * b.re + a.im * b.im;
        expected[r * 4 + c].im += a.im * b.re - a.re * b.im;
      }
    zcz_sv_reduced(state, 2, qubits, rho);
    for (int i = 0; i < 16; i++) {
      assert_true(fabs(rho[i].re - expected[i].re) < 1e-13);
      assert_true(fabs(rho[i].im - expected[i].im) < 1e-13);
    }
    /* A Kraus operator: its weight is tr(K rho K^dagger). */
    zcz_complex kraus[16];
    double norm2, wanted = 0;
    for (int i = 0; i < 16; i++) kraus[i] = (zcz_complex){0.1 * i - 0.7, 0.3 - 0.05 * i};
    for (int r = 0; r < 4; r++)
      for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
          zcz_complex k = kraus[r * 4 + i], l = kraus[r * 4 + j], m = rho[i * 4 + j];
          double re = k.re * l.re + k.im * l.im, im = k.im * l.re - k.re * l.im;
          wanted += re * m.re - im * m.im;
        }
    zcz_sv_matrix(state, 2, qubits, kraus, &norm2);
    assert_true(fabs(norm2 - wanted) < 1e-12);
    assert_true(fabs(zcz_sv_norm2(state) - wanted) < 1e-12);
    zcz_sv_free(state);
  }
  zcz_context_free(context);
}

static void test_collapse_and_reset(void **unused) {
  (void)unused;
  zcz_context *context = new_context(ZCZ_ISA_AUTO, 1);
  for (uint32_t n = 1; n <= 12; n++)
    for (uint32_t q = 0; q < n; q++) {
      zcz_sv *state = random_state(context, n, ZCZ_PRECISION_DOUBLE, 100 + n), *copy;
      double before[2], after[2];
      assert_int_equal(zcz_sv_new(context, n, ZCZ_PRECISION_DOUBLE, 1, &copy, NULL), ZCZ_OK);
      zcz_sv_copy(copy, state);
      zcz_sv_weights(state, q, before);
      int outcome = before[1] > before[0];
      double scale = 1 / sqrt(before[outcome]);
      zcz_sv_collapse(state, q, outcome, scale);
      zcz_sv_reset(copy, q, outcome, scale);
      zcz_sv_weights(state, q, after);
      assert_true(fabs(after[outcome] - 1) < 1e-12 && after[1 - outcome] == 0);
      for (uint64_t i = 0; i < (uint64_t)1 << n; i++) {
        zcz_complex a = zcz_sv_amplitude(copy, i & ~((uint64_t)1 << q));
        zcz_complex b = zcz_sv_amplitude(state, (i & ~((uint64_t)1 << q)) | (uint64_t)outcome << q);
        assert_true(a.re == b.re && a.im == b.im);
      }
      zcz_sv_weights(copy, q, after);
      assert_true(after[1] == 0);
      zcz_sv_free(state);
      zcz_sv_free(copy);
    }
  zcz_context_free(context);
}

static void test_expectations(void **unused) {
  (void)unused;
  zcz_context *context = new_context(ZCZ_ISA_AUTO, 2);
  for (uint32_t n = 1; n <= 13; n += 2) {
    zcz_sv *state = random_state(context, n, ZCZ_PRECISION_DOUBLE, 200 + n);
    uint64_t size = (uint64_t)1 << n;
    enum { COUNT = 60 };
    zcz_sv_pauli strings[COUNT];
    double values[COUNT];
    for (uint32_t s = 0; s < COUNT; s++) {
      zcz_random_block block = zcz_random(1, ZCZ_PURPOSE_TEST, s, n, 0);
      strings[s].x = s % 3 ? block.word[0] & (size - 1) & (s % 4 ? ~(uint64_t)0 : 3) : 0;
      strings[s].z = block.word[1] & (size - 1);
    }
    assert_int_equal(zcz_sv_expectations(state, COUNT, strings, values, NULL), ZCZ_OK);
    for (uint32_t s = 0; s < COUNT; s++) {
      double complex sum = 0, unit[4] = {1, _Complex_I, -1, -_Complex_I};
      for (uint64_t i = 0; i < size; i++) {
        zcz_complex a = zcz_sv_amplitude(state, i), b = zcz_sv_amplitude(state, i ^ strings[s].x);
        double sign = __builtin_parityll(i & strings[s].z) ? -1 : 1;
        sum += sign * (b.re - _Complex_I * b.im) * (a.re + _Complex_I * a.im);
      }
      sum *= unit[__builtin_popcountll(strings[s].x & strings[s].z) & 3];
      assert_true(fabs(cimag(sum)) < 1e-12);
      assert_true(fabs(creal(sum) - values[s]) < 1e-12);
    }
    zcz_sv_free(state);
  }
  zcz_context_free(context);
}

static void test_samples(void **unused) {
  (void)unused;
  zcz_context *context = new_context(ZCZ_ISA_AUTO, 2);
  enum { SHOTS = 200000 };
  uint64_t *indices = malloc(SHOTS * sizeof *indices), *parts = malloc(SHOTS * sizeof *parts);
  for (uint32_t n = 1; n <= 13; n += 3) {
    zcz_sv *state = random_state(context, n, ZCZ_PRECISION_SINGLE, 300 + n);
    uint64_t size = (uint64_t)1 << n;
    assert_int_equal(zcz_sv_sample(state, 7, 0, SHOTS, indices, NULL), ZCZ_OK);
    for (uint64_t at = 0, cut = 1; at < SHOTS; at += cut, cut = cut * 3 + 1) {
      uint64_t some = SHOTS - at < cut ? SHOTS - at : cut;
      assert_int_equal(zcz_sv_sample(state, 7, at, some, parts + at, NULL), ZCZ_OK);
    }
    assert_memory_equal(indices, parts, SHOTS * sizeof *parts);
    uint64_t *counts = calloc(size, sizeof *counts);
    for (uint64_t s = 0; s < SHOTS; s++) counts[indices[s]]++;
    for (uint64_t i = 0; i < size; i++) {
      zcz_complex a = zcz_sv_amplitude(state, i);
      double p = a.re * a.re + a.im * a.im;
      assert_true(fabs((double)counts[i] - p * SHOTS) < 5.5 * sqrt(p * (1 - p) * SHOTS) + 2);
      assert_true(p > 0 || counts[i] == 0);
    }
    free(counts);
    zcz_sv_free(state);
  }
  free(indices);
  free(parts);
  zcz_context_free(context);
}

/* ---- the same bits everywhere ---- */

static uint64_t digest(const zcz_sv *state) {
  uint64_t hash = 1469598103934665603u, size = (uint64_t)1 << zcz_sv_num_qubits(state);
  for (uint64_t i = 0; i < size; i++) {
    zcz_complex a = zcz_sv_amplitude(state, i);
    uint64_t words[2];
    memcpy(words, &a, sizeof words);
    for (int w = 0; w < 2; w++) hash = (hash ^ words[w]) * 1099511628211u;
  }
  return hash;
}

static void test_same_bits(void **unused) {
  (void)unused;
  static const uint32_t sizes[] = {1, 2, 3, 4, 5, 9, 12, 15, 17, 18};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    for (int precision = 1; precision <= 2; precision++) {
      uint64_t first = 0, first_shot = 0;
      bool have = false;
      for (int isa = ZCZ_ISA_BASE; isa <= ZCZ_ISA_AVX512; isa++)
        for (int threads = 1; threads <= 3; threads++) {
          zcz_context *context = new_context((zcz_isa)isa, threads);
          if (!context) continue;
          zcz_sv *state = random_state(context, sizes[i], (zcz_precision)precision, 7 + i);
          uint64_t hash = digest(state), shots[50], shot = 0;
          double norm2 = zcz_sv_norm2(state);
          memcpy(&shot, &norm2, 8);
          assert_int_equal(zcz_sv_sample(state, 3, 0, 50, shots, NULL), ZCZ_OK);
          for (int s = 0; s < 50; s++) shot = shot * 31 + shots[s];
          if (!have) first = hash, first_shot = shot, have = true;
          assert_true(hash == first);
          assert_true(shot == first_shot);
          zcz_sv_free(state);
          zcz_context_free(context);
        }
    }
}

static void test_wrong_use(void **unused) {
  (void)unused;
  zcz_context *context = new_context(ZCZ_ISA_AUTO, 1);
  zcz_sv *state;
  zcz_error error = {0};
  assert_true(zcz_sv_bytes(ZCZ_SV_MAX_QUBITS + 1, ZCZ_PRECISION_SINGLE) == UINT64_MAX);
  assert_int_equal(
      zcz_sv_new(context, ZCZ_SV_MAX_QUBITS + 1, ZCZ_PRECISION_SINGLE, 1, &state, &error),
      ZCZ_ERROR_UNABLE);
  assert_int_equal(zcz_sv_new(context, 48, ZCZ_PRECISION_DOUBLE, 1, &state, &error),
                   ZCZ_ERROR_UNABLE);
  assert_null(state);
  zcz_sv_free(NULL);
  zcz_sv_plan_free(NULL);
  zcz_context_free(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random_circuits),
      cmocka_unit_test(test_single_operations),
      cmocka_unit_test(test_many_tiles),
      cmocka_unit_test(test_fourier),
      cmocka_unit_test(test_sums),
      cmocka_unit_test(test_reduced_and_kraus),
      cmocka_unit_test(test_collapse_and_reset),
      cmocka_unit_test(test_expectations),
      cmocka_unit_test(test_samples),
      cmocka_unit_test(test_same_bits),
      cmocka_unit_test(test_wrong_use),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
