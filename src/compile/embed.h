/* Inside of the search for a perfect placement. */
#ifndef ZCZ_COMPILE_EMBED_H
#define ZCZ_COMPILE_EMBED_H

#include "compile/placement.h"

typedef struct zcz_embedding {
  const zcz_program *program;
  const zcz_lattice *lattice;
  const zcz_losses *losses;
  zcz_context *context;
  uint64_t seed;
  uint32_t draws, stream;
  uint32_t num_program, num_chip;
  /* order[0 .. num_order - 1]: the qubits that interact, each (but the first of a part of the
   * program) after a partner of it, parent[] */
  uint32_t *order, *parent;
  uint32_t num_order;
  uint32_t *layout; /* chip qubit of each program qubit, ZCZ_NONE = none yet */
  uint32_t *holds;  /* program qubit of each chip qubit */
  uint32_t *need;   /* partners of each program qubit not yet placed */
  uint32_t *open;   /* free neighbours of each chip qubit */
  uint32_t *path;   /* room for two words a chip qubit */
  double *rest;     /* least loss of order[i ..] */
  /* the search */
  bool by_loss; /* candidates of least loss first, else the tightest corners first */
  uint64_t nodes, budget;
  double best_loss; /* of the best layout found */
  uint32_t *best;
  bool found, stop_at_first;
} zcz_embedding;

/* [0, 1), the next of the stream. */
double zcz_embedding_draw(zcz_embedding *e);
/* Loss that program qubit k adds at chip qubit q: its own and its couplers to placed partners;
 * infinite where a placed partner is not coupled to q. */
double zcz_embedding_loss_at(const zcz_embedding *e, uint32_t k, uint32_t q);
/* Layout, holds, need and open as before anything is placed. */
void zcz_embedding_clear(zcz_embedding *e);

/* Looks for a placement of all of order[] by bounded backtracking, and for better ones while the
 * budget lasts. Returns true when the search was complete. */
bool zcz_embedding_search(zcz_embedding *e);

/* Programs whose parts are all chains, or which are one ring: places them along one long path or
 * ring of the lattice that grows by turning its ends (Posa's rotations). Fills layout. */
bool zcz_embedding_chains(const zcz_embedding *e);
bool zcz_embedding_along_path(zcz_embedding *e, uint32_t steps);

/* Lowers the loss of a complete layout by moves and exchanges that keep every pair on a coupler,
 * cooling from `steps` on. */
void zcz_embedding_improve(zcz_embedding *e, uint32_t steps);

#endif
