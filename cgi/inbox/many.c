/* many.c: what is done to the list as a whole: saved views, and one thing for many conversations. */
#include "cgi/inbox/inbox.h"

#include <string.h>

#include "cgi/chrome.h"
#include "cgi/inbox/forms.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/composer.h"
#include "model/perm.h"
#include "model/routing.h"

static const char *list_url(struct req *rq)
{
	return arena_fmt(rq->cx->arena, "/conversations%s", query_with(rq, "cursor", NULL));
}

enum err view_index(struct req *rq, struct doc *out)
{
	struct saved_view *v;
	size_t n;

	(void)rq;
	TRY(conversation_views(rq->cx, &v, &n));
	doc_recs(out, "items", &saved_view_type, v, n);
	doc_text(out, "next", NULL);
	return OK;
}

enum err view_post(struct req *rq, struct doc *out)
{
	struct inbox_view_form in = { 0 };
	const char *id;

	TRY(req_bind(rq, &inbox_view_form_type, &in, false));
	if (in.query == NULL)
		in.query = "";
	if (!query_ok(in.query))
		return fail_field(rq->cx, "query", "format", NULL);
	if (in.shared && !req_may(rq, TEAM_EDIT))
		return fail(rq->cx, E_DENIED, "shared view");
	TRY(conversation_view_add(rq->cx, in.name, in.query, in.shared, &id));
	doc_text(out, "id", id);
	doc_text(out, "name", in.name);
	doc_text(out, "query", in.query);
	doc_bool(out, "shared", in.shared);
	doc_bool(out, "own", true);
	return reply_to(rq, rq->api ? 201 : 303, rq->api ? "/conversations/views" : arena_fmt(rq->cx->arena, "/conversations%s", in.query), "ok.view_saved");
}

enum err view_drop(struct req *rq, struct doc *out)
{
	(void)out;
	TRY(conversation_view_delete(rq->cx, req_capture(rq, "view_id"), req_may(rq, TEAM_EDIT)));
	return rq->api ? reply_raw(rq, 204, NULL, "", 0) : reply_to(rq, 303, "/conversations", "ok.view_deleted");
}

/* ---- many at once ---- */

static enum err chosen(struct req *rq, const struct inbox_many_form *in, struct ids *out)
{
	if (rq->api)
		return ids_read(rq->cx->arena, in->ids, out) && out->n > 0 ? OK : fail_field(rq->cx, "ids", "format", NULL);
	*out = ids_of_form(rq, "id");
	return OK;
}

static const char *outcome(struct req *rq, size_t done, size_t n)
{
	struct arena *a = rq->cx->arena;

	if (n == 0)
		return "warn.many_choose";
	if (done == n)
		return n == 1 ? "ok.many_one" : arena_fmt(a, "ok.many_all:%zu", n);
	return done == 0 ? "warn.many_none" : arena_fmt(a, "warn.many_some:%zu_%s_%zu", done, text_get(a, rq->cx->lang, "routing.of", NULL), n);
}

enum err many_post(struct req *rq, struct doc *out)
{
	struct inbox_many_form in = { 0 };
	struct bulk_row *rows;
	size_t n, done = 0;
	struct ids ids;

