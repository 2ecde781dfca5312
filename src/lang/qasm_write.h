/* What the writers of OpenQASM 2 and 3 share. */
#ifndef ZCZ_LANG_QASM_WRITE_H
#define ZCZ_LANG_QASM_WRITE_H

#include "lang/words.h"
#include "lang/write.h"

typedef struct zcz_qasm_writer {
  const zcz_circuit *circuit;
  zcz_error *error;
  zcz_text text;
  int version;
  zcz_language language;
  const char *name;          /* "OpenQASM 2" */
  bool used[ZCZ_GATE_COUNT]; /* gates that need a definition */
  bool *renamed[2];          /* registers of bits, of qubits, whose name cannot stand */
  uint32_t depth;            /* of blocks and expressions */
} zcz_qasm_writer;

/* Declares everything, then `operation` writes each of block 0. */
typedef zcz_status zcz_qasm_operation(zcz_qasm_writer *w, const zcz_op *op, size_t number);
zcz_status zcz_qasm_write(const zcz_circuit *circuit, int version, zcz_qasm_operation *operation,
                          char **text, zcz_error *error) ZCZ_MUST_CHECK;

void zcz_qasm_write_qubit(zcz_qasm_writer *w, uint32_t qubit);
void zcz_qasm_write_bit(zcz_qasm_writer *w, uint32_t bit);
/* The register that holds the qubit or bit. */
uint32_t zcz_qasm_register_of(const zcz_qasm_writer *w, bool qubits, uint32_t index);
/* The register's name, or one of ours in `ours`. */
const char *zcz_qasm_name_of(const zcz_qasm_writer *w, bool qubits, uint32_t index_of_register,
                             char ours[ZCZ_NUMBER_SIZE]);
void zcz_qasm_write_name(zcz_qasm_writer *w, bool qubits, uint32_t index_of_register);
/* name(params) q[..], q[..];\n with what stands before it */
void zcz_qasm_write_call(zcz_qasm_writer *w, const char *before, const char *name,
                         uint32_t num_params, const double *params, uint32_t num_qubits,
                         const uint32_t *qubits);
void zcz_qasm_write_barrier(zcz_qasm_writer *w, const zcz_op *op);
/* Has the gate a definition that the writer puts at the front? */
bool zcz_qasm_has_definition(const zcz_qasm_writer *w, zcz_gate gate);

#endif
