/* attach_test.c: files in answers, notes, quick replies and the web chat: what passes, what is refused, who sees it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/crypto/crypto.h"
#include "tests/e2e/world.h"

enum { MIB = 1024 * 1024 };
static const char png_head[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\b\2\0\0\0\x90wS\xde";

/* ---- forms ---- */

/* A PNG as far as anybody looks, of n bytes. */
static void png(struct parts *b, const char *name, size_t n)
{
	char *p = arena_alloc(mem, n);

	memcpy(p, png_head, sizeof(png_head) < n ? sizeof(png_head) : n);
	part_file(b, name, "image/png", p, n);
}

static const char *composer(const char *conv)
{
	return arena_fmt(mem, "/conversations/%s/messages", conv);
}

/* The fields of the composer's form. */
static void form(struct client *c, struct parts *b, const char *text, const char *token, bool note)
{
	part(b, "csrf", c->csrf);
	part(b, "text", text);
	part(b, "internal", note ? "1" : "0");
	part(b, "token", token);
}

static int64_t stored(const char *conv)
{
	return sqln("SELECT count(*) FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.conversation_id = '%s'", conv);
}

static const char *last_file(const char *conv)
{
	return sql("SELECT a.id FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.conversation_id = '%s' ORDER BY a.id DESC LIMIT 1", conv);
}

/* Files in the store, of this tenant or any. */
static size_t in_store(void)
{
	char line[32] = "";
	FILE *f = popen(arena_fmt(mem, "find '%s/files' -type f | wc -l", world.dir), "r");

	EXPECT(f != NULL && fgets(line, sizeof(line), f) != NULL && pclose(f) == 0, "the store cannot be counted");
	return (size_t)strtoul(line, NULL, 10);
}

/* ---- tests ---- */

static void on_the_page(void)
{
	struct client *c = client_new("luana"), *d = client_new("davi"), *theirs = client_new("mirela");
	const char *conv = conversation_make("Anexos"), *token = token_new(mem), *text = arena_fmt(mem, "Segue %.8s", token), *id, *path;
	struct parts b = { 0 };

	sign_in(c, LUANA);
	get(c, arena_fmt(mem, "/conversations/%s", conv));
	HAS(c, "enctype=\"multipart/form-data\"");
	HAS(c, "name=\"files\"");
	for (int i = 0; i < 2; i++) {
		form(c, &b, text, token, false);
		png(&b, "C:\\fotos\\mesa <b>.png", 3000);
		part_file(&b, "nota.txt", "image/png", "Prazo: 10 dias\n", 15);
		parts_post(c, composer(conv), &b, NULL);
		IS_STATUS(c, 303);
	}
	EXPECT(stored(conv) == 2, "two files sent twice with one token are %lld", (long long)stored(conv));
	get(c, arena_fmt(mem, "/conversations/%s", conv));
	HAS(c, text);
	HAS(c, "mesa &lt;b&gt;.png");
	HAS(c, "nota.txt");
	id = sql("SELECT a.id FROM attachment a WHERE a.name = 'mesa <b>.png' ORDER BY a.id DESC LIMIT 1");
	path = arena_fmt(mem, "/files/%s", id);
	get(c, path);
	IS_STATUS(c, 200);
	EXPECT(c->body.n == 3000 && memcmp(c->body.p, png_head, sizeof(png_head) - 1) == 0, "%s: other bytes, %zu of them", c->call, c->body.n);
	IS_TEXT(c, header(c, "Content-Type"), "image/png");
	get(c, arena_fmt(mem, "/files/%s", last_file(conv)));
	IS_TEXT(c, header(c, "Content-Type"), "application/octet-stream");
	EXPECT(header(c, "Content-Disposition") != NULL && strstr(header(c, "Content-Disposition"), "nota.txt") != NULL, "%s: %s", c->call, shown(header(c, "Content-Disposition")));
	sign_in(theirs, MIRELA);
	get(theirs, path);
	IS_STATUS(theirs, 404);
	get(d, path);
	EXPECT(d->status == 401 || d->status == 303, "%s without a session: %ld", d->call, d->status);
	/* A file of another tenant's conversation. */
	form(theirs, &b, "", token_new(mem), false);
	part(&b, "csrf", theirs->csrf);
	png(&b, "x.png", 100);
	parts_post(theirs, composer(conv), &b, NULL);
	IS_STATUS(theirs, 404);
	EXPECT(stored(conv) == 2, "another tenant's file came in");
	/* Without the token of the form. */
	part(&b, "text", "x");
	png(&b, "x.png", 100);
	parts_post(c, composer(conv), &b, NULL);
	IS_STATUS(c, 403);
	client_free(c);
	client_free(d);
	client_free(theirs);
}

