/* The engine over the state vector: circuits of unitary operations with measurements at the ends of
 * their qubits here, every other kind by trajectories. */
#include "sim/statevector/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "sim/statevector/state.h"
#include "sim/statevector/trajectory.h"

/* One classical bit and the qubit it is read from. */
typedef struct reading {
  uint32_t bit;
  uint32_t qubit;
} reading;

typedef struct run {
  zcz_context *context;
  const zcz_circuit *circuit;
  const zcz_task *task;
  zcz_trajectory *trajectory; /* noise or a dynamic circuit: everything else is unused */
  zcz_sv *state;
  zcz_sv_sampler *sampler;
  size_t num_readings; /* a bit once: the last measurement into it counts */
  reading *readings;   /* ascending by bit */
} run;

/* ---- judging ---- */

static bool takes_trajectories(const zcz_circuit *circuit) {
  zcz_circuit_traits traits = zcz_circuit_describe(circuit);
  return traits.dynamic || traits.has_channel;
}

/* Nanoseconds an operation takes an amplitude on a nominal core, by precision. */
static const double operation_ns[] = {[ZCZ_PRECISION_SINGLE] = 0.1, [ZCZ_PRECISION_DOUBLE] = 0.25};

static bool acts(const zcz_op *op) {
  return op->kind == ZCZ_OP_UNITARY || (op->kind == ZCZ_OP_GATE && op->code != ZCZ_GATE_ID);
}

static void judge(const zcz_circuit *circuit, const zcz_task *task, zcz_judgement *judgement) {
  if (takes_trajectories(circuit)) {
    zcz_trajectory_judge(circuit, task, judgement);
    return;
  }
  uint32_t n = zcz_circuit_num_qubits(circuit);
  const char *precision = task->precision == ZCZ_PRECISION_SINGLE ? "single" : "double";
  memset(judgement, 0, sizeof *judgement);
  judgement->accuracy.kind = ZCZ_ACCURACY_EXACT;
  double amplitudes = 1, pair = task->precision == ZCZ_PRECISION_SINGLE ? 8 : 16;
  for (uint32_t q = 0; q < n && q < 1000; q++) amplitudes *= 2;
  if (n > ZCZ_SV_MAX_QUBITS) {
    judgement->bytes = UINT64_MAX;
    judgement->seconds = amplitudes * operation_ns[task->precision] * 1e-9;
    char needed[32], most[32];
    zcz_bytes_text(amplitudes * pair, needed);
    zcz_bytes_text((double)((uint64_t)1 << ZCZ_SV_MAX_QUBITS) * pair, most);
    snprintf(
        judgement->reason, sizeof judgement->reason,
        "%u qubits need 2^%u amplitudes, %s in %s precision; at most %d qubits (%s) can be held", n,
        n, needed, precision, ZCZ_SV_MAX_QUBITS, most);
    return;
  }
  double ops = 0;
  const zcz_op *list = zcz_circuit_ops(circuit, 0);
  for (size_t i = 0; i < zcz_circuit_num_ops(circuit, 0); i++) ops += acts(&list[i]);
  judgement->able = true;
  judgement->bytes = zcz_sv_bytes(n, task->precision) + (task->shots ? (uint64_t)1 << 16 : 0);
  judgement->seconds = 2e-5 + (ops + 2) * amplitudes * operation_ns[task->precision] * 1e-9 +
                       (double)task->shots * 3e-7;
  snprintf(judgement->reason, sizeof judgement->reason,
           "2^%u amplitudes in %s precision, %.0f operations", n, precision, ops);
}

/* ---- opening and closing ---- */

static void close_run(void *handle) {
  run *r = handle;
  if (!r) return;
  zcz_trajectory_close(r->trajectory);
  zcz_sv_sampler_free(r->sampler);
  zcz_sv_free(r->state);
  zcz_memory_release(r->context, r->readings);
  zcz_memory_release(r->context, r);
}

