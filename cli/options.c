/* Arguments to settings, through argp and the tables of verbs.c. */
#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { MAX_OPTIONS = 64 };

zcz_status cli_number(const char *option, const char *text, uint64_t limit, uint64_t *value,
                      zcz_error *error) {
  uint64_t number = 0;
  bool good = *text != 0;
  for (const char *c = text; good && *c != 0; c++) {
    good = *c >= '0' && *c <= '9' && number <= (UINT64_MAX - 9) / 10;
    if (good) number = 10 * number + (uint64_t)(*c - '0');
  }
  if (!good || number > limit)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "--%s %s; allowed are whole numbers from 0 to %llu",
                    option, text, (unsigned long long)limit);
  *value = number;
  return ZCZ_OK;
}

/* A number with a unit out of a list. */
static bool with_unit(const char *text, const char *const *units, const double *factors,
                      double *value) {
  char *end;
  const double number = strtod(text, &end);
  if (end == text || !isfinite(number) || number <= 0) return false;
  for (int i = 0; units[i] != NULL; i++)
    if (strcmp(end, units[i]) == 0) {
      *value = number * factors[i];
      return true;
    }
  return false;
}

static zcz_status parse_memory(cli_settings *s, const char *text) {
  static const char *const units[] = {"",   "B",  "KiB", "MiB", "GiB", "TiB",
                                      "kB", "MB", "GB",  "TB",  NULL};
  static const double factors[] = {1, 1, 0x1p10, 0x1p20, 0x1p30, 0x1p40, 1e3, 1e6, 1e9, 1e12};
  double bytes;
  if (!with_unit(text, units, factors, &bytes) || bytes < 1 || bytes > 0x1p60)
    return zcz_fail(&s->error, ZCZ_ERROR_USAGE,
                    "--memory %s; wanted is a size with B, KiB, MiB, GiB or TiB, as 8GiB", text);
  s->memory = (uint64_t)bytes;
  return ZCZ_OK;
}

static zcz_status parse_time(cli_settings *s, const char *text) {
  static const char *const units[] = {"", "s", "ms", "m", "min", "h", "d", NULL};
  static const double factors[] = {1, 1, 1e-3, 60, 60, 3600, 86400};
  if (!with_unit(text, units, factors, &s->time_limit))
    return zcz_fail(&s->error, ZCZ_ERROR_USAGE,
                    "--time %s; wanted is a time with s, m, h or d, as 90s or 2h", text);
  return ZCZ_OK;
}

/* One word of a list as its number. */
static zcz_status parse_word(cli_settings *s, const char *option, const char *text,
                             const char *const *words, int *number) {
  char list[256];
  int used = 0;
  for (int i = 0; words[i] != NULL; i++) {
    if (strcmp(words[i], text) == 0) {
      *number = i;
      return ZCZ_OK;
    }
    used += snprintf(list + used, sizeof list - (size_t)used, "%s%s", i > 0 ? ", " : "", words[i]);
  }
  return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--%s %s; allowed are %s", option, text, list);
}

static zcz_status parse_language(cli_settings *s, const char *option, const char *text,
                                 zcz_language *language) {
  if (zcz_language_by_name(text, language)) return ZCZ_OK;
  return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--%s %s; allowed are qasm2, qasm3, qcis, qsim",
                  option, text);
}

static zcz_status parse_noise(cli_settings *s, const char *text) {
  static const char *const parts[] = {"relaxation", "depolarizing", "coherent", "readout"};
  s->noise = 0;
  if (strcmp(text, "none") == 0) return ZCZ_OK;
  if (strcmp(text, "all") == 0) {
    s->noise = ZCZ_NOISE_ALL;
    return ZCZ_OK;
  }
  for (const char *at = text;; at++) {
    const size_t length = strcspn(at, ",");
    uint32_t found = 0;
    for (uint32_t i = 0; i < 4; i++)
      if (strlen(parts[i]) == length && memcmp(parts[i], at, length) == 0) found = 1u << i;
    if (found == 0)
      return zcz_fail(
          &s->error, ZCZ_ERROR_USAGE,
          "--noise %s: \"%.*s\" is no part of the noise; there are all, none, or a list "
          "of relaxation, depolarizing, coherent, readout",
          text, (int)length, at);
    s->noise |= found;
    at += length;
    if (*at == 0) return ZCZ_OK;
  }
}

