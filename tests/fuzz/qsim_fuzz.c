#include "fuzz/program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_program(ZCZ_LANGUAGE_QSIM, data, size);
  return 0;
}
