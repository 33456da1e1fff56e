#include "lib/db/db_internal.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The slot of a statement: open addressing over its address. */
static struct prep *prep_of(struct db *db, const struct stmt *s)
{
	size_t i = ((uintptr_t)s >> 4) % PREP_SLOTS;

	for (size_t n = 0; n < PREP_SLOTS; n++, i = (i + 1) % PREP_SLOTS) {
		if (db->preps[i].stmt == s)
			return &db->preps[i];
		if (db->preps[i].stmt == NULL) {
			db->preps[i].stmt = s;
			db->used++;
			return &db->preps[i];
		}
	}
	die("more than %d statements in one program", PREP_SLOTS);
}

static enum err enqueue(struct ctx *cx, enum want want, struct prep *p)
{
	struct db *db = cx->db;

	if (db->count == QUEUE_MAX)
		die("more than %d statements in one round trip", QUEUE_MAX);
	db->queue[(db->head + db->count++) % QUEUE_MAX] = (struct pending){ want, p, NULL };
	db->unflushed = true;
	return OK;
}

struct wire { const char *v[32]; int len[32], fmt[32]; char num[32][32]; };

/* With its microseconds: a cursor that lost them would meet its own row again, or jump over the next one. */
static char *utc_exact(struct arena *a, int64_t us)
{
	int64_t part = (us % 1000000 + 1000000) % 1000000;
	char *s = utc_rfc3339(a, (utc_t){ us - part });

	return arena_fmt(a, "%.*s.%06dZ", (int)strlen(s) - 1, s, (int)part);
}

static void arg_put(struct wire *w, size_t i, const struct arg *a, struct arena *ar)
{
	w->fmt[i] = 0;
	w->len[i] = 0;
	switch (a->kind) {
	case ARG_TEXT: w->v[i] = a->s; break;
	case ARG_BOOL: w->v[i] = a->i ? "t" : "f"; break;
	case ARG_UTC: w->v[i] = a->i == INT64_MIN ? NULL : utc_exact(ar, a->i); break;
	case ARG_BYTES: w->v[i] = a->s; w->len[i] = (int)a->n; w->fmt[i] = 1; break;
	case ARG_I64:
		snprintf(w->num[i], sizeof(w->num[i]), "%lld", (long long)a->i);
		w->v[i] = w->num[i];
		break;
	}
}

enum err db_push(struct ctx *cx, const struct stmt *s, const struct arg *args, size_t nargs, enum want want)
{
	struct db *db = cx->db;
	struct prep *p = prep_of(db, s);
	struct wire w;

	if ((size_t)s->nargs != nargs || nargs > 32)
		die("statement %s wants %d arguments, got %zu", s->name, s->nargs, nargs);
	if (!p->ready) {
		if (PQsendPrepare(db->c, s->name, s->sql, 0, NULL) != 1)
			return db_lost(cx, "prepare");
		TRY(enqueue(cx, WANT_PREPARE, p));
		p->ready = true;
	}
	for (size_t i = 0; i < nargs; i++)
		arg_put(&w, i, &args[i], cx->arena);
	if (PQsendQueryPrepared(db->c, s->name, (int)nargs, w.v, w.len, w.fmt, 0) != 1)
		return db_lost(cx, "send");
	cx->statements++;
	return enqueue(cx, want, p);
}

enum err db_command(struct ctx *cx, const char *sql)
{
	if (PQsendQueryParams(cx->db->c, sql, 0, NULL, NULL, NULL, NULL, 0) != 1)
		return db_lost(cx, sql);
	return enqueue(cx, WANT_IGNORE, NULL);
}

static bool flush(struct ctx *cx)
{
	struct db *db = cx->db;

	if (!db->unflushed)
		return true;
	db->unflushed = false;
	cx->trips++;
	return PQsendFlushRequest(db->c) == 1 && PQflush(db->c) == 0;
}

