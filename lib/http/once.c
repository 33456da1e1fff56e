#include "lib/http/once.h"

#include <string.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "lib/http/http_internal.h"

enum { KEY_MAX = 200 };

struct once { const char *state; int32_t status; const char *location, *etag, *body; };
#define REC struct once
static const struct field once_fields[] = { F(state), F(status), F(location), F(etag), F(body) };
#undef REC
const struct rec_type once_type = REC_TYPE("once", struct once, once_fields);

const struct stmt once_begin_sql = { "once_begin", "SELECT * FROM app.once_begin($1, $2)", "once", 2 };
const struct stmt once_end_sql = { "once_end", "SELECT app.once_end($1, $2::int, $3, $4, $5)", NULL, 5 };

static enum err refuse(struct req *rq, enum err e, const char *code)
{
	field_error_add(rq->cx->arena, &rq->cx->errors, "Idempotency-Key", code, NULL);
	return fail(rq->cx, e, "idempotency key: %s", code);
}

/* The draft's quoted string, or the bare text that most clients send. NULL when it is neither. */
static const char *key_text(struct arena *a, const char *s)
{
	size_t n = strlen(s), from = n >= 2 && s[0] == '"' && s[n - 1] == '"' ? 1 : 0;
	const char *key = arena_strn(a, s + from, n - 2 * from);

	if (*key == '\0' || strlen(key) > KEY_MAX)
		return NULL;
	for (const char *p = key; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || *p == '"' || *p == '\\')
			return NULL;
	return key;
}

/* Names and values with their lengths, so that no two requests become the same bytes. */
static void add(struct buf *b, const char *s)
{
	buf_fmt(b, "%zu:%s", strlen(s), s);
}

static const uint8_t *hash(struct req *rq)
{
	struct buf b = { 0 };
	uint8_t *h = arena_alloc(rq->cx->arena, 32);

	add(&b, rq->api ? "api" : "page");
	add(&b, rq->path);
	add(&b, rq->query_string != NULL ? rq->query_string : "");
	for (const struct param *p = rq->form; p != NULL; p = p->next) {
		add(&b, p->name);
		buf_char(&b, p->json != 0 ? p->json : '-');
		add(&b, p->null ? "" : p->value);
	}
	/* What they hold, not how they were sent: each attempt has another boundary. */
	for (const struct upload *f = rq->files; f != NULL; f = f->next) {
		uint8_t part[32];

		sha256(f->p, f->n, part);
		add(&b, f->name != NULL ? f->name : "");
		buf_add(&b, part, sizeof(part));
	}
	for (const struct upload *f = rq->files; f != NULL; f = f->next) {
		uint8_t bytes[32];

		sha256(f->p, f->n, bytes);
		add(&b, f->name);
		add(&b, hex_encode(rq->cx->arena, bytes, sizeof(bytes)));
	}
	sha256(b.p, b.n, h);
	buf_free(&b);
	return h;
}

enum err once_key(struct req *rq)
{
	struct arena *a = rq->cx->arena;
	const char *token = req_field(rq, "once");

	if (rq->method != POST || rq->route->need == PUBLIC || rq->route->tx != TX_WRITE)
		return OK;
	if (rq->api && rq->idempotency_key != NULL) {
		rq->idempotency_key = rq->once = key_text(a, rq->idempotency_key);
		if (rq->once == NULL)
			return refuse(rq, E_SYNTAX, "format");
	} else if (!rq->api && token != NULL && token_ok(token)) {
		/* With what was sent: the same page may send several things, each of them once. No key of the API has a blank. */
		rq->once_hash = hash(rq);
		rq->once = arena_fmt(a, "form %s", base64url_encode(a, rq->once_hash, 32));
		return OK;
	}
	if (rq->once != NULL)
		rq->once_hash = hash(rq);
	return OK;
}

/* As it was answered the first time. */
static enum err replay(struct req *rq, const struct once *o)
{
	if (!rq->api)
		return reply_to(rq, o->status, o->location, text_empty(o->body) ? NULL : o->body);
	reply_header(rq, "Idempotent-Replayed", "true");
	if (o->location != NULL)
		reply_header(rq, "Location", arena_fmt(rq->cx->arena, "/api%s", o->location));
	if (o->etag != NULL)
		reply_header(rq, "ETag", o->etag);
	return reply_raw(rq, o->status, o->status != 204 ? "application/json" : NULL, o->body, strlen(o->body));
}

enum err once_begin(struct req *rq, bool *done)
{
	struct ctx *cx = rq->cx;
	struct once o;

	*done = false;
	if (rq->once == NULL)
		return OK;
	TRY(db_row(cx, &once_begin_sql, &once_type, &o, ARGS(A(rq->once), arg_bytes(rq->once_hash, 32))));
	if (strcmp(o.state, "new") == 0)
		return OK;
	if (strcmp(o.state, "other") == 0)
		return refuse(rq, E_INVALID, "key_reused");
	if (strcmp(o.state, "busy") == 0) {
		cx->retry_after = 2;
		if (rq->api)
			reply_header(rq, "Retry-After", "2");
		return rq->api ? refuse(rq, E_CONFLICT, "key_busy") : fail(cx, E_BUSY, "the same form is under way");
	}
	*done = true;
	return replay(rq, &o);
}

enum err once_end(struct req *rq, struct doc *out)
{
	const char *body = NULL;
	int status = rq->status != 0 ? rq->status : 200;

	if (rq->once == NULL)
		return OK;
	if (!rq->api)
		body = rq->location == NULL ? NULL : rq->flash != NULL ? rq->flash : "";
	else if (rq->raw == NULL)
		body = status == 204 ? "" : arena_strn(rq->cx->arena, doc_bytes(out)->p, doc_bytes(out)->n);
	else if (rq->nraw == 0)
		body = "";
	if (body == NULL)
		return OK;
	/* Its result comes with the COMMIT's. */
	return db_send(rq->cx, &once_end_sql, ARGS(A(rq->once), A(status), A(rq->location), A(rq->etag), A(body)));
}
