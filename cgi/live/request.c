#include "cgi/live/live.h"

#include <string.h>

#include "lib/base/text.h"

enum { ARGUMENT_MAX = 256 };

/*
 * NULL when the header is absent; "" when it could not be had whole, which is not the same: a foreign Origin
 * stays one.
 */
static const char *header(struct lws *wsi, struct arena *a, enum lws_token_indexes which)
{
	int n = lws_hdr_total_length(wsi, which);
	char *s;

	if (n <= 0)
		return NULL;
	s = arena_alloc(a, (size_t)n + 8);
	return lws_hdr_copy(wsi, s, n + 8, which) > 0 ? s : "";
}

static const char *other_header(struct lws *wsi, struct arena *a, const char *name)
{
	int n = lws_hdr_custom_length(wsi, name, (int)strlen(name));
	char *s;

	if (n <= 0)
		return NULL;
	if (n > ARGUMENT_MAX)
		return "";
	s = arena_alloc(a, (size_t)n + 1);
	return lws_hdr_custom_copy(wsi, s, n + 1, name, (int)strlen(name)) > 0 ? s : "";
}

static const char *argument(struct lws *wsi, struct arena *a, const char *name)
{
	char *s = arena_alloc(a, ARGUMENT_MAX);
	const char *value = lws_get_urlarg_by_name(wsi, name, s, ARGUMENT_MAX);

	return value != NULL && *value != '\0' ? value : NULL;
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
	rq->conversation = argument(wsi, a, "conversation=");
	if (rq->conversation != NULL && !id_ok(rq->conversation))
		rq->conversation = NULL;
	if (rq->after == NULL)
		rq->after = argument(wsi, a, "after=");
}
