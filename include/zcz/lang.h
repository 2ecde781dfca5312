/* Reading and writing programs. */
#ifndef ZCZ_LANG_H
#define ZCZ_LANG_H

#include "zcz/circuit.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zcz_language {
  ZCZ_LANGUAGE_QASM2,
  ZCZ_LANGUAGE_QASM3,
  ZCZ_LANGUAGE_QCIS,
  ZCZ_LANGUAGE_QSIM,
  ZCZ_LANGUAGE_COUNT
} zcz_language;

/* "qasm2", "qasm3", "qcis", "qsim" */
ZCZ_API const char *zcz_language_name(zcz_language language);
ZCZ_API bool zcz_language_by_name(const char *name, zcz_language *language);
/* By the file name's suffix, for .qasm by the version line of the text (none = OpenQASM 3).
 * USAGE with the list of languages where neither tells. */
ZCZ_API zcz_status zcz_language_detect(const char *file, const char *text, size_t size,
                                       zcz_language *language, zcz_error *error) ZCZ_MUST_CHECK;

typedef struct zcz_language_options {
  bool rxy_theta_phi; /* QCIS RXY's parameters come as theta phi; default phi theta */
  uint32_t
      first_qubit; /* QCIS writer: the name of qubit 0; default (with set_first_qubit false) 1 */
  bool set_first_qubit;
  const char *folder; /* OpenQASM includes come from here and below; NULL = none are read */
} zcz_language_options;

/* `text` need not end in a zero. `file` names it in errors. `options` may be NULL. Reads at most
 * the documented limits of the language (see its source): past them UNABLE. The circuit is the
 * caller's. */
ZCZ_API zcz_status zcz_program_read(zcz_context *context, zcz_language language, const char *file,
                                    const char *text, size_t size,
                                    const zcz_language_options *options, zcz_circuit **circuit,
                                    zcz_error *error) ZCZ_MUST_CHECK;
/* A zero-ended text, released with zcz_text_free. UNABLE, naming the operation, where the language
 * cannot say it. */
ZCZ_API zcz_status zcz_program_write(const zcz_circuit *circuit, zcz_language language,
                                     const zcz_language_options *options, char **text,
                                     zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API void zcz_text_free(zcz_context *context, char *text);

#ifdef __cplusplus
}
#endif
#endif
