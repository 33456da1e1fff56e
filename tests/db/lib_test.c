/* lib/db itself: pipelines, errors in the middle, lost connections. */
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/db/pick.h"
#include "lib/db/schema.h"
#include "tests/db/dbt.h"

static const struct stmt one = { "t_one", "SELECT $1::bigint", NULL, 1 }, divide = { "t_divide", "SELECT 1 / $1::int", NULL, 1 },
	pid = { "t_pid", "SELECT pg_backend_pid()", NULL, 0 }, nap = { "t_nap", "SELECT pg_sleep($1::float8)", NULL, 1 },
	broken = { "t_broken", "SELECT nothing FROM nowhere", NULL, 0 }, none = { "t_none", "SELECT 1 WHERE false", NULL, 0 },
	rewrite = { "t_rewrite", "UPDATE audit_log SET entity = $1", NULL, 1 },
	bytes = { "t_bytes", "SELECT encode($1::bytea, 'hex') || $2::text || $3::bool || coalesce($4::timestamptz::text, '-')", NULL, 4 };

static enum err plain(struct ctx *cx, enum db_mode mode)
{
	return db_begin(cx, mode, NULL, NULL, NULL, NOARGS, NULL, NULL);
}

static const char *number(struct ctx *cx, int64_t n)
{
	const char *v = NULL;

	return db_text(cx, &one, &v, ARGS(A(n))) == OK ? v : NULL;
}

static void pipeline(void)
{
	for (int mode = 0; mode < 2; mode++) {
		struct ctx *cx = ctx_as("web");

		for (int round = 0; round < 3; round++) {
			IS_INT("begin", plain(cx, mode ? DB_WRITE : DB_READ), OK);
			for (int i = 0; i < 10; i++)
				IS_INT("send", db_send(cx, &one, ARGS(A(i + round))), OK);
			for (int i = 0; i < 10; i++) {
				const char *v = NULL;

				IS_INT("take", db_take_text(cx, &v), OK);
				IS_STR("in order", v, arena_fmt(T, "%d", i + round));
			}
			IS_INT("end", db_end(cx, OK), OK);
		}
		IS_INT("statements", cx->statements, 30);
	}
}

static enum err number_text(struct ctx *cx, int64_t n, const char **v)
{
	return db_text(cx, &one, v, ARGS(A(n)));
}

/* Two statements before the first word of the answer, as a list with its count. */
static enum err pair(struct ctx *cx, const char **a, const char **b)
{
	TRY(db_send(cx, &one, ARGS(A(8))));
	TRY(db_send(cx, &one, ARGS(A(9))));
	TRY(db_take_text(cx, a));
	return db_take_text(cx, b);
}

/* What was asked ahead is there when it is asked, once and in one round trip; other arguments are another statement. */
static void ahead(void)
{
	struct ctx *cx = ctx_as("web");
	const char *a = NULL, *b = NULL;

	IS_INT("begin", plain(cx, DB_READ), OK);
	for (int i = 0; i < 3; i++)
		AHEAD(cx, number_text(cx, i, &a));
	AHEAD(cx, number_text(cx, 1, &a));
	AHEAD(cx, pair(cx, &a, &b));
	AHEAD(cx, fail_field(cx, "x", "format", NULL));
	IS_TRUE("nothing is set", a == NULL && cx->errors == NULL);
	IS_INT("statements", cx->statements, 5);
	IS_STR("the last first", number(cx, 2), "2");
	IS_STR("one that was not asked", number(cx, 5), "5");
	IS_INT("round trips", cx->trips, 2);
	IS_INT("both", pair(cx, &a, &b), OK);
	IS_TRUE("in order", strcmp(a, "8") == 0 && strcmp(b, "9") == 0);
	IS_STR("again", number(cx, 2), "2");
	IS_INT("statements", cx->statements, 6);
	IS_INT("round trips", cx->trips, 2);
	IS_INT("end with two not taken", db_end(cx, OK), OK);
	IS_INT("next", plain(cx, DB_READ), OK);
	IS_STR("asked anew", number(cx, 2), "2");
	IS_INT("statements", cx->statements, 7);
	IS_INT("end", db_end(cx, OK), OK);
	IS_INT("writing", plain(cx, DB_WRITE), OK);
	AHEAD(cx, number_text(cx, 1, &a));
	IS_INT("nothing is sent", cx->statements, 7);
	IS_STR("asked", number(cx, 1), "1");
	IS_INT("end", db_end(cx, OK), OK);
}

