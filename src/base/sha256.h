/* SHA-256 (FIPS 180-4): names chips and programs by their bytes in results. No secret depends on it. */
#ifndef ZCZ_BASE_SHA256_H
#define ZCZ_BASE_SHA256_H

#include <stddef.h>

/* Writes the digest of `size` bytes as 64 lower-case hexadecimal digits and a zero byte. */
void zcz_sha256_hex(const void *data, size_t size, char hex[65]);

#endif
