#include <errno.h>
#include <string.h>

#include "jobs/work.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "model/file.h"
#include "model/media.h"
#include "model/outbound.h"
#include "model/store.h"

enum {
	GONE_AFTER = 5,
	BASE_MS = 5000,
	CAP_MS = 900000,
	FETCH_MS = 60000,
	MARGIN_MS = 10000,
	WAIT_MAX_S = 7 * 24 * 3600
};

struct fetching {
	struct work *w;
	const struct job *j;
	struct media_row m;
	const char *token;
	struct wa_media doc;
};

static enum err end_with(struct fetching *f, const struct media_end *end)
{
	struct ctx *cx = f->w->cx;
	enum err e = job_begin(cx, f->j);

	if (e == E_NOTFOUND)
		return fail(cx, E_CONFLICT, "the lease is gone");
	if (e == OK)
		e = media_end(cx, f->m.id, end);
	if (e == OK)
		e = job_end(cx, f->j, "done", end->error);
	return db_end(cx, e);
}

static enum err end_state(struct fetching *f, const char *state, const char *why, int64_t size)
{
	return end_with(f, &(struct media_end){ .state = state, .error = why, .size = size });
}

/* Tried again later, at most until the provider has thrown the file away itself; *state* then says what it was. */
static enum err later(struct fetching *f, const char *why, const char *state, int attempts, bool keep)
{
	const struct job *j = f->j;

	if (j->attempt >= attempts || j->age > WAIT_MAX_S)
		return end_state(f, state, why, -1);
	return job_again_now(f->w->cx, j, job_backoff(j->attempt, BASE_MS, CAP_MS), why, keep);
}

static enum err answer_later(struct fetching *f, enum net_result r, const struct net_response *rs)
{
	struct arena *a = f->w->cx->arena;
	struct wa_answer answer;

	if (r == NET_REFUSED)
		return end_state(f, "failed", rs->why, -1);
	if (r == NET_NOT_SENT)
		return later(f, rs->why, "gone", INT32_MAX, true);
	if (r != NET_OK)
		return later(f, rs->why, "failed", JOB_ATTEMPTS, false);
	wa_answer_read(a, rs->status, rs->body, rs->n, &answer);
	if (rs->status == 404 || rs->status == 410 || answer.code == 100 || answer.code == 131052)
		return later(f, arena_fmt(a, "HTTP %d", rs->status), "gone", GONE_AFTER, false);
	return later(f, answer.class == WA_ACCEPTED || answer.why == NULL ? "unexpected answer" : answer.why, "failed", JOB_ATTEMPTS, false);
}

/* Only where the token may go: the provider's host for files, the Graph host, and what the operator allowed. */
static bool host_ok(const struct work *w, const char *url)
{
	size_t n = strlen(w->conf->graph_url);

	return (strncmp(url, w->conf->graph_url, n) == 0 && url[n] == '/') || net_host_is(url, "lookaside.fbsbx.com") ||
	    net_host_is(url, "graph.facebook.com") || net_allowed(url);
}

static enum err keep(struct fetching *f, const struct net_response *rs)
{
	struct ctx *cx = f->w->cx;
	struct media_end end = { .state = "stored", .size = (int64_t)rs->n };
	const char *want = f->doc.sha256 != NULL ? f->doc.sha256 : f->m.sha256;
	uint8_t hash[32];
	enum err e;

	sha256(rs->body, rs->n, hash);
	end.sha256 = hex_encode(cx->arena, hash, sizeof(hash));
	if (want != NULL && strcmp(want, end.sha256) != 0)
		return later(f, "the file is not the one that was announced", "failed", GONE_AFTER, false);
	end.mime = file_type(cx->arena, rs->body, rs->n);
	end.file = store_put(cx->arena, f->w->conf->files, rs->body, rs->n);
	if (end.file == NULL) {
		log_kv(LOG_ERROR, "media.store", "why", strerror(errno), NULL);
		return later(f, arena_fmt(cx->arena, "file store: %s", strerror(errno)), "failed", INT32_MAX, true);
	}
	e = end_with(f, &end);
	if (e != OK && e != E_BUSY) /* after E_BUSY the row may name it; if not, purge finds it */
		store_drop(f->w->conf->files, end.file);
	return e;
}

static enum err fetch_file(struct fetching *f)
{
	struct arena *a = f->w->cx->arena;
	struct net_request rq = { .method = "GET", .url = f->doc.url, .bearer = f->token, .total_ms = FETCH_MS,
		.max = (size_t)f->w->conf->media_max };
	struct net_response rs;
	enum net_result r;

	if (!host_ok(f->w, f->doc.url))
		return end_state(f, "failed", "the file lies on a host we do not trust", -1);
	r = net_fetch(a, &rq, &rs);
	if (r == NET_TOO_LARGE)
		return end_state(f, "too_large", NULL, f->doc.size);
	if (r != NET_OK || rs.status != 200)
		return answer_later(f, r, &rs);
	return keep(f, &rs);
}

static enum err fetch(struct fetching *f)
{
	struct arena *a = f->w->cx->arena;
	struct buf more = { 0 };
	struct net_request rq = { .method = "GET", .bearer = f->token };
	struct net_response rs;
	enum net_result r;

	if (f->m.number != NULL) {
		buf_str(&more, "?phone_number_id=");
		buf_url(&more, f->m.number);
	}
	rq.url = graph_url(f->w, f->m.external_id, more.p != NULL ? more.p : "");
	buf_free(&more);
	r = net_fetch(a, &rq, &rs);
	if (r != NET_OK || rs.status != 200 || !wa_media_read(a, rs.body, rs.n, &f->doc))
		return answer_later(f, r, &rs);
	if (f->doc.size > f->w->conf->media_max)
		return end_state(f, "too_large", NULL, f->doc.size);
	return fetch_file(f);
}

enum err media_run(struct work *w, const struct job *j)
{
	struct fetching f = { .w = w, .j = j };
	struct ctx *cx = w->cx;
	enum err e;

	if (!job_leased(j, MARGIN_MS))
		return job_again_now(cx, j, 0, "too late in the lease", true);
	e = job_begin(cx, j);
	if (e == E_NOTFOUND)
		return fail(cx, E_CONFLICT, "the lease is gone");
	if (e == OK) {
		e = media_load(cx, j->subject_id, &f.m);
		if (e == E_NOTFOUND || (e == OK && strcmp(f.m.state, "wait") != 0)) {
			e = job_end(cx, j, "done", NULL);
			return db_end(cx, e);
		}
	}
	if (e == OK)
		f.token = connection_token(cx, w->ring, f.m.connection_id, f.m.token);
	e = db_end(cx, e);
	if (e != OK)
		return e;
	if (f.m.external_id == NULL || strcmp(f.m.channel, "whatsapp") != 0)
		return end_state(&f, "failed", "there is nothing to fetch", -1);
	if (f.token == NULL)
		return end_state(&f, "failed", "the connection has no access token that opens", -1);
	return fetch(&f);
}

enum err media_give_up(struct work *w, const struct job *j, const char *why)
{
	struct fetching f = { .w = w, .j = j, .m = { .id = j->subject_id } };

	return end_state(&f, "failed", why, -1);
}
