#include "lang/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t zcz_utf8_length(const char *at, size_t left) {
  const unsigned char *byte = (const unsigned char *)at;
  if (left == 0) return 0;
  if (byte[0] < 0x80) return 1;
  size_t length = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
  if (byte[0] < 0xc2 || byte[0] > 0xf4 || length > left) return 0;
  for (size_t i = 1; i < length; i++) {
    if ((byte[i] & 0xc0) != 0x80) return 0;
  }
  /* overlong forms, surrogates and what lies past the last plane */
  if (byte[0] == 0xe0 && byte[1] < 0xa0) return 0;
  if (byte[0] == 0xed && byte[1] > 0x9f) return 0;
  if (byte[0] == 0xf0 && byte[1] < 0x90) return 0;
  if (byte[0] == 0xf4 && byte[1] > 0x8f) return 0;
  return length;
}

/* Copies one character, or a question mark for what must not reach a terminal. */
static size_t copy_character(char *out, const char *at, size_t left, size_t *taken) {
  size_t length = zcz_utf8_length(at, left);
  unsigned char first = (unsigned char)at[0];
  /* C1 controls are two bytes long: c2 80 .. c2 9f */
  bool control = first < 0x20 || first == 0x7f ||
                 (length == 2 && first == 0xc2 && (unsigned char)at[1] < 0xa0);
  if (length == 0 || (length > 1 && control) || (control && first != '\t')) {
    *taken = length ? length : 1;
    out[0] = '?';
    return 1;
  }
  *taken = length;
  if (first == '\t') {
    out[0] = ' ';
    return 1;
  }
  memcpy(out, at, length);
  return length;
}

const char *zcz_quote(char buffer[ZCZ_QUOTE_SIZE], const char *start, size_t size) {
  size_t used = 0, at = 0;
  while (at < size && used < 40) {
    size_t taken;
    used += copy_character(buffer + used, start + at, size - at, &taken);
    at += taken;
  }
  if (at < size) {
    memcpy(buffer + used, "...", 3);
    used += 3;
  }
  buffer[used] = 0;
  return buffer;
}

static void copy_excerpt(zcz_error *error, const char *line, size_t size, size_t caret) {
  enum { BEFORE = 120 }; /* bytes shown before the caret of a long line */
  size_t at = caret > BEFORE ? caret - BEFORE : 0, used = 0;
  while (at > 0 && at < caret && ((unsigned char)line[at] & 0xc0) == 0x80) at++;
  error->excerpt_column = 0;
  while (at < size && used + 5 < ZCZ_EXCERPT_SIZE) {
    size_t taken;
    if (at >= caret && error->excerpt_column == 0) error->excerpt_column = (uint32_t)used + 1;
    used += copy_character(error->excerpt + used, line + at, size - at, &taken);
    at += taken;
  }
  if (error->excerpt_column == 0) error->excerpt_column = (uint32_t)used + 1;
  error->excerpt[used] = 0;
}

zcz_status zcz_source_place(const zcz_source *source, zcz_error *error, size_t offset,
                            zcz_status status) {
  if (!error || status == ZCZ_OK || error->line != 0) return status;
  if (offset > source->size) offset = source->size;
  const char *text = source->text;
  size_t line = 1, start = 0;
  for (size_t i = 0; i < offset; i++) {
    if (text[i] == '\n') {
      line++;
      start = i + 1;
    }
  }
  size_t end = offset, column = 1;
  while (end < source->size && text[end] != '\n') end++;
  if (end > start && text[end - 1] == '\r') end--;
  if (offset > end) offset = end;
  for (size_t i = start; i < offset; i++) {
    if (((unsigned char)text[i] & 0xc0) != 0x80) column++;
  }
  snprintf(error->file, sizeof error->file, "%s", source->file);
  error->line = line > UINT32_MAX ? UINT32_MAX : (uint32_t)line;
  error->column = column > UINT32_MAX ? UINT32_MAX : (uint32_t)column;
  copy_excerpt(error, text + start, end - start, offset - start);
  return status;
}

zcz_status zcz_source_fail(const zcz_source *source, zcz_error *error, size_t offset,
                           zcz_status status, const char *format, ...) {
  char message[ZCZ_MESSAGE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  (void)zcz_fail(error, status, "%s", message);
  if (error) error->line = 0;
  return zcz_source_place(source, error, offset, status);
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

void zcz_nearest_offer(zcz_nearest *nearest, const char *name, size_t size) {
  enum { LONGEST = 40 };
  if (size > LONGEST || nearest->size > LONGEST || size == 0 || nearest->size == 0) return;
  unsigned row[LONGEST + 1];
  for (size_t j = 0; j <= size; j++) row[j] = (unsigned)j;
  for (size_t i = 1; i <= nearest->size; i++) {
    unsigned diagonal = row[0];
    row[0] = (unsigned)i;
    for (size_t j = 1; j <= size; j++) {
      unsigned change = diagonal + (lower(nearest->wanted[i - 1]) != lower(name[j - 1]));
      unsigned best = row[j] + 1 < row[j - 1] + 1 ? row[j] + 1 : row[j - 1] + 1;
      diagonal = row[j];
      row[j] = change < best ? change : best;
    }
  }
  unsigned allowed = nearest->size <= 2 ? 1 : nearest->size <= 5 ? 2 : 3;
  if (row[size] > allowed || row[size] >= nearest->size) {
    /* a one-letter name is near only to its other case */
    if (!(nearest->size == 1 && row[size] == 0)) return;
  }
  if (nearest->best[0] && row[size] >= nearest->distance) return;
  nearest->distance = row[size];
  memcpy(nearest->best, name, size);
  nearest->best[size] = 0;
}

const char *zcz_nearest_name(const zcz_nearest *nearest) {
  return nearest->best[0] ? nearest->best : NULL;
}

zcz_status zcz_lang_check_angles(const zcz_op *op, zcz_error *error) {
  for (uint32_t i = 0; op->kind == ZCZ_OP_GATE && i < op->num_params; i++) {
    if (isfinite(op->params[i]) && fabs(op->params[i]) >= 0x1p30)
      return zcz_hint(error,
                      zcz_fail(error, ZCZ_ERROR_UNABLE,
                               "an angle of %.17g radians; at most 2^30 are supported",
                               op->params[i]),
                      "take whole turns of 2 pi away from the angle");
  }
  return ZCZ_OK;
}
