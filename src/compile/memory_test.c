/* Every allocation of a pass made to fail in turn: an error in words, nothing lost (the sanitizer looks). */
#include "compile/native_fixture.h"

typedef zcz_status pass(const fixture *f, const zcz_circuit *source, zcz_circuit **result,
                        zcz_error *error);

static zcz_status expand(const fixture *f, const zcz_circuit *source, zcz_circuit **result,
                         zcz_error *error) {
  (void)f;
  return zcz_pass_expand(source, result, error);
}

static zcz_status simplify(const fixture *f, const zcz_circuit *source, zcz_circuit **result,
                           zcz_error *error) {
  (void)f;
  return zcz_pass_simplify(source, result, error);
}

static zcz_status native(const fixture *f, const zcz_circuit *source, zcz_circuit **result,
                         zcz_error *error) {
  return zcz_pass_native(source, &f->chip, false, result, error);
}

static bool fill(zcz_circuit *circuit, bool wide) {
  uint32_t qubits[6] = {0, 1, 2, 3, 4, 5}, offset;
  zcz_complex u[64] = {{0, 0}};
  for (int i = 0; i < 8; i++) u[8 * i + (i ^ 5)].re = 1;
  if (zcz_circuit_add_qubits(circuit, "q", 6, &offset, NULL) != ZCZ_OK) return false;
  if (wide) {
    return zcz_circuit_gate(circuit, 0, ZCZ_GATE_X, 5, qubits, NULL, NULL) == ZCZ_OK &&
           zcz_circuit_gate(circuit, 0, ZCZ_GATE_SWAP, 3, qubits, NULL, NULL) == ZCZ_OK &&
           zcz_circuit_unitary(circuit, 0, 1, 4, qubits, u, NULL) == ZCZ_OK &&
           zcz_circuit_unitary(circuit, 0, 0, 3, qubits, u, NULL) == ZCZ_OK;
  }
  for (uint32_t q = 0; q + 1 < 6; q++)
    if (zcz_circuit_gate(circuit, 0, ZCZ_GATE_H, 1, &qubits[q], NULL, NULL) != ZCZ_OK ||
        zcz_circuit_gate(circuit, 0, ZCZ_GATE_SWAP, 0, &qubits[q], NULL, NULL) != ZCZ_OK)
      return false;
  return true;
}

static void check(pass *run, bool wide) {
  fixture f;
  fixture_open(&f, 6, true, true);
  for (uint64_t n = 1; n < 10000; n++) {
    zcz_context_options options = {.fail_allocation = n};
    zcz_context *context;
    zcz_circuit *source = NULL, *result = NULL;
    zcz_error error;
    zcz_status status = ZCZ_OK;
    if (zcz_context_new(&options, &context, NULL) != ZCZ_OK) continue;
    bool made = zcz_circuit_new(context, &source, NULL) == ZCZ_OK && fill(source, wide);
    if (made) status = run(&f, source, &result, &error);
    if (made && status != ZCZ_OK) {
      assert_int_equal(status, ZCZ_ERROR_UNABLE);
      assert_null(result);
      assert_non_null(strstr(error.message, "memory"));
    }
    bool done = made && status == ZCZ_OK;
    zcz_circuit_free(result);
    zcz_circuit_free(source);
    zcz_context_free(context);
    if (done) break;
    assert_true(n < 9999);
  }
  fixture_close(&f);
}

static void expand_without_memory(void **state) {
  (void)state;
  check(expand, true);
}

static void simplify_without_memory(void **state) {
  (void)state;
  check(simplify, false);
}

static void native_without_memory(void **state) {
  (void)state;
  check(native, false);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(expand_without_memory),
                                     cmocka_unit_test(simplify_without_memory),
                                     cmocka_unit_test(native_without_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
