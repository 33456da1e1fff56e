#include "lib/base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/base/base_internal.h"

enum { DAY = 86400, MILLION = 1000000 };

utc_t utc_now(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		die("clock: no wall clock");
	return (utc_t){ (int64_t)ts.tv_sec * MILLION + ts.tv_nsec / 1000 };
}

int64_t mono_ms(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		die("clock: no monotonic clock");
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / MILLION;
}

/* Both by Howard Hinnant's method: years start in March, so that the leap day is the last. */
int64_t days_from_civil(int64_t year, int month, int64_t day)
{
	int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400, of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year + day - 1 - 719468;
}

void civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = y + era * 400 + (*month <= 2);
}

int64_t utc_split(utc_t t, int *us)
{
	int64_t s = t.us / MILLION;

	*us = (int)(t.us % MILLION);
	if (*us < 0) {
		*us += MILLION;
		s--;
	}
	return s;
}

void utc_format(char out[UTC_TEXT], utc_t t, int digits)
{
	int us, month, day, n;
	int64_t s = utc_split(t, &us), year, days, of_day;
	char fraction[8];

	days = (s >= 0 ? s : s - (DAY - 1)) / DAY;
	of_day = s - days * DAY;
	civil_from_days(days, &year, &month, &day);
	n = snprintf(out, UTC_TEXT, "%04lld-%02d-%02dT%02d:%02d:%02d", (long long)year, month, day,
	    (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60));
	snprintf(fraction, sizeof(fraction), "%06d", us);
	if (digits > 0)
		n += snprintf(out + n, UTC_TEXT - (size_t)n, ".%.*s", digits, fraction);
	snprintf(out + n, UTC_TEXT - (size_t)n, "Z");
}

char *utc_rfc3339(struct arena *a, utc_t t)
{
	char text[UTC_TEXT];
	int us;

	if (utc_none(t))
		return NULL;
	utc_split(t, &us);
	utc_format(text, t, us >= 1000 ? 3 : 0);
	return arena_str(a, text);
}

/* Takes exactly n digits. */
static bool take(const char **s, int n, int *out)
{
	*out = 0;
	for (; n > 0; n--, ++*s) {
		if (**s < '0' || **s > '9')
			return false;
		*out = *out * 10 + (**s - '0');
	}
	return true;
}

static bool take_char(const char **s, char c)
{
	if (**s != c)
		return false;
	++*s;
	return true;
}

/* ".123456": one digit or more; what is below a microsecond is dropped. */
static bool take_fraction(const char **s, int *us)
{
	int scale = MILLION / 10;

	*us = 0;
	if (!take_char(s, '.'))
		return true;
	if (**s < '0' || **s > '9')
		return false;
	for (; **s >= '0' && **s <= '9'; ++*s) {
		*us += (**s - '0') * scale;
		scale /= 10;
	}
	return true;
}

/* "Z", "+hh:mm"; in PostgreSQL's form also "+hh" and "+hh:mm:ss". Seconds east. */
static bool take_offset(const char **s, bool pg, int *offset)
{
	int h, m = 0, sec = 0, sign = **s == '-' ? -1 : 1;

	*offset = 0;
	if (take_char(s, 'Z') || (!pg && take_char(s, 'z')))
		return true;
	if (!take_char(s, '+') && !take_char(s, '-'))
		return false;
	if (!take(s, 2, &h))
		return false;
	if (take_char(s, ':')) {
		if (!take(s, 2, &m))
			return false;
		if (pg && take_char(s, ':') && !take(s, 2, &sec))
			return false;
	} else if (!pg) {
		return false;
	}
	*offset = sign * (h * 3600 + m * 60 + sec);
	return h <= 23 && m <= 59 && sec <= 59;
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool take_date(const char **s, int *year, int *month, int *day)
{
	if (!take(s, 4, year) || !take_char(s, '-') || !take(s, 2, month) || !take_char(s, '-') ||
	    !take(s, 2, day))
		return false;
	return *year >= 1 && *month >= 1 && *month <= 12 && *day >= 1 && *day <= days_in(*year, *month);
}

bool day_parse(const char *s, struct civil *out)
{
	*out = (struct civil){ 0 };
	return s != NULL && take_date(&s, &out->year, &out->month, &out->day) && *s == '\0' && out->year >= 1900;
}

static bool take_time(const char **s, int *seconds, bool *leap)
{
	int h, m, sec;

	if (!take(s, 2, &h) || !take_char(s, ':') || !take(s, 2, &m) || !take_char(s, ':') ||
	    !take(s, 2, &sec))
		return false;
	*seconds = h * 3600 + m * 60 + sec;
	*leap = sec == 60;
	return h <= 23 && m <= 59 && sec <= 60;
}

bool utc_parse(const char *s, utc_t *out)
{
	int year, month, day, seconds, us, offset;
	int64_t t;
	bool pg, leap;

	if (s == NULL || !take_date(&s, &year, &month, &day))
		return false;
	pg = *s == ' ';
	if (!pg && *s != 'T' && *s != 't')
		return false;
	s++;
	if (!take_time(&s, &seconds, &leap) || !take_fraction(&s, &us) || !take_offset(&s, pg, &offset) ||
	    *s != '\0')
		return false;
	t = days_from_civil(year, month, day) * DAY + seconds - offset;
	/* A leap second is the last of a day in UTC; it becomes the first of the next. */
	if (leap && t % DAY != 0)
		return false;
	if (t < days_from_civil(1, 1, 1) * DAY || t >= days_from_civil(10000, 1, 1) * DAY)
		return false;
	out->us = t * MILLION + us;
	return true;
}
