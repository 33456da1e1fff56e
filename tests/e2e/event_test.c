/* event_test.c: /api/events: every change once, in order, under writers at once; nobody else's; cursors that are bad, old or of another history. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "tests/e2e/world.h"

enum { WRITERS = 4, CHANGES = 25, SEEN_MAX = 4000 };

/* Places in the order: "xid-seq". */
static int compare(const char *a, const char *b)
{
	unsigned long long ax, as, bx, bs;

	if (sscanf(a, "%llu-%llu", &ax, &as) != 2 || sscanf(b, "%llu-%llu", &bx, &bs) != 2)
		return -2;
	return ax != bx ? (ax < bx ? -1 : 1) : as < bs ? -1 : as > bs;
}

static const char *now_of(struct client *c)
{
	get(c, "/api/events?after=now");
	IS_STATUS(c, 200);
	EXPECT(jcount(c, "items") == 0 && js(c, "next") == NULL, "now has items");
	return js(c, "cursor");
}

/* One writer, a process: notes, people and deals in a random order. Ends with 0 when all were taken. */
static pid_t write_beside(const char *token, const char *conv, const char *tag, unsigned seed)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct client *c = client_new("writer");
		int bad = 0;

		c->bearer = token;
		for (int i = 0; i < CHANGES; i++) {
			switch (rand_r(&seed) % 3) {
			case 0: send_json(c, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"%s %d\",\"internal\":true}", conv, tag, i)); break;
			case 1: send_json(c, "POST", "/api/contacts", arena_fmt(mem, "{\"name\":\"E2E %s %d\"}", tag, i)); break;
			default: send_json(c, "POST", "/api/deals", arena_fmt(mem, "{\"title\":\"E2E %s %d\"}", tag, i)); break;
			}
			bad += c->status != 201;
			usleep((unsigned)rand_r(&seed) % 4000);
		}
		_exit(bad > 100 ? 100 : bad);
	}
	return pid;
}

struct reader { struct client *c; const char *at; const char *ids[SEEN_MAX], *subjects[SEEN_MAX]; size_t n; int disorder; };

static bool holds(const struct reader *r, size_t n, const char *subject)
{
	for (size_t i = 0; i < n; i++)
		if (same_text(r->subjects[i], subject))
			return true;
	return false;
}

/* All that there is now, in pages of a random size; follows next as a client does. */
static void read_on(struct reader *r, unsigned *seed)
{
	bool more = true;

	while (more && r->n < SEEN_MAX) {
		get(r->c, arena_fmt(mem, "/api/events?after=%s&limit=%d", r->at, 1 + (int)(rand_r(seed) % 60)));
		if (!IS_STATUS(r->c, 200))
			return;
		for (size_t i = 0; i < jcount(r->c, "items") && r->n < SEEN_MAX; i++) {
			r->ids[r->n] = js(r->c, arena_fmt(mem, "items.%zu.id", i));
			r->subjects[r->n] = js(r->c, arena_fmt(mem, "items.%zu.subject_id", i));
			r->disorder += compare(r->n > 0 ? r->ids[r->n - 1] : r->at, r->ids[r->n]) != -1;
			r->n++;
		}
		more = js(r->c, "next") != NULL;
		EXPECT(more == (header(r->c, "Link") != NULL), "next and Link differ");
		EXPECT(!more || same_text(js(r->c, "next"), js(r->c, "cursor")), "next is not the cursor");
		r->at = js(r->c, "cursor");
	}
}

static bool settled(void)
{
	const char *xid = sql("SELECT pg_current_xact_id()");

	return WAIT(30, sqln("SELECT (pg_snapshot_xmin(pg_current_snapshot()) > '%s'::xid8)::int", xid) == 1);
}

