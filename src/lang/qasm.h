/* What the readers of OpenQASM 2 and 3 share: names, constants, gate definitions and their
 * expansion, operands. Used inside this room alone. */
#ifndef ZCZ_LANG_QASM_H
#define ZCZ_LANG_QASM_H

#include "lang/token.h"
#include "lang/words.h"

/* Past these a program is refused as UNABLE. Documented in README.md. */
enum {
  ZCZ_QASM_NESTING = 256, /* brackets, blocks, gate definitions within one another */
  ZCZ_QASM_QUBITS = 100000,
  ZCZ_QASM_BITS = 1000000,
  ZCZ_QASM_OPERATIONS = 10000000, /* after expansion */
  ZCZ_QASM_STEPS = 20000000,      /* of expansion, those that make no operation too */
  ZCZ_QASM_OPERANDS = 20000000,   /* qubits of all operations together */
  ZCZ_QASM_INCLUDES = 16          /* files within one another */
};

/* ---- constants ---- */

typedef enum zcz_number_kind {
  ZCZ_NUMBER_REAL,
  ZCZ_NUMBER_INTEGER,
  ZCZ_NUMBER_TIME
} zcz_number_kind;

typedef struct zcz_number {
  zcz_number_kind kind;
  int64_t whole; /* INTEGER */
  double real;   /* always; nanoseconds for TIME */
} zcz_number;

/* One step of an expression in reverse Polish order. */
typedef struct zcz_code {
  uint8_t operation;
  uint32_t parameter;
  zcz_number value;
} zcz_code;

typedef struct zcz_formula {
  uint32_t first, count; /* steps in zcz_qasm.code */
} zcz_formula;

/* ---- gates ---- */

typedef enum zcz_modifier_kind {
  ZCZ_MODIFIER_INV,
  ZCZ_MODIFIER_POW,
  ZCZ_MODIFIER_CTRL,
  ZCZ_MODIFIER_NEGCTRL
} zcz_modifier_kind;

typedef struct zcz_modifier {
  zcz_modifier_kind kind;
  uint32_t count;      /* of controls */
  zcz_formula formula; /* POW */
} zcz_modifier;

/* A call of a gate as it is written, in a definition's body or outside. */
typedef struct zcz_call {
  const zcz_word *word; /* a library gate, or NULL: */
  uint32_t definition;  /* a gate of the program; ZCZ_NONE (and word NULL) = barrier */
  uint32_t first_modifier, num_modifiers;
  uint32_t first_formula, num_formulas;
  uint32_t first_qubit,
      num_qubits; /* in zcz_qasm.qubit_pool: of the definition, or of the program */
} zcz_call;

typedef struct zcz_definition {
  uint32_t num_params, num_qubits;
  uint32_t first_call, num_calls;
  uint32_t depth; /* definitions within one another, itself included */
  double size;    /* operations it expands to, at least */
  bool opaque;
} zcz_definition;

/* ---- names ---- */

typedef enum zcz_symbol_kind {
  ZCZ_SYMBOL_QUBITS,
  ZCZ_SYMBOL_BITS,
  ZCZ_SYMBOL_GATE,
  ZCZ_SYMBOL_CONSTANT,
  ZCZ_SYMBOL_ALIAS,     /* qubits of a list: index = first in zcz_qasm.alias_pool */
  ZCZ_SYMBOL_PARAMETER, /* of the gate being defined */
  ZCZ_SYMBOL_ARGUMENT   /* a qubit of the gate being defined */
} zcz_symbol_kind;

typedef struct zcz_symbol {
  const char *name;
  uint32_t size_of_name;
  uint32_t next; /* in its bucket */
  uint32_t hash;
  zcz_symbol_kind kind;
  bool indexable; /* a register; else a single qubit or bit */
  uint32_t index; /* first qubit or bit; definition; place */
  uint32_t size;
  zcz_number value;
} zcz_symbol;

/* Qubits or bits that a statement names. */
typedef struct zcz_operand {
  bool single;
  bool listed; /* first = place in zcz_qasm.lists */
  uint32_t first, count;
} zcz_operand;

typedef struct zcz_array {
  void *items;
  size_t count, capacity;
} zcz_array;

typedef struct zcz_qasm zcz_qasm;
typedef zcz_status zcz_qasm_statement(zcz_qasm *qasm);

struct zcz_qasm {
  zcz_context *context;
  const zcz_language_options *options;
  zcz_circuit *circuit;
  zcz_error *error;
  uint32_t block;
  int version;
  zcz_qasm_statement *statement; /* reads one, of the version */
  zcz_language language;
  bool library; /* qelib1.inc or stdgates.inc was included */
  bool warned;

