/* Messages from outside: once each, one conversation, one person, whatever the order and however many at once. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/db/dbt.h"

/* A transaction of the worker in alfa. */
static PGconn *worker(void)
{
	PGconn *c = as("worker");

	must(c, "BEGIN");
	must(c, "SELECT app.enter_connection('id', '%s')", alfa.wa);
	return c;
}

static const char *ext(const char *name)
{
	return arena_fmt(T, "wamid.%s%s%u", name, run_tag, (unsigned)rnd(1u << 30));
}

static const char *phone(void)
{
	return arena_fmt(T, "55319%08u", (unsigned)rnd(100000000));
}

static void once(void)
{
	const char *e = ext("once"), *p = phone();
	const char *first = arrives(alfa.wa, p, e, NULL), *second = arrives(alfa.wa, p, e, NULL), *other = arrives(alfa.wa2, p, e, NULL);
	const char *conv = conversation_of(first);

	IS_STR("the same", second, first);
	IS_TRUE("on another connection it is another", strcmp(other, first) != 0);
	IS_INT("one row", num(as(NULL), "SELECT count(*) FROM message WHERE conversation_id = '%s'", conv), 1);
	IS_INT("one unread", num(as(NULL), "SELECT unread FROM conversation WHERE id = '%s'", conv), 1);
	IS_INT("one event", num(as(NULL), "SELECT count(*) FROM event WHERE kind = 'message:created' AND subject_id = '%s'", first), 1);
	IS_STR("waits", get(as(NULL), "SELECT status || ' ' || (waiting_since IS NOT NULL) || ' ' || (window_until > now() + interval '23 hours') || ' ' || channel FROM conversation WHERE id = '%s'", conv),
	    "open true true whatsapp");
	IS_STR("shown", get(as(NULL), "SELECT preview FROM conversation WHERE id = '%s'", conv), arena_fmt(T, "Bom dia, %s", alfa.canary));
}

/* n connections at once, one message each, the i-th on conns[i]. */
struct storm { PGconn *c[8]; const char *sql[8]; char out[8][200]; };

static void storm_one(int i, void *p)
{
	struct storm *s = p;
	PGresult *r;

	PQclear(PQexec(s->c[i], "BEGIN"));
	r = PQexec(s->c[i], s->sql[i]);
	snprintf(s->out[i], sizeof(s->out[i]), "%s", PQresultStatus(r) == PGRES_TUPLES_OK ? PQgetvalue(r, 0, 0) : PQerrorMessage(s->c[i]));
	PQclear(r);
	PQclear(PQexec(s->c[i], "COMMIT"));
}

static void storm_open(struct storm *s, int n, const char *(*sql)(int i, const char *p), const char *p)
{
	for (int i = 0; i < n; i++) {
		s->c[i] = fresh_as("worker");
		s->sql[i] = sql(i, p);
	}
	threads(n, storm_one, s);
	for (int i = 0; i < n; i++)
		PQfinish(s->c[i]);
}

static const char *message_sql(const char *conn, const char *who, const char *external)
{
	return arena_fmt(T, "SELECT m.message_id || ' ' || m.conversation_id || ' ' || m.contact_id || ' ' || m.created FROM app.enter_connection('id', '%s') e, LATERAL app.message_in(e, "
	    "'{\"name\": \"Turma\", \"ids\": [{\"kind\": \"phone\", \"value\": \"%s\"}]}', '{\"external_id\": \"%s\", \"kind\": \"image\", "
	    "\"media\": [{\"kind\": \"image\", \"external_id\": \"m\"}]}') m", conn, who, external);
}

static const char *album_sql(int i, const char *p)
{
	return message_sql(alfa.wa, p, arena_fmt(T, "wamid.album%s%d", p, i));
}

static void album(void)
{
	for (int round = 0; round < 8; round++) {
		struct storm s;
		const char *p = phone();

		storm_open(&s, 6, album_sql, p);
		for (int i = 0; i < 6; i++)
			IS_TRUE(s.out[i], strstr(s.out[i], "true") != NULL);
		IS_STR("one conversation, one person, six messages with six files", get(as(NULL), "SELECT concat_ws(' ', count(DISTINCT v.id), count(DISTINCT p.id), count(DISTINCT m.id), count(DISTINCT a.id), max(v.unread)) "
		    "FROM contact_identity i JOIN contact p ON p.id = i.contact_id JOIN conversation v ON v.contact_id = p.id JOIN message m ON m.conversation_id = v.id JOIN attachment a ON a.message_id = m.id "
		    "WHERE i.value = '%s' AND i.tenant_id = %" PRId64, p, alfa.tenant), "1 1 6 6 6");
		IS_INT("and six orders to fetch", num(as(NULL), "SELECT count(*) FROM priv.job j JOIN attachment a ON a.id = j.subject_id JOIN message m ON m.id = a.message_id WHERE m.external_id LIKE 'wamid.album%s%%'", p), 6);
	}
}

