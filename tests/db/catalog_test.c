/* The schema's rules, each a query that returns what breaks it, and each seen to fire. */
#include <string.h>

#include "tests/db/dbt.h"

#define TENANT_TABLES \
	"WITH roles AS (SELECT oid, rolname FROM pg_roles WHERE rolname IN ('balcao_web', 'balcao_auth', 'balcao_ingest', 'balcao_worker', 'balcao_live', 'balcao_console')), " \
	"ext AS (SELECT objid FROM pg_depend WHERE deptype = 'e'), " \
	"ns AS (SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('public', 'app', 'priv')), " \
	"platform (name) AS (VALUES ('schema_migration')), " \
	"tab AS (SELECT c.oid, c.relname, n.nspname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c JOIN ns n ON n.oid = c.relnamespace " \
	"  WHERE c.relkind IN ('r', 'p') AND c.oid NOT IN (SELECT objid FROM ext)), " \
	"pub AS (SELECT * FROM tab WHERE nspname = 'public' AND relname NOT IN (SELECT name FROM platform)), " \
	"ten AS (SELECT t.*, a.attnum AS tenant FROM tab t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped), " \
	"col AS (SELECT t.nspname, t.relname, a.*, ty.typname, ty.typtype FROM tab t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped " \
	"  JOIN pg_type ty ON ty.oid = a.atttypid), " \
	"fun AS (SELECT p.*, n.nspname FROM pg_proc p JOIN ns n ON n.oid = p.pronamespace WHERE p.oid NOT IN (SELECT objid FROM ext)) "

/* sql gives one text a finding. bad: statements that break the rule, ended by NULL; each must be found by the word beside it. */
struct rule { const char *name, *sql; struct { const char *sql, *word; } bad[6]; };

