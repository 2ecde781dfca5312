/* OpenQASM 2 (arXiv:1707.03429): its statements. What it shares with OpenQASM 3 is in qasm*.c.
 * U(theta, phi, lambda) = Rz(phi) Ry(theta) Rz(lambda), so is u3; u1 is diag(1, exp(i lambda)), and
 * the named gates of qelib1.inc are their usual matrices. */
#include "lang/lang.h"
#include "lang/qasm.h"

static zcz_status declare(zcz_qasm *qasm, bool qubits) {
  zcz_token name;
  uint32_t size, offset;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(zcz_qasm_name(qasm, "the register's name", &name));
  ZCZ_TRY(zcz_qasm_want(qasm, '[', "\"[\" and the size of the register"));
  ZCZ_TRY(zcz_qasm_size(qasm, qubits, &size));
  ZCZ_TRY(zcz_qasm_want(qasm, ']', "\"]\""));
  ZCZ_TRY(zcz_qasm_register(qasm, &name, qubits, false, size, &offset));
  return zcz_qasm_want(qasm, ';', "\";\"");
}

zcz_status zcz_qasm_measure_into(zcz_qasm *qasm, const zcz_operand *qubits,
                                 const zcz_operand *bits) {
  if (qubits->count != bits->count)
    return zcz_hint(qasm->error,
                    zcz_source_fail(qasm->lexer.source, qasm->error, qasm->offset, ZCZ_ERROR_USAGE,
                                    "%u qubits measured into %u bits", qubits->count, bits->count),
                    "measure into as many bits as there are qubits");
  for (uint32_t i = 0; i < qubits->count; i++) {
    uint32_t qubit = zcz_qasm_operand_at(qasm, qubits, i);
    zcz_op op = zcz_qasm_op(qasm, ZCZ_OP_MEASURE);
    op.num_qubits = 1;
    op.qubits = &qubit;
    op.bit = zcz_qasm_operand_at(qasm, bits, i);
    ZCZ_TRY(zcz_qasm_append(qasm, &op));
  }
  return ZCZ_OK;
}

/* Programs are about (QASMBench's vqe_uccsd_n8) that declare one quantum register and no classical
 * one, and measure q -> c without declaring either. Where nothing else can be meant, q is taken as
 * the one register and c as a register of the same size, with a warning. */
static zcz_status adopt(zcz_qasm *qasm) {
  zcz_lexer lexer = qasm->lexer;
  zcz_token name = qasm->token, token = name;
  if (name.kind != ZCZ_TOKEN_NAME || zcz_qasm_find(qasm, &name) || name.size > ZCZ_NAME_LIMIT ||
      zcz_circuit_num_qubit_registers(qasm->circuit) != 1 ||
      zcz_circuit_num_bits(qasm->circuit) > 0)
    return ZCZ_OK;
  for (int i = 0; i < 5 && !zcz_token_is(&token, ZCZ_SYMBOL2('-', '>')); i++)
    ZCZ_TRY(zcz_lexer_next(&lexer, &token, qasm->error));
  ZCZ_TRY(zcz_lexer_next(&lexer, &token, qasm->error));
  if (token.kind != ZCZ_TOKEN_NAME || zcz_qasm_find(qasm, &token) || token.size > ZCZ_NAME_LIMIT)
    return ZCZ_OK;
  zcz_register only = zcz_circuit_qubit_registers(qasm->circuit)[0];
  zcz_symbol *symbol;
  uint32_t offset;
  ZCZ_TRY(zcz_qasm_declare(qasm, &name, ZCZ_SYMBOL_QUBITS, &symbol));
  symbol->indexable = true;
  symbol->index = only.offset;
  symbol->size = only.size;
  ZCZ_TRY(zcz_qasm_register(qasm, &token, false, false, only.size, &offset));
  zcz_context_warn(qasm->context,
                   "line %u measures registers that are not declared: \"%.*s\" is taken as \"%s\", "
                   "\"%.*s\" as creg %.*s[%u]",
                   qasm->line, (int)name.size, name.start, only.name, (int)token.size, token.start,
                   (int)token.size, token.start, only.size);
  return ZCZ_OK;
}

