/* api_test.c: what API clients rely on: tokens, lists, messages, refusals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/crypto/crypto.h"
#include "tests/e2e/world.h"

static const char *refresh(struct client *c, const char *token)
{
	send_json(c, "POST", "/api/auth/refresh", arena_fmt(mem, "{\"refresh_token\":\"%s\"}", token));
	return js(c, "refresh_token");
}

static void login_and_refresh(void)
{
	struct client *c = client_new("luana");
	const char *first, *second, *access;

	throttle_forget();
	if (EXPECT(api_login(c, LUANA, PASSWORD), "%s: %ld %.200s", c->call, c->status, c->body.p)) {
		IS_TEXT(c, js(c, "expires_in"), "900");
		IS_TEXT(c, js(c, "user.email"), LUANA);
		IS_TEXT(c, js(c, "user.role"), "agent");
		EXPECT(same_text(header(c, "Cache-Control"), "no-store"), "tokens may be cached");
		first = js(c, "refresh_token");
		get(c, "/api/me");
		IS_STATUS(c, 200);
		access = c->bearer;
		c->bearer = NULL;
		second = refresh(c, first);
		IS_STATUS(c, 200);
		EXPECT(second != NULL && strcmp(first, second) != 0, "the refresh token stays the same");
		EXPECT(js(c, "access_token") != NULL, "no new access token");
		c->bearer = access;
		get(c, "/api/me");
		IS_STATUS(c, 401); /* the refreshed family's older access token has ended */
		c->bearer = NULL;
		send_json(c, "POST", "/api/auth/refresh", "{\"refresh_token\":\"no-such-token\"}");
		IS_STATUS(c, 401);
		send_json(c, "POST", "/api/auth/refresh", "{}");
		IS_STATUS(c, 422);
	}
	client_free(c);
}

static void reused_refresh_ends_family(void)
{
	struct client *c = client_new("luana");
	const char *first, *second, *access;

	if (EXPECT(api_login(c, LUANA, PASSWORD), "%s: %ld", c->call, c->status)) {
		first = js(c, "refresh_token");
		c->bearer = NULL;
		second = refresh(c, first);
		access = js(c, "access_token");
		refresh(c, first);
		IS_STATUS(c, 401);
		if (second != NULL)
			refresh(c, second);
		IS_STATUS(c, 401);
		c->bearer = access;
		get(c, "/api/me");
		IS_STATUS(c, 401);
	}
	client_free(c);
}

static void logout_and_expiry(void)
{
	struct client *c = client_new("luana");
	const char *token;

	if (EXPECT(api_login(c, LUANA, PASSWORD), "%s: %ld", c->call, c->status)) {
		token = js(c, "refresh_token");
		send_json(c, "POST", "/api/auth/logout", NULL);
		IS_STATUS(c, 204);
		get(c, "/api/me");
		IS_STATUS(c, 401);
		IS_TEXT(c, header(c, "WWW-Authenticate"), "Bearer realm=\"balcao\", error=\"invalid_token\"");
		c->bearer = NULL;
		refresh(c, token);
		IS_STATUS(c, 401);
	}
	bearer(c, LUANA);
	(void)sql("UPDATE priv.session SET expires_at = now() - interval '1 second' WHERE token_hash = sha256('%s')", c->bearer);
	get(c, "/api/me");
	IS_STATUS(c, 401);
	bearer(c, LUANA);
	(void)sql("UPDATE priv.session SET last_seen_at = now() - interval '5 hours' WHERE token_hash = sha256('%s')", c->bearer);
	get(c, "/api/me");
	IS_STATUS(c, 401);
	c->bearer = NULL;
	get(c, "/api/me");
	IS_STATUS(c, 401);
	IS_TEXT(c, header(c, "WWW-Authenticate"), "Bearer realm=\"balcao\"");
	IS_TEXT(c, header(c, "Content-Type"), "application/problem+json");
	client_free(c);
}

static double median3(const double *t)
{
	double lo = t[0] < t[1] ? t[0] : t[1], hi = t[0] < t[1] ? t[1] : t[0];

	return t[2] < lo ? lo : t[2] > hi ? hi : t[2];
}

