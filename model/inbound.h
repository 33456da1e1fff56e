/* inbound.h: events of providers (webhook_event) and what they say, brought into our tables. */
#ifndef MODEL_INBOUND_H
#define MODEL_INBOUND_H

#include "lib/db/db.h"
#include "model/whatsapp.h"

struct event_row {
	const char *id;
	const char *source;        /* whatsapp, ... */
	const char *connection_id; /* NULL: of the app that all tenants share */
	const char *body;          /* hex */
	const char *state;
};
extern const struct rec_type event_row_type;

/* All within a unit that entered the tenant of the event. */
CHECK enum err event_load(struct ctx *cx, const char *id, struct event_row *out);
/* Its bytes. In the context's arena. */
const char *event_bytes(struct ctx *cx, const struct event_row *e, size_t *n);
/* state: processed, rejected or dead. */
CHECK enum err event_end(struct ctx *cx, const char *id, const char *state, const char *reason);
/* Back in the job's tenant, the event's last word and the job's, in one round trip. E_CONFLICT: the lease is gone. */
struct job;
CHECK enum err event_finish(struct ctx *cx, const struct job *j, const char *state, const char *reason,
    const char *job_state, const char *why);

/*
 * Enters the tenant of the connection that the number belongs to. only: the connection the event came
 * for (its own app), NULL for the shared app. *id NULL: nobody's number, or not this connection's; then
 * no tenant may be assumed.
 */
CHECK enum err inbound_enter(struct ctx *cx, const char *only, const char *number, const char **id);
/*
 * The provider says that templates of an account changed: they are fetched anew, by *n connections. only: as above. No
 * tenant is entered afterwards.
 */
CHECK enum err inbound_template(struct ctx *cx, const char *only, const char *account, int64_t *n);
/* Applies n items to the connection, in order, in as few round trips as the pipeline takes. */
CHECK enum err inbound_apply(struct ctx *cx, const char *connection_id, const struct wa_item *items, size_t n);

#endif
