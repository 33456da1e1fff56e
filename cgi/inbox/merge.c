/* merge.c: two conversations of one person become one: chosen, looked at, done. */
#include "cgi/inbox/inbox.h"

#include <string.h>

#include "cgi/chrome.h"
#include "cgi/inbox/forms.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/team.h"

static void shown(struct req *rq, struct doc *out, const char *name, const struct conversation *c)
{
	struct arena *a = rq->cx->arena;

	doc_open(out, name);
	doc_fields(out, &conversation_type, c);
	doc_hint(out, "title", person_title(rq, c->contact_name, c->contact_phone));
	doc_hint(out, "status_text", text_get(a, rq->cx->lang, arena_fmt(a, "status.%s", c->status), NULL));
	doc_close(out);
}

/* What the chosen one says about itself that matters for answers. */
static enum err chosen(struct req *rq, struct doc *out, const struct conversation *c, const struct conversation *into)
{
	struct connection_row from, to;

	shown(rq, out, "target", into);
	TRY(connection_get(rq->cx, c->connection_id, &from));
	TRY(connection_get(rq->cx, into->connection_id, &to));
	doc_rec(out, "from", &connection_row_type, &from);
	doc_rec(out, "to", &connection_row_type, &to);
	doc_hint(out, "other_connection", strcmp(from.id, to.id) != 0 ? "1" : NULL);
	return OK;
}

enum err merge_edit(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id"), *want;
	struct merge_query q = { 0 };
	struct conversation c, *others;
	size_t n;

	TRY(req_bind_query(rq, &merge_query_type, &q));
	TRY(conversation_get(rq->cx, id, &c));
	if (c.merged_into != NULL && !rq->reshown)
		return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/conversations/%s", c.merged_into), NULL);
	TRY(conversation_beside(rq->cx, id, &others, &n));
	shown(rq, out, "conversation", &c);
	conversation_items(rq, out, others, n);
	want = rq->reshown ? req_field(rq, "into") : q.into;
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "together.merge", NULL);
	for (size_t i = 0; i < n; i++)
		if (text_eq(others[i].id, want))
			return chosen(rq, out, &c, &others[i]);
	return q.into == NULL || rq->reshown ? OK : fail(rq->cx, E_NOTFOUND, "no conversation beside it");
}

enum err merge_post(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct merge_form in = { 0 };
	struct conversation c;

	TRY(req_bind(rq, &merge_form_type, &in, false));
	TRY(conversation_merge(rq->cx, id, in.into, in.version, in.into_version));
	if (!rq->api)
		return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/conversations/%s", in.into), "ok.merged");
	TRY(conversation_get(rq->cx, in.into, &c));
	doc_fields(out, &conversation_type, &c);
	reply_etag(rq, c.version);
	return OK;
}
