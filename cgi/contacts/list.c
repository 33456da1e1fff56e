#include "cgi/contacts/contacts.h"

#include <ctype.h>
#include <string.h>

#include "cgi/chrome.h"
#include "cgi/contacts/forms.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/team.h"

const char *lifecycle_of(const struct req *rq)
{
	return text_starts(rq->path, "/leads") ? "lead" : "contact";
}

const char *person_url(struct req *rq, const char *id, const char *what)
{
	return arena_fmt(rq->cx->arena, "%s/%s%s", text_starts(rq->path, "/leads") ? "/leads" : "/contacts", id, what);
}

void person_hints(struct req *rq, struct doc *out, const struct contact *c)
{
	struct arena *a = rq->cx->arena;
	const char *title = person_title(rq, c->name != NULL ? c->name : c->username, c->phone);

	doc_hint(out, "title", title);
	doc_hint(out, "initials", isalpha((unsigned char)*title) || (unsigned char)*title >= 0x80 ? initials(a, title) : "#");
	doc_hint(out, "color", color_of(a, c->id));
	doc_hint(out, "url", arena_fmt(a, "/%ss/%s", c->lifecycle, c->id));
	if (c->owner_id != NULL && c->owner_name != NULL) {
		doc_hint(out, "owner_initials", initials(a, c->owner_name));
		doc_hint(out, "owner_color", color_of(a, c->owner_id));
		doc_hint(out, "owner_first", arena_strn(a, c->owner_name, strcspn(c->owner_name, " ")));
	}
}

enum err owner_choices(struct req *rq, struct doc *out, const char *current)
{
	struct user_row *u;
	size_t n;

	TRY(user_list(rq->cx, &u, &n));
	doc_list(out, "users");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &user_row_type, &u[i]);
		doc_hint(out, "current", text_eq(u[i].id, current) ? "1" : NULL);
		doc_hint(out, "me", text_eq(u[i].id, rq->cx->user_id) ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	return OK;
}

enum err tag_choices(struct req *rq, struct doc *out, const char *current)
{
	struct tag *t;
	size_t n;

	TRY(tag_list(rq->cx, false, &t, &n));
	doc_list(out, "tags");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &tag_type, &t[i]);
		doc_hint(out, "current", text_eq(t[i].id, current) ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	return OK;
}

static enum err items(struct req *rq, struct doc *out, const struct contact_list *l)
{
	const char **ids = arena_array(rq->cx->arena, l->n, sizeof(*ids));
	struct tag_of *t = NULL;
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		ids[i] = l->items[i].id;
	if (l->n > 0)
		TRY(tag_of_contacts(rq->cx, (struct ids){ ids, l->n }, &t, &n));
	doc_list(out, "items");
	for (size_t i = 0; i < l->n; i++) {
		doc_item(out);
		doc_fields(out, &contact_type, &l->items[i]);
		tags_of(out, l->items[i].id, t, n);
		if (doc_html(out))
			person_hints(rq, out, &l->items[i]);
		doc_close(out);
	}
	doc_close(out);
	return OK;
}

static const char *total_text(struct req *rq, const char *lifecycle, const struct contact_list *l)
{
	struct arena *a = rq->cx->arena;
	const char *form = l->more ? "more" : l->total == 1 ? "one" : "many";

	return text_get(a, rq->cx->lang, arena_fmt(a, "people.total.%s_%s", lifecycle, form), arena_fmt(a, "%lld", (long long)l->total));
}

/* The address behind a column's head: its first order, or the other way round when it is that already; and how it stands. */
static void sort_hint(struct req *rq, struct doc *out, const char *now, const char *lifecycle, const char *column, const char *first)
{
	const char *second = *first == '-' ? column : arena_fmt(rq->cx->arena, "-%s", column);

	doc_open(out, column);
	doc_hint(out, "url", arena_fmt(rq->cx->arena, "/%ss%s", lifecycle, query_with(rq, "sort", text_eq(now, first) ? second : first)));
	doc_hint(out, "now", text_eq(now, column) ? "ascending" : *now == '-' && text_eq(now + 1, column) ? "descending" : NULL);
	doc_close(out);
}

