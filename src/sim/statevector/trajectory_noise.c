#include "sim/statevector/trajectory_noise.h"

#include <stdlib.h>
#include <string.h>

#include "base/complex.h"
#include "base/math.h"
#include "base/memory.h"
#include "base/random.h"

/* Small things that live as long as the run, in chunks that never move. */
typedef struct zcz_noise_store {
  struct zcz_noise_store *next;
  size_t used, size;
  char data[];
} store;

typedef struct maker {
  zcz_context *context;
  zcz_noise_run *run;
  size_t ops_capacity, sites_capacity;
  zcz_error *error;
} maker;

static zcz_status no_room(maker *m) {
  return zcz_fail_memory(m->context, m->error, "the noise of a program",
                         m->run->num_sites * sizeof(zcz_noise_site));
}

static void *keep(maker *m, size_t size) {
  size = (size + 15) & ~(size_t)15;
  store *top = m->run->store;
  if (top == NULL || top->size - top->used < size) {
    size_t room = size > 65536 ? size : 65536;
    store *made = zcz_memory_allocate(m->context, sizeof *made + 16 + room);
    if (made == NULL) return NULL;
    made->next = top;
    made->used = (16 - sizeof *made % 16) % 16;
    made->size = room + 16;
    m->run->store = top = made;
  }
  void *place = top->data + top->used;
  top->used += size;
  return place;
}

static zcz_status put_op(maker *m, const zcz_op *op) {
  if (!zcz_memory_grow(m->context, &m->run->ops, &m->ops_capacity, m->run->num_ops + 1,
                       sizeof(zcz_op)))
    return no_room(m);
  m->run->ops[m->run->num_ops++] = *op;
  return ZCZ_OK;
}

static zcz_status put_site(maker *m, const zcz_noise_site *site) {
  if (!zcz_memory_grow(m->context, &m->run->sites, &m->sites_capacity, m->run->num_sites + 1,
                       sizeof(zcz_noise_site)))
    return no_room(m);
  m->run->sites[m->run->num_sites++] = *site;
  m->run->events += site->rate;
  m->run->decay += zcz_noise_site_decay(site);
  return ZCZ_OK;
}

/* A k-qubit matrix as an operation, the matrix and the qubits kept. */
static bool matrix_op(maker *m, const zcz_op *from, uint32_t k, const zcz_complex *matrix,
                      zcz_op *op) {
  size_t bytes = sizeof(zcz_complex) << (2 * k);
  void *kept = keep(m, bytes);
  if (kept == NULL) return false;
  memcpy(kept, matrix, bytes);
  *op = *from;
  op->kind = ZCZ_OP_UNITARY;
  op->code = 0;
  op->num_controls = 0;
  op->num_qubits = k;
  op->num_params = 2u << (2 * k);
  op->params = kept; /* re, im pairs */
  return true;
}

static void pauli_op(const zcz_op *from, uint32_t qubit, uint32_t pauli, zcz_op *op) {
  static const zcz_gate gates[4] = {ZCZ_GATE_ID, ZCZ_GATE_X, ZCZ_GATE_Y, ZCZ_GATE_Z};
  *op = *from;
  op->kind = ZCZ_OP_GATE;
  op->code = (uint8_t)gates[pauli];
  op->num_qubits = 1;
  op->num_params = 0;
  op->params = NULL;
  op->qubits = from->qubits + qubit;
}

/* Probabilities as zcz_channel_is_pauli gives them. */
static zcz_status add_paulis(maker *m, const zcz_op *op, uint32_t number, const double *p) {
  uint32_t k = op->num_qubits, count = 0;
  zcz_noise_choice *choices = keep(m, 15 * sizeof *choices);
  if (choices == NULL) return no_room(m);
  double sum = 0;
  for (uint32_t i = 1; i < 1u << (2 * k); i++) {
    if (p[i] <= 0) continue;
    uint32_t pauli[2] = {k == 1 ? i : i >> 2, k == 1 ? 0 : i & 3}, used = 0;
    zcz_op *ops = keep(m, 2 * sizeof *ops);
    if (ops == NULL) return no_room(m);
    for (uint32_t q = 0; q < k; q++)
      if (pauli[q] != 0) pauli_op(op, q, pauli[q], &ops[used++]);
    choices[count++] = (zcz_noise_choice){.limit = sum += p[i], .ops = ops, .num_ops = used};
  }
  if (count == 0) return ZCZ_OK;
  zcz_noise_site site = {.op = m->run->num_ops,
                         .number = number,
                         .k = k,
                         .rate = sum < 1 ? sum : 1,
                         .num_choices = count,
                         .choices = choices};
  return put_site(m, &site);
}

