#include "lang/words.h"

#include <string.h>

#define N NULL
#define ROW(gate, controls, qasm2, qasm3, qcis, qsim)                                              \
  { {qasm2, qasm3, qcis, qsim}, ZCZ_GATE_##gate, controls, ZCZ_WORD_PLAIN }
#define SPECIAL(gate, controls, special, qasm2, qasm3)                                             \
  { {qasm2, qasm3, N, N}, ZCZ_GATE_##gate, controls, ZCZ_WORD_##special }

/* Of rows with the same gate and controls the first with a spelling is written, all are read.
 * OpenQASM 2: qelib1.inc of the original paper and of Qiskit. OpenQASM 3: stdgates.inc; CX is
 * what the specification's text has, an alias of cx, not the controlled i X that the file's line
 * makes of it since U was redefined. QCIS:
 * cqlib 1.x and 2.x, pyqcisim. qsim: docs/input_format.md and docs/qsim_language.md of qsim. */
static const zcz_word words[] = {
    ROW(GPHASE, 0, N, "gphase", N, "p"),
    ROW(ID, 0, "id", "id", N, "id1"),
    ROW(X, 0, "x", "x", "X", "x"),
    ROW(X, 1, "cx", "cx", "CX", "cnot"),
    ROW(X, 1, "CX", "CX", "CNOT", "cx"),
    ROW(X, 2, "ccx", "ccx", "CCX", N),
    ROW(X, 3, "c3x", N, N, N),
    ROW(X, 3, "cccx", N, N, N),
    ROW(X, 4, "c4x", N, N, N),
    ROW(X, 4, "ccccx", N, N, N),
    ROW(Y, 0, "y", "y", "Y", "y"),
    ROW(Y, 1, "cy", "cy", "CY", N),
    ROW(Z, 0, "z", "z", "Z", "z"),
    ROW(Z, 1, "cz", "cz", "CZ", "cz"),
    ROW(H, 0, "h", "h", "H", "h"),
    ROW(H, 1, "ch", "ch", N, N),
    ROW(S, 0, "s", "s", "S", "s"),
    ROW(SDG, 0, "sdg", "sdg", "SD", N),
    ROW(SDG, 0, N, N, "SDG", N),
    ROW(T, 0, "t", "t", "T", "t"),
    ROW(TDG, 0, "tdg", "tdg", "TD", N),
    ROW(TDG, 0, N, N, "TDG", N),
    ROW(SX, 0, "sx", "sx", N, "x_1_2"),
    ROW(SX, 1, "csx", N, N, N),
    ROW(SX, 3, "c3sqrtx", N, N, N),
    ROW(SX, 3, "cccsqrtx", N, N, N),
    ROW(SXDG, 0, "sxdg", N, N, N),
    ROW(SY, 0, N, N, N, "y_1_2"),
    ROW(SW, 0, N, N, N, "hz_1_2"),
    ROW(X2P, 0, N, N, "X2P", N),
    ROW(X2M, 0, N, N, "X2M", N),
    ROW(Y2P, 0, N, N, "Y2P", N),
    ROW(Y2M, 0, N, N, "Y2M", N),
    ROW(XY2P, 0, N, N, "XY2P", N),
    ROW(XY2M, 0, N, N, "XY2M", N),
    ROW(XY, 0, N, N, "XY", N),
    ROW(RXY, 0, N, N, "RXY", "rxy"),
    ROW(RX, 0, "rx", "rx", "RX", "rx"),
    ROW(RX, 1, "crx", "crx", "CRX", N),
    ROW(RY, 0, "ry", "ry", "RY", "ry"),
    ROW(RY, 1, "cry", "cry", "CRY", N),
    ROW(RZ, 0, "rz", "rz", "RZ", "rz"),
    ROW(RZ, 1, "crz", "crz", "CRZ", N),
    ROW(P, 0, "u1", "p", "PHASE", N),
    ROW(P, 0, "p", "phase", N, N),
    ROW(P, 0, N, "u1", N, N),
    ROW(P, 1, "cu1", "cp", N, "cp"),
    ROW(P, 1, "cp", "cphase", N, N),
    ROW(U2, 0, "u2", "u2", N, N),
    ROW(U3, 0, "u3", "u3", N, N),
    ROW(U3, 0, "U", N, N, N),
    ROW(U3, 0, "u", N, N, N),
    ROW(U, 0, N, "U", N, N),
    ROW(SWAP, 0, "swap", "swap", "SWAP", "sw"),
    ROW(SWAP, 1, "cswap", "cswap", N, N),
    ROW(ISWAP, 0, N, N, N, "is"),
    ROW(FSIM, 0, N, N, "FSIM", "fs"),
    ROW(RXX, 0, "rxx", N, "RXX", N),
    ROW(RYY, 0, N, N, "RYY", N),
    ROW(RZZ, 0, "rzz", N, "RZZ", N),
    ROW(RZX, 0, N, N, "RZX", N),
    SPECIAL(ID, 0, U0, "u0", N),
    SPECIAL(U3, 1, CU3, "cu3", N),
    SPECIAL(U3, 1, CU_2, "cu", N),
    SPECIAL(U, 1, CU_3, N, "cu"),
};

const zcz_word *zcz_words(size_t *count) {
  *count = sizeof words / sizeof words[0];
  return words;
}

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

const zcz_word *zcz_word_find(zcz_language language, const char *name, size_t size) {
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    const char *spelling = words[i].spelling[language];
    if (!spelling || strlen(spelling) != size) continue;
    size_t same = 0;
    if (language == ZCZ_LANGUAGE_QCIS) {
      while (same < size && spelling[same] == upper(name[same])) same++;
    } else {
      while (same < size && spelling[same] == name[same]) same++;
    }
    if (same == size) return &words[i];
  }
  return NULL;
}

const zcz_word *zcz_word_for(zcz_language language, zcz_gate gate, uint32_t controls) {
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (words[i].gate == (uint8_t)gate && words[i].controls == controls &&
        words[i].special == ZCZ_WORD_PLAIN && words[i].spelling[language])
      return &words[i];
  }
  return NULL;
}

uint32_t zcz_word_params(const zcz_word *word) {
  switch ((zcz_word_special)word->special) {
  case ZCZ_WORD_PLAIN:
  case ZCZ_WORD_CU3: return zcz_gate_describe((zcz_gate)word->gate)->params;
  case ZCZ_WORD_U0: return 1;
  case ZCZ_WORD_CU_2:
  case ZCZ_WORD_CU_3: return 4;
  }
  return 0;
}

uint32_t zcz_word_qubits(const zcz_word *word) {
  return zcz_gate_describe((zcz_gate)word->gate)->qubits + word->controls;
}
