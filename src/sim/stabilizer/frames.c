#include "sim/stabilizer/frames.h"

#include <omp.h>
#include <string.h>

#include "base/memory.h"
#include "base/progress.h"

enum { WORDS = ZCZ_FRAME_WORDS, SHOTS = ZCZ_FRAME_SHOTS, ROUND = 64 };

/* One thread's working memory, for one block of shots at a time. */
typedef struct zcz_frame_state {
  uint64_t *x, *z; /* WORDS a qubit */
  uint64_t *bits;  /* WORDS a classical bit: what is recorded */
  uint8_t *values; /* a byte a classical bit, for conditions */
  zcz_noise_stream *streams;
  uint64_t seed, block;
  bool dependence; /* see zcz_frames_dependence */
} zcz_frame_state;

uint64_t zcz_frames_bytes(const zcz_frame_program *program) {
  return ((uint64_t)program->num_qubits * 2 + program->num_bits) * WORDS * 8 + program->num_bits +
         (uint64_t)program->noise.num_classes * sizeof(zcz_noise_stream) + 256;
}

static void release(zcz_context *context, zcz_frame_state *state) {
  zcz_memory_release(context, state->x);
  zcz_memory_release(context, state->z);
  zcz_memory_release(context, state->bits);
  zcz_memory_release(context, state->values);
  zcz_memory_release(context, state->streams);
  memset(state, 0, sizeof *state);
}

static zcz_status prepare(const zcz_frame_program *program, zcz_frame_state *state,
                          zcz_error *error) {
  zcz_context *context = program->context;
  memset(state, 0, sizeof *state);
  state->x = zcz_memory_zeroed(context, (size_t)program->num_qubits + 1, WORDS * 8);
  state->z = zcz_memory_zeroed(context, (size_t)program->num_qubits + 1, WORDS * 8);
  state->bits = zcz_memory_zeroed(context, (size_t)program->num_bits + 1, WORDS * 8);
  state->values = zcz_memory_zeroed(context, (size_t)program->num_bits + 1, 1);
  state->streams =
      zcz_memory_zeroed(context, program->noise.num_classes + 1, sizeof *state->streams);
  if (state->x && state->z && state->bits && state->values && state->streams) return ZCZ_OK;
  release(context, state);
  return zcz_fail_memory(context, error, "Pauli frames", zcz_frames_bytes(program));
}

/* ---- one operation on a block ---- */

static void randomize(const zcz_frame_state *state, uint64_t *z, uint32_t number) {
  if (state->dependence) { /* "shot" r of all blocks stands for random number r */
    memset(z, 0, WORDS * 8);
    if (number / SHOTS == state->block) z[number % SHOTS / 64] = UINT64_C(1) << (number % 64);
    return;
  }
  for (uint32_t w = 0; w < WORDS; w += 2) {
    zcz_random_block drawn =
        zcz_random(state->seed, ZCZ_PURPOSE_FRAME, state->block, number, w / 2);
    z[w] = (uint64_t)drawn.word[0] << 32 | drawn.word[1];
    z[w + 1] = (uint64_t)drawn.word[2] << 32 | drawn.word[3];
  }
}

static void run_pair(const zcz_frame_op *op, uint64_t *restrict xa, uint64_t *restrict za,
                     uint64_t *restrict xb, uint64_t *restrict zb) {
  uint64_t mask[4][4]; /* [from][to] */
  for (int g = 0; g < 4; g++)
    for (int h = 0; h < 4; h++) mask[g][h] = (op->images >> (4 * g + h)) & 1 ? ~UINT64_C(0) : 0;
  for (int w = 0; w < WORDS; w++) {
    uint64_t in[4] = {xa[w], za[w], xb[w], zb[w]}, out[4];
    for (int h = 0; h < 4; h++)
      out[h] =
          (in[0] & mask[0][h]) ^ (in[1] & mask[1][h]) ^ (in[2] & mask[2][h]) ^ (in[3] & mask[3][h]);
    xa[w] = out[0];
    za[w] = out[1];
    xb[w] = out[2];
    zb[w] = out[3];
  }
}

