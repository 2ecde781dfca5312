#include "draw/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "draw/label.h"
#include "draw/utf8.h"

enum { MAX_NESTING = 200 };

typedef struct zcz_layout_maker {
  zcz_layout *layout;
  zcz_error *error;
  uint32_t *depth; /* per row: first layer that is free */
  size_t budget;   /* operations still drawn */
} zcz_layout_maker;

static zcz_status no_memory(zcz_layout_maker *maker) {
  return zcz_fail_memory(maker->layout->context, maker->error, "the layout of a picture",
                         maker->layout->num_items * sizeof(zcz_item));
}

static zcz_status add_label(zcz_layout_maker *maker, const char *text, uint32_t *label) {
  zcz_layout *layout = maker->layout;
  char fitted[4 * ZCZ_LABEL_COLUMNS + 4];
  zcz_utf8_fit(text, ZCZ_LABEL_COLUMNS, fitted, sizeof fitted);
  size_t size = strlen(fitted) + 1;
  *label = 0;
  if (size == 1 && layout->labels_size > 0) return ZCZ_OK;
  if (!zcz_memory_grow(layout->context, &layout->labels, &layout->labels_capacity,
                       layout->labels_size + size, 1))
    return no_memory(maker);
  memcpy(layout->labels + layout->labels_size, fitted, size);
  *label = (uint32_t)layout->labels_size;
  layout->labels_size += size;
  return ZCZ_OK;
}

static zcz_status add_cell(zcz_layout_maker *maker, uint32_t qubit, zcz_mark mark,
                           const char *text) {
  zcz_layout *layout = maker->layout;
  zcz_cell cell = {.row = layout->row_of[qubit], .mark = mark};
  ZCZ_TRY(add_label(maker, text, &cell.label));
  if (!zcz_memory_grow(layout->context, &layout->cells, &layout->cells_capacity,
                       layout->num_cells + 1, sizeof cell))
    return no_memory(maker);
  layout->cells[layout->num_cells++] = cell;
  return ZCZ_OK;
}

/* An item over the cells from `first` on, or over the rows given, as early as it can stand. */
static zcz_status add_item(zcz_layout_maker *maker, zcz_item item) {
  zcz_layout *layout = maker->layout;
  item.num_cells = (uint32_t)(layout->num_cells - item.first_cell);
  for (uint32_t i = 0; i < item.num_cells; i++) {
    uint32_t row = layout->cells[item.first_cell + i].row;
    if (i == 0) item.top = item.bottom = row;
    if (row < item.top) item.top = row;
    if (row > item.bottom) item.bottom = row;
  }
  for (uint32_t row = item.top; row <= item.bottom; row++)
    if (item.layer < maker->depth[row]) item.layer = maker->depth[row];
  for (uint32_t row = item.top; row <= item.bottom; row++) maker->depth[row] = item.layer + 1;
  if (layout->num_layers <= item.layer) layout->num_layers = item.layer + 1;
  if (!zcz_memory_grow(layout->context, &layout->items, &layout->items_capacity,
                       layout->num_items + 1, sizeof item))
    return no_memory(maker);
  layout->items[layout->num_items++] = item;
  return ZCZ_OK;
}

/* ---- operations ---- */

