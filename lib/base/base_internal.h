/* base_internal.h: shared by the files of lib/base and their tests, nobody else. */
#ifndef BASE_BASE_INTERNAL_H
#define BASE_BASE_INTERNAL_H

#include "lib/base/clock.h"

/*
 * Reads one code point of the n > 0 bytes at s and returns how many bytes it takes. When they are
 * not valid UTF-8, *cp is UTF8_BAD and the result is the length of what one U+FFFD replaces (the
 * "maximal subpart" of Unicode). A NUL ends a sequence, so n = 4 is right for any C string.
 */
#define UTF8_BAD UINT32_MAX
#define UTF8_REPLACEMENT "\xEF\xBF\xBD"
size_t utf8_next(const char *s, size_t n, uint32_t *cp);

/* Days since 1970-01-01 of a proleptic Gregorian date (month 1..12; the day may be any number), and back. */
int64_t days_from_civil(int64_t year, int month, int64_t day);
void civil_from_days(int64_t days, int64_t *year, int *month, int *day);
/* Seconds since 1970, rounded down, and the microseconds above them. */
int64_t utc_split(utc_t t, int *us);

/* RFC 3339 in UTC with the given digits (0..6) after the second. */
#define UTC_TEXT 48
void utc_format(char out[UTC_TEXT], utc_t t, int digits);

/* The rules of a POSIX TZ text: what holds after the last transition of a file. */
struct tz_day {
	enum { TZ_MONTH, TZ_JULIAN, TZ_ZERO } form; /* Mm.w.d, Jn (no leap day), n (from 0) */
	int month, week, day;
	int32_t at; /* seconds after local midnight */
};
struct tz_rule {
	int32_t std, dst; /* seconds east of UTC */
	bool has_dst;
	struct tz_day start, end;
};
bool tz_rule_parse(const char *s, size_t n, struct tz_rule *out);
int32_t tz_rule_offset(const struct tz_rule *r, int64_t t);

/* A zone as read from a TZif file. */
struct zone {
	struct zone *next;
	char name[65];
	size_t n;        /* transitions */
	int64_t *at;     /* seconds, rising */
	int32_t *offset; /* seconds east of UTC from at[i] on */
	int32_t first;   /* before at[0] */
	bool has_rule;
	struct tz_rule rule;
};
/* Fills z (not next, not name) from the bytes of a file, its arrays by malloc. False when it is none. */
bool tzif_parse(const uint8_t *p, size_t n, struct zone *z);
void tzif_drop(struct zone *z);

/*
 * Reads a settings file's text. each is called per setting (name and value NUL-terminated, valid
 * during the call); fault per line that cannot be read, with its number from 1. False after a fault.
 */
struct conf_reader {
	void (*each)(void *p, int line, const char *name, const char *value);
	void (*fault)(void *p, int line, const char *what);
	void *p;
};
bool conf_read(const char *text, size_t n, const struct conf_reader *r);

#endif
