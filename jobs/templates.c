#include <string.h>

#include "jobs/work.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "model/outbound.h"
#include "model/template.h"
#include "model/whatsapp_template.h"

/*
 * The approved templates of one connection, as the provider has them. Nothing of ours changes unless the whole list came
 * and could be read: an answer that is broken, cut or empty of sense leaves things as they were, and says so.
 */
enum { PAGES = 60, PAGE_BYTES = 8 << 20, MARGIN_MS = 25000, BASE_MS = 5000, CAP_MS = 900000 };

struct syncing {
	struct work *w;
	const struct job *j;
	struct template_source c;
	const char *token, *account;
	struct wt_page pages[PAGES];
	size_t npages;
};

/* The last word: list NULL and why given, it failed; else the list is kept. */
static enum err end_with(struct syncing *s, const char *list, const char *why, const char *state)
{
	struct ctx *cx = s->w->cx;
	int64_t changed = 0;
	enum err e = job_begin(cx, s->j);

	if (e == E_NOTFOUND)
		return fail(cx, E_CONFLICT, "the lease is gone");
	if (e == OK && list != NULL)
		e = template_put(cx, s->j->subject_id, list, &changed);
	if (e == OK)
		e = template_synced(cx, s->j->subject_id, s->account, why);
	if (e == OK)
		e = job_end(cx, s->j, state, why);
	e = db_end(cx, e);
	if (e == OK)
		log_kv(why != NULL ? LOG_WARN : LOG_INFO, "templates", "connection", s->j->subject_id, "changed", log_i(changed), "why", why, NULL);
	return e;
}

static enum err failed(struct syncing *s, const char *why)
{
	return end_with(s, NULL, why, "done");
}

/* One GET. False when it gave nothing to read; *e is then the job's end. */
static bool get(struct syncing *s, const char *url, struct net_response *rs, enum err *e)
{
	struct arena *a = s->w->cx->arena;
	struct net_request rq = { .method = "GET", .url = url, .bearer = s->token, .max = PAGE_BYTES };
	enum net_result r = net_fetch(a, &rq, rs);
	struct wa_answer answer;
	const char *why = rs->why;
	bool again = r == NET_NOT_SENT || r == NET_UNSURE;

	if (r == NET_OK && rs->status == 200)
		return true;
	if (r == NET_OK) {
		wa_answer_read(a, rs->status, rs->body, rs->n, &answer);
		again = answer.class == WA_SLOW || answer.class == WA_AGAIN || answer.class == WA_UNSURE;
		why = answer.why;
	}
	why = why != NULL ? why : "unexpected answer";
	*e = again && s->j->attempt < JOB_ATTEMPTS ? job_again_now(s->w->cx, s->j, job_backoff(s->j->attempt, BASE_MS, CAP_MS), why, false) : failed(s, why);
	return false;
}

static enum err fetch(struct syncing *s)
{
	struct arena *a = s->w->cx->arena;
	const char *after = NULL, *why;
	struct net_response rs;
	size_t n = 0, refused = 0;
	enum err e;

	if (s->account == NULL) {
		if (!get(s, graph_url(s->w, s->c.number, "?fields=health_status"), &rs, &e))
			return e;
		s->account = wt_account_read(a, rs.body, rs.n);
		if (s->account == NULL)
			return failed(s, "the provider does not say which account the number belongs to");
	}
	do {
		struct buf more = { 0 };
		struct wt_page *p = &s->pages[s->npages];
		const char *url;

		if (s->npages == PAGES)
			return failed(s, "more templates than we take");
		if (!job_leased(s->j, MARGIN_MS))
			return job_again_now(s->w->cx, s->j, job_backoff(s->j->attempt, BASE_MS, CAP_MS), "took long", false);
		buf_str(&more, "/message_templates?limit=100&fields=id,name,language,status,category,components,quality_score,rejected_reason");
		if (after != NULL) {
			buf_str(&more, "&after=");
			buf_url(&more, after);
		}
		url = graph_url(s->w, s->account, more.p);
		buf_free(&more);
		if (!get(s, url, &rs, &e))
			return e;
		if (!wt_page_read(a, rs.body, rs.n, p, &why))
			return failed(s, why);
		if (p->after != NULL && text_eq(p->after, after))
			return failed(s, "the list does not end");
		after = p->after;
		n += p->n;
		refused += (size_t)p->refused;
		s->npages++;
	} while (after != NULL);
	if (n == 0 && refused > 0)
		return failed(s, "no template in the list could be read");
	return end_with(s, wt_list_json(a, s->pages, s->npages), NULL, "done");
}

enum err templates_run(struct work *w, const struct job *j)
{
	struct ctx *cx = w->cx;
	struct syncing *s = ARENA_NEW(cx->arena, struct syncing);
	enum err e;

	s->w = w;
	s->j = j;
	if (!job_leased(j, MARGIN_MS))
		return job_again_now(cx, j, 0, "too late in the lease", true);
	e = job_begin(cx, j);
	if (e == E_NOTFOUND)
		return fail(cx, E_CONFLICT, "the lease is gone");
	if (e == OK) {
		e = template_source(cx, j->subject_id, &s->c);
		if (e == E_NOTFOUND || (e == OK && strcmp(s->c.status, "connected") != 0 && strcmp(s->c.status, "reconnecting") != 0)) {
			e = job_end(cx, j, "done", "not connected");
			return db_end(cx, e);
		}
	}
	if (e == OK)
		s->token = connection_token(cx, w->ring, s->c.id, s->c.token);
	TRY(db_end(cx, e));
	s->account = s->c.account;
	if (s->token == NULL || s->c.number == NULL)
		return failed(s, "the connection has no access token that opens");
	return fetch(s);
}

enum err templates_give_up(struct work *w, const struct job *j, const char *why)
{
	struct syncing s = { .w = w, .j = j };

	return end_with(&s, NULL, why, "dead");
}

enum err templates_due(struct work *w)
{
	int64_t n = 0;

	TRY(template_due(w->cx, &n));
	if (n > 0)
		log_kv(LOG_INFO, "templates.due", "connections", log_i(n), NULL);
	return OK;
}
