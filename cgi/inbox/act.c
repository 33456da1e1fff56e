#include "cgi/inbox/inbox.h"

#include <string.h>

#include "cgi/chrome.h"
#include "cgi/files.h"
#include "cgi/inbox/compose.h"
#include "cgi/inbox/forms.h"
#include "lib/base/text.h"
#include "model/composer.h"
#include "model/quick_reply.h"
#include "model/template.h"

/* Back to the conversation, with the list as it was filtered. */
static const char *back(struct req *rq)
{
	return arena_fmt(rq->cx->arena, "/conversations/%s%s", req_capture(rq, "id"), query_with(rq, "cursor", NULL));
}

static enum err answer(struct req *rq, struct doc *out, const char *const *ids, size_t n, int status)
{
	struct attachment *f;
	struct message m;
	size_t nf;

	TRY(message_get(rq->cx, ids[0], &m));
	TRY(message_files(rq->cx, ids, n, &f, &nf));
	doc_fields(out, &message_type, &m);
	thread_files(rq, out, NULL, f, nf);
	return reply_to(rq, status, arena_fmt(rq->cx->arena, "/messages/%s", ids[0]), NULL);
}

enum err message_answer(struct req *rq, struct doc *out, const char *id, int status)
{
	return answer(rq, out, &id, 1, status);
}

/* The file of the quick reply comes last. It is the quick reply's: never dropped. */
static enum err quick_file(struct req *rq, const char *quick, struct file *files, size_t *n)
{
	struct quick_reply q;

	if (quick == NULL)
		return OK;
	TRY(quick_reply_get(rq->cx, quick, &q));
	if (q.file != NULL)
		files[(*n)++] = quick_reply_file(&q);
	return OK;
}

/* Sends text, files, or both. What was stored of a request that came to nothing, or came twice, goes again. */
static enum err post(struct req *rq, const struct message_draft *in, const char *channel, struct message_sent *sent)
{
	struct file *files;
	size_t own, n;
	enum err e;

	TRY(files_taken(rq, &files, &own));
	n = own;
	e = quick_file(rq, in->quick_file, files, &n);
	if (e == OK && n > 0)
		e = message_send_files(rq->cx, in, channel, files, n, sent);
	else if (e == OK)
		e = message_send(rq->cx, in, &sent->ids[0], &sent->made), sent->n = 1;
	if (e != OK || !sent->made)
		files_drop(files_conf.root, files, own);
	return e;
}

static enum err create_with_files(struct req *rq, struct doc *out, struct message_draft *in)
{
	struct message_sent sent = { 0 };
	struct conversation c;

	TRY(req_bind(rq, &message_files_type, in, false));
	TRY(conversation_get(rq->cx, in->conversation_id, &c));
	TRY(post(rq, in, c.channel, &sent));
	return answer(rq, out, sent.ids, sent.n, 201);
}

/* A template is a message of its own: nothing else goes with it. */
static enum err send_template(struct req *rq, const struct message_draft *in, const char **id)
{
	struct template_use u;
	struct conversation c;

	if (in->text != NULL || in->internal || in->reply_to != NULL)
		return fail_field(rq->cx, in->text != NULL ? "text" : in->internal ? "internal" : "reply_to", "template_alone", NULL);
	TRY(template_use_read(rq->cx, in->template, &u));
	TRY(conversation_get(rq->cx, in->conversation_id, &c));
	return template_send(rq->cx, &c, &u, in->token, id);
}

enum err message_create(struct req *rq, struct doc *out)
{
	struct message_draft in = { 0 };
	const char *id;
	bool made;

	in.token = rq->idempotency_key;
	if (rq->multipart)
		return create_with_files(rq, out, &in);
	TRY(req_bind(rq, &message_draft_type, &in, false));
	if (in.template == NULL && in.text == NULL)
		return fail_field(rq->cx, "text", "required", NULL);
	if (in.template != NULL)
		TRY(send_template(rq, &in, &id));
	else
		TRY(message_send(rq->cx, &in, &id, &made));
	return message_answer(rq, out, id, 201);
}

