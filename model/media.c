#include "model/media.h"

#include "gen/sql_whatsapp.h"

#define REC struct media_row
static const struct field media_row_fields[] = {
	F(id),
	F(message_id),
	F(conversation_id),
	F(kind),
	F(name),
	F(mime),
	F(sha256),
	F(state),
	F(external_id),
	F(number),
	F(connection_id),
	F(channel),
	F(token, .flags = HIDE),
};
#undef REC
const struct rec_type media_row_type = REC_TYPE("media_row", struct media_row, media_row_fields);

enum err media_load(struct ctx *cx, const char *attachment_id, struct media_row *out)
{
	return db_row(cx, &sql_media_load, &media_row_type, out, ARGS(A(attachment_id)));
}

enum err media_end(struct ctx *cx, const char *attachment_id, const struct media_end *m)
{
	return db_exec(cx, &sql_media_end, NULL, ARGS(A(attachment_id), A(m->state), A(m->file), A(m->mime),
	    m->size >= 0 ? A(m->size) : arg_text(NULL), A(m->sha256), A(m->error)));
}
