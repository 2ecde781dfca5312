#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "oracle.h"
#include "zcz/lang.h"

#define HEAD "OPENQASM 3;\ninclude \"stdgates.inc\";\n"

static zcz_context *context;

static zcz_status try_read(const char *text, zcz_circuit **circuit, zcz_error *error) {
  *error = (zcz_error){0};
  return zcz_program_read(context, ZCZ_LANGUAGE_QASM3, "t.qasm", text, strlen(text), NULL, circuit,
                          error);
}

static zcz_circuit *read(const char *text) {
  zcz_error error;
  zcz_circuit *circuit = NULL;
  zcz_status status = try_read(text, &circuit, &error);
  if (status != ZCZ_OK)
    print_message("%s\n%u:%u: %s\n%s\nhint: %s\n", text, error.line, error.column, error.message,
                  error.excerpt, error.hint);
  assert_int_equal(status, ZCZ_OK);
  return circuit;
}

/* Both do the same, global phase included. */
static void same(const char *left, const char *right) {
  zcz_circuit *a = read(left), *b = read(right);
  assert_int_equal(zcz_circuit_num_qubits(a), zcz_circuit_num_qubits(b));
  oracle_number *u = oracle_unitary(a), *v = oracle_unitary(b);
  size_t count = (size_t)1 << (2 * zcz_circuit_num_qubits(a));
  double worst = 0;
  for (size_t i = 0; i < count; i++) worst = fmax(worst, cabs(u[i] - v[i]));
  if (!(worst < 1e-12)) print_message("%s\nis not\n%s\n(%g)\n", left, right, worst);
  assert_true(worst < 1e-12);
  free(u);
  free(v);
  zcz_circuit_free(a);
  zcz_circuit_free(b);
}

static void wrong(const char *text, zcz_status status, uint32_t line, uint32_t column,
                  const char *part) {
  zcz_error error;
  zcz_circuit *circuit;
  zcz_status got = try_read(text, &circuit, &error);
  if (got != status || error.line != line || error.column != column || !strstr(error.message, part))
    print_message("%s\n-> %d %u:%u: %s (hint: %s)\n", text, got, error.line, error.column,
                  error.message, error.hint);
  assert_int_equal(got, status);
  assert_non_null(strstr(error.message, part));
  assert_true(error.hint[0] != 0);
  assert_int_equal(error.line, line);
  assert_int_equal(error.column, column);
}

static char *load(const char *name) {
  const char *data = getenv("ZCZ_SHARED_DATA");
  char path[600];
  snprintf(path, sizeof path, "%s/%s", data ? data : "../shared/data", name);
  FILE *file = fopen(path, "rb");
  if (!file) {
    print_message("no %s: skipped\n", path);
    return NULL;
  }
  char *text = calloc(1, 1 << 20);
  size_t size = fread(text, 1, (1 << 20) - 1, file);
  text[size] = 0;
  fclose(file);
  return text;
}

/* Each standard gate is what the specification's stdgates.inc defines it to be. */
static void test_standard_gates(void **state) {
  (void)state;
  static const char *const calls[] = {"p(0.3) q[0];",
                                      "x q[0];",
                                      "y q[0];",
                                      "z q[0];",
                                      "h q[0];",
                                      "s q[0];",
                                      "sdg q[0];",
                                      "t q[0];",
                                      "tdg q[0];",
                                      "sx q[0];",
                                      "rx(0.3) q[0];",
                                      "ry(0.3) q[0];",
                                      "rz(0.3) q[0];",
                                      "cx q[0], q[1];",
                                      "cy q[0], q[1];",
                                      "cz q[0], q[1];",
                                      "cp(0.3) q[0], q[1];",
                                      "crx(0.3) q[0], q[1];",
                                      "cry(0.3) q[0], q[1];",
                                      "crz(0.3) q[0], q[1];",
                                      "ch q[0], q[1];",
                                      "swap q[0], q[1];",
                                      "ccx q[0], q[1], q[2];",
                                      "cswap q[0], q[1], q[2];",
                                      "cu(0.3, 0.2, 0.1, 0.7) q[0], q[1];",

                                      "phase(0.3) q[0];",
                                      "cphase(0.3) q[0], q[1];",
                                      "id q[0];",
                                      "u1(0.3) q[0];",
                                      "u2(0.3, 0.2) q[0];",
                                      "u3(0.3, 0.2, 0.1) q[0];"};
  char *library = load("openqasm/stdgates.inc");
  if (!library) skip();
  char *text = malloc(1 << 20), plain[500];
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    snprintf(text, 1 << 20, "OPENQASM 3;\n%s\nqubit[3] q; %s", library, calls[i]);
    snprintf(plain, sizeof plain, HEAD "qubit[3] q; %s", calls[i]);
    same(text, plain);
  }
  free(text);
  free(library);
}

