/* The simplify pass: what cancels or adds up once gates that commute change places. A gate acts on each of its
 * qubits along X, Y or Z (a control along Z) or in no such way; two gates commute where they act alike on every
 * qubit they share. Each gate looks back along its qubits, past those it commutes with, for its like. */
#include "base/memory.h"
#include "base/progress.h"
#include "compile/matrix.h"
#include "compile/passes.h"

enum { GENERAL = 0, ALONG_X, ALONG_Y, ALONG_Z, MAX_LOOK = 64 };
#define EQUAL 1e-13

typedef struct node {
  const zcz_op *op;
  uint32_t qubits[2], prev[2], next[2]; /* neighbours along each qubit, or ZCZ_NONE */
  uint8_t count, along[2];
  bool dead, merged;  /* merged: `matrix` instead of the operation */
  double added;       /* to the first parameter */
  zcz_matrix2 matrix; /* one qubit */
} node;

typedef struct simplify {
  zcz_context *context;
  const zcz_circuit *source;
  zcz_circuit *result;
  node *nodes;
  size_t num_nodes, capacity;
  uint32_t *last; /* node at the end of each qubit */
} simplify;

static bool same(zcz_complex a, zcz_complex b, double sign) {
  return zcz_complex_norm2((zcz_complex){a.re - sign * b.re, a.im - sign * b.im}) < EQUAL * EQUAL;
}

static uint8_t along_of(const zcz_matrix2 *m) {
  const zcz_complex zero = {0, 0};
  if (same(m->at[1], zero, 1) && same(m->at[2], zero, 1)) return ALONG_Z;
  if (!same(m->at[0], m->at[3], 1)) return GENERAL;
  if (same(m->at[1], m->at[2], 1)) return ALONG_X;
  return same(m->at[1], m->at[2], -1) ? ALONG_Y : GENERAL;
}

static bool is_identity(const zcz_matrix2 *m) {
  return along_of(m) == ALONG_Z && same(m->at[0], m->at[3], 1);
}

static void classify_two(node *n) {
  const zcz_op *op = n->op;
  n->along[0] = n->along[1] = GENERAL;
  if (op->kind != ZCZ_OP_GATE) return;
  if (op->num_controls == 1) {
    zcz_matrix2 matrix;
    zcz_gate_matrix((zcz_gate)op->code, op->params, matrix.at);
    n->along[0] = ALONG_Z;
    n->along[1] = along_of(&matrix);
    return;
  }
  if (op->num_controls == 2) { /* a phase of 11 */
    n->along[0] = n->along[1] = ALONG_Z;
    return;
  }
  switch ((zcz_gate)op->code) {
  case ZCZ_GATE_RXX: n->along[0] = n->along[1] = ALONG_X; break;
  case ZCZ_GATE_RYY: n->along[0] = n->along[1] = ALONG_Y; break;
  case ZCZ_GATE_RZZ: n->along[0] = n->along[1] = ALONG_Z; break;
  case ZCZ_GATE_RZX:
    n->along[0] = ALONG_Z;
    n->along[1] = ALONG_X;
    break;
  default: break;
  }
}

static bool adds_up(const zcz_op *op) {
  switch ((zcz_gate)op->code) {
  case ZCZ_GATE_RX:
  case ZCZ_GATE_RY:
  case ZCZ_GATE_RZ:
  case ZCZ_GATE_P:
  case ZCZ_GATE_RXX:
  case ZCZ_GATE_RYY:
  case ZCZ_GATE_RZZ:
  case ZCZ_GATE_RZX: return true;
  default: return false;
  }
}

static bool alike(const node *a, const node *b) {
  if (b->count != 2 || a->op->kind != ZCZ_OP_GATE || b->op->kind != ZCZ_OP_GATE ||
      a->op->code != b->op->code || a->op->num_controls != b->op->num_controls)
    return false;
  if (a->qubits[0] == b->qubits[0] && a->qubits[1] == b->qubits[1]) return true;
  int flags = zcz_gate_describe((zcz_gate)a->op->code)->flags;
  bool symmetric = a->op->num_controls == 0
                       ? (flags & ZCZ_GATE_SYMMETRIC) != 0
                       : a->op->code == ZCZ_GATE_Z || a->op->code == ZCZ_GATE_P;
  return symmetric && a->qubits[0] == b->qubits[1] && a->qubits[1] == b->qubits[0];
}

