/* deal_form.c: making and editing deals on a page. */
#include "cgi/pipeline/pipeline.h"

#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"

#define REC struct deal_form
#define IN(member, ...) { .name = #member, .kind = KIND_OF(((REC *)0)->in.member), .offset = offsetof(REC, in.member), __VA_ARGS__ }
static const struct field form_fields[] = {
	IN(title, .flags = REQ | FREE, .max = 200), IN(value, .min = 0, .max = 99999999999999), IN(currency, .max = 3), IN(stage_id, .flags = ID), IN(contact_id, .flags = ID),
	IN(conversation_id, .flags = ID), IN(owner_id, .flags = ID), IN(company, .flags = FREE, .max = 200), IN(description, .flags = FREE | MULTI, .max = 5000),
	IN(due_on, .max = 10), IN(next_step, .flags = FREE, .max = 200), IN(next_step_on, .max = 10),
	F(contact, .max = 200), F(contact_was, .max = 200), F(contact_choice, .flags = ID), F(version, .min = 0, .max = INT32_MAX),
};
#undef IN
#undef REC
const struct rec_type deal_form_type = REC_TYPE("deal_form", struct deal_form, form_fields);

/* Who is meant: the one chosen, the one that was there and whose name still stands, or the only one that fits what was typed. */
static enum err find_contact(struct req *rq, struct deal_form *f)
{
	struct deal_person *p;
	size_t n;

	if (f->contact_choice != NULL)
		f->in.contact_id = f->contact_choice;
	else if (f->contact == NULL)
		f->in.contact_id = NULL;
	else if (f->in.contact_id == NULL || !text_eq(f->contact, f->contact_was)) {
		TRY(deal_people(rq->cx, f->contact, &p, &n));
		if (n != 1)
			return fail_field(rq->cx, "contact", n == 0 ? "contact_none" : "contact_many", NULL);
		f->in.contact_id = p[0].id;
	}
	return OK;
}

static const char *tags_json(struct req *rq)
{
	return ids_json(rq->cx->arena, ids_of_form(rq, "tag"));
}

static enum err bind(struct req *rq, struct deal_form *f)
{
	enum err e = req_bind(rq, &deal_form_type, f, false);

	TRY(find_contact(rq, f));
	return e;
}

/* ---- what the form shows ---- */

static enum err tag_boxes(struct req *rq, struct doc *out, const char *deal)
{
	struct ids asked = ids_of_form(rq, "tag");
	struct deal_tag_row *all, *own = NULL;
	size_t n, nown = 0;

	TRY(deal_tag_choices(rq->cx, &all, &n));
	if (deal != NULL)
		TRY(deal_tags(rq->cx, &deal, 1, &own, &nown));
	doc_list(out, "tags");
	for (size_t i = 0; i < n; i++) {
		bool on = rq->reshown && ids_have(asked, all[i].id);

		for (size_t k = 0; !rq->reshown && k < nown; k++)
			on = on || strcmp(own[k].id, all[i].id) == 0;
		doc_item(out);
		doc_fields(out, &deal_tag_row_type, &all[i]);
		doc_hint(out, "on", on ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	return OK;
}

/* Those that a typed name may mean, to choose from; only when it was refused. */
static enum err people(struct req *rq, struct doc *out)
{
	const char *typed = rq->reshown ? req_field(rq, "contact") : NULL;
	struct deal_person *p;
	size_t n;

	if (text_empty(typed) || rq->cx->errors == NULL)
		return OK;
	TRY(deal_people(rq->cx, typed, &p, &n));
	doc_list(out, "people");
	for (size_t i = 0; n > 1 && i < n && i < 10; i++) {
		doc_item(out);
		doc_fields(out, &deal_person_type, &p[i]);
		doc_hint(out, "title", person_title(rq, p[i].name, p[i].phone));
		doc_close(out);
	}
	doc_close(out);
	return OK;
}

static const char *amount(struct req *rq, int64_t minor)
{
	char *s;

	if (minor == 0)
		return NULL;
	s = money_text(rq->cx->arena, minor);
	/* As it is written here: a comma before the cents. */
	if (strcmp(rq->cx->lang, "en") != 0)
		*strchr(s, '.') = ',';
	return s;
}

static void form(struct req *rq, struct doc *out, const struct deal *d, const char *contact)
{
	if (rq->reshown)
		return;
	doc_open(out, "form");
	doc_hint(out, "title", d->title);
	doc_hint(out, "value", amount(rq, d->value.minor));
	doc_hint(out, "currency", d->currency);
	doc_hint(out, "stage_id", d->stage_id);
	doc_hint(out, "contact_id", d->contact_id);
	doc_hint(out, "contact", contact);
	doc_hint(out, "contact_was", contact);
	doc_hint(out, "conversation_id", d->conversation_id);
	doc_hint(out, "owner_id", d->owner_id);
	doc_hint(out, "company", d->company);
	doc_hint(out, "description", d->description);
	doc_hint(out, "due_on", d->due_on);
	doc_hint(out, "next_step", d->next_step);
	doc_hint(out, "next_step_on", d->next_step_on);
	doc_close(out);
}

/* ---- a new one ---- */

/* The first stage of a pipeline, NULL: of the default one. */
static enum err first_stage(struct req *rq, const char *pipeline, const char **stage)
{
	struct pipeline p;
	struct stage *s;
	size_t n;

	if (pipeline == NULL)
		TRY(pipeline_default(rq->cx, &pipeline));
	TRY(pipeline_get(rq->cx, pipeline, &p, &s, &n));
	*stage = n > 0 ? s[0].id : NULL;
	return OK;
}

enum err deal_new(struct req *rq, struct doc *out)
{
	struct deal d = { .id = NULL };
	struct start_query q = { 0 };
	struct deal_person who = { 0 };
	struct deal_link c = { 0 };
	const char *name = NULL;

	TRY(req_bind_query(rq, &start_query_type, &q));
	if (q.conversation != NULL) {
		TRY(deal_conversation(rq->cx, q.conversation, &c));
		d.conversation_id = c.id;
		q.contact = q.contact != NULL ? q.contact : c.contact_id;
		doc_rec(out, "conversation", &deal_link_type, &c);
	}
	if (q.contact != NULL) {
		TRY(deal_person(rq->cx, q.contact, &who));
		d.contact_id = who.id;
		d.company = who.company;
		d.title = name = person_title(rq, who.name, who.phone);
	}
	d.stage_id = q.stage;
	if (!rq->reshown && q.stage == NULL)
		TRY(first_stage(rq, q.pipeline, &d.stage_id));
	TRY(stage_groups(rq, out, NULL, NULL));
	d.owner_id = rq->cx->user_id;
	form(rq, out, &d, name);
	TRY(tag_boxes(rq, out, NULL));
	TRY(people(rq, out));
	doc_hint(out, "post_url", "/deals");
	doc_hint(out, "back_url", q.conversation != NULL ? arena_fmt(rq->cx->arena, "/conversations/%s", q.conversation) :
	    q.contact != NULL ? arena_fmt(rq->cx->arena, "/contacts/%s", q.contact) : "/pipelines");
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "deal.new", NULL);
	return owner_items(rq, out, rq->reshown ? req_field(rq, "owner_id") : d.owner_id);
}

enum err deal_create(struct req *rq, struct doc *out)
{
	struct deal_form f = { 0 };
	const char *id;

