#include "model/pipeline.h"

#include <string.h>

#include "gen/sql_pipeline.h"
#include "lib/base/text.h"
#include "lib/db/pick.h"

#define REC struct pipeline
static const struct field pipeline_fields[] = {
	F(id, .flags = RO | ID), F(name, .flags = REQ, .max = 100), F(description, .flags = MULTI, .max = 1000), F(money, .doc = "false: a board without values"),
	F(is_default, .doc = "new deals go to it"), F(position, .flags = RO), F(version, .flags = RO), F(created_at, .flags = RO), F(updated_at, .flags = RO),
};
#undef REC
const struct rec_type pipeline_type = REC_TYPE("pipeline", struct pipeline, pipeline_fields);

#define REC struct stage
static const struct field stage_fields[] = {
	F(id, .flags = RO | ID), F(pipeline_id, .flags = RO | ID), F(name, .flags = REQ, .max = 100), F(color, .min = 0, .max = 8, .doc = "one of the nine categories"),
	F(position, .flags = RO), F(chance, .min = 0, .max = 100, .doc = "percent"), F(stale_days, .min = 0, .max = 3650, .doc = "0: never stale"), F(version, .flags = RO),
};
#undef REC
const struct rec_type stage_type = REC_TYPE("stage", struct stage, stage_fields);

#define REC struct stage_load
static const struct field load_fields[] = { F(id), F(deals) };
#undef REC
const struct rec_type stage_load_type = REC_TYPE("stage_load", struct stage_load, load_fields);

#define INTEGER(name, from, to) "\"" name "\":{\"type\":\"integer\",\"minimum\":" from ",\"maximum\":" to "}"
#define STAGES_SCHEMA "{\"type\":\"array\",\"minItems\":1,\"items\":{\"type\":\"object\",\"required\":[\"name\"],\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":100}," \
	INTEGER("color", "0", "8") "," INTEGER("chance", "0", "100") "," INTEGER("stale_days", "0", "3650") "}}}"
#define REC struct pipeline_input
static const struct field new_fields[] = {
	F(name, .flags = REQ, .max = 100), F(description, .flags = MULTI, .max = 1000), F(money, .doc = "false: a board without values"), F(is_default),
	F(stages, .flags = JSON | MULTI, .max = 8000, .schema = STAGES_SCHEMA, .doc = "an array of {name, color, chance, stale_days}; the usual four when absent"),
};
static const struct field patch_fields[] = { F(name, .flags = REQ, .max = 100), F(description, .flags = MULTI, .max = 1000), F(money), F(is_default) };
static const struct field form_fields[] = {
	F(name, .flags = REQ, .max = 100), F(description, .flags = MULTI, .max = 1000), F(money), F(is_default), F(version, .min = 0, .max = INT32_MAX),
};
#undef REC
const struct rec_type pipeline_new_type = REC_TYPE("pipeline_new", struct pipeline_input, new_fields);
const struct rec_type pipeline_patch_type = REC_TYPE("pipeline_patch", struct pipeline_input, patch_fields);
const struct rec_type pipeline_form_type = REC_TYPE("pipeline_form", struct pipeline_input, form_fields);

static const char *const shifts[] = { "up", "down", NULL };
#define REC struct stage_input
static const struct field input_fields[] = {
	F(name, .flags = REQ, .max = 100), F(color, .min = 0, .max = 8), F(chance, .min = 0, .max = 100), F(stale_days, .min = 0, .max = 3650),
};
static const struct field stage_form_fields[] = {
	F(name, .flags = REQ, .max = 100), F(color, .min = 0, .max = 8), F(chance, .min = 0, .max = 100), F(stale_days, .min = 0, .max = 3650),
	F(shift, .one_of = shifts), F(version, .min = 0, .max = INT32_MAX),
};
#undef REC
const struct rec_type stage_input_type = REC_TYPE("stage_input", struct stage_input, input_fields);
const struct rec_type stage_form_type = REC_TYPE("stage_form", struct stage_input, stage_form_fields);

enum err board_err(struct ctx *cx, enum err e)
{
	const char *st = db_sqlstate(cx), *field = db_constraint(cx);

	if (e != E_INVALID || strncmp(st, "P1", 2) != 0)
		return e;
	if (strcmp(st, "P1006") == 0)
		return fail_field(cx, field, strcmp(field, "lost_reason") == 0 ? "required" : strcmp(field, "status") == 0 ? "deal_closed" : "choice", NULL);
	if (strcmp(st, "P1007") == 0)
		(void)fail_field(cx, "move_to", "holds_deals", NULL);
	else
		(void)fail_field(cx, "id", "needed", NULL);
	return E_CONFLICT;
}

enum err pipeline_list(struct ctx *cx, struct pipeline_list *out)
{
	TRY(db_send(cx, &sql_pipeline_list, NOARGS));
	TRY(db_send(cx, PICK(&sql_stage_list, "all"), ARGS(A((const char *)NULL))));
	TRY(db_take_rows(cx, &pipeline_type, &out->items, &out->n));
	return db_take_rows(cx, &stage_type, &out->stages, &out->nstages);
}

enum err pipeline_get(struct ctx *cx, const char *id, struct pipeline *out, struct stage **stages, size_t *n)
{
	TRY(db_send(cx, &sql_pipeline_get, ARGS(A(id))));
	TRY(db_send(cx, PICK(&sql_stage_list, "pipeline"), ARGS(A(id))));
	TRY(db_take_row(cx, &pipeline_type, out));
	return db_take_rows(cx, &stage_type, stages, n);
}

