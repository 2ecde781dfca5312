/* How one gate's published Pauli error is shared out among relaxation, coherent error and
 * depolarizing, so that the three together are that error exactly. */
#ifndef ZCZ_NOISE_FIT_H
#define ZCZ_NOISE_FIT_H

#include <stdbool.h>

typedef struct zcz_noise_fit {
  double relaxing; /* share of the gate's duration in which T1 and T2 act: 1, and less only where
                          they alone exceed the error */
  double depolarizing; /* parameter of DEPOLARIZE1 or DEPOLARIZE2 */
  bool exceeded;       /* relaxing < 1 */
} zcz_noise_fit;

/* T1, T2 and the coherent error of an operation: what is fitted to. */
typedef struct zcz_noise_times {
  double t1_us, t2_us;
} zcz_noise_times;

/* The gate's channel is depolarizing o relaxation o gate. Process fidelity F = 1 - error, and of the
 * Pauli transfer matrix d^2 F is the trace; depolarizing multiplies all of it but the 1 of the
 * identity by a factor l, so l = (d^2 (1 - error) - 1) / (T - 1), T the trace without it. */
zcz_noise_fit zcz_noise_fit_one(const zcz_noise_times *times, double duration_ns, double error);
/* Of two qubits; `coherent`: theta and phi by which the fSim gate is off, both 0 for CZ. */
zcz_noise_fit zcz_noise_fit_two(const zcz_noise_times times[2], double duration_ns,
                                const double coherent[2], double error);

/* Parameters of RELAXATION over a time: gamma = 1 - exp(-t/T1), eta = exp(-t/T2). */
void zcz_noise_relaxation(const zcz_noise_times *times, double duration_ns, double params[2]);
/* Parameters of PAULI1, the Pauli twirl of RELAXATION. */
void zcz_noise_relaxation_twirl(const double relaxation[2], double params[3]);
/* Parameters of PAULI2, the Pauli twirl of fSim(theta, phi): |tr(P fSim)|^2 / 16. */
void zcz_noise_coherent_twirl(const double coherent[2], double params[15]);

#endif
