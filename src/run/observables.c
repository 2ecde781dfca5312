/* A Pauli string over parts that never interact is a product of one string a part. Each part's
 * engine gets the distinct strings it must answer for, once each. */
#include <string.h>

#include "base/memory.h"
#include "run/parts.h"

/* What one part is asked. */
typedef struct asked {
  zcz_observable *strings; /* one term with coefficient 1 each */
  zcz_term *terms;
  const zcz_observable **list;
  uint32_t count;
} asked;

struct zcz_factored {
  asked *parts;
  uint32_t num_parts;
  uint32_t num_terms;  /* of all observables together */
  uint32_t *index;     /* [term * (num_parts + 1) + part] = which string; ZCZ_NONE = the identity.
                           The last of a row: 1 = the term is 0 for sure */
  zcz_factor *factors; /* of all strings */
};

/* Where the qubits of the program went. */
typedef struct place {
  uint32_t part, qubit;
} place;

static uint32_t count_terms(const zcz_prepared *prepared, size_t *factors) {
  uint32_t terms = 0;
  *factors = 0;
  for (uint32_t o = 0; o < prepared->num_observables; o++)
    for (uint32_t t = 0; t < prepared->observables[o]->num_terms; t++, terms++)
      *factors += prepared->observables[o]->terms[t].num_factors;
  return terms;
}

static bool same_string(const zcz_term *a, const zcz_term *b) {
  if (a->num_factors != b->num_factors) return false;
  for (uint32_t f = 0; f < a->num_factors; f++)
    if (a->factors[f].qubit != b->factors[f].qubit || a->factors[f].pauli != b->factors[f].pauli)
      return false;
  return true;
}

/* Adds a string to what a part is asked, or finds it there. */
static uint32_t ask(asked *part, const zcz_term *term) {
  for (uint32_t i = 0; i < part->count; i++)
    if (same_string(&part->terms[i], term)) return i;
  part->terms[part->count] = *term;
  part->strings[part->count] =
      (zcz_observable){.text = "", .num_terms = 1, .terms = &part->terms[part->count]};
  part->list[part->count] = &part->strings[part->count];
  return part->count++;
}

static zcz_status allocate(zcz_prepared *prepared, zcz_view *view, uint32_t terms, size_t factors,
                           zcz_error *error) {
  zcz_context *context = prepared->context;
  struct zcz_factored *made = zcz_memory_zeroed(context, 1, sizeof *made);
  view->factored = made;
  if (made == NULL) return zcz_fail_memory(context, error, "observables", sizeof *made);
  made->num_parts = view->num_components;
  made->num_terms = terms;
  made->parts = zcz_memory_zeroed(context, made->num_parts + 1, sizeof *made->parts);
  const size_t cells = (size_t)terms * (made->num_parts + 1);
  made->index = zcz_memory_allocate(context, (cells + 1) * sizeof *made->index);
  made->factors = zcz_memory_allocate(context, (factors + 1) * sizeof *made->factors);
  bool good = made->parts != NULL && made->index != NULL && made->factors != NULL;
  for (uint32_t p = 0; good && p < made->num_parts; p++) {
    asked *part = &made->parts[p];
    part->strings = zcz_memory_allocate(context, (terms + 1) * sizeof *part->strings);
    part->terms = zcz_memory_allocate(context, (terms + 1) * sizeof *part->terms);
    part->list = zcz_memory_allocate(context, (terms + 1) * sizeof(*part->list));
    good = part->strings != NULL && part->terms != NULL && part->list != NULL;
  }
  if (!good) return zcz_fail_memory(context, error, "observables", cells * sizeof *made->index);
  for (size_t i = 0; i < cells; i++) made->index[i] = ZCZ_NONE;
  return ZCZ_OK;
}

/* Cuts one term into its strings. A qubit that no part has is in |0>, untouched: Z gives 1, X and Y
 * give 0. */
