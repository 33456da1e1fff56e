#include "cgi/inbox/inbox.h"

#include <string.h>

#include "cgi/chrome.h"
#include "cgi/inbox/compose.h"
#include "cgi/inbox/forms.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/view/tmpl.h"
#include "model/contact.h"
#include "model/perm.h"
#include "model/team.h"

/* The 24-hour window as people read it: open until when, how long that is, or shut. */
static void window(struct req *rq, struct doc *out, const struct conversation *c)
{
	struct arena *a = rq->cx->arena;
	int64_t left = utc_none(c->window_until) ? 0 : (c->window_until.us - rq->cx->now.us) / 1000000;

	doc_open(out, "window");
	doc_hint(out, "state", strcmp(c->channel, "whatsapp") != 0 ? "none" : left > 0 ? "open" : "shut");
	if (strcmp(c->channel, "whatsapp") == 0 && left > 0) {
		doc_hint(out, "left", duration_text(a, rq->cx->lang, left));
		doc_hint(out, "until", date_long(a, rq->cx->lang, rq->cx->zone, c->window_until));
		doc_hint(out, "level", left < 2 * 3600 ? "warn" : "");
		doc_hint(out, "percent", arena_fmt(a, "%lld%%", (long long)(left * 100 / 86400)));
	}
	doc_close(out);
}

static enum err people(struct req *rq, struct doc *out, const struct conversation *c)
{
	struct user_row *u;
	struct team_row *t;
	size_t nu, nt;

	TRY(user_list(rq->cx, &u, &nu));
	TRY(team_list(rq->cx, &t, &nt));
	doc_list(out, "users");
	for (size_t i = 0; i < nu; i++) {
		doc_item(out);
		doc_fields(out, &user_row_type, &u[i]);
		doc_hint(out, "current", text_eq(u[i].id, c->assignee_id) ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	doc_list(out, "teams");
	for (size_t i = 0; i < nt; i++) {
		doc_item(out);
		doc_fields(out, &team_row_type, &t[i]);
		doc_hint(out, "current", text_eq(t[i].id, c->team_id) ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	return OK;
}

static enum err person(struct req *rq, struct doc *out, const struct conversation *c)
{
	struct connection_row conn;
	struct identity *ids;
	struct contact p;
	size_t n;

	TRY(contact_get(rq->cx, c->contact_id, &p));
	TRY(contact_identities(rq->cx, c->contact_id, &ids, &n));
	TRY(connection_get(rq->cx, c->connection_id, &conn));
	doc_open(out, "contact");
	doc_fields(out, &contact_type, &p);
	doc_hint(out, "title", person_title(rq, p.name, p.phone));
	doc_close(out);
	doc_recs(out, "identities", &identity_type, ids, n);
	doc_rec(out, "connection", &connection_row_type, &conn);
	return OK;
}

/* Opening a conversation reads it: told to the database after the page is out. Viewers only look. */
static enum err mark_read(struct req *rq)
{
	return conversation_mark_read(rq->cx, req_capture(rq, "id"));
}

static enum err page(struct req *rq, struct doc *out, const struct conversation *c, const struct message_list *l, bool older)
{
	struct arena *a = rq->cx->arena;
	const char *title = person_title(rq, c->contact_name, c->contact_phone), *token = req_field(rq, "token");

	TRY(person(rq, out, c));
	if (req_may(rq, CONVERSATION_REPLY)) {
		TRY(people(rq, out, c));
		TRY(compose_fill(rq, out, c));
	}
	query_forget(rq, "reply");
	TRY(list_pane(rq, out, c->id));
	window(rq, out, c);
	snooze_hints(rq, out, c);
	doc_open(out, "conversation");
	doc_hint(out, "title", title);
	doc_hint(out, "initials", initials(a, title));
	doc_hint(out, "color", color_of(a, c->contact_id));
	doc_hint(out, "status_text", text_get(a, rq->cx->lang, arena_fmt(a, "status.%s", c->status), NULL));
	doc_hint(out, "mine", text_eq(c->assignee_id, rq->cx->user_id) ? "1" : NULL);
	doc_close(out);
	if (l->next != NULL)
		doc_hint(out, "older_url", arena_fmt(a, "/conversations/%s?cursor=%s", c->id, l->next));
	doc_hint(out, "older", older ? "1" : NULL);
	doc_hint(out, "suffix", query_with(rq, "cursor", NULL));
	doc_hint(out, "token", rq->reshown && token != NULL ? token : token_new(a));
	rq->title = title;
	if (!older && c->unread > 0 && req_may(rq, CONVERSATION_REPLY))
		rq->after = mark_read;
	return OK;
}

static enum err load(struct req *rq, struct conversation *c, struct message_list *l, const char **cursor)
{
	struct thread_filter f = { 0 };

	TRY(req_bind_query(rq, &thread_filter_type, &f));
	TRY(conversation_get(rq->cx, req_capture(rq, "id"), c));
	*cursor = f.cursor;
	return l == NULL ? OK : message_list(rq->cx, c, f.cursor, f.limit > 0 ? f.limit : 50, l);
}

enum err conversation_show(struct req *rq, struct doc *out)
{
	struct message_list l = { 0 };
	struct conversation c;
	const char *cursor;

	TRY(load(rq, &c, doc_html(out) ? &l : NULL, &cursor));
	doc_self(out, "conversation");
	doc_fields(out, &conversation_type, &c);
	TRY(conversation_tags_shown(rq, out, c.id));
	doc_self_end(out);
	reply_etag(rq, c.version);
	if (!doc_html(out))
		return OK;
	doc_list(out, "messages");
	thread_items(rq, out, &l);
	doc_close(out);
	return page(rq, out, &c, &l, cursor != NULL);
}

enum err conversation_messages(struct req *rq, struct doc *out)
{
	struct message_list l = { 0 };
	struct conversation c;
	const char *cursor;

	TRY(load(rq, &c, &l, &cursor));
	doc_list(out, "items");
	thread_items(rq, out, &l);
	doc_close(out);
	list_next(rq, out, l.next);
	return OK;
}

enum err conversation_patch(struct req *rq, struct doc *out)
{
	struct conversation_patch in = { 0 };
	struct conversation c;
	const char *id = req_capture(rq, "id");

	TRY(conversation_get(rq->cx, id, &c));
	if (rq->if_match != NULL)
		TRY(req_if_match(rq, c.version));
	in.status = c.status;
	in.assignee_id = c.assignee_id;
	in.team_id = c.team_id;
	TRY(req_bind(rq, &conversation_patch_type, &in, true));
	if (!text_eq(in.assignee_id, c.assignee_id) || !text_eq(in.team_id, c.team_id)) {
		if (!req_may(rq, CONVERSATION_ASSIGN))
			return fail(rq->cx, E_DENIED, "assign");
		TRY(conversation_assign(rq->cx, id, in.assignee_id, in.team_id, 0));
	}
	if (in.status != NULL)
		TRY(conversation_set_status(rq->cx, id, in.status, 0));
	TRY(conversation_get(rq->cx, id, &c));
	doc_fields(out, &conversation_type, &c);
	reply_etag(rq, c.version);
	return OK;
}
