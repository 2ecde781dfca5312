#include <string.h>

#include "base/memory.h"
#include "base/progress.h"
#include "base/random.h"
#include "run/parts.h"

/* A program without control flow, without its classical bits, which nothing writes. */
static zcz_status copy_quantum(const zcz_circuit *source, zcz_circuit *result, zcz_error *error) {
  const zcz_register *registers = zcz_circuit_qubit_registers(source);
  for (uint32_t i = 0; i < zcz_circuit_num_qubit_registers(source); i++)
    ZCZ_TRY(zcz_circuit_add_qubits(result, registers[i].name, registers[i].size, NULL, error));
  for (uint32_t q = 0; q < zcz_circuit_num_qubits(source); q++)
    if (zcz_circuit_label(source, q) != ZCZ_NONE)
      zcz_circuit_set_label(result, q, zcz_circuit_label(source, q));
  for (size_t i = 0; i < zcz_circuit_num_ops(source, 0); i++)
    ZCZ_TRY(zcz_circuit_append(result, 0, &zcz_circuit_ops(source, 0)[i], error));
  return ZCZ_OK;
}

static zcz_status measure_all(zcz_circuit *circuit, zcz_error *error) {
  const uint32_t n = zcz_circuit_num_qubits(circuit);
  uint32_t first;
  ZCZ_TRY(zcz_circuit_add_bits(circuit, "m", n, &first, error));
  for (uint32_t q = 0; q < n; q++) ZCZ_TRY(zcz_circuit_measure(circuit, 0, q, first + q, error));
  return ZCZ_OK;
}

/* A copy of the program to sample from: one that measures nothing gets one register `m`, of all its
 * qubits, qubit 0 first. */
static zcz_status copy_measured(const zcz_circuit *source, const zcz_circuit_traits *traits,
                                zcz_circuit **result, zcz_error *error) {
  if (traits->has_measurement) return zcz_circuit_copy(source, result, error);
  if (traits->has_control_flow) {
    ZCZ_TRY(zcz_circuit_copy(source, result, error));
  } else {
    ZCZ_TRY(zcz_circuit_new(zcz_circuit_context(source), result, error));
    ZCZ_TRY(copy_quantum(source, *result, error));
  }
  return measure_all(*result, error);
}

typedef struct stripper {
  const zcz_circuit *source;
  bool *acted; /* qubits that something later acts on */
  bool *read;  /* bits that an expression reads */
} stripper;

static void mark_block(stripper *s, uint32_t block) {
  const zcz_op *ops = zcz_circuit_ops(s->source, block);
  for (size_t i = 0; i < zcz_circuit_num_ops(s->source, block); i++)
    for (uint32_t q = 0; q < ops[i].num_qubits; q++) s->acted[ops[i].qubits[q]] = true;
}

/* Is this operation of block 0 a measurement that ends its qubit? Asked from the last operation
 * backwards. Blocks of control flow are taken as acting on all their qubits, at any place. */
static bool ends_qubit(stripper *s, const zcz_op *op) {
  if (op->kind == ZCZ_OP_MEASURE) {
    if (!s->acted[op->qubits[0]] && !s->read[op->bit]) return true;
    s->acted[op->qubits[0]] = true;
    return false;
  }
  if (op->kind == ZCZ_OP_BARRIER || op->kind == ZCZ_OP_DELAY) return false;
  for (uint32_t q = 0; q < op->num_qubits; q++) s->acted[op->qubits[q]] = true;
  return false;
}

static void mark_reads(stripper *s) {
  const zcz_expression *e = zcz_circuit_expressions(s->source);
  for (uint32_t i = 0; i < zcz_circuit_num_expressions(s->source); i++) {
    if (e[i].kind == ZCZ_EXPRESSION_BIT) s->read[e[i].index] = true;
    for (uint32_t b = 0; e[i].kind == ZCZ_EXPRESSION_BITS && b < e[i].size; b++)
      s->read[e[i].index + b] = true;
  }
}

