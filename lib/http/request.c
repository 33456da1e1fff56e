#include "lib/http/http_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/auth/auth.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"

static const char *first(const struct param *p, const char *name)
{
	for (; p != NULL; p = p->next)
		if (strcmp(p->name, name) == 0)
			return p->value;
	return NULL;
}

const char *req_capture(const struct req *rq, const char *name)
{
	const char *v = first(rq->captures, name);

	if (v == NULL)
		die("route %s captures no %s", rq->route->path, name);
	return v;
}

const char *req_query(const struct req *rq, const char *name)
{
	return first(rq->query, name);
}

const char *req_field(const struct req *rq, const char *name)
{
	return first(rq->form, name);
}

const struct param *req_field_next(const struct req *rq, const struct param *p, const char *name)
{
	for (p = p != NULL ? p->next : rq->form; p != NULL; p = p->next)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

enum err req_query_int(struct req *rq, const char *name, int64_t min, int64_t max, int64_t def, int64_t *out)
{
	const char *v = req_query(rq, name);

	*out = def;
	if (text_empty(v) || parse_i64(v, min, max, out))
		return OK;
	field_error_add(rq->cx->arena, &rq->cx->errors, name, "range", arena_fmt(rq->cx->arena, "%lld–%lld", (long long)min, (long long)max));
	return fail(rq->cx, E_SYNTAX, "parameter %s", name);
}

struct source { const struct param *p; };

static const char *source_get(void *src, const char *name, bool *is_null)
{
	for (const struct param *p = ((struct source *)src)->p; p != NULL; p = p->next) {
		if (strcmp(p->name, name) == 0) {
			*is_null = p->null;
			return p->null ? "" : p->value;
		}
	}
	return NULL;
}

static enum err bind(struct req *rq, const struct param *from, const struct rec_type *t, void *rec, bool partial)
{
	struct source src = { from };

	return rec_bind(rq->cx->arena, t, rec, source_get, &src, partial, &rq->cx->errors);
}

enum err req_bind(struct req *rq, const struct rec_type *t, void *rec, bool partial)
{
	return bind(rq, rq->form, t, rec, partial);
}

enum err req_bind_query(struct req *rq, const struct rec_type *t, void *rec)
{
	return bind(rq, rq->query, t, rec, true) == OK ? OK : E_SYNTAX;
}

/* On https only the __Host- name counts: a plain one could have been set by a sister host or over http. */
const char *req_cookie(struct req *rq, const char *name)
{
	if (rq->cookies == NULL)
		return NULL;
	return cookie_get(rq->cx->arena, rq->cookies, rq->https ? arena_fmt(rq->cx->arena, "__Host-%s", name) : name);
}

bool req_may(const struct req *rq, unsigned perm)
{
	return (rq->cx->perms & perm) != 0;
}

const char *pre_cookie_name(const struct req *rq)
{
	return rq->app->visitor_cookie != NULL ? rq->app->visitor_cookie : "balcao_pre";
}

void pre_session(struct req *rq)
{
	const char *pre = req_cookie(rq, pre_cookie_name(rq));

	if (pre != NULL && token_ok(pre)) {
		rq->pre = pre;
		return;
	}
	rq->pre = token_new(rq->cx->arena);
	reply_cookie(rq, pre_cookie_name(rq), rq->pre, rq->app->visitor_cookie != NULL ? 365 * 86400 : 0);
}

void reply_header(struct req *rq, const char *name, const char *value)
{
	buf_fmt(&rq->headers, "%s: %s\r\n", name, value);
}

void reply_cookie(struct req *rq, const char *name, const char *value, int64_t age_s)
{
	const char *v = age_s < 0 ? "" : value;
	const char *age = age_s > 0 ? arena_fmt(rq->cx->arena, "; Max-Age=%lld", (long long)age_s) : age_s < 0 ? "; Max-Age=0" : "";

	reply_header(rq, "Set-Cookie", arena_fmt(rq->cx->arena, "%s%s=%s; Path=/%s%s; HttpOnly; SameSite=Lax", rq->https ? "__Host-" : "", name, v, age,
	    rq->https ? "; Secure" : ""));
}

enum err reply_to(struct req *rq, int status, const char *path, const char *flash)
{
	rq->status = status;
	rq->location = path;
	if (rq->api)
		return OK;
	rq->status = 303;
	rq->flash = flash;
	if (flash != NULL)
		reply_cookie(rq, "balcao_flash", flash, 60);
	return OK;
}

enum err reply_raw(struct req *rq, int status, const char *type, const char *body, size_t n)
{
	rq->status = status;
	rq->type = type;
	rq->raw = body;
	rq->nraw = n;
	return OK;
}

enum err reply_file(struct req *rq, const char *file, const char *type, const char *download)
{
	struct arena *a = rq->cx->arena;

	reply_header(rq, "X-Accel-Redirect", arena_fmt(a, "/_files/%s", file));
	reply_header(rq, "Cache-Control", "private, max-age=86400, immutable");
	reply_header(rq, "Content-Security-Policy", "default-src 'none'; sandbox");
	if (download != NULL) {
		struct buf b = { 0 };

		buf_url(&b, download);
		reply_header(rq, "Content-Disposition", arena_fmt(a, "attachment; filename*=UTF-8''%s", b.p));
		buf_free(&b);
	}
	return reply_raw(rq, 200, type, "", 0);
}

void reply_etag(struct req *rq, int32_t version)
{
	rq->etag = arena_fmt(rq->cx->arena, "\"v%d\"", version);
	reply_header(rq, "ETag", rq->etag);
}

/* RFC 9110 §13.1.1: strong comparison, several tags, "*" for whatever there is. */
enum err req_if_match(struct req *rq, int32_t version)
{
	const char *want = arena_fmt(rq->cx->arena, "\"v%d\"", version), *s = rq->if_match;

	if (text_empty(s))
		return rq->api ? fail(rq->cx, E_NEEDMATCH, "If-Match is missing") : OK;
	for (; *s != '\0'; s += strcspn(s, ",")) {
		size_t n;

		s += strspn(s, ", \t");
		n = strcspn(s, ",");
		while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
			n--;
		if ((n == 1 && *s == '*') || (n == strlen(want) && strncmp(s, want, n) == 0))
			return OK;
	}
	return fail(rq->cx, E_PRECOND, "If-Match %s, the version is %s", rq->if_match, want);
}

void doc_self(struct doc *d, const char *name)
{
	if (doc_html(d))
		doc_open(d, name);
}

void doc_self_end(struct doc *d)
{
	if (doc_html(d))
		doc_close(d);
}
