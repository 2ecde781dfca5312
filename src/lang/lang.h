/* What stands behind the table of languages. */
#ifndef ZCZ_LANG_LANG_H
#define ZCZ_LANG_LANG_H

#include "lang/text.h"

typedef zcz_status zcz_reader(zcz_context *context, const zcz_source *source,
                              const zcz_language_options *options, zcz_circuit **circuit,
                              zcz_error *error);
typedef zcz_status zcz_writer(const zcz_circuit *circuit, const zcz_language_options *options,
                              char **text, zcz_error *error);

zcz_reader zcz_qasm2_read, zcz_qasm3_read, zcz_qcis_read, zcz_qsim_read;
zcz_writer zcz_qasm2_write, zcz_qasm3_write, zcz_qcis_write, zcz_qsim_write;

#endif
