/* many.c: what is done with all checked cards: moved, won, lost, given to somebody, tagged. What stayed is told by name. */
#include "cgi/pipeline/pipeline.h"

#include <string.h>

#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/tag.h"

enum { MANY_MAX = 500 };

/* "id:version" of every checked card; false when one is none. */
static bool picks(struct req *rq, struct deal_pick **out, size_t *n)
{
	struct deal_pick *p = arena_array(rq->cx->arena, MANY_MAX, sizeof(*p));
	const struct param *box = NULL;
	int64_t version;

	*n = 0;
	while ((box = req_field_next(rq, box, "id")) != NULL && *n < MANY_MAX) {
		const char *colon = box->value != NULL ? strchr(box->value, ':') : NULL;

		p[*n].id = colon != NULL ? arena_strn(rq->cx->arena, box->value, (size_t)(colon - box->value)) : "";
		if (!id_ok(p[*n].id) || !parse_i64(colon + 1, 1, INT32_MAX, &version))
			return false;
		p[(*n)++].version = (int32_t)version;
	}
	*out = p;
	return true;
}

static int32_t version_of(const struct deal_pick *p, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(p[i].id, id) == 0)
			return p[i].version;
	return 0;
}

/* Why this deal stays as it is, a key of T.many; NULL: nothing is in the way. */
static const char *obstacle(const char *act, const struct deal_picked *d, int32_t seen)
{
	bool tags = strcmp(act, "tag") == 0 || strcmp(act, "untag") == 0;

	if (tags)
		return NULL;
	if (d->version != seen)
		return "changed";
	return strcmp(d->status, "open") != 0 && strcmp(act, "owner") != 0 ? "closed" : NULL;
}

/* Deals as the page shows them; act NULL: none was tried. Those that were done are left out. */
static void deals(struct req *rq, struct doc *out, const struct deal_picked *d, size_t n, const struct deal_pick *p, size_t np, const char *act)
{
	doc_list(out, "deals");
	for (size_t i = 0; i < n; i++) {
		const char *why = act != NULL ? obstacle(act, &d[i], version_of(p, np, d[i].id)) : NULL;

		if (act != NULL && why == NULL)
			continue;
		doc_item(out);
		doc_hint(out, "id", d[i].id);
		doc_hint(out, "pick", arena_fmt(rq->cx->arena, "%s:%d", d[i].id, d[i].version));
		doc_hint(out, "title", seen_text(rq, d[i].title));
		doc_hint(out, "who", seen_text(rq, d[i].contact_name));
		doc_hint(out, "stage", d[i].stage_name);
		doc_hint(out, "owner", d[i].owner_name);
		doc_hint(out, "status", d[i].status);
		doc_hint(out, "why", why);
		doc_close(out);
	}
	doc_close(out);
}

/* The page: what is checked, and everything that can be done with it. */
static enum err page(struct req *rq, struct doc *out, const char *act)
{
	struct deal_tag_row *tags;
	struct pipeline p;
	struct stage *s;
	size_t n, ntags;

	TRY(pipeline_get(rq->cx, req_capture(rq, "id"), &p, &s, &n));
	TRY(deal_tag_choices(rq->cx, &tags, &ntags));
	doc_rec(out, "pipeline", &pipeline_type, &p);
	doc_recs(out, "tags", &deal_tag_row_type, tags, ntags);
	TRY(stage_groups(rq, out, NULL, NULL));
	TRY(owner_items(rq, out, NULL));
	doc_hint(out, "act", act);
	doc_hint(out, "back_url", board_path(rq));
	doc_hint(out, "post_url", arena_fmt(rq->cx->arena, "/pipelines/%s/many%s", p.id, strchrnul(board_path(rq), '?')));
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "many.title", NULL);
	return OK;
}

/* What an act needs besides the cards. */
static enum err complete(struct req *rq, const struct many_form *in)
{
	struct tag t;
	enum err e;

