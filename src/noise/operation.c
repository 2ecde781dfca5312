/* What one scheduled operation becomes under noise. */
#include <math.h>

#include "noise/pass.h"

void zcz_noise_advance(zcz_noise_pass *pass, uint32_t qubit, double until) {
  zcz_noise_clock *clock = &pass->clocks[qubit];
  if (until <= clock->end) return;
  clock->pending += until - clock->end;
  clock->end = until;
}

static zcz_status write_channel(zcz_noise_pass *pass, zcz_channel channel, uint32_t num_qubits,
                                const uint32_t *qubits, uint32_t num_params, const double *params,
                                double start_ns) {
  zcz_op op = {.kind = ZCZ_OP_CHANNEL,
               .code = (uint8_t)channel,
               .num_qubits = num_qubits,
               .num_params = num_params,
               .bit = ZCZ_NONE,
               .variable = ZCZ_NONE,
               .expression = ZCZ_NONE,
               .blocks = {ZCZ_NONE, ZCZ_NONE},
               .start_ns = start_ns,
               .qubits = qubits,
               .params = params};
  return zcz_circuit_append(pass->out, pass->block, &op, pass->error);
}

static zcz_noise_times times_of(const zcz_noise_pass *pass, uint32_t qubit) {
  return (zcz_noise_times){pass->chip->qubits[qubit].t1_us, pass->chip->qubits[qubit].t2_us};
}

zcz_status zcz_noise_flush(zcz_noise_pass *pass, uint32_t qubit) {
  zcz_noise_clock *clock = &pass->clocks[qubit];
  double time = clock->pending;
  clock->pending = 0;
  if (time <= 0 || clock->ground || !zcz_noise_has(pass, ZCZ_NOISE_RELAXATION)) return ZCZ_OK;
  double relaxation[2], paulis[3];
  zcz_noise_times times = times_of(pass, qubit);
  zcz_noise_relaxation(&times, time, relaxation);
  if (!pass->options->twirl)
    return write_channel(pass, ZCZ_CHANNEL_RELAXATION, 1, &qubit, 2, relaxation, clock->end);
  zcz_noise_relaxation_twirl(relaxation, paulis);
  return write_channel(pass, ZCZ_CHANNEL_PAULI1, 1, &qubit, 3, paulis, clock->end);
}

/* The qubits' time up to the operation, written before it. */
static zcz_status catch_up(zcz_noise_pass *pass, const zcz_op *op) {
  for (uint32_t k = 0; k < op->num_qubits; k++) {
    if (op->start_ns >= 0) zcz_noise_advance(pass, op->qubits[k], op->start_ns);
    ZCZ_TRY(zcz_noise_flush(pass, op->qubits[k]));
  }
  return ZCZ_OK;
}

static zcz_status copy(zcz_noise_pass *pass, const zcz_op *op) {
  return zcz_circuit_append(pass->out, pass->block, op, pass->error);
}

static bool is_diagonal(const zcz_op *op) {
  return op->kind == ZCZ_OP_GATE &&
         (zcz_gate_describe((zcz_gate)op->code)->flags & ZCZ_GATE_DIAGONAL) != 0;
}

/* After a gate of this fit: depolarizing at once, relaxation collected for the next operation. */
static zcz_status after_gate(zcz_noise_pass *pass, const zcz_op *op, const zcz_noise_fit *fit) {
  double end = op->start_ns + op->duration_ns;
  for (uint32_t k = 0; k < op->num_qubits; k++) {
    zcz_noise_clock *clock = &pass->clocks[op->qubits[k]];
    clock->pending = fit->relaxing * op->duration_ns;
    clock->end = end;
    clock->ground = false;
    if (fit->exceeded) pass->exceeded[2 * op->qubits[k] + (op->num_qubits == 2)] = true;
  }
  if (!zcz_noise_has(pass, ZCZ_NOISE_DEPOLARIZING) || fit->depolarizing <= 0) return ZCZ_OK;
  zcz_channel channel = op->num_qubits == 2 ? ZCZ_CHANNEL_DEPOLARIZE2 : ZCZ_CHANNEL_DEPOLARIZE1;
  return write_channel(pass, channel, op->num_qubits, op->qubits, 1, &fit->depolarizing, end);
}

static zcz_status one_qubit(zcz_noise_pass *pass, const zcz_op *op) {
  uint32_t qubit = op->qubits[0];
  zcz_noise_cached *cached = &pass->one[qubit];
  zcz_noise_times times = times_of(pass, qubit);
  ZCZ_TRY(catch_up(pass, op));
  ZCZ_TRY(copy(pass, op));
  if (cached->duration_ns != op->duration_ns)
    *cached = (zcz_noise_cached){
        zcz_noise_fit_one(&times, op->duration_ns, pass->chip->qubits[qubit].pauli_error),
        op->duration_ns};
  return after_gate(pass, op, &cached->fit);
}