static int slot(const node *n, uint32_t qubit) { return n->count == 2 && n->qubits[1] == qubit; }

/* The nearest gate like `n` back along its qubit k, ZCZ_NONE where something stands between. With `wanted`
 * not ZCZ_NONE only that one counts. */
static uint32_t look_back(const simplify *s, const node *n, int k, uint32_t wanted) {
  uint32_t at = s->last[n->qubits[k]];
  for (int step = 0; step < MAX_LOOK && at != ZCZ_NONE; step++) {
    const node *other = &s->nodes[at];
    int there = slot(other, n->qubits[k]);
    if (wanted == ZCZ_NONE ? alike(n, other) : at == wanted) return at;
    if (n->along[k] == GENERAL || other->along[there] != n->along[k]) return ZCZ_NONE;
    at = other->prev[there];
  }
  return ZCZ_NONE;
}

static void link_node(simplify *s, uint32_t index) {
  node *n = &s->nodes[index];
  for (int k = 0; k < n->count; k++) {
    uint32_t before = s->last[n->qubits[k]];
    n->prev[k] = before;
    n->next[k] = ZCZ_NONE;
    if (before != ZCZ_NONE) s->nodes[before].next[slot(&s->nodes[before], n->qubits[k])] = index;
    s->last[n->qubits[k]] = index;
  }
}

static void unlink_node(simplify *s, uint32_t index) {
  node *n = &s->nodes[index];
  n->dead = true;
  for (int k = 0; k < n->count; k++) {
    uint32_t q = n->qubits[k];
    if (n->prev[k] != ZCZ_NONE)
      s->nodes[n->prev[k]].next[slot(&s->nodes[n->prev[k]], q)] = n->next[k];
    if (n->next[k] != ZCZ_NONE)
      s->nodes[n->next[k]].prev[slot(&s->nodes[n->next[k]], q)] = n->prev[k];
    else if (s->last[q] == index)
      s->last[q] = n->prev[k];
  }
}

/* One-qubit neighbours become one matrix. True where the operation has gone into another. */
static bool absorb_one(simplify *s, node *n) {
  zcz_op_matrix(n->op, n->matrix.at);
  if (n->op->kind == ZCZ_OP_UNITARY) zcz_matrix2_orthonormalize(&n->matrix);
  n->along[0] = along_of(&n->matrix);
  if (is_identity(&n->matrix)) return true;
  uint32_t before = s->last[n->qubits[0]];
  if (before == ZCZ_NONE || s->nodes[before].count != 1) return false;
  node *other = &s->nodes[before];
  other->matrix = zcz_matrix2_multiply(&n->matrix, &other->matrix);
  other->merged = true;
  other->along[0] = along_of(&other->matrix);
  if (is_identity(&other->matrix)) unlink_node(s, before);
  return true;
}

static bool absorb_two(simplify *s, node *n) {
  classify_two(n);
  if (n->op->kind != ZCZ_OP_GATE) return false;
  bool inverse = (zcz_gate_describe((zcz_gate)n->op->code)->flags & ZCZ_GATE_SELF_INVERSE) != 0;
  if (!inverse && !adds_up(n->op)) return false;
  uint32_t found = look_back(s, n, 0, ZCZ_NONE);
  if (found == ZCZ_NONE || look_back(s, n, 1, found) != found) return false;
  if (inverse) {
    unlink_node(s, found);
    return true;
  }
  node *other = &s->nodes[found];
  other->added += n->op->params[0];
  double sum = other->op->params[0] + other->added;
  if (sum > -EQUAL && sum < EQUAL) unlink_node(s, found);
  return true;
}

