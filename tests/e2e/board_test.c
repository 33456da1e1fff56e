/* board_test.c: deals and the board over HTTP: the API with wrong input, two who want the same, many at once. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/e2e/world.h"

/* A pipeline of marcenaria with three stages of its own, and the deals on it. */
static struct { const char *pipeline, *stage[3]; } on;

static void pipeline_need(struct client *c)
{
	if (on.pipeline != NULL)
		return;
	send_json(c, "POST", "/api/pipelines", arena_fmt(mem, "{\"name\":\"E2E quadro %d\",\"stages\":[{\"name\":\"Um\"},{\"name\":\"Dois\"},{\"name\":\"Três\"}]}", (int)getpid()));
	IS_STATUS(c, 201);
	on.pipeline = strdup(shown(js(c, "id")));
	for (int i = 0; i < 3; i++)
		on.stage[i] = strdup(shown(js(c, arena_fmt(mem, "stages.%d.id", i))));
}

static const char *deal(struct client *c, const char *title, int stage)
{
	send_json(c, "POST", "/api/deals", arena_fmt(mem, "{\"title\":\"%s\",\"stage_id\":\"%s\",\"value\":\"10.00\"}", title, on.stage[stage]));
	IS_STATUS(c, 201);
	return arena_str(mem, shown(js(c, "id")));
}

/* A PATCH that names version 0 as "any version it has now". */
static long patch(struct client *c, const char *id, int version, const char *json)
{
	if (version == 0)
		version = (int)sqln("SELECT version FROM deal WHERE id = '%s'", id);
	return send_if(c, "PATCH", arena_fmt(mem, "/api/deals/%s", id), arena_fmt(mem, "\"v%d\"", version), json);
}

static void values(void)
{
	static const char *const bad[] = { "\"1e5\"", "\"-1\"", "\"1.234,50\"", "\"1234567890123456789\"", "\"12345678901234567890\"", "\"\xc2\xb2\"", "\"1.005\"", "\"NaN\"", "-1", "{}", "[]", "true" };
	static const char *const good[][2] = { { "\"1234.50\"", "1234.50" }, { "\"0\"", "0.00" }, { "\"999999999999.99\"", "999999999999.99" }, { "\"7.5\"", "7.50" } };
	struct client *c = client_new("luana");
	const char *id;

	bearer(c, ROSANA);
	pipeline_need(c);
	id = deal(c, "E2E valor", 0);
	for (size_t i = 0; i < nitems(bad); i++) {
		patch(c, id, 0, arena_fmt(mem, "{\"value\":%s}", bad[i]));
		EXPECT(c->status == 422 || c->status == 400, "%s: %s gives %ld", c->call, bad[i], c->status);
	}
	for (size_t i = 0; i < nitems(good); i++) {
		patch(c, id, 0, arena_fmt(mem, "{\"value\":%s}", good[i][0]));
		IS_STATUS(c, 200);
		IS_TEXT(c, js(c, "value"), good[i][1]);
	}
	client_free(c);
}

