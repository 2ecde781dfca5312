/* The cloud's configuration JSON (nested leaves) and the flat form of its calibrations. Fields that
 * mean nothing here are passed over: the form is not ours. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chip/draft.h"

typedef struct unit {
  const char *name;
  double factor;
} unit;

static const unit times_us[] = {{"us", 1}, {"ns", 1e-3}, {"ms", 1e3}, {"s", 1e6}, {"", 1}, {0}};
static const unit times_ns[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"", 1}, {0}};
static const unit shares[] = {{"%", 0.01}, {"", 1}, {0}};

/* What a leaf's numbers become. */
typedef struct leaf {
  const char *path; /* for messages */
  const unit *units;
  double scale; /* after the unit */
  bool of_couplers;
  double *values;
} leaf;

static zcz_status find_item(zcz_chip_draft *draft, const leaf *what, const char *name,
                            uint32_t *item) {
  *item = !name               ? ZCZ_CHIP_NONE
          : what->of_couplers ? zcz_draft_find_coupler(draft, name)
                              : zcz_draft_find_qubit(draft, name);
  if (*item != ZCZ_CHIP_NONE) return ZCZ_OK;
  return zcz_draft_refuse(draft, "%s names %.64s, which the file does not list", what->path,
                          name ? name : "something that is no text");
}

static zcz_status set_value(zcz_chip_draft *draft, const leaf *what, const char *name,
                            const json_t *number, double factor) {
  uint32_t item;
  ZCZ_TRY(find_item(draft, what, name, &item));
  if (json_is_null(number)) return ZCZ_OK;
  if (!json_is_number(number))
    return zcz_draft_refuse(draft, "%s: the value of %s is no number", what->path, name);
  if (!isnan(what->values[item]))
    return zcz_draft_refuse(draft, "%s: %s stands twice", what->path, name);
  what->values[item] = json_number_value(number) * factor * what->scale;
  return ZCZ_OK;
}

/* {param_list, qubit_used, unit}; a leaf that is not there leaves its values unsaid. */
static zcz_status read_leaf(zcz_chip_draft *draft, const json_t *root, const char *group,
                            const char *part, const char *field, const leaf *what) {
  const json_t *object = json_object_get(root, group);
  if (part) object = json_object_get(object, part);
  object = json_object_get(object, field);
  if (!object || json_is_null(object)) return ZCZ_OK;
  const json_t *numbers = json_object_get(object, "param_list");
  const json_t *items = json_object_get(object, "qubit_used");
  const json_t *said = json_object_get(object, "unit");
  const char *name = said && !json_is_null(said) ? json_string_value(said) : "";
  if (!json_is_array(numbers) || !json_is_array(items))
    return zcz_draft_refuse(draft, "%s needs the lists `param_list` and `qubit_used`", what->path);
  if (json_array_size(numbers) != json_array_size(items))
    return zcz_draft_refuse(draft, "%s: `param_list` has %zu entries, `qubit_used` %zu", what->path,
                            json_array_size(numbers), json_array_size(items));
  const unit *found = what->units;
  while (found->name && (!name || strcmp(found->name, name) != 0)) found++;
  if (!found->name)
    return zcz_draft_refuse(draft, "%s: unknown unit `%.16s`", what->path,
                            name ? name : "that is no text");
  for (size_t i = 0; i < json_array_size(items); i++)
    ZCZ_TRY(set_value(draft, what, json_string_value(json_array_get(items, i)),
                      json_array_get(numbers, i), found->factor));
  return ZCZ_OK;
}

static zcz_status disable(zcz_chip_draft *draft, const char *where, bool couplers,
                          const char *name) {
  uint32_t item;
  ZCZ_TRY(find_item(draft, &(leaf){.path = where, .of_couplers = couplers}, name, &item));
  if (couplers)
    draft->couplers[item].enabled = false;
  else
    draft->qubits[item].enabled = false;
  return ZCZ_OK;
}