static zcz_status add_gate(zcz_layout_maker *maker, const zcz_op *op) {
  zcz_item item = {.kind = ZCZ_ITEM_GATE, .first_cell = maker->layout->num_cells};
  uint32_t targets = op->num_qubits - op->num_controls;
  bool is_gate = op->kind == ZCZ_OP_GATE, controlled = op->num_controls > 0;
  bool is_not = is_gate && op->code == ZCZ_GATE_X && controlled;
  bool is_dot = is_gate && controlled && (op->code == ZCZ_GATE_Z || targets == 0);
  bool is_swap = is_gate && op->code == ZCZ_GATE_SWAP;
  bool symmetric =
      is_gate && (zcz_gate_describe((zcz_gate)op->code)->flags & ZCZ_GATE_SYMMETRIC) != 0;
  char full[160], name[64], text[192];
  if (op->num_qubits == 0) {
    maker->layout->global_phase = true;
    return ZCZ_OK;
  }
  zcz_label_gate(op, false, full, sizeof full);
  zcz_label_gate(op, true, name, sizeof name);
  for (uint32_t i = 0; i < op->num_controls; i++) {
    bool boxed = targets == 0 && i == 0; /* a controlled phase has its angle at the first */
    ZCZ_TRY(
        add_cell(maker, op->qubits[i], boxed ? ZCZ_MARK_BOX : ZCZ_MARK_CONTROL, boxed ? full : ""));
  }
  for (uint32_t i = 0; i < targets; i++) {
    zcz_mark mark = is_not    ? ZCZ_MARK_NOT
                    : is_dot  ? ZCZ_MARK_CONTROL
                    : is_swap ? ZCZ_MARK_SWAP
                              : ZCZ_MARK_BOX;
    if (targets == 1 || symmetric)
      snprintf(text, sizeof text, "%s", i == 0 ? full : name);
    else
      snprintf(text, sizeof text, "%u:%s", i, i == 0 ? full : name);
    ZCZ_TRY(
        add_cell(maker, op->qubits[op->num_controls + i], mark, mark == ZCZ_MARK_BOX ? text : ""));
  }
  return add_item(maker, item);
}

static zcz_status add_channel(zcz_layout_maker *maker, const zcz_op *op) {
  zcz_item item = {.kind = ZCZ_ITEM_GATE, .first_cell = maker->layout->num_cells};
  char text[96];
  for (uint32_t i = 0; i < op->num_qubits; i++) {
    zcz_label_channel(op, i > 0, text, sizeof text);
    ZCZ_TRY(add_cell(maker, op->qubits[i], ZCZ_MARK_NOISE, text));
  }
  return add_item(maker, item);
}

/* One cell an operation: measurement, reset, and a delay on each of its qubits. */
static zcz_status add_single(zcz_layout_maker *maker, uint32_t qubit, zcz_mark mark,
                             const char *text) {
  zcz_item item = {.kind = ZCZ_ITEM_GATE, .first_cell = maker->layout->num_cells};
  if (maker->layout->row_of[qubit] == ZCZ_NONE) return ZCZ_OK;
  ZCZ_TRY(add_cell(maker, qubit, mark, text));
  return add_item(maker, item);
}

static zcz_status add_delay(zcz_layout_maker *maker, const zcz_op *op) {
  char text[64];
  snprintf(text, sizeof text, "%.4g ns", op->params[0]);
  for (uint32_t i = 0; i < op->num_qubits; i++)
    ZCZ_TRY(add_single(maker, op->qubits[i], ZCZ_MARK_BOX, text));
  return ZCZ_OK;
}

static zcz_status add_barrier(zcz_layout_maker *maker, const zcz_op *op) {
  zcz_layout *layout = maker->layout;
  zcz_item item = {.kind = ZCZ_ITEM_BARRIER, .first_cell = layout->num_cells};
  for (uint32_t i = 0; i < op->num_qubits; i++)
    if (layout->row_of[op->qubits[i]] != ZCZ_NONE)
      ZCZ_TRY(add_cell(maker, op->qubits[i], ZCZ_MARK_BOX, ""));
  return layout->num_cells > item.first_cell ? add_item(maker, item) : ZCZ_OK;
}

/* ---- blocks ---- */

static zcz_status add_block(zcz_layout_maker *maker, uint32_t block, int nesting);

/* Rows that a block touches, blocks within it included. */
static void span_of(const zcz_layout *layout, uint32_t block, int nesting, uint32_t *top,
                    uint32_t *bottom) {
  if (block == ZCZ_NONE || nesting > MAX_NESTING) return;
  const zcz_op *ops = zcz_circuit_ops(layout->circuit, block);
  size_t count = zcz_circuit_num_ops(layout->circuit, block);
  for (size_t i = 0; i < count; i++) {
    for (uint32_t q = 0; q < ops[i].num_qubits; q++) {
      uint32_t row = layout->row_of[ops[i].qubits[q]];
      if (row == ZCZ_NONE) continue;
      if (row < *top) *top = row;
      if (row > *bottom) *bottom = row;
    }
    span_of(layout, ops[i].blocks[0], nesting + 1, top, bottom);
    span_of(layout, ops[i].blocks[1], nesting + 1, top, bottom);
  }
}

