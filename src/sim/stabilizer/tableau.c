#include "sim/stabilizer/tableau.h"

#include <string.h>

#include "base/memory.h"

static size_t row_words(const zcz_tableau *tableau) { return 2 * (size_t)tableau->words; }

static uint64_t *row_at(const zcz_tableau *tableau, size_t row) {
  return tableau->rows + row * row_words(tableau);
}

uint64_t zcz_tableau_bytes(uint32_t num_qubits) {
  uint64_t words = ((uint64_t)num_qubits + 63) / 64;
  return (2 * (uint64_t)num_qubits + 4) * 2 * words * sizeof(uint64_t) + 2 * (uint64_t)num_qubits;
}

zcz_status zcz_tableau_new(zcz_context *context, uint32_t num_qubits, zcz_tableau *tableau,
                           zcz_error *error) {
  uint64_t bytes = zcz_tableau_bytes(num_qubits);
  memset(tableau, 0, sizeof *tableau);
  ZCZ_TRY(zcz_memory_admit(context, "a stabilizer tableau", bytes, error));
  tableau->num_qubits = num_qubits;
  tableau->words = (uint32_t)(((uint64_t)num_qubits + 63) / 64);
  tableau->rows = zcz_memory_zeroed(context, 2 * (size_t)num_qubits, row_words(tableau) * 8);
  tableau->signs = zcz_memory_zeroed(context, 2 * (size_t)num_qubits, 1);
  tableau->scratch = zcz_memory_zeroed(context, 4, row_words(tableau) * 8);
  if (!tableau->rows || !tableau->signs || !tableau->scratch) {
    zcz_tableau_release(context, tableau);
    return zcz_fail_memory(context, error, "a stabilizer tableau", bytes);
  }
  zcz_tableau_restart(tableau);
  return ZCZ_OK;
}

void zcz_tableau_release(zcz_context *context, zcz_tableau *tableau) {
  zcz_memory_release(context, tableau->rows);
  zcz_memory_release(context, tableau->signs);
  zcz_memory_release(context, tableau->scratch);
  memset(tableau, 0, sizeof *tableau);
}

void zcz_tableau_restart(zcz_tableau *tableau) {
  size_t rows = 2 * (size_t)tableau->num_qubits;
  memset(tableau->rows, 0, rows * row_words(tableau) * sizeof *tableau->rows);
  memset(tableau->signs, 0, rows);
  for (uint32_t q = 0; q < tableau->num_qubits; q++) {
    row_at(tableau, 2 * (size_t)q)[q / 64] |= UINT64_C(1) << (q % 64);
    row_at(tableau, 2 * (size_t)q + 1)[tableau->words + q / 64] |= UINT64_C(1) << (q % 64);
  }
}

/* left := left * right up to a phase i^k; returns k. Each bit lane counts its own quarter turns
 * modulo 4 in two bits. */
static unsigned row_multiply(uint64_t *left, const uint64_t *right, uint32_t words) {
  uint64_t ones = 0, twos = 0;
  for (uint32_t w = 0; w < words; w++) {
    uint64_t x1 = left[w], z1 = left[words + w], x2 = right[w], z2 = right[words + w];
    uint64_t x1z2 = x1 & z2, anticommute = (x2 & z1) ^ x1z2;
    uint64_t x = x1 ^ x2, z = z1 ^ z2;
    /* +1 where the product is cyclic (XY, YZ, ZX), -1 = three quarters where it is not. */
    twos ^= (ones ^ x ^ z ^ x1z2) & anticommute;
    ones ^= anticommute;
    left[w] = x;
    left[words + w] = z;
  }
  return (unsigned)(__builtin_popcountll(ones) + 2 * __builtin_popcountll(twos)) & 3;
}

void zcz_tableau_apply(zcz_tableau *tableau, const zcz_clifford *clifford, const uint32_t *qubits) {
  unsigned generators = 2u * clifford->num_qubits;
  size_t size = row_words(tableau), row[4] = {0};
  const uint64_t *source[4] = {NULL};
  uint8_t sign[4] = {0};
  for (unsigned g = 0; g < generators; g++) {
    row[g] = 2 * (size_t)qubits[g / 2] + (g & 1);
    source[g] = row_at(tableau, row[g]);
    sign[g] = tableau->signs[row[g]];
    if ((clifford->inverse[g] & ZCZ_PAULI_BITS) == 1u << g) continue;
    memcpy(tableau->scratch + g * size, source[g], size * sizeof *source[g]);
    source[g] = tableau->scratch + g * size;
  }
  for (unsigned g = 0; g < generators; g++) {
    uint8_t image = clifford->inverse[g];
    unsigned turns = image & ZCZ_PAULI_MINUS ? 2 : 0;
    if ((image & ZCZ_PAULI_BITS) == 1u << g) {
      tableau->signs[row[g]] = (uint8_t)(sign[g] ^ (turns >> 1));
      continue;
    }
    turns += ((image & 3) == 3) + ((image & 12) == 12); /* Y = i X Z */
    uint64_t *target = row_at(tableau, row[g]);
    bool first = true;
    for (unsigned h = 0; h < generators; h++) {
      if (!(image >> h & 1)) continue;
      if (first)
        memcpy(target, source[h], size * sizeof *target);
      else
        turns += row_multiply(target, source[h], tableau->words);
      turns += 2u * sign[h];
      first = false;
    }
    tableau->signs[row[g]] = (turns >> 1) & 1;
  }
}

