/* docs/result.schema.json: what the command prints with --json fits it, and it refuses what it should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema.h"

static int load_schema(void **state) {
  json_error_t error;
  *state = json_load_file("docs/result.schema.json", JSON_REJECT_DUPLICATES, &error);
  if (!*state) print_error("docs/result.schema.json:%d: %s\n", error.line, error.text);
  return *state ? 0 : -1;
}

static int free_schema(void **state) {
  json_decref(*state);
  return 0;
}

static const char plan[] =
    "{'zcz':'0.1.0','schema':1,'verb':'plan','complete':true,'warnings':[],'engines':["
    "{'engine':'density','able':false,'reason':'too "
    "wide','accuracy':null,'bytes':null,'seconds':null},"
    "{'engine':'statevector','able':true,'reason':'','accuracy':{'kind':'exact'},'bytes':64,"
    "'seconds':0.1}],'chosen':'statevector'}";

/* The object of `text`, which has ' for ". */
static json_t *parse(const char *text) {
  char copy[1024];
  json_error_t error;
  assert_true(strlen(text) < sizeof copy);
  for (size_t i = 0; i <= strlen(text); i++) copy[i] = text[i] == '\'' ? '"' : text[i];
  json_t *value = json_loads(copy, JSON_REJECT_DUPLICATES, &error);
  assert_non_null(value);
  return value;
}

/* `plan` with its first `old` replaced. */
static bool fits_with(json_t *schema, const char *old, const char *new, char *message,
                      size_t size) {
  char text[1024];
  const char *at = strstr(plan, old);
  assert_non_null(at);
  snprintf(text, sizeof text, "%.*s%s%s", (int)(at - plan), plan, new, at + strlen(old));
  json_t *value = parse(text);
  bool good = schema_fits(schema, value, message, size);
  json_decref(value);
  return good;
}

static void good_and_bad_objects(void **state) {
  static const struct {
    const char *old, *new, *why; /* why NULL: fits */
  } cases[] = {
      {"'verb'", "'verb'", NULL},
      {"'chosen':'statevector'", "'chosen':null", NULL},
      {"'schema':1", "'schema':2", "/schema"},
      {"'complete':true", "'complete':1", "/complete"},
      {"'zcz':'0.1.0'", "'zcz':'new'", "/zcz"},
      {"'warnings':[]", "'warnings':[3]", "/warnings/0"},
      {"'able':false", "'ready':false", "/engines/0"},
      {"'kind':'exact'", "'kind':'fair'", "/engines/1/accuracy/kind"},
      {"'bytes':64", "'bytes':-64", "/engines/1/bytes"},
      {",'chosen':'statevector'", "", "lacks \"chosen\""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char message[1024];
    bool good = fits_with(*state, cases[i].old, cases[i].new, message, sizeof message);
    if (good != !cases[i].why || (!good && !strstr(message, cases[i].why)))
      fail_msg("%s -> %s: %s", cases[i].old, cases[i].new, message);
  }
}

static void unknown_keywords_are_errors(void **state) {
  (void)state;
  char message[256];
  json_t *schema = parse("{'type':'object','dependentRequired':{}}"), *value = parse("{}");
  assert_false(schema_fits(schema, value, message, sizeof message));
  assert_non_null(strstr(message, "dependentRequired"));
  json_decref(schema);
  json_decref(value);
}

/* What the command prints for these arguments, each with --json, fits. */
static void results_of_the_command(void **state) {
  static const char *const runs[] = {
      "run examples/01-bell.qasm",
      "run examples/07-native.qcis --noise readout",
      "run examples/03-teleportation.qasm --twirl --memory-shots --shots 20",
      "simulate examples/02-ghz.qasm",
      "simulate examples/01-bell.qasm --probabilities --expect Z0*Z1",
      "simulate examples/06-noise.qasm --probabilities --precision single",
      "plan examples/04-phase-estimation.qasm",
      "plan examples/08-ghz-105.qasm --chip zuchongzhi-3.0 --twirl",
      "compile examples/05-grover.qasm",
      "convert examples/01-bell.qasm --to qcis",
      "chip list",
      "chip show zuchongzhi-3.0",
      "chip show tianyan-287",
      "run examples/missing.qasm",
      "simulate examples/01-bell.qasm --shots 0",
      "simulate examples/01-bell.qasm --shots 1000000000000",
      "simulate examples/01-bell.qasm --frobnicate",
      "simulate examples/03-teleportation.qasm --state state.npy",
      "simulate examples/01-bell.qasm --expect Z9",
      "simulate examples/01-bell.qasm --shots 10 --expect X0*X1 --engine statevector",
      "simulate examples/01-bell.qasm --memory-shots --shots 5",
      "simulate examples/01-bell.qasm --memory 1KiB",
      "run examples/01-bell.qasm --time 1ms --shots 1000000000 --engine statevector",
      "run examples/01-bell.qasm --layout as-written",
      "run examples/01-bell.qasm --noise none --layout trivial --precision double",
      "run examples/01-bell.qasm --chip nowhere",
      "run examples/03-teleportation.qasm",
      "run examples/06-noise.qasm",
      "plan examples/01-bell.qasm --probabilities",
      "plan examples/08-ghz-105.qasm --chip zuchongzhi-3.0 --noise relaxation",
      "plan examples/missing.qasm",
      "compile examples/07-native.qcis",
      "compile examples/03-teleportation.qasm --to qasm3",
      "compile examples/03-teleportation.qasm",
      "convert examples/03-teleportation.qasm --to qcis",
      "convert examples/07-native.qcis --to qasm3",
      "draw examples/01-bell.qasm",
      "draw zuchongzhi-3.0 --column t1_us",
      "draw nothing",
      "chip check docs/result.schema.json",
      "chip frobnicate",
      "frobnicate",
  };
  const char *zcz = getenv("ZCZ");
  if (!zcz) {
    print_message("skipped: ZCZ does not name the command\n");
    skip();
  }
  int wrong = 0;
  for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
    char line[1024], message[1024] = "";
    json_error_t error;
    snprintf(line, sizeof line, "'%s' %s --json 2>/dev/null", zcz, runs[i]);
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    json_t *value = json_loadf(pipe, JSON_REJECT_DUPLICATES, &error);
    pclose(pipe);
    bool good = value && schema_fits(*state, value, message, sizeof message);
    if (!good) print_error("%s: %s\n", runs[i], value ? message : error.text);
    wrong += !good;
    json_decref(value);
  }
  assert_int_equal(wrong, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(good_and_bad_objects),
      cmocka_unit_test(unknown_keywords_are_errors),
      cmocka_unit_test(results_of_the_command),
  };
  return cmocka_run_group_tests(tests, load_schema, free_schema);
}