static zcz_status add_bracket(zcz_layout_maker *maker, uint32_t top, uint32_t bottom,
                              const char *text) {
  zcz_item item = {.kind = ZCZ_ITEM_BRACKET,
                   .first_cell = maker->layout->num_cells,
                   .top = top,
                   .bottom = bottom};
  ZCZ_TRY(add_label(maker, text, &item.label));
  return add_item(maker, item);
}

static zcz_status add_control_flow(zcz_layout_maker *maker, const zcz_op *op, int nesting) {
  char text[96];
  uint32_t top = UINT32_MAX, bottom = 0;
  span_of(maker->layout, op->blocks[0], nesting, &top, &bottom);
  span_of(maker->layout, op->blocks[1], nesting, &top, &bottom);
  if (top == UINT32_MAX) top = 0, bottom = maker->layout->num_rows - 1;
  zcz_label_control_flow(maker->layout->circuit, op, text, sizeof text);
  ZCZ_TRY(add_bracket(maker, top, bottom, text));
  if (op->kind == ZCZ_OP_ASSIGN) return ZCZ_OK;
  if (op->blocks[0] != ZCZ_NONE) ZCZ_TRY(add_block(maker, op->blocks[0], nesting + 1));
  if (op->blocks[1] != ZCZ_NONE) {
    ZCZ_TRY(add_bracket(maker, top, bottom, "else"));
    ZCZ_TRY(add_block(maker, op->blocks[1], nesting + 1));
  }
  return add_bracket(maker, top, bottom, "end");
}

static zcz_status add_op(zcz_layout_maker *maker, const zcz_op *op, int nesting) {
  char text[96];
  switch ((zcz_op_kind)op->kind) {
  case ZCZ_OP_GATE:
  case ZCZ_OP_UNITARY: return add_gate(maker, op);
  case ZCZ_OP_MEASURE:
    zcz_label_bit(maker->layout->circuit, op->bit, text, sizeof text);
    return add_single(maker, op->qubits[0], ZCZ_MARK_MEASURE, text);
  case ZCZ_OP_RESET: return add_single(maker, op->qubits[0], ZCZ_MARK_RESET, "|0⟩");
  case ZCZ_OP_BARRIER: return add_barrier(maker, op);
  case ZCZ_OP_DELAY: return add_delay(maker, op);
  case ZCZ_OP_CHANNEL: return add_channel(maker, op);
  case ZCZ_OP_ASSIGN:
  case ZCZ_OP_IF:
  case ZCZ_OP_WHILE: return add_control_flow(maker, op, nesting);
  case ZCZ_OP_KIND_COUNT: break;
  }
  return zcz_fail(maker->error, ZCZ_ERROR_BUG, "an operation of kind %d", op->kind);
}

static zcz_status add_block(zcz_layout_maker *maker, uint32_t block, int nesting) {
  const zcz_op *ops = zcz_circuit_ops(maker->layout->circuit, block);
  size_t count = zcz_circuit_num_ops(maker->layout->circuit, block);
  if (nesting > MAX_NESTING)
    return zcz_fail(maker->error, ZCZ_ERROR_UNABLE, "blocks nested more than %d deep are not drawn",
                    MAX_NESTING);
  for (size_t i = 0; i < count; i++) {
    if (maker->budget == 0) {
      maker->layout->operations_left_out += count - i;
      break;
    }
    maker->budget--;
    ZCZ_TRY(add_op(maker, &ops[i], nesting));
  }
  return ZCZ_OK;
}

/* ---- rows ---- */

