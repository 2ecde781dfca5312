#include "lang/qasm_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Gates that the libraries lack, by ones they have; exact, global phase included. OpenQASM 2 has no
 * global phase of its own: u1(2a) u3(0,0,-2a) is exp(i a), and nothing where u3 is read with
 * another phase. A gate stands after those it calls. */
static const struct {
  uint8_t gate;
  const char *head, *body2, *body3;
} definitions[] = {
    {ZCZ_GATE_SXDG, "sxdg a", NULL, "inv @ sx a;"},
    {ZCZ_GATE_SY, "sy a", "u1(pi/2) a; u3(0,0,-pi/2) a; ry(pi/2) a;", "gphase(pi/4); ry(pi/2) a;"},
    {ZCZ_GATE_SYDG, "sydg a", "u1(-pi/2) a; u3(0,0,pi/2) a; ry(-pi/2) a;",
     "gphase(-pi/4); ry(-pi/2) a;"},
    {ZCZ_GATE_SW, "sw a", "u1(pi/2) a; u3(0,0,-pi/2) a; rz(-pi/4) a; rx(pi/2) a; rz(pi/4) a;",
     "gphase(pi/4); rz(-pi/4) a; rx(pi/2) a; rz(pi/4) a;"},
    {ZCZ_GATE_SWDG, "swdg a", "u1(-pi/2) a; u3(0,0,pi/2) a; rz(-pi/4) a; rx(-pi/2) a; rz(pi/4) a;",
     "gphase(-pi/4); rz(-pi/4) a; rx(-pi/2) a; rz(pi/4) a;"},
    {ZCZ_GATE_X2P, "x2p a", "rx(pi/2) a;", "rx(pi/2) a;"},
    {ZCZ_GATE_X2M, "x2m a", "rx(-pi/2) a;", "rx(-pi/2) a;"},
    {ZCZ_GATE_Y2P, "y2p a", "ry(pi/2) a;", "ry(pi/2) a;"},
    {ZCZ_GATE_Y2M, "y2m a", "ry(-pi/2) a;", "ry(-pi/2) a;"},
    {ZCZ_GATE_XY2P, "xy2p(t) a", "rz(-t) a; rx(pi/2) a; rz(t) a;",
     "rz(-t) a; rx(pi/2) a; rz(t) a;"},
    {ZCZ_GATE_XY2M, "xy2m(t) a", "rz(-t) a; rx(-pi/2) a; rz(t) a;",
     "rz(-t) a; rx(-pi/2) a; rz(t) a;"},
    {ZCZ_GATE_XY, "xy(t) a", "rz(-t) a; rx(pi) a; rz(t) a;", "rz(-t) a; rx(pi) a; rz(t) a;"},
    {ZCZ_GATE_RXY, "rxy(p,t) a", "rz(-p) a; rx(t) a; rz(p) a;", "rz(-p) a; rx(t) a; rz(p) a;"},
    {ZCZ_GATE_U, "uphase(t,p,l) a", "u1(t+p+l) a; u3(0,0,-(t+p+l)) a; u3(t,p,l) a;", NULL},
    {ZCZ_GATE_ISWAP, "iswap a, b", "s a; s b; h a; cx a,b; cx b,a; h b;",
     "s a; s b; h a; cx a, b; cx b, a; h b;"},
    {ZCZ_GATE_ISWAPDG, "iswapdg a, b", "h b; cx b,a; cx a,b; h a; sdg b; sdg a;",
     "h b; cx b, a; cx a, b; h a; sdg b; sdg a;"},
    {ZCZ_GATE_RXX, "rxx(t) a, b", NULL, "h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b;"},
    {ZCZ_GATE_RYY, "ryy(t) a, b", "sdg a; sdg b; rxx(t) a,b; s a; s b;",
     "sdg a; sdg b; h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b; s a; s b;"},
    {ZCZ_GATE_RZZ, "rzz(t) a, b", NULL, "cx a, b; rz(t) b; cx a, b;"},
    {ZCZ_GATE_RZX, "rzx(t) a, b", "h b; rzz(t) a,b; h b;", "h b; cx a, b; rz(t) b; cx a, b; h b;"},
    {ZCZ_GATE_FSIM, "fsim(t,p) a, b",
     "rxx(t) a,b; sdg a; sdg b; rxx(t) a,b; s a; s b; cu1(-p) a,b;",
     "h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b; sdg a; sdg b; h a; h b; cx a, b; rz(t) b; "
     "cx a, b; h a; h b; s a; s b; cp(-p) a, b;"},
};
enum { DEFINITIONS = sizeof definitions / sizeof definitions[0] };

