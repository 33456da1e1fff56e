#include "model/conversation.h"

#include <string.h>

#include "gen/sql_inbox.h"
#include "lib/base/text.h"
#include "lib/db/pick.h"

const char *const conversation_statuses[] = { "open", "in_progress", "pending", "resolved", "archived", "spam", NULL };
static const char *const channels[] = { "whatsapp", "chat", "instagram", "messenger", "email", NULL };
static const char *const filter_statuses[] = { "open", "in_progress", "pending", "resolved", "archived", "spam", "active", "snoozed", "any", NULL };
static const char *const views[] = { "mine", "unassigned", "team", "all", NULL };
static const char *const sorts[] = { "-last_message_at", "waiting_since", "waiting_first", NULL };

#define REC struct conversation
static const struct field conversation_fields[] = {
	F(id, .flags = RO | ID), F(number, .flags = RO, .doc = "number of the conversation in its tenant"), F(contact_id, .flags = RO | ID),
	F(contact_name, .flags = RO | FREE), F(contact_phone, .flags = RO | PHONE), F(contact_kind, .flags = RO), F(connection_id, .flags = RO | ID),
	F(channel, .flags = RO, .one_of = channels), F(status, .one_of = conversation_statuses), F(assignee_id, .flags = ID), F(assignee_name, .flags = RO),
	F(team_id, .flags = ID), F(preview, .flags = RO | FREE), F(preview_kind, .flags = RO), F(preview_out, .flags = RO), F(unread, .flags = RO),
	F(waiting_since, .flags = RO, .doc = "the oldest message that waits for an answer"), F(last_message_at, .flags = RO), F(last_inbound_at, .flags = RO),
	F(window_until, .flags = RO, .doc = "WhatsApp: free text may be sent until then"), F(snoozed_until, .flags = RO),
	F(merged_into, .flags = RO | ID, .doc = "the conversation that has its messages now; it is empty itself"), F(version, .flags = RO),
	F(created_at, .flags = RO), F(updated_at, .flags = RO),
};
#undef REC
const struct rec_type conversation_type = REC_TYPE("conversation", struct conversation, conversation_fields);

#define REC struct conversation_filter
static const struct field filter_fields[] = {
	F(view, .one_of = views), F(status, .one_of = filter_statuses), F(assignee, .max = 36, .doc = "a user's id, me or none"), F(channel, .one_of = channels),
	F(q, .max = 100, .doc = "name, phone, number of the conversation or words of a message"), F(tag, .flags = ID), F(team, .flags = ID),
	F(sort, .one_of = sorts, .doc = "-last_message_at when not given; waiting_since: only those that wait, longest first; waiting_first: the others, newest first, after them"), F(unread), F(cursor, .max = 200),
	F(limit, .min = 1, .max = 500),
};
#undef REC
const struct rec_type conversation_filter_type = REC_TYPE("conversation_filter", struct conversation_filter, filter_fields);

#define REC struct conversation_counts
static const struct field counts_fields[] = { F(mine), F(unassigned), F(team), F(everything) };
#undef REC
const struct rec_type conversation_counts_type = REC_TYPE("conversation_counts", struct conversation_counts, counts_fields);

const char *limit_pick(int64_t limit)
{
	return limit <= 25 ? "l25" : limit <= 50 ? "l50" : limit <= 100 ? "l100" : "l500";
}

char *cursor_make(struct arena *a, utc_t at, const char *id)
{
	return arena_fmt(a, "%llx-%s", (unsigned long long)(at.us - INT64_MIN / 2), id);
}

bool cursor_read(struct arena *a, const char *s, utc_t *at, const char **id)
{
	uint64_t v = 0;
	size_t n = 0;

	for (; n < 16 && s[n] != '-' && s[n] != '\0'; n++) {
		const char *digit = strchr("0123456789abcdef", s[n]);

		if (digit == NULL)
			return false;
		v = v * 16 + (uint64_t)(digit - "0123456789abcdef");
	}
	if (n == 0 || s[n] != '-' || !id_ok(s + n + 1))
		return false;
	*at = (utc_t){ (int64_t)(v - (uint64_t)INT64_MAX / 2 - 1) }; /* unsigned: a foreign cursor may hold any 64 bits */
	*id = arena_str(a, s + n + 1);
	/* What PostgreSQL takes as an instant, with room: nothing else was made by cursor_make. */
	return at->us > -62135596800000000 && at->us < 253402300800000000;
}

