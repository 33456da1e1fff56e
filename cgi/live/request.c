#include "cgi/live/live.h"

#include <string.h>
#include <strings.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/http/http.h"

enum { ARGUMENT_MAX = 256 };

/* NULL when the header is absent, or could not be had whole. */
static const char *header(struct lws *wsi, struct arena *a, enum lws_token_indexes which)
{
	int n = lws_hdr_total_length(wsi, which);
	char *s;

	if (n <= 0)
		return NULL;
	s = arena_alloc(a, (size_t)n + 8);
	return lws_hdr_copy(wsi, s, n + 8, which) > 0 ? s : NULL;
}

static const char *other_header(struct lws *wsi, struct arena *a, const char *name)
{
	int n = lws_hdr_custom_length(wsi, name, (int)strlen(name));
	char *s;

	if (n <= 0 || n > ARGUMENT_MAX)
		return NULL;
	s = arena_alloc(a, (size_t)n + 1);
	return lws_hdr_custom_copy(wsi, s, n + 1, name, (int)strlen(name)) > 0 ? s : NULL;
}

static const char *argument(struct lws *wsi, struct arena *a, const char *name)
{
	char *s = arena_alloc(a, ARGUMENT_MAX);
	const char *value = lws_get_urlarg_by_name(wsi, name, s, ARGUMENT_MAX);

	return value != NULL && *value != '\0' ? value : NULL;
}

/* Keys are made of these; anything else is none, and would have to be quoted further down. */
static bool key_ok(const char *s)
{
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] == '\0';
}

void request_read(struct lws *wsi, struct arena *a, struct request *rq)
{
	*rq = (struct request){
		.path = header(wsi, a, WSI_TOKEN_GET_URI),
		.cookie = header(wsi, a, WSI_TOKEN_HTTP_COOKIE),
		.authorization = header(wsi, a, WSI_TOKEN_HTTP_AUTHORIZATION),
		.host = header(wsi, a, WSI_TOKEN_HOST),
		.origin = header(wsi, a, WSI_TOKEN_ORIGIN),
		.proto = other_header(wsi, a, "x-forwarded-proto:"),
		.after = other_header(wsi, a, "last-event-id:"),
		.chat = argument(wsi, a, "chat="),
	};
	rq->get = rq->path != NULL;
	if (rq->after == NULL)
		rq->after = argument(wsi, a, "after=");
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
