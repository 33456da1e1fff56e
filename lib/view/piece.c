/* piece.c: the process's pieces, in a tree by their keys and in a row by the numbers that documents hold. */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/view/doc_internal.h"
#include "lib/view/piece.h"
#include "lib/view/tmpl.h"

struct kept {
	size_t number, nkey; /* number from 1 on: templates take "0" for nothing */
	char *html;
	char key[];
};

static struct {
	void *tree;
	struct kept **row;
	size_t n, room, bytes;
	struct buf key; /* of the one that is looked for */
} all;

static int by_key(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	return x->nkey != y->nkey ? (x->nkey < y->nkey ? -1 : 1) : memcmp(x->key, y->key, x->nkey);
}

static const char **grown(const struct piece *p, const char **old, size_t room)
{
	const char **v = arena_array(p->a, room, sizeof(*v));

	if (p->n > 0)
		memcpy(v, old, p->n * sizeof(*v));
	return v;
}

void piece_add(struct piece *p, const char *name, const char *value)
{
	if (value == NULL)
		return;
	if (p->n == p->room) {
		size_t room = p->room == 0 ? 32 : p->room * 2;

		p->names = grown(p, p->names, room);
		p->values = grown(p, p->values, room);
		p->room = room;
	}
	p->names[p->n] = name;
	p->values[p->n++] = value;
}

size_t pieces_bytes(void)
{
	return all.bytes;
}

static void free_kept(void *p)
{
	struct kept *k = p;

	free(k->html);
	free(k);
}

void pieces_drop(void)
{
	tdestroy(all.tree, free_kept);
	free(all.row);
	all.tree = NULL;
	all.row = NULL;
	all.n = all.room = all.bytes = 0;
}

/* Every text with its NUL: no two pieces have one key. The head is room for struct kept. */
static const struct kept *key_of(const struct doc *d, const struct piece *p)
{
	struct kept *k;

	buf_reset(&all.key);
	buf_reserve(&all.key, sizeof(*k));
	all.key.n = sizeof(*k);
	buf_add(&all.key, d->lang, strlen(d->lang) + 1);
	buf_add(&all.key, p->tmpl, strlen(p->tmpl) + 1);
	for (size_t i = 0; i < p->n; i++) {
		buf_add(&all.key, p->names[i], strlen(p->names[i]) + 1);
		buf_add(&all.key, p->values[i], strlen(p->values[i]) + 1);
	}
	k = (void *)all.key.p;
	k->nkey = all.key.n - sizeof(*k);
	return k;
}

static char *html_of(const struct doc *d, const struct piece *p)
{
	struct buf out = { 0 };
	const char *fault = tmpl_render_values(p->tmpl, d->lang, p->names, p->values, p->n, &out);

	if (fault != NULL)
		die("piece: %s", fault);
	buf_add(&out, "", 1);
	return out.p;
}

static size_t keep(const struct kept *key, char *html)
{
	struct kept *k = malloc(sizeof(*k) + key->nkey);

	if (k == NULL)
		die("piece: out of memory");
	if (all.n == all.room) {
		all.room = all.room == 0 ? 256 : all.room * 2;
		all.row = reallocarray(all.row, all.room, sizeof(struct kept *));
		if (all.row == NULL)
			die("piece: out of memory");
	}
	*k = (struct kept){ .number = all.n + 1, .nkey = key->nkey, .html = html };
	memcpy(k->key, key->key, key->nkey);
	if (tsearch(k, &all.tree, by_key) == NULL)
		die("piece: out of memory");
	all.row[all.n++] = k;
	all.bytes += sizeof(*k) + k->nkey + strlen(html) + 64;
	return k->number;
}

void piece_utc(struct piece *p, const struct doc *d, const char *name, utc_t v)
{
	bool en = lang_en(d->lang);
	char s[DATE_MAX];
	struct civil c;

	if (utc_none(v))
		return;
	c = zone_civil(d->zone, v);
	instant_put(s, v);
	piece_add(p, name, arena_str(p->a, s));
	date_short_put(s, en, &d->now_civil, &c);
	piece_add(p, arena_fmt(p->a, "%s.text", name), arena_str(p->a, s));
	date_long_put(s, en, &c);
	piece_add(p, arena_fmt(p->a, "%s.long", name), arena_str(p->a, s));
}

/* Its number in the row: found, or made. */
static size_t number_of(struct doc *d, const struct piece *p)
{
	const struct kept *key;
	void *found;

	if (!d->pieces && all.bytes > PIECES_BYTES)
		pieces_drop();
	d->pieces = true;
	key = key_of(d, p);
	found = tfind(key, &all.tree, by_key);
	return found != NULL ? (*(struct kept *const *)found)->number : keep(key, html_of(d, p));
}

void doc_piece(struct doc *d, const char *name, const struct piece *p)
{
	char s[24];

	if (d->format != DOC_HTML)
		return;
	snprintf(s, sizeof(s), "%zu", number_of(d, p));
	doc_hint(d, name, s);
}

void doc_item_piece(struct doc *d, const struct piece *p)
{
	char s[24];

	if (d->format != DOC_HTML)
		return;
	snprintf(s, sizeof(s), "%zu", number_of(d, p));
	doc_item_text(d, s);
}

const char *piece_html(const char *number)
{
	char *end;
	unsigned long n = strtoul(number, &end, 10);

	return *number >= '0' && *number <= '9' && *end == '\0' && n >= 1 && n <= all.n ? all.row[n - 1]->html : "";
}
