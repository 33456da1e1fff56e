/* mask.c: hides phones and e-mail addresses; when in doubt, it hides. */
#include "lib/base/text.h"

#include <string.h>

#include "lib/base/base_internal.h"
#include "lib/base/buf.h"

enum { PHONE_DIGITS = 8, GAP_MAX = 4 /* separators between two digits of one number */ };

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Value of the n digits at s, -1 when they are not n digits. */
static int number(const char *s, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (!digit(s[i]))
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	return v;
}

static bool date_parts(int year, int month, int day)
{
	return year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* Bytes of a date at s: 2024-11-22, 22/11/2024, 22.11.2024 or 22-11-2024; else 0. */
static size_t date_at(const char *s)
{
	char sep;

	if (number(s, 4) >= 0 && s[4] == '-' && number(s + 5, 2) >= 0 && s[7] == '-' && number(s + 8, 2) >= 0)
		return !digit(s[10]) && date_parts(number(s, 4), number(s + 5, 2), number(s + 8, 2)) ? 10 : 0;
	if (number(s, 2) < 0 || s[2] == '\0' || strchr("/.-", s[2]) == NULL)
		return 0;
	sep = s[2];
	if (number(s + 3, 2) < 0 || s[5] != sep || number(s + 6, 4) < 0 || digit(s[10]))
		return 0;
	return date_parts(number(s + 6, 4), number(s + 3, 2), number(s, 2)) ? 10 : 0;
}

/* Bytes of a time at s: 9:30, 12:30, 12:30:15, 12:30:15.123; else 0. */
static size_t time_at(const char *s)
{
	size_t n = digit(s[0]) && s[1] == ':' ? 1 : 2;

	if (number(s, (int)n) < 0 || s[n] != ':' || number(s + n + 1, 2) < 0)
		return 0;
	n += 3;
	if (s[n] == ':' && number(s + n + 1, 2) >= 0) {
		n += 3;
		if ((s[n] == '.' || s[n] == ',') && digit(s[n + 1])) {
			size_t f = strspn(s + n + 1, "0123456789");

			n += f <= 6 ? f + 1 : 0;
		}
	}
	return digit(s[n]) || s[n] == ':' ? 0 : n;
}

/* True when a currency sign stands before s, at most one blank between; start is where the text begins. */
static bool after_currency(const char *start, const char *s)
{
	if (s > start && s[-1] == ' ')
		s--;
	else if (s > start + 1 && s[-2] == '\xC2' && s[-1] == '\xA0')
		s -= 2;
	return (s > start && s[-1] == '$') || (s > start + 2 && memcmp(s - 3, "€", 3) == 0);
}

/* Bytes of an amount at s: 1.234.567,89 anywhere; 1.234.567 and 1234567,89 after a currency sign; else 0. */
static size_t money_at(const char *start, const char *s)
{
	size_t n = strspn(s, "0123456789"), groups = 0;
	bool currency = after_currency(start, s);

	while (groups < 6 && n <= 3 + groups * 4 && s[n] == '.' && number(s + n + 1, 3) >= 0 &&
	    !digit(s[n + 4])) {
		n += 4;
		groups++;
	}
	if (groups == 0 && n >= PHONE_DIGITS)
		return 0;
	if ((s[n] == ',' || (s[n] == '.' && groups == 0)) && number(s + n + 1, 2) >= 0 && !digit(s[n + 3]))
		return groups > 0 || currency ? n + 3 : 0;
	return currency ? n : 0;
}

/* Bytes of a mark that people and devices put between the digits of a phone number; else 0. */
static size_t separator_at(const char *s)
{
	uint32_t cp;
	size_t n;

	if (*s == '\0')
		return 0;
	if (strchr(" .-()+\t", *s) != NULL)
		return 1;
	n = utf8_next(s, 4, &cp);
	if (cp == UTF8_BAD)
		return 0;
	/* Blanks, hyphens and the direction marks that come along when a number is copied from a phone. */
	if (cp == 0xA0 || cp == 0xAD || (cp >= 0x2000 && cp <= 0x2015) || (cp >= 0x202A && cp <= 0x202F) ||
	    (cp >= 0x2060 && cp <= 0x2069) || cp == 0x2212 || cp == 0xFEFF)
		return n;
	return 0;
}

/* Bytes of a character that may stand in an address (local: before the @); else 0. */
static size_t mail_char_at(const char *s, bool local)
{
	uint32_t cp;
	size_t n;

	if (*s == '\0')
		return 0;
	if (alpha(*s) || digit(*s) || strchr(local ? "._%+-~'" : ".-", *s) != NULL)
		return 1;
	n = utf8_next(s, 4, &cp);
	return cp >= 0xC0 && cp < 0x2000 ? n : 0;
}

static size_t mail_span(const char *s, bool local)
{
	size_t n = 0, step;

	while ((step = mail_char_at(s + n, local)) > 0)
		n += step;
	return n;
}

/* Bytes of an e-mail address at s, else 0; *local is the length of what may stand before an @ there. */
static size_t mail_at(const char *s, size_t *local)
{
	size_t n;

	*local = mail_span(s, true);
	if (*local == 0 || s[*local] != '@')
		return 0;
	n = *local + 1 + mail_span(s + *local + 1, false);
	/* Of a@b.com@c.com all goes: .com@c.com alone would be an address again. */
	if (memchr(s + *local, '.', n - *local) != NULL)
		while (s[n] == '@')
			n += 1 + mail_span(s + n + 1, false);
	while (strchr(".-", s[n - 1]) != NULL)
		n--;
	return memchr(s + *local, '.', n - *local) != NULL ? n : 0;
}

static void put_mail(struct buf *b, const char *local, size_t nlocal, const char *domain, size_t ndomain)
{
	const char *dot = memrchr(domain, '.', ndomain);
	size_t label = dot != NULL ? ndomain - (size_t)(dot - domain) : 0;
	uint32_t cp = 0;
	size_t first = nlocal > 0 ? utf8_next(local, nlocal, &cp) : 0;

	/* A digit is no letter: it could be one too many of a phone number. */
	if (first > 0 && (alpha(*local) || (cp >= 0xC0 && cp != UTF8_BAD)))
		buf_add(b, local, first);
	buf_str(b, "***@***");
	for (size_t i = 1; i < label; i++)
		if (!alpha(dot[i]))
			label = 0;
	if (label > 1)
		buf_add(b, dot, label);
}

/* The n bytes at s with all digits but the last keep ones as '*'. */
static void put_digits(struct buf *b, const char *s, size_t n, size_t keep)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++)
		left += digit(s[i]);
	for (size_t i = 0; i < n; i++) {
		if (!digit(s[i]))
			buf_char(b, s[i]);
		else
			buf_char(b, left-- > keep ? '*' : s[i]);
	}
}

