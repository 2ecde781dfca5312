#include "zcz/gate.h"

#include <string.h>

#include "base/complex.h"
#include "base/math.h"

#define ROW(enumerator, name, qubits, params, flags, text) {name, text, qubits, params, flags},
static const zcz_gate_info gates[ZCZ_GATE_COUNT] = {ZCZ_GATE_LIST(ROW)};
#undef ROW

const zcz_gate_info *zcz_gate_describe(zcz_gate gate) { return &gates[gate]; }

static zcz_complex polar(double angle) {
  zcz_complex value;
  zcz_sincos(angle, &value.im, &value.re);
  return value;
}

static zcz_complex number(double re, double im) { return (zcz_complex){re, im}; }

static void two_by_two(zcz_complex *m, zcz_complex a, zcz_complex b, zcz_complex c, zcz_complex d) {
  m[0] = a;
  m[1] = b;
  m[2] = c;
  m[3] = d;
}

/* Turn by `theta` about the axis (cos phi, sin phi, 0), the cosine and sine of theta/2 given. */
static void equatorial(zcz_complex *m, double c, double s, double phi) {
  zcz_complex e = polar(phi);
  two_by_two(m, number(c, 0), number(-s * e.im, -s * e.re), number(s * e.im, -s * e.re),
             number(c, 0));
}

static void euler(zcz_complex *m, double theta, double phi, double lambda, double phase) {
  double c, s;
  zcz_sincos(theta / 2, &s, &c);
  two_by_two(m, zcz_complex_scale(polar(phase - (phi + lambda) / 2), c),
             zcz_complex_scale(polar(phase + (lambda - phi) / 2), -s),
             zcz_complex_scale(polar(phase + (phi - lambda) / 2), s),
             zcz_complex_scale(polar(phase + (phi + lambda) / 2), c));
}

static void diagonal4(zcz_complex *m, zcz_complex a, zcz_complex b, zcz_complex c, zcz_complex d) {
  memset(m, 0, 16 * sizeof *m);
  m[0] = a;
  m[5] = b;
  m[10] = c;
  m[15] = d;
}

/* fSim-shaped: `a` on the diagonal and `b` off it for 01, 10; `e` on 11. */
static void exchange(zcz_complex *m, zcz_complex a, zcz_complex b, zcz_complex e) {
  diagonal4(m, number(1, 0), a, a, e);
  m[6] = m[9] = b;
}

static void one_qubit_matrix(zcz_gate gate, const double *p, zcz_complex *m) {
  const double r = ZCZ_SQRT1_2;
  const zcz_complex zero = {0, 0}, one = {1, 0};
  double c, s;
  switch (gate) {
  case ZCZ_GATE_ID: two_by_two(m, one, zero, zero, one); break;
  case ZCZ_GATE_X: two_by_two(m, zero, one, one, zero); break;
  case ZCZ_GATE_Y: two_by_two(m, zero, number(0, -1), number(0, 1), zero); break;
  case ZCZ_GATE_Z: two_by_two(m, one, zero, zero, number(-1, 0)); break;
  case ZCZ_GATE_H: two_by_two(m, number(r, 0), number(r, 0), number(r, 0), number(-r, 0)); break;
  case ZCZ_GATE_S: two_by_two(m, one, zero, zero, number(0, 1)); break;
  case ZCZ_GATE_SDG: two_by_two(m, one, zero, zero, number(0, -1)); break;
  case ZCZ_GATE_T: two_by_two(m, one, zero, zero, number(r, r)); break;
  case ZCZ_GATE_TDG: two_by_two(m, one, zero, zero, number(r, -r)); break;
  case ZCZ_GATE_SX:
    two_by_two(m, number(.5, .5), number(.5, -.5), number(.5, -.5), number(.5, .5));
    break;
  case ZCZ_GATE_SXDG:
    two_by_two(m, number(.5, -.5), number(.5, .5), number(.5, .5), number(.5, -.5));
    break;
  case ZCZ_GATE_SY:
    two_by_two(m, number(.5, .5), number(-.5, -.5), number(.5, .5), number(.5, .5));
    break;
  case ZCZ_GATE_SYDG:
    two_by_two(m, number(.5, -.5), number(.5, -.5), number(-.5, .5), number(.5, -.5));
    break;
  case ZCZ_GATE_SW:
    two_by_two(m, number(.5, .5), number(0, -r), number(r, 0), number(.5, .5));
    break;
  case ZCZ_GATE_SWDG:
    two_by_two(m, number(.5, -.5), number(r, 0), number(0, r), number(.5, -.5));
    break;
  case ZCZ_GATE_X2P: two_by_two(m, number(r, 0), number(0, -r), number(0, -r), number(r, 0)); break;
  case ZCZ_GATE_X2M: two_by_two(m, number(r, 0), number(0, r), number(0, r), number(r, 0)); break;
  case ZCZ_GATE_Y2P: two_by_two(m, number(r, 0), number(-r, 0), number(r, 0), number(r, 0)); break;
  case ZCZ_GATE_Y2M: two_by_two(m, number(r, 0), number(r, 0), number(-r, 0), number(r, 0)); break;
  case ZCZ_GATE_XY2P: equatorial(m, r, r, p[0]); break;
  case ZCZ_GATE_XY2M: equatorial(m, r, -r, p[0]); break;
  case ZCZ_GATE_XY: equatorial(m, 0, 1, p[0]); break;
  case ZCZ_GATE_RXY:
    zcz_sincos(p[1] / 2, &s, &c);
    equatorial(m, c, s, p[0]);
    break;
  case ZCZ_GATE_RX:
    zcz_sincos(p[0] / 2, &s, &c);
    two_by_two(m, number(c, 0), number(0, -s), number(0, -s), number(c, 0));
    break;
  case ZCZ_GATE_RY:
    zcz_sincos(p[0] / 2, &s, &c);
    two_by_two(m, number(c, 0), number(-s, 0), number(s, 0), number(c, 0));
    break;
  case ZCZ_GATE_RZ:
    zcz_sincos(p[0] / 2, &s, &c);
    two_by_two(m, number(c, -s), zero, zero, number(c, s));
    break;
  case ZCZ_GATE_P: two_by_two(m, one, zero, zero, polar(p[0])); break;
  case ZCZ_GATE_U2: euler(m, ZCZ_PI / 2, p[0], p[1], 0); break;
  case ZCZ_GATE_U3: euler(m, p[0], p[1], p[2], 0); break;
  case ZCZ_GATE_U: euler(m, p[0], p[1], p[2], (p[0] + p[1] + p[2]) / 2); break;
  default: m[0] = number(0, 0); break; /* unreachable: zcz_gate_matrix sends two-qubit gates on */
  }
}

