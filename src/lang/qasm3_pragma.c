/* Noise channels as Amazon Braket writes them: #pragma braket noise NAME(arguments) qubits. */
#include <string.h>

#include "base/memory.h"
#include "lang/qasm.h"

enum { MOST_NUMBERS = 2 * ZCZ_MAX_KRAUS * 16 };

typedef enum shape { AS_IT_IS, FLIP_X, FLIP_Z } shape;

static const struct {
  const char *name;
  uint8_t channel, params;
  shape shape;
} rows[] = {
    {"bit_flip", ZCZ_CHANNEL_PAULI1, 1, FLIP_X},
    {"phase_flip", ZCZ_CHANNEL_PAULI1, 1, FLIP_Z},
    {"depolarizing", ZCZ_CHANNEL_DEPOLARIZE1, 1, AS_IT_IS},
    {"two_qubit_depolarizing", ZCZ_CHANNEL_DEPOLARIZE2, 1, AS_IT_IS},
    {"pauli_channel", ZCZ_CHANNEL_PAULI1, 3, AS_IT_IS},
    {"amplitude_damping", ZCZ_CHANNEL_AMPLITUDE_DAMPING, 1, AS_IT_IS},
    {"phase_damping", ZCZ_CHANNEL_PHASE_DAMPING, 1, AS_IT_IS},
    {"generalized_amplitude_damping", ZCZ_CHANNEL_GENERALIZED_AMPLITUDE_DAMPING, 2, AS_IT_IS},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static zcz_status arguments(zcz_qasm *qasm, uint32_t wanted, double *values) {
  zcz_token start = qasm->token;
  uint32_t count = 0;
  ZCZ_TRY(zcz_qasm_want(qasm, '(', "\"(\" after the channel's name"));
  while (!zcz_token_is(&qasm->token, ')')) {
    zcz_number value;
    ZCZ_TRY(zcz_qasm_constant(qasm, &value));
    if (count < wanted) values[count] = value.real;
    count++;
    if (!zcz_token_is(&qasm->token, ',')) break;
    ZCZ_TRY(zcz_qasm_advance(qasm));
  }
  ZCZ_TRY(zcz_qasm_want(qasm, ')', "\",\" or \")\""));
  if (count == wanted) return ZCZ_OK;
  return zcz_hint(qasm->error,
                  zcz_qasm_fail(qasm, &start, ZCZ_ERROR_USAGE,
                                "this channel takes %u argument%s, and %u %s given", wanted,
                                wanted == 1 ? "" : "s", count, count == 1 ? "is" : "are"),
                  "give it %u", wanted);
}

static zcz_status targets(zcz_qasm *qasm, uint32_t qubits[ZCZ_MAX_CHANNEL_QUBITS],
                          uint32_t *count) {
  zcz_token start = qasm->token;
  *count = 0;
  qasm->lists.count = 0;
  do {
    if (*count) ZCZ_TRY(zcz_qasm_advance(qasm));
    zcz_operand operand;
    ZCZ_TRY(zcz_qasm_operand(qasm, true, &operand));
    for (uint32_t i = 0; i < operand.count; i++) {
      if (*count == ZCZ_MAX_CHANNEL_QUBITS)
        return zcz_hint(qasm->error,
                        zcz_qasm_fail(qasm, &start, ZCZ_ERROR_USAGE,
                                      "a channel on more than %d qubits", ZCZ_MAX_CHANNEL_QUBITS),
                        "write one pragma for each qubit or pair");
      qubits[(*count)++] = zcz_qasm_operand_at(qasm, &operand, i);
    }
  } while (zcz_token_is(&qasm->token, ','));
  if (qasm->token.kind != ZCZ_TOKEN_END) return zcz_qasm_expected(qasm, "the end of the line");
  return ZCZ_OK;
}

/* ---- kraus([[a, b], [c, d]], ...) ---- */

/* 0.5, -0.5im, 0.1+0.2im, 1 - 2im */
static zcz_status entry(zcz_qasm *qasm, double *re, double *im) {
  *re = *im = 0;
  for (int parts = 0; parts < 2; parts++) {
    double sign = 1;
    while (zcz_token_is(&qasm->token, '-') || zcz_token_is(&qasm->token, '+')) {
      if (qasm->token.symbol == '-') sign = -sign;
      ZCZ_TRY(zcz_qasm_advance(qasm));
    }
    if (qasm->token.kind != ZCZ_TOKEN_REAL && qasm->token.kind != ZCZ_TOKEN_INTEGER)
      return zcz_qasm_expected(qasm, "an entry of a matrix");
    double value = sign * qasm->token.real;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    if (zcz_token_is_word(&qasm->token, "im")) {
      *im += value;
      ZCZ_TRY(zcz_qasm_advance(qasm));
    } else {
      *re += value;
    }
    if (!zcz_token_is(&qasm->token, '-') && !zcz_token_is(&qasm->token, '+')) break;
  }
  return ZCZ_OK;
}

/* One matrix of 2 or 4 rows, as Braket orders it: the first qubit most significant. */
static zcz_status matrix(zcz_qasm *qasm, double *out, uint32_t *size) {
  double all[32];
  uint32_t count = 0, lines = 0, width = 0;
  ZCZ_TRY(zcz_qasm_want(qasm, '[', "\"[[\""));
  do {
    if (lines) ZCZ_TRY(zcz_qasm_advance(qasm));
    uint32_t columns = 0;
    ZCZ_TRY(zcz_qasm_want(qasm, '[', "\"[\" and a row"));
    do {
      if (columns++) ZCZ_TRY(zcz_qasm_advance(qasm));
      if (count == 16)
        return zcz_qasm_expected(qasm, "a matrix of 2 or 4 rows, but this is larger;");
      ZCZ_TRY(entry(qasm, &all[2 * count], &all[2 * count + 1]));
      count++;
    } while (zcz_token_is(&qasm->token, ','));
    ZCZ_TRY(zcz_qasm_want(qasm, ']', "\",\" or \"]\""));
    if (lines++ == 0) width = columns;
    if (columns != width) return zcz_qasm_expected(qasm, "rows of the same length");
  } while (zcz_token_is(&qasm->token, ','));
  if (lines != width || (width != 2 && width != 4))
    return zcz_qasm_expected(qasm, "a square matrix of 2 or 4 rows");
  for (uint32_t r = 0; r < width; r++) {
    for (uint32_t c = 0; c < width; c++) {
      uint32_t row = width == 4 ? (r >> 1 | (r & 1) << 1) : r;
      uint32_t column = width == 4 ? (c >> 1 | (c & 1) << 1) : c;
      out[2 * (row * width + column)] = all[2 * (r * width + c)];
      out[2 * (row * width + column) + 1] = all[2 * (r * width + c) + 1];
    }
  }
  *size = width;
  return zcz_qasm_want(qasm, ']', "\",\" or \"]\"");
}

static zcz_status kraus(zcz_qasm *qasm, zcz_op *op, double *numbers) {
  uint32_t size = 0, first = 0, count = 0, qubits[ZCZ_MAX_CHANNEL_QUBITS];
  zcz_token start = qasm->token;
  ZCZ_TRY(zcz_qasm_want(qasm, '(', "\"(\" after \"kraus\""));
  do {
    if (count) ZCZ_TRY(zcz_qasm_advance(qasm));
    if (count == ZCZ_MAX_KRAUS)
      return zcz_hint(
          qasm->error,
          zcz_qasm_fail(qasm, &start, ZCZ_ERROR_UNABLE, "more than %d matrices", ZCZ_MAX_KRAUS),
          "sixteen are enough for any channel on two qubits");
    ZCZ_TRY(matrix(qasm, numbers + 2 * count * first * first, &size));
    if (count++ == 0) first = size;
    if (size != first) return zcz_qasm_expected(qasm, "matrices of the same size");
  } while (zcz_token_is(&qasm->token, ','));
  ZCZ_TRY(zcz_qasm_want(qasm, ')', "\",\" or \")\""));
  ZCZ_TRY(targets(qasm, qubits, &op->num_qubits));
  if ((1u << op->num_qubits) != size)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &start, ZCZ_ERROR_USAGE,
                                  "matrices of %u rows on %u qubit%s", size, op->num_qubits,
                                  op->num_qubits == 1 ? "" : "s"),
                    "two rows for one qubit, four for two");
  op->code = ZCZ_CHANNEL_KRAUS;
  op->num_params = 2 * count * size * size;
  op->params = numbers;
  op->qubits = qubits;
  return zcz_qasm_append(qasm, op);
}

