/* SEC-2: what injected SQL may do as balcao_web. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "tests/db/dbt.h"

/* %d: beta's number, %s: a word of the list beside it. must_fail: it must not go well, whatever it shows. */
struct attack { const char *sql; const char *const *words; bool must_fail; };

static const char *const settings[] = { "app.ctx", "role", "session_authorization", "row_security", "search_path", "app.tenant", "transaction_read_only" };
static const char *const names[] = { "balcao_owner", "balcao_worker", "balcao_console", "balcao_live", "postgres", "pg_read_all_data", "pg_write_all_data", "pg_execute_server_program" };
static const char *const tables[] = { "contact", "conversation", "message", "user_account", "connection", "event", "audit_log", "tenant", "notification", "attachment",
	"contact_identity", "reaction", "team", "idempotency_key" };
static const char *const secrets[] = { "priv.secret", "priv.credential", "priv.session", "priv.refresh_token", "priv.tenant_slug", "priv.connection_key", "priv.job",
	"priv.throttle", "priv.event_feed", "pg_authid", "pg_shadow", "pg_user_mapping", "pg_statistic", "pg_hba_file_rules", "pg_file_settings" };
static const char *const files[] = { "/etc/passwd", "postgresql.conf", "pg_hba.conf", "global/pg_control", "base" };
static const char *const none[] = { "" };

