#include "model/quick_reply.h"

#include <string.h>

#include "gen/sql_composer.h"
#include "lib/base/buf.h"
#include "lib/base/text.h"

#define SHORTCUT_CHARS "abcdefghijklmnopqrstuvwxyz0123456789_-"
enum { SHORTCUT_MAX = 40, CONTENT_MAX = 4096 };

#define REC struct quick_reply
static const struct field quick_reply_fields[] = {
	F(id, .flags = RO | ID), F(shortcut), F(title), F(content, .flags = MULTI, .max = CONTENT_MAX), F(category), F(file, .flags = HIDE), F(file_kind, .flags = RO), F(file_name, .flags = RO),
	F(file_mime, .flags = RO), F(file_sha256, .flags = HIDE), F(file_size, .flags = RO), F(version, .flags = RO), F(created_at, .flags = RO), F(updated_at, .flags = RO),
};
#undef REC
const struct rec_type quick_reply_type = REC_TYPE("quick_reply", struct quick_reply, quick_reply_fields);

#define REC struct quick_reply_input
static const struct field input_fields[] = {
	F(shortcut, .flags = REQ, .max = SHORTCUT_MAX, .doc = "what is typed after /, without it: a-z, 0-9, - and _"), F(title, .flags = REQ, .max = 100),
	F(content, .flags = REQ | MULTI, .max = CONTENT_MAX, .doc = "may hold {nome}, {primeiro_nome}, {atendente} and {empresa}"), F(category, .max = 50),
	F(drop_file, .doc = "takes its file away"),
};
static const struct field form_fields[] = {
	F(shortcut, .flags = REQ, .max = SHORTCUT_MAX + 1), F(title, .flags = REQ, .max = 100), F(content, .flags = REQ | MULTI, .max = CONTENT_MAX), F(category, .max = 50),
	F(version, .min = 0, .max = INT32_MAX), F(drop_file),
};
#undef REC
const struct rec_type quick_reply_input_type = REC_TYPE("quick_reply_input", struct quick_reply_input, input_fields);
const struct rec_type quick_reply_form_type = REC_TYPE("quick_reply_form", struct quick_reply_input, form_fields);

enum err quick_reply_list(struct ctx *cx, struct quick_reply **out, size_t *n)
{
	return db_rows(cx, &sql_quick_reply_list, &quick_reply_type, out, n, NOARGS);
}

enum err quick_reply_get(struct ctx *cx, const char *id, struct quick_reply *out)
{
	return db_row(cx, &sql_quick_reply_get, &quick_reply_type, out, ARGS(A(id)));
}

enum err quick_reply_find(struct ctx *cx, const char *shortcut, struct quick_reply *out)
{
	return db_row(cx, &sql_quick_reply_find, &quick_reply_type, out, ARGS(A(shortcut)));
}

enum err quick_reply_clean(struct ctx *cx, struct quick_reply_input *in)
{
	size_t n;

	if (in->shortcut == NULL)
		return OK;
	in->shortcut = text_lower(cx->arena, in->shortcut + (*in->shortcut == '/' ? 1 : 0));
	n = strlen(in->shortcut);
	if (n == 0 || n > SHORTCUT_MAX || strspn(in->shortcut, SHORTCUT_CHARS) != n)
		return fail_field(cx, "shortcut", "shortcut", NULL);
	return OK;
}

static enum err taken(struct ctx *cx, enum err e)
{
	if (e != E_CONFLICT || strcmp(db_sqlstate(cx), "23505") != 0)
		return e;
	(void)fail_field(cx, "shortcut", "taken", NULL);
	return fail(cx, E_CONFLICT, "shortcut");
}

static enum err stale(struct ctx *cx, int32_t version)
{
	(void)fail_field(cx, "version", "conflict", NULL);
	return fail(cx, E_CONFLICT, "quick reply version %d moved", version);
}

struct file quick_reply_file(const struct quick_reply *q)
{
	return (struct file){ q->file_kind, q->file_name, q->file_mime, q->file_sha256, q->file, q->file_size };
}

static char *file_text(struct ctx *cx, const struct quick_reply_input *in)
{
	return in->file != NULL ? files_json(cx->arena, in->file, 1) : NULL;
}

enum err quick_reply_add(struct ctx *cx, const struct quick_reply_input *in, const char **id)
{
	return taken(cx, db_text(cx, &sql_quick_reply_add, id, ARGS(A(in->shortcut), A(in->title), A(in->content), A(in->category), A(file_text(cx, in)))));
}

enum err quick_reply_save(struct ctx *cx, const char *id, const struct quick_reply_input *in)
{
	struct quick_reply now;
	int64_t n;

	TRY(quick_reply_get(cx, id, &now));
	TRY(taken(cx, db_exec(cx, &sql_quick_reply_save, &n, ARGS(A(id), A(in->shortcut), A(in->title), A(in->content), A(in->category), arg_version(in->version),
	    A(file_text(cx, in)), A(in->drop_file)))));
	return n > 0 ? OK : stale(cx, in->version);
}

enum err quick_reply_remove(struct ctx *cx, const char *id, int32_t version)
{
	struct quick_reply now;
	int64_t n;

	TRY(quick_reply_get(cx, id, &now));
	TRY(db_exec(cx, &sql_quick_reply_remove, &n, ARGS(A(id), arg_version(version))));
	return n > 0 ? OK : stale(cx, version);
}

/* The value of the variable at s ("{nome}..."), and its length; NULL when it is none. */
static const char *variable(struct arena *a, const char *s, const struct quick_reply_words *w, size_t *n)
{
	const struct { const char *name, *value; } all[] = {
		{ "{nome}", w->person }, { "{primeiro_nome}", w->person != NULL ? arena_strn(a, w->person, strcspn(w->person, " ")) : NULL },
		{ "{atendente}", w->agent }, { "{empresa}", w->company },
	};

	for (size_t i = 0; i < nitems(all); i++) {
		*n = strlen(all[i].name);
		if (strncmp(s, all[i].name, *n) == 0)
			return all[i].value != NULL ? all[i].value : "";
	}
	return NULL;
}

char *quick_reply_fill(struct arena *a, const char *content, const struct quick_reply_words *w)
{
	struct buf b = { 0 };
	char *out;
	size_t n;

	while (*content != '\0') {
		const char *value = *content == '{' ? variable(a, content, w, &n) : NULL;

		if (value == NULL) {
			buf_char(&b, *content++);
			continue;
		}
		content += n;
		if (*value == '\0' && b.n > 0 && b.p[b.n - 1] == ' ')
			b.p[--b.n] = '\0';
		if (*value == '\0' && b.n > 0 && b.p[b.n - 1] == ',')
			b.p[--b.n] = '\0';
		buf_str(&b, value);
	}
	out = utf8_cut(a, b.n > 0 ? b.p : "", CONTENT_MAX);
	buf_free(&b);
	return out;
}

char *quick_reply_called(struct arena *a, const char *text, const char **rest)
{
	const char *lower;
	size_t n;

	if (text == NULL || *text != '/')
		return NULL;
	lower = text_lower(a, text + 1);
	n = strspn(lower, SHORTCUT_CHARS);
	if (n == 0 || n > SHORTCUT_MAX)
		return NULL;
	*rest = text + 1 + n;
	return arena_strn(a, lower, n);
}
