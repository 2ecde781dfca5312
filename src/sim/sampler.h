/* A known distribution over classical memories, and shots drawn from it. */
#ifndef ZCZ_SIM_SAMPLER_H
#define ZCZ_SIM_SAMPLER_H

#include "sim/engine.h"

/* Collects weights of keys in any order, equal keys added up. */
typedef struct zcz_tally zcz_tally;
zcz_status zcz_tally_new(zcz_context *context, uint32_t num_bits, zcz_tally **tally,
                         zcz_error *error) ZCZ_MUST_CHECK;
void zcz_tally_free(zcz_tally *tally);
/* `key` has max(1, (num_bits + 63) / 64) words. */
zcz_status zcz_tally_add(zcz_tally *tally, const uint64_t *key, double weight,
                         zcz_error *error) ZCZ_MUST_CHECK;
/* Ascending by key, weights below `zero` left out, the rest scaled to sum 1. Released with
 * zcz_distribution_release. Equal weights come together in the order they were added. */
zcz_status zcz_tally_finish(zcz_tally *tally, double zero, zcz_distribution *distribution,
                            zcz_error *error) ZCZ_MUST_CHECK;

/* Inverse of the cumulative distribution with a guide table: shot s takes the uniform number of
 * (seed, ZCZ_PURPOSE_SAMPLE, s, 0, 0), whatever the batch. Borrows the distribution. */
typedef struct zcz_sampler zcz_sampler;
zcz_status zcz_sampler_new(zcz_context *context, const zcz_distribution *distribution,
                           uint64_t seed, zcz_sampler **sampler, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_sampler_free(zcz_sampler *sampler);
/* As zcz_engine.sample. */
zcz_status zcz_sampler_draw(zcz_sampler *sampler, uint64_t first, uint64_t count, uint64_t *columns,
                            zcz_error *error) ZCZ_MUST_CHECK;

#endif
