#include "noise/fit.h"

#include <stddef.h>

#include "base/math.h"

void zcz_noise_relaxation(const zcz_noise_times *times, double duration_ns, double params[2]) {
  double t = duration_ns * 1e-3;
  params[0] = -zcz_expm1(-t / times->t1_us);
  params[1] = zcz_exp(-t / times->t2_us);
  double most = zcz_sqrt(1 - params[0]); /* T2 = 2 T1 may pass it by a rounding */
  if (params[1] > most) params[1] = most;
}

void zcz_noise_relaxation_twirl(const double relaxation[2], double params[3]) {
  params[0] = params[1] = relaxation[0] / 4;
  double z = (2 - relaxation[0] - 2 * relaxation[1]) / 4;
  params[2] = z > 0 ? z : 0;
}

void zcz_noise_coherent_twirl(const double coherent[2], double params[15]) {
  double s, c, sine, cosine;
  zcz_sincos(coherent[0], &s, &c);
  zcz_sincos(coherent[1], &sine, &cosine);
  for (int i = 0; i < 15; i++) params[i] = 0;
  /* Entry 4 a + b - 1. Traces: IZ, ZI: 1 - f; ZZ: 1 - 2 c + f; XX, YY: -2 i s; f = cosine - i sine. */
  double half = zcz_sin(coherent[1] / 2), quarter = zcz_sin(coherent[0] / 2);
  params[2] = params[11] = 4 * half * half / 16;       /* |1 - f|^2 = 4 sin(phi/2)^2 */
  params[4] = params[9] = s * s / 4;                   /* XX, YY */
  double re = 4 * quarter * quarter - 2 * half * half; /* 2 (1 - c) - (1 - cosine) */
  params[14] = (re * re + sine * sine) / 16;
}

/* 4 minus the trace of one qubit's relaxation. */
static double lost_by_one(const zcz_noise_times *times, double duration_ns) {
  double t = duration_ns * 1e-3;
  return -(2 * zcz_expm1(-t / times->t2_us) + zcz_expm1(-t / times->t1_us));
}

/* 16 minus the trace of (relaxation on both) o fSim(coherent). With the Kraus operators diag(1, eta),
 * diag(0, k), k^2 = 1 - gamma - eta^2 (the third lowers and has no trace with what keeps the number
 * of excitations), the trace is the sum over pairs of |sum of diagonal products|^2. */
static double lost_by_two(const zcz_noise_times times[2], double duration_ns,
                          const double coherent[2]) {
  double a[2], b[2];
  zcz_noise_relaxation(&times[0], duration_ns, a);
  zcz_noise_relaxation(&times[1], duration_ns, b);
  double c = zcz_cos(coherent[0]), re = zcz_cos(coherent[1]), im = -zcz_sin(coherent[1]);
  double ka = 1 - a[0] - a[1] * a[1], kb = 1 - b[0] - b[1] * b[1];
  if (ka < 0) ka = 0;
  if (kb < 0) kb = 0;
  double both = 1 + c * a[1] + c * b[1] + re * a[1] * b[1], turned = im * a[1] * b[1];
  double second = c + re * a[1], second_turned = im * a[1];
  double first = c + re * b[1], first_turned = im * b[1];
  double trace = both * both + turned * turned +
                 kb * (second * second + second_turned * second_turned) +
                 ka * (first * first + first_turned * first_turned) + ka * kb;
  return 16 - trace;
}

/* The fit from the losses at the full duration and (a function of the share of it) at less. */
typedef struct problem {
  const zcz_noise_times *times;
  const double *coherent; /* NULL: one qubit */
  double duration_ns;
} problem;

static double lost(const problem *of, double share) {
  return of->coherent ? lost_by_two(of->times, share * of->duration_ns, of->coherent)
                      : lost_by_one(of->times, share * of->duration_ns);
}

static zcz_noise_fit fit(const problem *of, double error, double d2) {
  double wanted = d2 * error, have = lost(of, 1);
  if (have <= wanted) {
    double all = d2 - 1 - have; /* T - 1 */
    double rest = all > 0 ? (wanted - have) / all : 0;
    double p = rest * (d2 - 1) / d2;
    return (zcz_noise_fit){1, p < 1 ? p : 1, false};
  }
  double low = 0, high = 1; /* the loss grows with the share */
  for (int i = 0; i < 60; i++) {
    double middle = (low + high) / 2;
    if (lost(of, middle) > wanted)
      high = middle;
    else
      low = middle;
  }
  return (zcz_noise_fit){low, 0, true};
}

zcz_noise_fit zcz_noise_fit_one(const zcz_noise_times *times, double duration_ns, double error) {
  return fit(&(problem){times, NULL, duration_ns}, error, 4);
}

zcz_noise_fit zcz_noise_fit_two(const zcz_noise_times times[2], double duration_ns,
                                const double coherent[2], double error) {
  return fit(&(problem){times, coherent, duration_ns}, error, 16);
}
