#include "model/composer.h"

#include <string.h>

#include "gen/sql_composer.h"
#include "lib/base/text.h"
#include "lib/db/pick.h"

enum { TEXT_MAX = 4096, FAR_DAYS = 366 };

#define REC struct draft
static const struct field draft_fields[] = { F(text, .flags = FREE | MULTI), F(quick_file), F(file_name), F(internal), F(updated_at) };
#undef REC
const struct rec_type draft_type = REC_TYPE("draft", struct draft, draft_fields);

#define REC struct draft_input
static const struct field draft_input_fields[] = { F(text, .flags = MULTI, .max = TEXT_MAX), F(internal), F(quick_file, .flags = ID, .doc = "the quick reply whose file goes along") };
#undef REC
const struct rec_type draft_input_type = REC_TYPE("draft_input", struct draft_input, draft_input_fields);

#define REC struct scheduled
static const struct field scheduled_fields[] = {
	F(id, .flags = RO | ID), F(conversation_id, .flags = RO | ID), F(contact_name, .flags = RO | FREE), F(contact_phone, .flags = RO | PHONE), F(author_id, .flags = RO | ID),
	F(author_name, .flags = RO), F(text, .flags = FREE | MULTI), F(run_at), F(status, .flags = RO), F(error, .flags = RO), F(message_id, .flags = RO | ID),
	F(version, .flags = RO), F(created_at, .flags = RO), F(updated_at, .flags = RO),
};
#undef REC
const struct rec_type scheduled_type = REC_TYPE("scheduled", struct scheduled, scheduled_fields);

#define REC struct scheduled_input
static const struct field input_fields[] = { F(conversation_id, .flags = REQ | ID), F(text, .flags = REQ | MULTI, .max = TEXT_MAX), F(run_at, .doc = "when it is sent: from now to 366 days") };
static const struct field patch_fields[] = { F(text, .flags = REQ | MULTI, .max = TEXT_MAX), F(run_at) };
#undef REC
const struct rec_type scheduled_input_type = REC_TYPE("scheduled_input", struct scheduled_input, input_fields);
const struct rec_type scheduled_patch_type = REC_TYPE("scheduled_patch", struct scheduled_input, patch_fields);

#define REC struct scheduled_form
static const struct field form_fields[] = {
	F(text, .flags = REQ | MULTI, .max = TEXT_MAX), F(date, .flags = REQ, .max = 10), F(time, .flags = REQ, .max = 8), F(token, .max = 64), F(version, .min = 0, .max = INT32_MAX),
};
#undef REC
const struct rec_type scheduled_form_type = REC_TYPE("scheduled_form", struct scheduled_form, form_fields);

#define REC struct scheduled_filter
static const struct field filter_fields[] = { F(conversation_id, .flags = ID) };
#undef REC
const struct rec_type scheduled_filter_type = REC_TYPE("scheduled_filter", struct scheduled_filter, filter_fields);

enum err draft_get(struct ctx *cx, const char *conversation, struct draft *out)
{
	struct draft *d = NULL;
	size_t n;

	TRY(db_rows(cx, &sql_draft_get, &draft_type, &d, &n, ARGS(A(conversation))));
	*out = n > 0 ? d[0] : (struct draft){ .updated_at = UTC_NONE };
	return OK;
}

enum err draft_put(struct ctx *cx, const char *conversation, const struct draft_input *in)
{
	int64_t n;

	if (text_empty(in->text) && in->quick_file == NULL)
		return draft_drop(cx, conversation);
	TRY(db_exec(cx, &sql_draft_put, &n, ARGS(A(conversation), A(in->text), A(in->internal), A(in->quick_file))));
	return n > 0 ? OK : fail(cx, E_NOTFOUND, "conversation %s", conversation);
}

enum err draft_drop(struct ctx *cx, const char *conversation)
{
	return db_exec(cx, &sql_draft_drop, NULL, ARGS(A(conversation)));
}

