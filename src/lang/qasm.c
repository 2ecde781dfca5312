/* Tokens, names, registers and the frame of reading OpenQASM. */
#include "lang/qasm.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

zcz_status zcz_qasm_grow(zcz_qasm *qasm, zcz_array *array, size_t extra, size_t size) {
  if (zcz_memory_grow(qasm->context, &array->items, &array->capacity, array->count + extra, size))
    return ZCZ_OK;
  return zcz_fail_memory(qasm->context, qasm->error, "the program's text",
                         (uint64_t)(array->count + extra) * size);
}

zcz_status zcz_qasm_advance(zcz_qasm *qasm) {
  return zcz_lexer_next(&qasm->lexer, &qasm->token, qasm->error);
}

zcz_status zcz_qasm_fail(zcz_qasm *qasm, const zcz_token *token, zcz_status status,
                         const char *format, ...) {
  char message[ZCZ_MESSAGE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return zcz_source_fail(qasm->lexer.source, qasm->error, token->offset, status, "%s", message);
}

zcz_status zcz_qasm_expected(zcz_qasm *qasm, const char *what) {
  char quote[ZCZ_QUOTE_SIZE];
  const char *found = zcz_token_quote(quote, &qasm->token);
  bool end = qasm->token.kind == ZCZ_TOKEN_END;
  return zcz_hint(qasm->error,
                  zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_USAGE,
                                end ? "expected %s, found %s" : "expected %s, found \"%s\"", what,
                                found),
                  end ? "is the program complete?"
                      : "look at the spelling, the commas and the brackets before this place");
}

zcz_status zcz_qasm_want(zcz_qasm *qasm, uint32_t symbol, const char *what) {
  if (!zcz_token_is(&qasm->token, symbol)) {
    zcz_status status = zcz_qasm_expected(qasm, what);
    if (symbol == ';') return zcz_hint(qasm->error, status, "end each statement with a semicolon");
    return status;
  }
  return zcz_qasm_advance(qasm);
}

zcz_status zcz_qasm_name(zcz_qasm *qasm, const char *what, zcz_token *name) {
  if (qasm->token.kind != ZCZ_TOKEN_NAME) return zcz_qasm_expected(qasm, what);
  if (qasm->token.size > ZCZ_NAME_LIMIT)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_UNABLE,
                                  "a name of %zu bytes; at most %d are read", qasm->token.size,
                                  (int)ZCZ_NAME_LIMIT),
                    "shorten the name");
  *name = qasm->token;
  return zcz_qasm_advance(qasm);
}

zcz_status zcz_qasm_enter(zcz_qasm *qasm) {
  if (++qasm->nesting <= ZCZ_QASM_NESTING) return ZCZ_OK;
  return zcz_hint(qasm->error,
                  zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_UNABLE,
                                "nested deeper than %d levels", (int)ZCZ_QASM_NESTING),
                  "split the expression or the blocks into smaller parts");
}

void zcz_qasm_leave(zcz_qasm *qasm) { qasm->nesting--; }

zcz_status zcz_qasm_place(zcz_qasm *qasm, zcz_status status) {
  return zcz_source_place(qasm->lexer.source, qasm->error, qasm->offset, status);
}

/* ---- names ---- */

static uint32_t hash_name(const char *name, size_t size) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < size; i++) hash = (hash ^ (unsigned char)name[i]) * 16777619u;
  return hash ^ hash >> 15;
}

zcz_symbol *zcz_qasm_find(zcz_qasm *qasm, const zcz_token *name) {
  if (qasm->num_buckets == 0) return NULL;
  uint32_t hash = hash_name(name->start, name->size);
  uint32_t at = qasm->buckets[hash & (qasm->num_buckets - 1)];
  while (at != ZCZ_NONE) {
    zcz_symbol *symbol = &qasm->symbols[at];
    if (symbol->hash == hash && symbol->size_of_name == name->size &&
        memcmp(symbol->name, name->start, name->size) == 0)
      return symbol;
    at = symbol->next;
  }
  return NULL;
}

