/* once_test.c: Idempotency-Key on every POST of the API, the one-time token of page forms: asked twice, at once, cut in the middle. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/auth/auth.h"
#include "lib/crypto/crypto.h"
#include "tests/e2e/samples.h"

/* A POST with a key; key NULL: none. */
static long post_key(struct client *c, const char *path, const char *json, const char *key)
{
	struct body b = { json != NULL ? "application/json" : NULL, json, json != NULL ? strlen(json) : 0 };
	const char *headers[] = { key != NULL ? arena_fmt(mem, "Idempotency-Key: %s", key) : NULL, NULL };

	return http(c, "POST", path, &b, headers);
}

static int64_t people(const char *name)
{
	return sqln("SELECT count(*) FROM contact WHERE name = '%s'", name);
}

static const char *person(const char *name)
{
	return arena_fmt(mem, "{\"name\":\"%s\"}", name);
}

static const char *fresh(const char *what)
{
	return arena_fmt(mem, "E2E %s %.8s", what, token_new(mem));
}

static void same_answer(void)
{
	struct client *c = client_new("davi"), *other = client_new("rosana");
	const char *name = fresh("Uma"), *key = token_new(mem), *id, *etag, *location;

	bearer(c, DAVI);
	bearer(other, ROSANA);
	post_key(c, "/api/contacts", person(name), key);
	IS_STATUS(c, 201);
	EXPECT(header(c, "Idempotent-Replayed") == NULL, "the first answer is called a replay");
	id = js(c, "id");
	etag = header(c, "ETag");
	location = header(c, "Location");
	for (int i = 0; i < 3; i++) {
		/* The draft's quoted form is the same key. */
		post_key(c, "/api/contacts", person(name), i == 1 ? arena_fmt(mem, "\"%s\"", key) : key);
		IS_STATUS(c, 201);
		IS_TEXT(c, js(c, "id"), id);
		IS_TEXT(c, header(c, "ETag"), etag);
		IS_TEXT(c, header(c, "Location"), location);
		IS_TEXT(c, header(c, "Idempotent-Replayed"), "true");
		IS_TEXT(c, header(c, "Content-Type"), "application/json");
	}
	EXPECT(people(name) == 1, "%lld people of one key", (long long)people(name));
	post_key(c, "/api/contacts", person("E2E Outra"), key);
	IS_STATUS(c, 422);
	IS_TEXT(c, js(c, "errors.0.pointer"), "/Idempotency-Key");
	IS_TEXT(c, js(c, "errors.0.code"), "key_reused");
	post_key(c, "/api/leads", person(name), key);
	IS_STATUS(c, 422);
	/* Somebody else's key of the same text is another key. */
	post_key(other, "/api/contacts", person(name), key);
	IS_STATUS(other, 201);
	EXPECT(header(other, "Idempotent-Replayed") == NULL && !same_text(js(other, "id"), id), "a key reaches over to another user");
	EXPECT(people(name) == 2, "%lld people of two users", (long long)people(name));
	client_free(c);
	client_free(other);
}

static void malformed_keys(void)
{
	static const char *const bad[] = { "", "two words", "\"open", "clos\"ed", "\"\"", "a\\b", "caf\xc3\xa9", NULL };
	struct client *c = client_new("davi");
	const char *name = fresh("Torta"), *headers[] = { NULL, NULL };
	char many[300];
	struct body b = { "application/json", person(name), strlen(person(name)) };

	bearer(c, DAVI);
	for (size_t i = 0; bad[i] != NULL; i++) {
		/* An empty header is written "Name;" for curl. */
		headers[0] = *bad[i] != '\0' ? arena_fmt(mem, "Idempotency-Key: %s", bad[i]) : "Idempotency-Key;";
		http(c, "POST", "/api/contacts", &b, headers);
		EXPECT(c->status == 400 && same_text(js(c, "errors.0.pointer"), "/Idempotency-Key"), "key [%s]: %ld", bad[i], c->status);
	}
	memset(many, 'k', sizeof(many) - 1);
	memcpy(many, token_new(mem), 43);
	many[201] = '\0';
	post_key(c, "/api/contacts", person(name), many);
	IS_STATUS(c, 400);
	EXPECT(people(name) == 0, "a malformed key made somebody");
	many[200] = '\0';
	post_key(c, "/api/contacts", person(name), many);
	IS_STATUS(c, 201);
	client_free(c);
}

