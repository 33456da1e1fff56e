/* Pieces (lib/view/piece.c), with the templates of tests/unit/templates. Runs from the repo root. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/view/piece.h"
#include "lib/view/tmpl.h"
#include "tests/unit/unit.h"

static struct doc *make(struct arena *a, const char *lang, enum doc_format f)
{
	return doc_new(a, f, lang, zone_get("America/Sao_Paulo"), (utc_t){ INT64_C(1795369680000000) }, false);
}

static struct piece card(struct arena *a, const char *id, const char *title)
{
	struct piece p = { .tmpl = "piece", .a = a };

	piece_add(&p, "id", id);
	piece_add(&p, "title", title);
	return p;
}

/* The page of those pieces; v: a value of a user's beside them. */
static const char *page(struct arena *a, const char *lang, const struct piece *p, size_t n, const char *v)
{
	struct doc *d = make(a, lang, DOC_HTML);
	struct buf out = { 0 };
	const char *s;

	doc_text(d, "v", v);
	doc_list(d, "list");
	for (size_t i = 0; i < n; i++)
		doc_item_piece(d, &p[i]);
	doc_close(d);
	IS_STR("rendered", tmpl_render("pieces", d, &out), NULL);
	s = arena_strn(a, out.p, out.n);
	buf_free(&out);
	return s;
}

static void test_rendered(void)
{
	struct arena *a = arena_new();
	struct piece p[3] = { card(a, "1", "<Ana>"), card(a, "2", NULL), card(a, "1", "<Ana>") };
	const char *want = "<ul><li id=\"1\">Conversas <b>&lt;Ana&gt;</b></li>\n<li id=\"2\">Conversas <b></b></li>\n<li id=\"1\">Conversas <b>&lt;Ana&gt;</b></li>\n</ul>x|\n";
	size_t kept;

	tmpl_start("tests/unit/templates");
	pieces_drop();
	IS_STR("made", page(a, "pt_BR", p, 3, "x"), want);
	kept = pieces_bytes();
	IS_STR("found again", page(a, "pt_BR", p, 3, "x"), want);
	IS_INT("nothing more is kept", (int64_t)pieces_bytes(), (int64_t)kept);
	IS_TRUE("another language", strstr(page(a, "en", p, 1, "x"), "Conversations <b>&lt;Ana&gt;") != NULL);
	p[0] = card(a, "1", "Bia");
	IS_TRUE("another value", strstr(page(a, "pt_BR", p, 1, "x"), "<b>Bia</b>") != NULL);
	piece_add(&p[0], "tags.0.name", "VIP & cia");
	piece_add(&p[0], "tags.1.name", "Novo");
	IS_TRUE("paths make lists", strstr(page(a, "pt_BR", p, 1, "x"), "<i>VIP &amp; cia</i><i>Novo</i>") != NULL);
	arena_free(a);
}

/* Values that run into one another are other values; a user's text is never taken for a piece's HTML. */
static void test_apart(void)
{
	struct arena *a = arena_new();
	struct piece p[2] = { card(a, "1", "2"), card(a, "12", "") };
	const char *s;

	IS_TRUE("apart", strstr(page(a, "pt_BR", p, 2, "x"), "<li id=\"12\">Conversas <b></b>") != NULL);
	s = page(a, "pt_BR", p, 1, "<i>0</i>");
	IS_TRUE("markup of a user's", strstr(s, "</ul>&lt;i&gt;0&lt;/i&gt;|\n") != NULL);
	IS_TRUE("a number there is none of", strstr(page(a, "pt_BR", p, 1, "99999999999999999999"), "|\n") != NULL);
	IS_TRUE("a sign", strstr(page(a, "pt_BR", p, 1, "-1"), "|\n") != NULL);
	arena_free(a);
}

static void test_bounds(void)
{
	struct arena *a = arena_new();
	struct piece p = card(a, "1", "many tags");
	struct doc *json = make(a, "pt_BR", DOC_JSON);
	size_t most = 0;
	char *big = arena_alloc(a, 100001);
	const char *s;

	for (int i = 0; i < 200; i++)
		piece_add(&p, arena_fmt(a, "tags.%d.name", i), arena_fmt(a, "tag %d", i));
	piece_add(&p, "nothing", NULL);
	s = page(a, "pt_BR", &p, 1, "");
	IS_TRUE("as many values as there are", p.n == 202 && strstr(s, "<i>tag 0</i>") != NULL && strstr(s, "<i>tag 199</i>") != NULL);
	memset(big, 'x', 100000);
	big[100000] = '\0';
	for (int i = 0; i < 60; i++) {
		struct piece c = card(a, arena_fmt(a, "%d", i), big);

		IS_TRUE("shown", strstr(page(a, "pt_BR", &c, 1, ""), big) != NULL);
		most = pieces_bytes() > most ? pieces_bytes() : most;
	}
	IS_TRUE("never much more than allowed", most > PIECES_BYTES && most < PIECES_BYTES + 300000);
	doc_list(json, "list");
	doc_item_piece(json, &p);
	doc_close(json);
	IS_STR("JSON has none", doc_bytes(json)->p, "{\"list\":[]}");
	pieces_drop();
	IS_INT("dropped", (int64_t)pieces_bytes(), 0);
	arena_free(a);
}

CU_TestInfo view_piece_tests[] = {
	{ "rendered once, found again", test_rendered },
	{ "values and users' texts stay apart", test_apart },
	{ "bounds", test_bounds },
	CU_TEST_INFO_NULL,
};
