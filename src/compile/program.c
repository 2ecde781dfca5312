/* What placing needs to know of a program and of a chip. */
#include <math.h>
#include <string.h>

#include "base/math.h"
#include "base/memory.h"
#include "compile/placement.h"

static double loss(double error) { return error < 1 ? -zcz_log1p(-error) : 50; }

zcz_status zcz_losses_make(const zcz_lattice *lattice, zcz_losses *losses, zcz_error *error) {
  const zcz_chip *chip = lattice->chip;
  size_t bytes = (chip->num_couplers + 2 * (size_t)chip->num_qubits) * sizeof(double);
  losses->coupler = zcz_memory_allocate(lattice->context, bytes);
  if (!losses->coupler) return zcz_fail_memory(lattice->context, error, "a chip's losses", bytes);
  losses->one_qubit = losses->coupler + chip->num_couplers;
  losses->readout = losses->one_qubit + chip->num_qubits;
  for (uint32_t c = 0; c < chip->num_couplers; c++)
    losses->coupler[c] = loss(chip->couplers[c].pauli_error);
  for (uint32_t q = 0; q < chip->num_qubits; q++) {
    losses->one_qubit[q] = loss(chip->qubits[q].pauli_error);
    losses->readout[q] = loss((chip->qubits[q].p10 + chip->qubits[q].p01) / 2);
  }
  return ZCZ_OK;
}

void zcz_losses_release(zcz_context *context, zcz_losses *losses) {
  zcz_memory_release(context, losses->coupler);
  losses->coupler = NULL;
}

/* ---- the operations in the order of the text ---- */

static void flatten(const zcz_circuit *source, uint32_t block, const zcz_op **ops, uint32_t *used) {
  const zcz_op *list = zcz_circuit_ops(source, block);
  size_t count = zcz_circuit_num_ops(source, block);
  for (size_t i = 0; i < count; i++) {
    if (list[i].kind == ZCZ_OP_IF || list[i].kind == ZCZ_OP_WHILE) {
      for (int side = 0; side < 2; side++)
        if (list[i].blocks[side] != ZCZ_NONE) flatten(source, list[i].blocks[side], ops, used);
    } else if (list[i].kind != ZCZ_OP_ASSIGN) {
      ops[(*used)++] = &list[i];
    }
  }
}

/* ---- who interacts with whom ---- */

typedef struct pairing {
  zcz_program *program;
  uint32_t *head, *next; /* pairs of each qubit as the lower one, as lists */
  uint32_t *partner;     /* with whom the qubit's last two-qubit gate was, */
  int *run;              /* what the run of such gates costs so far, */
  uint8_t *run_swap;     /* and whether it holds one SWAP too many */
} pairing;

static zcz_pair *pair_of(pairing *p, uint32_t a, uint32_t b) {
  if (a > b) {
    uint32_t c = a;
    a = b;
    b = c;
  }
  zcz_program *program = p->program;
  for (uint32_t i = p->head[a]; i != ZCZ_NONE; i = p->next[i])
    if (program->pairs[i].b == b) return &program->pairs[i];
  uint32_t made = program->num_pairs++;
  program->pairs[made] = (zcz_pair){.a = a, .b = b};
  p->next[made] = p->head[a];
  p->head[a] = made;
  return &program->pairs[made];
}

static void count_op(pairing *p, const zcz_op *op) {
  zcz_program *program = p->program;
  if (op->kind == ZCZ_OP_MEASURE) program->readouts[op->qubits[0]] += 1;
  if (zcz_op_is_coupling(op)) {
    uint32_t a = op->qubits[0], b = op->qubits[1];
    bool swap = op->kind == ZCZ_OP_GATE && op->code == ZCZ_GATE_SWAP && op->num_controls == 0;
    bool joins = p->partner[a] == b && p->partner[b] == a;
    int before = joins ? p->run[a] : 0;
    bool swap_before = joins && p->run_swap[a];
    int after = zcz_run_cost(before, swap_before, zcz_op_coupling_cost(op), swap);
    pair_of(p, a, b)->uses += after - before;
    p->partner[a] = b;
    p->partner[b] = a;
    p->run[a] = p->run[b] = after;
    p->run_swap[a] = p->run_swap[b] = swap != swap_before;
  } else if (op->kind == ZCZ_OP_GATE || op->kind == ZCZ_OP_UNITARY) {
    bool virtual = op->kind == ZCZ_OP_GATE &&
                   (zcz_gate_describe((zcz_gate)op->code)->flags & ZCZ_GATE_DIAGONAL);
    if (op->num_qubits == 1 && !virtual) program->pulses[op->qubits[0]] += 1;
  }
}

