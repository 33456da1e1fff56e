#include "model/contact.h"

#include <string.h>

#include "gen/sql_contacts.h"
#include "lib/db/pick.h"

#define REC struct contact
static const struct field contact_fields[] = {
	F(id, .flags = RO | ID), F(lifecycle, .flags = RO), F(kind, .flags = RO), F(name, .flags = FREE), F(phone, .flags = PHONE, .max = 40), F(email, .flags = EMAIL, .max = 254),
	F(username, .flags = RO), F(company), F(city, .max = 120), F(source_channel, .flags = RO), F(status, .flags = RO), F(lead_status, .flags = RO),
	F(lost_reason, .flags = RO | FREE), F(owner_id, .flags = ID), F(note, .flags = FREE | MULTI, .max = 5000), F(last_activity_at, .flags = RO), F(converted_at, .flags = RO),
	F(version, .flags = RO), F(created_at, .flags = RO), F(updated_at, .flags = RO),
};
#undef REC
const struct rec_type contact_type = REC_TYPE("contact", struct contact, contact_fields);

#define REC struct identity
static const struct field identity_fields[] = { F(id, .flags = RO | ID), F(kind), F(value, .flags = FREE), F(shown, .flags = FREE), F(created_at) };
#undef REC
const struct rec_type identity_type = REC_TYPE("identity", struct identity, identity_fields);

#define REC struct contact_filter
static const struct field filter_fields[] = { F(q, .max = 100, .doc = "any fragment of name, company, e-mail or phone"), F(cursor, .max = 200), F(limit, .min = 1, .max = 500) };
#undef REC
const struct rec_type contact_filter_type = REC_TYPE("contact_filter", struct contact_filter, filter_fields);

enum err contact_list(struct ctx *cx, const char *lifecycle, const struct contact_filter *f, struct contact_list *out)
{
	int64_t limit = f->limit > 0 ? f->limit : 50;
	const char *after = NULL, *names[4];
	utc_t at = UTC_NONE;
	size_t n = 0;

	if (f->cursor != NULL && !cursor_read(cx->arena, f->cursor, &at, &after)) {
		(void)fail_field(cx, "cursor", "format", NULL);
		return fail(cx, E_SYNTAX, "cursor");
	}
	names[n++] = limit <= 50 ? "l50" : "l500";
	if (after != NULL)
		names[n++] = "after";
	if (f->q != NULL)
		names[n++] = "search";
	names[n] = NULL;
	TRY(db_rows(cx, stmt_pick(&sql_contact_list, names), &contact_type, &out->items, &out->n, ARGS(A(lifecycle), A(at), A(after), A(f->q))));
	out->next = NULL;
	if (out->n > (size_t)limit) {
		const struct contact *last = &out->items[limit - 1];

		out->n = (size_t)limit;
		out->next = cursor_make(cx->arena, utc_none(last->last_activity_at) ? last->created_at : last->last_activity_at, last->id);
	}
	return OK;
}

enum err contact_get(struct ctx *cx, const char *id, struct contact *out)
{
	return db_row(cx, &sql_contact_get, &contact_type, out, ARGS(A(id)));
}

enum err contact_identities(struct ctx *cx, const char *id, struct identity **out, size_t *n)
{
	return db_rows(cx, &sql_identity_list, &identity_type, out, n, ARGS(A(id)));
}

enum err contact_conversations(struct ctx *cx, const char *id, struct conversation **out, size_t *n)
{
	return db_rows(cx, &sql_contact_conversations, &conversation_type, out, n, ARGS(A(id)));
}
