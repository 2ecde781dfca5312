#include "sim/statevector/frame.h"

#include <string.h>

#include "base/complex.h"
#include "base/math.h"
#include "sim/statevector/factor.h"
#include "base/memory.h"

zcz_status zcz_sv_frame_start(zcz_sv_frame *frame, zcz_sv_arena *arena, uint32_t num_qubits,
                              const uint32_t *layout, zcz_error *error) {
  memset(frame, 0, sizeof *frame);
  frame->arena = arena;
  frame->num_qubits = num_qubits;
  frame->global = (zcz_complex){1, 0};
  for (uint32_t q = 0; q < num_qubits; q++) {
    frame->layout[q] = layout ? layout[q] : q;
    frame->phase[q] = (zcz_complex){1, 0};
  }
  size_t bytes = (size_t)num_qubits * num_qubits * sizeof *frame->pair;
  frame->pair = zcz_memory_allocate(arena->context, bytes);
  if (!frame->pair) return zcz_fail_memory(arena->context, error, "a plan", bytes);
  return ZCZ_OK;
}

void zcz_sv_frame_release(zcz_sv_frame *frame) {
  zcz_memory_release(frame->arena->context, frame->pair);
  zcz_memory_release(frame->arena->context, frame->primitives);
  frame->pair = NULL;
  frame->primitives = NULL;
}

static zcz_sv_primitive *append(zcz_sv_frame *frame, zcz_sv_primitive_kind kind, uint64_t targets,
                                uint64_t diagonal) {
  if (!zcz_memory_grow(frame->arena->context, &frame->primitives, &frame->capacity,
                       frame->count + 1, sizeof *frame->primitives)) {
    frame->failed = true;
    return NULL;
  }
  zcz_sv_primitive *p = &frame->primitives[frame->count++];
  memset(p, 0, sizeof *p);
  p->kind = kind;
  p->targets = targets;
  p->diagonal = diagonal;
  p->factor = (zcz_complex){1, 0};
  for (uint64_t m = targets | diagonal; m; m &= m - 1)
    frame->last_touch[__builtin_ctzll(m)] = frame->count;
  for (uint64_t m = targets; m; m &= m - 1) frame->last_target[__builtin_ctzll(m)] = frame->count;
  return p;
}

/* ---- factors ---- */

static zcz_complex *pair_of(zcz_sv_frame *frame, uint32_t a, uint32_t b) {
  return &frame->pair[a * frame->num_qubits + b];
}

static void add_phase(zcz_sv_frame *frame, uint32_t a, zcz_complex factor) {
  frame->phase[a] = zcz_factor_times(frame->phase[a], factor);
}

static void set_pair(zcz_sv_frame *frame, uint32_t a, uint32_t b, zcz_complex factor) {
  if (zcz_factor_is_one(factor)) {
    frame->coupled[a] &= ~((uint64_t)1 << b);
    frame->coupled[b] &= ~((uint64_t)1 << a);
    return;
  }
  frame->coupled[a] |= (uint64_t)1 << b;
  frame->coupled[b] |= (uint64_t)1 << a;
  *pair_of(frame, a, b) = *pair_of(frame, b, a) = factor;
}

static void add_pair(zcz_sv_frame *frame, uint32_t a, uint32_t b, zcz_complex factor) {
  if (frame->coupled[a] >> b & 1) factor = zcz_factor_times(*pair_of(frame, a, b), factor);
  set_pair(frame, a, b, factor);
}

/* ---- what is pending on one position ---- */

/* All of D that meets position k, as a twiddle on the stored bits, and takes it out of D. A flipped
 * k: factor^(1 - bit) = factor times conj(factor)^bit, and the first goes to the others. */
static void take_twiddle(zcz_sv_frame *frame, uint32_t k, zcz_sv_primitive *p) {
  bool flipped = frame->flips >> k & 1;
  uint64_t others = frame->coupled[k];
  zcz_complex constant = frame->phase[k];
  zcz_sv_coupling *couplings = NULL;
  uint32_t count = 0;
  if (flipped) frame->global = zcz_factor_times(frame->global, frame->phase[k]);
  if (others) {
    couplings =
        zcz_sv_arena_take(frame->arena, (size_t)__builtin_popcountll(others) * sizeof *couplings);
    if (!couplings) {
      frame->failed = true;
      return;
    }
  }
  for (uint64_t m = others; m; m &= m - 1) {
    uint32_t j = (uint32_t)__builtin_ctzll(m);
    zcz_complex factor = *pair_of(frame, k, j);
    if (flipped) add_phase(frame, j, factor);
    if (frame->flips >> j & 1) {
      constant = zcz_factor_times(constant, factor);
      factor = zcz_complex_conjugate(factor);
    }
    couplings[count++] = (zcz_sv_coupling){j, flipped ? zcz_complex_conjugate(factor) : factor};
    set_pair(frame, k, j, (zcz_complex){1, 0});
  }
  frame->phase[k] = (zcz_complex){1, 0};
  p->factor = flipped ? zcz_complex_conjugate(constant) : constant;
  p->couplings = couplings;
  p->num_couplings = count;
}

