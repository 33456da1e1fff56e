#include "model/contact.h"

#include <string.h>

#include "gen/sql_contacts.h"
#include "lib/base/text.h"
#include "model/phone.h"

const char *const contact_kinds[] = { "person", "company", NULL };

#define REC struct contact_input
#define INPUT \
	F(name), F(kind, .one_of = contact_kinds), F(phone, .max = 40, .doc = "as people write it, with area code"), F(email, .flags = EMAIL, .max = 254), F(company), \
	F(city, .max = 120), F(owner_id, .flags = ID), F(note, .flags = MULTI, .max = 5000)
static const struct field input_fields[] = { INPUT };
static const struct field form_fields[] = { INPUT, F(version, .min = 0, .max = INT32_MAX) };
#undef REC
const struct rec_type contact_input_type = REC_TYPE("contact_input", struct contact_input, input_fields);
const struct rec_type contact_form_type = REC_TYPE("contact_form", struct contact_input, form_fields);

#define REC struct holder
static const struct field holder_fields[] = { F(kind), F(holder), F(holder_name) };
#undef REC
const struct rec_type holder_type = REC_TYPE("identity_claim", struct holder, holder_fields);

/* The input as it is stored, and the keys of its phone and e-mail. */
struct checked { struct contact_input in; const char *phone_key; };

static enum err check(struct ctx *cx, const struct contact_input *in, const struct contact *old, struct checked *out)
{
	out->in = *in;
	out->phone_key = NULL;
	if (in->kind == NULL)
		out->in.kind = old != NULL ? old->kind : "person";
	if (in->phone != NULL && (old == NULL || !text_eq(in->phone, old->phone))) {
		const char *digits = phone_e164(cx->arena, in->phone, NULL);

		if (digits == NULL)
			return fail_field(cx, "phone", "phone", NULL);
		out->in.phone = phone_show(cx->arena, digits);
		out->phone_key = phone_key(cx->arena, digits);
	}
	if (in->name == NULL && in->phone == NULL && in->email == NULL && (old == NULL || old->username == NULL))
		return fail_field(cx, "name", "reach", NULL);
	return OK;
}

static void claim_put(struct buf *b, const char *kind, const char *value, const char *shown)
{
	if (value == NULL)
		return;
	buf_fmt(b, "%s{\"kind\":\"%s\",\"value\":", b->n > 1 ? "," : "", kind);
	buf_json(b, value);
	buf_str(b, ",\"shown\":");
	buf_json(b, shown);
	buf_char(b, '}');
}

/* Phone and e-mail become theirs, or the input is refused because they are somebody else's. */
static enum err claim(struct ctx *cx, const char *id, const struct checked *c, struct holder *whose)
{
	struct buf b = { 0 };
	struct holder *h;
	const char *ids;
	size_t n;

	buf_char(&b, '[');
	claim_put(&b, "phone", c->phone_key, c->in.phone);
	claim_put(&b, "email", c->in.email, NULL);
	buf_char(&b, ']');
	ids = arena_str(cx->arena, b.p);
	buf_free(&b);
	TRY(db_rows(cx, &sql_identity_claim, &holder_type, &h, &n, ARGS(A(id), A(ids))));
	if (n == 0)
		return OK;
	*whose = h[0];
	for (size_t i = 0; i < n; i++)
		(void)fail_field(cx, h[i].kind, h[i].holder != NULL ? "belongs" : "belongs_hidden", h[i].holder_name);
	return fail(cx, E_CONFLICT, "%s is somebody else's", h[0].kind);
}

static enum err give(struct ctx *cx, const char *id, const char *owner)
{
	return contact_assign(cx, (struct ids){ &id, 1 }, owner, NULL);
}

enum err contact_create(struct ctx *cx, const char *lifecycle, const struct contact_input *in, struct holder *whose, const char **id)
{
	struct checked c;

	TRY(check(cx, in, NULL, &c));
	TRY(db_text(cx, &sql_contact_id, id, NOARGS));
	TRY(db_exec(cx, &sql_contact_add, NULL,
	    ARGS(A(*id), A(lifecycle), A(c.in.kind), A(c.in.name), A(c.in.phone), A(c.in.email), A(c.in.company), A(c.in.city), A(c.in.note))));
	TRY(claim(cx, *id, &c, whose));
	if (in->owner_id != NULL)
		TRY(give(cx, *id, in->owner_id));
	return db_exec(cx, &sql_contact_made, NULL, ARGS(A(*id)));
}

