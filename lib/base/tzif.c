/* tzif.c: the files of the tz database (RFC 8536): transitions, and the rule for the time after them. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/base_internal.h"

enum { HEADER = 44, DAY = 86400, TYPES_MAX = 256, TIMES_MAX = 8192 };

/* A bounded reader over bytes. */
struct in {
	const uint8_t *p;
	size_t n;
};

static bool skip(struct in *in, size_t n)
{
	if (n > in->n)
		return false;
	in->p += n;
	in->n -= n;
	return true;
}

static int32_t be32(const uint8_t *p)
{
	return (int32_t)((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]);
}

static int64_t be64(const uint8_t *p)
{
	return (int64_t)((uint64_t)(uint32_t)be32(p) << 32 | (uint32_t)be32(p + 4));
}

struct counts {
	uint32_t isut, isstd, leap, time, type, chars;
};

static bool take_header(struct in *in, struct counts *c)
{
	const uint8_t *p = in->p;

	/* Version 1 has no 64-bit block; files of this century do. */
	if (in->n < HEADER || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return false;
	c->isut = (uint32_t)be32(p + 20);
	c->isstd = (uint32_t)be32(p + 24);
	c->leap = (uint32_t)be32(p + 28);
	c->time = (uint32_t)be32(p + 32);
	c->type = (uint32_t)be32(p + 36);
	c->chars = (uint32_t)be32(p + 40);
	if (c->time > TIMES_MAX || c->type < 1 || c->type > TYPES_MAX || c->chars > 4096 ||
	    c->isut > TYPES_MAX || c->isstd > TYPES_MAX || c->leap > 0) /* leap seconds: not POSIX time */
		return false;
	return skip(in, HEADER);
}

/* Reads a 64-bit block: times, type of each, types. */
static bool take_block(struct in *in, const struct counts *c, struct zone *z)
{
	const uint8_t *times = in->p, *index = times + (size_t)c->time * 8, *types = index + c->time;

	if (!skip(in, (size_t)c->time * 9 + (size_t)c->type * 6 + c->chars + c->isstd + c->isut))
		return false;
	z->at = calloc(c->time + 1, sizeof(*z->at));
	z->offset = calloc(c->time + 1, sizeof(*z->offset));
	if (z->at == NULL || z->offset == NULL)
		die("zone: out of memory");
	z->n = c->time;
	z->first = be32(types);
	for (uint32_t i = 0; i < c->time; i++) {
		if (index[i] >= c->type)
			return false;
		z->at[i] = be64(times + (size_t)i * 8);
		z->offset[i] = be32(types + (size_t)index[i] * 6);
		if (i > 0 && z->at[i] <= z->at[i - 1])
			return false;
		if (z->offset[i] < -DAY * 2 || z->offset[i] > DAY * 2)
			return false;
	}
	return z->first >= -DAY * 2 && z->first <= DAY * 2;
}

static bool parse(struct in in, struct zone *z)
{
	struct counts c;
	const uint8_t *end;

	if (!take_header(&in, &c))
		return false;
	if (!skip(&in, (size_t)c.time * 5 + (size_t)c.type * 6 + c.chars + c.isstd + c.isut))
		return false;
	if (!take_header(&in, &c) || !take_block(&in, &c, z))
		return false;
	if (in.n < 2 || in.p[0] != '\n')
		return false;
	skip(&in, 1);
	end = memchr(in.p, '\n', in.n);
	if (end == NULL)
		return false;
	if (end > in.p) {
		z->has_rule = true;
		return tz_rule_parse((const char *)in.p, (size_t)(end - in.p), &z->rule);
	}
	return true;
}

bool tzif_parse(const uint8_t *p, size_t n, struct zone *z)
{
	if (parse((struct in){ p, n }, z))
		return true;
	tzif_drop(z);
	return false;
}

void tzif_drop(struct zone *z)
{
	free(z->at);
	free(z->offset);
	z->at = NULL;
	z->offset = NULL;
	z->n = 0;
}
