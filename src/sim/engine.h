/* The one interface of all engines. An engine is a table of functions; `open` does what does not
 * depend on shots, then any of the other calls may follow, then `close`. Engines see a circuit and a
 * task and nothing else: no chip, no options of the command. */
#ifndef ZCZ_SIM_ENGINE_H
#define ZCZ_SIM_ENGINE_H

#include "zcz/circuit.h"
#include "zcz/accuracy.h"
#include "zcz/observable.h"

/* What the caller will ask of an engine for one circuit. */
typedef struct zcz_task {
  zcz_precision precision;
  uint64_t seed;
  uint64_t shots;          /* 0 = none */
  bool probabilities;      /* exact distribution of the classical memory; of all qubits (qubit i
                                  = bit i) where the circuit measures nothing */
  bool state;              /* all amplitudes */
  uint64_t num_amplitudes; /* of given basis states */
  uint32_t num_observables;
  const zcz_observable *const *observables;
} zcz_task;

/* An engine's answer to "can you, and at what price", computed from the circuit and the task alone
 * (never from clocks or free memory), so that a ranking by it is the same everywhere. */
typedef struct zcz_judgement {
  bool able;
  char reason[320]; /* not able: why, with numbers. Able: what it would do, in a few words */
  zcz_accuracy accuracy;
  uint64_t bytes;       /* at the peak; UINT64_MAX when beyond it */
  double seconds;       /* on one thread of a nominal 2025 core; forecast, not promise */
  bool works_in_sample; /* each shot is simulated: sample() is the work, not the drawing of shots */
} zcz_judgement;

/* Probabilities of classical memories, ascending by key, zeros left out. */
typedef struct zcz_distribution {
  uint32_t num_bits;
  uint32_t words; /* 64-bit words per key, bit 0 of word 0 = classical bit 0 */
  size_t count;
  uint64_t *keys; /* count * words */
  double *probabilities;
} zcz_distribution;

typedef struct zcz_engine {
  const char *name;
  const char *text;         /* one line for help and docs */
  const char *reproducible; /* "everywhere", "this-cpu", "this-device" */

  void (*judge)(const zcz_circuit *circuit, const zcz_task *task, zcz_judgement *judgement);

  /* `*run` is the engine's own; `circuit` and `task` are borrowed until close. `context` is the
   * circuit's own: all memory is counted in one place. Cancels with
   * ZCZ_ERROR_CANCELLED; asks zcz_memory_admit before big allocations. */
  zcz_status (*open)(zcz_context *context, const zcz_circuit *circuit, const zcz_task *task,
                     void **run, zcz_error *error);
  /* Shots first .. first + count - 1, bit s of columns[b * words + s / 64] = classical bit b of shot
   * first + s, words = (count + 63) / 64, all words written, unused high bits zero. The result of a
   * shot depends on its number and the seed alone, not on how calls cut the range. Any thread count.
   * A circuit that measures nothing has no columns. */
  zcz_status (*sample)(void *run, uint64_t first, uint64_t count, uint64_t *columns,
                       zcz_error *error);
  void (*close)(void *run);

  /* Optional, NULL where an engine never can; judge() says so where it cannot for this task. */
  zcz_status (*probabilities)(void *run, zcz_distribution *distribution, zcz_error *error);
  /* Amplitudes offset .. offset + count - 1 as interleaved re, im: float for SINGLE, else double. */
  zcz_status (*state)(void *run, uint64_t offset, uint64_t count, void *amplitudes,
                      zcz_error *error);
  /* Basis states as keys of `words` 64-bit words each, bit i = qubit i. */
  zcz_status (*amplitudes)(void *run, uint64_t count, uint32_t words, const uint64_t *keys,
                           zcz_complex *amplitudes, zcz_error *error);
  /* One value an observable, with its standard error (0 where exact). */
  zcz_status (*expectations)(void *run, double *values, double *errors, zcz_error *error);
} zcz_engine;

/* The table, in order of preference between equals. */
const zcz_engine *const *zcz_engines(uint32_t *count);
const zcz_engine *zcz_engine_by_name(const char *name); /* NULL = none */

void zcz_distribution_release(zcz_context *context, zcz_distribution *distribution);

#endif
