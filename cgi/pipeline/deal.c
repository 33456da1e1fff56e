/* deal.c: one deal, the list of them, its history. */
#include "cgi/pipeline/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"

/* ---- the list ---- */

static void list_tab(struct req *rq, struct doc *out, const char *status, const char *now)
{
	struct arena *a = rq->cx->arena;
	const char *pipeline = req_query(rq, "pipeline_id");

	doc_item(out);
	doc_hint(out, "text", text_get(a, rq->cx->lang, arena_fmt(a, "deal.list.%s", status), NULL));
	doc_hint(out, "url", arena_fmt(a, "/deals?status=%s%s%s", status, pipeline != NULL && id_ok(pipeline) ? "&pipeline_id=" : "",
	    pipeline != NULL && id_ok(pipeline) ? pipeline : ""));
	doc_hint(out, "current", text_eq(status, now) ? "1" : NULL);
	doc_close(out);
}

static const struct stage *stage_in(const struct stage *s, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(s[i].id, id) == 0)
			return &s[i];
	return NULL;
}

static enum err list_page(struct req *rq, struct doc *out, const struct deal_filter *f, const struct pipeline_list *p)
{
	doc_list(out, "tabs");
	list_tab(rq, out, "open", f->status);
	list_tab(rq, out, "won", f->status);
	list_tab(rq, out, "lost", f->status);
	doc_close(out);
	doc_recs(out, "pipelines", &pipeline_type, p->items, p->n);
	doc_open(out, "filter");
	doc_hint(out, "q", f->q);
	doc_hint(out, "status", f->status);
	doc_hint(out, "pipeline_id", f->pipeline_id);
	doc_hint(out, "owner_id", f->owner_id);
	doc_close(out);
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "deal.list.title", NULL);
	return owner_items(rq, out, f->owner_id);
}

enum err deal_index(struct req *rq, struct doc *out)
{
	struct pipeline_list p = { 0 };
	struct deal_filter f = { 0 };
	struct deal_list l;

	TRY(req_bind_query(rq, &deal_filter_type, &f));
	if (doc_html(out)) {
		f.status = f.status != NULL ? f.status : "open";
		TRY(pipeline_list(rq->cx, &p));
	}
	TRY(deal_list(rq->cx, &f, &l));
	doc_list(out, "items");
	for (size_t i = 0; i < l.n; i++) {
		const struct stage *s = doc_html(out) ? stage_in(p.stages, p.nstages, l.items[i].stage_id) : NULL;

		doc_item(out);
		doc_fields(out, &deal_type, &l.items[i]);
		tag_items(out, l.tags, l.ntags, l.items[i].id);
		doc_hint(out, "stage", s != NULL ? s->name : NULL);
		doc_close(out);
	}
	doc_close(out);
	list_next(rq, out, l.next);
	return doc_html(out) ? list_page(rq, out, &f, &p) : OK;
}

/* ---- history ---- */

static const char *money_of(struct req *rq, const char *minor, const char *currency)
{
	return minor != NULL ? money_local(rq->cx->arena, rq->cx->lang, strtoll(minor, NULL, 10), currency) : NULL;
}

/* ["title", "next_step"] as "título, próximo passo". */
static const char *field_names(struct req *rq, const char *fields)
{
	struct arena *a = rq->cx->arena;
	struct buf b = { 0 };
	const char *out;

	for (const char *p = fields; p != NULL && (p = strchr(p, '"')) != NULL; ) {
		size_t n = strcspn(++p, "\"");

		buf_fmt(&b, "%s%s", b.n > 0 ? ", " : "", text_get(a, rq->cx->lang, arena_fmt(a, "deal.field.%s", arena_strn(a, p, n)), NULL));
		p += n + (p[n] == '"');
	}
	out = arena_str(a, b.n > 0 ? b.p : "");
	buf_free(&b);
	return out;
}

static void happened(struct req *rq, struct doc *out, const struct deal_activity *x)
{
	bool value = strcmp(x->kind, "value") == 0;

	doc_hint(out, "from", value ? money_of(rq, x->before, x->before_currency) : x->before);
	doc_hint(out, "to", value ? money_of(rq, x->after, x->after_currency) : x->after);
	doc_hint(out, "names", strcmp(x->kind, "changed") == 0 ? field_names(rq, x->fields) : NULL);
}

static void history(struct req *rq, struct doc *out, const char *name, const struct deal_activity_list *l)
{
	doc_list(out, name);
	for (size_t i = 0; i < l->n; i++) {
		doc_item(out);
		doc_fields(out, &deal_activity_type, &l->items[i]);
		if (doc_html(out))
			happened(rq, out, &l->items[i]);
		doc_close(out);
	}
	doc_close(out);
}

enum err deal_history(struct req *rq, struct doc *out)
{
	struct deal_activity_filter f = { 0 };
	struct deal_activity_list l;
	struct deal d;

	TRY(req_bind_query(rq, &deal_activity_filter_type, &f));
	TRY(deal_get(rq->cx, req_capture(rq, "id"), &d));
	TRY(deal_activity_list(rq->cx, d.id, &f, &l));
	history(rq, out, "items", &l);
	list_next(rq, out, l.next);
	return OK;
}

