#include "cgi/inbox/inbox.h"

#include <string.h>

#include "cgi/chrome.h"
#include "cgi/inbox/compose.h"
#include "cgi/inbox/forms.h"
#include "lib/base/text.h"
#include "model/composer.h"

/* Back to the conversation, with the list as it was filtered. */
static const char *back(struct req *rq)
{
	return arena_fmt(rq->cx->arena, "/conversations/%s%s", req_capture(rq, "id"), query_with(rq, "cursor", NULL));
}

static enum err message_answer(struct req *rq, struct doc *out, const char *id, int status)
{
	struct message m;

	TRY(message_get(rq->cx, id, &m));
	doc_fields(out, &message_type, &m);
	return reply_to(rq, status, arena_fmt(rq->cx->arena, "/messages/%s", id), NULL);
}

enum err message_create(struct req *rq, struct doc *out)
{
	struct message_draft in = { 0 };
	const char *id;
	bool made;

	TRY(req_bind(rq, &message_draft_type, &in, false));
	in.token = rq->idempotency_key;
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
	struct conversation c;
	const char *id;
	bool made;

	(void)out;
	TRY(conversation_get(rq->cx, in.conversation_id, &c));
	TRY(req_bind(rq, &message_form_type, &in, false));
	TRY(quick_reply_expand(rq, &c, &in.text));
	TRY(message_send(rq->cx, &in, &id, &made));
	TRY(draft_drop(rq->cx, in.conversation_id));
	query_forget(rq, "reply");
	if (text_eq(in.then, "resolve") && made)
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
	struct assign_form in = { 0 };

	(void)out;
	TRY(req_bind(rq, &assign_form_type, &in, false));
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
	(void)out;
	TRY(conversation_typing(rq->cx, req_capture(rq, "id")));
	return reply_raw(rq, 204, NULL, "", 0);
}

enum err file_show(struct req *rq, struct doc *out)
{
	static const char *const inline_types[] = { "image/png", "image/jpeg", "image/webp", "image/gif", "audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr", "video/mp4", NULL };
	struct attachment f;
	const char *const *t = inline_types;

	(void)out;
	TRY(attachment_get(rq->cx, req_capture(rq, "id"), &f));
	if (strcmp(f.state, "stored") != 0 || f.file == NULL)
		return fail(rq->cx, E_NOTFOUND, "attachment is %s", f.state);
	while (*t != NULL && (f.mime == NULL || strcmp(*t, f.mime) != 0))
		t++;
	return reply_file(rq, f.file, *t != NULL ? *t : "application/octet-stream", *t != NULL ? NULL : f.name != NULL ? f.name : "arquivo");
}
