#include "lib/http/http_internal.h"

#include <string.h>

#include "lib/base/text.h"

const char *method_name(enum method m)
{
	static const char *const names[METHODS] = { "GET", "POST", "PATCH", "DELETE" };

	return names[m];
}

static size_t segment(const char *s)
{
	return strcspn(s, "/");
}

/* A captured segment whose name ends in "id" must look like an id; others 1 to 100 characters of a key. */
static bool capture_ok(const char *name, size_t nname, const char *v)
{
	if (nname >= 2 && strncmp(name + nname - 2, "id", 2) == 0)
		return id_ok(v);
	return *v != '\0' && strlen(v) <= 100 && v[strspn(v, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] == '\0';
}

static bool match(struct arena *a, const char *pat, const char *path, struct param **cap)
{
	struct param *first = NULL, **tail = &first;

	while (*pat == '/' && *path == '/') {
		size_t np, nv;

		np = segment(++pat);
		nv = segment(++path);
		if (*pat == ':') {
			struct param *p = ARENA_NEW(a, struct param);

			p->name = arena_strn(a, pat + 1, np - 1);
			p->value = arena_strn(a, path, nv);
			if (!capture_ok(p->name, np - 1, p->value))
				return false;
			*tail = p;
			tail = &p->next;
		} else if (np != nv || strncmp(pat, path, np) != 0) {
			return false;
		}
		pat += np;
		path += nv;
	}
	if (*pat != '\0' || *path != '\0')
		return false;
	*cap = first;
	return true;
}

int route_match(struct arena *a, const struct app *app, enum method m, const char *path, bool api, struct param **cap)
{
	int found = 0;

	for (size_t i = 0; i < app->nroutes; i++) {
		const struct route *r = &app->routes[i];

		if ((r->flags & (api ? R_PAGE : R_API)) != 0 || !match(a, r->path, path, cap))
			continue;
		if (r->method == m)
			return (int)i + 1;
		found = -1;
	}
	return found;
}

/* Two patterns that some path fits both: the later row could never be reached by it. */
static bool overlap(const char *p, const char *q)
{
	while (*p == '/' && *q == '/') {
		size_t np = segment(++p), nq = segment(++q);

		if (*p != ':' && *q != ':' && (np != nq || strncmp(p, q, np) != 0))
			return false;
		p += np;
		q += nq;
	}
	return *p == '\0' && *q == '\0';
}

/* A row with a literal may stand before one that captures; the other way round it is hidden. */
static bool hides(const struct route *p, const struct route *q)
{
	const char *a = p->path, *b = q->path;

	if (p->method != q->method || ((p->flags & R_API) && (q->flags & R_PAGE)) || ((p->flags & R_PAGE) && (q->flags & R_API)))
		return false;
	if (!overlap(a, b))
		return false;
	for (; *a == '/' && *b == '/'; a += segment(a), b += segment(b)) {
		if (*++a != ':' && *++b == ':')
			return false;
		if (*b == '/')
			b++;
	}
	return true;
}

const char *route_check(struct arena *a, const struct app *app)
{
	for (size_t i = 0; i < app->nroutes; i++) {
		const struct route *r = &app->routes[i];

		if (r->need == 0 || (r->need & (r->need - 1)) != 0)
			return arena_fmt(a, "%s %s: exactly one permission is needed", method_name(r->method), r->path);
		if (r->run == NULL)
			return arena_fmt(a, "%s %s: no handler", method_name(r->method), r->path);
		if (r->method == GET && r->tx == TX_WRITE)
			return arena_fmt(a, "GET %s writes", r->path);
		if ((r->flags & R_API) && r->template != NULL)
			return arena_fmt(a, "%s %s: an API row with a template", method_name(r->method), r->path);
		for (size_t k = 0; k < i; k++)
			if (hides(&app->routes[k], r))
				return arena_fmt(a, "%s %s is hidden by %s", method_name(r->method), r->path, app->routes[k].path);
	}
	return NULL;
}