static const struct attack attacks[] = {
	{ "SELECT set_config('%s', '%d', true)", settings, false },
	{ "SELECT set_config('%s', '%d|all', false)", settings, false },
	{ "SET LOCAL app.ctx = '%.0s%d||all|||00000000000000000000000000000000'", none, false },
	{ "SET ROLE %s", names, true },
	{ "SET LOCAL ROLE %s", names, true },
	{ "SET SESSION AUTHORIZATION %s", names, true },
	{ "GRANT %s TO balcao_web", names, true },
	{ "RESET ROLE%.0s", none, false },
	{ "RESET SESSION AUTHORIZATION%.0s", none, false },
	{ "RESET ALL%.0s", none, false },
	{ "RESET app.ctx%.0s", none, false },
	{ "DISCARD TEMP%.0s", none, false },
	{ "DISCARD ALL%.0s", none, true },
	{ "COMMIT; SELECT * FROM %s WHERE tenant_id = %d", tables, true },
	{ "ROLLBACK; BEGIN; SELECT * FROM %s WHERE tenant_id = %d", tables, true },
	{ "SET LOCAL row_security = off; SELECT * FROM %s", tables, true },
	{ "SELECT * FROM %s WHERE tenant_id = %d OR true", tables, false },
	{ "SELECT to_jsonb(x) FROM ONLY %s x WHERE tenant_id <> (SELECT app.tenant()) OR tenant_id = %d", tables, false },
	{ "UPDATE %s SET tenant_id = %d RETURNING *", tables, false },
	{ "DELETE FROM %s WHERE tenant_id = %d RETURNING *", tables, false },
	{ "INSERT INTO %s (tenant_id) VALUES (%d) RETURNING *", tables, true },
	{ "ALTER TABLE %s DISABLE ROW LEVEL SECURITY", tables, true },
	{ "DROP POLICY tenant ON %s", tables, true },
	{ "CREATE POLICY wide ON %s USING (true)", tables, true },
	{ "TRUNCATE %s CASCADE", tables, true },
	{ "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", tables, false },
	{ "COPY %s TO '/tmp/balcao-stolen'", tables, true },
	{ "COPY (SELECT * FROM %s) TO PROGRAM 'cat >/tmp/balcao-stolen'", tables, true },
	{ "COPY %s FROM PROGRAM 'id'", tables, true },
	{ "SELECT * FROM %s", secrets, true },
	{ "UPDATE %s SET tenant_id = 1", secrets, true },
	{ "SELECT pg_read_file('%s')", files, true },
	{ "SELECT pg_read_binary_file('%s')", files, true },
	{ "SELECT pg_ls_dir('%s')", files, true },
	{ "SELECT pg_stat_file('%s')", files, true },
	{ "SELECT lo_import('%s')", files, true },
	{ "SELECT lo_export(1, '%s')", files, true },
	{ "CREATE FUNCTION public.f%.0s() RETURNS int LANGUAGE sql AS 'SELECT 1'", none, true },
	{ "CREATE FUNCTION pg_temp.f%.0s() RETURNS int LANGUAGE sql AS 'SELECT 1'", none, true },
	{ "CREATE TEMP TABLE t%.0s (a int)", none, true },
	{ "CREATE TABLE public.t%.0s (a int)", none, true },
	{ "CREATE EXTENSION %.0sdblink", none, true },
	{ "SELECT dblink_connect('dbname=postgres%.0s')", none, true },
	{ "DO $$ BEGIN PERFORM app.become(%.0s%d, NULL, 'all', NULL, NULL); END $$", none, true },
	{ "SELECT app.become(%.0s%d, NULL, 'all', NULL, NULL)", none, true },
	{ "SELECT app.digest('%.0s%d||all||')", none, true },
	{ "SELECT app.tenant_table('contact%.0s')", none, true },
	{ "SELECT app.enter_next(%.0s%d - 1)", none, true },
	{ "SELECT app.console_enter('%.0splatform')", none, true },
	{ "SELECT app.enter_connection('key', 'chave-beta%.0s')", none, true },
	{ "SELECT app.enter_chat('chave-beta%.0s', 'x', false)", none, true },
	{ "SELECT * FROM app.job_claim('send%.0s', 10, '1 minute')", none, true },
	{ "SELECT * FROM app.feed('0%.0s', 0)", none, true },
	{ "SELECT * FROM app.files_known(ARRAY['x%.0s'])", none, true },
	{ "SELECT * FROM app.login_find('%.0sx@x.test')", none, true },
	{ "SELECT app.session_start(%.0s%d, app.user_id(), 'cookie', '\\x00', '1 hour', '1 hour', NULL, NULL, NULL)", none, true },
	{ "SELECT app.refresh_add('\\x00', %.0s%d, app.user_id(), app.uuid7(), '1 hour')", none, true },
	{ "SELECT * FROM app.refresh_use('\\x00%.0s')", none, true },
	{ "SELECT app.password_set('x%.0s')", none, true },
	{ "SELECT app.password_hash(%.0s)", none, true },
	{ "SELECT app.throttle_clear('x%.0s')", none, true },
	{ "SELECT app.audit_note('x', 'y', NULL, NULL) FROM pg_sleep(0%.0s)", none, false },
	{ "SELECT app.enter(decode(md5('%.0s%d'), 'hex'), false)", none, false },
	{ "SELECT * FROM pg_stats WHERE schemaname = 'public%.0s'", none, false },
	{ "SELECT query FROM pg_stat_activity%.0s", none, false },
	{ "SELECT * FROM pg_prepared_statements%.0s", none, false },
	{ "SELECT pg_advisory_lock(1%.0s)", none, false },
	{ "LISTEN x%.0s", none, false },
	{ "SELECT lo_from_bytea(0, 'x%.0s')", none, false },
	{ "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'balcao_owner%.0s'", none, false },
	{ "SELECT pg_reload_conf(%.0s)", none, true },
	{ "ALTER SYSTEM SET log_statement = 'all%.0s'", none, true },
	{ "ALTER ROLE balcao_web SUPERUSER%.0s", none, true },
	{ "ALTER ROLE balcao_owner PASSWORD 'x%.0s'", none, true },
	{ "SELECT query_to_xml('SELECT * FROM %s WHERE tenant_id = %d', true, false, '')", tables, false },
	{ "SELECT database_to_xml(true, false, '%.0s')", none, false },
	{ "SELECT currtid2('%.0scontact', '(0,1)')", none, false },
};

static void enter(PGconn *c)
{
	must(c, "BEGIN");
	must(c, "SELECT app.enter('\\x%s', false)", token_hex(alfa.admin.token));
}

static bool shows_beta(const char *text)
{
	return text != NULL && (strstr(text, beta.canary) != NULL || strstr(text, beta.id) != NULL || strstr(text, beta.admin.id) != NULL || strstr(text, beta.conversation) != NULL);
}

/* Whatever the statement changed in this session: beta's rows are not there. */
static void look_around(PGconn *c, const char *sql)
{
	if (PQtransactionStatus(c) == PQTRANS_INERROR)
		must(c, "ROLLBACK");
	for (size_t i = 0; i < nitems(tables); i++) {
		const char *seen = try_rows(c, "SELECT * FROM %s WHERE tenant_id = %" PRId64, tables[i], beta.tenant);

		if (seen != NULL && *seen != '\0')
			FAILS("after %s: %s shows %s", sql, tables[i], seen);
		if (PQtransactionStatus(c) == PQTRANS_INERROR)
			break;
	}
}

