#include "compile/native.h"

static zcz_status emit(zcz_native *native, zcz_gate gate, uint32_t num_controls,
                       uint32_t num_qubits, const uint32_t *qubits, uint32_t num_params,
                       const double *params, uint32_t line, zcz_error *error) {
  zcz_op op = {.kind = ZCZ_OP_GATE,
               .code = (uint8_t)gate,
               .num_controls = (uint16_t)num_controls,
               .num_qubits = num_qubits,
               .num_params = num_params,
               .bit = ZCZ_NONE,
               .variable = ZCZ_NONE,
               .expression = ZCZ_NONE,
               .blocks = {ZCZ_NONE, ZCZ_NONE},
               .line = line,
               .start_ns = -1,
               .qubits = qubits,
               .params = params};
  return zcz_circuit_append(native->result, native->block, &op, error);
}

static zcz_status emit_rz(zcz_native *native, uint32_t qubit, double angle, uint32_t line,
                          zcz_error *error) {
  if (angle == 0) return ZCZ_OK;
  return emit(native, ZCZ_GATE_RZ, 0, 1, &qubit, 1, &angle, line, error);
}

void zcz_native_wait(zcz_native *native, uint32_t qubit, const zcz_matrix2 *matrix, uint32_t line) {
  zcz_waiting *waiting = &native->waiting[qubit];
  waiting->matrix = waiting->any ? zcz_matrix2_multiply(matrix, &waiting->matrix) : *matrix;
  if (!waiting->any) waiting->line = line;
  waiting->any = true;
}

/* Leaves Rz(frame) waiting. */
static void wait_frame(zcz_native *native, uint32_t qubit, double frame) {
  zcz_waiting *waiting = &native->waiting[qubit];
  waiting->any = frame != 0;
  if (waiting->any) waiting->matrix = zcz_matrix2_rz(frame);
}

/* Emits the pulses and returns the frame that is left. */
static zcz_status emit_pulses(zcz_native *native, uint32_t qubit, double *frame, zcz_error *error) {
  zcz_waiting *waiting = &native->waiting[qubit];
  *frame = 0;
  if (!waiting->any) return ZCZ_OK;
  zcz_pulses pulses = zcz_pulses_of(&waiting->matrix);
  for (int i = 0; i < pulses.count; i++) {
    double axis = 0;
    zcz_gate gate = zcz_pulse_gate(pulses.axis[i], &axis);
    ZCZ_TRY(emit(native, gate, 0, 1, &qubit, gate == ZCZ_GATE_XY2P, &axis, waiting->line, error));
  }
  *frame = pulses.frame;
  return ZCZ_OK;
}

zcz_status zcz_native_pulses(zcz_native *native, uint32_t qubit, zcz_error *error) {
  double frame;
  ZCZ_TRY(emit_pulses(native, qubit, &frame, error));
  wait_frame(native, qubit, frame);
  return ZCZ_OK;
}

zcz_status zcz_native_settle(zcz_native *native, uint32_t qubit, bool measured, zcz_error *error) {
  double frame;
  ZCZ_TRY(emit_pulses(native, qubit, &frame, error));
  if (!measured) ZCZ_TRY(emit_rz(native, qubit, frame, native->waiting[qubit].line, error));
  native->waiting[qubit].any = false;
  return ZCZ_OK;
}

static bool flips(const zcz_waiting *waiting) {
  return waiting->any && zcz_matrix2_is_antidiagonal(&waiting->matrix);
}

/* X before a CZ is X after it with a Z on the other qubit: it goes on waiting, to meet another. */
static zcz_status use_cz(zcz_native *native, const uint32_t pair[2], uint32_t line,
                         zcz_error *error) {
  bool flip[2] = {flips(&native->waiting[pair[0]]), flips(&native->waiting[pair[1]])};
  zcz_matrix2 z = zcz_matrix2_pauli(3);
  for (int q = 0; q < 2; q++)
    if (!flip[q]) ZCZ_TRY(zcz_native_pulses(native, pair[q], error));
  ZCZ_TRY(emit(native, ZCZ_GATE_Z, 1, 2, pair, 0, NULL, line, error));
  for (int q = 0; q < 2; q++)
    if (flip[q]) zcz_native_wait(native, pair[1 - q], &z, line);
  return ZCZ_OK;
}

