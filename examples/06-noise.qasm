// Lesson 6: noise of your own, in the program. A pair decays before it is read; `simulate` treats the channels exactly.
//   zcz simulate examples/06-noise.qasm --probabilities --json
//   zcz simulate examples/06-noise.qasm --expect "Z0*Z1" --json
OPENQASM 3.0;
include "stdgates.inc";

qubit[2] q;
bit[2] c;

h q[0];
cx q[0], q[1];
#pragma braket noise two_qubit_depolarizing(0.02) q[0], q[1]
#pragma braket noise amplitude_damping(0.1) q[0]
#pragma braket noise phase_damping(0.05) q[1]
c = measure q;
