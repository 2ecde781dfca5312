/* Writes JSON text as it goes: results hold up to millions of numbers, which no tree needs to hold
 * again. Errors stick: after the first, calls do nothing and zcz_json_finish reports it. */
#ifndef ZCZ_RUN_JSON_H
#define ZCZ_RUN_JSON_H

#include "zcz/context.h"

typedef struct zcz_json {
  zcz_context *context;
  char *text;
  size_t size, capacity;
  bool comma, failed;
} zcz_json;

void zcz_json_begin(zcz_json *json, zcz_context *context);
/* '{', '[', and their ends; `name` is the member's name, NULL inside arrays. */
void zcz_json_open(zcz_json *json, const char *name, char bracket);
void zcz_json_close(zcz_json *json, char bracket);
void zcz_json_string(zcz_json *json, const char *name, const char *value);
void zcz_json_integer(zcz_json *json, const char *name, uint64_t value);
void zcz_json_boolean(zcz_json *json, const char *name, bool value);
void zcz_json_null(zcz_json *json, const char *name);
/* The shortest text that reads back as the same double; null for what JSON cannot say. */
void zcz_json_real(zcz_json *json, const char *name, double value);
/* Passes the text (ended by a newline and a zero) to the caller; zcz_memory_release frees it. */
zcz_status zcz_json_finish(zcz_json *json, char **text, zcz_error *error);

#endif
