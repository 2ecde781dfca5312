#include <dirent.h>
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

static zcz_context *context;

static zcz_circuit *read(const char *text) {
  zcz_error error = {0};
  zcz_circuit *circuit = NULL;
  zcz_status status = zcz_program_read(context, ZCZ_LANGUAGE_QASM2, "t.qasm", text, strlen(text),
                                       NULL, &circuit, &error);
  if (status != ZCZ_OK)
    print_message("%u:%u: %s\n%s\nhint: %s\n", error.line, error.column, error.message,
                  error.excerpt, error.hint);
  assert_int_equal(status, ZCZ_OK);
  return circuit;
}

#define HEAD "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n"

/* Both programs do the same, up to a global phase. */
static void same(const char *left, const char *right) {
  zcz_circuit *a = read(left), *b = read(right);
  oracle_number *u = oracle_unitary(a), *v = oracle_unitary(b);
  size_t count = (size_t)1 << (2 * zcz_circuit_num_qubits(a));
  double distance = oracle_distance_up_to_phase(u, v, count);
  if (!(distance < 1e-12)) print_message("%s\nis not\n%s\n", left, right);
  assert_true(distance < 1e-12);
  free(u);
  free(v);
  zcz_circuit_free(a);
  zcz_circuit_free(b);
}

static void wrong(const char *text, zcz_status status, uint32_t line, uint32_t column,
                  const char *part, const char *hint) {
  zcz_error error = {0};
  zcz_circuit *circuit = NULL;
  zcz_status got = zcz_program_read(context, ZCZ_LANGUAGE_QASM2, "t.qasm", text, strlen(text), NULL,
                                    &circuit, &error);
  if (got != status || error.line != line || error.column != column ||
      !strstr(error.message, part) || !strstr(error.hint, hint))
    print_message("%s\n-> %d %u:%u: %s (hint: %s)\n", text, got, error.line, error.column,
                  error.message, error.hint);
  assert_int_equal(got, status);
  assert_null(circuit);
  assert_non_null(strstr(error.message, part));
  assert_non_null(strstr(error.hint, hint));
  assert_int_equal(error.line, line);
  assert_int_equal(error.column, column);
}

static void test_library(void **state) {
  (void)state;
  same(HEAD "qreg q[1]; u3(0.3,0.2,0.1) q[0];", HEAD "qreg q[1]; U(0.3,0.2,0.1) q[0];");
  same(HEAD "qreg q[1]; u2(0.2,0.1) q[0];", HEAD "qreg q[1]; U(pi/2,0.2,0.1) q[0];");
  same(HEAD "qreg q[1]; sx q[0];", HEAD "qreg q[1]; sdg q[0]; h q[0]; sdg q[0];");
  same(HEAD "qreg q[2]; cu1(0.7) q[0],q[1];",
       HEAD "qreg q[2]; u1(0.35) q[0]; cx q[0],q[1]; u1(-0.35) q[1]; cx q[0],q[1]; u1(0.35) q[1];");
  same(HEAD "qreg q[2]; cu3(0.7,0.4,0.3) q[0],q[1];",
       HEAD "qreg q[2]; u1(0.35) q[0]; u1(-0.05) q[1]; cx q[0],q[1]; u3(-0.35,0,-0.35) q[1];"
            "cx q[0],q[1]; u3(0.35,0.4,0) q[1];");
  same(HEAD "qreg q[2]; crx(0.7) q[0],q[1];",
       HEAD "qreg q[2]; u1(pi/2) q[1]; cx q[0],q[1]; u3(-0.35,0,0) q[1]; cx q[0],q[1];"
            "u3(0.35,-pi/2,0) q[1];");
  same(HEAD "qreg q[2]; rzz(0.7) q[0],q[1];",
       HEAD "qreg q[2]; cx q[0],q[1]; u1(0.7) q[1]; cx q[0],q[1];");
  same(HEAD "qreg q[2]; ch q[0],q[1];", HEAD
       "qreg q[2]; h q[1]; sdg q[1]; cx q[0],q[1]; h q[1]; t q[1]; cx q[0],q[1]; t q[1]; h q[1];"
       "s q[1]; x q[1]; s q[0];");
  same(HEAD "qreg q[4]; c3sqrtx q[0],q[1],q[2],q[3]; c3sqrtx q[0],q[1],q[2],q[3];",
       HEAD "qreg q[4]; c3x q[0],q[1],q[2],q[3];");
  same(HEAD "qreg q[4]; rc3x q[0],q[1],q[2],q[3];", HEAD
       "qreg q[4]; u2(0,pi) q[3]; u1(pi/4) q[3]; cx q[2],q[3]; u1(-pi/4) q[3]; u2(0,pi) q[3];"
       "cx q[0],q[3]; u1(pi/4) q[3]; cx q[1],q[3]; u1(-pi/4) q[3]; cx q[0],q[3]; u1(pi/4) q[3];"
       "cx q[1],q[3]; u1(-pi/4) q[3]; u2(0,pi) q[3]; u1(pi/4) q[3]; cx q[2],q[3];"
       "u1(-pi/4) q[3]; u2(0,pi) q[3];");
}

