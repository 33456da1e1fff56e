#include "lib/base/text.h"

#include <string.h>

#include "lib/base/base_internal.h"
#include "lib/base/buf.h"

size_t utf8_next(const char *s, size_t n, uint32_t *cp)
{
	const unsigned char *u = (const unsigned char *)s;
	unsigned char c = u[0], lo = 0x80, hi = 0xBF; /* bounds of the second byte */
	size_t len;

	*cp = c;
	if (c < 0x80)
		return 1;
	if (c >= 0xC2 && c <= 0xDF) {
		len = 2;
		*cp = c & 0x1Fu;
	} else if (c >= 0xE0 && c <= 0xEF) {
		len = 3;
		*cp = c & 0x0Fu;
		lo = c == 0xE0 ? 0xA0 : 0x80;
		hi = c == 0xED ? 0x9F : 0xBF;
	} else if (c >= 0xF0 && c <= 0xF4) {
		len = 4;
		*cp = c & 0x07u;
		lo = c == 0xF0 ? 0x90 : 0x80;
		hi = c == 0xF4 ? 0x8F : 0xBF;
	} else {
		*cp = UTF8_BAD;
		return 1;
	}
	for (size_t i = 1; i < len; i++) {
		if (i >= n || u[i] < lo || u[i] > hi) {
			*cp = UTF8_BAD;
			return i;
		}
		*cp = *cp << 6 | (u[i] & 0x3Fu);
		lo = 0x80;
		hi = 0xBF;
	}
	return len;
}

bool utf8_ok(const char *s, size_t n)
{
	uint32_t cp;

	for (size_t i = 0; i < n;) {
		i += utf8_next(s + i, n - i, &cp);
		if (cp == UTF8_BAD || cp == 0)
			return false;
	}
	return true;
}

size_t utf8_len(const char *s)
{
	size_t len = 0;
	uint32_t cp;

	for (; s != NULL && *s != '\0'; len++)
		s += utf8_next(s, 4, &cp);
	return len;
}

char *utf8_cut(struct arena *a, const char *s, size_t max)
{
	const char *p = s, *last = s; /* last: where the code point number max starts */
	uint32_t cp;
	size_t len = 0, keep;
	char *out;

	if (s == NULL)
		return NULL;
	for (; *p != '\0' && len < max; len++) {
		last = p;
		p += utf8_next(p, 4, &cp);
	}
	if (*p == '\0')
		return arena_str(a, s);
	if (max == 0)
		return arena_str(a, "");
	keep = (size_t)(last - s);
	out = arena_alloc(a, keep + sizeof("…"));
	memcpy(out, s, keep);
	memcpy(out + keep, "…", sizeof("…"));
	return out;
}

char *utf8_clean(struct arena *a, const char *s, size_t n)
{
	struct buf b = { 0 };
	uint32_t cp;
	char *out;

	buf_reserve(&b, n);
	for (size_t i = 0; i < n;) {
		size_t len = utf8_next(s + i, n - i, &cp);

		if (cp == UTF8_BAD)
			buf_str(&b, UTF8_REPLACEMENT);
		else if (cp >= 0x20 || cp == '\t' || cp == '\n')
			buf_add(&b, s + i, len);
		i += len;
	}
	out = arena_strn(a, b.p, b.n);
	buf_free(&b);
	return out;
}

static bool space_ascii(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool nbsp_at(const char *s)
{
	return s[0] == '\xC2' && s[1] == '\xA0';
}

char *text_trim(struct arena *a, const char *s)
{
	size_t n, w = 0;
	char *out;

	if (s == NULL)
		return NULL;
	while (space_ascii(*s) || nbsp_at(s))
		s += nbsp_at(s) ? 2 : 1;
	n = strlen(s);
	for (;;) {
		if (n >= 1 && space_ascii(s[n - 1]))
			n--;
		else if (n >= 2 && nbsp_at(s + n - 2))
			n -= 2;
		else
			break;
	}
	out = arena_alloc(a, n + 1);
	for (size_t i = 0; i < n; i++)
		if (s[i] != '\r' || i + 1 == n || s[i + 1] != '\n')
			out[w++] = s[i];
	return out;
}

char *text_lower(struct arena *a, const char *s)
{
	char *out = arena_str(a, s);

	for (char *p = out; p != NULL && *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return out;
}

bool text_starts(const char *s, const char *prefix)
{
	return s != NULL && prefix != NULL && strncmp(s, prefix, strlen(prefix)) == 0;
}

bool text_empty(const char *s)
{
	return s == NULL || *s == '\0';
}

bool text_eq(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool id_ok(const char *s)
{
	size_t i = 0;

	if (s == NULL)
		return false;
	for (; i < 36 && s[i] != '\0'; i++) {
		bool hex = (s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'f');
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : !hex)
			return false;
	}
	return i == 36 && s[i] == '\0';
}

bool parse_i64(const char *s, int64_t min, int64_t max, int64_t *out)
{
	bool negative;
	int64_t v = 0;

	if (s == NULL)
		return false;
	negative = *s == '-';
	s += negative;
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		int digit = *s - '0';

		/* Counted downwards: the smallest number has no positive twin. */
		if (digit < 0 || digit > 9 || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, digit, &v))
			return false;
	}
	if (!negative && __builtin_sub_overflow((int64_t)0, v, &v))
		return false;
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}
