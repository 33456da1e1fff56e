/* Answers: the window, tokens, retries, what is audited. Through the model, as the web role. */
#include <inttypes.h>
#include <string.h>

#include "model/conversation.h"
#include "tests/db/dbt.h"

static enum err answer(struct ctx *cx, const char *conv, const char *text, const char *token, bool note, const char **id, bool *made)
{
	struct message_draft d = { .conversation_id = conv, .text = text, .token = token, .internal = note };

	return UNIT(cx, &alfa.admin, DB_WRITE, message_send(cx, &d, id, made));
}

static void shut(const char *conv)
{
	change_in(alfa.tenant, "UPDATE conversation SET window_until = now() - interval '1 second' WHERE id = '%s'", conv);
}

static int64_t jobs_of(const char *message)
{
	return num(as(NULL), "SELECT count(*) FROM priv.job WHERE subject_id = '%s' AND kind = 'send' AND state = 'ready'", message);
}

static void sent(void)
{
	struct ctx *cx = ctx_as("web");
	const char *conv = conversation_new(&alfa, alfa.wa), *id = NULL;
	bool made = false;

	IS_INT("answer", answer(cx, conv, "Pois não", NULL, false, &id, &made), OK);
	IS_TRUE("new", made);
	IS_STR("queued, by admin", get(as(NULL), "SELECT status || ' ' || direction || ' ' || (author_id = '%s') FROM message WHERE id = '%s'", alfa.admin.id, id), "queued out true");
	IS_STR("ordered in the conversation's queue", get(as(NULL), "SELECT queue_key FROM priv.job WHERE subject_id = '%s'", id), conv);
	IS_STR("answered", get(as(NULL), "SELECT concat_ws(' ', waiting_since, unread, preview_out, preview) FROM conversation WHERE id = '%s'", conv), "0 t Pois não");
	IS_INT("note", answer(cx, conv, "só para nós", NULL, true, &id, &made), OK);
	IS_INT("nothing to send", jobs_of(id), 0);
	IS_STR("not shown in the list", get(as(NULL), "SELECT preview FROM conversation WHERE id = '%s'", conv), "Pois não");
	IS_INT("of another tenant: as missing", answer(cx, beta.conversation, "x", NULL, false, &id, &made), E_NOTFOUND);
}

static void window(void)
{
	struct ctx *cx = ctx_as("web");
	const char *conv = conversation_new(&alfa, alfa.wa), *id = NULL;
	bool made;

	shut(conv);
	IS_INT("shut", answer(cx, conv, "tarde", NULL, false, &id, &made), E_INVALID);
	IS_STR("state", db_sqlstate(cx), "P1001");
	IS_STR("the field", cx->errors != NULL ? cx->errors->code : NULL, "window_shut");
	IS_INT("nothing was written", num(as(NULL), "SELECT count(*) FROM message WHERE conversation_id = '%s' AND direction = 'out'", conv), 0);
	IS_INT("a note goes", answer(cx, conv, "nota", NULL, true, &id, &made), OK);
	must(as("web"), "BEGIN");
	must(as("web"), "SELECT app.enter('\\x%s', false)", token_hex(alfa.admin.token));
	IS_STR("a template goes", state(as("web"), "SELECT app.message_out('%s', 'modelo', false, NULL, NULL, 'template', NULL)", conv), "00000");
	undo(as("web"));
	(void)arrives(alfa.wa, get(as(NULL), "SELECT i.value FROM contact_identity i JOIN conversation v ON v.contact_id = i.contact_id WHERE v.id = '%s'", conv), arena_fmt(T, "wamid.win%s", conv), NULL);
	IS_INT("open again", answer(cx, conv, "agora", NULL, false, &id, &made), OK);
}

