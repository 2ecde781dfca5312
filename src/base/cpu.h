/* What this machine offers. */
#ifndef ZCZ_BASE_CPU_H
#define ZCZ_BASE_CPU_H

#include "zcz/context.h"

/* The widest instruction set with kernels that this CPU (and operating system) can run. */
zcz_isa zcz_cpu_isa(void);
/* CPUs this process may use: affinity mask and cgroup quota heeded; at least 1. */
int zcz_cpu_count(void);
/* Memory free for this process in bytes: MemAvailable, cgroup limits heeded. */
uint64_t zcz_cpu_free_memory(void);

#endif
