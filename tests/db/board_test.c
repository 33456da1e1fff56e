/* Boards: the order of cards in a column, pipelines and their stages, the board's columns and totals, lists in pages, saved filters. */
#include <inttypes.h>
#include <string.h>

#include "tests/db/deals.h"

/* ---- ranks ---- */

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
	struct ctx *cx = ctx_as("web");
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

/* ---- pipelines ---- */

static void defaults(void)
{
	struct ctx *cx = ctx_as("web");
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
	change_in(beta.tenant, "SELECT app.pipeline_prefer('%s')", first);
	IS_INT("then it goes", UNIT(cx, &beta.admin, DB_WRITE, pipeline_delete(cx, id, NULL, 1)), E_CONFLICT);
	IS_INT("then it goes", UNIT(cx, &beta.admin, DB_WRITE, pipeline_delete(cx, id, NULL, 0)), OK);
	IS_INT("a name once", UNIT(cx, &beta.admin, DB_WRITE, pipeline_add(cx, &(struct pipeline_input){ .name = "Vendas" }, &id)), E_INVALID);
}

static void stages(void)
{
	struct ctx *cx = ctx_as("web");
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
	struct ctx *cx = ctx_as("web");
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
	struct ctx *cx = ctx_as("web");
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
	struct ctx *cx = ctx_as("web");
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

CU_TestInfo board_tests[] = {
	{ "100,000 ranks at random places", rank_random },
	{ "ranks at the ends", rank_ends },
	{ "a stage is spread before ranks grow long", rank_spreads },
	{ "a default pipeline always", defaults },
	{ "stages and pipelines hand on their deals", stages },
	{ "the board in a fixed number of statements", board },
	{ "every order in pages", pages },
	{ "saved filters", views },
	CU_TEST_INFO_NULL
};
