/* Linear algebra of unitary matrices of up to 64 rows: own code, so that the bits are the same
 * everywhere. Row-major, size x size. */
#ifndef ZCZ_COMPILE_DENSE_H
#define ZCZ_COMPILE_DENSE_H

#include "base/complex.h"
#include "zcz/status.h"

enum { ZCZ_MAX_DENSE_SIZE = 64 };

/* c = a b; c must be neither. */
void zcz_dense_multiply(uint32_t size, const zcz_complex *a, const zcz_complex *b, zcz_complex *c);
void zcz_dense_adjoint(uint32_t size, const zcz_complex *a, zcz_complex *b);

/* The nearest unitary of one that is unitary to about 1e-2; `scratch`: 2 size^2. */
void zcz_dense_orthonormalize(uint32_t size, zcz_complex *a, zcz_complex *scratch);

/* u = vectors diag(exp(i angle)) vectors^+; `scratch`: 2 size^2. */
void zcz_dense_eigen(uint32_t size, const zcz_complex *u, zcz_complex *vectors, double *angle,
                     zcz_complex *scratch);

/* u (2 size rows) = diag(a0, a1) [[C, -S], [S, C]] diag(b0, b1) with C = cos(angle): the
 * cosine-sine decomposition; angle within [0, pi/2]. `scratch`: 4 size^2. */
void zcz_dense_cosine_sine(uint32_t size, const zcz_complex *u, zcz_complex *a0, zcz_complex *a1,
                           zcz_complex *b0, zcz_complex *b1, double *angle, zcz_complex *scratch);

#endif
