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
	size_t number, nkey;
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

bool piece_add(struct piece *p, const char *name, const char *value)
{
	if (value == NULL)
		return true;
	if (p->n == PIECE_VALUES)
		return false;
	p->names[p->n] = name;
	p->values[p->n++] = value;
	return true;
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

static const struct kept *keep(const struct kept *key, char *html)
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
	*k = (struct kept){ .number = all.n, .nkey = key->nkey, .html = html };
	memcpy(k->key, key->key, key->nkey);
	if (tsearch(k, &all.tree, by_key) == NULL)
		die("piece: out of memory");
	all.row[all.n++] = k;
	all.bytes += sizeof(*k) + k->nkey + strlen(html) + 64;
	return k;
}

void doc_item_piece(struct doc *d, const struct piece *p)
{
	const struct kept *key, *k;
	void *found;
	char number[24];

	if (d->format != DOC_HTML)
		return;
	if (!d->pieces && all.bytes > PIECES_BYTES)
		pieces_drop();
	d->pieces = true;
	key = key_of(d, p);
	found = tfind(key, &all.tree, by_key);
	if (found != NULL) {
		k = *(struct kept *const *)found;
	} else {
		char *html = html_of(d, p);

		k = keep(key, html);
	}
	snprintf(number, sizeof(number), "%zu", k->number);
	doc_item_text(d, number);
}

const char *piece_html(const char *number)
{
	char *end;
	unsigned long n = strtoul(number, &end, 10);

	return *number >= '0' && *number <= '9' && *end == '\0' && n < all.n ? all.row[n]->html : "";
}
