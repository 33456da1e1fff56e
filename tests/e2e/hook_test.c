/* hook_test.c: what WhatsApp sends, and what goes back through the double. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/crypto/crypto.h"
#include "tests/e2e/world.h"

#define HOOK "/hooks/whatsapp"

static int64_t stored(void)
{
	return sqln("SELECT count(*) FROM webhook_event");
}

/* Whatever came in was looked at. */
static bool all_read(void)
{
	return WAIT(30, sqln("SELECT count(*) FROM webhook_event WHERE state = 'received'") == 0);
}

static const char *own_hook(void)
{
	return arena_fmt(mem, HOOK "/%s", sql("SELECT id FROM connection WHERE external_id = '" OBRA "' AND own_app"));
}

static void handshake(void)
{
	struct { const char *path, *mode, *token, *challenge; int status; } rows[] = {
		{ HOOK, "subscribe", world.verify, "1158201444", 200 }, { HOOK, "subscribe", "wrong", "1158201444", 403 }, { HOOK, "subscribe", "", "1", 403 },
		{ HOOK, "unsubscribe", world.verify, "1", 403 }, { HOOK, "", world.verify, "1", 403 }, { HOOK, "subscribe", world.verify, NULL, 403 },
		{ HOOK, "subscribe", OBRA_VERIFY, "1", 403 }, { own_hook(), "subscribe", OBRA_VERIFY, "<b>&", 200 }, { own_hook(), "subscribe", world.verify, "1", 403 },
		{ HOOK "/01970000-0000-7000-8000-0000000000aa", "subscribe", world.verify, "1", 404 },
		{ arena_fmt(mem, HOOK "/%s", sql("SELECT id FROM connection WHERE external_id = '" LOJA "'")), "subscribe", world.verify, "1", 404 },
		{ HOOK "/not-an-id", "subscribe", world.verify, "1", 404 },
	};
	struct client *c = client_new("Meta");

	for (size_t i = 0; i < nitems(rows); i++) {
		get(c, arena_fmt(mem, "%s?hub.mode=%s&hub.verify_token=%s%s%s", rows[i].path, rows[i].mode, url_text(rows[i].token),
		    rows[i].challenge != NULL ? "&hub.challenge=" : "", rows[i].challenge != NULL ? url_text(rows[i].challenge) : ""));
		IS_STATUS(c, rows[i].status);
		if (rows[i].status != 200)
			continue;
		EXPECT(c->body.n == strlen(rows[i].challenge) && has(c, rows[i].challenge), "%s: %s", c->call, c->body.p);
		EXPECT(strncmp(header(c, "Content-Type"), "text/plain", 10) == 0, "%s: %s", c->call, header(c, "Content-Type"));
	}
	get(c, HOOK);
	IS_STATUS(c, 403);
	client_free(c);
}

static void signatures(void)
{
	const char *text = hook_text(LOJA, "5531988880001", "Assinada", wamid_new(), "nunca guardada"), *hex;
	struct body b = { "application/json", text, strlen(text) }, none = { "application/json", "", 0 };
	const char *headers[] = { NULL, NULL };
	struct client *c = client_new("forger");
	int64_t before = stored();
	uint8_t mac[32];
	char *upper;

	hmac_sha256(world.secret, strlen(world.secret), b.data, b.n, mac);
	hex = hex_encode(mem, mac, 32);
	upper = arena_str(mem, hex);
	for (char *p = upper; *p != '\0'; p++)
		*p = (char)(*p >= 'a' ? *p - 32 : *p);
	const char *const bad[] = {
		"sha256=", "sha256", "", hex, arena_fmt(mem, "sha1=%s", hex), arena_fmt(mem, "sha256=%.63s", hex), arena_fmt(mem, "sha256=%.62s", hex), arena_fmt(mem, "sha256=%s0", hex),
		"sha256=0000000000000000000000000000000000000000000000000000000000000000", arena_fmt(mem, "SHA256=%s", hex), arena_fmt(mem, "sha256= %s", hex), arena_fmt(mem, "sha256=%.60szzzz", hex),
	};

	http(c, "POST", HOOK, &b, NULL);
	IS_STATUS(c, 401);
	for (size_t i = 0; i < nitems(bad); i++) {
		headers[0] = arena_fmt(mem, "X-Hub-Signature-256: %s", bad[i]);
		http(c, "POST", HOOK, &b, headers);
		EXPECT(c->status == 401, "signature [%s]: %ld", bad[i], c->status);
	}
	headers[0] = arena_fmt(mem, "X-Hub-Signature-256: sha256=%s", hex);
	http(c, "POST", HOOK, &none, headers);
	IS_STATUS(c, 401);
	b.n--;
	http(c, "POST", HOOK, &b, headers);
	IS_STATUS(c, 401);
	b.n++;
	hook_post(c, HOOK, OBRA_SECRET, b.data, b.n);
	IS_STATUS(c, 401);
	hook_post(c, own_hook(), world.secret, b.data, b.n);
	IS_STATUS(c, 401);
	hook_post(c, HOOK "/01970000-0000-7000-8000-0000000000aa", world.secret, b.data, b.n);
	IS_STATUS(c, 404);
	EXPECT(stored() == before, "%lld refused bodies were stored", (long long)(stored() - before));
	headers[0] = arena_fmt(mem, "X-Hub-Signature-256: sha256=%s", upper);
	http(c, "POST", HOOK, &b, headers);
	IS_STATUS(c, 200);
	EXPECT(stored() == before + 1, "the signed body was not stored");
	client_free(c);
}

