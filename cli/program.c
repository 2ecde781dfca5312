/* Programs, chips and lists of chip qubits as the command line names them. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* Includes come from the folder of the program, none for standard input. */
static char *folder_of(const char *file) {
  const char *slash = strrchr(file, '/');
  if (strcmp(file, "-") == 0) return NULL;
  return slash == NULL ? strdup(".") : strndup(file, slash == file ? 1 : (size_t)(slash - file));
}

static zcz_status read_text(cli_settings *s, const char *text, size_t size, cli_program *program) {
  zcz_language_options options = s->language_options;
  char *folder = folder_of(program->file);
  options.folder = folder;
  program->language = s->language;
  zcz_status status = ZCZ_OK;
  if (!s->has_language)
    status = zcz_language_detect(program->file, text, size, &program->language, &s->error);
  if (status == ZCZ_OK)
    status = zcz_program_read(s->context, program->language, program->file, text, size, &options,
                              &program->circuit, &s->error);
  free(folder);
  return status;
}

zcz_status cli_load_program(cli_settings *s, const char *file, cli_program *program) {
  *program = (cli_program){.file = file};
  if (s->num_operands != 1)
    return zcz_hint(&s->error,
                    zcz_fail(&s->error, ZCZ_ERROR_USAGE, "%s takes one program, not %d",
                             s->verb->name, s->num_operands),
                    "zcz %s %s; - reads standard input with --lang", s->verb->name,
                    s->verb->operands);
  char *text;
  size_t size;
  ZCZ_TRY(cli_read_file(file, &text, &size, &s->error));
  free(s->program_text);
  s->program_text = text;
  s->program_file = file;
  zcz_text_digest(text, size, program->sha256);
  return read_text(s, text, size, program);
}

zcz_status cli_check_language_options(cli_settings *s, const cli_program *program) {
  const bool writes =
      (s->verb->mask == CLI_COMPILE && !s->has_to) || (s->has_to && s->to == ZCZ_LANGUAGE_QCIS);
  if (s->language_options.set_first_qubit && !writes)
    return zcz_fail(&s->error, ZCZ_ERROR_USAGE,
                    "--first-qubit says how QCIS is written, and %s is to be written",
                    zcz_language_name(s->to));
  if (s->has_rxy && !writes && program->language != ZCZ_LANGUAGE_QCIS)
    return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--rxy is of QCIS, and %s is %s", program->file,
                    zcz_language_name(program->language));
  return ZCZ_OK;
}

static bool is_file(const char *name) {
  const size_t length = strlen(name);
  return strchr(name, '/') != NULL || (length > 5 && strcmp(name + length - 5, ".json") == 0);
}

zcz_status cli_load_chip(cli_settings *s, const char *name, zcz_chip **chip) {
  if (!is_file(name)) return zcz_chip_load(s->context, name, chip, &s->error);
  *chip = NULL;
  char *text;
  size_t size;
  ZCZ_TRY(cli_read_file(name, &text, &size, &s->error));
  zcz_status status = zcz_chip_read(s->context, name, text, size, chip, &s->error);
  free(text);
  if (status == ZCZ_ERROR_USAGE && s->error.hint[0] == 0)
    (void)zcz_hint(&s->error, status, "mend the chip's file; chips/README.md tells its form");
  for (uint32_t i = 0; status == ZCZ_OK && i < (*chip)->num_assumptions; i++)
    zcz_context_warn(s->context, "%s: %s", name, (*chip)->assumptions[i]);
  return status;
}

/* "Q7" or "7" at *text; ZCZ_CHIP_NONE where it is neither. */
static uint32_t read_qubit(const char **text) {
  if (**text == 'Q' || **text == 'q') ++*text;
  if (**text < '0' || **text > '9') return ZCZ_CHIP_NONE;
  uint32_t number = 0;
  while (**text >= '0' && **text <= '9') {
    if (number > 99999999) return ZCZ_CHIP_NONE;
    number = 10 * number + (uint32_t)(*(*text)++ - '0');
  }
  return number;
}

static zcz_status add_qubit(cli_settings *s, const zcz_chip *chip, uint32_t number,
                            uint32_t *qubits, uint32_t *count) {
  char name[16];
  snprintf(name, sizeof name, "Q%u", number);
  const uint32_t qubit = zcz_chip_find_qubit(chip, name);
  if (qubit == ZCZ_CHIP_NONE)
    return zcz_hint(&s->error,
                    zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--qubits %s: %s has no qubit %s",
                             s->qubits, chip->name, name),
                    "see zcz chip show %s", chip->name);
  if (!chip->qubits[qubit].enabled)
    return zcz_hint(&s->error,
                    zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--qubits %s: %s is disabled on %s",
                             s->qubits, name, chip->name),
                    "leave it out; zcz chip show tells which qubits are disabled");
  for (uint32_t i = 0; i < *count; i++)
    if (qubits[i] == qubit)
      return zcz_fail(&s->error, ZCZ_ERROR_USAGE, "--qubits %s names %s twice", s->qubits, name);
  qubits[(*count)++] = qubit;
  return ZCZ_OK;
}

zcz_status cli_chip_qubits(cli_settings *s, const zcz_chip *chip, uint32_t **qubits,
                           uint32_t *count) {
  *qubits = NULL;
  *count = 0;
  if (s->qubits == NULL) return ZCZ_OK;
  *qubits = malloc((chip->num_qubits + 1u) * sizeof **qubits);
  if (*qubits == NULL) return zcz_fail(&s->error, ZCZ_ERROR_UNABLE, "out of memory");
  for (const char *at = s->qubits;; at++) {
    const uint32_t first = read_qubit(&at);
    uint32_t last = first;
    if (first != ZCZ_CHIP_NONE && *at == '-') {
      at++;
      last = read_qubit(&at);
    }
    if (first == ZCZ_CHIP_NONE || last == ZCZ_CHIP_NONE || last < first || (*at != 0 && *at != ','))
      return zcz_fail(&s->error, ZCZ_ERROR_USAGE,
                      "--qubits %s; wanted is a list as 1-83,90 or Q1,Q90", s->qubits);
    for (uint32_t q = first; q <= last; q++) ZCZ_TRY(add_qubit(s, chip, q, *qubits, count));
    if (*at == 0) return ZCZ_OK;
  }
}

zcz_layout_mode cli_layout(const cli_settings *s, const cli_program *program) {
  if (s->has_layout) return s->layout;
  return program->language == ZCZ_LANGUAGE_QCIS ? ZCZ_LAYOUT_AS_WRITTEN : ZCZ_LAYOUT_AUTO;
}
