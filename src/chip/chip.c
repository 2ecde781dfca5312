#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/sha256.h"
#include "chip/builtin.h"
#include "chip/draft.h"
#include "chip/owned.h"

const char *zcz_chip_name(uint32_t index) {
  size_t count;
  const struct zcz_builtin_file *files = zcz_builtin_chip_files(&count);
  return index < count ? files[index].name : NULL;
}

zcz_status zcz_chip_load(zcz_context *context, const char *name, zcz_chip **chip,
                         zcz_error *error) {
  size_t count;
  const struct zcz_builtin_file *files = zcz_builtin_chip_files(&count);
  char names[512] = "";
  for (size_t i = 0, used = 0; i < count; i++) {
    if (strcmp(files[i].name, name) == 0)
      return zcz_chip_read(context, name, (const char *)files[i].data, files[i].size, chip, error);
    int wrote = snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "", files[i].name);
    if (wrote > 0 && used + (size_t)wrote < sizeof names) used += (size_t)wrote;
  }
  return zcz_hint(
      error, zcz_fail(error, ZCZ_ERROR_USAGE, "unknown chip `%.64s`: there are %s", name, names),
      "name one of these, or give a chip file (a name with `/` or ending in `.json`)");
}

static void release(zcz_context *context, struct zcz_chip_block *block) {
  while (block) {
    struct zcz_chip_block *next = block->next;
    zcz_memory_release(context, block);
    block = next;
  }
}

void zcz_chip_free(zcz_context *context, zcz_chip *chip) {
  if (!chip) return;
  struct zcz_chip_owned *owned = (struct zcz_chip_owned *)chip;
  release(context, owned->blocks); /* `owned` itself stands in one of them */
}

/* The file's name without folders and `.json`, as far as it is a name: what a foreign file's chip
 * is called. */
static const char *name_from_file(zcz_chip_draft *draft) {
  const char *base = strrchr(draft->file, '/');
  base = base ? base + 1 : draft->file;
  char name[ZCZ_CHIP_MAX_NAME + 1];
  size_t size = 0;
  for (; base[size] && size < ZCZ_CHIP_MAX_NAME; size++) {
    char one[2] = {base[size], 0};
    name[size] = zcz_draft_is_name(one) ? base[size] : '_';
  }
  name[size] = 0;
  if (size > 5 && strcmp(name + size - 5, ".json") == 0) name[size - 5] = 0;
  return zcz_draft_string(draft, name[0] ? name : "chip");
}

/* The form is known by its keys. */
static zcz_status read_form(zcz_chip_draft *draft, const json_t *root) {
  const json_t *inner = json_object_get(root, "data"); /* a reply of the cloud, saved as it came */
  if (json_is_object(inner) && json_object_get(inner, "overview")) root = inner;
  if (json_object_get(root, "zcz_chip")) return zcz_draft_read_own(draft, root);
  if (json_object_get(root, "overview")) return zcz_draft_read_cloud(draft, root);
  if (json_object_get(root, "q1_gate_error") || json_object_get(root, "q2_gate_error"))
    return zcz_draft_read_flat(draft, root);
  return zcz_hint(draft->error,
                  zcz_draft_refuse(draft, "this is no chip file: it has none of the keys "
                                          "`zcz_chip`, `overview`, `q1_gate_error`"),
                  "give a file of the form of chips/zuchongzhi-3.0.json, the cloud's "
                  "configuration, or a flat calibration");
}

static zcz_status finish(zcz_chip_draft *draft, const char *text, size_t size, zcz_chip **chip) {
  struct zcz_chip_owned *owned = zcz_draft_allocate(draft, 1, sizeof *owned);
  if (!owned) return ZCZ_ERROR_UNABLE;
  owned->chip = (zcz_chip){.name = draft->name,
                           .title = draft->title,
                           .num_qubits = draft->num_qubits,
                           .qubits = draft->qubits,
                           .num_couplers = draft->num_couplers,
                           .couplers = draft->couplers,
                           .num_provenances = draft->num_provenances,
                           .provenances = draft->provenances,
                           .num_assumptions = draft->num_assumptions,
                           .assumptions = draft->assumptions,
                           .one_qubit_ns = draft->one_qubit_ns,
                           .readout_ns = draft->readout_ns,
                           .reset_ns = draft->reset_ns};
  zcz_sha256_hex(text, size, owned->chip.sha256);
  owned->blocks = draft->blocks;
  *chip = &owned->chip;
  return ZCZ_OK;
}

