/* Our own form of a chip file. chips/README.md describes it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chip/draft.h"

enum { FORMAT_VERSION = 1 };

/* One column of the file: a list with an entry an item, or one value for all. */
typedef struct column {
  const json_t *values; /* NULL: `value` holds for all */
  double value;
} column;

static zcz_status check_keys(zcz_chip_draft *draft, const json_t *object, const char *where,
                             const char *const *allowed) {
  if (!json_is_object(object)) return zcz_draft_refuse(draft, "%s is no object", where);
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)object, key, value) {
    size_t i = 0;
    while (allowed[i] && strcmp(allowed[i], key) != 0) i++;
    if (!allowed[i])
      return zcz_hint(draft->error,
                      zcz_draft_refuse(draft, "%s: unknown field `%.64s`", where, key),
                      "chips/README.md lists the fields");
  }
  return ZCZ_OK;
}

static zcz_status text_of(zcz_chip_draft *draft, const json_t *object, const char *where,
                          const char *key, const char *missing, const char **text) {
  const json_t *value = json_object_get(object, key);
  *text = value ? json_string_value(value) : missing;
  if (!*text)
    return zcz_draft_refuse(draft, value ? "%s: `%s` is no text" : "%s: `%s` is missing", where,
                            key);
  return ZCZ_OK;
}

static zcz_status one_of(zcz_chip_draft *draft, const char *where, const char *key,
                         const char *text, const char *const *words) {
  char list[128] = "";
  for (size_t i = 0; words[i]; i++) {
    if (strcmp(words[i], text) == 0) return ZCZ_OK;
    size_t used = strlen(list);
    snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
             words[i][0] ? words[i] : "none");
  }
  return zcz_draft_refuse(draft, "%s: `%s` is `%.32s`, allowed: %s", where, key, text, list);
}

/* Reads the head of a column (unit, source, provenance, confidence) and notes it as `noted`. */
static zcz_status read_head(zcz_chip_draft *draft, const json_t *object, const char *where,
                            const char *unit, const char *noted) {
  static const char *const keys[] = {"unit",  "source", "provenance", "confidence",
                                     "value", "values", NULL};
  static const char *const words[] = {"published", "measured",  "derived",
                                      "assumed",   "synthetic", NULL};
  static const char *const trusts[] = {"primary", "secondary", "", NULL};
  const char *given, *source, *provenance, *confidence;
  ZCZ_TRY(check_keys(draft, object, where, keys));
  ZCZ_TRY(text_of(draft, object, where, "unit", unit[0] ? NULL : "", &given));
  ZCZ_TRY(text_of(draft, object, where, "source", NULL, &source));
  ZCZ_TRY(text_of(draft, object, where, "provenance", NULL, &provenance));
  ZCZ_TRY(text_of(draft, object, where, "confidence", "", &confidence));
  ZCZ_TRY(one_of(draft, where, "unit", given, (const char *const[]){unit, NULL}));
  ZCZ_TRY(one_of(draft, where, "provenance", provenance, words));
  ZCZ_TRY(one_of(draft, where, "confidence", confidence, trusts));
  return zcz_draft_provenance(draft, noted, unit, source, provenance, confidence);
}

/* A column of `count` entries, or (`count` 0, or the file has it so) one value for all. */
static zcz_status read_column(zcz_chip_draft *draft, const json_t *parent, const char *path,
                              const char *key, const char *unit, const char *noted, size_t count,
                              column *out) {
  char where[96];
  snprintf(where, sizeof where, "%s.%s", path, key);
  const json_t *object = json_object_get(parent, key);
  if (!object) return zcz_draft_refuse(draft, "%s is missing", where);
  ZCZ_TRY(read_head(draft, object, where, unit, noted));
  const json_t *value = json_object_get(object, "value");
  out->values = json_object_get(object, "values");
  out->value = json_number_value(value);
  if (!value == !out->values)
    return zcz_draft_refuse(draft, "%s needs `value` (one for all) or `values` (a list)", where);
  if (value && !json_is_number(value))
    return zcz_draft_refuse(draft, "%s: `value` is no number", where);
  if (out->values && (count == 0 || !json_is_array(out->values)))
    return zcz_draft_refuse(draft, "%s: `values` %s", where,
                            count ? "is no list" : "is given, but this is one value");
  if (out->values && json_array_size(out->values) != count)
    return zcz_draft_refuse(draft, "%s has %zu entries, the chip needs %zu", where,
                            json_array_size(out->values), count);
  return ZCZ_OK;
}

