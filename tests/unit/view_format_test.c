/* Dates, durations and money as people read them (lib/view/format.c). */
#include "lib/rec/rec.h"
#include "lib/view/doc_internal.h"
#include "lib/view/tmpl.h"
#include "tests/unit/unit.h"

/* Tuesday, 24 November 2026, 14:36 in São Paulo. */
#define NOW "2026-11-24T17:36:00Z"
#define SP "America/Sao_Paulo"
#define NBSP "\xc2\xa0"

static utc_t at(const char *text)
{
	utc_t t = UTC_NONE;

	IS_TRUE(text, utc_parse(text, &t));
	return t;
}

static void test_date_short(void)
{
	static const struct { const char *at, *pt, *en; } rows[] = {
		{ NOW, "14:36", "2:36 pm" },
		{ "2026-11-24T03:00:00Z", "00:00", "12:00 am" },
		{ "2026-11-24T15:05:00Z", "12:05", "12:05 pm" },
		{ "2026-11-25T02:59:59Z", "23:59", "11:59 pm" },
		{ "2026-11-24T02:59:59Z", "seg.", "Mon" },
		{ "2026-11-21T12:00:00Z", "sáb.", "Sat" },
		{ "2026-11-18T12:00:00Z", "qua.", "Wed" },
		{ "2026-11-17T12:00:00Z", "17/11", "17 Nov" },
		{ "2026-01-02T12:00:00Z", "02/01", "2 Jan" },
		{ "2026-01-01T02:00:00Z", "31/12/2025", "31 Dec 2025" },
		{ "2025-11-20T12:00:00Z", "20/11/2025", "20 Nov 2025" },
		{ "2026-11-26T12:00:00Z", "26/11", "26 Nov" },
		{ "2027-01-03T12:00:00Z", "03/01/2027", "3 Jan 2027" },
	};
	struct arena *a = arena_new();
	const struct zone *z = zone_get(SP);

	for (size_t i = 0; i < nitems(rows); i++) {
		IS_STR(rows[i].at, date_short(a, "pt_BR", z, at(NOW), at(rows[i].at)), rows[i].pt);
		IS_STR(rows[i].at, date_short(a, "en", z, at(NOW), at(rows[i].at)), rows[i].en);
	}
	IS_STR("none", date_short(a, "en", z, at(NOW), UTC_NONE), NULL);
	/* The same instant is another day elsewhere. */
	IS_STR("Tokyo", date_short(a, "en", zone_get("Asia/Tokyo"), at(NOW), at("2026-11-24T14:00:00Z")), "Tue");
	arena_free(a);
}

static void test_date_long(void)
{
	struct arena *a = arena_new();
	const struct zone *z = zone_get(SP);
	utc_t t = at("2026-11-22T17:05:00Z");

	IS_STR("pt", date_long(a, "pt_BR", z, t), "22 de novembro de 2026, 14:05");
	IS_STR("en", date_long(a, "en", z, t), "22 Nov 2026, 2:05 pm");
	IS_STR("march", date_long(a, "pt_BR", z, at("2026-03-01T12:00:00Z")), "1 de março de 2026, 09:00");
	IS_STR("none", date_long(a, "pt_BR", z, UTC_NONE), NULL);
	arena_free(a);
}

static void test_date_day(void)
{
	static const struct { const char *at, *pt, *en; } rows[] = {
		{ NOW, "Hoje, terça-feira, 24 de novembro", "Today, Tuesday, 24 November" },
		{ "2026-11-23T12:00:00Z", "Ontem, segunda-feira, 23 de novembro", "Yesterday, Monday, 23 November" },
		{ "2026-11-25T12:00:00Z", "Amanhã, quarta-feira, 25 de novembro", "Tomorrow, Wednesday, 25 November" },
		{ "2026-11-22T12:00:00Z", "Domingo, 22 de novembro", "Sunday, 22 November" },
		{ "2025-11-22T12:00:00Z", "Sábado, 22 de novembro de 2025", "Saturday, 22 November 2025" },
		{ "2026-11-24T02:00:00Z", "Ontem, segunda-feira, 23 de novembro", "Yesterday, Monday, 23 November" },
	};
	struct arena *a = arena_new();
	const struct zone *z = zone_get(SP);

	for (size_t i = 0; i < nitems(rows); i++) {
		IS_STR(rows[i].at, date_day(a, "pt_BR", z, at(NOW), at(rows[i].at)), rows[i].pt);
		IS_STR(rows[i].at, date_day(a, "en", z, at(NOW), at(rows[i].at)), rows[i].en);
	}
	arena_free(a);
}

