OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg a[2];
creg b[1];
x q[0];
measure q[0] -> a[1];
measure q[2] -> b[0];
