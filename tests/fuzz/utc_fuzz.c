/* utc_fuzz.c: what is parsed is written and parsed again to the same instant; local times lead back. */
#include "lib/base/clock.h"
#include "tests/fuzz/fuzz.h"

enum { DAY = 86400 };

static void text_round_trip(struct arena *a, const char *s)
{
	utc_t t, again;

	if (!utc_parse(s, &t))
		return;
	REQUIRE(t.us >= -62135596800000000 && t.us <= 253402300799999999);
	REQUIRE(utc_parse(utc_rfc3339(a, t), &again));
	/* Written with milliseconds, rounded down. */
	REQUIRE(again.us <= t.us && t.us - again.us < 1000 && again.us % 1000 == 0);
}

/* Any instant of our range, through a zone and back: the same local time, and never a later instant. */
static void zone_round_trip(int64_t seconds, uint8_t which)
{
	static const char *const names[] = { "America/Sao_Paulo", "America/New_York", "Europe/Lisbon", "UTC",
		"Pacific/Apia", "Africa/Casablanca", "Australia/Lord_Howe", "Asia/Kolkata" };
	const struct zone *z = zone_get(names[which % nitems(names)]);
	utc_t t = { (seconds % (200000LL * DAY)) * 1000000 }, back;
	struct civil c = zone_civil(z, t), again;

	REQUIRE(c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31 && c.hour >= 0 && c.hour <= 23);
	REQUIRE(c.minute >= 0 && c.minute <= 59 && c.second >= 0 && c.second <= 59 && c.weekday >= 0 &&
	    c.weekday <= 6);
	back = zone_utc(z, c);
	REQUIRE(back.us <= t.us && t.us - back.us <= 26LL * 3600 * 1000000);
	again = zone_civil(z, back);
	REQUIRE(memcmp(&c, &again, sizeof(c)) == 0);
}

/* Any numbers at all as a local time: an instant, or none. */
static void any_civil(const uint8_t *data, size_t size)
{
	struct civil c = { 0 };

	memcpy(&c, data, size < sizeof(c) ? size : sizeof(c));
	zone_utc(zone_get("America/New_York"), c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	int64_t seconds = 0;
	utc_t any;

	text_round_trip(a, arena_strn(a, (const char *)data, size));
	if (size > sizeof(seconds)) {
		memcpy(&seconds, data, sizeof(seconds));
		zone_round_trip(seconds, data[size - 1]);
		any.us = seconds;
		zone_civil(zone_get("America/New_York"), any);
		REQUIRE(utc_none(any) == (utc_rfc3339(a, any) == NULL));
		any_civil(data, size);
	}
	arena_free(a);
	return 0;
}
