/* The closed loop: what experiments on the virtual chip measure is what its calibration says, within 5 %. Each
 * experiment is compiled, made noisy and run through the public interface; its probabilities are exact. */
#include "conform.h"

#include "base/random.h"

static const double PI = 3.14159265358979323846;

typedef struct bench {
  zcz_context *context;
  zcz_chip *chip;
  zcz_circuit *circuit; /* being built */
  uint32_t qubits[2], num_qubits, draws;
} bench;

static double roll(bench *b) { return zcz_random_unit(9, ZCZ_PURPOSE_TEST, 0, 3, b->draws++); }

static void begin(bench *b) {
  OK(zcz_circuit_new(b->context, &b->circuit, e));
  OK(zcz_circuit_add_qubits(b->circuit, "q", b->num_qubits, NULL, e));
  OK(zcz_circuit_add_bits(b->circuit, "c", b->num_qubits, NULL, e));
}

static void barrier(bench *b) {
  static const uint32_t both[2] = {0, 1};
  OK(zcz_circuit_barrier(b->circuit, 0, b->num_qubits, both, e));
}

/* A pulse by `angle` about an axis of the equator, kept apart from the next. */
static void pulse(bench *b, uint32_t q, double axis, double angle) {
  OK(zcz_circuit_gate(b->circuit, 0, ZCZ_GATE_RXY, 0, &q, (double[]){axis, angle}, e));
}

static void wait_for(bench *b, double ns) {
  const uint32_t q = 0;
  const zcz_op op = {.kind = ZCZ_OP_DELAY,
                     .num_qubits = 1,
                     .qubits = &q,
                     .num_params = 1,
                     .params = &ns,
                     .bit = ZCZ_NONE,
                     .variable = ZCZ_NONE,
                     .expression = ZCZ_NONE,
                     .blocks = {ZCZ_NONE, ZCZ_NONE},
                     .start_ns = -1};
  OK(zcz_circuit_append(b->circuit, 0, &op, e));
}

/* Measures the qubit, compiles in place, runs with noise: the probabilities of 0 and 1. */
static void finish(bench *b, uint32_t parts, double p[2]) {
  const zcz_compile_options as_written = {
      .layout = ZCZ_LAYOUT_AS_WRITTEN, .qubits = b->qubits, .num_qubits = 1};
  const zcz_noise_options noise = {parts, false};
  const zcz_job_options job = {.precision = ZCZ_PRECISION_DOUBLE, .probabilities = true};
  zcz_compiled *compiled;
  zcz_circuit *noisy;
  zcz_result *result;
  OK(zcz_circuit_measure(b->circuit, 0, 0, 0, e));
  OK(zcz_compile(b->circuit, b->chip, &as_written, &compiled, e));
  OK(zcz_noise_apply(compiled->circuit, b->chip, &noise, &noisy, e));
  OK(zcz_job_run(noisy, &job, &result, e));
  struct oracle_distribution got = conform_probabilities(result);
  for (uint64_t key = 0; key < 2; key++) p[key] = oracle_probability(&got, key);
  oracle_distribution_free(&got);
  zcz_result_free(result);
  zcz_circuit_free(noisy);
  zcz_compiled_free(b->context, compiled);
  zcz_circuit_free(b->circuit);
}

static void close_to(const char *what, const char *name, double got, double want, double *worst) {
  const double off = fabs(got / want - 1);
  if (!(off < 0.05)) fail_msg("%s of %s: measured %g, calibration %g", what, name, got, want);
  if (off > *worst) *worst = off;
}

static bench open_bench(const char *chip) {
  bench b = {.context = conform_context(1, ZCZ_ISA_AUTO)};
  OK(zcz_chip_load(b.context, chip, &b.chip, e));
  return b;
}

static void close_bench(bench *b) {
  zcz_chip_free(b->context, b->chip);
  conform_close(b->context);
}

/* ---- T1, T2, readout: every qubit ---- */

