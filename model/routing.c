#include "model/routing.h"

#include <string.h>

#include "gen/sql_routing.h"
#include "gen/sql_wake.h"
#include "lib/base/text.h"


#define REC struct bulk_row
static const struct field bulk_row_fields[] = { F(id, .flags = RO | ID), F(status, .flags = RO), F(error, .flags = RO, .doc = "not_found, has_open or unknown") };
#undef REC
const struct rec_type bulk_row_type = REC_TYPE("bulk_row", struct bulk_row, bulk_row_fields);

enum err conversation_views(struct ctx *cx, struct saved_view **out, size_t *n)
{
	return db_rows(cx, &sql_conversation_views, &saved_view_type, out, n, NOARGS);
}

enum err conversation_view_add(struct ctx *cx, const char *name, const char *query, bool shared, const char **id)
{
	TRY(db_text(cx, &sql_conversation_view_add, id, ARGS(A(name), A(query), A(shared))));
	if (*id != NULL)
		return OK;
	(void)fail_field(cx, "name", "too_many_views", NULL);
	return fail(cx, E_CONFLICT, "too many views");
}

enum err conversation_view_delete(struct ctx *cx, const char *id, bool all)
{
	int64_t n = 0;

	TRY(db_exec(cx, &sql_conversation_view_delete, &n, ARGS(A(id), A(all))));
	return n > 0 ? OK : fail(cx, E_NOTFOUND, "view %s", id);
}

enum err conversation_bulk(struct ctx *cx, struct ids ids, const char *action, const char *user, const char *team, const char *tag,
    struct bulk_row **out, size_t *n)
{
	return db_rows(cx, &sql_conversation_bulk, &bulk_row_type, out, n, ARGS(A(ids_text(cx->arena, ids)), A(action), A(user), A(team), A(tag)));
}

enum err conversation_snooze(struct ctx *cx, const char *id, utc_t until, int32_t version)
{
	const char *now;
	enum err e;

	if (!utc_none(until) && until.us <= cx->now.us)
		return fail_field(cx, "until", "past", NULL);
	e = db_text(cx, &sql_conversation_snooze, &now, ARGS(A(id), A(until), arg_version(version)));
	if (e == E_INVALID && strcmp(db_sqlstate(cx), "P1006") == 0)
		return fail_field(cx, "until", "not_open", NULL);
	TRY(e);
	return now != NULL ? OK : fail(cx, E_NOTFOUND, "conversation %s", id);
}

utc_t snooze_preset(struct ctx *cx, const char *preset)
{
	struct civil c = zone_civil(cx->zone, cx->now);
	int days = text_eq(preset, "tomorrow") ? 1 : text_eq(preset, "monday") ? (8 - c.weekday) % 7 : 0;
	/* Noon, so that a day of 23 or 25 hours does not lead to its neighbour. */
	struct civil noon = { .year = c.year, .month = c.month, .day = c.day, .hour = 12 }, at;
	utc_t then;

	if (text_eq(preset, "reply"))
		return SNOOZE_REPLY;
	if (!text_eq(preset, "today") && !text_eq(preset, "tomorrow") && !text_eq(preset, "monday"))
		return UTC_NONE;
	if (text_eq(preset, "monday") && days == 0)
		days = 7;
	at = zone_civil(cx->zone, (utc_t){ zone_utc(cx->zone, noon).us + days * (int64_t)86400000000 });
	at = (struct civil){ .year = at.year, .month = at.month, .day = at.day, .hour = text_eq(preset, "today") ? 18 : 9 };
	then = zone_utc(cx->zone, at);
	return then.us > cx->now.us ? then : UTC_NONE;
}

enum err conversation_wake(struct ctx *cx, const char *id)
{
	return db_exec(cx, &sql_conversation_wake, NULL, ARGS(A(id)));
}
