/* The state of the native pass: what waits on each qubit and on each coupler. */
#ifndef ZCZ_COMPILE_NATIVE_H
#define ZCZ_COMPILE_NATIVE_H

#include "compile/onequbit.h"
#include "compile/synthesis.h"
#include "zcz/circuit.h"

enum { ZCZ_MAX_KEPT = 4 }; /* native gates of a run that are remembered as they stood */

/* One-qubit gates that wait on a qubit: they move on, as far as they can, to be merged. */
typedef struct zcz_waiting {
  zcz_matrix2 matrix;
  bool any;
  uint32_t line;    /* of the first gate merged */
  uint32_t coupler; /* the open run this qubit is in (then nothing waits here), or ZCZ_NONE */
} zcz_waiting;

/* A run of operations on one coupler, from the first two-qubit one. */
typedef struct zcz_run {
  uint32_t line;
  bool folded; /* into `matrix`; else `kept` holds it as it stood, every gate native */
  zcz_matrix4 matrix;
  zcz_sequence kept;
  zcz_local tail; /* one-qubit gates since */
} zcz_run;

typedef struct zcz_native {
  zcz_context *context;
  const zcz_circuit *source;
  const zcz_chip *chip;
  zcz_circuit *result;
  uint32_t block;
  zcz_waiting *waiting;         /* one a qubit */
  zcz_run **runs;               /* one a coupler, made on first use */
  zcz_coupler_gates **couplers; /* likewise */
  uint8_t *touched; /* blocks x qubits: does a block, or one inside it, use the qubit? */
} zcz_native;

/* native_emit.c: into the result. */

/* The pulses of what waits on a qubit; its frame goes on waiting. */
zcz_status zcz_native_pulses(zcz_native *native, uint32_t qubit, zcz_error *error) ZCZ_MUST_CHECK;
/* All that waits on a qubit, virtual Z last; without it where `measured`. */
zcz_status zcz_native_settle(zcz_native *native, uint32_t qubit, bool measured,
                             zcz_error *error) ZCZ_MUST_CHECK;
/* Native gate `gate` of a coupler after what waits on its qubits; frames move past it where they
 * can. */
zcz_status zcz_native_use(zcz_native *native, uint32_t coupler, uint32_t gate, uint32_t line,
                          zcz_error *error) ZCZ_MUST_CHECK;
/* A sequence on a coupler; its last one-qubit gates are left waiting. */
zcz_status zcz_native_sequence(zcz_native *native, uint32_t coupler, const zcz_sequence *sequence,
                               uint32_t line, zcz_error *error) ZCZ_MUST_CHECK;

void zcz_native_wait(zcz_native *native, uint32_t qubit, const zcz_matrix2 *matrix, uint32_t line);

/* native_run.c: runs on couplers. */

/* The gates of a coupler; NULL when out of memory (error filled). */
zcz_coupler_gates *zcz_native_coupler(zcz_native *native, uint32_t coupler, zcz_error *error);
/* A one-qubit matrix joins the qubit's run or waits. */
void zcz_native_add_one(zcz_native *native, uint32_t qubit, const zcz_matrix2 *matrix,
                        uint32_t line);
/* A two-qubit operation joins the run of its coupler, or begins one. */
zcz_status zcz_native_add_two(zcz_native *native, const zcz_op *op,
                              zcz_error *error) ZCZ_MUST_CHECK;
/* Appends the operation, its qubits in the order given, where it is native to its coupler: *done. */
zcz_status zcz_native_keep_two(zcz_native *native, const zcz_op *op, bool *done,
                               zcz_error *error) ZCZ_MUST_CHECK;
/* Ends the run that a qubit is in, if any. */
zcz_status zcz_native_close(zcz_native *native, uint32_t qubit, zcz_error *error) ZCZ_MUST_CHECK;

#endif