static void followed(void)
{
	struct reader *r = arena_alloc(mem, sizeof(*r));
	struct client *other = client_new("mirela");
	unsigned seed = getenv("BALCAO_TEST_SEED") != NULL ? (unsigned)strtoul(getenv("BALCAO_TEST_SEED"), NULL, 10) : (unsigned)time(NULL);
	const char *conv = conversation_make("E2E Feed"), *tag = arena_fmt(mem, "feed-%.8s", token_new(mem)), *token = session_make(DAVI, "bearer"), *start, *theirs;
	size_t want, from = 0, missed = 0;
	pid_t pid[WRITERS];
	int running = WRITERS, bad = 0;

	printf("(seed %u) ", seed);
	memset(r, 0, sizeof(*r));
	r->c = client_new("reader");
	r->c->bearer = token;
	bearer(other, MIRELA);
	theirs = now_of(other);
	start = r->at = now_of(r->c);
	for (int i = 0; i < WRITERS; i++)
		pid[i] = write_beside(token, conv, tag, seed + (unsigned)i);
	while (running > 0) {
		read_on(r, &seed);
		for (int i = 0; i < WRITERS; i++) {
			int st = 0;

			if (pid[i] > 0 && waitpid(pid[i], &st, WNOHANG) == pid[i]) {
				bad += WIFEXITED(st) ? WEXITSTATUS(st) : 1;
				pid[i] = 0;
				running--;
			}
		}
	}
	EXPECT(bad == 0, "%d changes were refused", bad);
	EXPECT(settled(), "something holds everything back");
	read_on(r, &seed);
	EXPECT(r->disorder == 0, "%d out of order or twice", r->disorder);
	/* What the database says happened, one line a subject. */
	want = (size_t)sqln("SELECT count(*) FROM (SELECT id FROM message WHERE text LIKE '%s %%' UNION ALL SELECT id FROM contact WHERE name LIKE 'E2E %s %%' UNION ALL SELECT id FROM deal WHERE title LIKE 'E2E %s %%') x", tag, tag, tag);
	EXPECT(want == WRITERS * CHANGES, "%zu things of %d changes", want, WRITERS * CHANGES);
	for (size_t i = 0; i < want; i++) {
		const char *id = sql("SELECT id FROM (SELECT id FROM message WHERE text LIKE '%s %%' UNION ALL SELECT id FROM contact WHERE name LIKE 'E2E %s %%' UNION ALL SELECT id FROM deal WHERE title LIKE 'E2E %s %%') x ORDER BY id LIMIT 1 OFFSET %zu", tag, tag, tag, i);

		missed += !holds(r, r->n, id);
	}
	EXPECT(missed == 0, "%zu of %zu changes were not told", missed, want);
	EXPECT(r->n == (size_t)sqln("SELECT count(*) FROM event e JOIN tenant t USING (tenant_id) WHERE t.slug = 'marcenaria' AND (e.user_id IS NULL OR e.user_id = (SELECT id FROM user_account WHERE email = '" DAVI "')) "
	    "AND (e.xid, e.seq) > (split_part('%s', '-', 1)::xid8, 0) AND e.xid < split_part('%s', '-', 1)::xid8", start, r->at), "%zu events were told, the table has others", r->n);
	/* Nothing of it reaches the other tenant. */
	for (const char *at = theirs; at != NULL; at = js(other, "next")) {
		get(other, arena_fmt(mem, "/api/events?after=%s&limit=500", at));
		for (size_t i = 0; i < jcount(other, "items"); i++)
			from += holds(r, r->n, js(other, arena_fmt(mem, "items.%zu.subject_id", i)));
	}
	EXPECT(from == 0, "%zu events reached another tenant", from);
	client_free(r->c);
	client_free(other);
}

