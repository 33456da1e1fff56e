/* Boards and deals: ranks, moves by two at once, outcomes, who sees what, totals, pages. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/deal.h"
#include "tests/db/dbt.h"

/* ---- helpers ---- */

static struct ctx *web(void)
{
	return ctx_as("web");
}

/* A pipeline of its own with the usual four stages. */
static const char *pipeline_make(struct ctx *cx, const char *name, const char *stages[4])
{
	struct pipeline_input in = { .name = arena_fmt(T, "%s %s", name, run_tag), .money = true };
	const char *id = NULL;
	struct pipeline p;
	struct stage *s;
	size_t n = 0;

	IS_INT("pipeline", UNIT(cx, &alfa.admin, DB_WRITE, pipeline_add(cx, &in, &id)), OK);
	id = arena_str(T, id);
	IS_INT("pipeline", UNIT(cx, &alfa.admin, DB_READ, pipeline_get(cx, id, &p, &s, &n)), OK);
	IS_INT("stages", n, 4);
	for (size_t i = 0; i < 4 && i < n; i++)
		stages[i] = arena_str(T, s[i].id);
	return id;
}

static const char *deal_make(struct ctx *cx, const struct person *who, const char *stage, const char *title, int64_t minor)
{
	struct deal_input in = { .title = title, .stage_id = stage, .value = { minor }, .owner_id = who->id };
	const char *id = NULL;

	IS_INT(title, UNIT(cx, who, DB_WRITE, deal_add(cx, &in, &id)), OK);
	return arena_str(T, id);
}

static struct deal deal_now(struct ctx *cx, const char *id)
{
	struct deal d = { 0 };

	IS_INT("deal", UNIT(cx, &alfa.admin, DB_READ, deal_get(cx, id, &d)), OK);
	return d;
}

/* Titles of a stage from the top. */
static const char *column_of(const char *stage)
{
	PGconn *c = inside(alfa.tenant, NULL, "all");
	const char *s = get(c, "SELECT string_agg(title, ' ' ORDER BY rank, id) FROM deal WHERE stage_id = '%s' AND status = 'open'", stage);

	undo(c);
	return s;
}

/* Tables for a bench of ranks: places in temp table t. */
static PGconn *ranks_begin(void)
{
	PGconn *c = as(NULL);

	must(c, "BEGIN");
	must(c, "CREATE TEMP TABLE t (i int PRIMARY KEY, r text COLLATE \"C\" NOT NULL UNIQUE) ON COMMIT DROP");
	return c;
}

static void ranks_hold(PGconn *c, const char *label, int64_t max)
{
	IS_INT(label, num(c, "SELECT count(*) FROM t WHERE r = '' OR r LIKE '%%0' OR r !~ '^[0-9A-Za-z]+$'"), 0);
	IS_TRUE(label, num(c, "SELECT max(length(r)) FROM t") <= max);
}

/* ---- ranks ---- */

static void rank_random(void)
{
	PGconn *c = ranks_begin();

	/* 100,000 at random places: each lies between its neighbours (the function itself is asked), none ends in 0. */
	/* Planned while the table is empty. */
	must(c, "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off");
	must(c, "SELECT setseed(%f)", (double)rnd(1000) / 1000);
	must(c, "DO $$ DECLARE lo text; hi text; r text; k int; BEGIN"
	    " FOR n IN 1..100000 LOOP"
	    "  k := floor(random() * n);"
	    "  SELECT x.r INTO lo FROM t x WHERE x.i = k;"
	    "  IF lo IS NULL THEN SELECT x.r INTO hi FROM t x ORDER BY x.r LIMIT 1;"
	    "  ELSE SELECT x.r INTO hi FROM t x WHERE x.r > lo ORDER BY x.r LIMIT 1; END IF;"
	    "  r := app.rank_between(lo, hi);"
	    "  IF NOT coalesce(lo COLLATE \"C\" < r COLLATE \"C\", true) OR NOT coalesce(r COLLATE \"C\" < hi COLLATE \"C\", true) THEN"
	    "   RAISE EXCEPTION '%% %% %%', lo, r, hi; END IF;"
	    "  INSERT INTO t VALUES (n, r);"
	    " END LOOP; END $$");
	IS_INT("all are there", num(c, "SELECT count(*) FROM t"), 100000);
	ranks_hold(c, "short", 16);
	undo(c);
}

