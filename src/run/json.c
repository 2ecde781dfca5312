#include "run/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void zcz_json_begin(zcz_json *json, zcz_context *context) {
  *json = (zcz_json){.context = context};
}

static void put(zcz_json *json, const char *text, size_t size) {
  if (json->failed) return;
  if (!zcz_memory_grow(json->context, &json->text, &json->capacity, json->size + size + 1, 1)) {
    json->failed = true;
    return;
  }
  memcpy(json->text + json->size, text, size);
  json->size += size;
}

static void put_quoted(zcz_json *json, const char *text) {
  put(json, "\"", 1);
  for (const char *run = text;;) {
    size_t plain = 0;
    while ((unsigned char)run[plain] >= 32 && run[plain] != '"' && run[plain] != '\\') plain++;
    put(json, run, plain);
    run += plain;
    if (*run == 0) break;
    char escape[8];
    int length = *run == '"' || *run == '\\'
                     ? snprintf(escape, sizeof escape, "\\%c", *run)
                     : snprintf(escape, sizeof escape, "\\u%04x", (unsigned char)*run);
    put(json, escape, (size_t)length);
    run++;
  }
  put(json, "\"", 1);
}

static void begin_value(zcz_json *json, const char *name) {
  if (json->comma) put(json, ", ", 2);
  json->comma = true;
  if (name == NULL) return;
  put_quoted(json, name);
  put(json, ": ", 2);
}

void zcz_json_open(zcz_json *json, const char *name, char bracket) {
  begin_value(json, name);
  put(json, &bracket, 1);
  json->comma = false;
}

void zcz_json_close(zcz_json *json, char bracket) {
  put(json, &bracket, 1);
  json->comma = true;
}

void zcz_json_string(zcz_json *json, const char *name, const char *value) {
  begin_value(json, name);
  put_quoted(json, value);
}

void zcz_json_integer(zcz_json *json, const char *name, uint64_t value) {
  char text[24];
  begin_value(json, name);
  put(json, text, (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)value));
}

void zcz_json_boolean(zcz_json *json, const char *name, bool value) {
  begin_value(json, name);
  if (value)
    put(json, "true", 4);
  else
    put(json, "false", 5);
}

void zcz_json_null(zcz_json *json, const char *name) {
  begin_value(json, name);
  put(json, "null", 4);
}

void zcz_json_real(zcz_json *json, const char *name, double value) {
  if (!isfinite(value)) {
    zcz_json_null(json, name);
    return;
  }
  char text[32];
  int length = 0;
  for (int digits = 15; digits <= 17; digits++) {
    length = snprintf(text, sizeof text, "%.*g", digits, value);
    if (strtod(text, NULL) == value) break;
  }
  begin_value(json, name);
  put(json, text, (size_t)length);
}

zcz_status zcz_json_finish(zcz_json *json, char **text, zcz_error *error) {
  put(json, "\n", 2);
  if (json->failed) {
    zcz_memory_release(json->context, json->text);
    *text = NULL;
    return zcz_fail_memory(json->context, error, "the text of the result", json->size);
  }
  *text = json->text;
  return ZCZ_OK;
}
