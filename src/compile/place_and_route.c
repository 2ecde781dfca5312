/* Where each program qubit goes, and the swaps that bring partners together. */
#include <string.h>

#include "base/memory.h"
#include "compile/blocks.h"
#include "compile/placement.h"

zcz_status zcz_rename_qubits(const zcz_circuit *source, uint32_t num_chip_qubits,
                             const uint32_t *layout, zcz_circuit **result, zcz_error *error) {
  zcz_context *context = zcz_circuit_context(source);
  zcz_circuit *made;
  *result = NULL;
  uint32_t *room =
      zcz_memory_allocate(context, (zcz_circuit_num_qubits(source) + 1ull) * sizeof *room);
  if (!room) return zcz_fail_memory(context, error, "a placed program", 4);
  zcz_status status = zcz_circuit_new_like(source, num_chip_qubits, &made, error);
  if (status == ZCZ_OK) status = zcz_blocks_like(source, made, error);
  for (uint32_t block = 0; status == ZCZ_OK && block < zcz_circuit_num_blocks(source); block++) {
    const zcz_op *ops = zcz_circuit_ops(source, block);
    size_t count = zcz_circuit_num_ops(source, block);
    for (size_t i = 0; status == ZCZ_OK && i < count; i++) {
      zcz_op op = ops[i];
      for (uint32_t k = 0; k < op.num_qubits; k++) room[k] = layout[op.qubits[k]];
      op.qubits = room;
      status = zcz_circuit_append(made, block, &op, error);
    }
  }
  zcz_memory_release(context, room);
  if (status == ZCZ_OK)
    *result = made;
  else
    zcz_circuit_free(made);
  return status;
}

typedef struct placing {
  const zcz_program *program;
  const zcz_lattice *lattice;
  const zcz_compile_options *options;
  zcz_routing *routing;
  zcz_error *error;
} placing;

static bool has_labels(const zcz_circuit *source) {
  for (uint32_t q = 0; q < zcz_circuit_num_qubits(source); q++)
    if (zcz_circuit_label(source, q) != ZCZ_NONE) return true;
  return false;
}

static bool all_coupled(const placing *p, const uint32_t *layout) {
  for (uint32_t i = 0; i < p->program->num_pairs; i++) {
    const zcz_pair *pair = &p->program->pairs[i];
    if (zcz_lattice_coupler(p->lattice, layout[pair->a], layout[pair->b]) == ZCZ_CHIP_NONE)
      return false;
  }
  return true;
}

static zcz_status stay(placing *p) {
  memcpy(p->routing->final, p->routing->initial,
         p->program->num_qubits * sizeof *p->routing->final);
  return zcz_rename_qubits(p->program->source, p->lattice->num_qubits, p->routing->initial,
                           &p->routing->circuit, p->error);
}

static zcz_status as_written(placing *p) {
  if (has_labels(p->program->source))
    ZCZ_TRY(zcz_layout_by_label(p->program, p->lattice, p->routing->initial, p->error));
  else
    zcz_layout_in_order(p->program, p->lattice, p->routing->initial);
  ZCZ_TRY(zcz_layout_check_couplers(p->program, p->lattice, p->routing->initial, p->error));
  return stay(p);
}

static zcz_status with_losses(placing *p, const zcz_losses *losses) {
  bool found = false;
  zcz_layout_in_order(p->program, p->lattice, p->routing->initial);
  if (p->options->layout == ZCZ_LAYOUT_AUTO)
    ZCZ_TRY(zcz_embed(p->program, p->lattice, losses, p->options->seed, p->routing->initial, &found,
                      p->error));
  else
    found = all_coupled(p, p->routing->initial);
  if (found) return stay(p);
  return zcz_route(p->program, p->lattice, losses, p->options->seed,
                   p->options->layout == ZCZ_LAYOUT_TRIVIAL, p->routing, p->error);
}

static zcz_status place(placing *p) {
  zcz_losses losses;
  if (p->options->layout == ZCZ_LAYOUT_AS_WRITTEN) return as_written(p);
  ZCZ_TRY(zcz_losses_make(p->lattice, &losses, p->error));
  zcz_status status = with_losses(p, &losses);
  zcz_losses_release(p->lattice->context, &losses);
  return status;
}

static zcz_status check_expanded(const zcz_program *program, zcz_error *error) {
  for (uint32_t i = 0; i < program->num_ops; i++) {
    const zcz_op *op = program->ops[i];
    if ((op->kind == ZCZ_OP_GATE || op->kind == ZCZ_OP_UNITARY) && op->num_qubits > 2)
      return zcz_fail(error, ZCZ_ERROR_BUG, "placing a gate on %u qubits", op->num_qubits);
  }
  return ZCZ_OK;
}

zcz_status zcz_pass_place_and_route(const zcz_circuit *source, const zcz_chip *chip,
                                    const struct zcz_compile_options *options, zcz_routing *routing,
                                    zcz_error *error) {
  zcz_context *context = zcz_circuit_context(source);
  size_t bytes = zcz_circuit_num_qubits(source) * sizeof(uint32_t);
  zcz_lattice lattice;
  zcz_program program;
  memset(routing, 0, sizeof *routing);
  ZCZ_TRY(zcz_blocks_check(source, error));
  ZCZ_TRY(zcz_lattice_make(context, chip, options->qubits, options->num_qubits, &lattice, error));
  bool by_label = options->layout == ZCZ_LAYOUT_AS_WRITTEN && has_labels(source);
  zcz_status status =
      by_label ? ZCZ_OK : zcz_layout_check_room(&lattice, zcz_circuit_num_qubits(source), error);
  if (status == ZCZ_OK) status = zcz_program_make(source, &program, error);
  if (status == ZCZ_OK) {
    placing p = {&program, &lattice, options, routing, error};
    routing->initial = zcz_memory_allocate(context, bytes);
    routing->final = zcz_memory_allocate(context, bytes);
    status = routing->initial && routing->final
                 ? check_expanded(&program, error)
                 : zcz_fail_memory(context, error, "a layout", bytes);
    if (status == ZCZ_OK) status = place(&p);
    zcz_program_release(&program);
  }
  zcz_lattice_release(&lattice);
  if (status == ZCZ_OK) return ZCZ_OK;
  zcz_circuit_free(routing->circuit);
  zcz_memory_release(context, routing->initial);
  zcz_memory_release(context, routing->final);
  memset(routing, 0, sizeof *routing);
  return status;
}
