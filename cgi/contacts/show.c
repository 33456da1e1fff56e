#include "cgi/contacts/contacts.h"

#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/deal.h"
#include "model/perm.h"
#include "model/phone.h"

/* A changed field's value as people read it: states have texts. */
static const char *value_text(struct req *rq, const char *field, const char *v)
{
	static const char *const states[][2] = { { "lifecycle", "contact.lifecycle" }, { "kind", "contact.kind" }, { "lead_status", "contact.stage" }, { "status", "people.status" } };
	struct arena *a = rq->cx->arena;

	for (size_t i = 0; v != NULL && i < nitems(states); i++)
		if (strcmp(field, states[i][0]) == 0)
			return text_get(a, rq->cx->lang, arena_fmt(a, "%s.%s", states[i][1], v), NULL);
	return v;
}

/* What was once a phone or an address is as personal as what is. */
static const char *seen_value(struct req *rq, const char *field, const char *v)
{
	if (!rq->cx->masked || v == NULL)
		return v;
	return strcmp(field, "phone") == 0 ? mask_digits(rq->cx->arena, v) : strcmp(field, "email") == 0 ? mask_email(rq->cx->arena, v) : mask_text(rq->cx->arena, v);
}

static void change(struct req *rq, struct doc *out, const struct timeline_row *t)
{
	struct arena *a = rq->cx->arena;
	bool owner = strcmp(t->field, "owner_id") == 0;
	const char *old = seen_value(rq, t->field, t->old), *new = seen_value(rq, t->field, t->text);

	doc_item(out);
	doc_text(out, "field", t->field);
	doc_text(out, "old", old);
	doc_text(out, "new", new);
	doc_hint(out, "label", text_get(a, rq->cx->lang, arena_fmt(a, "people.field.%s", t->field), NULL));
	doc_hint(out, "old_text", owner ? NULL : value_text(rq, t->field, old));
	doc_hint(out, "new_text", value_text(rq, t->field, new));
	doc_close(out);
}

/* What kind of line it is: of the audit's updates, some are events of their own. */
static const char *line_kind(const struct timeline_row *t)
{
	if (strcmp(t->kind, "update") != 0 || t->field == NULL)
		return t->kind;
	if (strcmp(t->field, "lifecycle") == 0 && text_eq(t->text, "contact"))
		return "converted";
	if (strcmp(t->field, "status") == 0 && text_eq(t->text, "blocked"))
		return "blocked";
	return t->kind;
}

/* One entry: a conversation, a note, or the changes of one moment (rows of one ref). Returns how many rows it took. */
static size_t entry(struct req *rq, struct doc *out, const struct timeline_row *t, size_t left)
{
	bool said = strcmp(t->kind, "conversation") == 0 || strcmp(t->kind, "note") == 0;
	const char *kind = line_kind(t);
	size_t n = 1;

	while (!said && n < left && strcmp(t[n].ref, t->ref) == 0) {
		if (strcmp(line_kind(&t[n]), "update") != 0)
			kind = line_kind(&t[n]);
		n++;
	}
	doc_text(out, "kind", kind);
	doc_utc(out, "at", t->at);
	doc_text(out, "actor_name", t->actor_name);
	doc_text(out, "text", said ? rq->cx->masked ? mask_text(rq->cx->arena, t->text) : t->text : NULL);
	doc_text(out, "conversation_id", t->conversation_id);
	doc_text(out, "channel", t->channel);
	doc_text(out, "status", t->status);
	if (t->conversation_id != NULL) {
		doc_i64(out, "number", t->number);
		doc_hint(out, "url", arena_fmt(rq->cx->arena, "/conversations/%s", t->conversation_id));
	}
	doc_list(out, "changes");
	for (size_t i = 0; !said && i < n && strcmp(t->kind, "insert") != 0; i++)
		if (t[i].field != NULL)
			change(rq, out, &t[i]);
	doc_close(out);
	return n;
}

/* The hour only: the day stands above. */
static const char *clock_text(struct req *rq, utc_t at)
{
	struct civil c = zone_civil(rq->cx->zone, at);

	return arena_fmt(rq->cx->arena, "%02d:%02d", c.hour, c.minute);
}

static enum err timeline(struct req *rq, struct doc *out, const char *id, const char *name)
{
	struct timeline_row *t;
	const char *before = "";
	size_t n;

