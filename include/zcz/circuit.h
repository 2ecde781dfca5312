/* The circuit: what every program becomes, and all that passes and engines see.
 *
 * Qubits 0..n-1, classical bits 0..m-1 (both may stand in named registers), typed variables, and
 * blocks of operations. Block 0 is the program; IF and WHILE name further blocks. Operations keep
 * the order of the text. Pointers in operations point into the circuit and live as long as it. */
#ifndef ZCZ_CIRCUIT_H
#define ZCZ_CIRCUIT_H

#include "zcz/channel.h"
#include "zcz/context.h"
#include "zcz/gate.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct zcz_circuit zcz_circuit;

typedef enum zcz_op_kind {
  ZCZ_OP_GATE = 0, /* code = zcz_gate; the first num_controls qubits control */
  ZCZ_OP_UNITARY,  /* params = matrix of 2 * 4^k doubles (k = num_qubits - num_controls <= 6) */
  ZCZ_OP_MEASURE,  /* qubits[0] into `bit`; params, when there: P(read 1 | 0), P(read 0 | 1) */
  ZCZ_OP_RESET,    /* qubits[0] to |0> */
  ZCZ_OP_BARRIER,  /* nothing moves across it on its qubits */
  ZCZ_OP_DELAY,    /* params[0] nanoseconds on its qubits */
  ZCZ_OP_CHANNEL,  /* code = zcz_channel */
  ZCZ_OP_ASSIGN,   /* target bit or variable := expression */
  ZCZ_OP_IF,       /* expression true: blocks[0], else blocks[1] (ZCZ_NONE = nothing) */
  ZCZ_OP_WHILE,    /* while expression: blocks[0] */
  ZCZ_OP_KIND_COUNT
} zcz_op_kind;

enum { ZCZ_MAX_UNITARY_QUBITS = 6 };
#define ZCZ_NONE UINT32_MAX

typedef struct zcz_op {
  uint8_t kind;
  uint8_t code;
  uint16_t num_controls;
  uint32_t num_qubits; /* controls included, controls first */
  uint32_t num_params;
  uint32_t bit;        /* MEASURE; ASSIGN to a bit; else ZCZ_NONE */
  uint32_t variable;   /* ASSIGN to a variable; else ZCZ_NONE */
  uint32_t expression; /* ASSIGN, IF, WHILE; else ZCZ_NONE */
  uint32_t blocks[2];  /* IF, WHILE; else ZCZ_NONE */
  uint32_t line;       /* of the program text, 0 = none */
  float reserved;
  double start_ns; /* from the start of its block, set by the scheduler; < 0 = not scheduled */
  double duration_ns;
  const uint32_t *qubits;
  const double *params;
} zcz_op;

typedef struct zcz_register {
  const char *name;
  uint32_t offset;
  uint32_t size;
} zcz_register;

/* ---- classical values ---- */

typedef enum zcz_type { ZCZ_TYPE_BOOL, ZCZ_TYPE_INT, ZCZ_TYPE_UINT, ZCZ_TYPE_FLOAT } zcz_type;

typedef struct zcz_value {
  zcz_type type;
  union {
    bool truth;
    int64_t integer;
    uint64_t natural;
    double real;
  } as;
} zcz_value;

typedef enum zcz_expression_kind {
  ZCZ_EXPRESSION_CONSTANT,
  ZCZ_EXPRESSION_BIT,      /* index = classical bit; a BOOL */
  ZCZ_EXPRESSION_BITS,     /* bits index .. index + size - 1 as a UINT, the first least significant;
                              past 64 bits only == and != and truth are defined */
  ZCZ_EXPRESSION_VARIABLE, /* index */
  ZCZ_EXPRESSION_UNARY,    /* operation on left */
  ZCZ_EXPRESSION_BINARY    /* operation on left, right */
} zcz_expression_kind;

