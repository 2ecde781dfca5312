/* An error as a person reads it, and as a script does. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* Bytes of the UTF-8 character at `text`; 0 where there is none, or one that moves the cursor. */
static size_t character(const unsigned char *text) {
  static const unsigned char least[] = {0, 0, 0xc2, 0xe0, 0xf0};
  const size_t size = *text < 0x80 ? 1 : *text < 0xe0 ? 2 : *text < 0xf0 ? 3 : 4;
  if (size == 1) return (*text >= 32 && *text != 127) || *text == '\t';
  if (*text < least[size] || *text > 0xf4) return 0;
  for (size_t i = 1; i < size; i++)
    if ((text[i] & 0xc0) != 0x80) return 0;
  /* surrogates, too long forms and what lies past U+10FFFF are no characters; C1 controls no text */
  if ((*text == 0xe0 && text[1] < 0xa0) || (*text == 0xed && text[1] >= 0xa0) ||
      (*text == 0xf0 && text[1] < 0x90) || (*text == 0xf4 && text[1] >= 0x90) ||
      (*text == 0xc2 && text[1] < 0xa0))
    return 0;
  return size;
}

/* Whatever stood in a program or a name, only text goes to terminals and into JSON. */
static void make_printable(char *text) {
  for (char *at = text; *at != 0;) {
    const size_t size = character((const unsigned char *)at);
    if (size == 0) *at = '?';
    at += size == 0 ? 1 : size;
  }
}

/* The line of the program that an error knows by its number alone. */
static void find_line(cli_settings *s) {
  zcz_error *error = &s->error;
  if (error->line == 0 || error->file[0] != 0 || s->program_text == NULL) return;
  const char *line = s->program_text;
  for (uint32_t i = 1; i < error->line && line != NULL; i++) {
    line = strchr(line, '\n');
    if (line != NULL) line++;
  }
  snprintf(error->file, sizeof error->file, "%s", s->program_file);
  if (line == NULL) return;
  const size_t blanks = strspn(line, " \t"), length = strcspn(line, "\r\n");
  if (error->column == 0) error->column = (uint32_t)blanks + 1;
  if (error->column > length || error->column >= sizeof error->excerpt) return;
  snprintf(error->excerpt, sizeof error->excerpt, "%.*s",
           length < sizeof error->excerpt ? (int)length : (int)sizeof error->excerpt - 1, line);
  error->excerpt_column = error->column;
}

static void add_hint(cli_settings *s) {
  zcz_error *error = &s->error;
  if (error->hint[0] != 0) return;
  const char *verb = s->verb != NULL ? s->verb->name : "";
  switch (error->status) {
  case ZCZ_ERROR_USAGE:
    (void)zcz_hint(error, error->status, "see zcz %s%s--help", verb, *verb != 0 ? " " : "");
    return;
  case ZCZ_ERROR_UNABLE:
    (void)zcz_hint(error, error->status,
                   "zcz plan tells what a program needs and which engines can");
    return;
  case ZCZ_ERROR_SYSTEM:
    (void)zcz_hint(error, error->status, "see what the system says, then try again");
    return;
  case ZCZ_ERROR_CANCELLED:
    (void)zcz_hint(error, error->status, "nothing was finished: give it longer, or ask for less");
    return;
  case ZCZ_OK:
  case ZCZ_ERROR_BUG:
    (void)zcz_hint(error, error->status,
                   "this is a bug in zcz: please report it with a file that repeats it");
  }
}

static void print_caret(const zcz_error *error) {
  fprintf(stderr, "  %s\n", error->excerpt);
  if (error->excerpt_column == 0) return;
  fputs("  ", stderr);
  for (uint32_t i = 0; i + 1 < error->excerpt_column && error->excerpt[i] != 0; i++)
    if (((unsigned char)error->excerpt[i] & 0xc0) != 0x80)
      fputc(error->excerpt[i] == '\t' ? '\t' : ' ', stderr);
  fputs("^\n", stderr);
}

static void print_error_json(cli_settings *s) {
  const zcz_error *error = &s->error;
  json_t *object = error->status == ZCZ_ERROR_CANCELLED && s->verb != NULL ? cli_envelope(s, false)
                                                                           : json_object();
  json_t *inner =
      json_pack("{s:s, s:s}", "kind", zcz_status_name(error->status), "message", error->message);
  json_object_set_new(inner, "line", error->line > 0 ? json_integer(error->line) : json_null());
  json_object_set_new(inner, "column",
                      error->column > 0 ? json_integer(error->column) : json_null());
  json_object_set_new(inner, "hint", json_string(error->hint));
  json_object_set_new(object, "error", inner);
  json_dumpf(object, stdout, JSON_PRESERVE_ORDER);
  putchar('\n');
  json_decref(object);
}

int cli_fail(cli_settings *s) {
  zcz_error *error = &s->error;
  if (error->status == ZCZ_OK) error->status = ZCZ_ERROR_BUG;
  cli_clear_progress(s);
  find_line(s);
  add_hint(s);
  make_printable(error->file);
  make_printable(error->message);
  make_printable(error->hint);
  make_printable(error->excerpt);
  fputs("zcz: ", stderr);
  if (error->file[0] != 0) fprintf(stderr, "%s:", error->file);
  if (error->line > 0) fprintf(stderr, "%u:%u:", error->line, error->column);
  fprintf(stderr, "%s%s\n", error->file[0] != 0 || error->line > 0 ? " " : "", error->message);
  if (error->excerpt[0] != 0) print_caret(error);
  fprintf(stderr, "hint: %s\n", error->hint);
  if (s->json) print_error_json(s);
  return (int)error->status;
}
