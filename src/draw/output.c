#include "draw/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

void zcz_output_add(zcz_output *output, const void *bytes, size_t size) {
  if (output->failed) return;
  if (size > ZCZ_MAX_PICTURE - output->size ||
      !zcz_memory_grow(output->context, &output->bytes, &output->capacity, output->size + size + 1,
                       1)) {
    output->failed = true;
    return;
  }
  memcpy(output->bytes + output->size, bytes, size);
  output->size += size;
  output->bytes[output->size] = 0;
}

void zcz_output_print(zcz_output *output, const char *format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length < 0 || (size_t)length >= sizeof text)
    output->failed = true;
  else
    zcz_output_add(output, text, (size_t)length);
}

zcz_status zcz_output_check(const zcz_output *output, zcz_error *error) {
  if (!output->failed) return ZCZ_OK;
  return zcz_hint(error,
                  zcz_fail(error, ZCZ_ERROR_UNABLE,
                           "the picture does not fit in memory, or not in %d MiB",
                           ZCZ_MAX_PICTURE >> 20),
                  "draw fewer operations or bars");
}

void zcz_output_release(zcz_output *output) {
  zcz_memory_release(output->context, output->bytes);
  output->bytes = NULL;
  output->size = output->capacity = 0;
}

static zcz_status cannot_write(const char *path, zcz_error *error) {
  return zcz_fail(error, ZCZ_ERROR_SYSTEM, "%s cannot be written: %s", path, strerror(errno));
}

static bool write_all(int file, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t written = write(file, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes += written;
    size -= (size_t)written;
  }
  return true;
}

zcz_status zcz_output_write(const zcz_output *output, const char *path, zcz_error *error) {
  char temporary[4096];
  struct stat status;
  /* Pipes, terminals and /dev/null cannot be replaced: those are written to as they are. */
  if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
    if (S_ISDIR(status.st_mode)) {
      errno = EISDIR;
      return cannot_write(path, error);
    }
    int file = open(path, O_WRONLY | O_CLOEXEC);
    bool good = file >= 0 && write_all(file, output->bytes, output->size);
    zcz_status result = good ? ZCZ_OK : cannot_write(path, error);
    if (file >= 0) close(file);
    return result;
  }
  int length = snprintf(temporary, sizeof temporary, "%s.%ld.part", path, (long)getpid());
  if (length < 0 || (size_t)length >= sizeof temporary) {
    errno = ENAMETOOLONG;
    return cannot_write(path, error);
  }
  int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) return cannot_write(path, error);
  bool good = write_all(file, output->bytes, output->size);
  int reason = errno;
  if (close(file) != 0 && good) good = false, reason = errno;
  if (good && rename(temporary, path) != 0) good = false, reason = errno;
  if (good) return ZCZ_OK;
  unlink(temporary);
  errno = reason;
  return cannot_write(path, error);
}

zcz_status zcz_output_deliver(zcz_output *output, const zcz_draw_options *options, char **text,
                              zcz_error *error) {
  zcz_status status = zcz_output_check(output, error);
  if (status == ZCZ_OK && options->path) status = zcz_output_write(output, options->path, error);
  if (status == ZCZ_OK && text && options->format == ZCZ_DRAW_TEXT) {
    *text = output->bytes;
    output->bytes = NULL;
  }
  zcz_output_release(output);
  return status;
}

void zcz_draw_free(zcz_context *context, char *text) { zcz_memory_release(context, text); }

static zcz_status in_bounds(const char *what, uint32_t *value, uint32_t least, uint32_t usual,
                            uint32_t most, zcz_error *error) {
  if (*value == 0) *value = usual;
  if (*value >= least && *value <= most) return ZCZ_OK;
  return zcz_fail(error, ZCZ_ERROR_USAGE, "%u %s, from %u to %u are drawn", *value, what, least,
                  most);
}

zcz_status zcz_draw_settle(const zcz_draw_options *options, char **text, zcz_draw_options *settled,
                           zcz_error *error) {
  if (text) *text = NULL;
  *settled = options ? *options : (zcz_draw_options){0};
  if ((unsigned)settled->format >= ZCZ_DRAW_FORMAT_COUNT)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "no format has the number %d", (int)settled->format);
  if (!settled->path && (settled->format != ZCZ_DRAW_TEXT || !text))
    return zcz_fail(error, ZCZ_ERROR_USAGE, "a picture needs a file to go to");
  ZCZ_TRY(in_bounds("columns", &settled->columns, 40, 80, 1000, error));
  ZCZ_TRY(in_bounds("operations", &settled->max_operations, 1, 1000, 20000, error));
  return in_bounds("bars", &settled->max_bars, 1, 24, 1000, error);
}

zcz_status zcz_draw_format_of(const char *path, zcz_draw_format *format, zcz_error *error) {
  static const char *const suffixes[] = {".txt", ".svg", ".png", ".pdf"};
  const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
  for (int i = 0; dot && i < ZCZ_DRAW_FORMAT_COUNT; i++) {
    if (strcasecmp(dot, suffixes[i]) != 0) continue;
    *format = (zcz_draw_format)i;
    return ZCZ_OK;
  }
  return zcz_hint(error,
                  zcz_fail(error, ZCZ_ERROR_USAGE, "%s: the suffix names no kind of picture", path),
                  "end the name in .svg, .png, .pdf or .txt");
}
