/* draw: a program, a chip, or a result. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

static zcz_status draw_options(cli_settings *s, zcz_draw_options *options) {
  *options = (zcz_draw_options){.path = s->output};
  if (s->output != NULL) return zcz_draw_format_of(s->output, &options->format, &s->error);
  options->columns = (uint32_t)cli_terminal_columns();
  options->color = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
  return ZCZ_OK;
}

static zcz_status draw_program(cli_settings *s, const char *thing, const zcz_draw_options *options,
                               char **text) {
  cli_program program;
  zcz_status status = cli_load_program(s, thing, &program);
  if (status == ZCZ_OK)
    status = zcz_draw_circuit(s->context, program.circuit, options, text, &s->error);
  zcz_circuit_free(program.circuit);
  return status;
}

static zcz_status draw_chip(cli_settings *s, const char *thing, const zcz_draw_options *options,
                            char **text) {
  zcz_chip *chip = NULL;
  zcz_status status = cli_load_chip(s, thing, &chip);
  if (status == ZCZ_OK)
    status = zcz_draw_chip(s->context, chip, s->column, options, text, &s->error);
  zcz_chip_free(s->context, chip);
  return status;
}

static zcz_status draw_counts(cli_settings *s, const char *thing, json_t *counts,
                              const zcz_draw_options *options, char **text) {
  const size_t count = json_object_size(counts);
  const char **labels = malloc((count + 1) * sizeof *labels);
  uint64_t *values = malloc((count + 1) * sizeof *values);
  zcz_status status = ZCZ_OK;
  if (labels == NULL || values == NULL)
    status = zcz_fail(&s->error, ZCZ_ERROR_UNABLE, "out of memory for %zu counts", count);
  size_t i = 0;
  const char *key;
  json_t *value;
  if (status == ZCZ_OK) json_object_foreach(counts, key, value) {
      if (!json_is_integer(value) || json_integer_value(value) < 0)
        status = zcz_fail(&s->error, ZCZ_ERROR_USAGE, "%s: the count of \"%.80s\" is no count",
                          thing, key);
      labels[i] = key;
      values[i++] = (uint64_t)json_integer_value(value);
    }
  if (status == ZCZ_OK)
    status = zcz_draw_histogram(s->context, count, labels, values, options, text, &s->error);
  free((void *)labels);
  free(values);
  return status;
}

/* A .json file is a result where it has counts, else a chip's. */
static zcz_status draw_json(cli_settings *s, const char *thing, const zcz_draw_options *options,
                            char **text) {
  char *file;
  size_t size;
  ZCZ_TRY(cli_read_file(thing, &file, &size, &s->error));
  json_error_t where;
  json_t *root = json_loadb(file, size, JSON_REJECT_DUPLICATES, &where);
  free(file);
  json_t *counts = json_object_get(root, "counts");
  zcz_status status;
  if (s->column != NULL && counts != NULL) {
    status =
        zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--column is of a chip, and %s is a result", thing);
  } else if (counts != NULL || json_object_get(root, "verb") != NULL) {
    status =
        json_is_object(counts)
            ? draw_counts(s, thing, counts, options, text)
            : zcz_hint(&s->error,
                       zcz_fail(&s->error, ZCZ_ERROR_USAGE, "%s is a result without counts", thing),
                       "ask run or simulate for --shots");
  } else {
    status = draw_chip(s, thing, options, text);
  }
  json_decref(root);
  return status;
}

static bool is_chip_name(const char *thing) {
  for (uint32_t i = 0; zcz_chip_name(i) != NULL; i++)
    if (strcmp(thing, zcz_chip_name(i)) == 0) return true;
  return false;
}

static zcz_status draw(cli_settings *s, char **text) {
  zcz_draw_options options;
  if (s->num_operands != 1)
    return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "draw takes one program, chip or result, not %d",
                    s->num_operands);
  const char *thing = s->operands[0];
  const size_t length = strlen(thing);
  ZCZ_TRY(draw_options(s, &options));
  const bool json = length > 5 && strcmp(thing + length - 5, ".json") == 0;
  const bool chip = is_chip_name(thing);
  if (s->column != NULL && !json && !chip)
    return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--column is of a chip, and %s is none", thing);
  if (json) return draw_json(s, thing, &options, text);
  return chip ? draw_chip(s, thing, &options, text) : draw_program(s, thing, &options, text);
}

int cli_draw(cli_settings *s) {
  char *text = NULL;
  zcz_status status = draw(s, &text);
  if (status == ZCZ_OK && text != NULL && s->output == NULL && !s->json)
    status = cli_write_file("-", text, strlen(text), &s->error);
  cli_print_warnings(s);
  int code = 0;
  if (status != ZCZ_OK) {
    code = cli_fail(s);
  } else if (s->json) {
    json_t *object = cli_envelope(s, true);
    if (s->output != NULL)
      json_object_set_new(object, "file", json_string(s->output));
    else
      json_object_set_new(object, "text", json_string(text));
    code = cli_print_json(s, object);
  }
  zcz_draw_free(s->context, text);
  return code;
}
