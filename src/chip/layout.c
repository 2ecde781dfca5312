/* Places of qubits where the file gives none. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "chip/draft.h"

/* A lattice of rows whose couplers join (x, y) with (x - 1, y + 1) and (x + 1, y + 1). */
typedef struct lattice {
  const char *words;
  uint32_t first, rows, width; /* the first qubit's number, rows, qubits a row */
  uint32_t offsets[4];         /* x of a row's first qubit, by row modulo 4 */
} lattice;

static const lattice known[] = {
    {"Zuchongzhi 3.0", 1, 15, 7, {2, 1, 0, 1}},
    {"Zuchongzhi 2", 0, 11, 6, {1, 0, 1, 0}},
};

/* Puts the qubits on the lattice; false unless all names are its qubits' and all couplers its. */
static bool lay_on(zcz_chip_draft *draft, const lattice *on) {
  for (uint32_t i = 0; i < draft->num_qubits; i++) {
    zcz_chip_qubit *qubit = &draft->qubits[i];
    char name[16];
    unsigned number;
    if (sscanf(qubit->name, "Q%5u", &number) != 1 || number < on->first) return false;
    snprintf(name, sizeof name, "Q%u", number);
    if (strcmp(name, qubit->name) != 0) return false;
    uint32_t place = number - on->first, row = place / on->width;
    if (row >= on->rows) return false;
    qubit->x = on->offsets[row % 4] + 2.0 * (place % on->width);
    qubit->y = row;
  }
  for (uint32_t i = 0; i < draft->num_couplers; i++) {
    const zcz_chip_qubit *a = &draft->qubits[draft->couplers[i].qubits[0]];
    const zcz_chip_qubit *b = &draft->qubits[draft->couplers[i].qubits[1]];
    if (fabs(a->x - b->x) != 1 || fabs(a->y - b->y) != 1) return false;
  }
  return true;
}

/* Breadth first from the first qubit of each connected part: y is the distance, x the order of
 * discovery within it; parts stand below one another. */
static zcz_status lay_in_layers(zcz_chip_draft *draft) {
  uint32_t n = draft->num_qubits;
  uint32_t *queue = zcz_memory_zeroed(draft->context, n, 2 * sizeof *queue);
  if (!queue) return zcz_fail_memory(draft->context, draft->error, "a chip", 8 * (uint64_t)n);
  uint32_t *filled = queue + n; /* qubits in a layer so far */
  uint32_t seen = 0, next = 0, layers = 0;
  for (uint32_t i = 0; i < n; i++) draft->qubits[i].x = draft->qubits[i].y = NAN;
  for (uint32_t start = 0; start < n; start++) {
    if (!isnan(draft->qubits[start].x)) continue;
    draft->qubits[start].x = 0;
    draft->qubits[start].y = layers;
    filled[layers] = 1;
    queue[seen++] = start;
    for (; next < seen; next++) {
      uint32_t from = queue[next], layer = (uint32_t)draft->qubits[from].y + 1;
      if (layer > layers) layers = layer;
      for (uint32_t c = 0; c < draft->num_couplers; c++) {
        const uint32_t *ends = draft->couplers[c].qubits;
        if (ends[0] != from && ends[1] != from) continue;
        zcz_chip_qubit *to = &draft->qubits[ends[0] == from ? ends[1] : ends[0]];
        if (!isnan(to->x)) continue;
        to->x = 2.0 * filled[layer]++;
        to->y = layer;
        queue[seen++] = (uint32_t)(to - draft->qubits);
      }
    }
  }
  zcz_memory_release(draft->context, queue);
  return ZCZ_OK;
}

zcz_status zcz_draft_place(zcz_chip_draft *draft) {
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (!lay_on(draft, &known[i])) continue;
    ZCZ_TRY(zcz_draft_assume(draft,
                             "places of the qubits: those of the %s lattice, whose names "
                             "and couplers these are",
                             known[i].words));
    return zcz_draft_provenance(draft, "place", "1", "lattice recognised by its names and couplers",
                                "derived", "");
  }
  ZCZ_TRY(lay_in_layers(draft));
  ZCZ_TRY(zcz_draft_assume(draft, "places of the qubits are not given and the lattice is not one "
                                  "that is known: drawn in layers by distance"));
  return zcz_draft_provenance(draft, "place", "1", "layers by distance", "assumed", "");
}
