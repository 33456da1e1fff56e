#include "model/hours.h"

#include <string.h>

#include "lib/base/buf.h"

static const char *blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* Up to two digits; -1 for none. */
static int number(const char **s)
{
	int v = -1;

	for (int i = 0; i < 2 && **s >= '0' && **s <= '9'; i++, (*s)++)
		v = (v < 0 ? 0 : v * 10) + (**s - '0');
	return v;
}

/* "8", "08:30", "8h", "8h30": minutes after midnight, -1 when it is none. */
static int clock_of(const char **s)
{
	int hour = number(s), minute = 0;
	bool colon = **s == ':';

	if (hour < 0 || hour > 24)
		return -1;
	if (colon || **s == 'h' || **s == 'H') {
		const char *at = ++(*s);

		minute = number(s);
		if (minute < 0 && !colon)
			minute = 0;
		else if (*s - at != 2)
			return -1;
	}
	return minute <= 59 && hour * 60 + minute <= DAY_MINUTES ? hour * 60 + minute : -1;
}

/* What stands at s among the words; NULL when none does. Longer words come before their beginnings. */
static const char *past_word(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strncmp(s, *words, strlen(*words)) == 0)
			return s + strlen(*words);
	return NULL;
}

bool hours_parse(const char *text, int weekday, struct span *out, size_t *n)
{
	static const char *const until[] = { "-", "\xe2\x80\x93", "\xc3\xa0s", "as", "to", "a", NULL }, *const and[] = { ",", ";", "e", "and", NULL };
	const char *s = blanks(text != NULL ? text : "");

	*n = 0;
	if (*s == '\0')
		return true;
	for (int last = 0; *n < SPANS_DAY; s = blanks(s)) {
		struct span *p = &out[*n];

		p->weekday = weekday;
		p->opens = clock_of(&s);
		s = past_word(blanks(s), until);
		if (p->opens < last || s == NULL)
			return false;
		s = blanks(s);
		p->closes = clock_of(&s);
		if (p->closes <= p->opens)
			return false;
		last = p->closes;
		(*n)++;
		s = blanks(s);
		if (*s == '\0')
			return true;
		s = past_word(s, and);
		if (s == NULL)
			return false;
	}
	return false;
}

static char *taken(struct arena *a, struct buf *b)
{
	char *out = b->n > 0 ? arena_strn(a, b->p, b->n) : NULL;

	buf_free(b);
	return out;
}

char *hours_text(struct arena *a, const struct span *s, size_t n)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < n; i++)
		buf_fmt(&b, "%s%02d:%02d-%02d:%02d", i > 0 ? ", " : "", s[i].opens / 60, s[i].opens % 60, s[i].closes / 60, s[i].closes % 60);
	return taken(a, &b);
}

char *hours_json(struct arena *a, const struct span *s, size_t n)
{
	struct buf b = { 0 };

	buf_char(&b, '[');
	for (size_t i = 0; i < n; i++)
		buf_fmt(&b, "%s{\"weekday\":%d,\"opens\":%d,\"closes\":%d}", i > 0 ? "," : "", s[i].weekday, s[i].opens, s[i].closes);
	buf_char(&b, ']');
	return taken(a, &b);
}