static void rank_ends(void)
{
	PGconn *c = ranks_begin();

	must(c, "INSERT INTO t VALUES (0, app.rank_between(NULL, NULL))");
	must(c, "DO $$ BEGIN FOR i IN 1..10000 LOOP"
	    " INSERT INTO t SELECT i, app.rank_between((SELECT max(r) FROM t), NULL);"
	    " INSERT INTO t SELECT -i, app.rank_between(NULL, (SELECT min(r) FROM t)); END LOOP; END $$");
	ranks_hold(c, "columns that grow at their ends", 4);
	IS_STR("in order", get(c, "SELECT (array_agg(i ORDER BY r) = array_agg(i ORDER BY i))::text FROM t"), "true");
	IS_STR("backwards", state(c, "SELECT app.rank_between('b', 'a')"), "22023");
	undo(c);
	c = as(NULL);
	IS_TRUE("the last place", strcmp(get(c, "SELECT app.rank_between('zzzz', NULL)"), "zzzz") > 0);
	IS_TRUE("the first place", strcmp(get(c, "SELECT app.rank_between(NULL, '0001')"), "0001") < 0);
}

static void rank_spreads(void)
{
	struct ctx *cx = web();
	const char *s[4], *first, *last;
	PGconn *c;

	pipeline_make(cx, "Aperto", s);
	first = deal_make(cx, &alfa.admin, s[0], "base", 0);
	last = deal_make(cx, &alfa.admin, s[1], "x", 0);
	IS_INT("below", UNIT(cx, &alfa.admin, DB_WRITE, deal_move(cx, last, NULL, s[0], first, 0, NULL)), OK);
	/* Two in turn right after the first: the gap halves each time. */
	for (int i = 0; i < 500; i++) {
		const char *id = i % 2 == 0 ? last : NULL;

		if (id == NULL)
			id = deal_make(cx, &alfa.admin, s[0], arena_fmt(T, "n%d", i), 0);
		IS_INT("tight", UNIT(cx, &alfa.admin, DB_WRITE, deal_move(cx, id, NULL, s[0], first, 0, NULL)), OK);
	}
	c = inside(alfa.tenant, NULL, "all");
	IS_TRUE("no rank is longer than 60", num(c, "SELECT max(length(rank)) FROM deal WHERE stage_id = '%s'", s[0]) <= 60);
	IS_INT("no two alike", num(c, "SELECT count(*) - count(DISTINCT rank) FROM deal WHERE stage_id = '%s'", s[0]), 0);
	IS_STR("right after the first", get(c, "SELECT title FROM deal WHERE stage_id = '%s' ORDER BY rank OFFSET 1 LIMIT 1", s[0]), "n499");
	must(c, "SELECT app.rank_spread('%s')", s[0]);
	IS_INT("spread: four digits", num(c, "SELECT max(length(rank)) FROM deal WHERE stage_id = '%s'", s[0]), 4);
	IS_STR("spread: same order", get(c, "SELECT title FROM deal WHERE stage_id = '%s' ORDER BY rank OFFSET 1 LIMIT 1", s[0]), "n499");
	undo(c);
}

/* ---- moves ---- */

static void moves(void)
{
	struct ctx *cx = web();
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
	struct ctx *cx = web();
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
	struct ctx *cx = web();
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
	struct ctx *cx = web();
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
	struct ctx *cx = web();
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
	struct ctx *cx = web();
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
	struct ctx *cx = web();
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
	struct ctx *cx = web();
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
	struct ctx *cx = web();
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
	struct ctx *cx = web();
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
	must(inside(alfa.tenant, NULL, "all"), "UPDATE contact SET name = 'Nome novo %s' WHERE id = '%s'", run_tag, who);
	keep(as(NULL));
	d = deal_now(cx, id);
	IS_STR("follows", d.contact_name, arena_fmt(T, "Nome novo %s", run_tag));
	IS_INT("is no version", d.version, 1);
}

/* ---- pipelines ---- */

