#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/base_internal.h"

#define ZONES_DIR "/usr/share/zoneinfo/"
enum { DAY = 86400, MILLION = 1000000, FILE_MAX = 64 * 1024 };

/* Never freed and never dropped: callers hold zones for ever, and the database bounds their number. */
static struct zone *cache;

static const struct zone utc_zone = { .name = "UTC", .has_rule = true };

/* A name of the database. Empty parts are refused: each zone has one spelling, so the cache stays small. */
static bool name_ok(const char *s)
{
	char before = '/';
	size_t n = 0;

	if (s == NULL)
		return false;
	for (; s[n] != '\0'; before = s[n++]) {
		bool ok = (s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z') ||
		    (s[n] >= '0' && s[n] <= '9') || strchr("_+/-", s[n]) != NULL;

		if (!ok || (s[n] == '/' && before == '/') || n + 1 >= sizeof(utc_zone.name))
			return false;
	}
	return before != '/';
}

static size_t read_file(const char *name, uint8_t *out, size_t max)
{
	char path[sizeof(ZONES_DIR) + sizeof(utc_zone.name)] = ZONES_DIR;
	size_t n = 0;
	ssize_t got;
	int fd;

	memcpy(path + sizeof(ZONES_DIR) - 1, name, strlen(name) + 1);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return 0;
	while (n < max && (got = read(fd, out + n, max - n)) > 0)
		n += (size_t)got;
	close(fd);
	return n;
}

static struct zone *load(const char *name)
{
	uint8_t *bytes = malloc(FILE_MAX);
	struct zone *z = calloc(1, sizeof(*z));

	if (bytes == NULL || z == NULL)
		die("zone: out of memory");
	if (tzif_parse(bytes, read_file(name, bytes, FILE_MAX), z)) {
		memcpy(z->name, name, strlen(name) + 1);
	} else {
		free(z);
		z = NULL;
	}
	free(bytes);
	return z;
}

static const struct zone *find(const char *iana)
{
	struct zone *z;

	if (!name_ok(iana))
		return NULL;
	for (z = cache; z != NULL; z = z->next)
		if (strcmp(z->name, iana) == 0)
			return z;
	z = load(iana);
	if (z != NULL) {
		z->next = cache;
		cache = z;
	}
	return z;
}

const struct zone *zone_get(const char *iana)
{
	const struct zone *z = find(iana);

	return z != NULL ? z : &utc_zone;
}

bool zone_known(const char *iana)
{
	return find(iana) != NULL;
}

/* Seconds east of UTC at t. */
static int32_t offset_at(const struct zone *z, int64_t t)
{
	size_t lo = 0, hi = z->n;

	if (z->n == 0 || t >= z->at[z->n - 1]) {
		if (z->has_rule)
			return tz_rule_offset(&z->rule, t);
		return z->n > 0 ? z->offset[z->n - 1] : z->first;
	}
	/* The number of transitions at or before t. */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (z->at[mid] <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo > 0 ? z->offset[lo - 1] : z->first;
}

struct civil zone_civil(const struct zone *z, utc_t t)
{
	int64_t s, days, year, of_day;
	struct civil c = { 0 };
	int us;

	if (utc_none(t))
		return c;
	s = utc_split(t, &us);
	s += offset_at(z != NULL ? z : &utc_zone, s);
	days = (s >= 0 ? s : s - (DAY - 1)) / DAY;
	of_day = s - days * DAY;
	civil_from_days(days, &year, &c.month, &c.day);
	c.year = (int)year;
	c.hour = (int)(of_day / 3600);
	c.minute = (int)(of_day / 60 % 60);
	c.second = (int)(of_day % 60);
	c.weekday = (int)(((days + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
	return c;
}

/* The local time as if it were UTC; members out of their range carry over, as in mktime. */
static int64_t local_seconds(struct civil c)
{
	int64_t month = (int64_t)c.month - 1, years = (month >= 0 ? month : month - 11) / 12;
	int64_t days = days_from_civil(c.year + years, (int)(month - years * 12) + 1, c.day);

	return days * DAY + (int64_t)c.hour * 3600 + (int64_t)c.minute * 60 + c.second;
}

/* The first instant with that local time; one that does not exist is read with the offset before the gap. */
static int64_t resolve(const struct zone *z, int64_t local)
{
	/* No zone is a day away from UTC, so these are the offsets on both sides of a change near by. */
	int64_t before = local - offset_at(z, local - DAY), after = local - offset_at(z, local + DAY);

	if (before + offset_at(z, before) == local)
		return before;
	return after + offset_at(z, after) == local ? after : before;
}

utc_t zone_utc(const struct zone *z, struct civil c)
{
	int64_t local = local_seconds(c);

	/* Far beyond any calendar, where microseconds no longer fit. */
	if (c.year < -200000 || c.year > 200000 || local < -9000000000000 || local > 9000000000000)
		return UTC_NONE;
	return (utc_t){ resolve(z != NULL ? z : &utc_zone, local) * MILLION };
}
