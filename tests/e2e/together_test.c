/* together_test.c: several people on one conversation, over HTTP: calling people in notes, merging, every kind of message in the thread. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/crypto/crypto.h"
#include "model/whatsapp.h"
#include "tests/e2e/world.h"

#define GABI "e2e.gabi@marcenaria.test"
#define GABRIELA "e2e.gabi.dois@marcenaria.test"
#define LONELY "e2e.so@marcenaria.test"

static const char *page(const char *id)
{
	return arena_fmt(mem, "/conversations/%s", id);
}

static long note(struct client *c, const char *id, const char *text, const char *mention)
{
	get(c, page(id));
	return mention == NULL ? post_form(c, arena_fmt(mem, "/conversations/%s/messages", id), "internal", "1", "text", text, "token", token_new(mem), NULL) :
	    post_form(c, arena_fmt(mem, "/conversations/%s/messages", id), "internal", "1", "text", text, "token", token_new(mem), "mention", mention, NULL);
}

static int64_t told(const char *email, const char *conversation)
{
	return sqln("SELECT count(*) FROM notification n JOIN user_account u ON u.id = n.user_id WHERE u.email = '%s' AND n.conversation_id = '%s' AND n.kind = 'mention'", email, conversation);
}

static void mentions(void)
{
	struct client *c = client_new("luana"), *d = client_new("davi");
	const char *id = conversation_make("E2E Nota");

	user_need(GABI, "Gábi Um", "agent", "all");
	user_need(GABRIELA, "Gabi Dois", "agent", "all");
	user_need(LONELY, "Solange", "agent", "own");
	sign_in(c, LUANA);
	note(c, id, "@davi veja isto <b>já</b>", NULL);
	IS_STATUS(c, 303);
	get(c, page(id));
	HAS(c, "<b>@Davi Nakamura</b> veja isto &lt;b&gt;já&lt;/b&gt;");
	EXPECT(told(DAVI, id) == 1, "Davi was told %lld times", (long long)told(DAVI, id));
	sign_in(d, DAVI);
	get(d, "/notifications");
	HAS(d, "Luana Figueiredo chamou você em uma nota");
	note(c, id, "fala com a @GABI amanhã", NULL);
	IS_STATUS(c, 422);
	HAS(c, "@GABI pode ser mais de uma pessoa");
	HAS(c, "fala com a @GABI amanhã</textarea>");
	EXPECT(times(c, arena_fmt(mem, "name=\"mention\" value=\"%s\"", user_id(GABI))) == 2, "the choice is not offered");
	EXPECT(sqln("SELECT count(*) FROM message WHERE conversation_id = '%s' AND text LIKE 'fala%%'", id) == 0, "a refused note was kept");
	note(c, id, "fala com a @GABI amanhã", user_id(GABI));
	IS_STATUS(c, 303);
	EXPECT(told(GABI, id) == 1 && told(GABRIELA, id) == 0, "told %lld and %lld", (long long)told(GABI, id), (long long)told(GABRIELA, id));
	note(c, id, "vê com a @solange", NULL);
	IS_STATUS(c, 303);
	get(c, page(id));
	HAS(c, "Sem acesso a esta conversa e não avisados: Solange");
	EXPECT(told(LONELY, id) == 0, "who may not see it was told");
	note(c, id, "avise", user_id(DAVI));
	get(c, page(id));
	HAS(c, "Também avisados: Davi Nakamura");
	note(c, id, "de fora", user_id(ANA));
	IS_STATUS(c, 422);
	note(c, id, "nada", "x\"]");
	IS_STATUS(c, 422);
	post_form(c, arena_fmt(mem, "/conversations/%s/messages", id), "internal", "0", "text", "olá @davi", "token", token_new(mem), NULL);
	IS_STATUS(c, 303);
	get(c, page(id));
	HAS(c, "olá @davi");
	client_free(c);
	client_free(d);
}

static void mentions_api(void)
{
	struct client *c = client_new("luana");
	const char *id = conversation_make("E2E Nota API");

	bearer(c, LUANA);
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"veja\",\"internal\":true,\"mentions\":[\"%s\"]}", id, user_id(DAVI)));
	IS_STATUS(c, 201);
	EXPECT(told(DAVI, id) == 1, "Davi was not told");
	get(c, arena_fmt(mem, "/api/messages/%s", js(c, "id")));
	IS_TEXT(c, js(c, "payload.mentions.0.name"), "Davi Nakamura");
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"veja\",\"mentions\":[\"%s\"]}", id, user_id(DAVI)));
	IS_STATUS(c, 422);
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"veja\",\"internal\":true,\"mentions\":[\"%s\"]}", id, user_id(ANA)));
	IS_STATUS(c, 422);
	send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"veja\",\"internal\":true,\"mentions\":\"%s\"}", id, user_id(DAVI)));
	IS_STATUS(c, 422);
	client_free(c);
}

/* Passed on with a word for who takes over, in one step. */
static void passed_on(void)
{
	struct client *c = client_new("luana");
	const char *id = conversation_make("E2E Passar");

	sign_in(c, LUANA);
	get(c, arena_fmt(mem, "/conversations/%s/assign", id));
	IS_STATUS(c, 200);
	post_form(c, arena_fmt(mem, "/conversations/%s/assign", id), "assignee_id", user_id(DAVI), "team_id", "", "note", "Pediu desconto", "version", input_value(c, "version"), NULL);
	IS_STATUS(c, 303);
	get(c, page(id));
	HAS(c, "Pediu desconto");
	HAS(c, "Conversa passada para Davi Nakamura");
	EXPECT(sqln("SELECT count(*) FROM message WHERE conversation_id = '%s' AND text = 'Pediu desconto' AND internal", id) == 1, "the note is no note");
	get(c, arena_fmt(mem, "/conversations/%s/assign", id));
	post_form(c, arena_fmt(mem, "/conversations/%s/assign", id), "assignee_id", "", "team_id", "", "note", "Outra", "version", "1", NULL);
	IS_STATUS(c, 409);
	EXPECT(sqln("SELECT count(*) FROM message WHERE conversation_id = '%s' AND text = 'Outra'", id) == 0, "a refused change left its note");
	get(c, arena_fmt(mem, "/conversations/%s/snooze", id));
	IS_STATUS(c, 200);
	post_form(c, arena_fmt(mem, "/conversations/%s/snooze", id), "preset", "at", "date", "", "time", "10:00", "version", "0", NULL);
	IS_STATUS(c, 422);
	HAS(c, "id=\"e-date\"");
	client_free(c);
}

