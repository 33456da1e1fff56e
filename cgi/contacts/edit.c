#include "cgi/contacts/contacts.h"

#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"

static const char *const inputs[] = { "kind", "name", "phone", "email", "company", "city", "owner_id", "note" };

static const char *stored(struct req *rq, const struct contact *c, const char *name)
{
	const struct field *f = rec_field(&contact_type, name);

	return c != NULL && f != NULL ? rec_text(rq->cx->arena, f, c) : NULL;
}

void input_fill(struct req *rq, struct doc *out, const struct contact *c)
{
	doc_open(out, "input");
	for (size_t i = 0; i < nitems(inputs); i++)
		doc_hint(out, inputs[i], rq->reshown ? req_field(rq, inputs[i]) : c != NULL ? stored(rq, c, inputs[i]) : req_query(rq, inputs[i]));
	doc_hint(out, "version", rq->reshown ? req_field(rq, "version") : c != NULL ? arena_fmt(rq->cx->arena, "%d", c->version) : NULL);
	doc_close(out);
}

bool version_moved(const struct req *rq)
{
	for (const struct field_error *e = rq->cx->errors; rq->reshown && e != NULL; e = e->next)
		if (strcmp(e->field, "version") == 0 && strcmp(e->code, "conflict") == 0)
			return true;
	return false;
}

static bool refused_as_taken(const struct req *rq)
{
	for (const struct field_error *e = rq->cx->errors; rq->reshown && e != NULL; e = e->next)
		if (strcmp(e->code, "belongs") == 0)
			return true;
	return false;
}

enum err existing_fill(struct req *rq, struct doc *out)
{
	struct contact_input in = { .phone = req_field(rq, "phone"), .email = req_field(rq, "email") };
	struct holder h;
	enum err e;

	if (!refused_as_taken(rq))
		return OK;
	e = contact_holder(rq->cx, &in, &h);
	if (e == E_NOTFOUND)
		return OK;
	TRY(e);
	doc_open(out, "existing");
	doc_hint(out, "title", person_title(rq, h.holder_name, NULL));
	doc_hint(out, "url", arena_fmt(rq->cx->arena, "/contacts/%s", h.holder));
	doc_close(out);
	return OK;
}

enum err belongs(struct req *rq, const struct holder *whose, enum err e)
{
	struct arena *a = rq->cx->arena;
	const char *url;

	if (e != E_CONFLICT || whose->holder == NULL || !rq->api)
		return e;
	url = arena_fmt(a, "/api/contacts/%s", whose->holder);
	reply_header(rq, "Link", arena_fmt(a, "<%s>; rel=\"related\"", url));
	field_error_add(a, &rq->cx->errors, "existing", "existing", url);
	return e;
}

enum err person_answer(struct req *rq, struct doc *out, const char *id, int status)
{
	struct contact c;
	struct tag_of *t;
	size_t n;
	enum err e = contact_get(rq->cx, id, &c);

	rq->status = status;
	/* Given away by somebody who sees only their own. */
	if (e == E_NOTFOUND) {
		doc_text(out, "id", id);
		return OK;
	}
	TRY(e);
	TRY(tag_of_contacts(rq->cx, (struct ids){ &id, 1 }, &t, &n));
	doc_fields(out, &contact_type, &c);
	tags_of(out, id, t, n);
	reply_etag(rq, c.version);
	return OK;
}

/* ---- new ---- */

enum err contact_new(struct req *rq, struct doc *out)
{
	const char *lifecycle = lifecycle_of(rq);

	TRY(db_entered(rq->cx));
	input_fill(rq, out, NULL);
	doc_hint(out, "lifecycle", lifecycle);
	doc_hint(out, "new", "1");
	doc_hint(out, "post_url", arena_fmt(rq->cx->arena, "/%ss", lifecycle));
	doc_hint(out, "back_url", arena_fmt(rq->cx->arena, "/%ss", lifecycle));
	rq->title = text_get(rq->cx->arena, rq->cx->lang, arena_fmt(rq->cx->arena, "people.new.%s", lifecycle), NULL);
	TRY(existing_fill(rq, out));
	return owner_choices(rq, out, rq->reshown ? req_field(rq, "owner_id") : rq->cx->user_id);
}

enum err contact_post(struct req *rq, struct doc *out)
{
	struct contact_input in = { 0 };
	struct holder whose = { 0 };
	const char *id;

