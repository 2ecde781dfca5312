/* What is simulated for a job: the circuit after compiling and noise, cut by light cone and into
 * parts that never interact, each with its engine. */
#ifndef ZCZ_RUN_PARTS_H
#define ZCZ_RUN_PARTS_H

#include "compile/passes.h"
#include "sim/engine.h"
#include "zcz/job.h"

/* One question asked of a circuit, and the parts it falls into. */
typedef struct zcz_view {
  zcz_circuit *circuit;      /* owned; with its measurements, or without for the state view */
  zcz_task task;             /* of the whole; parts get their own seed and observables */
  zcz_component *components; /* owned; num_qubits = 0 where the circuit has nothing to simulate */
  uint32_t num_components;
  zcz_task *tasks;            /* one a component */
  const zcz_engine **engines; /* one a component, NULL until planned */
  zcz_judgement *judgements;  /* what it said of the component */
  /* Products of Paulis of all observables, cut to each component: see observables.c. */
  struct zcz_factored *factored;
} zcz_view;

typedef struct zcz_prepared {
  zcz_context *context;
  zcz_circuit *source;    /* owned: the program, measured on all qubits where it did not say */
  zcz_compiled *compiled; /* owned; NULL without a chip */
  zcz_circuit *noisy;     /* owned; NULL without a chip */
  bool own_noise;
  uint64_t num_operations;      /* of the program as given */
  zcz_observable **observables; /* owned */
  uint32_t num_observables;
  bool wants_samples; /* shots or probabilities: `samples` is there */
  bool wants_state;   /* state, amplitudes or expectations: `pure` is there */
  zcz_view samples, pure;
  double compile_seconds;
} zcz_prepared;

/* Compiles, adds noise, cuts into parts. `options` is borrowed until zcz_prepared_free. */
zcz_status zcz_prepare(const zcz_circuit *circuit, const zcz_job_options *options,
                       zcz_prepared *prepared, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_prepared_free(zcz_prepared *prepared);

/* Judges every engine on every part and chooses: fills the engines of the views and `plan` (its
 * rows). UNABLE, with each engine's reason, where no engine can or fits and `must` is set. */
zcz_status zcz_choose(zcz_prepared *prepared, const zcz_job_options *options, bool must,
                      zcz_plan *plan, zcz_error *error) ZCZ_MUST_CHECK;

/* observables.c: the strings of the job's observables cut to the parts of `view`. */
zcz_status zcz_factor_observables(zcz_prepared *prepared, zcz_view *view,
                                  zcz_error *error) ZCZ_MUST_CHECK;
void zcz_factored_free(zcz_context *context, zcz_view *view);
/* Puts the parts' values together: values[c] and errors[c] are what component c's engine gave for
 * its task's observables; one value and error for each observable of the job. */
void zcz_combine_observables(const zcz_prepared *prepared, const zcz_view *view,
                             double *const *values, double *const *errors, double *result,
                             double *result_errors);

#endif
