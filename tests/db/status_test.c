/* What providers report about messages, in every order: a status never goes back, failed ends. */
#include <inttypes.h>
#include <string.h>

#include "tests/db/dbt.h"

static const char *const statuses[] = { "queued", "uncertain", "sent", "delivered", "read", "failed" };
enum { NSTATUS = nitems(statuses), QUEUED = 0, UNCERTAIN, SENT, DELIVERED, READ, FAILED };

/* What a message in state a becomes when the provider says b. Our own words (queued, uncertain) are never the provider's. */
static int after(int a, int b)
{
	if (a == FAILED)
		return FAILED;
	if (b == FAILED)
		return a == DELIVERED || a == READ ? a : FAILED;
	return b > a ? b : a;
}

static PGconn *worker(void)
{
	PGconn *c = as("worker");

	must(c, "BEGIN");
	must(c, "SELECT app.enter_connection('id', '%s')", alfa.wa);
	return c;
}

static const char *out_message(PGconn *c, const char *status, const char *ext)
{
	return get(c, "INSERT INTO message (conversation_id, connection_id, direction, kind, text, status, external_id) VALUES ('%s', '%s', 'out', 'text', 'x', '%s', '%s') RETURNING id",
	    alfa.conversation, alfa.wa, status, ext);
}

static void transitions(void)
{
	PGconn *c = worker();

	for (int a = 0; a < NSTATUS; a++)
		for (int b = SENT; b < NSTATUS; b++) {
			const char *ext = arena_fmt(T, "wamid.t%d%d%s", a, b, run_tag), *id = out_message(c, statuses[a], ext);

			IS_STR("known", get(c, "SELECT app.change_in('%s', '%s', NULL, '{\"what\": \"status\", \"status\": \"%s\"}')", alfa.wa, ext, statuses[b]), "t");
			IS_STR(arena_fmt(T, "%s, then %s", statuses[a], statuses[b]), get(c, "SELECT status FROM message WHERE id = '%s'", id), statuses[after(a, b)]);
		}
	undo(c);
}

/* Four reports, at random, to each of 2,500 messages: a step is one report to each of them, checked against the lattice above.
 * The rank never falls, failed is the end, what was read has its instants. */
static void shuffled(void)
{
	enum { MESSAGES = 2500, STEPS = 4 };
	unsigned char *is = arena_alloc(T, MESSAGES), *say = arena_alloc(T, MESSAGES);
	PGconn *c = worker();
	struct buf b = { 0 };

	must(c, "INSERT INTO message (conversation_id, connection_id, direction, kind, text, status, external_id) SELECT '%s', '%s', 'out', 'text', 'x', 'queued', 's' || n FROM generate_series(0, %d) n",
	    alfa.conversation, alfa.wa, MESSAGES - 1);
	for (int step = 0; step < STEPS; step++) {
		const char *now;
		int wrong = 0;

		buf_reset(&b);
		for (int i = 0; i < MESSAGES; i++) {
			say[i] = (unsigned char)(SENT + rnd(4));
			buf_char(&b, (char)('0' + say[i]));
			is[i] = (unsigned char)after(is[i], say[i]);
		}
		must(c, "SELECT count(app.message_change('%s', 's' || n, NULL, jsonb_build_object('what', 'status', 'status', "
		    "(ARRAY['queued', 'uncertain', 'sent', 'delivered', 'read', 'failed'])[substr('%s', n + 1, 1)::int + 1]))) FROM generate_series(0, %d) n", alfa.wa, b.p, MESSAGES - 1);
		now = get(c, "SELECT string_agg(array_position(ARRAY['queued', 'uncertain', 'sent', 'delivered', 'read', 'failed'], status) - 1 || '', '' ORDER BY substr(external_id, 2)::int) "
		    "FROM message WHERE connection_id = '%s' AND external_id ~ '^s[0-9]+$'", alfa.wa);
		IS_INT("all there", now != NULL ? strlen(now) : 0, MESSAGES);
		for (int i = 0; now != NULL && i < MESSAGES; i++)
			wrong += now[i] - '0' != is[i];
		IS_INT("as the lattice says", wrong, 0);
	}
	IS_INT("instants", num(c, "SELECT count(*) FROM message WHERE connection_id = '%s' AND external_id ~ '^s[0-9]+$' AND ((status = 'read') <> (read_at IS NOT NULL) OR (status IN ('delivered', 'read')) > (delivered_at IS NOT NULL) "
	    "OR (status = 'failed') <> (failed_at IS NOT NULL))", alfa.wa), 0);
	IS_TRUE("every end was met", num(c, "SELECT count(DISTINCT status) FROM message WHERE connection_id = '%s' AND external_id ~ '^s[0-9]+$'", alfa.wa) >= 2);
	undo(c);
	buf_free(&b);
}

