/* Reading qsim's circuit text (quantumlib/qsim, docs/input_format.md and docs/qsim_language.md): the
 * number of qubits, then "[time] gate qubits parameters", "m qubits" and "c controls gate ..." , one
 * a line or between semicolons, # comments. Times may not fall; a qubit has one operation at a time.
 * Bit i of register m is the i-th measured. The language's variables, loops and noise are refused.
 * Limits: 10^7 operations, 10^5 qubits. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "lang/arithmetic.h"
#include "lang/lang.h"
#include "lang/words.h"

enum { MOST_OPERATIONS = 10000000, MOST_QUBITS = 100000 };
/* Wide operations are checked against all qubits: so many such steps in all. */
enum { MOST_OPERANDS = 50000000 };

typedef struct piece {
  size_t start, size;
} piece;

typedef struct qsim {
  zcz_context *context;
  const zcz_source *source;
  zcz_error *error;
  zcz_circuit *circuit;
  size_t at;
  uint32_t line; /* of the statement */
  uint32_t next_line;
  piece *pieces; /* of the statement */
  size_t num_pieces, piece_capacity, taken;
  uint32_t *qubits; /* of the operation */
  size_t num_qubits, qubit_capacity;
  int64_t *times; /* of each qubit's last operation, -1 = none */
  int64_t time;
  uint32_t total, num_bits, bits_declared;
  size_t operations;
  uint64_t operands;
} qsim;

static zcz_status fail(qsim *q, size_t offset, zcz_status status, const char *hint,
                       const char *format, ...) ZCZ_PRINTF(5, 6);