static void run_gate(const zcz_frame_op *op, uint64_t *restrict xa, uint64_t *restrict za,
                     uint64_t *restrict xb, uint64_t *restrict zb) {
  uint64_t keep;
  switch ((zcz_frame_kind)op->kind) {
  case ZCZ_FRAME_H:
    for (int w = 0; w < WORDS; w++) keep = xa[w], xa[w] = za[w], za[w] = keep;
    break;
  case ZCZ_FRAME_S:
    for (int w = 0; w < WORDS; w++) za[w] ^= xa[w];
    break;
  case ZCZ_FRAME_SX:
    for (int w = 0; w < WORDS; w++) xa[w] ^= za[w];
    break;
  case ZCZ_FRAME_XYZ: /* X -> Y, Z -> X */
    for (int w = 0; w < WORDS; w++) keep = xa[w], xa[w] ^= za[w], za[w] = keep;
    break;
  case ZCZ_FRAME_ZYX: /* X -> Z, Z -> Y */
    for (int w = 0; w < WORDS; w++) keep = za[w], za[w] ^= xa[w], xa[w] = keep;
    break;
  case ZCZ_FRAME_CX:
    for (int w = 0; w < WORDS; w++) xb[w] ^= xa[w], za[w] ^= zb[w];
    break;
  case ZCZ_FRAME_CZ:
    for (int w = 0; w < WORDS; w++) zb[w] ^= xa[w], za[w] ^= xb[w];
    break;
  case ZCZ_FRAME_SWAP:
    for (int w = 0; w < WORDS; w++) {
      keep = xa[w], xa[w] = xb[w], xb[w] = keep;
      keep = za[w], za[w] = zb[w], zb[w] = keep;
    }
    break;
  case ZCZ_FRAME_PAIR: run_pair(op, xa, za, xb, zb); break;
  case ZCZ_FRAME_RANDOM_Z:
  case ZCZ_FRAME_NOISE:
  case ZCZ_FRAME_MEASURE:
  case ZCZ_FRAME_READOUT:
  case ZCZ_FRAME_RESET:
  case ZCZ_FRAME_IF: break; /* no gates: run_op has them */
  }
}

static void run_noise(const zcz_frame_program *program, zcz_frame_state *state,
                      const zcz_frame_op *op) {
  const zcz_noise_table *table = &program->noise.tables[op->c];
  const zcz_noise_class *noise_class = &program->noise.classes[table->noise_class];
  const uint64_t *thresholds = program->noise.thresholds + table->first;
  const uint8_t *paulis = program->noise.paulis + table->first;
  zcz_noise_stream *stream = &state->streams[table->noise_class];
  uint64_t end = stream->base + SHOTS;
  while (stream->next < end) {
    uint64_t shot = stream->next - stream->base, choice = stream->choice;
    uint32_t branch = 0, word = (uint32_t)shot / 64, shift = shot % 64;
    for (uint32_t i = 0; i < table->count; i++) branch += choice >= thresholds[i];
    if (branch < table->count) {
      uint64_t pauli = paulis[branch];
      state->x[(size_t)op->a * WORDS + word] ^= (pauli & 1) << shift;
      state->z[(size_t)op->a * WORDS + word] ^= (pauli >> 1 & 1) << shift;
      if (op->b != ZCZ_NONE) {
        state->x[(size_t)op->b * WORDS + word] ^= (pauli >> 2 & 1) << shift;
        state->z[(size_t)op->b * WORDS + word] ^= (pauli >> 3 & 1) << shift;
      }
    }
    zcz_noise_advance(noise_class, table->noise_class, state->seed, state->block, stream);
  }
  stream->base = end;
}

static void run_readout(const zcz_frame_program *program, zcz_frame_state *state,
                        const zcz_frame_op *op) {
  const zcz_noise_table *table = &program->noise.tables[op->c];
  const zcz_noise_class *noise_class = &program->noise.classes[table->noise_class];
  const uint64_t *thresholds = program->noise.thresholds + table->first;
  zcz_noise_stream *stream = &state->streams[table->noise_class];
  uint64_t *bits = state->bits + (size_t)op->b * WORDS, end = stream->base + SHOTS;
  while (stream->next < end) {
    uint64_t shot = stream->next - stream->base;
    uint64_t value = bits[shot / 64] >> (shot % 64) & 1;
    bits[shot / 64] ^= (uint64_t)(stream->choice < thresholds[value]) << (shot % 64);
    zcz_noise_advance(noise_class, table->noise_class, state->seed, state->block, stream);
  }
  stream->base = end;
}

