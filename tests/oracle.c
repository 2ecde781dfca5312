/* See oracle.h. A state is a vector over "legs": the n qubits, and for a density matrix n more for its columns, on
 * which every matrix acts conjugated. */
#include "oracle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PURE = 24, MAX_MIXED = 9, MAX_LOOPS = 1000 };

struct branch {
  oracle_number *amplitudes;
  uint64_t key; /* the classical bits */
  zcz_value *variables;
};

struct world {
  const zcz_circuit *circuit;
  uint32_t num_qubits;
  bool mixed;   /* density matrices, one a classical outcome; else kets, one for each way there */
  bool measure; /* false: measurements are passed over */
  size_t size;  /* amplitudes of a branch */
  size_t count, room;
  struct branch *branches;
};

static void *get(size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size);
  if (!memory) abort();
  return memory;
}

/* ---- linear algebra on legs ---- */

/* amplitudes := matrix on `legs` (the first least significant), where all of `controls` are 1. */
static void apply(oracle_number *amplitudes, size_t size, const uint32_t *controls,
                  uint32_t num_controls, const uint32_t *legs, uint32_t num_legs,
                  const oracle_number *matrix, bool conjugate, uint32_t shift) {
  size_t dimension = (size_t)1 << num_legs, mask = 0, on = 0;
  oracle_number in[64];
  for (uint32_t i = 0; i < num_legs; i++) mask |= (size_t)1 << (legs[i] + shift);
  for (uint32_t i = 0; i < num_controls; i++) on |= (size_t)1 << (controls[i] + shift);
  for (size_t base = 0; base < size; base++) {
    size_t place[64];
    if ((base & mask) || (base & on) != on) continue;
    for (size_t k = 0; k < dimension; k++) {
      place[k] = base;
      for (uint32_t i = 0; i < num_legs; i++)
        if (k >> i & 1) place[k] |= (size_t)1 << (legs[i] + shift);
      in[k] = amplitudes[place[k]];
    }
    for (size_t row = 0; row < dimension; row++) {
      oracle_number sum = 0;
      for (size_t k = 0; k < dimension; k++) {
        oracle_number entry = matrix[row * dimension + k];
        sum += (conjugate ? conj(entry) : entry) * in[k];
      }
      amplitudes[place[row]] = sum;
    }
  }
}

static void apply_both(const struct world *world, oracle_number *amplitudes,
                       const uint32_t *controls, uint32_t num_controls, const uint32_t *qubits,
                       uint32_t num_qubits, const oracle_number *matrix) {
  apply(amplitudes, world->size, controls, num_controls, qubits, num_qubits, matrix, false, 0);
  if (world->mixed)
    apply(amplitudes, world->size, controls, num_controls, qubits, num_qubits, matrix, true,
          world->num_qubits);
}

/* rho := sum over the Kraus operators. */
static void apply_kraus(const struct world *world, oracle_number *amplitudes,
                        const uint32_t *qubits, uint32_t num_qubits, uint32_t count,
                        const oracle_number *kraus) {
  size_t entries = (size_t)1 << 2 * num_qubits;
  oracle_number *sum = get(world->size, sizeof *sum), *part = get(world->size, sizeof *part);
  for (uint32_t k = 0; k < count; k++) {
    memcpy(part, amplitudes, world->size * sizeof *part);
    apply_both(world, part, NULL, 0, qubits, num_qubits, kraus + k * entries);
    for (size_t i = 0; i < world->size; i++) sum[i] += part[i];
  }
  memcpy(amplitudes, sum, world->size * sizeof *sum);
  free(sum);
  free(part);
}

static double weight(const struct world *world, const oracle_number *amplitudes) {
  double sum = 0;
  size_t dimension = (size_t)1 << world->num_qubits;
  for (size_t i = 0; i < dimension; i++)
    sum += world->mixed ? creal(amplitudes[i * dimension + i])
                        : creal(amplitudes[i] * conj(amplitudes[i]));
  return sum;
}

/* ---- branches: one a classical outcome ---- */

