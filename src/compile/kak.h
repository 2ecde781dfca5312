/* The canonical (KAK, Weyl-chamber) form of two-qubit unitaries. */
#ifndef ZCZ_COMPILE_KAK_H
#define ZCZ_COMPILE_KAK_H

#include "compile/matrix.h"

/* U = exp(i phase) left exp(i (x XX + y YY + z ZZ)) right, with pi/4 >= x >= y >= |z|, and z >= 0
 * where x = pi/4 (within ZCZ_KAK_EDGE). Two unitaries are equal up to one-qubit gates exactly when
 * their coordinates are. */
typedef struct zcz_kak {
  double phase;
  double x, y, z;
  zcz_local left, right;
} zcz_kak;

#define ZCZ_KAK_EDGE 1e-10

/* `unitary` must be unitary to rounding. Exact to about 1e-14. Zhang, Vala, Sastry, Whaley,
 * Phys. Rev. A 67, 042313 (2003): in the magic basis local gates are real, so V^T V of U there
 * is diagonalised by a real rotation, and that of its real and imaginary parts together, which
 * needs no care for equal eigenvalues. */
void zcz_kak_decompose(const zcz_matrix4 *unitary, zcz_kak *kak);

/* exp(i (x XX + y YY + z ZZ)) */
zcz_matrix4 zcz_kak_canonical(double x, double y, double z);

/* The matrix it stands for. */
zcz_matrix4 zcz_kak_matrix(const zcz_kak *kak);

/* In the magic basis, where local gates are real and XX, YY, ZZ diagonal; ZZ = diag(1, -1, -1, 1). */
zcz_matrix4 zcz_kak_to_magic(const zcz_matrix4 *m);

/* Largest difference of the coordinates. */
double zcz_kak_distance(const zcz_kak *a, const zcz_kak *b);

#endif