static zcz_status run_condition(const zcz_frame_program *program, zcz_frame_state *state,
                                const zcz_frame_op *op, zcz_error *error) {
  const zcz_frame_condition *condition = &program->conditions[op->c];
  const uint32_t *read = program->bits_read + condition->first_bit;
  uint64_t differs[WORDS] = {0};
  for (uint64_t shot = 0; shot < SHOTS; shot++) {
    zcz_value value;
    for (uint32_t i = 0; i < condition->num_bits; i++)
      state->values[read[i]] = state->bits[(size_t)read[i] * WORDS + shot / 64] >> (shot % 64) & 1;
    ZCZ_TRY(zcz_expression_evaluate(program->circuit, condition->expression, state->values,
                                    program->variables, &value, error));
    differs[shot / 64] |= (uint64_t)(zcz_value_truth(value) != condition->reference) << (shot % 64);
  }
  for (uint32_t i = 0; i < condition->count; i++) {
    const zcz_frame_toggle *toggle = &program->toggles[condition->first + i];
    uint64_t *x = state->x + (size_t)toggle->qubit * WORDS;
    uint64_t *z = state->z + (size_t)toggle->qubit * WORDS;
    for (int w = 0; w < WORDS; w++) {
      if (toggle->pauli & 1) x[w] ^= differs[w];
      if (toggle->pauli & 2) z[w] ^= differs[w];
    }
  }
  return ZCZ_OK;
}

static void run_measurement(zcz_frame_state *state, const zcz_frame_op *op, const uint64_t *x,
                            uint64_t *z) {
  if (op->b != ZCZ_NONE) {
    uint64_t reference = op->reference && !state->dependence ? ~UINT64_C(0) : 0;
    uint64_t *bits = state->bits + (size_t)op->b * WORDS;
    for (int w = 0; w < WORDS; w++) bits[w] = x[w] ^ reference;
  }
  if (op->c != ZCZ_NONE) randomize(state, z, op->c);
}

static zcz_status run_op(const zcz_frame_program *program, zcz_frame_state *state,
                         const zcz_frame_op *op, zcz_error *error) {
  uint64_t *x = state->x + (size_t)op->a * WORDS, *z = state->z + (size_t)op->a * WORDS;
  switch ((zcz_frame_kind)op->kind) {
  case ZCZ_FRAME_RANDOM_Z: randomize(state, z, op->c); return ZCZ_OK;
  case ZCZ_FRAME_NOISE: run_noise(program, state, op); return ZCZ_OK;
  case ZCZ_FRAME_READOUT: run_readout(program, state, op); return ZCZ_OK;
  case ZCZ_FRAME_MEASURE: run_measurement(state, op, x, z); return ZCZ_OK;
  case ZCZ_FRAME_RESET:
    memset(x, 0, WORDS * 8);
    if (op->c != ZCZ_NONE) randomize(state, z, op->c);
    return ZCZ_OK;
  case ZCZ_FRAME_IF: return run_condition(program, state, op, error);
  case ZCZ_FRAME_H:
  case ZCZ_FRAME_S:
  case ZCZ_FRAME_SX:
  case ZCZ_FRAME_XYZ:
  case ZCZ_FRAME_ZYX:
  case ZCZ_FRAME_CX:
  case ZCZ_FRAME_CZ:
  case ZCZ_FRAME_SWAP:
  case ZCZ_FRAME_PAIR: break;
  }
  size_t other = op->b == ZCZ_NONE ? program->num_qubits : op->b; /* a spare column for one qubit */
  run_gate(op, x, z, state->x + other * WORDS, state->z + other * WORDS);
  return ZCZ_OK;
}

static zcz_status run_block(const zcz_frame_program *program, zcz_frame_state *state,
                            uint64_t block, zcz_error *error) {
  const zcz_noise_tables *noise = &program->noise;
  state->block = block;
  memset(state->x, 0, (size_t)program->num_qubits * WORDS * 8);
  memset(state->z, 0, (size_t)program->num_qubits * WORDS * 8);
  memset(state->bits, 0, (size_t)program->num_bits * WORDS * 8);
  for (uint32_t i = 0; i < noise->num_classes; i++)
    zcz_noise_begin(&noise->classes[i], i, state->seed, block, &state->streams[i]);
  for (size_t i = 0; i < program->num_ops; i++)
    ZCZ_TRY(run_op(program, state, &program->ops[i], error));
  return ZCZ_OK;
}

/* ---- shots ---- */

typedef struct zcz_frame_range {
  uint64_t first, count, words;
  uint64_t *columns;
} zcz_frame_range;

/* Copies the part of a block that the range wants. Where the range does not begin at a word, two
 * blocks share a word, and threads may meet there: such words are joined atomically. */
