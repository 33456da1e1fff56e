#include "model/contact.h"

#include <string.h>

#include "gen/sql_contacts.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/db/pick.h"

const char *const contact_sorts[] = { "-last_activity_at", "last_activity_at", "name", "-name", "-created_at", "created_at", NULL };
/* What its cursor carries, and the optional lines of the statement: the order, and what lies after a cursor. */
static const struct order { enum { BY_ACTIVITY, BY_NAME, BY_CREATION } key; const char *line, *after; } orders[] = {
	{ BY_ACTIVITY, "recent", "after_recent" }, { BY_ACTIVITY, "recent_up", "after_recent_up" }, { BY_NAME, "name", "after_name" },
	{ BY_NAME, "name_down", "after_name_down" }, { BY_CREATION, "created", "after_created" }, { BY_CREATION, "created_up", "after_created_up" },
};
static const char *const statuses[] = { "active", "blocked", "inactive", "any", NULL };
static const char *const stages[] = { "new", "qualified", "lost", NULL };

#define REC struct contact
static const struct field contact_fields[] = {
	F(id, .flags = RO | ID), F(lifecycle, .flags = RO, .doc = "lead or contact"), F(kind, .one_of = contact_kinds), F(name, .flags = FREE),
	F(phone, .flags = PHONE, .max = 40), F(email, .flags = EMAIL, .max = 254), F(username, .flags = RO), F(company), F(city, .max = 120),
	F(source_channel, .flags = RO), F(status, .flags = RO, .doc = "active, blocked, inactive (archived) or anonymised"), F(lead_status, .flags = RO, .one_of = stages),
	F(lost_reason, .flags = RO | FREE), F(owner_id, .flags = ID), F(owner_name, .flags = RO), F(note, .flags = FREE | MULTI, .max = 5000),
	F(last_activity_at, .flags = RO), F(converted_at, .flags = RO), F(version, .flags = RO), F(created_at, .flags = RO), F(updated_at, .flags = RO),
	F(name_key, .flags = RO | HIDE),
};
#undef REC
const struct rec_type contact_type = REC_TYPE("contact", struct contact, contact_fields);

#define REC struct identity
static const struct field identity_fields[] = { F(id, .flags = RO | ID), F(kind), F(value, .flags = FREE), F(shown, .flags = FREE), F(created_at) };
#undef REC
const struct rec_type identity_type = REC_TYPE("identity", struct identity, identity_fields);

#define REC struct contact_filter
static const struct field filter_fields[] = {
	F(q, .max = 100, .doc = "words of name, company or e-mail, or digits of the phone"), F(tag, .flags = ID), F(owner, .max = 36, .doc = "a user's id, me or none"),
	F(sort, .one_of = contact_sorts, .doc = "-last_activity_at when not given"), F(status, .one_of = statuses, .doc = "active and blocked when not given"), F(lead_status, .one_of = stages),
	F(cursor, .max = 400), F(limit, .min = 1, .max = 500),
};
#undef REC
const struct rec_type contact_filter_type = REC_TYPE("contact_filter", struct contact_filter, filter_fields);

#define REC struct timeline_row
static const struct field timeline_fields[] = {
	F(at), F(kind), F(ref, .flags = HIDE), F(actor_name), F(field, .flags = HIDE), F(old, .flags = FREE | HIDE), F(text, .flags = FREE | MULTI), F(conversation_id, .flags = ID), F(number, .flags = HIDE),
	F(channel), F(status),
};
#undef REC
const struct rec_type timeline_row_type = REC_TYPE("timeline_row", struct timeline_row, timeline_fields);

struct count { int64_t n; };
#define REC struct count
static const struct field count_fields[] = { F(n) };
#undef REC
const struct rec_type contact_count_type = REC_TYPE("contact_count", struct count, count_fields);

/* What a cursor may be asked to carry: nothing that PostgreSQL could refuse. */
char *name_cursor_make(struct arena *a, const char *key, const char *id)
{
	return arena_fmt(a, "n%s-%s", hex_encode(a, (const uint8_t *)key, strlen(key)), id);
}

static int nibble(char c)
{
	const char *digit = c != '\0' ? strchr("0123456789abcdef", c) : NULL;

	return digit != NULL ? (int)(digit - "0123456789abcdef") : -1;
}

bool name_cursor_read(struct arena *a, const char *s, const char **key, const char **id)
{
	size_t n = 0;
	char *out = arena_alloc(a, strlen(s) + 1);

	if (*s++ != 'n')
		return false;
	for (; s[0] != '\0' && s[0] != '-'; s += 2) {
		if (nibble(s[0]) < 0 || nibble(s[1]) < 0)
			return false;
		out[n++] = (char)(nibble(s[0]) * 16 + nibble(s[1]));
	}
	if (*s != '-' || !id_ok(s + 1) || !utf8_ok(out, n))
		return false;
	*key = out;
	*id = arena_str(a, s + 1);
	return true;
}

/* What a list asks for, as its statements take it. */
struct asked { const struct order *order; const char *owner, *statuses, *after, *key; utc_t at; int64_t limit; };

