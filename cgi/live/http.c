#include "cgi/live/live.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/log.h"

enum { ACCEPT_MAX = 64, CLOSE_TRY_LATER = 1013, STATUS_TOO_MANY = 429 };

static struct live *live_of(struct lws *wsi)
{
	return lws_context_user(lws_get_context(wsi));
}

/* ---- plain answers ---- */

static bool put_header(struct lws *wsi, enum lws_token_indexes which, const char *value, unsigned char **p,
    unsigned char *end)
{
	return lws_add_http_header_by_token(wsi, which, (const unsigned char *)value, (int)strlen(value), p, end) == 0;
}

/* A small answer, written at once. False when the connection is of no use any more. */
static bool answer(struct lws *wsi, int status, const char *type, const char *body)
{
	unsigned char buf[LWS_PRE + 1024], *p = buf + LWS_PRE, *start = p, *end = buf + sizeof(buf) - 1;
	size_t n = strlen(body);

	if (lws_add_http_common_headers(wsi, (unsigned)status, type, n, &p, end) != 0 ||
	    !put_header(wsi, WSI_TOKEN_HTTP_CACHE_CONTROL, "no-store", &p, end))
		return false;
	if ((status == HTTP_STATUS_SERVICE_UNAVAILABLE || status == STATUS_TOO_MANY) &&
	    !put_header(wsi, WSI_TOKEN_HTTP_RETRY_AFTER, "2", &p, end))
		return false;
	if (lws_finalize_http_header(wsi, &p, end) != 0 || (size_t)(end - p) < n)
		return false;
	memcpy(p, body, n);
	p += n;
	return lws_write(wsi, start, (size_t)(p - start), LWS_WRITE_HTTP) == (int)(p - start);
}

static bool refuse(struct lws *wsi, const char *path, int status)
{
	static const struct { int status; const char *title; } titles[] = {
		{ HTTP_STATUS_BAD_REQUEST, "Only WebSocket" }, { HTTP_STATUS_UNAUTHORIZED, "Nobody is signed in" },
		{ HTTP_STATUS_FORBIDDEN, "Foreign origin" },
		{ HTTP_STATUS_NOT_FOUND, "Not found" }, { HTTP_STATUS_METHOD_NOT_ALLOWED, "Only GET" },
		{ STATUS_TOO_MANY, "Too many streams" }, { HTTP_STATUS_SERVICE_UNAVAILABLE, "Not now" },
	};
	const char *title = "Error";
	char body[128];

	for (size_t i = 0; i < nitems(titles); i++)
		if (titles[i].status == status)
			title = titles[i].title;
	log_kv(LOG_INFO, "refused", "path", path, "status", log_i(status), NULL);
	snprintf(body, sizeof(body), "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d}", title,
	    status);
	return answer(wsi, status, "application/problem+json", body);
}

/* ---- opening a stream ---- */

struct admission {
	struct client *client;
	struct live_entry entry;
	bool after, reset;
	struct live_cursor at;
};

static int status_of(enum err e, const struct live_who *w)
{
	switch (e) {
	case OK: return HTTP_STATUS_OK;
	case E_NOTFOUND: return w->token != NULL ? HTTP_STATUS_UNAUTHORIZED : HTTP_STATUS_NOT_FOUND;
	default: return HTTP_STATUS_SERVICE_UNAVAILABLE;
	}
}

/* Who asks, whether it may be, from where on. HTTP_STATUS_OK with the client made, or what to answer. */
static int admit(struct live *l, struct lws *wsi, const struct request *rq, bool ws, struct admission *out)
{
	struct live_who w;
	struct who *known;
	enum err e;

	if (!request_same_origin(rq))
		return HTTP_STATUS_FORBIDDEN;
	if (!request_who(l->cx.arena, rq, &w))
		return HTTP_STATUS_UNAUTHORIZED;
	known = who_find(l, &w);
	if (known != NULL && known->n >= CLIENTS_OF_ONE)
		return STATUS_TOO_MANY;
	if (l->clients >= CLIENTS_MAX || l->stopping)
		return HTTP_STATUS_SERVICE_UNAVAILABLE;
	out->after = live_cursor_parse(rq->after, &out->at);
	e = feed_enter(l, &w, out->after ? &out->at : NULL, rq->conversation, &out->entry);
	if (e != OK)
		return status_of(e, &w);
	/* An id that is none of ours: nobody knows what was missed. */
	out->reset = out->entry.reset || (rq->after != NULL && !out->after);
	if (!out->after || out->reset)
		out->at = out->entry.now;
	out->client = client_open(l, wsi, &w, &out->entry, ws);
	out->client->at = out->at;
	out->client->told = out->at;
	out->client->news = out->after && !out->reset;
	if (w.token != NULL && out->entry.sees) {
		snprintf(out->client->conversation, sizeof(out->client->conversation), "%s", rq->conversation);
		looking_changed(l, out->entry.tenant, rq->conversation, 0);
	}
	return HTTP_STATUS_OK;
}

