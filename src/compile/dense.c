#include "compile/dense.h"

#include <stdbool.h>
#include <string.h>

#include "base/math.h"

void zcz_dense_multiply(uint32_t size, const zcz_complex *a, const zcz_complex *b, zcz_complex *c) {
  for (uint32_t i = 0; i < size; i++) {
    zcz_complex *row = c + (size_t)i * size;
    memset(row, 0, size * sizeof *row);
    for (uint32_t k = 0; k < size; k++) {
      zcz_complex x = a[i * size + k];
      const zcz_complex *other = b + (size_t)k * size;
      for (uint32_t j = 0; j < size; j++)
        row[j] = zcz_complex_add(row[j], zcz_complex_multiply(x, other[j]));
    }
  }
}

void zcz_dense_adjoint(uint32_t size, const zcz_complex *a, zcz_complex *b) {
  for (uint32_t i = 0; i < size; i++)
    for (uint32_t j = 0; j < size; j++) b[i * size + j] = zcz_complex_conjugate(a[j * size + i]);
}

/* Newton-Schulz: X (3 - X^+ X) / 2. */
void zcz_dense_orthonormalize(uint32_t size, zcz_complex *a, zcz_complex *scratch) {
  zcz_complex *adjoint = scratch, *gram = scratch + (size_t)size * size;
  for (int step = 0; step < 4; step++) {
    double worst = 0;
    zcz_dense_adjoint(size, a, adjoint);
    zcz_dense_multiply(size, adjoint, a, gram);
    for (uint32_t i = 0; i < size * size; i++) {
      zcz_complex unit = {i % (size + 1) == 0 ? 1 : 0, 0};
      double distance = zcz_complex_norm2(zcz_complex_subtract(gram[i], unit));
      if (distance > worst) worst = distance;
      gram[i] = (zcz_complex){1.5 * unit.re - 0.5 * gram[i].re, -0.5 * gram[i].im};
    }
    if (worst < 1e-30) return;
    zcz_dense_multiply(size, a, gram, adjoint);
    memcpy(a, adjoint, (size_t)size * size * sizeof *a);
  }
}

typedef struct rotation {
  double c;
  zcz_complex s; /* [c, -conj(s); s, c] on columns p, q */
} rotation;

static void rotate_columns(uint32_t size, uint32_t width, zcz_complex *a, uint32_t p, uint32_t q,
                           rotation r) {
  zcz_complex back = {-r.s.re, r.s.im};
  for (uint32_t i = 0; i < size; i++) {
    zcz_complex x = a[i * width + p], y = a[i * width + q];
    a[i * width + p] = zcz_complex_add(zcz_complex_scale(x, r.c), zcz_complex_multiply(y, r.s));
    a[i * width + q] = zcz_complex_add(zcz_complex_scale(y, r.c), zcz_complex_multiply(x, back));
  }
}

static void rotate_rows(uint32_t size, zcz_complex *a, uint32_t p, uint32_t q, rotation r) {
  zcz_complex conjugate = zcz_complex_conjugate(r.s), back = {-r.s.re, -r.s.im};
  for (uint32_t i = 0; i < size; i++) {
    zcz_complex x = a[p * size + i], y = a[q * size + i];
    a[p * size + i] =
        zcz_complex_add(zcz_complex_scale(x, r.c), zcz_complex_multiply(y, conjugate));
    a[q * size + i] = zcz_complex_add(zcz_complex_scale(y, r.c), zcz_complex_multiply(x, back));
  }
}

/* The rotation that best diagonalises the p, q block of two Hermitian matrices at once: Cardoso and Souloumiac,
 * SIAM J. Matrix Anal. Appl. 17, 161 (1996). Its axis is the principal one of the two vectors
 * (m_pp - m_qq, 2 Re m_pq, 2 Im m_pq), which lies in their plane. False where nothing is to be done. */
static bool joint_rotation(const double h[2][3], rotation *r) {
  double aa = 0, bb = 0, ab = 0;
  for (int k = 0; k < 3; k++) {
    aa += h[0][k] * h[0][k];
    bb += h[1][k] * h[1][k];
    ab += h[0][k] * h[1][k];
  }
  double on = aa - bb, off = 2 * ab, radius = zcz_sqrt(on * on + off * off), c = 1, s = 0;
  if (radius > 0 && on >= 0) {
    c = zcz_sqrt((radius + on) / (2 * radius));
    s = off / (2 * radius * c);
  } else if (radius > 0) {
    s = zcz_sqrt((radius - on) / (2 * radius));
    c = off / (2 * radius * s);
  }
  double axis[3], norm = 0;
  for (int k = 0; k < 3; k++) {
    axis[k] = c * h[0][k] + s * h[1][k];
    norm += axis[k] * axis[k];
  }
  if (norm < 1e-290) return false;
  norm = (axis[0] < 0 ? -1 : 1) / zcz_sqrt(norm);
  for (int k = 0; k < 3; k++) axis[k] *= norm;
  r->c = zcz_sqrt(0.5 + 0.5 * axis[0]);
  r->s = (zcz_complex){0.5 * axis[1] / r->c, -0.5 * axis[2] / r->c};
  return true;
}

