#include "sim/density/plan.h"

#include "base/memory.h"
#include "base/progress.h"
#include "sim/density/transfer.h"

#include <string.h>

/* From this width on, passing over the state costs more than multiplying small matrices. */
enum { FUSE_QUBITS = 6 };

typedef struct planned {
  const zcz_op *large; /* or NULL: the map */
  zcz_density_map map;
} planned;

struct zcz_density_plan {
  size_t count, capacity;
  planned *items;
};

/* Where finished maps go: to a state, or into a plan. */
typedef struct sink {
  zcz_context *context;
  zcz_density *density;
  zcz_density_plan *plan;
  zcz_error *error;
} sink;

/* The last operation on a qubit is a block of two qubits that is still open, or a product of
 * one-qubit maps still pending, or neither. */
typedef struct block {
  bool open;
  uint32_t qubits[2];
  double matrix[256];
} block;

typedef struct fuser {
  sink *out;
  bool fuse;
  uint8_t block_of[ZCZ_DENSITY_MAX_QUBITS]; /* NO_BLOCK = none */
  bool pending[ZCZ_DENSITY_MAX_QUBITS];
  double one[ZCZ_DENSITY_MAX_QUBITS][16];
  block blocks[ZCZ_DENSITY_MAX_QUBITS / 2 + 1];
} fuser;

enum { NO_BLOCK = 255, NUM_BLOCKS = ZCZ_DENSITY_MAX_QUBITS / 2 + 1 };

static zcz_status put(sink *out, uint32_t num_qubits, const uint32_t *qubits, const double *matrix,
                      const zcz_op *large) {
  if (out->plan == NULL) {
    if (large != NULL) return zcz_density_apply_large(out->density, large, out->error);
    zcz_density_map map;
    zcz_density_map_make(num_qubits, qubits, matrix, &map);
    zcz_density_apply(out->density, &map);
    return ZCZ_OK;
  }
  zcz_density_plan *plan = out->plan;
  if (!zcz_memory_grow(out->context, &plan->items, &plan->capacity, plan->count + 1,
                       sizeof(planned)))
    return zcz_fail_memory(out->context, out->error, "a plan of maps",
                           plan->count * sizeof(planned));
  planned *item = &plan->items[plan->count++];
  item->large = large;
  if (large == NULL) zcz_density_map_make(num_qubits, qubits, matrix, &item->map);
  return ZCZ_OK;
}

static zcz_status close_qubit(fuser *f, uint32_t qubit) {
  uint8_t number = f->block_of[qubit];
  if (number != NO_BLOCK) {
    block *b = &f->blocks[number];
    b->open = false;
    f->block_of[b->qubits[0]] = f->block_of[b->qubits[1]] = NO_BLOCK;
    return put(f->out, 2, b->qubits, b->matrix, NULL);
  }
  if (!f->pending[qubit]) return ZCZ_OK;
  f->pending[qubit] = false;
  return put(f->out, 1, &qubit, f->one[qubit], NULL);
}

static void take_one(fuser *f, uint32_t qubit, const double matrix[16]) {
  uint8_t number = f->block_of[qubit];
  if (number != NO_BLOCK) {
    double wide[256];
    block *b = &f->blocks[number];
    zcz_transfer_widen(matrix, b->qubits[1] == qubit, wide);
    zcz_transfer_multiply(16, wide, b->matrix, wide);
    memcpy(b->matrix, wide, sizeof wide);
  } else if (f->pending[qubit]) {
    double product[16];
    zcz_transfer_multiply(4, matrix, f->one[qubit], product);
    memcpy(f->one[qubit], product, sizeof product);
  } else {
    f->pending[qubit] = true;
    memcpy(f->one[qubit], matrix, 16 * sizeof *matrix);
  }
}

