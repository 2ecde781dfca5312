/* Definitions of gates and calls: text to zcz_definition and zcz_call. */
#include <math.h>
#include <string.h>

#include "lang/qasm.h"

enum { MOST_CONTROLS = 1000 };

bool zcz_qasm_begins_call(const zcz_token *token) { return token->kind == ZCZ_TOKEN_NAME; }

/* ---- modifiers: inv @, pow(x) @, ctrl(n) @, negctrl(n) @ ---- */

static zcz_status modifier(zcz_qasm *qasm, bool *found) {
  static const char *const names[] = {"inv", "pow", "ctrl", "negctrl"};
  zcz_modifier result = {.count = 1};
  *found = false;
  if (qasm->version != 3) return ZCZ_OK;
  int kind = 0;
  while (kind < 4 && !zcz_token_is_word(&qasm->token, names[kind])) kind++;
  if (kind == 4) return ZCZ_OK;
  *found = true;
  result.kind = (zcz_modifier_kind)kind;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  if (result.kind == ZCZ_MODIFIER_POW) {
    ZCZ_TRY(zcz_qasm_want(qasm, '(', "\"(\" and the exponent after \"pow\""));
    ZCZ_TRY(zcz_qasm_formula(qasm, &result.formula));
    ZCZ_TRY(zcz_qasm_want(qasm, ')', "\")\""));
  } else if (result.kind != ZCZ_MODIFIER_INV && zcz_token_is(&qasm->token, '(')) {
    ZCZ_TRY(zcz_qasm_advance(qasm));
    zcz_token at = qasm->token;
    int64_t count;
    ZCZ_TRY(zcz_qasm_integer(qasm, "the number of controls", &count));
    if (count < 1 || count > MOST_CONTROLS)
      return zcz_hint(qasm->error,
                      zcz_qasm_fail(qasm, &at, count < 1 ? ZCZ_ERROR_USAGE : ZCZ_ERROR_UNABLE,
                                    "%lld controls; allowed are 1 to %d", (long long)count,
                                    (int)MOST_CONTROLS),
                      "give a number of controls in that range");
    result.count = (uint32_t)count;
    ZCZ_TRY(zcz_qasm_want(qasm, ')', "\")\""));
  }
  ZCZ_TRY(zcz_qasm_want(qasm, '@', "\"@\" after a modifier"));
  ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->modifiers, 1, sizeof result));
  ZCZ_AT(qasm->modifiers, zcz_modifier, qasm->modifiers.count++) = result;
  return ZCZ_OK;
}

static zcz_status modifiers(zcz_qasm *qasm, zcz_call *call, uint32_t *controls) {
  uint64_t sum = 0;
  call->first_modifier = (uint32_t)qasm->modifiers.count;
  for (bool found = true; found;) {
    ZCZ_TRY(modifier(qasm, &found));
    if (!found) break;
    const zcz_modifier *last = &ZCZ_AT(qasm->modifiers, zcz_modifier, qasm->modifiers.count - 1);
    if (last->kind == ZCZ_MODIFIER_CTRL || last->kind == ZCZ_MODIFIER_NEGCTRL) sum += last->count;
    if (++call->num_modifiers > ZCZ_QASM_NESTING || sum > MOST_CONTROLS)
      return zcz_hint(qasm->error,
                      zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_UNABLE,
                                    "more than %d modifiers or %d controls on one gate",
                                    (int)ZCZ_QASM_NESTING, (int)MOST_CONTROLS),
                      "define a gate for the inner part");
  }
  *controls = (uint32_t)sum;
  return ZCZ_OK;
}

/* ---- the name and parameters of a call ---- */

static void warn_library(zcz_qasm *qasm, const zcz_word *word) {
  if (qasm->library || qasm->warned || word->gate == ZCZ_GATE_GPHASE || word->gate == ZCZ_GATE_U)
    return;
  qasm->warned = true;
  zcz_context_warn(qasm->context,
                   "the program uses standard gates without include \"stdgates.inc\"; they are "
                   "taken as included");
}