static void link_pairs(zcz_program *program) {
  uint32_t n = program->num_qubits;
  for (uint32_t i = 0; i < program->num_pairs; i++) {
    program->first[program->pairs[i].a + 1]++;
    program->first[program->pairs[i].b + 1]++;
  }
  for (uint32_t q = 0; q < n; q++) program->first[q + 1] += program->first[q];
  for (uint32_t i = 0; i < program->num_pairs; i++) {
    uint32_t a = program->pairs[i].a, b = program->pairs[i].b;
    uint32_t at_a = program->first[a]++, at_b = program->first[b]++;
    program->neighbour[at_a] = b;
    program->neighbour[at_b] = a;
    program->pair[at_a] = program->pair[at_b] = i;
  }
  for (uint32_t q = n; q > 0; q--) program->first[q] = program->first[q - 1];
  program->first[0] = 0;
}

static zcz_status find_pairs(zcz_program *program, uint32_t couplings, zcz_error *error) {
  zcz_context *context = program->context;
  size_t n = program->num_qubits;
  size_t bytes = (2 * n + couplings) * sizeof(uint32_t) + n * (sizeof(int) + 1);
  uint32_t *head = zcz_memory_zeroed(context, bytes, 1);
  if (!head) return zcz_fail_memory(context, error, "a program's pairs", bytes);
  pairing p = {.program = program, .head = head, .partner = head + n, .next = head + 2 * n};
  p.run = (int *)(p.next + couplings);
  p.run_swap = (uint8_t *)(p.run + n);
  for (size_t q = 0; q < n; q++) p.head[q] = p.partner[q] = ZCZ_NONE;
  for (uint32_t i = 0; i < program->num_ops; i++) count_op(&p, program->ops[i]);
  zcz_memory_release(context, head);
  link_pairs(program);
  return ZCZ_OK;
}

zcz_status zcz_program_make(const zcz_circuit *source, zcz_program *program, zcz_error *error) {
  memset(program, 0, sizeof *program);
  program->source = source;
  program->context = zcz_circuit_context(source);
  program->num_qubits = zcz_circuit_num_qubits(source);
  size_t n = program->num_qubits, size = zcz_circuit_size(source);
  if (size > UINT32_MAX / 16)
    return zcz_fail(error, ZCZ_ERROR_UNABLE, "routing %zu operations; at most %u are handled", size,
                    UINT32_MAX / 16);
  program->ops = zcz_memory_allocate(program->context, size * sizeof *program->ops);
  if (!program->ops) return zcz_fail_memory(program->context, error, "a program", size * 8);
  flatten(source, 0, program->ops, &program->num_ops);
  uint32_t couplings = 0;
  for (uint32_t i = 0; i < program->num_ops; i++) couplings += zcz_op_is_coupling(program->ops[i]);
  size_t bytes = 2 * n * sizeof(double) + couplings * (sizeof(zcz_pair) + 4 * sizeof(uint32_t)) +
                 (n + 1) * sizeof(uint32_t);
  program->pulses = zcz_memory_zeroed(program->context, bytes, 1);
  if (!program->pulses) {
    zcz_program_release(program);
    return zcz_fail_memory(program->context, error, "a program's pairs", bytes);
  }
  program->readouts = program->pulses + n;
  program->pairs = (zcz_pair *)(program->readouts + n);
  program->first = (uint32_t *)(program->pairs + couplings);
  program->neighbour = program->first + n + 1;
  program->pair = program->neighbour + 2 * (size_t)couplings;
  zcz_status status = find_pairs(program, couplings, error);
  if (status != ZCZ_OK) zcz_program_release(program);
  return status;
}

void zcz_program_release(zcz_program *program) {
  zcz_memory_release(program->context, program->pulses);
  zcz_memory_release(program->context, program->ops);
  program->pulses = NULL;
  program->ops = NULL;
}

double zcz_placement_loss(const zcz_program *program, const zcz_lattice *lattice,
                          const zcz_losses *losses, const uint32_t *layout) {
  double sum = 0;
  for (uint32_t i = 0; i < program->num_pairs; i++) {
    const zcz_pair *pair = &program->pairs[i];
    uint32_t coupler = zcz_lattice_coupler(lattice, layout[pair->a], layout[pair->b]);
    if (coupler == ZCZ_CHIP_NONE) return INFINITY;
    sum += pair->uses * losses->coupler[coupler];
  }
  for (uint32_t q = 0; q < program->num_qubits; q++)
    sum += program->pulses[q] * losses->one_qubit[layout[q]] +
           program->readouts[q] * losses->readout[layout[q]];
  return sum;
}