/* ---- merging ---- */

/* Another conversation of the same person, on WhatsApp, with a message and a deal. */
static const char *beside(const char *id)
{
	return sql("WITH v AS (INSERT INTO conversation (tenant_id, number, contact_id, connection_id, channel, contact_name) "
	           "SELECT c.tenant_id, (SELECT max(number) + 1000 FROM conversation x WHERE x.tenant_id = c.tenant_id), c.contact_id, n.id, 'whatsapp', c.contact_name "
	           "FROM conversation c JOIN connection n ON n.tenant_id = c.tenant_id AND n.external_id = '" LOJA "' WHERE c.id = '%s' RETURNING *), "
	           "m AS (INSERT INTO message (tenant_id, conversation_id, connection_id, direction, kind, text, status, external_id) "
	           "SELECT tenant_id, id, connection_id, 'in', 'text', 'Pelo WhatsApp', 'delivered', 'wamid.' || id FROM v) SELECT id FROM v", id);
}

static void merge(void)
{
	struct client *c = client_new("luana"), *f = client_new("mirela");
	const char *id = conversation_make("E2E Juntar"), *other = beside(id), *url = arena_fmt(mem, "/conversations/%s/merge", other);

	sign_in(c, LUANA);
	get(c, page(id));
	HAS(c, "Outras conversas");
	HAS(c, other);
	get(c, url);
	IS_STATUS(c, 200);
	HAS(c, arena_fmt(mem, "/merge?into=%s", id));
	get(c, arena_fmt(mem, "%s?into=%s", url, id));
	IS_STATUS(c, 200);
	HAS(c, "Se a pessoa escrever de novo");
	get(c, arena_fmt(mem, "%s?into=%s", url, conversation_make("E2E Outra pessoa")));
	IS_STATUS(c, 404);
	sign_in(f, MIRELA);
	get(f, url);
	IS_STATUS(f, 404);
	post_form(f, url, "into", id, NULL);
	IS_STATUS(f, 404);
	post_form(c, url, "into", id, "version", "1", "into_version", "99", NULL);
	IS_STATUS(c, 409);
	HAS(c, "id=\"f-into\"");
	post_form(c, url, "into", id, "version", "0", "into_version", "0", NULL);
	IS_STATUS(c, 303);
	IS_TEXT(c, header(c, "Location"), page(id));
	get(c, page(id));
	HAS(c, "Pelo WhatsApp");
	HAS(c, "juntada a esta");
	get(c, page(other));
	IS_STATUS(c, 303);
	IS_TEXT(c, header(c, "Location"), page(id));
	post_form(c, url, "into", id, NULL);
	IS_STATUS(c, 409);
	post_form(c, arena_fmt(mem, "/conversations/%s/messages", other), "internal", "1", "text", "tarde demais", "token", token_new(mem), NULL);
	IS_STATUS(c, 409);
	HAS(c, "tarde demais</textarea>");
	HAS(c, "Esta conversa foi juntada a outra");
	bearer(c, LUANA);
	get(c, arena_fmt(mem, "/api/conversations/%s", other));
	IS_STATUS(c, 200);
	IS_TEXT(c, js(c, "merged_into"), id);
	IS_TEXT(c, js(c, "status"), "archived");
	client_free(c);
	client_free(f);
}

