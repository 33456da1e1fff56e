#include "model/template.h"

#include <string.h>

#include "gen/sql_inbox.h"
#include "gen/sql_template.h"
#include "gen/sql_whatsapp.h"
#include "lib/base/text.h"
#include "lib/db/pick.h"
#include "model/phone.h"
#include "model/whatsapp_json.h"

static const char *const statuses[] = { "draft", "pending", "approved", "rejected", "paused", "disabled", NULL };

#define REC struct whatsapp_template
static const struct field template_fields[] = {
	F(id, .flags = RO | ID), F(connection_id, .flags = RO | ID), F(connection_name, .flags = RO), F(name, .flags = RO), F(language, .flags = RO), F(category, .flags = RO),
	F(status, .flags = RO, .one_of = statuses), F(header, .flags = RO), F(body, .flags = RO), F(footer, .flags = RO),
	F(components, .flags = RO | JSON, .schema = "{\"type\":\"array\"}", .doc = "as the provider has them"), F(quality, .flags = RO), F(reason, .flags = RO, .doc = "why it was rejected"),
	F(variables, .flags = RO, .doc = "how many values it wants"), F(synced_at, .flags = RO),
};
#undef REC
const struct rec_type whatsapp_template_type = REC_TYPE("whatsapp_template", struct whatsapp_template, template_fields);

#define REC struct template_connection
static const struct field connection_fields[] = { F(id, .flags = RO | ID), F(name, .flags = RO), F(shown, .flags = RO), F(status, .flags = RO), F(synced_at, .flags = RO), F(error, .flags = RO) };
#undef REC
const struct rec_type template_connection_type = REC_TYPE("template_connection", struct template_connection, connection_fields);

#define REC struct template_filter
static const struct field filter_fields[] = {
	F(connection_id, .flags = ID), F(status, .one_of = statuses), F(category, .max = 40), F(q, .max = 100, .doc = "words of name or text"), F(cursor, .max = 36),
};
#undef REC
const struct rec_type template_filter_type = REC_TYPE("template_filter", struct template_filter, filter_fields);

#define REC struct template_source
static const struct field source_fields[] = { F(id), F(number), F(token, .flags = HIDE), F(status), F(account) };
#undef REC
const struct rec_type template_source_type = REC_TYPE("template_source", struct template_source, source_fields);

#define REC struct conversation_begin
static const struct field begin_fields[] = {
	F(connection_id, .flags = REQ | ID), F(contact_id, .flags = ID), F(phone, .max = 40, .doc = "instead of contact_id"), F(name, .max = 200, .doc = "of somebody new"),
	F(template, .flags = REQ | JSON | MULTI, .max = 50000, .schema = TEMPLATE_SCHEMA, .doc = "{id, variables} or {name, language, variables}"),
};
static const struct field new_fields[] = {
	F(connection_id, .flags = REQ | ID), F(contact_id, .flags = ID), F(phone, .max = 40), F(name, .max = 200), F(template, .flags = REQ | ID),
};
#undef REC
const struct rec_type conversation_begin_type = REC_TYPE("conversation_begin", struct conversation_begin, begin_fields);
const struct rec_type conversation_new_type = REC_TYPE("conversation_new", struct conversation_begin, new_fields);

struct started { const char *id, *problem; };
#define REC struct started
static const struct field started_fields[] = { F(id), F(problem) };
#undef REC
const struct rec_type conversation_started_type = REC_TYPE("conversation_started", struct started, started_fields);

/* ---- lists ---- */

enum err template_list(struct ctx *cx, const struct template_filter *f, struct template_list *out)
{
	enum { PAGE = 100 };

	out->next = NULL;
	if (f->cursor != NULL && !id_ok(f->cursor))
		return fail_query(cx, "cursor");
	TRY(db_rows(cx, PICK(&sql_template_list, f->connection_id != NULL ? "connection" : "-", f->status != NULL ? "status" : "-", f->category != NULL ? "category" : "-",
	    f->q != NULL ? "search" : "-", f->cursor != NULL ? "after" : "-"), &whatsapp_template_type, &out->items, &out->n,
	    ARGS(A(f->connection_id), A(f->status), A(f->category), A(f->q), A(f->cursor))));
	if (out->n > PAGE) {
		out->n = PAGE;
		out->next = out->items[PAGE - 1].id;
	}
	return OK;
}

