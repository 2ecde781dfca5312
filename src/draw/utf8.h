/* UTF-8 and how wide it stands in a terminal. */
#ifndef ZCZ_DRAW_UTF8_H
#define ZCZ_DRAW_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The next code point; U+FFFD for what is no UTF-8 and for control characters. *text moves on; at the
 * end of the string 0, and it stays. */
uint32_t zcz_utf8_next(const char **text);
/* Writes at most 4 bytes; returns how many. */
size_t zcz_utf8_put(uint32_t code, char *bytes);
/* Columns of a code point in a terminal: 0, 1 or 2. */
int zcz_utf8_columns(uint32_t code);
/* Columns of a string. */
size_t zcz_utf8_width(const char *text);
/* Copies `text` into `size` bytes, at most `columns` wide: clean UTF-8, cut with an ellipsis where it
 * is longer. */
void zcz_utf8_fit(const char *text, size_t columns, char *result, size_t size);

#endif
