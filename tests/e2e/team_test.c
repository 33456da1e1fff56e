/* team_test.c: teams, presence, connections and holidays over HTTP; a queue and an away message from the webhook to the provider. */
#include <stdio.h>
#include <string.h>

#include "tests/e2e/world.h"

static const char *location(struct client *c)
{
	const char *l = header(c, "Location");

	return l != NULL ? l : "";
}

/* ---- teams ---- */

static void team_api(void)
{
	struct client *d = client_new("davi"), *l = client_new("luana"), *v = client_new("vera"), *m = client_new("mirela");
	const char *path, *etag, *name = arena_fmt(mem, "E2E %s", sql("SELECT left(gen_random_uuid()::text, 8)"));

	bearer(d, DAVI);
	bearer(l, LUANA);
	bearer(v, VERA);
	bearer(m, MIRELA);
	send_json(d, "POST", "/api/teams", arena_fmt(mem, "{\"name\":\"%s\",\"auto_assign\":true,\"members\":[\"%s\"]}", name, user_id(LUANA)));
	IS_STATUS(d, 201);
	IS_TEXT(d, js(d, "members.0"), user_id(LUANA));
	path = arena_fmt(mem, "/api/teams/%s", js(d, "id"));
	etag = arena_str(mem, header(d, "ETag"));
	send_json(d, "POST", "/api/teams", arena_fmt(mem, "{\"name\":\"%s\"}", name));
	IS_STATUS(d, 409);
	send_json(d, "POST", "/api/teams", arena_fmt(mem, "{\"name\":\"%s b\",\"members\":[\"%s\"]}", name, user_id(ANA)));
	IS_STATUS(d, 422);
	send_json(d, "POST", "/api/teams", arena_fmt(mem, "{\"name\":\"%s b\",\"members\":\"all\"}", name));
	IS_STATUS(d, 422);
	send_json(d, "POST", "/api/teams", "{\"name\":\" \"}");
	IS_STATUS(d, 422);
	send_json(l, "POST", "/api/teams", "{\"name\":\"E2E\"}");
	IS_STATUS(l, 403);
	get(v, path);
	IS_STATUS(v, 200);
	get(m, path);
	IS_STATUS(m, 404);
	send_if(d, "PATCH", path, NULL, "{\"name\":\"x\"}");
	IS_STATUS(d, 428);
	send_if(d, "PATCH", path, "\"v99\"", "{\"name\":\"x\"}");
	IS_STATUS(d, 412);
	send_if(d, "PATCH", path, etag, "{\"version\":1}");
	IS_STATUS(d, 422);
	send_if(m, "PATCH", path, etag, "{\"description\":\"x\"}");
	IS_STATUS(m, 404);
	send_if(d, "PATCH", path, etag, "{\"description\":\"x\"}");
	IS_STATUS(d, 200);
	EXPECT(jcount(d, "members") == 1, "members stay when they are not named");
	etag = arena_str(mem, header(d, "ETag"));
	send_if(d, "DELETE", path, NULL, NULL);
	IS_STATUS(d, 428);
	send_if(l, "DELETE", path, etag, NULL);
	IS_STATUS(l, 403);
	send_if(d, "DELETE", path, etag, NULL);
	IS_STATUS(d, 204);
	get(d, path);
	IS_STATUS(d, 404);
	client_free(d);
	client_free(l);
	client_free(v);
	client_free(m);
}