/* One refused: the page comes again with its message and the text, and nothing is kept. */
static void refusal(struct client *c, const char *conv, struct parts *b, const char *says)
{
	const char *text = "Um texto que n\xC3\xA3o pode sumir";
	struct parts whole = { 0 };
	int64_t before = stored(conv);
	size_t files = in_store();

	form(c, &whole, text, token_new(mem), false);
	buf_add(&whole.b, b->b.p != NULL ? b->b.p : "", b->b.n);
	buf_free(&b->b);
	parts_post(c, composer(conv), &whole, NULL);
	IS_STATUS(c, 422);
	HAS(c, says);
	HAS(c, text);
	EXPECT(stored(conv) == before && in_store() == files, "%s: %s left something", c->call, says);
}

static void refused(void)
{
	static const char html[] = "<!DOCTYPE html><html><body><script>alert(1)</script></body></html>", svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>";
	struct client *c = client_new("luana");
	const char *conv = conversation_make("Recusas");
	struct parts b = { 0 };

	sign_in(c, LUANA);
	get(c, arena_fmt(mem, "/conversations/%s", conv));
	png(&b, "grande.png", 5 * MIB + 1);
	refusal(c, conv, &b, "grande.png passa de 5 MB");
	part_file(&b, "nada.png", "image/png", "", 0);
	refusal(c, conv, &b, "nada.png est\xC3\xA1 vazio");
	part_file(&b, "foto.png", "image/png", html, sizeof(html) - 1);
	refusal(c, conv, &b, "foto.png n\xC3\xA3o pode ser enviado");
	part_file(&b, "logo.png", "image/png", svg, sizeof(svg) - 1);
	refusal(c, conv, &b, "logo.png n\xC3\xA3o pode ser enviado");
	part_file(&b, "virus.exe", "image/png", "texto", 5);
	refusal(c, conv, &b, "virus.exe n\xC3\xA3o pode ser enviado");
	part_file(&b, "x.txt", "image/png", "MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0@\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0PE\0\0", 68);
	refusal(c, conv, &b, "x.txt n\xC3\xA3o pode ser enviado");
	for (int i = 0; i < 6; i++)
		png(&b, arena_fmt(mem, "%d.png", i), 100);
	refusal(c, conv, &b, "no m\xC3\xA1ximo 5");
	png(&b, "boa.png", 100);
	part_file(&b, "ma.html", "image/png", "oi", 2);
	refusal(c, conv, &b, "ma.html n\xC3\xA3o pode ser enviado");
	/* No text and no file. */
	form(c, &b, "", token_new(mem), false);
	part_file(&b, "", "image/png", "", 0);
	parts_post(c, composer(conv), &b, NULL);
	IS_STATUS(c, 422);
	/* Far too much: nginx says so, before anything is read. */
	form(c, &b, "x", token_new(mem), false);
	png(&b, "enorme.png", 33 * MIB);
	parts_post(c, composer(conv), &b, NULL);
	IS_STATUS(c, 413);
	HAS(c, "Grande demais");
	/* Larger than the route takes, smaller than nginx lets through. */
	form(c, &b, "x", token_new(mem), false);
	png(&b, "enorme.png", 28 * MIB);
	parts_post(c, composer(conv), &b, NULL);
	IS_STATUS(c, 413);
	/* For later: without files. */
	get(c, arena_fmt(mem, "/conversations/%s", conv));
	form(c, &b, "Depois", token_new(mem), false);
	part(&b, "date", sql("SELECT (now() + interval '2 days')::date::text"));
	part(&b, "time", "12:00");
	png(&b, "foto.png", 100);
	parts_post(c, arena_fmt(mem, "/conversations/%s/schedule", conv), &b, NULL);
	IS_STATUS(c, 422);
	HAS(c, "Mensagens agendadas v\xC3\xA3o sem arquivo");
	EXPECT(stored(conv) == 0, "a refused file was kept");
	client_free(c);
}

