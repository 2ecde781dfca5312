/* What a circuit is made of: Clifford or not, dynamic or not, noisy or not. */
#include <string.h>

#include "base/complex.h"
#include "base/math.h"
#include "circuit/circuit.h"

/* size x size matrices, row-major; result = a b. */
static void multiply(const zcz_complex *a, const zcz_complex *b, uint32_t size,
                     zcz_complex *result) {
  for (uint32_t r = 0; r < size; r++)
    for (uint32_t c = 0; c < size; c++) {
      zcz_complex sum = {0, 0};
      for (uint32_t k = 0; k < size; k++)
        sum = zcz_complex_add(sum, zcz_complex_multiply(a[r * size + k], b[k * size + c]));
      result[r * size + c] = sum;
    }
}

/* Is m a Pauli string times a phase +-1? A signed permutation i -> i ^ mask with entries that
 * follow one character, which U P U^dagger of a Hermitian P must be. */
static bool is_pauli(const zcz_complex *m, uint32_t size, double tolerance) {
  uint32_t mask = ZCZ_NONE;
  for (uint32_t c = 0; c < size; c++)
    if (zcz_complex_norm2(m[c]) > 0.25) mask = c;
  if (mask == ZCZ_NONE) return false;
  for (uint32_t r = 0; r < size; r++)
    for (uint32_t c = 0; c < size; c++) {
      double norm = zcz_complex_norm2(m[r * size + c]);
      if (c == (r ^ mask) ? norm < (1 - tolerance) * (1 - tolerance) : norm > tolerance * tolerance)
        return false;
    }
  /* The ratio to the first row's entry is +-1 and multiplies over bits of r. */
  zcz_complex first = zcz_complex_conjugate(m[mask]);
  double ratio[4];
  for (uint32_t r = 0; r < size; r++) {
    zcz_complex value = zcz_complex_multiply(m[r * size + (r ^ mask)], first);
    if (zcz_complex_norm2((zcz_complex){value.re - (value.re > 0 ? 1 : -1), value.im}) >
        9 * tolerance * tolerance)
      return false;
    ratio[r] = value.re > 0 ? 1 : -1;
  }
  return size < 4 || ratio[3] == ratio[1] * ratio[2];
}

bool zcz_op_is_clifford(const zcz_op *op) {
  if (op->kind == ZCZ_OP_GATE) {
    const zcz_gate_info *gate = zcz_gate_describe((zcz_gate)op->code);
    if (op->num_controls == 0 && ((gate->flags & ZCZ_GATE_CLIFFORD) || gate->qubits == 0))
      return true;
  }
  if (op->num_qubits > 2) return false;
  if (op->num_qubits == 0) return true;
  const uint32_t size = 1u << op->num_qubits;
  zcz_complex u[16], dagger[16], pauli[16], half[16], image[16];
  zcz_op_matrix(op, u);
  for (uint32_t r = 0; r < size; r++)
    for (uint32_t c = 0; c < size; c++)
      dagger[r * size + c] = zcz_complex_conjugate(u[c * size + r]);
  for (uint32_t qubit = 0; qubit < op->num_qubits; qubit++)
    for (int z = 0; z < 2; z++) {
      memset(pauli, 0, sizeof pauli);
      for (uint32_t r = 0; r < size; r++)
        pauli[r * size + (z ? r : r ^ (1u << qubit))].re = z && (r >> qubit & 1) ? -1 : 1;
      multiply(u, pauli, size, half);
      multiply(half, dagger, size, image);
      if (!is_pauli(image, size, 1e-9)) return false;
    }
  return true;
}

static bool noisy_measurement(const zcz_op *op) {
  return op->num_params == 2 && (op->params[0] > 0 || op->params[1] > 0);
}

/* Looks at every operation in the order of the blocks; `ended` holds qubits already measured. */
static void look(const zcz_circuit *circuit, bool *ended, bool *written,
                 zcz_circuit_traits *traits) {
  double p[16];
  for (size_t b = 0; b < circuit->num_blocks; b++)
    for (size_t i = 0; i < circuit->blocks[b].count; i++) {
      const zcz_op *op = &circuit->blocks[b].ops[i];
      bool acts = op->kind != ZCZ_OP_BARRIER && op->kind != ZCZ_OP_DELAY;
      for (uint32_t q = 0; acts && q < op->num_qubits; q++)
        if (ended[op->qubits[q]]) traits->dynamic = true;
      switch ((zcz_op_kind)op->kind) {
      case ZCZ_OP_GATE:
      case ZCZ_OP_UNITARY:
        traits->only_clifford = traits->only_clifford && zcz_op_is_clifford(op);
        break;
      case ZCZ_OP_MEASURE:
        traits->has_measurement = true;
        traits->has_channel = traits->has_channel || noisy_measurement(op);
        ended[op->qubits[0]] = true;
        if (written[op->bit]) traits->measured_twice = true;
        written[op->bit] = true;
        break;
      case ZCZ_OP_RESET: traits->dynamic = true; break;
      case ZCZ_OP_CHANNEL:
        traits->has_channel = true;
        if (traits->only_pauli_noise)
          traits->only_pauli_noise = zcz_channel_is_pauli((zcz_channel)op->code, op->num_qubits,
                                                          op->num_params, op->params, p);
        break;
      case ZCZ_OP_ASSIGN:
      case ZCZ_OP_IF:
      case ZCZ_OP_WHILE: traits->dynamic = traits->has_control_flow = true; break;
      case ZCZ_OP_BARRIER:
      case ZCZ_OP_DELAY:
      case ZCZ_OP_KIND_COUNT: break;
      }
    }
}

zcz_circuit_traits zcz_circuit_describe(const zcz_circuit *circuit) {
  zcz_circuit_traits traits = {.only_pauli_noise = true, .only_clifford = true};
  size_t qubits = circuit->qubits.total, bits = circuit->bits.total;
  bool small[512] = {false}, *flags = small;
  if (qubits + bits > sizeof small) {
    flags = zcz_memory_zeroed(circuit->context, qubits + bits, sizeof *flags);
    if (flags == NULL) {
      /* Without room to look, promise nothing: every trait takes its careful value. */
      return (zcz_circuit_traits){.dynamic = true,
                                  .has_control_flow = true,
                                  .has_measurement = true,
                                  .has_channel = true,
                                  .measured_twice = true};
    }
  }
  look(circuit, flags, flags + qubits, &traits);
  if (flags != small) zcz_memory_release(circuit->context, flags);
  return traits;
}