static void deliver(const zcz_frame_program *program, const zcz_frame_state *state,
                    const zcz_frame_range *range) {
  uint64_t start = state->block * SHOTS, from = start < range->first ? range->first - start : 0;
  uint64_t to = range->first + range->count - start;
  if (to > SHOTS) to = SHOTS;
  uint64_t at = start + from - range->first; /* where bit `from` goes */
  for (uint32_t b = 0; b < program->num_bits; b++) {
    const uint64_t *bits = state->bits + (size_t)b * WORDS;
    uint64_t *column = range->columns + (size_t)b * range->words;
    if (at % 64 == 0 && from % 64 == 0) {
      uint64_t words = (to - from) / 64, rest = (to - from) % 64;
      memcpy(column + at / 64, bits + from / 64, words * 8);
      if (rest) column[at / 64 + words] = bits[from / 64 + words] & ((UINT64_C(1) << rest) - 1);
      continue;
    }
    for (uint64_t s = from, t = at; s < to;) {
      uint64_t size = 64 - s % 64, room = 64 - t % 64;
      if (size > room) size = room;
      if (size > to - s) size = to - s;
      uint64_t part = bits[s / 64] >> (s % 64);
      if (size < 64) part &= (UINT64_C(1) << size) - 1;
      part <<= t % 64;
#pragma omp atomic
      column[t / 64] |= part;
      s += size;
      t += size;
    }
  }
}

/* Blocks from `block` below `end` on all threads; each has its own state. */
static zcz_status run_blocks(const zcz_frame_program *program, zcz_frame_state *states, int threads,
                             uint64_t block, uint64_t end, const zcz_frame_range *range,
                             zcz_error *error) {
  zcz_status status = ZCZ_OK;
  if (threads == 1 || end - block == 1) {
    for (uint64_t i = block; i < end; i++) {
      ZCZ_TRY(run_block(program, &states[0], i, error));
      deliver(program, &states[0], range);
    }
    return ZCZ_OK;
  }
#pragma omp parallel for schedule(dynamic) num_threads(threads)
  for (uint64_t i = block; i < end; i++) {
    zcz_frame_state *state = &states[omp_get_thread_num()];
    zcz_error mine;
    zcz_status got = run_block(program, state, i, &mine);
    if (got == ZCZ_OK) {
      deliver(program, state, range);
    } else {
#pragma omp critical
      if (status == ZCZ_OK) {
        status = got;
        if (error) *error = mine;
      }
    }
  }
  return status;
}

zcz_status zcz_frames_sample(const zcz_frame_program *program, uint64_t seed, uint64_t first,
                             uint64_t count, uint64_t *columns, zcz_error *error) {
  zcz_context *context = program->context;
  if (count == 0 || program->num_bits == 0) return ZCZ_OK;
  uint64_t begin = first / SHOTS, end = (first + count - 1) / SHOTS + 1;
  int threads = zcz_context_threads(context);
  if ((uint64_t)threads > end - begin) threads = (int)(end - begin);
  zcz_frame_range range = {first, count, (count + 63) / 64, columns};
  ZCZ_TRY(zcz_memory_admit(context, "Pauli frames", (uint64_t)threads * zcz_frames_bytes(program),
                           error));
  zcz_frame_state *states = zcz_memory_zeroed(context, (size_t)threads, sizeof *states);
  if (!states) return zcz_fail_memory(context, error, "Pauli frames", sizeof *states);
  memset(columns, 0, program->num_bits * range.words * 8);
  zcz_status status = ZCZ_OK;
  int ready = 0;
  for (; ready < threads && status == ZCZ_OK; ready++) {
    status = prepare(program, &states[ready], error);
    states[ready].seed = seed;
  }
  for (uint64_t block = begin; block < end && status == ZCZ_OK; block += ROUND) {
    uint64_t until = block + ROUND < end ? block + ROUND : end;
    status = zcz_progress(context, "shots", (double)(block - begin), (double)(end - begin), error);
    if (status == ZCZ_OK)
      status = run_blocks(program, states, threads, block, until, &range, error);
  }
  for (int i = 0; i < threads; i++) release(context, &states[i]);
  zcz_memory_release(context, states);
  return status;
}

zcz_status zcz_frames_dependence(const zcz_frame_program *program, uint64_t *rows,
                                 uint8_t *reference, zcz_error *error) {
  zcz_frame_state state;
  uint64_t words = ((uint64_t)program->num_randoms + 63) / 64;
  ZCZ_TRY(prepare(program, &state, error));
  state.dependence = true;
  memset(reference, 0, program->num_bits);
  for (size_t i = 0; i < program->num_ops; i++)
    if (program->ops[i].kind == ZCZ_FRAME_MEASURE && program->ops[i].b != ZCZ_NONE)
      reference[program->ops[i].b] = program->ops[i].reference;
  zcz_status status = ZCZ_OK;
  for (uint64_t block = 0; block * WORDS < words && status == ZCZ_OK; block++) {
    status = run_block(program, &state, block, error);
    for (uint64_t b = 0; b < program->num_bits; b++)
      for (uint64_t w = 0; w < WORDS && block * WORDS + w < words; w++)
        rows[b * words + block * WORDS + w] = state.bits[b * WORDS + w];
  }
  release(program->context, &state);
  return status;
}