static zcz_status fail(qsim *q, size_t offset, zcz_status status, const char *hint,
                       const char *format, ...) {
  char message[ZCZ_MESSAGE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return zcz_hint(q->error, zcz_source_fail(q->source, q->error, offset, status, "%s", message),
                  "%s", hint);
}

/* Splits the next statement that is not empty into pieces. */
static zcz_status next(qsim *q, bool *found) {
  const char *text = q->source->text;
  size_t size = q->source->size;
  q->num_pieces = q->taken = 0;
  q->line = q->next_line;
  if (q->at == 0 && size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) q->at = 3;
  while (q->at < size) {
    char c = text[q->at];
    if (c == '\n' || c == ';') {
      q->at++;
      if (c == '\n') q->next_line++;
      if (q->num_pieces) break;
      q->line = q->next_line;
    } else if (c == '#') {
      while (q->at < size && text[q->at] != '\n') q->at++;
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
      q->at++;
    } else {
      size_t start = q->at;
      while (q->at < size && !(text[q->at] && strchr(" \t\r\n\f\v;#", text[q->at]))) q->at++;
      void *pieces = q->pieces;
      if (!zcz_memory_grow(q->context, &pieces, &q->piece_capacity, q->num_pieces + 1,
                           sizeof *q->pieces))
        return zcz_fail_memory(q->context, q->error, "a qsim line", q->num_pieces * 16);
      q->pieces = pieces;
      q->pieces[q->num_pieces++] = (piece){start, q->at - start};
    }
  }
  *found = q->num_pieces > 0;
  return ZCZ_OK;
}

static size_t here(const qsim *q) {
  if (q->taken < q->num_pieces) return q->pieces[q->taken].start;
  const piece *last = &q->pieces[q->num_pieces - 1];
  return last->start + last->size;
}

/* A whole number as the next piece; false where it is none. */
static bool whole(const qsim *q, uint64_t *value) {
  if (q->taken == q->num_pieces) return false;
  piece p = q->pieces[q->taken];
  *value = 0;
  for (size_t i = 0; i < p.size; i++) {
    char c = q->source->text[p.start + i];
    if (c < '0' || c > '9') return false;
    *value = *value * 10 + (uint64_t)(c - '0');
    if (*value > UINT32_MAX) *value = UINT32_MAX;
  }
  return true;
}

static zcz_status take_qubit(qsim *q) {
  uint64_t value;
  if (!whole(q, &value)) {
    if (q->taken == q->num_pieces)
      return fail(q, here(q), ZCZ_ERROR_USAGE, "a line is: time gate qubits parameters",
                  "a qubit is missing");
    char quote[ZCZ_QUOTE_SIZE];
    return fail(q, here(q), ZCZ_ERROR_USAGE, "a line is: time gate qubits parameters",
                "\"%s\" where a qubit's number belongs",
                zcz_quote(quote, q->source->text + here(q), q->pieces[q->taken].size));
  }
  if (value >= q->total)
    return fail(q, here(q), ZCZ_ERROR_USAGE, "qubits are numbered from 0; line 1 has their number",
                "qubit %llu of a circuit of %u", (unsigned long long)value, q->total);
  for (size_t i = 0; i < q->num_qubits && q->num_qubits <= 16; i++) {
    if (q->qubits[i] == value)
      return fail(q, here(q), ZCZ_ERROR_USAGE, "an operation needs different qubits",
                  "qubit %llu stands twice in one operation", (unsigned long long)value);
  }
  void *qubits = q->qubits;
  if (!zcz_memory_grow(q->context, &qubits, &q->qubit_capacity, q->num_qubits + 1,
                       sizeof *q->qubits))
    return zcz_fail_memory(q->context, q->error, "a qsim line", q->num_qubits * 4);
  q->qubits = qubits;
  q->qubits[q->num_qubits++] = (uint32_t)value;
  q->taken++;
  return ZCZ_OK;
}

static zcz_status append(qsim *q, zcz_op *op, size_t place) {
  if (++q->operations > MOST_OPERATIONS)
    return fail(q, place, ZCZ_ERROR_UNABLE, "split the program",
                "a qsim program of more than %d operations", (int)MOST_OPERATIONS);
  q->operands += op->num_qubits > 16 ? q->total : op->num_qubits;
  if (q->operands > MOST_OPERANDS)
    return fail(q, place, ZCZ_ERROR_UNABLE, "use fewer controls",
                "too many gates with more than 16 qubits");
  op->line = q->line;
  zcz_status status = zcz_lang_check_angles(op, q->error);
  if (status == ZCZ_OK) status = zcz_circuit_append(q->circuit, 0, op, q->error);
  return zcz_source_place(q->source, q->error, place, status);
}

/* Explicit times may not fall, nor may a qubit be used twice at one; without a time the operation
 * comes after all that its qubits have. */
static zcz_status set_time(qsim *q, bool given, uint64_t time, size_t place) {
  if (!given) {
    for (size_t i = 0; i < q->num_qubits; i++) {
      if (q->times[q->qubits[i]] >= q->time) q->time = q->times[q->qubits[i]] + 1;
    }
  } else {
    if ((int64_t)time < q->time)
      return fail(q, place, ZCZ_ERROR_USAGE, "put the lines in the order of their times",
                  "time %llu after time %lld", (unsigned long long)time, (long long)q->time);
    for (size_t i = 0; i < q->num_qubits; i++) {
      if (q->times[q->qubits[i]] >= (int64_t)time)
        return fail(q, place, ZCZ_ERROR_USAGE, "give the later operation a later time",
                    "qubit %u has two operations at time %llu", q->qubits[i],
                    (unsigned long long)time);
    }
    q->time = (int64_t)time;
  }
  for (size_t i = 0; i < q->num_qubits; i++) q->times[q->qubits[i]] = q->time;
  return ZCZ_OK;
}

static bool is(const qsim *q, piece p, const char *word) {
  return strlen(word) == p.size && memcmp(q->source->text + p.start, word, p.size) == 0;
}

static zcz_status unknown(qsim *q, piece name) {
  static const char *const later[] = {"noise",  "if",      "elsif",   "else",     "end",
                                      "repeat", "do",      "while",   "int",      "float",
                                      "const",  "println", "discard", "histogram"};
  static const char *const others[] = {"id2", "c", "m"};
  char quote[ZCZ_QUOTE_SIZE];
  for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
    if (is(q, name, later[i]))
      return fail(q, name.start, ZCZ_ERROR_UNABLE,
                  "write gates and measurements alone, or use OpenQASM 3",
                  "\"%s\" of qsim's language is not supported", later[i]);
  }
  const char *text = q->source->text + name.start;
  zcz_status status = zcz_source_fail(q->source, q->error, name.start, ZCZ_ERROR_USAGE,
                                      "unknown gate \"%s\"", zcz_quote(quote, text, name.size));
  zcz_nearest nearest = {.wanted = text, .size = name.size};
  size_t count;
  const zcz_word *words = zcz_words(&count);
  for (size_t i = 0; i < count; i++) {
    const char *spelling = words[i].spelling[ZCZ_LANGUAGE_QSIM];
    if (spelling) zcz_nearest_offer(&nearest, spelling, strlen(spelling));
  }
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    zcz_nearest_offer(&nearest, others[i], strlen(others[i]));
  if (zcz_nearest_name(&nearest))
    return zcz_hint(q->error, status, "did you mean \"%s\"?", zcz_nearest_name(&nearest));
  return zcz_hint(q->error, status, "a line is: time gate qubits parameters, as in 3 cz 0 1");
}

