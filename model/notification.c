#include "model/notification.h"

#include "gen/sql_auth.h"
#include "gen/sql_inbox.h"
#include "lib/base/text.h"
#include "lib/db/pick.h"

#define REC struct notification
static const struct field notification_fields[] = {
	F(id, .flags = RO | ID), F(kind), F(conversation_id, .flags = ID), F(actor_name), F(title, .flags = FREE), F(read_at), F(created_at),
};
#undef REC
const struct rec_type notification_type = REC_TYPE("notification", struct notification, notification_fields);

#define REC struct notification_filter
static const struct field filter_fields[] = { F(cursor, .max = 40) };
#undef REC
const struct rec_type notification_filter_type = REC_TYPE("notification_filter", struct notification_filter, filter_fields);

#define REC struct chrome_counts
static const struct field chrome_fields[] = { F(waiting), F(notices), F(cursor), F(presence) };
#undef REC
const struct rec_type chrome_row_type = REC_TYPE("chrome_row", struct chrome_counts, chrome_fields);

enum err notification_list(struct ctx *cx, const char *cursor, struct notification_list *out)
{
	if (cursor != NULL && !id_ok(cursor))
		return fail_query(cx, "cursor");
	TRY(db_rows(cx, PICK(&sql_notification_list, cursor != NULL ? "before" : "first"), &notification_type, &out->items, &out->n, ARGS(A(cursor))));
	out->next = NULL;
	if (out->n > 50) {
		out->n = 50;
		out->next = out->items[49].id;
	}
	return OK;
}

enum err notification_mark_read(struct ctx *cx, const char *id)
{
	return db_exec(cx, &sql_notification_read, NULL, ARGS(A(id)));
}

enum err chrome_counts(struct ctx *cx, struct chrome_counts *out)
{
	return db_row(cx, &sql_chrome_counts, &chrome_row_type, out, NOARGS);
}