/* Signed bodies that cannot be what WhatsApp sends; @ makes each new. */
static void kept_as_rejected(void)
{
	static const char *const bodies[] = {
		"{\"object\":\"whatsapp_business_account\",\"entry\":[\"@\"", "[\"@\"]", "\"@\"", "{\"object\":\"page\",\"entry\":[\"@\"]}",
		"{\"object\":\"whatsapp_business_account\",\"x\":\"@\"}", "not json at all @",
		"{\"object\":\"whatsapp_business_account\",\"object\":\"@\",\"entry\":[]}", "{\"object\":\"\xff @\"}",
	};
	struct client *c = client_new("Meta");

	for (size_t i = 0; i < nitems(bodies); i++) {
		const char *at = strchr(bodies[i], '@');
		const char *text = arena_fmt(mem, "%.*s%s%s", (int)(at - bodies[i]), bodies[i], token_new(mem), at + 1);
		const char *hex = hex_encode(mem, text, strlen(text));

		hook_post(c, HOOK, world.secret, text, strlen(text));
		IS_STATUS(c, 200);
		IS_TEXT(c, sql("SELECT state FROM webhook_event WHERE body = '\\x%s'", hex), "rejected");
		EXPECT(*sql("SELECT reason FROM webhook_event WHERE body = '\\x%s'", hex) != '\0', "no reason for %s", text);
	}
	hook_post(c, HOOK, world.secret, "", 0);
	EXPECT(c->status == 200, "%s of nothing: %ld", c->call, c->status);
	client_free(c);
}

static void sizes(void)
{
	const size_t most = 3 * 1024 * 1024;
	const char *head = arena_fmt(mem, "{\"object\":\"whatsapp_business_account\",\"entry\":[],\"pad\":\"%s", token_new(mem));
	char *big = arena_alloc(mem, most + 2);
	struct client *c = client_new("Meta");
	int64_t before = stored();

	memset(big, 'x', most + 1);
	memcpy(big, head, strlen(head));
	memcpy(big + most - 2, "\"}", 2);
	hook_post(c, HOOK, world.secret, big, most);
	IS_STATUS(c, 200);
	EXPECT(stored() == before + 1, "3 MiB were not stored");
	EXPECT(sqln("SELECT max(length(body)) FROM webhook_event") == (int64_t)most, "3 MiB were cut");
	memcpy(big + most - 2, "xx\"", 3);
	hook_post(c, HOOK, world.secret, big, most + 1);
	IS_STATUS(c, 413);
	EXPECT(stored() == before + 1, "more than 3 MiB were stored");
	(void)sql("DELETE FROM webhook_event WHERE length(body) = %zu", most);
	client_free(c);
}

/* The conversation of a customer, as the API lists it; NULL when it is not there. */
static const char *listed(struct client *c, const char *name, const char *preview)
{
	get(c, "/api/conversations?limit=100&status=any");
	for (size_t i = 0; i < jcount(c, "items"); i++)
		if (same_text(js(c, arena_fmt(mem, "items.%zu.contact_name", i)), name) &&
		    (preview == NULL || same_text(js(c, arena_fmt(mem, "items.%zu.preview", i)), preview)))
			return js(c, arena_fmt(mem, "items.%zu.id", i));
	return NULL;
}

static const char *number_new(void)
{
	uint8_t b[4];

	random_bytes(b, sizeof(b));
	return arena_fmt(mem, "55319%04u%04u", 7000u + (unsigned)(b[0] * 256 + b[1]) % 2000u, (unsigned)(b[2] * 256 + b[3]) % 10000u);
}

static void once_however_often(void)
{
	struct client *meta = client_new("Meta"), *c = client_new("davi");
	const char *name = arena_fmt(mem, "Ângela %.6s", token_new(mem)), *said = "Olá! Ação, coração 👍🏽 e “aspas” \\ \" \n fim";
	const char *text = hook_text(LOJA, number_new(), name, wamid_new(), said), *id = NULL;
	int64_t before = stored();

	for (int i = 0; i < 5; i++) {
		hook_post(meta, HOOK, world.secret, text, strlen(text));
		IS_STATUS(meta, 200);
	}
	EXPECT(stored() == before + 1, "stored %lld times", (long long)(stored() - before));
	bearer(c, DAVI);
	EXPECT(WAIT(30, (id = listed(c, name, NULL)) != NULL), "the message is not listed");
	if (id != NULL) {
		get(c, arena_fmt(mem, "/api/conversations/%s/messages", id));
		EXPECT(jcount(c, "items") == 1, "%zu messages", jcount(c, "items"));
		IS_TEXT(c, js(c, "items.0.text"), said);
		IS_TEXT(c, js(c, "items.0.direction"), "in");
		/* The same message in another body, with its text in \u escapes. */
		text = arena_fmt(mem, "%.*s ,\"more\":1}", (int)strlen(text) - 1, text);
		hook_post(meta, HOOK, world.secret, text, strlen(text));
		IS_STATUS(meta, 200);
		EXPECT(all_read(), "webhooks are left");
		get(c, arena_fmt(mem, "/api/conversations/%s/messages", id));
		EXPECT(jcount(c, "items") == 1, "the same wamid in another body: %zu messages", jcount(c, "items"));
	}
	client_free(meta);
	client_free(c);
}