  zcz_lexer lexer;
  zcz_token token; /* the current one */
  uint32_t nesting;
  uint32_t includes;
  zcz_array sources; /* zcz_source *: kept to the end, names point into them */

  zcz_symbol *symbols;
  size_t num_symbols, symbol_capacity;
  uint32_t *buckets;
  size_t num_buckets; /* a power of two */
  size_t scope;       /* first symbol of the innermost scope */

  zcz_array code;        /* zcz_code */
  zcz_array formulas;    /* zcz_formula */
  zcz_array modifiers;   /* zcz_modifier */
  zcz_array calls;       /* zcz_call */
  zcz_array definitions; /* zcz_definition */
  zcz_array qubit_pool;  /* uint32_t: operands of calls */
  zcz_array alias_pool;  /* uint32_t */
  zcz_array lists;       /* uint32_t: operands of the current statement */
  zcz_array operands;    /* zcz_operand of the current statement */
  zcz_array values;      /* double: stack of parameters during expansion */
  zcz_array places;      /* uint32_t: stack of qubits during expansion */
  zcz_array machine;     /* zcz_number: stack of the evaluator */
  zcz_array stamps;      /* uint32_t per qubit: finds repeated ones */
  uint32_t stamp;

  uint64_t operations, steps, operands_made;
  uint32_t line; /* of the current statement */
  size_t offset;
  /* OpenQASM 2: the condition made last */
  uint32_t condition_first, condition_size, condition;
  uint64_t condition_value;
};

#define ZCZ_AT(array, type, index) (((type *)(array).items)[index])

/* qasm.c: beginning, ending, tokens, names */
zcz_status zcz_qasm_read(zcz_context *context, int version, zcz_qasm_statement *statement,
                         const zcz_source *source, const zcz_language_options *options,
                         zcz_circuit **circuit, zcz_error *error) ZCZ_MUST_CHECK;
zcz_status zcz_qasm_grow(zcz_qasm *qasm, zcz_array *array, size_t extra,
                         size_t size) ZCZ_MUST_CHECK;
zcz_status zcz_qasm_advance(zcz_qasm *qasm) ZCZ_MUST_CHECK;
zcz_status zcz_qasm_fail(zcz_qasm *qasm, const zcz_token *token, zcz_status status,
                         const char *format, ...) ZCZ_PRINTF(4, 5);
/* "expected WHAT, found ..." at the current token */
zcz_status zcz_qasm_expected(zcz_qasm *qasm, const char *what);
zcz_status zcz_qasm_want(zcz_qasm *qasm, uint32_t symbol, const char *what) ZCZ_MUST_CHECK;
/* Takes a name and steps past it. */
zcz_status zcz_qasm_name(zcz_qasm *qasm, const char *what, zcz_token *name) ZCZ_MUST_CHECK;
zcz_status zcz_qasm_enter(zcz_qasm *qasm) ZCZ_MUST_CHECK; /* one more level of nesting */
void zcz_qasm_leave(zcz_qasm *qasm);
zcz_symbol *zcz_qasm_find(zcz_qasm *qasm, const zcz_token *name);
/* USAGE where the scope has the name already, or where it is a word of the language. */
zcz_status zcz_qasm_declare(zcz_qasm *qasm, const zcz_token *name, zcz_symbol_kind kind,
                            zcz_symbol **symbol) ZCZ_MUST_CHECK;
size_t zcz_qasm_open_scope(zcz_qasm *qasm); /* returns the outer scope, for: */
void zcz_qasm_close_scope(zcz_qasm *qasm, size_t outer);
/* A register of qubits or bits in circuit and names; `single` = without index. */
zcz_status zcz_qasm_register(zcz_qasm *qasm, const zcz_token *name, bool qubits, bool single,
                             uint32_t size, uint32_t *offset) ZCZ_MUST_CHECK;
/* The size in brackets after a register's name or type: checked against the limits. */
zcz_status zcz_qasm_size(zcz_qasm *qasm, bool qubits, uint32_t *size) ZCZ_MUST_CHECK;
zcz_status zcz_qasm_unknown(zcz_qasm *qasm, const zcz_token *name, const char *what,
                            zcz_symbol_kind kind);
/* Places an error of a deeper room at the current statement. */
zcz_status zcz_qasm_place(zcz_qasm *qasm, zcz_status status);

/* qasm_include.c */
zcz_status zcz_qasm_include(zcz_qasm *qasm) ZCZ_MUST_CHECK;

