/* base64_fuzz.c: decoding is exact (one text per bytes, and back), and so are hex and base64url. */
#include "lib/crypto/crypto.h"
#include "tests/fuzz/fuzz.h"

/* RFC 4648 §4, written plainly. */
static char *encode(struct arena *a, const uint8_t *p, size_t n)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *out = arena_alloc(a, (n + 2) / 3 * 4 + 1), *w = out;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16;

		if (i + 1 < n)
			v |= (uint32_t)p[i + 1] << 8;
		if (i + 2 < n)
			v |= p[i + 2];
		*w++ = set[v >> 18];
		*w++ = set[v >> 12 & 63];
		*w++ = i + 1 < n ? set[v >> 6 & 63] : '=';
		*w++ = i + 2 < n ? set[v & 63] : '=';
	}
	return out;
}

/* The same in the URL alphabet, without padding. */
static char *to_url(struct arena *a, const char *s)
{
	char *out = arena_str(a, s);

	out[strcspn(out, "=")] = '\0';
	for (char *p = out; *p != '\0'; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *text = encode(a, data, size), *in = arena_strn(a, (const char *)data, size), *hex;
	uint8_t *out, *raw = arena_alloc(a, size);
	size_t n = 0;

	out = base64_decode(a, text, &n);
	REQUIRE(out != NULL && n == size && (n == 0 || memcmp(out, data, n) == 0));
	out = base64_decode(a, in, &n);
	if (out != NULL)
		REQUIRE(strcmp(encode(a, out, n), in) == 0);
	REQUIRE(strcmp(base64url_encode(a, data, size), to_url(a, text)) == 0);
	REQUIRE(token_ok(base64url_encode(a, data, size)) == (size == 32));
	hex = hex_encode(a, data, size);
	REQUIRE(strlen(hex) == 2 * size);
	REQUIRE(hex_decode(hex, raw, size) && (size == 0 || memcmp(raw, data, size) == 0));
	REQUIRE(!hex_decode(hex, raw, size + 1));
	if (hex_decode(in, raw, strlen(in) / 2))
		REQUIRE(strspn(in, "0123456789abcdefABCDEF") == strlen(in) && strlen(in) % 2 == 0);
	arena_free(a);
	return 0;
}
