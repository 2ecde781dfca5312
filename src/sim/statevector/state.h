/* A state vector: 2^n amplitudes in memory, what may be done to them, what may be asked of them.
 *
 * Amplitudes stand in blocks of 128 bytes: W real parts, then W imaginary parts (W = 16 single, 8
 * double), whatever the instruction set. A state may hold its qubits in any order (a SWAP moves
 * nothing): `layout[q]` is the bit of the stored index that is qubit q. Everything below speaks of
 * qubits; bit q of an index given or returned is qubit q.
 *
 * Nothing here is normalised unless it says so: sums are of |amplitude|^2 as stored, in double, over
 * fixed blocks in a fixed tree. The same calls give the same bits for any thread count and
 * instruction set. One state is used by one caller at a time; states of one context may be used side
 * by side (one a thread, each made with threads = 1). */
#ifndef ZCZ_SIM_STATEVECTOR_STATE_H
#define ZCZ_SIM_STATEVECTOR_STATE_H

#include "zcz/circuit.h"
#include "sim/engine.h"

enum { ZCZ_SV_MAX_QUBITS = 48 };

typedef struct zcz_sv zcz_sv;
typedef struct zcz_sv_plan zcz_sv_plan;

/* ---- a state ---- */

/* Bytes of a state with its work space; UINT64_MAX above ZCZ_SV_MAX_QUBITS. */
uint64_t zcz_sv_bytes(uint32_t num_qubits, zcz_precision precision);
/* |0..0>. `threads`: how many this state's work may take, 0 = the context's. Does not ask
 * zcz_memory_admit (the caller knows how many states it wants); UNABLE when out of memory. */