static zcz_status collect_readings(run *r, zcz_error *error) {
  uint32_t bits = zcz_circuit_num_bits(r->circuit);
  const zcz_op *ops = zcz_circuit_ops(r->circuit, 0);
  r->readings = zcz_memory_allocate(r->context, bits * sizeof *r->readings);
  if (!r->readings) return zcz_fail_memory(r->context, error, "readings", bits * sizeof(reading));
  for (uint32_t b = 0; b < bits; b++) r->readings[b].qubit = ZCZ_NONE;
  for (size_t i = 0; i < zcz_circuit_num_ops(r->circuit, 0); i++)
    if (ops[i].kind == ZCZ_OP_MEASURE && ops[i].bit != ZCZ_NONE)
      r->readings[ops[i].bit].qubit = ops[i].qubits[0];
  for (uint32_t b = 0; b < bits; b++)
    if (r->readings[b].qubit != ZCZ_NONE)
      r->readings[r->num_readings++] = (reading){b, r->readings[b].qubit};
  return ZCZ_OK;
}

static zcz_status evolve(run *r, zcz_error *error) {
  size_t total = zcz_circuit_num_ops(r->circuit, 0), count = 0;
  const zcz_op *all = zcz_circuit_ops(r->circuit, 0);
  zcz_op *ops = zcz_memory_allocate(r->context, total * sizeof *ops);
  if (!ops) return zcz_fail_memory(r->context, error, "operations", total * sizeof *ops);
  for (size_t i = 0; i < total; i++)
    if (acts(&all[i])) ops[count++] = all[i];
  zcz_sv_plan *plan = NULL;
  zcz_status status = zcz_sv_plan_new(r->context, zcz_sv_num_qubits(r->state), r->task->precision,
                                      ops, count, NULL, false, &plan, error);
  if (status == ZCZ_OK) status = zcz_sv_apply(r->state, plan, "amplitudes", error);
  zcz_sv_plan_free(plan);
  zcz_memory_release(r->context, ops);
  return status;
}

static zcz_status open_run(zcz_context *context, const zcz_circuit *circuit, const zcz_task *task,
                           void **handle, zcz_error *error) {
  *handle = NULL;
  zcz_judgement judgement;
  judge(circuit, task, &judgement);
  if (!judgement.able) return zcz_fail(error, ZCZ_ERROR_UNABLE, "%s", judgement.reason);
  bool trajectories = takes_trajectories(circuit);
  if (!trajectories) ZCZ_TRY(zcz_memory_admit(context, "a state vector", judgement.bytes, error));
  run *r = zcz_memory_zeroed(context, 1, sizeof *r);
  if (!r) return zcz_fail_memory(context, error, "a run", sizeof *r);
  r->context = context;
  r->circuit = circuit;
  r->task = task;
  if (trajectories) {
    zcz_status opened = zcz_trajectory_open(context, circuit, task, &r->trajectory, error);
    if (opened != ZCZ_OK)
      close_run(r);
    else
      *handle = r;
    return opened;
  }
  zcz_status status = collect_readings(r, error);
  if (status == ZCZ_OK)
    status =
        zcz_sv_new(context, zcz_circuit_num_qubits(circuit), task->precision, 0, &r->state, error);
  if (status == ZCZ_OK) status = evolve(r, error);
  if (status != ZCZ_OK) {
    close_run(r);
    return status;
  }
  *handle = r;
  return ZCZ_OK;
}

/* ---- answers ---- */

/* Words w .. of all columns from some shots' basis states. */
static void fill_columns(const run *r, const uint64_t *indices, uint64_t start, uint64_t count,
                         uint64_t words, uint64_t *columns) {
  for (size_t i = 0; i < r->num_readings; i++) {
    uint64_t *column = columns + r->readings[i].bit * words + start / 64;
    uint32_t qubit = r->readings[i].qubit;
    for (uint64_t s = 0; s < count; s++) column[s / 64] |= (indices[s] >> qubit & 1) << (s % 64);
  }
}

