/* page_test.c: the pages as a browser without script uses them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/crypto/crypto.h"
#include "tests/e2e/world.h"

#define CHANGER "e2e.troca@marcenaria.test"

static const char *location(struct client *c)
{
	const char *l = header(c, "Location");

	return l != NULL ? l : "";
}

/* Signs in through the form. nginx has a coarse lid of its own on how often one address may ask: then once more. */
static long enter(struct client *c, const char *email, const char *password, const char *next)
{
	for (int i = 0; i < 5; i++) {
		cookies_clear(c);
		get(c, "/login");
		post_form(c, "/login", "email", email, "password", password, "next", next, NULL);
		if (c->status != 429 || input_value(c, "email") != NULL)
			break;
		nap(1000);
	}
	return c->status;
}

static void login_form(void)
{
	struct client *c = client_new("luana");

	throttle_forget();
	get(c, "/conversations?status=resolved");
	IS_STATUS(c, 303);
	IS_TEXT(c, location(c), "/login?next=%2Fconversations%3Fstatus%3Dresolved");
	get(c, location(c));
	IS_STATUS(c, 200);
	IS_TEXT(c, input_value(c, "next"), "/conversations?status=resolved");
	enter(c, LUANA, "not the password", "/conversations?status=resolved");
	IS_STATUS(c, 422);
	HAS(c, "<title>Erro");
	IS_TEXT(c, input_value(c, "email"), LUANA);
	IS_TEXT(c, input_value(c, "next"), "/conversations?status=resolved");
	HAS_NOT(c, "not the password");
	EXPECT(cookie_of(c, "balcao") == NULL, "a refused login gives a session");
	enter(c, "", "", "");
	IS_STATUS(c, 422);
	EXPECT(times(c, "aria-invalid") >= 2, "%s: %zu fields marked", c->call, times(c, "aria-invalid"));
	enter(c, LUANA, PASSWORD, "/conversations?status=resolved");
	IS_STATUS(c, 303);
	IS_TEXT(c, location(c), "/conversations?status=resolved");
	EXPECT(strstr(c->head.p, "HttpOnly; SameSite=Lax") != NULL, "the session's cookie: %s", header(c, "Set-Cookie"));
	get(c, location(c));
	IS_STATUS(c, 200);
	HAS(c, "Luana");
	get(c, "/");
	IS_TEXT(c, location(c), "/conversations");
	client_free(c);
}

static void open_redirect(void)
{
	static const char *const bad[] = {
		"//evil.example", "/\\evil.example", "https://evil.example/", "\\\\evil.example", "javascript:alert(1)", "/\tevil", "/\r\nSet-Cookie: a=b",
		"evil.example", "/%0d%0aX: y\n", "///evil.example", "/\xc2\xa0//evil",
	};
	struct client *c = client_new("luana");

	for (size_t i = 0; i < nitems(bad); i++) {
		enter(c, LUANA, PASSWORD, bad[i]);
		EXPECT(c->status == 422 || strcmp(location(c), "/") == 0, "next=%s leads to %s", bad[i], location(c));
		get(c, arena_fmt(mem, "/lang?to=en&next=%s", url_text(bad[i])));
		EXPECT(c->status == 400 || strcmp(location(c), "/login") == 0, "/lang with next=%s leads to %s", bad[i], location(c));
	}
	client_free(c);
}

static void throttled(void)
{
	struct client *c = client_new("guesser");
	const char *retry;

	throttle_forget();
	for (int i = 0; i < 7 && c->status != 429; i++)
		enter(c, CHANGER, "not the password", "");
	IS_STATUS(c, 429);
	retry = header(c, "Retry-After");
	EXPECT(retry != NULL && atoi(retry) > 0 && atoi(retry) <= 900, "Retry-After %s", shown(retry));
	HAS(c, arena_fmt(mem, "Espere %s s", shown(retry)));
	IS_TEXT(c, input_value(c, "email"), CHANGER);
	enter(c, CHANGER, PASSWORD, "");
	IS_STATUS(c, 429);
	enter(c, LUANA, PASSWORD, "");
	IS_STATUS(c, 303); /* others go on */
	throttle_forget();
	client_free(c);
}

static void logout(void)
{
	struct client *c = client_new("luana");
	const char *token;

	enter(c, LUANA, PASSWORD, "");
	token = arena_str(mem, cookie_of(c, "balcao"));
	get(c, "/account");
	IS_STATUS(c, 200);
	post_form(c, "/logout", NULL);
	IS_STATUS(c, 303);
	IS_TEXT(c, location(c), "/login");
	EXPECT(cookie_of(c, "balcao") == NULL, "the cookie stays");
	get(c, "/login");
	HAS(c, "Você saiu.");
	if (EXPECT(token != NULL, "no session"))
		cookie_set(c, "balcao", token);
	get(c, "/account");
	IS_STATUS(c, 303);
	client_free(c);
}

