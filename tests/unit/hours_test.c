/* Open hours as people write them; the days of Brazil's holidays. */
#include <string.h>

#include "model/holiday.h"
#include "model/hours.h"
#include "tests/unit/unit.h"

static void reads(void)
{
	static const struct { const char *text, *want; } good[] = {
		{ "08:00-12:00, 13:30-18:00", "08:00-12:00, 13:30-18:00" }, { "8-12", "08:00-12:00" }, { " 8h30 \xc3\xa0s 12h ; 13h \xe2\x80\x93 18h ", "08:30-12:00, 13:00-18:00" },
		{ "8 a 12 e 14 a 18", "08:00-12:00, 14:00-18:00" }, { "9 to 12 and 13 to 17", "09:00-12:00, 13:00-17:00" }, { "0:00-24:00", "00:00-24:00" }, { "8-12,12-13", "08:00-12:00, 12:00-13:00" },
		{ "", NULL }, { "   ", NULL }, { NULL, NULL },
	};
	static const char *const bad[] = { "12-8", "8-8", "8", "8-", "-8", "8-25", "24:01-25:00", "8:60-9", "8:5-9", "8-12,", "8-12,11-13", "8-12 13-18", "fechado", "8-12\n13-18", "8h3-9", "100-200",
		"0-1,2-3,4-5,6-7,8-9,10-11,12-13", "99999999999-1", "8-12, 8-12", "8:00:00-9:00:00", "\xff-9" };
	struct arena *a = arena_new();
	struct span s[SPANS_DAY];
	size_t n;

	for (size_t i = 0; i < nitems(good); i++) {
		IS_TRUE(good[i].text, hours_parse(good[i].text, 1, s, &n));
		IS_STR(good[i].text, hours_text(a, s, n), good[i].want);
	}
	for (size_t i = 0; i < nitems(bad); i++)
		IS_TRUE(bad[i], !hours_parse(bad[i], 1, s, &n));
	arena_free(a);
}

/* Carnival, Good Friday and Corpus Christi as the calendars of these years have them. */
static void national(void)
{
	static const struct { int year; const char *key; int month, day; } t[] = {
		{ 2026, "carnival", 2, 17 }, { 2026, "good_friday", 4, 3 }, { 2026, "corpus_christi", 6, 4 }, { 2027, "carnival_monday", 2, 8 }, { 2027, "good_friday", 3, 26 }, { 2027, "corpus_christi", 5, 27 },
		{ 2028, "carnival", 2, 29 }, { 2028, "good_friday", 4, 14 }, { 2028, "corpus_christi", 6, 15 }, { 2029, "carnival", 2, 13 }, { 2029, "good_friday", 3, 30 }, { 2029, "corpus_christi", 5, 31 },
		{ 2030, "carnival", 3, 5 }, { 2030, "good_friday", 4, 19 }, { 2030, "corpus_christi", 6, 20 }, { 2030, "christmas", 12, 25 }, { 2285, "carnival", 2, 3 }, { 2038, "corpus_christi", 6, 24 },
		{ 2008, "carnival", 2, 5 }, { 2008, "good_friday", 3, 21 }, { 1818, "carnival_monday", 2, 2 }, { 1818, "carnival", 2, 3 },
	};
	struct national n[NATIONAL];

	for (size_t i = 0; i < nitems(t); i++) {
		size_t k = 0;

		holiday_national(t[i].year, n);
		while (k < NATIONAL && strcmp(n[k].key, t[i].key) != 0)
			k++;
		IS_TRUE(t[i].key, k < NATIONAL);
		IS_INT(t[i].key, n[k].month * 100 + n[k].day, t[i].month * 100 + t[i].day);
	}
}

CU_TestInfo hours_tests[] = {
	{ "hours that are read, and those that are not", reads },
	{ "holidays, fixed and by Easter", national },
	CU_TEST_INFO_NULL
};
