#include "tests/routes/reference.h"

#include <string.h>

#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "tests/routes/nested.h"

enum { GROUPS_MAX = 64, TYPES_MAX = 128 };

static struct arena *a;
static const struct rec_type *types[TYPES_MAX];
static size_t ntypes;

static bool in_api(const struct route *r)
{
	return (r->flags & R_PAGE) == 0;
}

/* ---- fields ---- */

static const char *choices(const struct field *f)
{
	const char *s = "";

	for (const char *const *v = f->one_of; *v != NULL; v++)
		s = arena_fmt(a, "%s%s%s", s, v != f->one_of ? " | " : "", *v);
	return s;
}

/* In the words of OpenAPI, with the limit. */
static const char *type_text(const struct field *f, bool input)
{
	if ((f->flags & JSON) != 0)
		return "JSON";
	switch (f->kind) {
	case K_BOOL: return "boolean";
	case K_UTC: return "date-time";
	case K_MONEY: return "\"1234.50\"";
	case K_I32: case K_I64: return input && f->max > f->min ? arena_fmt(a, "integer %lld–%lld", (long long)f->min, (long long)f->max) : "integer";
	case K_TEXT: break;
	}
	if (f->one_of != NULL)
		return choices(f);
	if ((f->flags & ID) != 0)
		return "uuid";
	return input ? arena_fmt(a, "%s ≤ %lld", (f->flags & EMAIL) != 0 ? "email" : "string", (long long)(f->max > 0 ? f->max : 200)) : (f->flags & EMAIL) != 0 ? "email" : "string";
}

static void row(struct doc *d, const char *name, const char *where, const char *type, bool required, const char *text)
{
	doc_item(d);
	doc_hint(d, "name", name);
	doc_hint(d, "where", where);
	doc_hint(d, "type", type);
	doc_hint(d, "required", required ? "1" : NULL);
	doc_hint(d, "text", text);
	doc_close(d);
}

static void fields(struct doc *d, const char *name, const struct rec_type *t, bool input)
{
	doc_list(d, name);
	for (size_t i = 0; t != NULL && i < t->nfields; i++) {
		const struct field *f = &t->fields[i];

		if ((f->flags & HIDE) == 0 && (f->flags & (unsigned)(input ? RO : SECRET)) == 0)
			row(d, f->name, NULL, type_text(f, input), input && (f->flags & REQ) != 0, f->doc);
	}
	for (const struct nested *n = nested_all; n->member != NULL; n++)
		if (t != NULL && !input && n->in == t)
			row(d, n->member, NULL, n->type, false, n->doc);
	doc_close(d);
}

static void parameters(struct doc *d, const struct route *r)
{
	doc_list(d, "parameters");
	for (const char *s = strchr(r->path, ':'); s != NULL; s = strchr(s + 1, ':')) {
		const char *name = arena_strn(a, s + 1, strcspn(s + 1, "/"));

		row(d, name, "path", strcmp(name + strlen(name) - 2, "id") == 0 ? "uuid" : "string ≤ 100", true, NULL);
	}
	for (size_t i = 0; r->query != NULL && i < r->query->nfields; i++)
		row(d, r->query->fields[i].name, "query", type_text(&r->query->fields[i], true), false, r->query->fields[i].doc);
	if (r->method == PATCH || r->method == DELETE_)
		row(d, "If-Match", "header", "\"v3\"", false, NULL);
	if (r->method == POST && r->need != PUBLIC)
		row(d, "Idempotency-Key", "header", "string ≤ 200", false, NULL);
	doc_close(d);
}

/* ---- operations ---- */

static const char *sample(const struct field *f)
{
	if ((f->flags & JSON) != 0)
		return "[]";
	switch (f->kind) {
	case K_BOOL: return "true";
	case K_I32: case K_I64: return "1";
	case K_UTC: return "\"2026-12-01T12:00:00Z\"";
	case K_MONEY: return "\"1234.50\"";
	default: return f->one_of != NULL ? arena_fmt(a, "\"%s\"", f->one_of[0]) : (f->flags & ID) != 0 ? "\"ID\"" : "\"...\"";
	}
}

/* With what must be given; where nothing must, with the first member. */
static const char *body(const struct rec_type *t)
{
	const char *s = "";

	for (size_t i = 0; i < t->nfields; i++)
		if ((t->fields[i].flags & (REQ | RO)) == REQ)
			s = arena_fmt(a, "%s%s\"%s\": %s", s, *s != '\0' ? ", " : "", t->fields[i].name, sample(&t->fields[i]));
	for (size_t i = 0; *s == '\0' && i < t->nfields; i++)
		if ((t->fields[i].flags & RO) == 0)
			s = arena_fmt(a, "\"%s\": %s", t->fields[i].name, sample(&t->fields[i]));
	return arena_fmt(a, "{%s}", s);
}

