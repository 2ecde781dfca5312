OPENQASM 3.0;
include "stdgates.inc";
qubit q;
h q;
#pragma braket noise bit_flip(0.1) q
