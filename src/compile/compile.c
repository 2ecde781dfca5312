/* The whole compiler: expand, simplify, place and route, native gates, schedule. */
#include "zcz/compile.h"

#include <string.h>

#include "base/memory.h"
#include "compile/metrics.h"
#include "compile/passes.h"

/* To two qubits at most, and simplified unless it is to stay as written. */
static zcz_status prepare(const zcz_circuit *source, bool as_written, zcz_circuit **expanded,
                          zcz_error *error) {
  zcz_circuit *simplified;
  ZCZ_TRY(zcz_pass_expand(source, expanded, error));
  if (as_written) return ZCZ_OK;
  zcz_status status = zcz_pass_simplify(*expanded, &simplified, error);
  zcz_circuit_free(*expanded);
  *expanded = simplified;
  return status;
}

/* Takes over what routing made of the source. */
static zcz_status place(const zcz_circuit *source, const zcz_chip *chip,
                        const zcz_compile_options *options, bool as_written, zcz_compiled *compiled,
                        zcz_circuit **placed, zcz_error *error) {
  zcz_circuit *expanded;
  zcz_routing routing;
  ZCZ_TRY(prepare(source, as_written, &expanded, error));
  zcz_status status = zcz_pass_place_and_route(expanded, chip, options, &routing, error);
  zcz_circuit_free(expanded);
  ZCZ_TRY(status);
  compiled->initial = routing.initial;
  compiled->final = routing.final;
  compiled->swaps = routing.swaps;
  *placed = routing.circuit;
  return ZCZ_OK;
}

static zcz_status run_passes(const zcz_circuit *source, const zcz_chip *chip,
                             const zcz_compile_options *options, zcz_compiled *compiled,
                             zcz_error *error) {
  zcz_circuit *placed, *native;
  const bool as_written = options->layout == ZCZ_LAYOUT_AS_WRITTEN;
  ZCZ_TRY(place(source, chip, options, as_written, compiled, &placed, error));
  zcz_status status = zcz_pass_native(placed, chip, as_written, &native, error);
  zcz_circuit_free(placed);
  ZCZ_TRY(status);
  status = zcz_pass_schedule(native, chip, &compiled->circuit, &compiled->duration_ns, error);
  zcz_circuit_free(native);
  ZCZ_TRY(status);
  return zcz_measure_compiled(compiled, chip, error);
}

zcz_status zcz_compile(const zcz_circuit *source, const zcz_chip *chip,
                       const zcz_compile_options *options, zcz_compiled **compiled,
                       zcz_error *error) {
  static const zcz_compile_options standard = {.layout = ZCZ_LAYOUT_AUTO};
  zcz_context *context = zcz_circuit_context(source);
  *compiled = NULL;
  if (!options) options = &standard;
  if (options->layout != ZCZ_LAYOUT_AUTO && options->layout != ZCZ_LAYOUT_TRIVIAL &&
      options->layout != ZCZ_LAYOUT_AS_WRITTEN)
    return zcz_fail(error, ZCZ_ERROR_USAGE,
                    "layout mode %d; there are auto, trivial and as-written", (int)options->layout);
  zcz_compiled *made = zcz_memory_zeroed(context, 1, sizeof *made);
  if (!made) return zcz_fail_memory(context, error, "a compiled circuit", sizeof *made);
  made->num_program_qubits = zcz_circuit_num_qubits(source);
  zcz_status status = run_passes(source, chip, options, made, error);
  if (status == ZCZ_OK)
    *compiled = made;
  else
    zcz_compiled_free(context, made);
  return status;
}

void zcz_compiled_free(zcz_context *context, zcz_compiled *compiled) {
  if (!compiled) return;
  zcz_circuit_free(compiled->circuit);
  zcz_memory_release(context, compiled->initial);
  zcz_memory_release(context, compiled->final);
  zcz_memory_release(context, compiled);
}