static void places(void)
{
	struct client *c = client_new("rosana"), *other = client_new("mirela");
	const char *a, *b, *x, *foreign, *foreign_stage;

	bearer(c, ROSANA);
	bearer(other, MIRELA);
	pipeline_need(c);
	a = deal(c, "E2E a", 0);
	b = deal(c, "E2E b", 1);
	x = deal(c, "E2E x", 1);
	foreign = sql("SELECT d.id FROM deal d JOIN tenant t USING (tenant_id) WHERE t.slug <> 'marcenaria' LIMIT 1");
	foreign = arena_str(mem, foreign);
	foreign_stage = arena_str(mem, sql("SELECT s.id FROM stage s JOIN tenant t USING (tenant_id) WHERE t.slug <> 'marcenaria' LIMIT 1"));
	/* x stands above b; a comes between them, then above both. */
	patch(c, a, 0, arena_fmt(mem, "{\"stage_id\":\"%s\",\"after_id\":\"%s\"}", on.stage[1], x));
	IS_STATUS(c, 200);
	IS_TEXT(c, sql("SELECT string_agg(title, ',' ORDER BY rank) FROM deal WHERE stage_id = '%s'", on.stage[1]), "E2E x,E2E a,E2E b");
	patch(c, a, 0, arena_fmt(mem, "{\"stage_id\":\"%s\",\"after_id\":null}", on.stage[1]));
	IS_STATUS(c, 200);
	IS_TEXT(c, sql("SELECT string_agg(title, ',' ORDER BY rank) FROM deal WHERE stage_id = '%s'", on.stage[1]), "E2E a,E2E x,E2E b");
	/* After one of another stage, after itself, after nobody, after a stranger's; into a stranger's stage. */
	patch(c, b, 0, arena_fmt(mem, "{\"stage_id\":\"%s\",\"after_id\":\"%s\"}", on.stage[2], a));
	IS_STATUS(c, 422);
	patch(c, a, 0, arena_fmt(mem, "{\"after_id\":\"%s\"}", a));
	IS_STATUS(c, 422);
	patch(c, a, 0, "{\"after_id\":\"x\"}");
	IS_STATUS(c, 422);
	patch(c, a, 0, arena_fmt(mem, "{\"after_id\":\"%s\"}", foreign));
	IS_STATUS(c, 422);
	patch(c, a, 0, arena_fmt(mem, "{\"stage_id\":\"%s\"}", foreign_stage));
	IS_STATUS(c, 422);
	patch(c, a, 0, arena_fmt(mem, "{\"stage_id\":\"%s\"}", a));
	IS_STATUS(c, 422);
	patch(other, a, 0, "{\"title\":\"minha\"}");
	IS_STATUS(other, 404);
	/* To another pipeline, its first stage; a stage that is not of the pipeline named. */
	patch(c, b, 0, arena_fmt(mem, "{\"pipeline_id\":\"%s\",\"stage_id\":\"%s\"}", sql("SELECT id FROM pipeline WHERE is_default AND tenant_id = (SELECT tenant_id FROM pipeline WHERE id = '%s')", on.pipeline), on.stage[1]));
	IS_STATUS(c, 422);
	patch(c, b, 0, arena_fmt(mem, "{\"pipeline_id\":\"%s\"}", sql("SELECT id FROM pipeline WHERE is_default AND tenant_id = (SELECT tenant_id FROM pipeline WHERE id = '%s')", on.pipeline)));
	IS_STATUS(c, 200);
	IS_TEXT(c, js(c, "stage_id"), sql("SELECT s.id FROM stage s JOIN pipeline p ON p.id = s.pipeline_id WHERE p.is_default AND p.tenant_id = (SELECT tenant_id FROM pipeline WHERE id = '%s') ORDER BY s.position, s.id LIMIT 1", on.pipeline));
	client_free(other);
	client_free(c);
}

static void outcomes(void)
{
	struct client *c = client_new("rosana");
	const char *id;

	bearer(c, ROSANA);
	pipeline_need(c);
	id = deal(c, "E2E fim", 0);
	patch(c, id, 0, "{\"status\":\"lost\"}");
	IS_STATUS(c, 422);
	HAS(c, "lost_reason");
	patch(c, id, 0, "{\"status\":\"sold\"}");
	IS_STATUS(c, 422);
	patch(c, id, 0, "{\"status\":\"lost\",\"lost_reason\":\"caro\"}");
	IS_STATUS(c, 200);
	IS_TEXT(c, js(c, "status"), "lost");
	patch(c, id, 0, arena_fmt(mem, "{\"stage_id\":\"%s\"}", on.stage[1]));
	IS_STATUS(c, 422); /* what is closed does not move */
	patch(c, id, 0, "{\"status\":\"open\"}");
	IS_STATUS(c, 200);
	patch(c, id, 0, arena_fmt(mem, "{\"status\":\"won\",\"stage_id\":\"%s\"}", on.stage[2]));
	IS_STATUS(c, 200);
	IS_TEXT(c, js(c, "stage_id"), on.stage[2]);
	send_json(c, "DELETE", arena_fmt(mem, "/api/deals/%s", id), NULL);
	IS_STATUS(c, 428);
	send_if(c, "DELETE", arena_fmt(mem, "/api/deals/%s", id), "\"v1\"", NULL);
	IS_STATUS(c, 412);
	send_if(c, "DELETE", arena_fmt(mem, "/api/deals/%s", id), arena_fmt(mem, "\"v%d\"", (int)sqln("SELECT version FROM deal WHERE id = '%s'", id)), NULL);
	IS_STATUS(c, 204);
	get(c, arena_fmt(mem, "/api/deals/%s", id));
	IS_STATUS(c, 404);
	client_free(c);
}

