/* The part of a chip that a program may use, as lists of neighbours; and what a native operation
 * takes and costs there. */
#ifndef ZCZ_COMPILE_LATTICE_H
#define ZCZ_COMPILE_LATTICE_H

#include "zcz/chip.h"
#include "zcz/circuit.h"

typedef struct zcz_lattice {
  const zcz_chip *chip;
  zcz_context *context;
  uint32_t num_qubits; /* of the chip */
  uint32_t num_usable; /* enabled and asked for */
  uint8_t *usable;
  uint32_t *first;     /* links first[q] .. first[q + 1] - 1 leave qubit q */
  uint32_t *neighbour; /* ascending for each qubit; usable qubits over enabled couplers alone */
  uint32_t *coupler;
  uint32_t *link_from; /* the qubit that each link leaves */
  uint32_t *order;     /* the usable qubits, in the order asked for */
} zcz_lattice;

/* `qubits`: chip qubits to use, in order; NULL = all enabled ones. USAGE for a qubit that is not
 * there, is disabled, or is named twice. The chip is borrowed. */
zcz_status zcz_lattice_make(zcz_context *context, const zcz_chip *chip, const uint32_t *qubits,
                            uint32_t num_qubits, zcz_lattice *lattice,
                            zcz_error *error) ZCZ_MUST_CHECK;
void zcz_lattice_release(zcz_lattice *lattice);

/* The usable coupler of two qubits, ZCZ_CHIP_NONE when there is none. */
uint32_t zcz_lattice_coupler(const zcz_lattice *lattice, uint32_t a, uint32_t b);

/* Duration and Pauli error of a GATE, MEASURE, RESET or DELAY; other kinds take and cost nothing.
 * A diagonal one-qubit gate is virtual: 0 ns, no error. *native is false for a gate that the chip
 * does not have there (both values are then 0). */
void zcz_lattice_cost(const zcz_lattice *lattice, const zcz_op *op, double *duration_ns,
                      double *pauli_error, bool *native);

#endif