/* "Q2,Q10" (the cloud) or ["Q2", "Q10"] (the flat form), or null. */
static zcz_status read_disabled(zcz_chip_draft *draft, const json_t *value, const char *where,
                                bool couplers) {
  if (!value || json_is_null(value)) return ZCZ_OK;
  for (size_t i = 0; i < json_array_size(value); i++)
    ZCZ_TRY(disable(draft, where, couplers, json_string_value(json_array_get(value, i))));
  if (json_is_array(value)) return ZCZ_OK;
  const char *text = json_string_value(value);
  if (!text) return zcz_draft_refuse(draft, "%s is neither text nor a list", where);
  while (*text) {
    text += strspn(text, ", \t\r\n");
    size_t size = strcspn(text, ", \t\r\n");
    if (size == 0) break;
    char name[ZCZ_CHIP_MAX_NAME + 2];
    snprintf(name, sizeof name, "%.*s", (int)(size < sizeof name ? size : sizeof name), text);
    ZCZ_TRY(disable(draft, where, couplers, name));
    text += size;
  }
  return ZCZ_OK;
}

static zcz_status set_source(zcz_chip_draft *draft, const char *what, const json_t *when,
                             zcz_cloud_values *values) {
  char text[160];
  const char *time = json_string_value(when);
  snprintf(text, sizeof text, "%s%s%.40s", what, time ? " of " : "", time ? time : "");
  values->source = zcz_draft_string(draft, text);
  return values->source ? ZCZ_OK : ZCZ_ERROR_UNABLE;
}

/* A mean of the overview, NaN unless it is a number. */
static double overview_mean(const json_t *overview, const char *key, double scale) {
  const json_t *value = json_object_get(overview, key);
  return json_is_number(value) ? json_number_value(value) * scale : NAN;
}

static zcz_status read_leaves(zcz_chip_draft *draft, const json_t *root, zcz_cloud_values *values) {
  double *f0 = values->p10, *f1 = values->p01; /* fidelities first, errors after */
  const struct {
    const char *group, *part, *field;
    leaf what;
  } leaves[] = {
      {"qubit", "relatime", "T1", {"qubit.relatime.T1", times_us, 1, false, values->t1}},
      {"qubit", "relatime", "T2", {"qubit.relatime.T2", times_us, 1, false, values->t2}},
      {"qubit",
       "singleQubit",
       "gate error",
       {"qubit.singleQubit.gate error", shares, 1.5, false, values->one}},
      {"readout",
       "readoutArray",
       "Readout Error",
       {"readout.readoutArray.Readout Error", shares, 1, false, values->readout}},
      {"readout",
       "readoutArray",
       "|0> readout fidelity",
       {"readout.readoutArray.|0> readout fidelity", shares, 1, false, f0}},
      {"readout",
       "readoutArray",
       "|1> readout fidelity",
       {"readout.readoutArray.|1> readout fidelity", shares, 1, false, f1}},
      {"twoQubitGate",
       "czGate",
       "gate error",
       {"twoQubitGate.czGate.gate error", shares, 1.25, true, values->two}},
      {"twoQubitGate",
       "czGate",
       "length",
       {"twoQubitGate.czGate.length", times_ns, 1, true, values->length}},
  };
  for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++)
    ZCZ_TRY(
        read_leaf(draft, root, leaves[i].group, leaves[i].part, leaves[i].field, &leaves[i].what));
  for (uint32_t i = 0; i < draft->num_qubits; i++) {
    f0[i] = 1 - f0[i];
    f1[i] = 1 - f1[i];
  }
  return ZCZ_OK;
}

