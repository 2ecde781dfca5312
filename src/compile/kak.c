#include "compile/kak.h"

#include <stdbool.h>

/* The columns of the magic basis: (00 + 11), i (01 + 10), (01 - 10), i (00 - 11), over sqrt 2. XX, YY
 * and ZZ are diagonal in it, with the signs below. */
static const zcz_complex magic[16] = {
    {ZCZ_SQRT1_2, 0},  {0, 0},           {0, 0},           {0, ZCZ_SQRT1_2}, {0, 0},
    {0, ZCZ_SQRT1_2},  {ZCZ_SQRT1_2, 0}, {0, 0},           {0, 0},           {0, ZCZ_SQRT1_2},
    {-ZCZ_SQRT1_2, 0}, {0, 0},           {ZCZ_SQRT1_2, 0}, {0, 0},           {0, 0},
    {0, -ZCZ_SQRT1_2}};
static const double sign_x[4] = {1, 1, -1, -1};
static const double sign_y[4] = {-1, 1, -1, 1};
static const double sign_z[4] = {1, -1, -1, 1};

void zcz_matrix4_orthonormalize(zcz_matrix4 *a) {
  for (int step = 0; step < 4; step++) {
    zcz_matrix4 adjoint = zcz_matrix4_adjoint(a);
    zcz_matrix4 gram = zcz_matrix4_multiply(&adjoint, a);
    double worst = 0;
    for (int i = 0; i < 16; i++) {
      zcz_complex unit = {i % 5 == 0 ? 1 : 0, 0};
      double distance = zcz_complex_norm2(zcz_complex_subtract(gram.at[i], unit));
      if (distance > worst) worst = distance;
      gram.at[i] = (zcz_complex){1.5 * unit.re - 0.5 * gram.at[i].re, -0.5 * gram.at[i].im};
    }
    if (worst < 1e-31) return;
    *a = zcz_matrix4_multiply(a, &gram);
  }
}

void zcz_matrix2_orthonormalize(zcz_matrix2 *a) {
  for (int step = 0; step < 4; step++) {
    zcz_matrix2 adjoint = zcz_matrix2_adjoint(a), gram = zcz_matrix2_multiply(&adjoint, a);
    for (int i = 0; i < 4; i++)
      gram.at[i] =
          (zcz_complex){(i % 3 == 0 ? 1.5 : 0) - 0.5 * gram.at[i].re, -0.5 * gram.at[i].im};
    *a = zcz_matrix2_multiply(a, &gram);
  }
}

/* cos and sin of the rotation of the p-q plane that best diagonalises a and b together: the
 * principal direction of the vectors (m_pp - m_qq, 2 m_pq) is twice its angle. */
static void joint_rotation(const double a[4][4], const double b[4][4], int p, int q, double *c,
                           double *s) {
  double a0 = a[p][p] - a[q][q], a1 = 2 * a[p][q];
  double b0 = b[p][p] - b[q][q], b1 = 2 * b[p][q];
  double on = (a0 * a0 + b0 * b0) - (a1 * a1 + b1 * b1);
  double off = 2 * (a0 * a1 + b0 * b1);
  double radius = zcz_sqrt(on * on + off * off);
  double cos2, sin2;
  if (radius < 1e-300) {
    *c = 1;
    *s = 0;
    return;
  }
  if (on >= 0) {
    cos2 = zcz_sqrt((radius + on) / (2 * radius));
    sin2 = off / (2 * radius * cos2);
  } else {
    sin2 = zcz_sqrt((radius - on) / (2 * radius));
    cos2 = (off < 0 ? -off : off) / (2 * radius * sin2);
    if (off < 0) sin2 = -sin2;
  }
  *c = zcz_sqrt(0.5 * (1 + cos2));
  *s = sin2 / (2 * *c);
}

static void rotate_symmetric(double m[4][4], int p, int q, double c, double s) {
  for (int k = 0; k < 4; k++) {
    double x = m[k][p], y = m[k][q];
    m[k][p] = c * x + s * y;
    m[k][q] = c * y - s * x;
  }
  for (int k = 0; k < 4; k++) {
    double x = m[p][k], y = m[q][k];
    m[p][k] = c * x + s * y;
    m[q][k] = c * y - s * x;
  }
}

