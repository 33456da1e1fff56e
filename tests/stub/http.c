/* http.c: libmicrohttpd: reading requests, the order of judging, journal, webhooks and answer. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/clock.h"
#include "lib/base/text.h"
#include "tests/stub/stub.h"

enum { UPLOAD_BUFFER = 32 << 10, CONNECTIONS = 1000, IDLE_S = 75 };

/* What libmicrohttpd keeps for us between the calls for one request. */
struct call {
	struct req r;
	struct upload up;
	struct MHD_PostProcessor *pp;
};

const char *header(struct req *r, const char *key)
{
	const char *s = MHD_lookup_connection_value(r->conn, MHD_HEADER_KIND, key);

	return s ? utf8_clean(r->a, s, strlen(s)) : NULL;
}

const char *query(struct req *r, const char *key)
{
	const char *s = MHD_lookup_connection_value(r->conn, MHD_GET_ARGUMENT_KIND, key);

	return s ? utf8_clean(r->a, s, strlen(s)) : NULL;
}

const char *bearer(struct req *r)
{
	const char *s = header(r, "Authorization");

	return s && !strncasecmp(s, "Bearer ", 7) ? s + 7 : "";
}

void out_json(struct req *r, json_t *j)
{
	char *s = meta_json(j);

	buf_reset(&r->out);
	buf_str(&r->out, s);
	r->type = NULL;
	if (!r->http)
		r->http = 200;
	free(s);
	json_decref(j);
}

void stub_sleep(struct stub *st, int64_t ms)
{
	int64_t until = wall_ms() + ms;
	struct timespec t = { .tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000 };

	pthread_mutex_lock(&st->lock);
	while (!st->stopping && wall_ms() < until)
		pthread_cond_timedwait(&st->stop_cond, &st->lock, &t);
	pthread_mutex_unlock(&st->lock);
}

static enum MHD_Result answer(struct req *r)
{
	static char nothing[1];
	struct MHD_Response *m = MHD_create_response_from_buffer(r->out.n, r->out.p ? r->out.p : nothing,
		MHD_RESPMEM_MUST_COPY);
	enum MHD_Result ok;

	if (!m)
		return MHD_NO;
	MHD_add_response_header(m, "Content-Type", r->type ? r->type : "application/json; charset=UTF-8");
	MHD_add_response_header(m, "Cache-Control", "no-store");
	if (r->http == 401)
		MHD_add_response_header(
			m, "WWW-Authenticate", "OAuth \"Facebook Platform\" \"invalid_token\"");
	ok = MHD_queue_response(r->conn, (unsigned)r->http, m);
	MHD_destroy_response(m);
	return ok;
}

/* The closing members of the journal line, and the counters. */
static void outcome(struct req *r)
{
	bool taken = !r->v.code && r->http >= 200 && r->http < 300;
	const char *word = taken ? "accepted" : r->drop ? "dropped" : "refused";

	json_object_set_new(r->line, "outcome", must(json_string(word)));
	json_object_set_new(r->line, "answered", json_boolean(!r->drop));
	if (!r->drop)
		json_object_set_new(r->line, "http", must(json_integer(r->http)));
	if (r->v.code > 0)
		json_object_set_new(r->line, "code", must(json_integer(r->v.code)));
	if (r->v.code > 0)
		json_object_set_new(
			r->line, "why", must(json_string(r->v.message ? r->v.message : r->v.details)));
	if (taken)
		r->st->accepted++;
	else if (r->drop)
		r->st->dropped++;
	else
		r->st->refused++;
}

static void journal_failed(struct req *r)
{
	buf_reset(&r->out);
	buf_str(&r->out, "{\"error\":{\"message\":\"journal\",\"type\":\"OAuthException\",\"code\":1}}");
	r->type = NULL;
	r->http = 500;
	r->drop = false;
}

static enum MHD_Result finish(struct req *r)
{
	bool control = text_starts(r->path, "/control");

	r->st->requests++;
	pthread_mutex_lock(&r->st->lock);
	if (control) {
		control_request(r);
	} else {
		r->line = must(json_pack("{s:s,s:s,s:s}", "ts", utc_rfc3339(r->a, utc_now()), "method",
			r->method, "path", r->path));
		graph_request(r);
		if (r->v.code > 0)
			error_body(r);
		outcome(r);
		r->delay_ms += r->st->delay_ms;
	}
	pthread_mutex_unlock(&r->st->lock);
	if (r->line && !journal_write(r->st->journal, r->line))
		journal_failed(r);
	hook_push_all(r->st, r->hooks);
	r->hooks = NULL;
	if (r->delay_ms > 0)
		stub_sleep(r->st, r->delay_ms);
	LOG(LOG_INFO, "request", "method", r->method, "kind", jstr(r->line, "kind"), "http",
		log_i(r->drop ? 0 : r->http), "code", log_i(r->v.code), NULL);
	return r->drop ? MHD_NO : answer(r);
}

static void part_text(struct buf *b, const char *p, size_t n)
{
	if (b->n + n <= 1024)
		buf_add(b, p, n);
}