static void password_change(void)
{
	struct client *c = client_new("troca"), *other = client_new("troca elsewhere");

	user_need(CHANGER, "Troca de Senha", "agent", "all");
	(void)sql("UPDATE priv.credential SET password_hash = (SELECT password_hash FROM priv.credential WHERE email = '" LUANA "') WHERE email = '" CHANGER "'");
	enter(c, CHANGER, PASSWORD, "");
	enter(other, CHANGER, PASSWORD, "");
	get(c, "/account");
	post_form(c, "/account/password", "current", "wrong", "password", "uma senha nova", "again", "uma senha nova", NULL);
	IS_STATUS(c, 422);
	HAS(c, "id=\"e-current\"");
	HAS_NOT(c, "uma senha nova");
	post_form(c, "/account/password", "current", PASSWORD, "password", "uma senha nova", "again", "outra", NULL);
	IS_STATUS(c, 422);
	HAS(c, "id=\"e-again\"");
	post_form(c, "/account/password", "current", PASSWORD, "password", "curta", "again", "curta", NULL);
	IS_STATUS(c, 422);
	HAS(c, "id=\"e-password\"");
	post_form(c, "/account/password", "current", PASSWORD, "password", "uma senha nova", "again", "uma senha nova", NULL);
	IS_STATUS(c, 303);
	get(c, "/account");
	IS_STATUS(c, 200);
	HAS(c, "Senha trocada.");
	get(other, "/account");
	IS_STATUS(other, 303);
	enter(other, CHANGER, PASSWORD, "");
	IS_STATUS(other, 422);
	enter(other, CHANGER, "uma senha nova", "");
	IS_STATUS(other, 303);
	client_free(c);
	client_free(other);
}

static void sessions_listed(void)
{
	struct client *c = client_new("troca"), *other = client_new("troca elsewhere");
	const char *id;

	user_need(CHANGER, "Troca de Senha", "agent", "all");
	(void)sql("DELETE FROM priv.session s USING user_account u WHERE u.id = s.user_id AND u.email = '" CHANGER "'");
	sign_in(c, CHANGER);
	sign_in(other, CHANGER);
	get(c, "/account");
	IS_STATUS(c, 200);
	EXPECT(times(c, "/end\"") == 1, "%zu sessions that can be ended, want 1", times(c, "/end\""));
	id = sql("SELECT id FROM priv.session WHERE token_hash = sha256('%s')", cookie_of(other, "balcao"));
	post_form(c, arena_fmt(mem, "/account/sessions/%s/end", id), NULL);
	IS_STATUS(c, 303);
	get(other, "/account");
	IS_STATUS(other, 303);
	sign_in(other, CHANGER);
	post_form(c, "/account/sessions/end-others", NULL);
	IS_STATUS(c, 303);
	get(other, "/account");
	IS_STATUS(other, 303);
	get(c, "/account");
	IS_STATUS(c, 200);
	client_free(c);
	client_free(other);
}

static void conversation_forms(void)
{
	struct client *c = client_new("luana");
	const char *id = conversation_make("E2E Página"), *path = arena_fmt(mem, "/conversations/%s", id), *post = arena_fmt(mem, "%s/messages", path), *token;

	sign_in(c, LUANA);
	get(c, path);
	IS_STATUS(c, 200);
	HAS(c, "Oi, tudo bem?");
	token = input_value(c, "token");
	EXPECT(token != NULL && token_ok(token), "%s: token %s", c->call, shown(token));
	for (int i = 0; i < 2; i++) {
		post_form(c, post, "text", "Enviada <uma> vez & só", "internal", "0", "token", token, NULL);
		IS_STATUS(c, 303);
		IS_TEXT(c, location(c), path);
	}
	get(c, path);
	EXPECT(times(c, "Enviada &lt;uma&gt; vez &amp; só") >= 1, "%s: the message is not shown", c->call);
	HAS_NOT(c, "<uma>");
	EXPECT(sqln("SELECT count(*) FROM message WHERE conversation_id = '%s' AND direction = 'out'", id) == 1, "sent twice");
	post_form(c, post, "text", "   ", "internal", "0", "token", token_new(mem), NULL);
	IS_STATUS(c, 422);
	HAS(c, "<title>Erro");
	HAS(c, "id=\"e-text\"");
	post_form(c, post, "text", arena_fmt(mem, "Começo%4100s", "fim"), "internal", "1", "token", token, NULL);
	IS_STATUS(c, 422);
	HAS(c, "Começo  ");
	EXPECT(same_text(input_value(c, "token"), token), "the token of a shown-again form is another");
	post_raw(c, post, arena_fmt(mem, "text=x&internal=0&token=%s", token_new(mem)));
	IS_STATUS(c, 403);
	post_form(c, post, "text", "Para a equipe", "internal", "1", "token", token_new(mem), NULL);
	IS_STATUS(c, 303);
	post_form(c, post, "text", "Até logo", "internal", "0", "then", "resolve", "token", token_new(mem), NULL);
	IS_STATUS(c, 303);
	IS_TEXT(c, sql("SELECT status FROM conversation WHERE id = '%s'", id), "resolved");
	client_free(c);
}