static void filter_shown(struct req *rq, struct doc *out, const struct contact_filter *f, const char *lifecycle)
{
	const char *now = f->sort != NULL ? f->sort : contact_sorts[0];

	doc_open(out, "filter");
	doc_hint(out, "lifecycle", lifecycle);
	doc_hint(out, "q", f->q);
	doc_hint(out, "tag", f->tag);
	doc_hint(out, "owner", f->owner);
	doc_hint(out, "sort", now);
	doc_hint(out, "status", f->status);
	doc_hint(out, "lead_status", f->lead_status);
	doc_hint(out, "active", f->q != NULL || f->tag != NULL || f->owner != NULL || f->status != NULL || f->lead_status != NULL ? "1" : NULL);
	doc_close(out);
	query_forget(rq, "cursor"); /* it belongs to its order */
	doc_open(out, "sort_url");
	sort_hint(rq, out, now, lifecycle, "name", "name");
	sort_hint(rq, out, now, lifecycle, "last_activity_at", "-last_activity_at");
	sort_hint(rq, out, now, lifecycle, "created_at", "-created_at");
	doc_close(out);
}

static enum err index_of(struct req *rq, struct doc *out, const char *lifecycle)
{
	struct contact_filter f = { 0 };
	struct contact_list l;

	if (!rq->reshown)
		TRY(req_bind_query(rq, &contact_filter_type, &f));
	if (doc_html(out)) {
		AHEAD(rq->cx, owner_choices(rq, out, f.owner));
		AHEAD(rq->cx, tag_choices(rq, out, f.tag));
	}
	TRY(contact_list(rq->cx, lifecycle, &f, &l));
	TRY(items(rq, out, &l));
	list_next(rq, out, l.next);
	doc_i64(out, "total", l.total);
	doc_bool(out, "total_more", l.more);
	if (!doc_html(out))
		return OK;
	doc_hint(out, "total_text", total_text(rq, lifecycle, &l));
	if (f.cursor != NULL)
		doc_hint(out, "prev_url", arena_fmt(rq->cx->arena, "/%ss%s", lifecycle, query_with(rq, "cursor", NULL)));
	filter_shown(rq, out, &f, lifecycle);
	doc_hint(out, "list_url", arena_fmt(rq->cx->arena, "/%ss", lifecycle));
	doc_hint(out, "back", query_with(rq, "cursor", f.cursor));
	rq->title = text_get(rq->cx->arena, rq->cx->lang, lifecycle[0] == 'l' ? "leads.title" : "contacts.title", NULL);
	TRY(owner_choices(rq, out, f.owner));
	return tag_choices(rq, out, f.tag);
}

enum err contact_index(struct req *rq, struct doc *out)
{
	return index_of(rq, out, "contact");
}

enum err lead_index(struct req *rq, struct doc *out)
{
	return index_of(rq, out, "lead");
}

/* ---- many at once ---- */

static enum err chosen(struct req *rq, const struct bulk_form *in, struct ids *out)
{
	*out = rq->api ? (struct ids){ NULL, 0 } : ids_of_form(rq, "id");
	if (rq->api && !ids_read(rq->cx->arena, in->ids, out))
		return fail_field(rq->cx, "ids", "format", NULL);
	return out->n > 0 ? OK : fail_field(rq->cx, rq->api ? "ids" : "id", "choose", NULL);
}

/* The list as it was: only its own query string comes back. */
static const char *list_url(struct req *rq, const char *query)
{
	return arena_fmt(rq->cx->arena, "/%ss%s", lifecycle_of(rq), query != NULL && query_ok(query) ? query : "");
}

enum err contact_bulk(struct req *rq, struct doc *out)
{
	struct bulk_form in = { 0 };
	struct ids ids, none = { NULL, 0 };
	int64_t changed = 0;
	bool tag;

	TRY(req_bind(rq, &bulk_form_type, &in, false));
	TRY(chosen(rq, &in, &ids));
	tag = strcmp(in.action, "owner") != 0;
	if (tag && in.tag_id == NULL)
		return fail_field(rq->cx, "tag_id", "required", NULL);
	if (!tag)
		TRY(contact_assign(rq->cx, ids, in.owner_id, &changed));
	else if (strcmp(in.action, "tag") == 0)
		TRY(tag_set_contacts(rq->cx, ids, (struct ids){ &in.tag_id, 1 }, none, &changed));
	else
		TRY(tag_set_contacts(rq->cx, ids, none, (struct ids){ &in.tag_id, 1 }, &changed));
	doc_i64(out, "changed", changed);
	return reply_to(rq, 200, rq->api ? NULL : list_url(rq, in.back), changed > 0 ? "ok.people_changed" : "info.people_same");
}
