/* handle.c: one request from match to reply, without FastCGI: tests and fuzzers call it as the loop does. */
#include "lib/http/http_internal.h"

#include <string.h>

#include "lib/auth/auth.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/db/schema.h"
#include "lib/http/kept.h"
#include "lib/http/once.h"
#include "lib/view/tmpl.h"

enum { BODY_DEFAULT = 64 * 1024 };

static bool unsafe(enum method m)
{
	return m != GET;
}

bool same_origin(const struct req *rq)
{
	if (!text_empty(rq->fetch_site) && strcmp(rq->fetch_site, "same-origin") != 0 && strcmp(rq->fetch_site, "none") != 0)
		return false;
	if (text_empty(rq->origin))
		return true;
	return text_eq(rq->origin, arena_fmt(rq->cx->arena, "%s://%s", rq->https ? "https" : "http", rq->host != NULL ? rq->host : ""));
}

bool csrf_ok(const struct req *rq, const char *base, const char *given)
{
	struct arena *a = rq->cx->arena;

	return auth_csrf_ok(a, base, given != NULL ? arena_strn(a, given, strcspn(given, ".")) : NULL);
}

static enum err check_csrf(struct req *rq, const char *base)
{
	const char *given = rq->csrf_header != NULL ? rq->csrf_header : req_field(rq, "csrf");

	if (!unsafe(rq->method) || rq->bearer || (rq->route->flags & R_NO_CSRF) != 0)
		return OK;
	if (!same_origin(rq))
		return fail(rq->cx, E_DENIED, "foreign origin");
	if (!csrf_ok(rq, base, given))
		return fail(rq->cx, E_DENIED, "csrf token");
	return OK;
}

struct entering { struct req *rq; struct doc *out; struct entered who; };

/* Runs when the database has said who it is, before anything else is looked at. */
static enum err guard(struct ctx *cx, void *p)
{
	struct entering *en = p;
	struct req *rq = en->rq;
	const struct entered *w = &en->who;

	cx->user_id = w->user_id;
	cx->user_name = w->user_name;
	cx->role = w->role;
	cx->lang = lang_ok(w->locale) ? w->locale : "pt_BR";
	cx->zone = zone_get(w->zone);
	cx->perms = rq->app->perms(w->role);
	cx->masked = (cx->perms & SEES_MASKED) != 0;
	rq->who.session_id = w->session_id;
	rq->who.tenant_name = w->tenant_name;
	rq->who.email = w->user_email;
	rq->who.scope = w->scope;
	rq->who.locale = w->locale;
	rq->who.stale = w->stale;
	doc_reader(en->out, cx->lang, cx->zone, cx->masked);
	TRY(check_csrf(rq, rq->token));
	if (rq->route->need != SIGNED_IN && !req_may(rq, rq->route->need))
		return fail(cx, E_DENIED, "role %s", w->role);
	return OK;
}

static enum err begin(struct req *rq, enum tx tx, struct entering *en)
{
	struct ctx *cx = rq->cx;
	enum db_mode mode = tx == TX_WRITE ? DB_WRITE : DB_READ;

	if (rq->route->need == PUBLIC) {
		if ((rq->route->flags & R_PRE) != 0)
			TRY(check_csrf(rq, rq->pre));
		return tx == TX_NONE ? OK : db_begin(cx, mode, NULL, NULL, NULL, NOARGS, NULL, NULL);
	}
	if (rq->token == NULL || !token_ok(rq->token))
		return fail(cx, E_AUTH, "no session");
	return db_begin(cx, mode, &auth_enter_sql, &entered_type, &en->who, ARGS(arg_bytes(auth_hash(cx->arena, rq->token), 32), A(mode == DB_READ)), guard, en);
}

/* No row from the entering statement means no session; a handler's own E_NOTFOUND comes after it. */
static enum err who_failed(struct req *rq, enum err e)
{
	return e == E_NOTFOUND && rq->route->need != PUBLIC && rq->cx->user_id == NULL ? fail(rq->cx, E_AUTH, "no such session") : e;
}

static enum err run_once(struct req *rq, handler *run, enum tx tx, struct doc **out)
{
	struct ctx *cx = rq->cx;
	enum doc_format f = rq->api ? DOC_JSON : DOC_HTML;
	struct entering *en = ARENA_NEW(cx->arena, struct entering);
	bool done = false;
	enum err e;

