/* api.c: pipelines and stages as JSON; creations also from pages. */
#include "cgi/pipeline/pipeline.h"

#include <string.h>

#include "lib/base/text.h"

static const char *settings_path(struct req *rq, const char *pipeline)
{
	return arena_fmt(rq->cx->arena, "/pipelines/%s/settings", pipeline);
}

static void with_stages(struct doc *out, const struct pipeline *p, const struct stage *s, size_t n)
{
	doc_fields(out, &pipeline_type, p);
	doc_list(out, "stages");
	for (size_t i = 0; i < n; i++) {
		if (strcmp(s[i].pipeline_id, p->id) != 0)
			continue;
		doc_item(out);
		doc_fields(out, &stage_type, &s[i]);
		doc_close(out);
	}
	doc_close(out);
}

enum err pipeline_index(struct req *rq, struct doc *out)
{
	struct pipeline_list l;

	TRY(pipeline_list(rq->cx, &l));
	doc_list(out, "items");
	for (size_t i = 0; i < l.n; i++) {
		doc_item(out);
		with_stages(out, &l.items[i], l.stages, l.nstages);
		doc_close(out);
	}
	doc_close(out);
	doc_text(out, "next", NULL);
	return OK;
}

static enum err answer(struct req *rq, struct doc *out, const char *id)
{
	struct pipeline p;
	struct stage *s;
	size_t n;

	TRY(pipeline_get(rq->cx, id, &p, &s, &n));
	with_stages(out, &p, s, n);
	reply_etag(rq, p.version);
	return OK;
}

enum err pipeline_show(struct req *rq, struct doc *out)
{
	return answer(rq, out, req_capture(rq, "id"));
}

enum err pipeline_create(struct req *rq, struct doc *out)
{
	struct pipeline_input in = { .money = rq->api };
	const char *id;

	TRY(req_bind(rq, &pipeline_new_type, &in, true));
	if (in.name == NULL)
		return fail_field(rq->cx, "name", "required", NULL);
	TRY(pipeline_add(rq->cx, &in, &id));
	if (!rq->api)
		return reply_to(rq, 303, settings_path(rq, id), "ok.pipeline_created");
	TRY(answer(rq, out, id));
	return reply_to(rq, 201, arena_fmt(rq->cx->arena, "/pipelines/%s", id), NULL);
}

enum err pipeline_patch(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct pipeline_input in;
	struct pipeline p;
	struct stage *s;
	size_t n;

	TRY(pipeline_get(rq->cx, id, &p, &s, &n));
	TRY(req_if_match(rq, p.version));
	in = (struct pipeline_input){ .name = p.name, .description = p.description, .money = p.money, .is_default = p.is_default };
	TRY(req_bind(rq, &pipeline_patch_type, &in, true));
	TRY(pipeline_change(rq->cx, &p, &in, p.version));
	return answer(rq, out, id);
}

enum err pipeline_drop(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct target_form f = { 0 };
	struct pipeline p;
	struct stage *s;
	size_t n;

	(void)out;
	TRY(req_bind_query(rq, &target_query_type, &f));
	TRY(pipeline_get(rq->cx, id, &p, &s, &n));
	TRY(req_if_match(rq, p.version));
	TRY(pipeline_delete(rq->cx, id, f.move_to, p.version));
	return reply_raw(rq, 204, NULL, "", 0);
}

enum err stage_create(struct req *rq, struct doc *out)
{
	const char *pipeline = req_capture(rq, "id"), *id;
	struct stage_input in = { .color = 1, .stale_days = 14 };
	struct stage s;

	TRY(req_bind(rq, &stage_input_type, &in, true));
	if (in.name == NULL)
		return fail_field(rq->cx, "name", "required", NULL);
	TRY(stage_add(rq->cx, pipeline, &in, &id));
	if (!rq->api)
		return reply_to(rq, 303, settings_path(rq, pipeline), "ok.stage_created");
	TRY(stage_get(rq->cx, id, &s));
	doc_fields(out, &stage_type, &s);
	reply_etag(rq, s.version);
	return reply_to(rq, 201, NULL, NULL);
}

enum err stage_patch(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct stage_input in;
	struct stage s;

	TRY(stage_get(rq->cx, id, &s));
	TRY(req_if_match(rq, s.version));
	in = (struct stage_input){ .name = s.name, .color = s.color, .chance = s.chance, .stale_days = s.stale_days };
	TRY(req_bind(rq, &stage_input_type, &in, true));
	TRY(stage_change(rq->cx, &s, &in, s.version));
	TRY(stage_get(rq->cx, id, &s));
	doc_fields(out, &stage_type, &s);
	reply_etag(rq, s.version);
	return OK;
}

enum err stage_drop(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct target_form f = { 0 };
	struct stage s;

	(void)out;
	TRY(req_bind_query(rq, &target_query_type, &f));
	TRY(stage_get(rq->cx, id, &s));
	TRY(req_if_match(rq, s.version));
	TRY(stage_delete(rq->cx, id, f.move_to, s.version));
	return reply_raw(rq, 204, NULL, "", 0);
}