/* The result of the oldest queued item. Every item's results end with a NULL. */
static enum err read_one(struct ctx *cx, PGresult **out)
{
	struct db *db = cx->db;
	/* The first word tells whether the server is there: a page does not wait for its slowest statement to learn that. */
	int limit = db->entering || (db->silent && db->statement_ms <= 5000) ? 1800 : db->statement_ms + 1000;
	PGresult *r, *extra;

	if (!db_wait(db, limit) || (r = PQgetResult(db->c)) == NULL)
		return db_lost(cx, "read");
	db->silent = false;
	while (db_wait(db, limit) && (extra = PQgetResult(db->c)) != NULL)
		PQclear(extra);
	*out = r;
	return OK;
}

static void clear_result(void *r)
{
	PQclear(r);
}

/* The entering statement has answered: its row, then the guard. */
static enum err entered(struct ctx *cx, const PGresult *r, struct prep *p);

/* Takes results in order until one that somebody waits for, until that of a statement asked ahead, or (out NULL) until nothing but those is left. */
static enum err take(struct ctx *cx, PGresult **out, struct prep **prep, bool only_enter, const struct ahead *until)
{
	struct db *db = cx->db;

	if (!flush(cx))
		return db_lost(cx, "flush");
	while (db->count > 0) {
		struct pending q = db->queue[db->head];
		PGresult *r = NULL;
		ExecStatusType st;

		TRY(read_one(cx, &r));
		db->head = (db->head + 1) % QUEUE_MAX;
		db->count--;
		st = PQresultStatus(r);
		if (q.want == WANT_PREPARE && st != PGRES_COMMAND_OK)
			q.prep->ready = false;
		arena_defer(cx->arena, clear_result, r);
		if (st != PGRES_TUPLES_OK && st != PGRES_COMMAND_OK) {
			if (st == PGRES_PIPELINE_ABORTED)
				return db->failed != OK ? db->failed : fail(cx, db->failed = E_INTERNAL, "pipeline aborted");
			return db_error(cx, r, q.prep != NULL ? q.prep->stmt : NULL);
		}
		if (q.want == WANT_ENTER) {
			db->entering = false;
			enum err e = entered(cx, r, q.prep);
			if (e != OK)
				return db->failed = e;
			if (only_enter)
				return OK;
		}
		if (q.want == WANT_AHEAD) {
			q.ahead->result = r;
			if (q.ahead == until)
				return OK;
		}
		if (q.want == WANT_RESULT) {
			*out = r;
			*prep = q.prep;
			return OK;
		}
	}
	return only_enter || out == NULL ? OK : fail(cx, E_INTERNAL, "no statement under way");
}

enum err db_next(struct ctx *cx, PGresult **out, struct prep **prep)
{
	struct db *db = cx->db;
	struct ahead *a = NULL;

	if (db->looking > 0)
		return E_AHEAD;
	if (db->failed != OK)
		return db->failed;
	if (db->asked_count > 0) {
		a = db->asked[db->asked_head];
		db->asked_head = (db->asked_head + 1) % QUEUE_MAX;
		db->asked_count--;
	}
	if (a == NULL)
		return take(cx, out, prep, false, NULL);
	if (a->result == NULL)
		TRY(take(cx, out, prep, false, a));
	*out = a->result;
	*prep = a->prep;
	return OK;
}

enum err db_entered(struct ctx *cx)
{
	struct db *db = cx->db;

	if (db->failed != OK || !db->entering)
		return db->failed;
	return take(cx, NULL, NULL, true, NULL);
}

enum err db_drain(struct ctx *cx)
{
	struct db *db = cx->db;

	for (;;) {
		PGresult *r;
		bool sync;

		if (!db_wait(db, db->statement_ms + 1000))
			return db_lost(cx, "drain");
		r = PQgetResult(db->c);
		if (r == NULL) {
			if (PQstatus(db->c) != CONNECTION_OK)
				return db_lost(cx, "drain");
			continue;
		}
		sync = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
		if (db->count > 0 && !sync) {
			struct pending q = db->queue[db->head];

			if (q.want == WANT_PREPARE && PQresultStatus(r) != PGRES_COMMAND_OK)
				q.prep->ready = false;
			db->head = (db->head + 1) % QUEUE_MAX;
			db->count--;
		}
		PQclear(r);
		if (sync)
			break;
	}
	for (; db->count > 0; db->count--, db->head = (db->head + 1) % QUEUE_MAX)
		if (db->queue[db->head].want == WANT_PREPARE)
			db->queue[db->head].prep->ready = false;
	return OK;
}

