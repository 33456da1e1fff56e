/* SEC-1: no role reaches another tenant's rows, over every table that carries a tenant_id. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/db/dbt.h"

/* The programs' roles, and the owner: it has every privilege, so that row-level security alone must hold it. */
static const char *const roles[] = { "web", "ingest", "worker", "live", "console", "owner" };

enum { TABLES_MAX = 64 };
static const char *tables[TABLES_MAX];
static size_t ntables;

static void list_tables(void)
{
	char *s = arena_str(T, rows(as(NULL), "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' "
	    "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1"));

	ntables = 0;
	for (char *t = strtok(s, "\n"); t != NULL && ntables < TABLES_MAX; t = strtok(NULL, "\n"))
		tables[ntables++] = t;
	IS_TRUE("tables", ntables >= 18);
}

/* Begins a transaction of the role in a tenant, in the way its program does. */
static void enter(PGconn *c, const char *role, const struct world *w)
{
	must(c, "BEGIN");
	if (strcmp(role, "web") == 0 || strcmp(role, "live") == 0)
		must(c, "SELECT app.enter('\\x%s', false)", token_hex(w->admin.token));
	else if (strcmp(role, "worker") == 0)
		must(c, "SELECT app.enter_connection('id', '%s')", w->wa);
	else if (strcmp(role, "console") == 0)
		must(c, "SELECT app.console_enter('%s')", w->slug);
	else if (strcmp(role, "ingest") == 0)
		must(c, "SELECT app.enter_chat('%s', '%s', false)", w->key, w->visitor);
	else
		must(c, "SELECT app.become(%" PRId64 ", '%s', 'all', NULL, NULL)", w->tenant, w->admin.id);
}

static const char *beta_rows(void)
{
	struct buf b = { 0 };
	const char *s;

	for (size_t i = 0; i < ntables; i++)
		buf_fmt(&b, "%sSELECT '%s', count(*)::text, md5(string_agg(t::text, '' ORDER BY t::text)) FROM %s t WHERE tenant_id = %" PRId64,
		    i > 0 ? " UNION ALL " : "", tables[i], tables[i], beta.tenant);
	s = rows(as(NULL), "%s", b.p);
	buf_free(&b);
	return s;
}

static const char *said; /* what the last trial was told */

/* A savepoint around one statement: its state, and the number of rows it changed. */
static const char *trial(PGconn *c, int64_t *n, const char *sql)
{
	PGresult *r;
	const char *st;

	must(c, "SAVEPOINT s");
	r = PQexec(c, sql);
	st = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	st = st != NULL ? arena_str(T, st) : "00000";
	*n = PQresultStatus(r) == PGRES_TUPLES_OK ? strtoll(PQgetvalue(r, 0, 0), NULL, 10) : strtoll(PQcmdTuples(r), NULL, 10);
	PQclear(r);
	said = complaint(c);
	must(c, "ROLLBACK TO s");
	return st;
}

static bool refused(const char *st)
{
	return strcmp(st, "42501") == 0;
}

static void changes(PGconn *c, const char *label, const char *t, bool owner, int64_t own)
{
	const char *column = get(as(NULL), "SELECT coalesce((SELECT a.attname FROM pg_attribute a WHERE a.attrelid = '%s'::regclass AND a.attnum > 0 AND a.attidentity = '' "
	    "AND a.attname <> 'tenant_id' AND has_column_privilege('%s', a.attrelid, a.attnum, 'UPDATE') ORDER BY a.attnum LIMIT 1), 'tenant_id')", t, PQuser(c));
	const char *st;
	int64_t n;

	st = trial(c, &n, arena_fmt(T, "UPDATE %s SET %s = %s WHERE tenant_id = %" PRId64, t, column, column, beta.tenant));
	IS_TRUE(arena_fmt(T, "%s UPDATE: %s, %d rows", label, st, (int)n), refused(st) || (strcmp(st, "00000") == 0 && n == 0));
	st = trial(c, &n, arena_fmt(T, "DELETE FROM %s WHERE tenant_id = %" PRId64, t, beta.tenant));
	IS_TRUE(arena_fmt(T, "%s DELETE: %s, %d rows", label, st, (int)n), refused(st) || (strcmp(st, "00000") == 0 && n == 0));
	st = trial(c, &n, arena_fmt(T, "UPDATE %s SET tenant_id = %" PRId64, t, beta.tenant));
	IS_TRUE(arena_fmt(T, "%s move: %s, %d rows", label, st, (int)n), refused(st) || (own == 0 && n == 0 && strcmp(st, "00000") == 0));
	IS_TRUE(arena_fmt(T, "%s move by the owner", label), !owner || own == 0 || refused(st));
}

