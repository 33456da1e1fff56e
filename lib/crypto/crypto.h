/*
 * crypto.h: the only user of libsodium. crypto_start must be called once before anything else.
 * All comparisons of secrets go through crypto_equal. Binary values are bytes with a length; text
 * forms are lower-case hex or unpadded base64url (RFC 4648 §5).
 */
#ifndef CRYPTO_CRYPTO_H
#define CRYPTO_CRYPTO_H

#include "lib/base/arena.h"

void crypto_start(void); /* dies when libsodium cannot start */

void random_bytes(void *p, size_t n);
/* A fresh token of 256 random bits, 43 characters of base64url. In a. */
char *token_new(struct arena *a);
/* True when s has the shape of a token: 43 base64url characters. */
bool token_ok(const char *s);

void sha256(const void *p, size_t n, uint8_t out[32]);
/* HMAC-SHA256 (RFC 2104); the key may have any length. */
void hmac_sha256(const void *key, size_t nkey, const void *p, size_t n, uint8_t out[32]);
/* Constant time over n bytes. */
bool crypto_equal(const void *a, const void *b, size_t n);
/* Constant time for strings of equal length; NULL never equals anything. */
bool secret_equal(const char *a, const char *b);

char *hex_encode(struct arena *a, const void *p, size_t n);
/* False when s is not exactly 2*n hex digits (either case). */
bool hex_decode(const char *s, uint8_t *out, size_t n);
char *base64url_encode(struct arena *a, const void *p, size_t n);
/* Standard base64 (RFC 4648 §4, padded). NULL when s is not; *n is the length. In a. */
uint8_t *base64_decode(struct arena *a, const char *s, size_t *n);

/* Argon2id, 64 MiB, 2 passes; the string form of libsodium (crypto_pwhash_str). About 0.1 s of one core. */
char *password_hash(struct arena *a, const char *password);
/* hash NULL runs against a constant dummy hash and returns false, so that an unknown user costs the same. */
bool password_verify(const char *hash, const char *password);

/*
 * Sealing (XChaCha20-Poly1305-IETF): text = "v1." key id "." base64url(nonce || box). aad binds the
 * box to its row ("tenant/table/id/column"): moved elsewhere it does not open. The ring holds the
 * master keys of this process; new boxes use the first.
 */
struct seal_ring;
/* spec: "id:hex64[,id:hex64...]". NULL when it is malformed. Lives as long as the process. */
struct seal_ring *seal_ring_new(const char *spec);
void seal_ring_free(struct seal_ring *r); /* for rings of one use; NULL is fine */
char *seal(struct arena *a, const struct seal_ring *r, const char *aad, const char *plain);
/* NULL when the text, its key or its aad do not fit. */
char *unseal(struct arena *a, const struct seal_ring *r, const char *aad, const char *sealed);

#endif
