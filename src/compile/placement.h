/* Inside of zcz_pass_place_and_route: what placing and routing know of a program and a chip. */
#ifndef ZCZ_COMPILE_PLACEMENT_H
#define ZCZ_COMPILE_PLACEMENT_H

#include "compile/dag.h"
#include "compile/lattice.h"
#include "compile/passes.h"
#include "zcz/compile.h"

/* Losses as -log(1 - Pauli error): they add up where fidelities multiply. */
typedef struct zcz_losses {
  double *coupler;   /* of one two-qubit gate, by the chip's couplers */
  double *one_qubit; /* of one pulse, by the chip's qubits */
  double *readout;
} zcz_losses;

/* A pair of program qubits that interact, and how many two-qubit gates that may take. */
typedef struct zcz_pair {
  uint32_t a, b;
  double uses;
} zcz_pair;

/* A straight piece of a block: operations first .. first + dag.num_ops - 1 of it. */
typedef struct zcz_segment {
  zcz_dag dag;
  uint32_t first;
} zcz_segment;

typedef struct zcz_program {
  const zcz_circuit *source;
  zcz_context *context;
  uint32_t num_qubits;
  uint32_t num_ops; /* all but IF, WHILE and ASSIGN, of all blocks, in the order of the text */
  const zcz_op **ops;
  uint32_t num_pairs;
  zcz_pair *pairs;
  uint32_t *first; /* links first[q] .. first[q + 1] - 1 of program qubit q */
  uint32_t *neighbour;
  uint32_t *pair;
  double *pulses;   /* one-qubit gates of each qubit, */
  double *readouts; /* and its measurements */
} zcz_program;

zcz_status zcz_losses_make(const zcz_lattice *lattice, zcz_losses *losses,
                           zcz_error *error) ZCZ_MUST_CHECK;
void zcz_losses_release(zcz_context *context, zcz_losses *losses);

zcz_status zcz_program_make(const zcz_circuit *source, zcz_program *program,
                            zcz_error *error) ZCZ_MUST_CHECK;
void zcz_program_release(zcz_program *program);

/* Loss of a placement in which every pair lies on a coupler; infinite where one does not. */
double zcz_placement_loss(const zcz_program *program, const zcz_lattice *lattice,
                          const zcz_losses *losses, const uint32_t *layout);

/* A layout with every pair on a coupler and little loss. *found is false where there is none, or
 * none was found within the bounds of the search. */
zcz_status zcz_embed(const zcz_program *program, const zcz_lattice *lattice,
                     const zcz_losses *losses, uint64_t seed, uint32_t *layout, bool *found,
                     zcz_error *error) ZCZ_MUST_CHECK;

/* Routes along the lattice; `fixed` = start from routing->initial, else choose it too. */
zcz_status zcz_route(const zcz_program *program, const zcz_lattice *lattice,
                     const zcz_losses *losses, uint64_t seed, bool fixed, zcz_routing *routing,
                     zcz_error *error) ZCZ_MUST_CHECK;

/* The source with its qubits renamed by `layout` onto the chip's. */
zcz_status zcz_rename_qubits(const zcz_circuit *source, uint32_t num_chip_qubits,
                             const uint32_t *layout, zcz_circuit **result,
                             zcz_error *error) ZCZ_MUST_CHECK;

/* Layouts that the caller fixes, with their complaints. */
zcz_status zcz_layout_check_room(const zcz_lattice *lattice, uint32_t num_qubits,
                                 zcz_error *error) ZCZ_MUST_CHECK;
void zcz_layout_in_order(const zcz_program *program, const zcz_lattice *lattice, uint32_t *layout);
zcz_status zcz_layout_by_label(const zcz_program *program, const zcz_lattice *lattice,
                               uint32_t *layout, zcz_error *error) ZCZ_MUST_CHECK;
zcz_status zcz_layout_check_couplers(const zcz_program *program, const zcz_lattice *lattice,
                                     const uint32_t *layout, zcz_error *error) ZCZ_MUST_CHECK;

#endif
