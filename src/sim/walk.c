#include "sim/walk.h"

#include "base/memory.h"

#include <string.h>

typedef enum instruction_kind {
  DO_STEP,   /* argument = step */
  DO_ASSIGN, /* argument = assignment */
  DO_TEST,   /* argument = expression; false: go to target */
  DO_ENTER,  /* a block begins; argument = line of the text */
  DO_JUMP,   /* go to target */
  DO_END
} instruction_kind;

typedef struct instruction {
  instruction_kind kind;
  uint32_t argument;
  uint32_t target;
} instruction;

struct zcz_walk_code {
  zcz_walk walk; /* what the caller sees; first, so that it can be freed as this */
  instruction *instructions;
  size_t count, capacity;
  zcz_step *steps;
  size_t steps_capacity;
  size_t *step_ops; /* first operation of each step */
  size_t step_ops_capacity;
  zcz_op *ops; /* copies, in the order of the steps; then the terminal measurements */
  size_t num_ops, ops_capacity;
  uint32_t *sites;
  size_t sites_capacity;
  const zcz_op **assignments;
  size_t num_assignments, assignments_capacity;
  uint32_t *block_sites; /* number of each block's first operation */
};

enum { MAX_DEPTH = 1000, MAX_OPS = 10000000 };

typedef struct builder {
  struct zcz_walk_code *code;
  zcz_context *context;
  const bool *terminal; /* per operation of block 0 */
  bool run_open;        /* the last instruction is a RUN that may grow */
  uint32_t loops;
  uint32_t depth;
  zcz_error *error;
} builder;

/* ---- which measurements are terminal ---- */

typedef struct uses {
  const zcz_circuit *circuit;
  bool *qubits, *bits, *expressions, *blocks; /* used later; marked already */
} uses;

static void use_expression(uses *u, uint32_t root) {
  if (root == ZCZ_NONE) return;
  const zcz_expression *list = zcz_circuit_expressions(u->circuit);
  u->expressions[root] = true;
  for (uint32_t i = root + 1; i-- > 0;) { /* parts have smaller numbers */
    if (!u->expressions[i]) continue;
    u->expressions[i] = false;
    const zcz_expression *e = &list[i];
    switch (e->kind) {
    case ZCZ_EXPRESSION_CONSTANT:
    case ZCZ_EXPRESSION_VARIABLE: break;
    case ZCZ_EXPRESSION_BIT: u->bits[e->index] = true; break;
    case ZCZ_EXPRESSION_BITS:
      for (uint32_t b = 0; b < e->size; b++) u->bits[e->index + b] = true;
      break;
    case ZCZ_EXPRESSION_BINARY: u->expressions[e->right] = true; /* fall through */
    case ZCZ_EXPRESSION_UNARY: u->expressions[e->left] = true; break;
    }
  }
}

static void use_block(uses *u, uint32_t block);

static void use_op(uses *u, const zcz_op *op) {
  switch ((zcz_op_kind)op->kind) {
  case ZCZ_OP_BARRIER:
  case ZCZ_OP_DELAY: return;
  case ZCZ_OP_GATE:
  case ZCZ_OP_UNITARY:
  case ZCZ_OP_CHANNEL:
  case ZCZ_OP_RESET:
  case ZCZ_OP_MEASURE:
    for (uint32_t i = 0; i < op->num_qubits; i++) u->qubits[op->qubits[i]] = true;
    if (op->kind == ZCZ_OP_MEASURE && op->bit != ZCZ_NONE) u->bits[op->bit] = true;
    return;
  case ZCZ_OP_ASSIGN:
  case ZCZ_OP_IF:
  case ZCZ_OP_WHILE:
    use_expression(u, op->expression);
    if (op->kind == ZCZ_OP_ASSIGN && op->bit != ZCZ_NONE) u->bits[op->bit] = true;
    if (op->kind != ZCZ_OP_ASSIGN) {
      use_block(u, op->blocks[0]);
      use_block(u, op->blocks[1]);
    }
    return;
  case ZCZ_OP_KIND_COUNT: return;
  }
}