enum err pipeline_default(struct ctx *cx, const char **id)
{
	TRY(db_text(cx, &sql_pipeline_default, id, NOARGS));
	return *id != NULL ? OK : fail(cx, E_NOTFOUND, "no default pipeline");
}

enum err stage_get(struct ctx *cx, const char *id, struct stage *out)
{
	return db_row(cx, &sql_stage_get, &stage_type, out, ARGS(A(id)));
}

enum err stage_loads(struct ctx *cx, const char *pipeline, struct stage_load **out, size_t *n)
{
	return db_rows(cx, &sql_stage_loads, &stage_load_type, out, n, ARGS(A(pipeline)));
}

static enum err name_err(struct ctx *cx, enum err e)
{
	if (e == E_CONFLICT && strcmp(db_sqlstate(cx), "23505") == 0)
		return fail_field(cx, "name", "taken", NULL);
	return e;
}

static enum err told(struct ctx *cx, const char *pipeline)
{
	return db_exec(cx, &sql_pipeline_emit, NULL, ARGS(A("pipeline:updated"), A(pipeline)));
}

enum err pipeline_add(struct ctx *cx, const struct pipeline_input *in, const char **id)
{
	struct buf b = { 0 };
	const char *json;
	enum err e;

	if (in->stages != NULL && *in->stages != '[')
		return fail_field(cx, "stages", "format", NULL);
	buf_str(&b, "{\"name\":");
	buf_json(&b, in->name);
	buf_str(&b, ",\"description\":");
	buf_json(&b, in->description);
	buf_fmt(&b, ",\"money\":%s,\"is_default\":%s", in->money ? "true" : "false", in->is_default ? "true" : "false");
	if (in->stages != NULL)
		buf_fmt(&b, ",\"stages\":%s", in->stages);
	buf_char(&b, '}');
	json = arena_str(cx->arena, b.p);
	buf_free(&b);
	e = name_err(cx, db_text(cx, &sql_pipeline_add, id, ARGS(A(json))));
	/* Names and numbers inside the array are checked by the table. */
	if (e == E_INVALID && cx->errors == NULL)
		return fail_field(cx, in->stages != NULL ? "stages" : "name", "format", NULL);
	return e;
}

enum err pipeline_change(struct ctx *cx, const struct pipeline *now, const struct pipeline_input *in, int32_t version)
{
	bool prefer = in->is_default && !now->is_default;
	int64_t n = 0;

	if (version != now->version)
		return fail(cx, E_CONFLICT, "version %d, now %d", version, now->version);
	if (now->is_default && !in->is_default)
		return fail_field(cx, "is_default", "needed", NULL);
	if (!prefer && text_eq(now->name, in->name) && text_eq(now->description, in->description) && now->money == in->money)
		return OK;
	TRY(name_err(cx, db_exec(cx, &sql_pipeline_change, &n, ARGS(A(now->id), A(in->name), A(in->description), A(in->money), A((int64_t)version)))));
	if (n == 0)
		return fail(cx, E_CONFLICT, "version %d moved", version);
	if (prefer)
		TRY(db_exec(cx, &sql_pipeline_prefer, NULL, ARGS(A(now->id))));
	return told(cx, now->id);
}

/* No row of a deleting function: there is no such thing. */
static enum err gone(struct ctx *cx, enum err e, int64_t n, const char *id)
{
	TRY(board_err(cx, e));
	return n > 0 ? OK : fail(cx, E_NOTFOUND, "%s", id);
}

enum err pipeline_delete(struct ctx *cx, const char *id, const char *move_to, int32_t version)
{
	int64_t n = 0;
	enum err e = db_exec(cx, &sql_pipeline_delete, &n, ARGS(A(id), A(move_to), arg_version(version)));

	return gone(cx, e, n, id);
}

enum err stage_add(struct ctx *cx, const char *pipeline, const struct stage_input *in, const char **id)
{
	TRY(db_text(cx, &sql_stage_add, id, ARGS(A(pipeline), A(in->name), A((int64_t)in->color), A((int64_t)in->chance), A((int64_t)in->stale_days))));
	return *id != NULL ? OK : fail(cx, E_NOTFOUND, "pipeline %s", pipeline);
}

enum err stage_change(struct ctx *cx, const struct stage *now, const struct stage_input *in, int32_t version)
{
	int64_t n = 0;

	if (version != now->version)
		return fail(cx, E_CONFLICT, "version %d, now %d", version, now->version);
	if (text_eq(now->name, in->name) && now->color == in->color && now->chance == in->chance && now->stale_days == in->stale_days)
		return OK;
	TRY(db_exec(cx, &sql_stage_change, &n, ARGS(A(now->id), A(in->name), A((int64_t)in->color), A((int64_t)in->chance), A((int64_t)in->stale_days), A((int64_t)version))));
	return n == 0 ? fail(cx, E_CONFLICT, "version %d moved", version) : told(cx, now->pipeline_id);
}

enum err stage_shift(struct ctx *cx, const char *id, int by)
{
	int64_t n = 0;

	TRY(db_exec(cx, &sql_stage_shift, &n, ARGS(A(id), A((int64_t)by))));
	return n > 0 ? OK : fail(cx, E_NOTFOUND, "stage %s", id);
}

enum err stage_delete(struct ctx *cx, const char *id, const char *move_to, int32_t version)
{
	int64_t n = 0;
	enum err e = db_exec(cx, &sql_stage_delete, &n, ARGS(A(id), A(move_to), arg_version(version)));

	return gone(cx, e, n, id);
}
