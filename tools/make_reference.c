/* make_reference FOLDER: man pages and shell completions, written from the command's own tables of verbs and options.
 * Built and run by the build; FOLDER holds the files afterwards. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/verbs.h"

static FILE *create(const char *folder, const char *format, const char *name) {
  char path[4096];
  int length = snprintf(path, sizeof path, "%s/", folder);
  snprintf(path + length, sizeof path - (size_t)length, format, name);
  FILE *file = fopen(path, "w");
  if (!file) {
    perror(path);
    exit(1);
  }
  return file;
}

static void finish(FILE *file) {
  if (ferror(file) || fclose(file)) {
    perror("make_reference");
    exit(1);
  }
}

/* ---- man pages ---- */

/* Text for troff: backslashes, dashes that must stay dashes, dots and quotes at the start of a line. */
static void troff(FILE *file, const char *text) {
  bool start = true;
  for (; *text; text++) {
    if (start && (*text == '.' || *text == '\'')) fputs("\\&", file);
    if (*text == '\\')
      fputs("\\e", file);
    else if (*text == '-')
      fputs("\\-", file);
    else
      fputc(*text, file);
    start = *text == '\n';
  }
}

static void option_entry(FILE *file, const cli_option *option) {
  fputs(".TP\n.B ", file);
  if (option->key < 128 && option->key != KEY_HELP) fprintf(file, "\\-%c, ", option->key);
  fputs("\\-\\-", file);
  troff(file, option->name);
  if (option->argument) fprintf(file, " \\fI%s\\fR", option->argument);
  fputc('\n', file);
  troff(file, option->text);
  fputc('\n', file);
}

static void verb_page(const char *folder, const cli_verb *verb) {
  FILE *file = create(folder, "man/zcz-%s.1", verb->name);
  fprintf(file, ".TH ZCZ-%s 1 \"\" \"zcz %s\" \"zcz\"\n.SH NAME\nzcz\\-%s \\- ", verb->name,
          ZCZ_VERSION, verb->name);
  troff(file, verb->summary);
  fprintf(file, "\n.SH SYNOPSIS\n.B zcz %s\n", verb->name);
  troff(file, verb->operands);
  fputs(" [\\fIOPTION\\fR]...\n.SH DESCRIPTION\n", file);
  troff(file, verb->details);
  fputs("\n.SH OPTIONS\n", file);
  const char *group = "";
  for (const cli_option *option = cli_options; option->name; option++) {
    if (!(option->verbs & verb->mask)) continue;
    if (strcmp(group, option->group)) fprintf(file, ".SS %s\n", option->group);
    group = option->group;
    option_entry(file, option);
  }
  fputs(".SH EXAMPLES\n.nf\n", file);
  troff(file, verb->examples);
  fputs(".fi\n.SH SEE ALSO\n.BR zcz (1)\n", file);
  finish(file);
}

static void main_page(const char *folder) {
  FILE *file = create(folder, "man/%s.1", "zcz");
  fprintf(
      file,
      ".TH ZCZ 1 \"\" \"zcz %s\" \"zcz\"\n.SH NAME\nzcz \\- the Zuchongzhi 3.0 quantum computer in "
      "software\n.SH SYNOPSIS\n.B zcz\n.I VERB\n[\\fIOPTION\\fR]... \\fIOPERAND\\fR...\n.SH "
      "VERBS\n",
      ZCZ_VERSION);
  for (const cli_verb *verb = cli_verbs; verb->name; verb++) {
    fprintf(file, ".TP\n.B %s ", verb->name);
    troff(file, verb->operands);
    fputc('\n', file);
    troff(file, verb->summary);
    fprintf(file, "; see\n.BR zcz\\-%s (1)\n", verb->name);
  }
  fputs(".SH OPTIONS OF EVERY VERB\n", file);
  for (const cli_option *option = cli_options; option->name; option++)
    if (option->verbs == CLI_ALL) option_entry(file, option);
  fputs(".SH EXIT STATUS\n"
        ".TP\n.B 0\ndone\n"
        ".TP\n.B 2\nthe caller is wrong: usage, program, the content of a chip file\n"
        ".TP\n.B 3\nright, but it cannot be done: memory, engine, width, a documented limit\n"
        ".TP\n.B 4\nthe world failed: a file, the disk\n"
        ".TP\n.B 70\na fault of zcz: please report it with a file that repeats it\n"
        ".TP\n.B 130\nstopped by Ctrl\\-C or \\-\\-time\n"
        ".SH ENVIRONMENT\n.TP\n.B ZCZ_ISA\nlimits the kernels to base, avx2 or avx512\n",
        file);
  finish(file);
}

/* ---- completions ---- */

/* `text` inside single quotes of a shell, cut at its first sentence end for short descriptions. */
static void quoted(FILE *file, const char *text) {
  for (; *text; text++) {
    if (*text == '\'')
      fputs("'\\''", file);
    else
      fputc(*text, file);
  }
}

