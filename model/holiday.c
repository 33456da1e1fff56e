#include "model/holiday.h"

#include <string.h>

#include "gen/sql_settings.h"
#include "lib/base/buf.h"
#include "lib/base/text.h"

#define REC struct holiday
static const struct field holiday_fields[] = { F(id, .flags = RO | ID), F(day, .doc = "YYYY-MM-DD"), F(name) };
#undef REC
const struct rec_type holiday_type = REC_TYPE("holiday", struct holiday, holiday_fields);

#define REC struct holiday_input
static const struct field input_fields[] = { F(day, .flags = REQ, .max = 10, .doc = "YYYY-MM-DD"), F(name, .flags = REQ, .max = 100) };
#undef REC
const struct rec_type holiday_input_type = REC_TYPE("holiday_input", struct holiday_input, input_fields);

enum err holiday_list(struct ctx *cx, struct holiday **out, size_t *n)
{
	return db_rows(cx, &sql_holiday_list, &holiday_type, out, n, NOARGS);
}

enum err holiday_get(struct ctx *cx, const char *id, struct holiday *out)
{
	return db_row(cx, &sql_holiday_get, &holiday_type, out, ARGS(A(id)));
}

enum err holiday_add(struct ctx *cx, const struct holiday_input *in, const char **id)
{
	struct civil day;
	enum err e;

	if (!day_parse(in->day, &day) || day.year < 2000 || day.year > 2099)
		return fail_field(cx, "day", "format", NULL);
	e = db_text(cx, &sql_holiday_add, id, ARGS(A(in->day), A(in->name)));
	if (e != E_CONFLICT)
		return e;
	(void)fail_field(cx, "day", "taken", NULL);
	return fail(cx, E_CONFLICT, "holiday %s", in->day);
}

enum err holiday_remove(struct ctx *cx, const char *id)
{
	int64_t n;

	TRY(db_exec(cx, &sql_holiday_remove, &n, ARGS(A(id))));
	return n > 0 ? OK : fail(cx, E_NOTFOUND, "holiday %s", id);
}

/* Month * 100 + day of so many days after the first of March. */
static int from_march(int year, int days)
{
	const int length[] = { 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	int month = 3;

	if (days < 0) {
		days += 28 + leap;
		return days >= 0 ? 200 + days + 1 : 100 + days + 32;
	}
	for (; days >= length[month - 3]; month++)
		days -= length[month - 3];
	return month * 100 + days + 1;
}

/* Easter Sunday, in days after the first of March (the Gregorian rule of Meeus, Jones and Butcher). */
static int easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, g = (8 * b + 13) / 25, h = (19 * a + b - d - g + 15) % 30;
	int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;

	return (n / 31 - 3) * 31 + n % 31;
}

void holiday_national(int year, struct national out[NATIONAL])
{
	static const struct national fixed[] = { { "new_year", 1, 1 }, { "tiradentes", 4, 21 }, { "labour", 5, 1 }, { "independence", 9, 7 }, { "aparecida", 10, 12 },
		{ "souls", 11, 2 }, { "republic", 11, 15 }, { "conscience", 11, 20 }, { "christmas", 12, 25 } };
	static const struct { const char *key; int after; } moving[] = { { "carnival_monday", -48 }, { "carnival", -47 }, { "good_friday", -2 }, { "corpus_christi", 60 } };
	int sunday = easter(year);

	memcpy(out, fixed, sizeof(fixed));
	for (size_t i = 0; i < nitems(moving); i++) {
		int at = from_march(year, sunday + moving[i].after);

		out[nitems(fixed) + i] = (struct national){ moving[i].key, at / 100, at % 100 };
	}
}

enum err holiday_add_all(struct ctx *cx, const struct holiday_input *in, size_t n, int64_t *added)
{
	struct buf b = { 0 };
	const char *all;

	buf_char(&b, '[');
	for (size_t i = 0; i < n; i++) {
		buf_fmt(&b, "%s{\"day\":", i > 0 ? "," : "");
		buf_json(&b, in[i].day);
		buf_str(&b, ",\"name\":");
		buf_json(&b, in[i].name);
		buf_char(&b, '}');
	}
	buf_char(&b, ']');
	all = arena_strn(cx->arena, b.p, b.n);
	buf_free(&b);
	return db_exec(cx, &sql_holiday_add_all, added, ARGS(A(all)));
}
