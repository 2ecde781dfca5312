/* Program text under a reader: places in it, and errors that show them. */
#ifndef ZCZ_LANG_TEXT_H
#define ZCZ_LANG_TEXT_H

#include "zcz/lang.h"

typedef struct zcz_source {
  zcz_context *context;
  const char *file; /* for errors; not NULL */
  const char *text; /* need not end in a zero */
  size_t size;
} zcz_source;

enum { ZCZ_QUOTE_SIZE = 64, ZCZ_NAME_LIMIT = 255 };

/* Fills the error with message and place (file, line, column in characters, the line as excerpt).
 * `offset` may be the size: the place after the last character. */
zcz_status zcz_source_fail(const zcz_source *source, zcz_error *error, size_t offset,
                           zcz_status status, const char *format, ...) ZCZ_PRINTF(5, 6);
/* Adds the place to an error that something deeper filled; one that has a place keeps it. */
zcz_status zcz_source_place(const zcz_source *source, zcz_error *error, size_t offset,
                            zcz_status status);
/* Up to 40 bytes of the program, made fit to stand in a message. Returns `buffer`. */
const char *zcz_quote(char buffer[ZCZ_QUOTE_SIZE], const char *start, size_t size);

/* Bytes of the character at `at` (1 to 4), 0 where it is no valid UTF-8. */
size_t zcz_utf8_length(const char *at, size_t left);

/* Collects the name nearest to a wrong one (edit distance, case ignored). Begin with all zero but
 * `wanted`, `size`; offer each known name; then `best` is NULL where none is near enough. */
typedef struct zcz_nearest {
  const char *wanted;
  size_t size;
  char best[48];
  unsigned distance; /* of `best` */
} zcz_nearest;
void zcz_nearest_offer(zcz_nearest *nearest, const char *name, size_t size);
/* NULL where nothing is near. */
const char *zcz_nearest_name(const zcz_nearest *nearest);

/* UNABLE where an angle of a GATE is 2^30 or more: its sine is not known well enough. */
zcz_status zcz_lang_check_angles(const zcz_op *op, zcz_error *error) ZCZ_MUST_CHECK;

#endif