static zcz_status take_two(fuser *f, const uint32_t qubits[2], double matrix[256]) {
  uint8_t number = f->block_of[qubits[0]];
  if (number != NO_BLOCK && number == f->block_of[qubits[1]]) {
    block *b = &f->blocks[number];
    if (b->qubits[0] != qubits[0]) zcz_transfer_swap(matrix);
    zcz_transfer_multiply(16, matrix, b->matrix, matrix);
    memcpy(b->matrix, matrix, sizeof b->matrix);
    return ZCZ_OK;
  }
  for (int i = 0; i < 2; i++) {
    if (f->block_of[qubits[i]] != NO_BLOCK) {
      ZCZ_TRY(close_qubit(f, qubits[i]));
    } else if (f->pending[qubits[i]]) {
      double wide[256], product[256];
      zcz_transfer_widen(f->one[qubits[i]], (uint32_t)i, wide);
      zcz_transfer_multiply(16, matrix, wide, product);
      memcpy(matrix, product, sizeof product);
      f->pending[qubits[i]] = false;
    }
  }
  number = 0;
  while (f->blocks[number].open) number++;
  block *b = &f->blocks[number];
  b->open = true;
  memcpy(b->qubits, qubits, sizeof b->qubits);
  memcpy(b->matrix, matrix, sizeof b->matrix);
  f->block_of[qubits[0]] = f->block_of[qubits[1]] = number;
  return ZCZ_OK;
}

static zcz_status take(fuser *f, const zcz_op *op) {
  double matrix[256];
  if (op->kind == ZCZ_OP_GATE && (op->code == ZCZ_GATE_ID && op->num_controls == 0)) return ZCZ_OK;
  switch (op->num_qubits) {
  case 0: return ZCZ_OK; /* a global phase */
  case 1:
    zcz_transfer_of_op(op, matrix);
    if (!f->fuse) return put(f->out, 1, op->qubits, matrix, NULL);
    take_one(f, op->qubits[0], matrix);
    return ZCZ_OK;
  case 2:
    zcz_transfer_of_op(op, matrix);
    if (!f->fuse) return put(f->out, 2, op->qubits, matrix, NULL);
    return take_two(f, op->qubits, matrix);
  default:
    for (uint32_t i = 0; f->fuse && i < op->num_qubits; i++) ZCZ_TRY(close_qubit(f, op->qubits[i]));
    return put(f->out, 0, NULL, NULL, op);
  }
}

static zcz_status take_all(sink *out, uint32_t num_qubits, const zcz_op *ops, size_t count,
                           const char *stage) {
  enum { OPS_PER_CHECK = 64 };
  fuser f;
  f.out = out;
  f.fuse = num_qubits >= FUSE_QUBITS;
  memset(f.block_of, NO_BLOCK, sizeof f.block_of);
  memset(f.pending, 0, sizeof f.pending);
  for (int i = 0; i < NUM_BLOCKS; i++) f.blocks[i].open = false;
  for (size_t i = 0; i < count; i++) {
    if (stage != NULL && (num_qubits >= 8 || i % OPS_PER_CHECK == 0))
      ZCZ_TRY(zcz_progress(out->context, stage, (double)i, (double)count, out->error));
    ZCZ_TRY(take(&f, &ops[i]));
  }
  for (uint32_t q = 0; f.fuse && q < num_qubits; q++) ZCZ_TRY(close_qubit(&f, q));
  return ZCZ_OK;
}

zcz_status zcz_density_run_ops(zcz_density *density, const zcz_op *ops, size_t count,
                               const char *stage, zcz_error *error) {
  sink out = {.context = density->context, .density = density, .error = error};
  return take_all(&out, density->num_qubits, ops, count, stage);
}

zcz_status zcz_density_plan_new(zcz_context *context, uint32_t num_qubits, const zcz_op *ops,
                                size_t count, zcz_density_plan **plan, zcz_error *error) {
  *plan = zcz_memory_zeroed(context, 1, sizeof **plan);
  if (*plan == NULL) return zcz_fail_memory(context, error, "a plan of maps", sizeof **plan);
  sink out = {.context = context, .plan = *plan, .error = error};
  zcz_status status = take_all(&out, num_qubits, ops, count, NULL);
  if (status != ZCZ_OK) {
    zcz_density_plan_free(context, *plan);
    *plan = NULL;
  }
  return status;
}

void zcz_density_plan_free(zcz_context *context, zcz_density_plan *plan) {
  if (plan == NULL) return;
  zcz_memory_release(context, plan->items);
  zcz_memory_release(context, plan);
}

zcz_status zcz_density_run_plan(zcz_density *density, const zcz_density_plan *plan,
                                zcz_error *error) {
  for (size_t i = 0; i < plan->count; i++) {
    if (zcz_cancelled(density->context)) return zcz_fail_cancelled(density->context, error);
    if (plan->items[i].large != NULL)
      ZCZ_TRY(zcz_density_apply_large(density, plan->items[i].large, error));
    else
      zcz_density_apply(density, &plan->items[i].map);
  }
  return ZCZ_OK;
}
