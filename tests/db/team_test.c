/* Teams' queues, who is there, hours and holidays, the away message, connections. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/connection.h"
#include "model/conversation.h"
#include "model/holiday.h"
#include "model/routing.h"
#include "model/team.h"
#include "tests/db/dbt.h"

enum { MANY = 12 };

/* A team of alfa with its own connection and members, who are online with room for so many. */
struct crew { const char *team, *conn; struct person who[3]; int n; };

static const char *unique(const char *what)
{
	return arena_fmt(T, "%s %s %llu", what, run_tag, (unsigned long long)rnd(1000000000));
}

static struct crew crew_new(int n, int capacity)
{
	struct crew k = { .n = n };
	PGconn *c;

	for (int i = 0; i < n; i++)
		k.who[i] = person_new(&alfa, "agent", "team");
	c = inside(alfa.tenant, NULL, "all");
	k.team = get(c, "INSERT INTO team (name, auto_assign) VALUES ('%s', true) RETURNING id", unique("Fila"));
	k.conn = get(c, "INSERT INTO connection (name, channel, external_id, team_id) VALUES ('%s', 'whatsapp', '%llu', '%s') RETURNING id", unique("Fila"), (unsigned long long)rnd(1ull << 60), k.team);
	for (int i = 0; i < n; i++) {
		must(c, "INSERT INTO team_member (team_id, user_id) VALUES ('%s', '%s')", k.team, k.who[i].id);
		must(c, "UPDATE user_account SET capacity = %d WHERE id = '%s'", capacity, k.who[i].id);
	}
	keep(c);
	return k;
}

static const char *owner(const char *conv)
{
	return get(as(NULL), "SELECT assignee_id FROM conversation WHERE id = '%s'", conv);
}

static int64_t load(const struct person *p)
{
	return num(as(NULL), "SELECT count(*) FROM conversation WHERE assignee_id = '%s' AND status = 'open' AND snoozed_until IS NULL", p->id);
}

static enum err presence(struct ctx *cx, const struct person *p, const char *what)
{
	return UNIT(cx, p, DB_WRITE, presence_set(cx, what));
}

static void in_turn(void)
{
	struct crew k = crew_new(2, 2);
	struct ctx *cx = ctx_as("web");
	const char *c[6];

	for (int i = 0; i < 6; i++)
		c[i] = conversation_new(&alfa, k.conn);
	IS_INT("two each", load(&k.who[0]) * 10 + load(&k.who[1]), 22);
	IS_TRUE("by turn", strcmp(owner(c[0]), owner(c[1])) != 0 && strcmp(owner(c[0]), owner(c[2])) == 0);
	IS_TRUE("the rest wait in the queue", owner(c[4]) == NULL && owner(c[5]) == NULL);
	IS_STR("of the connection's team", get(as(NULL), "SELECT team_id FROM conversation WHERE id = '%s'", c[5]), k.team);
	IS_STR("line, notice, event", get(as(NULL), "SELECT concat_ws(' ', (SELECT count(*) FROM message WHERE conversation_id = '%s' AND payload ->> 'what' = 'auto_assigned' AND author_id IS NULL), "
	    "(SELECT count(*) FROM notification WHERE conversation_id = '%s' AND kind = 'assigned' AND user_id = '%s'), "
	    "(SELECT count(*) FROM event WHERE conversation_id = '%s' AND data ->> 'assignee_id' = '%s'))", c[0], c[0], owner(c[0]), c[0], owner(c[0])), "1 1 1");
	/* Room again: the one that waits longest. */
	IS_INT("resolve", UNIT(cx, &alfa.admin, DB_WRITE, conversation_set_status(cx, c[0], "resolved", 0)), OK);
	IS_STR("handed out", owner(c[4]), owner(c[0]));
	IS_TRUE("one, not two", owner(c[5]) == NULL);
	/* Put off is off the desk. */
	IS_INT("snooze", UNIT(cx, &alfa.admin, DB_WRITE, conversation_snooze(cx, c[1], SNOOZE_REPLY, 0)), OK);
	IS_STR("handed out", owner(c[5]), owner(c[1]));
	/* More room. */
	c[0] = conversation_new(&alfa, k.conn);
	IS_TRUE("full", owner(c[0]) == NULL);
	IS_INT("capacity", UNIT(cx, &alfa.admin, DB_WRITE, capacity_set(cx, k.who[1].id, 3)), OK);
	IS_STR("handed out", owner(c[0]), k.who[1].id);
	IS_INT("another tenant's", UNIT(cx, &beta.admin, DB_WRITE, capacity_set(cx, k.who[1].id, 9)), E_NOTFOUND);
	IS_INT("a viewer does not answer", UNIT(cx, &alfa.admin, DB_WRITE, capacity_set(cx, alfa.viewer.id, 9)), E_NOTFOUND);
}

