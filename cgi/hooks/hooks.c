#include "cgi/hooks/hooks.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "model/hook.h"
#include "model/perm.h"

enum { WEBHOOK_MAX = 3 * 1024 * 1024 };

static struct { const char *app_secret, *verify_token, *seal_keys; } conf;
static struct seal_ring *ring;

static const struct conf_row rows[] = {
	{ "BALCAO_WHATSAPP_APP_SECRET", CONF_SECRET, 0, NULL, false, "secret of the one Meta app that serves all tenants" },
	{ "BALCAO_WHATSAPP_VERIFY_TOKEN", CONF_SECRET, sizeof(const char *), NULL, false, "token of its webhook handshake" },
	{ "BALCAO_SEAL_KEYS", CONF_SECRET, 2 * sizeof(const char *), NULL, true, "master keys, id:64 hex digits, comma-separated, the newest first" },
	{ NULL, CONF_STR, 0, NULL, false, NULL },
};

static void start(void)
{
	ring = seal_ring_new(conf.seal_keys);
	if (ring == NULL)
		die("BALCAO_SEAL_KEYS: want id:64 hex digits");
}

static const struct route routes[] = {
	{ GET, "/hooks/whatsapp", whatsapp_verify, PUBLIC, TX_NONE, NULL, .flags = R_PAGE | R_RAW },
	{ POST, "/hooks/whatsapp", whatsapp_receive, PUBLIC, TX_WRITE, NULL, R_PAGE | R_RAW | R_NO_CSRF, .body_max = WEBHOOK_MAX },
	{ GET, "/hooks/whatsapp/:connection_id", whatsapp_verify, PUBLIC, TX_READ, NULL, .flags = R_PAGE | R_RAW },
	{ POST, "/hooks/whatsapp/:connection_id", whatsapp_receive, PUBLIC, TX_WRITE, NULL, R_PAGE | R_RAW | R_NO_CSRF, .body_max = WEBHOOK_MAX },
};

const struct app hooks_app = { "hooks", "balcao_ingest", routes, nitems(routes), .perms = perms_of, .conf = rows, .conf_out = &conf, .start = start };

/* The connection of the path, NULL for the shared app. */
static const char *connection_of(const struct req *rq)
{
	return rq->captures != NULL ? rq->captures->value : NULL;
}

/* The key of the app that calls: ours, or the tenant's own. */
static enum err key_of(struct req *rq, bool verify, const char **key)
{
	const char *id = connection_of(rq), *column = verify ? "verify_token_sealed" : "app_secret_sealed", *sealed;
	struct hook_connection c;

	*key = verify ? conf.verify_token : conf.app_secret;
	if (id == NULL)
		return OK;
	TRY(hook_connection(rq->cx, id, &c));
	sealed = verify ? c.verify_token_sealed : c.app_secret_sealed;
	*key = sealed != NULL ? unseal(rq->cx->arena, ring, connection_aad(rq->cx->arena, id, column), sealed) : NULL;
	if (sealed != NULL && *key == NULL)
		log_kv(LOG_ERROR, "unseal", "connection", id, "column", column, NULL);
	return OK;
}

/* Meta's handshake: the challenge comes back when mode and token fit. */
enum err whatsapp_verify(struct req *rq, struct doc *out)
{
	const char *mode = req_query(rq, "hub.mode"), *token = req_query(rq, "hub.verify_token"), *challenge = req_query(rq, "hub.challenge"), *want;

	(void)out;
	TRY(key_of(rq, true, &want));
	if (!text_eq(mode, "subscribe") || text_empty(want) || !secret_equal(want, token) || challenge == NULL)
		return fail(rq->cx, E_DENIED, "handshake");
	return reply_raw(rq, 200, "text/plain; charset=utf-8", challenge, strlen(challenge));
}

bool hook_signature_ok(const char *header, const char *key, const void *body, size_t n)
{
	uint8_t want[32], got[32];

	if (header == NULL || text_empty(key) || strncmp(header, "sha256=", 7) != 0 || !hex_decode(header + 7, got, sizeof(got)))
		return false;
	hmac_sha256(key, strlen(key), body, n, want);
	return crypto_equal(want, got, sizeof(want));
}

/*
 * Why a signed body is kept as rejected, NULL when it may be normalised: the look is only at its outline.
 * What it means is the normaliser's business, which may fail and be repaired without the provider.
 */
static const char *outline(struct req *rq)
{
	const char *why = NULL, *object;
	bool bad;
	struct param *p = params_json(rq->cx->arena, rq->body, rq->nbody, &bad, &why);

	if (bad)
		return arena_fmt(rq->cx->arena, "json: %s", why);
	rq->form = p;
	object = req_field(rq, "object");
	if (!text_eq(object, "whatsapp_business_account"))
		return "object is not whatsapp_business_account";
	if (req_field(rq, "entry") == NULL)
		return "no entry";
	return NULL;
}

enum err whatsapp_receive(struct req *rq, struct doc *out)
{
	const char *key, *why;
	bool fresh;

	(void)out;
	TRY(key_of(rq, false, &key));
	if (!hook_signature_ok(rq->signature, key, rq->body != NULL ? rq->body : "", rq->nbody))
		return fail(rq->cx, E_AUTH, "signature");
	why = rq->nbody == 0 ? "empty" : outline(rq);
	TRY(hook_store(rq->cx, "whatsapp", connection_of(rq), rq->body != NULL ? rq->body : "", rq->nbody, why, &fresh));
	log_kv(LOG_INFO, "webhook", "bytes", log_i((int64_t)rq->nbody), "fresh", fresh ? "1" : "0", "rejected", why != NULL ? "1" : NULL, NULL);
	return reply_raw(rq, 200, "text/plain; charset=utf-8", "ok\n", 3);
}
