/* Libraries that are loaded on first use: linked at the start, each would cost every process
 * milliseconds, and most runs need none of them. */
#ifndef ZCZ_BASE_LIBRARY_H
#define ZCZ_BASE_LIBRARY_H

#include "zcz/status.h"

typedef struct zcz_library_request {
  const char *file;           /* "libcairo.so.2" */
  const char *package;        /* what to install where it is missing: "libcairo2" */
  const char *purpose;        /* "pictures": stands in the error */
  const char *const *symbols; /* count names */
  size_t count;
} zcz_library_request;

/* Loads the library and writes the address of each symbol to functions[i], where `functions` is a
 * struct of `count` function pointers in the order of the names. UNABLE, with what to install, where
 * the library or a symbol is missing. What is once loaded stays for the process; there is nothing to
 * close. Thread-safe. */
zcz_status zcz_library_load(const zcz_library_request *request, void *functions,
                            zcz_error *error) ZCZ_MUST_CHECK;

#endif
