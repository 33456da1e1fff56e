/* event.h: what happened in the tenant, for API clients that follow it: in commit order, as far as the user may see it. */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "lib/db/db.h"

/* id is the place in the order: the cursor to go on after it. data: JSON, depends on kind. */
struct event { const char *id, *kind, *subject_kind, *subject_id, *conversation_id, *actor_id; utc_t at; const char *data; };
extern const struct rec_type event_type;
/* after: an event's id, a cursor of an earlier answer, or "now"; NULL: from the oldest that is kept. kind: several, with commas. */
struct event_filter { const char *after, *kind; int32_t limit; };
extern const struct rec_type event_filter_type;

/* more: there are further ones behind the last item. cursor: where to go on, also when there was nothing. */
struct event_list { struct event *items; size_t n; bool more; const char *cursor; };
/* One round trip. E_SYNTAX for a bad cursor or kind, E_GONE when events after the cursor are not kept any more. */
CHECK enum err event_list(struct ctx *cx, const struct event_filter *f, struct event_list *out);

#endif