/* ---- rows ---- */

static void map_columns(struct prep *p, const PGresult *r, const struct rec_type *t)
{
	int n = PQnfields(r);

	if (p->type == t && p->ncols == n)
		return;
	free(p->fields);
	p->fields = calloc((size_t)n + 1, sizeof(*p->fields));
	if (p->fields == NULL)
		die("out of memory");
	for (int i = 0; i < n; i++)
		p->fields[i] = rec_field(t, PQfname(r, i));
	p->type = t;
	p->ncols = n;
}

/* Text stays in the result, which lives as long as the arena: no copy. */
static enum err decode(struct ctx *cx, struct prep *p, const PGresult *r, int row, void *rec)
{
	for (int i = 0; i < p->ncols; i++) {
		const struct field *f = p->fields[i];
		const char *v = PQgetisnull(r, row, i) ? NULL : PQgetvalue(r, row, i);

		if (f == NULL)
			continue;
		if (f->kind == K_TEXT)
			*(const char **)((char *)rec + f->offset) = v;
		else if (!rec_set_pg(cx->arena, f, rec, v))
			return fail(cx, cx->db->failed = E_INTERNAL, "%s: column %s does not fit", p->stmt->name, f->name);
	}
	return OK;
}

static enum err entered(struct ctx *cx, const PGresult *r, struct prep *p)
{
	struct db *db = cx->db;

	if (PQntuples(r) == 0)
		return fail(cx, E_NOTFOUND, "%s: nobody entered", p->stmt->name);
	if (db->enter_type != NULL) {
		map_columns(p, r, db->enter_type);
		TRY(decode(cx, p, r, 0, db->enter_row));
	}
	return db->guard != NULL ? db->guard(cx, db->gctx) : OK;
}

/* ---- asked ahead ---- */

static bool same_arg(const struct arg *a, const struct arg *b)
{
	if (a->kind != b->kind || a->i != b->i || a->n != b->n || (a->s == NULL) != (b->s == NULL))
		return false;
	return a->s == NULL || (a->kind == ARG_BYTES ? memcmp(a->s, b->s, a->n) == 0 : strcmp(a->s, b->s) == 0);
}

static struct ahead *find_ahead(struct db *db, const struct stmt *s, const struct arg *args, size_t nargs)
{
	struct ahead *a;

	for (a = db->aheads; a != NULL; a = a->next) {
		size_t i = 0;

		while (a->stmt == s && i < nargs && same_arg(&a->args[i], &args[i]))
			i++;
		if (a->stmt == s && i == nargs)
			break;
	}
	return a;
}

static enum err ask_ahead(struct ctx *cx, const struct stmt *s, const struct arg *args, size_t nargs)
{
	struct db *db = cx->db;
	struct ahead *a;
	struct arg *kept;

	if (db->mode != DB_READ)
		return E_AHEAD;
	if (find_ahead(db, s, args, nargs) != NULL)
		return OK;
	TRY(db_push(cx, s, args, nargs, WANT_AHEAD));
	kept = arena_array(cx->arena, nargs, sizeof(*kept));
	for (size_t i = 0; i < nargs; i++) {
		kept[i] = args[i];
		if (args[i].s != NULL)
			kept[i].s = args[i].kind == ARG_BYTES ? arena_strn(cx->arena, args[i].s, args[i].n) : arena_str(cx->arena, args[i].s);
	}
	a = ARENA_NEW(cx->arena, struct ahead);
	*a = (struct ahead){ db->aheads, s, kept, prep_of(db, s), NULL };
	db->aheads = a;
	db->queue[(db->head + db->count - 1) % QUEUE_MAX].ahead = a;
	return OK;
}