/* The frames of both qubits before an fSim: what is common to both commutes with it, the difference
 * only changes sides where theta is pi/2, and stays where it is 0; else it must stand before. */
static zcz_status pass_frames(zcz_native *native, const uint32_t pair[2], double theta,
                              double frame[2], uint32_t line, zcz_error *error) {
  double s, c;
  zcz_sincos(theta, &s, &c);
  if (s > -1e-12 && s < 1e-12) return ZCZ_OK;
  if (c > -1e-12 && c < 1e-12) {
    double keep = frame[0];
    frame[0] = frame[1];
    frame[1] = keep;
    return ZCZ_OK;
  }
  double size[2] = {frame[0] < 0 ? -frame[0] : frame[0], frame[1] < 0 ? -frame[1] : frame[1]};
  int less = size[0] <= size[1] ? 0 : 1;
  ZCZ_TRY(
      emit_rz(native, pair[1 - less], zcz_angle_wrap(frame[1 - less] - frame[less]), line, error));
  frame[1 - less] = frame[less];
  return ZCZ_OK;
}

/* XX fSim XX = fSim Rz(phi) Rz(phi): X on both goes past, alone it does not. */
static zcz_status use_fsim(zcz_native *native, const zcz_chip_gate *gate, const uint32_t pair[2],
                           uint32_t line, zcz_error *error) {
  double frame[2] = {0, 0};
  bool flip = flips(&native->waiting[pair[0]]) && flips(&native->waiting[pair[1]]);
  zcz_matrix2 x = zcz_matrix2_pauli(1);
  for (int q = 0; q < 2; q++) {
    zcz_waiting *waiting = &native->waiting[pair[q]];
    if (flip) { /* = X Rz(frame) */
      zcz_matrix2 rest = zcz_matrix2_multiply(&x, &waiting->matrix);
      frame[q] = zcz_pulses_of(&rest).frame;
    } else {
      ZCZ_TRY(emit_pulses(native, pair[q], &frame[q], error));
    }
  }
  ZCZ_TRY(pass_frames(native, pair, gate->params[0], frame, line, error));
  ZCZ_TRY(emit(native, gate->gate, gate->num_controls, 2, pair, 2, gate->params, line, error));
  for (int q = 0; q < 2; q++) {
    wait_frame(native, pair[q], zcz_angle_wrap(frame[q] + (flip ? gate->params[1] : 0)));
    if (flip) zcz_native_wait(native, pair[q], &x, line);
  }
  return ZCZ_OK;
}

zcz_status zcz_native_use(zcz_native *native, uint32_t coupler, uint32_t gate, uint32_t line,
                          zcz_error *error) {
  const zcz_chip_coupler *place = &native->chip->couplers[coupler];
  const zcz_chip_gate *chip_gate = &place->gates[gate];
  if (chip_gate->gate == ZCZ_GATE_Z) return use_cz(native, place->qubits, line, error);
  return use_fsim(native, chip_gate, place->qubits, line, error);
}

zcz_status zcz_native_sequence(zcz_native *native, uint32_t coupler, const zcz_sequence *sequence,
                               uint32_t line, zcz_error *error) {
  const uint32_t *pair = native->chip->couplers[coupler].qubits;
  for (uint32_t i = 0; i <= sequence->count; i++) {
    for (int q = 0; q < 2; q++) zcz_native_wait(native, pair[q], &sequence->local[i].at[q], line);
    if (i < sequence->count)
      ZCZ_TRY(zcz_native_use(native, coupler, sequence->gate[i], line, error));
  }
  return ZCZ_OK;
}
