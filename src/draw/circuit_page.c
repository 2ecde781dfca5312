/* A circuit on a page. */
#include <string.h>

#include "base/math.h"
#include "base/memory.h"
#include "draw/canvas.h"
#include "draw/layout.h"

/* Points. */
static const double margin = 28, row_height = 38, box_height = 26, part_gap = 30, layer_gap = 12,
                    meter_width = 22, title_height = 34;

/* A page is at least this wide and never larger than Cairo and a viewer can take. */
static const double least_width = 1080, most_height = 14000, most_area = 2.4e7;

#define INK ZCZ_RGB(0x1f2933)
#define FAINT ZCZ_RGB(0x7b8794)
#define WIRE ZCZ_RGB(0xaab4bf)
#define BLUE ZCZ_RGB(0x2b6cb0)
#define BLUE_FILL ZCZ_RGB(0xe3effb)
#define RED ZCZ_RGB(0xb83227)
#define RED_FILL ZCZ_RGB(0xfcebe8)
#define GREY_FILL ZCZ_RGB(0xf1f3f5)
#define PURPLE ZCZ_RGB(0x6b46c1)
#define PURPLE_FILL ZCZ_RGB(0xf1ecfb)

static const zcz_font label_font = {12, false, false}, name_font = {12, true, false},
                      bit_font = {10.5, true, false}, title_font = {15, false, true},
                      remark_font = {11, false, false};

typedef struct zcz_sheet {
  const zcz_layout *layout;
  zcz_canvas *canvas;
  double width;   /* of the page, at most */
  double *widths; /* per layer */
  double names;   /* of the column of names */
  double top;     /* of the part being drawn */
} zcz_sheet;

static double row_y(const zcz_sheet *sheet, uint32_t row) {
  return sheet->top + row_height * (row + 0.5);
}

static double cell_width(const zcz_sheet *sheet, const zcz_cell *cell) {
  const char *label = zcz_layout_label(sheet->layout, cell->label);
  double width;
  switch (cell->mark) {
  case ZCZ_MARK_BOX:
  case ZCZ_MARK_NOISE:
  case ZCZ_MARK_RESET:
    width = zcz_canvas_text_width(sheet->canvas, label_font, label) + 14;
    return width < box_height + 2 ? box_height + 2 : width;
  case ZCZ_MARK_MEASURE:
    if (!*label) return meter_width + 8;
    return zcz_canvas_text_width(sheet->canvas, bit_font, label) + meter_width + 14;
  case ZCZ_MARK_CONTROL:
  case ZCZ_MARK_NOT:
  case ZCZ_MARK_SWAP: return 18;
  }
  return 18;
}

static double item_width(const zcz_sheet *sheet, const zcz_item *item) {
  double widest = item->kind == ZCZ_ITEM_BARRIER ? 6 : 18;
  if (item->kind == ZCZ_ITEM_BRACKET)
    return zcz_canvas_text_width(sheet->canvas, label_font,
                                 zcz_layout_label(sheet->layout, item->label)) +
           16;
  for (uint32_t i = 0; item->kind == ZCZ_ITEM_GATE && i < item->num_cells; i++) {
    double width = cell_width(sheet, &sheet->layout->cells[item->first_cell + i]);
    if (width > widest) widest = width;
  }
  return widest;
}

/* A dial with its hand, and the bit behind it. */
static void ink_meter(const zcz_sheet *sheet, const zcz_cell *cell, double x, double y,
                      double width) {
  const char *label = zcz_layout_label(sheet->layout, cell->label);
  const zcz_color stroke = INK;
  zcz_canvas_box(sheet->canvas, GREY_FILL, &stroke, 4, x - width / 2, y - box_height / 2, width,
                 box_height);
  double middle = *label ? x - width / 2 + 4 + meter_width / 2 : x;
  zcz_canvas_arc(sheet->canvas, INK, 1.2, middle, y + 5, 8, ZCZ_PI, 2 * ZCZ_PI);
  zcz_canvas_line(sheet->canvas, INK, 1.2, middle, y + 5, middle + 5.5, y - 5.5);
  if (*label)
    zcz_canvas_text(sheet->canvas, bit_font, INK, ZCZ_ALIGN_LEFT, x - width / 2 + meter_width + 8,
                    y, label);
}