zcz_status zcz_draft_read_cloud(zcz_chip_draft *draft, const json_t *root) {
  const json_t *overview = json_object_get(root, "overview");
  const json_t *names = json_object_get(overview, "qubits");
  const char *name = json_string_value(json_object_get(overview, "name"));
  if (!json_is_array(names)) return zcz_draft_refuse(draft, "overview.qubits is no list");
  if (name && zcz_draft_is_name(name)) draft->name = zcz_draft_string(draft, name);
  if (!draft->name) return ZCZ_ERROR_UNABLE;
  ZCZ_TRY(zcz_draft_set_qubits(draft, json_array_size(names)));
  ZCZ_TRY(zcz_draft_name_qubits(draft, names, "overview.qubits"));
  ZCZ_TRY(
      zcz_cloud_couplers(draft, json_object_get(overview, "coupler_map"), "overview.coupler_map"));
  ZCZ_TRY(read_disabled(draft, json_object_get(root, "disabledQubits"), "disabledQubits", false));
  ZCZ_TRY(
      read_disabled(draft, json_object_get(root, "disabledCouplers"), "disabledCouplers", true));
  zcz_cloud_values values;
  ZCZ_TRY(zcz_cloud_values_new(draft, &values));
  ZCZ_TRY(set_source(draft, "the cloud's configuration", json_object_get(root, "calibrationTime"),
                     &values));
  values.mean_t1 = overview_mean(overview, "T1", 1);
  values.mean_t2 = overview_mean(overview, "T2", 1);
  values.mean_one = overview_mean(overview, "1q_gate_error", 0.01 * 1.5);
  values.mean_two = overview_mean(overview, "cz_error", 0.01 * 1.25);
  values.mean_readout = overview_mean(overview, "readout_error", 0.01);
  ZCZ_TRY(read_leaves(draft, root, &values));
  if (json_object_get(json_object_get(root, "twoQubitGate"), "fsim_value"))
    ZCZ_TRY(zcz_draft_assume(draft, "fsim_value is not read, its form is not published: CZ is the "
                                    "native two-qubit gate"));
  return zcz_cloud_finish(draft, &values);
}

/* {"Q0": 0.18, …} in per cent. */
static zcz_status read_table(zcz_chip_draft *draft, const json_t *root, const leaf *what) {
  const json_t *object = json_object_get(root, what->path);
  if (!object) return ZCZ_OK;
  if (!json_is_object(object)) return zcz_draft_refuse(draft, "%s is no object", what->path);
  const char *name;
  json_t *number;
  json_object_foreach((json_t *)object, name, number)
      ZCZ_TRY(set_value(draft, what, name, number, 0.01));
  return ZCZ_OK;
}

zcz_status zcz_draft_read_flat(zcz_chip_draft *draft, const json_t *root) {
  const json_t *names = json_object_get(root, "qubits");
  if (!json_is_array(names)) return zcz_draft_refuse(draft, "qubits is no list");
  ZCZ_TRY(zcz_draft_set_qubits(draft, json_array_size(names)));
  ZCZ_TRY(zcz_draft_name_qubits(draft, names, "qubits"));
  ZCZ_TRY(zcz_cloud_couplers(draft, json_object_get(root, "couplers"), "couplers"));
  ZCZ_TRY(read_disabled(draft, json_object_get(root, "disabled_qubits"), "disabled_qubits", false));
  ZCZ_TRY(
      read_disabled(draft, json_object_get(root, "disabled_couplers"), "disabled_couplers", true));
  zcz_cloud_values values;
  ZCZ_TRY(zcz_cloud_values_new(draft, &values));
  ZCZ_TRY(set_source(draft, "flat calibration", json_object_get(root, "sync_time"), &values));
  ZCZ_TRY(read_table(draft, root, &(leaf){"q1_gate_error", NULL, 1.5, false, values.one}));
  ZCZ_TRY(read_table(draft, root, &(leaf){"q2_gate_error", NULL, 1.25, true, values.two}));
  ZCZ_TRY(read_table(draft, root, &(leaf){"read_error", NULL, 1, false, values.readout}));
  return zcz_cloud_finish(draft, &values);
}