static void cut_term(struct zcz_factored *made, const place *places, const zcz_term *term,
                     uint32_t number, size_t *used) {
  uint32_t *row = made->index + (size_t)number * (made->num_parts + 1);
  row[made->num_parts] = 0;
  for (uint32_t p = 0; p < made->num_parts; p++) {
    zcz_term cut = {.coefficient = 1, .factors = made->factors + *used};
    for (uint32_t f = 0; f < term->num_factors; f++) {
      const zcz_factor *factor = &term->factors[f];
      if (places[factor->qubit].part != p) continue;
      made->factors[*used + cut.num_factors++] =
          (zcz_factor){.qubit = places[factor->qubit].qubit, .pauli = factor->pauli};
    }
    if (cut.num_factors == 0) continue;
    row[p] = ask(&made->parts[p], &cut);
    *used += cut.num_factors;
  }
  for (uint32_t f = 0; f < term->num_factors; f++)
    if (places[term->factors[f].qubit].part == ZCZ_NONE && term->factors[f].pauli != 'Z')
      row[made->num_parts] = 1;
}

zcz_status zcz_factor_observables(zcz_prepared *prepared, zcz_view *view, zcz_error *error) {
  if (prepared->num_observables == 0) return ZCZ_OK;
  size_t factors, used = 0;
  const uint32_t terms = count_terms(prepared, &factors);
  ZCZ_TRY(allocate(prepared, view, terms, factors, error));
  const uint32_t qubits = zcz_circuit_num_qubits(view->circuit);
  place *places = zcz_memory_allocate(prepared->context, (qubits + 1u) * sizeof *places);
  if (places == NULL)
    return zcz_fail_memory(prepared->context, error, "observables", qubits * sizeof *places);
  for (uint32_t q = 0; q < qubits; q++) places[q] = (place){ZCZ_NONE, 0};
  for (uint32_t p = 0; p < view->num_components; p++)
    for (uint32_t q = 0; q < view->components[p].num_qubits; q++)
      places[view->components[p].qubits[q]] = (place){p, q};
  uint32_t number = 0;
  for (uint32_t o = 0; o < prepared->num_observables; o++)
    for (uint32_t t = 0; t < prepared->observables[o]->num_terms; t++)
      cut_term(view->factored, places, &prepared->observables[o]->terms[t], number++, &used);
  zcz_memory_release(prepared->context, places);
  for (uint32_t p = 0; p < view->num_components; p++) {
    view->tasks[p].num_observables = view->factored->parts[p].count;
    view->tasks[p].observables = view->factored->parts[p].list;
  }
  return ZCZ_OK;
}

void zcz_factored_free(zcz_context *context, zcz_view *view) {
  struct zcz_factored *made = view->factored;
  if (made == NULL) return;
  for (uint32_t p = 0; made->parts != NULL && p < made->num_parts; p++) {
    zcz_memory_release(context, made->parts[p].strings);
    zcz_memory_release(context, made->parts[p].terms);
    zcz_memory_release(context, (void *)made->parts[p].list);
  }
  zcz_memory_release(context, made->parts);
  zcz_memory_release(context, made->index);
  zcz_memory_release(context, made->factors);
  zcz_memory_release(context, made);
  view->factored = NULL;
}

/* A product of independent estimates, with its error to first order. */
static double term_value(const struct zcz_factored *made, uint32_t number, double *const *values,
                         double *const *errors, double *variance) {
  const uint32_t *row = made->index + (size_t)number * (made->num_parts + 1);
  double value = 1;
  *variance = 0;
  if (row[made->num_parts]) return 0;
  for (uint32_t p = 0; p < made->num_parts; p++) {
    if (row[p] == ZCZ_NONE) continue;
    const double v = values[p][row[p]], e = errors[p][row[p]];
    *variance = *variance * v * v + value * value * e * e;
    value *= v;
  }
  return value;
}

void zcz_combine_observables(const zcz_prepared *prepared, const zcz_view *view,
                             double *const *values, double *const *errors, double *result,
                             double *result_errors) {
  uint32_t number = 0;
  for (uint32_t o = 0; o < prepared->num_observables; o++) {
    /* Terms share shots, so their errors may add up in step: the sum of the errors bounds it. */
    double sum = 0, error_sum = 0;
    for (uint32_t t = 0; t < prepared->observables[o]->num_terms; t++) {
      const double coefficient = prepared->observables[o]->terms[t].coefficient;
      double variance;
      sum += coefficient * term_value(view->factored, number++, values, errors, &variance);
      error_sum += (coefficient < 0 ? -coefficient : coefficient) * __builtin_sqrt(variance);
    }
    result[o] = sum;
    result_errors[o] = error_sum;
  }
}
