/* Deals: moves by two at once and of many, outcomes, changes, who sees what. */
#include <inttypes.h>
#include <string.h>

#include "tests/db/deals.h"

/* ---- moves ---- */

static void moves(void)
{
	struct ctx *cx = ctx_as("web");
	const char *s[4], *a, *b, *c;
	utc_t since;

	pipeline_make(cx, "Mover", s);
	a = deal_make(cx, &alfa.ana, s[0], "a", 100);
	b = deal_make(cx, &alfa.ana, s[0], "b", 100);
	c = deal_make(cx, &alfa.ana, s[0], "c", 100);
	IS_STR("new ones on top", column_of(s[0]), "c b a");
	since = deal_now(cx, a).stage_since;
	IS_INT("after b", UNIT(cx, &alfa.ana, DB_WRITE, deal_move(cx, c, NULL, s[0], b, 1, NULL)), OK);
	IS_STR("after b", column_of(s[0]), "b c a");
	IS_INT("a move is a version", deal_now(cx, c).version, 2);
	IS_TRUE("the same stage, the same age", deal_now(cx, a).stage_since.us == since.us);
	IS_INT("to the end", UNIT(cx, &alfa.ana, DB_WRITE, deal_move(cx, b, NULL, s[0], "end", 1, NULL)), OK);
	IS_STR("to the end", column_of(s[0]), "c a b");
	IS_INT("next stage", UNIT(cx, &alfa.ana, DB_WRITE, deal_move(cx, a, NULL, s[1], NULL, 1, "combinado")), OK);
	IS_STR("left", column_of(s[0]), "c b");
	IS_TRUE("a new age", deal_now(cx, a).stage_since.us > since.us);
	IS_INT("after one of another stage", UNIT(cx, &alfa.ana, DB_WRITE, deal_move(cx, b, NULL, s[0], a, 0, NULL)), E_INVALID);
	IS_STR("field", cx->errors != NULL ? cx->errors->field : NULL, "after_id");
	IS_INT("after itself", UNIT(cx, &alfa.ana, DB_WRITE, deal_move(cx, b, NULL, s[0], b, 0, NULL)), E_INVALID);
	IS_INT("a stage of nobody", UNIT(cx, &alfa.ana, DB_WRITE, deal_move(cx, b, NULL, beta.conversation, NULL, 0, NULL)), E_INVALID);
	IS_STR("history", rows(inside(alfa.tenant, NULL, "all"), "SELECT kind, text, data ->> 'from', data ->> 'to', actor_name FROM deal_activity WHERE deal_id = '%s' AND kind = 'moved'", a),
	    arena_fmt(T, "moved|combinado|Novo contato|Qualificado|%s", get(as(NULL), "SELECT name FROM user_account WHERE id = '%s'", alfa.ana.id)));
	IS_STR("events", rows(as(NULL), "SELECT kind, data ->> 'from', data ->> 'to' FROM event WHERE subject_id = '%s' ORDER BY seq", a),
	    arena_fmt(T, "deal:created||\ndeal:moved|%s|%s", s[0], s[1]));
}

static void between_pipelines(void)
{
	struct ctx *cx = ctx_as("web");
	const char *s[4], *o[4], *p, *q, *d;

	p = pipeline_make(cx, "Um", s);
	q = pipeline_make(cx, "Outro", o);
	d = deal_make(cx, &alfa.admin, s[2], "viaja", 0);
	IS_INT("by stage", UNIT(cx, &alfa.admin, DB_WRITE, deal_move(cx, d, NULL, o[3], NULL, 0, NULL)), OK);
	IS_STR("by stage", deal_now(cx, d).pipeline_id, q);
	IS_INT("by pipeline", UNIT(cx, &alfa.admin, DB_WRITE, deal_move(cx, d, p, NULL, NULL, 0, NULL)), OK);
	IS_STR("first stage", deal_now(cx, d).stage_id, s[0]);
	IS_INT("a stage of another one", UNIT(cx, &alfa.admin, DB_WRITE, deal_move(cx, d, p, o[0], NULL, 0, NULL)), E_INVALID);
	IS_STR("field", cx->errors != NULL ? cx->errors->field : NULL, "stage_id");
}

