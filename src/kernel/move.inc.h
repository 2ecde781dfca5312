/* The kernels that move amplitudes about and compute nothing but a factor: exchanges, flips, gathering and
 * scattering of tiles. A part of tile.inc.h, which includes it for each precision. */

ALWAYS_INLINE void NAME(swap_vectors)(vec *a, vec *b) {
  vec t = *a;
  *a = *b;
  *b = t;
}

ALWAYS_INLINE void NAME(swap_lane_of)(void *tile, uint32_t blocks, uint32_t lane, uint32_t bit) {
  uint32_t step = (1u << lane) / LANES;
  for (uint32_t g = 0; g < blocks / 2; g++) {
    uint32_t i = NAME(gap)(g, bit), j = i | 1u << bit;
    for (uint32_t part = 0; part < PARTS; part++) {
      if (!step) {
        NAME(exchange)(NAME(re)(tile, i, part), NAME(re)(tile, j, part), lane);
        NAME(exchange)(NAME(im)(tile, i, part), NAME(im)(tile, j, part), lane);
      } else if (part & step) {
        NAME(swap_vectors)(NAME(re)(tile, i, part), NAME(re)(tile, j, part - step));
        NAME(swap_vectors)(NAME(im)(tile, i, part), NAME(im)(tile, j, part - step));
      }
    }
  }
}

static void NAME(swap_lane)(void *tile, uint32_t blocks, uint32_t lane, uint32_t bit) {
  if (lane == 0)
    NAME(swap_lane_of)(tile, blocks, 0, bit);
  else if (lane == 1)
    NAME(swap_lane_of)(tile, blocks, 1, bit);
  else if (lane == 2)
    NAME(swap_lane_of)(tile, blocks, 2, bit);
  else if (LANE_BITS > 3)
    NAME(swap_lane_of)(tile, blocks, LANE_BITS - 1, bit);
}

static void NAME(flip)(void *tile, uint32_t blocks, uint32_t bit) {
  for (uint32_t g = 0; g < blocks / 2; g++) {
    uint32_t i = NAME(gap)(g, bit), j = i | 1u << bit;
    for (uint32_t part = 0; part < 2 * PARTS; part++)
      NAME(swap_vectors)(NAME(re)(tile, i, part), NAME(re)(tile, j, part));
  }
}

ALWAYS_INLINE void NAME(flip_lane_of)(void *tile, uint32_t blocks, uint32_t lane) {
  uint32_t step = (1u << lane) / LANES;
  for (uint32_t i = 0; i < blocks; i++)
    for (uint32_t part = 0; part < 2 * PARTS; part++) {
      if (!step)
        *NAME(re)(tile, i, part) = NAME(partner)(*NAME(re)(tile, i, part), lane);
      else if (part & step)
        NAME(swap_vectors)(NAME(re)(tile, i, part), NAME(re)(tile, i, part - step));
    }
}

static void NAME(flip_lane)(void *tile, uint32_t blocks, uint32_t lane) {
  if (lane == 0)
    NAME(flip_lane_of)(tile, blocks, 0);
  else if (lane == 1)
    NAME(flip_lane_of)(tile, blocks, 1);
  else if (lane == 2)
    NAME(flip_lane_of)(tile, blocks, 2);
  else if (LANE_BITS > 3)
    NAME(flip_lane_of)(tile, blocks, LANE_BITS - 1);
}

static void NAME(scale)(void *tile, uint32_t blocks, double re, double im) {
  vec wre = NAME(splat)((REAL)re), wim = NAME(splat)((REAL)im);
  for (uint32_t i = 0; i < blocks; i++)
    for (uint32_t part = 0; part < PARTS; part++) {
      vec *r = NAME(re)(tile, i, part), *m = NAME(im)(tile, i, part);
      if (im == 0) {
        *r = *r * wre;
        *m = *m * wre;
      } else {
        NAME(multiply)(r, m, wre, wim);
      }
    }
}

static void NAME(gather)(void *tile, const void *memory, const uint64_t *offsets, uint32_t blocks) {
  for (uint32_t i = 0; i < blocks; i++) {
    const vec *from = (const vec *)((const char *)memory + offsets[i]);
    vec *to = NAME(re)(tile, i, 0);
    for (uint32_t part = 0; part < 2 * PARTS; part++) to[part] = from[part];
  }
}

ALWAYS_INLINE void NAME(store_past)(vec *to, vec v) {
#if defined(__AVX512F__) && VECTOR_BYTES == 64
  _mm512_stream_si512((__m512i *)to, (__m512i)v);
#elif defined(__AVX__) && VECTOR_BYTES == 32
  _mm256_stream_si256((__m256i *)to, (__m256i)v);
#elif defined(__SSE2__) && VECTOR_BYTES == 16
  _mm_stream_si128((__m128i *)to, (__m128i)v);
#else
  *to = v;
#endif
}

ALWAYS_INLINE void NAME(scatter_of)(void *memory, const uint64_t *offsets, const void *tile,
                                    uint32_t blocks, REAL scale, bool scaled, bool stream) {
  vec factor = NAME(splat)(scale);
  for (uint32_t i = 0; i < blocks; i++) {
    vec *to = (vec *)((char *)memory + offsets[i]);
    const vec *from = (const vec *)((const REAL *)tile + (size_t)i * (2 * WIDTH));
    for (uint32_t part = 0; part < 2 * PARTS; part++) {
      vec v = from[part];
      if (scaled) v = v * factor;
      if (stream)
        NAME(store_past)(to + part, v);
      else
        to[part] = v;
    }
  }
}

static void NAME(scatter)(void *memory, const uint64_t *offsets, const void *tile, uint32_t blocks,
                          double scale, bool stream) {
  if (scale != 1 && stream)
    NAME(scatter_of)(memory, offsets, tile, blocks, (REAL)scale, true, true);
  else if (scale != 1)
    NAME(scatter_of)(memory, offsets, tile, blocks, (REAL)scale, true, false);
  else
    NAME(scatter_of)(memory, offsets, tile, blocks, 1, false, stream);
}

static void NAME(fence)(void) {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}
