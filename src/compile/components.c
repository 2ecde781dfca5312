/* Groups of qubits, classical bits and variables that never interact. */
#include <string.h>

#include "base/memory.h"
#include "compile/blocks.h"
#include "compile/passes.h"

/* One node a qubit, bit and variable, in this order. */
typedef struct split {
  const zcz_circuit *source;
  zcz_context *context;
  zcz_error *error;
  uint32_t num_qubits, num_bits, num_variables;
  uint32_t *parent;
  uint8_t *used;     /* a node that stands in some operation (barriers and delays aside) */
  uint32_t *group;   /* component of each node, ZCZ_NONE for those of no component */
  uint32_t *place;   /* number of a qubit, bit or variable within its component */
  uint32_t *room;    /* qubits of one operation */
  uint32_t *numbers; /* expression of the component for each of the source, ZCZ_NONE = not yet */
  uint32_t *touched; /* the expressions whose number is set */
  uint32_t *stack;   /* of expressions */
  uint32_t *head;    /* first of a list of qubits, one a component */
  uint32_t *next;    /* of each qubit in such a list */
  uint32_t num_touched;
  uint32_t root; /* while walking: the node that a block's operations join, or ZCZ_NONE */
} split;

static uint32_t find(split *s, uint32_t node) {
  while (s->parent[node] != node) {
    s->parent[node] = s->parent[s->parent[node]];
    node = s->parent[node];
  }
  return node;
}

static void use(split *s, uint32_t node) {
  s->used[node] = 1;
  if (s->root == ZCZ_NONE) {
    s->root = node;
    return;
  }
  uint32_t a = find(s, s->root), b = find(s, node);
  if (a < b)
    s->parent[b] = a;
  else
    s->parent[a] = b;
}

static uint32_t bit_node(const split *s, uint32_t bit) { return s->num_qubits + bit; }

static uint32_t variable_node(const split *s, uint32_t variable) {
  return s->num_qubits + s->num_bits + variable;
}

static void use_read(void *user, bool bits, uint32_t first, uint32_t count) {
  split *s = user;
  for (uint32_t i = 0; i < count; i++)
    use(s, bits ? bit_node(s, first + i) : variable_node(s, first + i));
}

/* `joined`: the operations of this block belong together (the body of an IF or WHILE). */
static void unite_block(split *s, uint32_t block, bool joined) {
  const zcz_op *ops = zcz_circuit_ops(s->source, block);
  size_t count = zcz_circuit_num_ops(s->source, block);
  for (size_t i = 0; i < count; i++) {
    const zcz_op *op = &ops[i];
    if (op->kind == ZCZ_OP_BARRIER || op->kind == ZCZ_OP_DELAY) continue;
    if (!joined) s->root = ZCZ_NONE;
    for (uint32_t k = 0; k < op->num_qubits; k++) use(s, op->qubits[k]);
    if (op->bit != ZCZ_NONE) use(s, bit_node(s, op->bit));
    if (op->variable != ZCZ_NONE) use(s, variable_node(s, op->variable));
    if (op->expression != ZCZ_NONE) zcz_expression_reads(s->source, op->expression, use_read, s);
    for (int side = 0; side < 2; side++)
      if (op->blocks[side] != ZCZ_NONE) unite_block(s, op->blocks[side], true);
  }
}

/* The component of an operation of block 0: that of the first thing it touches, which may stand in
 * its body. ZCZ_NONE where it touches nothing. */
static uint32_t group_of(split *s, const zcz_op *op);

static void first_read(void *user, bool bits, uint32_t first, uint32_t count) {
  split *s = user;
  if (count && s->root == ZCZ_NONE) s->root = bits ? bit_node(s, first) : variable_node(s, first);
}

static uint32_t group_of_block(split *s, uint32_t block) {
  const zcz_op *ops = zcz_circuit_ops(s->source, block);
  size_t count = zcz_circuit_num_ops(s->source, block);
  for (size_t i = 0; i < count; i++) {
    uint32_t group = group_of(s, &ops[i]);
    if (group != ZCZ_NONE) return group;
  }
  return ZCZ_NONE;
}

