/* tzrule.c: POSIX TZ texts, as "EST5EDT,M3.2.0,M11.1.0" or "<-03>3", with the wider hours of RFC 8536. */
#include <string.h>

#include "lib/base/base_internal.h"

enum { DAY = 86400 };

/* The text is copied and NUL-terminated, so that reading stops by itself. */
static bool take(const char **s, char c)
{
	if (**s != c)
		return false;
	++*s;
	return true;
}

static bool take_number(const char **s, int max, int *out)
{
	int v = 0, n = 0;

	for (; **s >= '0' && **s <= '9' && n < 4; ++*s, n++)
		v = v * 10 + (**s - '0');
	*out = v;
	return n > 0 && v <= max;
}

static bool take_name(const char **s)
{
	const char *from = *s;

	if (take(s, '<')) {
		*s += strcspn(*s, ">");
		return take(s, '>');
	}
	while ((**s >= 'a' && **s <= 'z') || (**s >= 'A' && **s <= 'Z'))
		++*s;
	return *s - from >= 3;
}

/* [+-]h[:m[:s]] in seconds. */
static bool take_hms(const char **s, int hours, int32_t *out)
{
	int h, m = 0, sec = 0, sign = **s == '-' ? -1 : 1;

	if (!take(s, '-'))
		take(s, '+');
	if (!take_number(s, hours, &h))
		return false;
	if (take(s, ':')) {
		if (!take_number(s, 59, &m))
			return false;
		if (take(s, ':') && !take_number(s, 59, &sec))
			return false;
	}
	*out = sign * (h * 3600 + m * 60 + sec);
	return true;
}

static bool take_day(const char **s, struct tz_day *d)
{
	*d = (struct tz_day){ .at = 2 * 3600 };
	if (take(s, 'M')) {
		d->form = TZ_MONTH;
		if (!take_number(s, 12, &d->month) || !take(s, '.') || !take_number(s, 5, &d->week) ||
		    !take(s, '.') || !take_number(s, 6, &d->day) || d->month == 0 || d->week == 0)
			return false;
	} else if (take(s, 'J')) {
		d->form = TZ_JULIAN;
		if (!take_number(s, 365, &d->day) || d->day == 0)
			return false;
	} else {
		d->form = TZ_ZERO;
		if (!take_number(s, 365, &d->day))
			return false;
	}
	return !take(s, '/') || take_hms(s, 167, &d->at);
}

bool tz_rule_parse(const char *text, size_t n, struct tz_rule *r)
{
	char copy[128];
	const char *s = copy;

	if (n >= sizeof(copy))
		return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	*r = (struct tz_rule){ 0 };
	if (!take_name(&s) || !take_hms(&s, 24, &r->std))
		return false;
	r->std = -r->std; /* POSIX counts west */
	r->dst = r->std + 3600;
	if (*s == '\0')
		return true;
	r->has_dst = true;
	if (!take_name(&s))
		return false;
	if (*s != ',') {
		if (!take_hms(&s, 24, &r->dst))
			return false;
		r->dst = -r->dst;
	}
	return take(&s, ',') && take_day(&s, &r->start) && take(&s, ',') && take_day(&s, &r->end) &&
	    *s == '\0';
}

static bool leap_year(int64_t y)
{
	return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

static int64_t day_of(const struct tz_day *d, int64_t year)
{
	int64_t first, day;

	switch (d->form) {
	case TZ_JULIAN:
		return days_from_civil(year, 1, d->day) + (leap_year(year) && d->day >= 60);
	case TZ_ZERO:
		return days_from_civil(year, 1, 1) + d->day;
	case TZ_MONTH:
		break;
	}
	first = days_from_civil(year, d->month, 1);
	/* 1970-01-01 was a Thursday. */
	day = first + (d->day - ((first + 4) % 7 + 7) % 7 + 7) % 7 + (d->week - 1) * 7;
	while (day >= days_from_civil(d->month == 12 ? year + 1 : year, d->month == 12 ? 1 : d->month + 1, 1))
		day -= 7;
	return day;
}

int32_t tz_rule_offset(const struct tz_rule *r, int64_t t)
{
	int64_t local = t + r->std, days = (local >= 0 ? local : local - (DAY - 1)) / DAY, year, start, end;
	int month, day;

	if (!r->has_dst)
		return r->std;
	civil_from_days(days, &year, &month, &day);
	start = day_of(&r->start, year) * DAY + r->start.at - r->std;
	end = day_of(&r->end, year) * DAY + r->end.at - r->dst;
	if (start < end)
		return t >= start && t < end ? r->dst : r->std;
	return t >= end && t < start ? r->std : r->dst;
}
