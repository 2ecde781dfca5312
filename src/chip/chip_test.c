/* The chips that are shipped: lattice, published means, freedom from contradiction, description. */
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
#include "base/progress.h"
#include "base/sha256.h"
#include "chip/builtin.h"
#include "chip/error.h"
#include "schema.h"
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

static zcz_chip *load(zcz_context *context, const char *name) {
  zcz_chip *chip = NULL;
  zcz_error error = {0};
  if (zcz_chip_load(context, name, &chip, &error) != ZCZ_OK) fail_msg("%s", error.message);
  return chip;
}

static FILE *shared(const char *path) {
  const char *folder = getenv("ZCZ_SHARED_DATA");
  char whole[4096];
  snprintf(whole, sizeof whole, "%s/%s", folder ? folder : "../shared/data", path);
  FILE *file = fopen(whole, "r");
  if (!file) print_message("skipped: %s is not there\n", whole);
  return file;
}

static void names_and_digests(void **state) {
  size_t count;
  const struct zcz_builtin_file *files = zcz_builtin_chip_files(&count);
  for (uint32_t i = 0; i < count; i++) {
    zcz_chip *chip = load(*state, zcz_chip_name(i));
    char digest[65];
    zcz_sha256_hex(files[i].data, files[i].size, digest);
    assert_string_equal(chip->name, files[i].name);
    assert_string_equal(chip->sha256, digest);
    assert_int_equal(chip->num_assumptions, 0);
    zcz_chip_free(*state, chip);
  }
  assert_null(zcz_chip_name((uint32_t)count));
  zcz_chip *none;
  zcz_error error = {0};
  assert_int_equal(zcz_chip_load(*state, "sycamore", &none, &error), ZCZ_ERROR_USAGE);
  assert_non_null(strstr(error.message, "zuchongzhi-3.0"));
  assert_non_null(strstr(error.message, "tianyan-287"));
  zcz_chip_free(*state, NULL);
}

/* The lattice by its rule: 15 rows of 7; couplers [higher, lower] in order, G0 = [Q8, Q1]. */
static void lattice_by_rule(void **state) {
  static const int x0[4] = {2, 1, 0, 1};
  for (uint32_t n = 0; zcz_chip_name(n); n++) {
    zcz_chip *chip = load(*state, zcz_chip_name(n));
    char name[16];
    assert_int_equal(chip->num_qubits, 105);
    assert_int_equal(chip->num_couplers, 182);
    for (uint32_t i = 0; i < 105; i++) {
      snprintf(name, sizeof name, "Q%u", i + 1);
      assert_string_equal(chip->qubits[i].name, name);
      assert_int_equal(zcz_chip_find_qubit(chip, name), i);
      assert_true(chip->qubits[i].y == i / 7 && chip->qubits[i].x == x0[i / 7 % 4] + 2.0 * (i % 7));
      assert_true(chip->qubits[i].enabled);
    }
    uint32_t number = 0;
    for (uint32_t high = 0; high < 105; high++)
      for (uint32_t low = 0; low < high; low++) {
        const zcz_chip_qubit *a = &chip->qubits[high], *b = &chip->qubits[low];
        bool joined = fabs(a->x - b->x) == 1 && a->y - b->y == 1;
        uint32_t found = zcz_chip_find_coupler(chip, low, high);
        assert_int_equal(found, joined ? number : ZCZ_CHIP_NONE);
        assert_int_equal(found, zcz_chip_find_coupler(chip, high, low));
        if (!joined) continue;
        snprintf(name, sizeof name, "G%u", number);
        assert_string_equal(chip->couplers[number++].name, name);
      }
    assert_int_equal(number, 182);
    zcz_chip_free(*state, chip);
  }
}

static void lattice_of_the_reference(void **state) {
  FILE *file = shared("layouts/zcz3_layout.csv");
  if (!file) return;
  zcz_chip *chip = load(*state, "zuchongzhi-3.0");
  char line[128];
  uint32_t qubits = 0, couplers = 0;
  while (fgets(line, sizeof line, file)) {
    unsigned a, b, y;
    if (sscanf(line, "Q,%u,%u,%u", &a, &b, &y) == 3) {
      assert_true(chip->qubits[a - 1].x == b && chip->qubits[a - 1].y == y);
      qubits++;
    } else if (sscanf(line, "G,%u,%u", &a, &b) == 2) {
      assert_true(zcz_chip_find_coupler(chip, a - 1, b - 1) != ZCZ_CHIP_NONE);
      couplers++;
    }
  }
  fclose(file);
  assert_int_equal(qubits, 105);
  assert_int_equal(couplers, 182);
  zcz_chip_free(*state, chip);
}

