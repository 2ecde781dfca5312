OPENQASM 2.0;
include "../outside.inc";
qreg q[1];