static const char *body(const zcz_qasm_writer *w, size_t i) {
  return w->version == 2 ? definitions[i].body2 : definitions[i].body3;
}

bool zcz_qasm_has_definition(const zcz_qasm_writer *w, zcz_gate gate) {
  for (size_t i = 0; i < DEFINITIONS; i++) {
    if (definitions[i].gate == gate) return body(w, i) != NULL;
  }
  return false;
}

/* ---- names ---- */

uint32_t zcz_qasm_register_of(const zcz_qasm_writer *w, bool qubits, uint32_t index) {
  const zcz_register *list =
      qubits ? zcz_circuit_qubit_registers(w->circuit) : zcz_circuit_bit_registers(w->circuit);
  uint32_t low = 0, high = qubits ? zcz_circuit_num_qubit_registers(w->circuit)
                                  : zcz_circuit_num_bit_registers(w->circuit);
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (list[middle].offset <= index)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* May the name stand in the written program? Not where a gate or a word of the language has it. */
static bool good_name(const zcz_qasm_writer *w, const char *name) {
  static const char *const words[] = {
      "OPENQASM", "include",  "qreg",     "creg",       "gate",    "opaque",
      "measure",  "reset",    "barrier",  "if",         "pi",      "sin",
      "cos",      "tan",      "exp",      "ln",         "sqrt",    "defcalgrammar",
      "def",      "cal",      "defcal",   "extern",     "box",     "let",
      "break",    "continue", "else",     "end",        "return",  "for",
      "while",    "in",       "switch",   "case",       "default", "pragma",
      "input",    "output",   "const",    "readonly",   "mutable", "qubit",
      "bool",     "bit",      "int",      "uint",       "float",   "angle",
      "complex",  "array",    "void",     "duration",   "stretch", "inv",
      "pow",      "ctrl",     "negctrl",  "durationof", "delay",   "true",
      "false",    "tau",      "euler",    "im",         "log",     "arcsin",
      "arccos",   "arctan",   "asin",     "acos",       "atan",    "ceiling",
      "floor",    "mod",      "popcount", "rotl",       "rotr",    "rccx",
      "rc3x",     "rcccx"};
  if (strncmp(name, "zcz_", 4) == 0) return false; /* ours */
  size_t size = strlen(name);
  if (size == 0 || size > ZCZ_NAME_LIMIT) return false;
  for (size_t i = 0; i < size; i++) {
    char c = name[i];
    bool lower = (c >= 'a' && c <= 'z') || (c == '_' && (i > 0 || w->version == 3));
    bool other = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!lower && !(other && i > 0) && !(c >= 'A' && c <= 'Z' && w->version == 3)) return false;
  }
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (strcmp(name, words[i]) == 0) return false;
  }
  for (size_t i = 0; i < DEFINITIONS; i++) {
    if (strncmp(name, definitions[i].head, size) == 0 && strchr("( ", definitions[i].head[size]))
      return false;
  }
  return zcz_word_find(w->language, name, size) == NULL;
}

const char *zcz_qasm_name_of(const zcz_qasm_writer *w, bool qubits, uint32_t i,
                             char ours[ZCZ_NUMBER_SIZE]) {
  const zcz_register *list =
      qubits ? zcz_circuit_qubit_registers(w->circuit) : zcz_circuit_bit_registers(w->circuit);
  if (!w->renamed[qubits][i]) return list[i].name;
  snprintf(ours, ZCZ_NUMBER_SIZE, "zcz_%c%u", qubits ? 'q' : 'c', i);
  return ours;
}

