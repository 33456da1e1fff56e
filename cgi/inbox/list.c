#include "cgi/inbox/inbox.h"

#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "lib/view/piece.h"
#include "lib/view/tmpl.h"
#include "model/perm.h"
#include "model/routing.h"
#include "model/team.h"

static void tab(struct req *rq, struct doc *out, const char *view, int64_t count, const char *current)
{
	struct arena *a = rq->cx->arena;

	doc_item(out);
	doc_hint(out, "view", view);
	doc_hint(out, "url", arena_fmt(a, "/conversations?view=%s", view));
	doc_hint(out, "current", text_eq(view, current) ? "1" : NULL);
	doc_hint(out, "count", count > 0 ? arena_fmt(a, "%lld", (long long)count) : NULL);
	doc_close(out);
}

static void tabs(struct req *rq, struct doc *out, const struct conversation_counts *n, const char *view)
{
	doc_list(out, "tabs");
	tab(rq, out, "mine", n->mine, view);
	tab(rq, out, "unassigned", n->unassigned, view);
	tab(rq, out, "team", 0, view);
	tab(rq, out, "all", 0, view);
	doc_close(out);
}

static void filter_shown(struct doc *out, const struct conversation_filter *f, const char *query)
{
	doc_open(out, "filter");
	doc_hint(out, "view", f->view);
	doc_hint(out, "status", f->status);
	doc_hint(out, "channel", f->channel);
	doc_hint(out, "sort", f->sort);
	doc_hint(out, "q", f->q);
	doc_hint(out, "tag", f->tag);
	doc_hint(out, "team", f->team);
	doc_hint(out, "unread", f->unread ? "1" : NULL);
	doc_hint(out, "query", query);
	doc_hint(out, "flat", (f->sort != NULL && !text_eq(f->sort, "waiting_first")) || f->status != NULL ? "1" : NULL);
	doc_hint(out, "active", f->status != NULL || f->channel != NULL || f->q != NULL || f->tag != NULL || f->team != NULL || f->unread ? "1" : NULL);
	doc_close(out);
}

/* What the filter and the bar of many offer: tags, teams, and whom to pass to. */
static enum err choices(struct req *rq, struct doc *out, const struct conversation_filter *f, const struct staff *s)
{
	struct tag *g;
	size_t n;