static void ink_cell(const zcz_sheet *sheet, const zcz_cell *cell, double x) {
  const char *label = zcz_layout_label(sheet->layout, cell->label);
  double y = row_y(sheet, cell->row), width = cell_width(sheet, cell);
  bool noise = cell->mark == ZCZ_MARK_NOISE, reset = cell->mark == ZCZ_MARK_RESET;
  zcz_color stroke = noise ? RED : reset ? INK : BLUE;
  const zcz_color white = ZCZ_RGB(0xffffff);
  switch (cell->mark) {
  case ZCZ_MARK_BOX:
  case ZCZ_MARK_NOISE:
  case ZCZ_MARK_RESET:
    zcz_canvas_box(sheet->canvas,
                   noise   ? RED_FILL
                   : reset ? GREY_FILL
                           : BLUE_FILL,
                   &stroke, 4, x - width / 2, y - box_height / 2, width, box_height);
    zcz_canvas_text(sheet->canvas, label_font, INK, ZCZ_ALIGN_CENTER, x, y, label);
    return;
  case ZCZ_MARK_MEASURE: ink_meter(sheet, cell, x, y, width); return;
  case ZCZ_MARK_CONTROL: zcz_canvas_disc(sheet->canvas, BLUE, NULL, x, y, 4); return;
  case ZCZ_MARK_NOT:
    zcz_canvas_disc(sheet->canvas, white, &stroke, x, y, 8.5);
    zcz_canvas_line(sheet->canvas, BLUE, 1.4, x - 8.5, y, x + 8.5, y);
    zcz_canvas_line(sheet->canvas, BLUE, 1.4, x, y - 8.5, x, y + 8.5);
    return;
  case ZCZ_MARK_SWAP:
    zcz_canvas_line(sheet->canvas, BLUE, 1.8, x - 5, y - 5, x + 5, y + 5);
    zcz_canvas_line(sheet->canvas, BLUE, 1.8, x - 5, y + 5, x + 5, y - 5);
    return;
  }
}

static void ink_item(const zcz_sheet *sheet, const zcz_item *item, double x) {
  const zcz_layout *layout = sheet->layout;
  double top = row_y(sheet, item->top), bottom = row_y(sheet, item->bottom);
  if (item->kind == ZCZ_ITEM_BARRIER) {
    for (uint32_t i = 0; i < item->num_cells; i++) {
      double y = row_y(sheet, layout->cells[item->first_cell + i].row);
      zcz_canvas_dashes(sheet->canvas, FAINT, 1.4, x, y - row_height / 2 + 2, x,
                        y + row_height / 2 - 2);
    }
    return;
  }
  if (item->kind == ZCZ_ITEM_BRACKET) {
    const zcz_color stroke = PURPLE;
    const char *label = zcz_layout_label(layout, item->label);
    double width = item_width(sheet, item);
    zcz_canvas_line(sheet->canvas, PURPLE, 2, x, top, x, bottom + box_height / 2);
    zcz_canvas_box(sheet->canvas, PURPLE_FILL, &stroke, 10, x - width / 2, top - 11, width, 22);
    zcz_canvas_text(sheet->canvas, label_font, INK, ZCZ_ALIGN_CENTER, x, top, label);
    return;
  }
  if (item->bottom > item->top) {
    bool noise = layout->cells[item->first_cell].mark == ZCZ_MARK_NOISE;
    zcz_canvas_line(sheet->canvas, noise ? RED : BLUE, 1.4, x, top, x, bottom);
  }
  for (uint32_t i = 0; i < item->num_cells; i++)
    ink_cell(sheet, &layout->cells[item->first_cell + i], x);
}

/* The layer behind the last that stands in one part with `first`; *width takes the wires' length. */
static uint32_t part_end(const zcz_sheet *sheet, uint32_t first, double *width) {
  double room = sheet->width - 2 * margin - sheet->names - 10;
  uint32_t last = first;
  *width = layer_gap;
  while (last < sheet->layout->num_layers &&
         (last == first || *width + sheet->widths[last] + layer_gap <= room))
    *width += sheet->widths[last++] + layer_gap;
  return last;
}

static void ink_part(const zcz_sheet *sheet, uint32_t first, uint32_t last, double width,
                     size_t *item) {
  const zcz_layout *layout = sheet->layout;
  double left = margin + sheet->names + 10, x = left + layer_gap;
  for (uint32_t row = 0; row < layout->num_rows; row++) {
    double y = row_y(sheet, row);
    zcz_canvas_text(sheet->canvas, name_font, first ? FAINT : INK, ZCZ_ALIGN_RIGHT, left - 8, y,
                    zcz_layout_label(layout, layout->row_labels[row]));
    zcz_canvas_line(sheet->canvas, WIRE, 1, left, y, left + width, y);
    if (last < layout->num_layers || layout->operations_left_out) /* goes on */
      zcz_canvas_dashes(sheet->canvas, WIRE, 1, left + width + 3, y, left + width + 12, y);
  }
  for (uint32_t layer = first; layer < last; x += sheet->widths[layer++] + layer_gap)
    for (; *item < layout->num_items && layout->items[*item].layer == layer; (*item)++)
      ink_item(sheet, &layout->items[*item], x + sheet->widths[layer] / 2);
}