static struct branch *add_branch(struct world *world, const struct branch *like) {
  struct branch source = like ? *like : (struct branch){0}; /* it may move below */
  if (world->count == world->room) {
    world->room = world->room ? 2 * world->room : 4;
    world->branches = realloc(world->branches, world->room * sizeof *world->branches);
    if (!world->branches) abort();
  }
  struct branch *branch = &world->branches[world->count++];
  uint32_t variables = zcz_circuit_num_variables(world->circuit);
  branch->amplitudes = get(world->size, sizeof *branch->amplitudes);
  branch->variables = get(variables, sizeof *branch->variables);
  branch->key = 0;
  if (like) {
    memcpy(branch->amplitudes, source.amplitudes, world->size * sizeof *branch->amplitudes);
    memcpy(branch->variables, source.variables, variables * sizeof *branch->variables);
    branch->key = source.key;
  } else {
    branch->amplitudes[0] = 1;
    for (uint32_t i = 0; i < variables; i++)
      branch->variables[i] = zcz_circuit_variables(world->circuit)[i].initial;
  }
  return branch;
}

static void drop_branch(struct branch *branch) {
  free(branch->amplitudes);
  free(branch->variables);
}

static void drop_world(struct world *world) {
  for (size_t i = 0; i < world->count; i++) drop_branch(&world->branches[i]);
  free(world->branches);
}

/* Density matrices with the same classical values become one; branches that never happen go. */
static void merge(struct world *world) {
  size_t bytes = zcz_circuit_num_variables(world->circuit) * sizeof(zcz_value), kept = 0;
  for (size_t i = 0; i < world->count; i++) {
    struct branch *branch = &world->branches[i];
    bool gone = weight(world, branch->amplitudes) < 1e-18;
    for (size_t j = 0; j < kept && !gone && world->mixed; j++) {
      struct branch *other = &world->branches[j];
      if (other->key != branch->key || memcmp(other->variables, branch->variables, bytes)) continue;
      for (size_t k = 0; k < world->size; k++) other->amplitudes[k] += branch->amplitudes[k];
      gone = true;
    }
    if (gone)
      drop_branch(branch);
    else
      world->branches[kept++] = *branch;
  }
  world->count = kept;
}

static void unpack(uint64_t key, uint8_t *bits) {
  for (int i = 0; i < 64; i++) bits[i] = key >> i & 1;
}

static bool truth(const struct world *world, const struct branch *branch, uint32_t expression) {
  uint8_t bits[64];
  zcz_value value;
  unpack(branch->key, bits);
  if (zcz_expression_evaluate(world->circuit, expression, bits, branch->variables, &value, NULL))
    abort();
  return zcz_value_truth(value);
}

/* ---- operations ---- */

static void run_block(struct world *world, uint32_t block);

/* A measurement, or with `reset` one that is told to nobody and followed by a flip back to 0. */
static void measure(struct world *world, const zcz_op *op, bool reset) {
  static const oracle_number project[3][4] = {{1, 0, 0, 0}, {0, 0, 0, 1}, {0, 1, 0, 0}};
  double flip[2] = {op->num_params ? op->params[0] : 0, op->num_params ? op->params[1] : 0};
  size_t count = world->count;
  for (size_t i = 0; i < count; i++) {
    for (int real = 0; real < 2; real++)
      for (int read = 0; read < 2; read++) {
        double chance = real == read ? 1 - flip[real] : flip[real];
        if (chance == 0) continue;
        struct branch *branch = add_branch(world, &world->branches[i]);
        apply_both(world, branch->amplitudes, NULL, 0, op->qubits, 1,
                   project[real && reset ? 2 : real]);
        for (size_t k = 0; k < world->size; k++)
          branch->amplitudes[k] *= world->mixed ? chance : sqrt(chance);
        if (!reset && op->bit != ZCZ_NONE)
          branch->key = (branch->key & ~((uint64_t)1 << op->bit)) | (uint64_t)read << op->bit;
      }
  }
  for (size_t i = 0; i < count; i++) drop_branch(&world->branches[i]);
  memmove(world->branches, world->branches + count, (world->count - count) * sizeof(struct branch));
  world->count -= count;
  merge(world);
}

