/* Pauli sums: what they mean, what is refused and where, and that no failed allocation leaks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "zcz/observable.h"

static int set_up(void **state) {
  zcz_context *context = NULL;
  zcz_error error;
  if (zcz_context_new(NULL, &context, &error) != ZCZ_OK) return -1;
  *state = context;
  return 0;
}

static int tear_down(void **state) {
  uint64_t left = zcz_memory_in_use(*state);
  zcz_context_free(*state);
  return left ? -1 : 0;
}

static zcz_observable *parse(zcz_context *context, const char *text, uint32_t qubits) {
  zcz_observable *observable = NULL;
  zcz_error error = {0};
  zcz_status status = zcz_observable_parse(context, text, qubits, &observable, &error);
  if (status != ZCZ_OK) fail_msg("%s: %s", text, error.message);
  return observable;
}

static void check_term(const zcz_observable *observable, uint32_t index, double coefficient,
                       const char *paulis) {
  const zcz_term *term = &observable->terms[index];
  char found[256] = "";
  for (uint32_t i = 0; i < term->num_factors; i++)
    snprintf(found + strlen(found), sizeof found - strlen(found), "%s%c%u", i ? " " : "",
             term->factors[i].pauli, term->factors[i].qubit);
  assert_string_equal(found, paulis);
  assert_true(term->coefficient == coefficient);
}

static void test_sums(void **state) {
  zcz_observable *o = parse(*state, "0.5*Z0*Z1 - X3 + 2", 4);
  assert_string_equal(o->text, "0.5*Z0*Z1 - X3 + 2");
  assert_int_equal(o->num_terms, 3);
  check_term(o, 0, 0.5, "Z0 Z1");
  check_term(o, 1, -1, "X3");
  check_term(o, 2, 2, "");
  zcz_observable_free(*state, o);
  o = parse(*state, "\t- 1.5e-1 Y7*2*X1Z3 + I5 -.25", 8);
  assert_int_equal(o->num_terms, 3);
  check_term(o, 0, -0.3, "X1 Z3 Y7");
  check_term(o, 1, 1, "");
  check_term(o, 2, -0.25, "");
  zcz_observable_free(*state, o);
}

static void test_products_multiply_out(void **state) {
  static const struct {
    const char *text;
    double coefficient;
    const char *paulis;
  } cases[] = {
      {"X0*X0", 1, ""},
      {"Y0*Y0", 1, ""},
      {"Z0*Z0", 1, ""},
      {"X0*Y0*Y1*X1", 1, "Z0 Z1"},
      {"X0*Y0*X1*Y1", -1, "Z0 Z1"},
      {"Z0*X0*X1*Z1", 1, "Y0 Y1"},
      {"Y0*Z0*Y1*Z1", -1, "X0 X1"},
      {"Z2*X0*Z2", 1, "X0"},
      {"Y0*X0*Z1*Z0*X1*Y1", 1, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    zcz_observable *o = parse(*state, cases[i].text, 3);
    check_term(o, 0, cases[i].coefficient, cases[i].paulis);
    zcz_observable_free(*state, o);
  }
}

static void test_refused(void **state) {
  static const struct {
    const char *text;
    uint32_t column;
    const char *words;
  } cases[] = {
      {"", 1, "found the end"},        {"   ", 4, "found the end"},
      {"Z", 1, "names no qubit"},      {"Z0*", 4, "found the end"},
      {"Z0 + ", 6, "found the end"},   {"Z0 Q1", 4, "found 'Q'"},
      {"Z4", 1, "the program has 4"},  {"1 + Z99999999999999999999", 5, "the program has 4"},
      {"X0*Y0", 1, "imaginary"},       {"1 - X1*Y1*Z1", 5, "imaginary"},
      {"nan*Z0", 1, "found 'n'"},      {"1e999*Z0", 1, "too large"},
      {"1e308*1e308", 7, "too large"}, {".", 1, "no digits"},
      {"Z0**Z1", 4, "behind '*'"},     {"2*(Z0)", 3, "behind '*'"},
      {"Z0 \xff", 4, "0xff"},          {"1e+", 2, "found 'e'"},
      {"Z-1", 1, "names no qubit"},    {"0x10", 2, "found 'x'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    zcz_observable *o = NULL;
    zcz_error error = {0};
    assert_int_equal(zcz_observable_parse(*state, cases[i].text, 4, &o, &error), ZCZ_ERROR_USAGE);
    assert_null(o);
    if (!strstr(error.message, cases[i].words)) fail_msg("%s: %s", cases[i].text, error.message);
    if (error.column != cases[i].column) fail_msg("%s: column %u", cases[i].text, error.column);
  }
}

static void test_long(void **state) {
  size_t size = 5 * 100000;
  char *text = malloc(size + 1);
  for (size_t i = 0; i < size; i += 5) memcpy(text + i, "+X12*", 5);
  text[size] = 0;
  for (size_t i = 4; i < size; i += 5) text[i] = ' ';
  zcz_observable *o = parse(*state, text, 13);
  assert_int_equal(o->num_terms, 100000);
  zcz_observable_free(*state, o);
  for (size_t i = 5; i < size; i += 5) memcpy(text + i, "*X12 ", 5);
  o = parse(*state, text, 13);
  assert_int_equal(o->num_terms, 1);
  check_term(o, 0, 1, "");
  zcz_observable_free(*state, o);
  /* The excerpt shows the place although the text is long. */
  text[size - 3] = '?';
  zcz_error error = {0};
  assert_int_equal(zcz_observable_parse(*state, text, 13, &o, &error), ZCZ_ERROR_USAGE);
  assert_int_equal(error.column, size - 3);
  assert_true(error.excerpt_column <= strlen(error.excerpt));
  free(text);
}

static void test_each_allocation_may_fail(void **state) {
  (void)state;
  for (uint64_t n = 1; n < 40; n++) {
    zcz_context_options options = {.fail_allocation = n};
    zcz_context *context = NULL;
    zcz_error error = {0};
    if (zcz_context_new(&options, &context, &error) != ZCZ_OK) continue;
    zcz_observable *o = NULL;
    zcz_status status = zcz_observable_parse(context, "Z0*X1 + 2*Y3 - Z2", 4, &o, &error);
    assert_true(status == ZCZ_OK || status == ZCZ_ERROR_UNABLE);
    zcz_observable_free(context, o);
    assert_int_equal(zcz_memory_in_use(context), 0);
    zcz_context_free(context);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sums),
      cmocka_unit_test(test_products_multiply_out),
      cmocka_unit_test(test_refused),
      cmocka_unit_test(test_long),
      cmocka_unit_test(test_each_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