static const char *same_sql(int i, const char *p)
{
	(void)i;
	return message_sql(alfa.wa, p, arena_fmt(T, "wamid.same%s", p));
}

static const char *person_sql(int i, const char *p)
{
	return message_sql(i % 2 ? alfa.wa : alfa.wa2, p, arena_fmt(T, "wamid.person%s%d", p, i));
}

static void at_once(void)
{
	for (int round = 0; round < 8; round++) {
		struct storm s;
		const char *p = phone(), *q = phone();
		int made = 0;

		storm_open(&s, 6, same_sql, p);
		for (int i = 0; i < 6; i++)
			made += strstr(s.out[i], "true") != NULL;
		IS_INT("one of six made it", made, 1);
		IS_INT("one row", num(as(NULL), "SELECT count(*) FROM message WHERE external_id = 'wamid.same%s'", p), 1);
		storm_open(&s, 4, person_sql, q);
		IS_INT("one person on two connections", num(as(NULL), "SELECT count(DISTINCT contact_id) FROM conversation v JOIN message m ON m.conversation_id = v.id WHERE m.external_id LIKE 'wamid.person%s%%'", q), 1);
		IS_INT("no person without an identity", num(as(NULL), "SELECT count(*) FROM contact p WHERE p.name = 'Turma' AND NOT EXISTS (SELECT FROM contact_identity i WHERE i.contact_id = p.id)"), 0);
		IS_INT("two conversations", num(as(NULL), "SELECT count(DISTINCT v.id) FROM conversation v JOIN message m ON m.conversation_id = v.id WHERE m.external_id LIKE 'wamid.person%s%%'", q), 2);
		IS_INT("four messages", num(as(NULL), "SELECT count(*) FROM message m WHERE m.external_id LIKE 'wamid.person%s%%'", q), 4);
	}
}

/* Identities: the first known one decides, new ones are linked, none is moved. */
static void identities(void)
{
	PGconn *c = worker();
	const char *p = phone(), *b = arena_fmt(T, "BR.%u", (unsigned)rnd(1u << 30)), *q = phone();
	const char *one = get(c, "SELECT app.person_find('{\"name\": \"Um\", \"ids\": [{\"kind\": \"phone\", \"value\": \"%s\", \"shown\": \"+%s\"}]}')", p, p);
	const char *two = get(c, "SELECT app.person_find('{\"username\": \"dois\", \"ids\": [{\"kind\": \"bsuid\", \"value\": \"%s\"}]}')", b);

	IS_STR("found by its second id", get(c, "SELECT app.person_find('{\"ids\": [{\"kind\": \"phone\", \"value\": \"%s\"}, {\"kind\": \"bsuid\", \"value\": \"x%s\"}]}')", p, b), one);
	IS_STR("linked", get(c, "SELECT contact_id FROM contact_identity WHERE value = 'x%s'", b), one);
	IS_STR("the older person wins", get(c, "SELECT app.person_find('{\"ids\": [{\"kind\": \"bsuid\", \"value\": \"%s\"}, {\"kind\": \"phone\", \"value\": \"%s\"}, {\"kind\": \"phone\", \"value\": \"%s\"}]}')", b, p, q), one);
	IS_STR("not moved", get(c, "SELECT contact_id FROM contact_identity WHERE value = '%s'", b), two);
	IS_STR("new one to the older", get(c, "SELECT contact_id FROM contact_identity WHERE value = '%s'", q), one);
	IS_STR("a name stays", get(c, "SELECT name FROM contact WHERE id = '%s'", one), "Um");
	must(c, "UPDATE contact SET merged_into = '%s' WHERE id = '%s'", one, two);
	IS_STR("merged", get(c, "SELECT app.person_find('{\"ids\": [{\"kind\": \"bsuid\", \"value\": \"%s\"}]}')", b), one);
	undo(c);
}

