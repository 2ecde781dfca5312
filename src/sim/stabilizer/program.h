/* A circuit made ready for Pauli frames: straight-line operations on columns of shots, with the
 * outcomes of one noiseless reference shot in them. A shot differs from the reference by a Pauli,
 * its frame: a bit for X and one for Z on every qubit. Frames begin with a random Z on each qubit
 * (|0> does not feel it), gates map them, noise toggles them, a measurement adds the X bit to the
 * reference outcome and makes the Z bit random again, which gives random outcomes their spread. */
#ifndef ZCZ_SIM_STABILIZER_PROGRAM_H
#define ZCZ_SIM_STABILIZER_PROGRAM_H

#include "sim/stabilizer/noise.h"
#include "sim/stabilizer/tableau.h"

typedef enum zcz_frame_kind {
  ZCZ_FRAME_RANDOM_Z, /* a: Z bit := random of number c */
  ZCZ_FRAME_H,        /* X <-> Z on a */
  ZCZ_FRAME_S,        /* Z += X */
  ZCZ_FRAME_SX,       /* X += Z */
  ZCZ_FRAME_XYZ,      /* X -> Y -> Z -> X */
  ZCZ_FRAME_ZYX,      /* Z -> Y -> X -> Z */
  ZCZ_FRAME_CX,       /* control a, target b */
  ZCZ_FRAME_CZ,
  ZCZ_FRAME_SWAP,
  ZCZ_FRAME_PAIR,    /* any other Clifford operation on a, b, see images */
  ZCZ_FRAME_NOISE,   /* Pauli channel of table c on a (and b) */
  ZCZ_FRAME_MEASURE, /* a into bit b; reference outcome; Z random of number c */
  ZCZ_FRAME_READOUT, /* readout error of table c on bit b */
  ZCZ_FRAME_RESET,   /* a: X := 0, Z := random of number c */
  ZCZ_FRAME_IF       /* conditional number c */
} zcz_frame_kind;

typedef struct zcz_frame_op {
  uint8_t kind;
  uint8_t reference; /* MEASURE: outcome of the reference shot */
  uint16_t images;   /* gates: images of X a, Z a, X b, Z b, four bits each (clifford.h) */
  uint32_t a, b;     /* b = ZCZ_NONE: one qubit, or no bit */
  uint32_t c;        /* ZCZ_NONE = no random number wanted */
} zcz_frame_op;

/* Where the condition is not what it was in the reference shot, Paulis toggle. */
typedef struct zcz_frame_condition {
  uint32_t expression;
  bool reference;
  uint32_t first, count;        /* toggles */
  uint32_t first_bit, num_bits; /* classical bits that the expression reads, in bits_read */
} zcz_frame_condition;

typedef struct zcz_frame_toggle {
  uint32_t qubit;
  uint32_t pauli; /* bit 0 X, bit 1 Z */
} zcz_frame_toggle;

typedef struct zcz_frame_program {
  zcz_context *context;
  const zcz_circuit *circuit; /* borrowed */
  uint32_t num_qubits, num_bits;
  size_t num_ops, ops_capacity;
  zcz_frame_op *ops;
  uint32_t num_randoms;
  zcz_noise_tables noise;
  size_t num_conditions, conditions_capacity;
  zcz_frame_condition *conditions;
  size_t num_toggles, toggles_capacity;
  zcz_frame_toggle *toggles;
  size_t num_bits_read, bits_read_capacity;
  uint32_t *bits_read;
  zcz_value *variables; /* initial values: a program for frames assigns none */
} zcz_frame_program;

/* Can frames run it: no WHILE, no ASSIGN, IF only around Paulis? The circuit is Clifford with Pauli
 * noise. */
bool zcz_frames_can(const zcz_circuit *circuit, zcz_clifford_cache *cache);

/* Runs the reference shot and compiles. With `measure_all`, every qubit is measured at the end, qubit
 * q into bit q (for circuits without bits of their own). */
zcz_status zcz_frame_program_new(const zcz_circuit *circuit, bool measure_all,
                                 zcz_frame_program **program, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_frame_program_free(zcz_frame_program *program); /* NULL is legal */

#endif