typedef enum zcz_operation {
  ZCZ_OPERATION_NOT,
  ZCZ_OPERATION_BIT_NOT,
  ZCZ_OPERATION_NEGATE,
  ZCZ_OPERATION_AND,
  ZCZ_OPERATION_OR, /* logical */
  ZCZ_OPERATION_BIT_AND,
  ZCZ_OPERATION_BIT_OR,
  ZCZ_OPERATION_BIT_XOR,
  ZCZ_OPERATION_SHIFT_LEFT,
  ZCZ_OPERATION_SHIFT_RIGHT,
  ZCZ_OPERATION_EQUAL,
  ZCZ_OPERATION_UNEQUAL,
  ZCZ_OPERATION_LESS,
  ZCZ_OPERATION_LESS_EQUAL,
  ZCZ_OPERATION_GREATER,
  ZCZ_OPERATION_GREATER_EQUAL,
  ZCZ_OPERATION_ADD,
  ZCZ_OPERATION_SUBTRACT,
  ZCZ_OPERATION_MULTIPLY,
  ZCZ_OPERATION_DIVIDE,
  ZCZ_OPERATION_REMAINDER,
  ZCZ_OPERATION_POWER,
  ZCZ_OPERATION_COUNT
} zcz_operation;

typedef struct zcz_expression {
  zcz_expression_kind kind;
  zcz_operation operation;
  uint32_t index; /* bit, first bit, variable */
  uint32_t size;
  uint32_t left, right; /* expressions, always with smaller numbers */
  zcz_value constant;
} zcz_expression;

typedef struct zcz_variable {
  const char *name;
  zcz_type type;
  uint32_t width; /* bits of INT, UINT: values wrap */
  zcz_value initial;
} zcz_variable;

/* ---- making one ---- */

