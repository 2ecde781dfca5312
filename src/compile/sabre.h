/* One routing pass over one straight piece of a program, in the manner of SABRE (Li, Ding, Xie 2019;
 * relative scores and release valve as in LightSABRE, arXiv 2409.08368), with gates that commute
 * left free and swaps that join a gate on their coupler preferred. */
#ifndef ZCZ_COMPILE_SABRE_H
#define ZCZ_COMPILE_SABRE_H

#include "compile/placement.h"

/* Shared by all trials; read-only once made. */
typedef struct zcz_sabre_map {
  const zcz_lattice *lattice;
  const zcz_losses *losses;
  uint32_t num_qubits;  /* of the chip, */
  uint32_t num_program; /* of the program */
  uint32_t max_ops;     /* of the longest piece */
  uint32_t max_groups;
  float *distance;    /* num_qubits^2, couplers of more loss being longer; infinite = no way */
  float *swap_weight; /* of each coupler: its loss over the mean one */
  uint16_t *hops;     /* num_qubits^2 */
} zcz_sabre_map;

/* An operation of the block (b = ZCZ_NONE), a swap of two chip qubits, or the end of a body. */
typedef struct zcz_step {
  uint32_t a, b;
} zcz_step;
#define ZCZ_STEP_END UINT32_MAX

enum { ZCZ_SABRE_LEVELS = 12 };

/* What a swap is judged by, beside the ways of the gates that are next. */
typedef struct zcz_sabre_taste {
  float level[ZCZ_SABRE_LEVELS]; /* weight of a gate so many gates ahead */
  float spare;                   /* of all gates that are ready but not next, together */
  float cost;                    /* of one two-qubit gate */
} zcz_sabre_taste;

typedef struct zcz_sabre {
  const zcz_sabre_map *map;
  zcz_context *context;
  void *storage;
  uint32_t *place; /* chip qubit of each program qubit */
  uint32_t *holds; /* program qubit on each chip qubit, ZCZ_NONE = none */
  /* what the run of gates on a coupler costs so far */
  uint32_t *partner;
  uint8_t *run, *run_swap;
  double loss; /* of all that was done */
  uint64_t swaps;
  /* random numbers: the counter of the next */
  uint64_t seed;
  uint32_t trial, pass, draws;
  /* steps taken, where `keep_steps` */
  bool keep_steps;
  const uint8_t *held_back; /* operations of the block that the caller does last; NULL = none */
  zcz_step *steps;
  size_t num_steps, step_capacity;
  /* within one piece */
  uint32_t *waiting; /* groups before each operation that are not done */
  uint32_t *left;    /* operations of each group that are not done */
  uint32_t *ready, num_ready;
  uint32_t *front, num_front;
  uint32_t *near, num_near; /* those of the front that are nearest for both their qubits, */
  uint32_t *ahead, num_ahead, num_spare; /* and what comes after them */
  uint32_t *nearest; /* the operation of the front nearest for each program qubit */
  uint16_t *level;   /* of each operation seen: two-qubit gates since the front */
  float *weight;     /* of each operation ahead */
  uint32_t *head;    /* list of links of each program qubit into near and ahead */
  uint32_t *next;
  uint32_t *seen, stamp;
  uint32_t *queue;
  float *tired; /* of each chip qubit: how much it was swapped of late */
  zcz_sabre_taste taste;
  zcz_error *error;
} zcz_sabre;

zcz_status zcz_sabre_map_make(const zcz_lattice *lattice, const zcz_losses *losses,
                              zcz_sabre_map *map, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_sabre_map_release(zcz_sabre_map *map);

zcz_status zcz_sabre_make(zcz_context *context, const zcz_sabre_map *map, uint64_t seed,
                          zcz_sabre *sabre, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_sabre_release(zcz_sabre *sabre);
/* Starts over from `layout`. */
void zcz_sabre_start(zcz_sabre *sabre, const uint32_t *layout, uint32_t trial, uint32_t pass);

/* Does a whole piece from the layout the state holds, forwards or backwards. `first` is added to the
 * numbers of operations in steps. */
zcz_status zcz_sabre_run(zcz_sabre *sabre, const zcz_dag *dag, uint32_t first,
                         bool backwards) ZCZ_MUST_CHECK;
/* One operation of the block, wherever its qubits now are. */
zcz_status zcz_sabre_do(zcz_sabre *sabre, const zcz_op *op, uint32_t number) ZCZ_MUST_CHECK;
/* One swap of two coupled chip qubits. */
zcz_status zcz_sabre_swap(zcz_sabre *sabre, uint32_t a, uint32_t b) ZCZ_MUST_CHECK;
/* The program qubits on a and b change places at no cost; false where there are none. */
bool zcz_sabre_exchange(zcz_sabre *sabre, uint32_t a, uint32_t b);
zcz_status zcz_sabre_step(zcz_sabre *sabre, uint32_t a, uint32_t b) ZCZ_MUST_CHECK;

#endif
