/* A chip on a page: discs for qubits, bars for couplers, a legend for each. */
#include <math.h>
#include <stdio.h>

#include "draw/chip.h"

#define INK ZCZ_RGB(0x1f2933)
#define SOFT ZCZ_RGB(0x52606d)
#define GONE ZCZ_RGB(0xc5ccd3)

/* Points. */
static const double margin = 30, head = 44, legend_width = 250, legend_height = 12;

typedef struct zcz_chip_sheet {
  const zcz_chip_view *view;
  zcz_canvas *canvas;
  double unit, radius;
} zcz_chip_sheet;

static double place_x(const zcz_chip_sheet *sheet, uint32_t qubit) {
  return margin + sheet->radius + sheet->view->x[qubit] * sheet->unit;
}

static double place_y(const zcz_chip_sheet *sheet, uint32_t qubit) {
  return margin + head + sheet->radius + sheet->view->y[qubit] * sheet->unit;
}

static void ink_coupler(const zcz_chip_sheet *sheet, uint32_t index) {
  const uint32_t *pair = sheet->view->chip->couplers[index].qubits;
  double x1 = place_x(sheet, pair[0]), y1 = place_y(sheet, pair[0]);
  double x2 = place_x(sheet, pair[1]), y2 = place_y(sheet, pair[1]);
  double value = sheet->view->coupler_values[index];
  if (isfinite(value)) {
    double share = zcz_spread_share(&sheet->view->coupler_spread, value);
    zcz_canvas_line(sheet->canvas, zcz_chip_color(share, true), sheet->radius * 0.42, x1, y1, x2,
                    y2);
    return;
  }
  double x = (x1 + x2) / 2, y = (y1 + y2) / 2, arm = sheet->radius * 0.22;
  zcz_canvas_dashes(sheet->canvas, GONE, 1.5, x1, y1, x2, y2);
  zcz_canvas_line(sheet->canvas, SOFT, 1.5, x - arm, y - arm, x + arm, y + arm);
  zcz_canvas_line(sheet->canvas, SOFT, 1.5, x - arm, y + arm, x + arm, y - arm);
}

static void ink_qubit(const zcz_chip_sheet *sheet, uint32_t index) {
  const zcz_chip_view *view = sheet->view;
  double x = place_x(sheet, index), y = place_y(sheet, index), value = view->values[index];
  const zcz_font name_font = {sheet->radius * 0.5, false, true},
                 value_font = {sheet->radius * 0.46, false, false};
  const zcz_color rim = ZCZ_RGB(0xffffff), gone = GONE;
  char text[32];
  if (!isfinite(value)) {
    double arm = sheet->radius * 0.62;
    zcz_canvas_disc(sheet->canvas, ZCZ_RGB(0xf4f6f8), &gone, x, y, sheet->radius);
    zcz_canvas_line(sheet->canvas, GONE, 1.5, x - arm, y - arm, x + arm, y + arm);
    zcz_canvas_line(sheet->canvas, GONE, 1.5, x - arm, y + arm, x + arm, y - arm);
    zcz_canvas_text(sheet->canvas, name_font, SOFT, ZCZ_ALIGN_CENTER, x, y,
                    view->chip->qubits[index].name);
    return;
  }
  double share = zcz_spread_share(&view->spread, value);
  zcz_color fill = zcz_chip_color(share, false);
  bool dark = 0.3 * fill.red + 0.6 * fill.green + 0.1 * fill.blue < 0.55;
  zcz_color ink = dark ? ZCZ_RGB(0xffffff) : INK;
  snprintf(text, sizeof text, "%.*f", view->column.decimals, value);
  zcz_canvas_disc(sheet->canvas, fill, &rim, x, y, sheet->radius);
  zcz_canvas_text(sheet->canvas, name_font, ink, ZCZ_ALIGN_CENTER, x, y - sheet->radius * 0.3,
                  view->chip->qubits[index].name);
  zcz_canvas_text(sheet->canvas, value_font, ink, ZCZ_ALIGN_CENTER, x, y + sheet->radius * 0.36,
                  text);
}