static void merge_api(void)
{
	struct client *c = client_new("luana");
	const char *id = conversation_make("E2E Juntar API"), *other = beside(id), *url = arena_fmt(mem, "/api/conversations/%s/merge", id);

	bearer(c, LUANA);
	send_json(c, "POST", url, "{}");
	IS_STATUS(c, 422);
	send_json(c, "POST", url, arena_fmt(mem, "{\"into\":\"%s\"}", id));
	IS_STATUS(c, 422);
	send_json(c, "POST", url, arena_fmt(mem, "{\"into\":\"%s\",\"into_version\":77}", other));
	IS_STATUS(c, 409);
	send_json(c, "POST", url, arena_fmt(mem, "{\"into\":\"%s\"}", other));
	IS_STATUS(c, 200);
	IS_TEXT(c, js(c, "id"), other);
	IS_TEXT(c, js(c, "channel"), "whatsapp");
	client_free(c);
}

/* ---- what stands in the thread ---- */

static const char *file_text(const char *path)
{
	FILE *f = fopen(path, "r");
	struct buf b = { 0 };
	char part[4096];
	const char *out;

	EXPECT(f != NULL, "cannot read %s", path);
	if (f == NULL)
		return "";
	for (size_t n; (n = fread(part, 1, sizeof(part), f)) > 0; )
		buf_add(&b, part, n);
	fclose(f);
	out = arena_strn(mem, b.n > 0 ? b.p : "", b.n);
	buf_free(&b);
	return out;
}

static const char *sql_quoted(const char *s)
{
	struct buf b = { 0 };
	const char *out;

	for (; *s != '\0'; s++)
		buf_add(&b, *s == '\'' ? "''" : s, *s == '\'' ? 2 : 1);
	out = arena_strn(mem, b.n > 0 ? b.p : "", b.n);
	buf_free(&b);
	return out;
}

