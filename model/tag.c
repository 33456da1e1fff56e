#include "model/tag.h"

#include <string.h>

#include "gen/sql_contacts.h"
#include "lib/base/text.h"

#define REC struct tag
static const struct field tag_fields[] = {
	F(id, .flags = RO | ID), F(name, .flags = FREE, .max = 50), F(color, .max = 8, .doc = "0 to 8: one of the nine colours of the design"), F(category, .max = 50),
	F(contacts, .flags = RO, .doc = "uses on people, counted to 1001"), F(conversations, .flags = RO), F(deals, .flags = RO),
	F(version, .flags = RO), F(created_at, .flags = RO), F(updated_at, .flags = RO),
};
#undef REC
const struct rec_type tag_type = REC_TYPE("tag", struct tag, tag_fields);

#define REC struct tag_input
#define INPUT F(name, .flags = REQ, .max = 50), F(color, .min = 0, .max = 8), F(category, .max = 50)
static const struct field input_fields[] = { INPUT };
static const struct field form_fields[] = { INPUT, F(version, .min = 0, .max = INT32_MAX) };
#undef REC
const struct rec_type tag_input_type = REC_TYPE("tag_input", struct tag_input, input_fields);
const struct rec_type tag_form_type = REC_TYPE("tag_form", struct tag_input, form_fields);

#define REC struct tag_of
static const struct field of_fields[] = { F(owner, .flags = ID | HIDE), F(id, .flags = ID), F(name, .flags = FREE), F(color) };
#undef REC
const struct rec_type tag_of_type = REC_TYPE("tag_of", struct tag_of, of_fields);

enum err tag_list(struct ctx *cx, bool counted, struct tag **out, size_t *n)
{
	return db_rows(cx, counted ? &sql_tag_counted : &sql_tag_list, &tag_type, out, n, NOARGS);
}

enum err tag_get(struct ctx *cx, const char *id, struct tag *out)
{
	return db_row(cx, &sql_tag_get, &tag_type, out, ARGS(A(id)));
}

enum err tag_find(struct ctx *cx, const char *name, struct tag *out)
{
	return db_row(cx, &sql_tag_find, &tag_type, out, ARGS(A(name)));
}

/* A second tag of the name, whichever of the two unique indexes found it. */
static enum err name_taken(struct ctx *cx, enum err e)
{
	if (e != E_CONFLICT || strcmp(db_sqlstate(cx), "23505") != 0)
		return e;
	(void)fail_field(cx, "name", "taken", NULL);
	return fail(cx, E_CONFLICT, "tag name");
}

static enum err stale(struct ctx *cx, int32_t version)
{
	(void)fail_field(cx, "version", "conflict", NULL);
	return fail(cx, E_CONFLICT, "tag version %d moved", version);
}

enum err tag_add(struct ctx *cx, const struct tag_input *in, const char **id)
{
	return name_taken(cx, db_text(cx, &sql_tag_add, id, ARGS(A(in->name), A((int64_t)in->color), A(in->category))));
}

enum err tag_save(struct ctx *cx, const char *id, const struct tag_input *in)
{
	struct tag now;
	int64_t n;

	TRY(tag_get(cx, id, &now));
	TRY(name_taken(cx, db_exec(cx, &sql_tag_save, &n, ARGS(A(id), A(in->name), A((int64_t)in->color), A(in->category), arg_version(in->version)))));
	return n > 0 ? OK : stale(cx, in->version);
}

enum err tag_remove(struct ctx *cx, const char *id, int32_t version)
{
	struct tag now;
	int64_t n;

	TRY(tag_get(cx, id, &now));
	TRY(db_exec(cx, &sql_tag_remove, &n, ARGS(A(id), arg_version(version))));
	return n > 0 ? OK : stale(cx, version);
}

enum err tag_of_contacts(struct ctx *cx, struct ids contacts, struct tag_of **out, size_t *n)
{
	return db_rows(cx, &sql_tag_of_contacts, &tag_of_type, out, n, ARGS(A(ids_text(cx->arena, contacts))));
}

enum err tag_of_conversations(struct ctx *cx, struct ids conversations, struct tag_of **out, size_t *n)
{
	return db_rows(cx, &sql_tag_of_conversations, &tag_of_type, out, n, ARGS(A(ids_text(cx->arena, conversations))));
}

static enum err set(struct ctx *cx, const struct stmt *s, struct ids owners, struct ids add, struct ids remove, int64_t *changed)
{
	const char *text;
	int64_t n = 0;

	TRY(db_text(cx, s, &text, ARGS(A(ids_text(cx->arena, owners)), A(ids_text(cx->arena, add)), A(ids_text(cx->arena, remove)))));
	if (changed != NULL)
		*changed = text != NULL && parse_i64(text, 0, INT32_MAX, &n) ? n : 0;
	return OK;
}

enum err tag_set_contacts(struct ctx *cx, struct ids contacts, struct ids add, struct ids remove, int64_t *changed)
{
	return set(cx, &sql_tag_set_contacts, contacts, add, remove, changed);
}

enum err tag_set_conversations(struct ctx *cx, struct ids conversations, struct ids add, struct ids remove, int64_t *changed)
{
	return set(cx, &sql_tag_set_conversations, conversations, add, remove, changed);
}

enum err tag_set_conversation(struct ctx *cx, const char *conversation, struct ids add, struct ids remove)
{
	return tag_set_conversations(cx, (struct ids){ &conversation, 1 }, add, remove, NULL);
}
