#include "chip/draft.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "chip/owned.h"

void *zcz_draft_allocate(zcz_chip_draft *draft, size_t count, size_t size) {
  enum { CHUNK = 16384, ALIGN = 16 };
  if (size != 0 && count > (SIZE_MAX - 2 * ALIGN) / size) {
    (void)zcz_fail(draft->error, ZCZ_ERROR_UNABLE, "out of memory: a chip of that size");
    return NULL;
  }
  size_t bytes = (count * size + ALIGN - 1) / ALIGN * ALIGN;
  struct zcz_chip_block *block = draft->blocks;
  if (!block || block->size - block->used < bytes) {
    size_t room = bytes > CHUNK ? bytes : CHUNK;
    block = zcz_memory_allocate(draft->context, sizeof *block + room);
    if (!block) {
      (void)zcz_fail_memory(draft->context, draft->error, "a chip", sizeof *block + room);
      return NULL;
    }
    *block = (struct zcz_chip_block){.next = draft->blocks, .size = room, .used = 0};
    draft->blocks = block;
  }
  void *result = (unsigned char *)(block + 1) + block->used;
  block->used += bytes;
  memset(result, 0, bytes);
  return result;
}

const char *zcz_draft_string(zcz_chip_draft *draft, const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = zcz_draft_allocate(draft, size, 1);
  return copy ? memcpy(copy, text, size) : NULL;
}

zcz_status zcz_draft_refuse(zcz_chip_draft *draft, const char *format, ...) {
  char text[ZCZ_MESSAGE_SIZE];
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  return zcz_fail(draft->error, ZCZ_ERROR_USAGE, "%s", text);
}

zcz_status zcz_draft_assume(zcz_chip_draft *draft, const char *format, ...) {
  if (draft->num_assumptions == ZCZ_CHIP_MAX_ASSUMPTIONS)
    return zcz_fail(draft->error, ZCZ_ERROR_BUG, "more than %d assumptions about a chip",
                    ZCZ_CHIP_MAX_ASSUMPTIONS);
  char text[ZCZ_MESSAGE_SIZE];
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  const char *copy = zcz_draft_string(draft, text);
  if (!copy) return ZCZ_ERROR_UNABLE;
  draft->assumptions[draft->num_assumptions++] = copy;
  return ZCZ_OK;
}

zcz_status zcz_draft_provenance(zcz_chip_draft *draft, const char *column, const char *unit,
                                const char *source, const char *provenance,
                                const char *confidence) {
  if (draft->num_provenances == ZCZ_CHIP_MAX_PROVENANCES)
    return zcz_fail(draft->error, ZCZ_ERROR_BUG, "more than %d columns in a chip",
                    ZCZ_CHIP_MAX_PROVENANCES);
  zcz_provenance row = {zcz_draft_string(draft, column), zcz_draft_string(draft, unit),
                        zcz_draft_string(draft, source), zcz_draft_string(draft, provenance),
                        zcz_draft_string(draft, confidence)};
  if (!row.column || !row.unit || !row.source || !row.provenance || !row.confidence)
    return ZCZ_ERROR_UNABLE;
  draft->provenances[draft->num_provenances++] = row;
  return ZCZ_OK;
}

static bool make_index(zcz_chip_draft *draft, zcz_chip_index *index, size_t count) {
  uint32_t slots = 16;
  while (slots < 2 * count) slots *= 2;
  index->slots = zcz_draft_allocate(draft, slots, sizeof *index->slots);
  index->mask = slots - 1;
  return index->slots != NULL;
}

zcz_status zcz_draft_set_qubits(zcz_chip_draft *draft, size_t count) {
  if (count == 0) return zcz_draft_refuse(draft, "the chip has no qubits");
  if (count > ZCZ_CHIP_MAX_QUBITS)
    return zcz_fail(draft->error, ZCZ_ERROR_UNABLE, "the chip has %zu qubits, at most %d are read",
                    count, ZCZ_CHIP_MAX_QUBITS);
  draft->qubits = zcz_draft_allocate(draft, count, sizeof *draft->qubits);
  if (!draft->qubits || !make_index(draft, &draft->qubit_index, count)) return ZCZ_ERROR_UNABLE;
  draft->num_qubits = (uint32_t)count;
  for (size_t i = 0; i < count; i++)
    draft->qubits[i] = (zcz_chip_qubit){"", NAN, NAN, true, NAN, NAN, NAN, NAN, NAN};
  return ZCZ_OK;
}