/* A fault in what was asked ahead is the unit's, and the next unit is well. */
static void ahead_fault(void)
{
	struct ctx *cx = ctx_as("web");
	const char *v = NULL;

	IS_INT("begin", plain(cx, DB_READ), OK);
	AHEAD(cx, db_text(cx, &divide, &v, ARGS(A(0))));
	AHEAD(cx, number_text(cx, 1, &v));
	IS_INT("the first word", number_text(cx, 1, &v), E_INVALID);
	IS_INT("end", db_end(cx, E_INVALID), E_INVALID);
	IS_INT("next", plain(cx, DB_READ), OK);
	IS_STR("its own", number(cx, 77), "77");
	IS_INT("end", db_end(cx, OK), OK);
}

/* What is sent and never taken does not reach the next unit. */
static void not_taken(void)
{
	struct ctx *cx = ctx_as("web");

	for (int mode = 0; mode < 2; mode++) {
		const char *v = NULL;

		IS_INT("begin", plain(cx, mode ? DB_WRITE : DB_READ), OK);
		for (int i = 0; i < 5; i++)
			IS_INT("send", db_send(cx, &one, ARGS(A(i))), OK);
		IS_INT("take one", db_take_text(cx, &v), OK);
		IS_INT("end", db_end(cx, OK), OK);
		IS_INT("next", plain(cx, DB_READ), OK);
		IS_STR("its own", number(cx, 77), "77");
		IS_INT("end", db_end(cx, OK), OK);
	}
}

static void error_in_the_middle(void)
{
	for (int mode = 0; mode < 2; mode++) {
		struct ctx *cx = ctx_as("web");
		const char *v = NULL;

		IS_INT("begin", plain(cx, mode ? DB_WRITE : DB_READ), OK);
		IS_INT("send", db_send(cx, &one, ARGS(A(1))), OK);
		IS_INT("send", db_send(cx, &divide, ARGS(A(0))), OK);
		IS_INT("send", db_send(cx, &one, ARGS(A(3))), OK);
		IS_INT("before", db_take_text(cx, &v), OK);
		IS_STR("before", v, "1");
		IS_INT("the error", db_take_text(cx, &v), E_INVALID);
		IS_STR("state", db_sqlstate(cx), "22012");
		IS_INT("after", db_take_text(cx, &v), E_INVALID);
		IS_INT("nothing goes on", db_exec(cx, &one, NULL, ARGS(A(1))), E_INVALID);
		IS_INT("end says it", db_end(cx, OK), E_INVALID);
		IS_INT("next", plain(cx, DB_WRITE), OK);
		IS_STR("state is clean", db_sqlstate(cx), "");
		IS_STR("and works", number(cx, 5), "5");
		IS_STR("what was prepared still is", (db_text(cx, &divide, &v, ARGS(A(1))) == OK) ? v : NULL, "1");
		IS_INT("end", db_end(cx, OK), OK);
	}
}

/* A statement that does not prepare does not spoil the connection, nor those prepared behind it. */
static void bad_prepare(void)
{
	for (int mode = 0; mode < 2; mode++) {
		struct ctx *cx = ctx_as("web");
		const char *v = NULL;

		for (int round = 0; round < 2; round++) {
			IS_INT("begin", plain(cx, mode ? DB_WRITE : DB_READ), OK);
			IS_INT("send", db_send(cx, &broken, NOARGS), OK);
			IS_INT("send", db_send(cx, &one, ARGS(A(3))), OK);
			IS_INT("refused", db_take_text(cx, &v), E_INTERNAL);
			IS_STR("why", db_sqlstate(cx), "42P01");
			IS_INT("end", db_end(cx, OK), E_INTERNAL);
		}
		IS_INT("begin", plain(cx, DB_READ), OK);
		IS_STR("good", number(cx, 9), "9");
		IS_INT("end", db_end(cx, OK), OK);
	}
}

