/*
 * Who else has a conversation open. Kept here, in the one process that holds all streams: nothing is stored, and what is
 * told moves nobody's cursor.
 */
#include "cgi/live/live.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/log.h"
#include "lib/base/text.h"

enum { AGAIN_MS = 1000 };

static bool same(const struct client *c, int64_t tenant, const char *conversation)
{
	return c->who->tenant == tenant && strcmp(c->conversation, conversation) == 0;
}

void looking_changed(struct live *l, int64_t tenant, const char *conversation, int64_t after_ms)
{
	int64_t due = mono_ms() + after_ms;

	for (struct who *o = l->ring.ring; o != &l->ring; o = o->ring)
		for (struct client *c = o->clients; c != NULL; c = c->next)
			if (same(c, tenant, conversation) && (c->look == 0 || due < c->look))
				c->look = due;
}

/* ["Davi Lima"]: everybody else who looks at what c looks at, each once. */
static void names(struct live *l, const struct client *c, struct buf *b)
{
	const char *sep = "[";

	for (struct who *o = l->ring.ring; o != &l->ring; o = o->ring) {
		bool here = false, before = strcmp(o->user, c->who->user) == 0;

		for (const struct client *x = o->clients; x != NULL && !here; x = x->next)
			here = same(x, c->who->tenant, c->conversation);
		/* Another session of somebody who was named. */
		for (struct who *p = l->ring.ring; here && !before && p != o; p = p->ring)
			for (const struct client *x = p->clients; x != NULL && !before; x = x->next)
				before = strcmp(p->user, o->user) == 0 && same(x, c->who->tenant, c->conversation);
		if (!here || before)
			continue;
		buf_str(b, sep);
		buf_json(b, o->name);
		sep = ",";
	}
	buf_str(b, *sep == '[' ? "[]" : "]");
}

/* False when the database did not answer. */
static bool tell(struct live *l, struct client *c, int64_t now)
{
	static struct buf list, b; /* one loop, one at a time */
	const struct live_who w = { c->who->token, NULL, NULL };
	struct live_entry entry;
	enum err e;

	c->look = 0;
	buf_reset(&list);
	names(l, c, &list);
	if (text_eq(list.p, c->looked != NULL ? c->looked : "[]"))
		return true;
	e = feed_enter(l, &w, NULL, c->conversation, &entry);
	if (e != OK) {
		c->look = now + AGAIN_MS;
		return e == E_NOTFOUND; /* whose session has ended is seen to elsewhere */
	}
	if (!entry.sees) {
		char gone[sizeof(c->conversation)];

		memcpy(gone, c->conversation, sizeof(gone));
		c->conversation[0] = '\0';
		looking_changed(l, c->who->tenant, gone, 0);
		return true;
	}
	buf_reset(&b);
	buf_fmt(&b, "\"kind\":\"looking\",\"subject_id\":\"%s\",\"conversation_id\":\"%s\",\"data\":{\"names\":%s}", c->conversation, c->conversation, list.p);
	if (!client_event(c, "looking", c->at, b.p)) {
		c->look = now + AGAIN_MS;
		return true;
	}
	free(c->looked);
	c->looked = strdup(list.p);
	return true;
}

void looking_tick(struct live *l, int64_t now)
{
	for (struct who *o = l->ring.ring; o != &l->ring; o = o->ring)
		for (struct client *c = o->clients; c != NULL; c = c->next)
			if (c->look != 0 && c->look <= now && c->open && c->ending == 0 && !tell(l, c, now))
				return;
}
