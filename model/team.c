#include "model/team.h"

#include <string.h>

#include "gen/sql_inbox.h"
#include "gen/sql_settings.h"
#include "lib/base/text.h"

#define REC struct user_row
static const struct field user_fields[] = { F(id, .flags = RO | ID), F(name), F(role), F(presence), F(handle, .flags = HIDE) };
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

enum err staff_get(struct ctx *cx, struct staff *out)
{
	TRY(db_send(cx, &sql_user_list, NOARGS));
	TRY(db_send(cx, &sql_team_list, NOARGS));
	TRY(db_take_rows(cx, &user_row_type, &out->users, &out->nusers));
	return db_take_rows(cx, &team_row_type, &out->teams, &out->nteams);
}

enum err connection_get(struct ctx *cx, const char *id, struct connection_row *out)
{
	return db_row(cx, &sql_connection_get, &connection_row_type, out, ARGS(A(id)));
}

/* ---- teams ---- */

#define REC struct team
static const struct field team_full_fields[] = {
	F(id, .flags = RO | ID), F(name), F(description, .flags = MULTI, .max = 500), F(auto_assign, .doc = "its queue hands out by turn, to who is online and has room"),
	F(people, .flags = RO, .doc = "members"), F(open, .flags = RO, .doc = "open conversations that the caller sees"), F(queued, .flags = RO, .doc = "those of nobody"),
	F(waiting, .flags = RO, .doc = "those that wait for an answer"), F(version, .flags = RO), F(created_at, .flags = RO), F(updated_at, .flags = RO),
};
#undef REC
const struct rec_type team_type = REC_TYPE("team", struct team, team_full_fields);

#define REC struct team_input
static const struct field team_input_fields[] = {
	F(name, .flags = REQ, .max = 100), F(description, .flags = MULTI, .max = 500), F(auto_assign), F(members, .flags = JSON | MULTI, .max = 25000, .schema = SCHEMA_IDS, .doc = "array of user ids"),
};
static const struct field team_form_fields[] = { F(name, .flags = REQ, .max = 100), F(description, .flags = MULTI, .max = 500), F(auto_assign), F(version, .min = 0, .max = INT32_MAX) };
#undef REC
const struct rec_type team_input_type = REC_TYPE("team_input", struct team_input, team_input_fields);
const struct rec_type team_form_type = REC_TYPE("team_form", struct team_input, team_form_fields);

#define REC struct team_member_row
static const struct field member_fields[] = { F(team_id, .flags = RO | ID), F(user_id, .flags = RO | ID), F(name) };
#undef REC
const struct rec_type team_member_row_type = REC_TYPE("team_member_row", struct team_member_row, member_fields);

enum err team_all(struct ctx *cx, struct team **out, size_t *n)
{
	return db_rows(cx, &sql_team_all, &team_type, out, n, ARGS(A((const char *)NULL)));
}

enum err team_get(struct ctx *cx, const char *id, struct team *out)
{
	return db_row(cx, &sql_team_all, &team_type, out, ARGS(A(id)));
}

enum err team_members(struct ctx *cx, struct team_member_row **out, size_t *n)
{
	return db_rows(cx, &sql_team_members, &team_member_row_type, out, n, NOARGS);
}

static enum err name_taken(struct ctx *cx, enum err e)
{
	if (e != E_CONFLICT || strcmp(db_sqlstate(cx), "23505") != 0)
		return e;
	(void)fail_field(cx, "name", "taken", NULL);
	return fail(cx, E_CONFLICT, "name of a team");
}

static enum err stale(struct ctx *cx, int32_t version)
{
	(void)fail_field(cx, "version", "conflict", NULL);
	return fail(cx, E_CONFLICT, "team version %d moved", version);
}

static enum err people(struct ctx *cx, const char *id, const struct ids *members)
{
	enum err e = members != NULL ? db_exec(cx, &sql_team_members_set, NULL, ARGS(A(id), A(ids_text(cx->arena, *members)))) : OK;

	if (e == E_NOTFOUND && strcmp(db_sqlstate(cx), "23503") == 0)
		return fail_field(cx, "members", "unknown_user", NULL);
	TRY(e);
	return db_exec(cx, &sql_queue_drain, NULL, ARGS(A(id)));
}

enum err team_add(struct ctx *cx, const struct team_input *in, const struct ids *members, const char **id)
{
	TRY(name_taken(cx, db_text(cx, &sql_team_add, id, ARGS(A(in->name), A(in->description), A(in->auto_assign)))));
	return people(cx, *id, members);
}

enum err team_save(struct ctx *cx, const char *id, const struct team_input *in, const struct ids *members)
{
	struct team now;
	int64_t n;

	TRY(team_get(cx, id, &now));
	TRY(name_taken(cx, db_exec(cx, &sql_team_save, &n, ARGS(A(id), A(in->name), A(in->description), A(in->auto_assign), arg_version(in->version)))));
	return n > 0 ? people(cx, id, members) : stale(cx, in->version);
}

enum err team_remove(struct ctx *cx, const char *id, int32_t version)
{
	const char *done;

	TRY(db_text(cx, &sql_team_remove, &done, ARGS(A(id), arg_version(version))));
	if (done == NULL)
		return fail(cx, E_NOTFOUND, "team %s", id);
	return text_eq(done, "true") ? OK : stale(cx, version);
}

/* ---- who is there ---- */

static const char *const choices[] = { "online", "away", NULL };

#define REC struct desk
static const struct field desk_fields[] = {
	F(id, .flags = RO | ID), F(name), F(role), F(presence, .doc = "online, away or offline, as it is now"), F(last_seen_at), F(capacity, .doc = "open conversations to which the queues fill up"),
	F(open, .doc = "open conversations, snoozed ones left out"),
};
#undef REC
const struct rec_type desk_type = REC_TYPE("desk", struct desk, desk_fields);

#define REC struct capacity_input
static const struct field capacity_fields[] = { F(capacity, .flags = REQ, .min = 0, .max = 500) };
#undef REC
const struct rec_type capacity_input_type = REC_TYPE("capacity_input", struct capacity_input, capacity_fields);

#define REC struct presence_input
static const struct field presence_now[] = { F(presence, .doc = "online, away or offline") };
static const struct field presence_fields[] = { F(presence, .flags = REQ, .one_of = choices), F(next, .max = 2000, .doc = "pages only: where to go back to") };
#undef REC
const struct rec_type presence_type = REC_TYPE("presence", struct presence_input, presence_now);
const struct rec_type presence_input_type = REC_TYPE("presence_input", struct presence_input, presence_fields);

enum err desk_list(struct ctx *cx, struct desk **out, size_t *n)
{
	return db_rows(cx, &sql_desk_list, &desk_type, out, n, NOARGS);
}

enum err capacity_set(struct ctx *cx, const char *user, int32_t capacity)
{
	const char *done;

	TRY(db_text(cx, &sql_capacity_set, &done, ARGS(A(user), A((int64_t)capacity))));
	return text_eq(done, "true") ? OK : fail(cx, E_NOTFOUND, "user %s", user);
}

enum err presence_get(struct ctx *cx, const char **out)
{
	return db_text(cx, &sql_presence_get, out, NOARGS);
}

enum err presence_set(struct ctx *cx, const char *presence)
{
	return db_exec(cx, &sql_presence_set, NULL, ARGS(A(presence)));
}