/* Entry i of a column; null is NaN, "not said", which only a disabled item or a gate that a coupler
 * has not may have (zcz_draft_check sees to it). */
static zcz_status entry(zcz_chip_draft *draft, const column *from, uint32_t i, const char *item,
                        const char *field, double *number) {
  const json_t *value = from->values ? json_array_get(from->values, i) : NULL;
  *number = from->values ? json_number_value(value) : from->value;
  if (json_is_null(value)) *number = NAN;
  if (from->values && !json_is_number(value) && !json_is_null(value))
    return zcz_draft_refuse(draft, "%s: `%s` is no number", item, field);
  return ZCZ_OK;
}

static zcz_status read_number(zcz_chip_draft *draft, const json_t *parent, const char *path,
                              const char *key, const char *unit, const char *noted, double *out) {
  column from;
  ZCZ_TRY(read_column(draft, parent, path, key, unit, noted, 0, &from));
  *out = from.value;
  return ZCZ_OK;
}

static zcz_status read_qubits(zcz_chip_draft *draft, const json_t *object) {
  static const char *const keys[] = {"name",        "x",   "y",   "t1_us",    "t2_us",
                                     "pauli_error", "p10", "p01", "disabled", NULL};
  ZCZ_TRY(check_keys(draft, object, "qubits", keys));
  const json_t *names = json_object_get(json_object_get(object, "name"), "values");
  if (!json_is_array(names)) return zcz_draft_refuse(draft, "qubits.name.values is no list");
  ZCZ_TRY(zcz_draft_set_qubits(draft, json_array_size(names)));
  column from;
  ZCZ_TRY(
      read_column(draft, object, "qubits", "name", "", "qubit_names", draft->num_qubits, &from));
  ZCZ_TRY(zcz_draft_name_qubits(draft, names, "qubits.name"));
  static const struct {
    const char *key, *unit, *noted;
    size_t offset;
  } columns[] = {{"x", "1", "x", offsetof(zcz_chip_qubit, x)},
                 {"y", "1", "y", offsetof(zcz_chip_qubit, y)},
                 {"t1_us", "us", "t1_us", offsetof(zcz_chip_qubit, t1_us)},
                 {"t2_us", "us", "t2_us", offsetof(zcz_chip_qubit, t2_us)},
                 {"pauli_error", "1", "pauli_error_1q", offsetof(zcz_chip_qubit, pauli_error)},
                 {"p10", "1", "p10", offsetof(zcz_chip_qubit, p10)},
                 {"p01", "1", "p01", offsetof(zcz_chip_qubit, p01)}};
  for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
    ZCZ_TRY(read_column(draft, object, "qubits", columns[k].key, columns[k].unit, columns[k].noted,
                        draft->num_qubits, &from));
    for (uint32_t i = 0; i < draft->num_qubits; i++) {
      double *number = (double *)((char *)&draft->qubits[i] + columns[k].offset);
      ZCZ_TRY(entry(draft, &from, i, draft->qubits[i].name, columns[k].key, number));
    }
  }
  return ZCZ_OK;
}