static zcz_op operation(zcz_op_kind kind) {
  return (zcz_op){.kind = (uint8_t)kind,
                  .bit = ZCZ_NONE,
                  .variable = ZCZ_NONE,
                  .expression = ZCZ_NONE,
                  .blocks = {ZCZ_NONE, ZCZ_NONE},
                  .start_ns = -1};
}

static zcz_status measure(qsim *q, bool given, uint64_t time, size_t place) {
  uint64_t value;
  while (q->taken < q->num_pieces && whole(q, &value)) ZCZ_TRY(take_qubit(q));
  if (q->num_qubits == 0) return take_qubit(q);
  if (q->taken + 1 == q->num_pieces) q->taken++; /* a tag: it names the result for variables */
  if (q->taken < q->num_pieces)
    return fail(q, here(q), ZCZ_ERROR_USAGE, "a measurement is: time m qubits",
                "too much in the line");
  ZCZ_TRY(set_time(q, given, time, place));
  for (size_t i = 0; i < q->num_qubits; i++) {
    zcz_op op = operation(ZCZ_OP_MEASURE);
    op.num_qubits = 1;
    op.qubits = &q->qubits[i];
    op.bit = q->num_bits++;
    ZCZ_TRY(append(q, &op, place));
  }
  return ZCZ_OK;
}

/* A gate's name, qubits and parameters, after the qubits that control it. */
static zcz_status gate(qsim *q, bool given, uint64_t time, size_t place) {
  uint32_t controls = (uint32_t)q->num_qubits;
  if (q->taken == q->num_pieces)
    return fail(q, here(q), ZCZ_ERROR_USAGE, "a line is: time gate qubits parameters",
                "a gate is missing");
  piece name = q->pieces[q->taken++];
  bool pair = is(q, name, "id2");
  const zcz_word *word = zcz_word_find(ZCZ_LANGUAGE_QSIM, q->source->text + name.start, name.size);
  if (!word && !pair) return unknown(q, name);
  uint32_t qubits = pair ? 2 : zcz_word_qubits(word), params = pair ? 0 : zcz_word_params(word);
  if (q->num_pieces - q->taken != qubits + params)
    return fail(q, name.start, ZCZ_ERROR_USAGE, "a line is: time gate qubits parameters",
                "\"%.*s\" takes %u qubit%s and %u parameter%s, and %zu numbers are given",
                (int)name.size, q->source->text + name.start, qubits, qubits == 1 ? "" : "s",
                params, params == 1 ? "" : "s", q->num_pieces - q->taken);
  double values[ZCZ_WORD_PARAMS];
  for (uint32_t i = 0; i < qubits; i++) ZCZ_TRY(take_qubit(q));
  for (uint32_t i = 0; i < params; i++, q->taken++)
    ZCZ_TRY(zcz_arithmetic(q->source, here(q), q->pieces[q->taken].size, &values[i], q->error));
  ZCZ_TRY(set_time(q, given, time, place));
  zcz_op op = operation(ZCZ_OP_GATE);
  op.params = values;
  op.num_params = params;
  op.num_controls = (uint16_t)(controls + (pair ? 0 : word->controls));
  op.num_qubits = (uint32_t)q->num_qubits;
  op.qubits = q->qubits;
  op.code = pair ? ZCZ_GATE_ID : word->gate;
  if (op.code == ZCZ_GATE_GPHASE && controls > 0) { /* on the last control: diag(1, e^{i phi}) */
    op.code = ZCZ_GATE_P;
    op.num_controls--;
  }
  if (!pair) return append(q, &op, place);
  for (uint32_t i = 0; i < 2; i++) { /* one identity for each */
    uint32_t qubit = q->qubits[controls + i];
    op.num_controls = 0;
    op.num_qubits = 1;
    op.qubits = &qubit;
    ZCZ_TRY(append(q, &op, place));
  }
  return ZCZ_OK;
}

