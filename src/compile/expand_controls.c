/* Gates with many controls as CX and one-qubit gates. Barenco et al., Phys. Rev. A 52, 3457 (1995), with
 * Toffolis up to phases (Maslov, Phys. Rev. A 93, 022311 (2016)) wherever the phases cancel: a circuit R of
 * CX, phases and such Toffolis is a permutation times a diagonal, so R^+ D R = P^-1 D P for diagonal D. */
#include "base/memory.h"
#include "compile/expand.h"

/* Up to `wanted` qubits outside the list, of whatever state: first others of the operation, then the nearest in
 * number that the program is not done with. Returns how many. */
static uint32_t borrow(zcz_expand *expand, uint32_t count, const uint32_t *qubits, uint32_t wanted,
                       uint32_t *spare) {
  uint32_t found = 0, center = qubits[count - 1];
  for (uint32_t i = 0; i < count; i++) expand->busy[qubits[i]] = 1;
  if (expand->forbidden != ZCZ_NONE) expand->busy[expand->forbidden] = 1;
  for (uint32_t i = 0; i < expand->op->num_qubits && found < wanted; i++)
    if (!expand->busy[expand->op->qubits[i]]) spare[found++] = expand->op->qubits[i];
  for (uint32_t i = 0; i < found; i++) expand->busy[spare[i]] = 1;
  for (uint32_t step = 1; step < expand->num_qubits && found < wanted; step++)
    for (int side = 0; side < 2 && found < wanted; side++) {
      if (side == 0 ? center < step : step >= expand->num_qubits - center) continue;
      uint32_t qubit = side == 0 ? center - step : center + step;
      if (!expand->busy[qubit] && !expand->over[qubit]) spare[found++] = qubit;
      expand->busy[qubit] |= 2;
    }
  for (uint32_t i = 0; i < expand->num_qubits; i++) expand->busy[i] = 0;
  return found;
}

/* diag(exp(i angle[x])) is a phase for every parity of qubits, the Walsh transform of the angles: a Gray code
 * visits them all with 2^count - 2 CX. */
zcz_status zcz_expand_diagonal(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                               const double *angle, zcz_error *error) {
  double part[64];
  uint32_t size = 1u << count;
  for (uint32_t i = 0; i < size; i++) part[i] = angle[i] / (double)(size / 2);
  for (uint32_t bit = 1; bit < size; bit <<= 1)
    for (uint32_t i = 0; i < size; i++)
      if (!(i & bit)) {
        double sum = part[i] + part[i | bit];
        part[i | bit] = part[i] - part[i | bit];
        part[i] = sum;
      }
  for (uint32_t j = 0; j < count; j++) {
    uint32_t subset = 0;
    for (uint32_t i = 0; i < 1u << j; i++) {
      double phase = -part[subset | 1u << j];
      if (phase > 1e-14 || phase < -1e-14)
        ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_P, qubits[j], phase, error));
      uint32_t next = i + 1 < 1u << j ? ((i + 1) ^ ((i + 1) >> 1)) : 0; /* and back */
      if (next == subset) continue;
      ZCZ_TRY(zcz_expand_cx(expand, qubits[__builtin_ctz(subset ^ next)], qubits[j], error));
      subset = next;
    }
  }
  return ZCZ_OK;
}

/* P(angle) over up to four qubits: 6 CX for three, 14 for four. */
static zcz_status phase_by_parities(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                                    double angle, zcz_error *error) {
  double angles[16] = {0};
  angles[(1u << count) - 1] = angle;
  return zcz_expand_diagonal(expand, count, qubits, angles, error);
}

/* Toffoli up to phases, 3 CX. */
static zcz_status toffoli_up_to_phase(zcz_expand *expand, uint32_t a, uint32_t b, uint32_t target,
                                      zcz_error *error) {
  ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_H, target, 0, error));
  ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_T, target, 0, error));
  ZCZ_TRY(zcz_expand_cx(expand, b, target, error));
  ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_TDG, target, 0, error));
  ZCZ_TRY(zcz_expand_cx(expand, a, target, error));
  ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_T, target, 0, error));
  ZCZ_TRY(zcz_expand_cx(expand, b, target, error));
  ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_TDG, target, 0, error));
  return zcz_expand_one(expand, ZCZ_GATE_H, target, 0, error);
}

