/* Inner loops of the density engine. */
#ifndef ZCZ_SIM_DENSITY_KERNEL_H
#define ZCZ_SIM_DENSITY_KERNEL_H

#include "zcz/context.h"

/* A map on one or two digits, ready to run. */
typedef struct zcz_density_map {
  uint32_t num_qubits; /* 1, 2 */
  uint32_t digits[2];  /* ascending; digits[0] is the lower one of the matrix */
  uint32_t block_digits
      [2];        /* those that number a group's blocks, >= 2; equal to digits where these are */
  bool is_sparse; /* two qubits: by rows, in the three fields below */
  uint8_t row_start[17];
  uint8_t columns[128];
  double values[128];
  double matrix[256]; /* row-major */
} zcz_density_map;

enum { ZCZ_DENSITY_MIN_DIGITS = 4, ZCZ_DENSITY_SPARSE = 80 };

/* Makes room for one digit (two bits, zero) at base-4 place `digit`. */
static inline size_t zcz_density_spread(size_t index, uint32_t digit) {
  size_t low = ((size_t)1 << (2 * digit)) - 1;
  return (index & ~low) << 2 | (index & low);
}

/* Applies a map to groups begin .. end - 1 of a state of `float` or `double`: groups of 64
 * coefficients (one qubit), 256 (two). */
typedef void zcz_density_kernel(void *state, const zcz_density_map *map, size_t begin, size_t end);

typedef struct zcz_density_kernels {
  zcz_density_kernel *one[2]; /* single, double */
  zcz_density_kernel *two[2];
} zcz_density_kernels;

zcz_density_kernels zcz_density_kernels_for(zcz_isa isa);

#endif