static bool is_reserved(const zcz_qasm *qasm, const zcz_token *name) {
  static const char *const words2[] = {
      "OPENQASM", "include", "qreg", "creg", "gate", "opaque", "measure", "reset", "barrier", "if",
      "pi",       "U",       "CX",   "sin",  "cos",  "tan",    "exp",     "ln",    "sqrt"};
  static const char *const words3[] = {
      "OPENQASM", "include", "defcalgrammar", "def",     "cal",      "defcal",
      "gate",     "extern",  "box",           "let",     "break",    "continue",
      "if",       "else",    "end",           "return",  "for",      "while",
      "in",       "switch",  "case",          "default", "pragma",   "input",
      "output",   "const",   "readonly",      "mutable", "qreg",     "qubit",
      "creg",     "bool",    "bit",           "int",     "uint",     "float",
      "angle",    "complex", "array",         "void",    "duration", "stretch",
      "gphase",   "inv",     "pow",           "ctrl",    "negctrl",  "durationof",
      "delay",    "reset",   "measure",       "barrier", "true",     "false",
      "pi",       "tau",     "euler",         "U",       "im"};
  const char *const *words = qasm->version == 2 ? words2 : words3;
  size_t count =
      qasm->version == 2 ? sizeof words2 / sizeof words2[0] : sizeof words3 / sizeof words3[0];
  for (size_t i = 0; i < count; i++) {
    if (zcz_token_is_word(name, words[i])) return true;
  }
  return false;
}

/* Twice the buckets; newer names come before older ones, as they were. */
static zcz_status more_buckets(zcz_qasm *qasm) {
  size_t count = qasm->num_buckets ? 2 * qasm->num_buckets : 64;
  uint32_t *buckets = zcz_memory_allocate(qasm->context, count * sizeof *buckets);
  if (!buckets)
    return zcz_fail_memory(qasm->context, qasm->error, "the program's names",
                           count * sizeof *buckets);
  for (size_t i = 0; i < count; i++) buckets[i] = ZCZ_NONE;
  for (size_t i = 0; i < qasm->num_symbols; i++) {
    uint32_t *bucket = &buckets[qasm->symbols[i].hash & (count - 1)];
    qasm->symbols[i].next = *bucket;
    *bucket = (uint32_t)i;
  }
  zcz_memory_release(qasm->context, qasm->buckets);
  qasm->buckets = buckets;
  qasm->num_buckets = count;
  return ZCZ_OK;
}

zcz_status zcz_qasm_declare(zcz_qasm *qasm, const zcz_token *name, zcz_symbol_kind kind,
                            zcz_symbol **result) {
  char quote[ZCZ_QUOTE_SIZE];
  if (is_reserved(qasm, name))
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, name, ZCZ_ERROR_USAGE,
                                  "\"%s\" is a word of OpenQASM %d and cannot be a name",
                                  zcz_token_quote(quote, name), qasm->version),
                    "choose another name");
  zcz_symbol *old = zcz_qasm_find(qasm, name);
  if (old && (size_t)(old - qasm->symbols) >= qasm->scope)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, name, ZCZ_ERROR_USAGE, "\"%s\" is already declared",
                                  zcz_token_quote(quote, name)),
                    "choose another name, or remove one of the two");
  void *items = qasm->symbols;
  if (!zcz_memory_grow(qasm->context, &items, &qasm->symbol_capacity, qasm->num_symbols + 1,
                       sizeof *qasm->symbols))
    return zcz_fail_memory(qasm->context, qasm->error, "the program's names",
                           (qasm->num_symbols + 1) * sizeof *qasm->symbols);
  qasm->symbols = items;
  if (qasm->num_symbols >= qasm->num_buckets) ZCZ_TRY(more_buckets(qasm));
  zcz_symbol *symbol = &qasm->symbols[qasm->num_symbols];
  uint32_t hash = hash_name(name->start, name->size);
  *symbol = (zcz_symbol){.name = name->start,
                         .size_of_name = (uint32_t)name->size,
                         .hash = hash,
                         .next = qasm->buckets[hash & (qasm->num_buckets - 1)],
                         .kind = kind};
  qasm->buckets[hash & (qasm->num_buckets - 1)] = (uint32_t)qasm->num_symbols++;
  *result = symbol;
  return ZCZ_OK;
}

size_t zcz_qasm_open_scope(zcz_qasm *qasm) {
  size_t outer = qasm->scope;
  qasm->scope = qasm->num_symbols;
  return outer;
}

void zcz_qasm_close_scope(zcz_qasm *qasm, size_t outer) {
  while (qasm->num_symbols > qasm->scope) {
    const zcz_symbol *symbol = &qasm->symbols[--qasm->num_symbols];
    qasm->buckets[symbol->hash & (qasm->num_buckets - 1)] = symbol->next;
  }
  qasm->scope = outer;
}

