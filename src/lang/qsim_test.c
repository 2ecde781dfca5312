#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "zcz/lang.h"

static zcz_context *context;

static zcz_circuit *read(const char *text) {
  zcz_error error = {0};
  zcz_circuit *circuit = NULL;
  zcz_status status = zcz_program_read(context, ZCZ_LANGUAGE_QSIM, "t.qsim", text, strlen(text),
                                       NULL, &circuit, &error);
  if (status != ZCZ_OK) print_message("%u:%u: %s\n", error.line, error.column, error.message);
  assert_int_equal(status, ZCZ_OK);
  return circuit;
}

static void wrong(const char *text, zcz_status status, uint32_t line, uint32_t column,
                  const char *part) {
  zcz_error error = {0};
  zcz_circuit *circuit = NULL;
  zcz_status got = zcz_program_read(context, ZCZ_LANGUAGE_QSIM, "t.qsim", text, strlen(text), NULL,
                                    &circuit, &error);
  if (!strstr(error.message, part) || error.line != line || error.column != column)
    print_message("%s -> %u:%u: %s\n", text, error.line, error.column, error.message);
  assert_int_equal(got, status);
  assert_non_null(strstr(error.message, part));
  assert_int_equal(error.line, line);
  assert_int_equal(error.column, column);
  assert_true(error.hint[0] != 0);
}

static void test_reading(void **state) {
  (void)state;
  zcz_circuit *c =
      read("# a circuit\n3\n0 h 0 \n0 hz_1_2 1\r\n1 fs 0 1 0.5 pi/6\n1 rz 2 -1e-3; 2 cnot 1 2\n"
           "h 0\n3 c 0 1 rx 2 0.25\n4 p 0.1\n4 id2 0 1\n5 rxy 2 1 2\n5 c 0 p 0.5\n6 m 2 0 tag\n");
  const zcz_op *ops = zcz_circuit_ops(c, 0);
  assert_int_equal(zcz_circuit_num_qubits(c), 3);
  assert_int_equal(zcz_circuit_num_bits(c), 2);
  assert_int_equal(zcz_circuit_num_ops(c, 0), 14);
  assert_int_equal(ops[1].code, ZCZ_GATE_SW);
  assert_int_equal(ops[3].line, 6);
  assert_int_equal(ops[4].line, 6);
  assert_int_equal(ops[4].num_controls, 1);
  assert_int_equal(ops[6].num_controls, 2);
  assert_int_equal(ops[7].code, ZCZ_GATE_GPHASE);
  assert_int_equal(ops[10].code, ZCZ_GATE_RXY);
  assert_true(ops[10].params[0] == 1 && ops[10].params[1] == 2);
  assert_int_equal(ops[11].code, ZCZ_GATE_P);
  assert_int_equal(ops[12].qubits[0], 2);
  assert_int_equal(ops[12].bit, 0);
  zcz_circuit_free(c);
}

static void test_wrong(void **state) {
  (void)state;
  wrong("", ZCZ_ERROR_USAGE, 1, 1, "empty");
  wrong("0 h 0", ZCZ_ERROR_USAGE, 1, 1, "no number of qubits");
  wrong("2\n0 hh 0", ZCZ_ERROR_USAGE, 2, 3, "unknown gate");
  wrong("2\n0 h 2", ZCZ_ERROR_USAGE, 2, 5, "qubit 2 of a circuit of 2");
  wrong("2\n0 h", ZCZ_ERROR_USAGE, 2, 3, "takes 1 qubit");
  wrong("2\n0 rz 0", ZCZ_ERROR_USAGE, 2, 3, "takes 1 qubit and 1 parameter");
  wrong("2\n0 cz 0 0", ZCZ_ERROR_USAGE, 2, 8, "stands twice");
  wrong("2\n0 h 0\n0 x 0", ZCZ_ERROR_USAGE, 3, 1, "two operations at time 0");
  wrong("2\n1 h 0\n0 x 1", ZCZ_ERROR_USAGE, 3, 1, "time 0 after time 1");
  wrong("2\n0 rz 0 inf", ZCZ_ERROR_USAGE, 2, 8, "is no number");
  wrong("2\nnoise bit_flip 0.1", ZCZ_ERROR_UNABLE, 2, 1, "not supported");
  wrong("1000000000\n", ZCZ_ERROR_UNABLE, 1, 1, "1000000000 qubits");
  wrong("2\n0 m\n", ZCZ_ERROR_USAGE, 2, 4, "a qubit is missing");
}

static void test_shared(void **state) {
  (void)state;
  static const struct {
    const char *name;
    uint32_t qubits;
    size_t ops;
  } files[] = {{"circuit_n12_m14_s0_e0_pEFGH.qsim", 12, 0},
               {"circuit_n60_m24_s0_e0_pABCDCDAB.qsim", 60, 0},
               {"circuit_q24", 24, 0},
               {"circuit_q40", 40, 0}};
  const char *data = getenv("ZCZ_SHARED_DATA");
  for (size_t i = 0; i < 4; i++) {
    char path[600];
    snprintf(path, sizeof path, "%s/circuits/%s", data ? data : "../shared/data", files[i].name);
    FILE *file = fopen(path, "rb");
    if (!file) {
      print_message("no %s: skipped\n", path);
      skip();
    }
    char *text = calloc(1, 1 << 20);
    size_t size = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    zcz_circuit *c = read(text);
    assert_int_equal(zcz_circuit_num_qubits(c), files[i].qubits);
    size_t lines = 0;
    for (size_t k = 0; k < size; k++) lines += text[k] == '\n';
    assert_true(zcz_circuit_size(c) + 1 >= lines);
    char *out;
    zcz_error error;
    assert_int_equal(zcz_program_write(c, ZCZ_LANGUAGE_QSIM, NULL, &out, &error), ZCZ_OK);
    zcz_circuit *again = read(out);
    assert_int_equal(zcz_circuit_size(c), zcz_circuit_size(again));
    for (size_t k = 0; k < zcz_circuit_size(c); k++) {
      const zcz_op *a = &zcz_circuit_ops(c, 0)[k], *b = &zcz_circuit_ops(again, 0)[k];
      assert_int_equal(a->code, b->code);
      assert_memory_equal(a->qubits, b->qubits, a->num_qubits * sizeof *a->qubits);
      for (uint32_t n = 0; n < a->num_params; n++) assert_true(a->params[n] == b->params[n]);
    }
    zcz_text_free(context, out);
    zcz_circuit_free(again);
    zcz_circuit_free(c);
    free(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_reading), cmocka_unit_test(test_wrong),
                                     cmocka_unit_test(test_shared)};
  if (zcz_context_new(NULL, &context, NULL) != ZCZ_OK) return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  zcz_context_free(context);
  return failed;
}
