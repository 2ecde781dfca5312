#include "base/random.h"

#include <Random123/philox.h>

zcz_random_block zcz_random(uint64_t seed, zcz_purpose purpose, uint64_t shot, uint32_t site,
                            uint32_t draw) {
  philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
  philox4x32_ctr_t counter = {
      {draw, site, (uint32_t)shot, ((uint32_t)purpose << 16) | (uint32_t)((shot >> 32) & 0xffff)}};
  philox4x32_ctr_t value = philox4x32_R(10, counter, key);
  return (zcz_random_block){{value.v[0], value.v[1], value.v[2], value.v[3]}};
}

double zcz_random_unit(uint64_t seed, zcz_purpose purpose, uint64_t shot, uint32_t site,
                       uint32_t draw) {
  return zcz_random_uniform(zcz_random(seed, purpose, shot, site, draw), 0);
}
