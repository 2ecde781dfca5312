// Lesson 5: gates with controls, and what they cost. Grover's search for 1011 among sixteen.
//   zcz simulate examples/05-grover.qasm --probabilities --json
//   zcz compile examples/05-grover.qasm --json            how many two-qubit gates that is on the chip
OPENQASM 3.0;
include "stdgates.inc";

gate mark a, b, c, d {
  x c; // the digit that is 0 in 1011
  ctrl(3) @ z a, b, c, d;
  x c;
}

gate diffuse a, b, c, d {
  h a; h b; h c; h d;
  x a; x b; x c; x d;
  ctrl(3) @ z a, b, c, d;
  x a; x b; x c; x d;
  h a; h b; h c; h d;
}

qubit[4] q;
bit[4] found;

h q;
mark q[0], q[1], q[2], q[3];
diffuse q[0], q[1], q[2], q[3];
mark q[0], q[1], q[2], q[3];
diffuse q[0], q[1], q[2], q[3];
mark q[0], q[1], q[2], q[3];
diffuse q[0], q[1], q[2], q[3];

found = measure q;