ZCZ_API zcz_status zcz_circuit_new(zcz_context *context, zcz_circuit **circuit,
                                   zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API void zcz_circuit_free(zcz_circuit *circuit);
/* The same registers, bits, labels, variables and expressions, other qubits where `num_qubits` is
 * not ZCZ_NONE (then unnamed and unlabelled), and one empty block: how a pass begins its output. */
ZCZ_API zcz_status zcz_circuit_new_like(const zcz_circuit *source, uint32_t num_qubits,
                                        zcz_circuit **circuit, zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API zcz_status zcz_circuit_copy(const zcz_circuit *source, zcz_circuit **circuit,
                                    zcz_error *error) ZCZ_MUST_CHECK;

/* Adds a register and returns the number of its first qubit / bit in *offset. Names are copied. */
ZCZ_API zcz_status zcz_circuit_add_qubits(zcz_circuit *circuit, const char *name, uint32_t size,
                                          uint32_t *offset, zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API zcz_status zcz_circuit_add_bits(zcz_circuit *circuit, const char *name, uint32_t size,
                                        uint32_t *offset, zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API zcz_status zcz_circuit_add_variable(zcz_circuit *circuit, const zcz_variable *variable,
                                            uint32_t *index, zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API zcz_status zcz_circuit_add_expression(zcz_circuit *circuit,
                                              const zcz_expression *expression, uint32_t *index,
                                              zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API zcz_status zcz_circuit_add_block(zcz_circuit *circuit, uint32_t *block,
                                         zcz_error *error) ZCZ_MUST_CHECK;
/* The number that the text gives a qubit (QCIS: Q7 has 7); ZCZ_NONE = none. */
ZCZ_API void zcz_circuit_set_label(zcz_circuit *circuit, uint32_t qubit, uint32_t label);

/* Appends a copy of `op` (its qubits and params too) to `block`. USAGE when it is malformed: wrong
 * numbers of qubits or parameters, qubits out of range or repeated, parameters not finite, bits,
 * expressions or blocks that do not exist, a matrix that is not unitary to 1e-6, a channel that is
 * none. Every operation enters a circuit through here, so a circuit is always well-formed. */
ZCZ_API zcz_status zcz_circuit_append(zcz_circuit *circuit, uint32_t block, const zcz_op *op,
                                      zcz_error *error) ZCZ_MUST_CHECK;
/* Short forms of it, into block 0 where no block is named. */
ZCZ_API zcz_status zcz_circuit_gate(zcz_circuit *circuit, uint32_t block, zcz_gate gate,
                                    uint32_t num_controls, const uint32_t *qubits,
                                    const double *params, zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API zcz_status zcz_circuit_unitary(zcz_circuit *circuit, uint32_t block, uint32_t num_controls,
                                       uint32_t num_qubits, const uint32_t *qubits,
                                       const zcz_complex *matrix, zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API zcz_status zcz_circuit_channel(zcz_circuit *circuit, uint32_t block, zcz_channel channel,
                                       uint32_t num_qubits, const uint32_t *qubits,
                                       uint32_t num_params, const double *params,
                                       zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API zcz_status zcz_circuit_measure(zcz_circuit *circuit, uint32_t block, uint32_t qubit,
                                       uint32_t bit, zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API zcz_status zcz_circuit_reset(zcz_circuit *circuit, uint32_t block, uint32_t qubit,
                                     zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API zcz_status zcz_circuit_barrier(zcz_circuit *circuit, uint32_t block, uint32_t num_qubits,
                                       const uint32_t *qubits, zcz_error *error) ZCZ_MUST_CHECK;

/* ---- looking at one ---- */

ZCZ_API zcz_context *zcz_circuit_context(const zcz_circuit *circuit);
ZCZ_API uint32_t zcz_circuit_num_qubits(const zcz_circuit *circuit);
ZCZ_API uint32_t zcz_circuit_num_bits(const zcz_circuit *circuit);
ZCZ_API uint32_t zcz_circuit_num_blocks(const zcz_circuit *circuit);
ZCZ_API size_t zcz_circuit_num_ops(const zcz_circuit *circuit, uint32_t block);
ZCZ_API const zcz_op *zcz_circuit_ops(const zcz_circuit *circuit, uint32_t block);
ZCZ_API uint32_t zcz_circuit_num_qubit_registers(const zcz_circuit *circuit);
ZCZ_API const zcz_register *zcz_circuit_qubit_registers(const zcz_circuit *circuit);
ZCZ_API uint32_t zcz_circuit_num_bit_registers(const zcz_circuit *circuit);
ZCZ_API const zcz_register *zcz_circuit_bit_registers(const zcz_circuit *circuit);
ZCZ_API uint32_t zcz_circuit_num_variables(const zcz_circuit *circuit);
ZCZ_API const zcz_variable *zcz_circuit_variables(const zcz_circuit *circuit);
ZCZ_API uint32_t zcz_circuit_num_expressions(const zcz_circuit *circuit);
ZCZ_API const zcz_expression *zcz_circuit_expressions(const zcz_circuit *circuit);
ZCZ_API uint32_t zcz_circuit_label(const zcz_circuit *circuit, uint32_t qubit);
/* Operations of all blocks together. */
ZCZ_API size_t zcz_circuit_size(const zcz_circuit *circuit);

typedef struct zcz_circuit_traits {
  bool dynamic;          /* control flow, assignment, reset, or measurement before a qubit's end */
  bool has_control_flow; /* IF, WHILE or ASSIGN */
  bool has_measurement;
  bool has_channel;      /* any noise channel, or a readout error on a measurement */
  bool only_pauli_noise; /* every channel is a mixture of Paulis */
  bool only_clifford;    /* every gate and unitary is Clifford (parameters within 1e-12) */
  bool measured_twice;   /* some bit is written more than once */
} zcz_circuit_traits;
ZCZ_API zcz_circuit_traits zcz_circuit_describe(const zcz_circuit *circuit);

/* The unitary of a GATE or UNITARY operation with its controls, num_qubits <= 6: 4^num_qubits
 * entries, row-major, first qubit least significant. */
ZCZ_API void zcz_op_matrix(const zcz_op *op, zcz_complex *matrix);

/* Is this GATE or UNITARY operation a Clifford operation (up to phase, entries within 1e-9)? At most two qubits,
 * controls included; larger ones never are. */
ZCZ_API bool zcz_op_is_clifford(const zcz_op *op);

/* ---- running its classical part ---- */

/* `bits` one byte (0, 1) a classical bit, `variables` one value each. */
ZCZ_API zcz_status zcz_expression_evaluate(const zcz_circuit *circuit, uint32_t expression,
                                           const uint8_t *bits, const zcz_value *variables,
                                           zcz_value *value, zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API bool zcz_value_truth(zcz_value value);
/* Runs an ASSIGN on bits and variables (converted to the target's type and width). */
ZCZ_API zcz_status zcz_op_assign(const zcz_circuit *circuit, const zcz_op *op, uint8_t *bits,
                                 zcz_value *variables, zcz_error *error) ZCZ_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