static void rollback(void)
{
	static const struct stmt presence = { "t_presence", "UPDATE user_account SET presence = $1 WHERE id = app.user_id()", NULL, 1 };
	struct ctx *cx = ctx_as("web");
	const char *sql = arena_fmt(T, "SELECT presence FROM user_account WHERE id = '%s'", alfa.admin.id);

	IS_INT("denied", UNIT(cx, &alfa.admin, DB_WRITE, db_exec(cx, &rewrite, NULL, ARGS(A("x")))), E_DENIED);
	IS_INT("undone", UNIT(cx, &alfa.admin, DB_WRITE, (db_exec(cx, &presence, NULL, ARGS(A("away"))) == OK ? E_CONFLICT : E_INTERNAL)), E_CONFLICT);
	IS_STR("undone", get(as(NULL), "%s", sql), "online");
	IS_INT("done", UNIT(cx, &alfa.admin, DB_WRITE, db_exec(cx, &presence, NULL, ARGS(A("away")))), OK);
	IS_STR("done", get(as(NULL), "%s", sql), "away");
	IS_INT("a constraint", UNIT(cx, &alfa.admin, DB_WRITE, db_exec(cx, &presence, NULL, ARGS(A("asleep")))), E_INVALID);
	IS_STR("its name", db_constraint(cx), "user_account_presence_check");
	IS_STR("its state", db_sqlstate(cx), "23514");
	IS_INT("reading units do not write", UNIT(cx, &alfa.admin, DB_READ, db_exec(cx, &presence, NULL, ARGS(A("online")))), E_INTERNAL);
	IS_STR("why", db_sqlstate(cx), "25006");
	IS_STR("unchanged", get(as(NULL), "%s", sql), "away");
}

static enum err guard_no(struct ctx *cx, void *p)
{
	*(int *)p += 1;
	return fail(cx, E_DENIED, "guard");
}

static void entering(void)
{
	static const struct stmt enter = { "t_enter", "SELECT app.user_id() WHERE $1", NULL, 1 };
	struct ctx *cx = ctx_as("web");
	int called = 0;

	IS_INT("write: nobody", db_end(cx, db_begin(cx, DB_WRITE, &none, NULL, NULL, NOARGS, NULL, NULL)), E_NOTFOUND);
	IS_INT("read: queued", db_begin(cx, DB_READ, &none, NULL, NULL, NOARGS, NULL, NULL), OK);
	IS_INT("read: nobody", db_exec(cx, &one, NULL, ARGS(A(1))), E_NOTFOUND);
	IS_INT("read: end", db_end(cx, OK), E_NOTFOUND);
	IS_INT("read: queued", db_begin(cx, DB_READ, &none, NULL, NULL, NOARGS, NULL, NULL), OK);
	IS_INT("end alone waits for it", db_end(cx, OK), E_NOTFOUND);
	IS_INT("guard", db_begin(cx, DB_READ, &enter, NULL, NULL, ARGS(A(true)), guard_no, &called), OK);
	IS_INT("guard", db_exec(cx, &one, NULL, ARGS(A(1))), E_DENIED);
	IS_INT("guard", db_end(cx, OK), E_DENIED);
	IS_INT("once", called, 1);
	IS_INT("begin", plain(cx, DB_READ), OK);
	IS_STR("and goes on", number(cx, 4), "4");
	IS_INT("end", db_end(cx, OK), OK);
}

static const char *backend(struct ctx *cx)
{
	const char *v = NULL;
	enum err e = plain(cx, DB_READ);

	if (e == OK)
		e = db_text(cx, &pid, &v, NOARGS);
	e = db_end(cx, e);
	IS_INT("pid", e, OK);
	return v != NULL ? v : "0";
}

/* Ends a backend and waits until it is gone. */
static void terminate(const char *backend_pid)
{
	must(as(NULL), "SELECT pg_terminate_backend(%s, 5000)", backend_pid);
}

