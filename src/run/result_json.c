/* The result as the command prints it: docs/result.schema.json holds it to its word. */
#include "base/memory.h"
#include "base/random.h"
#include "run/json.h"
#include "run/result.h"

enum { SCHEMA = 1 };

static void write_program(zcz_json *json, const zcz_result *result) {
  zcz_json_open(json, "program", '{');
  zcz_json_string(json, "file", result->file);
  zcz_json_string(json, "language", result->language);
  zcz_json_string(json, "sha256", result->program_sha256);
  zcz_json_integer(json, "qubits", result->num_qubits);
  zcz_json_integer(json, "operations", result->num_operations);
  zcz_json_close(json, '}');
}

static void write_layout(zcz_json *json, const zcz_result *result, const char *name,
                         const uint32_t *layout) {
  zcz_json_open(json, name, '[');
  for (uint32_t q = 0; q < result->num_qubits; q++)
    zcz_json_string(json, NULL, result->chip_qubits[layout[q]]);
  zcz_json_close(json, ']');
}

static void write_machine(zcz_json *json, const zcz_result *result) {
  static const char *const parts[] = {"relaxation", "depolarizing", "coherent", "readout"};
  if (result->chip_name == NULL) return;
  zcz_json_open(json, "chip", '{');
  zcz_json_string(json, "name", result->chip_name);
  zcz_json_string(json, "sha256", result->chip_sha256);
  zcz_json_close(json, '}');
  zcz_json_open(json, "noise", '{');
  zcz_json_open(json, "parts", '[');
  for (int i = 0; i < 4; i++)
    if (result->noise_parts >> i & 1) zcz_json_string(json, NULL, parts[i]);
  zcz_json_close(json, ']');
  zcz_json_boolean(json, "twirled", result->twirled);
  zcz_json_boolean(json, "own", result->own_noise);
  zcz_json_close(json, '}');
  zcz_json_open(json, "layout", '{');
  write_layout(json, result, "initial", result->initial);
  write_layout(json, result, "final", result->final);
  zcz_json_close(json, '}');
}

static void write_measurements(zcz_json *json, const zcz_result *result) {
  zcz_json_open(json, "measurements", '[');
  for (size_t i = 0; i < result->num_measurements; i++) {
    const zcz_measurement *m = &result->measurements[i];
    zcz_json_open(json, NULL, '{');
    zcz_json_integer(json, "bit", m->bit);
    zcz_json_integer(json, "qubit", m->qubit);
    if (m->chip_qubit != ZCZ_NONE)
      zcz_json_string(json, "chip_qubit", result->chip_qubits[m->chip_qubit]);
    zcz_json_close(json, '}');
  }
  zcz_json_close(json, ']');
}

static void write_accuracy(zcz_json *json, zcz_accuracy accuracy) {
  zcz_json_open(json, "accuracy", '{');
  switch (accuracy.kind) {
  case ZCZ_ACCURACY_EXACT: zcz_json_string(json, "kind", "exact"); break;
  case ZCZ_ACCURACY_BOUNDED:
    zcz_json_string(json, "kind", "bounded");
    zcz_json_real(json, "bound", accuracy.value);
    zcz_json_string(json, "of", accuracy.of);
    break;
  case ZCZ_ACCURACY_ESTIMATED:
    zcz_json_string(json, "kind", "estimated");
    zcz_json_real(json, "error", accuracy.value);
    break;
  }
  zcz_json_close(json, '}');
}

static void write_registers(zcz_json *json, const zcz_result *result) {
  zcz_json_open(json, "registers", '[');
  for (uint32_t i = 0; i < result->num_registers; i++) {
    zcz_json_open(json, NULL, '{');
    zcz_json_string(json, "name", result->registers[i].name);
    zcz_json_integer(json, "size", result->registers[i].size);
    zcz_json_integer(json, "offset", result->registers[i].offset);
    zcz_json_close(json, '}');
  }
  zcz_json_close(json, ']');
}

static void write_shots(zcz_json *json, const zcz_result *result, char *key) {
  if (!result->has_shots) return;
  zcz_json_open(json, "counts", '{');
  for (size_t i = 0; i < zcz_result_num_counts(result); i++) {
    uint64_t count = zcz_result_count(result, i, key);
    zcz_json_integer(json, key, count);
  }
  zcz_json_close(json, '}');
  if (result->memory == NULL) return;
  const uint32_t words = zcz_counts_key_words(result->counts);
  zcz_json_open(json, "shots_memory", '[');
  for (uint64_t s = 0; s < result->shots_done; s++) {
    zcz_key_text(result->memory + s * words, result->num_bits, key);
    zcz_json_string(json, NULL, key);
  }
  zcz_json_close(json, ']');
}

