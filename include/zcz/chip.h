/* A chip: its lattice, native gates, durations and calibration. Read-only once loaded. */
#ifndef ZCZ_CHIP_H
#define ZCZ_CHIP_H

#include "zcz/context.h"
#include "zcz/gate.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All errors are Pauli errors (average error = 2/3 of it for one qubit, 4/5 for two). */
typedef struct zcz_chip_qubit {
  const char *name; /* "Q1" */
  double x, y;      /* place in the lattice */
  bool enabled;     /* where not, the numbers below may be NaN: not known */
  double t1_us, t2_us;
  double pauli_error; /* of one one-qubit gate */
  double p10;         /* P(read 1 | prepared 0) */
  double p01;         /* P(read 0 | prepared 1) */
} zcz_chip_qubit;

typedef struct zcz_chip_gate {
  zcz_gate gate; /* FSIM, or Z with one control for CZ */
  uint8_t num_controls;
  double params[2]; /* FSIM: theta, phi: the coupler's own calibrated angles */
  double duration_ns;
  double coherent[2]; /* actual minus calibrated theta, phi (radians) */
} zcz_chip_gate;

enum { ZCZ_MAX_NATIVE_GATES = 4 };

typedef struct zcz_chip_coupler {
  const char *name;
  uint32_t qubits[2]; /* numbers in the chip's list, ascending */
  bool enabled;       /* also false where one of its qubits is not */
  double pauli_error; /* of each of its native gates */
  uint32_t num_gates;
  zcz_chip_gate gates[ZCZ_MAX_NATIVE_GATES];
} zcz_chip_coupler;

/* Where a column of numbers comes from. */
typedef struct zcz_provenance {
  const char *column; /* "t1_us", "pauli_error_2q", ... */
  const char *unit;
  const char *source;
  const char *provenance; /* published, measured, derived, assumed, synthetic */
  const char *confidence; /* primary, secondary or "" */
} zcz_provenance;

typedef struct zcz_chip {
  const char *name;
  const char *title;
  char sha256[65]; /* of the file's bytes, hexadecimal */
  uint32_t num_qubits;
  const zcz_chip_qubit *qubits;
  uint32_t num_couplers;
  const zcz_chip_coupler *couplers;
  uint32_t num_provenances;
  const zcz_provenance *provenances;
  uint32_t num_assumptions; /* what the loader had to assume of a foreign file, in words */
  const char *const *assumptions;
  double one_qubit_ns;
  double readout_ns;
  double reset_ns;
} zcz_chip;

/* Names of the built-in chips (chips/ *.json), `index` from 0; NULL past the end. */
ZCZ_API const char *zcz_chip_name(uint32_t index);
/* A built-in chip. USAGE, with the names there are, for any other. */
ZCZ_API zcz_status zcz_chip_load(zcz_context *context, const char *name, zcz_chip **chip,
                                 zcz_error *error) ZCZ_MUST_CHECK;
/* From the text of a file: our format, the cloud's configuration JSON, or the flat calibration
 * form; `file` names it in errors. Refuses contradictions with the field's name and place. */
ZCZ_API zcz_status zcz_chip_read(zcz_context *context, const char *file, const char *text,
                                 size_t size, zcz_chip **chip, zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API void zcz_chip_free(zcz_context *context, zcz_chip *chip);

/* What `zcz chip show` prints: the JSON object of COMMANDS, with the assumptions as its warnings, or
 * a summary for people: means, medians, best and worst, where each column comes from, what had to be
 * assumed. Numbers a disabled qubit or coupler has not are null. Ended by a newline; zcz_text_free. */
ZCZ_API zcz_status zcz_chip_describe_json(zcz_context *context, const zcz_chip *chip, char **text,
                                          zcz_error *error) ZCZ_MUST_CHECK;
ZCZ_API zcz_status zcz_chip_describe_text(zcz_context *context, const zcz_chip *chip, char **text,
                                          zcz_error *error) ZCZ_MUST_CHECK;

/* Number of a qubit by name ("Q7"), ZCZ_CHIP_NONE when there is none. */
#define ZCZ_CHIP_NONE UINT32_MAX
ZCZ_API uint32_t zcz_chip_find_qubit(const zcz_chip *chip, const char *name);
/* The coupler of two qubits, ZCZ_CHIP_NONE when there is none. */
ZCZ_API uint32_t zcz_chip_find_coupler(const zcz_chip *chip, uint32_t a, uint32_t b);

/* average = pauli * d / (d + 1), d = 2^qubits. */
ZCZ_API double zcz_error_average_from_pauli(double pauli, uint32_t qubits);
ZCZ_API double zcz_error_pauli_from_average(double average, uint32_t qubits);

#ifdef __cplusplus
}
#endif
#endif
