#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/math.h"
#include "zcz/lang.h"

static zcz_context *context;

static zcz_circuit *read(const char *text, const zcz_language_options *options) {
  zcz_error error = {0};
  zcz_circuit *circuit = NULL;
  zcz_status status = zcz_program_read(context, ZCZ_LANGUAGE_QCIS, "t.qcis", text, strlen(text),
                                       options, &circuit, &error);
  if (status != ZCZ_OK) print_message("%u:%u: %s\n", error.line, error.column, error.message);
  assert_int_equal(status, ZCZ_OK);
  return circuit;
}

static void wrong(const char *text, uint32_t line, uint32_t column, const char *part) {
  zcz_error error = {0};
  zcz_circuit *circuit = NULL;
  zcz_status got = zcz_program_read(context, ZCZ_LANGUAGE_QCIS, "t.qcis", text, strlen(text), NULL,
                                    &circuit, &error);
  if (!strstr(error.message, part) || error.line != line || error.column != column)
    print_message("%s -> %u:%u: %s\n", text, error.line, error.column, error.message);
  assert_int_equal(got, ZCZ_ERROR_USAGE);
  assert_non_null(strstr(error.message, part));
  assert_int_equal(error.line, line);
  assert_int_equal(error.column, column);
  assert_true(error.hint[0] != 0);
}

static void test_reading(void **state) {
  (void)state;
  zcz_circuit *c =
      read("// comment\r\nh Q1\t\n# another\n\nRZ Q8 -pi/2 // half\nXY2P Q8 2pi\n"
           "CZ Q1 Q8\nI Q8 100.0\nB Q1 Q8 Q3\nFSIM Q1 Q8 PI/2 (pi/6)\nRXY Q1 0.25 1e-5\nM Q8 Q1",
           NULL);
  const zcz_op *ops = zcz_circuit_ops(c, 0);
  assert_int_equal(zcz_circuit_num_qubits(c), 3);
  assert_int_equal(zcz_circuit_num_bits(c), 2);
  assert_string_equal(zcz_circuit_bit_registers(c)[0].name, "m");
  assert_int_equal(zcz_circuit_label(c, 0), 1);
  assert_int_equal(zcz_circuit_label(c, 1), 3);
  assert_int_equal(zcz_circuit_label(c, 2), 8);
  assert_int_equal(zcz_circuit_num_ops(c, 0), 10);
  assert_int_equal(ops[0].code, ZCZ_GATE_H);
  assert_int_equal(ops[1].line, 5);
  assert_true(ops[1].params[0] == -ZCZ_PI / 2);
  assert_true(ops[2].params[0] == 2 * ZCZ_PI);
  assert_int_equal(ops[3].num_controls, 1);
  assert_true(ops[4].params[0] == 50);
  assert_int_equal(ops[5].num_qubits, 3);
  assert_true(ops[7].params[0] == 0.25 && ops[7].params[1] == 1e-5);
  assert_int_equal(ops[8].qubits[0], 2);
  assert_int_equal(ops[8].bit, 0);
  assert_int_equal(ops[9].bit, 1);
  zcz_circuit_free(c);
  c = read("RXY Q1 0.25 0.5", &(zcz_language_options){.rxy_theta_phi = true});
  assert_true(zcz_circuit_ops(c, 0)[0].params[0] == 0.5);
  zcz_circuit_free(c);
  zcz_circuit_free(read("", NULL));
}

static void test_wrong(void **state) {
  (void)state;
  wrong("X Q1\nHH Q1", 2, 1, "unknown QCIS operation");
  wrong("CZ Q1", 1, 1, "takes 2 qubits, and 1 is");
  wrong("RZ Q1", 1, 1, "takes 1 parameter");
  wrong("RZ Q1 1 2", 1, 1, "takes 1 parameter");
  wrong("CZ Q1 Q1", 1, 7, "stands twice");
  wrong("B", 1, 1, "B takes one");
  wrong("M Q1\nX Q1", 2, 3, "measured before");
  wrong("M Q1\nM Q1", 2, 3, "measured before");
  wrong("M Q1 Q1", 1, 6, "stands twice");
  wrong("I Q1 1.5", 1, 6, "whole number");
  wrong("I Q1 -1", 1, 6, "whole number");
  wrong("RZ Q1 nan", 1, 7, "is no number");
  wrong("RZ Q1 1e999", 1, 7, "no finite number");
  wrong("RZ Q1 1/0", 1, 10, "division by zero");
  wrong("RZ Q1 {THETA}", 1, 7, "without a value");
  wrong("RZ Q1 pi Q2", 1, 10, "neither a qubit nor a parameter");
  wrong("CZ G0201", 1, 4, "couplers");
}

static void writes(const char *text, const zcz_language_options *options, const char *expected) {
  zcz_circuit *c = read(text, options);
  char *out;
  zcz_error error = {0};
  assert_int_equal(zcz_program_write(c, ZCZ_LANGUAGE_QCIS, options, &out, &error), ZCZ_OK);
  assert_string_equal(out, expected);
  zcz_text_free(context, out);
  zcz_circuit_free(c);
}

static void test_writing(void **state) {
  (void)state;
  writes(
      "h q7\nU Q3 0.1 0.2 0.3\nRZ Q3 -3*pi/4\ncz q3 q7\nPHASE Q3 0.1\nI Q3 40\nSDG Q3\nRXY Q3 1 2\n"
      "B Q3 Q7\nM Q7\nM Q3",
      NULL,
      "H Q7\nU Q3 0.1 0.2 0.3\nRZ Q3 -3*pi/4\nCZ Q3 Q7\nPHASE Q3 0.1\nI Q3 40\nSD Q3\nRXY Q3 1 2\n"
      "B Q3 Q7\nM Q7\nM Q3\n");
  writes("H Q7\nRXY Q9 1 2",
         &(zcz_language_options){.rxy_theta_phi = true, .set_first_qubit = true},
         "H Q0\nRXY Q1 1 2\n");
  zcz_circuit *c = read("X Q1", NULL);
  char *out;
  zcz_error error = {0};
  assert_int_equal(zcz_circuit_reset(c, 0, 0, &error), ZCZ_OK);
  assert_int_equal(zcz_program_write(c, ZCZ_LANGUAGE_QCIS, NULL, &out, &error), ZCZ_ERROR_UNABLE);
  assert_non_null(strstr(error.message, "reset"));
  assert_null(out);
  zcz_circuit_free(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_reading), cmocka_unit_test(test_wrong),
                                     cmocka_unit_test(test_writing)};
  if (zcz_context_new(NULL, &context, NULL) != ZCZ_OK) return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  zcz_context_free(context);
  return failed;
}