static zcz_status parse_shots(cli_settings *s, const char *text) {
  const size_t digits = strspn(text, "0123456789"), zeros = strspn(text, "0");
  if (digits == 0 || text[digits] != 0 || zeros == digits)
    return zcz_fail(&s->error, ZCZ_ERROR_USAGE,
                    "--shots %s; allowed are whole numbers from 1 to 1,000,000,000", text);
  if (digits - zeros > 10 || strtoull(text, NULL, 10) > ZCZ_MAX_SHOTS)
    return zcz_hint(
        &s->error,
        zcz_fail(&s->error, ZCZ_ERROR_UNABLE, "--shots %s; at most 1,000,000,000 are drawn", text),
        "run several jobs with different seeds, and add up their counts");
  s->shots = strtoull(text, NULL, 10);
  s->has_shots = true;
  return ZCZ_OK;
}

static zcz_status add_expect(cli_settings *s, const char *text) {
  const char **grown = realloc((void *)s->expect, (s->num_expect + 1) * sizeof *grown);
  if (grown == NULL) return zcz_fail(&s->error, ZCZ_ERROR_UNABLE, "out of memory");
  s->expect = grown;
  s->expect[s->num_expect++] = text;
  return ZCZ_OK;
}

static zcz_status set_everywhere(cli_settings *s, int key, const char *text) {
  static const char *const whens[] = {"auto", "always", "never", NULL};
  uint64_t number = 0;
  int word;
  switch (key) {
  case KEY_OUTPUT: s->output = text; return ZCZ_OK;
  case KEY_JSON: s->json = true; return ZCZ_OK;
  case KEY_QUIET: s->quiet = true; return ZCZ_OK;
  case KEY_SEED:
    s->has_seed = true;
    return cli_number("seed", text, ZCZ_MAX_SEED, &s->seed, &s->error);
  case KEY_THREADS:
    ZCZ_TRY(cli_number("threads", text, 4096, &number, &s->error));
    if (number == 0)
      return zcz_hint(&s->error,
                      zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--threads 0; allowed are 1 to 4096"),
                      "leave it out to use all CPUs allowed");
    s->threads = (int)number;
    return ZCZ_OK;
  case KEY_MEMORY: return parse_memory(s, text);
  case KEY_TIME: return parse_time(s, text);
  case KEY_PROGRESS:
    ZCZ_TRY(parse_word(s, "progress", text, whens, &word));
    s->progress = (cli_when)word;
    return ZCZ_OK;
  default: return zcz_fail(&s->error, ZCZ_ERROR_BUG, "option key %d has no meaning", key);
  }
}

static zcz_status set_program(cli_settings *s, int key, const char *text) {
  static const char *const orders[] = {"phi-theta", "theta-phi", NULL};
  static const char *const layouts[] = {"auto", "trivial", "as-written", NULL};
  uint64_t number = 0;
  int word;
  switch (key) {
  case KEY_LANG: s->has_language = true; return parse_language(s, "lang", text, &s->language);
  case KEY_TO: s->has_to = true; return parse_language(s, "to", text, &s->to);
  case KEY_CHIP: s->chip = text; return ZCZ_OK;
  case KEY_RXY:
    s->has_rxy = true;
    ZCZ_TRY(parse_word(s, "rxy", text, orders, &word));
    s->language_options.rxy_theta_phi = word == 1;
    return ZCZ_OK;
  case KEY_FIRST_QUBIT:
    ZCZ_TRY(cli_number("first-qubit", text, 1000000, &number, &s->error));
    s->language_options.first_qubit = (uint32_t)number;
    s->language_options.set_first_qubit = true;
    return ZCZ_OK;
  case KEY_LAYOUT:
    ZCZ_TRY(parse_word(s, "layout", text, layouts, &word));
    s->has_layout = true;
    s->layout = (zcz_layout_mode)word;
    return ZCZ_OK;
  case KEY_QUBITS: s->qubits = text; return ZCZ_OK;
  case KEY_NOISE: s->has_noise = true; return parse_noise(s, text);
  case KEY_TWIRL: s->twirl = true; return ZCZ_OK;
  case KEY_COLUMN: s->column = text; return ZCZ_OK;
  default: return set_everywhere(s, key, text);
  }
}

static zcz_status set_option(cli_settings *s, int key, const char *text) {
  static const char *const precisions[] = {"single", "double", NULL};
  int word;
  switch (key) {
  case KEY_SHOTS: return parse_shots(s, text);
  case KEY_MEMORY_SHOTS: s->memory_shots = true; return ZCZ_OK;
  case KEY_ENGINE: s->engine = strcmp(text, "auto") == 0 ? NULL : text; return ZCZ_OK;
  case KEY_PRECISION:
    ZCZ_TRY(parse_word(s, "precision", text, precisions, &word));
    s->has_precision = true;
    s->precision = word == 0 ? ZCZ_PRECISION_SINGLE : ZCZ_PRECISION_DOUBLE;
    return ZCZ_OK;
  case KEY_PROBABILITIES: s->probabilities = true; return ZCZ_OK;
  case KEY_STATE: s->state = text; return ZCZ_OK;
  case KEY_AMPLITUDES: s->amplitudes = text; return ZCZ_OK;
  case KEY_EXPECT: return add_expect(s, text);
  case KEY_EXPECT_FILE: s->expect_file = text; return ZCZ_OK;
  default: return set_program(s, key, text);
  }
}

