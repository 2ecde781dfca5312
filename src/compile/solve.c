#include "compile/solve.h"

#include "base/random.h"

enum { MAX_UNKNOWNS = 6 * (ZCZ_MAX_USES + 1) + 1, MAX_STEPS = 200 };
#define GOAL 1e-24 /* of the squared residual */

/* sequence -> target over all its one-qubit gates: 3 turns each, and the phase. */
typedef struct problem {
  const zcz_coupler_gates *gates;
  zcz_matrix4 target;
  zcz_sequence at;
  double phase;
  uint32_t unknowns;
  double jacobian[32][MAX_UNKNOWNS], residual[32];
  double normal[MAX_UNKNOWNS][MAX_UNKNOWNS], gradient[MAX_UNKNOWNS], step[MAX_UNKNOWNS];
} problem;

static zcz_matrix4 scaled(const zcz_matrix4 *m, double phase) {
  zcz_complex factor;
  zcz_matrix4 out;
  zcz_sincos(phase, &factor.im, &factor.re);
  for (int i = 0; i < 16; i++) out.at[i] = zcz_complex_multiply(m->at[i], factor);
  return out;
}

static double residual_of(const problem *p, const zcz_sequence *at, double phase,
                          double *residual) {
  zcz_matrix4 m = zcz_sequence_matrix(p->gates, at);
  double sum = 0;
  m = scaled(&m, phase);
  for (int i = 0; i < 16; i++) {
    zcz_complex d = zcz_complex_subtract(m.at[i], p->target.at[i]);
    if (residual != NULL) {
      residual[2 * i] = d.re;
      residual[2 * i + 1] = d.im;
    }
    sum += zcz_complex_norm2(d);
  }
  return sum;
}

/* i sigma on one qubit, times m. */
static zcz_matrix4 turn_rows(const zcz_matrix4 *m, int qubit, int pauli) {
  zcz_matrix4 out;
  zcz_matrix2 p = zcz_matrix2_pauli(pauli);
  for (int i = 0; i < 4; i++) {
    int bit = i >> qubit & 1, from = pauli == 3 ? i : i ^ 1 << qubit;
    zcz_complex factor = p.at[2 * bit + (from >> qubit & 1)];
    factor = (zcz_complex){-factor.im, factor.re};
    for (int j = 0; j < 4; j++)
      out.at[4 * i + j] = zcz_complex_multiply(factor, m->at[4 * from + j]);
  }
  return out;
}

static void put_column(problem *p, uint32_t column, const zcz_matrix4 *m) {
  for (int i = 0; i < 16; i++) {
    p->jacobian[2 * i][column] = m->at[i].re;
    p->jacobian[2 * i + 1][column] = m->at[i].im;
  }
}

static void fill_jacobian(problem *p) {
  zcz_matrix4 before[ZCZ_MAX_USES + 1], after = scaled(&(zcz_matrix4){{{0, 0}}}, 0);
  uint32_t count = p->at.count;
  for (uint32_t k = 0; k <= count; k++) { /* up to and with local k */
    zcz_matrix4 local = zcz_matrix4_kronecker(&p->at.local[k]);
    if (k == 0) {
      before[0] = local;
      continue;
    }
    before[k] = zcz_matrix4_multiply(&p->gates->matrix[p->at.gate[k - 1]], &before[k - 1]);
    before[k] = zcz_matrix4_multiply(&local, &before[k]);
  }
  after = zcz_matrix4_identity();
  after = scaled(&after, p->phase);
  uint32_t column = p->unknowns - 1;
  zcz_matrix4 whole = scaled(&before[count], p->phase + 0.5 * ZCZ_PI);
  put_column(p, column, &whole);
  for (uint32_t k = count + 1; k-- > 0;) {
    for (int qubit = 0; qubit < 2; qubit++)
      for (int pauli = 1; pauli <= 3; pauli++) {
        zcz_matrix4 turned = turn_rows(&before[k], qubit, pauli);
        turned = zcz_matrix4_multiply(&after, &turned);
        put_column(p, 6 * k + 3 * (uint32_t)qubit + (uint32_t)pauli - 1, &turned);
      }
    if (k == 0) break;
    zcz_matrix4 local = zcz_matrix4_kronecker(&p->at.local[k]);
    after = zcz_matrix4_multiply(&after, &local);
    after = zcz_matrix4_multiply(&after, &p->gates->matrix[p->at.gate[k - 1]]);
  }
}

static void fill_normal(problem *p) {
  uint32_t n = p->unknowns;
  for (uint32_t i = 0; i < n; i++) {
    p->gradient[i] = 0;
    for (uint32_t j = 0; j < n; j++) p->normal[i][j] = 0;
  }
  for (int row = 0; row < 32; row++)
    for (uint32_t i = 0; i < n; i++) {
      double x = p->jacobian[row][i];
      p->gradient[i] += x * p->residual[row];
      for (uint32_t j = 0; j <= i; j++) p->normal[i][j] += x * p->jacobian[row][j];
    }
}

