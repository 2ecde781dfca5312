/* compile and convert: programs to programs. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static zcz_status write_text(cli_settings *s, const char *text) {
  if (s->json && s->output == NULL) return ZCZ_OK;
  return cli_write_file(s->output != NULL ? s->output : "-", text, strlen(text), &s->error);
}

int cli_convert(cli_settings *s) {
  cli_program program = {0};
  char *text = NULL;
  zcz_status status = ZCZ_OK;
  if (!s->has_to)
    status = zcz_fail(&s->error, ZCZ_ERROR_USAGE,
                      "convert needs --to; there are qasm2, qasm3, qcis, qsim");
  if (status == ZCZ_OK) status = cli_load_program(s, s->operands[0], &program);
  if (status == ZCZ_OK) status = cli_check_language_options(s, &program);
  if (status == ZCZ_OK)
    status = zcz_program_write(program.circuit, s->to, &s->language_options, &text, &s->error);
  if (status == ZCZ_OK) status = write_text(s, text);
  cli_print_warnings(s);
  int code = 0;
  if (status != ZCZ_OK) {
    code = cli_fail(s);
  } else if (s->json) {
    json_t *object = cli_envelope(s, true);
    json_object_set_new(object, "text", json_string(text));
    code = cli_print_json(s, object);
  }
  zcz_text_free(s->context, text);
  zcz_circuit_free(program.circuit);
  return code;
}

/* ---- compile ---- */

static json_t *layout_json(const zcz_chip *chip, const uint32_t *layout, uint32_t count) {
  json_t *list = json_array();
  for (uint32_t q = 0; q < count; q++)
    json_array_append_new(list, json_string(chip->qubits[layout[q]].name));
  return list;
}

static json_t *registers_json(const zcz_circuit *circuit) {
  json_t *list = json_array();
  const zcz_register *registers = zcz_circuit_bit_registers(circuit);
  for (uint32_t i = 0; i < zcz_circuit_num_bit_registers(circuit); i++)
    json_array_append_new(list, json_pack("{s:s, s:I, s:I}", "name", registers[i].name, "size",
                                          (json_int_t)registers[i].size, "offset",
                                          (json_int_t)registers[i].offset));
  return list;
}

/* The source's k-th measurement into a bit is the compiled circuit's k-th into it. */
static const char *chip_qubit_of(const zcz_circuit *compiled, const zcz_chip *chip, uint32_t bit,
                                 uint32_t which) {
  for (uint32_t b = 0; b < zcz_circuit_num_blocks(compiled); b++)
    for (size_t i = 0; i < zcz_circuit_num_ops(compiled, b); i++) {
      const zcz_op *op = &zcz_circuit_ops(compiled, b)[i];
      if (op->kind == ZCZ_OP_MEASURE && op->bit == bit && which-- == 0)
        return chip->qubits[op->qubits[0]].name;
    }
  return "";
}

static json_t *measurements_json(const zcz_circuit *source, const zcz_circuit *compiled,
                                 const zcz_chip *chip) {
  json_t *list = json_array();
  uint32_t *seen = calloc(zcz_circuit_num_bits(source) + 1u, sizeof *seen);
  for (uint32_t b = 0; seen != NULL && b < zcz_circuit_num_blocks(source); b++)
    for (size_t i = 0; i < zcz_circuit_num_ops(source, b); i++) {
      const zcz_op *op = &zcz_circuit_ops(source, b)[i];
      if (op->kind != ZCZ_OP_MEASURE) continue;
      const char *name = chip_qubit_of(compiled, chip, op->bit, seen[op->bit]++);
      json_array_append_new(list, json_pack("{s:I, s:I, s:s}", "bit", (json_int_t)op->bit, "qubit",
                                            (json_int_t)op->qubits[0], "chip_qubit", name));
    }
  free(seen);
  return list;
}

static int print_compiled(cli_settings *s, const zcz_circuit *source, const zcz_chip *chip,
                          const zcz_compiled *c, const char *text) {
  json_t *object = cli_envelope(s, true);
  json_object_set_new(object, "text", json_string(text));
  json_object_set_new(object, "layout",
                      json_pack("{s:o, s:o}", "initial",
                                layout_json(chip, c->initial, c->num_program_qubits), "final",
                                layout_json(chip, c->final, c->num_program_qubits)));
  json_object_set_new(object, "registers", registers_json(source));
  json_object_set_new(object, "measurements", measurements_json(source, c->circuit, chip));
  json_object_set_new(object, "two_qubit_gates", json_integer((json_int_t)c->two_qubit_gates));
  json_object_set_new(object, "operations", json_integer((json_int_t)c->operations));
  json_object_set_new(object, "depth", json_integer((json_int_t)c->depth));
  json_object_set_new(object, "duration_ns", json_real(c->duration_ns));
  json_object_set_new(object, "fidelity", json_real(c->fidelity));
  json_object_set_new(object, "swaps", json_integer((json_int_t)c->swaps));
  return cli_print_json(s, object);
}

static void print_summary(const zcz_compiled *c, const zcz_chip *chip) {
  fprintf(stderr,
          "%s: %llu operation%s, %llu two-qubit gate%s, %llu swap%s, depth %llu, %.6g ns, expected "
          "fidelity %.4g\n",
          chip->name, (unsigned long long)c->operations, c->operations == 1 ? "" : "s",
          (unsigned long long)c->two_qubit_gates, c->two_qubit_gates == 1 ? "" : "s",
          (unsigned long long)c->swaps, c->swaps == 1 ? "" : "s", (unsigned long long)c->depth,
          c->duration_ns, c->fidelity);
}

typedef struct compilation {
  cli_program program;
  zcz_chip *chip;
  uint32_t *qubits, num_qubits;
  zcz_compiled *compiled;
  char *text;
} compilation;

/* The chip's qubit of index i bears its own number: QCIS programs name it so. */
static zcz_status compile(cli_settings *s, compilation *c) {
  ZCZ_TRY(cli_load_program(s, s->operands[0], &c->program));
  ZCZ_TRY(cli_check_language_options(s, &c->program));
  ZCZ_TRY(cli_load_chip(s, s->chip != NULL ? s->chip : "zuchongzhi-3.0", &c->chip));
  ZCZ_TRY(cli_chip_qubits(s, c->chip, &c->qubits, &c->num_qubits));
  const zcz_compile_options options = {.layout = cli_layout(s, &c->program),
                                       .qubits = c->qubits,
                                       .num_qubits = c->num_qubits,
                                       .seed = s->seed};
  ZCZ_TRY(zcz_compile(c->program.circuit, c->chip, &options, &c->compiled, &s->error));
  const zcz_language to = s->has_to ? s->to : ZCZ_LANGUAGE_QCIS;
  return zcz_program_write(c->compiled->circuit, to, &s->language_options, &c->text, &s->error);
}

int cli_compile(cli_settings *s) {
  compilation c = {0};
  zcz_status status = compile(s, &c);
  if (status == ZCZ_OK) status = write_text(s, c.text);
  cli_print_warnings(s);
  int code = 0;
  if (status != ZCZ_OK)
    code = cli_fail(s);
  else if (s->json)
    code = print_compiled(s, c.program.circuit, c.chip, c.compiled, c.text);
  else if (!s->quiet)
    print_summary(c.compiled, c.chip);
  zcz_text_free(s->context, c.text);
  zcz_compiled_free(s->context, c.compiled);
  zcz_circuit_free(c.program.circuit);
  zcz_chip_free(s->context, c.chip);
  free(c.qubits);
  return code;
}
