#include "lib/base/clock.h"

#include <string.h>
#include <time.h>

#include "lib/base/base_internal.h"
#include "tests/unit/unit.h"

static void parses(void)
{
	static const struct { const char *s; int64_t us; } rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-11-22T12:00:00Z", 1795348800000000 },
		{ "2026-11-22t12:00:00z", 1795348800000000 },
		{ "2026-11-22T09:00:00-03:00", 1795348800000000 },
		{ "2026-11-22T17:30:00+05:30", 1795348800000000 },
		{ "2026-11-22T12:00:00.5Z", 1795348800500000 },
		{ "2026-11-22T12:00:00.123456Z", 1795348800123456 },
		{ "2026-11-22T12:00:00.1234569999Z", 1795348800123456 },
		{ "2026-11-22 12:00:00+00", 1795348800000000 },
		{ "2026-11-22 12:00:00.123+00", 1795348800123000 },
		{ "2026-11-22 09:00:00-03", 1795348800000000 },
		{ "2026-11-22 12:00:00+00:00", 1795348800000000 },
		{ "1914-01-01 00:00:00-03:06:28", -1767214412000000 },
		{ "1969-12-31T23:59:59.999999Z", -1 },
		{ "2016-12-31T23:59:60Z", 1483228800000000 },
		{ "2024-02-29T00:00:00Z", 1709164800000000 },
		{ "2000-02-29T00:00:00Z", 951782400000000 },
		{ "0001-01-01T00:00:00Z", -62135596800000000 },
		{ "9999-12-31T23:59:59.999999Z", 253402300799999999 },
	};

	for (size_t i = 0; i < nitems(rows); i++) {
		utc_t t = { 42 };

		IS_TRUE(rows[i].s, utc_parse(rows[i].s, &t));
		IS_INT(rows[i].s, t.us, rows[i].us);
	}
}

static void refuses(void)
{
	static const char *const rows[] = {
		"", "x", "2026-11-22", "2026-11-22T12:00:00", "2026-11-22 12:00:00", "2026-11-22T12:00Z",
		"2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-11-31T00:00:00Z", "2026-02-29T00:00:00Z",
		"1900-02-29T00:00:00Z",
		"2026-11-22T24:00:00Z", "2026-11-22T12:60:00Z", "2026-11-22T12:00:61Z",
		"2026-11-22T12:00:60Z",
		"2026-11-22T12:00:00.Z", "2026-11-22T12:00:00+03", "2026-11-22T12:00:00+3:00",
		"2026-11-22T12:00:00+24:00",
		"2026-11-22T12:00:00+00:60", "2026-11-22T12:00:00ZZ", " 2026-11-22T12:00:00Z",
		"2026-11-22T12:00:00Z ",
		"infinity", "-infinity", "12026-11-22 12:00:00+00", "0000-01-01T00:00:00Z",
		"0044-03-15 12:00:00+00 BC",
		"0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "2026-11-22T12:00:00,5Z",
		"2026/11/22T12:00:00Z",
	};
	utc_t t = { 42 };

	for (size_t i = 0; i < nitems(rows); i++)
		IS_TRUE(rows[i], !utc_parse(rows[i], &t));
	CU_ASSERT_FALSE(utc_parse(NULL, &t));
	IS_INT("untouched", t.us, 42);
}

static void formats(void)
{
	struct arena *a = arena_new();

	IS_STR("whole", utc_rfc3339(a, (utc_t){ 1795348800000000 }), "2026-11-22T12:00:00Z");
	IS_STR("milli", utc_rfc3339(a, (utc_t){ 1795348800120000 }), "2026-11-22T12:00:00.120Z");
	IS_STR("below", utc_rfc3339(a, (utc_t){ 1795348800000999 }), "2026-11-22T12:00:00Z");
	IS_STR("before 1970", utc_rfc3339(a, (utc_t){ -1 }), "1969-12-31T23:59:59.999Z");
	IS_STR("none", utc_rfc3339(a, UTC_NONE), NULL);
	CU_ASSERT(utc_none(UTC_NONE));
	CU_ASSERT_FALSE(utc_none((utc_t){ 0 }));
	/* Far years are no dates of ours, but they must not break anything. */
	CU_ASSERT_PTR_NOT_NULL(utc_rfc3339(a, (utc_t){ INT64_MAX }));
	CU_ASSERT_PTR_NOT_NULL(utc_rfc3339(a, (utc_t){ INT64_MIN + 1 }));
	arena_free(a);
}

static void days_are_the_c_librarys(void)
{
	bool same = true;

	for (int64_t day = -25567; day < 60000; day++) { /* 1900 to 2134 */
		time_t t = (time_t)day * 86400;
		struct tm tm;
		int64_t year;
		int month, mday;

		gmtime_r(&t, &tm);
		civil_from_days(day, &year, &month, &mday);
		same = same && year == tm.tm_year + 1900 && month == tm.tm_mon + 1 && mday == tm.tm_mday &&
		    days_from_civil(year, month, mday) == day;
	}
	CU_ASSERT(same);
}

static void days(void)
{
	static const char *const none[] = { "2027-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "2026-11-22 ", "", "1899-12-31", "2026-11-31" };
	struct civil c;

	IS_TRUE("a day", day_parse("2026-11-22", &c) && c.year == 2026 && c.month == 11 && c.day == 22);
	IS_TRUE("a leap day", day_parse("2028-02-29", &c));
	IS_TRUE("nothing", !day_parse(NULL, &c));
	for (size_t i = 0; i < nitems(none); i++)
		IS_TRUE(none[i], !day_parse(none[i], &c));
}

static void clocks_run(void)
{
	utc_t before = utc_now();
	int64_t ms = mono_ms();
	struct timespec pause = { 0, 3000000 };

	nanosleep(&pause, NULL);
	CU_ASSERT(utc_now().us > before.us);
	CU_ASSERT(mono_ms() > ms);
	CU_ASSERT(before.us > 1700000000000000);
}

CU_TestInfo clock_tests[] = {
	{ "instants are parsed", parses },
	{ "what is no instant is refused", refuses },
	{ "instants are written", formats },
	{ "days are the C library's", days_are_the_c_librarys },
	{ "days of the calendar", days },
	{ "clocks run", clocks_run },
	CU_TEST_INFO_NULL
};
