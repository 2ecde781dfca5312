#include "sim/density/transfer.h"

#include "base/complex.h"

#include <string.h>

void zcz_transfer_to_elements(uint32_t k, zcz_complex *v) {
  size_t count = (size_t)1 << (2 * k);
  for (uint32_t q = 0; q < k; q++) {
    size_t step = (size_t)1 << (2 * q);
    for (size_t i = 0; i < count; i++) {
      if (((i >> (2 * q)) & 3) != 0) continue;
      zcz_complex one = v[i], x = v[i + step], y = v[i + 2 * step], z = v[i + 3 * step];
      v[i] = (zcz_complex){(one.re + z.re) / 2, (one.im + z.im) / 2};
      v[i + step] = (zcz_complex){(x.re - y.im) / 2, (x.im + y.re) / 2};
      v[i + 2 * step] = (zcz_complex){(x.re + y.im) / 2, (x.im - y.re) / 2};
      v[i + 3 * step] = (zcz_complex){(one.re - z.re) / 2, (one.im - z.im) / 2};
    }
  }
}

void zcz_transfer_to_coefficients(uint32_t k, zcz_complex *v) {
  size_t count = (size_t)1 << (2 * k);
  for (uint32_t q = 0; q < k; q++) {
    size_t step = (size_t)1 << (2 * q);
    for (size_t i = 0; i < count; i++) {
      if (((i >> (2 * q)) & 3) != 0) continue;
      zcz_complex d0 = v[i], d1 = v[i + step], d2 = v[i + 2 * step], d3 = v[i + 3 * step];
      v[i] = (zcz_complex){d0.re + d3.re, d0.im + d3.im};
      v[i + step] = (zcz_complex){d1.re + d2.re, d1.im + d2.im};
      v[i + 2 * step] = (zcz_complex){d1.im - d2.im, d2.re - d1.re}; /* i (d2 - d1) */
      v[i + 3 * step] = (zcz_complex){d0.re - d3.re, d0.im - d3.im};
    }
  }
}

/* Place of matrix element (row, column) among the elements of k = 1, 2 qubits. */
static inline size_t place(size_t row, size_t column) {
  return (row & 1) | (column & 1) << 1 | (row & 2) << 1 | (column & 2) << 2;
}

/* sum += K rho K^dagger, all `size` x `size` row-major. */
static void add_sandwich(size_t size, const zcz_complex *kraus, const zcz_complex *rho,
                         zcz_complex *sum) {
  zcz_complex half[16];
  for (size_t r = 0; r < size; r++)
    for (size_t c = 0; c < size; c++) {
      zcz_complex value = {0, 0};
      for (size_t i = 0; i < size; i++)
        value =
            zcz_complex_add(value, zcz_complex_multiply(kraus[r * size + i], rho[i * size + c]));
      half[r * size + c] = value;
    }
  for (size_t r = 0; r < size; r++)
    for (size_t c = 0; c < size; c++) {
      zcz_complex value = sum[r * size + c];
      for (size_t i = 0; i < size; i++)
        value = zcz_complex_add(
            value,
            zcz_complex_multiply(half[r * size + i], zcz_complex_conjugate(kraus[c * size + i])));
      sum[r * size + c] = value;
    }
}

static void from_kraus(uint32_t k, uint32_t count, const zcz_complex *kraus, double *m) {
  size_t size = (size_t)1 << k, dimension = size * size;
  for (size_t j = 0; j < dimension; j++) {
    zcz_complex digits[16], rho[16], sum[16];
    memset(digits, 0, sizeof digits);
    memset(sum, 0, sizeof sum);
    digits[j].re = 1;
    zcz_transfer_to_elements(k, digits);
    for (size_t r = 0; r < size; r++)
      for (size_t c = 0; c < size; c++) rho[r * size + c] = digits[place(r, c)];
    for (uint32_t i = 0; i < count; i++) add_sandwich(size, kraus + i * dimension, rho, sum);
    for (size_t r = 0; r < size; r++)
      for (size_t c = 0; c < size; c++) digits[place(r, c)] = sum[r * size + c];
    zcz_transfer_to_coefficients(k, digits);
    for (size_t i = 0; i < dimension; i++) m[i * dimension + j] = digits[i].re;
  }
}

