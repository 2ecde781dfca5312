/* Layouts that the caller fixes: in order, or by the numbers in the text. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "compile/placement.h"

/* Line of the first operation on a program qubit, 0 where none is known. */
static uint32_t line_of(const zcz_program *program, uint32_t qubit) {
  for (uint32_t i = 0; i < program->num_ops; i++)
    for (uint32_t k = 0; k < program->ops[i]->num_qubits; k++)
      if (program->ops[i]->qubits[k] == qubit) return program->ops[i]->line;
  return 0;
}

static void put_line(zcz_error *error, uint32_t line) {
  if (error) error->line = line;
}

/* "Q1, Q8, Q9": the usable neighbours of a chip's qubit. */
static void name_neighbours(const zcz_lattice *lattice, uint32_t q, char *text, size_t size) {
  size_t used = 0;
  text[0] = 0;
  for (uint32_t i = lattice->first[q]; i < lattice->first[q + 1]; i++) {
    const char *name = lattice->chip->qubits[lattice->neighbour[i]].name;
    int wrote = snprintf(text + used, size - used, "%s%s", used ? ", " : "", name);
    if (wrote < 0 || (size_t)wrote >= size - used) return;
    used += (size_t)wrote;
  }
  if (used == 0) snprintf(text, size, "no usable qubit");
}

zcz_status zcz_layout_check_room(const zcz_lattice *lattice, uint32_t num_qubits,
                                 zcz_error *error) {
  if (num_qubits <= lattice->num_usable) return ZCZ_OK;
  zcz_fail(error, ZCZ_ERROR_UNABLE,
           "the program has %u qubits; of the %u qubits of chip %s, %u can be used", num_qubits,
           lattice->num_qubits, lattice->chip->name, lattice->num_usable);
  return zcz_hint(error, ZCZ_ERROR_UNABLE,
                  "declare fewer qubits, allow more of the chip's, or choose a larger chip");
}

void zcz_layout_in_order(const zcz_program *program, const zcz_lattice *lattice, uint32_t *layout) {
  for (uint32_t q = 0; q < program->num_qubits; q++) layout[q] = lattice->order[q];
}

/* Why the text's qubit cannot be used, and what could be. */
static zcz_status refuse_label(const zcz_program *program, const zcz_lattice *lattice,
                               uint32_t qubit, const char *name, uint32_t q, zcz_error *error) {
  const zcz_chip *chip = lattice->chip;
  if (q == ZCZ_CHIP_NONE) {
    zcz_fail(error, ZCZ_ERROR_USAGE, "chip %s has no qubit %s; it has %u, %s to %s", chip->name,
             name, chip->num_qubits, chip->qubits[0].name, chip->qubits[chip->num_qubits - 1].name);
  } else {
    zcz_fail(error, ZCZ_ERROR_USAGE, "qubit %s of chip %s is %s", name, chip->name,
             chip->qubits[q].enabled ? "not among the qubits to use" : "disabled");
  }
  put_line(error, line_of(program, qubit));
  uint32_t other = ZCZ_CHIP_NONE; /* the nearest usable one by place */
  double best = 0;
  for (uint32_t i = 0; q != ZCZ_CHIP_NONE && i < chip->num_qubits; i++) {
    double dx = chip->qubits[i].x - chip->qubits[q].x, dy = chip->qubits[i].y - chip->qubits[q].y;
    double distance = dx * dx + dy * dy;
    if (!lattice->usable[i] || (other != ZCZ_CHIP_NONE && distance >= best)) continue;
    other = i;
    best = distance;
  }
  if (other == ZCZ_CHIP_NONE)
    return zcz_hint(error, ZCZ_ERROR_USAGE, "let the compiler place the program: --layout auto");
  return zcz_hint(error, ZCZ_ERROR_USAGE,
                  "%s is the nearest that can be used; or let the compiler place the program: "
                  "--layout auto",
                  chip->qubits[other].name);
}

zcz_status zcz_layout_by_label(const zcz_program *program, const zcz_lattice *lattice,
                               uint32_t *layout, zcz_error *error) {
  for (uint32_t qubit = 0; qubit < program->num_qubits; qubit++) {
    uint32_t label = zcz_circuit_label(program->source, qubit);
    if (label == ZCZ_NONE)
      return zcz_fail(error, ZCZ_ERROR_USAGE,
                      "qubit %u of the program has no number of its own, as others have", qubit);
    char name[16];
    snprintf(name, sizeof name, "Q%u", label);
    uint32_t q = zcz_chip_find_qubit(lattice->chip, name);
    if (q == ZCZ_CHIP_NONE || !lattice->usable[q])
      return refuse_label(program, lattice, qubit, name, q, error);
    layout[qubit] = q;
    for (uint32_t before = 0; before < qubit; before++)
      if (layout[before] == q)
        return zcz_fail(error, ZCZ_ERROR_USAGE, "two qubits of the program are %s", name);
  }
  return ZCZ_OK;
}

static zcz_status refuse_pair(const zcz_lattice *lattice, const zcz_op *op, uint32_t a, uint32_t b,
                              zcz_error *error) {
  const zcz_chip *chip = lattice->chip;
  const char *first = chip->qubits[a].name, *second = chip->qubits[b].name;
  uint32_t coupler = zcz_chip_find_coupler(chip, a, b);
  if (coupler == ZCZ_CHIP_NONE)
    zcz_fail(error, ZCZ_ERROR_USAGE, "chip %s has no coupler between %s and %s", chip->name, first,
             second);
  else
    zcz_fail(error, ZCZ_ERROR_USAGE, "coupler %s between %s and %s of chip %s is disabled",
             chip->couplers[coupler].name, first, second, chip->name);
  put_line(error, op->line);
  char of_a[200], of_b[200];
  name_neighbours(lattice, a, of_a, sizeof of_a);
  name_neighbours(lattice, b, of_b, sizeof of_b);
  return zcz_hint(
      error, ZCZ_ERROR_USAGE,
      "%s couples to %s; %s to %s; or let the compiler place the program: --layout auto", first,
      of_a, second, of_b);
}

zcz_status zcz_layout_check_couplers(const zcz_program *program, const zcz_lattice *lattice,
                                     const uint32_t *layout, zcz_error *error) {
  for (uint32_t i = 0; i < program->num_ops; i++) {
    const zcz_op *op = program->ops[i];
    if (!zcz_op_is_coupling(op)) continue;
    uint32_t a = layout[op->qubits[0]], b = layout[op->qubits[1]];
    if (zcz_lattice_coupler(lattice, a, b) == ZCZ_CHIP_NONE)
      return refuse_pair(lattice, op, a, b, error);
  }
  return ZCZ_OK;
}