static void absent(void)
{
	struct crew k = crew_new(2, 5);
	struct ctx *cx = ctx_as("web");
	const char *c, *token, *now;

	IS_INT("away", presence(cx, &k.who[0], "away"), OK);
	for (int i = 0; i < 3; i++)
		IS_STR("who is there", owner(conversation_new(&alfa, k.conn)), k.who[1].id);
	IS_INT("away", presence(cx, &k.who[1], "away"), OK);
	c = conversation_new(&alfa, k.conn);
	IS_TRUE("nobody", owner(c) == NULL);
	IS_INT("back", presence(cx, &k.who[0], "online"), OK);
	IS_STR("handed out", owner(c), k.who[0].id);
	/* Not heard of for 15 minutes. */
	change_in(alfa.tenant, "UPDATE user_account SET last_seen_at = now() - interval '16 minutes' WHERE id = '%s'", k.who[0].id);
	IS_INT("get", UNIT(cx, &k.who[0], DB_READ, presence_get(cx, &now)), OK);
	IS_STR("away by itself", now, "away");
	c = conversation_new(&alfa, k.conn);
	IS_TRUE("nobody", owner(c) == NULL);
	must(as(NULL), "UPDATE priv.session SET last_seen_at = now() - interval '16 minutes' WHERE user_id = '%s'", k.who[0].id);
	must(as("web"), "SELECT app.seen('\\x%s')", token_hex(k.who[0].token));
	IS_STR("handed out on the first sign", owner(c), k.who[0].id);
	/* An open stream is a sign, too. */
	change_in(alfa.tenant, "UPDATE user_account SET last_seen_at = now() - interval '14 minutes' WHERE id = '%s'", k.who[0].id);
	must(as("live"), "SELECT app.live_gone(ARRAY['%s'])", token_hex(k.who[0].token));
	IS_INT("heard", num(as(NULL), "SELECT (last_seen_at > now() - interval '1 minute')::int FROM user_account WHERE id = '%s'", k.who[0].id), 1);
	/* Signing out and in. */
	must(as(NULL), "UPDATE priv.session SET revoked_at = now() WHERE user_id = '%s'", k.who[0].id);
	IS_STR("offline", get(as(NULL), "SELECT presence FROM user_account WHERE id = '%s'", k.who[0].id), "offline");
	c = conversation_new(&alfa, k.conn);
	IS_TRUE("nobody", owner(c) == NULL);
	token = session_for(&alfa, k.who[0].id);
	IS_TRUE("online", token != NULL);
	IS_STR("handed out", owner(c), k.who[0].id);
	IS_STR("one's own choice stays", (session_for(&alfa, k.who[1].id), get(as(NULL), "SELECT presence FROM user_account WHERE id = '%s'", k.who[1].id)), "away");
	change_in(alfa.tenant, "UPDATE user_account SET active = false WHERE id = '%s'", k.who[0].id);
	IS_TRUE("who is deactivated gets nothing", owner(conversation_new(&alfa, k.conn)) == NULL);
}

