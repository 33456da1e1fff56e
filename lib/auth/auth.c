#include "lib/auth/auth.h"

#include <string.h>

#include "lib/crypto/crypto.h"

#define REC struct entered
static const struct field entered_fields[] = {
	F(session_id), F(tenant_name), F(user_id), F(user_name), F(user_email), F(role), F(scope), F(locale), F(zone), F(stale),
};
#undef REC
const struct rec_type entered_type = REC_TYPE("entered", struct entered, entered_fields);

const struct stmt auth_enter_sql = { "auth_enter", "SELECT * FROM app.enter($1, $2)", "entered", 2 };
const struct stmt auth_seen_sql = { "auth_seen", "SELECT app.seen($1)", NULL, 1 };

const uint8_t *auth_hash(struct arena *a, const char *token)
{
	uint8_t *h = arena_alloc(a, 32);

	sha256(token, strlen(token), h);
	return h;
}

char *auth_csrf(struct arena *a, const char *token)
{
	static const char label[] = "balcao csrf v1";
	uint8_t mac[32];

	hmac_sha256(token, strlen(token), label, sizeof(label) - 1, mac);
	return base64url_encode(a, mac, sizeof(mac));
}

bool auth_csrf_ok(struct arena *a, const char *token, const char *given)
{
	return token != NULL && given != NULL && secret_equal(auth_csrf(a, token), given);
}