/* An unknown e-mail costs as much time as a wrong password, and says the same. */
static void wrong_password(void)
{
	struct client *c = client_new("guesser");
	double known[3], unknown[3];
	size_t n = 0, m = 0;

	for (int i = 0; i < 3; i++) {
		api_login(c, LUANA, "not the password");
		IS_STATUS(c, 401);
		known[i] = c->seconds;
		n = plain_size(c);
		api_login(c, arena_fmt(mem, "nobody%d@marcenaria.test", i), "not the password");
		IS_STATUS(c, 401);
		unknown[i] = c->seconds;
		m = plain_size(c);
	}
	EXPECT(n == m, "known and unknown e-mail answer differently: %zu and %zu bytes", n, m);
	EXPECT(median3(unknown) > median3(known) * 0.5 && median3(unknown) < median3(known) * 2 + 0.05,
	    "known e-mail %.3f s, unknown %.3f s", median3(known), median3(unknown));
	for (int i = 0; i < 4 && c->status != 429; i++)
		api_login(c, LUANA, "not the password");
	IS_STATUS(c, 429);
	EXPECT(header(c, "Retry-After") != NULL && atoi(header(c, "Retry-After")) > 0, "429 without Retry-After");
	api_login(c, LUANA, PASSWORD);
	IS_STATUS(c, 429);
	throttle_forget();
	client_free(c);
}

/* ---- lists ---- */

static bool seen(char ids[][40], size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(ids[i], id) == 0)
			return true;
	return false;
}

/* Pages through a list; every item comes once. How many there were. */
static size_t walk(struct client *c, const char *path, int limit)
{
	static char ids[600][40];
	const char *next = arena_fmt(mem, "%s%climit=%d", path, strchr(path, '?') != NULL ? '&' : '?', limit);
	size_t n = 0;

	for (int pages = 0; next != NULL && pages < 600; pages++) {
		const char *cursor, *link;

		get(c, next);
		if (!IS_STATUS(c, 200))
			return n;
		EXPECT(jcount(c, "items") <= (size_t)limit, "%s: %zu items", c->call, jcount(c, "items"));
		for (size_t i = 0; i < jcount(c, "items") && n < nitems(ids); i++) {
			const char *id = js(c, arena_fmt(mem, "items.%zu.id", i));

			EXPECT(id != NULL && !seen(ids, n, id), "%s: %s comes twice", c->call, shown(id));
			snprintf(ids[n++], sizeof(ids[0]), "%s", id != NULL ? id : "");
		}
		cursor = js(c, "next");
		link = header(c, "Link");
		EXPECT((cursor == NULL) == (link == NULL), "%s: next %s, Link %s", c->call, shown(cursor), shown(link));
		next = NULL;
		if (cursor != NULL && link != NULL) {
			EXPECT(strstr(link, ">; rel=\"next\"") != NULL && strstr(link, cursor) != NULL, "%s: Link %s", c->call, link);
			next = arena_strn(mem, link + 1, strcspn(link + 1, ">"));
		}
	}
	return n;
}

static void paging(void)
{
	struct client *c = client_new("davi");
	const char *conv;
	size_t n;

	bearer(c, DAVI);
	n = walk(c, "/api/conversations?status=any", 500);
	EXPECT(n >= 10, "only %zu conversations", n);
	EXPECT(walk(c, "/api/conversations?status=any", 1) == n, "limit 1 loses some of %zu", n);
	EXPECT(walk(c, "/api/conversations?status=any", 3) == n, "limit 3 loses some of %zu", n);
	EXPECT(walk(c, "/api/contacts", 1) == walk(c, "/api/contacts", 500), "contacts");
	EXPECT(walk(c, "/api/leads", 3) == walk(c, "/api/leads", 500), "leads");
	conv = sql("SELECT conversation_id FROM message m JOIN tenant t USING (tenant_id) WHERE slug = 'marcenaria' "
	           "GROUP BY 1 ORDER BY count(*) DESC LIMIT 1");
	n = walk(c, arena_fmt(mem, "/api/conversations/%s/messages", conv), 500);
	EXPECT(n >= 5 && walk(c, arena_fmt(mem, "/api/conversations/%s/messages", conv), 1) == n, "messages by 1 of %zu", n);
	EXPECT(walk(c, arena_fmt(mem, "/api/conversations/%s/messages", conv), 3) == n, "messages by 3 of %zu", n);
	get(c, "/api/sessions");
	IS_STATUS(c, 200);
	EXPECT(jv(c, "items") != NULL && jv(c, "next") != NULL, "%s: no list", c->call);
	get(c, "/api/notifications");
	IS_STATUS(c, 200);
	EXPECT(jv(c, "items") != NULL && jv(c, "next") != NULL, "%s: no list", c->call);
	client_free(c);
}

