/*
 * doc_csv.c: the items of the first list as rows (RFC 4180, UTF-8 with BOM). The first item names the
 * columns; objects inside an item become parent.child, lists inside it are left out. For spreadsheets
 * the separator and the decimal sign follow the language, instants are local "2026-11-22 14:05:09".
 */
#include <stdio.h>
#include <string.h>

#include "lib/view/doc_internal.h"

struct cell {
	size_t at, n; /* in row */
};

struct csv {
	struct buf row;    /* the cells of the open item, encoded, in the order of their coming */
	struct buf name;   /* prefix of the member's column: "parent." */
	size_t prefix[DOC_DEPTH + 2]; /* its length at each depth */
	char **columns;
	struct cell *cells; /* one for each column; n 0 is an empty cell */
	size_t ncolumns, cap, next;
	size_t list_at;    /* depth of the first list once it is open, 0 before */
	size_t skip_at;    /* depth of a list inside the open item, 0: none */
	bool named, in_row, closed;
};

static void csv_free(void *p)
{
	struct csv *c = p;

	buf_free(&c->row);
	buf_free(&c->name);
}

static void csv_begin(struct doc *d)
{
	struct csv *c = ARENA_NEW(d->a, struct csv);

	d->state = c;
	arena_defer(d->a, csv_free, c);
	buf_str(&d->out, "\xef\xbb\xbf");
}

static bool english(const struct doc *d)
{
	return lang_en(d->lang);
}

static void grow(struct doc *d, struct csv *c)
{
	size_t cap = c->cap > 0 ? c->cap * 2 : 16;
	char **columns = arena_array(d->a, cap, sizeof(*columns));
	struct cell *cells = arena_array(d->a, cap, sizeof(*cells));

	if (c->cap > 0) {
		memcpy(columns, c->columns, c->ncolumns * sizeof(*columns));
		memcpy(cells, c->cells, c->ncolumns * sizeof(*cells));
	}
	c->columns = columns;
	c->cells = cells;
	c->cap = cap;
}

/* The cell of the column in c->name; NULL when later items bring one that the first did not have. */
static struct cell *cell_of(struct doc *d, struct csv *c)
{
	size_t i = c->next;

	if (i >= c->ncolumns || strcmp(c->columns[i], c->name.p) != 0) {
		for (i = 0; i < c->ncolumns && strcmp(c->columns[i], c->name.p) != 0; i++)
			continue;
	}
	if (i == c->ncolumns) {
		if (c->named)
			return NULL;
		if (c->ncolumns == c->cap)
			grow(d, c);
		c->columns[c->ncolumns++] = arena_strn(d->a, c->name.p, c->name.n);
	}
	c->next = i + 1;
	return &c->cells[i];
}

static bool takes_values(const struct csv *c)
{
	return c->in_row && c->skip_at == 0;
}

/* plain: text of our own making, such as -12,50, that must stay a number. */
static void put(struct doc *d, const char *name, const char *v, bool plain)
{
	struct csv *c = d->state;
	struct cell *cell;
	size_t prefix = c->name.n;

	if (!takes_values(c))
		return;
	buf_str(&c->name, name);
	cell = cell_of(d, c);
	c->name.n = prefix;
	c->name.p[prefix] = '\0';
	if (cell == NULL)
		return;
	cell->at = c->row.n;
	if (plain)
		buf_str(&c->row, v);
	else
		buf_csv(&c->row, v);
	cell->n = c->row.n - cell->at;
}

static void start_row(struct csv *c)
{
	buf_reset(&c->row);
	buf_reset(&c->name);
	c->next = 0;
	c->in_row = true;
	for (size_t i = 0; i < c->ncolumns; i++)
		c->cells[i] = (struct cell){ 0, 0 };
}