static void team_page(void)
{
	struct client *d = client_new("davi"), *l = client_new("luana");
	const char *name = arena_fmt(mem, "E2E %s", sql("SELECT left(gen_random_uuid()::text, 8)")), *id, *path;

	sign_in(d, DAVI);
	sign_in(l, LUANA);
	get(d, "/teams/new");
	IS_STATUS(d, 200);
	post_form(d, "/teams", "name", "", "description", "fica", NULL);
	IS_STATUS(d, 422);
	HAS(d, ">fica</textarea>");
	post_form(d, "/teams", "name", name, "auto_assign", "1", "member", user_id(LUANA), "member", user_id(DAVI), NULL);
	IS_STATUS(d, 303);
	id = sql("SELECT id FROM team WHERE name = '%s'", name);
	path = arena_fmt(mem, "/teams/%s", id);
	EXPECT(sqln("SELECT count(*) FROM team_member WHERE team_id = '%s'", id) == 2, "two members");
	get(l, "/teams");
	HAS(l, name);
	HAS_NOT(l, "/teams/new");
	get(l, "/teams/new");
	IS_STATUS(l, 403);
	/* Somebody was faster: both values are shown, what was typed stays, and saving again is knowing. */
	post_form(d, path, "name", name, "description", "de outra pessoa", "version", "1", NULL);
	IS_STATUS(d, 303);
	EXPECT(sqln("SELECT count(*) FROM team_member WHERE team_id = '%s'", id) == 0, "no box, no member");
	post_form(d, path, "name", name, "description", "meu <b>texto", "version", "1", NULL);
	IS_STATUS(d, 409);
	HAS(d, "de outra pessoa");
	HAS(d, "meu &lt;b&gt;texto</textarea>");
	post_form(d, path, "name", name, "description", "meu texto", "version", input_value(d, "version"), NULL);
	IS_STATUS(d, 303);
	get(d, arena_fmt(mem, "%s/delete", path));
	IS_STATUS(d, 200);
	post_form(d, arena_fmt(mem, "%s/delete", path), "version", "1", NULL);
	IS_STATUS(d, 409);
	post_form(d, arena_fmt(mem, "%s/delete", path), "version", input_value(d, "version"), NULL);
	IS_STATUS(d, 303);
	get(d, arena_fmt(mem, "%s/edit", path));
	IS_STATUS(d, 404);
	client_free(d);
	client_free(l);
}

static void presence(void)
{
	static const char *const away[] = { "//evil.example", "https://evil.example", "/\\evil.example" };
	struct client *l = client_new("luana"), *d = client_new("davi"), *a = client_new("luana's program");

	sign_in(l, LUANA);
	bearer(a, LUANA);
	sign_in(d, DAVI);
	get(l, "/conversations?status=open");
	IS_STATUS(l, 200);
	HAS(l, "action=\"/presence\"");
	post_form(l, "/presence", "presence", "away", "next", "/conversations?status=open", NULL);
	IS_STATUS(l, 303);
	IS_TEXT(l, location(l), "/conversations?status=open");
	get(l, "/conversations");
	HAS(l, "name=\"presence\" value=\"online\"");
	get(a, "/api/presence");
	IS_TEXT(a, js(a, "presence"), "away");
	for (size_t i = 0; i < nitems(away); i++) {
		post_form(l, "/presence", "presence", "away", "next", away[i], NULL);
		IS_TEXT(l, location(l), "/");
	}
	send_json(a, "POST", "/api/presence", "{\"presence\":\"offline\"}");
	IS_STATUS(a, 422);
	send_json(a, "POST", "/api/presence", "{}");
	IS_STATUS(a, 422);
	send_json(a, "POST", "/api/presence", "{\"presence\":\"online\"}");
	IS_STATUS(a, 200);
	IS_TEXT(a, js(a, "presence"), "online");
	get(d, "/teams");
	HAS(d, "Luana");
	post_form(d, arena_fmt(mem, "/users/%s/capacity", user_id(LUANA)), "capacity", "7", NULL);
	IS_STATUS(d, 303);
	post_form(d, arena_fmt(mem, "/users/%s/capacity", user_id(LUANA)), "capacity", "501", NULL);
	IS_STATUS(d, 422);
	HAS(d, "value=\"501\"");
	post_form(l, arena_fmt(mem, "/users/%s/capacity", user_id(LUANA)), "capacity", "500", NULL);
	IS_STATUS(l, 403);
	post_form(d, arena_fmt(mem, "/users/%s/capacity", user_id(LUANA)), "capacity", "10", NULL);
	IS_STATUS(d, 303);
	client_free(l);
	client_free(d);
	client_free(a);
}

/* ---- connections ---- */

