#include "cgi/inbox/template.h"

#include <ctype.h>
#include <string.h>

#include "cgi/chrome.h"
#include "cgi/inbox/compose.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/contact.h"
#include "model/template.h"

struct template_sync_form { const char *connection_id; };
#define REC struct template_sync_form
static const struct field sync_fields[] = { F(connection_id, .flags = REQ | ID) };
#undef REC
const struct rec_type template_sync_type = REC_TYPE("template_sync", struct template_sync_form, sync_fields);

/* A text of T.template.<group>.<key>; key itself where it has none (a category that is new to us). */
static const char *named(struct req *rq, const char *group, const char *key)
{
	char *name = arena_fmt(rq->cx->arena, "template.%s.%s", group, key), *text = text_get(rq->cx->arena, rq->cx->lang, name, NULL);

	return strcmp(text, name) != 0 ? text : key;
}

static void item(struct req *rq, struct doc *out, const struct whatsapp_template *t)
{
	const struct wt_template *p = template_parts(rq->cx, t);

	doc_fields(out, &whatsapp_template_type, t);
	doc_text(out, "unfit", p->unfit);
	doc_hint(out, "unfit_text", p->unfit != NULL ? named(rq, "unfit", p->unfit) : NULL);
	doc_hint(out, "category_text", named(rq, "category", t->category));
	doc_hint(out, "status_text", named(rq, "status", t->status));
}

/* ---- the list ---- */

enum err template_index(struct req *rq, struct doc *out)
{
	struct template_filter f = { 0 };
	struct template_connection *c;
	struct template_list l;
	size_t n;

	TRY(req_bind_query(rq, &template_filter_type, &f));
	TRY(template_list(rq->cx, &f, &l));
	doc_list(out, "items");
	for (size_t i = 0; i < l.n; i++) {
		doc_item(out);
		item(rq, out, &l.items[i]);
		doc_close(out);
	}
	doc_close(out);
	list_next(rq, out, l.next);
	if (!doc_html(out))
		return OK;
	TRY(template_connections(rq->cx, &c, &n));
	doc_recs(out, "connections", &template_connection_type, c, n);
	doc_open(out, "filter");
	doc_hint(out, "q", f.q);
	doc_hint(out, "status", f.status);
	doc_hint(out, "connection_id", f.connection_id);
	doc_hint(out, "active", f.q != NULL || f.status != NULL || f.connection_id != NULL ? "1" : NULL);
	doc_close(out);
	doc_hint(out, "next_url", l.next != NULL ? arena_fmt(rq->cx->arena, "/templates%s", query_with(rq, "cursor", l.next)) : NULL);
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "template.title", NULL);
	return OK;
}

enum err template_show(struct req *rq, struct doc *out)
{
	struct whatsapp_template t;

	TRY(template_get(rq->cx, req_capture(rq, "id"), &t));
	item(rq, out, &t);
	return OK;
}

enum err template_sync_post(struct req *rq, struct doc *out)
{
	struct template_sync_form in = { 0 };

	TRY(req_bind(rq, &template_sync_type, &in, false));
	TRY(template_order(rq->cx, in.connection_id));
	if (!rq->api)
		return reply_to(rq, 303, "/templates", "info.template_ordered");
	doc_text(out, "connection_id", in.connection_id);
	rq->status = 202;
	return OK;
}

/* ---- the picker ---- */

/* What the page is for: an open conversation, or one that begins. */
struct picker { const char *path, *connection_id, *first; };

/* What was asked for: of the form that is shown again, else of the query. */
static const char *given(struct req *rq, const char *name)
{
	const char *v = rq->reshown ? req_field(rq, name) : req_query(rq, name);

	return text_empty(v) ? NULL : v;
}

/* True when the variable is to be told whom the message is to. */
static bool wants_name(const struct wt_template *t, const struct wt_variable *v)
{
	static const char *const names[] = { "nome", "name", "primeiro_nome", "first_name", "cliente", "customer_name", "nome_cliente" };
	const char *e = v->example;

	for (size_t i = 0; i < nitems(names); i++)
		if (strcmp(v->name, names[i]) == 0)
			return true;
	/* "{{1}}" of the text with an example like "Ana". */
	if (t->named || v->part != WT_BODY || strcmp(v->name, "1") != 0 || text_empty(e) || !isupper((unsigned char)e[0]) || utf8_len(e) > 20)
		return false;
	for (e++; *e != '\0'; e++)
		if (!islower((unsigned char)*e) && (unsigned char)*e < 0x80)
			return false;
	return true;
}

static const char *label_of(struct req *rq, const struct wt_template *t, const struct wt_variable *v)
{
	struct arena *a = rq->cx->arena;

	if (v->part == WT_CODE)
		return text_get(a, rq->cx->lang, "template.code_of", t->buttons[v->button].text);
	if (v->part == WT_URL)
		return text_get(a, rq->cx->lang, "template.url_of", t->buttons[v->button].text);
	if (!isdigit((unsigned char)v->name[0]))
		return v->name;
	return text_get(a, rq->cx->lang, v->part == WT_HEADER ? "template.header_variable" : "template.variable", v->name);
}

