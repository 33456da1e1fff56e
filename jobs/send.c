#include <string.h>
#include <unistd.h>

#include "jobs/work.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/net/crash.h"
#include "model/outbound.h"

/*
 * Three steps: decide (one transaction, which ends in the state "sending"), post (no transaction), record
 * (one transaction). Cut anywhere before "sending" the job is tried again; cut after it the message is
 * uncertain and is never sent again by itself: WhatsApp has no key by which it would know a second copy.
 */
enum {
	POST_MS = 25000, HOLD_MS = 60000, RECORD_MS = 50000, MARGIN_MS = 35000,
	WAIT_MAX_S = 24 * 3600,      /* a message waits that long for its provider */
	AGAIN_BASE_MS = 2000, AGAIN_CAP_MS = 300000, ACCOUNT_REST_MS = 600000,
	AWAY_MIN_MS = 2000, AWAY_MAX_MS = 30000,
};

struct sending {
	struct work *w;
	const struct job *j;
	struct send_row m;
	const char *token, *body, *media_id;
	bool ended;                  /* the last word was said while deciding */
	bool upload;                 /* the file must go up first */
};

static enum err fail_message(struct sending *s, int code, const char *why)
{
	s->ended = true;
	TRY(send_result(s->w->cx, s->j->subject_id, "failed", NULL, code, why));
	return job_end(s->w->cx, s->j, "done", why);
}

/* The wait is nobody's fault; after a day it has become one. */
static enum err wait_message(struct sending *s, int64_t ms, int code, const char *why)
{
	if (s->j->age > WAIT_MAX_S)
		return fail_message(s, code, arena_fmt(s->w->cx->arena, "gave up after 24 hours: %s", why));
	s->ended = true;
	return job_again(s->w->cx, s->j, ms + job_random(ms / 4 + 250), why, true);
}

static enum err end_silently(struct sending *s)
{
	s->ended = true;
	return job_end(s->w->cx, s->j, "done", NULL);
}

/* What forbids sending at all, or for now. */
static enum err check(struct sending *s)
{
	const struct send_row *m = &s->m;

	if (strcmp(m->status, "queued") != 0) /* a status told us, or somebody gave it up */
		return end_silently(s);
	if (m->deleted)
		return fail_message(s, 0, "deleted before it was sent");
	if (strcmp(m->channel, "whatsapp") != 0)
		return fail_message(s, 0, "this channel sends nothing");
	if (strcmp(m->connection_status, "error") == 0)
		return fail_message(s, 190, m->status_text != NULL ? m->status_text : "the connection is out of order");
	if (strcmp(m->connection_status, "disconnected") == 0)
		return fail_message(s, 0, "the connection is switched off");
	if (m->rest_ms > 0)
		return wait_message(s, m->rest_ms, 0, m->status_text != NULL ? m->status_text : "the connection rests");
	if (!m->window_open && strcmp(m->kind, "template") != 0)
		return fail_message(s, 131047, "the 24-hour window is shut");
	s->token = connection_token(s->w->cx, s->w->ring, m->connection_id, m->token);
	if (s->token == NULL)
		return fail_message(s, 190, "the connection has no access token that opens");
	return OK;
}

static enum err build(struct sending *s)
{
	const struct send_row *m = &s->m;
	struct wa_send out = { .id = m->id,
		.kind = m->kind,
		.text = m->text,
		.payload = m->payload,
		.reply_to = m->reply_to,
		.media_id = s->media_id != NULL ? s->media_id : m->media_id,
		.media_name = m->file_name,
		.voice = m->voice };
	int64_t wait;

	if (!send_recipient(s->w->cx, m, &out))
		return fail_message(s, 131026, "there is no number to send to");
	if (m->file != NULL && out.media_id == NULL) {
		s->upload = true;
		return OK;
	}
	s->body = wa_send_body(s->w->cx->arena, &out);
	if (s->body == NULL)
		return fail_message(s, 100, "there is nothing to send");
	TRY(send_rate(s->w->cx, m->connection_id, out.to != NULL ? out.to : out.user_id, &wait));
	if (wait > 0)
		return wait_message(s, wait, 131056, "too fast for the provider");
	return job_sending(s->w->cx, s->j, HOLD_MS);
}

static enum err decide(struct sending *s)
{
	struct ctx *cx = s->w->cx;
	enum err e = job_begin(cx, s->j);

