/* deal_api.c: deals as JSON. */
#include "cgi/pipeline/pipeline.h"

#include <string.h>

#include "lib/base/text.h"

static enum err answer(struct req *rq, struct doc *out, const char *id)
{
	struct deal d;

	TRY(deal_get(rq->cx, id, &d));
	return deal_doc(rq, out, &d);
}

/* JSON has one way to write an amount; what people write, "1.234,50", is for forms. */
static enum err amount_plain(struct req *rq)
{
	const char *s = req_field(rq, "value");
	size_t whole, cents;

	if (s == NULL)
		return OK;
	s += *s == '-';
	whole = strspn(s, "0123456789");
	cents = s[whole] == '.' ? strspn(s + whole + 1, "0123456789") : 0;
	return whole > 0 && s[whole + (cents > 0 ? cents + 1 : 0)] == '\0' ? OK : fail_field(rq->cx, "value", "format", NULL);
}

enum err deal_create_api(struct req *rq, struct doc *out)
{
	struct deal_input in = { .owner_id = rq->cx->user_id };
	const char *id;

	TRY(req_bind(rq, &deal_new_type, &in, true));
	TRY(amount_plain(rq));
	if (in.title == NULL)
		return fail_field(rq->cx, "title", "required", NULL);
	TRY(deal_add(rq->cx, &in, &id));
	TRY(answer(rq, out, id));
	return reply_to(rq, 201, arena_fmt(rq->cx->arena, "/deals/%s", id), NULL);
}

/* The body names the member, be it null. */
static bool given(const struct req *rq, const char *name)
{
	return req_field(rq, name) != NULL || req_field_next(rq, NULL, name) != NULL;
}

/* Another stage or pipeline, or another place in the same one. */
static enum err place(struct req *rq, const struct deal *d, const struct deal_input *in)
{
	bool pipeline = !text_eq(in->pipeline_id, d->pipeline_id), stage = !text_eq(in->stage_id, d->stage_id);

	if (!pipeline && !stage && !given(rq, "after_id"))
		return OK;
	return deal_move(rq->cx, d->id, given(rq, "pipeline_id") ? in->pipeline_id : NULL, pipeline && !given(rq, "stage_id") ? NULL : in->stage_id, in->after_id, 0, NULL);
}

static enum err outcome(struct req *rq, const struct deal *d, const struct deal_input *in, bool before)
{
	bool open = strcmp(in->status, "open") == 0;

	/* Opened before it is moved, closed afterwards: what is closed does not move. */
	if (open != before || (text_eq(in->status, d->status) && text_eq(in->lost_reason, d->lost_reason)))
		return OK;
	return deal_close(rq->cx, d->id, in->status, in->lost_reason, 0);
}

enum err deal_patch(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct deal_input in;
	struct deal d;

	TRY(deal_get(rq->cx, id, &d));
	TRY(req_if_match(rq, d.version));
	deal_input_of(&d, &in);
	TRY(req_bind(rq, &deal_patch_type, &in, true));
	TRY(amount_plain(rq));
	if (in.pipeline_id == NULL || in.stage_id == NULL)
		return fail_field(rq->cx, in.stage_id == NULL ? "stage_id" : "pipeline_id", "required", NULL);
	TRY(deal_change(rq->cx, id, &in, d.version));
	TRY(outcome(rq, &d, &in, true));
	TRY(place(rq, &d, &in));
	TRY(outcome(rq, &d, &in, false));
	if (given(rq, "tags"))
		TRY(deal_tag_set(rq->cx, id, in.tags));
	return answer(rq, out, id);
}

enum err deal_drop(struct req *rq, struct doc *out)
{
	struct deal d;

	(void)out;
	TRY(deal_get(rq->cx, req_capture(rq, "id"), &d));
	TRY(req_if_match(rq, d.version));
	TRY(deal_delete(rq->cx, d.id, d.version));
	return reply_raw(rq, 204, NULL, "", 0);
}