zcz_status zcz_draft_set_couplers(zcz_chip_draft *draft, size_t count) {
  if (count > ZCZ_CHIP_MAX_COUPLERS)
    return zcz_fail(draft->error, ZCZ_ERROR_UNABLE,
                    "the chip has %zu couplers, at most %d are read", count, ZCZ_CHIP_MAX_COUPLERS);
  draft->couplers = zcz_draft_allocate(draft, count, sizeof *draft->couplers);
  if (!draft->couplers || !make_index(draft, &draft->coupler_index, count)) return ZCZ_ERROR_UNABLE;
  draft->num_couplers = (uint32_t)count;
  for (size_t i = 0; i < count; i++)
    draft->couplers[i] = (zcz_chip_coupler){.name = "", .enabled = true, .pauli_error = NAN};
  return ZCZ_OK;
}

bool zcz_draft_is_name(const char *text) {
  size_t size = 0;
  for (; text[size]; size++) {
    unsigned char c = (unsigned char)text[size];
    bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '_' || c == '-' || c == '.';
    if (!good || size == ZCZ_CHIP_MAX_NAME) return false;
  }
  return size > 0;
}

/* FNV-1a; the slot that holds the name, or the empty one where it would stand. */
static uint32_t *slot_of(const zcz_chip_draft *draft, const char *name, bool of_couplers) {
  const zcz_chip_index *index = of_couplers ? &draft->coupler_index : &draft->qubit_index;
  uint32_t hash = 2166136261u;
  for (const char *c = name; *c; c++) hash = (hash ^ (unsigned char)*c) * 16777619u;
  for (uint32_t slot = hash & index->mask;; slot = (slot + 1) & index->mask) {
    uint32_t entry = index->slots[slot];
    if (!entry) return &index->slots[slot];
    const char *held =
        of_couplers ? draft->couplers[entry - 1].name : draft->qubits[entry - 1].name;
    if (strcmp(held, name) == 0) return &index->slots[slot];
  }
}

uint32_t zcz_draft_find_qubit(const zcz_chip_draft *draft, const char *name) {
  return *slot_of(draft, name, false) - 1; /* 0 - 1 is ZCZ_CHIP_NONE */
}

uint32_t zcz_draft_find_coupler(const zcz_chip_draft *draft, const char *name) {
  return *slot_of(draft, name, true) - 1;
}

zcz_status zcz_draft_name_qubits(zcz_chip_draft *draft, const json_t *names, const char *where) {
  for (uint32_t i = 0; i < draft->num_qubits; i++) {
    const char *name = json_string_value(json_array_get(names, i));
    if (!name || !zcz_draft_is_name(name))
      return zcz_draft_refuse(draft,
                              "%s: entry %u is no name (1 to %d letters, digits, `_`, `-`, `.`)",
                              where, i + 1, ZCZ_CHIP_MAX_NAME);
    uint32_t *slot = slot_of(draft, name, false);
    if (*slot) return zcz_draft_refuse(draft, "%s: %s stands twice", where, name);
    draft->qubits[i].name = zcz_draft_string(draft, name);
    if (!draft->qubits[i].name) return ZCZ_ERROR_UNABLE;
    *slot = i + 1;
  }
  return ZCZ_OK;
}

zcz_status zcz_draft_join(zcz_chip_draft *draft, uint32_t coupler, const char *name,
                          const json_t *pair, const char *where) {
  if (!name || !zcz_draft_is_name(name))
    return zcz_draft_refuse(draft,
                            "%s: coupler %u has no name (1 to %d letters, digits, `_`, `-`, `.`)",
                            where, coupler + 1, ZCZ_CHIP_MAX_NAME);
  if (json_array_size(pair) != 2)
    return zcz_draft_refuse(draft, "%s: coupler %s needs a list of two qubits", where, name);
  uint32_t ends[2];
  for (size_t k = 0; k < 2; k++) {
    const char *qubit = json_string_value(json_array_get(pair, k));
    if (!qubit) return zcz_draft_refuse(draft, "%s: coupler %s: a qubit is no text", where, name);
    ends[k] = zcz_draft_find_qubit(draft, qubit);
    if (ends[k] == ZCZ_CHIP_NONE)
      return zcz_draft_refuse(draft, "%s: coupler %s joins %.64s, which is no qubit of the chip",
                              where, name, qubit);
  }
  if (ends[0] == ends[1])
    return zcz_draft_refuse(draft, "%s: coupler %s joins %s with itself", where, name,
                            draft->qubits[ends[0]].name);
  uint32_t *slot = slot_of(draft, name, true);
  if (*slot) return zcz_draft_refuse(draft, "%s: %s stands twice", where, name);
  *slot = coupler + 1;
  zcz_chip_coupler *made = &draft->couplers[coupler];
  made->name = zcz_draft_string(draft, name);
  made->qubits[0] = ends[0] < ends[1] ? ends[0] : ends[1];
  made->qubits[1] = ends[0] < ends[1] ? ends[1] : ends[0];
  return made->name ? ZCZ_OK : ZCZ_ERROR_UNABLE;
}
