/*
 * once_fuzz.c: what clients send to be recognised by: the Idempotency-Key header, and the kept form behind its seal.
 *  - A key is visible ASCII without quotes, at most 200 long, and read again it is itself.
 *  - What is split is the same text, and ends where it ended.
 */
#include "lib/http/kept.c"
#include "lib/http/once.c"
#include "tests/fuzz/fuzz.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *m = arena_new();
	const char *s = arena_strn(m, (const char *)data, size), *key = key_text(m, s);
	struct kept k;

	if (key != NULL) {
		REQUIRE(*key != '\0' && strlen(key) <= KEY_MAX && strpbrk(key, " \"\\\t\r\n") == NULL);
		REQUIRE(strcmp(key_text(m, key), key) == 0);
	}
	if (split(m, s, &k)) {
		REQUIRE(k.at >= 0 && strchr(k.user, ' ') == NULL && strchr(k.address, '\n') == NULL);
		REQUIRE(strlen(k.form) <= strlen(s));
	}
	arena_free(m);
	return 0;
}
