#include "lang/token.h"

#include <stdlib.h>
#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool zcz_token_is_word(const zcz_token *token, const char *word) {
  return token->kind == ZCZ_TOKEN_NAME && strlen(word) == token->size &&
         memcmp(word, token->start, token->size) == 0;
}

const char *zcz_token_quote(char buffer[ZCZ_QUOTE_SIZE], const zcz_token *token) {
  if (token->kind == ZCZ_TOKEN_END) return strcpy(buffer, "the end of the program");
  return zcz_quote(buffer, token->start, token->size);
}

/* strtod reads the decimal point of the locale; a library must not depend on it. */
bool zcz_numeral(const char *start, size_t size, double *value) {
  char buffer[4096];
  if (size == 0 || size > 4000) return false;
  static const char allowed[] = "0123456789.eE+-";
  for (size_t i = 0; i < size; i++) {
    if (!strchr(allowed, start[i]) || start[i] == 0) return false;
  }
  memcpy(buffer, start, size);
  buffer[size] = 0;
  char *end;
  *value = strtod(buffer, &end);
  if (end == buffer + size) return true;
  char *point = memchr(buffer, '.', size);
  if (!point) return false;
  *point = ',';
  *value = strtod(buffer, &end);
  return end == buffer + size;
}

static size_t name_length(const char *text, size_t left) {
  size_t length = 0;
  while (length < left) {
    if (is_letter(text[length]) || (length > 0 && is_digit(text[length]))) {
      length++;
      continue;
    }
    size_t character = zcz_utf8_length(text + length, left - length);
    if (character < 2) break; /* Greek letters and others: any character past ASCII */
    length += character;
  }
  return length;
}

/* Digits of a base with single underscores between them. Returns the length, 0 when malformed. */
static size_t digits(const char *text, size_t left, int base, uint64_t *value, bool *too_big) {
  size_t at = 0;
  bool after_digit = false;
  *value = 0;
  *too_big = false;
  while (at < left) {
    char c = text[at];
    int digit = is_digit(c)            ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : 99;
    if (c == '_' && after_digit) {
      after_digit = false;
      at++;
      continue;
    }
    if (digit >= base) break;
    if (*value > (UINT64_MAX - (uint64_t)digit) / (uint64_t)base) *too_big = true;
    *value = *value * (uint64_t)base + (uint64_t)digit;
    after_digit = true;
    at++;
  }
  return after_digit ? at : 0;
}

static zcz_status bad_number(const zcz_lexer *lexer, zcz_error *error, size_t size) {
  char quote[ZCZ_QUOTE_SIZE];
  const char *start = lexer->source->text + lexer->at;
  while (lexer->at + size < lexer->source->size &&
         (is_letter(start[size]) || is_digit(start[size])))
    size++;
  return zcz_hint(error,
                  zcz_source_fail(lexer->source, error, lexer->at, ZCZ_ERROR_USAGE,
                                  "\"%s\" is no number", zcz_quote(quote, start, size)),
                  "write numbers like 3, 0.25 or 1e-3; names begin with a letter");
}

static size_t unit_of_time(const char *text, size_t left, double *nanoseconds) {
  static const struct {
    const char *name;
    double nanoseconds;
  } units[] = {{"dt", 0.5},        {"ns", 1},   {"us", 1e3}, {"\xc2\xb5s", 1e3},
               {"\xce\xbcs", 1e3}, {"ms", 1e6}, {"s", 1e9}};
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    size_t size = strlen(units[i].name);
    if (size <= left && memcmp(text, units[i].name, size) == 0 && name_length(text, left) == size) {
      *nanoseconds = units[i].nanoseconds;
      return size;
    }
  }
  return 0;
}