static void conversation_actions(void)
{
	struct client *c = client_new("luana"), *davi = client_new("davi");
	const char *id = conversation_make("E2E Ações"), *path = arena_fmt(mem, "/conversations/%s", id), *version;
	const char *who = user_id(DAVI);

	sign_in(c, LUANA);
	sign_in(davi, DAVI);
	version = sql("SELECT version FROM conversation WHERE id = '%s'", id);
	post_form(davi, arena_fmt(mem, "%s/take", path), NULL);
	IS_STATUS(davi, 303);
	post_form(c, arena_fmt(mem, "%s/status", path), "status", "resolved", "version", version, NULL);
	IS_STATUS(c, 409);
	IS_TEXT(c, sql("SELECT status FROM conversation WHERE id = '%s'", id), "open");
	post_form(c, arena_fmt(mem, "%s/status", path), "status", "nonsense", "version", "0", NULL);
	IS_STATUS(c, 422);
	post_form(c, arena_fmt(mem, "%s/assign", path), "assignee_id", who, "team_id", "", "version", "0", NULL);
	IS_STATUS(c, 303);
	IS_TEXT(c, sql("SELECT assignee_name FROM conversation WHERE id = '%s'", id), "Davi Nakamura");
	post_form(c, arena_fmt(mem, "%s/assign", path), "assignee_id", user_id(ANA), "team_id", "", "version", "0", NULL);
	IS_STATUS(c, 422);
	post_form(c, arena_fmt(mem, "%s/status", path), "status", "resolved", "version", "0", NULL);
	IS_STATUS(c, 303);
	get(c, path);
	HAS(c, "Conversa resolvida.");
	get(c, path);
	HAS_NOT(c, "id=\"flash\" data-live=\"flash\"><p"); /* once */
	client_free(c);
	client_free(davi);
}

static void expired_session(void)
{
	struct client *c = client_new("luana");
	const char *path = arena_fmt(mem, "/conversations/%s", conversation_make("E2E Expirada"));

	sign_in(c, LUANA);
	get(c, path);
	(void)sql("UPDATE priv.session SET expires_at = now() WHERE token_hash = sha256('%s')", cookie_of(c, "balcao"));
	post_form(c, arena_fmt(mem, "%s/messages", path), "text", "Tarde demais", "internal", "0", "token", token_new(mem), NULL);
	IS_STATUS(c, 303);
	EXPECT(strncmp(location(c), "/login", 6) == 0, "goes to %s", location(c));
	get(c, path);
	IS_TEXT(c, location(c), arena_fmt(mem, "/login?next=%s", url_text(path)));
	EXPECT(sqln("SELECT count(*) FROM message WHERE text = 'Tarde demais'") == 0, "an ended session wrote");
	client_free(c);
}

static void language(void)
{
	struct client *c = client_new("luana");

	get(c, "/login");
	HAS(c, "<html lang=\"pt-BR\"");
	get(c, "/lang?to=en&next=/login");
	IS_TEXT(c, location(c), "/login");
	get(c, "/login");
	HAS(c, "<html lang=\"en\"");
	get(c, "/lang?to=xx&next=/login");
	get(c, "/login");
	HAS(c, "<html lang=\"en\"");
	user_need(CHANGER, "Troca de Senha", "agent", "all");
	sign_in(c, CHANGER);
	get(c, "/account");
	HAS(c, "<html lang=\"pt-BR\"");
	post_form(c, "/account/preferences", "locale", "en", "theme", "dark", NULL);
	IS_STATUS(c, 303);
	get(c, "/account");
	HAS(c, "<html lang=\"en\" data-theme=\"dark\"");
	post_form(c, "/account/preferences", "locale", "fr", "theme", "dark", NULL);
	IS_STATUS(c, 422);
	post_form(c, "/account/preferences", "locale", "pt_BR", "theme", "auto", NULL);
	client_free(c);
}

