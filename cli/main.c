#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static void print_usage(FILE *file) {
  fputs("Usage: zcz VERB ... [OPTION...]\n"
        "The Zuchongzhi 3.0 quantum computer in software.\n\n",
        file);
  for (const cli_verb *verb = cli_verbs; verb->name != NULL; verb++)
    fprintf(file, "  zcz %-8s %-29s %s\n", verb->name, verb->operands, verb->summary);
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

/* The verb is the first word that is no option and no option's argument; it is taken out of the
 * arguments, so that options may stand before it too. */
static const char *take_verb(int *argc, char **argv) {
  int at = 1;
  for (; at < *argc && argv[at][0] == '-' && argv[at][1] != 0; at++)
    if (cli_takes_argument(argv[at])) at++;
  if (at >= *argc) return NULL;
  const char *verb = argv[at];
  for (int i = at; i < *argc; i++) argv[i] = argv[i + 1];
  --*argc;
  return verb;
}

/* A closed standard stream would be the number of the next file opened: /dev/null takes its place,
 * opened the other way round, so that using it still fails. */
static void hold_streams(void) {
  for (int stream = 0; stream < 3; stream++)
    if (fcntl(stream, F_GETFD) < 0) (void)!open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY);
}

static int run_verb(cli_settings *s, int argc, char **argv) {
  bool done;
  if (cli_parse(argc, argv, s, &done) != ZCZ_OK) return cli_fail(s);
  if (done) return 0;
  return cli_open_context(s) != ZCZ_OK ? cli_fail(s) : s->verb->run(s);
}

static int serve(cli_settings *s, int argc, char **argv) {
  for (int i = 1; i < argc && argv[i][0] == '-'; i++) {
    const bool help = strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-?") == 0;
    const bool version = strcmp(argv[i], "--version") == 0 || strcmp(argv[i], "-V") == 0;
    if (help) print_usage(stdout);
    if (version) puts("zcz " ZCZ_VERSION);
    if (help || version) return 0;
  }
  const char *name = take_verb(&argc, argv);
  if (name != NULL && strcmp(name, "help") == 0) {
    print_usage(stdout);
    return 0;
  }
  s->verb = name != NULL ? find_verb(name) : NULL;
  return s->verb == NULL ? fail_verb(s, name) : run_verb(s, argc, argv);
}

int main(int argc, char **argv) {
  cli_settings s = {.started = zcz_seconds(), .noise = ZCZ_NOISE_ALL};
  hold_streams();
  s.json = asked_for_json(argc, argv);
  int code = serve(&s, argc, argv);
  if ((fflush(stdout) != 0 || ferror(stdout)) && code == 0) {
    s.json = false;
    (void)zcz_fail(&s.error, ZCZ_ERROR_SYSTEM, "cannot write standard output: %s", strerror(errno));
    code = cli_fail(&s);
  }
  cli_close_context(&s);
  free((void *)s.expect);
  free(s.program_text);
  return code;
}
