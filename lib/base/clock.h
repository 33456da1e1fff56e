/* clock.h: instants. utc_t is microseconds since 1970-01-01T00:00:00Z; UTC_NONE means no instant (SQL NULL). */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "lib/base/arena.h"

typedef struct { int64_t us; } utc_t;
#define UTC_NONE ((utc_t){ INT64_MIN })

static inline bool utc_none(utc_t t) { return t.us == INT64_MIN; }

utc_t utc_now(void);          /* wall clock */
int64_t mono_ms(void);        /* monotonic, for time-outs */

/* RFC 3339 ("2026-11-22T12:00:00Z", offset and fraction accepted) or PostgreSQL's text form in UTC ("2026-11-22 12:00:00.123+00"). False when it is neither or out of range. */
bool utc_parse(const char *s, utc_t *out);
/* "2026-11-22T12:00:00Z", or with milliseconds when there are any. UTC_NONE gives NULL. In a. */
char *utc_rfc3339(struct arena *a, utc_t t);

/* A zone by its IANA name, from the system's tz database; an unknown name falls back to UTC. Held in a small static cache. */
struct zone;
const struct zone *zone_get(const char *iana);
bool zone_known(const char *iana);
struct civil { int year, month, day, hour, minute, second, weekday; /* 0 = Sunday */ };
struct civil zone_civil(const struct zone *z, utc_t t);
/* "YYYY-MM-DD", a day of the calendar from 1900 on; false for anything else, and for NULL. Sets year, month and day. */
bool day_parse(const char *s, struct civil *out);
/* The instant of a local time in z (second ignored when absent); a local time that does not exist moves forward. */
utc_t zone_utc(const struct zone *z, struct civil c);

#endif