static void tokens(void)
{
	struct ctx *cx = ctx_as("web");
	const char *conv = conversation_new(&alfa, alfa.wa), *other = conversation_new(&alfa, alfa.wa), *one = NULL, *two = NULL;
	bool made = false;

	IS_INT("first", answer(cx, conv, "a", "tk", false, &one, &made), OK);
	IS_TRUE("new", made);
	IS_INT("again", answer(cx, conv, "b", "tk", false, &two, &made), OK);
	IS_TRUE("not new", !made);
	IS_STR("the same", two, one);
	IS_INT("one order", jobs_of(one), 1);
	shut(conv);
	IS_INT("also when the window is shut by now", answer(cx, conv, "b", "tk", false, &two, &made), OK);
	IS_INT("elsewhere", answer(cx, other, "c", "tk", false, &two, &made), OK);
	IS_TRUE("it is another", made && strcmp(one, two) != 0);
}

struct press { PGconn *c[8]; const char *sql; char got[8][64]; };

static void press_one(int i, void *p)
{
	struct press *s = p;
	PGresult *r = PQexec(s->c[i], s->sql);

	strncpy(s->got[i], PQresultStatus(r) == PGRES_TUPLES_OK ? PQgetvalue(r, 0, 0) : "failed", sizeof(s->got[i]) - 1);
	PQclear(r);
	PQclear(PQexec(s->c[i], "COMMIT"));
}

/* The button pressed in eight windows at once. */
static void pressed_at_once(void)
{
	struct press s = { 0 };
	const char *conv = conversation_new(&alfa, alfa.wa);

	s.sql = arena_fmt(T, "SELECT message_id FROM app.message_out('%s', 'x', false, 'press', NULL, 'text', NULL)", conv);
	for (int i = 0; i < 8; i++) {
		s.c[i] = fresh_as("web");
		must(s.c[i], "BEGIN");
		must(s.c[i], "SELECT app.enter('\\x%s', false)", token_hex(alfa.admin.token));
	}
	threads(8, press_one, &s);
	for (int i = 0; i < 8; i++) {
		IS_STR("the same message", s.got[i], s.got[0]);
		PQfinish(s.c[i]);
	}
	IS_INT("one", num(as(NULL), "SELECT count(*) FROM message WHERE conversation_id = '%s' AND direction = 'out'", conv), 1);
}

static void result(const char *message, const char *status, const char *external)
{
	PGconn *c = as("worker");

	must(c, "BEGIN");
	must(c, "SELECT app.enter_connection('id', '%s')", alfa.wa);
	must(c, "SELECT app.send_result('%s', '%s', %s%s%s, NULL, 'why')", message, status, external != NULL ? "'" : "", external != NULL ? external : "NULL", external != NULL ? "'" : "");
	must(c, "COMMIT");
}

static void retries(void)
{
	struct ctx *cx = ctx_as("web");
	const char *conv = conversation_new(&alfa, alfa.wa), *id = NULL, *note = NULL;
	bool made;

	IS_INT("answer", answer(cx, conv, "a", NULL, false, &id, &made), OK);
	IS_INT("note", answer(cx, conv, "n", NULL, true, &note, &made), OK);
	IS_INT("queued: no", UNIT(cx, &alfa.admin, DB_WRITE, message_retry(cx, id)), E_CONFLICT);
	result(id, "failed", NULL);
	must(as(NULL), "UPDATE priv.job SET state = 'dead' WHERE subject_id = '%s'", id);
	IS_STR("failed", get(as(NULL), "SELECT status || ' ' || error_text || ' ' || (failed_at IS NOT NULL) FROM message WHERE id = '%s'", id), "failed why true");
	IS_INT("its author hears of it", num(as(NULL), "SELECT count(*) FROM notification WHERE user_id = '%s' AND kind = 'failed' AND conversation_id = '%s'", alfa.admin.id, conv), 1);
	IS_INT("again", UNIT(cx, &alfa.admin, DB_WRITE, message_retry(cx, id)), OK);
	IS_STR("queued, clean", get(as(NULL), "SELECT concat_ws(' ', status, error_text, failed_at, external_id) FROM message WHERE id = '%s'", id), "queued");
	IS_INT("one order", jobs_of(id), 1);
	IS_STR("audited", get(as(NULL), "SELECT (actor_id = '%s') || ' ' || (changes ->> 'status') FROM audit_log WHERE entity_id = '%s' AND action = 'retry'", alfa.admin.id, id), "true [\"failed\", \"queued\"]");
	IS_INT("twice: no", UNIT(cx, &alfa.admin, DB_WRITE, message_retry(cx, id)), E_CONFLICT);
	result(id, "sent", arena_fmt(T, "wamid.retry%s", id));
	IS_INT("sent: no", UNIT(cx, &alfa.admin, DB_WRITE, message_retry(cx, id)), E_CONFLICT);
	IS_INT("a note: no", UNIT(cx, &alfa.admin, DB_WRITE, message_retry(cx, note)), E_CONFLICT);
	IS_INT("inbound: no", UNIT(cx, &alfa.admin, DB_WRITE, message_retry(cx, alfa.message)), E_CONFLICT);
	IS_INT("of another tenant: no", UNIT(cx, &alfa.admin, DB_WRITE, message_retry(cx, beta.message)), E_CONFLICT);
	IS_INT("answer", answer(cx, conv, "b", NULL, false, &id, &made), OK);
	result(id, "uncertain", NULL);
	shut(conv);
	IS_INT("the window shut meanwhile", UNIT(cx, &alfa.admin, DB_WRITE, message_retry(cx, id)), E_INVALID);
	IS_STR("and stays", get(as(NULL), "SELECT status FROM message WHERE id = '%s'", id), "uncertain");
}

