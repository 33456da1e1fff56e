/* notification.h: what a user is told, and what the rail counts. */
#ifndef MODEL_NOTIFICATION_H
#define MODEL_NOTIFICATION_H

#include "lib/db/db.h"

struct notification { const char *id, *kind, *conversation_id, *actor_name, *title; utc_t read_at, created_at; };
extern const struct rec_type notification_type;
struct notification_filter { const char *cursor; };
extern const struct rec_type notification_filter_type;
struct notification_list { struct notification *items; size_t n; const char *next; };

/* The acting user's, newest first, 50 a page; the cursor is the last id. */
CHECK enum err notification_list(struct ctx *cx, const char *cursor, struct notification_list *out);
/* One, or all with id NULL. */
CHECK enum err notification_mark_read(struct ctx *cx, const char *id);

/* waiting: conversations that wait for an answer (counted to 1,000); notices: unread notifications (to 100); cursor: where in the stream of events this unit stands; presence: of the acting user, as it is now. */
struct chrome_counts { int64_t waiting, notices; const char *cursor, *presence; };
extern const struct rec_type chrome_row_type;
CHECK enum err chrome_counts(struct ctx *cx, struct chrome_counts *out);

#endif
