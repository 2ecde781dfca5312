#include "sim/stabilizer/noise.h"

#include <math.h>
#include <string.h>

#include "base/math.h"
#include "base/memory.h"

static bool same(const zcz_op *a, const zcz_op *b) {
  return a->kind == b->kind && a->code == b->code && a->num_qubits == b->num_qubits &&
         a->num_params == b->num_params &&
         memcmp(a->params, b->params, a->num_params * sizeof *a->params) == 0;
}

static uint32_t slot_of(const zcz_op *op) {
  uint64_t hash = 14695981039346656037u ^ op->code;
  for (uint32_t i = 0; i < op->num_params; i++) {
    uint64_t bits;
    memcpy(&bits, &op->params[i], sizeof bits);
    hash = (hash ^ bits ^ bits >> 32) * 1099511628211u;
  }
  hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9u;
  return (uint32_t)(hash >> 40) % ZCZ_NOISE_SLOTS;
}

/* Probabilities within an eighth of a binade share a class: at most one candidate in nine is
 * drawn in vain. */
static uint32_t bucket_of(double probability) {
  uint64_t bits;
  memcpy(&bits, &probability, sizeof bits);
  return (uint32_t)(bits >> 49);
}

static zcz_status class_of(zcz_context *context, zcz_noise_tables *tables, zcz_purpose purpose,
                           double probability, uint32_t *number, zcz_error *error) {
  uint32_t bucket = bucket_of(probability);
  size_t i = 0;
  while (i < tables->num_classes &&
         (tables->classes[i].bucket != bucket || tables->classes[i].purpose != purpose))
    i++;
  if (i == tables->num_classes) {
    if (!zcz_memory_grow(context, &tables->classes, &tables->classes_capacity, i + 1,
                         sizeof *tables->classes))
      return zcz_fail_memory(context, error, "classes of noise", i * sizeof *tables->classes);
    tables->classes[tables->num_classes++] =
        (zcz_noise_class){.purpose = purpose, .bucket = bucket};
  }
  if (tables->classes[i].probability < probability) tables->classes[i].probability = probability;
  *number = (uint32_t)i;
  return ZCZ_OK;
}

/* Paulis of a channel with their probabilities, without the identity; returns their number. */
static uint32_t branches_of(const zcz_op *op, double *probabilities, uint8_t *paulis) {
  static const uint8_t bits[4] = {0, 1, 3, 2}; /* I X Y Z */
  double all[16];
  uint32_t count = 0, entries = op->num_qubits == 1 ? 4 : 16;
  if (!zcz_channel_is_pauli((zcz_channel)op->code, op->num_qubits, op->num_params, op->params, all))
    return 0;
  for (uint32_t i = 1; i < entries; i++) {
    if (!(all[i] > 0)) continue;
    probabilities[count] = all[i];
    paulis[count++] = entries == 4 ? bits[i] : (uint8_t)(bits[i >> 2] | (bits[i & 3] << 2));
  }
  return count;
}

