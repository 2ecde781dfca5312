/* Stands in for libFuzzer's main: feeds each file of the folders named on the command line to the target once, and
 * the empty input. A folder that is missing is an empty one. */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

/* Feeds one file; returns 0, or 1 where it cannot be read. */
static int feed(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file) return 1;
  int failed = 1;
  long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
  uint8_t *data = size < 0 ? NULL : malloc((size_t)size + 1);
  if (data) {
    rewind(file);
    if (fread(data, 1, (size_t)size, file) == (size_t)size) {
      printf("%s\n", path); /* said beforehand, so that a crash is known by the last line */
      fflush(stdout);
      LLVMFuzzerTestOneInput(data, (size_t)size);
      failed = 0;
    }
  }
  free(data);
  fclose(file);
  return failed;
}

int main(int argc, char **argv) {
  int fed = 0, failed = 0;
  LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
  for (int i = 1; i < argc; i++) {
    struct dirent **entries;
    int count = scandir(argv[i], &entries, NULL, by_name);
    for (int j = 0; j < count; j++) {
      if (entries[j]->d_name[0] != '.') {
        failed += feed(argv[i], entries[j]->d_name);
        fed++;
      }
      free(entries[j]);
    }
    if (count >= 0) free(entries);
  }
  printf("%d files replayed, %d unreadable\n", fed, failed);
  return failed != 0;
}