static uint32_t group_of(split *s, const zcz_op *op) {
  if (op->kind == ZCZ_OP_BARRIER || op->kind == ZCZ_OP_DELAY) return ZCZ_NONE;
  if (op->num_qubits) return s->group[op->qubits[0]];
  if (op->bit != ZCZ_NONE) return s->group[bit_node(s, op->bit)];
  if (op->variable != ZCZ_NONE) return s->group[variable_node(s, op->variable)];
  s->root = ZCZ_NONE;
  if (op->expression != ZCZ_NONE) zcz_expression_reads(s->source, op->expression, first_read, s);
  if (s->root != ZCZ_NONE) return s->group[s->root];
  for (int side = 0; side < 2; side++) {
    uint32_t group = op->blocks[side] == ZCZ_NONE ? ZCZ_NONE : group_of_block(s, op->blocks[side]);
    if (group != ZCZ_NONE) return group;
  }
  return ZCZ_NONE;
}

/* Appends the component's own copy of `expression`, whose operands have theirs already. */
static zcz_status translate_one(split *s, zcz_circuit *to, uint32_t expression) {
  zcz_expression e = zcz_circuit_expressions(s->source)[expression];
  switch (e.kind) {
  case ZCZ_EXPRESSION_CONSTANT: break;
  case ZCZ_EXPRESSION_VARIABLE: e.index = s->place[variable_node(s, e.index)]; break;
  case ZCZ_EXPRESSION_BIT: e.index = s->place[bit_node(s, e.index)]; break;
  case ZCZ_EXPRESSION_BITS:
    /* The bits of a range lie in one component and ascend there: it stays a range. */
    e.index = e.size ? s->place[bit_node(s, e.index)] : 0;
    break;
  case ZCZ_EXPRESSION_BINARY: e.right = s->numbers[e.right]; /* fall through */
  case ZCZ_EXPRESSION_UNARY: e.left = s->numbers[e.left]; break;
  }
  ZCZ_TRY(zcz_circuit_add_expression(to, &e, &s->numbers[expression], s->error));
  s->touched[s->num_touched++] = expression;
  return ZCZ_OK;
}

/* The component's own number of an expression, made with all it rests on when first asked. */
static zcz_status translate(split *s, zcz_circuit *to, uint32_t *expression) {
  uint32_t depth = 0;
  s->stack[depth++] = *expression;
  while (depth) {
    uint32_t top = s->stack[depth - 1];
    const zcz_expression *e = &zcz_circuit_expressions(s->source)[top];
    bool ready = true;
    if (s->numbers[top] == ZCZ_NONE) {
      bool binary = e->kind == ZCZ_EXPRESSION_BINARY, unary = e->kind == ZCZ_EXPRESSION_UNARY;
      if ((binary || unary) && s->numbers[e->left] == ZCZ_NONE) {
        s->stack[depth++] = e->left;
        ready = false;
      }
      if (binary && s->numbers[e->right] == ZCZ_NONE) {
        s->stack[depth++] = e->right;
        ready = false;
      }
      if (ready) ZCZ_TRY(translate_one(s, to, top));
    }
    if (ready) depth--;
  }
  *expression = s->numbers[*expression];
  return ZCZ_OK;
}

static zcz_status emit_block(split *s, uint32_t block, zcz_circuit *to, uint32_t to_block,
                             uint32_t group);

/* `op` into the component `group`, cut to its qubits where it is a barrier or a delay. */
static zcz_status emit(split *s, zcz_op op, zcz_circuit *to, uint32_t to_block, uint32_t group) {
  uint32_t left = 0;
  for (uint32_t k = 0; k < op.num_qubits; k++)
    if (s->group[op.qubits[k]] == group) s->room[left++] = s->place[op.qubits[k]];
  if (op.num_qubits && left == 0) return ZCZ_OK;
  op.num_qubits = left;
  op.qubits = s->room;
  if (op.bit != ZCZ_NONE) op.bit = s->place[bit_node(s, op.bit)];
  if (op.variable != ZCZ_NONE) op.variable = s->place[variable_node(s, op.variable)];
  if (op.expression != ZCZ_NONE) ZCZ_TRY(translate(s, to, &op.expression));
  uint32_t bodies[2] = {op.blocks[0], op.blocks[1]};
  for (int side = 0; side < 2; side++)
    if (bodies[side] != ZCZ_NONE) ZCZ_TRY(zcz_circuit_add_block(to, &op.blocks[side], s->error));
  ZCZ_TRY(zcz_circuit_append(to, to_block, &op, s->error));
  for (int side = 0; side < 2; side++)
    if (bodies[side] != ZCZ_NONE) ZCZ_TRY(emit_block(s, bodies[side], to, op.blocks[side], group));
  return ZCZ_OK;
}

