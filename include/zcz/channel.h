/* The table of noise channels, as operations of a circuit. */
#ifndef ZCZ_CHANNEL_H
#define ZCZ_CHANNEL_H

#include "zcz/complex.h"
#include "zcz/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ROW(enumerator, name, qubits (0 = any), params (-1 = any), text). */
#define ZCZ_CHANNEL_LIST(ROW)                                                                      \
  ROW(PAULI1, "pauli_channel", 1, 3, "(px, py, pz)")                                               \
  ROW(PAULI2, "pauli_channel_2", 2, 15,                                                            \
      "probabilities of IX IY IZ XI .. ZZ: entry 4 a + b - 1, a on the first qubit, I X Y Z = "    \
      "0..3")                                                                                      \
  ROW(DEPOLARIZE1, "depolarizing", 1, 1, "X, Y, Z at p/3 each")                                    \
  ROW(DEPOLARIZE2, "two_qubit_depolarizing", 2, 1, "the 15 Paulis at p/15 each")                   \
  ROW(AMPLITUDE_DAMPING, "amplitude_damping", 1, 1,                                                \
      "(gamma): 1 decays to 0 with probability gamma")                                             \
  ROW(GENERALIZED_AMPLITUDE_DAMPING, "generalized_amplitude_damping", 1, 2,                        \
      "(gamma, p): with weight p damping to 0, with 1 - p to 1")                                   \
  ROW(PHASE_DAMPING, "phase_damping", 1, 1, "(lambda): off-diagonals times sqrt(1 - lambda)")      \
  ROW(RELAXATION, "relaxation", 1, 2,                                                              \
      "(gamma, eta): 1 decays to 0 with probability gamma = 1 - exp(-t/T1), off-diagonals times "  \
      "eta "                                                                                       \
      "= exp(-t/T2) <= sqrt(1 - gamma)")                                                           \
  ROW(KRAUS, "kraus", 0, -1, "Kraus matrices, each row-major re, im pairs")

#define ZCZ_CHANNEL_ENUMERATOR(enumerator, name, qubits, params, text) ZCZ_CHANNEL_##enumerator,
typedef enum zcz_channel { ZCZ_CHANNEL_LIST(ZCZ_CHANNEL_ENUMERATOR) ZCZ_CHANNEL_COUNT } zcz_channel;
#undef ZCZ_CHANNEL_ENUMERATOR

typedef struct zcz_channel_info {
  const char *name;
  const char *text;
  uint8_t qubits;
  int8_t params;
} zcz_channel_info;

ZCZ_API const zcz_channel_info *zcz_channel_describe(zcz_channel channel);

enum { ZCZ_MAX_CHANNEL_QUBITS = 2, ZCZ_MAX_KRAUS = 16 };

/* USAGE unless the parameters are a channel: probabilities within [0, 1] and sums <= 1, relaxation
 * within its bound, Kraus matrices complete to 1e-6. */
ZCZ_API zcz_status zcz_channel_check(zcz_channel channel, uint32_t qubits, uint32_t num_params,
                                     const double *params, zcz_error *error) ZCZ_MUST_CHECK;

/* Number of Kraus operators; writes them (each 4^qubits entries, row-major, first qubit least
 * significant) into `kraus`, room for ZCZ_MAX_KRAUS of them. A checked channel has no error. */
ZCZ_API uint32_t zcz_channel_kraus(zcz_channel channel, uint32_t qubits, uint32_t num_params,
                                   const double *params, zcz_complex *kraus);

/* True when the channel is a mixture of Paulis; then `probabilities` (4 for one qubit, 16 for two:
 * entry 4 a + b, a on the first qubit) holds it, identity included. */
ZCZ_API bool zcz_channel_is_pauli(zcz_channel channel, uint32_t qubits, uint32_t num_params,
                                  const double *params, double *probabilities);

/* The Pauli twirl of any channel: the diagonal of its chi matrix; same layout. */
ZCZ_API void zcz_channel_twirl(zcz_channel channel, uint32_t qubits, uint32_t num_params,
                               const double *params, double *probabilities);

#ifdef __cplusplus
}
#endif
#endif
