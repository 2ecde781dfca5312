/* What we write reads back as the same circuit: same unitary, global phase included where the
 * language has one. */
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

static zcz_context *context;

static zcz_circuit *read(zcz_language language, const char *text) {
  zcz_error error = {0};
  zcz_circuit *circuit = NULL;
  zcz_status status =
      zcz_program_read(context, language, "t", text, strlen(text), NULL, &circuit, &error);
  if (status != ZCZ_OK)
    print_message("%s\n%u:%u: %s\n%s\n", text, error.line, error.column, error.message,
                  error.excerpt);
  assert_int_equal(status, ZCZ_OK);
  return circuit;
}

static char *write(const zcz_circuit *circuit, zcz_language language) {
  zcz_error error = {0};
  char *text;
  zcz_status status = zcz_program_write(circuit, language, NULL, &text, &error);
  if (status != ZCZ_OK) print_message("%s\n", error.message);
  assert_int_equal(status, ZCZ_OK);
  return text;
}

static double distance(const zcz_circuit *a, const zcz_circuit *b, bool phase) {
  assert_int_equal(zcz_circuit_num_qubits(a), zcz_circuit_num_qubits(b));
  oracle_number *u = oracle_unitary(a), *v = oracle_unitary(b);
  size_t count = (size_t)1 << (2 * zcz_circuit_num_qubits(a));
  double worst = 0;
  if (phase) {
    for (size_t i = 0; i < count; i++) worst = fmax(worst, cabs(u[i] - v[i]));
  } else {
    worst = oracle_distance_up_to_phase(u, v, count);
  }
  free(u);
  free(v);
  return worst;
}

static const double angles[] = {0.3, -1.1, 2.7};

/* Each gate of the table with each number of controls, on three qubits, through a language. */
static void each_gate(zcz_language language, uint32_t most_controls, bool phase, bool may_refuse) {
  int written = 0;
  for (int g = 0; g < ZCZ_GATE_COUNT; g++) {
    for (uint32_t controls = 0; controls <= most_controls; controls++) {
      uint32_t offset, qubits[4] = {2, 0, 1, 3};
      if (zcz_gate_describe((zcz_gate)g)->qubits + controls > 4) continue;
      zcz_circuit *c;
      zcz_error error;
      assert_int_equal(zcz_circuit_new(context, &c, &error), ZCZ_OK);
      assert_int_equal(zcz_circuit_add_qubits(c, "q", 4, &offset, &error), ZCZ_OK);
      for (uint32_t i = 0; i < 4; i++) /* so that QCIS names all */
        assert_int_equal(zcz_circuit_gate(c, 0, ZCZ_GATE_Z, 0, &i, NULL, &error), ZCZ_OK);
      if (zcz_circuit_gate(c, 0, (zcz_gate)g, controls, qubits, angles, &error) == ZCZ_OK) {
        char *text;
        zcz_status status = zcz_program_write(c, language, NULL, &text, &error);
        if (status == ZCZ_OK) {
          zcz_circuit *back = read(language, text);
          double d = distance(c, back, phase);
          if (!(d < 1e-13)) print_message("%s: %g\n", text, d);
          assert_true(d < 1e-13);
          zcz_text_free(context, text);
          zcz_circuit_free(back);
          written++;
        } else {
          if (!may_refuse)
            print_message("%s with %u: %s\n", zcz_gate_describe((zcz_gate)g)->name, controls,
                          error.message);
          assert_true(may_refuse);
          assert_int_equal(status, ZCZ_ERROR_UNABLE);
        }
      }
      zcz_circuit_free(c);
    }
  }
  print_message("%s: %d gates written and read back\n", zcz_language_name(language), written);
}

static void test_qasm2_gates(void **state) {
  (void)state;
  each_gate(ZCZ_LANGUAGE_QASM2, 0, true, false);
  each_gate(ZCZ_LANGUAGE_QASM2, 2, true, true);
}

static void test_qcis_gates(void **state) {
  (void)state;
  each_gate(ZCZ_LANGUAGE_QCIS, 2, false, true);
}

static void test_qsim_gates(void **state) {
  (void)state;
  each_gate(ZCZ_LANGUAGE_QSIM, 2, true, false);
}

static void test_qasm3_gates(void **state) {
  (void)state;
  each_gate(ZCZ_LANGUAGE_QASM3, 3, true, false);
}

static void same_text(zcz_language language, const char *text, const char *expected) {
  zcz_circuit *c = read(language, text);
  char *out = write(c, language);
  assert_string_equal(out, expected);
  zcz_text_free(context, out);
  zcz_circuit_free(c);
}

static void test_qasm2_text(void **state) {
  (void)state;
#define HEAD "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n"
  same_text(ZCZ_LANGUAGE_QASM2,
            HEAD
            "qreg q[2];qreg rx[1];creg c[2];creg big[70]; h q; rz(3*pi/4) rx[0];barrier q,rx[0];"
            "cu3(0.1,0.2,0.3) q[0],q[1]; U(1,2,3) q[0]; if(c==3) x q[1];"
            "if (big==590295810358705651713) reset q[0]; measure q->c; u1(0.1) q[1];",
            HEAD "qreg q[2];\nqreg zcz_q1[1];\ncreg c[2];\ncreg big[70];\nh q[0];\nh q[1];\n"
                 "rz(3*pi/4) zcz_q1[0];\nbarrier q, zcz_q1;\nu1(0.25) q[0];\n"
                 "cu(0.1, 0.2, 0.3, -0.25) q[0], q[1];\nu3(1, 2, 3) q[0];\nif (c == 3) x q[1];\n"
                 "if (big == 590295810358705651713) reset q[0];\nmeasure q[0] -> c[0];\n"
                 "measure q[1] -> c[1];\nu1(0.1) q[1];\n");
}

