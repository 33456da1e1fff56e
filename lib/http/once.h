/*
 * once.h: a POST that comes twice is done once. Two faces of one thing:
 *
 * - API: the Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header). 1 to 200 visible ASCII characters, bare
 *   or as a quoted string. The same key with the same request gets the answer that was given, with
 *   "Idempotent-Replayed: true"; with another request 422; while the first is under way the second waits for it up to the
 *   database's lock_timeout, then 409. Only successes are kept, for a day: what failed may be tried again.
 * - Pages: the field "once" of a form that makes something (macro once in templates/lib/layout.cs): the same form sent
 *   twice is led to where the first one was. A form that was changed before it was sent again is another one.
 *
 * The key's row is written in the transaction of the change: a crash leaves both or neither.
 */
#ifndef HTTP_ONCE_H
#define HTTP_ONCE_H

#include "lib/http/http.h"

/* The row of app.once_begin. */
extern const struct rec_type once_type;
extern const struct stmt once_begin_sql, once_end_sql;

/* Sets rq->once and rq->once_hash where the matched request has a key. E_SYNTAX when the header is malformed. */
CHECK enum err once_key(struct req *rq);
/* In the writing unit, before the handler; *done: the reply is there already. E_INVALID: the key is another request's. */
CHECK enum err once_begin(struct req *rq, bool *done);
/* After the handler: keeps the answer. What is neither document nor redirect is not kept; it would be done again. */
CHECK enum err once_end(struct req *rq, struct doc *out);

#endif
