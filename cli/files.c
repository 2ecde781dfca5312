#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

/* Programs and chips beyond this are no programs and chips. */
enum { MAX_INPUT = 1 << 30 };

static zcz_status fail_file(zcz_error *error, const char *what, const char *path) {
  return zcz_fail(error, ZCZ_ERROR_SYSTEM, "cannot %s %s: %s", what, path, strerror(errno));
}

static zcz_status read_all(FILE *file, const char *path, char **text, size_t *size,
                           zcz_error *error) {
  size_t used = 0, capacity = 1 << 16;
  char *buffer = malloc(capacity);
  while (buffer != NULL) {
    used += fread(buffer + used, 1, capacity - used - 1, file);
    if (used < capacity - 1) break;
    if (capacity >= MAX_INPUT) {
      free(buffer);
      return zcz_fail(error, ZCZ_ERROR_UNABLE, "%s is larger than 1 GiB", path);
    }
    capacity *= 2;
    char *grown = realloc(buffer, capacity);
    if (grown == NULL) free(buffer);
    buffer = grown;
  }
  if (buffer == NULL) return zcz_fail(error, ZCZ_ERROR_UNABLE, "out of memory for %s", path);
  if (ferror(file)) {
    free(buffer);
    return fail_file(error, "read", path);
  }
  buffer[used] = 0;
  *text = buffer;
  *size = used;
  return ZCZ_OK;
}

zcz_status cli_read_file(const char *path, char **text, size_t *size, zcz_error *error) {
  if (strcmp(path, "-") == 0) return read_all(stdin, "standard input", text, size, error);
  FILE *file = fopen(path, "re");
  if (file == NULL) return fail_file(error, "open", path);
  zcz_status status = read_all(file, path, text, size, error);
  fclose(file);
  return status;
}

typedef struct part {
  const void *data;
  size_t size;
} part;

static zcz_status write_parts(FILE *file, const char *path, const part *parts, int count,
                              zcz_error *error) {
  for (int i = 0; i < count; i++)
    if (parts[i].size > 0 && fwrite(parts[i].data, 1, parts[i].size, file) != parts[i].size)
      return fail_file(error, "write", path);
  if (fflush(file) != 0) return fail_file(error, "write", path);
  return ZCZ_OK;
}

/* A regular file (or none yet) is replaced by a finished one beside it; a device or pipe is written
 * to directly, for there is nothing to replace. */
static zcz_status write_whole(const char *path, const part *parts, int count, zcz_error *error) {
  struct stat info;
  if (strcmp(path, "-") == 0) return write_parts(stdout, "standard output", parts, count, error);
  const bool exists = stat(path, &info) == 0;
  if (exists && !S_ISREG(info.st_mode)) {
    FILE *file = fopen(path, "we");
    if (file == NULL) return fail_file(error, "write", path);
    zcz_status status = write_parts(file, path, parts, count, error);
    if (fclose(file) != 0 && status == ZCZ_OK) status = fail_file(error, "write", path);
    return status;
  }
  char *temporary;
  if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
    return zcz_fail(error, ZCZ_ERROR_UNABLE, "out of memory");
  const int descriptor = mkostemp(temporary, O_CLOEXEC);
  FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
  zcz_status status =
      file == NULL ? fail_file(error, "write", path) : write_parts(file, path, parts, count, error);
  if (file != NULL) {
    const mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor, exists ? info.st_mode & 07777 : 0666 & ~mask);
    if (fclose(file) != 0 && status == ZCZ_OK) status = fail_file(error, "write", path);
  }
  if (status == ZCZ_OK && rename(temporary, path) != 0) status = fail_file(error, "write", path);
  if (status != ZCZ_OK && descriptor >= 0) unlink(temporary);
  free(temporary);
  return status;
}

zcz_status cli_write_file(const char *path, const void *data, size_t size, zcz_error *error) {
  const part parts[] = {{data, size}};
  return write_whole(path, parts, 1, error);
}

/* Format version 1.0 of NumPy's .npy: magic, header length, a Python dictionary padded to 64 bytes. */
zcz_status cli_write_npy(const char *path, const char *type, const void *data, uint64_t count,
                         size_t size, zcz_error *error) {
  char header[129];
  memset(header, ' ', sizeof header);
  memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10);
  int used = snprintf(header + 10, sizeof header - 10,
                      "{'descr': '%s', 'fortran_order': False, 'shape': (%llu,), }", type,
                      (unsigned long long)count);
  header[10 + used] = ' ';
  header[127] = '\n';
  const part parts[] = {{header, 128}, {data, count * size}};
  return write_whole(path, parts, 2, error);
}

zcz_status cli_read_lines(const char *path, char **text, char ***lines, uint32_t *count,
                          zcz_error *error) {
  size_t size, capacity = 0;
  *lines = NULL;
  *count = 0;
  ZCZ_TRY(cli_read_file(path, text, &size, error));
  for (char *line = strtok(*text, "\r\n"); line != NULL; line = strtok(NULL, "\r\n")) {
    line += strspn(line, " \t");
    size_t length = strlen(line);
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t')) length--;
    line[length] = 0;
    if (length == 0) continue;
    if (*count == capacity) {
      capacity = capacity == 0 ? 64 : 2 * capacity;
      char **grown = realloc(*lines, capacity * sizeof *grown);
      if (grown == NULL) return zcz_fail(error, ZCZ_ERROR_UNABLE, "out of memory for %s", path);
      *lines = grown;
    }
    (*lines)[(*count)++] = line;
  }
  return ZCZ_OK;
}