zcz_status zcz_sv_new(zcz_context *context, uint32_t num_qubits, zcz_precision precision,
                      int threads, zcz_sv **state, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_sv_free(zcz_sv *state);
/* Back to |0..0>, layout of identity. */
void zcz_sv_clear(zcz_sv *state);
/* `to` becomes equal to `from`; same qubits, same precision. */
void zcz_sv_copy(zcz_sv *to, const zcz_sv *from);
uint32_t zcz_sv_num_qubits(const zcz_sv *state);
zcz_precision zcz_sv_precision(const zcz_sv *state);
const uint32_t *zcz_sv_layout(const zcz_sv *state);

/* ---- unitary operations ---- */

/* Compiles `count` operations for states of n qubits: GATE and UNITARY act (the matrix of UNITARY may
 * be any, a Kraus operator for example), BARRIER, DELAY and ID do nothing; any other kind is a BUG. `ops` is not kept. `layout`: that of the states it will meet,
 * NULL = identity; `keep_layout`: leave the state in that same layout (costs a pass where qubits
 * were swapped), else in the one zcz_sv_plan_layout gives. A plan may be applied any number of
 * times, by several threads at once to different states. Making one takes about 0.1 us a gate. */
zcz_status zcz_sv_plan_new(zcz_context *context, uint32_t num_qubits, zcz_precision precision,
                           const zcz_op *ops, size_t count, const uint32_t *layout,
                           bool keep_layout, zcz_sv_plan **plan, zcz_error *error) ZCZ_MUST_CHECK;
void zcz_sv_plan_free(zcz_sv_plan *plan);
/* The layout of a state after it. */
const uint32_t *zcz_sv_plan_layout(const zcz_sv_plan *plan);
/* Passes over memory. */
uint32_t zcz_sv_plan_passes(const zcz_sv_plan *plan);
/* Applies it. A state in another layout than the plan wants is first brought into that (slow).
 * `stage` names the work for zcz_progress; NULL = report nothing (then call from any thread).
 * CANCELLED leaves the state undefined. */
zcz_status zcz_sv_apply(zcz_sv *state, const zcz_sv_plan *plan, const char *stage,
                        zcz_error *error) ZCZ_MUST_CHECK;
/* One GATE or UNITARY operation, now; allocates nothing. */
zcz_status zcz_sv_apply_op(zcz_sv *state, const zcz_op *op, zcz_error *error) ZCZ_MUST_CHECK;
/* Brings the state into a layout (NULL = identity). */
zcz_status zcz_sv_relayout(zcz_sv *state, const uint32_t *layout, zcz_error *error) ZCZ_MUST_CHECK;

/* ---- measurement and noise ---- */

/* Sum of all |a|^2. */
double zcz_sv_norm2(const zcz_sv *state);
/* weights[b] = sum of |a|^2 where the qubit is b. */
void zcz_sv_weights(const zcz_sv *state, uint32_t qubit, double weights[2]);
/* Amplitudes where the qubit is not `outcome` become 0, the others are multiplied by `scale`
 * (1 / sqrt(weights[outcome]) to normalise). */
void zcz_sv_collapse(zcz_sv *state, uint32_t qubit, int outcome, double scale);
/* The same, after which the qubit is |0> (a reset whose hidden measurement gave `outcome`). */
void zcz_sv_reset(zcz_sv *state, uint32_t qubit, int outcome, double scale);
/* Multiplies every amplitude. */
void zcz_sv_scale(zcz_sv *state, zcz_complex factor);
/* The 2^k x 2^k reduced density matrix of k = 1 or 2 qubits (first qubit least significant),
 * row-major, trace = norm2: the probability of Kraus operator K is tr(K rho K^dagger) / trace, so
 * one pass decides among all of a channel's operators. */
void zcz_sv_reduced(const zcz_sv *state, uint32_t k, const uint32_t *qubits, zcz_complex *rho);
/* Applies any 2^k x 2^k matrix on k = 1 or 2 qubits (first qubit least significant), row-major;
 * *norm2 (may be NULL) = sum of |a|^2 after it. */
void zcz_sv_matrix(zcz_sv *state, uint32_t k, const uint32_t *qubits, const zcz_complex *matrix,
                   double *norm2);

/* ---- questions ---- */

/* One amplitude. */
zcz_complex zcz_sv_amplitude(const zcz_sv *state, uint64_t index);
/* Amplitudes offset .. offset + count - 1 as re, im pairs: float for SINGLE, else double. */
void zcz_sv_amplitudes(const zcz_sv *state, uint64_t offset, uint64_t count, void *amplitudes);
/* Measures all qubits of shots first .. first + count - 1 with
 * u = zcz_random_unit(seed, ZCZ_PURPOSE_SAMPLE, shot, 0, 0): indices[i] belongs to shot first + i
 * and does not depend on how the shots are cut into calls. */
zcz_status zcz_sv_sample(const zcz_sv *state, uint64_t seed, uint64_t first, uint64_t count,
                         uint64_t *indices, zcz_error *error) ZCZ_MUST_CHECK;
/* The same where shots come in several calls: the running sums are made once. Borrows the state,
 * which may not change meanwhile. */
typedef struct zcz_sv_sampler zcz_sv_sampler;
zcz_status zcz_sv_sampler_new(const zcz_sv *state, zcz_sv_sampler **sampler,
                              zcz_error *error) ZCZ_MUST_CHECK;
void zcz_sv_sampler_free(zcz_sv_sampler *sampler);
zcz_status zcz_sv_sampler_draw(const zcz_sv_sampler *sampler, uint64_t seed, uint64_t first,
                               uint64_t count, uint64_t *indices, zcz_error *error) ZCZ_MUST_CHECK;
/* The same with the uniforms, each in [0, 1), given. */
zcz_status zcz_sv_sample_at(const zcz_sv *state, uint64_t count, const double *uniforms,
                            uint64_t *indices, zcz_error *error) ZCZ_MUST_CHECK;
/* A Pauli string: X on the qubits of x alone, Z on those of z alone, Y on those of both. */
typedef struct zcz_sv_pauli {
  uint64_t x;
  uint64_t z;
} zcz_sv_pauli;
/* values[i] = <state| string i |state>, not divided by norm2. Strings of one x share a pass. */
zcz_status zcz_sv_expectations(const zcz_sv *state, size_t count, const zcz_sv_pauli *strings,
                               double *values, zcz_error *error) ZCZ_MUST_CHECK;
/* probabilities[j], j < 2^k: sum of |a|^2 where qubits[i] is bit i of j. */
zcz_status zcz_sv_marginal(const zcz_sv *state, uint32_t k, const uint32_t *qubits,
                           double *probabilities, zcz_error *error) ZCZ_MUST_CHECK;

#endif