static void lists(void)
{
	static const char *const bad[] = { "limit=501", "limit=0", "limit=x", "sort=title", "cursor=x", "status=sold", "owner_id=x", "color=1" };
	struct client *c = client_new("rosana");
	const char *next = NULL;
	size_t seen = 0;

	bearer(c, ROSANA);
	pipeline_need(c);
	for (int i = 0; i < 5; i++)
		deal(c, arena_fmt(mem, "E2E lista %d", i), 2);
	for (int page = 0; page < 5 && (page == 0 || next != NULL); page++) {
		get(c, arena_fmt(mem, "/api/deals?pipeline_id=%s&stage_id=%s&status=open&sort=-value&limit=2%s%s", on.pipeline, on.stage[2], next != NULL ? "&cursor=" : "", next != NULL ? url_text(next) : ""));
		IS_STATUS(c, 200);
		seen += jcount(c, "items");
		EXPECT((js(c, "next") != NULL) == (header(c, "Link") != NULL), "%s: next and Link differ", c->call);
		next = js(c, "next") != NULL ? arena_str(mem, js(c, "next")) : NULL;
	}
	EXPECT(seen == 5, "%zu of 5 deals in pages of 2", seen);
	get(c, "/api/deals?limit=500");
	IS_STATUS(c, 200);
	for (size_t i = 0; i < nitems(bad); i++) {
		get(c, arena_fmt(mem, "/api/deals?%s", bad[i]));
		EXPECT(c->status == 400 || c->status == 422, "%s: %ld", c->call, c->status);
	}
	client_free(c);
}

/* Both drag the same card: the second is told, and the card stays where the first put it. */
static void two_drags(void)
{
	struct client *c = client_new("rosana"), *d = client_new("davi");
	const char *id;

	bearer(c, ROSANA);
	bearer(d, DAVI);
	pipeline_need(c);
	id = deal(c, "E2E dois", 0);
	patch(c, id, 1, arena_fmt(mem, "{\"stage_id\":\"%s\",\"after_id\":null}", on.stage[1]));
	IS_STATUS(c, 200);
	patch(d, id, 1, arena_fmt(mem, "{\"stage_id\":\"%s\",\"after_id\":null}", on.stage[2]));
	IS_STATUS(d, 412);
	IS_TEXT(c, sql("SELECT stage_id FROM deal WHERE id = '%s'", id), on.stage[1]);
	client_free(d);
	client_free(c);
}

static const char *pick(const char *id)
{
	return arena_fmt(mem, "%s:%d", id, (int)sqln("SELECT version FROM deal WHERE id = '%s'", id));
}

