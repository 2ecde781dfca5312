/* Running a plan. */
#include <omp.h>
#include <string.h>

#include "base/complex.h"
#include "base/memory.h"
#include "base/progress.h"
#include "sim/statevector/plan.h"

/* Lane arrays of a twiddle with the factors from outside the tile put in. */
typedef struct fresh {
  double re[16] __attribute__((aligned(64)));
  double im[16] __attribute__((aligned(64)));
} fresh;

static void fill_lanes(const zcz_sv_cooked *c, zcz_precision precision, zcz_complex w,
                       fresh *lanes) {
  uint32_t width = precision == ZCZ_PRECISION_SINGLE ? 16 : 8;
  double re[16], im[16];
  for (uint32_t l = 0; l < width; l++) {
    re[l] = w.re * c->lane_re[l] - w.im * c->lane_im[l];
    im[l] = w.re * c->lane_im[l] + w.im * c->lane_re[l];
  }
  if (c->lane != ZCZ_NO_LANE)
    for (uint32_t l = 0; l < width; l++)
      if (!(l >> c->lane & 1)) re[l] = c->rest, im[l] = 0;
  if (precision == ZCZ_PRECISION_SINGLE) {
    for (uint32_t l = 0; l < width; l++) {
      ((float *)lanes->re)[l] = (float)re[l];
      ((float *)lanes->im)[l] = (float)im[l];
    }
  } else {
    memcpy(lanes->re, re, sizeof re / 2);
    memcpy(lanes->im, im, sizeof im / 2);
  }
}

/* The twiddle in the tile whose stored index begins with `index`. */
static const zcz_twiddle *finish_twiddle(const zcz_sv_cooked *c, zcz_precision precision,
                                         uint64_t index, zcz_twiddle *own, fresh *lanes) {
  if (!c->outer_signs && !c->num_outer) return &c->twiddle;
  *own = c->twiddle;
  own->negative = __builtin_parityll(index & c->outer_signs);
  if (c->num_outer) {
    zcz_complex w = c->constant;
    for (uint32_t i = 0; i < c->num_outer; i++)
      if (index >> c->outer[i].position & 1) w = zcz_complex_multiply(w, c->outer[i].factor);
    fill_lanes(c, precision, w, lanes);
    own->lane_re = lanes->re;
    own->lane_im = lanes->im;
  }
  return own;
}

static void run_call(const zcz_tile_kernels *kernels, zcz_precision precision, void *tile,
                     uint32_t blocks, const zcz_sv_call *call, uint64_t index) {
  zcz_twiddle own1, own2;
  fresh lanes1, lanes2;
  const zcz_twiddle *first = NULL;
  if ((index & call->outer_mask) != call->outer_value) return;
  if (call->first) first = finish_twiddle(call->first, precision, index, &own1, &lanes1);
  switch (call->kind) {
  case ZCZ_SV_CALL_HADAMARD: kernels->hadamard(tile, blocks, call->bit, first); break;
  case ZCZ_SV_CALL_HADAMARD2:
    kernels->hadamard2(tile, blocks, call->bit, first, call->bit2,
                       finish_twiddle(call->second, precision, index, &own2, &lanes2));
    break;
  case ZCZ_SV_CALL_HADAMARD_LANE: kernels->hadamard_lane(tile, blocks, call->lane, first); break;
  case ZCZ_SV_CALL_DIAGONAL:
    kernels->diagonal(tile, blocks, call->mask, call->value, call->lane, first);
    break;
  case ZCZ_SV_CALL_DENSE: kernels->dense(tile, blocks, call->dense); break;
  case ZCZ_SV_CALL_SWAP_LANE: kernels->swap_lane(tile, blocks, call->lane, call->bit); break;
  case ZCZ_SV_CALL_FLIP: kernels->flip(tile, blocks, call->bit); break;
  case ZCZ_SV_CALL_FLIP_LANE: kernels->flip_lane(tile, blocks, call->lane); break;
  case ZCZ_SV_CALL_SCALE: kernels->scale(tile, blocks, call->re, call->im); break;
  }
}

/* Where a stage's tile comes from or goes to: a start, and the bytes of each block from there. */
typedef struct blocks_at {
  char *start;
  const uint64_t *offsets;
} blocks_at;

/* Asks for the share of call number `call` of the blocks that come next: they lie scattered, so the
 * processor does not foresee them. */
static void prefetch_share(const zcz_sv_stage *stage, blocks_at next, uint32_t call) {
  uint32_t share = (stage->memory_blocks + stage->num_calls - 1) / stage->num_calls;
  for (uint32_t i = call * share; i < (call + 1) * share && i < stage->memory_blocks; i++) {
    __builtin_prefetch(next.start + next.offsets[i], 0, 2);
    __builtin_prefetch(next.start + next.offsets[i] + 64, 0, 2);
  }
}

/* One tile of a stage: read, worked on, written. `next.start` NULL: nothing to prefetch. */
static void run_stage_tile(const zcz_sv *state, const zcz_sv_stage *stage, uint64_t index,
                           void *tile, blocks_at from, blocks_at to, blocks_at next, bool stream) {
  const zcz_tile_kernels *kernels = state->kernels;
  if (stage->blocks > stage->memory_blocks)
    memset((char *)tile + stage->memory_blocks * ZCZ_SV_BLOCK_BYTES, 0,
           (stage->blocks - stage->memory_blocks) * ZCZ_SV_BLOCK_BYTES);
  kernels->gather(tile, from.start, from.offsets, stage->memory_blocks);
  for (uint32_t c = 0; c < stage->num_calls; c++) {
    if (next.start) prefetch_share(stage, next, c);
    run_call(kernels, state->precision, tile, stage->blocks, &stage->calls[c], index);
  }
  kernels->scatter(to.start, to.offsets, tile, stage->memory_blocks, stage->scale, stream);
}

