/* Every allocation of placing, routing, scheduling, light cone and components made to fail in turn:
 * an error in words, nothing lost (the sanitizer looks). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "compile/chip_fixture.h"
#include "compile/passes.h"
#include "zcz/compile.h"

static chip_fixture fixture;

typedef zcz_status work(zcz_context *context, const zcz_circuit *source, zcz_error *error);

static zcz_status route_and_schedule(zcz_context *context, const zcz_circuit *source,
                                     zcz_error *error) {
  zcz_compiled *compiled;
  zcz_compile_options options = {.seed = 1};
  zcz_status status = zcz_compile(source, &fixture.chip, &options, &compiled, error);
  if (status != ZCZ_OK) assert_null(compiled);
  zcz_compiled_free(context, compiled);
  return status;
}

static zcz_status cut(zcz_context *context, const zcz_circuit *source, zcz_error *error) {
  zcz_circuit *cone;
  zcz_component *components;
  uint32_t count;
  ZCZ_TRY(zcz_pass_light_cone(source, NULL, &cone, error));
  zcz_status status = zcz_split_components(cone, &components, &count, error);
  if (status != ZCZ_OK) assert_null(components);
  zcz_components_free(context, components, count);
  zcz_circuit_free(cone);
  return status;
}

/* A ring of five qubits, feed-forward, a barrier, measurements: neither placed without swaps nor
 * without blocks. */
static bool fill(zcz_circuit *circuit) {
  zcz_error error;
  uint32_t qubits[6] = {0, 1, 2, 3, 4, 0}, bit;
  zcz_expression condition = {.kind = ZCZ_EXPRESSION_BIT};
  zcz_op op = {.kind = ZCZ_OP_IF,
               .bit = ZCZ_NONE,
               .variable = ZCZ_NONE,
               .blocks = {ZCZ_NONE, ZCZ_NONE},
               .start_ns = -1};
  bool good = zcz_circuit_add_qubits(circuit, "q", 5, NULL, &error) == ZCZ_OK &&
              zcz_circuit_add_bits(circuit, "c", 5, &bit, &error) == ZCZ_OK &&
              zcz_circuit_add_expression(circuit, &condition, &op.expression, &error) == ZCZ_OK &&
              zcz_circuit_add_block(circuit, &op.blocks[0], &error) == ZCZ_OK;
  for (uint32_t q = 0; good && q < 5; q++)
    good = zcz_circuit_gate(circuit, 0, ZCZ_GATE_H, 1, &qubits[q], NULL, &error) == ZCZ_OK;
  good = good && zcz_circuit_measure(circuit, 0, 2, 0, &error) == ZCZ_OK &&
         zcz_circuit_append(circuit, 0, &op, &error) == ZCZ_OK &&
         zcz_circuit_barrier(circuit, 0, 5, qubits, &error) == ZCZ_OK;
  for (uint32_t q = 0; good && q < 5; q++)
    good =
        zcz_circuit_gate(circuit, op.blocks[0], ZCZ_GATE_X, 1, &qubits[q], NULL, &error) == ZCZ_OK;
  for (uint32_t q = 1; good && q < 5; q++)
    good = zcz_circuit_measure(circuit, 0, q, q, &error) == ZCZ_OK;
  return good;
}

static void check(work *run) {
  for (uint64_t n = 1; n < 20000; n++) {
    zcz_context_options options = {.fail_allocation = n, .threads = 1};
    zcz_context *context;
    zcz_circuit *source = NULL;
    zcz_error error = {0};
    zcz_status status = ZCZ_OK;
    if (zcz_context_new(&options, &context, NULL) != ZCZ_OK) continue;
    bool made = zcz_circuit_new(context, &source, NULL) == ZCZ_OK && fill(source);
    if (made) status = run(context, source, &error);
    if (made && status != ZCZ_OK) {
      assert_int_equal(status, ZCZ_ERROR_UNABLE);
      assert_non_null(strstr(error.message, "memory"));
    }
    zcz_circuit_free(source);
    zcz_context_free(context);
    if (made && status == ZCZ_OK) return;
  }
  fail_msg("never done");
}

static void compile_without_memory(void **state) {
  (void)state;
  chip_fixture_grid(&fixture, 3, 2);
  check(route_and_schedule);
}

static void cut_without_memory(void **state) {
  (void)state;
  check(cut);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(compile_without_memory),
                                     cmocka_unit_test(cut_without_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
