/* One instruction set's table: included with KERNELS (its symbol), KERNELS_NAME and VECTOR_BYTES defined. */
#include "kernel/kernel.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define REAL float
#define UINT uint32_t
#define WIDTH 16
#define LANE_BITS 4
#define NAME(x) single_##x
#include "kernel/tile.inc.h"
#undef REAL
#undef UINT
#undef WIDTH
#undef LANE_BITS
#undef NAME

#define REAL double
#define UINT uint64_t
#define WIDTH 8
#define LANE_BITS 3
#define NAME(x) double_##x
#include "kernel/tile.inc.h"
#undef REAL
#undef UINT
#undef WIDTH
#undef LANE_BITS
#undef NAME

const zcz_kernels KERNELS = {
    .name = KERNELS_NAME, .single_precision = &single_table, .double_precision = &double_table};
