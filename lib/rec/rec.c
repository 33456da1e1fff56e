#include <string.h>

#include "lib/base/text.h"
#include "lib/rec/rec_internal.h"

const struct field *rec_field(const struct rec_type *t, const char *name)
{
	for (size_t i = 0; name != NULL && i < t->nfields; i++)
		if (strcmp(t->fields[i].name, name) == 0)
			return &t->fields[i];
	return NULL;
}

void rec_put_text(const struct field *f, void *rec, const char *v)
{
	memcpy((char *)rec + f->offset, &v, sizeof(v));
}

void rec_put_number(const struct field *f, void *rec, int64_t v)
{
	char *at = (char *)rec + f->offset;
	int32_t narrow = (int32_t)v;
	bool yes = v != 0;

	/* utc_t and money_t are structs of one int64_t. */
	_Static_assert(sizeof(utc_t) == sizeof(v) && sizeof(money_t) == sizeof(v), "plain wrappers");
	switch (f->kind) {
	case K_I32: memcpy(at, &narrow, sizeof(narrow)); break;
	case K_BOOL: memcpy(at, &yes, sizeof(yes)); break;
	case K_I64: case K_UTC: case K_MONEY: memcpy(at, &v, sizeof(v)); break;
	case K_TEXT: die("rec: %s is no number", f->name);
	}
}

static bool pg_bool(const char *s, int64_t *out)
{
	if (!text_eq(s, "t") && !text_eq(s, "f") && !text_eq(s, "true") && !text_eq(s, "false"))
		return false;
	*out = s[0] == 't';
	return true;
}

bool rec_set_pg(struct arena *a, const struct field *f, void *rec, const char *text)
{
	int64_t v = 0;
	utc_t t = UTC_NONE;
	bool ok = false;

	switch (f->kind) {
	case K_TEXT:
		rec_put_text(f, rec, arena_str(a, text));
		return true;
	case K_I32: ok = parse_i64(text, INT32_MIN, INT32_MAX, &v); break;
	case K_I64: case K_MONEY: ok = parse_i64(text, INT64_MIN, INT64_MAX, &v); break;
	case K_BOOL: ok = pg_bool(text, &v); break;
	case K_UTC:
		ok = text == NULL || utc_parse(text, &t);
		v = t.us;
		break;
	}
	if (ok)
		rec_put_number(f, rec, v);
	return ok;
}

/* With microseconds when there are any: a cursor or a comparison must meet the same row again. */
static const char *utc_text(struct arena *a, utc_t t)
{
	int64_t below = ((t.us % 1000000) + 1000000) % 1000000;
	char *whole;

	if (utc_none(t) || below % 1000 == 0)
		return utc_rfc3339(a, t);
	whole = utc_rfc3339(a, (utc_t){ t.us - below });
	return arena_fmt(a, "%.*s.%06dZ", (int)strlen(whole) - 1, whole, (int)below);
}

const char *rec_text(struct arena *a, const struct field *f, const void *rec)
{
	const char *at = (const char *)rec + f->offset, *s;
	int32_t narrow;
	int64_t v;
	bool yes;

	switch (f->kind) {
	case K_TEXT:
		memcpy(&s, at, sizeof(s));
		return arena_str(a, s);
	case K_I32:
		memcpy(&narrow, at, sizeof(narrow));
		return arena_fmt(a, "%d", (int)narrow);
	case K_BOOL:
		memcpy(&yes, at, sizeof(yes));
		return yes ? "true" : "false";
	case K_I64: case K_MONEY: case K_UTC:
		break;
	}
	memcpy(&v, at, sizeof(v));
	return f->kind == K_UTC ? utc_text(a, (utc_t){ v }) : arena_fmt(a, "%lld", (long long)v);
}
