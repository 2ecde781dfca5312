#define _GNU_SOURCE
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/context.h"

enum { ALIGNMENT = 64, HUGE_PAGE = 2 << 20, HUGE_FROM = 4 << 20 };

/* Stands before each block, one cache line so that the block stays aligned. */
typedef struct block_header {
  size_t size;   /* as asked */
  size_t mapped; /* bytes behind mmap; 0 = from the heap */
} block_header;

static block_header *header_of(void *pointer) {
  return (block_header *)((char *)pointer - ALIGNMENT);
}

static bool charge(zcz_context *context, uint64_t size) {
  uint64_t number = atomic_fetch_add(&context->allocations, 1) + 1;
  if (number == context->fail_allocation) return false;
  uint64_t now = atomic_fetch_add(&context->bytes, size) + size;
  if (now > context->memory_limit || now < size) {
    atomic_fetch_sub(&context->bytes, size);
    return false;
  }
  uint64_t peak = atomic_load(&context->peak);
  while (now > peak && !atomic_compare_exchange_weak(&context->peak, &peak, now)) {
  }
  return true;
}

/* Big blocks come from the kernel directly, on a huge page boundary less the header's line, so
 * that the data starts on one, and go back at once when released. */
static void *map_block(size_t size, size_t *mapped) {
  size_t bytes = size + ALIGNMENT + 2 * (size_t)HUGE_PAGE;
  bytes = (bytes + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
  char *start =
      mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) return NULL;
  madvise(start, bytes, MADV_HUGEPAGE);
  uintptr_t data = ((uintptr_t)start + ALIGNMENT + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
  /* What lies before the header's page and behind the data is given back. */
  uintptr_t head = (data - ALIGNMENT) & ~(uintptr_t)4095;
  if (head > (uintptr_t)start) munmap(start, head - (uintptr_t)start);
  uintptr_t end = (data + size + 4095) & ~(uintptr_t)4095;
  uintptr_t limit = (uintptr_t)start + bytes;
  if (limit > end) munmap((void *)end, limit - end);
  *mapped = end - head;
  return (void *)data;
}

void *zcz_memory_allocate(zcz_context *context, size_t size) {
  if (size > SIZE_MAX / 4 || !charge(context, size)) return NULL;
  size_t mapped = 0;
  char *data;
  if (size >= HUGE_FROM) {
    data = map_block(size, &mapped);
  } else {
    size_t rounded = (size + ALIGNMENT + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    char *start = aligned_alloc(ALIGNMENT, rounded);
    data = start == NULL ? NULL : start + ALIGNMENT;
  }
  if (data == NULL) {
    atomic_fetch_sub(&context->bytes, size);
    return NULL;
  }
  *header_of(data) = (block_header){.size = size, .mapped = mapped};
  return data;
}

void *zcz_memory_zeroed(zcz_context *context, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
  void *pointer = zcz_memory_allocate(context, bytes);
  if (pointer != NULL && header_of(pointer)->mapped == 0) memset(pointer, 0, bytes);
  return pointer;
}

void *zcz_memory_resize(zcz_context *context, void *pointer, size_t size) {
  void *grown = zcz_memory_allocate(context, size);
  if (grown == NULL || pointer == NULL) return grown;
  size_t old = header_of(pointer)->size;
  memcpy(grown, pointer, old < size ? old : size);
  zcz_memory_release(context, pointer);
  return grown;
}

void zcz_memory_release(zcz_context *context, void *pointer) {
  if (pointer == NULL) return;
  block_header header = *header_of(pointer);
  atomic_fetch_sub(&context->bytes, header.size);
  if (header.mapped > 0) {
    uintptr_t head = (uintptr_t)header_of(pointer) & ~(uintptr_t)4095;
    munmap((void *)head, header.mapped);
  } else {
    free(header_of(pointer));
  }
}

void *zcz_memory_copy(zcz_context *context, const void *block, size_t size) {
  void *copy = zcz_memory_allocate(context, size);
  if (copy != NULL && size > 0) memcpy(copy, block, size);
  return copy;
}

char *zcz_memory_string(zcz_context *context, const char *text) {
  return zcz_memory_copy(context, text, strlen(text) + 1);
}

bool zcz_memory_grow(zcz_context *context, void *array_pointer, size_t *capacity, size_t needed,
                     size_t size) {
  if (needed <= *capacity) return true;
  size_t wanted = *capacity < 16 ? 16 : *capacity;
  while (wanted < needed) {
    if (wanted > SIZE_MAX / 2) return false;
    wanted *= 2;
  }
  size_t bytes;
  if (__builtin_mul_overflow(wanted, size, &bytes)) return false;
  void *array;
  memcpy(&array, array_pointer, sizeof array);
  array = zcz_memory_resize(context, array, bytes);
  if (array == NULL) return false;
  memcpy(array_pointer, &array, sizeof array);
  *capacity = wanted;
  return true;
}

uint64_t zcz_memory_in_use(const zcz_context *context) { return atomic_load(&context->bytes); }

void zcz_bytes_text(double bytes, char text[32]) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  int unit = 0;
  for (; bytes >= 1000 && unit < 6; unit++) bytes /= 1024;
  snprintf(text, 32, "%.3g %s", bytes, units[unit]);
}

void zcz_describe_bytes(uint64_t bytes, char *text, size_t size) {
  char number[32];
  zcz_bytes_text((double)bytes, number);
  snprintf(text, size, "%s", bytes == UINT64_MAX ? "more than can be counted" : number);
}

zcz_status zcz_fail_memory(const zcz_context *context, zcz_error *error, const char *what,
                           uint64_t bytes) {
  char wanted[32], used[32], limit[32];
  zcz_describe_bytes(bytes, wanted, sizeof wanted);
  zcz_describe_bytes(zcz_memory_in_use(context), used, sizeof used);
  zcz_describe_bytes(context->memory_limit, limit, sizeof limit);
  return zcz_hint(error,
                  zcz_fail(error, ZCZ_ERROR_UNABLE,
                           "out of memory for %s: %s wanted, %s in use, limit %s", what, wanted,
                           used, limit),
                  "raise the memory limit (--memory), use fewer qubits, or single precision");
}

zcz_status zcz_memory_admit(const zcz_context *context, const char *what, uint64_t bytes,
                            zcz_error *error) {
  uint64_t used = zcz_memory_in_use(context);
  if (bytes > context->memory_limit || used > context->memory_limit - bytes)
    return zcz_fail_memory(context, error, what, bytes);
  return ZCZ_OK;
}
