/* The pass from a compiled circuit to a noisy one. */
#ifndef ZCZ_NOISE_H
#define ZCZ_NOISE_H

#include "zcz/chip.h"
#include "zcz/circuit.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ZCZ_NOISE_RELAXATION = 1,   /* T1 and T2 on every qubit over every interval, not in its readout */
  ZCZ_NOISE_DEPOLARIZING = 2, /* what is left of each gate's published error */
  ZCZ_NOISE_COHERENT = 4,     /* actual minus calibrated angles of FSIM */
  ZCZ_NOISE_READOUT = 8,      /* confusion matrix on the measurements */
  ZCZ_NOISE_ALL = 15
};

typedef struct zcz_noise_options {
  uint32_t parts; /* of the flags above: a switch removes one part and changes no other */
  bool twirl;     /* relaxation and coherent parts become their Pauli twirl */
} zcz_noise_options;

/* `source` is over the chip's qubits, native and scheduled. The fit (with all parts on): total Pauli
 * error of a gate = relaxation in its duration + coherent error + depolarizing rest = the published
 * one. Warnings go to the context (zcz_context_warn) and name the qubits. */
ZCZ_API zcz_status zcz_noise_apply(const zcz_circuit *source, const zcz_chip *chip,
                                   const zcz_noise_options *options, zcz_circuit **result,
                                   zcz_error *error) ZCZ_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