static zcz_status number(zcz_lexer *lexer, zcz_token *token, zcz_error *error) {
  const char *text = lexer->source->text + lexer->at;
  size_t left = lexer->source->size - lexer->at, size = 0;
  if (lexer->version == 3 && left > 2 && text[0] == '0' && strchr("xXbBoO", text[1])) {
    int base = text[1] == 'x' || text[1] == 'X' ? 16 : text[1] == 'b' || text[1] == 'B' ? 2 : 8;
    size = digits(text + 2, left - 2, base, &token->whole, &token->too_big);
    if (size == 0 || name_length(text + 2 + size, left - 2 - size) ||
        (size + 2 < left && is_digit(text[2 + size])))
      return bad_number(lexer, error, size + 2);
    size += 2;
    token->kind = ZCZ_TOKEN_INTEGER;
    token->real = (double)token->whole;
  } else {
    char plain[4096] = "";
    size_t used = 0;
    bool real = false;
    while (size < left) {
      char c = text[size];
      if (c == '_' && lexer->version == 3 && size > 0 && is_digit(text[size - 1]) &&
          size + 1 < left && is_digit(text[size + 1])) {
        size++;
        continue;
      }
      bool exponent =
          (c == 'e' || c == 'E') && size + 1 < left &&
          (is_digit(text[size + 1]) || ((text[size + 1] == '+' || text[size + 1] == '-') &&
                                        size + 2 < left && is_digit(text[size + 2])));
      if (!is_digit(c) && c != '.' && !exponent) break;
      if (!is_digit(c)) real = true;
      if (used + 2 > sizeof plain) return bad_number(lexer, error, 1);
      plain[used++] = c;
      size++;
      if (exponent && !is_digit(text[size])) plain[used++] = text[size++];
    }
    if (!zcz_numeral(plain, used, &token->real)) return bad_number(lexer, error, size);
    token->kind = real ? ZCZ_TOKEN_REAL : ZCZ_TOKEN_INTEGER;
    token->whole = 0;
    if (!real) (void)digits(plain, used, 10, &token->whole, &token->too_big);
    double unit;
    size_t unit_size = 0;
    if (lexer->version == 3) unit_size = unit_of_time(text + size, left - size, &unit);
    if (unit_size) {
      token->kind = ZCZ_TOKEN_TIME;
      token->real *= unit;
      size += unit_size;
    } else if (size < left && name_length(text + size, left - size)) {
      if (!(lexer->version == 3 && left - size >= 2 && memcmp(text + size, "im", 2) == 0 &&
            name_length(text + size, left - size) == 2))
        return bad_number(lexer, error, size);
    }
  }
  token->size = size;
  return ZCZ_OK;
}

static size_t symbol_length(const char *text, size_t left, int version) {
  static const char *const three[] = {"**=", "<<=", ">>="};
  static const char *const two[] = {"->", "==", "!=", "<=", ">=", "&&", "||", "<<", ">>", "**",
                                    "++", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "~="};
  for (size_t i = 0; version == 3 && i < sizeof three / sizeof three[0]; i++) {
    if (left >= 3 && memcmp(text, three[i], 3) == 0) return 3;
  }
  for (size_t i = 0; i < sizeof two / sizeof two[0]; i++) {
    if (left >= 2 && memcmp(text, two[i], 2) == 0) return 2;
  }
  return left && text[0] && strchr("()[]{};:,.+-*/%^&|~!<>=@", text[0]) ? 1 : 0;
}

/* Passes over blanks and comments. */
static zcz_status skip(zcz_lexer *lexer, zcz_error *error) {
  const char *text = lexer->source->text;
  size_t size = lexer->source->size, at = lexer->at;
  while (at < size) {
    char c = text[at];
    if (c == '\n') {
      lexer->line++;
      lexer->line_started = false;
      at++;
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
      at++;
    } else if (c == '/' && at + 1 < size && text[at + 1] == '/') {
      while (at < size && text[at] != '\n') at++;
    } else if (c == '/' && at + 1 < size && text[at + 1] == '*') {
      size_t start = at;
      for (at += 2;; at++) {
        if (at + 1 >= size)
          return zcz_hint(error,
                          zcz_source_fail(lexer->source, error, start, ZCZ_ERROR_USAGE,
                                          "this comment has no end"),
                          "close it with */");
        if (text[at] == '\n') lexer->line++;
        if (text[at] == '*' && text[at + 1] == '/') break;
      }
      at += 2;
    } else if (at == 0 && size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
      at = 3; /* a byte order mark */
    } else {
      break;
    }
  }
  lexer->at = at;
  return ZCZ_OK;
}

