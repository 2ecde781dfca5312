/* Where the operations of a circuit stand in its picture: rows are qubits, layers are time. The
 * terminal's picture and the page's are two ways to ink the same layout. */
#ifndef ZCZ_DRAW_LAYOUT_H
#define ZCZ_DRAW_LAYOUT_H

#include "draw/output.h"

typedef enum zcz_mark {
  ZCZ_MARK_BOX,     /* a box with a label */
  ZCZ_MARK_NOISE,   /* likewise, of a noise channel */
  ZCZ_MARK_MEASURE, /* label: the bit, may be empty */
  ZCZ_MARK_RESET,
  ZCZ_MARK_CONTROL, /* a dot */
  ZCZ_MARK_NOT,     /* a circled plus */
  ZCZ_MARK_SWAP     /* a cross */
} zcz_mark;

typedef struct zcz_cell {
  uint32_t row;
  zcz_mark mark;
  uint32_t label; /* offset into the labels; 0 = the empty one */
} zcz_cell;

typedef enum zcz_item_kind {
  ZCZ_ITEM_GATE,    /* cells, joined by a line where there are several */
  ZCZ_ITEM_BARRIER, /* cells have no meaning beyond their rows */
  ZCZ_ITEM_BRACKET  /* control flow begins, turns to "else" or ends: all rows of the span */
} zcz_item_kind;

typedef struct zcz_item {
  zcz_item_kind kind;
  uint32_t layer;
  uint32_t top, bottom; /* rows */
  size_t first_cell;
  uint32_t num_cells;
  uint32_t label; /* BRACKET */
} zcz_item;

typedef struct zcz_layout {
  zcz_context *context;
  const zcz_circuit *circuit; /* borrowed */
  uint32_t num_rows, num_layers;
  uint32_t *row_labels;
  uint32_t *row_of; /* per qubit; ZCZ_NONE = left out */
  size_t num_items, items_capacity;
  zcz_item *items; /* ascending by layer */
  size_t num_cells, cells_capacity;
  zcz_cell *cells;
  size_t labels_size, labels_capacity;
  char *labels;
  uint32_t idle_qubits;       /* left out */
  size_t operations_left_out; /* past options.max_operations */
  bool global_phase;          /* there is one, and it is not drawn */
} zcz_layout;

enum { ZCZ_MAX_ROWS = 512, ZCZ_LABEL_COLUMNS = 26 };

/* UNABLE past ZCZ_MAX_ROWS qubits. */
zcz_status zcz_layout_new(const zcz_circuit *circuit, const zcz_draw_options *options,
                          zcz_layout **layout, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_layout_free(zcz_layout *layout); /* NULL is legal */

static inline const char *zcz_layout_label(const zcz_layout *layout, uint32_t label) {
  return layout->labels + label;
}

/* "3 qubits without operations left out", ...; empty where nothing is to be said. */
void zcz_layout_remark(const zcz_layout *layout, char *text, size_t size);

/* The two ways. `widths` (per layer) and where the picture wraps are their own. */
zcz_status zcz_circuit_as_text(const zcz_layout *layout, const zcz_draw_options *options,
                               zcz_output *output, zcz_error *error) ZCZ_MUST_CHECK;
zcz_status zcz_circuit_as_page(const zcz_layout *layout, const zcz_draw_options *options,
                               zcz_output *output, zcz_error *error) ZCZ_MUST_CHECK;

#endif
