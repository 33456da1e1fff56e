#include "cgi/live/live.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/log.h"
#include "lib/crypto/crypto.h"
#include "lib/db/schema.h"

enum { BACKOFF_MIN = 200, BACKOFF_MAX = 5000, CHECK_BATCH = 500, CLOSE_POLICY = 1008 };

static bool refused(enum err e)
{
	return e == E_NOTFOUND || e == E_DENIED || e == E_AUTH;
}

/* Every answer of the database goes through here: true when it could be had. */
static bool answered(struct live *l, enum err e)
{
	int64_t now = mono_ms();

	if (e == OK || refused(e)) {
		l->answered = now;
		return true;
	}
	if (!l->away)
		log_kv(LOG_WARN, "db.away", "why", l->cx.why, NULL);
	l->away = true;
	l->backoff = l->backoff == 0 ? BACKOFF_MIN : l->backoff * 2;
	if (l->backoff > BACKOFF_MAX)
		l->backoff = BACKOFF_MAX;
	l->retry = now + l->backoff;
	return false;
}

bool feed_healthy(const struct live *l)
{
	return l->checked && !l->stopping && mono_ms() - l->answered < 5000;
}

enum err feed_enter(struct live *l, const struct live_who *w, const struct live_cursor *after,
    const char *conversation, struct live_entry *out)
{
	enum err e;

	if (!l->checked || (l->away && mono_ms() < l->retry))
		return E_BUSY;
	e = live_enter(&l->cx, w, after, conversation, out);
	if (e == E_BUSY)
		(void)answered(l, e);
	return e;
}

/* ---- who has news ---- */

static void news_for(struct live *l, const int64_t *tenants, size_t n)
{
	for (struct who *o = l->ring.ring; o != &l->ring; o = o->ring) {
		bool has = tenants == NULL;

		for (size_t i = 0; i < n && !has; i++)
			has = tenants[i] == o->tenant;
		for (struct client *c = has ? o->clients : NULL; c != NULL; c = c->next)
			c->news = c->ending == 0;
	}
}

/*
 * After the database was away: is it the same history, further on? The feed may have been cut meanwhile, so
 * that all look.
 */
static bool back(struct live *l)
{
	struct live_cursor now;
	const char *bad;

	if (!answered(l, live_now(&l->cx, &now)))
		return false;
	if (!l->checked && (bad = db_schema_check(&l->cx)) != NULL) {
		log_kv(LOG_ERROR, "schema", "why", bad, NULL);
		l->broken = true;
		return false;
	}
	if (l->checked && now.xid < l->at.xid) {
		log_kv(LOG_WARN, "db.older", NULL);
		for (struct who *o = l->ring.ring; o != &l->ring; o = o->ring)
			for (struct client *c = o->clients; c != NULL; c = c->next)
				client_reset(c, now);
		l->at = now;
	}
	if (!l->checked)
		l->at = now;
	l->checked = true;
	l->away = false;
	l->backoff = 0;
	log_kv(LOG_INFO, "db.answers", NULL);
	news_for(l, NULL, 0);
	return true;
}

static bool read_feed(struct live *l)
{
	int64_t *tenants;
	size_t n;

	if (!answered(l, live_feed(&l->cx, &l->at, &tenants, &n)))
		return false;
	news_for(l, tenants, n);
	return true;
}

/* ---- what they get ---- */

struct group { struct who *who; struct live_cursor from; };

static bool member(const struct group *g, const struct client *c)
{
	return c->news && c->open && c->ending == 0 && client_waiting(c) <= OUT_LOW &&
	    live_cursor_compare(c->at, g->from) == 0;
}

static void text_or_null(struct buf *b, const char *name, const char *value)
{
	buf_fmt(b, ",\"%s\":", name);
	buf_json(b, value);
}

/* The members of one event, the same for all readers. */
static void hand_out(void *p, const struct live_row *row)
{
	static struct buf b;
	struct group *g = p;

	buf_reset(&b);
	buf_str(&b, "\"kind\":");
	buf_json(&b, row->kind);
	text_or_null(&b, "subject_id", row->subject_id);
	text_or_null(&b, "conversation_id", row->conversation_id);
	if (!g->who->chat)
		text_or_null(&b, "actor_id", row->actor_id);
	text_or_null(&b, "at", row->time);
	buf_fmt(&b, ",\"data\":%s", row->data != NULL && strlen(row->data) <= DATA_MAX ? row->data : "null");
	for (struct client *c = g->who->clients; c != NULL; c = c->next) {
		if (!c->batch || c->ending != 0)
			continue;
		if (client_event(c, row->kind, row->at, b.p))
			c->at = row->at;
		else
			c->batch = false; /* the rest once this much is written */
	}
}

/* One look at the events for all streams of one reader that stand at the same place. */
static enum err serve_group(struct live *l, struct group *g)
{
	const struct live_who w = { g->who->chat ? NULL : g->who->token, g->who->key, g->who->visitor };
	struct live_cursor at = g->from;
	bool more = false;
	enum err e;

