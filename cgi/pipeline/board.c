/* board.c: the board as a page, saved filters. */
#include "cgi/pipeline/pipeline.h"

#include <stdio.h>
#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "lib/view/piece.h"
#include "lib/view/tmpl.h"
#include "model/perm.h"
#include "model/team.h"

enum err board_home(struct req *rq, struct doc *out)
{
	const char *id;

	(void)out;
	TRY(pipeline_default(rq->cx, &id));
	return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/pipelines/%s", id), NULL);
}

static void query_add(struct buf *b, const char *name, const char *v)
{
	if (v == NULL)
		return;
	buf_fmt(b, "%s%s=", b->n == 0 ? "?" : "&", name);
	buf_url(b, v);
}

/* The filter as a query string, "" or "?...": what links, forms and saved filters carry on. */
static const char *filter_query(struct req *rq, const struct board_filter *f)
{
	struct buf b = { 0 };
	const char *out;

	query_add(&b, "owner", f->owner);
	query_add(&b, "q", f->q);
	query_add(&b, "tag", f->tag);
	query_add(&b, "next", f->next);
	query_add(&b, "stale", f->stale ? "1" : NULL);
	out = arena_str(rq->cx->arena, b.n > 0 ? b.p : "");
	buf_free(&b);
	return out;
}

/* What the standing views hold, by their filter; kept in the columns whatever the filter of the page is. */
static const struct standing { const char *text, *query; size_t count; bool warn; } standing[] = {
	{ "pipeline.view.all", "", offsetof(struct board_column, every), false }, { "pipeline.view.mine", "?owner=me", offsetof(struct board_column, mine), false },
	{ "pipeline.view.none", "?next=none", offsetof(struct board_column, stepless), true }, { "pipeline.view.late", "?next=late", offsetof(struct board_column, late), true },
	{ "pipeline.view.stale", "?stale=1", offsetof(struct board_column, stale), false },
};

static const char *count_of(struct arena *a, const struct board *b, size_t member)
{
	int64_t n = 0;

	for (size_t i = 0; i < b->ncolumns; i++)
		n += *(const int64_t *)(const void *)((const char *)&b->columns[i] + member);
	return n > 0 ? arena_fmt(a, "%lld", (long long)n) : NULL;
}

static void tab(struct req *rq, struct doc *out, const char *text, const char *query, const char *now, const struct saved_view *v, const char *count, bool warn)
{
	doc_item(out);
	doc_hint(out, "text", text);
	doc_hint(out, "url", arena_fmt(rq->cx->arena, "/pipelines/%s%s", req_capture(rq, "id"), query));
	doc_hint(out, "current", strcmp(query, now) == 0 ? "1" : NULL);
	if (v != NULL) {
		doc_hint(out, "id", v->id);
		doc_hint(out, "own", v->own ? "1" : NULL);
		doc_hint(out, "shared", v->shared ? "1" : NULL);
	}
	doc_hint(out, "count", count);
	doc_hint(out, "warn", warn ? "1" : NULL);
	doc_close(out);
}

static void tabs(struct req *rq, struct doc *out, const struct board *b, const char *query)
{
	struct arena *a = rq->cx->arena;
	const char *lang = rq->cx->lang;
	bool known = false;

	doc_list(out, "views");
	for (size_t i = 0; i < nitems(standing); i++)
		tab(rq, out, text_get(a, lang, standing[i].text, NULL), standing[i].query, query, NULL, count_of(a, b, standing[i].count), standing[i].warn);
	for (size_t i = 0; i < b->nviews; i++) {
		tab(rq, out, b->views[i].name, b->views[i].query, query, &b->views[i], NULL, false);
		known = known || strcmp(b->views[i].query, query) == 0;
	}
	doc_close(out);
	doc_hint(out, "can_save", *query != '\0' && !known ? "1" : NULL);
}