static void two_qubit_matrix(zcz_gate gate, const double *p, zcz_complex *m) {
  const zcz_complex zero = {0, 0}, one = {1, 0};
  double c = 1, s = 0;
  if (gates[gate].params > 0) zcz_sincos(gate == ZCZ_GATE_FSIM ? p[0] : p[0] / 2, &s, &c);
  switch (gate) {
  case ZCZ_GATE_SWAP: exchange(m, zero, one, one); break;
  case ZCZ_GATE_ISWAP: exchange(m, zero, number(0, 1), one); break;
  case ZCZ_GATE_ISWAPDG: exchange(m, zero, number(0, -1), one); break;
  case ZCZ_GATE_FSIM: exchange(m, number(c, 0), number(0, -s), polar(-p[1])); break;
  case ZCZ_GATE_RXX:
    diagonal4(m, number(c, 0), number(c, 0), number(c, 0), number(c, 0));
    m[3] = m[6] = m[9] = m[12] = number(0, -s);
    break;
  case ZCZ_GATE_RYY:
    diagonal4(m, number(c, 0), number(c, 0), number(c, 0), number(c, 0));
    m[6] = m[9] = number(0, -s);
    m[3] = m[12] = number(0, s);
    break;
  case ZCZ_GATE_RZZ: diagonal4(m, number(c, -s), number(c, s), number(c, s), number(c, -s)); break;
  case ZCZ_GATE_RZX: /* first qubit Z: index bit 0 chooses the sign of the turn about X of bit 1 */
    diagonal4(m, number(c, 0), number(c, 0), number(c, 0), number(c, 0));
    m[2] = m[8] = number(0, -s);
    m[7] = m[13] = number(0, s);
    break;
  default: m[0] = zero; break; /* unreachable, see above */
  }
}

void zcz_gate_matrix(zcz_gate gate, const double *params, zcz_complex *matrix) {
  switch (gates[gate].qubits) {
  case 0: matrix[0] = polar(params[0]); break;
  case 1: one_qubit_matrix(gate, params, matrix); break;
  default: two_qubit_matrix(gate, params, matrix); break;
  }
}

zcz_gate zcz_gate_inverse(zcz_gate gate, const double *params, double *inverse_params) {
  static const uint8_t pairs[][2] = {
      {ZCZ_GATE_S, ZCZ_GATE_SDG},        {ZCZ_GATE_T, ZCZ_GATE_TDG},
      {ZCZ_GATE_SX, ZCZ_GATE_SXDG},      {ZCZ_GATE_SY, ZCZ_GATE_SYDG},
      {ZCZ_GATE_SW, ZCZ_GATE_SWDG},      {ZCZ_GATE_X2P, ZCZ_GATE_X2M},
      {ZCZ_GATE_Y2P, ZCZ_GATE_Y2M},      {ZCZ_GATE_XY2P, ZCZ_GATE_XY2M},
      {ZCZ_GATE_ISWAP, ZCZ_GATE_ISWAPDG}};
  const double p0 = gates[gate].params > 0 ? params[0] : 0;
  memset(inverse_params, 0, ZCZ_MAX_GATE_PARAMS * sizeof *inverse_params);
  if (gates[gate].flags & ZCZ_GATE_SELF_INVERSE) return gate;
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    for (int side = 0; side < 2; side++)
      if (pairs[i][side] == gate) {
        inverse_params[0] = p0; /* of XY2P, XY2M: the axis stays */
        return (zcz_gate)pairs[i][1 - side];
      }
  switch (gate) {
  case ZCZ_GATE_XY: /* minus the half turn: about the opposite axis */
    inverse_params[0] = p0 + ZCZ_PI;
    return gate;
  case ZCZ_GATE_RXY:
    inverse_params[0] = p0;
    inverse_params[1] = -params[1];
    return gate;
  case ZCZ_GATE_U2:
    inverse_params[0] = -ZCZ_PI / 2;
    inverse_params[1] = -params[1];
    inverse_params[2] = -p0;
    return ZCZ_GATE_U3;
  case ZCZ_GATE_U3:
  case ZCZ_GATE_U:
    inverse_params[0] = -p0;
    inverse_params[1] = -params[2];
    inverse_params[2] = -params[1];
    return gate;
  default: /* one angle, or the two of FSIM */
    for (int i = 0; i < gates[gate].params; i++) inverse_params[i] = -params[i];
    return gate;
  }
}