void zcz_qasm_write_name(zcz_qasm_writer *w, bool qubits, uint32_t i) {
  char ours[ZCZ_NUMBER_SIZE];
  zcz_text_add(&w->text, "%s", zcz_qasm_name_of(w, qubits, i, ours));
}

typedef struct named {
  const char *name;
  bool *renamed;
} named;

static int by_name(const void *a, const void *b) {
  return strcmp(((const named *)a)->name, ((const named *)b)->name);
}

/* Decides which registers keep their names: those that may, and are the only ones so named. */
static zcz_status choose_names(zcz_qasm_writer *w) {
  zcz_context *context = w->text.context;
  size_t counts[2] = {zcz_circuit_num_bit_registers(w->circuit),
                      zcz_circuit_num_qubit_registers(w->circuit)};
  size_t total = counts[0] + counts[1], at = 0;
  named *all = zcz_memory_zeroed(context, total + 1, sizeof *all);
  w->renamed[0] = zcz_memory_zeroed(context, total + 1, sizeof(bool));
  if (!all || !w->renamed[0]) {
    zcz_memory_release(context, all);
    return zcz_fail_memory(context, w->error, "the registers' names", total * sizeof *all);
  }
  w->renamed[1] = w->renamed[0] + counts[0];
  for (int qubits = 0; qubits < 2; qubits++) {
    const zcz_register *list =
        qubits ? zcz_circuit_qubit_registers(w->circuit) : zcz_circuit_bit_registers(w->circuit);
    for (size_t i = 0; i < counts[qubits]; i++) {
      all[at++] = (named){list[i].name, &w->renamed[qubits][i]};
      w->renamed[qubits][i] = !good_name(w, list[i].name);
    }
  }
  qsort(all, total, sizeof *all, by_name);
  for (size_t i = 1; i < total; i++) {
    if (strcmp(all[i].name, all[i - 1].name) == 0) *all[i].renamed = *all[i - 1].renamed = true;
  }
  zcz_memory_release(context, all);
  return ZCZ_OK;
}

static void write_index(zcz_qasm_writer *w, bool qubits, uint32_t index) {
  uint32_t i = zcz_qasm_register_of(w, qubits, index);
  const zcz_register *list =
      qubits ? zcz_circuit_qubit_registers(w->circuit) : zcz_circuit_bit_registers(w->circuit);
  zcz_qasm_write_name(w, qubits, i);
  zcz_text_add(&w->text, "[%u]", index - list[i].offset);
}

void zcz_qasm_write_qubit(zcz_qasm_writer *w, uint32_t qubit) { write_index(w, true, qubit); }
void zcz_qasm_write_bit(zcz_qasm_writer *w, uint32_t bit) { write_index(w, false, bit); }

void zcz_qasm_write_call(zcz_qasm_writer *w, const char *before, const char *name,
                         uint32_t num_params, const double *params, uint32_t num_qubits,
                         const uint32_t *qubits) {
  char number[ZCZ_NUMBER_SIZE];
  zcz_text_add(&w->text, "%s%s", before, name);
  for (uint32_t i = 0; i < num_params; i++)
    zcz_text_add(&w->text, "%s%s", i ? ", " : "(", zcz_number_write(number, params[i]));
  if (num_params) zcz_text_add(&w->text, ")");
  for (uint32_t i = 0; i < num_qubits; i++) {
    zcz_text_add(&w->text, "%s", i ? ", " : " ");
    zcz_qasm_write_qubit(w, qubits[i]);
  }
  zcz_text_add(&w->text, ";\n");
}

