/* The light cone of what is measured, found by one walk backwards.
 *
 * For each qubit the walk knows how much of its state the rest of the program can still tell:
 * nothing (DEAD), only its diagonal in the Z basis (DIAGONAL: the rest gives the same results after
 * a complete dephasing of these qubits), or all of it (FULL). A measurement needs the diagonal
 * alone, so a diagonal gate on qubits that are all DEAD or DIAGONAL changes no result and goes; so
 * does a controlled gate whose targets are DEAD and whose controls are no more than DIAGONAL. */
#include <string.h>

#include "base/memory.h"
#include "compile/blocks.h"
#include "compile/passes.h"

enum { DEAD = 0, DIAGONAL = 1, FULL = 2 };
/* A loop's body is walked until nothing changes. Nested loops multiply, so past these bounds every
 * qubit counts as needed. */
enum { MAX_LOOP_DEPTH = 3, MAX_LOOP_WALKS = 8 };

typedef struct cone {
  const zcz_circuit *source;
  zcz_context *context;
  uint32_t num_qubits;
  size_t need_bytes;
  bool keep_phase;
  uint8_t **kept;  /* kept[block][operation] */
  uint8_t *active; /* qubits that some kept operation other than a barrier or delay touches */
  zcz_error *error;
} cone;

static bool any_needed(const uint8_t *need, const zcz_op *op, uint32_t from, uint8_t above) {
  for (uint32_t i = from; i < op->num_qubits; i++)
    if (need[op->qubits[i]] > above) return true;
  return false;
}

static void raise_to(uint8_t *need, const zcz_op *op, uint32_t from, uint32_t to, uint8_t level) {
  for (uint32_t i = from; i < to; i++)
    if (need[op->qubits[i]] < level) need[op->qubits[i]] = level;
}

/* Gates that map basis states to basis states: dephasing commutes with them. */
static bool permutes_basis(const zcz_op *op) {
  if (op->kind != ZCZ_OP_GATE) return false;
  switch (op->code) {
  case ZCZ_GATE_X:
  case ZCZ_GATE_Y:
  case ZCZ_GATE_XY:
  case ZCZ_GATE_SWAP:
  case ZCZ_GATE_ISWAP:
  case ZCZ_GATE_ISWAPDG: return true;
  default: return false;
  }
}

static bool gate_kept(cone *c, uint8_t *need, const zcz_op *op) {
  if (op->num_qubits == 0) return c->keep_phase;
  bool diagonal =
      op->kind == ZCZ_OP_GATE && (zcz_gate_describe(op->code)->flags & ZCZ_GATE_DIAGONAL);
  if (diagonal) {
    if (!any_needed(need, op, 0, DIAGONAL)) return false;
    raise_to(need, op, 0, op->num_qubits, DIAGONAL);
    return true;
  }
  uint32_t controls = op->num_controls;
  if (!any_needed(need, op, controls, DEAD)) {
    bool controls_full = false;
    for (uint32_t i = 0; i < controls; i++) controls_full |= need[op->qubits[i]] == FULL;
    if (!controls_full) return false;
  }
  if (permutes_basis(op) && op->num_qubits == 2 && controls == 0) {
    uint8_t first = need[op->qubits[0]];
    need[op->qubits[0]] = need[op->qubits[1]];
    need[op->qubits[1]] = first;
    /* iSWAP is a swap after diagonal gates, one of them a CZ. */
    if (op->code != ZCZ_GATE_SWAP && any_needed(need, op, 0, DIAGONAL))
      raise_to(need, op, 0, 2, DIAGONAL);
    return true;
  }
  /* A dephasing of all its qubits commutes with such a gate; one of the target alone does not. */
  bool stays = permutes_basis(op) && !any_needed(need, op, 0, DIAGONAL);
  raise_to(need, op, 0, controls, DIAGONAL);
  raise_to(need, op, controls, op->num_qubits, stays ? DIAGONAL : FULL);
  return true;
}

