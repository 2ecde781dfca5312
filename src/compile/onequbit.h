/* One-qubit unitaries as half-pi pulses and a virtual Z. */
#ifndef ZCZ_COMPILE_ONEQUBIT_H
#define ZCZ_COMPILE_ONEQUBIT_H

#include "compile/matrix.h"
#include "zcz/gate.h"

/* Entries closer than this to a special value take it. */
#define ZCZ_PULSE_TOLERANCE 1e-11

/* U = (phase) Rz(frame) XY2P(axis[count - 1]) .. XY2P(axis[0]), count <= 2. */
typedef struct zcz_pulses {
  int count;
  double axis[2];
  double frame;
} zcz_pulses;

/* Fewest pulses: none for a diagonal matrix, one where both entries of a row have weight 1/2, else
 * two. `unitary` up to any phase. */
zcz_pulses zcz_pulses_of(const zcz_matrix2 *unitary);

/* The same number without the angles. */
int zcz_pulses_count(const zcz_matrix2 *unitary);

/* Zero diagonal? */
bool zcz_matrix2_is_antidiagonal(const zcz_matrix2 *unitary);

/* Into (-pi, pi]; within 1e-12 of a multiple of pi/48 it is that, 0 among them. */
double zcz_angle_wrap(double angle);

/* The native gate for a pulse about `axis`: X2P, Y2P, X2M, Y2M, else XY2P with *param. */
zcz_gate zcz_pulse_gate(double axis, double *param);

#endif