zcz_status zcz_qasm_unknown(zcz_qasm *qasm, const zcz_token *name, const char *what,
                            zcz_symbol_kind kind) {
  char quote[ZCZ_QUOTE_SIZE];
  zcz_symbol *other = zcz_qasm_find(qasm, name);
  zcz_token_quote(quote, name);
  if (other)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, name, ZCZ_ERROR_USAGE, "\"%s\" is no %s", quote, what),
                    "the program declares it as something else");
  zcz_status status = zcz_qasm_fail(qasm, name, ZCZ_ERROR_USAGE, "unknown %s \"%s\"", what, quote);
  zcz_nearest nearest = {.wanted = name->start, .size = name->size};
  enum { LOOKED_AT = 10000 }; /* so that a wrong name in a huge program stays cheap */
  for (size_t i = 0; i < qasm->num_symbols && i < LOOKED_AT; i++) {
    if (qasm->symbols[i].kind == kind)
      zcz_nearest_offer(&nearest, qasm->symbols[i].name, qasm->symbols[i].size_of_name);
  }
  if (kind == ZCZ_SYMBOL_GATE) {
    if (!qasm->library && qasm->version == 2 &&
        zcz_word_find(qasm->language, name->start, name->size))
      return zcz_hint(qasm->error, status, "add the line: include \"qelib1.inc\";");
    size_t count;
    const zcz_word *words = zcz_words(&count);
    for (size_t i = 0; i < count; i++) {
      const char *spelling = words[i].spelling[qasm->language];
      if (spelling && (qasm->library || qasm->version == 3))
        zcz_nearest_offer(&nearest, spelling, strlen(spelling));
    }
  }
  if (zcz_nearest_name(&nearest))
    return zcz_hint(qasm->error, status, "did you mean \"%s\"?", zcz_nearest_name(&nearest));
  return zcz_hint(qasm->error, status,
                  kind == ZCZ_SYMBOL_GATE ? "define it with \"gate\" before it is used"
                                          : "declare it before it is used");
}

/* ---- registers ---- */

zcz_status zcz_qasm_size(zcz_qasm *qasm, bool qubits, uint32_t *size) {
  zcz_token at = qasm->token;
  const char *what = qubits ? "qubits" : "bits";
  int64_t limit = qubits ? ZCZ_QASM_QUBITS : ZCZ_QASM_BITS, value = 0;
  if (at.kind == ZCZ_TOKEN_INTEGER && at.too_big) {
    value = INT64_MAX;
    ZCZ_TRY(zcz_qasm_advance(qasm));
  } else if (qasm->version == 2 && at.kind == ZCZ_TOKEN_INTEGER) {
    value = at.whole > INT64_MAX ? INT64_MAX : (int64_t)at.whole;
    ZCZ_TRY(zcz_qasm_advance(qasm));
  } else if (qasm->version == 2) {
    return zcz_qasm_expected(qasm, "the size of the register");
  } else {
    ZCZ_TRY(zcz_qasm_integer(qasm, "the size of a register", &value));
  }
  if (value < 1)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &at, ZCZ_ERROR_USAGE,
                                  "a register of %lld %s; it needs at least 1", (long long)value,
                                  what),
                    "give a size of 1 or more");
  if (value > limit)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &at, ZCZ_ERROR_UNABLE,
                                  "a register of %lld %s; a program may have %lld",
                                  (long long)value, what, (long long)limit),
                    "declare no more than the program uses");
  *size = (uint32_t)value;
  return ZCZ_OK;
}

zcz_status zcz_qasm_register(zcz_qasm *qasm, const zcz_token *name, bool qubits, bool single,
                             uint32_t size, uint32_t *offset) {
  char text[ZCZ_NAME_LIMIT + 1];
  uint32_t have =
      qubits ? zcz_circuit_num_qubits(qasm->circuit) : zcz_circuit_num_bits(qasm->circuit);
  uint32_t limit = qubits ? ZCZ_QASM_QUBITS : ZCZ_QASM_BITS;
  if (size > limit - have)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, name, ZCZ_ERROR_UNABLE,
                                  "%u %s with this register; a program may have %u", have + size,
                                  qubits ? "qubits" : "bits", limit),
                    "declare no more than the program uses");
  zcz_symbol *symbol;
  ZCZ_TRY(zcz_qasm_declare(qasm, name, qubits ? ZCZ_SYMBOL_QUBITS : ZCZ_SYMBOL_BITS, &symbol));
  memcpy(text, name->start, name->size);
  text[name->size] = 0;
  zcz_status status = qubits
                          ? zcz_circuit_add_qubits(qasm->circuit, text, size, offset, qasm->error)
                          : zcz_circuit_add_bits(qasm->circuit, text, size, offset, qasm->error);
  if (status != ZCZ_OK) return zcz_qasm_place(qasm, status);
  symbol->indexable = !single;
  symbol->index = *offset;
  symbol->size = size;
  if (!qubits) return ZCZ_OK;
  ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->stamps, size, sizeof(uint32_t)));
  memset(&ZCZ_AT(qasm->stamps, uint32_t, qasm->stamps.count), 0, size * sizeof(uint32_t));
  qasm->stamps.count += size;
  return ZCZ_OK;
}

