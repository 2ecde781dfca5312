#include "zcz/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *zcz_status_name(zcz_status status) {
  switch (status) {
  case ZCZ_OK: return "ok";
  case ZCZ_ERROR_USAGE: return "usage";
  case ZCZ_ERROR_UNABLE: return "unable";
  case ZCZ_ERROR_SYSTEM: return "system";
  case ZCZ_ERROR_BUG: return "bug";
  case ZCZ_ERROR_CANCELLED: return "cancelled";
  }
  return "unknown";
}

zcz_status zcz_fail(zcz_error *error, zcz_status status, const char *format, ...) {
  if (error == NULL) return status;
  memset(error, 0, sizeof *error);
  error->status = status;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->message, sizeof error->message, format, arguments);
  va_end(arguments);
  return status;
}

zcz_status zcz_hint(zcz_error *error, zcz_status status, const char *format, ...) {
  if (error == NULL) return status;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->hint, sizeof error->hint, format, arguments);
  va_end(arguments);
  return status;
}