static void test_definitions(void **state) {
  (void)state;
  same("OPENQASM 2.0;gate h a{U(pi/2,0,pi) a;} gate g(x,y) a,b{U(x/2,0,-y) b;barrier a,b;CX a,b;h "
       "a;}"
       "qreg q[2];g(0.3*2,sin(0.5)^2) q[1],q[0];",
       HEAD "qreg q[2]; U(0.3,0,-0.22984884706593015) q[0]; CX q[1],q[0]; h q[1];");
  /* the program's own gate wins over the library's */
  same(HEAD "gate x a { h a; } qreg q[1]; x q[0];", HEAD "qreg q[1]; h q[0];");
  same(HEAD "qreg q[3]; h q; cx q[0],q[1];",
       HEAD "qreg q[3]; h q[0]; h q[1]; h q[2]; cx q[0],q[1];");
  same(HEAD "qreg a[1]; qreg b[2]; cx a[0],b;", HEAD "qreg q[3]; cx q[0],q[1]; cx q[0],q[2];");
  same(HEAD "qreg q[1]; rx(-2^2) q[0]; rx(2^3^2/512) q[0]; rx(1/2) q[0];",
       HEAD "qreg q[1]; rx(-2.5) q[0];");
}

static void test_classical(void **state) {
  (void)state;
  zcz_circuit *c = read(HEAD "opaque o(a) q,r; qreg q[2]; creg c[2]; creg d[70];\n"
                             "measure q -> c;\nif(c==3) x q;\nif(c==3) reset q[0];\n"
                             "if (d==1) measure q[1] -> c[0];");
  assert_int_equal(zcz_circuit_num_bits(c), 72);
  assert_int_equal(zcz_circuit_num_blocks(c), 4);
  assert_int_equal(zcz_circuit_num_ops(c, 0), 5);
  assert_int_equal(zcz_circuit_num_ops(c, 1), 2);
  const zcz_op *ops = zcz_circuit_ops(c, 0);
  assert_int_equal(ops[2].kind, ZCZ_OP_IF);
  assert_int_equal(ops[2].expression, ops[3].expression);
  assert_int_equal(ops[2].line, 5);
  zcz_circuit_free(c);
}

static void test_wrong(void **state) {
  (void)state;
  wrong(HEAD "qreg q[2];\ncnott q[0],q[1];", ZCZ_ERROR_USAGE, 4, 1, "unknown gate \"cnott\"", "");
  wrong(HEAD "qreg q[2];\ncxx q[0],q[1];", ZCZ_ERROR_USAGE, 4, 1, "unknown gate", "did you mean");
  wrong("OPENQASM 2.0;qreg q[1];h q[0];", ZCZ_ERROR_USAGE, 1, 24, "unknown gate", "qelib1.inc");
  wrong(HEAD "qreg q[2];\ncx q[0];", ZCZ_ERROR_USAGE, 4, 1, "takes 2 qubits, and 1 is", "");
  wrong(HEAD "qreg q[2];\nrx q[0];", ZCZ_ERROR_USAGE, 4, 1, "takes 1 parameter, and 0 are", "");
  wrong(HEAD "qreg q[2];\ncx q[0],q[0];", ZCZ_ERROR_USAGE, 4, 1, "stands twice", "");
  wrong(HEAD "qreg q[2];\nh q[2];", ZCZ_ERROR_USAGE, 4, 5, "index 2 is outside \"q\"", "0 to 1");
  wrong(HEAD "qreg q[2];\nh r[0];", ZCZ_ERROR_USAGE, 4, 3, "unknown qubit", "declare it");
  wrong(HEAD "qreg q[2];\nh q[0]", ZCZ_ERROR_USAGE, 4, 7, "expected", "semicolon");
  wrong(HEAD "gate a q { a q; }", ZCZ_ERROR_USAGE, 3, 12, "recursion", "");
  wrong(HEAD "qreg q[4294967295];", ZCZ_ERROR_UNABLE, 3, 8, "4294967295 qubits", "");
  wrong(HEAD "qreg q[1000000000];", ZCZ_ERROR_UNABLE, 3, 8, "1000000000 qubits", "");
  wrong(HEAD "qreg q[0];", ZCZ_ERROR_USAGE, 3, 8, "at least 1", "");
  wrong(HEAD "qreg q[1]; rx(1/0) q[0];", ZCZ_ERROR_USAGE, 3, 18, "division by zero", "");
  wrong(HEAD "qreg q[1]; rx(1e999) q[0];", ZCZ_ERROR_USAGE, 3, 15, "not finite", "");
  wrong(HEAD "qreg q[1]; rx(nan) q[0];", ZCZ_ERROR_USAGE, 3, 15, "unknown constant", "");
  wrong(HEAD "qreg q[1]; rx(1e300) q[0];", ZCZ_ERROR_UNABLE, 3, 12, "an angle of 1", "");
  wrong(HEAD "opaque o q; qreg q[1]; o q[0];", ZCZ_ERROR_UNABLE, 3, 24, "opaque", "define");
  wrong(HEAD "include \"../x.inc\";", ZCZ_ERROR_USAGE, 3, 9, "outside the program's folder", "");
  wrong(HEAD "include \"/etc/passwd\";", ZCZ_ERROR_USAGE, 3, 9, "outside the program's folder", "");
  wrong(HEAD "qreg q[2]; creg c[1]; measure q -> c;", ZCZ_ERROR_USAGE, 3, 23, "2 qubits measured",
        "");
  wrong(HEAD "qreg q[2]; qreg q[3];", ZCZ_ERROR_USAGE, 3, 17, "already declared", "");
  wrong("OPENQASM 3.0; qubit q;", ZCZ_ERROR_USAGE, 1, 10, "read as OpenQASM 2", "");
  wrong("\x7f"
        "ELF\x02\x01",
        ZCZ_ERROR_USAGE, 1, 1, "0x7f", "");
}

