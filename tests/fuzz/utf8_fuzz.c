/* utf8_fuzz.c: cleaning gives valid text and keeps valid text; validity, length and cutting agree. */
#include "lib/base/text.h"
#include "tests/fuzz/fuzz.h"

static size_t length_of(uint8_t first)
{
	if (first >> 7 == 0)
		return 1;
	return first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
}

/* The definition of RFC 3629 written another way: the code point is put together, then judged. */
static bool valid_plainly(const uint8_t *p, size_t n)
{
	static const uint8_t bits[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 }; /* of the first byte, by length */

	while (n > 0) {
		size_t len = length_of(p[0]);
		uint32_t cp = p[0] & bits[len];

		if (len == 0 || len > n || p[0] == 0)
			return false;
		for (size_t i = 1; i < len; i++) {
			if (p[i] >> 6 != 2)
				return false;
			cp = cp << 6 | (p[i] & 0x3Fu);
		}
		if ((len == 2 && cp < 0x80) || (len == 3 && cp < 0x800) || (len == 4 && cp < 0x10000) ||
		    cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
			return false;
		p += len;
		n -= len;
	}
	return true;
}

static bool controls(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 && *s != '\t' && *s != '\n')
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	const char *in = (const char *)data;
	char *clean = utf8_clean(a, in, size), *cut;
	bool ok = utf8_ok(in, size);
	size_t max = size > 0 ? data[0] % 16 : 0, len = utf8_len(clean);

	REQUIRE(ok == valid_plainly(data, size));
	REQUIRE(utf8_ok(clean, strlen(clean)));
	REQUIRE(!controls(clean));
	REQUIRE(strcmp(utf8_clean(a, clean, strlen(clean)), clean) == 0);
	if (ok && !controls(arena_strn(a, in, size)))
		REQUIRE(strlen(clean) == size && memcmp(clean, in, size) == 0);
	cut = utf8_cut(a, clean, max);
	REQUIRE(utf8_ok(cut, strlen(cut)));
	REQUIRE(utf8_len(cut) == (len < max ? len : max));
	if (len <= max)
		REQUIRE(strcmp(cut, clean) == 0);
	/* Bytes that are no text may go in, too. */
	cut = utf8_cut(a, arena_strn(a, in, size), max);
	REQUIRE(utf8_len(cut) <= max);
	REQUIRE(utf8_ok(text_trim(a, clean), strlen(text_trim(a, clean))));
	REQUIRE(strcmp(text_trim(a, text_trim(a, clean)), text_trim(a, clean)) == 0);
	arena_free(a);
	return 0;
}