/* One chosen: its variables with what is known of them, and the text as it would arrive. */
static void chosen(struct req *rq, struct doc *out, const struct picker *pick, const struct whatsapp_template *t)
{
	struct arena *a = rq->cx->arena;
	const struct wt_template *p = template_parts(rq->cx, t);
	const char *values[WT_VARIABLES] = { NULL };

	doc_open(out, "chosen");
	item(rq, out, t);
	doc_list(out, "variables_asked");
	for (size_t i = 0; i < p->nvariables; i++) {
		const struct wt_variable *v = &p->variables[i];
		const char *name = arena_fmt(a, "v%zu", i + 1), *value = given(rq, name);

		if (value == NULL && !rq->reshown && wants_name(p, v))
			value = pick->first;
		values[i] = value != NULL ? value : arena_fmt(a, "[%s]", v->example != NULL ? v->example : v->name);
		doc_item(out);
		doc_hint(out, "field", name);
		doc_hint(out, "label", label_of(rq, p, v));
		doc_hint(out, "value", value);
		doc_hint(out, "hint", v->example != NULL ? text_get(a, rq->cx->lang, "template.example", v->example) : NULL);
		doc_close(out);
	}
	doc_close(out);
	doc_hint(out, "shown_header", p->header != NULL ? wt_fill(a, p, WT_HEADER, p->header, values) : NULL);
	doc_hint(out, "shown_body", wt_fill(a, p, WT_BODY, p->body, values));
	doc_hint(out, "shown_footer", p->footer);
	doc_list(out, "buttons");
	for (size_t i = 0; i < p->nbuttons; i++) {
		doc_item(out);
		doc_hint(out, "text", p->buttons[i].text != NULL ? p->buttons[i].text : p->buttons[i].type);
		doc_close(out);
	}
	doc_close(out);
	doc_close(out);
}

/* The page's address with one more parameter; all that chooses stays. */
static const char *choose_url(struct req *rq, const struct picker *p, const char *id)
{
	static const char *const kept[] = { "q", "category", "contact_id", "phone", "name", "connection_id" };
	struct buf b = { 0 };
	char *out;

	buf_fmt(&b, "%s?template=%s", p->path, id);
	for (size_t i = 0; i < nitems(kept); i++) {
		const char *v = given(rq, kept[i]);

		if (v == NULL)
			continue;
		buf_fmt(&b, "&%s=", kept[i]);
		buf_url(&b, v);
	}
	buf_str(&b, "#chosen");
	out = arena_strn(rq->cx->arena, b.p, b.n);
	buf_free(&b);
	return out;
}

static enum err pick(struct req *rq, struct doc *out, const struct picker *p)
{
	const char *id = given(rq, "template"), *category = given(rq, "category"), *q = given(rq, "q");
	struct template_filter f = { .connection_id = p->connection_id, .status = "approved", .category = category, .q = q };
	struct whatsapp_template t;
	struct template_list l = { 0 };
	enum err e = id != NULL && id_ok(id) ? template_get(rq->cx, id, &t) : E_NOTFOUND;

	if (e != OK && e != E_NOTFOUND)
		return e;
	TRY(template_list(rq->cx, &f, &l));
	doc_list(out, "templates");
	for (size_t i = 0; i < l.n; i++) {
		doc_item(out);
		item(rq, out, &l.items[i]);
		doc_hint(out, "url", choose_url(rq, p, l.items[i].id));
		doc_hint(out, "current", text_eq(l.items[i].id, id) ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	doc_hint(out, "more", l.next != NULL ? "1" : NULL);
	doc_hint(out, "ready", "1");
	if (e == OK && strcmp(t.connection_id, p->connection_id) == 0 && strcmp(t.status, "approved") == 0)
		chosen(rq, out, p, &t);
	doc_open(out, "filter");
	doc_hint(out, "q", q);
	doc_hint(out, "category", category);
	doc_hint(out, "active", q != NULL || category != NULL ? "1" : NULL);
	doc_close(out);
	return OK;
}

static const char *first_name(struct req *rq, const char *name)
{
	return text_empty(name) ? NULL : arena_strn(rq->cx->arena, name, strcspn(name, " "));
}

/* The variables of the form: v1, v2, ... */
static struct template_use use(struct req *rq, const char *id)
{
	const char **values = arena_array(rq->cx->arena, WT_VARIABLES, sizeof(*values));
	struct template_use u = { .id = id, .values = values };

	for (size_t i = 0; i < WT_VARIABLES; i++) {
		values[i] = req_field(rq, arena_fmt(rq->cx->arena, "v%zu", i + 1));
		if (values[i] != NULL)
			u.nvalues = i + 1;
	}
	return u;
}

enum err template_page(struct req *rq, struct doc *out)
{
	struct picker p = { .path = arena_fmt(rq->cx->arena, "/conversations/%s/template", req_capture(rq, "id")) };
	struct conversation c;

	TRY(conversation_get(rq->cx, req_capture(rq, "id"), &c));
	p.connection_id = c.connection_id;
	p.first = first_name(rq, c.contact_name);
	TRY(pick(rq, out, &p));
	doc_hint(out, "path", p.path);
	doc_hint(out, "back", arena_fmt(rq->cx->arena, "/conversations/%s", c.id));
	doc_hint(out, "person", person_title(rq, c.contact_name, c.contact_phone));
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "template.send", NULL);
	return OK;
}

/* The page again, with what was typed in its place: nothing is sent. */
static enum err preview(struct req *rq, struct doc *out, handler *page)
{
	rq->reshown = true;
	rq->template = "inbox/template";
	return page(rq, out);
}

enum err template_post(struct req *rq, struct doc *out)
{
	const char *id = req_field(rq, "template"), *made;
	struct template_use u = use(rq, id);
	struct conversation c;