/* Two with the same version in hand: one moves the card, the other is told. */
struct race { const char *deal, *stage[2]; enum err e[2]; };
static void race_one(int i, void *p)
{
	struct race *r = p;
	struct arena *a = arena_new();
	struct ctx cx = { .arena = a, .db = db_new(conninfo_as("web"), "race") };
	enum err e = begin_as(&cx, DB_WRITE, &alfa.admin);

	r->e[i] = db_end(&cx, e == OK ? deal_move(&cx, r->deal, NULL, r->stage[i], NULL, 1, NULL) : e);
	db_free(cx.db);
	arena_free(a);
}

static void two_at_once(void)
{
	struct ctx *cx = ctx_as("web");
	const char *s[4];

	pipeline_make(cx, "Dois", s);
	for (int round = 0; round < 10; round++) {
		struct race r = { .deal = deal_make(cx, &alfa.admin, s[0], arena_fmt(T, "r%d", round), 0), .stage = { s[1], s[2] } };
		int won;
		struct deal d;

		threads(2, race_one, &r);
		won = r.e[0] == OK ? 0 : 1;
		d = deal_now(cx, r.deal);
		IS_TRUE("one of the two", (r.e[0] == OK) != (r.e[1] == OK));
		IS_INT("the other is told", r.e[1 - won], E_CONFLICT);
		IS_STR("where the first put it", d.stage_id, r.stage[won]);
		IS_INT("once", d.version, 2);
	}
}

/* Many move many cards about: no rank twice, nothing lost, no error but a retry. */
struct crowd { const char *ids[20], *stage[4]; int bad; };
static void crowd_one(int i, void *p)
{
	struct crowd *w = p;
	struct arena *a = arena_new();
	struct ctx cx = { .arena = a, .db = db_new(conninfo_as("web"), "crowd") };
	uint64_t x = (uint64_t)i * 7919 + 17;

	for (int n = 0; n < 60; n++) {
		enum err e = begin_as(&cx, DB_WRITE, &alfa.admin);

		x = x * 6364136223846793005u + 1442695040888963407u;
		e = db_end(&cx, e == OK ? deal_move(&cx, w->ids[(x >> 33) % 20], NULL, w->stage[(x >> 40) % 4], NULL, 0, NULL) : e);
		if (e != OK && e != E_RETRY)
			__atomic_add_fetch(&w->bad, 1, __ATOMIC_SEQ_CST);
		arena_reset(a);
	}
	db_free(cx.db);
	arena_free(a);
}

static void crowd(void)
{
	struct ctx *cx = ctx_as("web");
	struct crowd w = { .bad = 0 };
	const char *p = pipeline_make(cx, "Muitos", w.stage);
	PGconn *c;

	for (int i = 0; i < 20; i++)
		w.ids[i] = deal_make(cx, &alfa.admin, w.stage[i % 4], arena_fmt(T, "c%d", i), 0);
	threads(8, crowd_one, &w);
	c = inside(alfa.tenant, NULL, "all");
	IS_INT("no error", w.bad, 0);
	IS_INT("none lost", num(c, "SELECT count(*) FROM deal WHERE pipeline_id = '%s'", p), 20);
	IS_INT("no rank twice", num(c, "SELECT count(*) - count(DISTINCT (stage_id, rank)) FROM deal WHERE pipeline_id = '%s'", p), 0);
	undo(c);
}

static void many(void)
{
	struct ctx *cx = ctx_as("web");
	struct deal_moved m = { 0 };
	struct deal_pick picks[4];
	const char *s[4];

	pipeline_make(cx, "Lote", s);
	for (int i = 0; i < 4; i++)
		picks[i] = (struct deal_pick){ deal_make(cx, &alfa.admin, s[i == 3], arena_fmt(T, "l%d", i), 0), 1 };
	deal_make(cx, &alfa.admin, s[2], "alvo", 0);
	picks[1].version = 7;
	IS_INT("bulk", UNIT(cx, &alfa.admin, DB_WRITE, deal_move_many(cx, s[2], picks, 4, &m)), OK);
	IS_INT("moved", m.moved, 3);
	IS_INT("stayed", m.stayed, 1);
	IS_STR("in the order they had, above the others", column_of(s[2]), "l2 l0 l3 alvo");
	IS_STR("the changed one stays", column_of(s[0]), "l1");
}