void zcz_dense_eigen(uint32_t size, const zcz_complex *u, zcz_complex *vectors, double *angle,
                     zcz_complex *scratch) {
  zcz_complex *m = scratch, *product = scratch + (size_t)size * size;
  memcpy(m, u, (size_t)size * size * sizeof *m);
  for (uint32_t i = 0; i < size * size; i++)
    vectors[i] = (zcz_complex){i % (size + 1) == 0 ? 1 : 0, 0};
  for (int sweep = 0; sweep < 60; sweep++) {
    double off = 0;
    for (uint32_t p = 0; p + 1 < size; p++)
      for (uint32_t q = p + 1; q < size; q++) {
        zcz_complex pq = m[p * size + q], qp = m[q * size + p];
        zcz_complex d = zcz_complex_subtract(m[p * size + p], m[q * size + q]);
        off += zcz_complex_norm2(pq) + zcz_complex_norm2(qp);
        /* The Hermitian parts (m + m^+)/2 and (m - m^+)/2i. */
        double h[2][3] = {{d.re, pq.re + qp.re, pq.im - qp.im},
                          {d.im, pq.im + qp.im, qp.re - pq.re}};
        rotation r;
        if (!joint_rotation((const double(*)[3])h, &r)) continue;
        rotate_columns(size, size, m, p, q, r);
        rotate_rows(size, m, p, q, r);
        rotate_columns(size, size, vectors, p, q, r);
      }
    if (off < 1e-29 * size) break;
  }
  /* The diagonal afresh, free of the rotations' rounding. */
  zcz_dense_multiply(size, u, vectors, product);
  for (uint32_t j = 0; j < size; j++) {
    zcz_complex sum = {0, 0};
    for (uint32_t i = 0; i < size; i++)
      sum = zcz_complex_add(sum, zcz_complex_multiply(zcz_complex_conjugate(vectors[i * size + j]),
                                                      product[i * size + j]));
    angle[j] = zcz_atan2(sum.im, sum.re);
  }
}

static double column_norm2(uint32_t size, const zcz_complex *a, uint32_t j) {
  double sum = 0;
  for (uint32_t i = 0; i < size; i++) sum += zcz_complex_norm2(a[i * size + j]);
  return sum;
}

/* a^+ b of two columns. */
static zcz_complex column_dot(uint32_t size, const zcz_complex *a, uint32_t p, uint32_t q) {
  zcz_complex sum = {0, 0};
  for (uint32_t i = 0; i < size; i++)
    sum = zcz_complex_add(
        sum, zcz_complex_multiply(zcz_complex_conjugate(a[i * size + p]), a[i * size + q]));
  return sum;
}

/* One-sided Jacobi: makes those columns of `a` that `chosen` marks orthogonal to working precision even relative
 * to their lengths, and turns the columns of b and v alike. */
static void orthogonalize(uint32_t size, zcz_complex *a, zcz_complex *b, zcz_complex *v,
                          const bool *chosen) {
  for (int sweep = 0; sweep < 60; sweep++) {
    bool turned = false;
    for (uint32_t p = 0; p + 1 < size; p++)
      for (uint32_t q = p + 1; q < size; q++) {
        if (!chosen[p] || !chosen[q]) continue;
        double alpha = column_norm2(size, a, p), beta = column_norm2(size, a, q);
        zcz_complex gamma = column_dot(size, a, p, q);
        double length = zcz_sqrt(zcz_complex_norm2(gamma));
        if (alpha < 1e-36 || beta < 1e-36 || length <= 4e-16 * zcz_sqrt(alpha * beta)) continue;
        double zeta = (alpha - beta) / (2 * length), root = zcz_sqrt(1 + zeta * zeta);
        double tangent = zeta >= 0 ? 1 / (zeta + root) : 1 / (zeta - root);
        double c = 1 / zcz_sqrt(1 + tangent * tangent), s = c * tangent / length;
        rotation r = {c, {gamma.re * s, -gamma.im * s}};
        rotate_columns(size, size, a, p, q, r);
        rotate_columns(size, size, b, p, q, r);
        rotate_columns(size, size, v, p, q, r);
        turned = true;
      }
    if (!turned) return;
  }
}

