#include "sim/density/state.h"

#include "base/complex.h"
#include "base/memory.h"
#include "sim/density/transfer.h"

#include <string.h>

enum { SMALL_QUBITS = 6, PARALLEL_COUNT = 1 << 18 };

static bool kept_single(uint32_t num_qubits, zcz_precision precision) {
  return precision == ZCZ_PRECISION_SINGLE && num_qubits > SMALL_QUBITS;
}

uint64_t zcz_density_bytes(uint32_t num_qubits, zcz_precision precision) {
  uint32_t digits = num_qubits < ZCZ_DENSITY_MIN_DIGITS ? ZCZ_DENSITY_MIN_DIGITS : num_qubits;
  if (digits > 30) return UINT64_MAX;
  return (UINT64_C(1) << (2 * digits)) * (kept_single(num_qubits, precision) ? 4 : 8);
}

zcz_status zcz_density_new(zcz_context *context, uint32_t num_qubits, zcz_precision precision,
                           zcz_density **density, zcz_error *error) {
  uint64_t bytes = zcz_density_bytes(num_qubits, precision);
  zcz_density *made = zcz_memory_zeroed(context, 1, sizeof *made);
  *density = NULL;
  if (made != NULL) made->data = zcz_memory_allocate(context, bytes);
  if (made == NULL || made->data == NULL) {
    zcz_memory_release(context, made);
    return zcz_fail_memory(context, error, "a density matrix", bytes);
  }
  made->context = context;
  made->num_qubits = num_qubits;
  made->digits = num_qubits < ZCZ_DENSITY_MIN_DIGITS ? ZCZ_DENSITY_MIN_DIGITS : num_qubits;
  made->single = kept_single(num_qubits, precision);
  made->count = (size_t)1 << (2 * made->digits);
  made->threads = made->count < PARALLEL_COUNT ? 1 : zcz_context_threads(context);
  made->kernels = zcz_density_kernels_for(zcz_context_isa(context));
  zcz_density_clear(made);
  *density = made;
  return ZCZ_OK;
}

void zcz_density_free(zcz_density *density) {
  if (density == NULL) return;
  zcz_memory_release(density->context, density->data);
  zcz_memory_release(density->context, density);
}

/* Bit i of `bits` to bits 2 i and 2 i + 1: the string of Z on these qubits. */
static size_t z_string(size_t bits) {
  size_t index = 0;
  for (uint32_t i = 0; bits >> i != 0; i++)
    if (bits >> i & 1) index |= (size_t)3 << (2 * i);
  return index;
}

void zcz_density_clear(zcz_density *density) {
  size_t strings = (size_t)1 << density->digits;
  memset(density->data, 0, density->count * (density->single ? sizeof(float) : sizeof(double)));
  for (size_t x = 0; x < strings; x++) {
    if (density->single)
      ((float *)density->data)[z_string(x)] = 1;
    else
      ((double *)density->data)[z_string(x)] = 1;
  }
}

void zcz_density_copy(zcz_density *target, const zcz_density *source) {
  memcpy(target->data, source->data,
         source->count * (source->single ? sizeof(float) : sizeof(double)));
}

void zcz_density_add(zcz_density *target, const zcz_density *source) {
  if (target->single) {
    float *t = target->data;
    const float *s = source->data;
    for (size_t i = 0; i < target->count; i++) t[i] += s[i];
  } else {
    double *t = target->data;
    const double *s = source->data;
    for (size_t i = 0; i < target->count; i++) t[i] += s[i];
  }
}

/* ---- maps ---- */

static void find_sparse(zcz_density_map *map) {
  uint32_t count = 0;
  for (int i = 0; i < 256; i++) count += map->matrix[i] != 0;
  map->is_sparse = count <= ZCZ_DENSITY_SPARSE;
  if (!map->is_sparse) return;
  count = 0;
  for (int i = 0; i < 16; i++) {
    map->row_start[i] = (uint8_t)count;
    for (int j = 0; j < 16; j++)
      if (map->matrix[16 * i + j] != 0) {
        map->columns[count] = (uint8_t)j;
        map->values[count++] = map->matrix[16 * i + j];
      }
  }
  map->row_start[16] = (uint8_t)count;
}