static void choices(struct req *rq, struct doc *out, const struct board *b, const struct board_filter *f)
{
	doc_list(out, "pipelines");
	for (size_t i = 0; i < b->npipelines; i++) {
		doc_item(out);
		doc_hint(out, "name", b->pipelines[i].name);
		doc_hint(out, "url", arena_fmt(rq->cx->arena, "/pipelines/%s", b->pipelines[i].id));
		doc_hint(out, "current", strcmp(b->pipelines[i].id, b->pipeline.id) == 0 ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	doc_list(out, "users");
	for (size_t i = 0; i < b->nusers; i++) {
		doc_item(out);
		doc_hint(out, "id", b->users[i].id);
		doc_hint(out, "name", b->users[i].name);
		doc_close(out);
	}
	doc_close(out);
	doc_recs(out, "tags", &deal_tag_row_type, b->tags, b->ntags);
	doc_open(out, "filter");
	doc_hint(out, "owner", f->owner);
	doc_hint(out, "q", f->q);
	doc_hint(out, "tag", f->tag);
	doc_hint(out, "next", f->next);
	doc_hint(out, "stale", f->stale ? "1" : NULL);
	doc_hint(out, "query", filter_query(rq, f));
	doc_hint(out, "active", *filter_query(rq, f) != '\0' ? "1" : NULL);
	doc_close(out);
}

/* An owner as the cards show them: made once a page. */
struct owner { const char *id, *first, *initials, *color; };
struct owners { struct owner *v; size_t n; };

static const struct owner *owner_of(struct arena *a, struct owners *o, const struct card *c)
{
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->v[i].id, c->owner_id) == 0)
			return &o->v[i];
	o->v[o->n] = (struct owner){ c->owner_id, arena_strn(a, c->owner_name, strcspn(c->owner_name, " ")), initials(a, c->owner_name), color_of(a, c->owner_id) };
	return &o->v[o->n++];
}

/* As the macro channel of lib/layout.cs draws them. */
static void card_channel(struct req *rq, struct piece *p, const char *channel)
{
	static const struct { const char *channel, *icon, *color, *text; } looks[] = {
		{ "whatsapp", "whats", "k3", "channel.whatsapp" }, { "instagram", "insta", "k7", "channel.instagram" }, { "messenger", "messenger", "k2", "channel.messenger" },
		{ "email", "email", "k1", "channel.email" }, { "chat", "chat", "k8", "channel.chat" },
	};

	for (size_t i = 0; channel != NULL && i < nitems(looks); i++) {
		if (strcmp(looks[i].channel, channel) == 0) {
			piece_add(p, "channel.icon", looks[i].icon);
			piece_add(p, "channel.color", looks[i].color);
			piece_add(p, "channel.name", text_get(rq->cx->arena, rq->cx->lang, looks[i].text, NULL));
		}
	}
}

/* Those in "{id,id}", by their names. */
static void card_tags(struct piece *p, const struct board *b, const char *ids)
{
	for (size_t i = 0, at = 0; i < b->ntags; i++)
		if (strstr(ids, b->tags[i].id) != NULL)
			piece_tag(p, "tags", at++, b->tags[i].name, b->tags[i].color);
}

static void card_item(struct req *rq, struct doc *out, const struct board *b, const struct board_column *col, const struct card *c, struct owners *o)
{
	struct arena *a = rq->cx->arena;
	const char *who = seen_text(rq, c->contact_name), *company = seen_text(rq, c->company), *state, *step = next_step(rq, c->next_step, c->next_step_on, &state), *age;
	bool old = stands_long(rq, c->stage_since, col->stale_days, &age);
	struct piece p = { .tmpl = "pipeline/card", .a = a };

	piece_add(&p, "id", c->id);
	piece_add(&p, "title", seen_text(rq, c->title));
	if (req_may(rq, DEAL_EDIT))
		piece_add(&p, "pick", arena_fmt(a, "%s:%d", c->id, c->version));
	piece_add(&p, "sv", app_static_version());
	piece_add(&p, old ? "old" : "age", age);
	piece_add(&p, "state", state);
	piece_add(&p, "step", step);
	piece_add(&p, "who", who != NULL && company != NULL && strcmp(who, company) != 0 ? arena_fmt(a, "%s · %s", company, who) : who != NULL ? who : company);
	if (c->owner_id != NULL && c->owner_name != NULL) {
		const struct owner *w = owner_of(a, o, c);

		piece_add(&p, "by.first", w->first);
		piece_add(&p, "by.initials", w->initials);
		piece_add(&p, "by.color", w->color);
	}
	if (b->pipeline.money && c->value.minor > 0)
		piece_add(&p, "value", money_short(rq, c->value.minor, c->currency));
	card_channel(rq, &p, c->channel);
	if (c->tag_ids != NULL)
		card_tags(&p, b, c->tag_ids);
	doc_item_piece(out, &p);
}

static void money_hints(struct req *rq, struct doc *out, int64_t total, int64_t weighted, int64_t foreign, const char *currency)
{
	struct arena *a = rq->cx->arena;

	doc_hint(out, "total", money_short(rq, total, currency));
	doc_hint(out, "weighted", money_short(rq, weighted, currency));
	if (foreign > 0)
		doc_hint(out, "foreign", text_get(a, rq->cx->lang, "pipeline.foreign", arena_fmt(a, "%lld", (long long)foreign)));
}

