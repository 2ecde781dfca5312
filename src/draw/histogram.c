/* Counts as bars, the most frequent first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "draw/canvas.h"
#include "draw/utf8.h"

#define INK ZCZ_RGB(0x1f2933)
#define SOFT ZCZ_RGB(0x52606d)

typedef struct zcz_bar {
  const char *label;
  uint64_t count;
} zcz_bar;

typedef struct zcz_histogram {
  zcz_bar *bars; /* sorted */
  size_t count, shown;
  uint64_t total, largest, others;
  char title[224];
} zcz_histogram;

static int by_count(const void *left, const void *right) {
  const zcz_bar *a = left, *b = right;
  if (a->count != b->count) return a->count > b->count ? -1 : 1;
  return strcmp(a->label, b->label);
}

/* 1234567 as "1,234,567". */
static void grouped(uint64_t number, char text[32]) {
  char digits[24];
  int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number), at = 0;
  for (int i = 0; i < length; i++) {
    if (i > 0 && (length - i) % 3 == 0) text[at++] = ',';
    text[at++] = digits[i];
  }
  text[at] = 0;
}

static void percent(const zcz_histogram *histogram, uint64_t count, char text[16]) {
  snprintf(text, 16, "%.2f %%", 100.0 * (double)count / (double)histogram->total);
}

/* The middle of a long bit string is what one can do without. */
static void fit_label(const char *label, size_t columns, char *text, size_t size) {
  size_t length = strlen(label);
  for (size_t i = 0; i < length; i++)
    if (label[i] < 32 || label[i] > 126) {
      zcz_utf8_fit(label, columns, text, size);
      return;
    }
  if (length <= columns)
    snprintf(text, size, "%s", label);
  else {
    size_t head = columns / 2, tail = columns - head - 1;
    snprintf(text, size, "%.*s…%s", (int)head, label, label + length - tail);
  }
}

static zcz_status collect(zcz_context *context, size_t count, const char *const *labels,
                          const uint64_t *counts, const zcz_draw_options *options,
                          zcz_histogram *histogram, zcz_error *error) {
  char total[32], outcomes[32];
  *histogram = (zcz_histogram){.count = count};
  if (count == 0) return zcz_fail(error, ZCZ_ERROR_USAGE, "a histogram of no outcomes");
  histogram->bars = zcz_memory_zeroed(context, count, sizeof *histogram->bars);
  if (!histogram->bars)
    return zcz_fail_memory(context, error, "a histogram", count * sizeof *histogram->bars);
  for (size_t i = 0; i < count; i++) {
    histogram->bars[i] = (zcz_bar){labels[i], counts[i]};
    if (__builtin_add_overflow(histogram->total, counts[i], &histogram->total))
      return zcz_fail(error, ZCZ_ERROR_USAGE, "the counts of the histogram pass 2^64");
  }
  if (histogram->total == 0)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "every count of the histogram is 0");
  qsort(histogram->bars, count, sizeof *histogram->bars, by_count);
  histogram->largest = histogram->bars[0].count;
  /* One bar for the rest only where it saves room. */
  histogram->shown = count <= (size_t)options->max_bars + 1 ? count : options->max_bars;
  for (size_t i = histogram->shown; i < count; i++) histogram->others += histogram->bars[i].count;
  if (options->title) {
    zcz_utf8_fit(options->title, 200, histogram->title, sizeof histogram->title);
    return ZCZ_OK;
  }
  grouped(histogram->total, total);
  grouped(count, outcomes);
  snprintf(histogram->title, sizeof histogram->title, "%s shot%s, %s outcome%s", total,
           histogram->total == 1 ? "" : "s", outcomes, count == 1 ? "" : "s");
  return ZCZ_OK;
}

static void others_label(const zcz_histogram *histogram, char *text, size_t size) {
  char number[32];
  grouped(histogram->count - histogram->shown, number);
  snprintf(text, size, "%s others", number);
}

/* ---- terminal ---- */

/* A bar of eighths of a character. */
static void ink_bar(zcz_output *output, double share, size_t room) {
  size_t eighths = (size_t)(share * (double)room * 8 + 0.5);
  char bytes[4];
  for (; eighths >= 8; eighths -= 8) zcz_output_add(output, bytes, zcz_utf8_put(0x2588, bytes));
  if (eighths) zcz_output_add(output, bytes, zcz_utf8_put(0x2590 - (uint32_t)eighths, bytes));
}

static void ink_line(const zcz_histogram *histogram, const zcz_draw_options *options,
                     const char *label, uint64_t count, size_t label_width, size_t count_width,
                     size_t room, bool rest, zcz_output *output) {
  char number[32], share[16];
  grouped(count, number);
  percent(histogram, count, share);
  for (size_t pad = zcz_utf8_width(label); pad < label_width; pad++) zcz_output_add(output, " ", 1);
  zcz_output_print(output, "%s %*s %8s ", label, (int)count_width, number, share);
  if (options->color) zcz_output_print(output, rest ? "\033[2m" : "\033[36m");
  zcz_output_print(output, "│");
  /* The rest has no bar: it is no outcome, and beside many rare ones it would hide them. */
  if (!rest) ink_bar(output, (double)count / (double)histogram->largest, room);
  if (options->color) zcz_output_print(output, "\033[0m");
  zcz_output_print(output, "\n");
}

