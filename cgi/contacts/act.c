#include "cgi/contacts/contacts.h"

#include <string.h>

#include "cgi/contacts/forms.h"
#include "lib/base/text.h"
#include "model/perm.h"

enum err acted(struct req *rq, struct doc *out, const char *flash)
{
	const char *id = req_capture(rq, "id");

	return rq->api ? person_answer(rq, out, id, 0) : reply_to(rq, 303, person_url(rq, id, ""), flash);
}

enum err block_post(struct req *rq, struct doc *out)
{
	TRY(contact_block(rq->cx, req_capture(rq, "id"), true));
	return acted(rq, out, "ok.person_blocked");
}

enum err unblock_post(struct req *rq, struct doc *out)
{
	TRY(contact_block(rq->cx, req_capture(rq, "id"), false));
	return acted(rq, out, "ok.person_unblocked");
}

enum err archive_post(struct req *rq, struct doc *out)
{
	TRY(contact_archive(rq->cx, req_capture(rq, "id"), true));
	return acted(rq, out, "ok.person_archived");
}

enum err restore_post(struct req *rq, struct doc *out)
{
	TRY(contact_archive(rq->cx, req_capture(rq, "id"), false));
	return acted(rq, out, "ok.person_restored");
}

enum err owner_post(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct owner_form in = { 0 };
	struct contact c;

	TRY(req_bind(rq, &owner_form_type, &in, false));
	TRY(contact_get(rq->cx, id, &c));
	TRY(contact_assign(rq->cx, (struct ids){ &id, 1 }, in.owner_id, NULL));
	if (rq->api)
		return person_answer(rq, out, id, 0);
	/* Out of sight now, for somebody who sees only their own. */
	if (contact_get(rq->cx, id, &c) == E_NOTFOUND)
		return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/%ss", lifecycle_of(rq)), "ok.person_given");
	return acted(rq, out, "ok.person_given");
}

/* The tag that a page named: by what people typed. Whoever may change the list adds to it by the way. */
static enum err typed(struct req *rq, const char *name, const char **id)
{
	struct tag_input in = { .name = name, .color = (int32_t)(strlen(name) % 8) + 1 };
	struct tag t;
	enum err e = tag_find(rq->cx, name, &t);

	if (e == OK)
		*id = t.id;
	if (e != E_NOTFOUND)
		return e;
	if (!req_may(rq, CONTACT_ADMIN))
		return fail_field(rq->cx, "add", "unknown_tag", NULL);
	if (utf8_len(name) > 50)
		return fail_field(rq->cx, "add", "too_long", "50");
	return tag_add(rq->cx, &in, id);
}

enum err tags_post(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id"), *added = NULL;
	struct ids add = { NULL, 0 }, gone = { NULL, 0 };
	struct tags_form in = { 0 };
	struct contact c;

	TRY(req_bind(rq, &tags_form_type, &in, false));
	TRY(contact_get(rq->cx, id, &c));
	if (rq->api) {
		if (!ids_read(rq->cx->arena, in.add, &add))
			return fail_field(rq->cx, "add", "format", NULL);
		if (!ids_read(rq->cx->arena, in.remove, &gone))
			return fail_field(rq->cx, "remove", "format", NULL);
	} else {
		if (in.add == NULL && in.remove == NULL)
			return fail_field(rq->cx, "add", "required", NULL);
		if (in.add != NULL)
			TRY(typed(rq, in.add, &added));
		add = (struct ids){ &added, added != NULL };
		gone = (struct ids){ &in.remove, in.remove != NULL };
	}
	TRY(tag_set_contacts(rq->cx, (struct ids){ &id, 1 }, add, gone, NULL));
	return acted(rq, out, in.add != NULL ? "ok.tag_added" : "ok.tag_removed");
}
