/*
 * world.h: the running instance that the end-to-end tests look at from outside, and from behind: its database as
 * superuser, its processes, its WhatsApp double. Named by BALCAO_DIR, BALCAO_HTTP_PORT, BALCAO_CONF and libpq's PG*.
 */
#ifndef TESTS_E2E_WORLD_H
#define TESTS_E2E_WORLD_H

#include "tests/e2e/client.h"

struct world {
	const char *base;          /* "http://localhost:18080" */
	const char *dir, *stub;    /* of the instance; URL of the WhatsApp double */
	const char *secret, *verify; /* of the shared Meta app */
};
extern struct world world;

#define PASSWORD "balcao-demo"
#define ROSANA "rosana@marcenaria.test"   /* admin */
#define DAVI "davi@marcenaria.test"       /* supervisor */
#define LUANA "luana@marcenaria.test"     /* agent */
#define VERA "vera@marcenaria.test"       /* viewer */
#define MIRELA "mirela@clinica.test"      /* admin of the other tenant */
#define ANA "ana@clinica.test"            /* agent of the other tenant */
#define SUPER "super@balcao.test"
#define LOJA "100000000000001"            /* phone number ids of the demo */
#define OBRA "100000000000003"            /* of the tenant's own Meta app */
#define OBRA_SECRET "balcao-demo-own-secret"
#define OBRA_VERIFY "balcao-demo-own-verify"
#define CHAT "/chat/chat-marcenaria-demo"

/* Reads the environment and opens the database; ends the program when there is no world. */
void world_open(void);
void world_close(void);

/* The first column of the first row, "" when NULL or no row. Connects again when the connection is gone; ends the test program on an SQL error. */
const char *sql(const char *fmt, ...) PRINTF(1, 2);
int64_t sqln(const char *fmt, ...) PRINTF(1, 2);

/* ---- people ---- */
/* A person of marcenaria with the demo's password, made once. */
void user_need(const char *email, const char *name, const char *role, const char *scope);
const char *user_id(const char *email);
/* A session's token, made without a password. kind: cookie or bearer. */
const char *session_make(const char *email, const char *kind);
/* Signs c in: cookie and CSRF token, or bearer. */
void sign_in(struct client *c, const char *email);
void bearer(struct client *c, const char *email);
/* The API's login for a bearer pair; false when it is refused. */
bool api_login(struct client *c, const char *email, const char *password);
void throttle_forget(void);

/* ---- things ---- */
/* A new web chat conversation of marcenaria with one message, assigned to Luana; the visitor's name gets a random end. Its id. */
const char *conversation_make(const char *visitor_name);

/* ---- state of the database ---- */
/* A digest of each table; loose leaves out what reading marks (unread, seen, read). */
const char *db_state(bool loose);
/* The names of the tables that differ, "" when none. */
const char *db_changed(const char *before, const char *after);
/* Stops and continues the jobs, so that nothing but requests changes the database. */
void jobs_pause(void);
void jobs_resume(void);

/* ---- WhatsApp ---- */
/* Posts body to a webhook address with the signature by secret. */
long hook_post(struct client *c, const char *path, const char *secret, const char *body, size_t n);
/* A text message of a customer (wa_id, digits) to the number phone_id. */
const char *hook_text(const char *phone_id, const char *wa_id, const char *name, const char *wamid, const char *text);
const char *wamid_new(void);
/* A command to the WhatsApp double ({"down": true}). */
bool stub_control(const char *json);

/* ---- processes ---- */
/* Recorded by the supervisor; 0: none. */
long pid_of(const char *service);
/* The processes below pid that are called name (comm, cut at 15 characters). */
size_t pids_below(long pid, const char *name, long *out, size_t max);
/* To all processes of one FastCGI program, not to the parent that starts them again. */
void program_signal(const char *name, int sig);

#endif
