#include "lib/base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/base_internal.h"
#include "tests/unit/unit.h"

static const char *civil_text(struct arena *a, struct civil c)
{
	return arena_fmt(a, "%04d-%02d-%02d %02d:%02d:%02d %d", c.year, c.month, c.day, c.hour, c.minute,
	    c.second,
	    c.weekday);
}

static utc_t at(const char *s)
{
	utc_t t = UTC_NONE;

	CU_ASSERT_FATAL(utc_parse(s, &t));
	return t;
}

static void local_times(void)
{
	static const struct { const char *zone, *utc, *want; } rows[] = {
		{ "America/Sao_Paulo", "2026-11-22T12:00:00Z", "2026-11-22 09:00:00 0" },
		{ "America/Sao_Paulo", "2026-01-01T02:59:59Z", "2025-12-31 23:59:59 3" },
		/* Summer time, last held until 2019. */
		{ "America/Sao_Paulo", "2018-12-25T12:00:00Z", "2018-12-25 10:00:00 2" },
		{ "America/Sao_Paulo", "2018-11-04T02:59:59Z", "2018-11-03 23:59:59 6" },
		{ "America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-04 01:00:00 0" },
		{ "America/Sao_Paulo", "2019-02-17T01:59:59Z", "2019-02-16 23:59:59 6" },
		{ "America/Sao_Paulo", "2019-02-17T02:00:00Z", "2019-02-16 23:00:00 6" },
		{ "America/Sao_Paulo", "1900-01-01T12:00:00Z", "1900-01-01 08:53:32 1" },
		{ "America/Sao_Paulo", "2037-06-01T12:00:00Z", "2037-06-01 09:00:00 1" },
		{ "America/New_York", "2024-03-10T06:59:59Z", "2024-03-10 01:59:59 0" },
		{ "America/New_York", "2024-03-10T07:00:00Z", "2024-03-10 03:00:00 0" },
		{ "America/New_York", "2024-11-03T05:30:00Z", "2024-11-03 01:30:00 0" },
		{ "America/New_York", "2024-11-03T06:30:00Z", "2024-11-03 01:30:00 0" },
		{ "America/New_York", "2060-07-01T12:00:00Z", "2060-07-01 08:00:00 4" }, /* by the rule */
		{ "America/New_York", "2060-12-01T12:00:00Z", "2060-12-01 07:00:00 3" },
		{ "Europe/Lisbon", "2024-07-01T12:00:00Z", "2024-07-01 13:00:00 1" },
		{ "Europe/Lisbon", "2024-12-01T12:00:00Z", "2024-12-01 12:00:00 0" },
		{ "Europe/Dublin", "2050-07-01T12:00:00Z", "2050-07-01 13:00:00 5" },
		    /* winter is its "DST" */
		{ "Australia/Sydney", "2050-01-01T12:00:00Z", "2050-01-01 23:00:00 6" },
		{ "Asia/Kolkata", "2024-01-01T00:00:00Z", "2024-01-01 05:30:00 1" },
		{ "UTC", "1969-12-31T23:59:59.5Z", "1969-12-31 23:59:59 3" },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < nitems(rows); i++)
		IS_STR(rows[i].utc, civil_text(a, zone_civil(zone_get(rows[i].zone), at(rows[i].utc))),
		    rows[i].want);
	arena_free(a);
}

