#include "cgi/contacts/contacts.h"

#include "cgi/chrome.h"
#include "cgi/contacts/forms.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"

static const char *uses(struct req *rq, int64_t n)
{
	return n > TAG_COUNT_MAX ? text_get(rq->cx->arena, rq->cx->lang, "tag.many", NULL) : arena_fmt(rq->cx->arena, "%lld", (long long)n);
}

/* id: the tag whose form is shown again, or NULL. */
static void item(struct req *rq, struct doc *out, const struct tag *t, const char *id)
{
	bool again = rq->reshown && text_eq(id, t->id);

	doc_item(out);
	doc_fields(out, &tag_type, t);
	if (doc_html(out)) {
		doc_hint(out, "contacts_text", uses(rq, t->contacts));
		doc_hint(out, "conversations_text", uses(rq, t->conversations));
		doc_hint(out, "deals_text", uses(rq, t->deals));
		doc_hint(out, "open", again ? "1" : NULL);
		doc_hint(out, "input_name", again ? req_field(rq, "name") : t->name);
		doc_hint(out, "input_color", again ? req_field(rq, "color") : arena_fmt(rq->cx->arena, "%d", t->color));
		doc_hint(out, "input_category", again ? req_field(rq, "category") : t->category);
	}
	doc_close(out);
}

enum err tag_index(struct req *rq, struct doc *out)
{
	const char *id = NULL;
	struct tag *t;
	size_t n;

	for (const struct param *p = rq->captures; p != NULL; p = p->next)
		id = p->value;
	TRY(tag_list(rq->cx, true, &t, &n));
	doc_list(out, "items");
	for (size_t i = 0; i < n; i++)
		item(rq, out, &t[i], id);
	doc_close(out);
	if (!doc_html(out)) {
		doc_text(out, "next", NULL);
		return OK;
	}
	doc_hint(out, "adding", rq->reshown && id == NULL ? "1" : NULL);
	doc_list(out, "colors");
	for (int i = 0; i <= 8; i++) {
		doc_item(out);
		doc_hint(out, "value", arena_fmt(rq->cx->arena, "%d", i));
		doc_hint(out, "name", text_get(rq->cx->arena, rq->cx->lang, arena_fmt(rq->cx->arena, "tag.color.k%d", i), NULL));
		doc_close(out);
	}
	doc_close(out);
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "tag.title", NULL);
	return OK;
}

static enum err answer(struct req *rq, struct doc *out, const char *id, int status)
{
	struct tag t;

	TRY(tag_get(rq->cx, id, &t));
	doc_fields(out, &tag_type, &t);
	reply_etag(rq, t.version);
	return reply_to(rq, status, status == 201 ? arena_fmt(rq->cx->arena, "/tags/%s", id) : NULL, NULL);
}

enum err tag_show(struct req *rq, struct doc *out)
{
	return answer(rq, out, req_capture(rq, "id"), 200);
}

enum err tag_create(struct req *rq, struct doc *out)
{
	struct tag_input in = { .color = 1 };
	const char *id;

	TRY(req_bind(rq, rq->api ? &tag_input_type : &tag_form_type, &in, true));
	if (in.name == NULL)
		return fail_field(rq->cx, "name", "required", NULL);
	in.version = 0;
	TRY(tag_add(rq->cx, &in, &id));
	return rq->api ? answer(rq, out, id, 201) : reply_to(rq, 303, "/tags", "ok.tag_saved");
}

enum err tag_patch(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct tag_input in;
	struct tag t;

	TRY(tag_get(rq->cx, id, &t));
	TRY(req_if_match(rq, t.version));
	in = (struct tag_input){ t.name, t.category, t.color, t.version };
	TRY(req_bind(rq, &tag_input_type, &in, true));
	TRY(tag_save(rq->cx, id, &in));
	return answer(rq, out, id, 200);
}

enum err tag_drop(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct tag t;

	(void)out;
	TRY(tag_get(rq->cx, id, &t));
	TRY(req_if_match(rq, t.version));
	TRY(tag_remove(rq->cx, id, t.version));
	return reply_raw(rq, 204, NULL, "", 0);
}

enum err tag_update(struct req *rq, struct doc *out)
{
	struct tag_input in = { 0 };

	(void)out;
	TRY(req_bind(rq, &tag_form_type, &in, false));
	TRY(tag_save(rq->cx, req_capture(rq, "id"), &in));
	return reply_to(rq, 303, "/tags", "ok.tag_saved");
}

enum err tag_delete(struct req *rq, struct doc *out)
{
	(void)out;
	TRY(tag_remove(rq->cx, req_capture(rq, "id"), 0));
	return reply_to(rq, 303, "/tags", "ok.tag_gone");
}