static void test_modifiers(void **state) {
  (void)state;
  same(HEAD "qubit[2] q; CX q[0], q[1];", HEAD "qubit[2] q; cx q[0], q[1];");
  same(HEAD "qubit[3] q; ctrl(2) @ x q[0], q[1], q[2];", HEAD "qubit[3] q; ccx q[0], q[1], q[2];");
  same(HEAD "qubit[2] q; negctrl @ x q[0], q[1];",
       HEAD "qubit[2] q; x q[0]; cx q[0], q[1]; x q[0];");
  same(HEAD "qubit[3] q; ctrl @ negctrl @ h q[0], q[1], q[2];",
       HEAD "qubit[3] q; x q[1]; ctrl(2) @ h q[0], q[1], q[2]; x q[1];");
  same(HEAD "qubit q; inv @ s q;", HEAD "qubit q; sdg q;");
  same(HEAD "qubit q; pow(1/2) @ x q;", HEAD "qubit q; sx q;");
  same(HEAD "qubit q; pow(0.5) @ z q;", HEAD "qubit q; s q;");
  same(HEAD "qubit q; pow(0.25) @ h q; pow(0.75) @ h q;", HEAD "qubit q; h q;");
  same(HEAD "qubit q; pow(3) @ t q;", HEAD "qubit q; t q; t q; t q;");
  same(HEAD "qubit q; pow(1003) @ u3(0.1, 0.2, 0.3) q; pow(-1002) @ u3(0.1, 0.2, 0.3) q;",
       HEAD "qubit q; u3(0.1, 0.2, 0.3) q;");
  same(HEAD "qubit q; pow(-2) @ rx(0.3) q;", HEAD "qubit q; rx(-0.6) q;");
  same(HEAD "qubit q; pow(0.5) @ rx(7) q;",
       HEAD "qubit q; rx(3.5) q; gphase(pi); rx(-2*pi) q; rx(pi) q; "
            "gphase(pi); rx(-pi) q; gphase(0);");
  same(HEAD "gate g(a) x, y { h x; cp(a) x, y; gphase(a); } qubit[3] q; inv @ g(0.3) q[0], q[1];",
       HEAD "qubit[3] q; gphase(-0.3); cp(-0.3) q[0], q[1]; h q[0];");
  same(HEAD
       "gate g(a) x, y { h x; cp(a) x, y; gphase(a); } qubit[3] q; ctrl @ g(0.3) q[2], q[0], q[1];",
       HEAD "qubit[3] q; ctrl @ h q[2], q[0]; ctrl @ cp(0.3) q[2], q[0], q[1]; p(0.3) q[2];");
  same(HEAD "gate g(a) x, y { h x; cp(a) x, y; rx(a) y; } qubit[3] q; "
            "pow(1/3) @ g(0.3) q[0], q[1]; pow(2/3) @ g(0.3) q[0], q[1];",
       HEAD "qubit[3] q; h q[0]; cp(0.3) q[0], q[1]; rx(0.3) q[1];");
  same(HEAD "gate g x { h x; t x; } qubit[2] q; ctrl @ pow(0.5) @ g q[0], q[1]; "
            "ctrl @ pow(1/2) @ g q[0], q[1];",
       HEAD "gate g x { h x; t x; } qubit[2] q; ctrl @ g q[0], q[1];");
  same(HEAD "qubit[2] q; ctrl @ gphase(0.3) q[1];", HEAD "qubit[2] q; p(0.3) q[1];");
  same(HEAD "qubit q; inv @ pow(0.5) @ y q; pow(0.5) @ y q;", HEAD "qubit q; id q;");
  same(HEAD "qubit[2] q; pow(0.5) @ swap q[0], q[1]; pow(0.5) @ swap q[0], q[1];",
       HEAD "qubit[2] q; swap q[0], q[1];");
}

