#include "draw/utf8.h"

#include <string.h>

enum { REPLACEMENT = 0xfffd, ELLIPSIS = 0x2026 };

uint32_t zcz_utf8_next(const char **text) {
  const unsigned char *bytes = (const unsigned char *)*text;
  static const uint32_t least[4] = {0, 0x80, 0x800, 0x10000};
  if (bytes[0] == 0) return 0;
  int more = bytes[0] < 0x80             ? 0
             : (bytes[0] & 0xe0) == 0xc0 ? 1
             : (bytes[0] & 0xf0) == 0xe0 ? 2
                                         : 3;
  uint32_t code = more == 0 ? bytes[0] : bytes[0] & (0x3fu >> more);
  (*text)++;
  if (more == 3 && (bytes[0] & 0xf8) != 0xf0) return REPLACEMENT;
  for (int i = 1; i <= more; i++) {
    if ((bytes[i] & 0xc0) != 0x80) return REPLACEMENT;
    code = code << 6 | (bytes[i] & 0x3f);
  }
  if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
    return REPLACEMENT;
  *text += more;
  return code < 32 || (code >= 0x7f && code < 0xa0) ? REPLACEMENT : code;
}

size_t zcz_utf8_put(uint32_t code, char *bytes) {
  if (code < 0x80) {
    bytes[0] = (char)code;
    return 1;
  }
  size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  static const uint8_t lead[5] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (size_t i = size; i-- > 1; code >>= 6) bytes[i] = (char)(0x80 | (code & 0x3f));
  bytes[0] = (char)(lead[size] | code);
  return size;
}

int zcz_utf8_columns(uint32_t code) {
  static const uint32_t wide[][2] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
                                     {0xf900, 0xfaff}, {0xfe30, 0xfe6f},   {0xff00, 0xff60},
                                     {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
  if ((code >= 0x300 && code <= 0x36f) || (code >= 0x200b && code <= 0x200f)) return 0;
  for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
    if (code >= wide[i][0] && code <= wide[i][1]) return 2;
  return 1;
}

size_t zcz_utf8_width(const char *text) {
  size_t width = 0;
  for (uint32_t code; (code = zcz_utf8_next(&text));) width += (size_t)zcz_utf8_columns(code);
  return width;
}

void zcz_utf8_fit(const char *text, size_t columns, char *result, size_t size) {
  size_t width = 0, at = 0, keep = 0; /* keep: where an ellipsis still fits */
  for (uint32_t code; (code = zcz_utf8_next(&text));) {
    char bytes[4];
    size_t count = zcz_utf8_put(code, bytes);
    width += (size_t)zcz_utf8_columns(code);
    if (width > columns || at + count + 1 > size) {
      if (columns > 0 && keep + 4 <= size) keep += zcz_utf8_put(ELLIPSIS, result + keep);
      result[keep] = 0;
      return;
    }
    memcpy(result + at, bytes, count);
    at += count;
    if (width < columns && at + 4 <= size) keep = at;
  }
  result[at] = 0;
}
