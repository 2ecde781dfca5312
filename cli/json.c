#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

json_t *cli_envelope(cli_settings *s, bool complete) {
  json_t *warnings = json_array();
  for (size_t i = 0; s->context != NULL && zcz_context_warning(s->context, i) != NULL; i++)
    json_array_append_new(warnings, json_string(zcz_context_warning(s->context, i)));
  return json_pack("{s:s, s:i, s:s, s:b, s:o}", "zcz", ZCZ_VERSION, "schema", 1, "verb",
                   s->verb->name, "complete", complete, "warnings", warnings);
}

int cli_write_json(cli_settings *s, json_t *object, const char *path) {
  char *text = object == NULL ? NULL : json_dumps(object, JSON_PRESERVE_ORDER);
  json_decref(object);
  zcz_status status = ZCZ_OK;
  if (text == NULL) {
    status = zcz_fail(&s->error, ZCZ_ERROR_UNABLE, "out of memory for the JSON object");
  } else {
    const size_t length = strlen(text); /* the final zero makes room for the line's end */
    text[length] = '\n';
    status = cli_write_file(path, text, length + 1, &s->error);
  }
  free(text);
  return status == ZCZ_OK ? 0 : cli_fail(s);
}

int cli_print_json(cli_settings *s, json_t *object) { return cli_write_json(s, object, "-"); }
