#include "zcz/noise.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/progress.h"
#include "noise/pass.h"

/* Marks a qubit in a block and in those around it. */
static void touch(zcz_noise_pass *pass, const uint32_t *parents, uint32_t block, uint32_t qubit) {
  while (block != ZCZ_NONE && !pass->touched[(size_t)block * pass->num_qubits + qubit]) {
    pass->touched[(size_t)block * pass->num_qubits + qubit] = 1;
    block = parents[block];
  }
}

static void survey_block(zcz_noise_pass *pass, uint32_t *parents, bool *loops, uint32_t block) {
  const zcz_op *ops = zcz_circuit_ops(pass->source, block);
  size_t count = zcz_circuit_num_ops(pass->source, block);
  for (size_t i = 0; i < count; i++) {
    double end = ops[i].start_ns + ops[i].duration_ns;
    if (end > pass->times[block]) pass->times[block] = end;
    if (ops[i].kind != ZCZ_OP_IF && ops[i].kind != ZCZ_OP_WHILE) continue;
    for (int side = 0; side < 2; side++) {
      uint32_t inner = ops[i].blocks[side];
      if (inner == ZCZ_NONE) continue;
      parents[inner] = block;
      loops[inner] = ops[i].kind == ZCZ_OP_WHILE;
    }
  }
}

/* Both sides of an IF take the longer one's time, and at least what the schedule says. */
static void level_times(zcz_noise_pass *pass, uint32_t block) {
  const zcz_op *ops = zcz_circuit_ops(pass->source, block);
  size_t count = zcz_circuit_num_ops(pass->source, block);
  for (size_t i = 0; i < count; i++) {
    if (ops[i].kind != ZCZ_OP_IF && ops[i].kind != ZCZ_OP_WHILE) continue;
    double time = ops[i].duration_ns;
    for (int side = 0; side < 2; side++)
      if (ops[i].blocks[side] != ZCZ_NONE && pass->times[ops[i].blocks[side]] > time)
        time = pass->times[ops[i].blocks[side]];
    for (int side = 0; side < 2; side++)
      if (ops[i].blocks[side] != ZCZ_NONE) pass->times[ops[i].blocks[side]] = time;
  }
}

static void touch_all(zcz_noise_pass *pass, const uint32_t *parents, const bool *loops) {
  uint32_t n = pass->num_qubits, blocks = pass->num_blocks;
  for (uint32_t b = 0; b < blocks; b++) {
    const zcz_op *ops = zcz_circuit_ops(pass->source, b);
    size_t count = zcz_circuit_num_ops(pass->source, b);
    for (size_t i = 0; i < count; i++)
      for (uint32_t k = 0; k < ops[i].num_qubits; k++)
        if (ops[i].kind != ZCZ_OP_BARRIER) touch(pass, parents, b, ops[i].qubits[k]);
  }
  for (uint32_t b = 0; b < blocks; b++) /* what a loop runs beside has no fixed time */
    for (uint32_t q = 0; loops[b] && q < n; q++)
      if (pass->touched[q]) touch(pass, parents, b, q);
}

zcz_status zcz_noise_survey(zcz_noise_pass *pass) {
  uint32_t blocks = pass->num_blocks;
  uint32_t *parents = zcz_memory_allocate(pass->context, blocks * sizeof *parents);
  bool *loops = zcz_memory_zeroed(pass->context, blocks, sizeof *loops);
  zcz_status status = ZCZ_OK;
  if (parents && loops) {
    for (uint32_t b = 0; b < blocks; b++) parents[b] = ZCZ_NONE;
    for (uint32_t b = 0; b < blocks; b++) survey_block(pass, parents, loops, b);
    for (uint32_t b = 0; b < blocks; b++) level_times(pass, b);
    touch_all(pass, parents, loops);
  } else {
    status = zcz_fail_memory(pass->context, pass->error, "noise", blocks * sizeof *parents);
  }
  zcz_memory_release(pass->context, parents);
  zcz_memory_release(pass->context, loops);
  return status;
}

static zcz_status walk_block(zcz_noise_pass *pass, uint32_t block) {
  const zcz_op *ops = zcz_circuit_ops(pass->source, block);
  size_t count = zcz_circuit_num_ops(pass->source, block);
  pass->block = block;
  for (uint32_t q = 0; q < pass->num_qubits; q++)
    pass->clocks[q] = (zcz_noise_clock){
        0, 0, block == 0, block != 0 && pass->touched[(size_t)block * pass->num_qubits + q]};
  for (size_t i = 0; i < count; i++) {
    if (i % 65536 == 0 && zcz_cancelled(pass->context))
      return zcz_fail_cancelled(pass->context, pass->error);
    ZCZ_TRY(zcz_noise_operation(pass, &ops[i]));
  }
  for (uint32_t q = 0; q < pass->num_qubits; q++) {
    /* Within the program, nobody looks at a qubit after its last operation. */
    if (pass->clocks[q].member) zcz_noise_advance(pass, q, pass->times[block]);
    ZCZ_TRY(zcz_noise_flush(pass, q));
  }
  return ZCZ_OK;
}

