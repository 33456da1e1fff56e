#include <string.h>

#include "lib/rec/rec.h"

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *s)
{
	while (*s == ' ' || (s[0] == '\xC2' && s[1] == '\xA0'))
		s += *s == ' ' ? 1 : 2;
	return s;
}

/* Takes "-", "R$" and blanks in front of the digits, the sign on either side of "R$". */
static const char *skip_front(const char *s, bool *negative)
{
	s = skip_blanks(s);
	*negative = *s == '-';
	if (*negative)
		s = skip_blanks(s + 1);
	if (strncmp(s, "R$", 2) == 0) {
		s = skip_blanks(s + 2);
		if (!*negative && *s == '-') {
			*negative = true;
			s++;
		}
	}
	return s;
}

/* The shape of a number: where its groups and its decimals are. */
struct shape {
	char marks[16];   /* each '.' and ',' in turn */
	size_t runs[17];  /* the lengths of the digit runs around them */
	size_t n;         /* marks */
	bool zero;        /* the first digit is 0: no group starts so */
};

static bool take_shape(const char *s, struct shape *out)
{
	*out = (struct shape){ .zero = *s == '0' };
	for (;;) {
		while (digit(*s)) {
			out->runs[out->n]++;
			s++;
		}
		if (out->runs[out->n] == 0)
			return false;
		if (*s != '.' && *s != ',')
			break;
		if (out->n == sizeof(out->marks))
			return false;
		out->marks[out->n++] = *s++;
	}
	return *skip_blanks(s) == '\0';
}

/*
 * Tells how many of the last digits are decimals (0..2), -1 when it is no amount or could be two.
 * One mark with three digits after it is read differently in Brazil and elsewhere: refused, unless
 * what stands before cannot be a group, and then it has too many decimals.
 */
static int decimals(const struct shape *s)
{
	size_t last = s->runs[s->n], groups = s->n;
	char mark = s->n > 0 ? s->marks[s->n - 1] : '\0', group;
	int places = 0;

	if (s->n == 0)
		return 0;
	/* The last mark opens the decimals, unless it is one more of the same grouping mark. */
	if (s->n == 1 || s->marks[s->n - 2] != mark) {
		if (last > 2)
			return -1;
		places = (int)last;
		groups--;
	}
	group = s->marks[0];
	if (groups > 0 && (s->runs[0] > 3 || s->zero || (places > 0 && group == mark)))
		return -1;
	for (size_t i = 1; i <= groups; i++)
		if (s->runs[i] != 3 || s->marks[i - 1] != group)
			return -1;
	return places;
}

bool money_parse(const char *s, int64_t *minor)
{
	struct shape shape;
	bool negative;
	int64_t v = 0;
	int places;

	if (s == NULL)
		return false;
	s = skip_front(s, &negative);
	if (!take_shape(s, &shape) || (places = decimals(&shape)) < 0)
		return false;
	/* Counted downwards: the smallest number has no positive twin. */
	for (; digit(*s) || *s == '.' || *s == ','; s++)
		if (digit(*s) &&
		    (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, *s - '0', &v)))
			return false;
	for (; places < 2; places++)
		if (__builtin_mul_overflow(v, 10, &v))
			return false;
	if (!negative && __builtin_sub_overflow((int64_t)0, v, &v))
		return false;
	*minor = v;
	return true;
}

char *money_text(struct arena *a, int64_t minor)
{
	uint64_t u = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;

	return arena_fmt(a, "%s%llu.%02u", minor < 0 ? "-" : "", (unsigned long long)(u / 100),
	    (unsigned)(u % 100));
}
