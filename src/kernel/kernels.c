#include "kernel/kernel.h"

const zcz_kernels *zcz_kernels_of(zcz_isa isa) {
#if defined(__x86_64__)
  if (isa == ZCZ_ISA_AVX512) return &zcz_kernels_avx512;
  if (isa == ZCZ_ISA_AVX2) return &zcz_kernels_avx2;
#endif
  (void)isa;
  return &zcz_kernels_base;
}