/* A row that stands in beta, once more, with every column as it is. */
static void insertion(PGconn *c, const char *label, const char *t, bool owner)
{
	const char *cols = get(as(NULL), "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped "
	    "AND (attidentity = '' OR %d::boolean)", t, owner);
	const char *row = get(as(NULL), "SELECT quote_literal(to_jsonb(x)) FROM %s x WHERE tenant_id = %" PRId64 " LIMIT 1", t, beta.tenant);
	int64_t n;
	const char *st;

	if (row == NULL) {
		FAILS("%s: beta has no row here; world.c could not make one", t);
		return;
	}
	st = trial(c, &n, arena_fmt(T, "INSERT INTO %s (%s) %s SELECT %s FROM jsonb_populate_record(NULL::%s, %s)", t, cols, owner ? "OVERRIDING SYSTEM VALUE" : "", cols, t, row));
	IS_STR(arena_fmt(T, "%s INSERT", label), st, "42501");
	/* The owner lacks no privilege: it was the policy that refused. */
	if (owner)
		IS_TRUE(label, strstr(said, "row-level security") != NULL);
}

static void other_tenant(void)
{
	const char *before;

	list_tables();
	before = beta_rows();
	for (size_t r = 0; r < nitems(roles); r++) {
		bool owner = strcmp(roles[r], "owner") == 0;
		PGconn *c = as(roles[r]);
		int64_t seen = 0;

		enter(c, roles[r], &alfa);
		for (size_t i = 0; i < ntables; i++) {
			const char *label = arena_fmt(T, "%s %s", roles[r], tables[i]), *st;
			int64_t n, own = 0;

			st = trial(c, &n, arena_fmt(T, "SELECT count(*) FROM %s WHERE tenant_id = %" PRId64, tables[i], beta.tenant));
			IS_TRUE(arena_fmt(T, "%s SELECT: %s, %d rows", label, st, (int)n), refused(st) || (strcmp(st, "00000") == 0 && n == 0));
			st = trial(c, &own, arena_fmt(T, "SELECT count(*) FROM %s", tables[i]));
			if (refused(st))
				own = 0;
			seen += own > 0;
			IS_TRUE(arena_fmt(T, "%s: not more than alfa's", label), own <= num(as(NULL), "SELECT count(*) FROM %s WHERE tenant_id = %" PRId64, tables[i], alfa.tenant));
			IS_TRUE(arena_fmt(T, "%s: the owner sees all of alfa's", label), !owner || own > 0);
			changes(c, label, tables[i], owner, own);
			insertion(c, label, tables[i], owner);
		}
		undo(c);
		/* Nothing of the above says anything when the role sees nothing at all. */
		IS_TRUE(arena_fmt(T, "%s sees %d tables", roles[r], (int)seen), seen >= (owner ? (int64_t)ntables : 4));
	}
	IS_STR("beta is as it was", beta_rows(), before);
}

/* The test would see a hole: without FORCE the owner reaches beta. */
static void test_fires(void)
{
	PGconn *c = as(NULL);
	int64_t n;

	must(c, "BEGIN");
	must(c, "ALTER TABLE contact NO FORCE ROW LEVEL SECURITY");
	must(c, "SELECT app.become(%" PRId64 ", NULL, 'all', NULL, NULL)", alfa.tenant);
	must(c, "SET LOCAL ROLE balcao_owner");
	IS_STR("read", trial(c, &n, arena_fmt(T, "SELECT count(*) FROM contact WHERE tenant_id = %" PRId64, beta.tenant)), "00000");
	IS_TRUE("rows of beta", n > 0);
	undo(c);
	must(c, "BEGIN");
	must(c, "ALTER POLICY tenant ON event WITH CHECK (true)");
	must(c, "SELECT app.become(%" PRId64 ", NULL, 'all', NULL, NULL)", alfa.tenant);
	must(c, "SET LOCAL ROLE balcao_owner");
	IS_STR("moved", trial(c, &n, arena_fmt(T, "INSERT INTO event (tenant_id, kind, subject_kind, subject_id) VALUES (%" PRId64 ", 'x', 'x', app.uuid7())", beta.tenant)), "00000");
	undo(c);
}