static zcz_status read_couplers(zcz_chip_draft *draft, const json_t *object) {
  static const char *const keys[] = {"name", "qubits", "pauli_error", "disabled", NULL};
  ZCZ_TRY(check_keys(draft, object, "couplers", keys));
  const json_t *names = json_object_get(json_object_get(object, "name"), "values");
  if (!json_is_array(names)) return zcz_draft_refuse(draft, "couplers.name.values is no list");
  ZCZ_TRY(zcz_draft_set_couplers(draft, json_array_size(names)));
  if (draft->num_couplers == 0) return ZCZ_OK;
  column from, pairs;
  ZCZ_TRY(read_column(draft, object, "couplers", "name", "", "coupler_names", draft->num_couplers,
                      &from));
  ZCZ_TRY(read_column(draft, object, "couplers", "qubits", "", "coupler_qubits",
                      draft->num_couplers, &pairs));
  for (uint32_t i = 0; i < draft->num_couplers; i++)
    ZCZ_TRY(zcz_draft_join(draft, i, json_string_value(json_array_get(names, i)),
                           json_array_get(pairs.values, i), "couplers.qubits"));
  ZCZ_TRY(read_column(draft, object, "couplers", "pauli_error", "1", "pauli_error_2q",
                      draft->num_couplers, &from));
  for (uint32_t i = 0; i < draft->num_couplers; i++)
    ZCZ_TRY(entry(draft, &from, i, draft->couplers[i].name, "pauli_error",
                  &draft->couplers[i].pauli_error));
  return ZCZ_OK;
}

/* "disabled": a column whose values are names of qubits (or of couplers). */
static zcz_status read_disabled(zcz_chip_draft *draft, const json_t *parent, const char *path,
                                bool of_couplers) {
  const json_t *object = json_object_get(parent, "disabled");
  if (!object) return ZCZ_OK;
  char where[64];
  snprintf(where, sizeof where, "%s.disabled", path);
  ZCZ_TRY(
      read_head(draft, object, where, "", of_couplers ? "disabled_couplers" : "disabled_qubits"));
  const json_t *names = json_object_get(object, "values");
  if (!json_is_array(names)) return zcz_draft_refuse(draft, "%s.values is no list", where);
  for (size_t i = 0; i < json_array_size(names); i++) {
    const char *name = json_string_value(json_array_get(names, i));
    uint32_t found = !name         ? ZCZ_CHIP_NONE
                     : of_couplers ? zcz_draft_find_coupler(draft, name)
                                   : zcz_draft_find_qubit(draft, name);
    if (found == ZCZ_CHIP_NONE)
      return zcz_draft_refuse(draft, "%s: %.64s is none of the chip's", where,
                              name ? name : "an entry that is no text");
    if (of_couplers)
      draft->couplers[found].enabled = false;
    else
      draft->qubits[found].enabled = false;
  }
  return ZCZ_OK;
}

static zcz_status read_fsim(zcz_chip_draft *draft, const json_t *object) {
  static const char *const keys[] = {"duration_ns", "theta",     "phi",
                                     "theta_error", "phi_error", NULL};
  static const char *const noted[] = {"fsim_duration_ns", "fsim_theta", "fsim_phi",
                                      "fsim_theta_error", "fsim_phi_error"};
  ZCZ_TRY(check_keys(draft, object, "gates.fsim", keys));
  column from[5];
  for (size_t k = 0; k < 5; k++)
    ZCZ_TRY(read_column(draft, object, "gates.fsim", keys[k], k ? "rad" : "ns", noted[k],
                        draft->num_couplers, &from[k]));
  for (uint32_t i = 0; i < draft->num_couplers; i++) {
    zcz_chip_coupler *coupler = &draft->couplers[i];
    double number[5];
    for (size_t k = 0; k < 5; k++)
      ZCZ_TRY(entry(draft, &from[k], i, coupler->name, keys[k], &number[k]));
    if (isnan(number[1])) continue; /* this coupler has no such gate */
    coupler->gates[coupler->num_gates++] = (zcz_chip_gate){
        ZCZ_GATE_FSIM, 0, {number[1], number[2]}, number[0], {number[3], number[4]}};
  }
  return ZCZ_OK;
}