/* A message as the normaliser hands it on, from our test person; all texts in its payload are markup. Its id. */
static const char *arrives(const char *body)
{
	const char *conn = sql("SELECT id FROM connection WHERE external_id = '" LOJA "' AND NOT own_app");

	return sql("SELECT set_config('role', 'balcao_worker', true); SELECT app.enter_connection('id', '%s'); "
	           "SELECT m.message_id FROM (SELECT '%s'::jsonb AS b) j, app.message_in('%s', "
	           "'{\"name\": \"E2E Tudo\", \"channel\": \"whatsapp\", \"ids\": [{\"kind\": \"phone\", \"value\": \"553190009999\", \"shown\": \"5531990009999\"}]}', "
	           "jsonb_build_object('kind', b -> 'kind', 'text', b ->> 'text', 'media', coalesce(b -> 'media', '[]'), 'external_id', 'e2e-' || gen_random_uuid(), "
	           "'payload', regexp_replace((b -> 'payload')::text, ': \"([^\"\\\\]|\\\\.)*\"', ': \"<i>x</i>&\"', 'g')::jsonb)) m", conn, sql_quoted(body), conn);
}

/* What stands in the bubble of a message: its text without markup, blanks and hidden labels. */
static size_t visible(const struct client *c, const char *id)
{
	const char *at = c->body.n > 0 ? strstr(c->body.p, arena_fmt(mem, "id=\"m-%s\"", id)) : NULL, *end = at != NULL ? strstr(at, "</li>") : NULL;
	const char *from = at != NULL ? strstr(at, "class=\"bubble\"") : NULL;
	size_t n = 0;
	bool tag = false;

	if (at == NULL || end == NULL)
		return 0;
	if (from == NULL || from > end)
		from = at;
	else if ((at = strstr(from, "class=\"stamp\"")) != NULL && at < end)
		end = at;
	for (at = strchr(from, '>'); at != NULL && at < end; at++) {
		n += strncmp(at, "<img", 4) == 0 || strncmp(at, "<audio", 6) == 0 || strncmp(at, "<video", 6) == 0;
		n += !tag && *at != '<' && *at != '>' && *at != ' ' && *at != '\n';
		tag = *at == '<' || (tag && *at != '>');
	}
	return n;
}

static void looked_at(const char *const *ids, const char *const *names, size_t n)
{
	struct client *c = client_new("rosana");

	sign_in(c, ROSANA);
	for (size_t i = 0; i < n; i++) {
		const char *conv = sql("SELECT conversation_id FROM message WHERE id = '%s'", ids[i]);

		if (i == 0 || !has(c, arena_fmt(mem, "m-%s", ids[i])))
			get(c, arena_fmt(mem, "/conversations/%s", conv));
		IS_STATUS(c, 200);
		EXPECT(visible(c, ids[i]) > 1, "%s: nothing is seen of it", names[i]);
		HAS_NOT(c, "<i>x</i>");
	}
	client_free(c);
}

/* Every message of every sample, with its texts made markup. */
static void samples(void)
{
	const char *ids[40], *names[40];
	struct dirent **list;
	int files = scandir("tests/samples/whatsapp", &list, NULL, alphasort);
	size_t n = 0, total = 0;

	for (int i = 0; i < files; i++) {
		const char *name = arena_str(mem, list[i]->d_name), *text;
		struct wa_batch batch = { 0 };

		free(list[i]);
		if (strstr(name, ".json") == NULL)
			continue;
		text = file_text(arena_fmt(mem, "tests/samples/whatsapp/%s", name));
		wa_read(mem, text, strlen(text), &batch);
		for (size_t k = 0; k < batch.n; k++) {
			if (batch.items[k].what != WA_MESSAGE || batch.items[k].body == NULL)
				continue;
			ids[n] = arrives(batch.items[k].body);
			names[n++] = name;
			total++;
			if (n == nitems(ids)) {
				looked_at(ids, names, n);
				n = 0;
			}
		}
	}
	free(list);
	EXPECT(total > 10, "only %zu samples are messages", total);
	looked_at(ids, names, n);
}