/* ---- general Kraus operators ---- */

static void kraus_square(const zcz_complex *kraus, uint32_t size, zcz_complex *square) {
  for (uint32_t r = 0; r < size; r++)
    for (uint32_t c = 0; c < size; c++) {
      zcz_complex sum = {0, 0};
      for (uint32_t i = 0; i < size; i++)
        sum = zcz_complex_add(sum, zcz_complex_multiply(zcz_complex_conjugate(kraus[i * size + r]),
                                                        kraus[i * size + c]));
      square[r * size + c] = sum;
    }
}

/* Is the Hermitian matrix a - shift positive definite? By its LDL^dagger decomposition. */
static bool is_positive(const zcz_complex *a, uint32_t size, double shift) {
  zcz_complex l[16];
  memcpy(l, a, size * size * sizeof *l);
  for (uint32_t i = 0; i < size; i++) l[i * size + i].re -= shift;
  for (uint32_t p = 0; p < size; p++) {
    double pivot = l[p * size + p].re;
    if (!(pivot > 0)) return false;
    for (uint32_t r = p + 1; r < size; r++)
      for (uint32_t c = p + 1; c < size; c++) {
        zcz_complex product = zcz_complex_multiply(l[r * size + p], l[p * size + c]);
        l[r * size + c] =
            zcz_complex_subtract(l[r * size + c], zcz_complex_scale(product, 1 / pivot));
      }
  }
  return true;
}

/* A lower bound on the smallest eigenvalue of K^dagger K, within 2^-30. */
static double smallest_weight(const zcz_complex *kraus, uint32_t k) {
  zcz_complex square[16];
  double low = 0, high = 1;
  kraus_square(kraus, 1u << k, square);
  for (int i = 0; i < 30; i++) {
    double middle = (low + high) / 2;
    if (is_positive(square, 1u << k, middle))
      low = middle;
    else
      high = middle;
  }
  return low;
}

static bool is_scaled_unitary(const zcz_complex *kraus, uint32_t k, double *weight) {
  zcz_complex square[16];
  uint32_t size = 1u << k;
  kraus_square(kraus, size, square);
  *weight = square[0].re;
  for (uint32_t r = 0; r < size; r++)
    for (uint32_t c = 0; c < size; c++) {
      zcz_complex difference = square[r * size + c];
      if (r == c) difference.re -= *weight;
      if (zcz_complex_norm2(difference) > 1e-26) return false;
    }
  return true;
}

/* A mixture of unitaries: the likeliest is the ordinary one. */
static zcz_status add_unitaries(maker *m, const zcz_op *op, uint32_t number, uint32_t count,
                                const zcz_complex *kraus, const double *weights, uint32_t base) {
  uint32_t k = op->num_qubits, entries = 1u << (2 * k), used = 0;
  zcz_noise_choice *choices = keep(m, count * sizeof *choices);
  if (choices == NULL) return no_room(m);
  double sum = 0;
  zcz_op made[ZCZ_MAX_KRAUS];
  for (uint32_t i = 0; i < count; i++) {
    zcz_complex matrix[16];
    if (weights[i] <= 0) continue;
    for (uint32_t e = 0; e < entries; e++)
      matrix[e] = zcz_complex_scale(kraus[i * entries + e], 1 / zcz_sqrt(weights[i]));
    if (!matrix_op(m, op, k, matrix, &made[i])) return no_room(m);
    if (i == base) continue;
    zcz_op *ops = keep(m, sizeof *ops);
    if (ops == NULL) return no_room(m);
    *ops = made[i];
    choices[used++] = (zcz_noise_choice){.limit = sum += weights[i], .ops = ops, .num_ops = 1};
  }
  zcz_noise_site site = {.op = m->run->num_ops,
                         .has_base = true,
                         .number = number,
                         .k = k,
                         .rate = sum < 1 ? sum : 1,
                         .num_choices = used,
                         .choices = choices};
  if (used > 0) ZCZ_TRY(put_site(m, &site));
  return put_op(m, &made[base]);
}