/* X with three controls up to phases, 6 CX. */
static zcz_status three_up_to_phase(zcz_expand *expand, const uint32_t *q, zcz_error *error) {
  static const struct {
    zcz_gate gate;
    int8_t control; /* -1: the gate on the target */
  } steps[18] = {{ZCZ_GATE_H, -1},   {ZCZ_GATE_T, -1}, {ZCZ_GATE_X, 2},  {ZCZ_GATE_TDG, -1},
                 {ZCZ_GATE_H, -1},   {ZCZ_GATE_X, 0},  {ZCZ_GATE_T, -1}, {ZCZ_GATE_X, 1},
                 {ZCZ_GATE_TDG, -1}, {ZCZ_GATE_X, 0},  {ZCZ_GATE_T, -1}, {ZCZ_GATE_X, 1},
                 {ZCZ_GATE_TDG, -1}, {ZCZ_GATE_H, -1}, {ZCZ_GATE_T, -1}, {ZCZ_GATE_X, 2},
                 {ZCZ_GATE_TDG, -1}, {ZCZ_GATE_H, -1}};
  for (int i = 0; i < 18; i++) {
    if (steps[i].control < 0)
      ZCZ_TRY(zcz_expand_one(expand, steps[i].gate, q[3], 0, error));
    else
      ZCZ_TRY(zcz_expand_cx(expand, q[steps[i].control], q[3], error));
  }
  return ZCZ_OK;
}

/* The ladder of Toffolis, up to phases, that carries the controls into spare[count - 4]: see x_by_ladder. */
static zcz_status ladder(zcz_expand *expand, uint32_t controls, const uint32_t *q,
                         const uint32_t *spare, zcz_error *error) {
  for (uint32_t k = controls - 3; k > 0; k--)
    ZCZ_TRY(toffoli_up_to_phase(expand, q[k + 1], spare[k - 1], spare[k], error));
  ZCZ_TRY(toffoli_up_to_phase(expand, q[0], q[1], spare[0], error));
  for (uint32_t k = 1; k <= controls - 3; k++)
    ZCZ_TRY(toffoli_up_to_phase(expand, q[k + 1], spare[k - 1], spare[k], error));
  return ZCZ_OK;
}

static zcz_status toffoli(zcz_expand *expand, const uint32_t *q, bool up_to_phase,
                          zcz_error *error) {
  if (up_to_phase) return toffoli_up_to_phase(expand, q[0], q[1], q[2], error);
  ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_H, q[2], 0, error));
  ZCZ_TRY(phase_by_parities(expand, 3, q, ZCZ_PI, error));
  return zcz_expand_one(expand, ZCZ_GATE_H, q[2], 0, error);
}

/* Barenco 7.2: `controls` >= 3, controls - 2 borrowed qubits that come back as they were. The ladder and its
 * inverse enclose Toffolis onto the target, which its phases commute with. */
static zcz_status x_by_ladder(zcz_expand *expand, uint32_t controls, const uint32_t *q,
                              const uint32_t *spare, bool up_to_phase, zcz_error *error) {
  uint32_t last[3] = {q[controls - 1], spare[controls - 3], q[controls]};
  ZCZ_TRY(toffoli(expand, last, up_to_phase, error));
  size_t mark = zcz_expand_mark(expand);
  ZCZ_TRY(ladder(expand, controls, q, spare, error));
  size_t end = zcz_expand_mark(expand);
  ZCZ_TRY(toffoli(expand, last, up_to_phase, error));
  return zcz_expand_undo(expand, mark, end, error);
}

static zcz_status x_any(zcz_expand *expand, uint32_t count, const uint32_t *q, bool up_to_phase,
                        zcz_error *error);
static zcz_status phase_alone(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                              double angle, zcz_error *error);

/* Barenco 7.3: one borrowed qubit. Half of the controls onto it, the rest and it onto the target, and both
 * undone and done again. The phases of the first half may be any that the target has no part in. */
static zcz_status x_by_halves(zcz_expand *expand, uint32_t count, const uint32_t *q, uint32_t spare,
                              bool up_to_phase, zcz_error *error) {
  uint32_t half = count / 2, rest = count - 1 - half, target = q[count - 1];
  uint32_t *list = zcz_memory_allocate(expand->context, (count + 2) * sizeof *list);
  if (list == NULL)
    return zcz_fail_memory(expand->context, error, "a list of qubits", count * sizeof *list);
  uint32_t *onto = list, *from = list + half + 1;
  for (uint32_t i = 0; i < half; i++) onto[i] = q[i];
  onto[half] = spare;
  for (uint32_t i = 0; i < rest; i++) from[i] = q[half + i];
  from[rest] = spare;
  from[rest + 1] = target;
  size_t mark = zcz_expand_mark(expand);
  uint32_t forbidden = expand->forbidden;
  expand->forbidden = target;
  zcz_status status = x_any(expand, half + 1, onto, true, error);
  expand->forbidden = forbidden;
  size_t end = zcz_expand_mark(expand);
  if (status == ZCZ_OK) status = x_any(expand, rest + 2, from, up_to_phase, error);
  if (status == ZCZ_OK) status = zcz_expand_undo(expand, mark, end, error);
  if (status == ZCZ_OK) status = x_any(expand, rest + 2, from, up_to_phase, error);
  zcz_memory_release(expand->context, list);
  return status;
}

