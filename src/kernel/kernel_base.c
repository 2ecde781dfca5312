/* Any CPU: 16-byte vectors, which the compiler lowers where there are none. */
#define KERNELS zcz_kernels_base
#define KERNELS_NAME "base"
#define VECTOR_BYTES 16
#include "kernel/set.inc.h"
