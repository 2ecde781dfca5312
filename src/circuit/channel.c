#include "zcz/channel.h"

#include <math.h>
#include <string.h>

#include "base/complex.h"
#include "base/math.h"

#define ROW(enumerator, name, qubits, params, text) {name, text, qubits, params},
static const zcz_channel_info channels[ZCZ_CHANNEL_COUNT] = {ZCZ_CHANNEL_LIST(ROW)};
#undef ROW

const zcz_channel_info *zcz_channel_describe(zcz_channel channel) { return &channels[channel]; }

static const zcz_complex paulis[4][4] = {{{1, 0}, {0, 0}, {0, 0}, {1, 0}},
                                         {{0, 0}, {1, 0}, {1, 0}, {0, 0}},
                                         {{0, 0}, {0, -1}, {0, 1}, {0, 0}},
                                         {{1, 0}, {0, 0}, {0, 0}, {-1, 0}}};

/* Pauli a on the first (least significant) qubit, b on the second. */
static void pauli_pair(int a, int b, zcz_complex *m) {
  for (int row = 0; row < 4; row++)
    for (int column = 0; column < 4; column++)
      m[4 * row + column] = zcz_complex_multiply(paulis[a][2 * (row & 1) + (column & 1)],
                                                 paulis[b][2 * (row >> 1) + (column >> 1)]);
}

static zcz_status check_probabilities(const char *name, uint32_t count, const double *p,
                                      zcz_error *error) {
  double sum = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!(p[i] >= 0 && p[i] <= 1))
      return zcz_fail(error, ZCZ_ERROR_USAGE, "%s: %g is no probability; allowed are 0 to 1", name,
                      p[i]);
    sum += p[i];
  }
  if (sum > 1 + 1e-9)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "%s: the probabilities add up to %.12g, more than 1",
                    name, sum);
  return ZCZ_OK;
}

static zcz_status check_kraus(uint32_t qubits, uint32_t num_params, const double *params,
                              zcz_error *error) {
  if (qubits < 1 || qubits > ZCZ_MAX_CHANNEL_QUBITS)
    return zcz_fail(error, ZCZ_ERROR_UNABLE, "a Kraus channel on %u qubits; possible are 1 and %d",
                    qubits, ZCZ_MAX_CHANNEL_QUBITS);
  const uint32_t size = 1u << qubits, each = 2 * size * size;
  if (num_params == 0 || num_params % each != 0 || num_params / each > ZCZ_MAX_KRAUS)
    return zcz_fail(error, ZCZ_ERROR_USAGE,
                    "a Kraus channel on %u qubits takes 1 to %d matrices of %u numbers, not %u "
                    "numbers",
                    qubits, ZCZ_MAX_KRAUS, each, num_params);
  for (uint32_t a = 0; a < size; a++)
    for (uint32_t b = 0; b < size; b++) {
      double re = a == b ? -1 : 0, im = 0;
      for (uint32_t k = 0; k < num_params / each; k++)
        for (uint32_t r = 0; r < size; r++) {
          const double *x = params + k * each + 2 * (r * size + a);
          const double *y = params + k * each + 2 * (r * size + b);
          re += x[0] * y[0] + x[1] * y[1];
          im += x[0] * y[1] - x[1] * y[0];
        }
      if (!(re * re + im * im < 1e-12))
        return zcz_fail(error, ZCZ_ERROR_USAGE,
                        "the Kraus matrices are not complete: the sum of K^dagger K differs from "
                        "the identity by %.3g in entry (%u, %u)",
                        __builtin_sqrt(re * re + im * im), a, b);
    }
  return ZCZ_OK;
}

