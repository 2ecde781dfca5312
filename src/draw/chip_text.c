/* A chip in characters: the value of each qubit at its place, couplers as strokes between. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "draw/chip.h"
#include "draw/utf8.h"

typedef struct zcz_chip_screen {
  uint32_t width, height;
  uint32_t *codes;
  zcz_color *colors;
  uint8_t *colored;
} zcz_chip_screen;

static void put(zcz_chip_screen *screen, long x, long y, uint32_t code, const zcz_color *color) {
  if (x < 0 || y < 0 || x >= (long)screen->width || y >= (long)screen->height) return;
  size_t at = (size_t)y * screen->width + (size_t)x;
  screen->codes[at] = code;
  screen->colored[at] = color != NULL;
  if (color) screen->colors[at] = *color;
}

/* Dark ends of the scale would vanish on a dark terminal: text takes the upper half, turned round so
 * that what is good is green and what is bad is red. */
static zcz_color text_color(double share, bool more_is_better) {
  double bad = more_is_better ? 1 - share : share;
  return (zcz_color){0.25 + 0.7 * bad, 0.80 - 0.45 * bad, 0.45 - 0.15 * bad};
}

static void ink_couplers(zcz_chip_screen *screen, const zcz_chip_view *view, double scale,
                         long left) {
  for (uint32_t i = 0; i < view->chip->num_couplers; i++) {
    const uint32_t *pair = view->chip->couplers[i].qubits;
    double dx = view->x[pair[1]] - view->x[pair[0]], dy = view->y[pair[1]] - view->y[pair[0]];
    long x = left + lround((view->x[pair[0]] + view->x[pair[1]]) / 2 * scale);
    long y = lround(view->y[pair[0]] + view->y[pair[1]]);
    uint32_t code = fabs(dy) < 0.5   ? 0x2500
                    : fabs(dx) < 0.5 ? 0x2502
                    : dx * dy > 0    ? 0x2572
                                     : 0x2571;
    double value = view->coupler_values[i];
    if (!isfinite(value)) {
      put(screen, x, y, 0x00d7, NULL);
      continue;
    }
    zcz_color color = text_color(zcz_spread_share(&view->coupler_spread, value), false);
    put(screen, x, y, code, &color);
  }
}

static void ink_qubits(zcz_chip_screen *screen, const zcz_chip_view *view, double scale,
                       long left) {
  for (uint32_t i = 0; i < view->chip->num_qubits; i++) {
    char text[32] = "✗";
    zcz_color color = {0.5, 0.5, 0.5};
    if (isfinite(view->values[i])) {
      snprintf(text, sizeof text, "%.*f", view->column.decimals, view->values[i]);
      if (strlen(text) > 5) snprintf(text, sizeof text, "%.0f", view->values[i]);
      color =
          text_color(zcz_spread_share(&view->spread, view->values[i]), view->column.more_is_better);
    }
    long x = left + lround(view->x[i] * scale) - (long)zcz_utf8_width(text) / 2;
    long y = 2 * lround(view->y[i]);
    const char *at = text;
    for (uint32_t code; (code = zcz_utf8_next(&at));) put(screen, x++, y, code, &color);
  }
}

/* At the left of each line of qubits, the first of its names. */
static void ink_names(zcz_chip_screen *screen, const zcz_chip_view *view) {
  for (long line = 0; line <= lround(view->height); line++) {
    const char *name = NULL;
    double leftmost = INFINITY;
    for (uint32_t i = 0; i < view->chip->num_qubits; i++)
      if (lround(view->y[i]) == line && view->x[i] < leftmost) {
        leftmost = view->x[i];
        name = view->chip->qubits[i].name;
      }
    char fitted[32];
    if (!name) continue;
    zcz_utf8_fit(name, 5, fitted, sizeof fitted);
    const char *at = fitted;
    long x = 0;
    for (uint32_t code; (code = zcz_utf8_next(&at));) put(screen, x++, 2 * line, code, NULL);
    put(screen, 6, 2 * line, 0x203a, NULL);
  }
}