static const struct rule rules[] = {
{ "tables of public carry tenant_id bigint NOT NULL",
	"SELECT relname FROM pub WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = pub.oid AND a.attname = 'tenant_id' AND a.attnotnull AND a.atttypid = 'bigint'::regtype)",
	{ { "CREATE TABLE bad_t (id uuid)", "bad_t" }, { "ALTER TABLE reaction ALTER COLUMN tenant_id DROP NOT NULL", NULL },
	  { "CREATE TABLE bad_t (tenant_id bigint)", "bad_t" } } },
{ "the platform's list is short and real",
	"SELECT name FROM platform WHERE to_regclass('public.' || name) IS NULL UNION ALL SELECT 'too long' FROM platform HAVING count(*) > 12",
	{ { "ALTER TABLE schema_migration RENAME TO other", "schema_migration" } } },
{ "tenant_id is the context's by default",
	"SELECT relname FROM pub JOIN pg_attribute a ON a.attrelid = pub.oid AND a.attname = 'tenant_id' LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
	"WHERE pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM 'app.tenant()'",
	{ { "ALTER TABLE contact ALTER tenant_id DROP DEFAULT", "contact" }, { "ALTER TABLE contact ALTER tenant_id SET DEFAULT 1", "contact" } } },
{ "row-level security is enabled and forced",
	"SELECT relname FROM pub WHERE NOT relrowsecurity OR NOT relforcerowsecurity",
	{ { "ALTER TABLE contact NO FORCE ROW LEVEL SECURITY", "contact" }, { "ALTER TABLE message DISABLE ROW LEVEL SECURITY", "message" },
	  { "CREATE TABLE bad_t (tenant_id bigint NOT NULL)", "bad_t" } } },
{ "one permissive policy, for all, of the tenant, with its check",
	"SELECT relname || ': ' || coalesce(string_agg(polname || ' ' || coalesce(pg_get_expr(polqual, polrelid), '-') || ' / ' || coalesce(pg_get_expr(polwithcheck, polrelid), '-'), ', '), 'none') "
	"FROM pub LEFT JOIN pg_policy p ON p.polrelid = pub.oid AND polpermissive GROUP BY relname "
	"HAVING count(polname) <> 1 OR bool_or(polcmd <> '*' OR polroles <> '{0}' OR pg_get_expr(polqual, polrelid) IS DISTINCT FROM '(tenant_id = ( SELECT app.tenant() AS tenant))' "
	"  OR pg_get_expr(polwithcheck, polrelid) IS DISTINCT FROM '(tenant_id = ( SELECT app.tenant() AS tenant))')",
	{ { "CREATE POLICY wide ON contact USING (true)", "contact" }, { "DROP POLICY tenant ON contact", "contact" },
	  { "ALTER POLICY tenant ON message WITH CHECK (true)", "message" }, { "ALTER POLICY tenant ON team TO balcao_web", "team" },
	  { "CREATE POLICY more ON conversation AS PERMISSIVE FOR SELECT USING (status = 'open')", "conversation" } } },
{ "policies call context functions as (SELECT ...) only",
	"SELECT relname || '.' || polname FROM pub JOIN pg_policy p ON p.polrelid = pub.oid, "
	"LATERAL (SELECT coalesce(pg_get_expr(polqual, polrelid), '') || ' ' || coalesce(pg_get_expr(polwithcheck, polrelid), '') AS x) e WHERE x ~ '(?<!SELECT )(?<!SELECT \\()(app\\.\\w+|current_setting)\\('",
	{ { "CREATE POLICY slow ON contact AS RESTRICTIVE USING (owner_id = app.user_id())", "contact.slow" },
	  { "CREATE POLICY slow ON contact AS RESTRICTIVE USING (name = current_setting('a.b'))", "contact.slow" } } },
{ "policies compare the scope inside the sub-select: outside it the planner takes the truth for one row in 200",
	"SELECT relname || '.' || polname FROM pub JOIN pg_policy p ON p.polrelid = pub.oid WHERE pg_get_expr(polqual, polrelid) ~ 'app\\.scope\\(\\) AS'",
	{ { "CREATE POLICY slow ON contact AS RESTRICTIVE USING ((SELECT app.scope()) = 'all')", "contact.slow" } } },
{ "foreign keys between tenant tables hold tenant_id on both sides, in the same place",
	"SELECT c.conrelid::regclass || '.' || c.conname FROM pg_constraint c JOIN ten a ON a.oid = c.conrelid JOIN ten b ON b.oid = c.confrelid WHERE c.contype = 'f' "
	"AND NOT EXISTS (SELECT FROM unnest(c.conkey, c.confkey) k (x, y) WHERE k.x = a.tenant AND k.y = b.tenant)",
	{ { "ALTER TABLE contact ADD UNIQUE (id); CREATE TABLE bad_t (tenant_id bigint NOT NULL, contact_id uuid REFERENCES contact (id))", "bad_t" },
	  { "CREATE TABLE bad_t (tenant_id bigint NOT NULL, other bigint, contact_id uuid, FOREIGN KEY (other, contact_id) REFERENCES contact)", "bad_t" },
	  { "ALTER TABLE priv.session DROP CONSTRAINT session_tenant_id_user_id_fkey, ADD COLUMN other bigint, ADD FOREIGN KEY (other, user_id) REFERENCES user_account", "session" } } },
{ "tenant tables point at their tenant",
	"SELECT t.relname FROM ten t WHERE nspname = 'public' AND relname <> 'tenant' AND NOT EXISTS "
	"(SELECT FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = t.oid AND c.confrelid = 'tenant'::regclass AND c.conkey = ARRAY[t.tenant])",
	{ { "ALTER TABLE reaction DROP CONSTRAINT reaction_tenant_id_fkey", "reaction" } } },
{ "unique indexes of tenant tables start with tenant_id",
	"SELECT i.indexrelid::regclass::text FROM pg_index i JOIN ten t ON t.oid = i.indrelid WHERE nspname = 'public' AND i.indisunique AND i.indkey[0] <> t.tenant",
	{ { "CREATE UNIQUE INDEX bad_i ON contact (id)", "bad_i" }, { "ALTER TABLE team ADD CONSTRAINT bad_i UNIQUE (name, tenant_id)", "bad_i" } } },
{ "every tenant table has an index that starts with tenant_id",
	"SELECT t.relname FROM ten t WHERE nspname = 'public' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indkey[0] = t.tenant AND i.indisvalid AND i.indpred IS NULL)",
	{ { "CREATE TABLE bad_t (tenant_id bigint NOT NULL)", "bad_t" }, { "ALTER TABLE reaction DROP CONSTRAINT reaction_pkey", "reaction" } } },
{ "what a deletion cascades to has an index",
	"SELECT c.conrelid::regclass || '.' || c.conname FROM pg_constraint c JOIN ten t ON t.oid = c.conrelid WHERE c.contype = 'f' AND c.confdeltype = 'c' AND NOT EXISTS "
	"(SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indpred IS NULL AND (SELECT array_agg(k ORDER BY k) FROM unnest(c.conkey) k) = "
	"  (SELECT array_agg(k ORDER BY k) FROM unnest((i.indkey::int2[])[0:cardinality(c.conkey) - 1]) k))",
	{ { "DROP INDEX attachment_message", "attachment" } } },
{ "nothing of priv is within reach of a program",
	"SELECT rolname || ' ' || what FROM roles, LATERAL ("
	"  SELECT 'schema priv' AS what WHERE has_schema_privilege(rolname, 'priv', 'USAGE') OR has_schema_privilege(rolname, 'priv', 'CREATE') "
	"  UNION ALL SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'priv'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') "
	"    AND (has_table_privilege(rolname, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') OR has_any_column_privilege(rolname, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')) "
	"  UNION ALL SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'priv'::regnamespace AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(rolname, c.oid, 'USAGE, SELECT, UPDATE') END) x",
	{ { "GRANT USAGE ON SCHEMA priv TO balcao_web", "balcao_web schema priv" }, { "GRANT SELECT ON priv.session TO balcao_live", "priv.session" },
	  { "GRANT SELECT (password_hash) ON priv.credential TO PUBLIC", "priv.credential" }, { "GRANT USAGE ON SEQUENCE priv.tenant_number TO balcao_ingest", "priv.tenant_number" } } },
{ "no program may make objects, or empty a table",
	"SELECT rolname || ' ' || what FROM roles, LATERAL (SELECT 'database' AS what WHERE has_database_privilege(rolname, current_database(), 'CREATE, TEMP') "
	"  UNION ALL SELECT nspname FROM pg_namespace WHERE has_schema_privilege(rolname, pg_namespace.oid, 'CREATE') "
	"  UNION ALL SELECT tab.relname FROM tab WHERE has_table_privilege(rolname, tab.oid, 'TRUNCATE, REFERENCES, TRIGGER')) x",
	{ { "GRANT CREATE ON SCHEMA public TO PUBLIC", "public" }, { "GRANT TRUNCATE ON contact TO balcao_worker", "contact" },
	  { "DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO balcao_web', current_database()); END $$", "database" } } },
{ "no view without security_invoker, no materialized view, no foreign table",
	"SELECT c.oid::regclass::text FROM pg_class c JOIN ns ON ns.oid = c.relnamespace WHERE c.oid NOT IN (SELECT objid FROM ext) AND "
	"(c.relkind IN ('m', 'f') OR c.relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false))",
	{ { "CREATE VIEW bad_v AS SELECT id FROM contact", "bad_v" }, { "CREATE MATERIALIZED VIEW bad_m AS SELECT 1", "bad_m" },
	  { "CREATE FOREIGN DATA WRAPPER bad_w; CREATE SERVER bad_s FOREIGN DATA WRAPPER bad_w; CREATE FOREIGN TABLE bad_f (a int) SERVER bad_s", "bad_f" } } },
{ "definer functions pin search_path, pg_catalog first",
	"SELECT oid::regprocedure::text FROM fun WHERE prosecdef AND NOT EXISTS (SELECT FROM unnest(proconfig) x WHERE x ~ '^search_path=pg_catalog(, public)?$')",
	{ { "ALTER FUNCTION app.tenant() RESET search_path", "app.tenant()" }, { "ALTER FUNCTION app.tenant() SET search_path = public, pg_catalog", "app.tenant()" },
	  { "CREATE FUNCTION public.bad_f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'", "bad_f" } } },
{ "definer functions belong to the owner, who is no superuser; those of the search role name the tenant and give ids only",
	"SELECT fun.oid::regprocedure::text FROM fun JOIN pg_roles r ON r.oid = proowner WHERE prosecdef AND (r.rolname NOT IN ('balcao_owner', 'balcao_search') OR r.rolsuper "
	"  OR r.rolname = 'balcao_search' AND (prorettype <> 'uuid[]'::regtype OR prosrc !~ 't bigint := app\\.tenant\\(\\)' OR prosrc !~ 'tenant_id = t\\M|\\|\\| t \\|\\| ''\\.''' OR provolatile <> 's'))",
	{ { "CREATE FUNCTION app.bad_g() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT array_agg(id) FROM public.contact'; "
	    "ALTER FUNCTION app.bad_g() OWNER TO balcao_search", "bad_g" },
	  { "CREATE FUNCTION app.bad_f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1'", "bad_f" } } },
{ "no function of ours is for everybody",
	"SELECT oid::regprocedure::text FROM fun WHERE has_function_privilege('public', oid, 'EXECUTE')",
	{ { "GRANT EXECUTE ON FUNCTION app.become(bigint, uuid, text, uuid, uuid) TO PUBLIC", "app.become" }, { "CREATE FUNCTION app.bad_f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "bad_f" } } },
{ "the making of contexts is for nobody",
	"SELECT rolname || ' ' || fun.oid::regprocedure FROM roles, fun WHERE fun.proname IN ('become', 'digest', 'tenant_table', 'audited') AND has_function_privilege(rolname, fun.oid, 'EXECUTE')",
	{ { "GRANT EXECUTE ON FUNCTION app.digest(text) TO balcao_web", "balcao_web app.digest" } } },
{ "programs' roles own nothing",
	"SELECT rolname || ' ' || what FROM roles, LATERAL (SELECT c.oid::regclass::text AS what FROM pg_class c WHERE relowner = roles.oid UNION ALL SELECT p.oid::regprocedure::text FROM pg_proc p WHERE proowner = roles.oid "
	"  UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = roles.oid UNION ALL SELECT datname FROM pg_database WHERE datdba = roles.oid UNION ALL SELECT typname FROM pg_type WHERE typowner = roles.oid) x",
	{ { "ALTER TABLE contact OWNER TO balcao_web", "contact" }, { "CREATE SCHEMA bad_s AUTHORIZATION balcao_live", "bad_s" } } },
{ "the roles are plain, and nobody's members; the search role alone sees past policies, signs in nowhere, and is the owner's",
	"SELECT r.rolname FROM pg_roles r WHERE r.rolname LIKE 'balcao\\_%' AND (r.rolsuper OR r.rolbypassrls AND (r.rolname <> 'balcao_search' OR r.rolcanlogin) OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication "
	"  OR r.rolinherit OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid AND (r.rolname, g.rolname) <> ('balcao_owner', 'balcao_search')))",
	{ { "ALTER ROLE balcao_web BYPASSRLS", "balcao_web" }, { "GRANT balcao_owner TO balcao_live", "balcao_live" }, { "ALTER ROLE balcao_console SUPERUSER", "balcao_console" },
	  { "GRANT pg_read_server_files TO balcao_worker", "balcao_worker" }, { "ALTER ROLE balcao_search LOGIN", "balcao_search" } } },
{ "the search role owns functions only, and writes nothing",
	"SELECT c.oid::regclass::text FROM pg_class c JOIN pg_roles r ON r.rolname = 'balcao_search' WHERE c.relnamespace IN (SELECT oid FROM ns) AND c.relkind IN ('r', 'p', 'v') "
	"AND (c.relowner = r.oid OR has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE') OR has_table_privilege(r.oid, c.oid, 'SELECT'))",
	{ { "GRANT SELECT ON contact TO balcao_search", "contact" }, { "GRANT UPDATE (name) ON contact TO balcao_search", "contact" } } },
{ "sealed columns are read by worker and console only",
	"SELECT rolname || ' ' || relname || '.' || attname FROM roles, col WHERE attname LIKE '%\\_sealed' AND rolname NOT IN ('balcao_worker', 'balcao_console') AND has_column_privilege(rolname, attrelid, attnum, 'SELECT')",
	{ { "GRANT SELECT ON connection TO balcao_web", "balcao_web connection.access_token_sealed" } } },
{ "the audit log is only ever added to",
	"SELECT rolname FROM roles WHERE has_table_privilege(rolname, 'audit_log', 'INSERT, UPDATE, DELETE') OR has_any_column_privilege(rolname, 'audit_log', 'INSERT, UPDATE')",
	{ { "GRANT DELETE ON audit_log TO balcao_worker", "balcao_worker" } } },
{ "states are text with a list",
	"SELECT relname || '.' || attname FROM col WHERE atttypid = 'text'::regtype AND (attname IN ('role', 'scope', 'direction', 'lifecycle', 'presence', 'plan') OR attname ~ '(^|_)(status|state)$') "
	"AND (relname, attname) <> ('audit_log', 'scope') "
	"AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'c' AND k.conrelid = attrelid AND k.conkey = ARRAY[attnum] AND pg_get_constraintdef(k.oid) ~ 'ARRAY\\[')",
	{ { "ALTER TABLE conversation DROP CONSTRAINT conversation_status_check", "conversation.status" }, { "ALTER TABLE team ADD state text", "team.state" } } },
{ "no numeric, money, float, enum, varchar or json",
	"SELECT relname || '.' || attname || ' ' || typname FROM col WHERE typtype = 'e' OR typname IN ('numeric', 'money', 'float4', 'float8', 'varchar', 'bpchar', 'json')",
	{ { "ALTER TABLE team ADD price numeric(12, 2)", "team.price" }, { "CREATE TYPE bad_e AS ENUM ('a'); ALTER TABLE team ADD x bad_e", "team.x" } } },
{ "instants are timestamptz",
	"SELECT relname || '.' || attname FROM col WHERE typname IN ('timestamp', 'timetz') OR attname LIKE '%\\_at' AND typname <> 'timestamptz'",
	{ { "ALTER TABLE team ADD x timestamp", "team.x" }, { "ALTER TABLE team ADD gone_at date", "team.gone_at" } } },
{ "changes are counted and audited where there is a version",
	"SELECT relname || ' ' || x FROM pub JOIN pg_attribute a ON a.attrelid = pub.oid AND a.attname = 'version', (VALUES ('touch'), ('audit')) v (x) "
	"WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = pub.oid AND g.tgname = x AND g.tgenabled = 'O')",
	{ { "DROP TRIGGER audit ON contact", "contact audit" }, { "ALTER TABLE team DISABLE TRIGGER touch", "team touch" } } },
};

/* Uniques and indexes that the schema names (S146), as far as their tables exist: columns in order. */
static const struct { const char *table, *columns; bool unique; } named[] = {
	{ "user_account", "tenant_id, email", true },
	{ "team", "tenant_id, name", true },
	{ "contact_identity", "tenant_id, kind, value", true },
	{ "conversation", "tenant_id, status", false },
	{ "conversation", "tenant_id, last_message_at", false },
	{ "message", "tenant_id, conversation_id, sent_at", false },
	{ "message", "tenant_id, connection_id, external_id", true },
	{ "conversation", "tenant_id, connection_id, contact_id, thread_key", true },
	{ "webhook_event", "tenant_id, source, sha256", true },
	{ "idempotency_key", "tenant_id, actor_id, key", true },
};

static void rules_hold(void)
{
	for (size_t i = 0; i < nitems(rules); i++)
		IS_STR(rules[i].name, rows(as(NULL), TENANT_TABLES "%s", rules[i].sql), "");
}

static void rules_fire(void)
{
	PGconn *c = as(NULL);

	for (size_t i = 0; i < nitems(rules); i++) {
		int broken = 0;

		for (size_t k = 0; k < nitems(rules[i].bad) && rules[i].bad[k].sql != NULL; k++) {
			const char *found;

			must(c, "BEGIN");
			/* Where PostgreSQL itself refuses the breach (word NULL), the rule has nothing to find. */
			if (rules[i].bad[k].word == NULL) {
				IS_TRUE(rules[i].bad[k].sql, strcmp(state(c, "%s", rules[i].bad[k].sql), "00000") != 0);
				undo(c);
				continue;
			}
			must(c, "%s", rules[i].bad[k].sql);
			found = rows(c, TENANT_TABLES "%s", rules[i].sql);
			undo(c);
			broken++;
			if (strstr(found, rules[i].bad[k].word) == NULL)
				FAILS("%s: %s was not found, but [%s]", rules[i].name, rules[i].bad[k].sql, found);
		}
		IS_TRUE(rules[i].name, broken > 0);
	}
}

static const char *index_missing(PGconn *c, size_t i)
{
	return get(c, "SELECT '%s (%s)' WHERE NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = '%s'::regclass AND x.indisvalid AND (NOT %d::boolean OR x.indisunique) AND "
	    "(SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (att, n) JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.att) "
	    "  ~ (CASE WHEN %d::boolean THEN '^%s$' ELSE '^%s' END))",
	    named[i].table, named[i].columns, named[i].table, named[i].unique, named[i].unique, named[i].columns, named[i].columns);
}

static void named_indexes(void)
{
	PGconn *c = as(NULL);

	for (size_t i = 0; i < nitems(named); i++)
		IS_STR("S146", index_missing(c, i), NULL);
	must(c, "BEGIN");
	must(c, "ALTER TABLE team DROP CONSTRAINT team_tenant_id_name_key");
	must(c, "CREATE INDEX plain ON team (tenant_id, name)");
	IS_STR("fires", index_missing(c, 1), "team (tenant_id, name)");
	undo(c);
}

/* The same natural key in two tenants is fine (SEC-5). */
static void natural_keys(void)
{
	PGconn *c = inside(alfa.tenant, NULL, "all");

	must(c, "INSERT INTO team (name) VALUES ('Mesma')");
	must(c, "INSERT INTO contact_identity (contact_id, kind, value) SELECT id, 'phone', '5531777' FROM contact LIMIT 1");
	IS_STR("twice in one", state(c, "SAVEPOINT s"), "00000");
	IS_STR("twice in one", state(c, "INSERT INTO team (name) VALUES ('Mesma')"), "23505");
	must(c, "ROLLBACK TO s");
	must(c, "SET LOCAL ROLE NONE");
	must(c, "SELECT app.become(%d, NULL, 'all', NULL, NULL)", (int)beta.tenant);
	must(c, "SET LOCAL ROLE balcao_owner");
	IS_STR("once in the other", state(c, "INSERT INTO team (name) VALUES ('Mesma')"), "00000");
	IS_STR("identity", state(c, "INSERT INTO contact_identity (contact_id, kind, value) SELECT id, 'phone', '5531777' FROM contact LIMIT 1"), "00000");
	undo(c);
}

CU_TestInfo catalog_tests[] = {
	{ "the rules of the schema hold", rules_hold },
	{ "each rule finds what breaks it", rules_fire },
	{ "the named uniques and indexes stand", named_indexes },
	{ "two tenants may have the same natural keys", natural_keys },
	CU_TEST_INFO_NULL
};