/* (normal + damping) step = -gradient by Cholesky. */
static void solve_step(problem *p, double damping) {
  uint32_t n = p->unknowns;
  double lower[MAX_UNKNOWNS][MAX_UNKNOWNS];
  for (uint32_t i = 0; i < n; i++) {
    for (uint32_t j = 0; j <= i; j++) {
      double sum = p->normal[i][j] + (i == j ? damping : 0);
      for (uint32_t k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = i == j ? zcz_sqrt(sum > 1e-30 ? sum : 1e-30) : sum / lower[j][j];
    }
    double sum = -p->gradient[i];
    for (uint32_t k = 0; k < i; k++) sum -= lower[i][k] * p->step[k];
    p->step[i] = sum / lower[i][i];
  }
  for (uint32_t i = n; i-- > 0;) {
    for (uint32_t k = i + 1; k < n; k++) p->step[i] -= lower[k][i] * p->step[k];
    p->step[i] /= lower[i][i];
  }
}

/* exp(i (a X + b Y + c Z)) */
static zcz_matrix2 small_turn(const double *v) {
  double size = zcz_sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]), s, c;
  zcz_sincos(size, &s, &c);
  s = size > 0 ? s / size : 1;
  return (zcz_matrix2){
      {{c, s * v[2]}, {s * v[1], s * v[0]}, {-s * v[1], s * v[0]}, {c, -s * v[2]}}};
}

static void take_step(const problem *p, zcz_sequence *next, double *phase) {
  *next = p->at;
  for (uint32_t k = 0; k <= p->at.count; k++)
    for (int qubit = 0; qubit < 2; qubit++) {
      zcz_matrix2 turn = small_turn(&p->step[6 * k + 3 * (uint32_t)qubit]);
      next->local[k].at[qubit] = zcz_matrix2_multiply(&turn, &p->at.local[k].at[qubit]);
    }
  *phase = p->phase + p->step[p->unknowns - 1];
}

static bool descend(problem *p) {
  double error = residual_of(p, &p->at, p->phase, p->residual), damping = 0.1, mark = error;
  bool fresh = true;
  for (int step = 0; step < MAX_STEPS && error > GOAL; step++) {
    if (fresh) {
      fill_jacobian(p);
      fill_normal(p);
    }
    solve_step(p, damping * (error < 1 ? error : 1) + 1e-14);
    zcz_sequence next;
    double phase, now;
    take_step(p, &next, &phase);
    now = residual_of(p, &next, phase, NULL);
    fresh = now < error;
    if (fresh) {
      p->at = next;
      p->phase = phase;
      error = residual_of(p, &p->at, p->phase, p->residual);
      damping *= 0.3;
      if (damping < 1e-6) damping = 1e-6;
    } else {
      damping *= 8;
      if (damping > 1e12) break;
    }
    if (step % 20 == 19) { /* no way down from here */
      if (error > 0.5 * mark && error > 1e-6) break;
      mark = error;
    }
  }
  return error <= 100 * GOAL;
}

static zcz_matrix2 random_turn(int start, uint32_t place) {
  double v[3], angle[3];
  for (uint32_t k = 0; k < 3; k++) {
    v[k] = zcz_random_unit(1, ZCZ_PURPOSE_COMPILE, 0, (uint32_t)start, 3 * place + k);
    angle[k] = ZCZ_TAU * v[k];
  }
  zcz_matrix2 a = zcz_matrix2_rz(angle[0]), b = zcz_matrix2_rx(angle[1]),
              c = zcz_matrix2_rz(angle[2]);
  a = zcz_matrix2_multiply(&a, &b);
  return zcz_matrix2_multiply(&a, &c);
}

/* Random inner gates; outer ones that make the sequence canonical. */
static void begin(problem *p, int start) {
  uint32_t count = p->at.count;
  p->at.local[0] = p->at.local[count] = zcz_local_identity();
  for (uint32_t k = 1; k < count; k++)
    for (uint32_t qubit = 0; qubit < 2; qubit++)
      p->at.local[k].at[qubit] = random_turn(start, 2 * k + qubit);
  zcz_matrix4 inner = zcz_sequence_matrix(p->gates, &p->at);
  zcz_kak own;
  zcz_kak_decompose(&inner, &own);
  p->at.local[0] = zcz_local_adjoint(&own.right);
  p->at.local[count] = zcz_local_adjoint(&own.left);
  p->phase = -own.phase;
}

bool zcz_solve_inner(const zcz_coupler_gates *gates, const zcz_kak *target, int starts,
                     zcz_sequence *sequence, zcz_kak *own) {
  problem p;
  p.gates = gates;
  p.target = zcz_kak_canonical(target->x, target->y, target->z);
  p.at = *sequence;
  p.unknowns = 6 * (sequence->count + 1) + 1;
  for (int start = 0; start < starts; start++) {
    begin(&p, start);
    if (!descend(&p)) continue;
    *sequence = p.at;
    sequence->local[0] = sequence->local[sequence->count] = zcz_local_identity();
    zcz_matrix4 inner = zcz_sequence_matrix(gates, sequence);
    zcz_kak_decompose(&inner, own);
    if (zcz_kak_distance(target, own) < 1e-11) return true;
  }
  return false;
}