static zcz_status statement(qsim *q) {
  uint64_t time = 0;
  size_t place = here(q);
  bool given = whole(q, &time);
  q->num_qubits = 0;
  if (given) q->taken++;
  if (q->taken < q->num_pieces && is(q, q->pieces[q->taken], "m")) {
    q->taken++;
    return measure(q, given, time, place);
  }
  if (q->taken < q->num_pieces && is(q, q->pieces[q->taken], "c")) {
    uint64_t value;
    q->taken++;
    while (q->taken < q->num_pieces && whole(q, &value)) ZCZ_TRY(take_qubit(q));
    if (q->num_qubits == 0) return take_qubit(q);
    if (q->num_qubits > 1000)
      return fail(q, place, ZCZ_ERROR_UNABLE, "use fewer controls",
                  "%zu controls; at most 1000 are read", q->num_qubits);
  }
  return gate(q, given, time, place);
}

/* How many qubits all the measurements name, so that the register is made first. */
static zcz_status count_bits(qsim *q) {
  bool found;
  uint64_t value;
  for (;;) {
    ZCZ_TRY(next(q, &found));
    if (!found) break;
    if (whole(q, &value)) q->taken++;
    if (q->taken == q->num_pieces || !is(q, q->pieces[q->taken], "m")) continue;
    for (q->taken++; q->taken < q->num_pieces && whole(q, &value); q->taken++) q->bits_declared++;
    if (q->bits_declared > MOST_OPERATIONS)
      return fail(q, q->pieces[0].start, ZCZ_ERROR_UNABLE, "split the program",
                  "more than %d measurements", (int)MOST_OPERATIONS);
  }
  return ZCZ_OK;
}

static zcz_status read_all(qsim *q) {
  static const char first[] = "the first line is the number of qubits";
  bool found;
  uint64_t total = 0;
  uint32_t offset;
  ZCZ_TRY(next(q, &found));
  if (!found) return fail(q, 0, ZCZ_ERROR_USAGE, first, "an empty qsim program");
  if (!whole(q, &total) || q->num_pieces > 1 || total == 0)
    return fail(q, here(q), ZCZ_ERROR_USAGE, first, "no number of qubits at the beginning");
  if (total > MOST_QUBITS)
    return fail(q, here(q), ZCZ_ERROR_UNABLE, "declare no more than the program uses",
                "%llu qubits; a program may have %d", (unsigned long long)total, (int)MOST_QUBITS);
  q->total = (uint32_t)total;
  q->times = zcz_memory_zeroed(q->context, total, sizeof *q->times);
  if (!q->times) return zcz_fail_memory(q->context, q->error, "the qubits' times", total * 8);
  for (uint32_t i = 0; i < q->total; i++) q->times[i] = -1;
  qsim ahead = *q; /* its pieces may move */
  zcz_status status = count_bits(&ahead);
  q->pieces = ahead.pieces;
  q->piece_capacity = ahead.piece_capacity;
  ZCZ_TRY(status);
  ZCZ_TRY(zcz_circuit_add_qubits(q->circuit, "q", q->total, &offset, q->error));
  if (ahead.bits_declared)
    ZCZ_TRY(zcz_circuit_add_bits(q->circuit, "m", ahead.bits_declared, &offset, q->error));
  for (;;) {
    ZCZ_TRY(next(q, &found));
    if (!found) return ZCZ_OK;
    ZCZ_TRY(statement(q));
  }
}

zcz_status zcz_qsim_read(zcz_context *context, const zcz_source *source,
                         const zcz_language_options *options, zcz_circuit **circuit,
                         zcz_error *error) {
  (void)options; /* none of them is for this language */
  qsim q = {.context = context, .source = source, .error = error, .line = 1, .next_line = 1};
  zcz_status status = zcz_circuit_new(context, &q.circuit, error);
  if (status == ZCZ_OK) status = read_all(&q);
  zcz_memory_release(context, q.pieces);
  zcz_memory_release(context, q.qubits);
  zcz_memory_release(context, q.times);
  if (status == ZCZ_OK)
    *circuit = q.circuit;
  else
    zcz_circuit_free(q.circuit);
  return status;
}