static zcz_status emit_block(split *s, uint32_t block, zcz_circuit *to, uint32_t to_block,
                             uint32_t group) {
  const zcz_op *ops = zcz_circuit_ops(s->source, block);
  size_t count = zcz_circuit_num_ops(s->source, block);
  for (size_t i = 0; i < count; i++) ZCZ_TRY(emit(s, ops[i], to, to_block, group));
  return ZCZ_OK;
}

/* A barrier or a delay of block 0 goes to each component it touches, cut to its qubits: linked in
 * one list a component, from the last to the first. */
static zcz_status emit_apart(split *s, const zcz_op *source, zcz_component *components) {
  for (uint32_t k = source->num_qubits; k-- > 0;) {
    uint32_t q = source->qubits[k], group = s->group[q];
    if (group == ZCZ_NONE) continue;
    s->next[q] = s->head[group];
    s->head[group] = q;
  }
  for (uint32_t k = 0; k < source->num_qubits; k++) {
    uint32_t group = s->group[source->qubits[k]];
    if (group == ZCZ_NONE || s->head[group] == ZCZ_NONE) continue;
    zcz_op op = *source;
    op.num_qubits = 0;
    op.qubits = s->room;
    for (uint32_t q = s->head[group]; q != ZCZ_NONE; q = s->next[q])
      s->room[op.num_qubits++] = s->place[q];
    s->head[group] = ZCZ_NONE;
    ZCZ_TRY(zcz_circuit_append(components[group].circuit, 0, &op, s->error));
  }
  return ZCZ_OK;
}

/* Numbers the components by their lowest node and everything within them. */
static uint32_t number_groups(split *s) {
  uint32_t count = 0, nodes = s->num_qubits + s->num_bits + s->num_variables;
  for (uint32_t node = 0; node < nodes; node++) {
    s->group[node] = ZCZ_NONE;
    if (!s->used[node]) continue;
    uint32_t root = find(s, node); /* the lowest of its group */
    s->group[node] = root == node ? count++ : s->group[root];
  }
  return count;
}

static zcz_status start_component(split *s, zcz_component *component) {
  uint32_t offset;
  ZCZ_TRY(zcz_circuit_new(s->context, &component->circuit, s->error));
  zcz_circuit *to = component->circuit;
  if (component->num_qubits)
    ZCZ_TRY(zcz_circuit_add_qubits(to, "q", component->num_qubits, &offset, s->error));
  if (component->num_bits)
    ZCZ_TRY(zcz_circuit_add_bits(to, "c", component->num_bits, &offset, s->error));
  size_t total = component->num_qubits + (size_t)component->num_bits;
  component->qubits = zcz_memory_allocate(s->context, total * sizeof(uint32_t));
  if (!component->qubits)
    return zcz_fail_memory(s->context, s->error, "a component", total * sizeof(uint32_t));
  component->bits = component->qubits + component->num_qubits;
  component->num_qubits = component->num_bits = 0;
  return ZCZ_OK;
}

static zcz_status start_components(split *s, zcz_component *components, uint32_t count) {
  uint32_t nodes = s->num_qubits + s->num_bits;
  for (uint32_t node = 0; node < nodes; node++) {
    if (s->group[node] == ZCZ_NONE) continue;
    zcz_component *component = &components[s->group[node]];
    if (node < s->num_qubits)
      component->num_qubits++;
    else
      component->num_bits++;
  }
  for (uint32_t i = 0; i < count; i++) ZCZ_TRY(start_component(s, &components[i]));
  for (uint32_t node = 0; node < nodes; node++) {
    if (s->group[node] == ZCZ_NONE) continue;
    zcz_component *component = &components[s->group[node]];
    if (node < s->num_qubits) {
      s->place[node] = component->num_qubits;
      component->qubits[component->num_qubits++] = node;
    } else {
      s->place[node] = component->num_bits;
      component->bits[component->num_bits++] = node - s->num_qubits;
    }
  }
  for (uint32_t i = 0; i < s->num_variables; i++) {
    uint32_t node = variable_node(s, i);
    if (s->group[node] != ZCZ_NONE)
      ZCZ_TRY(zcz_circuit_add_variable(components[s->group[node]].circuit,
                                       &zcz_circuit_variables(s->source)[i], &s->place[node],
                                       s->error));
  }
  return ZCZ_OK;
}