/* Reports that come before their message are parked and applied when it appears, the oldest first. */
static void before_message(void)
{
	static const struct { const char *said[4], *want; } table[] = {
		{ { "delivered" }, "delivered" }, { { "read", "sent" }, "read" }, { { "failed" }, "failed" }, { { "failed", "delivered" }, "failed" },
		{ { "sent", "delivered", "failed" }, "delivered" }, { { "read", "failed", "sent" }, "read" },
	};

	for (size_t i = 0; i < nitems(table); i++) {
		const char *ext = arena_fmt(T, "wamid.b%d%s", (int)i, run_tag), *id;
		PGconn *c;

		for (size_t k = 0; table[i].said[k] != NULL; k++) {
			c = worker();
			IS_STR("parked", get(c, "SELECT app.change_in('%s', '%s', NULL, '{\"what\": \"status\", \"status\": \"%s\"}')", alfa.wa, ext, table[i].said[k]), "f");
			keep(c);
		}
		id = arrives(alfa.wa, "553180000001", ext, "\"echo\": true");
		IS_STR(table[i].want, get(as(NULL), "SELECT status FROM message WHERE id = '%s'", id), table[i].want);
		IS_INT("nothing parked", num(as(NULL), "SELECT count(*) FROM pending_change WHERE external_id = '%s'", ext), 0);
		/* The other way: our own message learns its id after the report. */
		c = worker();
		ext = arena_fmt(T, "wamid.c%d%s", (int)i, run_tag);
		id = get(c, "INSERT INTO message (conversation_id, connection_id, direction, kind, status) VALUES ('%s', '%s', 'out', 'text', 'queued') RETURNING id", alfa.conversation, alfa.wa);
		for (size_t k = 0; table[i].said[k] != NULL; k++)
			must(c, "SELECT app.change_in('%s', '%s', NULL, '{\"what\": \"status\", \"status\": \"%s\"}')", alfa.wa, ext, table[i].said[k]);
		must(c, "SELECT app.send_result('%s', 'sent', '%s', NULL, NULL)", id, ext);
		IS_STR("sent, then what was parked", get(c, "SELECT status FROM message WHERE id = '%s'", id), table[i].want);
		undo(c);
	}
}

/* The report carries our own id: it finds a message that does not know its external id yet, also an uncertain one. */
static void by_our_id(void)
{
	PGconn *c = worker();
	const char *id = get(c, "INSERT INTO message (conversation_id, connection_id, direction, kind, status) VALUES ('%s', '%s', 'out', 'text', 'uncertain') RETURNING id", alfa.conversation, alfa.wa);

	IS_STR("on another connection it is not meant", get(c, "SELECT app.change_in('%s', 'w1', '%s', '{\"what\": \"status\", \"status\": \"read\"}')", alfa.wa2, id), "f");
	IS_STR("found", get(c, "SELECT app.change_in('%s', 'w1%s', '%s', '{\"what\": \"status\", \"status\": \"sent\"}')", alfa.wa, run_tag, id), "t");
	IS_STR("sent, with its id", get(c, "SELECT status || ' ' || external_id FROM message WHERE id = '%s'", id), arena_fmt(T, "sent w1%s", run_tag));
	undo(c);
}

static void edits(void)
{
	const char *ext = arena_fmt(T, "wamid.e%s", run_tag);
	const char *id = arrives(alfa.wa, "553180000001", ext, NULL);
	const struct { const char *what, *text; int at; const char *want; } steps[] = {
		{ "edit", "dois", 2, "dois" }, { "edit", "um", 1, "dois" }, { "edit", "três", 3, "três" }, { "edit", "três de novo", 3, "três" }, { "revoke", "", 4, "" }, { "edit", "tarde", 5, "" }, { "revoke", "", 6, "" },
	};
	PGconn *c = worker();

	for (size_t i = 0; i < nitems(steps); i++) {
		must(c, "SELECT app.change_in('%s', '%s', NULL, '{\"what\": \"%s\", \"text\": \"%s\", \"at\": \"2026-01-01T10:00:0%dZ\"}')", alfa.wa, ext, steps[i].what, steps[i].text, steps[i].at);
		IS_STR(arena_fmt(T, "step %d", (int)i), get(c, "SELECT coalesce(text, '') FROM message WHERE id = '%s'", id), steps[i].want);
	}
	IS_STR("the first text stays for auditors", get(c, "SELECT original FROM message WHERE id = '%s'", id), arena_fmt(T, "Bom dia, %s", alfa.canary));
	IS_STR("deleted once", get(c, "SELECT deleted_at AT TIME ZONE 'UTC' FROM message WHERE id = '%s'", id), "2026-01-01 10:00:04");
	IS_STR("the list too", get(c, "SELECT concat_ws(' ', preview, preview_kind) FROM conversation WHERE id = '%s'", alfa.conversation), "deleted");
	undo(c);
	/* Parked before the message: the same end. */
	c = worker();
	must(c, "SELECT app.change_in('%s', 'e2%s', NULL, '{\"what\": \"edit\", \"text\": \"b\", \"at\": \"2026-01-01T10:00:02Z\"}')", alfa.wa, run_tag);
	must(c, "SELECT app.change_in('%s', 'e2%s', NULL, '{\"what\": \"edit\", \"text\": \"a\", \"at\": \"2026-01-01T10:00:01Z\"}')", alfa.wa, run_tag);
	keep(c);
	id = arrives(alfa.wa, "553180000001", arena_fmt(T, "e2%s", run_tag), NULL);
	IS_STR("the last edit", get(as(NULL), "SELECT text FROM message WHERE id = '%s'", id), "b");
}

CU_TestInfo status_tests[] = {
	{ "every transition", transitions },
	{ "2,500 messages, four reports to each in any order", shuffled },
	{ "reports before their message", before_message },
	{ "reports that name our own id", by_our_id },
	{ "edits and deletions in any order", edits },
	CU_TEST_INFO_NULL
};