/* The orders: by what instant a cursor stands, and the optional lines of the statement. turn counts as app.turn does. */
enum by { BY_RECENT, BY_WAITING, BY_TURN };
static const struct { const char *name, *on, *back, *after, *before; } orders_of[] = {
	[BY_RECENT] = { "-last_message_at", "recent", "recent_back", "after", "before" },
	[BY_WAITING] = { "waiting_since", "waiting", "waiting_back", "waiting_after", "waiting_before" },
	[BY_TURN] = { "waiting_first", "turn", "turn_back", "turn_after", "turn_before" },
};
static const int64_t turn_base = 250000000000000000; /* us */

static enum by order_of(const char *name)
{
	enum by o = BY_RECENT;

	for (size_t i = 0; name != NULL && i < nitems(orders_of); i++)
		if (strcmp(name, orders_of[i].name) == 0)
			o = (enum by)i;
	return o;
}

static char *cursor_at(struct ctx *cx, const struct conversation *c, enum by o)
{
	utc_t at = o != BY_RECENT && !utc_none(c->waiting_since) ? c->waiting_since : c->last_message_at;

	if (o == BY_TURN && utc_none(c->waiting_since))
		at.us = turn_base - at.us;
	return cursor_make(cx->arena, at, c->id);
}

/* The cursors of the pages beside one that was read with a row too many; back: read from its end, away from the cursor. */
static void beside(struct ctx *cx, struct conversation_list *l, size_t limit, enum by o, bool back, bool begun)
{
	bool more = l->n > limit;

	l->n = more ? limit : l->n;
	for (size_t i = 0; back && i < l->n / 2; i++) {
		struct conversation t = l->items[i];

		l->items[i] = l->items[l->n - 1 - i];
		l->items[l->n - 1 - i] = t;
	}
	l->next = l->prev = NULL;
	if (l->n == 0)
		return;
	if (more || back)
		l->next = cursor_at(cx, &l->items[l->n - 1], o);
	if (back ? more : begun)
		l->prev = arena_fmt(cx->arena, "p%s", cursor_at(cx, &l->items[0], o));
}

enum err conversation_list(struct ctx *cx, const struct conversation_filter *f, struct conversation_list *out)
{
	const char *status = f->status != NULL ? f->status : "active", *names[20], *after = NULL, *who = NULL;
	bool back = f->cursor != NULL && f->cursor[0] == 'p';
	int64_t limit = f->limit > 0 ? f->limit : 50;
	enum by o = order_of(f->sort);
	utc_t at = UTC_NONE;
	size_t n = 0;

	if (f->cursor != NULL && !cursor_read(cx->arena, f->cursor + back, &at, &after))
		return fail_query(cx, "cursor");
	names[n++] = strcmp(status, "active") == 0 ? "active" : strcmp(status, "snoozed") == 0 ? "snoozed" : strcmp(status, "any") == 0 ? "any" : "status";
	if (strcmp(status, "active") == 0)
		names[n++] = "awake";
	if (f->channel != NULL)
		names[n++] = "channel";
	if (f->unread)
		names[n++] = "unread";
	if (f->q != NULL)
		names[n++] = "search";
	/* By the database's own word: the entering statement may still be on its way. */
	if (text_eq(f->view, "mine") || text_eq(f->assignee, "me"))
		names[n++] = "mine";
	else if (f->assignee != NULL && strcmp(f->assignee, "none") != 0)
		who = f->assignee;
	if (who != NULL && !id_ok(who))
		return fail_query(cx, "assignee");
	if (who != NULL)
		names[n++] = "assignee";
	if (text_eq(f->view, "unassigned") || text_eq(f->assignee, "none"))
		names[n++] = "unassigned";
	if (text_eq(f->view, "team"))
		names[n++] = "team";
	if (f->tag != NULL)
		names[n++] = "tag";
	if (f->team != NULL)
		names[n++] = "team_id";
	if (after != NULL && o == BY_TURN && !back && at.us > turn_base / 2) {
		at.us = turn_base - at.us;
		names[n++] = "rest";
	} else {
		if (after != NULL)
			names[n++] = back ? orders_of[o].before : orders_of[o].after;
		names[n++] = back ? orders_of[o].back : orders_of[o].on;
	}
	names[n++] = limit_pick(limit);
	names[n] = NULL;
	TRY(db_rows(cx, stmt_pick(&sql_conversation_list, names), &conversation_type, &out->items, &out->n,
	    ARGS(A(status), A(f->channel), A(who), A(at), A(after), A(f->q), A(f->tag), A(f->team), A(after != NULL ? at.us : 0))));
	beside(cx, out, (size_t)limit, o, back, after != NULL);
	return OK;
}