static void escapes(void)
{
	struct client *meta = client_new("Meta"), *c = client_new("davi");
	const char *name = arena_fmt(mem, "Zoe %.6s", token_new(mem)), *id = NULL;
	const char *plain = hook_text(LOJA, number_new(), name, wamid_new(), "@@@"), *at = strstr(plain, "@@@");
	const char *text = arena_fmt(mem, "%.*sj\\u00e1 \\ud83d\\ude0a \\u0041%s", (int)(at - plain), plain, at + 3);

	hook_post(meta, HOOK, world.secret, text, strlen(text));
	IS_STATUS(meta, 200);
	bearer(c, DAVI);
	EXPECT(WAIT(30, (id = listed(c, name, "já 😊 A")) != NULL), "escapes are not read");
	client_free(meta);
	client_free(c);
}

static bool status_is(struct client *c, const char *id, const char *want)
{
	get(c, arena_fmt(mem, "/api/messages/%s", id));
	return same_text(js(c, "status"), want);
}

static const char *customer_writes(struct client *meta, struct client *c, const char *hook, const char *phone_id, const char *secret)
{
	const char *name = arena_fmt(mem, "Cliente %.6s", token_new(mem)), *id = NULL, *text = hook_text(phone_id, number_new(), name, wamid_new(), "Bom dia");

	hook_post(meta, hook, secret, text, strlen(text));
	IS_STATUS(meta, 200);
	EXPECT(WAIT(30, (id = listed(c, name, NULL)) != NULL), "%s: the message is not listed", hook);
	return id;
}

static void reply_and_ticks(void)
{
	struct client *meta = client_new("Meta"), *c = client_new("davi");
	const char *conv, *id;

	bearer(c, DAVI);
	conv = customer_writes(meta, c, HOOK, LOJA, world.secret);
	if (conv != NULL) {
		send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"Bom dia! Já vejo.\"}", conv));
		IS_STATUS(c, 201);
		id = js(c, "id");
		IS_TEXT(c, js(c, "status"), "queued");
		EXPECT(WAIT(30, status_is(c, id, "read")), "the answer is %s", shown(js(c, "status")));
		EXPECT(js(c, "external_id") != NULL && strncmp(js(c, "external_id"), "wamid.", 6) == 0, "external_id %s", shown(js(c, "external_id")));
		EXPECT(js(c, "delivered_at") != NULL && js(c, "read_at") != NULL, "ticks without times");
		(void)sql("UPDATE conversation SET window_until = now() - interval '1 minute' WHERE id = '%s'", conv);
		send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"tarde\"}", conv));
		IS_STATUS(c, 422);
		IS_TEXT(c, js(c, "errors.0.code"), "window_shut");
		IS_TEXT(c, js(c, "errors.0.pointer"), "/text");
		send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"só nota\",\"internal\":true}", conv));
		IS_STATUS(c, 201);
		EXPECT(sqln("SELECT count(*) FROM message WHERE conversation_id = '%s' AND text = 'tarde'", conv) == 0, "stored in spite of the shut window");
	}
	client_free(meta);
	client_free(c);
}

static void own_app(void)
{
	struct client *meta = client_new("Meta"), *c = client_new("davi");
	const char *text = hook_text(OBRA, number_new(), "Errada", wamid_new(), "pela porta errada");

	bearer(c, DAVI);
	(void)customer_writes(meta, c, own_hook(), OBRA, OBRA_SECRET);
	/* The number of a tenant's own app does not come in by the shared door, nor the other way round. */
	hook_post(meta, HOOK, world.secret, text, strlen(text));
	IS_STATUS(meta, 200);
	text = hook_text(LOJA, number_new(), "Errada", wamid_new(), "pela porta errada");
	hook_post(meta, own_hook(), OBRA_SECRET, text, strlen(text));
	IS_STATUS(meta, 200);
	EXPECT(all_read(), "webhooks are left");
	EXPECT(sqln("SELECT count(*) FROM message WHERE text = 'pela porta errada'") == 0, "a message came in by the wrong door");
	client_free(meta);
	client_free(c);
}

CU_TestInfo hook_tests[] = {
	{ "handshake", handshake },
	{ "signatures", signatures },
	{ "signed but unreadable is kept as rejected", kept_as_rejected },
	{ "3 MiB and one byte more", sizes },
	{ "the same body five times, and its message", once_however_often },
	{ "escapes", escapes },
	{ "an answer goes out, its ticks rise, the window shuts", reply_and_ticks },
	{ "a tenant's own app", own_app },
	CU_TEST_INFO_NULL
};
