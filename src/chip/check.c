/* What every chip must satisfy, whatever file it came from. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "chip/draft.h"
#include "chip/error.h"

/* A number within [low, high]; NaN = the file does not say it. */
static zcz_status within(zcz_chip_draft *draft, const char *item, const char *field, double value,
                         double low, double high, const char *unit) {
  if (isnan(value)) return zcz_draft_refuse(draft, "%s: `%s` is missing", item, field);
  if (value >= low && value <= high) return ZCZ_OK;
  return zcz_draft_refuse(draft, "%s: `%s` is %.9g, allowed: %.9g to %.9g%s%s", item, field, value,
                          low, high, unit[0] ? " " : "", unit);
}

static zcz_status check_qubit(zcz_chip_draft *draft, const zcz_chip_qubit *qubit) {
  const char *name = qubit->name;
  ZCZ_TRY(within(draft, name, "x", qubit->x, -1e6, 1e6, ""));
  ZCZ_TRY(within(draft, name, "y", qubit->y, -1e6, 1e6, ""));
  bool all = qubit->enabled; /* what is off may have no numbers, but no wrong ones */
  if (all || !isnan(qubit->t1_us))
    ZCZ_TRY(within(draft, name, "t1_us", qubit->t1_us, 1e-3, 1e9, "us"));
  if (all || !isnan(qubit->t2_us))
    ZCZ_TRY(within(draft, name, "t2_us", qubit->t2_us, 1e-3, 1e9, "us"));
  if (all || !isnan(qubit->pauli_error))
    ZCZ_TRY(within(draft, name, "pauli_error", qubit->pauli_error, 0, 0.75, ""));
  if (all || !isnan(qubit->p10)) ZCZ_TRY(within(draft, name, "p10", qubit->p10, 0, 1, ""));
  if (all || !isnan(qubit->p01)) ZCZ_TRY(within(draft, name, "p01", qubit->p01, 0, 1, ""));
  if (qubit->t2_us > 2 * qubit->t1_us)
    return zcz_hint(draft->error,
                    zcz_draft_refuse(draft,
                                     "%s: T2 = %.9g us exceeds 2 T1 = %.9g us, which no qubit can",
                                     name, qubit->t2_us, 2 * qubit->t1_us),
                    "measure again, or disable the qubit and leave its T2 out");
  return ZCZ_OK;
}

static zcz_status check_coupler(zcz_chip_draft *draft, const zcz_chip_coupler *coupler) {
  const char *name = coupler->name;
  if (coupler->enabled || !isnan(coupler->pauli_error))
    ZCZ_TRY(within(draft, name, "pauli_error", coupler->pauli_error, 0, 0.9375, ""));
  if (coupler->enabled && coupler->num_gates == 0)
    return zcz_draft_refuse(draft, "%s: the coupler has no native gate", name);
  for (uint32_t k = 0; k < coupler->num_gates; k++) {
    const zcz_chip_gate *gate = &coupler->gates[k];
    if (!coupler->enabled && isnan(gate->duration_ns)) continue;
    ZCZ_TRY(within(draft, name, "duration_ns", gate->duration_ns, 1e-3, 1e9, "ns"));
    if (gate->gate != ZCZ_GATE_FSIM) continue;
    ZCZ_TRY(within(draft, name, "theta", gate->params[0], -7, 7, "rad"));
    ZCZ_TRY(within(draft, name, "phi", gate->params[1], -7, 7, "rad"));
    ZCZ_TRY(within(draft, name, "theta_error", gate->coherent[0], -1, 1, "rad"));
    ZCZ_TRY(within(draft, name, "phi_error", gate->coherent[1], -1, 1, "rad"));
    double coherent = zcz_error_of_angles(gate->coherent[0], gate->coherent[1]);
    if (coherent > coupler->pauli_error)
      return zcz_draft_refuse(draft,
                              "%s: its angle errors alone are a Pauli error of %.4g, more than its "
                              "`pauli_error` %.4g",
                              name, coherent, coupler->pauli_error);
  }
  return ZCZ_OK;
}

static int by_ends(const void *a, const void *b) {
  const zcz_chip_coupler *x = *(const zcz_chip_coupler *const *)a;
  const zcz_chip_coupler *y = *(const zcz_chip_coupler *const *)b;
  for (int k = 0; k < 2; k++)
    if (x->qubits[k] != y->qubits[k]) return x->qubits[k] < y->qubits[k] ? -1 : 1;
  return 0;
}

/* No two couplers on one pair of qubits. */
static zcz_status check_unique(zcz_chip_draft *draft) {
  size_t count = draft->num_couplers;
  const zcz_chip_coupler **sorted =
      zcz_memory_allocate(draft->context, (count + 1) * sizeof *sorted);
  if (!sorted) return zcz_fail_memory(draft->context, draft->error, "a chip", count * 8);
  for (size_t i = 0; i < count; i++) sorted[i] = &draft->couplers[i];
  zcz_status status = ZCZ_OK;
  qsort(sorted, count, sizeof *sorted, by_ends);
  for (size_t i = 1; i < count && status == ZCZ_OK; i++)
    if (by_ends(&sorted[i - 1], &sorted[i]) == 0)
      status = zcz_draft_refuse(draft, "couplers %s and %s join the same qubits, %s and %s",
                                sorted[i - 1]->name, sorted[i]->name,
                                draft->qubits[sorted[i]->qubits[0]].name,
                                draft->qubits[sorted[i]->qubits[1]].name);
  zcz_memory_release(draft->context, sorted);
  return status;
}

static zcz_status check_places(zcz_chip_draft *draft) {
  for (uint32_t i = 0; i < draft->num_qubits; i++)
    for (uint32_t j = 0; j < i; j++)
      if (draft->qubits[i].x == draft->qubits[j].x && draft->qubits[i].y == draft->qubits[j].y)
        return zcz_draft_refuse(draft, "%s and %s have the same place, x = %.9g, y = %.9g",
                                draft->qubits[j].name, draft->qubits[i].name, draft->qubits[i].x,
                                draft->qubits[i].y);
  return ZCZ_OK;
}

zcz_status zcz_draft_check(zcz_chip_draft *draft) {
  ZCZ_TRY(within(draft, "times", "one_qubit_ns", draft->one_qubit_ns, 1e-3, 1e9, "ns"));
  ZCZ_TRY(within(draft, "times", "readout_ns", draft->readout_ns, 0, 1e9, "ns"));
  ZCZ_TRY(within(draft, "times", "reset_ns", draft->reset_ns, 0, 1e9, "ns"));
  uint32_t enabled = 0;
  for (uint32_t i = 0; i < draft->num_qubits; i++) {
    ZCZ_TRY(check_qubit(draft, &draft->qubits[i]));
    enabled += draft->qubits[i].enabled;
  }
  if (enabled == 0) return zcz_draft_refuse(draft, "every qubit of the chip is disabled");
  ZCZ_TRY(check_places(draft));
  for (uint32_t i = 0; i < draft->num_couplers; i++) {
    zcz_chip_coupler *coupler = &draft->couplers[i];
    if (!draft->qubits[coupler->qubits[0]].enabled || !draft->qubits[coupler->qubits[1]].enabled)
      coupler->enabled = false;
    ZCZ_TRY(check_coupler(draft, coupler));
  }
  return check_unique(draft);
}