static void test_statements(void **state) {
  (void)state;
  same(HEAD "const int n = 3; const float a = pi/n; qubit[n] q; let r = q[1:2] ++ q[0]; "
            "h r[{0, 2}]; rz(a*2) r; x q[-1]; cx q[0:1], q[1:2];",
       HEAD "qubit[3] q; h q[1]; h q[0]; rz(2*pi/3) q; x q[2]; cx q[0], q[1]; cx q[1], q[2];");
  zcz_circuit *c = read(
      HEAD "const duration t = 2*50ns;\nqubit[3] q;\nbit[2] c;\nbit d = measure q[2];\n"
           "reset q;\nc = measure q[0:1];\nmeasure q[0] -> c[1];\nbarrier q[0], q[2];\nbarrier;\n"
           "delay[t] q[0];\ndelay[8dt] q;\n"
           "if (c == 2 && !d || c[0] != c[1]) { x q[0]; if (d) y q[1]; } else z q[2];\n"
           "c[0] = d ^ c[1];\nc = \"10\";\nd |= 1;\n");
  const zcz_op *ops = zcz_circuit_ops(c, 0);
  assert_int_equal(zcz_circuit_num_ops(c, 0), 18);
  assert_int_equal(ops[0].bit, 2);
  assert_int_equal(ops[6].bit, 1);
  assert_int_equal(ops[7].num_qubits, 2);
  assert_int_equal(ops[8].num_qubits, 3);
  assert_true(ops[9].params[0] == 100);
  assert_true(ops[10].params[0] == 4);
  assert_int_equal(ops[13].kind, ZCZ_OP_IF);
  assert_int_equal(ops[13].line, 14);
  assert_int_equal(zcz_circuit_num_ops(c, ops[13].blocks[0]), 2);
  assert_int_equal(zcz_circuit_num_ops(c, ops[13].blocks[1]), 1);
  static const struct {
    uint8_t bits[3];
    bool value;
  } cases[] = {{{0, 1, 0}, true}, {{0, 1, 1}, true}, {{1, 1, 0}, false}, {{0, 0, 1}, false}};
  for (size_t i = 0; i < 4; i++) {
    zcz_value value;
    zcz_error error;
    assert_int_equal(
        zcz_expression_evaluate(c, ops[13].expression, cases[i].bits, NULL, &value, &error),
        ZCZ_OK);
    assert_int_equal(zcz_value_truth(value), cases[i].value);
  }
  zcz_circuit_free(c);
}

static bool truth(const char *condition, uint32_t value) {
  char text[500];
  snprintf(text, sizeof text, HEAD "qubit q; bit[4] c; bit d; const int k = 3; if (%s) x q;",
           condition);
  zcz_circuit *c = read(text);
  uint8_t bits[5];
  for (int i = 0; i < 5; i++) bits[i] = value >> i & 1;
  zcz_value result;
  zcz_error error;
  assert_int_equal(
      zcz_expression_evaluate(c, zcz_circuit_ops(c, 0)[0].expression, bits, NULL, &result, &error),
      ZCZ_OK);
  zcz_circuit_free(c);
  return zcz_value_truth(result);
}

static void test_conditions(void **state) {
  (void)state;
  assert_true(truth("c == 5", 5) && !truth("c == 5", 6));
  assert_true(truth("c == \"0101\"", 5));
  assert_true(truth("~c == 10", 5));
  assert_true(truth("c << 2 == 4", 5));
  assert_true(truth("int[4](c) == -3", 13));
  assert_true(truth("int[4](c) < 0", 13) && !truth("int[4](c) < 0", 5));
  assert_true(truth("uint[2](c) == 1", 13));
  assert_true(truth("c[1:2] == 2", 13));
  assert_true(truth("c > k + 1 && d", 21) && !truth("c > k + 1 && d", 5));
  assert_true(truth("-c + 2 ** k * 2 == 11", 5));
  assert_true(truth("!(c == 5) || true", 5));
  assert_true(truth("bool(c) == d", 17));
  assert_true(truth("c & 4 == 4", 1)); /* as in C: == binds tighter */
}

static void test_noise(void **state) {
  (void)state;
  zcz_circuit *c = read(
      HEAD "qubit[2] q;\n#pragma braket noise bit_flip(0.1) q[0]\n"
           "pragma braket noise phase_flip(1/4) q[1]\n"
           "#pragma braket noise two_qubit_depolarizing(0.3) q[0], q[1]\n"
           "#pragma braket noise pauli_channel(0.1, 0.2, 0.3) q[0]\n"
           "#pragma braket noise generalized_amplitude_damping(0.1, 0.2) q[0]\n"
           "#pragma braket noise kraus([[0.6, 0], [0, 0.6im]], [[0, 0.8], [0.8, 0]]) q[0]\n"
           "#pragma braket noise kraus([[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]]) "
           "q[0], q[1]\nx q[0];\n");
  const zcz_op *ops = zcz_circuit_ops(c, 0);
  assert_int_equal(zcz_circuit_num_ops(c, 0), 8);
  assert_true(ops[0].params[0] == 0.1 && ops[0].params[2] == 0);
  assert_true(ops[1].params[0] == 0 && ops[1].params[2] == 0.25);
  assert_int_equal(ops[2].code, ZCZ_CHANNEL_DEPOLARIZE2);
  assert_int_equal(ops[5].num_params, 16);
  assert_true(ops[5].params[7] == 0.6);
  /* Braket's X on the first qubit is ours on the least significant: entry (0, 1) */
  assert_true(ops[6].params[2] == 1);
  zcz_circuit_free(c);
}

