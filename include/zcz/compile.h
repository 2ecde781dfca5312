/* From any circuit to a chip's native gates on its qubits. */
#ifndef ZCZ_COMPILE_H
#define ZCZ_COMPILE_H

#include "zcz/chip.h"
#include "zcz/circuit.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zcz_layout_mode {
  ZCZ_LAYOUT_AUTO,      /* placed and routed for the least loss */
  ZCZ_LAYOUT_TRIVIAL,   /* qubit i on the i-th enabled qubit, or the i-th of `qubits`; may route */
  ZCZ_LAYOUT_AS_WRITTEN /* the same, USAGE where a coupler is missing; nothing is merged or moved, a
                            gate that is not native is replaced in place (so repeated gates stay
                            repeated, as benchmarking wants). A circuit whose qubits have labels
                            (QCIS) puts label k on the chip's qubit named "Qk" */
} zcz_layout_mode;

typedef struct zcz_compile_options {
  zcz_layout_mode layout;
  const uint32_t *qubits; /* chip qubits to use, in order; NULL = all enabled */
  uint32_t num_qubits;
  uint64_t seed;
} zcz_compile_options;

typedef struct zcz_compiled {
  zcz_circuit *circuit; /* over the chip's qubits; native gates; scheduled; terminal measurements
                            last, in the order of the source's bits */
  uint32_t num_program_qubits;
  uint32_t *initial; /* chip qubit of each program qubit before, */
  uint32_t *final;   /* and after */
  uint64_t two_qubit_gates;
  uint64_t operations; /* gates, measurements and resets; virtual Z not counted */
  uint64_t depth;      /* layers of operations, virtual Z not counted */
  uint64_t swaps;      /* put in by routing */
  double duration_ns;  /* measurement included */
  double fidelity;     /* product of 1 - error of every gate and measurement, Pauli errors */
} zcz_compiled;

ZCZ_API zcz_status zcz_compile(const zcz_circuit *source, const zcz_chip *chip,
                               const zcz_compile_options *options, zcz_compiled **compiled,
                               zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API void zcz_compiled_free(zcz_context *context, zcz_compiled *compiled);

#ifdef __cplusplus
}
#endif
#endif