/* measure qubits -> bits; */
zcz_status zcz_qasm_measure(zcz_qasm *qasm) {
  zcz_operand qubits, bits;
  qasm->lists.count = 0;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  if (qasm->version == 2) ZCZ_TRY(adopt(qasm));
  ZCZ_TRY(zcz_qasm_operand(qasm, true, &qubits));
  if (qasm->version == 3 && zcz_token_is(&qasm->token, ';'))
    return zcz_hint(qasm->error,
                    zcz_source_fail(qasm->lexer.source, qasm->error, qasm->offset, ZCZ_ERROR_UNABLE,
                                    "a measurement whose result goes nowhere is not supported"),
                    "measure into a bit: c[0] = measure q[0];");
  ZCZ_TRY(zcz_qasm_want(qasm, ZCZ_SYMBOL2('-', '>'), "\"->\" and bits"));
  ZCZ_TRY(zcz_qasm_operand(qasm, false, &bits));
  ZCZ_TRY(zcz_qasm_want(qasm, ';', "\";\""));
  return zcz_qasm_measure_into(qasm, &qubits, &bits);
}

zcz_status zcz_qasm_reset(zcz_qasm *qasm) {
  zcz_operand qubits;
  qasm->lists.count = 0;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(zcz_qasm_operand(qasm, true, &qubits));
  ZCZ_TRY(zcz_qasm_want(qasm, ';', "\";\""));
  for (uint32_t i = 0; i < qubits.count; i++) {
    uint32_t qubit = zcz_qasm_operand_at(qasm, &qubits, i);
    zcz_op op = zcz_qasm_op(qasm, ZCZ_OP_RESET);
    op.num_qubits = 1;
    op.qubits = &qubit;
    ZCZ_TRY(zcz_qasm_append(qasm, &op));
  }
  return ZCZ_OK;
}

static zcz_status quantum(zcz_qasm *qasm) {
  if (zcz_token_is_word(&qasm->token, "measure")) return zcz_qasm_measure(qasm);
  if (zcz_token_is_word(&qasm->token, "reset")) return zcz_qasm_reset(qasm);
  return zcz_qasm_call(qasm);
}

/* first .. first + size - 1 == value */
static zcz_status compare(zcz_qasm *qasm, uint32_t first, uint32_t size, uint64_t value,
                          uint32_t *expression) {
  zcz_expression part = {.kind = ZCZ_EXPRESSION_BITS, .index = first, .size = size};
  zcz_expression whole = {.kind = ZCZ_EXPRESSION_BINARY, .operation = ZCZ_OPERATION_EQUAL};
  ZCZ_TRY(zcz_circuit_add_expression(qasm->circuit, &part, &whole.left, qasm->error));
  part = (zcz_expression){.kind = ZCZ_EXPRESSION_CONSTANT, .constant.type = ZCZ_TYPE_UINT};
  part.constant.as.natural = value;
  ZCZ_TRY(zcz_circuit_add_expression(qasm->circuit, &part, &whole.right, qasm->error));
  return zcz_circuit_add_expression(qasm->circuit, &whole, expression, qasm->error);
}

/* A number past 64 bits: the register is compared in pieces of 64 bits. */
static zcz_status compare_big(zcz_qasm *qasm, const zcz_operand *bits, const zcz_token *number,
                              uint32_t *expression) {
  enum { WORDS = 64, DIGITS = 1200 }; /* and a last piece for the bits past them, all zero */
  uint64_t words[WORDS + 1] = {0};
  if (number->size > DIGITS)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, number, ZCZ_ERROR_UNABLE,
                                  "a number of %zu digits in a condition; at most %d are read",
                                  number->size, (int)DIGITS),
                    "split the register");
  for (size_t i = 0; i < number->size; i++) {
    unsigned __int128 carry = (unsigned)(number->start[i] - '0');
    for (int w = 0; w < WORDS; w++) {
      carry += (unsigned __int128)words[w] * 10;
      words[w] = (uint64_t)carry;
      carry >>= 64;
    }
  }
  uint32_t pieces = (bits->count + 63) / 64 < WORDS + 1 ? (bits->count + 63) / 64 : WORDS + 1;
  for (uint32_t w = 0; w < pieces; w++) {
    uint32_t left = bits->count - 64 * w, size = left < 64 || w == WORDS ? left : 64, piece;
    ZCZ_TRY(compare(qasm, bits->first + 64 * w, size, words[w], &piece));
    if (w == 0) {
      *expression = piece;
      continue;
    }
    zcz_expression both = {.kind = ZCZ_EXPRESSION_BINARY,
                           .operation = ZCZ_OPERATION_AND,
                           .left = *expression,
                           .right = piece};
    ZCZ_TRY(zcz_circuit_add_expression(qasm->circuit, &both, expression, qasm->error));
  }
  bool fits = true;
  for (uint32_t w = pieces; w < WORDS; w++) fits = fits && words[w] == 0;
  if (fits) return ZCZ_OK;
  zcz_expression never = {.kind = ZCZ_EXPRESSION_CONSTANT, .constant.type = ZCZ_TYPE_BOOL};
  return zcz_circuit_add_expression(qasm->circuit, &never, expression, qasm->error);
}

