/* Vectors of REAL, as wide as the instruction set's registers, and what a block is made of. Included
 * for each precision with REAL, UINT (the unsigned integer of the same size), WIDTH (lanes of a
 * block), LANE_BITS, VECTOR_BYTES and NAME(x) defined. */

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define vec NAME(vec)
#define bits NAME(bits)
#define LANES ((uint32_t)(VECTOR_BYTES / sizeof(REAL)))         /* of a vector */
#define PARTS ((uint32_t)(WIDTH * sizeof(REAL) / VECTOR_BYTES)) /* vectors of a block's half */

typedef REAL vec __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef UINT bits __attribute__((vector_size(VECTOR_BYTES), may_alias));

ALWAYS_INLINE vec NAME(splat)(REAL x) { return x - (vec){0}; }

ALWAYS_INLINE bits NAME(splat_bits)(UINT x) { return x | (bits){0}; }

ALWAYS_INLINE vec NAME (xor)(vec a, bits b) { return (vec)((bits)a ^ b); }

ALWAYS_INLINE vec NAME(load)(const void *array, uint32_t part) {
  return ((const vec *)array)[part];
}

/* Sign of one number of an array of +0.0 and -0.0, in all lanes. */
ALWAYS_INLINE bits NAME(sign_of)(const void *array, uint32_t index) {
  return NAME(splat_bits)(((const UINT *)array)[index]);
}

/* Real and imaginary part number `part` of a block. */
ALWAYS_INLINE vec *NAME(re)(void *tile, uint32_t block, uint32_t part) {
  return (vec *)((REAL *)tile + (size_t)block * (2 * WIDTH)) + part;
}

ALWAYS_INLINE vec *NAME(im)(void *tile, uint32_t block, uint32_t part) {
  return (vec *)((REAL *)tile + (size_t)block * (2 * WIDTH) + WIDTH) + part;
}

ALWAYS_INLINE bits NAME(iota)(void) {
  bits b;
  for (uint32_t i = 0; i < LANES; i++) b[i] = i;
  return b;
}

/* Lane i of the result is lane i ^ (1 << lane) of v. */
ALWAYS_INLINE vec NAME(partner)(vec v, uint32_t lane) {
#ifdef __clang__
  vec r;
  for (uint32_t i = 0; i < LANES; i++) r[i] = v[i ^ (1u << lane)];
  return r;
#else
  return __builtin_shuffle(v, NAME(iota)() ^ NAME(splat_bits)((UINT)1 << lane));
#endif
}

/* Exchanges the lanes of a with bit `lane` = 1 and the lanes of b with it = 0. */
ALWAYS_INLINE void NAME(exchange)(vec *a, vec *b, uint32_t lane) {
#ifdef __clang__
  vec r, s;
  for (uint32_t i = 0; i < LANES; i++) {
    r[i] = i >> lane & 1 ? (*b)[i ^ (1u << lane)] : (*a)[i];
    s[i] = i >> lane & 1 ? (*b)[i] : (*a)[i ^ (1u << lane)];
  }
#else
  bits i = NAME(iota)(), one = NAME(splat_bits)((UINT)1 << lane);
  bits upper = NAME(splat_bits)((UINT)LANES);
  bits high = (bits)((i & one) != 0);
  vec r = __builtin_shuffle(*a, *b, (high & ((i ^ one) | upper)) | (~high & i));
  vec s = __builtin_shuffle(*a, *b, (high & (i | upper)) | (~high & (i ^ one)));
#endif
  *a = r;
  *b = s;
}

ALWAYS_INLINE void NAME(multiply)(vec *re, vec *im, vec wre, vec wim) {
  vec r = *re * wre - *im * wim;
  *im = *re * wim + *im * wre;
  *re = r;
}

ALWAYS_INLINE uint32_t NAME(gap)(uint32_t index, uint32_t bit) {
  uint32_t low = (1u << bit) - 1;
  return (index & ~low) << 1 | (index & low);
}
