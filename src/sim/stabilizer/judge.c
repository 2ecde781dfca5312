/* Can this engine, and at what price? From the circuit and the task alone. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/stabilizer/engine.h"
#include "sim/stabilizer/exact.h"
#include "sim/stabilizer/frames.h"
#include "sim/stabilizer/shots.h"

/* What the price depends on. */
typedef struct zcz_stabilizer_sizes {
  uint64_t gates, measurements, resets, channels;
  double faults; /* expected a shot, readout included */
  bool control_flow, noise;
} zcz_stabilizer_sizes;

static bool unable(zcz_judgement *judgement, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(judgement->reason, sizeof judgement->reason, format, arguments);
  va_end(arguments);
  judgement->able = false;
  return false;
}

/* "at line 7" or "as operation 12", whichever is known. */
static const char *place_of(const zcz_op *op, size_t index, char place[48]) {
  if (op->line)
    snprintf(place, 48, "at line %u", op->line);
  else
    snprintf(place, 48, "as operation %zu", index + 1);
  return place;
}

static void name_of(const zcz_op *op, char name[64]) {
  if (op->kind == ZCZ_OP_UNITARY) {
    snprintf(name, 64, "a unitary matrix on %u qubits", op->num_qubits);
    return;
  }
  const char *gate = zcz_gate_describe((zcz_gate)op->code)->name;
  if (op->num_controls == 0)
    snprintf(name, 64, "the gate %s", gate);
  else
    snprintf(name, 64, "the gate %s with %u control%s", gate, op->num_controls,
             op->num_controls > 1 ? "s" : "");
}

static double fault_of(const zcz_op *op, bool *pauli) {
  double probabilities[16], total = 0;
  *pauli = zcz_channel_is_pauli((zcz_channel)op->code, op->num_qubits, op->num_params, op->params,
                                probabilities);
  for (uint32_t i = 1; *pauli && i < (op->num_qubits == 1 ? 4u : 16u); i++)
    total += probabilities[i];
  return total;
}

/* False, with the reason, at the first operation that no stabilizer state knows. Channels that are
 * no mixtures of Paulis are noted and told last: they alone have a remedy. */
static bool look_at_block(const zcz_circuit *circuit, uint32_t block, zcz_clifford_cache *cache,
                          zcz_stabilizer_sizes *sizes, const zcz_op **channel, size_t *channel_at,
                          zcz_judgement *judgement) {
  const zcz_op *ops = zcz_circuit_ops(circuit, block);
  size_t count = zcz_circuit_num_ops(circuit, block);
  char place[48], name[64];
  for (size_t i = 0; i < count; i++) {
    const zcz_op *op = &ops[i];
    bool pauli;
    switch ((zcz_op_kind)op->kind) {
    case ZCZ_OP_GATE:
    case ZCZ_OP_UNITARY:
      sizes->gates++;
      if (zcz_clifford_look_up(cache, op)) break;
      name_of(op, name);
      return unable(judgement, "%s %s is no Clifford operation on one or two qubits", name,
                    place_of(op, i, place));
    case ZCZ_OP_CHANNEL:
      sizes->channels++;
      sizes->noise = true;
      sizes->faults += fault_of(op, &pauli);
      if (!pauli && !*channel) *channel = op, *channel_at = i;
      break;
    case ZCZ_OP_MEASURE:
      sizes->measurements++;
      if (op->num_params == 2) {
        sizes->faults += op->params[0] > op->params[1] ? op->params[0] : op->params[1];
        sizes->noise |= op->params[0] > 0 || op->params[1] > 0;
      }
      break;
    case ZCZ_OP_RESET: sizes->resets++; break;
    case ZCZ_OP_BARRIER:
    case ZCZ_OP_DELAY: break;
    case ZCZ_OP_ASSIGN:
    case ZCZ_OP_IF:
    case ZCZ_OP_WHILE: sizes->control_flow = true; break;
    case ZCZ_OP_KIND_COUNT: break;
    }
  }
  return true;
}

static bool look_at_circuit(const zcz_circuit *circuit, zcz_clifford_cache *cache,
                            zcz_stabilizer_sizes *sizes, zcz_judgement *judgement) {
  const zcz_op *channel = NULL;
  size_t channel_at = 0;
  char place[48];
  for (uint32_t b = 0; b < zcz_circuit_num_blocks(circuit); b++)
    if (!look_at_block(circuit, b, cache, sizes, &channel, &channel_at, judgement)) return false;
  if (!channel) return true;
  return unable(judgement,
                "the channel %s %s is no mixture of Paulis, and nothing else stands in the way: "
                "--twirl replaces relaxation and coherent noise by their Pauli twirls",
                zcz_channel_describe((zcz_channel)channel->code)->name,
                place_of(channel, channel_at, place));
}