/* qasm_formula.c: constant expressions */
zcz_status zcz_qasm_formula(zcz_qasm *qasm, zcz_formula *formula) ZCZ_MUST_CHECK;
/* `base` = place of the parameters in zcz_qasm.values. */
zcz_status zcz_qasm_evaluate(zcz_qasm *qasm, zcz_formula formula, size_t base,
                             zcz_number *value) ZCZ_MUST_CHECK;
/* The value where it is a constant alone. */
bool zcz_qasm_formula_value(const zcz_qasm *qasm, zcz_formula formula, double *value);
/* Parses and evaluates; the code is given back. */
zcz_status zcz_qasm_constant(zcz_qasm *qasm, zcz_number *value) ZCZ_MUST_CHECK;
zcz_status zcz_qasm_integer(zcz_qasm *qasm, const char *what, int64_t *value) ZCZ_MUST_CHECK;

/* qasm_operand.c */
zcz_status zcz_qasm_operand(zcz_qasm *qasm, bool qubits, zcz_operand *operand) ZCZ_MUST_CHECK;
uint32_t zcz_qasm_operand_at(const zcz_qasm *qasm, const zcz_operand *operand, uint32_t i);
zcz_status zcz_qasm_alias(zcz_qasm *qasm) ZCZ_MUST_CHECK;
/* No qubit twice. */
zcz_status zcz_qasm_distinct(zcz_qasm *qasm, const uint32_t *qubits, uint32_t count) ZCZ_MUST_CHECK;

/* qasm_gate.c: definitions and calls */
zcz_status zcz_qasm_define(zcz_qasm *qasm, bool opaque) ZCZ_MUST_CHECK;
zcz_status zcz_qasm_call(zcz_qasm *qasm) ZCZ_MUST_CHECK;
zcz_status zcz_qasm_barrier(zcz_qasm *qasm) ZCZ_MUST_CHECK;
/* Does a statement that begins so call a gate? */
bool zcz_qasm_begins_call(const zcz_token *token);

/* qasm_expand.c */
/* `times` = how often this call will be expanded (asked before the first). */
zcz_status zcz_qasm_admit(zcz_qasm *qasm, const zcz_call *call, double times) ZCZ_MUST_CHECK;
zcz_status zcz_qasm_expand(zcz_qasm *qasm, const zcz_call *call) ZCZ_MUST_CHECK;
/* Operations that a call makes at least. */
double zcz_qasm_call_size(zcz_qasm *qasm, const zcz_call *call);
zcz_status zcz_qasm_too_large(zcz_qasm *qasm, const char *what, int limit);
/* Counts against the limits, then appends. */
zcz_status zcz_qasm_append(zcz_qasm *qasm, zcz_op *op) ZCZ_MUST_CHECK;
zcz_op zcz_qasm_op(const zcz_qasm *qasm, zcz_op_kind kind);

/* qasm_power.c: matrix^exponent in place (principal branch), 2^qubits square. False when it does
 * not come out to 1e-9. */
bool zcz_unitary_power(zcz_complex *matrix, uint32_t qubits, double exponent);
/* matrix^times by squaring; `work` = room for two more. */
void zcz_unitary_whole_power(zcz_complex *matrix, uint32_t qubits, int64_t times,
                             zcz_complex *work);
/* The product of a circuit's gates; `scratch` = room for one more. */
zcz_status zcz_qasm_multiply(zcz_qasm *qasm, const zcz_circuit *circuit, uint32_t qubits,
                             zcz_complex *matrix, zcz_complex *scratch) ZCZ_MUST_CHECK;
void zcz_unitary_multiply(const zcz_complex *a, const zcz_complex *b, zcz_complex *out,
                          uint32_t qubits);

/* qasm2.c: measure, both ways of writing it (the arrow), and reset */
zcz_status zcz_qasm_measure(zcz_qasm *qasm) ZCZ_MUST_CHECK;
zcz_status zcz_qasm_measure_into(zcz_qasm *qasm, const zcz_operand *qubits,
                                 const zcz_operand *bits) ZCZ_MUST_CHECK;
zcz_status zcz_qasm_reset(zcz_qasm *qasm) ZCZ_MUST_CHECK;

/* qasm3_condition.c: a classical expression for the run */
zcz_status zcz_qasm3_expression(zcz_qasm *qasm, uint32_t *expression) ZCZ_MUST_CHECK;
/* qasm3_pragma.c */
zcz_status zcz_qasm3_pragma(zcz_qasm *qasm) ZCZ_MUST_CHECK;

#endif