static void lost_while_idle(void)
{
	struct ctx *cx = ctx_as("web");
	const char *first = backend(cx), *second;

	terminate(first);
	second = backend(cx);
	IS_TRUE("a new connection", strcmp(first, second) != 0);
	terminate(second);
	IS_INT("write", UNIT(cx, &alfa.admin, DB_WRITE, db_exec(cx, &one, NULL, ARGS(A(1)))), OK);
	IS_TRUE("alive", db_alive(cx->db));
}

static void lost_in_the_middle(void)
{
	for (int mode = 0; mode < 2; mode++) {
		struct ctx *cx = ctx_as("web");
		const char *v = NULL;

		IS_INT("begin", plain(cx, mode ? DB_WRITE : DB_READ), OK);
		IS_INT("pid", db_text(cx, &pid, &v, NOARGS), OK);
		terminate(v);
		IS_INT("lost", db_exec(cx, &one, NULL, ARGS(A(1))), E_BUSY);
		IS_INT("later", cx->retry_after, 2);
		IS_INT("still", db_exec(cx, &one, NULL, ARGS(A(1))), E_BUSY);
		IS_INT("end", db_end(cx, OK), E_BUSY);
		IS_INT("the next one works", plain(cx, DB_READ), OK);
		IS_STR("works", number(cx, 2), "2");
		IS_INT("end", db_end(cx, OK), OK);
		/* Lost between the last statement and the commit: nobody may believe that it held. */
		IS_INT("begin", plain(cx, mode ? DB_WRITE : DB_READ), OK);
		IS_INT("pid", db_text(cx, &pid, &v, NOARGS), OK);
		terminate(v);
		if (mode)
			IS_INT("commit", db_end(cx, OK), E_BUSY);
		else
			(void)!db_end(cx, OK);
	}
}

static void away(void)
{
	struct ctx cx = { .arena = T, .db = db_new("host=/nonexistent dbname=x user=balcao_web", "db_test") };
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int64_t t = mono_ms();

	IS_INT("no such socket", plain(&cx, DB_READ), E_BUSY);
	IS_INT("end", db_end(&cx, E_BUSY), E_BUSY);
	IS_TRUE("not alive", !db_alive(cx.db));
	db_free(cx.db);
	/* Somebody listens and says nothing. */
	IS_TRUE("listen", s >= 0 && bind(s, (struct sockaddr *)&a, sizeof(a)) == 0 && listen(s, 8) == 0 && getsockname(s, (struct sockaddr *)&a, &n) == 0);
	cx.db = db_new(arena_fmt(T, "host=127.0.0.1 port=%d dbname=x user=balcao_web", ntohs(a.sin_port)), "db_test");
	cx.retry_after = 0;
	IS_INT("silence", plain(&cx, DB_WRITE), E_BUSY);
	IS_INT("later", cx.retry_after, 2);
	IS_TRUE("within two seconds, were the machine not busy", mono_ms() - t < 5000);
	db_free(cx.db);
	close(s);
}

/* The server stops a statement that takes too long, and so do we when it does not. */
static void too_long(void)
{
	struct ctx *cx = ctx_as("web");
	int64_t t = mono_ms();

	db_limits(cx->db, 1500, 300);
	IS_INT("begin", plain(cx, DB_WRITE), OK);
	IS_INT("too long", db_exec(cx, &nap, NULL, ARGS(A("9"))), E_BUSY);
	IS_INT("end", db_end(cx, OK), E_BUSY);
	IS_TRUE("in time", mono_ms() - t < 8000);
	IS_INT("next", plain(cx, DB_READ), OK);
	IS_STR("works", number(cx, 3), "3");
	IS_INT("end", db_end(cx, OK), OK);
}