/* After a retry the status of the attempt that was given up does not touch the new one. */
static void old_attempt(void)
{
	struct ctx *cx = ctx_as("web");
	const char *conv = conversation_new(&alfa, alfa.wa), *id = NULL;
	bool made;
	PGconn *c = as("worker");

	IS_INT("answer", answer(cx, conv, "a", NULL, false, &id, &made), OK);
	result(id, "sent", arena_fmt(T, "wamid.old%s", id));
	must(c, "BEGIN");
	must(c, "SELECT app.enter_connection('id', '%s')", alfa.wa);
	must(c, "SELECT app.change_in('%s', 'wamid.old%s', NULL, '{\"what\": \"status\", \"status\": \"failed\"}')", alfa.wa, id);
	must(c, "COMMIT");
	IS_INT("again", UNIT(cx, &alfa.admin, DB_WRITE, message_retry(cx, id)), OK);
	result(id, "sent", arena_fmt(T, "wamid.new%s", id));
	must(c, "BEGIN");
	must(c, "SELECT app.enter_connection('id', '%s')", alfa.wa);
	must(c, "SELECT app.change_in('%s', 'wamid.old%s', '%s', '{\"what\": \"status\", \"status\": \"read\"}')", alfa.wa, id, id);
	must(c, "COMMIT");
	IS_STR("only sent", get(as(NULL), "SELECT status || ' ' || external_id FROM message WHERE id = '%s'", id), arena_fmt(T, "sent wamid.new%s", id));
}

static void statuses(void)
{
	struct ctx *cx = ctx_as("web");
	const char *id = conversation_new(&alfa, alfa.wa);
	struct conversation c;

	IS_INT("get", UNIT(cx, &alfa.admin, DB_READ, conversation_get(cx, id, &c)), OK);
	IS_INT("resolve", UNIT(cx, &alfa.admin, DB_WRITE, conversation_set_status(cx, id, "resolved", c.version)), OK);
	IS_INT("stale", UNIT(cx, &alfa.admin, DB_WRITE, conversation_set_status(cx, id, "open", c.version)), E_CONFLICT);
	IS_INT("the same again changes nothing", UNIT(cx, &alfa.admin, DB_WRITE, conversation_set_status(cx, id, "resolved", 0)), OK);
	IS_STR("resolved", get(as(NULL), "SELECT concat_ws(' ', status, resolved_at IS NOT NULL, waiting_since, version) FROM conversation WHERE id = '%s'", id), arena_fmt(T, "resolved t %d", c.version + 1));
	IS_STR("one line, one event, one audit row of its actor", get(as(NULL), "SELECT concat_ws(' ', (SELECT count(*) FROM message WHERE conversation_id = '%s' AND payload ->> 'what' = 'resolved' AND author_id = '%s'), "
	    "(SELECT count(*) FROM event WHERE subject_id = '%s' AND kind = 'conversation:updated' AND actor_id = '%s'), "
	    "(SELECT string_agg(changes ->> 'status', ',') FROM audit_log WHERE entity_id = '%s' AND actor_id = '%s' AND session_id IS NOT NULL))", id, alfa.admin.id, id, alfa.admin.id, id, alfa.admin.id),
	    "1 1 [\"open\", \"resolved\"]");
	IS_INT("no such status", UNIT(cx, &alfa.admin, DB_WRITE, conversation_set_status(cx, id, "gone", 0)), E_INVALID);
	IS_INT("another tenant's", UNIT(cx, &alfa.admin, DB_WRITE, conversation_set_status(cx, beta.conversation, "open", 0)), E_NOTFOUND);
}

