/* A complex number as a plain pair of doubles. */
#ifndef ZCZ_COMPLEX_H
#define ZCZ_COMPLEX_H

typedef struct zcz_complex {
  double re;
  double im;
} zcz_complex;

#endif
