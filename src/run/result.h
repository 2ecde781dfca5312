/* The inside of a result. Only src/run looks into it. */
#ifndef ZCZ_RUN_RESULT_H
#define ZCZ_RUN_RESULT_H

#include "run/counts.h"
#include "run/parts.h"
#include "sim/engine.h"
#include "zcz/job.h"

typedef struct zcz_timings {
  double read, compile, plan, run, sample;
} zcz_timings;

struct zcz_result {
  zcz_context *context;
  /* The program and how it was run; strings are owned. */
  char *file, *language, *engine;
  char program_sha256[65], chip_sha256[65];
  uint32_t num_qubits;
  size_t num_operations;
  char *chip_name; /* NULL without a chip */
  uint32_t noise_parts;
  bool twirled, own_noise;
  uint32_t *initial, *final; /* chip qubits of program qubits */
  char **chip_qubits;        /* names of the chip's qubits that occur: num_chip_qubits of them */
  uint32_t num_chip_qubits;
  zcz_measurement *measurements;
  size_t num_measurements;
  zcz_register *registers; /* names owned */
  uint32_t num_registers, num_bits;
  zcz_precision precision;
  zcz_accuracy accuracy;
  const char *reproducible;
  uint64_t seed;
  zcz_isa isa;
  int threads;

  bool complete;
  bool has_shots;
  uint64_t shots, shots_done;
  zcz_counts *counts;
  uint64_t *memory; /* key of each shot, when asked for */
  bool has_probabilities;
  zcz_distribution probabilities;
  void *state;
  uint64_t state_count;
  uint32_t num_amplitudes;
  char **amplitude_keys; /* owned, like the strings of observables */
  size_t num_amplitude_keys;
  zcz_complex *amplitudes;
  uint32_t num_expectations;
  char **observables;
  size_t num_observables;
  double *expectations, *expectation_errors;

  char **warnings;
  size_t num_warnings;
  zcz_timings timings;
  double seconds;
  uint64_t peak_bytes;
};

/* Everything that is known before anything runs. */
zcz_status zcz_result_new(const zcz_prepared *prepared, const zcz_job_options *options,
                          const zcz_plan *plan, zcz_result **result,
                          zcz_error *error) ZCZ_MUST_CHECK;
/* Bits as text, bit 0 rightmost; room for bits + 1. */
void zcz_key_text(const uint64_t *key, uint32_t bits, char *text);
/* Takes the warnings and the peak of the context. */
zcz_status zcz_result_finish(zcz_result *result, zcz_error *error) ZCZ_MUST_CHECK;

#endif
