/* asker.h: what a request says about who asks, from where, since when. Knows nothing of libwebsockets. */
#ifndef LIVE_ASKER_H
#define LIVE_ASKER_H

#include "model/live.h"

/* NULL where something was not given. path: only of a GET. */
struct request { const char *path, *cookie, *authorization, *host, *origin, *proto, *after, *conversation, *chat; };

/* True without an Origin, or when it is the host that was asked. */
bool request_same_origin(const struct request *rq);
/* Who asks, as far as cookies and headers tell; texts in the arena. False: nobody. */
bool request_who(struct arena *a, const struct request *rq, struct live_who *who);

#endif
