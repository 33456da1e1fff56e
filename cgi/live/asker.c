#include "cgi/live/asker.h"

#include <string.h>
#include <strings.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/http/http.h"

/* Keys are made of these; anything else is none, and would have to be quoted further down. */
static bool key_ok(const char *s)
{
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] == '\0';
}

bool request_same_origin(const struct request *rq)
{
	const char *o = rq->origin;

	if (o == NULL)
		return true;
	if (strncasecmp(o, "https://", 8) == 0)
		o += 8;
	else if (strncasecmp(o, "http://", 7) == 0)
		o += 7;
	else
		return false;
	return rq->host != NULL && strcasecmp(o, rq->host) == 0;
}

/* On https only the __Host- name counts: a plain one could have been set by a sister host or over http. */
static const char *cookie(struct arena *a, const struct request *rq, const char *name)
{
	const char *v;

	if (rq->cookie == NULL)
		return NULL;
	v = cookie_get(a, rq->cookie, text_eq(rq->proto, "https") ? arena_fmt(a, "__Host-%s", name) : name);
	return v != NULL && token_ok(v) ? v : NULL;
}

bool request_who(struct arena *a, const struct request *rq, struct live_who *who)
{
	const char *token;
	uint8_t *hash = arena_alloc(a, 32);

	*who = (struct live_who){ NULL, NULL, NULL };
	if (rq->chat != NULL)
		token = cookie(a, rq, "balcao_visitor");
	else if (rq->authorization != NULL && strncasecmp(rq->authorization, "Bearer ", 7) == 0)
		token = token_ok(rq->authorization + 7) ? rq->authorization + 7 : NULL;
	else
		token = cookie(a, rq, "balcao");
	if (token == NULL || (rq->chat != NULL && !key_ok(rq->chat)))
		return false;
	sha256(token, strlen(token), hash);
	if (rq->chat == NULL) {
		who->token = hash;
	} else {
		who->key = rq->chat;
		who->visitor = hex_encode(a, hash, 32);
	}
	return true;
}
