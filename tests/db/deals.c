#include "tests/db/deals.h"

const char *pipeline_make(struct ctx *cx, const char *name, const char *stages[4])
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

const char *deal_make(struct ctx *cx, const struct person *who, const char *stage, const char *title, int64_t minor)
{
	struct deal_input in = { .title = title, .stage_id = stage, .value = { minor }, .owner_id = who->id };
	const char *id = NULL;

	IS_INT(title, UNIT(cx, who, DB_WRITE, deal_add(cx, &in, &id)), OK);
	return arena_str(T, id);
}

struct deal deal_now(struct ctx *cx, const char *id)
{
	struct deal d = { 0 };

	IS_INT("deal", UNIT(cx, &alfa.admin, DB_READ, deal_get(cx, id, &d)), OK);
	return d;
}

const char *column_of(const char *stage)
{
	PGconn *c = inside(alfa.tenant, NULL, "all");
	const char *s = get(c, "SELECT string_agg(title, ' ' ORDER BY rank, id) FROM deal WHERE stage_id = '%s' AND status = 'open'", stage);

	undo(c);
	return s;
}
