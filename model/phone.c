#include "model/phone.h"

#include <string.h>
#include "lib/base/text.h"

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

char *phone_digits(struct arena *a, const char *s)
{
	char out[PHONE_DIGITS_MAX];
	size_t n = 0;

	if (s == NULL)
		return NULL;
	for (; *s != '\0'; s++) {
		if (!digit(*s))
			continue;
		if (n == sizeof(out))
			return NULL;
		out[n++] = *s;
	}
	return n > 0 ? arena_strn(a, out, n) : NULL;
}

/* The 67 area codes of Brazil. */
static bool ddd_ok(const char *d)
{
	static const char *const units[10] = {
		[1] = "123456789", [2] = "12478", [3] = "1234578", [4] = "123456789", [5] = "1345",
		[6] = "123456789", [7] = "134579", [8] = "123456789", [9] = "123456789",
	};

	if (!digit(d[0]) || !digit(d[1]) || units[d[0] - '0'] == NULL)
		return false;
	return strchr(units[d[0] - '0'], d[1]) != NULL;
}

/* First digit of eight: a fixed line, never a mobile that lost its ninth digit. */
static bool fixed_digit(char c)
{
	return c >= '2' && c <= '5';
}

/* Area code and eight or nine digits, dialled as a Brazilian number; NULL when it is none. */
static char *national(struct arena *a, const char *d, size_t n)
{
	if (n < 2 || !ddd_ok(d))
		return NULL;
	if (n == 11 && d[2] == '9')
		return arena_fmt(a, "55%.11s", d);
	if (n != 10)
		return NULL;
	if (fixed_digit(d[2]))
		return arena_fmt(a, "55%.10s", d);
	if (d[2] >= '6')
		return arena_fmt(a, "55%.2s9%.8s", d, d + 2);
	return NULL;
}

/* "0" area number, or "0" carrier area number. */
static char *trunk(struct arena *a, const char *d, size_t n)
{
	char *out = national(a, d + 1, n - 1);

	if (out == NULL && n > 3 && (n == 13 || n == 14))
		out = national(a, d + 3, n - 3);
	return out;
}

static char *local(struct arena *a, const char *d, size_t n, const char *ddd)
{
	bool service = n == 8 && (strncmp(d, "400", 3) == 0 || strncmp(d, "300", 3) == 0); /* 4004, 3003 ... */

	if ((n != 8 && n != 9) || service || ddd == NULL || strlen(ddd) != 2)
		return NULL;
	d = arena_fmt(a, "%s%s", ddd, d);
	return national(a, d, n + 2);
}

/* Digits with a country code, as they came behind "+" or "00". */
static char *international(struct arena *a, const char *d, size_t n)
{
	if (n > 2 && strncmp(d, "55", 2) == 0)
		return d[2] == '0' ? trunk(a, d + 2, n - 2) : national(a, d + 2, n - 2);
	return n >= 7 && n <= 15 && *d != '0' ? arena_str(a, d) : NULL;
}

char *phone_e164(struct arena *a, const char *s, const char *ddd)
{
	const char *d = phone_digits(a, s);
	size_t n = d != NULL ? strlen(d) : 0;
	bool plus = n > 0 && strcspn(s, "+") < strcspn(s, "0123456789");
	char *out;

	if (n == 0)
		return NULL;
	if (plus)
		return international(a, d, n);
	if (strncmp(d, "00", 2) == 0)
		return international(a, d + 2, n - 2);
	if (d[0] == '0')
		return n > 1 && strncmp(d, "0800", 4) != 0 && strncmp(d, "0300", 4) != 0 ? trunk(a, d, n) : NULL;
	out = national(a, d, n);
	if (out == NULL && (n == 12 || n == 13) && strncmp(d, "55", 2) == 0)
		out = national(a, d + 2, n - 2);
	return out != NULL ? out : local(a, d, n, ddd);
}

char *phone_key(struct arena *a, const char *digits)
{
	size_t n = digits != NULL ? strlen(digits) : 0;

	if (n < 5 || n > PHONE_DIGITS_MAX || strspn(digits, "0123456789") != n)
		return NULL;
	if (n == 13 && strncmp(digits, "55", 2) == 0 && ddd_ok(digits + 2) && digits[4] == '9' &&
	    !fixed_digit(digits[5]))
		return arena_fmt(a, "%.4s%s", digits, digits + 5);
	return arena_str(a, digits);
}

char *phone_show(struct arena *a, const char *digits)
{
	size_t n = digits != NULL ? strlen(digits) : 0;

	if (digits == NULL || strspn(digits, "0123456789") != n)
		return arena_str(a, digits);
	if ((n == 12 || n == 13) && strncmp(digits, "55", 2) == 0 && ddd_ok(digits + 2))
		return arena_fmt(a, "+55 (%.2s) %.*s-%s", digits + 2, (int)n - 8, digits + 4, digits + n - 4);
	return arena_fmt(a, "+%s", digits);
}