enum err template_get(struct ctx *cx, const char *id, struct whatsapp_template *out)
{
	return db_row(cx, &sql_template_get, &whatsapp_template_type, out, ARGS(A(id)));
}

enum err template_connections(struct ctx *cx, struct template_connection **out, size_t *n)
{
	return db_rows(cx, &sql_template_connections, &template_connection_type, out, n, NOARGS);
}

enum err template_order(struct ctx *cx, const char *connection_id)
{
	const char *done = NULL;

	TRY(db_text(cx, &sql_template_order, &done, ARGS(A(connection_id))));
	return text_eq(done, "t") ? OK : fail(cx, E_NOTFOUND, "connection %s", connection_id);
}

struct wt_template *template_parts(struct ctx *cx, const struct whatsapp_template *t)
{
	struct wt_template *p = ARENA_NEW(cx->arena, struct wt_template);

	p->name = t->name;
	p->language = t->language;
	wt_components_read(cx->arena, t->category, t->components, p);
	return p;
}

/* ---- sending ---- */

enum err template_use_read(struct ctx *cx, const char *json, struct template_use *out)
{
	struct arena *a = cx->arena;
	const char *why = NULL, *key, **values = arena_array(a, WT_VARIABLES + 1, sizeof(*values));
	json_t *root = json != NULL ? wj_parse(a, json, strlen(json), &why) : NULL, *v;

	*out = (struct template_use){ .json = true, .values = values };
	json_object_foreach(root, key, v) {
		if (strcmp(key, "variables") == 0) {
			if (!wt_values_read(a, json_is_array(v) && json_array_size(v) > 0 ? wj_dump(a, v) : json_is_array(v) ? "[]" : NULL, WT_VARIABLES, values, &out->nvalues))
				return fail_field(cx, "template/variables", "format", NULL);
		} else if (!json_is_string(v) || (strcmp(key, "id") != 0 && strcmp(key, "name") != 0 && strcmp(key, "language") != 0)) {
			return fail_field(cx, arena_fmt(a, "template/%.40s", key), json_is_string(v) ? "unknown" : "format", NULL);
		}
	}
	out->id = wj_text(a, root, "id");
	out->name = wj_text(a, root, "name");
	out->language = wj_text(a, root, "language");
	if (root == NULL || (out->id == NULL ? out->name == NULL || out->language == NULL : out->name != NULL || out->language != NULL || !id_ok(out->id)))
		return fail_field(cx, "template", "template", NULL);
	return OK;
}

static enum err find(struct ctx *cx, const struct conversation *c, const struct template_use *u, struct whatsapp_template *t)
{
	enum err e = u->id != NULL ? template_get(cx, u->id, t) :
	    db_row(cx, &sql_template_named, &whatsapp_template_type, t, ARGS(A(c->connection_id), A(u->name), A(u->language)));

	if (e == E_NOTFOUND || (e == OK && strcmp(t->connection_id, c->connection_id) != 0))
		return fail_field(cx, "template", "template", NULL);
	return e;
}

/* Field errors for every value that is missing, refused, or one too many. */
static enum err check(struct ctx *cx, const struct wt_template *t, const struct template_use *u, const char **values)
{
	enum err e = OK;

	for (size_t i = 0; i < t->nvariables; i++)
		values[i] = i < u->nvalues && u->values[i] != NULL ? text_trim(cx->arena, u->values[i]) : NULL;
	for (size_t i = 0; i < t->nvariables; i++) {
		const char *arg = NULL, *code = wt_refused(cx->arena, t, i, values, &arg);

		if (code != NULL)
			e = fail_field(cx, arena_fmt(cx->arena, u->json ? "template/variables/%zu" : "v%zu", u->json ? i : i + 1), code, arg);
	}
	if (u->nvalues > t->nvariables)
		e = fail_field(cx, u->json ? "template/variables" : "template", "template_count", arena_fmt(cx->arena, "%zu", t->nvariables));
	return e;
}

