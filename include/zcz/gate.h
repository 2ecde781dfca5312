/* The gate table: one list makes the enum, the names, the texts and the docs.
 *
 * A gate acts on `qubits` qubits; any gate may carry further leading control qubits in a circuit
 * (see zcz_op), so CX is X with one control, CCX is X with two, CZ is Z with one, CP is P with one,
 * CSWAP is SWAP with one. Matrices follow OpenQASM 3 and Cirq, global phase included. */
#ifndef ZCZ_GATE_HEADER
#define ZCZ_GATE_HEADER

#include "zcz/complex.h"
#include "zcz/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ZCZ_GATE_DIAGONAL = 1, /* for all parameters */
  ZCZ_GATE_CLIFFORD = 2, /* without controls, for all parameters */
  ZCZ_GATE_SELF_INVERSE = 4,
  ZCZ_GATE_SYMMETRIC = 8,  /* two qubits, the order does not matter */
  ZCZ_MAX_GATE_QUBITS = 2, /* of a table gate, without controls */
  ZCZ_MAX_GATE_PARAMS = 3
};

/* G(enumerator, name, qubits, params, flags, text), named so that no gate is the macro. Angles in
 * radians. */
#define ZCZ_GATE_LIST(G)                                                                           \
  G(GPHASE, "gphase", 0, 1, ZCZ_GATE_DIAGONAL, "global phase exp(i a)")                            \
  G(ID, "id", 1, 0, ZCZ_GATE_DIAGONAL | ZCZ_GATE_CLIFFORD | ZCZ_GATE_SELF_INVERSE, "identity")     \
  G(X, "x", 1, 0, ZCZ_GATE_CLIFFORD | ZCZ_GATE_SELF_INVERSE, "Pauli X")                            \
  G(Y, "y", 1, 0, ZCZ_GATE_CLIFFORD | ZCZ_GATE_SELF_INVERSE, "Pauli Y")                            \
  G(Z, "z", 1, 0, ZCZ_GATE_DIAGONAL | ZCZ_GATE_CLIFFORD | ZCZ_GATE_SELF_INVERSE, "Pauli Z")        \
  G(H, "h", 1, 0, ZCZ_GATE_CLIFFORD | ZCZ_GATE_SELF_INVERSE, "Hadamard")                           \
  G(S, "s", 1, 0, ZCZ_GATE_DIAGONAL | ZCZ_GATE_CLIFFORD, "diag(1, i)")                             \
  G(SDG, "sdg", 1, 0, ZCZ_GATE_DIAGONAL | ZCZ_GATE_CLIFFORD, "diag(1, -i)")                        \
  G(T, "t", 1, 0, ZCZ_GATE_DIAGONAL, "diag(1, exp(i pi/4))")                                       \
  G(TDG, "tdg", 1, 0, ZCZ_GATE_DIAGONAL, "diag(1, exp(-i pi/4))")                                  \
  G(SX, "sx", 1, 0, ZCZ_GATE_CLIFFORD, "X^(1/2) = [[1+i, 1-i], [1-i, 1+i]]/2")                     \
  G(SXDG, "sxdg", 1, 0, ZCZ_GATE_CLIFFORD, "X^(-1/2)")                                             \
  G(SY, "sy", 1, 0, ZCZ_GATE_CLIFFORD, "Y^(1/2) = [[1+i, -1-i], [1+i, 1+i]]/2")                    \
  G(SYDG, "sydg", 1, 0, ZCZ_GATE_CLIFFORD, "Y^(-1/2)")                                             \
  G(SW, "sw", 1, 0, 0, "W^(1/2), W = (X+Y)/sqrt 2: [[(1+i)/2, -i/sqrt 2], [1/sqrt 2, (1+i)/2]]")   \
  G(SWDG, "swdg", 1, 0, 0, "W^(-1/2)")                                                             \
  G(X2P, "x2p", 1, 0, ZCZ_GATE_CLIFFORD, "Rx(pi/2), native")                                       \
  G(X2M, "x2m", 1, 0, ZCZ_GATE_CLIFFORD, "Rx(-pi/2), native")                                      \
  G(Y2P, "y2p", 1, 0, ZCZ_GATE_CLIFFORD, "Ry(pi/2), native")                                       \
  G(Y2M, "y2m", 1, 0, ZCZ_GATE_CLIFFORD, "Ry(-pi/2), native")                                      \
  G(XY2P, "xy2p", 1, 1, 0, "+pi/2 about (cos a, sin a, 0): [[1, -i e^-ia], [-i e^ia, 1]]/sqrt 2")  \
  G(XY2M, "xy2m", 1, 1, 0, "-pi/2 about (cos a, sin a, 0)")                                        \
  G(XY, "xy", 1, 1, 0, "pi about (cos a, sin a, 0): off-diagonal -i e^-ia, -i e^ia")               \
  G(RXY, "rxy", 1, 2, 0, "(phi, theta): theta about (cos phi, sin phi, 0)")                        \
  G(RX, "rx", 1, 1, 0, "exp(-i a X/2)")                                                            \
  G(RY, "ry", 1, 1, 0, "exp(-i a Y/2)")                                                            \
  G(RZ, "rz", 1, 1, ZCZ_GATE_DIAGONAL, "exp(-i a Z/2)")                                            \
  G(P, "p", 1, 1, ZCZ_GATE_DIAGONAL, "diag(1, exp(i a))")                                          \
  G(U2, "u2", 1, 2, 0, "(phi, lambda): Rz(phi) Ry(pi/2) Rz(lambda)")                               \
  G(U3, "u3", 1, 3, 0, "(theta, phi, lambda): Rz(phi) Ry(theta) Rz(lambda); OpenQASM 2's U")       \
  G(U, "u", 1, 3, 0, "(theta, phi, lambda): exp(i (theta+phi+lambda)/2) u3; OpenQASM 3's U")       \
  G(SWAP, "swap", 2, 0, ZCZ_GATE_CLIFFORD | ZCZ_GATE_SELF_INVERSE | ZCZ_GATE_SYMMETRIC, "swap")    \
  G(ISWAP, "iswap", 2, 0, ZCZ_GATE_CLIFFORD | ZCZ_GATE_SYMMETRIC, "fSim(-pi/2, 0)")                \
  G(ISWAPDG, "iswapdg", 2, 0, ZCZ_GATE_CLIFFORD | ZCZ_GATE_SYMMETRIC, "fSim(pi/2, 0)")             \
  G(FSIM, "fsim", 2, 2, ZCZ_GATE_SYMMETRIC,                                                        \
    "(theta, phi): [[cos, -i sin], [-i sin, cos]] on 01/10, exp(-i phi) on 11")                    \
  G(RXX, "rxx", 2, 1, ZCZ_GATE_SYMMETRIC, "exp(-i a XX/2)")                                        \
  G(RYY, "ryy", 2, 1, ZCZ_GATE_SYMMETRIC, "exp(-i a YY/2)")                                        \
  G(RZZ, "rzz", 2, 1, ZCZ_GATE_DIAGONAL | ZCZ_GATE_SYMMETRIC, "exp(-i a ZZ/2)")                    \
  G(RZX, "rzx", 2, 1, 0, "exp(-i a ZX/2), Z on the first qubit")

#define ZCZ_GATE_ENUMERATOR(enumerator, name, qubits, params, flags, text) ZCZ_GATE_##enumerator,
typedef enum zcz_gate { ZCZ_GATE_LIST(ZCZ_GATE_ENUMERATOR) ZCZ_GATE_COUNT } zcz_gate;
#undef ZCZ_GATE_ENUMERATOR

typedef struct zcz_gate_info {
  const char *name;
  const char *text;
  uint8_t qubits;
  uint8_t params;
  uint8_t flags;
} zcz_gate_info;

/* `gate` < ZCZ_GATE_COUNT. */
ZCZ_API const zcz_gate_info *zcz_gate_describe(zcz_gate gate);

/* Row-major 2^k x 2^k, k = qubits of the gate (GPHASE: one entry). Bit j of a row or column index is
 * the j-th qubit of the operation: the first qubit is the least significant. */
ZCZ_API void zcz_gate_matrix(zcz_gate gate, const double *params, zcz_complex *matrix);

/* The inverse as a gate of the table, with its own parameters (ZCZ_MAX_GATE_PARAMS written). */
ZCZ_API zcz_gate zcz_gate_inverse(zcz_gate gate, const double *params, double *inverse_params);

#ifdef __cplusplus
}
#endif
#endif
