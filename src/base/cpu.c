#define _GNU_SOURCE
#include "base/cpu.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

zcz_isa zcz_cpu_isa(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
              __builtin_cpu_supports("bmi2");
  bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  return avx512 ? ZCZ_ISA_AVX512 : avx2 ? ZCZ_ISA_AVX2 : ZCZ_ISA_BASE;
#else
  return ZCZ_ISA_BASE;
#endif
}

/* The first line of a small system file; false where it cannot be read. */
static bool read_line(const char *path, char *line, int size) {
  FILE *file = fopen(path, "re");
  if (file == NULL) return false;
  bool got = fgets(line, size, file) != NULL;
  fclose(file);
  return got;
}

int zcz_cpu_count(void) {
  int count = 1;
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    count = CPU_COUNT(&set);
  } else {
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    if (online > 0) count = (int)online;
  }
  char line[128];
  long long quota, period;
  if (read_line("/sys/fs/cgroup/cpu.max", line, sizeof line) &&
      sscanf(line, "%lld %lld", &quota, &period) == 2 && quota > 0 && period > 0) {
    int allowed = (int)((quota + period - 1) / period);
    if (allowed < count) count = allowed;
  }
  return count < 1 ? 1 : count;
}

static bool read_number(const char *path, uint64_t *value) {
  char line[64];
  if (!read_line(path, line, sizeof line) || line[0] < '0' || line[0] > '9') return false;
  *value = strtoull(line, NULL, 10);
  return true;
}

static uint64_t machine_free(void) {
  FILE *file = fopen("/proc/meminfo", "re");
  uint64_t kibibytes = 0;
  if (file != NULL) {
    char line[128];
    while (fgets(line, sizeof line, file) != NULL) {
      unsigned long long value;
      if (sscanf(line, "MemAvailable: %llu kB", &value) == 1) {
        kibibytes = value;
        break;
      }
    }
    fclose(file);
  }
  if (kibibytes > 0) return kibibytes * 1024;
  long pages = sysconf(_SC_AVPHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : (uint64_t)1 << 30;
}

uint64_t zcz_cpu_free_memory(void) {
  uint64_t available = machine_free();
  static const char *const limits[][2] = {
      {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"},
      {"/sys/fs/cgroup/memory/memory.limit_in_bytes",
       "/sys/fs/cgroup/memory/memory.usage_in_bytes"}};
  for (int i = 0; i < 2; i++) {
    uint64_t limit, used;
    if (read_number(limits[i][0], &limit) && read_number(limits[i][1], &used)) {
      uint64_t left = limit > used ? limit - used : 0;
      if (left < available) available = left;
    }
  }
  return available;
}