static void many(void)
{
	struct client *c = client_new("rosana"), *v = client_new("vera"), *m = client_new("mirela");
	const char *url, *board, *a, *b, *d, *pa, *pb, *pd, *tag;

	bearer(c, ROSANA);
	pipeline_need(c);
	a = deal(c, "E2E muitos a", 0);
	b = deal(c, "E2E muitos b", 0);
	d = deal(c, "E2E muitos d", 0);
	c->bearer = NULL;
	sign_in(c, ROSANA);
	url = arena_fmt(mem, "/pipelines/%s/many", on.pipeline);
	board = arena_fmt(mem, "/pipelines/%s", on.pipeline);
	tag = arena_str(mem, sql("SELECT g.id FROM tag g JOIN pipeline p USING (tenant_id) WHERE p.id = '%s' LIMIT 1", on.pipeline));
	pa = pick(a);
	pb = pick(b);
	pd = pick(d);
	post_form(c, url, "act", "move", "stage_id", on.stage[1], NULL);
	IS_STATUS(c, 422); /* nothing checked: the board again */
	HAS(c, "id=\"board\"");
	post_form(c, url, "act", "move", "stage_id", on.stage[1], "id", "x", NULL);
	IS_STATUS(c, 422);
	post_form(c, url, "act", "explode", "id", pa, NULL);
	IS_STATUS(c, 422);
	/* One was changed meanwhile, one is closed: they stay and are named, the third goes. */
	(void)sql("UPDATE deal SET title = 'E2E muitos B', version = version + 1 WHERE id = '%s'", b);
	(void)sql("UPDATE deal SET status = 'won', closed_at = now() WHERE id = '%s'", d);
	pd = pick(d);
	post_form(c, url, "act", "move", "stage_id", on.stage[1], "id", pa, "id", pb, "id", pd, "id", "01a20525-0000-7000-8000-000000000000:1", NULL);
	IS_STATUS(c, 200);
	HAS(c, "role=\"alert\"");
	HAS(c, "E2E muitos B");
	HAS(c, "Outra pessoa mudou antes");
	HAS(c, "Já está fechado");
	HAS_NOT(c, "E2E muitos a");
	IS_TEXT(c, sql("SELECT stage_id FROM deal WHERE id = '%s'", a), on.stage[1]);
	IS_TEXT(c, sql("SELECT stage_id FROM deal WHERE id = '%s'", b), on.stage[0]);
	/* Lost: first the page that asks why, then not without a reason. */
	post_form(c, url, "act", "lose", "id", pick(a), NULL);
	IS_STATUS(c, 200);
	HAS(c, "name=\"lost_reason\"");
	post_form(c, url, "act", "lose", "asked", "1", "id", pick(a), NULL);
	IS_STATUS(c, 422);
	HAS(c, "e-lost_reason");
	IS_TEXT(c, sql("SELECT status FROM deal WHERE id = '%s'", a), "open");
	post_form(c, url, "act", "lose", "asked", "1", "lost_reason", "prazo", "id", pick(a), NULL);
	IS_STATUS(c, 303);
	IS_TEXT(c, header(c, "Location"), board);
	IS_TEXT(c, sql("SELECT status || lost_reason FROM deal WHERE id = '%s'", a), "lostprazo");
	post_form(c, url, "act", "tag", "tag_id", tag, "id", pick(a), "id", pick(b), NULL);
	IS_STATUS(c, 303);
	EXPECT(sqln("SELECT count(*) FROM deal WHERE id IN ('%s', '%s') AND tag_ids = ARRAY['%s'::uuid]", a, b, tag) == 2, "the tag is not on both");
	post_form(c, url, "act", "untag", "tag_id", tag, "id", pick(a), "id", pick(b), NULL);
	IS_STATUS(c, 303);
	EXPECT(sqln("SELECT count(*) FROM deal WHERE id IN ('%s', '%s') AND tag_ids = '{}'", a, b) == 2, "the tag stayed");
	post_form(c, url, "act", "owner", "owner_id", "", "id", pick(b), NULL);
	IS_STATUS(c, 303);
	IS_TEXT(c, sql("SELECT coalesce(owner_id::text, 'nobody') FROM deal WHERE id = '%s'", b), "nobody");
	post_form(c, url, "act", "owner", "owner_id", user_id(MIRELA), "id", pick(b), NULL);
	IS_STATUS(c, 422);
	post_form(c, url, "act", "win", "id", pick(b), NULL);
	IS_STATUS(c, 303);
	IS_TEXT(c, sql("SELECT status FROM deal WHERE id = '%s'", b), "won");
	get(c, url);
	IS_STATUS(c, 303);
	sign_in(v, VERA);
	post_form(v, url, "act", "win", "id", pick(a), NULL);
	IS_STATUS(v, 403);
	sign_in(m, MIRELA);
	post_form(m, url, "act", "win", "id", pick(a), NULL);
	IS_STATUS(m, 404);
	client_free(m);
	client_free(v);
	client_free(c);
}

