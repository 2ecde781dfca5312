/* A circuit in characters: a line for each qubit, a line between two for what joins them. */
#include <string.h>

#include "base/memory.h"
#include "draw/layout.h"
#include "draw/utf8.h"

typedef enum zcz_ink { INK_PLAIN, INK_WIRE, INK_GATE, INK_MEASURE, INK_NOISE, INK_FLOW } zcz_ink;

/* A part of the picture, as wide as the terminal. */
typedef struct zcz_screen {
  uint32_t width, height;
  uint32_t *codes; /* 0 = the right half of a wide character */
  uint8_t *inks;
} zcz_screen;

static void put(zcz_screen *screen, uint32_t x, uint32_t y, uint32_t code, zcz_ink ink) {
  if (x >= screen->width || y >= screen->height) return;
  screen->codes[(size_t)y * screen->width + x] = code;
  screen->inks[(size_t)y * screen->width + x] = (uint8_t)ink;
}

static void put_text(zcz_screen *screen, uint32_t x, uint32_t y, const char *text, zcz_ink ink) {
  for (uint32_t code; (code = zcz_utf8_next(&text));) {
    int columns = zcz_utf8_columns(code);
    if (columns == 0) continue;
    put(screen, x, y, code, ink);
    if (columns == 2) put(screen, x + 1, y, 0, ink);
    x += (uint32_t)columns;
  }
}

static zcz_ink ink_of(zcz_mark mark) {
  return mark == ZCZ_MARK_MEASURE || mark == ZCZ_MARK_RESET ? INK_MEASURE
         : mark == ZCZ_MARK_NOISE                           ? INK_NOISE
                                                            : INK_GATE;
}

/* What stands in a cell, without the box's sides. */
static void cell_text(const zcz_layout *layout, const zcz_cell *cell, char text[128]) {
  const char *label = zcz_layout_label(layout, cell->label);
  switch (cell->mark) {
  case ZCZ_MARK_BOX:
  case ZCZ_MARK_NOISE:
  case ZCZ_MARK_RESET: strcpy(text, label); return;
  case ZCZ_MARK_MEASURE:
    strcpy(text, *label ? "M→" : "M");
    strcat(text, label);
    return;
  case ZCZ_MARK_CONTROL: strcpy(text, "●"); return;
  case ZCZ_MARK_NOT: strcpy(text, "⊕"); return;
  case ZCZ_MARK_SWAP: strcpy(text, "╳"); return;
  }
}

static bool is_boxed(zcz_mark mark) { return mark <= ZCZ_MARK_RESET; }

/* Columns that an item wants, a wire on each side included. */
static uint32_t item_width(const zcz_layout *layout, const zcz_item *item) {
  char text[128];
  size_t widest = 1;
  if (item->kind == ZCZ_ITEM_BRACKET)
    widest = zcz_utf8_width(zcz_layout_label(layout, item->label)) + 2;
  for (uint32_t i = 0; item->kind == ZCZ_ITEM_GATE && i < item->num_cells; i++) {
    const zcz_cell *cell = &layout->cells[item->first_cell + i];
    cell_text(layout, cell, text);
    size_t width = zcz_utf8_width(text) + (is_boxed(cell->mark) ? 2 : 0);
    if (width > widest) widest = width;
  }
  return (uint32_t)widest + 2;
}

static void ink_box(zcz_screen *screen, uint32_t center, uint32_t y, const char *text,
                    zcz_ink ink) {
  uint32_t width = (uint32_t)zcz_utf8_width(text) + 2, x = center - width / 2;
  put(screen, x, y, 0x2524, ink); /* the wire ends here ... */
  put_text(screen, x + 1, y, text, ink);
  put(screen, x + width - 1, y, 0x251c, ink); /* ... and goes on */
}

/* The line that joins the cells of an item, through wires that it passes. */
static void ink_join(zcz_screen *screen, const zcz_item *item, uint32_t center, uint32_t between,
                     uint32_t crossing, zcz_ink ink) {
  for (uint32_t y = 2 * item->top + 1; y < 2 * item->bottom; y++)
    put(screen, center, y, y % 2 ? between : crossing, ink);
}

static void ink_item(zcz_screen *screen, const zcz_layout *layout, const zcz_item *item,
                     uint32_t center) {
  char text[128];
  if (item->kind == ZCZ_ITEM_BARRIER) {
    ink_join(screen, item, center, 0x254e, 0x2500, INK_WIRE); /* passes behind other wires */
    for (uint32_t i = 0; i < item->num_cells; i++)
      put(screen, center, 2 * layout->cells[item->first_cell + i].row, 0x256b, INK_WIRE);
    return;
  }
  if (item->kind == ZCZ_ITEM_BRACKET) {
    ink_join(screen, item, center, 0x2551, 0x256b, INK_FLOW);
    if (item->bottom > item->top) put(screen, center, 2 * item->bottom, 0x256b, INK_FLOW);
    ink_box(screen, center, 2 * item->top, zcz_layout_label(layout, item->label), INK_FLOW);
    return;
  }
  ink_join(screen, item, center, 0x2502, 0x253c, ink_of(layout->cells[item->first_cell].mark));
  for (uint32_t i = 0; i < item->num_cells; i++) {
    const zcz_cell *cell = &layout->cells[item->first_cell + i];
    cell_text(layout, cell, text);
    if (is_boxed(cell->mark))
      ink_box(screen, center, 2 * cell->row, text, ink_of(cell->mark));
    else
      put_text(screen, center, 2 * cell->row, text, ink_of(cell->mark));
  }
}

