#include <jansson.h>
#include <stdio.h>

#include "cli/cli.h"

json_t *cli_envelope(cli_settings *s) {
  json_t *warnings = json_array();
  for (size_t i = 0; s->context != NULL && zcz_context_warning(s->context, i) != NULL; i++)
    json_array_append_new(warnings, json_string(zcz_context_warning(s->context, i)));
  return json_pack("{s:s, s:i, s:s, s:b, s:o}", "zcz", ZCZ_VERSION, "schema", 1, "verb",
                   s->verb->name, "complete", 1, "warnings", warnings);
}

int cli_print_json(cli_settings *s, json_t *object) {
  const bool failed = object == NULL || json_dumpf(object, stdout, JSON_PRESERVE_ORDER) != 0;
  json_decref(object);
  if (failed || putchar('\n') == EOF || fflush(stdout) != 0) {
    (void)zcz_fail(&s->error, ZCZ_ERROR_SYSTEM, "cannot write to standard output");
    return cli_fail(s);
  }
  return 0;
}
