/* format.c: dates, durations, numbers and money as people read them. No locale of the C library is used. */
#include <stdlib.h>
#include <string.h>

#include "lib/view/doc_internal.h"
#include "lib/view/tmpl.h"

#define NBSP "\xc2\xa0"

enum { DAY_S = 86400, MILLION = 1000000 };

static const char *const month_pt[] = { "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho",
	"agosto", "setembro", "outubro", "novembro", "dezembro" };
static const char *const month_en[] = { "January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December" };
static const char *const month_en_short[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
	"Oct", "Nov", "Dec" };
static const char *const weekday_pt[] = { "domingo", "segunda-feira", "terça-feira", "quarta-feira",
	"quinta-feira", "sexta-feira", "sábado" };
static const char *const weekday_pt_short[] = { "dom.", "seg.", "ter.", "qua.", "qui.", "sex.", "sáb." };
static const char *const weekday_en[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
	"Saturday" };
static const char *const weekday_en_short[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };

bool lang_ok(const char *lang)
{
	return lang != NULL && (strcmp(lang, "pt_BR") == 0 || strcmp(lang, "en") == 0);
}

bool lang_en(const char *lang)
{
	return lang != NULL && strcmp(lang, "en") == 0;
}

static char *put(char *p, const char *s)
{
	size_t n = strlen(s);

	memcpy(p, s, n + 1);
	return p + n;
}

static char *put_2(char *p, int v)
{
	*p++ = (char)('0' + v / 10 % 10);
	*p++ = (char)('0' + v % 10);
	*p = '\0';
	return p;
}

/* sep == 0: no grouping. */
static char *put_u64(char *p, uint64_t v, char sep)
{
	char digits[32];
	size_t n = 0, group = 0;

	do {
		if (sep != 0 && group == 3) {
			digits[n++] = sep;
			group = 0;
		}
		digits[n++] = (char)('0' + v % 10);
		group++;
		v /= 10;
	} while (v > 0);
	while (n > 0)
		*p++ = digits[--n];
	*p = '\0';
	return p;
}

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

static char *put_i64(char *p, int64_t v)
{
	if (v < 0)
		*p++ = '-';
	return put_u64(p, magnitude(v), 0);
}

char *number_put(char *p, bool en, int64_t v)
{
	if (v < 0)
		*p++ = '-';
	return put_u64(p, magnitude(v), en ? ',' : '.');
}

char *amount_put(char *p, int64_t minor)
{
	uint64_t m = magnitude(minor);

	if (minor < 0)
		*p++ = '-';
	p = put_u64(p, m / 100, 0);
	*p++ = '.';
	return put_2(p, (int)(m % 100));
}

char *instant_put(char *p, utc_t t)
{
	int64_t us = t.us % MILLION + (t.us % MILLION < 0 ? MILLION : 0);
	struct civil c = zone_civil(zone_get("UTC"), t);
	int ms = (int)(us / 1000);

	if (c.year < 0)
		*p++ = '-';
	if (c.year <= -10000 || c.year >= 10000)
		p = put_u64(p, magnitude(c.year), 0);
	else
		p = put_2(put_2(p, abs(c.year) / 100), abs(c.year) % 100);
	*p++ = '-';
	p = put_2(p, c.month);
	*p++ = '-';
	p = put_2(p, c.day);
	*p++ = 'T';
	p = put_2(p, c.hour);
	*p++ = ':';
	p = put_2(p, c.minute);
	*p++ = ':';
	p = put_2(p, c.second);
	if (ms > 0) {
		*p++ = '.';
		*p++ = (char)('0' + ms / 100);
		p = put_2(p, ms % 100);
	}
	*p++ = 'Z';
	*p = '\0';
	return p;
}

/* Days since 1970-01-01 of a date in the Gregorian calendar. */
static int64_t day_number(const struct civil *c)
{
	int64_t y = c->month <= 2 ? (int64_t)c->year - 1 : c->year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (c->month + (c->month > 2 ? -3 : 9)) + 2) / 5 + c->day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static char *put_clock(char *p, bool en, const struct civil *t)
{
	int hour = en ? (t->hour + 11) % 12 + 1 : t->hour;

	p = en ? put_i64(p, hour) : put_2(p, hour);
	*p++ = ':';
	p = put_2(p, t->minute);
	if (en)
		p = put(p, t->hour < 12 ? " am" : " pm");
	return p;
}

char *date_short_put(char *p, bool en, const struct civil *now, const struct civil *t)
{
	int64_t before = day_number(now) - day_number(t);

	if (before == 0)
		return put_clock(p, en, t);
	if (before > 0 && before < 7)
		return put(p, en ? weekday_en_short[t->weekday] : weekday_pt_short[t->weekday]);
	if (en) {
		p = put_i64(p, t->day);
		*p++ = ' ';
		p = put(p, month_en_short[t->month - 1]);
	} else {
		p = put_2(p, t->day);
		*p++ = '/';
		p = put_2(p, t->month);
	}
	if (t->year != now->year) {
		*p++ = en ? ' ' : '/';
		p = put_i64(p, t->year);
	}
	return p;
}

