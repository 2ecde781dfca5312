/* The table of engines, in order of preference between equals. */
#include <string.h>

#include "sim/engine.h"

extern const zcz_engine zcz_engine_stabilizer;
extern const zcz_engine zcz_engine_density;
extern const zcz_engine zcz_engine_statevector;

static const zcz_engine *const engines[] = {
    &zcz_engine_stabilizer,
    &zcz_engine_density,
    &zcz_engine_statevector,
};

const zcz_engine *const *zcz_engines(uint32_t *count) {
  *count = sizeof engines / sizeof engines[0];
  return engines;
}

const zcz_engine *zcz_engine_by_name(const char *name) {
  for (size_t i = 0; i < sizeof engines / sizeof engines[0]; i++)
    if (strcmp(engines[i]->name, name) == 0) return engines[i];
  return NULL;
}
