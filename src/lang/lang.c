/* The table of languages, and the two doors: reading and writing. */
#include "lang/lang.h"

#include <string.h>

#include "base/memory.h"

static const struct {
  const char *name;
  const char *suffix; /* NULL: shared, see zcz_language_detect */
  zcz_reader *read;
  zcz_writer *write;
} languages[ZCZ_LANGUAGE_COUNT] = {
    [ZCZ_LANGUAGE_QASM2] = {"qasm2", NULL, zcz_qasm2_read, zcz_qasm2_write},
    [ZCZ_LANGUAGE_QASM3] = {"qasm3", NULL, zcz_qasm3_read, zcz_qasm3_write},
    [ZCZ_LANGUAGE_QCIS] = {"qcis", ".qcis", zcz_qcis_read, zcz_qcis_write},
    [ZCZ_LANGUAGE_QSIM] = {"qsim", ".qsim", zcz_qsim_read, zcz_qsim_write},
};

const char *zcz_language_name(zcz_language language) {
  return (unsigned)language < ZCZ_LANGUAGE_COUNT ? languages[language].name : "unknown";
}

bool zcz_language_by_name(const char *name, zcz_language *language) {
  for (int i = 0; i < ZCZ_LANGUAGE_COUNT; i++) {
    if (strcmp(name, languages[i].name) == 0) {
      *language = (zcz_language)i;
      return true;
    }
  }
  return false;
}

/* The major version in "OPENQASM n", the first word after comments; 0 where it is not there. */
static int version_of(const char *text, size_t size) {
  size_t at = 0;
  if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) at = 3;
  for (;;) {
    while (at < size && text[at] && strchr(" \t\r\n\f\v", text[at])) at++;
    if (at + 1 < size && text[at] == '/' && text[at + 1] == '/') {
      while (at < size && text[at] != '\n') at++;
    } else if (at + 1 < size && text[at] == '/' && text[at + 1] == '*') {
      at += 2;
      while (at + 1 < size && !(text[at] == '*' && text[at + 1] == '/')) at++;
      if (at + 1 >= size) return 0;
      at += 2;
    } else {
      break;
    }
  }
  if (size - at < 9 || memcmp(text + at, "OPENQASM", 8) != 0) return 0;
  at += 8;
  while (at < size && (text[at] == ' ' || text[at] == '\t')) at++;
  if (at >= size || text[at] < '0' || text[at] > '9') return 0;
  if (at + 1 < size && text[at + 1] >= '0' && text[at + 1] <= '9') return 0;
  return text[at] - '0';
}

zcz_status zcz_language_detect(const char *file, const char *text, size_t size,
                               zcz_language *language, zcz_error *error) {
  const char *name = strrchr(file, '/');
  const char *suffix = strrchr(name ? name : file, '.');
  for (int i = 0; suffix && i < ZCZ_LANGUAGE_COUNT; i++) {
    if (languages[i].suffix && strcmp(suffix, languages[i].suffix) == 0) {
      *language = (zcz_language)i;
      return ZCZ_OK;
    }
  }
  if (suffix && strcmp(suffix, ".qasm") == 0) {
    *language = version_of(text, size) == 2 ? ZCZ_LANGUAGE_QASM2 : ZCZ_LANGUAGE_QASM3;
    return ZCZ_OK;
  }
  return zcz_hint(
      error, zcz_fail(error, ZCZ_ERROR_USAGE, "the name \"%s\" does not tell the language", file),
      "name it with --lang: qasm2, qasm3, qcis or qsim; the suffixes known are .qasm, "
      ".qcis and .qsim");
}

static zcz_status no_language(zcz_language language, zcz_error *error) {
  return zcz_fail(error, ZCZ_ERROR_USAGE, "language number %d; there are %d", (int)language,
                  ZCZ_LANGUAGE_COUNT);
}

zcz_status zcz_program_read(zcz_context *context, zcz_language language, const char *file,
                            const char *text, size_t size, const zcz_language_options *options,
                            zcz_circuit **circuit, zcz_error *error) {
  *circuit = NULL;
  if ((unsigned)language >= ZCZ_LANGUAGE_COUNT) return no_language(language, error);
  zcz_source source = {context, file ? file : "-", text, size};
  return languages[language].read(context, &source, options, circuit, error);
}

zcz_status zcz_program_write(const zcz_circuit *circuit, zcz_language language,
                             const zcz_language_options *options, char **text, zcz_error *error) {
  *text = NULL;
  if ((unsigned)language >= ZCZ_LANGUAGE_COUNT) return no_language(language, error);
  return languages[language].write(circuit, options, text, error);
}

void zcz_text_free(zcz_context *context, char *text) { zcz_memory_release(context, text); }
