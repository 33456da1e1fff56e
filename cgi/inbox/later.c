#include "cgi/inbox/compose.h"

#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/composer.h"

void scheduled_items(struct req *rq, struct doc *out, const struct scheduled *s, size_t n)
{
	struct arena *a = rq->cx->arena;

	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &scheduled_type, &s[i]);
		doc_hint(out, "who", person_title(rq, s[i].contact_name, s[i].contact_phone));
		doc_hint(out, "reason", s[i].error != NULL ? text_get(a, rq->cx->lang, arena_fmt(a, "later.why.%s", s[i].error), NULL) : NULL);
		doc_close(out);
	}
}

enum err scheduled_index(struct req *rq, struct doc *out)
{
	struct scheduled_filter f = { 0 };
	struct scheduled *s;
	size_t n;

	TRY(req_bind_query(rq, &scheduled_filter_type, &f));
	TRY(scheduled_list(rq->cx, f.conversation_id, &s, &n));
	doc_list(out, "items");
	scheduled_items(rq, out, s, n);
	doc_close(out);
	if (!doc_html(out))
		doc_text(out, "next", NULL);
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "later.title", NULL);
	return OK;
}

static enum err answer(struct req *rq, struct doc *out, const char *id, int status)
{
	struct scheduled s;

	TRY(scheduled_get(rq->cx, id, &s));
	doc_fields(out, &scheduled_type, &s);
	reply_etag(rq, s.version);
	return reply_to(rq, status, status == 201 ? arena_fmt(rq->cx->arena, "/scheduled-messages/%s", id) : NULL, NULL);
}

enum err scheduled_show(struct req *rq, struct doc *out)
{
	return answer(rq, out, req_capture(rq, "id"), 200);
}

enum err scheduled_create(struct req *rq, struct doc *out)
{
	struct scheduled_input in = { .run_at = UTC_NONE };
	const char *id;

	TRY(req_bind(rq, &scheduled_input_type, &in, false));
	in.token = rq->idempotency_key;
	TRY(scheduled_add(rq->cx, &in, &id));
	return answer(rq, out, id, 201);
}

enum err scheduled_patch(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct scheduled_input in = { 0 };
	struct scheduled s;

	TRY(scheduled_get(rq->cx, id, &s));
	TRY(req_if_match(rq, s.version));
	in.text = s.text;
	in.run_at = s.run_at;
	in.version = s.version;
	TRY(req_bind(rq, &scheduled_patch_type, &in, true));
	TRY(scheduled_save(rq->cx, id, &in));
	return answer(rq, out, id, 200);
}

enum err scheduled_drop(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct scheduled s;

	(void)out;
	TRY(scheduled_get(rq->cx, id, &s));
	TRY(req_if_match(rq, s.version));
	TRY(scheduled_cancel(rq->cx, id, s.version));
	return reply_raw(rq, 204, NULL, "", 0);
}

static enum err form_read(struct req *rq, struct scheduled_input *in)
{
	struct scheduled_form f = { 0 };

	TRY(req_bind(rq, &scheduled_form_type, &f, false));
	in->text = f.text;
	in->token = f.token;
	in->version = f.version;
	return scheduled_when(rq->cx, f.date, f.time, &in->run_at);
}

/* From the composer. What was meant for the team alone must not reach the customer, whatever button was pressed. */
enum err scheduled_post(struct req *rq, struct doc *out)
{
	struct scheduled_input in = { .conversation_id = req_capture(rq, "id") };
	struct conversation c;
	const char *id, *quick = req_field(rq, "quick_file");

	(void)out;
	TRY(conversation_get(rq->cx, in.conversation_id, &c));
	if (text_eq(req_field(rq, "internal"), "1"))
		return fail_field(rq->cx, "text", "note_later", NULL);
	TRY(form_read(rq, &in));
	TRY(quick_reply_expand(rq, &c, &in.text, &quick));
	if (rq->files != NULL || quick != NULL)
		return fail_field(rq->cx, "files", "file_later", NULL);
	TRY(scheduled_add(rq->cx, &in, &id));
	TRY(draft_drop(rq->cx, in.conversation_id));
	query_forget(rq, "reply");
	return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/conversations/%s%s", in.conversation_id, query_with(rq, "cursor", NULL)), "ok.later_saved");
}

enum err scheduled_edit(struct req *rq, struct doc *out)
{
	struct arena *a = rq->cx->arena;
	struct scheduled s;
	struct civil c;

	TRY(scheduled_get(rq->cx, req_capture(rq, "id"), &s));
	if (strcmp(s.status, "pending") != 0 && !rq->reshown)
		return fail(rq->cx, E_NOTFOUND, "scheduled message is %s", s.status);
	c = zone_civil(rq->cx->zone, s.run_at);
	doc_list(out, "items");
	scheduled_items(rq, out, &s, 1);
	doc_close(out);
	doc_open(out, "input");
	doc_hint(out, "text", rq->reshown ? req_field(rq, "text") : s.text);
	doc_hint(out, "date", rq->reshown ? req_field(rq, "date") : arena_fmt(a, "%04d-%02d-%02d", c.year, c.month, c.day));
	doc_hint(out, "time", rq->reshown ? req_field(rq, "time") : arena_fmt(a, "%02d:%02d", c.hour, c.minute));
	doc_close(out);
	rq->title = text_get(a, rq->cx->lang, "later.edit", NULL);
	return OK;
}

enum err scheduled_update(struct req *rq, struct doc *out)
{
	struct scheduled_input in = { 0 };

	(void)out;
	TRY(form_read(rq, &in));
	TRY(scheduled_save(rq->cx, req_capture(rq, "id"), &in));
	return reply_to(rq, 303, "/scheduled", "ok.later_saved");
}

enum err scheduled_delete(struct req *rq, struct doc *out)
{
	struct scheduled s;

	(void)out;
	TRY(scheduled_get(rq->cx, req_capture(rq, "id"), &s));
	TRY(scheduled_cancel(rq->cx, s.id, 0));
	return reply_to(rq, 303, text_eq(req_field(rq, "from"), "conversation") ? arena_fmt(rq->cx->arena, "/conversations/%s", s.conversation_id) : "/scheduled", "ok.later_gone");
}