/* ---- the frame ---- */

static zcz_status version_line(zcz_qasm *qasm) {
  if (!zcz_token_is_word(&qasm->token, "OPENQASM")) return ZCZ_OK;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  zcz_token number = qasm->token;
  if (number.kind != ZCZ_TOKEN_REAL && number.kind != ZCZ_TOKEN_INTEGER)
    return zcz_qasm_expected(qasm, "the version of OpenQASM");
  char quote[ZCZ_QUOTE_SIZE];
  bool known = qasm->version == 2 ? number.real == 2.0 : number.real >= 3.0 && number.real < 4.0;
  if (!known)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &number, ZCZ_ERROR_USAGE,
                                  "a program of OpenQASM %s read as OpenQASM %d",
                                  zcz_token_quote(quote, &number), qasm->version),
                    "the versions read are 2.0 and 3; name the language: --lang qasm2 or qasm3");
  ZCZ_TRY(zcz_qasm_advance(qasm));
  return zcz_qasm_want(qasm, ';', "\";\" after the version");
}

static zcz_status read_all(zcz_qasm *qasm) {
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(version_line(qasm));
  while (qasm->token.kind != ZCZ_TOKEN_END) ZCZ_TRY(qasm->statement(qasm));
  return ZCZ_OK;
}

static void release(zcz_qasm *qasm) {
  zcz_context *context = qasm->context;
  for (size_t i = 0; i < qasm->sources.count; i++) {
    zcz_source *source = ZCZ_AT(qasm->sources, zcz_source *, i);
    zcz_memory_release(context, (void *)(uintptr_t)source->text);
    zcz_memory_release(context, (void *)(uintptr_t)source->file);
    zcz_memory_release(context, source);
  }
  zcz_array *arrays[] = {&qasm->sources, &qasm->code,        &qasm->formulas,   &qasm->modifiers,
                         &qasm->calls,   &qasm->definitions, &qasm->qubit_pool, &qasm->alias_pool,
                         &qasm->lists,   &qasm->operands,    &qasm->values,     &qasm->places,
                         &qasm->machine, &qasm->stamps};
  for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
    zcz_memory_release(context, arrays[i]->items);
  zcz_memory_release(context, qasm->symbols);
  zcz_memory_release(context, qasm->buckets);
  zcz_circuit_free(qasm->circuit);
  zcz_memory_release(context, qasm);
}

zcz_status zcz_qasm_read(zcz_context *context, int version, zcz_qasm_statement *statement,
                         const zcz_source *source, const zcz_language_options *options,
                         zcz_circuit **circuit, zcz_error *error) {
  zcz_qasm *qasm = zcz_memory_zeroed(context, 1, sizeof *qasm);
  if (!qasm) return zcz_fail_memory(context, error, "the reader", sizeof *qasm);
  qasm->context = context;
  qasm->options = options;
  qasm->error = error;
  qasm->version = version;
  qasm->statement = statement;
  qasm->language = version == 2 ? ZCZ_LANGUAGE_QASM2 : ZCZ_LANGUAGE_QASM3;
  qasm->condition = ZCZ_NONE;
  qasm->lexer = (zcz_lexer){.source = source, .line = 1, .version = version};
  zcz_status status = zcz_circuit_new(context, &qasm->circuit, error);
  /* so that the places of empty lists have an address */
  zcz_array *arrays[] = {&qasm->qubit_pool, &qasm->places};
  for (size_t i = 0; status == ZCZ_OK && i < 2; i++)
    status = zcz_qasm_grow(qasm, arrays[i], 16, sizeof(uint32_t));
  if (status == ZCZ_OK) status = zcz_qasm_grow(qasm, &qasm->values, 16, sizeof(double));
  if (status == ZCZ_OK) status = read_all(qasm);
  if (status == ZCZ_OK) {
    *circuit = qasm->circuit;
    qasm->circuit = NULL;
  }
  release(qasm);
  return status;
}
