#include "draw/chip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/math.h"
#include "base/memory.h"

static const zcz_chip_column columns[] = {
    {"pauli_error", "Pauli error of one-qubit gates", "10⁻³", "pauli_error_1q", 1e3, 2, false},
    {"t1_us", "T1", "µs", "t1_us", 1, 0, true},
    {"t2_us", "T2", "µs", "t2_us", 1, 0, true},
    {"readout", "readout error, mean of both states", "%", "p01", 100, 2, false},
    {"p10", "read 1 where 0 was prepared", "%", "p10", 100, 2, false},
    {"p01", "read 0 where 1 was prepared", "%", "p01", 100, 2, false},
    {"coupler_error", "worst Pauli error of a qubit's couplers", "10⁻³", "pauli_error_2q", 1e3, 2,
     false},
};
static const zcz_chip_column coupler_column = {
    "coupler", "Pauli error of couplers", "10⁻³", "pauli_error_2q", 1e3, 2, false};

const char *zcz_draw_chip_column(uint32_t index) {
  return index < sizeof columns / sizeof *columns ? columns[index].name : NULL;
}

static zcz_status find_column(const char *name, zcz_chip_column *column, zcz_error *error) {
  char names[160] = "";
  *column = columns[0];
  if (!name) return ZCZ_OK;
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
    if (strcmp(columns[i].name, name) == 0) {
      *column = columns[i];
      return ZCZ_OK;
    }
    if (i) strcat(names, ", ");
    strcat(names, columns[i].name);
  }
  return zcz_hint(error, zcz_fail(error, ZCZ_ERROR_USAGE, "a chip has no column `%.64s`", name),
                  "columns: %s", names);
}

/* ---- values ---- */

static double worst_coupler(const zcz_chip *chip, uint32_t qubit) {
  double worst = NAN;
  for (uint32_t i = 0; i < chip->num_couplers; i++) {
    const zcz_chip_coupler *coupler = &chip->couplers[i];
    if (!coupler->enabled || (coupler->qubits[0] != qubit && coupler->qubits[1] != qubit)) continue;
    if (!(coupler->pauli_error <= worst)) worst = coupler->pauli_error;
  }
  return worst;
}

static double value_of(const zcz_chip *chip, uint32_t qubit, const char *column) {
  const zcz_chip_qubit *it = &chip->qubits[qubit];
  if (!it->enabled) return NAN;
  if (strcmp(column, "t1_us") == 0) return it->t1_us;
  if (strcmp(column, "t2_us") == 0) return it->t2_us;
  if (strcmp(column, "p10") == 0) return it->p10;
  if (strcmp(column, "p01") == 0) return it->p01;
  if (strcmp(column, "readout") == 0) return (it->p10 + it->p01) / 2;
  if (strcmp(column, "coupler_error") == 0) return worst_coupler(chip, qubit);
  return it->pauli_error;
}

