/*
 * setup.h: what an operator sets up from the console: tenants, people who sign in, connections. Every
 * function works inside a writing unit of work begun without an entering statement; setup_enter or
 * setup_tenant_add chooses the tenant for the rest of it.
 */
#ifndef MODEL_SETUP_H
#define MODEL_SETUP_H

#include "lib/crypto/crypto.h"
#include "lib/db/db.h"

/* Enters the tenant of this slug ("platform" is the operator's own). E_NOTFOUND when there is none. */
CHECK enum err setup_enter(struct ctx *cx, const char *slug);
/*
 * Enters the next tenant by its internal number; *number, first 0, moves on. E_NOTFOUND after the last one.
 */
CHECK enum err setup_enter_next(struct ctx *cx, int64_t *number);

/* Makes and enters a tenant. E_CONFLICT when the slug is taken, E_INVALID when a value is refused. */
CHECK enum err setup_tenant_add(struct ctx *cx, const char *name, const char *slug, const char *zone,
    const char *locale);

/* A person of the entered tenant, with a password. E_CONFLICT when the e-mail is taken there. */
CHECK enum err setup_user_add(struct ctx *cx, const char *name, const char *email, const char *role,
    const char *scope, const char *password);
/* *known: the entered tenant has somebody with this e-mail. */
CHECK enum err setup_user_known(struct ctx *cx, const char *email, bool *known);

CHECK enum err setup_team_add(struct ctx *cx, const char *name, const char *description);
CHECK enum err setup_team_join(struct ctx *cx, const char *team, const char *email);

struct setup_connection {
	const char *name, *channel;
	const char *external_id;  /* WhatsApp: the phone number id */
	const char *public_key;   /* web chat: the key in its URL */
	const char *shown;        /* the number as people know it */
	const char *greeting;
	bool own_app;             /* the tenant's own Meta app signs: app_secret and verify_token are its */
	/* plain; sealed before they are stored, NULL: none */
	const char *access_token, *app_secret, *verify_token;
};
/*
 * *id is the new connection's. E_CONFLICT when the name, the phone number id or the key is taken (by
 * any tenant). ring may be NULL when there is no secret.
 */
CHECK enum err setup_connection_add(struct ctx *cx, const struct seal_ring *ring,
    const struct setup_connection *c, const char **id);
/* *id is NULL when there is none of this name. */
CHECK enum err setup_connection_find(struct ctx *cx, const char *name, const char **id);

/* For the list. */
struct setup_tenant {
	const char *name, *slug, *status, *plan, *zone, *locale;
	int32_t users, conversations;
};
struct setup_user { const char *name, *email, *role, *scope; bool active; };
struct setup_connection_line { const char *id, *name, *channel, *key, *status; bool own_app; };
extern const struct rec_type setup_tenant_type, setup_user_type, setup_connection_line_type;
struct setup_overview {
	struct setup_tenant tenant;
	struct setup_user *users;
	struct setup_connection_line *connections;
	size_t nusers, nconnections;
};
/* The entered tenant as a whole. */
CHECK enum err setup_overview(struct ctx *cx, struct setup_overview *out);

#endif