static zcz_status copy_unless(const zcz_circuit *source, const bool *dropped, zcz_circuit *result,
                              zcz_error *error) {
  uint32_t block;
  for (uint32_t b = 1; b < zcz_circuit_num_blocks(source); b++)
    ZCZ_TRY(zcz_circuit_add_block(result, &block, error));
  for (uint32_t b = 0; b < zcz_circuit_num_blocks(source); b++)
    for (size_t i = 0; i < zcz_circuit_num_ops(source, b); i++)
      if (b > 0 || !dropped[i])
        ZCZ_TRY(zcz_circuit_append(result, b, &zcz_circuit_ops(source, b)[i], error));
  return ZCZ_OK;
}

/* The circuit without the measurements that end their qubits. */
static zcz_status strip_terminal(const zcz_circuit *source, zcz_circuit **result,
                                 zcz_error *error) {
  zcz_context *context = zcz_circuit_context(source);
  const size_t qubits = zcz_circuit_num_qubits(source), bits = zcz_circuit_num_bits(source);
  const size_t count = zcz_circuit_num_ops(source, 0);
  bool *flags = zcz_memory_zeroed(context, qubits + bits + count + 1, sizeof *flags);
  if (flags == NULL) return zcz_fail_memory(context, error, "a copy of the program", count);
  stripper s = {.source = source, .acted = flags, .read = flags + qubits};
  bool *dropped = flags + qubits + bits;
  mark_reads(&s);
  for (uint32_t b = 1; b < zcz_circuit_num_blocks(source); b++) mark_block(&s, b);
  for (size_t i = count; i-- > 0;) dropped[i] = ends_qubit(&s, &zcz_circuit_ops(source, 0)[i]);
  zcz_status status = zcz_circuit_new_like(source, ZCZ_NONE, result, error);
  if (status == ZCZ_OK) {
    status = copy_unless(source, dropped, *result, error);
    if (status != ZCZ_OK) {
      zcz_circuit_free(*result);
      *result = NULL;
    }
  }
  zcz_memory_release(context, flags);
  return status;
}

/* Each part draws from a seed of its own, so that two parts never share a random number. */
static uint64_t part_seed(uint64_t seed, uint32_t part) {
  if (part == 0) return seed;
  zcz_random_block block = zcz_random(seed, ZCZ_PURPOSE_PART, 0, part, 0);
  return (uint64_t)block.word[0] << 32 | block.word[1];
}

static zcz_status make_tasks(zcz_prepared *prepared, zcz_view *view, zcz_error *error) {
  zcz_context *context = prepared->context;
  const uint32_t count = view->num_components;
  view->tasks = zcz_memory_zeroed(context, count + 1, sizeof *view->tasks);
  view->engines = zcz_memory_zeroed(context, count + 1, sizeof *view->engines);
  view->judgements = zcz_memory_zeroed(context, count + 1, sizeof *view->judgements);
  if (view->tasks == NULL || view->engines == NULL || view->judgements == NULL)
    return zcz_fail_memory(context, error, "a plan", count * sizeof *view->tasks);
  for (uint32_t c = 0; c < count; c++) {
    view->tasks[c] = view->task;
    view->tasks[c].seed = part_seed(view->task.seed, c);
  }
  return ZCZ_OK;
}

static zcz_status prepare_samples(zcz_prepared *prepared, const zcz_circuit *base,
                                  const zcz_job_options *options, zcz_error *error) {
  zcz_view *view = &prepared->samples;
  view->task = (zcz_task){.precision = options->precision,
                          .seed = options->seed,
                          .shots = options->shots,
                          .probabilities = options->probabilities};
  ZCZ_TRY(zcz_pass_light_cone(base, NULL, &view->circuit, error));
  ZCZ_TRY(zcz_split_components(view->circuit, &view->components, &view->num_components, error));
  return make_tasks(prepared, view, error);
}

/* The qubits that some observable acts on. */
static void mark_support(const zcz_prepared *prepared, bool *keep) {
  for (uint32_t o = 0; o < prepared->num_observables; o++)
    for (uint32_t t = 0; t < prepared->observables[o]->num_terms; t++) {
      const zcz_term *term = &prepared->observables[o]->terms[t];
      for (uint32_t f = 0; f < term->num_factors; f++) keep[term->factors[f].qubit] = true;
    }
}

