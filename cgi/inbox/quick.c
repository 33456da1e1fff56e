#include "cgi/inbox/compose.h"

#include <string.h>

#include "cgi/chrome.h"
#include "cgi/files.h"
#include "cgi/inbox/forms.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/composer.h"
#include "model/perm.h"
#include "model/quick_reply.h"

static char *filled(struct req *rq, const struct conversation *c, const struct quick_reply *q)
{
	struct quick_reply_words w = { c->contact_name, rq->cx->user_name, rq->who.tenant_name };

	return quick_reply_fill(rq->cx->arena, q->content, &w);
}

/* ---- the list and its pages ---- */

/* What its file is called. */
static const char *file_title(struct req *rq, const struct quick_reply *q)
{
	return q->file_name != NULL ? q->file_name : text_get(rq->cx->arena, rq->cx->lang, arena_fmt(rq->cx->arena, "kind.%s", q->file_kind), NULL);
}

enum err quick_reply_index(struct req *rq, struct doc *out)
{
	struct quick_reply *q;
	size_t n;

	TRY(quick_reply_list(rq->cx, &q, &n));
	doc_list(out, "items");
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &quick_reply_type, &q[i]);
		doc_hint(out, "file_title", q[i].file != NULL ? file_title(rq, &q[i]) : NULL);
		doc_close(out);
	}
	doc_close(out);
	if (!doc_html(out))
		doc_text(out, "next", NULL);
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "quick.title", NULL);
	return OK;
}

static enum err answer(struct req *rq, struct doc *out, const char *id, int status)
{
	struct quick_reply q;

	TRY(quick_reply_get(rq->cx, id, &q));
	doc_fields(out, &quick_reply_type, &q);
	reply_etag(rq, q.version);
	return reply_to(rq, status, status == 201 ? arena_fmt(rq->cx->arena, "/quick-replies/%s", id) : NULL, NULL);
}

enum err quick_reply_show(struct req *rq, struct doc *out)
{
	return answer(rq, out, req_capture(rq, "id"), 200);
}

/* One as it would be sent in the conversation. */
enum err quick_reply_filled(struct req *rq, struct doc *out)
{
	struct quick_reply q;
	struct conversation c;

	TRY(conversation_get(rq->cx, req_capture(rq, "id"), &c));
	TRY(quick_reply_get(rq->cx, req_capture(rq, "quick_reply_id"), &q));
	q.content = filled(rq, &c, &q);
	doc_fields(out, &quick_reply_type, &q);
	return OK;
}

/* The form: of a new one where the path names none. */
enum err quick_reply_edit(struct req *rq, struct doc *out)
{
	struct quick_reply q = { 0 };
	const char *id = NULL;

	for (const struct param *p = rq->captures; p != NULL; p = p->next)
		id = p->value;
	if (id != NULL)
		TRY(quick_reply_get(rq->cx, id, &q));
	doc_open(out, "quick");
	doc_hint(out, "id", id);
	doc_hint(out, "version", arena_fmt(rq->cx->arena, "%d", q.version));
	doc_hint(out, "name", q.shortcut);
	doc_hint(out, "file_name", q.file != NULL ? file_title(rq, &q) : NULL);
	doc_close(out);
	doc_open(out, "input");
	doc_hint(out, "shortcut", rq->reshown ? req_field(rq, "shortcut") : q.shortcut);
	doc_hint(out, "title", rq->reshown ? req_field(rq, "title") : q.title);
	doc_hint(out, "content", rq->reshown ? req_field(rq, "content") : q.content);
	doc_hint(out, "category", rq->reshown ? req_field(rq, "category") : q.category);
	doc_hint(out, "drop_file", rq->reshown ? req_field(rq, "drop_file") : NULL);
	doc_close(out);
	doc_hint(out, "theirs", rq->reshown && id != NULL && !text_eq(req_field(rq, "version"), arena_fmt(rq->cx->arena, "%d", q.version)) ? q.content : NULL);
	rq->title = text_get(rq->cx->arena, rq->cx->lang, id != NULL ? "quick.edit" : "quick.new", NULL);
	return OK;
}

/* Adds (id NULL: *made is the new one) or saves, with the file that came along; it goes again when nothing comes of it. */
static enum err keep(struct req *rq, const char *id, struct quick_reply_input *in, const char **made)
{
	struct file *files;
	size_t n;
	enum err e;

	TRY(quick_reply_clean(rq->cx, in));
	for (const struct upload *f = rq->files; f != NULL; f = f->next)
		if (f->next != NULL)
			return fail_field(rq->cx, "files", "files_many", "1");
	TRY(files_taken(rq, &files, &n));
	in->file = n > 0 ? &files[0] : NULL;
	e = id == NULL ? quick_reply_add(rq->cx, in, made) : quick_reply_save(rq->cx, id, in);
	if (e != OK)
		files_drop(files_conf.root, files, n);
	return e;
}