static bool in_stand_in(uint32_t qubit) { return qubit < 84 && qubit != 6; }

static double mean(const zcz_chip *chip, size_t offset, bool all) {
  double sum = 0;
  uint32_t count = 0;
  for (uint32_t i = 0; i < chip->num_qubits; i++)
    if (all || in_stand_in(i)) {
      sum += *(const double *)((const char *)&chip->qubits[i] + offset);
      count++;
    }
  assert_int_equal(count, all ? 105 : 83);
  return sum / count;
}

static double coupler_mean(const zcz_chip *chip, bool all) {
  double sum = 0;
  uint32_t count = 0;
  for (uint32_t i = 0; i < chip->num_couplers; i++)
    if (all ||
        (in_stand_in(chip->couplers[i].qubits[0]) && in_stand_in(chip->couplers[i].qubits[1]))) {
      sum += chip->couplers[i].pauli_error;
      count++;
    }
  assert_int_equal(count, all ? 182 : 142);
  return sum / count;
}

#define NEAR(a, b) assert_true(fabs((a) - (b)) <= 1e-12 * fabs((double)(b)))

/* Published: processors of the paper's abstract and slides, on the 83-qubit stand-in. */
static void means_of_the_paper(void **state) {
  zcz_chip *chip = load(*state, "zuchongzhi-3.0");
  NEAR(mean(chip, offsetof(zcz_chip_qubit, t1_us), false), 72);
  NEAR(mean(chip, offsetof(zcz_chip_qubit, t2_us), false), 58);
  NEAR(mean(chip, offsetof(zcz_chip_qubit, pauli_error), false), 0.97e-3);
  double p10 = mean(chip, offsetof(zcz_chip_qubit, p10), false);
  double p01 = mean(chip, offsetof(zcz_chip_qubit, p01), false);
  NEAR((p10 + p01) / 2, 8.67e-3);
  NEAR(p01 / p10, 3);
  NEAR(coupler_mean(chip, false), 3.75e-3);
  assert_true(chip->one_qubit_ns == 28 && chip->readout_ns == 600 && chip->reset_ns == 160);
  for (uint32_t i = 0; i < 182; i++) {
    const zcz_chip_gate *gates = chip->couplers[i].gates;
    assert_int_equal(chip->couplers[i].num_gates, 2);
    assert_true(gates[0].gate == ZCZ_GATE_FSIM && gates[0].num_controls == 0 &&
                gates[0].duration_ns == 45);
    assert_true(gates[1].gate == ZCZ_GATE_Z && gates[1].num_controls == 1 &&
                gates[1].duration_ns == 45);
    assert_true(fabs(gates[0].params[0] - 1.5708) < 0.15 &&
                fabs(gates[0].params[1] - 0.5236) < 0.2);
  }
  zcz_chip_free(*state, chip);
}

/* The cloud's overview: average errors 0.11 % and 1.06 %, readout 3.49 %, T1 28.4 us, T2 20.27 us. */
static void means_of_the_cloud(void **state) {
  zcz_chip *chip = load(*state, "tianyan-287");
  NEAR(mean(chip, offsetof(zcz_chip_qubit, t1_us), true), 28.4);
  NEAR(mean(chip, offsetof(zcz_chip_qubit, t2_us), true), 20.27);
  NEAR(zcz_error_average_from_pauli(mean(chip, offsetof(zcz_chip_qubit, pauli_error), true), 1),
       0.11e-2);
  NEAR(zcz_error_average_from_pauli(coupler_mean(chip, true), 2), 1.06e-2);
  double readout = mean(chip, offsetof(zcz_chip_qubit, p10), true) +
                   mean(chip, offsetof(zcz_chip_qubit, p01), true);
  assert_true(fabs(readout / 2 - 3.49e-2) < 1e-7);
  for (uint32_t i = 0; i < 182; i++)
    assert_true(chip->couplers[i].num_gates == 1 && chip->couplers[i].gates[0].gate == ZCZ_GATE_Z);
  zcz_chip_free(*state, chip);
}

