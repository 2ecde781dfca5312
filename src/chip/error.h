/* Pauli errors (process infidelities) of the parts of a gate's error. */
#ifndef ZCZ_CHIP_ERROR_H
#define ZCZ_CHIP_ERROR_H

/* Of T1 and T2 alone, on one qubit over a time: 1 - (2 + 2 eta - gamma) / 4 with gamma = 1 -
 * exp(-t/T1), eta = exp(-t/T2): the diagonal of the Pauli transfer matrix is (1, eta, eta, 1 -
 * gamma). */
double zcz_error_of_relaxation(double time_ns, double t1_us, double t2_us);
/* Of an fSim gate whose angles are off: 1 - |1 + 2 cos(theta) + exp(-i phi)|^2 / 16. */
double zcz_error_of_angles(double theta, double phi);

#endif
