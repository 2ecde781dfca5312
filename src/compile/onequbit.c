#include "compile/onequbit.h"

/* arg(a conj(b)) */
static double phase_between(zcz_complex a, zcz_complex b) {
  zcz_complex p = zcz_complex_multiply(a, zcz_complex_conjugate(b));
  return zcz_atan2(p.im, p.re);
}

/* Multiples of pi/48 within 1e-12 become exact: rounding need not show in a program's text. */
static double snap(double angle) {
  double steps = angle * (48 / ZCZ_PI);
  int whole = (int)(steps < 0 ? steps - 0.5 : steps + 0.5), parts = 48;
  double exact = whole * ZCZ_PI / 48;
  if (angle - exact > 1e-12 || exact - angle > 1e-12) return angle;
  while (parts % 2 == 0 && whole % 2 == 0) whole /= 2, parts /= 2;
  if (parts % 3 == 0 && whole % 3 == 0) whole /= 3, parts /= 3;
  return whole * ZCZ_PI / parts;
}

double zcz_angle_wrap(double angle) {
  if (angle > ZCZ_PI || angle <= -ZCZ_PI) {
    double turns = (angle + ZCZ_PI) / ZCZ_TAU;
    double whole = (double)(int64_t)turns;
    if (whole > turns) whole -= 1;
    angle -= whole * ZCZ_TAU;
  }
  angle = snap(angle);
  return angle <= -ZCZ_PI ? ZCZ_PI : angle;
}

bool zcz_matrix2_is_antidiagonal(const zcz_matrix2 *u) {
  return zcz_complex_norm2(u->at[0]) < ZCZ_PULSE_TOLERANCE * ZCZ_PULSE_TOLERANCE;
}

int zcz_pulses_count(const zcz_matrix2 *u) {
  double off = zcz_complex_norm2(u->at[2]);
  if (off < ZCZ_PULSE_TOLERANCE * ZCZ_PULSE_TOLERANCE) return 0;
  double excess = off - 0.5; /* half the error of the turn's angle */
  return excess > -ZCZ_PULSE_TOLERANCE && excess < ZCZ_PULSE_TOLERANCE ? 1 : 2;
}

zcz_pulses zcz_pulses_of(const zcz_matrix2 *u) {
  zcz_pulses pulses = {.count = zcz_pulses_count(u)};
  if (pulses.count == 0) {
    pulses.frame = zcz_angle_wrap(phase_between(u->at[3], u->at[0]));
    return pulses;
  }
  if (zcz_matrix2_is_antidiagonal(u)) { /* a pi turn: twice the same pulse */
    double axis = zcz_angle_wrap(0.5 * phase_between(u->at[2], u->at[1]));
    if (axis <= -0.5 * ZCZ_PI + 1e-12) axis += ZCZ_PI;
    pulses.axis[0] = pulses.axis[1] = axis;
    return pulses;
  }
  /* U = Rz(phi) Rx(theta) Rz(lambda). XY2P(a) = Rz(a) X2P Rz(-a), so every Rz moves to the end. */
  double phi = phase_between(u->at[2], u->at[0]) + 0.5 * ZCZ_PI;
  double lambda = phase_between(u->at[1], u->at[0]) + 0.5 * ZCZ_PI;
  if (pulses.count == 1) {
    pulses.axis[0] = zcz_angle_wrap(-lambda);
    pulses.frame = zcz_angle_wrap(phi + lambda);
    return pulses;
  }
  /* Rx(theta) = Rz(-pi/2) X2P Rz(pi - theta) X2P Rz(-pi/2) */
  double theta =
      2 * zcz_atan2(zcz_sqrt(zcz_complex_norm2(u->at[2])), zcz_sqrt(zcz_complex_norm2(u->at[0])));
  pulses.axis[0] = zcz_angle_wrap(0.5 * ZCZ_PI - lambda);
  pulses.axis[1] = zcz_angle_wrap(theta - lambda - 0.5 * ZCZ_PI);
  pulses.frame = zcz_angle_wrap(phi + lambda - theta);
  return pulses;
}

zcz_gate zcz_pulse_gate(double axis, double *param) {
  static const zcz_gate quarter[4] = {ZCZ_GATE_X2P, ZCZ_GATE_Y2P, ZCZ_GATE_X2M, ZCZ_GATE_Y2M};
  static const double angle[4] = {0, 0.5 * ZCZ_PI, ZCZ_PI, -0.5 * ZCZ_PI};
  axis = zcz_angle_wrap(axis);
  for (int k = 0; k < 4; k++)
    if (axis - angle[k] < 1e-12 && angle[k] - axis < 1e-12) return quarter[k];
  *param = axis;
  return ZCZ_GATE_XY2P;
}
