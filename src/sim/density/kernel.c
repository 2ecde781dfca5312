#include "sim/density/kernel.h"

#include <string.h>

#define TARGET

#define REAL float
#define LANES 8
#define NAME(x) base_single_##x
#include "sim/density/kernel_template.h"
#undef REAL
#undef LANES
#undef NAME

#define REAL double
#define LANES 4
#define NAME(x) base_double_##x
#include "sim/density/kernel_template.h"
#undef REAL
#undef LANES
#undef NAME

#undef TARGET

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2")))

#define REAL float
#define LANES 8
#define NAME(x) avx2_single_##x
#include "sim/density/kernel_template.h"
#undef REAL
#undef LANES
#undef NAME

#define REAL double
#define LANES 4
#define NAME(x) avx2_double_##x
#include "sim/density/kernel_template.h"
#undef REAL
#undef LANES
#undef NAME

#undef TARGET
#endif

zcz_density_kernels zcz_density_kernels_for(zcz_isa isa) {
#if defined(__x86_64__)
  if (isa == ZCZ_ISA_AVX2 || isa == ZCZ_ISA_AVX512)
    return (zcz_density_kernels){{avx2_single_one, avx2_double_one},
                                 {avx2_single_two, avx2_double_two}};
#else
  (void)isa;
#endif
  return (zcz_density_kernels){{base_single_one, base_double_one},
                               {base_single_two, base_double_two}};
}