typedef struct parsing {
  cli_settings *settings;
  zcz_status status;
  bool done;
} parsing;

static error_t on_argument(int key, char *text, struct argp_state *state) {
  parsing *p = state->input;
  cli_settings *s = p->settings;
  switch (key) {
  case KEY_HELP:
    argp_help(state->root_argp, stdout,
              ARGP_HELP_USAGE | ARGP_HELP_PRE_DOC | ARGP_HELP_LONG | ARGP_HELP_POST_DOC,
              state->name);
    p->done = true;
    state->next = state->argc;
    return 0;
  case KEY_VERSION:
    puts("zcz " ZCZ_VERSION);
    p->done = true;
    state->next = state->argc;
    return 0;
  case ARGP_KEY_ARG:
    if (s->num_operands == CLI_MAX_OPERANDS) {
      p->status = zcz_fail(&s->error, ZCZ_ERROR_USAGE, "\"%s\" is one operand too many", text);
      return EINVAL;
    }
    s->operands[s->num_operands++] = text;
    return 0;
  case ARGP_KEY_INIT:
  case ARGP_KEY_FINI:
  case ARGP_KEY_END:
  case ARGP_KEY_NO_ARGS:
  case ARGP_KEY_ARGS:
  case ARGP_KEY_SUCCESS:
  case ARGP_KEY_ERROR: return ARGP_ERR_UNKNOWN;
  default: p->status = set_option(s, key, text); return p->status == ZCZ_OK ? 0 : EINVAL;
  }
}

/* The option of the verb whose name is nearest to what was written: fewest changes of letters. */
static const char *nearest(const cli_verb *verb, const char *written, size_t length) {
  const char *best = NULL;
  size_t best_distance = length / 3 + 1;
  for (const cli_option *o = cli_options; o->name != NULL; o++) {
    const size_t n = strlen(o->name);
    size_t row[32], previous;
    if (!(o->verbs & verb->mask) || n >= 31 || length >= 31) continue;
    for (size_t j = 0; j <= n; j++) row[j] = j;
    for (size_t i = 1; i <= length; i++) {
      previous = row[0];
      row[0] = i;
      for (size_t j = 1; j <= n; j++) {
        size_t change = previous + (written[i - 1] != o->name[j - 1]);
        previous = row[j];
        if (row[j] + 1 < change) change = row[j] + 1;
        if (row[j - 1] + 1 < change) change = row[j - 1] + 1;
        row[j] = change;
      }
    }
    if (row[n] < best_distance) {
      best_distance = row[n];
      best = o->name;
    }
  }
  return best;
}

/* The option that a word "--name" or "--name=value" means to the verb, as getopt sees it: the name or
 * a beginning that no other has. *found counts what it might be. */
static const cli_option *meant(unsigned verbs, const char *written, int *found) {
  const cli_option *option = NULL;
  const size_t length = strcspn(written + 2, "=");
  *found = 0;
  for (const cli_option *o = cli_options; o->name != NULL; o++) {
    if (!(o->verbs & verbs) || strncmp(o->name, written + 2, length) != 0) continue;
    option = o;
    ++*found;
    if (o->name[length] != 0) continue;
    *found = 1;
    break;
  }
  return option;
}

static const cli_option *short_option(unsigned verbs, char letter) {
  for (const cli_option *o = cli_options; o->name != NULL; o++)
    if ((o->verbs & verbs) && o->key < 256 && o->key == letter) return o;
  return NULL;
}

/* A word of short options, "-qo": *last is its last one where that waits for the next word. False
 * with *last the letter that is none. */
static bool read_letters(unsigned verbs, const char *word, const cli_option **last, char *wrong) {
  *last = NULL;
  for (const char *letter = word + 1; *letter != 0; letter++) {
    const cli_option *o = short_option(verbs, *letter);
    *wrong = *letter;
    if (o == NULL) return false;
    if (o->argument == NULL) continue;
    if (letter[1] == 0) *last = o;
    return true;
  }
  return true;
}

bool cli_takes_argument(const char *argument) {
  int found;
  if (argument[0] != '-') return false;
  if (argument[1] == '-') {
    const cli_option *o = meant(CLI_ALL, argument, &found);
    return found == 1 && o->argument != NULL && strchr(argument, '=') == NULL;
  }
  const cli_option *last;
  char wrong;
  return read_letters(CLI_ALL, argument, &last, &wrong) && last != NULL;
}