/* Both spellings of a Brazilian mobile are one key (model/phone.h makes it); what was received last is shown. */
static void ninth_digit(void)
{
	const char *key = phone(), *conv;
	PGconn *c = worker();

	must(c, "SELECT app.message_in('%s', '{\"ids\": [{\"kind\": \"phone\", \"value\": \"%s\", \"shown\": \"5531987654321\"}]}', '{\"external_id\": \"%s\", \"kind\": \"text\", \"text\": \"a\"}')", alfa.wa, key, ext("nine"));
	must(c, "SELECT app.message_in('%s', '{\"ids\": [{\"kind\": \"phone\", \"value\": \"%s\", \"shown\": \"553187654321\"}]}', '{\"external_id\": \"%s\", \"kind\": \"text\", \"text\": \"b\"}')", alfa.wa, key, ext("nine"));
	keep(c);
	conv = get(as(NULL), "SELECT string_agg(v.id::text, ' ') FROM conversation v JOIN contact_identity i ON i.contact_id = v.contact_id WHERE i.value = '%s'", key);
	IS_INT("one conversation", conv != NULL ? strlen(conv) : 0, 36);
	IS_INT("both in it", num(as(NULL), "SELECT count(*) FROM message WHERE conversation_id = '%s'", conv), 2);
	IS_STR("shown", get(as(NULL), "SELECT shown FROM contact_identity WHERE value = '%s'", key), "553187654321");
}

static void reopening(void)
{
	const char *p = phone(), *conv = conversation_of(arrives(alfa.wa, p, ext("re"), NULL)), *again;
	PGconn *c = inside(alfa.tenant, alfa.admin.id, "all");

	must(c, "UPDATE conversation SET status = 'resolved', assignee_id = '%s', resolved_at = now() WHERE id = '%s'", alfa.ana.id, conv);
	keep(c);
	again = conversation_of(arrives(alfa.wa, p, ext("re"), NULL));
	IS_STR("the same", again, conv);
	IS_STR("open, and still whose it was", get(as(NULL), "SELECT status || ' ' || (assignee_id = '%s') || ' ' || (resolved_at IS NULL) FROM conversation WHERE id = '%s'", alfa.ana.id, conv), "open true true");
	IS_INT("with a line", num(as(NULL), "SELECT count(*) FROM message WHERE conversation_id = '%s' AND kind = 'activity' AND payload ->> 'what' = 'reopened'", conv), 1);
	change_in(alfa.tenant, "UPDATE conversation SET snoozed_until = now() + interval '1 day' WHERE id = '%s'", conv);
	IS_STR("snoozed: the same", conversation_of(arrives(alfa.wa, p, ext("re"), NULL)), conv);
	IS_STR("awake", get(as(NULL), "SELECT snoozed_until FROM conversation WHERE id = '%s'", conv), NULL);
	change_in(alfa.tenant, "UPDATE conversation SET status = 'spam' WHERE id = '%s'", conv);
	IS_STR("spam: the same", conversation_of(arrives(alfa.wa, p, ext("re"), NULL)), conv);
	IS_STR("stays spam", get(as(NULL), "SELECT status FROM conversation WHERE id = '%s'", conv), "spam");
	c = inside(alfa.tenant, NULL, "all");
	must(c, "UPDATE conversation SET status = 'archived' WHERE id = '%s'", conv);
	must(c, "UPDATE connection SET reopen = false WHERE id = '%s'", alfa.wa);
	keep(c);
	again = conversation_of(arrives(alfa.wa, p, ext("re"), NULL));
	IS_TRUE("a new one where the connection does not reopen", again != NULL && strcmp(again, conv) != 0);
	IS_STR("that stays the one", conversation_of(arrives(alfa.wa, p, ext("re"), NULL)), again);
	change_in(alfa.tenant, "UPDATE connection SET reopen = true WHERE id = '%s'", alfa.wa);
	IS_INT("numbers without a gap", num(as(NULL), "SELECT max(number) - count(*) FROM conversation WHERE tenant_id = %" PRId64 " AND number > 0 AND number < 1000000", alfa.tenant), 0);
}

static void order_of_messages(void)
{
	const char *p = phone(), *late = arrives(alfa.wa, p, ext("o"), "\"at\": \"2026-01-02T10:00:00Z\""), *early = arrives(alfa.wa, p, ext("o"), "\"at\": \"2026-01-01T10:00:00Z\"");
	const char *conv = conversation_of(late);

	IS_STR("same", conversation_of(early), conv);
	IS_STR("the later one stands in the row", get(as(NULL), "SELECT last_message_at AT TIME ZONE 'UTC' || ' ' || (last_inbound_at AT TIME ZONE 'UTC') FROM conversation WHERE id = '%s'", conv), "2026-01-02 10:00:00 2026-01-02 10:00:00");
	IS_STR("the window is shut", get(as(NULL), "SELECT window_until < now() FROM conversation WHERE id = '%s'", conv), "t");
	(void)arrives(alfa.wa, p, ext("o"), "\"echo\": true");
	IS_STR("what the team wrote elsewhere answers", get(as(NULL), "SELECT concat_ws(' ', waiting_since, preview_out) FROM conversation WHERE id = '%s'", conv), "t");
	(void)arrives(alfa.wa, p, ext("o"), "\"at\": \"2199-01-01T10:00:00Z\"");
	IS_STR("nobody writes from the future", get(as(NULL), "SELECT last_message_at <= now() + interval '1 minute' FROM conversation WHERE id = '%s'", conv), "t");
}

