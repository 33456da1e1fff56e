#include "model/setup.h"

#include <stdlib.h>

#include "gen/sql_console.h"

#define REC struct setup_tenant
static const struct field tenant_fields[] = { F(name), F(slug), F(status), F(plan), F(zone), F(locale),
    F(users), F(conversations) };
#undef REC
const struct rec_type setup_tenant_type = REC_TYPE("setup_tenant", struct setup_tenant, tenant_fields);
#define REC struct setup_user
static const struct field user_fields[] = { F(name), F(email), F(role), F(scope), F(active) };
#undef REC
const struct rec_type setup_user_type = REC_TYPE("setup_user", struct setup_user, user_fields);
#define REC struct setup_connection_line
static const struct field connection_fields[] = { F(id), F(name), F(channel), F(key), F(status), F(own_app) };
#undef REC
const struct rec_type setup_connection_line_type = REC_TYPE("setup_connection_line",
    struct setup_connection_line, connection_fields);

enum err setup_enter(struct ctx *cx, const char *slug)
{
	const char *found;

	TRY(db_text(cx, &sql_console_enter, &found, ARGS(A(slug))));
	return found != NULL ? OK : fail(cx, E_NOTFOUND, "no tenant %s", slug);
}

enum err setup_enter_next(struct ctx *cx, int64_t *number)
{
	const char *next;

	TRY(db_text(cx, &sql_console_next, &next, ARGS(A(*number))));
	if (next == NULL)
		return E_NOTFOUND;
	*number = strtoll(next, NULL, 10);
	return OK;
}

enum err setup_tenant_add(struct ctx *cx, const char *name, const char *slug, const char *zone,
    const char *locale)
{
	return db_exec(cx, &sql_console_tenant_add, NULL, ARGS(A(name), A(slug), A(zone), A(locale)));
}

enum err setup_user_add(struct ctx *cx, const char *name, const char *email, const char *role,
    const char *scope, const char *password)
{
	const char *hash = password_hash(cx->arena, password);

	if (hash == NULL)
		return fail(cx, E_INVALID, "the password is too long");
	return db_exec(cx, &sql_console_user_add, NULL, ARGS(A(name), A(email), A(role), A(scope), A(hash)));
}

enum err setup_user_known(struct ctx *cx, const char *email, bool *known)
{
	const char *id;

	TRY(db_text(cx, &sql_console_user_known, &id, ARGS(A(email))));
	*known = id != NULL;
	return OK;
}

enum err setup_team_add(struct ctx *cx, const char *name, const char *description)
{
	return db_exec(cx, &sql_console_team_add, NULL, ARGS(A(name), A(description)));
}

enum err setup_team_join(struct ctx *cx, const char *team, const char *email)
{
	return db_exec(cx, &sql_console_team_join, NULL, ARGS(A(team), A(email)));
}

static const char *sealed(struct ctx *cx, const struct seal_ring *ring, const char *id, const char *column,
    const char *plain)
{
	if (plain == NULL)
		return NULL;
	return seal(cx->arena, ring, arena_fmt(cx->arena, "connection/%s/%s", id, column), plain);
}

enum err setup_connection_add(struct ctx *cx, const struct seal_ring *ring, const struct setup_connection *c,
    const char **id)
{
	const char *token, *secret, *verify;

	if (ring == NULL && (c->access_token != NULL || c->app_secret != NULL || c->verify_token != NULL))
		return fail(cx, E_INVALID, "BALCAO_SEAL_KEYS is needed to keep secrets");
	TRY(db_text(cx, &sql_console_id, id, NOARGS));
	token = sealed(cx, ring, *id, "access_token_sealed", c->access_token);
	secret = sealed(cx, ring, *id, "app_secret_sealed", c->app_secret);
	verify = sealed(cx, ring, *id, "verify_token_sealed", c->verify_token);
	return db_exec(cx, &sql_console_connection_add, NULL, ARGS(A(*id), A(c->name), A(c->channel),
	    A(c->external_id), A(c->public_key),
	    A(c->shown), A(c->greeting), A(c->own_app), A(token), A(secret), A(verify)));
}

enum err setup_connection_find(struct ctx *cx, const char *name, const char **id)
{
	return db_text(cx, &sql_console_connection_find, id, ARGS(A(name)));
}

enum err setup_overview(struct ctx *cx, struct setup_overview *out)
{
	TRY(db_row(cx, &sql_console_tenant_line, &setup_tenant_type, &out->tenant, NOARGS));
	TRY(db_rows(cx, &sql_console_user_lines, &setup_user_type, &out->users, &out->nusers, NOARGS));
	return db_rows(cx, &sql_console_connection_lines, &setup_connection_line_type, &out->connections,
	    &out->nconnections, NOARGS);
}
