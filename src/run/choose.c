/* Which engine for which part. The ranking looks at the program and the options alone: exact before
 * estimated, then the cheaper forecast, then the order of the table. Memory only decides whether
 * the first of the ranking fits. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "run/parts.h"

enum { MAX_ENGINES = 16 };

typedef struct ranked {
  const zcz_engine *engine;
  zcz_judgement judgement;
} ranked;

static uint64_t add_bytes(uint64_t a, uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static void worse(zcz_accuracy *total, zcz_accuracy part) {
  if (part.kind > total->kind || (part.kind == total->kind && part.value > total->value))
    *total = part;
}

/* Adds what an engine says of one part to its row. */
static void add_to_row(zcz_plan_row *row, const zcz_judgement *judgement, bool first) {
  if (first) {
    *row = (zcz_plan_row){.engine = row->engine, .able = true};
    snprintf(row->reason, sizeof row->reason, "%s", judgement->reason);
    row->accuracy = judgement->accuracy;
  }
  if (!judgement->able) {
    if (row->able) snprintf(row->reason, sizeof row->reason, "%s", judgement->reason);
    row->able = false;
    row->bytes = judgement->bytes > row->bytes ? judgement->bytes : row->bytes;
    row->seconds = judgement->seconds > row->seconds ? judgement->seconds : row->seconds;
    return;
  }
  worse(&row->accuracy, judgement->accuracy);
  row->bytes = add_bytes(row->bytes, judgement->bytes);
  row->seconds += judgement->seconds;
}

static bool better(const ranked *a, const ranked *b) {
  if (a->judgement.accuracy.kind != b->judgement.accuracy.kind)
    return a->judgement.accuracy.kind < b->judgement.accuracy.kind;
  return a->judgement.seconds < b->judgement.seconds;
}

/* Able engines in order of preference; returns how many. */
static uint32_t rank(const ranked *all, uint32_t count, const ranked **order) {
  uint32_t able = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!all[i].judgement.able) continue;
    uint32_t at = able++;
    for (; at > 0 && better(&all[i], order[at - 1]); at--) order[at] = order[at - 1];
    order[at] = &all[i];
  }
  return able;
}

static zcz_status fail_unable(const zcz_plan *plan, const char *engine, uint32_t qubits,
                              zcz_error *error) {
  char message[ZCZ_MESSAGE_SIZE];
  int used = snprintf(message, sizeof message, "%s",
                      engine != NULL ? "" : "no engine can simulate this program");
  for (uint32_t i = 0; i < plan->num_rows && used < (int)sizeof message; i++) {
    const zcz_plan_row *row = &plan->rows[i];
    if (row->able || (engine != NULL && strcmp(engine, row->engine) != 0)) continue;
    used += snprintf(message + used, sizeof message - (size_t)used, "%s%s%s: %s",
                     engine != NULL ? "engine " : "", engine != NULL ? "" : "; ", row->engine,
                     row->reason);
  }
  zcz_status status = zcz_fail(error, ZCZ_ERROR_UNABLE, "%s", message);
  if (engine != NULL) return zcz_hint(error, status, "leave out --engine, or see zcz plan");
  return zcz_hint(error, status,
                  "the largest part that hangs together has %u qubits: use fewer qubits, or a "
                  "Clifford program (with --twirl under noise), which has no such limit",
                  qubits);
}

static zcz_status fail_memory(const zcz_context *context, const ranked *const *order, uint32_t able,
                              uint64_t used_bytes, zcz_error *error) {
  char message[ZCZ_MESSAGE_SIZE], size[64], limit[64];
  zcz_describe_bytes(zcz_context_memory_limit(context), limit, sizeof limit);
  zcz_describe_bytes(used_bytes, size, sizeof size);
  int used = snprintf(message, sizeof message,
                      "the program does not fit in the memory limit of %s, of which %s are in use",
                      limit, size);
  for (uint32_t i = 0; i < able && used < (int)sizeof message; i++) {
    zcz_describe_bytes(order[i]->judgement.bytes, size, sizeof size);
    used += snprintf(message + used, sizeof message - (size_t)used, "; %s needs %s",
                     order[i]->engine->name, size);
  }
  return zcz_hint(error, zcz_fail(error, ZCZ_ERROR_UNABLE, "%s", message),
                  "raise --memory, use fewer qubits, or --precision single");
}

typedef struct chooser {
  zcz_context *context;
  const zcz_engine *const *engines;
  uint32_t num_engines;
  const char *named;
  bool must;
  zcz_plan *plan;
  uint64_t used; /* bytes of the engines chosen so far for the view */
  bool first;    /* no part has been judged yet */
  bool chosen[MAX_ENGINES];
  bool failed; /* some part has no engine */
} chooser;