static void test_wrong(void **state) {
  (void)state;
  wrong(HEAD "qubit[2] q; def f(qubit a) { x a; }", ZCZ_ERROR_UNABLE, 3, 13, "\"def\"");
  wrong(HEAD "qubit[2] q; for int i in [0:1] { x q[i]; }", ZCZ_ERROR_UNABLE, 3, 13, "\"for\"");
  wrong(HEAD "qubit q; while (true) { x q; }", ZCZ_ERROR_UNABLE, 3, 10, "\"while\"");
  wrong(HEAD "input float a;", ZCZ_ERROR_UNABLE, 3, 1, "\"input\"");
  wrong(HEAD "int[8] a = 3;", ZCZ_ERROR_UNABLE, 3, 1, "\"int\"");
  wrong(HEAD "qubit q; cnott q;", ZCZ_ERROR_USAGE, 3, 10, "unknown gate");
  wrong(HEAD "qubit[2] q; cx q[0], q[2];", ZCZ_ERROR_USAGE, 3, 24, "index 2 is outside");
  wrong(HEAD "qubit[2] q; cx q[0], q;", ZCZ_ERROR_USAGE, 3, 13, "stands twice");
  wrong(HEAD "qubit[2] q; qubit[3] r; cx q, r;", ZCZ_ERROR_USAGE, 3, 25, "different sizes");
  wrong(HEAD "qubit q; bit c; if (c = 1) x q;", ZCZ_ERROR_USAGE, 3, 23, "expected");
  wrong(HEAD "qubit q; delay[3] q;", ZCZ_ERROR_USAGE, 3, 16, "unit of time");
  wrong(HEAD "qubit q; rx(3ns) q;", ZCZ_ERROR_USAGE, 3, 10, "a duration where an angle");
  wrong(HEAD "qubit q; if (true) { qubit r; }", ZCZ_ERROR_USAGE, 3, 22, "inside a block");
  wrong(HEAD "qubit q; #pragma braket noise bit_flip(2) q", ZCZ_ERROR_USAGE, 3, 10, "no meaning");
  wrong(HEAD "qubit q;\n#pragma braket noise bit_flip(2) q", ZCZ_ERROR_USAGE, 4, 1, "");
  wrong(HEAD "qubit q;\n#pragma braket noise bit_flop(0.2) q", ZCZ_ERROR_USAGE, 4, 22,
        "unknown noise");
  wrong(HEAD
        "gate g a { pow(1e9) @ h a; } gate f a { pow(1000000) @ g a; } qubit q; pow(1e9) @ f q;",
        ZCZ_ERROR_UNABLE, 3, 72, "more than");
  wrong(HEAD "qubit[4294967295] q;", ZCZ_ERROR_UNABLE, 3, 7, "4294967295 qubits");
  wrong(HEAD "gate g a { g a; }", ZCZ_ERROR_USAGE, 3, 12, "recursion");
  wrong(HEAD "x $0;", ZCZ_ERROR_UNABLE, 3, 3, "hardware qubits");
  wrong("OPENQASM 2.0; qreg q[1];", ZCZ_ERROR_USAGE, 1, 10, "read as OpenQASM 3");
}

/* Every statement of the specification's list of wrong ones is refused. Hardware qubits, which are
 * refused anyway, become declared ones, so that the rest of the statement is what is wrong. */
static void test_invalid(void **state) {
  (void)state;
  static const char *const files[] = {
      "branch", "calibration", "const",  "declarations", "gate_applications", "headers", "io",
      "loop",   "measure",     "switch", "tokens"};
  int count = 0;
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    char name[100], text[2000];
    snprintf(name, sizeof name, "openqasm/grammar/invalid/%s.qasm", files[i]);
    char *lines = load(name);
    if (!lines) skip();
    for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n")) {
      if (strncmp(line, "//", 2) == 0 || !*line) continue;
      size_t at = (size_t)snprintf(text, sizeof text, HEAD "qubit[2] q; bit[2] a; bit myvar2;\n");
      for (const char *c = line; *c; c++)
        at += (size_t)snprintf(text + at, sizeof text - at, *c == '$' ? "q[" : "%.1s%s", c,
                               c > line && c[-1] == '$' ? "]" : "");
      zcz_circuit *circuit = NULL;
      zcz_error error;
      if (try_read(text, &circuit, &error) == ZCZ_OK) {
        print_message("accepted: %s\n", line);
        fail();
      }
      count++;
    }
    free(lines);
  }
  print_message("%d wrong statements refused\n", count);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_standard_gates), cmocka_unit_test(test_modifiers),
      cmocka_unit_test(test_statements),     cmocka_unit_test(test_conditions),
      cmocka_unit_test(test_noise),          cmocka_unit_test(test_wrong),
      cmocka_unit_test(test_invalid),
  };
  if (zcz_context_new(NULL, &context, NULL) != ZCZ_OK) return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  zcz_context_free(context);
  return failed;
}