static void refused_parameters(void)
{
	static const char *const bad[] = {
		"limit=0", "limit=501", "limit=x", "limit=-1", "status=closed", "assignee=nobody", "view=others", "cursor=zzz", "cursor=",
		"unknown=1", "channel=fax", "sort=random", "q=%ff", "q=%00", "q=%e9", "status=%zz",
	};
	struct client *c = client_new("davi");

	bearer(c, DAVI);
	for (size_t i = 0; i < nitems(bad); i++) {
		get(c, arena_fmt(mem, "/api/conversations?%s", bad[i]));
		EXPECT(c->status == 400 || (c->status == 200 && strcmp(bad[i], "cursor=") == 0), "%s: %ld", c->call, c->status);
		if (c->status == 400)
			IS_TEXT(c, header(c, "Content-Type"), "application/problem+json");
	}
	get(c, "/api/conversations?limit=0");
	IS_TEXT(c, js(c, "errors.0.pointer"), "/limit");
	client_free(c);
}

/* Every item of the list at path has this text at member. */
static void all_have(struct client *c, const char *path, const char *member, const char *want)
{
	get(c, path);
	IS_STATUS(c, 200);
	for (size_t i = 0; i < jcount(c, "items"); i++)
		IS_TEXT(c, js(c, arena_fmt(mem, "items.%zu.%s", i, member)), want);
}

static void filters(void)
{
	struct client *c = client_new("luana");
	const char *me, *davi = user_id(DAVI);
	size_t n;

	bearer(c, LUANA);
	get(c, "/api/me");
	me = js(c, "id");
	all_have(c, "/api/conversations?status=resolved", "status", "resolved");
	all_have(c, "/api/conversations?status=spam", "status", "spam");
	all_have(c, "/api/conversations?status=any&assignee=none", "assignee_id", NULL);
	all_have(c, "/api/conversations?status=any&assignee=me", "assignee_id", me);
	n = jcount(c, "items");
	EXPECT(n > 0, "luana has no conversation");
	all_have(c, "/api/conversations?status=any&view=mine", "assignee_id", me);
	EXPECT(jcount(c, "items") == n, "view=mine and assignee=me differ");
	all_have(c, "/api/conversations?view=unassigned", "assignee_id", NULL);
	all_have(c, arena_fmt(mem, "/api/conversations?status=any&assignee=%s", davi), "assignee_id", davi);
	all_have(c, "/api/conversations?status=any&channel=chat", "channel", "chat");
	get(c, "/api/conversations?sort=waiting_since");
	IS_STATUS(c, 200);
	for (size_t i = 1; i < jcount(c, "items"); i++) {
		const char *a = js(c, arena_fmt(mem, "items.%zu.waiting_since", i - 1)), *b = js(c, arena_fmt(mem, "items.%zu.waiting_since", i));

		/* Without the Z: a full second comes before its parts. */
		EXPECT(a != NULL && b != NULL && strcmp(arena_strn(mem, a, strcspn(a, "Z")), arena_strn(mem, b, strcspn(b, "Z"))) <= 0, "sort=waiting_since: %s before %s", shown(a), shown(b));
	}
	get(c, "/api/conversations?status=any&q=Tavares");
	IS_STATUS(c, 200);
	EXPECT(jcount(c, "items") >= 1, "the search finds nobody");
	IS_TEXT(c, js(c, "items.0.contact_name"), "Jéssica Tavares");
	client_free(c);
}

/* ---- messages ---- */

