/* What every pass needs to walk a circuit with control flow. */
#ifndef ZCZ_COMPILE_BLOCKS_H
#define ZCZ_COMPILE_BLOCKS_H

#include "zcz/circuit.h"

/* BUG unless every block is the body of at most one IF or WHILE and block 0 of none: then a walk
 * from block 0 ends, visits each block once, and a pass may keep one record a block. */
zcz_status zcz_blocks_check(const zcz_circuit *circuit, zcz_error *error) ZCZ_MUST_CHECK;

/* `result` gets as many blocks as `source` has, so that a pass may keep the numbers. */
zcz_status zcz_blocks_like(const zcz_circuit *source, zcz_circuit *result,
                           zcz_error *error) ZCZ_MUST_CHECK;

/* Called for each classical bit or variable that an expression reads: bits first .. first + count
 * - 1, or (bits false) the variable `first`. */
typedef void zcz_read_function(void *user, bool bits, uint32_t first, uint32_t count);
void zcz_expression_reads(const zcz_circuit *circuit, uint32_t expression,
                          zcz_read_function *function, void *user);

/* terminal[i] = 1 for the measurements of block 0 after which nothing but barriers and delays acts
 * on the qubit and nothing reads or writes the bit. `terminal` holds one byte an operation. */
zcz_status zcz_terminal_measurements(const zcz_circuit *circuit, uint8_t *terminal,
                                     zcz_error *error) ZCZ_MUST_CHECK;

#endif
