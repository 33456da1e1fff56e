/* deal_list.c: reading deals: lists, history, the board. */
#include <stdlib.h>
#include <string.h>

#include "gen/sql_inbox.h"
#include "gen/sql_pipeline.h"
#include "lib/base/text.h"
#include "lib/db/pick.h"
#include "model/conversation.h"
#include "model/deal.h"
#include "model/team.h"

static const char *const statuses[] = { "open", "won", "lost", NULL };

/* Orders: the name people give, the picked lines, and what the cursor holds. */
static const struct order { const char *name, *by, *after; char mark; int64_t max; } orders[] = {
	{ "-updated_at", "by_updated_down", "after_updated_down", 'U', 253402300800000000 }, { "updated_at", "by_updated_up", "after_updated_up", 'u', 253402300800000000 },
	{ "-created_at", "by_created_down", "after_created_down", 'C', 253402300800000000 }, { "created_at", "by_created_up", "after_created_up", 'c', 253402300800000000 },
	{ "-value", "by_value_down", "after_value_down", 'V', INT64_MAX }, { "value", "by_value_up", "after_value_up", 'v', INT64_MAX },
	{ "rank", "by_rank", "after_rank", 'r', 0 },
};
static const char *const sorts[] = { "-updated_at", "updated_at", "-created_at", "created_at", "-value", "value", "rank", NULL };

#define REC struct deal_filter
static const struct field filter_fields[] = {
	F(pipeline_id, .flags = ID), F(stage_id, .flags = ID), F(owner_id, .max = 36, .doc = "a user's id, me or none"), F(contact_id, .flags = ID),
	F(conversation_id, .flags = ID), F(status, .one_of = statuses), F(q, .max = 100, .doc = "a fragment of title, person or company"),
	F(sort, .one_of = sorts, .doc = "rank: as on the board, with stage_id"), F(cursor, .max = 200), F(limit, .min = 1, .max = 500),
};
#undef REC
const struct rec_type deal_filter_type = REC_TYPE("deal_filter", struct deal_filter, filter_fields);

#define REC struct deal_activity_filter
static const struct field activity_filter_fields[] = { F(cursor, .flags = ID), F(limit, .min = 1, .max = 500) };
#undef REC
const struct rec_type deal_activity_filter_type = REC_TYPE("deal_activity_filter", struct deal_activity_filter, activity_filter_fields);

#define REC struct deal_tag_row
static const struct field tag_fields[] = { F(deal_id, .flags = HIDE), F(id), F(name), F(color) };
#undef REC
const struct rec_type deal_tag_row_type = REC_TYPE("deal_tag_row", struct deal_tag_row, tag_fields);

#define REC struct deal_person
static const struct field person_fields[] = { F(id), F(name, .flags = FREE), F(phone, .flags = PHONE), F(company, .flags = FREE) };
#undef REC
const struct rec_type deal_person_type = REC_TYPE("deal_person", struct deal_person, person_fields);

#define REC struct deal_link
static const struct field link_fields[] = { F(id), F(number), F(contact_id), F(contact_name, .flags = FREE), F(channel), F(status) };
#undef REC
const struct rec_type deal_link_type = REC_TYPE("deal_link", struct deal_link, link_fields);

static const char *const steps[] = { "late", "none", "ok", NULL };
#define REC struct board_filter
static const struct field board_filter_fields[] = {
	F(owner, .max = 36, .doc = "a user's id, me or none"), F(q, .max = 100), F(tag, .flags = ID), F(next, .one_of = steps, .doc = "the next step"), F(stale),
	F(stage, .flags = ID), F(cursor, .max = 200),
};
#undef REC
const struct rec_type board_filter_type = REC_TYPE("board_filter", struct board_filter, board_filter_fields);

#define REC struct board_column
static const struct field column_fields[] = {
	F(id), F(name), F(color), F(chance), F(stale_days), F(version), F(deals), F(total), F(weighted), F(foreign_deals), F(currency),
	F(every), F(mine), F(stepless), F(late), F(stale),
};
#undef REC
const struct rec_type board_column_type = REC_TYPE("board_column", struct board_column, column_fields);

#define REC struct card
static const struct field card_fields[] = {
	F(id), F(stage_id), F(rank), F(title, .flags = FREE), F(contact_name, .flags = FREE), F(company, .flags = FREE), F(value), F(currency), F(owner_id), F(owner_name),
	F(next_step, .flags = FREE), F(next_step_on), F(stage_since), F(version), F(channel), F(tag_ids),
};
#undef REC
const struct rec_type card_type = REC_TYPE("card", struct card, card_fields);

#define REC struct saved_view
static const struct field view_fields[] = { F(id), F(name), F(query), F(shared), F(own) };
#undef REC
const struct rec_type saved_view_type = REC_TYPE("saved_view", struct saved_view, view_fields);

/* ---- lists ---- */