	TRY(contact_timeline(rq->cx, id, &t, &n));
	doc_list(out, name);
	for (size_t i = 0; i < n; ) {
		doc_item(out);
		if (doc_html(out)) {
			const char *day = date_day(rq->cx->arena, rq->cx->lang, rq->cx->zone, rq->cx->now, t[i].at);

			doc_hint(out, "day", strcmp(day, before) != 0 ? day : NULL);
			doc_hint(out, "clock", clock_text(rq, t[i].at));
			before = day;
		}
		i += entry(rq, out, &t[i], n - i);
		doc_close(out);
	}
	doc_close(out);
	return OK;
}

enum err contact_history(struct req *rq, struct doc *out)
{
	struct contact c;

	TRY(contact_get(rq->cx, req_capture(rq, "id"), &c));
	TRY(timeline(rq, out, c.id, "items"));
	doc_text(out, "next", NULL);
	return OK;
}

static enum err deals(struct req *rq, struct doc *out, const char *id)
{
	struct deal *d;
	size_t n;

	if (!req_may(rq, DEAL_READ))
		return OK;
	TRY(deal_of_contact(rq->cx, id, &d, &n));
	doc_list(out, "deals");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &deal_type, &d[i]);
		doc_hint(out, "url", arena_fmt(rq->cx->arena, "/deals/%s", d[i].id));
		doc_close(out);
	}
	doc_close(out);
	return OK;
}

/* A number as people read it; the key that it is matched by lacks the ninth digit. */
static const char *identity_text(struct req *rq, const struct identity *id)
{
	const char *text = id->shown != NULL ? id->shown : id->value, *digits = phone_digits(rq->cx->arena, text);

	if (strcmp(id->kind, "phone") == 0 && digits != NULL && strlen(digits) >= 10)
		text = phone_show(rq->cx->arena, digits);
	return rq->cx->masked ? mask_text(rq->cx->arena, text) : text;
}

static void identities(struct req *rq, struct doc *out, const struct identity *ids, size_t n)
{
	doc_list(out, "identities");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &identity_type, &ids[i]);
		doc_hint(out, "text", identity_text(rq, &ids[i]));
		doc_close(out);
	}
	doc_close(out);
}

static enum err page(struct req *rq, struct doc *out, const struct contact *c)
{
	struct conversation *conv;
	size_t n;

	TRY(contact_conversations(rq->cx, c->id, &conv, &n));
	doc_open(out, "conversations");
	conversation_items(rq, out, conv, n);
	doc_close(out);
	TRY(deals(rq, out, c->id));
	TRY(timeline(rq, out, c->id, "timeline"));
	if (req_may(rq, CONTACT_EDIT)) {
		TRY(owner_choices(rq, out, c->owner_id));
		TRY(tag_choices(rq, out, NULL));
	}
	doc_hint(out, "base_url", person_url(rq, c->id, ""));
	rq->title = person_title(rq, c->name != NULL ? c->name : c->username, c->phone);
	return OK;
}

/* Everything on the page hangs on the id alone: one round trip. */
static void page_ahead(struct req *rq, struct doc *out, const char *id)
{
	struct timeline_row *line;
	struct conversation *conv;
	struct identity *ids;
	struct contact c;
	struct tag_of *t;
	struct deal *d;
	size_t n;

	AHEAD(rq->cx, contact_get(rq->cx, id, &c));
	AHEAD(rq->cx, tag_of_contacts(rq->cx, (struct ids){ &id, 1 }, &t, &n));
	AHEAD(rq->cx, contact_identities(rq->cx, id, &ids, &n));
	AHEAD(rq->cx, contact_conversations(rq->cx, id, &conv, &n));
	AHEAD(rq->cx, deal_of_contact(rq->cx, id, &d, &n));
	AHEAD(rq->cx, contact_timeline(rq->cx, id, &line, &n));
	AHEAD(rq->cx, owner_choices(rq, out, NULL));
	AHEAD(rq->cx, tag_choices(rq, out, NULL));
}

enum err contact_show(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct identity *ids;
	struct contact c;
	struct tag_of *t;
	size_t n;

	if (doc_html(out))
		page_ahead(rq, out, id);
	TRY(contact_get(rq->cx, id, &c));
	TRY(tag_of_contacts(rq->cx, (struct ids){ &id, 1 }, &t, &n));
	doc_self(out, "contact");
	doc_fields(out, &contact_type, &c);
	tags_of(out, id, t, n);
	if (doc_html(out))
		person_hints(rq, out, &c);
	doc_self_end(out);
	TRY(contact_identities(rq->cx, id, &ids, &n));
	identities(rq, out, ids, n);
	reply_etag(rq, c.version);
	return doc_html(out) ? page(rq, out, &c) : OK;
}
