/* doc_json.c: JSON, written straight into one buffer. */
#include <string.h>

#include "lib/view/doc_internal.h"

static void json_begin(struct doc *d)
{
	buf_reserve(&d->out, 4096);
	buf_char(&d->out, '{');
}

/* The comma, when one is due, and "name": */
static void key(struct doc *d, const char *name)
{
	struct buf *b = &d->out;
	size_t n = strlen(name);
	char *p;

	buf_reserve(b, n + 5);
	p = b->p + b->n;
	if (d->frames[d->depth].n > 0)
		*p++ = ',';
	*p++ = '"';
	memcpy(p, name, n);
	p += n;
	*p++ = '"';
	*p++ = ':';
	*p = '\0';
	b->n = (size_t)(p - b->p);
}

static inline bool plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

/*
 * Length of the start of s that JSON takes as it is: ASCII without what buf_json escapes, and well-formed
 * letters of two bytes, which is all that most Portuguese text holds.
 */
static size_t plain_start(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	for (;;) {
		if (plain(*p))
			p++;
		else if (*p >= 0xc2 && *p <= 0xdf && (p[1] & 0xc0) == 0x80)
			p += 2;
		else
			return (size_t)((const char *)p - s);
	}
}

/* What buf_json writes. Measured on a list of 50 people: 31 us in all, 56 us with buf_json alone. */
static void put_text(struct doc *d, const char *v)
{
	struct buf *b = &d->out;
	size_t n = v != NULL ? plain_start(v) : 0;
	char *p;

	if (v == NULL || v[n] != '\0') {
		buf_json(b, v);
		return;
	}
	buf_reserve(b, n + 3);
	p = b->p + b->n;
	*p++ = '"';
	memcpy(p, v, n);
	p += n;
	*p++ = '"';
	*p = '\0';
	b->n += n + 2;
}

static void json_open(struct doc *d, const char *name)
{
	key(d, name);
	buf_char(&d->out, '{');
}

static void json_list(struct doc *d, const char *name)
{
	key(d, name);
	buf_char(&d->out, '[');
}

static void comma(struct doc *d)
{
	if (d->frames[d->depth].n > 0)
		buf_char(&d->out, ',');
}

static void json_item(struct doc *d)
{
	comma(d);
	buf_char(&d->out, '{');
}

static void json_item_text(struct doc *d, const char *v)
{
	comma(d);
	put_text(d, v);
}

static void json_close(struct doc *d)
{
	buf_char(&d->out, d->frames[d->depth].list ? ']' : '}');
}

static void json_text(struct doc *d, const char *name, const char *v)
{
	key(d, name);
	put_text(d, v);
}

static void json_i64(struct doc *d, const char *name, int64_t v)
{
	key(d, name);
	buf_i64(&d->out, v);
}

static void json_boolean(struct doc *d, const char *name, bool v)
{
	key(d, name);
	buf_str(&d->out, v ? "true" : "false");
}

static void json_utc(struct doc *d, const char *name, utc_t v)
{
	char s[DATE_MAX];

	key(d, name);
	if (!utc_none(v))
		instant_put(s, v);
	put_text(d, utc_none(v) ? NULL : s);
}

static void json_money(struct doc *d, const char *name, int64_t minor, const char *currency)
{
	char s[DATE_MAX];

	(void)currency;
	key(d, name);
	amount_put(s, minor);
	put_text(d, s);
}

static void json_json(struct doc *d, const char *name, const char *json)
{
	key(d, name);
	buf_str(&d->out, json != NULL && *json != '\0' ? json : "null");
}

static void json_finish(struct doc *d)
{
	buf_char(&d->out, '}');
}

const struct doc_ops doc_ops_json = {
	.begin = json_begin,
	.open = json_open,
	.list = json_list,
	.item = json_item,
	.item_text = json_item_text,
	.close = json_close,
	.text = json_text,
	.i64 = json_i64,
	.boolean = json_boolean,
	.utc = json_utc,
	.money = json_money,
	.json = json_json,
	.finish = json_finish,
};