static bool stream_head(struct lws *wsi)
{
	unsigned char buf[LWS_PRE + 512], *p = buf + LWS_PRE, *start = p, *end = buf + sizeof(buf) - 1;

	return lws_add_http_common_headers(wsi, HTTP_STATUS_OK, "text/event-stream",
	    LWS_ILLEGAL_HTTP_CONTENT_LEN, &p, end) == 0 &&
	    put_header(wsi, WSI_TOKEN_HTTP_CACHE_CONTROL, "no-store", &p, end) &&
	    lws_finalize_write_http_header(wsi, start, &p, end) == 0;
}

/*
 * libwebsockets does not look at what a peer says, or that it hung up, while it is being answered, yet
 * polls for it: a page that was left would stay, at full load. So we look: whatever comes ends it.
 */
static bool watch(struct live *l, struct client *c)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = c };

	return epoll_ctl(l->watch, EPOLL_CTL_ADD, lws_get_socket_fd(c->wsi), &ev) == 0;
}

static void on_watch(struct live *l)
{
	struct epoll_event ev[64];
	int n = epoll_wait(l->watch, ev, nitems(ev), 0);

	for (int i = 0; i < n; i++) {
		struct client *c = ev[i].data.ptr;

		lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	}
}

static int stream_open(struct live *l, struct lws *wsi, const struct request *rq)
{
	struct admission ad = { 0 };
	char text[LIVE_CURSOR_TEXT + 32], id[LIVE_CURSOR_TEXT];
	int status = admit(l, wsi, rq, false, &ad);

	if (status != HTTP_STATUS_OK)
		return refuse(wsi, "/events", status) && lws_http_transaction_completed(wsi) == 0 ? 0 : -1;
	if (!stream_head(wsi))
		return -1;
	lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
	lws_http_headers_detach(wsi); /* 16 KB that a stream does not need for hours */
	/* The id without data is remembered by the browser and dispatches nothing. */
	live_cursor_text(id, ad.at);
	snprintf(text, sizeof(text), "retry: 2000\nid: %s\n\n", id);
	client_raw(ad.client, text);
	if (ad.reset)
		client_reset(ad.client, ad.entry.now);
	ad.client->open = true;
	if (ad.client->news)
		feed_soon(l);
	return watch(l, ad.client) ? 0 : -1;
}

static int on_http(struct live *l, struct lws *wsi)
{
	struct request rq;

	if (lws_get_opaque_user_data(wsi) != NULL)
		return -1; /* a second request on a stream */
	request_read(wsi, l->cx.arena, &rq);
	if (rq.path == NULL) {
		(void)refuse(wsi, "", HTTP_STATUS_METHOD_NOT_ALLOWED);
		return -1; /* its body is not read */
	}
	if (strcmp(rq.path, "/events") == 0)
		return stream_open(l, wsi, &rq);
	if (strcmp(rq.path, "/health") == 0) {
		bool ok = feed_healthy(l);

		int status = ok ? HTTP_STATUS_OK : HTTP_STATUS_SERVICE_UNAVAILABLE;

		if (!answer(wsi, status, "text/plain", ok ? "ok" : "database"))
			return -1;
		return lws_http_transaction_completed(wsi) == 0 ? 0 : -1;
	}
	return refuse(wsi, "", HTTP_STATUS_NOT_FOUND) && lws_http_transaction_completed(wsi) == 0 ? 0 : -1;
}

/* Before the 101. 0: go on; 1: answered otherwise; -1: hang up. */
static int on_upgrade(struct live *l, struct lws *wsi, const char *to)
{
	struct admission ad = { 0 };
	struct request rq;
	int status;

	if (lws_get_opaque_user_data(wsi) != NULL)
		return -1;
	request_read(wsi, l->cx.arena, &rq);
	/* h2c would pass by what the proxy checks. */
	if (strcasecmp(to, "websocket") != 0)
		status = HTTP_STATUS_BAD_REQUEST;
	else if (rq.path == NULL)
		status = HTTP_STATUS_METHOD_NOT_ALLOWED;
	else
		status = strcmp(rq.path, "/ws") == 0 ? admit(l, wsi, &rq, true, &ad) : HTTP_STATUS_NOT_FOUND;
	if (status != HTTP_STATUS_OK)
		return refuse(wsi, "/ws", status) ? 1 : -1;
	ad.client->asked = rq.after != NULL;
	/* Told when the handshake is done. */
	if (ad.reset)
		ad.client->told = (struct live_cursor){ 0, 0 };
	return 0;
}

static void on_established(struct client *c)
{
	bool reset = c->told.xid == 0;

	c->open = true;
	(void)client_event(c, reset ? "reset" : "ready", c->at, "");
	if (c->news)
		feed_soon(c->live);
}

/* ---- what a WebSocket says ---- */

static const char *const said_paths[] = { "after", "ping" };
struct said { bool ping, long_value; char after[LIVE_CURSOR_TEXT]; };