static void end_row(struct doc *d, struct csv *c)
{
	char sep = english(d) ? ',' : ';';

	c->in_row = false;
	for (size_t i = 0; !c->named && i < c->ncolumns; i++) {
		if (i > 0)
			buf_char(&d->out, sep);
		buf_str(&d->out, c->columns[i]);
	}
	if (!c->named)
		buf_str(&d->out, "\r\n");
	c->named = true;
	for (size_t i = 0; i < c->ncolumns; i++) {
		if (i > 0)
			buf_char(&d->out, sep);
		if (c->cells[i].n > 0)
			buf_add(&d->out, c->row.p + c->cells[i].at, c->cells[i].n);
	}
	buf_str(&d->out, "\r\n");
}

static void csv_open(struct doc *d, const char *name)
{
	struct csv *c = d->state;

	if (!takes_values(c))
		return;
	c->prefix[d->depth + 1] = c->name.n;
	buf_str(&c->name, name);
	buf_char(&c->name, '.');
}

static void csv_list(struct doc *d, const char *name)
{
	struct csv *c = d->state;

	if (c->list_at == 0 && !c->closed) {
		c->list_at = d->depth + 1;
		/* Until the first item it keeps the list's name: that of the column when the elements are texts. */
		buf_reset(&c->name);
		buf_str(&c->name, name);
	} else if (takes_values(c)) {
		c->skip_at = d->depth + 1;
	}
}

static bool at_first_list(const struct doc *d, const struct csv *c)
{
	return c->list_at == d->depth && c->list_at != 0 && !c->in_row;
}

static void csv_item(struct doc *d)
{
	struct csv *c = d->state;

	if (at_first_list(d, c))
		start_row(c);
}

static void csv_item_text(struct doc *d, const char *v)
{
	struct csv *c = d->state;
	char *name;

	if (!at_first_list(d, c))
		return;
	name = c->ncolumns > 0 ? c->columns[0] : arena_strn(d->a, c->name.p, c->name.n);
	start_row(c);
	put(d, name, v, false);
	end_row(d, c);
}

static void csv_close(struct doc *d)
{
	struct csv *c = d->state;

	if (c->skip_at != 0) {
		if (c->skip_at == d->depth)
			c->skip_at = 0;
	} else if (c->in_row && d->depth == c->list_at + 1) {
		end_row(d, c);
	} else if (c->in_row) {
		c->name.n = c->prefix[d->depth];
		c->name.p[c->name.n] = '\0';
	} else if (c->list_at == d->depth) {
		c->list_at = 0;
		c->closed = true;
	}
}

static void csv_text(struct doc *d, const char *name, const char *v)
{
	put(d, name, v, false);
}

static void csv_i64(struct doc *d, const char *name, int64_t v)
{
	char s[32];

	snprintf(s, sizeof(s), "%lld", (long long)v);
	put(d, name, s, true);
}

static void csv_boolean(struct doc *d, const char *name, bool v)
{
	put(d, name, v ? "true" : "false", true);
}

static void csv_utc(struct doc *d, const char *name, utc_t v)
{
	char s[80];
	struct civil t;

	if (utc_none(v)) {
		put(d, name, NULL, true);
		return;
	}
	t = zone_civil(d->zone, v);
	snprintf(s, sizeof(s), "%04d-%02d-%02d %02d:%02d:%02d", t.year, t.month, t.day, t.hour, t.minute, t.second);
	put(d, name, s, true);
}

static void csv_money(struct doc *d, const char *name, int64_t minor, const char *currency)
{
	char s[DATE_MAX];

	(void)currency;
	amount_put(s, minor);
	if (!english(d))
		*strchr(s, '.') = ',';
	/* With a comma as separator the point stays, so no amount ever needs quotes. */
	put(d, name, s, true);
}

static void csv_finish(struct doc *d)
{
	(void)d;
}

const struct doc_ops doc_ops_csv = {
	.begin = csv_begin,
	.open = csv_open,
	.list = csv_list,
	.item = csv_item,
	.item_text = csv_item_text,
	.close = csv_close,
	.text = csv_text,
	.i64 = csv_i64,
	.boolean = csv_boolean,
	.utc = csv_utc,
	.money = csv_money,
	.finish = csv_finish,
};