static zcz_status add_node(simplify *s, const zcz_op *op, zcz_error *error) {
  if (!zcz_memory_grow(s->context, &s->nodes, &s->capacity, s->num_nodes + 1, sizeof *s->nodes))
    return zcz_fail_memory(s->context, error, "the gates to simplify",
                           (s->num_nodes + 1) * sizeof *s->nodes);
  node *n = &s->nodes[s->num_nodes];
  *n = (node){.op = op};
  bool gate = op->kind == ZCZ_OP_GATE || op->kind == ZCZ_OP_UNITARY;
  if (gate && op->num_qubits >= 1 && op->num_qubits <= 2) {
    n->count = (uint8_t)op->num_qubits;
    for (uint32_t k = 0; k < op->num_qubits; k++) n->qubits[k] = op->qubits[k];
    if (n->count == 1 ? absorb_one(s, n) : absorb_two(s, n)) return ZCZ_OK;
    link_node(s, (uint32_t)s->num_nodes++);
    return ZCZ_OK;
  }
  s->num_nodes++;
  bool all = op->kind == ZCZ_OP_IF || op->kind == ZCZ_OP_WHILE;
  uint32_t count = all ? zcz_circuit_num_qubits(s->source) : op->num_qubits;
  for (uint32_t i = 0; i < count; i++) s->last[all ? i : op->qubits[i]] = ZCZ_NONE;
  return ZCZ_OK;
}

static zcz_status emit_node(simplify *s, const node *n, uint32_t block, zcz_error *error) {
  double params[8];
  zcz_op op = *n->op;
  if (n->merged) {
    for (int i = 0; i < 4; i++) {
      params[2 * i] = n->matrix.at[i].re;
      params[2 * i + 1] = n->matrix.at[i].im;
    }
    op.kind = ZCZ_OP_UNITARY;
    op.code = 0;
    op.num_controls = 0;
    op.num_params = 8;
    op.params = params;
  } else if (n->added != 0) {
    params[0] = op.params[0] + n->added;
    op.params = params;
  }
  return zcz_circuit_append(s->result, block, &op, error);
}

static zcz_status simplify_block(simplify *s, uint32_t block, zcz_error *error) {
  const zcz_op *ops = zcz_circuit_ops(s->source, block);
  size_t count = zcz_circuit_num_ops(s->source, block);
  s->num_nodes = 0;
  for (uint32_t q = 0; q < zcz_circuit_num_qubits(s->source); q++) s->last[q] = ZCZ_NONE;
  for (size_t i = 0; i < count; i++) {
    if (i % 1024 == 0 && zcz_cancelled(s->context)) return zcz_fail_cancelled(s->context, error);
    ZCZ_TRY(add_node(s, &ops[i], error));
  }
  for (size_t i = 0; i < s->num_nodes; i++)
    if (!s->nodes[i].dead) ZCZ_TRY(emit_node(s, &s->nodes[i], block, error));
  return ZCZ_OK;
}

static zcz_status simplify_all(simplify *s, zcz_error *error) {
  uint32_t blocks = zcz_circuit_num_blocks(s->source), added;
  uint32_t qubits = zcz_circuit_num_qubits(s->source);
  s->last = zcz_memory_allocate(s->context, qubits * sizeof *s->last);
  if (s->last == NULL)
    return zcz_fail_memory(s->context, error, "the ends of qubits", qubits * sizeof *s->last);
  for (uint32_t b = 1; b < blocks; b++) ZCZ_TRY(zcz_circuit_add_block(s->result, &added, error));
  for (uint32_t b = 0; b < blocks; b++) ZCZ_TRY(simplify_block(s, b, error));
  return ZCZ_OK;
}

zcz_status zcz_pass_simplify(const zcz_circuit *source, zcz_circuit **result, zcz_error *error) {
  simplify s = {.context = zcz_circuit_context(source), .source = source};
  *result = NULL;
  ZCZ_TRY(zcz_circuit_new_like(source, ZCZ_NONE, &s.result, error));
  zcz_status status = simplify_all(&s, error);
  zcz_memory_release(s.context, s.nodes);
  zcz_memory_release(s.context, s.last);
  if (status == ZCZ_OK)
    *result = s.result;
  else
    zcz_circuit_free(s.result);
  return status;
}
