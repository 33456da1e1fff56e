/*
 * kept.h: what somebody had typed into a form whose session had ended meanwhile. Nothing of it is lost and nothing of it is
 * done unseen:
 *
 *   POST without a session -> the login page (401) with the fields in one hidden field "kept", sealed to this browser's
 *   pre-session cookie -> login -> the fields wait an hour in idempotency_key (key "kept ID") -> 303 to the form's own
 *   address with ?kept=ID -> the row's .again page with them filled in, which is then sent by hand.
 *
 * Carried only when the form is one of ours (Origin or Fetch Metadata, and the CSRF token where the cookie is still there),
 * its row has an .again page, and only back to the same person: the CSRF field says whose page it was. Files and passwords
 * are not carried.
 */
#ifndef HTTP_KEPT_H
#define HTTP_KEPT_H

#include "lib/http/http.h"

extern const struct stmt kept_put_sql, kept_get_sql;

/* The fields of rq sealed for the login form; NULL when they are not to be carried. Needs rq->pre. */
const char *kept_seal(struct req *rq);
/* After a login that gave token, outside a unit: *location is where to go on, NULL when the text is too old, broken or another person's. */
CHECK enum err kept_restore(struct req *rq, const char *sealed, const char *token, const char **location);
/* A GET of a form's own address that ends in "kept=ID": takes it off the query and tells the ID; NULL otherwise. */
const char *kept_id(struct req *rq);
/* The handler of such a request: the form filled in. */
handler kept_show;

#endif
