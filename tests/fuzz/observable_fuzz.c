/* Any bytes as an observable: an error in words, or a sum whose terms keep the header's promises. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "zcz/observable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const zcz_observable *observable, uint32_t num_qubits) {
  for (uint32_t i = 0; i < observable->num_terms; i++) {
    const zcz_term *term = &observable->terms[i];
    if (!isfinite(term->coefficient)) abort();
    for (uint32_t j = 0; j < term->num_factors; j++) {
      if (term->factors[j].qubit >= num_qubits) abort();
      if (j && term->factors[j].qubit <= term->factors[j - 1].qubit) abort();
      if (!strchr("XYZ", term->factors[j].pauli)) abort();
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  enum { QUBITS = 12 };
  zcz_context_options options = {.threads = 1, .memory_limit = 1 << 28};
  zcz_context *context = NULL;
  zcz_observable *observable = NULL;
  zcz_error error = {0};
  char *text = malloc(size + 1);
  if (!text) return 0;
  memcpy(text, data, size);
  text[size] = 0;
  if (zcz_context_new(&options, &context, &error) != ZCZ_OK) abort();
  zcz_status status = zcz_observable_parse(context, text, QUBITS, &observable, &error);
  if (status == ZCZ_OK)
    check(observable, QUBITS);
  else if (!error.message[0] || observable || error.column > strlen(text) + 1)
    abort();
  zcz_observable_free(context, observable);
  if (zcz_memory_in_use(context)) abort();
  zcz_context_free(context);
  free(text);
  return 0;
}