static bool is_native(const zcz_op *op, const zcz_chip_gate *gate) {
  if (op->kind != ZCZ_OP_GATE || op->code != gate->gate || op->num_controls != gate->num_controls)
    return false;
  for (uint32_t k = 0; k < op->num_params; k++)
    if (!(fabs(op->params[k] - gate->params[k]) <= 1e-6)) return false;
  return true;
}

/* The gate as the chip does it: with its actual angles, or twirled. */
static zcz_status write_native(zcz_noise_pass *pass, const zcz_op *op, const zcz_chip_gate *gate) {
  bool off = gate->coherent[0] != 0 || gate->coherent[1] != 0;
  if (!off || !zcz_noise_has(pass, ZCZ_NOISE_COHERENT)) return copy(pass, op);
  if (!pass->options->twirl) {
    double actual[2] = {op->params[0] + gate->coherent[0], op->params[1] + gate->coherent[1]};
    zcz_op turned = *op;
    turned.params = actual;
    return copy(pass, &turned);
  }
  double paulis[15];
  zcz_noise_coherent_twirl(gate->coherent, paulis);
  ZCZ_TRY(copy(pass, op));
  return write_channel(pass, ZCZ_CHANNEL_PAULI2, 2, op->qubits, 15, paulis,
                       op->start_ns + op->duration_ns);
}

static zcz_status two_qubits(zcz_noise_pass *pass, const zcz_op *op) {
  const zcz_chip *chip = pass->chip;
  uint32_t number = zcz_chip_find_coupler(chip, op->qubits[0], op->qubits[1]), native = 0;
  const char *a = chip->qubits[op->qubits[0]].name, *b = chip->qubits[op->qubits[1]].name;
  if (number == ZCZ_CHIP_NONE || !chip->couplers[number].enabled)
    return zcz_fail(pass->error, ZCZ_ERROR_BUG,
                    "a two-qubit gate on %s and %s, which no coupler %s", a, b,
                    number == ZCZ_CHIP_NONE ? "joins" : "in service joins");
  const zcz_chip_coupler *coupler = &chip->couplers[number];
  while (native < coupler->num_gates && !is_native(op, &coupler->gates[native])) native++;
  if (native == coupler->num_gates)
    return zcz_fail(pass->error, ZCZ_ERROR_BUG,
                    "an operation on %s and %s that is no native gate of coupler %s", a, b,
                    coupler->name);
  zcz_noise_cached *cached = &pass->two[number * ZCZ_MAX_NATIVE_GATES + native];
  const zcz_chip_gate *gate = &coupler->gates[native];
  if (cached->duration_ns != op->duration_ns) {
    zcz_noise_times times[2] = {times_of(pass, coupler->qubits[0]),
                                times_of(pass, coupler->qubits[1])};
    *cached = (zcz_noise_cached){
        zcz_noise_fit_two(times, op->duration_ns, gate->coherent, coupler->pauli_error),
        op->duration_ns};
  }
  ZCZ_TRY(catch_up(pass, op));
  ZCZ_TRY(write_native(pass, op, gate));
  return after_gate(pass, op, &cached->fit);
}

static zcz_status gate(zcz_noise_pass *pass, const zcz_op *op) {
  if (op->num_qubits == 0) return copy(pass, op);
  if (op->num_qubits > 2)
    return zcz_fail(pass->error, ZCZ_ERROR_BUG, "a gate on %u qubits is not native",
                    op->num_qubits);
  if (op->num_qubits == 2) return two_qubits(pass, op);
  if (op->kind == ZCZ_OP_GATE && op->code == ZCZ_GATE_ID) { /* idling */
    zcz_noise_advance(pass, op->qubits[0], op->start_ns + op->duration_ns);
    return copy(pass, op);
  }
  if (op->duration_ns > 0) return one_qubit(pass, op);
  if (!is_diagonal(op)) { /* relaxation commutes with turns about Z, and |0> stays */
    ZCZ_TRY(catch_up(pass, op));
    pass->clocks[op->qubits[0]].ground = false;
  }
  return copy(pass, op);
}

/* The chip reads wrong, then the program's own readout error acts on what was read. */
static zcz_status measure(zcz_noise_pass *pass, const zcz_op *op) {
  const zcz_chip_qubit *qubit = &pass->chip->qubits[op->qubits[0]];
  zcz_noise_clock *clock = &pass->clocks[op->qubits[0]];
  ZCZ_TRY(catch_up(pass, op));
  zcz_op read = *op;
  double wrong[2] = {qubit->p10, qubit->p01};
  if (zcz_noise_has(pass, ZCZ_NOISE_READOUT)) {
    if (op->num_params == 2) {
      double own10 = op->params[0], own01 = op->params[1];
      wrong[0] = qubit->p10 * (1 - own01) + (1 - qubit->p10) * own10;
      wrong[1] = qubit->p01 * (1 - own10) + (1 - qubit->p01) * own01;
    }
    read.num_params = 2;
    read.params = wrong;
  }
  clock->end =
      op->start_ns + op->duration_ns; /* the confusion matrix holds what happens meanwhile */
  clock->ground = false;
  return copy(pass, &read);
}

