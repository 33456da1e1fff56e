/*
 * dbt.h: what a database test file needs. It defines one table, ended by CU_TEST_INFO_NULL:
 *
 *   CU_TestInfo x_tests[] = { { "what holds", a_function }, CU_TEST_INFO_NULL };
 *
 * and has its line in suites.h. Two tenants, alfa and beta, stand before the first test (world.c).
 */
#ifndef TESTS_DBT_H
#define TESTS_DBT_H

#include <CUnit/CUnit.h>
#include <libpq-fe.h>

#include "lib/base/arena.h"
#include "lib/db/db.h"

#define SUITE(name) extern CU_TestInfo name##_tests[];
#include "tests/db/suites.h"
#undef SUITE

/* ---- assertions that tell what came; label names the row of a table test ---- */
#define IS_STR(label, got, want) test_str((got), (want), (label), __FILE__, __LINE__)
#define IS_INT(label, got, want) test_int((int64_t)(got), (int64_t)(want), (label), __FILE__, __LINE__)
#define IS_TRUE(label, cond) test_true((cond), #cond, (label), __FILE__, __LINE__)
#define FAILS(...) test_true(false, arena_fmt(T, __VA_ARGS__), "", __FILE__, __LINE__)
bool test_str(const char *got, const char *want, const char *label, const char *file, unsigned line);
bool test_int(int64_t got, int64_t want, const char *label, const char *file, unsigned line);
bool test_true(bool cond, const char *text, const char *label, const char *file, unsigned line);

/* Memory of the test; emptied after each. */
extern struct arena *T;
void test_start(void);  /* connects, makes the world; ends the program when it cannot */
void test_end(void);    /* after each test: whatever it left open is rolled back */
void test_stop(void);

/* A random number below n, of the run's seed (printed at the start; BALCAO_TEST_SEED repeats a run). */
uint64_t rnd(uint64_t n);
/* A short text that no earlier run used: in names that must be unique. */
extern const char *run_tag;

/* ---- SQL as a role ---- */
/* The shared connection of a role ("web" is balcao_web, ...; NULL the superuser), and one of the caller's own (PQfinish it). */
PGconn *as(const char *role);
PGconn *fresh_as(const char *role);
const char *conninfo_as(const char *role);
/* SQLSTATE of the statement, "00000" when it went well. */
const char *state(PGconn *c, const char *fmt, ...) PRINTF(2, 3);
/* Message of the last statement that failed. */
const char *complaint(PGconn *c);
/* The statement must go well. */
void must(PGconn *c, const char *fmt, ...) PRINTF(2, 3);
/* First column of the first row, NULL for none; the statement must go well. */
const char *get(PGconn *c, const char *fmt, ...) PRINTF(2, 3);
int64_t num(PGconn *c, const char *fmt, ...) PRINTF(2, 3);
/* All rows as "a|b\nc|d" (NULL as ""); the statement must go well. */
const char *rows(PGconn *c, const char *fmt, ...) PRINTF(2, 3);
/* The same for a statement that may fail: NULL then. */
const char *try_rows(PGconn *c, const char *fmt, ...) PRINTF(2, 3);
/* A transaction of the superuser's connection as owner of the tables, in a tenant's context (under row-level security). */
PGconn *inside(int64_t tenant, const char *user, const char *scope);
void keep(PGconn *c);   /* COMMIT */
void undo(PGconn *c);   /* ROLLBACK */
/* One statement of the owner of the tables in a tenant's context, committed. */
void change_in(int64_t tenant, const char *fmt, ...) PRINTF(2, 3);

/* ---- the world ---- */
struct person { const char *id, *email, *token; };
struct world {
	int64_t tenant;
	const char *id, *slug, *canary;  /* canary: stands in every text of this tenant */
	struct person admin, ana, bia, own, viewer; /* all; two of team sales and one of none, own */
	const char *sales, *support;     /* teams: ana in sales, bia in support */
	const char *wa, *wa2, *chat, *own_app;      /* connections */
	const char *number, *number2, *key; /* phone number ids of wa and wa2, key of chat */
	const char *visitor;             /* of the chat: digest of a cookie, with a conversation */
	const char *conversation, *message; /* with an attachment, a reaction, an assignee */
};
extern struct world alfa, beta;
const char *token_hex(const char *token); /* SHA-256, hex: as app.enter wants it after decode */
/* Starts a session for a user; gives its token. */
const char *session_for(const struct world *w, const char *user);
/* A user of its own for a test. */
struct person person_new(struct world *w, const char *role, const char *scope);
/* A message from outside through app.message_in, committed, as balcao_worker. fields: more members of the message, NULL none. Gives its id. */
const char *arrives(const char *conn, const char *phone, const char *external, const char *fields);
/* A conversation with one message from a new person; gives its id. */
const char *conversation_new(const struct world *w, const char *conn);
const char *conversation_of(const char *message);
/* A new tag of alfa, and one that so many conversations have. */
const char *tag_new(void);
const char *tag_on(const char *const *conversations, size_t n);

/* ---- units of work ---- */
/* A context over a connection of the role, of the caller's own; test_end closes it. */
struct ctx *ctx_as(const char *role);
/* Begins a unit as the person, and takes over who that is. */
enum err begin_as(struct ctx *cx, enum db_mode mode, const struct person *p);
/* One function in a unit of its own, committed. Gives its result. */
#define UNIT(cx, p, mode, call) __extension__({ enum err e_ = begin_as((cx), (mode), (p)); if (e_ == OK) e_ = (call); db_end((cx), e_); })

/* ---- many at once ---- */
/* Runs fn(i, p) in n threads, each with connections of its own to make; waits for all. Assertions only afterwards. */
void threads(int n, void (*fn)(int i, void *p), void *p);

#endif
