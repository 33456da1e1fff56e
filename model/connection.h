/* connection.h: the numbers and web chats of a tenant, as those see and change them who set them up. Secrets are sealed on their way in and never come out. */
#ifndef MODEL_CONNECTION_H
#define MODEL_CONNECTION_H

#include "lib/crypto/crypto.h"
#include "lib/db/db.h"

enum { WEEKDAYS = 7 };

struct connection {
	const char *id, *name, *channel;
	const char *external_id;  /* WhatsApp: the phone number id */
	const char *public_key;   /* web chat: the key in its URL */
	const char *waba_id, *shown, *status, *status_text, *team_id, *team_name, *greeting, *away_message;
	const char *sunday, *monday, *tuesday, *wednesday, *thursday, *friday, *saturday; /* "08:00-12:00, 13:30-18:00", NULL: closed */
	bool own_app, reopen, away_enabled, has_token, has_secret;
	int32_t version;
	utc_t status_at, closed_since, created_at, updated_at; /* closed_since: UTC_NONE while it is open */
};
extern const struct rec_type connection_type;
/* What may be changed. A secret that is NULL stays as it is. */
struct connection_input {
	const char *name, *team_id, *greeting, *away_message, *shown, *waba_id, *access_token, *app_secret, *verify_token;
	const char *sunday, *monday, *tuesday, *wednesday, *thursday, *friday, *saturday;
	bool reopen, away_enabled;
	int32_t version;
};
extern const struct rec_type connection_input_type; /* API */
extern const struct rec_type connection_form_type;  /* page: with the version that was seen */
struct connection_new { const char *channel, *name, *external_id, *waba_id, *shown, *access_token, *app_secret, *verify_token, *team_id, *greeting; };
extern const struct rec_type connection_new_type;

/* By name, 200 at most. */
CHECK enum err connection_all(struct ctx *cx, struct connection **out, size_t *n);
CHECK enum err connection_one(struct ctx *cx, const char *id, struct connection *out);
/*
 * A WhatsApp number (external_id and access_token needed; app_secret and verify_token together make it one of the tenant's
 * own Meta app) or a web chat (its key is made here). E_INVALID with field errors; E_CONFLICT with name/taken or
 * external_id/taken (whoever has it). ring seals; NULL: no secret can be kept, field error access_token/no_seal.
 */
CHECK enum err connection_add(struct ctx *cx, const struct seal_ring *ring, const struct connection_new *in, const char **id);
/* E_INVALID with field errors (a weekday: hours); E_CONFLICT with name/taken, or version/conflict when in->version (0: any) is not the present one. */
CHECK enum err connection_save(struct ctx *cx, const struct seal_ring *ring, const char *id, const struct connection_input *in);
/* What stands now, to be changed. */
struct connection_input connection_input_of(const struct connection *c);

#endif
