/* purge.h: what may be forgotten, in batches small enough to disturb nobody. */
#ifndef MODEL_PURGE_H
#define MODEL_PURGE_H

#include "lib/db/db.h"

/* Days that things are kept. */
struct purge_days { int64_t webhooks, events, keys, changes; };

/* *round rises by one with each round; 0: none is due. At most one worker an hour gets one. A unit of its own. */
CHECK enum err purge_begin(struct ctx *cx, int64_t *round);
/* Moves *tenant on to the next one; *more false when there is none. */
CHECK enum err purge_next(struct ctx *cx, int64_t *tenant, bool *more);
/* One batch of each table of the tenant; *n rows went. Call again while *n is not 0. */
CHECK enum err purge_batch(struct ctx *cx, int64_t tenant, const struct purge_days *days, int64_t *n);
/* What belongs to no tenant's tables: sessions, throttles, finished jobs, rates. */
CHECK enum err purge_private(struct ctx *cx);

struct file_row { const char *file; };
extern const struct rec_type file_row_type;
/* Which of the n names belong to an attachment. In the context's arena. */
CHECK enum err purge_known(
    struct ctx *cx, const char *const *names, size_t n, struct file_row **known, size_t *count);

#endif
