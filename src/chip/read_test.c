/* Chip files: what is refused and in which words, what is assumed of a foreign one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/memory.h"
#include "chip/builtin.h"
#include "chip/draft.h"
#include "zcz/chip.h"

static int set_up(void **state) {
  zcz_context *context = NULL;
  if (zcz_context_new(NULL, &context, NULL) != ZCZ_OK) return -1;
  *state = context;
  return 0;
}

static int tear_down(void **state) {
  uint64_t left = zcz_memory_in_use(*state);
  zcz_context_free(*state);
  return left ? -1 : 0;
}

static zcz_chip *good(zcz_context *context, const char *text) {
  zcz_chip *chip = NULL;
  zcz_error error = {0};
  if (zcz_chip_read(context, "some/where.json", text, strlen(text), &chip, &error) != ZCZ_OK)
    fail_msg("%s", error.message);
  return chip;
}

static void bad(zcz_context *context, const char *text, zcz_status status, const char *words) {
  zcz_chip *chip = NULL;
  zcz_error error = {0};
  assert_int_equal(zcz_chip_read(context, "f.json", text, strlen(text), &chip, &error), status);
  assert_null(chip);
  assert_string_equal(error.file, "f.json");
  if (!strstr(error.message, words)) fail_msg("`%s` lacks `%s`", error.message, words);
}

/* The value at a path of keys and positions, "qubits.t1_us.values.3", replaced; NULL removes it. */
static void set(json_t *root, const char *path, const char *value) {
  char copy[128];
  snprintf(copy, sizeof copy, "%s", path);
  char *key = copy, *dot;
  for (; (dot = strchr(key, '.')); key = dot + 1) {
    *dot = 0;
    root =
        json_is_array(root) ? json_array_get(root, (size_t)atoi(key)) : json_object_get(root, key);
  }
  json_t *made = value ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;
  if (json_is_array(root))
    json_array_set_new(root, (size_t)atoi(key), made);
  else if (made)
    json_object_set_new(root, key, made);
  else
    json_object_del(root, key);
}

static json_t *shipped(void) {
  size_t count;
  const struct zcz_builtin_file *files = zcz_builtin_chip_files(&count);
  for (size_t i = 0; i < count; i++)
    if (!strcmp(files[i].name, "zuchongzhi-3.0"))
      return json_loadb((const char *)files[i].data, files[i].size, 0, NULL);
  return NULL;
}