enum err template_send(struct ctx *cx, const struct conversation *c, const struct template_use *u, const char *token, const char **message_id)
{
	const char *values[WT_VARIABLES] = { NULL };
	struct whatsapp_template t;
	struct wt_template *p;

	TRY(find(cx, c, u, &t));
	p = template_parts(cx, &t);
	if (strcmp(t.status, "approved") != 0)
		return fail_field(cx, "template", "template_unapproved", NULL);
	if (p->unfit != NULL)
		return fail_field(cx, "template", "template_unfit", NULL);
	TRY(check(cx, p, u, values));
	TRY(db_text(cx, &sql_message_out, message_id, ARGS(A(c->id), A(wt_text(cx->arena, p, values)), A(false), A(token), arg_text(NULL), A("template"),
	    A(wt_payload(cx->arena, p, values)))));
	return *message_id != NULL ? OK : fail(cx, E_NOTFOUND, "conversation %s", c->id);
}

enum err conversation_begin(struct ctx *cx, const struct conversation_begin *b, const char **id)
{
	static const struct { const char *problem, *field, *code; } problems[] = {
		{ "connection", "connection_id", "template_connection" }, { "contact", "contact_id", "begin_contact" }, { "phone", "contact_id", "begin_phone" },
		{ "blocked", "contact_id", "begin_blocked" }, { "hidden", "contact_id", "begin_hidden" },
	};
	const char *digits = b->contact_id == NULL ? phone_e164(cx->arena, b->phone, NULL) : NULL, *person = NULL;
	struct started s = { 0 };
	struct buf j = { 0 };

	if (b->contact_id == NULL && b->phone == NULL)
		return fail_field(cx, "phone", "required", NULL);
	if (b->contact_id == NULL && digits == NULL)
		return fail_field(cx, "phone", "phone", NULL);
	if (digits != NULL) {
		buf_str(&j, "{\"channel\":\"whatsapp\"");
		wj_put(&j, "name", b->name);
		buf_str(&j, ",\"ids\":[{\"kind\":\"phone\"");
		wj_put(&j, "value", phone_key(cx->arena, digits));
		wj_put(&j, "shown", phone_show(cx->arena, digits));
		buf_str(&j, "}]}");
		person = wj_done(cx->arena, &j);
	}
	TRY(db_row(cx, &sql_conversation_start, &conversation_started_type, &s, ARGS(A(b->connection_id), A(b->contact_id), A(person))));
	for (size_t i = 0; s.problem != NULL && i < nitems(problems); i++)
		if (strcmp(problems[i].problem, s.problem) == 0)
			return fail_field(cx, digits != NULL && strcmp(problems[i].field, "contact_id") == 0 ? "phone" : problems[i].field, problems[i].code, NULL);
	*id = s.id;
	return s.id != NULL ? OK : fail(cx, E_INTERNAL, "conversation_start gave nothing");
}

/* ---- the job ---- */

enum err template_source(struct ctx *cx, const char *connection_id, struct template_source *out)
{
	return db_row(cx, &sql_template_source, &template_source_type, out, ARGS(A(connection_id)));
}

enum err template_put(struct ctx *cx, const char *connection_id, const char *list, int64_t *changed)
{
	const char *s = NULL;

	TRY(db_text(cx, &sql_template_put, &s, ARGS(A(connection_id), A(list))));
	return s != NULL && parse_i64(s, 0, INT32_MAX, changed) ? OK : fail(cx, E_INTERNAL, "template_put gave no number");
}

enum err template_synced(struct ctx *cx, const char *connection_id, const char *account, const char *why)
{
	return db_exec(cx, &sql_template_synced, NULL, ARGS(A(connection_id), A(account), A(why)));
}

enum err template_due(struct ctx *cx, int64_t *n)
{
	const char *s = NULL;
	enum err e = db_begin(cx, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL);

	if (e == OK)
		e = db_text(cx, &sql_template_due, &s, NOARGS);
	TRY(db_end(cx, e));
	return s != NULL && parse_i64(s, 0, INT32_MAX, n) ? OK : fail(cx, E_INTERNAL, "template_due gave no number");
}
