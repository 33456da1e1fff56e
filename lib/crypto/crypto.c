#include <sodium.h>
#include <string.h>

#include "lib/crypto/crypto_internal.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
enum { TOKEN_BYTES = 32, TOKEN_CHARS = 43 };

void crypto_start(void)
{
	if (sodium_init() < 0)
		die("crypto: libsodium does not start");
}

void random_bytes(void *p, size_t n)
{
	randombytes_buf(p, n);
}

char *token_new(struct arena *a)
{
	uint8_t bytes[TOKEN_BYTES];
	char *token;

	random_bytes(bytes, sizeof(bytes));
	token = base64url_encode(a, bytes, sizeof(bytes));
	sodium_memzero(bytes, sizeof(bytes));
	return token;
}

bool token_ok(const char *s)
{
	return s != NULL && strlen(s) == TOKEN_CHARS &&
	    strspn(s, LETTERS "-_") == TOKEN_CHARS;
}

void sha256(const void *p, size_t n, uint8_t out[32])
{
	crypto_hash_sha256(out, p, n);
}

void hmac_sha256(const void *key, size_t nkey, const void *p, size_t n, uint8_t out[32])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, nkey);
	crypto_auth_hmacsha256_update(&state, p, n);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof(state));
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
	return n == 0 || sodium_memcmp(a, b, n) == 0;
}

bool secret_equal(const char *a, const char *b)
{
	size_t n;

	if (a == NULL || b == NULL)
		return false;
	n = strlen(a);
	return n == strlen(b) && crypto_equal(a, b, n);
}

char *hex_encode(struct arena *a, const void *p, size_t n)
{
	char *out = arena_array(a, n + 1, 2);

	sodium_bin2hex(out, 2 * n + 1, p, n);
	return out;
}

bool hex_decode(const char *s, uint8_t *out, size_t n)
{
	size_t got;

	return s != NULL && strlen(s) / 2 == n && strlen(s) % 2 == 0 &&
	    sodium_hex2bin(out, n, s, 2 * n, NULL, &got, NULL) == 0 && got == n;
}

char *base64url_encode(struct arena *a, const void *p, size_t n)
{
	size_t size = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *out = arena_alloc(a, size);

	sodium_bin2base64(out, size, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return out;
}

/*
 * set holds the letters of the variant. They are checked here since libsodium 1.0.18 takes every byte
 * above 127 for a '/'.
 */
static uint8_t *decode(struct arena *a, const char *s, size_t *n, const char *set, int variant)
{
	size_t len = s != NULL ? strlen(s) : 0, max = len / 4 * 3 + 2;
	uint8_t *out = arena_alloc(a, max + 1); /* NUL-terminated, for those who expect text */

	if (s == NULL || strspn(s, set) != len ||
	    sodium_base642bin(out, max, s, len, NULL, n, NULL, variant) != 0)
		return NULL;
	out[*n] = 0;
	return out;
}

uint8_t *base64_decode(struct arena *a, const char *s, size_t *n)
{
	return decode(a, s, n, LETTERS "+/=", sodium_base64_VARIANT_ORIGINAL);
}

uint8_t *base64url_decode(struct arena *a, const char *s, size_t *n)
{
	return decode(a, s, n, LETTERS "-_", sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