static void contradictions_are_named(void **state) {
  static const struct {
    const char *path, *value, *words;
  } cases[] = {
      {"qubits.t2_us.values.6", "190.5", "Q7: T2 = 190.5 us exceeds 2 T1"},
      {"qubits.t1_us.values.4", "-3", "Q5: `t1_us` is -3"},
      {"qubits.t1_us.values.4", "null", "Q5: `t1_us` is missing"},
      {"qubits.t1_us.values.4", "\"70\"", "Q5: `t1_us` is no number"},
      {"qubits.t1_us.unit", "\"ms\"", "qubits.t1_us: `unit` is `ms`, allowed: us"},
      {"qubits.t1_us.provenance", "\"heard\"", "qubits.t1_us: `provenance` is `heard`"},
      {"qubits.t1_us.confidence", "\"high\"", "`confidence` is `high`"},
      {"qubits.t1_us.source", NULL, "qubits.t1_us: `source` is missing"},
      {"qubits.t1_us.values", "[1, 2]", "qubits.t1_us has 2 entries, the chip needs 105"},
      {"qubits.t1_us.value", "70", "qubits.t1_us needs `value` (one for all) or `values`"},
      {"qubits.t1_us.note", "1", "qubits.t1_us: unknown field `note`"},
      {"qubits.t3_us", "{}", "qubits: unknown field `t3_us`"},
      {"qubits.t1_us", NULL, "qubits.t1_us is missing"},
      {"qubits.p10.values.0", "1.5", "Q1: `p10` is 1.5, allowed: 0 to 1"},
      {"qubits.p01.values.104", "-0.1", "Q105: `p01`"},
      {"qubits.pauli_error.values.1", "0.8", "Q2: `pauli_error` is 0.8, allowed: 0 to 0.75"},
      {"qubits.name.values.1", "\"Q1\"", "Q1 stands twice"},
      {"qubits.name.values.1", "\"Q 2\"", "entry 2 is no name"},
      {"qubits.x.values.1", "2", "Q1 and Q2 have the same place"},
      {"couplers.qubits.values.0", "[\"Q8\", \"Q200\"]", "coupler G0 joins Q200"},
      {"couplers.qubits.values.0", "[\"Q8\", \"Q8\"]", "coupler G0 joins Q8 with itself"},
      {"couplers.qubits.values.0", "[\"Q9\", \"Q1\"]", "join the same qubits, Q1 and Q9"},
      {"couplers.qubits.values.0", "[\"Q9\"]", "coupler G0 needs a list of two qubits"},
      {"couplers.name.values.1", "\"G0\"", "couplers.qubits: G0 stands twice"},
      {"couplers.pauli_error.values.3", "0.95", "G3: `pauli_error` is 0.95"},
      {"couplers.pauli_error.values.3", "1e-9", "G3: its angle errors alone"},
      {"couplers.disabled",
       "{\"source\": \"t\", \"provenance\": \"assumed\", \"values\": [\"G999\"]}",
       "couplers.disabled: G999 is none"},
      {"gates.fsim.theta.values.2", "10", "G2: `theta` is 10"},
      {"gates.fsim.theta_error.values.2", "null", "G2: `theta_error` is missing"},
      {"gates.fsim.duration_ns.value", "0", "G0: `duration_ns` is 0"},
      {"gates.iswap", "{}", "gates: unknown field `iswap`"},
      {"gates", "{}", "G0: the coupler has no native gate"},
      {"times.one_qubit_ns.value", "0", "`one_qubit_ns` is 0"},
      {"times.one_qubit_ns.values", "[1]", "times.one_qubit_ns needs"},
      {"times", "3", "times is no object"},
      {"zcz_chip", "2", "only 1 is"},
      {"name", "\"a b\"", "`name` is no name"},
      {"colour", "1", "unknown field `colour`"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    json_t *root = shipped();
    set(root, cases[i].path, cases[i].value);
    char *text = json_dumps(root, JSON_REAL_PRECISION(15));
    bad(*state, text, ZCZ_ERROR_USAGE, cases[i].words);
    free(text);
    json_decref(root);
  }
}

/* What is off needs no numbers; a coupler of a qubit that is off is off; null angles: no such gate. */
static void what_is_disabled(void **state) {
  json_t *root = shipped();
  set(root, "qubits.disabled",
      "{\"source\": \"t\", \"provenance\": \"measured\", \"values\": [\"Q8\"]}");
  set(root, "couplers.disabled",
      "{\"source\": \"t\", \"provenance\": \"measured\", \"values\": [\"G50\"]}");
  set(root, "qubits.t1_us.values.7", "null");
  set(root, "couplers.pauli_error.values.50", "null");
  set(root, "gates.fsim.theta.values.60", "null");
  char *text = json_dumps(root, JSON_REAL_PRECISION(15));
  zcz_chip *chip = good(*state, text);
  assert_false(chip->qubits[7].enabled);
  assert_true(isnan(chip->qubits[7].t1_us));
  for (uint32_t i = 0; i < chip->num_couplers; i++) {
    const uint32_t *ends = chip->couplers[i].qubits;
    assert_true(chip->couplers[i].enabled == (ends[0] != 7 && ends[1] != 7 && i != 50));
  }
  assert_int_equal(chip->couplers[60].num_gates, 1);
  assert_int_equal(chip->couplers[60].gates[0].gate, ZCZ_GATE_Z);
  char *json;
  assert_int_equal(zcz_chip_describe_json(*state, chip, &json, NULL), ZCZ_OK);
  assert_non_null(strstr(json, "\"enabled\": false, \"t1_us\": null"));
  zcz_memory_release(*state, json);
  assert_int_equal(zcz_chip_describe_text(*state, chip, &json, NULL), ZCZ_OK);
  assert_non_null(strstr(json, "disabled: Q8, G0, G13, G14, G50\n"));
  zcz_memory_release(*state, json);
  zcz_chip_free(*state, chip);
  free(text);
  json_decref(root);
}

static void syntax_has_a_place(void **state) {
  zcz_chip *chip;
  zcz_error error = {0};
  const char text[] = "{\"zcz_chip\": 1,\n \"name\": oops}";
  assert_int_equal(zcz_chip_read(*state, "f.json", text, sizeof text - 1, &chip, &error),
                   ZCZ_ERROR_USAGE);
  assert_int_equal(error.line, 2);
  assert_true(error.column >= 10 && error.column <= 14);
  assert_string_equal(error.excerpt, " \"name\": oops}");
  assert_true(error.hint[0] != 0);
  bad(*state, "", ZCZ_ERROR_USAGE, "no JSON");
  bad(*state, "[1, 2]", ZCZ_ERROR_USAGE, "no chip file");
  bad(*state, "{\"a\": 1, \"a\": 2}", ZCZ_ERROR_USAGE, "duplicate");
  bad(*state, "{\"a\": 1e999}", ZCZ_ERROR_USAGE, "no JSON");
  char deep[8192];
  memset(deep, '[', sizeof deep - 1);
  deep[sizeof deep - 1] = 0;
  bad(*state, deep, ZCZ_ERROR_USAGE, "no JSON");
}

static void sizes_are_bounded(void **state) {
  char *text = malloc(ZCZ_CHIP_MAX_BYTES + 2);
  memset(text, ' ', ZCZ_CHIP_MAX_BYTES + 1);
  text[ZCZ_CHIP_MAX_BYTES + 1] = 0;
  bad(*state, text, ZCZ_ERROR_UNABLE, "at most");
  size_t used =
      (size_t)sprintf(text, "{\"q1_gate_error\": {}, \"couplers\": {}, \"qubits\": [\"Q0\"");
  for (int i = 1; i <= ZCZ_CHIP_MAX_QUBITS; i++) {
    if (i == ZCZ_CHIP_MAX_QUBITS) { /* the largest that is read */
      strcpy(text + used, "]}");
      zcz_chip_free(*state, good(*state, text));
    }
    used += (size_t)sprintf(text + used, ",\"Q%d\"", i);
  }
  strcpy(text + used, "]}");
  bad(*state, text, ZCZ_ERROR_UNABLE, "2049 qubits");
  free(text);
}

/* ---- the cloud's forms ---- */

static void assumed(const zcz_chip *chip, const char *words) {
  for (uint32_t i = 0; i < chip->num_assumptions; i++)
    if (strstr(chip->assumptions[i], words)) return;
  for (uint32_t i = 0; i < chip->num_assumptions; i++)
    print_message("  %s\n", chip->assumptions[i]);
  fail_msg("no assumption says `%s`", words);
}

static const char cloud[] =
    "{\"calibrationTime\": \"2026-01-02 03:04:05\", \"computerId\": \"1\", \"status\": 0,"
    "\"disabledQubits\": \"Q3\", \"disabledCouplers\": \"G1, G9\","
    "\"overview\": {\"name\": \"tianyan-x\", \"qubits\": [\"Q1\", \"Q2\", \"Q3\", \"Q8\", \"Q9\"],"
    " \"coupler_map\": {\"G0\": [\"Q8\", \"Q1\"], \"G1\": [\"Q9\", \"Q1\"], \"G2\": [\"Q9\", "
    "\"Q2\"],"
    " \"G9\": [\"Q9\", \"Q8\"]}, \"T1\": 30},"
    "\"qubit\": {\"relatime\": {"
    "  \"T1\": {\"param_list\": [0.03, 0.028, 0.025], \"qubit_used\": [\"Q1\", \"Q2\", \"Q8\"], "
    "\"unit\": \"ms\"},"
    "  \"T2\": {\"param_list\": [20, 21, 22, 23], \"qubit_used\": [\"Q1\", \"Q2\", \"Q8\", "
    "\"Q9\"], \"unit\": \"us\"}},"
    " \"singleQubit\": {\"gate error\": {\"param_list\": [0.1, 0.2], \"qubit_used\": [\"Q1\", "
    "\"Q9\"],"
    "  \"unit\": \"%\"}}},"
    "\"readout\": {\"readoutArray\": {"
    "  \"Readout Error\": {\"param_list\": [4, 4, 4, 4], \"qubit_used\": [\"Q1\", \"Q2\", \"Q8\", "
    "\"Q9\"],"
    "   \"unit\": \"%\"},"
    "  \"|0> readout fidelity\": {\"param_list\": [0.97, 0.98], \"qubit_used\": [\"Q1\", \"Q2\"], "
    "\"unit\": \"\"},"
    "  \"|1> readout fidelity\": {\"param_list\": [0.91, 0.92], \"qubit_used\": [\"Q1\", \"Q2\"], "
    "\"unit\": \"\"}}},"
    "\"twoQubitGate\": {\"czGate\": {"
    "  \"gate error\": {\"param_list\": [1.2, 0.8], \"qubit_used\": [\"G0\", \"G2\"], \"unit\": "
    "\"%\"},"
    "  \"length\": {\"param_list\": [45], \"qubit_used\": [\"G0\"], \"unit\": \"ns\"}}}}";

static void check_cloud(const zcz_chip *chip) {
  assert_string_equal(chip->name, "tianyan-x");
  assert_int_equal(chip->num_qubits, 5);
  assert_int_equal(chip->num_couplers, 4);
  assert_false(chip->qubits[2].enabled);
  assert_true(chip->couplers[0].enabled && !chip->couplers[1].enabled &&
              !chip->couplers[3].enabled);
  assert_true(fabs(chip->qubits[0].t1_us - 30) < 1e-12 && chip->qubits[4].t1_us == 30);
  assert_true(fabs(chip->qubits[0].pauli_error - 0.0015) < 1e-15);
  assert_true(fabs(chip->qubits[1].pauli_error - 0.00225) < 1e-15); /* the mean of two */
  assert_true(fabs(chip->qubits[1].p10 - 0.02) < 1e-15 && fabs(chip->qubits[1].p01 - 0.08) < 1e-15);
  assert_true(fabs(chip->qubits[4].p10 - 0.02) < 1e-15 && fabs(chip->qubits[4].p01 - 0.06) < 1e-15);
  assert_true(fabs(chip->couplers[0].pauli_error - 0.015) < 1e-15);
  assert_true(chip->couplers[0].gates[0].gate == ZCZ_GATE_Z &&
              chip->couplers[0].gates[0].duration_ns == 45);
  assert_true(chip->one_qubit_ns == 30 && chip->readout_ns == 3165 && chip->reset_ns == 160);
}

static void cloud_configuration(void **state) {
  zcz_chip *chip = good(*state, cloud);
  check_cloud(chip);
  assert_true(isnan(chip->qubits[2].t1_us));
  assumed(chip, "T1 is not given for Q9: 30 us, the overview's mean");
  assumed(chip,
          "the one-qubit Pauli error is not given for Q2, Q8: 0.00225, the mean of the others");
  assumed(chip, "the CZ time is not given for G2: 45 ns, the mean of the others");
  assumed(chip, "the readout error of 2 qubits is split 1:3");
  assumed(chip, "average errors: converted to Pauli errors");
  assumed(chip, "the one-qubit gate time is not given: 30 ns");
  assumed(chip, "the readout time is not given: 3165 ns");
  assumed(chip, "the reset time is not given: 160 ns");
  assumed(chip, "drawn in layers"); /* Q9-Q8 is no coupler of the known lattice */
  zcz_chip_free(*state, chip);
  char wrapped[4096]; /* as a reply that was saved whole */
  snprintf(wrapped, sizeof wrapped, "{\"code\": 0, \"data\": %s}", cloud);
  chip = good(*state, wrapped);
  check_cloud(chip);
  zcz_chip_free(*state, chip);
}

static void cloud_with_little(void **state) {
  zcz_chip *chip = good(*state, "{\"overview\": {\"qubits\": [\"Q1\", \"Q8\"], \"coupler_map\":"
                                "{\"G0\": [\"Q8\", \"Q1\"]}}, \"disabledQubits\": null,"
                                "\"twoQubitGate\": {\"fsim_value\": {}}}");
  assert_string_equal(chip->name, "where"); /* of some/where.json */
  assert_true(chip->qubits[0].t1_us == 33.06 && chip->qubits[1].t2_us == 3.07);
  assert_true(chip->qubits[0].pauli_error == 0.277e-2 && chip->couplers[0].pauli_error == 2.225e-2);
  assert_true(chip->couplers[0].gates[0].duration_ns == 50);
  assert_true(chip->qubits[1].x == 1 && chip->qubits[1].y == 1); /* Zuchongzhi 3.0's places */
  assumed(chip, "T1 is not given for any qubit: 33.06 us, the mean of the 66-qubit cloud machine");
  assumed(chip, "T2 is not given for any qubit: 3.07 us");
  assumed(chip, "the one-qubit Pauli error is not given for any qubit: 0.00277");
  assumed(chip, "the CZ Pauli error is not given for any coupler: 0.02225");
  assumed(chip, "readout error is not given for any qubit: 0.0579");
  assumed(chip, "fsim_value is not read");
  assumed(chip, "those of the Zuchongzhi 3.0 lattice");
  zcz_chip_free(*state, chip);
}

static void cloud_contradictions(void **state) {
  static const struct {
    const char *path, *value, *words;
  } cases[] = {
      {"qubit.relatime.T2.param_list.0", "60.5", "Q1: T2 = 60.5 us exceeds 2 T1"},
      {"qubit.relatime.T2.param_list", "[1, 2]",
       "qubit.relatime.T2: `param_list` has 2 entries, `qubit_used` 4"},
      {"qubit.relatime.T2.qubit_used.0", "\"Q77\"", "qubit.relatime.T2 names Q77"},
      {"qubit.relatime.T2.qubit_used.0", "\"Q2\"", "qubit.relatime.T2: Q2 stands twice"},
      {"qubit.relatime.T2.unit", "\"parsec\"", "unknown unit `parsec`"},
      {"qubit.relatime.T2.param_list.1", "\"x\"", "the value of Q2 is no number"},
      {"twoQubitGate.czGate.gate error.param_list.0", "99", "G0: `pauli_error`"},
      {"disabledQubits", "\"Q3,Q99\"", "disabledQubits names Q99"},
      {"disabledCouplers", "7", "disabledCouplers is neither text nor a list"},
      {"overview.qubits", "7", "overview.qubits is no list"},
      {"overview.coupler_map", "[]", "overview.coupler_map is no object"},
      {"overview.coupler_map.G0", "[\"Q8\", \"Q5\"]", "coupler G0 joins Q5"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    json_t *root = json_loads(cloud, 0, NULL);
    set(root, cases[i].path, cases[i].value);
    char *text = json_dumps(root, 0);
    bad(*state, text, ZCZ_ERROR_USAGE, cases[i].words);
    free(text);
    json_decref(root);
  }
}

static void flat_calibration(void **state) {
  const char *folder = getenv("ZCZ_SHARED_DATA");
  char path[4096];
  snprintf(path, sizeof path, "%s/calibration/tianyan176_2024-06-26.json",
           folder ? folder : "../shared/data");
  json_t *root = json_load_file(path, 0, NULL);
  if (!root) {
    print_message("skipped: %s is not there\n", path);
    return;
  }
  char *text = json_dumps(root, 0);
  zcz_chip *chip = good(*state, text);
  uint32_t on = 0, joined = 0;
  for (uint32_t i = 0; i < 66; i++) on += chip->qubits[i].enabled;
  for (uint32_t i = 0; i < 110; i++) joined += chip->couplers[i].enabled;
  assert_int_equal(on, 63);
  assert_int_equal(joined, 89);
  assert_string_equal(chip->couplers[2].name, "G2"); /* by number, not by text */
  json_t *one = json_object_get(root, "q1_gate_error"),
         *two = json_object_get(root, "q2_gate_error");
  assert_true(fabs(chip->qubits[3].pauli_error -
                   json_number_value(json_object_get(one, "Q3")) * 0.015) < 1e-15);
  assert_true(fabs(chip->couplers[3].pauli_error -
                   json_number_value(json_object_get(two, "G3")) * 0.0125) < 1e-15);
  assumed(chip, "those of the Zuchongzhi 2 lattice");
  assumed(chip, "the CZ time is not given for any coupler: 50 ns");
  assumed(chip, "the readout error of 63 qubits is split 1:3");
  zcz_chip_free(*state, chip);
  free(text);
  json_decref(root);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {TEST(contradictions_are_named), TEST(what_is_disabled),
                                     TEST(syntax_has_a_place),       TEST(sizes_are_bounded),
                                     TEST(cloud_configuration),      TEST(cloud_with_little),
                                     TEST(cloud_contradictions),     TEST(flat_calibration)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