/* ", Q1, Q7" of the qubits marked, as far as there is room. */
static void list_names(const zcz_noise_pass *pass, int which, char *text, size_t size) {
  size_t used = 0, left = 0;
  text[0] = 0;
  for (uint32_t q = 0; q < pass->num_qubits; q++) {
    if (!pass->exceeded[2 * q + (uint32_t)which]) continue;
    const char *name = pass->chip->qubits[q].name;
    if (left || used + strlen(name) + 24 > size)
      left++;
    else
      used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", name);
  }
  if (left) snprintf(text + used, size - used, " and %zu more", left);
}

static void warn_exceeded(const zcz_noise_pass *pass) {
  char one[420], two[420];
  if (!zcz_noise_has(pass, ZCZ_NOISE_RELAXATION | ZCZ_NOISE_DEPOLARIZING)) return;
  list_names(pass, 0, one, sizeof one);
  list_names(pass, 1, two, sizeof two);
  if (!one[0] && !two[0]) return;
  zcz_context_warn(pass->context,
                   "T1 and T2 alone exceed the published error of %s%s%s%s%s; within these gates "
                   "the published error holds, between them T1 and T2",
                   one[0] ? "one-qubit gates on " : "", one, one[0] && two[0] ? ", and of " : "",
                   two[0] ? "two-qubit gates on " : "", two);
}

static zcz_status apply(zcz_noise_pass *pass) {
  uint32_t n = pass->num_qubits, blocks = pass->num_blocks, couplers = pass->chip->num_couplers;
  size_t natives = (size_t)couplers * ZCZ_MAX_NATIVE_GATES;
  pass->clocks = zcz_memory_zeroed(pass->context, n, sizeof *pass->clocks);
  pass->one = zcz_memory_zeroed(pass->context, n, sizeof *pass->one);
  pass->two = zcz_memory_zeroed(pass->context, natives, sizeof *pass->two);
  pass->exceeded = zcz_memory_zeroed(pass->context, n, 2 * sizeof *pass->exceeded);
  pass->touched = zcz_memory_zeroed(pass->context, blocks, n);
  pass->times = zcz_memory_zeroed(pass->context, blocks, sizeof *pass->times);
  if (!pass->clocks || !pass->one || !pass->two || !pass->exceeded || !pass->touched ||
      !pass->times)
    return zcz_fail_memory(pass->context, pass->error, "noise", (uint64_t)blocks * n);
  for (uint32_t q = 0; q < n; q++) pass->one[q].duration_ns = -1;
  for (size_t i = 0; i < natives; i++) pass->two[i].duration_ns = -1;
  ZCZ_TRY(zcz_noise_survey(pass));
  for (uint32_t b = 1; b < blocks; b++) {
    uint32_t made;
    ZCZ_TRY(zcz_circuit_add_block(pass->out, &made, pass->error));
  }
  for (uint32_t b = 0; b < blocks; b++) ZCZ_TRY(walk_block(pass, b));
  warn_exceeded(pass);
  return ZCZ_OK;
}

zcz_status zcz_noise_apply(const zcz_circuit *source, const zcz_chip *chip,
                           const zcz_noise_options *options, zcz_circuit **result,
                           zcz_error *error) {
  *result = NULL;
  if (options->parts & ~(uint32_t)ZCZ_NOISE_ALL)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "noise parts 0x%x; allowed are the flags within 0x%x",
                    options->parts, ZCZ_NOISE_ALL);
  if (zcz_circuit_num_qubits(source) != chip->num_qubits)
    return zcz_fail(error, ZCZ_ERROR_BUG, "noise for a circuit on %u qubits, the chip has %u",
                    zcz_circuit_num_qubits(source), chip->num_qubits);
  zcz_noise_pass pass = {.context = zcz_circuit_context(source),
                         .source = source,
                         .chip = chip,
                         .options = options,
                         .error = error,
                         .num_qubits = chip->num_qubits,
                         .num_blocks = zcz_circuit_num_blocks(source)};
  ZCZ_TRY(zcz_circuit_new_like(source, ZCZ_NONE, &pass.out, error));
  zcz_status status = apply(&pass);
  zcz_memory_release(pass.context, pass.clocks);
  zcz_memory_release(pass.context, pass.one);
  zcz_memory_release(pass.context, pass.two);
  zcz_memory_release(pass.context, pass.exceeded);
  zcz_memory_release(pass.context, pass.touched);
  zcz_memory_release(pass.context, pass.times);
  if (status != ZCZ_OK) {
    zcz_circuit_free(pass.out);
    return status;
  }
  *result = pass.out;
  return ZCZ_OK;
}
