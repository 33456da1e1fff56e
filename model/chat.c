#include "model/chat.h"

#include <string.h>

#include "gen/sql_chat.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/db/pick.h"
#include "model/conversation.h"
#include "model/file.h"

#define REC struct chat
static const struct field chat_fields[] = {
	F(connection_id), F(name), F(tenant_name), F(locale), F(zone), F(greeting), F(contact_id), F(contact_name), F(contact_email), F(conversation_id),
};
#undef REC
const struct rec_type chat_entered_type = REC_TYPE("chat_entered", struct chat, chat_fields);

#define REC struct chat_message
static const struct field message_fields[] = { F(id), F(direction), F(kind), F(text), F(status), F(author_name), F(sent_at), F(deleted_at) };
#undef REC
const struct rec_type chat_message_type = REC_TYPE("chat_message", struct chat_message, message_fields);

#define REC struct chat_form
static const struct field form_fields[] = { F(text, .flags = MULTI, .max = 4000), F(name, .max = 100), F(email, .flags = EMAIL, .max = 254), F(token, .flags = REQ, .max = 64) };
#undef REC
const struct rec_type chat_form_type = REC_TYPE("chat_form", struct chat_form, form_fields);

char *chat_visitor(struct arena *a, const char *token)
{
	uint8_t h[32];

	sha256(token, strlen(token), h);
	return hex_encode(a, h, sizeof(h));
}

enum err chat_enter(struct ctx *cx, const char *key, const char *visitor, bool readonly, struct chat *out)
{
	return db_row(cx, &sql_chat_enter, &chat_entered_type, out, ARGS(A(key), A(visitor), A(readonly)));
}

enum err chat_messages(struct ctx *cx, const struct chat *c, struct chat_message **out, size_t *n)
{
	*n = 0;
	if (c->conversation_id == NULL)
		return OK;
	TRY(db_rows(cx, &sql_chat_messages, &chat_message_type, out, n, ARGS(A(c->conversation_id))));
	for (size_t i = 0; i < *n / 2; i++) {
		struct chat_message t = (*out)[i];

		(*out)[i] = (*out)[*n - 1 - i];
		(*out)[*n - 1 - i] = t;
	}
	return OK;
}

enum err chat_files(struct ctx *cx, const struct chat *c, struct attachment **out, size_t *n)
{
	*n = 0;
	return c->conversation_id == NULL ? OK : db_rows(cx, PICK(&sql_chat_files, "shown"), &attachment_type, out, n, ARGS(A(c->conversation_id), A((const char *)NULL)));
}

enum err chat_file(struct ctx *cx, const struct chat *c, const char *id, struct attachment *out)
{
	if (c->conversation_id == NULL)
		return fail(cx, E_NOTFOUND, "no conversation");
	return db_row(cx, PICK(&sql_chat_files, "one"), &attachment_type, out, ARGS(A(c->conversation_id), A(id)));
}

enum err chat_say(struct ctx *cx, const char *key, const char *visitor, const struct chat_form *f, const struct file *files, size_t nfiles, bool *made)
{
	struct message_made m = { 0 };

	if (text_empty(f->text) && nfiles == 0)
		return fail_field(cx, "text", "required", NULL);
	TRY(db_row(cx, &sql_chat_say, &message_made_type, &m,
	    ARGS(A(key), A(visitor), A(f->name), A(f->email), A(f->text), A(f->token), A(nfiles > 0 ? files_json(cx->arena, files, nfiles) : NULL))));
	*made = m.created;
	return OK;
}

enum err chat_seen(struct ctx *cx, const struct chat *c)
{
	return c->conversation_id == NULL ? OK : db_exec(cx, &sql_chat_seen, NULL, ARGS(A(c->conversation_id)));
}