/* One column with its cards, which stand from *at on. */
static void column(struct req *rq, struct doc *out, const struct board *b, const struct board_filter *f, const struct board_column *col, size_t *at, struct owners *o)
{
	struct arena *a = rq->cx->arena;
	const char *query = filter_query(rq, f), *sep = *query == '\0' ? "?" : "&", *path = arena_fmt(a, "/pipelines/%s", b->pipeline.id);
	size_t n = 0;

	doc_item(out);
	doc_hint(out, "id", col->id);
	doc_hint(out, "name", col->name);
	doc_hint(out, "color", arena_fmt(a, "%d", col->color));
	doc_hint(out, "chance", arena_fmt(a, "%d", col->chance));
	doc_i64(out, "deals", col->deals);
	if (b->pipeline.money)
		money_hints(rq, out, col->total.minor, col->weighted.minor, col->foreign_deals, col->currency);
	doc_list(out, "cards");
	for (; *at < b->ncards && strcmp(b->cards[*at].stage_id, col->id) == 0; ++*at, n++)
		if (n < BOARD_CARDS)
			card_item(rq, out, b, col, &b->cards[*at], o);
	doc_close(out);
	if (n > BOARD_CARDS)
		doc_hint(out, "more_url", arena_fmt(a, "%s%s%sstage=%s&cursor=%s#h-%s", path, query, sep, col->id, board_cursor(rq->cx, &b->cards[*at - 2]), col->id));
	if (text_eq(f->stage, col->id))
		doc_hint(out, "first_url", arena_fmt(a, "%s%s#h-%s", path, query, col->id));
	doc_close(out);
}

static void columns(struct req *rq, struct doc *out, const struct board *b, const struct board_filter *f)
{
	int64_t deals = 0, total = 0, weighted = 0, foreign = 0;
	struct owners owners = { arena_array(rq->cx->arena, b->ncards + 1, sizeof(*owners.v)), 0 };
	size_t at = 0;

	doc_list(out, "columns");
	for (size_t i = 0; i < b->ncolumns; i++) {
		column(rq, out, b, f, &b->columns[i], &at, &owners);
		deals += b->columns[i].deals;
		total += b->columns[i].total.minor;
		weighted += b->columns[i].weighted.minor;
		foreign += b->columns[i].foreign_deals;
	}
	doc_close(out);
	doc_open(out, "sum");
	doc_i64(out, "deals", deals);
	if (b->pipeline.money && b->ncolumns > 0)
		money_hints(rq, out, total, weighted, foreign, b->columns[0].currency);
	doc_close(out);
}

enum err board_show(struct req *rq, struct doc *out)
{
	struct board_filter f = { 0 };
	struct board b = { 0 };

	TRY(req_bind_query(rq, &board_filter_type, &f));
	if (rq->reshown)
		f.stage = f.cursor = NULL;
	TRY(board_get(rq->cx, req_capture(rq, "id"), &f, &b));
	doc_rec(out, "pipeline", &pipeline_type, &b.pipeline);
	choices(rq, out, &b, &f);
	tabs(rq, out, &b, filter_query(rq, &f));
	columns(rq, out, &b, &f);
	rq->title = b.pipeline.name;
	return OK;
}

const char *board_path(struct req *rq)
{
	struct board_filter f = { 0 };

	return arena_fmt(rq->cx->arena, "/pipelines/%s%s", req_capture(rq, "id"), req_bind_query(rq, &board_filter_type, &f) == OK ? filter_query(rq, &f) : "");
}

enum err board_named(struct req *rq)
{
	struct pipeline p;
	struct stage *s;
	size_t n;

	return pipeline_get(rq->cx, req_capture(rq, "id"), &p, &s, &n);
}

enum err board_view_post(struct req *rq, struct doc *out)
{
	struct board_filter f = { 0 };
	struct view_form in = { 0 };
	enum err e;

	(void)out;
	TRY(board_named(rq));
	TRY(req_bind(rq, &view_form_type, &in, false));
	TRY(req_bind_query(rq, &board_filter_type, &f));
	e = board_view_add(rq->cx, in.name, filter_query(rq, &f), in.shared && req_may(rq, PIPELINE_EDIT));
	if (e == E_CONFLICT)
		return fail_field(rq->cx, "name", "too_many_views", NULL);
	TRY(e);
	return reply_to(rq, 303, board_path(rq), "ok.view_saved");
}

enum err board_view_remove(struct req *rq, struct doc *out)
{
	(void)out;
	TRY(board_named(rq));
	TRY(board_view_delete(rq->cx, req_capture(rq, "view_id")));
	return reply_to(rq, 303, board_path(rq), "ok.view_deleted");
}
