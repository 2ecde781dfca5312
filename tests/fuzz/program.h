/* What the targets of the four languages do: read; what reads is written, what is written reads back, and written
 * again it is the same text. */
#ifndef TESTS_FUZZ_PROGRAM_H
#define TESTS_FUZZ_PROGRAM_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zcz/lang.h"

static void fuzz_check(bool good, const char *what, const char *text, const zcz_error *error) {
  if (good) return;
  fprintf(stderr, "%s: %u:%u: %s\n%s\n", what, error->line, error->column, error->message,
          text ? text : "");
  abort();
}

/* An error must be one of the caller's or a limit, and be placed. */
static void fuzz_check_error(zcz_status status, const zcz_error *error) {
  fuzz_check(status == ZCZ_ERROR_USAGE || status == ZCZ_ERROR_UNABLE || status == ZCZ_ERROR_SYSTEM,
             "a status that no text should cause", NULL, error);
  fuzz_check(error->message[0] != 0, "an error without words", NULL, error);
  fuzz_check(status != ZCZ_ERROR_USAGE || error->line > 0, "an error without a place", NULL, error);
  fuzz_check(memchr(error->excerpt, 0, sizeof error->excerpt) != NULL, "an excerpt without an end",
             NULL, error);
}

static void fuzz_program(zcz_language language, const uint8_t *data, size_t size) {
  zcz_context *context;
  zcz_error error = {0};
  zcz_context_options options = {.threads = 1, .memory_limit = (uint64_t)256 << 20};
  zcz_circuit *circuit, *again;
  char *text, *same;
  if (zcz_context_new(&options, &context, &error) != ZCZ_OK) abort();
  zcz_status status =
      zcz_program_read(context, language, "fuzz", (const char *)data, size, NULL, &circuit, &error);
  if (status != ZCZ_OK) {
    fuzz_check_error(status, &error);
    zcz_context_free(context);
    return;
  }
  status = zcz_program_write(circuit, language, NULL, &text, &error);
  if (status == ZCZ_OK) {
    status = zcz_program_read(context, language, "again", text, strlen(text), NULL, &again, &error);
    /* a text may be longer than what it came from, and then past a limit */
    if (status != ZCZ_ERROR_UNABLE)
      fuzz_check(status == ZCZ_OK, "what was written does not read", text, &error);
    if (status == ZCZ_OK) {
      status = zcz_program_write(again, language, NULL, &same, &error);
      fuzz_check(status == ZCZ_OK, "what was read back is not written", text, &error);
      fuzz_check(strcmp(text, same) == 0, same, text, &error);
      zcz_text_free(context, same);
      zcz_circuit_free(again);
    }
    zcz_text_free(context, text);
  } else {
    fuzz_check(status == ZCZ_ERROR_UNABLE, "a program that reads is not written", NULL, &error);
  }
  zcz_circuit_free(circuit);
  zcz_context_free(context);
}

#endif
