#ifndef ZCZ_CHIP_BUILTIN_H
#define ZCZ_CHIP_BUILTIN_H

#include <stddef.h>

/* The files of chips/ as they were at build time, part of the library: adding a chip is adding a file. */
struct zcz_builtin_file {
  const char *name; /* the file's name without `.json` */
  const unsigned char
      *data;   /* its bytes, borrowed from the library; a zero byte follows the last */
  size_t size; /* in bytes, without that zero */
};

/* The files in the order of their names; *count receives how many. Borrowed from the library, never NULL. */
const struct zcz_builtin_file *zcz_builtin_chip_files(size_t *count);

#endif
