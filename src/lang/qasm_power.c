/* Real powers of unitary matrices: U = V diag(e^{i a}) V^+, U^x = V diag(e^{i a x}) V^+ with a in
 * (-pi, pi]. A unitary matrix and the Hermitian H = (U e^{-it} + h.c.)/2 have the same eigenvectors
 * unless two eigenphases lie mirrored about t, which no generic t does; Jacobi's method solves H. */
#include <math.h>
#include <string.h>

#include "base/complex.h"
#include "base/math.h"
#include "lang/qasm.h"

enum { MOST = 1 << ZCZ_MAX_UNITARY_QUBITS };

void zcz_unitary_multiply(const zcz_complex *a, const zcz_complex *b, zcz_complex *out,
                          uint32_t qubits) {
  uint32_t size = 1u << qubits;
  for (uint32_t row = 0; row < size; row++) {
    for (uint32_t column = 0; column < size; column++) {
      zcz_complex sum = {0, 0};
      for (uint32_t k = 0; k < size; k++)
        sum = zcz_complex_add(sum, zcz_complex_multiply(a[row * size + k], b[k * size + column]));
      out[row * size + column] = sum;
    }
  }
}

/* Turns columns p and q of `m` (and, with `rows`, rows too) so that h[p][q] vanishes. */
static void rotate(zcz_complex *h, zcz_complex *v, uint32_t size, uint32_t p, uint32_t q) {
  zcz_complex off = h[p * size + q];
  double length = sqrt(zcz_complex_norm2(off));
  if (length < 1e-300) return;
  zcz_complex phase = zcz_complex_scale(off, 1 / length); /* h_pq = length * phase */
  double theta = (h[q * size + q].re - h[p * size + p].re) / (2 * length);
  double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
  double c = 1 / sqrt(t * t + 1), s = t * c;
  for (uint32_t k = 0; k < size; k++) { /* columns: H J, V J */
    zcz_complex *const both[2] = {h, v};
    for (int i = 0; i < 2; i++) {
      zcz_complex a = both[i][k * size + p], b = both[i][k * size + q];
      zcz_complex turned = zcz_complex_multiply(b, zcz_complex_conjugate(phase));
      both[i][k * size + p] =
          zcz_complex_subtract(zcz_complex_scale(a, c), zcz_complex_scale(turned, s));
      both[i][k * size + q] = zcz_complex_add(zcz_complex_scale(zcz_complex_multiply(a, phase), s),
                                              zcz_complex_scale(b, c));
    }
  }
  for (uint32_t k = 0; k < size; k++) { /* rows: J^+ H */
    zcz_complex a = h[p * size + k], b = h[q * size + k];
    zcz_complex turned = zcz_complex_multiply(b, phase);
    h[p * size + k] = zcz_complex_subtract(zcz_complex_scale(a, c), zcz_complex_scale(turned, s));
    h[q * size + k] =
        zcz_complex_add(zcz_complex_scale(zcz_complex_multiply(a, zcz_complex_conjugate(phase)), s),
                        zcz_complex_scale(b, c));
  }
}

static double off_diagonal(const zcz_complex *h, uint32_t size) {
  double sum = 0;
  for (uint32_t row = 0; row < size; row++)
    for (uint32_t column = 0; column < size; column++)
      if (row != column) sum += zcz_complex_norm2(h[row * size + column]);
  return sum;
}

static void eigenvectors(zcz_complex *h, zcz_complex *v, uint32_t size) {
  memset(v, 0, (size_t)size * size * sizeof *v);
  for (uint32_t i = 0; i < size; i++) v[i * size + i].re = 1;
  for (int sweep = 0; sweep < 60 && off_diagonal(h, size) > 1e-30 * size; sweep++)
    for (uint32_t p = 0; p + 1 < size; p++)
      for (uint32_t q = p + 1; q < size; q++) rotate(h, v, size, p, q);
}

/* out = V diag(d) V^+ */
static void compose(const zcz_complex *v, const zcz_complex *d, zcz_complex *out, uint32_t size) {
  for (uint32_t row = 0; row < size; row++) {
    for (uint32_t column = 0; column < size; column++) {
      zcz_complex sum = {0, 0};
      for (uint32_t k = 0; k < size; k++) {
        zcz_complex left = zcz_complex_multiply(v[row * size + k], d[k]);
        sum = zcz_complex_add(
            sum, zcz_complex_multiply(left, zcz_complex_conjugate(v[column * size + k])));
      }
      out[row * size + column] = sum;
    }
  }
}

