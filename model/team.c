#include "model/team.h"

#include "gen/sql_inbox.h"

#define REC struct user_row
static const struct field user_fields[] = { F(id, .flags = RO | ID), F(name), F(role), F(presence) };
#undef REC
const struct rec_type user_row_type = REC_TYPE("user_row", struct user_row, user_fields);

#define REC struct team_row
static const struct field team_fields[] = { F(id, .flags = RO | ID), F(name) };
#undef REC
const struct rec_type team_row_type = REC_TYPE("team_row", struct team_row, team_fields);

#define REC struct connection_row
static const struct field connection_fields[] = { F(id, .flags = RO | ID), F(name), F(channel), F(shown, .flags = PHONE), F(status), F(status_text), F(paused_until) };
#undef REC
const struct rec_type connection_row_type = REC_TYPE("connection_row", struct connection_row, connection_fields);

enum err user_list(struct ctx *cx, struct user_row **out, size_t *n)
{
	return db_rows(cx, &sql_user_list, &user_row_type, out, n, NOARGS);
}

enum err team_list(struct ctx *cx, struct team_row **out, size_t *n)
{
	return db_rows(cx, &sql_team_list, &team_row_type, out, n, NOARGS);
}

enum err connection_get(struct ctx *cx, const char *id, struct connection_row *out)
{
	return db_row(cx, &sql_connection_get, &connection_row_type, out, ARGS(A(id)));
}
