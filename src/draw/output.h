/* Where a picture's bytes gather, and how they reach a file. */
#ifndef ZCZ_DRAW_OUTPUT_H
#define ZCZ_DRAW_OUTPUT_H

#include "zcz/draw.h"

enum { ZCZ_MAX_PICTURE = 256 << 20 }; /* bytes */

typedef struct zcz_output {
  zcz_context *context;
  char *bytes;
  size_t size, capacity;
  bool failed; /* out of memory, or past ZCZ_MAX_PICTURE: nothing is added any more */
} zcz_output;

void zcz_output_add(zcz_output *output, const void *bytes, size_t size);
void zcz_output_print(zcz_output *output, const char *format, ...) ZCZ_PRINTF(2, 3);
/* UNABLE where something did not fit. */
zcz_status zcz_output_check(const zcz_output *output, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_output_release(zcz_output *output);

/* Writes the picture to `path`: a new file beside it, renamed over it when whole. */
zcz_status zcz_output_write(const zcz_output *output, const char *path,
                            zcz_error *error) ZCZ_MUST_CHECK;

/* What every drawing ends with: to the file, and to *text where that is wanted. */
zcz_status zcz_output_deliver(zcz_output *output, const zcz_draw_options *options, char **text,
                              zcz_error *error) ZCZ_MUST_CHECK;

/* Options in their bounds, defaults put in; USAGE otherwise. */
zcz_status zcz_draw_settle(const zcz_draw_options *options, char **text, zcz_draw_options *settled,
                           zcz_error *error) ZCZ_MUST_CHECK;

#endif