static void test_qasm3_text(void **state) {
  (void)state;
#define HEAD3 "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
  same_text(
      ZCZ_LANGUAGE_QASM3,
      HEAD3
      "qubit[2] q; bit[3] c; bit d; if (c[0:1] == 2 && !d) { x q[0]; if (d) y q; } else z q[1];"
      "c[0] = d ^ c[1]; delay[1us] q[0]; barrier q; c[0:1] = measure q; gphase(pi/4);"
      "\n#pragma braket noise depolarizing(0.1) q[0]\nctrl @ inv @ s q[0], q[1]; reset q[0];",
      HEAD3 "qubit[2] q;\nbit[3] c;\nbit[1] d;\nif (c[0:1] == 2 && !(d[0])) {\n  x q[0];\n"
            "  if (d[0]) {\n    y q[0];\n    y q[1];\n  }\n} else {\n  z q[1];\n}\n"
            "c[0] = d[0] ^ c[1];\ndelay[1000ns] q[0];\nbarrier q;\nc[0] = measure q[0];\n"
            "c[1] = measure q[1];\ngphase(pi/4);\n#pragma braket noise depolarizing(0.1) q[0]\n"
            "ctrl @ sdg q[0], q[1];\nreset q[0];\n");
}

/* Every allocation made to fail in turn: an error in words, nothing lost (the sanitizers look). */
static void test_no_memory(void **state) {
  (void)state;
  static const char *const programs[ZCZ_LANGUAGE_COUNT] = {
      [ZCZ_LANGUAGE_QASM2] = HEAD
      "gate g(a) x,y { cu3(a,sin(a),1) x,y; barrier x; }\nqreg q[3]; creg c[2]; g(0.3) q[0],q[1];"
      "measure q[0]->c[1]; if(c==2) h q; barrier q;",
      [ZCZ_LANGUAGE_QASM3] = HEAD3
      "const int n = 3; gate g(a) x, y { ctrl @ rz(a) x, y; } qubit[n] q; bit[2] c; let r = q[0:1];"
      "\n#pragma braket noise depolarizing(0.1) q[0]\n"
      "pow(0.3) @ h q; inv @ g(0.3) q[0], q[1]; if (c == 2 && !c[0]) { x r; } c = measure r;",
      [ZCZ_LANGUAGE_QCIS] =
          "H Q1\nRZ Q8 -pi/2\nXY2P Q8 2pi\nCZ Q1 Q8\nI Q8 100\nB Q1 Q8\nM Q8 Q1\n",
      [ZCZ_LANGUAGE_QSIM] = "3\n0 h 0\n1 fs 0 1 0.5 0.25\n2 c 0 1 rx 2 0.25\n3 m 0 1 2\n",
  };
  for (int l = 0; l < ZCZ_LANGUAGE_COUNT; l++) {
    zcz_status status = ZCZ_ERROR_UNABLE;
    uint64_t n = 0;
    while (status != ZCZ_OK) {
      zcz_context_options options = {.fail_allocation = ++n};
      zcz_context *poor = NULL;
      zcz_circuit *circuit = NULL;
      zcz_error error = {0};
      char *text = NULL;
      assert_true(n < 10000);
      status = zcz_context_new(&options, &poor, &error);
      if (status == ZCZ_OK)
        status = zcz_program_read(poor, (zcz_language)l, "t", programs[l], strlen(programs[l]),
                                  NULL, &circuit, &error);
      if (status == ZCZ_OK)
        status = zcz_program_write(circuit, (zcz_language)l, NULL, &text, &error);
      if (status == ZCZ_OK) {
        zcz_text_free(poor, text);
      } else {
        if (status != ZCZ_ERROR_UNABLE || !strstr(error.message, "memory"))
          print_message("%llu: %d %s\n", (unsigned long long)n, status, error.message);
        assert_int_equal(status, ZCZ_ERROR_UNABLE);
        assert_non_null(strstr(error.message, "memory"));
        assert_null(text);
      }
      zcz_circuit_free(circuit);
      zcz_context_free(poor);
    }
    print_message("%s: %llu allocations failed in turn\n", zcz_language_name((zcz_language)l),
                  (unsigned long long)n - 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_qasm2_gates), cmocka_unit_test(test_qcis_gates),
      cmocka_unit_test(test_qsim_gates),  cmocka_unit_test(test_qasm3_gates),
      cmocka_unit_test(test_qasm2_text),  cmocka_unit_test(test_qasm3_text),
      cmocka_unit_test(test_no_memory),
  };
  if (zcz_context_new(NULL, &context, NULL) != ZCZ_OK) return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  zcz_context_free(context);
  return failed;
}