zcz_status zcz_channel_check(zcz_channel channel, uint32_t qubits, uint32_t num_params,
                             const double *params, zcz_error *error) {
  const zcz_channel_info *info = &channels[channel];
  if (channel == ZCZ_CHANNEL_KRAUS) return check_kraus(qubits, num_params, params, error);
  if (qubits != info->qubits)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "%s takes %u qubits, not %u", info->name, info->qubits,
                    qubits);
  if (num_params != (uint32_t)info->params)
    return zcz_fail(error, ZCZ_ERROR_USAGE, "%s takes %d parameters, not %u", info->name,
                    info->params, num_params);
  if (channel == ZCZ_CHANNEL_PAULI1 || channel == ZCZ_CHANNEL_PAULI2)
    return check_probabilities(info->name, num_params, params, error);
  for (uint32_t i = 0; i < num_params; i++)
    ZCZ_TRY(check_probabilities(info->name, 1, params + i, error));
  if (channel == ZCZ_CHANNEL_RELAXATION && params[1] * params[1] > 1 - params[0] + 1e-12)
    return zcz_fail(error, ZCZ_ERROR_USAGE,
                    "relaxation with decay %.12g allows a coherence of at most %.12g, not %.12g "
                    "(T2 longer than 2 T1)",
                    params[0], __builtin_sqrt(1 - params[0]), params[1]);
  return ZCZ_OK;
}

/* The parameters of a Pauli channel as probabilities, identity first. */
static bool pauli_probabilities(zcz_channel channel, const double *params, double *p) {
  uint32_t count = channel == ZCZ_CHANNEL_PAULI1 || channel == ZCZ_CHANNEL_DEPOLARIZE1 ? 4 : 16;
  switch (channel) {
  case ZCZ_CHANNEL_PAULI1:
  case ZCZ_CHANNEL_PAULI2:
    for (uint32_t i = 1; i < count; i++) p[i] = params[i - 1];
    break;
  case ZCZ_CHANNEL_DEPOLARIZE1:
  case ZCZ_CHANNEL_DEPOLARIZE2:
    for (uint32_t i = 1; i < count; i++) p[i] = params[0] / (count - 1);
    break;
  default: return false;
  }
  double sum = 0;
  for (uint32_t i = 1; i < count; i++) sum += p[i];
  p[0] = sum < 1 ? 1 - sum : 0;
  return true;
}

static void real_kraus(zcz_complex *m, double a, double b, double c, double d) {
  m[0] = (zcz_complex){a, 0};
  m[1] = (zcz_complex){b, 0};
  m[2] = (zcz_complex){c, 0};
  m[3] = (zcz_complex){d, 0};
}

static double root(double x) { return x > 0 ? __builtin_sqrt(x) : 0; }

static uint32_t one_qubit_kraus(zcz_channel channel, const double *p, zcz_complex *m) {
  switch (channel) {
  case ZCZ_CHANNEL_AMPLITUDE_DAMPING:
    real_kraus(m, 1, 0, 0, root(1 - p[0]));
    real_kraus(m + 4, 0, root(p[0]), 0, 0);
    return 2;
  case ZCZ_CHANNEL_GENERALIZED_AMPLITUDE_DAMPING: {
    double down = root(p[1]), up = root(1 - p[1]), stay = root(1 - p[0]), jump = root(p[0]);
    real_kraus(m, down, 0, 0, down * stay);
    real_kraus(m + 4, 0, down * jump, 0, 0);
    real_kraus(m + 8, up * stay, 0, 0, up);
    real_kraus(m + 12, 0, 0, up * jump, 0);
    return 4;
  }
  case ZCZ_CHANNEL_PHASE_DAMPING:
    real_kraus(m, 1, 0, 0, root(1 - p[0]));
    real_kraus(m + 4, 0, 0, 0, root(p[0]));
    return 2;
  case ZCZ_CHANNEL_RELAXATION: {
    /* Damping, then dephasing by what is left: the no-jump operator, the projector on 1 that
       * dephases, the jump. */
    double left = 1 - p[0] - p[1] * p[1];
    real_kraus(m, 1, 0, 0, p[1]);
    real_kraus(m + 4, 0, 0, 0, root(left));
    real_kraus(m + 8, 0, root(p[0]), 0, 0);
    return 3;
  }
  default: return 0; /* unreachable: the others are Pauli channels or Kraus lists */
  }
}