/* Names the verbs that have an option; false where none has. */
static bool verbs_with(const char *name, size_t length, char *text, size_t size) {
  size_t used = 0;
  for (const cli_option *o = cli_options; o->name != NULL; o++) {
    if (strlen(o->name) != length || memcmp(o->name, name, length) != 0) continue;
    for (const cli_verb *verb = cli_verbs; verb->name != NULL && used < size; verb++)
      if (o->verbs & verb->mask)
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", verb->name);
  }
  return used > 0;
}

static zcz_status fail_unknown(cli_settings *s, const char *written, const char *name,
                               size_t length) {
  zcz_status status = zcz_fail(&s->error, ZCZ_ERROR_USAGE, "%s has no option %.*s", s->verb->name,
                               (int)strcspn(written, "="), written);
  const char *near = length > 1 ? nearest(s->verb, name, length) : NULL;
  char verbs[128];
  if (verbs_with(name, length, verbs, sizeof verbs))
    return zcz_hint(&s->error, status, "it is an option of %s", verbs);
  if (near != NULL)
    return zcz_hint(&s->error, status, "did you mean --%s? See zcz %s --help", near, s->verb->name);
  return zcz_hint(&s->error, status, "see zcz %s --help", s->verb->name);
}

/* One word that getopt saw: an error where it is what getopt would not take. *skip: the next word
 * is its argument. */
static zcz_status explain_word(cli_settings *s, const char *word, bool is_last, bool *skip) {
  const unsigned verbs = s->verb->mask;
  const cli_option *o = NULL;
  char letter[3] = "-";
  int found = 1;
  *skip = false;
  if (word[1] != '-') {
    if (!read_letters(verbs, word, &o, &letter[1])) return fail_unknown(s, letter, letter + 1, 1);
    if (o == NULL) return ZCZ_OK;
  } else {
    o = meant(verbs, word, &found);
    if (found == 0) return fail_unknown(s, word, word + 2, strcspn(word + 2, "="));
    if (found > 1) return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "%s may mean several options", word);
    if (strchr(word, '=') != NULL) {
      if (o->argument == NULL)
        return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "%s: --%s takes no argument", word, o->name);
      return ZCZ_OK;
    }
    if (o->argument == NULL) return ZCZ_OK;
  }
  if (is_last)
    return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "option --%s needs its argument, %s", o->name,
                    o->argument);
  *skip = true;
  return ZCZ_OK;
}

/* What getopt would not take: an unknown option, or one without its argument. */
static zcz_status explain(cli_settings *s, int argc, char *const *argv) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    bool skip;
    if (argv[i][0] != '-' || argv[i][1] == 0) continue;
    ZCZ_TRY(explain_word(s, argv[i], i + 1 == argc, &skip));
    if (skip) i++;
  }
  return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "the options of %s are not understood",
                  s->verb->name);
}

static void fill_options(const cli_verb *verb, struct argp_option *list) {
  const char *group = NULL;
  int count = 0, number = 0;
  for (const cli_option *o = cli_options; o->name != NULL && count < MAX_OPTIONS - 2; o++) {
    if (!(o->verbs & verb->mask)) continue;
    if (group == NULL || strcmp(group, o->group) != 0)
      list[count++] = (struct argp_option){.doc = group = o->group, .group = ++number};
    list[count++] = (struct argp_option){
        .name = o->name, .key = o->key, .arg = o->argument, .doc = o->text, .group = number};
  }
}

zcz_status cli_parse(int argc, char **argv, cli_settings *settings, bool *done) {
  struct argp_option list[MAX_OPTIONS] = {0};
  char doc[2048];
  fill_options(settings->verb, list);
  snprintf(doc, sizeof doc, "%s\n\n%s\vExamples:\n%s", settings->verb->summary,
           settings->verb->details, settings->verb->examples);
  const struct argp argp = {list, on_argument, settings->verb->operands, doc, NULL, NULL, NULL};
  parsing p = {.settings = settings, .status = ZCZ_OK};
  char name[64];
  snprintf(name, sizeof name, "zcz %s", settings->verb->name);
  argv[0] = name;
  char **given = malloc((size_t)argc * sizeof *given); /* argp puts argv in another order */
  if (given == NULL) return zcz_fail(&settings->error, ZCZ_ERROR_UNABLE, "out of memory");
  memcpy(given, argv, (size_t)argc * sizeof *given);
  int index = 0;
  error_t failed =
      argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_EXIT | ARGP_NO_HELP, &index, &p);
  *done = p.done;
  argv[0] = "zcz";
  zcz_status status = p.done ? ZCZ_OK : p.status;
  if (!p.done && status == ZCZ_OK && failed != 0) status = explain(settings, argc, given);
  free(given);
  return status;
}