static void use_block(uses *u, uint32_t block) {
  if (block == ZCZ_NONE || u->blocks[block]) return;
  u->blocks[block] = true;
  const zcz_op *ops = zcz_circuit_ops(u->circuit, block);
  for (size_t i = zcz_circuit_num_ops(u->circuit, block); i-- > 0;) use_op(u, &ops[i]);
}

static zcz_status find_terminals(zcz_context *context, const zcz_circuit *circuit, bool **terminal,
                                 zcz_error *error) {
  size_t count = zcz_circuit_num_ops(circuit, 0);
  size_t sizes[4] = {zcz_circuit_num_qubits(circuit), zcz_circuit_num_bits(circuit),
                     zcz_circuit_num_expressions(circuit), zcz_circuit_num_blocks(circuit)};
  bool *all = zcz_memory_zeroed(context, sizes[0] + sizes[1] + sizes[2] + sizes[3] + 1, 1);
  *terminal = zcz_memory_zeroed(context, count + 1, sizeof(bool));
  if (all == NULL || *terminal == NULL) {
    zcz_memory_release(context, all);
    return zcz_fail_memory(context, error, "the program's steps", count);
  }
  uses u = {.circuit = circuit,
            .qubits = all,
            .bits = all + sizes[0],
            .expressions = all + sizes[0] + sizes[1],
            .blocks = all + sizes[0] + sizes[1] + sizes[2]};
  const zcz_op *ops = zcz_circuit_ops(circuit, 0);
  for (size_t i = count; i-- > 0;) {
    if (ops[i].kind == ZCZ_OP_MEASURE) {
      bool bit_used = ops[i].bit != ZCZ_NONE && u.bits[ops[i].bit];
      (*terminal)[i] = !u.qubits[ops[i].qubits[0]] && !bit_used;
    }
    use_op(&u, &ops[i]);
  }
  zcz_memory_release(context, all);
  return ZCZ_OK;
}

/* ---- unfolding ---- */

static zcz_status no_room(builder *b) {
  return zcz_fail_memory(b->context, b->error, "the program's steps",
                         b->code->num_ops * sizeof(zcz_op));
}

static zcz_status emit(builder *b, instruction_kind kind, uint32_t argument, size_t *index) {
  struct zcz_walk_code *code = b->code;
  if (!zcz_memory_grow(b->context, &code->instructions, &code->capacity, code->count + 1,
                       sizeof(instruction)))
    return no_room(b);
  if (code->count >= MAX_OPS)
    return zcz_hint(b->error,
                    zcz_fail(b->error, ZCZ_ERROR_UNABLE,
                             "the blocks of the program unfold to more than %d operations",
                             MAX_OPS),
                    "use a loop where the same block stands many times");
  code->instructions[code->count] = (instruction){kind, argument, 0};
  if (index != NULL) *index = code->count;
  code->count++;
  b->run_open = false;
  return ZCZ_OK;
}

static zcz_status add_op(builder *b, const zcz_op *op, uint32_t site) {
  struct zcz_walk_code *code = b->code;
  if (!zcz_memory_grow(b->context, &code->ops, &code->ops_capacity, code->num_ops + 1,
                       sizeof(zcz_op)) ||
      !zcz_memory_grow(b->context, &code->sites, &code->sites_capacity, code->num_ops + 1,
                       sizeof(uint32_t)))
    return no_room(b);
  if (code->num_ops >= MAX_OPS)
    return zcz_fail(b->error, ZCZ_ERROR_UNABLE, "the program unfolds to more than %d operations",
                    MAX_OPS);
  code->ops[code->num_ops] = *op;
  code->sites[code->num_ops] = site;
  code->num_ops++;
  return ZCZ_OK;
}