/* ---- without a context, or with one that is not ours ---- */

static void each_refused(PGconn *c, const char *label)
{
	for (size_t i = 0; i < ntables; i++) {
		const char *shown = try_rows(c, "SELECT * FROM %s", tables[i]);

		/* A policy that has already said no to the scope need not look at the tenant. */
		if (shown == NULL)
			IS_TRUE(arena_fmt(T, "%s %s: %s", label, tables[i], complaint(c)), strstr(complaint(c), "no context") != NULL || strstr(complaint(c), "permission denied") != NULL);
		else
			IS_STR(arena_fmt(T, "%s %s", label, tables[i]), shown, "");
		if (PQtransactionStatus(c) != PQTRANS_IDLE)
			undo(c);
	}
}

static void no_context(void)
{
	list_tables();
	for (size_t r = 0; r < nitems(roles); r++) {
		PGconn *c = as(roles[r]);

		each_refused(c, arena_fmt(T, "%s alone", roles[r]));
		enter(c, roles[r], &alfa);
		keep(c);
		each_refused(c, arena_fmt(T, "%s after its commit", roles[r]));
		enter(c, roles[r], &alfa);
		undo(c);
		each_refused(c, arena_fmt(T, "%s after its rollback", roles[r]));
		must(c, "BEGIN");
		must(c, "SAVEPOINT s");
		must(c, "ROLLBACK TO s");
		IS_STR("insert", state(c, "INSERT INTO team (name) VALUES ('x')"), "42501");
		undo(c);
	}
	/* The context of one statement outside a transaction ends with it. */
	must(as("web"), "SELECT app.enter('\\x%s', false)", token_hex(alfa.admin.token));
	IS_STR("gone", state(as("web"), "SELECT * FROM contact"), "42501");
	IS_STR("empty", get(as("web"), "SELECT current_setting('app.ctx', true)"), "");
}

/* A context that was not made for this backend is an error, whatever it looks like. */
static void forged(PGconn *c, const char *label, const char *ctx)
{
	static const char *const tries[] = { "SELECT count(*) FROM conversation", "SELECT app.tenant()", "SELECT * FROM app.sessions()", "SELECT app.password_hash()",
		"SELECT app.session_end(NULL)", "INSERT INTO event (kind, subject_kind, subject_id) VALUES ('x', 'x', app.uuid7())", "UPDATE user_account SET presence = 'away'" };

	for (size_t i = 0; i < nitems(tries); i++) {
		const char *st;

		must(c, "BEGIN");
		must(c, "SELECT set_config('app.ctx', $x$%s$x$, true)", ctx);
		st = state(c, "%s", tries[i]);
		/* 22P02: its user is no id. */
		if (strcmp(st, "42501") != 0 && strcmp(st, "22P02") != 0)
			FAILS("%s [%s] %s: %s", label, ctx, tries[i], st);
		undo(c);
	}
}

static const char *random_context(void)
{
	static const char letters[] = "0123456789abcdef|-";
	size_t n = rnd(120);
	char *s = arena_alloc(T, 200);

	if (rnd(2) == 0)
		return arena_fmt(T, "%d|%s|all|||%08x%08x%08x%08x", (int)beta.tenant, rnd(2) ? beta.admin.id : "", (unsigned)rnd(1u << 31), (unsigned)rnd(1u << 31),
		    (unsigned)rnd(1u << 31), (unsigned)rnd(1u << 31));
	for (size_t i = 0; i < n; i++)
		s[i] = letters[rnd(sizeof(letters) - 1)];
	return s;
}