static void rest_of_line(const zcz_lexer *lexer, size_t from, zcz_token *token) {
  const char *text = lexer->source->text;
  size_t end = from;
  while (end < lexer->source->size && text[end] != '\n') end++;
  token->kind = ZCZ_TOKEN_PRAGMA;
  token->start = text + from;
  token->size = end - from;
  if (token->size && text[end - 1] == '\r') token->size--;
}

static zcz_status string(zcz_lexer *lexer, zcz_token *token, zcz_error *error) {
  const char *text = lexer->source->text;
  size_t end = lexer->at + 1;
  while (end < lexer->source->size && text[end] != text[lexer->at] && text[end] != '\n') end++;
  if (end >= lexer->source->size || text[end] == '\n')
    return zcz_hint(error,
                    zcz_source_fail(lexer->source, error, lexer->at, ZCZ_ERROR_USAGE,
                                    "this text in quotes has no end on its line"),
                    "close it with the same quotation mark");
  token->kind = ZCZ_TOKEN_STRING;
  token->start = text + lexer->at + 1;
  token->size = end - lexer->at - 1;
  lexer->at = end + 1;
  return ZCZ_OK;
}

static zcz_status unknown_character(const zcz_lexer *lexer, zcz_error *error) {
  const char *text = lexer->source->text + lexer->at;
  size_t length = zcz_utf8_length(text, lexer->source->size - lexer->at);
  unsigned char byte = (unsigned char)text[0];
  if (length == 0 || byte < 0x20 || byte == 0x7f)
    return zcz_hint(error,
                    zcz_source_fail(lexer->source, error, lexer->at, ZCZ_ERROR_USAGE,
                                    "the byte 0x%02x does not belong in a program", byte),
                    "is this file an OpenQASM program in UTF-8?");
  return zcz_hint(error,
                  zcz_source_fail(lexer->source, error, lexer->at, ZCZ_ERROR_USAGE,
                                  "the character '%.*s' has no meaning here", (int)length, text),
                  "remove it, or put it into a comment (// ...)");
}

zcz_status zcz_lexer_next(zcz_lexer *lexer, zcz_token *token, zcz_error *error) {
  ZCZ_TRY(skip(lexer, error));
  const char *text = lexer->source->text + lexer->at;
  size_t left = lexer->source->size - lexer->at;
  *token =
      (zcz_token){.kind = ZCZ_TOKEN_END, .line = lexer->line, .offset = lexer->at, .start = text};
  if (left == 0) return ZCZ_OK;
  bool first = !lexer->line_started;
  lexer->line_started = true;
  if (text[0] == '"' || (text[0] == '\'' && lexer->version == 3))
    return string(lexer, token, error);
  size_t size = name_length(text, left);
  if (size) {
    token->kind = ZCZ_TOKEN_NAME;
    token->size = size;
    if (first && lexer->version == 3 && zcz_token_is_word(token, "pragma"))
      rest_of_line(lexer, lexer->at + 6, token);
  } else if (is_digit(text[0]) || (text[0] == '.' && left > 1 && is_digit(text[1]))) {
    ZCZ_TRY(number(lexer, token, error));
  } else if (text[0] == '$' && left > 1 && is_digit(text[1])) {
    token->kind = ZCZ_TOKEN_HARDWARE;
    token->size = 1;
    while (token->size < left && is_digit(text[token->size])) token->size++;
  } else if (lexer->version == 3 && left >= 7 && memcmp(text, "#pragma", 7) == 0 && first) {
    rest_of_line(lexer, lexer->at + 7, token);
  } else {
    size = symbol_length(text, left, lexer->version);
    if (size == 0) return unknown_character(lexer, error);
    token->kind = ZCZ_TOKEN_SYMBOL;
    token->size = size;
    for (size_t i = 0; i < size; i++) token->symbol |= (uint32_t)(unsigned char)text[i] << (8 * i);
  }
  lexer->at = (size_t)(token->start - lexer->source->text) + token->size;
  return ZCZ_OK;
}