/* What failed is not kept: it may be mended and tried again with the same key. */
static void failures_are_free(void)
{
	struct client *c = client_new("davi");
	const char *name = fresh("Depois"), *key = token_new(mem);

	bearer(c, DAVI);
	post_key(c, "/api/contacts", "{}", key);
	IS_STATUS(c, 422);
	post_key(c, "/api/contacts", person(name), key);
	IS_STATUS(c, 201);
	EXPECT(sqln("SELECT count(*) FROM idempotency_key WHERE key = '%s' AND status = 201", key) == 1, "the success is not kept");
	client_free(c);
}

static long with_file(struct client *c, const char *conv, const char *boundary, const char *last, const char *key)
{
	struct parts p = { .boundary = boundary };
	const char *headers[] = { arena_fmt(mem, "Idempotency-Key: %s", key), NULL }, *pdf = arena_fmt(mem, "%%PDF-1.4\n%s\n", last);

	part(&p, "conversation_id", conv);
	part(&p, "text", "Com anexo");
	part_file(&p, "a.pdf", "application/pdf", pdf, strlen(pdf));
	return parts_post(c, "/api/messages", &p, headers);
}

/* A file sent again comes with another boundary, and is the same request; other bytes are another one. */
static void files(void)
{
	struct client *c = client_new("luana");
	const char *conv = conversation_make("E2E Anexo"), *key = token_new(mem), *id;

	bearer(c, LUANA);
	with_file(c, conv, "one", "a", key);
	IS_STATUS(c, 201);
	id = js(c, "id");
	with_file(c, conv, "two", "a", key);
	IS_STATUS(c, 201);
	IS_TEXT(c, js(c, "id"), id);
	IS_TEXT(c, header(c, "Idempotent-Replayed"), "true");
	with_file(c, conv, "one", "b", key);
	IS_STATUS(c, 422);
	IS_TEXT(c, js(c, "errors.0.code"), "key_reused");
	client_free(c);
}

/* ---- at the same time ---- */

/* A process that posts by itself; ends with 0 when it was answered want, 2 when that was a replay. */
static pid_t asks_beside(const char *token, const char *json, const char *key, int want)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct client *c = client_new("beside");

		c->bearer = token;
		post_key(c, "/api/contacts", json, key);
		_exit(c->status != want ? 1 : header(c, "Idempotent-Replayed") != NULL ? 2 : 0);
	}
	return pid;
}

static int end_of(pid_t pid)
{
	int st = 0;

	waitpid(pid, &st, 0);
	return WIFEXITED(st) ? WEXITSTATUS(st) : -1;
}

enum { AT_ONCE = 8, ROUNDS = 6 };

static void at_once(void)
{
	const char *token = session_make(DAVI, "bearer");

	for (int r = 0; r < ROUNDS; r++) {
		const char *name = fresh("Juntas"), *key = token_new(mem);
		pid_t pid[AT_ONCE];
		int how[3] = { 0 }, other = 0;

		for (int i = 0; i < AT_ONCE; i++)
			pid[i] = asks_beside(token, person(name), key, 201);
		for (int i = 0; i < AT_ONCE; i++) {
			int e = end_of(pid[i]);

			if (e >= 0 && e < 3)
				how[e]++;
			else
				other++;
		}
		EXPECT(how[0] == 1 && how[2] == AT_ONCE - 1, "of %d at once %d did it, %d were told, %d refused, %d died", AT_ONCE, how[0], how[2], how[1], other);
		EXPECT(people(name) == 1, "%lld people of %d requests at once", (long long)people(name), AT_ONCE);
	}
}

/* The first one takes its time: the second waits, and is told so after two seconds. */
static void under_way(void)
{
	struct client *c = client_new("davi");
	const char *name = fresh("Espera"), *key = token_new(mem);

	bearer(c, DAVI);
	(void)sql("BEGIN");
	(void)sql("INSERT INTO idempotency_key (tenant_id, actor_id, key, request_hash, status, body) SELECT tenant_id, id, '%s', '', 0, '' FROM user_account WHERE email = '" DAVI "' RETURNING 1", key);
	post_key(c, "/api/contacts", person(name), key);
	IS_STATUS(c, 409);
	IS_TEXT(c, js(c, "errors.0.code"), "key_busy");
	EXPECT(header(c, "Retry-After") != NULL, "409 without Retry-After");
	(void)sql("ROLLBACK");
	post_key(c, "/api/contacts", person(name), key);
	IS_STATUS(c, 201);
	EXPECT(people(name) == 1, "%lld people", (long long)people(name));
	client_free(c);
}

