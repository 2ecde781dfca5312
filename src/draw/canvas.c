#include "draw/canvas.h"

#include <cairo/cairo-pdf.h>
#include <cairo/cairo-svg.h>
#include <cairo/cairo.h>

#include "base/library.h"
#include "base/math.h"
#include "base/memory.h"

/* Every function of Cairo that is used: one list makes the names and the pointers. */
#define CAIRO_LIST(X)                                                                              \
  X(arc)                                                                                           \
  X(close_path)                                                                                    \
  X(create)                                                                                        \
  X(destroy)                                                                                       \
  X(fill_preserve)                                                                                 \
  X(image_surface_create)                                                                          \
  X(line_to)                                                                                       \
  X(move_to)                                                                                       \
  X(new_path)                                                                                      \
  X(new_sub_path)                                                                                  \
  X(paint)                                                                                         \
  X(pdf_surface_create_for_stream)                                                                 \
  X(pdf_surface_set_metadata)                                                                      \
  X(scale)                                                                                         \
  X(select_font_face)                                                                              \
  X(set_dash)                                                                                      \
  X(set_font_size)                                                                                 \
  X(set_line_cap)                                                                                  \
  X(set_line_width)                                                                                \
  X(set_source_rgb)                                                                                \
  X(show_text)                                                                                     \
  X(status)                                                                                        \
  X(status_to_string)                                                                              \
  X(stroke)                                                                                        \
  X(surface_destroy)                                                                               \
  X(surface_finish)                                                                                \
  X(surface_status)                                                                                \
  X(surface_write_to_png_stream)                                                                   \
  X(svg_surface_create_for_stream)                                                                 \
  X(text_extents)

typedef struct zcz_cairo {
#define CAIRO_POINTER(name) __typeof__(&cairo_##name) name;
  CAIRO_LIST(CAIRO_POINTER)
} zcz_cairo;

struct zcz_canvas {
  zcz_context *context;
  zcz_draw_format format;
  zcz_cairo cairo;
  cairo_surface_t *surface;
  cairo_t *pen;
  zcz_output stream; /* SVG and PDF are written here as they are drawn */
};

/* A PNG has two pixels a point, fewer where it would grow past the first two; a PDF is made smaller
 * where it would pass the third, which is its format's own limit. */
static const double max_side = 30000, max_pixels = 1e8, max_points = 14400;