/* Runs `block` for the branches where the expression is `wanted`; returns how many there were. */
static size_t run_where(struct world *world, uint32_t expression, bool wanted, uint32_t block) {
  struct world inner = *world;
  inner.branches = NULL;
  inner.count = inner.room = 0;
  size_t kept = 0, taken = 0;
  for (size_t i = 0; i < world->count; i++) {
    if (truth(world, &world->branches[i], expression) == wanted) {
      add_branch(&inner, &world->branches[i]);
      drop_branch(&world->branches[i]);
      taken++;
    } else
      world->branches[kept++] = world->branches[i];
  }
  world->count = kept;
  if (taken) run_block(&inner, block);
  for (size_t i = 0; i < inner.count; i++) add_branch(world, &inner.branches[i]);
  drop_world(&inner);
  return taken;
}

/* Both halves of an IF are chosen before either runs. */
static void run_if(struct world *world, const zcz_op *op) {
  struct world yes = *world, no = *world;
  yes.branches = no.branches = NULL;
  yes.count = yes.room = no.count = no.room = 0;
  for (size_t i = 0; i < world->count; i++) {
    add_branch(truth(world, &world->branches[i], op->expression) ? &yes : &no, &world->branches[i]);
    drop_branch(&world->branches[i]);
  }
  world->count = 0;
  if (yes.count && op->blocks[0] != ZCZ_NONE) run_block(&yes, op->blocks[0]);
  if (no.count && op->blocks[1] != ZCZ_NONE) run_block(&no, op->blocks[1]);
  for (size_t i = 0; i < yes.count; i++) add_branch(world, &yes.branches[i]);
  for (size_t i = 0; i < no.count; i++) add_branch(world, &no.branches[i]);
  drop_world(&yes);
  drop_world(&no);
  merge(world);
}

static void assign(struct world *world, const zcz_op *op) {
  for (size_t i = 0; i < world->count; i++) {
    uint8_t bits[64];
    struct branch *branch = &world->branches[i];
    unpack(branch->key, bits);
    if (zcz_op_assign(world->circuit, op, bits, branch->variables, NULL)) abort();
    branch->key = 0;
    for (int b = 0; b < 64; b++) branch->key |= (uint64_t)bits[b] << b;
  }
}

static void copy_numbers(oracle_number *to, const zcz_complex *from, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] = from[i].re + _Complex_I * from[i].im;
}

static void run_op(struct world *world, const zcz_op *op) {
  oracle_number matrix[64 * 64];
  uint32_t targets = op->num_qubits - op->num_controls, count = 0;
  zcz_complex kraus[ZCZ_MAX_KRAUS * 16];
  switch ((zcz_op_kind)op->kind) {
  case ZCZ_OP_GATE: oracle_gate_matrix((zcz_gate)op->code, op->params, matrix); break;
  case ZCZ_OP_UNITARY:
    for (size_t i = 0; i < (size_t)1 << 2 * targets; i++)
      matrix[i] = op->params[2 * i] + _Complex_I * op->params[2 * i + 1];
    break;
  case ZCZ_OP_RESET: measure(world, op, true); return;
  case ZCZ_OP_CHANNEL:
    if (!world->mixed) abort();
    count =
        zcz_channel_kraus((zcz_channel)op->code, op->num_qubits, op->num_params, op->params, kraus);
    copy_numbers(matrix, kraus, (size_t)count << 2 * targets);
    break;
  case ZCZ_OP_MEASURE: measure(world, op, false); return;
  case ZCZ_OP_ASSIGN:
    assign(world, op);
    merge(world);
    return;
  case ZCZ_OP_IF: run_if(world, op); return;
  case ZCZ_OP_WHILE:
    for (int loop = 0; run_where(world, op->expression, true, op->blocks[0]); loop++) {
      merge(world);
      if (loop == MAX_LOOPS) abort();
    }
    return;
  case ZCZ_OP_BARRIER:
  case ZCZ_OP_DELAY: return;
  case ZCZ_OP_KIND_COUNT: abort();
  }
  for (size_t i = 0; i < world->count; i++) {
    oracle_number *amplitudes = world->branches[i].amplitudes;
    if (count)
      apply_kraus(world, amplitudes, op->qubits, op->num_qubits, count, matrix);
    else
      apply_both(world, amplitudes, op->qubits, op->num_controls, op->qubits + op->num_controls,
                 targets, matrix);
  }
}