static bool pending(const zcz_sv_frame *frame, uint32_t k) {
  return frame->coupled[k] || !zcz_factor_is_one(frame->phase[k]);
}

static void flush(zcz_sv_frame *frame, uint32_t k) {
  if (!pending(frame, k)) return;
  zcz_sv_primitive *p = append(frame, ZCZ_SV_DIAGONAL, 0, frame->coupled[k] | (uint64_t)1 << k);
  if (!p) return;
  p->target = k;
  take_twiddle(frame, k, p);
}

static void flip(zcz_sv_frame *frame, uint32_t k) {
  if (!zcz_factor_is_unit(frame->phase[k])) flush(frame, k);
  frame->global = zcz_factor_times(frame->global, frame->phase[k]);
  frame->phase[k] = zcz_complex_conjugate(frame->phase[k]);
  for (uint64_t m = frame->coupled[k]; m; m &= m - 1) {
    uint32_t j = (uint32_t)__builtin_ctzll(m);
    zcz_complex factor = *pair_of(frame, k, j);
    add_phase(frame, j, factor);
    set_pair(frame, k, j, zcz_complex_conjugate(factor));
  }
  frame->flips ^= (uint64_t)1 << k;
}

/* Two Hadamards on end are none: the first becomes its twiddle. */
static bool undo_hadamard(zcz_sv_frame *frame, uint32_t k) {
  if (pending(frame, k) || (frame->flips >> k & 1) || !frame->last_touch[k]) return false;
  size_t number = frame->last_touch[k];
  zcz_sv_primitive *p = &frame->primitives[number - 1];
  if (p->kind != ZCZ_SV_HADAMARD || p->target != k) return false;
  bool free_again = true;
  for (uint32_t i = 0; i < p->num_couplings; i++)
    free_again = free_again && frame->last_target[p->couplings[i].position] <= number &&
                 !(frame->flips >> p->couplings[i].position & 1);
  frame->hadamards--;
  p->kind = ZCZ_SV_NOTHING;
  uint64_t bit = (uint64_t)1 << k;
  if (free_again) {
    add_phase(frame, k, p->factor);
    for (uint32_t i = 0; i < p->num_couplings; i++)
      add_pair(frame, k, p->couplings[i].position, p->couplings[i].factor);
  } else {
    p->kind = ZCZ_SV_DIAGONAL;
    p->diagonal |= bit;
  }
  p->targets = 0;
  return true;
}

static void hadamard(zcz_sv_frame *frame, uint32_t k) {
  if (undo_hadamard(frame, k)) return;
  zcz_sv_primitive *p = append(frame, ZCZ_SV_HADAMARD, (uint64_t)1 << k, frame->coupled[k]);
  if (!p) return;
  p->target = k;
  take_twiddle(frame, k, p);
  frame->hadamards++;
  if (frame->flips >> k & 1) { /* H X = Z H */
    frame->flips ^= (uint64_t)1 << k;
    add_phase(frame, k, (zcz_complex){-1, 0});
  }
}

/* ---- diagonal gates ---- */

/* `factors[j]` where the k targets are j and all positions of `controls` are 1. */
static void diagonal(zcz_sv_frame *frame, uint64_t controls, uint32_t k, const uint32_t *targets,
                     zcz_complex *factors) {
  uint32_t size = 1u << k;
  /* A factor for each subset of targets that are all 1. */
  for (uint32_t b = 0; b < k; b++)
    for (uint32_t s = 0; s < size; s++)
      if (s >> b & 1) factors[s] = zcz_factor_ratio(factors[s], factors[s ^ 1u << b]);
  for (uint32_t s = 0; s < size; s++) {
    if (zcz_factor_is_one(factors[s])) continue;
    uint64_t mask = controls;
    for (uint32_t b = 0; b < k; b++)
      if (s >> b & 1) mask |= (uint64_t)1 << targets[b];
    int members = __builtin_popcountll(mask);
    uint32_t low = mask ? (uint32_t)__builtin_ctzll(mask) : 0;
    if (members == 0) {
      frame->global = zcz_factor_times(frame->global, factors[s]);
    } else if (members == 1) {
      add_phase(frame, low, factors[s]);
    } else if (members == 2) {
      add_pair(frame, low, (uint32_t)__builtin_ctzll(mask & (mask - 1)), factors[s]);
    } else {
      zcz_sv_primitive *p = append(frame, ZCZ_SV_PHASE, 0, mask);
      if (!p) return;
      p->value = mask & ~frame->flips;
      p->factor = factors[s];
    }
  }
}

