#include "tests/e2e/world.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auth/auth.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"

struct world world;
static struct arena *kept;   /* what lives as long as the program */
static PGconn *pg;

static void leave(const char *what, const char *why)
{
	fprintf(stderr, "e2e: %s: %s\n", what, why);
	exit(2);
}

static const char *need_env(const char *name)
{
	const char *v = getenv(name);

	if (v == NULL || *v == '\0')
		leave(name, "not set (scripts/test e2e sets up a world)");
	return v;
}

/* One setting of the instance's file. */
static const char *setting(const char *name)
{
	FILE *f = fopen(need_env("BALCAO_CONF"), "r");
	char line[1024];
	const char *found = NULL;
	size_t n = strlen(name);

	if (f == NULL)
		leave(getenv("BALCAO_CONF"), "cannot be read");
	while (found == NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, name, n) == 0 && line[n] == '=')
			found = arena_strn(kept, line + n + 1, strcspn(line + n + 1, "\r\n"));
	fclose(f);
	return found != NULL ? found : "";
}

void world_open(void)
{
	long port = strtol(need_env("BALCAO_HTTP_PORT"), NULL, 10);

	kept = arena_new();
	mem = arena_new();
	crypto_start();
	world.base = arena_fmt(kept, "http://localhost:%ld", port);
	world.dir = arena_str(kept, need_env("BALCAO_DIR"));
	world.stub = setting("BALCAO_GRAPH_URL");
	world.secret = setting("BALCAO_WHATSAPP_APP_SECRET");
	world.verify = setting("BALCAO_WHATSAPP_VERIFY_TOKEN");
	(void)sql("SELECT 1");
}

void world_close(void)
{
	PQfinish(pg);
	arena_free(mem);
	arena_free(kept);
}

/* ---- database ---- */

static bool connected(void)
{
	for (int i = 0; i < 100; i++) {
		if (pg != NULL && PQstatus(pg) == CONNECTION_OK)
			return true;
		PQfinish(pg);
		pg = PQconnectdb("connect_timeout=5 application_name=e2e options='-c client_min_messages=warning -c session_replication_role=replica'");
		if (PQstatus(pg) != CONNECTION_OK)
			nap(100);
	}
	return false;
}

static PGresult *run(const char *text)
{
	PGresult *r = NULL;

	for (int i = 0; i < 20; i++) {
		if (!connected())
			leave("database", PQerrorMessage(pg));
		r = PQexec(pg, text);
		if (PQresultStatus(r) == PGRES_TUPLES_OK || PQresultStatus(r) == PGRES_COMMAND_OK)
			return r;
		if (PQstatus(pg) == CONNECTION_OK)
			break;
		PQclear(r);
		nap(200);
	}
	fprintf(stderr, "e2e: %s\n", text);
	leave("SQL", PQerrorMessage(pg));
	return NULL;
}

const char *sql(const char *fmt, ...)
{
	const char *out = "";
	PGresult *r;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vfmt(mem, fmt, ap);
	va_end(ap);
	r = run(text);
	if (PQntuples(r) > 0 && !PQgetisnull(r, 0, 0))
		out = arena_str(mem, PQgetvalue(r, 0, 0));
	PQclear(r);
	return out;
}

int64_t sqln(const char *fmt, ...)
{
	int64_t out = 0;
	PGresult *r;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vfmt(mem, fmt, ap);
	va_end(ap);
	r = run(text);
	if (PQntuples(r) > 0)
		out = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
	PQclear(r);
	return out;
}

/* ---- people ---- */

void user_need(const char *email, const char *name, const char *role, const char *scope)
{
	if (sqln("SELECT count(*) FROM user_account WHERE email = '%s'", email) > 0)
		return;
	(void)sql("DO $$ BEGIN PERFORM set_config('session_replication_role', 'origin', true); PERFORM app.become((SELECT tenant_id FROM tenant WHERE slug = 'marcenaria'), NULL, 'all', NULL, NULL); "
	          "PERFORM app.user_add('%s', '%s', '%s', '%s', (SELECT password_hash FROM priv.credential WHERE email = '" LUANA "')); END $$",
	    name, email, role, scope);
}

const char *session_make(const char *email, const char *kind)
{
	const char *token = token_new(mem);
	uint8_t h[32];

	sha256(token, strlen(token), h);
	(void)sql("INSERT INTO priv.session (tenant_id, user_id, kind, token_hash, idle, expires_at, ip, agent) "
	          "SELECT tenant_id, id, '%s', '\\x%s', '4 hours', now() + interval '12 hours', '127.0.0.1', 'e2e' FROM user_account WHERE email = '%s'",
	    kind, hex_encode(mem, h, sizeof(h)), email);
	return token;
}

