/* Matrices on two to six qubits: the quantum Shannon decomposition (Shende, Bullock, Markov, IEEE Trans. CAD 25,
 * 1000 (2006)) down to matrices on two qubits, with both of its savings: (23/48) 4^n - (3/2) 2^n + 4/3 CX. With
 * controls through the eigenvectors, which need none. */
#include <string.h>

#include "base/memory.h"
#include "compile/expand.h"
#include "compile/kak.h"
#include "compile/dense.h"

/* A rotation of the last qubit, about Y or Z, by angle[x] for each value x of the others. With `open` the last
 * step, a CX or CZ of qubit count - 2 and the last, is left to the caller. CZ turn Ry as CX do. */
static zcz_status multiplexed_rotation(zcz_expand *expand, zcz_gate gate, uint32_t count,
                                       const uint32_t *qubits, double *angle, bool open,
                                       zcz_error *error) {
  uint32_t size = 1u << (count - 1), target = qubits[count - 1];
  for (uint32_t bit = 1; bit < size; bit <<= 1)
    for (uint32_t i = 0; i < size; i++)
      if (!(i & bit)) {
        double sum = 0.5 * (angle[i] + angle[i | bit]);
        angle[i | bit] = 0.5 * (angle[i] - angle[i | bit]);
        angle[i] = sum;
      }
  for (uint32_t i = 0; i < size; i++) {
    uint32_t code = i ^ (i >> 1), next = i + 1 < size ? (i + 1) ^ ((i + 1) >> 1) : 0;
    uint32_t pair[2] = {qubits[__builtin_ctz(code ^ next)], target};
    ZCZ_TRY(zcz_expand_one(expand, gate, target, angle[code], error));
    if (open && i + 1 == size) break;
    ZCZ_TRY(zcz_expand_gate(expand, open ? ZCZ_GATE_Z : ZCZ_GATE_X, 1, pair, NULL, error));
  }
  return ZCZ_OK;
}

/* The matrices on the first two qubits, in order. All that stands between them has these as controls, so a
 * diagonal split off one passes into the next. */
typedef struct leaf_row {
  zcz_expand *expand;
  uint32_t left; /* still to come */
  double twist;  /* exp(i twist ZZ) waits */
} leaf_row;

static zcz_status shannon(leaf_row *leaves, uint32_t count, const uint32_t *qubits,
                          const zcz_complex *matrix, zcz_error *error);

/* exp(i twist ZZ) on the left, or with `right` on the right. */
static void twist_matrix(zcz_matrix4 *m, double twist, bool right) {
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) {
      int k = right ? j : i;
      zcz_complex phase;
      zcz_sincos(k == 0 || k == 3 ? twist : -twist, &phase.im, &phase.re);
      m->at[4 * i + j] = zcz_complex_multiply(phase, m->at[4 * i + j]);
    }
}

/* The twist after which m needs two CX: in the magic basis, trace of m^T m real at determinant 1. */
static double twist_to_two(const zcz_matrix4 *m) {
  zcz_kak kak;
  zcz_kak_decompose(m, &kak);
  zcz_matrix4 whole = *m;
  double trace[2][2] = {{0, 0}, {0, 0}};
  zcz_complex back;
  zcz_sincos(-kak.phase, &back.im, &back.re); /* what is left has determinant 1, up to sign */
  for (int i = 0; i < 16; i++) whole.at[i] = zcz_complex_multiply(back, whole.at[i]);
  zcz_matrix4 split = zcz_kak_to_magic(&whole);
  for (int k = 0; k < 4; k++)
    for (int j = 0; j < 4; j++) {
      zcz_complex v = split.at[4 * k + j], square = zcz_complex_multiply(v, v);
      int minus = k == 1 || k == 2;
      trace[minus][0] += square.re;
      trace[minus][1] += square.im;
    }
  return 0.5 * zcz_atan2(-(trace[0][1] + trace[1][1]), trace[0][0] - trace[1][0]);
}

