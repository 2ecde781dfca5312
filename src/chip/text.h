/* A text that grows. */
#ifndef ZCZ_CHIP_TEXT_H
#define ZCZ_CHIP_TEXT_H

#include "zcz/context.h"

typedef struct zcz_chip_text {
  zcz_context *context;
  char *text; /* zero-ended once anything was put */
  size_t size, capacity;
  bool failed; /* out of memory: what follows is dropped */
} zcz_chip_text;

void zcz_chip_put(zcz_chip_text *to, const char *format, ...) ZCZ_PRINTF(2, 3);
/* A JSON string with its quotes. */
void zcz_chip_put_string(zcz_chip_text *to, const char *text);
/* The shortest digits that read back as the number; `null` where it is not finite. */
void zcz_chip_put_number(zcz_chip_text *to, double number);

/* Hands the text over (zcz_memory_release), or UNABLE with nothing left behind. */
zcz_status zcz_chip_text_finish(zcz_chip_text *from, char **text, zcz_error *error) ZCZ_MUST_CHECK;

#endif
