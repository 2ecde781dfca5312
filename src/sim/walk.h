/* Running a circuit with control flow, for any engine.
 *
 * A walk is the circuit flattened once into quantum steps with the classical work between them; it
 * never changes afterwards, so threads share it. A position in it (zcz_walker) is a small value
 * that can be copied: that is how an engine branches over outcomes. The engine pulls:
 *
 *   for (;;) {
 *     ZCZ_TRY(zcz_walk_next(walk, &walker, &step, error));
 *     if (step == NULL) break;
 *     ... RUN: apply step->ops;  RESET: reset;  MEASURE: zcz_walk_record(&walker, op, outcome) ...
 *   }
 *   ... then the terminal measurements, walk->terminals, in order ...
 *
 * Random numbers of an operation: site = its number (step->sites[i], walk->terminal_sites[i]), draw
 * = walker.visit, which differs whenever the same operation runs again within one shot. */
#ifndef ZCZ_SIM_WALK_H
#define ZCZ_SIM_WALK_H

#include "zcz/circuit.h"

/* Times a shot may enter a block of IF or WHILE before it is refused (UNABLE). */
enum { ZCZ_WALK_VISITS = 1000000 };

typedef enum zcz_step_kind { ZCZ_STEP_RUN, ZCZ_STEP_MEASURE, ZCZ_STEP_RESET } zcz_step_kind;

typedef struct zcz_step {
  zcz_step_kind kind;
  uint32_t run;      /* RUN: its number, 0 .. walk->num_runs - 1, the same at every visit, so that
                            an engine may keep a plan for it */
  uint32_t loops;    /* WHILE blocks around it */
  size_t count;      /* RUN: operations, at least 1; MEASURE, RESET: 1 */
  const zcz_op *ops; /* RUN: GATE, UNITARY and CHANNEL only */
  const uint32_t *sites; /* numbers of the operations, counted through all blocks in order */
} zcz_step;

/* Read-only. */
typedef struct zcz_walk {
  const zcz_circuit *circuit; /* borrowed */
  uint32_t num_bits, num_variables;
  uint32_t num_runs;
  size_t num_steps;
  const zcz_step *steps; /* in the order of the text */
  /* Measurements at the end of the program: nothing later acts on the qubit (barriers and delays
   * aside), reads the bit or writes it. They are no steps. */
  size_t num_terminals;
  const zcz_op *terminals;
  const uint32_t *terminal_sites;
  bool has_loop;
  struct zcz_walk_code *code; /* private */
} zcz_walk;

/* UNABLE when out of memory, or when blocks used many times unfold past 10^7 operations. */
zcz_status zcz_walk_new(const zcz_circuit *circuit, zcz_walk **walk,
                        zcz_error *error) ZCZ_MUST_CHECK;
/* NULL is legal. */
void zcz_walk_free(zcz_walk *walk);

/* A position, and the classical memory at it. */
typedef struct zcz_walker {
  uint32_t place; /* next instruction; equal places and memories have equal futures */
  uint32_t visit; /* blocks entered so far */
  uint8_t *bits;  /* one byte (0, 1) a classical bit */
  zcz_value *variables;
} zcz_walker;

/* At the start, bits 0, variables at their initial values. Its memory is released by
 * zcz_walker_release; a zeroed walker may be released too. */
zcz_status zcz_walker_start(const zcz_walk *walk, zcz_walker *walker,
                            zcz_error *error) ZCZ_MUST_CHECK;
/* Back to the start; allocates nothing. */
void zcz_walker_restart(const zcz_walk *walk, zcz_walker *walker);
/* `target` is started; it becomes as `source`. */
void zcz_walker_copy(const zcz_walk *walk, zcz_walker *target, const zcz_walker *source);
/* Same place and same memory. */
bool zcz_walker_equal(const zcz_walk *walk, const zcz_walker *a, const zcz_walker *b);
void zcz_walker_release(const zcz_walk *walk, zcz_walker *walker);

/* Does the classical work up to the next quantum step and passes it; NULL at the end. UNABLE,
 * naming the line, past ZCZ_WALK_VISITS. Thread-safe for different walkers. */
zcz_status zcz_walk_next(const zcz_walk *walk, zcz_walker *walker, const zcz_step **step,
                         zcz_error *error) ZCZ_MUST_CHECK;
/* Writes the outcome (0, 1) of a measurement into its bit, if it has one. */
static inline void zcz_walk_record(zcz_walker *walker, const zcz_op *op, int outcome) {
  if (op->bit != ZCZ_NONE) walker->bits[op->bit] = (uint8_t)outcome;
}

#endif