void zcz_tableau_pauli(zcz_tableau *tableau, uint32_t qubit, uint32_t pauli) {
  tableau->signs[2 * (size_t)qubit] ^= (pauli >> 1) & 1;
  tableau->signs[2 * (size_t)qubit + 1] ^= pauli & 1;
}

int zcz_tableau_outcome(const zcz_tableau *tableau, uint32_t qubit) {
  const uint64_t *x = row_at(tableau, 2 * (size_t)qubit + 1);
  for (uint32_t w = 0; w < tableau->words; w++)
    if (x[w]) return -1;
  return tableau->signs[2 * (size_t)qubit + 1];
}

/* Conjugates one row by CX from `pivot` onto every qubit of `set`, one after the other. */
static void row_fan_out(zcz_tableau *tableau, size_t row, uint32_t pivot, const uint64_t *set) {
  uint64_t *x = row_at(tableau, row), *z = x + tableau->words;
  uint32_t word = pivot / 64, shift = pivot % 64;
  bool pivot_x = x[word] >> shift & 1, pivot_z = z[word] >> shift & 1;
  unsigned touched = 0, both = 0;
  for (uint32_t w = 0; w < tableau->words; w++) {
    uint64_t hit = z[w] & set[w];
    touched += (unsigned)__builtin_popcountll(hit);
    both += (unsigned)__builtin_popcountll(hit & x[w]);
    if (pivot_x) x[w] ^= set[w];
  }
  /* A CX turns the sign where x_c z_t (x_t + z_c + 1); z_c toggles with every target that has Z. */
  if (pivot_x)
    tableau->signs[row] ^= (uint8_t)((both + touched * (unsigned)!pivot_z + touched / 2) & 1);
  if (touched & 1) z[word] ^= UINT64_C(1) << shift;
}

void zcz_tableau_collapse(zcz_tableau *tableau, uint32_t qubit, int outcome) {
  size_t measured = 2 * (size_t)qubit + 1, rows = 2 * (size_t)tableau->num_qubits;
  uint64_t *set = tableau->scratch;
  uint32_t word = 0;
  memcpy(set, row_at(tableau, measured), tableau->words * sizeof *set);
  while (word < tableau->words && !set[word]) word++;
  if (word == tableau->words) return; /* certain already */
  uint32_t shift = (uint32_t)__builtin_ctzll(set[word]), pivot = 64 * word + shift;
  set[word] &= set[word] - 1;
  /* On the side of |0..0>: CX from the pivot changes nothing there and leaves one X or Y in the
   * measured row, at the pivot; a Hadamard-like gate there turns it into Z, which is the collapse. */
  bool is_y = row_at(tableau, measured)[tableau->words + word] >> shift & 1;
  unsigned parity = 0;
  for (uint32_t w = 0; w < tableau->words; w++)
    parity ^=
        (unsigned)__builtin_popcountll(set[w] & row_at(tableau, measured)[tableau->words + w]);
  is_y ^= parity & 1;
  for (size_t r = 0; r < rows; r++) {
    uint64_t *x = row_at(tableau, r) + word, *z = x + tableau->words;
    row_fan_out(tableau, r, pivot, set);
    uint64_t bit_x = *x >> shift & 1, bit_z = *z >> shift & 1, toggle_x, toggle_z;
    if (is_y) { /* (Y + Z)/sqrt 2: Y <-> Z, X -> -X */
      tableau->signs[r] ^= (uint8_t)(bit_x & ~bit_z & 1);
      toggle_x = bit_z;
      toggle_z = 0;
    } else { /* Hadamard */
      tableau->signs[r] ^= (uint8_t)(bit_x & bit_z);
      toggle_x = toggle_z = bit_x ^ bit_z;
    }
    *x ^= toggle_x << shift;
    *z ^= toggle_z << shift;
  }
  if (tableau->signs[measured] == (outcome & 1)) return;
  for (size_t r = 0; r < rows; r++)
    tableau->signs[r] ^= (uint8_t)(row_at(tableau, r)[tableau->words + word] >> shift & 1);
}