/* register == number, as an expression of the circuit; the last one is used again. */
static zcz_status equality(zcz_qasm *qasm, const zcz_operand *bits, uint64_t value,
                           uint32_t *expression) {
  if (qasm->condition != ZCZ_NONE && qasm->condition_first == bits->first &&
      qasm->condition_size == bits->count && qasm->condition_value == value) {
    *expression = qasm->condition;
    return ZCZ_OK;
  }
  ZCZ_TRY(compare(qasm, bits->first, bits->count, value, expression));
  qasm->condition = *expression;
  qasm->condition_first = bits->first;
  qasm->condition_size = bits->count;
  qasm->condition_value = value;
  return ZCZ_OK;
}

/* if (register == number) operation */
static zcz_status conditional(zcz_qasm *qasm) {
  zcz_operand bits;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(zcz_qasm_want(qasm, '(', "\"(\" after \"if\""));
  zcz_token name = qasm->token;
  qasm->lists.count = 0;
  ZCZ_TRY(zcz_qasm_operand(qasm, false, &bits));
  if (bits.single)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &name, ZCZ_ERROR_USAGE,
                                  "OpenQASM 2 compares whole registers alone, not single bits"),
                    "use a register of one bit, or OpenQASM 3");
  ZCZ_TRY(zcz_qasm_want(qasm, ZCZ_SYMBOL2('=', '='), "\"==\""));
  zcz_token number = qasm->token;
  if (number.kind != ZCZ_TOKEN_INTEGER) return zcz_qasm_expected(qasm, "a whole number");
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(zcz_qasm_want(qasm, ')', "\")\""));
  static const char *const wrong[] = {"if", "gate", "opaque", "qreg", "creg", "barrier", "include"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    if (zcz_token_is_word(&qasm->token, wrong[i]))
      return zcz_hint(qasm->error, zcz_qasm_expected(qasm, "a gate, measure or reset after \"if\""),
                      "one operation follows the condition");
  }
  zcz_op op = zcz_qasm_op(qasm, ZCZ_OP_IF);
  zcz_status status = number.too_big ? compare_big(qasm, &bits, &number, &op.expression)
                                     : equality(qasm, &bits, number.whole, &op.expression);
  ZCZ_TRY(zcz_qasm_place(qasm, status));
  ZCZ_TRY(zcz_circuit_add_block(qasm->circuit, &op.blocks[0], qasm->error));
  qasm->block = op.blocks[0];
  ZCZ_TRY(quantum(qasm));
  qasm->block = 0;
  return zcz_qasm_append(qasm, &op);
}

static zcz_status statement(zcz_qasm *qasm) {
  const zcz_token *token = &qasm->token;
  qasm->line = token->line;
  qasm->offset = token->offset;
  if (token->kind != ZCZ_TOKEN_NAME) return zcz_qasm_expected(qasm, "a statement");
  if (zcz_token_is_word(token, "qreg")) return declare(qasm, true);
  if (zcz_token_is_word(token, "creg")) return declare(qasm, false);
  if (zcz_token_is_word(token, "gate")) return zcz_qasm_define(qasm, false);
  if (zcz_token_is_word(token, "opaque")) return zcz_qasm_define(qasm, true);
  if (zcz_token_is_word(token, "include")) return zcz_qasm_include(qasm);
  if (zcz_token_is_word(token, "barrier")) return zcz_qasm_barrier(qasm);
  if (zcz_token_is_word(token, "if")) return conditional(qasm);
  if (zcz_token_is_word(token, "OPENQASM"))
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, token, ZCZ_ERROR_USAGE, "a second line of the version"),
                    "the version stands once, first in the program");
  return quantum(qasm);
}

zcz_status zcz_qasm2_read(zcz_context *context, const zcz_source *source,
                          const zcz_language_options *options, zcz_circuit **circuit,
                          zcz_error *error) {
  return zcz_qasm_read(context, 2, statement, source, options, circuit, error);
}
