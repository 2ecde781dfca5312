#include "run/result.h"

#include <string.h>

#include "base/memory.h"

static void free_strings(zcz_context *context, char **strings, size_t count) {
  for (size_t i = 0; strings != NULL && i < count; i++) zcz_memory_release(context, strings[i]);
  zcz_memory_release(context, strings);
}

void zcz_result_free(zcz_result *result) {
  if (result == NULL) return;
  zcz_context *context = result->context;
  zcz_memory_release(context, result->file);
  zcz_memory_release(context, result->language);
  zcz_memory_release(context, result->engine);
  zcz_memory_release(context, result->chip_name);
  zcz_memory_release(context, result->initial);
  zcz_memory_release(context, result->final);
  free_strings(context, result->chip_qubits, result->num_chip_qubits);
  zcz_memory_release(context, result->measurements);
  for (uint32_t i = 0; result->registers != NULL && i < result->num_registers; i++)
    zcz_memory_release(context, (char *)result->registers[i].name);
  zcz_memory_release(context, result->registers);
  zcz_counts_free(result->counts);
  zcz_memory_release(context, result->memory);
  zcz_distribution_release(context, &result->probabilities);
  zcz_memory_release(context, result->state);
  free_strings(context, result->amplitude_keys, result->num_amplitude_keys);
  zcz_memory_release(context, result->amplitudes);
  free_strings(context, result->observables, result->num_observables);
  zcz_memory_release(context, result->expectations);
  free_strings(context, result->warnings, result->num_warnings);
  zcz_memory_release(context, result);
}

/* A copy of `count` strings; *copied follows, so that what was copied can be freed after a failure. */
static bool copy_strings(zcz_context *context, const char *const *strings, size_t count,
                         char ***copies, size_t *copied) {
  *copies = zcz_memory_zeroed(context, count + 1, sizeof **copies);
  if (*copies == NULL) return false;
  for (*copied = 0; *copied < count; (*copied)++) {
    (*copies)[*copied] = zcz_memory_string(context, strings[*copied]);
    if ((*copies)[*copied] == NULL) return false;
  }
  return true;
}

static bool copy_program(zcz_result *result, const zcz_prepared *prepared,
                         const zcz_job_options *options, const zcz_plan *plan) {
  zcz_context *context = result->context;
  result->file = zcz_memory_string(context, options->file == NULL ? "-" : options->file);
  result->language = zcz_memory_string(context, options->language == NULL ? "" : options->language);
  result->engine = zcz_memory_string(context, plan->chosen);
  memcpy(result->program_sha256, options->program_sha256, sizeof result->program_sha256);
  result->num_qubits = zcz_circuit_num_qubits(prepared->source);
  result->num_operations = prepared->num_operations;
  result->own_noise = prepared->own_noise;
  return result->file != NULL && result->language != NULL && result->engine != NULL &&
         copy_strings(context, options->amplitudes, options->num_amplitudes,
                      &result->amplitude_keys, &result->num_amplitude_keys) &&
         copy_strings(context, options->observables, options->num_observables, &result->observables,
                      &result->num_observables);
}

static bool copy_registers(zcz_result *result, const zcz_circuit *source) {
  const uint32_t count = zcz_circuit_num_bit_registers(source);
  const zcz_register *registers = zcz_circuit_bit_registers(source);
  result->num_bits = zcz_circuit_num_bits(source);
  result->registers = zcz_memory_zeroed(result->context, count + 1u, sizeof *result->registers);
  if (result->registers == NULL) return false;
  result->num_registers = count;
  for (uint32_t i = 0; i < count; i++) {
    result->registers[i] = registers[i];
    result->registers[i].name = zcz_memory_string(result->context, registers[i].name);
    if (result->registers[i].name == NULL) return false;
  }
  return true;
}

/* The k-th measurement of the source into a bit is the k-th of the compiled circuit into it: passes
 * keep their order. */
static uint32_t chip_qubit_of(const zcz_circuit *compiled, uint32_t bit, uint32_t which) {
  for (uint32_t b = 0; b < zcz_circuit_num_blocks(compiled); b++)
    for (size_t i = 0; i < zcz_circuit_num_ops(compiled, b); i++) {
      const zcz_op *op = &zcz_circuit_ops(compiled, b)[i];
      if (op->kind == ZCZ_OP_MEASURE && op->bit == bit && which-- == 0) return op->qubits[0];
    }
  return ZCZ_NONE;
}