void zcz_density_map_make(uint32_t num_qubits, const uint32_t *qubits, const double *matrix,
                          zcz_density_map *map) {
  map->num_qubits = num_qubits;
  map->is_sparse = false;
  memcpy(map->matrix, matrix, (num_qubits == 1 ? 16 : 256) * sizeof *matrix);
  map->digits[0] = qubits[0];
  if (num_qubits == 1) {
    map->digits[1] = 0;
    map->block_digits[0] = qubits[0] < 2 ? 2 : qubits[0];
    map->block_digits[1] = 0;
    return;
  }
  map->digits[1] = qubits[1];
  if (qubits[0] > qubits[1]) {
    map->digits[0] = qubits[1];
    map->digits[1] = qubits[0];
    zcz_transfer_swap(map->matrix);
  }
  map->block_digits[0] = map->digits[0];
  map->block_digits[1] = map->digits[1];
  if (map->digits[1] < 2) {
    map->block_digits[0] = 2;
    map->block_digits[1] = 3;
  } else if (map->digits[0] < 2) {
    map->block_digits[0] = map->digits[1] == 2 ? 3 : 2;
  }
  find_sparse(map);
}

void zcz_density_apply(zcz_density *density, const zcz_density_map *map) {
  zcz_density_kernel *kernel = map->num_qubits == 1 ? density->kernels.one[!density->single]
                                                    : density->kernels.two[!density->single];
  size_t groups = density->count / (map->num_qubits == 1 ? 64 : 256);
  if (density->threads == 1) {
    kernel(density->data, map, 0, groups);
    return;
  }
  size_t chunk = groups / 64; /* a power of two, at least 16 */
#pragma omp parallel for num_threads(density->threads) schedule(dynamic)
  for (size_t i = 0; i < 64; i++) kernel(density->data, map, i * chunk, (i + 1) * chunk);
}

/* ---- operations on three qubits and more ---- */

typedef struct large_op {
  uint32_t k, controls, targets; /* k = controls + targets; controls are the first digits */
  uint32_t sorted[ZCZ_DENSITY_MAX_OP_QUBITS];  /* qubits ascending */
  size_t offset_of[ZCZ_DENSITY_MAX_OP_QUBITS]; /* of digit 1 on each qubit of the operation */
  zcz_complex matrix[1 << (2 * ZCZ_MAX_UNITARY_QUBITS)];
} large_op;

/* Multiplies the rows (side 0) or, conjugated, the columns (side 1) of one block of elements. */
static void large_side(const large_op *op, zcz_complex *block, uint32_t side) {
  size_t size = (size_t)1 << op->targets, count = (size_t)1 << (2 * op->k);
  size_t controls = 0, targets = 0;
  size_t place[1 << ZCZ_MAX_UNITARY_QUBITS];
  zcz_complex old[1 << ZCZ_MAX_UNITARY_QUBITS];
  for (uint32_t i = 0; i < op->k; i++)
    *(i < op->controls ? &controls : &targets) |= (size_t)1 << (2 * i + side);
  for (size_t t = 0; t < size; t++) {
    place[t] = 0;
    for (uint32_t i = 0; i < op->targets; i++)
      if (t >> i & 1) place[t] |= (size_t)1 << (2 * (op->controls + i) + side);
  }
  for (size_t base = 0; base < count; base++) {
    if ((base & controls) != controls || (base & targets) != 0) continue;
    for (size_t t = 0; t < size; t++) old[t] = block[base | place[t]];
    for (size_t r = 0; r < size; r++) {
      zcz_complex sum = {0, 0};
      for (size_t t = 0; t < size; t++) {
        zcz_complex factor = op->matrix[r * size + t];
        if (side == 1) factor = zcz_complex_conjugate(factor);
        sum = zcz_complex_add(sum, zcz_complex_multiply(factor, old[t]));
      }
      block[base | place[r]] = sum;
    }
  }
}

