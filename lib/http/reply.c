#include "lib/http/http_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/auth/auth.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/http/kept.h"
#include "lib/view/tmpl.h"

static const char strict_csp[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

static const char *reason(int status)
{
	static const struct { int s; const char *r; } t[] = {
		{ 200, "OK" }, { 201, "Created" }, { 204, "No Content" }, { 303, "See Other" }, { 304, "Not Modified" }, { 400, "Bad Request" },
		{ 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" }, { 409, "Conflict" },
		{ 410, "Gone" }, { 412, "Precondition Failed" }, { 413, "Content Too Large" }, { 415, "Unsupported Media Type" }, { 422, "Unprocessable Content" },
		{ 428, "Precondition Required" }, { 429, "Too Many Requests" }, { 500, "Internal Server Error" }, { 503, "Service Unavailable" },
	};

	for (size_t i = 0; i < nitems(t); i++)
		if (t[i].s == status)
			return t[i].r;
	return "Status";
}

static void head(struct req *rq, struct buf *to, int status, const char *type)
{
	buf_fmt(to, "Status: %d %s\r\n", status, reason(status));
	if (type != NULL)
		buf_fmt(to, "Content-Type: %s\r\n", type);
	if (rq->headers.n > 0)
		buf_add(to, rq->headers.p, rq->headers.n);
	if (rq->headers.p == NULL || strstr(rq->headers.p, "Cache-Control:") == NULL)
		buf_str(to, "Cache-Control: no-store\r\n");
	if (rq->headers.p == NULL || strstr(rq->headers.p, "Content-Security-Policy:") == NULL)
		buf_fmt(to, "Content-Security-Policy: %s\r\n", rq->app->csp != NULL ? rq->app->csp : strict_csp);
	buf_str(to, "Vary: Accept, Cookie, Authorization\r\n\r\n");
}

/* ---- API errors: RFC 9457 ---- */

static const char *lang_of(struct req *rq)
{
	return rq->cx->lang != NULL ? rq->cx->lang : rq->language;
}

static void problem_errors(struct req *rq, struct buf *b)
{
	struct arena *a = rq->cx->arena;
	const char *sep = "";

	if (rq->cx->errors == NULL)
		return;
	buf_str(b, ",\"errors\":[");
	for (const struct field_error *f = rq->cx->errors; f != NULL; f = f->next, sep = ",") {
		buf_fmt(b, "%s{\"pointer\":", sep);
		buf_json(b, arena_fmt(a, "/%s", f->field));
		buf_str(b, ",\"code\":");
		buf_json(b, f->code);
		buf_str(b, ",\"detail\":");
		buf_json(b, text_get(a, lang_of(rq), arena_fmt(a, "err.%s", f->code), f->arg));
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void problem(struct req *rq, enum err e, int status, struct buf *to)
{
	struct arena *a = rq->cx->arena;
	struct buf b = { 0 };

	buf_fmt(&b, "{\"type\":\"/problems/%s\",\"title\":", err_name(e));
	buf_json(&b, text_get(a, lang_of(rq), arena_fmt(a, "problem.%s.title", err_name(e)), NULL));
	buf_fmt(&b, ",\"status\":%d,\"detail\":", status);
	buf_json(&b, text_get(a, lang_of(rq), arena_fmt(a, "problem.%s.text", err_name(e)), NULL));
	buf_str(&b, ",\"instance\":");
	buf_json(&b, arena_fmt(a, "%s%s", rq->api ? "/api" : "", rq->path));
	problem_errors(rq, &b);
	buf_str(&b, ",\"request_id\":");
	buf_json(&b, rq->id);
	buf_char(&b, '}');
	head(rq, to, status, "application/problem+json");
	buf_add(to, b.p, b.n);
	buf_free(&b);
}

/* ---- pages ---- */

static void page_errors(struct req *rq, struct doc *out)
{
	struct arena *a = rq->cx->arena;

	if (rq->cx->errors == NULL)
		return;
	doc_list(out, "Errors");
	for (const struct field_error *f = rq->cx->errors; f != NULL; f = f->next) {
		doc_item(out);
		doc_hint(out, "field", f->field);
		doc_hint(out, "text", text_get(a, lang_of(rq), arena_fmt(a, "err.%s", f->code), f->arg));
		doc_close(out);
	}
	doc_close(out);
	doc_open(out, "Error");
	for (const struct field_error *f = rq->cx->errors; f != NULL; f = f->next)
		doc_hint(out, f->field, text_get(a, lang_of(rq), arena_fmt(a, "err.%s", f->code), f->arg));
	doc_close(out);
}

/* Names become paths in the tree: only those our own forms use may. Passwords are never shown again. */
bool form_echo_ok(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789")] == '\0' && *name != '\0' && strstr(name, "password") == NULL &&
	    strcmp(name, "current") != 0 && strcmp(name, "again") != 0 && strcmp(name, "csrf") != 0;
}

/* Only what some template has a word for: members are found by walking, and a body may hold thousands of other names. */
static void page_form(struct req *rq, struct doc *out)
{
	if (!rq->reshown)
		return;
	doc_open(out, "form");
	for (const struct param *p = rq->form; p != NULL; p = p->next)
		if (form_echo_ok(p->name) && tmpl_names(p->name) && !p->null)
			doc_hint(out, p->name, p->value);
	doc_close(out);
}

static void page_flash(struct req *rq, struct doc *out)
{
	const char *f = req_cookie(rq, "balcao_flash"), *dot = f != NULL ? strchr(f, '.') : NULL, *colon = f != NULL ? strchr(f, ':') : NULL, *key;
	char *arg = colon != NULL ? arena_str(rq->cx->arena, colon + 1) : NULL;

	if (rq->look || dot == NULL || strlen(f) > 60 || f[strspn(f, "abcdefghijklmnopqrstuvwxyz_.:0123456789")] != '\0' || (colon != NULL && colon < dot))
		return;
	/* "ok.key:7_de_9": what fills the text's {0}. */
	for (char *p = arg; p != NULL && *p != '\0'; p++)
		*p = *p == '_' ? ' ' : *p;
	key = arena_strn(rq->cx->arena, dot + 1, colon != NULL ? (size_t)(colon - dot - 1) : strlen(dot + 1));
	doc_open(out, "flash");
	doc_hint(out, "kind", arena_strn(rq->cx->arena, f, (size_t)(dot - f)));
	doc_hint(out, "text", text_get(rq->cx->arena, lang_of(rq), arena_fmt(rq->cx->arena, "flash.%s", key), arg));
	doc_close(out);
	reply_cookie(rq, "balcao_flash", "", -1);
}

void page_fill(struct req *rq, struct doc *out, enum err e)
{
	struct arena *a = rq->cx->arena;
	const char *base = rq->token != NULL && rq->cx->user_id != NULL ? rq->token : rq->pre;
	const char *theme = req_cookie(rq, "balcao_theme");

	page_errors(rq, out);
	page_form(rq, out);
	doc_open(out, "Page");
	doc_hint(out, "lang", strcmp(lang_of(rq), "en") == 0 ? "en" : "pt-BR");
	doc_hint(out, "theme", theme != NULL && (strcmp(theme, "dark") == 0 || strcmp(theme, "light") == 0) ? theme : "auto");
	doc_hint(out, "static", arena_fmt(a, "/static/v/%s", app_conf.static_version));
	doc_hint(out, "static_version", app_conf.static_version);
	doc_hint(out, "url", text_empty(rq->query_string) ? rq->path : arena_fmt(a, "%s?%s", rq->path, rq->query_string));
	doc_hint(out, "csrf", base == NULL ? NULL : rq->cx->user_id == NULL ? auth_csrf(a, base) : arena_fmt(a, "%s.%s", auth_csrf(a, base), rq->cx->user_id));
	doc_hint(out, "once", token_new(a));
	doc_hint(out, "live", rq->cx->user_id != NULL ? "1" : NULL);
	doc_hint(out, "request_id", rq->id);
	doc_hint(out, "error", rq->reshown && e != OK ? err_name(e) : NULL);
	doc_hint(out, "ms", arena_fmt(a, "%lld", (long long)(mono_ms() - rq->started_ms)));
	if (rq->title != NULL)
		doc_hint(out, "title", e == OK ? rq->title : text_get(a, lang_of(rq), "page.error", rq->title));
	page_flash(rq, out);
	doc_close(out);
}

/* A page of the skeleton's own, without the frame. */
static void bare_page(struct req *rq, struct doc *d, const char *template, int status, struct buf *to)
{
	struct buf b = { 0 };
	const char *bad;

	rq->reshown = false;
	rq->cx->errors = NULL;
	page_fill(rq, d, OK);
	bad = tmpl_render(template, d, &b);
	if (bad != NULL)
		log_kv(LOG_ERROR, "template", "name", template, "why", bad, NULL);
	head(rq, to, status, "text/html; charset=utf-8");
	buf_add(to, b.n > 0 ? b.p : "", b.n);
	buf_free(&b);
}

static struct doc *bare_doc(struct req *rq)
{
	return doc_new(rq->cx->arena, DOC_HTML, lang_of(rq), rq->cx->zone != NULL ? rq->cx->zone : zone_get("UTC"), utc_now(), true);
}

static void error_page(struct req *rq, enum err e, int status, struct buf *to)
{
	struct arena *a = rq->cx->arena;
	struct doc *d = bare_doc(rq);

	rq->title = text_get(a, lang_of(rq), arena_fmt(a, "problem.%s.title", err_name(e)), NULL);
	doc_hint(d, "status", arena_fmt(a, "%d", status));
	doc_hint(d, "title", rq->title);
	doc_hint(d, "text", text_get(a, lang_of(rq), arena_fmt(a, "problem.%s.text", err_name(e)), NULL));
	doc_hint(d, "request_id", rq->id);
	bare_page(rq, d, "lib/error", status, to);
}

/* The page of ours that the request came from, NULL when it does not tell. */
static const char *came_from(struct req *rq)
{
	const char *site = arena_fmt(rq->cx->arena, "%s://%s", rq->https ? "https" : "http", rq->host != NULL ? rq->host : "");

	return rq->referer != NULL && text_starts(rq->referer, site) && rq->referer[strlen(site)] == '/' ? rq->referer + strlen(site) : NULL;
}

/* The login in place of a form whose session had ended, holding what was typed; false when there is nothing to hold. A script asks for itself and keeps its text. */
static bool login_with_form(struct req *rq, const char *next, struct buf *to)
{
	struct doc *d;
	const char *kept;

	if (rq->method != POST || text_eq(rq->fetch_dest, "empty"))
		return false;
	pre_session(rq);
	kept = kept_seal(rq);
	if (kept == NULL)
		return false;
	d = bare_doc(rq);
	doc_open(d, "form");
	doc_hint(d, "kept", kept);
	doc_hint(d, "next", next);
	doc_close(d);
	rq->title = text_get(rq->cx->arena, lang_of(rq), "login.title", NULL);
	bare_page(rq, d, "auth/login", 401, to);
	return true;
}

/* A page that needs a session and has none goes to the login and comes back. */
static void to_login(struct req *rq, struct buf *to)
{
	const char *here = text_empty(rq->query_string) ? rq->path : arena_fmt(rq->cx->arena, "%s?%s", rq->path, rq->query_string);
	const char *back = rq->method == GET && rq->kept == NULL ? here : came_from(rq);
	struct buf next = { 0 };

	if (login_with_form(rq, back, to))
		return;
	if (back != NULL && strcmp(back, "/") != 0)
		buf_url(&next, back);
	head(rq, to, 303, NULL);
	to->n -= 2;
	buf_fmt(to, "Location: /login%s%s\r\n\r\n", next.n > 0 ? "?next=" : "", next.n > 0 ? next.p : "");
	buf_free(&next);
}

static void retry_after(struct req *rq, enum err e)
{
	if (e == E_RATE || e == E_BUSY)
		reply_header(rq, "Retry-After", arena_fmt(rq->cx->arena, "%d", rq->cx->retry_after > 0 ? rq->cx->retry_after : 2));
}

static void error_reply(struct req *rq, enum err e, struct buf *to)
{
	int status = err_status(e);

	retry_after(rq, e);
	if (e == E_AUTH && rq->api)
		reply_header(rq, "WWW-Authenticate", rq->token != NULL ? "Bearer realm=\"balcao\", error=\"invalid_token\"" : "Bearer realm=\"balcao\"");
	if (e == E_AUTH && !rq->api && rq->route != NULL && (rq->route->flags & R_RAW) == 0)
		to_login(rq, to);
	else if (rq->api || (rq->route != NULL && (rq->route->flags & R_RAW) != 0))
		problem(rq, e, status, to);
	else
		error_page(rq, e, status, to);
}

static void page_reply(struct req *rq, enum err e, struct doc *out, struct buf *to)
{
	const char *name = rq->template != NULL ? rq->template : rq->route->template, *bad;
	struct buf b = { 0 };

	page_fill(rq, out, e);
	bad = tmpl_render(name, out, &b);
	if (bad != NULL) {
		buf_free(&b);
		(void)fail(rq->cx, E_INTERNAL, "template %s: %s", name, bad);
		error_reply(rq, E_INTERNAL, to);
		return;
	}
	retry_after(rq, e);
	head(rq, to, e != OK ? err_status(e) : rq->status != 0 ? rq->status : 200, "text/html; charset=utf-8");
	buf_add(to, b.p, b.n);
	buf_free(&b);
}

void reply_write(struct req *rq, enum err e, struct doc *out, struct buf *to)
{
	const struct buf *b;

	if (e != OK && !rq->reshown) {
		error_reply(rq, e, to);
	} else if (rq->raw != NULL) {
		head(rq, to, rq->status, rq->type);
		buf_add(to, rq->raw, rq->nraw);
	} else if (!rq->api && rq->location != NULL) {
		head(rq, to, rq->status, NULL);
		to->n -= 2;
		buf_fmt(to, "Location: %s\r\n\r\n", rq->location);
	} else if (doc_html(out)) {
		page_reply(rq, e, out, to);
	} else {
		if (rq->location != NULL)
			reply_header(rq, "Location", arena_fmt(rq->cx->arena, "/api%s", rq->location));
		b = doc_bytes(out);
		if (rq->status == 204) {
			head(rq, to, 204, NULL);
			return;
		}
		head(rq, to, rq->status != 0 ? rq->status : 200, doc_format(out) == DOC_CSV ? "text/csv; charset=utf-8" : "application/json");
		buf_add(to, b->p, b->n);
	}
}
