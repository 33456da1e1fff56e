/*
 * doc_hdf.c: the HDF tree that templates read. Values go in through a node pointer and one plain name.
 *
 * The root and its members are ClearSilver's own: it looks them up by hash, and what a template sets (plain tmp_ names,
 * scripts/check-templates) becomes one more of them. Everything below lies in the arena, a node and its value in one
 * piece, appended at last_child; it is taken off before the root is destroyed. (A node of hdf_set_value is three mallocs,
 * and the twelfth member of each object makes a hash table: a board of 198 cards, when they were nodes, took 4.6 million
 * instructions to fill and free that way, and 1.3 million this way.)
 */
#include <stdio.h> /* neo_hdf.h takes FILE and __BEGIN_DECLS for granted */
#include <string.h>

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
	HDF *root = p;

	for (HDF *h = root->child; h != NULL; h = h->next)
		h->child = h->last_child = NULL;
	hdf_destroy(&root);
}

static HDF *here(const struct doc *d)
{
	return d->frames[d->depth].node;
}

/* name is not copied. v, if any, is. */
static HDF *append(const struct doc *d, HDF *parent, const char *name, size_t len, const char *v)
{
	size_t n = v != NULL ? strlen(v) + 1 : 0;
	HDF *h = arena_alloc(d->a, sizeof(*h) + n);

	memcpy(&h->name, &name, sizeof(name)); /* ClearSilver writes to names when it frees them, which it never does here */
	h->name_len = (int)len;
	h->top = parent->top;
	if (v != NULL)
		h->value = memcpy(h + 1, v, n);
	if (parent->last_child != NULL)
		parent->last_child->next = h;
	else
		parent->child = h;
	parent->last_child = h;
	return h;
}

static HDF *find(const HDF *parent, const char *name, size_t len)
{
	HDF *h = parent->child;

	while (h != NULL && (h->name_len != (int)len || memcmp(h->name, name, len) != 0))
		h = h->next;
	return h;
}

/* The member of that name, new or known, with the value v unless that is NULL. */
static HDF *put(const struct doc *d, HDF *parent, const char *name, const char *v)
{
	size_t len = strlen(name);
	HDF *h;

	if (parent->top == parent) {
		check(v != NULL ? hdf_set_value(parent, name, v) : STATUS_OK);
		check(hdf_get_node(parent, name, &h));
		return h;
	}
	h = find(parent, name, len);
	if (h == NULL)
		return append(d, parent, name, len, v);
	if (v != NULL)
		h->value = arena_str(d->a, v);
	return h;
}

/* The next element of the open list: named by its number. */
static HDF *element(const struct doc *d, const char *v)
{
	char *name = (char *)arena_alloc(d->a, 24) + 23, *end = name;
	size_t n = d->frames[d->depth].n;

	do {
		*--name = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	return append(d, here(d), name, (size_t)(end - name), v);
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
	d->frames[d->depth + 1].node = put(d, here(d), name, NULL);
}

static void hdf_item(struct doc *d)
{
	d->frames[d->depth + 1].node = element(d, NULL);
}

static void hdf_text(struct doc *d, const char *name, const char *v)
{
	if (v != NULL)
		put(d, here(d), name, v);
}

static void hdf_item_text(struct doc *d, const char *v)
{
	element(d, v != NULL ? v : "");
}

static void hdf_close(struct doc *d)
{
	(void)d;
}

static void hdf_i64(struct doc *d, const char *name, int64_t v)
{
	char s[32];
	HDF *h;

	buf_reset(&d->out);
	buf_i64(&d->out, v);
	h = put(d, here(d), name, d->out.p);
	number_put(s, lang_en(d->lang), v);
	put(d, h, "text", s);
}

static void hdf_boolean(struct doc *d, const char *name, bool v)
{
	if (v)
		put(d, here(d), name, "1");
}

static void hdf_utc(struct doc *d, const char *name, utc_t v)
{
	bool en = lang_en(d->lang);
	char s[DATE_MAX];
	struct civil c;
	HDF *h;

	if (utc_none(v))
		return;
	c = zone_civil(d->zone, v);
	instant_put(s, v);
	h = put(d, here(d), name, s);
	date_short_put(s, en, &d->now_civil, &c);
	put(d, h, "text", s);
	date_short_put(s, en, &c, &c); /* of its own day: the time alone */
	put(d, h, "clock", s);
	date_long_put(s, en, &c);
	put(d, h, "long", s);
	ago_put(s, en, d->now.us / 1000000 - v.us / 1000000);
	put(d, h, "ago", s);
}

static void hdf_money(struct doc *d, const char *name, int64_t minor, const char *currency)
{
	char s[DATE_MAX];

	amount_put(s, minor);
	put(d, put(d, here(d), name, s), "text", money_local(d->a, d->lang, minor, currency));
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
