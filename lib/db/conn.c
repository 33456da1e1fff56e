#include "lib/db/db_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


enum err fail(struct ctx *cx, enum err e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	cx->why = arena_vfmt(cx->arena, fmt, ap);
	va_end(ap);
	return e;
}

enum err fail_field(struct ctx *cx, const char *field, const char *code, const char *arg)
{
	field_error_add(cx->arena, &cx->errors, field, code, arg);
	return E_INVALID;
}

enum err fail_query(struct ctx *cx, const char *name)
{
	field_error_add(cx->arena, &cx->errors, name, "format", NULL);
	return fail(cx, E_SYNTAX, "%s", name);
}

struct db *db_new(const char *conninfo, const char *application_name)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db == NULL || (db->conninfo = strdup(conninfo)) == NULL || (db->name = strdup(application_name)) == NULL)
		die("out of memory");
	db->connect_ms = 1500;
	db->statement_ms = 5000;
	return db;
}

void db_limits(struct db *db, int connect_ms, int statement_ms)
{
	db->connect_ms = connect_ms;
	db->statement_ms = statement_ms;
}

void db_drop(struct db *db)
{
	if (db->c != NULL)
		PQfinish(db->c);
	db->c = NULL;
	db->count = db->head = 0;
	db->unflushed = db->sync_open = false;
	for (size_t i = 0; i < PREP_SLOTS; i++)
		db->preps[i].ready = false;
}

void db_forget(struct db *db)
{
	db_drop(db);
	for (size_t i = 0; i < PREP_SLOTS; i++)
		free(db->preps[i].fields);
	memset(db->preps, 0, sizeof(db->preps));
	db->used = 0;
}

void db_free(struct db *db)
{
	if (db == NULL)
		return;
	db_forget(db);
	free(db->conninfo);
	free(db->name);
	free(db);
}

/* Drives an asynchronous connect to its end: libpq's own connect_timeout cannot be under two seconds. */
static bool connect_poll(struct db *db)
{
	int64_t end = mono_ms() + db->connect_ms;
	PostgresPollingStatusType st = PGRES_POLLING_WRITING;

	while (st != PGRES_POLLING_OK) {
		int64_t left = end - mono_ms();
		struct pollfd p = { PQsocket(db->c), st == PGRES_POLLING_READING ? POLLIN : POLLOUT, 0 };

		if (st == PGRES_POLLING_FAILED || left <= 0 || p.fd < 0)
			return false;
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return false;
		if (p.revents != 0)
			st = PQconnectPoll(db->c);
	}
	return true;
}

static void quiet(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

enum err db_connect(struct ctx *cx)
{
	struct db *db = cx->db;
	const char *keys[] = { "dbname", "application_name", "options", "client_encoding", NULL };
	const char *vals[] = { db->conninfo, db->name, "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 -c bytea_output=hex", "UTF8", NULL };

	db_drop(db);
	db->c = PQconnectStartParams(keys, vals, 1);
	if (db->c == NULL || PQstatus(db->c) == CONNECTION_BAD || !connect_poll(db))
		return db_lost(cx, "connect");
	PQsetNoticeProcessor(db->c, quiet, NULL);
	if (PQenterPipelineMode(db->c) != 1)
		return db_lost(cx, "pipeline");
	return OK;
}

enum err db_lost(struct ctx *cx, const char *what)
{
	struct db *db = cx->db;

	(void)fail(cx, E_BUSY, "database lost (%s): %s", what, db->c != NULL ? PQerrorMessage(db->c) : "no connection");
	db_drop(db);
	db->failed = E_BUSY;
	cx->retry_after = 2;
	return E_BUSY;
}

bool db_wait(struct db *db, int timeout_ms)
{
	int64_t end = mono_ms() + timeout_ms;

	while (PQisBusy(db->c)) {
		struct pollfd p = { PQsocket(db->c), POLLIN, 0 };
		int64_t left = end - mono_ms();

		if (left <= 0 || p.fd < 0)
			return false;
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return false;
		if (p.revents != 0 && PQconsumeInput(db->c) != 1)
			return false;
	}
	return PQstatus(db->c) == CONNECTION_OK;
}

/* What a SQLSTATE means to a caller. P1xxx are raised by our own functions (sql/migrations say which). */
static enum err state_err(const char *st)
{
	static const struct { const char *prefix; enum err e; } map[] = {
		{ "23505", E_CONFLICT }, { "23503", E_NOTFOUND }, { "23P01", E_CONFLICT }, { "23514", E_INVALID }, { "23502", E_INVALID },
		{ "22", E_INVALID }, { "42501", E_DENIED }, { "40001", E_RETRY }, { "40P01", E_RETRY }, { "55P03", E_RETRY },
		{ "57014", E_BUSY }, { "57P", E_BUSY }, { "53", E_BUSY }, { "08", E_BUSY }, { "25P03", E_BUSY },
		{ "P1004", E_CONFLICT }, { "P1005", E_RATE }, { "P1", E_INVALID },
	};

	for (size_t i = 0; i < nitems(map); i++)
		if (strncmp(st, map[i].prefix, strlen(map[i].prefix)) == 0)
			return map[i].e;
	return E_INTERNAL;
}

enum err db_error(struct ctx *cx, const PGresult *r, const struct stmt *s)
{
	struct db *db = cx->db;
	const char *st = PQresultErrorField(r, PG_DIAG_SQLSTATE), *con = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
	const char *msg = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	enum err e;

	if (st == NULL)
		return db_lost(cx, "result");
	snprintf(db->sqlstate, sizeof(db->sqlstate), "%s", st);
	snprintf(db->constraint, sizeof(db->constraint), "%s", con != NULL ? con : "");
	e = fail(cx, state_err(st), "%s: %s %s", s != NULL ? s->name : "command", st, msg != NULL ? msg : "");
	if (e == E_BUSY)
		cx->retry_after = 2;
	if (e == E_RATE)
		cx->retry_after = 60;
	return db->failed = e;
}

const char *db_sqlstate(const struct ctx *cx) { return cx->db->sqlstate; }
const char *db_constraint(const struct ctx *cx) { return cx->db->constraint; }

bool db_alive(struct db *db)
{
	struct arena *a = arena_new();
	struct ctx cx = { .arena = a, .db = db };
	static const struct stmt one = { "alive", "SELECT 1", NULL, 0 };
	bool ok = db_begin(&cx, DB_READ, NULL, NULL, NULL, NOARGS, NULL, NULL) == OK && db_exec(&cx, &one, NULL, NOARGS) == OK;

	ok = db_end(&cx, ok ? OK : E_BUSY) == OK;
	arena_free(a);
	return ok;
}

int db_fd(const struct db *db)
{
	return db->c != NULL ? PQsocket(db->c) : -1;
}