static double excited(bench *b, double ns) {
  double p[2];
  begin(b);
  pulse(b, 0, 0, PI);
  wait_for(b, ns);
  finish(b, ZCZ_NOISE_ALL, p);
  return p[1];
}

/* Two half pulses `ns` apart, the second along the first less the second against it. */
static double fringe(bench *b, double ns) {
  double p[2], sum = 0;
  for (int sign = 1; sign >= -1; sign -= 2) {
    begin(b);
    pulse(b, 0, 0, PI / 2);
    wait_for(b, ns);
    pulse(b, 0, 0, sign * PI / 2);
    finish(b, ZCZ_NOISE_ALL, p);
    sum += sign * p[1];
  }
  return sum;
}

static void relaxation_and_readout(void **state) {
  (void)state;
  double worst[4] = {0};
  bench b = open_bench("zuchongzhi-3.0");
  b.num_qubits = 1;
  for (uint32_t q = 0; q < b.chip->num_qubits; q++) {
    const zcz_chip_qubit *qubit = &b.chip->qubits[q];
    if (!qubit->enabled) continue;
    b.qubits[0] = q;
    /* The delays are those an experimenter would take, the same for all: 10 and 50 microseconds. */
    const double floor = excited(&b, 1e7), near = excited(&b, 1e4), far = excited(&b, 5e4);
    close_to("T1", qubit->name, 40 / log((near - floor) / (far - floor)), qubit->t1_us, &worst[0]);
    close_to("T2", qubit->name, 40 / log(fringe(&b, 1e4) / fringe(&b, 5e4)), qubit->t2_us,
             &worst[1]);
    double p[2];
    begin(&b);
    finish(&b, ZCZ_NOISE_ALL, p);
    close_to("P(1 | 0)", qubit->name, p[1], qubit->p10, &worst[2]);
    /* The state 1 without what a pulse spoils; with it no more is lost than two pulses' errors. */
    begin(&b);
    pulse(&b, 0, 0, PI);
    finish(&b, ZCZ_NOISE_READOUT, p);
    close_to("P(0 | 1)", qubit->name, p[0], qubit->p01, &worst[3]);
    const double lost = 1 - excited(&b, 0) - p[0];
    if (!(lost > 0 && lost < 2 * qubit->pauli_error))
      fail_msg("%s: a flip loses %g", qubit->name, lost);
  }
  print_message("worst of all qubits: T1 %.2g, T2 %.2g, P(1|0) %.2g, P(0|1) %.2g\n", worst[0],
                worst[1], worst[2], worst[3]);
  close_bench(&b);
}

/* ---- gates ---- */

/* The Bloch vector turned by pi/2 about the axis (cos a, sin a, 0), a = k pi/2. */
static void turn(int k, int v[3]) {
  const int x = v[0], y = v[1], z = v[2];
  const int axis[4][3] = {{x, -z, y}, {z, y, -x}, {x, z, -y}, {-z, y, x}};
  memcpy(v, axis[k], sizeof axis[k]);
}

/* The half pulse that takes v to the pole `sign`; -1 where none does (v stands at a pole). */
static int homeward(const int v[3], int sign) {
  for (int k = 0; k < 4; k++) {
    int w[3] = {v[0], v[1], v[2]};
    turn(k, w);
    if (w[2] == sign) return k;
  }
  return -1;
}

/* Randomized half pulses, `length` of them, that end at a pole in turn up and down: the mean contrast that is left. */
static double contrast(bench *b, uint32_t length, uint32_t sequences) {
  double sum = 0;
  for (uint32_t s = 0; s < sequences; s++) {
    int v[3] = {0, 0, 1};
    double p[2];
    begin(b);
    for (uint32_t i = 0; i < length; i++) {
      int k = (int)(4 * roll(b));
      if (i + 2 == length && v[2] == 0) /* the last but one must leave it on the equator */
        for (k = 0; k < 4; k++) {
          int w[3] = {v[0], v[1], v[2]};
          turn(k, w);
          if (w[2] == 0) break;
        }
      if (i + 1 == length) k = homeward(v, s % 2 ? 1 : -1);
      assert_true(k >= 0 && k < 4);
      turn(k, v);
      pulse(b, 0, k * PI / 2, PI / 2);
      barrier(b);
    }
    finish(b, ZCZ_NOISE_ALL & ~ZCZ_NOISE_READOUT, p);
    sum += v[2] * (p[0] - p[1]);
  }
  return sum / sequences;
}

