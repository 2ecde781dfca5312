/* Reading QCIS, the cloud's instruction text: one operation a line, OP Q.. parameters. As cqlib 1.x
 * and 2.x write it and more: any case, // and # comments, expressions, M and B with many qubits.
 * The program's qubits are the named ones in ascending order; bit i of register m is the i-th
 * measured. U is cqlib's: [[cos, -e^{il} sin], [e^{ip} sin, e^{i(p+l)} cos]].
 * Limits: 10^7 operations, 10^5 qubits, Q4294967294. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lang/arithmetic.h"
#include "lang/lang.h"
#include "lang/words.h"

enum { MOST_OPERATIONS = 10000000, MOST_QUBITS = 100000, MOST_PARAMS = 3 };

typedef struct qcis {
  zcz_context *context;
  const zcz_source *source;
  const zcz_language_options *options;
  zcz_error *error;
  zcz_circuit *circuit;
  size_t at; /* of the next line */
  uint32_t line;
  size_t number;    /* of operations */
  uint32_t *labels; /* first as they come, then sorted, each once */
  size_t num_labels, label_capacity;
  bool *measured; /* a qubit */
  uint32_t num_measured, num_bits;
  /* the current line */
  size_t name, name_size;
  uint32_t *qubits; /* labels, then numbers */
  size_t num_qubits, qubit_capacity;
  size_t *places; /* of the qubits' names */
  size_t place_capacity;
  double params[MOST_PARAMS];
  size_t num_params, first_param;
} qcis;

static zcz_status fail(qcis *q, size_t offset, const char *hint, const char *format, ...)
    ZCZ_PRINTF(4, 5);
