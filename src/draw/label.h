/* Words for operations: short, as they stand in a picture. */
#ifndef ZCZ_DRAW_LABEL_H
#define ZCZ_DRAW_LABEL_H

#include "zcz/circuit.h"

/* All write at most `size` bytes, the end included, and cut what is longer. */

/* "pi/2", "-3pi/4" with the Greek letter, else three digits. */
void zcz_label_angle(double angle, char *text, size_t size);
/* "Rx(pi/2)", of a GATE or UNITARY; `name_only` leaves the parameters out. */
void zcz_label_gate(const zcz_op *op, bool name_only, char *text, size_t size);
void zcz_label_channel(const zcz_op *op, bool name_only, char *text, size_t size);
/* "q[3]", "Q7" where the program numbers its qubits itself. */
void zcz_label_qubit(const zcz_circuit *circuit, uint32_t qubit, char *text, size_t size);
void zcz_label_bit(const zcz_circuit *circuit, uint32_t bit, char *text, size_t size);
/* "c == 3" */
void zcz_label_expression(const zcz_circuit *circuit, uint32_t expression, char *text, size_t size);
/* "if c == 3", "while ...", "c[0] = ..." */
void zcz_label_control_flow(const zcz_circuit *circuit, const zcz_op *op, char *text, size_t size);

#endif
