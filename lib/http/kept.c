#include "lib/http/kept.h"

#include <string.h>

#include "lib/auth/auth.h"
#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/http/http_internal.h"

enum { KEPT_MAX = 64 * 1024, KEPT_S = 3600 };

const struct stmt kept_put_sql = { "kept_put", "INSERT INTO idempotency_key (actor_id, key, request_hash, status, location, body) "
    "VALUES (app.user_id(), 'kept ' || app.uuid7(), '', 0, $1, $2) RETURNING substr(key, 6)", NULL, 2 };
const struct stmt kept_get_sql = { "kept_get", "SELECT body FROM idempotency_key WHERE actor_id = app.user_id() AND key = 'kept ' || $1 AND location = $2 "
    "AND created_at > now() - interval '1 hour'", NULL, 2 };

static void ring_free(void *r)
{
	seal_ring_free(r);
}

/* A key that only requests of this browser can name: nobody reads the text out of the page's source. */
static struct seal_ring *ring(struct req *rq)
{
	static const char label[] = "balcao kept v1";
	uint8_t key[32];
	struct seal_ring *r;

	hmac_sha256(rq->pre, strlen(rq->pre), label, sizeof(label) - 1, key);
	r = seal_ring_new(arena_fmt(rq->cx->arena, "pre:%s", hex_encode(rq->cx->arena, key, sizeof(key))));
	arena_defer(rq->cx->arena, ring_free, r);
	return r;
}

static const char *address(struct req *rq)
{
	return text_empty(rq->query_string) ? rq->path : arena_fmt(rq->cx->arena, "%s?%s", rq->path, rq->query_string);
}

/* Whose page it was: behind the dot of its CSRF field. NULL: unknown. */
static const char *owner(const struct req *rq)
{
	const char *given = req_field(rq, "csrf"), *dot = given != NULL ? strchr(given, '.') : NULL;

	return dot != NULL && id_ok(dot + 1) ? dot + 1 : NULL;
}

const char *kept_seal(struct req *rq)
{
	struct arena *a = rq->cx->arena;
	const char *who = owner(rq), *given = req_field(rq, "csrf"), *text;
	struct buf b = { 0 };

	if (rq->api || rq->method != POST || rq->route == NULL || rq->route->again == NULL || who == NULL || rq->pre == NULL)
		return NULL;
	if ((rq->origin == NULL && rq->fetch_site == NULL) || !same_origin(rq) || (rq->token != NULL && !csrf_ok(rq, rq->token, given)))
		return NULL;
	buf_fmt(&b, "%lld %s %s\n", (long long)(utc_now().us / 1000000), who, address(rq));
	for (const struct param *p = rq->form; p != NULL; p = p->next) {
		if (!form_echo_ok(p->name) || p->null || strcmp(p->name, "once") == 0)
			continue;
		buf_fmt(&b, "%s=", p->name);
		buf_url(&b, p->value);
		buf_char(&b, '&');
	}
	text = b.n <= KEPT_MAX ? seal(a, ring(rq), "form", b.p) : NULL;
	buf_free(&b);
	return text;
}

struct kept { int64_t at; const char *user, *address, *form; };

static bool split(struct arena *a, const char *plain, struct kept *k)
{
	char *s = plain != NULL ? arena_str(a, plain) : NULL, *user = s != NULL ? strchr(s, ' ') : NULL;
	char *to = user != NULL ? strchr(user + 1, ' ') : NULL, *form = to != NULL ? strchr(to, '\n') : NULL;

	if (form == NULL)
		return false;
	*user = *to = *form = '\0';
	*k = (struct kept){ 0, user + 1, to + 1, form + 1 };
	return parse_i64(s, 0, INT64_MAX, &k->at);
}

enum err kept_restore(struct req *rq, const char *sealed, const char *token, const char **location)
{
	struct ctx *cx = rq->cx;
	const char *id = NULL;
	struct entered who;
	struct kept k;
	enum err e;

	*location = NULL;
	if (text_empty(sealed) || rq->pre == NULL || !split(cx->arena, unseal(cx->arena, ring(rq), "form", sealed), &k))
		return OK;
	if (utc_now().us / 1000000 - k.at > KEPT_S)
		return OK;
	e = db_begin(cx, DB_WRITE, &auth_enter_sql, &entered_type, &who, ARGS(arg_bytes(auth_hash(cx->arena, token), 32), A(false)), NULL, NULL);
	if (e == OK && strcmp(who.user_id, k.user) == 0)
		e = db_text(cx, &kept_put_sql, &id, ARGS(A(k.address), A(k.form)));
	TRY(db_end(cx, e));
	if (id != NULL)
		*location = arena_fmt(cx->arena, "%s%ckept=%s", k.address, strchr(k.address, '?') != NULL ? '&' : '?', id);
	return OK;
}

const char *kept_id(struct req *rq)
{
	const char *q = rq->query_string, *at = q != NULL ? strstr(q, "kept=") : NULL;

	if (rq->api || rq->method != GET || at == NULL || (at != q && at[-1] != '&') || !id_ok(at + 5))
		return NULL;
	rq->query_string = arena_strn(rq->cx->arena, q, at == q ? 0 : (size_t)(at - q) - 1);
	return at + 5;
}

enum err kept_show(struct req *rq, struct doc *out)
{
	const char *body = NULL;
	bool bad = false;

	TRY(db_text(rq->cx, &kept_get_sql, &body, ARGS(A(rq->kept), A(address(rq)))));
	if (body == NULL)
		return reply_to(rq, 303, "/", "info.kept_gone");
	rq->form = params_parse(rq->cx->arena, body, strlen(body), &bad);
	return bad ? fail(rq->cx, E_INTERNAL, "kept form") : rq->route->again(rq, out);
}
