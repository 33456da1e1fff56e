#include "model/connection.h"

#include <string.h>

#include "gen/sql_settings.h"
#include "lib/base/text.h"
#include "model/hook.h"
#include "model/hours.h"

enum { SPANS_WEEK = WEEKDAYS * SPANS_DAY };
static const char *const channels[] = { "whatsapp", "chat", NULL };

#define REC struct connection
#define HOURS F(sunday), F(monday), F(tuesday), F(wednesday), F(thursday), F(friday), F(saturday)
static const struct field connection_fields[] = {
	F(id, .flags = RO | ID), F(name), F(channel), F(external_id, .doc = "WhatsApp: the phone number id"), F(public_key, .doc = "web chat: the key in its URL"), F(waba_id),
	F(shown, .flags = PHONE), F(own_app, .doc = "webhooks are signed by the tenant's own Meta app"), F(status), F(status_text), F(status_at), F(team_id, .flags = ID), F(team_name),
	F(reopen), F(greeting, .flags = MULTI), F(away_enabled), F(away_message, .flags = MULTI), HOURS, F(closed_since, .doc = "null while it is open"),
	F(has_token, .doc = "an access token is kept"), F(has_secret, .doc = "an app secret is kept"), F(version, .flags = RO), F(created_at, .flags = RO), F(updated_at, .flags = RO),
};
#undef HOURS
#undef REC
const struct rec_type connection_type = REC_TYPE("connection", struct connection, connection_fields);

#define REC struct connection_input
#define DAY(d) F(d, .max = 120, .doc = "open hours of the day: \"08:00-12:00, 13:30-18:00\"; null: closed; no day with hours: always open")
#define INPUT \
	F(name, .flags = REQ, .max = 100), F(team_id, .flags = ID, .doc = "whose new conversations are"), F(reopen, .doc = "a resolved conversation opens again when the person writes; false: a new one"), \
	F(greeting, .flags = MULTI, .max = 500), F(away_enabled), F(away_message, .flags = MULTI, .max = 1000), F(shown, .max = 40), F(waba_id, .max = 40), \
	F(access_token, .flags = SECRET, .max = 1000), F(app_secret, .flags = SECRET, .max = 200), F(verify_token, .flags = SECRET, .max = 200), \
	DAY(sunday), DAY(monday), DAY(tuesday), DAY(wednesday), DAY(thursday), DAY(friday), DAY(saturday)
static const struct field input_fields[] = { INPUT };
static const struct field form_fields[] = { INPUT, F(version, .min = 0, .max = INT32_MAX) };
#undef INPUT
#undef DAY
#undef REC
const struct rec_type connection_input_type = REC_TYPE("connection_input", struct connection_input, input_fields);
const struct rec_type connection_form_type = REC_TYPE("connection_form", struct connection_input, form_fields);

#define REC struct connection_new
static const struct field new_fields[] = {
	F(channel, .flags = REQ, .one_of = channels), F(name, .flags = REQ, .max = 100), F(external_id, .max = 40, .doc = "WhatsApp: the phone number id"), F(waba_id, .max = 40),
	F(shown, .max = 40, .doc = "the number as people know it"), F(access_token, .flags = SECRET, .max = 1000), F(app_secret, .flags = SECRET, .max = 200, .doc = "of the tenant's own Meta app"),
	F(verify_token, .flags = SECRET, .max = 200), F(team_id, .flags = ID), F(greeting, .flags = MULTI, .max = 500),
};
#undef REC
const struct rec_type connection_new_type = REC_TYPE("connection_new", struct connection_new, new_fields);

enum err connection_all(struct ctx *cx, struct connection **out, size_t *n)
{
	return db_rows(cx, &sql_connection_all, &connection_type, out, n, ARGS(A((const char *)NULL)));
}

enum err connection_one(struct ctx *cx, const char *id, struct connection *out)
{
	return db_row(cx, &sql_connection_all, &connection_type, out, ARGS(A(id)));
}

struct connection_input connection_input_of(const struct connection *c)
{
	return (struct connection_input){ .name = c->name, .team_id = c->team_id, .greeting = c->greeting, .away_message = c->away_message, .shown = c->shown, .waba_id = c->waba_id,
		.sunday = c->sunday, .monday = c->monday, .tuesday = c->tuesday, .wednesday = c->wednesday, .thursday = c->thursday, .friday = c->friday, .saturday = c->saturday,
		.reopen = c->reopen, .away_enabled = c->away_enabled };
}

/* What the database refused, told at its field. */
static enum err refused(struct ctx *cx, enum err e)
{
	const char *state = db_sqlstate(cx), *field = strcmp(db_constraint(cx), "connection_key_pkey") == 0 ? "external_id" : "name";

	if (e == E_NOTFOUND && strcmp(state, "23503") == 0)
		return fail_field(cx, "team_id", "unknown_team", NULL);
	if (e != E_CONFLICT || strcmp(state, "23505") != 0)
		return e;
	(void)fail_field(cx, field, "taken", NULL);
	return fail(cx, E_CONFLICT, "%s of a connection", field);
}

static const char *sealed(struct ctx *cx, const struct seal_ring *ring, const char *id, const char *column, const char *plain)
{
	return plain != NULL ? seal(cx->arena, ring, connection_aad(cx->arena, id, column), plain) : NULL;
}

static bool digits(const char *s)
{
	return s == NULL || s[strspn(s, "0123456789")] == '\0';
}