enum err message_show(struct req *rq, struct doc *out)
{
	return message_answer(rq, out, req_capture(rq, "id"), 200);
}

enum err message_post(struct req *rq, struct doc *out)
{
	struct message_draft in = { .conversation_id = req_capture(rq, "id") };
	struct message_sent sent = { 0 };
	struct conversation c;

	(void)out;
	TRY(conversation_get(rq->cx, in.conversation_id, &c));
	TRY(req_bind(rq, &message_form_type, &in, false));
	TRY(quick_reply_expand(rq, &c, &in.text, &in.quick_file));
	in.mentions = in.internal ? mentions_ticked(rq) : NULL;
	TRY(post(rq, &in, c.channel, &sent));
	TRY(draft_drop(rq->cx, in.conversation_id));
	query_forget(rq, "reply");
	if (text_eq(in.then, "resolve") && sent.made)
		TRY(conversation_set_status(rq->cx, in.conversation_id, "resolved", 0));
	return reply_to(rq, 303, back(rq), text_eq(in.then, "resolve") ? "ok.resolved" : NULL);
}

enum err message_again(struct req *rq, struct doc *out)
{
	struct message m;

	TRY(message_get(rq->cx, req_capture(rq, "message_id"), &m));
	if (strcmp(m.conversation_id, req_capture(rq, "id")) != 0)
		return fail(rq->cx, E_NOTFOUND, "message of another conversation");
	TRY(message_retry(rq->cx, m.id));
	if (rq->api)
		return message_answer(rq, out, m.id, 200);
	return reply_to(rq, 303, back(rq), "info.retry");
}

enum err status_post(struct req *rq, struct doc *out)
{
	struct status_form in = { 0 };

	(void)out;
	TRY(req_bind(rq, &status_form_type, &in, false));
	TRY(conversation_set_status(rq->cx, req_capture(rq, "id"), in.status, in.version));
	return reply_to(rq, 303, back(rq), arena_fmt(rq->cx->arena, "ok.status_%s", in.status));
}

enum err assign_post(struct req *rq, struct doc *out)
{
	struct message_draft note = { .conversation_id = req_capture(rq, "id"), .internal = true };
	struct assign_form in = { 0 };
	const char *id;
	bool made;

	(void)out;
	TRY(req_bind(rq, &assign_form_type, &in, false));
	note.text = in.note;
	/* First the note: who passes it on may not see it afterwards. */
	if (note.text != NULL)
		TRY(message_send(rq->cx, &note, &id, &made));
	TRY(conversation_assign(rq->cx, req_capture(rq, "id"), in.assignee_id, in.team_id, in.version));
	return reply_to(rq, 303, back(rq), in.assignee_id != NULL ? "ok.assigned" : "ok.released");
}

enum err take_post(struct req *rq, struct doc *out)
{
	struct conversation c;
	const char *id = req_capture(rq, "id");

	TRY(conversation_get(rq->cx, id, &c));
	TRY(conversation_assign(rq->cx, id, rq->cx->user_id, c.team_id, 0));
	if (rq->api) {
		TRY(conversation_get(rq->cx, id, &c));
		doc_fields(out, &conversation_type, &c);
		return OK;
	}
	return reply_to(rq, 303, back(rq), "ok.taken");
}

enum err typing_post(struct req *rq, struct doc *out)
{
	struct typing_form in = { 0 };

	(void)out;
	TRY(req_bind(rq, &typing_form_type, &in, false));
	TRY(conversation_typing(rq->cx, req_capture(rq, "id"), in.internal));
	return reply_raw(rq, 204, NULL, "", 0);
}

enum err file_show(struct req *rq, struct doc *out)
{
	struct attachment f;

	(void)out;
	TRY(attachment_get(rq->cx, req_capture(rq, "id"), &f));
	return file_reply(rq, &f);
}
