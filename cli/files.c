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
  const int number = errno;
  if (*path == 0) path = "\"\"";
  const char *hint;
  switch (number) {
  case ENOENT:
    hint = *what == 'w' ? "make its folder first, or name another place"
                        : "see how the name is spelt, and from which folder it counts";
    break;
  case EISDIR: hint = "name a file, not a folder"; break;
  case EACCES:
  case EPERM:
  case EROFS: hint = "ask for the right to it, or name another place"; break;
  case EFBIG:
  case EDQUOT:
  case ENOSPC: hint = "free some space, or name another place"; break;
  case EBADF: hint = "it is closed: open it, or write to a file with -o"; break;
  default: hint = "see what the system says, then try again";
  }
  return zcz_hint(
      error, zcz_fail(error, ZCZ_ERROR_SYSTEM, "cannot %s %s: %s", what, path, strerror(number)),
      "%s", hint);
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

static zcz_status add_line(cli_lines *lines, const char *path, char *line, uint32_t number,
                           zcz_error *error) {
  size_t length = strlen(line);
  while (length > 0 && strchr(" \t\r", line[length - 1]) != NULL) length--;
  line[length] = 0;
  line += strspn(line, " \t\r");
  if (*line == 0) return ZCZ_OK;
  if ((lines->count & (lines->count - 1)) == 0) { /* 0, 1, 2, 4, 8 ... lines: double the room */
    const size_t room = lines->count == 0 ? 1 : 2 * (size_t)lines->count;
    char **grown = realloc(lines->lines, room * sizeof *grown);
    if (grown != NULL) lines->lines = grown;
    uint32_t *numbers = realloc(lines->numbers, room * sizeof *numbers);
    if (numbers != NULL) lines->numbers = numbers;
    if (grown == NULL || numbers == NULL)
      return zcz_fail(error, ZCZ_ERROR_UNABLE, "out of memory for %s", path);
  }
  lines->lines[lines->count] = line;
  lines->numbers[lines->count++] = number;
  return ZCZ_OK;
}

zcz_status cli_read_lines(const char *path, cli_lines *lines, zcz_error *error) {
  size_t size;
  ZCZ_TRY(cli_read_file(path, &lines->text, &size, error));
  if (memchr(lines->text, 0, size) != NULL)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "%s holds a zero byte: it is no text file", path);
  uint32_t number = 1;
  for (char *line = lines->text, *next; line != NULL; line = next, number++) {
    next = strchr(line, '\n');
    if (next != NULL) *next++ = 0;
    ZCZ_TRY(add_line(lines, path, line, number, error));
  }
  return ZCZ_OK;
}

void cli_free_lines(cli_lines *lines) {
  free(lines->text);
  free(lines->lines);
  free(lines->numbers);
  *lines = (cli_lines){0};
}