static void run_block(struct world *world, uint32_t block) {
  const zcz_op *ops = zcz_circuit_ops(world->circuit, block);
  size_t count = zcz_circuit_num_ops(world->circuit, block);
  for (size_t i = 0; i < count; i++)
    if (ops[i].kind != ZCZ_OP_MEASURE || world->measure) run_op(world, &ops[i]);
}

static struct world run(const zcz_circuit *circuit, bool measured, bool mixed, size_t start) {
  struct world world = {.circuit = circuit, .num_qubits = zcz_circuit_num_qubits(circuit)};
  world.measure = measured;
  world.mixed = mixed;
  if (world.num_qubits > (mixed ? MAX_MIXED : MAX_PURE) || zcz_circuit_num_bits(circuit) > 64)
    abort();
  world.size = (size_t)1 << (mixed ? 2 : 1) * world.num_qubits;
  struct branch *branch = add_branch(&world, NULL);
  branch->amplitudes[0] = 0;
  branch->amplitudes[start] = 1;
  run_block(&world, 0);
  return world;
}

/* ---- what tests ask for ---- */

bool oracle_is_pure(const zcz_circuit *circuit) {
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  size_t count = zcz_circuit_num_ops(circuit, 0);
  bool *ended = get(zcz_circuit_num_qubits(circuit), sizeof *ended), pure = true;
  for (size_t i = 0; i < count && pure; i++) {
    if (ops[i].kind == ZCZ_OP_BARRIER || ops[i].kind == ZCZ_OP_DELAY) continue;
    pure = ops[i].kind == ZCZ_OP_GATE || ops[i].kind == ZCZ_OP_UNITARY ||
           ops[i].kind == ZCZ_OP_MEASURE;
    for (uint32_t j = 0; j < ops[i].num_qubits && pure; j++) {
      pure = !ended[ops[i].qubits[j]];
      ended[ops[i].qubits[j]] = ops[i].kind == ZCZ_OP_MEASURE;
    }
  }
  free(ended);
  return pure;
}

static oracle_number *take_only(struct world *world) {
  if (world->count != 1) abort();
  oracle_number *amplitudes = world->branches[0].amplitudes;
  world->branches[0].amplitudes = NULL;
  drop_world(world);
  return amplitudes;
}

oracle_number *oracle_state(const zcz_circuit *circuit) {
  if (!oracle_is_pure(circuit)) abort();
  struct world world = run(circuit, false, false, 0);
  return take_only(&world);
}

oracle_number *oracle_unitary(const zcz_circuit *circuit) {
  uint32_t qubits = zcz_circuit_num_qubits(circuit);
  if (!oracle_is_pure(circuit) || qubits > 12) abort();
  size_t dimension = (size_t)1 << qubits;
  oracle_number *matrix = get(dimension * dimension, sizeof *matrix);
  for (size_t column = 0; column < dimension; column++) {
    struct world world = run(circuit, false, false, column);
    oracle_number *amplitudes = take_only(&world);
    for (size_t row = 0; row < dimension; row++) matrix[row * dimension + column] = amplitudes[row];
    free(amplitudes);
  }
  return matrix;
}

oracle_number *oracle_density(const zcz_circuit *circuit) {
  struct world world = run(circuit, true, true, 0);
  size_t dimension = (size_t)1 << world.num_qubits;
  oracle_number *matrix = get(dimension * dimension, sizeof *matrix);
  for (size_t i = 0; i < world.count; i++) /* rows are the low legs */
    for (size_t row = 0; row < dimension; row++)
      for (size_t column = 0; column < dimension; column++)
        matrix[row * dimension + column] += world.branches[i].amplitudes[column * dimension + row];
  drop_world(&world);
  return matrix;
}

/* ---- distributions: pairs in any order, sorted and added up at the end ---- */

struct pair {
  uint64_t key;
  double probability;
};

struct pairs {
  size_t count, room;
  struct pair *list;
};