static const struct order *order_of(const char *sort)
{
	for (size_t i = 1; i < nitems(orders); i++)
		if (text_eq(contact_sorts[i], sort))
			return &orders[i];
	return &orders[0];
}

static enum err ask(struct ctx *cx, const struct contact_filter *f, struct asked *out)
{
	*out = (struct asked){ .order = order_of(f->sort), .at = UTC_NONE, .limit = f->limit > 0 ? f->limit : 50 };
	if (f->cursor != NULL && !(out->order->key == BY_NAME ? name_cursor_read(cx->arena, f->cursor, &out->key, &out->after)
	                                                   : cursor_read(cx->arena, f->cursor, &out->at, &out->after)))
		return fail_query(cx, "cursor");
	if (text_eq(f->status, "any"))
		out->statuses = "{active,blocked,inactive,anonymised}";
	else if (f->status != NULL)
		out->statuses = arena_fmt(cx->arena, "{%s}", f->status);
	/* In a reading unit nobody is known before the first answer. */
	if (f->owner != NULL)
		TRY(db_entered(cx));
	if (f->owner != NULL && strcmp(f->owner, "none") != 0)
		out->owner = strcmp(f->owner, "me") == 0 ? cx->user_id : f->owner;
	if (out->owner != NULL && !id_ok(out->owner))
		return fail_query(cx, "owner");
	return OK;
}

/* The optional lines that list and count share. */
static size_t conditions(const struct contact_filter *f, const struct asked *ask, const char *stage, const char **names)
{
	size_t n = 0;

	names[n++] = ask->statuses == NULL ? "usual" : "statuses";
	if (stage != NULL)
		names[n++] = "stage";
	if (f->q != NULL)
		names[n++] = "search";
	if (f->tag != NULL)
		names[n++] = "tag";
	if (ask->owner != NULL)
		names[n++] = "owner";
	else if (f->owner != NULL)
		names[n++] = "unowned";
	names[n] = NULL;
	return n;
}

static const char *next_cursor(struct ctx *cx, const struct order *order, const struct contact *last)
{
	if (order->key == BY_NAME)
		return name_cursor_make(cx->arena, last->name_key, last->id);
	if (order->key == BY_CREATION)
		return cursor_make(cx->arena, last->created_at, last->id);
	return cursor_make(cx->arena, utc_none(last->last_activity_at) ? last->created_at : last->last_activity_at, last->id);
}

enum err contact_list(struct ctx *cx, const char *lifecycle, const struct contact_filter *f, struct contact_list *out)
{
	const char *names[10], *stage = strcmp(lifecycle, "lead") == 0 ? f->lead_status : NULL;
	struct count count;
	struct asked q;
	size_t n;

	TRY(ask(cx, f, &q));
	n = conditions(f, &q, stage, names);
	TRY(db_send(cx, stmt_pick(&sql_contact_count, names), ARGS(A(lifecycle), A(f->q), A(f->tag), A(q.owner), A(q.statuses), A(stage))));
	if (q.after != NULL)
		names[n++] = q.order->after;
	names[n++] = q.order->line;
	names[n++] = q.limit <= 50 ? "l50" : "l500";
	names[n] = NULL;
	TRY(db_send(cx, stmt_pick(&sql_contact_list, names),
	    ARGS(A(lifecycle), A(q.at), A(q.after), A(f->q), A(f->tag), A(q.owner), A(stage), A(q.statuses), A(q.key))));
	TRY(db_take_row(cx, &contact_count_type, &count));
	TRY(db_take_rows(cx, &contact_type, &out->items, &out->n));
	out->more = count.n > TOTAL_MAX;
	out->total = out->more ? TOTAL_MAX : count.n;
	out->next = NULL;
	if (out->n > (size_t)q.limit) {
		out->n = (size_t)q.limit;
		out->next = next_cursor(cx, q.order, &out->items[out->n - 1]);
	}
	return OK;
}

enum err contact_get(struct ctx *cx, const char *id, struct contact *out)
{
	return db_row(cx, &sql_contact_get, &contact_type, out, ARGS(A(id)));
}

enum err contact_identities(struct ctx *cx, const char *id, struct identity **out, size_t *n)
{
	return db_rows(cx, &sql_identity_list, &identity_type, out, n, ARGS(A(id)));
}

enum err contact_conversations(struct ctx *cx, const char *id, struct conversation **out, size_t *n)
{
	return db_rows(cx, &sql_contact_conversations, &conversation_type, out, n, ARGS(A(id)));
}

enum err contact_timeline(struct ctx *cx, const char *id, struct timeline_row **out, size_t *n)
{
	TRY(db_rows(cx, &sql_contact_timeline, &timeline_row_type, out, n, ARGS(A(id))));
	/* Whoever sees phones and e-mails masked learns that they changed, not what they were. */
	for (size_t i = 0; cx->masked && i < *n; i++)
		if ((*out)[i].field != NULL)
			(*out)[i].old = (*out)[i].text = NULL;
	return OK;
}