	*out = doc_new(cx->arena, f, cx->lang != NULL ? cx->lang : rq->language, cx->zone != NULL ? cx->zone : zone_get("America/Sao_Paulo"), utc_now(), cx->masked);
	en->rq = rq;
	en->out = *out;
	e = begin(rq, tx, en);
	if (e == OK && tx == TX_WRITE)
		e = once_begin(rq, &done);
	if (e == OK && tx != TX_WRITE && f == DOC_HTML && rq->route->need != PUBLIC && (rq->route->flags & R_RAW) == 0 && rq->app->ahead != NULL)
		rq->app->ahead(rq);
	if (e == OK && !done)
		e = run(rq, *out);
	if (e == OK && tx == TX_WRITE && !done)
		e = once_end(rq, *out);
	if (e == OK && f == DOC_HTML && rq->location == NULL && rq->raw == NULL && cx->user_id != NULL && rq->app->chrome != NULL) {
		rq->app->chrome(rq, *out);
		e = cx->db != NULL ? db_entered(cx) : OK;
	}
	if (cx->db != NULL)
		e = db_end(cx, e);
	return who_failed(rq, e);
}

static void forget_reply(struct req *rq)
{
	buf_reset(&rq->headers);
	rq->status = 0;
	rq->location = rq->template = rq->title = rq->flash = rq->etag = NULL;
	rq->raw = NULL;
}

/* The page of a refused form is shown again: its own handler in a new reading unit, with the errors kept. */
static enum err show_again(struct req *rq, enum err e, struct doc **out)
{
	struct field_error *errors = rq->cx->errors;
	const char *why = rq->cx->why;
	enum err shown;

	forget_reply(rq);
	rq->reshown = true;
	rq->template = rq->route->again_template;
	shown = run_once(rq, rq->route->again, TX_READ, out);
	rq->cx->errors = errors;
	rq->cx->why = why;
	rq->location = NULL;
	if (shown == OK)
		return e;
	rq->reshown = false;
	return shown;
}

/* What is only told is as unknown in a request as what does not exist. */
static enum err unknown_names(struct req *rq, const struct param *p, const struct rec_type *t, enum err e)
{
	for (; p != NULL; p = p->next) {
		const struct field *f = t != NULL ? rec_field(t, p->name) : NULL;

		if (f != NULL && (f->flags & RO) == 0)
			continue;
		field_error_add(rq->cx->arena, &rq->cx->errors, p->name, "unknown", NULL);
		return fail(rq->cx, e, "unknown name");
	}
	return OK;
}

/* A JSON member of another type than its field's is refused: 7 is no text, "7" no number. */
static bool type_fits(const struct field *f, char json)
{
	if (json == 'n' || json == 0 || (f->flags & JSON) != 0)
		return true;
	switch (f->kind) {
	case K_I32:
	case K_I64: return json == 'i';
	case K_BOOL: return json == 'b';
	case K_MONEY: return json == 's' || json == 'i' || json == 'r';
	default: return json == 's';
	}
}

static enum err wrong_types(struct req *rq)
{
	struct field_error **errors = &rq->cx->errors;
	const struct field *f;
	enum err e = OK;

	for (const struct param *p = rq->form; p != NULL && rq->route->in != NULL; p = p->next) {
		f = rec_field(rq->route->in, p->name);
		if (f == NULL || type_fits(f, p->json))
			continue;
		field_error_add(rq->cx->arena, errors, p->name, "format", NULL);
		e = fail(rq->cx, E_INVALID, "JSON type of a member");
	}
	return e;
}

/* RFC 9110 §15.5.6: a 405 tells what there is. */
static void allow(struct req *rq)
{
	struct param *cap;
	const char *list = "";

	for (enum method m = GET; m < METHODS; m++)
		if (route_match(rq->cx->arena, rq->app, m, rq->path, rq->api, &cap) > 0)
			list = arena_fmt(rq->cx->arena, "%s%s%s", list, *list != '\0' ? ", " : "", m == GET ? "GET, HEAD" : method_name(m));
	reply_header(rq, "Allow", list);
}

static bool is_multipart(const struct req *rq)
{
	return rq->route->in_files != NULL && rq->content_type != NULL && strncasecmp(rq->content_type, "multipart/form-data", 19) == 0;
}

