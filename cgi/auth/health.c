#include "cgi/auth/auth_app.h"

#include <string.h>

#include "lib/base/text.h"
#include "lib/http/ping.h"
#include "model/account.h"

/* Programs with a socket each, and the jobs that must have been seen lately. The test of the map (nginx/) holds this list to cgi/. */
static const char *const fastcgi[] = { "inbox", "contacts", "hooks", "chat", "pipeline", "settings" };
static const char *const jobs[] = { "normalise", "send", "media", "schedule", "wake", "templates", "purge" };
enum { JOB_AGE_S = 180, PING_MS = 1500 };

static void say(struct buf *b, const char *name, bool ok, bool *all)
{
	buf_fmt(b, "%s\"%s\":\"%s\"", b->p[b->n - 1] == '{' ? "" : ",", name, ok ? "ok" : "down");
	*all = *all && ok;
}

static bool database(struct req *rq, struct worker_row **w, size_t *n)
{
	enum err e = db_begin(rq->cx, DB_READ, NULL, NULL, NULL, NOARGS, NULL, NULL);

	if (e == OK)
		e = worker_list(rq->cx, w, n);
	return db_end(rq->cx, e) == OK;
}

static bool seen(const struct worker_row *w, size_t n, const char *kind)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(w[i].kind, kind) == 0)
			return w[i].age <= JOB_AGE_S;
	return false;
}

/* 200 only when all of it answers; what does not is named. Tells nothing else. */
enum err health(struct req *rq, struct doc *out)
{
	struct arena *a = rq->cx->arena;
	struct worker_row *w = NULL;
	struct buf b = { 0 };
	bool all = true, db;
	size_t n = 0;
	char *body;

	(void)out;
	db = database(rq, &w, &n);
	buf_str(&b, "{");
	say(&b, "database", db, &all);
	say(&b, "auth", true, &all);
	for (size_t i = 0; i < nitems(fastcgi); i++)
		say(&b, fastcgi[i], fcgi_ping(arena_fmt(a, "%s/%s.sock", auth_conf.sockets, fastcgi[i]), PING_MS), &all);
	say(&b, "live", http_ping(arena_fmt(a, "%s/live.sock", auth_conf.sockets), "/health", PING_MS), &all);
	for (size_t i = 0; i < nitems(jobs); i++)
		say(&b, arena_fmt(a, "job_%s", jobs[i]), !db || seen(w, n, jobs[i]), &all);
	buf_fmt(&b, ",\"status\":\"%s\"}\n", all ? "ok" : "down");
	body = arena_strn(a, b.p, b.n);
	buf_free(&b);
	if (!all)
		reply_header(rq, "Retry-After", "2");
	return reply_raw(rq, all ? 200 : 503, "application/json", body, strlen(body));
}
