#include "model/outbound.h"

#include <string.h>
#include "gen/sql_whatsapp.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "model/phone.h"

#define REC struct send_row
static const struct field send_row_fields[] = {
	F(id),
	F(kind),
	F(text),
	F(payload),
	F(status),
	F(reply_to),
	F(deleted),
	F(thread_key),
	F(window_open),
	F(connection_id),
	F(channel),
	F(number),
	F(token, .flags = HIDE),
	F(connection_status),
	F(status_text),
	F(rest_ms),
	F(phone_id),
	F(phone_key),
	F(phone),
	F(user_id),
	F(file_id),
	F(file_name),
	F(file_mime),
	F(file),
	F(media_id),
	F(voice),
};
#undef REC
const struct rec_type send_row_type = REC_TYPE("send_row", struct send_row, send_row_fields);

enum err send_load(struct ctx *cx, const char *message_id, struct send_row *out)
{
	return db_row(cx, &sql_send_load, &send_row_type, out, ARGS(A(message_id)));
}

enum err send_rate(struct ctx *cx, const char *connection_id, const char *to, int64_t *wait_ms)
{
	const char *s = NULL;

	TRY(db_text(cx, &sql_rate_take, &s, ARGS(A(connection_id), A(to))));
	return s != NULL && parse_i64(s, 0, INT64_MAX, wait_ms) ? OK : fail(cx, E_INTERNAL, "rate_take gave no number");
}

enum err send_result(
    struct ctx *cx, const char *message_id, const char *result, const char *external_id, int code, const char *why)
{
	return db_exec(cx, &sql_send_result, NULL,
	    ARGS(A(message_id), A(result), A(external_id), code != 0 ? A(code) : arg_text(NULL), A(why)));
}

enum err send_learn(struct ctx *cx, const struct send_row *m, const char *wa_id)
{
	if (m->phone_id == NULL || wa_id == NULL || !text_eq(phone_key(cx->arena, wa_id), m->phone_key))
		return OK;
	return db_exec(cx, &sql_identity_form, NULL, ARGS(A(m->phone_id), A(wa_id)));
}

enum err send_uploaded(struct ctx *cx, const char *attachment_id, const char *media_id)
{
	return db_exec(cx, &sql_attachment_uploaded, NULL, ARGS(A(attachment_id), A(media_id)));
}

enum err connection_state(
    struct ctx *cx, const char *connection_id, const char *status, const char *why, int64_t rest_ms)
{
	return db_exec(cx, &sql_connection_state, NULL,
	    ARGS(A(connection_id), A(status), A(why), rest_ms > 0 ? A(rest_ms) : arg_text(NULL)));
}

bool send_recipient(struct ctx *cx, const struct send_row *m, struct wa_send *out)
{
	const char *digits = phone_digits(cx->arena, m->phone), *dialled;

	if (!text_empty(m->thread_key)) {
		out->group = true;
		out->to = m->thread_key;
		return true;
	}
	out->user_id = m->user_id;
	if (m->phone == NULL)
		return m->user_id != NULL;
	/* Digits alone are what the provider told us; anything else was written by people. */
	dialled = text_eq(digits, m->phone) ? digits : phone_e164(cx->arena, m->phone, NULL);
	out->to = dialled != NULL ? dialled : digits;
	return out->to != NULL || m->user_id != NULL;
}

char *connection_token(struct ctx *cx, const struct seal_ring *ring, const char *connection_id, const char *sealed)
{
	if (ring == NULL || sealed == NULL)
		return NULL;
	return unseal(cx->arena, ring, arena_fmt(cx->arena, "connection/%s/access_token_sealed", connection_id), sealed);
}