static zcz_status add_step(builder *b, zcz_step_kind kind, const zcz_op *op, uint32_t site) {
  struct zcz_walk_code *code = b->code;
  zcz_walk *walk = &code->walk;
  if (kind == ZCZ_STEP_RUN && b->run_open) {
    code->steps[walk->num_steps - 1].count++;
    return add_op(b, op, site);
  }
  if (!zcz_memory_grow(b->context, &code->steps, &code->steps_capacity, walk->num_steps + 1,
                       sizeof(zcz_step)) ||
      !zcz_memory_grow(b->context, &code->step_ops, &code->step_ops_capacity, walk->num_steps + 1,
                       sizeof(size_t)))
    return no_room(b);
  code->steps[walk->num_steps] =
      (zcz_step){.kind = kind,
                 .count = 1,
                 .loops = b->loops,
                 .run = kind == ZCZ_STEP_RUN ? walk->num_runs++ : ZCZ_NONE};
  code->step_ops[walk->num_steps] = code->num_ops;
  ZCZ_TRY(emit(b, DO_STEP, (uint32_t)walk->num_steps, NULL));
  walk->num_steps++;
  b->run_open = kind == ZCZ_STEP_RUN;
  return add_op(b, op, site);
}

static zcz_status add_block(builder *b, uint32_t block);

static zcz_status add_assignment(builder *b, const zcz_op *op) {
  struct zcz_walk_code *code = b->code;
  if (!zcz_memory_grow(b->context, &code->assignments, &code->assignments_capacity,
                       code->num_assignments + 1, sizeof(const zcz_op *)))
    return no_room(b);
  code->assignments[code->num_assignments] = op;
  return emit(b, DO_ASSIGN, (uint32_t)code->num_assignments++, NULL);
}

static zcz_status add_inner(builder *b, uint32_t block, uint32_t line) {
  if (++b->depth > MAX_DEPTH)
    return zcz_fail(b->error, ZCZ_ERROR_UNABLE, "line %u: blocks nest deeper than %d", line,
                    MAX_DEPTH);
  ZCZ_TRY(emit(b, DO_ENTER, line, NULL));
  ZCZ_TRY(add_block(b, block));
  b->depth--;
  b->run_open = false;
  return ZCZ_OK;
}

static zcz_status add_if(builder *b, const zcz_op *op) {
  struct zcz_walk_code *code = b->code;
  size_t test, jump;
  ZCZ_TRY(emit(b, DO_TEST, op->expression, &test));
  if (op->blocks[0] != ZCZ_NONE) ZCZ_TRY(add_inner(b, op->blocks[0], op->line));
  if (op->blocks[1] != ZCZ_NONE) {
    ZCZ_TRY(emit(b, DO_JUMP, 0, &jump));
    code->instructions[test].target = (uint32_t)code->count;
    ZCZ_TRY(add_inner(b, op->blocks[1], op->line));
    code->instructions[jump].target = (uint32_t)code->count;
  } else {
    code->instructions[test].target = (uint32_t)code->count;
  }
  return ZCZ_OK;
}

static zcz_status add_while(builder *b, const zcz_op *op) {
  struct zcz_walk_code *code = b->code;
  size_t test, jump;
  code->walk.has_loop = true;
  ZCZ_TRY(emit(b, DO_TEST, op->expression, &test));
  b->loops++;
  ZCZ_TRY(add_inner(b, op->blocks[0], op->line));
  b->loops--;
  ZCZ_TRY(emit(b, DO_JUMP, 0, &jump));
  code->instructions[jump].target = (uint32_t)test;
  code->instructions[test].target = (uint32_t)code->count;
  return ZCZ_OK;
}

