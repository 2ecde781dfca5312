/* Noise sites of a frame program. Sites of about equal total probability form a class; one stream of
 * geometric gaps runs over all (site, shot) pairs of a class and lands on candidates with the largest
 * probability of the class, which a site then takes up or rejects by its own: the cost is per fault,
 * not per site and shot. */
#ifndef ZCZ_SIM_STABILIZER_NOISE_H
#define ZCZ_SIM_STABILIZER_NOISE_H

#include "base/random.h"
#include "zcz/circuit.h"

/* What happens at a candidate: the first branch whose threshold is above a uniform 64-bit number. */
typedef struct zcz_noise_table {
  uint32_t noise_class;
  uint32_t first, count; /* branches */
  uint8_t support;       /* union of the branches' Paulis */
} zcz_noise_table;

typedef struct zcz_noise_class {
  zcz_purpose purpose; /* CHANNEL or READOUT */
  uint32_t bucket;     /* which probabilities belong here */
  double probability;  /* the largest of its tables */
  double inverse_log;  /* 1 / log(1 - probability) */
} zcz_noise_class;

enum { ZCZ_NOISE_SLOTS = 256 };

typedef struct zcz_noise_tables {
  size_t num_tables, tables_capacity;
  zcz_noise_table *tables;
  size_t num_classes, classes_capacity;
  zcz_noise_class *classes;
  /* Branches: cumulative probability while tables are made, then its 64-bit threshold relative to
   * the class, and the Pauli (clifford.h; READOUT: branch v belongs to the bit value v). */
  size_t num_branches, branches_capacity, thresholds_capacity, paulis_capacity;
  double *cumulative;
  uint64_t *thresholds;
  uint8_t *paulis;
  /* Equal operations share a table. */
  const zcz_op *slot_ops[ZCZ_NOISE_SLOTS];
  uint32_t slot_tables[ZCZ_NOISE_SLOTS];
} zcz_noise_tables;

/* Table of a CHANNEL, or of the readout error of a MEASURE; ZCZ_NONE in *table where it does
 * nothing. */
zcz_status zcz_noise_add(zcz_context *context, zcz_noise_tables *tables, const zcz_op *op,
                         uint32_t *table, zcz_error *error) ZCZ_MUST_CHECK;
/* After the last table: thresholds. */
void zcz_noise_finish(zcz_noise_tables *tables);
void zcz_noise_release(zcz_context *context, zcz_noise_tables *tables);

/* The candidates of one class in one block of shots. */
enum { ZCZ_NOISE_BATCH = 16 };
typedef struct zcz_noise_stream {
  uint64_t base;   /* position of the next site's first shot */
  uint64_t next;   /* position of the next candidate */
  uint64_t choice; /* its uniform number */
  uint32_t draw, at, filled;
  uint64_t gaps[ZCZ_NOISE_BATCH], choices[ZCZ_NOISE_BATCH];
} zcz_noise_stream;

void zcz_noise_begin(const zcz_noise_class *noise_class, uint32_t number, uint64_t seed,
                     uint64_t block, zcz_noise_stream *stream);
/* Draws more gaps and moves to the next candidate. */
void zcz_noise_refill(const zcz_noise_class *noise_class, uint32_t number, uint64_t seed,
                      uint64_t block, zcz_noise_stream *stream);

/* Moves to the next candidate. */
static inline void zcz_noise_advance(const zcz_noise_class *noise_class, uint32_t number,
                                     uint64_t seed, uint64_t block, zcz_noise_stream *stream) {
  if (stream->at == stream->filled) zcz_noise_refill(noise_class, number, seed, block, stream);
  stream->next += 1 + stream->gaps[stream->at];
  stream->choice = stream->choices[stream->at++];
}

#endif
