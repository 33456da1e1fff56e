/* team.h: the people and teams that work can be passed to; teams' queues and who is there. */
#ifndef MODEL_TEAM_H
#define MODEL_TEAM_H

#include "lib/db/db.h"
#include "model/tag.h"

struct user_row { const char *id, *name, *role, *presence, *handle; }; /* handle: the address before its @ */
extern const struct rec_type user_row_type;
struct team_row { const char *id, *name; };
extern const struct rec_type team_row_type;
struct connection_row { const char *id, *name, *channel, *shown, *status, *status_text; utc_t paused_until; };
extern const struct rec_type connection_row_type;

/* Both, in one round trip. */
struct staff { struct user_row *users; struct team_row *teams; size_t nusers, nteams; };
CHECK enum err staff_get(struct ctx *cx, struct staff *out);
/* Active users who may answer, and teams, by name. */
CHECK enum err user_list(struct ctx *cx, struct user_row **out, size_t *n);
CHECK enum err team_list(struct ctx *cx, struct team_row **out, size_t *n);
CHECK enum err connection_get(struct ctx *cx, const char *id, struct connection_row *out);

/* people: members; open, queued (nobody's) and waiting: conversations that the caller sees. auto_assign: the queue hands out by turn. */
struct team { const char *id, *name, *description; bool auto_assign; int32_t people, open, queued, waiting, version; utc_t created_at, updated_at; };
extern const struct rec_type team_type;
struct team_input { const char *name, *description, *members; bool auto_assign; int32_t version; };
extern const struct rec_type team_input_type; /* API; members: a JSON array of ids, NULL: none was given */
extern const struct rec_type team_form_type;  /* page: with the version that was seen; members are the boxes "member" */
struct team_member_row { const char *team_id, *user_id, *name; };
extern const struct rec_type team_member_row_type;

/* By name, 500 at most. */
CHECK enum err team_all(struct ctx *cx, struct team **out, size_t *n);
CHECK enum err team_get(struct ctx *cx, const char *id, struct team *out);
/* The members of all teams, by name. */
CHECK enum err team_members(struct ctx *cx, struct team_member_row **out, size_t *n);
/* members NULL: as they are (none for a new one). What the queue can hand out then it does. E_CONFLICT with the field error name/taken, or version/conflict; E_INVALID with members/unknown_user. */
CHECK enum err team_add(struct ctx *cx, const struct team_input *in, const struct ids *members, const char **id);
CHECK enum err team_save(struct ctx *cx, const char *id, const struct team_input *in, const struct ids *members);
/* Its conversations and connections stay, of no team. version 0: any. */
CHECK enum err team_remove(struct ctx *cx, const char *id, int32_t version);

/* One who answers: presence online, away or offline as it is now; open: conversations that count for capacity. */
struct desk { const char *id, *name, *role, *presence; utc_t last_seen_at; int32_t capacity, open; };
extern const struct rec_type desk_type;
struct capacity_input { int32_t capacity; };
extern const struct rec_type capacity_input_type;
CHECK enum err desk_list(struct ctx *cx, struct desk **out, size_t *n);
/* E_NOTFOUND for somebody who does not answer. */
CHECK enum err capacity_set(struct ctx *cx, const char *user, int32_t capacity);

struct presence_input { const char *presence, *next; };
extern const struct rec_type presence_type;       /* as it is answered */
extern const struct rec_type presence_input_type;
/* The acting user's, as it is now. */
CHECK enum err presence_get(struct ctx *cx, const char **out);
/* What they choose: online or away. */
CHECK enum err presence_set(struct ctx *cx, const char *presence);

#endif