/* The program dies between the change and its commit: neither is there, and the same key does it. */
static void killed_in_the_middle(void)
{
	struct client *c = client_new("davi");
	const char *name = fresh("Queda"), *key = token_new(mem), *token = session_make(DAVI, "bearer");
	pid_t pid;

	c->bearer = token;
	(void)sql("BEGIN");
	(void)sql("LOCK TABLE contact IN SHARE MODE");
	pid = asks_beside(token, person(name), key, 503);
	EXPECT(WAIT(30, sqln("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'contact'::regclass") == 1), "the request does not wait in its middle");
	program_signal("contacts", SIGKILL);
	EXPECT(end_of(pid) == 0, "the killed request was not answered 503");
	(void)sql("ROLLBACK");
	EXPECT(WAIT(30, sqln("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'balcao-contacts' AND state LIKE 'idle in%%'") == 0), "its transaction stays");
	EXPECT(people(name) == 0 && sqln("SELECT count(*) FROM idempotency_key WHERE key = '%s'", key) == 0, "something of it stayed");
	EXPECT(WAIT(30, post_key(c, "/api/contacts", person(name), key) == 201), "%s: %ld", c->call, c->status);
	post_key(c, "/api/contacts", person(name), key);
	IS_TEXT(c, header(c, "Idempotent-Replayed"), "true");
	EXPECT(people(name) == 1, "%lld people", (long long)people(name));
	client_free(c);
}

/* ---- every route ---- */

static void become(struct client *c, bool api)
{
	const char *token = session_make(ROSANA, api ? "bearer" : "cookie");

	c->bearer = api ? token : NULL;
	cookies_clear(c);
	if (!api)
		cookie_set(c, "balcao", token);
	snprintf(c->csrf, sizeof(c->csrf), "%s", auth_csrf(mem, token));
}

static bool walks(const struct route *r, const struct sample *s, bool api)
{
	int want = s == NULL ? 0 : api ? s->api : s->page;

	return r->method == POST && r->need != PUBLIC && want >= 200 && want < 400 && (s->flags & ENDS) == 0 && (r->flags & (api ? R_PAGE : R_API)) == 0 &&
	    (api || want == 303);
}

static void api_twice(struct client *c, const struct route *r, const struct sample *s)
{
	const char *path = path_of(r, "/api", OWN, ROSANA), *json = body_of(s->json, OWN, OWN), *key = token_new(mem), *before, *body, *location, *etag;
	long status = post_key(c, path, json, key);

	if (!EXPECT(status == s->api || (s->also != 0 && status == s->also), "%s with a key: %ld %.200s", c->call, status, c->body.n > 0 ? c->body.p : "") || status >= 400)
		return;
	body = arena_strn(mem, c->body.n > 0 ? c->body.p : "", c->body.n);
	location = header(c, "Location");
	etag = header(c, "ETag");
	before = db_state(false);
	post_key(c, path, json, key);
	EXPECT(c->status == status && header(c, "Idempotent-Replayed") != NULL, "%s again: %ld, replayed %s", c->call, c->status, shown(header(c, "Idempotent-Replayed")));
	EXPECT(c->body.n == strlen(body) && memcmp(c->body.n > 0 ? c->body.p : "", body, c->body.n) == 0, "%s again: another body", c->call);
	EXPECT(same_text(location, header(c, "Location")) && same_text(etag, header(c, "ETag")), "%s again: another Location or ETag", c->call);
	before = db_changed(before, db_state(false));
	EXPECT(*before == '\0', "%s again changed %s", c->call, before);
}

static void page_twice(struct client *c, const struct route *r, const struct sample *s)
{
	const char *path = path_of(r, "", OWN, ROSANA), *before, *location;
	const char *form = arena_fmt(mem, "%s%scsrf=%s&once=%s", body_of(s->form, OWN, OWN), *s->form != '\0' ? "&" : "", c->csrf, token_new(mem));

	post_raw(c, path, form);
	/* There already, by the same row's other face: nothing was done that could be done twice. */
	if (!EXPECT(c->status == 303 || (s->also != 0 && c->status == s->also), "%s with a token: %ld", c->call, c->status) || c->status != 303)
		return;
	location = header(c, "Location");
	before = db_state(false);
	post_raw(c, path, form);
	EXPECT(c->status == 303 && same_text(location, header(c, "Location")), "%s again: %ld to %s, not %s", c->call, c->status, shown(header(c, "Location")), shown(location));
	before = db_changed(before, db_state(false));
	EXPECT(*before == '\0', "%s again changed %s", c->call, before);
}

