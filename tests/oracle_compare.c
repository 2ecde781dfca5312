/* What tests do with the oracle's answers. See oracle.h. */
#include "oracle.h"

#include <math.h>
#include <stdlib.h>

void oracle_distribution_free(struct oracle_distribution *distribution) {
  free(distribution->keys);
  free(distribution->probabilities);
  *distribution = (struct oracle_distribution){0};
}

double oracle_probability(const struct oracle_distribution *distribution, uint64_t key) {
  for (size_t i = 0; i < distribution->count; i++)
    if (distribution->keys[i] == key) return distribution->probabilities[i];
  return 0;
}

double oracle_difference(const struct oracle_distribution *a, const struct oracle_distribution *b) {
  double worst = 0;
  size_t i = 0, j = 0;
  while (i < a->count || j < b->count) {
    bool left = j == b->count || (i < a->count && a->keys[i] <= b->keys[j]);
    bool right = i == a->count || (j < b->count && b->keys[j] <= a->keys[i]);
    double difference = (left ? a->probabilities[i] : 0) - (right ? b->probabilities[j] : 0);
    worst = fmax(worst, fabs(difference));
    i += left;
    j += right;
  }
  return worst;
}

/* <row| P |column> of a product of Paulis. */
static oracle_number pauli_entry(const zcz_term *term, size_t row, size_t column) {
  oracle_number product = 1;
  size_t flipped = row ^ column;
  for (uint32_t i = 0; i < term->num_factors; i++) {
    size_t bit = (size_t)1 << term->factors[i].qubit;
    bool flips = term->factors[i].pauli != 'Z';
    if (flips != !!(flipped & bit)) return 0;
    flipped &= ~bit;
    if (term->factors[i].pauli == 'Z' && (row & bit)) product = -product;
    if (term->factors[i].pauli == 'Y') product *= row & bit ? _Complex_I : -_Complex_I;
  }
  return flipped ? 0 : product;
}

double oracle_expectation(const zcz_circuit *circuit, const zcz_observable *observable) {
  bool pure = oracle_is_pure(circuit);
  size_t dimension = (size_t)1 << zcz_circuit_num_qubits(circuit);
  oracle_number *state = pure ? oracle_state(circuit) : oracle_density(circuit), sum = 0;
  for (uint32_t t = 0; t < observable->num_terms; t++) {
    const zcz_term *term = &observable->terms[t];
    size_t flips = 0;
    for (uint32_t i = 0; i < term->num_factors; i++)
      if (term->factors[i].pauli != 'Z') flips |= (size_t)1 << term->factors[i].qubit;
    for (size_t row = 0; row < dimension; row++) {
      size_t column = row ^ flips;
      oracle_number entry =
          pure ? state[column] * conj(state[row]) : state[column * dimension + row];
      sum += term->coefficient * pauli_entry(term, row, column) * entry;
    }
  }
  free(state);
  return creal(sum);
}

double oracle_distance_up_to_phase(const oracle_number *a, const oracle_number *b, size_t count) {
  oracle_number overlap = 0;
  double worst = 0;
  for (size_t i = 0; i < count; i++) overlap += a[i] * conj(b[i]);
  oracle_number phase = cabs(overlap) > 0 ? overlap / cabs(overlap) : 1;
  for (size_t i = 0; i < count; i++) worst = fmax(worst, cabs(a[i] - phase * b[i]));
  return worst;
}
