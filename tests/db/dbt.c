#include "tests/db/dbt.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/auth/auth.h"
#include "lib/crypto/crypto.h"
#include "tests/db/world.h"

enum { ROLES_MAX = 8, CTX_MAX = 32 };

struct arena *T;
const char *run_tag;
static struct { const char *role; PGconn *c; } shared[ROLES_MAX];
static struct ctx *contexts[CTX_MAX];
static int nshared, ncontexts;
static uint64_t seed;
static struct arena *W;

/* ---- assertions ---- */

bool test_true(bool cond, const char *text, const char *label, const char *file, unsigned line)
{
	char full[4000];

	snprintf(full, sizeof(full), "%s: %s", label, text);
	if (CU_get_current_test() == NULL) {
		if (!cond)
			die("%s", full);
		return cond;
	}
	CU_assertImplementation(cond ? CU_TRUE : CU_FALSE, line, full, file, "", CU_FALSE);
	return cond;
}

bool test_str(const char *got, const char *want, const char *label, const char *file, unsigned line)
{
	bool ok = got != NULL && want != NULL ? strcmp(got, want) == 0 : got == want;
	char text[3000];

	snprintf(text, sizeof(text), "got [%.2000s], want [%.900s]", got != NULL ? got : "NULL", want != NULL ? want : "NULL");
	return test_true(ok, text, label, file, line);
}

bool test_int(int64_t got, int64_t want, const char *label, const char *file, unsigned line)
{
	char text[100];

	snprintf(text, sizeof(text), "got %" PRId64 ", want %" PRId64, got, want);
	return test_true(got == want, text, label, file, line);
}

/* splitmix64 */
uint64_t rnd(uint64_t n)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	z ^= z >> 31;
	return n > 0 ? z % n : z;
}

/* ---- connections ---- */

const char *conninfo_as(const char *role)
{
	const char *db = getenv("BALCAO_TEST_DB"), *super = getenv("BALCAO_TEST_SUPER");

	if (db == NULL)
		die("BALCAO_TEST_DB must name a database");
	if (role != NULL)
		return arena_fmt(T, "%s user=balcao_%s", db, role);
	return super != NULL ? arena_fmt(T, "%s user=%s", db, super) : db;
}

PGconn *fresh_as(const char *role)
{
	PGconn *c = PQconnectdb(arena_fmt(T, "%s connect_timeout=10 application_name=db_test options='-c client_min_messages=error -c TimeZone=UTC'",
	    conninfo_as(role)));

	if (PQstatus(c) != CONNECTION_OK)
		die("cannot connect as %s: %s", role != NULL ? role : "superuser", PQerrorMessage(c));
	return c;
}

PGconn *as(const char *role)
{
	for (int i = 0; i < nshared; i++)
		if (shared[i].role == role || (role != NULL && shared[i].role != NULL && strcmp(role, shared[i].role) == 0))
			return shared[i].c;
	if (nshared == ROLES_MAX)
		die("too many roles");
	shared[nshared].role = role;
	shared[nshared].c = fresh_as(role);
	return shared[nshared++].c;
}

static PRINTF(2, 0) PGresult *vrun(PGconn *c, const char *fmt, va_list ap)
{
	return PQexec(c, arena_vfmt(T, fmt, ap));
}

static const char *state_of(const PGresult *r)
{
	const char *st = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	ExecStatusType s = PQresultStatus(r);

	if (s == PGRES_TUPLES_OK || s == PGRES_COMMAND_OK || s == PGRES_EMPTY_QUERY)
		return "00000";
	/* A COPY that began: it is left at once. */
	return st != NULL ? arena_str(T, st) : s == PGRES_COPY_OUT || s == PGRES_COPY_IN ? "COPY" : "08006";
}

const char *state(PGconn *c, const char *fmt, ...)
{
	va_list ap;
	PGresult *r;
	const char *st;

	va_start(ap, fmt);
	r = vrun(c, fmt, ap);
	va_end(ap);
	st = state_of(r);
	PQclear(r);
	return st;
}

const char *complaint(PGconn *c)
{
	return arena_str(T, PQerrorMessage(c));
}

static char *text_of(const PGresult *r)
{
	struct buf b = { 0 };
	char *out;

	for (int i = 0; i < PQntuples(r); i++) {
		for (int k = 0; k < PQnfields(r); k++)
			buf_fmt(&b, "%s%s", k > 0 ? "|" : i > 0 ? "\n" : "", PQgetvalue(r, i, k));
	}
	out = arena_str(T, b.p != NULL ? b.p : "");
	buf_free(&b);
	return out;
}

/* Runs what must go well. */
static PGresult *sure(PGconn *c, const char *sql)
{
	PGresult *r = PQexec(c, sql);

	if (strcmp(state_of(r), "00000") != 0) {
		FAILS("%.1500s\n%.600s", PQerrorMessage(c), sql);
		PQclear(r);
		return NULL;
	}
	return r;
}

static void vmust(PGconn *c, const char *fmt, va_list ap)
{
	PQclear(sure(c, arena_vfmt(T, fmt, ap)));
}

void must(PGconn *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vmust(c, fmt, ap);
	va_end(ap);
}

