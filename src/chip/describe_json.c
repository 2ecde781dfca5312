/* The object of `zcz chip show --json`, as COMMANDS has it. */
#include <math.h>

#include "chip/text.h"
#include "zcz/chip.h"

enum { SCHEMA = 1 };

static void put_head(zcz_chip_text *to, const zcz_chip *chip) {
  zcz_chip_put(to,
               "{\"zcz\": \"%s\", \"schema\": %d, \"verb\": \"chip\", \"complete\": true, "
               "\"warnings\": [",
               ZCZ_VERSION, SCHEMA);
  for (uint32_t i = 0; i < chip->num_assumptions; i++) {
    zcz_chip_put(to, i ? ", " : "");
    zcz_chip_put_string(to, chip->assumptions[i]);
  }
  zcz_chip_put(to, "],\n \"name\": ");
  zcz_chip_put_string(to, chip->name);
  zcz_chip_put(to, ",\n \"provenance\": {");
  for (uint32_t i = 0; i < chip->num_provenances; i++) {
    const zcz_provenance *row = &chip->provenances[i];
    zcz_chip_put(to, i ? ",\n  " : "\n  ");
    zcz_chip_put_string(to, row->column);
    zcz_chip_put(to, ": {\"source\": ");
    zcz_chip_put_string(to, row->source);
    zcz_chip_put(to, ", \"provenance\": \"%s\", \"confidence\": \"%s\"", row->provenance,
                 row->confidence);
    if (row->unit[0]) zcz_chip_put(to, ", \"unit\": \"%s\"", row->unit);
    zcz_chip_put(to, "}");
  }
  zcz_chip_put(to, "},\n");
}

static void put_field(zcz_chip_text *to, const char *before, double number) {
  zcz_chip_put(to, "%s", before);
  zcz_chip_put_number(to, number);
}

static void put_qubit(zcz_chip_text *to, const zcz_chip_qubit *qubit) {
  zcz_chip_put(to, "{\"name\": ");
  zcz_chip_put_string(to, qubit->name);
  put_field(to, ", \"x\": ", qubit->x);
  put_field(to, ", \"y\": ", qubit->y);
  zcz_chip_put(to, ", \"enabled\": %s", qubit->enabled ? "true" : "false");
  put_field(to, ", \"t1_us\": ", qubit->t1_us);
  put_field(to, ", \"t2_us\": ", qubit->t2_us);
  put_field(to, ", \"pauli_error\": ", qubit->pauli_error);
  put_field(to, ", \"p10\": ", qubit->p10);
  put_field(to, ", \"p01\": ", qubit->p01);
  zcz_chip_put(to, "}");
}

static void put_coupler(zcz_chip_text *to, const zcz_chip *chip, const zcz_chip_coupler *coupler) {
  zcz_chip_put(to, "{\"name\": ");
  zcz_chip_put_string(to, coupler->name);
  zcz_chip_put(to, ", \"qubits\": [");
  zcz_chip_put_string(to, chip->qubits[coupler->qubits[0]].name);
  zcz_chip_put(to, ", ");
  zcz_chip_put_string(to, chip->qubits[coupler->qubits[1]].name);
  zcz_chip_put(to, "], \"enabled\": %s", coupler->enabled ? "true" : "false");
  put_field(to, ", \"pauli_error\": ", coupler->pauli_error);
  zcz_chip_put(to, ", \"gates\": [");
  bool first = true;
  for (uint32_t k = 0; k < coupler->num_gates; k++) {
    const zcz_chip_gate *gate = &coupler->gates[k];
    if (isnan(gate->duration_ns)) continue; /* of a disabled coupler that has no such number */
    bool fsim = gate->gate == ZCZ_GATE_FSIM;
    zcz_chip_put(to, "%s{\"name\": \"%s\", \"angles\": [", first ? "" : ", ", fsim ? "FSIM" : "CZ");
    if (fsim) {
      put_field(to, "", gate->params[0]);
      put_field(to, ", ", gate->params[1]);
    }
    put_field(to, "], \"duration_ns\": ", gate->duration_ns);
    zcz_chip_put(to, "}");
    first = false;
  }
  zcz_chip_put(to, "]}");
}

zcz_status zcz_chip_describe_json(zcz_context *context, const zcz_chip *chip, char **text,
                                  zcz_error *error) {
  zcz_chip_text to = {.context = context};
  put_head(&to, chip);
  put_field(&to, " \"one_qubit_ns\": ", chip->one_qubit_ns);
  put_field(&to, ", \"readout_ns\": ", chip->readout_ns);
  put_field(&to, ", \"reset_ns\": ", chip->reset_ns);
  zcz_chip_put(&to, ",\n \"qubits\": [");
  for (uint32_t i = 0; i < chip->num_qubits; i++) {
    zcz_chip_put(&to, i ? ",\n  " : "\n  ");
    put_qubit(&to, &chip->qubits[i]);
  }
  zcz_chip_put(&to, "],\n \"couplers\": [");
  for (uint32_t i = 0; i < chip->num_couplers; i++) {
    zcz_chip_put(&to, i ? ",\n  " : "\n  ");
    put_coupler(&to, chip, &chip->couplers[i]);
  }
  zcz_chip_put(&to, "]}\n");
  return zcz_chip_text_finish(&to, text, error);
}