static void as_text(const zcz_histogram *histogram, const zcz_draw_options *options,
                    zcz_output *output) {
  char label[512], number[32], rest[64];
  size_t label_width = 0, count_width, most = options->columns / 2 - 4;
  if (most > 200) most = 200;
  for (size_t i = 0; i < histogram->shown; i++) {
    fit_label(histogram->bars[i].label, most, label, sizeof label);
    size_t width = zcz_utf8_width(label);
    if (width > label_width) label_width = width;
  }
  others_label(histogram, rest, sizeof rest);
  if (histogram->others && strlen(rest) > label_width) label_width = strlen(rest);
  grouped(histogram->others > histogram->largest ? histogram->others : histogram->largest, number);
  count_width = strlen(number);
  size_t used = label_width + count_width + 12;
  size_t room = options->columns > used + 4 ? options->columns - used : 4;
  zcz_output_print(output, "%s\n", histogram->title);
  for (size_t i = 0; i < histogram->shown; i++) {
    fit_label(histogram->bars[i].label, most, label, sizeof label);
    ink_line(histogram, options, label, histogram->bars[i].count, label_width, count_width, room,
             false, output);
  }
  if (histogram->others)
    ink_line(histogram, options, rest, histogram->others, label_width, count_width, room, true,
             output);
}

/* ---- page ---- */

static zcz_status as_page(zcz_context *context, const zcz_histogram *histogram,
                          const zcz_draw_options *options, zcz_output *output, zcz_error *error) {
  static const zcz_font title_font = {15, false, true}, label_font = {12, true, false},
                        number_font = {11.5, false, false};
  const double margin = 28, line = 24, bar = 15, bars_width = 460;
  zcz_canvas *canvas;
  char label[512], number[32], share[16], text[64];
  double labels = 0, numbers = 0;
  bool rest = histogram->others > 0;
  size_t lines = histogram->shown + (rest ? 1 : 0);
  ZCZ_TRY(zcz_canvas_new(context, options->format, &canvas, error));
  for (size_t i = 0; i < lines; i++) {
    if (i < histogram->shown)
      fit_label(histogram->bars[i].label, 56, label, sizeof label);
    else
      others_label(histogram, label, sizeof label);
    double width = zcz_canvas_text_width(canvas, label_font, label);
    if (width > labels) labels = width;
  }
  grouped(histogram->total, number);
  snprintf(text, sizeof text, "%s  (100.00 %%)", number);
  numbers = zcz_canvas_text_width(canvas, number_font, text);
  double left = margin + labels + 10, width = left + bars_width + 10 + numbers + margin;
  double least = zcz_canvas_text_width(canvas, title_font, histogram->title) + 2 * margin;
  zcz_status status = zcz_canvas_page(canvas, width > least ? width : least,
                                      2 * margin + 34 + (double)lines * line, error);
  if (status == ZCZ_OK) {
    double top = margin + 34;
    zcz_canvas_text(canvas, title_font, INK, ZCZ_ALIGN_LEFT, margin, margin + 8, histogram->title);
    for (size_t i = 0; i < lines; i++) {
      bool is_rest = i == histogram->shown; /* no bar: see ink_line */
      uint64_t count = is_rest ? histogram->others : histogram->bars[i].count;
      double y = top + (double)i * line + line / 2;
      double length = is_rest ? 0 : bars_width * (double)count / (double)histogram->largest;
      if (is_rest)
        others_label(histogram, label, sizeof label);
      else
        fit_label(histogram->bars[i].label, 56, label, sizeof label);
      zcz_canvas_text(canvas, label_font, is_rest ? SOFT : INK, ZCZ_ALIGN_RIGHT, left - 8, y,
                      label);
      if (length > 0)
        zcz_canvas_box(canvas, ZCZ_RGB(0x3d7fc4), NULL, length < 6 ? length * 0.45 : 2.5, left,
                       y - bar / 2, length, bar);
      grouped(count, number);
      percent(histogram, count, share);
      snprintf(text, sizeof text, "%s  (%s)", number, share);
      zcz_canvas_text(canvas, number_font, SOFT, ZCZ_ALIGN_LEFT, left + length + 8, y, text);
    }
    zcz_canvas_line(canvas, ZCZ_RGB(0x7b8794), 1, left, top, left, top + (double)lines * line);
    status = zcz_canvas_finish(canvas, output, error);
  }
  zcz_canvas_free(canvas);
  return status;
}

zcz_status zcz_draw_histogram(zcz_context *context, size_t count, const char *const *labels,
                              const uint64_t *counts, const zcz_draw_options *options, char **text,
                              zcz_error *error) {
  zcz_draw_options settled;
  zcz_histogram histogram;
  zcz_output output = {.context = context};
  ZCZ_TRY(zcz_draw_settle(options, text, &settled, error));
  zcz_status status = collect(context, count, labels, counts, &settled, &histogram, error);
  if (status == ZCZ_OK) {
    if (settled.format == ZCZ_DRAW_TEXT)
      as_text(&histogram, &settled, &output);
    else
      status = as_page(context, &histogram, &settled, &output, error);
  }
  zcz_memory_release(context, histogram.bars);
  if (status == ZCZ_OK) return zcz_output_deliver(&output, &settled, text, error);
  zcz_output_release(&output);
  return status;
}