static signed char said_member(struct lejp_ctx *j, char reason)
{
	struct said *s = j->user;

	if (reason == LEJPCB_VAL_STR_CHUNK)
		s->long_value = true;
	if (j->path_match == 2 && (reason & LEJP_FLAG_CB_IS_VALUE) != 0)
		s->ping = true;
	if (j->path_match == 1 && reason == LEJPCB_VAL_STR_END && !s->long_value &&
	    j->npos < sizeof(s->after)) {
		memcpy(s->after, j->buf, j->npos);
		s->after[j->npos] = '\0';
	}
	return 0;
}

static void start_from(struct client *c, const char *after)
{
	struct live *l = c->live;
	const struct live_who w = { c->who->chat ? NULL : c->who->token, c->who->key, c->who->visitor };
	struct live_cursor at;
	struct live_entry entry;
	bool ours = live_cursor_parse(after, &at);
	enum err e = feed_enter(l, &w, ours ? &at : NULL, NULL, &entry);

	if (e == E_NOTFOUND) {
		client_end(c, LWS_CLOSE_STATUS_POLICY_VIOLATION);
	} else if (e != OK) {
		client_end(c, CLOSE_TRY_LATER);
	} else if (!ours || entry.reset) {
		client_reset(c, entry.now);
	} else {
		c->at = at;
		c->news = true;
		feed_soon(l);
	}
}

static void on_said(struct client *c, const char *text, size_t n)
{
	struct said s = { 0 };
	struct lejp_ctx j;
	int rc;

	lejp_construct(&j, said_member, &s, said_paths, nitems(said_paths));
	rc = lejp_parse(&j, (const unsigned char *)text, (int)n);
	lejp_destruct(&j);
	if (rc < 0)
		return;
	if (s.ping)
		(void)client_event(c, "pong", c->at, "");
	if (s.after[0] != '\0' && !c->asked)
		start_from(c, s.after);
	c->asked = true;
}

static int on_receive(struct client *c, struct lws *wsi, const char *p, size_t n)
{
	if (c->ending != 0)
		return 0;
	if (c->in.n + n + lws_remaining_packet_payload(wsi) > IN_MAX) {
		lws_close_reason(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, NULL, 0);
		return -1;
	}
	buf_add(&c->in, p, n);
	if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) > 0)
		return 0;
	if (!lws_frame_is_binary(wsi))
		on_said(c, c->in.p, c->in.n);
	buf_free(&c->in);
	return 0;
}

/* ---- sockets ---- */

static void on_accept(struct live *l, struct lws *wsi)
{
	for (int i = 0; i < ACCEPT_MAX; i++) {
		int fd = accept4(lws_get_socket_fd(wsi), NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0)
			return;
		if (l->sockets >= SOCKETS_MAX)
			close(fd);
		else
			lws_adopt_socket_vhost(l->vhost, fd);
	}
}

static int live_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t n)
{
	struct live *l;
	struct client *c;
	int rc = 0;

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_WSI_CREATE: live_of(wsi)->sockets++; return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		live_of(wsi)->sockets--;
		client_free(lws_get_opaque_user_data(wsi));
		return 0;
	case LWS_CALLBACK_RAW_ADOPT: return -1; /* somebody said CONNECT */
	case LWS_CALLBACK_HTTP:
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		l = live_of(wsi);
		rc = reason == LWS_CALLBACK_HTTP ? on_http(l, wsi) : on_upgrade(l, wsi, in);
		arena_reset(l->cx.arena);
		return rc;
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: return lws_get_opaque_user_data(wsi) != NULL ? 0 : -1;
	case LWS_CALLBACK_ESTABLISHED: on_established(lws_get_opaque_user_data(wsi)); return 0;
	case LWS_CALLBACK_HTTP_WRITEABLE:
	case LWS_CALLBACK_SERVER_WRITEABLE:
		c = lws_get_opaque_user_data(wsi);
		return c != NULL ? client_write(c) : 0;
	case LWS_CALLBACK_RECEIVE:
		c = lws_get_opaque_user_data(wsi);
		rc = on_receive(c, wsi, in, n);
		arena_reset(c->live->cx.arena);
		return rc;
	default: return 0;
	}
}

/* Our own two files: the listening socket and the watch over the streams. No WebSocket may choose them. */
static int file_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t n)
{
	struct live *l = live_of(wsi);

	(void)user;
	(void)in;
	(void)n;
	if (reason == LWS_CALLBACK_RAW_RX_FILE) {
		if (lws_get_socket_fd(wsi) == l->watch)
			on_watch(l);
		else
			on_accept(l, wsi);
	}
	return reason == LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION ? -1 : 0;
}

const struct lws_protocols live_protocols[] = {
	{ .name = "live", .callback = live_callback, .rx_buffer_size = IN_MAX },
	{ .name = "file", .callback = file_callback },
	{ .name = NULL }
};
