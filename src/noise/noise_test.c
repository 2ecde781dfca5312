/* Each gate's total error is the published one, by brute force. */
#include "noise/test_circuits.h"

#include <complex.h>
#undef I

/* The 66-qubit cloud machine, whose T2 is shorter than its gates' errors allow; NULL where the data is absent. */
static zcz_chip *load_cloud66(zcz_context *context) {
  const char *folder = getenv("ZCZ_SHARED_DATA");
  char path[4096];
  snprintf(path, sizeof path, "%s/calibration/tianyan176_2024-06-26.json",
           folder ? folder : "../shared/data");
  FILE *file = fopen(path, "rb");
  if (!file) {
    print_message("skipped a part: %s is not there\n", path);
    return NULL;
  }
  static char text[1 << 20];
  size_t size = fread(text, 1, sizeof text, file);
  fclose(file);
  zcz_chip *chip;
  OK(zcz_chip_read(context, path, text, size, &chip, e));
  return chip;
}

/* ---- process fidelity by brute force: a map on one or two qubits applied to each |i><j| ---- */

typedef double complex number;

/* rho -> m rho m^dagger, m on the operation's qubits among `qubits` (`n` of them), added to `sum`. */
static void act(const number *m, const zcz_op *op, const uint32_t *qubits, uint32_t n,
                const number *rho, number *sum) {
  uint32_t size = 1u << n, k = op->num_qubits;
  number full[16] = {0}, half[16] = {0};
  for (uint32_t row = 0; row < size; row++)
    for (uint32_t column = 0; column < size; column++) {
      uint32_t r = 0, c = 0, rest = size - 1;
      for (uint32_t i = 0; i < k; i++)
        for (uint32_t j = 0; j < n; j++)
          if (qubits[j] == op->qubits[i]) {
            r |= (row >> j & 1) << i;
            c |= (column >> j & 1) << i;
            rest &= ~(1u << j);
          }
      full[row * size + column] = (row & rest) == (column & rest) ? m[(r << k) + c] : 0;
    }
  for (uint32_t a = 0; a < size; a++)
    for (uint32_t b = 0; b < size; b++)
      for (uint32_t c = 0; c < size; c++)
        half[a * size + b] += full[a * size + c] * rho[c * size + b];
  for (uint32_t a = 0; a < size; a++)
    for (uint32_t b = 0; b < size; b++)
      for (uint32_t c = 0; c < size; c++)
        sum[a * size + b] += half[a * size + c] * conj(full[b * size + c]);
}

static void evolve(const zcz_circuit *circuit, const uint32_t *qubits, uint32_t n, number *rho) {
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  for (size_t i = 0; i < zcz_circuit_num_ops(circuit, 0); i++) {
    zcz_complex pairs[ZCZ_MAX_KRAUS * 16];
    uint32_t count = 1, entries = 1u << (2 * ops[i].num_qubits);
    if (ops[i].kind == ZCZ_OP_GATE)
      zcz_op_matrix(&ops[i], pairs);
    else if (ops[i].kind == ZCZ_OP_CHANNEL)
      count = zcz_channel_kraus(ops[i].code, ops[i].num_qubits, ops[i].num_params, ops[i].params,
                                pairs);
    else
      continue;
    number sum[16] = {0};
    for (uint32_t j = 0; j < count; j++) {
      number m[16];
      for (uint32_t x = 0; x < entries; x++)
        m[x] = pairs[j * entries + x].re + _Complex_I * pairs[j * entries + x].im;
      act(m, &ops[i], qubits, n, rho, sum);
    }
    memcpy(rho, sum, sizeof sum);
  }
}

/* 1 - F: F = sum over i, j of tr((U |i><j| U^dagger)^dagger E(|i><j|)) / d^2. */
static double pauli_error(const zcz_circuit *ideal, const zcz_circuit *real, const uint32_t *qubits,
                          uint32_t n) {
  uint32_t size = 1u << n;
  double sum = 0;
  for (uint32_t i = 0; i < size * size; i++) {
    number a[16] = {0}, b[16] = {0};
    a[i] = b[i] = 1;
    evolve(ideal, qubits, n, a);
    evolve(real, qubits, n, b);
    for (uint32_t x = 0; x < size * size; x++) sum += creal(conj(a[x]) * b[x]);
  }
  return 1 - sum / (size * size);
}