static zcz_status add_kraus(maker *m, const zcz_op *op, uint32_t number, uint32_t count,
                            const zcz_complex *kraus) {
  uint32_t k = op->num_qubits, entries = 1u << (2 * k), base = 0, heaviest = 0;
  double weights[ZCZ_MAX_KRAUS], best = -1;
  bool unitary = true;
  for (uint32_t i = 0; i < count; i++) {
    unitary = is_scaled_unitary(kraus + i * entries, k, &weights[i]) && unitary;
    if (weights[i] > weights[heaviest]) heaviest = i;
    double least = smallest_weight(kraus + i * entries, k);
    if (least > best) {
      best = least;
      base = i;
    }
  }
  if (unitary) return add_unitaries(m, op, number, count, kraus, weights, heaviest);
  zcz_op ordinary;
  zcz_noise_choice *choices = keep(m, count * sizeof *choices);
  zcz_complex *kept = keep(m, count * entries * sizeof *kept);
  if (choices == NULL || kept == NULL || !matrix_op(m, op, k, kraus + base * entries, &ordinary))
    return no_room(m);
  memcpy(kept, kraus, count * entries * sizeof *kept);
  uint32_t used = 0;
  for (uint32_t i = 0; i < count; i++)
    if (i != base) choices[used++] = (zcz_noise_choice){.kraus = kept + i * entries};
  zcz_noise_site site = {.op = m->run->num_ops,
                         .has_base = true,
                         .decides = true,
                         .number = number,
                         .k = k,
                         .rate = 1 - best,
                         .num_choices = used,
                         .choices = choices};
  ZCZ_TRY(put_site(m, &site));
  return put_op(m, &ordinary);
}

/* T1 and T2: damping, then a phase flip for what the off-diagonals lose beyond it. */
static zcz_status add_relaxation(maker *m, const zcz_op *op, uint32_t number, double gamma,
                                 double eta) {
  double stay = zcz_sqrt(1 - gamma);
  double flip = stay > 0 ? (1 - eta / stay) / 2 : 0;
  if (gamma > 0) {
    const zcz_complex kraus[8] = {{1, 0}, {0, 0}, {0, 0}, {stay, 0}, {0, 0}, {zcz_sqrt(gamma), 0},
                                  {0, 0}, {0, 0}};
    ZCZ_TRY(add_kraus(m, op, number, 2, kraus));
  }
  const double p[4] = {1 - flip, 0, 0, flip};
  return add_paulis(m, op, number + 1, p);
}

static zcz_status add_channel(maker *m, const zcz_op *op, uint32_t number) {
  double p[16];
  zcz_channel channel = (zcz_channel)op->code;
  size_t before = m->run->num_sites;
  if (channel == ZCZ_CHANNEL_RELAXATION) {
    ZCZ_TRY(add_relaxation(m, op, number, op->params[0], op->params[1]));
  } else if (zcz_channel_is_pauli(channel, op->num_qubits, op->num_params, op->params, p)) {
    ZCZ_TRY(add_paulis(m, op, number, p));
  } else {
    zcz_complex kraus[ZCZ_MAX_KRAUS * 16];
    uint32_t count = zcz_channel_kraus(channel, op->num_qubits, op->num_params, op->params, kraus);
    ZCZ_TRY(add_kraus(m, op, number, count, kraus));
  }
  for (size_t s = before; s < m->run->num_sites; s++)
    memcpy(m->run->sites[s].qubits, op->qubits, op->num_qubits * sizeof(uint32_t));
  return ZCZ_OK;
}

double zcz_noise_site_decay(const zcz_noise_site *site) {
  if (!site->decides) return 0;
  double least = 1 - site->rate;
  return least > 0x1p-60 ? zcz_log(least) * 0.72134752044448170368 : -30; /* 1 / (2 log 2) */
}

/* ---- classes ---- */

static int exponent_of(double rate) {
  int exponent = 0;
  while (exponent < 60 && rate <= 0x1p-1) {
    rate *= 2;
    exponent++;
  }
  return exponent;
}