/* A whole circuit as its only part. */
static zcz_status single_component(zcz_prepared *prepared, zcz_view *view, zcz_error *error) {
  zcz_context *context = prepared->context;
  const uint32_t qubits = zcz_circuit_num_qubits(view->circuit);
  const uint32_t bits = zcz_circuit_num_bits(view->circuit);
  view->components = zcz_memory_zeroed(context, 1, sizeof *view->components);
  if (view->components == NULL) return zcz_fail_memory(context, error, "a plan", 64);
  view->num_components = 1;
  zcz_component *part = view->components;
  part->num_qubits = qubits;
  part->num_bits = bits;
  part->qubits = zcz_memory_allocate(context, ((size_t)qubits + bits) * sizeof *part->qubits);
  if (part->qubits == NULL)
    return zcz_fail_memory(context, error, "a plan", ((size_t)qubits + bits) * sizeof *part->bits);
  part->bits = part->qubits + qubits; /* one block, as zcz_components_free releases it */
  for (uint32_t q = 0; q < qubits; q++) part->qubits[q] = q;
  for (uint32_t b = 0; b < bits; b++) part->bits[b] = b;
  return zcz_circuit_copy(view->circuit, &part->circuit, error);
}

static zcz_status prepare_pure(zcz_prepared *prepared, const zcz_circuit *base,
                               const zcz_job_options *options, zcz_error *error) {
  zcz_view *view = &prepared->pure;
  view->task = (zcz_task){.precision = options->precision,
                          .seed = options->seed,
                          .shots = options->shots,
                          .state = options->state,
                          .num_amplitudes = options->num_amplitudes};
  const bool whole = options->state || options->num_amplitudes > 0;
  ZCZ_TRY(strip_terminal(base, &view->circuit, error));
  zcz_circuit_traits traits = zcz_circuit_describe(view->circuit);
  if (whole && (traits.dynamic || traits.has_measurement || traits.has_channel))
    return zcz_hint(
        error,
        zcz_fail(error, ZCZ_ERROR_UNABLE,
                 "a state or amplitudes were asked for, and the program has %s, so it "
                 "ends in no single pure state",
                 traits.has_channel ? "noise" : "a measurement or reset before its end"),
        "ask for --shots, --probabilities or --expect instead");
  if (!whole) {
    zcz_circuit *stripped = view->circuit;
    bool *keep = zcz_memory_zeroed(prepared->context, zcz_circuit_num_qubits(stripped) + 1u, 1);
    if (keep == NULL) return zcz_fail_memory(prepared->context, error, "a light cone", 1);
    mark_support(prepared, keep);
    view->circuit = NULL;
    zcz_status status = zcz_pass_light_cone(stripped, keep, &view->circuit, error);
    zcz_memory_release(prepared->context, keep);
    zcz_circuit_free(stripped);
    ZCZ_TRY(status);
  }
  if (options->state)
    ZCZ_TRY(single_component(prepared, view, error));
  else
    ZCZ_TRY(zcz_split_components(view->circuit, &view->components, &view->num_components, error));
  ZCZ_TRY(make_tasks(prepared, view, error));
  return zcz_factor_observables(prepared, view, error);
}

static zcz_status parse_observables(zcz_prepared *prepared, const zcz_job_options *options,
                                    uint32_t num_qubits, zcz_error *error) {
  const uint32_t count = options->num_observables;
  if (count == 0) return ZCZ_OK;
  prepared->observables =
      zcz_memory_zeroed(prepared->context, count, sizeof(*prepared->observables));
  if (prepared->observables == NULL)
    return zcz_fail_memory(prepared->context, error, "observables", count * sizeof(void *));
  prepared->num_observables = count;
  for (uint32_t i = 0; i < count; i++)
    ZCZ_TRY(zcz_observable_parse(prepared->context, options->observables[i], num_qubits,
                                 &prepared->observables[i], error));
  return ZCZ_OK;
}

