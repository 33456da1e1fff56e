/* console.h: shared by the files of balcao-console. */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include "model/setup.h"

struct console {
	struct ctx cx;
	const struct seal_ring *ring; /* NULL without BALCAO_SEAL_KEYS */
	const char *base_url;
};

/* What the command line said; NULL where an option was not given. */
struct options {
	const char *tenant, *name, *slug, *zone, *locale, *email, *role, *scope;
	const char *phone_number_id, *key, *shown, *greeting;
	bool own_app, password_stdin, secrets_stdin;
};

/* A unit of work around fn: begins, runs, commits. */
typedef enum err console_fn(struct console *c, void *p);
CHECK enum err console_unit(struct console *c, console_fn *fn, void *p);

/* input.c: what must not stand in the command line. NULL after a complaint on stderr. */
/* A new password: from stdin's first line, asked for at the terminal, or made up (*made: to be shown). */
const char *input_password(struct arena *a, bool from_stdin, bool *made);
/*
 * Fills in what is NULL of the n secrets: lines NAME=VALUE of stdin, or asked for at the terminal. False
 * after a complaint.
 */
struct secret { const char *name, *value; };
bool input_secrets(struct arena *a, bool from_stdin, struct secret *s, size_t n);

/* demo.c: loads the demo tenants that are missing and prints their logins. */
CHECK enum err console_demo(struct console *c);

#endif