static bool rank_ok(const char *s)
{
	return *s != '\0' && strlen(s) <= 100 && s[strspn(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")] == '\0';
}

/* "mark key - id": key a number, or a rank when the order has no greatest number. */
struct place { int64_t number; const char *rank, *id; };
static bool place_read(struct arena *a, const struct order *o, const char *s, struct place *out)
{
	const char *dash = strchr(s, '-');
	char *key;

	if (*s != o->mark || dash == NULL || !id_ok(dash + 1))
		return false;
	key = arena_strn(a, s + 1, (size_t)(dash - s - 1));
	out->id = arena_str(a, dash + 1);
	out->rank = key;
	return o->max == 0 ? rank_ok(key) : parse_i64(key, 0, o->max - 1, &out->number);
}

static const char *place_make(struct arena *a, const struct order *o, const struct deal *d)
{
	int64_t key = strchr("Uu", o->mark) ? d->updated_at.us : strchr("Cc", o->mark) ? d->created_at.us : d->value.minor;

	return o->max == 0 ? arena_fmt(a, "%c%s-%s", o->mark, d->rank, d->id) : arena_fmt(a, "%c%lld-%s", o->mark, (long long)key, d->id);
}

static const struct order *order_of(const char *sort)
{
	for (size_t i = 0; sort != NULL && i < nitems(orders); i++)
		if (strcmp(orders[i].name, sort) == 0)
			return &orders[i];
	return &orders[0];
}

/* me, none or an id, as the picked line and its argument; who "me" is is known to the database first. False when it is neither. */
static bool owner_of(const char *owner, const char **pick, const char **id)
{
	*pick = owner == NULL ? "-" : strcmp(owner, "none") == 0 ? "unowned" : strcmp(owner, "me") == 0 ? "mine" : "owner";
	*id = strcmp(*pick, "owner") == 0 ? owner : NULL;
	return *id == NULL || id_ok(*id);
}

static enum err tags_of(struct ctx *cx, struct deal_list *l)
{
	const char **ids = arena_array(cx->arena, l->n + 1, sizeof(*ids));

	for (size_t i = 0; i < l->n; i++)
		ids[i] = l->items[i].id;
	return deal_tags(cx, ids, l->n, &l->tags, &l->ntags);
}

enum err deal_list(struct ctx *cx, const struct deal_filter *f, struct deal_list *out)
{
	const struct order *o = order_of(f->sort);
	int64_t limit = f->limit > 0 ? f->limit : 50;
	const char *owner, *owner_line, *names[12];
	struct place at = { 0 };
	size_t n = 0;

	*out = (struct deal_list){ 0 };
	if (f->cursor != NULL && !place_read(cx->arena, o, f->cursor, &at))
		return fail_query(cx, "cursor");
	if (!owner_of(f->owner_id, &owner_line, &owner))
		return fail_query(cx, "owner_id");
	names[n++] = owner_line;
	names[n++] = o->by;
	names[n++] = limit_pick(limit);
	names[n++] = f->cursor != NULL ? o->after : "-";
	names[n++] = f->pipeline_id != NULL ? "pipeline" : "-";
	names[n++] = f->stage_id != NULL ? "stage" : "-";
	names[n++] = f->contact_id != NULL ? "contact" : "-";
	names[n++] = f->conversation_id != NULL ? "conversation" : "-";
	names[n++] = f->status != NULL ? "status" : "-";
	names[n++] = f->q != NULL ? "search" : "-";
	names[n] = NULL;
	TRY(db_rows(cx, stmt_pick(&sql_deal_list, names), &deal_type, &out->items, &out->n, ARGS(A(f->pipeline_id), A(f->stage_id), A(owner), A(f->contact_id),
	    A(f->status), A(f->q), A(at.number), A(at.id), A(at.rank), A(f->conversation_id))));
	if (out->n > (size_t)limit) {
		out->n = (size_t)limit;
		out->next = place_make(cx->arena, o, &out->items[limit - 1]);
	}
	return tags_of(cx, out);
}

enum err deal_get(struct ctx *cx, const char *id, struct deal *out)
{
	return db_row(cx, &sql_deal_get, &deal_type, out, ARGS(A(id)));
}

enum err deal_tags(struct ctx *cx, const char *const *ids, size_t n, struct deal_tag_row **out, size_t *nout)
{
	struct buf b = { 0 };
	enum err e;

	buf_char(&b, '{');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&b, ',');
		buf_str(&b, ids[i]);
	}
	buf_char(&b, '}');
	e = db_rows(cx, &sql_deal_tags, &deal_tag_row_type, out, nout, ARGS(A((const char *)b.p)));
	buf_free(&b);
	return e;
}

enum err deal_tag_choices(struct ctx *cx, struct deal_tag_row **out, size_t *n)
{
	return db_rows(cx, &sql_deal_tag_choices, &deal_tag_row_type, out, n, NOARGS);
}

enum err deal_of_contact(struct ctx *cx, const char *contact, struct deal **out, size_t *n)
{
	return db_rows(cx, &sql_deal_of_contact, &deal_type, out, n, ARGS(A(contact)));
}