/* All or none in their versions; tags and what the card shows of them; seen only by those who see the deals. */
static void many_more(void)
{
	struct ctx *cx = ctx_as("web");
	struct deal_pick picks[3];
	struct deal_picked *d;
	struct board_filter f = { 0 };
	struct board b = { 0 };
	const char *s[4], *p, *tag;
	PGconn *c;
	size_t n;

	p = pipeline_make(cx, "Lote dois", s);
	for (int i = 0; i < 3; i++)
		picks[i] = (struct deal_pick){ deal_make(cx, &alfa.admin, s[0], arena_fmt(T, "m%d", i), 0), 1 };
	c = inside(alfa.tenant, NULL, "all");
	tag = arena_str(T, get(c, "INSERT INTO tag (name, color) VALUES ('lote', 3) RETURNING id"));
	keep(c);
	IS_INT("tagged", UNIT(cx, &alfa.admin, DB_WRITE, deal_tag_many(cx, tag, true, picks, 2)), OK);
	IS_INT("tagged again", UNIT(cx, &alfa.admin, DB_WRITE, deal_tag_many(cx, tag, true, picks, 3)), OK);
	f.tag = tag;
	IS_INT("board", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	IS_INT("by tag", b.ncards, 3);
	IS_STR("the card's tags", b.cards[0].tag_ids, arena_fmt(T, "{%s}", tag));
	IS_INT("tags are no change of the deal", UNIT(cx, &alfa.admin, DB_READ, deal_picked(cx, picks, 3, &d, &n)), OK);
	IS_INT("version", n == 3 ? d[0].version : 0, 1);
	IS_INT("taken off", UNIT(cx, &alfa.admin, DB_WRITE, deal_tag_many(cx, tag, false, picks, 1)), OK);
	IS_INT("board", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	IS_INT("by tag", b.ncards, 2);
	c = inside(alfa.tenant, NULL, "all");
	must(c, "DELETE FROM tag WHERE id = '%s'", tag);
	IS_INT("a tag that is gone leaves nothing", num(c, "SELECT count(*) FROM deal WHERE '%s' = ANY (tag_ids)", tag), 0);
	keep(c);
	picks[1].version = 2;
	IS_INT("one of another version", UNIT(cx, &alfa.admin, DB_WRITE, deal_close_many(cx, "won", NULL, picks, 3)), E_CONFLICT);
	IS_INT("none is won", UNIT(cx, &alfa.admin, DB_READ, deal_picked(cx, picks, 3, &d, &n)), OK);
	for (size_t i = 0; i < n; i++)
		IS_STR("open", d[i].status, "open");
	picks[1].version = 1;
	IS_INT("another tenant", UNIT(cx, &beta.admin, DB_READ, deal_picked(cx, picks, 3, &d, &n)), OK);
	IS_INT("sees none", n, 0);
	IS_INT("another tenant's win", UNIT(cx, &beta.admin, DB_WRITE, deal_close_many(cx, "won", NULL, picks, 3)), OK);
	IS_INT("an owner who is none", UNIT(cx, &alfa.admin, DB_WRITE, deal_owner_many(cx, picks[0].id, picks, 3)), E_INVALID);
	IS_INT("nobody's", UNIT(cx, &alfa.admin, DB_WRITE, deal_owner_many(cx, NULL, picks, 3)), OK);
	f = (struct board_filter){ .owner = "none" };
	IS_INT("board", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	IS_INT("of nobody, and not won by strangers", b.ncards, 3);
	f = (struct board_filter){ .q = "nothing of this kind" };
	IS_INT("board", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	IS_INT("the tabs count all", b.columns[0].every, 3);
	IS_INT("the column its filter", b.columns[0].deals, 0);
	IS_INT("no next step", b.columns[0].stepless, 3);
}

/* ---- outcome ---- */

static void outcomes(void)
{
	struct ctx *cx = ctx_as("web");
	const char *s[4], *id;
	struct deal d, before;

	pipeline_make(cx, "Fim", s);
	id = deal_make(cx, &alfa.ana, s[3], "fim", 5000);
	before = deal_now(cx, id);
	IS_INT("lost wants a reason", UNIT(cx, &alfa.ana, DB_WRITE, deal_close(cx, id, "lost", NULL, 0)), E_INVALID);
	IS_STR("field", cx->errors != NULL ? cx->errors->field : NULL, "lost_reason");
	IS_INT("won", UNIT(cx, &alfa.ana, DB_WRITE, deal_close(cx, id, "won", NULL, 1)), OK);
	d = deal_now(cx, id);
	IS_STR("won", d.status, "won");
	IS_TRUE("a time of its own", !utc_none(d.closed_at));
	IS_STR("the stage stays", d.stage_id, s[3]);
	IS_STR("the place stays", d.rank, before.rank);
	IS_INT("what is closed does not move", UNIT(cx, &alfa.ana, DB_WRITE, deal_move(cx, id, NULL, s[0], NULL, 0, NULL)), E_INVALID);
	IS_INT("an old version", UNIT(cx, &alfa.ana, DB_WRITE, deal_close(cx, id, "open", NULL, 1)), E_CONFLICT);
	IS_INT("again", UNIT(cx, &alfa.ana, DB_WRITE, deal_close(cx, id, "open", NULL, 2)), OK);
	d = deal_now(cx, id);
	IS_STR("open", d.status, "open");
	IS_TRUE("no time", utc_none(d.closed_at));
	IS_INT("lost", UNIT(cx, &alfa.ana, DB_WRITE, deal_close(cx, id, "lost", "preço", 3)), OK);
	IS_STR("reason", deal_now(cx, id).lost_reason, "preço");
	IS_STR("history", get(inside(alfa.tenant, NULL, "all"), "SELECT string_agg(kind, ' ' ORDER BY id) FROM deal_activity WHERE deal_id = '%s'", id), "created won reopened lost");
	IS_INT("audit names the actor", num(as(NULL), "SELECT count(*) FROM audit_log WHERE entity_id = '%s' AND actor_id = '%s' AND entity = 'deal'", id, alfa.ana.id), 4);
}

static void changes(void)
{
	struct ctx *cx = ctx_as("web");
	struct deal_input in;
	const char *s[4], *id;
	struct deal d;

	pipeline_make(cx, "Mudar", s);
	id = deal_make(cx, &alfa.ana, s[0], "antes", 100);
	d = deal_now(cx, id);
	deal_input_of(&d, &in);
	IS_INT("nothing", UNIT(cx, &alfa.ana, DB_WRITE, deal_change(cx, id, &in, 1)), OK);
	IS_INT("nothing is no version", deal_now(cx, id).version, 1);
	in.title = "depois";
	in.value.minor = 250;
	in.next_step_on = "2026-02-30";
	IS_INT("no such day", UNIT(cx, &alfa.ana, DB_WRITE, deal_change(cx, id, &in, 1)), E_INVALID);
	in.next_step_on = "2028-02-29";
	IS_INT("changed", UNIT(cx, &alfa.ana, DB_WRITE, deal_change(cx, id, &in, 1)), OK);
	IS_INT("the second is told", UNIT(cx, &alfa.bia, DB_WRITE, deal_change(cx, id, &in, 1)), E_NOTFOUND);
	IS_INT("the second is told", UNIT(cx, &alfa.admin, DB_WRITE, deal_change(cx, id, &in, 1)), E_CONFLICT);
	d = deal_now(cx, id);
	IS_STR("title", d.title, "depois");
	IS_INT("value", d.value.minor, 250);
	IS_STR("history", get(inside(alfa.tenant, NULL, "all"), "SELECT string_agg(kind || coalesce(' ' || (data ->> 'fields'), ''), ';' ORDER BY id) FROM deal_activity WHERE deal_id = '%s'", id),
	    "created;value;changed [\"next_step_on\", \"title\"]");
	in.contact_id = beta.conversation;
	IS_INT("a contact of nobody", UNIT(cx, &alfa.ana, DB_WRITE, deal_change(cx, id, &in, 0)), E_INVALID);
	in.contact_id = NULL;
	in.owner_id = alfa.viewer.id;
	IS_INT("a viewer owns nothing", UNIT(cx, &alfa.ana, DB_WRITE, deal_change(cx, id, &in, 0)), E_INVALID);
	IS_INT("gone", UNIT(cx, &alfa.admin, DB_WRITE, deal_delete(cx, id, 2)), OK);
	IS_INT("gone", UNIT(cx, &alfa.admin, DB_READ, deal_get(cx, id, &d)), E_NOTFOUND);
	IS_INT("the audit keeps it whole", num(as(NULL), "SELECT jsonb_array_length(changes -> 'history') FROM audit_log WHERE entity_id = '%s' AND action = 'archive'", id), 3);
}

/* ---- who sees what ---- */

static void visible(void)
{
	struct ctx *cx = ctx_as("web");
	struct deal_input in;
	const char *s[4], *id;
	struct deal d;

	pipeline_make(cx, "Ver", s);
	id = deal_make(cx, &alfa.own, s[0], "do Caio", 0);
	IS_INT("own", UNIT(cx, &alfa.own, DB_READ, deal_get(cx, id, &d)), OK);
	IS_INT("another team", UNIT(cx, &alfa.ana, DB_READ, deal_get(cx, id, &d)), E_NOTFOUND);
	IS_INT("not seen, not moved", UNIT(cx, &alfa.ana, DB_WRITE, deal_move(cx, id, NULL, s[1], NULL, 0, NULL)), E_NOTFOUND);
	IS_INT("not seen, not closed", UNIT(cx, &alfa.ana, DB_WRITE, deal_close(cx, id, "won", NULL, 0)), E_NOTFOUND);
	IS_INT("another tenant", UNIT(cx, &beta.admin, DB_WRITE, deal_delete(cx, id, 0)), E_NOTFOUND);
	IS_INT("events for those who see it", num(as(NULL), "SELECT count(*) FROM event WHERE subject_id = '%s'", id), 1);
	IS_INT("not for the others", UNIT(cx, &alfa.own, DB_READ, deal_get(cx, id, &d)), OK);
	must(as("web"), "BEGIN");
	must(as("web"), "SELECT app.enter(decode('%s', 'hex'), true)", token_hex(alfa.ana.token));
	IS_INT("no event of what is not seen", num(as("web"), "SELECT count(*) FROM event WHERE subject_id = '%s'", id), 0);
	must(as("web"), "ROLLBACK");
	deal_input_of(&d, &in);
	in.owner_id = alfa.ana.id;
	IS_INT("passed on", UNIT(cx, &alfa.own, DB_WRITE, deal_change(cx, id, &in, 0)), OK);
	IS_INT("out of sight", UNIT(cx, &alfa.own, DB_READ, deal_get(cx, id, &d)), E_NOTFOUND);
	IS_INT("in sight", UNIT(cx, &alfa.ana, DB_READ, deal_get(cx, id, &d)), OK);
}

static void names_follow(void)
{
	struct ctx *cx = ctx_as("web");
	struct deal_input in = { .title = "nome" };
	const char *s[4], *id, *who;
	struct deal d;

	pipeline_make(cx, "Nome", s);
	who = get(as(NULL), "SELECT contact_id FROM conversation WHERE id = '%s'", alfa.conversation);
	in.stage_id = s[0];
	in.conversation_id = alfa.conversation;
	IS_INT("from a conversation", UNIT(cx, &alfa.admin, DB_WRITE, deal_add(cx, &in, &id)), OK);
	id = arena_str(T, id);
	d = deal_now(cx, id);
	IS_STR("its person", d.contact_id, who);
	change_in(alfa.tenant, "UPDATE contact SET name = 'Nome novo %s' WHERE id = '%s'", run_tag, who);
	d = deal_now(cx, id);
	IS_STR("follows", d.contact_name, arena_fmt(T, "Nome novo %s", run_tag));
	IS_INT("is no version", d.version, 1);
}

CU_TestInfo deal_tests[] = {
	{ "a move puts a deal where it was asked to", moves },
	{ "a move between pipelines", between_pipelines },
	{ "two drag the same card", two_at_once },
	{ "many drag many cards", crowd },
	{ "checked cards move together", many },
	{ "checked cards share a fate", many_more },
	{ "outcomes are states of their own", outcomes },
	{ "changes, conflicts, deletion", changes },
	{ "who sees a deal", visible },
	{ "names follow", names_follow },
	CU_TEST_INFO_NULL
};
