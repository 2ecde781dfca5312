/* A page to draw on with Cairo, whatever the format. Units are points (PNG: two pixels each). */
#ifndef ZCZ_DRAW_CANVAS_H
#define ZCZ_DRAW_CANVAS_H

#include "draw/output.h"

typedef struct zcz_canvas zcz_canvas;

typedef struct zcz_color {
  double red, green, blue;
} zcz_color;

#define ZCZ_RGB(hex)                                                                               \
  ((zcz_color){((hex) >> 16 & 255) / 255.0, ((hex) >> 8 & 255) / 255.0, ((hex)&255) / 255.0})

typedef enum zcz_align { ZCZ_ALIGN_LEFT, ZCZ_ALIGN_CENTER, ZCZ_ALIGN_RIGHT } zcz_align;

/* Text: `size` in points, `mono` for a fixed-width face. */
typedef struct zcz_font {
  double size;
  bool mono, bold;
} zcz_font;

/* A canvas without a page yet measures text only; zcz_canvas_page gives it its size, once, before
 * anything is drawn. `title` becomes the document's. UNABLE without Cairo. */
zcz_status zcz_canvas_new(zcz_context *context, zcz_draw_format format, zcz_canvas **canvas,
                          zcz_error *error) ZCZ_MUST_CHECK;
zcz_status zcz_canvas_page(zcz_canvas *canvas, double width, double height,
                           zcz_error *error) ZCZ_MUST_CHECK;
/* The bytes of the picture, into `output`. */
zcz_status zcz_canvas_finish(zcz_canvas *canvas, zcz_output *output,
                             zcz_error *error) ZCZ_MUST_CHECK;
void zcz_canvas_free(zcz_canvas *canvas); /* NULL is legal */

double zcz_canvas_text_width(zcz_canvas *canvas, zcz_font font, const char *text);

void zcz_canvas_line(zcz_canvas *canvas, zcz_color color, double width, double x1, double y1,
                     double x2, double y2);
void zcz_canvas_dashes(zcz_canvas *canvas, zcz_color color, double width, double x1, double y1,
                       double x2, double y2);
/* Corners of radius `radius`; `stroke` NULL = no outline. */
void zcz_canvas_box(zcz_canvas *canvas, zcz_color fill, const zcz_color *stroke, double radius,
                    double x, double y, double width, double height);
void zcz_canvas_disc(zcz_canvas *canvas, zcz_color fill, const zcz_color *stroke, double x,
                     double y, double radius);
/* Part of a circle from angle `from` to `to` (radians, clockwise), as a line. */
void zcz_canvas_arc(zcz_canvas *canvas, zcz_color color, double width, double x, double y,
                    double radius, double from, double to);
/* Centred vertically on `y` by the height of a capital letter. */
void zcz_canvas_text(zcz_canvas *canvas, zcz_font font, zcz_color color, zcz_align align, double x,
                     double y, const char *text);

#endif