static zcz_status callee(zcz_qasm *qasm, zcz_call *call, zcz_token *name) {
  ZCZ_TRY(zcz_qasm_name(qasm, "a statement", name));
  zcz_symbol *symbol = zcz_qasm_find(qasm, name);
  call->definition = ZCZ_NONE;
  if (symbol && symbol->kind == ZCZ_SYMBOL_GATE) {
    if (symbol->index == ZCZ_NONE)
      return zcz_hint(qasm->error,
                      zcz_qasm_fail(qasm, name, ZCZ_ERROR_USAGE,
                                    "recursion: a gate calls itself in its own definition"),
                      "OpenQASM has no recursive gates");
    call->definition = symbol->index;
    return ZCZ_OK;
  }
  bool core = zcz_token_is_word(name, "U") || zcz_token_is_word(name, "CX");
  const zcz_word *word = symbol ? NULL : zcz_word_find(qasm->language, name->start, name->size);
  if (!word || (qasm->version == 2 && !core && !qasm->library))
    return zcz_qasm_unknown(qasm, name, "gate", ZCZ_SYMBOL_GATE);
  if (qasm->version == 3) warn_library(qasm, word);
  call->word = word;
  return ZCZ_OK;
}

/* The program gave `given` of something a gate has `right` of. */
static zcz_status wrong_count(zcz_qasm *qasm, const zcz_token *name, const char *what,
                              uint32_t given, uint32_t right) {
  char quote[ZCZ_QUOTE_SIZE];
  return zcz_hint(qasm->error,
                  zcz_qasm_fail(qasm, name, ZCZ_ERROR_USAGE,
                                "\"%s\" takes %u %s%s, and %u %s given",
                                zcz_token_quote(quote, name), right, what, right == 1 ? "" : "s",
                                given, given == 1 ? "is" : "are"),
                  "give it %u", right);
}

static zcz_status parameters(zcz_qasm *qasm, zcz_call *call) {
  call->first_formula = (uint32_t)qasm->formulas.count;
  if (!zcz_token_is(&qasm->token, '(')) return ZCZ_OK;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  while (!zcz_token_is(&qasm->token, ')')) {
    zcz_formula formula;
    ZCZ_TRY(zcz_qasm_formula(qasm, &formula));
    ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->formulas, 1, sizeof formula));
    ZCZ_AT(qasm->formulas, zcz_formula, qasm->formulas.count++) = formula;
    call->num_formulas++;
    if (!zcz_token_is(&qasm->token, ',')) break;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    if (qasm->version == 2 && zcz_token_is(&qasm->token, ')'))
      return zcz_qasm_expected(qasm, "an expression");
  }
  return zcz_qasm_want(qasm, ')', "\",\" or \")\"");
}

static zcz_status head(zcz_qasm *qasm, zcz_call *call, zcz_token *name, uint32_t *qubits) {
  uint32_t controls = 0;
  *call = (zcz_call){.definition = ZCZ_NONE};
  ZCZ_TRY(modifiers(qasm, call, &controls));
  ZCZ_TRY(callee(qasm, call, name));
  ZCZ_TRY(parameters(qasm, call));
  uint32_t params;
  if (call->word) {
    params = zcz_word_params(call->word);
    *qubits = zcz_word_qubits(call->word) + controls;
  } else {
    const zcz_definition *definition = &ZCZ_AT(qasm->definitions, zcz_definition, call->definition);
    params = definition->num_params;
    *qubits = definition->num_qubits + controls;
  }
  if (call->num_formulas != params)
    return wrong_count(qasm, name, "parameter", call->num_formulas, params);
  return ZCZ_OK;
}

/* ---- the body of a definition ---- */

static zcz_status argument(zcz_qasm *qasm, zcz_call *call) {
  zcz_token name;
  ZCZ_TRY(zcz_qasm_name(qasm, "a qubit of the gate", &name));
  zcz_symbol *symbol = zcz_qasm_find(qasm, &name);
  if (!symbol || symbol->kind != ZCZ_SYMBOL_ARGUMENT)
    return zcz_qasm_unknown(qasm, &name, "qubit of this gate", ZCZ_SYMBOL_ARGUMENT);
  if (zcz_token_is(&qasm->token, '['))
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &qasm->token, ZCZ_ERROR_USAGE,
                                  "the qubits of a gate's body have no indices"),
                    "name each qubit in the gate's list");
  for (uint32_t i = 0; i < call->num_qubits && call->num_qubits < 1000; i++) {
    if (ZCZ_AT(qasm->qubit_pool, uint32_t, call->first_qubit + i) != symbol->index) continue;
    char quote[ZCZ_QUOTE_SIZE];
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &name, ZCZ_ERROR_USAGE,
                                  "the qubit \"%s\" stands twice in one operation",
                                  zcz_token_quote(quote, &name)),
                    "an operation needs different qubits");
  }
  ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->qubit_pool, 1, sizeof(uint32_t)));
  ZCZ_AT(qasm->qubit_pool, uint32_t, qasm->qubit_pool.count++) = symbol->index;
  call->num_qubits++;
  return ZCZ_OK;
}

