/* db_internal.h: shared by the files of lib/db only. */
#ifndef DB_DB_INTERNAL_H
#define DB_DB_INTERNAL_H

#include <libpq-fe.h>
#include "lib/db/db.h"

enum { PREP_SLOTS = 512, QUEUE_MAX = 128 };

/* A statement as this connection knows it, and where its columns go. */
struct prep {
	const struct stmt *stmt;
	bool ready;
	const struct rec_type *type;    /* the type fields were looked up for */
	const struct field **fields;    /* one per column, NULL: the type has no such field */
	int ncols;
};

/* A statement that was asked ahead; result NULL: still to come. In the arena of the unit's context. */
struct ahead {
	struct ahead *next;
	const struct stmt *stmt;
	const struct arg *args;
	struct prep *prep;
	PGresult *result;
};

enum want { WANT_RESULT, WANT_IGNORE, WANT_PREPARE, WANT_ENTER, WANT_AHEAD };
struct pending { enum want want; struct prep *prep; struct ahead *ahead; };

struct db {
	char *conninfo, *name;
	PGconn *c;
	int connect_ms, statement_ms;
	bool silent;                 /* nothing was heard in this unit yet */
	struct prep preps[PREP_SLOTS];
	int used;                       /* slots taken; emptied with the connection when most are */
	struct pending queue[QUEUE_MAX];
	int head, count;                /* queue of results still to come */
	struct ahead *asked[QUEUE_MAX]; /* what was sent and will be taken, in order; NULL: comes from the queue */
	int asked_head, asked_count;
	struct ahead *aheads;           /* of this unit */
	int looking;                    /* above 0: statements are asked ahead now */
	bool unflushed;                 /* sent, but the server was not asked to answer yet */
	bool sync_open;                 /* the Sync of the last reading unit is still to be read */
	bool in_unit;
	enum db_mode mode;
	enum err failed;                /* first error of the unit; everything after it is the same */
	bool entering;                  /* the entering statement's result is still to come */
	bool enter_missed;              /* it was expected to give a row and gave none */
	const struct rec_type *enter_type;
	void *enter_row;
	db_guard *guard;
	void *gctx;
	char sqlstate[6], constraint[64];
};

/* conn.c */
enum err db_connect(struct ctx *cx);            /* E_BUSY when the database is away */
void db_forget(struct db *db);                  /* drops the connection and empties the slots of its statements */
void db_drop(struct db *db);                    /* forgets the connection and what it had prepared */
enum err db_lost(struct ctx *cx, const char *what);
bool db_wait(struct db *db, int timeout_ms);    /* until a result can be had without blocking; false: lost or too late */
enum err db_error(struct ctx *cx, const PGresult *r, const struct stmt *s);
/* exec.c */
enum err db_push(struct ctx *cx, const struct stmt *s, const struct arg *args, size_t nargs, enum want want);
enum err db_command(struct ctx *cx, const char *sql);
enum err db_next(struct ctx *cx, PGresult **out, struct prep **prep);
enum err db_drain(struct ctx *cx);              /* reads up to and including the Sync */

#endif