static void arguments(void)
{
	struct ctx *cx = ctx_as("web");
	const char *v = NULL;
	utc_t at = UTC_NONE;

	IS_INT("begin", plain(cx, DB_READ), OK);
	IS_INT("run", db_text(cx, &bytes, &v, ARGS(arg_bytes("\0\xff", 2), A("ção"), A(true), A(at))), OK);
	IS_STR("NUL bytes, UTF-8, truth, nothing", v, "00ffçãotrue-");
	at.us = 1700000000123000;
	IS_INT("run", db_text(cx, &bytes, &v, ARGS(arg_bytes("", 0), A((const char *)NULL), A(false), A(at))), OK);
	IS_STR("NULL is NULL", v, NULL);
	IS_INT("end", db_end(cx, OK), OK);
}

static void picks(void)
{
	static const struct stmt s = { "t_pick", "SELECT 1\nWHERE true\n AND a --? a\n AND b --? b|ab\n AND c --? a|c\nLIMIT 1", "x", 0 };
	static const struct { const char *names[4], *want; } table[] = {
		{ { NULL }, "SELECT 1\nWHERE true\nLIMIT 1\n" }, { { "a" }, "SELECT 1\nWHERE true\n AND a \n AND c \nLIMIT 1\n" },
		{ { "b" }, "SELECT 1\nWHERE true\n AND b \nLIMIT 1\n" }, { { "c", "ab" }, "SELECT 1\nWHERE true\n AND b \n AND c \nLIMIT 1\n" },
		{ { "d", "", "a|c" }, "SELECT 1\nWHERE true\nLIMIT 1\n" },
	};

	for (size_t i = 0; i < nitems(table); i++)
		IS_STR("text", stmt_pick(&s, table[i].names)->sql, table[i].want);
	IS_TRUE("the same choice is the same statement", PICK(&s, "a", "b") == PICK(&s, "b", "a", "x"));
	IS_TRUE("another choice has another name", strcmp(PICK(&s, "a")->name, PICK(&s, "b")->name) != 0);
	IS_STR("row", PICK(&s, "a")->row, "x");
}

/* A connection has room for 512 statements; the forms of one list alone may be more. */
static void many_statements(void)
{
	static struct stmt all[700];
	struct ctx *cx = ctx_as("web");

	for (int i = 0; i < 700; i++) {
		const char *got = NULL;
		enum err e;

		all[i] = (struct stmt){ arena_fmt(cx->arena, "t_many_%d", i), arena_fmt(cx->arena, "SELECT %d", i), NULL, 0 };
		e = db_begin(cx, DB_READ, NULL, NULL, NULL, NOARGS, NULL, NULL);
		if (e == OK)
			e = db_text(cx, &all[i], &got, NOARGS);
		IS_INT("unit", db_end(cx, e), OK);
		IS_STR("answer", got, arena_fmt(cx->arena, "%d", i));
	}
	/* The names lie in this test's arena: nothing may keep them. */
	db_free(cx->db);
	cx->db = NULL;
}

static void schema(void)
{
	struct ctx *cx = ctx_as("web");
	struct schema_row *all;
	size_t n = 0;

	IS_INT("applied", schema_applied(cx, &all, &n), OK);
	if (n > 0) /* a database made by psql has no list */
		IS_STR("the programs' own", db_schema_check(cx), NULL);
	else
		IS_TRUE("an empty list is refused", db_schema_check(cx) != NULL);
}

CU_TestInfo lib_tests[] = {
	{ "ten sent, ten taken, in order", pipeline },
	{ "what was not taken stays in its unit", not_taken },
	{ "asked ahead", ahead },
	{ "a fault in what was asked ahead", ahead_fault },
	{ "an error in the middle ends the unit only", error_in_the_middle },
	{ "a statement that does not prepare", bad_prepare },
	{ "rollback, constraints, reading units", rollback },
	{ "entering and its guard", entering },
	{ "a connection lost while idle is made again", lost_while_idle },
	{ "a connection lost in the middle is E_BUSY", lost_in_the_middle },
	{ "no database: E_BUSY, soon", away },
	{ "a statement that takes too long", too_long },
	{ "arguments", arguments },
	{ "optional lines", picks },
	{ "more statements than a connection has room for", many_statements },
	{ "the schema's version", schema },
	CU_TEST_INFO_NULL
};