static void defaults(void)
{
	struct ctx *cx = web();
	struct pipeline_input in = { .name = arena_fmt(T, "Outro padrão %s", run_tag), .money = true, .is_default = true };
	const char *first, *id;
	struct pipeline p;
	struct stage *s = NULL;
	size_t n = 0;

	IS_INT("one from the first day", UNIT(cx, &beta.admin, DB_READ, pipeline_default(cx, &first)), OK);
	first = arena_str(T, first);
	IS_INT("the usual stages", UNIT(cx, &beta.admin, DB_READ, pipeline_get(cx, first, &p, &s, &n)), OK);
	IS_STR("Vendas", p.name, "Vendas");
	IS_INT("four", n, 4);
	IS_STR("Negociação", n == 4 ? s[3].name : "", "Negociação");
	IS_INT("80", n == 4 ? s[3].chance : 0, 80);
	IS_INT("is not deleted", UNIT(cx, &beta.admin, DB_WRITE, pipeline_delete(cx, first, NULL, 0)), E_CONFLICT);
	IS_INT("another default", UNIT(cx, &beta.admin, DB_WRITE, pipeline_add(cx, &in, &id)), OK);
	id = arena_str(T, id);
	IS_INT("one default", num(as(NULL), "SELECT count(*) FROM pipeline WHERE tenant_id = %" PRId64 " AND is_default", beta.tenant), 1);
	must(inside(beta.tenant, NULL, "all"), "UPDATE pipeline SET is_default = false WHERE id = '%s'", id);
	IS_STR("none is refused", state(as(NULL), "COMMIT"), "23514");
	must(inside(beta.tenant, NULL, "all"), "SELECT app.pipeline_prefer('%s')", first);
	keep(as(NULL));
	IS_INT("then it goes", UNIT(cx, &beta.admin, DB_WRITE, pipeline_delete(cx, id, NULL, 1)), E_CONFLICT);
	IS_INT("then it goes", UNIT(cx, &beta.admin, DB_WRITE, pipeline_delete(cx, id, NULL, 0)), OK);
	IS_INT("a name once", UNIT(cx, &beta.admin, DB_WRITE, pipeline_add(cx, &(struct pipeline_input){ .name = "Vendas" }, &id)), E_INVALID);
}

static void stages(void)
{
	struct ctx *cx = web();
	const char *s[4], *o[4], *p, *id, *list;
	PGconn *c;

	p = pipeline_make(cx, "Etapas", s);
	pipeline_make(cx, "Refúgio", o);
	for (int i = 0; i < 3; i++)
		deal_make(cx, &alfa.admin, s[1], arena_fmt(T, "e%d", i), 0);
	id = deal_make(cx, &alfa.admin, s[1], "fechado", 0);
	IS_INT("closed", UNIT(cx, &alfa.admin, DB_WRITE, deal_close(cx, id, "won", NULL, 0)), OK);
	deal_make(cx, &alfa.admin, s[2], "ali", 0);
	IS_INT("holds deals", UNIT(cx, &alfa.admin, DB_WRITE, stage_delete(cx, s[1], NULL, 0)), E_CONFLICT);
	IS_STR("field", cx->errors != NULL ? cx->errors->field : NULL, "move_to");
	IS_INT("not into itself", UNIT(cx, &alfa.admin, DB_WRITE, stage_delete(cx, s[1], s[1], 0)), E_INVALID);
	IS_INT("carried", UNIT(cx, &alfa.admin, DB_WRITE, stage_delete(cx, s[1], s[2], 1)), OK);
	IS_STR("below, in order", column_of(s[2]), "ali e2 e1 e0");
	IS_STR("the closed one too", deal_now(cx, id).stage_id, s[2]);
	IS_INT("up", UNIT(cx, &alfa.admin, DB_WRITE, stage_shift(cx, s[3], -1)), OK);
	c = inside(alfa.tenant, NULL, "all");
	list = get(c, "SELECT string_agg(id::text, ' ' ORDER BY position) FROM stage WHERE pipeline_id = '%s'", p);
	undo(c);
	IS_STR("up", list, arena_fmt(T, "%s %s %s", s[0], s[3], s[2]));
	IS_INT("pipeline holds deals", UNIT(cx, &alfa.admin, DB_WRITE, pipeline_delete(cx, p, NULL, 0)), E_CONFLICT);
	IS_INT("pipeline", UNIT(cx, &alfa.admin, DB_WRITE, pipeline_delete(cx, p, o[0], 0)), OK);
	IS_STR("carried", column_of(o[0]), "ali e2 e1 e0");
}