static zcz_status read_cz(zcz_chip_draft *draft, const json_t *object) {
  static const char *const keys[] = {"duration_ns", NULL};
  ZCZ_TRY(check_keys(draft, object, "gates.cz", keys));
  column from;
  ZCZ_TRY(read_column(draft, object, "gates.cz", "duration_ns", "ns", "cz_duration_ns",
                      draft->num_couplers, &from));
  for (uint32_t i = 0; i < draft->num_couplers; i++) {
    zcz_chip_coupler *coupler = &draft->couplers[i];
    double duration;
    ZCZ_TRY(entry(draft, &from, i, coupler->name, "duration_ns", &duration));
    if (isnan(duration)) continue;
    coupler->gates[coupler->num_gates++] = (zcz_chip_gate){ZCZ_GATE_Z, 1, {0, 0}, duration, {0, 0}};
  }
  return ZCZ_OK;
}

static zcz_status read_times(zcz_chip_draft *draft, const json_t *object) {
  static const char *const keys[] = {"one_qubit_ns", "readout_ns", "reset_ns", NULL};
  ZCZ_TRY(check_keys(draft, object, "times", keys));
  double *targets[] = {&draft->one_qubit_ns, &draft->readout_ns, &draft->reset_ns};
  for (size_t k = 0; k < 3; k++)
    ZCZ_TRY(read_number(draft, object, "times", keys[k], "ns", keys[k], targets[k]));
  return ZCZ_OK;
}

zcz_status zcz_draft_read_own(zcz_chip_draft *draft, const json_t *root) {
  static const char *const keys[] = {"zcz_chip", "name",     "title", "times",
                                     "qubits",   "couplers", "gates", NULL};
  static const char *const gate_keys[] = {"fsim", "cz", NULL};
  ZCZ_TRY(check_keys(draft, root, "the chip", keys));
  const json_t *version = json_object_get(root, "zcz_chip");
  if (!json_is_integer(version) || json_integer_value(version) != FORMAT_VERSION)
    return zcz_draft_refuse(draft, "`zcz_chip` is no version of the form that is known: only %d is",
                            FORMAT_VERSION);
  const char *name, *title;
  ZCZ_TRY(text_of(draft, root, "the chip", "name", NULL, &name));
  ZCZ_TRY(text_of(draft, root, "the chip", "title", "", &title));
  if (!zcz_draft_is_name(name))
    return zcz_draft_refuse(draft, "`name` is no name (1 to %d letters, digits, `_`, `-`, `.`)",
                            ZCZ_CHIP_MAX_NAME);
  draft->name = zcz_draft_string(draft, name);
  draft->title = zcz_draft_string(draft, title);
  if (!draft->name || !draft->title) return ZCZ_ERROR_UNABLE;
  const json_t *qubits = json_object_get(root, "qubits");
  const json_t *couplers = json_object_get(root, "couplers");
  const json_t *gates = json_object_get(root, "gates");
  ZCZ_TRY(read_times(draft, json_object_get(root, "times")));
  ZCZ_TRY(read_qubits(draft, qubits));
  ZCZ_TRY(read_couplers(draft, couplers));
  ZCZ_TRY(read_disabled(draft, qubits, "qubits", false));
  ZCZ_TRY(read_disabled(draft, couplers, "couplers", true));
  ZCZ_TRY(check_keys(draft, gates, "gates", gate_keys));
  if (draft->num_couplers && json_object_get(gates, "fsim"))
    ZCZ_TRY(read_fsim(draft, json_object_get(gates, "fsim")));
  if (draft->num_couplers && json_object_get(gates, "cz"))
    ZCZ_TRY(read_cz(draft, json_object_get(gates, "cz")));
  return ZCZ_OK;
}
