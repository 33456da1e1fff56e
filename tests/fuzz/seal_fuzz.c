/* seal_fuzz.c: what was sealed opens with its own aad only; a changed or foreign text never opens. */
#include "lib/crypto/crypto.h"
#include "tests/fuzz/fuzz.h"

#define SPEC "a1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f," \
	"b2:f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff101112131415161718191a1b1c1d1e1f"

static const struct seal_ring *ring(void)
{
	static struct seal_ring *r;

	if (r == NULL) {
		crypto_start();
		r = seal_ring_new(SPEC);
		REQUIRE(r != NULL);
	}
	return r;
}

/* A ring from any text: either refused, or it works. */
static void any_spec(struct arena *a, const char *spec)
{
	static unsigned rings; /* they live as long as the process: not too many */
	struct seal_ring *r;

	if (strlen(spec) > 400 || rings > 2000)
		return;
	r = seal_ring_new(spec);
	if (r == NULL)
		return;
	rings++;
	REQUIRE(strcmp(unseal(a, r, "x", seal(a, r, "x", "y")), "y") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	size_t half = size / 2, at, bit;
	char *plain = arena_strn(a, (const char *)data, half), *box, *open;
	char *aad = arena_strn(a, (const char *)data + half, size - half);

	box = seal(a, ring(), aad, plain);
	open = unseal(a, ring(), aad, box);
	REQUIRE(open != NULL && strcmp(open, plain) == 0);
	REQUIRE(unseal(a, ring(), arena_fmt(a, "%s/", aad), box) == NULL);
	/* One bit of the text, anywhere. */
	at = size > 1 ? (size_t)(data[0] << 8 | data[1]) % strlen(box) : 0;
	bit = size > 2 ? data[2] % 7 : 0;
	box[at] = (char)((unsigned char)box[at] ^ 1u << bit);
	REQUIRE(unseal(a, ring(), aad, box) == NULL);
	/* Nobody without the key makes a text that opens. */
	REQUIRE(unseal(a, ring(), "", arena_strn(a, (const char *)data, size)) == NULL);
	REQUIRE(unseal(a, ring(), "", arena_fmt(a, "v1.a1.%s", plain)) == NULL);
	any_spec(a, arena_strn(a, (const char *)data, size));
	arena_free(a);
	return 0;
}