static zcz_status arguments(zcz_qasm *qasm, zcz_call *call) {
  call->first_qubit = (uint32_t)qasm->qubit_pool.count;
  while (!zcz_token_is(&qasm->token, ';')) {
    ZCZ_TRY(argument(qasm, call));
    if (!zcz_token_is(&qasm->token, ',')) break;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    if (qasm->version == 2 && zcz_token_is(&qasm->token, ';'))
      return zcz_qasm_expected(qasm, "a qubit of the gate");
  }
  return zcz_qasm_want(qasm, ';', "\",\" or \";\"");
}

static zcz_status body_statement(zcz_qasm *qasm, zcz_definition *definition) {
  zcz_call call = {.definition = ZCZ_NONE};
  zcz_token name = qasm->token;
  uint32_t qubits = 0;
  if (zcz_token_is_word(&name, "barrier")) {
    ZCZ_TRY(zcz_qasm_advance(qasm));
    ZCZ_TRY(arguments(qasm, &call));
    if (call.num_qubits == 0) { /* all of the gate's */
      ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->qubit_pool, definition->num_qubits, sizeof(uint32_t)));
      for (uint32_t i = 0; i < definition->num_qubits; i++)
        ZCZ_AT(qasm->qubit_pool, uint32_t, qasm->qubit_pool.count++) = i;
      call.num_qubits = definition->num_qubits;
    }
    definition->size += 1;
  } else {
    static const char *const wrong[] = {"measure", "reset", "if",    "qreg",   "creg",
                                        "qubit",   "bit",   "gate",  "opaque", "include",
                                        "delay",   "let",   "const", "for",    "while"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
      bool later = qasm->version == 3 && (name.start[0] == 'f' || name.start[0] == 'w');
      if (zcz_token_is_word(&name, wrong[i]))
        return zcz_hint(qasm->error,
                        zcz_qasm_fail(qasm, &name, later ? ZCZ_ERROR_UNABLE : ZCZ_ERROR_USAGE,
                                      "\"%s\" %s in a gate's body", wrong[i],
                                      later ? "is not supported" : "cannot stand"),
                        "a gate's body holds gates and barriers alone");
    }
    ZCZ_TRY(head(qasm, &call, &name, &qubits));
    definition->size += zcz_qasm_call_size(qasm, &call);
    if (!call.word) {
      const zcz_definition *inner = &ZCZ_AT(qasm->definitions, zcz_definition, call.definition);
      if (inner->depth + 1 > definition->depth) definition->depth = inner->depth + 1;
      if (inner->opaque) definition->opaque = true;
    }
    ZCZ_TRY(arguments(qasm, &call));
    if (call.num_qubits != qubits)
      return wrong_count(qasm, &name, "qubit", call.num_qubits, qubits);
  }
  if (definition->depth > ZCZ_QASM_NESTING)
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &name, ZCZ_ERROR_UNABLE,
                                  "gate definitions within one another deeper than %d levels",
                                  (int)ZCZ_QASM_NESTING),
                    "build the gate in fewer levels");
  ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->calls, 1, sizeof call));
  ZCZ_AT(qasm->calls, zcz_call, qasm->calls.count++) = call;
  definition->num_calls++;
  return ZCZ_OK;
}