static bool channel_kept(uint8_t *need, const zcz_op *op) {
  switch ((zcz_channel)op->code) {
  case ZCZ_CHANNEL_PHASE_DAMPING: return any_needed(need, op, 0, DIAGONAL);
  case ZCZ_CHANNEL_PAULI1:
  case ZCZ_CHANNEL_PAULI2:
  case ZCZ_CHANNEL_DEPOLARIZE1:
  case ZCZ_CHANNEL_DEPOLARIZE2:
  case ZCZ_CHANNEL_AMPLITUDE_DAMPING:
  case ZCZ_CHANNEL_GENERALIZED_AMPLITUDE_DAMPING:
  case ZCZ_CHANNEL_RELAXATION:
    /* They commute with a dephasing, and with forgetting a qubit. */
    return any_needed(need, op, 0, DEAD);
  case ZCZ_CHANNEL_KRAUS:
  case ZCZ_CHANNEL_COUNT: break;
  }
  if (!any_needed(need, op, 0, DEAD)) return false;
  raise_to(need, op, 0, op->num_qubits, FULL);
  return true;
}

static zcz_status walk_block(cone *c, uint32_t block, uint8_t *need, int loops);

static void join(cone *c, uint8_t *need, const uint8_t *other) {
  for (uint32_t q = 0; q < c->num_qubits; q++)
    if (need[q] < other[q]) need[q] = other[q];
}

static zcz_status walk_if(cone *c, const zcz_op *op, uint8_t *need, int loops) {
  uint8_t *other = zcz_memory_copy(c->context, need, c->need_bytes);
  if (!other) return zcz_fail_memory(c->context, c->error, "a light cone", c->need_bytes);
  zcz_status status = walk_block(c, op->blocks[0], other, loops);
  if (status == ZCZ_OK && op->blocks[1] != ZCZ_NONE)
    status = walk_block(c, op->blocks[1], need, loops);
  join(c, need, other);
  zcz_memory_release(c->context, other);
  return status;
}

static zcz_status walk_while(cone *c, const zcz_op *op, uint8_t *need, int loops) {
  if (loops >= MAX_LOOP_DEPTH) {
    memset(need, FULL, c->num_qubits);
    return walk_block(c, op->blocks[0], need, loops + 1);
  }
  uint8_t *other = zcz_memory_allocate(c->context, c->need_bytes);
  if (!other) return zcz_fail_memory(c->context, c->error, "a light cone", c->need_bytes);
  zcz_status status = ZCZ_OK;
  bool changed = true;
  for (int walks = 0; changed && status == ZCZ_OK; walks++) {
    if (walks == MAX_LOOP_WALKS) memset(need, FULL, c->num_qubits);
    memcpy(other, need, c->num_qubits);
    status = walk_block(c, op->blocks[0], other, loops + 1);
    changed = false;
    for (uint32_t q = 0; q < c->num_qubits; q++) changed |= other[q] > need[q];
    join(c, need, other);
  }
  zcz_memory_release(c->context, other);
  return status;
}

/* Past MAX_LOOP_DEPTH a body is walked once with every qubit FULL, before each operation too. */
static zcz_status walk_block(cone *c, uint32_t block, uint8_t *need, int loops) {
  const zcz_op *ops = zcz_circuit_ops(c->source, block);
  for (size_t i = zcz_circuit_num_ops(c->source, block); i-- > 0;) {
    const zcz_op *op = &ops[i];
    bool kept = true;
    switch ((zcz_op_kind)op->kind) {
    case ZCZ_OP_GATE:
    case ZCZ_OP_UNITARY: kept = gate_kept(c, need, op); break;
    case ZCZ_OP_CHANNEL: kept = channel_kept(need, op); break;
    case ZCZ_OP_MEASURE: need[op->qubits[0]] = DIAGONAL; break;
    case ZCZ_OP_RESET:
      /* What stands before it has no effect, and yet stays: it mostly computed the qubit back to 0, and without
       * its last steps every such reset would split the state in two. */
      kept = need[op->qubits[0]] != DEAD;
      if (kept) need[op->qubits[0]] = DIAGONAL;
      break;
    case ZCZ_OP_IF: ZCZ_TRY(walk_if(c, op, need, loops)); break;
    case ZCZ_OP_WHILE: ZCZ_TRY(walk_while(c, op, need, loops)); break;
    case ZCZ_OP_BARRIER: /* cut to the active qubits when the result is written */
    case ZCZ_OP_DELAY:
    case ZCZ_OP_ASSIGN:
    case ZCZ_OP_KIND_COUNT: break;
    }
    if (loops > MAX_LOOP_DEPTH) memset(need, FULL, c->num_qubits);
    if (!kept) continue;
    c->kept[block][i] = 1;
    if (op->kind == ZCZ_OP_BARRIER || op->kind == ZCZ_OP_DELAY) continue;
    for (uint32_t k = 0; k < op->num_qubits; k++) c->active[op->qubits[k]] = 1;
  }
  return ZCZ_OK;
}