/* ---- the board ---- */

static void fill(const char *stage, int n, const char *extra)
{
	PGconn *c = inside(alfa.tenant, NULL, "all");

	must(c, "INSERT INTO deal (pipeline_id, stage_id, rank, title, value_minor %s SELECT s.pipeline_id, s.id, app.rank_digits(1000000 + i), 'cartão ' || i, 1000 %s"
	    " FROM stage s, generate_series(1, %d) i WHERE s.id = '%s'", extra != NULL ? ", next_step, next_step_on, stage_since)" : ")", extra != NULL ? extra : "", n, stage);
	keep(c);
}

static size_t cards_in(const struct board *b, const char *stage)
{
	size_t n = 0;

	for (size_t i = 0; i < b->ncards; i++)
		n += strcmp(b->cards[i].stage_id, stage) == 0;
	return n;
}

static void board(void)
{
	struct ctx *cx = web();
	struct board_filter f = { 0 };
	struct board b = { 0 };
	const char *s[4], *p, *seen = "";
	int empty, full;

	p = pipeline_make(cx, "Quadro", s);
	cx->statements = 0;
	IS_INT("empty", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	empty = cx->statements;
	fill(s[0], 100, NULL);
	fill(s[1], 5, ", 'ligar', current_date - 3, now()");
	fill(s[2], 5, ", 'visitar', current_date + 3, now() - interval '30 days'");
	cx->statements = 0;
	IS_INT("full", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	full = cx->statements;
	IS_INT("as many statements", full, empty);
	IS_INT("this many", full, BOARD_STATEMENTS + 1);
	IS_INT("columns", b.ncolumns, 4);
	IS_INT("30 and the sign of more", cards_in(&b, s[0]), 31);
	IS_INT("all are counted", b.columns[0].deals, 100);
	IS_INT("all are summed", b.columns[0].total.minor, 100000);
	IS_INT("weighted", b.columns[0].weighted.minor, 10000);
	IS_INT("an empty column", b.columns[3].deals, 0);
	f.stage = s[0];
	for (int page = 0; page < 4; page++) {
		size_t n = cards_in(&b, s[0]);

		IS_INT("page", n, page < 3 ? 31 : 10);
		IS_TRUE("goes on", strcmp(b.cards[0].rank, seen) > 0);
		seen = arena_str(T, b.cards[n > 30 ? 29 : n - 1].rank);
		f.cursor = arena_str(T, board_cursor(cx, &b.cards[n > 30 ? 29 : n - 1]));
		IS_INT("more", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	}
	IS_INT("after the last", cards_in(&b, s[0]), 0);
	IS_INT("the others stay", cards_in(&b, s[1]), 5);
	f = (struct board_filter){ .next = "late" };
	IS_INT("late", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	IS_INT("late", b.ncards, 5);
	IS_INT("late: totals follow", b.columns[0].deals, 0);
	f = (struct board_filter){ .next = "none" };
	IS_INT("none", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	IS_INT("none", b.columns[0].deals + b.columns[1].deals, 100);
	f = (struct board_filter){ .next = "ok", .stale = true };
	IS_INT("ok and stale", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	IS_INT("ok and stale", b.ncards, 5);
	f = (struct board_filter){ .q = "CARTAO 77" };
	IS_INT("words", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	IS_INT("words", b.ncards, 1);
	f = (struct board_filter){ .q = "100%_" };
	IS_INT("signs are signs", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	IS_INT("signs are signs", b.ncards, 0);
	f = (struct board_filter){ .owner = "me" };
	IS_INT("mine", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	IS_INT("mine", b.ncards, 0);
	deal_make(cx, &alfa.admin, s[3], "meu", 0);
	IS_INT("mine", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), OK);
	IS_INT("mine", b.ncards, 1);
	IS_INT("not ana's", UNIT(cx, &alfa.ana, DB_READ, board_get(cx, p, &f, &b)), OK);
	IS_INT("not ana's", b.ncards, 0);
	f = (struct board_filter){ .owner = "x" };
	IS_INT("no owner", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), E_SYNTAX);
	f = (struct board_filter){ .stage = s[0], .cursor = "V001" };
	IS_INT("no cursor", UNIT(cx, &alfa.admin, DB_READ, board_get(cx, p, &f, &b)), E_SYNTAX);
}

/* Every order pages through all deals once, also where many share an instant or a value. */
static void pages(void)
{
	static const char *const sorts[] = { "-updated_at", "updated_at", "-created_at", "created_at", "-value", "value", "rank", NULL };
	struct ctx *cx = web();
	const char *s[4], *p = pipeline_make(cx, "Páginas", s);

	fill(s[0], 120, NULL);
	for (const char *const *sort = sorts; *sort != NULL; sort++) {
		struct deal_filter f = { .pipeline_id = p, .stage_id = s[0], .sort = *sort, .limit = 25 };
		struct deal_list l = { 0 };
		const char *seen[130];
		size_t n = 0;
		int twice = 0;

		do {
			f.cursor = l.next != NULL ? arena_str(T, l.next) : NULL;
			if (!IS_INT(*sort, UNIT(cx, &alfa.admin, DB_READ, deal_list(cx, &f, &l)), OK))
				break;
			for (size_t i = 0; i < l.n && n < nitems(seen); i++) {
				for (size_t k = 0; k < n; k++)
					twice += strcmp(seen[k], l.items[i].id) == 0;
				seen[n++] = arena_str(T, l.items[i].id);
			}
		} while (l.next != NULL && n < nitems(seen));
		IS_INT(*sort, n, 120);
		IS_INT(*sort, twice, 0);
	}
	struct deal_filter other = { .sort = "value", .cursor = "r0-1" };
	struct deal_list l;
	IS_INT("a cursor of another order", UNIT(cx, &alfa.admin, DB_READ, deal_list(cx, &other, &l)), E_SYNTAX);
}

static void views(void)
{
	struct ctx *cx = web();
	struct board_filter f = { 0 };
	struct board b = { 0 };
	const char *s[4], *p = pipeline_make(cx, "Visões", s), *id = NULL;
	int own = 0, seen = 0;

	IS_INT("own", UNIT(cx, &alfa.ana, DB_WRITE, board_view_add(cx, "Minha", "?owner=me", false)), OK);
	IS_INT("shared", UNIT(cx, &alfa.admin, DB_WRITE, board_view_add(cx, "De todos", "?stale=1", true)), OK);
	IS_INT("ana", UNIT(cx, &alfa.ana, DB_READ, board_get(cx, p, &f, &b)), OK);
	for (size_t i = 0; i < b.nviews; i++) {
		own += b.views[i].own;
		if (strcmp(b.views[i].name, "Minha") == 0)
			id = arena_str(T, b.views[i].id);
	}
	IS_INT("one of her own", own, 1);
	IS_INT("bia", UNIT(cx, &alfa.bia, DB_READ, board_get(cx, p, &f, &b)), OK);
	for (size_t i = 0; i < b.nviews; i++)
		seen += strcmp(b.views[i].name, "Minha") == 0;
	IS_INT("not somebody else's", seen, 0);
	IS_INT("nor hers to delete", UNIT(cx, &alfa.bia, DB_WRITE, board_view_delete(cx, id)), E_NOTFOUND);
	IS_INT("deleted", UNIT(cx, &alfa.ana, DB_WRITE, board_view_delete(cx, id)), OK);
}

CU_TestInfo deal_tests[] = {
	{ "100,000 ranks at random places", rank_random }, { "ranks at the ends", rank_ends }, { "a stage is spread before ranks grow long", rank_spreads },
	{ "a move puts a deal where it was asked to", moves }, { "a move between pipelines", between_pipelines }, { "two drag the same card", two_at_once },
	{ "many drag many cards", crowd }, { "checked cards move together", many }, { "checked cards share a fate", many_more }, { "outcomes are states of their own", outcomes }, { "changes, conflicts, deletion", changes },
	{ "who sees a deal", visible }, { "names follow", names_follow }, { "a default pipeline always", defaults }, { "stages and pipelines hand on their deals", stages },
	{ "the board in a fixed number of statements", board }, { "every order in pages", pages }, { "saved filters", views }, CU_TEST_INFO_NULL
};