static double worst_one(zcz_context *context, const zcz_chip *chip, bool twirl) {
  static const zcz_gate gates[] = {ZCZ_GATE_X2P, ZCZ_GATE_X2M,  ZCZ_GATE_Y2P,
                                   ZCZ_GATE_Y2M, ZCZ_GATE_XY2P, ZCZ_GATE_XY2M};
  double worst = 0;
  for (uint32_t q = 0; q < chip->num_qubits; q++) {
    if (!chip->qubits[q].enabled) continue;
    for (size_t k = 0; k < sizeof gates / sizeof *gates; k++) {
      zcz_circuit *ideal = new_circuit(context, chip, 0);
      add_one(ideal, 0, gates[k], q, 0.3 + q, 0, chip->one_qubit_ns);
      zcz_circuit *real = noisy(ideal, chip, ZCZ_NOISE_ALL, twirl);
      worst = fmax(worst, fabs(pauli_error(ideal, real, &q, 1) - chip->qubits[q].pauli_error));
      zcz_circuit_free(ideal);
      zcz_circuit_free(real);
    }
  }
  return worst;
}

static double worst_two(zcz_context *context, const zcz_chip *chip, bool twirl) {
  double worst = 0;
  for (uint32_t c = 0; c < chip->num_couplers; c++)
    for (uint32_t k = 0; chip->couplers[c].enabled && k < chip->couplers[c].num_gates; k++) {
      zcz_circuit *ideal = new_circuit(context, chip, 0);
      add_native(ideal, 0, &chip->couplers[c], k, c % 2, 0);
      zcz_circuit *real = noisy(ideal, chip, ZCZ_NOISE_ALL, twirl);
      double error = pauli_error(ideal, real, chip->couplers[c].qubits, 2);
      worst = fmax(worst, fabs(error - chip->couplers[c].pauli_error));
      zcz_circuit_free(ideal);
      zcz_circuit_free(real);
    }
  return worst;
}

/* Every one-qubit gate on every qubit, every native gate on every coupler, of every chip. */
static void gates_have_their_errors(void **state) {
  for (uint32_t i = 0; zcz_chip_name(i); i++) {
    zcz_chip *chip = load(*state, zcz_chip_name(i));
    double one = worst_one(*state, chip, false), two = worst_two(*state, chip, false);
    print_message("%s: off by %.1e (one qubit), %.1e (two)\n", chip->name, one, two);
    assert_true(one < 1e-12 && two < 1e-12);
    assert_null(zcz_context_warning(*state, 0)); /* no shipped chip contradicts itself */
    zcz_chip_free(*state, chip);
  }
}

/* A twirl keeps the diagonal of the transfer matrix: only products of off-diagonal entries are lost. */
static void twirled_gates_have_their_errors(void **state) {
  zcz_chip *chip = load(*state, "zuchongzhi-3.0");
  assert_true(worst_one(*state, chip, true) < 1e-12);
  double two = worst_two(*state, chip, true);
  print_message("twirled, two qubits: off by %.1e\n", two);
  assert_true(two < 1e-7);
  zcz_chip_free(*state, chip);
}

/* Where T1 and T2 alone exceed a gate's error, the gate's error wins inside it and a warning names the qubits. */
static void short_lived_qubits(void **state) {
  zcz_chip *chip = load_cloud66(*state);
  if (!chip) return;
  double one = worst_one(*state, chip, false), two = worst_two(*state, chip, false);
  print_message("%s: off by %.1e, %.1e\n", chip->name, one, two);
  assert_true(one < 1e-12 && two < 1e-12);
  const char *warning = zcz_context_warning(*state, 0);
  assert_non_null(warning);
  print_message("%s\n", warning);
  assert_non_null(strstr(warning, "one-qubit gates on Q0"));

  zcz_circuit *circuit = new_circuit(*state, chip, 0);
  uint32_t q = 7;
  add_one(circuit, 0, ZCZ_GATE_X2P, q, 0, 0, 30);
  add_one(circuit, 0, ZCZ_GATE_X2P, q, 0, 1030, 30); /* T1 and T2 rule between the gates */
  zcz_circuit *real = noisy(circuit, chip, ZCZ_NOISE_ALL, false);
  const zcz_op *ops = zcz_circuit_ops(real, 0);
  assert_int_equal(ops[1].code, ZCZ_CHANNEL_RELAXATION);
  double gate = -log(ops[3].params[1]), between = -log(ops[1].params[1]) - gate;
  assert_true(fabs(between - 1.0 / chip->qubits[q].t2_us) < 1e-9);
  zcz_circuit_free(real);
  zcz_circuit_free(circuit);
  zcz_chip_free(*state, chip);
}

int main(void) {
  const struct CMUnitTest tests[] = {TEST(gates_have_their_errors),
                                     TEST(twirled_gates_have_their_errors),
                                     TEST(short_lived_qubits)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