static zcz_status write_block(cone *c, uint32_t block, zcz_circuit *result, uint32_t *room,
                              size_t *written) {
  const zcz_op *ops = zcz_circuit_ops(c->source, block);
  size_t count = zcz_circuit_num_ops(c->source, block);
  *written = 0;
  for (size_t i = 0; i < count; i++) {
    if (!c->kept[block][i]) continue;
    zcz_op op = ops[i];
    if (op.kind == ZCZ_OP_BARRIER || op.kind == ZCZ_OP_DELAY) {
      uint32_t left = 0;
      for (uint32_t k = 0; k < op.num_qubits; k++)
        if (c->active[op.qubits[k]]) room[left++] = op.qubits[k];
      if (left == 0) continue;
      op.qubits = room;
      op.num_qubits = left;
    } else if (op.kind == ZCZ_OP_IF || op.kind == ZCZ_OP_WHILE) {
      size_t inside = 0;
      for (int side = 0; side < 2; side++) {
        size_t one = 0;
        if (op.blocks[side] == ZCZ_NONE) continue;
        ZCZ_TRY(write_block(c, op.blocks[side], result, room, &one));
        inside += one;
      }
      if (inside == 0 && op.kind == ZCZ_OP_IF) continue;
    }
    ZCZ_TRY(zcz_circuit_append(result, block, &op, c->error));
    *written += 1;
  }
  return ZCZ_OK;
}

static zcz_status cone_run(cone *c, const bool *keep, zcz_circuit *result) {
  uint32_t n = c->num_qubits, num_blocks = zcz_circuit_num_blocks(c->source);
  size_t size = zcz_circuit_size(c->source);
  size_t bytes = num_blocks * sizeof(uint8_t *) + size + 2 * (size_t)n + n * sizeof(uint32_t) + 8;
  c->kept = zcz_memory_zeroed(c->context, bytes, 1);
  if (!c->kept) return zcz_fail_memory(c->context, c->error, "a light cone", bytes);
  uint32_t *room = (uint32_t *)(c->kept + num_blocks);
  uint8_t *next = (uint8_t *)(room + n);
  c->active = next;
  uint8_t *need = next + n;
  next += 2 * (size_t)n;
  for (uint32_t block = 0; block < num_blocks; block++) {
    c->kept[block] = next;
    next += zcz_circuit_num_ops(c->source, block);
  }
  for (uint32_t q = 0; keep && q < n; q++) {
    need[q] = keep[q] ? FULL : DEAD;
    c->keep_phase |= keep[q];
    c->active[q] = keep[q];
  }
  zcz_status status = walk_block(c, 0, need, 0);
  size_t written;
  if (status == ZCZ_OK) status = zcz_blocks_like(c->source, result, c->error);
  if (status == ZCZ_OK) status = write_block(c, 0, result, room, &written);
  zcz_memory_release(c->context, c->kept);
  return status;
}

zcz_status zcz_pass_light_cone(const zcz_circuit *source, const bool *keep, zcz_circuit **result,
                               zcz_error *error) {
  *result = NULL;
  ZCZ_TRY(zcz_blocks_check(source, error));
  cone c = {.source = source,
            .context = zcz_circuit_context(source),
            .num_qubits = zcz_circuit_num_qubits(source),
            .error = error};
  c.need_bytes = c.num_qubits ? c.num_qubits : 1;
  zcz_circuit *made;
  ZCZ_TRY(zcz_circuit_new_like(source, ZCZ_NONE, &made, error));
  zcz_status status = cone_run(&c, keep, made);
  if (status != ZCZ_OK) {
    zcz_circuit_free(made);
    return status;
  }
  *result = made;
  return ZCZ_OK;
}
