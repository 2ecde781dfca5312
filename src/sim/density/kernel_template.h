/* Included once per precision and instruction set, with REAL (float, double), LANES (of 32 bytes),
 * TARGET (an attribute) and NAME(x) defined. Only products and sums, each rounded, in one order: all
 * instruction sets agree bit for bit.
 *
 * A group is a set of coefficients that the map mixes: blocks of 16 neighbours (digits 0 and 1, the
 * lanes) at 4 or 16 places. A map on a digit that lies in the lanes is brought out by exchanging that
 * digit with one that numbers the blocks. */

typedef REAL NAME(vector) __attribute__((vector_size(32), may_alias));
typedef REAL NAME(quad) __attribute__((vector_size(4 * sizeof(REAL)), may_alias));

TARGET static inline __attribute__((always_inline)) void
NAME(exchange)(REAL *block0, REAL *block1, REAL *block2, REAL *block3, uint32_t lane_digit) {
  REAL *block[4] = {block0, block1, block2, block3};
  if (lane_digit == 1) {
    for (int r = 0; r < 4; r++)
      for (int s = r + 1; s < 4; s++) {
        NAME(quad) a = *(NAME(quad) *)(block[r] + 4 * s), b = *(NAME(quad) *)(block[s] + 4 * r);
        *(NAME(quad) *)(block[r] + 4 * s) = b;
        *(NAME(quad) *)(block[s] + 4 * r) = a;
      }
    return;
  }
  for (int i = 0; i < 16; i += 4) {
    NAME(quad) a = *(NAME(quad) *)(block0 + i), b = *(NAME(quad) *)(block1 + i);
    NAME(quad) c = *(NAME(quad) *)(block2 + i), d = *(NAME(quad) *)(block3 + i);
    NAME(quad) ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    NAME(quad) ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    NAME(quad) cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    NAME(quad) cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    *(NAME(quad) *)(block0 + i) = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
    *(NAME(quad) *)(block1 + i) = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
    *(NAME(quad) *)(block2 + i) = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
    *(NAME(quad) *)(block3 + i) = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
  }
}

TARGET static void NAME(one)(void *state, const zcz_density_map *map, size_t begin, size_t end) {
  REAL *data = state;
  _Alignas(64) REAL in[4][16], out[4][16];
  REAL m[16];
  for (int i = 0; i < 16; i++) m[i] = (REAL)map->matrix[i];
  size_t stride = (size_t)1 << (2 * map->block_digits[0]);
  bool lanes = map->digits[0] < 2;
  for (size_t g = begin; g < end; g++) {
    REAL *base = data + zcz_density_spread(g << 4, map->block_digits[0]);
    for (int i = 0; i < 4; i++) memcpy(in[i], base + (size_t)i * stride, sizeof in[i]);
    if (lanes) NAME(exchange)(in[0], in[1], in[2], in[3], map->digits[0]);
    for (int h = 0; h < 16; h += LANES) {
      NAME(vector) v[4];
      for (int i = 0; i < 4; i++) v[i] = *(NAME(vector) *)(in[i] + h);
      for (int i = 0; i < 4; i++)
        *(NAME(vector) *)(out[i] + h) =
            ((v[0] * m[4 * i] + v[1] * m[4 * i + 1]) + v[2] * m[4 * i + 2]) + v[3] * m[4 * i + 3];
    }
    if (lanes) NAME(exchange)(out[0], out[1], out[2], out[3], map->digits[0]);
    for (int i = 0; i < 4; i++) memcpy(base + (size_t)i * stride, out[i], sizeof out[i]);
  }
}

/* out = m in; m column-major. */
TARGET static inline __attribute__((always_inline)) void NAME(dense)(const REAL *m, REAL (*in)[16],
                                                                     REAL (*out)[16]) {
  for (int h = 0; h < 16; h += LANES)
    for (int r = 0; r < 16; r += 8) {
      NAME(vector) sum[8];
      NAME(vector) v = *(NAME(vector) *)(in[0] + h);
      for (int i = 0; i < 8; i++) sum[i] = v * m[r + i];
      for (int c = 1; c < 16; c++) {
        v = *(NAME(vector) *)(in[c] + h);
        for (int i = 0; i < 8; i++) sum[i] += v * m[16 * c + r + i];
      }
      for (int i = 0; i < 8; i++) *(NAME(vector) *)(out[r + i] + h) = sum[i];
    }
}

TARGET static inline __attribute__((always_inline)) void
NAME(sparse)(const zcz_density_map *map, const REAL *values, REAL (*in)[16], REAL (*out)[16]) {
  for (int r = 0; r < 16; r++) {
    NAME(vector) sum[16 / LANES];
    for (int h = 0; h < 16 / LANES; h++) sum[h] = (NAME(vector)){0};
    for (uint32_t k = map->row_start[r]; k < map->row_start[r + 1]; k++)
      for (int h = 0; h < 16 / LANES; h++)
        sum[h] += *(NAME(vector) *)(in[map->columns[k]] + h * LANES) * values[k];
    for (int h = 0; h < 16 / LANES; h++) *(NAME(vector) *)(out[r] + h * LANES) = sum[h];
  }
}

TARGET static void NAME(two)(void *state, const zcz_density_map *map, size_t begin, size_t end) {
  REAL *data = state;
  _Alignas(64) REAL in[16][16], out[16][16], m[256];
  for (int i = 0; i < 16; i++)
    for (int j = 0; j < 16; j++) m[16 * j + i] = (REAL)map->matrix[16 * i + j];
  if (map->is_sparse)
    for (uint32_t k = 0; k < map->row_start[16]; k++) m[k] = (REAL)map->values[k];
  uint32_t x = map->block_digits[0], y = map->block_digits[1];
  uint32_t low = x < y ? x : y, high = x < y ? y : x;
  size_t offset[16];
  for (size_t i = 0; i < 16; i++) offset[i] = ((i & 3) << (2 * x)) + ((i >> 2) << (2 * y));
  for (size_t g = begin; g < end; g++) {
    REAL *base = data + zcz_density_spread(zcz_density_spread(g << 4, low), high);
    for (int i = 0; i < 16; i++) memcpy(in[i], base + offset[i], sizeof in[i]);
    if (map->digits[0] < 2)
      for (int j = 0; j < 16; j += 4)
        NAME(exchange)(in[j], in[j + 1], in[j + 2], in[j + 3], map->digits[0]);
    if (map->digits[1] < 2)
      for (int i = 0; i < 4; i++) NAME(exchange)(in[i], in[i + 4], in[i + 8], in[i + 12], 1);
    if (map->is_sparse)
      NAME(sparse)(map, m, in, out);
    else
      NAME(dense)(m, in, out);
    if (map->digits[1] < 2)
      for (int i = 0; i < 4; i++) NAME(exchange)(out[i], out[i + 4], out[i + 8], out[i + 12], 1);
    if (map->digits[0] < 2)
      for (int j = 0; j < 16; j += 4)
        NAME(exchange)(out[j], out[j + 1], out[j + 2], out[j + 3], map->digits[0]);
    for (int i = 0; i < 16; i++) memcpy(base + offset[i], out[i], sizeof out[i]);
  }
}
