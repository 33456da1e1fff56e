/* Events in commit order: a reader with a cursor misses nothing and sees nothing twice. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/auth/auth.h"
#include "model/live.h"
#include "tests/db/dbt.h"

enum { WRITERS = 8, COMMITS = 500 };

struct race { PGconn *c[WRITERS]; char begin[200]; unsigned seed[WRITERS]; int failed[WRITERS], done; struct live_cursor cursor; struct live_who who; struct ctx *cx; int *seen; int foreign, disorder; enum err e; };

/*
 * Events are read up to the oldest transaction that runs anywhere in the cluster: waits until none is left from before,
 * of other databases (somebody else's work) or autovacuum. False after 30 s.
 */
static bool settled(void)
{
	const char *xid = get(as(NULL), "SELECT pg_current_xact_id()");

	for (int64_t end = mono_ms() + 30000; mono_ms() < end; usleep(5000))
		if (num(as(NULL), "SELECT (pg_snapshot_xmin(pg_current_snapshot()) > '%s'::xid8)::int", xid) == 1)
			return true;
	return false;
}

static void pause_some(unsigned *s)
{
	unsigned r = (unsigned)rand_r(s) % 16;

	if (r < 3)
		usleep(r * 400);
}

static void commit_one(struct race *r, int i, int k)
{
	char sql[300];
	static const char *const ends[] = { "COMMIT", "ROLLBACK" };

	PQclear(PQexec(r->c[i], r->begin));
	/* Every tenth is undone: its numbers are gaps that nobody waits for. The undone one names a number nobody expects. */
	for (int undone = k % 10 == 0; undone >= 0; undone--) {
		PGresult *res;

		snprintf(sql, sizeof(sql), "SELECT app.emit('typing', 'conversation', '%s', '%s', NULL, '{\"n\":%d}')", beta.conversation, beta.conversation, undone ? -1 : i * COMMITS + k);
		res = PQexec(r->c[i], sql);
		r->failed[i] += PQresultStatus(res) != PGRES_TUPLES_OK;
		PQclear(res);
		pause_some(&r->seed[i]);
		PQclear(PQexec(r->c[i], ends[undone]));
		if (undone)
			PQclear(PQexec(r->c[i], r->begin));
	}
}

static void saw(void *p, const struct live_row *row)
{
	struct race *r = p;
	static struct live_cursor last;
	const char *n = row->data != NULL ? strstr(row->data, "\"n\":") : NULL;
	long v = n != NULL ? strtol(n + 4, NULL, 10) : -1;

	if (strcmp(row->kind, "typing") != 0)
		return;
	if (live_cursor_compare(row->at, last) <= 0)
		r->disorder++;
	last = row->at;
	if (v < 0 || v >= WRITERS * COMMITS)
		r->foreign++;
	else
		r->seen[v]++;
}

static void read_on(struct race *r, struct live_cursor *c)
{
	bool more = true;

	while (r->e == OK && more) {
		r->e = live_events(r->cx, &r->who, c, &more, saw, r);
		arena_reset(r->cx->arena);
	}
}

static void party(int i, void *p)
{
	struct race *r = p;

	if (i < WRITERS) {
		for (int k = 0; k < COMMITS; k++)
			commit_one(r, i, k);
		__atomic_add_fetch(&r->done, 1, __ATOMIC_SEQ_CST);
		return;
	}
	for (bool last = false; !last && r->e == OK; ) {
		last = __atomic_load_n(&r->done, __ATOMIC_SEQ_CST) == WRITERS;
		read_on(r, &r->cursor);
		usleep(1000);
	}
}

static void no_gap_no_double(void)
{
	struct race *r = arena_alloc(T, sizeof(*r));
	int missed = 0, twice = 0, failed = 0;

	r->seen = arena_array(T, WRITERS * COMMITS, sizeof(int));
	r->cx = ctx_as("live");
	r->who = (struct live_who){ .token = auth_hash(T, beta.admin.token) };
	snprintf(r->begin, sizeof(r->begin), "BEGIN; SELECT app.enter('\\x%s', false)", token_hex(beta.admin.token));
	for (int i = 0; i < WRITERS; i++) {
		r->c[i] = fresh_as("web");
		must(r->c[i], "SET synchronous_commit = off");
		r->seed[i] = (unsigned)rnd(1u << 31);
	}
	threads(WRITERS + 1, party, r);
	IS_TRUE("nobody holds everything back", settled());
	read_on(r, &r->cursor);
	for (int i = 0; i < WRITERS; i++) {
		failed += r->failed[i];
		PQfinish(r->c[i]);
	}
	for (int i = 0; i < WRITERS * COMMITS; i++) {
		missed += r->seen[i] == 0;
		twice += r->seen[i] > 1;
	}
	IS_INT("writers", failed, 0);
	IS_INT("reader", r->e, OK);
	IS_INT("missed", missed, 0);
	IS_INT("twice", twice, 0);
	IS_INT("in order", r->disorder, 0);
	IS_INT("undone ones", r->foreign, 0);
}