/* A walk over one text. Before tried no address starts: each run of address characters is read once. */
struct walk {
	const char *start, *tried;
};

/* Bytes of a date, a time or an amount at s: numbers that are to stay; else 0. */
static size_t plain_at(const struct walk *w, const char *s)
{
	size_t n = date_at(s);

	if (n == 0)
		n = time_at(s);
	if (n == 0)
		n = money_at(w->start, s);
	return n > 0 && s[n] == '@' ? 0 : n;
}

static size_t mail_once(struct walk *w, const char *s, size_t *local)
{
	size_t n;

	if (s < w->tried)
		return 0;
	n = mail_at(s, local);
	if (n == 0)
		w->tried = s + *local;
	return n;
}

/* The next digit of the number whose last digit stands before p; NULL when the number ends there. */
static const char *next_digit(struct walk *w, const char *p)
{
	size_t local, n;

	for (int gap = 0; gap < GAP_MAX && (n = separator_at(p)) > 0; gap++) {
		if (mail_once(w, p, &local) > 0)
			return NULL;
		p += n;
	}
	return digit(*p) && mail_once(w, p, &local) == 0 && plain_at(w, p) == 0 ? p : NULL;
}

/* Bytes from the digit at s to the last digit of the same number, and how many digits there are. */
static size_t number_span(struct walk *w, const char *s, size_t *digits)
{
	const char *end = s, *next = s;

	for (*digits = 0; next != NULL; next = next_digit(w, end)) {
		size_t n = strspn(next, "0123456789");

		end = next + n;
		*digits += n;
	}
	return (size_t)(end - s);
}

/* Takes the number at s, with all that looks like a part of it; returns the bytes read. */
static size_t put_number(struct buf *b, struct walk *w, const char *s)
{
	size_t n = plain_at(w, s), digits = 0;

	if (n == 0)
		n = number_span(w, s, &digits);
	if (digits >= PHONE_DIGITS)
		put_digits(b, s, n, 2);
	else
		buf_add(b, s, n);
	return n;
}

static char *finish(struct arena *a, struct buf *b)
{
	char *out = arena_strn(a, b->p, b->n);

	buf_free(b);
	return out;
}

char *mask_text(struct arena *a, const char *s)
{
	struct walk w = { s, s };
	struct buf b = { 0 };

	if (s == NULL)
		return NULL;
	buf_reserve(&b, strlen(s));
	while (*s != '\0') {
		size_t local, n = mail_once(&w, s, &local);

		if (n > 0)
			put_mail(&b, s, local, s + local + 1, n - local - 1);
		else if (digit(*s))
			n = put_number(&b, &w, s);
		else
			buf_add(&b, s, n = 1);
		s += n;
	}
	return finish(a, &b);
}

char *mask_digits(struct arena *a, const char *s)
{
	struct buf b = { 0 };

	if (s == NULL)
		return NULL;
	buf_reserve(&b, strlen(s));
	put_digits(&b, s, strlen(s), 2);
	return finish(a, &b);
}

char *mask_email(struct arena *a, const char *s)
{
	struct buf b = { 0 };
	const char *at;

	if (s == NULL)
		return NULL;
	at = strrchr(s, '@');
	buf_reserve(&b, 0);
	if (at != NULL)
		put_mail(&b, s, (size_t)(at - s), at + 1, strlen(at + 1));
	else if (*s != '\0')
		buf_str(&b, "***");
	return finish(a, &b);
}
