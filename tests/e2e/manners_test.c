/* manners_test.c: what every list and every route of the API does with odd questions: walked over the route tables. */
#include <stdio.h>
#include <string.h>

#include "tests/e2e/samples.h"

typedef void visit(struct client *c, const struct route *r, const char *path);

/* Each row of the API, with a path of a thing that is there. */
static void each(visit *fn)
{
	struct client *c = client_new("rosana");

	jobs_pause();
	throttle_forget();
	things_make();
	bearer(c, ROSANA);
	for (size_t i = 0; i < napps; i++)
		for (size_t k = 0; k < all_apps[i]->nroutes; k++)
			if ((all_apps[i]->routes[k].flags & (R_PAGE | R_RAW)) == 0)
				fn(c, &all_apps[i]->routes[k], path_of(&all_apps[i]->routes[k], "/api", OWN, ROSANA));
	things_forget();
	throttle_forget();
	jobs_resume();
	client_free(c);
}

static bool problem(struct client *c, long status)
{
	return EXPECT(c->status == status && same_text(header(c, "Content-Type"), "application/problem+json") && js(c, "title") != NULL, "%s: %ld %s, want a problem of %ld", c->call,
	    c->status, shown(header(c, "Content-Type")), status);
}

static void refused(struct client *c, const char *path, const char *name, const char *value)
{
	get(c, arena_fmt(mem, "%s?%s=%s", path, name, value));
	problem(c, 400);
	EXPECT(same_text(js(c, "errors.0.pointer"), arena_fmt(mem, "/%s", name)), "%s: names %s", c->call, shown(js(c, "errors.0.pointer")));
}

static size_t nlists, nlimits, ncursors;

static void odd_parameters(struct client *c, const struct route *r, const char *path)
{
	static const char *const limits[] = { "0", "501", "-1", "x", "1e3", "99999999999999999999" };

	if (r->method != GET)
		return;
	refused(c, path, "unheard_of", "1");
	if ((r->flags & R_LIST) == 0)
		return;
	nlists++;
	get(c, path);
	EXPECT(c->status == 200 && json_is_array(jv(c, "items")) && jv(c, "next") != NULL, "%s: %ld, no items or no next", c->call, c->status);
	for (size_t i = 0; r->query != NULL && rec_field(r->query, "limit") != NULL && i < nitems(limits); i++, nlimits++)
		refused(c, path, "limit", limits[i]);
	if (r->query != NULL && rec_field(r->query, "cursor") != NULL) {
		refused(c, path, "cursor", "nonsense");
		ncursors++;
	}
	if (r->query != NULL && rec_field(r->query, "sort") != NULL)
		refused(c, path, "sort", "unheard_of");
	get(c, arena_fmt(mem, "%s?x=%%ff", path));
	problem(c, 400);
	get(c, arena_fmt(mem, "%s?x=%%00", path));
	problem(c, 400);
}

static void lists(void)
{
	nlists = nlimits = ncursors = 0;
	each(odd_parameters);
	EXPECT(nlists > 10 && nlimits > 12 && ncursors > 3, "%zu lists, %zu limits, %zu cursors", nlists, nlimits, ncursors);
}

static void odd_method(struct client *c, const struct route *r, const char *path)
{
	const char *got;

	http(c, "PUT", path, NULL, NULL);
	EXPECT(c->status == 405 && header(c, "Allow") != NULL, "%s: %ld", c->call, c->status);
	/* No other site may ask: neither a preflight nor an answer says otherwise. */
	http(c, "OPTIONS", path, NULL, (const char *const[]){ "Origin: https://other.example", "Access-Control-Request-Method: GET", NULL });
	EXPECT(c->status == 405 && header(c, "Access-Control-Allow-Origin") == NULL, "%s: %ld", c->call, c->status);
	if (r->method == GET) {
		get(c, path);
		EXPECT(header(c, "Access-Control-Allow-Origin") == NULL, "%s allows other sites", c->call);
		got = header(c, "Content-Type");
		http(c, "HEAD", path, NULL, NULL);
		EXPECT(c->status == 200 && c->body.n == 0 && same_text(header(c, "Content-Type"), got), "%s: %ld, %zu bytes", c->call, c->status, c->body.n);
	}
	get(c, arena_fmt(mem, "%s/", path));
	problem(c, 404);
}

