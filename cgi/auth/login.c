#include "cgi/auth/auth_app.h"

#include <string.h>

#include "cgi/chrome.h"
#include "lib/auth/auth.h"
#include "lib/base/text.h"
#include "lib/http/kept.h"
#include "lib/view/tmpl.h"
#include "model/account.h"
#include "model/perm.h"

static const char *safe_next(const char *next)
{
	return next_ok(next) ? next : "/";
}

/* The first page a role can read. */
enum err home(struct req *rq, struct doc *out)
{
	(void)out;
	TRY(db_entered(rq->cx));
	return reply_to(rq, 303, req_may(rq, CONVERSATION_READ) ? "/conversations" : "/account", NULL);
}

enum err login_page(struct req *rq, struct doc *out)
{
	const char *next = req_query(rq, "next");

	if (!rq->reshown) {
		doc_open(out, "form");
		doc_hint(out, "next", next != NULL ? safe_next(next) : NULL);
		doc_close(out);
	}
	rq->title = text_get(rq->cx->arena, rq->language, "login.title", NULL);
	return OK;
}

/* A failure is undone with its unit, so it is counted in a unit of its own. */
static enum err count_failure(struct req *rq, const char *email, enum err e)
{
	struct field_error *errors = rq->cx->errors;
	const char *why = rq->cx->why;
	enum err c;

	if (e != E_INVALID)
		return e;
	c = db_begin(rq->cx, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL);
	if (c == OK)
		c = account_login_failed(rq->cx, email, rq->ip);
	c = db_end(rq->cx, c);
	rq->cx->errors = errors;
	rq->cx->why = why;
	return c == OK ? e : c;
}

enum err login_post(struct req *rq, struct doc *out)
{
	struct login in = { 0 };
	const char *token = NULL, *kept = NULL;
	enum err e;

	(void)out;
	TRY(req_bind(rq, &login_type, &in, false));
	e = db_begin(rq->cx, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL);
	if (e == OK)
		e = account_login(rq->cx, &in, rq->ip, rq->agent, &token);
	e = db_end(rq->cx, e);
	TRY(count_failure(rq, in.email, e));
	TRY(kept_restore(rq, req_field(rq, "kept"), token, &kept));
	reply_cookie(rq, "balcao", token, in.remember ? 30 * 86400 : 0);
	reply_cookie(rq, "balcao_pre", "", -1);
	return kept != NULL ? reply_to(rq, 303, kept, "info.kept") : reply_to(rq, 303, safe_next(in.next), NULL);
}

static enum err pair(struct req *rq, struct doc *out, const struct tokens *t)
{
	doc_text(out, "access_token", t->access);
	doc_text(out, "refresh_token", t->refresh);
	doc_text(out, "token_type", "Bearer");
	doc_i64(out, "expires_in", t->expires_in);
	rq->status = 200;
	return OK;
}

/* Who the new access token belongs to: asked in a unit entered with it. */
static enum err user_of(struct req *rq, struct doc *out, const struct tokens *t)
{
	struct entered who;
	enum err e = db_begin(rq->cx, DB_READ, &auth_enter_sql, &entered_type, &who, ARGS(arg_bytes(auth_hash(rq->cx->arena, t->access), 32), A(true)), NULL, NULL);

	if (e == OK)
		e = db_entered(rq->cx);
	e = db_end(rq->cx, e);
	TRY(e);
	doc_open(out, "user");
	doc_text(out, "id", who.user_id);
	doc_text(out, "name", who.user_name);
	doc_text(out, "email", who.user_email);
	doc_text(out, "role", who.role);
	doc_text(out, "scope", who.scope);
	doc_text(out, "tenant", who.tenant_name);
	doc_text(out, "locale", who.locale);
	doc_close(out);
	return OK;
}

enum err login_api(struct req *rq, struct doc *out)
{
	struct login in = { 0 };
	struct tokens t;
	enum err e;

	TRY(req_bind(rq, &login_api_type, &in, false));
	e = db_begin(rq->cx, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL);
	if (e == OK)
		e = account_login_bearer(rq->cx, &in, rq->ip, rq->agent, &t);
	e = db_end(rq->cx, e);
	e = count_failure(rq, in.email, e);
	/* RFC 9110: missing or wrong credentials are 401, whatever the field errors say. */
	if (e == E_INVALID)
		return fail(rq->cx, E_AUTH, "login");
	TRY(e);
	TRY(pair(rq, out, &t));
	return user_of(rq, out, &t);
}

enum err refresh_api(struct req *rq, struct doc *out)
{
	struct refresh in = { 0 };
	struct tokens t;
	bool ok = false;
	enum err e;

	TRY(req_bind(rq, &refresh_type, &in, false));
	e = db_begin(rq->cx, DB_WRITE, NULL, NULL, NULL, NOARGS, NULL, NULL);
	if (e == OK)
		e = account_refresh(rq->cx, in.refresh_token, rq->ip, rq->agent, &t, &ok);
	TRY(db_end(rq->cx, e));
	if (!ok)
		return fail(rq->cx, E_AUTH, "refresh token");
	TRY(pair(rq, out, &t));
	return user_of(rq, out, &t);
}

enum err logout_post(struct req *rq, struct doc *out)
{
	(void)out;
	TRY(account_session_end(rq->cx, rq->who.session_id));
	if (rq->api)
		return reply_raw(rq, 204, NULL, "", 0);
	reply_cookie(rq, "balcao", "", -1);
	return reply_to(rq, 303, "/login", "info.logged_out");
}