static void emit(const zcz_chip_screen *screen, bool color, zcz_output *output) {
  for (uint32_t y = 0; y < screen->height; y++) {
    size_t row = (size_t)y * screen->width;
    uint32_t end = screen->width;
    bool inked = false;
    while (end > 0 && screen->codes[row + end - 1] == ' ') end--;
    for (uint32_t x = 0; x < end; x++) {
      char bytes[4];
      const zcz_color *it = &screen->colors[row + x];
      if (color && screen->colored[row + x]) {
        zcz_output_print(output, "\033[38;2;%d;%d;%dm", (int)(it->red * 255),
                         (int)(it->green * 255), (int)(it->blue * 255));
        inked = true;
      } else if (inked) {
        zcz_output_print(output, "\033[0m");
        inked = false;
      }
      zcz_output_add(output, bytes, zcz_utf8_put(screen->codes[row + x], bytes));
    }
    if (inked) zcz_output_print(output, "\033[0m");
    zcz_output_add(output, "\n", 1);
  }
}

static void ink_legend(const zcz_chip *chip, const zcz_chip_column *column,
                       const zcz_spread *spread, const char *least, const char *most,
                       zcz_output *output) {
  const char *provenance = zcz_chip_provenance_of(chip, column->provenance);
  if (spread->count == 0) {
    zcz_output_print(output, "%s: none is enabled\n", column->title);
    return;
  }
  zcz_output_print(output, "%s (%s): ", column->title, column->unit);
  zcz_output_print(output, "%.*f at %.32s, median %.*f, ", column->decimals, spread->least, least,
                   column->decimals, spread->median);
  zcz_output_print(output, "%.*f at %.32s%s%s\n", column->decimals, spread->most, most,
                   *provenance ? "; " : "", provenance);
}

zcz_status zcz_chip_as_text(const zcz_chip_view *view, const zcz_draw_options *options,
                            zcz_output *output, zcz_error *error) {
  zcz_context *context = view->context;
  const zcz_chip *chip = view->chip;
  const double scale = view->aligned ? 8 : 4;
  const long left = 10;
  double columns = view->width * scale + (double)left + 4;
  if (columns > options->columns)
    return zcz_hint(error,
                    zcz_fail(error, ZCZ_ERROR_UNABLE,
                             "%s is %.0f characters wide, the terminal has %u", chip->name, columns,
                             options->columns),
                    "draw into a .svg, .png or .pdf file, or widen the terminal");
  zcz_chip_screen screen = {.width = options->columns,
                            .height = (uint32_t)(2 * lround(view->height) + 1)};
  if (screen.height > 4096)
    return zcz_fail(error, ZCZ_ERROR_UNABLE, "%s is %u lines high, at most 4096 are drawn",
                    chip->name, screen.height);
  size_t cells = (size_t)screen.width * screen.height;
  screen.codes = zcz_memory_zeroed(context, cells, sizeof *screen.codes);
  screen.colors = zcz_memory_zeroed(context, cells, sizeof *screen.colors);
  screen.colored = zcz_memory_zeroed(context, cells, 1);
  zcz_status status = ZCZ_OK;
  if (!screen.codes || !screen.colors || !screen.colored) {
    status = zcz_fail_memory(context, error, "a picture of a chip", cells * 29);
  } else {
    for (size_t i = 0; i < cells; i++) screen.codes[i] = ' ';
    ink_couplers(&screen, view, scale, left);
    ink_qubits(&screen, view, scale, left);
    ink_names(&screen, view);
    zcz_output_print(output, "%.300s\n\n", options->title ? options->title : chip->title);
    emit(&screen, options->color, output);
    zcz_output_print(output, "\n");
    ink_legend(chip, &view->column, &view->spread, chip->qubits[view->spread.least_at].name,
               chip->qubits[view->spread.most_at].name, output);
    if (chip->num_couplers)
      ink_legend(chip, &view->coupler_column, &view->coupler_spread,
                 chip->couplers[view->coupler_spread.least_at].name,
                 chip->couplers[view->coupler_spread.most_at].name, output);
    if (view->spread.count < chip->num_qubits || view->coupler_spread.count < chip->num_couplers)
      zcz_output_print(output, "✗ × disabled\n");
    if (view->no_places) zcz_output_print(output, "the chip tells no places: drawn in order\n");
  }
  zcz_memory_release(context, screen.codes);
  zcz_memory_release(context, screen.colors);
  zcz_memory_release(context, screen.colored);
  return status;
}
