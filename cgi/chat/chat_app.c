#include "cgi/chat/chat_app.h"

#include <string.h>

#include "cgi/files.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/view/tmpl.h"
#include "model/chat.h"
#include "model/perm.h"

static const struct route routes[] = {
	{ GET, "/chat/:key", chat_page, PUBLIC, TX_READ, "chat/page", .flags = R_PAGE | R_PRE },
	{ GET, "/chat/:key/messages", chat_frame, PUBLIC, TX_READ, "chat/messages", .flags = R_PAGE | R_PRE },
	{ GET, "/chat/:key/files/:id", chat_file_show, PUBLIC, TX_READ, NULL, .flags = R_PAGE | R_PRE | R_RAW },
	{ POST, "/chat/:key", chat_post, PUBLIC, TX_WRITE, NULL, R_PAGE | R_PRE, .body_max = FILES_BODY_MAX, .in_files = &chat_form_type, .again = chat_page, .again_template = "chat/page" },
};

const struct app chat_app = { "chat", "balcao_ingest", routes, nitems(routes), .perms = perms_of, .visitor_cookie = "balcao_visitor", .conf = files_rows, .conf_out = &files_conf,
	.csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'" };

static enum err enter(struct req *rq, bool readonly, struct doc *out, struct chat *c)
{
	struct ctx *cx = rq->cx;

	if (rq->pre == NULL)
		return fail(cx, E_DENIED, "no visitor cookie");
	TRY(chat_enter(cx, req_capture(rq, "key"), chat_visitor(cx->arena, rq->pre), readonly, c));
	cx->lang = req_cookie(rq, "balcao_lang") != NULL ? rq->language : lang_ok(c->locale) ? c->locale : "pt_BR";
	cx->zone = zone_get(c->zone);
	doc_reader(out, cx->lang, cx->zone, false);
	return OK;
}

/* What the visitor's browser has shown is read: told to the database once the page is out. */
static enum err mark_seen(struct req *rq)
{
	struct chat c;

	TRY(chat_enter(rq->cx, req_capture(rq, "key"), chat_visitor(rq->cx->arena, rq->pre), false, &c));
	return chat_seen(rq->cx, &c);
}

static void item(struct req *rq, struct doc *out, const struct chat_message *m, const struct chat_message *before, const struct attachment *f, size_t nfiles)
{
	struct arena *a = rq->cx->arena;
	struct civil c = zone_civil(rq->cx->zone, m->sent_at), p = { 0 };

	if (before != NULL)
		p = zone_civil(rq->cx->zone, before->sent_at);
	doc_item(out);
	doc_fields(out, &chat_message_type, m);
	doc_hint(out, "who", strcmp(m->direction, "in") == 0 ? "me" : "team");
	doc_hint(out, "deleted", utc_none(m->deleted_at) ? NULL : "1");
	if (before == NULL || c.day != p.day || c.month != p.month || c.year != p.year)
		doc_hint(out, "day", date_day(a, rq->cx->lang, rq->cx->zone, rq->cx->now, m->sent_at));
	doc_list(out, "attachments");
	for (size_t i = 0; i < nfiles; i++)
		if (strcmp(f[i].message_id, m->id) == 0)
			file_item(rq, out, &f[i], arena_fmt(a, "/chat/%s/files", req_capture(rq, "key")));
	doc_close(out);
	doc_close(out);
}

static enum err messages(struct req *rq, struct doc *out, const struct chat *c)
{
	struct chat_message *m = NULL;
	struct attachment *f = NULL;
	bool unread = false;
	size_t n, nfiles;

	TRY(chat_messages(rq->cx, c, &m, &n));
	TRY(chat_files(rq->cx, c, &f, &nfiles));
	doc_list(out, "messages");
	for (size_t i = 0; i < n; i++) {
		item(rq, out, &m[i], i > 0 ? &m[i - 1] : NULL, f, nfiles);
		unread = unread || (strcmp(m[i].direction, "out") == 0 && strcmp(m[i].status, "read") != 0);
	}
	doc_close(out);
	if (unread)
		rq->after = mark_seen;
	return OK;
}

static void about(struct req *rq, struct doc *out, const struct chat *c)
{
	struct arena *a = rq->cx->arena;

	doc_open(out, "chat");
	doc_hint(out, "key", req_capture(rq, "key"));
	doc_hint(out, "tenant_name", c->tenant_name);
	doc_hint(out, "name", c->name);
	doc_hint(out, "greeting", c->greeting);
	doc_hint(out, "post_url", arena_fmt(a, "/chat/%s", req_capture(rq, "key")));
	doc_close(out);
	doc_open(out, "visitor");
	doc_hint(out, "name", c->contact_name);
	doc_hint(out, "email", c->contact_email);
	doc_hint(out, "known", c->contact_id != NULL ? "1" : NULL);
	doc_close(out);
}

enum err chat_page(struct req *rq, struct doc *out)
{
	const char *token = req_field(rq, "token");
	struct chat c;

	TRY(enter(rq, true, out, &c));
	about(rq, out, &c);
	TRY(messages(rq, out, &c));
	doc_hint(out, "token", rq->reshown && token != NULL ? token : token_new(rq->cx->arena));
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "chat.title", c.tenant_name);
	return OK;
}

/* The list alone, for the frame of a browser without script: it asks again by itself. */
enum err chat_frame(struct req *rq, struct doc *out)
{
	struct chat c;

	TRY(enter(rq, true, out, &c));
	about(rq, out, &c);
	reply_header(rq, "Refresh", "10");
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "chat.title", c.tenant_name);
	return messages(rq, out, &c);
}

enum err chat_post(struct req *rq, struct doc *out)
{
	struct chat_form in = { 0 };
	struct file *files;
	struct chat c;
	bool made = false;
	enum err e;
	size_t n;

	TRY(enter(rq, false, out, &c));
	TRY(req_bind(rq, &chat_form_type, &in, false));
	if (in.token[strspn(in.token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] != '\0')
		return fail_field(rq->cx, "token", "format", NULL);
	TRY(files_taken(rq, &files, &n));
	e = chat_say(rq->cx, req_capture(rq, "key"), chat_visitor(rq->cx->arena, rq->pre), &in, files, n, &made);
	if (e != OK || !made)
		files_drop(files_conf.root, files, n);
	TRY(e);
	return reply_to(rq, 303, arena_fmt(rq->cx->arena, "/chat/%s", req_capture(rq, "key")), NULL);
}

enum err chat_file_show(struct req *rq, struct doc *out)
{
	struct attachment f;
	struct chat c;

	TRY(enter(rq, true, out, &c));
	TRY(chat_file(rq->cx, &c, req_capture(rq, "id"), &f));
	return file_reply(rq, &f);
}
