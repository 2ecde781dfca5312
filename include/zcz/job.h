/* A job: a circuit and what is wanted of it, through plan and engine to a result. */
#ifndef ZCZ_JOB_H
#define ZCZ_JOB_H

#include "zcz/accuracy.h"
#include "zcz/compile.h"
#include "zcz/noise.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ZCZ_MAX_SHOTS 1000000000ull
#define ZCZ_MAX_SEED 9007199254740991ull /* 2^53 - 1: exact in JSON */
#define ZCZ_MAX_LISTED 1048576u          /* probabilities that stand in a JSON result */

/* All pointers are borrowed until the call returns. All-zero is a job that wants nothing. */
typedef struct zcz_job_options {
  /* Where the program came from: for the result alone. */
  const char *file, *language;
  char program_sha256[65];
  double started; /* zcz_seconds() at the start of the process; 0 = now */

  /* The machine: NULL simulates exactly what the program says. */
  const zcz_chip *chip;
  zcz_noise_options noise;
  zcz_layout_mode layout;
  const uint32_t *qubits; /* chip qubits to use; NULL = all enabled */
  uint32_t num_qubits;

  const char *engine; /* NULL = auto */
  zcz_precision precision;
  uint64_t seed;

  uint64_t shots;    /* 0 = none */
  bool memory_shots; /* each shot too */
  bool probabilities;
  bool state;
  uint32_t num_amplitudes;
  const char *const *amplitudes; /* bit strings over all qubits, qubit 0 rightmost */
  uint32_t num_observables;
  const char *const *observables;
} zcz_job_options;

/* Seconds on a monotonic clock. */
ZCZ_API double zcz_seconds(void);

/* SHA-256 of a program's text, hexadecimal. */
ZCZ_API void zcz_text_digest(const char *text, size_t size, char digest[65]);

typedef struct zcz_plan_row {
  const char *engine;
  bool able;
  bool fits; /* in the context's memory limit */
  char reason[320];
  zcz_accuracy accuracy;
  uint64_t bytes; /* UINT64_MAX = beyond counting */
  double seconds;
} zcz_plan_row;

typedef struct zcz_plan {
  uint32_t num_rows;
  zcz_plan_row *rows;
  char chosen[128]; /* the engine, or several joined by + where parts of the program that never meet
                       go to different ones; empty = none */
  uint32_t num_parts;   /* groups of qubits that never interact */
  uint32_t widest_part; /* qubits of the widest */
} zcz_plan;

/* Compiles and judges, runs nothing. */
ZCZ_API zcz_status zcz_job_plan(const zcz_circuit *circuit, const zcz_job_options *options,
                                zcz_plan **plan, zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API void zcz_plan_free(zcz_context *context, zcz_plan *plan);

typedef struct zcz_measurement {
  uint32_t bit, qubit, chip_qubit; /* chip_qubit: ZCZ_NONE without a chip */
} zcz_measurement;

typedef struct zcz_result zcz_result;

/* Runs a job. When it was cancelled with something finished, the status is CANCELLED and *result holds what
 * there is (zcz_result_complete is false); in every other failure *result is NULL. */
ZCZ_API zcz_status zcz_job_run(const zcz_circuit *circuit, const zcz_job_options *options,
                               zcz_result **result, zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API void zcz_result_free(zcz_result *result);

/* ---- looking at a result ---- */
ZCZ_API bool zcz_result_complete(const zcz_result *result);
ZCZ_API const char *zcz_result_engine(const zcz_result *result);
ZCZ_API zcz_accuracy zcz_result_accuracy(const zcz_result *result);
ZCZ_API uint64_t zcz_result_shots_done(const zcz_result *result);
ZCZ_API uint32_t zcz_result_num_bits(const zcz_result *result);
ZCZ_API double zcz_result_seconds(const zcz_result *result);
ZCZ_API uint64_t zcz_result_peak_bytes(const zcz_result *result);

/* Counts, most frequent first, equal ones by key: the key as text (bit 0 rightmost) is written to
 * `key`, room for num_bits + 1. False past the end. */
ZCZ_API size_t zcz_result_num_counts(const zcz_result *result);
ZCZ_API uint64_t zcz_result_count(const zcz_result *result, size_t index, char *key);
/* Probabilities ascending by key. */
ZCZ_API size_t zcz_result_num_probabilities(const zcz_result *result);
ZCZ_API double zcz_result_probability(const zcz_result *result, size_t index, char *key);
ZCZ_API uint32_t zcz_result_num_amplitudes(const zcz_result *result);
ZCZ_API const zcz_complex *zcz_result_amplitudes(const zcz_result *result);
ZCZ_API uint32_t zcz_result_num_expectations(const zcz_result *result);
/* `error`, where not NULL, gets its standard error. */
ZCZ_API double zcz_result_expectation(const zcz_result *result, uint32_t index, double *error);
/* Where program qubits lie on the chip; NULL without one. */
ZCZ_API const uint32_t *zcz_result_layout(const zcz_result *result, bool final, uint32_t *count);
/* complex64 or complex128 amplitudes, 2^n of them, when the state was asked for; else NULL. */
ZCZ_API const void *zcz_result_state(const zcz_result *result, uint64_t *count,
                                     zcz_precision *precision);

/* The result as one JSON object (COMMANDS: "The result"), ended by a newline; zcz_text_free. */
ZCZ_API zcz_status zcz_result_json(const zcz_result *result, char **text,
                                   zcz_error *error) ZCZ_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