/* A mixture of Paulis keeps every Pauli but for a factor: the weight of those that commute with it
 * less the weight of those that do not. */
static void from_mixture(uint32_t k, const double *probabilities, double *m) {
  static const uint8_t anticommutes[4] = {0x0, 0xc, 0xa, 0x6}; /* bit b of entry a: a b = -b a */
  size_t dimension = (size_t)1 << (2 * k);
  memset(m, 0, dimension * dimension * sizeof *m);
  for (size_t i = 0; i < dimension; i++) {
    double factor = 0;
    for (size_t p = 0; p < dimension; p++) {
      /* entry 4 a + b of two qubits: a on the first */
      size_t first = k == 1 ? p : p >> 2, second = k == 1 ? 0 : p & 3;
      int odd = anticommutes[i & 3] >> first & 1;
      if (k == 2) odd ^= anticommutes[i >> 2] >> second & 1;
      factor += odd ? -probabilities[p] : probabilities[p];
    }
    m[i * dimension + i] = factor;
  }
}

static void from_channel(const zcz_op *op, double *m) {
  zcz_channel channel = (zcz_channel)op->code;
  double probabilities[16];
  if (channel == ZCZ_CHANNEL_RELAXATION) {
    double gamma = op->params[0], eta = op->params[1];
    memset(m, 0, 16 * sizeof *m);
    m[0] = 1;
    m[5] = m[10] = eta;
    m[12] = gamma;
    m[15] = 1 - gamma;
  } else if (zcz_channel_is_pauli(channel, op->num_qubits, op->num_params, op->params,
                                  probabilities)) {
    from_mixture(op->num_qubits, probabilities, m);
  } else {
    zcz_complex kraus[ZCZ_MAX_KRAUS * 16];
    uint32_t count = zcz_channel_kraus(channel, op->num_qubits, op->num_params, op->params, kraus);
    from_kraus(op->num_qubits, count, kraus, m);
  }
}

void zcz_transfer_of_op(const zcz_op *op, double *m) {
  if (op->kind == ZCZ_OP_CHANNEL) {
    from_channel(op, m);
    return;
  }
  zcz_complex matrix[16];
  zcz_op_matrix(op, matrix);
  from_kraus(op->num_qubits, 1, matrix, m);
}

void zcz_transfer_of_projection(const double weights[2], double m[16]) {
  memset(m, 0, 16 * sizeof *m);
  m[0] = m[15] = (weights[0] + weights[1]) / 2;
  m[3] = m[12] = (weights[0] - weights[1]) / 2;
}

void zcz_transfer_of_reset(double m[16]) {
  memset(m, 0, 16 * sizeof *m);
  m[0] = m[12] = 1;
}

void zcz_transfer_multiply(uint32_t size, const double *a, const double *b, double *target) {
  for (uint32_t i = 0; i < size; i++) {
    double row[16] = {0};
    for (uint32_t k = 0; k < size; k++) {
      double factor = a[i * size + k];
      if (factor == 0) continue;
      for (uint32_t j = 0; j < size; j++) row[j] += factor * b[k * size + j];
    }
    memcpy(target + i * size, row, size * sizeof *row);
  }
}

void zcz_transfer_widen(const double one[16], uint32_t which, double two[256]) {
  memset(two, 0, 256 * sizeof *two);
  for (uint32_t i = 0; i < 4; i++)
    for (uint32_t j = 0; j < 4; j++)
      for (uint32_t s = 0; s < 4; s++) {
        uint32_t row = which == 0 ? i + 4 * s : s + 4 * i;
        uint32_t column = which == 0 ? j + 4 * s : s + 4 * j;
        two[row * 16 + column] = one[i * 4 + j];
      }
}

void zcz_transfer_swap(double two[256]) {
  double old[256];
  memcpy(old, two, sizeof old);
  for (uint32_t i = 0; i < 16; i++)
    for (uint32_t j = 0; j < 16; j++)
      two[(i >> 2 | (i & 3) << 2) * 16 + (j >> 2 | (j & 3) << 2)] = old[i * 16 + j];
}