static void instants(void)
{
	static const struct { const char *zone; struct civil c; const char *want; } rows[] = {
		{ "America/Sao_Paulo", { 2026, 11, 22, 9, 0, 0, 0 }, "2026-11-22T12:00:00Z" },
		{ "America/Sao_Paulo", { 2018, 11, 4, 0, 30, 0, 0 }, "2018-11-04T03:30:00Z" },
		    /* did not exist: 01:30 */
		{ "America/Sao_Paulo", { 2018, 11, 4, 1, 0, 0, 0 }, "2018-11-04T03:00:00Z" },
		{ "America/Sao_Paulo", { 2019, 2, 16, 23, 30, 0, 0 }, "2019-02-17T01:30:00Z" },
		    /* twice: the first */
		{ "America/Sao_Paulo", { 2019, 2, 17, 0, 0, 0, 0 }, "2019-02-17T03:00:00Z" },
		{ "America/New_York", { 2024, 3, 10, 2, 30, 0, 0 }, "2024-03-10T07:30:00Z" },
		{ "America/New_York", { 2024, 11, 3, 1, 30, 0, 0 }, "2024-11-03T05:30:00Z" },
		{ "America/New_York", { 2060, 3, 14, 2, 30, 0, 0 }, "2060-03-14T07:30:00Z" },
		{ "Europe/Lisbon", { 2024, 3, 31, 1, 30, 0, 0 }, "2024-03-31T01:30:00Z" },
		{ "Europe/Lisbon", { 2024, 10, 27, 1, 30, 0, 0 }, "2024-10-27T00:30:00Z" },
		{ "Pacific/Apia", { 2011, 12, 30, 12, 0, 0, 0 }, "2011-12-30T22:00:00Z" },
		    /* a day that was left out */
		/* What is out of its range carries over, as in mktime: tomorrow is day + 1. */
		{ "America/Sao_Paulo", { 2026, 12, 32, 0, 0, 0, 0 }, "2027-01-01T03:00:00Z" },
		{ "America/Sao_Paulo", { 2026, 13, 1, 0, 0, 0, 0 }, "2027-01-01T03:00:00Z" },
		{ "America/Sao_Paulo", { 2026, 0, 1, 0, 0, 0, 0 }, "2025-12-01T03:00:00Z" },
		{ "America/Sao_Paulo", { 2026, 1, 0, 25, -60, 3600, 0 }, "2026-01-01T04:00:00Z" },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < nitems(rows); i++)
		IS_STR(rows[i].want, utc_rfc3339(a, zone_utc(zone_get(rows[i].zone), rows[i].c)),
		    rows[i].want);
	arena_free(a);
	CU_ASSERT(utc_none(zone_utc(zone_get("UTC"), (struct civil){ INT32_MAX, 1, 1, 0, 0, 0, 0 })));
	CU_ASSERT(utc_none(zone_utc(zone_get("UTC"), (struct civil){ 2026, 1, INT32_MAX, 0, 0, 0, 0 })));
	IS_INT("none", zone_civil(zone_get("UTC"), UTC_NONE).month, 0);
}

static void as_tm(const struct zone *z, int64_t t, bool *same)
{
	time_t clock = (time_t)t;
	struct civil c = zone_civil(z, (utc_t){ t * 1000000 }), again;
	struct tm tm;
	utc_t back;

	localtime_r(&clock, &tm);
	if (c.year != tm.tm_year + 1900 || c.month != tm.tm_mon + 1 || c.day != tm.tm_mday ||
	    c.hour != tm.tm_hour ||
	    c.minute != tm.tm_min || c.second != tm.tm_sec || c.weekday != tm.tm_wday)
		*same = false;
	/* Back again: the same instant, or the earlier one with the same local time. */
	back = zone_utc(z, c);
	again = zone_civil(z, back);
	if (back.us > t * 1000000 || memcmp(&c, &again, sizeof(c)) != 0)
		*same = false;
}

/* Every 47 minutes from 1900 to 2037, against the C library. */
static void as_the_c_library(void)
{
	static const char *const names[] = { "America/Sao_Paulo", "America/New_York", "Europe/Lisbon",
		"America/Manaus",
		"Australia/Lord_Howe", "Africa/Casablanca" };
	const char *old = getenv("TZ");
	char kept[128] = "";

	if (old != NULL && strlen(old) < sizeof(kept))
		memcpy(kept, old, strlen(old) + 1);
	for (size_t i = 0; i < nitems(names); i++) {
		const struct zone *z = zone_get(names[i]);
		bool same = true;

		setenv("TZ", names[i], 1);
		tzset();
		for (int64_t t = -2208988800; t < 2145916800; t += 47 * 60)
			as_tm(z, t, &same);
		IS_TRUE(names[i], same);
	}
	if (old != NULL)
		setenv("TZ", kept, 1);
	else
		unsetenv("TZ");
	tzset();
}

