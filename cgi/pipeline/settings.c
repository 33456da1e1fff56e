/* settings.c: pipelines and stages as pages. */
#include "cgi/pipeline/pipeline.h"

#include <string.h>

#include "lib/base/text.h"
#include "lib/view/tmpl.h"

static const char *say(struct req *rq, const char *key, const char *arg)
{
	return text_get(rq->cx->arena, rq->cx->lang, key, arg);
}

enum err pipeline_new(struct req *rq, struct doc *out)
{
	/* Nothing is read here: who it is, and in what language, is asked for by itself. */
	TRY(db_entered(rq->cx));
	if (!rq->reshown) {
		doc_open(out, "form");
		doc_hint(out, "money", "1");
		doc_close(out);
	}
	rq->title = say(rq, "pipeline.new", NULL);
	return OK;
}

static int64_t load_of(const struct stage_load *l, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(l[i].id, id) == 0)
			return l[i].deals;
	return 0;
}

static void stages(struct doc *out, const struct stage *s, size_t n, const struct stage_load *l, size_t nl)
{
	doc_list(out, "stages");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &stage_type, &s[i]);
		doc_i64(out, "deals", load_of(l, nl, s[i].id));
		doc_hint(out, "first", i == 0 ? "1" : NULL);
		doc_hint(out, "last", i == n - 1 ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
}

static enum err page(struct req *rq, struct doc *out, const char *id)
{
	struct stage_load *l;
	struct pipeline_list all;
	struct pipeline p;
	struct stage *s;
	size_t n, nl;

	TRY(pipeline_get(rq->cx, id, &p, &s, &n));
	TRY(stage_loads(rq->cx, id, &l, &nl));
	TRY(pipeline_list(rq->cx, &all));
	doc_rec(out, "pipeline", &pipeline_type, &p);
	doc_recs(out, "pipelines", &pipeline_type, all.items, all.n);
	stages(out, s, n, l, nl);
	if (!rq->reshown || req_field(rq, "version") == NULL || req_field(rq, "description") == NULL) {
		doc_open(out, "now");
		doc_hint(out, "name", p.name);
		doc_hint(out, "description", p.description);
		doc_hint(out, "money", p.money ? "1" : NULL);
		doc_close(out);
	}
	if (form_stale(rq, p.version) && req_field(rq, "description") != NULL) {
		doc_list(out, "conflict");
		conflict_row(rq, out, "name", req_field(rq, "name"), p.name);
		conflict_row(rq, out, "description", req_field(rq, "description"), p.description);
		doc_close(out);
		doc_hint(out, "stale", "1");
	}
	rq->title = say(rq, "pipeline.settings_of", p.name);
	return OK;
}

enum err pipeline_settings(struct req *rq, struct doc *out)
{
	return page(rq, out, req_capture(rq, "id"));
}

enum err pipeline_save(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct pipeline_input in = { 0 };
	struct pipeline p;
	struct stage *s;
	size_t n;

	(void)out;
	TRY(pipeline_get(rq->cx, id, &p, &s, &n));
	TRY(req_bind(rq, &pipeline_form_type, &in, false));
	in.is_default = in.is_default || p.is_default;
	TRY(pipeline_change(rq->cx, &p, &in, in.version));
	return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/pipelines/%s/settings", id), "ok.pipeline_saved");
}

enum err stage_again(struct req *rq, struct doc *out)
{
	struct stage s;

	TRY(stage_get(rq->cx, req_capture(rq, "id"), &s));
	TRY(page(rq, out, s.pipeline_id));
	doc_hint(out, "wrong", s.id);
	if (!form_stale(rq, s.version))
		return OK;
	doc_list(out, "conflict");
	conflict_row(rq, out, "name", req_field(rq, "name"), s.name);
	conflict_row(rq, out, "chance", req_field(rq, "chance"), arena_fmt(rq->cx->arena, "%d", s.chance));
	conflict_row(rq, out, "stale_days", req_field(rq, "stale_days"), arena_fmt(rq->cx->arena, "%d", s.stale_days));
	doc_close(out);
	doc_hint(out, "stale", "1");
	return OK;
}

