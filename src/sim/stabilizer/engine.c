#include "sim/stabilizer/engine.h"

#include "base/memory.h"
#include "sim/stabilizer/exact.h"
#include "sim/stabilizer/frames.h"
#include "sim/stabilizer/shots.h"

typedef struct zcz_stabilizer_run {
  const zcz_circuit *circuit; /* borrowed, as the task */
  const zcz_task *task;
  zcz_frame_program *frames; /* the one for shots; NULL: not asked for, or shot by shot */
  zcz_walk *walk;
} zcz_stabilizer_run;

static void close_run(void *pointer) {
  zcz_stabilizer_run *run = pointer;
  if (!run) return;
  zcz_frame_program_free(run->frames);
  zcz_walk_free(run->walk);
  zcz_memory_release(zcz_circuit_context(run->circuit), run);
}

static zcz_status open_run(zcz_context *context, const zcz_circuit *circuit, const zcz_task *task,
                           void **result, zcz_error *error) {
  zcz_stabilizer_run *run = zcz_memory_zeroed(context, 1, sizeof *run);
  zcz_clifford_cache *cache = zcz_memory_zeroed(context, 1, sizeof *cache);
  zcz_status status = ZCZ_OK;
  *result = NULL;
  if (!run || !cache) {
    status = zcz_fail_memory(context, error, "a run of the stabilizer engine", sizeof *run);
    zcz_memory_release(context, run);
    zcz_memory_release(context, cache);
    return status;
  }
  run->circuit = circuit;
  run->task = task;
  if (task->shots > 0) {
    if (zcz_frames_can(circuit, cache))
      status = zcz_frame_program_new(circuit, false, &run->frames, error);
    else
      status = zcz_walk_new(circuit, &run->walk, error);
  }
  zcz_memory_release(context, cache);
  if (status == ZCZ_OK)
    *result = run;
  else
    close_run(run);
  return status;
}

static zcz_status sample(void *pointer, uint64_t first, uint64_t count, uint64_t *columns,
                         zcz_error *error) {
  zcz_stabilizer_run *run = pointer;
  if (run->frames)
    return zcz_frames_sample(run->frames, run->task->seed, first, count, columns, error);
  if (run->walk)
    return zcz_tableau_sample(run->walk, run->task->seed, first, count, columns, error);
  return zcz_fail(error, ZCZ_ERROR_BUG, "shots of a task that asks for none");
}

static zcz_status probabilities(void *pointer, zcz_distribution *distribution, zcz_error *error) {
  zcz_stabilizer_run *run = pointer;
  zcz_context *context = zcz_circuit_context(run->circuit);
  zcz_frame_program *program = NULL;
  zcz_affine affine = {0};
  bool all = !zcz_circuit_describe(run->circuit).has_measurement;
  *distribution = (zcz_distribution){0};
  ZCZ_TRY(zcz_frame_program_new(run->circuit, all, &program, error));
  uint32_t num_bits = program->num_bits;
  zcz_status status = zcz_affine_new(program, &affine, error);
  zcz_frame_program_free(program);
  if (status == ZCZ_OK && affine.dimension > ZCZ_STABILIZER_RANDOM_BITS)
    status = zcz_hint(error,
                      zcz_fail(error, ZCZ_ERROR_UNABLE,
                               "the distribution has more than 2^%d outcomes, all equally likely",
                               ZCZ_STABILIZER_RANDOM_BITS),
                      "ask for shots");
  if (status == ZCZ_OK)
    status = zcz_affine_distribution(context, &affine, num_bits, distribution, error);
  zcz_affine_release(context, &affine);
  return status;
}

static zcz_status expectations(void *pointer, double *values, double *errors, zcz_error *error) {
  zcz_stabilizer_run *run = pointer;
  for (uint32_t i = 0; i < run->task->num_observables; i++) errors[i] = 0;
  return zcz_stabilizer_expectations(run->circuit, run->task->num_observables,
                                     run->task->observables, values, error);
}

const zcz_engine zcz_engine_stabilizer = {
    .name = "stabilizer",
    .text = "Clifford gates with Pauli noise at any width: a tableau, then Pauli frames",
    .reproducible = "everywhere",
    .judge = zcz_stabilizer_judge,
    .open = open_run,
    .sample = sample,
    .close = close_run,
    .probabilities = probabilities,
    .expectations = expectations,
};
