/* As soon as possible, by the chip's durations. The times of a block count from its own start. An
 * IF or WHILE begins when every earlier operation of its block has ended, takes as long as its
 * longer branch (a loop: one round), and nothing starts beside it. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "compile/blocks.h"
#include "compile/lattice.h"
#include "compile/passes.h"

typedef struct scheduler {
  const zcz_circuit *source;
  zcz_circuit *result;
  const zcz_lattice *lattice;
  zcz_context *context;
  uint32_t num_qubits;
  uint8_t *terminal; /* of block 0 */
  uint8_t *measured; /* qubits whose terminal measurement has passed */
  uint32_t *room;
  const zcz_op **last; /* the terminal measurements */
  size_t num_last;
  zcz_error *error;
} scheduler;

/* `time[q]`: when qubit q is free; time[num_qubits]: when every result so far is there. */
static double latest(const scheduler *s, const double *time) {
  double end = 0;
  for (uint32_t q = 0; q <= s->num_qubits; q++)
    if (time[q] > end) end = time[q];
  return end;
}

static zcz_status schedule_block(scheduler *s, uint32_t block, double *duration);

static zcz_status place_control(scheduler *s, uint32_t block, zcz_op *op, double *time) {
  op->start_ns = latest(s, time);
  op->duration_ns = 0;
  for (int side = 0; side < 2; side++) {
    double one = 0;
    if (op->blocks[side] == ZCZ_NONE) continue;
    ZCZ_TRY(schedule_block(s, op->blocks[side], &one));
    if (one > op->duration_ns) op->duration_ns = one;
  }
  for (uint32_t q = 0; q <= s->num_qubits; q++) time[q] = op->start_ns + op->duration_ns;
  return zcz_circuit_append(s->result, block, op, s->error);
}

/* A barrier or delay without the qubits whose last word is said. */
static void cut(scheduler *s, zcz_op *op) {
  uint32_t left = 0;
  for (uint32_t k = 0; k < op->num_qubits; k++)
    if (!s->measured[op->qubits[k]]) s->room[left++] = op->qubits[k];
  op->qubits = s->room;
  op->num_qubits = left;
}

static zcz_status place(scheduler *s, uint32_t block, zcz_op op, double *time) {
  if (op.kind == ZCZ_OP_IF || op.kind == ZCZ_OP_WHILE) return place_control(s, block, &op, time);
  if (op.kind == ZCZ_OP_BARRIER || op.kind == ZCZ_OP_DELAY) {
    bool any = op.num_qubits > 0;
    if (block == 0) cut(s, &op);
    if (any && op.num_qubits == 0) return ZCZ_OK;
  }
  double duration, pauli_error;
  bool native;
  zcz_lattice_cost(s->lattice, &op, &duration, &pauli_error, &native);
  if (!native)
    return zcz_fail(s->error, ZCZ_ERROR_BUG,
                    "scheduling an operation that is not native: %s on %u "
                    "qubits",
                    op.kind == ZCZ_OP_GATE ? zcz_gate_describe(op.code)->name : "a matrix",
                    op.num_qubits);
  double start = op.kind == ZCZ_OP_ASSIGN ? time[s->num_qubits] : 0;
  for (uint32_t k = 0; k < op.num_qubits; k++)
    if (time[op.qubits[k]] > start) start = time[op.qubits[k]];
  op.start_ns = start;
  op.duration_ns = duration;
  for (uint32_t k = 0; k < op.num_qubits; k++) time[op.qubits[k]] = start + duration;
  if (op.kind == ZCZ_OP_MEASURE && start + duration > time[s->num_qubits])
    time[s->num_qubits] = start + duration;
  return zcz_circuit_append(s->result, block, &op, s->error);
}

static int by_bit(const void *a, const void *b) {
  const zcz_op *x = *(const zcz_op *const *)a, *y = *(const zcz_op *const *)b;
  if (x->bit != y->bit) return x->bit < y->bit ? -1 : 1;
  return x->qubits[0] < y->qubits[0] ? -1 : 1; /* without bits; a qubit ends once */
}