enum err deal_note_post(struct req *rq, struct doc *out)
{
	struct deal_activity_filter f = { .limit = 1 };
	struct deal_activity_list l;
	struct deal_activity in = { 0 };
	const char *id;

	TRY(req_bind(rq, &deal_activity_type, &in, false));
	TRY(deal_note(rq->cx, req_capture(rq, "id"), in.text, &id));
	if (!rq->api)
		return reply_to(rq, 303, arena_fmt(rq->cx->arena, "%s#history", deal_path(rq)), "ok.deal_noted");
	/* Its own is the newest of this transaction. */
	TRY(deal_activity_list(rq->cx, req_capture(rq, "id"), &f, &l));
	if (l.n > 0)
		doc_fields(out, &deal_activity_type, &l.items[0]);
	return reply_to(rq, 201, NULL, NULL);
}

/* ---- the page ---- */

static void figures(struct req *rq, struct doc *out, const struct deal *d, const struct pipeline *p, const struct stage *s)
{
	struct arena *a = rq->cx->arena;
	const char *lang = rq->cx->lang, *in_stage;
	int64_t age = ((utc_none(d->closed_at) ? rq->cx->now.us : d->closed_at.us) - d->created_at.us) / 1000000;

	doc_open(out, "figures");
	if (p->money) {
		doc_hint(out, "value", money_short(rq, d->value.minor, d->currency));
		doc_hint(out, "weighted", s != NULL ? money_short(rq, d->value.minor * s->chance / 100, d->currency) : NULL);
	}
	doc_hint(out, "chance", s != NULL ? arena_fmt(a, "%d", s->chance) : NULL);
	doc_hint(out, "due", day_text(rq, d->due_on));
	if (d->due_on != NULL && strcmp(d->status, "open") == 0) {
		int64_t left = days_until(rq, d->due_on);

		doc_hint(out, "due_in", left == 0 ? NULL : text_get(a, lang, left > 0 ? "deal.due_in" : "deal.due_over", duration_text(a, lang, (left > 0 ? left : -left) * 86400)));
		doc_hint(out, "overdue", left < 0 ? "1" : NULL);
	}
	doc_hint(out, "age", age < 86400 ? text_get(a, lang, "pipeline.today", NULL) : duration_text(a, lang, age));
	if (s != NULL) {
		bool old = stands_long(rq, d->stage_since, s->stale_days, &in_stage);

		doc_open(out, "stage");
		doc_hint(out, "age", in_stage);
		doc_hint(out, "old", old ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
}

/* What the deal hangs on, as far as the reader sees it. */
static enum err links(struct req *rq, struct doc *out, const struct deal *d)
{
	struct deal_person who;
	struct deal_link c;
	enum err e = d->contact_id != NULL ? deal_person(rq->cx, d->contact_id, &who) : E_NOTFOUND;

	if (e == OK) {
		const char *title = person_title(rq, who.name, who.phone);

		doc_open(out, "person");
		doc_fields(out, &deal_person_type, &who);
		doc_hint(out, "title", title);
		doc_hint(out, "initials", initials(rq->cx->arena, title));
		doc_hint(out, "color", color_of(rq->cx->arena, who.id));
		doc_close(out);
	}
	if (e != OK && e != E_NOTFOUND)
		return e;
	e = d->conversation_id != NULL ? deal_conversation(rq->cx, d->conversation_id, &c) : E_NOTFOUND;
	if (e == OK)
		doc_rec(out, "conversation", &deal_link_type, &c);
	return e == E_NOTFOUND ? OK : e;
}

static enum err page(struct req *rq, struct doc *out, const struct deal *d)
{
	struct deal_activity_filter f = { .limit = 100 };
	struct deal_activity_list l;
	struct pipeline p;
	struct stage *s;
	size_t n;

	TRY(pipeline_get(rq->cx, d->pipeline_id, &p, &s, &n));
	TRY(deal_activity_list(rq->cx, d->id, &f, &l));
	doc_rec(out, "pipeline", &pipeline_type, &p);
	stage_items(out, "stages", s, n, d->stage_id);
	figures(rq, out, d, &p, stage_in(s, n, d->stage_id));
	TRY(links(rq, out, d));
	history(rq, out, "history", &l);
	doc_hint(out, "history_more", l.next);
	doc_hint(out, "stage_name", stage_in(s, n, d->stage_id) != NULL ? stage_in(s, n, d->stage_id)->name : NULL);
	doc_hint(out, "stale", form_stale(rq, d->version) ? "1" : NULL);
	rq->title = seen_text(rq, d->title);
	return OK;
}

enum err deal_show(struct req *rq, struct doc *out)
{
	struct deal d;

	TRY(deal_get(rq->cx, req_capture(rq, "id"), &d));
	doc_self(out, "deal");
	TRY(deal_doc(rq, out, &d));
	if (doc_html(out)) {
		owner_hints(rq, out, d.owner_id, d.owner_name);
		next_step_hints(rq, out, d.next_step, d.next_step_on);
	}
	doc_self_end(out);
	return doc_html(out) ? page(rq, out, &d) : OK;
}