static zcz_status leaf(leaf_row *leaves, const uint32_t *qubits, const zcz_complex *matrix,
                       zcz_error *error) {
  zcz_matrix4 m;
  memcpy(m.at, matrix, sizeof m.at);
  twist_matrix(&m, leaves->twist, true);
  leaves->twist = 0;
  if (--leaves->left > 0) {
    double twist = twist_to_two(&m);
    twist_matrix(&m, twist, false);
    leaves->twist = -twist;
  }
  return zcz_expand_matrix(leaves->expand, 2, qubits, m.at, error);
}

/* diag(u0, u1) by the last qubit = V diag(D, D^+) W with V and W on the others, D^2 the eigenvalues of u0 u1^+.
 * `u0` and `u1` are destroyed. */
static zcz_status multiplexed_unitary(leaf_row *leaves, uint32_t count, const uint32_t *qubits,
                                      zcz_complex *u0, zcz_complex *u1, zcz_error *error) {
  zcz_expand *expand = leaves->expand;
  uint32_t size = 1u << (count - 1);
  size_t square = (size_t)size * size;
  zcz_complex *work = zcz_memory_allocate(expand->context, 5 * square * sizeof *work);
  double angle[ZCZ_MAX_DENSE_SIZE];
  if (work == NULL)
    return zcz_fail_memory(expand->context, error, "a matrix", 5 * square * sizeof *work);
  zcz_complex *v = work, *w = work + square, *x = work + 2 * square, *scratch = work + 3 * square;
  zcz_dense_adjoint(size, u1, w);
  zcz_dense_multiply(size, u0, w, x);
  zcz_dense_eigen(size, x, v, angle, scratch);
  zcz_dense_adjoint(size, v, x);
  zcz_dense_multiply(size, x, u1, w);
  for (uint32_t i = 0; i < size; i++) {
    zcz_complex d;
    zcz_sincos(0.5 * angle[i], &d.im, &d.re);
    for (uint32_t j = 0; j < size; j++) w[i * size + j] = zcz_complex_multiply(d, w[i * size + j]);
    angle[i] = -angle[i];
  }
  zcz_status status = shannon(leaves, count - 1, qubits, w, error);
  if (status == ZCZ_OK)
    status = multiplexed_rotation(expand, ZCZ_GATE_RZ, count, qubits, angle, false, error);
  if (status == ZCZ_OK) status = shannon(leaves, count - 1, qubits, v, error);
  zcz_memory_release(expand->context, work);
  return status;
}

static zcz_status shannon(leaf_row *leaves, uint32_t count, const uint32_t *qubits,
                          const zcz_complex *matrix, zcz_error *error) {
  zcz_expand *expand = leaves->expand;
  if (count == 2) return leaf(leaves, qubits, matrix, error);
  uint32_t size = 1u << (count - 1);
  size_t square = (size_t)size * size;
  zcz_complex *work = zcz_memory_allocate(expand->context, 8 * square * sizeof *work);
  double angle[ZCZ_MAX_DENSE_SIZE];
  if (work == NULL)
    return zcz_fail_memory(expand->context, error, "a matrix", 8 * square * sizeof *work);
  zcz_complex *a0 = work, *a1 = a0 + square, *b0 = a1 + square, *b1 = b0 + square;
  zcz_dense_cosine_sine(size, matrix, a0, a1, b0, b1, angle, b1 + square);
  for (uint32_t i = 0; i < size; i++) angle[i] *= 2;
  zcz_status status = multiplexed_unitary(leaves, count, qubits, b0, b1, error);
  if (status == ZCZ_OK)
    status = multiplexed_rotation(expand, ZCZ_GATE_RY, count, qubits, angle, true, error);
  /* The CZ that is missing: where the last qubit is 1, Z on qubit count - 2 before a1. */
  for (uint32_t i = 0; i < size; i++)
    for (uint32_t j = size / 2; j < size; j++)
      a1[i * size + j] = zcz_complex_scale(a1[i * size + j], -1);
  if (status == ZCZ_OK) status = multiplexed_unitary(leaves, count, qubits, a0, a1, error);
  zcz_memory_release(expand->context, work);
  return status;
}