static void transferred(void)
{
	struct crew k = crew_new(2, 1);
	struct ctx *cx = ctx_as("web");
	const char *c = conversation_new(&alfa, alfa.wa), *d = conversation_new(&alfa, alfa.wa), *first, *ids[] = { NULL, NULL };
	struct bulk_row *r;
	size_t n;

	IS_TRUE("no team, no queue", owner(c) == NULL);
	IS_INT("to the team", UNIT(cx, &alfa.admin, DB_WRITE, conversation_assign(cx, c, NULL, k.team, 0)), OK);
	first = owner(c);
	IS_TRUE("handed out at once", first != NULL);
	IS_INT("given back", UNIT(cx, &alfa.admin, DB_WRITE, conversation_assign(cx, c, NULL, k.team, 0)), OK);
	IS_TRUE("to the other one", owner(c) != NULL && strcmp(owner(c), first) != 0);
	IS_INT("given back again", UNIT(cx, &alfa.admin, DB_WRITE, conversation_assign(cx, c, NULL, k.team, 0)), OK);
	IS_STR("to the first", owner(c), first);
	IS_INT("to somebody", UNIT(cx, &alfa.admin, DB_WRITE, conversation_assign(cx, d, alfa.ana.id, k.team, 0)), OK);
	IS_STR("stays theirs", owner(d), alfa.ana.id);
	IS_INT("another tenant's team", UNIT(cx, &alfa.admin, DB_WRITE, conversation_assign(cx, d, NULL, beta.sales, 0)), E_INVALID);
	IS_INT("another tenant's person", UNIT(cx, &alfa.admin, DB_WRITE, conversation_assign(cx, d, beta.ana.id, NULL, 0)), E_INVALID);
	ids[0] = conversation_new(&alfa, alfa.wa);
	ids[1] = conversation_new(&alfa, alfa.wa);
	IS_INT("many", UNIT(cx, &alfa.admin, DB_WRITE, conversation_bulk(cx, (struct ids){ ids, 2 }, "team", NULL, k.team, NULL, &r, &n)), OK);
	IS_INT("one had room", (owner(ids[0]) != NULL) + (owner(ids[1]) != NULL), 1);
}

/* Messages of different people at once, while others resolve: never beyond a capacity, and nothing lies where there is room. */
struct rush { PGconn *c[MANY]; const char *conn, *kind; char said[MANY][160]; };

static void rush_one(int i, void *p)
{
	struct rush *r = p;

	for (int k = 0; k < 5; k++) {
		char sql[900];
		PGresult *res;

		snprintf(sql, sizeof(sql), "BEGIN; SELECT app.enter_connection('id', '%s'); SELECT app.message_in('%s', '{\"name\": \"P\", \"channel\": \"whatsapp\", \"ids\": [{\"kind\": \"phone\", "
		    "\"value\": \"55%s%02d%02d\"}]}', '{\"external_id\": \"%s-%d-%d\", \"kind\": \"text\", \"text\": \"oi\"}'); COMMIT", r->conn, r->conn, r->kind, i, k, r->kind, i, k);
		res = PQexec(r->c[i], sql);
		if (PQresultStatus(res) != PGRES_COMMAND_OK)
			snprintf(r->said[i], sizeof(r->said[i]), "%s", PQerrorMessage(r->c[i]));
		PQclear(res);
		if (k < 2)
			continue;
		snprintf(sql, sizeof(sql), "BEGIN; SELECT app.enter_connection('id', '%s'); UPDATE conversation SET status = 'resolved' WHERE id = (SELECT id FROM conversation WHERE connection_id = '%s' "
		    "AND assignee_id IS NOT NULL AND status = 'open' ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED); COMMIT", r->conn, r->conn);
		res = PQexec(r->c[i], sql);
		if (PQresultStatus(res) != PGRES_COMMAND_OK)
			snprintf(r->said[i], sizeof(r->said[i]), "%s", PQerrorMessage(r->c[i]));
		PQclear(res);
	}
}

static void at_once(void)
{
	struct crew k = crew_new(3, 5);
	struct rush *r = arena_alloc(T, sizeof(*r));
	int64_t all = 0, queued;

	r->conn = k.conn;
	r->kind = arena_fmt(T, "%07llu", (unsigned long long)rnd(10000000));
	for (int i = 0; i < MANY; i++) {
		r->c[i] = fresh_as("worker");
		r->said[i][0] = '\0';
	}
	threads(MANY, rush_one, r);
	for (int i = 0; i < MANY; i++) {
		IS_STR("no deadlock, no error", r->said[i], "");
		PQfinish(r->c[i]);
	}
	for (int i = 0; i < k.n; i++) {
		IS_TRUE("never beyond the capacity", load(&k.who[i]) <= 5);
		all += load(&k.who[i]);
	}
	queued = num(as(NULL), "SELECT count(*) FROM conversation WHERE connection_id = '%s' AND status = 'open' AND assignee_id IS NULL", k.conn);
	IS_INT("all that came are there", num(as(NULL), "SELECT count(*) FROM conversation WHERE connection_id = '%s'", k.conn), MANY * 5);
	IS_TRUE("nothing lies where there is room", queued == 0 || all == 15);
}

