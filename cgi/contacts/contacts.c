#include "cgi/contacts/contacts.h"

#include <ctype.h>

#include "cgi/chrome.h"
#include "lib/view/tmpl.h"
#include "model/perm.h"

static const struct route routes[] = {
	{ GET, "/contacts", contact_index, CONTACT_READ, TX_READ, "contacts/list", R_LIST, .query = &contact_filter_type, .out = &contact_type, .doc = "People registered by the team" },
	{ GET, "/leads", lead_index, CONTACT_READ, TX_READ, "contacts/list", R_LIST, .query = &contact_filter_type, .out = &contact_type, .doc = "People first seen on a channel" },
	{ GET, "/contacts/:id", contact_show, CONTACT_READ, TX_READ, "contacts/show", .out = &contact_type, .doc = "One person" },
	{ GET, "/leads/:id", contact_show, CONTACT_READ, TX_READ, "contacts/show", .out = &contact_type, .doc = "One person" },
};

const struct app contacts_app = { "contacts", "balcao_web", routes, nitems(routes), .perms = perms_of, .chrome = chrome_fill };

static void hints(struct req *rq, struct doc *out, const struct contact *c)
{
	struct arena *a = rq->cx->arena;
	const char *title = person_title(rq, c->name != NULL ? c->name : c->username, c->phone);

	doc_hint(out, "title", title);
	doc_hint(out, "initials", isalpha((unsigned char)*title) || (unsigned char)*title >= 0x80 ? initials(a, title) : "#");
	doc_hint(out, "color", color_of(a, c->id));
	doc_hint(out, "url", arena_fmt(a, "/contacts/%s", c->id));
}

static enum err index_of(struct req *rq, struct doc *out, const char *lifecycle)
{
	struct contact_filter f = { 0 };
	struct contact_list l;

	TRY(req_bind_query(rq, &contact_filter_type, &f));
	TRY(contact_list(rq->cx, lifecycle, &f, &l));
	doc_list(out, "items");
	for (size_t i = 0; i < l.n; i++) {
		doc_item(out);
		doc_fields(out, &contact_type, &l.items[i]);
		if (doc_html(out))
			hints(rq, out, &l.items[i]);
		doc_close(out);
	}
	doc_close(out);
	list_next(rq, out, l.next);
	if (doc_html(out)) {
		doc_open(out, "filter");
		doc_hint(out, "q", f.q);
		doc_hint(out, "lifecycle", lifecycle);
		doc_close(out);
		rq->title = text_get(rq->cx->arena, rq->cx->lang, lifecycle[0] == 'l' ? "leads.title" : "contacts.title", NULL);
	}
	return OK;
}

enum err contact_index(struct req *rq, struct doc *out)
{
	return index_of(rq, out, "contact");
}

enum err lead_index(struct req *rq, struct doc *out)
{
	return index_of(rq, out, "lead");
}

enum err contact_show(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct conversation *conv;
	struct identity *ids;
	struct contact c;
	size_t n;

	TRY(contact_get(rq->cx, id, &c));
	doc_self(out, "contact");
	doc_fields(out, &contact_type, &c);
	if (doc_html(out))
		hints(rq, out, &c);
	doc_self_end(out);
	TRY(contact_identities(rq->cx, id, &ids, &n));
	doc_recs(out, "identities", &identity_type, ids, n);
	reply_etag(rq, c.version);
	if (!doc_html(out))
		return OK;
	TRY(contact_conversations(rq->cx, id, &conv, &n));
	doc_open(out, "conversations");
	conversation_items(rq, out, conv, n, NULL, "");
	doc_close(out);
	rq->title = person_title(rq, c.name != NULL ? c.name : c.username, c.phone);
	return OK;
}
