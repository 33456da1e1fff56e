#include "model/deal.h"

#include <string.h>

#include "gen/sql_pipeline.h"
#include "lib/base/text.h"
#include "model/ids.h"

enum { TITLE = 200, DESCRIPTION = 5000, COMPANY = 200, REASON = 500, STEP = 200, NOTE = 5000 };
static const int64_t value_max = 99999999999999;
static const char *const statuses[] = { "open", "won", "lost", NULL };

#define REC struct deal
static const struct field deal_fields[] = {
	F(id, .flags = RO | ID), F(title, .flags = REQ | FREE, .max = TITLE), F(value, .min = 0, .max = value_max), F(currency, .max = 3), F(pipeline_id, .flags = ID),
	F(stage_id, .flags = ID), F(contact_id, .flags = ID), F(owner_id, .flags = ID), F(status, .one_of = statuses), F(version, .flags = RO),
	F(description, .flags = FREE | MULTI, .max = DESCRIPTION), F(company, .flags = FREE, .max = COMPANY), F(conversation_id, .flags = ID),
	F(lost_reason, .flags = FREE, .max = REASON), F(due_on, .max = 10, .doc = "the day it should close: YYYY-MM-DD"), F(next_step, .flags = FREE, .max = STEP),
	F(next_step_on, .max = 10, .doc = "YYYY-MM-DD"), F(closed_at, .flags = RO), F(created_at, .flags = RO), F(updated_at, .flags = RO),
	F(stage_since, .flags = RO), F(contact_name, .flags = RO | FREE), F(owner_name, .flags = RO), F(rank, .flags = RO | HIDE),
};
#undef REC
const struct rec_type deal_type = REC_TYPE("deal", struct deal, deal_fields);

#define REC struct deal_activity
static const struct field activity_fields[] = {
	F(id, .flags = RO | ID), F(kind, .flags = RO), F(actor_id, .flags = RO | ID), F(actor_name, .flags = RO), F(text, .flags = REQ | FREE | MULTI, .max = NOTE),
	F(data, .flags = RO | JSON, .schema = SCHEMA_OBJECT), F(before, .flags = RO | HIDE), F(after, .flags = RO | HIDE), F(before_currency, .flags = RO | HIDE), F(after_currency, .flags = RO | HIDE),
	F(fields, .flags = RO | HIDE), F(at, .flags = RO),
};
#undef REC
const struct rec_type deal_activity_type = REC_TYPE("deal_activity", struct deal_activity, activity_fields);

#define REC struct deal_input
static const struct field new_fields[] = {
	F(title, .flags = REQ | FREE, .max = TITLE), F(value, .min = 0, .max = value_max), F(currency, .max = 3, .doc = "three letters; the tenant's own when absent"),
	F(pipeline_id, .flags = ID, .doc = "the default one when absent"), F(stage_id, .flags = ID, .doc = "the first one when absent"), F(contact_id, .flags = ID),
	F(conversation_id, .flags = ID), F(owner_id, .flags = ID, .doc = "the caller when absent, nobody when null"), F(company, .flags = FREE, .max = COMPANY),
	F(description, .flags = FREE | MULTI, .max = DESCRIPTION), F(due_on, .max = 10, .doc = "YYYY-MM-DD"), F(next_step, .flags = FREE, .max = STEP),
	F(next_step_on, .max = 10, .doc = "YYYY-MM-DD"), F(tags, .flags = JSON | MULTI, .max = 8000, .schema = SCHEMA_IDS, .doc = "an array of tag ids"),
};
static const struct field patch_fields[] = {
	F(title, .flags = REQ | FREE, .max = TITLE), F(value, .min = 0, .max = value_max), F(currency, .flags = REQ, .max = 3), F(pipeline_id, .flags = ID),
	F(stage_id, .flags = ID, .doc = "another one: a move"), F(after_id, .flags = ID, .doc = "with stage_id: the deal it comes to stand after; null or absent: above all"),
	F(contact_id, .flags = ID), F(conversation_id, .flags = ID), F(owner_id, .flags = ID), F(company, .flags = FREE, .max = COMPANY),
	F(description, .flags = FREE | MULTI, .max = DESCRIPTION), F(due_on, .max = 10, .doc = "YYYY-MM-DD"), F(next_step, .flags = FREE, .max = STEP),
	F(next_step_on, .max = 10, .doc = "YYYY-MM-DD"), F(status, .flags = REQ, .one_of = statuses), F(lost_reason, .flags = FREE, .max = REASON, .doc = "needed with status lost"),
	F(tags, .flags = JSON | MULTI, .max = 8000, .schema = SCHEMA_IDS, .doc = "an array of tag ids"),
};
#undef REC
const struct rec_type deal_new_type = REC_TYPE("deal_new", struct deal_input, new_fields);
const struct rec_type deal_patch_type = REC_TYPE("deal_patch", struct deal_input, patch_fields);

/* ---- what comes in ---- */