static void teams(void)
{
	struct ctx *cx = ctx_as("web");
	const char *a[] = { alfa.ana.id, alfa.bia.id }, *wrong = beta.ana.id, *id, *c = conversation_new(&alfa, alfa.wa), *name = unique("Equipe");
	struct team_input in = { .name = name, .description = "x" };
	struct ids two = { a, 2 }, foreign = { &wrong, 1 };
	struct team t;
	struct team_member_row *m;
	size_t n, mine = 0;

	IS_INT("add", UNIT(cx, &alfa.admin, DB_WRITE, team_add(cx, &in, &two, &id)), OK);
	id = arena_str(T, id);
	IS_INT("get", UNIT(cx, &alfa.viewer, DB_READ, team_get(cx, id, &t)), OK);
	IS_INT("people", t.people, 2);
	IS_INT("twice", UNIT(cx, &alfa.admin, DB_WRITE, team_add(cx, &in, NULL, &(const char *){ NULL })), E_CONFLICT);
	IS_INT("another tenant sees it not", UNIT(cx, &beta.admin, DB_READ, team_get(cx, id, &t)), E_NOTFOUND);
	IS_INT("nor changes it", UNIT(cx, &beta.admin, DB_WRITE, team_save(cx, id, &in, NULL)), E_NOTFOUND);
	IS_INT("nor takes it away", UNIT(cx, &beta.admin, DB_WRITE, team_remove(cx, id, 0)), E_NOTFOUND);
	IS_INT("another tenant's person", UNIT(cx, &alfa.admin, DB_WRITE, team_save(cx, id, &in, &foreign)), E_INVALID);
	in.version = 99;
	IS_INT("stale", UNIT(cx, &alfa.admin, DB_WRITE, team_save(cx, id, &in, NULL)), E_CONFLICT);
	in.version = 0;
	two.n = 1;
	IS_INT("one less", UNIT(cx, &alfa.admin, DB_WRITE, team_save(cx, id, &in, &two)), OK);
	IS_INT("members", UNIT(cx, &alfa.admin, DB_READ, team_members(cx, &m, &n)), OK);
	for (size_t i = 0; i < n; i++)
		mine += strcmp(m[i].team_id, id) == 0;
	IS_INT("one left", (int64_t)mine, 1);
	IS_INT("give it one", UNIT(cx, &alfa.admin, DB_WRITE, conversation_assign(cx, c, NULL, id, 0)), OK);
	IS_INT("stale", UNIT(cx, &alfa.admin, DB_WRITE, team_remove(cx, id, 99)), E_CONFLICT);
	IS_INT("away with it, also for who sees only a part", UNIT(cx, &alfa.bia, DB_WRITE, team_remove(cx, id, 0)), OK);
	IS_INT("the conversation stays", num(as(NULL), "SELECT count(*) FROM conversation WHERE id = '%s' AND team_id IS NULL", c), 1);
	IS_INT("gone", UNIT(cx, &alfa.admin, DB_WRITE, team_remove(cx, id, 0)), E_NOTFOUND);
}

/* ---- hours ---- */