static void send_message(void)
{
	struct client *c = client_new("luana");
	const char *conv = conversation_make("E2E Mensagem"), *id;
	static const char *const members[] = { "id", "conversation_id", "direction", "kind", "text", "status", "external_id", "internal", "sent_at" };

	bearer(c, LUANA);
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"Olá 👋 & <b>\"}", conv));
	IS_STATUS(c, 201);
	id = js(c, "id");
	IS_TEXT(c, header(c, "Location"), arena_fmt(mem, "/api/messages/%s", id));
	for (size_t i = 0; i < nitems(members); i++)
		EXPECT(jv(c, members[i]) != NULL, "a message has no %s", members[i]);
	IS_TEXT(c, js(c, "text"), "Olá 👋 & <b>");
	IS_TEXT(c, js(c, "direction"), "out");
	IS_TEXT(c, js(c, "internal"), "false");
	IS_TEXT(c, js(c, "status"), "sent");
	EXPECT(json_is_string(jv(c, "id")) && json_is_string(jv(c, "conversation_id")), "ids are not text");
	get(c, header(c, "Location"));
	IS_STATUS(c, 200);
	IS_TEXT(c, js(c, "id"), id);
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"só nós\",\"internal\":true}", conv));
	IS_STATUS(c, 201);
	IS_TEXT(c, js(c, "internal"), "true");
	get(c, arena_fmt(mem, "/api/conversations/%s/messages", conv));
	IS_STATUS(c, 200);
	EXPECT(jcount(c, "items") == 3, "%zu messages", jcount(c, "items"));
	IS_TEXT(c, js(c, "items.1.text"), "Olá 👋 & <b>");
	client_free(c);
}

static void same_key_once(void)
{
	struct client *c = client_new("luana");
	const char *conv = conversation_make("E2E Chave"), *id;
	const char *body = arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"uma vez\"}", conv);
	const char *headers[] = { arena_fmt(mem, "Idempotency-Key: %s", token_new(mem)), NULL };
	struct body b = { "application/json", body, strlen(body) };

	bearer(c, LUANA);
	http(c, "POST", "/api/messages", &b, headers);
	IS_STATUS(c, 201);
	id = js(c, "id");
	for (int i = 0; i < 3; i++) {
		http(c, "POST", "/api/messages", &b, headers);
		IS_STATUS(c, 201);
		IS_TEXT(c, js(c, "id"), id);
	}
	EXPECT(sqln("SELECT count(*) FROM message WHERE conversation_id = '%s' AND text = 'uma vez'", conv) == 1, "the same key made several messages");
	client_free(c);
}

static void problem_shape(struct client *c, int status)
{
	IS_STATUS(c, status);
	IS_TEXT(c, header(c, "Content-Type"), "application/problem+json");
	EXPECT(js(c, "type") != NULL && strncmp(js(c, "type"), "/problems/", 10) == 0, "%s: type", c->call);
	EXPECT(js(c, "title") != NULL && strncmp(js(c, "title"), "problem.", 8) != 0, "%s: title %s", c->call, shown(js(c, "title")));
	EXPECT(js(c, "detail") != NULL && strncmp(js(c, "detail"), "problem.", 8) != 0, "%s: detail %s", c->call, shown(js(c, "detail")));
	IS_TEXT(c, js(c, "status"), arena_fmt(mem, "%d", status));
	IS_TEXT(c, js(c, "request_id"), header(c, "X-Request-Id"));
}

static const char *repeated(const char *s, size_t n)
{
	struct buf b = { 0 };
	const char *out;

	for (size_t i = 0; i < n; i++)
		buf_str(&b, s);
	out = arena_strn(mem, b.p, b.n);
	buf_free(&b);
	return out;
}

struct refusal { const char *body; int status; const char *pointer, *code; };

static void refuse_body(struct client *c, const char *conv, const struct refusal *r)
{
	const char *text = r->body, *mark = strchr(text, '@');

	if (mark != NULL)
		text = arena_fmt(mem, "%.*s%s%s", (int)(mark - text), text, conv, mark + 1);
	send_json(c, "POST", "/api/messages", text);
	problem_shape(c, r->status);
	if (r->pointer == NULL)
		return;
	EXPECT(same_text(js(c, "errors.0.pointer"), r->pointer), "%.80s: pointer %s, want %s", text, shown(js(c, "errors.0.pointer")), r->pointer);
	EXPECT(same_text(js(c, "errors.0.code"), r->code), "%.80s: code %s, want %s", text, shown(js(c, "errors.0.code")), r->code);
	EXPECT(js(c, "errors.0.detail") != NULL && strncmp(js(c, "errors.0.detail"), "err.", 4) != 0, "%.80s: no detail", text);
}