static void broken_bodies(void)
{
	static const struct { const char *type, *body; int want; } t[] = {
		{ "multipart/form-data", "--x\r\n", 400 },
		{ "multipart/form-data; boundary=x", "", 422 },
		{ "multipart/form-data; boundary=x", "garbage", 400 },
		{ "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"conversation_id\"\r\n\r\nno", 400 },
		{ "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"conversation_id\"\r\n\r\nno\r\n--x--", 422 },
		{ "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"unknown\"\r\n\r\nv\r\n--x--", 422 },
		{ "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"other\"; filename=\"a.png\"\r\n\r\nv\r\n--x--", 422 },
		{ "multipart/mixed; boundary=x", "--x--", 415 },
	};
	struct client *c = client_new("luana");

	bearer(c, LUANA);
	for (size_t i = 0; i < nitems(t); i++) {
		struct body b = { t[i].type, t[i].body, strlen(t[i].body) };

		http(c, "POST", "/api/messages", &b, NULL);
		IS_STATUS(c, t[i].want);
		IS_TEXT(c, header(c, "Content-Type"), "application/problem+json");
	}
	/* A form that takes no files takes no multipart either. */
	http(c, "POST", "/api/tags", &(struct body){ "multipart/form-data; boundary=x", "--x--", 5 }, NULL);
	IS_STATUS(c, 415);
	client_free(c);
}

/* Five of 5 MiB each, to the byte. */
static void largest(void)
{
	struct client *c = client_new("luana");
	const char *conv = conversation_make("Grandes"), *key[] = { arena_fmt(mem, "Idempotency-Key: %s", token_new(mem)), NULL }, *id;
	struct parts b = { 0 };

	bearer(c, LUANA);
	for (int i = 0; i < 2; i++) {
		part(&b, "conversation_id", conv);
		part(&b, "text", "Cinco");
		for (int k = 0; k < 5; k++)
			png(&b, arena_fmt(mem, "%d.png", k), 5 * MIB);
		parts_post(c, "/api/messages", &b, key);
		IS_STATUS(c, 201);
		IS_TEXT(c, js(c, "text"), "Cinco");
		IS_TEXT(c, js(c, "kind"), "image");
		EXPECT(jcount(c, "attachments") == 5, "%s: %zu attachments", c->call, jcount(c, "attachments"));
		IS_TEXT(c, js(c, "attachments.4.name"), "4.png");
		IS_TEXT(c, js(c, "attachments.4.mime"), "image/png");
		IS_TEXT(c, js(c, "attachments.4.size"), "5242880");
		EXPECT(js(c, "attachments.4.file") == NULL && !has(c, "sha256"), "%s: tells the name in the store", c->call);
	}
	EXPECT(stored(conv) == 5, "five files sent twice under one key are %lld", (long long)stored(conv));
	id = js(c, "id");
	get(c, js(c, "attachments.4.url"));
	EXPECT(c->status == 200 && c->body.n == 5 * MIB, "%s: %ld, %zu bytes", c->call, c->status, c->body.n);
	get(c, arena_fmt(mem, "/api/messages/%s", id));
	EXPECT(jcount(c, "attachments") == 5, "%s: %zu attachments", c->call, jcount(c, "attachments"));
	part(&b, "conversation_id", conv);
	png(&b, "g.png", 5 * MIB + 1);
	parts_post(c, "/api/messages", &b, NULL);
	IS_STATUS(c, 422);
	IS_TEXT(c, js(c, "errors.0.pointer"), "/files");
	IS_TEXT(c, js(c, "errors.0.code"), "file_too_big");
	client_free(c);
}