static void hours(void)
{
	/* 2026-11-23 is a Monday; 2026-12-25 a Friday and holiday; Berlin changes its clocks on 2026-10-25, 03:00 to 02:00. */
	static const struct { const char *zone, *at, *want; } t[] = {
		{ "America/Sao_Paulo", "2026-11-23T10:59:59Z", "2026-11-20 21:00:00+00" }, { "America/Sao_Paulo", "2026-11-23T11:00:00Z", NULL },
		{ "America/Sao_Paulo", "2026-11-23T14:59:59Z", NULL }, { "America/Sao_Paulo", "2026-11-23T15:00:00Z", "2026-11-23 15:00:00+00" },
		{ "America/Sao_Paulo", "2026-11-23T16:29:00Z", "2026-11-23 15:00:00+00" }, { "America/Sao_Paulo", "2026-11-23T16:30:00Z", NULL },
		{ "America/Sao_Paulo", "2026-11-24T02:30:00Z", "2026-11-23 21:00:00+00" }, { "America/Sao_Paulo", "2026-12-25T14:00:00Z", "2026-12-24 21:00:00+00" },
		{ "America/Manaus", "2026-11-23T11:30:00Z", "2026-11-20 22:00:00+00" }, { "America/Manaus", "2026-11-23T12:00:00Z", NULL },
		{ "Europe/Berlin", "2026-10-23T06:30:00Z", NULL }, { "Europe/Berlin", "2026-10-26T06:30:00Z", "2026-10-23 16:00:00+00" }, { "Europe/Berlin", "2026-10-26T07:00:00Z", NULL },
	};
	PGconn *c = inside(alfa.tenant, NULL, "all");
	const char *conn = get(c, "INSERT INTO connection (name, channel, public_key) VALUES ('%s', 'chat', '%s') RETURNING id", unique("Horas"), unique("h"));

	IS_TRUE("no hours: always open", get(c, "SELECT app.closed_since('%s', now())", conn) == NULL);
	must(c, "INSERT INTO business_hours (connection_id, weekday, opens, closes) SELECT '%s', d, o, e FROM generate_series(1, 5) d, (VALUES (480, 720), (810, 1080)) v (o, e)", conn);
	/* Other tests make today one, and today may be a day of the table. */
	must(c, "DELETE FROM holiday");
	must(c, "INSERT INTO holiday (day, name) VALUES ('2026-12-25', 'Natal')");
	for (size_t i = 0; i < nitems(t); i++) {
		must(c, "UPDATE tenant SET zone = '%s'", t[i].zone);
		IS_STR(arena_fmt(T, "%s %s", t[i].zone, t[i].at), get(c, "SELECT app.closed_since('%s', '%s')", conn, t[i].at), t[i].want);
	}
	must(c, "DELETE FROM business_hours WHERE connection_id = '%s'", conn);
	must(c, "INSERT INTO business_hours (connection_id, weekday, opens, closes) SELECT '%s', 5, 0, 1440", conn);
	must(c, "UPDATE tenant SET zone = 'America/Sao_Paulo'");
	IS_STR("the last minute of a day", get(c, "SELECT coalesce(app.closed_since('%s', '2026-11-28T02:59:59Z')::text, 'open')", conn), "open");
	IS_STR("midnight", get(c, "SELECT app.closed_since('%s', '2026-11-28T03:00:00Z')", conn), "2026-11-28 03:00:00+00");
	must(c, "INSERT INTO holiday (day, name) SELECT d, 'x' FROM generate_series('2026-10-01'::date, '2026-11-28', '1 day') d ON CONFLICT DO NOTHING");
	IS_STR("never open", get(c, "SELECT app.closed_since('%s', '2026-11-28T15:00:00Z')", conn), "-infinity");
	undo(c);
}

/* Closed now, whatever day it is: one minute of the day after tomorrow, and no holidays in between. */
static void shut(const char *conn, bool is)
{
	PGconn *c = inside(alfa.tenant, NULL, "all");

	must(c, "DELETE FROM business_hours WHERE connection_id = '%s'", conn);
	must(c, "DELETE FROM holiday");
	must(c, "UPDATE connection SET away_enabled = true, away_message = 'Voltamos logo' WHERE id = '%s'", conn);
	if (is)
		must(c, "INSERT INTO business_hours (connection_id, weekday, opens, closes) SELECT '%s', (extract(dow FROM now() AT TIME ZONE 'America/Sao_Paulo')::int + 2) %% 7, 0, 1", conn);
	keep(c);
}

static int64_t answers(const char *conv)
{
	return num(as(NULL), "SELECT count(*) FROM message WHERE conversation_id = '%s' AND payload ->> 'auto' = 'away' AND direction = 'out' AND status = 'queued' AND author_id IS NULL", conv);
}

static const char *writes(const char *conn, const char *phone, const char *fields)
{
	return arrives(conn, phone, arena_fmt(T, "wamid.away%s%llu", run_tag, (unsigned long long)rnd(1ull << 60)), fields);
}