/* Columns of `basis` become common eigenvectors of the commuting symmetric a and b (destroyed). */
static void diagonalize_together(double a[4][4], double b[4][4], double basis[4][4]) {
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) basis[i][j] = i == j;
  for (int sweep = 0; sweep < 40; sweep++) {
    double off = 0;
    for (int p = 0; p < 3; p++)
      for (int q = p + 1; q < 4; q++) off += a[p][q] * a[p][q] + b[p][q] * b[p][q];
    if (off < 1e-31) return;
    for (int p = 0; p < 3; p++)
      for (int q = p + 1; q < 4; q++) {
        double c, s;
        joint_rotation((const double(*)[4])a, (const double(*)[4])b, p, q, &c, &s);
        if (s == 0) continue;
        rotate_symmetric(a, p, q, c, s);
        rotate_symmetric(b, p, q, c, s);
        for (int k = 0; k < 4; k++) {
          double x = basis[k][p], y = basis[k][q];
          basis[k][p] = c * x + s * y;
          basis[k][q] = c * y - s * x;
        }
      }
  }
}

static double determinant(const double m[4][4]) {
  double s0 = m[0][0] * m[1][1] - m[1][0] * m[0][1], c5 = m[2][2] * m[3][3] - m[3][2] * m[2][3];
  double s1 = m[0][0] * m[1][2] - m[1][0] * m[0][2], c4 = m[2][1] * m[3][3] - m[3][1] * m[2][3];
  double s2 = m[0][0] * m[1][3] - m[1][0] * m[0][3], c3 = m[2][1] * m[3][2] - m[3][1] * m[2][2];
  double s3 = m[0][1] * m[1][2] - m[1][1] * m[0][2], c2 = m[2][0] * m[3][3] - m[3][0] * m[2][3];
  double s4 = m[0][1] * m[1][3] - m[1][1] * m[0][3], c1 = m[2][0] * m[3][2] - m[3][0] * m[2][2];
  double s5 = m[0][2] * m[1][3] - m[1][2] * m[0][3], c0 = m[2][0] * m[3][1] - m[3][0] * m[2][1];
  return s0 * c5 - s1 * c4 + s2 * c3 + s3 * c2 - s4 * c1 + s5 * c0;
}

/* The local gate whose matrix in the magic basis is the real rotation `m`. */
static zcz_local local_from_magic(const double m[4][4]) {
  zcz_complex half[16], full[16];
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) {
      zcz_complex sum = {0, 0};
      for (int k = 0; k < 4; k++)
        sum = zcz_complex_add(sum, zcz_complex_scale(magic[4 * i + k], m[k][j]));
      half[4 * i + j] = sum;
    }
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) {
      zcz_complex sum = {0, 0};
      for (int k = 0; k < 4; k++)
        sum = zcz_complex_add(
            sum, zcz_complex_multiply(half[4 * i + k], zcz_complex_conjugate(magic[4 * j + k])));
      full[4 * i + j] = sum;
    }
  /* full = at[1] (x) at[0]: the 2x2 block of largest norm is at[0] times a number. */
  int best = 0;
  double norm = -1;
  for (int block = 0; block < 4; block++) {
    double sum = 0;
    for (int k = 0; k < 4; k++)
      sum += zcz_complex_norm2(full[4 * (2 * (block >> 1) + (k >> 1)) + 2 * (block & 1) + (k & 1)]);
    if (sum > norm + 1e-6) norm = sum, best = block;
  }
  zcz_local local;
  double scale = ZCZ_SQRT1_2 * 2 / zcz_sqrt(norm);
  for (int k = 0; k < 4; k++)
    local.at[0].at[k] =
        zcz_complex_scale(full[4 * (2 * (best >> 1) + (k >> 1)) + 2 * (best & 1) + (k & 1)], scale);
  for (int block = 0; block < 4; block++) {
    zcz_complex sum = {0, 0};
    for (int k = 0; k < 4; k++)
      sum = zcz_complex_add(
          sum, zcz_complex_multiply(
                   zcz_complex_conjugate(local.at[0].at[k]),
                   full[4 * (2 * (block >> 1) + (k >> 1)) + 2 * (block & 1) + (k & 1)]));
    local.at[1].at[block] = zcz_complex_scale(sum, 0.5);
  }
  return local;
}