enum err deal_of_conversation(struct ctx *cx, const char *conversation, struct deal **out, size_t *n)
{
	return db_rows(cx, &sql_deal_of_conversation, &deal_type, out, n, ARGS(A(conversation)));
}

enum err deal_activity_list(struct ctx *cx, const char *deal, const struct deal_activity_filter *f, struct deal_activity_list *out)
{
	int64_t limit = f->limit > 50 ? f->limit : 50;

	out->next = NULL;
	TRY(db_rows(cx, PICK(&sql_deal_activity_list, limit_pick(limit), f->cursor != NULL ? "after" : "-"), &deal_activity_type, &out->items, &out->n,
	    ARGS(A(deal), A(f->cursor))));
	if (f->limit > 0 && f->limit < limit)
		limit = f->limit;
	if (out->n > (size_t)limit) {
		out->n = (size_t)limit;
		out->next = out->items[limit - 1].id;
	}
	return OK;
}

enum err deal_people(struct ctx *cx, const char *q, struct deal_person **out, size_t *n)
{
	return db_rows(cx, &sql_deal_people, &deal_person_type, out, n, ARGS(A(q)));
}

enum err deal_person(struct ctx *cx, const char *id, struct deal_person *out)
{
	return db_row(cx, &sql_deal_person, &deal_person_type, out, ARGS(A(id)));
}

enum err deal_conversation(struct ctx *cx, const char *id, struct deal_link *out)
{
	return db_row(cx, &sql_deal_conversation, &deal_link_type, out, ARGS(A(id)));
}

/* ---- the board ---- */

static const struct order board_order = { "rank", NULL, NULL, 'r', 0 };

const char *board_cursor(struct ctx *cx, const struct card *last)
{
	return arena_fmt(cx->arena, "r%s-%s", last->rank, last->id);
}

static enum err take_all(struct ctx *cx, const char *pipeline, struct board *out)
{
	TRY(db_take_rows(cx, &pipeline_type, &out->pipelines, &out->npipelines));
	TRY(db_take_rows(cx, &board_column_type, &out->columns, &out->ncolumns));
	TRY(db_take_rows(cx, &card_type, &out->cards, &out->ncards));
	TRY(db_take_rows(cx, &saved_view_type, &out->views, &out->nviews));
	TRY(db_take_rows(cx, &deal_tag_row_type, &out->tags, &out->ntags));
	TRY(db_take_rows(cx, &user_row_type, &out->users, &out->nusers));
	for (size_t i = 0; i < out->npipelines; i++) {
		if (strcmp(out->pipelines[i].id, pipeline) == 0) {
			out->pipeline = out->pipelines[i];
			return OK;
		}
	}
	return fail(cx, E_NOTFOUND, "pipeline %s", pipeline);
}

enum err board_get(struct ctx *cx, const char *pipeline, const struct board_filter *f, struct board *out)
{
	const char *owner, *owner_line, *names[7];
	struct place at = { 0 };
	size_t n = 0;

	if ((f->cursor != NULL) != (f->stage != NULL) || (f->cursor != NULL && !place_read(cx->arena, &board_order, f->cursor, &at)))
		return fail_query(cx, "cursor");
	if (!owner_of(f->owner, &owner_line, &owner))
		return fail_query(cx, "owner");
	names[n++] = owner_line;
	names[n++] = f->tag != NULL ? "tag" : "-";
	names[n++] = f->next != NULL ? f->next : "-";
	names[n++] = f->stale ? "stale" : "-";
	names[n++] = f->q != NULL ? "search" : "-";
	names[n++] = f->cursor != NULL ? "after" : "-";
	names[n] = NULL;
	TRY(db_send(cx, &sql_pipeline_list, NOARGS));
	TRY(db_send(cx, stmt_pick(&sql_board_columns, names), ARGS(A(pipeline), A(owner), A(f->tag), A(f->q))));
	TRY(db_send(cx, stmt_pick(&sql_board_cards, names), ARGS(A(pipeline), A(owner), A(f->tag), A(f->q), A(f->stage), A(at.rank), A(at.id))));
	TRY(db_send(cx, &sql_board_views, NOARGS));
	TRY(db_send(cx, &sql_deal_tag_choices, NOARGS));
	TRY(db_send(cx, &sql_user_list, NOARGS));
	return take_all(cx, pipeline, out);
}

enum err board_view_add(struct ctx *cx, const char *name, const char *query, bool shared)
{
	int64_t n = 0;

	TRY(db_exec(cx, &sql_board_view_add, &n, ARGS(A(name), A(query), A(shared))));
	return n > 0 ? OK : fail(cx, E_CONFLICT, "too many views");
}

enum err board_view_delete(struct ctx *cx, const char *id)
{
	int64_t n = 0;

	TRY(db_exec(cx, &sql_board_view_delete, &n, ARGS(A(id))));
	return n > 0 ? OK : fail(cx, E_NOTFOUND, "view %s", id);
}