static void bash_page(const char *folder) {
  FILE *file = create(folder, "completions/%s", "zcz");
  fputs("# bash completion of zcz, made from its tables\n_zcz() {\n"
        "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} "
        "verb=${COMP_WORDS[1]}\n"
        "  COMPREPLY=()\n  if [ \"$COMP_CWORD\" = 1 ]; then\n    COMPREPLY=($(compgen -W '",
        file);
  for (const cli_verb *verb = cli_verbs; verb->name; verb++) fprintf(file, "%s ", verb->name);
  fputs("--help --version' -- \"$word\"))\n    return\n  fi\n  case $before in\n", file);
  for (const cli_option *option = cli_options; option->name; option++) {
    if (!option->argument) continue;
    fprintf(file, "    --%s%s) ", option->name, option->key == KEY_OUTPUT ? "|-o" : "");
    if (!option->values)
      fputs("return ;;\n", file);
    else if (!strcmp(option->values, "FILE"))
      fputs("COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n", file);
    else if (!strcmp(option->values, "CHIP"))
      fputs("COMPREPLY=($(compgen -f -W \"$(zcz chip list 2>/dev/null | cut -d ' ' -f 1)\" -- "
            "\"$word\")); return ;;\n",
            file);
    else
      fprintf(file, "COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n", option->values);
  }
  fputs("  esac\n  case $word in\n    -*)\n      case $verb in\n", file);
  for (const cli_verb *verb = cli_verbs; verb->name; verb++) {
    fprintf(file, "        %s) COMPREPLY=($(compgen -W '", verb->name);
    for (const cli_option *option = cli_options; option->name; option++)
      if (option->verbs & verb->mask) fprintf(file, "--%s ", option->name);
    fputs("' -- \"$word\")) ;;\n", file);
  }
  fputs("      esac ;;\n    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n  esac\n}\n"
        "complete -o filenames -F _zcz zcz\n",
        file);
  finish(file);
}

static void zsh_text(FILE *file, const char *text) {
  for (; *text; text++) {
    if (strchr("[]:\\", *text)) fputc('\\', file);
    if (*text == '\'')
      fputs("'\\''", file);
    else
      fputc(*text, file);
  }
}

static void zsh_page(const char *folder) {
  FILE *file = create(folder, "completions/%s", "_zcz");
  fputs("#compdef zcz\n# zsh completion of zcz, made from its tables\nlocal -a verbs\nverbs=(\n",
        file);
  for (const cli_verb *verb = cli_verbs; verb->name; verb++) {
    fprintf(file, "  '%s:", verb->name);
    zsh_text(file, verb->summary);
    fputs("'\n", file);
  }
  fputs(")\nif (( CURRENT == 2 )); then\n  _describe verb verbs\n  return\nfi\ncase $words[2] in\n",
        file);
  for (const cli_verb *verb = cli_verbs; verb->name; verb++) {
    fprintf(file, "  %s) _arguments", verb->name);
    for (const cli_option *option = cli_options; option->name; option++) {
      if (!(option->verbs & verb->mask)) continue;
      fprintf(file, " \\\n    '--%s[", option->name);
      zsh_text(file, option->text);
      fputc(']', file);
      if (option->argument) {
        fprintf(file, ":%s:", option->argument);
        bool files =
            option->values && (!strcmp(option->values, "FILE") || !strcmp(option->values, "CHIP"));
        if (files)
          fputs("_files", file);
        else if (option->values)
          fprintf(file, "(%s)", option->values);
      }
      fputc('\'', file);
    }
    fputs(" \\\n    '*:file:_files' ;;\n", file);
  }
  fputs("esac\n", file);
  finish(file);
}

static void fish_page(const char *folder) {
  FILE *file = create(folder, "completions/%s", "zcz.fish");
  fputs("# fish completion of zcz, made from its tables\n", file);
  for (const cli_verb *verb = cli_verbs; verb->name; verb++) {
    fprintf(file, "complete -c zcz -n __fish_use_subcommand -a %s -d '", verb->name);
    quoted(file, verb->summary);
    fputs("'\n", file);
  }
  for (const cli_option *option = cli_options; option->name; option++) {
    fputs("complete -c zcz -n '__fish_seen_subcommand_from", file);
    for (const cli_verb *verb = cli_verbs; verb->name; verb++)
      if (option->verbs & verb->mask) fprintf(file, " %s", verb->name);
    fprintf(file, "' -l %s", option->name);
    if (option->key == KEY_OUTPUT) fputs(" -s o", file);
    if (option->argument) fputs(" -r", file);
    if (option->values && strcmp(option->values, "FILE") && strcmp(option->values, "CHIP"))
      fprintf(file, " -f -a '%s'", option->values);
    fputs(" -d '", file);
    quoted(file, option->text);
    fputs("'\n", file);
  }
  finish(file);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fputs("usage: make_reference FOLDER\n", stderr);
    return 2;
  }
  main_page(argv[1]);
  for (const cli_verb *verb = cli_verbs; verb->name; verb++) verb_page(argv[1], verb);
  bash_page(argv[1]);
  zsh_page(argv[1]);
  fish_page(argv[1]);
  return 0;
}