static zcz_status add_rows(zcz_layout_maker *maker) {
  zcz_layout *layout = maker->layout;
  uint32_t qubits = zcz_circuit_num_qubits(layout->circuit);
  char text[160];
  for (uint32_t b = 0; b < zcz_circuit_num_blocks(layout->circuit); b++) {
    const zcz_op *ops = zcz_circuit_ops(layout->circuit, b);
    size_t count = zcz_circuit_num_ops(layout->circuit, b);
    for (size_t i = 0; i < count; i++)
      for (uint32_t q = 0; q < ops[i].num_qubits; q++)
        if (ops[i].kind != ZCZ_OP_BARRIER && ops[i].kind != ZCZ_OP_DELAY)
          layout->row_of[ops[i].qubits[q]] = 0;
  }
  for (uint32_t q = 0; q < qubits; q++)
    if (layout->row_of[q] == ZCZ_NONE) layout->idle_qubits++;
  if (layout->idle_qubits == qubits && qubits <= ZCZ_MAX_ROWS) { /* nothing done: show them all */
    layout->idle_qubits = 0;
    memset(layout->row_of, 0, qubits * sizeof *layout->row_of);
  }
  if (qubits - layout->idle_qubits > ZCZ_MAX_ROWS)
    return zcz_fail(maker->error, ZCZ_ERROR_UNABLE, "a picture of %u qubits, at most %d are drawn",
                    qubits - layout->idle_qubits, ZCZ_MAX_ROWS);
  for (uint32_t q = 0; q < qubits; q++) {
    if (layout->row_of[q] == ZCZ_NONE) continue;
    zcz_label_qubit(layout->circuit, q, text, sizeof text);
    ZCZ_TRY(add_label(maker, text, &layout->row_labels[layout->num_rows]));
    layout->row_of[q] = layout->num_rows++;
  }
  return ZCZ_OK;
}

static int by_layer(const void *left, const void *right) {
  const zcz_item *a = left, *b = right;
  if (a->layer != b->layer) return a->layer < b->layer ? -1 : 1;
  return a->top < b->top ? -1 : a->top > b->top;
}

static zcz_status make(zcz_layout_maker *maker) {
  zcz_layout *layout = maker->layout;
  size_t qubits = zcz_circuit_num_qubits(layout->circuit);
  uint32_t empty;
  layout->row_of = zcz_memory_allocate(layout->context, (qubits + 1) * sizeof *layout->row_of);
  layout->row_labels =
      zcz_memory_zeroed(layout->context, ZCZ_MAX_ROWS + 1, sizeof *layout->row_labels);
  maker->depth = zcz_memory_zeroed(layout->context, ZCZ_MAX_ROWS + 1, sizeof *maker->depth);
  if (!layout->row_of || !layout->row_labels || !maker->depth) return no_memory(maker);
  memset(layout->row_of, 0xff, (qubits + 1) * sizeof *layout->row_of);
  ZCZ_TRY(add_label(maker, "", &empty));
  ZCZ_TRY(add_rows(maker));
  if (layout->num_rows == 0) return ZCZ_OK;
  ZCZ_TRY(add_block(maker, 0, 0));
  if (layout->num_items > 1)
    qsort(layout->items, layout->num_items, sizeof *layout->items, by_layer);
  return ZCZ_OK;
}

zcz_status zcz_layout_new(const zcz_circuit *circuit, const zcz_draw_options *options,
                          zcz_layout **result, zcz_error *error) {
  zcz_context *context = zcz_circuit_context(circuit);
  zcz_layout *layout = zcz_memory_zeroed(context, 1, sizeof *layout);
  *result = NULL;
  if (!layout) return zcz_fail_memory(context, error, "the layout of a picture", sizeof *layout);
  layout->context = context;
  layout->circuit = circuit;
  zcz_layout_maker maker = {.layout = layout, .error = error, .budget = options->max_operations};
  zcz_status status = make(&maker);
  zcz_memory_release(context, maker.depth);
  if (status == ZCZ_OK)
    *result = layout;
  else
    zcz_layout_free(layout);
  return status;
}

void zcz_layout_free(zcz_layout *layout) {
  if (!layout) return;
  zcz_memory_release(layout->context, layout->row_of);
  zcz_memory_release(layout->context, layout->row_labels);
  zcz_memory_release(layout->context, layout->items);
  zcz_memory_release(layout->context, layout->cells);
  zcz_memory_release(layout->context, layout->labels);
  zcz_memory_release(layout->context, layout);
}

void zcz_layout_remark(const zcz_layout *layout, char *text, size_t size) {
  size_t at = 0;
  text[0] = 0;
  if (layout->operations_left_out)
    at += (size_t)snprintf(text + at, size - at, "%zu more operations are not drawn",
                           layout->operations_left_out);
  if (layout->idle_qubits)
    at += (size_t)snprintf(text + at, size - at, "%s%u idle qubit%s left out", at ? " · " : "",
                           layout->idle_qubits, layout->idle_qubits > 1 ? "s" : "");
  if (layout->global_phase)
    snprintf(text + at, size - at, "%sglobal phase not shown", at ? " · " : "");
}
