/* doc_hdf.c: the HDF tree that templates read. Values go in through a node pointer and one plain name. */
#include <stdio.h> /* neo_hdf.h takes FILE and __BEGIN_DECLS for granted */

#include <util/neo_hdf.h>

#include "lib/view/doc_internal.h"

/* Names were checked by doc.c, so lack of memory is all that is left. */
static void check(const NEOERR *e)
{
	if (e != STATUS_OK)
		die("hdf: out of memory");
}

static void destroy(void *p)
{
	HDF *h = p;

	hdf_destroy(&h);
}

static HDF *here(const struct doc *d)
{
	return d->frames[d->depth].node;
}

static HDF *child(const struct doc *d, const char *name)
{
	HDF *h = NULL;

	check(hdf_get_node(here(d), name, &h));
	return h;
}

/* The name of the next element of the open list. */
static const char *next_name(const struct doc *d, char name[24])
{
	char *p = name + 23;
	size_t n = d->frames[d->depth].n;

	*p = '\0';
	do {
		*--p = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	return p;
}

static void hdf_begin(struct doc *d)
{
	HDF *h;

	check(hdf_init(&h));
	d->frames[0].node = h;
	arena_defer(d->a, destroy, h);
}

static void hdf_open(struct doc *d, const char *name)
{
	d->frames[d->depth + 1].node = child(d, name);
}

static void hdf_item(struct doc *d)
{
	char name[24];

	hdf_open(d, next_name(d, name));
}

static void hdf_text(struct doc *d, const char *name, const char *v)
{
	if (v != NULL)
		check(hdf_set_value(here(d), name, v));
}

static void hdf_item_text(struct doc *d, const char *v)
{
	char name[24];

	hdf_text(d, next_name(d, name), v != NULL ? v : "");
}

static void hdf_close(struct doc *d)
{
	(void)d;
}

static void hdf_i64(struct doc *d, const char *name, int64_t v)
{
	HDF *h = child(d, name);
	char s[32];

	buf_reset(&d->out);
	buf_i64(&d->out, v);
	check(hdf_set_value(h, NULL, d->out.p));
	number_put(s, lang_en(d->lang), v);
	check(hdf_set_value(h, "text", s));
}

static void hdf_boolean(struct doc *d, const char *name, bool v)
{
	if (v)
		check(hdf_set_value(here(d), name, "1"));
}

static void hdf_utc(struct doc *d, const char *name, utc_t v)
{
	bool en = lang_en(d->lang);
	char s[DATE_MAX];
	struct civil c;
	HDF *h;

	if (utc_none(v))
		return;
	h = child(d, name);
	c = zone_civil(d->zone, v);
	instant_put(s, v);
	check(hdf_set_value(h, NULL, s));
	date_short_put(s, en, &d->now_civil, &c);
	check(hdf_set_value(h, "text", s));
	date_short_put(s, en, &c, &c); /* of its own day: the time alone */
	check(hdf_set_value(h, "clock", s));
	date_long_put(s, en, &c);
	check(hdf_set_value(h, "long", s));
	ago_put(s, en, d->now.us / 1000000 - v.us / 1000000);
	check(hdf_set_value(h, "ago", s));
}

static void hdf_money(struct doc *d, const char *name, int64_t minor, const char *currency)
{
	HDF *h = child(d, name);
	char s[DATE_MAX];

	amount_put(s, minor);
	check(hdf_set_value(h, NULL, s));
	check(hdf_set_value(h, "text", money_local(d->a, d->lang, minor, currency)));
}

const struct doc_ops doc_ops_hdf = {
	.begin = hdf_begin,
	.open = hdf_open,
	.list = hdf_open,
	.item = hdf_item,
	.item_text = hdf_item_text,
	.close = hdf_close,
	.text = hdf_text,
	.i64 = hdf_i64,
	.boolean = hdf_boolean,
	.utc = hdf_utc,
	.money = hdf_money,
	.hint = hdf_text,
};

void *doc_hdf(struct doc *d)
{
	if (d->format != DOC_HTML)
		die("doc: only an HTML document has a tree");
	if (d->depth != 0)
		die("doc: finished with %zu objects or lists open", d->depth);
	return d->frames[0].node;
}
