/* chat_test.c: a visitor of the tenant's web site, with nothing but forms. */
#include <stdio.h>
#include <string.h>

#include "lib/crypto/crypto.h"
#include "tests/e2e/world.h"

#define XSS "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"

static long say(struct client *c, const char *text, const char *name)
{
	return post_form(c, CHAT, "text", text, "name", name, "email", "", "token", token_new(mem), NULL);
}

/* The conversation that holds this text. */
static const char *conversation_of(const char *text)
{
	return sql("SELECT conversation_id FROM message WHERE text = '%s'", text);
}

static void back_and_forth(void)
{
	struct client *a = client_new("visitor A"), *b = client_new("visitor B"), *agent = client_new("davi");
	const char *mine = arena_fmt(mem, "Pergunta %.8s", token_new(mem)), *answer = arena_fmt(mem, "Resposta %.8s", token_new(mem)), *note = arena_fmt(mem, "Nota %.8s", token_new(mem)), *conv;

	get(a, CHAT);
	IS_STATUS(a, 200);
	HAS(a, "Marcenaria Ipê-Amarelo");
	EXPECT(cookie_of(a, "balcao_visitor") != NULL, "the visitor gets no cookie");
	say(a, mine, "Ivo Visitante");
	IS_STATUS(a, 303);
	get(a, CHAT);
	HAS(a, mine);
	conv = conversation_of(mine);
	get(b, CHAT);
	HAS_NOT(b, mine);
	say(b, arena_fmt(mem, "De outro %.8s", token_new(mem)), "");
	IS_STATUS(b, 303);
	bearer(agent, DAVI);
	send_json(agent, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"%s\"}", conv, answer));
	IS_STATUS(agent, 201);
	send_json(agent, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"%s\",\"internal\":true}", conv, note));
	IS_STATUS(agent, 201);
	for (int i = 0; i < 2; i++) {
		get(a, i == 0 ? CHAT : CHAT "/messages");
		IS_STATUS(a, 200);
		HAS(a, mine);
		HAS(a, answer);
		HAS_NOT(a, note);
		get(b, i == 0 ? CHAT : CHAT "/messages");
		HAS_NOT(b, mine);
		HAS_NOT(b, answer);
		HAS_NOT(b, note);
	}
	EXPECT(same_text(header(a, "Refresh"), "10"), "the frame does not ask again: %s", shown(header(a, "Refresh")));
	/* Comes back: the same conversation. */
	say(a, arena_fmt(mem, "%s de novo", mine), "");
	IS_TEXT(a, conversation_of(arena_fmt(mem, "%s de novo", mine)), conv);
	EXPECT(WAIT(30, same_text(sql("SELECT status FROM message WHERE text = '%s'", answer), "read")), "what the visitor saw is not marked as read");
	client_free(a);
	client_free(b);
	client_free(agent);
}

/* Notes, activities and names of the team's inner life appear in no answer to the visitor. */
static void nothing_inner(void)
{
	struct client *a = client_new("visitor"), *agent = client_new("davi");
	const char *mine = arena_fmt(mem, "Segredo %.8s", token_new(mem)), *conv;

	get(a, CHAT);
	say(a, mine, "Curiosa");
	conv = conversation_of(mine);
	sign_in(agent, DAVI);
	post_form(agent, arena_fmt(mem, "/conversations/%s/messages", conv), "text", "NOTA-INTERNA-XYZ", "internal", "1", "token", token_new(mem), NULL);
	post_form(agent, arena_fmt(mem, "/conversations/%s/take", conv), NULL);
	post_form(agent, arena_fmt(mem, "/conversations/%s/status", conv), "status", "pending", "version", "0", NULL);
	IS_STATUS(agent, 303);
	get(a, CHAT);
	HAS(a, mine);
	HAS_NOT(a, "NOTA-INTERNA-XYZ");
	HAS_NOT(a, "Conversa assumida");
	HAS_NOT(a, "class=\"sys\"");
	post_form(a, CHAT, "text", "", "name", "", "email", "not an address", "token", token_new(mem), NULL);
	IS_STATUS(a, 422);
	HAS_NOT(a, "NOTA-INTERNA-XYZ");
	client_free(a);
	client_free(agent);
}