static cairo_status_t take_bytes(void *output, const unsigned char *bytes, unsigned int size) {
  zcz_output_add(output, bytes, size);
  return ((zcz_output *)output)->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static zcz_status check(const zcz_canvas *canvas, zcz_error *error) {
  cairo_status_t status = canvas->cairo.surface_status(canvas->surface);
  if (status == CAIRO_STATUS_SUCCESS) status = canvas->cairo.status(canvas->pen);
  if (status == CAIRO_STATUS_SUCCESS) return ZCZ_OK;
  return zcz_fail(error, status == CAIRO_STATUS_NO_MEMORY ? ZCZ_ERROR_UNABLE : ZCZ_ERROR_BUG,
                  "Cairo cannot draw: %s", canvas->cairo.status_to_string(status));
}

zcz_status zcz_canvas_new(zcz_context *context, zcz_draw_format format, zcz_canvas **result,
                          zcz_error *error) {
#define CAIRO_NAME(name) "cairo_" #name,
  static const char *const names[] = {CAIRO_LIST(CAIRO_NAME)};
  const zcz_library_request request = {"libcairo.so.2", "libcairo2", "SVG, PNG and PDF pictures",
                                       names, sizeof names / sizeof *names};
  _Static_assert(sizeof(zcz_cairo) == sizeof names, "one pointer a name");
  zcz_canvas *canvas = zcz_memory_zeroed(context, 1, sizeof *canvas);
  *result = NULL;
  if (!canvas) return zcz_fail_memory(context, error, "a picture", sizeof *canvas);
  canvas->context = context;
  canvas->format = format;
  canvas->stream.context = context;
  zcz_status status = zcz_library_load(&request, &canvas->cairo, error);
  if (status != ZCZ_OK) {
    zcz_memory_release(context, canvas);
    return status;
  }
  canvas->surface = canvas->cairo.image_surface_create(CAIRO_FORMAT_RGB24, 1, 1);
  canvas->pen = canvas->cairo.create(canvas->surface);
  status = check(canvas, error);
  if (status == ZCZ_OK)
    *result = canvas;
  else
    zcz_canvas_free(canvas);
  return status;
}

zcz_status zcz_canvas_page(zcz_canvas *canvas, double width, double height, zcz_error *error) {
  const zcz_cairo *cairo = &canvas->cairo;
  double scale = 1;
  if (canvas->format == ZCZ_DRAW_PNG) {
    for (scale = 2; scale > 0.5; scale /= 2)
      if (width * scale <= max_side && height * scale <= max_side &&
          width * height * scale * scale <= max_pixels)
        break;
  } else if (canvas->format == ZCZ_DRAW_PDF && (width > max_points || height > max_points)) {
    scale = max_points / (width > height ? width : height);
  }
  if (canvas->format == ZCZ_DRAW_PNG && scale < 1)
    return zcz_hint(error,
                    zcz_fail(error, ZCZ_ERROR_UNABLE, "a PNG of %.0f x %.0f pixels is too large",
                             width, height),
                    "draw fewer operations or bars, or into a .svg file");
  if (canvas->format == ZCZ_DRAW_PNG) /* Cairo's own memory, four bytes a pixel */
    ZCZ_TRY(zcz_memory_admit(canvas->context, "a picture",
                             (uint64_t)(width * height * scale * scale * 4), error));
  cairo->destroy(canvas->pen);
  cairo->surface_destroy(canvas->surface);
  if (canvas->format == ZCZ_DRAW_PNG)
    canvas->surface = cairo->image_surface_create(CAIRO_FORMAT_RGB24, (int)(width * scale + 0.5),
                                                  (int)(height * scale + 0.5));
  else if (canvas->format == ZCZ_DRAW_SVG)
    canvas->surface =
        cairo->svg_surface_create_for_stream(take_bytes, &canvas->stream, width, height);
  else
    canvas->surface = cairo->pdf_surface_create_for_stream(take_bytes, &canvas->stream,
                                                           width * scale, height * scale);
  canvas->pen = cairo->create(canvas->surface);
  if (canvas->format == ZCZ_DRAW_PDF && cairo->surface_status(canvas->surface) == 0)
    cairo->pdf_surface_set_metadata(canvas->surface, CAIRO_PDF_METADATA_CREATOR,
                                    "zcz " ZCZ_VERSION);
  cairo->scale(canvas->pen, scale, scale);
  cairo->set_source_rgb(canvas->pen, 1, 1, 1);
  cairo->paint(canvas->pen);
  cairo->set_line_cap(canvas->pen, CAIRO_LINE_CAP_ROUND);
  return check(canvas, error);
}

zcz_status zcz_canvas_finish(zcz_canvas *canvas, zcz_output *output, zcz_error *error) {
  ZCZ_TRY(check(canvas, error));
  if (canvas->format == ZCZ_DRAW_PNG) {
    cairo_status_t status =
        canvas->cairo.surface_write_to_png_stream(canvas->surface, take_bytes, output);
    if (status != CAIRO_STATUS_SUCCESS && !output->failed)
      return zcz_fail(error, ZCZ_ERROR_BUG, "Cairo cannot write a PNG: %s",
                      canvas->cairo.status_to_string(status));
  } else {
    canvas->cairo.surface_finish(canvas->surface);
    zcz_output_release(output);
    *output = canvas->stream;
    canvas->stream = (zcz_output){.context = canvas->context};
  }
  return zcz_output_check(output, error);
}

void zcz_canvas_free(zcz_canvas *canvas) {
  if (!canvas) return;
  if (canvas->pen) canvas->cairo.destroy(canvas->pen);
  if (canvas->surface) canvas->cairo.surface_destroy(canvas->surface);
  zcz_output_release(&canvas->stream);
  zcz_memory_release(canvas->context, canvas);
}

/* ---- drawing ---- */

static void take_color(zcz_canvas *canvas, zcz_color color) {
  canvas->cairo.set_source_rgb(canvas->pen, color.red, color.green, color.blue);
}

static void take_font(zcz_canvas *canvas, zcz_font font) {
  canvas->cairo.select_font_face(canvas->pen, font.mono ? "DejaVu Sans Mono" : "DejaVu Sans",
                                 CAIRO_FONT_SLANT_NORMAL,
                                 font.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  canvas->cairo.set_font_size(canvas->pen, font.size);
}

double zcz_canvas_text_width(zcz_canvas *canvas, zcz_font font, const char *text) {
  cairo_text_extents_t extents;
  take_font(canvas, font);
  canvas->cairo.text_extents(canvas->pen, text, &extents);
  return extents.x_advance;
}

void zcz_canvas_line(zcz_canvas *canvas, zcz_color color, double width, double x1, double y1,
                     double x2, double y2) {
  take_color(canvas, color);
  canvas->cairo.set_line_width(canvas->pen, width);
  canvas->cairo.new_path(canvas->pen);
  canvas->cairo.move_to(canvas->pen, x1, y1);
  canvas->cairo.line_to(canvas->pen, x2, y2);
  canvas->cairo.stroke(canvas->pen);
}

void zcz_canvas_dashes(zcz_canvas *canvas, zcz_color color, double width, double x1, double y1,
                       double x2, double y2) {
  const double dashes[] = {3, 4};
  canvas->cairo.set_dash(canvas->pen, dashes, 2, 0);
  zcz_canvas_line(canvas, color, width, x1, y1, x2, y2);
  canvas->cairo.set_dash(canvas->pen, NULL, 0, 0);
}

static void paint_path(zcz_canvas *canvas, zcz_color fill, const zcz_color *stroke) {
  take_color(canvas, fill);
  canvas->cairo.fill_preserve(canvas->pen);
  if (stroke) {
    take_color(canvas, *stroke);
    canvas->cairo.set_line_width(canvas->pen, 1.2);
    canvas->cairo.stroke(canvas->pen);
  }
  canvas->cairo.new_path(canvas->pen);
}

void zcz_canvas_box(zcz_canvas *canvas, zcz_color fill, const zcz_color *stroke, double radius,
                    double x, double y, double width, double height) {
  const zcz_cairo *cairo = &canvas->cairo;
  cairo_t *pen = canvas->pen;
  const double quarter = ZCZ_PI / 2;
  cairo->new_path(pen);
  cairo->new_sub_path(pen);
  cairo->arc(pen, x + width - radius, y + radius, radius, -quarter, 0);
  cairo->arc(pen, x + width - radius, y + height - radius, radius, 0, quarter);
  cairo->arc(pen, x + radius, y + height - radius, radius, quarter, 2 * quarter);
  cairo->arc(pen, x + radius, y + radius, radius, 2 * quarter, 3 * quarter);
  cairo->close_path(pen);
  paint_path(canvas, fill, stroke);
}

void zcz_canvas_disc(zcz_canvas *canvas, zcz_color fill, const zcz_color *stroke, double x,
                     double y, double radius) {
  canvas->cairo.new_path(canvas->pen);
  canvas->cairo.arc(canvas->pen, x, y, radius, 0, 2 * ZCZ_PI);
  canvas->cairo.close_path(canvas->pen);
  paint_path(canvas, fill, stroke);
}

void zcz_canvas_arc(zcz_canvas *canvas, zcz_color color, double width, double x, double y,
                    double radius, double from, double to) {
  take_color(canvas, color);
  canvas->cairo.set_line_width(canvas->pen, width);
  canvas->cairo.new_path(canvas->pen);
  canvas->cairo.arc(canvas->pen, x, y, radius, from, to);
  canvas->cairo.stroke(canvas->pen);
}

void zcz_canvas_text(zcz_canvas *canvas, zcz_font font, zcz_color color, zcz_align align, double x,
                     double y, const char *text) {
  double width = zcz_canvas_text_width(canvas, font, text); /* takes the font */
  if (align == ZCZ_ALIGN_CENTER) x -= width / 2;
  if (align == ZCZ_ALIGN_RIGHT) x -= width;
  take_color(canvas, color);
  canvas->cairo.new_path(canvas->pen);
  canvas->cairo.move_to(canvas->pen, x, y + 0.365 * font.size); /* capitals are 0.73 high */
  canvas->cairo.show_text(canvas->pen, text);
}