static void nothing_contradicts_itself(void **state) {
  for (uint32_t n = 0; zcz_chip_name(n); n++) {
    zcz_chip *chip = load(*state, zcz_chip_name(n));
    double share = 0; /* the largest part of a gate's error that is not depolarizing */
    for (uint32_t i = 0; i < 105; i++) {
      const zcz_chip_qubit *q = &chip->qubits[i];
      assert_true(q->t2_us < 2 * q->t1_us);
      share = fmax(share, zcz_error_of_relaxation(chip->one_qubit_ns, q->t1_us, q->t2_us) /
                              q->pauli_error);
    }
    for (uint32_t i = 0; i < 182; i++)
      for (uint32_t k = 0; k < chip->couplers[i].num_gates; k++) {
        const zcz_chip_gate *gate = &chip->couplers[i].gates[k];
        double lost = zcz_error_of_angles(gate->coherent[0], gate->coherent[1]);
        for (int end = 0; end < 2; end++) {
          const zcz_chip_qubit *q = &chip->qubits[chip->couplers[i].qubits[end]];
          lost += zcz_error_of_relaxation(gate->duration_ns, q->t1_us, q->t2_us);
        }
        share = fmax(share, lost / chip->couplers[i].pauli_error);
      }
    print_message("%s: at most %.2f of a gate's error is relaxation and coherent error\n",
                  chip->name, share);
    assert_true(share < 0.9);
    zcz_chip_free(*state, chip);
  }
}

static void errors_convert(void **state) {
  (void)state;
  NEAR(zcz_error_average_from_pauli(0.003, 1), 0.002);
  NEAR(zcz_error_average_from_pauli(0.01, 2), 0.008);
  NEAR(zcz_error_pauli_from_average(0.002, 1), 0.003);
  NEAR(zcz_error_pauli_from_average(0.008, 2), 0.01);
}

/* The object of `chip show` fits the schema and says the numbers to the last bit. */
static void description(void **state) {
  json_t *schema = json_load_file("docs/result.schema.json", 0, NULL);
  assert_non_null(schema);
  json_t *definitions = json_object_get(schema, "$defs");
  json_t *rule = json_object_get(definitions, "chip show");
  for (uint32_t n = 0; zcz_chip_name(n); n++) {
    zcz_chip *chip = load(*state, zcz_chip_name(n));
    char *text, why[256];
    assert_int_equal(zcz_chip_describe_json(*state, chip, &text, NULL), ZCZ_OK);
    json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    if (rule && !schema_fits(rule, object, why, sizeof why)) fail_msg("%s", why);
    json_t *qubits = json_object_get(object, "qubits"),
           *couplers = json_object_get(object, "couplers");
    assert_int_equal(json_array_size(qubits), 105);
    assert_int_equal(json_array_size(couplers), 182);
    for (uint32_t i = 0; i < 105; i++) {
      json_t *q = json_array_get(qubits, i);
      assert_true(json_number_value(json_object_get(q, "t1_us")) == chip->qubits[i].t1_us);
      assert_true(json_number_value(json_object_get(q, "p01")) == chip->qubits[i].p01);
      assert_true(json_number_value(json_object_get(q, "pauli_error")) ==
                  chip->qubits[i].pauli_error);
    }
    json_t *first = json_array_get(couplers, 0);
    assert_string_equal(json_string_value(json_array_get(json_object_get(first, "qubits"), 0)),
                        "Q1");
    assert_string_equal(json_string_value(json_array_get(json_object_get(first, "qubits"), 1)),
                        "Q8");
    assert_int_equal(json_array_size(json_object_get(first, "gates")), chip->couplers[0].num_gates);
    json_decref(object);
    zcz_memory_release(*state, text);
    assert_int_equal(zcz_chip_describe_text(*state, chip, &text, NULL), ZCZ_OK);
    assert_non_null(strstr(text, "105 qubits (105 in service), 182 couplers (182 in service)"));
    zcz_memory_release(*state, text);
    zcz_chip_free(*state, chip);
  }
  json_decref(schema);
}

/* A two-qubit program has 5 ms, the chip about one of them. */
static void loading_is_quick(void **state) {
  double best = 1;
  for (int i = 0; i < 50; i++) {
    double start = zcz_clock();
    zcz_chip *chip = load(*state, "zuchongzhi-3.0");
    double seconds = zcz_clock() - start;
    zcz_chip_free(*state, chip);
    if (seconds < best) best = seconds;
  }
  print_message("loaded in %.2f ms\n", best * 1e3);
  assert_true(best < 0.02); /* a sanitizer's build too */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(names_and_digests),  TEST(lattice_by_rule),    TEST(lattice_of_the_reference),
      TEST(means_of_the_paper), TEST(means_of_the_cloud), TEST(nothing_contradicts_itself),
      TEST(errors_convert),     TEST(description),        TEST(loading_is_quick)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
