#include "random_circuit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/complex.h"
#include "base/math.h"
#include "base/random.h"

static void demand(bool good, const char *what) {
  if (good) return;
  fprintf(stderr, "random circuit: %s\n", what);
  abort();
}

typedef struct dice {
  uint64_t number;
  uint32_t draws;
} dice;

static double roll(dice *d) {
  return zcz_random_unit(d->number, ZCZ_PURPOSE_TEST, 0, 1, d->draws++);
}

static uint32_t roll_below(dice *d, uint32_t limit) { return (uint32_t)(roll(d) * limit); }

static void roll_qubits(dice *d, uint32_t n, uint32_t count, uint32_t *qubits) {
  for (uint32_t i = 0; i < count; i++) {
    bool fresh;
    do {
      qubits[i] = roll_below(d, n);
      fresh = true;
      for (uint32_t j = 0; j < i; j++) fresh = fresh && qubits[j] != qubits[i];
    } while (!fresh);
  }
}

/* A random unitary by Gram-Schmidt on random columns. */
static void roll_unitary(dice *d, uint32_t size, zcz_complex *m) {
  for (uint32_t c = 0; c < size; c++) {
    for (uint32_t r = 0; r < size; r++)
      m[r * size + c] = (zcz_complex){roll(d) - 0.5, roll(d) - 0.5};
    for (uint32_t other = 0; other <= c; other++) {
      zcz_complex dot = {0, 0};
      for (uint32_t r = 0; r < size; r++)
        dot = zcz_complex_add(
            dot, zcz_complex_multiply(zcz_complex_conjugate(m[r * size + other]), m[r * size + c]));
      for (uint32_t r = 0; r < size; r++)
        m[r * size + c] = other < c
                              ? zcz_complex_subtract(m[r * size + c],
                                                     zcz_complex_multiply(dot, m[r * size + other]))
                              : zcz_complex_scale(m[r * size + c], 1 / sqrt(dot.re));
    }
  }
}

static void add_channel(zcz_circuit *circuit, dice *d, bool pauli_only, zcz_error *error) {
  static const zcz_channel list[] = {
      ZCZ_CHANNEL_PAULI1,        ZCZ_CHANNEL_DEPOLARIZE1,
      ZCZ_CHANNEL_DEPOLARIZE2,   ZCZ_CHANNEL_PAULI2,
      ZCZ_CHANNEL_PHASE_DAMPING, ZCZ_CHANNEL_AMPLITUDE_DAMPING,
      ZCZ_CHANNEL_RELAXATION,    ZCZ_CHANNEL_GENERALIZED_AMPLITUDE_DAMPING};
  zcz_channel channel = list[roll_below(d, pauli_only ? 4 : 8)];
  const uint32_t n = zcz_circuit_num_qubits(circuit);
  const zcz_channel_info *info = zcz_channel_describe(channel);
  if (info->qubits > n) return;
  double params[16];
  for (int i = 0; i < info->params; i++) params[i] = roll(d) / (info->params > 2 ? 16 : 3);
  if (channel == ZCZ_CHANNEL_RELAXATION) params[1] = sqrt(1 - params[0]) * (0.5 + 0.5 * roll(d));
  uint32_t qubits[2];
  roll_qubits(d, n, info->qubits, qubits);
  demand(zcz_circuit_channel(circuit, 0, channel, info->qubits, qubits, (uint32_t)info->params,
                             params, error) == ZCZ_OK,
         error->message);
}

static void add_gate(zcz_circuit *circuit, const random_circuit_options *options, dice *d,
                     zcz_error *error) {
  const uint32_t n = options->qubits;
  zcz_gate gate = (zcz_gate)roll_below(d, ZCZ_GATE_COUNT);
  const zcz_gate_info *info = zcz_gate_describe(gate);
  uint32_t controls = roll(d) < 0.3 ? 1 + roll_below(d, 2) : 0;
  if (options->no_controls) controls = 0;
  if (options->clifford_only) {
    bool pauli = gate == ZCZ_GATE_X || gate == ZCZ_GATE_Y || gate == ZCZ_GATE_Z;
    controls = pauli && roll(d) < 0.7 ? 1 : 0;
    if (!(info->flags & ZCZ_GATE_CLIFFORD)) return;
  }
  if (info->qubits + controls > n) return;
  uint32_t qubits[8];
  double params[3];
  roll_qubits(d, n, info->qubits + controls, qubits);
  for (uint32_t i = 0; i < 3; i++) params[i] = 4 * ZCZ_PI * (roll(d) - 0.5);
  demand(zcz_circuit_gate(circuit, 0, gate, controls, qubits, params, error) == ZCZ_OK,
         error->message);
}

zcz_circuit *random_circuit(zcz_context *context, const random_circuit_options *options,
                            uint64_t number) {
  zcz_error error = {0};
  zcz_circuit *circuit;
  dice d = {.number = number};
  demand(zcz_circuit_new(context, &circuit, &error) == ZCZ_OK &&
             zcz_circuit_add_qubits(circuit, "q", options->qubits, NULL, &error) == ZCZ_OK,
         error.message);
  while (zcz_circuit_size(circuit) < options->gates) {
    if (options->with_channels && roll(&d) < 0.25)
      add_channel(circuit, &d, options->pauli_channels_only, &error);
    if (options->with_unitaries && roll(&d) < 0.1) {
      zcz_complex matrix[64];
      uint32_t qubits[3], k = 1 + roll_below(&d, options->qubits < 3 ? options->qubits : 3);
      roll_unitary(&d, 1u << k, matrix);
      roll_qubits(&d, options->qubits, k, qubits);
      demand(zcz_circuit_unitary(circuit, 0, 0, k, qubits, matrix, &error) == ZCZ_OK,
             error.message);
    }
    add_gate(circuit, options, &d, &error);
  }
  if (options->measure) {
    demand(zcz_circuit_add_bits(circuit, "c", options->qubits, NULL, &error) == ZCZ_OK,
           error.message);
    for (uint32_t q = 0; q < options->qubits; q++)
      demand(zcz_circuit_measure(circuit, 0, q, options->qubits - 1 - q, &error) == ZCZ_OK,
             error.message);
  }
  return circuit;
}