static int by_value(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

/* `sorted` is scratch of the same length. */
static zcz_spread spread_of(const double *values, uint32_t count, double *sorted) {
  zcz_spread spread = {0};
  for (uint32_t i = 0; i < count; i++) {
    if (!isfinite(values[i])) continue;
    if (spread.count == 0 || values[i] < spread.least)
      spread.least = values[i], spread.least_at = i;
    if (spread.count == 0 || values[i] > spread.most) spread.most = values[i], spread.most_at = i;
    sorted[spread.count++] = values[i];
  }
  if (spread.count == 0) return spread;
  qsort(sorted, spread.count, sizeof *sorted, by_value);
  spread.median = (sorted[(spread.count - 1) / 2] + sorted[spread.count / 2]) / 2;
  spread.logarithmic = spread.least > 0 && spread.most > 6 * spread.least;
  return spread;
}

double zcz_spread_share(const zcz_spread *spread, double value) {
  if (!(spread->most > spread->least)) return 0.5;
  if (spread->logarithmic)
    return zcz_log(value / spread->least) / zcz_log(spread->most / spread->least);
  return (value - spread->least) / (spread->most - spread->least);
}

zcz_color zcz_chip_color(double share, bool coupler) {
  static const uint32_t stops[2][5] = {{0xe9f6e4, 0xa5dbc3, 0x45a9bd, 0x2268a5, 0x152c69},
                                       {0xfdeec2, 0xfdc170, 0xf58742, 0xd43d2a, 0x7d0c25}};
  double place = share < 0 ? 0 : share > 1 ? 4 : share * 4;
  int stop = place >= 4 ? 3 : (int)place;
  zcz_color from = ZCZ_RGB(stops[coupler][stop]), to = ZCZ_RGB(stops[coupler][stop + 1]);
  double t = place - stop;
  return (zcz_color){from.red + t * (to.red - from.red), from.green + t * (to.green - from.green),
                     from.blue + t * (to.blue - from.blue)};
}

const char *zcz_chip_provenance_of(const zcz_chip *chip, const char *column) {
  for (uint32_t i = 0; i < chip->num_provenances; i++)
    if (strcmp(chip->provenances[i].column, column) == 0) return chip->provenances[i].provenance;
  return "";
}

/* ---- places ---- */

/* The smallest step between different values; 0 = they are all one. */
static double least_step(const double *values, uint32_t count, double *sorted) {
  double step = 0;
  memcpy(sorted, values, count * sizeof *values);
  qsort(sorted, count, sizeof *sorted, by_value);
  for (uint32_t i = 1; i < count; i++) {
    double gap = sorted[i] - sorted[i - 1];
    if (gap > 1e-6 && (step == 0 || gap < step)) step = gap;
  }
  return step;
}

static bool any_shared_place(const zcz_chip_view *view) {
  uint32_t count = view->chip->num_qubits;
  for (uint32_t i = 0; i < count; i++) {
    if (!isfinite(view->x[i]) || !isfinite(view->y[i])) return true;
    for (uint32_t j = 0; j < i; j++)
      if (fabs(view->x[i] - view->x[j]) < 1e-6 && fabs(view->y[i] - view->y[j]) < 1e-6) return true;
  }
  return false;
}

static void settle_places(zcz_chip_view *view, double *sorted) {
  uint32_t count = view->chip->num_qubits;
  double step_x, step_y, least_x = INFINITY, least_y = INFINITY;
  for (uint32_t i = 0; i < count; i++) {
    view->x[i] = view->chip->qubits[i].x;
    view->y[i] = view->chip->qubits[i].y;
  }
  view->no_places = any_shared_place(view);
  uint32_t side = 1;
  while (side * side < count) side++;
  for (uint32_t i = 0; view->no_places && i < count; i++) {
    view->x[i] = i % side;
    view->y[i] = i / side;
  }
  step_x = least_step(view->x, count, sorted);
  step_y = least_step(view->y, count, sorted);
  double step = step_x == 0 ? step_y : step_y == 0 || step_x < step_y ? step_x : step_y;
  if (step == 0) step = 1;
  for (uint32_t i = 0; i < count; i++) {
    least_x = fmin(least_x, view->x[i]);
    least_y = fmin(least_y, view->y[i]);
  }
  for (uint32_t i = 0; i < count; i++) {
    view->x[i] = (view->x[i] - least_x) / step;
    view->y[i] = (view->y[i] - least_y) / step;
    view->width = fmax(view->width, view->x[i]);
    view->height = fmax(view->height, view->y[i]);
  }
  for (uint32_t i = 0; i < view->chip->num_couplers; i++) {
    const uint32_t *pair = view->chip->couplers[i].qubits;
    if (fabs(view->y[pair[0]] - view->y[pair[1]]) < 0.5) view->aligned = true;
  }
}

zcz_status zcz_chip_view_new(zcz_context *context, const zcz_chip *chip, const char *column,
                             zcz_chip_view *view, zcz_error *error) {
  size_t qubits = (size_t)chip->num_qubits + 1, couplers = (size_t)chip->num_couplers + 1;
  *view = (zcz_chip_view){.context = context, .chip = chip, .coupler_column = coupler_column};
  ZCZ_TRY(find_column(column, &view->column, error));
  double *sorted = zcz_memory_zeroed(context, qubits + couplers, sizeof *sorted);
  view->values = zcz_memory_zeroed(context, qubits, sizeof *view->values);
  view->coupler_values = zcz_memory_zeroed(context, couplers, sizeof *view->coupler_values);
  view->x = zcz_memory_zeroed(context, qubits, sizeof *view->x);
  view->y = zcz_memory_zeroed(context, qubits, sizeof *view->y);
  if (!sorted || !view->values || !view->coupler_values || !view->x || !view->y) {
    zcz_memory_release(context, sorted);
    zcz_chip_view_release(view);
    return zcz_fail_memory(context, error, "a picture of a chip", qubits * 40);
  }
  for (uint32_t i = 0; i < chip->num_qubits; i++)
    view->values[i] = value_of(chip, i, view->column.name) * view->column.factor;
  for (uint32_t i = 0; i < chip->num_couplers; i++)
    view->coupler_values[i] =
        chip->couplers[i].enabled ? chip->couplers[i].pauli_error * coupler_column.factor : NAN;
  view->spread = spread_of(view->values, chip->num_qubits, sorted);
  view->coupler_spread = spread_of(view->coupler_values, chip->num_couplers, sorted);
  settle_places(view, sorted);
  zcz_memory_release(context, sorted);
  return ZCZ_OK;
}

void zcz_chip_view_release(zcz_chip_view *view) {
  zcz_memory_release(view->context, view->values);
  zcz_memory_release(view->context, view->coupler_values);
  zcz_memory_release(view->context, view->x);
  zcz_memory_release(view->context, view->y);
  view->values = view->coupler_values = view->x = view->y = NULL;
}

zcz_status zcz_draw_chip(zcz_context *context, const zcz_chip *chip, const char *column,
                         const zcz_draw_options *options, char **text, zcz_error *error) {
  enum { MAX_QUBITS = 2000 };
  zcz_draw_options settled;
  zcz_chip_view view;
  zcz_output output = {.context = context};
  ZCZ_TRY(zcz_draw_settle(options, text, &settled, error));
  if (chip->num_qubits == 0 || chip->num_qubits > MAX_QUBITS)
    return zcz_fail(error, ZCZ_ERROR_UNABLE,
                    "a picture of a chip of %u qubits, from 1 to %d are drawn", chip->num_qubits,
                    MAX_QUBITS);
  ZCZ_TRY(zcz_chip_view_new(context, chip, column, &view, error));
  zcz_status status = settled.format == ZCZ_DRAW_TEXT
                          ? zcz_chip_as_text(&view, &settled, &output, error)
                          : zcz_chip_as_page(&view, &settled, &output, error);
  zcz_chip_view_release(&view);
  if (status == ZCZ_OK) return zcz_output_deliver(&output, &settled, text, error);
  zcz_output_release(&output);
  return status;
}
