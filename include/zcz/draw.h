/* Pictures of circuits, chips and histograms: for the terminal, or as SVG, PNG and PDF.
 *
 * Text is UTF-8, needs nothing beyond the library, and is returned or written; the other formats are
 * drawn by Cairo, loaded on first use (UNABLE, with the package to install, where it is missing).
 * Files are written whole or not at all. Sizes are bounded; what is left out for room is said in the
 * picture. */
#ifndef ZCZ_DRAW_H
#define ZCZ_DRAW_H

#include "zcz/chip.h"
#include "zcz/circuit.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zcz_draw_format {
  ZCZ_DRAW_TEXT = 0,
  ZCZ_DRAW_SVG,
  ZCZ_DRAW_PNG,
  ZCZ_DRAW_PDF,
  ZCZ_DRAW_FORMAT_COUNT
} zcz_draw_format;

/* All-zero is the default. */
typedef struct zcz_draw_options {
  zcz_draw_format format;
  const char *path;  /* file to write; may be NULL for TEXT, which is then returned alone */
  uint32_t columns;  /* TEXT: characters a line (0 = 80; at least 40, at most 1,000) */
  bool color;        /* TEXT: ANSI colours */
  const char *title; /* NULL = one that fits */
  uint32_t
      max_operations; /* circuit: drawn at most (0 = 1,000; at most 20,000), the rest counted */
  uint32_t max_bars;  /* histogram: drawn at most (0 = 24; at most 1,000), the rest summed up */
} zcz_draw_options;

/* The format that a file's suffix names: .txt .svg .png .pdf. USAGE for any other. */
ZCZ_API zcz_status zcz_draw_format_of(const char *path, zcz_draw_format *format,
                                      zcz_error *error) ZCZ_MUST_CHECK;

/* In all three: `text` (may be NULL unless TEXT is asked for without a path) takes a string that the
 * caller gives to zcz_draw_free; it is NULL for the other formats. USAGE for options out of their
 * bounds or no path; UNABLE past the limits or without Cairo; SYSTEM where the file cannot be
 * written. */

/* Time runs to the right, operations stand as early as they can, long circuits wrap into rows.
 * Qubits without an operation are left out and counted; at most 512 are drawn (UNABLE past it). What
 * passes max_operations or the largest page is cut off at the end, counted and said. */
ZCZ_API zcz_status zcz_draw_circuit(zcz_context *context, const zcz_circuit *circuit,
                                    const zcz_draw_options *options, char **text,
                                    zcz_error *error) ZCZ_MUST_CHECK;

/* The lattice, its qubits coloured by `column`: t1_us, t2_us, pauli_error, p10, p01, readout (mean of
 * p10 and p01) or coupler_error (worst error of the couplers of a qubit); NULL = pauli_error. Couplers are
 * coloured by their own Pauli error. Disabled ones are crossed out. USAGE, with the names there are,
 * for another column. */
ZCZ_API zcz_status zcz_draw_chip(zcz_context *context, const zcz_chip *chip, const char *column,
                                 const zcz_draw_options *options, char **text,
                                 zcz_error *error) ZCZ_MUST_CHECK;
/* Names of the columns, `index` from 0; NULL past the end. */
ZCZ_API const char *zcz_draw_chip_column(uint32_t index);

/* `count` labels with their counts, in any order; drawn by falling count, equal ones by label. */
ZCZ_API zcz_status zcz_draw_histogram(zcz_context *context, size_t count, const char *const *labels,
                                      const uint64_t *counts, const zcz_draw_options *options,
                                      char **text, zcz_error *error) ZCZ_MUST_CHECK;

/* NULL is legal. */
ZCZ_API void zcz_draw_free(zcz_context *context, char *text);

#ifdef __cplusplus
}
#endif
#endif