static void add_pair(struct pairs *pairs, uint64_t key, double probability) {
  if (probability <= 0) return;
  if (pairs->count == pairs->room) {
    pairs->room = pairs->room ? 2 * pairs->room : 64;
    pairs->list = realloc(pairs->list, pairs->room * sizeof *pairs->list);
    if (!pairs->list) abort();
  }
  pairs->list[pairs->count++] = (struct pair){key, probability};
}

static int by_key(const void *a, const void *b) {
  uint64_t left = ((const struct pair *)a)->key, right = ((const struct pair *)b)->key;
  return (left > right) - (left < right);
}

static void sum_up(struct pairs *pairs) {
  size_t kept = 0;
  if (pairs->count) qsort(pairs->list, pairs->count, sizeof *pairs->list, by_key);
  for (size_t i = 0; i < pairs->count; i++) {
    if (kept && pairs->list[kept - 1].key == pairs->list[i].key)
      pairs->list[kept - 1].probability += pairs->list[i].probability;
    else
      pairs->list[kept++] = pairs->list[i];
  }
  pairs->count = kept;
}

/* Every key that the measurements at the end of a pure circuit give: each reads one qubit. */
static void gather_pure(const zcz_circuit *circuit, bool all, struct pairs *pairs) {
  oracle_number *amplitudes = oracle_state(circuit);
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  size_t count = zcz_circuit_num_ops(circuit, 0);
  for (size_t state = 0; state < (size_t)1 << zcz_circuit_num_qubits(circuit); state++) {
    double probability = creal(amplitudes[state] * conj(amplitudes[state]));
    uint64_t key = all ? state : 0;
    for (size_t i = 0; i < count && !all && probability > 0; i++) {
      if (ops[i].kind != ZCZ_OP_MEASURE || ops[i].bit == ZCZ_NONE) continue;
      key |= (uint64_t)(state >> ops[i].qubits[0] & 1) << ops[i].bit;
    }
    add_pair(pairs, key, probability);
  }
  free(amplitudes);
}

/* The readout errors of those measurements. */
static void misread(const zcz_circuit *circuit, struct pairs *pairs) {
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  for (size_t i = 0; i < zcz_circuit_num_ops(circuit, 0); i++) {
    if (ops[i].kind != ZCZ_OP_MEASURE || !ops[i].num_params || ops[i].bit == ZCZ_NONE) continue;
    size_t count = pairs->count;
    for (size_t j = 0; j < count; j++) {
      struct pair pair = pairs->list[j];
      double flip = ops[i].params[pair.key >> ops[i].bit & 1];
      pairs->list[j].probability *= 1 - flip;
      add_pair(pairs, pair.key ^ (uint64_t)1 << ops[i].bit, pair.probability * flip);
    }
    sum_up(pairs);
  }
}

static void gather(const zcz_circuit *circuit, bool all, struct pairs *pairs) {
  struct world world = run(circuit, true, zcz_circuit_num_qubits(circuit) <= MAX_MIXED, 0);
  size_t dimension = (size_t)1 << world.num_qubits;
  for (size_t i = 0; i < world.count; i++) {
    const oracle_number *a = world.branches[i].amplitudes;
    for (size_t k = 0; k < dimension; k++)
      add_pair(pairs, all ? k : world.branches[i].key,
               creal(world.mixed ? a[k * dimension + k] : a[k] * conj(a[k])));
  }
  drop_world(&world);
}

struct oracle_distribution oracle_distribution(const zcz_circuit *circuit) {
  zcz_circuit_traits traits = zcz_circuit_describe(circuit);
  struct pairs pairs = {0};
  if (oracle_is_pure(circuit) && !traits.measured_twice) {
    gather_pure(circuit, !traits.has_measurement, &pairs);
    misread(circuit, &pairs);
  } else
    gather(circuit, !traits.has_measurement, &pairs);
  sum_up(&pairs);
  struct oracle_distribution result = {.keys = get(pairs.count, sizeof *result.keys),
                                       .probabilities =
                                           get(pairs.count, sizeof *result.probabilities)};
  for (size_t i = 0; i < pairs.count; i++) {
    if (pairs.list[i].probability <= 1e-16) continue;
    result.keys[result.count] = pairs.list[i].key;
    result.probabilities[result.count++] = pairs.list[i].probability;
  }
  free(pairs.list);
  return result;
}
