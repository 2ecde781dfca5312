/* What the parts of the command share. */
#ifndef ZCZ_CLI_CLI_H
#define ZCZ_CLI_CLI_H

#include "cli/verbs.h"
#include "zcz/zcz.h"

typedef enum cli_when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER } cli_when;

enum { CLI_MAX_OPERANDS = 3 };

typedef struct cli_settings {
  const cli_verb *verb;
  double started;
  const char *operands[CLI_MAX_OPERANDS];
  int num_operands;
  /* everywhere */
  const char *output;
  bool json, quiet, has_seed;
  uint64_t seed;
  int threads;
  uint64_t memory;
  double time_limit;
  cli_when progress;
  /* program and chip */
  bool has_language, has_to, has_rxy;
  zcz_language language, to;
  const char *chip;
  zcz_language_options language_options;
  /* machine */
  bool has_layout;
  zcz_layout_mode layout;
  const char *qubits;
  bool has_noise;
  uint32_t noise;
  bool twirl;
  /* job */
  bool has_shots, memory_shots, probabilities;
  uint64_t shots;
  const char *engine;
  bool has_precision;
  zcz_precision precision;
  const char *state, *amplitudes, *expect_file;
  const char **expect; /* malloc */
  uint32_t num_expect;
  const char *column;
  /* made on the way */
  zcz_context *context;
  bool progress_shown;
  double shots_reported;    /* when progress last told of shots */
  const char *program_file; /* the program read, for errors that know only a line of it */
  char *program_text;       /* malloc */
  zcz_error error;
} cli_settings;

/* verbs */
int cli_run(cli_settings *settings);
int cli_simulate(cli_settings *settings);
int cli_plan(cli_settings *settings);
int cli_compile(cli_settings *settings);
int cli_convert(cli_settings *settings);
int cli_draw(cli_settings *settings);
int cli_chip(cli_settings *settings);

/* options.c: fills settings from the arguments after the verb. On ZCZ_OK, *help is set where --help
 * or --version was served and nothing is left to do. */
zcz_status cli_parse(int argc, char **argv, cli_settings *settings, bool *done);
/* Whether an argument is an option, of any verb, whose value is the next argument. */
bool cli_takes_argument(const char *argument);
/* The number of `text`, digits only, at most `limit`; USAGE naming the option. */
zcz_status cli_number(const char *option, const char *text, uint64_t limit, uint64_t *value,
                      zcz_error *error);

/* context.c: context, signals, progress line. */
zcz_status cli_open_context(cli_settings *settings);
void cli_close_context(cli_settings *settings);
void cli_clear_progress(cli_settings *settings);
/* Warnings to standard error, unless --quiet. */
void cli_print_warnings(cli_settings *settings);

/* files.c */
/* The whole of a file, or of standard input for "-"; ended by a zero. malloc. */
zcz_status cli_read_file(const char *path, char **text, size_t *size, zcz_error *error);
/* Writes a file whole or not at all; "-" is standard output. */
zcz_status cli_write_file(const char *path, const void *data, size_t size, zcz_error *error);
/* A NumPy array: `type` as "<c8", `count` elements of `size` bytes. */
zcz_status cli_write_npy(const char *path, const char *type, const void *data, uint64_t count,
                         size_t size, zcz_error *error);
/* Lines of a file without blank ones, line ends and blanks around them. All-zero is none;
 * cli_free_lines. */
typedef struct cli_lines {
  char *text;
  char **lines;
  uint32_t *numbers; /* the line of the file, from 1 */
  uint32_t count;
} cli_lines;
zcz_status cli_read_lines(const char *path, cli_lines *lines, zcz_error *error);
void cli_free_lines(cli_lines *lines);

/* program.c */
typedef struct cli_program {
  const char *file;
  zcz_language language;
  char sha256[65];
  zcz_circuit *circuit;
} cli_program;
zcz_status cli_load_program(cli_settings *settings, const char *file, cli_program *program);
/* --first-qubit and --rxy only where QCIS is written or read. */
zcz_status cli_check_language_options(cli_settings *settings, const cli_program *program);
zcz_status cli_load_chip(cli_settings *settings, const char *name, zcz_chip **chip);
/* The chip qubits of --qubits; malloc; NULL with count 0 where it was not given. */
zcz_status cli_chip_qubits(cli_settings *settings, const zcz_chip *chip, uint32_t **qubits,
                           uint32_t *count);
/* Layout as asked, or as the language wants it. */
zcz_layout_mode cli_layout(const cli_settings *settings, const cli_program *program);

/* report.c: what a person reads on the terminal. */
zcz_status cli_report(cli_settings *settings, const zcz_result *result,
                      const zcz_job_options *options);
int cli_terminal_columns(void);
/* "1,234" */
void cli_group_digits(uint64_t number, char text[32]);
/* "1.5 GiB"; "8.3 ms", "3 years" */
void cli_describe_bytes(uint64_t bytes, char *text, size_t size);
void cli_describe_seconds(double seconds, char *text, size_t size);

/* plan.c: the table for a person; the object, to a file ("-" = standard output), with the exit code */
void cli_print_plan(const zcz_plan *plan);
int cli_print_plan_json(cli_settings *settings, const zcz_plan *plan, const char *path);

/* fail.c: prints settings->error as text (and JSON where asked) and returns the exit code. */
int cli_fail(cli_settings *settings);

/* json.c: "zcz", "schema", "verb", "complete", "warnings" of every object, through Jansson. */
struct json_t;
struct json_t *cli_envelope(cli_settings *settings, bool complete);
/* Prints to standard output; takes `object`; returns the exit code. */
int cli_print_json(cli_settings *settings, struct json_t *object);
/* The same into a file ("-" = standard output). */
int cli_write_json(cli_settings *settings, struct json_t *object, const char *path);

#endif