static zcz_status choose_part(chooser *c, zcz_view *view, uint32_t p, zcz_error *error) {
  const zcz_component *part = &view->components[p];
  const zcz_engine **engine = &view->engines[p];
  ranked all[MAX_ENGINES];
  const ranked *order[MAX_ENGINES];
  uint32_t candidates = 0;
  for (uint32_t i = 0; i < c->num_engines; i++) {
    zcz_judgement judgement = {0};
    c->engines[i]->judge(part->circuit, &view->tasks[p], &judgement);
    zcz_plan_row *row = &c->plan->rows[i];
    row->engine = c->engines[i]->name;
    add_to_row(row, &judgement, c->first);
    if (c->named == NULL || strcmp(c->named, row->engine) == 0)
      all[candidates++] = (ranked){c->engines[i], judgement};
  }
  c->first = false;
  const uint32_t able = rank(all, candidates, order);
  *engine = NULL;
  const uint64_t limit = zcz_context_memory_limit(c->context);
  for (uint32_t i = 0; i < able && *engine == NULL; i++) {
    const uint64_t bytes = order[i]->judgement.bytes;
    if (bytes > limit || c->used > limit - bytes) continue;
    *engine = order[i]->engine;
    view->judgements[p] = order[i]->judgement;
    c->used += bytes;
    if (i > 0)
      zcz_context_warn(c->context,
                       "the %s engine, first choice for this program, does not fit in memory: %s "
                       "is used",
                       order[0]->engine->name, order[i]->engine->name);
  }
  if (*engine != NULL) {
    for (uint32_t i = 0; i < c->num_engines; i++)
      if (c->engines[i] == *engine) c->chosen[i] = true;
    return ZCZ_OK;
  }
  c->failed = true;
  if (!c->must) return ZCZ_OK;
  return able == 0 ? fail_unable(c->plan, c->named, part->num_qubits, error)
                   : fail_memory(c->context, order, able, c->used, error);
}

static zcz_status choose_view(chooser *c, zcz_view *view, zcz_error *error) {
  c->used = zcz_memory_in_use(c->context);
  for (uint32_t p = 0; p < view->num_components; p++) {
    if (view->components[p].num_qubits > c->plan->widest_part)
      c->plan->widest_part = view->components[p].num_qubits;
    ZCZ_TRY(choose_part(c, view, p, error));
  }
  c->plan->num_parts += view->num_components;
  return ZCZ_OK;
}

static zcz_status check_name(const zcz_engine *const *engines, uint32_t count, const char *named,
                             zcz_error *error) {
  if (named == NULL || zcz_engine_by_name(named) != NULL) return ZCZ_OK;
  char names[256];
  int used = snprintf(names, sizeof names, "auto");
  for (uint32_t i = 0; i < count && used < (int)sizeof names; i++)
    used += snprintf(names + used, sizeof names - (size_t)used, ", %s", engines[i]->name);
  return zcz_hint(error,
                  zcz_fail(error, ZCZ_ERROR_USAGE, "engine \"%s\"; there are %s", named, names),
                  "name one of these, or leave the choice to auto");
}

zcz_status zcz_choose(zcz_prepared *prepared, const zcz_job_options *options, bool must,
                      zcz_plan *plan, zcz_error *error) {
  chooser c = {.context = prepared->context,
               .named = options->engine,
               .must = must,
               .plan = plan,
               .first = true};
  c.engines = zcz_engines(&c.num_engines);
  if (c.num_engines > MAX_ENGINES)
    return zcz_fail(error, ZCZ_ERROR_BUG, "%u engines in the table", c.num_engines);
  ZCZ_TRY(check_name(c.engines, c.num_engines, c.named, error));
  plan->rows = zcz_memory_zeroed(prepared->context, c.num_engines, sizeof *plan->rows);
  if (plan->rows == NULL)
    return zcz_fail_memory(prepared->context, error, "a plan", sizeof *plan->rows);
  plan->num_rows = c.num_engines;
  for (uint32_t i = 0; i < c.num_engines; i++)
    plan->rows[i] =
        (zcz_plan_row){.engine = c.engines[i]->name, .able = true, .reason = "nothing to simulate"};
  if (prepared->wants_samples) ZCZ_TRY(choose_view(&c, &prepared->samples, error));
  if (prepared->wants_state) ZCZ_TRY(choose_view(&c, &prepared->pure, error));
  size_t used = 0;
  for (uint32_t i = 0; i < c.num_engines; i++) {
    zcz_plan_row *row = &plan->rows[i];
    row->fits = row->able && row->bytes <= zcz_context_memory_limit(prepared->context);
    if (c.chosen[i] && !c.failed && used < sizeof plan->chosen)
      used += (size_t)snprintf(plan->chosen + used, sizeof plan->chosen - used, "%s%s",
                               used > 0 ? "+" : "", row->engine);
  }
  if (used == 0 && !c.failed && c.first) /* every measured bit is known without simulating */
    snprintf(plan->chosen, sizeof plan->chosen, "%s",
             options->engine != NULL ? options->engine : c.engines[0]->name);
  return ZCZ_OK;
}

zcz_status zcz_job_plan(const zcz_circuit *circuit, const zcz_job_options *options, zcz_plan **plan,
                        zcz_error *error) {
  zcz_context *context = zcz_circuit_context(circuit);
  *plan = NULL;
  zcz_prepared prepared;
  ZCZ_TRY(zcz_prepare(circuit, options, &prepared, error));
  zcz_plan *made = zcz_memory_zeroed(context, 1, sizeof *made);
  zcz_status status = made == NULL ? zcz_fail_memory(context, error, "a plan", sizeof *made)
                                   : zcz_choose(&prepared, options, false, made, error);
  zcz_prepared_free(&prepared);
  if (status != ZCZ_OK) {
    zcz_plan_free(context, made);
    return status;
  }
  *plan = made;
  return ZCZ_OK;
}

void zcz_plan_free(zcz_context *context, zcz_plan *plan) {
  if (plan == NULL) return;
  zcz_memory_release(context, plan->rows);
  zcz_memory_release(context, plan);
}
