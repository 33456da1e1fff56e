/* crypto_internal.h: shared by the files of lib/crypto only. */
#ifndef CRYPTO_CRYPTO_INTERNAL_H
#define CRYPTO_CRYPTO_INTERNAL_H

#include "lib/crypto/crypto.h"

/* Unpadded base64url. NULL when s is not; *n is the length. In a. */
uint8_t *base64url_decode(struct arena *a, const char *s, size_t *n);

#endif