/* What a transaction that is still open wrote stays out, and so does everything behind it. */
static void open_transaction(void)
{
	PGconn *one = fresh_as("web"), *two = fresh_as("web");
	struct ctx *cx = ctx_as("live");
	struct live_cursor c;
	struct race r = { .seen = arena_array(T, WRITERS * COMMITS, sizeof(int)) };
	struct live_who who = { .token = auth_hash(T, beta.admin.token) };
	int64_t *tenants;
	size_t n = 0;
	bool more;

	IS_INT("now", live_now(cx, &c), OK);
	for (int i = 0; i < 2; i++) {
		must(i ? two : one, "BEGIN");
		must(i ? two : one, "SELECT app.enter('\\x%s', false)", token_hex(beta.admin.token));
		must(i ? two : one, "SELECT app.emit('typing', 'conversation', '%s', '%s', NULL, '{\"n\":%d}')", beta.conversation, beta.conversation, i);
	}
	must(two, "COMMIT");
	IS_INT("look", live_events(cx, &who, &c, &more, saw, &r), OK);
	IS_INT("the later one waits for the earlier", r.seen[1], 0);
	must(one, "COMMIT");
	IS_TRUE("nobody holds everything back", settled());
	IS_INT("look", live_events(cx, &who, &c, &more, saw, &r), OK);
	IS_TRUE("both, once", r.seen[0] == 1 && r.seen[1] == 1);
	IS_INT("look", live_events(cx, &who, &c, &more, saw, &r), OK);
	IS_TRUE("not again", r.seen[0] == 1 && r.seen[1] == 1);
	c = (struct live_cursor){ 0, 0 };
	IS_INT("feed", live_feed(cx, &c, &tenants, &n), OK);
	IS_TRUE("tenants with news", n >= 1 && n <= 100);
	PQfinish(one);
	PQfinish(two);
}

static int nrows;
static void count(void *p, const struct live_row *row)
{
	(void)p;
	(void)row;
	nrows++;
}

static void deleted(void)
{
	struct ctx *cx = ctx_as("live");
	struct live_who who = { .token = auth_hash(T, alfa.admin.token) }, gone = { .token = auth_hash(T, "nobody") };
	struct live_cursor early = { 3, 0 }, future = { 1ull << 50, 0 };
	struct live_entry e;
	bool more;

	IS_TRUE("nobody holds everything back", settled());
	IS_INT("enter", live_enter(cx, &who, &early, NULL, &e), OK);
	IS_TRUE("all there", !e.reset);
	IS_INT("tenant", e.tenant, alfa.tenant);
	change_in(alfa.tenant, "DELETE FROM event WHERE seq = (SELECT min(seq) FROM event)");
	IS_INT("enter", live_enter(cx, &who, &early, NULL, &e), OK);
	IS_TRUE("some are gone", e.reset);
	IS_INT("enter", live_enter(cx, &who, &e.now, NULL, &e), OK);
	IS_TRUE("not behind them", !e.reset);
	IS_INT("enter", live_enter(cx, &who, &future, NULL, &e), OK);
	IS_TRUE("another history", e.reset);
	IS_INT("nobody", live_enter(cx, &gone, NULL, NULL, &e), E_NOTFOUND);
	IS_INT("nobody", live_events(cx, &gone, &early, &more, count, NULL), E_NOTFOUND);
	IS_INT("nothing shown", nrows, 0);
}

CU_TestInfo event_tests[] = {
	{ "8 writers, 500 commits each, one reader", no_gap_no_double },
	{ "an open transaction holds back what follows", open_transaction },
	{ "events that are gone are told", deleted },
	CU_TEST_INFO_NULL
};