	if (e == E_NOTFOUND)
		return fail(cx, E_CONFLICT, "the lease is gone");
	s->upload = false;
	if (e == OK) {
		e = send_load(cx, s->j->subject_id, &s->m);
		if (e == E_NOTFOUND)
			e = end_silently(s);
		else if (e == OK)
			e = check(s);
	}
	if (e == OK && !s->ended)
		e = build(s);
	return db_end(cx, e);
}

char *graph_url(struct work *w, const char *part, const char *more)
{
	struct buf b = { 0 };
	char *s;

	buf_fmt(&b, "%s/%s/", w->conf->graph_url, w->conf->graph_version);
	buf_url(&b, part);
	buf_str(&b, more);
	s = arena_strn(w->cx->arena, b.p, b.n);
	buf_free(&b);
	return s;
}

/* ---- recording ---- */

static enum err record_accepted(struct sending *s, const struct wa_answer *a)
{
	struct ctx *cx = s->w->cx;

	TRY(send_result(cx, s->m.id, "sent", a->external_id, 0, NULL));
	TRY(send_learn(cx, &s->m, a->wa_id));
	if (strcmp(s->m.connection_status, "reconnecting") == 0 || s->m.status_text != NULL)
		TRY(connection_state(cx, s->m.connection_id, "connected", NULL, 0));
	return job_end(cx, s->j, "done", NULL);
}

static enum err record_again(struct sending *s, const struct wa_answer *a, int retry_after)
{
	struct ctx *cx = s->w->cx;
	int64_t delay = job_backoff(s->j->attempt, AGAIN_BASE_MS, AGAIN_CAP_MS);

	if (s->j->attempt >= JOB_ATTEMPTS) {
		TRY(send_result(cx, s->m.id, "failed", NULL, a->code, a->why));
		return job_end(cx, s->j, "dead", a->why);
	}
	if (retry_after > 0)
		delay += (int64_t)retry_after * 1000;
	return job_again(cx, s->j, delay, a->why, false);
}

/* Too fast for this person: only the message waits. Too fast altogether: the connection rests. */
static enum err record_slow(struct sending *s, const struct wa_answer *a, int retry_after)
{
	int64_t rest = a->code == 131056 ? 6000 : 5000;

	if (retry_after > 0)
		rest = (int64_t)retry_after * 1000;
	if (a->code != 131056)
		TRY(connection_state(s->w->cx, s->m.connection_id, NULL, a->why, rest));
	return wait_message(s, rest, a->code, a->why);
}

/* Nothing left us: the provider is away. All of the connection waits, and says so, the longer the longer it is away. */
static enum err record_away(struct sending *s, const char *why)
{
	int64_t rest = (int64_t)s->j->age * 250;

	if (rest < AWAY_MIN_MS)
		rest = AWAY_MIN_MS;
	if (rest > AWAY_MAX_MS)
		rest = AWAY_MAX_MS;
	TRY(connection_state(s->w->cx, s->m.connection_id, "reconnecting", why, rest));
	return wait_message(s, rest, 0, why);
}

static enum err record_answer(struct sending *s, const struct wa_answer *a, int retry_after)
{
	struct ctx *cx = s->w->cx;

	switch (a->class) {
	case WA_ACCEPTED:
		return record_accepted(s, a);
	case WA_AGAIN:
		return record_again(s, a, retry_after);
	case WA_SLOW:
		return record_slow(s, a, retry_after);
	case WA_TOKEN:
		TRY(connection_state(cx, s->m.connection_id, "error", a->why, 0));
		return fail_message(s, a->code, a->why);
	case WA_ACCOUNT_STOP:
		TRY(connection_state(cx, s->m.connection_id, NULL, a->why, ACCOUNT_REST_MS));
		return wait_message(s, ACCOUNT_REST_MS, a->code, a->why);
	case WA_NEVER:
		return fail_message(s, a->code, a->why);
	case WA_UNSURE:
		TRY(send_result(cx, s->m.id, "uncertain", NULL, a->code, a->why));
		return job_end(cx, s->j, "uncertain", a->why);
	case WA_AWAY:
		return record_away(s, a->why);
	}
	return E_INTERNAL;
}

static enum err record_once(struct sending *s, const struct wa_answer *a, int retry_after)
{
	struct ctx *cx = s->w->cx;
	enum err e = job_begin(cx, s->j);