static enum err can_keep(struct ctx *cx, const struct seal_ring *ring, const char *token, const char *secret, const char *verify)
{
	return ring != NULL || (token == NULL && secret == NULL && verify == NULL) ? OK : fail_field(cx, "access_token", "no_seal", NULL);
}

/* What a WhatsApp number must have. */
static enum err whatsapp_whole(struct ctx *cx, const struct connection_new *in)
{
	if (in->external_id == NULL)
		(void)fail_field(cx, "external_id", "required", NULL);
	if (in->access_token == NULL)
		(void)fail_field(cx, "access_token", "required", NULL);
	if (!digits(in->external_id))
		(void)fail_field(cx, "external_id", "format", NULL);
	if (!digits(in->waba_id))
		(void)fail_field(cx, "waba_id", "format", NULL);
	if (in->app_secret != NULL && in->verify_token == NULL)
		(void)fail_field(cx, "verify_token", "required", NULL);
	if (in->app_secret == NULL && in->verify_token != NULL)
		(void)fail_field(cx, "app_secret", "required", NULL);
	return cx->errors == NULL ? OK : E_INVALID;
}

enum err connection_add(struct ctx *cx, const struct seal_ring *ring, const struct connection_new *in, const char **id)
{
	bool whatsapp = strcmp(in->channel, "whatsapp") == 0;
	struct connection_new c = *in;

	if (whatsapp)
		TRY(whatsapp_whole(cx, in));
	else
		c = (struct connection_new){ .channel = in->channel, .name = in->name, .shown = in->shown, .team_id = in->team_id, .greeting = in->greeting };
	TRY(can_keep(cx, ring, c.access_token, c.app_secret, c.verify_token));
	TRY(db_text(cx, &sql_connection_new_id, id, NOARGS));
	TRY(refused(cx, db_exec(cx, &sql_connection_add, NULL, ARGS(A(*id), A(c.name), A(c.channel), A(c.external_id), A(whatsapp ? NULL : (const char *)token_new(cx->arena)), A(c.shown),
	    A(c.greeting), A(c.app_secret != NULL), A(sealed(cx, ring, *id, "access_token_sealed", c.access_token)), A(sealed(cx, ring, *id, "app_secret_sealed", c.app_secret)),
	    A(sealed(cx, ring, *id, "verify_token_sealed", c.verify_token)), A(c.team_id)))));
	return whatsapp ? db_exec(cx, &sql_connection_account, NULL, ARGS(A(*id), A(c.waba_id))) : OK;
}

/* The hours of the week as app.hours_set takes them. */
static enum err week(struct ctx *cx, const struct connection_input *in, const char **json)
{
	const struct { const char *field, *text; } days[WEEKDAYS] = { { "sunday", in->sunday }, { "monday", in->monday }, { "tuesday", in->tuesday }, { "wednesday", in->wednesday },
		{ "thursday", in->thursday }, { "friday", in->friday }, { "saturday", in->saturday } };
	struct span all[SPANS_WEEK];
	size_t n = 0, k;

	for (int d = 0; d < WEEKDAYS; d++) {
		if (hours_parse(days[d].text, d, all + n, &k))
			n += k;
		else
			(void)fail_field(cx, days[d].field, "hours", NULL);
	}
	*json = hours_json(cx->arena, all, n);
	return cx->errors == NULL ? OK : E_INVALID;
}

/* Replaces a secret; NULL leaves it as it is. */
static enum err keep(struct ctx *cx, const struct seal_ring *ring, const struct stmt *s, const char *id, const char *column, const char *plain)
{
	return plain != NULL ? db_exec(cx, s, NULL, ARGS(A(id), A(sealed(cx, ring, id, column, plain)))) : OK;
}

enum err connection_save(struct ctx *cx, const struct seal_ring *ring, const char *id, const struct connection_input *in)
{
	struct connection now;
	const char *hours;
	int64_t n;

	TRY(connection_one(cx, id, &now));
	if (in->away_enabled && in->away_message == NULL)
		(void)fail_field(cx, "away_message", "required", NULL);
	if (!digits(in->waba_id))
		(void)fail_field(cx, "waba_id", "format", NULL);
	TRY(week(cx, in, &hours));
	TRY(can_keep(cx, ring, in->access_token, in->app_secret, in->verify_token));
	TRY(refused(cx, db_exec(cx, &sql_connection_save, &n, ARGS(A(id), A(in->name), A(in->team_id), A(in->reopen), A(in->greeting), A(in->away_enabled), A(in->away_message), A(in->shown),
	    arg_version(in->version)))));
	if (n == 0) {
		(void)fail_field(cx, "version", "conflict", NULL);
		return fail(cx, E_CONFLICT, "connection version %d moved", in->version);
	}
	if (in->access_token != NULL || !text_eq(in->waba_id, now.waba_id))
		TRY(db_exec(cx, &sql_connection_account, NULL, ARGS(A(id), A(in->waba_id))));
	TRY(keep(cx, ring, &sql_connection_token, id, "access_token_sealed", in->access_token));
	TRY(keep(cx, ring, &sql_connection_secret, id, "app_secret_sealed", in->app_secret));
	TRY(keep(cx, ring, &sql_connection_verify, id, "verify_token_sealed", in->verify_token));
	return db_exec(cx, &sql_hours_set, NULL, ARGS(A(id), A(hours)));
}
