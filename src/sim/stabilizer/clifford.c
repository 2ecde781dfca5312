#include "sim/stabilizer/clifford.h"

#include <math.h>
#include <string.h>

#include "base/complex.h"

enum { MAX_QUBITS = 2, MAX_DIM = 1 << MAX_QUBITS, MAX_ENTRIES = MAX_DIM * MAX_DIM };

/* Phase i^k of an entry on the unit circle; -1 when it is none of the four. */
static int quarter_turns(zcz_complex value) {
  const double tolerance = 1e-6;
  if (fabs(value.im) < tolerance && fabs(fabs(value.re) - 1) < tolerance)
    return value.re > 0 ? 0 : 2;
  if (fabs(value.re) < tolerance && fabs(fabs(value.im) - 1) < tolerance)
    return value.im > 0 ? 1 : 3;
  return -1;
}

/* Entry (row, column) of the Pauli: i^(Ys) X^x Z^z. */
static zcz_complex pauli_entry(uint32_t x, uint32_t z, uint32_t row, uint32_t column) {
  static const zcz_complex turns[4] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
  if (row != (column ^ x)) return (zcz_complex){0, 0};
  return turns[(__builtin_popcount(x & z) + 2 * __builtin_popcount(z & column)) & 3];
}

/* Is the matrix a Pauli with a sign? Its first column tells X and the sign, the columns of single
 * qubits tell Z, the rest must agree. */
static bool read_pauli(const zcz_complex *matrix, uint32_t qubits, uint8_t *pauli) {
  uint32_t dim = 1u << qubits, x = 0, z = 0;
  while (x < dim && quarter_turns(matrix[x * dim]) < 0) x++;
  if (x == dim) return false;
  int first = quarter_turns(matrix[x * dim]);
  for (uint32_t j = 0; j < qubits; j++) {
    int turns = quarter_turns(matrix[(x ^ (1u << j)) * dim + (1u << j)]);
    if (turns < 0 || ((turns - first) & 1)) return false;
    if (turns != first) z |= 1u << j;
  }
  int sign = (first - __builtin_popcount(x & z)) & 3;
  if (sign & 1) return false;
  for (uint32_t row = 0; row < dim; row++) {
    for (uint32_t column = 0; column < dim; column++) {
      zcz_complex want = zcz_complex_scale(pauli_entry(x, z, row, column), sign ? -1 : 1);
      zcz_complex off = zcz_complex_subtract(matrix[row * dim + column], want);
      if (fabs(off.re) > 1e-6 || fabs(off.im) > 1e-6) return false;
    }
  }
  *pauli = sign ? ZCZ_PAULI_MINUS : 0;
  for (uint32_t j = 0; j < qubits; j++)
    *pauli |= (uint8_t)((((x >> j) & 1) | (((z >> j) & 1) << 1)) << (2 * j));
  return true;
}

/* result = left * right, or left * right^-1. */
static void multiply(uint32_t dim, const zcz_complex *left, const zcz_complex *right, bool adjoint,
                     zcz_complex *result) {
  for (uint32_t i = 0; i < dim; i++) {
    for (uint32_t j = 0; j < dim; j++) {
      zcz_complex sum = {0, 0};
      for (uint32_t k = 0; k < dim; k++) {
        zcz_complex factor =
            adjoint ? zcz_complex_conjugate(right[j * dim + k]) : right[k * dim + j];
        sum = zcz_complex_add(sum, zcz_complex_multiply(left[i * dim + k], factor));
      }
      result[i * dim + j] = sum;
    }
  }
}

