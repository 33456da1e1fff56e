/* fault_test.c: the database away, a program killed, the provider down; and that all comes back by itself. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "lib/crypto/crypto.h"
#include "tests/e2e/world.h"

/* Two are what the programs take at most; the rest is for a machine that is busy with other things. */
#define SECONDS 3.9

static bool answers(struct client *c, const char *path)
{
	return get(c, path) == 200;
}

static void away(struct client *page, struct client *api, const char *how)
{
	static const char *const pages[] = { "/conversations", "/contacts", "/account", CHAT };
	static const char *const calls[] = { "/api/conversations", "/api/contacts", "/api/me" };

	for (size_t i = 0; i < nitems(pages); i++) {
		get(page, pages[i]);
		EXPECT(page->status == 503, "database %s, %s: %ld, want 503", how, page->call, page->status);
		EXPECT(page->seconds < SECONDS, "database %s, %s: after %.2f s", how, page->call, page->seconds);
		EXPECT(header(page, "Retry-After") != NULL, "database %s, %s: no Retry-After", how, page->call);
		HAS(page, "<h1>");
	}
	for (size_t i = 0; i < nitems(calls); i++) {
		get(api, calls[i]);
		EXPECT(api->status == 503, "database %s, %s: %ld, want 503", how, api->call, api->status);
		EXPECT(api->seconds < SECONDS, "database %s, %s: after %.2f s", how, api->call, api->seconds);
		EXPECT(header(api, "Retry-After") != NULL, "database %s, %s: no Retry-After", how, api->call);
		IS_TEXT(api, header(api, "Content-Type"), "application/problem+json");
	}
}

static void back(struct client *page, struct client *api)
{
	EXPECT(WAIT(30, answers(api, "/api/conversations")), "%s stays %ld", api->call, api->status);
	EXPECT(WAIT(30, answers(page, "/conversations")), "%s stays %ld", page->call, page->status);
	EXPECT(WAIT(30, answers(page, CHAT)), "%s stays %ld", page->call, page->status);
	EXPECT(WAIT(30, answers(api, "/health")), "%s stays %ld: %.200s", api->call, api->status, api->body.p);
}

static void to_postgres(int sig)
{
	long pid = pid_of("postgres"), kids[100];
	size_t n = pids_below(pid, "postgres", kids, nitems(kids));

	kill((pid_t)pid, sig);
	for (size_t i = 0; i < n; i++)
		kill((pid_t)kids[i], sig);
}

/* Killed: connections are refused until the supervisor has started it again, which we hold up. */
static void database_killed(void)
{
	struct client *page = client_new("luana"), *api = client_new("davi");
	long supervisor = pid_of("supervise");

	sign_in(page, LUANA);
	bearer(api, DAVI);
	get(page, "/conversations");
	IS_STATUS(page, 200);
	kill((pid_t)supervisor, SIGSTOP);
	to_postgres(SIGKILL);
	nap(300);
	away(page, api, "killed");
	kill((pid_t)supervisor, SIGCONT);
	back(page, api);
	client_free(page);
	client_free(api);
}

/* Stopped: it accepts and says nothing. */
static void database_hangs(void)
{
	struct client *page = client_new("luana"), *api = client_new("davi");

	sign_in(page, LUANA);
	bearer(api, DAVI);
	to_postgres(SIGSTOP);
	away(page, api, "hanging");
	to_postgres(SIGCONT);
	back(page, api);
	client_free(page);
	client_free(api);
}