	(void)out;
	TRY(bind(rq, &f));
	f.in.tags = tags_json(rq);
	TRY(deal_add(rq->cx, &f.in, &id));
	return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/deals/%s", id), "ok.deal_created");
}

/* ---- an old one ---- */

static void conflict(struct req *rq, struct doc *out, const struct deal *d)
{
	int64_t minor = d->value.minor;

	(void)money_parse(text_trim(rq->cx->arena, req_field(rq, "value") != NULL ? req_field(rq, "value") : ""), &minor);
	doc_hint(out, "stale", "1");
	doc_list(out, "conflict");
	conflict_row(rq, out, "title", req_field(rq, "title"), d->title);
	if (minor != d->value.minor)
		conflict_row(rq, out, "value", req_field(rq, "value"), money_local(rq->cx->arena, rq->cx->lang, d->value.minor, d->currency));
	conflict_row(rq, out, "contact_id", req_field(rq, "contact"), d->contact_name);
	conflict_row(rq, out, "company", req_field(rq, "company"), d->company);
	conflict_row(rq, out, "next_step", req_field(rq, "next_step"), d->next_step);
	conflict_row(rq, out, "next_step_on", req_field(rq, "next_step_on"), d->next_step_on);
	conflict_row(rq, out, "due_on", req_field(rq, "due_on"), d->due_on);
	conflict_row(rq, out, "description", text_trim(rq->cx->arena, req_field(rq, "description") != NULL ? req_field(rq, "description") : ""), d->description);
	if (!text_eq(text_empty(req_field(rq, "owner_id")) ? NULL : req_field(rq, "owner_id"), d->owner_id))
		conflict_row(rq, out, "owner_id", text_get(rq->cx->arena, rq->cx->lang, "deal.owner_other", NULL), d->owner_name);
	doc_close(out);
}

enum err deal_edit(struct req *rq, struct doc *out)
{
	struct deal d;

	TRY(deal_get(rq->cx, req_capture(rq, "id"), &d));
	doc_rec(out, "deal", &deal_type, &d);
	form(rq, out, &d, d.contact_name);
	if (form_stale(rq, d.version))
		conflict(rq, out, &d);
	TRY(tag_boxes(rq, out, d.id));
	TRY(people(rq, out));
	doc_hint(out, "post_url", deal_path(rq));
	doc_hint(out, "back_url", deal_path(rq));
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "deal.edit_of", d.title);
	return owner_items(rq, out, rq->reshown ? req_field(rq, "owner_id") : d.owner_id);
}

enum err deal_save(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct deal_form f = { 0 };

	(void)out;
	TRY(bind(rq, &f));
	TRY(deal_change(rq->cx, id, &f.in, f.version));
	TRY(deal_tag_set(rq->cx, id, tags_json(rq)));
	return reply_to(rq, 303, deal_path(rq), "ok.deal_saved");
}
