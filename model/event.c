#include "model/event.h"

#include <string.h>

#include "gen/sql_event.h"
#include "lib/base/text.h"
#include "lib/db/pick.h"
#include "model/conversation.h"
#include "model/live.h"

#define REC struct event
static const struct field event_fields[] = {
	F(id, .flags = RO, .doc = "cursor: go on after this event"), F(kind, .doc = "message:created, deal:moved, ..."), F(subject_kind, .flags = REQ), F(subject_id, .flags = REQ | ID),
	F(conversation_id, .flags = ID), F(actor_id, .flags = ID, .doc = "who did it; null: nobody of the tenant"), F(at), F(data, .flags = JSON, .schema = SCHEMA_OBJECT),
};
#undef REC
const struct rec_type event_type = REC_TYPE("event", struct event, event_fields);

#define REC struct event_filter
static const struct field filter_fields[] = {
	F(after, .max = 40, .doc = "an event's id, the cursor of an earlier answer, or \"now\"; without it from the oldest event that is kept (30 days)"),
	F(kind, .max = 500, .doc = "only these kinds, with commas between them"), F(limit, .min = 1, .max = 500),
};
#undef REC
const struct rec_type event_filter_type = REC_TYPE("event_filter", struct event_filter, filter_fields);

/* Lower-case words, one colon at most in each, commas between them. */
static bool kinds_ok(const char *s)
{
	if (*s == ',' || s[strlen(s) - 1] == ',' || strstr(s, ",,") != NULL)
		return false;
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyz_:,")] == '\0';
}

/* The later of two cursors: what was looked through reaches at least up to the head. */
static const char *later(const char *a, const char *b)
{
	struct live_cursor x, y;

	return live_cursor_parse(a, &x) && live_cursor_parse(b, &y) && live_cursor_compare(x, y) > 0 ? a : b;
}

enum err event_list(struct ctx *cx, const struct event_filter *f, struct event_list *out)
{
	bool now = text_eq(f->after, "now");
	size_t limit = f->limit > 0 ? (size_t)f->limit : 50;
	struct live_cursor c = { 0, 0 };
	const char *head, *gone = "false", *xid;

	*out = (struct event_list){ 0 };
	if (f->after != NULL && !now && !live_cursor_parse(f->after, &c))
		return fail_query(cx, "after");
	if (f->kind != NULL && !kinds_ok(f->kind))
		return fail_query(cx, "kind");
	if (now)
		return db_text(cx, &sql_event_head, &out->cursor, NOARGS);
	xid = arena_fmt(cx->arena, "%llu", (unsigned long long)c.xid);
	TRY(db_send(cx, &sql_event_head, NOARGS));
	TRY(db_send(cx, PICK(&sql_event_list, f->kind != NULL ? "kind" : "-", limit_pick((int64_t)limit)), ARGS(A(xid), A((int64_t)c.seq), A(f->kind))));
	if (f->after != NULL)
		TRY(db_send(cx, &sql_event_gone, ARGS(A(xid), A((int64_t)c.seq))));
	TRY(db_take_text(cx, &head));
	TRY(db_take_rows(cx, &event_type, &out->items, &out->n));
	if (f->after != NULL)
		TRY(db_take_text(cx, &gone));
	if (text_eq(gone, "true"))
		return fail(cx, E_GONE, "events after %s are gone", f->after);
	out->more = out->n > limit;
	out->n = out->more ? limit : out->n;
	out->cursor = out->more ? out->items[out->n - 1].id : out->n > 0 ? later(out->items[out->n - 1].id, head) : f->after != NULL ? later(f->after, head) : head;
	return OK;
}