static void names(void)
{
	static const char *const bad[] = { "", "/", "America", "America/", "/America/Sao_Paulo",
		"America//Sao_Paulo",
		"../zoneinfo/UTC", "America/../UTC", "./UTC", "Marte/Olimpo", "america/sao paulo", "zone.tab",
		"tzdata.zi",
		"leap-seconds.list", "America/Sao_Paulo\n", "right/UTC",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };

	for (size_t i = 0; i < nitems(bad); i++)
		IS_TRUE(bad[i], !zone_known(bad[i]));
	CU_ASSERT_FALSE(zone_known(NULL));
	CU_ASSERT(zone_known("America/Sao_Paulo"));
	CU_ASSERT(zone_known("America/Argentina/Buenos_Aires"));
	CU_ASSERT(zone_known("Etc/GMT+3"));
	CU_ASSERT(zone_known("UTC"));
	CU_ASSERT_PTR_EQUAL(zone_get("America/Sao_Paulo"), zone_get("America/Sao_Paulo"));
	CU_ASSERT_PTR_NOT_NULL(zone_get("Marte/Olimpo"));
	IS_INT("falls back", zone_civil(zone_get("Marte/Olimpo"), (utc_t){ 0 }).hour, 0);
	IS_INT("NULL is UTC", zone_civil(NULL, (utc_t){ 0 }).hour, 0);
}

static void rules(void)
{
	static const char *const good[] = { "EST5EDT,M3.2.0,M11.1.0", "<-03>3", "UTC0", "<+0330>-3:30",
		"XXX3EDT4,0/0,J365/23", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "IST-1GMT0,M10.5.0,M3.5.0/1" };
	static const char *const bad[] = { "", "EST", "5", "EST5EDT", "EST5EDT,M3.2.0",
		"EST5EDT,M13.2.0,M11.1.0",
		"EST5EDT,M3.0.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0",
		"EST5EDT,M3.2.0/168,M11.1.0",
		"EST5EDT,J0,J5", "EST25", "<-03", "EST5 ", "EST5EDT,M3.2.0,M11.1.0,", "EST5:60" };
	struct tz_rule r;

	for (size_t i = 0; i < nitems(good); i++)
		IS_TRUE(good[i], tz_rule_parse(good[i], strlen(good[i]), &r));
	for (size_t i = 0; i < nitems(bad); i++)
		IS_TRUE(bad[i], !tz_rule_parse(bad[i], strlen(bad[i]), &r));
	/* "DST" all the year round, written so since there is no other way. */
	CU_ASSERT_FATAL(tz_rule_parse("XXX3EDT4,0/0,J365/23", 20, &r));
	for (int64_t t = 1700000000; t < 1800000000; t += 3600)
		if (tz_rule_offset(&r, t) != -4 * 3600)
			CU_FAIL_FATAL("not DST all the year");
	CU_ASSERT_FATAL(tz_rule_parse("AAA0BBB,J60,J300", 16,
	    &r)); /* J60 is the first of March in any year */
	IS_INT("29 Feb", tz_rule_offset(&r, at("2024-02-29T12:00:00Z").us / 1000000), 0);
	IS_INT("1 Mar", tz_rule_offset(&r, at("2024-03-01T12:00:00Z").us / 1000000), 3600);
}

static void broken_files(void)
{
	uint8_t bytes[44 * 2 + 64] = "TZif2";
	struct zone z = { 0 };

	CU_ASSERT_FALSE(tzif_parse(bytes, 0, &z));
	CU_ASSERT_FALSE(tzif_parse(bytes, 20, &z));
	CU_ASSERT_FALSE(tzif_parse(bytes, sizeof(bytes), &z)); /* no types */
	memset(bytes + 20, 0xFF, 24);
	CU_ASSERT_FALSE(tzif_parse(bytes, sizeof(bytes), &z)); /* counts beyond the file */
	CU_ASSERT_PTR_NULL(z.at);
}

CU_TestInfo zone_tests[] = {
	{ "instants to local times", local_times },
	{ "local times to instants, gaps and repeats", instants },
	{ "as the C library, 1900 to 2037", as_the_c_library },
	{ "names", names },
	{ "POSIX rules", rules },
	{ "broken files", broken_files },
	CU_TEST_INFO_NULL
};
