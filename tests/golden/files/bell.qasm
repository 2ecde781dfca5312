// Lesson 1: two qubits that always agree.
//   zcz simulate examples/01-bell.qasm        what the program says
//   zcz run examples/01-bell.qasm             what the chip would make of it
OPENQASM 3.0;
include "stdgates.inc";

qubit[2] q;
bit[2] c;

h q[0];
cx q[0], q[1];
c = measure q;