/* Web chat: at most 30 a minute, the same token once. */
static void chat(void)
{
	PGconn *c = as("ingest");
	const char *v = token_hex("another visitor"), *st = "";
	int said = 0;

	IS_STR("twice one", get(c, "SELECT message_id FROM app.chat_say('%s', '%s', 'Zé', 'ZE@X.TEST', 'oi', 'tok')", alfa.key, v),
	    get(c, "SELECT message_id FROM app.chat_say('%s', '%s', 'Zé', NULL, 'oi', 'tok')", alfa.key, v));
	IS_STR("who", get(as(NULL), "SELECT p.name || ' ' || p.email FROM contact p JOIN contact_identity i ON i.contact_id = p.id WHERE i.kind = 'visitor' AND i.value = '%s' AND i.tenant_id = %" PRId64, v, alfa.tenant), "Zé ze@x.test");
	for (said = 1; said < 40; said++) {
		st = state(c, "SELECT app.chat_say('%s', '%s', NULL, NULL, 'oi', 'tok%d')", alfa.key, v, said);
		if (strcmp(st, "00000") != 0)
			break;
	}
	IS_STR("too much", st, "P1005");
	IS_INT("after thirty", said, 30);
	IS_STR("no such chat", get(c, "SELECT app.chat_say('none', '%s', NULL, NULL, 'oi', 't')", v), NULL);
}

/* The same bytes twice are one event and one order. */
static void hooks(void)
{
	PGconn *c = as("ingest");
	const char *sql = arena_fmt(T, "SELECT app.hook_store('whatsapp', NULL, 'body%s', sha256('body%s'), NULL)", run_tag, run_tag);
	const char *bad = arena_fmt(T, "SELECT app.hook_store('whatsapp', NULL, 'bad%s', sha256('bad%s'), 'signature')", run_tag, run_tag);

	IS_STR("new", get(c, "%s", sql), "t");
	IS_STR("known", get(c, "%s", sql), "f");
	IS_STR("one of each", get(as(NULL), "SELECT count(DISTINCT e.id) || ' ' || count(j.id) FROM webhook_event e LEFT JOIN priv.job j ON j.subject_id = e.id WHERE e.body = 'body%s'", run_tag), "1 1");
	IS_STR("rejected", get(c, "%s", bad), "t");
	IS_STR("kept, not ordered", get(as(NULL), "SELECT e.state || ' ' || count(j.id) FROM webhook_event e LEFT JOIN priv.job j ON j.subject_id = e.id WHERE e.body = 'bad%s' GROUP BY e.state", run_tag), "rejected 0");
	IS_STR("nobody's connection", state(c, "SELECT app.hook_store('whatsapp', '00000000-0000-0000-0000-000000000000', 'x', 'x', NULL)"), "23503");
}

/* Reactions: the last word by the provider's clock, in any order. */
static void reactions(void)
{
	const char *t = ext("react");
	PGconn *c = worker();

	must(c, "SELECT app.reaction_in('%s', NULL, '%s', 'b', '2026-01-01T10:00:02Z')", alfa.wa, t);
	IS_STR("older", get(c, "SELECT app.reaction_in('%s', NULL, '%s', 'a', '2026-01-01T10:00:01Z')", alfa.wa, t), "f");
	IS_STR("stays", rows(c, "SELECT emoji FROM reaction WHERE target = '%s'", t), "b");
	must(c, "SELECT app.reaction_in('%s', NULL, '%s', '', '2026-01-01T10:00:04Z')", alfa.wa, t);
	IS_STR("late, after it was taken back", get(c, "SELECT app.reaction_in('%s', NULL, '%s', 'c', '2026-01-01T10:00:03Z')", alfa.wa, t), "f");
	IS_STR("gone", rows(c, "SELECT emoji FROM reaction WHERE target = '%s'", t), "");
	IS_STR("newer", get(c, "SELECT app.reaction_in('%s', NULL, '%s', 'd', '2026-01-01T10:00:05Z')", alfa.wa, t), "t");
	IS_STR("is there", rows(c, "SELECT emoji FROM reaction WHERE target = '%s'", t), "d");
	undo(c);
}

CU_TestInfo model_tests[] = {
	{ "the same message twice is one", once },
	{ "an album of six at once is one conversation", album },
	{ "the same message, the same new person, at once", at_once },
	{ "identities link and never move", identities },
	{ "both spellings of a mobile are one person", ninth_digit },
	{ "conversations open again", reopening },
	{ "messages out of order", order_of_messages },
	{ "web chat", chat },
	{ "webhooks are kept once", hooks },
	{ "reactions in any order", reactions },
	CU_TEST_INFO_NULL
};