static enum err read_parts(struct req *rq)
{
	const char *why;
	enum err e = multipart_parse(rq->cx->arena, rq->content_type, rq->body, rq->nbody, &rq->form, &rq->files, &why);

	rq->multipart = true;
	return e == OK ? OK : fail(rq->cx, e, "multipart: %s", why);
}

static enum err read_body(struct req *rq)
{
	struct arena *a = rq->cx->arena;
	const char *why = "form", *type = rq->content_type != NULL ? rq->content_type : "";
	bool bad = false;

	if ((rq->route->flags & R_RAW) != 0 || rq->nbody == 0)
		return OK;
	if (is_multipart(rq))
		return read_parts(rq);
	if (rq->api) {
		if (strncmp(type, "application/json", 16) != 0 && strncmp(type, "application/merge-patch+json", 28) != 0)
			return fail(rq->cx, E_TYPE, "content type %s", type);
		rq->form = params_json(a, rq->body, rq->nbody, &bad, &why);
	} else {
		if (strncmp(type, "application/x-www-form-urlencoded", 33) != 0)
			return fail(rq->cx, E_TYPE, "content type %s", type);
		rq->form = params_parse(a, rq->body, rq->nbody, &bad);
	}
	if (bad)
		return fail(rq->cx, E_SYNTAX, "body: %s", why);
	return OK;
}

/* The row that takes the form at this address, and can show it; 0: none. */
static int form_of(struct req *rq)
{
	int i = route_match(rq->cx->arena, rq->app, POST, rq->path, false, &rq->captures);

	return i > 0 && rq->app->routes[i - 1].again != NULL && rq->app->routes[i - 1].need != PUBLIC ? i : 0;
}

/* Where files are taken, the row's limit is theirs: a form or JSON without them stays as small as elsewhere. */
static size_t body_limit(const struct req *rq)
{
	return rq->route->body_max == 0 || (rq->route->in_files != NULL && !is_multipart(rq)) ? BODY_DEFAULT : rq->route->body_max;
}

static enum err prepare(struct req *rq)
{
	struct arena *a = rq->cx->arena;
	bool bad = false;
	int i = 0;

	rq->kept = kept_id(rq);
	if (rq->kept != NULL)
		i = form_of(rq);
	if (i <= 0) {
		rq->kept = NULL;
		i = route_match(a, rq->app, rq->method, rq->path, rq->api, &rq->captures);
	}
	if (i < 0)
		allow(rq);
	if (i <= 0)
		return i == 0 ? fail(rq->cx, E_NOTFOUND, "no route") : fail(rq->cx, E_METHOD, "method");
	rq->route = &rq->app->routes[i - 1];
	if (rq->nbody > body_limit(rq))
		return fail(rq->cx, E_TOOBIG, "body of %zu bytes", rq->nbody);
	rq->query = params_parse(a, rq->query_string != NULL ? rq->query_string : "", rq->query_string != NULL ? strlen(rq->query_string) : 0, &bad);
	if (bad)
		return fail(rq->cx, E_SYNTAX, "query string");
	if (rq->api)
		TRY(unknown_names(rq, rq->query, rq->route->query, E_SYNTAX));
	TRY(read_body(rq));
	if (rq->api && (rq->route->flags & R_RAW) == 0)
		TRY(unknown_names(rq, rq->form, rq->multipart ? rq->route->in_files : rq->route->in, E_INVALID));
	for (const struct upload *f = rq->files; f != NULL; f = f->next) {
		if (strcmp(f->field, "files") == 0)
			continue;
		field_error_add(a, &rq->cx->errors, f->field, "unknown", NULL);
		return fail(rq->cx, rq->api ? E_INVALID : E_SYNTAX, "a file under an unknown name");
	}
	if (rq->api)
		TRY(wrong_types(rq));
	return once_key(rq);
}

static void find_tokens(struct req *rq)
{
	const char *auth = rq->authorization, *pre;

	if (auth != NULL && strncasecmp(auth, "Bearer ", 7) == 0) {
		rq->token = auth + 7;
		rq->bearer = true;
	} else {
		rq->token = req_cookie(rq, "balcao");
	}
	if (rq->route == NULL || (rq->route->flags & R_PRE) == 0)
		return;
	if (rq->method == GET)
		pre_session(rq);
	else if ((pre = req_cookie(rq, pre_cookie_name(rq))) != NULL && token_ok(pre))
		rq->pre = pre;
}

