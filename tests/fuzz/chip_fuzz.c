/* Any bytes as a chip file: never a crash, the same answer twice, and a chip that is read can be described. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "zcz/chip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
  if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  zcz_context *context;
  if (zcz_context_new(NULL, &context, NULL) != ZCZ_OK) return 0;
  zcz_chip *chip, *again;
  zcz_error error = {0}, second = {0};
  zcz_status status = zcz_chip_read(context, "chip", (const char *)data, size, &chip, &error);
  zcz_status repeated = zcz_chip_read(context, "chip", (const char *)data, size, &again, &second);
  must(status == repeated && !strcmp(error.message, second.message));
  must((status == ZCZ_OK) == (chip != NULL) && (status == ZCZ_OK || error.message[0]));
  if (status == ZCZ_OK) {
    char *text = NULL;
    if (zcz_chip_describe_json(context, chip, &text, NULL) == ZCZ_OK)
      zcz_memory_release(context, text);
    if (zcz_chip_describe_text(context, chip, &text, NULL) == ZCZ_OK)
      zcz_memory_release(context, text);
  }
  zcz_chip_free(context, chip);
  zcz_chip_free(context, again);
  must(zcz_memory_in_use(context) == 0);
  zcz_context_free(context);
  return 0;
}
