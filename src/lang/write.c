#include "lang/write.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/math.h"
#include "base/memory.h"

void zcz_text_add(zcz_text *text, const char *format, ...) {
  if (text->failed) return;
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  size_t left = text->capacity - text->size;
  int size = vsnprintf(text->bytes ? text->bytes + text->size : NULL, left, format, arguments);
  if (size >= 0 && (size_t)size >= left) {
    void *bytes = text->bytes;
    if (zcz_memory_grow(text->context, &bytes, &text->capacity, text->size + (size_t)size + 1, 1)) {
      text->bytes = bytes;
      vsnprintf(text->bytes + text->size, text->capacity - text->size, format, again);
    } else {
      text->failed = true;
    }
  }
  if (!text->failed && size > 0) text->size += (size_t)size;
  va_end(again);
  va_end(arguments);
}

void zcz_text_drop(zcz_text *text) {
  zcz_memory_release(text->context, text->bytes);
  text->bytes = NULL;
}

zcz_status zcz_text_finish(zcz_text *text, char **result, zcz_error *error) {
  zcz_text_add(text, "%s", "");
  if (text->failed || (!text->bytes && !(text->bytes = zcz_memory_string(text->context, "")))) {
    size_t size = text->size;
    zcz_text_drop(text);
    return zcz_fail_memory(text->context, error, "the program's text", size);
  }
  *result = text->bytes;
  return ZCZ_OK;
}

const char *zcz_decimal_write(char buffer[ZCZ_NUMBER_SIZE], double value, bool real) {
  for (int digits = 15; digits <= 17; digits++) { /* %g leaves zeros at the end out */
    snprintf(buffer, ZCZ_NUMBER_SIZE - 3, "%.*g", digits, value);
    double back = strtod(buffer, NULL);
    if (back == value) break;
  }
  char *comma = strchr(buffer, ','); /* of the locale */
  if (comma) *comma = '.';
  if (real && !strpbrk(buffer, ".e")) strcat(buffer, ".0");
  return buffer;
}

const char *zcz_number_write(char buffer[ZCZ_NUMBER_SIZE], double value) {
  static const int parts[] = {1, 2, 3, 4, 5, 6, 8, 12, 16, 32, 64};
  double size = fabs(value);
  for (size_t i = 0; size > 0.04 && size < 100 && i < sizeof parts / sizeof parts[0]; i++) {
    double times = floor(size * parts[i] / ZCZ_PI + 0.5);
    if (times < 1 || times > 64) continue;
    /* as a reader works it out: times*pi first, then the division */
    if (times * ZCZ_PI / parts[i] != size) continue;
    char many[16] = "", part[16] = "";
    if (times != 1) snprintf(many, sizeof many, "%d*", (int)times);
    if (parts[i] != 1) snprintf(part, sizeof part, "/%d", parts[i]);
    snprintf(buffer, ZCZ_NUMBER_SIZE, "%s%spi%s", value < 0 ? "-" : "", many, part);
    return buffer;
  }
  return zcz_decimal_write(buffer, value, false);
}

zcz_euler zcz_euler_of(const zcz_complex m[4]) {
  /* u3 = [[e^{-i(p+l)/2} c, -e^{-i(p-l)/2} s], [e^{i(p-l)/2} s, e^{i(p+l)/2} c]] */
  double c =
      sqrt((m[0].re * m[0].re + m[0].im * m[0].im + m[3].re * m[3].re + m[3].im * m[3].im) / 2);
  double s =
      sqrt((m[1].re * m[1].re + m[1].im * m[1].im + m[2].re * m[2].re + m[2].im * m[2].im) / 2);
  double a0 = zcz_atan2(m[0].im, m[0].re), a3 = zcz_atan2(m[3].im, m[3].re);
  double a1 = zcz_atan2(-m[1].im, -m[1].re), a2 = zcz_atan2(m[2].im, m[2].re);
  zcz_euler e = {.theta = 2 * zcz_atan2(s, c)};
  if (s < 1e-15) {
    e.theta = 0;
    e.phi = a3 - a0; /* diagonal: all of it in one angle */
    e.phase = (a3 + a0) / 2;
  } else if (c < 1e-15) {
    e.theta = ZCZ_PI;
    e.phi = a2 - a1;
    e.phase = (a2 + a1) / 2;
  } else {
    /* (p+l) = a3 - a0, (p-l) = a2 - a1, 2 phase = a3 + a0 = a2 + a1, each up to whole turns */
    double sum = a3 - a0, difference = a2 - a1, phase = (a3 + a0) / 2;
    double other = (a2 + a1) / 2;
    if (zcz_cos(phase - other) < 0) difference += ZCZ_TAU;
    e.phi = (sum + difference) / 2;
    e.lambda = (sum - difference) / 2;
    e.phase = phase;
  }
  return e;
}

zcz_status zcz_write_unable(zcz_error *error, const char *language, const zcz_op *op, size_t number,
                            const char *hint) {
  static const char *const kinds[] = {"a gate",      "a matrix", "a measurement",   "a reset",
                                      "a barrier",   "a delay",  "a noise channel", "an assignment",
                                      "a condition", "a loop"};
  char what[96] = "this operation", place[64] = "";
  if (op->kind == ZCZ_OP_GATE && op->num_controls)
    snprintf(what, sizeof what, "the gate \"%s\" with %u control%s",
             zcz_gate_describe((zcz_gate)op->code)->name, op->num_controls,
             op->num_controls == 1 ? "" : "s");
  else if (op->kind == ZCZ_OP_GATE)
    snprintf(what, sizeof what, "the gate \"%s\"", zcz_gate_describe((zcz_gate)op->code)->name);
  else if (op->kind == ZCZ_OP_UNITARY)
    snprintf(what, sizeof what, "a matrix on %u qubits", op->num_qubits);
  else if (op->kind == ZCZ_OP_CHANNEL)
    snprintf(what, sizeof what, "the noise channel \"%s\"",
             zcz_channel_describe((zcz_channel)op->code)->name);
  else if (op->kind < sizeof kinds / sizeof kinds[0])
    snprintf(what, sizeof what, "%s", kinds[op->kind]);
  if (op->line == 0) snprintf(place, sizeof place, " (operation %zu of the program)", number + 1);
  zcz_status status = zcz_hint(
      error, zcz_fail(error, ZCZ_ERROR_UNABLE, "%s cannot say %s%s", language, what, place), "%s",
      hint);
  if (error != NULL) error->line = op->line;
  return status;
}