static void forged_contexts(void)
{
	PGconn *c = as("web"), *other = fresh_as("web");
	const char *mine, *theirs;
	int64_t n;

	must(other, "BEGIN");
	must(other, "SELECT app.enter('\\x%s', false)", token_hex(beta.admin.token));
	theirs = get(other, "SELECT current_setting('app.ctx')");
	must(c, "BEGIN");
	must(c, "SELECT app.enter('\\x%s', false)", token_hex(alfa.ana.token));
	mine = get(c, "SELECT current_setting('app.ctx')");
	undo(c);
	for (int i = 0; i < 100; i++)
		forged(c, "random", random_context());
	forged(c, "of another backend", theirs);
	must(other, "COMMIT");
	PQfinish(other);
	forged(c, "of a backend that is gone", theirs);
	forged(c, "another tenant", arena_fmt(T, "%" PRId64 "%s", beta.tenant, strchr(mine, '|')));
	forged(c, "another scope", get(as(NULL), "SELECT replace('%s', '|team|', '|all|')", mine));
	forged(c, "another user", get(as(NULL), "SELECT replace('%s', '%s', '%s')", mine, alfa.ana.id, alfa.admin.id));
	forged(c, "without digest", arena_strn(T, mine, strlen(mine) - 33));
	forged(c, "an empty digest", arena_strn(T, mine, strlen(mine) - 32));
	forged(c, "a prefix", arena_fmt(T, "%" PRId64 "|x|%s", beta.tenant, mine));
	forged(c, "white space", arena_fmt(T, " %s", mine));
	forged(c, "upper case", get(as(NULL), "SELECT left('%s', -32) || upper(right('%s', 32)) || ' '", mine, mine));
	/* Every single character counts. */
	n = (int64_t)strlen(mine);
	for (int64_t i = 0; i < n; i++) {
		char *s = arena_str(T, mine);

		s[i] = s[i] == '1' ? '2' : '1';
		must(c, "BEGIN");
		must(c, "SELECT set_config('app.ctx', $x$%s$x$, true)", s);
		IS_STR(s, state(c, "SELECT count(*) FROM contact"), "42501");
		undo(c);
	}
}

/* Sessions that do not let in: no row, and no context either. */
static void refused_entries(void)
{
	static const char *const calls[] = { "app.enter('\\x00', false)", "app.enter(NULL, true)", "app.enter_chat('no-such-key', 'v', false)", "app.enter_connection('id', 'x')",
		"app.console_enter('no-such')", "app.job_enter('00000000-0000-0000-0000-000000000000', 1)", "app.hook_connection('00000000-0000-0000-0000-000000000000')" };
	static const char *const who[] = { "web", "web", "ingest", "worker", "console", "worker", "ingest" };

	for (size_t i = 0; i < nitems(calls); i++) {
		PGconn *c = as(who[i]);

		must(c, "BEGIN");
		IS_INT(calls[i], num(c, "SELECT count(*) FROM %s", calls[i]), 0);
		IS_STR(calls[i], state(c, "SELECT count(*) FROM tenant"), "42501");
		undo(c);
	}
}

/* The search functions look past the policies: what they give must be of the own tenant all the same. */
static void searching(void)
{
	PGconn *c = as("web");
	int64_t found = 0;

	for (int i = 0; i < 3; i++)
		for (int theirs = 0; theirs < 2; theirs++) {
			const char *call = i == 0 ? arena_fmt(T, "app.contact_search('%s', NULL)", theirs ? beta.canary : alfa.canary) :
			    arena_fmt(T, "%s('%s')", i == 1 ? "app.message_search" : "app.conversation_search", theirs ? beta.canary : alfa.canary);
			const char *ids;

			enter(c, "web", &alfa);
			ids = get(c, "SELECT %s", call);
			undo(c);
			found += ids != NULL && strcmp(ids, "{}") != 0;
			if (ids != NULL && strcmp(ids, "{}") != 0)
				IS_INT(call, num(as(NULL), "SELECT (SELECT count(*) FROM contact WHERE id = ANY ('%s') AND tenant_id <> %" PRId64 ") + "
				    "(SELECT count(*) FROM conversation WHERE id = ANY ('%s') AND tenant_id <> %" PRId64 ")", ids, alfa.tenant, ids, alfa.tenant), 0);
			IS_STR(arena_fmt(T, "%s without a context", call), state(c, "SELECT %s", call), "42501");
		}
	IS_TRUE("the own are found", found >= 2);
}

CU_TestInfo isolation_tests[] = {
	{ "no role reaches another tenant's rows", other_tenant },
	{ "the test sees a hole", test_fires },
	{ "without a context nothing is read, also after one ended", no_context },
	{ "searches stay within their tenant", searching },
	{ "contexts that are forged are errors", forged_contexts },
	{ "who is not let in has no context", refused_entries },
	CU_TEST_INFO_NULL
};
