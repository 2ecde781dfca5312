// Lesson 3: measurement in the middle, and gates that depend on what was read.
// The state ry(1.0)|0> is taken from q[0] to q[2]; undone there, `out` reads 0 every time.
//   zcz simulate examples/03-teleportation.qasm
OPENQASM 3.0;
include "stdgates.inc";

qubit[3] q;
bit a;
bit b;
bit out;

ry(1.0) q[0];

h q[1];
cx q[1], q[2];

cx q[0], q[1];
h q[0];
a = measure q[0];
b = measure q[1];

if (b) {
  x q[2];
}
if (a) {
  z q[2];
}

ry(-1.0) q[2];
out = measure q[2];