enum err conversation_counts(struct ctx *cx, struct conversation_counts *out)
{
	return db_row(cx, &sql_conversation_counts, &conversation_counts_type, out, NOARGS);
}

enum err conversation_get(struct ctx *cx, const char *id, struct conversation *out)
{
	return db_row(cx, &sql_conversation_get, &conversation_type, out, ARGS(A(id)));
}

enum err conversation_mark_read(struct ctx *cx, const char *id)
{
	TRY(db_exec(cx, &sql_conversation_read, NULL, ARGS(A(id))));
	return db_exec(cx, &sql_notification_seen, NULL, ARGS(A(id)));
}

static enum err changed(struct ctx *cx, const char *id, const char *what)
{
	TRY(db_exec(cx, &sql_conversation_activity, NULL, ARGS(A(id), A(what), A((const char *)NULL))));
	return db_exec(cx, &sql_event_emit, NULL, ARGS(A("conversation:updated"), A("conversation"), A(id), A(id), A((const char *)NULL),
	    A(arena_fmt(cx->arena, "{\"status\":\"%s\"}", what))));
}

enum err conversation_set_status(struct ctx *cx, const char *id, const char *status, int32_t version)
{
	struct conversation c;
	int64_t n;

	TRY(conversation_get(cx, id, &c));
	if (version != 0 && version != c.version)
		return fail(cx, E_CONFLICT, "version %d, now %d", version, c.version);
	if (strcmp(c.status, status) == 0)
		return OK;
	TRY(db_exec(cx, &sql_conversation_status, &n, ARGS(A(id), A(status), arg_version(version))));
	if (n == 0)
		return fail(cx, E_CONFLICT, "version %d moved", version);
	return changed(cx, id, strcmp(status, "open") == 0 ? "reopened" : status);
}

enum err conversation_assign(struct ctx *cx, const char *id, const char *user, const char *team, int32_t version)
{
	int64_t n = 0;
	enum err e = db_exec(cx, &sql_conversation_assign, &n, ARGS(A(id), A(user), A(team), arg_version(version)));

	if (e == E_NOTFOUND && strcmp(db_sqlstate(cx), "23503") == 0)
		return fail_field(cx, "assignee_id", "unknown_user", NULL);
	if (e == OK && n == 0)
		return fail(cx, E_NOTFOUND, "conversation %s", id);
	return e;
}

enum err conversation_merge(struct ctx *cx, const char *id, const char *into, int32_t version, int32_t into_version)
{
	struct conversation c;
	const char *done;
	enum err e;

	TRY(conversation_get(cx, id, &c));
	e = db_text(cx, &sql_conversation_merge, &done, ARGS(A(id), A(into), arg_version(version),
	    arg_version(into_version)));
	if (strcmp(db_sqlstate(cx), "23505") == 0 && e == E_CONFLICT)
		return fail_field(cx, "into", "has_open", NULL);
	TRY(e);
	return text_eq(done, "t") ? OK : fail_field(cx, "into", "not_same", NULL);
}

enum err conversation_beside(struct ctx *cx, const char *id, struct conversation **out, size_t *n)
{
	return db_rows(cx, PICK(&sql_conversation_beside, "many"), &conversation_type, out, n, ARGS(A(id)));
}

enum err conversation_typing(struct ctx *cx, const char *id, bool internal)
{
	struct conversation c;
	struct buf b = { 0 };
	enum err e;

	TRY(conversation_get(cx, id, &c));
	buf_str(&b, "{\"name\":");
	buf_json(&b, cx->user_name);
	buf_str(&b, internal ? ",\"internal\":true}" : "}");
	e = db_exec(cx, &sql_event_emit, NULL, ARGS(A("typing"), A("conversation"), A(id), A(id), A((const char *)NULL), A((const char *)b.p)));
	buf_free(&b);
	return e;
}