static void multiply_left_by(zcz_kak *kak, const zcz_matrix2 *p1, const zcz_matrix2 *p0) {
  kak->left.at[0] = zcz_matrix2_multiply(&kak->left.at[0], p0);
  kak->left.at[1] = zcz_matrix2_multiply(&kak->left.at[1], p1);
}

/* Coordinates j and k change places: both qubits turn by pi/2 about the third axis. */
static void exchange_coordinates(zcz_kak *kak, double c[3], int j, int k) {
  int axis = 3 - j - k;
  zcz_matrix2 turn = axis == 0   ? zcz_matrix2_rx(0.5 * ZCZ_PI)
                     : axis == 1 ? zcz_matrix2_ry(0.5 * ZCZ_PI)
                                 : zcz_matrix2_rz(0.5 * ZCZ_PI);
  zcz_matrix2 back = zcz_matrix2_adjoint(&turn);
  multiply_left_by(kak, &back, &back);
  for (int qubit = 0; qubit < 2; qubit++)
    kak->right.at[qubit] = zcz_matrix2_multiply(&turn, &kak->right.at[qubit]);
  double keep = c[j];
  c[j] = c[k];
  c[k] = keep;
}

/* The two coordinates other than `axis` change sign: a Pauli on qubit 1 before and after. */
static void flip_others(zcz_kak *kak, double c[3], int axis) {
  zcz_matrix2 pauli = zcz_matrix2_pauli(axis + 1), unit = zcz_matrix2_identity();
  multiply_left_by(kak, &pauli, &unit);
  kak->right.at[1] = zcz_matrix2_multiply(&pauli, &kak->right.at[1]);
  for (int k = 0; k < 3; k++)
    if (k != axis) c[k] = -c[k];
}

/* c -= steps pi/2, and (i PP)^steps joins the left side. */
static void shift_coordinate(zcz_kak *kak, double c[3], int k, int steps) {
  c[k] -= steps * (0.5 * ZCZ_PI);
  kak->phase += steps * (0.5 * ZCZ_PI);
  if (steps & 1) {
    zcz_matrix2 pauli = zcz_matrix2_pauli(k + 1);
    multiply_left_by(kak, &pauli, &pauli);
  }
}

static double magnitude(double x) { return x < 0 ? -x : x; }

static void move_to_chamber(zcz_kak *kak) {
  double c[3] = {kak->x, kak->y, kak->z};
  for (int k = 0; k < 3; k++) {
    double turns = c[k] / (0.5 * ZCZ_PI);
    shift_coordinate(kak, c, k, (int)(turns < 0 ? turns - 0.5 : turns + 0.5));
  }
  if (magnitude(c[0]) < magnitude(c[1])) exchange_coordinates(kak, c, 0, 1);
  if (magnitude(c[1]) < magnitude(c[2])) exchange_coordinates(kak, c, 1, 2);
  if (magnitude(c[0]) < magnitude(c[1])) exchange_coordinates(kak, c, 0, 1);
  if (c[0] < 0 && c[1] < 0)
    flip_others(kak, c, 2);
  else if (c[0] < 0)
    flip_others(kak, c, 1);
  else if (c[1] < 0)
    flip_others(kak, c, 0);
  if (c[2] < 0 && c[0] > 0.25 * ZCZ_PI - ZCZ_KAK_EDGE) {
    shift_coordinate(kak, c, 0, 1);
    flip_others(kak, c, 1);
  }
  kak->x = c[0];
  kak->y = c[1];
  kak->z = c[2];
}

zcz_matrix4 zcz_kak_to_magic(const zcz_matrix4 *m) {
  zcz_matrix4 columns, adjoint;
  for (int i = 0; i < 16; i++) columns.at[i] = magic[i];
  adjoint = zcz_matrix4_adjoint(&columns);
  columns = zcz_matrix4_multiply(m, &columns);
  return zcz_matrix4_multiply(&adjoint, &columns);
}

