/* deal_many.c: many deals at once, as they were picked on the board. */
#include "gen/sql_pipeline.h"
#include "model/deal.h"

#define REC struct deal_moved
static const struct field moved_fields[] = { F(moved), F(stayed) };
#undef REC
const struct rec_type deal_moved_type = REC_TYPE("deal_moved", struct deal_moved, moved_fields);

#define REC struct deal_picked
static const struct field picked_fields[] = {
	F(id), F(title, .flags = FREE), F(contact_name, .flags = FREE), F(status), F(stage_name), F(owner_name), F(value), F(currency), F(version),
};
#undef REC
const struct rec_type deal_picked_type = REC_TYPE("deal_picked", struct deal_picked, picked_fields);

/* The picks as two arrays of the database, in cx's arena. */
struct picks { const char *ids, *versions; };
static struct picks arrays(struct ctx *cx, const struct deal_pick *picks, size_t n)
{
	struct buf ids = { 0 }, versions = { 0 };
	struct picks out;

	buf_char(&ids, '{');
	buf_char(&versions, '{');
	for (size_t i = 0; i < n; i++) {
		buf_fmt(&ids, "%s%s", i > 0 ? "," : "", picks[i].id);
		buf_fmt(&versions, "%s%d", i > 0 ? "," : "", picks[i].version);
	}
	buf_char(&ids, '}');
	buf_char(&versions, '}');
	out = (struct picks){ arena_str(cx->arena, ids.p), arena_str(cx->arena, versions.p) };
	buf_free(&ids);
	buf_free(&versions);
	return out;
}

enum err deal_picked(struct ctx *cx, const struct deal_pick *picks, size_t n, struct deal_picked **out, size_t *nout)
{
	return db_rows(cx, &sql_deal_picked, &deal_picked_type, out, nout, ARGS(A(arrays(cx, picks, n).ids)));
}

enum err deal_move_many(struct ctx *cx, const char *stage, const struct deal_pick *picks, size_t n, struct deal_moved *out)
{
	struct picks p = arrays(cx, picks, n);

	return board_err(cx, db_row(cx, &sql_deal_move_many, &deal_moved_type, out, ARGS(A(stage), A(p.ids), A(p.versions))));
}

enum err deal_close_many(struct ctx *cx, const char *status, const char *reason, const struct deal_pick *picks, size_t n)
{
	struct picks p = arrays(cx, picks, n);

	return board_err(cx, db_exec(cx, &sql_deal_close_many, NULL, ARGS(A(p.ids), A(p.versions), A(status), A(reason))));
}

enum err deal_owner_many(struct ctx *cx, const char *owner, const struct deal_pick *picks, size_t n)
{
	struct picks p = arrays(cx, picks, n);

	return board_err(cx, db_exec(cx, &sql_deal_owner_many, NULL, ARGS(A(p.ids), A(p.versions), A(owner))));
}

enum err deal_tag_many(struct ctx *cx, const char *tag, bool on, const struct deal_pick *picks, size_t n)
{
	return board_err(cx, db_exec(cx, on ? &sql_deal_tag_many : &sql_deal_untag_many, NULL, ARGS(A(arrays(cx, picks, n).ids), A(tag))));
}
