/* What the two foreign forms share: completing what they leave out, each time in words. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chip/draft.h"

/* Means of the 66-qubit cloud machine (2024): microseconds, Pauli errors, nanoseconds. */
static const double machine_t1 = 33.06, machine_t2 = 3.07;
static const double machine_one = 0.277e-2, machine_two = 2.225e-2;
static const double machine_p10 = 2.58e-2, machine_p01 = 9.0e-2;
static const double machine_one_ns = 30, machine_two_ns = 50, machine_readout_ns = 3165;
static const double willow_reset_ns = 160;

zcz_status zcz_cloud_values_new(zcz_chip_draft *draft, zcz_cloud_values *values) {
  double **columns[] = {&values->t1,  &values->t2,  &values->one, &values->readout,
                        &values->p10, &values->p01, &values->two, &values->length};
  for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
    uint32_t count = k < 6 ? draft->num_qubits : draft->num_couplers;
    double *column = zcz_draft_allocate(draft, count, sizeof *column);
    if (!column) return ZCZ_ERROR_UNABLE;
    for (uint32_t i = 0; i < count; i++) column[i] = NAN;
    *columns[k] = column;
  }
  values->mean_t1 = values->mean_t2 = values->mean_one = values->mean_two = NAN;
  values->mean_readout = NAN;
  values->source = "the file";
  return ZCZ_OK;
}

/* One column that may have gaps. */
typedef struct gap {
  const char *field, *unit;
  double *values;
  bool of_couplers;
  double overview; /* NaN = not said */
  double machine;  /* mean of the 66-qubit machine */
} gap;

static bool is_on(const zcz_chip_draft *draft, const gap *column, uint32_t i) {
  if (!column->of_couplers) return draft->qubits[i].enabled;
  const zcz_chip_coupler *coupler = &draft->couplers[i];
  return coupler->enabled && draft->qubits[coupler->qubits[0]].enabled &&
         draft->qubits[coupler->qubits[1]].enabled;
}

/* Fills the gaps of enabled items: by the overview's mean, the mean of the others, the 66-qubit
 * machine's mean, in this order. */
static zcz_status fill(zcz_chip_draft *draft, const gap *column) {
  uint32_t count = column->of_couplers ? draft->num_couplers : draft->num_qubits;
  uint32_t given = 0, missing = 0;
  double sum = 0;
  char names[256] = "";
  for (uint32_t i = 0; i < count; i++) {
    if (!is_on(draft, column, i)) continue;
    if (!isnan(column->values[i])) {
      given++;
      sum += column->values[i];
    } else if (++missing <= 16) {
      size_t used = strlen(names);
      snprintf(names + used, sizeof names - used, "%s%.12s", used ? ", " : "",
               column->of_couplers ? draft->couplers[i].name : draft->qubits[i].name);
    }
  }
  bool overview = !isnan(column->overview);
  double value = overview ? column->overview : given ? sum / given : column->machine;
  const char *words = overview ? "the overview's mean"
                      : given  ? "the mean of the others"
                               : "the mean of the 66-qubit cloud machine of 2024";
  for (uint32_t i = 0; i < count; i++)
    if (is_on(draft, column, i) && isnan(column->values[i])) column->values[i] = value;
  if (missing > 16) snprintf(names + strlen(names), sizeof names - strlen(names), ", …");
  if (missing)
    ZCZ_TRY(zcz_draft_assume(draft, "%s is not given for %s%s: %.6g%s, %s", column->field,
                             given                 ? ""
                             : column->of_couplers ? "any coupler"
                                                   : "any qubit",
                             given ? names : "", value, column->unit, words));
  return ZCZ_OK;
}

static zcz_status note(zcz_chip_draft *draft, const zcz_cloud_values *values, const char *column,
                       const char *unit, bool given, const char *otherwise) {
  return zcz_draft_provenance(draft, column, unit, given ? values->source : otherwise,
                              given ? "measured" : "assumed", given ? "primary" : "");
}

static bool any(const double *values, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    if (!isnan(values[i])) return true;
  return false;
}

