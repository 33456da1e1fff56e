/* phone_fuzz.c: what comes out can be dialled, keys are stable, and both spellings of a mobile have one key. */
#include "lib/base/text.h"
#include "model/phone.h"
#include "tests/fuzz/fuzz.h"

static bool all_digits(const char *s)
{
	return *s != '\0' && strspn(s, "0123456789") == strlen(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *s = arena_strn(a, (const char *)data, size);
	char *digits = phone_digits(a, s), *key = phone_key(a, s), *dialled = phone_e164(a, s, size % 2 == 0 ? "31" : NULL);

	REQUIRE(digits == NULL || (all_digits(digits) && strlen(digits) <= PHONE_DIGITS_MAX));
	if (dialled != NULL) {
		REQUIRE(all_digits(dialled) && strlen(dialled) >= 7 && strlen(dialled) <= 15);
		REQUIRE(phone_key(a, dialled) != NULL);
		/* A number as dialled from abroad is dialled as it is. */
		REQUIRE(text_eq(phone_e164(a, arena_fmt(a, "+%s", dialled), NULL), dialled));
		REQUIRE(text_eq(phone_digits(a, phone_show(a, dialled)), dialled));
	}
	if (key != NULL) {
		REQUIRE(all_digits(key) && strlen(key) <= strlen(s));
		REQUIRE(text_eq(phone_key(a, key), key));
		if (strlen(key) == 12 && strlen(s) == 13)
			REQUIRE(text_eq(phone_key(a, arena_fmt(a, "%.4s9%s", key, key + 4)), key));
	}
	REQUIRE((phone_show(a, s) == NULL) == (s == NULL));
	arena_free(a);
	return 0;
}