	if (e == E_NOTFOUND) /* recorded by a commit whose answer was lost, or taken over as uncertain */
		return fail(cx, E_CONFLICT, "the lease is gone");
	if (e == OK)
		e = record_answer(s, a, retry_after);
	crash_point("before_commit");
	e = db_end(cx, e);
	if (e == OK)
		crash_point("after_commit");
	return e;
}

/*
 * The outcome is known to us alone: while the hold lasts nothing may keep us from writing it down. What
 * could not be written stays "sending" and becomes uncertain when the hold ends: never sent twice.
 */
static enum err record(struct sending *s, struct wa_answer *a, int retry_after, int64_t since)
{
	for (;;) {
		enum err e = record_once(s, a, retry_after);

		if (e == OK || (e == E_CONFLICT && db_sqlstate(s->w->cx)[0] == '\0') || mono_ms() - since > RECORD_MS)
			return e;
		log_kv(LOG_WARN, "send.record", "message", s->m.id, "err", err_name(e), "why", s->w->cx->why, NULL);
		if (e != E_BUSY && e != E_RETRY) {
			if (a->class == WA_UNSURE)
				return e;
			*a = (struct wa_answer){ .class = WA_UNSURE, .code = a->code, .why = "the answer could not be recorded" };
		}
		usleep((useconds_t)(200000 + job_random(300000)));
	}
}

static enum err post(struct sending *s)
{
	struct ctx *cx = s->w->cx;
	struct net_request rq = { .method = "POST",
		.url = graph_url(s->w, s->m.number, "/messages"),
		.bearer = s->token,
		.type = "application/json",
		.body = s->body,
		.nbody = strlen(s->body),
		.total_ms = POST_MS,
		.once = true };
	struct net_response rs;
	struct wa_answer a;
	int64_t since = mono_ms(), took;
	enum net_result r;
	enum err e;

	crash_point("before_send");
	r = net_fetch(cx->arena, &rq, &rs);
	crash_point("after_send");
	took = mono_ms() - since;
	if (r == NET_OK)
		wa_answer_read(cx->arena, rs.status, rs.body, rs.n, &a);
	else
		a = (struct wa_answer){ .class = r == NET_NOT_SENT || r == NET_REFUSED ? WA_AWAY : WA_UNSURE,
			.why = rs.why };
	e = record(s, &a, rs.retry_after, since);
	log_kv(a.class == WA_ACCEPTED ? LOG_INFO : LOG_WARN, "send", "message", s->m.id, "net", net_result_name(r), "http", log_i(rs.status),
	    "code", log_i(a.code), "class", log_i((int64_t)a.class), "ms", log_i(took), "err", e != OK ? err_name(e) : NULL, NULL);
	/* The job must not be given back by the caller. */
	return OK;
}

/* A file goes up before anything is promised: this may be repeated. */
static enum err bring_file(struct sending *s)
{
	struct ctx *cx = s->w->cx;
	struct wa_answer why;
	enum err e;

	if (upload_file(s->w, &s->m, s->token, &s->media_id, &why)) {
		e = job_begin(cx, s->j);
		if (e == OK)
			e = send_uploaded(cx, s->m.file_id, s->media_id);
		return db_end(cx, e);
	}
	e = job_begin(cx, s->j);
	if (e == OK)
		e = record_answer(s, &why, 0);
	s->ended = true;
	return db_end(cx, e);
}

enum err send_run(struct work *w, const struct job *j)
{
	struct sending s = { .w = w, .j = j };
	enum err e = OK;

	if (!job_leased(j, MARGIN_MS))
		return job_again_now(w->cx, j, 0, "too late in the lease", true);
	for (int round = 0; e == OK && !s.ended && s.body == NULL && round < 3; round++) {
		if (s.upload)
			e = bring_file(&s);
		if (e == OK && !s.ended)
			e = decide(&s);
	}
	if (e != OK || s.ended || s.body == NULL)
		return e;
	return post(&s);
}

enum err send_give_up(struct work *w, const struct job *j, const char *why)
{
	enum err e = job_begin(w->cx, j);

	if (e == OK)
		e = send_result(w->cx, j->subject_id, "failed", NULL, 0, why);
	if (e == OK)
		e = job_end(w->cx, j, "dead", why);
	return db_end(w->cx, e);
}