/* Decay of randomized sequences: a Pauli error e leaves 1 - 4/3 e of the Bloch vector. */
static void one_qubit_gates(void **state) {
  (void)state;
  double worst = 0;
  bench b = open_bench("zuchongzhi-3.0");
  b.num_qubits = 1;
  for (uint32_t q = 0; q < b.chip->num_qubits; q += 5) {
    const zcz_chip_qubit *qubit = &b.chip->qubits[q];
    if (!qubit->enabled) continue;
    b.qubits[0] = q;
    const double left = pow(contrast(&b, 110, 12) / contrast(&b, 10, 12), 0.01);
    close_to("error of a pulse", qubit->name, 0.75 * (1 - left), qubit->pauli_error, &worst);
  }
  print_message("worst of a fifth of the qubits: %.2g\n", worst);
  close_bench(&b);
}

/* The operations on the two qubits alone, measurements left out. */
static zcz_circuit *two_alone(const bench *b, const zcz_circuit *source) {
  zcz_circuit *small;
  OK(zcz_circuit_new(b->context, &small, e));
  OK(zcz_circuit_add_qubits(small, "q", 2, NULL, e));
  for (size_t i = 0; i < zcz_circuit_num_ops(source, 0); i++) {
    zcz_op op = zcz_circuit_ops(source, 0)[i];
    uint32_t qubits[2] = {0, 0};
    if (op.kind == ZCZ_OP_MEASURE || op.kind == ZCZ_OP_BARRIER || op.kind == ZCZ_OP_DELAY) continue;
    assert_true(op.num_qubits <= 2);
    for (uint32_t k = 0; k < op.num_qubits; k++) qubits[k] = op.qubits[k] == b->qubits[1];
    op.qubits = qubits;
    OK(zcz_circuit_append(small, 0, &op, e));
  }
  return small;
}

/* The fidelity of the noisy circuit's end with the ideal one's: a last perfect gate takes that to 00. */
static double fidelity(bench *b, const zcz_circuit *compiled) {
  static const uint32_t both[2] = {0, 1};
  zcz_circuit *noisy, *small = two_alone(b, compiled), *real;
  oracle_number *psi = oracle_state(small), rows[4][4];
  zcz_complex matrix[16];
  const zcz_noise_options noise = {ZCZ_NOISE_ALL & ~ZCZ_NOISE_READOUT, false};
  OK(zcz_noise_apply(compiled, b->chip, &noise, &noisy, e));
  real = two_alone(b, noisy);
  for (int r = 0; r < 4; r++) { /* Gram-Schmidt: the first row is psi */
    double length = 0;
    for (int c = 0; c < 4; c++) rows[r][c] = r == 0 ? psi[c] : (c == r - 1) + 0.1 * (c == 3);
    for (int o = 0; o < r; o++) {
      oracle_number dot = 0;
      for (int c = 0; c < 4; c++) dot += conj(rows[o][c]) * rows[r][c];
      for (int c = 0; c < 4; c++) rows[r][c] -= dot * rows[o][c];
    }
    for (int c = 0; c < 4; c++) length += creal(rows[r][c] * conj(rows[r][c]));
    for (int c = 0; c < 4; c++) rows[r][c] /= sqrt(length);
  }
  for (int i = 0; i < 16; i++)
    matrix[i] = (zcz_complex){creal(rows[i / 4][i % 4]), -cimag(rows[i / 4][i % 4])};
  OK(zcz_circuit_unitary(real, 0, 0, 2, both, matrix, e));
  const zcz_job_options job = {
      .engine = "density", .precision = ZCZ_PRECISION_DOUBLE, .probabilities = true};
  zcz_result *result;
  OK(zcz_job_run(real, &job, &result, e));
  struct oracle_distribution got = conform_probabilities(result);
  const double p = oracle_probability(&got, 0);
  oracle_distribution_free(&got);
  zcz_result_free(result);
  zcz_circuit_free(small);
  zcz_circuit_free(real);
  zcz_circuit_free(noisy);
  free(psi);
  return p;
}

