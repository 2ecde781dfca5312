/* The inside of trajectories; only src/sim/statevector/trajectory*.c look into it. */
#ifndef ZCZ_SIM_STATEVECTOR_TRAJECTORY_INTERNAL_H
#define ZCZ_SIM_STATEVECTOR_TRAJECTORY_INTERNAL_H

#include "sim/statevector/state.h"
#include "sim/statevector/trajectory.h"
#include "sim/statevector/trajectory_noise.h"

/* A stretch of a run: shots without an event in it take its plan, the others a plan of their own. */
typedef struct zcz_stretch {
  size_t first_op, end_op;
  uint32_t first_site, end_site;
  bool renormalise; /* afterwards, lest the norm of repeated K0 underflow */
  zcz_sv_plan *plan;
} zcz_stretch;

typedef struct zcz_prepared {
  zcz_noise_run noise;
  uint32_t num_stretches;
  zcz_stretch *stretches;
} zcz_prepared;

struct zcz_trajectory {
  zcz_context *context;
  const zcz_circuit *circuit;
  const zcz_task *task;
  zcz_walk *walk;
  zcz_prepared *runs;  /* one a RUN of the walk */
  bool noisy;          /* some run has sites */
  double shot_seconds; /* forecast */
  size_t num_strings;  /* Pauli strings of all observables, in order */
  zcz_sv_pauli *strings;
};

/* Up to this width each thread has its own states and its own shots; above, all threads work on one
 * state. */
enum { ZCZ_TRAJECTORY_OWN_QUBITS = 20, ZCZ_TRAJECTORY_MAX_LEVELS = 24 };

/* States that are alive at one time along a chain of shots that parted ways. */
uint32_t zcz_trajectory_levels(uint32_t qubits, zcz_precision precision, uint64_t shots);

/* What one thread works with. Level 0 is where all its shots begin together; those that part from
 * the others go to the next level with a copy; at the last level there is one shot at a time. */
typedef struct zcz_trajectory_worker {
  const zcz_trajectory *trajectory;
  uint32_t levels;
  int threads; /* of its states; 0 = all */
  zcz_sv *states[ZCZ_TRAJECTORY_MAX_LEVELS];
  zcz_walker walkers[ZCZ_TRAJECTORY_MAX_LEVELS];
  bool reports; /* this one reports progress */
  uint64_t reported;
  double total_shots;

  size_t num_shots;
  struct zcz_trajectory_shot *shots;   /* permuted while they part */
  struct zcz_trajectory_shot *scratch; /* for permuting */
  size_t shots_capacity, scratch_capacity;
  zcz_noise_event *events; /* a stack */
  size_t num_events, events_capacity;
  zcz_op *ops; /* of a stretch with events */
  size_t num_ops, ops_capacity;
  double *uniforms;
  uint64_t *indices;
  size_t uniforms_capacity, indices_capacity;

  uint64_t first;    /* shot of column bit 0 */
  uint64_t words;    /* of a column */
  uint64_t *columns; /* or NULL */
  double *values;    /* expectation values, one row of observables a shot from `first`; or NULL */
  double *parts;     /* work space: one a string */
  zcz_error *error;
} zcz_trajectory_worker;

typedef struct zcz_trajectory_shot {
  uint64_t number;
  size_t at, end; /* its events that are to come in this run, in the worker's stack */
} zcz_trajectory_shot;

/* Runs shots first .. first + count - 1. */
zcz_status zcz_trajectory_follow(zcz_trajectory_worker *worker, uint64_t first,
                                 uint64_t count) ZCZ_MUST_CHECK;

/* Expectation values of all observables in a state. `parts` has room for every string. */
zcz_status zcz_trajectory_observe(const zcz_trajectory *trajectory, const zcz_sv *state,
                                  double *parts, double *values, zcz_error *error) ZCZ_MUST_CHECK;

/* May the outcomes be enumerated? At most this many branches in all. */
enum { ZCZ_TRAJECTORY_MAX_BRANCHES = 65536, ZCZ_TRAJECTORY_MAX_EXACT_QUBITS = 24 };
bool zcz_trajectory_can_enumerate(const zcz_walk *walk, const char **why);
/* Exact values over all outcomes; either may be NULL. */
zcz_status zcz_trajectory_enumerate(const zcz_trajectory *trajectory,
                                    zcz_distribution *distribution, double *values,
                                    zcz_error *error) ZCZ_MUST_CHECK;

#endif
