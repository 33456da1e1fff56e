/* Templates and texts (lib/view/tmpl.c), with those of tests/unit/templates. Runs from the repo root. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/view/tmpl.h"
#include "tests/unit/unit.h"

#define DIR "tests/unit/templates"

static struct doc *make(struct arena *a, const char *lang)
{
	utc_t now = { INT64_C(1795369680000000) };

	return doc_new(a, DOC_HTML, lang, zone_get("America/Sao_Paulo"), now, false);
}

/* The output of a template whose document holds v and a list of v. */
static const char *show(struct arena *a, const char *name, const char *v)
{
	struct doc *d = make(a, "pt_BR");
	struct buf out = { 0 };
	const char *fault, *s;

	doc_text(d, "v", v);
	doc_list(d, "list");
	doc_item_text(d, v);
	doc_close(d);
	fault = tmpl_render(name, d, &out);
	IS_STR(name, fault, NULL);
	s = arena_strn(a, out.p != NULL ? out.p : "", out.n);
	buf_free(&out);
	return s;
}

static void test_page(void)
{
	struct arena *a = arena_new();
	struct buf out = { 0 };

	tmpl_start(DIR);
	for (int round = 0; round < 3; round++) {
		struct doc *d = make(a, round == 1 ? "en" : "pt_BR");

		doc_list(d, "items");
		doc_item(d);
		doc_text(d, "name", "<Ana>");
		doc_utc(d, "at", (utc_t){ INT64_C(1795368960000000) });
		doc_close(d);
		doc_close(d);
		buf_reset(&out);
		IS_STR("page", tmpl_render("page", d, &out), NULL);
		IS_TRUE("title", strstr(out.p, round == 1 ? "<h1>Conversations</h1>" : "<h1>Conversas</h1>") != NULL);
		IS_TRUE("macro", strstr(out.p, "<b title=\"&lt;Ana&gt;\">&lt;Ana&gt;</b>") != NULL);
		IS_TRUE("time", strstr(out.p, round == 1 ? "2:36 pm" : "14:36") != NULL);
		IS_TRUE("len", strstr(out.p, "<p>1</p>") != NULL);
	}
	buf_free(&out);
	arena_free(a);
}

static void test_escaped_once(void)
{
	static const char *const dirty = "\"'><script>&amp;";
	struct arena *a = arena_new();
	const char *s = show(a, "value", dirty), *p = s;
	int n = 0;

	IS_TRUE("no tag", strstr(s, "<script") == NULL);
	IS_TRUE("never twice", strstr(s, "&amp;quot;") == NULL && strstr(s, "&amp;lt;") == NULL);
	while ((p = strstr(p, "&quot;&#39;&gt;&lt;script&gt;&amp;amp;")) != NULL) {
		p++;
		n++;
	}
	/* p 3, macro 2, with 2, each 2, set 2; string.slice shows nine bytes only. */
	IS_INT("once everywhere", n, 11);
	arena_free(a);
}

static void test_href(void)
{
	static const struct { const char *in, *want; } rows[] = {
		{ "https://exemplo.com.br/a?b=1&c=\"2\"", "https://exemplo.com.br/a?b=1&amp;c=&quot;2&quot;" },
		{ "HTTP://a", "HTTP://a" }, { "mailto:a@b.c", "mailto:a@b.c" },
		{ "tel:+5531900000142", "tel:+5531900000142" },
		{ "/contacts/1", "/contacts/1" }, { "/", "/" }, { "#top", "#top" }, { "?q='", "?q=&#39;" },
		{ "//evil.example", "#" }, { "/\\evil.example", "#" }, { "/\t/evil.example", "#" }, { "\\\\evil", "#" },
		{ "javascript:alert(1)", "#" }, { "JavaScript:alert(1)", "#" }, { " javascript:alert(1)", "#" },
		{ "java\nscript:alert(1)", "#" }, { "\x01javascript:alert(1)", "#" }, { "data:text/html,x", "#" },
		{ "vbscript:x", "#" }, { "contacts", "#" }, { "", "#" }, { "https:", "#" }, { "https://", "#" },
		{ "https:///evil", "#" }, { "https:evil", "#" }, { "mailto:", "#" }, { "ftp://a", "#" },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < nitems(rows); i++)
		IS_STR(rows[i].in, show(a, "link", rows[i].in), arena_fmt(a, "<a href=\"%s\"></a>", rows[i].want));
	IS_STR("missing", show(a, "link", NULL), "<a href=\"\"></a>");
	arena_free(a);
}