static void test_bounds(void **state) {
  (void)state;
  enum { SIZE = 1 << 20 };
  char *text = malloc(SIZE + 4096);
  strcpy(text, HEAD "qreg q[1]; rx(");
  size_t length = strlen(text);
  memset(text + length, '(', 100000);
  text[length + 100000] = 0;
  wrong(text, ZCZ_ERROR_UNABLE, 3, 15 + 256, "nested deeper", "");
  /* each gate calls the one before twice: 2^60 operations */
  int at = sprintf(text, HEAD "gate g0 a { x a; }\n");
  for (int i = 1; i < 60; i++)
    at += sprintf(text + at, "gate g%d a { g%d a; g%d a; }\n", i, i - 1, i - 1);
  sprintf(text + at, "qreg q[1]; g59 q[0];");
  wrong(text, ZCZ_ERROR_UNABLE, 63, 12, "more than 10000000", "");
  at = sprintf(text, HEAD "gate g0 a { }\n");
  for (int i = 1; i < 60; i++)
    at += sprintf(text + at, "gate g%d a { g%d a; g%d a; }\n", i, i - 1, i - 1);
  sprintf(text + at, "qreg q[1]; g59 q[0];");
  wrong(text, ZCZ_ERROR_UNABLE, 63, 12, "more than", "");
  /* one long line */
  at = sprintf(text, HEAD "qreg q[1]; rx(0");
  while (at < SIZE) at += sprintf(text + at, "+1e-9");
  sprintf(text + at, ") q[0];");
  zcz_circuit_free(read(text));
  free(text);
}

static void test_qasmbench(void **state) {
  (void)state;
  const char *data = getenv("ZCZ_SHARED_DATA");
  char folder[512], path[1024];
  snprintf(folder, sizeof folder, "%s/qasmbench", data ? data : "../shared/data");
  DIR *list = opendir(folder);
  if (!list) {
    print_message("no %s: skipped\n", folder);
    skip();
  }
  int count = 0;
  for (struct dirent *entry; (entry = readdir(list));) {
    if (!strstr(entry->d_name, ".qasm")) continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = malloc(1 << 20);
    size_t size = fread(text, 1, 1 << 20, file);
    fclose(file);
    zcz_language language;
    assert_int_equal(zcz_language_detect(path, text, size, &language, NULL), ZCZ_OK);
    assert_int_equal(language, ZCZ_LANGUAGE_QASM2);
    zcz_error error = {0};
    zcz_circuit *circuit;
    zcz_status status =
        zcz_program_read(context, language, path, text, size, NULL, &circuit, &error);
    if (status != ZCZ_OK) print_message("%s:%u: %s\n", path, error.line, error.message);
    assert_int_equal(status, ZCZ_OK);
    assert_true(zcz_circuit_size(circuit) > 0);
    zcz_circuit_free(circuit);
    free(text);
    count++;
  }
  closedir(list);
  assert_int_equal(count, 73);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_library),   cmocka_unit_test(test_definitions),
      cmocka_unit_test(test_classical), cmocka_unit_test(test_wrong),
      cmocka_unit_test(test_bounds),    cmocka_unit_test(test_qasmbench),
  };
  if (zcz_context_new(NULL, &context, NULL) != ZCZ_OK) return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  zcz_context_free(context);
  return failed;
}