/* T2 that was filled in may exceed 2 T1 of its qubit: then 2 T1 is the most it can be. */
static zcz_status fill_times(zcz_chip_draft *draft, zcz_cloud_values *values) {
  bool given1 = any(values->t1, draft->num_qubits), given2 = any(values->t2, draft->num_qubits);
  double *before = zcz_draft_allocate(draft, draft->num_qubits, sizeof *before);
  if (!before) return ZCZ_ERROR_UNABLE;
  memcpy(before, values->t2, draft->num_qubits * sizeof *before);
  ZCZ_TRY(fill(draft, &(gap){"T1", " us", values->t1, false, values->mean_t1, machine_t1}));
  ZCZ_TRY(fill(draft, &(gap){"T2", " us", values->t2, false, values->mean_t2, machine_t2}));
  uint32_t cut = 0;
  for (uint32_t i = 0; i < draft->num_qubits; i++) {
    if (!isnan(before[i]) || !(values->t2[i] > 2 * values->t1[i])) continue;
    values->t2[i] = 2 * values->t1[i];
    cut++;
  }
  if (cut)
    ZCZ_TRY(zcz_draft_assume(draft, "for %u qubits that T2 exceeds 2 T1: 2 T1 is taken", cut));
  ZCZ_TRY(note(draft, values, "t1_us", "us", given1, "overview's or another machine's mean"));
  return note(draft, values, "t2_us", "us", given2, "overview's or another machine's mean");
}

/* Readout: both fidelities, or the mean error split 1:3 between |0> and |1>. */
static zcz_status fill_readout(zcz_chip_draft *draft, zcz_cloud_values *values) {
  uint32_t n = draft->num_qubits, split = 0, fidelities = 0;
  bool given = any(values->readout, n);
  for (uint32_t i = 0; i < n; i++) fidelities += !isnan(values->p10[i]) && !isnan(values->p01[i]);
  if (fidelities == 0)
    ZCZ_TRY(fill(draft, &(gap){"readout error", "", values->readout, false, values->mean_readout,
                               (machine_p10 + machine_p01) / 2}));
  for (uint32_t i = 0; i < n; i++) {
    double error = values->readout[i];
    if ((!isnan(values->p10[i]) && !isnan(values->p01[i])) || isnan(error)) continue;
    values->p10[i] = error / 2;
    values->p01[i] = error * 1.5;
    if (values->p01[i] > 1) { /* 1 can be read wrong at most always */
      values->p01[i] = 1;
      values->p10[i] = 2 * error - 1;
    }
    split++;
  }
  if (split)
    ZCZ_TRY(zcz_draft_assume(draft,
                             "the readout error of %u qubits is split 1:3 between reading 1 "
                             "for 0 and 0 for 1",
                             split));
  ZCZ_TRY(fill(draft, &(gap){"P(read 1 | 0)", "", values->p10, false, NAN, machine_p10}));
  ZCZ_TRY(fill(draft, &(gap){"P(read 0 | 1)", "", values->p01, false, NAN, machine_p01}));
  const char *otherwise = given ? "readout error of the file, split 1:3"
                                : "readout error of the overview or another machine, split 1:3";
  ZCZ_TRY(note(draft, values, "p10", "1", fidelities > 0, otherwise));
  return note(draft, values, "p01", "1", fidelities > 0, otherwise);
}

static zcz_status fill_errors(zcz_chip_draft *draft, zcz_cloud_values *values) {
  bool one = any(values->one, draft->num_qubits), two = any(values->two, draft->num_couplers);
  bool length = any(values->length, draft->num_couplers);
  ZCZ_TRY(zcz_draft_assume(draft, "gate errors of the file are average errors: converted to Pauli "
                                  "errors (times 3/2 on one qubit, 5/4 on two)"));
  ZCZ_TRY(fill(draft, &(gap){"the one-qubit Pauli error", "", values->one, false, values->mean_one,
                             machine_one}));
  ZCZ_TRY(fill(draft,
               &(gap){"the CZ Pauli error", "", values->two, true, values->mean_two, machine_two}));
  ZCZ_TRY(fill(draft, &(gap){"the CZ time", " ns", values->length, true, NAN, machine_two_ns}));
  const char *otherwise = "overview's or another machine's mean";
  ZCZ_TRY(note(draft, values, "pauli_error_1q", "1", one, otherwise));
  ZCZ_TRY(note(draft, values, "pauli_error_2q", "1", two, otherwise));
  return note(draft, values, "cz_duration_ns", "ns", length, "66-qubit cloud machine");
}