	TRY(tag_list(rq->cx, false, &g, &n));
	doc_list(out, "all_tags");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &tag_type, &g[i]);
		doc_hint(out, "current", text_eq(g[i].id, f->tag) ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	doc_list(out, "all_teams");
	for (size_t i = 0; i < s->nteams; i++) {
		doc_item(out);
		doc_fields(out, &team_row_type, &s->teams[i]);
		doc_hint(out, "current", text_eq(s->teams[i].id, f->team) ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	if (req_may(rq, CONVERSATION_ASSIGN))
		doc_recs(out, "all_users", &user_row_type, s->users, s->nusers);
	return OK;
}

static enum err views(struct req *rq, struct doc *out, const char *query)
{
	struct saved_view *v;
	bool known = false;
	size_t n;

	TRY(conversation_views(rq->cx, &v, &n));
	doc_list(out, "views");
	for (size_t i = 0; i < n; i++) {
		bool now = strcmp(v[i].query, query) == 0;

		known = known || now;
		doc_item(out);
		doc_fields(out, &saved_view_type, &v[i]);
		doc_hint(out, "url", arena_fmt(rq->cx->arena, "/conversations%s", v[i].query));
		doc_hint(out, "current", now ? "1" : NULL);
		doc_hint(out, "can_delete", v[i].own || (v[i].shared && req_may(rq, TEAM_EDIT)) ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	doc_hint(out, "can_save_view", known || strcmp(query, "") == 0 ? NULL : "1");
	return OK;
}

/* What inbox/row.cs shows. */
static void row(struct req *rq, struct doc *out, const struct conversation *c, const char *current, const char *suffix, const struct tag_of *t, size_t n)
{
	struct arena *a = rq->cx->arena;
	const char *title = person_title(rq, c->contact_name, c->contact_phone);
	int64_t wait = waits(rq, c);
	struct piece p = { .tmpl = "inbox/row", .a = a };

	piece_add(&p, "li.id", c->id);
	piece_add(&p, "Page.static", arena_fmt(a, "/static/v/%s", app_static_version()));
	piece_add(&p, "Page.perm.conversation_reply", req_may(rq, CONVERSATION_REPLY) ? "1" : NULL);
	piece_add(&p, "li.current", text_eq(current, c->id) ? "1" : NULL);
	piece_add(&p, "li.url", arena_fmt(a, "/conversations/%s%s", c->id, suffix));
	piece_add(&p, "li.title", title);
	piece_add(&p, "li.initials", title_initials(a, title));
	piece_add(&p, "li.color", color_of(a, c->contact_id));
	piece_add(&p, "li.contact_kind", c->contact_kind);
	piece_utc(&p, out, "li.last_message_at", c->last_message_at);
	piece_add(&p, "li.preview_out", c->preview_out ? "1" : NULL);
	piece_add(&p, "li.preview_text", preview_text(rq, c));
	piece_add(&p, "li.unread", c->unread > 0 ? arena_fmt(a, "%d", c->unread) : NULL);
	piece_add(&p, "li.channel", c->channel);
	piece_add(&p, "li.wait_text", wait >= 0 ? duration_text(a, rq->cx->lang, wait) : NULL);
	piece_add(&p, "li.wait_level", wait >= 3600 ? "bad" : "warn");
	piece_add(&p, "li.status", c->status);
	piece_add(&p, "li.assignee_name", c->assignee_name);
	piece_utc(&p, out, "li.snoozed_until", c->snoozed_until);
	for (size_t i = 0, at = 0; i < n; i++)
		if (strcmp(t[i].owner, c->id) == 0)
			piece_tag(&p, "li.tags", at++, t[i].name, t[i].color);
	doc_piece(out, "row", &p);
}

/* Pages: rows, and where a group of the list begins. JSON: fields and tags. */
static void items(struct req *rq, struct doc *out, const struct conversation_list *l, const char *current, const char *suffix, const struct tag_of *t, size_t n)
{
	const struct conversation *c = l->items;

	doc_list(out, "items");
	for (size_t i = 0; i < l->n; i++) {
		doc_item(out);
		if (doc_html(out)) {
			row(rq, out, &c[i], current, suffix, t, n);
			if (i == 0 || utc_none(c[i].waiting_since) != utc_none(c[i - 1].waiting_since))
				doc_hint(out, "group", utc_none(c[i].waiting_since) ? "rest" : "waiting");
		} else {
			doc_fields(out, &conversation_type, &c[i]);
			tags_of(out, c[i].id, t, n);
		}
		doc_close(out);
	}
	doc_close(out);
}

/* The items with their tags: one statement for all of the page. */
static enum err tagged_items(struct req *rq, struct doc *out, const struct conversation_list *l, const char *current, const char *suffix)
{
	const char **ids = arena_array(rq->cx->arena, l->n, sizeof(*ids));
	struct tag_of *t = ARENA_NEW(rq->cx->arena, struct tag_of);
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		ids[i] = l->items[i].id;
	if (l->n > 0)
		TRY(tag_of_conversations(rq->cx, (struct ids){ ids, l->n }, &t, &n));
	items(rq, out, l, current, suffix, t, n);
	return OK;
}

/* How many of each group the page shows, with "+" where the group goes on over other pages. */
static void group_counts(struct req *rq, struct doc *out, const struct conversation_list *l)
{
	struct arena *a = rq->cx->arena;
	size_t waiting = 0, rest;

	for (size_t i = 0; i < l->n; i++)
		waiting += !utc_none(l->items[i].waiting_since);
	rest = l->n - waiting;
	doc_open(out, "group_counts");
	doc_hint(out, "waiting", arena_fmt(a, "%zu%s", waiting, l->prev != NULL || (rest == 0 && l->next != NULL) ? "+" : ""));
	doc_hint(out, "rest", arena_fmt(a, "%zu%s", rest, l->next != NULL || (waiting == 0 && l->prev != NULL) ? "+" : ""));
	doc_close(out);
}

static void oldest(struct req *rq, struct doc *out, const struct conversation_list *l)
{
	if (l->n == 0 || l->prev != NULL || utc_none(l->items[0].waiting_since))
		return;
	doc_open(out, "oldest");
	doc_hint(out, "title", person_title(rq, l->items[0].contact_name, l->items[0].contact_phone));
	doc_hint(out, "wait_text", duration_text(rq->cx->arena, rq->cx->lang, waits(rq, &l->items[0])));
	doc_hint(out, "url", arena_fmt(rq->cx->arena, "/conversations/%s%s", l->items[0].id, query_with(rq, "cursor", NULL)));
	doc_close(out);
}

/* The page that the filter and its cursor ask for. Where going back reaches the beginning, the first page as it always is. */
static enum err pane_page(struct req *rq, const struct conversation_filter *f, struct conversation_list *l)
{
	struct conversation_filter g = *f;

	if (g.sort == NULL && f->status == NULL)
		g.sort = "waiting_first";
	if (g.cursor != NULL) {
		TRY(conversation_list(rq->cx, &g, l));
		if (g.cursor[0] != 'p' || l->prev != NULL)
			return OK;
		g.cursor = NULL;
	}
	return conversation_list(rq->cx, &g, l);
}

static enum err pane_filter(struct req *rq, const char *current, struct conversation_filter *f)
{
	*f = (struct conversation_filter){ 0 };
	TRY(req_bind_query(rq, &conversation_filter_type, f));
	if (current != NULL)
		f->cursor = NULL;
	if (f->view == NULL)
		f->view = "all";
	f->limit = 25;
	return OK;
}

void list_pane_ahead(struct req *rq, const char *current)
{
	struct conversation_filter f;
	struct conversation_counts n;
	struct conversation_list l;
	struct saved_view *v;
	struct staff staff;
	struct tag *g;
	size_t k;

	AHEAD(rq->cx, staff_get(rq->cx, &staff));
	AHEAD(rq->cx, conversation_counts(rq->cx, &n));
	AHEAD(rq->cx, tag_list(rq->cx, false, &g, &k));
	AHEAD(rq->cx, conversation_views(rq->cx, &v, &k));
	AHEAD(rq->cx, pane_filter(rq, current, &f) == OK ? pane_page(rq, &f, &l) : OK);
}

enum err list_pane(struct req *rq, struct doc *out, const char *current, const struct staff *staff)
{
	struct conversation_filter f;
	struct conversation_counts n;
	struct conversation_list l;
	const char *suffix;

	TRY(pane_filter(rq, current, &f));
	suffix = query_with(rq, "cursor", NULL);
	TRY(conversation_counts(rq->cx, &n));
	TRY(pane_page(rq, &f, &l));
	tabs(rq, out, &n, f.view);
	filter_shown(out, &f, suffix);
	TRY(choices(rq, out, &f, staff));
	TRY(views(rq, out, suffix));
	group_counts(rq, out, &l);
	oldest(rq, out, &l);
	TRY(tagged_items(rq, out, &l, current, suffix));
	if (l.prev != NULL)
		doc_hint(out, "prev_url", arena_fmt(rq->cx->arena, "/conversations%s", query_with(rq, "cursor", l.prev)));
	if (l.next != NULL)
		doc_hint(out, "next_url", arena_fmt(rq->cx->arena, "/conversations%s", query_with(rq, "cursor", l.next)));
	return OK;
}

enum err conversation_index(struct req *rq, struct doc *out)
{
	struct conversation_filter f = { 0 };
	struct conversation_list l;
	struct staff staff;

	if (doc_html(out)) {
		list_pane_ahead(rq, NULL);
		TRY(staff_get(rq->cx, &staff));
		TRY(list_pane(rq, out, NULL, &staff));
		rq->title = text_get(rq->cx->arena, rq->cx->lang, "inbox.title", NULL);
		return OK;
	}
	TRY(req_bind_query(rq, &conversation_filter_type, &f));
	TRY(conversation_list(rq->cx, &f, &l));
	TRY(tagged_items(rq, out, &l, NULL, ""));
	list_next(rq, out, l.next);
	return OK;
}