static void test_duration(void)
{
	static const struct { int64_t s; const char *pt, *en; } rows[] = {
		{ INT64_MIN, "agora", "now" }, { -1, "agora", "now" }, { 0, "agora", "now" }, { 59, "agora", "now" },
		{ 60, "1 min", "1 min" }, { 12 * 60 + 59, "12 min", "12 min" }, { 3599, "59 min", "59 min" },
		{ 3600, "1 h 00", "1 h 00" }, { 2 * 3600 + 8 * 60, "2 h 08", "2 h 08" }, { 86399, "23 h 59", "23 h 59" },
		{ 86400, "1 dia", "1 day" }, { 3 * 86400 + 5, "3 dias", "3 days" },
		{ INT64_MAX, "106751991167300 dias", "106751991167300 days" },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < nitems(rows); i++) {
		IS_STR(rows[i].pt, duration_text(a, "pt_BR", rows[i].s), rows[i].pt);
		IS_STR(rows[i].en, duration_text(a, "en", rows[i].s), rows[i].en);
	}
	arena_free(a);
}

static void test_money(void)
{
	static const struct { int64_t minor; const char *currency, *pt, *en; } rows[] = {
		{ 123456, "BRL", "R$" NBSP "1.234,56", "R$1,234.56" },
		{ -123456, "BRL", "-R$" NBSP "1.234,56", "-R$1,234.56" },
		{ 0, "BRL", "R$" NBSP "0,00", "R$0.00" },
		{ 5, NULL, "R$" NBSP "0,05", "R$0.05" },
		{ 99999, "BRL", "R$" NBSP "999,99", "R$999.99" },
		{ 100000000, "USD", "USD" NBSP "1.000.000,00", "USD" NBSP "1,000,000.00" },
		{ INT64_MIN, "EUR", "-EUR" NBSP "92.233.720.368.547.758,08", "-EUR" NBSP "92,233,720,368,547,758.08" },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < nitems(rows); i++) {
		IS_STR("pt", money_local(a, "pt_BR", rows[i].minor, rows[i].currency), rows[i].pt);
		IS_STR("en", money_local(a, "en", rows[i].minor, rows[i].currency), rows[i].en);
	}
	arena_free(a);
}

/* The doors without printf say what the documented functions of lib/base and lib/rec say. */
static void test_same(void)
{
	static const int64_t us[] = { 0, 1, 999, 1000, 1001000, 999999, -1, -1000, -1001, INT64_C(1795369680123456),
		INT64_C(-62135596800000000), INT64_C(-62135596800000001), INT64_C(253402300799999999),
		INT64_C(253402300800000000) };
	static const int64_t minor[] = { 0, 1, -1, 99, 100, -100, 123450, INT64_MAX, INT64_MIN };
	struct arena *a = arena_new();
	char s[DATE_MAX];

	for (size_t i = 0; i < nitems(us); i++) {
		instant_put(s, (utc_t){ us[i] });
		IS_STR("instant", s, utc_rfc3339(a, (utc_t){ us[i] }));
	}
	for (int64_t t = INT64_C(-4000000000000000); t < INT64_C(4000000000000000); t += INT64_C(12345678901234)) {
		instant_put(s, (utc_t){ t });
		IS_STR("instant", s, utc_rfc3339(a, (utc_t){ t }));
	}
	for (size_t i = 0; i < nitems(minor); i++) {
		amount_put(s, minor[i]);
		IS_STR("amount", s, money_text(a, minor[i]));
	}
	arena_free(a);
}

static void test_lang(void)
{
	IS_TRUE("pt_BR", lang_ok("pt_BR"));
	IS_TRUE("en", lang_ok("en"));
	IS_TRUE("others", !lang_ok("pt") && !lang_ok("") && !lang_ok(NULL) && !lang_ok("../en"));
}

CU_TestInfo view_format_tests[] = {
	{ "short dates: hour today, weekday this week, then the date", test_date_short },
	{ "long dates", test_date_long },
	{ "headings of days", test_date_day },
	{ "durations", test_duration },
	{ "money", test_money },
	{ "the same as utc_rfc3339 and money_text", test_same },
	{ "languages", test_lang },
	CU_TEST_INFO_NULL
};
