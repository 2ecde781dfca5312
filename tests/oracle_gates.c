/* Gates by definition: rotations as exponentials of their generator, roots as half of a turn with its phase. */
#include "oracle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define J _Complex_I
static const double pi = 3.14159265358979323846;

typedef oracle_number two[4];

static const oracle_number pauli[4][4] = {{1, 0, 0, 1}, {0, 1, 1, 0}, {0, -J, J, 0}, {1, 0, 0, -1}};

/* exp(-i angle/2 (x X + y Y + z Z)), (x, y, z) of length 1. */
static void rotation(double angle, double x, double y, double z, two matrix) {
  for (int k = 0; k < 4; k++)
    matrix[k] = cos(angle / 2) * pauli[0][k] -
                J * sin(angle / 2) * (x * pauli[1][k] + y * pauli[2][k] + z * pauli[3][k]);
}

/* The power of a Pauli-like axis: eigenvalues 1 and exp(i pi power), so X^1 is X itself. */
static void power(double exponent, double x, double y, double z, two matrix) {
  rotation(pi * exponent, x, y, z, matrix);
  for (int k = 0; k < 4; k++) matrix[k] *= cexp(J * pi * exponent / 2);
}

/* Rz(phi) Ry(theta) Rz(lambda), times exp(i phase). */
static void euler(double phase, double theta, double phi, double lambda, two matrix) {
  two a, b, c;
  rotation(phi, 0, 0, 1, a);
  rotation(theta, 0, 1, 0, b);
  rotation(lambda, 0, 0, 1, c);
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++) {
      oracle_number sum = 0;
      for (int k = 0; k < 2; k++)
        for (int l = 0; l < 2; l++) sum += a[2 * i + k] * b[2 * k + l] * c[2 * l + j];
      matrix[2 * i + j] = cexp(J * phase) * sum;
    }
}

/* exp(-i angle/2 P (x) Q), P on the first qubit. */
static void two_rotation(double angle, int p, int q, oracle_number *matrix) {
  for (int row = 0; row < 4; row++)
    for (int column = 0; column < 4; column++) {
      oracle_number product =
          pauli[p][2 * (row & 1) + (column & 1)] * pauli[q][2 * (row >> 1) + (column >> 1)];
      matrix[4 * row + column] =
          (row == column ? cos(angle / 2) : 0) - J * sin(angle / 2) * product;
    }
}

static void exchange(double theta, double phi, oracle_number *matrix) {
  memset(matrix, 0, 16 * sizeof *matrix);
  matrix[0] = 1;
  matrix[5] = matrix[10] = cos(theta);
  matrix[6] = matrix[9] = -J * sin(theta);
  matrix[15] = cexp(-J * phi);
}

void oracle_gate_matrix(zcz_gate gate, const double *p, oracle_number *m) {
  double half = sqrt(0.5);
  switch (gate) {
  case ZCZ_GATE_GPHASE: m[0] = cexp(J * p[0]); return;
  case ZCZ_GATE_ID: rotation(0, 0, 0, 1, m); return;
  case ZCZ_GATE_X: power(1, 1, 0, 0, m); return;
  case ZCZ_GATE_Y: power(1, 0, 1, 0, m); return;
  case ZCZ_GATE_Z: power(1, 0, 0, 1, m); return;
  case ZCZ_GATE_H: power(1, half, 0, half, m); return;
  case ZCZ_GATE_S: power(0.5, 0, 0, 1, m); return;
  case ZCZ_GATE_SDG: power(-0.5, 0, 0, 1, m); return;
  case ZCZ_GATE_T: power(0.25, 0, 0, 1, m); return;
  case ZCZ_GATE_TDG: power(-0.25, 0, 0, 1, m); return;
  case ZCZ_GATE_SX: power(0.5, 1, 0, 0, m); return;
  case ZCZ_GATE_SXDG: power(-0.5, 1, 0, 0, m); return;
  case ZCZ_GATE_SY: power(0.5, 0, 1, 0, m); return;
  case ZCZ_GATE_SYDG: power(-0.5, 0, 1, 0, m); return;
  case ZCZ_GATE_SW: power(0.5, half, half, 0, m); return;
  case ZCZ_GATE_SWDG: power(-0.5, half, half, 0, m); return;
  case ZCZ_GATE_X2P: rotation(pi / 2, 1, 0, 0, m); return;
  case ZCZ_GATE_X2M: rotation(-pi / 2, 1, 0, 0, m); return;
  case ZCZ_GATE_Y2P: rotation(pi / 2, 0, 1, 0, m); return;
  case ZCZ_GATE_Y2M: rotation(-pi / 2, 0, 1, 0, m); return;
  case ZCZ_GATE_XY2P: rotation(pi / 2, cos(p[0]), sin(p[0]), 0, m); return;
  case ZCZ_GATE_XY2M: rotation(-pi / 2, cos(p[0]), sin(p[0]), 0, m); return;
  case ZCZ_GATE_XY: rotation(pi, cos(p[0]), sin(p[0]), 0, m); return;
  case ZCZ_GATE_RXY: rotation(p[1], cos(p[0]), sin(p[0]), 0, m); return;
  case ZCZ_GATE_RX: rotation(p[0], 1, 0, 0, m); return;
  case ZCZ_GATE_RY: rotation(p[0], 0, 1, 0, m); return;
  case ZCZ_GATE_RZ: rotation(p[0], 0, 0, 1, m); return;
  case ZCZ_GATE_P: power(p[0] / pi, 0, 0, 1, m); return;
  case ZCZ_GATE_U2: euler(0, pi / 2, p[0], p[1], m); return;
  case ZCZ_GATE_U3: euler(0, p[0], p[1], p[2], m); return;
  case ZCZ_GATE_U: euler((p[0] + p[1] + p[2]) / 2, p[0], p[1], p[2], m); return;
  case ZCZ_GATE_SWAP:
    exchange(pi / 2, 0, m);
    m[6] = m[9] = 1;
    return;
  case ZCZ_GATE_ISWAP: exchange(-pi / 2, 0, m); return;
  case ZCZ_GATE_ISWAPDG: exchange(pi / 2, 0, m); return;
  case ZCZ_GATE_FSIM: exchange(p[0], p[1], m); return;
  case ZCZ_GATE_RXX: two_rotation(p[0], 1, 1, m); return;
  case ZCZ_GATE_RYY: two_rotation(p[0], 2, 2, m); return;
  case ZCZ_GATE_RZZ: two_rotation(p[0], 3, 3, m); return;
  case ZCZ_GATE_RZX: two_rotation(p[0], 3, 1, m); return;
  case ZCZ_GATE_COUNT: break;
  }
  abort(); /* a new gate: give it its definition here */
}