static void methods(void)
{
	each(odd_method);
}

static void odd_body(struct client *c, const struct route *r, const char *path)
{
	static const char *const any[] = { "If-Match: *", NULL };
	static const struct { const char *type, *data; size_t n; int status; } odd[] = {
		{ "application/json", "{\"a\":", 5, 400 }, { "application/json", "[]", 2, 400 }, { "application/json", "{\"a\":\"\xff\"}", 9, 400 }, { "application/json", "{\"a\":1,\"a\":2}", 13, 400 },
		{ "application/json", "nonsense", 8, 400 }, { "text/plain", "{}", 2, 415 }, { "application/xml", "<a/>", 4, 415 }, { NULL, "{}", 2, 415 },
	};
	struct buf deep = { 0 };
	struct body b = { "application/json", NULL, 0 };
	const char *before;
	char *big;

	if (r->method != POST && r->method != PATCH)
		return;
	before = db_state(false);
	for (size_t i = 0; i < nitems(odd); i++) {
		struct body o = { odd[i].type, odd[i].data, odd[i].n };

		http(c, method_text(r->method), path, &o, any);
		problem(c, odd[i].status);
	}
	buf_str(&deep, "{\"a\":");
	for (int i = 0; i < 2000; i++)
		buf_char(&deep, '[');
	for (int i = 0; i < 2000; i++)
		buf_char(&deep, ']');
	buf_char(&deep, '}');
	b.data = deep.p;
	b.n = deep.n;
	http(c, method_text(r->method), path, &b, any);
	problem(c, 400);
	buf_free(&deep);
	if (r->body_max == 0) {
		big = arena_alloc(mem, 70001);
		memset(big, ' ', 70000);
		memcpy(big, "{}", 2);
		b.data = big;
		b.n = 70000;
		http(c, method_text(r->method), path, &b, any);
		problem(c, 413);
	}
	before = db_changed(before, db_state(false));
	EXPECT(*before == '\0', "%s: refused bodies changed %s", c->call, before);
}

static void bodies(void)
{
	each(odd_body);
}

/* The lid on guessing: nginx itself says it, as a problem. */
static void too_fast(void)
{
	struct client *c = client_new("guesser");
	int i = 0;

	while (i++ < 3000 && get(c, "/api/auth/login") == 405)
		;
	problem(c, 429);
	EXPECT(header(c, "Retry-After") != NULL, "429 without Retry-After");
	EXPECT(WAIT(30, get(c, "/api/auth/login") == 405), "%s: %ld", c->call, c->status);
	/* The burst must be there again for what comes next. */
	nap(5000);
	client_free(c);
}

static void reference(void)
{
	struct client *c = client_new("developer");
	size_t n = 0;

	get(c, "/api");
	IS_STATUS(c, 200);
	HAS(c, "<html lang=\"pt-BR\"");
	EXPECT(header(c, "Content-Security-Policy") != NULL && strstr(header(c, "Content-Security-Policy"), "default-src 'none'") != NULL, "no policy");
	for (size_t i = 0; i < napps; i++) {
		for (size_t k = 0; k < all_apps[i]->nroutes; k++) {
			const struct route *r = &all_apps[i]->routes[k];
			char *id = arena_fmt(mem, "id=\"%s%s\"", method_text(r->method), r->path);

			if ((r->flags & R_PAGE) != 0)
				continue;
			for (char *s = id; *s != '\0'; s++)
				*s = *s == '/' || *s == ':' ? '-' : *s;
			HAS(c, id);
			n++;
		}
	}
	EXPECT(n > 80, "only %zu operations", n);
	cookie_set(c, "balcao_lang", "en");
	get(c, "/api");
	HAS(c, "<html lang=\"en\"");
	cookies_clear(c);
	http(c, "GET", "/api", NULL, (const char *const[]){ "Accept-Language: en-GB", NULL });
	HAS(c, "<html lang=\"en\"");
	client_free(c);
}

CU_TestInfo manners_tests[] = {
	{ "every list: unknown parameters, limits, cursors, orders", lists },
	{ "every path: other methods, OPTIONS, HEAD, a slash too many", methods },
	{ "every body: broken, deep, doubled, of another type, too large", bodies },
	{ "the reference tells every operation, in both languages", reference },
	{ "too fast is 429", too_fast },
	CU_TEST_INFO_NULL
};