static void away(void)
{
	struct crew k = crew_new(0, 1);
	const char *phone = arena_fmt(T, "55419%llu", (unsigned long long)(1000000 + rnd(8999999))), *conv, *other;

	shut(k.conn, true);
	conv = conversation_of(writes(k.conn, phone, NULL));
	IS_INT("answered", answers(conv), 1);
	IS_STR("it still waits; the preview is theirs", get(as(NULL), "SELECT concat_ws(' ', waiting_since IS NOT NULL, unread, preview_out, away_sent_at IS NOT NULL) FROM conversation WHERE id = '%s'", conv), "t 1 f t");
	IS_INT("on its way", num(as(NULL), "SELECT count(*) FROM priv.job j JOIN message m ON m.id = j.subject_id WHERE j.kind = 'send' AND j.queue_key = '%s' AND m.payload ->> 'auto' = 'away'", conv), 1);
	(void)writes(k.conn, phone, NULL);
	IS_INT("once", answers(conv), 1);
	/* It was open in between. */
	change_in(alfa.tenant, "UPDATE conversation SET away_sent_at = now() - interval '20 days' WHERE id = '%s'", conv);
	(void)writes(k.conn, phone, "\"echo\": true");
	IS_INT("not to what the business wrote", answers(conv), 1);
	(void)writes(k.conn, phone, arena_fmt(T, "\"at\": \"%s\"", get(as(NULL), "SELECT to_char(now() - interval '2 hours', 'YYYY-MM-DD\"T\"HH24:MI:SSOF')")));
	IS_INT("not to what is old", answers(conv), 1);
	change_in(alfa.tenant, "UPDATE conversation SET status = 'spam' WHERE id = '%s'", conv);
	(void)writes(k.conn, phone, NULL);
	IS_INT("not to spam", answers(conv), 1);
	change_in(alfa.tenant, "UPDATE conversation SET status = 'open' WHERE id = '%s'", conv);
	(void)writes(k.conn, phone, NULL);
	IS_INT("the next time it is closed", answers(conv), 2);
	other = conversation_of(writes(k.conn, arena_fmt(T, "%s9", phone), "\"thread\": \"group-1\""));
	IS_INT("not to a group", answers(other), 0);
	change_in(alfa.tenant, "UPDATE contact SET status = 'blocked' WHERE id = (SELECT contact_id FROM conversation WHERE id = '%s')", conv);
	change_in(alfa.tenant, "UPDATE conversation SET away_sent_at = NULL WHERE id = '%s'", conv);
	(void)writes(k.conn, phone, NULL);
	IS_INT("not to a blocked person", answers(conv), 2);
	shut(k.conn, false);
	other = conversation_of(writes(k.conn, arena_fmt(T, "%s8", phone), NULL));
	IS_INT("not while it is open", answers(other), 0);
	shut(k.conn, true);
	change_in(alfa.tenant, "UPDATE connection SET away_enabled = false WHERE id = '%s'", k.conn);
	other = conversation_of(writes(k.conn, arena_fmt(T, "%s7", phone), NULL));
	IS_INT("not when it is off", answers(other), 0);
}

/* In the web chat the visitor sees it at once. */
static void away_chat(void)
{
	const char *visitor = token_hex(arena_fmt(T, "away %s %llu", run_tag, (unsigned long long)rnd(1ull << 60)));
	PGconn *c = as("ingest");

	shut(alfa.chat, true);
	must(c, "BEGIN");
	must(c, "SELECT app.chat_say('%s', '%s', 'Visita', NULL, 'Oi', 't')", alfa.key, visitor);
	must(c, "COMMIT");
	must(c, "BEGIN");
	must(c, "SELECT app.enter_chat('%s', '%s', true)", alfa.key, visitor);
	IS_INT("seen", num(c, "SELECT count(*) FROM message WHERE direction = 'out' AND status = 'sent' AND text = 'Voltamos logo'"), 1);
	must(c, "ROLLBACK");
	shut(alfa.chat, false);
	change_in(alfa.tenant, "UPDATE connection SET away_enabled = false, away_message = NULL WHERE id = '%s'", alfa.chat);
}

