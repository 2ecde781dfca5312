#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static int list_chips(cli_settings *s) {
  json_t *names = json_array();
  char *text = NULL;
  size_t size;
  FILE *list = open_memstream(&text, &size);
  zcz_status status =
      list == NULL ? zcz_fail(&s->error, ZCZ_ERROR_UNABLE, "out of memory for a list") : ZCZ_OK;
  for (uint32_t i = 0; status == ZCZ_OK && zcz_chip_name(i) != NULL; i++) {
    zcz_chip *chip;
    status = zcz_chip_load(s->context, zcz_chip_name(i), &chip, &s->error);
    if (status != ZCZ_OK) break;
    fprintf(list, "%-15s %3u qubits  %3u couplers  %s\n", chip->name, chip->num_qubits,
            chip->num_couplers, chip->title);
    json_array_append_new(names, json_pack("{s:s, s:s, s:I, s:I}", "name", chip->name, "title",
                                           chip->title, "qubits", (json_int_t)chip->num_qubits,
                                           "couplers", (json_int_t)chip->num_couplers));
    zcz_chip_free(s->context, chip);
  }
  if (list != NULL) fclose(list);
  const char *path = s->output != NULL ? s->output : "-";
  int code;
  if (status != ZCZ_OK) {
    code = cli_fail(s);
  } else if (s->json) {
    json_t *object = cli_envelope(s, true);
    json_object_set(object, "chips", names);
    code = cli_write_json(s, object, path);
  } else {
    code = cli_write_file(path, text, size, &s->error) == ZCZ_OK ? 0 : cli_fail(s);
  }
  json_decref(names);
  free(text);
  return code;
}

static int describe(cli_settings *s, const char *name) {
  zcz_chip *chip = NULL;
  char *text = NULL;
  zcz_status status = cli_load_chip(s, name, &chip);
  if (status == ZCZ_OK)
    status = s->json ? zcz_chip_describe_json(s->context, chip, &text, &s->error)
                     : zcz_chip_describe_text(s->context, chip, &text, &s->error);
  if (status == ZCZ_OK)
    status = cli_write_file(s->output != NULL ? s->output : "-", text, strlen(text), &s->error);
  zcz_text_free(s->context, text);
  zcz_chip_free(s->context, chip);
  cli_print_warnings(s);
  return status == ZCZ_OK ? 0 : cli_fail(s);
}

int cli_chip(cli_settings *s) {
  const char *what = s->num_operands > 0 ? s->operands[0] : "";
  if (strcmp(what, "list") == 0 && s->num_operands == 1) return list_chips(s);
  if ((strcmp(what, "show") == 0 || strcmp(what, "check") == 0) && s->num_operands == 2)
    return describe(s, s->operands[1]);
  (void)zcz_hint(&s->error,
                 zcz_fail(&s->error, ZCZ_ERROR_USAGE, "chip takes list, show NAME or check FILE"),
                 "zcz chip list names the chips");
  return cli_fail(s);
}
