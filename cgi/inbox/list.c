#include "cgi/inbox/inbox.h"

#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"

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

static void filter_shown(struct doc *out, const struct conversation_filter *f)
{
	doc_open(out, "filter");
	doc_hint(out, "view", f->view);
	doc_hint(out, "status", f->status);
	doc_hint(out, "channel", f->channel);
	doc_hint(out, "order", f->order);
	doc_hint(out, "q", f->q);
	doc_hint(out, "active", f->status != NULL || f->channel != NULL || f->q != NULL ? "1" : NULL);
	doc_close(out);
}

/* Those that wait, longest first, above the others: two statements in one round trip, 25 of each. */
static enum err waiting_first(struct req *rq, struct conversation_filter *f, struct conversation_list *out)
{
	struct conversation_list wait, rest;
	struct conversation *all;
	struct conversation_filter g = *f;

	g.limit = 25;
	g.order = "waiting";
	TRY(conversation_list(rq->cx, &g, &wait));
	g.order = "recent";
	g.answered = true;
	TRY(conversation_list(rq->cx, &g, &rest));
	all = arena_array(rq->cx->arena, wait.n + rest.n, sizeof(*all));
	memcpy(all, wait.items, wait.n * sizeof(*all));
	memcpy(all + wait.n, rest.items, rest.n * sizeof(*all));
	*out = (struct conversation_list){ all, wait.n + rest.n, rest.next };
	return OK;
}

static void group_counts(struct req *rq, struct doc *out, const struct conversation_list *l)
{
	size_t waiting = 0;

	for (size_t i = 0; i < l->n; i++)
		waiting += !utc_none(l->items[i].waiting_since);
	doc_open(out, "group_counts");
	doc_hint(out, "waiting", arena_fmt(rq->cx->arena, "%zu", waiting));
	doc_hint(out, "rest", arena_fmt(rq->cx->arena, "%zu", l->n - waiting));
	doc_close(out);
}

static void oldest(struct req *rq, struct doc *out, const struct conversation_list *l)
{
	if (l->n == 0 || utc_none(l->items[0].waiting_since))
		return;
	doc_open(out, "oldest");
	doc_hint(out, "title", person_title(rq, l->items[0].contact_name, l->items[0].contact_phone));
	doc_hint(out, "wait_text", duration_text(rq->cx->arena, rq->cx->lang, (rq->cx->now.us - l->items[0].waiting_since.us) / 1000000));
	doc_hint(out, "url", arena_fmt(rq->cx->arena, "/conversations/%s%s", l->items[0].id, query_with(rq, "cursor", NULL)));
	doc_close(out);
}

enum err list_pane(struct req *rq, struct doc *out, const char *current)
{
	struct conversation_filter f = { 0 };
	struct conversation_counts n;
	struct conversation_list l;
	const char *suffix;

	TRY(req_bind_query(rq, &conversation_filter_type, &f));
	if (current != NULL)
		f.cursor = NULL;
	if (f.view == NULL)
		f.view = "all";
	suffix = query_with(rq, "cursor", NULL);
	TRY(conversation_counts(rq->cx, &n));
	f.limit = 25;
	if (f.cursor == NULL && (f.order == NULL || strcmp(f.order, "waiting") == 0) && f.status == NULL)
		TRY(waiting_first(rq, &f, &l));
	else {
		f.order = "recent";
		f.answered = f.cursor != NULL && f.status == NULL;
		TRY(conversation_list(rq->cx, &f, &l));
	}
	tabs(rq, out, &n, f.view);
	filter_shown(out, &f);
	group_counts(rq, out, &l);
	oldest(rq, out, &l);
	conversation_items(rq, out, l.items, l.n, current, suffix);
	if (l.next != NULL)
		doc_hint(out, "next_url", arena_fmt(rq->cx->arena, "/conversations%s", query_with(rq, "cursor", l.next)));
	return OK;
}

enum err conversation_index(struct req *rq, struct doc *out)
{
	struct conversation_filter f = { 0 };
	struct conversation_list l;

	if (doc_html(out)) {
		TRY(list_pane(rq, out, NULL));
		rq->title = text_get(rq->cx->arena, rq->cx->lang, "inbox.title", NULL);
		return OK;
	}
	TRY(req_bind_query(rq, &conversation_filter_type, &f));
	TRY(conversation_list(rq->cx, &f, &l));
	conversation_items(rq, out, l.items, l.n, NULL, "");
	list_next(rq, out, l.next);
	return OK;
}