static zcz_status sample(void *handle, uint64_t first, uint64_t count, uint64_t *columns,
                         zcz_error *error) {
  run *r = handle;
  if (r->trajectory) return zcz_trajectory_sample(r->trajectory, first, count, columns, error);
  uint64_t words = (count + 63) / 64, batch = (uint64_t)1 << 20;
  memset(columns, 0, words * zcz_circuit_num_bits(r->circuit) * sizeof *columns);
  if (!r->num_readings || !count) return ZCZ_OK;
  if (!r->sampler) ZCZ_TRY(zcz_sv_sampler_new(r->state, &r->sampler, error));
  if (batch > count) batch = count;
  uint64_t *indices = zcz_memory_allocate(r->context, batch * sizeof *indices);
  if (!indices) return zcz_fail_memory(r->context, error, "shots", batch * sizeof *indices);
  zcz_status status = ZCZ_OK;
  for (uint64_t at = 0; at < count && status == ZCZ_OK; at += batch) {
    uint64_t some = count - at < batch ? count - at : batch;
    status = zcz_sv_sampler_draw(r->sampler, r->task->seed, first + at, some, indices, error);
    if (status == ZCZ_OK) fill_columns(r, indices, at, some, words, columns);
  }
  zcz_memory_release(r->context, indices);
  return status;
}

static int compare_readings(const void *left, const void *right) {
  const reading *a = left, *b = right;
  return a->bit < b->bit ? -1 : a->bit > b->bit;
}

/* The qubits that matter, ordered so that ascending joint values give ascending keys: by the highest
 * bit that each is read into. */
static uint32_t key_qubits(const run *r, uint32_t *qubits) {
  uint32_t n = zcz_sv_num_qubits(r->state), count = 0;
  reading highest[ZCZ_SV_MAX_QUBITS];
  if (!r->num_readings) {
    for (uint32_t q = 0; q < n; q++) qubits[q] = q;
    return n;
  }
  for (uint32_t q = 0; q < n; q++) highest[q] = (reading){ZCZ_NONE, q};
  for (size_t i = 0; i < r->num_readings; i++)
    highest[r->readings[i].qubit].bit = r->readings[i].bit;
  for (uint32_t q = 0; q < n; q++)
    if (highest[q].bit != ZCZ_NONE) highest[count++] = highest[q];
  qsort(highest, count, sizeof *highest, compare_readings);
  for (uint32_t i = 0; i < count; i++) qubits[i] = highest[i].qubit;
  return count;
}

static void write_key(const run *r, uint32_t k, const uint32_t *qubits, uint64_t value,
                      uint32_t words, uint64_t *key) {
  uint64_t index = 0;
  for (uint32_t i = 0; i < k; i++) index |= (value >> i & 1) << qubits[i];
  memset(key, 0, words * sizeof *key);
  if (!r->num_readings) key[0] = index;
  for (size_t i = 0; i < r->num_readings; i++)
    key[r->readings[i].bit / 64] |= (index >> r->readings[i].qubit & 1)
                                    << (r->readings[i].bit % 64);
}

static zcz_status probabilities(void *handle, zcz_distribution *distribution, zcz_error *error) {
  run *r = handle;
  if (r->trajectory) return zcz_trajectory_probabilities(r->trajectory, distribution, error);
  uint32_t qubits[ZCZ_SV_MAX_QUBITS], k = key_qubits(r, qubits);
  uint32_t bits = r->num_readings ? zcz_circuit_num_bits(r->circuit) : zcz_sv_num_qubits(r->state);
  uint32_t words = bits > 64 ? (bits + 63) / 64 : 1;
  uint64_t size = (uint64_t)1 << k, kept = 0;
  memset(distribution, 0, sizeof *distribution);
  ZCZ_TRY(zcz_memory_admit(r->context, "a distribution", size * 8 * (words + 1), error));
  double *all = zcz_memory_allocate(r->context, size * sizeof *all);
  if (!all) return zcz_fail_memory(r->context, error, "a distribution", size * sizeof *all);
  zcz_status status = zcz_sv_marginal(r->state, k, qubits, all, error);
  if (status != ZCZ_OK) {
    zcz_memory_release(r->context, all);
    return status;
  }
  /* What rounding leaves of an amplitude that is zero is no probability. */
  double zero = r->task->precision == ZCZ_PRECISION_SINGLE ? 0x1p-40 : 0x1p-80;
  for (uint64_t j = 0; j < size; j++) kept += all[j] > zero;
  uint64_t *keys = zcz_memory_allocate(r->context, kept * words * sizeof *keys);
  if (!keys) {
    zcz_memory_release(r->context, all);
    return zcz_fail_memory(r->context, error, "keys of a distribution", kept * words * 8);
  }
  double total = zcz_sv_norm2(r->state);
  kept = 0;
  for (uint64_t j = 0; j < size; j++)
    if (all[j] > zero) {
      write_key(r, k, qubits, j, words, keys + kept * words);
      all[kept++] = all[j] / total;
    }
  *distribution = (zcz_distribution){bits, words, kept, keys, all};
  return ZCZ_OK;
}