uint32_t zcz_channel_kraus(zcz_channel channel, uint32_t qubits, uint32_t num_params,
                           const double *params, zcz_complex *kraus) {
  if (channel == ZCZ_CHANNEL_KRAUS) {
    memcpy(kraus, params, num_params * sizeof *params);
    return num_params / (2u << (2 * qubits));
  }
  double p[16];
  if (!pauli_probabilities(channel, params, p)) return one_qubit_kraus(channel, params, kraus);
  const uint32_t count = 1u << (2 * qubits), entries = count;
  uint32_t written = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (p[i] == 0) continue;
    zcz_complex *m = kraus + (size_t)written++ * entries;
    if (qubits == 1)
      memcpy(m, paulis[i], sizeof paulis[i]);
    else
      pauli_pair((int)(i >> 2), (int)(i & 3), m);
    for (uint32_t k = 0; k < entries; k++) m[k] = zcz_complex_scale(m[k], __builtin_sqrt(p[i]));
  }
  return written;
}

void zcz_channel_twirl(zcz_channel channel, uint32_t qubits, uint32_t num_params,
                       const double *params, double *probabilities) {
  if (pauli_probabilities(channel, params, probabilities)) return;
  zcz_complex kraus[ZCZ_MAX_KRAUS * 16], pauli[16];
  const uint32_t count = zcz_channel_kraus(channel, qubits, num_params, params, kraus);
  const uint32_t size = 1u << qubits, entries = size * size;
  for (uint32_t i = 0; i < entries; i++) {
    if (qubits == 1)
      memcpy(pauli, paulis[i], sizeof paulis[i]);
    else
      pauli_pair((int)(i >> 2), (int)(i & 3), pauli);
    probabilities[i] = 0;
    for (uint32_t k = 0; k < count; k++) {
      zcz_complex trace = {0, 0}; /* of P^dagger K */
      for (uint32_t e = 0; e < entries; e++)
        trace = zcz_complex_add(
            trace, zcz_complex_multiply(zcz_complex_conjugate(pauli[e]), kraus[k * entries + e]));
      probabilities[i] += zcz_complex_norm2(trace) / ((double)size * size);
    }
  }
}

bool zcz_channel_is_pauli(zcz_channel channel, uint32_t qubits, uint32_t num_params,
                          const double *params, double *probabilities) {
  if (pauli_probabilities(channel, params, probabilities)) return true;
  switch (channel) {
  case ZCZ_CHANNEL_PHASE_DAMPING: break;
  case ZCZ_CHANNEL_AMPLITUDE_DAMPING:
  case ZCZ_CHANNEL_GENERALIZED_AMPLITUDE_DAMPING:
  case ZCZ_CHANNEL_RELAXATION:
    if (params[0] != 0) return false;
    break;
  default: {
    /* A Kraus list is a Pauli mixture when its chi matrix is diagonal: compare each operator's
       * products of different Pauli amplitudes. */
    zcz_complex kraus[ZCZ_MAX_KRAUS * 16], pauli[16], chi[16][16], amplitude[16];
    const uint32_t size = 1u << qubits, entries = size * size;
    const uint32_t count = zcz_channel_kraus(channel, qubits, num_params, params, kraus);
    memset(chi, 0, sizeof chi);
    for (uint32_t k = 0; k < count; k++) {
      for (uint32_t i = 0; i < entries; i++) {
        if (qubits == 1)
          memcpy(pauli, paulis[i], sizeof paulis[i]);
        else
          pauli_pair((int)(i >> 2), (int)(i & 3), pauli);
        amplitude[i] = (zcz_complex){0, 0};
        for (uint32_t e = 0; e < entries; e++)
          amplitude[i] =
              zcz_complex_add(amplitude[i], zcz_complex_multiply(zcz_complex_conjugate(pauli[e]),
                                                                 kraus[k * entries + e]));
      }
      for (uint32_t i = 0; i < entries; i++)
        for (uint32_t j = 0; j < entries; j++)
          chi[i][j] = zcz_complex_add(
              chi[i][j], zcz_complex_multiply(amplitude[i], zcz_complex_conjugate(amplitude[j])));
    }
    for (uint32_t i = 0; i < entries; i++)
      for (uint32_t j = 0; j < entries; j++)
        if (i != j && zcz_complex_norm2(chi[i][j]) > 1e-24) return false;
  }
  }
  zcz_channel_twirl(channel, qubits, num_params, params, probabilities);
  return true;
}
