/* bind.c: from forms and JSON into records, with what is wrong told per field. */
#include <string.h>

#include "lib/base/text.h"
#include "lib/rec/rec_internal.h"

enum { DEFAULT_MAX = 200, EMAIL_MAX = 254 };

void field_error_add(struct arena *a, struct field_error **errs, const char *field, const char *code,
    const char *arg)
{
	struct field_error *e = ARENA_NEW(a, struct field_error);

	e->field = arena_str(a, field);
	e->code = arena_str(a, code);
	e->arg = arena_str(a, arg);
	while (*errs != NULL)
		errs = &(*errs)->next;
	*errs = e;
}

/* Controls and blanks, ASCII or not, and what would end or start an address in a mail header. */
static bool bad_in_email(const char *s)
{
	unsigned char c = (unsigned char)s[0], next = (unsigned char)s[1];

	if (c <= ' ' || c == 0x7F || strchr("<>()[],;:\\\"", s[0]) != NULL)
		return true;
	/* U+0080..U+00A0, U+2000..U+207F, U+3000 */
	return (c == 0xC2 && next <= 0xA0) || (c == 0xE2 && (next == 0x80 || next == 0x81)) ||
	    strncmp(s, "\xE3\x80\x80", 3) == 0;
}

bool email_ok(const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0;
	const char *at, *dot;

	if (n == 0 || n > EMAIL_MAX || !utf8_ok(s, n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (bad_in_email(s + i))
			return false;
	at = strchr(s, '@');
	if (at == NULL || at == s || strchr(at + 1, '@') != NULL)
		return false;
	dot = strchr(at, '.');
	return dot != NULL && at[1] != '.' && s[n - 1] != '.' && strstr(at, "..") == NULL;
}

/* What one field is bound with. */
struct bind {
	struct arena *a;
	const struct field *f;
	void *rec;
	struct field_error **errs;
};

static void refuse(const struct bind *b, const char *code, const char *arg)
{
	field_error_add(b->a, b->errs, b->f->name, code, arg);
}

static const char *number_text(struct arena *a, int64_t v)
{
	return arena_fmt(a, "%lld", (long long)v);
}

/*
 * Controls are refused everywhere; in a field of many lines, TAB and line ends are none. A lone CR is
 * no line end, but a SECRET is taken as it came (a key file may have CRLF).
 */
static bool has_control(const struct field *f, const char *s)
{
	bool multi = (f->flags & MULTI) != 0;

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)s[0], next = (unsigned char)s[1];

		if (multi && (c == '\n' || c == '\t' || (c == '\r' && next == '\n')))
			continue;
		if (c < 0x20 || c == 0x7F || (c == 0xC2 && next < 0xA0))
			return true;
		/* U+2028 and U+2029 end lines too. */
		if (!multi && (strncmp(s, "\xE2\x80\xA8", 3) == 0 || strncmp(s, "\xE2\x80\xA9", 3) == 0))
			return true;
	}
	return false;
}

static bool chosen(const struct field *f, const char *s)
{
	for (const char *const *c = f->one_of; c != NULL && *c != NULL; c++)
		if (strcmp(*c, s) == 0)
			return true;
	return f->one_of == NULL;
}

static void check_text(const struct bind *b, const char *s)
{
	const struct field *f = b->f;
	int64_t len = (int64_t)utf8_len(s), max = f->max > 0 ? f->max : DEFAULT_MAX;

	if (has_control(f, s))
		refuse(b, "control", NULL);
	else if (len > max)
		refuse(b, "too_long", number_text(b->a, max));
	else if (len < f->min)
		refuse(b, "too_short", number_text(b->a, f->min));
	else if (!chosen(f, s))
		refuse(b, "choice", NULL);
	else if (((f->flags & ID) != 0 && !id_ok(s)) || ((f->flags & EMAIL) != 0 && !email_ok(s)))
		refuse(b, "format", NULL);
}

/* Stored even when refused, so that a form shows again what was typed; but never bytes that are no text. */
static void bind_text(const struct bind *b, const char *s)
{
	if (!utf8_ok(s, strlen(s))) {
		refuse(b, "format", NULL);
		return;
	}
	s = (b->f->flags & EMAIL) != 0 ? text_lower(b->a, s) : arena_str(b->a, s);
	rec_put_text(b->f, b->rec, s);
	check_text(b, s);
}

/* "-12": digits, whatever their number. Tells a number out of range from no number. */
static bool integer_form(const char *s)
{
	s += *s == '-';
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

static void bind_number(const struct bind *b, const char *s)
{
	const struct field *f = b->f;
	bool money = f->kind == K_MONEY, limits = f->max > f->min;
	int64_t min = f->kind == K_I32 ? INT32_MIN : INT64_MIN;
	int64_t max = f->kind == K_I32 ? INT32_MAX : INT64_MAX, v;

	if (limits) {
		min = f->min > min ? f->min : min;
		max = f->max < max ? f->max : max;
	}
	if (money ? !money_parse(s, &v) : !integer_form(s))
		refuse(b, "format", NULL);
	else if (money ? v < min || v > max : !parse_i64(s, min, max, &v))
		refuse(b, "range", money
		    ? arena_fmt(b->a, "%s..%s", money_text(b->a, min), money_text(b->a, max))
		    : arena_fmt(b->a, "%lld..%lld", (long long)min, (long long)max));
	else
		rec_put_number(f, b->rec, v);
}

static void bind_bool(const struct bind *b, const char *s)
{
	bool yes = text_eq(s, "true") || text_eq(s, "1") || text_eq(s, "on");

	if (!yes && !text_eq(s, "false") && !text_eq(s, "0"))
		refuse(b, "format", NULL);
	else
		rec_put_number(b->f, b->rec, yes);
}

static void bind_utc(const struct bind *b, const char *s)
{
	utc_t t;

	if (!utc_parse(s, &t))
		refuse(b, "format", NULL);
	else
		rec_put_number(b->f, b->rec, t.us);
}

static void bind_blank(const struct bind *b)
{
	if (b->f->kind == K_TEXT)
		rec_put_text(b->f, b->rec, NULL);
	else
		rec_put_number(b->f, b->rec, b->f->kind == K_UTC ? UTC_NONE.us : 0);
	if ((b->f->flags & REQ) != 0)
		refuse(b, "required", NULL);
}

static void bind_value(const struct bind *b, const char *s)
{
	switch (b->f->kind) {
	case K_TEXT: bind_text(b, s); break;
	case K_I32: case K_I64: case K_MONEY: bind_number(b, s); break;
	case K_BOOL: bind_bool(b, s); break;
	case K_UTC: bind_utc(b, s); break;
	}
}

enum err rec_bind(struct arena *a, const struct rec_type *t, void *rec, rec_source *src, void *ctx,
    bool partial, struct field_error **errs)
{
	struct field_error **tail = errs;

	while (*tail != NULL)
		tail = &(*tail)->next;
	for (size_t i = 0; i < t->nfields; i++) {
		const struct bind b = { a, &t->fields[i], rec, errs };
		bool is_null = false;
		const char *s;

		if ((b.f->flags & RO) != 0)
			continue;
		s = src(ctx, b.f->name, &is_null);
		if (s == NULL && !is_null && partial)
			continue;
		if (is_null)
			s = NULL;
		if ((b.f->flags & SECRET) == 0)
			s = text_trim(a, s);
		if (text_empty(s))
			bind_blank(&b);
		else
			bind_value(&b, s);
	}
	return *tail != NULL ? E_INVALID : OK;
}
