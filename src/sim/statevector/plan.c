#include "sim/statevector/plan.h"

#include <string.h>

#include "base/complex.h"
#include "base/math.h"
#include "base/memory.h"

/* What the making of a plan passes about. */
typedef struct maker {
  zcz_sv_plan *plan;
  const zcz_sv_primitive *primitives;
  uint32_t *list; /* still to be placed */
  size_t count;
  uint32_t *run; /* chosen for the pass */
  uint32_t *stage_run;
  uint32_t pass_blocks; /* block bits of a pass's tile */
} maker;

static uint64_t low_bits(uint32_t count) { return ((uint64_t)1 << count) - 1; }

static uint32_t list_positions(uint64_t mask, uint32_t *positions) {
  uint32_t count = 0;
  for (; mask; mask &= mask - 1) positions[count++] = (uint32_t)__builtin_ctzll(mask);
  return count;
}

static uint64_t spread(uint64_t index, uint64_t mask) {
  uint64_t result = 0;
  for (; mask; mask &= mask - 1, index >>= 1)
    if (index & 1) result |= mask & -mask;
  return result;
}

/* Byte offsets of the stage's blocks and tiles, in memory and in the pass's buffer. */
static bool place_stage(zcz_sv_plan *plan, zcz_sv_stage *stage, uint64_t pass, uint64_t mask) {
  uint64_t lanes = low_bits(plan->lane_bits), local = 0;
  uint64_t others = pass & ~mask, local_others;
  uint32_t rank = 0;
  for (uint64_t m = pass; m; m &= m - 1, rank++)
    if (mask & m & -m) local |= (uint64_t)1 << rank;
  local_others = low_bits(rank) & ~local;
  stage->num_tiles = 1u << __builtin_popcountll(others);
  uint64_t *in_memory = zcz_sv_arena_take(&plan->arena, stage->memory_blocks * sizeof(uint64_t));
  uint64_t *in_buffer = zcz_sv_arena_take(&plan->arena, stage->memory_blocks * sizeof(uint64_t));
  uint64_t *index = zcz_sv_arena_take(&plan->arena, stage->num_tiles * sizeof(uint64_t));
  uint64_t *start = zcz_sv_arena_take(&plan->arena, stage->num_tiles * sizeof(uint64_t));
  if (!in_memory || !in_buffer || !index || !start) return false;
  for (uint32_t i = 0; i < stage->memory_blocks; i++) {
    in_memory[i] = (spread(i, mask & ~lanes) >> plan->lane_bits) * ZCZ_SV_BLOCK_BYTES;
    in_buffer[i] = (spread(i, local & ~lanes) >> plan->lane_bits) * ZCZ_SV_BLOCK_BYTES;
  }
  for (uint32_t t = 0; t < stage->num_tiles; t++) {
    index[t] = spread(t, others);
    start[t] = (spread(t, local_others) >> plan->lane_bits) * ZCZ_SV_BLOCK_BYTES;
  }
  stage->in_memory = in_memory;
  stage->in_buffer = in_buffer;
  stage->tile_index = index;
  stage->tile_in_buffer = start;
  return true;
}

static zcz_status no_memory(const zcz_sv_plan *plan, zcz_error *error) {
  return zcz_fail_memory(plan->context, error, "a plan", 4096);
}

/* The pass's primitives, in stages. */
static zcz_status make_stages(maker *m, zcz_sv_pass *pass, uint64_t mask, size_t count,
                              zcz_error *error) {
  zcz_sv_plan *plan = m->plan;
  uint32_t size = plan->lane_bits + ZCZ_SV_STAGE_BLOCK_BITS, positions[ZCZ_SV_MAX_QUBITS];
  size_t capacity = 0;
  zcz_sv_stage *stages = NULL;
  zcz_status status = ZCZ_OK;
  do {
    zcz_sv_choice choice = zcz_sv_choose(m->primitives, m->run, &count, mask,
                                         mask & low_bits(plan->lane_bits), size, m->stage_run);
    if (!zcz_memory_grow(plan->context, &stages, &capacity, pass->num_stages + 1, sizeof *stages)) {
      status = no_memory(plan, error);
      break;
    }
    zcz_sv_stage *stage = &stages[pass->num_stages++];
    memset(stage, 0, sizeof *stage);
    uint32_t num_positions = list_positions(choice.positions, positions);
    status = zcz_sv_cook(plan, stage, positions, num_positions, m->primitives, m->stage_run,
                         choice.count, error);
    if (status == ZCZ_OK && !place_stage(plan, stage, mask, choice.positions))
      status = no_memory(plan, error);
  } while (count && status == ZCZ_OK);
  pass->stages = zcz_sv_arena_take(&plan->arena, pass->num_stages * sizeof *stages);
  if (pass->stages && stages)
    memcpy(pass->stages, stages, pass->num_stages * sizeof *stages);
  else if (status == ZCZ_OK)
    status = no_memory(plan, error);
  zcz_memory_release(plan->context, stages);
  return status;
}