static void measure(zcz_sheet *sheet) {
  const zcz_layout *layout = sheet->layout;
  for (uint32_t row = 0; row < layout->num_rows; row++) {
    double width = zcz_canvas_text_width(sheet->canvas, name_font,
                                         zcz_layout_label(layout, layout->row_labels[row]));
    if (width > sheet->names) sheet->names = width;
  }
  for (size_t i = 0; i < layout->num_items; i++) {
    double width = item_width(sheet, &layout->items[i]);
    if (width > sheet->widths[layout->items[i].layer])
      sheet->widths[layout->items[i].layer] = width;
  }
  /* Many qubits make high parts: a wider page then holds more of the time. */
  double height = layout->num_rows * row_height;
  sheet->width = 1.4 * height;
  if (sheet->width * height > most_area) sheet->width = most_area / height;
  if (sheet->width < least_width) sheet->width = least_width;
}

/* Ends the layout where the page does, and counts what falls away. */
static void cut(const zcz_sheet *sheet, zcz_layout *layout) {
  double height = layout->num_rows * row_height + part_gap, most = most_area / sheet->width;
  uint32_t first = 0, parts = 1;
  double width;
  most = (most < most_height ? most : most_height) - 2 * margin - title_height - 24;
  if (most > height) parts = (uint32_t)(most / height);
  for (; parts > 0 && first < layout->num_layers; parts--) first = part_end(sheet, first, &width);
  for (size_t i = 0; i < layout->num_items; i++)
    if (layout->items[i].layer >= first) layout->operations_left_out++;
  if (first < layout->num_layers) layout->num_layers = first;
}

/* Makes the page as large as what stands on it. */
static zcz_status set_page(zcz_sheet *sheet, const zcz_draw_options *options, const char *remark,
                           zcz_error *error) {
  const zcz_layout *layout = sheet->layout;
  double widest = 200, height = 2 * margin;
  uint32_t parts = 0;
  for (uint32_t first = 0; first == 0 || first < layout->num_layers; parts++) {
    double width;
    uint32_t last = part_end(sheet, first, &width);
    if (sheet->names + 10 + width > widest) widest = sheet->names + 10 + width;
    if (last == first) last = UINT32_MAX;
    first = last;
  }
  if (options->title) {
    double width = zcz_canvas_text_width(sheet->canvas, title_font, options->title);
    height += title_height;
    if (width > widest) widest = width < sheet->width ? width : sheet->width;
  }
  if (*remark) {
    double width = zcz_canvas_text_width(sheet->canvas, remark_font, remark);
    height += 24;
    if (width > widest) widest = width;
  }
  if (parts == 0) parts = 1;
  height += parts * layout->num_rows * row_height + (parts - 1) * part_gap;
  return zcz_canvas_page(sheet->canvas, widest + 2 * margin + 8, height, error);
}

static void ink_all(zcz_sheet *sheet, const zcz_draw_options *options, const char *remark) {
  const zcz_layout *layout = sheet->layout;
  size_t item = 0;
  sheet->top = margin;
  if (options->title) {
    zcz_canvas_text(sheet->canvas, title_font, INK, ZCZ_ALIGN_LEFT, margin, margin + 8,
                    options->title);
    sheet->top += title_height;
  }
  for (uint32_t first = 0; first == 0 || first < layout->num_layers;) {
    double width;
    uint32_t last = part_end(sheet, first, &width);
    ink_part(sheet, first, last, width, &item);
    sheet->top += layout->num_rows * row_height;
    if (last == first) break;
    if (last < layout->num_layers) sheet->top += part_gap;
    first = last;
  }
  if (*remark)
    zcz_canvas_text(sheet->canvas, remark_font, FAINT, ZCZ_ALIGN_LEFT, margin, sheet->top + 16,
                    remark);
}

zcz_status zcz_circuit_as_page(const zcz_layout *layout, const zcz_draw_options *options,
                               zcz_output *output, zcz_error *error) {
  char remark[192];
  zcz_layout drawn = *layout; /* borrows all */
  zcz_sheet sheet = {.layout = &drawn};
  ZCZ_TRY(zcz_canvas_new(layout->context, options->format, &sheet.canvas, error));
  zcz_status status = ZCZ_OK;
  sheet.widths =
      zcz_memory_zeroed(layout->context, (size_t)layout->num_layers + 1, sizeof *sheet.widths);
  if (!sheet.widths)
    status = zcz_fail_memory(layout->context, error, "a picture", layout->num_layers * 8);
  if (status == ZCZ_OK) {
    measure(&sheet);
    cut(&sheet, &drawn);
    zcz_layout_remark(&drawn, remark, sizeof remark);
    status = set_page(&sheet, options, remark, error);
  }
  if (status == ZCZ_OK) {
    ink_all(&sheet, options, remark);
    status = zcz_canvas_finish(sheet.canvas, output, error);
  }
  zcz_memory_release(layout->context, sheet.widths);
  zcz_canvas_free(sheet.canvas);
  return status;
}