/* A list of names up to `end` (not taken): parameters or qubits. */
static zcz_status names(zcz_qasm *qasm, zcz_symbol_kind kind, uint32_t end, uint32_t *count) {
  *count = 0;
  while (!zcz_token_is(&qasm->token, end)) {
    zcz_token name;
    zcz_symbol *symbol;
    ZCZ_TRY(zcz_qasm_name(qasm, kind == ZCZ_SYMBOL_PARAMETER ? "a parameter" : "a qubit", &name));
    ZCZ_TRY(zcz_qasm_declare(qasm, &name, kind, &symbol));
    symbol->index = (*count)++;
    if (!zcz_token_is(&qasm->token, ',')) break;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    if (qasm->version == 2 && zcz_token_is(&qasm->token, end))
      return zcz_qasm_expected(qasm, "a name");
  }
  return ZCZ_OK;
}

zcz_status zcz_qasm_define(zcz_qasm *qasm, bool opaque) {
  zcz_token name;
  zcz_symbol *symbol;
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(zcz_qasm_name(qasm, "the gate's name", &name));
  ZCZ_TRY(zcz_qasm_declare(qasm, &name, ZCZ_SYMBOL_GATE, &symbol));
  size_t place = (size_t)(symbol - qasm->symbols);
  symbol->index = ZCZ_NONE; /* not to be called yet */
  zcz_definition definition = {
      .depth = 1, .opaque = opaque, .first_call = (uint32_t)qasm->calls.count};
  size_t outer = zcz_qasm_open_scope(qasm);
  if (zcz_token_is(&qasm->token, '(')) {
    ZCZ_TRY(zcz_qasm_advance(qasm));
    ZCZ_TRY(names(qasm, ZCZ_SYMBOL_PARAMETER, ')', &definition.num_params));
    ZCZ_TRY(zcz_qasm_want(qasm, ')', "\",\" or \")\""));
  }
  ZCZ_TRY(names(qasm, ZCZ_SYMBOL_ARGUMENT, opaque ? ';' : '{', &definition.num_qubits));
  if (definition.num_qubits == 0) return zcz_qasm_expected(qasm, "a qubit of the gate");
  if (opaque) {
    ZCZ_TRY(zcz_qasm_want(qasm, ';', "\",\" or \";\""));
  } else {
    ZCZ_TRY(zcz_qasm_want(qasm, '{', "\",\" or \"{\""));
    while (!zcz_token_is(&qasm->token, '}')) {
      if (qasm->token.kind == ZCZ_TOKEN_END) return zcz_qasm_expected(qasm, "\"}\"");
      ZCZ_TRY(body_statement(qasm, &definition));
    }
    ZCZ_TRY(zcz_qasm_advance(qasm));
  }
  zcz_qasm_close_scope(qasm, outer);
  ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->definitions, 1, sizeof definition));
  ZCZ_AT(qasm->definitions, zcz_definition, qasm->definitions.count) = definition;
  qasm->symbols[place].index = (uint32_t)qasm->definitions.count++;
  return ZCZ_OK;
}

/* ---- a call in the program ---- */

static zcz_status operands(zcz_qasm *qasm) {
  qasm->lists.count = 0;
  qasm->operands.count = 0;
  while (!zcz_token_is(&qasm->token, ';')) {
    zcz_operand operand;
    ZCZ_TRY(zcz_qasm_operand(qasm, true, &operand));
    ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->operands, 1, sizeof operand));
    ZCZ_AT(qasm->operands, zcz_operand, qasm->operands.count++) = operand;
    if (!zcz_token_is(&qasm->token, ',')) break;
    ZCZ_TRY(zcz_qasm_advance(qasm));
    if (qasm->version == 2 && zcz_token_is(&qasm->token, ';'))
      return zcz_qasm_expected(qasm, "a qubit");
  }
  return zcz_qasm_want(qasm, ';', "\",\" or \";\"");
}

