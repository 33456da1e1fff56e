/* team.h: the people and teams that work can be passed to. */
#ifndef MODEL_TEAM_H
#define MODEL_TEAM_H

#include "lib/db/db.h"

struct user_row { const char *id, *name, *role, *presence; };
extern const struct rec_type user_row_type;
struct team_row { const char *id, *name; };
extern const struct rec_type team_row_type;
struct connection_row { const char *id, *name, *channel, *shown, *status, *status_text; utc_t paused_until; };
extern const struct rec_type connection_row_type;

/* Active users who may answer, and teams, by name. */
CHECK enum err user_list(struct ctx *cx, struct user_row **out, size_t *n);
CHECK enum err team_list(struct ctx *cx, struct team_row **out, size_t *n);
CHECK enum err connection_get(struct ctx *cx, const char *id, struct connection_row *out);

#endif