/* ---- matrices ---- */

/* `size` rows; row r has the targets of the bits of rows[r] at 1. */
static void dense(zcz_sv_frame *frame, uint64_t controls, uint32_t k, const uint32_t *targets,
                  uint32_t size, const uint8_t *rows, const zcz_complex *matrix) {
  uint64_t mask = 0;
  uint32_t flipped = 0;
  for (uint32_t b = 0; b < k; b++) {
    mask |= (uint64_t)1 << targets[b];
    flipped |= (uint32_t)(frame->flips >> targets[b] & 1) << b;
  }
  zcz_sv_primitive *p = append(frame, ZCZ_SV_DENSE, mask, controls);
  if (!p) return;
  p->value = controls & ~frame->flips;
  p->k = k;
  p->size = size;
  memcpy(p->positions, targets, k * sizeof *targets);
  uint8_t *own_rows = zcz_sv_arena_take(frame->arena, size);
  zcz_complex *own = zcz_sv_arena_take(frame->arena, (size_t)size * size * sizeof *own);
  if (!own_rows || !own) {
    frame->failed = true;
    return;
  }
  for (uint32_t r = 0; r < size; r++) own_rows[r] = (uint8_t)((rows ? rows[r] : r) ^ flipped);
  memcpy(own, matrix, (size_t)size * size * sizeof *own);
  p->rows = own_rows;
  p->matrix = own;
}

static bool vanishes(zcz_complex a) { return zcz_complex_norm2(a) < 1e-32; }

static bool is_half(zcz_complex a) {
  double off = zcz_complex_norm2(a) - 0.5;
  return off < 1e-15 && off > -1e-15;
}

static void controlled_x(zcz_sv_frame *frame, uint64_t controls, uint32_t target) {
  zcz_complex minus[2] = {{1, 0}, {-1, 0}};
  hadamard(frame, target);
  diagonal(frame, controls, 1, &target, minus);
  hadamard(frame, target);
}

static bool is_unitary(const zcz_complex *u) {
  zcz_complex mixed = zcz_complex_add(zcz_complex_multiply(zcz_complex_conjugate(u[0]), u[1]),
                                      zcz_complex_multiply(zcz_complex_conjugate(u[2]), u[3]));
  double first = zcz_complex_norm2(u[0]) + zcz_complex_norm2(u[2]) - 1;
  double second = zcz_complex_norm2(u[1]) + zcz_complex_norm2(u[3]) - 1;
  return first < 1e-12 && first > -1e-12 && second < 1e-12 && second > -1e-12 &&
         zcz_complex_norm2(mixed) < 1e-24;
}

/* A Kraus operator: only what needs no inverse of a factor. */
static void one_qubit_any(zcz_sv_frame *frame, uint64_t controls, uint32_t target,
                          const zcz_complex *u) {
  if (!controls && !(frame->flips >> target & 1) && vanishes(u[1]) && vanishes(u[2]) &&
      zcz_complex_norm2(u[0]) > 1e-6) {
    frame->global = zcz_factor_times(frame->global, u[0]);
    add_phase(frame, target, zcz_factor_ratio(u[3], u[0]));
    return;
  }
  flush(frame, target);
  dense(frame, controls, 1, &target, 2, NULL, u);
}

static void one_qubit(zcz_sv_frame *frame, uint64_t controls, uint32_t target,
                      const zcz_complex *u) {
  if (!is_unitary(u)) {
    one_qubit_any(frame, controls, target, u);
  } else if (vanishes(u[1]) && vanishes(u[2])) {
    zcz_complex factors[2] = {u[0], u[3]};
    diagonal(frame, controls, 1, &target, factors);
  } else if (vanishes(u[0]) && vanishes(u[3])) {
    zcz_complex factors[2] = {u[1], u[2]};
    if (controls)
      controlled_x(frame, controls, target);
    else
      flip(frame, target);
    diagonal(frame, controls, 1, &target, factors);
  } else if (!controls && is_half(u[0])) {
    add_phase(frame, target, zcz_factor_ratio(u[1], u[0]));
    hadamard(frame, target);
    add_phase(frame, target, zcz_factor_ratio(u[2], u[0]));
    frame->global =
        zcz_factor_times(frame->global, zcz_complex_scale(u[0], 1.41421356237309504880));
  } else if (!controls && !frame->coupled[target]) {
    zcz_complex p = frame->phase[target];
    zcz_complex m[4] = {u[0], zcz_complex_multiply(u[1], p), u[2], zcz_complex_multiply(u[3], p)};
    frame->phase[target] = (zcz_complex){1, 0};
    dense(frame, 0, 1, &target, 2, NULL, m);
  } else {
    flush(frame, target);
    dense(frame, controls, 1, &target, 2, NULL, u);
  }
}