static zcz_status add_block(builder *b, uint32_t block) {
  const zcz_circuit *circuit = b->code->walk.circuit;
  const zcz_op *ops = zcz_circuit_ops(circuit, block);
  size_t count = zcz_circuit_num_ops(circuit, block);
  for (size_t i = 0; i < count; i++) {
    const zcz_op *op = &ops[i];
    uint32_t site = b->code->block_sites[block] + (uint32_t)i;
    switch ((zcz_op_kind)op->kind) {
    case ZCZ_OP_BARRIER:
    case ZCZ_OP_DELAY: break;
    case ZCZ_OP_GATE:
    case ZCZ_OP_UNITARY:
    case ZCZ_OP_CHANNEL: ZCZ_TRY(add_step(b, ZCZ_STEP_RUN, op, site)); break;
    case ZCZ_OP_RESET: ZCZ_TRY(add_step(b, ZCZ_STEP_RESET, op, site)); break;
    case ZCZ_OP_MEASURE:
      if (block == 0 && b->depth == 0 && b->terminal[i]) break;
      ZCZ_TRY(add_step(b, ZCZ_STEP_MEASURE, op, site));
      break;
    case ZCZ_OP_ASSIGN: ZCZ_TRY(add_assignment(b, op)); break;
    case ZCZ_OP_IF: ZCZ_TRY(add_if(b, op)); break;
    case ZCZ_OP_WHILE: ZCZ_TRY(add_while(b, op)); break;
    case ZCZ_OP_KIND_COUNT:
      return zcz_fail(b->error, ZCZ_ERROR_BUG, "operation of unknown kind %u", op->kind);
    }
  }
  return ZCZ_OK;
}

static zcz_status build(builder *b) {
  struct zcz_walk_code *code = b->code;
  zcz_walk *walk = &code->walk;
  ZCZ_TRY(add_block(b, 0));
  ZCZ_TRY(emit(b, DO_END, 0, NULL));
  size_t first_terminal = code->num_ops;
  const zcz_op *ops = zcz_circuit_ops(walk->circuit, 0);
  for (size_t i = 0; i < zcz_circuit_num_ops(walk->circuit, 0); i++)
    if (b->terminal[i]) ZCZ_TRY(add_op(b, &ops[i], (uint32_t)i));
  walk->num_terminals = code->num_ops - first_terminal;
  walk->terminals = code->ops + first_terminal;
  walk->terminal_sites = code->sites + first_terminal;
  for (size_t s = 0; s < walk->num_steps; s++) {
    code->steps[s].ops = code->ops + code->step_ops[s];
    code->steps[s].sites = code->sites + code->step_ops[s];
  }
  walk->steps = code->steps;
  return ZCZ_OK;
}

zcz_status zcz_walk_new(const zcz_circuit *circuit, zcz_walk **walk, zcz_error *error) {
  zcz_context *context = zcz_circuit_context(circuit);
  *walk = NULL;
  uint32_t num_blocks = zcz_circuit_num_blocks(circuit);
  struct zcz_walk_code *code = zcz_memory_zeroed(context, 1, sizeof *code);
  if (code == NULL) return zcz_fail_memory(context, error, "the program's steps", sizeof *code);
  code->walk = (zcz_walk){.circuit = circuit,
                          .num_bits = zcz_circuit_num_bits(circuit),
                          .num_variables = zcz_circuit_num_variables(circuit),
                          .code = code};
  code->block_sites = zcz_memory_allocate(context, num_blocks * sizeof(uint32_t));
  bool *terminal = NULL;
  zcz_status status = ZCZ_OK;
  if (code->block_sites == NULL) {
    status = zcz_fail_memory(context, error, "the program's steps", num_blocks * 4ull);
  } else {
    uint32_t site = 0;
    for (uint32_t b = 0; b < num_blocks; b++) {
      code->block_sites[b] = site;
      site += (uint32_t)zcz_circuit_num_ops(circuit, b);
    }
    status = find_terminals(context, circuit, &terminal, error);
  }
  if (status == ZCZ_OK) {
    builder b = {.code = code, .context = context, .terminal = terminal, .error = error};
    status = build(&b);
  }
  zcz_memory_release(context, terminal);
  if (status != ZCZ_OK) {
    zcz_walk_free(&code->walk);
    return status;
  }
  *walk = &code->walk;
  return ZCZ_OK;
}

void zcz_walk_free(zcz_walk *walk) {
  if (walk == NULL) return;
  struct zcz_walk_code *code = walk->code;
  zcz_context *context = zcz_circuit_context(walk->circuit);
  zcz_memory_release(context, code->instructions);
  zcz_memory_release(context, code->steps);
  zcz_memory_release(context, code->step_ops);
  zcz_memory_release(context, code->ops);
  zcz_memory_release(context, code->sites);
  zcz_memory_release(context, code->assignments);
  zcz_memory_release(context, code->block_sites);
  zcz_memory_release(context, code);
}

