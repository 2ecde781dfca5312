/* A run of operations with noise channels, made ready for trajectories.
 *
 * Each channel becomes sites. A site acts in its ordinary way (the identity, one unitary, or one
 * Kraus operator K0, left unnormalised) unless an event is drawn there. The chance of an event is a
 * number that does not depend on the state: the weight of the other unitaries of a mixture, or, for
 * general Kraus operators, the bound 1 - (smallest eigenvalue of K0^dagger K0) on the chance that K0
 * does not act. In the second case the state decides at the event which operator acts, K0 included.
 * So the events of a shot are drawn before anything is simulated, and they are few. */
#ifndef ZCZ_SIM_STATEVECTOR_TRAJECTORY_NOISE_H
#define ZCZ_SIM_STATEVECTOR_TRAJECTORY_NOISE_H

#include "sim/walk.h"
#include "sim/statevector/state.h"

typedef struct zcz_noise_choice {
  double limit;      /* mixture: cumulative probability, this choice included */
  const zcz_op *ops; /* mixture: what acts instead */
  uint32_t num_ops;
  const zcz_complex *kraus; /* general: 4^k entries */
} zcz_noise_choice;

typedef struct zcz_noise_site {
  size_t op;       /* in the run's ordinary operations: acts before it, or is it */
  bool has_base;   /* it is: the event takes the place of that operation */
  bool decides;    /* the state decides which Kraus operator acts */
  uint32_t number; /* of its random numbers */
  uint32_t k;
  uint32_t qubits[2];
  double rate;          /* chance of an event */
  uint32_t num_choices; /* of a mixture's event; Kraus operators other than K0 */
  const zcz_noise_choice *choices;
} zcz_noise_site;

typedef struct zcz_noise_event {
  uint32_t site;   /* number within the run, ascending in a shot's list */
  uint32_t choice; /* UINT32_MAX where the state decides */
  double x;        /* uniform in [0, rate) */
} zcz_noise_event;

/* Sites whose rates are within a factor of 2: the gaps between events among them are geometric. */
typedef struct zcz_noise_class {
  double rate;     /* at least that of each member */
  double scale;    /* 1 / log(1 - rate) */
  uint32_t number; /* of its random numbers: of its first site */
  uint32_t count;
  uint32_t *sites;
} zcz_noise_class;

enum { ZCZ_NOISE_CLASS_SITES = 2048, ZCZ_NOISE_CLASS_DRAWS = 4096 };

typedef struct zcz_noise_run {
  size_t num_ops;
  zcz_op *ops; /* ordinary operations: GATE, UNITARY (K0 need not be unitary) */
  size_t num_sites;
  zcz_noise_site *sites; /* in the order of the operations */
  uint32_t num_classes;
  zcz_noise_class *classes;
  double events;                 /* expected in a shot */
  double decay;                  /* log2 of a lower bound on the product of the norms of all K0 */
  struct zcz_noise_store *store; /* private */
} zcz_noise_run;

/* `step` is a RUN; its operations are borrowed. */
zcz_status zcz_noise_run_make(zcz_context *context, const zcz_step *step, zcz_noise_run *run,
                              zcz_error *error) ZCZ_MUST_CHECK;
/* A zeroed one is legal. */
void zcz_noise_run_release(zcz_context *context, zcz_noise_run *run);

/* Appends the events of one shot at one visit to a list. */
zcz_status zcz_noise_draw(zcz_context *context, const zcz_noise_run *run, uint64_t seed,
                          uint64_t shot, uint32_t visit, zcz_noise_event **events, size_t *count,
                          size_t *capacity, zcz_error *error) ZCZ_MUST_CHECK;

/* log2 of a lower bound on the norm of K0 psi / psi at a site; 0 for mixtures. */
double zcz_noise_site_decay(const zcz_noise_site *site);

#endif