/* How many random bits a distribution has, where that is worth finding out. */
static bool look_at_distribution(const zcz_circuit *circuit, const zcz_stabilizer_sizes *sizes,
                                 zcz_judgement *judgement) {
  const double affordable = 2e8;
  uint64_t qubits = zcz_circuit_num_qubits(circuit);
  zcz_frame_program *program = NULL;
  zcz_affine affine = {0};
  bool all = sizes->measurements == 0;
  if (sizes->noise)
    return unable(judgement, "probabilities under noise are no single affine space; this engine "
                             "draws shots of it, or gives noiseless probabilities");
  if (sizes->control_flow)
    return unable(judgement, "probabilities of a program with control flow; this engine draws "
                             "shots of it");
  uint64_t bits = all ? qubits : sizes->measurements;
  if (bits <= ZCZ_STABILIZER_RANDOM_BITS) return true;
  if ((double)(sizes->gates + sizes->resets + bits) * (double)qubits +
          (double)bits * bits * qubits / 64 >
      affordable)
    return unable(judgement,
                  "probabilities over %llu measurements, whose 2^%d outcomes at most "
                  "are not certain without a long calculation",
                  (unsigned long long)bits, ZCZ_STABILIZER_RANDOM_BITS);
  zcz_status status = zcz_frame_program_new(circuit, all, &program, NULL);
  if (status == ZCZ_OK) status = zcz_affine_new(program, &affine, NULL);
  bool few = affine.dimension <= ZCZ_STABILIZER_RANDOM_BITS;
  zcz_affine_release(zcz_circuit_context(circuit), &affine);
  zcz_frame_program_free(program);
  if (status != ZCZ_OK)
    return unable(judgement, "not enough memory to look at the distribution of %llu measurements",
                  (unsigned long long)bits);
  if (!few)
    return unable(judgement, "the distribution has more than 2^%d outcomes, all equally likely",
                  ZCZ_STABILIZER_RANDOM_BITS);
  return true;
}

static bool look_at_task(const zcz_circuit *circuit, const zcz_task *task,
                         const zcz_stabilizer_sizes *sizes, zcz_judgement *judgement) {
  if (task->state || task->num_amplitudes)
    return unable(judgement, "amplitudes need the global phase, which a stabilizer tableau does "
                             "not keep");
  if (task->num_observables && sizes->control_flow)
    return unable(judgement, "expectation values of a program with control flow");
  return !task->probabilities || look_at_distribution(circuit, sizes, judgement);
}

/* Nominal costs, from runs on one core of 2020's kind; ratios between engines matter, not digits. */
static void price(const zcz_circuit *circuit, const zcz_task *task, bool frames,
                  const zcz_stabilizer_sizes *sizes, zcz_judgement *judgement) {
  double qubits = zcz_circuit_num_qubits(circuit), bits = zcz_circuit_num_bits(circuit);
  double words = qubits / 64 + 1, shots = (double)task->shots, ops;
  double measure = 4e-9 * qubits * words, gate = 70e-9 + 4e-9 * words;
  double once =
      (double)sizes->gates * gate + (double)(sizes->measurements + sizes->resets) * measure;
  ops = (double)(sizes->gates + sizes->measurements + sizes->resets + sizes->channels);
  judgement->bytes = zcz_tableau_bytes(zcz_circuit_num_qubits(circuit)) + (uint64_t)(ops * 64) +
                     (uint64_t)((qubits * 2 + bits) * ZCZ_FRAME_WORDS * 8) +
                     sizeof(zcz_clifford_cache);
  judgement->seconds = 20e-6 + once;
  if (task->probabilities) {
    judgement->seconds += once + (double)sizes->measurements * (qubits + ops) * 1e-9 * words;
    judgement->bytes += (uint64_t)(bits > qubits ? bits / 64 + 2 : qubits / 64 + 2) * 8
                        << ZCZ_STABILIZER_RANDOM_BITS;
  }
  if (frames) {
    double randoms = qubits + (double)(sizes->measurements + sizes->resets);
    double block = ops * 12e-9 + randoms * 100e-9;
    judgement->seconds += shots * (block / ZCZ_FRAME_SHOTS + sizes->faults * 40e-9);
  } else {
    judgement->seconds += shots * (once + (double)sizes->channels * 100e-9);
  }
  for (uint32_t i = 0; i < task->num_observables; i++)
    judgement->seconds += task->observables[i]->num_terms * (ops * 4e-9 + qubits * 1e-9);
}

void zcz_stabilizer_judge(const zcz_circuit *circuit, const zcz_task *task,
                          zcz_judgement *judgement) {
  zcz_clifford_cache cache = {0};
  zcz_stabilizer_sizes sizes = {0};
  *judgement = (zcz_judgement){.accuracy = {.kind = ZCZ_ACCURACY_EXACT}};
  if (!look_at_circuit(circuit, &cache, &sizes, judgement) ||
      !look_at_task(circuit, task, &sizes, judgement))
    return;
  bool frames = zcz_frames_can(circuit, &cache);
  judgement->able = true;
  snprintf(judgement->reason, sizeof judgement->reason, "Clifford%s: %s",
           sizes.noise ? " with Pauli noise" : "",
           frames ? "one tableau, then Pauli frames, 1,024 shots at a time"
                  : "control flow around gates, so a tableau for each shot");
  price(circuit, task, frames, &sizes, judgement);
}