/* Every audited table writes one row for a change, in the same transaction, with who did it; sealed values stay out. */
static void audited(void)
{
	static const struct { const char *table, *set; } changes[] = {
		{ "team", "description = 'x'" }, { "contact", "note = 'x'" }, { "user_account", "name = 'X'" }, { "connection", "access_token_sealed = 'secret'" },
		{ "tenant", "phone = '1'" }, { "conversation", "status = 'pending'" }, { "contact_identity", "shown = 'x'" },
	};
	PGconn *in = inside(alfa.tenant, alfa.bia.id, "all");

	must(in, "INSERT INTO team (name) VALUES ('Nova')");
	IS_STR("what was made", get(in, "SELECT changes -> 'name' FROM audit_log WHERE entity = 'team' AND action = 'insert' AND actor_id = '%s'", alfa.bia.id), "[null, \"Nova\"]");
	must(in, "DELETE FROM team_member WHERE user_id = '%s'", alfa.bia.id);
	IS_STR("what is gone", get(in, "SELECT changes -> 'user_id' FROM audit_log WHERE entity = 'team_member' AND action = 'delete' AND actor_id = '%s'", alfa.bia.id), arena_fmt(T, "[\"%s\", null]", alfa.bia.id));
	undo(in);

	for (size_t i = 0; i < nitems(changes); i++) {
		PGconn *c = inside(alfa.tenant, alfa.bia.id, "all");
		const char *id = get(c, "SELECT id FROM %s ORDER BY id DESC LIMIT 1", changes[i].table), *row;

		must(c, "UPDATE %s SET %s WHERE id = '%s'", changes[i].table, changes[i].set, id);
		row = get(c, "SELECT actor_id || ' ' || action || ' ' || entity || ' ' || changes FROM audit_log WHERE entity_id = '%s' ORDER BY seq DESC LIMIT 1", id);
		IS_TRUE(arena_fmt(T, "%s: %s", changes[i].table, row), row != NULL && strstr(row, arena_fmt(T, "%s update %s", alfa.bia.id, changes[i].table)) == row);
		IS_TRUE("no secret", row == NULL || (strstr(row, "secret") == NULL && strstr(row, alfa.canary) == NULL) || strcmp(changes[i].table, "connection") != 0);
		must(c, "UPDATE %s SET %s WHERE id = '%s'", changes[i].table, changes[i].set, id);
		IS_INT("no change, no row", num(c, "SELECT count(*) FROM audit_log WHERE entity_id = '%s' AND actor_id = '%s' AND xmin::text = pg_current_xact_id()::text", id, alfa.bia.id), 1);
		undo(c);
	}
}

CU_TestInfo outbound_tests[] = {
	{ "an answer is queued, a note is not", sent },
	{ "the 24-hour window", window },
	{ "one token, one message", tokens },
	{ "one token, eight at once", pressed_at_once },
	{ "what may be sent again", retries },
	{ "an attempt that was given up says nothing any more", old_attempt },
	{ "a change of status leaves its traces", statuses },
	{ "audited changes", audited },
	CU_TEST_INFO_NULL
};