	TRY(req_bind(rq, &inbox_many_type, &in, false));
	TRY(chosen(rq, &in, &ids));
	if (ids.n == 0)
		return reply_to(rq, 303, list_url(rq), "warn.many_choose");
	if ((text_eq(in.action, "tag") || text_eq(in.action, "untag")) && in.tag_id == NULL)
		return rq->api ? fail_field(rq->cx, "tag_id", "required", NULL) : reply_to(rq, 303, list_url(rq), "warn.many_tag");
	if ((text_eq(in.action, "assign") || text_eq(in.action, "team")) && !req_may(rq, CONVERSATION_ASSIGN))
		return fail(rq->cx, E_DENIED, "assign");
	TRY(conversation_bulk(rq->cx, ids, in.action, in.assignee_id, in.team_id, in.tag_id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		done += rows[i].error == NULL;
	doc_recs(out, "results", &bulk_row_type, rows, n);
	return rq->api ? reply_to(rq, 200, NULL, NULL) : reply_to(rq, 303, list_url(rq), outcome(rq, done, n));
}

/* ---- tags of one ---- */

static enum err tagged(struct req *rq, struct doc *out, const char *flash)
{
	const char *id = req_capture(rq, "id");

	if (!rq->api)
		return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/conversations/%s%s", id, query_with(rq, "cursor", NULL)), flash);
	TRY(conversation_tags_shown(rq, out, id));
	return OK;
}

enum err conversation_tags_shown(struct req *rq, struct doc *out, const char *id)
{
	struct tag_of *t;
	size_t n;

	TRY(tag_of_conversations(rq->cx, (struct ids){ &id, 1 }, &t, &n));
	doc_recs(out, "tags", &tag_of_type, t, n);
	return OK;
}

enum err conversation_tag_post(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct tag_put_form in = { 0 };
	struct conversation c;
	struct tag t;
	enum err e;

	TRY(req_bind(rq, &tag_put_form_type, &in, false));
	TRY(conversation_get(rq->cx, id, &c));
	e = tag_get(rq->cx, in.tag_id, &t);
	if (e == E_NOTFOUND)
		return fail_field(rq->cx, "tag_id", "choice", NULL);
	TRY(e);
	TRY(tag_set_conversation(rq->cx, id, (struct ids){ &in.tag_id, 1 }, (struct ids){ NULL, 0 }));
	return tagged(rq, out, "ok.tag_added");
}

enum err conversation_tag_drop(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id"), *tag = req_capture(rq, "tag_id");
	struct conversation c;

	TRY(conversation_get(rq->cx, id, &c));
	TRY(tag_set_conversation(rq->cx, id, (struct ids){ NULL, 0 }, (struct ids){ &tag, 1 }));
	return tagged(rq, out, "ok.tag_removed");
}

/* ---- later ---- */

void snooze_hints(struct req *rq, struct doc *out, const struct conversation *c)
{
	struct arena *a = rq->cx->arena;
	struct civil d = zone_civil(rq->cx->zone, rq->cx->now);

	doc_open(out, "snooze");
	doc_hint(out, "today", utc_none(snooze_preset(rq->cx, "today")) ? NULL : "1");
	doc_hint(out, "min", arena_fmt(a, "%04d-%02d-%02d", d.year, d.month, d.day));
	if (!utc_none(c->snoozed_until))
		doc_hint(out, "until", c->snoozed_until.us >= SNOOZE_REPLY.us ? text_get(a, rq->cx->lang, "routing.snooze_reply", NULL) :
		    date_long(a, rq->cx->lang, rq->cx->zone, c->snoozed_until));
	doc_close(out);
}

enum err snooze_post(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct snooze_form in = { .until = UTC_NONE };
	struct conversation c;
	utc_t until;

	TRY(req_bind(rq, &snooze_form_type, &in, true));
	until = in.until;
	if (text_eq(in.preset, "at") && (in.date == NULL || in.time == NULL))
		return fail_field(rq->cx, in.date == NULL ? "date" : "time", "required", NULL);
	if (text_eq(in.preset, "at"))
		TRY(scheduled_when(rq->cx, in.date, in.time, &until));
	else if (in.preset != NULL && !text_eq(in.preset, "wake")) {
		until = snooze_preset(rq->cx, in.preset);
		if (utc_none(until))
			return fail_field(rq->cx, "until", "past", NULL);
	} else if (in.preset == NULL && utc_none(until))
		return fail_field(rq->cx, "until", "required", NULL);
	TRY(conversation_snooze(rq->cx, id, text_eq(in.preset, "wake") ? UTC_NONE : until, in.version));
	if (!rq->api)
		return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/conversations/%s%s", id, query_with(rq, "cursor", NULL)),
		    text_eq(in.preset, "wake") ? "ok.woken" : "ok.snoozed");
	TRY(conversation_get(rq->cx, id, &c));
	doc_fields(out, &conversation_type, &c);
	reply_etag(rq, c.version);
	return OK;
}
