/*
 * live.h: events as they happen, for the program that streams them. Every function makes and ends a
 * unit of work of its own, so that each look at the events is a look through the eyes of one session
 * (or one visitor) and row-level security decides what leaves.
 */
#ifndef MODEL_LIVE_H
#define MODEL_LIVE_H

#include "lib/db/db.h"

/* A place in the commit order of events: everything up to it has been seen. xid 0: nowhere yet. */
struct live_cursor { uint64_t xid, seq; };
enum { LIVE_CURSOR_TEXT = 44 };

/* "xid-seq" in decimal, nothing else; false otherwise (and *out untouched). NULL is false. */
bool live_cursor_parse(const char *s, struct live_cursor *out);
void live_cursor_text(char out[LIVE_CURSOR_TEXT], struct live_cursor c);
int live_cursor_compare(struct live_cursor a, struct live_cursor b);

/* Who looks: a session by its token's digest, or the visitor of a web chat. */
struct live_who {
	const uint8_t *token;  /* 32 bytes; NULL for a visitor */
	const char *key, *visitor; /* of the chat; hex digest of the visitor's cookie */
};

struct live_row {
	struct live_cursor at;
	const char *kind, *subject_id, *conversation_id, *actor_id, *time, *data;
};
typedef void live_fn(void *p, const struct live_row *row);

/* Rows of the feed, and of entering. */
extern const struct rec_type live_news_type, live_start_type;

/* Where "now" is. E_BUSY when the database is away, as in all of these. */
CHECK enum err live_now(struct ctx *cx, struct live_cursor *out);
/*
 * The tenants with news after *c, which moves on; in the context's arena. More may be left: call again when
 * *n > 0.
 */
CHECK enum err live_feed(struct ctx *cx, struct live_cursor *c, int64_t **tenants, size_t *n);

struct live_entry { int64_t tenant; struct live_cursor now; bool reset, sees; const char *user_id, *user_name; }; /* texts: NULL for a visitor; in the context's arena */
/*
 * Enters as who: its tenant, where "now" is, reset when events after *after (may be NULL) are gone, who that is, and
 * whether they may see conversation (NULL: they do not).
 * E_NOTFOUND: no such session or chat.
 */
CHECK enum err live_enter(struct ctx *cx, const struct live_who *who, const struct live_cursor *after,
    const char *conversation, struct live_entry *out);

/*
 * Calls fn for what who may see after *c, in order, at most LIVE_BATCH events, and moves *c to where it
 * was looked to. *more: there may be more. E_NOTFOUND: no such session or chat any more.
 */
enum { LIVE_BATCH = 200 };
CHECK enum err live_events(struct ctx *cx, const struct live_who *who, struct live_cursor *c, bool *more,
    live_fn *fn, void *p);

/*
 * Which of the names (sessions: hex digests of tokens; chats: keys) may not enter any more, in the context's
 * arena. list: as PostgreSQL writes arrays, "{a,b}".
 */
CHECK enum err live_gone(struct ctx *cx, bool chats, const char *list, const char ***gone, size_t *n);

#endif