static const char *shown_path(const char *path)
{
	struct buf b = { 0 };
	const char *out;

	buf_str(&b, "/api");
	for (const char *s = path; *s != '\0'; s++) {
		if (*s == ':') {
			size_t n = strcspn(s + 1, "/");

			buf_fmt(&b, "{%.*s}", (int)n, s + 1);
			s += n;
		} else {
			buf_char(&b, *s);
		}
	}
	out = arena_str(a, b.p);
	buf_free(&b);
	return out;
}

static const char *curl(const struct route *r, const char *method)
{
	const char *s = arena_fmt(a, "curl%s%s", r->method == GET ? "" : " -X ", r->method == GET ? "" : method);

	if (r->need != PUBLIC)
		s = arena_fmt(a, "%s -H \"Authorization: Bearer $TOKEN\"", s);
	if (r->method == PATCH || r->method == DELETE_)
		s = arena_fmt(a, "%s -H 'If-Match: \"v1\"'", s);
	if (r->method == POST && r->need != PUBLIC)
		s = arena_fmt(a, "%s -H \"Idempotency-Key: $(uuidgen)\"", s);
	if (r->in != NULL)
		s = arena_fmt(a, "%s \\\n  -H 'Content-Type: application/json' -d '%s'", s, body(r->in));
	return arena_fmt(a, "%s \\\n  \"$BALCAO%s\"", s, shown_path(r->path));
}

static void remember(const struct rec_type *t)
{
	for (size_t i = 0; i < ntypes; i++)
		if (types[i] == t)
			return;
	if (t != NULL && ntypes < TYPES_MAX)
		types[ntypes++] = t;
}

static void operation(struct doc *d, const struct route *r)
{
	static const char *const methods[METHODS] = { "GET", "POST", "PATCH", "DELETE" };
	char *id = arena_fmt(a, "%s%s", methods[r->method], r->path);

	for (char *s = id; *s != '\0'; s++)
		if (*s == '/' || *s == ':')
			*s = '-';
	remember(r->out);
	doc_item(d);
	doc_hint(d, "id", id);
	doc_hint(d, "method", methods[r->method]);
	doc_hint(d, "path", shown_path(r->path));
	doc_hint(d, "text", r->doc != NULL ? r->doc : r->path);
	doc_hint(d, "public", r->need == PUBLIC ? "1" : NULL);
	doc_hint(d, "list", (r->flags & R_LIST) != 0 ? "1" : NULL);
	doc_hint(d, "out", r->out != NULL ? r->out->name : NULL);
	doc_hint(d, "curl", curl(r, methods[r->method]));
	parameters(d, r);
	fields(d, "body", r->in, true);
	doc_close(d);
}

/* ---- groups: the first part of the path, in the order of the programs ---- */

static const char *group_of(const struct route *r)
{
	return arena_strn(a, r->path + 1, strcspn(r->path + 1, "/"));
}

static size_t groups(const struct app *const *apps, size_t n, const char *out[GROUPS_MAX])
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < apps[i]->nroutes; j++) {
			const char *g = group_of(&apps[i]->routes[j]);
			bool seen = !in_api(&apps[i]->routes[j]) || k == GROUPS_MAX;

			for (size_t m = 0; m < k; m++)
				seen = seen || strcmp(out[m], g) == 0;
			if (!seen)
				out[k++] = g;
		}
	}
	return k;
}

static void group(struct doc *d, const struct app *const *apps, size_t n, const char *name)
{
	doc_item(d);
	doc_hint(d, "name", name);
	doc_list(d, "operations");
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < apps[i]->nroutes; j++)
			if (in_api(&apps[i]->routes[j]) && strcmp(group_of(&apps[i]->routes[j]), name) == 0)
				operation(d, &apps[i]->routes[j]);
	doc_close(d);
	doc_close(d);
}

static void answers(struct doc *d)
{
	doc_list(d, "types");
	for (size_t i = 0; i < ntypes; i++) {
		doc_item(d);
		doc_hint(d, "name", types[i]->name);
		fields(d, "fields", types[i], false);
		doc_close(d);
	}
	doc_close(d);
}

const char *reference_write(FILE *to, const struct app *const *apps, size_t n, const char *lang)
{
	const char *names[GROUPS_MAX], *bad;
	struct buf b = { 0 };
	struct doc *d;
	size_t k;

	a = arena_new();
	ntypes = 0;
	tmpl_start("templates");
	d = doc_new(a, DOC_HTML, lang, zone_get("UTC"), utc_now(), false);
	doc_open(d, "Page");
	doc_hint(d, "lang", strcmp(lang, "en") == 0 ? "en" : "pt-BR");
	doc_hint(d, "theme", "auto");
	doc_hint(d, "static", "/static");
	doc_hint(d, "title", text_get(a, lang, "apidoc.title", NULL));
	doc_close(d);
	k = groups(apps, n, names);
	doc_list(d, "groups");
	for (size_t i = 0; i < k; i++)
		group(d, apps, n, names[i]);
	doc_close(d);
	answers(d);
	bad = tmpl_load("auth/api");
	if (bad == NULL)
		bad = tmpl_render("auth/api", d, &b);
	if (bad == NULL)
		fwrite(b.p, 1, b.n, to);
	buf_free(&b);
	return bad;
}
