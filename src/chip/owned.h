/* What stands behind a zcz_chip: the blocks of memory it is made of. */
#ifndef ZCZ_CHIP_OWNED_H
#define ZCZ_CHIP_OWNED_H

#include "zcz/chip.h"

struct zcz_chip_block {
  struct zcz_chip_block *next;
  size_t size, used; /* bytes after this head */
  char pad[8];       /* the head is a multiple of 16 bytes */
};

struct zcz_chip_owned {
  zcz_chip chip; /* first: the address is the same */
  struct zcz_chip_block *blocks;
};

#endif
