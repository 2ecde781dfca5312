/* The one door to memory. Every object of the library is allocated here, from its context, so that
 * the peak is known, the limit holds, and tests can make any allocation fail. */
#ifndef ZCZ_BASE_MEMORY_H
#define ZCZ_BASE_MEMORY_H

#include "zcz/context.h"

/* 64-byte aligned, uninitialised; blocks of 4 MiB and more ask for huge pages. NULL when out of
 * memory or over the context's limit. Thread-safe. size 0 gives a valid pointer. */
void *zcz_memory_allocate(zcz_context *context, size_t size);
/* As above, zeroed; NULL also when count * size overflows. */
void *zcz_memory_zeroed(zcz_context *context, size_t count, size_t size);
/* Grows or shrinks; the old block is untouched when NULL comes back. `pointer` may be NULL. */
void *zcz_memory_resize(zcz_context *context, void *pointer, size_t size);
/* NULL is legal. */
void zcz_memory_release(zcz_context *context, void *pointer);
/* Copy of a string / of a block; NULL when out of memory. */
char *zcz_memory_string(zcz_context *context, const char *text);
void *zcz_memory_copy(zcz_context *context, const void *block, size_t size);

/* Makes room for `needed` elements of `size` bytes in *array of *capacity elements (doubling). */
bool zcz_memory_grow(zcz_context *context, void *array_pointer, size_t *capacity, size_t needed,
                     size_t size);

/* "8 GiB", "144 PiB", "1.2e+03 EiB": sizes as people read them. */
void zcz_bytes_text(double bytes, char text[32]);

/* UNABLE "out of memory", naming what was wanted, its size and the limit. */
zcz_status zcz_fail_memory(const zcz_context *context, zcz_error *error, const char *what,
                           uint64_t bytes);

/* UNABLE when `bytes` more than now in use would pass the context's limit; asked before big
 * objects are made. */
zcz_status zcz_memory_admit(const zcz_context *context, const char *what, uint64_t bytes,
                            zcz_error *error) ZCZ_MUST_CHECK;

uint64_t zcz_memory_in_use(const zcz_context *context);

#endif