static zcz_status distribute(split *s, zcz_component *components, uint32_t count) {
  ZCZ_TRY(start_components(s, components, count));
  const zcz_op *ops = zcz_circuit_ops(s->source, 0);
  size_t num_ops = zcz_circuit_num_ops(s->source, 0);
  uint32_t numbered = ZCZ_NONE; /* the component that s->numbers belongs to */
  for (size_t i = 0; i < num_ops; i++) {
    if (ops[i].kind == ZCZ_OP_BARRIER || ops[i].kind == ZCZ_OP_DELAY) {
      ZCZ_TRY(emit_apart(s, &ops[i], components));
      continue;
    }
    uint32_t group = group_of(s, &ops[i]);
    if (group == ZCZ_NONE) group = 0; /* a global phase, or control flow that touches nothing */
    if (count == 0) continue;
    bool expressions =
        ops[i].kind == ZCZ_OP_IF || ops[i].kind == ZCZ_OP_WHILE || ops[i].kind == ZCZ_OP_ASSIGN;
    if (expressions && numbered != group) {
      while (s->num_touched) s->numbers[s->touched[--s->num_touched]] = ZCZ_NONE;
      numbered = group;
    }
    ZCZ_TRY(emit(s, ops[i], components[group].circuit, 0, group));
  }
  return ZCZ_OK;
}

static zcz_status split_run(split *s, zcz_component **components, uint32_t *count) {
  size_t nodes = (size_t)s->num_qubits + s->num_bits + s->num_variables;
  size_t expressions = zcz_circuit_num_expressions(s->source);
  size_t words = 4 * nodes + 2 * (size_t)s->num_qubits + 4 * expressions + 2;
  s->parent = zcz_memory_allocate(s->context, words * sizeof(uint32_t) + nodes);
  if (!s->parent) return zcz_fail_memory(s->context, s->error, "components", words * 4 + nodes);
  s->group = s->parent + nodes;
  s->place = s->group + nodes;
  s->room = s->place + nodes;
  s->numbers = s->room + s->num_qubits;
  s->touched = s->numbers + expressions;
  s->stack = s->touched + expressions; /* a node may wait twice */
  s->head = s->stack + 2 * expressions + 2;
  s->next = s->head + nodes;
  s->used = (uint8_t *)(s->next + s->num_qubits);
  memset(s->used, 0, nodes);
  for (size_t i = 0; i < nodes; i++) s->parent[i] = (uint32_t)i, s->head[i] = ZCZ_NONE;
  for (size_t i = 0; i < expressions; i++) s->numbers[i] = ZCZ_NONE;
  unite_block(s, 0, false);
  *count = number_groups(s);
  zcz_status status = ZCZ_OK;
  if (*count) {
    *components = zcz_memory_zeroed(s->context, *count, sizeof **components);
    status = *components ? distribute(s, *components, *count)
                         : zcz_fail_memory(s->context, s->error, "components", *count);
  }
  zcz_memory_release(s->context, s->parent);
  return status;
}

zcz_status zcz_split_components(const zcz_circuit *source, zcz_component **components,
                                uint32_t *count, zcz_error *error) {
  *components = NULL;
  *count = 0;
  ZCZ_TRY(zcz_blocks_check(source, error));
  split s = {.source = source,
             .context = zcz_circuit_context(source),
             .error = error,
             .num_qubits = zcz_circuit_num_qubits(source),
             .num_bits = zcz_circuit_num_bits(source),
             .num_variables = zcz_circuit_num_variables(source),
             .root = ZCZ_NONE};
  zcz_status status = split_run(&s, components, count);
  if (status != ZCZ_OK) {
    zcz_components_free(s.context, *components, *count);
    *components = NULL;
    *count = 0;
  }
  return status;
}

void zcz_components_free(zcz_context *context, zcz_component *components, uint32_t count) {
  if (!components) return;
  for (uint32_t i = 0; i < count; i++) {
    zcz_circuit_free(components[i].circuit);
    zcz_memory_release(context, components[i].qubits);
  }
  zcz_memory_release(context, components);
}