static void check_headers(struct client *c)
{
	static const char *const want[][2] = { { "X-Content-Type-Options", "nosniff" }, { "Referrer-Policy", "same-origin" }, { "Cache-Control", "no-store" } };
	const char *csp = header(c, "Content-Security-Policy"), *server = header(c, "Server");

	for (size_t i = 0; i < nitems(want); i++)
		EXPECT(same_text(header(c, want[i][0]), want[i][1]), "%s: %s: %s", c->call, want[i][0], shown(header(c, want[i][0])));
	EXPECT(csp != NULL && strstr(csp, "default-src 'none'") != NULL && strstr(csp, "unsafe") == NULL && strstr(csp, "frame-ancestors") != NULL, "%s: CSP %s", c->call, shown(csp));
	EXPECT(header(c, "X-Request-Id") != NULL && strlen(header(c, "X-Request-Id")) == 32, "%s: X-Request-Id %s", c->call, shown(header(c, "X-Request-Id")));
	EXPECT(server == NULL || strchr(server, '/') == NULL, "%s: Server %s", c->call, shown(server));
	EXPECT(times(c, "<script") == times(c, "<script src=") && times(c, " style=") == 0 && times(c, " onclick=") == 0 && times(c, "javascript:") == 0, "%s: inline script or style", c->call);
	EXPECT(c->body.n > 0 && strstr(c->body.p, "<?cs") == NULL, "%s: template code", c->call);
}

static void security_headers(void)
{
	const char *pages[] = {
		"/login", "/", "/conversations", "/contacts", "/leads", "/notifications", "/account", CHAT, CHAT "/messages", "/no/such/page", "/conversations/none",
		arena_fmt(mem, "/conversations/%s", conversation_make("E2E Cabeçalhos")), "/chat/unknown-key-here", "/static/none.css", "/.env", "/api/me", "/api/none",
		"/contacts/01970000-0000-7000-8000-0000000000aa", "/conversations?q=%3Cscript%3Ealert(1)%3C/script%3E", "/conversations?view=%22%3E",
	};
	struct client *c = client_new("luana");

	sign_in(c, LUANA);
	for (size_t i = 0; i < nitems(pages); i++) {
		get(c, pages[i]);
		EXPECT(c->status < 500 && c->status != 0, "%s: %ld", c->call, c->status);
		HAS_NOT(c, "<script>");
		if (c->status == 303)
			continue;
		if (strncmp(pages[i], "/api/none", 9) != 0)
			check_headers(c);
		http(c, "HEAD", pages[i], NULL, NULL);
		EXPECT(c->body.n == 0 && c->status < 500 && c->status != 0, "%s: %ld, %zu bytes", c->call, c->status, c->body.n);
	}
	client_free(c);
}

static void refused_pages(void)
{
	struct client *c = client_new("luana");
	char *big = arena_alloc(mem, 7 * 1024 * 1024 + 1);
	const char *path = arena_fmt(mem, "/conversations/%s/messages", conversation_make("E2E Grande"));

	sign_in(c, LUANA);
	get(c, "/no/such/page");
	IS_STATUS(c, 404);
	HAS(c, "<h1>");
	HAS(c, "href=\"/\"");
	get(c, "/conversations/01970000-0000-7000-8000-0000000000aa");
	IS_STATUS(c, 404);
	HAS(c, "<h1>");
	http(c, "DELETE", "/conversations", NULL, NULL);
	IS_STATUS(c, 405);
	EXPECT(header(c, "Allow") != NULL, "405 without Allow");
	memset(big, 'a', 7 * 1024 * 1024);
	memcpy(big, "text=", 5);
	post_raw(c, path, big);
	IS_STATUS(c, 413);
	HAS(c, "<h1>");
	big[100000] = '\0';
	post_raw(c, path, big);
	IS_STATUS(c, 413);
	HAS(c, "<h1>");
	post_raw(c, path, "text=%zz");
	IS_STATUS(c, 400);
	post_raw(c, path, "text=%ff%fe");
	IS_STATUS(c, 400);
	post_raw(c, path, "text=a%00b");
	IS_STATUS(c, 400);
	send_json(c, "POST", path, "{}");
	IS_STATUS(c, 415);
	client_free(c);
}

CU_TestInfo page_tests[] = {
	{ "signing in, refused and accepted", login_form },
	{ "next= leads to no other host", open_redirect },
	{ "repeated failures are throttled, the wait is told", throttled },
	{ "signing out ends the session", logout },
	{ "a new password ends the other sessions", password_change },
	{ "the list of sessions ends them", sessions_listed },
	{ "messages: token, twice, refused, noted, resolved", conversation_forms },
	{ "taking, assigning, status; a conflict; the flash once", conversation_actions },
	{ "an ended session goes to the login and back", expired_session },
	{ "languages and preferences", language },
	{ "security headers on every page, HEAD", security_headers },
	{ "unknown, not allowed, too large, unreadable", refused_pages },
	CU_TEST_INFO_NULL
};