/* Whoever sees only what is theirs is told only of that. */
static void own_scope(void)
{
	struct client *c = client_new("own"), *d = client_new("davi");
	const char *conv = conversation_make("E2E Alheia"), *at, *deal;
	size_t n = 0;

	user_need("e2e.proprio@marcenaria.test", "Só Meu", "agent", "own");
	bearer(c, "e2e.proprio@marcenaria.test");
	bearer(d, DAVI);
	at = now_of(c);
	send_json(d, "POST", "/api/messages", arena_fmt(mem, "{\"conversation_id\":\"%s\",\"text\":\"x\",\"internal\":true}", conv));
	IS_STATUS(d, 201);
	send_json(d, "POST", "/api/deals", "{\"title\":\"E2E alheio\"}");
	IS_STATUS(d, 201);
	deal = js(d, "id");
	EXPECT(settled(), "something holds everything back");
	get(c, arena_fmt(mem, "/api/events?after=%s&limit=500", at));
	IS_STATUS(c, 200);
	HAS_NOT(c, conv);
	HAS_NOT(c, deal);
	for (size_t i = 0; i < jcount(c, "items"); i++)
		n += js(c, arena_fmt(mem, "items.%zu.conversation_id", i)) != NULL;
	/* Given to them, it is told. */
	send_json(d, "POST", "/api/conversations/bulk", arena_fmt(mem, "{\"action\":\"assign\",\"ids\":[\"%s\"],\"assignee_id\":\"%s\"}", conv, user_id("e2e.proprio@marcenaria.test")));
	IS_STATUS(d, 200);
	EXPECT(settled(), "something holds everything back");
	get(c, arena_fmt(mem, "/api/events?after=%s&limit=500", at));
	HAS(c, conv);
	EXPECT(n == 0, "%zu events of conversations that they do not see", n);
	client_free(c);
	client_free(d);
}

static void parameters(void)
{
	static const char *const bad[][2] = { { "after=x", "/after" }, { "after=1", "/after" }, { "after=-1-1", "/after" }, { "after=99999999999999999999-1", "/after" }, { "kind=A", "/kind" },
		{ "kind=,", "/kind" }, { "kind=a%27", "/kind" }, { "limit=0", "/limit" }, { "limit=501", "/limit" }, { "limit=x", "/limit" }, { "cursor=1-1", "/cursor" } };
	struct client *c = client_new("davi");
	const char *first;

	bearer(c, DAVI);
	for (size_t i = 0; i < nitems(bad); i++) {
		get(c, arena_fmt(mem, "/api/events?%s", bad[i][0]));
		EXPECT(c->status == 400 && same_text(js(c, "errors.0.pointer"), bad[i][1]), "%s: %ld %s", c->call, c->status, shown(js(c, "errors.0.pointer")));
	}
	get(c, "/api/events?kind=message:created,conversation:created&limit=20");
	IS_STATUS(c, 200);
	EXPECT(jcount(c, "items") > 0, "no message was created");
	for (size_t i = 0; i < jcount(c, "items"); i++) {
		const char *k = js(c, arena_fmt(mem, "items.%zu.kind", i));

		EXPECT(same_text(k, "message:created") || same_text(k, "conversation:created"), "kind %s", shown(k));
	}
	get(c, "/api/events?kind=nothing:happens");
	IS_STATUS(c, 200);
	EXPECT(jcount(c, "items") == 0 && js(c, "cursor") != NULL, "a kind that never happens");
	first = js(c, "cursor");
	get(c, arena_fmt(mem, "/api/events?after=%s", first));
	IS_STATUS(c, 200);
	/* Of another history; and what went by purge. */
	get(c, "/api/events?after=900000000000000-0");
	IS_STATUS(c, 410);
	IS_TEXT(c, js(c, "type"), "/problems/gone");
	get(c, "/api/events?limit=1");
	first = js(c, "items.0.id");
	/* As the purge does it: with the triggers that our connection passes by. */
	(void)sql("DO $$ BEGIN PERFORM set_config('session_replication_role', 'origin', true); DELETE FROM event e USING tenant t WHERE t.tenant_id = e.tenant_id AND t.slug = 'marcenaria' "
	    "AND e.seq IN (SELECT x.seq FROM event x WHERE x.tenant_id = t.tenant_id ORDER BY x.xid, x.seq LIMIT 3); END $$");
	get(c, arena_fmt(mem, "/api/events?after=%s", first));
	IS_STATUS(c, 410);
	get(c, "/api/events?limit=1");
	IS_STATUS(c, 200);
	EXPECT(!same_text(js(c, "items.0.id"), first), "what is gone is told");
	client_free(c);
}

CU_TestInfo event_tests[] = {
	{ "four writers, one reader: every change once, in order", followed },
	{ "only what one sees", own_scope },
	{ "parameters, kinds, cursors that are too old", parameters },
	CU_TEST_INFO_NULL
};