static enum err check(struct ctx *cx, const struct deal_input *in)
{
	enum err e = OK;
	struct civil day;

	if (in->due_on != NULL && !day_parse(in->due_on, &day))
		e = fail_field(cx, "due_on", "format", NULL);
	if (in->next_step_on != NULL && !day_parse(in->next_step_on, &day))
		e = fail_field(cx, "next_step_on", "format", NULL);
	if (in->currency != NULL && (strlen(in->currency) != 3 || in->currency[strspn(in->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0'))
		e = fail_field(cx, "currency", "format", NULL);
	return e;
}

static void member(struct buf *b, const char *name, const char *v)
{
	buf_fmt(b, ",\"%s\":", name);
	buf_json(b, v);
}

/* The fields as the database's functions take them. place: pipeline and stage too. */
static const char *fields_json(struct arena *a, const struct deal_input *in, bool place)
{
	struct buf b = { 0 };
	const char *out;

	buf_fmt(&b, "{\"value\":%lld", (long long)in->value.minor);
	member(&b, "title", in->title);
	member(&b, "description", in->description);
	member(&b, "currency", in->currency);
	member(&b, "contact_id", in->contact_id);
	member(&b, "company", in->company);
	member(&b, "conversation_id", in->conversation_id);
	member(&b, "owner_id", in->owner_id);
	member(&b, "due_on", in->due_on);
	member(&b, "next_step", in->next_step);
	member(&b, "next_step_on", in->next_step_on);
	if (place) {
		member(&b, "pipeline_id", in->pipeline_id);
		member(&b, "stage_id", in->stage_id);
	}
	buf_char(&b, '}');
	out = arena_str(a, b.p);
	buf_free(&b);
	return out;
}

void deal_input_of(const struct deal *d, struct deal_input *in)
{
	*in = (struct deal_input){ .title = d->title, .description = d->description, .currency = d->currency, .pipeline_id = d->pipeline_id, .stage_id = d->stage_id,
		.contact_id = d->contact_id, .company = d->company, .conversation_id = d->conversation_id, .owner_id = d->owner_id, .status = d->status,
		.lost_reason = d->lost_reason, .due_on = d->due_on, .next_step = d->next_step, .next_step_on = d->next_step_on, .value = d->value };
}

/* ---- writing ---- */

/* Runs a function that gives the new version, or no row when the deal is not visible. */
static enum err changed(struct ctx *cx, const char *id, const struct stmt *s, const struct arg *args, size_t nargs)
{
	int64_t n = 0;

	TRY(board_err(cx, db_exec(cx, s, &n, args, nargs)));
	return n > 0 ? OK : fail(cx, E_NOTFOUND, "deal %s", id);
}

enum err deal_add(struct ctx *cx, const struct deal_input *in, const char **id)
{
	TRY(check(cx, in));
	TRY(board_err(cx, db_text(cx, &sql_deal_add, id, ARGS(A(fields_json(cx->arena, in, true))))));
	return in->tags != NULL ? deal_tag_set(cx, *id, in->tags) : OK;
}

enum err deal_change(struct ctx *cx, const char *id, const struct deal_input *in, int32_t version)
{
	TRY(check(cx, in));
	return changed(cx, id, &sql_deal_change, ARGS(A(id), A(fields_json(cx->arena, in, false)), arg_version(version)));
}

enum err deal_move(struct ctx *cx, const char *id, const char *pipeline, const char *stage, const char *after, int32_t version, const char *words)
{
	if (text_eq(after, "end"))
		return changed(cx, id, &sql_deal_move_end, ARGS(A(id), A(stage), arg_version(version), A(words)));
	return changed(cx, id, &sql_deal_move, ARGS(A(id), A(pipeline), A(stage), A(after), arg_version(version), A(words)));
}

enum err deal_close(struct ctx *cx, const char *id, const char *status, const char *reason, int32_t version)
{
	return changed(cx, id, &sql_deal_close, ARGS(A(id), A(status), A(reason), arg_version(version)));
}

enum err deal_delete(struct ctx *cx, const char *id, int32_t version)
{
	return changed(cx, id, &sql_deal_delete, ARGS(A(id), arg_version(version)));
}

enum err deal_note(struct ctx *cx, const char *deal, const char *text, const char **id)
{
	TRY(db_text(cx, &sql_deal_note, id, ARGS(A(deal), A(text))));
	return *id != NULL ? OK : fail(cx, E_NOTFOUND, "deal %s", deal);
}

enum err deal_tag_set(struct ctx *cx, const char *deal, const char *ids)
{
	struct ids tags;
	const char *seen;

	if (!ids_read(cx->arena, ids, &tags))
		return fail_field(cx, "tags", "format", NULL);
	TRY(db_text(cx, &sql_deal_tag_set, &seen, ARGS(A(deal), A(ids_text(cx->arena, tags)))));
	return text_eq(seen, "true") ? OK : fail(cx, E_NOTFOUND, "deal %s", deal);
}
