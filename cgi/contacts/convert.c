#include "cgi/contacts/contacts.h"

#include <string.h>

#include "cgi/chrome.h"
#include "cgi/contacts/forms.h"
#include "lib/base/text.h"

/* The head of a small form about somebody. */
static enum err person(struct req *rq, struct doc *out, struct contact *c, const char *what)
{
	const char *id = req_capture(rq, "id");

	TRY(contact_get(rq->cx, id, c));
	doc_open(out, "contact");
	doc_fields(out, &contact_type, c);
	person_hints(rq, out, c);
	doc_close(out);
	doc_hint(out, "post_url", person_url(rq, id, what));
	doc_hint(out, "back_url", person_url(rq, id, ""));
	rq->title = person_title(rq, c->name != NULL ? c->name : c->username, c->phone);
	return OK;
}

enum err convert_show(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct contact c;

	TRY(contact_get(rq->cx, id, &c));
	if (strcmp(c.lifecycle, "contact") == 0)
		return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/contacts/%s", id), "info.person_is_contact");
	if (version_moved(rq))
		return conflict_page(rq, out, &c, person_url(rq, id, "/convert"));
	TRY(person(rq, out, &c, "/convert"));
	input_fill(rq, out, &c);
	TRY(existing_fill(rq, out));
	return owner_choices(rq, out, rq->reshown ? req_field(rq, "owner_id") : c.owner_id != NULL ? c.owner_id : rq->cx->user_id);
}

enum err convert_post(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct contact_input in;
	struct holder whose = { 0 };
	struct contact c;
	bool made;

	TRY(contact_get(rq->cx, id, &c));
	in = input_of(&c);
	TRY(req_bind(rq, rq->api ? &contact_input_type : &contact_form_type, &in, true));
	if (in.name == NULL && strcmp(c.lifecycle, "lead") == 0)
		return fail_field(rq->cx, "name", "required", NULL);
	TRY(belongs(rq, &whose, contact_convert(rq->cx, id, &in, &whose, &made)));
	if (rq->api)
		return person_answer(rq, out, id, 0);
	return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/contacts/%s", id), made ? "ok.person_converted" : "info.person_is_contact");
}

enum err lose_show(struct req *rq, struct doc *out)
{
	struct contact c;

	TRY(person(rq, out, &c, "/lose"));
	doc_open(out, "input");
	doc_hint(out, "reason", rq->reshown ? req_field(rq, "reason") : c.lost_reason);
	doc_close(out);
	return OK;
}

enum err lose_post(struct req *rq, struct doc *out)
{
	struct lose_form in = { 0 };

	TRY(req_bind(rq, &lose_form_type, &in, false));
	TRY(contact_stage(rq->cx, req_capture(rq, "id"), "lost", in.reason));
	return acted(rq, out, "ok.lead_lost");
}

enum err qualify_post(struct req *rq, struct doc *out)
{
	TRY(contact_stage(rq->cx, req_capture(rq, "id"), "qualified", NULL));
	return acted(rq, out, "ok.lead_qualified");
}

enum err reopen_post(struct req *rq, struct doc *out)
{
	TRY(contact_stage(rq->cx, req_capture(rq, "id"), "new", NULL));
	return acted(rq, out, "ok.lead_reopened");
}