static zcz_status fail(qcis *q, size_t offset, const char *hint, const char *format, ...) {
  char message[ZCZ_MESSAGE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return zcz_hint(q->error,
                  zcz_source_fail(q->source, q->error, offset, ZCZ_ERROR_USAGE, "%s", message),
                  "%s", hint);
}

static zcz_status too_many(qcis *q, const char *what, int limit) {
  return zcz_hint(q->error,
                  zcz_source_fail(q->source, q->error, q->name, ZCZ_ERROR_UNABLE,
                                  "a QCIS program of more than %d %s", limit, what),
                  "split the program");
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

/* The next word of the line that ends at `end`; false at its end or a comment. */
static bool word(const qcis *q, size_t *at, size_t end, size_t *start, size_t *size) {
  const char *text = q->source->text;
  while (*at < end && blank(text[*at])) ++*at;
  *start = *at;
  while (*at < end && !blank(text[*at]) && text[*at] != '#' &&
         !(text[*at] == '/' && *at + 1 < end && text[*at + 1] == '/'))
    ++*at;
  *size = *at - *start;
  return *size > 0;
}

/* Q and a number: true. The label is ZCZ_NONE where it is too big. */
static bool is_qubit(const char *text, size_t size, uint32_t *label) {
  if (size < 2 || (text[0] != 'Q' && text[0] != 'q')) return false;
  uint64_t value = 0;
  for (size_t i = 1; i < size; i++) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (uint64_t)(text[i] - '0');
    if (value >= ZCZ_NONE) value = ZCZ_NONE;
  }
  *label = (uint32_t)value;
  return true;
}

static bool is(const qcis *q, const char *name) {
  if (strlen(name) != q->name_size) return false;
  for (size_t i = 0; i < q->name_size; i++) {
    char c = q->source->text[q->name + i];
    if ((c >= 'a' && c <= 'z' ? c - 32 : c) != name[i]) return false;
  }
  return true;
}

static zcz_status add_qubit(qcis *q, uint32_t label, size_t place) {
  void *qubits = q->qubits, *places = q->places;
  bool good = zcz_memory_grow(q->context, &qubits, &q->qubit_capacity, q->num_qubits + 1,
                              sizeof *q->qubits);
  q->qubits = qubits;
  good = good && zcz_memory_grow(q->context, &places, &q->place_capacity, q->num_qubits + 1,
                                 sizeof *q->places);
  q->places = places;
  if (!good) return zcz_fail_memory(q->context, q->error, "a QCIS line", q->num_qubits * 8);
  q->qubits[q->num_qubits] = label;
  q->places[q->num_qubits++] = place;
  return ZCZ_OK;
}

static zcz_status parameter(qcis *q, size_t start, size_t size) {
  const char *text = q->source->text + start;
  if (memchr(text, '{', size))
    return fail(q, start, "put a number in place of the braces", "a parameter without a value");
  if (text[0] == 'G' || text[0] == 'g')
    return fail(q, start, "name the two qubits, as in CZ Q1 Q8", "couplers are not operands here");
  if (text[0] == 'Q' || text[0] == 'q')
    return fail(q, start, "qubits are Q and a number and stand before the parameters",
                "this is neither a qubit nor a parameter");
  if (q->num_params == MOST_PARAMS)
    return fail(q, start, "remove what is too much", "more than %d parameters", (int)MOST_PARAMS);
  if (q->num_params == 0) q->first_param = start;
  return zcz_arithmetic(q->source, start, size, &q->params[q->num_params++], q->error);
}

/* Splits the next line that holds something. False at the end of the text. */
static zcz_status next_line(qcis *q, bool with_params, bool *found) {
  const zcz_source *source = q->source;
  *found = false;
  while (q->at < source->size && !*found) {
    const char *newline = memchr(source->text + q->at, '\n', source->size - q->at);
    size_t end = newline ? (size_t)(newline - source->text) : source->size, at = q->at, start, size;
    if (at == 0 && end >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0) at = 3;
    q->at = newline ? end + 1 : end;
    q->line++;
    if (!word(q, &at, end, &q->name, &q->name_size)) continue;
    *found = true;
    q->num_qubits = q->num_params = 0;
    while (word(q, &at, end, &start, &size)) {
      uint32_t label;
      if (q->num_params == 0 && is_qubit(source->text + start, size, &label)) {
        if (label == ZCZ_NONE)
          return zcz_hint(q->error,
                          zcz_source_fail(source, q->error, start, ZCZ_ERROR_UNABLE,
                                          "a qubit's number past 4294967294"),
                          "use smaller numbers");
        ZCZ_TRY(add_qubit(q, label, start));
      } else if (with_params) {
        ZCZ_TRY(parameter(q, start, size));
      }
    }
  }
  return ZCZ_OK;
}

/* ---- first pass: which qubits, how many bits ---- */

static int by_number(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static zcz_status sort_labels(qcis *q) {
  if (q->num_labels == 0) return ZCZ_OK;
  qsort(q->labels, q->num_labels, sizeof *q->labels, by_number);
  size_t kept = 1;
  for (size_t i = 1; i < q->num_labels; i++) {
    if (q->labels[i] != q->labels[kept - 1]) q->labels[kept++] = q->labels[i];
  }
  q->num_labels = kept;
  return kept > MOST_QUBITS ? too_many(q, "qubits", MOST_QUBITS) : ZCZ_OK;
}

static zcz_status collect(qcis *q) {
  for (bool found = true;;) {
    ZCZ_TRY(next_line(q, false, &found));
    if (!found) break;
    if (++q->number > MOST_OPERATIONS) return too_many(q, "operations", MOST_OPERATIONS);
    if (is(q, "M") || is(q, "MEASURE")) q->num_bits += (uint32_t)q->num_qubits;
    void *labels = q->labels;
    if (!zcz_memory_grow(q->context, &labels, &q->label_capacity, q->num_labels + q->num_qubits,
                         sizeof *q->labels))
      return zcz_fail_memory(q->context, q->error, "the qubits' names", q->num_labels * 4);
    q->labels = labels;
    if (q->num_qubits) /* an empty list has no address */
      memcpy(q->labels + q->num_labels, q->qubits, q->num_qubits * sizeof *q->labels);
    q->num_labels += q->num_qubits;
    if (q->num_labels > 4 * MOST_QUBITS) ZCZ_TRY(sort_labels(q));
  }
  ZCZ_TRY(sort_labels(q));
  uint32_t offset;
  if (q->num_labels)
    ZCZ_TRY(zcz_circuit_add_qubits(q->circuit, "q", (uint32_t)q->num_labels, &offset, q->error));
  if (q->num_bits) ZCZ_TRY(zcz_circuit_add_bits(q->circuit, "m", q->num_bits, &offset, q->error));
  for (size_t i = 0; i < q->num_labels; i++) {
    zcz_circuit_set_label(q->circuit, (uint32_t)i, q->labels[i]);
    if (zcz_circuit_label(q->circuit, (uint32_t)i) != q->labels[i])
      return zcz_fail_memory(q->context, q->error, "the qubits' names", q->num_labels * 4);
  }
  q->measured = zcz_memory_zeroed(q->context, q->num_labels + 1, sizeof *q->measured);
  return q->measured ? ZCZ_OK
                     : zcz_fail_memory(q->context, q->error, "the measured qubits", q->num_labels);
}

/* ---- second pass ---- */

static zcz_op operation(const qcis *q, zcz_op_kind kind) {
  return (zcz_op){.kind = (uint8_t)kind,
                  .bit = ZCZ_NONE,
                  .variable = ZCZ_NONE,
                  .expression = ZCZ_NONE,
                  .blocks = {ZCZ_NONE, ZCZ_NONE},
                  .line = q->line,
                  .start_ns = -1,
                  .num_qubits = (uint32_t)q->num_qubits,
                  .qubits = q->qubits};
}

static zcz_status append(qcis *q, const zcz_op *op) {
  zcz_status status = zcz_lang_check_angles(op, q->error);
  if (status == ZCZ_OK) status = zcz_circuit_append(q->circuit, 0, op, q->error);
  return zcz_source_place(q->source, q->error, q->name, status);
}

/* Labels to numbers; no qubit twice; none that was measured where `free`. */
static zcz_status resolve(qcis *q, bool fresh) {
  for (size_t i = 0; i < q->num_qubits; i++) {
    uint32_t label = q->qubits[i];
    const uint32_t *found = bsearch(&label, q->labels, q->num_labels, sizeof label, by_number);
    q->qubits[i] = (uint32_t)(found - q->labels);
    if (fresh && q->measured[q->qubits[i]])
      return fail(q, q->places[i], "measure each qubit once, after all its gates",
                  "Q%u was measured before: QCIS has nothing after a qubit's measurement", label);
    for (size_t k = 0; k < i && q->num_qubits <= 16; k++) {
      if (q->qubits[k] == q->qubits[i])
        return fail(q, q->places[i], "name each qubit once", "Q%u stands twice in one operation",
                    label);
    }
  }
  return ZCZ_OK;
}

static zcz_status counts(qcis *q, size_t qubits, size_t params, const char *what) {
  if (q->num_qubits != qubits)
    return fail(q, q->name, what, "%.*s takes %zu qubit%s, and %zu %s given", (int)q->name_size,
                q->source->text + q->name, qubits, qubits == 1 ? "" : "s", q->num_qubits,
                q->num_qubits == 1 ? "is" : "are");
  if (q->num_params != params)
    return fail(q, q->name, what, "%.*s takes %zu parameter%s, and %zu %s given", (int)q->name_size,
                q->source->text + q->name, params, params == 1 ? "" : "s", q->num_params,
                q->num_params == 1 ? "is" : "are");
  return ZCZ_OK;
}

static zcz_status measure(qcis *q) {
  if (q->num_qubits == 0 || q->num_params > 0)
    return fail(q, q->name, "write M and the qubits, as in M Q1 Q2", "M takes one qubit or more");
  ZCZ_TRY(resolve(q, true));
  for (size_t i = 0; i < q->num_qubits; i++) {
    if (q->measured[q->qubits[i]])
      return fail(q, q->places[i], "measure each qubit once", "a qubit stands twice in one M");
    q->measured[q->qubits[i]] = true;
    zcz_op op = operation(q, ZCZ_OP_MEASURE);
    op.num_qubits = 1;
    op.qubits = &q->qubits[i];
    op.bit = q->num_measured++;
    ZCZ_TRY(append(q, &op));
  }
  return ZCZ_OK;
}

static zcz_status idle(qcis *q) {
  ZCZ_TRY(counts(q, 1, 1, "write I, a qubit and a time in units of 0.5 ns, as in I Q1 100"));
  double t = q->params[0];
  if (!(t >= 0) || t != floor(t) || t > 1e15)
    return fail(q, q->first_param, "give a whole number of units of 0.5 ns",
                "an idle time of %.17g; it must be a whole number, 0 or more", t);
  ZCZ_TRY(resolve(q, false));
  double ns = t * 0.5;
  zcz_op op = operation(q, ZCZ_OP_DELAY);
  op.num_params = 1;
  op.params = &ns;
  return append(q, &op);
}

static zcz_status universal(qcis *q) {
  ZCZ_TRY(counts(q, 1, 3, "write U, a qubit, theta, phi and lambda"));
  ZCZ_TRY(resolve(q, true));
  zcz_op op = operation(q, ZCZ_OP_GATE);
  op.code = ZCZ_GATE_U3;
  op.num_params = 3;
  op.params = q->params;
  ZCZ_TRY(append(q, &op));
  double phase = (q->params[1] + q->params[2]) / 2;
  if (phase == 0) return ZCZ_OK;
  op.code = ZCZ_GATE_GPHASE;
  op.num_qubits = 0;
  op.num_params = 1;
  op.params = &phase;
  return append(q, &op);
}

static zcz_status unknown(qcis *q) {
  static const char *const others[] = {"I", "B", "M", "U"};
  char quote[ZCZ_QUOTE_SIZE];
  const char *name = q->source->text + q->name;
  zcz_status status =
      zcz_source_fail(q->source, q->error, q->name, ZCZ_ERROR_USAGE,
                      "unknown QCIS operation \"%s\"", zcz_quote(quote, name, q->name_size));
  zcz_nearest nearest = {.wanted = name, .size = q->name_size};
  size_t count;
  const zcz_word *words = zcz_words(&count);
  for (size_t i = 0; i < count; i++) {
    const char *spelling = words[i].spelling[ZCZ_LANGUAGE_QCIS];
    if (spelling) zcz_nearest_offer(&nearest, spelling, strlen(spelling));
  }
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    zcz_nearest_offer(&nearest, others[i], 1);
  if (zcz_nearest_name(&nearest))
    return zcz_hint(q->error, status, "did you mean %s?", zcz_nearest_name(&nearest));
  return zcz_hint(
      q->error, status,
      "QCIS has X2P X2M Y2P Y2M XY2P XY2M RZ CZ FSIM I B M, and gates such as H, X, RX, CX");
}

static zcz_status statement(qcis *q) {
  if (is(q, "M") || is(q, "MEASURE")) return measure(q);
  if (is(q, "I")) return idle(q);
  if (is(q, "U")) return universal(q);
  if (is(q, "B")) {
    if (q->num_qubits == 0 || q->num_params > 0)
      return fail(q, q->name, "write B and the qubits, as in B Q1 Q2", "B takes one qubit or more");
    ZCZ_TRY(resolve(q, false));
    zcz_op barrier = operation(q, ZCZ_OP_BARRIER);
    return append(q, &barrier);
  }
  const zcz_word *word = zcz_word_find(ZCZ_LANGUAGE_QCIS, q->source->text + q->name, q->name_size);
  if (!word) return unknown(q);
  ZCZ_TRY(counts(q, zcz_word_qubits(word), zcz_word_params(word),
                 "qubits first, then parameters, as in RZ Q1 pi/2 or CZ Q1 Q8"));
  ZCZ_TRY(resolve(q, true));
  if (word->gate == ZCZ_GATE_RXY && q->options && q->options->rxy_theta_phi) {
    double theta = q->params[0];
    q->params[0] = q->params[1];
    q->params[1] = theta;
  }
  zcz_op op = operation(q, ZCZ_OP_GATE);
  op.code = word->gate;
  op.num_controls = word->controls;
  op.num_params = (uint32_t)q->num_params;
  op.params = q->params;
  return append(q, &op);
}

static zcz_status read_all(qcis *q) {
  ZCZ_TRY(collect(q));
  q->at = 0;
  q->line = 0;
  for (;;) {
    bool found;
    ZCZ_TRY(next_line(q, true, &found));
    if (!found) return ZCZ_OK;
    ZCZ_TRY(statement(q));
  }
}

zcz_status zcz_qcis_read(zcz_context *context, const zcz_source *source,
                         const zcz_language_options *options, zcz_circuit **circuit,
                         zcz_error *error) {
  qcis q = {.context = context, .source = source, .options = options, .error = error};
  zcz_status status = zcz_circuit_new(context, &q.circuit, error);
  if (status == ZCZ_OK) status = read_all(&q);
  zcz_memory_release(context, q.labels);
  zcz_memory_release(context, q.measured);
  zcz_memory_release(context, q.qubits);
  zcz_memory_release(context, q.places);
  if (status == ZCZ_OK)
    *circuit = q.circuit;
  else
    zcz_circuit_free(q.circuit);
  return status;
}
