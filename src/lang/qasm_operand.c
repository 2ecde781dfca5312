/* Operands: registers, single qubits and bits, ranges, index sets, aliases. */
#include <string.h>

#include "lang/qasm.h"

uint32_t zcz_qasm_operand_at(const zcz_qasm *qasm, const zcz_operand *operand, uint32_t i) {
  if (operand->single) i = 0;
  return operand->listed ? ZCZ_AT(qasm->lists, uint32_t, operand->first + i) : operand->first + i;
}

/* The i-th qubit or bit of a name. */
static uint32_t member(const zcz_qasm *qasm, const zcz_symbol *symbol, uint32_t i) {
  return symbol->kind == ZCZ_SYMBOL_ALIAS ? ZCZ_AT(qasm->alias_pool, uint32_t, symbol->index + i)
                                          : symbol->index + i;
}

static zcz_status push(zcz_qasm *qasm, zcz_operand *operand, uint32_t value) {
  ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->lists, 1, sizeof(uint32_t)));
  ZCZ_AT(qasm->lists, uint32_t, qasm->lists.count++) = value;
  operand->count++;
  return ZCZ_OK;
}

static zcz_status out_of_range(zcz_qasm *qasm, const zcz_token *at, const zcz_symbol *symbol,
                               int64_t index) {
  char quote[ZCZ_QUOTE_SIZE];
  return zcz_hint(qasm->error,
                  zcz_qasm_fail(qasm, at, ZCZ_ERROR_USAGE,
                                "index %lld is outside \"%s\", which has %u %s", (long long)index,
                                zcz_quote(quote, symbol->name, symbol->size_of_name), symbol->size,
                                symbol->kind == ZCZ_SYMBOL_BITS ? "bits" : "qubits"),
                  "indices run from 0 to %u", symbol->size - 1);
}

/* One index; a negative one counts from the end (OpenQASM 3). */
static zcz_status index_of(zcz_qasm *qasm, const zcz_symbol *symbol, int64_t *index) {
  zcz_token at = qasm->token;
  if (at.kind == ZCZ_TOKEN_INTEGER && (at.too_big || at.whole > INT64_MAX))
    return out_of_range(qasm, &at, symbol, INT64_MAX);
  if (qasm->version == 2 && at.kind != ZCZ_TOKEN_INTEGER)
    return zcz_qasm_expected(qasm, "an index, a whole number,");
  if (qasm->version == 2) {
    *index = (int64_t)at.whole;
    ZCZ_TRY(zcz_qasm_advance(qasm));
  } else {
    ZCZ_TRY(zcz_qasm_integer(qasm, "an index", index));
  }
  int64_t given = *index;
  if (*index < 0) *index += symbol->size;
  if (*index < 0 || *index >= symbol->size) return out_of_range(qasm, &at, symbol, given);
  return ZCZ_OK;
}

static zcz_status range(zcz_qasm *qasm, const zcz_token *at, zcz_symbol symbol, int64_t from,
                        int64_t step, int64_t to, zcz_operand *operand) {
  if (step == 0)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, at, ZCZ_ERROR_USAGE, "a range with a step of 0"),
                    "give a step that is not 0");
  operand->listed = true;
  operand->first = (uint32_t)qasm->lists.count;
  for (int64_t i = from; step > 0 ? i <= to : i >= to;) {
    ZCZ_TRY(push(qasm, operand, member(qasm, &symbol, (uint32_t)i)));
    if (step > 0 ? step > to - i : step < to - i) break;
    i += step;
  }
  if (operand->count == 0)
    return zcz_hint(qasm->error, zcz_qasm_fail(qasm, at, ZCZ_ERROR_USAGE, "this range is empty"),
                    "ranges are written first:last or first:step:last, both ends included");
  return ZCZ_OK;
}

/* What stands after ":": the rest of a range. `from` was read or, where nothing stood, is 0. */
static zcz_status rest_of_range(zcz_qasm *qasm, const zcz_token *at, zcz_symbol symbol,
                                int64_t from, zcz_operand *operand) {
  int64_t step = 1, to = (int64_t)symbol.size - 1;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  if (!zcz_token_is(&qasm->token, ']')) {
    zcz_token middle = qasm->token;
    size_t code = qasm->code.count;
    zcz_lexer saved = qasm->lexer;
    int64_t value;
    ZCZ_TRY(zcz_qasm_integer(qasm, "a part of a range", &value));
    if (zcz_token_is(&qasm->token, ':')) {
      step = value;
      ZCZ_TRY(zcz_qasm_advance(qasm));
      ZCZ_TRY(index_of(qasm, &symbol, &to));
    } else {
      qasm->lexer = saved; /* it was the last index: read it as one */
      qasm->token = middle;
      qasm->code.count = code;
      ZCZ_TRY(index_of(qasm, &symbol, &to));
    }
  }
  return range(qasm, at, symbol, from, step, to, operand);
}

static zcz_status index_set(zcz_qasm *qasm, zcz_symbol symbol, zcz_operand *operand) {
  operand->listed = true;
  operand->first = (uint32_t)qasm->lists.count;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  while (!zcz_token_is(&qasm->token, '}')) {
    int64_t index;
    ZCZ_TRY(index_of(qasm, &symbol, &index));
    ZCZ_TRY(push(qasm, operand, member(qasm, &symbol, (uint32_t)index)));
    if (!zcz_token_is(&qasm->token, ',')) break;
    ZCZ_TRY(zcz_qasm_advance(qasm));
  }
  if (operand->count == 0) return zcz_qasm_expected(qasm, "an index");
  return zcz_qasm_want(qasm, '}', "\"}\" after the indices");
}

