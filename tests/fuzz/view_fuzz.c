/*
 * view_fuzz.c: whatever bytes come in, once cleaned by utf8_clean,
 *  - JSON output parses, and to the same string;
 *  - a page has the tags and attributes of its template and no others, and a link goes nowhere that
 *    href() does not allow;
 *  - a CSV cell reads back as it was, but for the ' before a formula.
 * Runs from the repo root (templates of tests/unit/templates).
 */
#include <jansson.h>

#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "tests/fuzz/fuzz.h"

static char *skeleton_of_x;

static struct doc *make(struct arena *a, enum doc_format f)
{
	return doc_new(a, f, "pt_BR", NULL, (utc_t){ 0 }, false);
}

static void render(struct arena *a, const char *v, struct buf *out)
{
	struct doc *d = make(a, DOC_HTML);

	doc_text(d, "v", v);
	doc_list(d, "list");
	doc_item_text(d, v);
	doc_close(d);
	REQUIRE(tmpl_render("value", d, out) == NULL);
}

static bool in_name(char c)
{
	return c != '\0' && strchr(" \t\n\r\f/>=", c) == NULL;
}

/* Takes one attribute as browsers do: a name, then perhaps = and a value, quoted or bare. */
static const char *attribute(struct buf *out, const char *p)
{
	const char *end;

	while (in_name(*p))
		buf_char(out, *p++);
	buf_char(out, ' ');
	p += strspn(p, " \t\n\r\f");
	if (*p != '=')
		return p;
	p++;
	p += strspn(p, " \t\n\r\f");
	if (*p == '"' || *p == '\'') {
		end = strchr(p + 1, *p);
		return end != NULL ? end + 1 : p + strlen(p);
	}
	buf_str(out, "bare ");
	return p + strcspn(p, " \t\n\r\f>");
}

/* The tags of html with the names of their attributes, and no texts or values: "<p title data-v ></p >". */
static void skeleton(struct buf *out, const char *html)
{
	const char *p = html;

	while ((p = strchr(p, '<')) != NULL) {
		buf_char(out, '<');
		p++;
		if (*p == '/')
			buf_char(out, *p++);
		while (in_name(*p))
			buf_char(out, *p++);
		buf_char(out, ' ');
		while (*p != '\0' && *p != '>') {
			size_t space = strspn(p, " \t\n\r\f/");

			p = space > 0 ? p + space : attribute(out, p);
		}
		buf_char(out, '>');
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct arena *a = arena_new();
	struct buf html = { 0 }, tags = { 0 };

	(void)argc;
	(void)argv;
	tmpl_start("tests/unit/templates");
	render(a, "x", &html);
	skeleton(&tags, html.p);
	skeleton_of_x = tags.p;
	buf_free(&html);
	arena_free(a);
	return 0;
}

static void check_link(const char *html)
{
	static const char *const good[] = { "\"", "#", "?", "/", "http://", "https://", "mailto:", "tel:" };
	const char *p = strstr(html, "<a href=\"");
	size_t i = 0;

	REQUIRE(p != NULL);
	p += strlen("<a href=\"");
	while (i < nitems(good) && strncasecmp(p, good[i], strlen(good[i])) != 0)
		i++;
	REQUIRE(i < nitems(good));
	REQUIRE(p[0] != '/' || (p[1] != '/' && p[1] != '\\'));
}

static void check_html(struct arena *a, const char *v)
{
	struct buf html = { 0 }, tags = { 0 };

	render(a, v, &html);
	skeleton(&tags, html.p);
	REQUIRE(strcmp(tags.p, skeleton_of_x) == 0);
	check_link(html.p);
	buf_free(&html);
	buf_free(&tags);
}

static void check_json(struct arena *a, const char *v)
{
	struct doc *d = make(a, DOC_JSON);
	const struct buf *b;
	json_t *j;

	doc_text(d, "v", v);
	doc_list(d, "list");
	doc_item_text(d, v);
	doc_close(d);
	b = doc_bytes(d);
	REQUIRE(strpbrk(b->p, "<>&") == NULL);
	j = json_loadb(b->p, b->n, JSON_REJECT_DUPLICATES, NULL);
	REQUIRE(j != NULL);
	REQUIRE(strcmp(json_string_value(json_object_get(j, "v")), v) == 0);
	REQUIRE(strcmp(json_string_value(json_array_get(json_object_get(j, "list"), 0)), v) == 0);
	json_decref(j);
}

/* Reads the cell at p into out; returns what follows it. */
static const char *cell(struct buf *out, const char *p)
{
	bool quoted = *p == '"';

	for (p += quoted; *p != '\0'; p++) {
		if (quoted && *p == '"' && *++p != '"')
			return p;
		if (!quoted && strchr(";\r\n", *p) != NULL)
			return p;
		buf_char(out, *p);
	}
	return p;
}

static void check_csv(struct arena *a, const char *v)
{
	static const char head[] = "\xef\xbb\xbfv;w\r\n";
	struct doc *d = make(a, DOC_CSV);
	struct buf got = { 0 };
	const char *p;

	doc_list(d, "list");
	doc_item(d);
	doc_text(d, "v", v);
	doc_text(d, "w", "end");
	doc_close(d);
	doc_close(d);
	p = doc_bytes(d)->p;
	REQUIRE(strncmp(p, head, strlen(head)) == 0);
	buf_str(&got, "");
	p = cell(&got, p + strlen(head));
	REQUIRE(strcmp(p, ";end\r\n") == 0);
	REQUIRE(got.n == 0 || strchr("=+-@\t\r", got.p[0]) == NULL);
	REQUIRE(strcmp(got.p, v) == 0 || (got.p[0] == '\'' && strcmp(got.p + 1, v) == 0));
	buf_free(&got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *v = utf8_clean(a, (const char *)data, size);

	REQUIRE(v != NULL);
	check_json(a, v);
	check_csv(a, v);
	check_html(a, v);
	arena_free(a);
	return 0;
}
