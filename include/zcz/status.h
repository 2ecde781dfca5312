/* Outcome of every fallible call, and the error text that goes with it. */
#ifndef ZCZ_STATUS_H
#define ZCZ_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ZCZ_API __attribute__((visibility("default")))
#define ZCZ_MUST_CHECK __attribute__((warn_unused_result))
#define ZCZ_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define ZCZ_API
#define ZCZ_MUST_CHECK
#define ZCZ_PRINTF(format, first)
#endif

#define ZCZ_VERSION_MAJOR 0
#define ZCZ_VERSION_MINOR 1
#define ZCZ_VERSION_PATCH 0
#define ZCZ_VERSION "0.1.0"

/* The values are the exit codes of the command. The first three kinds of failure never mix. */
typedef enum zcz_status {
  ZCZ_OK = 0,
  ZCZ_ERROR_USAGE = 2,      /* the caller is wrong: program text, options, a chip file's content */
  ZCZ_ERROR_UNABLE = 3,     /* right, but this engine or machine cannot: memory, limits, width */
  ZCZ_ERROR_SYSTEM = 4,     /* the world failed: files, disk, network */
  ZCZ_ERROR_BUG = 70,       /* ours */
  ZCZ_ERROR_CANCELLED = 130 /* stopped by zcz_context_cancel or the time limit */
} zcz_status;

enum { ZCZ_MESSAGE_SIZE = 1024, ZCZ_HINT_SIZE = 512, ZCZ_EXCERPT_SIZE = 256 };

/* Caller-owned; plain data; a pointer to one may always be NULL where the text is not wanted.
 * `file` (may be empty), `line`, `column` (both from 1, 0 = none) and `excerpt` (the line of the
 * program, cut to size around the column) are set by the readers of program text. */
typedef struct zcz_error {
  zcz_status status;
  uint32_t line;
  uint32_t column;
  uint32_t excerpt_column; /* 1-based byte column of the caret within `excerpt` */
  char file[256];
  char message[ZCZ_MESSAGE_SIZE]; /* what was given, what is allowed; no final full stop */
  char hint[ZCZ_HINT_SIZE];       /* what to do; may be empty */
  char excerpt[ZCZ_EXCERPT_SIZE];
} zcz_error;

/* "usage", "unable", "system", "bug", "cancelled", "ok": the words of the command's JSON. */
ZCZ_API const char *zcz_status_name(zcz_status status);

/* Fills `error` (may be NULL) with the message and no place, and returns `status`. */
ZCZ_API zcz_status zcz_fail(zcz_error *error, zcz_status status, const char *format, ...)
    ZCZ_PRINTF(3, 4);

/* Sets the hint of an error already filled by zcz_fail, and returns its status (for
 * `return zcz_hint(error, zcz_fail(error, ...), "...")`). */
ZCZ_API zcz_status zcz_hint(zcz_error *error, zcz_status status, const char *format, ...)
    ZCZ_PRINTF(3, 4);

/* Returns early from a function that returns zcz_status. */
#define ZCZ_TRY(call)                                                                              \
  do {                                                                                             \
    zcz_status zcz_try_status = (call);                                                            \
    if (zcz_try_status != ZCZ_OK) return zcz_try_status;                                           \
  } while (0)

#ifdef __cplusplus
}
#endif
#endif
