#include <sodium.h>
#include <string.h>

#include "lib/crypto/crypto_internal.h"

#define PREFIX "v1."
enum {
	KEY = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	ID_MAX = 31
};

struct seal_key {
	char id[ID_MAX + 1];
	uint8_t key[KEY];
};

struct seal_ring {
	size_t n;
	struct seal_key keys[];
};

static const struct seal_key *key_find(const struct seal_ring *r, const char *id, size_t n)
{
	for (size_t i = 0; i < r->n; i++)
		if (strlen(r->keys[i].id) == n && memcmp(r->keys[i].id, id, n) == 0)
			return &r->keys[i];
	return NULL;
}

/* Reads "id:hex64" of n bytes into the ring's next key. */
static bool key_add(struct seal_ring *r, const char *s, size_t n)
{
	struct seal_key *k = &r->keys[r->n];
	size_t id = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"), got;

	if (id == 0 || id > ID_MAX || id >= n || s[id] != ':' || n - id - 1 != 2 * KEY ||
	    key_find(r, s, id) != NULL)
		return false;
	if (sodium_hex2bin(k->key, KEY, s + id + 1, 2 * KEY, NULL, &got, NULL) != 0 || got != KEY)
		return false;
	memcpy(k->id, s, id);
	k->id[id] = '\0';
	r->n++;
	return true;
}

struct seal_ring *seal_ring_new(const char *spec)
{
	struct seal_ring *r;
	size_t keys = 1, size;

	if (spec == NULL)
		return NULL;
	for (const char *p = spec; *p != '\0'; p++)
		keys += *p == ',';
	/* Guarded memory ends at a page: its size has to be a multiple of the alignment wanted. */
	size = (sizeof(*r) + keys * sizeof(r->keys[0]) + 63) / 64 * 64;
	r = sodium_malloc(size);
	if (r == NULL)
		die("crypto: no memory for keys");
	sodium_memzero(r, size);
	for (;;) {
		size_t n = strcspn(spec, ",");

		if (!key_add(r, spec, n)) {
			sodium_free(r);
			return NULL;
		}
		if (spec[n] == '\0')
			break;
		spec += n + 1;
	}
	sodium_mprotect_readonly(r);
	return r;
}

void seal_ring_free(struct seal_ring *r)
{
	sodium_free(r);
}

char *seal(struct arena *a, const struct seal_ring *r, const char *aad, const char *plain)
{
	const struct seal_key *k = &r->keys[0];
	size_t n = strlen(plain);
	uint8_t *box = arena_alloc(a, NONCE + n + TAG);
	unsigned long long len;

	random_bytes(box, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, &len, (const uint8_t *)plain, n,
	    (const uint8_t *)aad, strlen(aad), NULL, box, k->key);
	return arena_fmt(a, PREFIX "%s.%s", k->id, base64url_encode(a, box, NONCE + (size_t)len));
}

char *unseal(struct arena *a, const struct seal_ring *r, const char *aad, const char *sealed)
{
	const struct seal_key *k;
	const char *text;
	uint8_t *box, *plain;
	size_t n;
	unsigned long long len;

	if (sealed == NULL || strncmp(sealed, PREFIX, strlen(PREFIX)) != 0)
		return NULL;
	sealed += strlen(PREFIX);
	text = strchr(sealed, '.');
	k = text != NULL ? key_find(r, sealed, (size_t)(text - sealed)) : NULL;
	if (k == NULL)
		return NULL;
	box = base64url_decode(a, text + 1, &n);
	if (box == NULL || n < NONCE + TAG)
		return NULL;
	plain = arena_alloc(a, n - NONCE - TAG + 1); /* zeroed: the NUL is there */
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &len, NULL, box + NONCE, n - NONCE,
	    (const uint8_t *)aad, strlen(aad), box, k->key) != 0)
		return NULL;
	return memchr(plain, '\0', (size_t)len) == NULL ? (char *)plain : NULL;
}