/* Relaxation before a reset is reset with the qubit. */
static zcz_status reset(zcz_noise_pass *pass, const zcz_op *op) {
  pass->clocks[op->qubits[0]] = (zcz_noise_clock){op->start_ns + op->duration_ns, 0, true,
                                                  pass->clocks[op->qubits[0]].member};
  return copy(pass, op);
}

/* One side of an IF, or the body of a WHILE: the qubits it answers for enter with their time
 * written, and leave with it accounted for up to the end. */
static zcz_status control_flow(zcz_noise_pass *pass, const zcz_op *op) {
  uint32_t n = pass->num_qubits;
  double time = op->duration_ns;
  zcz_op outer = *op;
  bool missing = false; /* an alternative that does nothing must still take its time */
  for (int side = 0; side < 2; side++)
    if (op->blocks[side] != ZCZ_NONE && pass->times[op->blocks[side]] > time)
      time = pass->times[op->blocks[side]];
  for (uint32_t q = 0; q < n; q++) {
    bool inside = false;
    for (int side = 0; side < 2; side++)
      if (op->blocks[side] != ZCZ_NONE)
        inside = inside || pass->touched[(size_t)op->blocks[side] * n + q];
    if (!inside) continue;
    zcz_noise_advance(pass, q, op->start_ns);
    ZCZ_TRY(zcz_noise_flush(pass, q));
    pass->clocks[q].end = op->start_ns + time;
    pass->clocks[q].ground = false;
    missing = true;
  }
  if (op->kind == ZCZ_OP_IF && missing && op->blocks[1] == ZCZ_NONE && time > 0 &&
      zcz_noise_has(pass, ZCZ_NOISE_RELAXATION)) {
    ZCZ_TRY(zcz_circuit_add_block(pass->out, &outer.blocks[1], pass->error));
    uint32_t here = pass->block;
    pass->block = outer.blocks[1];
    for (uint32_t q = 0; q < n; q++) {
      if (!pass->touched[(size_t)op->blocks[0] * n + q]) continue;
      zcz_noise_clock kept = pass->clocks[q];
      pass->clocks[q] = (zcz_noise_clock){time, time, false, true};
      ZCZ_TRY(zcz_noise_flush(pass, q));
      pass->clocks[q] = kept;
    }
    pass->block = here;
  }
  return copy(pass, &outer);
}

static zcz_status check_enabled(const zcz_noise_pass *pass, const zcz_op *op) {
  for (uint32_t k = 0; k < op->num_qubits; k++)
    if (!pass->chip->qubits[op->qubits[k]].enabled)
      return zcz_fail(pass->error, ZCZ_ERROR_BUG, "an operation on %s, which is disabled",
                      pass->chip->qubits[op->qubits[k]].name);
  return ZCZ_OK;
}

zcz_status zcz_noise_operation(zcz_noise_pass *pass, const zcz_op *op) {
  zcz_op_kind kind = (zcz_op_kind)op->kind;
  bool timed = kind != ZCZ_OP_BARRIER && kind != ZCZ_OP_ASSIGN && kind != ZCZ_OP_CHANNEL &&
               !(kind == ZCZ_OP_GATE && op->num_qubits == 0);
  if (timed && !(op->start_ns >= 0 && op->duration_ns >= 0))
    return zcz_fail(pass->error, ZCZ_ERROR_BUG, "noise for a circuit that is not scheduled");
  if (kind != ZCZ_OP_BARRIER) ZCZ_TRY(check_enabled(pass, op));
  switch (kind) {
  case ZCZ_OP_GATE:
  case ZCZ_OP_UNITARY: return gate(pass, op);
  case ZCZ_OP_MEASURE: return measure(pass, op);
  case ZCZ_OP_RESET: return reset(pass, op);
  case ZCZ_OP_DELAY:
    for (uint32_t k = 0; k < op->num_qubits; k++)
      zcz_noise_advance(pass, op->qubits[k], op->start_ns + op->duration_ns);
    return copy(pass, op);
  case ZCZ_OP_CHANNEL:
    ZCZ_TRY(catch_up(pass, op));
    for (uint32_t k = 0; k < op->num_qubits; k++) pass->clocks[op->qubits[k]].ground = false;
    return copy(pass, op);
  case ZCZ_OP_BARRIER:
  case ZCZ_OP_ASSIGN: return copy(pass, op);
  case ZCZ_OP_IF:
  case ZCZ_OP_WHILE: return control_flow(pass, op);
  case ZCZ_OP_KIND_COUNT: break;
  }
  return zcz_fail(pass->error, ZCZ_ERROR_BUG, "an operation of kind %u", op->kind);
}