/* Cycles of a flip and a half pulse, each about random axes, and one native gate on a coupler: what is left of the
 * state, 1 at first, 0 when all is mixed. A flip takes X and Y, a half pulse Z to either side alike, so that wrong
 * angles of one cycle do not add up with those of the next. */
static double remains(bench *b, const zcz_chip_gate *gate, uint32_t cycles, uint32_t circuits,
                      double *pulses) {
  static const uint32_t both[2] = {0, 1};
  const zcz_compile_options as_written = {
      .layout = ZCZ_LAYOUT_AS_WRITTEN, .qubits = b->qubits, .num_qubits = 2};
  double sum = 0;
  for (uint32_t s = 0; s < circuits; s++) {
    zcz_compiled *compiled;
    begin(b);
    for (uint32_t i = 0; i < cycles; i++) {
      for (int half = 0; half < 2; half++) {
        for (uint32_t k = 0; k < 2; k++)
          pulse(b, k, (int)(8 * roll(b)) * PI / 4, half ? PI / 2 : PI);
        barrier(b);
      }
      OK(zcz_circuit_gate(b->circuit, 0, gate->gate, gate->num_controls, both, gate->params, e));
      barrier(b);
    }
    for (uint32_t k = 0; k < 2; k++) OK(zcz_circuit_measure(b->circuit, 0, k, k, e));
    OK(zcz_compile(b->circuit, b->chip, &as_written, &compiled, e));
    assert_int_equal(compiled->two_qubit_gates, cycles); /* the native gate was left as it is */
    *pulses = (double)(compiled->operations - cycles - 2) / (2 * cycles); /* a cycle and qubit */
    sum += fidelity(b, compiled->circuit);
    zcz_compiled_free(b->context, compiled);
    zcz_circuit_free(b->circuit);
  }
  return (sum / circuits - 0.25) / 0.75;
}

/* The decay of a cycle holds the gate and both pulses: 1 - 16/15 e each. */
static void two_qubit_gates(void **state) {
  (void)state;
  double worst = 0;
  uint32_t gates = 0;
  bench b = open_bench("zuchongzhi-3.0");
  b.num_qubits = 2;
  for (uint32_t c = 0; c < b.chip->num_couplers; c += 15) {
    const zcz_chip_coupler *coupler = &b.chip->couplers[c];
    if (!coupler->enabled) continue;
    for (uint32_t k = 0; k < 2; k++) b.qubits[k] = coupler->qubits[k];
    for (uint32_t g = 0; g < coupler->num_gates; g++, gates++) {
      const zcz_chip_gate *gate = &coupler->gates[g];
      double pulses, rest = 1;
      const double left =
          pow(remains(&b, gate, 64, 60, &pulses) / remains(&b, gate, 4, 60, &pulses), 1 / 60.0);
      for (uint32_t k = 0; k < 2; k++)
        rest *= pow(1 - 16.0 / 15 * b.chip->qubits[b.qubits[k]].pauli_error, pulses);
      close_to("error of a gate", coupler->name, 15.0 / 16 * (1 - left / rest),
               coupler->pauli_error, &worst);
    }
  }
  print_message("%u gates, worst %.2g\n", gates, worst);
  close_bench(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(relaxation_and_readout),
                                     cmocka_unit_test(one_qubit_gates),
                                     cmocka_unit_test(two_qubit_gates)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