/* The visitor sees the team's files, not those of notes, and nobody else sees the visitor's. */
static void visitors(void)
{
	struct client *a = client_new("visitor A"), *other = client_new("visitor B"), *c = client_new("davi");
	const char *mine = arena_fmt(mem, "Foto %.8s", token_new(mem)), *conv, *sent, *note, *own;
	struct parts b = { 0 };

	get(a, CHAT);
	part(&b, "csrf", a->csrf);
	part(&b, "text", mine);
	part(&b, "name", "Ivo");
	part(&b, "email", "");
	part(&b, "token", token_new(mem));
	png(&b, "meu-quintal.png", 2000);
	parts_post(a, CHAT, &b, NULL);
	IS_STATUS(a, 303);
	conv = sql("SELECT conversation_id FROM message WHERE text = '%s'", mine);
	own = last_file(conv);
	get(a, CHAT);
	HAS(a, "meu-quintal.png");
	HAS(a, arena_fmt(mem, CHAT "/files/%s", own));
	sign_in(c, DAVI);
	get(c, arena_fmt(mem, "/conversations/%s", conv));
	HAS(c, "meu-quintal.png");
	form(c, &b, "Para voc\xC3\xAA", token_new(mem), false);
	png(&b, "orcamento.png", 100);
	part_file(&b, "lista.txt", "image/png", "um\ndois\n", 8);
	parts_post(c, composer(conv), &b, NULL);
	IS_STATUS(c, 303);
	sent = last_file(conv);
	form(c, &b, "", token_new(mem), true);
	part_file(&b, "margem-interna.txt", "image/png", "40%\n", 4);
	parts_post(c, composer(conv), &b, NULL);
	IS_STATUS(c, 303);
	note = last_file(conv);
	EXPECT(strcmp(note, sent) != 0, "the note's file is not there");
	for (int i = 0; i < 2; i++) {
		get(a, i == 0 ? CHAT : CHAT "/messages");
		HAS(a, "orcamento.png");
		HAS(a, "lista.txt");
		HAS_NOT(a, "margem-interna");
	}
	get(a, arena_fmt(mem, CHAT "/files/%s", sent));
	IS_STATUS(a, 200);
	EXPECT(a->body.n == 8, "%s: %zu bytes", a->call, a->body.n);
	get(a, arena_fmt(mem, CHAT "/files/%s", own));
	IS_STATUS(a, 200);
	get(a, arena_fmt(mem, CHAT "/files/%s", note));
	IS_STATUS(a, 404);
	get(a, arena_fmt(mem, "/chat/chat-none/files/%s", sent));
	IS_STATUS(a, 404);
	get(other, CHAT);
	get(other, arena_fmt(mem, CHAT "/files/%s", sent));
	IS_STATUS(other, 404);
	get(other, arena_fmt(mem, CHAT "/files/%s", own));
	IS_STATUS(other, 404);
	/* And what a visitor may not send. */
	part(&b, "csrf", a->csrf);
	part(&b, "text", "veja");
	part(&b, "token", token_new(mem));
	part_file(&b, "pagina.html", "image/png", "<html></html>", 13);
	parts_post(a, CHAT, &b, NULL);
	IS_STATUS(a, 422);
	HAS(a, "pagina.html n\xC3\xA3o pode ser enviado");
	HAS(a, "veja");
	client_free(a);
	client_free(other);
	client_free(c);
}

