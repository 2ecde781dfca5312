/* Files that a program includes: from its own folder and below it alone. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "lang/qasm.h"

enum { LARGEST_FILE = 64 << 20 };

/* What qelib1.inc has beyond the rows of the word table, in our words: the relative-phase
 * Toffoli gates, after Maslov, Phys. Rev. A 93, 022311 (2016), as Qiskit has them. */
static const char extra[] =
    "gate rccx a, b, c { h c; t c; cx b, c; tdg c; cx a, c; t c; cx b, c; tdg c; h c; }\n"
    "gate rc3x a, b, c, d {\n"
    "  h d; t d; cx c, d; tdg d; h d;\n"
    "  cx a, d; t d; cx b, d; tdg d; cx a, d; t d; cx b, d; tdg d;\n"
    "  h d; t d; cx c, d; tdg d; h d;\n"
    "}\n"
    "gate rcccx a, b, c, d { rc3x a, b, c, d; }\n";

static zcz_status refuse(zcz_qasm *qasm, const zcz_token *name, zcz_status status, const char *why,
                         const char *hint) {
  char quote[ZCZ_QUOTE_SIZE];
  return zcz_hint(qasm->error,
                  zcz_qasm_fail(qasm, name, status, "include \"%s\": %s",
                                zcz_quote(quote, name->start, name->size), why),
                  "%s", hint);
}

static bool leaves_folder(const char *path) {
  if (path[0] == '/') return true;
  for (const char *part = path; part; part = strchr(part, '/')) {
    if (*part == '/') part++;
    if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == 0)) return true;
  }
  return false;
}

/* The file's real place, which must lie in the folder: symbolic links are followed first. */
static zcz_status locate(zcz_qasm *qasm, const zcz_token *name, char path[PATH_MAX]) {
  static const char outside[] = "an include outside the program's folder";
  static const char stay[] = "put the file into the program's folder or below it";
  char joined[PATH_MAX], folder[PATH_MAX];
  const char *from = qasm->options ? qasm->options->folder : NULL;
  if (name->size == 0 || name->size > 1000 || memchr(name->start, 0, name->size))
    return refuse(qasm, name, ZCZ_ERROR_USAGE, "this is no file's name", "name a file");
  char *text = memcpy(joined, name->start, name->size);
  text[name->size] = 0;
  if (leaves_folder(text)) return refuse(qasm, name, ZCZ_ERROR_USAGE, outside, stay);
  if (!from)
    return refuse(qasm, name, ZCZ_ERROR_USAGE, "this program has no folder to include files from",
                  "save the program as a file beside the files it includes");
  char whole[PATH_MAX + 1100];
  snprintf(whole, sizeof whole, "%s/%.*s", *from ? from : ".", (int)name->size, name->start);
  if (!realpath(*from ? from : ".", folder) || !realpath(whole, path))
    return refuse(qasm, name, ZCZ_ERROR_SYSTEM, strerror(errno),
                  "give the name of a file beside the program");
  size_t length = strlen(folder);
  if (strncmp(path, folder, length) != 0 || (path[length] != '/' && length > 1))
    return refuse(qasm, name, ZCZ_ERROR_USAGE, outside, stay);
  return ZCZ_OK;
}

static zcz_status load(zcz_qasm *qasm, const zcz_token *name, const char *path, char **text,
                       size_t *size) {
  struct stat about;
  *text = NULL;
  if (stat(path, &about) != 0)
    return refuse(qasm, name, ZCZ_ERROR_SYSTEM, strerror(errno), "check the file");
  if (!S_ISREG(about.st_mode))
    return refuse(qasm, name, ZCZ_ERROR_USAGE, "this is no ordinary file", "name a file");
  if (about.st_size > LARGEST_FILE)
    return refuse(qasm, name, ZCZ_ERROR_UNABLE, "files up to 64 MiB are included",
                  "split the file");
  FILE *file = fopen(path, "rb");
  if (!file) return refuse(qasm, name, ZCZ_ERROR_SYSTEM, strerror(errno), "check the file");
  *text = zcz_memory_allocate(qasm->context, (size_t)about.st_size + 1);
  zcz_status status = ZCZ_OK;
  if (!*text) {
    status =
        zcz_fail_memory(qasm->context, qasm->error, "an included file", (uint64_t)about.st_size);
  } else {
    *size = fread(*text, 1, (size_t)about.st_size, file);
    if (ferror(file))
      status = refuse(qasm, name, ZCZ_ERROR_SYSTEM, "reading failed", "check the file");
  }
  fclose(file);
  return status;
}