bool zcz_unitary_power(zcz_complex *matrix, uint32_t qubits, double exponent) {
  static const double tries[] = {0.7853, 0.31831, 1.234567, 2.0943, 0.0571};
  zcz_complex h[MOST * MOST], v[MOST * MOST], values[MOST];
  uint32_t size = 1u << qubits;
  for (size_t attempt = 0; attempt < sizeof tries / sizeof tries[0]; attempt++) {
    double c, s;
    zcz_sincos(tries[attempt], &s, &c);
    for (uint32_t row = 0; row < size; row++) {
      for (uint32_t column = 0; column < size; column++) {
        zcz_complex a = matrix[row * size + column], b = matrix[column * size + row];
        /* (a e^{-it} + conj(b) e^{it}) / 2 */
        h[row * size + column] = (zcz_complex){(a.re * c + a.im * s + b.re * c + b.im * s) / 2,
                                               (a.im * c - a.re * s - b.im * c + b.re * s) / 2};
      }
    }
    eigenvectors(h, v, size);
    double worst = 0;
    for (uint32_t k = 0; k < size; k++) { /* Rayleigh quotients, and how well they fit */
      zcz_complex value = {0, 0}, image[MOST];
      for (uint32_t row = 0; row < size; row++) {
        image[row] = (zcz_complex){0, 0};
        for (uint32_t j = 0; j < size; j++)
          image[row] = zcz_complex_add(
              image[row], zcz_complex_multiply(matrix[row * size + j], v[j * size + k]));
        value = zcz_complex_add(
            value, zcz_complex_multiply(zcz_complex_conjugate(v[row * size + k]), image[row]));
      }
      for (uint32_t row = 0; row < size; row++) {
        zcz_complex wrong =
            zcz_complex_subtract(image[row], zcz_complex_multiply(value, v[row * size + k]));
        if (!(zcz_complex_norm2(wrong) <= worst)) worst = zcz_complex_norm2(wrong);
      }
      double angle = zcz_atan2(value.im, value.re);
      if (angle < -ZCZ_PI + 1e-9) angle = ZCZ_PI; /* -1 rounded to the other side of the cut */
      zcz_sincos(angle * exponent, &values[k].im, &values[k].re);
    }
    if (!(worst < 1e-20)) continue;
    compose(v, values, matrix, size);
    return true;
  }
  return false;
}

static void conjugate_transpose(zcz_complex *matrix, uint32_t qubits) {
  uint32_t size = 1u << qubits;
  for (uint32_t row = 0; row < size; row++) {
    for (uint32_t column = row; column < size; column++) {
      zcz_complex a = matrix[row * size + column], b = matrix[column * size + row];
      matrix[row * size + column] = (zcz_complex){b.re, -b.im};
      matrix[column * size + row] = (zcz_complex){a.re, -a.im};
    }
  }
}

void zcz_unitary_whole_power(zcz_complex *matrix, uint32_t qubits, int64_t times,
                             zcz_complex *work) {
  uint32_t size = 1u << qubits;
  size_t bytes = (size_t)size * size * sizeof *matrix;
  zcz_complex *square = work, *product = work + (size_t)size * size;
  uint64_t left = times < 0 ? -(uint64_t)times : (uint64_t)times;
  if (times < 0) conjugate_transpose(matrix, qubits);
  memcpy(square, matrix, bytes);
  memset(matrix, 0, bytes);
  for (uint32_t i = 0; i < size; i++) matrix[i * size + i].re = 1;
  for (; left; left >>= 1) {
    if (left & 1) {
      zcz_unitary_multiply(matrix, square, product, qubits);
      memcpy(matrix, product, bytes);
    }
    zcz_unitary_multiply(square, square, product, qubits);
    memcpy(square, product, bytes);
  }
}

zcz_status zcz_qasm_multiply(zcz_qasm *qasm, const zcz_circuit *circuit, uint32_t qubits,
                             zcz_complex *matrix, zcz_complex *scratch) {
  uint32_t size = 1u << qubits;
  zcz_complex small[1 << (2 * ZCZ_MAX_UNITARY_QUBITS)];
  memset(matrix, 0, (size_t)size * size * sizeof *matrix);
  for (uint32_t i = 0; i < size; i++) matrix[i * size + i].re = 1;
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  for (size_t n = 0; n < zcz_circuit_num_ops(circuit, 0); n++) {
    const zcz_op *op = &ops[n];
    if (op->kind == ZCZ_OP_BARRIER) continue;
    if ((qasm->steps += (uint64_t)size * size >> 4) > ZCZ_QASM_STEPS)
      return zcz_qasm_too_large(qasm, "steps", ZCZ_QASM_STEPS);
    zcz_op_matrix(op, small);
    uint32_t inner = 1u << op->num_qubits;
    for (uint32_t row = 0; row < size; row++) {
      uint32_t local = 0, rest = row;
      for (uint32_t k = 0; k < op->num_qubits; k++) {
        local |= (row >> op->qubits[k] & 1) << k;
        rest &= ~(1u << op->qubits[k]);
      }
      for (uint32_t column = 0; column < size; column++) {
        double re = 0, im = 0;
        for (uint32_t j = 0; j < inner; j++) {
          uint32_t source = rest;
          for (uint32_t k = 0; k < op->num_qubits; k++) source |= (j >> k & 1) << op->qubits[k];
          zcz_complex a = small[local * inner + j], b = matrix[source * size + column];
          re += a.re * b.re - a.im * b.im;
          im += a.re * b.im + a.im * b.re;
        }
        scratch[row * size + column] = (zcz_complex){re, im};
      }
    }
    memcpy(matrix, scratch, (size_t)size * size * sizeof *matrix);
  }
  return ZCZ_OK;
}