/* The processes of one program, and then its parent too. */
static void program_killed(void)
{
	static const char *const programs[] = { "inbox", "contacts", "auth", "hooks", "chat" };
	static const char *const paths[] = { "/api/conversations", "/api/contacts", "/api/me", "/hooks/whatsapp", CHAT };
	struct client *c = client_new("davi");

	bearer(c, DAVI);
	for (size_t i = 0; i < nitems(programs); i++) {
		program_signal(programs[i], SIGKILL);
		for (size_t k = 0; k < nitems(programs); k++) {
			if (k == i)
				continue;
			get(c, paths[k]);
			EXPECT(c->status == (strncmp(paths[k], "/hooks", 6) == 0 ? 403 : 200) && c->seconds < SECONDS, "%s killed, %s: %ld after %.2f s", programs[i], c->call, c->status, c->seconds);
		}
		EXPECT(WAIT(30, get(c, paths[i]) == 200 || c->status == 403), "%s does not come back: %ld", programs[i], c->status);
	}
	kill((pid_t)pid_of("inbox"), SIGKILL);
	get(c, "/api/contacts");
	IS_STATUS(c, 200);
	EXPECT(WAIT(30, answers(c, "/api/conversations")), "inbox does not come back when its parent is killed: %ld", c->status);
	EXPECT(WAIT(30, answers(c, "/health")), "%s: %ld %.200s", c->call, c->status, c->body.p);
	client_free(c);
}

static bool status_is(struct client *c, const char *id, const char *want)
{
	get(c, arena_fmt(mem, "/api/messages/%s", id));
	return same_text(js(c, "status"), want);
}

/* A customer's message, so that one may answer. The conversation. */
static const char *customer(void)
{
	const char *name = arena_fmt(mem, "Espera %.6s", token_new(mem)), *conv = "", *text;
	struct client *meta = client_new("Meta");

	text = hook_text(LOJA, arena_fmt(mem, "553198%07lld", (long long)sqln("SELECT (random() * 9999999)::int")), name, wamid_new(), "Alô?");
	hook_post(meta, "/hooks/whatsapp", world.secret, text, strlen(text));
	IS_STATUS(meta, 200);
	EXPECT(WAIT(30, *(conv = sql("SELECT id FROM conversation WHERE contact_name = '%s'", name)) != '\0'), "the message does not arrive");
	client_free(meta);
	return conv;
}

/* Nobody listens: messages wait, the page says so; they go out once the provider is back. */
static void provider_down(void)
{
	struct client *c = client_new("davi"), *page = client_new("davi");
	const char *conv = customer(), *id;
	long supervisor = pid_of("supervise");

	bearer(c, DAVI);
	sign_in(page, DAVI);
	kill((pid_t)supervisor, SIGSTOP);
	kill((pid_t)pid_of("stub"), SIGKILL);
	nap(200);
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"Quando der\"}", conv));
	IS_STATUS(c, 201);
	id = js(c, "id");
	nap(3000);
	EXPECT(id != NULL && status_is(c, id, "queued"), "with the provider down the message is %s", shown(js(c, "status")));
	get(page, arena_fmt(mem, "/conversations/%s", conv));
	HAS(page, "Na fila");
	kill((pid_t)supervisor, SIGCONT);
	EXPECT(id != NULL && WAIT(60, status_is(c, id, "read")), "the message stays %s", shown(js(c, "status")));
	client_free(c);
	client_free(page);
}

/* It takes the request and drops the line: nobody knows. Said so, and sent again only when somebody decides it. */
static void provider_cut(void)
{
	struct client *c = client_new("davi"), *page = client_new("davi");
	const char *conv = customer(), *id;

	bearer(c, DAVI);
	sign_in(page, DAVI);
	stub_control("{\"down\":true}");
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"Chegou?\"}", conv));
	IS_STATUS(c, 201);
	id = js(c, "id");
	EXPECT(id != NULL && WAIT(30, status_is(c, id, "uncertain")), "after a cut line the message is %s", shown(js(c, "status")));
	stub_control("{\"down\":false}");
	get(page, arena_fmt(mem, "/conversations/%s", conv));
	HAS(page, arena_fmt(mem, "/conversations/%s/messages/%s/retry", conv, shown(id)));
	post_form(page, arena_fmt(mem, "/conversations/%s/messages/%s/retry", conv, shown(id)), NULL);
	IS_STATUS(page, 303);
	EXPECT(id != NULL && WAIT(30, status_is(c, id, "read")), "after the retry the message is %s", shown(js(c, "status")));
	client_free(c);
	client_free(page);
}

CU_TestInfo fault_tests[] = {
	{ "the provider is down", provider_down },
	{ "the provider cuts the line", provider_cut },
	{ "one program is killed", program_killed },
	{ "the database is killed", database_killed },
	{ "the database hangs", database_hangs },
	CU_TEST_INFO_NULL
};
