#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static void print_error_json(const zcz_error *error) {
  json_t *inner = json_pack("{s:s, s:s}", "kind", zcz_status_name(error->status), "message",
                            error->message);
  if (inner == NULL) /* a message cut within a character */
    inner = json_pack("{s:s, s:s}", "kind", zcz_status_name(error->status), "message",
                      "see standard error");
  json_object_set_new(inner, "line", error->line > 0 ? json_integer(error->line) : json_null());
  json_object_set_new(inner, "column",
                      error->column > 0 ? json_integer(error->column) : json_null());
  if (error->hint[0] != 0) json_object_set_new(inner, "hint", json_string(error->hint));
  json_t *object = json_pack("{s:o}", "error", inner);
  json_dumpf(object, stdout, JSON_PRESERVE_ORDER);
  putchar('\n');
  json_decref(object);
}

int cli_fail(cli_settings *s) {
  const zcz_error *error = &s->error;
  cli_clear_progress(s);
  fputs("zcz: ", stderr);
  if (error->file[0] != 0) fprintf(stderr, "%s:", error->file);
  if (error->line > 0) fprintf(stderr, "%u:%u:", error->line, error->column);
  fprintf(stderr, "%s%s\n", error->file[0] != 0 || error->line > 0 ? " " : "", error->message);
  if (error->excerpt[0] != 0) {
    fprintf(stderr, "  %s\n", error->excerpt);
    if (error->excerpt_column > 0)
      fprintf(stderr, "  %*s\n", (int)error->excerpt_column, "^");
  }
  if (error->hint[0] != 0) fprintf(stderr, "hint: %s\n", error->hint);
  if (error->status == ZCZ_ERROR_BUG)
    fputs("this is a bug in zcz: please report it with a file that repeats it\n", stderr);
  if (s->json) print_error_json(error);
  return error->status == ZCZ_OK ? ZCZ_ERROR_BUG : (int)error->status;
}

static void print_usage(FILE *file) {
  fputs("Usage: zcz VERB ... [OPTION...]\n"
        "The Zuchongzhi 3.0 quantum computer in software.\n\n",
        file);
  for (const cli_verb *verb = cli_verbs; verb->name != NULL; verb++)
    fprintf(file, "  zcz %-8s %-28s %s\n", verb->name, verb->operands, verb->summary);
  fputs("\nzcz VERB --help tells a verb's options.  zcz --version\n", file);
}

static bool asked_for_json(int argc, char **argv) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--json") == 0) return true;
  return false;
}

static const cli_verb *find_verb(const char *name) {
  for (const cli_verb *verb = cli_verbs; verb->name != NULL; verb++)
    if (strcmp(verb->name, name) == 0) return verb;
  return NULL;
}

static int fail_verb(cli_settings *s, const char *given) {
  char names[128];
  int used = 0;
  for (const cli_verb *verb = cli_verbs; verb->name != NULL; verb++)
    used += snprintf(names + used, sizeof names - (size_t)used, "%s%s",
                     verb == cli_verbs ? "" : ", ", verb->name);
  zcz_status status =
      given == NULL ? zcz_fail(&s->error, ZCZ_ERROR_USAGE, "no verb was given; there are %s", names)
                    : zcz_fail(&s->error, ZCZ_ERROR_USAGE, "\"%.80s\" is no verb; there are %s",
                               given, names);
  (void)zcz_hint(&s->error, status, "see zcz --help");
  return cli_fail(s);
}

int main(int argc, char **argv) {
  cli_settings s = {.started = zcz_seconds(), .noise = ZCZ_NOISE_ALL};
  s.json = asked_for_json(argc, argv);
  if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
    print_usage(stdout);
    return 0;
  }
  if (argc > 1 && strcmp(argv[1], "--version") == 0) {
    puts("zcz " ZCZ_VERSION);
    return 0;
  }
  s.verb = argc > 1 ? find_verb(argv[1]) : NULL;
  if (s.verb == NULL) return fail_verb(&s, argc > 1 ? argv[1] : NULL);
  bool done;
  int code;
  if (cli_parse(argc - 1, argv + 1, &s, &done) != ZCZ_OK)
    code = cli_fail(&s);
  else if (done)
    code = 0;
  else if (cli_open_context(&s) != ZCZ_OK)
    code = cli_fail(&s);
  else
    code = s.verb->run(&s);
  cli_close_context(&s);
  free((void *)s.expect);
  return code;
}