/* Back to a session as it began. */
static void clean(PGconn *c)
{
	must(c, "ROLLBACK");
	must(c, "DISCARD ALL");
	must(c, "SET client_min_messages = error");
	IS_STR("still web", get(c, "SELECT current_user || ' ' || session_user"), "balcao_web balcao_web");
}

static int run_one(PGconn *c, const struct attack *a, const char *word)
{
	/* Word and number in the order of the text: a "%d" alone has the word consumed by "%.0s". */
	const char *sql, *number = strstr(a->sql, "%d"), *shown;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	sql = number != NULL ? arena_fmt(T, a->sql, word, (int)beta.tenant) : arena_fmt(T, a->sql, word);
#pragma GCC diagnostic pop
	enter(c);
	shown = try_rows(c, "%s", sql);
	if (a->must_fail && shown != NULL)
		FAILS("went well: %s", sql);
	if (shows_beta(shown) || shows_beta(complaint(c)))
		FAILS("shows beta: %s: %s", sql, shown != NULL ? shown : complaint(c));
	look_around(c, sql);
	clean(c);
	return 1;
}

static void hostile(void)
{
	const char *before = get(as(NULL), "SELECT md5(string_agg(x::text, '' ORDER BY x::text)) FROM contact x WHERE tenant_id = %" PRId64, beta.tenant);
	PGconn *c = fresh_as("web");
	int n = 0;

	unlink("/tmp/balcao-stolen");
	for (size_t i = 0; i < nitems(attacks); i++) {
		const char *const *w = attacks[i].words;
		size_t words = w == settings ? nitems(settings) : w == names ? nitems(names) : w == tables ? nitems(tables) : w == secrets ? nitems(secrets) : w == files ? nitems(files) : 1;

		for (size_t k = 0; k < words; k++)
			n += run_one(c, &attacks[i], w[k]);
	}
	PQfinish(c);
	IS_TRUE("200 at least", n >= 200);
	IS_TRUE("no file", access("/tmp/balcao-stolen", F_OK) != 0);
	IS_STR("beta is as it was", get(as(NULL), "SELECT md5(string_agg(x::text, '' ORDER BY x::text)) FROM contact x WHERE tenant_id = %" PRId64, beta.tenant), before);
}

/* The looking finds what it looks for. */
static void looking(void)
{
	PGconn *c = inside(beta.tenant, NULL, "all");

	IS_TRUE("beta's own", shows_beta(rows(c, "SELECT * FROM contact")));
	undo(c);
	IS_TRUE("alfa's", !shows_beta(alfa.canary));
}

/* Nobody but the program that checks passwords opens a session, and that program reads nobody's work. */
static void other_door(void)
{
	static const char *const closed[] = { "contact", "message", "deal", "connection", "audit_log", "whatsapp_template", "attachment", "draft" };
	PGconn *c = fresh_as("web");

	enter(c);
	IS_STR("no session of another tenant", state(c, "SELECT app.session_start(%" PRId64 ", '%s', 'cookie', '\\x01', '1 hour', '1 hour', NULL, NULL, NULL)", beta.tenant, beta.admin.id), "42501");
	must(c, "ROLLBACK");
	PQfinish(c);
	c = fresh_as("auth");
	for (size_t i = 0; i < nitems(closed); i++) {
		enter(c);
		IS_STR(closed[i], state(c, "SELECT * FROM %s", closed[i]), "42501");
		must(c, "ROLLBACK");
	}
	PQfinish(c);
}

/* A setting that outlives its transaction is no way in for the next request: whoever is not let in stands in it no more. */
static void kept_setting(void)
{
	PGconn *c = fresh_as("web");

	enter(c);
	must(c, "SELECT set_config('app.ctx', current_setting('app.ctx'), false)");
	must(c, "COMMIT");
	must(c, "BEGIN");
	must(c, "SELECT app.enter('\\x%s', true)", token_hex(beta.ana.token));
	IS_INT("the next request is its own", num(c, "SELECT app.tenant()"), beta.tenant);
	must(c, "COMMIT");
	must(c, "BEGIN");
	IS_INT("nobody", num(c, "SELECT count(*) FROM app.enter('\\x00', true)"), 0);
	IS_STR("nobody's context", state(c, "SELECT count(*) FROM contact"), "42501");
	must(c, "ROLLBACK");
	PQfinish(c);
}

CU_TestInfo hostile_tests[] = {
	{ "hostile statements reach nothing of another tenant", hostile },
	{ "the looking finds what it looks for", looking },
	{ "sessions are opened by one program, which reads nothing else", other_door },
	{ "a context kept for the session ends with the next entry", kept_setting },
	CU_TEST_INFO_NULL
};