static void anew(void)
{
	struct crew k = crew_new(0, 1);
	const char *phone = arena_fmt(T, "55428%llu", (unsigned long long)(1000000 + rnd(8999999))), *one = conversation_of(writes(k.conn, phone, NULL)), *two;
	struct ctx *cx = ctx_as("web");
	PGconn *c;

	IS_INT("resolve", UNIT(cx, &alfa.admin, DB_WRITE, conversation_set_status(cx, one, "resolved", 0)), OK);
	IS_STR("opens again", conversation_of(writes(k.conn, phone, NULL)), one);
	IS_INT("resolve", UNIT(cx, &alfa.admin, DB_WRITE, conversation_set_status(cx, one, "resolved", 0)), OK);
	change_in(alfa.tenant, "UPDATE connection SET reopen = false WHERE id = '%s'", k.conn);
	two = conversation_of(writes(k.conn, phone, NULL));
	IS_TRUE("a new one", strcmp(one, two) != 0);
	IS_INT("with a number of its own", num(as(NULL), "SELECT (b.number > a.number AND a.status = 'resolved' AND b.status = 'open')::int FROM conversation a, conversation b WHERE a.id = '%s' AND b.id = '%s'", one, two), 1);
	IS_STR("which goes on", conversation_of(writes(k.conn, phone, NULL)), two);
	/* One that was merged away is not opened again. */
	c = inside(alfa.tenant, NULL, "all");
	must(c, "UPDATE connection SET reopen = true WHERE id = '%s'", k.conn);
	must(c, "UPDATE conversation SET status = 'archived', merged_into = '%s' WHERE id = '%s'", one, two);
	keep(c);
	IS_STR("the one it went into", conversation_of(writes(k.conn, phone, NULL)), one);
}

/* ---- connections and holidays ---- */