enum err quick_reply_create(struct req *rq, struct doc *out)
{
	struct quick_reply_input in = { 0 };
	const char *id;

	TRY(req_bind(rq, rq->api ? &quick_reply_input_type : &quick_reply_form_type, &in, false));
	TRY(keep(rq, NULL, &in, &id));
	return rq->api ? answer(rq, out, id, 201) : reply_to(rq, 303, "/quick-replies", "ok.quick_saved");
}

enum err quick_reply_update(struct req *rq, struct doc *out)
{
	struct quick_reply_input in = { 0 };

	(void)out;
	TRY(req_bind(rq, &quick_reply_form_type, &in, false));
	TRY(keep(rq, req_capture(rq, "id"), &in, NULL));
	return reply_to(rq, 303, "/quick-replies", "ok.quick_saved");
}

enum err quick_reply_patch(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct quick_reply_input in;
	struct quick_reply q;

	TRY(quick_reply_get(rq->cx, id, &q));
	TRY(req_if_match(rq, q.version));
	in = (struct quick_reply_input){ q.shortcut, q.title, q.content, q.category, q.version, false, NULL };
	TRY(req_bind(rq, &quick_reply_input_type, &in, true));
	TRY(keep(rq, id, &in, NULL));
	return answer(rq, out, id, 200);
}

enum err quick_reply_drop(struct req *rq, struct doc *out)
{
	const char *id = req_capture(rq, "id");
	struct quick_reply q;

	(void)out;
	TRY(quick_reply_get(rq->cx, id, &q));
	TRY(req_if_match(rq, q.version));
	TRY(quick_reply_remove(rq->cx, id, q.version));
	return reply_raw(rq, 204, NULL, "", 0);
}

/* Asks before it is gone for everybody. */
enum err quick_reply_ask(struct req *rq, struct doc *out)
{
	struct quick_reply q;

	TRY(quick_reply_get(rq->cx, req_capture(rq, "id"), &q));
	doc_open(out, "quick");
	doc_fields(out, &quick_reply_type, &q);
	doc_close(out);
	doc_hint(out, "stale", rq->reshown ? "1" : NULL);
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "quick.delete_title", NULL);
	return OK;
}

enum err quick_reply_delete(struct req *rq, struct doc *out)
{
	struct version_form in = { 0 };

	(void)out;
	TRY(req_bind(rq, &version_form_type, &in, false));
	TRY(quick_reply_remove(rq->cx, req_capture(rq, "id"), in.version));
	return reply_to(rq, 303, "/quick-replies", "ok.quick_gone");
}

/* ---- in the composer ---- */

enum err quick_reply_expand(struct req *rq, const struct conversation *c, const char **text, const char **quick)
{
	const char *rest = "", *shortcut = quick_reply_called(rq->cx->arena, *text, &rest);
	struct quick_reply q;
	enum err e;

	if (shortcut == NULL)
		return OK;
	e = quick_reply_find(rq->cx, shortcut, &q);
	if (e == E_NOTFOUND)
		return OK;
	TRY(e);
	if (q.file != NULL)
		*quick = q.id;
	*text = arena_fmt(rq->cx->arena, "%s%s", filled(rq, c, &q), rest);
	return utf8_len(*text) <= 4096 ? OK : fail_field(rq->cx, "text", "too_long", "4096");
}

/* The text without the beginning of the shortcut that was typed to find it ("..., /pi"); NULL when nothing is left. */
static const char *without_call(struct arena *a, const char *text, const char *shortcut)
{
	const char *slash = text != NULL ? strrchr(text, '/') : NULL;
	size_t n;

	if (slash == NULL || strncmp(shortcut, slash + 1, strlen(slash + 1)) != 0 || (slash > text && slash[-1] != ' ' && slash[-1] != '\n'))
		return text;
	n = (size_t)(slash - text);
	while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\n'))
		n--;
	return n > 0 ? arena_strn(a, text, n) : NULL;
}

/* Without script: the button puts the text into the draft, and the page comes back with it. */
enum err quick_reply_insert(struct req *rq, struct doc *out)
{
	struct arena *a = rq->cx->arena;
	const char *id = req_capture(rq, "id"), *quick = req_field(rq, "quick"), *reply = req_field(rq, "reply_to");
	struct draft_input in = { 0 };
	struct conversation c;
	struct quick_reply q;