static void write_values(zcz_json *json, const zcz_result *result, char *key) {
  if (result->has_probabilities) {
    zcz_json_open(json, "probabilities", '{');
    for (size_t i = 0; i < result->probabilities.count && i < ZCZ_MAX_LISTED; i++) {
      double p = zcz_result_probability(result, i, key);
      zcz_json_real(json, key, p);
    }
    zcz_json_close(json, '}');
  }
  if (result->num_amplitudes > 0) {
    zcz_json_open(json, "amplitudes", '{');
    for (uint32_t i = 0; i < result->num_amplitudes; i++) {
      zcz_json_open(json, result->amplitude_keys[i], '[');
      zcz_json_real(json, NULL, result->amplitudes[i].re);
      zcz_json_real(json, NULL, result->amplitudes[i].im);
      zcz_json_close(json, ']');
    }
    zcz_json_close(json, '}');
  }
  if (result->num_expectations == 0) return;
  zcz_json_open(json, "expectations", '[');
  for (uint32_t i = 0; i < result->num_expectations; i++) {
    zcz_json_open(json, NULL, '{');
    zcz_json_string(json, "observable", result->observables[i]);
    zcz_json_real(json, "value", result->expectations[i]);
    zcz_json_real(json, "error", result->expectation_errors[i]);
    zcz_json_close(json, '}');
  }
  zcz_json_close(json, ']');
}

/* To the nanosecond: a clock tells no more. */
static void write_seconds(zcz_json *json, const char *name, double seconds) {
  zcz_json_real(json, name, (double)(int64_t)(seconds * 1e9 + 0.5) / 1e9);
}

static void write_end(zcz_json *json, const zcz_result *result) {
  zcz_json_integer(json, "peak_bytes", result->peak_bytes);
  zcz_json_open(json, "machine", '{');
  zcz_json_string(json, "isa", zcz_isa_name(result->isa));
  zcz_json_integer(json, "threads", (uint64_t)result->threads);
  zcz_json_integer(json, "ranks", 1);
  zcz_json_close(json, '}');
  zcz_json_open(json, "timings", '{');
  write_seconds(json, "read", result->timings.read);
  if (result->chip_name != NULL) write_seconds(json, "compile", result->timings.compile);
  write_seconds(json, "plan", result->timings.plan);
  write_seconds(json, "run", result->timings.run);
  write_seconds(json, "sample", result->timings.sample);
  zcz_json_close(json, '}');
  write_seconds(json, "seconds", result->seconds);
}

zcz_status zcz_result_json(const zcz_result *result, char **text, zcz_error *error) {
  *text = NULL;
  char *key = zcz_memory_allocate(result->context, result->num_bits + 1u);
  if (key == NULL) return zcz_fail_memory(result->context, error, "a key", result->num_bits);
  zcz_json json;
  zcz_json_begin(&json, result->context);
  zcz_json_open(&json, NULL, '{');
  zcz_json_string(&json, "zcz", ZCZ_VERSION);
  zcz_json_integer(&json, "schema", SCHEMA);
  zcz_json_string(&json, "verb", result->chip_name != NULL ? "run" : "simulate");
  zcz_json_boolean(&json, "complete", result->complete);
  zcz_json_open(&json, "warnings", '[');
  for (size_t i = 0; i < result->num_warnings; i++)
    zcz_json_string(&json, NULL, result->warnings[i]);
  zcz_json_close(&json, ']');
  write_program(&json, result);
  write_machine(&json, result);
  write_measurements(&json, result);
  zcz_json_string(&json, "engine", result->engine);
  zcz_json_string(&json, "precision",
                  result->precision == ZCZ_PRECISION_SINGLE ? "single" : "double");
  write_accuracy(&json, result->accuracy);
  zcz_json_string(&json, "reproducible", result->reproducible);
  zcz_json_integer(&json, "seed", result->seed);
  zcz_json_integer(&json, "rng_version", ZCZ_RNG_VERSION);
  if (result->has_shots) {
    zcz_json_integer(&json, "shots", result->shots);
    zcz_json_integer(&json, "shots_done", result->shots_done);
  }
  write_registers(&json, result);
  write_shots(&json, result, key);
  write_values(&json, result, key);
  write_end(&json, result);
  zcz_json_close(&json, '}');
  zcz_memory_release(result->context, key);
  return zcz_json_finish(&json, text, error);
}