static void quick_replies(void)
{
	struct client *c = client_new("davi"), *viewer = client_new("vera");
	const char *conv = conversation_make("R\xC3\xA1pidas"), *shortcut = arena_fmt(mem, "e2e-%.8s", sql("SELECT gen_random_uuid()")), *id, *page = arena_fmt(mem, "/conversations/%s", conv);
	struct parts b = { 0 };

	sign_in(c, DAVI);
	get(c, "/quick-replies/new");
	HAS(c, "name=\"files\"");
	part(&b, "csrf", c->csrf);
	part(&b, "shortcut", shortcut);
	part(&b, "title", "Tabela");
	part(&b, "content", "Segue a tabela");
	png(&b, "tabela.png", 500);
	parts_post(c, "/quick-replies", &b, NULL);
	IS_STATUS(c, 303);
	id = sql("SELECT id FROM quick_reply WHERE shortcut = '%s'", shortcut);
	get(c, "/quick-replies");
	HAS(c, "tabela.png");
	get(c, arena_fmt(mem, "/quick-replies/%s/edit", id));
	HAS(c, "tabela.png");
	/* Into the draft, with what was typed to find it taken out. */
	post_form(c, arena_fmt(mem, "%s/quick-reply", page), "quick", id, "text", arena_fmt(mem, "Bom dia\n/%.6s", shortcut), NULL);
	IS_STATUS(c, 303);
	get(c, page);
	HAS(c, "Bom dia\nSegue a tabela");
	HAS(c, arena_fmt(mem, "name=\"quick_file\" value=\"%s\" checked", id));
	form(c, &b, "Segue a tabela", token_new(mem), false);
	part(&b, "quick_file", id);
	png(&b, "mais.png", 100);
	parts_post(c, composer(conv), &b, NULL);
	IS_STATUS(c, 303);
	EXPECT(stored(conv) == 2, "its file and another are %lld", (long long)stored(conv));
	get(c, page);
	HAS_NOT(c, "name=\"quick_file\"");
	get(c, arena_fmt(mem, "/files/%s", last_file(conv)));
	EXPECT(c->status == 200 && c->body.n == 500, "%s: %ld, %zu bytes", c->call, c->status, c->body.n);
	/* Left out: the box is not checked. */
	get(c, page);
	form(c, &b, "Sem", token_new(mem), false);
	parts_post(c, composer(conv), &b, NULL);
	EXPECT(c->status == 303 && stored(conv) == 2, "%s: %ld, %lld files", c->call, c->status, (long long)stored(conv));
	/* Called in the text. */
	form(c, &b, arena_fmt(mem, "/%s", shortcut), token_new(mem), false);
	parts_post(c, composer(conv), &b, NULL);
	EXPECT(c->status == 303 && stored(conv) == 3, "%s: %ld, %lld files", c->call, c->status, (long long)stored(conv));
	/* Sent once, it stays with the conversation when the quick reply loses it. */
	get(c, arena_fmt(mem, "/quick-replies/%s/edit", id));
	part(&b, "csrf", c->csrf);
	part(&b, "shortcut", shortcut);
	part(&b, "title", "Tabela");
	part(&b, "content", "Segue a tabela");
	part(&b, "version", input_value(c, "version"));
	part(&b, "drop_file", "1");
	parts_post(c, arena_fmt(mem, "/quick-replies/%s", id), &b, NULL);
	IS_STATUS(c, 303);
	get(c, arena_fmt(mem, "/api/quick-replies/%s", id));
	EXPECT(js(c, "file_name") == NULL && jv(c, "file") == NULL, "%s: still has its file", c->call);
	get(c, arena_fmt(mem, "/files/%s", last_file(conv)));
	IS_STATUS(c, 200);
	/* Two are too many; a viewer may not. */
	part(&b, "csrf", c->csrf);
	part(&b, "shortcut", shortcut);
	part(&b, "title", "Tabela");
	part(&b, "content", "Segue a tabela");
	part(&b, "version", "0");
	png(&b, "a.png", 100);
	png(&b, "b.png", 100);
	parts_post(c, arena_fmt(mem, "/quick-replies/%s", id), &b, NULL);
	IS_STATUS(c, 422);
	sign_in(viewer, VERA);
	form(viewer, &b, "x", token_new(mem), false);
	png(&b, "a.png", 100);
	parts_post(viewer, composer(conv), &b, NULL);
	IS_STATUS(viewer, 403);
	client_free(c);
	client_free(viewer);
}

CU_TestInfo attach_tests[] = {
	{ "files of an answer: sent once, shown, of this tenant", on_the_page },
	{ "what is refused leaves the text and nothing else", refused },
	{ "bodies that are no forms", broken_bodies },
	{ "five of 5 MiB pass, by the API, once", largest },
	{ "visitors: theirs, the team's, never a note's", visitors },
	{ "quick replies carry a file", quick_replies },
	CU_TEST_INFO_NULL,
};
