/* deal_act.c: moving, winning, losing a deal, and opening it again. */
#include "cgi/pipeline/pipeline.h"

#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"

static void groups(struct req *rq, struct doc *out, const struct pipeline_list *l, const struct deal *d)
{
	const char *chosen = rq->reshown ? req_field(rq, "stage_id") : NULL;

	doc_list(out, "groups");
	for (size_t i = 0; i < l->n; i++) {
		doc_item(out);
		doc_hint(out, "name", l->items[i].name);
		doc_hint(out, "own", strcmp(l->items[i].id, d->pipeline_id) == 0 ? "1" : NULL);
		doc_list(out, "stages");
		for (size_t k = 0; k < l->nstages; k++) {
			const struct stage *s = &l->stages[k];

			if (strcmp(s->pipeline_id, l->items[i].id) != 0)
				continue;
			doc_item(out);
			doc_hint(out, "id", s->id);
			doc_hint(out, "name", s->name);
			doc_hint(out, "chance", arena_fmt(rq->cx->arena, "%d", s->chance));
			doc_hint(out, "now", strcmp(s->id, d->stage_id) == 0 ? "1" : NULL);
			doc_hint(out, "chosen", text_eq(s->id, chosen != NULL ? chosen : d->stage_id) ? "1" : NULL);
			doc_close(out);
		}
		doc_close(out);
		doc_close(out);
	}
	doc_close(out);
}

static const char *stage_name(const struct pipeline_list *l, const char *id)
{
	for (size_t i = 0; id != NULL && i < l->nstages; i++)
		if (strcmp(l->stages[i].id, id) == 0)
			return l->stages[i].name;
	return NULL;
}

/* The head of the small pages: whose deal, and what somebody else made of it meanwhile. */
static enum err head(struct req *rq, struct doc *out, struct deal *d, struct pipeline_list *l)
{
	struct arena *a = rq->cx->arena;
	const char *who;

	TRY(deal_get(rq->cx, req_capture(rq, "id"), d));
	TRY(pipeline_list(rq->cx, l));
	who = d->contact_name != NULL ? d->contact_name : d->title;
	doc_open(out, "deal");
	doc_fields(out, &deal_type, d);
	doc_hint(out, "initials", initials(a, who));
	doc_hint(out, "color", color_of(a, d->contact_id != NULL ? d->contact_id : d->id));
	doc_hint(out, "stage", stage_name(l, d->stage_id));
	doc_close(out);
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->items[i].id, d->pipeline_id) == 0)
			doc_rec(out, "pipeline", &pipeline_type, &l->items[i]);
	if (form_stale(rq, d->version)) {
		doc_hint(out, "stale", "1");
		doc_list(out, "conflict");
		conflict_row(rq, out, "stage_id", stage_name(l, req_field(rq, "stage_id") != NULL ? req_field(rq, "stage_id") : d->stage_id), stage_name(l, d->stage_id));
		if (strcmp(d->status, "open") != 0)
			conflict_row(rq, out, "status", text_get(a, rq->cx->lang, "deal.status.open", NULL), text_get(a, rq->cx->lang, arena_fmt(a, "deal.status.%s", d->status), NULL));
		doc_close(out);
	}
	return OK;
}

enum err deal_move_page(struct req *rq, struct doc *out)
{
	struct pipeline_list l;
	struct deal d;

	TRY(head(rq, out, &d, &l));
	groups(rq, out, &l, &d);
	if (!rq->reshown) {
		doc_open(out, "form");
		doc_hint(out, "next_step", d.next_step);
		doc_hint(out, "next_step_on", d.next_step_on);
		doc_close(out);
	}
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "deal.move_of", d.title);
	return OK;
}

enum err deal_move_post(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct move_form in = { 0 };
	struct deal_input change;
	struct deal d;

	(void)out;
	TRY(deal_get(rq->cx, id, &d));
	TRY(req_bind(rq, &move_form_type, &in, false));
	/* The short form at the foot of a deal has a stage and nothing more. */
	if (req_field(rq, "next_step") != NULL) {
		deal_input_of(&d, &change);
		change.next_step = in.next_step;
		change.next_step_on = in.next_step_on;
		TRY(deal_change(rq->cx, id, &change, in.version));
		in.version = 0;
	}
	if (in.after != NULL && strcmp(in.after, "end") != 0 && !id_ok(in.after))
		return fail_field(rq->cx, "after", "choice", NULL);
	TRY(deal_move(rq->cx, id, NULL, in.stage_id, in.after, in.version, in.note));
	TRY(deal_get(rq->cx, id, &d));
	return reply_to(rq, 303, text_eq(req_field(rq, "then"), "board") ? arena_fmt(rq->cx->arena, "/pipelines/%s#h-%s", d.pipeline_id, d.stage_id) : deal_path(rq), "ok.deal_moved");
}

enum err deal_lose_page(struct req *rq, struct doc *out)
{
	struct pipeline_list l;
	struct deal d;

	TRY(head(rq, out, &d, &l));
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "deal.lose_of", d.title);
	return OK;
}

static enum err close_as(struct req *rq, const char *status, const char *flash)
{
	struct outcome_form in = { 0 };

	TRY(req_bind(rq, &outcome_form_type, &in, false));
	TRY(deal_close(rq->cx, req_capture(rq, "id"), status, in.lost_reason, in.version));
	return reply_to(rq, 303, deal_path(rq), flash);
}

enum err deal_lose_post(struct req *rq, struct doc *out)
{
	(void)out;
	return close_as(rq, "lost", "info.deal_lost");
}

enum err deal_win_post(struct req *rq, struct doc *out)
{
	(void)out;
	return close_as(rq, "won", "ok.deal_won");
}

enum err deal_reopen_post(struct req *rq, struct doc *out)
{
	(void)out;
	return close_as(rq, "open", "ok.deal_reopened");
}
