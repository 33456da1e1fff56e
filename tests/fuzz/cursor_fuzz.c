/*
 * cursor_fuzz.c: what live reads from strangers.
 *  - A text is a cursor only when it is exactly how that cursor is written.
 *  - A cookie's value, when there is one, stands in the header after its name; who asks is decided by a token
 *    of the right shape and nothing else.
 *  - A foreign Origin never passes.
 */
#include <strings.h>

#include "cgi/live/asker.c"
#include "tests/fuzz/fuzz.h"


int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	crypto_start();
	return 0;
}

static void cursor(const char *s)
{
	struct live_cursor c, again;
	char text[LIVE_CURSOR_TEXT];

	if (!live_cursor_parse(s, &c))
		return;
	live_cursor_text(text, c);
	REQUIRE(strcmp(text, s) == 0 && live_cursor_parse(text, &again) && live_cursor_compare(c, again) == 0);
	REQUIRE(c.xid <= INT64_MAX && c.seq <= INT64_MAX);
}

static void who(struct arena *a, const struct request *rq)
{
	struct live_who w;
	const char *v = rq->cookie != NULL ? cookie_get(a, rq->cookie, "balcao") : NULL;

	if (v != NULL)
		REQUIRE(strstr(rq->cookie, arena_fmt(a, "balcao=%s", v)) != NULL && strchr(v, ';') == NULL);
	if (!request_who(a, rq, &w))
		return;
	if (rq->chat != NULL)
		REQUIRE(w.token == NULL && w.key == rq->chat && strlen(w.visitor) == 64 &&
		    strpbrk(w.key, "{},\"\\") == NULL);
	else
		REQUIRE(w.token != NULL && w.key == NULL && w.visitor == NULL);
}

static void origin(const struct request *rq)
{
	size_t host = rq->host != NULL ? strlen(rq->host) : 0;
	size_t n = rq->origin != NULL ? strlen(rq->origin) : 0;

	if (rq->origin != NULL && request_same_origin(rq))
		REQUIRE(n > host && strcasecmp(rq->origin + n - host, rq->host) == 0 &&
		    n - host <= strlen("https://"));
}

/* The input's lines are the parts of a request. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct request rq = { 0 };
	const char **parts[] = { &rq.after, &rq.cookie, &rq.authorization, &rq.host, &rq.origin, &rq.proto,
	    &rq.chat };
	char *s = arena_strn(a, (const char *)data, size);

	for (size_t i = 0; i < nitems(parts) && s != NULL; i++) {
		char *end = strchr(s, '\n');

		if (end != NULL)
			*end++ = '\0';
		if (*s != '\0')
			*parts[i] = s;
		s = end;
	}
	cursor(rq.after);
	who(a, &rq);
	origin(&rq);
	arena_free(a);
	return 0;
}
