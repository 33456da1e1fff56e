/* account.h: signing in and the own account. Passwords are verified here; sessions live in the database. */
#ifndef MODEL_ACCOUNT_H
#define MODEL_ACCOUNT_H

#include "lib/db/db.h"

enum { ACCESS_S = 15 * 60, REFRESH_S = 30 * 86400 };

struct login { const char *email, *password, *next; bool remember; };
extern const struct rec_type login_type;      /* page: email, password, remember, next */
extern const struct rec_type login_api_type;  /* API: email, password */
struct refresh { const char *refresh_token; };
extern const struct rec_type refresh_type;
struct password_change { const char *current, *password, *again; };
extern const struct rec_type password_change_type;
struct preferences { const char *locale, *theme; };
extern const struct rec_type preferences_type;

/* Who may be meant by an e-mail. */
extern const struct rec_type login_candidate_type;

struct tokens { const char *access, *refresh; int expires_in; };

/*
 * Verifies e-mail and password (in a unit without context, and enters the session that it starts). Unknown
 * e-mail and wrong password take the same time and answer alike: E_INVALID on field email, code "login".
 * E_RATE with cx->retry_after when too many failed for this e-mail or from this address; the failures are
 * counted by account_login_failed in a unit of its own, because this one is undone.
 */
CHECK enum err account_login(struct ctx *cx, const struct login *in, const char *ip, const char *agent, const char **token);
CHECK enum err account_login_bearer(struct ctx *cx, const struct login *in, const char *ip, const char *agent, struct tokens *out);
CHECK enum err account_login_failed(struct ctx *cx, const char *email, const char *ip);
/* A new pair for an unused refresh token. *ok false: it was unknown, used before (its family has ended now) or too old. */
CHECK enum err account_refresh(struct ctx *cx, const char *token, const char *ip, const char *agent, struct tokens *out, bool *ok);

struct session_row { const char *id, *kind, *ip, *agent; bool current; utc_t created_at, last_seen_at; };
extern const struct rec_type session_row_type;
CHECK enum err account_sessions(struct ctx *cx, struct session_row **out, size_t *n);
/* id NULL: all but the present one. E_NOTFOUND for an id that is not the acting user's. */
CHECK enum err account_session_end(struct ctx *cx, const char *id);
/* E_INVALID with field errors: current wrong, again differs, too short. Ends all other sessions. */
CHECK enum err account_password(struct ctx *cx, const struct password_change *in);
CHECK enum err account_locale(struct ctx *cx, const char *locale);

struct worker_row { const char *kind; int32_t age; };
extern const struct rec_type worker_row_type;
/* The jobs and the seconds since each was last seen. */
CHECK enum err worker_list(struct ctx *cx, struct worker_row **out, size_t *n);

#endif