enum err stage_save(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct stage_input in = { 0 };
	struct stage s;

	(void)out;
	TRY(stage_get(rq->cx, id, &s));
	TRY(req_bind(rq, &stage_form_type, &in, false));
	if (in.shift != NULL)
		TRY(stage_shift(rq->cx, id, strcmp(in.shift, "up") == 0 ? -1 : 1));
	else
		TRY(stage_change(rq->cx, &s, &in, in.version));
	return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/pipelines/%s/settings#s-%s", s.pipeline_id, id), in.shift != NULL ? "ok.stage_shifted" : "ok.stage_saved");
}

/* ---- taking away: one confirming page for pipelines, stages and deals ---- */

static void what(struct req *rq, struct doc *out, const char *kind, const char *name, int32_t version, const char *back, int64_t deals)
{
	struct arena *a = rq->cx->arena;

	doc_hint(out, "kind", kind);
	doc_hint(out, "name", name);
	doc_i64(out, "version", version);
	doc_hint(out, "back_url", back);
	doc_hint(out, "post_url", rq->path);
	if (deals > 0)
		doc_hint(out, "holds", deals == 1 ? say(rq, "pipeline.holds_one", NULL) : say(rq, "pipeline.holds", arena_fmt(a, "%lld", (long long)deals)));
	doc_hint(out, "stale", form_stale(rq, version) ? "1" : NULL);
	rq->title = say(rq, arena_fmt(a, "pipeline.delete_%s", kind), name);
	doc_hint(out, "heading", rq->title);
}

enum err pipeline_remove(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct stage_load *l;
	struct pipeline p;
	struct stage *s;
	int64_t deals = 0;
	size_t n;

	TRY(pipeline_get(rq->cx, id, &p, &s, &n));
	TRY(stage_loads(rq->cx, id, &l, &n));
	for (size_t i = 0; i < n; i++)
		deals += l[i].deals;
	what(rq, out, "pipeline", p.name, p.version, arena_fmt(rq->cx->arena, "/pipelines/%s/settings", id), deals);
	doc_hint(out, "needed", p.is_default ? say(rq, "pipeline.needed_default", NULL) : NULL);
	return stage_groups(rq, out, id, NULL);
}

enum err pipeline_removed(struct req *rq, struct doc *out)
{
	struct target_form in = { 0 };

	(void)out;
	TRY(req_bind(rq, &target_form_type, &in, false));
	TRY(pipeline_delete(rq->cx, req_capture(rq, "id"), in.move_to, in.version));
	return reply_to(rq, 303, "/pipelines", "ok.pipeline_deleted");
}

enum err stage_remove(struct req *rq, struct doc *out)
{
	struct stage_load *l;
	struct pipeline p;
	struct stage s, *all;
	size_t n, nl;

	TRY(stage_get(rq->cx, req_capture(rq, "id"), &s));
	TRY(pipeline_get(rq->cx, s.pipeline_id, &p, &all, &n));
	TRY(stage_loads(rq->cx, s.pipeline_id, &l, &nl));
	what(rq, out, "stage", s.name, s.version, arena_fmt(rq->cx->arena, "/pipelines/%s/settings", s.pipeline_id), load_of(l, nl, s.id));
	doc_hint(out, "needed", n == 1 ? say(rq, "pipeline.needed_stage", NULL) : NULL);
	return stage_groups(rq, out, NULL, s.id);
}

enum err stage_removed(struct req *rq, struct doc *out)
{
	struct target_form in = { 0 };
	struct stage s;

	(void)out;
	TRY(req_bind(rq, &target_form_type, &in, false));
	TRY(stage_get(rq->cx, req_capture(rq, "id"), &s));
	TRY(stage_delete(rq->cx, s.id, in.move_to, in.version));
	return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/pipelines/%s/settings", s.pipeline_id), "ok.stage_deleted");
}

enum err deal_remove(struct req *rq, struct doc *out)
{
	struct deal d;

	TRY(deal_get(rq->cx, req_capture(rq, "id"), &d));
	what(rq, out, "deal", d.title, d.version, deal_path(rq), 0);
	return OK;
}

enum err deal_removed(struct req *rq, struct doc *out)
{
	struct target_form in = { 0 };
	struct deal d;

	(void)out;
	TRY(req_bind(rq, &target_form_type, &in, false));
	TRY(deal_get(rq->cx, req_capture(rq, "id"), &d));
	TRY(deal_delete(rq->cx, d.id, in.version));
	return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/pipelines/%s", d.pipeline_id), "ok.deal_deleted");
}
