/* The queue: nobody twice, nobody forgotten, one after the other within a key, leases. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/job.h"
#include "tests/db/dbt.h"

enum { CLAIMERS = 8, JOBS = 2000 };

/* Jobs of kind for alfa; kinds are the tests' own, so that they do not meet those of the world. */
static void order(const struct world *w, const char *kind, int n)
{
	must(as(NULL), "INSERT INTO priv.job (tenant_id, kind, subject_id) SELECT %" PRId64 ", '%s', app.uuid7() FROM generate_series(1, %d)", w->tenant, kind, n);
}

static const char *kind_new(const char *name)
{
	return arena_fmt(T, "t_%s_%s", name, run_tag);
}

static const char *claim(const char *kind, int n)
{
	return rows(as("worker"), "SELECT id || ' ' || lease_no || ' ' || attempt FROM app.job_claim('%s', %d, '1 minute')", kind, n);
}

static const char *job_state(const char *id)
{
	return get(as(NULL), "SELECT state FROM priv.job WHERE id = '%s'", id);
}

/* It takes a hundred at a time: until none is left. */
static int64_t rescue(void)
{
	int64_t n, all = 0;

	while ((n = num(as("worker"), "SELECT app.job_rescue()")) > 0)
		all += n;
	return all;
}

struct rush { PGconn *c[CLAIMERS]; char claim[200]; struct { char id[40]; } *got[CLAIMERS]; int n[CLAIMERS]; };

