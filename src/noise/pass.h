/* The state of the noise pass while it walks through a circuit. */
#ifndef ZCZ_NOISE_PASS_H
#define ZCZ_NOISE_PASS_H

#include "noise/fit.h"
#include "zcz/noise.h"

/* A qubit within the block that is being walked. */
typedef struct zcz_noise_clock {
  double end;     /* ns: all before it is accounted for */
  double pending; /* ns of relaxation collected and not yet written */
  bool ground;    /* certainly |0>, where relaxation does nothing */
  bool member;    /* the block answers for this qubit's time */
} zcz_noise_clock;

typedef struct zcz_noise_cached {
  zcz_noise_fit fit;
  double duration_ns; /* of the fit; < 0: not fitted yet */
} zcz_noise_cached;

typedef struct zcz_noise_pass {
  zcz_context *context;
  const zcz_circuit *source;
  zcz_circuit *out;
  const zcz_chip *chip;
  const zcz_noise_options *options;
  zcz_error *error;
  uint32_t num_qubits, num_blocks, block;
  zcz_noise_clock *clocks; /* one a qubit */
  zcz_noise_cached *one;   /* one a qubit */
  zcz_noise_cached *two;   /* ZCZ_MAX_NATIVE_GATES a coupler */
  bool *exceeded;          /* two a qubit: in its one-qubit gates, in its two-qubit gates */
  uint8_t *touched;        /* num_blocks x num_qubits: the block or one within it acts on it */
  double *times;           /* of each block, ns: the longest of it and its alternative */
} zcz_noise_pass;

static inline bool zcz_noise_has(const zcz_noise_pass *pass, uint32_t part) {
  return (pass->options->parts & part) != 0;
}

/* Which qubits each block acts on, and how long each takes. A WHILE's body answers for the time of
 * every qubit of the circuit, since nobody knows how often it runs. */
zcz_status zcz_noise_survey(zcz_noise_pass *pass) ZCZ_MUST_CHECK;

/* Writes what one operation becomes. */
zcz_status zcz_noise_operation(zcz_noise_pass *pass, const zcz_op *op) ZCZ_MUST_CHECK;

/* Time passes for a qubit up to `until` (ns, in its block). */
void zcz_noise_advance(zcz_noise_pass *pass, uint32_t qubit, double until);
/* Writes the relaxation collected for a qubit. */
zcz_status zcz_noise_flush(zcz_noise_pass *pass, uint32_t qubit) ZCZ_MUST_CHECK;

#endif
