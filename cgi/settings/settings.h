/* settings.h: the handlers of what a tenant sets up: teams and their queues, who is there, connections, holidays. One file per page group. */
#ifndef CGI_SETTINGS_SETTINGS_H
#define CGI_SETTINGS_SETTINGS_H

#include "lib/crypto/crypto.h"
#include "lib/http/http.h"

extern const struct app settings_app;
/* Seals the secrets of connections; NULL when the program was given no keys. */
extern struct seal_ring *settings_ring;

/* teams.c */
handler settings_home, team_index, team_show, team_edit, team_create, team_update, team_patch, team_drop, team_gone, team_delete;
/* desk.c: who is there, and how much they take */
handler presence_show, presence_post, user_index, capacity_post;
/* connections.c */
handler connection_index, connection_show, connection_start, connection_create, connection_update, connection_patch;
/* holidays.c */
handler holiday_index, holiday_create, holiday_fill, holiday_drop;

struct holiday_year { int32_t year; };
extern const struct rec_type holiday_year_type;
struct connection_start { const char *channel; };
extern const struct rec_type connection_start_type;

/* ---- shared by the pages ---- */

const char *say(struct req *rq, const char *key, const char *arg);
/* A form was sent for an older version than this one. */
bool settings_stale(struct req *rq, int32_t version);
/* Into the open list "conflict": what was asked for and what is, when they differ. field: a key of T.team.field. */
void settings_diff(struct req *rq, struct doc *out, const char *field, const char *mine, const char *theirs);
/* "1" for yes, NULL for no, as a box of a shown-again form has it. */
const char *box(bool on);
/* All teams as the list "choices", for a select. */
CHECK enum err team_choices(struct req *rq, struct doc *out);

#endif
