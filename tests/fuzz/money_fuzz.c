/* money_fuzz.c: an amount that is read has the digits that were written; amounts written are read back. */
#include "lib/rec/rec.h"
#include "tests/fuzz/fuzz.h"

/* The digits of s as one number, without leading zeroes and marks. */
static char *digits_of(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, strlen(s) + 1), *w = out;

	for (; *s != '\0'; s++)
		if (*s >= '0' && *s <= '9' && (w != out || *s != '0'))
			*w++ = *s;
	return out;
}

/* What was written must be the amount's digits, less the zeroes that stand for missing decimals. */
static void same_digits(struct arena *a, const char *s, int64_t minor)
{
	char *in = digits_of(a, s), *got = digits_of(a, money_text(a, minor));
	size_t n = strlen(in);

	REQUIRE(strncmp(got, in, n) == 0);
	REQUIRE(strlen(got) - n <= 2 && strspn(got + n, "0") == strlen(got + n));
	REQUIRE((minor < 0) == (strchr(s, '-') != NULL && minor != 0));
}

/* In Brazil's form and in the English one. */
static char *grouped(struct arena *a, int64_t minor, char group, char point)
{
	const char *plain = money_text(a, minor);
	size_t n = strlen(plain) - 3;
	char *out = arena_alloc(a, 2 * n + 8), *w = out;

	for (size_t i = 0; i < n; i++) {
		*w++ = plain[i];
		if (plain[i] != '-' && i + 1 < n && (n - i - 1) % 3 == 0)
			*w++ = group;
	}
	*w++ = point;
	memcpy(w, plain + n + 1, 2);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	const char *s = arena_strn(a, (const char *)data, size);
	int64_t minor = 42, again = 0, any = 0;

	if (money_parse(s, &minor)) {
		same_digits(a, s, minor);
		REQUIRE(money_parse(money_text(a, minor), &again) && again == minor);
	} else {
		REQUIRE(minor == 42);
	}
	memcpy(&any, data, size < sizeof(any) ? size : sizeof(any));
	REQUIRE(money_parse(money_text(a, any), &again) && again == any);
	REQUIRE(money_parse(grouped(a, any, '.', ','), &again) && again == any);
	REQUIRE(money_parse(grouped(a, any, ',', '.'), &again) && again == any);
	REQUIRE(money_parse(arena_fmt(a, "R$ %s", grouped(a, any, '.', ',')), &again) && again == any);
	arena_free(a);
	return 0;
}