static void rush_one(int i, void *p)
{
	struct rush *r = p;
	int empty = 0;

	while (empty < 3) {
		PGresult *res = PQexec(r->c[i], r->claim);

		empty = PQntuples(res) == 0 ? empty + 1 : 0;
		for (int k = 0; k < PQntuples(res) && r->n[i] < JOBS; k++)
			snprintf(r->got[i][r->n[i]++].id, 40, "%s", PQgetvalue(res, k, 0));
		PQclear(res);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void never_twice(void)
{
	struct rush *r = arena_alloc(T, sizeof(*r));
	const char *kind = kind_new("rush");
	struct { char id[40]; } *all = arena_array(T, CLAIMERS * JOBS, 40);
	int n = 0, twice = 0, busy = 0;

	order(&alfa, kind, JOBS / 2);
	order(&beta, kind, JOBS / 2);
	snprintf(r->claim, sizeof(r->claim), "SELECT id FROM app.job_claim('%s', 7, '1 minute')", kind);
	for (int i = 0; i < CLAIMERS; i++) {
		r->c[i] = fresh_as("worker");
		must(r->c[i], "SET synchronous_commit = off");
		r->got[i] = arena_array(T, JOBS, 40);
	}
	threads(CLAIMERS, rush_one, r);
	for (int i = 0; i < CLAIMERS; i++) {
		PQfinish(r->c[i]);
		busy += r->n[i] > 0;
		memcpy(all[n].id, r->got[i], (size_t)r->n[i] * 40);
		n += r->n[i];
	}
	qsort(all, (size_t)n, 40, by_text);
	for (int i = 1; i < n; i++)
		twice += strcmp(all[i].id, all[i - 1].id) == 0;
	IS_INT("all of them", n, JOBS);
	must(as(NULL), "DELETE FROM priv.job WHERE kind = '%s'", kind);
	IS_INT("twice", twice, 0);
	IS_TRUE("more than one worker had some", busy > 1);
}

/* One tenant has 50,000 ready, another one: it is in the first claim. */
static void fair(void)
{
	const char *kind = kind_new("fair");
	int64_t t;

	order(&alfa, kind, 50000);
	order(&beta, kind, 1);
	t = mono_ms();
	(void)claim(kind, 10);
	IS_TRUE("quick", mono_ms() - t < 5000);
	IS_STR("both", rows(as(NULL), "SELECT tenant_id, count(*) FROM priv.job WHERE kind = '%s' AND state = 'run' GROUP BY 1 ORDER BY 1", kind), arena_fmt(T, "%" PRId64 "|5\n%" PRId64 "|1", alfa.tenant, beta.tenant));
	must(as(NULL), "DELETE FROM priv.job WHERE kind = '%s'", kind);
}

static void one_after_the_other(void)
{
	const char *kind = kind_new("key"), *key = get(as(NULL), "SELECT gen_random_uuid()"), *done = "";
	PGconn *c = as("worker");

	must(as(NULL), "INSERT INTO priv.job (tenant_id, kind, queue_key, subject_id) SELECT %" PRId64 ", '%s', '%s', app.uuid7() FROM generate_series(1, 5) n, pg_sleep(0.002)", alfa.tenant, kind, key);
	must(as(NULL), "INSERT INTO priv.job (tenant_id, kind, queue_key) VALUES (%" PRId64 ", '%s', gen_random_uuid())", alfa.tenant, kind);
	IS_INT("the oldest, and the one of another key", num(c, "SELECT count(*) FROM app.job_claim('%s', 10, '1 minute')", kind), 2);
	IS_INT("nobody overtakes", num(c, "SELECT count(*) FROM app.job_claim('%s', 10, '1 minute')", kind), 0);
	for (int i = 0; i < 5; i++) {
		const char *id = get(as(NULL), "SELECT id FROM priv.job WHERE kind = '%s' AND queue_key = '%s' AND state = 'run'", kind, key);
		int lease = 1;

		if (!IS_TRUE("older first", id != NULL && strcmp(done, id) < 0))
			break;
		if (i == 2) { /* while it waits for its next try it still goes first */
			must(c, "SELECT app.job_retry('%s', 1, '1 hour', 'x', false)", id);
			IS_INT("nobody overtakes who waits", num(c, "SELECT count(*) FROM app.job_claim('%s', 10, '1 minute')", kind), 0);
			must(as(NULL), "UPDATE priv.job SET run_at = now() WHERE id = '%s'", id);
			(void)claim(kind, 10);
			IS_STR("again", job_state(id), "run");
			lease = 2;
		}
		IS_STR("ends", get(c, "SELECT app.job_end('%s', %d, '%s', NULL)", id, lease, i == 3 ? "dead" : "done"), "t");
		done = id;
		(void)claim(kind, 10);
	}
	IS_INT("none ready", num(as(NULL), "SELECT count(*) FROM priv.job WHERE kind = '%s' AND queue_key = '%s' AND state = 'ready'", kind, key), 0);
}

static const char *one(const char *kind)
{
	order(&alfa, kind, 1);
	(void)claim(kind, 1);
	return get(as(NULL), "SELECT id FROM priv.job WHERE kind = '%s' AND state = 'run' ORDER BY id DESC LIMIT 1", kind);
}

static void fencing(void)
{
	const char *kind = kind_new("fence"), *id = one(kind), *before;
	PGconn *c = as("worker");

	must(as(NULL), "UPDATE priv.job SET lease_until = now() - interval '1 second' WHERE id = '%s'", id);
	IS_TRUE("rescued", rescue() >= 1);
	IS_STR("ready again", job_state(id), "ready");
	must(as(NULL), "UPDATE priv.job SET run_at = now() WHERE id = '%s'", id);
	(void)claim(kind, 1);
	before = get(as(NULL), "SELECT j::text FROM priv.job j WHERE id = '%s'", id);
	for (size_t i = 0; i < 3; i++)
		for (int lease = 0; lease < 4; lease++)
			if (lease != 2) {
				const char *call = i == 0 ? arena_fmt(T, "app.job_sending('%s', %d, '1 minute')", id, lease) : i == 1 ? arena_fmt(T, "app.job_end('%s', %d, 'done', NULL)", id, lease) :
				    arena_fmt(T, "app.job_retry('%s', %d, '0', 'x', false)", id, lease);

				IS_STR(call, get(c, "SELECT %s", call), "f");
			}
	must(c, "BEGIN");
	IS_INT("nor does it enter", num(c, "SELECT count(*) FROM app.job_enter('%s', 1)", id), 0);
	undo(c);
	IS_STR("nothing changed", get(as(NULL), "SELECT j::text FROM priv.job j WHERE id = '%s'", id), before);
	IS_STR("only ends may be ends", get(c, "SELECT app.job_end('%s', 2, 'ready', NULL)", id), "f");
	IS_STR("the holder's word counts", get(c, "SELECT app.job_end('%s', 2, 'done', NULL)", id), "t");
	IS_STR("once", get(c, "SELECT app.job_end('%s', 2, 'dead', NULL)", id), "f");
	IS_STR("done", job_state(id), "done");
}

/* Through the model: a unit whose lease went is undone, with all that it wrote. */
static void lease_gone_in_unit(void)
{
	static const struct stmt note = { "t_note", "UPDATE contact SET note = 'by a stale worker' WHERE name IS NOT NULL", NULL, 0 };
	const char *kind = kind_new("unit");
	struct ctx *cx = ctx_as("worker");
	struct job *jobs = NULL, j;
	size_t n = 0;
	enum err e;

	order(&alfa, kind, 1);
	IS_INT("claim", job_claim(cx, kind, 4, &jobs, &n), OK);
	if (!IS_INT("one", n, 1))
		return;
	j = jobs[0];
	IS_INT("attempt", j.attempt, 1);
	IS_TRUE("leased", job_leased(&j, 1000) && !job_leased(&j, JOB_LEASE_MS));
	j.lease_no = 7;
	IS_INT("begin with a stale lease", job_begin(cx, &j), E_NOTFOUND);
	j.lease_no = 1;
	e = job_begin(cx, &j);
	if (e == OK)
		e = db_exec(cx, &note, NULL, NOARGS);
	j.lease_no = 7;
	if (e == OK)
		e = job_end(cx, &j, "done", NULL);
	IS_INT("undone", db_end(cx, e), E_CONFLICT);
	IS_INT("undone", num(as(NULL), "SELECT count(*) FROM contact WHERE note = 'by a stale worker'"), 0);
	j.lease_no = 1;
	IS_INT("again later", job_again_now(cx, &j, 0, "x", false), OK);
	IS_INT("claim", job_claim(cx, kind, 4, &jobs, &n), OK);
	IS_INT("second attempt", n == 1 ? jobs[0].attempt : 0, 2);
	IS_INT("not its fault", n == 1 ? job_again_now(cx, &jobs[0], 0, "x", true) : OK, OK);
	IS_INT("claim", job_claim(cx, kind, 4, &jobs, &n), OK);
	IS_INT("still the second", n == 1 ? jobs[0].attempt : 0, 2);
	IS_INT("end", n == 1 ? job_end_now(cx, &jobs[0], "done", NULL) : OK, OK);
	for (int i = 1; i < 200; i++) {
		int64_t wait = job_backoff(i % 20, 2000, 300000);

		IS_TRUE("backoff", wait >= 100 && wait <= 300000);
	}
}

static void tried_too_often(void)
{
	const char *kind = kind_new("often"), *id = one(kind);
	PGconn *c = as("worker");

	must(as(NULL), "UPDATE priv.job SET attempt = max_attempt WHERE id = '%s'", id);
	IS_STR("retry", get(c, "SELECT app.job_retry('%s', 1, '0', 'x', false)", id), "t");
	IS_STR("dead", job_state(id), "dead");
	id = one(kind);
	must(as(NULL), "UPDATE priv.job SET attempt = max_attempt, lease_until = now() - interval '1 second' WHERE id = '%s'", id);
	(void)rescue();
	IS_STR("dead", job_state(id), "dead");
	id = one(kind);
	must(as(NULL), "UPDATE priv.job SET attempt = max_attempt WHERE id = '%s'", id);
	must(c, "SELECT app.job_retry('%s', 1, '0', 'x', true)", id);
	IS_STR("waiting is not trying", job_state(id), "ready");
}

/* The worker of a message for later died each time: it ends as failed, and its author hears of it. */
static void rescue_schedule(void)
{
	const char *conv = conversation_new(&alfa, alfa.wa), *later;
	PGconn *c = inside(alfa.tenant, alfa.admin.id, "all");

	later = get(c, "INSERT INTO scheduled_message (conversation_id, author_id, text, run_at) VALUES ('%s', '%s', 'x', now()) RETURNING id", conv, alfa.admin.id);
	keep(c);
	must(as(NULL), "INSERT INTO priv.job (tenant_id, kind, subject_id, state, attempt, lease_no, lease_until) VALUES (%" PRId64 ", 'schedule', '%s', 'run', 12, 1, now() - interval '1 second')",
	    alfa.tenant, later);
	(void)rescue();
	IS_STR("failed", get(as(NULL), "SELECT status || ' ' || error FROM scheduled_message WHERE id = '%s'", later), "failed fault");
	IS_INT("its author hears of it", num(as(NULL), "SELECT count(*) FROM notification WHERE conversation_id = '%s' AND kind = 'failed'", conv), 1);
}

/* A send that was cut in the middle: nobody sends it again, its message is uncertain and its author hears of it. */
static void rescue_sending(void)
{
	const char *conv = conversation_new(&alfa, alfa.wa), *msg, *id;
	PGconn *c = as("web"), *w = as("worker");

	must(c, "BEGIN");
	must(c, "SELECT app.enter('\\x%s', false)", token_hex(alfa.admin.token));
	msg = get(c, "SELECT message_id FROM app.message_out('%s', 'x', false, NULL, NULL, 'text', NULL)", conv);
	must(c, "COMMIT");
	id = get(as(NULL), "SELECT id FROM priv.job WHERE subject_id = '%s'", msg);
	must(as(NULL), "UPDATE priv.job SET state = 'run', lease_no = 1, lease_until = now() + interval '1 minute' WHERE id = '%s'", id);
	IS_STR("sending", get(w, "SELECT app.job_sending('%s', 1, '1 minute')", id), "t");
	IS_STR("not again", get(w, "SELECT app.job_sending('%s', 1, '1 minute')", id), "f");
	(void)rescue();
	IS_STR("not while its lease stands", job_state(id), "sending");
	must(as(NULL), "UPDATE priv.job SET lease_until = now() - interval '1 second' WHERE id = '%s'", id);
	(void)rescue();
	IS_STR("uncertain", job_state(id), "uncertain");
	IS_STR("its message too", get(as(NULL), "SELECT status FROM message WHERE id = '%s'", msg), "uncertain");
	IS_INT("its author hears of it", num(as(NULL), "SELECT count(*) FROM notification WHERE conversation_id = '%s' AND kind = 'failed'", conv), 1);
	must(as(NULL), "UPDATE priv.job SET run_at = now() - interval '1 day' WHERE id = '%s'", id);
	IS_INT("never claimed", num(w, "SELECT count(*) FROM app.job_claim('send', 1000, '1 minute') WHERE id = '%s'", id), 0);
	must(as(NULL), "UPDATE priv.job SET state = 'ready', attempt = 0, lease_until = NULL WHERE kind = 'send' AND state = 'run'");
	must(w, "BEGIN");
	must(w, "SELECT app.enter_connection('id', '%s')", alfa.wa);
	must(w, "SELECT app.change_in('%s', 'wamid.late%s', '%s', '{\"what\": \"status\", \"status\": \"delivered\"}')", alfa.wa, msg, msg);
	must(w, "COMMIT");
	IS_STR("the provider knows better", get(as(NULL), "SELECT m.status || ' ' || j.state FROM message m JOIN priv.job j ON j.subject_id = m.id WHERE m.id = '%s'", msg), "delivered done");
}

CU_TestInfo queue_tests[] = {
	{ "8 claimers, 2,000 jobs: nobody twice, none left", never_twice },
	{ "a tenant with 50,000 jobs does not hold up another", fair },
	{ "one after the other within a key", one_after_the_other },
	{ "a lease that is gone changes nothing", fencing },
	{ "a unit whose lease is gone is undone", lease_gone_in_unit },
	{ "tried too often", tried_too_often },
	{ "a message for later that cannot be sent at all", rescue_schedule },
	{ "a send cut in the middle is uncertain", rescue_sending },
	CU_TEST_INFO_NULL
};