zcz_status zcz_noise_add(zcz_context *context, zcz_noise_tables *tables, const zcz_op *op,
                         uint32_t *table, zcz_error *error) {
  bool readout = op->kind == ZCZ_OP_MEASURE;
  double probabilities[16], total = 0;
  uint8_t paulis[16] = {0}, support = 0;
  uint32_t slot = slot_of(op), count;
  if (tables->slot_ops[slot] && same(tables->slot_ops[slot], op)) {
    *table = tables->slot_tables[slot];
    return ZCZ_OK;
  }
  if (readout) {
    count = 2;
    for (int v = 0; v < 2; v++) probabilities[v] = op->params[v];
    total = fmax(probabilities[0], probabilities[1]);
  } else {
    count = branches_of(op, probabilities, paulis);
    for (uint32_t i = 0; i < count; i++) {
      support |= paulis[i];
      total += probabilities[i];
      probabilities[i] = total;
    }
    if (total > 1) total = 1; /* by rounding alone */
  }
  *table = ZCZ_NONE;
  if (total > 0) {
    size_t first = tables->num_branches;
    zcz_noise_table made = {.first = (uint32_t)first, .count = count, .support = support};
    ZCZ_TRY(class_of(context, tables, readout ? ZCZ_PURPOSE_READOUT : ZCZ_PURPOSE_CHANNEL, total,
                     &made.noise_class, error));
    if (first + count >= UINT32_MAX ||
        !zcz_memory_grow(context, &tables->tables, &tables->tables_capacity, tables->num_tables + 1,
                         sizeof *tables->tables) ||
        !zcz_memory_grow(context, &tables->cumulative, &tables->branches_capacity, first + count,
                         sizeof *tables->cumulative) ||
        !zcz_memory_grow(context, &tables->thresholds, &tables->thresholds_capacity, first + count,
                         sizeof *tables->thresholds) ||
        !zcz_memory_grow(context, &tables->paulis, &tables->paulis_capacity, first + count,
                         sizeof *tables->paulis))
      return zcz_fail_memory(context, error, "tables of noise", (first + count) * 2 * 17);
    memcpy(tables->cumulative + first, probabilities, count * sizeof *probabilities);
    memcpy(tables->paulis + first, paulis, count);
    tables->num_branches += count;
    *table = (uint32_t)tables->num_tables;
    tables->tables[tables->num_tables++] = made;
  }
  tables->slot_ops[slot] = op;
  tables->slot_tables[slot] = *table;
  return ZCZ_OK;
}

void zcz_noise_finish(zcz_noise_tables *tables) {
  for (size_t i = 0; i < tables->num_classes; i++)
    tables->classes[i].inverse_log = 1 / zcz_log1p(-tables->classes[i].probability);
  for (size_t t = 0; t < tables->num_tables; t++) {
    const zcz_noise_table *table = &tables->tables[t];
    double largest = tables->classes[table->noise_class].probability;
    for (uint32_t i = table->first; i < table->first + table->count; i++) {
      double share = tables->cumulative[i] / largest;
      tables->thresholds[i] = share >= 1 ? UINT64_MAX : (uint64_t)(share * 0x1p64);
    }
  }
}

void zcz_noise_release(zcz_context *context, zcz_noise_tables *tables) {
  zcz_memory_release(context, tables->tables);
  zcz_memory_release(context, tables->classes);
  zcz_memory_release(context, tables->cumulative);
  zcz_memory_release(context, tables->thresholds);
  zcz_memory_release(context, tables->paulis);
  memset(tables, 0, sizeof *tables);
}

void zcz_noise_refill(const zcz_noise_class *noise_class, uint32_t number, uint64_t seed,
                      uint64_t block, zcz_noise_stream *stream) {
  /* Few at first: a rare class must not cost a whole batch in every block. */
  uint32_t count = stream->filled == 0                ? 1
                   : stream->filled < ZCZ_NOISE_BATCH ? 2 * stream->filled
                                                      : ZCZ_NOISE_BATCH;
  zcz_random_block drawn[ZCZ_NOISE_BATCH];
  for (uint32_t i = 0; i < count; i++)
    drawn[i] = zcz_random(seed, noise_class->purpose, block, number, stream->draw + i);
  for (uint32_t i = 0; i < count; i++) {
    /* P(gap >= k) = (1 - p)^k */
    double gap = zcz_log(1 - zcz_random_uniform(drawn[i], 0)) * noise_class->inverse_log;
    stream->gaps[i] = gap < 0x1p62 ? (uint64_t)gap : UINT64_C(1) << 62;
    stream->choices[i] = (uint64_t)drawn[i].word[2] << 32 | drawn[i].word[3];
  }
  stream->draw += count;
  stream->filled = count;
  stream->at = 0;
}

void zcz_noise_begin(const zcz_noise_class *noise_class, uint32_t number, uint64_t seed,
                     uint64_t block, zcz_noise_stream *stream) {
  stream->base = 0;
  stream->draw = stream->at = stream->filled = 0;
  stream->next = UINT64_MAX; /* one before the first position */
  zcz_noise_refill(noise_class, number, seed, block, stream);
  stream->next = stream->gaps[0];
  stream->choice = stream->choices[0];
  stream->at = 1;
}