static zcz_status without_controls(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                                   const zcz_complex *matrix, zcz_error *error) {
  leaf_row all = {.expand = expand, .left = 1u << (2 * count - 4)};
  return shannon(&all, count, qubits, matrix, error);
}

/* exp(i angle[x]) for the targets' value x, where all controls are 1. Past four qubits a product of phases on
 * subsets: angle[x] = sum of part[s] over s within x. */
static zcz_status controlled_diagonal(zcz_expand *expand, uint32_t num_controls,
                                      uint32_t num_qubits, const uint32_t *qubits, double *angle,
                                      zcz_error *error) {
  uint32_t targets = num_qubits - num_controls, size = 1u << targets;
  if (num_qubits <= 4) {
    double all[16] = {0};
    uint32_t controls = (1u << num_controls) - 1;
    for (uint32_t x = 0; x < size; x++) all[x << num_controls | controls] = angle[x];
    return zcz_expand_diagonal(expand, num_qubits, qubits, all, error);
  }
  for (uint32_t bit = 1; bit < size; bit <<= 1)
    for (uint32_t x = 0; x < size; x++)
      if (x & bit) angle[x] -= angle[x ^ bit];
  uint32_t *list = zcz_memory_copy(expand->context, qubits, num_qubits * sizeof *list);
  if (list == NULL)
    return zcz_fail_memory(expand->context, error, "a list of qubits", num_qubits * sizeof *list);
  zcz_status status = ZCZ_OK;
  for (uint32_t s = 0; s < size && status == ZCZ_OK; s++) {
    uint32_t count = num_controls;
    for (uint32_t k = 0; k < targets; k++)
      if (s >> k & 1) list[count++] = qubits[num_controls + k];
    if (angle[s] > 1e-14 || angle[s] < -1e-14)
      status = zcz_expand_phase(expand, count, list, angle[s], error);
  }
  zcz_memory_release(expand->context, list);
  return status;
}

static zcz_status by_eigenvectors(zcz_expand *expand, uint32_t num_controls, uint32_t num_qubits,
                                  const uint32_t *qubits, zcz_complex *work, zcz_error *error) {
  uint32_t targets = num_qubits - num_controls, size = 1u << targets;
  size_t square = (size_t)size * size;
  double angle[ZCZ_MAX_DENSE_SIZE];
  zcz_complex *v = work + square, *back = work + 2 * square;
  zcz_dense_eigen(size, work, v, angle, work + 2 * square);
  zcz_dense_adjoint(size, v, back);
  ZCZ_TRY(without_controls(expand, targets, qubits + num_controls, back, error));
  ZCZ_TRY(controlled_diagonal(expand, num_controls, num_qubits, qubits, angle, error));
  return without_controls(expand, targets, qubits + num_controls, v, error);
}

zcz_status zcz_expand_unitary(zcz_expand *expand, uint32_t num_controls, uint32_t num_qubits,
                              const uint32_t *qubits, const zcz_complex *matrix, zcz_error *error) {
  uint32_t size = 1u << (num_qubits - num_controls);
  size_t square = (size_t)size * size;
  zcz_complex *work = zcz_memory_allocate(expand->context, 4 * square * sizeof *work);
  if (work == NULL)
    return zcz_fail_memory(expand->context, error, "a matrix", 4 * square * sizeof *work);
  memcpy(work, matrix, square * sizeof *work);
  zcz_dense_orthonormalize(size, work, work + square);
  zcz_status status = num_controls == 0
                          ? without_controls(expand, num_qubits, qubits, work, error)
                          : by_eigenvectors(expand, num_controls, num_qubits, qubits, work, error);
  zcz_memory_release(expand->context, work);
  return status;
}
