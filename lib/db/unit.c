#include "lib/db/db_internal.h"

#include <poll.h>
#include <string.h>

/* True when the idle connection still stands: a server that went away leaves the socket readable. */
static bool idle_ok(struct ctx *cx)
{
	struct db *db = cx->db;
	struct pollfd p = { PQsocket(db->c), POLLIN, 0 };

	if (db->sync_open) {
		db->sync_open = false;
		if (db_drain(cx) != OK)
			return false;
	}
	if (poll(&p, 1, 0) > 0 && PQconsumeInput(db->c) != 1)
		return false;
	return PQstatus(db->c) == CONNECTION_OK && PQtransactionStatus(db->c) == PQTRANS_IDLE;
}

enum err db_begin(struct ctx *cx, enum db_mode mode, const struct stmt *enter, const struct rec_type *t, void *row,
    const struct arg *args, size_t nargs, db_guard *guard, void *gctx)
{
	struct db *db = cx->db;

	if (db->in_unit)
		die("a unit of work within a unit of work");
	/* Optional lines make many forms of one statement: rather a new connection now and then than a full table. */
	if (db->used > PREP_SLOTS * 3 / 4)
		db_forget(db);
	if (db->c == NULL || !idle_ok(cx))
		TRY(db_connect(cx));
	db->in_unit = db->silent = true;
	db->mode = mode;
	db->failed = OK;
	db->aheads = NULL;
	db->looking = 0;
	db->asked_count = 0;
	db->sqlstate[0] = db->constraint[0] = '\0';
	db->enter_type = t;
	db->enter_row = row;
	db->guard = guard;
	db->gctx = gctx;
	db->entering = enter != NULL;
	cx->now = utc_now();
	if (mode == DB_WRITE)
		TRY(db_command(cx, "BEGIN"));
	if (enter != NULL)
		TRY(db_push(cx, enter, args, nargs, WANT_ENTER));
	else if (guard != NULL)
		TRY(guard(cx, gctx));
	return mode == DB_WRITE ? db_entered(cx) : OK;
}

/* A reading unit needs no answer to its Sync: the next unit reads it. After an error all is read now. */
static enum err end_read(struct ctx *cx, enum err e)
{
	struct db *db = cx->db;

	if (e == OK && db->failed == OK)
		e = db_entered(cx);
	if (db->c == NULL)
		return e;
	if (PQpipelineSync(db->c) != 1)
		return db_lost(cx, "sync");
	if (db->failed == OK && db->count == 0) {
		db->sync_open = true;
		return e;
	}
	if (db_drain(cx) != OK)
		return e != OK ? e : E_BUSY;
	return e;
}

static enum err end_write(struct ctx *cx, enum err e)
{
	struct db *db = cx->db;
	bool commit = e == OK && db->failed == OK;

	if (db->c == NULL)
		return e != OK ? e : db->failed;
	if (db->failed == OK)
		TRY(db_command(cx, commit ? "COMMIT" : "ROLLBACK"));
	if (commit) {
		struct prep *p;
		PGresult *r;
		enum err c;

		db->queue[(db->head + db->count - 1) % QUEUE_MAX].want = WANT_RESULT;
		/* What nobody took comes first. */
		do
			c = db_next(cx, &r, &p);
		while (c == OK && db->count > 0);
		if (c == OK && strcmp(PQcmdStatus(r), "COMMIT") != 0)
			c = fail(cx, E_INTERNAL, "the commit became %s", PQcmdStatus(r));
		e = c;
	}
	if (db->c == NULL)
		return e;
	if (PQpipelineSync(db->c) != 1 || db_drain(cx) != OK)
		return e != OK ? e : db_lost(cx, "sync");
	if (PQtransactionStatus(db->c) != PQTRANS_IDLE) {
		/* An error made the server skip what followed it: the transaction is still open, and failed. */
		if (db_command(cx, "ROLLBACK") != OK || PQpipelineSync(db->c) != 1 || db_drain(cx) != OK)
			db_drop(db);
	}
	return e;
}

enum err db_end(struct ctx *cx, enum err e)
{
	struct db *db = cx->db;

	if (!db->in_unit)
		return e;
	db->in_unit = false;
	if (e == OK && db->failed != OK)
		e = db->failed;
	e = db->mode == DB_READ ? end_read(cx, e) : end_write(cx, e);
	db->entering = false;
	return e;
}

/* ---- for tests and tools ---- */

/* The kinds a column type may decode to, as a mask of 1 << kind. */
static unsigned oid_kinds(Oid oid)
{
	switch (oid) {
	case 16: return 1u << K_BOOL;
	case 21: case 23: return 1u << K_I32 | 1u << K_I64;
	case 20: return 1u << K_I64 | 1u << K_MONEY;
	case 1184: return 1u << K_UTC;
	default: return 1u << K_TEXT;
	}
}

static const char *fit(struct ctx *cx, const PGresult *r, const struct rec_type *t)
{
	for (size_t i = 0; i < t->nfields; i++) {
		const struct field *f = &t->fields[i];
		int c = PQfnumber(r, f->name);

		if (c < 0)
			return arena_fmt(cx->arena, "no column %s for type %s", f->name, t->name);
		if (!(oid_kinds(PQftype(r, c)) & 1u << f->kind))
			return arena_fmt(cx->arena, "column %s has type oid %u", f->name, PQftype(r, c));
	}
	for (int c = 0; c < PQnfields(r); c++)
		if (rec_field(t, PQfname(r, c)) == NULL)
			return arena_fmt(cx->arena, "column %s is not in type %s", PQfname(r, c), t->name);
	return NULL;
}

const char *db_check(struct ctx *cx, const struct stmt *s, const struct rec_type *t)
{
	struct db *db = cx->db;
	PGresult *r;
	const char *bad = NULL;

	if (db->c == NULL && db_connect(cx) != OK)
		return cx->why;
	db_drop(db);
	if (db_connect(cx) != OK)
		return cx->why;
	PQexitPipelineMode(db->c);
	r = PQprepare(db->c, s->name, s->sql, 0, NULL);
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		bad = arena_str(cx->arena, PQresultErrorMessage(r));
	PQclear(r);
	if (bad != NULL)
		return bad;
	r = PQdescribePrepared(db->c, s->name);
	if (PQnparams(r) != s->nargs)
		bad = arena_fmt(cx->arena, "%d parameters, the generator counted %d", PQnparams(r), s->nargs);
	else if (t != NULL)
		bad = fit(cx, r, t);
	PQclear(r);
	return bad;
}

const char *db_script(struct ctx *cx, const char *sql)
{
	struct db *db = cx->db;
	PGresult *r;
	const char *bad = NULL;

	db_drop(db);
	if (db_connect(cx) != OK)
		return cx->why;
	PQexitPipelineMode(db->c);
	r = PQexec(db->c, sql);
	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
		bad = arena_str(cx->arena, PQresultErrorMessage(r));
	PQclear(r);
	db_drop(db);
	return bad;
}