/* With borrowed qubits, where there are any and they help: *done tells. The numbers of CX are 12 n - 18 exactly
 * and 12 n - 24 up to phases for the ladder with n controls. */
static zcz_status x_by_borrowing(zcz_expand *expand, uint32_t count, const uint32_t *q,
                                 bool up_to_phase, bool *done, zcz_error *error) {
  uint32_t controls = count - 1;
  uint32_t *spare = zcz_memory_allocate(expand->context, controls * sizeof *spare);
  if (spare == NULL)
    return zcz_fail_memory(expand->context, error, "a list of qubits", controls * sizeof *spare);
  uint32_t found = borrow(expand, count, q, controls - 2, spare);
  zcz_status status = ZCZ_OK;
  *done = found > 0;
  if (found == controls - 2 && controls > 5)
    status = x_by_ladder(expand, controls, q, spare, up_to_phase, error);
  else if (found > 0)
    status = x_by_halves(expand, count, q, spare[0], up_to_phase, error);
  zcz_memory_release(expand->context, spare);
  return status;
}

/* `count` - 1 controls, the target last; `up_to_phase`: times any diagonal. */
static zcz_status x_any(zcz_expand *expand, uint32_t count, const uint32_t *q, bool up_to_phase,
                        zcz_error *error) {
  uint32_t target = q[count - 1];
  if (count == 1) return zcz_expand_one(expand, ZCZ_GATE_X, target, 0, error);
  if (count == 2) return zcz_expand_cx(expand, q[0], target, error);
  if (count == 3) return toffoli(expand, q, up_to_phase, error);
  if (count == 4 && up_to_phase) return three_up_to_phase(expand, q, error);
  if (count > 5 || (count == 5 && up_to_phase)) {
    bool done;
    ZCZ_TRY(x_by_borrowing(expand, count, q, up_to_phase, &done, error));
    if (done) return ZCZ_OK;
  }
  ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_H, target, 0, error));
  ZCZ_TRY(phase_alone(expand, count, q, ZCZ_PI, error));
  return zcz_expand_one(expand, ZCZ_GATE_H, target, 0, error);
}

zcz_status zcz_expand_x(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                        zcz_error *error) {
  return x_any(expand, count, qubits, false, error);
}

/* Barenco 7.5: with R = all but the last two, c and t these: R c t = (c t - (c xor R) t + R t) / 2 for the
 * phases; the same again for R t. */
static zcz_status phase_by_pairs(zcz_expand *expand, uint32_t count, uint32_t *q, double angle,
                                 zcz_error *error) {
  uint32_t target = q[count - 1];
  for (; count > 4; count--) {
    uint32_t pair[2] = {q[count - 2], target};
    double plus = 0.5 * angle, minus = -0.5 * angle;
    ZCZ_TRY(zcz_expand_gate(expand, ZCZ_GATE_P, 1, pair, &plus, error));
    size_t mark = zcz_expand_mark(expand);
    ZCZ_TRY(x_any(expand, count - 1, q, true, error));
    size_t end = zcz_expand_mark(expand);
    ZCZ_TRY(zcz_expand_gate(expand, ZCZ_GATE_P, 1, pair, &minus, error));
    ZCZ_TRY(zcz_expand_undo(expand, mark, end, error));
    q[count - 2] = target;
    angle = plus;
  }
  return phase_by_parities(expand, count, q, angle, error);
}

/* Without borrowing for the whole (its parts borrow from one another). */
static zcz_status phase_alone(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                              double angle, zcz_error *error) {
  if (count <= 4) return phase_by_parities(expand, count, qubits, angle, error);
  uint32_t *list = zcz_memory_copy(expand->context, qubits, count * sizeof *list);
  if (list == NULL)
    return zcz_fail_memory(expand->context, error, "a list of qubits", count * sizeof *list);
  zcz_status status = phase_by_pairs(expand, count, list, angle, error);
  zcz_memory_release(expand->context, list);
  return status;
}

zcz_status zcz_expand_phase(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                            double angle, zcz_error *error) {
  if (count == 0) return ZCZ_OK; /* a global phase */
  if (count <= 2) return zcz_expand_gate(expand, ZCZ_GATE_P, count - 1, qubits, &angle, error);
  double size = angle < 0 ? -angle : angle;
  if (count <= 5 || size < ZCZ_PI - 1e-12 || size > ZCZ_PI + 1e-12)
    return phase_alone(expand, count, qubits, angle, error);
  ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_H, qubits[count - 1], 0, error));
  ZCZ_TRY(x_any(expand, count, qubits, false, error));
  return zcz_expand_one(expand, ZCZ_GATE_H, qubits[count - 1], 0, error);
}