static zcz_status read_root(zcz_chip_draft *draft, const json_t *root) {
  draft->provenances =
      zcz_draft_allocate(draft, ZCZ_CHIP_MAX_PROVENANCES, sizeof *draft->provenances);
  draft->assumptions =
      zcz_draft_allocate(draft, ZCZ_CHIP_MAX_ASSUMPTIONS, sizeof *draft->assumptions);
  draft->name = name_from_file(draft);
  draft->title = "";
  if (!draft->provenances || !draft->assumptions || !draft->name) return ZCZ_ERROR_UNABLE;
  ZCZ_TRY(read_form(draft, root));
  return zcz_draft_check(draft);
}

/* Puts the line around a syntax error into the error, cut so that the caret stays within. */
static void show_line(zcz_error *error, const char *text, size_t size, const json_error_t *where) {
  size_t at = where->position > 0 ? (size_t)where->position : 0;
  if (at > size) at = size;
  if (at > 0) at--; /* Jansson counts the bytes it has read */
  size_t from = at, to = at;
  while (from > 0 && text[from - 1] != '\n' && at - from < ZCZ_EXCERPT_SIZE / 2) from--;
  while (to < size && text[to] != '\n' && to - from < ZCZ_EXCERPT_SIZE - 1) to++;
  for (size_t i = from; i < to; i++)
    error->excerpt[i - from] = (unsigned char)text[i] < ' ' ? ' ' : text[i];
  error->excerpt[to - from] = 0;
  error->excerpt_column = (uint32_t)(at - from) + 1;
  error->line = where->line > 0 ? (uint32_t)where->line : 0;
  error->column = where->column > 0 ? (uint32_t)where->column : 1;
}

static zcz_status fail_syntax(zcz_error *error, const char *text, size_t size,
                              const json_error_t *where) {
  if (json_error_code(where) == json_error_out_of_memory)
    return zcz_fail(error, ZCZ_ERROR_UNABLE, "out of memory while reading the chip file");
  zcz_status status = zcz_fail(error, ZCZ_ERROR_USAGE, "no JSON: %s", where->text);
  if (error) show_line(error, text, size, where);
  return zcz_hint(error, status, "mend the file at this place; a chip is one JSON object");
}

zcz_status zcz_chip_read(zcz_context *context, const char *file, const char *text, size_t size,
                         zcz_chip **chip, zcz_error *error) {
  *chip = NULL;
  zcz_status status = ZCZ_OK;
  if (size > ZCZ_CHIP_MAX_BYTES) {
    status = zcz_fail(error, ZCZ_ERROR_UNABLE, "the chip file has %zu bytes, at most %d are read",
                      size, ZCZ_CHIP_MAX_BYTES);
  } else {
    json_error_t where;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);
    if (!root) {
      status = fail_syntax(error, text, size, &where);
    } else {
      zcz_chip_draft draft = {.context = context, .error = error, .file = file};
      status = read_root(&draft, root);
      if (status == ZCZ_OK) status = finish(&draft, text, size, chip);
      if (status != ZCZ_OK) release(context, draft.blocks);
      json_decref(root);
    }
  }
  if (status != ZCZ_OK && error) snprintf(error->file, sizeof error->file, "%s", file);
  return status;
}

uint32_t zcz_chip_find_qubit(const zcz_chip *chip, const char *name) {
  for (uint32_t i = 0; i < chip->num_qubits; i++)
    if (strcmp(chip->qubits[i].name, name) == 0) return i;
  return ZCZ_CHIP_NONE;
}

uint32_t zcz_chip_find_coupler(const zcz_chip *chip, uint32_t a, uint32_t b) {
  for (uint32_t i = 0; i < chip->num_couplers; i++) {
    const uint32_t *ends = chip->couplers[i].qubits;
    if ((ends[0] == a && ends[1] == b) || (ends[0] == b && ends[1] == a)) return i;
  }
  return ZCZ_CHIP_NONE;
}

double zcz_error_average_from_pauli(double pauli, uint32_t qubits) {
  double d = (double)((uint64_t)1 << qubits);
  return pauli * d / (d + 1);
}

double zcz_error_pauli_from_average(double average, uint32_t qubits) {
  double d = (double)((uint64_t)1 << qubits);
  return average * (d + 1) / d;
}