/* A bar of the colours with its ends, the median marked, and where the numbers come from. */
static void ink_legend(const zcz_chip_sheet *sheet, const zcz_chip_column *column,
                       const zcz_spread *spread, bool coupler, double x, double y) {
  enum { STEPS = 100 };
  const zcz_font bold = {11, false, true}, plain = {10, false, false};
  const char *provenance = zcz_chip_provenance_of(sheet->view->chip, column->provenance);
  char text[160];
  snprintf(text, sizeof text, "%s (%s)", column->title, column->unit);
  zcz_canvas_text(sheet->canvas, bold, INK, ZCZ_ALIGN_LEFT, x, y, text);
  y += 14;
  if (spread->count == 0) {
    zcz_canvas_text(sheet->canvas, plain, SOFT, ZCZ_ALIGN_LEFT, x, y + 6, "none is enabled");
    return;
  }
  for (int i = 0; i < STEPS; i++)
    zcz_canvas_box(sheet->canvas, zcz_chip_color((i + 0.5) / STEPS, coupler), NULL, 0,
                   x + legend_width * i / STEPS, y, legend_width / STEPS + 0.6, legend_height);
  double median = x + legend_width * zcz_spread_share(spread, spread->median);
  zcz_canvas_line(sheet->canvas, INK, 1.4, median, y - 3, median, y + legend_height + 3);
  y += legend_height + 12;
  snprintf(text, sizeof text, "%.*f", column->decimals, spread->least);
  zcz_canvas_text(sheet->canvas, plain, SOFT, ZCZ_ALIGN_LEFT, x, y, text);
  snprintf(text, sizeof text, "%.*f", column->decimals, spread->most);
  zcz_canvas_text(sheet->canvas, plain, SOFT, ZCZ_ALIGN_RIGHT, x + legend_width, y, text);
  snprintf(text, sizeof text, "median %.*f%s", column->decimals, spread->median,
           spread->logarithmic ? ", log scale" : "");
  zcz_canvas_text(sheet->canvas, plain, SOFT, ZCZ_ALIGN_CENTER, x + legend_width / 2, y, text);
  if (*provenance)
    zcz_canvas_text(sheet->canvas, plain, SOFT, ZCZ_ALIGN_LEFT, x, y + 15, provenance);
}

static void ink_head(const zcz_chip_sheet *sheet, const zcz_draw_options *options) {
  const zcz_font title = {16, false, true}, plain = {11, false, false};
  const zcz_chip *chip = sheet->view->chip;
  uint32_t qubits = 0, couplers = 0;
  char text[200];
  for (uint32_t i = 0; i < chip->num_qubits; i++) qubits += chip->qubits[i].enabled;
  for (uint32_t i = 0; i < chip->num_couplers; i++) couplers += chip->couplers[i].enabled;
  zcz_canvas_text(sheet->canvas, title, INK, ZCZ_ALIGN_LEFT, margin, margin + 4,
                  options->title ? options->title : chip->title);
  int length = snprintf(text, sizeof text, "%u qubits", qubits);
  if (qubits < chip->num_qubits)
    length += snprintf(text + length, sizeof text - (size_t)length, " of %u", chip->num_qubits);
  length += snprintf(text + length, sizeof text - (size_t)length, ", %u couplers", couplers);
  if (couplers < chip->num_couplers)
    length += snprintf(text + length, sizeof text - (size_t)length, " of %u", chip->num_couplers);
  if (qubits < chip->num_qubits || couplers < chip->num_couplers)
    length += snprintf(text + length, sizeof text - (size_t)length, "; disabled ones crossed out");
  if (sheet->view->no_places)
    snprintf(text + length, sizeof text - (size_t)length, "; the chip tells no places");
  zcz_canvas_text(sheet->canvas, plain, SOFT, ZCZ_ALIGN_LEFT, margin, margin + 24, text);
}

zcz_status zcz_chip_as_page(const zcz_chip_view *view, const zcz_draw_options *options,
                            zcz_output *output, zcz_error *error) {
  zcz_chip_sheet sheet = {.view = view};
  const zcz_chip *chip = view->chip;
  ZCZ_TRY(zcz_canvas_new(view->context, options->format, &sheet.canvas, error));
  sheet.unit = view->aligned ? 58 : 42;
  sheet.radius = view->aligned ? 20 : 20.5;
  double lattice = view->width * sheet.unit + 2 * sheet.radius;
  double legends = 2 * legend_width + 40, width = fmax(lattice, legends) + 2 * margin;
  double bottom = margin + head + view->height * sheet.unit + 2 * sheet.radius + 34;
  const zcz_font title = {16, false, true};
  width = fmax(width,
               2 * margin + zcz_canvas_text_width(sheet.canvas, title,
                                                  options->title ? options->title : chip->title));
  zcz_status status = zcz_canvas_page(sheet.canvas, width, bottom + 62 + margin * 0.6, error);
  if (status == ZCZ_OK) {
    ink_head(&sheet, options);
    for (uint32_t i = 0; i < chip->num_couplers; i++) ink_coupler(&sheet, i);
    for (uint32_t i = 0; i < chip->num_qubits; i++) ink_qubit(&sheet, i);
    ink_legend(&sheet, &view->column, &view->spread, false, margin, bottom);
    if (chip->num_couplers)
      ink_legend(&sheet, &view->coupler_column, &view->coupler_spread, true,
                 margin + legend_width + 40, bottom);
    status = zcz_canvas_finish(sheet.canvas, output, error);
  }
  zcz_canvas_free(sheet.canvas);
  return status;
}
