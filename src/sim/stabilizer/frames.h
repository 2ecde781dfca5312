/* Runs a frame program on columns of shots. */
#ifndef ZCZ_SIM_STABILIZER_FRAMES_H
#define ZCZ_SIM_STABILIZER_FRAMES_H

#include "sim/stabilizer/program.h"

/* A block of shots is the unit of random numbers: part of the meaning of a seed. */
enum { ZCZ_FRAME_WORDS = 16, ZCZ_FRAME_SHOTS = 64 * ZCZ_FRAME_WORDS };

/* Bytes of the working memory of one thread. */
uint64_t zcz_frames_bytes(const zcz_frame_program *program);

/* Shots first .. first + count - 1, as zcz_engine.sample. */
zcz_status zcz_frames_sample(const zcz_frame_program *program, uint64_t seed, uint64_t first,
                             uint64_t count, uint64_t *columns, zcz_error *error) ZCZ_MUST_CHECK;

/* One "shot" for each random Z of a program without noise and conditions: bit r of row b is set
 * where random number r flips classical bit b. `rows` has (num_randoms + 63) / 64 words a bit. The
 * reference outcomes (one byte a bit) go to `reference`. */
zcz_status zcz_frames_dependence(const zcz_frame_program *program, uint64_t *rows,
                                 uint8_t *reference, zcz_error *error) ZCZ_MUST_CHECK;

#endif