static void connections(void)
{
	struct client *r = client_new("rosana"), *d = client_new("davi"), *m = client_new("mirela");
	const char *name = arena_fmt(mem, "E2E %s", sql("SELECT left(gen_random_uuid()::text, 8)")), *number = sql("SELECT '9' || floor(random() * 1e12)::bigint"), *id, *path, *version;

	sign_in(r, ROSANA);
	sign_in(d, DAVI);
	bearer(m, MIRELA);
	get(d, "/connections");
	IS_STATUS(d, 403);
	post_form(r, "/connections", "channel", "whatsapp", "name", name, "external_id", number, "access_token", "", NULL);
	IS_STATUS(r, 422);
	IS_TEXT(r, input_value(r, "external_id"), number);
	post_form(r, "/connections", "channel", "whatsapp", "name", name, "external_id", number, "access_token", "e2e-very-secret", "app_secret", "e2e-app", NULL);
	IS_STATUS(r, 422);
	HAS_NOT(r, "e2e-very-secret");
	post_form(r, "/connections", "channel", "whatsapp", "name", name, "external_id", number, "access_token", "e2e-very-secret", "app_secret", "e2e-app", "verify_token", "e2e-verify", NULL);
	IS_STATUS(r, 303);
	path = arena_str(mem, location(r));
	id = sql("SELECT id FROM connection WHERE name = '%s'", name);
	get(r, path);
	IS_STATUS(r, 200);
	HAS(r, arena_fmt(mem, "/hooks/whatsapp/%s", id));
	HAS_NOT(r, "e2e-very-secret");
	HAS_NOT(r, "e2e-verify");
	version = arena_str(mem, input_value(r, "version"));
	get(m, arena_fmt(mem, "/api%s", path));
	IS_STATUS(m, 404);
	/* The number is somebody's, whoever asks. */
	send_json(m, "POST", "/api/connections", arena_fmt(mem, "{\"channel\":\"whatsapp\",\"name\":\"%s\",\"external_id\":\"%s\",\"access_token\":\"x\"}", name, LOJA));
	IS_STATUS(m, 409);
	post_form(r, path, "name", name, "reopen", "1", "version", version, "monday", "8-12, 13-18", "tuesday", "18-8", NULL);
	IS_STATUS(r, 422);
	IS_TEXT(r, input_value(r, "tuesday"), "18-8");
	HAS(r, "id=\"e-tuesday\"");
	post_form(r, path, "name", name, "reopen", "1", "version", version, "away_enabled", "1", "away_message", "", NULL);
	IS_STATUS(r, 422);
	post_form(r, path, "name", name, "reopen", "0", "version", version, "monday", "8-12, 13h30 às 18", "away_enabled", "1", "away_message", "Voltamos amanhã", "access_token", "", NULL);
	IS_STATUS(r, 303);
	IS_TEXT(r, sql("SELECT concat_ws(' ', reopen, away_enabled, (SELECT string_agg(opens || '-' || closes, ',' ORDER BY opens) FROM business_hours WHERE connection_id = c.id AND weekday = 1), "
	               "access_token_sealed LIKE 'v1.%%') FROM connection c WHERE id = '%s'", id), "f t 480-720,810-1080 t");
	post_form(r, path, "name", name, "reopen", "0", "version", version, "monday", "9-10", "away_message", "Meu texto", NULL);
	IS_STATUS(r, 409);
	HAS(r, "08:00-12:00, 13:30-18:00");
	HAS(r, "Meu texto</textarea>");
	get(m, "/api/connections");
	HAS_NOT(m, name);
	client_free(r);
	client_free(d);
	client_free(m);
}

static void holidays(void)
{
	struct client *r = client_new("rosana"), *d = client_new("davi");

	sign_in(r, ROSANA);
	sign_in(d, DAVI);
	post_form(r, "/holidays/national", "year", "2045", NULL);
	IS_STATUS(r, 303);
	get(r, "/holidays");
	HAS(r, "07/04/2045"); /* Good Friday: Easter is on the 9th */
	HAS(r, "Nossa Senhora Aparecida");
	EXPECT(sqln("SELECT count(*) FROM holiday WHERE day BETWEEN '2045-01-01' AND '2045-12-31'") == 13, "thirteen days");
	post_form(r, "/holidays/national", "year", "2045", NULL);
	EXPECT(sqln("SELECT count(*) FROM holiday WHERE day BETWEEN '2045-01-01' AND '2045-12-31'") == 13, "twice is once");
	post_form(r, "/holidays", "day", "2045-02-30", "name", "E2E", NULL);
	IS_STATUS(r, 422);
	post_form(r, "/holidays", "day", "2045-12-25", "name", "E2E", NULL);
	IS_STATUS(r, 409);
	get(d, "/holidays");
	IS_STATUS(d, 200);
	HAS_NOT(d, "/holidays/national");
	post_form(d, "/holidays/national", "year", "2046", NULL);
	IS_STATUS(d, 403);
	(void)sql("DELETE FROM holiday WHERE day >= '2045-01-01'");
	client_free(r);
	client_free(d);
}

/* ---- from the webhook on ---- */

static const char *arrived(struct client *c, const char *wa_id, const char *wamid)
{
	const char *body = hook_text(LOJA, wa_id, "E2E Fila", wamid, "Oi, alguém aí?");

	hook_post(c, "/hooks/whatsapp", world.secret, body, strlen(body));
	IS_STATUS(c, 200);
	EXPECT(WAIT(30, sqln("SELECT count(*) FROM message WHERE external_id = '%s'", wamid) == 1), "%s was not brought in", wamid);
	return sql("SELECT conversation_id FROM message WHERE external_id = '%s'", wamid);
}