static void bad_bodies(void)
{
	const struct refusal bad[] = {
		{ "{\"conversation_id\":\"@\",\"text\":\"\"}", 422, "/text", "required" },
		{ "{\"conversation_id\":\"@\",\"text\":\"  \\n \"}", 422, "/text", "required" },
		{ "{\"conversation_id\":\"@\",\"text\":null}", 422, "/text", "required" },
		{ "{\"conversation_id\":\"@\"}", 422, "/text", "required" },
		{ "{\"text\":\"x\"}", 422, "/conversation_id", "required" },
		{ "{}", 422, NULL, NULL },
		{ "{\"conversation_id\":\"not-an-id\",\"text\":\"x\"}", 422, "/conversation_id", "format" },
		{ arena_fmt(mem, "{\"conversation_id\":\"@\",\"text\":\"%s\"}", repeated("a", 4097)), 422, "/text", "too_long" },
		{ "{\"conversation_id\":\"@\",\"text\":\"x\",\"colour\":\"red\"}", 422, "/colour", "unknown" },
		{ "{\"conversation_id\":\"@\",\"text\":{\"a\":1}}", 422, "/text", "format" },
		{ "{\"conversation_id\":\"@\",\"text\":[\"a\"]}", 422, "/text", "format" },
		{ "{\"conversation_id\":\"@\",\"text\":7}", 422, "/text", "format" },
		{ "{\"conversation_id\":\"@\",\"text\":true}", 422, "/text", "format" },
		{ "{\"conversation_id\":\"@\",\"text\":\"x\",\"internal\":\"perhaps\"}", 422, "/internal", NULL },
		{ "{\"conversation_id\":\"@\",\"text\":\"x\",\"internal\":[]}", 422, "/internal", NULL },
		{ "{\"conversation_id\":\"@\",\"text\":\"x\",\"text\":\"y\"}", 400, NULL, NULL },
		{ arena_fmt(mem, "{\"text\":%s%s}", repeated("[", 40), repeated("]", 40)), 400, NULL, NULL },
		{ repeated("[", 20000), 400, NULL, NULL },
		{ "[]", 400, NULL, NULL }, { "\"text\"", 400, NULL, NULL }, { "null", 400, NULL, NULL }, { "7", 400, NULL, NULL },
		{ "{\"text\":", 400, NULL, NULL }, { "{'text':'x'}", 400, NULL, NULL }, { "{} {}", 400, NULL, NULL },
		{ "{\"text\":\"\xff\xfe\"}", 400, NULL, NULL }, { "{\"text\":\"\xc0\xaf\"}", 400, NULL, NULL }, { "{\"text\":\"\xed\xa0\x80\"}", 400, NULL, NULL },
		{ "{\"text\":\"\\ud800\"}", 400, NULL, NULL }, { "{\"text\":\"a\\u0000b\"}", 400, NULL, NULL },
	};
	struct client *c = client_new("luana");
	const char *conv = conversation_make("E2E Recusas"), *before = db_state(false);

	bearer(c, LUANA);
	before = db_state(false);
	for (size_t i = 0; i < nitems(bad); i++) {
		struct refusal r = bad[i];

		if (r.pointer != NULL && r.code == NULL) {
			send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"x\",%s", conv, strstr(r.body, "\"internal\"")));
			problem_shape(c, 422);
			IS_TEXT(c, js(c, "errors.0.pointer"), r.pointer);
			continue;
		}
		refuse_body(c, conv, &r);
	}
	EXPECT(*db_changed(before, db_state(false)) == '\0', "refused bodies changed %s", db_changed(before, db_state(false)));
	client_free(c);
}