/* Keeps text and name to the end; takes `text`. */
static zcz_status keep(zcz_qasm *qasm, char *text, size_t size, const char *file,
                       zcz_source **result) {
  zcz_status status = zcz_qasm_grow(qasm, &qasm->sources, 1, sizeof(zcz_source *));
  zcz_source *source =
      status == ZCZ_OK ? zcz_memory_zeroed(qasm->context, 1, sizeof *source) : NULL;
  char *name = source ? zcz_memory_string(qasm->context, file) : NULL;
  if (!name) {
    zcz_memory_release(qasm->context, text);
    zcz_memory_release(qasm->context, source);
    return status != ZCZ_OK ? status
                            : zcz_fail_memory(qasm->context, qasm->error, "an included file", size);
  }
  *source = (zcz_source){qasm->context, name, text, size};
  ZCZ_AT(qasm->sources, zcz_source *, qasm->sources.count++) = source;
  *result = source;
  return ZCZ_OK;
}

/* Reads all statements of a source, then goes on where the program was. */
static zcz_status read_source(zcz_qasm *qasm, const zcz_source *source) {
  zcz_lexer outer = qasm->lexer;
  zcz_token token = qasm->token;
  qasm->lexer = (zcz_lexer){.source = source, .line = 1, .version = qasm->version};
  ZCZ_TRY(zcz_qasm_advance(qasm));
  while (qasm->token.kind != ZCZ_TOKEN_END) ZCZ_TRY(qasm->statement(qasm));
  qasm->lexer = outer;
  qasm->token = token;
  return ZCZ_OK;
}

static zcz_status built_in(zcz_qasm *qasm) {
  if (qasm->library) return ZCZ_OK;
  qasm->library = true;
  if (qasm->version == 3) return ZCZ_OK;
  char *text = zcz_memory_string(qasm->context, extra);
  if (!text) return zcz_fail_memory(qasm->context, qasm->error, "qelib1.inc", sizeof extra);
  zcz_source *source;
  bool first = qasm->num_symbols == 0;
  ZCZ_TRY(keep(qasm, text, sizeof extra - 1, "qelib1.inc", &source));
  ZCZ_TRY(read_source(qasm, source));
  /* a program may define these names anew, as it may those of the word table */
  if (first) qasm->scope = qasm->num_symbols;
  return ZCZ_OK;
}

zcz_status zcz_qasm_include(zcz_qasm *qasm) {
  zcz_token name;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  name = qasm->token;
  if (name.kind != ZCZ_TOKEN_STRING)
    return zcz_hint(qasm->error, zcz_qasm_expected(qasm, "the name of a file in quotes"),
                    "for example: include \"%s\";",
                    qasm->version == 2 ? "qelib1.inc" : "stdgates.inc");
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(zcz_qasm_want(qasm, ';', "\";\""));
  const char *library = qasm->version == 2 ? "qelib1.inc" : "stdgates.inc";
  if (name.size == strlen(library) && memcmp(name.start, library, name.size) == 0)
    return built_in(qasm);
  char path[PATH_MAX];
  char *text;
  size_t size = 0;
  if (qasm->includes >= ZCZ_QASM_INCLUDES || qasm->sources.count > 256)
    return refuse(qasm, &name, ZCZ_ERROR_UNABLE,
                  "more than 16 files within one another, or 256 in all",
                  "does a file include itself?");
  ZCZ_TRY(locate(qasm, &name, path));
  zcz_status status = load(qasm, &name, path, &text, &size);
  if (status != ZCZ_OK) {
    zcz_memory_release(qasm->context, text);
    return status;
  }
  zcz_source *source;
  ZCZ_TRY(keep(qasm, text, size, path, &source));
  qasm->includes++;
  ZCZ_TRY(read_source(qasm, source));
  qasm->includes--;
  return ZCZ_OK;
}
