#include "model/live.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/sql_live.h"

struct news { int64_t tenant_id; const char *xid; int64_t seq; };
#define REC struct news
static const struct field news_fields[] = { F(tenant_id), F(xid), F(seq) };
#undef REC
const struct rec_type live_news_type = REC_TYPE("live_news", struct news, news_fields);

struct start { int64_t tenant; const char *xid, *user_id, *user_name; bool reset, sees; };
#define REC struct start
static const struct field start_fields[] = { F(tenant), F(xid), F(reset), F(user_id), F(user_name), F(sees) };
#undef REC
const struct rec_type live_start_type = REC_TYPE("live_start", struct start, start_fields);

/*
 * Digits up to end, without a leading zero, of a number that PostgreSQL can take as bigint (an xid never gets
 * there).
 */
static bool number(const char *s, const char *end, uint64_t *out)
{
	uint64_t v = 0;

	if (s == end || end - s > 18 || (*s == '0' && end - s > 1))
		return false;
	for (; s < end; s++) {
		if (*s < '0' || *s > '9')
			return false;
		v = v * 10 + (uint64_t)(*s - '0');
	}
	*out = v;
	return true;
}

bool live_cursor_parse(const char *s, struct live_cursor *out)
{
	const char *dash = s != NULL ? strchr(s, '-') : NULL;
	struct live_cursor c;

	if (dash == NULL || !number(s, dash, &c.xid) || !number(dash + 1, s + strlen(s), &c.seq))
		return false;
	*out = c;
	return true;
}

void live_cursor_text(char out[LIVE_CURSOR_TEXT], struct live_cursor c)
{
	snprintf(out, LIVE_CURSOR_TEXT, "%" PRIu64 "-%" PRIu64, c.xid, c.seq);
}

int live_cursor_compare(struct live_cursor a, struct live_cursor b)
{
	if (a.xid != b.xid)
		return a.xid < b.xid ? -1 : 1;
	return a.seq < b.seq ? -1 : a.seq > b.seq;
}

static const char *xid_text(struct ctx *cx, uint64_t xid)
{
	return arena_fmt(cx->arena, "%" PRIu64, xid);
}

static uint64_t to_u64(const char *s)
{
	return s != NULL ? strtoull(s, NULL, 10) : 0;
}

enum err live_now(struct ctx *cx, struct live_cursor *out)
{
	const char *xid = NULL;
	enum err e = db_begin(cx, DB_READ, NULL, NULL, NULL, NOARGS, NULL, NULL);

	e = db_end(cx, e == OK ? db_text(cx, &sql_live_head, &xid, NOARGS) : e);
	if (e == OK)
		*out = (struct live_cursor){ to_u64(xid), 0 };
	return e;
}

enum err live_feed(struct ctx *cx, struct live_cursor *c, int64_t **tenants, size_t *n)
{
	struct news *rows = NULL;
	enum err e = db_begin(cx, DB_READ, NULL, NULL, NULL, NOARGS, NULL, NULL);

	*n = 0;
	if (e == OK)
		e = db_rows(cx, &sql_live_feed, &live_news_type, &rows, n, ARGS(A(xid_text(cx, c->xid)),
		    A((int64_t)c->seq)));
	TRY(db_end(cx, e));
	*tenants = arena_array(cx->arena, *n, sizeof(**tenants));
	for (size_t i = 0; i < *n; i++) {
		(*tenants)[i] = rows[i].tenant_id;
		*c = (struct live_cursor){ to_u64(rows[i].xid), (uint64_t)rows[i].seq };
	}
	return OK;
}

static enum err begin(struct ctx *cx, const struct live_who *who)
{
	if (who->token != NULL)
		return db_begin(cx, DB_READ, &sql_live_enter, NULL, NULL, ARGS(arg_bytes(who->token, 32)),
		    NULL, NULL);
	return db_begin(cx, DB_READ, &sql_live_enter_chat, NULL, NULL, ARGS(A(who->key), A(who->visitor)),
	    NULL, NULL);
}

enum err live_enter(struct ctx *cx, const struct live_who *who, const struct live_cursor *after,
    const char *conversation, struct live_entry *out)
{
	const char *xid = after != NULL ? xid_text(cx, after->xid) : NULL;
	struct start s;
	enum err e = begin(cx, who);

	if (e == OK)
		e = db_row(cx, &sql_live_start, &live_start_type, &s, ARGS(A(xid),
		    A(after != NULL ? (int64_t)after->seq : 0), A(conversation)));
	TRY(db_end(cx, e));
	*out = (struct live_entry){ s.tenant, { to_u64(s.xid), 0 }, s.reset, s.sees, s.user_id, s.user_name };
	return OK;
}

struct batch { live_fn *fn; void *p; struct live_cursor last; int n; };

static enum err each(struct ctx *cx, void *p, const char *const *cols, size_t ncols)
{
	struct batch *b = p;
	struct live_row row = { { to_u64(cols[0]), to_u64(cols[1]) }, cols[2], cols[3], cols[4], cols[5],
	    cols[6], cols[7] };

	(void)cx;
	(void)ncols;
	if (row.kind != NULL) {
		b->n++;
		b->fn(b->p, &row);
	}
	/* The closing row says nothing when the batch was full: there may be more between. */
	if (row.kind != NULL || b->n < LIVE_BATCH)
		b->last = row.at;
	return OK;
}

enum err live_events(struct ctx *cx, const struct live_who *who, struct live_cursor *c, bool *more,
    live_fn *fn, void *p)
{
	struct batch b = { fn, p, *c, 0 };
	enum err e = begin(cx, who);

	if (e == OK)
		e = db_each(cx, who->token != NULL ? &sql_live_events : &sql_live_events_visitor, each, &b,
		    ARGS(A(xid_text(cx, c->xid)), A((int64_t)c->seq)));
	TRY(db_end(cx, e));
	*c = b.last;
	*more = b.n == LIVE_BATCH;
	return OK;
}

struct names { const char **v; size_t n, cap; };

static enum err name_each(struct ctx *cx, void *p, const char *const *cols, size_t ncols)
{
	struct names *l = p;

	(void)ncols;
	if (l->n < l->cap)
		l->v[l->n++] = arena_str(cx->arena, cols[0]);
	return OK;
}

enum err live_gone(struct ctx *cx, bool chats, const char *list, const char ***gone, size_t *n)
{
	struct names l = { NULL, 0, 1 };
	enum err e = db_begin(cx, DB_READ, NULL, NULL, NULL, NOARGS, NULL, NULL);

	for (const char *s = list; *s != '\0'; s++)
		l.cap += *s == ',';
	l.v = arena_array(cx->arena, l.cap, sizeof(*l.v));
	if (e == OK)
		e = db_each(cx, chats ? &sql_live_chat_gone : &sql_live_gone, name_each, &l, ARGS(A(list)));
	TRY(db_end(cx, e));
	*gone = l.v;
	*n = l.n;
	return OK;
}
