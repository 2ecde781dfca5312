/* State, amplitudes and expectation values, put together from the parts of the state view. */
#include <string.h>

#include "base/memory.h"
#include "run/work.h"

zcz_status zcz_work_state(zcz_work *work, zcz_error *error) {
  const zcz_view *view = &work->prepared.pure;
  const uint32_t n = view->components[0].num_qubits;
  const uint64_t each = work->options->precision == ZCZ_PRECISION_SINGLE ? 8 : 16;
  if (n > 58) return zcz_fail(error, ZCZ_ERROR_UNABLE, "the state of %u qubits", n);
  const uint64_t count = (uint64_t)1 << n;
  ZCZ_TRY(zcz_memory_admit(work->context, "a copy of the state", count * each, error));
  work->result->state = zcz_memory_allocate(work->context, count * each);
  if (work->result->state == NULL)
    return zcz_fail_memory(work->context, error, "a copy of the state", count * each);
  ZCZ_TRY(view->engines[0]->state(work->runs[0], 0, count, work->result->state, error));
  work->result->state_count = count;
  return ZCZ_OK;
}

/* Bit strings "0110", qubit 0 rightmost, to keys of the given words. */
static zcz_status read_keys(const char *const *strings, uint32_t count, uint32_t qubits,
                            uint32_t words, uint64_t *keys, zcz_error *error) {
  memset(keys, 0, (size_t)count * words * sizeof *keys);
  for (uint32_t i = 0; i < count; i++) {
    if (strlen(strings[i]) != qubits || strspn(strings[i], "01") != qubits)
      return zcz_fail(error, ZCZ_ERROR_USAGE,
                      "bit string %u, \"%.80s\"; wanted are %u characters 0 or 1, one a qubit",
                      i + 1, strings[i], qubits);
    for (uint32_t q = 0; q < qubits; q++)
      if (strings[i][qubits - 1 - q] == '1')
        keys[(size_t)i * words + q / 64] |= (uint64_t)1 << (q % 64);
  }
  return ZCZ_OK;
}

static zcz_status multiply_amplitudes(zcz_work *work, const uint64_t *keys, uint32_t words,
                                      uint64_t *part_keys, zcz_complex *part, zcz_error *error) {
  const zcz_view *view = &work->prepared.pure;
  const uint32_t count = work->options->num_amplitudes;
  zcz_complex *total = work->result->amplitudes;
  for (uint32_t i = 0; i < count; i++) total[i] = (zcz_complex){1, 0};
  for (uint32_t p = 0; p < view->num_components; p++) {
    const zcz_component *component = &view->components[p];
    const uint32_t part_words = component->num_qubits == 0 ? 1 : (component->num_qubits + 63) / 64;
    memset(part_keys, 0, (size_t)count * part_words * sizeof *part_keys);
    for (uint32_t i = 0; i < count; i++)
      for (uint32_t q = 0; q < component->num_qubits; q++) {
        const uint32_t qubit = component->qubits[q];
        if (keys[(size_t)i * words + qubit / 64] >> (qubit % 64) & 1)
          part_keys[(size_t)i * part_words + q / 64] |= (uint64_t)1 << (q % 64);
      }
    ZCZ_TRY(view->engines[p]->amplitudes(work->runs[p], count, part_words, part_keys, part, error));
    for (uint32_t i = 0; i < count; i++)
      total[i] = (zcz_complex){total[i].re * part[i].re - total[i].im * part[i].im,
                               total[i].re * part[i].im + total[i].im * part[i].re};
  }
  return ZCZ_OK;
}

/* Qubits that no part has stay in |0>. */
static void zero_untouched(zcz_work *work, const uint64_t *keys, uint32_t words, uint64_t *mask) {
  const zcz_view *view = &work->prepared.pure;
  memset(mask, 0, words * sizeof *mask);
  for (uint32_t p = 0; p < view->num_components; p++)
    for (uint32_t q = 0; q < view->components[p].num_qubits; q++) {
      const uint32_t qubit = view->components[p].qubits[q];
      mask[qubit / 64] |= (uint64_t)1 << (qubit % 64);
    }
  for (uint32_t i = 0; i < work->options->num_amplitudes; i++)
    for (uint32_t w = 0; w < words; w++)
      if (keys[(size_t)i * words + w] & ~mask[w]) work->result->amplitudes[i] = (zcz_complex){0, 0};
}

zcz_status zcz_work_amplitudes(zcz_work *work, zcz_error *error) {
  const uint32_t count = work->options->num_amplitudes;
  const uint32_t qubits = zcz_circuit_num_qubits(work->prepared.pure.circuit);
  const uint32_t words = qubits == 0 ? 1 : (qubits + 63) / 64;
  const size_t cells = (size_t)count * words;
  work->result->amplitudes = zcz_memory_allocate(work->context, count * sizeof(zcz_complex));
  uint64_t *keys = zcz_memory_allocate(work->context, (2 * cells + words) * sizeof *keys);
  zcz_complex *part = zcz_memory_allocate(work->context, count * sizeof *part);
  zcz_status status = ZCZ_OK;
  if (work->result->amplitudes == NULL || keys == NULL || part == NULL)
    status = zcz_fail_memory(work->context, error, "amplitudes", cells * 3 * sizeof *keys);
  if (status == ZCZ_OK)
    status = read_keys(work->options->amplitudes, count, qubits, words, keys, error);
  if (status == ZCZ_OK) status = multiply_amplitudes(work, keys, words, keys + cells, part, error);
  if (status == ZCZ_OK) {
    zero_untouched(work, keys, words, keys + 2 * cells);
    work->result->num_amplitudes = count;
  }
  zcz_memory_release(work->context, keys);
  zcz_memory_release(work->context, part);
  return status;
}

static zcz_status ask_parts(zcz_work *work, double **values, double **errors, zcz_error *error) {
  const zcz_view *view = &work->prepared.pure;
  for (uint32_t p = 0; p < view->num_components; p++) {
    const uint32_t count = view->tasks[p].num_observables;
    values[p] = zcz_memory_zeroed(work->context, 2 * (size_t)count + 1, sizeof(double));
    if (values[p] == NULL)
      return zcz_fail_memory(work->context, error, "expectation values", count * sizeof(double));
    errors[p] = values[p] + count;
    if (count > 0)
      ZCZ_TRY(view->engines[p]->expectations(work->runs[p], values[p], errors[p], error));
  }
  return ZCZ_OK;
}

zcz_status zcz_work_expectations(zcz_work *work, zcz_error *error) {
  const zcz_view *view = &work->prepared.pure;
  const uint32_t count = work->options->num_observables;
  zcz_result *result = work->result;
  double **lists = zcz_memory_zeroed(work->context, 2 * (view->num_components + 1u), sizeof *lists);
  result->expectations = zcz_memory_zeroed(work->context, 2 * (size_t)count, sizeof(double));
  zcz_status status = ZCZ_OK;
  if (lists == NULL || result->expectations == NULL)
    status = zcz_fail_memory(work->context, error, "expectation values", count * sizeof(double));
  if (status == ZCZ_OK) {
    double **errors = lists + view->num_components + 1;
    status = ask_parts(work, lists, errors, error);
    if (status == ZCZ_OK) {
      result->expectation_errors = result->expectations + count;
      zcz_combine_observables(&work->prepared, view, lists, errors, result->expectations,
                              result->expectation_errors);
      result->num_expectations = count;
    }
    for (uint32_t p = 0; p < view->num_components; p++) zcz_memory_release(work->context, lists[p]);
  }
  zcz_memory_release(work->context, lists);
  return status;
}
