/* A chip while it is read: what the three readers fill and the check judges. */
#ifndef ZCZ_CHIP_DRAFT_H
#define ZCZ_CHIP_DRAFT_H

#include <jansson.h>

#include "zcz/chip.h"

/* Limits of a chip file: larger ones are refused (UNABLE), so that reading stays short. */
enum {
  ZCZ_CHIP_MAX_BYTES = 8 << 20,
  ZCZ_CHIP_MAX_QUBITS = 2048,
  ZCZ_CHIP_MAX_COUPLERS = 8192,
  ZCZ_CHIP_MAX_NAME = 32,
  ZCZ_CHIP_MAX_PROVENANCES = 32,
  ZCZ_CHIP_MAX_ASSUMPTIONS = 64
};

struct zcz_chip_block; /* memory of a chip, in a list */

/* Numbers by name: an open-addressed table of numbers + 1. */
typedef struct zcz_chip_index {
  uint32_t *slots;
  uint32_t mask;
} zcz_chip_index;

typedef struct zcz_chip_draft {
  zcz_context *context;
  zcz_error *error;
  const char *file;
  struct zcz_chip_block *blocks;
  const char *name, *title;
  uint32_t num_qubits, num_couplers, num_provenances, num_assumptions;
  zcz_chip_qubit *qubits;
  zcz_chip_coupler *couplers;
  zcz_provenance *provenances; /* room for ZCZ_CHIP_MAX_PROVENANCES */
  const char **assumptions;    /* room for ZCZ_CHIP_MAX_ASSUMPTIONS */
  zcz_chip_index qubit_index, coupler_index;
  double one_qubit_ns, readout_ns, reset_ns;
} zcz_chip_draft;

/* Memory that the chip will own; NULL with the error filled. */
void *zcz_draft_allocate(zcz_chip_draft *draft, size_t count, size_t size);
const char *zcz_draft_string(zcz_chip_draft *draft, const char *text);
/* USAGE about the file's content. */
zcz_status zcz_draft_refuse(zcz_chip_draft *draft, const char *format, ...) ZCZ_PRINTF(2, 3);
/* Notes in words what the file does not say. */
zcz_status zcz_draft_assume(zcz_chip_draft *draft, const char *format, ...)
    ZCZ_PRINTF(2, 3) ZCZ_MUST_CHECK;
zcz_status zcz_draft_provenance(zcz_chip_draft *draft, const char *column, const char *unit,
                                const char *source, const char *provenance,
                                const char *confidence) ZCZ_MUST_CHECK;

/* Room for qubits / couplers, all enabled, their numbers NaN. UNABLE beyond the limits. */
zcz_status zcz_draft_set_qubits(zcz_chip_draft *draft, size_t count) ZCZ_MUST_CHECK;
zcz_status zcz_draft_set_couplers(zcz_chip_draft *draft, size_t count) ZCZ_MUST_CHECK;
/* Names of all qubits, from a JSON list of strings; refuses one that is no name or stands twice. */
zcz_status zcz_draft_name_qubits(zcz_chip_draft *draft, const json_t *names,
                                 const char *where) ZCZ_MUST_CHECK;
/* ZCZ_CHIP_NONE where there is none. */
uint32_t zcz_draft_find_qubit(const zcz_chip_draft *draft, const char *name);
uint32_t zcz_draft_find_coupler(const zcz_chip_draft *draft, const char *name);
/* The coupler's name and qubits, from a JSON pair of names. */
zcz_status zcz_draft_join(zcz_chip_draft *draft, uint32_t coupler, const char *name,
                          const json_t *pair, const char *where) ZCZ_MUST_CHECK;
/* 1 to ZCZ_CHIP_MAX_NAME letters, digits, `_`, `-`, `.`. */
bool zcz_draft_is_name(const char *text);

/* The readers, one a file form. */
zcz_status zcz_draft_read_own(zcz_chip_draft *draft, const json_t *root) ZCZ_MUST_CHECK;
zcz_status zcz_draft_read_cloud(zcz_chip_draft *draft, const json_t *root) ZCZ_MUST_CHECK;
zcz_status zcz_draft_read_flat(zcz_chip_draft *draft, const json_t *root) ZCZ_MUST_CHECK;

/* What the cloud's two forms share: numbers in Pauli errors and microseconds, NaN = not said. */
typedef struct zcz_cloud_values {
  double *t1, *t2, *one, *readout, *p10, *p01;               /* one a qubit */
  double *two, *length;                                      /* one a coupler */
  double mean_t1, mean_t2, mean_one, mean_two, mean_readout; /* of an overview; NaN = not said */
  const char *source;                                        /* "cloud configuration of 2026-..." */
} zcz_cloud_values;
zcz_status zcz_cloud_values_new(zcz_chip_draft *draft, zcz_cloud_values *values) ZCZ_MUST_CHECK;
/* Completes what is missing, each assumption in words, and fills the draft. */
zcz_status zcz_cloud_finish(zcz_chip_draft *draft, zcz_cloud_values *values) ZCZ_MUST_CHECK;
/* Couplers from an object of pairs, sorted by the number in their names. */
zcz_status zcz_cloud_couplers(zcz_chip_draft *draft, const json_t *map,
                              const char *where) ZCZ_MUST_CHECK;

/* Places of the qubits of a lattice that is known, else a layered picture of the graph. */
zcz_status zcz_draft_place(zcz_chip_draft *draft) ZCZ_MUST_CHECK;

/* Refuses numbers out of range and contradictions, naming the qubit or coupler and the field. */
zcz_status zcz_draft_check(zcz_chip_draft *draft) ZCZ_MUST_CHECK;

#endif
