/* Small chips made by hand, for tests. */
#ifndef ZCZ_COMPILE_CHIP_FIXTURE_H
#define ZCZ_COMPILE_CHIP_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zcz/chip.h"

typedef struct chip_fixture {
  zcz_chip chip;
  zcz_chip_qubit qubits[128];
  zcz_chip_coupler couplers[256];
  char names[128][8], coupler_names[256][8];
} chip_fixture;

/* `edges`: pairs of qubits. Errors grow a little from one to the next, so that choices matter. */
static inline void chip_fixture_make(chip_fixture *f, uint32_t num_qubits,
                                     const uint32_t (*edges)[2], uint32_t num_edges) {
  memset(f, 0, sizeof *f);
  f->chip = (zcz_chip){.name = "fixture",
                       .title = "made by hand",
                       .num_qubits = num_qubits,
                       .qubits = f->qubits,
                       .num_couplers = num_edges,
                       .couplers = f->couplers,
                       .one_qubit_ns = 28,
                       .readout_ns = 500,
                       .reset_ns = 300};
  for (uint32_t q = 0; q < num_qubits; q++) {
    snprintf(f->names[q], sizeof f->names[q], "Q%u", (q + 1) % 1000);
    f->qubits[q] = (zcz_chip_qubit){.name = f->names[q],
                                    .x = q,
                                    .enabled = true,
                                    .t1_us = 70,
                                    .t2_us = 50,
                                    .pauli_error = 1e-3 + 1e-5 * (q % 7),
                                    .p10 = 0.005 + 1e-4 * (q % 5),
                                    .p01 = 0.01};
  }
  for (uint32_t c = 0; c < num_edges; c++) {
    snprintf(f->coupler_names[c], sizeof f->coupler_names[c], "G%u", c % 1000);
    zcz_chip_coupler *coupler = &f->couplers[c];
    *coupler = (zcz_chip_coupler){.name = f->coupler_names[c],
                                  .qubits = {edges[c][0], edges[c][1]},
                                  .enabled = true,
                                  .pauli_error = 4e-3 + 2e-4 * (c % 9),
                                  .num_gates = 2};
    coupler->gates[0] = (zcz_chip_gate){
        .gate = ZCZ_GATE_FSIM, .params = {1.5 + 0.01 * (c % 8), 0.4}, .duration_ns = 45};
    coupler->gates[1] = (zcz_chip_gate){.gate = ZCZ_GATE_Z, .num_controls = 1, .duration_ns = 45};
  }
}

/* Rows of `width` qubits joined as a square grid, `height` rows. */
static inline void chip_fixture_grid(chip_fixture *f, uint32_t width, uint32_t height) {
  static uint32_t edges[256][2];
  uint32_t count = 0;
  for (uint32_t y = 0; y < height; y++)
    for (uint32_t x = 0; x < width; x++) {
      uint32_t q = y * width + x;
      if (x + 1 < width) edges[count][0] = q, edges[count++][1] = q + 1;
      if (y + 1 < height) edges[count][0] = q, edges[count++][1] = q + width;
    }
  chip_fixture_make(f, width * height, (const uint32_t(*)[2])edges, count);
}

/* The lattice of Zuchongzhi 3.0: 15 rows of 7. */
static inline void chip_fixture_zuchongzhi(chip_fixture *f) {
  static uint32_t edges[256][2];
  uint32_t count = 0;
  for (uint32_t r = 0; r < 14; r++)
    for (uint32_t c = 0; c < 7; c++) {
      uint32_t q = 7 * r + c;
      edges[count][0] = q, edges[count++][1] = q + 7;
      if (r % 4 < 2 && c < 6) edges[count][0] = q, edges[count++][1] = q + 8;
      if (r % 4 >= 2 && c > 0) edges[count][0] = q, edges[count++][1] = q + 6;
    }
  chip_fixture_make(f, 105, (const uint32_t(*)[2])edges, count);
}

static inline void chip_fixture_disable(chip_fixture *f, uint32_t qubit) {
  f->qubits[qubit].enabled = false;
  for (uint32_t c = 0; c < f->chip.num_couplers; c++)
    if (f->couplers[c].qubits[0] == qubit || f->couplers[c].qubits[1] == qubit)
      f->couplers[c].enabled = false;
}

#endif