/* All coefficients that agree outside the operation's qubits: block number `rest`. */
static void large_block(zcz_density *density, const large_op *op, size_t rest, zcz_complex *block) {
  size_t count = (size_t)1 << (2 * op->k), base = rest;
  for (uint32_t i = 0; i < op->k; i++) base = zcz_density_spread(base, op->sorted[i]);
  for (int write = 0; write < 2; write++) {
    for (size_t j = 0; j < count; j++) {
      size_t index = base;
      for (uint32_t i = 0; i < op->k; i++) index += (j >> (2 * i) & 3) * op->offset_of[i];
      if (write == 0)
        block[j] = (zcz_complex){density->single ? ((float *)density->data)[index]
                                                 : ((double *)density->data)[index],
                                 0};
      else if (density->single)
        ((float *)density->data)[index] = (float)block[j].re;
      else
        ((double *)density->data)[index] = block[j].re;
    }
    if (write == 1) break;
    zcz_transfer_to_elements(op->k, block);
    large_side(op, block, 0);
    large_side(op, block, 1);
    zcz_transfer_to_coefficients(op->k, block);
  }
}

static void large_op_make(const zcz_op *op, large_op *large) {
  zcz_op bare = *op;
  bare.num_controls = 0;
  bare.num_qubits = op->num_qubits - op->num_controls;
  bare.qubits = op->qubits + op->num_controls;
  zcz_op_matrix(&bare, large->matrix);
  large->k = op->num_qubits;
  large->controls = op->num_controls;
  large->targets = bare.num_qubits;
  for (uint32_t i = 0; i < large->k; i++) {
    large->offset_of[i] = (size_t)1 << (2 * op->qubits[i]);
    uint32_t j = i;
    for (; j > 0 && large->sorted[j - 1] > op->qubits[i]; j--)
      large->sorted[j] = large->sorted[j - 1];
    large->sorted[j] = op->qubits[i];
  }
}

zcz_status zcz_density_apply_large(zcz_density *density, const zcz_op *op, zcz_error *error) {
  large_op *large = zcz_memory_allocate(density->context, sizeof *large);
  size_t size = ((size_t)1 << (2 * op->num_qubits)) * sizeof(zcz_complex);
  size_t rests = density->count >> (2 * op->num_qubits);
  int threads = (size_t)density->threads < rests ? density->threads : (int)rests;
  char *blocks = zcz_memory_allocate(density->context, (size_t)threads * size);
  if (large == NULL || blocks == NULL) {
    zcz_memory_release(density->context, large);
    zcz_memory_release(density->context, blocks);
    return zcz_fail_memory(density->context, error, "an operation on many qubits",
                           (uint64_t)threads * size);
  }
  large_op_make(op, large);
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
  for (int t = 0; t < threads; t++)
    for (size_t rest = (size_t)t; rest < rests; rest += (size_t)threads)
      large_block(density, large, rest, (zcz_complex *)(blocks + (size_t)t * size));
  zcz_memory_release(density->context, large);
  zcz_memory_release(density->context, blocks);
  return ZCZ_OK;
}

/* ---- questions ---- */

double zcz_density_coefficient(const zcz_density *density, size_t index) {
  return density->single ? (double)((float *)density->data)[index]
                         : ((double *)density->data)[index];
}

void zcz_density_marginal(const zcz_density *density, uint32_t k, const uint32_t *qubits,
                          const double (*flips)[2], double *p) {
  size_t count = (size_t)1 << k;
  for (size_t j = 0; j < count; j++) {
    size_t index = 0;
    for (uint32_t i = 0; i < k; i++)
      if (j >> i & 1) index |= (size_t)3 << (2 * qubits[i]);
    p[j] = zcz_density_coefficient(density, index);
  }
  for (uint32_t i = 0; i < k; i++) {
    size_t step = (size_t)1 << i;
    double p10 = flips == NULL ? 0 : flips[i][0], p01 = flips == NULL ? 0 : flips[i][1];
    for (size_t j = 0; j < count; j++) {
      if (j & step) continue;
      double one = p[j], z = one * (p01 - p10) + p[j + step] * (1 - p10 - p01);
      p[j] = (one + z) / 2;
      p[j + step] = (one - z) / 2;
    }
  }
}
