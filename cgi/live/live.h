/*
 * live.h: shared by the files of balcao-live, one process and one loop.
 *
 * main.c    settings, socket, signals
 * http.c    libwebsockets' callbacks: requests, answers, frames
 * request.c headers and arguments; asker.c what they say: who asks, from where
 * client.c  the open streams, grouped by who reads them, and what waits to be written
 * looking.c who else has a conversation open
 * feed.c    the clock: news from the database, heartbeats, sessions that ended
 */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include <libwebsockets.h>

#include "cgi/live/asker.h"
#include "lib/base/buf.h"
#include "model/live.h"

enum {
	TICK_MS = 200, BEAT_MS = 15000, CHECK_MS = 2000, STALL_MS = 10000, BUSY_MS = 50,
	CLIENTS_MAX = 2000, CLIENTS_OF_ONE = 10, SOCKETS_MAX = CLIENTS_MAX + 200,
	OUT_MAX = 65536, OUT_LOW = 8192, IN_MAX = 4096, DATA_MAX = 4096, WHO_SLOTS = 1024
};

struct live;

/* A session, or a visitor of a web chat: its streams see the same. */
struct who {
	struct who *next;         /* in the slot */
	struct who *ring, *back;  /* all of them, in a ring through live.ring */
	bool chat;
	uint8_t token[32];
	char *key;                /* of a chat */
	char visitor[65];
	char user[37], *name;     /* of a session */
	int64_t tenant;
	struct client *clients;
	int n;
};

struct client {
	struct live *live;
	struct lws *wsi;
	struct who *who;
	struct client *next;      /* of the same who */
	struct live_cursor at;    /* seen up to here */
	struct live_cursor told;  /* the last id written */
	char conversation[37];    /* open on the page, as far as it may be seen; "" none */
	int64_t look;             /* ms: when to tell who else looks; 0: nothing is new */
	char *looked;             /* what was told last, NULL nothing */
	bool ws, open, news;
	bool asked;               /* a WebSocket's first message has come */
	bool batch;               /* gets the events that are being handed out */
	int ending;               /* WebSocket close code; 0: stays */
	int64_t moved;            /* ms: when the output last moved, or began to wait */
	int64_t beat;             /* ms: when the next heartbeat is due */
	/* NULL while nothing waits; WebSocket: frames with two bytes of length before each */
	char *out;
	size_t n, off, cap;
	struct buf in;
};

struct live {
	struct lws_context *lws;
	struct lws_vhost *vhost;
	int watch;                /* epoll over the streams: see http.c */
	struct ctx cx;
	lws_sorted_usec_list_t tick;
	struct live_cursor at;    /* where the feed was read to */
	struct who ring;          /* head of the ring */
	struct who *turn;         /* who is served next */
	struct who *slots[WHO_SLOTS];
	int clients, sockets;
	bool checked;             /* the schema is ours */
	bool away;                /* the database did not answer last time */
	bool broken;              /* ends the process */
	bool stopping;
	int64_t answered, retry, check; /* ms: last answer; not before; next look at the sessions */
	int backoff;
};

/* request.c */
/* Headers and arguments, in the arena of live. */
void request_read(struct lws *wsi, struct arena *a, struct request *rq);

/* client.c */
struct who *who_find(struct live *l, const struct live_who *w);
struct client *client_open(struct live *l, struct lws *wsi, const struct live_who *w, const struct live_entry *entry,
    bool ws);
void client_free(struct client *c);
size_t client_waiting(const struct client *c);
/*
 * Queues an event; false when it does not fit. json: its members without braces; "" for an event of the
 * stream itself (reset).
 */
bool client_event(struct client *c, const char *name, struct live_cursor at, const char *json);
/* Queues text of a SSE stream (comments, ids). */
void client_raw(struct client *c, const char *text);
/* Tells the page to load anew and goes on from now. */
void client_reset(struct client *c, struct live_cursor now);
/* Ends the stream once what waits is written, at the latest in some seconds. code: WebSocket close code. */
void client_end(struct client *c, int code);
/* Writes some of what waits; -1 when the connection is to be closed. */
int client_write(struct client *c);

/* feed.c */
void feed_start(struct live *l);
/* Sees to clients with news soon, not at the next tick. */
void feed_soon(struct live *l);
/*
 * Enters as who for a new stream, or a new cursor; E_BUSY at once while the database is known to be away. See
 * live_enter.
 */
enum err feed_enter(struct live *l, const struct live_who *w, const struct live_cursor *after,
    const char *conversation, struct live_entry *out);
bool feed_healthy(const struct live *l);

/* looking.c */
/* Somebody came to a conversation of the tenant, or left: those who look at it are told in after_ms. */
void looking_changed(struct live *l, int64_t tenant, const char *conversation, int64_t after_ms);
void looking_tick(struct live *l, int64_t now);

/* http.c */
extern const struct lws_protocols live_protocols[];

#endif
