/* What both pictures of a chip share: places, values, colours. */
#ifndef ZCZ_DRAW_CHIP_H
#define ZCZ_DRAW_CHIP_H

#include "draw/canvas.h"

/* How a column of calibration values is shown. */
typedef struct zcz_chip_column {
  const char *name;       /* as users say it */
  const char *title;      /* "T1" */
  const char *unit;       /* "µs" */
  const char *provenance; /* column of zcz_provenance that tells where it comes from */
  double factor;          /* shown = value * factor */
  int decimals;
  bool more_is_better;
} zcz_chip_column;

/* Values of qubits or couplers and how they spread; NaN where one is disabled or has none. */
typedef struct zcz_spread {
  double least, median, most;
  uint32_t least_at, most_at;
  bool logarithmic; /* colours by the logarithm */
  uint32_t count;
} zcz_spread;

typedef struct zcz_chip_view {
  zcz_context *context;
  const zcz_chip *chip;
  zcz_chip_column column, coupler_column;
  double *values, *coupler_values; /* shown values */
  zcz_spread spread, coupler_spread;
  double *x, *y; /* places in units of the smallest distance along an axis, from 0 */
  double width, height;
  bool aligned;   /* some coupler runs along an axis */
  bool no_places; /* the chip tells none: a square grid in order */
} zcz_chip_view;

zcz_status zcz_chip_view_new(zcz_context *context, const zcz_chip *chip, const char *column,
                             zcz_chip_view *view, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_chip_view_release(zcz_chip_view *view);

/* Place of a value in its spread, 0 .. 1. */
double zcz_spread_share(const zcz_spread *spread, double value);
/* The colour of a share: of qubits from pale to deep blue, of couplers from pale to deep red. */
zcz_color zcz_chip_color(double share, bool coupler);
/* "published", "synthetic", ... of a column; "" where the chip does not say. */
const char *zcz_chip_provenance_of(const zcz_chip *chip, const char *column);

zcz_status zcz_chip_as_text(const zcz_chip_view *view, const zcz_draw_options *options,
                            zcz_output *output, zcz_error *error) ZCZ_MUST_CHECK;
zcz_status zcz_chip_as_page(const zcz_chip_view *view, const zcz_draw_options *options,
                            zcz_output *output, zcz_error *error) ZCZ_MUST_CHECK;

#endif