static void from_outside(void)
{
	struct client *c = client_new("provider"), *l = client_new("luana"), *p = client_new("luana's program");
	const char *phone = sql("SELECT '5531977' || lpad(floor(random() * 1e6)::int::text, 6, '0')"), *conv, *team, *foreign;

	sign_in(l, LUANA);
	bearer(p, LUANA);
	send_json(p, "POST", "/api/presence", "{\"presence\":\"online\"}");
	(void)sql("INSERT INTO team (tenant_id, name, auto_assign) SELECT tenant_id, 'E2E fila de fora', true FROM tenant WHERE slug = 'marcenaria'");
	team = sql("SELECT id FROM team WHERE name = 'E2E fila de fora'");
	(void)sql("INSERT INTO team_member (tenant_id, team_id, user_id) SELECT tenant_id, '%s', id FROM user_account WHERE email = '%s'; UPDATE user_account SET capacity = 500 WHERE email = '%s'; "
	    "UPDATE connection SET team_id = '%s', away_enabled = true, away_message = 'E2E fora do horário' WHERE external_id = '%s'; "
	    "INSERT INTO business_hours (tenant_id, connection_id, weekday, opens, closes) SELECT tenant_id, id, (extract(dow FROM now() AT TIME ZONE 'America/Sao_Paulo')::int + 3) %% 7, 0, 1 "
	    "FROM connection WHERE external_id = '%s'", team, LUANA, LUANA, team, LOJA, LOJA);
	conv = arrived(c, phone, wamid_new());
	IS_TEXT(c, sql("SELECT concat_ws(' ', u.email, v.waiting_since IS NOT NULL) FROM conversation v JOIN user_account u ON u.id = v.assignee_id WHERE v.id = '%s'", conv), LUANA " t");
	get(l, arena_fmt(mem, "/conversations/%s", conv));
	IS_STATUS(l, 200);
	HAS(l, "entregue pela fila a Luana");
	HAS(l, "E2E fora do horário");
	EXPECT(WAIT(30, sqln("SELECT count(*) FROM message WHERE conversation_id = '%s' AND text = 'E2E fora do horário' AND status IN ('sent', 'delivered', 'read')", conv) == 1), "the away message was not sent: %s",
	    sql("SELECT status || ' ' || coalesce(error_text, '') FROM message WHERE conversation_id = '%s' AND text = 'E2E fora do horário'", conv));
	(void)arrived(c, phone, wamid_new());
	EXPECT(sqln("SELECT count(*) FROM message WHERE conversation_id = '%s' AND text = 'E2E fora do horário'", conv) == 1, "once while it is closed");
	/* A transfer to a team of another tenant; to the own one, without a person. */
	foreign = sql("INSERT INTO team (tenant_id, name) SELECT tenant_id, 'E2E alheia' FROM tenant WHERE slug = 'clinica' RETURNING id");
	get(p, arena_fmt(mem, "/api/conversations/%s", conv));
	send_if(p, "PATCH", arena_fmt(mem, "/api/conversations/%s", conv), header(p, "ETag"), arena_fmt(mem, "{\"team_id\":\"%s\"}", foreign));
	EXPECT(p->status == 422 || p->status == 404, "%s: %ld", p->call, p->status);
	(void)sql("DELETE FROM business_hours WHERE connection_id = (SELECT id FROM connection WHERE external_id = '%s'); "
	    "UPDATE connection SET team_id = NULL, away_enabled = false, away_message = NULL WHERE external_id = '%s'; UPDATE conversation SET team_id = NULL WHERE team_id = '%s'; "
	    "UPDATE user_account SET capacity = 10 WHERE email = '%s'; DELETE FROM team_member WHERE team_id = '%s'; DELETE FROM team WHERE name IN ('E2E alheia', 'E2E fila de fora')", LOJA, LOJA, team, LUANA, team);
	client_free(c);
	client_free(l);
	client_free(p);
}

CU_TestInfo team_tests[] = {
	{ "teams over the API", team_api },
	{ "teams as pages, and who was faster", team_page },
	{ "presence and capacity", presence },
	{ "connections: secrets, hours, conflicts", connections },
	{ "holidays", holidays },
	{ "from the webhook: the queue and the away message", from_outside },
	CU_TEST_INFO_NULL
};