	TRY(req_bind(rq, rq->api ? &contact_input_type : &contact_form_type, &in, false));
	TRY(belongs(rq, &whose, contact_create(rq->cx, lifecycle_of(rq), &in, &whose, &id)));
	if (rq->api)
		TRY(person_answer(rq, out, id, 201));
	return reply_to(rq, 201, person_url(rq, id, ""), "ok.person_added");
}

/* ---- change ---- */

static const char *choice_text(struct req *rq, const char *name, const char *value, const struct contact *c)
{
	if (value != NULL && strcmp(name, "kind") == 0)
		return text_get(rq->cx->arena, rq->cx->lang, arena_fmt(rq->cx->arena, "contact.kind.%s", value), NULL);
	if (value != NULL && strcmp(name, "owner_id") == 0)
		return text_eq(value, c->owner_id) ? c->owner_name : text_eq(value, rq->cx->user_id) ? rq->cx->user_name : text_get(rq->cx->arena, rq->cx->lang, "people.other_owner", NULL);
	return value;
}

enum err conflict_page(struct req *rq, struct doc *out, const struct contact *c, const char *post)
{
	struct arena *a = rq->cx->arena;

	doc_list(out, "rows");
	for (size_t i = 0; i < nitems(inputs); i++) {
		const char *mine = text_trim(a, req_field(rq, inputs[i])), *theirs = stored(rq, c, inputs[i]);

		if (req_field(rq, inputs[i]) == NULL)
			continue;
		if (text_empty(mine))
			mine = NULL;
		doc_item(out);
		doc_hint(out, "field", inputs[i]);
		doc_hint(out, "label", text_get(a, rq->cx->lang, arena_fmt(a, "people.field.%s", inputs[i]), NULL));
		doc_hint(out, "differs", text_eq(mine, theirs) ? NULL : "1");
		doc_hint(out, "mine", mine);
		doc_hint(out, "theirs", theirs);
		doc_hint(out, "mine_text", choice_text(rq, inputs[i], mine, c));
		doc_hint(out, "theirs_text", choice_text(rq, inputs[i], theirs, c));
		doc_close(out);
	}
	doc_close(out);
	doc_hint(out, "version", arena_fmt(a, "%d", c->version));
	doc_hint(out, "post_url", post);
	doc_hint(out, "back_url", person_url(rq, c->id, ""));
	rq->template = "contacts/conflict";
	return OK;
}

enum err contact_edit(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct contact c;

	TRY(contact_get(rq->cx, id, &c));
	doc_open(out, "contact");
	doc_fields(out, &contact_type, &c);
	person_hints(rq, out, &c);
	doc_close(out);
	rq->title = person_title(rq, c.name != NULL ? c.name : c.username, c.phone);
	if (version_moved(rq))
		return conflict_page(rq, out, &c, person_url(rq, id, ""));
	input_fill(rq, out, &c);
	doc_hint(out, "lifecycle", c.lifecycle);
	doc_hint(out, "post_url", person_url(rq, id, ""));
	doc_hint(out, "back_url", person_url(rq, id, ""));
	TRY(existing_fill(rq, out));
	return owner_choices(rq, out, rq->reshown ? req_field(rq, "owner_id") : c.owner_id);
}

struct contact_input input_of(const struct contact *c)
{
	return (struct contact_input){ .name = c->name, .kind = c->kind, .phone = c->phone, .email = c->email, .company = c->company, .city = c->city, .owner_id = c->owner_id,
		.note = c->note };
}

enum err contact_update(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct contact_input in;
	struct holder whose = { 0 };
	struct contact c;

	(void)out;
	TRY(contact_get(rq->cx, id, &c));
	in = input_of(&c);
	TRY(req_bind(rq, &contact_form_type, &in, true));
	TRY(contact_save(rq->cx, id, &in, &whose));
	return reply_to(rq, 303, person_url(rq, id, ""), "ok.person_saved");
}

enum err contact_patch(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct contact_input in;
	struct holder whose = { 0 };
	struct contact c;

	TRY(contact_get(rq->cx, id, &c));
	TRY(req_if_match(rq, c.version));
	in = input_of(&c);
	TRY(req_bind(rq, &contact_input_type, &in, true));
	in.version = c.version;
	TRY(belongs(rq, &whose, contact_save(rq->cx, id, &in, &whose)));
	return person_answer(rq, out, id, 0);
}

enum err contact_drop(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct contact c;

	(void)out;
	TRY(contact_get(rq->cx, id, &c));
	TRY(req_if_match(rq, c.version));
	TRY(contact_archive(rq->cx, id, true));
	return reply_raw(rq, 204, NULL, "", 0);
}