void sign_in(struct client *c, const char *email)
{
	const char *token = session_make(email, "cookie");

	c->bearer = NULL;
	cookie_set(c, "balcao", token);
	snprintf(c->csrf, sizeof(c->csrf), "%s", auth_csrf(mem, token));
}

void bearer(struct client *c, const char *email)
{
	cookies_clear(c);
	c->bearer = session_make(email, "bearer");
}

bool api_login(struct client *c, const char *email, const char *password)
{
	c->bearer = NULL;
	for (int i = 0; i < 5; i++) {
		send_json(c, "POST", "/api/auth/login", arena_fmt(mem, "{\"email\":\"%s\",\"password\":%s}", email, json_quoted(password)));
		/* nginx has a coarse lid of its own on how often one address may ask. */
		if (c->status != 429 || js(c, "request_id") != NULL)
			break;
		nap(1000);
	}
	if (c->status != 200)
		return false;
	c->bearer = js(c, "access_token");
	return c->bearer != NULL;
}

void throttle_forget(void)
{
	(void)sql("DELETE FROM priv.throttle");
}

const char *user_id(const char *email)
{
	return sql("SELECT id FROM user_account WHERE email = '%s'", email);
}

/* ---- things ---- */

const char *conversation_make(const char *visitor_name)
{
	const char *id = "", *name = arena_fmt(mem, "%s %s", visitor_name, sql("SELECT left(gen_random_uuid()::text, 8)"));
	struct client *c = client_new("visitor");

	get(c, CHAT);
	post_form(c, CHAT, "text", "Oi, tudo bem?", "name", name, "email", "", "token", token_new(mem), NULL);
	if (IS_STATUS(c, 303))
		id = sql("UPDATE conversation c SET assignee_id = u.id, assignee_name = u.name FROM user_account u, contact p WHERE u.email = '" LUANA "' "
		         "AND p.id = c.contact_id AND p.name = '%s' AND c.tenant_id = u.tenant_id RETURNING c.id", name);
	client_free(c);
	return id;
}

/* ---- state ---- */

/* What changes without anybody asking, and (loose) what reading marks. */
static const struct { const char *table, *columns; bool loose; } quiet[] = {
	{ "priv.session", "last_seen_at", false }, { "public.user_account", "last_seen_at", false },
	{ "public.conversation", "unread", true }, { "public.notification", "read_at", true },
};

static const char *row_of(const char *table, bool loose)
{
	for (size_t i = 0; i < nitems(quiet); i++)
		if (strcmp(quiet[i].table, table) == 0 && (loose || !quiet[i].loose))
			return arena_fmt(mem, "(to_jsonb(t) - '{%s}'::text[])::text", quiet[i].columns);
	return "t::text";
}

const char *db_state(bool loose)
{
	PGresult *r = run("SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
	                  "WHERE n.nspname IN ('public', 'priv') AND c.relkind IN ('r', 'p') "
	                  "AND c.relname NOT IN ('worker', 'throttle', 'event_feed') ORDER BY 1");
	struct buf b = { 0 };
	const char *out;

	buf_str(&b, "SELECT concat_ws(' ', ''");
	for (int i = 0; i < PQntuples(r); i++) {
		const char *t = PQgetvalue(r, i, 0), *row = row_of(t, loose);

		buf_fmt(&b, ", '%s=' || (SELECT md5(coalesce(string_agg(%s, '/' ORDER BY %s), '')) FROM %s t)", t, row, row, t);
	}
	buf_str(&b, ")");
	PQclear(r);
	out = sql("%s", b.p);
	buf_free(&b);
	return out;
}

const char *db_changed(const char *before, const char *after)
{
	struct buf b = { 0 };
	const char *out;

	while (*before != '\0' && *after != '\0') {
		size_t n = strcspn(before, " "), m = strcspn(after, " ");

		if (n != m || strncmp(before, after, n) != 0)
			buf_fmt(&b, "%s%.*s", b.n > 0 ? ", " : "", (int)strcspn(before, "="), before);
		before += n + (before[n] != '\0');
		after += m + (after[m] != '\0');
	}
	out = arena_str(mem, b.n > 0 ? b.p : "");
	buf_free(&b);
	return out;
}

void program_signal(const char *name, int sig)
{
	long kids[32];
	size_t n = pids_below(pid_of(name), arena_fmt(mem, "balcao-%s", name), kids, nitems(kids));

	EXPECT(n > 0, "no process of %s", name);
	for (size_t i = 0; i < n; i++)
		kill((pid_t)kids[i], sig);
}
