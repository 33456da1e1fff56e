/* mask_fuzz.c: after masking there is no long run of digits and no e-mail address, and all else stays. */
#include "lib/base/text.h"
#include "tests/fuzz/fuzz.h"

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool alnum(char c)
{
	return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t longest_digits(const char *s)
{
	size_t best = 0, n;

	for (; *s != '\0'; s += n > 0 ? n : 1) {
		n = strspn(s, "0123456789");
		best = n > best ? n : best;
	}
	return best;
}

/* A letter or digit, '@', and a name with a dot: an address, whatever else stands around it. */
static bool has_mail(const char *s)
{
	for (const char *at = strchr(s, '@'); at != NULL; at = strchr(at + 1, '@')) {
		const char *p = at + 1;

		if (at == s || !alnum(at[-1]) || !alnum(*p))
			continue;
		while (alnum(*p) || *p == '-')
			p++;
		if (*p == '.' && alnum(p[1]))
			return true;
	}
	return false;
}

static size_t count(const char *s, bool digits)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += digit(*s) == digits;
	return n;
}

/* With nothing but digits changed, and only into '*'. */
static bool only_digits_changed(const char *in, const char *out)
{
	for (; *in != '\0' && *out != '\0'; in++, out++)
		if (*in != *out && !(digit(*in) && *out == '*'))
			return false;
	return *in == *out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *in = arena_strn(a, (const char *)data, size), *out = mask_text(a, in), *all = mask_digits(a,
	    in);

	REQUIRE(longest_digits(out) < 8);
	REQUIRE(!has_mail(out));
	REQUIRE(strcmp(mask_text(a, out), out) == 0);
	if (utf8_ok(in, strlen(in)))
		REQUIRE(utf8_ok(out, strlen(out)));
	if (strchr(in, '@') == NULL) {
		REQUIRE(only_digits_changed(in, out));
		REQUIRE(count(in, true) >= 8 || strcmp(in, out) == 0);
	}
	REQUIRE(only_digits_changed(in, all));
	REQUIRE(count(all, true) == (count(in, true) < 2 ? count(in, true) : 2));
	REQUIRE(!has_mail(mask_email(a, in)));
	REQUIRE(longest_digits(mask_email(a, in)) == 0);
	arena_free(a);
	return 0;
}