static void test_no_leak(void)
{
	struct arena *a = arena_new();
	struct buf out = { 0 };
	struct doc *d = make(a, "pt_BR");

	IS_STR("first", show(a, "leak", "secret"), "secret||");
	IS_STR("second", tmpl_render("leak", d, &out), NULL);
	IS_STR("a fresh tree each time", out.p, "||");
	buf_free(&out);
	arena_free(a);
}

static void test_faults(void)
{
	struct arena *a = arena_new();
	struct buf out = { 0 };
	const char *m;

	buf_str(&out, "kept");
	m = tmpl_render("broken", make(a, "pt_BR"), &out);
	IS_TRUE("an end without if", m != NULL && strstr(m, "[broken.cs:~3]") != NULL);
	IS_STR("out", out.p, "kept");
	m = tmpl_load("broken_include");
	IS_TRUE("line in the included file", m != NULL && strstr(m, "[broken_part.cs:3]") != NULL);
	m = tmpl_load("missing_include");
	IS_TRUE("missing include", m != NULL && strstr(m, "nowhere.cs: No such file") != NULL);
	m = tmpl_load("outside");
	IS_TRUE("outside", m != NULL && strstr(m, "not a template name") != NULL);
	m = tmpl_load("../templates/link");
	IS_TRUE("outside by name", m != NULL && strstr(m, "not a template name") != NULL);
	m = tmpl_load("no/such");
	IS_TRUE("missing", m != NULL && strstr(m, "no/such.cs: No such file") != NULL);
	IS_STR("others still work", show(a, "link", "/a"), "<a href=\"/a\"></a>");
	buf_free(&out);
	arena_free(a);
}

static void test_texts(void)
{
	struct arena *a = arena_new();

	IS_STR("pt", text_get(a, "pt_BR", "page.title", NULL), "Conversas");
	IS_STR("en", text_get(a, "en", "page.title", NULL), "Conversations");
	IS_STR("arg", text_get(a, "pt_BR", "page.hello", "Zé {0}"), "Olá, Zé {0}");
	IS_STR("twice", text_get(a, "en", "page.twice", "x"), "x and x");
	IS_STR("no arg", text_get(a, "en", "page.hello", NULL), "Hello, ");
	IS_STR("missing", text_get(a, "en", "page.nothing", "x"), "page.nothing");
	IS_STR("a folder is no text", text_get(a, "en", "page", NULL), "page");
	IS_STR("unknown language", text_get(a, "xx", "page.title", NULL), "Conversas");
	arena_free(a);
}

static void start(void *dir)
{
	tmpl_start(dir);
}

static void write_texts(const char *dir, const char *lang, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/lang/%s.hdf", dir, lang);
	f = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fputs(text, f);
	fclose(f);
}

static void remove_texts(const char *dir)
{
	static const char *const parts[] = { "/lang/pt_BR.hdf", "/lang/en.hdf", "/lang", "" };
	char path[128];

	for (size_t i = 0; i < nitems(parts); i++) {
		snprintf(path, sizeof(path), "%s%s", dir, parts[i]);
		remove(path);
	}
}

static void test_broken_texts(void)
{
	static const char good[] = "T {\n a = b\n}\n";
	static const char *const broken[] = {
		"T {\n a = b\n", "T {\n a = b\n}\n}\n", "T {\n a { b = c }\n}\n", "T {\n a b\n}\n", "S {\n a = b\n}\n",
		"T {\n a = b\n}\nConfig.VarEscapeMode = none\n", "#include \"x.hdf\"\nT {\n a = b\n}\n", "",
		"T {\n a << EOM\nx\nEOM\n}\n",
	};
	char dir[] = "/tmp/balcao-tmpl-XXXXXX", path[128];

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/lang", dir);
	CU_ASSERT_FATAL(mkdir(path, 0700) == 0);
	IS_TRUE("missing", unit_dies(start, dir));
	write_texts(dir, "pt_BR", good);
	for (size_t i = 0; i < nitems(broken); i++) {
		write_texts(dir, "en", broken[i]);
		IS_TRUE(broken[i], unit_dies(start, dir));
	}
	write_texts(dir, "en", good);
	IS_TRUE("good", !unit_dies(start, dir));
	remove_texts(dir);
}

CU_TestInfo view_tmpl_tests[] = {
	{ "a page in two languages, rendered again and again", test_page },
	{ "values are escaped once", test_escaped_once },
	{ "href lets through what a link may be", test_href },
	{ "nothing stays between two renders", test_no_leak },
	{ "broken templates are named", test_faults },
	{ "texts", test_texts },
	{ "broken text files stop the start", test_broken_texts },
	CU_TEST_INFO_NULL
};