static size_t count_measurements(const zcz_circuit *circuit) {
  size_t count = 0;
  for (uint32_t b = 0; b < zcz_circuit_num_blocks(circuit); b++)
    for (size_t i = 0; i < zcz_circuit_num_ops(circuit, b); i++)
      if (zcz_circuit_ops(circuit, b)[i].kind == ZCZ_OP_MEASURE) count++;
  return count;
}

static bool list_measurements(zcz_result *result, const zcz_prepared *prepared) {
  const zcz_circuit *source = prepared->source;
  const size_t count = count_measurements(source);
  result->measurements =
      zcz_memory_zeroed(result->context, count + 1, sizeof *result->measurements);
  uint32_t *seen = zcz_memory_zeroed(result->context, result->num_bits + 1u, sizeof *seen);
  bool good = result->measurements != NULL && seen != NULL;
  for (uint32_t b = 0; good && b < zcz_circuit_num_blocks(source); b++)
    for (size_t i = 0; i < zcz_circuit_num_ops(source, b); i++) {
      const zcz_op *op = &zcz_circuit_ops(source, b)[i];
      if (op->kind != ZCZ_OP_MEASURE) continue;
      zcz_measurement *m = &result->measurements[result->num_measurements++];
      *m = (zcz_measurement){.bit = op->bit, .qubit = op->qubits[0], .chip_qubit = ZCZ_NONE};
      if (prepared->compiled != NULL)
        m->chip_qubit = chip_qubit_of(prepared->compiled->circuit, op->bit, seen[op->bit]++);
    }
  zcz_memory_release(result->context, seen);
  return good;
}

static bool copy_machine(zcz_result *result, const zcz_prepared *prepared,
                         const zcz_job_options *options) {
  if (options->chip == NULL) return true;
  zcz_context *context = result->context;
  const zcz_chip *chip = options->chip;
  const uint32_t n = prepared->compiled->num_program_qubits;
  memcpy(result->chip_sha256, chip->sha256, sizeof result->chip_sha256);
  result->noise_parts = options->noise.parts;
  result->twirled = options->noise.twirl;
  result->chip_name = zcz_memory_string(context, chip->name);
  result->initial =
      zcz_memory_copy(context, prepared->compiled->initial, n * sizeof *result->initial);
  result->final = zcz_memory_copy(context, prepared->compiled->final, n * sizeof *result->final);
  result->chip_qubits = zcz_memory_zeroed(context, chip->num_qubits, sizeof *result->chip_qubits);
  if (result->chip_name == NULL || result->initial == NULL || result->final == NULL ||
      result->chip_qubits == NULL)
    return false;
  for (; result->num_chip_qubits < chip->num_qubits; result->num_chip_qubits++) {
    const uint32_t q = result->num_chip_qubits;
    result->chip_qubits[q] = zcz_memory_string(context, chip->qubits[q].name);
    if (result->chip_qubits[q] == NULL) return false;
  }
  return true;
}

/* The worst accuracy over the rows that were chosen, and whether all of them repeat everywhere. */
static void copy_accuracy(zcz_result *result, const zcz_plan *plan) {
  result->reproducible = "everywhere";
  for (uint32_t i = 0; i < plan->num_rows; i++) {
    const char *found = strstr(plan->chosen, plan->rows[i].engine);
    const size_t length = strlen(plan->rows[i].engine);
    if (found == NULL || (found[length] != 0 && found[length] != '+')) continue;
    if (plan->rows[i].accuracy.kind > result->accuracy.kind ||
        plan->rows[i].accuracy.value > result->accuracy.value)
      result->accuracy = plan->rows[i].accuracy;
    const char *reproducible = zcz_engine_by_name(plan->rows[i].engine)->reproducible;
    if (strcmp(reproducible, "everywhere") != 0) result->reproducible = reproducible;
  }
}

