/* The verbs and options of the command: one table each, which the parser, --help, the man pages and
 * the completions read. */
#ifndef ZCZ_CLI_VERBS_H
#define ZCZ_CLI_VERBS_H

#include "zcz/status.h"

enum {
  CLI_RUN = 1,
  CLI_SIMULATE = 2,
  CLI_PLAN = 4,
  CLI_COMPILE = 8,
  CLI_CONVERT = 16,
  CLI_DRAW = 32,
  CLI_CHIP = 64,
  CLI_ALL = 127,
  CLI_PROGRAM = CLI_RUN | CLI_SIMULATE | CLI_PLAN | CLI_COMPILE | CLI_CONVERT | CLI_DRAW,
  CLI_JOB = CLI_RUN | CLI_SIMULATE | CLI_PLAN
};

/* Short options have their letter as key; the others a number from here on. */
typedef enum cli_key {
  KEY_OUTPUT = 'o',
  KEY_HELP = '?',
  KEY_VERSION = 'V',
  KEY_QUIET = 'q',
  KEY_JSON = 256,
  KEY_SEED,
  KEY_THREADS,
  KEY_MEMORY,
  KEY_TIME,
  KEY_PROGRESS,
  KEY_LANG,
  KEY_CHIP,
  KEY_RXY,
  KEY_FIRST_QUBIT,
  KEY_TO,
  KEY_LAYOUT,
  KEY_QUBITS,
  KEY_NOISE,
  KEY_TWIRL,
  KEY_SHOTS,
  KEY_MEMORY_SHOTS,
  KEY_ENGINE,
  KEY_PRECISION,
  KEY_PROBABILITIES,
  KEY_STATE,
  KEY_AMPLITUDES,
  KEY_EXPECT,
  KEY_EXPECT_FILE,
  KEY_COLUMN
} cli_key;

typedef struct cli_option {
  int key;
  const char *name;     /* without the dashes */
  const char *argument; /* NULL = takes none */
  unsigned verbs;
  const char *group;
  const char *text;
  const char *values; /* words to complete, separated by blanks; NULL = none; "FILE" = file names;
                           "CHIP" = names of chips or files */
} cli_option;

struct cli_settings;

typedef struct cli_verb {
  const char *name;
  unsigned mask;
  const char *operands; /* as in a usage line */
  const char *summary;
  const char *details;  /* paragraphs of the man page and the long help */
  const char *examples; /* lines of "command\n" */
  int (*run)(struct cli_settings *settings);
} cli_verb;

/* Both end with a row whose name is NULL. */
extern const cli_option cli_options[];
extern const cli_verb cli_verbs[];

#endif
