/* Compiled with -mavx2 -mfma. */
#define KERNELS zcz_kernels_avx2
#define KERNELS_NAME "avx2"
#define VECTOR_BYTES 32
#include "kernel/set.inc.h"
