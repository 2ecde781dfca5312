/* Matrices on two to six qubits: the quantum Shannon decomposition (Shende, Bullock, Markov, IEEE Trans. CAD 25,
 * 1000 (2006)) down to matrices on two qubits; with controls through the eigenvectors, which need none. */
#include <string.h>

#include "base/memory.h"
#include "compile/expand.h"
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

static zcz_status shannon(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                          const zcz_complex *matrix, zcz_error *error);

/* diag(u0, u1) by the last qubit = V diag(D, D^+) W with V and W on the others, D^2 the eigenvalues of u0 u1^+.
 * `u0` and `u1` are destroyed. */
static zcz_status multiplexed_unitary(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                                      zcz_complex *u0, zcz_complex *u1, zcz_error *error) {
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
  zcz_status status = shannon(expand, count - 1, qubits, w, error);
  if (status == ZCZ_OK)
    status = multiplexed_rotation(expand, ZCZ_GATE_RZ, count, qubits, angle, false, error);
  if (status == ZCZ_OK) status = shannon(expand, count - 1, qubits, v, error);
  zcz_memory_release(expand->context, work);
  return status;
}

static zcz_status shannon(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                          const zcz_complex *matrix, zcz_error *error) {
  if (count <= 2) return zcz_expand_matrix(expand, count, qubits, matrix, error);
  uint32_t size = 1u << (count - 1);
  size_t square = (size_t)size * size;
  zcz_complex *work = zcz_memory_allocate(expand->context, 8 * square * sizeof *work);
  double angle[ZCZ_MAX_DENSE_SIZE];
  if (work == NULL)
    return zcz_fail_memory(expand->context, error, "a matrix", 8 * square * sizeof *work);
  zcz_complex *a0 = work, *a1 = a0 + square, *b0 = a1 + square, *b1 = b0 + square;
  zcz_dense_cosine_sine(size, matrix, a0, a1, b0, b1, angle, b1 + square);
  for (uint32_t i = 0; i < size; i++) angle[i] *= 2;
  zcz_status status = multiplexed_unitary(expand, count, qubits, b0, b1, error);
  if (status == ZCZ_OK)
    status = multiplexed_rotation(expand, ZCZ_GATE_RY, count, qubits, angle, true, error);
  /* The CZ that is missing: where the last qubit is 1, Z on qubit count - 2 before a1. */
  for (uint32_t i = 0; i < size; i++)
    for (uint32_t j = size / 2; j < size; j++)
      a1[i * size + j] = zcz_complex_scale(a1[i * size + j], -1);
  if (status == ZCZ_OK) status = multiplexed_unitary(expand, count, qubits, a0, a1, error);
  zcz_memory_release(expand->context, work);
  return status;
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
  ZCZ_TRY(shannon(expand, targets, qubits + num_controls, back, error));
  ZCZ_TRY(controlled_diagonal(expand, num_controls, num_qubits, qubits, angle, error));
  return shannon(expand, targets, qubits + num_controls, v, error);
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
                          ? shannon(expand, num_qubits, qubits, work, error)
                          : by_eigenvectors(expand, num_controls, num_qubits, qubits, work, error);
  zcz_memory_release(expand->context, work);
  return status;
}