static void odd_requests(void)
{
	struct client *c = client_new("luana");
	const char *big = arena_fmt(mem, "{\"text\":\"%s\"}", repeated("a", 1024 * 1024));
	struct body form = { "application/x-www-form-urlencoded", "text=x", 6 }, none = { NULL, "{}", 2 }, nul = { "application/json", "{\"text\":\"a\0b\"}", 14 };

	bearer(c, LUANA);
	send_json(c, "POST", "/api/messages", big);
	problem_shape(c, 413);
	http(c, "POST", "/api/messages", &nul, NULL);
	problem_shape(c, 400);
	http(c, "POST", "/api/messages", &form, NULL);
	problem_shape(c, 415);
	http(c, "POST", "/api/messages", &none, NULL);
	problem_shape(c, 415);
	send_json(c, "DELETE", "/api/conversations", NULL);
	problem_shape(c, 405);
	EXPECT(header(c, "Allow") != NULL && strstr(header(c, "Allow"), "GET") != NULL, "405 without Allow");
	send_json(c, "PUT", "/api/messages", "{}");
	IS_STATUS(c, 405);
	EXPECT(header(c, "Allow") != NULL, "405 without Allow");
	get(c, "/api/nothing");
	IS_STATUS(c, 404);
	IS_TEXT(c, header(c, "Content-Type"), "application/problem+json");
	get(c, "/api/conversations/nothing");
	problem_shape(c, 404);
	get(c, "/api/conversations/not-a-uuid-at-all-not-a-uuid-at-all");
	problem_shape(c, 404);
	get(c, "/api/conversations/00000000-0000-0000-0000-000000000000");
	problem_shape(c, 404);
	get(c, "/api/conversations/%2e%2e/me");
	EXPECT(c->status == 404 || c->status == 200, "%s: %ld", c->call, c->status);
	client_free(c);
}

static void versions(void)
{
	struct client *c = client_new("davi");
	const char *path = arena_fmt(mem, "/api/conversations/%s", conversation_make("E2E Versão")), *etag;
	const char *pending = "{\"status\":\"pending\"}";

	bearer(c, DAVI);
	get(c, path);
	IS_STATUS(c, 200);
	etag = header(c, "ETag");
	EXPECT(same_text(etag, arena_fmt(mem, "\"v%s\"", js(c, "version"))), "ETag %s, version %s", shown(etag), shown(js(c, "version")));
	send_if(c, "PATCH", path, "\"v999\"", pending);
	problem_shape(c, 412);
	send_if(c, "PATCH", path, "W/\"v1\"", pending);
	problem_shape(c, 412);
	send_if(c, "PATCH", path, etag, pending);
	IS_STATUS(c, 200);
	IS_TEXT(c, js(c, "status"), "pending");
	EXPECT(!same_text(header(c, "ETag"), etag), "the ETag stays the same");
	send_if(c, "PATCH", path, etag, pending);
	problem_shape(c, 412);
	send_json(c, "PATCH", path, "{\"status\":\"lost\"}");
	problem_shape(c, 422);
	IS_TEXT(c, js(c, "errors.0.pointer"), "/status");
	send_json(c, "PATCH", path, "{\"assignee_id\":\"019700000000700080000000000000ff\"}");
	problem_shape(c, 422);
	client_free(c);
}

/* A cookie does not work on the API without the CSRF token; with it, it does. */
static void cookie_on_api(void)
{
	struct client *c = client_new("luana");
	const char *body = arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"biscoito\"}", conversation_make("E2E Biscoito"));
	struct body b = { "application/json", body, strlen(body) };
	const char *headers[] = { NULL, NULL };

	sign_in(c, LUANA);
	get(c, "/api/me");
	IS_STATUS(c, 200);
	send_json(c, "POST", "/api/messages", body);
	problem_shape(c, 403);
	headers[0] = arena_fmt(mem, "X-CSRF-Token: %s", c->csrf);
	http(c, "POST", "/api/messages", &b, headers);
	IS_STATUS(c, 201);
	client_free(c);
}

CU_TestInfo api_tests[] = {
	{ "login gives tokens, refresh rotates them", login_and_refresh },
	{ "a reused refresh token ends its family", reused_refresh_ends_family },
	{ "logout and expiry end access", logout_and_expiry },
	{ "wrong passwords: same answer, same time, throttled", wrong_password },
	{ "lists page through everything once", paging },
	{ "refused query parameters", refused_parameters },
	{ "filters", filters },
	{ "sending a message", send_message },
	{ "the same Idempotency-Key is one message", same_key_once },
	{ "refused bodies say what is wrong", bad_bodies },
	{ "too large, wrong type, wrong method, unknown", odd_requests },
	{ "ETag and If-Match", versions },
	{ "a cookie on the API needs the CSRF token", cookie_on_api },
	CU_TEST_INFO_NULL
};