static void every_post(void)
{
	struct client *c = client_new("rosana");
	size_t n = 0, pages = 0;

	jobs_pause();
	throttle_forget();
	things_make();
	for (size_t i = 0; i < napps; i++) {
		for (size_t k = 0; k < all_apps[i]->nroutes; k++) {
			const struct route *r = &all_apps[i]->routes[k];
			const struct sample *s = sample_of(r);

			if (walks(r, s, true)) {
				become(c, true);
				api_twice(c, r, s);
				n++;
			}
			if (walks(r, s, false)) {
				become(c, false);
				page_twice(c, r, s);
				pages++;
			}
		}
	}
	EXPECT(n > 30 && pages > 40, "only %zu and %zu operations", n, pages);
	things_forget();
	jobs_resume();
	client_free(c);
}

/* ---- forms ---- */

/* A page that looks for news by itself while a form is under way does not take the flash of its answer. */
static void flash_waits(struct client *c, const char *page)
{
	const char *headers[] = { "X-Look: 1", NULL };

	http(c, "GET", page, NULL, headers);
	IS_STATUS(c, 200);
	EXPECT(cookie_of(c, "balcao_flash") != NULL, "a look took the flash");
	HAS_NOT(c, "<p class=\"flash ok");
	get(c, page);
	HAS(c, "class=\"flash ok");
	EXPECT(cookie_of(c, "balcao_flash") == NULL, "the flash stays");
}

static void forms_carry_it(void)
{
	static const char *const pages[] = { "/contacts/new", "/leads/new", "/tags", "/quick-replies/new", "/deals/new", "/pipelines/new" };
	struct client *c = client_new("rosana");
	const char *name = fresh("Formulário"), *once, *first;

	sign_in(c, ROSANA);
	for (size_t i = 0; i < nitems(pages); i++) {
		get(c, pages[i]);
		IS_STATUS(c, 200);
		EXPECT(input_value(c, "once") != NULL && token_ok(input_value(c, "once")), "%s: a form without its token", c->call);
	}
	get(c, "/contacts/new");
	once = input_value(c, "once");
	post_form(c, "/contacts", "kind", "person", "name", "", "once", once, NULL);
	IS_STATUS(c, 422);
	/* A refused form is not spent; the one shown again has a token of its own. */
	EXPECT(!same_text(once, input_value(c, "once")), "the same token again");
	post_form(c, "/contacts", "kind", "person", "name", name, "once", once, NULL);
	IS_STATUS(c, 303);
	first = header(c, "Location");
	EXPECT(cookie_of(c, "balcao_flash") != NULL, "no flash");
	cookie_set(c, "balcao_flash", NULL);
	post_form(c, "/contacts", "kind", "person", "name", name, "once", once, NULL);
	IS_STATUS(c, 303);
	IS_TEXT(c, header(c, "Location"), first);
	EXPECT(cookie_of(c, "balcao_flash") != NULL, "no flash the second time");
	flash_waits(c, header(c, "Location"));
	EXPECT(people(name) == 1, "%lld people of one form", (long long)people(name));
	/* Gone back and changed: that is meant. */
	post_form(c, "/contacts", "kind", "person", "name", arena_fmt(mem, "%s 2", name), "once", once, NULL);
	IS_STATUS(c, 303);
	EXPECT(!same_text(header(c, "Location"), first), "a changed form was taken for the same");
	/* A token that is none is no token. */
	post_form(c, "/contacts", "kind", "person", "name", name, "once", "x", NULL);
	IS_STATUS(c, 303);
	EXPECT(people(name) == 2, "%lld people", (long long)people(name));
	client_free(c);
}

CU_TestInfo once_tests[] = {
	{ "the same key: the same answer; another request: 422; another user: another key", same_answer },
	{ "malformed keys", malformed_keys },
	{ "a failure leaves the key free", failures_are_free },
	{ "files: by what they hold", files },
	{ "eight at once: one does it, seven are told", at_once },
	{ "under way for long: 409", under_way },
	{ "killed in the middle: neither change nor key", killed_in_the_middle },
	{ "forms that make something carry a token", forms_carry_it },
	{ "every POST of both faces, twice", every_post },
	CU_TEST_INFO_NULL
};