static zcz_status check_options(const zcz_job_options *options, zcz_error *error) {
  if (options->shots > ZCZ_MAX_SHOTS)
    return zcz_hint(error,
                    zcz_fail(error, ZCZ_ERROR_UNABLE, "%llu shots; at most %llu are drawn",
                             (unsigned long long)options->shots, ZCZ_MAX_SHOTS),
                    "run several jobs with different seeds");
  if (options->seed > ZCZ_MAX_SEED)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "seed %llu; allowed are 0 to %llu",
                    (unsigned long long)options->seed, ZCZ_MAX_SEED);
  if (options->precision != ZCZ_PRECISION_SINGLE && options->precision != ZCZ_PRECISION_DOUBLE)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "precision %d; there are 1 (single) and 2 (double)",
                    (int)options->precision);
  if (options->chip != NULL &&
      (options->state || options->num_amplitudes > 0 || options->num_observables > 0))
    return zcz_fail(error, ZCZ_ERROR_USAGE,
                    "a state, amplitudes or expectation values of a noisy machine; it gives shots");
  return ZCZ_OK;
}

static zcz_status compile(zcz_prepared *prepared, const zcz_job_options *options,
                          zcz_error *error) {
  zcz_compile_options compile = {.layout = options->layout,
                                 .qubits = options->qubits,
                                 .num_qubits = options->num_qubits,
                                 .seed = options->seed};
  ZCZ_TRY(zcz_compile(prepared->source, options->chip, &compile, &prepared->compiled, error));
  return zcz_noise_apply(prepared->compiled->circuit, options->chip, &options->noise,
                         &prepared->noisy, error);
}

static zcz_status prepare(const zcz_circuit *circuit, const zcz_job_options *options,
                          zcz_prepared *prepared, zcz_error *error) {
  ZCZ_TRY(check_options(options, error));
  ZCZ_TRY(parse_observables(prepared, options, zcz_circuit_num_qubits(circuit), error));
  const zcz_circuit_traits traits = zcz_circuit_describe(circuit);
  prepared->own_noise = traits.has_channel;
  prepared->num_operations = zcz_circuit_size(circuit);
  prepared->wants_samples = options->shots > 0 || options->probabilities;
  prepared->wants_state =
      options->state || options->num_amplitudes > 0 || options->num_observables > 0;
  if (prepared->wants_samples)
    ZCZ_TRY(copy_measured(circuit, &traits, &prepared->source, error));
  else
    ZCZ_TRY(zcz_circuit_copy(circuit, &prepared->source, error));
  const double start = zcz_clock();
  if (options->chip != NULL) ZCZ_TRY(compile(prepared, options, error));
  prepared->compile_seconds = zcz_clock() - start;
  const zcz_circuit *base = options->chip != NULL ? prepared->noisy : prepared->source;
  if (prepared->wants_samples) ZCZ_TRY(prepare_samples(prepared, base, options, error));
  /* The state view starts from the program as given, not from the one measured for the shots. */
  if (prepared->wants_state) ZCZ_TRY(prepare_pure(prepared, circuit, options, error));
  return ZCZ_OK;
}

zcz_status zcz_prepare(const zcz_circuit *circuit, const zcz_job_options *options,
                       zcz_prepared *prepared, zcz_error *error) {
  *prepared = (zcz_prepared){.context = zcz_circuit_context(circuit)};
  zcz_status status = prepare(circuit, options, prepared, error);
  if (status != ZCZ_OK) zcz_prepared_free(prepared);
  return status;
}

static void free_view(zcz_context *context, zcz_view *view) {
  zcz_factored_free(context, view);
  zcz_components_free(context, view->components, view->num_components);
  zcz_circuit_free(view->circuit);
  zcz_memory_release(context, view->tasks);
  zcz_memory_release(context, view->engines);
  zcz_memory_release(context, view->judgements);
}

void zcz_prepared_free(zcz_prepared *prepared) {
  zcz_context *context = prepared->context;
  free_view(context, &prepared->samples);
  free_view(context, &prepared->pure);
  for (uint32_t i = 0; i < prepared->num_observables; i++)
    zcz_observable_free(context, prepared->observables[i]);
  zcz_memory_release(context, prepared->observables);
  zcz_compiled_free(context, prepared->compiled);
  zcz_circuit_free(prepared->noisy);
  zcz_circuit_free(prepared->source);
  *prepared = (zcz_prepared){.context = context};
}
