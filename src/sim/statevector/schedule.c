/* Which primitives run in which tile. */
#include "sim/statevector/plan.h"

/* What has been left behind: its positions may not be overtaken. */
typedef struct barrier {
  uint64_t targets, any;
} barrier;

static bool blocked(const barrier *b, const zcz_sv_primitive *p) {
  return (p->targets & b->any) || (p->diagonal & b->targets);
}

static void leave(barrier *b, const zcz_sv_primitive *p) {
  b->targets |= p->targets;
  b->any |= p->targets | p->diagonal;
}

/* How much would run with these positions; looks no further than `limit` primitives. */
static size_t worth(const zcz_sv_primitive *primitives, const uint32_t *list, size_t count,
                    uint64_t positions) {
  barrier left = {0, 0};
  size_t sum = 0;
  for (size_t i = 0; i < count; i++) {
    const zcz_sv_primitive *p = &primitives[list[i]];
    if ((p->targets & ~positions) || blocked(&left, p)) {
      leave(&left, p);
      if (!(positions & ~left.targets)) break;
    } else {
      sum += p->targets ? 2 : 1;
    }
  }
  return sum;
}

zcz_sv_choice zcz_sv_choose(const zcz_sv_primitive *primitives, uint32_t *list, size_t *count,
                            uint64_t universe, uint64_t always, uint32_t size, uint32_t *run) {
  enum { LOOK = 1024 };
  zcz_sv_choice choice = {.positions = always};
  size_t seen = *count < LOOK ? *count : LOOK;
  if (*count) choice.positions |= primitives[list[0]].targets; /* so that something runs */
  if ((uint32_t)__builtin_popcountll(universe) <= size) choice.positions = universe;
  while ((universe & ~choice.positions) &&
         (uint32_t)__builtin_popcountll(choice.positions) < size) {
    uint64_t best = 0;
    size_t best_worth = 0;
    for (uint64_t m = universe & ~choice.positions; m; m &= m - 1) {
      uint64_t bit = m & -m;
      size_t w = worth(primitives, list, seen, choice.positions | bit);
      if (!best || w > best_worth) best = bit, best_worth = w;
    }
    choice.positions |= best;
  }
  barrier left = {0, 0};
  size_t kept = 0;
  for (size_t i = 0; i < *count; i++) {
    const zcz_sv_primitive *p = &primitives[list[i]];
    if ((p->targets & ~choice.positions) || blocked(&left, p)) {
      leave(&left, p);
      list[kept++] = list[i];
    } else {
      run[choice.count++] = list[i];
    }
  }
  *count = kept;
  return choice;
}