char *date_long_put(char *p, bool en, const struct civil *t)
{
	p = put_i64(p, t->day);
	p = put(p, en ? " " : " de ");
	p = put(p, en ? month_en_short[t->month - 1] : month_pt[t->month - 1]);
	p = put(p, en ? " " : " de ");
	p = put_i64(p, t->year);
	p = put(p, ", ");
	return put_clock(p, en, t);
}

static char *put_day(char *p, bool en, const struct civil *now, const struct civil *t)
{
	static const char *const near_pt[] = { "Amanhã, ", "Hoje, ", "Ontem, " };
	static const char *const near_en[] = { "Tomorrow, ", "Today, ", "Yesterday, " };
	int64_t before = day_number(now) - day_number(t);
	bool near = before >= -1 && before <= 1;
	char *first;

	if (near)
		p = put(p, en ? near_en[before + 1] : near_pt[before + 1]);
	first = p;
	p = put(p, en ? weekday_en[t->weekday] : weekday_pt[t->weekday]);
	/* Every name of a weekday begins with an ASCII letter. */
	if (!near && *first >= 'a')
		*first = (char)(*first - 'a' + 'A');
	p = put(p, ", ");
	p = put_i64(p, t->day);
	p = put(p, en ? " " : " de ");
	p = put(p, en ? month_en[t->month - 1] : month_pt[t->month - 1]);
	if (t->year != now->year) {
		p = put(p, en ? " " : " de ");
		p = put_i64(p, t->year);
	}
	return p;
}

static char *put_duration(char *p, bool en, int64_t s)
{
	int64_t days = s / DAY_S;

	if (s < 60)
		return put(p, en ? "now" : "agora");
	if (s < 3600)
		return put(put_i64(p, s / 60), " min");
	if (days == 0) {
		p = put(put_i64(p, s / 3600), " h ");
		return put_2(p, (int)(s / 60 % 60));
	}
	p = put_i64(p, days);
	if (en)
		return put(p, days == 1 ? " day" : " days");
	return put(p, days == 1 ? " dia" : " dias");
}

char *ago_put(char *p, bool en, int64_t s)
{
	int64_t size = s == INT64_MIN ? INT64_MAX : s < 0 ? -s : s;

	if (size < 60)
		return put_duration(p, en, 0);
	if (!en)
		p = put(p, s < 0 ? "em " : "há ");
	else if (s < 0)
		p = put(p, "in ");
	p = put_duration(p, en, size);
	return en && s > 0 ? put(p, " ago") : p;
}

char *date_short(struct arena *a, const char *lang, const struct zone *z, utc_t now, utc_t t)
{
	char s[DATE_MAX];
	struct civil cn = zone_civil(z, now), ct;

	if (utc_none(t))
		return NULL;
	ct = zone_civil(z, t);
	return arena_strn(a, s, (size_t)(date_short_put(s, lang_en(lang), &cn, &ct) - s));
}

char *date_long(struct arena *a, const char *lang, const struct zone *z, utc_t t)
{
	char s[DATE_MAX];
	struct civil ct;

	if (utc_none(t))
		return NULL;
	ct = zone_civil(z, t);
	return arena_strn(a, s, (size_t)(date_long_put(s, lang_en(lang), &ct) - s));
}

char *date_day(struct arena *a, const char *lang, const struct zone *z, utc_t now, utc_t t)
{
	char s[DATE_MAX];
	struct civil cn = zone_civil(z, now), ct;

	if (utc_none(t))
		return NULL;
	ct = zone_civil(z, t);
	return arena_strn(a, s, (size_t)(put_day(s, lang_en(lang), &cn, &ct) - s));
}

char *duration_text(struct arena *a, const char *lang, int64_t seconds)
{
	char s[DATE_MAX];

	return arena_strn(a, s, (size_t)(put_duration(s, lang_en(lang), seconds) - s));
}

char *money_local(struct arena *a, const char *lang, int64_t minor, const char *currency)
{
	char s[DATE_MAX], *p = s;
	bool en = lang_en(lang), real = currency == NULL || strcmp(currency, "BRL") == 0;
	uint64_t m = magnitude(minor);

	p = put_u64(p, m / 100, en ? ',' : '.');
	*p++ = en ? '.' : ',';
	put_2(p, (int)(m % 100));
	return arena_fmt(a, "%s%s%s%s", minor < 0 ? "-" : "", real ? "R$" : currency, real && en ? "" : NBSP, s);
}