static const char *first(PGconn *c, const char *sql)
{
	PGresult *r = sure(c, sql);
	const char *v = NULL;

	if (r != NULL && PQntuples(r) > 0 && !PQgetisnull(r, 0, 0))
		v = arena_str(T, PQgetvalue(r, 0, 0));
	PQclear(r);
	return v;
}

const char *get(PGconn *c, const char *fmt, ...)
{
	va_list ap;
	const char *v;

	va_start(ap, fmt);
	v = first(c, arena_vfmt(T, fmt, ap));
	va_end(ap);
	return v;
}

int64_t num(PGconn *c, const char *fmt, ...)
{
	va_list ap;
	const char *v;

	va_start(ap, fmt);
	v = first(c, arena_vfmt(T, fmt, ap));
	va_end(ap);
	return v != NULL ? strtoll(v, NULL, 10) : INT64_MIN;
}

const char *rows(PGconn *c, const char *fmt, ...)
{
	va_list ap;
	PGresult *r;
	const char *out;

	va_start(ap, fmt);
	r = sure(c, arena_vfmt(T, fmt, ap));
	va_end(ap);
	out = r != NULL ? text_of(r) : "";
	PQclear(r);
	return out;
}

const char *try_rows(PGconn *c, const char *fmt, ...)
{
	va_list ap;
	PGresult *r;
	const char *out;

	va_start(ap, fmt);
	r = vrun(c, fmt, ap);
	va_end(ap);
	out = strcmp(state_of(r), "00000") == 0 ? text_of(r) : NULL;
	PQclear(r);
	return out;
}

PGconn *inside(int64_t tenant, const char *user, const char *scope)
{
	PGconn *c = as(NULL);

	must(c, "BEGIN");
	must(c, "SELECT app.become(%" PRId64 ", %s%s%s, '%s', NULL, NULL)", tenant, user != NULL ? "'" : "", user != NULL ? user : "NULL",
	    user != NULL ? "'" : "", scope);
	must(c, "SET LOCAL ROLE balcao_owner");
	return c;
}

void keep(PGconn *c)
{
	must(c, "COMMIT");
}

void undo(PGconn *c)
{
	must(c, "ROLLBACK");
}

void change_in(int64_t tenant, const char *fmt, ...)
{
	PGconn *c = inside(tenant, NULL, "all");
	va_list ap;

	va_start(ap, fmt);
	vmust(c, fmt, ap);
	va_end(ap);
	keep(c);
}

/* ---- units of work ---- */

struct ctx *ctx_as(const char *role)
{
	struct ctx *cx = calloc(1, sizeof(*cx));

	if (cx == NULL || ncontexts == CTX_MAX)
		die("too many contexts");
	cx->arena = arena_new();
	cx->db = db_new(conninfo_as(role), "db_test");
	contexts[ncontexts++] = cx;
	return cx;
}

enum err begin_as(struct ctx *cx, enum db_mode mode, const struct person *p)
{
	struct entered *e = ARENA_NEW(cx->arena, struct entered);

	TRY(db_begin(cx, mode, &auth_enter_sql, &entered_type, e, ARGS(arg_bytes(auth_hash(cx->arena, p->token), 32), A(mode == DB_READ)), NULL, NULL));
	TRY(db_entered(cx));
	cx->user_id = e->user_id;
	cx->user_name = e->user_name;
	cx->role = e->role;
	return OK;
}

/* ---- threads ---- */

struct thread { pthread_t id; int i; void (*fn)(int, void *); void *p; };

static void *thread_main(void *arg)
{
	struct thread *t = arg;

	t->fn(t->i, t->p);
	return NULL;
}

void threads(int n, void (*fn)(int i, void *p), void *p)
{
	struct thread t[64];

	for (int i = 0; i < n; i++) {
		t[i] = (struct thread){ .i = i, .fn = fn, .p = p };
		if (pthread_create(&t[i].id, NULL, thread_main, &t[i]) != 0)
			die("no thread");
	}
	for (int i = 0; i < n; i++)
		pthread_join(t[i].id, NULL);
}

/* ---- the run ---- */

void test_start(void)
{
	const char *again = getenv("BALCAO_TEST_SEED");
	struct timespec ts;
	static char tag[20];

	clock_gettime(CLOCK_REALTIME, &ts);
	seed = again != NULL ? strtoull(again, NULL, 10) : (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
	printf("seed %" PRIu64 " (BALCAO_TEST_SEED repeats it)\n", seed);
	T = arena_new();
	snprintf(tag, sizeof(tag), "%08" PRIx64, ((uint64_t)ts.tv_sec << 8 ^ (uint64_t)ts.tv_nsec) & 0xffffffff);
	run_tag = tag;
	world_make();
	/* What the world is made of stays. */
	W = T;
	T = arena_new();
}

void test_end(void)
{
	while (ncontexts > 0) {
		struct ctx *cx = contexts[--ncontexts];

		db_free(cx->db);
		arena_free(cx->arena);
		free(cx);
	}
	for (int i = 0; i < nshared; i++)
		if (PQtransactionStatus(shared[i].c) != PQTRANS_IDLE)
			PQclear(PQexec(shared[i].c, "ROLLBACK"));
	arena_reset(T);
}

void test_stop(void)
{
	test_end();
	while (nshared > 0)
		PQfinish(shared[--nshared].c);
	arena_free(T);
	arena_free(W);
}
