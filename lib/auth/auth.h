/*
 * auth.h: who is asking. Tokens of 256 bits, stored only as SHA-256; the database finds the session and
 * sets the context (app.enter). CSRF by a synchronizer token that is a keyed digest of the session's
 * own token, so that nothing has to be stored.
 */
#ifndef AUTH_AUTH_H
#define AUTH_AUTH_H

#include "lib/db/db.h"

/* The row of app.enter. */
struct entered {
	const char *session_id, *tenant_name, *user_id, *user_name, *user_email, *role, *scope, *locale, *zone;
	bool stale; /* not marked as seen for a minute */
};
extern const struct rec_type entered_type;
extern const struct stmt auth_enter_sql; /* app.enter(token hash, readonly) -> entered */
extern const struct stmt auth_seen_sql;  /* app.seen(token hash) */

/* SHA-256 of a token's text, 32 bytes in the arena. */
const uint8_t *auth_hash(struct arena *a, const char *token);
/* The CSRF token that belongs to a session's (or visitor's) token: base64url, in the arena. */
char *auth_csrf(struct arena *a, const char *token);
/* Constant time; false for NULL. */
bool auth_csrf_ok(struct arena *a, const char *token, const char *given);

#endif