zcz_status zcz_result_new(const zcz_prepared *prepared, const zcz_job_options *options,
                          const zcz_plan *plan, zcz_result **result, zcz_error *error) {
  zcz_context *context = prepared->context;
  *result = NULL;
  zcz_result *made = zcz_memory_zeroed(context, 1, sizeof *made);
  if (made == NULL) return zcz_fail_memory(context, error, "a result", sizeof *made);
  made->context = context;
  made->precision = options->precision;
  made->seed = options->seed;
  made->has_shots = options->shots > 0;
  made->shots = options->shots;
  made->isa = zcz_context_isa(context);
  made->threads = zcz_context_threads(context);
  copy_accuracy(made, plan);
  if (!copy_program(made, prepared, options, plan) || !copy_registers(made, prepared->source) ||
      !list_measurements(made, prepared) || !copy_machine(made, prepared, options)) {
    zcz_result_free(made);
    return zcz_fail_memory(context, error, "a result", sizeof *made);
  }
  *result = made;
  return ZCZ_OK;
}

zcz_status zcz_result_finish(zcz_result *result, zcz_error *error) {
  size_t count = 0;
  while (zcz_context_warning(result->context, count) != NULL) count++;
  result->warnings = zcz_memory_zeroed(result->context, count + 1, sizeof *result->warnings);
  bool good = result->warnings != NULL;
  for (; good && result->num_warnings < count; result->num_warnings++) {
    const char *text = zcz_context_warning(result->context, result->num_warnings);
    char *copy = zcz_memory_string(result->context, text);
    good = copy != NULL;
    if (!good) break;
    result->warnings[result->num_warnings] = copy;
  }
  if (!good) return zcz_fail_memory(result->context, error, "a result's warnings", count);
  result->peak_bytes = zcz_context_peak_bytes(result->context);
  return ZCZ_OK;
}

/* ---- looking ---- */

bool zcz_result_complete(const zcz_result *result) { return result->complete; }
const char *zcz_result_engine(const zcz_result *result) { return result->engine; }
zcz_accuracy zcz_result_accuracy(const zcz_result *result) { return result->accuracy; }
uint64_t zcz_result_shots_done(const zcz_result *result) { return result->shots_done; }
uint32_t zcz_result_num_bits(const zcz_result *result) { return result->num_bits; }
double zcz_result_seconds(const zcz_result *result) { return result->seconds; }
uint64_t zcz_result_peak_bytes(const zcz_result *result) { return result->peak_bytes; }

void zcz_key_text(const uint64_t *key, uint32_t bits, char *text) {
  for (uint32_t b = 0; b < bits; b++) text[bits - 1 - b] = "01"[key[b / 64] >> (b % 64) & 1];
  text[bits] = 0;
}

size_t zcz_result_num_counts(const zcz_result *result) {
  return result->counts == NULL ? 0 : zcz_counts_size(result->counts);
}

uint64_t zcz_result_count(const zcz_result *result, size_t index, char *key) {
  const uint64_t *words;
  const uint64_t count = zcz_counts_get(result->counts, index, &words);
  zcz_key_text(words, result->num_bits, key);
  return count;
}

size_t zcz_result_num_probabilities(const zcz_result *result) {
  return result->has_probabilities ? result->probabilities.count : 0;
}

double zcz_result_probability(const zcz_result *result, size_t index, char *key) {
  const zcz_distribution *d = &result->probabilities;
  zcz_key_text(d->keys + index * d->words, result->num_bits, key);
  return d->probabilities[index];
}

uint32_t zcz_result_num_amplitudes(const zcz_result *result) { return result->num_amplitudes; }
const zcz_complex *zcz_result_amplitudes(const zcz_result *result) { return result->amplitudes; }
uint32_t zcz_result_num_expectations(const zcz_result *result) { return result->num_expectations; }

double zcz_result_expectation(const zcz_result *result, uint32_t index, double *error) {
  if (error != NULL) *error = result->expectation_errors[index];
  return result->expectations[index];
}

const uint32_t *zcz_result_layout(const zcz_result *result, bool final, uint32_t *count) {
  *count = result->chip_name == NULL ? 0 : result->num_qubits;
  return result->chip_name == NULL ? NULL : final ? result->final : result->initial;
}

const void *zcz_result_state(const zcz_result *result, uint64_t *count, zcz_precision *precision) {
  *count = result->state_count;
  *precision = result->precision;
  return result->state;
}
