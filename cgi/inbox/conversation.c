#include "cgi/inbox/inbox.h"

#include <string.h>

#include "cgi/chrome.h"
#include "cgi/inbox/compose.h"
#include "cgi/inbox/forms.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/view/tmpl.h"
#include "model/contact.h"
#include "model/facts.h"
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

static void people(struct req *rq, struct doc *out, const struct conversation *c, const struct staff *s)
{
	doc_list(out, "users");
	for (size_t i = 0; i < s->nusers; i++) {
		doc_item(out);
		doc_fields(out, &user_row_type, &s->users[i]);
		doc_hint(out, "current", text_eq(s->users[i].id, c->assignee_id) ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	doc_list(out, "teams");
	for (size_t i = 0; i < s->nteams; i++) {
		doc_item(out);
		doc_fields(out, &team_row_type, &s->teams[i]);
		doc_hint(out, "current", text_eq(s->teams[i].id, c->team_id) ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	mention_choices(rq, out, s->users, s->nusers);
}

static void person_ahead(struct req *rq, const struct conversation *c)
{
	struct connection_row conn;
	struct identity *ids;
	struct contact p;
	size_t n;

	AHEAD(rq->cx, contact_get(rq->cx, c->contact_id, &p));
	AHEAD(rq->cx, contact_identities(rq->cx, c->contact_id, &ids, &n));
	AHEAD(rq->cx, connection_get(rq->cx, c->connection_id, &conn));
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

/* What else is known of the person: their other conversations, their deals. */
static enum err around(struct req *rq, struct doc *out, const struct conversation *c)
{
	struct facts f;

	TRY(facts_get(rq->cx, c, req_may(rq, DEAL_READ), &f));
	doc_open(out, "others");
	conversation_items(rq, out, f.others, f.nothers);
	doc_close(out);
	doc_recs(out, "deals", &deal_line_type, f.deals, f.ndeals);
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
	struct staff staff;

	TRY(staff_get(rq->cx, &staff));
	TRY(person(rq, out, c));
	TRY(around(rq, out, c));
	if (req_may(rq, CONVERSATION_REPLY)) {
		people(rq, out, c, &staff);
		TRY(compose_fill(rq, out, c));
	}
	query_forget(rq, "reply");
	TRY(list_pane(rq, out, c->id, &staff));
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
	doc_hint(out, "stream", c->id);
	rq->title = title;
	if (!older && c->unread > 0 && req_may(rq, CONVERSATION_REPLY))
		rq->after = mark_read;
	return OK;
}

/* What the page can name before it knows the conversation. */
static void page_ahead(struct req *rq, struct doc *out, const char *id)
{
	struct conversation c;

	AHEAD(rq->cx, conversation_get(rq->cx, id, &c));
	AHEAD(rq->cx, conversation_tags_shown(rq, out, id));
	compose_ahead(rq, id);
	list_pane_ahead(rq, id);
}

static enum err load(struct req *rq, struct conversation *c, struct message_list *l, const char **cursor, bool whole)
{
	struct thread_filter f = { 0 };

	TRY(req_bind_query(rq, &thread_filter_type, &f));
	TRY(conversation_get(rq->cx, req_capture(rq, "id"), c));
	*cursor = f.cursor;
	if (whole)
		person_ahead(rq, c);
	return l == NULL ? OK : message_list(rq->cx, c, f.cursor, f.limit > 0 ? f.limit : 50, l);
}

enum err conversation_show(struct req *rq, struct doc *out)
{
	struct message_list l = { 0 };
	struct conversation c;
	const char *cursor;

	if (doc_html(out))
		page_ahead(rq, out, req_capture(rq, "id"));
	TRY(load(rq, &c, doc_html(out) ? &l : NULL, &cursor, doc_html(out)));
	/* Shown again with what was typed, it says itself where it went. */
	if (doc_html(out) && c.merged_into != NULL && !rq->reshown)
		return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/conversations/%s", c.merged_into), "info.was_merged");
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

	TRY(load(rq, &c, &l, &cursor, false));
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