static zcz_status in_brackets(zcz_qasm *qasm, zcz_symbol symbol, zcz_operand *operand) {
  zcz_token at = qasm->token;
  if (qasm->version == 3 && zcz_token_is(&at, '{')) return index_set(qasm, symbol, operand);
  int64_t from = 0;
  if (!zcz_token_is(&at, ':') || qasm->version == 2) ZCZ_TRY(index_of(qasm, &symbol, &from));
  if (qasm->version == 3 && zcz_token_is(&qasm->token, ':'))
    return rest_of_range(qasm, &at, symbol, from, operand);
  operand->single = true;
  operand->first = member(qasm, &symbol, (uint32_t)from);
  operand->count = 1;
  return ZCZ_OK;
}

zcz_status zcz_qasm_operand(zcz_qasm *qasm, bool qubits, zcz_operand *operand) {
  const char *what = qubits ? "qubit or register of qubits" : "bit or register of bits";
  *operand = (zcz_operand){0};
  if (qasm->token.kind == ZCZ_TOKEN_HARDWARE)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_UNABLE,
                                  "hardware qubits such as $0 are not supported"),
                    "declare \"qubit[n] q;\" and use q[i]; --qubits places them on the chip");
  zcz_token name;
  ZCZ_TRY(zcz_qasm_name(qasm, qubits ? "a qubit" : "a bit", &name));
  zcz_symbol *found = zcz_qasm_find(qasm, &name);
  bool right =
      found && (qubits ? found->kind == ZCZ_SYMBOL_QUBITS || found->kind == ZCZ_SYMBOL_ALIAS
                       : found->kind == ZCZ_SYMBOL_BITS);
  if (!right)
    return zcz_qasm_unknown(qasm, &name, what, qubits ? ZCZ_SYMBOL_QUBITS : ZCZ_SYMBOL_BITS);
  zcz_symbol symbol = *found;
  if (!zcz_token_is(&qasm->token, '[')) {
    operand->single = !symbol.indexable;
    operand->count = symbol.size;
    if (symbol.kind != ZCZ_SYMBOL_ALIAS) {
      operand->first = symbol.index;
      return ZCZ_OK;
    }
    operand->listed = true;
    operand->first = (uint32_t)qasm->lists.count;
    operand->count = 0;
    for (uint32_t i = 0; i < symbol.size; i++)
      ZCZ_TRY(push(qasm, operand, member(qasm, &symbol, i)));
    return ZCZ_OK;
  }
  if (!symbol.indexable) {
    char quote[ZCZ_QUOTE_SIZE];
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_USAGE,
                                  "\"%s\" is one %s and has no indices",
                                  zcz_token_quote(quote, &name), qubits ? "qubit" : "bit"),
                    "leave the brackets out");
  }
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(in_brackets(qasm, symbol, operand));
  ZCZ_TRY(zcz_qasm_want(qasm, ']', "\"]\""));
  if (zcz_token_is(&qasm->token, '['))
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_USAGE, "a second index"),
                    "registers have one index");
  return ZCZ_OK;
}

/* let NAME = qubits ++ qubits ...; */
zcz_status zcz_qasm_alias(zcz_qasm *qasm) {
  zcz_token name;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(zcz_qasm_name(qasm, "a name for the alias", &name));
  ZCZ_TRY(zcz_qasm_want(qasm, '=', "\"=\""));
  size_t first = qasm->alias_pool.count;
  bool single = true;
  for (uint32_t parts = 0;; parts++) {
    zcz_operand operand;
    ZCZ_TRY(zcz_qasm_operand(qasm, true, &operand));
    single = operand.single && parts == 0;
    ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->alias_pool, operand.count, sizeof(uint32_t)));
    for (uint32_t i = 0; i < operand.count; i++)
      ZCZ_AT(qasm->alias_pool, uint32_t, qasm->alias_pool.count++) =
          zcz_qasm_operand_at(qasm, &operand, i);
    qasm->operands_made += operand.count;
    qasm->lists.count = 0;
    if (!zcz_token_is(&qasm->token, ZCZ_SYMBOL2('+', '+'))) break;
    ZCZ_TRY(zcz_qasm_advance(qasm));
  }
  size_t size = qasm->alias_pool.count - first;
  if (size > ZCZ_QASM_QUBITS || qasm->operands_made > ZCZ_QASM_OPERANDS)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &name, ZCZ_ERROR_UNABLE, "aliases of too many qubits"),
                    "an alias may name each qubit once");
  ZCZ_TRY(zcz_qasm_distinct(qasm, &ZCZ_AT(qasm->alias_pool, uint32_t, first), (uint32_t)size));
  zcz_symbol *symbol;
  ZCZ_TRY(zcz_qasm_declare(qasm, &name, ZCZ_SYMBOL_ALIAS, &symbol));
  symbol->indexable = !single;
  symbol->index = (uint32_t)first;
  symbol->size = (uint32_t)size;
  return zcz_qasm_want(qasm, ';', "\";\"");
}

zcz_status zcz_qasm_distinct(zcz_qasm *qasm, const uint32_t *qubits, uint32_t count) {
  if (++qasm->stamp == 0) {
    memset(qasm->stamps.items, 0, qasm->stamps.count * sizeof(uint32_t));
    qasm->stamp = 1;
  }
  for (uint32_t i = 0; i < count; i++) {
    uint32_t *stamp = &ZCZ_AT(qasm->stamps, uint32_t, qubits[i]);
    if (*stamp == qasm->stamp)
      return zcz_hint(qasm->error,
                      zcz_source_fail(qasm->lexer.source, qasm->error, qasm->offset,
                                      ZCZ_ERROR_USAGE,
                                      "the same qubit stands twice in one operation (qubit %u of "
                                      "the program)",
                                      qubits[i]),
                      "an operation needs different qubits");
    *stamp = qasm->stamp;
  }
  return ZCZ_OK;
}