void zcz_qasm_write_barrier(zcz_qasm_writer *w, const zcz_op *op) {
  const zcz_register *list = zcz_circuit_qubit_registers(w->circuit);
  zcz_text_add(&w->text, "barrier");
  for (uint32_t i = 0; i < op->num_qubits;) {
    const char *separator = i ? ", " : " ";
    uint32_t r = zcz_qasm_register_of(w, true, op->qubits[i]), n = 0;
    while (n < list[r].size && i + n < op->num_qubits && op->qubits[i + n] == list[r].offset + n)
      n++;
    zcz_text_add(&w->text, "%s", separator);
    if (n == list[r].size) { /* a whole register */
      zcz_qasm_write_name(w, true, r);
      i += n;
    } else {
      zcz_qasm_write_qubit(w, op->qubits[i++]);
    }
  }
  zcz_text_add(&w->text, ";\n");
}

/* ---- the frame ---- */

static void find_definitions(zcz_qasm_writer *w) {
  for (uint32_t b = 0; b < zcz_circuit_num_blocks(w->circuit); b++) {
    const zcz_op *ops = zcz_circuit_ops(w->circuit, b);
    for (size_t i = 0; i < zcz_circuit_num_ops(w->circuit, b); i++) {
      if (ops[i].kind != ZCZ_OP_GATE) continue;
      zcz_gate gate = (zcz_gate)ops[i].code;
      if (zcz_word_for(w->language, gate, ops[i].num_controls) ||
          zcz_word_for(w->language, gate, 0))
        continue;
      if (w->version == 2 && ops[i].num_controls) continue; /* written by cu */
      w->used[gate] = true;
    }
  }
}

static zcz_status declare(zcz_qasm_writer *w) {
  zcz_text_add(&w->text, w->version == 2 ? "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n"
                                         : "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n");
  ZCZ_TRY(choose_names(w));
  find_definitions(w);
  for (size_t i = 0; i < DEFINITIONS; i++) {
    if (w->used[definitions[i].gate] && body(w, i))
      zcz_text_add(&w->text, "gate %s { %s }\n", definitions[i].head, body(w, i));
  }
  for (int qubits = 1; qubits >= 0; qubits--) {
    const zcz_register *list =
        qubits ? zcz_circuit_qubit_registers(w->circuit) : zcz_circuit_bit_registers(w->circuit);
    uint32_t count = qubits ? zcz_circuit_num_qubit_registers(w->circuit)
                            : zcz_circuit_num_bit_registers(w->circuit);
    for (uint32_t i = 0; i < count; i++) {
      if (list[i].size == 0) continue;
      if (w->version == 3) {
        zcz_text_add(&w->text, "%s[%u] ", qubits ? "qubit" : "bit", list[i].size);
        zcz_qasm_write_name(w, qubits, i);
        zcz_text_add(&w->text, ";\n");
      } else {
        zcz_text_add(&w->text, "%s ", qubits ? "qreg" : "creg");
        zcz_qasm_write_name(w, qubits, i);
        zcz_text_add(&w->text, "[%u];\n", list[i].size);
      }
    }
  }
  return ZCZ_OK;
}

zcz_status zcz_qasm_write(const zcz_circuit *circuit, int version, zcz_qasm_operation *operation,
                          char **text, zcz_error *error) {
  zcz_qasm_writer w = {.circuit = circuit,
                       .error = error,
                       .version = version,
                       .language = version == 2 ? ZCZ_LANGUAGE_QASM2 : ZCZ_LANGUAGE_QASM3,
                       .name = version == 2 ? "OpenQASM 2" : "OpenQASM 3"};
  w.text.context = zcz_circuit_context(circuit);
  zcz_status status = declare(&w);
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  for (size_t i = 0; status == ZCZ_OK && i < zcz_circuit_num_ops(circuit, 0); i++)
    status = operation(&w, &ops[i], i);
  zcz_memory_release(w.text.context, w.renamed[0]);
  if (status == ZCZ_OK) return zcz_text_finish(&w.text, text, error);
  zcz_text_drop(&w.text);
  return status;
}