/* Kinds with nothing in them, known ones and such as do not exist yet. */
static void empty_kinds(void)
{
	static const char *const kinds[] = {
		"text", "image", "audio", "video", "document", "sticker", "location", "contacts", "interactive", "button", "order", "template", "reaction", "call", "email", "story",
		"unsupported", "product", "product_list", "poll", "system", "never_heard_of",
	};
	const char *ids[nitems(kinds)];

	for (size_t i = 0; i < nitems(kinds); i++)
		ids[i] = arrives(arena_fmt(mem, "{\"kind\":\"%s\",\"payload\":{}}", kinds[i]));
	looked_at(ids, kinds, nitems(kinds));
}

/* Every line of what happened that the database may write has its words in both languages. */
static void activity_words(void)
{
	static const char *const files[] = { "templates/lang/pt_BR.hdf", "templates/lang/en.hdf" };
	const char *kinds = sql("SELECT string_agg(DISTINCT k, ' ') FROM (SELECT w[1] AS k FROM pg_proc p, regexp_matches(p.prosrc, 'app\\.activity\\(([^;]*);', 'g') a, "
	                        "regexp_matches(a[1], '''([a-z_]+)''', 'g') w WHERE p.pronamespace = 'app'::regnamespace "
	                        "UNION SELECT unnest('{open,in_progress,pending,resolved,reopened,archived,spam}'::text[])) x");
	size_t seen = 0;

	for (size_t i = 0; i < nitems(files); i++) {
		const char *text = file_text(files[i]), *block = strstr(text, "  activity {\n"), *end = block != NULL ? strstr(block, "  }\n") : NULL;

		if (!EXPECT(end != NULL, "%s has no activity", files[i]))
			return;
		block = arena_strn(mem, block, (size_t)(end - block));
		for (const char *k = kinds; *k != '\0'; k += strspn(k, " "), seen++) {
			size_t len = strcspn(k, " ");

			EXPECT(strstr(block, arena_fmt(mem, "\n    %.*s = ", (int)len, k)) != NULL, "%s: no words for %.*s", files[i], (int)len, k);
			k += len;
		}
	}
	EXPECT(seen > 20, "only %zu kinds: %s", seen, kinds);
}

/* Deals are shown to who may see them. */
static void facts(void)
{
	struct client *c = client_new("luana");
	const char *id = conversation_make("E2E Negócio");

	(void)sql("INSERT INTO deal (tenant_id, pipeline_id, stage_id, rank, title, value_minor, contact_id) SELECT c.tenant_id, s.pipeline_id, s.id, 'e2e', 'E2E Armário <b>', 123400, c.contact_id "
	          "FROM conversation c JOIN stage s ON s.tenant_id = c.tenant_id WHERE c.id = '%s' LIMIT 1", id);
	sign_in(c, LUANA);
	get(c, page(id));
	HAS(c, "E2E Armário &lt;b&gt;");
	HAS(c, arena_fmt(mem, "/deals/new?conversation=%s", id));
	sign_in(c, VERA);
	get(c, page(id));
	IS_STATUS(c, 200);
	HAS_NOT(c, "/deals/new");
	HAS_NOT(c, "/merge");
	(void)sql("DELETE FROM deal WHERE title LIKE 'E2E Armário%%'");
	client_free(c);
}

CU_TestInfo together_tests[] = {
	{ "people called in a note", mentions },
	{ "people called over the API", mentions_api },
	{ "passed on with a note, put off, as pages", passed_on },
	{ "two conversations made one", merge },
	{ "two made one over the API", merge_api },
	{ "every sample is seen in the thread", samples },
	{ "every kind is, even empty", empty_kinds },
	{ "what happened has words in both languages", activity_words },
	{ "the person's deals", facts },
	CU_TEST_INFO_NULL
};