void zcz_kak_decompose(const zcz_matrix4 *unitary, zcz_kak *kak) {
  zcz_matrix4 v = zcz_kak_to_magic(unitary);
  double re[4][4], im[4][4], basis[4][4], angle[4], rotation[4][4], transposed[4][4];
  for (int i = 0; i < 4; i++)
    for (int j = i; j < 4; j++) {
      zcz_complex sum = {0, 0};
      for (int k = 0; k < 4; k++)
        sum = zcz_complex_add(sum, zcz_complex_multiply(v.at[4 * k + i], v.at[4 * k + j]));
      re[i][j] = re[j][i] = sum.re;
      im[i][j] = im[j][i] = sum.im;
    }
  diagonalize_together(re, im, basis);
  if (determinant((const double(*)[4])basis) < 0)
    for (int k = 0; k < 4; k++) basis[k][0] = -basis[k][0];
  for (int j = 0; j < 4; j++) {
    angle[j] = 0.5 * zcz_atan2(im[j][j], re[j][j]);
    double s, c;
    zcz_sincos(angle[j], &s, &c);
    for (int i = 0; i < 4; i++) {
      zcz_complex sum = {0, 0};
      for (int k = 0; k < 4; k++)
        sum = zcz_complex_add(sum, zcz_complex_scale(v.at[4 * i + k], basis[k][j]));
      rotation[i][j] = sum.re * c + sum.im * s; /* times exp(-i angle): real */
    }
  }
  if (determinant((const double(*)[4])rotation) < 0) {
    angle[0] += ZCZ_PI;
    for (int k = 0; k < 4; k++) rotation[k][0] = -rotation[k][0];
  }
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) transposed[i][j] = basis[j][i];
  kak->left = local_from_magic((const double(*)[4])rotation);
  kak->right = local_from_magic((const double(*)[4])transposed);
  kak->phase = kak->x = kak->y = kak->z = 0;
  for (int j = 0; j < 4; j++) {
    kak->phase += 0.25 * angle[j];
    kak->x += 0.25 * sign_x[j] * angle[j];
    kak->y += 0.25 * sign_y[j] * angle[j];
    kak->z += 0.25 * sign_z[j] * angle[j];
  }
  move_to_chamber(kak);
}

zcz_matrix4 zcz_kak_canonical(double x, double y, double z) {
  zcz_complex phase[4];
  for (int k = 0; k < 4; k++)
    zcz_sincos(sign_x[k] * x + sign_y[k] * y + sign_z[k] * z, &phase[k].im, &phase[k].re);
  zcz_matrix4 m;
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) {
      zcz_complex sum = {0, 0};
      for (int k = 0; k < 4; k++)
        sum = zcz_complex_add(sum,
                              zcz_complex_multiply(zcz_complex_multiply(magic[4 * i + k], phase[k]),
                                                   zcz_complex_conjugate(magic[4 * j + k])));
      m.at[4 * i + j] = sum;
    }
  return m;
}

zcz_matrix4 zcz_kak_matrix(const zcz_kak *kak) {
  zcz_matrix4 left = zcz_matrix4_kronecker(&kak->left);
  zcz_matrix4 middle = zcz_kak_canonical(kak->x, kak->y, kak->z);
  zcz_matrix4 right = zcz_matrix4_kronecker(&kak->right);
  middle = zcz_matrix4_multiply(&left, &middle);
  middle = zcz_matrix4_multiply(&middle, &right);
  zcz_complex phase;
  zcz_sincos(kak->phase, &phase.im, &phase.re);
  for (int i = 0; i < 16; i++) middle.at[i] = zcz_complex_multiply(middle.at[i], phase);
  return middle;
}

double zcz_kak_distance(const zcz_kak *a, const zcz_kak *b) {
  double dx = magnitude(a->x - b->x), dy = magnitude(a->y - b->y), dz = magnitude(a->z - b->z);
  return dx > dy ? (dx > dz ? dx : dz) : (dy > dz ? dy : dz);
}