/* ---- the pragma ---- */

static zcz_status noise(zcz_qasm *qasm) {
  zcz_op op = zcz_qasm_op(qasm, ZCZ_OP_CHANNEL);
  zcz_token name;
  ZCZ_TRY(zcz_qasm_name(qasm, "a noise channel", &name));
  if (zcz_token_is_word(&name, "kraus")) {
    double numbers[MOST_NUMBERS];
    return kraus(qasm, &op, numbers);
  }
  size_t i = 0;
  while (i < ROWS && !zcz_token_is_word(&name, rows[i].name)) i++;
  if (i == ROWS) {
    char quote[ZCZ_QUOTE_SIZE];
    zcz_status status = zcz_qasm_fail(qasm, &name, ZCZ_ERROR_USAGE, "unknown noise channel \"%s\"",
                                      zcz_token_quote(quote, &name));
    zcz_nearest nearest = {.wanted = name.start, .size = name.size};
    for (i = 0; i < ROWS; i++) zcz_nearest_offer(&nearest, rows[i].name, strlen(rows[i].name));
    if (zcz_nearest_name(&nearest))
      return zcz_hint(qasm->error, status, "did you mean \"%s\"?", zcz_nearest_name(&nearest));
    return zcz_hint(qasm->error, status, "kraus says any channel by its matrices");
  }
  double given[3] = {0}, params[3] = {0};
  uint32_t qubits[ZCZ_MAX_CHANNEL_QUBITS];
  ZCZ_TRY(arguments(qasm, rows[i].params, given));
  ZCZ_TRY(targets(qasm, qubits, &op.num_qubits));
  const zcz_channel_info *info = zcz_channel_describe((zcz_channel)rows[i].channel);
  if (op.num_qubits != info->qubits)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &name, ZCZ_ERROR_USAGE, "\"%s\" acts on %u qubit%s, not %u",
                                  rows[i].name, info->qubits, info->qubits == 1 ? "" : "s",
                                  op.num_qubits),
                    "write one pragma for each qubit or pair");
  switch (rows[i].shape) {
  case AS_IT_IS: memcpy(params, given, sizeof params); break;
  case FLIP_X: params[0] = given[0]; break;
  case FLIP_Z: params[2] = given[0]; break;
  }
  op.code = rows[i].channel;
  op.num_params = (uint32_t)info->params;
  op.params = params;
  op.qubits = qubits;
  return zcz_qasm_append(qasm, &op);
}

