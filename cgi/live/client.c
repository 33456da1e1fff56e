#include "cgi/live/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE_MAX = 4096, END_S = 5, LEFT_MS = 2000 };

static size_t slot(const struct live_who *w)
{
	uint32_t h = 2166136261u;
	const char *s;

	if (w->token != NULL)
		return (size_t)(w->token[0] | w->token[1] << 8) % WHO_SLOTS;
	for (s = w->visitor; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h % WHO_SLOTS;
}

struct who *who_find(struct live *l, const struct live_who *w)
{
	for (struct who *o = l->slots[slot(w)]; o != NULL; o = o->next) {
		if (w->token != NULL && !o->chat && memcmp(o->token, w->token, sizeof(o->token)) == 0)
			return o;
		if (w->token == NULL && o->chat && strcmp(o->key, w->key) == 0 &&
		    strcmp(o->visitor, w->visitor) == 0)
			return o;
	}
	return NULL;
}

static struct who *who_new(struct live *l, const struct live_who *w, const struct live_entry *entry)
{
	struct who *o = calloc(1, sizeof(*o));
	struct who **at = &l->slots[slot(w)];

	if (o == NULL)
		die("out of memory");
	o->tenant = entry->tenant;
	o->chat = w->token == NULL;
	if (o->chat) {
		o->key = strdup(w->key);
		if (o->key == NULL)
			die("out of memory");
		snprintf(o->visitor, sizeof(o->visitor), "%s", w->visitor);
	} else {
		memcpy(o->token, w->token, sizeof(o->token));
		snprintf(o->user, sizeof(o->user), "%s", entry->user_id != NULL ? entry->user_id : "");
		o->name = strdup(entry->user_name != NULL ? entry->user_name : "");
		if (o->name == NULL)
			die("out of memory");
	}
	o->next = *at;
	*at = o;
	o->ring = &l->ring;
	o->back = l->ring.back;
	l->ring.back->ring = o;
	l->ring.back = o;
	return o;
}

static void who_free(struct live *l, struct who *o)
{
	const struct live_who w = { o->chat ? NULL : o->token, o->key, o->visitor };
	struct who **at = &l->slots[slot(&w)];

	while (*at != o)
		at = &(*at)->next;
	*at = o->next;
	o->back->ring = o->ring;
	o->ring->back = o->back;
	if (l->turn == o)
		l->turn = o->ring;
	free(o->key);
	free(o->name);
	free(o);
}

struct client *client_open(struct live *l, struct lws *wsi, const struct live_who *w, const struct live_entry *entry,
    bool ws)
{
	struct client *c = calloc(1, sizeof(*c));
	struct who *o = who_find(l, w);

	if (c == NULL)
		die("out of memory");
	if (o == NULL)
		o = who_new(l, w, entry);
	c->live = l;
	c->wsi = wsi;
	c->who = o;
	c->ws = ws;
	c->next = o->clients;
	o->clients = c;
	o->n++;
	l->clients++;
	c->beat = mono_ms() + BEAT_MS;
	lws_set_opaque_user_data(wsi, c);
	return c;
}

void client_free(struct client *c)
{
	struct client **at;
	int64_t tenant;

	if (c == NULL)
		return;
	lws_set_opaque_user_data(c->wsi, NULL);
	for (at = &c->who->clients; *at != c; at = &(*at)->next)
		;
	*at = c->next;
	tenant = c->who->tenant;
	if (--c->who->n == 0)
		who_free(c->live, c->who);
	c->live->clients--;
	/* A page that only loads anew comes back within this time. */
	if (c->conversation[0] != '\0')
		looking_changed(c->live, tenant, c->conversation, LEFT_MS);
	free(c->looked);
	free(c->out);
	buf_free(&c->in);
	free(c);
}

size_t client_waiting(const struct client *c)
{
	return c->n - c->off;
}

static bool put(struct client *c, const char *s, size_t n)
{
	size_t head = c->ws ? 2 : 0, need;
	char *at;

	if (client_waiting(c) + head + n > OUT_MAX || n > UINT16_MAX)
		return false;
	if (c->n == c->off)
		c->moved = mono_ms();
	if (c->off > 0 && c->out != NULL) {
		memmove(c->out, c->out + c->off, c->n - c->off);
		c->n -= c->off;
		c->off = 0;
	}
	need = c->n + head + n;
	if (need > c->cap) {
		c->cap = need < 512 ? 512 : need < OUT_MAX / 2 ? need * 2 : OUT_MAX;
		at = realloc(c->out, c->cap);
		if (at == NULL)
			die("out of memory");
		c->out = at;
	}
	if (c->ws) {
		c->out[c->n++] = (char)(n >> 8);
		c->out[c->n++] = (char)(n & 255);
	}
	memcpy(c->out + c->n, s, n);
	c->n += n;
	lws_callback_on_writable(c->wsi);
	return true;
}

bool client_event(struct client *c, const char *name, struct live_cursor at, const char *json)
{
	static struct buf b; /* one loop, one at a time */
	char id[LIVE_CURSOR_TEXT];

	live_cursor_text(id, at);
	buf_reset(&b);
	if (c->ws) {
		buf_str(&b, "{\"event\":");
		buf_json(&b, name);
		buf_fmt(&b, ",\"id\":\"%s\"%s%s}", id, *json != '\0' ? "," : "", json);
	} else {
		if (*json == '\0')
			buf_fmt(&b, "event: %s\n", name);
		buf_fmt(&b, "id: %s\ndata: {%s}\n\n", id, json);
	}
	if (!put(c, b.p, b.n))
		return false;
	c->told = at;
	return true;
}

void client_raw(struct client *c, const char *text)
{
	(void)put(c, text, strlen(text));
}

void client_reset(struct client *c, struct live_cursor now)
{
	c->at = now;
	c->news = false;
	(void)client_event(c, "reset", now, "");
}

void client_end(struct client *c, int code)
{
	if (c->ending != 0)
		return;
	c->ending = code;
	c->news = false;
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_OK, END_S);
	lws_callback_on_writable(c->wsi);
}

static int finish(struct client *c)
{
	if (c->ws)
		lws_close_reason(c->wsi, (enum lws_close_status)c->ending, NULL, 0);
	return -1;
}

/* A frame at a time for a WebSocket, a piece at a time for a stream. */
int client_write(struct client *c)
{
	static unsigned char piece[LWS_PRE + UINT16_MAX];
	size_t n = client_waiting(c), skip = 0;

	if (n == 0)
		return c->ending != 0 ? finish(c) : 0;
	if (c->ws) {
		const unsigned char *head = (const unsigned char *)c->out + c->off;

		skip = 2;
		n = (size_t)(head[0] << 8 | head[1]);
	} else if (n > WRITE_MAX) {
		n = WRITE_MAX;
	}
	memcpy(piece + LWS_PRE, c->out + c->off + skip, n);
	if (lws_write(c->wsi, piece + LWS_PRE, n, c->ws ? LWS_WRITE_TEXT : LWS_WRITE_HTTP) < (int)n)
		return -1;
	c->off += skip + n;
	c->moved = mono_ms();
	if (c->off < c->n || c->ending != 0)
		lws_callback_on_writable(c->wsi);
	if (c->off == c->n) {
		free(c->out);
		c->out = NULL;
		c->n = c->off = c->cap = 0;
	}
	if (c->news && client_waiting(c) <= OUT_LOW)
		feed_soon(c->live);
	return 0;
}