	for (struct client *c = g->who->clients; c != NULL; c = c->next)
		c->batch = member(g, c);
	e = live_events(&l->cx, &w, &at, &more, hand_out, g);
	for (struct client *c = g->who->clients; c != NULL; c = c->next) {
		if (c->batch && e == OK) {
			c->at = at;
			c->news = more;
		}
		c->batch = false;
	}
	arena_reset(l->cx.arena);
	return e;
}

static void end_all(struct who *o, int code)
{
	for (struct client *c = o->clients; c != NULL; c = c->next)
		client_end(c, code);
}

/* False when the database did not answer. */
static bool serve(struct live *l, struct who *o)
{
	bool again = true;

	while (again) {
		struct group g = { o, { 0, 0 } };

		again = false;
		for (struct client *c = o->clients; c != NULL && !again; c = c->next) {
			g.from = c->at;
			again = member(&g, c);
		}
		if (again) {
			enum err e = serve_group(l, &g);

			if (!answered(l, e))
				return false;
			if (e != OK) {
				end_all(o, CLOSE_POLICY);
				return true;
			}
		}
	}
	return true;
}

/* In turn; after BUSY_MS the sockets are seen to first. */
static bool serve_all(struct live *l)
{
	int64_t until = mono_ms() + BUSY_MS;
	struct who *first;

	if (l->turn == &l->ring)
		l->turn = l->ring.ring;
	first = l->turn;
	do {
		struct who *o = l->turn;

		l->turn = o->ring;
		if (o != &l->ring && !serve(l, o))
			return false;
		if (mono_ms() >= until && l->turn != first) {
			feed_soon(l);
			return true;
		}
	} while (l->turn != first);
	return true;
}

/* ---- who may still look ---- */

static const char *name_of(struct live *l, const struct who *o)
{
	return o->chat ? o->key : hex_encode(l->cx.arena, o->token, sizeof(o->token));
}

static bool ask(struct live *l, bool chats, struct buf *list)
{
	const char **gone;
	size_t n;
	bool ok;

	buf_char(list, '}');
	ok = answered(l, live_gone(&l->cx, chats, list->p, &gone, &n));
	for (struct who *o = l->ring.ring; ok && o != &l->ring; o = o->ring) {
		const char *name = n > 0 && o->chat == chats ? name_of(l, o) : NULL;

		for (size_t i = 0; i < n && name != NULL; i++)
			if (strcmp(name, gone[i]) == 0)
				end_all(o, CLOSE_POLICY);
	}
	arena_reset(l->cx.arena);
	buf_reset(list);
	return ok;
}

static bool check(struct live *l, bool chats)
{
	static struct buf list;
	bool ok = true;
	int n = 0;

	buf_reset(&list);
	for (struct who *o = l->ring.ring; ok && o != &l->ring; o = o->ring) {
		char sep = n == 0 ? '{' : ',';

		if (o->chat != chats)
			continue;
		buf_char(&list, sep);
		buf_str(&list, name_of(l, o));
		if (++n == CHECK_BATCH) {
			ok = ask(l, chats, &list);
			n = 0;
		}
	}
	return ok && n > 0 ? ask(l, chats, &list) : ok;
}

/* ---- the clock ---- */

/* A sign of life for whoever is quiet, the end for whoever does not read. */
static void beat(struct live *l, int64_t now)
{
	for (struct who *o = l->ring.ring; o != &l->ring; o = o->ring) {
		for (struct client *c = o->clients; c != NULL; c = c->next) {
			char id[LIVE_CURSOR_TEXT], text[LIVE_CURSOR_TEXT + 16];

			if (client_waiting(c) > 0 && now - c->moved > STALL_MS) {
				log_kv(LOG_INFO, "client.slow", "waiting", log_i((int64_t)client_waiting(c)),
				    NULL);
				lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
				c->moved = now;
			}
			if (c->ws || !c->open || now < c->beat || c->ending != 0)
				continue;
			c->beat = now + BEAT_MS;
			live_cursor_text(id, c->at);
			snprintf(text, sizeof(text), ":\nid: %s\n\n", id);
			client_raw(c, live_cursor_compare(c->at, c->told) > 0 ? text : ":\n\n");
			c->told = c->at;
		}
	}
}

static void schedule(struct live *l, int64_t ms);

static void tick(lws_sorted_usec_list_t *sul)
{
	struct live *l = lws_container_of(sul, struct live, tick);
	int64_t now = mono_ms();

	schedule(l, TICK_MS);
	if (!l->away || now >= l->retry) {
		bool ok = (!l->away || back(l)) && read_feed(l) && serve_all(l);

		if (ok && now >= l->check) {
			l->check = now + CHECK_MS;
			(void)(check(l, false) && check(l, true));
		}
	}
	looking_tick(l, now);
	arena_reset(l->cx.arena);
	beat(l, now);
	if (l->broken)
		lws_cancel_service(l->lws);
}

static void schedule(struct live *l, int64_t ms)
{
	lws_sul_schedule(l->lws, 0, &l->tick, tick, (lws_usec_t)ms * 1000);
}

void feed_soon(struct live *l)
{
	schedule(l, 1);
}

void feed_start(struct live *l)
{
	l->ring.ring = l->ring.back = l->turn = &l->ring;
	l->away = true;
	schedule(l, 1);
}