static zcz_status set_times(zcz_chip_draft *draft) {
  draft->one_qubit_ns = machine_one_ns;
  draft->readout_ns = machine_readout_ns;
  draft->reset_ns = willow_reset_ns;
  ZCZ_TRY(zcz_draft_assume(draft,
                           "the one-qubit gate time is not given: %g ns, that of the "
                           "66-qubit cloud machine of 2024",
                           machine_one_ns));
  ZCZ_TRY(zcz_draft_assume(draft,
                           "the readout time is not given: %g ns, that of the 66-qubit "
                           "cloud machine of 2024",
                           machine_readout_ns));
  ZCZ_TRY(zcz_draft_assume(draft, "the reset time is not given: %g ns, that of Google's Willow",
                           willow_reset_ns));
  ZCZ_TRY(
      zcz_draft_provenance(draft, "one_qubit_ns", "ns", "66-qubit cloud machine", "assumed", ""));
  ZCZ_TRY(zcz_draft_provenance(draft, "readout_ns", "ns", "66-qubit cloud machine", "assumed", ""));
  return zcz_draft_provenance(draft, "reset_ns", "ns", "Google's Willow", "assumed", "");
}

zcz_status zcz_cloud_finish(zcz_chip_draft *draft, zcz_cloud_values *values) {
  ZCZ_TRY(fill_times(draft, values));
  ZCZ_TRY(fill_errors(draft, values));
  ZCZ_TRY(fill_readout(draft, values));
  ZCZ_TRY(set_times(draft));
  ZCZ_TRY(zcz_draft_place(draft));
  for (uint32_t i = 0; i < draft->num_qubits; i++) {
    zcz_chip_qubit *qubit = &draft->qubits[i];
    qubit->t1_us = values->t1[i];
    qubit->t2_us = values->t2[i];
    qubit->pauli_error = values->one[i];
    qubit->p10 = values->p10[i];
    qubit->p01 = values->p01[i];
  }
  for (uint32_t i = 0; i < draft->num_couplers; i++) {
    zcz_chip_coupler *coupler = &draft->couplers[i];
    coupler->pauli_error = values->two[i];
    coupler->num_gates = 1;
    coupler->gates[0] = (zcz_chip_gate){ZCZ_GATE_Z, 1, {0, 0}, values->length[i], {0, 0}};
  }
  return ZCZ_OK;
}

/* The couplers' own order: "G2" before "G10"; names of one length compare as text. */
static int by_length_then_text(const void *a, const void *b) {
  const char *x = *(const char *const *)a, *y = *(const char *const *)b;
  size_t m = strlen(x), n = strlen(y);
  return m != n ? (m < n ? -1 : 1) : strcmp(x, y);
}

zcz_status zcz_cloud_couplers(zcz_chip_draft *draft, const json_t *map, const char *where) {
  if (!json_is_object(map)) return zcz_draft_refuse(draft, "%s is no object", where);
  size_t count = json_object_size(map), i = 0;
  ZCZ_TRY(zcz_draft_set_couplers(draft, count));
  const char **names = zcz_draft_allocate(draft, count, sizeof *names);
  if (!names) return ZCZ_ERROR_UNABLE;
  const char *name;
  json_t *pair;
  json_object_foreach((json_t *)map, name, pair) names[i++] = name;
  qsort(names, count, sizeof *names, by_length_then_text);
  for (i = 0; i < count; i++)
    ZCZ_TRY(zcz_draft_join(draft, (uint32_t)i, names[i], json_object_get(map, names[i]), where));
  return ZCZ_OK;
}