static enum MHD_Result part(void *arg, enum MHD_ValueKind what, const char *key, const char *filename,
	const char *content_type, const char *encoding, const char *p, uint64_t at, size_t n)
{
	struct call *c = arg;
	struct upload *u = &c->up;

	(void)what;
	(void)encoding;
	(void)at;
	if (!key)
		return MHD_NO;
	if (!strcmp(key, "messaging_product")) {
		part_text(&u->product, p, n);
	} else if (!strcmp(key, "type")) {
		part_text(&u->type, p, n);
	} else if (!strcmp(key, "file") && filename) {
		u->has_file = true;
		if (content_type && !u->file_type)
			u->file_type = utf8_clean(c->r.a, content_type, strlen(content_type));
		u->too_big = u->too_big || u->file.n + n > FILE_MAX;
		if (!u->too_big)
			buf_add(&u->file, p, n);
	} else {
		u->unknown = true;
	}
	return MHD_YES;
}

static bool wants_upload(struct req *r)
{
	const char *type = header(r, "Content-Type");
	size_t n = strlen(r->path);

	return !strcmp(r->method, "POST") && n > 6 && !strcmp(r->path + n - 6, "/media") && type
		&& !strncasecmp(type, "multipart/form-data", 19);
}

static struct call *begin(struct stub *st, struct MHD_Connection *conn, const char *url, const char *method)
{
	struct call *c = calloc(1, sizeof *c);
	struct req *r;

	if (!c)
		die("out of memory");
	r = &c->r;
	r->st = st;
	r->a = arena_new();
	r->conn = conn;
	r->method = utf8_clean(r->a, method, strlen(method));
	r->path = utf8_clean(r->a, url, strlen(url));
	r->body_max = text_starts(r->path, "/control") ? CONTROL_MAX : MESSAGE_MAX;
	if (wants_upload(r)) {
		r->up = &c->up;
		c->pp = MHD_create_post_processor(conn, UPLOAD_BUFFER, part, c);
		r->broken = !c->pp;
	}
	return c;
}

static void take(struct call *c, const char *p, size_t n)
{
	struct req *r = &c->r;

	if (c->pp) {
		r->broken = r->broken || MHD_post_process(c->pp, p, n) != MHD_YES;
	} else if (r->too_big || r->body.n + n > r->body_max) {
		r->too_big = true;
	} else {
		buf_add(&r->body, p, n);
	}
}

static bool is_down(struct stub *st)
{
	bool down;

	pthread_mutex_lock(&st->lock);
	down = st->down;
	pthread_mutex_unlock(&st->lock);
	return down;
}

static enum MHD_Result handle(void *arg, struct MHD_Connection *conn, const char *url, const char *method,
	const char *version, const char *data, size_t *n, void **slot)
{
	struct call *c = *slot;

	(void)version;
	if (!c) {
		c = begin(arg, conn, url, method);
		*slot = c;
		if (text_starts(c->r.path, "/control") || !is_down(c->r.st))
			return MHD_YES;
		c->r.st->dropped++;
		return MHD_NO;
	}
	if (*n) {
		take(c, data, *n);
		*n = 0;
		return MHD_YES;
	}
	if (c->pp)
		c->r.broken = MHD_destroy_post_processor(c->pp) != MHD_YES || c->r.broken;
	c->pp = NULL;
	return finish(&c->r);
}

static void done(void *arg, struct MHD_Connection *conn, void **slot, enum MHD_RequestTerminationCode why)
{
	struct call *c = *slot;

	(void)arg;
	(void)conn;
	(void)why;
	if (!c)
		return;
	if (c->pp)
		MHD_destroy_post_processor(c->pp);
	buf_free(&c->up.product);
	buf_free(&c->up.type);
	buf_free(&c->up.file);
	buf_free(&c->r.body);
	buf_free(&c->r.out);
	json_decref(c->r.line);
	arena_free(c->r.a);
	free(c);
	*slot = NULL;
}

struct MHD_Daemon *http_start(struct stub *st)
{
	bool six = st->host[0] == '[';
	struct sockaddr_in a4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)st->port) };
	struct sockaddr_in6 a6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)st->port),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr *addr = six ? (struct sockaddr *)&a6 : (struct sockaddr *)&a4;
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL
		| (six ? MHD_USE_IPv6 : 0u);
	const union MHD_DaemonInfo *info;
	struct MHD_Daemon *d;

	if (!six)
		inet_pton(AF_INET, st->host, &a4.sin_addr);
	d = MHD_start_daemon(flags, (uint16_t)st->port, NULL, NULL, handle, st, MHD_OPTION_SOCK_ADDR, addr,
		MHD_OPTION_NOTIFY_COMPLETED, done, NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
		MHD_OPTION_END);
	info = d ? MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT) : NULL;
	pthread_mutex_lock(&st->lock);
	if (info)
		st->port = info->port;
	pthread_mutex_unlock(&st->lock);
	return d;
}
