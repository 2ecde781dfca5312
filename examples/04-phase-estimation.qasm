// Lesson 4: a whole algorithm. Which phase does a gate give its eigenstate? Here it is 11/32 of a turn,
// so five bits tell it exactly: 01011, that is 11.
//   zcz simulate examples/04-phase-estimation.qasm       01011 every time
//   zcz run examples/04-phase-estimation.qasm            still the tallest bar, on the noisy chip
OPENQASM 3.0;
include "stdgates.inc";

const float phase = 2 * pi * 11 / 32;

gate turn q { p(phase) q; }

qubit[5] digit;
qubit eigenstate;
bit[5] c;

x eigenstate;

// Digit k gathers 2^k turns.
h digit;
ctrl @ turn digit[0], eigenstate;
ctrl @ pow(2) @ turn digit[1], eigenstate;
ctrl @ pow(4) @ turn digit[2], eigenstate;
ctrl @ pow(8) @ turn digit[3], eigenstate;
ctrl @ pow(16) @ turn digit[4], eigenstate;

// The inverse Fourier transform reads the gathered phase out.
swap digit[0], digit[4];
swap digit[1], digit[3];
h digit[0];
cp(-pi / 2) digit[0], digit[1];
h digit[1];
cp(-pi / 4) digit[0], digit[2];
cp(-pi / 2) digit[1], digit[2];
h digit[2];
cp(-pi / 8) digit[0], digit[3];
cp(-pi / 4) digit[1], digit[3];
cp(-pi / 2) digit[2], digit[3];
h digit[3];
cp(-pi / 16) digit[0], digit[4];
cp(-pi / 8) digit[1], digit[4];
cp(-pi / 4) digit[2], digit[4];
cp(-pi / 2) digit[3], digit[4];
h digit[4];

c = measure digit;