static char *memory_at(const zcz_sv *state, uint64_t index) {
  return (char *)state->data + (index >> state->lane_bits) * ZCZ_SV_BLOCK_BYTES;
}

/* One tile of a pass, through all stages. `work`: a stage's tile, then a pass's. `next`: the index of
 * the tile that this thread does next. */
static void run_tile(const zcz_sv *state, const zcz_sv_pass *pass, uint64_t index, uint64_t next,
                     char *work, bool stream) {
  char *tile = work, *buffer = work + ZCZ_SV_STAGE_BYTES;
  for (uint32_t s = 0; s < pass->num_stages; s++) {
    const zcz_sv_stage *stage = &pass->stages[s];
    bool first = s == 0, last = s + 1 == pass->num_stages;
    for (uint32_t t = 0; t < stage->num_tiles; t++) {
      uint64_t at = index | stage->tile_index[t];
      blocks_at memory = {memory_at(state, at), stage->in_memory};
      blocks_at between = {buffer + stage->tile_in_buffer[t], stage->in_buffer};
      blocks_at ahead = {NULL, stage->in_memory};
      if (first && stream)
        ahead.start =
            memory_at(state, t + 1 < stage->num_tiles ? index | stage->tile_index[t + 1] : next);
      run_stage_tile(state, stage, at, tile, first ? memory : between, last ? memory : between,
                     ahead, last && stream);
    }
  }
}

static void run_pass(zcz_sv *state, const zcz_sv_pass *pass) {
  int64_t tiles = (int64_t)1 << (state->num_qubits - pass->num_positions);
  bool stream = state->num_blocks * ZCZ_SV_BLOCK_BYTES >= ZCZ_SV_STREAM_BYTES;
  if (tiles == 1) {
    run_tile(state, pass, 0, 0, state->work, false);
    state->support |= pass->targets;
    return;
  }
#pragma omp parallel num_threads(state->threads)
  {
    char *work = (char *)state->work + (size_t)omp_get_thread_num() * ZCZ_SV_WORK_BYTES;
#pragma omp for schedule(static)
    for (int64_t t = 0; t < tiles; t++) {
      uint64_t next = (uint64_t)(t + 1 < tiles ? t + 1 : t);
      uint64_t index = zcz_sv_spread((uint64_t)t, pass->num_positions, pass->positions);
      if (index & ~state->support) continue; /* all 0, and stays so */
      run_tile(state, pass, index, zcz_sv_spread(next, pass->num_positions, pass->positions), work,
               stream);
    }
    if (stream) state->kernels->fence();
  }
  state->support |= pass->targets;
}

zcz_status zcz_sv_apply(zcz_sv *state, const zcz_sv_plan *plan, const char *stage,
                        zcz_error *error) {
  uint32_t n = plan->num_qubits;
  if (state->num_qubits != n || state->precision != plan->precision)
    return zcz_fail(error, ZCZ_ERROR_BUG, "a plan for %u qubits was applied to a state of %u", n,
                    state->num_qubits);
  ZCZ_TRY(zcz_sv_relayout(state, plan->start, error));
  for (uint32_t i = 0; i < plan->num_passes; i++) {
    if (stage)
      ZCZ_TRY(zcz_progress(plan->context, stage, i, plan->num_passes, error));
    else if (zcz_cancelled(plan->context))
      return zcz_fail_cancelled(plan->context, error);
    run_pass(state, &plan->passes[i]);
  }
  memcpy(state->layout, plan->end, n * sizeof *plan->end);
  return plan->keep_layout ? zcz_sv_relayout(state, plan->start, error) : ZCZ_OK;
}

void zcz_sv_action_of(const zcz_op *op, zcz_sv_action *action) {
  action->controls = op->qubits;
  action->num_controls = op->num_controls;
  action->targets = op->qubits + op->num_controls;
  action->k = op->num_qubits - op->num_controls;
  if (op->kind == ZCZ_OP_GATE) {
    zcz_gate_matrix((zcz_gate)op->code, op->params, action->small);
    action->matrix = action->small;
  } else {
    action->matrix = (const zcz_complex *)op->params; /* re, im pairs */
  }
}

zcz_status zcz_sv_apply_op(zcz_sv *state, const zcz_op *op, zcz_error *error) {
  if (op->kind == ZCZ_OP_BARRIER || op->kind == ZCZ_OP_DELAY) return ZCZ_OK;
  if (op->kind != ZCZ_OP_GATE && op->kind != ZCZ_OP_UNITARY)
    return zcz_fail(error, ZCZ_ERROR_BUG, "a state vector was given an operation of kind %d",
                    op->kind);
  zcz_sv_action action;
  zcz_sv_action_of(op, &action);
  uint32_t positions[ZCZ_MAX_UNITARY_QUBITS];
  uint64_t controls = 0;
  for (uint32_t i = 0; i < action.k; i++) positions[i] = state->layout[action.targets[i]];
  for (uint32_t i = 0; i < action.num_controls; i++)
    controls |= (uint64_t)1 << state->layout[action.controls[i]];
  zcz_sv_dense(state, action.k, positions, controls, action.matrix);
  return ZCZ_OK;
}