void db_look(struct ctx *cx, bool ahead)
{
	cx->db->looking += ahead ? 1 : -1;
}

enum err db_send(struct ctx *cx, const struct stmt *s, const struct arg *args, size_t nargs)
{
	struct db *db = cx->db;
	struct ahead *a;

	if (!db->in_unit)
		die("statement %s outside a unit of work", s->name);
	if (db->failed != OK)
		return db->failed;
	if (db->looking > 0)
		return ask_ahead(cx, s, args, nargs);
	a = find_ahead(db, s, args, nargs);
	if (a == NULL)
		TRY(db_push(cx, s, args, nargs, WANT_RESULT));
	db->asked[(db->asked_head + db->asked_count++) % QUEUE_MAX] = a;
	return OK;
}

enum err db_take_rows(struct ctx *cx, const struct rec_type *t, void *rows, size_t *n)
{
	struct prep *p;
	PGresult *r;
	char *recs;
	int count;

	TRY(db_next(cx, &r, &p));
	map_columns(p, r, t);
	count = PQntuples(r);
	recs = arena_array(cx->arena, (size_t)count, t->size);
	for (int i = 0; i < count; i++)
		TRY(decode(cx, p, r, i, recs + (size_t)i * t->size));
	*(void **)rows = recs;
	*n = (size_t)count;
	return OK;
}

enum err db_take_row(struct ctx *cx, const struct rec_type *t, void *row)
{
	struct prep *p;
	PGresult *r;

	TRY(db_next(cx, &r, &p));
	if (PQntuples(r) == 0)
		return fail(cx, E_NOTFOUND, "%s: no row", p->stmt->name);
	map_columns(p, r, t);
	return decode(cx, p, r, 0, row);
}

enum err db_take_text(struct ctx *cx, const char **out)
{
	struct prep *p;
	PGresult *r;

	TRY(db_next(cx, &r, &p));
	*out = PQntuples(r) > 0 && !PQgetisnull(r, 0, 0) ? PQgetvalue(r, 0, 0) : NULL;
	return OK;
}

enum err db_rows(struct ctx *cx, const struct stmt *s, const struct rec_type *t, void *rows, size_t *n, const struct arg *args, size_t nargs)
{
	TRY(db_send(cx, s, args, nargs));
	return db_take_rows(cx, t, rows, n);
}

enum err db_row(struct ctx *cx, const struct stmt *s, const struct rec_type *t, void *row, const struct arg *args, size_t nargs)
{
	TRY(db_send(cx, s, args, nargs));
	return db_take_row(cx, t, row);
}

enum err db_text(struct ctx *cx, const struct stmt *s, const char **out, const struct arg *args, size_t nargs)
{
	TRY(db_send(cx, s, args, nargs));
	return db_take_text(cx, out);
}

enum err db_exec(struct ctx *cx, const struct stmt *s, int64_t *n, const struct arg *args, size_t nargs)
{
	struct prep *p;
	PGresult *r;

	TRY(db_send(cx, s, args, nargs));
	TRY(db_next(cx, &r, &p));
	if (n != NULL)
		*n = PQresultStatus(r) == PGRES_TUPLES_OK ? PQntuples(r) : strtoll(PQcmdTuples(r), NULL, 10);
	return OK;
}

enum err db_each(struct ctx *cx, const struct stmt *s, db_each_fn *fn, void *ptr, const struct arg *args, size_t nargs)
{
	struct prep *p;
	PGresult *r;
	int cols;

	TRY(db_send(cx, s, args, nargs));
	TRY(db_next(cx, &r, &p));
	cols = PQnfields(r);
	for (int i = 0; i < PQntuples(r); i++) {
		const char *v[32] = { NULL };

		for (int k = 0; k < cols && k < 32; k++)
			v[k] = PQgetisnull(r, i, k) ? NULL : PQgetvalue(r, i, k);
		TRY(fn(cx, ptr, v, (size_t)cols));
	}
	return OK;
}