static void refused(void)
{
	struct client *a = client_new("visitor"), *b = client_new("visitor B");
	const char *token = token_new(mem), *text = arena_fmt(mem, "Uma vez %.8s", token);
	char *longest = arena_alloc(mem, 4002);

	get(a, CHAT);
	for (int i = 0; i < 3; i++)
		post_form(a, CHAT, "text", text, "name", "", "email", "", "token", token, NULL);
	IS_STATUS(a, 303);
	EXPECT(sqln("SELECT count(*) FROM message WHERE text = '%s'", text) == 1, "the same form made several messages");
	post_form(a, CHAT, "text", "Guarde isto", "name", "", "email", "errado", "token", token_new(mem), NULL);
	IS_STATUS(a, 422);
	HAS(a, "Guarde isto");
	memset(longest, 'a', 4001);
	say(a, longest, "");
	IS_STATUS(a, 422);
	post_form(a, CHAT, "text", "x", "name", "", "email", "", "token", "a'b", NULL);
	IS_STATUS(a, 422);
	post_raw(a, CHAT, arena_fmt(mem, "text=x&name=&email=&token=%s", token_new(mem)));
	IS_STATUS(a, 403);
	snprintf(b->csrf, sizeof(b->csrf), "%s", a->csrf);
	say(b, "sem biscoito", "");
	IS_STATUS(b, 403);
	get(a, "/chat/chat-nobody-knows");
	IS_STATUS(a, 404);
	get(a, "/chat/chat-nobody-knows/messages");
	IS_STATUS(a, 404);
	post_form(a, "/chat/chat-nobody-knows", "text", "x", "name", "", "email", "", "token", token_new(mem), NULL);
	IS_STATUS(a, 404);
	get(a, "/chat/..%2f..%2fetc");
	EXPECT(a->status == 400 || a->status == 404, "%s: %ld", a->call, a->status);
	client_free(a);
	client_free(b);
}

static void too_much(void)
{
	struct client *a = client_new("visitor");
	int n = 0;

	get(a, CHAT);
	while (n < 40 && say(a, arena_fmt(mem, "número %d", n), "Apressada") == 303)
		n++;
	IS_STATUS(a, 429);
	EXPECT(n >= 10 && n <= 30, "%d messages in a row", n);
	EXPECT(header(a, "Retry-After") != NULL, "429 without Retry-After");
	HAS(a, arena_fmt(mem, "número %d", n)); /* what was typed is not lost */
	client_free(a);
}

static void hostile_text(void)
{
	struct client *a = client_new("visitor"), *agent = client_new("davi");
	const char *mark = arena_fmt(mem, "%.8s", token_new(mem)), *conv;

	get(a, CHAT);
	say(a, arena_fmt(mem, "%s " XSS " <?cs var:Page.csrf ?> {{7*7}} ${7*7}", mark), "<b>" XSS);
	IS_STATUS(a, 303);
	conv = sql("SELECT conversation_id FROM message WHERE text LIKE '%s%%'", mark);
	get(a, CHAT);
	HAS(a, "&lt;script&gt;alert(1)&lt;/script&gt;");
	HAS_NOT(a, "<script>alert");
	HAS_NOT(a, "<img src=x");
	sign_in(agent, DAVI);
	get(agent, arena_fmt(mem, "/conversations/%s", conv));
	IS_STATUS(agent, 200);
	HAS(agent, "&lt;script&gt;alert(1)&lt;/script&gt;");
	HAS_NOT(agent, "<script>alert");
	HAS_NOT(agent, "<img src=x");
	get(agent, "/conversations");
	HAS_NOT(agent, "<script>alert");
	get(agent, "/leads");
	HAS_NOT(agent, "<script>alert");
	get(agent, arena_fmt(mem, "/api/conversations/%s/messages", conv));
	HAS_NOT(agent, "<script>");
	EXPECT(js(agent, "items.0.text") != NULL && strstr(js(agent, "items.0.text"), XSS) != NULL, "the API changed the text");
	client_free(a);
	client_free(agent);
}

CU_TestInfo chat_tests[] = {
	{ "a visitor asks, is answered, comes back; another sees nothing", back_and_forth },
	{ "nothing of the team's inner life", nothing_inner },
	{ "refused: twice, too long, unknown, without token", refused },
	{ "too many messages", too_much },
	{ "hostile text is shown as text", hostile_text },
	CU_TEST_INFO_NULL
};