/* The words of a pragma are tokens of their own, up to the end of the line. */
static zcz_status inside(zcz_qasm *qasm) {
  char quote[ZCZ_QUOTE_SIZE];
  ZCZ_TRY(zcz_qasm_advance(qasm));
  if (!zcz_token_is_word(&qasm->token, "braket")) {
    zcz_context_warn(qasm->context, "a pragma is passed over: %s",
                     zcz_token_quote(quote, &qasm->token));
    return ZCZ_OK;
  }
  ZCZ_TRY(zcz_qasm_advance(qasm));
  if (zcz_token_is_word(&qasm->token, "noise")) {
    ZCZ_TRY(zcz_qasm_advance(qasm));
    return noise(qasm);
  }
  return zcz_hint(qasm->error,
                  zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_UNABLE,
                                "the Braket pragma \"%s\" is not supported",
                                zcz_token_quote(quote, &qasm->token)),
                  "pragmas read: #pragma braket noise NAME(arguments) qubits");
}

zcz_status zcz_qasm3_pragma(zcz_qasm *qasm) {
  zcz_lexer outer = qasm->lexer;
  zcz_token pragma = qasm->token;
  zcz_source line = *outer.source;
  line.size = (size_t)(pragma.start - line.text) + pragma.size;
  qasm->lexer = (zcz_lexer){.source = &line,
                            .at = (size_t)(pragma.start - line.text),
                            .line = pragma.line,
                            .version = 3,
                            .line_started = true};
  zcz_status status = inside(qasm);
  qasm->lexer = outer;
  ZCZ_TRY(status);
  return zcz_qasm_advance(qasm);
}