static zcz_status place_last(scheduler *s, double *time) {
  if (s->num_last == 0) return ZCZ_OK;
  qsort(s->last, s->num_last, sizeof *s->last, by_bit);
  double start = latest(s, time);
  for (size_t i = 0; i < s->num_last; i++) {
    zcz_op op = *s->last[i];
    op.start_ns = start;
    op.duration_ns = s->lattice->chip->readout_ns;
    ZCZ_TRY(zcz_circuit_append(s->result, 0, &op, s->error));
  }
  time[s->num_qubits] = start + s->lattice->chip->readout_ns;
  return ZCZ_OK;
}

static zcz_status schedule_ops(scheduler *s, uint32_t block, double *time) {
  const zcz_op *ops = zcz_circuit_ops(s->source, block);
  size_t count = zcz_circuit_num_ops(s->source, block);
  for (size_t i = 0; i < count; i++) {
    if (block == 0 && s->terminal[i]) {
      s->measured[ops[i].qubits[0]] = 1;
      s->last[s->num_last++] = &ops[i];
      continue;
    }
    ZCZ_TRY(place(s, block, ops[i], time));
  }
  return block == 0 ? place_last(s, time) : ZCZ_OK;
}

static zcz_status schedule_block(scheduler *s, uint32_t block, double *duration) {
  double *time = zcz_memory_zeroed(s->context, s->num_qubits + 1, sizeof *time);
  if (!time) return zcz_fail_memory(s->context, s->error, "a schedule", s->num_qubits * 8ull);
  zcz_status status = schedule_ops(s, block, time);
  *duration = latest(s, time);
  zcz_memory_release(s->context, time);
  return status;
}

static zcz_status schedule_run(scheduler *s, double *duration_ns) {
  size_t ops = zcz_circuit_num_ops(s->source, 0);
  size_t n = s->num_qubits, bytes = n * (sizeof *s->last + sizeof *s->room + 1) + ops;
  s->last = zcz_memory_zeroed(s->context, bytes, 1);
  if (!s->last) return zcz_fail_memory(s->context, s->error, "a schedule", bytes);
  s->room = (uint32_t *)(s->last + n);
  s->measured = (uint8_t *)(s->room + n);
  s->terminal = s->measured + n;
  zcz_status status = zcz_terminal_measurements(s->source, s->terminal, s->error);
  if (status == ZCZ_OK) status = zcz_blocks_like(s->source, s->result, s->error);
  if (status == ZCZ_OK) status = schedule_block(s, 0, duration_ns);
  zcz_memory_release(s->context, s->last);
  return status;
}

zcz_status zcz_pass_schedule(const zcz_circuit *source, const zcz_chip *chip, zcz_circuit **result,
                             double *duration_ns, zcz_error *error) {
  *result = NULL;
  *duration_ns = 0;
  ZCZ_TRY(zcz_blocks_check(source, error));
  if (zcz_circuit_num_qubits(source) != chip->num_qubits)
    return zcz_fail(error, ZCZ_ERROR_BUG, "scheduling a circuit of %u qubits on a chip of %u",
                    zcz_circuit_num_qubits(source), chip->num_qubits);
  zcz_context *context = zcz_circuit_context(source);
  zcz_lattice lattice;
  ZCZ_TRY(zcz_lattice_make(context, chip, NULL, 0, &lattice, error));
  scheduler s = {.source = source,
                 .lattice = &lattice,
                 .context = context,
                 .num_qubits = chip->num_qubits,
                 .error = error};
  zcz_status status = zcz_circuit_new_like(source, chip->num_qubits, &s.result, error);
  if (status == ZCZ_OK) status = schedule_run(&s, duration_ns);
  zcz_lattice_release(&lattice);
  if (status == ZCZ_OK)
    *result = s.result;
  else
    zcz_circuit_free(s.result);
  return status;
}
