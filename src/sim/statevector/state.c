#include "sim/statevector/plan.h"

#include <string.h>

#include "base/memory.h"
#include "base/progress.h"

static uint32_t lane_bits_of(zcz_precision precision) {
  return precision == ZCZ_PRECISION_SINGLE ? 4 : 3;
}

static uint64_t data_bytes(uint32_t num_qubits, zcz_precision precision) {
  uint32_t lanes = lane_bits_of(precision);
  return (uint64_t)128 << (num_qubits > lanes ? num_qubits - lanes : 0);
}

uint64_t zcz_sv_bytes(uint32_t num_qubits, zcz_precision precision) {
  if (num_qubits > ZCZ_SV_MAX_QUBITS) return UINT64_MAX;
  return data_bytes(num_qubits, precision) + sizeof(zcz_sv) + ZCZ_SV_WORK_BYTES;
}

/* |0..0> where all is 0 already. */
static void start_state(zcz_sv *state) {
  zcz_sv_put(state->data, 0, state->precision, (zcz_complex){1, 0});
  for (uint32_t q = 0; q < state->num_qubits; q++) state->layout[q] = q;
  state->support = 0;
}

zcz_status zcz_sv_new(zcz_context *context, uint32_t num_qubits, zcz_precision precision,
                      int threads, zcz_sv **state, zcz_error *error) {
  *state = NULL;
  if (num_qubits > ZCZ_SV_MAX_QUBITS)
    return zcz_fail(error, ZCZ_ERROR_UNABLE, "a state vector of %u qubits; at most %d", num_qubits,
                    ZCZ_SV_MAX_QUBITS);
  zcz_sv *made = zcz_memory_zeroed(context, 1, sizeof *made);
  if (!made) return zcz_fail_memory(context, error, "a state vector", sizeof *made);
  uint64_t bytes = data_bytes(num_qubits, precision);
  made->context = context;
  made->num_qubits = num_qubits;
  made->precision = precision;
  made->threads = threads > 0 ? threads : zcz_context_threads(context);
  made->lane_bits = lane_bits_of(precision);
  made->num_blocks = bytes / 128;
  const zcz_kernels *kernels = zcz_kernels_of(zcz_context_isa(context));
  made->kernels =
      precision == ZCZ_PRECISION_SINGLE ? kernels->single_precision : kernels->double_precision;
  /* A small state is one stage's tile and has one thread. */
  bool small = bytes <= ZCZ_SV_STAGE_BYTES;
  made->data = zcz_memory_zeroed(context, 1, bytes);
  made->work = zcz_memory_allocate(context, small ? ZCZ_SV_STAGE_BYTES
                                                  : (size_t)made->threads * ZCZ_SV_WORK_BYTES);
  if (!made->data || !made->work) {
    zcz_sv_free(made);
    return zcz_fail_memory(context, error, "a state vector", bytes);
  }
  start_state(made);
  *state = made;
  return ZCZ_OK;
}

void zcz_sv_free(zcz_sv *state) {
  if (!state) return;
  zcz_memory_release(state->context, state->data);
  zcz_memory_release(state->context, state->work);
  zcz_memory_release(state->context, state);
}

/* Pieces of 4 MiB, so that each thread touches first what it will work on. */
static void each_piece(const zcz_sv *state, void *to, const void *from) {
  uint64_t bytes = state->num_blocks * 128, piece = (uint64_t)4 << 20;
  int64_t count = (int64_t)((bytes + piece - 1) / piece);
#pragma omp parallel for num_threads(state->threads) schedule(static) if (count > 1)
  for (int64_t i = 0; i < count; i++) {
    uint64_t offset = (uint64_t)i * piece;
    uint64_t size = bytes - offset < piece ? bytes - offset : piece;
    if (from)
      memcpy((char *)to + offset, (const char *)from + offset, size);
    else
      memset((char *)to + offset, 0, size);
  }
}

void zcz_sv_clear(zcz_sv *state) {
  each_piece(state, state->data, NULL);
  start_state(state);
}

void zcz_sv_copy(zcz_sv *to, const zcz_sv *from) {
  each_piece(from, to->data, from->data);
  memcpy(to->layout, from->layout, sizeof to->layout);
  to->support = from->support;
}

uint32_t zcz_sv_num_qubits(const zcz_sv *state) { return state->num_qubits; }

zcz_precision zcz_sv_precision(const zcz_sv *state) { return state->precision; }

const uint32_t *zcz_sv_layout(const zcz_sv *state) { return state->layout; }

uint64_t zcz_sv_stored(const zcz_sv *state, uint64_t index) {
  uint64_t stored = 0;
  for (uint32_t q = 0; q < state->num_qubits; q++) stored |= (index >> q & 1) << state->layout[q];
  return stored;
}

uint64_t zcz_sv_logical(const zcz_sv *state, uint64_t stored) {
  uint64_t index = 0;
  for (uint32_t q = 0; q < state->num_qubits; q++) index |= (stored >> state->layout[q] & 1) << q;
  return index;
}

zcz_complex zcz_sv_amplitude(const zcz_sv *state, uint64_t index) {
  return zcz_sv_get(state->data, zcz_sv_stored(state, index), state->precision);
}

void zcz_sv_amplitudes(const zcz_sv *state, uint64_t offset, uint64_t count, void *amplitudes) {
#pragma omp parallel for num_threads(state->threads) schedule(static) if (count > 4096)
  for (uint64_t i = 0; i < count; i++) {
    zcz_complex a = zcz_sv_amplitude(state, offset + i);
    if (state->precision == ZCZ_PRECISION_SINGLE) {
      ((float *)amplitudes)[2 * i] = (float)a.re;
      ((float *)amplitudes)[2 * i + 1] = (float)a.im;
    } else {
      ((double *)amplitudes)[2 * i] = a.re;
      ((double *)amplitudes)[2 * i + 1] = a.im;
    }
  }
}

zcz_status zcz_sv_relayout(zcz_sv *state, const uint32_t *layout, zcz_error *error) {
  uint32_t n = state->num_qubits;
  for (uint32_t q = 0; q < n; q++) {
    uint32_t want = layout ? layout[q] : q, have = state->layout[q];
    if (want == have) continue;
    if (zcz_cancelled(state->context)) return zcz_fail_cancelled(state->context, error);
    zcz_sv_swap(state, want, have);
    for (uint32_t other = q + 1; other < n; other++)
      if (state->layout[other] == want) state->layout[other] = have;
    state->layout[q] = want;
  }
  return ZCZ_OK;
}
