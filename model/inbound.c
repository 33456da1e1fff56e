#include "model/inbound.h"

#include <string.h>
#include "gen/sql_whatsapp.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "model/job.h"

enum { AT_ONCE = 24 };

#define REC struct event_row
static const struct field event_row_fields[] = {
	F(id, .flags = RO | ID),
	F(source, .flags = RO),
	F(connection_id, .flags = RO | ID),
	F(body, .flags = RO | HIDE),
	F(state, .flags = RO),
};
#undef REC
const struct rec_type event_row_type = REC_TYPE("event_row", struct event_row, event_row_fields);

enum err event_load(struct ctx *cx, const char *id, struct event_row *out)
{
	return db_row(cx, &sql_event_load, &event_row_type, out, ARGS(A(id)));
}

const char *event_bytes(struct ctx *cx, const struct event_row *e, size_t *n)
{
	uint8_t *p;

	*n = strlen(e->body) / 2;
	p = arena_alloc(cx->arena, *n + 1);
	if (!hex_decode(e->body, p, *n))
		*n = 0;
	return (const char *)p;
}

enum err event_end(struct ctx *cx, const char *id, const char *state, const char *reason)
{
	return db_exec(cx, &sql_event_end, NULL, ARGS(A(id), A(state), A(reason)));
}

/* What the functions answer is of no interest here. */
static enum err take_one(struct ctx *cx)
{
	const char *none;

	return db_take_text(cx, &none);
}

/* Without its lease nothing of this holds: the tenant is not entered, no row is hit, and the last word says so. */
enum err event_finish(struct ctx *cx, const struct job *j, const char *state, const char *reason,
    const char *job_state, const char *why)
{
	TRY(job_back_send(cx, j));
	TRY(db_send(cx, &sql_event_end, ARGS(A(j->subject_id), A(state), A(reason))));
	TRY(job_end_send(cx, j, job_state, why));
	TRY(job_take(cx));
	TRY(take_one(cx));
	return job_take(cx);
}

enum err inbound_enter(struct ctx *cx, const char *only, const char *number, const char **id)
{
	const char *own = NULL;

	*id = NULL;
	if (only == NULL)
		return db_text(cx, &sql_connection_enter, id, ARGS(A("whatsapp"), A(number)));
	TRY(db_text(cx, &sql_connection_enter, id, ARGS(A("id"), A(only))));
	if (*id != NULL)
		TRY(db_text(cx, &sql_connection_number, &own, ARGS(A(*id))));
	if (number != NULL && !text_eq(own, number))
		*id = NULL;
	return OK;
}

enum err inbound_template(struct ctx *cx, const char *only, const char *account, int64_t *n)
{
	const char *s = NULL;

	TRY(db_text(cx, &sql_template_changed, &s, ARGS(A(account), A(only))));
	return parse_i64(s != NULL ? s : "", 0, INT32_MAX, n) ? OK : fail(cx, E_INTERNAL, "template_changed gave no number");
}

static enum err send_one(struct ctx *cx, const char *conn, const struct wa_item *i)
{
	switch (i->what) {
	case WA_MESSAGE:
		return db_send(cx, &sql_whatsapp_in, ARGS(A(conn), A(i->person), A(i->body), A(i->peer)));
	case WA_CHANGE:
		return db_send(cx, &sql_whatsapp_change, ARGS(A(conn), A(i->external_id), A(i->opaque), A(i->body)));
	case WA_REACTION:
		return db_send(cx, &sql_whatsapp_reaction,
		    ARGS(A(conn), A(i->person), A(i->external_id), A(i->emoji), A(i->at)));
	case WA_SYSTEM:
		return db_send(cx, &sql_whatsapp_system,
		    ARGS(A(conn), A(i->person), A(i->links), A(i->body), A(i->text), A(i->peer)));
	case WA_TEMPLATE: /* inbound_template's, of no connection */
		return E_INTERNAL;
	case WA_ACCOUNT:
		return db_send(cx, &sql_connection_state, ARGS(A(conn), arg_text(NULL), A(i->text), arg_text(NULL)));
	}
	return E_INTERNAL;
}

enum err inbound_apply(struct ctx *cx, const char *connection_id, const struct wa_item *items, size_t n)
{
	for (size_t i = 0; i < n; ) {
		size_t k, end = i + AT_ONCE < n ? i + AT_ONCE : n;

		for (k = i; k < end; k++)
			TRY(send_one(cx, connection_id, &items[k]));
		for (; i < end; i++)
			TRY(take_one(cx));
	}
	return OK;
}