static zcz_status make_classes(maker *m) {
  zcz_noise_run *run = m->run;
  size_t capacity = 0;
  uint32_t open[61]; /* the class that is being filled, by exponent */
  memset(open, 0xff, sizeof open);
  for (uint32_t s = 0; s < run->num_sites; s++) {
    if (!(run->sites[s].rate > 0)) continue;
    int exponent = exponent_of(run->sites[s].rate);
    uint32_t number = open[exponent];
    if (number == UINT32_MAX || run->classes[number].count == ZCZ_NOISE_CLASS_SITES) {
      if (!zcz_memory_grow(m->context, &run->classes, &capacity, run->num_classes + 1u,
                           sizeof(zcz_noise_class)))
        return no_room(m);
      double rate = 1;
      for (int i = 0; i < exponent; i++) rate /= 2;
      number = open[exponent] = run->num_classes++;
      run->classes[number] = (zcz_noise_class){.rate = rate,
                                               .scale = rate < 1 ? 1 / zcz_log1p(-rate) : 0,
                                               .number = run->sites[s].number};
      run->classes[number].sites = keep(m, ZCZ_NOISE_CLASS_SITES * sizeof(uint32_t));
      if (run->classes[number].sites == NULL) return no_room(m);
    }
    zcz_noise_class *c = &run->classes[number];
    c->sites[c->count++] = s;
  }
  return ZCZ_OK;
}

zcz_status zcz_noise_run_make(zcz_context *context, const zcz_step *step, zcz_noise_run *run,
                              zcz_error *error) {
  *run = (zcz_noise_run){0};
  maker m = {.context = context, .run = run, .error = error};
  zcz_status status = ZCZ_OK;
  for (size_t i = 0; i < step->count && status == ZCZ_OK; i++) {
    const zcz_op *op = &step->ops[i];
    if (op->kind == ZCZ_OP_CHANNEL)
      status = add_channel(&m, op, 2 * step->sites[i]);
    else
      status = put_op(&m, op);
  }
  if (status == ZCZ_OK) status = make_classes(&m);
  if (status != ZCZ_OK) zcz_noise_run_release(context, run);
  return status;
}

void zcz_noise_run_release(zcz_context *context, zcz_noise_run *run) {
  zcz_memory_release(context, run->ops);
  zcz_memory_release(context, run->sites);
  zcz_memory_release(context, run->classes);
  for (store *s = run->store; s != NULL;) {
    store *next = s->next;
    zcz_memory_release(context, s);
    s = next;
  }
  *run = (zcz_noise_run){0};
}

/* ---- drawing ---- */

static int compare_events(const void *left, const void *right) {
  const zcz_noise_event *a = left, *b = right;
  return a->site < b->site ? -1 : a->site > b->site;
}

static void sort_events(zcz_noise_event *events, size_t count) {
  if (count > 32) {
    qsort(events, count, sizeof *events, compare_events);
    return;
  }
  for (size_t i = 1; i < count; i++) {
    zcz_noise_event event = events[i];
    size_t j = i;
    for (; j > 0 && events[j - 1].site > event.site; j--) events[j] = events[j - 1];
    events[j] = event;
  }
}

static uint32_t choose(const zcz_noise_site *site, double x) {
  if (site->decides) return UINT32_MAX;
  uint32_t choice = 0;
  while (choice + 1 < site->num_choices && x >= site->choices[choice].limit) choice++;
  return choice;
}

zcz_status zcz_noise_draw(zcz_context *context, const zcz_noise_run *run, uint64_t seed,
                          uint64_t shot, uint32_t visit, zcz_noise_event **events, size_t *count,
                          size_t *capacity, zcz_error *error) {
  size_t start = *count;
  for (uint32_t c = 0; c < run->num_classes; c++) {
    const zcz_noise_class *class = &run->classes[c];
    uint32_t draw = visit * (uint32_t)ZCZ_NOISE_CLASS_DRAWS;
    for (double at = 0;; at += 1, draw++) {
      zcz_random_block block = zcz_random(seed, ZCZ_PURPOSE_CHANNEL, shot, class->number, draw);
      if (class->rate < 1) {
        double gap = zcz_log1p(-zcz_random_uniform(block, 0)) * class->scale;
        if (!(gap < (double)class->count)) break;
        at += (double)(uint32_t)gap;
      }
      if (at >= class->count) break;
      uint32_t number = class->sites[(uint32_t)at];
      const zcz_noise_site *site = &run->sites[number];
      double x = zcz_random_uniform(block, 1) * class->rate;
      if (x >= site->rate) continue;
      if (!zcz_memory_grow(context, events, capacity, *count + 1, sizeof **events))
        return zcz_fail_memory(context, error, "the events of shots", *count * sizeof **events);
      (*events)[(*count)++] = (zcz_noise_event){.site = number, .choice = choose(site, x), .x = x};
    }
  }
  sort_events(*events + start, *count - start);
  return ZCZ_OK;
}
