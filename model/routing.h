/* routing.h: how conversations reach people: saved views of the list, many at once. */
#ifndef MODEL_ROUTING_H
#define MODEL_ROUTING_H

#include "model/deal.h"
#include "model/tag.h"

/* The named filters of the list of conversations: the acting user's own and the shared ones, by name. */
CHECK enum err conversation_views(struct ctx *cx, struct saved_view **out, size_t *n);
/* query: "" or "?name=value&...". E_CONFLICT with the field error name/too_many_views beyond 20 of one's own. */
CHECK enum err conversation_view_add(struct ctx *cx, const char *name, const char *query, bool shared, const char **id);
/* all: shared ones of others too. E_NOTFOUND when there is none that one may delete. */
CHECK enum err conversation_view_delete(struct ctx *cx, const char *id, bool all);

/* What came of one conversation among many: its status, or error (not_found, has_open, unknown). */
struct bulk_row { const char *id, *status, *error; };
extern const struct rec_type bulk_row_type;
/* action: resolve, reopen, spam, assign, team, tag or untag; user, team, tag as it needs (NULL user or team: nobody, none). In the order of the ids' values. */
CHECK enum err conversation_bulk(struct ctx *cx, struct ids ids, const char *action, const char *user, const char *team, const char *tag,
    struct bulk_row **out, size_t *n);

/* Puts a conversation off until an instant, or SNOOZE_REPLY; UTC_NONE wakes it. Whoever writes wakes it too. E_CONFLICT when version (0: any) is not the present one; E_INVALID with a field error: until/past, or until/not_open. */
#define SNOOZE_REPLY ((utc_t){ 253370764800000000 }) /* 9999-01-01: until the person writes */
CHECK enum err conversation_snooze(struct ctx *cx, const char *id, utc_t until, int32_t version);
/* A preset in cx->zone: today (18h; UTC_NONE once that is over), tomorrow (9h), monday (9h), reply. UTC_NONE for another word. */
utc_t snooze_preset(struct ctx *cx, const char *preset);
/* The job of its hour. */
CHECK enum err conversation_wake(struct ctx *cx, const char *id);

#endif