/* X Rz(-a/2) X = Rz(a/2) where the controls are 1; where not, the two halves cancel. */
zcz_status zcz_expand_rz(zcz_expand *expand, uint32_t count, const uint32_t *qubits, double angle,
                         zcz_error *error) {
  uint32_t target = qubits[count - 1];
  if (count <= 2) return zcz_expand_gate(expand, ZCZ_GATE_RZ, count - 1, qubits, &angle, error);
  ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_RZ, target, 0.5 * angle, error));
  size_t mark = zcz_expand_mark(expand);
  ZCZ_TRY(x_any(expand, count, qubits, true, error));
  size_t end = zcz_expand_mark(expand);
  ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_RZ, target, -0.5 * angle, error));
  return zcz_expand_undo(expand, mark, end, error);
}

static bool is_unit(zcz_complex a) {
  return zcz_complex_norm2((zcz_complex){a.re - 1, a.im}) < 1e-24;
}

/* U = exp(i alpha) V Rz(theta) V^+, V = Rz(azimuth) Ry(polar): the axis and angle of its turn. */
typedef struct turn {
  double alpha, theta, azimuth, polar;
} turn;

static turn turn_of(const zcz_matrix2 *u) {
  turn t;
  zcz_complex det = zcz_complex_subtract(zcz_complex_multiply(u->at[0], u->at[3]),
                                         zcz_complex_multiply(u->at[1], u->at[2]));
  t.alpha = 0.5 * zcz_atan2(det.im, det.re);
  zcz_complex phase;
  zcz_sincos(-t.alpha, &phase.im, &phase.re);
  zcz_complex a = zcz_complex_multiply(u->at[0], phase), d = zcz_complex_multiply(u->at[3], phase);
  zcz_complex b = zcz_complex_multiply(u->at[1], phase), c = zcz_complex_multiply(u->at[2], phase);
  /* cos - i sin (x X + y Y + z Z) */
  double x = -0.5 * (b.im + c.im), y = 0.5 * (c.re - b.re), z = 0.5 * (d.im - a.im);
  double flat = zcz_sqrt(x * x + y * y), sine = zcz_sqrt(flat * flat + z * z);
  t.theta = 2 * zcz_atan2(sine, 0.5 * (a.re + d.re));
  t.azimuth = flat > 0 ? zcz_atan2(y, x) : 0;
  t.polar = sine > 0 ? zcz_atan2(flat, z) : 0;
  return t;
}

static zcz_status tilt(zcz_expand *expand, const turn *t, uint32_t qubit, bool back,
                       zcz_error *error) {
  zcz_gate gate[2] = {back ? ZCZ_GATE_RZ : ZCZ_GATE_RY, back ? ZCZ_GATE_RY : ZCZ_GATE_RZ};
  double angle[2] = {back ? -t->azimuth : t->polar, back ? -t->polar : t->azimuth};
  for (int i = 0; i < 2; i++)
    if (angle[i] != 0) ZCZ_TRY(zcz_expand_one(expand, gate[i], qubit, angle[i], error));
  return ZCZ_OK;
}

zcz_status zcz_expand_controlled(zcz_expand *expand, uint32_t count, const uint32_t *qubits,
                                 const zcz_matrix2 *unitary, zcz_error *error) {
  uint32_t target = qubits[count - 1];
  turn t = turn_of(unitary);
  zcz_complex low, high; /* the eigenvalues */
  zcz_sincos(t.alpha - 0.5 * t.theta, &low.im, &low.re);
  zcz_sincos(t.alpha + 0.5 * t.theta, &high.im, &high.re);
  if (is_unit(low) && is_unit(high)) return ZCZ_OK;
  ZCZ_TRY(tilt(expand, &t, target, true, error));
  if (is_unit(low)) {
    ZCZ_TRY(zcz_expand_phase(expand, count, qubits, t.alpha + 0.5 * t.theta, error));
  } else if (is_unit(high)) {
    ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_X, target, 0, error));
    ZCZ_TRY(zcz_expand_phase(expand, count, qubits, t.alpha - 0.5 * t.theta, error));
    ZCZ_TRY(zcz_expand_one(expand, ZCZ_GATE_X, target, 0, error));
  } else {
    ZCZ_TRY(zcz_expand_rz(expand, count, qubits, t.theta, error));
    if (t.alpha > 1e-13 || t.alpha < -1e-13)
      ZCZ_TRY(zcz_expand_phase(expand, count - 1, qubits, t.alpha, error));
  }
  return tilt(expand, &t, target, false, error);
}
