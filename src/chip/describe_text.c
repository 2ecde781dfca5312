/* The summary that `zcz chip show` prints for people. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "chip/text.h"
#include "zcz/chip.h"

/* A column of the table: a number of each qubit or coupler. */
typedef struct quantity {
  const char *words;
  const char *column; /* of the provenance */
  size_t offset;
  bool of_couplers, large_is_good;
} quantity;

static const quantity quantities[] = {
    {"T1 (us)", "t1_us", offsetof(zcz_chip_qubit, t1_us), false, true},
    {"T2 (us)", "t2_us", offsetof(zcz_chip_qubit, t2_us), false, true},
    {"one-qubit Pauli error", "pauli_error_1q", offsetof(zcz_chip_qubit, pauli_error), false,
     false},
    {"two-qubit Pauli error", "pauli_error_2q", offsetof(zcz_chip_coupler, pauli_error), true,
     false},
    {"P(read 1 | 0)", "p10", offsetof(zcz_chip_qubit, p10), false, false},
    {"P(read 0 | 1)", "p01", offsetof(zcz_chip_qubit, p01), false, false},
};

typedef struct sample {
  double value;
  const char *name;
} sample;

static int ascending(const void *a, const void *b) {
  double x = ((const sample *)a)->value, y = ((const sample *)b)->value;
  return x < y ? -1 : x > y;
}

/* The values of the enabled items into `samples`; returns how many. */
static uint32_t collect(const zcz_chip *chip, const quantity *what, sample *samples) {
  uint32_t count = 0, all = what->of_couplers ? chip->num_couplers : chip->num_qubits;
  for (uint32_t i = 0; i < all; i++) {
    const char *item =
        what->of_couplers ? (const char *)&chip->couplers[i] : (const char *)&chip->qubits[i];
    bool on = what->of_couplers ? chip->couplers[i].enabled : chip->qubits[i].enabled;
    if (!on) continue;
    samples[count].value = *(const double *)(item + what->offset);
    samples[count++].name = what->of_couplers ? chip->couplers[i].name : chip->qubits[i].name;
  }
  return count;
}

static const char *provenance_of(const zcz_chip *chip, const char *column) {
  for (uint32_t i = 0; i < chip->num_provenances; i++)
    if (strcmp(chip->provenances[i].column, column) == 0) return chip->provenances[i].provenance;
  return "";
}

static void put_row(zcz_chip_text *to, const zcz_chip *chip, const quantity *what,
                    sample *samples) {
  uint32_t count = collect(chip, what, samples);
  if (count == 0) return;
  double sum = 0;
  for (uint32_t i = 0; i < count; i++) sum += samples[i].value;
  qsort(samples, count, sizeof *samples, ascending);
  double median = (samples[(count - 1) / 2].value + samples[count / 2].value) / 2;
  const sample *best = &samples[what->large_is_good ? count - 1 : 0];
  const sample *worst = &samples[what->large_is_good ? 0 : count - 1];
  zcz_chip_put(to, "%-22s %10.4g %10.4g %10.4g %-6s %10.4g %-6s %s\n", what->words, sum / count,
               median, best->value, best->name, worst->value, worst->name,
               provenance_of(chip, what->column));
}

/* "FSIM (45 ns), CZ (45 ns)": each native gate, with the range of its durations. */
static void put_gates(zcz_chip_text *to, const zcz_chip *chip) {
  static const zcz_gate gates[] = {ZCZ_GATE_FSIM, ZCZ_GATE_Z};
  const char *between = "";
  for (size_t g = 0; g < 2; g++) {
    uint32_t count = 0;
    double low = INFINITY, high = 0;
    for (uint32_t c = 0; c < chip->num_couplers; c++)
      for (uint32_t k = 0; chip->couplers[c].enabled && k < chip->couplers[c].num_gates; k++) {
        const zcz_chip_gate *gate = &chip->couplers[c].gates[k];
        if (gate->gate != gates[g]) continue;
        count++;
        if (gate->duration_ns < low) low = gate->duration_ns;
        if (gate->duration_ns > high) high = gate->duration_ns;
      }
    if (!count) continue;
    zcz_chip_put(to, "%s%s on %u couplers, %.4g", between, g ? "CZ" : "FSIM", count, low);
    if (high > low) zcz_chip_put(to, " to %.4g", high);
    zcz_chip_put(to, " ns");
    between = "; ";
  }
  zcz_chip_put(to, "\n");
}

static void put_disabled(zcz_chip_text *to, const zcz_chip *chip) {
  const char *between = "disabled: ";
  for (uint32_t i = 0; i < chip->num_qubits + chip->num_couplers; i++) {
    uint32_t c = i - chip->num_qubits;
    bool qubit = i < chip->num_qubits;
    if (qubit ? chip->qubits[i].enabled : chip->couplers[c].enabled) continue;
    zcz_chip_put(to, "%s%s", between, qubit ? chip->qubits[i].name : chip->couplers[c].name);
    between = ", ";
  }
  if (between[0] == ',') zcz_chip_put(to, "\n");
}

static void put_head(zcz_chip_text *to, const zcz_chip *chip) {
  uint32_t qubits = 0, couplers = 0;
  for (uint32_t i = 0; i < chip->num_qubits; i++) qubits += chip->qubits[i].enabled;
  for (uint32_t i = 0; i < chip->num_couplers; i++) couplers += chip->couplers[i].enabled;
  zcz_chip_put(to, "%s", chip->name);
  if (chip->title[0]) zcz_chip_put(to, ": %s", chip->title);
  zcz_chip_put(to, "\n%u qubits (%u in service), %u couplers (%u in service)\n", chip->num_qubits,
               qubits, chip->num_couplers, couplers);
  put_gates(to, chip);
  zcz_chip_put(to, "one-qubit gate %.4g ns (%s), readout %.4g ns (%s), reset %.4g ns (%s)\n",
               chip->one_qubit_ns, provenance_of(chip, "one_qubit_ns"), chip->readout_ns,
               provenance_of(chip, "readout_ns"), chip->reset_ns, provenance_of(chip, "reset_ns"));
  put_disabled(to, chip);
  zcz_chip_put(to, "sha256 %s\n", chip->sha256);
}

zcz_status zcz_chip_describe_text(zcz_context *context, const zcz_chip *chip, char **text,
                                  zcz_error *error) {
  *text = NULL;
  zcz_chip_text to = {.context = context};
  size_t most = (size_t)chip->num_qubits + chip->num_couplers;
  sample *samples = zcz_memory_allocate(context, most * sizeof *samples);
  if (!samples) return zcz_fail_memory(context, error, "the description of a chip", most * 16);
  put_head(&to, chip);
  zcz_chip_put(&to, "\n%-22s %10s %10s %10s %-6s %10s %-6s %s\n", "in service", "mean", "median",
               "best", "", "worst", "", "provenance");
  for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++)
    put_row(&to, chip, &quantities[i], samples);
  zcz_memory_release(context, samples);
  zcz_chip_put(&to, "\nwhere the numbers come from\n");
  for (uint32_t i = 0; i < chip->num_provenances; i++) {
    const zcz_provenance *row = &chip->provenances[i];
    zcz_chip_put(&to, "  %-16s %-9s %-9s %s\n", row->column, row->provenance, row->confidence,
                 row->source);
  }
  if (chip->num_assumptions) zcz_chip_put(&to, "\nassumed, because the file does not say it\n");
  for (uint32_t i = 0; i < chip->num_assumptions; i++)
    zcz_chip_put(&to, "  %s\n", chip->assumptions[i]);
  return zcz_chip_text_finish(&to, text, error);
}