	(void)out;
	TRY(conversation_get(rq->cx, id, &c));
	TRY(req_bind(rq, &draft_input_type, &in, true));
	if (quick == NULL || !id_ok(quick))
		return fail_field(rq->cx, "quick", "required", NULL);
	TRY(quick_reply_get(rq->cx, quick, &q));
	if (q.file != NULL)
		in.quick_file = q.id;
	in.text = without_call(a, in.text, q.shortcut);
	in.text = arena_fmt(a, "%s%s%s", in.text != NULL ? in.text : "", in.text != NULL ? "\n" : "", filled(rq, &c, &q));
	if (utf8_len(in.text) > 4096)
		return fail_field(rq->cx, "text", "too_long", "4096");
	TRY(draft_put(rq->cx, id, &in));
	query_forget(rq, "cursor");
	return reply_to(rq, 303, arena_fmt(a, "/conversations/%s%s#f-text", id, query_with(rq, "reply", reply != NULL && id_ok(reply) ? reply : NULL)), NULL);
}

enum err draft_post(struct req *rq, struct doc *out)
{
	struct draft_input in = { 0 };

	(void)out;
	TRY(req_bind(rq, &draft_input_type, &in, true));
	TRY(draft_put(rq->cx, req_capture(rq, "id"), &in));
	return reply_raw(rq, 204, NULL, "", 0);
}

static enum err quoted(struct req *rq, struct doc *out, const struct conversation *c, const char *id)
{
	struct message m;
	enum err e;

	if (id == NULL || !id_ok(id))
		return OK;
	e = message_get(rq->cx, id, &m);
	if (e == E_NOTFOUND || (e == OK && (strcmp(m.conversation_id, c->id) != 0 || m.external_id == NULL || m.internal || !utc_none(m.deleted_at))))
		return OK;
	TRY(e);
	doc_open(out, "quoting");
	doc_hint(out, "id", m.id);
	doc_hint(out, "author", m.author_name);
	doc_hint(out, "text", !text_empty(m.text) ? m.text : text_get(rq->cx->arena, rq->cx->lang, arena_fmt(rq->cx->arena, "kind.%s", m.kind), NULL));
	doc_close(out);
	return OK;
}

/* The file that goes along: as chosen in a form that is shown again, else as in the draft. */
static void shown_file(struct req *rq, struct doc *out, const struct draft *d, const struct quick_reply *q, size_t n)
{
	const char *id = rq->reshown ? req_field(rq, "quick_file") : d->quick_file;

	for (size_t i = 0; id != NULL && i < n; i++) {
		if (strcmp(q[i].id, id) != 0 || q[i].file == NULL)
			continue;
		doc_hint(out, "quick_file", id);
		doc_hint(out, "file_name", file_title(rq, &q[i]));
	}
}

void compose_ahead(struct req *rq, const char *id)
{
	struct quick_reply *q;
	struct scheduled *s;
	struct draft d;
	size_t n;

	AHEAD(rq->cx, draft_get(rq->cx, id, &d));
	AHEAD(rq->cx, quick_reply_list(rq->cx, &q, &n));
	AHEAD(rq->cx, scheduled_list(rq->cx, id, &s, &n));
}

enum err compose_fill(struct req *rq, struct doc *out, const struct conversation *c)
{
	struct scheduled *s;
	struct quick_reply *q;
	struct draft d;
	size_t n;

	TRY(draft_get(rq->cx, c->id, &d));
	TRY(quick_reply_list(rq->cx, &q, &n));
	doc_open(out, "draft");
	doc_hint(out, "text", rq->reshown && req_field(rq, "text") != NULL ? req_field(rq, "text") : d.text);
	shown_file(rq, out, &d, q, n);
	doc_hint(out, "internal", rq->reshown && req_field(rq, "internal") != NULL ? req_field(rq, "internal") : d.text != NULL && d.internal ? "1" : NULL);
	doc_close(out);
	doc_list(out, "quick");
	for (size_t i = 0; i < n && i < 100; i++) {
		doc_item(out);
		doc_hint(out, "id", q[i].id);
		doc_hint(out, "shortcut", q[i].shortcut);
		doc_hint(out, "title", q[i].title);
		doc_hint(out, "category", q[i].category);
		doc_hint(out, "file", q[i].file != NULL ? "1" : NULL);
		doc_close(out);
	}
	doc_close(out);
	TRY(scheduled_list(rq->cx, c->id, &s, &n));
	doc_list(out, "scheduled");
	scheduled_items(rq, out, s, n);
	doc_close(out);
	return quoted(rq, out, c, rq->reshown && req_field(rq, "reply_to") != NULL ? req_field(rq, "reply_to") : req_query(rq, "reply"));
}
