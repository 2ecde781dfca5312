/* How numbers are held, and how far a result is from the truth. */
#ifndef ZCZ_ACCURACY_H
#define ZCZ_ACCURACY_H

#ifdef __cplusplus
extern "C" {
#endif

/* complex64 and complex128 */
typedef enum zcz_precision { ZCZ_PRECISION_SINGLE = 1, ZCZ_PRECISION_DOUBLE = 2 } zcz_precision;

typedef enum zcz_accuracy_kind {
  ZCZ_ACCURACY_EXACT,    /* up to rounding */
  ZCZ_ACCURACY_BOUNDED,  /* within `value` of the truth, in the measure `of` */
  ZCZ_ACCURACY_ESTIMATED /* `value` is a standard error */
} zcz_accuracy_kind;

typedef struct zcz_accuracy {
  zcz_accuracy_kind kind;
  double value;
  const char *of; /* "state", "distribution"; NULL otherwise */
} zcz_accuracy;

#ifdef __cplusplus
}
#endif
#endif
