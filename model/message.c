#include <string.h>

#include "gen/sql_composer.h"
#include "gen/sql_inbox.h"
#include "lib/base/text.h"
#include "lib/db/pick.h"
#include "model/conversation.h"
#include "model/file.h"
#include "model/mention.h"
#include "model/template.h"

enum { CAPTION_MAX = 1024 };

static const char *const directions[] = { "in", "out", NULL };
static const char *const statuses[] = { "queued", "sent", "delivered", "read", "failed", "uncertain", NULL };
static const char *const thens[] = { "resolve", NULL };

#define REC struct message
static const struct field message_fields[] = {
	F(id, .flags = RO | ID), F(conversation_id, .flags = RO | ID), F(direction, .flags = RO, .one_of = directions), F(kind, .flags = RO), F(text, .flags = RO | FREE | MULTI),
	F(payload, .flags = RO | JSON | FREE, .schema = SCHEMA_OBJECT), F(status, .flags = RO, .one_of = statuses), F(external_id, .flags = RO), F(internal, .flags = RO), F(author_id, .flags = RO | ID),
	F(author_name, .flags = RO), F(reply_to, .flags = RO), F(sent_at, .flags = RO), F(delivered_at, .flags = RO), F(read_at, .flags = RO), F(failed_at, .flags = RO),
	F(error_code, .flags = RO), F(error_text, .flags = RO | FREE), F(edited_at, .flags = RO), F(deleted_at, .flags = RO), F(created_at, .flags = RO),
};
#undef REC
const struct rec_type message_type = REC_TYPE("message", struct message, message_fields);

#define REC struct attachment
static const struct field attachment_fields[] = {
	F(id, .flags = RO | ID), F(message_id, .flags = RO | ID), F(kind), F(name), F(mime), F(size), F(state), F(voice), F(file, .flags = HIDE),
};
#undef REC
const struct rec_type attachment_type = REC_TYPE("attachment", struct attachment, attachment_fields);

#define REC struct reaction
static const struct field reaction_fields[] = { F(target), F(emoji), F(actor) };
#undef REC
const struct rec_type reaction_type = REC_TYPE("reaction", struct reaction, reaction_fields);

#define REC struct quoted
static const struct field quoted_fields[] = { F(external_id), F(text, .flags = FREE), F(kind), F(author_name), F(direction) };
#undef REC
const struct rec_type quoted_type = REC_TYPE("quoted", struct quoted, quoted_fields);

#define REC struct message_draft
static const struct field draft_fields[] = {
	F(conversation_id, .flags = REQ | ID), F(text, .flags = MULTI, .max = 4096, .doc = "required but for a template"), F(internal, .doc = "a note for the team, never sent"),
	F(reply_to, .flags = ID, .doc = "id of the message of the same conversation that is quoted"),
	F(mentions, .flags = JSON | MULTI, .max = 25000, .schema = SCHEMA_IDS, .doc = "of a note: ids of users to tell, beside those that its text calls with @"),
	F(template, .flags = JSON | MULTI, .max = 50000, .schema = TEMPLATE_SCHEMA, .doc = "instead of all but conversation_id: {id, variables} or {name, language, variables}"),
};
static const struct field files_fields[] = {
	F(conversation_id, .flags = REQ | ID), F(text, .flags = MULTI, .max = 4096), F(internal), F(reply_to, .flags = ID), F(mentions, .flags = JSON | MULTI, .max = 25000, .schema = SCHEMA_IDS),
};
static const struct field form_fields[] = {
	F(text, .flags = MULTI, .max = 4096), F(internal), F(reply_to, .flags = ID), F(token, .max = 64), F(then, .one_of = thens), F(quick_file, .flags = ID),
};
#undef REC
const struct rec_type message_files_type = REC_TYPE("message_files", struct message_draft, files_fields);
const struct rec_type message_draft_type = REC_TYPE("message_draft", struct message_draft, draft_fields);
const struct rec_type message_form_type = REC_TYPE("message_form", struct message_draft, form_fields);

#define REC struct message_made
static const struct field made_fields[] = { F(message_id), F(created) };
#undef REC
const struct rec_type message_made_type = REC_TYPE("message_made", struct message_made, made_fields);

static void reverse(struct message *m, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct message t = m[i];

		m[i] = m[n - 1 - i];
		m[n - 1 - i] = t;
	}
}

/* What hangs on the messages of one page, in one round trip. */
static enum err hangers(struct ctx *cx, const struct conversation *conv, struct message_list *out)
{
	const struct message *last;

	if (out->n == 0)
		return OK;
	last = &out->items[out->n - 1];
	TRY(db_send(cx, &sql_attachment_list, ARGS(A(conv->id), A(out->items[0].sent_at), A(last->sent_at))));
	TRY(db_send(cx, &sql_reaction_list, ARGS(A(conv->id), A(out->items[0].sent_at), A(last->sent_at))));
	TRY(db_send(cx, &sql_message_quoted, ARGS(A(conv->id), A(out->items[0].sent_at), A(last->sent_at))));
	TRY(db_take_rows(cx, &attachment_type, &out->files, &out->nfiles));
	TRY(db_take_rows(cx, &reaction_type, &out->reactions, &out->nreactions));
	return db_take_rows(cx, &quoted_type, &out->quoted, &out->nquoted);
}

enum err message_list(struct ctx *cx, const struct conversation *conv, const char *cursor, int64_t limit, struct message_list *out)
{
	const char *before = NULL;
	utc_t at = UTC_NONE;

