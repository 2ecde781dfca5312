/* The passes of the compiler, each circuit -> circuit. zcz_compile() strings them together:
 *
 *   expand -> simplify -> place_and_route -> native -> schedule
 *
 * All keep control flow (each block of the source becomes a block), barriers, noise channels (no
 * gate is moved or merged across one), delays, and global phase only where it costs nothing. */
#ifndef ZCZ_COMPILE_PASSES_H
#define ZCZ_COMPILE_PASSES_H

#include "zcz/chip.h"
#include "zcz/circuit.h"

/* Every GATE and UNITARY to operations on at most two qubits (controls included): multi-controlled
 * gates, matrices of up to six qubits. Adds no qubits. */
zcz_status zcz_pass_expand(const zcz_circuit *source, zcz_circuit **result,
                           zcz_error *error) ZCZ_MUST_CHECK;

/* What cancels or adds up once gates that commute change places (CX, CZ, rotations; one-qubit
 * neighbours become one matrix). For expanded circuits that may be changed, before they are placed. */
zcz_status zcz_pass_simplify(const zcz_circuit *source, zcz_circuit **result,
                             zcz_error *error) ZCZ_MUST_CHECK;

typedef struct zcz_routing {
  zcz_circuit *circuit;      /* over the chip's qubits; SWAP gates put in */
  uint32_t *initial, *final; /* as in zcz_compiled; from zcz_memory_allocate */
  uint64_t swaps;
} zcz_routing;
struct zcz_compile_options;

/* Places an expanded circuit and routes its two-qubit operations along enabled couplers. With
 * AS_WRITTEN: checks and renames only. */
zcz_status zcz_pass_place_and_route(const zcz_circuit *source, const zcz_chip *chip,
                                    const struct zcz_compile_options *options, zcz_routing *routing,
                                    zcz_error *error) ZCZ_MUST_CHECK;

/* A placed circuit (every two-qubit operation on an enabled coupler) to native gates: runs of
 * two-qubit operations on one coupler merged and resynthesised (KAK) into the coupler's gate that
 * loses least, SWAPs absorbed into neighbours where that saves gates, one-qubit runs into X2P, X2M,
 * Y2P, Y2M, XY2P, XY2M and virtual RZ. `keep_as_written`: nothing is merged; a gate that is native
 * stays, another is replaced in place. */
zcz_status zcz_pass_native(const zcz_circuit *source, const zcz_chip *chip, bool keep_as_written,
                           zcz_circuit **result, zcz_error *error) ZCZ_MUST_CHECK;

/* As soon as possible: sets start_ns and duration_ns of every operation (virtual RZ: 0), terminal
 * measurements together at the end, in the order of the source's bits. Barriers align. */
zcz_status zcz_pass_schedule(const zcz_circuit *source, const zcz_chip *chip, zcz_circuit **result,
                             double *duration_ns, zcz_error *error) ZCZ_MUST_CHECK;

/* Only the qubits and operations that reach a measurement (or `keep`: qubits whose final state
 * matters, may be NULL). Every ZCZ_OP_ASSIGN, WHILE and measurement is kept, an IF unless nothing is
 * left in it. Diagonal gates that only turn phases of measured qubits go too: every outcome's
 * probability stays exactly as it was. Global phase is kept where `keep` names a qubit. The result
 * has the same qubit, bit and block numbers. */
zcz_status zcz_pass_light_cone(const zcz_circuit *source, const bool *keep, zcz_circuit **result,
                               zcz_error *error) ZCZ_MUST_CHECK;

/* Groups of qubits and bits that never interact (a gate, channel, shared classical bit or condition
 * joins; barriers and delays do not, each component gets its part of one), each as its own circuit
 * on few qubits and bits, ordered by lowest qubit (those without qubits last). A qubit that no
 * operation touches is in none: it stays |0>; a bit that nothing writes or reads is in none: it
 * stays 0. A global phase on no qubits goes to the first component. One array of `count`. */
typedef struct zcz_component {
  zcz_circuit *circuit;
  uint32_t num_qubits, num_bits;
  uint32_t *qubits; /* the source's qubit of each qubit of the component, ascending */
  uint32_t *bits;   /* likewise for bits */
} zcz_component;
zcz_status zcz_split_components(const zcz_circuit *source, zcz_component **components,
                                uint32_t *count, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_components_free(zcz_context *context, zcz_component *components, uint32_t count);

#endif