bool zcz_clifford_read(const zcz_op *op, zcz_clifford *clifford) {
  uint32_t qubits = op->num_qubits, dim = 1u << (qubits & 3);
  zcz_complex unitary[MAX_ENTRIES], adjoint[MAX_ENTRIES];
  memset(clifford, 0, sizeof *clifford);
  if (qubits > MAX_QUBITS) return false;
  clifford->num_qubits = (uint8_t)qubits;
  if (qubits == 0) return true; /* a global phase */
  zcz_op_matrix(op, unitary);
  for (uint32_t i = 0; i < dim; i++)
    for (uint32_t j = 0; j < dim; j++)
      adjoint[i * dim + j] = zcz_complex_conjugate(unitary[j * dim + i]);
  for (uint32_t g = 0; g < 2 * qubits; g++) {
    zcz_complex pauli[MAX_ENTRIES], half[MAX_ENTRIES], image[MAX_ENTRIES];
    uint32_t bit = 1u << (g / 2);
    for (uint32_t i = 0; i < dim; i++)
      for (uint32_t j = 0; j < dim; j++)
        pauli[i * dim + j] = pauli_entry(g & 1 ? 0 : bit, g & 1 ? bit : 0, i, j);
    multiply(dim, unitary, pauli, false, half);
    multiply(dim, half, unitary, true, image);
    if (!read_pauli(image, qubits, &clifford->forward[g])) return false;
    multiply(dim, adjoint, pauli, false, half);
    multiply(dim, half, adjoint, true, image);
    if (!read_pauli(image, qubits, &clifford->inverse[g])) return false;
  }
  return true;
}

/* i^k in a b = i^k (a xor b) for one-qubit Paulis 1 = X, 2 = Z, 3 = Y. */
static int product_turns(uint32_t a, uint32_t b) {
  static const uint8_t turns[4][4] = {{0, 0, 0, 0}, {0, 0, 3, 1}, {0, 1, 0, 3}, {0, 3, 1, 0}};
  return turns[a & 3][b & 3];
}

uint8_t zcz_clifford_image(const uint8_t images[4], uint8_t pauli) {
  /* The Pauli is i^(Ys) times the product of its X and Z parts in the order of the generators. */
  int turns = (pauli & 3) == 3 ? 1 : 0;
  if ((pauli & 12) == 12) turns++;
  if (pauli & ZCZ_PAULI_MINUS) turns += 2;
  uint8_t image = 0;
  for (int g = 0; g < 4; g++) {
    if (!(pauli >> g & 1)) continue;
    turns += product_turns(image, images[g]) + product_turns(image >> 2, images[g] >> 2);
    if (images[g] & ZCZ_PAULI_MINUS) turns += 2;
    image ^= images[g] & ZCZ_PAULI_BITS;
  }
  return (uint8_t)(image | (turns & 2 ? ZCZ_PAULI_MINUS : 0));
}

static bool same(const zcz_op *a, const zcz_op *b) {
  return a->kind == b->kind && a->code == b->code && a->num_controls == b->num_controls &&
         a->num_qubits == b->num_qubits && a->num_params == b->num_params &&
         (a->num_params == 0 ||
          memcmp(a->params, b->params, a->num_params * sizeof *a->params) == 0);
}

const zcz_clifford *zcz_clifford_look_up(zcz_clifford_cache *cache, const zcz_op *op) {
  if (op->num_qubits > MAX_QUBITS) return NULL;
  uint64_t hash = 14695981039346656037u;
  const uint64_t words[3] = {op->kind, op->code, op->num_controls};
  for (int i = 0; i < 3; i++) hash = (hash ^ words[i]) * 1099511628211u;
  for (uint32_t i = 0; i < op->num_params; i++) {
    uint64_t bits;
    memcpy(&bits, &op->params[i], sizeof bits);
    hash = (hash ^ bits ^ bits >> 32) * 1099511628211u;
  }
  hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9u; /* high bits of a short product say little */
  uint32_t home = (uint32_t)(hash >> 40), slot = home % ZCZ_CLIFFORD_SLOTS;
  for (uint32_t i = 0; i < 4; i++) { /* neighbours take in what collides */
    slot = (home + i) % ZCZ_CLIFFORD_SLOTS;
    if (!cache->ops[slot] || same(cache->ops[slot], op)) break;
    if (i == 3) slot = home % ZCZ_CLIFFORD_SLOTS;
  }
  if (!cache->ops[slot] || !same(cache->ops[slot], op)) {
    cache->ops[slot] = op;
    cache->able[slot] = zcz_op_is_clifford(op) && zcz_clifford_read(op, &cache->cliffords[slot]);
  }
  return cache->able[slot] ? &cache->cliffords[slot] : NULL;
}