static void emit(const zcz_screen *screen, bool color, zcz_output *output) {
  static const char *const escapes[] = {"\033[0m",  "\033[2m",  "\033[36m",
                                        "\033[33m", "\033[31m", "\033[35m"};
  for (uint32_t y = 0; y < screen->height; y++) {
    const uint32_t *codes = screen->codes + (size_t)y * screen->width;
    const uint8_t *inks = screen->inks + (size_t)y * screen->width;
    uint32_t end = screen->width;
    uint8_t ink = INK_PLAIN;
    while (end > 0 && codes[end - 1] == ' ') end--;
    for (uint32_t x = 0; x < end; x++) {
      char bytes[4];
      if (codes[x] == 0) continue;
      if (color && inks[x] != ink) {
        ink = inks[x];
        if (ink != INK_PLAIN) zcz_output_add(output, escapes[0], strlen(escapes[0]));
        zcz_output_add(output, escapes[ink], strlen(escapes[ink]));
      }
      zcz_output_add(output, bytes, zcz_utf8_put(codes[x], bytes));
    }
    if (ink != INK_PLAIN) zcz_output_add(output, escapes[0], strlen(escapes[0]));
    zcz_output_add(output, "\n", 1);
  }
}

/* Names, wires and items of the layers first .. last - 1. */
static void ink_part(zcz_screen *screen, const zcz_layout *layout, const uint32_t *widths,
                     uint32_t names, uint32_t first, uint32_t last, size_t *item) {
  for (size_t i = 0; i < (size_t)screen->width * screen->height; i++) {
    screen->codes[i] = ' ';
    screen->inks[i] = INK_PLAIN;
  }
  uint32_t wires = 1;
  for (uint32_t layer = first; layer < last; layer++) wires += widths[layer];
  for (uint32_t row = 0; row < layout->num_rows; row++) {
    char name[64];
    zcz_utf8_fit(zcz_layout_label(layout, layout->row_labels[row]), names, name, sizeof name);
    put_text(screen, names - (uint32_t)zcz_utf8_width(name), 2 * row, name, INK_PLAIN);
    if (first > 0) put(screen, names + 1, 2 * row, 0x2026, INK_WIRE); /* goes on from above */
    for (uint32_t x = first > 0 ? 1 : 0; x < wires; x++)
      put(screen, names + 1 + x, 2 * row, 0x2500, INK_WIRE);
    if (last < layout->num_layers || layout->operations_left_out)
      put(screen, names + 1 + wires, 2 * row, 0x2026, INK_WIRE);
  }
  uint32_t x = names + 2;
  for (uint32_t layer = first; layer < last; x += widths[layer++])
    for (; *item < layout->num_items && layout->items[*item].layer == layer; (*item)++)
      ink_item(screen, layout, &layout->items[*item], x + widths[layer] / 2);
}

static zcz_status ink_all(const zcz_layout *layout, const zcz_draw_options *options,
                          zcz_screen *screen, const uint32_t *widths, uint32_t names,
                          zcz_output *output, zcz_error *error) {
  size_t item = 0;
  for (uint32_t first = 0; first == 0 || first < layout->num_layers;) {
    uint32_t last = first, used = names + 4;
    while (last < layout->num_layers && (last == first || used + widths[last] <= options->columns))
      used += widths[last++];
    if (first > 0) zcz_output_add(output, "\n", 1);
    ink_part(screen, layout, widths, names, first, last, &item);
    emit(screen, options->color, output);
    ZCZ_TRY(zcz_output_check(output, error));
    if (last == first) break;
    first = last;
  }
  return ZCZ_OK;
}

zcz_status zcz_circuit_as_text(const zcz_layout *layout, const zcz_draw_options *options,
                               zcz_output *output, zcz_error *error) {
  zcz_context *context = layout->context;
  char remark[192];
  uint32_t names = 0;
  zcz_screen screen = {.width = options->columns,
                       .height = layout->num_rows ? 2 * layout->num_rows - 1 : 0};
  uint32_t *widths = zcz_memory_zeroed(context, (size_t)layout->num_layers + 1, sizeof *widths);
  screen.codes = zcz_memory_zeroed(context, (size_t)screen.width * screen.height + 1, 4);
  screen.inks = zcz_memory_zeroed(context, (size_t)screen.width * screen.height + 1, 1);
  zcz_status status = ZCZ_OK;
  if (!widths || !screen.codes || !screen.inks) {
    status =
        zcz_fail_memory(context, error, "a picture", (uint64_t)screen.width * screen.height * 5);
  } else {
    for (uint32_t row = 0; row < layout->num_rows; row++) {
      size_t width = zcz_utf8_width(zcz_layout_label(layout, layout->row_labels[row]));
      if (width > names) names = width > 8 ? 8 : (uint32_t)width;
    }
    for (size_t i = 0; i < layout->num_items; i++) {
      const zcz_item *item = &layout->items[i];
      uint32_t width = item_width(layout, item);
      if (width > widths[item->layer]) widths[item->layer] = width;
    }
    if (options->title) zcz_output_print(output, "%.200s\n", options->title);
    status = ink_all(layout, options, &screen, widths, names, output, error);
    zcz_layout_remark(layout, remark, sizeof remark);
    if (*remark) zcz_output_print(output, "(%s)\n", remark);
  }
  zcz_memory_release(context, widths);
  zcz_memory_release(context, screen.codes);
  zcz_memory_release(context, screen.inks);
  return status;
}
