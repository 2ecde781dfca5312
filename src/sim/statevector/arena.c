/* The memory of a plan: taken piece by piece, given back at once. */
#include "base/memory.h"
#include "sim/statevector/frame.h"

void *zcz_sv_arena_take(zcz_sv_arena *arena, size_t bytes) {
  bytes = (bytes + 63) & ~(size_t)63;
  if ((size_t)(arena->end - arena->at) < bytes) {
    size_t size = bytes + 64 > 16384 ? bytes + 64 : 16384;
    char *chunk = zcz_memory_allocate(arena->context, size);
    if (!chunk) return NULL;
    *(void **)chunk = arena->chunks;
    arena->chunks = chunk;
    arena->at = chunk + 64;
    arena->end = chunk + size;
  }
  void *taken = arena->at;
  arena->at += bytes;
  return taken;
}

void zcz_sv_arena_release(zcz_sv_arena *arena) {
  while (arena->chunks) {
    void *next = *(void **)arena->chunks;
    zcz_memory_release(arena->context, arena->chunks);
    arena->chunks = next;
  }
  arena->at = arena->end = NULL;
}