/* Two digits at s. */
static bool two(const char *s, int max, int *out)
{
	if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
		return false;
	*out = (s[0] - '0') * 10 + s[1] - '0';
	return *out <= max;
}

enum err scheduled_when(struct ctx *cx, const char *date, const char *time, utc_t *out)
{
	struct civil c = { 0 };
	enum err e = OK;

	if (!day_parse(date, &c) || c.year < 1970)
		e = fail_field(cx, "date", "format", NULL);
	if (time == NULL || (strlen(time) != 5 && strlen(time) != 8) || time[2] != ':' || !two(time, 23, &c.hour) || !two(time + 3, 59, &c.minute))
		e = fail_field(cx, "time", "format", NULL);
	if (e == OK)
		*out = zone_utc(cx->zone, c);
	return e;
}

static enum err in_time(struct ctx *cx, utc_t at)
{
	utc_t now = utc_now();

	if (utc_none(at))
		return fail_field(cx, "run_at", "required", NULL);
	if (at.us <= now.us)
		return fail_field(cx, "run_at", "past", NULL);
	if (at.us > now.us + (int64_t)FAR_DAYS * 86400 * 1000000)
		return fail_field(cx, "run_at", "too_late", NULL);
	return OK;
}

enum err scheduled_list(struct ctx *cx, const char *conversation, struct scheduled **out, size_t *n)
{
	return db_rows(cx, PICK(&sql_scheduled_list, conversation != NULL ? "conversation" : "all"), &scheduled_type, out, n, ARGS(A(conversation)));
}

enum err scheduled_get(struct ctx *cx, const char *id, struct scheduled *out)
{
	return db_row(cx, &sql_scheduled_get, &scheduled_type, out, ARGS(A(id)));
}

enum err scheduled_add(struct ctx *cx, const struct scheduled_input *in, const char **id)
{
	*id = NULL;
	if (in->token != NULL)
		TRY(db_text(cx, &sql_scheduled_token, id, ARGS(A(in->conversation_id), A(in->token))));
	if (*id != NULL)
		return OK;
	TRY(in_time(cx, in->run_at));
	TRY(db_text(cx, &sql_scheduled_add, id, ARGS(A(in->conversation_id), A(in->text), A(in->run_at), A(in->token))));
	if (*id == NULL && in->token != NULL)
		TRY(db_text(cx, &sql_scheduled_token, id, ARGS(A(in->conversation_id), A(in->token))));
	return *id != NULL ? OK : fail(cx, E_NOTFOUND, "conversation %s", in->conversation_id);
}

static enum err moved(struct ctx *cx, const char *id, const char *done)
{
	if (done != NULL)
		return OK;
	(void)fail_field(cx, "version", "conflict", NULL);
	return fail(cx, E_CONFLICT, "scheduled message %s moved", id);
}

enum err scheduled_save(struct ctx *cx, const char *id, const struct scheduled_input *in)
{
	struct scheduled now;
	const char *done;

	TRY(scheduled_get(cx, id, &now));
	TRY(in_time(cx, in->run_at));
	TRY(db_text(cx, &sql_scheduled_save, &done, ARGS(A(id), A(in->text), A(in->run_at), arg_version(in->version))));
	return moved(cx, id, done);
}

enum err scheduled_cancel(struct ctx *cx, const char *id, int32_t version)
{
	struct scheduled now;
	const char *done;

	TRY(scheduled_get(cx, id, &now));
	TRY(db_text(cx, &sql_scheduled_cancel, &done, ARGS(A(id), arg_version(version))));
	return moved(cx, id, done);
}

enum err scheduled_send(struct ctx *cx, const char *id)
{
	return db_exec(cx, &sql_scheduled_send, NULL, ARGS(A(id)));
}

enum err scheduled_fail(struct ctx *cx, const char *id)
{
	return db_exec(cx, &sql_scheduled_fail, NULL, ARGS(A(id)));
}