/* ---- walking ---- */

zcz_status zcz_walker_start(const zcz_walk *walk, zcz_walker *walker, zcz_error *error) {
  zcz_context *context = zcz_circuit_context(walk->circuit);
  size_t size = walk->num_variables * sizeof(zcz_value) + walk->num_bits;
  *walker = (zcz_walker){0};
  walker->variables = zcz_memory_allocate(context, size);
  if (walker->variables == NULL)
    return zcz_fail_memory(context, error, "the classical memory of a shot", size);
  walker->bits = (uint8_t *)(walker->variables + walk->num_variables);
  zcz_walker_restart(walk, walker);
  return ZCZ_OK;
}

void zcz_walker_restart(const zcz_walk *walk, zcz_walker *walker) {
  walker->place = 0;
  walker->visit = 0;
  memset(walker->bits, 0, walk->num_bits);
  const zcz_variable *variables = zcz_circuit_variables(walk->circuit);
  for (uint32_t i = 0; i < walk->num_variables; i++) walker->variables[i] = variables[i].initial;
}

void zcz_walker_copy(const zcz_walk *walk, zcz_walker *target, const zcz_walker *source) {
  target->place = source->place;
  target->visit = source->visit;
  memcpy(target->bits, source->bits, walk->num_bits);
  if (walk->num_variables > 0)
    memcpy(target->variables, source->variables, walk->num_variables * sizeof(zcz_value));
}

static bool same_value(const zcz_value *a, const zcz_value *b) {
  if (a->type != b->type) return false;
  switch (a->type) {
  case ZCZ_TYPE_BOOL: return a->as.truth == b->as.truth;
  case ZCZ_TYPE_INT: return a->as.integer == b->as.integer;
  case ZCZ_TYPE_UINT: return a->as.natural == b->as.natural;
  case ZCZ_TYPE_FLOAT: return memcmp(&a->as.real, &b->as.real, sizeof a->as.real) == 0;
  }
  return false;
}

bool zcz_walker_equal(const zcz_walk *walk, const zcz_walker *a, const zcz_walker *b) {
  if (a->place != b->place || memcmp(a->bits, b->bits, walk->num_bits) != 0) return false;
  for (uint32_t i = 0; i < walk->num_variables; i++)
    if (!same_value(&a->variables[i], &b->variables[i])) return false;
  return true;
}

void zcz_walker_release(const zcz_walk *walk, zcz_walker *walker) {
  zcz_memory_release(zcz_circuit_context(walk->circuit), walker->variables);
  *walker = (zcz_walker){0};
}

zcz_status zcz_walk_next(const zcz_walk *walk, zcz_walker *walker, const zcz_step **step,
                         zcz_error *error) {
  const struct zcz_walk_code *code = walk->code;
  for (;;) {
    const instruction *now = &code->instructions[walker->place];
    switch (now->kind) {
    case DO_STEP:
      walker->place++;
      *step = &walk->steps[now->argument];
      return ZCZ_OK;
    case DO_ASSIGN:
      ZCZ_TRY(zcz_op_assign(walk->circuit, code->assignments[now->argument], walker->bits,
                            walker->variables, error));
      walker->place++;
      break;
    case DO_TEST: {
      zcz_value value;
      ZCZ_TRY(zcz_expression_evaluate(walk->circuit, now->argument, walker->bits, walker->variables,
                                      &value, error));
      walker->place = zcz_value_truth(value) ? walker->place + 1 : now->target;
      break;
    }
    case DO_ENTER:
      if (++walker->visit > ZCZ_WALK_VISITS)
        return zcz_hint(error,
                        zcz_fail(error, ZCZ_ERROR_UNABLE,
                                 "line %u: a shot went through blocks of if and while more than "
                                 "%d times",
                                 now->argument, ZCZ_WALK_VISITS),
                        "give the loop a condition that becomes false");
      walker->place++;
      break;
    case DO_JUMP: walker->place = now->target; break;
    case DO_END: *step = NULL; return ZCZ_OK;
    }
  }
}