static void swap_names(zcz_sv_frame *frame, uint32_t a, uint32_t b) {
  uint32_t n = frame->num_qubits;
  for (uint32_t q = 0; q < n; q++) {
    if (frame->layout[q] == a)
      frame->layout[q] = b;
    else if (frame->layout[q] == b)
      frame->layout[q] = a;
  }
}

/* [[cos, -i sin], [-i sin, cos]] on 01 and 10. */
static void exchange(zcz_sv_frame *frame, uint32_t a, uint32_t b, double sine, double cosine) {
  zcz_complex turn = {0, -zcz_factor_snap(sine)};
  if (cosine < 1e-16 && cosine > -1e-16) {
    swap_names(frame, a, b);
    add_phase(frame, a, turn);
    add_phase(frame, b, turn);
    add_pair(frame, a, b, (zcz_complex){-1, 0});
    return;
  }
  uint64_t both = (uint64_t)1 << a | (uint64_t)1 << b;
  if ((frame->coupled[a] & ~both) || !zcz_factor_is_unit(frame->phase[a])) flush(frame, a);
  if ((frame->coupled[b] & ~both) || !zcz_factor_is_unit(frame->phase[b])) flush(frame, b);
  zcz_complex pa = frame->phase[a], pb = frame->phase[b];
  static const uint8_t rows[2] = {1, 2};
  uint32_t targets[2] = {a, b};
  zcz_complex m[4] = {zcz_complex_scale(pa, cosine), zcz_complex_multiply(turn, pb),
                      zcz_complex_multiply(turn, pa), zcz_complex_scale(pb, cosine)};
  frame->phase[a] = frame->phase[b] = (zcz_complex){1, 0};
  add_pair(frame, a, b, zcz_factor_times(pa, pb));
  dense(frame, 0, 2, targets, 2, rows, m);
}

static void rotate_zz(zcz_sv_frame *frame, const uint32_t *targets, double angle) {
  double sine, cosine;
  zcz_sincos(angle / 2, &sine, &cosine);
  zcz_complex same = {cosine, -sine}, other = {cosine, sine};
  zcz_complex factors[4] = {same, other, other, same};
  diagonal(frame, 0, 2, targets, factors);
}

static void several_qubits(zcz_sv_frame *frame, uint64_t controls, uint32_t k,
                           const uint32_t *targets, const zcz_complex *matrix) {
  uint32_t size = 1u << k;
  bool is_diagonal = true;
  for (uint32_t i = 0; i < size * size && is_diagonal; i++)
    is_diagonal = i % (size + 1) == 0 ? zcz_factor_is_unit(matrix[i]) : vanishes(matrix[i]);
  if (is_diagonal) {
    zcz_complex factors[64];
    for (uint32_t i = 0; i < size; i++) factors[i] = matrix[i * (size + 1)];
    diagonal(frame, controls, k, targets, factors);
    return;
  }
  for (uint32_t b = 0; b < k; b++) flush(frame, targets[b]);
  dense(frame, controls, k, targets, size, NULL, matrix);
}

/* Two-qubit gates of the table without controls; false = treat it as a matrix. */
static bool known_pair(zcz_sv_frame *frame, const zcz_op *op, const uint32_t *targets) {
  uint32_t a = targets[0], b = targets[1];
  double sine, cosine;
  switch ((zcz_gate)op->code) {
  case ZCZ_GATE_SWAP: swap_names(frame, a, b); return true;
  case ZCZ_GATE_ISWAP: exchange(frame, a, b, -1, 0); return true;
  case ZCZ_GATE_ISWAPDG: exchange(frame, a, b, 1, 0); return true;
  case ZCZ_GATE_FSIM:
    zcz_sincos(op->params[0], &sine, &cosine);
    exchange(frame, a, b, sine, cosine);
    zcz_sincos(op->params[1], &sine, &cosine);
    add_pair(frame, a, b, (zcz_complex){zcz_factor_snap(cosine), -zcz_factor_snap(sine)});
    return true;
  case ZCZ_GATE_RXX:
  case ZCZ_GATE_RYY:
    for (int i = 0; i < 2; i++) {
      if (op->code == ZCZ_GATE_RYY) add_phase(frame, targets[i], (zcz_complex){0, -1});
      hadamard(frame, targets[i]);
    }
    rotate_zz(frame, targets, op->params[0]);
    for (int i = 0; i < 2; i++) {
      hadamard(frame, targets[i]);
      if (op->code == ZCZ_GATE_RYY) add_phase(frame, targets[i], (zcz_complex){0, 1});
    }
    return true;
  case ZCZ_GATE_RZX:
    hadamard(frame, b);
    rotate_zz(frame, targets, op->params[0]);
    hadamard(frame, b);
    return true;
  default: return false;
  }
}

