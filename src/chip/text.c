#include "chip/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void zcz_chip_put(zcz_chip_text *to, const char *format, ...) {
  for (int attempt = 0; attempt < 2 && !to->failed; attempt++) {
    va_list list;
    size_t room = to->capacity - to->size;
    va_start(list, format);
    int wrote = vsnprintf(to->text ? to->text + to->size : NULL, room, format, list);
    va_end(list);
    if (wrote < 0)
      to->failed = true;
    else if ((size_t)wrote < room) {
      to->size += (size_t)wrote;
      return;
    } else if (!zcz_memory_grow(to->context, &to->text, &to->capacity, to->size + (size_t)wrote + 1,
                                1))
      to->failed = true;
  }
}

void zcz_chip_put_string(zcz_chip_text *to, const char *text) {
  zcz_chip_put(to, "\"");
  while (*text) {
    size_t plain = 0;
    while ((unsigned char)text[plain] >= ' ' && text[plain] != '"' && text[plain] != '\\') plain++;
    zcz_chip_put(to, "%.*s", (int)plain, text);
    text += plain;
    if (!*text) break;
    if (*text == '"' || *text == '\\')
      zcz_chip_put(to, "\\%c", *text);
    else
      zcz_chip_put(to, "\\u%04x", (unsigned char)*text);
    text++;
  }
  zcz_chip_put(to, "\"");
}

void zcz_chip_put_number(zcz_chip_text *to, double number) {
  char digits[40] = "null";
  for (int precision = 15; isfinite(number) && precision <= 17; precision++) {
    snprintf(digits, sizeof digits, "%.*g", precision, number);
    if (strtod(digits, NULL) == number) break;
  }
  char *comma = strchr(digits, ','); /* a host program may have set such a locale */
  if (comma) *comma = '.';
  zcz_chip_put(to, "%s", digits);
}

zcz_status zcz_chip_text_finish(zcz_chip_text *from, char **text, zcz_error *error) {
  *text = from->failed ? NULL : from->text;
  if (*text) return ZCZ_OK;
  zcz_memory_release(from->context, from->text);
  return zcz_fail_memory(from->context, error, "the description of a chip", from->size);
}