static void subtract_projection(uint32_t size, zcz_complex *a, uint32_t p, uint32_t from) {
  zcz_complex dot = column_dot(size, a, p, from);
  for (uint32_t i = 0; i < size; i++)
    a[i * size + from] =
        zcz_complex_subtract(a[i * size + from], zcz_complex_multiply(dot, a[i * size + p]));
}

/* Columns to unit length, the longest first, each made orthogonal to those before; what is too short to have a
 * direction gets one. Returns the lengths. */
static void normalize_columns(uint32_t size, zcz_complex *a, double *length) {
  bool done[ZCZ_MAX_DENSE_SIZE] = {false};
  for (uint32_t j = 0; j < size; j++) length[j] = zcz_sqrt(column_norm2(size, a, j));
  for (uint32_t step = 0; step < size; step++) {
    uint32_t next = ZCZ_MAX_DENSE_SIZE;
    for (uint32_t j = 0; j < size; j++)
      if (!done[j] && (next == ZCZ_MAX_DENSE_SIZE || length[j] > length[next])) next = j;
    double norm = length[next];
    for (uint32_t trial = 0; trial <= size; trial++) {
      if (norm < 1e-14)
        for (uint32_t i = 0; i < size; i++)
          a[i * size + next] = (zcz_complex){i + 1 == trial ? 1 : 0, 0};
      else
        for (uint32_t i = 0; i < size; i++)
          a[i * size + next] = zcz_complex_scale(a[i * size + next], 1 / norm);
      for (int pass = 0; pass < 2; pass++)
        for (uint32_t p = 0; p < size; p++)
          if (done[p]) subtract_projection(size, a, p, next);
      double rest = zcz_sqrt(column_norm2(size, a, next));
      norm = 0;
      if (rest < 0.5 / size) continue; /* no direction of its own: try the next unit vector */
      for (uint32_t i = 0; i < size; i++)
        a[i * size + next] = zcz_complex_scale(a[i * size + next], 1 / rest);
      break;
    }
    done[next] = true;
  }
}

void zcz_dense_cosine_sine(uint32_t size, const zcz_complex *u, zcz_complex *a0, zcz_complex *a1,
                           zcz_complex *b0, zcz_complex *b1, double *angle, zcz_complex *scratch) {
  size_t square = (size_t)size * size;
  zcz_complex *v = scratch, *u01 = v + square, *u11 = u01 + square, *adjoint = u11 + square;
  double cosine[ZCZ_MAX_DENSE_SIZE], sine[ZCZ_MAX_DENSE_SIZE];
  bool chosen[ZCZ_MAX_DENSE_SIZE] = {false};
  for (uint32_t i = 0; i < size; i++)
    for (uint32_t j = 0; j < size; j++) {
      a0[i * size + j] = u[i * 2 * size + j];
      u01[i * size + j] = u[i * 2 * size + size + j];
      a1[i * size + j] = u[(i + size) * 2 * size + j];
      u11[i * size + j] = u[(i + size) * 2 * size + size + j];
      v[i * size + j] = (zcz_complex){i == j ? 1 : 0, 0};
    }
  for (uint32_t j = 0; j < size; j++) chosen[j] = true;
  orthogonalize(size, a0, a1, v, chosen);
  /* Where the cosine is large the sines may be small: there the lower half says more. */
  for (uint32_t j = 0; j < size; j++) chosen[j] = column_norm2(size, a0, j) > 0.5;
  orthogonalize(size, a1, a0, v, chosen);
  normalize_columns(size, a0, cosine);
  normalize_columns(size, a1, sine);
  zcz_dense_adjoint(size, v, b0);
  for (uint32_t j = 0; j < size; j++) {
    angle[j] = zcz_atan2(sine[j], cosine[j]);
    zcz_sincos(angle[j], &sine[j], &cosine[j]);
  }
  zcz_dense_adjoint(size, a1, adjoint);
  zcz_dense_multiply(size, adjoint, u11, b1);
  zcz_dense_adjoint(size, a0, adjoint);
  zcz_dense_multiply(size, adjoint, u01, v);
  for (uint32_t i = 0; i < size; i++)
    for (uint32_t j = 0; j < size; j++)
      b1[i * size + j] = zcz_complex_subtract(zcz_complex_scale(b1[i * size + j], cosine[i]),
                                              zcz_complex_scale(v[i * size + j], sine[i]));
}