	if (strcmp(in->act, "move") == 0 && in->stage_id == NULL)
		return fail_field(rq->cx, "stage_id", "required", NULL);
	if (strcmp(in->act, "lose") == 0 && in->lost_reason == NULL)
		return fail_field(rq->cx, "lost_reason", "required", NULL);
	if (strcmp(in->act, "tag") != 0 && strcmp(in->act, "untag") != 0)
		return OK;
	e = in->tag_id != NULL ? tag_get(rq->cx, in->tag_id, &t) : E_NOTFOUND;
	return e == E_NOTFOUND ? fail_field(rq->cx, "tag_id", "choice", NULL) : e;
}

static enum err act_on(struct ctx *cx, const struct many_form *in, const struct deal_pick *p, size_t n)
{
	struct deal_moved m;

	if (n == 0)
		return OK;
	if (strcmp(in->act, "move") == 0)
		return deal_move_many(cx, in->stage_id, p, n, &m);
	if (strcmp(in->act, "owner") == 0)
		return deal_owner_many(cx, in->owner_id, p, n);
	if (strcmp(in->act, "tag") == 0 || strcmp(in->act, "untag") == 0)
		return deal_tag_many(cx, in->tag_id, strcmp(in->act, "tag") == 0, p, n);
	return deal_close_many(cx, strcmp(in->act, "win") == 0 ? "won" : "lost", in->lost_reason, p, n);
}

/* Those that nothing stands in the way of. */
static size_t fit(const struct many_form *in, const struct deal_picked *d, size_t n, const struct deal_pick *p, size_t np, struct deal_pick *out)
{
	size_t fine = 0;

	for (size_t i = 0; i < n; i++)
		if (obstacle(in->act, &d[i], version_of(p, np, d[i].id)) == NULL)
			out[fine++] = (struct deal_pick){ d[i].id, d[i].version };
	return fine;
}

enum err board_many(struct req *rq, struct doc *out)
{
	struct arena *a = rq->cx->arena;
	struct many_form in = { 0 };
	struct deal_picked *d;
	struct deal_pick *p = NULL, *fine;
	size_t np, n, nfine;

	TRY(board_named(rq));
	TRY(req_bind(rq, &many_form_type, &in, false));
	if (!picks(rq, &p, &np) || np == 0)
		return fail_field(rq->cx, "id", np > 0 ? "format" : "pick_one", NULL);
	TRY(deal_picked(rq->cx, p, np, &d, &n));
	/* A reason is asked for on the page; so is everything that the board has no room for. */
	if (in.act == NULL || strcmp(in.act, "ask") == 0 || (strcmp(in.act, "lose") == 0 && !in.asked)) {
		deals(rq, out, d, n, p, np, NULL);
		return page(rq, out, in.act != NULL ? in.act : "ask");
	}
	TRY(complete(rq, &in));
	fine = arena_array(a, n + 1, sizeof(*fine));
	nfine = fit(&in, d, n, p, np, fine);
	TRY(act_on(rq->cx, &in, fine, nfine));
	if (nfine == np)
		return reply_to(rq, 303, board_path(rq), arena_fmt(a, "ok.deals_%s", in.act));
	doc_hint(out, "stayed", arena_fmt(a, "%zu", np - nfine));
	doc_hint(out, "done", nfine > 0 ? arena_fmt(a, "%zu", nfine) : NULL);
	doc_hint(out, "gone", np > n ? arena_fmt(a, "%zu", np - n) : NULL);
	deals(rq, out, d, n, p, np, in.act);
	return page(rq, out, in.act);
}

/* Nothing checked: the board says so. Else the same cards, as they are now. */
enum err board_many_again(struct req *rq, struct doc *out)
{
	struct deal_picked *d;
	struct deal_pick *p;
	size_t np, n;

	if (!picks(rq, &p, &np) || np == 0) {
		rq->template = "pipeline/board";
		return board_show(rq, out);
	}
	TRY(deal_picked(rq->cx, p, np, &d, &n));
	deals(rq, out, d, n, p, np, NULL);
	return page(rq, out, req_field(rq, "act"));
}

/* The address of that page without its cards, as when it is asked for again: the board. */
enum err board_many_none(struct req *rq, struct doc *out)
{
	(void)out;
	TRY(board_named(rq));
	return reply_to(rq, 303, board_path(rq), NULL);
}