	if (req_field(rq, "preview") != NULL)
		return preview(rq, out, template_page);
	TRY(conversation_get(rq->cx, req_capture(rq, "id"), &c));
	if (id == NULL || !id_ok(id))
		return fail_field(rq->cx, "template", "required", NULL);
	TRY(template_send(rq->cx, &c, &u, rq->idempotency_key, &made));
	return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/conversations/%s", c.id), "ok.sent");
}

/* ---- beginning ---- */

enum err begin_page(struct req *rq, struct doc *out)
{
	const char *contact = given(rq, "contact_id"), *phone = given(rq, "phone"), *name = given(rq, "name"), *connection = given(rq, "connection_id");
	struct picker p = { .path = "/conversations/new", .first = first_name(rq, name) };
	struct template_connection *c;
	struct contact person = { 0 };
	size_t n, live = 0;

	if (contact != NULL && !id_ok(contact))
		return fail(rq->cx, E_NOTFOUND, "contact");
	if (contact != NULL)
		TRY(contact_get(rq->cx, contact, &person));
	TRY(template_connections(rq->cx, &c, &n));
	if (contact != NULL)
		p.first = first_name(rq, person.name);
	doc_list(out, "connections");
	for (size_t i = 0; i < n; i++) {
		bool wanted = connection != NULL ? strcmp(connection, c[i].id) == 0 : p.connection_id == NULL;

		if (strcmp(c[i].status, "connected") != 0 && strcmp(c[i].status, "reconnecting") != 0)
			continue;
		live++;
		if (wanted)
			p.connection_id = c[i].id;
		doc_item(out);
		doc_fields(out, &template_connection_type, &c[i]);
		doc_hint(out, "current", wanted ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	doc_hint(out, "begin", "1");
	doc_hint(out, "several", live > 1 ? "1" : NULL);
	doc_hint(out, "path", p.path);
	doc_hint(out, "back", contact != NULL ? arena_fmt(rq->cx->arena, "/contacts/%s", contact) : "/conversations");
	doc_open(out, "to");
	doc_hint(out, "contact_id", contact);
	doc_hint(out, "title", contact != NULL ? person_title(rq, person.name, person.phone) : NULL);
	doc_hint(out, "phone", contact != NULL ? NULL : phone);
	doc_hint(out, "name", contact != NULL ? NULL : name);
	doc_hint(out, "connection_id", p.connection_id);
	doc_close(out);
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "template.begin", NULL);
	return p.connection_id != NULL && (contact != NULL || phone != NULL) ? pick(rq, out, &p) : OK;
}

enum err begin_post(struct req *rq, struct doc *out)
{
	struct conversation_begin in = { 0 };
	struct template_use u;
	struct conversation c;
	const char *id, *made;

	if (req_field(rq, "preview") != NULL)
		return preview(rq, out, begin_page);
	TRY(req_bind(rq, &conversation_new_type, &in, false));
	u = use(rq, in.template);
	TRY(conversation_begin(rq->cx, &in, &id));
	TRY(conversation_get(rq->cx, id, &c));
	TRY(template_send(rq->cx, &c, &u, rq->idempotency_key, &made));
	return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/conversations/%s", id), "ok.sent");
}

enum err begin_create(struct req *rq, struct doc *out)
{
	const char *id, *made;
	struct conversation_begin in = { 0 };
	struct template_use u;
	struct conversation c;

	TRY(req_bind(rq, &conversation_begin_type, &in, false));
	TRY(template_use_read(rq->cx, in.template, &u));
	TRY(conversation_begin(rq->cx, &in, &id));
	TRY(conversation_get(rq->cx, id, &c));
	TRY(template_send(rq->cx, &c, &u, rq->idempotency_key, &made));
	return message_answer(rq, out, made, 201);
}