static zcz_status make_pass(maker *m, zcz_error *error) {
  zcz_sv_plan *plan = m->plan;
  uint32_t n = plan->num_qubits, lanes = plan->lane_bits;
  uint32_t size = lanes + m->pass_blocks;
  uint64_t universe = low_bits(n);
  /* Whole runs of 512 bytes, so that memory is read as it likes to be. */
  uint64_t always = universe & low_bits(lanes + (m->pass_blocks > ZCZ_SV_STAGE_BLOCK_BITS ? 2 : 0));
  zcz_sv_choice choice =
      zcz_sv_choose(m->primitives, m->list, &m->count, universe, always, size, m->run);
  if (!zcz_memory_grow(plan->context, &plan->passes, &plan->pass_capacity, plan->num_passes + 1,
                       sizeof *plan->passes))
    return no_memory(plan, error);
  zcz_sv_pass *pass = &plan->passes[plan->num_passes++];
  memset(pass, 0, sizeof *pass);
  pass->num_positions = list_positions(choice.positions, pass->positions);
  for (size_t i = 0; i < choice.count; i++) pass->targets |= m->primitives[m->run[i]].targets;
  return make_stages(m, pass, choice.positions, choice.count, error);
}

/* The number in front, as the last call of the last stage. */
static zcz_status put_global(maker *m, zcz_complex global, zcz_error *error) {
  zcz_sv_plan *plan = m->plan;
  if (plan->precision == ZCZ_PRECISION_SINGLE) global = zcz_complex_scale(global, 1 / plan->drift);
  if (plan->owed) global = zcz_complex_scale(global, ZCZ_SQRT1_2);
  if (global.re == 1 && global.im == 0) return ZCZ_OK;
  if (!plan->num_passes) ZCZ_TRY(make_pass(m, error));
  zcz_sv_pass *pass = &plan->passes[plan->num_passes - 1];
  zcz_sv_stage *stage = &pass->stages[pass->num_stages - 1];
  stage->calls[stage->num_calls++] =
      (zcz_sv_call){.kind = ZCZ_SV_CALL_SCALE, .re = global.re, .im = global.im};
  return ZCZ_OK;
}

static zcz_status make_passes(zcz_sv_plan *plan, zcz_sv_frame *frame, zcz_error *error) {
  zcz_context *context = plan->context;
  maker m = {.plan = plan, .primitives = frame->primitives};
  uint32_t *lists = zcz_memory_allocate(context, (3 * frame->count + 3) * sizeof *lists);
  if (!lists) return no_memory(plan, error);
  m.list = lists;
  m.run = lists + frame->count + 1;
  m.stage_run = lists + 2 * frame->count + 2;
  uint32_t blocks = plan->num_qubits > plan->lane_bits ? plan->num_qubits - plan->lane_bits : 0;
  m.pass_blocks =
      blocks > ZCZ_SV_SINGLE_LEVEL_BLOCK_BITS ? ZCZ_SV_PASS_BLOCK_BITS : ZCZ_SV_STAGE_BLOCK_BITS;
  for (size_t i = 0; i < frame->count; i++)
    if (frame->primitives[i].kind != ZCZ_SV_NOTHING) m.list[m.count++] = (uint32_t)i;
  zcz_status status = ZCZ_OK;
  while (m.count && status == ZCZ_OK) status = make_pass(&m, error);
  if (status == ZCZ_OK) status = put_global(&m, frame->global, error);
  zcz_memory_release(context, lists);
  return status;
}

static zcz_status compile(zcz_sv_plan *plan, const zcz_op *ops, size_t count, zcz_error *error) {
  zcz_sv_frame frame;
  zcz_sv_arena scratch = {.context = plan->context};
  zcz_status status = zcz_sv_frame_start(&frame, &scratch, plan->num_qubits, plan->start, error);
  for (size_t i = 0; i < count && status == ZCZ_OK; i++)
    status = zcz_sv_frame_take(&frame, &ops[i], error);
  if (status == ZCZ_OK) status = zcz_sv_frame_finish(&frame, error);
  if (status == ZCZ_OK) status = make_passes(plan, &frame, error);
  memcpy(plan->end, frame.layout, sizeof plan->end);
  zcz_sv_frame_release(&frame);
  zcz_sv_arena_release(&scratch);
  return status;
}

zcz_status zcz_sv_plan_new(zcz_context *context, uint32_t num_qubits, zcz_precision precision,
                           const zcz_op *ops, size_t count, const uint32_t *layout,
                           bool keep_layout, zcz_sv_plan **plan, zcz_error *error) {
  *plan = NULL;
  zcz_sv_plan *made = zcz_memory_zeroed(context, 1, sizeof *made);
  if (!made) return zcz_fail_memory(context, error, "a plan", sizeof *made);
  made->context = context;
  made->arena.context = context;
  made->num_qubits = num_qubits;
  made->precision = precision;
  made->lane_bits = precision == ZCZ_PRECISION_SINGLE ? 4 : 3;
  made->keep_layout = keep_layout;
  made->drift = 1;
  for (uint32_t q = 0; q < num_qubits; q++) made->start[q] = layout ? layout[q] : q;
  zcz_status status = compile(made, ops, count, error);
  if (status != ZCZ_OK) {
    zcz_sv_plan_free(made);
    return status;
  }
  *plan = made;
  return ZCZ_OK;
}

void zcz_sv_plan_free(zcz_sv_plan *plan) {
  if (!plan) return;
  zcz_sv_arena_release(&plan->arena);
  zcz_memory_release(plan->context, plan->passes);
  zcz_memory_release(plan->context, plan);
}

const uint32_t *zcz_sv_plan_layout(const zcz_sv_plan *plan) {
  return plan->keep_layout ? plan->start : plan->end;
}

uint32_t zcz_sv_plan_passes(const zcz_sv_plan *plan) { return plan->num_passes; }