	if (limit <= 25)
		limit = limit > 0 ? limit : 50;
	if (cursor != NULL && !cursor_read(cx->arena, cursor, &at, &before))
		return fail_query(cx, "cursor");
	TRY(db_rows(cx, PICK(&sql_message_list, "newest", limit <= 50 ? "l50" : limit_pick(limit), before != NULL ? "before" : "newest"), &message_type,
	    &out->items, &out->n, ARGS(A(conv->id), A(at), A(before))));
	if (out->n > (size_t)limit) {
		out->n = (size_t)limit;
		out->next = cursor_make(cx->arena, out->items[limit - 1].sent_at, out->items[limit - 1].id);
	}
	reverse(out->items, out->n);
	return hangers(cx, conv, out);
}

enum err message_get(struct ctx *cx, const char *id, struct message *out)
{
	return db_row(cx, &sql_message_get, &message_type, out, ARGS(A(id)));
}

enum err attachment_get(struct ctx *cx, const char *id, struct attachment *out)
{
	return db_row(cx, &sql_attachment_get, &attachment_type, out, ARGS(A(id)));
}

/* What goes with the text; *answers: the external id that is quoted. */
static enum err check(struct ctx *cx, const struct message_draft *d, const char **answers)
{
	*answers = NULL;
	if (!d->internal && d->mentions != NULL && strchr(d->mentions, '"') != NULL)
		return fail_field(cx, "mentions", "note_only", NULL);
	if (d->reply_to == NULL)
		return OK;
	TRY(db_text(cx, &sql_message_quotable, answers, ARGS(A(d->reply_to), A(d->conversation_id))));
	return *answers != NULL ? OK : fail_field(cx, "reply_to", "unquotable", NULL);
}

static enum err out_of_time(struct ctx *cx, enum err e)
{
	return e == E_INVALID && strcmp(db_sqlstate(cx), "P1001") == 0 ? fail_field(cx, "text", "window_shut", NULL) : e;
}

enum err message_send(struct ctx *cx, const struct message_draft *d, const char **id, bool *made)
{
	struct message_made m = { 0 };
	const char *answers;

	if (text_empty(d->text))
		return fail_field(cx, "text", "required", NULL);
	TRY(check(cx, d, &answers));
	TRY(out_of_time(cx, db_row(cx, &sql_message_out, &message_made_type, &m, ARGS(A(d->conversation_id), A(d->text), A(d->internal), A(d->token), A(answers), A("text"),
	    A((const char *)NULL)))));
	if (m.message_id == NULL)
		return fail(cx, E_NOTFOUND, "conversation %s", d->conversation_id);
	*id = m.message_id;
	*made = m.created;
	return d->internal && m.created ? mention_tell(cx, m.message_id, d->text, d->mentions) : OK;
}

/* What one message of several holds. */
struct piece { const char *kind, *text, *files; };

static size_t pieces(struct arena *a, const struct message_draft *d, const char *channel, const struct file *f, size_t n, struct piece *out)
{
	bool captioned = strcmp(f[0].kind, "audio") != 0 && strcmp(f[0].kind, "sticker") != 0 && (d->text == NULL || utf8_len(d->text) <= CAPTION_MAX);
	size_t k = 0;

	if (d->internal || strcmp(channel, "chat") == 0) {
		out[0] = (struct piece){ f[0].kind, d->text, files_json(a, f, n) };
		return 1;
	}
	if (d->text != NULL && !captioned)
		out[k++] = (struct piece){ "text", d->text, "[]" };
	for (size_t i = 0; i < n; i++)
		out[k++] = (struct piece){ f[i].kind, i == 0 && captioned ? d->text : NULL, files_json(a, &f[i], 1) };
	return k;
}

enum err message_send_files(struct ctx *cx, const struct message_draft *d, const char *channel, const struct file *files, size_t n, struct message_sent *out)
{
	struct piece p[MESSAGES_AT_ONCE];
	const char *answers;

	*out = (struct message_sent){ 0 };
	TRY(check(cx, d, &answers));
	out->n = pieces(cx->arena, d, channel, files, n, p);
	for (size_t i = 0; i < out->n; i++) {
		/* No header and no form can hold the separator: nobody else's token is one of these. */
		const char *token = d->token == NULL || i == 0 ? d->token : arena_fmt(cx->arena, "%s\x1f%zu", d->token, i);

		TRY(db_send(cx, &sql_message_out_files, ARGS(A(d->conversation_id), A(p[i].text), A(d->internal), A(token), A(i == 0 ? answers : NULL), A(p[i].kind), A(p[i].files))));
	}
	for (size_t i = 0; i < out->n; i++) {
		struct message_made m = { 0 };

		TRY(out_of_time(cx, db_take_row(cx, &message_made_type, &m)));
		if (m.message_id == NULL)
			return fail(cx, E_NOTFOUND, "conversation %s", d->conversation_id);
		out->ids[i] = m.message_id;
		out->made = out->made || m.created;
	}
	return d->internal && out->made ? mention_tell(cx, out->ids[0], d->text, d->mentions) : OK;
}

enum err message_files(struct ctx *cx, const char *const *ids, size_t n, struct attachment **out, size_t *nout)
{
	return db_rows(cx, &sql_message_files, &attachment_type, out, nout, ARGS(A(ids_text(cx->arena, (struct ids){ ids, n }))));
}

enum err message_retry(struct ctx *cx, const char *id)
{
	const char *done;
	enum err e = db_text(cx, &sql_message_retry, &done, ARGS(A(id)));

	TRY(out_of_time(cx, e));
	return text_eq(done, "t") ? OK : fail(cx, E_CONFLICT, "message %s cannot be sent again", id);
}