/* Who may not move cards sees them without boxes and without the way to move; nothing of the tenant beside it. */
static void only_read(void)
{
	struct client *c = client_new("rosana"), *v = client_new("vera"), *m = client_new("mirela");
	const char *board, *id;

	bearer(c, ROSANA);
	pipeline_need(c);
	id = deal(c, "E2E para ver", 0);
	board = arena_fmt(mem, "/pipelines/%s", on.pipeline);
	sign_in(v, VERA);
	get(v, board);
	IS_STATUS(v, 200);
	HAS(v, id);
	HAS_NOT(v, "type=\"checkbox\" name=\"id\"");
	HAS_NOT(v, arena_fmt(mem, "/deals/%s/move", id));
	HAS_NOT(v, "data-drag");
	sign_in(m, MIRELA);
	get(m, board);
	IS_STATUS(m, 404);
	client_free(m);
	client_free(v);
	client_free(c);
}

/* The stage was deleted while the form stood open: told, nothing lost, and the form goes on with those there are. */
static void stage_gone(void)
{
	struct client *c = client_new("rosana");
	const char *id, *gone;

	bearer(c, ROSANA);
	pipeline_need(c);
	id = deal(c, "E2E sem etapa", 0);
	send_json(c, "POST", arena_fmt(mem, "/api/pipelines/%s/stages", on.pipeline), "{\"name\":\"Passageira\"}");
	IS_STATUS(c, 201);
	gone = arena_str(mem, shown(js(c, "id")));
	send_if(c, "DELETE", arena_fmt(mem, "/api/stages/%s", gone), "\"v1\"", NULL);
	IS_STATUS(c, 204);
	c->bearer = NULL;
	sign_in(c, ROSANA);
	post_form(c, arena_fmt(mem, "/deals/%s/move", id), "stage_id", gone, "version", "1", "note", "combinado", NULL);
	IS_STATUS(c, 422);
	HAS(c, "combinado");
	post_form(c, arena_fmt(mem, "/pipelines/%s/many", on.pipeline), "act", "move", "stage_id", gone, "id", pick(id), NULL);
	IS_STATUS(c, 422);
	HAS(c, "E2E sem etapa");
	IS_TEXT(c, sql("SELECT stage_id FROM deal WHERE id = '%s'", id), on.stage[0]);
	client_free(c);
}

static void from_conversation(void)
{
	struct client *c = client_new("luana");
	const char *conversation = arena_str(mem, conversation_make("Dona Quitéria")), *once, *contact, *id;

	sign_in(c, LUANA);
	get(c, arena_fmt(mem, "/deals/new?conversation=%s", conversation));
	IS_STATUS(c, 200);
	IS_TEXT(c, input_value(c, "conversation_id"), conversation);
	HAS(c, "Dona Quitéria");
	once = arena_str(mem, shown(input_value(c, "once")));
	contact = arena_str(mem, shown(input_value(c, "contact_id")));
	for (int i = 0; i < 2; i++) {
		post_form(c, "/deals", "title", "E2E da conversa", "stage_id", on.stage[0], "contact_id", contact, "conversation_id", conversation, "once", once, NULL);
		IS_STATUS(c, 303);
	}
	EXPECT(sqln("SELECT count(*) FROM deal WHERE conversation_id = '%s'", conversation) == 1, "sent twice, made %d times", (int)sqln("SELECT count(*) FROM deal WHERE conversation_id = '%s'", conversation));
	id = arena_str(mem, sql("SELECT id FROM deal WHERE conversation_id = '%s'", conversation));
	IS_TEXT(c, sql("SELECT channel FROM deal WHERE id = '%s'", id), "chat");
	get(c, arena_fmt(mem, "/deals/%s", id));
	HAS(c, conversation);
	get(c, arena_fmt(mem, "/pipelines/%s", on.pipeline));
	HAS(c, "icons.svg#chat");
	client_free(c);
}

CU_TestInfo board_tests[] = {
	{ "what a value may be", values }, { "places on the board", places }, { "won, lost, open, deleted", outcomes }, { "lists of deals", lists },
	{ "two drag one card", two_drags }, { "many at once", many }, { "a board to look at", only_read }, { "the stage is gone", stage_gone }, { "a deal out of a conversation", from_conversation },
	CU_TEST_INFO_NULL
};
