/* 2x2 and 4x4 complex matrices by value: what the synthesis of gates computes with. Row-major; of a
 * 4x4 matrix the first qubit is the low bit of an index, as everywhere. */
#ifndef ZCZ_COMPILE_MATRIX_H
#define ZCZ_COMPILE_MATRIX_H

#include "base/complex.h"
#include "base/math.h"

typedef struct zcz_matrix2 {
  zcz_complex at[4];
} zcz_matrix2;

typedef struct zcz_matrix4 {
  zcz_complex at[16];
} zcz_matrix4;

/* One matrix for each of two qubits: at[1] (x) at[0]. */
typedef struct zcz_local {
  zcz_matrix2 at[2];
} zcz_local;

static inline zcz_matrix2 zcz_matrix2_identity(void) {
  return (zcz_matrix2){{{1, 0}, {0, 0}, {0, 0}, {1, 0}}};
}

static inline zcz_matrix2 zcz_matrix2_multiply(const zcz_matrix2 *a, const zcz_matrix2 *b) {
  zcz_matrix2 c;
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      c.at[2 * i + j] = zcz_complex_add(zcz_complex_multiply(a->at[2 * i], b->at[j]),
                                        zcz_complex_multiply(a->at[2 * i + 1], b->at[2 + j]));
  return c;
}

static inline zcz_matrix2 zcz_matrix2_adjoint(const zcz_matrix2 *a) {
  return (zcz_matrix2){{zcz_complex_conjugate(a->at[0]), zcz_complex_conjugate(a->at[2]),
                        zcz_complex_conjugate(a->at[1]), zcz_complex_conjugate(a->at[3])}};
}

/* diag(exp(-i angle/2), exp(i angle/2)) */
static inline zcz_matrix2 zcz_matrix2_rz(double angle) {
  double s, c;
  zcz_sincos(0.5 * angle, &s, &c);
  return (zcz_matrix2){{{c, -s}, {0, 0}, {0, 0}, {c, s}}};
}

static inline zcz_matrix2 zcz_matrix2_rx(double angle) {
  double s, c;
  zcz_sincos(0.5 * angle, &s, &c);
  return (zcz_matrix2){{{c, 0}, {0, -s}, {0, -s}, {c, 0}}};
}

static inline zcz_matrix2 zcz_matrix2_ry(double angle) {
  double s, c;
  zcz_sincos(0.5 * angle, &s, &c);
  return (zcz_matrix2){{{c, 0}, {-s, 0}, {s, 0}, {c, 0}}};
}

/* 0: I, 1: X, 2: Y, 3: Z */
static inline zcz_matrix2 zcz_matrix2_pauli(int which) {
  static const zcz_matrix2 paulis[4] = {{{{1, 0}, {0, 0}, {0, 0}, {1, 0}}},
                                        {{{0, 0}, {1, 0}, {1, 0}, {0, 0}}},
                                        {{{0, 0}, {0, -1}, {0, 1}, {0, 0}}},
                                        {{{1, 0}, {0, 0}, {0, 0}, {-1, 0}}}};
  return paulis[which & 3];
}

static inline zcz_local zcz_local_identity(void) {
  return (zcz_local){{zcz_matrix2_identity(), zcz_matrix2_identity()}};
}

static inline zcz_local zcz_local_multiply(const zcz_local *a, const zcz_local *b) {
  return (zcz_local){
      {zcz_matrix2_multiply(&a->at[0], &b->at[0]), zcz_matrix2_multiply(&a->at[1], &b->at[1])}};
}

static inline zcz_local zcz_local_adjoint(const zcz_local *a) {
  return (zcz_local){{zcz_matrix2_adjoint(&a->at[0]), zcz_matrix2_adjoint(&a->at[1])}};
}

static inline zcz_matrix4 zcz_matrix4_identity(void) {
  zcz_matrix4 a = {{{0, 0}}};
  for (int i = 0; i < 4; i++) a.at[5 * i].re = 1;
  return a;
}

static inline zcz_matrix4 zcz_matrix4_multiply(const zcz_matrix4 *a, const zcz_matrix4 *b) {
  zcz_matrix4 c;
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) {
      zcz_complex sum = zcz_complex_multiply(a->at[4 * i], b->at[j]);
      for (int k = 1; k < 4; k++)
        sum = zcz_complex_add(sum, zcz_complex_multiply(a->at[4 * i + k], b->at[4 * k + j]));
      c.at[4 * i + j] = sum;
    }
  return c;
}

static inline zcz_matrix4 zcz_matrix4_adjoint(const zcz_matrix4 *a) {
  zcz_matrix4 c;
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) c.at[4 * i + j] = zcz_complex_conjugate(a->at[4 * j + i]);
  return c;
}

static inline zcz_matrix4 zcz_matrix4_kronecker(const zcz_local *local) {
  zcz_matrix4 c;
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++)
      c.at[4 * i + j] = zcz_complex_multiply(local->at[1].at[2 * (i >> 1) + (j >> 1)],
                                             local->at[0].at[2 * (i & 1) + (j & 1)]);
  return c;
}

/* The same operation with its two qubits named in the other order. */
static inline zcz_matrix4 zcz_matrix4_exchange(const zcz_matrix4 *a) {
  static const int swapped[4] = {0, 2, 1, 3};
  zcz_matrix4 c;
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) c.at[4 * i + j] = a->at[4 * swapped[i] + swapped[j]];
  return c;
}

/* The nearest unitary of a matrix that is unitary to about 1e-2: Newton-Schulz, X (3 - X^+ X) / 2. */
void zcz_matrix4_orthonormalize(zcz_matrix4 *a);
void zcz_matrix2_orthonormalize(zcz_matrix2 *a);

#endif
