#include "cgi/auth/auth_app.h"

#include <string.h>

#include "cgi/chrome.h"
#include "lib/base/text.h"
#include "lib/view/tmpl.h"
#include "model/account.h"

/* "Firefox, Linux" out of a User-Agent: enough for people to know their own devices again. */
static const char *agent_text(struct arena *a, const char *agent)
{
	static const char *const browsers[][2] = { { "Edg/", "Edge" }, { "OPR/", "Opera" }, { "Firefox/", "Firefox" }, { "Chrome/", "Chrome" }, { "Safari/", "Safari" }, { "curl/", "curl" } };
	static const char *const systems[][2] = { { "Android", "Android" }, { "iPhone", "iPhone" }, { "iPad", "iPad" }, { "Windows", "Windows" }, { "Mac OS", "macOS" }, { "Linux", "Linux" } };
	const char *b = NULL, *s = NULL;

	if (text_empty(agent))
		return "?";
	for (size_t i = 0; i < nitems(browsers) && b == NULL; i++)
		b = strstr(agent, browsers[i][0]) != NULL ? browsers[i][1] : NULL;
	for (size_t i = 0; i < nitems(systems) && s == NULL; i++)
		s = strstr(agent, systems[i][0]) != NULL ? systems[i][1] : NULL;
	return b == NULL ? utf8_cut(a, agent, 40) : s == NULL ? b : arena_fmt(a, "%s, %s", b, s);
}

static enum err sessions(struct req *rq, struct doc *out, const char *name)
{
	struct session_row *s;
	size_t n;

	TRY(account_sessions(rq->cx, &s, &n));
	doc_list(out, name);
	for (size_t i = 0; i < n; i++) {
		doc_item(out);
		doc_fields(out, &session_row_type, &s[i]);
		doc_hint(out, "agent_text", agent_text(rq->cx->arena, s[i].agent));
		doc_close(out);
	}
	doc_close(out);
	return OK;
}

enum err sessions_api(struct req *rq, struct doc *out)
{
	TRY(sessions(rq, out, "items"));
	doc_text(out, "next", NULL);
	return OK;
}

enum err account_page(struct req *rq, struct doc *out)
{
	TRY(sessions(rq, out, "sessions"));
	if (!rq->reshown) {
		doc_open(out, "form");
		doc_hint(out, "locale", rq->cx->lang);
		doc_close(out);
	}
	rq->title = text_get(rq->cx->arena, rq->cx->lang, "account.title", NULL);
	return OK;
}

enum err me_api(struct req *rq, struct doc *out)
{
	TRY(db_entered(rq->cx));
	doc_text(out, "id", rq->cx->user_id);
	doc_text(out, "name", rq->cx->user_name);
	doc_text(out, "email", rq->who.email);
	doc_text(out, "role", rq->cx->role);
	doc_text(out, "scope", rq->who.scope);
	doc_text(out, "tenant", rq->who.tenant_name);
	doc_text(out, "locale", rq->cx->lang);
	return OK;
}

enum err password_post(struct req *rq, struct doc *out)
{
	struct password_change in = { 0 };

	(void)out;
	TRY(req_bind(rq, &password_change_type, &in, false));
	TRY(account_password(rq->cx, &in));
	return reply_to(rq, 303, "/account", "ok.password_changed");
}

enum err session_end_post(struct req *rq, struct doc *out)
{
	(void)out;
	TRY(account_session_end(rq->cx, req_capture(rq, "id")));
	if (rq->api)
		return reply_raw(rq, 204, NULL, "", 0);
	return reply_to(rq, 303, "/account", "ok.sessions_ended");
}

enum err others_end_post(struct req *rq, struct doc *out)
{
	(void)out;
	TRY(account_session_end(rq->cx, NULL));
	return reply_to(rq, 303, "/account", "ok.sessions_ended");
}

enum err preferences_post(struct req *rq, struct doc *out)
{
	struct preferences in = { 0 };

	(void)out;
	TRY(req_bind(rq, &preferences_type, &in, false));
	TRY(account_locale(rq->cx, in.locale));
	reply_cookie(rq, "balcao_theme", in.theme, 365 * 86400);
	reply_cookie(rq, "balcao_lang", in.locale, 365 * 86400);
	return reply_to(rq, 303, "/account", "ok.preferences_saved");
}

/* The language of pages before signing in: a cookie and back to where one was. */
enum err language_get(struct req *rq, struct doc *out)
{
	const char *to = req_query(rq, "to"), *next = req_query(rq, "next");

	(void)out;
	if (to != NULL && lang_ok(to))
		reply_cookie(rq, "balcao_lang", to, 365 * 86400);
	return reply_to(rq, 303, next_ok(next) ? next : "/login", NULL);
}
