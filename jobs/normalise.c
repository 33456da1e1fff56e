#include <string.h>
#include <unistd.h>

#include "jobs/work.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/net/crash.h"
#include "model/inbound.h"

/*
 * One event is many small units of work: each holds the items of one person (or a few statuses), so that
 * workers side by side lock little and in one order, and one bad item costs only itself. An event of one
 * unit, the usual case, is done in a single transaction. Everything may be repeated: what is known stays.
 */
enum { UNIT_MAX = 50, TRIES = 4, MARGIN_MS = 15000 };

struct normalise {
	struct work *w;
	const struct job *j;
	struct event_row event;
	struct wa_batch batch;
	int refused;
};

/* How many items from i on belong into one transaction. */
static size_t unit_size(const struct wa_batch *b, size_t i)
{
	size_t n = 1;

	while (i + n < b->n && n < UNIT_MAX && text_eq(b->items[i + n].number, b->items[i].number) &&
	    strcmp(b->items[i + n].unit, b->items[i].unit) == 0)
		n++;
	return n;
}

static enum err apply(struct normalise *m, const struct wa_item *items, size_t n)
{
	struct ctx *cx = m->w->cx;
	const char *conn = NULL;
	int64_t known = 0;

	if (items->what == WA_TEMPLATE) { /* one unit is one account's */
		TRY(inbound_template(cx, m->event.connection_id, items->text, &known));
		if (known == 0)
			wa_note(cx->arena, &m->batch, "templates of an account nobody here has");
		return OK;
	}
	if (items->number == NULL && m->event.connection_id == NULL) {
		wa_note(cx->arena, &m->batch, arena_fmt(cx->arena, "account: %.80s", items->text));
		return OK;
	}
	TRY(inbound_enter(cx, m->event.connection_id, items->number, &conn));
	if (conn == NULL) {
		for (size_t i = 0; i < n; i++)
			wa_note(cx->arena, &m->batch, "item for a number nobody here has");
		return OK;
	}
	return inbound_apply(cx, conn, items, n);
}

/* The event's last word and the job's, in the unit that is under way. */
static enum err finish(struct normalise *m)
{
	struct ctx *cx = m->w->cx;
	const char *notes = wa_notes(cx->arena, &m->batch);
	const char *state = m->batch.fault != NULL ? "rejected" : m->refused > 0 ? "dead" : "processed";

	if (m->refused > 0)
		notes = arena_fmt(cx->arena, "%d refused: %s", m->refused, notes != NULL ? notes : "");
	return event_finish(cx, m->j, state, m->batch.fault != NULL ? m->batch.fault : notes, m->refused > 0 ? "dead" : "done",
	    m->refused > 0 ? notes : NULL);
}

/* A stale lease says so without the database having refused anything. */
static bool stale(const struct ctx *cx, enum err e)
{
	return e == E_CONFLICT && db_sqlstate(cx)[0] == '\0';
}

/* A unit of its own; deadlocks and the like are tried again at once. */
static enum err run_unit(struct normalise *m, const struct wa_item *items, size_t n, bool last)
{
	struct ctx *cx = m->w->cx;
	enum err e = OK;

	for (int try = 0; try < TRIES; try++) {
		if (try > 0)
			usleep((useconds_t)(20000 + job_random(60000)));
		e = job_begin(cx, m->j);
		if (e == E_NOTFOUND)
			return fail(cx, E_CONFLICT, "the lease is gone");
		if (e == OK && n > 0)
			e = apply(m, items, n);
		if (e == OK && last) {
			e = finish(m);
			crash_point("before_commit");
		}
		e = db_end(cx, e);
		if (e != E_RETRY)
			break;
	}
	if (e == OK && last)
		crash_point("after_commit");
	return e;
}

/* Errors that will pass, or that mean we must stop; the others are the item's fault. */
static bool passing(const struct ctx *cx, enum err e)
{
	return e == E_BUSY || e == E_RETRY || stale(cx, e);
}

static enum err run_apart(struct normalise *m, const struct wa_item *items, size_t n)
{
	struct ctx *cx = m->w->cx;

	for (size_t i = 0; i < n; i++) {
		enum err e = run_unit(m, &items[i], 1, false);

		if (e == OK)
			continue;
		if (passing(cx, e))
			return e;
		m->refused++;
		wa_note(cx->arena, &m->batch, arena_fmt(cx->arena, "%s %s", db_sqlstate(cx), db_constraint(cx)));
		log_kv(LOG_ERROR, "normalise.refused", "event", m->event.id, "why", cx->why, NULL);
	}
	return OK;
}

static enum err run_units(struct normalise *m)
{
	struct ctx *cx = m->w->cx;
	size_t n;

	for (size_t i = 0; i < m->batch.n; i += n) {
		enum err e;

		n = unit_size(&m->batch, i);
		if (!job_leased(m->j, MARGIN_MS)) /* goes on in a next run: what is done is known by then */
			return job_again_now(cx, m->j, 0, "took long", true);
		e = run_unit(m, &m->batch.items[i], n, false);
		if (e != OK && !passing(cx, e))
			e = run_apart(m, &m->batch.items[i], n);
		if (e != OK)
			return e;
	}
	return run_unit(m, NULL, 0, true);
}

/* Loads and reads the event. *done: the job is finished. The unit is still open when it is not. */
static enum err load(struct normalise *m, bool *done)
{
	struct ctx *cx = m->w->cx;
	const char *bytes;
	size_t n;
	enum err e = event_load(cx, m->j->subject_id, &m->event);

	*done = true;
	if (e == E_NOTFOUND)
		return job_end(cx, m->j, "done", "no such event");
	if (e != OK)
		return e;
	if (strcmp(m->event.state, "received") != 0)
		return job_end(cx, m->j, "done", NULL);
	bytes = event_bytes(cx, &m->event, &n);
	if (strcmp(m->event.source, "whatsapp") == 0)
		wa_read(cx->arena, bytes, n, &m->batch);
	else
		m->batch.fault = arena_fmt(cx->arena, "no reader for %s", m->event.source);
	if (m->batch.fault != NULL)
		return finish(m);
	*done = false;
	return OK;
}

enum err normalise_run(struct work *w, const struct job *j)
{
	struct normalise m = { .w = w, .j = j };
	struct ctx *cx = w->cx;
	bool done = true;
	enum err e = job_begin(cx, j);

	if (e == E_NOTFOUND)
		return fail(cx, E_CONFLICT, "the lease is gone");
	if (e == OK)
		e = load(&m, &done);
	if (e == OK && !done && (m.batch.n == 0 || unit_size(&m.batch, 0) == m.batch.n)) {
		if (m.batch.n > 0)
			e = apply(&m, m.batch.items, m.batch.n);
		if (e == OK)
			e = finish(&m);
		crash_point("before_commit");
		e = db_end(cx, e);
		if (e == OK)
			crash_point("after_commit");
		done = e == OK || stale(cx, e) || e == E_BUSY;
	} else {
		e = db_end(cx, e);
		done = e != OK || done;
	}
	return done ? e : run_units(&m);
}

enum err normalise_give_up(struct work *w, const struct job *j, const char *why)
{
	enum err e = job_begin(w->cx, j);

	if (e == OK)
		e = event_end(w->cx, j->subject_id, "dead", why);
	if (e == OK)
		e = job_end(w->cx, j, "dead", why);
	return db_end(w->cx, e);
}