static zcz_status call_each(zcz_qasm *qasm, zcz_call *call, const zcz_token *name) {
  uint32_t times = 1, have = (uint32_t)qasm->operands.count;
  bool broadcast = false;
  for (uint32_t i = 0; i < have; i++) {
    const zcz_operand *operand = &ZCZ_AT(qasm->operands, zcz_operand, i);
    if (operand->single) continue;
    if (broadcast && operand->count != times)
      return zcz_hint(qasm->error,
                      zcz_qasm_fail(qasm, name, ZCZ_ERROR_USAGE,
                                    "registers of different sizes, %u and %u, in one operation",
                                    times, operand->count),
                      "registers of one operation must have the same size");
    broadcast = true;
    times = operand->count;
  }
  size_t pool = qasm->qubit_pool.count;
  call->first_qubit = (uint32_t)pool;
  call->num_qubits = have;
  ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->qubit_pool, have, sizeof(uint32_t)));
  qasm->qubit_pool.count += have;
  ZCZ_TRY(zcz_qasm_admit(qasm, call, times));
  for (uint32_t t = 0; t < times; t++) {
    for (uint32_t i = 0; i < have; i++)
      ZCZ_AT(qasm->qubit_pool, uint32_t, pool + i) =
          zcz_qasm_operand_at(qasm, &ZCZ_AT(qasm->operands, zcz_operand, i), t);
    ZCZ_TRY(zcz_qasm_distinct(qasm, &ZCZ_AT(qasm->qubit_pool, uint32_t, pool), have));
    ZCZ_TRY(zcz_qasm_expand(qasm, call));
  }
  qasm->qubit_pool.count = pool;
  return ZCZ_OK;
}

zcz_status zcz_qasm_call(zcz_qasm *qasm) {
  zcz_call call;
  zcz_token name;
  uint32_t qubits;
  size_t code = qasm->code.count, formulas = qasm->formulas.count,
         modifier_count = qasm->modifiers.count;
  ZCZ_TRY(head(qasm, &call, &name, &qubits));
  ZCZ_TRY(operands(qasm));
  if (qasm->operands.count != qubits)
    return wrong_count(qasm, &name, "qubit", (uint32_t)qasm->operands.count, qubits);
  if (call.definition != ZCZ_NONE &&
      ZCZ_AT(qasm->definitions, zcz_definition, call.definition).opaque) {
    char quote[ZCZ_QUOTE_SIZE];
    return zcz_hint(qasm->error,
                    zcz_qasm_fail(qasm, &name, ZCZ_ERROR_UNABLE,
                                  "the gate \"%s\" is opaque or calls an opaque gate: nobody says "
                                  "what it does",
                                  zcz_token_quote(quote, &name)),
                    "define it with \"gate\"");
  }
  ZCZ_TRY(call_each(qasm, &call, &name));
  qasm->code.count = code;
  qasm->formulas.count = formulas;
  qasm->modifiers.count = modifier_count;
  return ZCZ_OK;
}

zcz_status zcz_qasm_barrier(zcz_qasm *qasm) {
  ZCZ_TRY(zcz_qasm_advance(qasm));
  ZCZ_TRY(operands(qasm));
  size_t pool = qasm->qubit_pool.count, count = 0;
  if (qasm->operands.count == 0) { /* all qubits declared so far */
    if (qasm->version == 2) return zcz_qasm_expected(qasm, "a qubit");
    count = zcz_circuit_num_qubits(qasm->circuit);
    if (count == 0) return ZCZ_OK;
    ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->qubit_pool, count, sizeof(uint32_t)));
    for (size_t i = 0; i < count; i++) ZCZ_AT(qasm->qubit_pool, uint32_t, pool + i) = (uint32_t)i;
  }
  for (size_t i = 0; i < qasm->operands.count; i++) {
    zcz_operand operand = ZCZ_AT(qasm->operands, zcz_operand, i);
    if (count + operand.count > ZCZ_QASM_QUBITS) {
      return zcz_hint(qasm->error,
                      zcz_source_fail(qasm->lexer.source, qasm->error, qasm->offset,
                                      ZCZ_ERROR_USAGE, "a barrier names a qubit twice"),
                      "name each qubit once");
    }
    ZCZ_TRY(zcz_qasm_grow(qasm, &qasm->qubit_pool, count + operand.count, sizeof(uint32_t)));
    for (uint32_t k = 0; k < operand.count; k++)
      ZCZ_AT(qasm->qubit_pool, uint32_t, pool + count++) = zcz_qasm_operand_at(qasm, &operand, k);
  }
  ZCZ_TRY(zcz_qasm_distinct(qasm, &ZCZ_AT(qasm->qubit_pool, uint32_t, pool), (uint32_t)count));
  zcz_op op = zcz_qasm_op(qasm, ZCZ_OP_BARRIER);
  op.num_qubits = (uint32_t)count;
  op.qubits = &ZCZ_AT(qasm->qubit_pool, uint32_t, pool);
  return zcz_qasm_append(qasm, &op);
}