/* ---- taking operations ---- */

static void take_action(zcz_sv_frame *frame, const zcz_op *op) {
  uint32_t targets[ZCZ_MAX_UNITARY_QUBITS], k = op->num_qubits - op->num_controls;
  uint64_t controls = 0;
  for (uint32_t i = 0; i < op->num_controls; i++)
    controls |= (uint64_t)1 << frame->layout[op->qubits[i]];
  for (uint32_t i = 0; i < k; i++) targets[i] = frame->layout[op->qubits[op->num_controls + i]];
  if (op->kind == ZCZ_OP_GATE && k == 2 && !controls && known_pair(frame, op, targets)) return;
  zcz_complex small[16];
  const zcz_complex *matrix = small;
  if (op->kind == ZCZ_OP_GATE)
    zcz_gate_matrix((zcz_gate)op->code, op->params, small);
  else
    matrix = (const zcz_complex *)op->params; /* re, im pairs */
  if (k == 0) {
    diagonal(frame, controls, 0, NULL, small);
  } else if (k == 1) {
    one_qubit(frame, controls, targets[0], matrix);
  } else {
    several_qubits(frame, controls, k, targets, matrix);
  }
}

static zcz_status status_of(const zcz_sv_frame *frame, zcz_error *error) {
  if (!frame->failed) return ZCZ_OK;
  return zcz_fail_memory(frame->arena->context, error, "a plan",
                         (frame->count + 1) * sizeof *frame->primitives);
}

zcz_status zcz_sv_frame_take(zcz_sv_frame *frame, const zcz_op *op, zcz_error *error) {
  switch ((zcz_op_kind)op->kind) {
  case ZCZ_OP_GATE:
  case ZCZ_OP_UNITARY: take_action(frame, op); return status_of(frame, error);
  case ZCZ_OP_BARRIER:
  case ZCZ_OP_DELAY: return ZCZ_OK;
  default:
    return zcz_fail(error, ZCZ_ERROR_BUG, "a state vector was given an operation of kind %d",
                    op->kind);
  }
}

/* All factors of single positions at once, as couplings to nothing. */
static void flush_singles(zcz_sv_frame *frame) {
  uint64_t turned = 0;
  for (uint32_t k = 0; k < frame->num_qubits; k++)
    if (!zcz_factor_is_one(frame->phase[k])) turned |= (uint64_t)1 << k;
  if (!turned) return;
  zcz_sv_primitive *p = append(frame, ZCZ_SV_DIAGONAL, 0, turned);
  zcz_sv_coupling *couplings =
      zcz_sv_arena_take(frame->arena, (size_t)__builtin_popcountll(turned) * sizeof *couplings);
  if (!p || !couplings) {
    frame->failed = true;
    return;
  }
  p->target = ZCZ_NONE;
  p->couplings = couplings;
  for (uint64_t m = turned; m; m &= m - 1) {
    uint32_t k = (uint32_t)__builtin_ctzll(m);
    zcz_complex factor = frame->phase[k];
    if (frame->flips >> k & 1) { /* f^(1 - bit); a flipped one has modulus 1 */
      p->factor = zcz_factor_times(p->factor, factor);
      factor = zcz_complex_conjugate(factor);
    }
    couplings[p->num_couplings++] = (zcz_sv_coupling){k, factor};
    frame->phase[k] = (zcz_complex){1, 0};
  }
}

zcz_status zcz_sv_frame_finish(zcz_sv_frame *frame, zcz_error *error) {
  for (uint32_t k = 0; k < frame->num_qubits; k++)
    if (frame->coupled[k]) flush(frame, k);
  flush_singles(frame);
  for (uint32_t k = 0; k < frame->num_qubits; k++)
    if (frame->flips >> k & 1) {
      zcz_sv_primitive *p = append(frame, ZCZ_SV_FLIP, (uint64_t)1 << k, 0);
      if (p) p->target = k;
    }
  frame->flips = 0;
  return status_of(frame, error);
}