static zcz_status state_range(void *handle, uint64_t offset, uint64_t count, void *amplitudes,
                              zcz_error *error) {
  (void)error;
  run *r = handle;
  zcz_sv_amplitudes(r->state, offset, count, amplitudes);
  return ZCZ_OK;
}

static zcz_status some_amplitudes(void *handle, uint64_t count, uint32_t words,
                                  const uint64_t *keys, zcz_complex *amplitudes, zcz_error *error) {
  run *r = handle;
  uint32_t n = zcz_sv_num_qubits(r->state);
  for (uint64_t i = 0; i < count; i++) {
    if (keys[i * words] >> n)
      return zcz_fail(error, ZCZ_ERROR_USAGE, "basis state %llu is none of %u qubits",
                      (unsigned long long)keys[i * words], n);
    amplitudes[i] = zcz_sv_amplitude(r->state, keys[i * words]);
  }
  return ZCZ_OK;
}

static zcz_sv_pauli pauli_of(const zcz_term *term) {
  zcz_sv_pauli string = {0, 0};
  for (uint32_t f = 0; f < term->num_factors; f++) {
    uint64_t bit = (uint64_t)1 << term->factors[f].qubit;
    if (term->factors[f].pauli != 'Z') string.x |= bit;
    if (term->factors[f].pauli != 'X') string.z |= bit;
  }
  return string;
}

static zcz_status expectations(void *handle, double *values, double *errors, zcz_error *error) {
  run *r = handle;
  if (r->trajectory) return zcz_trajectory_expectations(r->trajectory, values, errors, error);
  const zcz_task *task = r->task;
  size_t terms = 0, at = 0;
  for (uint32_t o = 0; o < task->num_observables; o++) terms += task->observables[o]->num_terms;
  zcz_sv_pauli *strings = zcz_memory_allocate(r->context, terms * sizeof *strings);
  double *parts = zcz_memory_allocate(r->context, terms * sizeof *parts);
  zcz_status status = ZCZ_OK;
  if (!strings || !parts)
    status = zcz_fail_memory(r->context, error, "Pauli strings", terms * sizeof *strings);
  for (uint32_t o = 0; o < task->num_observables && status == ZCZ_OK; o++)
    for (uint32_t t = 0; t < task->observables[o]->num_terms; t++)
      strings[at++] = pauli_of(&task->observables[o]->terms[t]);
  if (status == ZCZ_OK) status = zcz_sv_expectations(r->state, terms, strings, parts, error);
  double total = status == ZCZ_OK ? zcz_sv_norm2(r->state) : 1;
  at = 0;
  for (uint32_t o = 0; o < task->num_observables && status == ZCZ_OK; o++) {
    values[o] = errors[o] = 0;
    for (uint32_t t = 0; t < task->observables[o]->num_terms; t++)
      values[o] += task->observables[o]->terms[t].coefficient * (parts[at++] / total);
  }
  zcz_memory_release(r->context, strings);
  zcz_memory_release(r->context, parts);
  return status;
}

const zcz_engine zcz_engine_statevector = {
    .name = "statevector",
    .text = "all 2^n amplitudes; exact",
    .reproducible = "everywhere",
    .judge = judge,
    .open = open_run,
    .sample = sample,
    .close = close_run,
    .probabilities = probabilities,
    .state = state_range,
    .amplitudes = some_amplitudes,
    .expectations = expectations,
};
