/* Compiled with -mavx512f, dq, bw, vl. */
#define KERNELS zcz_kernels_avx512
#define KERNELS_NAME "avx512"
#define VECTOR_BYTES 64
#include "kernel/set.inc.h"