/* A number or an address that was replaced and never used stops being theirs. */
static enum err drop_old(struct ctx *cx, const struct contact *old, const struct checked *c)
{
	if (old->phone != NULL && !text_eq(old->phone, c->in.phone)) {
		const char *key = phone_key(cx->arena, phone_e164(cx->arena, old->phone, NULL));

		if (key != NULL && !text_eq(key, c->phone_key))
			TRY(db_exec(cx, &sql_identity_drop, NULL, ARGS(A(old->id), A("phone"), A(key))));
	}
	if (old->email != NULL && !text_eq(old->email, c->in.email))
		TRY(db_exec(cx, &sql_identity_drop, NULL, ARGS(A(old->id), A("email"), A(old->email))));
	return OK;
}

static enum err stale(struct ctx *cx, int32_t seen, int32_t now)
{
	(void)fail_field(cx, "version", "conflict", NULL);
	return fail(cx, E_CONFLICT, "version %d, now %d", seen, now);
}

enum err contact_save(struct ctx *cx, const char *id, const struct contact_input *in, struct holder *whose)
{
	struct contact old;
	struct checked c;
	int64_t n;

	TRY(contact_get(cx, id, &old));
	if (in->version != 0 && in->version != old.version)
		return stale(cx, in->version, old.version);
	TRY(check(cx, in, &old, &c));
	TRY(db_exec(cx, &sql_contact_save, &n, ARGS(A(id), A(c.in.kind), A(c.in.name), A(c.in.phone), A(c.in.email), A(c.in.company), A(c.in.city), A(c.in.note),
	    A((int64_t)old.version))));
	if (n == 0)
		return stale(cx, old.version, old.version + 1);
	TRY(drop_old(cx, &old, &c));
	TRY(claim(cx, id, &c, whose));
	return text_eq(old.owner_id, in->owner_id) ? OK : give(cx, id, in->owner_id);
}

static enum err holder_of(struct ctx *cx, const char *kind, const char *value, struct holder *out)
{
	return value == NULL ? E_NOTFOUND : db_row(cx, &sql_identity_holder, &holder_type, out, ARGS(A(kind), A(value)));
}

enum err contact_holder(struct ctx *cx, const struct contact_input *in, struct holder *out)
{
	const char *digits = phone_e164(cx->arena, in->phone, NULL);
	enum err e = holder_of(cx, "phone", phone_key(cx->arena, digits), out);

	return e == E_NOTFOUND ? holder_of(cx, "email", in->email != NULL ? text_lower(cx->arena, in->email) : NULL, out) : e;
}

enum err contact_assign(struct ctx *cx, struct ids ids, const char *owner, int64_t *changed)
{
	const char *text = NULL;
	int64_t n = 0;
	enum err e = db_text(cx, &sql_contact_assign, &text, ARGS(A(ids_text(cx->arena, ids)), A(owner)));

	if (e == E_NOTFOUND && strcmp(db_sqlstate(cx), "23503") == 0)
		return fail_field(cx, "owner_id", "unknown_user", NULL);
	if (changed != NULL)
		*changed = text != NULL && parse_i64(text, 0, INT32_MAX, &n) ? n : 0;
	return e;
}

enum err contact_convert(struct ctx *cx, const char *id, const struct contact_input *in, struct holder *whose, bool *made)
{
	struct contact c;
	int64_t n;

	*made = false;
	TRY(contact_get(cx, id, &c));
	if (strcmp(c.lifecycle, "contact") == 0)
		return OK;
	TRY(contact_save(cx, id, in, whose));
	TRY(db_exec(cx, &sql_contact_convert, &n, ARGS(A(id))));
	*made = n > 0;
	return *made ? db_exec(cx, &sql_contact_converted, NULL, ARGS(A(id))) : OK;
}

enum err contact_stage(struct ctx *cx, const char *id, const char *lead_status, const char *reason)
{
	struct contact c;
	int64_t n;

	TRY(contact_get(cx, id, &c));
	TRY(db_exec(cx, &sql_contact_stage, &n, ARGS(A(id), A(lead_status), A(reason))));
	return n > 0 ? OK : fail(cx, E_CONFLICT, "%s is no lead", id);
}

enum err contact_block(struct ctx *cx, const char *id, bool blocked)
{
	const char *done;

	TRY(db_text(cx, &sql_contact_block, &done, ARGS(A(id), A(blocked))));
	return text_eq(done, "true") ? OK : fail(cx, E_NOTFOUND, "contact %s", id);
}

enum err contact_archive(struct ctx *cx, const char *id, bool archived)
{
	struct contact c;

	TRY(contact_get(cx, id, &c));
	return db_exec(cx, &sql_contact_archive, NULL, ARGS(A(id), A(archived)));
}