/* Marks a session as seen, at most once a minute, after the answer stands: it cannot fail the request. */
static void mark_seen(struct req *rq)
{
	struct ctx *cx = rq->cx;
	const char *why = cx->why;
	enum err e;

	if (!rq->who.stale)
		return;
	e = db_begin(cx, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL);
	if (e == OK)
		e = db_exec(cx, &auth_seen_sql, NULL, ARGS(arg_bytes(auth_hash(cx->arena, rq->token), 32)));
	e = db_end(cx, e);
	if (e != OK)
		log_kv(LOG_WARN, "seen", "why", cx->why, NULL);
	cx->why = why;
}

/*
 * Once per process: a schema that this program was not built for ends it, before it can misread
 * anything. Done with the first request, because the database may be away when the program starts.
 */
static enum err schema_known(struct ctx *cx)
{
	static bool known;
	const char *bad;

	if (known)
		return OK;
	bad = db_schema_check(cx);
	if (bad != NULL && (db_fd(cx->db) < 0 || !db_alive(cx->db))) {
		cx->retry_after = 2;
		return fail(cx, E_BUSY, "%s", bad);
	}
	if (bad != NULL)
		die("%s", bad);
	known = true;
	return OK;
}

/* What the handler left for after the answer, as the same user, in a unit of its own. */
static void run_after(struct req *rq)
{
	struct ctx *cx = rq->cx;
	struct entered *who = ARENA_NEW(cx->arena, struct entered);
	enum err e;

	if (rq->after == NULL)
		return;
	if (rq->route->need == PUBLIC)
		e = db_begin(cx, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL);
	else
		e = db_begin(cx, DB_WRITE, &auth_enter_sql, &entered_type, who, ARGS(arg_bytes(auth_hash(cx->arena, rq->token), 32), A(false)), NULL, NULL);
	if (e == OK)
		e = rq->after(rq);
	e = db_end(cx, e);
	if (e != OK)
		log_kv(LOG_WARN, "after", "err", err_name(e), "why", cx->why, NULL);
}

static void log_request_line(struct req *rq, enum err e, int64_t ms)
{
	int status = e != OK ? err_status(e) : rq->status != 0 ? rq->status : 200;

	log_kv(status >= 500 ? LOG_ERROR : LOG_INFO, "request", "method", method_name(rq->method), "route", rq->route != NULL ? rq->route->path : "-", "face",
	    rq->api ? "api" : "page", "status", log_i(status), "ms", log_i(ms), "sql", log_i(rq->cx->statements), "trips", log_i(rq->cx->trips), "user", rq->cx->user_id, "why",
	    e != OK ? rq->cx->why : NULL, NULL);
}

void app_handle(const struct app *app, struct req *rq, struct buf *out)
{
	struct ctx *cx = rq->cx;
	struct doc *doc = NULL;
	enum err e;

	rq->app = app;
	rq->started_ms = mono_ms();
	if (text_starts(rq->path, "/api/")) {
		rq->api = true;
		rq->path += 4;
	}
	log_request(rq->id);
	e = prepare(rq);
	find_tokens(rq);
	if (e == OK && cx->db != NULL)
		e = schema_known(cx);
	cx->statements = cx->trips = 0; /* of the request, not of the process's first look */
	if (e == OK && rq->kept != NULL) {
		rq->reshown = true;
		rq->template = rq->route->again_template;
		e = run_once(rq, kept_show, TX_READ, &doc);
		rq->reshown = e == OK;
	} else if (e == OK) {
		e = run_once(rq, rq->route->run, rq->route->tx, &doc);
		if (e == E_RETRY) {
			forget_reply(rq);
			cx->errors = NULL;
			e = run_once(rq, rq->route->run, rq->route->tx, &doc);
			e = e == E_RETRY ? E_BUSY : e;
		}
		if (!rq->api && rq->route->again != NULL && (e == E_INVALID || e == E_CONFLICT || e == E_RATE))
			e = show_again(rq, e, &doc);
	}
	reply_write(rq, e, doc, out);
	log_request_line(rq, e, mono_ms() - rq->started_ms);
}

void app_after(struct req *rq)
{
	mark_seen(rq);
	run_after(rq);
}
