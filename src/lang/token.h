/* Tokens of OpenQASM 2 and 3. */
#ifndef ZCZ_LANG_TOKEN_H
#define ZCZ_LANG_TOKEN_H

#include "lang/text.h"

typedef enum zcz_token_kind {
  ZCZ_TOKEN_END,
  ZCZ_TOKEN_NAME,
  ZCZ_TOKEN_INTEGER, /* `whole`, or too big for it: `real` alone */
  ZCZ_TOKEN_REAL,
  ZCZ_TOKEN_TIME,     /* a number with ns, us, ms, s or dt: `real` in nanoseconds */
  ZCZ_TOKEN_STRING,   /* `start`, `size` without the quotes */
  ZCZ_TOKEN_HARDWARE, /* $n */
  ZCZ_TOKEN_PRAGMA,   /* the rest of the line after the word */
  ZCZ_TOKEN_SYMBOL    /* `symbol`: up to three characters */
} zcz_token_kind;

#define ZCZ_SYMBOL2(a, b) ((uint32_t)(a) | (uint32_t)(b) << 8)
#define ZCZ_SYMBOL3(a, b, c) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16)

typedef struct zcz_token {
  zcz_token_kind kind;
  bool too_big; /* an INTEGER past 64 bits */
  uint32_t symbol;
  uint32_t line;
  size_t offset; /* of its first byte in the source */
  const char *start;
  size_t size;
  uint64_t whole;
  double real;
} zcz_token;

typedef struct zcz_lexer {
  const zcz_source *source;
  size_t at;
  uint32_t line;
  int version;       /* of OpenQASM: 2 or 3 */
  bool line_started; /* a token of this line was read (pragmas stand first) */
} zcz_lexer;

/* The next token; comments and blanks are passed over. USAGE on what is no token. */
zcz_status zcz_lexer_next(zcz_lexer *lexer, zcz_token *token, zcz_error *error) ZCZ_MUST_CHECK;

static inline bool zcz_token_is(const zcz_token *token, uint32_t symbol) {
  return token->kind == ZCZ_TOKEN_SYMBOL && token->symbol == symbol;
}
bool zcz_token_is_word(const zcz_token *token, const char *word);
/* For messages: the token as it stands, or "the end of the program". */
const char *zcz_token_quote(char buffer[ZCZ_QUOTE_SIZE], const zcz_token *token);

/* A decimal numeral of at most 4,000 bytes at `start`, the whole of it: its value. False where it is
 * none. Independent of the locale. */
bool zcz_numeral(const char *start, size_t size, double *value);

#endif