static void connections(void)
{
	struct seal_ring *ring = seal_ring_new("k1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
	const char *id, *number = arena_fmt(T, "7%llu", (unsigned long long)rnd(1ull << 50)), *chat;
	struct connection_new in = { .channel = "whatsapp", .name = unique("Zap"), .external_id = number, .access_token = "token-secret", .waba_id = "123" };
	struct connection_input change;
	struct ctx *cx = ctx_as("web");
	struct connection c;

	IS_INT("no keys", UNIT(cx, &alfa.admin, DB_WRITE, connection_add(cx, NULL, &in, &id)), E_INVALID);
	cx->errors = NULL;
	IS_INT("add", UNIT(cx, &alfa.admin, DB_WRITE, connection_add(cx, ring, &in, &id)), OK);
	id = arena_str(T, id);
	IS_TRUE("sealed", strstr(get(as(NULL), "SELECT access_token_sealed FROM connection WHERE id = '%s'", id), "v1.") != NULL);
	IS_STR("the audit does not tell it", get(as(NULL), "SELECT changes ->> 'access_token_sealed' FROM audit_log WHERE entity_id = '%s' AND action = 'insert'", id), "[\"***\", \"***\"]");
	in.name = unique("Zap");
	IS_INT("the number is taken", UNIT(cx, &beta.admin, DB_WRITE, connection_add(cx, ring, &in, &(const char *){ NULL })), E_CONFLICT);
	IS_STR("told at its field", cx->errors->field, "external_id");
	cx->errors = NULL;
	in.app_secret = "s";
	IS_INT("half an app", UNIT(cx, &alfa.admin, DB_WRITE, connection_add(cx, ring, &in, &(const char *){ NULL })), E_INVALID);
	cx->errors = NULL;
	in = (struct connection_new){ .channel = "chat", .name = unique("Chat"), .access_token = "ignored" };
	IS_INT("a chat", UNIT(cx, &alfa.admin, DB_WRITE, connection_add(cx, ring, &in, &chat)), OK);
	IS_INT("with a key", num(as(NULL), "SELECT (length(public_key) = 43 AND access_token_sealed IS NULL)::int FROM connection WHERE id = '%s'", chat), 1);
	IS_INT("another tenant's", UNIT(cx, &beta.admin, DB_READ, connection_one(cx, id, &c)), E_NOTFOUND);
	IS_INT("get", UNIT(cx, &alfa.admin, DB_READ, connection_one(cx, id, &c)), OK);
	IS_TRUE("kept, not shown", c.has_token && !c.has_secret);
	change = connection_input_of(&c);
	change.monday = "8-12, 13h30 \xc3\xa0s 18h";
	change.tuesday = "12-8";
	IS_INT("no hours", UNIT(cx, &alfa.admin, DB_WRITE, connection_save(cx, ring, id, &change)), E_INVALID);
	IS_STR("told at the day", cx->errors->field, "tuesday");
	cx->errors = NULL;
	change.tuesday = NULL;
	change.team_id = beta.sales;
	IS_INT("another tenant's team", UNIT(cx, &alfa.admin, DB_WRITE, connection_save(cx, ring, id, &change)), E_INVALID);
	cx->errors = NULL;
	change.team_id = alfa.sales;
	change.version = c.version;
	change_in(alfa.tenant, "UPDATE connection SET status = 'error', status_text = 'x' WHERE id = '%s'", id);
	IS_INT("somebody was faster", UNIT(cx, &alfa.admin, DB_WRITE, connection_save(cx, ring, id, &change)), E_CONFLICT);
	cx->errors = NULL;
	change.version = 0;
	IS_INT("save", UNIT(cx, &alfa.admin, DB_WRITE, connection_save(cx, ring, id, &change)), OK);
	IS_INT("get", UNIT(cx, &alfa.admin, DB_READ, connection_one(cx, id, &c)), OK);
	IS_STR("hours", c.monday, "08:00-12:00, 13:30-18:00");
	IS_STR("team", c.team_id, alfa.sales);
	IS_STR("still in error", c.status, "error");
	IS_INT("one line of the audit", num(as(NULL), "SELECT count(*) FROM audit_log WHERE entity_id = '%s' AND action = 'hours'", id), 1);
	change.access_token = "a new one";
	IS_INT("a new token", UNIT(cx, &alfa.admin, DB_WRITE, connection_save(cx, ring, id, &change)), OK);
	IS_INT("get", UNIT(cx, &alfa.admin, DB_READ, connection_one(cx, id, &c)), OK);
	IS_STR("connected", c.status, "connected");
	IS_STR("the web reads no secret", state(as("web"), "SELECT access_token_sealed FROM connection"), "42501");
}

static void holidays(void)
{
	struct holiday_input all[NATIONAL] = { { NULL, NULL } }, one = { "2031-02-29", "x" };
	struct national n[NATIONAL];
	struct ctx *cx = ctx_as("web");
	const char *id;
	int64_t added;

	change_in(alfa.tenant, "DELETE FROM holiday");
	holiday_national(2031, n);
	for (size_t i = 0; i < NATIONAL; i++)
		all[i] = (struct holiday_input){ arena_fmt(T, "2031-%02d-%02d", n[i].month, n[i].day), n[i].key };
	IS_INT("all", UNIT(cx, &alfa.admin, DB_WRITE, holiday_add_all(cx, all, NATIONAL, &added)), OK);
	IS_INT("all", added, NATIONAL);
	IS_INT("again", UNIT(cx, &alfa.admin, DB_WRITE, holiday_add_all(cx, all, NATIONAL, &added)), OK);
	IS_INT("none", added, 0);
	IS_INT("no such day", UNIT(cx, &alfa.admin, DB_WRITE, holiday_add(cx, &one, &id)), E_INVALID);
	cx->errors = NULL;
	one.day = "2031-12-25";
	IS_INT("taken", UNIT(cx, &alfa.admin, DB_WRITE, holiday_add(cx, &one, &id)), E_CONFLICT);
	cx->errors = NULL;
	one.day = "2032-02-29";
	IS_INT("added", UNIT(cx, &alfa.admin, DB_WRITE, holiday_add(cx, &one, &id)), OK);
	id = arena_str(T, id);
	IS_INT("another tenant", UNIT(cx, &beta.admin, DB_WRITE, holiday_remove(cx, id)), E_NOTFOUND);
	IS_INT("gone", UNIT(cx, &alfa.admin, DB_WRITE, holiday_remove(cx, id)), OK);
	change_in(alfa.tenant, "DELETE FROM holiday WHERE day >= '2031-01-01'");
}

CU_TestInfo team_tests[] = {
	{ "a queue hands out by turn, to who has room", in_turn },
	{ "who is away gets nothing, who comes back gets what waits", absent },
	{ "to a team: handed on at once, not back to who gave it", transferred },
	{ "many at once: never beyond a capacity, nothing left lying", at_once },
	{ "teams and their members", teams },
	{ "open and closed in three zones", hours },
	{ "the away message", away },
	{ "the away message in the web chat", away_chat },
	{ "resolved: again or anew", anew },
	{ "connections and their secrets", connections },
	{ "holidays", holidays },
	CU_TEST_INFO_NULL
};
